"""Variables and cases of a REFI-QDA project."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from vvvresearch.errors import SourceError
from vvvresearch.sources.qda._draft import Draft, column_name, unique_name
from vvvresearch.sources.qda._refi_package import child, children, guid, local, take, take_content, target

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
