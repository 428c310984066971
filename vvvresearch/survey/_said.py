"""Results whose labels are words of the questionnaire: the frame holds them in one language and can be said again in the other."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Self

import pandas as pd

from vvvresearch.errors import VvvError
from vvvresearch.locales import Lang, Phrase, check_lang, text
from vvvresearch.results import Result


@dataclass(frozen=True, kw_only=True, repr=False)
class SaidResult(Result):
    """A result whose frame holds words; `spoken` keeps what stands behind them, column by column."""

    spoken: dict[str, tuple[Phrase | str, ...]] = field(default_factory=dict)

    def in_language(self, lang: str) -> Self:
        """The same result in another language, words in the frame included."""
        language = check_lang(lang)
        words = {name: [say(part, language) for part in parts] for name, parts in self.spoken.items()}
        return dataclasses.replace(self, lang=language, frame=self.frame.assign(**words))


def said_frame(rows: Sequence[dict[str, Any]], lang: Lang) -> tuple[pd.DataFrame, dict[str, tuple[Phrase | str, ...]]]:
    """Rows as a frame with its phrases said, and the phrases behind it."""
    frame = pd.DataFrame(list(rows))
    spoken: dict[str, tuple[Phrase | str, ...]] = {}
    for name in frame.columns:
        values = list(frame[name])
        if any(isinstance(value, Phrase) for value in values):
            spoken[str(name)] = tuple(values)
            frame[name] = [say(value, lang) for value in values]
    return frame, spoken


def say(words: Phrase | str, lang: Lang) -> str:
    """A phrase or plain words in a language."""
    return words.say(lang) if isinstance(words, Phrase) else words


def unit_key(name: str) -> str:
    """The unit where its words are known, else respondents."""
    try:
        text(f"units.{name}", "en")
    except VvvError:
        return "respondent"
    return name
