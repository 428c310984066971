"""Behind counts of interviews: the interviews themselves, as the register has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from vvvresearch.exploring._asked import Asked, Found, Opener, distinct
from vvvresearch.exploring._passages import interview_rows
from vvvresearch.results import TOTAL
from vvvresearch.themes._sample import UNKNOWN, attribute_value
from vvvresearch.themes._states import persons

if TYPE_CHECKING:
    from vvvresearch.evidence import Interviews

_WORST_FIRST = ("ended", "troubled", "ongoing", UNKNOWN)


def _register(asked: Asked) -> pd.DataFrame:
    interviews: Interviews = asked.given("interviews")
    frame, wave = interviews.frame, asked.given("wave")
    frame = frame if wave is None else frame[frame["wave"] == wave]
    return frame.assign(person=persons(frame))


def _found(rows: pd.DataFrame, unit: str, *, counts: bool = True) -> Found:
    shown = interview_rows(rows, rows.index)
    return Found(shown, "interviews", unit, distinct(shown, unit) if counts else None)


def sample_cell(asked: Asked) -> Found:
    """Interviews of the pairs whose relation is in a state, over several waves in the worst."""
    register = _register(asked)
    if asked.about == TOTAL:
        return _of_total(asked, register)
    paired = register[register["pair"].fillna("") != ""]
    rank = paired["relation_state"].map(attribute_value).map({name: place for place, name in enumerate(_WORST_FIRST)})
    worst = rank.fillna(len(_WORST_FIRST) - 1).groupby(paired["pair"]).transform("min")
    own = paired if not asked.row else paired[worst == _WORST_FIRST.index(asked.row["state"])]
    found = _found(own, "pair")
    if asked.measure == "share":
        from fractions import Fraction

        n = distinct(paired, "pair")
        return Found(found.frame, "interviews", "pair", Fraction(distinct(own, "pair"), n) if n else None)
    return found


def _of_total(asked: Asked, register: pd.DataFrame) -> Found:
    paired = register[register["pair"].fillna("") != ""]
    if asked.measure in ("interpreter", "with_interpreter"):
        return _found(register[register["interpreter"].fillna(False).astype(bool)], "interview")
    if asked.measure == "persons":
        return _found(register, "person")
    if asked.measure in ("pairs", "half_pairs"):
        interviews: Interviews = asked.given("interviews")
        sides = paired[paired["respondent_group"].isin(interviews.halves)].groupby("pair")["respondent_group"].nunique()
        if asked.made.analysis == "sample_monitor":
            return _found(paired, "pair")
        wanted = sides.index[sides == len(interviews.halves)] if asked.measure == "pairs" else sides.index[sides < len(interviews.halves)]
        return _found(paired[paired["pair"].isin(wanted)], "pair")
    return _found(register, "interview", counts=asked.measure == "interviews")


def quota_cell(asked: Asked) -> Found:
    """Interviews with a value of a dimension, of a group."""
    register, groups = _register(asked), asked.given("groups") or asked.given("interviews").halves
    own = register[register["respondent_group"].isin(groups)]
    if asked.row:
        own = own[own[asked.row["dimension"]].map(attribute_value) == asked.row["value"]]
    if asked.measure in groups:
        own = own[own["respondent_group"] == asked.measure]
    return _found(own, "interview")


def interview_cell(asked: Asked) -> Found:
    """Interviews of a group in a mode."""
    register = _register(asked)
    if asked.about == TOTAL:
        return _of_total(asked, register)
    for column, name in (("respondent_group", "group"), ("mode", "mode")):
        if asked.row and asked.row[name] != TOTAL:
            register = register[register[column] == asked.row[name]]
    return _found(register, "interview")


def saturation_cell(asked: Asked) -> Found:
    """The coded interviews of a group whose themes are followed."""
    from vvvresearch.exploring._themes import states_in

    states = states_in(asked)
    rows: Any = states.coded
    if asked.row and asked.row["respondent_group"] != TOTAL:
        rows = rows & (states.register["respondent_group"] == asked.row["respondent_group"]).to_numpy()
    # A person's first interview counts; later ones bring nobody new.
    held = states.register[rows].sort_values(["month"], kind="stable", na_position="last").drop_duplicates("person")
    shown = interview_rows(held, held.index)
    return Found(shown, "interviews", "interview", distinct(shown, "interview") if asked.measure == "interviews" else None)


OPENERS: dict[str, Opener] = {
    "sample_monitor": sample_cell,
    "quota_matrix": quota_cell,
    "interview_table": interview_cell,
    "saturation_table": saturation_cell,
}
