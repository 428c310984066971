"""Variables, their values and cases of a REFI-QDA project, read and written."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from vvvresearch.errors import SourceError
from vvvresearch.sources.qda._draft import Draft, LossLog, column_name, unique_name
from vvvresearch.sources.qda.refi._package import (
    Ids,
    child,
    children,
    content_text,
    element_xml,
    guid,
    local,
    opening,
    take,
    take_content,
    target,
)

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_TRUE = ("true", "1")


def read_variables(root: Element) -> dict[str, str]:
    """The variables: GUID → a column name of its own."""
    group = child(root, "Variables")
    taken: set[str] = set()
    names: dict[str, str] = {}
    for element in children(group, "Variable") if group is not None else []:
        take(element, "typeOfVariable")
        names[guid(take(element, "guid"))] = unique_name(column_name(take(element, "name") or "variable"), taken)
    return names


def variable_values(element: Element, names: Mapping[str, str], draft: Draft) -> dict[str, Any]:
    """The values an element holds: column name → text, bool, int or float (dates as ISO text)."""
    values: dict[str, Any] = {}
    for one in children(element, "VariableValue"):
        reference = child(one, "VariableRef")
        name = names.get(target(reference)) if reference is not None else None
        held = next((part for part in one if local(part).endswith("Value")), None)
        if name is None:
            draft.log.add("values of a variable that the project lacks")
        elif held is not None:
            value = _typed(held, name, draft.where)
            held.text = None
            draft.set_value(values, name, value)
    return values


def _typed(held: Element, name: str, where: str) -> Any:
    text = held.text or ""
    kind = local(held)
    try:
        if kind == "BooleanValue":
            return text.strip().casefold() in _TRUE
        if kind == "IntegerValue":
            return int(text) if text.strip() else None
        if kind == "FloatValue":
            return float(text.replace(",", ".")) if text.strip() else None
    except ValueError:
        raise SourceError(f"the value {text[:40]!r} of the variable {name!r} is no number", where=where) from None
    return text


def wanted_selections(root: Element) -> set[str]:
    """The selections that belong to a case."""
    group = child(root, "Cases")
    return {guid(one.get("targetGUID")) for one in group.iter("SelectionRef")} if group is not None else set()


def read_cases(root: Element, draft: Draft, variables: Mapping[str, str], selection_source: Mapping[str, str]) -> dict[str, str]:
    """Cases into the draft, and GUID → name of each; an unnamed case of one source is where some programs keep that source's variables.

    Some programs hand over a case as a code too (the same GUID): such a code is marked, since who was interviewed is no
    theme, and the sources that it was coded on are the case's sources.
    """
    group = child(root, "Cases")
    elements = children(group, "Case") if group is not None else []
    own = [guid(take(element, "guid")) for element in elements]
    coded = _codes_that_are_cases(draft, set(own))
    taken: set[str] = set()
    named: dict[str, str] = {}
    for element, key in zip(elements, own, strict=True):
        values = variable_values(element, variables, draft)
        keys = [target(reference) for reference in children(element, "SourceRef")]
        known = [one for one in dict.fromkeys(keys) if one in draft.sources]
        draft.log.add("cases' references to sources that the project lacks", len(set(keys)) - len(known))
        selections = [target(one) for one in children(element, "SelectionRef")]
        draft.log.add("passages that belong to a case", len(selections), "their sources are kept as the case's sources")
        more = [*(selection_source.get(one, "") for one in selections), *coded.get(key, ())]
        known += [one for one in dict.fromkeys(more) if one and one not in known]
        name = take(element, "name")
        if not name and len(known) == 1:
            for variable, value in values.items():
                if draft.sources[known[0]].variables.setdefault(variable, value) != value:
                    draft.log.add("values that contradict the source's own", place=variable)
            continue
        case = unique_name(name or f"case {len(taken) + 1}", taken)
        if name and case != name:
            draft.log.add("cases with the name of another", detail="told apart by a number", place=case)
        draft.add_memo("case", case, take_content(element, "Description"))
        named[key] = case
        for one in known or [""]:
            draft.cases.append({"case": case, "source": draft.sources[one].name if one else "", **values})
    return named


def _codes_that_are_cases(draft: Draft, cases: set[str]) -> dict[str, list[str]]:
    """Mark codes that are cases in the draft: case → the sources it was coded on."""
    both = {node.key for node in draft.codes if node.guid and node.guid in cases}
    if not both:
        return {}
    sources: dict[str, list[str]] = {}
    used = set(draft.marks.code)
    for code, source in zip(draft.marks.code, draft.marks.source, strict=True):
        if code in both:
            sources.setdefault(code, []).append(source)
    # A folder that holds nothing but cases ("Cases", "Persons") and is never coded is no theme either.
    below: dict[str, set[str]] = {}
    for node in draft.codes:
        below.setdefault(node.parent, set()).add(node.key)
    folders = {node.key for node in draft.codes if node.key not in used and below.get(node.key, {""}) <= both}
    draft.codes = [node._replace(is_case=node.key in both | folders) for node in draft.codes]
    draft.log.add("codes that are cases as well", len(both), "they stand in the codebook and are no themes")
    return sources


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
        lines += element_xml("Description", described.get(name, ""))
        lines += writer.values_xml(values, ())
        for source in dict.fromkeys(str(row["source"] or "") for row in members):
            if source in sources:
                lines.append(opening("SourceRef", {"targetGUID": sources[source]}, empty=True) + "\n")
        lines.append("</Case>\n")
    return [*lines, "</Cases>\n"]
