"""Behind themes and counts of interviews: interviews by state and the passages that say so, at one time, at two, and in several rounds."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from vvvresearch.exploring._asked import Asked, Found, Opener, distinct
from vvvresearch.exploring._passages import Beside, coded_passages, interview_rows, with_context
from vvvresearch.exploring._registers import own_row
from vvvresearch.results import TOTAL, Later
from vvvresearch.themes._coders import passages_of
from vvvresearch.themes._sample import UNKNOWN, attribute_value, attribute_values
from vvvresearch.themes._states import AFFIRMED, CONTRADICTED, States, held_in_order, persons, states_of
from vvvresearch.themes._theme_changes import heard_twice, said_twice, waves_compared
from vvvresearch.themes._theme_trend import by_last_codebook

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
    states = states_in(asked)
    rows: Any = states.coded
    if asked.row and asked.row["respondent_group"] != TOTAL:
        rows = rows & (states.register["respondent_group"] == asked.row["respondent_group"]).to_numpy()
    # A person's first interview counts; later ones bring nobody new.
    held = states.register[rows].sort_values(["month"], kind="stable", na_position="last").drop_duplicates("person")
    shown = interview_rows(held, held.index)
    return Found(shown, "interviews", "interview", distinct(shown, "interview") if asked.measure == "interviews" else None)


_LEVEL = " > "
_WHOLE = ("affirmed", "contradicted", "both", "not_raised", "asked", "not_asked", "not_coded")


def states_in(asked: Asked) -> States:
    """The states of all themes in all interviews, as the analysis counted them."""

    def work() -> States:
        known = {name: asked.given(name) for name in ("guide", "coder", "wave")}
        return states_of(asked.given("codings"), asked.given("interviews"), group=asked.given("group") or "", **known)

    states: States = asked.kept("states", work)
    return states


def passages_in(asked: Asked) -> pd.DataFrame:
    """The passages that the analysis counted, each with its interview."""
    work = lambda: coded_passages(asked.given("codings"), states_in(asked).register, asked.given("coder"))  # noqa: E731
    found: pd.DataFrame = asked.kept("passages", work)
    return found


def under(paths: pd.Series[Any], code: str) -> pd.Series[bool]:
    """Which paths are a code or below it."""
    return (paths == code) | paths.str.startswith(code + _LEVEL)


def shown(asked: Asked, passages: pd.DataFrame) -> pd.DataFrame:
    """Passages with what stands around them."""
    codings, interviews = asked.given("codings"), asked.given("interviews")
    beside = asked.kept("beside", lambda: Beside(codings, interviews, set(states_in(asked).register["source"])))
    return with_context(passages, codings, interviews, beside)


def theme_cell(asked: Asked) -> Found:
    """A cell of the theme table: every interview of the group in one state, and the passages that affirm and contradict."""
    states, by = states_in(asked), asked.given("by") or "respondent_group"
    if not asked.row:
        return _theme_total(asked, states)
    group, code = asked.row[by], asked.row["code_path"]
    values = attribute_values(states.register, by)
    members = np.ones(len(values), dtype=bool) if group == TOTAL else (values == group).to_numpy()
    return state_cell(asked, states, members, code, asked.measure)


def state_cell(asked: Asked, states: States, members: np.ndarray, code: str, measure: str) -> Found:
    """What some interviews say of a theme."""
    place = states.paths.index(code)
    said, against, could = (matrix[:, place] & members for matrix in (states.affirmed, states.contradicted, states.asked))
    read = states.coded & members
    flags = {
        "affirmed": said,
        "contradicted": against,
        "both": said & against,
        "not_raised": could & ~said & ~against,
        "asked": could,
        "not_asked": read & ~could,
        "not_coded": members & ~states.coded,
    }
    state = np.select(
        [flags["both"], said, against, flags["not_raised"], flags["not_asked"]],
        ["both", "affirmed", "contradicted", "not_raised", "not_asked"],
        "not_coded",
    )
    register = states.register.assign(state=state)
    every = passages_in(asked)
    own = every[under(every["code_path"], code)]
    own = own[members[own["row"].to_numpy()]].assign(state=lambda part: state[part["row"].to_numpy()])
    in_state = {AFFIRMED: said, CONTRADICTED: against}
    counts = {stance: own[(own["stance"] == stance) & flag[own["row"].to_numpy()]] for stance, flag in in_state.items()}
    told = pd.concat([counts[AFFIRMED], counts[CONTRADICTED]]).sort_index()
    spoken = {
        "affirmed": counts[AFFIRMED],
        "contradicted": counts[CONTRADICTED],
        "both": told[flags["both"][told["row"].to_numpy()]],
    }
    whole = {name: int(flag.sum()) for name, flag in flags.items()}
    tables = {name: partial(shown, asked, part) for name, part in spoken.items()}
    tables |= {name: partial(interview_rows, register, flag) for name, flag in flags.items() if name not in spoken}
    open_states = Later(tables)
    passages, unit, value = _counted(asked, measure, flags, spoken, told)
    if measure in ("codings", "child", "adult"):
        passages = _own_passages(asked, states, members, code)
        known = measure == "codings" or "beneficiary" in passages.columns
        if measure != "codings" and known:
            passages = passages[(passages["beneficiary"] == measure) & (passages["stance"] == AFFIRMED)]
        value = len(passages) if known else None
    if passages is None:
        flag = flags[measure.removeprefix("persons_")]
        return Found(interview_rows(register, flag), "interviews", unit, value, whole, open_states)
    return Found(shown(asked, passages), "passages", unit, value, whole, open_states)


def _counted(
    asked: Asked, measure: str, flags: dict[str, Any], spoken: dict[str, pd.DataFrame], told: pd.DataFrame
) -> tuple[pd.DataFrame | None, str, Any]:
    """The passages of a measure, the column that is counted in them, and the count; no passages where interviews are counted."""
    register = states_in(asked).register
    name = measure.removeprefix("persons_")
    unit = "person" if measure.startswith("persons_") or measure == "share" else "interview"
    if measure == "persons_both":
        both = set(register.loc[flags["affirmed"], "person"]) & set(register.loc[flags["contradicted"], "person"])
        return told[told["person"].isin(both)], unit, len(both)
    if name in spoken:
        return spoken[name], unit, distinct(spoken[name], unit)
    if name in flags:
        return None, unit, distinct(register[flags[name]], unit)
    said = spoken["affirmed"]
    if measure == "share":
        part, n = distinct(said, unit), distinct(register[flags["asked"]], unit)
        return said, unit, Fraction(part, n) if n else None
    if measure == "pairs":
        said = said[said["pair"].fillna("") != ""]
        return said, "pair", distinct(said, "pair")
    if measure == "interpreter":
        said = said[said["interpreter"].fillna(False).astype(bool)]
        return said, unit, distinct(said, unit)
    return told, unit if not measure else "", None


def _own_passages(asked: Asked, states: States, members: np.ndarray, code: str) -> pd.DataFrame:
    """The passages of a theme itself, by the rule of coders, consensus included."""
    passages = passages_in(asked)
    own = passages[passages["code_path"] == code]
    own = own[members[own["row"].to_numpy()]]
    kept = passages_of(asked.given("codings"), asked.given("coder"), states.register)
    names = ["source", "start", "end", "code_path", "coder"]
    found: pd.DataFrame = own[own.set_index(names).index.isin(kept.set_index(names).index)]
    return found


def _theme_total(asked: Asked, states: States) -> Found:
    flag = states.coded if asked.measure == "coded" else np.ones(len(states.coded), dtype=bool)
    rows = interview_rows(states.register, flag)
    unit = "person" if asked.measure == "persons" else "interview"
    value = distinct(rows, unit) if asked.measure in ("coded", "persons", "interviews") else None
    return Found(rows, "interviews", unit, value)


def crosstab_cell(asked: Asked) -> Found:
    """A theme among the interviews with one value of an attribute."""
    states = states_in(asked)
    if not asked.row:
        return _theme_total(asked, states)
    register = states.register.assign(value=attribute_values(states.register, asked.given("attribute")))
    held = held_in_order(states.register)
    code, place = asked.row["code_path"], states.paths.index(asked.row["code_path"])
    # A person belongs to the value of the first interview in which the theme could be raised.
    first = register.iloc[held[states.asked[held, place]]].drop_duplicates("person").set_index("person")
    told = register["person"].map(first["value"]) if asked.measure.startswith("persons_") else register["value"]
    members = (told == asked.row["value"]).to_numpy()
    if "within" in asked.row:
        layers = attribute_values(first, asked.given("within"))
        members = members & (register["person"].map(layers) == asked.row["within"]).to_numpy()
    return state_cell(asked, states, members, code, asked.measure)


def change_cell(asked: Asked) -> Found:
    """Who was heard of a theme at two times, and what they said then."""
    states, waves = states_in(asked), waves_compared(asked.given("interviews"), asked.given("first"), asked.given("second"))
    register = states.register
    wave = register["wave"].astype(str)
    if not asked.row:
        rows = interview_rows(register, register["person"].isin(heard_twice(states, waves)) & wave.isin(waves) & states.coded)
        return Found(rows, "interviews", "person", distinct(rows, "person") if asked.measure == "persons" else None)
    before, after = said_twice(states, states.paths.index(asked.row["code_path"]), waves)
    counted = {"first": before, "second": after, "both": before & after, "first_only": before & ~after, "second_only": ~before & after}
    own = counted.get(asked.measure, before | True)
    # What stands behind "at the first time" was said then.
    then = {"first": waves[:1], "second": waves[1:]}.get(asked.measure, waves)
    members = (register["person"].isin(own.index[own]) & wave.isin(then)).to_numpy()
    found = state_cell(asked, states, members, asked.row["code_path"], "affirmed" if asked.measure in counted else "persons_asked")
    return dataclasses.replace(found, unit="person", value=int(own.sum()) if asked.measure in (*counted, "persons") else None)


def trend_cell(asked: Asked) -> Found:
    """A theme in one of several rounds, counted by the codebook of the last."""
    rounds = asked.given("rounds")
    if not asked.row:
        return own_row(asked)
    carried = asked.kept("carried", lambda: by_last_codebook(rounds))[asked.row["round"]]
    given = {"group": asked.given("group"), **{name: getattr(carried, name) for name in ("codings", "interviews", "guide", "coder")}}
    kept = asked.kept(asked.row["round"], dict)
    of_round = dataclasses.replace(asked.result, made=dataclasses.replace(asked.made, given=given, kept=kept))
    return theme_cell(dataclasses.replace(asked, result=of_round, row=dict(asked.row) | {"respondent_group": TOTAL}))


def pair_cell(asked: Asked) -> Found:
    """A cell of the pair view: the pairs, and what both halves say."""
    every = asked.kept("every pair", lambda: _every_pair(asked))
    if not asked.row:
        return _pair_total(asked, every)
    code = asked.row["code_path"]
    if "pair" in asked.row:
        own = every[(every["code_path"] == code) & (every["pair"] == asked.row["pair"])]
    else:
        own = every[(every["code_path"] == code) & (every["outcome"] != "")]
    states = states_in(asked)
    passages = passages_in(asked)
    halves = asked.given("interviews").halves
    if asked.made.analysis == "pair_gaps":
        own = own[_of_gap(own, halves, asked.measure)]
    elif asked.measure not in ("", "pairs", "pair"):
        own = own[own["outcome"] == asked.measure]
    told = passages[
        under(passages["code_path"], code) & passages["pair"].isin(set(own["pair"])) & passages["respondent_group"].isin(halves)
    ]
    told = told[(states.affirmed | states.contradicted)[told["row"].to_numpy(), states.paths.index(code)]]
    all_own = every[(every["code_path"] == code) & (every["outcome"] != "")]
    whole = {"pairs": len(all_own), **{str(name): int(count) for name, count in all_own["outcome"].value_counts().items()}}
    makers: dict[str, Callable[[], pd.DataFrame]] = {"pairs": lambda: own, "passages": partial(shown, asked, told)}
    counts = asked.measure not in ("gap", "least_detectable")
    return Found(own, "cases", "pair", distinct(own, "pair") if counts else None, whole, Later(makers))


def _of_gap(own: pd.DataFrame, halves: tuple[str, str], measure: str) -> Any:
    """Which pairs a number of the gap between the halves counts."""
    first, second = (own[half] == AFFIRMED for half in halves)
    flags = {"first": first, "second": second, "both": first & second, "first_only": first & ~second, "second_only": ~first & second}
    return flags.get(measure, first | True)


def _every_pair(asked: Asked) -> pd.DataFrame:
    from vvvresearch.themes import pair_table

    given = {name: value for name, value in asked.made.given.items() if name not in ("under", "depth", "level")}
    return pair_table(**given)["pairs"].frame  # type: ignore[no-any-return]


def _pair_total(asked: Asked, every: pd.DataFrame) -> Found:
    interviews = asked.given("interviews")
    register = states_in(asked).register
    halves = register[register["respondent_group"].isin(interviews.halves) & (register["pair"].fillna("") != "") & states_in(asked).coded]
    sides = halves.groupby("pair")["respondent_group"].nunique()
    if asked.measure == "half_pairs":
        rows = halves[halves["pair"].isin(sides.index[sides < 2])]
        return Found(interview_rows(rows, rows.index), "interviews", "pair", distinct(rows, "pair"))
    rows = halves[halves["pair"].isin(set(every["pair"]))]
    value = distinct(rows, "pair") if asked.measure == "pairs" else None
    return Found(interview_rows(rows, rows.index), "interviews", "pair", value)


def matrix_cell(asked: Asked) -> Found:
    """A case of a matrix: its passages, or those under one theme (`code=`)."""
    interviews, codings = asked.given("interviews"), asked.given("codings")
    register = interviews.frame if asked.given("wave") is None else interviews.frame[interviews.frame["wave"] == asked.given("wave")]
    register = register[register["source"].fillna("") != ""].reset_index(drop=True)
    passages = coded_passages(codings, register.assign(person=""), asked.given("coder"))
    if asked.row:
        cases = register[asked.given("cases")].fillna("").astype(str)
        passages = passages[(cases == str(asked.row["case"])).to_numpy()[passages["row"].to_numpy()]]
    if asked.measure:
        passages = passages[under(passages["code_path"], asked.measure)]
    once = passages.drop_duplicates(["source", "start", "end", "code_path", "text"])
    return Found(shown(asked, once), "passages", "interview", len(once) if asked.measure else None)


def split_cell(asked: Asked) -> Found:
    """A theme's passages by what the codings say of them: whom it benefits, when."""
    if not asked.row:
        return _theme_total(asked, states_in(asked))
    own = passages_in(asked)
    own = own[under(own["code_path"], asked.row["code_path"])]
    return Found(shown(asked, own), "passages", "interview")


OPENERS: dict[str, Opener] = {
    "theme_table": theme_cell,
    "crosstab": crosstab_cell,
    "theme_changes": change_cell,
    "theme_trend": trend_cell,
    **dict.fromkeys(("pair_table", "pair_gaps"), pair_cell),
    "case_matrix": matrix_cell,
    "framework_matrix": matrix_cell,
    "split_table": split_cell,
    "sample_monitor": sample_cell,
    "quota_matrix": quota_cell,
    "interview_table": interview_cell,
    "saturation_table": saturation_cell,
}
