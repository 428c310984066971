"""A sealed folder and its log tell of any change."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from tests.workspaces import write_empty_round
from vvvresearch.errors import DisclosureError
from vvvresearch.release import changes, releases, script, seal
from vvvresearch.release._numbers import summary
from vvvresearch.release._seal import LOG, withdraw_release
from vvvresearch.results import Base, Column, Measure, Result
from vvvresearch.rounds import open_round


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "rounds" / "a").mkdir(parents=True)
    (tmp_path / "rounds" / "a" / "round.toml").write_text('id = "a"\n')
    content = tmp_path / "content"
    (content / "da").mkdir(parents=True)
    (content / "da" / "report.html").write_text("rapport")
    (content / "da" / "t.csv").write_text("a,b\n1,2\n")
    return tmp_path


def test_any_change_of_a_sealed_folder_is_found(root: Path) -> None:
    sealed = seal(root, "a", root / "content", {"verdicts": []})
    assert changes(sealed) == []
    page = sealed.folder / "da" / "report.html"
    page.chmod(0o644)
    page.write_text("rapport!")
    (sealed.folder / "da" / "t.csv").unlink()
    (sealed.folder / "da" / "new.txt").write_text("x")
    assert sorted(line.rpartition(": ")[2] for line in changes(sealed)) == ["changed", "missing", "was not there"]


def test_whoever_changes_the_seal_too_is_found_by_the_log(root: Path) -> None:
    sealed = seal(root, "a", root / "content", {})
    place = sealed.folder / "seal.json"
    place.chmod(0o644)
    place.write_text(place.read_text().replace('"round": "a"', '"round": "b"'))
    assert changes(releases(root, "a")[0]) == ["outputs/released/a-001/seal.json: the seal was changed"]


@pytest.mark.parametrize("line", [0, 1])
def test_an_entry_of_the_log_cannot_be_changed_or_taken_out(root: Path, line: int) -> None:
    seal(root, "a", root / "content", {})
    seal(root, "a", root / "content", {})
    path = root / "rounds" / "a" / LOG
    entries = path.read_text().splitlines()
    changed = json.loads(entries[line]) | {"date": "2000-01-01"}
    path.write_text("\n".join([json.dumps(changed) if place == line else one for place, one in enumerate(entries)]))
    with pytest.raises(DisclosureError, match="log of releases was changed"):
        releases(root, "a")
    path.write_text(entries[1] + "\n")
    with pytest.raises(DisclosureError):
        releases(root, "a")


def test_a_withdrawn_release_is_gone_and_its_files_stay_named(root: Path) -> None:
    sealed = seal(root, "a", root / "content", {})
    withdraw_release(root, sealed, "2026-01-01")
    (again,) = releases(root, "a")
    assert not sealed.folder.exists()
    assert again.withdrawn == "2026-01-01"
    assert again.files == sealed.files
    assert set(sealed.files) == {"da/report.html", "da/t.csv"}


def test_the_shipped_script_finds_a_number_that_its_table_does_not_give(tmp_path: Path) -> None:
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "t.csv").write_text("code,count,n\nyes,30,42\nno,12,42\n")
    (tmp_path / "recompute.py").write_text(script())
    head = "address,shown,number,n,table,way,row,column,over\n"
    rows = "s.yes.count,30,30,42,t,cell,0,count,\ns.yes.share,71 %,0.7142857142857143,42,t,share,0,count,n\ns.all,42,42,,t,sum,,count,\n"
    (tmp_path / "summary.csv").write_text(head + rows)
    run = [sys.executable, "-I", str(tmp_path / "recompute.py")]
    assert subprocess.run(run, capture_output=True).returncode == 0
    (tmp_path / "summary.csv").write_text(head + rows.replace("30,30,", "30,31,"))
    done = subprocess.run(run, capture_output=True, text=True)
    assert done.returncode == 1
    assert "s.yes.count: 31 is told" in done.stdout


def test_words_that_are_bound_to_a_row_rest_on_each_of_its_numbers(tmp_path: Path) -> None:
    frame = pd.DataFrame({"code": ["yes", "no"], "count": [30, 12], "n": [42, 42]})
    shows = (Column("code", "code"), Column("count", "n", "count"))
    measures = (Measure("count"), Measure("share", "share", count="count"))
    answers = Result(frame=frame, base=Base(42), title="svar", shows=shows, at="s.q", keys=("code",), measures=measures)
    write_empty_round(tmp_path)
    open_round("r", tmp_path).page("30", tmp_path / "out").add("answers", answers)
    table, lost = summary("[30 af 42]{claim=s.q.yes} svarer ja, [ingen]{claim=s.q.maybe} måske.", tmp_path / "out", "da")
    rows = list(csv.DictReader(io.StringIO(table)))
    assert {row["address"]: row["number"] for row in rows} == {"s.q.yes.count": "30", "s.q.yes.share": repr(5 / 7)}
    assert lost == ["s.q.maybe"]
