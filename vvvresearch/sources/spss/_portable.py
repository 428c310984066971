"""SPSS portable files (.por), read by pyreadstat in a process of their own, which a damaged file may end."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from vvvresearch import files
from vvvresearch.errors import SourceError
from vvvresearch.evidence import MultipleResponseSet, Variable, code_text

if TYPE_CHECKING:
    import pandas as pd

Raw: TypeAlias = "tuple[dict[str, pd.Series[Any]], dict[str, Variable], dict[str, MultipleResponseSet], str, dict[str, str]]"
_SECONDS = 300
_SCRIPT = """
import json, sys, pyreadstat
frame, meta = pyreadstat.read_por(sys.argv[1], disable_datetime_conversion=True)
columns = {name: [None if value != value else value for value in frame[name].tolist()] for name in frame.columns}
labels = {name: list(known.items()) for name, known in meta.variable_value_labels.items()}
told = {"columns": columns, "labels": labels, "words": meta.column_names_to_labels, "formats": meta.original_variable_types}
told |= {"missing": meta.missing_ranges, "notes": len(meta.notes or [])}
sys.stdout.buffer.write(json.dumps(told).encode("utf-8"))
"""


def read_portable(path: Path) -> Raw:
    """Columns, variables, no sets, no weight and what is left out of a portable file.

    Raises:
        SourceError: not a portable file, cut off or damaged.
    """
    import pandas as pd

    place = files.admit(path)
    try:
        done = subprocess.run([sys.executable, "-c", _SCRIPT, str(place)], capture_output=True, timeout=_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise SourceError("the SPSS file cannot be read", where=path, why=f"nothing came within {_SECONDS} seconds") from None
    if done.returncode:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
        why = lines[-1] if lines and done.returncode > 0 else "its reader broke down on it"
        raise SourceError("the SPSS portable file is damaged, cut off or none", where=path, why=why, todo="export or copy the file again")
    told = json.loads(done.stdout)
    columns = {}
    for name, cells in told["columns"].items():
        text = told["formats"].get(name, "").startswith("A")
        columns[name] = pd.Series([cell or "" for cell in cells] if text else cells, dtype=object if text else float)
    if not columns:
        raise SourceError("the SPSS file has no variables", where=path)
    variables = {name: _variable(name, told) for name in columns}
    return columns, variables, {}, "", {"document": f"{told['notes']} lines"} if told["notes"] else {}


def _variable(name: str, told: dict[str, Any]) -> Variable:
    ranges = tuple((entry["lo"], entry["hi"]) for entry in told["missing"].get(name, []))
    labels = {code_text(code): str(label) for code, label in told["labels"].get(name, [])}
    return Variable(name, told["words"].get(name) or "", labels, told["formats"].get(name, ""), "unknown", ranges)
