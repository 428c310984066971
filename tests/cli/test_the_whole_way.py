"""From an empty folder to a first report, and the year after to one with both years in it: an evaluator's commands and no others."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import kit
import pytest
from typer.testing import CliRunner

from vvvresearch.check import check_round
from vvvresearch.cli.main import app

GOALS = """
[[goals]]
id = "M1"
definition = { da = "Indsatsen findes i 20 kommuner", en = "Present in 20 municipalities" }
unit = "municipality"
type = "number"
target = 20
measure = { presence = "present" }

[[goals]]
id = "M2"
definition = { da = "Under en fjerdedel afbrydes", en = "Less than a quarter is broken off" }
unit = "match"
type = "percent"
numerator = { da = "afbrudte", en = "broken off" }
denominator = { da = "afsluttede", en = "ended" }
target = 25
direction = "below"
measure = { matches = "ended", reason_class = "premature", of = "ended" }
"""
CHANGES = [["Gammel kode", "Ny kode", "Ændring"], ["Udbytte > Sprog", "Udbytte > Dansk", "omdøbt"]]


def call(root: Path, *arguments: str | Path) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, [*map(str, arguments), "--root", str(root)])
    return done.exit_code, done.stdout, done.stderr


def files_of(folder: Path, year: int) -> list[Path]:
    """The kit as it lies on a desk in that year: later more take part, nobody speaks against, and a code has a new name."""
    folder.mkdir()
    first = year == 2023
    paths = [kit.register(folder), kit.codings(folder), kit.survey(folder, year), kit.courses(folder)]
    paths += [kit.extract(folder, f"november {year}", 12 if first else 21)]
    reasons = ("Flyttet", "Fået job", "Blev uvenner") if first else ("Flyttet", "Blev uvenner", "Flyttet", "Flyttet")
    paths += [kit.matches(folder, year, reasons)]
    if not first:
        kit.replaced(folder / "Kodninger.xlsx", {"Udbytte/Sprog": "Udbytte/Dansk", "Imod": "For"})
        paths.append(kit.book(folder / "Kodeændringer.xlsx", CHANGES))
    return paths


def filled(listed: str, **answers: str) -> str:
    """The list of what is left, filled in: every line that asks holds one of these names."""
    lines = []
    for line in listed.splitlines():
        given = next((value for name, value in answers.items() if line.startswith('"') and f'{name}" = ""' in line), None)
        lines.append(line if given is None else line.replace('""', json.dumps(given), 1))
    return "\n".join(lines) + "\n"


def shown(root: Path, name: str) -> dict[str, Any]:
    """The numbers that the report of a round was made of, by address."""
    found: dict[str, Any] = {}
    for path in (root / "outputs" / name / "da/values").glob("*.json"):
        found |= {key: value["number"] for key, value in json.loads(path.read_text(encoding="utf-8"))["values"].items()}
    return found


def take_in(root: Path, name: str, paths: list[Path], tmp_path: Path, **answers: str) -> list[str]:
    """Add files as a person does: what is sure at once, the list filled in and given back; what was asked."""
    code, listed, said = call(root, "add", name, *paths, "--yes")
    asked = [line.partition('"')[2].partition('"')[0] for line in listed.splitlines() if line.startswith('"')]
    assert (code, bool(asked)) == (1, True), said
    (tmp_path / "svar.toml").write_text(filled(listed, **answers), encoding="utf-8")
    code, _, said = call(root, "add", name, *paths, "--answers", tmp_path / "svar.toml")
    assert (code, said) == (0, "")
    return asked


@pytest.mark.slow
def test_two_rounds_a_year_apart_go_from_files_to_a_report_with_both_years(tmp_path: Path) -> None:
    root = tmp_path / "evaluering"
    assert CliRunner().invoke(app, ["init", str(root)]).exit_code == 0
    assert call(root, "new-round", "2023-note", "--extract", "2023-11", "--seen-until", "2023-12-31")[0] == 0
    said = {"for": "affirmed", "imod": "contradicted", "uvenner": "premature", "reason": "premature"}
    asked = take_in(root, "2023-note", files_of(tmp_path / "2023", 2023), tmp_path, **said)
    assert len(asked) == 3, asked
    with (root / "rounds/2023-note/round.toml").open("a", encoding="utf-8") as definition:
        definition.write(GOALS)
    checked = check_round(root, "2023-note")
    assert checked.faults == ()
    assert [one.partition(": ")[2] for one in checked.missing if "filled in" in one] == ["chosen_by is to be filled in"]

    code, _, problem = call(root, "run", "2023-note")
    assert code == 0, problem
    first = shown(root, "2023-note")
    assert [first[f"goals.{one}"] for one in ("m1.measured.value", "m2.measured.count", "m2.measured.n")] == [12, 5, 16]
    assert [first[f"themes.udbytte/sprog.total.{one}"] for one in ("affirmed", "contradicted", "asked")] == [6, 2, 8]
    assert [first[f"matches.{one}-match-2023.value"] for one in ("started", "ended", "active")] == [0, 4, 8]

    assert call(root, "new-round", "2024-note", "--after", "2023-note", "--extract", "2024-11", "--seen-until", "2024-12-31")[0] == 0
    later = files_of(tmp_path / "2024", 2024)
    code, listed, problem = call(root, "add", "2024-note", *later, "--yes")
    assert (code, problem) == (0, ""), listed
    definition = root / "rounds/2024-note/round.toml"
    taken_up = definition.read_text(encoding="utf-8")
    for measure in ('measure = { presence = "present" }', 'measure = { matches = "ended", reason_class = ["premature"]'):
        taken_up = taken_up.replace(f"#{measure}", measure)
    definition.write_text(taken_up, encoding="utf-8")
    # On no page: it is looked up in the round.
    for name in ("report.qmd", "report.en.qmd"):
        report = definition.parent / name
        report.write_text(report.read_text(encoding="utf-8") + "\n{{< var ended/of-started.moved.count >}} flyttede.\n", encoding="utf-8")
    assert check_round(root, "2024-note").faults == ()
    code, _, problem = call(root, "run", "2024-note")
    assert code == 0, problem
    second = shown(root, "2024-note")
    assert [second[f"goal-trend.m1.measured.{year}-note.value"] for year in (2023, 2024)] == [12, 21]
    assert [second[f"goal-trend.m2.measured.{year}-note.count"] for year in (2023, 2024)] == [5, 4]
    # The passages of the old name are counted under the new one.
    for name, counts in (("affirmed", [6, 8]), ("contradicted", [2, 0])):
        assert [second[f"theme-trend.udbytte/dansk.{year}-note.{name}"] for year in (2023, 2024)] == counts
    page = (root / "outputs/2024-note/da/report.html").read_text(encoding="utf-8")
    # Rounds whose titles differ by the year alone are called by it.
    assert re.search(r"fig-goal-trend\b.*?\b2023: .{1,60}\b2024: ", page, re.DOTALL)
    assert "ended/of-started.moved.count" not in second
    assert "12 flyttede." in re.sub(r"<[^>]+>", "", page)
