"""Series: numbers that a document tells side by side, each under a name of its own, in a table or in a sentence.

"kaffe 141, gåtur 66, indkøb 45", "72 from Ashby, 54 from Brook and 30 from Crest" and the rows of a table are one thing: names and numbers
that can be ranked, set against each other, added and made shares of their whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from vvvresearch.audit._facts import N_IS, Facts, Said, Shown, n_of
from vvvresearch.audit._finding import Finding, Place, place_in, place_of
from vvvresearch.audit._sums import head_of, is_total, is_total_name, percents_of
from vvvresearch.audit._units import money_of, unit_of
from vvvresearch.audit._words import common, is_heard, stem, stems
from vvvresearch.locales import Lang, Phrase
from vvvresearch.statements import Mention

# Between two parts of a list, before or behind its number.
_CUT = r"(?:[;,]\s+(?:og\s|and\s|samt\s|men\s|but\s|while\s|mens\s)?|\s(?:og|and|samt|mens|while|mod|against|men|but)\s)"
_OPENS, _ENDS = re.compile(rf"^\)?\s*{_CUT}"), re.compile(rf"{_CUT}(?:de |the |another |yderligere )?$")
_FAMILY = {
    "percentage": "percent", "count": "count", "total": "count", "money": "money", "duration": "duration",
}  # fmt: skip
# "288.000 kr., altså 3.000 kr. pr. par": the second number is worked out of the first.
_DERIVED = re.compile(
    r"(?:altså|dvs|svarende|hvilket|or|eller|which|i\.e|that is|heraf|hvoraf|of whom|of which|af dem|af disse)\b", re.IGNORECASE
)
_CODE = re.compile(r"\b(?:[A-ZÆØÅ]\d{0,2}|\d+)\b")
# How much of a name a sentence says at least, and how many words a name has in a sentence at most.
_NAMED, _LONG, _OFTEN = 0.5, 7, 12
# How far from a list that a sentence tells it is spoken of, in sentences; how many sentences ahead of it.
_AFTER, _AHEAD = 8, 1


@dataclass(frozen=True, eq=False)
class Column:
    """The numbers of a series in one respect: its words, its kind, the numbers in the order of the names, and what they are parts of."""

    head: frozenset[str]
    family: str
    values: tuple[Fraction | None, ...]
    wholes: tuple[Fraction, ...] = ()
    decimals: int = 0
    title: str = ""
    total: bool = False


@dataclass(frozen=True, eq=False)
class Series:
    """Names with their numbers.

    Attributes:
        names: as printed.
        words: the stems, codes and digits of each name that not all names have.
        columns: the numbers, in one respect or several.
        places: where each name stands.
        title: stems of the caption, or of the sentence.
        at: the position of the sentence, or of the one that stands before the table.
        shown: the table, of a table.
        multiple: whether more than one name may be true of one person.
    """

    names: tuple[str, ...]
    words: tuple[frozenset[str], ...]
    columns: tuple[Column, ...]
    places: tuple[Place, ...]
    title: frozenset[str]
    at: int
    section: int
    said: Said | None = None
    shown: Shown | None = None
    multiple: bool = False

    def named(self, said: Said, text: str = "") -> list[tuple[int, int]]:
        """The members that a sentence names, in its order: where each is named, and which it is."""
        text = text or said.text
        low, spoken = text.lower(), _tokens(text, said.lang)
        found: list[tuple[float, int, int]] = []
        for number, (name, own) in enumerate(zip(self.names, self.words, strict=True)):
            literal = (
                re.search(rf"(?<!\w){re.escape(name.lower())}(?!\w)", low) if len(name) > 2 else re.search(rf"\b{re.escape(name)}\b", text)
            )
            if literal is not None and (own or len(name) < 3):
                found.append((1.0, literal.start(), number))
                continue
            heard = [word for word in own if is_heard(word, spoken)]
            if own and heard and len(heard) >= _NAMED * len(own):
                at = min((low.find(word[:5]) for word in heard if word[:5] in low), default=len(low))
                found.append((len(heard) / len(own), at, number))
        best = {at: max(score for score, other, _ in found if other == at) for _, at, _ in found}
        chosen = sorted((at, number) for score, at, number in found if score == best[at])
        return chosen if len({at for at, _ in chosen}) == len(chosen) else []

    def place(self, *members: int) -> tuple[Place, ...]:
        """Where some members stand."""
        return tuple(dict.fromkeys(self.places[one] for one in members))


def _tokens(text: str, lang: Lang) -> frozenset[str]:
    return stems(text, lang) | frozenset(_CODE.findall(text))


def _distinct(names: Sequence[str], lang: Lang) -> tuple[frozenset[str], ...]:
    own = [_tokens(name, lang) for name in names]
    shared = frozenset.intersection(*own) if own else frozenset()
    return tuple(one - shared for one in own)


def series_of(facts: Facts) -> list[Series]:
    """All series of a document, in reading order."""
    found = [one for said in facts.said for one in _told(facts, said)]
    percents = percents_of(facts)
    for shown in facts.shown:
        found += _shown(facts, shown, percents)
    return sorted(found, key=lambda one: one.at)


def proper_names(text: str) -> frozenset[str]:
    """The names of a sentence, by their capital letter, in small letters: not its first word.

    Example:
        >>> sorted(proper_names("På Havneskolen nåede 12 elever målet."))
        ['havneskolen']
    """
    return frozenset(word.lower() for word in re.findall(r"(?<=[a-zæøå0-9,] )[A-ZÆØÅ][a-zæøå]{2,}", text))


def near_series(said: Said, series: Sequence[Series], *, far: bool = False) -> list[Series]:
    """The series that a sentence may speak of, the nearest first: those of its section, lists only close by; or, far, all tables."""
    own = [
        one
        for one in series
        if one.section == said.section and one.said is not said and (one.shown is not None or -_AHEAD <= said.position - one.at <= _AFTER)
    ]
    own += [one for one in series if far and one.shown is not None and one.section != said.section]
    return sorted(own, key=lambda one: (one.section != said.section, abs(said.position - one.at)))


def _shown(facts: Facts, shown: Shown, percents: dict[int, bool]) -> Iterator[Series]:
    if shown.table is None:
        return
    rows = [row for row in shown.table.rows if row.label and any(cell.value is not None for cell in row.cells)]
    members, totals = [row for row in rows if not is_total(row)], [row for row in rows if is_total(row)]
    if len(members) < 2 or len({row.label for row in members}) < len(members):
        return
    lang = facts.document.lang
    width = max(len(row.cells) for row in members)
    columns = []
    for at in range(width):
        cells = [row.cells[at] if at < len(row.cells) else None for row in members]
        values = tuple(cell.value if cell is not None else None for cell in cells)
        known = [one for one in values if one is not None]
        if len(known) < 2:
            continue
        percent = any(cell is not None and (cell.percent or percents.get(id(cell))) for cell in cells)
        head = head_of(shown, members[0], at)
        wholes = [total.cells[at].value for total in totals if at < len(total.cells)]
        total = [one for one in (*wholes, sum(known), Fraction(shown.base or 0)) if one]
        decimals = max((cell.decimals for cell in cells if cell is not None), default=0)
        title = "" if is_total_name(head) else head
        n = [Fraction(n_of(found))] if (found := N_IS.search(head)) is not None else []
        sure = bool(wholes) or Fraction(shown.base or 0) == sum(known)
        family = "percent" if percent else "count"
        columns.append(Column(stems(head, lang), family, values, () if percent else (*n, *total), decimals, title, sure and not n))
    if not columns:
        return
    names = tuple(row.label for row in members)
    places = tuple(place_in(shown, row.line, f"{row.label}: {' · '.join(cell.text for cell in row.cells)}") for row in members)
    at = max((said.position for said in facts.said if said.line <= shown.line), default=0)
    yield Series(
        names, _distinct(names, lang), tuple(columns), places, shown.asked, at, shown.section, None, shown, shown.multiple
    )  # fmt: skip


def _told(facts: Facts, said: Said) -> Iterator[Series]:
    """The list of a sentence: numbers each behind its name, or each before it."""
    numbers = [
        one for one in said.mentions
        if one.kind in _FAMILY and one.value is not None and one.low is None and not (one.spelled and one.kind == "duration")
    ]  # fmt: skip
    if sum(not one.spelled for one in numbers) > 1:
        numbers = [one for one in numbers if not one.spelled]
    numbers = [one for one in numbers if not _in_brackets_behind(said, one, numbers)]
    if len(numbers) < 2 or said.block.kind == "heading":
        return
    text, zero = said.text, said.start
    gaps = [text[one.end - zero : other.start - zero] for one, other in pairwise(numbers)]
    for stretch in _stretches(gaps):
        first, last, behind = stretch
        own = numbers[first : last + 2]
        inner = gaps[first : last + 1]
        if behind:
            before = text[(numbers[first - 1].end - zero if first else 0) : own[0].start - zero]
            names = [re.split(r"[:;,]\s", before)[-1], *(_OPENS.sub("", gap) for gap in inner)]
        else:
            after = text[own[-1].end - zero : (numbers[last + 2].start - zero if last + 2 < len(numbers) else len(text))]
            names = [*(_ENDS.sub("", gap) for gap in inner), re.split(r"[.;:]\s|,\s", after)[0]]
        names = [re.sub(r"\([^)]*\)?|^\W+|\W+$", "", name).strip() for name in names]
        series = _list(facts, said, own, names)
        if series is not None:
            yield series


def _in_brackets_behind(said: Said, one: Mention, numbers: Sequence[Mention]) -> bool:
    """Whether a number stands in brackets behind another, as its percentage."""
    before = [other for other in numbers if other.end <= one.start]
    return (
        bool(before)
        and re.fullmatch(r"[^()]{0,40}\(", said.text[before[-1].end - said.start : one.start - said.start]) is not None
        and (before[-1].kind != one.kind)
    )


def _stretches(gaps: Sequence[str]) -> Iterator[tuple[int, int, bool]]:
    """Where lists run: from which gap to which, and whether the numbers stand behind their names."""
    at = 0
    while at < len(gaps):
        for behind, cut in ((True, _OPENS), (False, _ENDS)):
            end = at
            while (
                end < len(gaps)
                and cut.search(re.sub(r"^\s*\([^()]*\)", ")", gaps[end]) if behind else gaps[end])
                and re.search(r"[^\W\d_]{2}", cut.sub("", gaps[end]))
            ):
                end += 1
            if end > at:
                yield at, end - 1, behind
                at = end - 1
                break
        at += 1


def _list(facts: Facts, said: Said, numbers: Sequence[Mention], names: Sequence[str]) -> Series | None:
    kinds = {_FAMILY[one.kind] for one in numbers}
    if kinds == {"percent", "count"} and "percentage" in (numbers[0].kind, numbers[-1].kind):
        # "punctuality 81 per cent, teamwork 77": one sign for all.
        if any(one.value is None or one.value > 100 for one in numbers):
            return None
        kinds = {"percent"}
    if len(kinds) != 1 or any(len(name.split()) > _LONG for name in names[1:]):
        return None
    if any(_DERIVED.match(name) for name in names[1:]):
        return None
    words = _distinct(names, said.lang)
    # A word that the document says again and again names nothing.
    often = frozenset(word for own in words for word in own if facts.often[word] > _OFTEN)
    words = tuple(own - often for own in words)
    noun = stem(unit_of(said, numbers[0]), said.lang)
    words = (words[0] - {noun} or words[0], *words[1:])
    told = [own for own in words if own]
    if len(told) < max(2, len(words) - 1) or len(set(told)) < len(told):
        return None
    family = kinds.pop()
    values = tuple(money_of(said, one) if family == "money" else one.value for one in numbers)
    known = [one for one in values if one is not None]
    wholes = (sum(known, Fraction(0)),) if family != "percent" else ()
    near = [one for other in (*facts.said[max(0, said.position - 2) :][:3], said) for one in other.mentions]
    printed = {one.value for one in near} | {one.base for one in said.mentions}
    column = Column(frozenset(), family, values, wholes, max(one.decimals for one in numbers), "", any(one in printed for one in wholes))
    return Series(
        tuple(names), words, (column,), tuple(place_of(said, one) for one in numbers), said.stems, said.position, said.section, said
    )  # fmt: skip


_RATES = re.compile(r"\b(?:andel\w*|rate\w*|share|proportion|procent\w*|per cent|\w+procent|\w+andel)\b", re.IGNORECASE)


# What a sentence says that tells a share or a rank, whatever of.
LIGHT = frozenset(
    [
        "udgør",
        "udgjord",
        "altså",
        "dermed",
        "derfor",
        "således",
        "thus",
        "therefor",
        "hence",
        "mak",
        "mad",
        "account",
        "svar",
        "hvilk",
        "word",
        "betyd",
        "tegn",
        "form",
        "andel",
        "rate",
        "share",
        "grupp",
        "group",
        "hel",
        "whol",
        "alle",
        "flest",
        "mest",
        "størst",
    ]
)


def spoken(said: Said, series: Series) -> list[Column]:
    """The respects that a sentence may mean: those whose words it says, else all; of a turned table only those."""
    named = [one for one in series.columns if one.head and common(one.head, said.stems)]
    if series.shown is not None and series.places.count(series.places[0]) == len(series.places):
        return named
    if _RATES.search(said.text):
        rates = [one for one in series.columns if one.family == "percent"]
        return rates or list(series.columns)
    return named or list(series.columns)


def about(said: Said, series: Series, members: Sequence[tuple[int, int]], most: int) -> bool:
    """Whether a sentence says little that neither the names nor their series say: it is of them and not of some part."""
    known = series.title.union(*(series.words[at] for _, at in members), *(one.head for one in series.columns))
    if any(
        name[:5] not in " ".join((*series.names, series.said.text if series.said else series.shown.name if series.shown else "")).lower()
        for name in proper_names(said.text)
    ):
        return False
    counted = frozenset[str]().union(*(stems(one.text, said.lang) for one in said.mentions))
    left = {word for word in said.stems - counted - LIGHT if not common(frozenset({word}), known)}
    return len(left) <= most


def series_finding(kind: str, said: Said, mention: Mention | None, series: Series, members: Sequence[int], what: Phrase) -> Finding:
    """A finding on what a sentence says of members of a series."""
    places = (place_of(said, mention), *series.place(*members))
    return Finding(kind, places, what, Phrase("audit.why_bound", {}), Phrase("audit.ground_series", {}), 0.9, 0.75)
