"""A ledger of evidence as a file: hypotheses with their rivals, and what was looked for to tell them apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from vvvresearch.errors import did_you_mean
from vvvresearch.evidence._definition import read_definition
from vvvresearch.evidence._questionnaire import Words
from vvvresearch.kinds import DataKind

if TYPE_CHECKING:
    import pandas as pd

SCHEMA_VERSION = 1
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


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


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
    read = read_definition(path, _File, SCHEMA_VERSION, "the ledger", document)
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
