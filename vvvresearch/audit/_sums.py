"""Parts and wholes: columns under their total, lists under theirs, a whole told with its parts in a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations

from vvvresearch.audit._document import Cell, TableRow
from vvvresearch.audit._facts import Facts, Said, Shown, exact
from vvvresearch.audit._finding import Finding, Place, place_in, place_of
from vvvresearch.audit._words import stem
from vvvresearch.locales import Phrase
from vvvresearch.statements import Mention

_TOTAL = re.compile(
    r"^\W*(?:total|i alt|ialt|sum|samlet|alle|all|overall|hele|tilsammen|in total|totals?|grand total|i\s?alt.*|total.*|samlet.*|"
    r"(?:hele|the whole|whole|alle|all|samtlige) (?!tid|dag|time|day)[^\W\d]+|[^\W\d]+ (?:i alt|ialt|in total|total))\W*$",
    re.IGNORECASE,
)
_SPLIT = re.compile(
    r"heraf|hvoraf|\w:\s|total of|af de|ud af de|of the|fordel|fordelt|består af|bestående|resten|resterende|øvrige|"
    r"of which|of whom|of these|made up of|"
    r"consist|compris|divided|split|"
    r"namely|nemlig|the rest|remaining|dels|tilsammen|sammenlagt|together|adds? up|giver|i alt|in total|in all|altogether|samlet",
    re.IGNORECASE,
)


def sum_findings(facts: Facts) -> Iterator[Finding]:
    """Findings on sums of tables, lists and sentences."""
    for shown in facts.shown:
        if shown.table is not None:
            yield from _columns(shown)
            yield from _unnamed_total(shown)
            yield from _row_shares(shown)
            yield from _across(shown)
    yield from _lists(facts)
    for at, said in enumerate(facts.said):
        yield from _sentence(said, facts.said[at + 1] if at + 1 < len(facts.said) else None)


def is_total(row: TableRow) -> bool:
    """Whether a row is named a total."""
    return is_total_name(row.label)


def is_total_name(words: str) -> bool:
    """Whether the name of a row or a column is that of a total."""
    return bool(_TOTAL.match(words))


def columns_of(shown: Shown) -> list[list[tuple[TableRow, Cell]]]:
    """The numeric columns of a table; rows that hold fewer cells than most are left out."""
    assert shown.table is not None
    rows = [row for row in shown.table.rows if any(cell.value is not None for cell in row.cells)]
    widths = [len(row.cells) for row in rows]
    width = max(set(widths), key=widths.count, default=0)
    even = [row for row in rows if len(row.cells) == width]
    columns = []
    for position in range(width):
        column = [(row, row.cells[position]) for row in even]
        if sum(cell.value is not None for _, cell in column) >= max(2, len(column) - 2):
            columns.append(column)
    return columns


def is_percent(shown: Shown, column: Sequence[tuple[TableRow, Cell]], position: int) -> bool:
    """Whether a column holds percentages, by its cells, its heading, or the caption where that is the only column."""
    assert shown.table is not None
    if any(cell.percent for _, cell in column):
        return True
    header = shown.table.header
    width = len(column[0][0].cells)
    # A heading row without a heading for the labels has as many cells as there are columns.
    at = position + len(header) - width
    heading = header[at] if len(header) in (width, width + 1) else ""
    if re.search(r"%|pct|procent|per ?cent|andel|share", heading, re.IGNORECASE):
        return True
    if any(is_total(row) and cell.value == 100 for row, cell in column) and _of_hundred(column):
        return True
    if shares_by_row(shown) or (position == 1 and width == 2 and not heading and _of_base(shown, column)):
        return True
    if not re.search(r"%|\bpct\b|procent|per ?cent|^\W*\w+[ \d.:]*(?:andel|share)", shown.title, re.IGNORECASE):
        return False
    # The caption says so: of the only column, or of columns of years and groups that no heading calls counts.
    values = [cell.value for _, cell in column if cell.value is not None]
    counted = re.search(r"antal|number|count|\bn\b", f"{table_head(shown)} {shown.title}", re.IGNORECASE)
    return (not heading and width == 1) or (counted is None and max(values, default=Fraction(0)) <= 100)


def table_head(shown: Shown) -> str:
    """The words of a table's heading row."""
    return shown.table.text if shown.table else ""


def _of_hundred(column: Sequence[tuple[TableRow, Cell]]) -> bool:
    """Whether the parts of a column are about 100 together and none is more."""
    values = [cell.value for row, cell in column if not is_total(row) and cell.value is not None]
    return bool(values) and max(values) <= 100 and abs(sum(values, Fraction(0)) - 100) <= 20


def _of_base(shown: Shown, column: Sequence[tuple[TableRow, Cell]]) -> bool:
    """Whether most cells are the percentage that the cell before them is of the printed base."""
    if not shown.base or len(column) < 2:
        return False
    pairs = [(row.cells[0].value, cell.value) for row, cell in column]
    right = sum(count is not None and share is not None and abs(100 * count / shown.base - share) <= 1 for count, share in pairs)
    return right >= max(2, len(pairs) - 1)


def position_of(column: Sequence[tuple[TableRow, Cell]]) -> int:
    """Which of its row's cells the cells of a column are."""
    row, cell = column[0]
    return next(at for at, one in enumerate(row.cells) if one is cell)


def _columns(shown: Shown) -> Iterator[Finding]:
    for column in columns_of(shown):
        totals = [(row, cell) for row, cell in column if is_total(row) and cell.value is not None]
        parts = [(row, cell) for row, cell in column if not is_total(row) and cell.value is not None]
        percent = is_percent(shown, column, position_of(column))
        decimals = max((cell.decimals for _, cell in parts), default=0)
        added = sum((cell.value for _, cell in parts if cell.value is not None), Fraction(0))
        slack = Fraction(len(parts) + 1, 2 * 10**decimals) if percent or decimals else Fraction(0)
        if len(totals) > 1:
            yield from _stretches(shown, column, percent)
        elif len(totals) == 1 and len(parts) >= 2:
            row, cell = totals[0]
            assert cell.value is not None
            if shown.multiple or _average(shown, parts, cell.value, percent):
                continue
            if abs(added - cell.value) > slack:
                yield _finding(shown, row, parts[0][0], added, cell.value, percent)
        elif (
            percent
            and not totals
            and len(parts) >= 3
            and not shown.multiple
            and slack < abs(added - 100) <= (15 if _classes(shown) else 8)
            and _whole(shown)
        ):
            yield _finding(shown, parts[-1][0], parts[0][0], added, Fraction(100), True, 0.6)


def _stretches(shown: Shown, column: Sequence[tuple[TableRow, Cell]], percent: bool) -> Iterator[Finding]:
    """A column with several totals, each under its own rows: "Indtægter i alt", "Udgifter i alt"."""
    parts: list[tuple[TableRow, Cell]] = []
    stretches: list[tuple[TableRow, Fraction, Fraction, list[tuple[TableRow, Cell]]]] = []
    for row, cell in column:
        if cell.value is None:
            continue
        if not is_total(row):
            parts.append((row, cell))
            continue
        stretches.append((row, sum((one.value or Fraction(0) for _, one in parts), Fraction(0)), cell.value, parts))
        parts = []
    if parts or percent or any(len(own) < 2 for *_, own in stretches):
        return
    for row, added, printed, own in stretches:
        if added != printed and abs(added - printed) <= printed * Fraction(3, 10) and not any(cell.decimals for _, cell in own):
            yield _finding(shown, row, own[0][0], added, printed, False, 0.9)


def _unnamed_total(shown: Shown) -> Iterator[Finding]:
    """A last row that is the sum in every column but one, though no word says so: "Hele kommunen"."""
    columns = columns_of(shown)
    if len(columns) < 2 or any(is_total(row) for column in columns for row, _ in column):
        return
    wrong = []
    for column in columns:
        values = [cell.value for _, cell in column]
        if len(values) < 4 or any(value is None for value in values):
            return
        numbers = [value for value in values if value is not None]
        added = sum(numbers[:-1], Fraction(0))
        if added != numbers[-1] and not is_percent(shown, column, position_of(column)):
            wrong.append((column, added, numbers[-1]))
    counts = [column for column in columns if not is_percent(shown, column, position_of(column))]
    if len(wrong) == 1 and len(counts) > 1:
        column, added, printed = wrong[0]
        yield _finding(shown, column[-1][0], column[0][0], added, printed, False, 0.8)


def _row_shares(shown: Shown) -> Iterator[Finding]:
    """Rows of percentages that add up to 100, all but one."""
    assert shown.table is not None
    rows = [(row, [cell.value for cell in row.cells if cell.value is not None]) for row in shown.table.rows if not is_total(row)]
    rows = [(row, values) for row, values in rows if len(values) == len(row.cells) >= 3 and max(values) <= 100]
    if len(rows) < 3:
        return
    slack = 1 + len(rows[0][1]) // 3
    off = [(row, sum(values, Fraction(0))) for row, values in rows if abs(sum(values, Fraction(0)) - 100) > slack]
    if len(off) == 1 and abs(off[0][1] - 100) <= 30:
        row, added = off[0]
        yield _finding(shown, row, row, added, Fraction(100), True, 0.8)


def shares_by_row(shown: Shown) -> bool:
    """Whether the cells of each row add up to 100, so that they are percentages though nothing says so."""
    assert shown.table is not None
    sums = [
        sum((cell.value for cell in row.cells if cell.value is not None), Fraction(0))
        for row in shown.table.rows
        if len(row.cells) >= 2 and all(cell.value is not None for cell in row.cells)
    ]
    return len(sums) >= 3 and sum(abs(one - 100) <= 2 for one in sums) >= len(sums) - 1


def _whole(shown: Shown) -> bool:
    """Whether the rows of a table name all answers there are: the last is "don't know", "other", "not at all"."""
    assert shown.table is not None
    labels = " ".join(row.label for row in shown.table.rows).lower()
    return _classes(shown) or bool(
        re.search(r"ved ikke|uoplyst|andet|slet ikke|ingen svar|don.t know|other|not at all|no answer|\bnej\b|\bno\b", labels)
    )


_OPEN_CLASS = re.compile(
    r"\b(?:under|over|højst|mindst|below|above|at least)\b|(?:og|eller|and|or) (?:derover|derunder|flere|færre|more|fewer|over|under)",
    re.IGNORECASE,
)


def _classes(shown: Shown) -> bool:
    """Whether the rows are classes of one number with an open end: then they are all there are."""
    assert shown.table is not None
    labels = [row.label for row in shown.table.rows if not is_total(row)]
    return any(_OPEN_CLASS.search(label) for label in labels) and all(
        re.search(r"\d", label) or _OPEN_CLASS.search(label) for label in labels
    )


def _average(shown: Shown, parts: Sequence[tuple[TableRow, Cell]], total: Fraction, percent: bool) -> bool:
    """Whether a total row gives the share of all, and no sum: it lies among its rows, far from their sum."""
    values = [cell.value for _, cell in parts if cell.value is not None]
    added = sum(values, Fraction(0))
    return min(values) <= total <= max(values) and abs(added - total) > total / 5 and (percent or added > 2 * total)


def _finding(
    shown: Shown, row: TableRow, first: TableRow, added: Fraction, printed: Fraction, percent: bool, weight: float = 1.0
) -> Finding:
    sign = " %" if percent else ""
    what = Phrase("audit.what_sum", {"added": exact(added) + sign, "printed": exact(printed) + sign, "name": shown.name or row.label})
    assert shown.table is not None
    parts = [one for one in shown.table.rows if one is not row and not is_total(one)][:_PARTS] if first is not row else []
    places = tuple(dict.fromkeys((_row_place(shown, row), *(_row_place(shown, one) for one in parts), place_in(shown))))
    return Finding("sum", places, what, Phrase("audit.why_sum", {}), Phrase("audit.ground_sum", {}), 0.97 if percent else 0.99, weight)


# The parts of a sum that a finding names, at most.
_PARTS = 12


def _row_place(shown: Shown, row: TableRow) -> Place:
    return place_in(shown, row.line, f"{row.label}: {' · '.join(cell.text for cell in row.cells)}")


def _across(shown: Shown) -> Iterator[Finding]:
    """Rows whose last column is their total."""
    assert shown.table is not None
    header = shown.table.header
    if len(header) < 4 or not _TOTAL.match(header[-1]):
        return
    for row in shown.table.rows:
        values = [cell.value for cell in row.cells]
        if len(values) != len(header) - 1 or any(value is None for value in values) or any(cell.percent for cell in row.cells):
            continue
        numbers = [value for value in values if value is not None]
        added = sum(numbers[:-1], Fraction(0))
        if added != numbers[-1] and not any(cell.decimals for cell in row.cells):
            yield _finding(shown, row, row, added, numbers[-1], False)


def _lists(facts: Facts) -> Iterator[Finding]:
    """Items that open with a count, under a sentence that tells how many they are together."""
    at = 0
    said = facts.said
    while at < len(said):
        if said[at].block.kind != "item":
            at += 1
            continue
        items: list[Said] = []
        start = at
        while at < len(said) and said[at].block.kind == "item" and said[at].section == said[start].section:
            if not items or items[-1].block is not said[at].block:
                items.append(said[at])
            at += 1
        totalled = len(items) > 2 and _TOTAL.match(items[-1].text.partition(":")[0]) is not None
        if (start == 0 and not totalled) or len(items) < 2:
            continue
        around = [*said[max(0, start - 3) : start], *said[at : at + 1]]
        if totalled:
            around = [items.pop()]
        intro = [one for one in around if one.section == said[start].section]
        openers = [_opening(one) for one in items]
        if any(one is None for one in openers) or not intro:
            continue
        yield from _list(intro, items, [one for one in openers if one is not None])


def _opening(said: Said) -> Mention | None:
    """The count that an item opens or closes with."""
    counts = [one for one in said.of("count", "total") if one.value is not None and one.value.denominator == 1]
    ones = re.match(r"\W*(én|ét|en|et|one)\s", said.text, re.IGNORECASE)
    if ones and not counts:
        return Mention("count", ones[1], said.start, said.start, 0, 0, 0, value=Fraction(1))
    if not counts or said.of("percentage"):
        return None
    first = counts[0]
    lead = said.text[: first.start - said.start]
    if len(re.findall(r"\w+", lead)) <= 1:
        return first
    tail = said.text[first.end - said.start :]
    return first if len(counts) == 1 and len(re.findall(r"\w+", tail)) <= 2 and len(lead) < 90 else None


_TOGETHER = re.compile(r"i alt|samlet|tilsammen|in total|altogether|in all|together", re.IGNORECASE)


def _list(intro: Sequence[Said], items: Sequence[Said], counts: Sequence[Mention]) -> Iterator[Finding]:
    if [one.value for one in counts] == list(range(1, len(counts) + 1)):
        return
    added = sum((one.value for one in counts if one.value is not None), Fraction(0))
    wholes = [(one, mention) for one in intro for mention in one.of("count", "total", "base", "ratio") if mention.value is not None]
    beside = [pair for pair in wholes if not items[0].position - pair[0].position > 1] or wholes
    if any(mention.value == added or mention.base == added for _, mention in beside) or not wholes:
        return
    named = [pair for pair in wholes if pair[1].kind == "total"] or [pair for pair in wholes if pair[0].position == items[0].position - 1]
    if not named:
        # "85 påbud. De fordeler sig således:": the last sentence with a number.
        last = max((pair[0].position for pair in wholes if pair[0].position < items[0].position), default=-1)
        named = [pair for pair in wholes if pair[0].position == last]
    named += [pair for pair in wholes if pair[0].position > items[-1].position and _TOGETHER.search(pair[0].text) and pair not in named]
    near = [pair for pair in named if abs((pair[1].value or 0) - added) <= max(Fraction(3), added * Fraction(3, 20))]
    if not near or len(items) < 2:
        return
    one, mention = near[-1]
    if mention.value == added:
        return
    if mention.kind != "total" and len(named) > 1 and len(near) != 1:
        return
    what = Phrase("audit.what_sum", {"added": exact(added), "printed": exact(mention.value or Fraction(0)), "name": one.text[:90]})
    places = (place_of(one, mention), *(place_of(item, count) for item, count in zip(items, counts, strict=True)))[: _PARTS + 1]
    yield Finding("sum", places, what, Phrase("audit.why_sum", {}), Phrase("audit.ground_list", {}), 0.95, 0.9)


_AIM = re.compile(r"succeskriteri|måltal|\bmål\b|målsætning|målet|mangler|target|\bgoal\b", re.IGNORECASE)


def _sentence(said: Said, following: Said | None) -> Iterator[Finding]:
    """A whole and its parts in a sentence, or in two when the second opens with "Heraf" or "Of these"."""
    counts = [
        one
        for one in said.of("count", "total", "base", "ratio")
        if one.value is not None and one.value.denominator == 1 and one.role not in ("from", "to")
    ]
    wholes = [(said, one, one.value) for one in counts if one.kind in ("total", "base") and one.value is not None]
    for one in counts:
        if one.kind == "ratio" and one.base is not None:
            wholes.append((said, one, one.base))
    parts = [(said, one) for one in counts if one.kind in ("count", "ratio")]
    if re.search(r"svarprocent|response rate|svarrate", said.text, re.IGNORECASE):
        return
    split = bool(_SPLIT.search(said.text))
    if (
        following is not None
        and following.block is said.block
        and re.match(
            r"(?:heraf|af disse|af dem|\d+ (?:af dem|af disse|of them|of these)|"
            r"of these|of them|of those|resten|the rest|they were|de fordel|disse)\b",
            following.text,
            re.IGNORECASE,
        )
    ):
        more = [(following, one) for one in following.of("count", "ratio") if one.value is not None and one.value.denominator == 1]
        if len(more) >= 2:
            wholes += [(said, one, one.value or Fraction(0)) for one in counts if one.kind in ("count", "total")]
            parts, split = more, True
    elif (
        split
        and not wholes
        and len(parts) >= 3
        and not re.match(r"\W*(?:fordelt|fordeler|divided|split|broken down)\b", said.text, re.IGNORECASE)
    ):
        wholes = [(said, parts[0][1], parts[0][1].value or Fraction(0))]
        parts = parts[1:]
    if len(parts) < 2 or not wholes or (not split and len(parts) < 3) or len(parts) > 9:
        return
    values = [mention.value for _, mention in parts if mention.value is not None]
    opens = bool(
        re.match(
            r"\W*(?:ud )?af (?:de|disse|i alt)\b|\W*(?:out )?of (?:the|these|those)\b|[^.]*(?:total of|i alt|heraf|hvoraf|"
            r"of whom|of which)",
            said.text,
            re.IGNORECASE,
        )
    )
    if any(mention.kind == "ratio" for _, mention in parts) and len({one.base for _, one in parts if one.base}) > 1:
        return
    for _, mention, whole in wholes:
        own = [value for (_, part), value in zip(parts, values, strict=True) if part is not mention]
        if len(own) < 2 or any(sum(some) == whole for size in range(2, len(own) + 1) for some in combinations(own, size)):
            return
        if not opens and any(abs(one - other) == third for one, other, third in combinations([*own, whole], 3)):
            return
    owner, mention, whole = min(
        wholes,
        key=lambda one: abs(
            sum((part for part in values), Fraction(0))
            - (one[1].value or 0 if one[1].kind == "count" and one[1] in [part for _, part in parts] else 0)
            - one[2]
        ),
    )
    chosen = [(part_owner, part) for part_owner, part in parts if part is not mention]
    added = sum((part.value for _, part in chosen if part.value is not None), Fraction(0))
    if (
        (whole < 10 and mention.kind != "total")
        or _AIM.search(said.text)
        or not 0 < abs(added - whole) <= max(Fraction(2), whole * Fraction(3, 20))
        or _unlike(chosen, said)
    ):
        return
    what = Phrase("audit.what_sum", {"added": exact(added), "printed": exact(whole), "name": said.text[:90]})
    places = tuple(dict.fromkeys((place_of(owner, mention), place_of(*chosen[0]), place_of(*chosen[-1]))))
    yield Finding("sum", places, what, Phrase("audit.why_sum", {}), Phrase("audit.ground_sentence", {}), 0.9, 0.7)


def _unlike(parts: Sequence[tuple[Said, Mention]], said: Said) -> bool:
    """Whether the parts are of different years, so that they are no parts of one whole."""
    return any(
        re.search(r"mindst|højst|over|under|mere end|more than|at least", part.modifier.replace("_", " ")) for _, part in parts
    ) or any(
        stem(part.unit, said.lang) in ("procent", "pct", "år", "uge", "måned", "time", "kron", "mill", "year", "month", "week", "hour")
        for _, part in parts
    )
