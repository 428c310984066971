"""What a number in a sentence is: a percentage, "x of y", a base, a year, a date, a reference, a length of time, or a count."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from vvvresearch.locales import Lang
from vvvresearch.statements._mention import Mention
from vvvresearch.statements._text import Token
from vvvresearch.statements._verbs import verb_form
from vvvresearch.statements._words import nouns

_OF: dict[Lang, tuple[tuple[str, ...], ...]] = {
    "da": (("ud", "af"), ("af",), ("ud",), ("/",), ("blandt",)),
    "en": (("out", "of"), ("of",), ("/",), ("in",), ("among",)),
}
_FILLERS: dict[Lang, frozenset[str]] = {
    "da": frozenset(
        ["hver", "hvert", "de", "dem", "i", "alt", "alle", "samtlige", "landets", "vores", "disse", "kommunens", "områdets", "projektets"]
    ),
    "en": frozenset(["every", "each", "the", "those", "all", "a", "total", "of", "our", "these", "country's"]),
}
_FROM: dict[Lang, str] = {"da": "fra", "en": "from"}
_TO: dict[Lang, str] = {"da": "til", "en": "to"}
_BY: dict[Lang, str] = {"da": "med", "en": "by"}
_DASHES = frozenset("-–—")


@dataclass(frozen=True)
class _At:
    sentence: Sequence[Token]
    words: Sequence[str]
    at: int
    lang: Lang

    def word(self, step: int) -> str:
        position = self.at + step
        return self.words[position] if 0 <= position < len(self.words) else ""

    def value(self, step: int) -> Fraction | None:
        position = self.at + step
        return self.sentence[position].value if 0 <= position < len(self.sentence) else None

    def token(self, step: int) -> Token:
        return self.sentence[self.at + step]


def is_year(token: Token) -> bool:
    """Whether a number is a year between 1900 and 2100, written with four digits."""
    return (
        token.value is not None
        and not token.spelled
        and len(token.text.strip()) >= 4
        and token.text[:4].isdigit()
        and 1900 <= token.value <= 2100
    )


def _mention(kind: str, value: Fraction | None = None, **more: object) -> Mention:
    return Mention(kind, "", 0, 0, 0, 0, 0, value=value, **more)  # type: ignore[arg-type]


def read_figure(sentence: Sequence[Token], words: Sequence[str], at: int, lang: Lang) -> tuple[int, Mention] | None:
    """The mention that opens at a number, with the tokens it takes; "n = 55" and "tabel 4" open at their word."""
    here = _At(sentence, words, at, lang)
    if here.word(0) == "n" and here.word(1) in ("=", ":") and here.value(2) is not None:
        return 3, _mention("sample_size", here.value(2))
    if here.word(0) in nouns("reference", lang) and here.value(1) is not None:
        return 2, _mention("reference", here.value(1))
    if here.word(0) in nouns("reference", lang) and here.word(1) == "." and here.value(2) is not None and len(here.word(0)) < 4:
        return 3, _mention("reference", here.value(2))
    one_of = here.word(0) in (("en", "én", "et", "ét") if lang == "da" else ("one",)) and here.value(0) is None
    if one_of:
        return _one_of(here)
    value = here.value(0)
    if value is None:
        return None
    return _named(here, value) or _dated(here, value) or _measured(here, value) or _ratio(here, value) or _counted(here, value)


def _adjacent(here: _At, step: int) -> bool:
    """Whether the token at a step touches the one before it."""
    return 0 < here.at + step < len(here.words) and here.token(step - 1).end == here.token(step).start


def _named(here: _At, value: Fraction) -> tuple[int, Mention] | None:
    """Numbers that count nothing: of names ("Covid-19"), headings, notes, contents, book numbers; and ages ("39-årig")."""
    token = here.token(0)
    if (
        here.word(1) in _DASHES
        and _adjacent(here, 1)
        and _adjacent(here, 2)
        and here.word(2).startswith(("årig", "year", "trins", "punkt"))
    ):
        return 3, _mention("duration", value)
    if here.word(-1) in _DASHES and _adjacent(here, 0) and _adjacent(here, -1) and here.word(-2)[:1].isalpha():
        return 1, _mention("reference", value)
    if here.word(1) in _DASHES and _adjacent(here, 1) and _adjacent(here, 2) and here.word(2) in nouns("points", here.lang):
        # "a 20-point decrease"
        return 3, _mention("points", value, decimals=token.decimals)
    if here.word(1) in _DASHES and _adjacent(here, 1) and _adjacent(here, 2) and here.word(2)[:1].isalpha() and not token.spelled:
        # "0-kvote", "24-timers": part of a word.
        return 3, _mention("reference", value)
    if here.word(1) == ":" and here.value(2) is not None and _adjacent(here, 1) and _adjacent(here, 2):
        return 3, _mention("reference", value)
    if here.word(-1) == "." and here.word(-2) == ".":
        return 1, _mention("reference", value)
    step = 0
    while here.word(step + 1) in _DASHES and here.value(step + 2) is not None and _adjacent(here, step + 1) and _adjacent(here, step + 2):
        step += 2
    if step > 2:
        return step + 1, _mention("reference", value)
    if re.fullmatch(r"\d{1,2}\.\d{1,2}\.(\d{2}|\d{4})", token.text):
        return 1, _mention("date", value)
    following = here.token(1).text if here.at + 1 < len(here.words) else ""
    return (1, _mention("reference", value)) if token.opens_line and following[:1].isupper() else None


def _one_of(here: _At) -> tuple[int, Mention] | None:
    """ "en ud af tre": the article is a number only before a whole."""
    for phrase in _OF[here.lang]:
        if tuple(here.words[here.at + 1 : here.at + 1 + len(phrase)]) == phrase and phrase not in (("/",), ("blandt",)):
            step = 1 + len(phrase)
            while here.word(step) in _FILLERS[here.lang]:
                step += 1
            base = here.value(step)
            if base is not None and base > 1 and not is_year(here.token(step)):
                return step + 1, _mention("ratio", Fraction(1), base=base, spelled=True)
    return None


def _dated(here: _At, value: Fraction) -> tuple[int, Mention] | None:
    months = nouns("month", here.lang)
    token = here.token(0)
    if here.word(1) == "." and (here.word(2) in months or here.word(2) in ("kvartal", "kv", "kv.", "halvår")):
        return 3, _mention("date", value)
    if here.word(1) == "." and here.word(2) in _DASHES and here.value(3) is not None and here.word(5) in months:
        return 6, _mention("date", value)
    if here.word(1) in months or (here.word(-1) in months and not is_year(token) and here.lang == "en"):
        return (2 if here.word(1) in months else 1), _mention("date", value)
    if here.lang == "en" and here.word(1) in ("st", "nd", "rd", "th"):
        return 2, _mention("ordinal", value)
    measured = here.word(1) in nouns("percent", here.lang) | nouns("points", here.lang)
    if is_year(token) and not measured and not _starts_of(here):
        return 1, _mention("year", value)
    # "2021/22"
    if (
        here.word(-1) in _DASHES | {"/"}
        and here.value(-2) is not None
        and is_year(here.token(-2))
        and token.end - token.start == 2
        and _adjacent(here, -1)
        and _adjacent(here, 0)
    ):
        century = (here.token(-2).value or Fraction(0)) // 100
        return 1, _mention("year", 100 * century + value)
    if (
        here.word(1) == "."
        and here.token(1).start == token.end
        and here.word(2)[:1].isalpha()
        and not measured
        and here.word(2) not in nouns("percent", here.lang)
        and not token.spelled
        and here.at + 2 < len(here.words)
    ):
        return 2, _mention("ordinal", value)
    if here.word(0).count(".") > 1 and not _THOUSANDS.fullmatch(here.word(0)):
        return 1, _mention("reference", value)
    return None


# "1.480.000" is a number, "6.1.1" a section.
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+")


def _starts_of(here: _At) -> bool:
    return any(
        tuple(here.words[here.at + 1 : here.at + 1 + len(phrase)]) == phrase and here.value(1 + len(phrase)) is not None
        for phrase in _OF[here.lang]
        if phrase != ("/",)
    )


_FURTHER = frozenset({"more", "further", "additional", "fewer", "flere", "mere", "ekstra"})


def _measured(here: _At, value: Fraction) -> tuple[int, Mention] | None:
    """Percentages, points, times, money; alone or as a range."""
    last, high, step = here.token(0), None, 1
    between = here.word(-1) in ("mellem", "between") and here.word(1) in ("og", "and")
    if (
        (between or here.word(1) in _DASHES or (here.word(1) == _TO[here.lang] and here.word(-1) != _FROM[here.lang]))
        and here.value(2) is not None
        and _measure(here, 3)
    ):
        last, high, step = here.token(2), here.value(2), 3
    measure = _measure(here, step)
    if measure is None and here.word(step) in _FURTHER:
        # "five more percentage points"
        step, measure = step + 1, _measure(here, step + 1)
    if measure is None:
        return None
    kind, taken = measure
    after = step + taken
    if high is None and here.word(-1) in ("mellem", "between") and here.word(after) in ("og", "and") and here.value(after + 1) is not None:
        # "between 20% and 22%"
        again = _measure(here, after + 2)
        if again is not None and again[0] == kind:
            last, high, step, taken = here.token(after + 1), here.value(after + 1), after + 2, again[1]
    decimals = max(here.token(0).decimals, last.decimals)
    return step + taken, _mention(
        kind, value, low=value if high is not None else None, high=high, decimals=decimals, role=_role(here), spelled=here.token(0).spelled
    )


def _measure(here: _At, step: int) -> tuple[str, int] | None:
    lang = here.lang
    word = here.word(step)
    two = f"{word} {here.word(step + 1)}"
    if two in nouns("points", lang):
        return "points", 2
    if word in nouns("points", lang):
        return "points", 1
    if word == "per" and here.word(step + 1) == "cent":
        return "percentage", 2
    if word in nouns("percent", lang):
        joined = here.word(step + 1) in _DASHES and here.word(step + 2) in nouns("points", lang)
        beside = here.word(step + 1) in nouns("points", lang)
        return ("points", 3) if joined else ("points", 2) if beside else ("percentage", 1)
    if word == "." and here.word(step + 1) in ("pct", "pct."):
        # "56. pct.", a slip of the pen
        return "percentage", 2
    if word in nouns("time", lang):
        return "duration", 1
    if word in nouns("money", lang):
        return "money", 1
    if word in nouns("post", lang):
        return "duration", 1
    if here.word(step + 1) in nouns("time", lang) and word in (
        "hele",
        "seneste",
        "full",
        "past",
        "last",
        "halve",
        "første",
        "first",
        "next",
    ):
        return "duration", 2
    return None


_ABOUT = frozenset(("ca.", "ca", "cirka", "omkring", "godt", "knap", "hele", "over", "under", "mindst", "næsten", "kun"))
_ABOUT |= frozenset(("about", "around", "nearly", "almost", "just", "only"))


def _role(here: _At) -> str:
    before, two_before = here.word(-1), here.word(-2)
    if before == _FROM[here.lang] or (two_before == _FROM[here.lang] and before[:1].isalpha()):
        return "from"
    if before == _TO[here.lang] or (two_before == _TO[here.lang] and before in ("nu", "now", "knap", "godt", "næsten")):
        return "to"
    return "by" if before == _BY[here.lang] or (two_before == _BY[here.lang] and before in _ABOUT) else ""


def _ratio(here: _At, value: Fraction) -> tuple[int, Mention] | None:
    for gap in (0, 1):
        if gap and not (here.word(1)[:1].isalpha() and here.value(1) is None):
            continue
        for phrase in _OF[here.lang]:
            start = here.at + 1 + gap
            if tuple(here.words[start : start + len(phrase)]) != phrase or phrase == ("blandt",) or phrase == ("among",):
                continue
            step = 1 + gap + len(phrase)
            while here.word(step) in _FILLERS[here.lang] and here.value(step) is None:
                step += 1
            if (
                here.value(step) is None
                and here.word(step)[:1].isalpha()
                and here.word(step).endswith("s")
                and here.value(step + 1) is not None
            ):
                step += 1
            base = here.value(step)
            if (
                base is None
                or is_year(here.token(step))
                or (phrase == ("in",) and not _parts(here, step, base, gap))
                or here.token(step).decimals
            ):
                continue
            if here.word(step + 1) in nouns("percent", here.lang) | nouns("time", here.lang):
                continue
            spelled = here.token(0).spelled or here.token(step).spelled
            unit = here.word(1) if gap else ""
            return step + 1, _mention("ratio", value, base=base, spelled=spelled, unit=unit, role=_role(here))
    return None


def _parts(here: _At, step: int, base: Fraction, gap: int) -> bool:
    """Whether "in" cuts a whole into parts: "four in ten", "four pupils in ten of", but not "four pupils in ten schools"."""
    if not gap:
        return base <= 20
    following = here.word(step + 1)
    return base in (3, 4, 5, 10, 100) and (not following[:1].isalpha() or following == "of" or verb_form(following, here.lang) == "finite")


_THAT_ONE = frozenset({"be", "being", "become", "becoming", "as", "this", "that", "each", "every", "any", "another", "which"})


def _counted(here: _At, value: Fraction) -> tuple[int, Mention]:
    token = here.token(0)
    if here.lang == "en" and here.word(0) == "one" and here.word(-1) in _THAT_ONE:
        # "happy to be one"
        return 1, _mention("reference", value)
    common = {"decimals": token.decimals, "spelled": token.spelled}
    step = -1
    while here.word(step) in _FILLERS[here.lang] - {"i", "a"}:
        step -= 1
    if here.word(step) in ("af", "of", "blandt", "among", "samtlige") or (
        here.word(-1) in ("de", "the") and here.word(-2) in ("af", "of", "blandt", "among", "hos")
    ):
        return 1, _mention("base", value, **common)
    before = f"{here.word(-2)} {here.word(-1)}"
    if (
        before in nouns("total", here.lang)
        or here.word(-1) in nouns("total", here.lang)
        or here.word(1) in nouns("total", here.lang)
        or f"{here.word(1)} {here.word(2)}" in nouns("total", here.lang)
    ):
        return 1, _mention("total", value, role=_role(here), **common)
    if here.word(-1) in ("nummer", "number") and value <= 10:
        return 1, _mention("ordinal", value)
    return 1, _mention("count", value, role=_role(here), **common)
