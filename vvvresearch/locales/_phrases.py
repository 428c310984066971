"""Phrases: what is chosen now and said later, in Danish or English, when it is shown."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any, Literal, Protocol, TypeGuard

from vvvresearch.errors import AnalysisError, VvvError, did_you_mean
from vvvresearch.locales._numbers import format_coefficient, format_date, format_number, format_p, format_percent

Lang = Literal["da", "en"]
LANGUAGES: tuple[Lang, Lang] = ("da", "en")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


class Sayable(Protocol):
    """Whatever has words in both languages: a phrase, an item's wording, a programme's name for a group."""

    def say(self, lang: Lang) -> str:
        """The words in `lang`."""
        ...


def is_sayable(value: object) -> TypeGuard[Sayable]:
    """Whether something has words of its own; plain text has not. It is asked for every cell of every table.

    Example:
        >>> is_sayable(Phrase("common.no")), is_sayable("no")
        (True, False)
    """
    return hasattr(type(value), "say")


def check_lang(lang: str) -> Lang:
    """The language, or an error naming the two there are.

    Example:
        >>> check_lang("da")
        'da'
    """
    if lang not in LANGUAGES:
        raise AnalysisError(f"the language {lang!r} is not known", todo='use "da" or "en"')
    return lang


@cache
def _table(room: str) -> dict[str, dict[str, str]]:
    place = resources.files("vvvresearch.locales") / "tables" / f"{room}.toml"
    if not place.is_file():
        raise VvvError(f"there is no table of words for {room!r}", where="vvvresearch/locales/tables")
    return tomllib.loads(place.read_text(encoding="utf-8"))


# A workspace's own words for its programme: they come before the package's. Of several workspaces in a process that one's are in use
# whose round was asked last.
_OWN: dict[str, dict[str, dict[str, str]]] = {}


def use_words(own: Mapping[str, Mapping[str, Mapping[str, str]]]) -> None:
    """Let a programme's own words come before the package's: table → key → language → words.

    Example:
        >>> use_words({"groups": {"mentor": {"da": "Mentorer", "en": "Mentors"}}})
        >>> text("groups.mentor", "en")
        'Mentors'
        >>> use_words({})
    """
    _OWN.clear()
    _OWN.update({table: {key: dict(words) for key, words in entries.items()} for table, entries in own.items()})


def _entries(room: str) -> Mapping[str, Mapping[str, str]]:
    return {**_table(room), **_OWN[room]} if room in _OWN else _table(room)


def text(key: str, lang: Lang = "da", /, **values: Any) -> str:
    """The words for `room.name` in a language, with `{placeholders}` filled.

    Numbers are written as the language writes them, dates likewise; nested phrases are said in the same language.

    Args:
        key: "room.name", looked up in `tables/room.toml`, `[name]`, `da` and `en`.
        lang: "da" or "en".
        values: one for each placeholder.

    Raises:
        VvvError: no such key, or a placeholder without a value.

    Example:
        >>> text("common.of", "da", part=3, whole=1200)
        '3 af 1.200'
    """
    room, _, name = key.partition(".")
    entries = _entries(room)
    if name not in entries:
        raise VvvError(f"no words for {key!r}", where=f"locales/tables/{room}.toml", todo=did_you_mean(name, entries))
    between, placeholders = _split(entries[name][check_lang(lang)])
    if not placeholders:
        return between[0]
    if missing := next((one for one in placeholders if one not in values), None):
        raise VvvError(f"the words {key!r} need a value for {missing!r}")
    shown = {one: _shown(values[one], lang) for one in placeholders}
    return "".join(part for pair in zip(between, (*(shown[one] for one in placeholders), ""), strict=True) for part in pair)


@cache
def _split(words: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What stands between the placeholders, and their names: split once, filled a hundred thousand times."""
    parts = _PLACEHOLDER.split(words)
    return tuple(parts[::2]), tuple(parts[1::2])


def words_of(table: str) -> Mapping[str, Mapping[str, str]]:
    """Every entry of a table in both languages, with its placeholders open.

    Example:
        >>> words_of("common")["of"]["da"]
        '{part} af {whole}'
    """
    return _entries(table)


def has_words(key: str) -> bool:
    """Whether there are words for "room.name".

    Example:
        >>> has_words("common.yes"), has_words("common.perhaps")
        (True, False)
    """
    room, _, name = key.partition(".")
    return name in _entries(room)


def _shown(value: Any, lang: Lang) -> str:
    import datetime

    # Asking a protocol takes a hundred times as long as asking a class, and most parts are text or numbers.
    if isinstance(value, str):
        return str(value)
    if isinstance(value, bool):
        return text("common.yes" if value else "common.no", lang)
    if isinstance(value, int):
        return format_number(value, 0, lang)
    if isinstance(value, float):
        return format_number(value, 1, lang)
    if isinstance(value, datetime.date):
        return format_date(value, lang)
    return say(value, lang)


@dataclass(frozen=True)
class Phrase:
    """A sentence that is chosen now and said later, in the reader's language.

    Example:
        >>> Phrase("common.of", {"part": 3, "whole": 7}).say("en")
        '3 of 7'
    """

    key: str
    values: dict[str, Any] = field(default_factory=dict)

    def say(self, lang: Lang) -> str:
        """The sentence in `lang`."""
        return text(self.key, lang, **self.values)


@dataclass(frozen=True)
class Joined:
    """Several words or phrases with a mark between them.

    Example:
        >>> Joined(("a", Phrase("common.yes")), " + ").say("en")
        'a + yes'
    """

    parts: tuple[str | Sayable, ...]
    mark: str = ", "

    def say(self, lang: Lang) -> str:
        """The parts in `lang`."""
        return self.mark.join(say(part, lang) for part in self.parts)


@dataclass(frozen=True)
class Capital:
    """Words with a capital at their beginning, for a heading.

    Example:
        >>> Capital(Phrase("common.yes")).say("da")
        'Ja'
    """

    part: str | Sayable

    def say(self, lang: Lang) -> str:
        """The words in `lang`."""
        words = say(self.part, lang)
        return words[:1].upper() + words[1:]


@dataclass(frozen=True)
class Written:
    """A number with its format, written as the reader's language writes it.

    Example:
        >>> Written(2.5, "number", 1).say("da"), Written(56, "percent").say("en")
        ('2,5', '56%')
        >>> Written(0.0432, "p_said").say("da"), Written(0.0000004, "p_said").say("en")
        ('= 0,043', '< 0.001')
    """

    value: Any
    format: Literal["number", "coefficient", "percent", "p", "p_said"] = "number"
    decimals: int = 0

    def say(self, lang: Lang) -> str:
        """The number in `lang`."""
        if self.format == "p":
            return format_p(self.value, lang)
        if self.format == "p_said":
            # After "p": a bound is no equation.
            written = format_p(self.value, lang)
            return f"< {written[1:]}" if written.startswith("<") else f"= {written}"
        written_by = {"percent": format_percent, "coefficient": format_coefficient}.get(self.format, format_number)
        return written_by(self.value, self.decimals, lang)


def say(part: object, lang: Lang) -> str:
    """Words as they are, and anything sayable in a language.

    Example:
        >>> say("Vejle", "en"), say(Phrase("common.no"), "en")
        ('Vejle', 'no')
    """
    return part.say(lang) if is_sayable(part) else str(part)
