"""The `vvv` command: exit codes, a few lines instead of a traceback, JSON for programs, help that is quick."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from english_words import english_words
from typer.testing import CliRunner
from workspaces import write_notebook

from vvvresearch.batch import _state
from vvvresearch.cli import _plans
from vvvresearch.cli.main import app

ROUND = """
schema_version = 1
id = "demo"
title = { da = "Prøve", en = "Trial" }
languages = ["da"]
report_type = "note"
kind = "published"
notebooks = ["01-a"]
period = { start = 2021-01-01, end = 2021-06-30 }
subgroups = { split = false, statement = { da = "Ikke delt.", en = "Not split." } }
"""


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace of one round with one notebook, and a report that is one line."""
    (tmp_path / "rounds/demo").mkdir(parents=True)
    (tmp_path / "rounds/demo/round.toml").write_text(ROUND, encoding="utf-8")
    notebook(tmp_path, "n = 1")
    package = tmp_path_factory.mktemp("package")
    monkeypatch.setattr(_state, "PACKAGE", package)

    def render(_root: Path, _round: str, _lang: str, _engine: str, formats: Sequence[str], collected: Path, out: Path) -> None:
        for kind in formats:
            (out / f"report.{kind}").write_text((collected / "values/01-a.json").read_text())

    monkeypatch.setattr(_plans, "render_report", render)
    return tmp_path


def notebook(root: Path, code: str) -> None:
    save = (
        "import json, pathlib\nfolder = pathlib.Path(out) / 'values'; folder.mkdir()\n"
        "value = {'number': n, 'n': 42, 'shown': {'da': f'{n} %'}}\n"
        "(folder / '01-a.json').write_text(json.dumps({'schema_version': 1, 'values': {'guide.pct': value}}))"
    )
    parameters = 'round_id = ""\nlang = "da"\nroot = ""\nout = ""'
    write_notebook(root / "notebooks/01-a.ipynb", (code, save), parameters=parameters)


def call(root: Path, *arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, [*arguments, "--root", str(root)])
    return result.exit_code, result.stdout, result.stderr


def test_a_run_says_where_the_reports_are_and_the_second_one_that_all_is_up_to_date(workspace: Path) -> None:
    code, out, _ = call(workspace, "run", "demo")
    assert code == 0, out
    assert "outputs/demo/da/report.html" in out
    assert "2 trin kørt" in out
    assert not english_words(out)
    code, out, err = call(workspace, "run")
    assert (code, err) == (0, "")
    assert "demo/da: ajour" in out
    assert "0 trin kørt, 2 ajour" in out
    assert call(workspace, "status")[0] == 0


def test_a_failing_notebook_ends_with_1_and_one_screen(workspace: Path) -> None:
    notebook(workspace, "#| label: goals\nx = 1\nraise KeyError('goal')")
    code, _, err = call(workspace, "run", "demo")
    assert code == 1
    assert 'notesbog: notebooks/01-a.ipynb, celle "goals" (nummer 3), linje 3' in err
    assert "Traceback" not in err
    assert "ikke kørt: demo/da/report, som kræver demo/pages/01-a" in err
    assert not english_words(err.replace("KeyError", ""))
    code, out, _ = call(workspace, "status", "--json")
    assert code == 1
    told = json.loads(out)
    assert told["demo/pages/01-a"]["status"] == "failed"
    assert told["demo/da/report"]["status"] == "waiting"


def test_a_notebook_runs_for_each_row_of_a_table_when_it_is_asked_for(workspace: Path) -> None:
    (workspace / "places.csv").write_text("code,name\n9001,Ærø\n9002,Øm\n", encoding="utf-8")
    sheet = '{ id = "sheet", path = "notebooks/01-a.ipynb", on_request = true, for_each = { table = "places.csv", name = "code", '
    text = ROUND.replace('["01-a"]', f'["01-a", {sheet} parameters = {{ round_id = "name" }} }} }}]')
    (workspace / "rounds/demo/round.toml").write_text(text, encoding="utf-8")
    notebook(workspace, "n = 1")
    code, out, err = call(workspace, "run", "--only", "sheet")
    assert code == 0, err
    assert "2 trin kørt" in out
    assert (workspace / "outputs/demo/sheet/9002/values/01-a.json").exists()
    assert "Øm" in (workspace / "outputs/demo/sheet/9002/notebooks/sheet-9002.ipynb").read_text(encoding="utf-8")
    assert "0 trin kørt, 1 ajour" in call(workspace, "run", "--only", "sheet-9002")[1]
    assert "2 trin kørt" in call(workspace, "run")[1], "without its name only the report's notebook and the report run"
    (workspace / "places.csv").write_text("code,name\n9001,Ærø\n9001,Øm\n", encoding="utf-8")
    code, _, err = call(workspace, "run", "--only", "sheet")
    assert code == 1
    assert "'9001' står to gange" in err
    assert "række 3" in err


def test_sheets_are_refused_where_no_notebook_runs_for_each_municipality(workspace: Path) -> None:
    code, _, err = call(workspace, "run", "--sheets")
    assert code == 2
    assert "ingen notesbog kører for hver kommune i demo" in err


def test_status_and_why_name_the_cause(workspace: Path) -> None:
    call(workspace, "run")
    notebook(workspace, "n = 2")
    code, out, _ = call(workspace, "status")
    assert code == 1
    assert "forældet  notesbogen er ændret" in out
    _, _, err = call(workspace, "run", "--why")
    assert "demo/pages/01-a: notesbogen er ændret" in err


def test_a_report_is_rendered_from_what_is_there_and_says_what_is_stale(workspace: Path) -> None:
    code, _, err = call(workspace, "report", "demo")
    assert code == 1
    assert "der er ingen resultater at sætte op" in err
    assert "gør dette: vvv run" in err
    call(workspace, "run")
    notebook(workspace, "n = 2")
    code, _, err = call(workspace, "report", "demo", "--to", "html")
    assert code == 0
    assert "ikke er ajour: demo/pages/01-a: notesbogen er ændret" in err
    folder = workspace / "outputs/demo/da"
    assert '"number": 1' in (folder / "report.html").read_text()
    assert not (folder / "report.pdf").exists()
    assert json.loads((folder / "manifest.json").read_text())["about"]["stale"] == {"demo/pages/01-a": ["the notebook has changed"]}
    call(workspace, "run")
    assert '"number": 2' in (folder / "report.pdf").read_text()


def test_diff_tells_each_number_that_changed_and_why(workspace: Path) -> None:
    call(workspace, "run")
    notebook(workspace, "n = 2")
    call(workspace, "run")
    code, out, _ = call(workspace, "diff", "demo")
    assert code == 0
    assert "guide.pct: 1 % (n = 42) → 2 % (n = 42)\n    notesbogen er ændret" in out
    _, out, _ = call(workspace, "diff", "demo", "--json")
    (change,) = json.loads(out)
    assert (change["key"], change["kind"], change["old"]["number"], change["new"]["number"]) == ("guide.pct", "changed", 1, 2)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("run", "dmeo"), 2, "mente du demo?"),
        (("run", "--lang", "de"), 2, "--lang kender ikke 'de'"),
        (("run", "--only", "01-b"), 2, "mente du 01-a?"),
        (("run", "--jbos", "2"), 2, "--jobs"),
        (("rnu",), 2, "run"),
        (("report", "demo", "--to", "odt"), 2, "kendte: docx, html, pdf, pptx"),
        (("report", "demo", "--engine", "qarto"), 2, "mente du quarto"),
        (("run", "--jobs", "0"), 2, "--jobs"),
        (("diff", "demo"), 1, "der er ingen færdig kørsel"),
    ],
)
def test_wrong_use_is_2_wrong_data_is_1_and_both_say_what_was_meant(
    workspace: Path, arguments: tuple[str, ...], code: int, said: str
) -> None:
    found, _, err = call(workspace, *arguments)
    assert (found, said in err) == (code, True), err
    assert "Traceback" not in err


def test_a_faulty_round_is_1_with_file_and_fault(workspace: Path) -> None:
    (workspace / "rounds/demo/round.toml").write_text(ROUND.replace('"note"', '"nota"'), encoding="utf-8")
    code, _, err = call(workspace, "run")
    assert code == 1
    assert "demo/round.toml" in err
    assert "report_type" in err


def test_a_folder_that_is_no_workspace_is_said_so(tmp_path: Path) -> None:
    code, _, err = call(tmp_path, "status")
    assert code == 1
    assert "ikke fundet noget arbejdsområde" in err


def test_help_loads_no_heavy_library() -> None:
    code = (
        "import sys; from vvvresearch.cli.main import app\n"
        "try: app(['--help'])\nexcept SystemExit: pass\n"
        "print(sorted({'pandas', 'numpy', 'papermill', 'nbformat', 'pydantic', 'matplotlib'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith("[]")
