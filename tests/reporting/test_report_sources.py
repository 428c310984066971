"""The reports of this project: nothing typed, both languages say the same numbers, every round renders."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from vvvresearch.reporting import check_prose
from vvvresearch.rounds import list_rounds, load_spec, report_source

_KEY = re.compile(r"\{\{<\s*var\s+(\S+)\s*>\}\}")
NOTEBOOKS = ("10-data-basis", "20-goals", "30-surveys", "40-published-comparison")


def test_no_report_source_holds_a_typed_number(project: Path) -> None:
    assert [check_prose(path) for path in sorted((project / "rounds").rglob("*.qmd"))] == [[]] * 8


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_notebooks_have_one_tagged_cell_and_no_outputs(project: Path, name: str) -> None:
    book = json.loads((project / "notebooks" / f"{name}.ipynb").read_text(encoding="utf-8"))
    code = [cell for cell in book["cells"] if cell["cell_type"] == "code"]
    assert [cell["metadata"].get("tags") for cell in code].count(["parameters"]) == 1
    assert code[0]["metadata"]["tags"] == ["parameters"]
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)


def test_every_round_has_a_report_in_each_of_its_languages(project: Path) -> None:
    for round_id in list_rounds(project):
        spec = load_spec(project, round_id)
        for lang in spec.languages:
            assert report_source(project, spec, lang).is_file()
