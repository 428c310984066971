"""A workspace of one's own: made whole or not at all, its notebooks in git without what runs have put into them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from vvvresearch.cli.main import app
from vvvresearch.cli.notebook_filter import without_outputs
from vvvresearch.evidence import read_programme, venner_viser_vej
from vvvresearch.files import write_new
from vvvresearch.rounds import find_root

SECRET = "et citat, som ingen har sagt ja til"


def call(*arguments: str | Path) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, [str(one) for one in arguments])
    return done.exit_code, done.stdout, done.stderr


def git(folder: Path, *arguments: str) -> str:
    who = ("-c", "user.name=N", "-c", "user.email=n@example.org", "-c", "commit.gpgsign=false")
    done = subprocess.run(["git", "-C", str(folder), *who, *arguments], capture_output=True, check=True)
    return done.stdout.decode("utf-8")


def run_notebook(**metadata: object) -> dict[str, object]:
    output = {"output_type": "stream", "name": "stdout", "text": [SECRET]}
    cell = {"cell_type": "code", "id": "a", "metadata": {"tags": ["x"], "execution": {"a": SECRET}}, "source": "print(1)\n"}
    notes = {"cell_type": "markdown", "id": "b", "metadata": {}, "source": "# Ærø"}
    return {
        "cells": [notes, cell | {"execution_count": 7, "outputs": [output]}],
        "metadata": {"kernelspec": {"name": "python3"}, **metadata},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def test_init_makes_a_workspace_that_is_found_and_holds_the_programme_word_for_word(tmp_path: Path) -> None:
    code, out, _ = call("init", tmp_path / "a/b")
    assert code == 0
    assert "vvv new-round ID" in out
    assert find_root(tmp_path / "a/b/notebooks") == tmp_path / "a/b"
    assert read_programme(tmp_path / "a/b") == venner_viser_vej()
    readme = (tmp_path / "a/b/README.md").read_text(encoding="utf-8")
    assert readme.index("arbejdsområde") < readme.index("workspace"), "Danish first"
    for folder in ("rounds", "interviews", "surveys", "notebooks", "outputs"):
        assert (tmp_path / "a/b" / folder / "README.md").is_file()


def test_init_names_everything_that_is_in_the_way_and_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("mine")
    (tmp_path / "rounds").mkdir()
    (tmp_path / "rounds/README.md").symlink_to(tmp_path / "nowhere")
    before = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*"))
    code, _, err = call("init", tmp_path)
    assert code == 2
    assert "README.md, rounds/README.md" in err
    assert sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*")) == before
    assert (tmp_path / "README.md").read_text() == "mine"


@pytest.mark.parametrize("blocked", ["rounds", "surveys", "outputs"])
def test_init_that_cannot_write_a_folder_leaves_nothing_of_the_others(tmp_path: Path, blocked: str) -> None:
    (tmp_path / blocked).write_text("a file where a folder is needed")
    assert call("init", tmp_path)[0] != 0
    assert [path.name for path in tmp_path.iterdir()] == [blocked]


def test_init_into_a_file_is_wrong_use(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("")
    code, _, err = call("init", tmp_path / "a")
    assert code == 2
    assert "et arbejdsområde er en mappe" in err


def test_a_disk_that_refuses_midway_leaves_no_file_and_no_new_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from vvvresearch.files import _write

    real, written = _write.write_bytes, []

    def failing(path: Path, data: bytes) -> Path:
        if len(written) == 2:
            raise KeyboardInterrupt
        written.append(path)
        return real(path, data)

    monkeypatch.setattr(_write, "write_bytes", failing)
    (tmp_path / "old").mkdir()
    with pytest.raises(KeyboardInterrupt):
        write_new(tmp_path / "old", {"x/a": "1", "b": "2", "c": "3"})
    assert list((tmp_path / "old").iterdir()) == []
    assert len(written) == 2


def test_data_and_outputs_stay_out_of_git_and_definitions_go_in(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    call("init", tmp_path)
    hidden = ("interviews/r/a.csv", "surveys/r/b.csv", "outputs/r/da/report.html", "x.sav", "rounds/r/kodning.qdpx", "notes/svar.xlsx")
    shown = ("rounds/r/round.toml", "rounds/r/report.qmd", "notebooks/a.ipynb", "interviews/README.md", "programme.toml")
    for name in (*hidden, *shown):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    git(tmp_path, "add", "-A")
    tracked = set(git(tmp_path, "ls-files").split())
    assert tracked.isdisjoint(hidden)
    assert tracked.issuperset(shown)


def test_a_notebook_goes_into_git_without_outputs_and_stays_as_it_is_on_disk(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    call("init", tmp_path)
    path = tmp_path / "notebooks/a.ipynb"
    path.write_text(json.dumps(run_notebook(widgets={"state": SECRET}, papermill={"p": SECRET}), indent=1), encoding="utf-8")
    (tmp_path / "notebooks/broken.ipynb").write_text("{<<<<<<< HEAD", encoding="utf-8")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-q", "-m", "a")
    assert SECRET not in git(tmp_path, "show", "HEAD:notebooks/a.ipynb")
    assert SECRET in path.read_text(encoding="utf-8")
    assert git(tmp_path, "show", "HEAD:notebooks/broken.ipynb") == "{<<<<<<< HEAD"
    assert git(tmp_path, "status", "--short") == ""
    path.unlink()
    git(tmp_path, "checkout", "-q", "--", "notebooks/a.ipynb")
    assert json.loads(path.read_text(encoding="utf-8"))["cells"][1]["source"] == "print(1)\n"


def test_a_folder_that_becomes_a_repository_later_gets_the_filter_from_the_next_command(tmp_path: Path) -> None:
    call("init", tmp_path)
    git(tmp_path, "init", "-q")
    assert call("notebook", "50-themes", "--root", tmp_path)[0] == 0
    assert "vvvresearch.cli.notebook_filter" in git(tmp_path, "config", "--get", "filter.vvv-notebook.clean")
    git(tmp_path, "config", "filter.vvv-notebook.clean", "/gone/python -m old")
    call("new-round", "2025-note", "--root", tmp_path)
    assert "/gone/" not in git(tmp_path, "config", "--get", "filter.vvv-notebook.clean"), "a Python that is gone is replaced"
    git(tmp_path, "config", "filter.vvv-notebook.clean", "/bin/sh -c cat")
    call("new-round", "2026-note", "--root", tmp_path)
    assert "/bin/sh" in git(tmp_path, "config", "--get", "filter.vvv-notebook.clean"), "one that works is left alone"


def test_the_filter_takes_out_what_runs_made_and_nothing_else() -> None:
    notebook = run_notebook(widgets={}, papermill={}, title="Min")
    clean = json.loads(without_outputs(json.dumps(notebook).encode()))
    assert clean["metadata"] == {"kernelspec": {"name": "python3"}, "title": "Min"}
    assert clean["cells"][0] == notebook["cells"][0]  # type: ignore[index]
    expected = {"cell_type": "code", "id": "a", "metadata": {"tags": ["x"]}, "source": "print(1)\n", "execution_count": None, "outputs": []}
    assert clean["cells"][1] == expected


def test_a_notebook_of_format_3_loses_its_outputs_too() -> None:
    cell = {"cell_type": "code", "input": "1", "outputs": [{"text": SECRET}], "prompt_number": 2}
    old = {"nbformat": 3, "worksheets": [{"cells": [cell]}], "metadata": {}}
    assert SECRET not in without_outputs(json.dumps(old).encode()).decode()


def test_a_clean_notebook_and_the_shipped_ones_pass_byte_for_byte(project: Path) -> None:
    for path in (project / "notebooks").glob("*.ipynb"):
        assert without_outputs(path.read_bytes()) == path.read_bytes(), path.name


@settings(deadline=None, max_examples=60)
@given(
    st.one_of(
        st.binary(), st.text().map(str.encode), st.sampled_from([b"[]", b"null", b'{"cells": 3}', b'{"cells": [1, {"metadata": 2}]}'])
    )
)
def test_what_is_no_notebook_passes_unchanged(data: bytes) -> None:
    assert without_outputs(data) == data


@settings(deadline=None, max_examples=60)
@given(st.recursive(st.none() | st.booleans() | st.text() | st.floats(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_filtering_twice_is_filtering_once(value: object) -> None:
    cell = {"cell_type": "code", "source": "", "metadata": {"any": value}, "outputs": [value], "execution_count": 1}
    once = without_outputs(json.dumps({"cells": [cell], "metadata": {}}).encode())
    assert without_outputs(once) == once
    assert json.loads(once)["cells"][0]["outputs"] == []


def test_notebooks_are_listed_copied_once_and_what_is_misspelt_is_guessed(tmp_path: Path, project: Path) -> None:
    call("init", tmp_path)
    code, out, _ = call("notebook", "--root", tmp_path)
    assert code == 0
    assert {line.split()[0] for line in out.splitlines()} == {path.stem for path in (project / "notebooks").glob("*.ipynb")}
    code, _, err = call("notebook", "50-theems", "--root", tmp_path)
    assert (code, "mente du 50-themes" in err) == (2, True)
    assert call("notebook", "50-themes.ipynb", "--root", tmp_path)[0] == 0
    copied = tmp_path / "notebooks/50-themes.ipynb"
    assert copied.read_bytes() == (project / "notebooks/50-themes.ipynb").read_bytes()
    copied.write_text("mine")
    code, _, err = call("notebook", "50-themes", "--root", tmp_path)
    assert (code, copied.read_text()) == (2, "mine")
    assert "allerede" in err


def test_jupyterlab_opens_on_the_workspace_with_options_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from vvvresearch.cli import _lab

    started: list[tuple[list[str], Path]] = []

    popen = subprocess.Popen

    def note(command: list[str], **given: Any) -> Any:
        if "jupyterlab" not in command:
            return popen(command, **given)
        assert Path(sys.executable).parent == Path(given["env"]["PATH"].split(os.pathsep)[0])
        started.append((command, given["cwd"]))
        return SimpleNamespace(wait=lambda: 0)

    call("init", tmp_path)
    monkeypatch.setattr(_lab.subprocess, "Popen", note)
    assert call("lab", "--root", tmp_path, "--", "--no-browser", "--port", "1")[0] == 0
    ((command, cwd),) = started
    page = "--LabApp.default_url=/lab/tree/outputs/start.ipynb"
    assert command[3:5] == [f"--ServerApp.root_dir={tmp_path}", page]
    assert command[-3:] == ["--no-browser", "--port", "1"]
    assert "--LabApp.news_url=None" in command
    assert cwd == tmp_path
