"""The context-mechanism-outcome configurations of the demo round, each with its passages for, against and beside."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import Any

import yaml

from demo.cast import HERE
from demo.codings import code_paths, marked
from demo.markup import Marked

_SIDES = ("supporting", "refuting", "nuancing")


def configurations() -> str:
    """The records as YAML; every passage with its source and place.

    Raises:
        ValueError: a passage that is not there; the configuration is named.
    """
    data = tomllib.loads((HERE / "configurations.toml").read_text(encoding="utf-8"))
    records = []
    for entry in data["configurations"]:
        sides = {side: [_passage(entry["id"], name) for name in entry[side]] for side in _SIDES}
        records.append({**{key: value for key, value in entry.items() if key not in _SIDES}, **sides})
    document = {"schema_version": 1, "kind": "synthetic", "configurations": records}
    return yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=140)


def _passage(record: str, named: str) -> dict[str, Any]:
    source, code, *number = named.split()
    one = _interviews().get(source)
    passages = [passage for passage in one.passages if passage.code == code] if one else []
    place = int(number[0]) if number else 1
    if one is None or len(passages) < place:
        raise ValueError(f"{record}: there is no passage {named!r}")
    passage = passages[place - 1]
    return {
        "source": source,
        "start": passage.start,
        "end": passage.end,
        "text": one.text[passage.start : passage.end],
        "code_path": code_paths()[code],
        "stance": passage.stance,
    }


@cache
def _interviews() -> dict[str, Marked]:
    return {one.name: one for one in marked()}
