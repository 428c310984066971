"""Yearly lists of active matches and the register of events tell one truth, wherever both can know it."""

from __future__ import annotations

import datetime
import random
from typing import Any

import pandas as pd

from vvvresearch.monitoring import snapshots

START = datetime.date(2017, 1, 1)
DAYS = [f"{year}-12-31" for year in (2018, 2019, 2020, 2021)]


def made(seed: int) -> list[dict[str, Any]]:
    """A register of up to forty matches, some of them short, some of one person after another."""
    draw = random.Random(seed)
    rows = []
    for number in range(draw.randint(1, 40)):
        start = START + datetime.timedelta(days=draw.randint(0, 1800))
        length = draw.choice([5, 90, 400, 1200])
        end = start + datetime.timedelta(days=draw.randint(0, length))
        lasts = end > datetime.date(2021, 12, 31) or draw.random() < 0.3
        rows.append({"match": f"m{number}", "refugee": f"r{number}", "start": start.isoformat(), "end": "" if lasts else end.isoformat()})
    return [{**row, "as_of": "2022-06-30"} for row in rows]


def listed(rows: list[dict[str, Any]], day: str) -> list[str]:
    """By hand: began on the day or before, and has not ended on it or before."""
    return [row["match"] for row in rows if row["start"] <= day and (row["end"] == "" or row["end"] > day)]


def test_lists_drawn_by_hand_from_random_registers_agree_with_their_events() -> None:
    for seed in range(60):
        rows = made(seed)
        lists = [{"date": day, "match": match, "refugee": "r" + match[1:]} for day in DAYS for match in listed(rows, day)]
        if not lists:
            continue
        table = snapshots(pd.DataFrame(lists), matches=pd.DataFrame(rows))
        assert table.cell("apart").value == 0, seed
        frame = table.frame
        active = frame[frame["measure"] == "active"]
        assert active["value"].tolist() == active["events"].tolist(), seed
        assert {row["as_of"]: row["value"] for row in active[active["unit"] == "match"].to_dict("records")} == {
            day: len(found) for day in DAYS if (found := listed(rows, day))
        }
        assert (frame["value"] <= frame["events"]).all(), "what lists know is a lower bound"
        assert set(frame.loc[frame["value"] < frame["events"], "bound"]) <= {"lower"}, seed


def test_a_match_that_only_the_list_or_only_the_register_has_is_counted_as_apart() -> None:
    rows = pd.DataFrame({"match": ["a", "b"], "start": ["2020-01-01"] * 2, "end": ["", ""], "as_of": "2021-12-31"})
    lists = pd.DataFrame({"date": ["2020-12-31"] * 2, "match": ["a", "x"]})
    assert snapshots(lists, matches=rows).cell("apart").value == 2


def test_what_lies_after_the_register_of_events_is_not_known_by_it() -> None:
    rows = pd.DataFrame({"match": ["a"], "start": ["2020-01-01"], "end": [""], "as_of": "2020-12-31"})
    lists = pd.DataFrame({"date": ["2020-12-31", "2021-12-31"], "match": ["a", "a"]})
    frame = snapshots(lists, matches=rows).frame
    assert frame.loc[frame["as_of"] == "2021-12-31", "events"].isna().all()
    assert frame.loc[frame["as_of"] == "2020-12-31", "events"].tolist() == [1, 1]
