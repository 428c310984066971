"""A finding of the audit: two places that do not agree, what may explain it, and how likely an error there would be seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from vvvresearch.audit._facts import Said, Shown
from vvvresearch.locales import Lang, Sayable
from vvvresearch.statements import Mention

_QUOTE = 260


@dataclass(frozen=True)
class Place:
    """Where something is printed, in its words.

    Attributes:
        file: the document's name.
        line: the own line of the number.
        quote: the words.
    """

    file: str
    line: int
    quote: str


@dataclass(frozen=True)
class Finding:
    """Two printed places that contradict each other, worded as a question.

    Attributes:
        kind: a key of `audit.kind_…`.
        places: where, the place that was read later first.
        what: what is printed.
        why: what would explain it; nothing here is shown to have happened.
        ground: how the program came to it.
        chance: how likely an error there would have been seen, 0 to 1.
        weight: how sure the reading is, for choosing between findings on one place.
    """

    kind: str
    places: tuple[Place, ...]
    what: Sayable
    why: Sayable
    ground: Sayable
    chance: float
    weight: float = 1.0

    def as_json(self, lang: Lang) -> dict[str, Any]:
        """The finding as plain values."""
        first = self.places[0]
        return {
            "file": first.file,
            "line": first.line,
            "quote": first.quote,
            "kind": self.kind,
            "what": self.what.say(lang),
            "why": self.why.say(lang),
            "ground": self.ground.say(lang),
            "chance": round(self.chance, 2),
            "places": [{"file": one.file, "line": one.line, "quote": one.quote} for one in self.places],
        }


def quoted(text: str, around: int = 0) -> str:
    """A stretch of text in one line, cut to a readable length around a place."""
    if len(text) > _QUOTE:
        start = max(0, min(around - _QUOTE // 2, len(text) - _QUOTE))
        cut = text[start : start + _QUOTE]
        text = ("… " if start else "") + cut + (" …" if start + _QUOTE < len(text) else "")
    return " ".join(text.split())


def place_of(said: Said, mention: Mention | None = None) -> Place:
    """The place of a sentence, or of a number in it."""
    around = mention.start - said.start if mention else 0
    return Place(said.document.name, said.line_of(mention) if mention else said.line, quoted(said.text, around))


def place_in(shown: Shown, line: int = 0, words: str = "") -> Place:
    """The place of a table, a row of it, or its caption."""
    return Place(shown.document.name, line or shown.line, quoted(words or shown.title or (shown.table.text if shown.table else "")))
