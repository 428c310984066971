"""Writing variables, their values and cases as REFI-QDA."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from vvvresearch.sources.qda._draft import LossLog
from vvvresearch.sources.qda._refi_xml import Ids, content_text, element, opening


@dataclass
class VariableWriter:
    """The variables of sources and cases, each with one type and one GUID."""

    ids: Ids
    types: dict[str, str] = field(default_factory=dict)
    guids: dict[str, str] = field(default_factory=dict)

    def learn(self, records: Iterable[Mapping[str, Any]], skip: tuple[str, ...]) -> None:
        """Find the variables and the narrowest type that holds all their values."""
        for record in records:
            for name, value in record.items():
                if name in skip:
                    continue
                known = self.types.get(name)
                kind = None if is_missing(value) else _kind(value)
                if known is None or kind is None or known == kind:
                    self.types[name] = known or kind or ""
                else:
                    self.types[name] = "Float" if {known, kind} == {"Integer", "Float"} else "Text" if known else kind
        for name in self.types:
            self.guids.setdefault(name, self.ids.of("variable", name))

    def variables_xml(self) -> list[str]:
        """The `Variables` element, nothing when there are none."""
        if not self.types:
            return []
        lines = ["<Variables>\n"]
        for name, kind in self.types.items():
            lines.append(opening("Variable", {"guid": self.guids[name], "name": name, "typeOfVariable": kind or "Text"}, empty=True) + "\n")
        return [*lines, "</Variables>\n"]

    def values_xml(self, record: Mapping[str, Any], skip: tuple[str, ...]) -> list[str]:
        """The `VariableValue` elements of one source or case."""
        lines = []
        for name, value in record.items():
            if name in skip or is_missing(value):
                continue
            kind = self.types[name] or "Text"
            reference = opening("VariableRef", {"targetGUID": self.guids[name]}, empty=True)
            lines.append(f"<VariableValue>{reference}<{kind}Value>{content_text(_written(value, kind))}</{kind}Value></VariableValue>\n")
        return lines


def is_missing(value: Any) -> bool:
    """Whether a cell holds no value."""
    import pandas as pd

    return value is None or (pd.api.types.is_scalar(value) and bool(pd.isna(value)))


def _kind(value: Any) -> str:
    import numpy as np

    if isinstance(value, bool | np.bool_):
        return "Boolean"
    if isinstance(value, int | np.integer):
        return "Integer"
    if isinstance(value, float | np.floating) and math.isfinite(value):
        return "Float"
    return "Text"


def _written(value: Any, kind: str) -> str:
    if kind == "Boolean":
        return "true" if value else "false"
    if kind == "Float":
        # xsd:decimal knows no exponent.
        return format(Decimal(repr(float(value))), "f")
    return str(int(value)) if kind == "Integer" else str(value)


def case_guids(rows: list[dict[str, Any]], coded: Mapping[str, str], ids: Ids) -> dict[str, str]:
    """Case → GUID: a case that is a code too has the code's."""
    names = dict.fromkeys(str(row["case"]) for row in rows)
    return {name: coded.get(name) or ids.of("case", name) for name in names}


def cases_xml(
    rows: list[dict[str, Any]],
    sources: Mapping[str, str],
    writer: VariableWriter,
    log: LossLog,
    described: Mapping[str, str],
    guids: Mapping[str, str],
) -> list[str]:
    """The `Cases` element from one row a membership.

    Args:
        rows: case, source and variables.
        sources: name of a source → GUID.
        writer: the variables.
        log: where values that differ are noted.
        described: case → its memo.
        guids: case → GUID.
    """
    grouped: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        grouped.setdefault(str(row["case"]), []).append(row)
    if not grouped:
        return []
    lines = ["<Cases>\n"]
    skip = ("case", "source")
    for name, members in grouped.items():
        values: dict[str, Any] = {}
        for row in members:
            for variable, value in row.items():
                if variable in skip or is_missing(value):
                    continue
                if values.setdefault(variable, value) != value:
                    log.add("values of a case that differ between its sources", detail="the first is written", place=name)
        lines.append(opening("Case", {"guid": guids[name], "name": name}) + "\n")
        lines += element("Description", described.get(name, ""))
        lines += writer.values_xml(values, ())
        for source in dict.fromkeys(str(row["source"] or "") for row in members):
            if source in sources:
                lines.append(opening("SourceRef", {"targetGUID": sources[source]}, empty=True) + "\n")
        lines.append("</Case>\n")
    return [*lines, "</Cases>\n"]
