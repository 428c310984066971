"""What a round has of goals, presence, volume, courses, its data basis and what was published, and the roots of their numbers."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, cast

import pandas as pd

from vvvresearch.evidence import Goals, Register, Survey
from vvvresearch.intake import told_numbers, told_values
from vvvresearch.kinds import combined_kind
from vvvresearch.locales import Phrase, text
from vvvresearch.monitoring import (
    activities,
    agreements,
    broken_off,
    campaigns,
    column_sums,
    context_figures,
    context_table,
    course_table,
    data_basis,
    deviation_table,
    duration,
    ended_by_reason,
    endings,
    funnel,
    goal_status,
    housing_areas,
    interview_table,
    materials,
    municipality_index,
    municipality_sheet,
    own_reasons,
    presence,
    presence_facts,
    referrals,
    scenario,
    snapshots,
    statements,
    transitions,
    volume,
    volunteers,
    waiting,
    with_reasons,
)
from vvvresearch.published import check_published, published_comparison, published_facts, published_values
from vvvresearch.results import Result, address_part, folded
from vvvresearch.rounds._binding import Bound, BoundCall, Supplier, bound

if TYPE_CHECKING:
    from vvvresearch.rounds._round import Round


class ScenarioCall(BoundCall):
    """A scenario of what the round has: extracts, a register of matches, or both."""

    def ask(self, given: dict[str, Any]) -> Any:
        """The scenario; absent where the round has nothing to start from."""
        known = [name for name in ("monitoring", "matches", "counts") if name in given or self._round.lacks(name) is None]
        return super().ask(given) if known else self._round.absent(Phrase("absent.monitoring"))


class SumsCall(BoundCall):
    """The sums of a table of the round's own, given by the id of its source."""

    def ask(self, given: dict[str, Any]) -> Any:
        """The sums of a register of one's own, or of the numbers that a survey has of several times; absent where it has none."""
        from vvvresearch.rounds._measures import rows_of

        name = given.get("numbers")
        if not isinstance(name, str | Register | Survey):
            return super().ask(given)
        opened, table = self._round, self._round.read(name) if isinstance(name, str) else name
        known = {source.id: source for source in opened.spec.sources}
        source = known[str(name if isinstance(name, str) else getattr(name, "source", ""))]
        frame = rows_of(opened, table) if isinstance(table, Register) else _numbers_of(table)
        of_places = "municipality" in frame
        period = opened.spec.period
        year = str(period.end.year) if period.start.year == period.end.year else ""
        numbers = told_numbers(frame, "municipality" if of_places else "respondent", year)
        if isinstance(table, Survey) and numbers["period"].nunique() < 2:
            return opened.absent(Phrase("absent.numbers"))
        told = {"at": source.id, "title": source.title, "kind": table.kind, "unit": "municipality" if of_places else "unit"}
        # What one of those asked answered is no number for itself.
        own = {"values": told_values(frame)} if isinstance(table, Register) else {"by_unit": False}
        return super().ask(told | own | given | {"numbers": numbers})


def _numbers_of(survey: Survey) -> pd.DataFrame:
    """The numbers of a survey under the words of their questions, beside who answered."""
    items = [item for item in survey.questionnaire.items if item.type == "number"] if survey.questionnaire is not None else []
    held = {item.text.da: survey.answers[item.id] for item in items if item.id in survey.answers}
    asked = survey.questionnaire.frame.unit if survey.questionnaire is not None else ""
    return pd.DataFrame(held).rename_axis("municipality" if asked == "municipality" else "respondent").reset_index()


def _sums_at(opened: Round, address: str) -> Result | None:
    """The sums of the table whose id an address begins with."""
    root = re.split(r"[./]", address, maxsplit=1)[0]
    there = any(source.id == root and source.type in ("register", "survey") for source in opened.spec.sources)
    parts = address.partition(".")[0].split("/")[1:]
    if not there or parts not in (["sums"], ["sums", "units"], ["sums", "quarters"], ["values"]):
        return None
    found: Result = opened.column_sums(root)
    return found if parts == ["sums"] else found.parts.get(parts[-1]) or (found if found.at == f"{root}/values" else None)


def _under_ended(opened: Round, address: str) -> Result:
    """The table of endings that holds an address: its base and the reasons counted together stand in it."""
    root, _, rest = address.partition(".")
    # A reason of the register's own may have a stroke in it.
    whole = rest.split(".")[0]
    own = own_reasons(with_reasons(opened.matches)[0]) if opened.has("matches") else []
    reasons = () if whole in {folded(address_part(one)) for one in own} else tuple(whole.split("/"))
    told = dict(part.split("-", 1) for part in root.split("/")[1:] if "-" in part)
    return opened.ended_by_reason(of=told.get("of", "ended"), together=reasons if len(reasons) > 1 else (), year=told.get("in", ""))


def _counted_matches(opened: Round, address: str) -> Result:
    """The table of matches that holds an address: that of all years, or of the part of one that is named."""
    part = re.match(r"matches\.[a-z]+-[a-z]+-(\d{4}-[^.]+)", address)
    return opened.match_volume([part[1].upper()]) if part else opened.match_volume()


def _split(opened: Round, address: str, analysis: str) -> Result | None:
    """An analysis by the column that its address names: `duration/by-organisation.…`."""
    column = address.partition(".")[0].partition("/by-")[2]
    if not column:
        return cast(Result, getattr(opened, analysis)())
    names = [*(opened.matches.frame.columns if opened.has("matches") else ()), *opened.municipalities.columns]
    by = next((str(name) for name in names if address_part(name) == column), column)
    return cast(Result, getattr(opened, analysis)(by=by))


# Registers that are supplied by the name of their type.
_RECORDS = ("agreements", "snapshots", "volunteers", "campaigns", "activities", "materials", "housing_areas")


def _evidence(name: str) -> Callable[[Any], Any]:
    return lambda opened: opened.evidence_of(name)


def _offers(opened: Round) -> Any:
    return opened.evidence_of("offers") if opened.has("offers") else opened.matches


def _targets(opened: Round) -> dict[str, float]:
    """What goals want at the end of municipalities and of people, where the goal is a number to reach."""
    stock = [one for one in opened.spec.goals if one.type == "number" and one.direction == "at_least" and one.measure == "stock"]
    return {goal.unit: goal.target for goal in stock if goal.target is not None and goal.unit in ("municipality", *_PEOPLE)}


_GROUPS = ("organisation", "municipality_type", "arrival_group", "match_type")
_MOST_GROUPS = 12
_PEOPLE = ("person", "participant", "match")


class MonitoringAnalyses(Supplier):
    """Goals, presence, volume, courses, data basis and published figures of a round."""

    SUPPLIES: ClassVar[dict[str, tuple[str, Callable[[Any], Any]]]] = {
        "goals": ("", lambda opened: opened.goals),
        "monitoring": ("", lambda opened: opened.monitoring if opened.has("monitoring") else opened.published),
        "counts": ("", lambda opened: opened.counts if opened.has("counts") else opened.matches),
        "yearly": ("counts", lambda opened: opened.counts),
        "matches": ("matches", lambda opened: opened.matches),
        "categories": ("", lambda opened: opened.evidence_of("categories") if opened.has("categories") else opened.monitoring),
        "offers": ("", _offers),
        "referred": ("", lambda opened: opened.evidence_of("referrals") if opened.has("referrals") else opened.matches),
        **{name: (name, _evidence(name)) for name in _RECORDS},
        "context_figures": ("context", lambda opened: opened.evidence_of("context")),
        "on": ("", lambda opened: str(opened.spec.seen_until or opened.spec.period.end)),
        "target": ("", _targets),
        "courses": ("courses", lambda opened: opened.courses),
        "interviews": ("interviews", lambda opened: opened.interviews),
        "published": ("published", lambda opened: opened.published),
        "municipalities": ("", lambda opened: opened.municipalities),
        "recomputed": ("published", lambda opened: opened.recomputed()),
    }
    ROOTS: ClassVar[dict[str, Callable[[Any, str], Result | None]]] = {
        "goals": lambda opened, address: opened.goal_status(),
        "presence": lambda opened, address: opened.presence(),
        "counts": lambda opened, address: opened.volume(),
        "matches": _counted_matches,
        "ended": _under_ended,
        "duration": lambda opened, address: _split(opened, address, "duration"),
        "endings": lambda opened, address: _split(opened, address, "endings"),
        "broken_off": lambda opened, address: opened.broken_off(),
        "referrals": lambda opened, address: opened.referrals(),
        "funnel": lambda opened, address: opened.funnel(),
        "waiting": lambda opened, address: _split(opened, address, "waiting"),
        "transitions": lambda opened, address: opened.transitions(),
        "scenario": lambda opened, address: opened.scenario(),
        "agreements": lambda opened, address: opened.agreements(),
        "snapshots": lambda opened, address: opened.snapshots(),
        "volunteers": lambda opened, address: opened.volunteers(),
        "campaigns": lambda opened, address: opened.campaigns(),
        "activity_log": lambda opened, address: opened.activities(),
        "materials": lambda opened, address: opened.materials(),
        "housing_areas": lambda opened, address: opened.housing_areas(),
        "context_figures": lambda opened, address: opened.context_figures(),
        "courses": lambda opened, address: opened.course_table(),
        "municipality": lambda opened, address: opened.municipality_sheet(municipality=re.split(r"[/.]", address)[1]),
        "municipality_index": lambda opened, address: opened.municipality_index(),
        "interviews": lambda opened, address: opened.interview_table(),
        "sources": lambda opened, address: opened.data_basis(),
        "published": lambda opened, address: opened.published_values(),
        "fact": lambda opened, address: opened.published_facts(),
        "comparison": lambda opened, address: opened.published_comparison(),
        "consistency": lambda opened, address: opened.consistency(),
        "*": _sums_at,
    }

    goal_status = bound(goal_status, "goals")
    presence = bound(presence, "monitoring")
    municipality_sheet = bound(municipality_sheet, "monitoring", "municipalities")
    municipality_index = bound(municipality_index, "monitoring", "municipalities")
    # One analysis of the register, of the yearly counts, and of whichever of the two the round has.
    match_volume = bound(volume, "counts=matches")
    yearly_volume = bound(volume, "counts=yearly")
    volume = bound(volume, "counts")
    ended_by_reason = bound(ended_by_reason, "matches")
    duration = bound(duration, "matches")
    endings = bound(endings, "matches")
    broken_off = bound(broken_off, "matches")
    referrals = bound(referrals, "matches=referred")
    funnel = bound(funnel, "offers")
    waiting = bound(waiting, "offers")
    transitions = bound(transitions, "categories")
    column_sums: Bound[..., Result] = Bound(column_sums, {}, SumsCall)
    scenario: Bound[..., Result] = Bound(scenario, {}, ScenarioCall)
    agreements = bound(agreements, "register=agreements")
    snapshots = bound(snapshots, "register=snapshots")
    volunteers = bound(volunteers, "register=volunteers")
    campaigns = bound(campaigns, "register=campaigns")
    activities = bound(activities, "register=activities")
    materials = bound(materials, "register=materials")
    housing_areas = bound(housing_areas, "register=housing_areas")
    context_figures = bound(context_figures, "register=context_figures")
    course_table = bound(course_table, "courses")
    interview_table = bound(interview_table, "interviews")
    published_values = bound(published_values, "published")
    published_facts = bound(published_facts, "published")
    published_comparison = bound(published_comparison, "published", "recomputed")
    consistency = bound(check_published, "published")

    def lacks(self, name: str) -> Phrase | None:
        """Also: no goals; extracts that published facts stand in for; counts that the register of matches stands in for."""
        opened = cast("Round", self)
        if name == "goals":
            return None if opened.spec.goals else Phrase("absent.goals")
        if name == "monitoring":
            told = opened.has("monitoring") or (opened.has("published") and len(presence_facts(opened.published)) > 0)
            return None if told else Phrase("absent.monitoring")
        if name == "categories":
            told = opened.has("categories") or (opened.has("monitoring") and "municipality" in opened.monitoring.frame.columns)
            return None if told else Phrase("absent.categories")
        if name == "offers":
            told = opened.has("offers") or (opened.has("matches") and not {"referred", "offered"}.isdisjoint(opened.matches.frame.columns))
            return None if told else Phrase("absent.offers")
        if name == "referred":
            return None if opened.has("referrals") or opened.has("matches") else Phrase("absent.referrals")
        if name == "counts":
            return None if opened.has("counts") or opened.has("matches") else Phrase("absent.counts")
        return super().lacks(name)

    @cached_property
    def goals(self) -> Goals:
        """The success criteria with what was measured for them."""
        from vvvresearch.rounds._measures import measure_goals

        opened = cast("Round", self)
        measured = measure_goals(opened)
        kind = combined_kind(measured["kind"].dropna()) if measured["kind"].notna().any() else opened.kind
        titles = {source.id: source.title for source in opened.spec.sources}
        return Goals(opened.spec.goals, measured.drop(columns="kind"), opened.spec.interim, kind, titles, opened.lang)

    def match_groups(self) -> list[str]:
        """The columns by which the register of matches can be split: those known that tell at least two and at most twelve groups.

        Example:
            >>> import vvvresearch as vvv
            >>> vvv.open_round("demo").match_groups()
            ['organisation', 'arrival_group', 'match_type']
        """
        opened = cast("Round", self)
        frame = opened.rows_of("matches")
        known = [] if frame is None else [name for name in _GROUPS if name in frame.columns]
        return [name for name in known if frame is not None and 2 <= frame[name].replace("", None).nunique() <= _MOST_GROUPS]

    def overview(self) -> Result:
        """Every source with its rows, dates, data kind, content hash and what its reading lost.

        Returns:
            Result; frame source, type, rows, unit, kind, sha256 (first 12 digits), losses, problem. A source that cannot be read has
            its error in `problem`; the others are still shown.
        """
        from vvvresearch.rounds._overview import overview

        return self.finish(lambda: overview(cast("Round", self)))  # type: ignore[no-any-return]

    def data_basis(self) -> Result:
        """The methods table: every source with collector, n, dates and use."""
        from vvvresearch.rounds._overview import basis_rows

        opened = cast("Round", self)
        return self.finish(lambda: data_basis(basis_rows(opened), kind=opened.kind))  # type: ignore[no-any-return]

    def deviations(self) -> Result:
        """What was planned and done otherwise, each with its reason; absent where all was done as planned."""
        return self._declared("deviations", deviation_table)

    def context(self) -> Result:
        """What happened outside the programme; absent where nothing is declared."""
        return self._declared("context", context_table)

    def caveats(self) -> Result:
        """What a reader must bear in mind, as the definition declares it."""
        opened = cast("Round", self)
        if not opened.spec.caveats:
            return self.absent(Phrase("absent.caveats"))
        found = statements(list(opened.spec.caveats), Phrase("programme.caveats_title"), kind=opened.kind)
        return self.finish(lambda: found)  # type: ignore[no-any-return]

    def _declared(self, name: str, table: Callable[..., Result]) -> Result:
        opened = cast("Round", self)
        declared = getattr(opened.spec, name)
        if not declared:
            return self.absent(Phrase(f"absent.no_{name}"))
        rows = pd.DataFrame([dict(one) for one in declared])
        return self.finish(lambda: table(rows, kind=opened.kind))  # type: ignore[no-any-return]

    def subgroup_statement(self) -> str:
        """What the report says about the two target subgroups; it changes with the definition's switch."""
        opened = cast("Round", self)
        rule = text("rounds.subgroups_split" if opened.spec.subgroups.split else "rounds.subgroups_merged", opened.lang)
        return f"{rule} {opened.spec.subgroups.statement.say(opened.lang)}"

    def manual(self) -> str:
        """The evaluation manual as Markdown, written from the definition: it names every source, goal, deviation and caveat."""
        from vvvresearch.rounds._overview import write_manual

        return write_manual(cast("Round", self))

    def recomputed(self) -> pd.DataFrame:
        """Published values computed anew from this round's answers and registers: figure, key, count, base, percent, method."""
        from vvvresearch.rounds._recompute import recompute

        return recompute(cast("Round", self))
