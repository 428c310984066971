"""The families of tests of a round told together: what of all its tables may stand in one summary."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd

from vvvresearch.locales import Phrase, Written
from vvvresearch.results import Base, Column, Labels, Measure, Result, Total, address_part, join_address
from vvvresearch.rounds._binding import Supplier
from vvvresearch.statistics.multiplicity import level_of_families, rejected

if TYPE_CHECKING:
    from vvvresearch.rounds._spec import RoundSpec

ALPHA = 0.05


class FamilyAnalyses(Supplier):
    """What a round tests, table by table, and the level that its tables share."""

    if TYPE_CHECKING:
        spec: RoundSpec

    ROOTS: ClassVar[dict[str, Callable[[Any, str], Result | None]]] = {"families": lambda opened, _: opened.families()}

    def families(self) -> Result:
        """Every table of tests that the round's definition calls for, and which of their rows may be told together.

        Each table is one family, whose p-values are adjusted among themselves: by itself it says something false in at most one
        case of twenty. A summary tells of all tables, so they share a level, which depends on all of them and on no order: what is
        told in a summary has an adjusted p of at most that level. The definition calls for every comparable pair of surveys, the
        cross-tables, the declared attributes of interviewees, the gaps between the halves of pairs, codes that occur together, and
        the traits that go with each outcome.

        Returns:
            Result; `.frame`: family (root of its addresses), tests, smallest (adjusted p), told (rows told together). Total `level`
            decides. Part "rows": family, row (its address), p_adjusted, told. Absent where nothing is tested.

        Source: Benjamini and Bogomolov 2014.

        Example:
            >>> import vvvresearch as vvv
            >>> found = vvv.open_round("demo").families()
            >>> len(found), found.cell("level").say("en")
            (11, '0.45%')
        """
        found: Result = self._families
        return found

    def finish(self, call: Callable[[], Any]) -> Any:
        """A table of tests in which something is decided says that this holds for the table by itself."""
        found = super().finish(call)
        if not isinstance(found, Result) or found.absent or "p_adjusted" not in found.frame:
            return found
        decided = any(rejected(p, ALPHA) for p in found.frame["p_adjusted"].astype(float))
        return replace(found, notes=(*found.notes, Phrase("comparing.by_itself"))) if decided else found

    def may_be_told(self, p_adjusted: float) -> bool:
        """Whether a row of a table of tests may be told in a summary, by the level that the round's tables share.

        Args:
            p_adjusted: of the row, in its own table.
        """
        return rejected(p_adjusted, ALPHA) and rejected(p_adjusted, self.families().totals["level"].value)

    @cached_property
    def _families(self) -> Result:
        tables = list(_tables(self))
        if not tables:
            return self.absent(Phrase("absent.tests"))
        made: Result = self.finish(lambda: told_together(tables))
        return made


def _tables(opened: Any) -> Iterator[Result]:
    """What the definition calls for; a table that the data forbid, or that tests nothing, is left out."""
    yield from _tested(opened.compare(pair) for pair in opened.comparable())
    yield from _tested([opened.crosses()])
    if opened.has("codings") and opened.has("interviews") and not (opened.lacks("codings") or opened.lacks("interviews")):
        yield from _tested(opened.crosstab(attribute) for attribute in opened.spec.themes.attributes)
        yield from _tested([opened.pair_gaps(), opened.theme_changes(), opened.cooccurrence()])
    yield from _tested(opened.moderators(outcome) for outcome in opened.outcomes)


def _tested(tables: Iterable[Result]) -> Iterator[Result]:
    return (table for table in tables if table and "p_adjusted" in table.frame and table.frame["p_adjusted"].notna().any())


def told_together(tables: Iterable[Result], alpha: float = ALPHA) -> Result:
    """Which rows of several tables of tests may be told in one summary.

    Args:
        tables: results with a column p_adjusted, each one family.
        alpha: the level of the whole.

    Returns:
        Result of `Round.families`.
    """
    named = {table.at: table for table in tables}
    tests = {name: table.frame[table.frame["p_adjusted"].notna()] for name, table in named.items()}
    adjusted = {name: list(own["p_adjusted"].astype(float)) for name, own in tests.items()}
    # Where no family is chosen no row of any has a p so small, so this says the same as a level of nothing.
    level = max(level_of_families(list(adjusted.values()), alpha), alpha / max(len(named), 1))
    rows = [
        {"family": name, "row": join_address([name, *map(address_part, map(str, keys))]), "p_adjusted": p, "told": rejected(p, level)}
        for name, own in tests.items()
        for keys, p in zip(own[list(named[name].keys)].itertuples(index=False), adjusted[name], strict=True)
    ]
    told = pd.DataFrame(rows)
    frame = pd.DataFrame(
        {"family": name, "tests": len(own), "smallest": min(own), "told": sum(rejected(p, level) for p in own)}
        for name, own in adjusted.items()
    )
    shown = (Column("family", Phrase("comparing.family_of")), Column("p_adjusted", Phrase("comparing.p_adjusted"), "p"))
    labels = {"family": Labels({name: table.title or name for name, table in named.items()})}
    base = Base(len(frame), "table")
    return Result(
        frame=frame,
        base=base,
        title=Phrase("comparing.together_title"),
        notes=(Phrase("comparing.together_note", {"families": len(frame), "level": Written(100 * level, "percent", 2)}),),
        shows=(
            shown[0],
            Column("tests", Phrase("comparing.tests"), "count"),
            Column("smallest", Phrase("comparing.smallest_p"), "p"),
            Column("told", Phrase("comparing.told"), "count"),
        ),
        at="families",
        keys=("family",),
        measures=(Measure("tests", of=""), Measure("smallest", "p", of=""), Measure("told", of="tests")),
        labels=labels,
        totals={"level": Total(level, format="share", decimals=2)},
        parts={"rows": Result(frame=told, base=base, shows=shown, labels=labels)},
    )
