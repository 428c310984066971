"""Thematic saturation by the published rule, and how it depends on the order of the interviews.

Source: Guest, Namey & Chen, "A simple method to assess and report thematic saturation in qualitative research"
(PLoS ONE 15(5), 2020).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from vvvresearch.errors import AnalysisError
from vvvresearch.locales import Lang, Phrase, format_percent
from vvvresearch.results import Base, Column, Result
from vvvresearch.themes._states import passages_of, transcribed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vvvresearch.evidence import Codings, Interviews


@dataclass(frozen=True, kw_only=True, repr=False)
class Saturation(Result):
    """Saturation of one series of interviews.

    `ratios`: new themes of each run over the base; `reached_at`: "6+2" (interviews before the first run at or below the
    threshold, plus the run), None where it was not reached or cannot be assessed; `assessable`: whether there were enough
    interviews; `orders`: how many interviews saturation took in each permuted order (NaN: not reached), where asked for.
    """

    ratios: list[float]
    reached_at: str | None
    assessable: bool
    orders: pd.Series | None = None


def saturation(
    new_themes: Sequence[int], base_size: int = 4, run_length: int = 2, threshold: float = 0.05, *, group: str = "", lang: Lang = "da"
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
        lang: "da" or "en".

    Returns:
        Saturation with .ratios and .reached_at.

    Raises:
        AnalysisError: negative or broken counts, sizes below 1, a threshold outside 0–1.

    Example:
        >>> saturation([20, 9, 5, 3, 3, 1, 1, 0]).reached_at
        '6+2'
    """
    counts = _checked(new_themes, base_size, run_length, threshold)
    base = sum(counts[:base_size])
    needed = base_size + run_length
    assessable = len(counts) >= needed and base > 0
    runs = [sum(counts[place : place + run_length]) for place in range(base_size, len(counts) - run_length + 1)] if base else []
    place = _first(runs, base, threshold) if assessable else None
    reached = f"{base_size + place}+{run_length}" if place is not None else None
    frame = pd.DataFrame(
        {
            "run": [f"{base_size + number + 1}–{base_size + number + run_length}" for number in range(len(runs))],
            "new_themes": runs,
            "ratio": [run / base for run in runs],
        }
    )
    shown = frame.assign(ratio=frame["ratio"] * 100)
    return Saturation(
        frame=shown,
        base=Base(len(counts), "interview", group=group),
        title=Phrase("themes.saturation_title"),
        notes=_notes(len(counts), base, base_size, run_length, threshold, reached, lang),
        shows=(
            Column("run", Phrase("themes.run")),
            Column("new_themes", Phrase("themes.new_themes"), "count"),
            Column("ratio", Phrase("themes.ratio"), "percent", 1),
        ),
        lang=lang,
        ratios=list(frame["ratio"]),
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


def _first(runs: list[int], base: int, threshold: float) -> int | None:
    limit = Fraction(str(threshold)) * base
    return next((place for place, run in enumerate(runs) if run <= limit), None)


def _notes(n: int, base: int, base_size: int, run_length: int, threshold: float, reached: str | None, lang: Lang) -> tuple[Phrase, ...]:
    if n < base_size + run_length:
        return (Phrase("themes.saturation_not_assessable", {"n": n, "needed": base_size + run_length}),)
    if base == 0:
        return (Phrase("themes.saturation_no_base", {"base_size": base_size}),)
    share = format_percent(threshold * 100, 0, lang)
    method = {"base": base, "base_size": base_size, "run_length": run_length, "threshold": share}
    outcome = Phrase("themes.saturation_reached", {"place": reached}) if reached else Phrase("themes.saturation_not_reached", {"n": n})
    return (Phrase("themes.saturation_note", method), outcome)


def group_saturation(
    codings: Codings,
    interviews: Interviews,
    respondent_group: str,
    *,
    base_size: int = 4,
    run_length: int = 2,
    threshold: float = 0.05,
    codes: list[str] | None = None,
    coder: str | None = None,
    orders: int = 500,
    seed: int = 2021,
    lang: Lang = "da",
) -> Saturation:
    """Saturation in the interviews of one respondent group, in the order they were held, and over permuted orders.

    Args:
        codings: coded passages; a theme is a code as it was applied.
        interviews: the register; the order is by month, then as listed.
        respondent_group: the group; another group's interviews are another series.
        base_size, run_length, threshold: as `saturation`.
        codes: count only these codes as themes.
        coder: one coder's passages only.
        orders: permuted orders for the sensitivity (permuted, not resampled: a resample would repeat interviews).
        seed: of the permutations.
        lang: "da" or "en".

    Returns:
        Saturation, with the permuted orders beside the order as held; .reached_at is None where the group has too few interviews.

    Raises:
        AnalysisError: sizes below 1, a threshold outside 0–1, or an unknown coder.

    Example:
        >>> import vvvresearch as vvv
        >>> r = vvv.open_round("demo")
        >>> group_saturation(r.codings, r.interviews, "refugee", orders=20).reached_at
        '6+2'
    """
    register = transcribed(interviews)
    register = register[register["respondent_group"] == respondent_group].sort_values("month", kind="stable")
    passages = passages_of(codings, coder)
    if codes is not None:
        passages = passages[passages["code_path"].isin(codes)]
    found = passages.groupby("source")["code_path"].agg(set).to_dict()
    themes = [found.get(source, set()) for source in register["source"]]
    held = saturation(_new(themes), base_size, run_length, threshold, group=respondent_group, lang=lang)
    if not held.assessable or orders == 0:
        return _with(held, codings, None, ())
    generator = np.random.default_rng(seed)
    places = []
    for _ in range(orders):
        shuffled = [themes[place] for place in generator.permutation(len(themes))]
        counts = _new(shuffled)
        base = sum(counts[:base_size])
        runs = [sum(counts[place : place + run_length]) for place in range(base_size, len(counts) - run_length + 1)]
        place = _first(runs, base, threshold) if base else None
        places.append(np.nan if place is None else base_size + place)
    series = pd.Series(places, name="interviews")
    reached = series.dropna()
    values: dict[str, Any] = {
        "orders": orders,
        "seed": str(seed),
        "share": format_percent(Fraction(len(reached), orders) * 100, 0, lang),
        "median": f"{int(reached.median())}" if len(reached) else "–",
    }
    return _with(held, codings, series, (Phrase("themes.saturation_orders", values),))


def _new(themes: list[set[str]]) -> list[int]:
    seen: set[str] = set()
    counts = []
    for own in themes:
        counts.append(len(own - seen))
        seen |= own
    return counts


def _with(held: Saturation, codings: Codings, orders: pd.Series | None, notes: tuple[Phrase, ...]) -> Saturation:
    import dataclasses

    return dataclasses.replace(held, kind=codings.kind, orders=orders, notes=(*held.notes, *notes))
