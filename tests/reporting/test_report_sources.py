"""The reports of this project: nothing typed, both languages say the same numbers, every round renders."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from vvvresearch.reporting import check_prose, render, stage_report
from vvvresearch.rounds import list_rounds, load_spec, read_values, report_source

_KEY = re.compile(r"\{\{<\s*var\s+(\S+)\s*>\}\}")
NOTEBOOKS = ("10-data-basis", "20-goals", "30-surveys", "40-published-comparison")


def test_no_report_source_holds_a_typed_number(project: Path) -> None:
    assert [check_prose(path) for path in sorted((project / "rounds").rglob("*.qmd"))] == [[]] * 6


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_notebooks_have_one_tagged_cell_and_no_outputs(project: Path, name: str) -> None:
    book = json.loads((project / "notebooks" / f"{name}.ipynb").read_text(encoding="utf-8"))
    code = [cell for cell in book["cells"] if cell["cell_type"] == "code"]
    assert [cell["metadata"].get("tags") for cell in code].count(["parameters"]) == 1
    assert code[0]["metadata"]["tags"] == ["parameters"]
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)


def hand_over(project: Path, round_id: str, lang: str, folder: Path) -> Path:
    """Run the chapters in this process."""
    for name in NOTEBOOKS:
        names: dict[str, object] = {}
        for cell in json.loads((project / "notebooks" / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                exec("".join(cell["source"]), names)
                if "parameters" in cell["metadata"].get("tags", []):
                    names |= {"round_id": round_id, "lang": lang, "root": str(project), "out": str(folder)}
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("round_id", ["2019-final", "2021-note"])
@pytest.mark.parametrize("lang", ["da", "en"])
def test_a_published_round_goes_from_its_data_to_page_and_pdf(project: Path, tmp_path: Path, round_id: str, lang: str) -> None:
    collected = hand_over(project, round_id, lang, tmp_path / "run")
    folder = stage_report(project, round_id, lang, collected, tmp_path / "stage")
    page, paper = render(folder, engine="embedded")
    text = page.read_text(encoding="utf-8")
    assert f'<html lang="{lang}">' in text
    assert load_spec(project, round_id).kind.label(lang) in text
    assert paper.stat().st_size > 100_000
    shown = read_values(folder)
    source = report_source(project, load_spec(project, round_id), lang)
    for key in set(_KEY.findall(source.read_text(encoding="utf-8"))):
        assert shown[key].base[lang] or shown[key].source or shown[key].n is None


def test_every_round_has_a_report_in_each_of_its_languages(project: Path) -> None:
    for round_id in list_rounds(project):
        spec = load_spec(project, round_id)
        for lang in spec.languages:
            assert report_source(project, spec, lang).is_file()
