"""The findings of a round and the recommendations that rest on them: `rounds/<id>/findings.toml`."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from vvvresearch import files
from vvvresearch.evidence._questionnaire import Words
from vvvresearch.evidence._schema import read_definition

FINDINGS = "findings.toml"
# Which sentences somebody has read beside the question of their number.
READINGS = "readings.csv"
_STRENGTHS = {"svag": "weak", "middel": "middle", "stærk": "strong"}
_ANSWERS = {
    "": "none yet", "intet endnu": "none yet", "ikke svaret": "none yet",
    "accepteret": "accepted", "delvist": "partly", "afvist": "rejected",
}  # fmt: skip


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class Finding(_Strict):
    """What was found, in words that are bound to numbers."""

    id: Annotated[str, Field(pattern=r"^[a-zæøå0-9][a-zæøå0-9_-]*$")]
    says: Words = Field(description="the finding, with [words]{claim=address}")
    claims: tuple[str, ...] = Field((), description="addresses that it also rests on")
    figure: str = Field("", description="the figure that shows it; its title is the finding where that does not stand over it")
    tables: tuple[str, ...] = Field((), description="tables that show it")
    quotes: tuple[str, ...] = Field((), description="ids of quotes that tell it")
    agree: tuple[str, ...] = Field((), description="sources that say the same")
    against: tuple[str, ...] = Field((), description="addresses or sources that speak against it")
    strength: Literal["weak", "middle", "strong"] = "middle"

    @model_validator(mode="before")
    @classmethod
    def _in_danish(cls, value: Any) -> Any:
        return _renamed(value, {"contradict": "against", "text": "says"}, {"strength": _STRENGTHS}, words=("says",))


class Advice(_Strict):
    """A recommendation: what somebody should do, the findings it rests on, and what was answered to it."""

    number: Annotated[int, Field(ge=1)]
    rests_on: tuple[str, ...] = Field((), description="ids of findings")
    to: str = Field(description="who should do it")
    theme: str = ""
    do: Words = Field(description="one imperative; a reason is a claim of its own")
    because: Words | None = Field(None, description="the reason, with [words]{claim=address}")
    answer: Literal["none yet", "accepted", "partly", "rejected"] = "none yet"
    action: str = ""
    due: date | str = ""
    state: str = ""

    @model_validator(mode="before")
    @classmethod
    def _in_danish(cls, value: Any) -> Any:
        renamed = {"addressee": "to", "text": "do", "id": "number", "reason": "because", "findings": "rests_on"}
        return _renamed(value, renamed, {"answer": _ANSWERS}, words=("do", "because"))


class Findings(_Strict):
    """Everything that a round found and advises."""

    schema_version: Literal[1] = 1
    finding: tuple[Finding, ...] = ()
    advice: tuple[Advice, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _either_name(cls, value: Any) -> Any:
        return _renamed(value, {"recommendation": "advice", "findings": "finding"}, {})

    @model_validator(mode="after")
    def _named_once(self) -> Findings:
        names = [one.id for one in self.finding]
        numbers = [one.number for one in self.advice]
        for name in (*(name for name in names if names.count(name) > 1), *(number for number in numbers if numbers.count(number) > 1)):
            raise ValueError(f"{name!r} is given twice")
        return self


def _renamed(value: Any, names: dict[str, str], codes: dict[str, dict[str, str]], words: tuple[str, ...] = ()) -> Any:
    """Other names of the same keys, and words of either language for the same code."""
    if not isinstance(value, dict):
        return value
    given = {names.get(key, key) if names.get(key, key) not in value else key: part for key, part in value.items()}
    for key, known in codes.items():
        if isinstance(given.get(key), str):
            given[key] = known.get(given[key].strip().lower(), given[key])
    for key in words:
        # A round with one language has its words in that one alone.
        if isinstance(given.get(key), str):
            given[key] = {"da": given[key], "en": ""}
        elif isinstance(given.get(key), dict) and set(given[key]) in ({"da"}, {"en"}):
            given[key] = {"da": "", "en": "", **given[key]}
    return given


def read_findings(folder: Path) -> Findings:
    """The findings of a round's folder; none where it has no `findings.toml`.

    Raises:
        SourceError, SchemaError: the file cannot be read, or has faults: all of them.

    Example:
        >>> read_findings(Path("nowhere")).finding
        ()
    """
    path = folder / FINDINGS
    if not path.is_file():
        return Findings()
    data = files.read_toml(path)
    return read_definition(path, Findings, 1, {"schema_version": 1, **data})
