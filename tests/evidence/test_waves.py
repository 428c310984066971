"""Waves stand in the order of time, whatever people call them."""

from __future__ import annotations

import random

import pandas as pd
import pytest

from vvvresearch.evidence import waves_in_order
from vvvresearch.mechanisms import wave_changes

IN_TIME = [
    ["før", "efter"],
    ["Before", "Halfway", "After"][::2],
    ["Baseline", "Midline", "Endline"],
    ["T0", "T1", "T9", "T10"],
    ["1. besøg", "2. besøg", "11. besøg"],
    ["startmåling", "midtvejs", "opfølgning 1", "opfølgning 2"],
    ["forår 2025", "efterår 2025", "forår 2026"],
    ["november 2019", "marts 2020", "maj 2020"],
    ["første runde", "anden runde", "tredje runde"],
    ["2019", "2021-05", "2021-11"],
]


@pytest.mark.parametrize("waves", IN_TIME, ids=lambda waves: waves[0])
def test_the_order_does_not_hang_on_letters_or_on_rows(waves: list[str]) -> None:
    mixed = [*waves, *waves, ""]
    random.Random(4).shuffle(mixed)
    assert waves_in_order(mixed) == waves


def test_what_ended_between_before_and_after_is_no_longer_named_and_not_new() -> None:
    rows = [("P1", "før", "tid", "ro"), ("P1", "før", "sprog", "job"), ("P1", "efter", "tid", "ro")]
    said = pd.DataFrame(rows, columns=["case", "wave", "cause", "effect"]).assign(informant="A", direction="promotes")
    changes = wave_changes(said).frame.set_index("link")["change"].to_dict()
    assert changes == {"tid > ro": "kept", "sprog > job": "not_named"}
