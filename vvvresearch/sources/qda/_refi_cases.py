"""Variables and cases of a REFI-QDA project."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from vvvresearch.errors import SourceError
from vvvresearch.sources.qda._draft import Draft, LossLog, column_name, unique_name
from vvvresearch.sources.qda._refi_package import child, children, content, guid, local, target

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_TRUE = ("true", "1")


def read_variables(root: Element, log: LossLog) -> dict[str, str]:
    """The variables: GUID → a column name of its own."""
    group = child(root, "Variables")
    taken: set[str] = set()
    names: dict[str, str] = {}
    for element in children(group, "Variable") if group is not None else []:
        names[guid(element.get("guid"))] = unique_name(column_name(element.get("name") or "variable"), taken)
        if content(element, "Description").strip():
            log.add("descriptions of variables")
    return names


def variable_values(element: Element, names: Mapping[str, str], log: LossLog) -> dict[str, Any]:
    """The values an element holds: column name → text, bool, int or float (dates as ISO text)."""
    values: dict[str, Any] = {}
    for one in children(element, "VariableValue"):
        reference = child(one, "VariableRef")
        name = names.get(target(reference)) if reference is not None else None
        held = next((part for part in one if local(part).endswith("Value")), None)
        if name is None:
            log.add("values of a variable that the project lacks")
        elif held is not None:
            if name in values:
                log.add("second values of one variable", place=name)
            values.setdefault(name, _typed(held, name, log.where))
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


def read_cases(root: Element, draft: Draft, variables: Mapping[str, str], selection_source: Mapping[str, str]) -> None:
    """Cases into the draft; an unnamed case of one source is where some programs keep that source's variables."""
    group = child(root, "Cases")
    taken: set[str] = set()
    for element in children(group, "Case") if group is not None else []:
        values = variable_values(element, variables, draft.log)
        keys = [target(reference) for reference in children(element, "SourceRef")]
        known = [key for key in dict.fromkeys(keys) if key in draft.sources]
        draft.log.add("cases' references to sources that the project lacks", len(set(keys)) - len(known))
        name = element.get("name") or ""
        selections = children(element, "SelectionRef")
        draft.log.add("passages that belong to a case", len(selections), "their sources are kept as the case's sources")
        known += [key for key in dict.fromkeys(selection_source.get(target(one), "") for one in selections) if key and key not in known]
        draft.log.add("references from cases to codes", len(children(element, "CodeRef")))
        if content(element, "Description").strip():
            draft.log.add("descriptions of cases")
        if not name and len(known) == 1:
            for variable, value in values.items():
                if draft.sources[known[0]].variables.setdefault(variable, value) != value:
                    draft.log.add("values that contradict the source's own", place=variable)
            continue
        case = unique_name(name or f"case {len(taken) + 1}", taken)
        if name and case != name:
            draft.log.add("cases with the name of another", detail="told apart by a number", place=case)
        for key in known or [""]:
            draft.cases.append({"case": case, "source": draft.sources[key].name if key else "", **values})
