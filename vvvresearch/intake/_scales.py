"""Ordered scales from their labels, don't-know answers, and questions that were not asked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from vvvresearch.intake._fold import fold, slug
from vvvresearch.intake._words import known_scales

_DONT_KNOW = re.compile(
    r"(det )?ved (det )?ikke( .*)?|ved jeg ikke|husker ikke( .*)?|i don ?t know|do ?n ?t know( .*)?|dont "
    r"know|do not know|don t remember|kan ikke huske( det)?|not sure|usikker|ingen holdning|no opinion|"
    r"kan ikke svare|unsure"
)
_NOT_ASKED = re.compile(
    r"ikke relevant( .*)?|not relevant( .*)?|ikke stillet|not asked|not applicable|ikke aktuelt|irrelevant|n a|har ikke oplevet|"
    # What a program or a typist writes where nothing stood is an empty cell, and no answer of anybody.
    r"ubesvaret|ikke besvaret|intet svar|uoplyst|ikke oplyst|mangler|no answer|not answered|unanswered|not stated|missing"
)
_REFUSED = re.compile(r"oensker ikke at svare|vil ikke svare|prefer(s|red)? not to (say|answer|tell)|refused|oensker ikke at oplyse( .*)?")
_ORDERED = re.compile(
    r"\b(grad|degree|extent|enig|agree|tilfreds|satisfied|vigtig|vigtigt|important|ofte|often|sjaeldent|"
    r"meget|very|slet ikke|bedre|better|godt|altid|aldrig|never|always|hoej|middel|lav|high|low|medium|"
    r"noget|lidt|delvist?|nogenlunde|somewhat|slightly|a little|a bit|partly|"
    r"stor|lille|dagligt|ugentligt|maanedligt|daily|weekly|monthly)\b"
)
_STEP = re.compile(r"^\s*\(?\d{1,2}(\s*[-–—.:)=]+\s*|\s+)(?=[^\W\d_])|(?<=[^\W\d_])\s*(\(\d{1,2}\)|[-–—=]\s*\d{1,2})\s*$")
_DEGREES = {
    **dict.fromkeys(("extremely", "strongly", "completely", "totally", "fully", "staerkt", "saerdeles", "yderst", "helt", "fuldstaendig",
                     "fuldt ud"), 5.0),
    **dict.fromkeys(("very", "meget", "rigtig"), 4.0),
    **dict.fromkeys(("fairly", "quite", "mostly", "moderately", "rather", "overvejende", "ret", "ganske", "temmelig", "hovedsagelig"), 2.0),
    **dict.fromkeys(("somewhat", "partly", "delvis", "delvist", "noget", "nogenlunde"), 1.0),
    **dict.fromkeys(("slightly", "a little", "a bit", "lidt"), 0.5),
}  # fmt: skip
# How little of a word is meant where it is denied.
_DENIALS = {
    **dict.fromkeys(("slet ikke", "overhovedet ikke", "not at all"), -5.0),
    **dict.fromkeys(
        ("ikke saerlig", "ikke saerligt", "ikke ret", "ikke saa", "ikke specielt", "not very", "not particularly", "not really", "not so"),
        -2.0,
    ),
    **dict.fromkeys(("mindre", "less", "hardly", "barely", "scarcely", "naeppe", "knap", "knap nok"), -1.0),
}
_PLAIN = 3.0
_NEITHER = re.compile(r"neither\b|hverken\b|neutral$|mixed$|blandet$|(noget )?midt i ?mellem$|in between$|in the middle$")
_OPPOSITE = re.compile(r"(un|dis|in|u|ikke |not )(?P<word>[a-z]{4,})")
_ANTONYMS = {
    "sad": "happy", "bad": "good", "poor": "good", "difficult": "easy", "hard": "easy", "negative": "positive", "unsafe": "safe",
    "insecure": "secure", "worried": "calm", "badly": "well", "poorly": "well",
    "low": "high", "daarlig": "god", "daarligt": "godt", "svaer": "let", "svaert": "let",
    "vanskelig": "let", "vanskeligt": "let", "negativ": "positiv", "negativt": "positivt", "utryg": "tryg", "utrygt": "trygt",
    "lav": "hoej", "lavt": "hoejt",
}  # fmt: skip
_NOTHING = re.compile(r"(slet|overhovedet) ikke|aldrig|ingen|nej|nul\b|ikke\b|not\b|never|no(ne)?\b|nothing|zero\b")
Special = Literal["", "dont_know", "not_asked", "refused", "both"]
_LEAST = 3


@dataclass(frozen=True)
class Scale:
    """What a set of labels is.

    Args:
        name: a known scale, "band" for classes of numbers, "" for none.
        order: the labels that answer, from high to low as the scale has it; from low to high for bands.
        codes: label → code.
        middle: the label of the true middle, "" for none.
        sure: whether all labels stand in one list, three at least.
        unordered: whether the words look like a scale without being a known one.
    """

    name: str = ""
    order: tuple[str, ...] = ()
    codes: tuple[tuple[str, str], ...] = ()
    middle: str = ""
    sure: bool = False
    unordered: bool = False


def special(label: str) -> Special:
    """Whether a label is no answer: don't know, not asked, refused; both where it says don't know and not relevant.

    Example:
        >>> special("Ved ikke"), special("Ved ikke/ikke relevant"), special("Ja")
        ('dont_know', 'both', '')
    """
    folded = fold(_unnumbered(label))
    if re.search(r"ved ikke|don ?t know", folded) and re.search(r"relevant|aktuelt|applicable|stillet", folded):
        return "both"
    if _DONT_KNOW.fullmatch(folded):
        return "dont_know"
    if _NOT_ASKED.fullmatch(folded):
        return "not_asked"
    return "refused" if _REFUSED.fullmatch(folded) else ""


def is_dont_know(label: str) -> bool:
    """Whether a label is no answer."""
    return special(label) != ""


def scale_of(labels: Iterable[str]) -> Scale:
    """The ordered scale that labels belong to.

    Example:
        >>> found = scale_of(["Slet ikke", "I høj grad", "Ved ikke", "I nogen grad"])
        >>> found.name, found.order, found.middle
        ('extent', ('I høj grad', 'I nogen grad', 'Slet ikke'), '')
    """
    answers = [label for label in dict.fromkeys(labels) if label and not is_dont_know(label)]
    if not 2 <= len(answers) <= 12:
        return Scale()
    folded = {label: fold(_unnumbered(label)) for label in answers}
    fits: list[Scale] = []
    for known in known_scales():
        code_of = {word: code for code, words in known.steps.items() for word in words}
        codes = {label: code_of[word] for label, word in folded.items() if word in code_of}
        if len(codes) < len(answers) or len(set(codes.values())) < len(codes):
            continue
        steps = list(known.steps)
        order = tuple(sorted(answers, key=lambda label, codes=codes, steps=steps: steps.index(codes[label])))  # type: ignore[misc]
        middle = next((label for label, code in codes.items() if code == known.middle), "")
        fits.append(Scale(known.name, order, tuple((label, codes[label]) for label in order), middle, len(answers) >= _LEAST))
    if fits:
        # Words that two lists share are sure only where both put them in one order.
        alike = len({fit.order for fit in fits}) == 1
        first = fits[0]
        return Scale(first.name, first.order, first.codes, first.middle, first.sure and alike)
    if (counted := _graded(folded) or _quantified(folded)) is not None:
        return counted
    if classes := number_classes(answers):
        return Scale("band", classes, (), "", True)
    worded = sum(bool(_ORDERED.search(word)) or word in _DEGREES or word in _DENIALS for word in folded.values())
    return Scale(unordered=len(answers) >= _LEAST and worded >= 0.5 * len(answers))


def _graded(folded: Mapping[str, str]) -> Scale | None:
    """A scale that no list has: degrees of one word, its denial and its opposite ("Meget glad", "Hverken eller", "Slet ikke glad")."""
    middles = [label for label, words in folded.items() if _NEITHER.match(words)]
    parted = {label: _degree_of(words) for label, words in folded.items() if label not in middles}
    bare = {word for _, word in parted.values()}
    ranks = dict.fromkeys(middles, 0.0)
    stems: set[str] = set()
    for label, (degree, word) in parted.items():
        opposite = _OPPOSITE.fullmatch(word)
        # "Unhappy" is an opposite beside "happy" only.
        denied = opposite is not None and opposite["word"] in bare
        stem = opposite["word"] if opposite is not None and denied else word
        stems.add(_ANTONYMS.get(stem, stem))
        ranks[label] = -degree if denied or stem in _ANTONYMS else degree
    both = {rank > 0 for rank in ranks.values() if rank}
    if len(folded) < _LEAST or len(stems) != 1 or len(set(ranks.values())) < len(ranks) or len(both) < 2:
        return None
    middle = middles[0] if middles else ""
    order = tuple(sorted(ranks, key=lambda label: -ranks[label]))
    return Scale("graded", order, tuple((label, slug(label)) for label in order), middle, True)


_QUANTITY = re.compile(
    r"(?P<all>every|each|all|always|hver|alle|altid)|(?P<most>(?:the )?most(?: of the)?|(?:de )?fleste|mostly|oftest)|"
    r"(?P<many>many|mange|often|ofte)|(?P<some>some(?: of the)?|several|nogle|enkelte|sometimes)|(?P<few>a? ?few|faa)|"
    r"(?P<rare>(?:hardly|almost|scarcely) (?:ever|never|any)|rarely|seldom|sjaeldent|naesten (?:aldrig|ingen))|"
    r"(?P<none>never|none|no|aldrig|ingen)"
)
_QUANTITIES = ("all", "most", "many", "some", "few", "rare", "none")


def _quantified(folded: Mapping[str, str]) -> Scale | None:
    """A scale that counts one thing in words: "Every night", "Most nights", "Some nights", "Hardly ever"."""
    said = {label: _QUANTITY.match(words) for label, words in folded.items()}
    ranks = {label: _QUANTITIES.index(str(one.lastgroup)) for label, one in said.items() if one}
    left = [folded[label][one.end() :] for label, one in said.items() if one]
    # "Nights", "night": the same thing, by its first letter; what only begins like a quantity ("nobody") is none.
    nouns = {words.strip()[:1] for words in left} - {""}
    if not _LEAST <= len(folded) == len(set(ranks.values())) or len(nouns) != 1 or any(words[:1].strip() for words in left):
        return None
    order = tuple(sorted(ranks, key=lambda label: ranks[label]))
    return Scale("quantity", order, tuple((label, _QUANTITIES[ranks[label]]) for label in order), "", True)


def _degree_of(words: str) -> tuple[float, str]:
    """How much, and of what."""
    words = re.sub(r"^not (.+) at all$", r"not at all \1", words)
    for word, degree in (_DENIALS | _DEGREES).items():
        # A ladder may leave out what it asks of: "Completely", "Partly", "Not at all".
        if f"{words} ".startswith(f"{word} "):
            return degree, words.removeprefix(word).strip()
    return _PLAIN, words


def runs_up(labels: Sequence[str]) -> bool:
    """Whether steps stand from low to high: the first one denies what the last one does not.

    Example:
        >>> runs_up(["Slet ikke", "Lidt", "Meget"]), runs_up(["Meget", "Lidt", "Slet ikke"])
        (True, False)
    """
    denied = [bool(_NOTHING.match(fold(_unnumbered(label)))) for label in labels]
    return bool(denied) and denied[0] and not denied[-1]


def _unnumbered(label: str) -> str:
    """A label without the number of its step: "1 - Slet ikke", "Slet ikke (1)"."""
    return _STEP.sub("", label) or label


_TOKEN = re.compile(r"\d{1,3}(?:\.\d{3})+(?!\d)|\d+(?:[.,]\d+)?|[½¼¾]|[^\W\d_]+|[-–—%+<>≤≥]")
_FRACTIONS = {"½": 0.5, "¼": 0.25, "¾": 0.75}
NUMBER_WORDS = {
    "ingen": 0, "none": 0, "nul": 0, "zero": 0, "halvt": 0.5, "halv": 0.5, "half": 0.5, "halvandet": 1.5, "halvanden": 1.5,
    "et": 1, "en": 1, "én": 1, "ét": 1, "one": 1, "to": 2, "two": 2, "tre": 3, "three": 3, "fire": 4, "four": 4, "fem": 5, "five": 5,
    "seks": 6, "six": 6, "syv": 7, "seven": 7, "otte": 8, "eight": 8, "ni": 9, "nine": 9, "ti": 10, "ten": 10, "tolv": 12, "twelve": 12,
}  # fmt: skip
# In days, so that months and years stand in one order; what is no time counts as it is.
_UNITS = {
    **dict.fromkeys(("minut", "minutter", "min", "minutes", "minute"), 1 / 1440),
    **dict.fromkeys(("time", "timer", "hour", "hours"), 1 / 24),
    **dict.fromkeys(("dag", "dage", "day", "days"), 1.0),
    **dict.fromkeys(("uge", "uger", "week", "weeks"), 7.0),
    **dict.fromkeys(("måned", "måneder", "maaned", "maaneder", "mdr", "md", "mnd", "month", "months"), 365 / 12),
    **dict.fromkeys(("år", "aar", "årig", "årige", "year", "years", "yrs"), 365.0),
    **dict.fromkeys(("%", "procent", "pct", "percent", "kr", "kroner", "dkk", "gang", "gange", "times", "møder", "meetings"), 1.0),
    **dict.fromkeys(("personer", "people", "persons", "deltagere", "participants", "frivillige", "volunteers", "børn", "children"), 1.0),
}  # fmt: skip
_BELOW = frozenset(("under", "mindre", "færre", "yngre", "derunder", "nedefter", "below", "less", "fewer", "younger", "højst", "<", "≤"))
_ABOVE = frozenset(("over", "mere", "flere", "more", "above", "ældre", "older", ">"))
_FROM = frozenset(("derover", "opefter", "up", "mindst", "+", "≥"))
_JOINING = frozenset(("eller", "or", "og", "and", "til", "mellem", "between", "fra", "from", "end", "than", "at", "op", "-", "–", "—"))
_FILLING = _JOINING | frozenset(("om", "gammel", "old", "least", "most", "a", "an", "hel", "helt", "whole", "full"))
_WORDS = frozenset(NUMBER_WORDS) | frozenset(_UNITS) | _BELOW | _ABOVE | _FROM | _FILLING


def number_classes(labels: Iterable[str]) -> tuple[str, ...]:
    """Labels that are classes of numbers, from low to high; nothing where one is none, or two begin at the same number.

    Args:
        labels: what stands in the cells of one question, each once.

    Example:
        >>> number_classes(["65 år eller derover", "18-29 år", "30-64 år"])
        ('18-29 år', '30-64 år', '65 år eller derover')
        >>> number_classes(["Mere end et år", "6-12 måneder", "Under ½ år"])
        ('Under ½ år', '6-12 måneder', 'Mere end et år')
        >>> number_classes(["2019", "2020", "2021"])
        ()
    """
    asked = list(labels)
    if len(asked) < _LEAST or not any(re.search(r"[^\d.,\s]", label) for label in asked):
        return ()
    # A unit that one label leaves out is that of the others: "0-6", "7-12 måneder".
    parts = [_TOKEN.findall(label.casefold()) for label in asked]
    named = {_UNITS[word] for words in parts for word in words if word in _UNITS}
    only = named.pop() if len(named) == 1 else 1.0
    begins = [_begin(words, only) for words in parts]
    known = [begin for begin in begins if begin is not None]
    if len(known) < len(asked) or len(set(known)) < len(asked):
        return ()
    return tuple(label for _, label in sorted(zip(known, asked, strict=True)))


def _begin(words: list[str], only: float) -> tuple[float, int] | None:
    """Where a class begins, and whether it lies below that number, at it, or above it; None for other words."""
    numbers = [number for place, word in enumerate(words) if (number := _number(words, place, word)) is not None]
    if not numbers or any(word not in _WORDS and _digits(word) is None for word in words):
        return None
    unit = next((_UNITS[word] for word in words if word in _UNITS), only)
    # "Fewer than", "or less" turn only a class with one end; "6 months or more" begins at six months, "more than six" above them.
    said = set(words)
    if len(numbers) == 1 and (said & _BELOW or {"op", "til"} <= said or {"up", "to"} <= said or {"at", "most"} <= said):
        return numbers[0] * unit, -1
    past = said & _ABOVE and not said & {"eller", "or", "og", "and"}
    return numbers[0] * unit, 1 if past else 0


def _number(words: list[str], place: int, word: str) -> float | None:
    if (digits := _digits(word)) is not None:
        return digits
    if word not in NUMBER_WORDS:
        return None
    # "To" between two numbers is English; "en" and "et" are numbers before a unit only: "mere end et år".
    follows = words[place + 1] if place + 1 < len(words) else ""
    if word == "to" and place and (_digits(follows) is not None or words[place - 1] == "up"):
        return None
    if word in ("en", "et", "to", "one") and follows and follows not in _UNITS and follows not in _FILLING | _BELOW | _ABOVE:
        return None
    return float(NUMBER_WORDS[word])


def _digits(word: str) -> float | None:
    if word in _FRACTIONS:
        return _FRACTIONS[word]
    if not word[:1].isdigit():
        return None
    return float(word.replace(".", "") if re.fullmatch(r"\d{1,3}(\.\d{3})+", word) else word.replace(",", "."))
