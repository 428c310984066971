"""A register of matches with everything that can be wrong in it: told in one go, each with its row."""

from __future__ import annotations

from pathlib import Path

import pytest

from vvvresearch.errors import SchemaError
from vvvresearch.monitoring import volume
from vvvresearch.sources import read_matches

HEAD = "match,refugee,volunteer,start,end,reason,reason_class,persons,municipality,as_of"
FAULTY = f"""{HEAD}
m1,r1,v1,2020-02-01,2020-01-01,moved,moved,1,0101,2021-12-31
m2,r2,v2,,2020-06-01,moved,moved,1,0101,2021-12-31
m3,r3,v3,2020-01-01,2020-12-31,moved,moved,1,0101,2021-12-31
m4,r3,v4,2020-06-01,,,,1,0101,2021-12-31
m5,r5,v5,2020-01-01,2020-03-01,kemi,bad_chemistry,1,0101,2021-12-31
m6,r6,v6,2022-03-01,,,,1,0101,2021-12-31
m7,r7,v7,2020-01-01,,,,1,0501,2021-12-31
m7,r7,v7,2020-01-01,,,,1,0101,2021-12-31
m8,r8,v8,2020-13-01,,,,1,0101,2021-12-31
m9,r9,v9,2020-01-01,,moved,,x,0101,2021-12-31
"""


def test_all_faults_of_a_register_are_told_together_with_their_rows(tmp_path: Path) -> None:
    path = tmp_path / "matches.csv"
    path.write_text(FAULTY, encoding="utf-8")
    with pytest.raises(SchemaError) as error:
        read_matches(path)
    assert [(failure.row, failure.column) for failure in error.value.failures] == [
        (2, "end"),
        (3, "start"),
        (5, "refugee"),
        (6, "reason_class"),
        (7, "start"),
        (8, "municipality"),
        (9, "match"),
        (10, "start"),
        (11, "persons"),
        (11, "reason"),
    ]


def test_a_source_may_allow_overlaps_and_a_match_may_follow_on_the_day_another_ends(tmp_path: Path) -> None:
    path = tmp_path / "matches.csv"
    rows = ["a,r,v,2020-01-01,2020-06-01,,,1,0101,", "b,r,w,2020-06-01,2020-07-01,,,1,0101,", "c,r,x,2020-06-30,,,,1,0101,"]
    path.write_text("\n".join([HEAD, *rows[:2]]), encoding="utf-8")
    assert len(read_matches(path)) == 2
    path.write_text("\n".join([HEAD, *rows]), encoding="utf-8")
    with pytest.raises(SchemaError) as error:
        read_matches(path)
    assert [failure.row for failure in error.value.failures] == [4]
    assert len(read_matches(path, overlaps="allowed")) == 3


def test_counts_of_a_read_register_are_those_of_its_rows(tmp_path: Path) -> None:
    path = tmp_path / "matches.csv"
    path.write_text(
        f"{HEAD}\na,r,v,2020-01-01,2020-06-01,x,natural,2,0101,2020-12-31\nb,s,w,2020-03-01,,,,1,0101,2020-12-31", encoding="utf-8"
    )
    table = volume(read_matches(path))
    assert table.cell("matches.active-person-2020.value").value == 1
    assert table.cell("matches.ever-person-2020.value").value == 3
