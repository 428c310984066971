"""Messages in Danish: errors are made in English, here is what a Danish reader sees of them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

from vvvresearch.errors import VvvError
from vvvresearch.locales import text, words_of

_NAMED = re.compile(r"\{(\w+)\}")
_AFTER_A_NAME = re.compile(r"(?P<name>[\w .,/~-]{1,80}): (?P<rest>.+)", re.DOTALL)
_PLACE = re.compile(r", (?:line|row) \d+$")
_DECIMAL = re.compile(r"[-−]?\d+\.\d+")
# Tables of words that also make messages: why a claim does not hold.
_TABLES = ("statements",)
_SENTENCES = ("say_", "word_")
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
    for pattern, danish in _messages():
        if found := pattern.fullmatch(words):
            parts = {name: _part(name, part) for name, part in found.groupdict().items()}
            # A message in a message has to be one; else any sentence with a colon in it would do.
            if all(part != found[name] or not name.startswith("rest") or _is_value(part) for name, part in parts.items()):
                return _filled(danish, parts)
    if found := _AFTER_A_NAME.fullmatch(words):
        name = found["name"]
        return f"{in_danish(name) if _PLACE.search(name) else name}: {in_danish(found['rest'])}"
    return _each(words, "; ") if "; " in words else words


def error_in_danish(problem: VvvError) -> str:
    """An error as a Danish reader sees it, with the labels of `str(problem)` in Danish.

    Example:
        >>> print(error_in_danish(VvvError("the column is missing; did you mean pair?", where="a.csv, row 2")))
        kolonnen mangler; mente du pair?
          hvor: a.csv, række 2
    """
    labelled = (("where", problem.where), ("why", problem.why), ("todo", problem.todo))
    lines = [in_danish(problem.what), *(f"  {text(f'checking.{label}', 'da')}: {in_danish(said)}" for label, said in labelled if said)]
    return "\n".join(lines)


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
    if name.startswith(("rest", "where")):
        return in_danish(part)
    return part.replace(".", ",") if name in _NUMBERS and _DECIMAL.fullmatch(part) else part


def _is_value(part: str) -> bool:
    return part.startswith(("'", '"')) or part.replace(".", "").isdigit()


@cache
def _messages() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Pattern and Danish words; those with the fewest gaps first."""
    entries = tomllib.loads((resources.files("vvvresearch.check") / "data" / "danish.toml").read_text(encoding="utf-8"))["said"]
    entries += [said for table in _TABLES for key, said in words_of(table).items() if not key.startswith(_SENTENCES)]
    entries.sort(key=lambda entry: (len(_NAMED.findall(entry["en"])), -len(entry["en"])))
    return tuple((_pattern(entry["en"]), entry["da"]) for entry in entries)


def _pattern(words: str) -> re.Pattern[str]:
    parts = _NAMED.split(words)
    gaps = (r"\d+" if name in ("row", "line") else ".+?" for name in parts[1::2])
    named = (f"(?P<{name}>{gap})" for name, gap in zip(parts[1::2], gaps, strict=True))
    return re.compile("".join(part for pair in zip(map(re.escape, parts[::2]), (*named, ""), strict=True) for part in pair), re.DOTALL)
