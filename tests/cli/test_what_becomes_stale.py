"""A source that changes makes exactly the pages stale that read it, also when the kernels' parent read it for them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner
from workspaces import write_notebook

from vvvresearch.batch import _state
from vvvresearch.cli.main import app

ROUND = """
schema_version = 1
id = "r"
title = { da = "Prøve", en = "Trial" }
languages = ["da"]
report_type = "note"
kind = "published"
notebooks = ["01-guide", "02-courses", "03-nothing"]
period = { start = 2021-01-01, end = 2021-06-30 }
subgroups = { split = false, statement = { da = "Ikke delt.", en = "Not split." } }

[[sources]]
id = "guide"
type = "guide"
path = "interviews/r/guide.csv"
title = { da = "Guide", en = "Guide" }

[[sources]]
id = "courses"
type = "courses"
path = "surveys/r/courses.csv"
title = { da = "Kurser", en = "Courses" }
"""
COURSES = "course,name,date,participants,format,type\nc1,Kursus,2021-02-01,{n},physical,course\n"
PARAMETERS = 'round_id = ""\nlang = "da"\nroot = ""\nout = ""'
CODE = {
    "01-guide": "rows = len(r.rows_of('guide'))",
    "02-courses": "rows = int(r.courses.frame['participants'].sum())",
    "03-nothing": "rows = 0",
}


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Path:
    for folder in ("rounds/r", "interviews/r", "surveys/r", "notebooks"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "rounds/r/round.toml").write_text(ROUND, encoding="utf-8")
    prose = '---\ntitle: "R"\n---\n\n# A\n\n{{< var own.guide >}} og {{< var own.courses >}}\n'
    (tmp_path / "rounds/r/report.qmd").write_text(prose, encoding="utf-8")
    (tmp_path / "interviews/r/guide.csv").write_text("respondent_group,code_path\nrefugee,Udbytte\n", encoding="utf-8")
    (tmp_path / "surveys/r/courses.csv").write_text(COURSES.format(n=5), encoding="utf-8")
    for name, code in CODE.items():
        write(tmp_path, name, code)
    monkeypatch.setattr(_state, "PACKAGE", tmp_path_factory.mktemp("package"))
    return tmp_path


def write(root: Path, name: str, code: str) -> None:
    body = (
        "import vvvresearch as vvv\nfrom vvvresearch.results import Base\n"
        f"r = vvv.open_round(round_id, root)\npage = r.page({name!r}, out)\n{code}\n"
        f"page.value('own.{name[3:]}', rows, base=Base(rows, 'value'))\n"
    )
    write_notebook(root / f"notebooks/{name}.ipynb", (body,), parameters=PARAMETERS)


def run(root: Path, *more: str) -> dict[str, list[str]]:
    done = CliRunner().invoke(app, ["run", "r", "--json", "--root", str(root), *more])
    told: dict[str, list[str]] = json.loads(done.stdout)
    return told


@pytest.mark.slow
def test_each_source_makes_its_own_pages_stale_and_no_other(workspace: Path) -> None:
    first = run(workspace)
    assert set(first["ran"]) == {"r/pages/01-guide", "r/pages/02-courses", "r/pages/03-nothing", "r/da/report"}, first
    assert run(workspace)["ran"] == []
    (workspace / "surveys/r/courses.csv").write_text(COURSES.format(n=7), encoding="utf-8")
    assert set(run(workspace)["ran"]) == {"r/pages/02-courses", "r/da/report"}
    assert "og 7" in (workspace / "outputs/r/da/report.html").read_text(encoding="utf-8")
    (workspace / "interviews/r/guide.csv").write_text("respondent_group,code_path\nrefugee,Udbytte\nrefugee,Andet\n", encoding="utf-8")
    assert set(run(workspace)["ran"]) == {"r/pages/01-guide", "r/da/report"}


@pytest.mark.slow
def test_a_step_that_missed_a_file_runs_again_when_the_file_appears(workspace: Path) -> None:
    courses = workspace / "surveys/r/courses.csv"
    held = courses.read_text(encoding="utf-8")
    courses.unlink()
    failed = run(workspace)
    assert [failure["step"] for failure in failed["failures"]] == ["r/pages/02-courses"]
    assert [failure["step"] for failure in run(workspace)["failures"]] == ["r/pages/02-courses"]
    assert run(workspace)["ran"] == []
    courses.write_text(held, encoding="utf-8")
    again = run(workspace)
    assert again["failures"] == []
    assert "r/pages/02-courses" in again["ran"]
