"""The theory of change as a file: what is expected to lead to what, and where evidence for each element is coded."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from vvvresearch.errors import did_you_mean
from vvvresearch.evidence._definition import read_definition
from vvvresearch.evidence._questionnaire import Words
from vvvresearch.kinds import DataKind

SCHEMA_VERSION = 1
_ID = r"^[A-Za-z0-9][A-Za-z0-9_-]*$"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Element(_Strict):
    """A box of the theory: its level, its words, and what stands for it in codings and mappings."""

    id: Annotated[str, Field(pattern=_ID)]
    level: Literal["input", "activity", "moderator", "mechanism", "short_term", "outcome", "goal"]
    label: Words
    codes: list[str] = Field(default_factory=list, description="code paths; codes below them are included")
    nodes: list[str] = Field(default_factory=list, description="nodes of the deep-cut mappings")


class Arrow(_Strict):
    """What one element is expected to do for another, and why."""

    id: Annotated[str, Field(pattern=_ID)]
    cause: str = Field(alias="from")
    effect: str = Field(alias="to")
    assumption: Words | None = Field(None, description="why the one should lead to the other, and for whom")


class Theory(_Strict):
    """A theory of change in one version."""

    schema_version: Literal[1]
    id: Annotated[str, Field(pattern=_ID)]
    version: str
    kind: DataKind = DataKind.REAL
    title: Words
    elements: list[Element] = Field(min_length=1)
    arrows: list[Arrow] = Field(min_length=1)

    @model_validator(mode="after")
    def _hangs_together(self) -> Theory:
        problems = []
        known = [element.id for element in self.elements]
        for name, ids in (("element", known), ("arrow", [arrow.id for arrow in self.arrows])):
            problems += [f"the {name} {one!r} stands twice" for one in sorted({one for one in ids if ids.count(one) > 1})]
        for arrow in self.arrows:
            for end in (arrow.cause, arrow.effect):
                if end not in known:
                    problems.append(f"the arrow {arrow.id!r} leads to no element {end!r}, {did_you_mean(end, known)}")
            if arrow.cause == arrow.effect:
                problems.append(f"the arrow {arrow.id!r} leads from an element to itself")
        if problems:
            raise ValueError("; ".join(problems))
        return self

    def element(self, name: str) -> Element:
        """The element with an id."""
        return next(element for element in self.elements if element.id == name)


def read_theory(path: str | Path, document: Mapping[str, Any] | None = None) -> Theory:
    """Read a theory of change (TOML).

    Args:
        path: the file.
        document: what it says, where it is no TOML and was read already.

    Returns:
        Theory; every arrow joins two of its elements.

    Raises:
        SourceError: not TOML, or written for another schema version.
        SchemaError: with everything that is wrong in it.

    Example:
        >>> len(read_theory("interviews/demo/theory-of-change.toml").arrows)
        24
    """
    return read_definition(path, Theory, SCHEMA_VERSION, "the theory of change", document)
