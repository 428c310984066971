"""The start page of `vvv lab`: a notebook that is read without a run, for a workspace with rounds and for one without."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

import nbformat
import pytest
from typer.testing import CliRunner

from vvvresearch.cli._lab import write_start_page
from vvvresearch.cli._workspace import Workspace
from vvvresearch.cli.main import app

TODAY = datetime.date(2025, 3, 1)


def made(*arguments: str | Path) -> bool:
    """Whether a command of `vvv` ended well."""
    return CliRunner().invoke(app, [str(part) for part in arguments]).exit_code == 0


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    assert made("init", tmp_path)
    return tmp_path


def texts(path: Path) -> tuple[str, list[str]]:
    """The words of the page, and its cells of Python."""
    book = nbformat.read(path, as_version=4)
    nbformat.validate(book)
    return (
        "\n".join(cell.source for cell in book.cells if cell.cell_type == "markdown"),
        [cell.source for cell in book.cells if cell.cell_type == "code"],
    )


def test_a_workspace_without_rounds_is_shown_how_to_make_the_first(empty: Path) -> None:
    words, cells = texts(write_start_page(Workspace(empty), TODAY))
    assert words.startswith("# Venner Viser Vej")
    (cell,) = cells
    arguments = cell.removeprefix("# !vvv ").split()
    assert made(*arguments, "--root", empty)
    assert (empty / "rounds" / "2025-midtvejs" / "round.toml").is_file()


def test_a_workspace_with_a_round_names_it_links_files_that_are_there_and_says_what_is_due(empty: Path) -> None:
    assert made("new-round", "2024-slut", "--type", "final", "--root", empty)
    page = write_start_page(Workspace(empty), TODAY)
    words, cells = texts(page)
    assert re.search(r"\(`2024-slut`\) \| .* \| \d+ af \d+ trin skal laves \|", words)
    links = re.findall(r"\]\(([^)]+)\)", words)
    assert links
    assert all((page.parent / link).exists() for link in links)
    assert 'vvv.open_round("2024-slut")' in cells[0]
    for cell in cells:
        compile(re.sub(r"^!", "# ", cell, flags=re.MULTILINE), "cell", "exec")


def test_tutorials_are_the_how_to_pages_and_their_cells_run(empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = write_start_page(Workspace(empty), TODAY)
    shown = dict(re.findall(r"- \[([^\]]+)\]\((tutorials/[^)]+)\)", texts(page)[0]))
    assert "tutorials/codings.ipynb" in shown.values()
    assert "tutorials/mechanisms.ipynb" not in shown.values(), "it shows a round that this workspace has not"
    monkeypatch.chdir(empty)
    names: dict[str, object] = {}
    for cell in texts(page.parent / shown["Fra kodninger til tematabel"])[1]:
        exec(cell, names)
    assert len(names["table"].frame)  # type: ignore[attr-defined]


def test_an_english_round_has_an_english_page(empty: Path) -> None:
    assert made("new-round", "2024-final", "--type", "final", "--root", empty)
    definition = empty / "rounds/2024-final/round.toml"
    definition.write_text(re.sub(r"^languages = .*$", 'languages = ["en", "da"]', definition.read_text(), flags=re.MULTILINE))
    words, cells = texts(write_start_page(Workspace(empty), TODAY))
    assert "I have files" in words
    assert "steps are due" in words
    assert 'lang="en"' in cells[0]


def test_a_round_that_cannot_be_read_leaves_the_page_of_the_others(empty: Path) -> None:
    for name in ("2023-slut", "2024-slut"):
        assert made("new-round", name, "--type", "final", "--root", empty)
    (empty / "rounds/2024-slut/round.toml").write_text("not = [toml")
    words, _ = texts(write_start_page(Workspace(empty), TODAY))
    assert "`2023-slut`" in words
    assert "2024-slut" not in words
