"""What the same persons say of the themes at two times."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.evidence import waves_in_order
from vvvresearch.locales import Joined, Phrase
from vvvresearch.results import Base, Column, Interval, Measure, Result, Tested, Total, recorded
from vvvresearch.statistics.overlap import Pairs
from vvvresearch.themes._coders import Coder, coder_note, setting_names
from vvvresearch.themes._codes import Code, CodeName, chosen_paths
from vvvresearch.themes._pairs import paired_rows
from vvvresearch.themes._states import States, states_of

if TYPE_CHECKING:
    from vvvresearch.evidence import Codings, Interviews

_COUNTS = ("first", "second", "both", "first_only", "second_only")


@recorded
def theme_changes(
    codings: Codings,
    interviews: Interviews,
    *,
    first: str | None = None,
    second: str | None = None,
    guide: pd.DataFrame | None = None,
    coder: Coder = None,
    group: str | Sequence[str] = "",
    under: str | Code = "",
    depth: int | None = None,
    level: float = 0.95,
) -> Result:
    """How many of the persons interviewed at two times affirm each theme at either, and whether more do so later.

    Only those count with whom the theme was asked or could be raised both times, so that a change is theirs and not that of who was
    interviewed. The test is McNemar's exact one, one family over the themes shown, and limits stand at the level that decides.

    Args:
        codings, interviews, guide, coder, group, under, depth: as `theme_table`.
        first, second: waves; default the earliest and the latest.
        level: confidence level of the family.

    Returns:
        Result; .frame: code_path, persons (heard of the theme both times), first, second (who affirm it then), both, first_only,
        second_only, gap (share of the second time less that of the first, −1 to 1), lower, upper, level, p, p_adjusted,
        least_detectable (the change that the test would find in 80 of 100; NaN where none would). A theme that nobody could raise twice
        has no row. Absent with one wave, and where nobody was interviewed in both.

    Raises:
        AnalysisError: no transcripts, the same wave twice, or an unknown code, coder, wave or group.

    Source: McNemar 1947; Holm 1979; score limits of two shares of the same persons.

    Example:
        >>> import vvvresearch as vvv
        >>> r = vvv.open_round("demo")
        >>> found = r.theme_changes(under="Udbytte > Dansk", depth=2)
        >>> found.frame[["persons", "first", "second", "both"]].iloc[0].tolist()
        [20, 12, 7, 5]
    """
    title = Phrase("themes.changes_title")
    waves = waves_in_order(interviews.frame["wave"].fillna(""))
    for wave in (first, second):
        if wave is not None and str(wave) not in waves:
            raise AnalysisError(f"the register has no wave {wave!r}", todo=did_you_mean(str(wave), waves))
    if len(waves) < 2:
        return Result.missing(Phrase("themes.changes_one_wave"), title=title)
    at_first, at_second = waves_compared(interviews, first, second)
    if at_first == at_second:
        raise AnalysisError("a change needs two waves", where=f"wave {at_first} twice")
    states = states_of(codings, interviews, guide=guide, coder=coder, group=group)
    twice = heard_twice(states, (at_first, at_second))
    if not twice:
        return Result.missing(Phrase("themes.changes_nobody", {"first": at_first, "second": at_second}), title=title)
    place = {path: number for number, path in enumerate(states.paths)}
    told = {path: _pairs(*said_twice(states, place[path], (at_first, at_second))) for path in chosen_paths(codings.codebook, under, depth)}
    rows, size = paired_rows({path: pairs for path, pairs in told.items() if pairs.n}, level)
    chosen = "" if first is None and second is None else f"{at_first}~{at_second}"
    return Result(
        frame=rows.rename(columns={"n": "persons"}),
        base=Base(len(twice), "person", wave=f"{at_first}, {at_second}", source=codings.origin),
        title=title,
        notes=(Phrase("themes.changes_note", {"first": at_first, "second": at_second}), coder_note(coder)),
        shows=(
            CodeName("code_path", Phrase("themes.theme")),
            Column("persons", Phrase("themes.changes_persons"), "count"),
            Column("first", Joined((Phrase("common.wave"), at_first), " "), "count"),
            Column("second", Joined((Phrase("common.wave"), at_second), " "), "count"),
            Column("gap", Phrase("themes.change"), "points", 1),
            Interval("interval", Phrase("comparing.interval"), decimals=1, scale=100),
            Tested("p_adjusted", Phrase("themes.p_adjusted"), "p", note=Phrase("themes.changes_test", {"size": size}), sides=("persons",)),
            Column("least_detectable", Phrase("comparing.least_detectable"), "points", 1, note=Phrase("themes.changes_least")),
        ),
        kind=codings.kind,
        at="theme-changes" + setting_names(coder=coder, between=chosen, group=group),
        keys=("code_path",),
        measures=(
            *(Measure(name, of="persons", unit="person") for name in _COUNTS),
            Measure("gap", "points", 1, of="persons", unit="person"),
            Measure("least_detectable", "points", 1, of=""),
        ),
        totals={"tests": Total(size), "persons": Total(len(twice))},
        tree="code_path",
    )


def waves_compared(interviews: Interviews, first: str | None, second: str | None) -> tuple[str, str]:
    """The two waves of a change: those named, else the earliest and the latest."""
    waves = waves_in_order(interviews.frame["wave"].fillna(""))
    return str(first or waves[0]), str(second or waves[-1])


def heard_twice(states: States, waves: Sequence[str]) -> set[str]:
    """The persons whose interviews of both waves were coded."""
    return set.intersection(*(set(states.register["person"][_of(states, wave)]) for wave in waves))


def said_twice(states: States, place: int, waves: Sequence[str]) -> tuple[pd.Series[bool], pd.Series[bool]]:
    """Whether the persons with whom a theme could be raised at both times affirm it at the first, and at the second."""
    said = []
    for wave in waves:
        asked = _of(states, wave) & states.asked[:, place]
        person = states.register["person"][asked]
        said.append(pd.Series(states.affirmed[asked, place], index=person.index, dtype=bool).groupby(person).any())
    both = said[0].index.intersection(said[1].index)
    return said[0][both], said[1][both]


def _of(states: States, wave: str) -> np.ndarray:
    return (states.register["wave"].fillna("").astype(str) == wave).to_numpy() & states.coded


def _pairs(before: pd.Series[bool], after: pd.Series[bool]) -> Pairs:
    return Pairs(*(int(cell.sum()) for cell in (before & after, before & ~after, ~before & after, ~before & ~after)))
