"""Every number of the shipped rounds is met at its address, every table shows its numbers, or the mend is listed with its reason."""

from __future__ import annotations

import csv
import subprocess
import sys
from fnmatch import fnmatchcase
from functools import cache
from typing import Any

import pytest
from kept import KEPT, LANGS, PARTS, ROOT, ROUNDS, Outputs, numbers_in, read_kept, read_outputs, same_number

read = cache(read_kept)


def rows(name: str) -> list[dict[str, str]]:
    with (KEPT / name).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


@pytest.fixture(scope="module")
def today(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outputs]:
    """All rounds as their chapters make them now."""
    folder = tmp_path_factory.mktemp("today")
    done = subprocess.run([sys.executable, str(ROOT / "tests/rounds/kept.py"), str(folder)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return {round_id: read_outputs(folder, round_id) for round_id in ROUNDS}


def differs(kept: dict[str, Any], now: dict[str, Any] | None) -> str:
    """What is unlike in number, base and print; a percentage may have become a share between 0 and 1. Empty when nothing is."""
    if now is None:
        return "is not there"
    parts = []
    scaled = None if now["number"] is None else 100 * now["number"]
    if not same_number(kept["number"], now["number"]) and not (scaled is not None and same_number(kept["number"], scaled)):
        parts.append(f"number {kept['number']!r} → {now['number']!r}")
    parts += [f"{name} {kept[name]!r} → {now[name]!r}" for name in ("n", "shown", "kind") if kept[name] != now[name]]
    return ", ".join(parts)


def test_every_old_key_has_one_line() -> None:
    keys = [(row["round"], row["old_key"]) for row in rows("addresses.csv")]
    assert len(keys) == 2926
    assert sorted(keys) == sorted((round_id, key) for round_id in ROUNDS for key in read(round_id).values)


def unlisted(today: dict[str, Outputs], part: str) -> list[str]:
    """What a kind of table or picture no longer shows, and what is listed for nothing."""
    listed = [(row["round"], row["part"], row["name"], row["now"]) for row in rows("tables.csv") if part.startswith(row["part"])]
    used, problems = set(), []
    for round_id in ROUNDS:
        now = today[round_id].texts[part]
        for name, text in read(round_id).texts[part].items():
            lines = [line for line in listed if line[0] == round_id and fnmatchcase(name, line[2])]
            used |= set(lines)
            places = [place for line in lines for place in line[3].split()] or [name]
            lost = numbers_in(text) - set().union(*(numbers_in(now.get(place, "")) for place in places))
            if lost and places != ["-"]:
                problems.append(f"{round_id} {name}: {len(lost)} numbers are gone: {sorted(lost)[:8]}")
    return problems + [f"{part}: listed for nothing: {line}" for line in sorted(set(listed) - used)]


@pytest.mark.slow
def test_every_old_number_table_and_picture_is_met_or_its_mend_is_listed(today: dict[str, Outputs]) -> None:
    problems = []
    for row in rows("addresses.csv"):
        round_id, key, reason = row["round"], row["old_key"], row["reason"].strip()
        now = today[round_id].values.get(row["address"]) if row["address"] else None
        difference = differs(read(round_id).values[key], now)
        if difference and not reason:
            problems.append(f"{round_id} {key} ({row['address']}): {difference}")
        elif reason and not difference:
            problems.append(f"{round_id} {key}: nothing is mended, but a reason is listed")
    problems += [line for part in PARTS for lang in LANGS for line in unlisted(today, f"{part}.{lang}.md")]
    assert problems == [], f"{len(problems)} problems"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({}, ""),
        ({"number": 22.000000000000004}, ""),
        ({"number": 0.22}, ""),
        ({"number": 23.0}, "number 22.0 → 23.0"),
        ({"n": 43}, "n 42 → 43"),
        ({"n": None}, "n 42 → None"),
        ({"kind": "real"}, "kind 'synthetic' → 'real'"),
        ({"shown": {"da": "22", "en": "21"}}, "shown {'da': '22', 'en': '22'} → {'da': '22', 'en': '21'}"),
    ],
)
def test_a_number_a_base_or_a_print_that_moved_is_said(change: dict[str, Any], said: str) -> None:
    kept = {"number": 22.0, "n": 42, "shown": {"da": "22", "en": "22"}, "kind": "synthetic"}
    assert differs(kept, kept | change) == said
    assert differs(kept, None) == "is not there"


def test_numbers_of_a_table_are_found_in_its_cells_and_not_in_its_headings() -> None:
    table = "| Svar 7 | n |\n| :--- | ---: |\n| ja 52\u00a0% (22 af 42) | 1.200 |\n\n: Tabel 3 {#tbl-x}\n"
    assert numbers_in(table) == {"52", "22", "42", "1.200"}
    assert numbers_in('![Figur 2](figures/x.svg){#fig-x fig-alt="ja 52 (22)"}\n') == {"52", "22"}
