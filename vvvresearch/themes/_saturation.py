"""Thematic saturation by the published rule.

Source: Guest, Namey & Chen, "A simple method to assess and report thematic saturation in qualitative research"
(PLoS ONE 15(5), 2020).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from numbers import Integral, Real
from typing import Any

import pandas as pd

from vvvresearch.errors import AnalysisError
from vvvresearch.locales import Phrase, Sayable, Written
from vvvresearch.results import Base, Column, Result, Share


@dataclass(frozen=True, kw_only=True, repr=False)
class Saturation(Result):
    """Saturation of one series of interviews.

    `ratios`: new themes of each run over the base; `reached_at`: "6+2" (interviews before the first run at or below the
    threshold, plus the run), None where it was not reached or cannot be assessed; `assessable`: whether there were enough
    interviews; `orders`: how many interviews saturation took in each permuted order (NaN: not reached), where asked for.
    """

    ratios: list[float] = field(default_factory=list)
    reached_at: str | None = None
    assessable: bool = False
    orders: pd.Series[Any] | None = None


def saturation(
    new_themes: Sequence[int], base_size: int = 4, run_length: int = 2, threshold: float = 0.05, *, group: str | Sayable = ""
) -> Saturation:
    """Whether and where new interviews stop to bring new themes.

    The base is the number of unique themes in the first `base_size` interviews and stays the denominator; each run is
    `run_length` interviews; runs slide by one interview. Saturation is reached at the first run whose new themes are at
    most `threshold` of the base (0 asks for none).

    Args:
        new_themes: themes first seen in each interview, in the order of the interviews.
        base_size: interviews of the base, usually 4 to 6.
        run_length: interviews of a run, usually 2 or 3.
        threshold: share of the base, usually .05 or 0.
        group: respondent group, for the base line.

    Returns:
        Saturation with .ratios and .reached_at; .frame: run ("5–6"), new_themes, base (themes).

    Raises:
        AnalysisError: negative or broken counts, sizes below 1, a threshold outside 0–1.

    Example:
        >>> saturation([20, 9, 5, 3, 3, 1, 1, 0]).reached_at
        '6+2'
    """
    counts = _checked(new_themes, base_size, run_length, threshold)
    base = sum(counts[:base_size])
    assessable = len(counts) >= base_size + run_length and base > 0
    runs = runs_of(counts, base_size, run_length) if base else []
    place = first_run(runs, base, threshold) if assessable else None
    reached = f"{base_size + place}+{run_length}" if place is not None else None
    frame = pd.DataFrame(
        {
            "run": [f"{base_size + number + 1}–{base_size + number + run_length}" for number in range(len(runs))],
            "new_themes": runs,
            "base": [base] * len(runs),
        }
    )
    return Saturation(
        frame=frame,
        base=Base(len(counts), "interview", group=group),
        title=Phrase("themes.saturation_title"),
        notes=_notes(len(counts), base, base_size, run_length, threshold, reached),
        shows=(
            Column("run", Phrase("themes.run")),
            Column("new_themes", Phrase("themes.new_themes"), "count"),
            Share("ratio", Phrase("themes.ratio"), decimals=1, count="new_themes", n="base"),
        ),
        ratios=[run / base for run in runs],
        reached_at=reached,
        assessable=assessable,
    )


def _checked(new_themes: Sequence[int], base_size: int, run_length: int, threshold: float) -> list[int]:
    if not isinstance(new_themes, Iterable) or isinstance(new_themes, (str, bytes)):
        raise AnalysisError(
            "the new themes of each interview are a list of counts", where="new_themes", todo="for example [16, 9, 6, 2, 1, 0]"
        )
    if not all(isinstance(size, Integral) for size in (base_size, run_length)):
        raise AnalysisError("base and run are whole numbers of interviews", where=f"base_size={base_size!r}, run_length={run_length!r}")
    if base_size < 1 or run_length < 1:
        raise AnalysisError("base and run need at least one interview", where=f"base_size={base_size}, run_length={run_length}")
    if not isinstance(threshold, Real) or not 0 <= threshold <= 1:
        raise AnalysisError(f"the threshold {threshold} is no share", todo="use .05 or 0")
    counts = list(new_themes)
    for number, count in enumerate(counts, start=1):
        if not isinstance(count, Real) or count != count or count < 0 or count != count // 1:
            raise AnalysisError(f"interview {number} has {count!r} new themes", why="new themes are counted: 0, 1, 2 …")
    return [int(count) for count in counts]


def first_run(runs: list[int], base: int, threshold: float) -> int | None:
    """The first run at or below the threshold."""
    limit = Fraction(str(threshold)) * base
    return next((place for place, run in enumerate(runs) if run <= limit), None)


def runs_of(counts: list[int], base_size: int, run_length: int) -> list[int]:
    """New themes of each run."""
    return [sum(counts[place : place + run_length]) for place in range(base_size, len(counts) - run_length + 1)]


def _notes(n: int, base: int, base_size: int, run_length: int, threshold: float, reached: str | None) -> tuple[Phrase, ...]:
    if n < base_size + run_length:
        return (Phrase("themes.saturation_not_assessable", {"n": n, "needed": base_size + run_length}),)
    if base == 0:
        return (Phrase("themes.saturation_no_base", {"base_size": base_size}),)
    method = {"base": base, **rule_words(base_size, run_length, threshold)}
    outcome = Phrase("themes.saturation_reached", {"place": reached}) if reached else Phrase("themes.saturation_not_reached", {"n": n})
    return (Phrase("themes.saturation_note", method), outcome)


def rule_words(base_size: int, run_length: int, threshold: float) -> dict[str, Any]:
    """The rule, for sentences."""
    return {"base_size": base_size, "run_length": run_length, "threshold": Written(Fraction(str(threshold)) * 100, "percent")}
