"""What batch asks of the door: folders change places in one step, and a kernel's reads are known outside it."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from vvvresearch.files import READS_FILE, read_sidecar, staged_folder
from vvvresearch.files._write import exchange


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux exchanges two names in one step")
def test_while_a_folder_is_replaced_again_and_again_there_is_always_a_whole_one(tmp_path: Path) -> None:
    target = tmp_path / "da"
    stop = threading.Event()
    missing: list[str] = []

    def watch() -> None:
        while not stop.is_set():
            if not target.is_dir():
                missing.append("the folder was not there")

    with staged_folder(target) as stage:
        (stage / "a").write_text("0")
    watcher = threading.Thread(target=watch)
    watcher.start()
    for number in range(1, 200):
        with staged_folder(target, keep=("a",)) as stage:
            (stage / "a").write_text(str(number))
    stop.set()
    watcher.join()
    assert not missing
    assert (target / "a").read_text() == "199"
    assert (tmp_path / ".da.previous/a").read_text() == "198"
    assert sorted(path.name for path in tmp_path.iterdir()) == [".da.previous", "da"]


def test_where_names_cannot_be_exchanged_nothing_has_changed_and_renaming_serves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "other")
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    assert not exchange(tmp_path / "one", tmp_path / "two")
    for text in ("1", "2"):
        with staged_folder(tmp_path / "da", keep=("a",)) as stage:
            (stage / "a").write_text(text)
            (stage / "b").write_text(text)
    assert (tmp_path / "da/a").read_text() == "2"
    assert {path.name: path.read_text() for path in (tmp_path / ".da.previous").iterdir()} == {"a": "1"}


def test_reads_and_misses_of_another_process_are_known_even_when_it_is_killed(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("æ", encoding="utf-8")
    code = (
        "import os\nfrom vvvresearch.errors import SourceError\nfrom vvvresearch.files import read_text\n"
        "read_text('a.txt')\ntry: read_text('b.txt')\nexcept SourceError: pass\nos.kill(os.getpid(), 9)"
    )
    record = tmp_path / "reads.jsonl"
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env={"PATH": "/usr/bin:/bin", READS_FILE: str(record)}, check=False)
    found = read_sidecar(record)
    assert {path.name: bool(sha) for path, sha in found.items()} == {"a.txt": True, "b.txt": False}
    record.write_text(record.read_text() + json.dumps(["/x", "1"])[:-4], encoding="utf-8")
    assert read_sidecar(record) == found, "a line that was cut off is left out"
