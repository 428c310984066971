"""Every number of the shipped rounds, every table and every picture's text is what it was, or its change is listed with its reason."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cache
from typing import Any

import pytest
from kept import KEPT, LANGS, ROOT, ROUNDS, Outputs, read_kept, read_outputs, same_number, same_text

Listed = dict[tuple[str, str, str], str]
read = cache(read_kept)
SHARES = (".share",)  # measures between 0 and 1 whose old keys held percentages


def resolve(today: Outputs, round_id: str, key: str, address: str) -> dict[str, Any] | None:
    """What today's run delivers for an old key; a share between 0 and 1 as the percentage that was kept."""
    found = today.values.get(address or key)
    if found is None or found["number"] is None or not address.endswith(SHARES):
        return found
    return found | {"number": 100 * found["number"]}


def rows(name: str) -> list[dict[str, str]]:
    with (KEPT / name).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


@pytest.fixture(scope="module")
def today(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outputs]:
    """All rounds as they are handed over now, the two languages side by side."""
    folder = tmp_path_factory.mktemp("today")
    command = [sys.executable, str(ROOT / "tests" / "rounds" / "kept.py"), "make"]
    running = [
        subprocess.Popen([*command, lang, str(folder)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) for lang in LANGS
    ]
    for process in running:
        _, said = process.communicate()
        assert process.returncode == 0, said
    return {round_id: read_outputs(folder, round_id) for round_id in ROUNDS}


def number_differs(kept: dict[str, Any], now: dict[str, Any] | None) -> str:
    """What is unlike in number, base and print of one key; empty when nothing is."""
    if now is None:
        return "is not there any more"
    parts = [
        f"{name} {kept[name]!r} → {now[name]!r}"
        for name in ("number", "n", "shown")
        if not (kept[name] == now[name] if name == "shown" else same_number(kept[name], now[name]))
    ]
    return ", ".join(parts)


def words_differ(kept: Outputs, now: Outputs, addresses: dict[str, str] | None = None) -> Iterator[tuple[str, str]]:
    """Part and name of whatever else is unlike: words of a value, a table or a picture, and what one side alone has."""
    for key, value in kept.values.items():
        for name in ("base", "source", "group", "wave", "kind", "notebook"):
            other = now.values.get((addresses or {}).get(key) or key, {}).get(name)
            if isinstance(value[name], dict):
                yield from ((f"{name}.{lang}", key) for lang in LANGS if other and value[name][lang] != other[lang])
            elif other and value[name] != other:
                yield name, key
    for part, texts in kept.texts.items():
        for name in texts | now.texts[part]:
            one, other = texts.get(name), now.texts[part].get(name)
            if one is None or other is None or not same_text(part, one, other):
                yield part, name


def unlisted_and_gone(found: set[tuple[str, str, str]], listed: Listed) -> tuple[list[str], list[str]]:
    """Differences that no line of the list allows, and lines that allow none."""
    allowed = {line: [one for one in found if all(map(fnmatchcase, one, line))] for line in listed}
    unlisted = found - {one for ones in allowed.values() for one in ones}
    return sorted(map(" ".join, unlisted)), sorted(" ".join(line) for line, ones in allowed.items() if not ones)


def test_every_old_key_has_one_line_and_every_mend_its_reason() -> None:
    keys = [(row["round"], row["old_key"]) for row in rows("addresses.csv")]
    assert len(keys) == 2926
    assert sorted(keys) == sorted((round_id, key) for round_id in ROUNDS for key in read(round_id).values)
    assert [row for row in rows("changed.csv") if not row["reason"].strip()] == []


def test_what_the_rounds_say_is_what_they_said_or_a_listed_mend(today: dict[str, Outputs]) -> None:
    # One test, not one a round: each worker of a split run would make the rounds anew.
    problems = []
    for row in rows("addresses.csv"):
        round_id, key = row["round"], row["old_key"]
        difference = number_differs(read(round_id).values[key], resolve(today[round_id], round_id, key, row["address"]))
        if difference and not row["reason"]:
            problems.append(f"{round_id} {key}: {difference}")
        elif row["reason"] and not difference:
            problems.append(f"{round_id} {key}: nothing is mended, but a reason is listed")
    addresses = {round_id: {row["old_key"]: row["address"] for row in rows("addresses.csv") if row["round"] == round_id} for round_id in ROUNDS}
    found = {(name, *one) for name in ROUNDS for one in words_differ(read(name), today[name], addresses[name])}
    listed = {(row["round"], row["part"], row["name"]): row["reason"] for row in rows("changed.csv")}
    unlisted, gone = unlisted_and_gone(found, listed)
    problems += [f"{one}: differs" for one in unlisted] + [f"{one}: listed, but nothing differs" for one in gone]
    assert problems == [], f"{len(problems)} problems"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({}, ""),
        ({"number": 22.000000000000004}, ""),
        ({"number": 23.0}, "number 22.0 → 23.0"),
        ({"n": 43}, "n 42 → 43"),
        ({"n": None}, "n 42 → None"),
        ({"shown": {"da": "22", "en": "21"}}, "shown {'da': '22', 'en': '22'} → {'da': '22', 'en': '21'}"),
    ],
)
def test_a_number_a_base_or_a_print_that_moved_is_said(change: dict[str, Any], said: str) -> None:
    kept = {"number": 22.0, "n": 42, "shown": {"da": "22", "en": "22"}}
    assert number_differs(kept, kept | change) == said
    assert number_differs(kept, None) == "is not there any more"


def test_a_list_allows_what_it_names_and_a_line_that_allows_nothing_is_said() -> None:
    found = {("demo", "base.da", "a.n"), ("demo", "base.da", "b.n"), ("demo", "tables.da.csv", "goals")}
    listed = {("demo", "base.da", "*.n"): "why", ("demo", "base.en", "*"): "why"}
    assert unlisted_and_gone(found, listed) == (["demo tables.da.csv goals"], ["demo base.en *"])


def test_cells_of_tables_are_compared_as_numbers_and_words_as_words() -> None:
    assert same_text("tables.da.csv", "a,b\nx,0.1\n", "a,b\nx,0.10000000000000001\n")
    assert not same_text("tables.da.csv", "a,b\nx,0.1\n", "a,b\nx,0.1001\n")
    assert not same_text("tables.da.csv", "a,b\nx,1\n", "a,b\nx,\n")
    assert not same_text("tables.da.csv", "a,b\nx,1\n", "a,b\n")
    assert not same_text("figures.da.md", "0.1", "0.10")


def test_the_words_of_a_value_and_texts_that_one_side_alone_has_are_found() -> None:
    both = {"da": "n = 1", "en": "n = 1"}
    value = dict.fromkeys(("base", "source", "group", "wave"), both) | {"kind": "real", "notebook": "10"}
    kept = Outputs({"a.n": value}, {"tables.da.md": {"one": "1", "two": "2"}})
    now = Outputs({"a.n": value | {"base": both | {"en": "n = 2"}, "kind": "synthetic"}}, {"tables.da.md": {"one": "1", "three": "2"}})
    assert sorted(words_differ(kept, kept)) == []
    assert sorted(words_differ(kept, now)) == [("base.en", "a.n"), ("kind", "a.n"), ("tables.da.md", "three"), ("tables.da.md", "two")]
