"""Tables: counts against percentages, percentages against the base, and the text that names a table against its cells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from vvvresearch.audit._bases import Bases
from vvvresearch.audit._document import Cell, TableRow
from vvvresearch.audit._facts import SHOWN, Facts, Said, Shown, exact
from vvvresearch.audit._finding import Finding, place_in, place_of
from vvvresearch.audit._number_names import is_slip
from vvvresearch.audit._shares import impossible_chance
from vvvresearch.audit._sums import columns_of, is_percent, is_total, position_of
from vvvresearch.audit._words import is_heard, stems
from vvvresearch.locales import Lang, Phrase, half_up
from vvvresearch.statistics.rounding import possible_counts


def table_findings(facts: Facts, bases: Bases) -> Iterator[Finding]:
    """Findings within tables, and between tables and the sentences that name them."""
    for shown in facts.shown:
        if shown.table is not None:
            yield from _rows(shown)
            yield from _total(facts, shown)
    for said in facts.said:
        if said.block.kind in ("caption", "heading"):
            continue
        named = bases.shown_by(said)
        if named is None:
            continue
        yield from _base_of_text(said, named)


def _words(row: TableRow) -> str:
    return f"{row.label}: {' · '.join(cell.text for cell in row.cells)}"


def _pairs(shown: Shown) -> Iterator[tuple[TableRow, Cell, Cell]]:
    """Counts and the percentages beside them: each column of percentages with the column of counts before it."""
    columns = columns_of(shown)
    kinds = [is_percent(shown, column) for column in columns]
    for position in range(1, len(columns)):
        if kinds[position] and not kinds[position - 1] and position_of(columns[position]) == position_of(columns[position - 1]) + 1:
            for (row, count), (_, percent) in zip(columns[position - 1], columns[position], strict=True):
                if count.value is not None and percent.value is not None:
                    yield row, count, percent


def _rows(shown: Shown) -> Iterator[Finding]:
    pairs = list(_pairs(shown))
    totals = {id(count): count for row, count, _ in pairs if is_total(row)}
    groups: dict[int, list[tuple[TableRow, Cell, Cell]]] = {}
    for row, count, percent in pairs:
        groups.setdefault(next(at for at, one in enumerate(row.cells) if one is count), []).append((row, count, percent))
    for found in groups.values():
        own = [count.value for row, count, _ in found if is_total(row) and id(count) in totals]
        candidates = [int(value) for value in own if value]
        if shown.base is not None and (len(groups) == 1 or not candidates):
            candidates.append(shown.base)
        if not candidates:
            added = sum((count.value or Fraction(0) for _, count, _ in found), Fraction(0))
            if not shown.multiple and len(found) >= 3 and added >= 1:
                candidates.append(int(added))
        rows = [one for one in found if not is_total(one[0])]
        verdicts = {base: [one for one in rows if not _agree(one[1], one[2], base)] for base in dict.fromkeys(candidates) if base > 0}
        if not verdicts:
            continue
        base, wrong = min(verdicts.items(), key=lambda pair: len(pair[1]))
        if len(wrong) > max(1, len(rows) // 2):
            yield from _another_base(shown, base, rows)
            continue
        for row, count, percent in wrong:
            assert count.value is not None
            actual = half_up(100 * count.value / base, percent.decimals)
            what = Phrase(
                "audit.what_count",
                {"count": exact(count.value), "base": base, "printed": f"{percent.text.rstrip('%')} %", "actual": actual},
            )
            yield Finding(
                "count", (place_in(shown, row.line, _words(row)), place_in(shown, shown.base_line, shown.base_text)), what,
                Phrase("audit.why_count", {}), Phrase("audit.ground_row", {}), 1 - 1 / max(2, min(base + 1, 101)),
            )  # fmt: skip
    if not pairs and shown.base is not None and impossible_chance(shown.base, 0) > 0:
        yield from _impossible(shown, shown.base)


def _another_base(shown: Shown, base: int, rows: list[tuple[TableRow, Cell, Cell]]) -> Iterator[Finding]:
    """A printed base that hardly a row agrees with, where all rows agree with one other base."""
    if base != shown.base or len(rows) < 3:
        return
    near = [other for other in range(max(2, base // 2), base * 2) if all(_agree(count, percent, other) for _, count, percent in rows)]
    if len(near) == 1:
        row = rows[0][0]
        what = Phrase("audit.what_base", {"said": near[0], "base": base})
        places = (place_in(shown, shown.base_line, shown.base_text), place_in(shown, row.line, _words(row)))
        yield Finding("base", places, what, Phrase("audit.why_base", {}), Phrase("audit.ground_row", {}), 0.9)


def _agree(count: Cell, percent: Cell, base: int) -> bool:
    assert count.value is not None
    assert percent.value is not None
    share = 100 * count.value / base
    return abs(share - percent.value) <= Fraction(1, 2 * 10**percent.decimals) or half_up(share, percent.decimals) == half_up(
        percent.value, percent.decimals
    )


def _impossible(shown: Shown, base: int) -> Iterator[Finding]:
    assert shown.table is not None
    columns = columns_of(shown)
    # Columns of groups have bases of their own.
    percents = [column for column in columns if is_percent(shown, column)]
    if len(percents) != 1:
        return
    decimals = max((cell.decimals for _, cell in percents[0]), default=0)
    wrong = [
        (row, cell)
        for row, cell in percents[0]
        if cell.value is not None
        and not is_total(row)
        and 0 <= cell.value <= 100
        and not possible_counts(str(float(cell.value)), base, decimals)
    ]
    if len(wrong) > max(1, len(percents[0]) // 2):
        return
    for row, cell in wrong:
        assert cell.value is not None
        what = Phrase("audit.what_impossible", {"printed": f"{exact(cell.value)} %", "base": base, "near": "–"})
        places = (place_in(shown, row.line, _words(row)), place_in(shown, shown.base_line, shown.base_text))
        yield Finding(
            "impossible",
            places,
            what,
            Phrase("audit.why_impossible", {}),
            Phrase("audit.ground_cell", {}),
            impossible_chance(base, decimals),
        )


def _total(facts: Facts, shown: Shown) -> Iterator[Finding]:
    """The printed base against the total row of the only column of counts, or against what its rows make."""
    if shown.base is None or shown.multiple:
        return
    counts = [column for column in columns_of(shown) if not is_percent(shown, column)]
    if len(counts) != 1:
        return
    if not any(is_total(row) for row, _ in counts[0]):
        yield from _made_of_rows(facts, shown, counts[0])
    for row, cell in counts[0]:
        if (
            is_total(row)
            and cell.value is not None
            and cell.value != shown.base
            and (
                abs(cell.value - shown.base) <= shown.base * Fraction(1, 3)
                or sum((one.value or Fraction(0) for other, one in counts[0] if not is_total(other)), Fraction(0)) == cell.value
            )
        ):
            what = Phrase("audit.what_base", {"said": exact(cell.value), "base": shown.base})
            places = (place_in(shown, row.line, _words(row)), place_in(shown, shown.base_line, shown.base_text))
            yield Finding("base", places, what, Phrase("audit.why_base", {}), Phrase("audit.ground_base_total", {}), 0.98)


def _made_of_rows(facts: Facts, shown: Shown, column: list[tuple[TableRow, Cell]]) -> Iterator[Finding]:
    """ "n = 98" over rows that make 89, a number that the text tells, or one that a slip makes of the other."""
    assert shown.base is not None
    added = sum((cell.value or Fraction(0) for _, cell in column), Fraction(0))
    if added == shown.base or len(column) < 2 or abs(added - shown.base) > shown.base * Fraction(3, 10):
        return
    if any(cell.value is None or cell.decimals for _, cell in column):
        return
    told = any(added in (one.value, one.base) for said in facts.said if said.block.kind != "caption" for one in said.mentions)
    # More answers than persons may be several of one person.
    if told or (added < shown.base and is_slip(exact(added), str(shown.base)) and len(column) > 2):
        what = Phrase("audit.what_base", {"said": exact(added), "base": shown.base})
        rows = tuple(place_in(shown, row.line, _words(row)) for row, _ in column[:8])
        places = (place_in(shown, shown.base_line, shown.base_text), *rows)
        yield Finding("base", places, what, Phrase("audit.why_base", {}), Phrase("audit.ground_base_total", {}), 0.95, 0.85)


_ASKED = re.compile(r"adspurgte|besvar|svar|respondent|asked|surveyed|respon|replie|answer", re.IGNORECASE)
_FROM_WHOM = re.compile(
    r"(?:svar|besvarelser|answers|replies|responses|data) (?:fra|from)\s*$|(?:bygger på|based on|covers|omfatter|dækker)\s*$", re.IGNORECASE
)


def _base_of_text(said: Said, shown: Shown) -> Iterator[Finding]:
    """ "Af de 42 kommuner" in a sentence that names a table of 40."""
    if shown.base is None or (len({one for one in said.references if one[0] in SHOWN}) > 1):
        return
    numbers = [(one, one.base if one.kind == "ratio" else one.value) for one in said.of("base", "ratio", "sample_size")]
    numbers += [
        (one, one.value)
        for one in said.of("count", "total")
        if _ASKED.search(said.text[one.end - said.start : one.end - said.start + 28])
        or _FROM_WHOM.search(said.text[max(0, one.start - said.start - 28) : one.start - said.start])
    ]  # fmt: skip
    whole = [(one, value) for one, value in numbers if value is not None and value.denominator == 1]
    if not whole or any(value == shown.base for _, value in whole):
        return
    cells = {cell.value for row in shown.table.rows for cell in row.cells} if shown.table else set()
    one, value = whole[0]
    if (len(whole) > 1 and len({number for _, number in whole}) > 1) or (value in cells and one.kind != "ratio"):
        return
    if abs(value - shown.base) > shown.base * Fraction(7, 20) or one.modifier or _of_rows(shown, value):
        return
    what = Phrase("audit.what_base", {"said": exact(value), "base": shown.base})
    places = (place_of(said, one), place_in(shown, shown.base_line, shown.base_text))
    yield Finding("base", places, what, Phrase("audit.why_base", {}), Phrase("audit.ground_base", {}), 0.98, 0.9)


def _of_rows(shown: Shown, value: Fraction) -> bool:
    """Whether a number is what the rows at the head or the foot of a column make: those who answered one of several things."""
    for column in columns_of(shown):
        values = [cell.value for row, cell in column if cell.value is not None and not is_total(row)]
        if value in {sum(values[:2]), sum(values[:3]), sum(values[-2:])}:
            return True
    return False


def speaks(row: TableRow, rows: list[TableRow], passage: str, said: Said) -> float:
    """The part of a row's own words that a passage has: stems first, then the small words and numbers of short labels."""
    at = next((at for at, one in enumerate(rows) if one is row), -1)
    return _spoken(tuple(one.label for one in rows), at, row.label, passage, said.lang)


@lru_cache(maxsize=10_000)
def spoken_of(labels: tuple[str, ...], passage: str, lang: Lang) -> tuple[float, ...]:
    """As `speaks`, of each of some labels."""
    return tuple(_spoken(labels, at, name, passage, lang) for at, name in enumerate(labels))


def _spoken(labels: tuple[str, ...], at: int, name: str, passage: str, lang: Lang) -> float:
    label, distinct, own, turning, lower = _of_labels(labels, lang)[at] if at >= 0 else _of_label(labels, at, name, lang)
    heard, text, spoken, turned = _of_passage(passage, lang)
    if lower in OTHERS and not re.search(rf"(?<!\w){lower}(?!\w)(?!\s[^\W\d])", text):
        # "I andet skoleår": not the row "Andet".
        return 0.0
    if turning - turned:
        # "mindre tryg" is not told by "mere tryg".
        return 0.0
    if distinct:
        return (sum(is_heard(word, heard) for word in distinct) + 0.3 * sum(is_heard(word, heard) for word in label - distinct)) / (
            min(len(distinct), 5) + 0.3 * len(label - distinct)
        )
    if len(name) > 2 and re.search(rf"(?<!\w){re.escape(lower)}(?!\w)", " ".join(text.split())):
        return 0.9 + min(len(name), 90) / 1000
    if len(name) <= len("nej") and re.search(rf"{_SAYS}[»\"“'‘]?{re.escape(lower)}(?!\w)", text):
        return 1.0
    if own:
        return len(own & spoken) / len(own)
    words = _words_of(name)
    if not (words and words <= spoken) and not (label and all(is_heard(word, heard) for word in label)):
        return 0.0
    others = (one for number, one in enumerate(labels) if number != at)
    wider = [_words_of(one) - words for one in others if label <= stems(one, lang)]
    return 0.0 if any(extra and extra <= spoken for extra in wider) else 0.75


OTHERS = ("andet", "andre", "øvrige", "other", "others")


def _words_of(text: str) -> frozenset[str]:
    # "5,5 point" has no "5".
    return frozenset(re.findall(r"\d+(?:[.,]\d+)+|\w+", text.lower()))


class _Label(NamedTuple):
    """Of a row's label the stems, those that no other row has, such words of any kind, the words that turn it, and it in small letters."""

    stems: frozenset[str]
    distinct: frozenset[str]
    own: frozenset[str]
    turning: frozenset[str]
    lower: str


@lru_cache(maxsize=2_000)
def _of_labels(labels: tuple[str, ...], lang: Lang) -> tuple[_Label, ...]:
    return tuple(_of_label(labels, at, name, lang) for at, name in enumerate(labels))


def _of_label(labels: tuple[str, ...], at: int, name: str, lang: Lang) -> _Label:
    others = [one for number, one in enumerate(labels) if number != at]
    label = stems(name, lang)
    distinct = label - frozenset().union(*(stems(one, lang) for one in others))
    own = _words_of(name) - frozenset().union(*map(_words_of, others)) - {"ja", "nej", "yes", "no"}
    return _Label(label, distinct, own, frozenset(_TURNING.findall(name.lower())), name.lower())


@lru_cache(maxsize=5_000)
def _of_passage(passage: str, lang: Lang) -> tuple[frozenset[str], str, frozenset[str], frozenset[str]]:
    """Of a passage the stems, the text in small letters, its words, and the words that turn what it says."""
    passage = _RANGE.sub(r"\1-\2", passage)
    return stems(passage, lang), passage.lower(), _words_of(passage), frozenset(_TURNING.findall(passage.lower()))


# "svarer nej", "said no": what one answers.
_SAYS = r"\b(?:svare\w*|sagde|siger|said|says?|answer\w*)\s+(?:klart |kun )?"
_TURNING = re.compile(r"\b(?:mindre|mere|ikke|less|more|not|never|aldrig|uden|without|øvrige|andre|andet|others?)\b")
# "mellem 18 og 64 år", "18 to 64": as labels write it.
_RANGE = re.compile(r"\b(?:mellem |between )?(\d{1,3}) ?(?:og|til|and|to|–|-) ?(\d{1,3})(?!\d)")
