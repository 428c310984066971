"""The words that say that a number is worked out from others, and in which way: "altså", "en stigning på", "i alt", "pr. barn"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from vvvresearch.audit._bases import THE_OTHERS
from vvvresearch.audit._facts import Said
from vvvresearch.audit._near_numbers import Number, around
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
