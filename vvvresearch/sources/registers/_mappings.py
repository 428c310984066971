"""Reading deep-cut case mappings: YAML, two tables, or the link table of a causal-mapping tool."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vvvresearch import files
from vvvresearch.errors import Failure, SchemaError, SourceError, did_you_mean
from vvvresearch.evidence import (
    DIRECTIONS,
    EVALUATOR,
    HALVES,
    LINK_COLUMNS,
    NODE_COLUMNS,
    NODE_TYPES,
    Loss,
    Losses,
    Mappings,
    in_one_spelling,
)
from vvvresearch.kinds import DataKind, combined_kind
from vvvresearch.sources.registers._tables import TableFile, TypedTable, raise_all
from vvvresearch.sources.templates import is_template, template_tables

if TYPE_CHECKING:
    import pandas as pd

_HEAD = ("schema_version", "kind", "case", "wave", "perspective", "date", "title", "note", "nodes", "links")
_NODE_KEYS = ("node", "type", "label", "perspective", "named_by", "outcome_area")
_LINK_KEYS = ("perspective", "cause", "effect", "direction", "strength", "informant", "quote", "source", "date")
# A mapping shows how things hang together; numbers that grade a person's progress have no place in it.
_SCORES = ("score", "scores", "progress", "progression", "rating", "fremskridt", "point")
# What tools and evaluators call the columns of a link table.
_SYNONYMS = {
    "cause": ("cause", "from", "from_label", "cause_label", "influence"),
    "effect": ("effect", "to", "to_label", "effect_label", "consequence"),
    "informant": ("informant", "informants", "claimed_by", "source_id", "respondent"),
    "quote": ("quote", "selected_text", "passage", "text"),
    "direction": ("direction", "polarity"),
}
_Row = dict[str, Any]


def read_mappings(path: TableFile, *, halves: tuple[str, str] = HALVES) -> Mappings:
    """Read deep-cut mappings of case pairs, or the link table of a causal-mapping tool.

    Args:
        path: a YAML file with one mapping (case and wave) or a list of them under `mappings`; a folder with such files; a
            folder, or a workbook with sheets, `nodes` and `links`; or one CSV or XLSX table of links with the columns cause,
            effect and informant (tools write `source` for the informant), and where it has them quote, direction, case, wave.
        halves: the two groups that form a pair; beside them the evaluator may have a perspective.

    Returns:
        Mappings: `.nodes`, `.links` (one row a link and informant), `.losses`.

    Raises:
        SourceError: the file cannot be read.
        SchemaError: links to unknown nodes, strengths outside 1–3, unknown words, links without an informant, scores; every
            failure with its mapping and line or place.

    See `mapping_template` for a file to fill in.

    Example:
        >>> mappings = read_mappings("interviews/demo/mappings")
        >>> mappings.links[["cause", "effect", "informant"]].columns.tolist()
        ['cause', 'effect', 'informant']
    """
    place = Path(path)
    if isinstance(path, TypedTable):
        return _link_table(path.frame, place, halves) if path.nodes is None else _two_tables(path.nodes, path.frame, place, halves)
    if place.is_dir():
        return _folder(place, halves)
    suffix = place.suffix.lower()
    if suffix in (".yaml", ".yml"):
        return _assembled([(place, files.read_yaml(place))], place, halves)
    if suffix in (".xlsx", ".csv"):
        if is_template(place):
            tables = template_tables(place)
            return _two_tables(tables["nodes"], tables["links"], place, halves)
        if suffix == ".xlsx" and {"nodes", "links"} <= set(files.sheet_names(place)):
            return _two_tables(files.read_workbook(place, "nodes"), files.read_workbook(place, "links"), place, halves)
        return _link_table(files.read_workbook(place) if suffix == ".xlsx" else files.read_csv(place), place, halves)
    raise SourceError("this is no mapping that can be read", where=place, todo="use .yaml, .csv, .xlsx or a folder of them")


def mapping_template() -> str:
    """A YAML mapping to fill in, with every field explained in Danish."""
    from importlib import resources

    return (resources.files("vvvresearch.sources") / "mapping-template.yaml").read_text(encoding="utf-8")


def _folder(place: Path, halves: tuple[str, str]) -> Mappings:
    documents = files.list_folder(place, ".yaml", ".yml")
    if documents:
        return _assembled([(document, files.read_yaml(document)) for document in documents], place, halves)
    nodes, links = place / "nodes.csv", place / "links.csv"
    if nodes.is_file() and links.is_file():
        return _two_tables(files.read_csv(nodes), files.read_csv(links), place, halves)
    raise SourceError("the folder holds no mappings", where=place, todo="put *.yaml files in it, or nodes.csv and links.csv")


def _assembled(documents: list[tuple[Path, Any]], origin: Path, halves: tuple[str, str]) -> Mappings:
    """Mappings from YAML documents."""
    nodes: list[_Row] = []
    links: list[_Row] = []
    failures: list[Failure] = []
    kinds = set()
    for place, document in documents:
        for number, one in enumerate(_listed(document, place), start=1):
            where = f"{place.name}, mapping {number}" if isinstance(document, dict) and "mappings" in document else place.name
            failures += _unknown_keys(one, _HEAD, where)
            if one.get("schema_version", 1) != 1:
                failures.append(Failure(None, where, str(one["schema_version"]), "this schema_version is not known; it should be 1"))
            kinds.add(str(one.get("kind", "real")))
            head = {name: _text(one.get(name)) for name in ("case", "wave", "perspective", "date")}
            for name in ("case", "wave"):
                if not head[name]:
                    failures.append(Failure(None, where, "", f"`{name}` is missing"))
            if not one.get("links") and not one.get("nodes"):
                failures.append(Failure(None, where, head["case"], "the mapping is empty: it has neither nodes nor links"))
            for kind, keys, rows in (("nodes", _NODE_KEYS, nodes), ("links", _LINK_KEYS, links)):
                for entry, row in enumerate(one.get(kind) or [], start=1):
                    at = f"{where}, {kind}[{entry}]"
                    if not isinstance(row, dict):
                        failures.append(Failure(None, at, str(row)[:60], "an entry of key and value is needed"))
                        continue
                    failures += _unknown_keys(row, (*keys, "informants") if kind == "links" else keys, at)
                    rows.append({**head, **_filled(row), "_at": at, "_row": None})
    unknown_kinds = kinds - {kind.value for kind in DataKind}
    failures += [Failure(None, str(origin), kind, did_you_mean(kind, [known.value for known in DataKind])) for kind in unknown_kinds]
    kind = combined_kind(DataKind(name) for name in kinds - unknown_kinds)
    losses = tuple(cut_off(place) for place, _ in documents if files.ends_within_a_line(place))
    return _checked(nodes, links, failures, origin, kind, Losses(losses), halves)


def cut_off(path: Path) -> Loss:
    """What is told of a YAML file whose last line has no end: every beginning of such a file is whole by itself."""
    return Loss("the last line has no end: if the file was cut off, what came after is missing", 1, path.name)


def _listed(document: Any, place: Path) -> Iterator[dict[str, Any]]:
    entries = document.get("mappings", [document]) if isinstance(document, dict) else document
    if not isinstance(entries, list) or not entries or not all(isinstance(entry, dict) for entry in entries):
        raise SourceError("this YAML file holds no mapping", where=place, todo="start with case:, wave:, nodes: and links:")
    yield from entries


def _unknown_keys(entry: Mapping[str, Any], known: tuple[str, ...], where: str) -> list[Failure]:
    failures = []
    for key in entry:
        if str(key).lower() in _SCORES:
            failures.append(Failure(None, where, str(key), "a mapping holds no scores: it shows links, never a person's progress"))
        elif key not in known:
            failures.append(Failure(None, where, str(key), f"the field is not known; {did_you_mean(str(key), known)}"))
    return failures


def _filled(row: Mapping[str, Any]) -> _Row:
    return {key: value for key, value in row.items() if value is not None and value != ""}


def _two_tables(nodes: pd.DataFrame, links: pd.DataFrame, origin: Path, halves: tuple[str, str]) -> Mappings:
    failures: list[Failure] = []
    tables: list[list[_Row]] = []
    for name, table, known in (("nodes", nodes, NODE_COLUMNS), ("links", links, LINK_COLUMNS)):
        names = {column: _own_name(column) for column in table.columns}
        failures += _unknown_keys(dict.fromkeys(names.values()), (*known, "informant"), f"table {name}")
        renamed = table.rename(columns=names)
        tables.append(_rows(renamed, name))
    return _checked(tables[0], tables[1], failures, origin, DataKind.REAL, Losses(), halves)


def _rows(table: pd.DataFrame, name: str) -> list[_Row]:
    records: list[_Row] = [{str(column): value for column, value in row.items()} for row in table.to_dict("records")]
    return [{**record, "_at": name, "_row": int(line)} for line, record in zip(table.index, records, strict=True)]


def _own_name(column: str) -> str:
    plain = column.strip().lower().replace(" ", "_")
    return next((name for name, others in _SYNONYMS.items() if plain in others), plain)


def _link_table(table: pd.DataFrame, origin: Path, halves: tuple[str, str]) -> Mappings:
    """The links of a causal-mapping tool; nodes are what the links name, and what the tool adds is reported as lost."""
    names = {column: _own_name(column) for column in table.columns}
    if "informant" not in names.values():
        # Tools call the person or document behind a link its source; a table of ours has both columns.
        names = {column: "informant" if name == "source" else name for column, name in names.items()}
    scores = [column for column, name in names.items() if name in _SCORES]
    missing = [name for name in ("cause", "effect", "informant") if name not in names.values()]
    failures = [Failure(None, name, "", f"the column is missing; {did_you_mean(name, table.columns)}") for name in missing]
    failures += [Failure(None, name, "", "a mapping holds no scores") for name in scores]
    if failures:
        raise SchemaError("this is no table of links", failures, where=origin, todo="give the columns cause, effect and informant")
    losses = [
        Loss(f"column {column}", int((table[column] != "").sum()), str(origin), _why_lost(column))
        for column, name in names.items()
        if name not in LINK_COLUMNS and (table[column] != "").any()
    ]
    kept = table.rename(columns=names)[[name for name in names.values() if name in LINK_COLUMNS]]
    if kept.columns.duplicated().any():
        twice = str(kept.columns[kept.columns.duplicated()][0])
        raise SchemaError("two columns mean the same", [Failure(None, twice, "", "only one is needed")], where=origin)
    if "direction" not in kept.columns:
        losses.append(
            Loss("direction", len(kept), str(origin), "the table does not say whether a link promotes or hinders; read as promotes")
        )
    kept, respelled = _one_spelling(kept)
    if respelled:
        why = "what differs by capitals and spaces alone is one; its commonest spelling stands"
        losses.append(Loss("spelling", respelled, str(origin), why))
    links = _rows(kept, "links")
    seen: dict[tuple[str, str, str, str], _Row] = {}
    for link in links:
        link.setdefault("direction", "promotes")
        for end in ("cause", "effect"):
            case, wave, side, name = (str(link.get(key, "")) for key in ("case", "wave", "perspective", end))
            if name:
                seen.setdefault((case, wave, side, name), {"case": case, "wave": wave, "perspective": side, "node": name, "type": "factor"})
    nodes = [{**node, "_at": "nodes", "_row": None} for node in seen.values()]
    return _checked(nodes, links, [], origin, DataKind.REAL, Losses(tuple(losses)), halves)


def _one_spelling(links: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Links whose cases and factors are written in one way, and how many cells were written otherwise."""
    changed = 0
    for names in (["case"], ["cause", "effect"]):
        there = [name for name in names if name in links.columns]
        written = [_text(value) for name in there for value in links[name]]
        one = in_one_spelling(written)
        changed += sum(own != theirs for own, theirs in zip(one, written, strict=True))
        links = links.assign(**{name: one[place * len(links) : (place + 1) * len(links)] for place, name in enumerate(there)})
    return links, changed


def _why_lost(column: str) -> str:
    if column.strip().lower() == "sentiment":
        return "the tone of a link is not whether it promotes or hinders"
    return "links have no such field"


def _checked(
    nodes: list[_Row], links: list[_Row], failures: list[Failure], origin: Path, kind: DataKind, losses: Losses, halves: tuple[str, str]
) -> Mappings:
    import pandas as pd

    node_rows = [{column: _text(row.get(column)) for column in NODE_COLUMNS} for row in nodes]
    known: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for source, row in zip(nodes, node_rows, strict=True):
        if not row["label"]:
            row["label"] = row["node"]
        row["type"] = row["type"] or "factor"
        failures += _node_failures(source, row, halves)
        there = known.setdefault((row["case"], row["wave"]), set())
        if (row["perspective"], row["node"]) in there:
            failures.append(_failure(source, "node", row["node"], "the node stands twice in this mapping and perspective"))
        there.add((row["perspective"], row["node"]))
    link_rows: list[_Row] = []
    for source in links:
        row = {column: _text(source.get(column)) for column in LINK_COLUMNS}
        informants = _informants(source)
        there = known.get((row["case"], row["wave"]), set())
        failures += _link_failures(source, row, there, informants, halves)
        strength = int(row["strength"]) if row["strength"] in ("1", "2", "3") else None
        link_rows += [{**row, "strength": strength, "informant": informant} for informant in informants]
    raise_all(failures, origin, "the mapping")
    frame = pd.DataFrame(link_rows, columns=list(LINK_COLUMNS))
    frame["strength"] = frame["strength"].astype("Int64")
    return Mappings(pd.DataFrame(node_rows, columns=list(NODE_COLUMNS)), frame, losses, kind, str(origin), halves)


def _node_failures(source: _Row, row: _Row, halves: tuple[str, str]) -> list[Failure]:
    failures = []
    if not row["node"]:
        failures.append(_failure(source, "node", "", "the node has no id"))
    if row["type"] not in NODE_TYPES:
        failures.append(_failure(source, "type", row["type"], did_you_mean(row["type"], NODE_TYPES)))
    if row["perspective"] not in ("", *halves, EVALUATOR):
        failures.append(_failure(source, "perspective", row["perspective"], did_you_mean(row["perspective"], (*halves, EVALUATOR))))
    return failures


def _link_failures(source: _Row, row: _Row, there: set[tuple[str, str]], informants: list[str], halves: tuple[str, str]) -> list[Failure]:
    failures = []
    ids = {name for _, name in there}
    own = {name for side, name in there if side in ("", row["perspective"])}
    for end in ("cause", "effect"):
        if not row[end]:
            failures.append(_failure(source, end, "", f"the link has no {end}"))
        elif row[end] not in own:
            elsewhere = "; it is named by another perspective only" if row[end] in ids else f"; {did_you_mean(row[end], ids)}"
            failures.append(
                _failure(source, end, row[end], f"the link leads to an unknown factor of {row['case'] or 'this mapping'}{elsewhere}")
            )
    if row["direction"] not in DIRECTIONS:
        failures.append(
            _failure(source, "direction", row["direction"], f"promotes or hinders; {did_you_mean(row['direction'], DIRECTIONS)}")
        )
    if row["strength"] not in ("", "1", "2", "3"):
        failures.append(_failure(source, "strength", row["strength"], "the strength of a link is 1, 2 or 3, or left empty"))
    if row["perspective"] not in ("", *halves, EVALUATOR):
        failures.append(_failure(source, "perspective", row["perspective"], did_you_mean(row["perspective"], (*halves, EVALUATOR))))
    if not informants:
        failures.append(_failure(source, "informant", "", f"the link {row['cause']} to {row['effect']} names no informant"))
    return failures


def _informants(source: _Row) -> list[str]:
    given = source.get("informants", source.get("informant"))
    listed = given if isinstance(given, list) else str("" if given is None else given).split(";")
    return list(dict.fromkeys(name for name in (_text(entry) for entry in listed) if name))


def _failure(source: _Row, column: str, value: str, problem: str) -> Failure:
    place = column if source["_row"] is not None else f"{source['_at']}, {column}"
    return Failure(source["_row"], place, value[:80], problem)


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip()
