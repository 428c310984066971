"""Theories of change, ledgers of evidence and configurations: written as text, or filled in as a template."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from vvvresearch import evidence, files
from vvvresearch.errors import Failure, SchemaError, SourceError
from vvvresearch.evidence import ConfigurationFile, Ledger, Losses, Theory
from vvvresearch.kinds import DataKind
from vvvresearch.sources.registers._mappings import cut_off
from vvvresearch.sources.templates import configurations_document, is_template, ledger_document, theory_document


def read_theory(path: str | Path) -> Theory:
    """Read a theory of change (TOML, or a filled template).

    Args:
        path: the file.

    Returns:
        Theory; every arrow joins two of its elements.

    Raises:
        SourceError: neither, or written for another schema version.
        SchemaError: with everything that is wrong in it.

    Example:
        >>> len(read_theory("interviews/demo/theory-of-change.toml").arrows)
        24
    """
    return evidence.read_theory(path, theory_document(path) if is_template(path) else None)


def read_ledger(path: str | Path) -> tuple[Ledger, ...]:
    """Read a ledger of evidence (TOML, or a filled template): one Ledger for each hypothesis that items are about.

    Args:
        path: the file.

    Returns:
        One Ledger a hypothesis, in the order of the items.

    Raises:
        SourceError: neither, or written for another schema version.
        SchemaError: with everything that is wrong in it.

    Example:
        >>> [ledger.hypothesis for ledger in read_ledger("interviews/demo/ledger.toml")]
        ['H-match']
    """
    return evidence.read_ledger(path, ledger_document(path) if is_template(path) else None)


SCHEMA_VERSION = 1
SIDES = {"supporting": "supports", "refuting": "refutes", "nuancing": "nuances"}
_NEEDED = ("id", "outcome", "statement", "status")


def read_configurations(path: str | Path) -> ConfigurationFile:
    """Read configurations (YAML, or a filled template).

    Args:
        path: a file with schema_version and `configurations`: id, contexts, resource, reasoning, outcome, outcome_direction,
            actor, statement, status, trail, and the passages `supporting`, `refuting`, `nuancing` (source, start, end, text, code_path).

    Returns:
        ConfigurationFile with the records and the kind of data.

    Raises:
        SourceError: no such file, not YAML, another schema version, no configurations.
        SchemaError: every record or passage that lacks something, and ids that stand twice.

    Example:
        >>> read_configurations("interviews/demo/configurations.yaml").kind.value
        'synthetic'
    """
    import pandas as pd

    data = configurations_document(path) if is_template(path) else files.read_yaml(path)
    if not isinstance(data, dict) or data.get("schema_version") != SCHEMA_VERSION:
        said = data.get("schema_version") if isinstance(data, dict) else None
        raise SourceError(f"the configurations have schema_version {said!r}", where=path, why=f"this version reads {SCHEMA_VERSION}")
    entries = data.get("configurations")
    if not isinstance(entries, list) or not entries:
        raise SourceError("there are no configurations", where=path, todo="list them under `configurations:`")
    records: list[dict[str, str]] = []
    passages: list[dict[str, Any]] = []
    failures: list[Failure] = []
    for number, entry in enumerate(entries, start=1):
        entry = entry if isinstance(entry, dict) else {}
        failures += [Failure(number, name, "", "missing") for name in _NEEDED if not entry.get(name)]
        name = str(entry.get("id", ""))
        if name and name in {record["id"] for record in records}:
            failures.append(Failure(number, "id", name, "stands twice"))
        records.append(_record(entry))
        for side, stance in SIDES.items():
            for passage in entry.get(side) or ():
                whole = isinstance(passage, dict) and passage.get("source") and passage.get("text")
                if not whole:
                    failures.append(Failure(number, side, name, "a passage needs source and text"))
                    continue
                known = {key: passage.get(key) for key in ("source", "start", "end", "code_path")}
                passages.append({"configuration": name, "stance": stance, **known, "quote": str(passage["text"])})
    if failures:
        raise SchemaError("the configurations are not usable", failures, where=path, todo="correct these records; nothing was read")
    kind = DataKind(data.get("kind", DataKind.REAL))
    lost = (cut_off(Path(path)),) if Path(path).suffix in (".yaml", ".yml") and files.ends_within_a_line(path) else ()
    columns = ["configuration", "stance", "source", "start", "end", "code_path", "quote"]
    return ConfigurationFile(pd.DataFrame(records), pd.DataFrame(passages, columns=columns), kind, str(path), Losses(lost))


def _record(entry: dict[str, Any]) -> dict[str, str]:
    plain = ("id", "theory_version", "resource", "reasoning", "outcome", "actor", "status")
    return {
        **{name: str(entry.get(name) or "") for name in plain},
        "context": ";".join(str(part) for part in entry.get("contexts") or ()),
        "direction": str(entry.get("outcome_direction") or "promotes"),
        "text": str(entry.get("statement") or ""),
        "memo": "; ".join(str(part) for part in entry.get("trail") or ()),
    }
