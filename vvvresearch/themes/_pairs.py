"""Both halves of a match side by side, and themes told twice: who raises one, who denies it, where they differ."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

import pandas as pd

from vvvresearch.evidence import waves_in_order
from vvvresearch.locales import Phrase
from vvvresearch.results import Base, Column, Labels, Measure, Result, Total, recorded
from vvvresearch.statistics.exact_tests import mcnemar
from vvvresearch.statistics.multiplicity import adjust, agreeing, alpha_of_family, deciding_alpha
from vvvresearch.statistics.overlap import Pairs, change_interval
from vvvresearch.statistics.power import least_detectable_gap
from vvvresearch.themes._coders import Coder, coder_note, setting_names
from vvvresearch.themes._codes import Code, CodeName, chosen_paths
from vvvresearch.themes._states import AFFIRMED, CONTRADICTED, NOT_ASKED, NOT_CODED, NOT_RAISED, interview_states

if TYPE_CHECKING:
    from vvvresearch.evidence import Codings, Interviews

_WEAKEST_FIRST = (NOT_ASKED, NOT_RAISED, CONTRADICTED, AFFIRMED)


@recorded
def pair_table(
    codings: Codings,
    interviews: Interviews,
    *,
    guide: pd.DataFrame | None = None,
    coder: Coder = None,
    wave: str | None = None,
    under: str | Code = "",
    depth: int | None = None,
) -> Result:
    """For each theme: in how many pairs it stands with both halves, one, or neither, and where they disagree.

    The halves of a pair are the two groups that the register names: refugee and volunteer. A pair counts once: several interviews
    of one half, also over waves, count together, affirming before contradicting before silence; `wave` looks at one wave. A half
    that was not asked about a theme leaves the pair out of that theme's count; one that was not interviewed and coded leaves it
    out altogether.

    Args:
        codings, interviews, guide, coder, wave: as `theme_table`.
        under: only this theme and those below it.
        depth: only the first levels of the tree.

    Returns:
        Result; .frame: code_path, pairs (assessed), both_sides, refugee_only, volunteer_only, disagree (one affirms, one
        contradicts), contradict_both (nobody affirms, at least one contradicts), neither. The part "pairs" has one row a pair and
        theme: pair, code_path, refugee, volunteer, outcome ("" where it is not assessed). Absent where no pair has both halves.

    Raises:
        AnalysisError: no transcripts, or an unknown code, coder or wave.

    Example:
        >>> import vvvresearch as vvv
        >>> r = vvv.open_round("demo")
        >>> table = r.pair_table(wave="1", under="Udbytte > Dansk", depth=2)
        >>> table.frame[["pairs", "both_sides", "disagree"]].iloc[0].tolist()
        [12, 5, 1]
    """
    paths = chosen_paths(codings.codebook, under, depth)
    states = interview_states(codings, interviews, guide=guide, coder=coder, wave=wave)
    halves = interviews.halves
    coded = states["respondent_group"].isin(halves) & (states["state"] != NOT_CODED)
    states = states[(states["pair"].fillna("") != "") & coded & states["code_path"].isin(paths)]
    rank = states["state"].map({state: number for number, state in enumerate(_WEAKEST_FIRST)})
    strongest = rank.groupby([states[name] for name in ("pair", "code_path", "respondent_group")], sort=False).max()
    sides = strongest.map(dict(enumerate(_WEAKEST_FIRST))).unstack("respondent_group").reindex(columns=list(halves))
    orphans = sorted({str(pair) for pair, _ in sides.index[sides.isna().any(axis=1)]})
    pairs = sides.dropna().reset_index()
    if pairs.empty:
        return Result.missing(Phrase("absent.pairs"), title=Phrase("themes.pair_title"))
    pairs.columns.name = None
    pairs["outcome"] = [_outcome(halves, said) for said in zip(*(pairs[half] for half in halves), strict=True)]
    outcomes = _outcomes(halves)
    words = {name: Phrase("themes.half_only", {"role": Phrase(f"roles.{half}")}) for name, half in zip(outcomes[1:3], halves, strict=True)}
    headings = {name: words.get(name) or Phrase(f"themes.{name}") for name in ("pairs", *outcomes)}
    assessed = pairs[pairs["outcome"] != ""]
    counts = pd.crosstab(assessed["code_path"], assessed["outcome"]).reindex(columns=list(outcomes), fill_value=0)
    counts = counts.loc[[path for path in paths if path in counts.index]]
    counts.insert(0, "pairs", counts.sum(axis=1))
    counts.columns.name = None
    notes: list[Phrase] = [Phrase("themes.pair_note"), coder_note(coder)]
    if orphans:
        notes.append(Phrase("themes.orphans", {"pairs": ", ".join(orphans)}))
    base = Base(pairs["pair"].nunique(), "pair", wave=wave or ", ".join(waves_in_order(states["wave"])), source=codings.origin)
    theme = CodeName("code_path", Phrase("themes.theme"))
    return Result(
        frame=counts.reset_index(),
        base=base,
        title=Phrase("themes.pair_title"),
        notes=tuple(notes),
        shows=(theme, *(Column(name, heading, "count") for name, heading in headings.items())),
        kind=codings.kind,
        at="pairs" + setting_names(coder=coder, wave=wave),
        keys=("code_path",),
        measures=tuple(Measure(name, of="pairs", label=heading) for name, heading in headings.items()),
        totals={"pairs": Total(base.n), "half_pairs": Total(len(orphans))},
        tree="code_path",
        parts={"pairs": _every_pair(pairs, theme, base, codings, halves, headings)},
    )


def _every_pair(
    pairs: pd.DataFrame, theme: Column, base: Base, codings: Codings, halves: tuple[str, str], headings: dict[str, Phrase]
) -> Result:
    sides = (Column(role, Phrase(f"groups.{role}"), words="themes") for role in halves)
    return Result(
        frame=pairs,
        base=base,
        title=Phrase("themes.pair_title"),
        shows=(Column("pair", Phrase("themes.pair")), theme, *sides, Column("outcome", Phrase("themes.outcome"))),
        kind=codings.kind,
        labels={"outcome": Labels(headings)},
        tree="code_path",
    )


def _outcomes(halves: tuple[str, str]) -> tuple[str, ...]:
    return ("both_sides", *(f"{half}_only" for half in halves), "disagree", "contradict_both", "neither")


def _outcome(halves: tuple[str, str], said: tuple[str, str]) -> str:
    both = set(said)
    if NOT_ASKED in both:
        return ""
    if both == {AFFIRMED}:
        return "both_sides"
    if both == {AFFIRMED, CONTRADICTED}:
        return "disagree"
    if AFFIRMED in both:
        return f"{halves[said.index(AFFIRMED)]}_only"
    return "contradict_both" if CONTRADICTED in both else "neither"


def paired_rows(told: Mapping[str, Pairs], level: float) -> tuple[pd.DataFrame, int]:
    """What each theme's pairs of answers say, as one family of McNemar's exact tests.

    Args:
        told: theme → its pairs of answers.
        level: confidence level of the family.

    Returns:
        Frame, one row a theme: code_path, n, first, second, both, first_only, second_only, gap (share of the second less that of the
        first), lower, upper, level, p, p_adjusted, least_detectable (NaN where no gap would have been found); and how many tests were made.
    """
    tests = adjust([mcnemar(one.only_first, one.only_second).p_value for one in told.values()], "holm", "")
    rows = []
    for (path, pairs), p, adjusted in zip(told.items(), tests.raw, tests.adjusted, strict=True):
        n, first, second = pairs.n, pairs.both + pairs.only_first, pairs.both + pairs.only_second
        own_alpha = deciding_alpha(p, adjusted, 1 - level, tests.size)
        lower, upper = agreeing(change_interval(first, n, second, n, pairs, 1 - own_alpha), adjusted, 1 - level)
        rarer = min(pairs.only_first, pairs.only_second) / n
        least = least_detectable_gap(n, rarer, alpha_of_family(1 - level, tests.size, "holm"))
        gap = float(Fraction(second - first, n))
        seen = float("nan") if least is None else least
        rows.append(
            (path, n, first, second, pairs.both, pairs.only_first, pairs.only_second, gap, lower, upper, 1 - own_alpha, p, adjusted, seen)
        )
    return pd.DataFrame(rows, columns=_COLUMNS), tests.size


_COLUMNS = [
    "code_path", "n", "first", "second", "both", "first_only", "second_only", "gap", "lower", "upper", "level", "p", "p_adjusted",
    "least_detectable",
]  # fmt: skip
