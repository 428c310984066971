"""The rounds before this one: their waves, themes, goals and recommendations beside today's."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, ClassVar, cast

import pandas as pd

from vvvresearch.errors import RoundError
from vvvresearch.evidence import Words, timeless, waves_in_order, years_in
from vvvresearch.kinds import combined_kind
from vvvresearch.locales import LANGUAGES, Phrase, say
from vvvresearch.mechanisms import wave_changes
from vvvresearch.monitoring import follow_up, goal_trend
from vvvresearch.results import Result
from vvvresearch.rounds._binding import Supplier
from vvvresearch.themes import Code, CodedRound, theme_trend

if TYPE_CHECKING:
    from vvvresearch.evidence import Mappings
    from vvvresearch.rounds._round import Round


def _called(rounds: Sequence[Round]) -> dict[str, Words]:
    """What each round is called beside others: its title, or the year in it where nothing else tells the titles apart.

    Example:
        >>> import vvvresearch as vvv
        >>> demo = vvv.open_round("demo")
        >>> _called([*demo.earlier, demo])["demo"].da
        '2022'
    """
    titles = {one.id: one.spec.title for one in rounds}
    years = {name: [years_in(say(title, lang)) for lang in LANGUAGES] for name, title in titles.items()}
    alone = {name: found[0][0] for name, found in years.items() if all(len(own) == 1 and own == found[0] for own in found)}
    alike = len({timeless(say(title, lang)) for title in titles.values() for lang in LANGUAGES}) == len(LANGUAGES)
    if len(set(alone.values())) < len(titles) or not alike:
        return titles
    return {name: Words(da=year, en=year) for name, year in alone.items()}


def _side_by_side(mappings: Mapping[str, Mappings]) -> Mappings:
    """The mappings of two rounds as one, with the rounds for waves: of what a side of a pair told more than once the last.

    A side of a pair that only one of the rounds asked is left out, since what it did not say in the other is no change.
    """
    sides = ["case", "perspective"]
    # A case that was mapped once may have no wave.
    lasts = [own.links.groupby(sides)["wave"].agg(lambda told: (waves_in_order(told) or [""])[-1]) for own in mappings.values()]
    first, second = (last.index for last in lasts)
    apart = set(first.get_level_values("case")) ^ set(second.get_level_values("case"))
    parts: dict[str, list[pd.DataFrame]] = {"nodes": [], "links": []}
    for (name, own), last in zip(mappings.items(), lasts, strict=True):
        told = (
            last[last.index.isin(first.intersection(second)) | last.index.get_level_values("case").isin(apart)].rename("last").reset_index()
        )
        for table in ("nodes", "links"):
            rows = getattr(own, table).merge(told, on=sides)
            here = rows["wave"].fillna("").astype(str) == rows["last"]
            parts[table].append(rows[here].drop(columns="last").assign(wave=name))
    nodes, links = (pd.concat(rows, ignore_index=True) for rows in parts.values())
    kind = combined_kind(one.kind for one in mappings.values())
    return dataclasses.replace(list(mappings.values())[-1], nodes=nodes, links=links, kind=kind)


def _of_sides(changes: Result) -> Result:
    """Changes with the note that only sides asked in both rounds are compared."""
    note = Phrase("mechanisms.changes_sides")
    parts = {name: dataclasses.replace(part, notes=(*part.notes, note)) for name, part in changes.parts.items()}
    return dataclasses.replace(changes, notes=(*changes.notes, note), parts=parts)


class PreviousAnalyses(Supplier):
    """What a round has of itself and the rounds before it."""

    ROOTS: ClassVar[dict[str, Callable[[Any, str], Result | None]]] = {
        "theme-trend": lambda opened, _: opened._trends["theme"](),
        "goal-trend": lambda opened, _: opened._trends["goal"](),
        "follow-up": lambda opened, _: opened._trends["follow-up"](),
    }

    @cached_property
    def _trends(self) -> dict[str, Callable[[], Result]]:
        """What all rounds together tell, made once however many of its numbers prose names."""
        return {"theme": cache(self.theme_trend), "goal": cache(self.goal_trend), "follow-up": cache(self.follow_up)}

    @cached_property
    def previous(self) -> Round | None:
        """The round before this one, as the definition names it; None where it names none.

        Raises:
            RoundError: it is not in this workspace, or lies later than this round.
        """
        from vvvresearch.rounds._find import load_spec

        opened = cast("Round", self)
        if opened.spec.previous is None:
            return None
        try:
            spec = load_spec(opened.root, opened.spec.previous.round)
        except RoundError as problem:
            raise RoundError(f"the previous round: {problem.what}", where=opened.path, why=problem.why, todo=problem.todo) from None
        # Also keeps rounds from naming each other in a circle.
        if spec.period.end >= opened.spec.period.end:
            raise RoundError(
                f"the previous round {spec.id} does not end before this one",
                where=opened.path,
                why=f"it ends on {spec.period.end}, this one on {opened.spec.period.end}",
                todo="correct [previous] or the period",
            )
        before = type(opened)(spec, opened.root, opened.lang)
        before.later = opened
        return before

    @property
    def earlier(self) -> tuple[Round, ...]:
        """The rounds before this one, the oldest first."""
        before = self.previous
        return () if before is None else (*before.earlier, before)

    @cached_property
    def earlier_surveys(self) -> dict[str, Round]:
        """The ids of the surveys of the rounds before this one, each with its round: none is read before it is asked for.

        Raises:
            RoundError: a survey of this round has the id of an earlier one, so that an address would mean two numbers.
        """
        opened = cast("Round", self)
        known = set(opened.surveys.own)
        found: dict[str, Round] = {}
        for before in reversed(self.earlier):
            if double := sorted(known & set(before.surveys.own)):
                raise RoundError(
                    f"the survey {double[0]} stands in this round and in an earlier one ({before.id})",
                    where=opened.path,
                    why="the address of a number would mean two",
                    todo=f"give each wave an id of its own, for example {double[0]}-{opened.spec.period.end.year}",
                )
            known |= set(before.surveys.own)
            found |= dict.fromkeys(before.surveys.own, before)
        return found

    def theme_trend(self, *, under: str | Code = "", depth: int | None = None, group: str | Sequence[str] = "") -> Result:
        """Each theme in this round's interviews and in those of the rounds before it, under this round's codebook.

        Args:
            under: only this theme and those below it.
            depth: only the first levels of the tree.
            group: only one respondent group's interviews, or those of several.

        Returns:
            Result of `vvvresearch.themes.theme_trend`; absent without an earlier round that has coded interviews.
        """
        opened = cast("Round", self)
        coded = [one for one in (*self.earlier, opened) if one.has("codings") and one.has("interviews")]
        if not opened.has("codings") or len(coded) < 2:
            return self.absent(Phrase("absent.codings" if not opened.has("codings") else "absent.earlier_codings"))
        called = _called(coded)
        rounds = {
            one.id: CodedRound(
                one.codings,
                one.interviews,
                guide=one.rows_of("guide"),
                coder=one.coder_rule,
                changes=one.rows_of("codebook_changes"),
                label=called[one.id],
            )
            for one in coded
        }
        return cast(Result, self.finish(lambda: theme_trend(rounds, under=under, depth=depth, group=group)))

    def map_changes(self) -> Result:
        """What changed in the maps of pairs that the round before mapped too: what each side told last then beside what it told last now.

        Returns:
            Result of `vvvresearch.mechanisms.wave_changes` with the rounds' ids for waves, of sides that told in both rounds; absent
            where there are none.
        """
        opened = cast("Round", self)
        before = next((one for one in reversed(self.earlier) if one.has("mappings")), None)
        if before is None or not opened.has("mappings"):
            return self.absent(Phrase("absent.earlier_mappings" if opened.has("mappings") else "absent.mappings"))
        both = _side_by_side({one.id: one.mappings for one in (before, opened)})
        if set(both.links["wave"]) != {before.id, opened.id}:
            return self.absent(Phrase("mapping_tables.never_twice"))
        changes = cast(Result, self.finish(lambda: wave_changes(both, first=before.id, second=opened.id)))
        return changes if not changes else _of_sides(changes)

    def goal_trend(self) -> Result:
        """What was measured for each goal in this round and in those before it; absent without an earlier round with goals."""
        opened = cast("Round", self)
        rounds = {one.id: one for one in (*self.earlier, opened) if one.spec.goals}
        if not opened.spec.goals or len(rounds) < 2:
            return self.absent(Phrase("absent.goals" if not opened.spec.goals else "absent.earlier_goals"))
        titles = _called(list(rounds.values()))
        return cast(Result, self.finish(lambda: goal_trend({name: one.goals for name, one in rounds.items()}, titles)))

    def follow_up(self) -> Result:
        """What became of the recommendations of earlier rounds, as the latest round that looked has it; absent where there are none."""
        opened = cast("Round", self)
        tables = {one.id: table for one in (*self.earlier, opened) if (table := one.rows_of("recommendations")) is not None}
        if not set(tables) - {opened.id}:
            return self.absent(Phrase("absent.earlier_recommendations"))
        titles = {one.id: one.spec.title for one in (*self.earlier, opened)}
        return cast(Result, self.finish(lambda: follow_up(tables, opened.id, titles, kind=opened.kind)))
