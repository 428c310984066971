"""What one half of a match sees and the other does not: the gap of every theme over pairs, and activities pair by pair."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from vvvresearch.evidence import SEPARATOR
from vvvresearch.locales import Phrase
from vvvresearch.results import Base, Column, Interval, Labels, Measure, Result, Tested, Total
from vvvresearch.statistics.overlap import Pairs
from vvvresearch.themes._coders import Coder, coder_note, setting_names
from vvvresearch.themes._codes import Code, CodeName
from vvvresearch.themes._pairs import pair_table, paired_rows

if TYPE_CHECKING:
    from vvvresearch.evidence import Codings, Interviews, Theory


def pair_gaps(
    codings: Codings,
    interviews: Interviews,
    *,
    guide: pd.DataFrame | None = None,
    coder: Coder = None,
    wave: str | None = None,
    under: str | Code = "",
    depth: int | None = None,
    level: float = 0.95,
) -> Result:
    """In how many pairs each half affirms a theme, and whether one half does so more often than the other half of the same pairs.

    Where volunteers do not see what they contribute, the first half affirms a theme that the second does not. The pair is the unit;
    the test is McNemar's exact one, one family over the themes shown, and limits stand at the level that decides.

    Args:
        codings, interviews, guide, coder, wave, under, depth: as `pair_table`.
        level: confidence level of the family.

    Returns:
        Result; .frame: code_path, pairs (where both halves could raise the theme), first, second (pairs whose half affirms it, in the
        order of the halves), both, first_only, second_only, gap (share of the second half less that of the first, −1 to 1), lower,
        upper, level, p, p_adjusted, least_detectable (the gap that the test would find in 80 of 100 when the half that alone affirms
        less often does so as often as seen; NaN where no gap would). Absent where no pair has both halves.

    Raises:
        AnalysisError: no transcripts, or an unknown code, coder or wave.

    Source: McNemar 1947; Holm 1979; score limits of two shares of the same pairs.

    Example:
        >>> import vvvresearch as vvv
        >>> r = vvv.open_round("demo")
        >>> found = r.pair_gaps(wave="1", under="Udbytte > Dansk", depth=2)
        >>> found.frame[["pairs", "first", "second", "both"]].iloc[0].tolist()
        [12, 8, 5, 5]
    """
    table = pair_table(codings, interviews, guide=guide, coder=coder, wave=wave, under=under, depth=depth)
    title = Phrase("themes.gaps_title")
    if not table:
        return Result.missing(Phrase("absent.pairs"), title=title)
    halves = interviews.halves
    said = table["pairs"].frame
    told: dict[str, Pairs] = {}
    for path, own in said[said["outcome"] != ""].groupby("code_path", sort=False):
        first, second = (own[half] == "affirmed" for half in halves)
        told[str(path)] = Pairs(*(int(cell.sum()) for cell in (first & second, first & ~second, ~first & second, ~first & ~second)))
    order = {path: place for place, path in enumerate(table.frame["code_path"])}
    rows, size = paired_rows(told, level)
    frame = rows.rename(columns={"n": "pairs"}).sort_values("code_path", key=lambda paths: paths.map(order), kind="stable")
    frame = frame.reset_index(drop=True)
    names = {half: Phrase(f"groups.{half}") for half in halves}
    return Result(
        frame=frame,
        base=table.base,
        title=title,
        notes=(Phrase("themes.gaps_note", {"first": names[halves[0]], "second": names[halves[1]]}), coder_note(coder)),
        shows=(
            CodeName("code_path", Phrase("themes.theme")),
            Column("pairs", Phrase("themes.pairs"), "count"),
            Column("first", names[halves[0]], "count"),
            Column("second", names[halves[1]], "count"),
            Column("both", Phrase("themes.both_sides"), "count"),
            Column("gap", Phrase("themes.gap"), "points", 1),
            Interval("interval", Phrase("comparing.interval"), decimals=1, scale=100),
            Tested("p_adjusted", Phrase("themes.p_adjusted"), "p", note=Phrase("themes.gaps_test", {"size": size}), sides=("pairs",)),
            Column("least_detectable", Phrase("comparing.least_detectable"), "points", 1, note=Phrase("themes.gaps_least")),
        ),
        kind=codings.kind,
        at="pair-gaps" + setting_names(coder=coder, wave=wave),
        keys=("code_path",),
        measures=(
            *(Measure(name, of="pairs", unit="pair") for name in ("first", "second", "both", "first_only", "second_only")),
            Measure("gap", "points", 1, of="pairs", unit="pair"),
            Measure("least_detectable", "points", 1, of=""),
        ),
        totals={"tests": Total(size)},
        tree="code_path",
    )


def pair_activities(
    codings: Codings,
    interviews: Interviews,
    theory: Theory | None = None,
    *,
    guide: pd.DataFrame | None = None,
    coder: Coder = None,
    wave: str | None = None,
    under: str | Code = "",
    of: str = "activity",
) -> Result:
    """Which pairs do what: every activity of the theory of change (or every code below one) with the pairs in which a half tells of it.

    An activity that nobody tells of has a row of zeros, and one that no code stands for is told as such: neither is left out.

    Args:
        codings, interviews, guide, coder, wave: as `pair_table`.
        theory: the theory of change; its elements of the level `of` are the rows. Without it, or with `under`, codes are.
        under: the code whose next level makes the rows.
        of: level of the theory: "activity", "input", "mechanism" …

    Returns:
        Result; .frame: activity (id of the element, or code path), codes (how many stand for it), assessed (pairs where both halves
        could raise it), pairs (where a half affirms it), both_sides. Part "pairs": pair, activity, told ("both", a half, "none").
        Absent where no pair has both halves.

    Raises:
        AnalysisError: no transcripts, or an unknown code, coder or wave.

    Example:
        >>> import vvvresearch as vvv
        >>> r = vvv.open_round("demo")
        >>> found = r.pair_activities(under="Aktiviteter")
        >>> int(found.frame["pairs"].max()), len(found["pairs"])
        (12, 132)
    """
    table = pair_table(codings, interviews, guide=guide, coder=coder, wave=wave)
    title = Phrase("themes.activities_title")
    if not table:
        return Result.missing(Phrase("absent.pairs"), title=title)
    halves = interviews.halves
    codes, words = _activities(codings, theory, str(under), of)
    said = table["pairs"].frame
    rows: list[dict[str, Any]] = []
    each: list[dict[str, Any]] = []
    everybody = sorted(set(said["pair"]))
    for activity, paths in codes.items():
        own = said[said["code_path"].isin(paths)]
        by_pair = dict(iter(own.groupby("pair", sort=False)))
        told = {}
        for pair in everybody:
            part = by_pair.get(pair)
            asked = part is not None and bool((part["outcome"] != "").any())
            sides = [half for half in halves if part is not None and (part[half] == "affirmed").any()]
            told[pair] = "both" if len(sides) == 2 else sides[0] if sides else "none" if asked else ""
        each += [{"pair": pair, "activity": activity, "told": value} for pair, value in told.items() if value]
        known = [value for value in told.values() if value]
        rows.append(
            {
                "activity": activity,
                "codes": len(paths),
                "assessed": len(known),
                "pairs": sum(value != "none" for value in known),
                "both_sides": known.count("both"),
            }
        )
    frame = pd.DataFrame(rows, columns=["activity", "codes", "assessed", "pairs", "both_sides"])
    uncoded = [words.get(activity, activity) for activity, paths in codes.items() if not paths]
    notes = [Phrase("themes.activities_note"), coder_note(coder)]
    if uncoded:
        notes.append(Phrase("themes.activities_uncoded", {"n": len(uncoded)}))
    activity_column = CodeName("activity", Phrase("themes.activity")) if not words else Column("activity", Phrase("themes.activity"))
    labels = {"activity": Labels(words)} if words else {}
    base = Base(len(everybody), "pair", wave=table.base.wave, source=codings.origin)
    told_words = {"both": Phrase("themes.both_sides"), "none": Phrase("themes.neither")}
    told_words |= {half: Phrase(f"groups.{half}") for half in halves}
    return Result(
        frame=frame,
        base=base,
        title=title,
        notes=tuple(notes),
        shows=(
            activity_column,
            Column("pairs", Phrase("themes.pairs_telling"), "count"),
            Column("both_sides", Phrase("themes.both_sides"), "count"),
            Column("assessed", Phrase("themes.pairs_assessed"), "count"),
        ),
        kind=codings.kind,
        at="activities" + setting_names(coder=coder, wave=wave),
        keys=("activity",),
        measures=(
            Measure("pairs", of="assessed", unit="pair"),
            Measure("both_sides", of="assessed", unit="pair"),
            Measure("assessed", of="", unit="pair"),
        ),
        labels=labels,
        parts={
            "pairs": Result(
                frame=pd.DataFrame(each, columns=["pair", "activity", "told"]),
                base=base,
                title=title,
                shows=(Column("activity", Phrase("themes.activity")), Column("told", Phrase("themes.told"))),
                beside="pair",
                keys=("activity", "pair"),
                kind=codings.kind,
                labels=labels | {"told": Labels(told_words)},
            )
        },
    )


def _activities(codings: Codings, theory: Theory | None, under: str, of: str) -> tuple[dict[str, list[str]], dict[str, Any]]:
    """Every row with the codes that stand for it, and its words."""
    paths = codings.codebook.paths
    if theory is not None and not under:
        elements = [element for element in theory.elements if element.level == of]
        codes = {one.id: [path for path in paths if path in one.codes] for one in elements}
        return codes, {one.id: one.label for one in elements}
    under = codings.codebook.named(under) if under else ""
    level = len(under.split(SEPARATOR)) + 1 if under else 1
    chosen = [path for path in paths if codings.codebook.level(path) == level and (not under or path.startswith(under + SEPARATOR))]
    return {path: [path] for path in chosen}, {}
