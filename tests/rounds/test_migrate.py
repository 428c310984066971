"""A round of an earlier version becomes a folder of its own by one command; nothing of it is lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from vvvresearch.cli.main import app
from vvvresearch.errors import RoundError
from vvvresearch.rounds import load_spec, open_round

OLD = """# my own comment
schema_version = 1
id = "2023-note"
title = { da = "Note", en = "Note" }
languages = ["da", "en"]
report_type = "note"
kind = "real"
notebooks = []
period = { start = 2023-01-01, end = 2023-06-30 }
subgroups = { split = false, statement = { da = "Ikke delt.", en = "Not split." } }

[[sources]]
id = "guide"
type = "register"
path = "interviews/2023-note/guide.csv"
title = { da = "Guide", en = "Guide" }

[[sources]]
id = "other"
type = "register"
path = "interviews/2023-note/guide.csv"
title = { da = "Andet", en = "Other" }
"""
PROSE = '# Fund\n\nDer er [{{< var goals.n >}}]{.value data-key="goals.n"} mål.\n'


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    (tmp_path / "rounds").mkdir()
    (tmp_path / "rounds/2023-note.toml").write_text(OLD, encoding="utf-8")
    for lang in ("da", "en"):
        (tmp_path / "notebooks/report/note" / lang).mkdir(parents=True)
        (tmp_path / "notebooks/report/note" / lang / "report.qmd").write_text(PROSE, encoding="utf-8")
    (tmp_path / "interviews/2023-note").mkdir(parents=True)
    (tmp_path / "interviews/2023-note/guide.csv").write_text("respondent_group,code_path\nrefugee,Udbytte\n", encoding="utf-8")
    return tmp_path


def test_opening_an_old_round_names_the_command_that_brings_it_up_to_date(workspace: Path) -> None:
    with pytest.raises(RoundError, match="earlier version") as caught:
        open_round("2023-note", workspace)
    assert caught.value.todo == "vvv migrate 2023-note"


def test_one_command_makes_it_a_folder_with_its_own_prose(workspace: Path) -> None:
    done = CliRunner().invoke(app, ["migrate", "2023-note", "--root", str(workspace)])
    assert done.exit_code == 0, done.stderr
    assert not (workspace / "rounds/2023-note.toml").exists()
    definition = (workspace / "rounds/2023-note/round.toml").read_text(encoding="utf-8")
    assert definition.startswith("# my own comment")
    assert [source.type for source in load_spec(workspace, "2023-note").sources] == ["guide", "register"]
    for name in ("report.qmd", "report.en.qmd"):
        assert (workspace / "rounds/2023-note" / name).read_text(encoding="utf-8") == "# Fund\n\nDer er {{< var goals.n >}} mål.\n"
    assert (workspace / "notebooks/report/note/da/report.qmd").exists()
    assert len(open_round("2023-note", workspace).read("guide").frame) == 1


def test_a_second_time_there_is_nothing_to_do_and_an_unknown_round_is_named(workspace: Path) -> None:
    CliRunner().invoke(app, ["migrate", "2023-note", "--root", str(workspace)])
    again = CliRunner().invoke(app, ["migrate", "2023-note", "--root", str(workspace)])
    assert (again.exit_code, "ført ajour" in again.stderr) == (1, True)
    unknown = CliRunner().invoke(app, ["migrate", "2032-note", "--root", str(workspace)])
    assert (unknown.exit_code, "tidligere udgave" in unknown.stderr) == (1, True)
