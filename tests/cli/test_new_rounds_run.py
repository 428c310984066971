"""Rounds that nobody has seen: made by one command, run at once, each with its own prose, the same bytes twice."""

from __future__ import annotations

import datetime
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from vvvresearch.check import check_round
from vvvresearch.cli.main import app


def call(root: Path, *arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, [*arguments, "--root", str(root)])
    return done.exit_code, done.output


SOURCE = """
[[sources]]
id = "interviews"
type = "interviews"
path = "interviews/{name}/templates/interviews.xlsx"
title = {{ da = "Interview", en = "Interviews" }}
"""


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two rounds of one type, in a workspace without notebooks of its own; each has an interview and has written a sentence."""
    root = tmp_path_factory.mktemp("own")
    assert CliRunner().invoke(app, ["init", str(root)]).exit_code == 0
    for name, words in (("2025-midterm", "Vi fandt venskaber i havnen."), ("2026-midterm", "Vi fandt venskaber på biblioteket.")):
        code, said = call(root, "new-round", name, "--type", "midterm")
        assert code == 0, said
        report = root / "rounds" / name / "report.qmd"
        signed = f"[{words[:-1]}]{{.signed by=AB}}."
        report.write_text(report.read_text(encoding="utf-8").replace("Skriv fundet her.", signed, 1), encoding="utf-8")
        register = root / "interviews" / name / "templates/interviews.xlsx"
        book = openpyxl.load_workbook(register)
        sheet = book.worksheets[0]
        row = {
            "Interview nr.": "i1",
            "Gruppe": "Frivillig",
            "Bølge": "1",
            "Interviewdato": datetime.date(int(name[:4]), 5, 2),
            "Form": "Telefon",
        }
        for cell in sheet[1]:
            sheet.cell(2, cell.column, row.get(cell.value))
        book.save(register)
        with (root / "rounds" / name / "round.toml").open("a", encoding="utf-8") as definition:
            definition.write(SOURCE.format(name=name))
    return root


@pytest.mark.slow
def test_two_rounds_of_one_type_render_side_by_side_each_with_its_own_prose(workspace: Path) -> None:
    code, said = call(workspace, "run")
    assert code == 0, said
    first, second = ((workspace / f"outputs/{year}-midterm/da/report.html").read_text(encoding="utf-8") for year in (2025, 2026))
    assert "havnen" in first
    assert "biblioteket" not in first
    assert "biblioteket" in second
    for page in (first, second):
        assert "opdigtede" not in page
        assert page.count("Skriv fundet her") == 1, "after the page of interviews, and after none that shows nothing"
        assert "udkast" in page
    report = check_round(workspace, "2025-midterm")
    assert report.faults == ()
    written = [one for one in report.missing if "report.qmd" in one]
    assert len(written) == 1, "the summary is written, and of pages without sources nothing is asked: the interviews are left"


@pytest.mark.slow
def test_the_same_round_gives_the_same_bytes_twice(workspace: Path) -> None:
    place = workspace / "outputs/2025-midterm/da"
    if not place.is_dir():
        assert call(workspace, "run", "2025-midterm")[0] == 0
    before = {path.name: path.read_bytes() for path in (place / "report.html", place / "report.pdf")}
    assert call(workspace, "run", "2025-midterm", "--force")[0] == 0
    assert {name: (place / name).read_bytes() for name in before} == before


def test_a_new_round_names_nothing_of_another_round(workspace: Path) -> None:
    for path in (workspace / "rounds/2026-midterm").iterdir():
        text = path.read_text(encoding="utf-8")
        assert not [name for name in ("demo", "2021-note", "2019-final", "2025-midterm") if name in text], path
