"""Dates: a length of time against its ends, what is told to be before or after, one event told with another date elsewhere."""

from __future__ import annotations

import calendar
import datetime
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise

from vvvresearch.audit._facts import Facts, Said
from vvvresearch.audit._finding import Finding, Place, place_of
from vvvresearch.audit._promises import opens_what_follows
from vvvresearch.audit._units import unit_of
from vvvresearch.audit._words import common, stem
from vvvresearch.locales import MONTH_NAMES, Phrase, month_number
from vvvresearch.statements import Mention

_DATE = (
    rf"(?:(?:den |the )?(?P<day{{0}}>\d{{{{1,2}}}})(?:\.|st|nd|rd|th)? )?"
    rf"(?P<month{{0}}>{MONTH_NAMES})(?: (?P<year{{0}}>(?:19|20)\d\d))?"
    r"|(?P<only{0}>(?:19|20)\d\d)"
)
RANGE = re.compile(
    rf"(?<![\w.])(?:{_DATE.format(1)})(?: |-|–| – )(?:(?:til|to|until|og|and|frem til|through|til og med|til udgangen af)(?: i| in)? )?"
    rf"(?:{_DATE.format(2)})(?!\w)",
    re.IGNORECASE,
)
_DAYS = ("mandag monday", "tirsdag tuesday", "onsdag wednesday", "torsdag thursday", "fredag friday", "lørdag saturday", "søndag sunday")
_WEEKDAY = {name: number for number, names in enumerate(_DAYS) for name in names.split()}
_DAY = re.compile(rf"(?:\b(?P<weekday>{'|'.join(_WEEKDAY)}),? )?(?:{_DATE.format(0)})(?!\w)", re.IGNORECASE)
_DAYS_RANGE = re.compile(
    rf"\b({'|'.join(_WEEKDAY)})s?(?: |-|–)(?:(?:til(?: og med)?|to|through|until) )?({'|'.join(_WEEKDAY)})s?\b", re.IGNORECASE
)
_CLOCK = re.compile(
    r"(?:\b(?:kl\.?|klokken|from|fra|between|mellem)\s+)(?:kl\.?\s+)?(\d{1,2})(?:[.:](\d\d))?\s?([ap]m)?\s?(?:-|–|til|to|and|og)\s?(?:kl\.?\s+)?(\d{1,2})(?:[.:](\d\d))?\s?([ap]m)?(?![\w%])"
    r"(?!\s+(?:pct|procent|per|percent))",
    re.IGNORECASE,
)
_UNITS = (
    (re.compile(r"nætter|overnatninger|nights|dage|days", re.IGNORECASE), 1),
    (re.compile(r"uger|weeks", re.IGNORECASE), 7),
    (re.compile(r"måneder|months", re.IGNORECASE), 30),
    (re.compile(r"(?:skole)?år|(?:school )?years", re.IGNORECASE), 365),
)
_HOURS, _MINUTES = re.compile(r"timer|hours", re.IGNORECASE), re.compile(r"minutter|minutes", re.IGNORECASE)
# What ties a length to two ends beside a word of consequence.
_TIED = re.compile(
    r"(?:\b(?:a period of|en periode på|i alt|over|gennem|through|løb(?:et)? i|varede|varet|"
    r"lasted|lasting|run for|ran for|dækker|covers?|perioden på)|"
    r"[(–,]|\s-)\s*(?:[^\W\d]+\s+)?$",
    re.IGNORECASE,
)
_STARTS = r"start\w*|begynd\w*|begin\w*|began|commenc\w+|open\w*|åb(?:ne|en)\w*|indled\w*|trådte i kraft|launch\w*|ran|løb|varede|lasted"
_ENDS = r"slut\w*|afslut\w*|udløb\w*|ophør\w*|end(?:ed|s|ing)?|clos\w+|complet\w+|expir\w+"
_ORDER = re.compile(r"(?P<before>\b(?:før|inden|before|prior to))|(?P<after>\b(?:efter|after|following))(?!\w)", re.IGNORECASE)
_BACK = 2


@dataclass(frozen=True)
class _Date:
    """A day, month or year of a text, with where it stands in its sentence."""

    said: Said
    start: int
    end: int
    shown: str
    year: int
    month: int
    day: int

    def known(self, year: int) -> _Date:
        """The date with the year of its neighbour, where it names none."""
        return self if self.year else _Date(self.said, self.start, self.end, self.shown, year, self.month, self.day)

    @property
    def first(self) -> datetime.date:
        """The earliest day that it can mean."""
        return datetime.date(self.year, self.month or 1, self.day or 1)

    @property
    def last(self) -> datetime.date:
        """The latest day that it can mean."""
        month = self.month or 12
        return datetime.date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])


def span_findings(facts: Facts) -> Iterator[Finding]:
    """Findings on lengths of time that their two ends do not have, on what is told in the wrong order, and on dates that cannot be."""
    period = _period(facts)
    for said in facts.said:
        yield from _impossible(said)
        for match in RANGE.finditer(" ".join(said.text.split("\n"))):
            years = [_whole(match[f"year{at}"]) for at in ("1", "2")]
            if all(years) and years[0] > years[1]:
                first, last = match[0], match["year2"]
                what = Phrase("audit.what_backwards", {"first": first, "last": last})
                yield _finding(what, place_of(said))
        if said.block.kind in ("caption", "heading"):
            continue
        yield from _lengths_told(facts, said)
        yield from _ordered(said, period)


def _finding(what: Phrase, *places: Place) -> Finding:
    kind = "difference" if what.key == "audit.what_difference" else "date"
    return Finding(kind, tuple(dict.fromkeys(places)), what, Phrase("audit.why_date", {}), Phrase("audit.ground_date", {}), 0.95, 0.95)


def _dates(said: Said) -> list[_Date]:
    """The dates of a sentence that name a month; a date without a year has that of the next."""
    found = []
    for match in _DAY.finditer(said.text):
        day, month = _whole(match["day0"]), month_number(match["month0"] or "")
        if month and day <= calendar.monthrange(2024, month)[1]:
            found.append(_Date(said, match.start(), match.end(), " ".join(match[0].split()), _whole(match["year0"]), month, day))
    later = 0
    for at in range(len(found) - 1, -1, -1):
        later = found[at].year or later
        found[at] = found[at].known(later)
    return found


def _lengths_told(facts: Facts, said: Said) -> Iterator[Finding]:
    """The lengths of a sentence against the ends that it and the sentences before it tell."""
    for one in said.of("duration", "count"):
        if one.value is None or one.modifier not in ("", "exactly") or one.low is not None:
            continue
        left, right = said.text[: one.start - said.start], said.text[one.end - said.start :]
        shown = one.text if one.kind == "duration" else f"{one.text} {right.split(maxsplit=1)[0] if right.split() else ''}"
        before = re.match(
            r"[\s,(:–-]*(?:(?:from|fra|i|in|over|mellem|between|perioden|the|period|løb|varede|lasted|ran)\s+){0,3}$",
            right[: _first_date(right)],
        )
        so = opens_what_follows(said, one)
        tied = so or _TIED.search(left) is not None
        if not (tied or before):
            continue
        ends = (
            list(_ends_near(facts, said, so=so))
            if tied
            else [pair for pair in pairwise(_dates(said)) if pair[0].start >= one.end - said.start][:1]
        )
        lengths, places = _lengths(said, one, shown, ends)
        if lengths and one.value not in lengths:
            first, last, actual = places
            printed = {"first": first, "last": last, "step": one.text, "actual": actual}
            where = [place_of(said, one), *(place_of(pair[0].said) for pair in ends)]
            yield _finding(Phrase("audit.what_difference", printed), *where)


def _first_date(text: str) -> int:
    found = _DAY.search(text)
    return found.start() if found is not None else 0


def _ends_near(facts: Facts, said: Said, *, so: bool) -> Iterator[tuple[_Date, _Date]]:
    """Pairs of dates told one after the other, in the sentence or, behind a word of consequence, before it in its paragraph."""
    dates = _dates(said)
    sentences = [facts.said[at] for at in range(max(0, said.position - _BACK), said.position)]
    earlier = [date for other in sentences if other.block is said.block for date in _dates(other)]
    if len(dates) < 2 and so:
        dates = [*earlier, *dates]
    yield from (pair for pair in pairwise(dates) if pair[0].year and pair[1].year and bool(pair[0].day) == bool(pair[1].day))


def _lengths(said: Said, one: Mention, shown: str, ends: Sequence[tuple[_Date, _Date]]) -> tuple[frozenset[int], tuple[str, str, int]]:
    """The lengths that the ends near a length of time may have, counted with and without the last, and the ends as printed."""
    found: set[int] = set()
    printed = ("", "", 0)
    if _HOURS.search(shown) or _MINUTES.search(shown):
        for match in _CLOCK.finditer(said.text):
            if not (match[2] or match[3] or match[6] or re.search(r"\bkl", match[0], re.IGNORECASE)):
                continue
            start, end = (60 * _hour(match[at], match[at + 2]) + _whole(match[at + 1]) for at in (1, 4))
            minutes = (end - start) % (24 * 60)
            length = minutes // 60 if _HOURS.search(shown) else minutes
            # "tirsdag og torsdag kl. 16-19, dvs. seks timer om ugen"
            days = len(re.findall("|".join(_WEEKDAY), said.text, re.IGNORECASE))
            if length and days > 1:
                found.add(length * days)
            if length and not (_HOURS.search(shown) and minutes % 60):
                found.add(length)
                printed = (match[1], match[4], length)
        return frozenset(found), printed
    days = next((days for unit, days in _UNITS if unit.search(shown)), 0)
    for match in _DAYS_RANGE.finditer(said.text) if days == 1 else ():
        length = (_WEEKDAY[match[2].lower()] - _WEEKDAY[match[1].lower()]) % 7 + 1
        found.add(length)
        printed = (match[1], match[2], length)
    if found or not days:
        return frozenset(found), printed
    for pair in ends:
        first, last = sorted(pair, key=lambda date: date.first)
        for length in _between(first, last, days):
            found.add(length)
            printed = (first.shown, last.shown, length)
    years = (
        re.search(r"\b((?:19|20)\d\d)\b(?:\s*[-–]\s*|\s(?:til|to|and|og)\s)((?:19|20)\d\d)\b", said.text)
        if not ends and days == 365
        else None
    )
    if years is not None:
        gap = int(years[2]) - int(years[1])
        found |= {gap, gap + 1} - {0}
        printed = (years[1], years[2], gap + 1)
    return frozenset(found), printed


def _hour(shown: str, half: str | None) -> int:
    return int(shown) % 12 + (12 if half and half.lower() == "pm" else 0) if half else int(shown)


def _between(first: _Date, last: _Date, days: int) -> frozenset[int]:
    """The lengths that two dates may have in a unit of so many days."""
    months = 12 * (last.year - first.year) + last.month - first.month
    if last.last < first.first:
        return frozenset()
    if days == 365:
        whole = round((months + 1) / 12)
        near = whole and abs(months - 12 * whole) < 2
        return frozenset((whole,)) if near else frozenset(years for years in (months // 12, months // 12 + 1) if years)
    if days == 30:
        if not (first.day and last.day):
            return frozenset((months, months + 1))
        return frozenset((months, months + 1)) if first.day > 1 else frozenset((months, months + (last.day > 27)))
    gap = (last.last - first.first).days
    return frozenset((gap, gap + 1) if days == 1 else (gap // 7, gap // 7 + 1, -(-gap // 7) + 1))


def _period(facts: Facts) -> tuple[_Date, _Date] | None:
    """The one period that a document says something started and ended in."""
    found: dict[tuple[datetime.date, datetime.date], tuple[_Date, _Date]] = {}
    for said in facts.said:
        dates = [one for one in _dates(said) if one.year]
        if len(dates) == 2 and dates[0].last < dates[1].first and re.search(rf"\b(?:{_STARTS})\b", said.text, re.IGNORECASE):
            found.setdefault((dates[0].first, dates[1].last), (dates[0], dates[1]))
    return next(iter(found.values())) if found else None


def _ordered(said: Said, period: tuple[_Date, _Date] | None) -> Iterator[Finding]:
    """ "den 15. februar 2028, dvs. før udløbet den 31. januar 2028": what is told to be before is after."""
    dates = [one for one in _dates(said) if one.year]
    for word in _ORDER.finditer(said.text):
        earlier = [one for one in dates if one.end <= word.start()]
        if not earlier or not re.search(
            r"\b(?:dvs\.?|det vil sige|altså|that is|namely|i\.e\.|thus|hence)\b", said.text[earlier[-1].end : word.start()], re.IGNORECASE
        ):
            continue
        later = [one for one in dates if one.start >= word.end()]
        other = later[0] if later and not re.search(r"[.;]\s", said.text[word.end() : later[0].start]) else None
        if other is None and period is not None:
            behind = said.text[word.end() :][:60]
            if re.match(rf"(?:\s+[^\W\d]+){{0,4}}?\s+\w*(?:{_ENDS})\b", behind, re.IGNORECASE):
                other = period[1]
            elif re.match(rf"(?:\s+[^\W\d]+){{0,4}}?\s+\w*(?:{_STARTS})\b", behind, re.IGNORECASE):
                other = period[0]
        if other is None:
            continue
        one = earlier[-1]
        wrong = one.first > other.last if word["before"] else one.last < other.first
        if wrong:
            what = Phrase("audit.what_direction", {"word": word[0], "first": one.shown, "last": other.shown})
            yield _finding(what, place_of(said), place_of(other.said))


def _whole(shown: str | None) -> int:
    return int(shown) if shown else 0


def _impossible(said: Said) -> Iterator[Finding]:
    """ "31. juni", "mandag den 3. maj 2022": a day that no month has, or that was another day of the week."""
    for match in _DAY.finditer(said.text):
        day, month, year = _whole(match["day0"]), month_number(match["month0"] or ""), _whole(match["year0"])
        if not day or not month:
            continue
        shown = " ".join(match[0].split())
        longest = calendar.monthrange(year or 2024, month)[1]
        if not 1 <= day <= longest:
            what = Phrase("audit.what_day", {"date": shown})
        elif match["weekday"] and year and datetime.date(year, month, day).weekday() != _WEEKDAY[match["weekday"].lower()]:
            what = Phrase("audit.what_weekday", {"date": shown})
        else:
            continue
        yield _finding(what, place_of(said))


_EVENT_DATE = re.compile(rf"\b(?:i|in|den \d{{1,2}}\.) (?P<month>{MONTH_NAMES}) (?P<year>20\d\d)\b", re.IGNORECASE)
# How long a word must be to name an event, and how often a noun is counted in words for its counts to be of one thing.
_LONG, _SELDOM = 8, 8
_FEWEST, _MOST = 3, 12
# How far before a date the word stands that says what it is of.
_FAR = 45


def event_findings(documents: Sequence[Facts]) -> Iterator[Finding]:
    """Findings on dates of what is named in one dated sentence of each of two documents, and on small counts of one rare noun."""
    yield from _event_dates(documents)
    for facts in documents:
        yield from _begun_and_ended(facts)
    yield from _few(documents)


_BEGAN = re.compile(r"\b(?:start\w*|begynd\w*|åbne\w*|etabler\w*|began|begun|opened|launched|set up)\b", re.IGNORECASE)
_ENDED = re.compile(r"\b(?:sluttede|afsluttet|ophørt\w*|udløb|lukkede|ended|closed|finished|completed|came to an end)\b", re.IGNORECASE)


def _begun_and_ended(facts: Facts) -> Iterator[Finding]:
    """ "fra august 2021 til juni 2023" in one place, "sluttede i juni 2022" in another: the month of an end, and another year."""
    stretches = [(said, match) for said in facts.said for match in RANGE.finditer(" ".join(said.text.split("\n"))) if match["month2"]]
    for said in facts.said:
        dates = list(_EVENT_DATE.finditer(said.text))
        if len(dates) != 1 or any(said is owner for owner, _ in stretches):
            continue
        for word, at in ((_BEGAN, "1"), (_ENDED, "2")):
            if not word.search(said.text[max(0, dates[0].start() - _FAR) : dates[0].start()]):
                continue
            ends = [(owner, match) for owner, match in stretches if match[f"month{at}"] and match[f"year{at}"]]
            same = [(owner, match) for owner, match in ends if month_number(match[f"month{at}"]) == month_number(dates[0]["month"])]
            if same and all(match[f"year{at}"] != dates[0]["year"] for _, match in same):
                owner, match = same[0]
                told = f"{match[f'month{at}']} {match[f'year{at}']}"
                yield replace(
                    _event_finding(told, place_of(owner), f"{dates[0]['month']} {dates[0]['year']}", place_of(said)), kind="retold"
                )


def _event_dates(documents: Sequence[Facts]) -> Iterator[Finding]:
    named: dict[str, list[tuple[Facts, Said]]] = defaultdict(list)
    for facts in documents:
        for said in facts.said:
            if len(list(_EVENT_DATE.finditer(said.text))) == 1:
                for word in said.stems:
                    if len(word) >= _LONG:
                        named[word].append((facts, said))
    done: set[tuple[int, int]] = set()
    for found in named.values():
        if len(found) != 2 or found[0][0] is found[1][0]:
            continue
        (_, first), (_, other) = found
        dates = [_EVENT_DATE.search(said.text) for said in (first, other)]
        if (id(first), id(other)) in done or len(common(first.stems, other.stems)) < _FEWEST:
            continue
        done.add((id(first), id(other)))
        shown = [f"{one['month']} {one['year']}" for one in dates if one is not None]
        if shown[0].lower() != shown[1].lower():
            yield _event_finding(shown[0], place_of(first), shown[1], place_of(other))


def _few(documents: Sequence[Facts]) -> Iterator[Finding]:
    """ "oversat til fire sprog", "hæfte på fem sprog": small counts of a noun that is seldom counted."""
    told: dict[tuple[str, str], list[tuple[Facts, Said, Mention]]] = defaultdict(list)
    for facts in documents:
        for said in facts.said:
            for one in said.of("count"):
                noun = unit_of(said, one)
                if one.value is not None and one.spelled and _FEWEST <= one.value <= _MOST and noun and not one.modifier:
                    told[stem(noun, said.lang), said.lang].append((facts, said, one))
    for found in told.values():
        values = {one.value for _, _, one in found}
        if len(values) != 2 or len(found) > _SELDOM:
            continue
        for (facts, first, one), (others, second, other) in combinations(found, 2):
            shared = common(first.stems, second.stems)
            if facts is not others and one.value != other.value and len(shared) > 2:
                yield _event_finding(one.text, place_of(first, one), other.text, place_of(second, other))
                break


def _event_finding(text: str, place: Place, other: str, other_place: Place) -> Finding:
    what = Phrase("audit.what_retold", {"first": " ".join(text.split()), "second": " ".join(other.split())})
    return Finding("documents", (other_place, place), what, Phrase("audit.why_retold", {}), Phrase("audit.ground_documents", {}), 0.6, 0.5)
