"""The definition of a round: one TOML file, every field documented and checked at once."""

from __future__ import annotations

from datetime import date
from pathlib import PurePosixPath
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from vvvresearch.errors import did_you_mean
from vvvresearch.evidence import SOURCE_TYPES, Goal, Words, in_every_language
from vvvresearch.kinds import DataKind
from vvvresearch.locales import in_danish
from vvvresearch.rounds._conditions import ConditionSpec, ModeratorsSpec, OutcomeSpec, PerspectivesSpec, condition_problems

SCHEMA_VERSION = 1
ROUND_ID = r"^[a-z0-9][a-z0-9-]{0,62}$"
# A notebook parameter is a plain TOML value or a list of them.
Parameter = bool | int | float | str | list[bool] | list[int] | list[float] | list[str]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class Period(_Strict):
    """The time a round covers."""

    start: date
    end: date

    @model_validator(mode="after")
    def _in_order(self) -> Period:
        if self.end < self.start:
            raise ValueError("the period ends before it starts")
        return self


class Source(_Strict):
    """One source of a round. Paths are relative to the workspace and may not leave it."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")]
    type: Annotated[str, Field(description="what it is: a word of the registry of source types")]
    path: str = Field("", description="file or folder; empty for a source that is only described (type documentary)")
    title: Words = Field(description="what the source is")
    collector: Words | None = Field(None, description="who collected the data")
    collected: Words | None = Field(None, description="when, in words")
    use: Words | None = Field(None, description="what the evaluation uses it for")
    n: int | None = Field(None, ge=0, description="number of units of a source that is only described")
    unit: str = Field("", description="what one of n is: a key of the table of units")
    kind: DataKind | None = Field(None, description="only where it differs from the round's")
    map: str = Field("", description="how the file is read: the decisions that `vvv add` wrote beside it (TOML)")
    meaning: dict[str, dict[str, dict[str, str | dict[str, str]]]] = Field(
        {}, description='what codes say beside themes: meaning.stance.code = { "Uenig" = "contradicted" }; also set, color, comment, column'
    )
    questionnaire: str = Field("", description="definition of a survey (TOML)")
    invited: str = Field("", description="table of those invited to a survey, one row a respondent")
    margins: str = Field("", description="published margins that reconstructed answers are built from")
    codebook: str = Field("", description="codebook of codings that carry none")
    texts: str = Field("", description="folder of transcripts that codings refer to")
    links: str = Field("", description="which published value is recomputed from what (published sources)")
    documents: tuple[str, ...] = Field(
        (), description="of interviews, where the list has one row a person: transcripts that begin with a person's code, one an interview"
    )
    numbers: tuple[str, ...] = Field((), description="columns of a register that hold counts")
    overlaps: Literal["fault", "allowed"] = Field("fault", description="of matches: whether two of one person at a time are a fault")
    survey: str = Field("", description="of answers_as_received: the survey that they were cleaned to")
    finished: str = Field("", description='of answers_as_received: the column that is "1" where the form was handed in; empty: all were')
    note: Words | None = None

    @property
    def files(self) -> tuple[str, ...]:
        """The files and folders that hold its data, relative to the workspace."""
        named = (self.path, self.questionnaire, self.invited, self.margins, self.codebook, self.texts, self.links)
        return tuple(name for name in named if name)

    @field_validator("type")
    @classmethod
    def _is_known(cls, value: str) -> str:
        if value not in SOURCE_TYPES:
            raise ValueError(f"there is no type of source {value!r}; {did_you_mean(value, SOURCE_TYPES)}")
        return value

    @field_validator("path", "map", "questionnaire", "invited", "margins", "codebook", "texts", "links")
    @classmethod
    def _stays_inside(cls, value: str) -> str:
        return stays_inside(value)

    @model_validator(mode="after")
    def _holds_together(self) -> Source:
        if self.type == "documentary" and self.path:
            raise ValueError(f"{self.id}: a source that is only described has no path")
        if self.type != "documentary" and not self.path:
            raise ValueError(f"{self.id}: a {self.type} source needs a path")
        if self.type != "survey" and (self.questionnaire or self.invited or self.margins):
            raise ValueError(f"{self.id}: questionnaire, invited and margins belong to a survey")
        if self.type != "codings" and self.meaning:
            raise ValueError(f"{self.id}: meaning belongs to codings")
        if self.type != "answers_as_received" and (self.survey or self.finished):
            raise ValueError(f"{self.id}: survey and finished belong to answers_as_received")
        if self.type != "matches" and self.overlaps != "fault":
            raise ValueError(f"{self.id}: overlaps belongs to matches")
        return self


class ForEach(_Strict):
    """A table whose rows a notebook runs for, once each."""

    table: str = Field("", description="a CSV file, relative to the workspace; empty: the round's municipalities")
    name: str = Field(description="the column that names a run")
    parameters: dict[str, str] = Field(description="which parameter of the notebook takes which column")

    @field_validator("table")
    @classmethod
    def _stays_inside(cls, value: str) -> str:
        return stays_inside(value) if value else value


class Notebook(_Strict):
    """One notebook that a run executes, with its parameters."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")]
    path: str = Field(description="the notebook, relative to the workspace")
    parameters: dict[str, Parameter] = Field({}, description="handed to the cell tagged `parameters`; names and types must be its own")
    needs: tuple[str, ...] = Field((), description="notebooks whose results this one reads")
    for_each: ForEach | None = Field(None, description="one run for each row of a table, into a folder of its own beside the report's")
    on_request: bool = Field(False, description="runs only when it is named: `vvv run ROUND --only ID`; no part of the report")

    @model_validator(mode="before")
    @classmethod
    def _from_name(cls, value: object) -> object:
        """A bare name stands for the notebook of that name without parameters of its own."""
        return {"id": value, "path": f"notebooks/{value}.ipynb"} if isinstance(value, str) else value

    @field_validator("path")
    @classmethod
    def _stays_inside(cls, value: str) -> str:
        if not value.endswith(".ipynb"):
            raise ValueError(f"{value!r} is no notebook")
        return stays_inside(value)

    def __str__(self) -> str:
        return PurePosixPath(self.path).stem


class FrontMatter(_Strict):
    """What stands before the findings: who is responsible and who is thanked."""

    evaluator: Words | None = None
    commissioned_by: Words | None = None
    authors: tuple[str, ...] = ()
    contact: str = Field("", description="a web page; no personal contact details")
    foreword: Words | None = None
    thanks: Words | None = None
    colophon: Words | None = None


class Deviation(_Strict):
    """One thing that was planned and done otherwise, and why."""

    planned: Words
    done: Words
    reason: Words = Field(description="mandatory: a deviation without a reason is refused")
    date: str = ""
    place: str = ""


class ContextEvent(_Strict):
    """Something outside the programme that the reader must know."""

    date: str
    event: Words
    affects: tuple[str, ...] = Field((), description="ids of goals or sources")


class Accepted(_Strict):
    """A fault that `vvv check` finds and the evaluators accept."""

    fault: str = Field(description="what the check says is wrong, in its own words")
    reason: str = Field(min_length=1, description="why it stands")
    by: str = Field(min_length=1, description="who accepts it")

    def means(self, fault: str) -> bool:
        """Whether it is this fault: its words are copied as they were shown, Danish or English."""
        return self.fault in (fault, in_danish(fault))


class MayStand(_Strict):
    """A name that looks like a person's and identifies nobody, or somebody who may be named."""

    name: str = Field(min_length=2, description="as it stands in the files")
    reason: str = Field(min_length=1, description="why it may stand")
    by: str = Field(min_length=1, description="who decided it")


class Subgroups(_Strict):
    """Whether the two target subgroups (newly arrived, long-term residents) are kept apart, and what the report says of it."""

    split: bool = False
    statement: Words


class Cross(_Strict):
    """A cross-table that was agreed on beforehand; all of a round's are tested as one family."""

    survey: str = Field(description="id of the survey")
    item: str = Field(description="an item with one answer a respondent")
    by: str = Field(description="the variable that parts the respondents: an item, or a column of the list of invited")


class Representation(_Strict):
    """How those who answered are held against those who could have."""

    by: tuple[str, ...] = Field(
        (), description="variables of the list of invited to compare and weight by; default those with few categories"
    )


class Maps(_Strict):
    """What is asked of the case mappings."""

    connections: tuple[tuple[str, str], ...] = Field(
        (), description="start and end of each way whose support is shown; default from the most told beginning to each outcome area"
    )


class Portraits(_Strict):
    """Which pairs may be portrayed."""

    troubled: bool = Field(False, description="whether pairs whose relation was troubled are portrayed; a pair with a withdrawal never is")


class Speakers(_Strict):
    """What is told of those who are quoted."""

    pseudonyms: bool = Field(False, description="whether pseudonyms stand at quotes; they join what one person said to a story")
    k: int = Field(3, ge=1, description="how many persons must share what is told of a speaker: role, age band, interpreter")


class Previous(_Strict):
    """The round before this one, in the same workspace: its waves, themes, goals and recommendations are beside today's."""

    round: Annotated[str, Field(pattern=ROUND_ID, description="its id")]
    same_ids: bool | None = Field(
        None,
        description="whether a number of a person, pair or case in both rounds is the same one; false where numbers begin anew. Not said, "
        "they are taken for the same, and `check` asks",
    )


class Themes(_Strict):
    """How themes are counted in this round's interviews."""

    coders: Literal["any", "lead", "consensus"] = Field(
        "any",
        description="which coder counts where several coded an interview: any, the first of `lead` who has, or what all agree on",
    )
    lead: tuple[str, ...] = Field((), description="coders in order of precedence, as they stand in the codings; for coders = lead")
    attributes: tuple[str, ...] = Field(("interpreter",), description="columns of the interview register that themes are set against")

    @model_validator(mode="after")
    def _has_its_lead(self) -> Themes:
        if (self.coders == "lead") != bool(self.lead):
            raise ValueError('coders = "lead" and the list `lead` belong together')
        return self


class RoundSpec(_Strict):
    """One evaluation round."""

    schema_version: Literal[1] = Field(description="1; other versions are refused by name")
    id: Annotated[str, Field(pattern=ROUND_ID)]
    title: Words
    period: Period
    languages: tuple[Literal["da", "en"], ...] = Field(("da",), min_length=1)
    report_type: Literal["note", "midterm", "final"]
    kind: DataKind = Field(description="real, published, reconstructed or synthetic; real data are never committed")
    wave: str = Field("", description="the wave of this round's interviews, for files that do not say it")
    extract: str = Field("", pattern=r"^(\d{4}-(0[1-9]|1[0-2]))?$", description="month of the latest monitoring extract: 2024-05")
    seen_until: date | None = Field(None, description="the last day that registers know of: what has no end then was going on")
    municipalities: str = Field("", description="table of the municipalities that occur; default the 98 of Denmark")
    previous: Previous | None = Field(None, description="the round before this one")
    seed: int = Field(20210601, description="for everything random")
    small_n: int = Field(10, ge=0, description="shares on a base below it are shown as counts, in tables, pictures and prose alike")
    subgroups: Subgroups
    front_matter: FrontMatter = Field(default_factory=lambda: FrontMatter.model_validate({}))
    themes: Themes = Field(default_factory=lambda: Themes.model_validate({}), description="which coder counts, and more")
    maps: Maps = Field(default_factory=lambda: Maps.model_validate({}))
    portrayed: tuple[str, ...] = Field((), description="case pairs that are portrayed; default the first three that can be")
    portraits: Portraits = Field(default_factory=lambda: Portraits.model_validate({}))
    speakers: Speakers = Field(default_factory=lambda: Speakers.model_validate({}))
    sources: tuple[Source, ...] = ()
    goals: tuple[Goal, ...] = ()
    notebooks: tuple[Notebook, ...] = ()
    conditions: tuple[ConditionSpec, ...] = Field((), description="conditions of the cases")
    outcomes: tuple[OutcomeSpec, ...] = Field((), description="outcomes of the cases")
    perspectives: PerspectivesSpec = Field(default_factory=lambda: PerspectivesSpec.model_validate({}))
    moderators: ModeratorsSpec = Field(default_factory=lambda: ModeratorsSpec.model_validate({}))
    crosses: tuple[Cross, ...] = Field((), description="cross-tables that were agreed on beforehand")
    trends: tuple[str, ...] = Field((), description="items that are followed over the waves")
    representation: Representation = Field(
        default_factory=lambda: Representation.model_validate({}), description="by what respondents are held against the frame"
    )
    deviations: tuple[Deviation, ...] = ()
    context: tuple[ContextEvent, ...] = ()
    aims: tuple[Words, ...] = Field((), description="what the evaluation is for; for the manual")
    design: tuple[Words, ...] = Field((), description="how it is done; for the manual")
    accepted: tuple[Accepted, ...] = Field((), description="faults that stand with a reason")
    may_stand: tuple[MayStand, ...] = Field((), description="names that the scan for identifiers lets stand")
    caveats: tuple[Words, ...] = Field((), description="what a reader must bear in mind")

    @model_validator(mode="before")
    @classmethod
    def _one_language_is_enough(cls, values: Any) -> Any:
        languages = values.get("languages", ("da",)) if isinstance(values, dict) else None
        return in_every_language(values, map(str, languages)) if isinstance(languages, list | tuple) else values

    @field_validator("municipalities")
    @classmethod
    def _stays_inside(cls, value: str) -> str:
        return stays_inside(value)

    def __repr__(self) -> str:
        return f"RoundSpec({self.id}: {len(self.sources)} sources, {len(self.goals)} goals; .model_dump() has all of it)"

    def reason_for(self, fault: str) -> str:
        """Why a fault stands and who says so, "" where nobody accepted it."""
        return next((f"{one.reason} ({one.by})" for one in self.accepted if one.means(fault)), "")

    @property
    def interim(self) -> bool:
        """Whether goals may still be reached: a note or a midterm evaluation, not a final one."""
        return self.report_type != "final"

    @property
    def real_sources(self) -> list[Source]:
        """The sources behind which there are persons to protect: not published, reconstructed or synthetic ones, nor documents."""
        return [source for source in self.sources if (source.kind or self.kind) is DataKind.REAL and source.type != "documentary"]

    @model_validator(mode="after")
    def _holds_together(self) -> RoundSpec:
        problems = []
        sources = [source.id for source in self.sources]
        for what, names in (
            ("source", sources),
            ("goal", [goal.id for goal in self.goals]),
            ("notebook", [book.id for book in self.notebooks]),
        ):
            problems += [f"the {what} {name} stands twice" for name in sorted({name for name in names if names.count(name) > 1})]
        if self.kind is DataKind.SYNTHETIC and not self.municipalities:
            problems.append("a synthetic round needs its own invented municipalities")
        problems += condition_problems(self.conditions, self.outcomes, self.moderators.candidates)
        books = {book.id for book in self.notebooks}
        for book in self.notebooks:
            problems += [f"{book.id}: needs {name!r}; {did_you_mean(name, books)}" for name in book.needs if name not in books]
        if problems:
            raise ValueError("; ".join(problems))
        return self


def stays_inside(value: str) -> str:
    """A relative path that stays below the workspace.

    Raises:
        ValueError: it is absolute, has a drive, or climbs out.
    """
    path = PurePosixPath(value.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or (len(value) > 1 and value[1] == ":") or "\0" in value:
        raise ValueError(f"the path {value!r} leads out of the workspace")
    return value
