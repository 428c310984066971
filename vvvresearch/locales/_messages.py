"""Messages in Danish: errors are made in English, here is what a Danish reader sees of them.

The catalogue is `messages/<room>.toml`, English to Danish. Names in braces stand for anything; `row`, `line`, `number` and `times` for
a whole number; `word`, `word2` … for one word or quoted text, or several. What stands under `rest…` has to be a message itself; it and what
stands under `where…` are said in Danish too.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources

from vvvresearch.errors import Failure, SchemaError, VvvError
from vvvresearch.locales._phrases import text, words_of

_NAMED = re.compile(r"\{(\w+)\}")
_WORD = re.compile(r"\S+(?=\s|$)")
_AFTER_A_NAME = re.compile(r"(?P<name>[\w .,/~-]{1,80}): (?P<rest>.+)", re.DOTALL)
_FOUND = re.compile(r"(?P<problem>.+) \(found (?P<value>.+)\)", re.DOTALL)
_PLACE = re.compile(r", (?:line|row) \d+$")
_DECIMAL = re.compile(r"[-−]?\d+\.\d+")
# Tables of words that also make messages: why a claim does not hold.
_TABLES = ("statements",)
_SENTENCES = ("say_", "word_")
# What these gaps stand for is a whole number.
_COUNTED = frozenset(("row", "line", "number", "times"))
# And these for one word or quoted text, or several with commas: their messages have too few words of their own to be known by.
_ONE = r"""(?:'[^'\n]*'|"[^"\n]*"|[^\s,;:]+)"""
_WORDS = rf"{_ONE}(?:(?:, | or | and ){_ONE})*"
# Numbers of theirs, which Danish writes with a comma.
_NUMBERS = frozenset(("percent", "points", "low", "high", "target"))


def in_danish(words: str) -> str:
    """A message in Danish; a part that has no Danish words stays as it is.

    Example:
        >>> in_danish("pair: no interview has the pair 'P9'"), in_danish("did you mean P8?")
        ("pair: intet interview har parret 'P9'", 'mente du P8?')
    """
    for sign in ("\n", " · "):
        if sign in words:
            return _each(words, sign)
    if (found := _AFTER_A_NAME.fullmatch(words)) and _PLACE.search(found["name"]):
        return f"{in_danish(found['name'])}: {in_danish(found['rest'])}"
    if "; " in words and all(map(has_danish, words.split("; "))):
        return _each(words, "; ")
    if (found := _FOUND.fullmatch(words)) and (problem := in_danish(found["problem"])) != found["problem"]:
        return f"{problem} (fandt {found['value']})"
    for message in _candidates(words):
        if (danish := message.of(words)) is not None:
            return danish
    if found := _AFTER_A_NAME.fullmatch(words):
        return f"{found['name']}: {in_danish(found['rest'])}"
    return _each(words, "; ") if "; " in words else words


def has_danish(words: str) -> bool:
    """Whether the catalogue has a message for these words as a whole.

    Example:
        >>> has_danish("the column is missing"), has_danish("a sentence that nobody wrote")
        (True, False)
    """
    return any(message.of(words) is not None for message in _candidates(words))


def error_in_danish(problem: VvvError) -> str:
    """An error as a Danish reader sees it, with the labels of `str(problem)` in Danish.

    Example:
        >>> print(error_in_danish(VvvError("the column is missing; did you mean pair?", where="a.csv, row 2")))
        kolonnen mangler; mente du pair?
          hvor: a.csv, række 2
    """
    labelled = (("where", problem.where), ("why", problem.why), ("todo", problem.todo))
    lines = [in_danish(problem.what), *(f"  {text(f'checking.{label}', 'da')}: {in_danish(said)}" for label, said in labelled if said)]
    if isinstance(problem, SchemaError):
        shown = problem.failures[: problem.shown]
        lines += [f"  - {_failure_in_danish(failure)}" for failure in shown]
        if left := len(problem.failures) - len(shown):
            lines.append(f"  {in_danish(f'… and {left} more')}")
    return "\n".join(lines)


def _failure_in_danish(failure: Failure) -> str:
    place = in_danish("table" if failure.row is None else f"row {failure.row}")
    column = f", {failure.column}" if failure.column else ""
    value = f" (found {failure.value!r})" if failure.value else ""
    return f"{place}{column}: {in_danish(failure.problem + value)}"


@dataclass(frozen=True)
class _Message:
    """One entry of the catalogue: `fixed` is what stands between its gaps."""

    english: str
    danish: str

    @cached_property
    def fixed(self) -> tuple[str, ...]:
        return tuple(_NAMED.split(self.english)[::2])

    @cached_property
    def rank(self) -> tuple[int, int]:
        """Those with the most words of their own come first, of them those with the fewest gaps."""
        return -sum(map(len, self.fixed)), len(self.fixed)

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        gaps = [f"(?P<{name}>{_gap(name)})" for name in _NAMED.findall(self.english)]
        return re.compile("".join(part for pair in zip(map(re.escape, self.fixed), (*gaps, ""), strict=True) for part in pair), re.DOTALL)

    def may_fit(self, words: str) -> bool:
        """Whether the fixed parts stand in the words; a pattern is compiled only then."""
        return words.startswith(self.fixed[0]) and words.endswith(self.fixed[-1]) and all(part in words for part in self.fixed[1:-1])

    def of(self, words: str) -> str | None:
        """The words in Danish, None where they are another message."""
        if len(self.fixed) == 1:
            return self.danish if words == self.english else None
        if not (found := self._pattern.fullmatch(words)):
            return None
        parts = {name: _part(name, part) for name, part in found.groupdict().items()}
        # A message in a message has to be one; else any sentence with a colon in it would do.
        if all(part != found[name] or not name.startswith("rest") or _is_value(part) for name, part in parts.items()):
            return _filled(self.danish, parts)
        return None


def _gap(name: str) -> str:
    if name in _COUNTED:
        return r"\d+"
    return _WORDS if re.fullmatch(r"word\d*", name) else ".+?"


def _candidates(words: str) -> Iterator[_Message]:
    """Every message that the words may be, by their first word."""
    whole, begun, others = _catalogue()
    if words in whole:
        yield whole[words]
    first = words.split(None, 1)[0] if words.strip() else ""
    fitting = [message for message in (*begun.get(first, ()), *others) if message.may_fit(words)]
    yield from sorted(fitting, key=lambda message: message.rank)


@cache
def _catalogue() -> tuple[dict[str, _Message], dict[str, list[_Message]], list[_Message]]:
    """The messages without gaps, those that begin with a fixed word by that word, and those that begin with a gap."""
    whole: dict[str, _Message] = {}
    begun: dict[str, list[_Message]] = {}
    others: list[_Message] = []
    for english, danish in _entries():
        message = _Message(english, danish)
        start = message.fixed[0]
        if len(message.fixed) == 1:
            whole[english] = message
        elif (word := _WORD.match(start)) and word.end() < len(start):
            begun.setdefault(word[0], []).append(message)
        else:
            others.append(message)
    return whole, begun, others


def _entries() -> Iterator[tuple[str, str]]:
    for place in sorted((resources.files("vvvresearch.locales") / "messages").iterdir(), key=lambda place: place.name):
        yield from tomllib.loads(place.read_text(encoding="utf-8")).items()
    for table in _TABLES:
        yield from ((said["en"], said["da"]) for key, said in words_of(table).items() if not key.startswith(_SENTENCES))


def messages_of(room: str) -> dict[str, str]:
    """The messages of one room, English to Danish, without reading those of all others.

    Example:
        >>> messages_of("help")["The round."]
        'Runden.'
    """
    place = resources.files("vvvresearch.locales") / "messages" / f"{room}.toml"
    return {english: str(danish) for english, danish in tomllib.loads(place.read_text(encoding="utf-8")).items()}


def _each(words: str, sign: str) -> str:
    """Messages that are told together, each in Danish."""
    return sign.join(_indented(part) for part in words.split(sign))


def _indented(line: str) -> str:
    bare = line.lstrip()
    return line[: len(line) - len(bare)] + in_danish(bare)


def _filled(words: str, parts: Mapping[str, str]) -> str:
    """Words with their gaps filled; other braces stay, as in `[ord]{claim=adresse}`."""
    return _NAMED.sub(lambda gap: parts.get(gap[1], gap[0]), words)


def _part(name: str, part: str) -> str:
    if name.startswith("where"):
        return _each(part, "; ")
    if name.startswith("rest"):
        return in_danish(part)
    if name.startswith(("names", "word")):
        return part.replace(" or ", " eller ").replace(" and ", " og ")
    return part.replace(".", ",") if name in _NUMBERS and _DECIMAL.fullmatch(part) else part


def _is_value(part: str) -> bool:
    return part.startswith(("'", '"', "vvv ")) or part.replace(".", "").isdigit()
