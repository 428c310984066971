"""`vvv render`: a staged folder that somebody wrote by hand, as it stands."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from vvvresearch.cli.main import app

REPORT = """---
title: Prøve
---

# Først {#sec-first}

Se @tbl-a og ordet havnen.

| a | b |
|---|---|
| 1 | 2 |

: En tabel {#tbl-a}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "stage"
    place.mkdir()
    (place / "_quarto.yml").write_text("lang: da\nproject:\n  render: [report.qmd]\n", encoding="utf-8")
    (place / "report.qmd").write_text(REPORT, encoding="utf-8")
    return place


def call(*arguments: str | Path) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, ["render", *map(str, arguments)])
    return done.exit_code, done.stdout, done.stderr


def test_html_pdf_and_the_typst_text_are_written_and_the_folder_is_only_read(folder: Path, tmp_path: Path) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    out = tmp_path / "new/out"
    code, told, err = call(folder, out, "--engine", "embedded", "--to", "html,pdf,typ")
    assert (code, err) == (0, "")
    assert told.split() == [(out / f"report.{kind}").as_posix() for kind in ("html", "pdf", "typ")]
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "havnen" in page
    assert "Tabel\u00a01" in page
    assert (out / "report.pdf").read_bytes()[:5] == b"%PDF-"
    body = (out / "report.typ").read_text(encoding="utf-8").partition("#show: report.with(")[2]
    assert "havnen" in body
    assert "<sec-first>" in body
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_the_typst_text_is_the_one_that_the_pdf_is_made_from(folder: Path, tmp_path: Path) -> None:
    from vvvresearch.reporting.embedded._engine import compile_typst, with_row_heads

    assert call(folder, tmp_path, "--engine", "embedded", "--to", "pdf,typ")[0] == 0
    made = with_row_heads(compile_typst((tmp_path / "report.typ").read_text(encoding="utf-8"), folder))
    assert made == (tmp_path / "report.pdf").read_bytes()


def test_word_and_slides_are_written_without_quarto(folder: Path, tmp_path: Path) -> None:
    code, told, _ = call(folder, tmp_path / "out", "--engine", "embedded", "--to", "docx,pptx")
    assert code == 0
    assert [Path(line).read_bytes()[:2] for line in told.split()] == [b"PK", b"PK"]


def test_what_quarto_would_print_as_it_stands_is_refused_before_quarto_is_asked(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "report.qmd").write_text("---\ntitle: P\n---\n\n# A\n\n::: {.callout-tip}\nx\n:::\n", encoding="utf-8")
    monkeypatch.setattr("vvvresearch.reporting._render.render_quarto", lambda *_a: pytest.fail("Quarto was asked"))
    code, _, err = call(folder, tmp_path / "out", "--engine", "quarto")
    assert (code, "callout-tip" in err) == (1, True)


def test_quarto_where_it_is_not_installed_is_one_clear_error(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    code, _, err = call(folder, tmp_path / "out", "--engine", "quarto")
    assert (code, "Quarto er ikke installeret" in err) == (1, True)


def test_quarto_is_asked_for_each_format_and_what_it_writes_is_kept(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stand-in that writes what Quarto would, and notes how it was called."""
    program = tmp_path / "bin/quarto"
    program.parent.mkdir()
    script = '#!/bin/sh\necho "$@" >> "$LOG"\ncase $4 in typst) touch report.pdf report.typ;; *) touch report.$4;; esac\n'
    program.write_text(script)
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    monkeypatch.setenv("LOG", str(tmp_path / "log"))
    code, told, err = call(folder, tmp_path / "out", "--engine", "quarto", "--to", "pdf,typ,docx")
    assert (code, err) == (0, "")
    assert [Path(line).name for line in told.split()] == ["report.pdf", "report.typ", "report.docx"]
    calls = (tmp_path / "log").read_text().splitlines()
    assert [line.split()[3] for line in calls] == ["typst", "typst", "docx"]
    assert ["keep-typ" in line for line in calls] == [False, True, False]
    assert not (folder / "report.pdf").exists()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("--to", "hmtl"), "mente du html"),
        (("--to", ","), "nævner intet format"),
        (("--engine", "quatro"), "mente du quarto"),
    ],
)
def test_what_is_misspelt_is_wrong_use(folder: Path, tmp_path: Path, more: tuple[str, str], words: str) -> None:
    code, _, err = call(folder, tmp_path / "out", *more)
    assert (code, words in err) == (2, True)


def test_a_folder_that_is_not_there_is_wrong_use(tmp_path: Path) -> None:
    assert call(tmp_path / "nowhere", tmp_path / "out")[0] == 2


def test_a_report_that_lay_in_the_folder_is_no_result(folder: Path, tmp_path: Path) -> None:
    (folder / "report.qmd").write_text("# A\n\n{{< var ukendt.tal >}}\n", encoding="utf-8")
    (folder / "report.html").write_text("old")
    code, _, _ = call(folder, tmp_path / "out", "--engine", "embedded", "--to", "html")
    assert code == 1
    assert not (tmp_path / "out").exists()
