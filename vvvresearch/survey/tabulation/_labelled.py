"""Results whose labels are words of the questionnaire: they hold them in one language and can be said again in the other."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Self

import pandas as pd

from vvvresearch.locales import Lang, Sayable, check_lang, say
from vvvresearch.results import Result, View


@dataclass(frozen=True, kw_only=True, repr=False)
class SaidResult(Result):
    """A result whose frame holds words; `spoken` keeps what stands behind them, `wide` what a reader sees where it is not the frame."""

    spoken: dict[str, tuple[str | Sayable, ...]] = field(default_factory=dict)
    wide: pd.DataFrame | None = None

    def in_language(self, lang: str) -> Self:
        """The same result in another language, words in the frame included."""
        language = check_lang(lang)
        words = {name: [say(part, language) for part in parts] for name, parts in self.spoken.items()}
        return dataclasses.replace(self, lang=language, frame=self.frame.assign(**words))

    def view(self) -> View:
        """The table as a reader sees it."""
        if self.wide is None:
            return super().view()
        return View(
            Result(
                frame=self.wide,
                base=self.base,
                title=self.title,
                notes=self.notes,
                assumptions=self.assumptions,
                shows=self.shows,
                kind=self.kind,
                lang=self.lang,
            )
        )


def said_frame(rows: Sequence[dict[str, Any]], lang: Lang) -> tuple[pd.DataFrame, dict[str, tuple[str | Sayable, ...]]]:
    """Rows as a frame with its phrases said, and the phrases behind it."""
    frame = pd.DataFrame(list(rows))
    spoken: dict[str, tuple[str | Sayable, ...]] = {}
    for name in frame.columns:
        values = list(frame[name])
        if any(isinstance(value, Sayable) for value in values):
            spoken[str(name)] = tuple(values)
            frame[name] = [say(value, lang) for value in values]
    return frame, spoken
