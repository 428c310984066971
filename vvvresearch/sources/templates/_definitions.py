"""Definitions that may be filled in as a workbook instead of written as text: the same documents, from their sheets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from vvvresearch.sources.templates._filled import template_tables

_Rows = list[dict[str, str]]


def theory_document(path: str | Path) -> dict[str, Any]:
    """What a theory of change in a filled template says, as its text file would."""
    elements, arrows = _rows(path, "elements", "arrows")
    return {
        "schema_version": 1,
        "id": "theory",
        "version": "1",
        "title": {"da": "Forandringsteori", "en": "Theory of change"},
        "elements": [
            {
                "id": row["id"],
                "level": row["level"],
                "label": _words(row, "label"),
                "codes": _list(row, "codes"),
                "nodes": _list(row, "nodes"),
            }
            for row in elements
        ],
        "arrows": [
            {"id": row["id"], "from": row["from"], "to": row["to"]}
            | ({"assumption": _words(row, "assumption")} if row.get("assumption_da") else {})
            for row in arrows
        ],
    }


def configurations_document(path: str | Path) -> dict[str, Any]:
    """What configurations in a filled template say, as their text file would. A passage of no configuration is one without its parts."""
    records, passages = _rows(path, "configurations", "passages")
    known = {row["id"] for row in records}
    entries: list[dict[str, Any]] = []
    for row in records:
        own = [passage for passage in passages if passage["configuration"] == row["id"]]
        plain = {name: value for name, value in row.items() if name != "contexts" and value}
        entries.append(plain | {"contexts": _list(row, "contexts")} | _sides(own))
    entries += [{"id": name} for name in dict.fromkeys(passage["configuration"] for passage in passages) if name not in known]
    return {"schema_version": 1, "configurations": entries}


def _sides(passages: _Rows) -> dict[str, list[dict[str, str]]]:
    sides: dict[str, list[dict[str, str]]] = {}
    for passage in passages:
        said = {name: passage[name] for name in ("source", "text", "code_path") if passage.get(name)}
        sides.setdefault(passage["side"], []).append(said)
    return sides


def ledger_document(path: str | Path) -> dict[str, Any]:
    """What a ledger of evidence in a filled template says, as its text file would."""
    hypotheses, items, chances = _rows(path, "hypotheses", "items", "chances")
    return {
        "schema_version": 1,
        "hypotheses": [
            {"id": row["id"], "statement": _words(row, "statement"), "arrow": row.get("arrow", ""), "prior": _range(row, "prior_")}
            for row in hypotheses
        ],
        "items": [
            {
                "id": row["id"],
                "text": _words(row, "text"),
                "hypothesis": row["hypothesis"],
                "seen": {"seen": True, "not seen": False}.get(row["seen"], row["seen"]),
                "sensitivity": _range(row, "sensitivity_"),
                "type_one": {one["rival"]: _range(one, "") for one in chances if one["item"] == row["id"]},
                **{name: row.get(name, "") for name in ("package", "source", "code")},
            }
            for row in items
        ],
    }


def _rows(path: str | Path, *names: str) -> list[_Rows]:
    tables = template_tables(path)
    return [[{str(key): str(cell).strip() for key, cell in row.items()} for row in tables[name].to_dict("records")] for name in names]


def _words(row: dict[str, str], name: str) -> dict[str, str]:
    danish = row[f"{name}_da"]
    return {"da": danish, "en": row.get(f"{name}_en", "") or danish}


def _list(row: dict[str, str], name: str) -> list[str]:
    return [part.strip() for part in row.get(name, "").split(";") if part.strip()]


def _range(row: dict[str, str], name: str) -> list[str]:
    """From and to as they were typed; the model makes numbers of them, or refuses them."""
    return [row[f"{name}{end}"].replace(",", ".") for end in ("from", "to")]
