"""Which cell a number of the text tells: the row and the column that its words name, in the table it points at, stands under or sums up."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from itertools import combinations

from vvvresearch.audit._bases import Bases
from vvvresearch.audit._document import TableRow
from vvvresearch.audit._facts import Facts, Said, Shown, exact
from vvvresearch.audit._finding import Finding, place_in, place_of
from vvvresearch.audit._named_cells import JOINED, THE_LARGEST, column_named, columns_for, rows_named
from vvvresearch.audit._number_names import is_slip, surprise
from vvvresearch.audit._shares import as_word, in_words, word_admits
from vvvresearch.audit._sums import head_of, is_total, is_total_name, percents_of
from vvvresearch.audit._tables import speaks
from vvvresearch.audit._units import money_of, unit_of
from vvvresearch.audit._words import EARLIER, ends_of, is_heard, stem, stems
from vvvresearch.locales import YEAR, Lang, Phrase, half_up
from vvvresearch.statements import Mention

_TOGETHER = re.compile(r"\b(?:tilsammen|sammenlagt|samlet|together|combined)\s+(?:[^\W\d]+\s+){0,2}$", re.IGNORECASE)
_BETWEEN_THEM = re.compile(r"\s*(?:[^\W\d]+\s+){0,2}(?:between them|together|in all|combined|tilsammen|sammenlagt|i alt)\b", re.IGNORECASE)
_EITHER = re.compile(r"\b(?:eller|or|enten|either)\b", re.IGNORECASE)
_AIM = re.compile(r"\b(?:mål|målet|target|goal|forvent\w*|ventes|venter|expected)\b", re.IGNORECASE)
_ELSEWHERE = re.compile(rf"\b(?:{EARLIER}|landsplan|hele landet|nabo\w*|lignende|similar|national\w*)\b", re.IGNORECASE)
# "dearer than a year ago, when they cost £587,000"
_YEAR_AGO = re.compile(rf"\b(?:{EARLIER}), (?:da|hvor|when|where)\b[^.;\d]*$", re.IGNORECASE)
_NOT = re.compile(r"\b(?:ikke|not|uden|without|ingen|no|resten|øvrige|remaining|others?|andre)\b", re.IGNORECASE)
_SURE = 0.85
# Counts up to which any two lie near each other.
_SMALL = 12


@dataclass(frozen=True)
class _Meant:
    """The cells that a number's words name: one value, or the sum of two rows."""

    values: tuple[Fraction, ...]
    rows: tuple[TableRow, ...]
    sure: bool


def lookup_findings(facts: Facts, bases: Bases) -> Iterator[Finding]:
    """Findings on numbers of the text that are not what the cell they name has."""
    percents = percents_of(facts)
    told = _told(facts)
    for said in facts.said:
        if said.block.kind in ("caption", "heading", "note") or not said.mentions:
            continue
        named = bases.shown_by(said)
        near = _above(facts, said)
        below = None if near is not None else _only_one_below(facts, said)
        tables = [
            (one, one is named or close)
            for one in (facts.shown if named is None else (named,))
            if one.table is not None and ((close := _of_section(one, said, named, below)) or one is named or _may_sum_up(one, said))
        ]
        tables.sort(key=lambda pair: (pair[0] is not named, pair[0] is not near))
        before = _sentence_before(facts, said)
        for mention in said.mentions if tables else ():
            if not _readable(said, mention):
                continue
            for shown, close in tables:
                if mention.spelled and (mention.value or 0) <= 12 and not close:
                    continue
                meant = _meant_together(said, mention, shown, percents) if close else None
                if (
                    mention.kind == "ratio"
                    and shown.table is not None
                    and mention.base == sum(not is_total(row) for row in shown.table.rows)
                ):
                    # "to af de fire biblioteker": so many of its rows.
                    break
                meant = meant or _meant(said, mention, shown, percents, close=close, before=before)
                if meant is None:
                    continue
                slipped = _slip_of_the_row(mention, meant, percents) if close and told[mention.value or Fraction(0)] == 1 else None
                if slipped is not None and not _NOT.search(_without(said.clause(mention), meant.rows)):
                    yield _finding(said, mention, replace(meant, values=(slipped,)), shown)
                elif _contradicts(said, mention, meant, shown, percents, close=close):
                    yield _finding(said, mention, meant, shown)
                break


def _sentence_before(facts: Facts, said: Said) -> Said | None:
    before = facts.said[said.position - 1] if said.position else None
    return before if before is not None and before.block is said.block else None


def _told(facts: Facts) -> Counter[Fraction]:
    """How often each number is told in the document, and shown in its tables."""
    told = Counter(value for said in facts.said for one in said.mentions for value in (one.value, one.base) if value is not None)
    cells = (cell.value for shown in facts.shown if shown.table is not None for row in shown.table.rows for cell in row.cells)
    return told + Counter(value for value in cells if value is not None)


def _slip_of_the_row(mention: Mention, meant: _Meant, percents: dict[int, bool]) -> Fraction | None:
    """The one cell of the row named of which a number that is told nowhere else is a slip, in three digits or with two exchanged."""
    if len(meant.rows) != 1 or mention.value is None or mention.kind not in ("count", "percentage"):
        return None
    kind = mention.kind == "percentage"
    cells = [cell for cell in meant.rows[0].cells if cell.value is not None and bool(percents.get(id(cell)) or cell.percent) == kind]
    found = [
        cell.value
        for cell in cells
        if cell.value is not None and cell.decimals == mention.decimals and surprise(_digits(cell.value), _digits(mention.value)) >= 5
    ]
    return found[0] if len(found) == 1 else None


def _digits(value: Fraction) -> str:
    return re.sub(r"\D", "", exact(value))


def _of_section(shown: Shown, said: Said, named: Shown | None, below: Shown | None) -> bool:
    """Whether a table stands above a sentence in its section, or as the only one below, and the sentence names no other."""
    return named is None and shown.section == said.section and (shown.line < said.line or shown is below)


def _above(facts: Facts, said: Said) -> Shown | None:
    """The last table of the section before a sentence."""
    found = [one for one in facts.shown_of[said.section] if one.table is not None and one.line < said.line]
    return found[-1] if found else None


def _only_one_below(facts: Facts, said: Said) -> Shown | None:
    found = [one for one in facts.shown_of[said.section] if one.table is not None]
    return found[0] if len(found) == 1 else None


def _readable(said: Said, mention: Mention) -> bool:
    if mention.value is None or mention.low is not None:
        return False
    clause = said.clause(mention)
    if _AIM.search(clause) or _ELSEWHERE.search(clause) or _YEAR_AGO.search(said.text[: mention.start - said.start]):
        return False
    if mention.kind == "share" or as_word(mention):
        return mention.key in ("half", "fraction", "every") or as_word(mention)
    if mention.kind == "total" and _TOGETHER.search(said.text[: mention.start - said.start]):
        return True
    if mention.kind not in ("percentage", "count", "money", "ratio"):
        return False
    if mention.modifier not in ("", "exactly") or (mention.spelled and (mention.value < 3 or mention.kind != "count")):
        return False
    behind = said.text[mention.end - said.start :]
    if mention.kind == "percentage" and re.search(r"\b(?:de|the|disse|these)\s+$", said.text[: mention.start - said.start]):
        # "De 31 pct.": a number that was told before.
        return False
    if mention.role == "by" and any(one.kind == "direction" for one in said.mentions):
        return False
    return re.match(r"\s*(?:år|years|-årige|procentpoint|percentage points|flere|færre|more|fewer|pr|per)\b", behind) is None


def _meant(
    said: Said, mention: Mention, shown: Shown, percents: dict[int, bool], *, close: bool, before: Said | None = None
) -> _Meant | None:
    rows = rows_named(said, mention, shown, before, close=close)
    if not rows and close and shown.table is not None and (YEAR.search(said.clause(mention)) or mention.kind == "count"):
        # "I 2020 var der kun 482": a year's total.
        totals = [row for row in shown.table.rows if is_total(row)]
        columns = columns_for(totals[0], mention, percents) if len(totals) == 1 else []
        own, sure = column_named(said, mention, shown, totals[0], columns) if len(columns) > 1 else ([], False)
        value = totals[0].cells[own[0]].value if sure and len(own) == 1 and _of_its_noun(said, mention, shown) else None
        return _Meant((value,), (totals[0],), bool(YEAR.search(said.clause(mention)))) if value is not None else None
    if not rows or len(rows) > 3:
        return None
    if len(rows) > 1 and sum(one.kind == mention.kind for one in said.mentions) >= len(rows) and not _BETWEEN_THEM.search(said.text):
        # "Half went to repairs and one third to rent": a number for each, that of the row told nearest.
        rows = [min(rows, key=lambda row: _apart(said, mention, row))]
    if not close and not _sums_up(said, mention, shown, rows):
        return None
    columns = columns_for(rows[0], mention, percents)
    if not columns:
        share = _share_of_column(shown, rows, percents) if mention.kind in ("percentage", "share") and close else None
        return _Meant((share,), tuple(rows), _surely(said, rows, shown)) if share is not None and len(rows) == 1 else None
    own, sure = column_named(said, mention, shown, rows[0], columns)
    if _of_another_time(said, mention, shown) or (mention.role == "from" and (len(columns) == 1 or not sure)):
        return None
    values: list[Fraction] = []
    for at in own:
        cells = [row.cells[at].value for row in rows if at < len(row.cells)]
        numbers = [value for value in cells if value is not None]
        if len(numbers) != len(rows):
            return None
        if len(rows) == 1:
            values.append(numbers[0])
        elif JOINED.search(said.clause(mention, narrow=False)) or _BETWEEN_THEM.match(said.text[mention.end - said.start :]):
            values.append(sum(numbers, Fraction(0)))
        else:
            return None
    return _Meant(tuple(values), tuple(rows), sure and _surely(said, rows, shown))


def _apart(said: Said, mention: Mention, row: TableRow) -> int:
    """How far from a number the words of a row stand."""
    text, at = said.text.lower(), mention.start - said.start
    words = re.findall(r"[^\W\d_]{4,}", row.label.lower())
    return min((abs(found.start() - at) for word in words for found in re.finditer(re.escape(word[:6]), text)), default=len(text))


def _of_its_noun(said: Said, mention: Mention, shown: Shown) -> bool:
    """Whether what a number counts is heard in a table, or is not said: "besøg" are no "udlån"."""
    noun = stem(unit_of(said, mention), said.lang) or next(iter(_OF_WHAT.findall(said.text[: mention.start - said.start])[-1:]), "")
    words = shown.asked.union(*(stems(row.label, said.lang) for row in shown.table.rows if shown.table)) if shown.table else shown.asked
    return not noun or is_heard(stem(noun, said.lang), words)


_OF_WHAT = re.compile(r"\b(?:antal|antallet af|number of)\s+([^\W\d_]{3,})", re.IGNORECASE)


def _meant_together(said: Said, mention: Mention, shown: Shown, percents: dict[int, bool]) -> _Meant | None:
    """The rows that "the two largest groups" are, and what they make together."""
    named = THE_LARGEST.search(said.clause(mention, narrow=False))
    assert shown.table is not None
    rows = [row for row in shown.table.rows if row.label and not is_total(row)]
    if named is None or mention.kind != "percentage" or len(rows) < 3 or any(one.kind == "comparison" for one in said.mentions):
        return None
    count, way = _HOW_MANY[named["count"].lower()], named["way"].lower()
    if way in _LAST | _FIRST:
        # By age: as the rows stand.
        own = rows[-count:] if way in _LAST else rows[:count]
    else:
        columns = columns_for(rows[0], mention, percents) or [0]
        values = [(row.cells[columns[0]].value if columns[0] < len(row.cells) else None) or Fraction(0) for row in rows]
        ordered = sorted(zip(values, rows, strict=True), key=lambda pair: -pair[0])
        own = [row for _, row in (ordered[-count:] if way in _LEAST else ordered[:count])]
    columns = columns_for(rows[0], mention, percents)
    if len(columns) == 1:
        cells = [row.cells[columns[0]].value for row in own if columns[0] < len(row.cells)]
        shares: list[Fraction | None] = list(cells) if len(cells) == count else [None]
    else:
        shares = [_share_of_column(shown, [row], percents) for row in own] if not columns else [None]
    known = [one for one in shares if one is not None]
    return _Meant((sum(known, Fraction(0)),), tuple(own), True) if len(known) == count else None


_HOW_MANY = {"to": 2, "tre": 3, "fire": 4, "two": 2, "three": 3, "four": 4}
_LAST, _FIRST, _LEAST = {"ældste", "oldest"}, {"yngste", "youngest"}, {"mindste", "smallest"}


def _share_of_column(shown: Shown, rows: Sequence[TableRow], percents: dict[int, bool]) -> Fraction | None:
    """What part a row is of the only column of counts, or of that of all, in per cent: a table without percentages gives them too."""
    assert shown.table is not None
    width = len(rows[0].cells)
    named = [at for at in range(width) if is_total_name(head_of(shown, rows[0], at))] if width > 1 else [0]
    named = named or ([width - 1] if all(_adds_up(row) for row in shown.table.rows) else [])
    if len(named) != 1 or shown.multiple or any(len(row.cells) != width for row in shown.table.rows):
        return None
    cells = [(row, row.cells[named[0]]) for row in shown.table.rows]
    if any(cell.value is None or percents.get(id(cell)) for _, cell in cells):
        return None
    totals = [cell.value for row, cell in cells if is_total(row)]
    parts = sum((cell.value or Fraction(0) for row, cell in cells if not is_total(row)), Fraction(0))
    whole = totals[0] if totals else Fraction(shown.base) if shown.base is not None else parts
    own = rows[0].cells[named[0]].value
    return 100 * own / whole if own is not None and whole and own <= whole else None


def _adds_up(row: TableRow) -> bool:
    """Whether the last cell of a row is the sum of the others."""
    values = [cell.value for cell in row.cells if cell.value is not None]
    return len(values) == len(row.cells) > 2 and sum(values[:-1], Fraction(0)) == values[-1]


def _surely(said: Said, rows: Sequence[TableRow], shown: Shown) -> bool:
    """Whether a sentence names rows in nearly all their words."""
    assert shown.table is not None
    labels = [row for row in shown.table.rows if row.label and not is_total(row)]
    return all(speaks(row, labels, said.text, said) >= _SURE for row in rows)


def _of_another_time(said: Said, mention: Mention, shown: Shown) -> bool:
    """Whether a year stands before or right behind a number that the table does not have."""
    start, end = mention.start - said.start, mention.end - said.start
    behind = re.match(r"[^\d;:,]{0,25}\b((?:19|20)\d\d)\b", said.text[end:])
    spoken = {behind[1]} if behind else set(YEAR.findall(said.text[:start]))
    labels = " ".join(row.label for row in shown.table.rows) if shown.table else ""
    return bool(spoken) and not spoken & set(YEAR.findall(f"{_head(shown)} {labels}"))


def _may_sum_up(shown: Shown, said: Said) -> bool:
    """What a sentence that sums up a table far from it has at least: a word of its caption, and one of its rows."""
    if shown.title_words.isdisjoint(said.stems):
        return False
    labels = _label_ends(tuple(row.label for row in shown.table.rows) if shown.table else (), said.lang)
    return not labels.isdisjoint(ends_of(said.stems))


@lru_cache(maxsize=2_000)
def _label_ends(labels: tuple[str, ...], lang: Lang) -> frozenset[str]:
    return frozenset[str]().union(*(ends_of(stems(label, lang)) for label in labels))


def _sums_up(said: Said, mention: Mention, shown: Shown, rows: Sequence[TableRow]) -> bool:
    """Whether a sentence far from a table speaks of it: it has words of the caption beside all those of the rows."""
    title = shown.title_words
    label = frozenset[str]().union(*(stems(row.label, said.lang) for row in rows))
    heard = sum(is_heard(word, said.stems) for word in title - label)
    spoken = sum(is_heard(word, said.stems) for word in label)
    return spoken >= 1 and heard >= 1 and spoken + heard >= 2 and not YEAR.search(said.clause(mention))


def _contradicts(said: Said, mention: Mention, meant: _Meant, shown: Shown, percents: dict[int, bool], *, close: bool) -> bool:
    assert mention.value is not None
    assert shown.table is not None
    clause = _without(said.clause(mention), meant.rows)
    if mention.kind == "share" or as_word(mention):
        word = in_words(mention) if as_word(mention) else mention
        sure = (meant.sure or (close and len(meant.rows) == 1)) and not (len(meant.rows) == 1 and _EITHER.search(clause))
        if any(one.value is not None and word_admits(word, one.value) for one in said.of("percentage")):
            # "To tredjedele har i det mindste nogen tid (67 pct.)": its figure is what is read in the table.
            return False
        return sure and len(meant.values) == 1 and not _NOT.search(clause) and not word_admits(word, meant.values[0])
    value = money_of(said, mention) if mention.kind == "money" and not _MILLIONS.search(_head(shown)) else mention.value
    value = value / 1000 if mention.kind == "money" and _THOUSANDS.search(_head(shown)) else value
    if mention.kind == "percentage" and said.of("comparison") and len(said.of("percentage")) > 1 and _of_a_part(said, mention, shown):
        return False
    own = [(row, at) for row in shown.table.rows for at in columns_for(row, mention, percents)]
    cells = {cell.value for cell in (row.cells[at] for row, at in own) if cell.value is not None}
    slack = len(meant.rows) if mention.kind == "percentage" and len(meant.rows) > 1 else 0
    if any(abs(value - one) <= slack for one in meant.values) or value == shown.base:
        return False
    if value in cells:
        one_row = close and meant.sure and len(meant.rows) == 1
        if one_row and _of_a_silent_row(said, mention, value, own, shown):
            return not _NOT.search(clause)
        if not (one_row and YEAR.search(said.clause(mention))):
            return False
    if any(half_up(one, mention.decimals) == half_up(value, mention.decimals) for one in meant.values):
        return False
    beside = {one for other in said.mentions if other is not mention for one in (other.value, other.base) if one is not None}
    if mention.base in meant.values:
        # "12 af de 61 brugere": a part of what the cell has.
        return False
    if _NOT.search(clause) or _of_cells(value, cells, said) or set(meant.values) <= beside:
        return False
    left = [one for one in meant.values if one not in beside]
    slip = any(is_slip(exact(one), exact(value)) for one in left)
    # The other cell of the row stands beside: "nu 9 procent mod 13 procent i 2020".
    beside_it = len(left) == 1 < len(meant.values) and len(meant.rows) == 1
    near = any(abs(one - value) <= (15 if mention.kind == "percentage" else one / 6) or max(one, value) <= _SMALL for one in left)
    if not close:
        return slip and meant.sure
    return slip or ((meant.sure or beside_it) and near)


def _of_a_silent_row(said: Said, mention: Mention, value: Fraction, own: Sequence[tuple[TableRow, int]], shown: Shown) -> bool:
    """Whether the only row that has a number is not named in the sentence at all: "Rygning nævnes af 61 %", where that is exercise."""
    assert shown.table is not None
    labels = [row for row in shown.table.rows if row.label and not is_total(row)]
    having = [row for row, at in own if row.cells[at].value == value]
    subject = any(speaks(row, labels, said.clause(mention), said) >= _SURE for row in labels)
    return subject and len(having) == 1 and not is_total(having[0]) and speaks(having[0], labels, said.text, said) == 0


def _of_a_part(said: Said, mention: Mention, shown: Shown) -> bool:
    """Whether two groups are set apart that the table does not have: "Girls were more likely than boys to …: 75 % against 67 %"."""
    beside = [one.value for one in said.of("percentage") if one is not mention]
    assert shown.table is not None
    return not any(cell.value in beside for row in shown.table.rows for cell in row.cells)


_THOUSANDS = re.compile(r"[£$€]\s?['’]?000|\b1[.,]?000 (?:kr|kroner|DKK)|\bt\.?\s?kr\b|\btusind|\bthousand", re.IGNORECASE)
_MILLIONS = re.compile(r"\bmio\b|million|\bm\b", re.IGNORECASE)


def _head(shown: Shown) -> str:
    return f"{shown.title} {shown.table.text if shown.table else ''}"


def _without(passage: str, rows: Sequence[TableRow]) -> str:
    """A passage without the words of the rows that it names: "kender ikke ordningen" denies nothing there."""
    words = {word for row in rows for word in re.findall(r"\w+", row.label.lower())}
    return " ".join(word for word in re.findall(r"\w+", passage) if word.lower() not in words)


def _of_cells(value: Fraction, cells: set[Fraction], said: Said) -> bool:
    """Whether a number is the sum or difference of two cells that the sentence adds or sets apart."""
    if not (JOINED.search(said.text) or said.of("comparison", "direction", "points")):
        return False
    if re.search(r"\b(?:eller|or)\b", said.text) and any(one + other == value for one, other in combinations(cells, 2)):
        return True
    return any(one + other == value or abs(one - other) == value for one, other in combinations(cells, 2)) and bool(
        re.search(r"\b(?:tilsammen|sammenlagt|samlet|together|combined|forskel\w*|difference|flere|færre|more|fewer|i alt)\b", said.text)
    )


def _finding(said: Said, mention: Mention, meant: _Meant, shown: Shown) -> Finding:
    label = " + ".join(row.label for row in meant.rows)[:80]
    value = mention.value or Fraction(0)
    cell = min(meant.values, key=lambda one: abs(one - value))
    what = Phrase("audit.what_table", {"said": " ".join(mention.text.split()), "cell": exact(cell), "label": label})
    rows = (place_in(shown, row.line, f"{row.label}: {' · '.join(one.text for one in row.cells)}") for row in meant.rows)
    return Finding(
        "table", (place_of(said, mention), *rows), what,
        Phrase("audit.why_table", {}), Phrase("audit.ground_lookup", {}), 0.9, 0.95 if meant.sure else 0.7,
    )  # fmt: skip
