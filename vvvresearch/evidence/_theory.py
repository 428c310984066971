"""The theory of change and the ledger of evidence as files: what should lead to what, and what was looked for to tell rivals apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from vvvresearch.errors import did_you_mean
from vvvresearch.evidence._questionnaire import Words
from vvvresearch.evidence._schema import read_definition
from vvvresearch.kinds import DataKind

if TYPE_CHECKING:
    import pandas as pd


SCHEMA_VERSION = 1
_ID = r"^[A-Za-z0-9][A-Za-z0-9_-]*$"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True, populate_by_name=True)


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
    return read_definition(path, Theory, SCHEMA_VERSION, document)


Range = tuple[float, float]
Chance = float | Annotated[list[float], Field(min_length=2, max_length=2)]


@dataclass(frozen=True)
class Ledger:
    """The evidence on one hypothesis, as `evidence_ledger` takes it.

    Args:
        hypothesis: its id.
        statement: what it says.
        rivals: what each rival says, by id.
        items: one row an item and rival: item, text, sensitivity, type_i, seen, rival, package, arrow, source, code.
        priors: probability of "H" and of each rival before the evidence, as ranges.
        kind: real or synthetic.
    """

    hypothesis: str
    statement: Words
    rivals: dict[str, Words]
    items: pd.DataFrame
    priors: dict[str, Range]
    kind: DataKind


class _Hypothesis(_Strict):
    id: str
    statement: Words
    arrow: str = ""
    prior: Chance


class _Item(_Strict):
    id: str
    text: Words
    hypothesis: str
    seen: bool | Literal["not sought"]
    sensitivity: Chance
    type_one: dict[str, Chance]
    package: str = ""
    source: str = ""
    code: str = ""


class _File(_Strict):
    schema_version: Literal[1]
    kind: DataKind = DataKind.REAL
    hypotheses: list[_Hypothesis] = Field(min_length=2)
    items: list[_Item] = Field(min_length=1)

    @model_validator(mode="after")
    def _hangs_together(self) -> _File:
        known = [hypothesis.id for hypothesis in self.hypotheses]
        ids = [item.id for item in self.items]
        problems = [f"the item {one!r} stands twice" for one in sorted({one for one in ids if ids.count(one) > 1})]
        for item in self.items:
            for name in (item.hypothesis, *item.type_one):
                if name not in known:
                    problems.append(f"the item {item.id!r} names no hypothesis {name!r}, {did_you_mean(name, known)}")
            if item.hypothesis in item.type_one:
                problems.append(f"the item {item.id!r} weighs {item.hypothesis!r} against itself")
        if problems:
            raise ValueError("; ".join(problems))
        return self


def read_ledger(path: str | Path, document: Mapping[str, Any] | None = None) -> tuple[Ledger, ...]:
    """Read a ledger of evidence (TOML): one Ledger for each hypothesis that items are about.

    Args:
        path: the file.
        document: what it says, where it is no TOML and was read already.

    Returns:
        One Ledger a hypothesis, in the order of the items.

    Raises:
        SourceError: not TOML, or written for another schema version.
        SchemaError: with everything that is wrong in it.

    Example:
        >>> [ledger.hypothesis for ledger in read_ledger("interviews/demo/ledger.toml")]
        ['H-match']
    """
    read = read_definition(path, _File, SCHEMA_VERSION, document)
    by_id = {hypothesis.id: hypothesis for hypothesis in read.hypotheses}
    return tuple(_one(by_id, own, read) for own in dict.fromkeys(item.hypothesis for item in read.items))


def _one(by_id: dict[str, _Hypothesis], own: str, read: _File) -> Ledger:
    import pandas as pd

    rows = []
    rivals: dict[str, Words] = {}
    for item in read.items:
        if item.hypothesis != own:
            continue
        seen = item.seen if isinstance(item.seen, str) else "seen" if item.seen else "not seen"
        for rival, chance in item.type_one.items():
            rivals.setdefault(rival, by_id[rival].statement)
            rows.append(
                {
                    "item": item.id,
                    "text": item.text,
                    "sensitivity": _range(item.sensitivity),
                    "type_i": _range(chance),
                    "seen": seen,
                    "rival": rival,
                    "package": item.package,
                    "arrow": by_id[own].arrow,
                    "source": item.source,
                    "code": item.code,
                }
            )
    priors = {"H": _range(by_id[own].prior), **{rival: _range(by_id[rival].prior) for rival in rivals}}
    return Ledger(own, by_id[own].statement, rivals, pd.DataFrame(rows), priors, read.kind)


def _range(chance: Chance) -> Range:
    return (chance[0], chance[1]) if isinstance(chance, list) else (chance, chance)
