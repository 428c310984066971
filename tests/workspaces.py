"""Small workspaces with notebooks made for a test."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

PARAMETERS = 'round_id = "demo"\nlang = "da"\nroot = ""\nout = ""'
SAVE = (
    "from pathlib import Path\n"
    "folder = Path(out) / 'values'\n"
    "folder.mkdir(parents=True, exist_ok=True)\n"
    "(folder / '{name}.json').write_text('{{\"n\": {value}}}')\n"
)


def write_notebook(path: Path, cells: Sequence[str], *, parameters: str = PARAMETERS, tags: Sequence[str] = ()) -> Path:
    """A notebook whose first cell holds the parameters."""
    path.parent.mkdir(parents=True, exist_ok=True)
    sources = [(parameters, ["parameters"]), *((source, list(tags)) for source in cells)]
    content = {
        "cells": [
            {"cell_type": "code", "id": f"cell-{n}", "metadata": {"tags": marks}, "execution_count": None, "outputs": [], "source": source}
            for n, (source, marks) in enumerate(sources)
        ],
        "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    path.write_text(json.dumps(content, indent=1), encoding="utf-8")
    return path


def saving(name: str, value: str = "1") -> str:
    """A cell that writes one value."""
    return SAVE.format(name=name, value=value)


def write_empty_round(root: Path, languages: str = '["da"]', more: str = "") -> None:
    """The definition of a round "r" of real data without sources, 2023–24."""
    definition = f"""schema_version = 1
id = "r"
title = {{ da = "Prøve", en = "Trial" }}
languages = {languages}
report_type = "note"
kind = "real"
notebooks = []
period = {{ start = 2023-01-01, end = 2024-12-31 }}
subgroups = {{ split = false, statement = {{ da = "Ikke delt.", en = "Not split." }} }}
{more}
"""
    (root / "rounds/r").mkdir(parents=True)
    (root / "rounds/r/round.toml").write_text(definition, encoding="utf-8")
