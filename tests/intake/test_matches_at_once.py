"""A register in which one person has two matches at a time: nothing is guessed, the rows are named, and either answer is carried out."""

from __future__ import annotations

import datetime
import itertools
from pathlib import Path
from random import Random

import pytest
from workspaces import write_empty_round

from vvvresearch.errors import SchemaError
from vvvresearch.evidence import read_programme
from vvvresearch.intake import OVERLAPS, propose, settle
from vvvresearch.rounds import add_source, open_round, propose_source

HEAD = "Match nr.;Flygtning;Frivillig;Startdato;Slutdato;Kommune"


def register(seed: int) -> tuple[list[str], set[int]]:
    """Rows of a register, and the file's rows in which somebody has a second match, found by setting every two beside each other."""
    draw = Random(seed)
    first = datetime.date(2023, 1, 1)
    rows = []
    for number in range(14):
        start = first + datetime.timedelta(draw.randrange(700))
        end = start + datetime.timedelta(draw.randrange(1, 300)) if draw.random() < 0.8 else None
        rows.append((f"M{number}", f"F{draw.randrange(9)}", f"V{draw.randrange(12)}", start, end))
    again = set()
    for (one, a), (two, b) in itertools.permutations(enumerate(rows), 2):
        began_later = (b[3], b[4] or datetime.date.max, two) > (a[3], a[4] or datetime.date.max, one)
        if began_later and b[3] < (a[4] or datetime.date.max) and (a[1] == b[1] or a[2] == b[2]):
            again.add(two + 2)
    return [f"{m};{r};{v};{s:%d-%m-%Y};{e:%d-%m-%Y};Odense" if e else f"{m};{r};{v};{s:%d-%m-%Y};;Odense" for m, r, v, s, e in rows], again


@pytest.mark.parametrize("seed", range(6))
def test_the_rows_asked_about_are_those_that_setting_all_beside_each_other_finds(seed: int, tmp_path: Path) -> None:
    rows, again = register(seed)
    path = tmp_path / "matches.csv"
    path.write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")
    asked = [question for question in propose(path, programme=read_programme(Path())).questions if question.id == OVERLAPS]
    assert [sorted(again)] * bool(again) == [
        [int(row) for row in one.question.split("række ")[-1].split(")")[0].split(", ")] for one in asked
    ]


def test_allowed_is_written_to_the_source_and_no_is_the_reader_s_error(tmp_path: Path) -> None:
    write_empty_round(tmp_path, more="seen_until = 2024-12-31")
    rows = ["A;F1;V1;01-02-2023;;Odense", "B;F2;V1;01-06-2023;;Odense"]
    path = tmp_path / "matches.csv"
    path.write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")
    with pytest.raises(SchemaError, match="overlaps"):
        settle(propose(path, programme=read_programme(Path())))
    with pytest.raises(SchemaError, match="1 fault"):
        add_source(tmp_path, "r", settle(propose(path, programme=read_programme(Path())), {OVERLAPS: "fault"}))
    assert not open_round("r", root=tmp_path).spec.sources
    add_source(tmp_path, "r", settle(propose(path, programme=read_programme(Path())), {OVERLAPS: "allowed"}))
    opened = open_round("r", root=tmp_path)
    assert opened.spec.sources[0].overlaps == "allowed"
    assert opened.matches.frame["volunteer"].tolist() == ["V1", "V1"]


def test_the_day_that_a_file_is_called_by_becomes_the_round_s_where_it_has_none(tmp_path: Path) -> None:
    write_empty_round(tmp_path, more="#seen_until = 2030-05-31")
    for day in ("2024-12-31", "2025-12-31"):
        path = tmp_path / f"matches {day}.csv"
        path.write_text("\n".join([HEAD, f"A{day[3]};F{day[3]};V1;01-02-2023;01-06-2023;Odense"]) + "\n", encoding="utf-8")
        add_source(tmp_path, "r", settle(propose(path, programme=read_programme(Path()))))
    opened = open_round("r", root=tmp_path)
    assert opened.spec.seen_until == datetime.date(2024, 12, 31)
    assert sorted(set(map(str, opened.matches.frame["as_of"]))) == ["2024-12-31", "2025-12-31"]


def test_a_table_of_the_round_s_own_goes_in_next_time_without_being_named(tmp_path: Path) -> None:
    write_empty_round(tmp_path)
    head = "Kok;Køkken;Plads til"
    paths = [tmp_path / f"koekkener {year}.csv" for year in (2024, 2025)]
    for path in paths:
        path.write_text("\n".join([head, *(f"KO-{n};Køkken {n % 3};{n}" for n in range(1, 9))]) + "\n", encoding="utf-8")
    first = propose_source(tmp_path, "r", paths[0])
    (asked,) = first.questions
    assert (asked.id, asked.items, [one for one, _ in asked.choices]) == ("kind", ("Kok", "Køkken", "Plads til"), ["register", "-"])
    add_source(tmp_path, "r", settle(first, {"kind": "register"}))
    again = propose_source(tmp_path, "r", paths[1])
    assert (again.kind, again.questions) == ("register", ())
