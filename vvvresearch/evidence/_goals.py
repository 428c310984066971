"""Success criteria: what each goal means, how it is measured and who judged it, never the measured values alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from vvvresearch.errors import AnalysisError, UnknownNameError, did_you_mean
from vvvresearch.evidence._questionnaire import Words
from vvvresearch.idioms import idiom, is_idiom
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Sayable

if TYPE_CHECKING:
    import pandas as pd

# What is taken -> the fields that say more about it.
FORMS: dict[str, tuple[str, ...]] = {
    "cell": ("where",),
    "presence": ("extract",),
    "matches": ("unit", "reason_class", "of", "year", "where"),
    "survey": ("item", "answers", "of", "where"),
    "rows": ("column", "values", "where"),
    "courses": ("year",),
}


class Taken(BaseModel):
    """One number of the round. Exactly one of `cell`, `presence`, `matches`, `survey`, `rows` and `courses` is given."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    cell: str = Field("", description='any number by its address: "municipal-2021.refers.yes.share"')
    presence: str = Field("", description="a status of the monitoring extracts; how many municipalities have it")
    extract: str = Field("", description="the extract; default the latest")
    matches: Literal["", "active", "started", "ended", "ever"] = Field("", description="matches of the register")
    reason_class: tuple[str, ...] = Field((), description="of ended matches only those that ended for these reasons")
    of: str = Field("", description="of what: answered, asked or valid (a survey); ended, ended_known or started (matches)")
    unit: Literal["", "match", "person", "volunteer"] = Field("", description="what of the register is counted; default matches")
    year: str = Field("", description="when: 2024, 2024-H2, 2024-Q3, 2024-06; default what the goal says, else the register's last year")
    survey: str = Field("", description="id of the source")
    item: str = ""
    answers: tuple[str, ...] = Field((), description="codes of the answers that count, everybody once")
    rows: str = Field("", description="id of a source with rows, a table or a register; how many have one of the values")
    column: str = ""
    values: tuple[str, ...] = Field((), description="values of the column that count, however they are spelled")
    where: dict[str, str] = Field({}, description='only those with these values: { district = "North" }')
    courses: str = Field("", description="a total of the course register: rows, participants, workshops, …")

    @model_validator(mode="before")
    @classmethod
    def _one_word_is_a_list_of_one(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        single = {name: (value[name],) for name in ("reason_class", "answers", "values") if isinstance(value.get(name), str)}
        return value | single

    @model_validator(mode="after")
    def _is_one_form(self) -> Self:
        given = [name for name in FORMS if getattr(self, name)]
        if len(given) != 1:
            raise ValueError(f"a number is taken by one of {', '.join(FORMS)}, not by {', '.join(given) or 'none of them'}")
        form = given[0]
        stray = [name for name in self.model_fields_set if getattr(self, name) and name != form and name not in FORMS[form]]
        if stray:
            raise ValueError(f"{stray[0]!r} does not belong to {form!r}; {did_you_mean(stray[0], FORMS[form])}")
        if form == "survey" and not (self.item and self.answers):
            raise ValueError("a survey's number needs item and answers")
        if form == "rows" and not (self.column and self.values):
            raise ValueError("a number of rows needs column and values")
        return self

    @property
    def form(self) -> str:
        """Which of the six it is."""
        return next(name for name in FORMS if getattr(self, name))


GOAL_STATUSES = (
    "realised",
    "partly_realised",
    "not_realised",
    "on_track",
    "short_by",
    "at_risk",
    "reconsidered",
    "depends",
    "no_data",
    "qualitative",
)
LONGEST_NAME = 35
MEASURED_COLUMNS = ("goal", "reading", "value", "count", "base", "planned", "source", "measure", "lacking")
Amount = Literal["", "stock", "flow", "total", "share"]
GoalStatus = Literal["realised", "partly_realised", "not_realised", "on_track", "short_by", "at_risk", "reconsidered", "no_data"]
GoalUnit = Literal["person", "match", "municipality", "group", "leader", "participant", "area", "course", "programme", "value"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class Reading(_Strict):
    """One way to measure a goal. `evidence`: direct measures the goal as defined; proxy measures something near it on
    the same scale; indirect only bears on it and never decides the status."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    label: Words = Field(description="what is counted, in a few words")
    evidence: Literal["direct", "proxy", "indirect"] = "direct"
    measure: Amount = Field("", description="what the number is where its source does not say; or a table: which number it is")
    taken: Taken | None = Field(None, description="which number of the round; written as cell = or measure = { … }; none: not measured")
    planned: Taken | None = Field(None, description="what is planned and would be added if it succeeds: an address")
    as_of: str = Field("", description="the date or period the number stands for")
    note: Words | None = Field(None, description="what keeps this number from being the goal's own")

    @model_validator(mode="before")
    @classmethod
    def _says_what_is_taken(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        given = dict(value)
        ways = [{"cell": given.pop("cell")}] if "cell" in given else []
        if isinstance(given.get("measure"), dict):
            ways.append(given.pop("measure"))
        if len(ways) + ("taken" in given) > 1:
            raise ValueError("a reading takes one number: write cell or measure, not both")
        if ways:
            given["taken"] = ways[0]
        if isinstance(given.get("planned"), str):
            given["planned"] = {"cell": given["planned"]}
        return given


class Override(_Strict):
    """A status set by people instead of the rule; the reason is mandatory."""

    status: GoalStatus
    reason: Words
    by: str = Field(min_length=1, description="who judged")
    place: str = Field("", description="document and lines, or the minutes of a meeting")

    @field_validator("status", mode="before")
    @classmethod
    def _as_written(cls, value: Any) -> Any:
        """The status as the programme's documents write it: "Partly realised" is "partly_realised"."""
        return re.sub(r"[\s-]+", "_", value.strip().casefold()) if isinstance(value, str) else value


class Goal(_Strict):
    """One success criterion."""

    if not TYPE_CHECKING:  # a type checker knows what there is

        def __getattr__(self, name: str) -> Any:
            if name in ("status", "measured", "value", "result", "reached"):
                raise UnknownNameError(f"a goal says what is asked; what was measured of it: r.goal_status()[{self.id!r}]")
            return super().__getattr__(name)

    id: Annotated[str, Field(pattern=r"^[A-Z][A-Za-z0-9-]*$")]
    definition: Words
    short: Words | None = Field(None, description="a name of at most 35 characters, for the first page")
    unit: str = Field(
        pattern=r"^[a-z][a-z0-9_]*$",
        description="unit of analysis, one of the usual ones or of the programme's [units]; mandatory, since leaders and groups differ",
    )
    numerator: Words | None = None
    denominator: Words | None = None
    population: int | None = Field(None, ge=1, description="all whom a percentage is about, where not all of them were heard")
    measure: Amount = Field("", description="what the goal is about; default a share or a stock; or a table: the one number it has")
    type: Literal["number", "percent", "qualitative"]
    target: float | None = None
    direction: Literal["at_least", "at_most", "below"] = "at_least"
    as_of: str = Field("", description="when the target is to be reached")
    part_of: Words | None = Field(None, description="criteria that are graded together carry the same words")
    readings: tuple[Reading, ...] = ()
    override: Override | None = None
    evidence: Words | None = Field(None, description="the evidence statement of a qualitative goal")
    place: str = Field("", description="where the document states the goal")

    @model_validator(mode="before")
    @classmethod
    def _measures_itself(cls, value: Any) -> Any:
        """A goal with one number needs no list of readings."""
        if not isinstance(value, dict):
            return value
        given = dict(value)
        taken = given.get("measure")
        if isinstance(taken, dict):
            if given.get("readings"):
                raise ValueError(f"{given.get('id')}: the number stands in measure or in readings, not in both")
            given |= {"measure": "", "readings": [{"id": "measured", "label": given.get("definition"), "taken": taken}]}
        elif not taken:
            given["measure"] = "share" if given.get("type") == "percent" else "stock"
        return given

    @model_validator(mode="after")
    def _holds_together(self) -> Goal:
        if self.id.casefold() in ("count", "total"):
            raise ValueError(f"{self.id}: the word has a meaning of its own in addresses; give the goal another id")
        for name in (self.short.da, self.short.en) if self.short else ():
            if len(name) > LONGEST_NAME:
                raise ValueError(
                    f"{self.id}: the short name {name!r} has {len(name)} characters; at most {LONGEST_NAME} fit the first page"
                )
        if self.type == "qualitative":
            if self.target is not None:
                raise ValueError(f"{self.id}: a qualitative goal has no numeric target")
            if self.evidence is None:
                raise ValueError(f"{self.id}: a qualitative goal needs an evidence statement")
        elif self.target is None:
            raise ValueError(f"{self.id}: a {self.type} goal needs a target")
        if self.type == "percent" and self.target is not None and not 0 <= self.target <= 100:
            raise ValueError(f"{self.id}: a percentage target lies between 0 and 100")
        if self.population is not None and self.type != "percent":
            raise ValueError(f"{self.id}: a population belongs to a percentage")
        names = [reading.id for reading in self.readings]
        if len(set(names)) != len(names):
            raise ValueError(f"{self.id}: a reading stands twice")
        if self.override is not None and not (self.override.reason.da.strip() and self.override.reason.en.strip()):
            raise ValueError(f"{self.id}: an override needs a reason")
        return self


@dataclass(frozen=True)
class Goals:
    """A round's goals with what was measured for them.

    Args:
        goals: the definitions.
        measured: one row a reading, `MEASURED_COLUMNS`: value (number, or percentage as an exact fraction of count and
            base), count and base where the value is a share, planned what would be added, source (id), measure (what the number
            is: "stock", "flow", "total", "share"; "" where its source does not say), lacking (the sentence that says which source
            the round does not have).
        interim: whether the round is a note or midterm, so that goals may still be reached.
        kind: the kind of the data the measured values rest on.
        sources: what the sources are called.
        lang: the language of the round that they are of.
    """

    goals: tuple[Goal, ...]
    measured: pd.DataFrame
    interim: bool = True
    kind: DataKind = field(default=DataKind.REAL)
    sources: Mapping[str, str | Sayable] = field(default_factory=dict)
    lang: str = ""

    def __getitem__(self, name: str) -> Goal:
        """The goal of an id.

        Raises:
            AnalysisError: no such goal.
        """
        for goal in self.goals:
            if goal.id == name:
                return goal
        raise AnalysisError(f"there is no goal {name!r}", where="goals[…]", todo=did_you_mean(str(name), [goal.id for goal in self.goals]))

    def __call__(self, name: str = "", /, **values: Any) -> Any:
        """How they all stand, or those of which something holds (`status="not reached"`); the one of an id as it is defined."""
        import vvvresearch

        if name:
            return self[name]
        status = vvvresearch.goal_status(self)
        return (status.in_language(self.lang) if self.lang else status).where(**values)

    def _ipython_key_completions_(self) -> list[str]:
        return [goal.id for goal in self.goals]

    @property
    def frame(self) -> pd.DataFrame:
        """One row a goal, as it is defined."""
        import pandas as pd

        told = ("id", "unit", "measure", "type", "target", "direction", "as_of")
        rows = [{**{name: getattr(one, name) for name in told}, "da": one.definition.da, "en": one.definition.en} for one in self.goals]
        return pd.DataFrame(rows, columns=[*told, "da", "en"])

    if not TYPE_CHECKING:  # a type checker knows what there is

        def __getattr__(self, name: str) -> Any:
            if name.startswith("_") or name in ("goals", "measured", "interim", "kind", "sources", "lang"):
                raise AttributeError(name)
            frame = self.frame
            if is_idiom(frame, name):
                return idiom(frame, name, {"definition": "da"}.get)
            raise UnknownNameError(
                f"goals have no {name!r}; what was measured of them is r.goal_status(); {did_you_mean(name, frame.columns)}"
            )

    def __repr__(self) -> str:
        return f"Goals({len(self.goals)}: {', '.join(one.id for one in self.goals)})"[:400]

    def _repr_html_(self) -> str:
        return self.frame.to_html(index=False, escape=True)

    def __len__(self) -> int:
        return len(self.goals)

    def __iter__(self):  # type: ignore[no-untyped-def]
        return iter(self.goals)
