"""`vvv check`, `vvv convert` and `vvv new-round`, called as a user calls them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from vvvresearch.cli.main import app

HERE = Path(__file__).parent.parent.parent


def call(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, list(arguments))
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A workspace with the round of 2021, whose files may be spoilt."""
    for part in ("rounds/2021-note", "interviews/2021-note", "surveys/2021-note"):
        source, target = HERE / part, tmp_path / part
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(source, target) if source.is_dir() else shutil.copyfile(source, target)
    return tmp_path


def test_what_the_documents_print_against_themselves_is_told_and_no_failure(copy: Path) -> None:
    code, out, err = call("check", "2021-note", "--root", str(copy), "--json")
    told = json.loads(out)
    assert (code, err) == (0, "")
    assert told["faults"] == []
    assert any("route" in item["what"].lower() or "base" in item["what"].lower() for item in told["notices"])
    assert call("check", "2021-note", "--root", str(copy), "--strict")[0] == 1


def test_a_spoilt_source_is_a_fault_with_its_file_and_the_other_sources_are_still_checked(copy: Path) -> None:
    register = copy / "interviews/2021-note/interviews.csv"
    register.write_text(register.read_text().replace(",volunteer,", ",volunter,", 1))
    (copy / "surveys/2021-note/courses.csv").unlink()
    code, out, _ = call("check", "2021-note", "--root", str(copy), "--json")
    assert code == 1
    faults = {fault["file"]: fault for fault in json.loads(out)["faults"] if fault["check"] == "source"}
    assert set(faults) == {"interviews/2021-note/interviews.csv", "surveys/2021-note/courses.csv"}
    broken = faults["interviews/2021-note/interviews.csv"]
    assert "volunter" in broken["what"]
    assert broken["row"] == 2


def test_a_typed_number_in_prose_is_a_fault_with_file_and_line(copy: Path) -> None:
    page = copy / "rounds/2021-note/report.qmd"
    page.write_text(page.read_text() + "\n\nDer var 17 svar.\n")
    code, _, err = call("check", "2021-note", "--root", str(copy))
    assert code == 1
    assert f"rounds/2021-note/report.qmd, linje {len(page.read_text().splitlines())}" in err


def test_a_new_round_can_be_checked_at_once_and_is_never_overwritten(copy: Path) -> None:
    code, out, _ = call("new-round", "2024-midterm", "--type", "midterm", "--root", str(copy))
    assert code == 0
    assert "vvv check 2024-midterm" in out
    definition = (copy / "rounds/2024-midterm/round.toml").read_text()
    assert 'kind = "real"' in definition
    code, out, err = call("check", "2024-midterm", "--root", str(copy))
    assert "Traceback" not in err + out
    assert "round's definition has faults" not in err
    assert call("new-round", "2024-midterm", "--root", str(copy))[0] == 2
    assert (copy / "rounds/2024-midterm/round.toml").read_text() == definition
    assert call("new-round", "Midterm 2024", "--root", str(copy))[0] == 2
    code, _, err = call("new-round", "x", "--type", "fnal", "--root", str(copy))
    assert (code, "mente du final?" in err) == (2, True)


def test_codings_are_converted_and_what_is_lost_is_said(tmp_path: Path) -> None:
    source = tmp_path / "codings.csv"
    source.write_text("source,start,end,text,code_path,coder\na.txt,0,4,hund,Dyr > Hund,anna\n", encoding="utf-8")
    code, _, err = call("convert", str(source), str(tmp_path / "codings.xlsx"), "--kind", "codings")
    assert code == 0, err
    assert (tmp_path / "codings.xlsx").exists()
    assert "kodninger i en tekst, som filen ikke har" in err
    code, _, err = call("convert", str(source), str(tmp_path / "codings2.csv"))
    assert (code, "--kind codings eller --kind survey" in err) == (2, True)
    code, _, err = call("convert", str(tmp_path / "none.qdpx"), str(tmp_path / "x.csv"))
    assert (code, "findes ikke" in err) == (1, True)
    assert call("convert", str(source), str(tmp_path / "x.docx"))[0] == 2


def test_a_scan_names_places_and_kinds_and_never_prints_what_it_found(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Hun har telefon 21 43 65 88.\n", encoding="utf-8")
    (tmp_path / "clean.md").write_text("Ingen ting her.\n", encoding="utf-8")
    (tmp_path / "picture.png").write_bytes(b"x")
    code, out, err = call("scan", str(tmp_path))
    assert code == 1
    assert "a.txt: linje 1" in out
    assert "PHONE" in out
    assert "21 43" not in out + err
    assert "1 filer af anden slags er ikke gennemsøgt" in err
    assert json.loads(call("scan", str(tmp_path / "a.txt"), "--json")[1])[0]["kind"] == "PHONE"
    assert call("scan", str(tmp_path / "clean.md"))[0] == 0
    assert call("scan", str(tmp_path / "none.txt"))[0] == 2
