"""Numbers worked out from others: the words that say so, and the one whole that counts with a percentage each have."""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

from vvvresearch.audit._bases import THE_OTHERS
from vvvresearch.audit._facts import Facts, Said
from vvvresearch.audit._finding import Place, place_in
from vvvresearch.audit._near_numbers import Number, Pool, around
from vvvresearch.audit._shares import as_word, in_words, word_admits
from vvvresearch.audit._sums import has_money, is_total, percents_of, scale_of_table
from vvvresearch.audit._words import AGO, THAN_AGO
from vvvresearch.statements import Mention

CHANGE = re.compile(
    r"\b(?:stigning|vækst|fald|faldet|faldt|steget|steg|vokset|voksede|gik (?:frem|tilbage|op|ned)|went (?:up|down)|climbed|"
    r"øget|fremgang|tilbagegang|forøgelse|nedgang|tilvækst|increase|rise|drop|fall|decrease|"
    r"growth|reduction|gain|decline|improvement|rose|fell|grew|risen|fallen|grown|dropped|increased|decreased)\b[^.;:\d]{0,24}$",
    re.IGNORECASE,
)
# "30 flere", "51 meter længere"; "35 lived more than 20 miles" is no step.
_MORE = re.compile(
    r"(?:\s*(?:%|pct\.?|procent\w*|per ?cent|percentage points?|(?P<noun>[^\W\d]+)))?\s*\b"
    r"(?:flere|færre|mere|mindre|højere|lavere|længere|kortere|more|fewer|less|higher|lower|longer|shorter)\b",
    re.IGNORECASE,
)
_APART_BEHIND = re.compile(r"(?:\s+[^\W\d]+)?\s+(?:forskel|difference|apart)\b", re.IGNORECASE)
PER = re.compile(
    r"(?:\s+(?:kr\.?|kroner|[^\W\d]+))?(?:\s+i gennemsnit|\s+on average)?\s+(?:(?:pr\.|per|for hver|for hvert|for each|for every)"
    r"\s+(?:[^\W\d]+(?:et|te|ede|en|ed)\s+)?"
    r"(?P<noun>[^\W\d_]{3,})|(?:om|an?)\s+(?P<period>måneden|ugen|året|dagen|month|week|year|day)\b|(?:to |til |for )?(?:each|hver)\b)",
    re.IGNORECASE,
)
FELL = re.compile(
    r"\b(?:fald\w*|tilbagegang|nedgang|færre|mindre|lavere|billigere|"
    r"drop\w*|f[ae]ll\w*|decreas\w*|reduc\w*|declin\w*|fewer|less|lower|cut)\b",
    re.IGNORECASE,
)
APART = re.compile(
    r"\b(?<!gøre en )(?<!gør en )(?<!make a )(?<!makes a )(?:forskel\w*|difference|gap|afstand\w*|spring\w*|change)\b[^.;:\d]{0,70}$",
    re.IGNORECASE,
)
RATE = re.compile(
    r"\b(?:svarprocent\w*|besvarelsesprocent\w*|deltagelsesprocent\w*|gennemførelse(?:s\w+)?|response rate|completion rate|retention rate)"
    r"\b[^.;:\d]{0,40}$",
    re.IGNORECASE,
)
_SO = re.compile(
    r"(?:^|[\s(,–-])(?:altså|dvs\.?|det vil sige|svarende til|svarer (?:[^\W\d]+ ){0,2}til|hvilket|dermed|således|derfor|udgør|udgjorde|"
    r"eller|bliver det|giver det|that is|i\.e\.|or|works out at|comes to|which is|equals?|equal to|"
    r"equivalent to|corresponding to|corresponds to|giving|yields|makes|thus|hence|"
    r"accordingly|therefore|accounts? for|accounted for|made up|make up|så [^,;.]{0,30}|so that [^,;.]{0,30})"
    r",?\s*(?:[^\W\d]+\s+){0,3}[£$€(]?$",
    re.IGNORECASE,
)
_IT_IS = re.compile(
    r"\W*(?:det|dette|that|this|it)\s+(?:er|var|svarer|giver|gælder|udgør|blev|is|was|makes|means|corresponds|equals|gives|amounts)\b"
    r"[^.;,:\d]{0,40}$",
    re.IGNORECASE,
)
# What may be worked out; up to which number a word is too small to be.
_TARGETS = ("count", "total", "duration", "money", "percentage", "points")
SPELLED, _ALL = 12, 100
_MONTHLY = ("måneden", "month")
YEARLY = re.compile(r"(?:\s+[^\W\d]+\.?)?\s+(?:om året|årligt|pr\. år|a year|per year|annually)\b", re.IGNORECASE)
_WHO_NOT = re.compile(r",?\s+(?:[^\W\d]+,?\s+)?(?:der|som|who|that)\s+(?:ikke|did not|didn.t|do not|had not)\b", re.IGNORECASE)
EACH = re.compile(r"\b(?:hver|hvert|each|every|apiece|stykket|stk|per|pr\.|gange|times|twice)(?!\w)", re.IGNORECASE)
# "3.1 points (95% confidence interval 1.9 to 4.3)": an estimate, which its ends do not give.
_INTERVAL = re.compile(r"\s*\([^()]*(?:interval|\bCI\b)", re.IGNORECASE)
_SO_THAT = re.compile(r"\b(?:så|so that)\s[^.;,]*$", re.IGNORECASE)
# "69 af dem, mens …", "468 svarede (": what stands there may be a share of what is told before.
_WHILE = re.compile(r"\b(?:mens|hvorimod|while|whereas)\b[^.;]*$", re.IGNORECASE)
APPOSED = re.compile(
    r"(?:(?:\s[^\W\d]+\.?){0,8}\s?\(|"
    r"(?:\s(?!(?:og|and|mens|while)\b)[^\W\d]+\.?){0,6}(?:,?\s(?:nemlig|altså|dvs\.|det vil sige|svarende til|"
    r"svarer til|eller|or|that is|equal to|"
    r"equivalent to|corresponding to|which is|hvilket er)\s|,\s))(?:ca\. |about )?",
    re.IGNORECASE,
)
_APPOSED = re.compile(r"\d[^.;:()\d]{0,40}(?:\(|,\s)(?:nemlig |ca\. )?$", re.IGNORECASE)
_REST = re.compile(
    r"\b(?:(?:de|the) (?:øvrige|resterende|andre|sidste|remaining|other)|(?:der )?resterer|resten|the rest)\b[^.;:\d]{0,20}$", re.IGNORECASE
)
_TIMES = re.compile(r"\s*(?:to|til) (?:1|one|en|én)\b|\s*(?:times|gange) (?:the|as|så)\b", re.IGNORECASE)
_RATIO = re.compile(r"\b(?:ratio|forholdet)\b[^.;:\d]{0,70}$", re.IGNORECASE)
_ALL_IN_ALL = re.compile(
    r"\b(?:i alt|tilsammen|sammenlagt|together|in total|altogether|in all|a total of|making|giving)\s+(?:[^\W\d]+\s+){0,2}[£$€]?$",
    re.IGNORECASE,
)
_ALTOGETHER = re.compile(r"(?:\s+[^\W\d]+){0,2}\s+(?:i alt|tilsammen|sammenlagt|together|in total|altogether|in all)\b", re.IGNORECASE)
# What else may be meant where a number is promised to be worked out in a way.
LIKE = {
    "nearly": ("share", "rest", "sum", "again", "cell", "difference", "change"),
    "share": ("share", "rest", "sum", "again", "cell", "difference", "change"), "change": ("change", "cell"),
    "sum": ("sum", "cell", "part"),
    "part": ("part", "sum", "difference", "product", "quotient"), "difference": ("difference", "sum", "cell", "part"),
    "quotient": ("quotient", "part"), "product": ("product", "sum", "quotient", "difference", "part"),
}  # fmt: skip


def promised(said: Said, target: Number, own: Sequence[Number]) -> tuple[str, ...]:
    """The ways in which the words say that a number is worked out, or none."""
    left, right = around(said, target)
    so = _SO.search(left) is not None or _IT_IS.match(left) is not None
    if AGO.search(left) or THAN_AGO.search(right) or THE_OTHERS.search(left[-70:]) or _WHILE.search(left):
        # Of another time, of others, or of what is set beside: what is told before gives none of it.
        return ()
    if target.family == "count" and target.at.spelled and target.value <= SPELLED and not so and not _ALTOGETHER.match(right):
        return ()
    if _INTERVAL.match(right):
        return ()
    if target.at.spelled and target.value <= SPELLED and target.family == "count" and _SO_THAT.search(left):
        return ()
    if target.at.kind not in _TARGETS or (target.at.role in ("from", "to") and not so):
        return ()
    changed = CHANGE.search(left) is not None or is_more(target, right)
    if target.family == "percent" and target.value >= _ALL and not changed:
        return ()
    if target.family == "percent":
        return ("change",) if changed else ("share", "sum") if so or RATE.search(left) else ("nearly",) if _APPOSED.search(left) else ()
    if target.family == "points":
        return ("difference",) if so or changed or APART.search(left) else ()
    if is_rest(said, target) and not (target.at.spelled and target.value <= SPELLED):
        return ("difference",)
    if _TIMES.match(right) or _RATIO.search(left) or (so and (each := PER.match(right)) is not None and not each["period"]):
        return ("quotient",)
    if so and is_monthly(right) and target.family == "money":
        return ("quotient",)
    if changed or APART.search(left) or _APART_BEHIND.match(right):
        return ("difference",)
    if _ALL_IN_ALL.search(left) or _ALTOGETHER.match(right):
        return ("sum", "product")
    if so and any(one.family in ("share", "percent") and one.at.end <= target.at.start for one in own):
        # "Tre fjerdedele af cyklerne, dvs. 216.000 kr."
        return ("part",)
    return ("product", "difference") if so and target.family != "money" else ()


def is_monthly(right: str) -> bool:
    """Whether the words behind a number make it that of a month."""
    found = PER.match(right)
    return found is not None and found["period"] in _MONTHLY


def is_rest(said: Said, target: Number) -> bool:
    """Whether a number is told of what is left over: "de øvrige 28", "the 53 who did not"."""
    left, right = around(said, target)
    return _REST.search(left) is not None or _WHO_NOT.match(right) is not None


def opens_what_follows(said: Said, mention: Mention) -> bool:
    """Whether the words before a number say that it follows: "altså", "det er", "that is"."""
    left = said.text[: mention.start - said.start]
    return _SO.search(left) is not None or _IT_IS.match(left) is not None


def is_more(target: Number, right: str) -> bool:
    """Whether the words behind a number make it the size of a difference: "30 flere", "51 meter længere"."""
    found = _MORE.match(right)
    return found is not None and (not found["noun"] or found["noun"].lower() == target.at.unit or target.family in ("duration", "money"))


def names(label: str, words: str) -> bool:
    """Whether the words have a label, in any inflection."""
    parts = [part for part in re.findall(r"\w+", label.lower()) if len(part) > 2]
    text = words.lower()
    return bool(parts) and all(re.search(rf"(?<!\w){re.escape(part[: max(4, len(part) - 2)])}", text) for part in parts)


# How many of the nearest wholes are tried, what floats may be off by, and how near a count stands before its share in words.
_WHOLES, _NOISE, _RIGHT_BEFORE = 16, 1e-9, 16


class Wholes:
    """The wholes of one document."""

    def __init__(self, facts: Facts, pool: Pool) -> None:
        self.facts, self.pool = facts, pool
        self.percents = percents_of(facts)
        self.totals = list(self._totals())
        self._wholes: dict[int, list[Number]] = {}
        self._pairs: dict[int, dict[int, tuple[Number, float, float]]] = {}
        self._all_told: dict[str, list[float]] = {}

    def _totals(self) -> Iterator[Number]:
        """What the document tells as wholes: bases, the totals of its tables, what it tells again and again."""
        seen: set[Fraction] = set()
        for shown in self.facts.shown:
            found = [(Fraction(shown.base), shown.base_line, str(shown.base), "count")] if shown.base is not None else []
            scale = scale_of_table(shown)
            for row in shown.table.rows if shown.table is not None else ():
                if is_total(row):
                    whole = [cell for cell in row.cells if cell.value is not None and not self.percents.get(id(cell))]
                    found += [
                        (scale * (cell.value or Fraction(0)), row.line, cell.text, "money" if has_money(shown) else "count")
                        for cell in whole
                    ]
            for value, line, text, family in found:
                if value not in seen and value > 4 and value != 100:
                    seen.add(value)
                    yield Number(value, family, 0, place_in(shown, line, text), 9.0, text)
        yield from (one for one in self.pool.known if one.value not in seen)

    def wholes_near(self, said: Said) -> list[Number]:
        """The wholes that are told nearest to a section."""
        if said.section not in self._wholes:
            self._wholes[said.section] = sorted(self.totals, key=lambda one: abs(one.place.line - said.line))[:_WHOLES]
        return self._wholes[said.section]

    def paired(self, said: Said) -> dict[int, tuple[Number, float, float]]:
        """The counts that a sentence tells with a percentage each, and between which numbers the whole of each lies, by the percentage."""
        if said.position not in self._pairs:
            own = sorted((one for one in self.pool.own[said.position]), key=lambda one: one.at.start)
            found = {}
            for part, percent in pairwise(one for one in own if one.family != "share"):
                between = said.text[part.at.end - said.start : percent.at.start - said.start]
                if percent.family == "percent" and part.family in ("count", "money") and part.amount > 1 and APPOSED.fullmatch(between):
                    half = 0.5 * 0.1**percent.decimals + _NOISE
                    high = 100 * part.amount / (percent.amount - half) if percent.amount > half else math.inf
                    found[percent.at.start] = (part, 100 * part.amount / (percent.amount + half), high)
            self._pairs[said.position] = found
        return self._pairs[said.position]

    def of_one_whole(self, said: Said, target: Number) -> tuple[bool, Number | None]:
        """Whether a percentage and its count have the whole of the others of their sentence, or any that is told; and which they should.

        "479 (85 pct.), 310 (55 pct.) og 226 (40 pct.)" have one whole between 561 and 567, wherever that is told.
        """
        pairs = self.paired(said)
        if target.at.start not in pairs:
            return False, None
        part, low, high = pairs[target.at.start]
        others = [pair for start, pair in pairs.items() if start != target.at.start and pair[0].family == part.family]
        agreeing = [one for one in others if one[1] <= high and low <= one[2]]
        told = self._told_of(part.family)
        if (
            others
            and 2 * len(agreeing) >= len(others)
            and (len(others) > 1 or _any_between(told, max(low, others[0][1]), min(high, others[0][2])))
        ):
            return True, None
        if len(others) > 1 and not agreeing:
            least, most = max(one[1] for one in others), min(one[2] for one in others)
            whole = next(
                (one for one in (*self.totals, *self.counts_of(said)) if least <= one.amount <= most and one.family == part.family), None
            )
            return False, whole
        own = [one for one in self.pool.own[said.position] if one.at.kind == "base" and one is not part]
        near = sorted(one.amount for one in own or (*self.totals, *self.counts_of(said)) if one.family == part.family)
        return _any_between(near, low, high), None

    def ends_of_totals(self, said: Said) -> Iterator[list[Number]]:
        """The totals of each table of a section, from left to right."""
        for shown in self.facts.shown_of[said.section]:
            for row in shown.table.rows if shown.table is not None else ():
                if is_total(row):
                    scale, place = scale_of_table(shown), place_in(shown, row.line, row.label)
                    family = "money" if has_money(shown) else "count"
                    cells = [cell for cell in row.cells if cell.value is not None and not self.percents.get(id(cell))]
                    yield [Number(scale * (one.value or Fraction(0)), family, one.decimals, place, 9.0, one.text) for one in cells]

    def counts_of(self, said: Said) -> list[Number]:
        """The numbers that the section of a sentence tells up to it."""
        return [
            one for other in self.facts.said_of[said.section] if other.position <= said.position for one in self.pool.own[other.position]
        ]

    def _told_of(self, family: str) -> list[float]:
        """Every number of a kind that the document tells, the least first."""
        if family not in self._all_told:
            told = {one.amount for own in self.pool.own for one in own if one.family == family} | {one.amount for one in self.totals}
            self._all_told[family] = sorted(told)
        return self._all_told[family]

    def says_a_share(self, place: Place) -> bool:
        """Whether the count right before a share in words is that share of a whole that the section tells: "60 unge, hver fjerde"."""
        for said in {id(one.said): one.owner for one in self.by_place.get(place, ())}.values():
            own = self.pool.own[said.position]
            for word in (one for one in said.mentions if one.kind == "share" or as_word(one)):
                before = [
                    one for one in own if one.family == "count" and one.at.end <= word.start and word.start - one.at.end <= _RIGHT_BEFORE
                ]
                wholes = [
                    one
                    for one in (*self.totals, *self.counts_of(said))
                    if before and one.family == "count" and one.amount > before[-1].amount
                ]
                if any(word_admits(in_words(word) if as_word(word) else word, 100 * before[-1].amount / whole.amount) for whole in wholes):
                    return True
        return False

    def is_multiple(self, place: Place) -> bool:
        """Whether a place lists counts that are all of one whole and pass it together: more answers than one were allowed."""
        for said in {id(one.said): one.owner for one in self.by_place.get(place, ())}.values():
            pairs = list(self.paired(said).values())
            low, high = max((one[1] for one in pairs), default=0.0), min((one[2] for one in pairs), default=0.0)
            if len(pairs) > 2 and low <= high < sum(one[0].amount for one in pairs):
                return True
        return False

    @cached_property
    def by_place(self) -> dict[Place, list[Number]]:
        """The numbers of each place."""
        found: dict[Place, list[Number]] = defaultdict(list)
        for own in self.pool.own:
            for one in own:
                found[one.place].append(one)
        return dict(found)


def _any_between(values: Sequence[float], low: float, high: float) -> bool:
    at = bisect_left(values, low)
    return at < len(values) and values[at] <= high
