"""The explorer counts what the analyses count, under any filter and any rule of coders, and its copied calls give the same numbers."""

from __future__ import annotations

import itertools
import random
from typing import Any

import numpy as np
import pandas as pd
import pytest
from explored import demo, made_up
from hypothesis import given, settings
from hypothesis import strategies as st

from vvvresearch.errors import AnalysisError
from vvvresearch.evidence import Codings, Interviews
from vvvresearch.exploring import Narrowing, narrowed
from vvvresearch.exploring.explorer import Explorer
from vvvresearch.exploring.explorer._index import Index
from vvvresearch.exploring.explorer._passages import STATES, flags_of, told
from vvvresearch.exploring.explorer._together import pair, shared
from vvvresearch.exploring.explorer._views import COUNTS
from vvvresearch.themes import CoderRule, cooccurrence
from vvvresearch.themes._coders import passages_of
from vvvresearch.themes._states import states_of

CODES = ("Ro", "Ro > Søvn", "Mod")
RANDOM = random.Random(14)

some = st.sampled_from([[], ["x"], ["y"], ["z", "x"], ["y", "z"]])
passage = st.tuples(
    st.sampled_from("abcd"),
    st.integers(0, 2),
    st.sampled_from(CODES),
    st.sampled_from("xyz"),
    st.sampled_from(["affirmed", "contradicted", ""]),
)
filters = st.builds(
    Narrowing,
    attributes=st.sampled_from([(), (("respondent_group", ("refugee",)),), (("wave", ("1", "2")), ("sex", ("unknown",)))]),
    touches=st.sampled_from([(), ("Ro",), ("Ro > Søvn", "Mod")]),
    mentions=st.sampled_from([(), ("stol",), ("stol", "bord")]),
    coder=some.map(tuple),
    stance=st.sampled_from(["", "affirmed", "contradicted"]),
    memo=st.sampled_from([None, True, False]),
)
rules = st.sampled_from([CoderRule(), CoderRule("consensus"), CoderRule("lead", ("x",)), CoderRule("lead", ("z", "y"))])


def small_round(passages: list[tuple[Any, ...]], read: list[str]) -> tuple[Codings, Interviews]:
    """Four transcripts with drawn passages of three coders, one of whom may have read and found nothing."""
    codings, interviews = made_up()
    rows = [(source, 5 * at, 5 * at + 4, code, coder, stance, "memo" if at else "") for source, at, code, coder, stance in passages]
    frame = pd.DataFrame(rows, columns=["source", "start", "end", "code_path", "coder", "stance", "memo"]).assign(text="word")
    texts = {"a": "en stol ved", "b": "et bord her", "c": "stol og bord", "d": "intet af det"}
    register = interviews.frame.assign(coded_by=[",".join(read), "", "", ""], sex=["", "female", "", None], wave=list("1122"))
    return Codings(frame, codings.codebook, texts), Interviews(register)


@settings(max_examples=14, deadline=None)
@given(st.lists(passage, min_size=1, max_size=12), some, filters, rules, st.booleans())
def test_what_a_filter_leaves_is_counted_as_the_filtered_round_counts_it(
    passages: list[tuple[Any, ...]], read: list[str], wanted: Narrowing, rule: CoderRule, guided: bool
) -> None:
    codings, interviews = small_round(passages, read)
    guide = pd.DataFrame({"respondent_group": ["refugee"], "code_path": ["Ro"]}) if guided else None
    known = set(codings.frame["coder"]) | set(read)
    if not set(rule.lead) | set(wanted.coder) <= known:
        return
    left = wanted.interviews_left(interviews, codings)
    own = [narrowed(one, kind, wanted, left, interviews) for one, kind in ((codings, "codings"), (interviews, "interviews"))]
    mine = Index(codings, interviews, guide, rule).left(wanted)
    assert list(mine.states.register["interview"]) == list(left["interview"])
    try:
        expected = states_of(*own, guide=guide, coder=CoderRule() if wanted.coder else rule)
    except AnalysisError:
        return  # nobody is left, or none of the leading coders
    for name in ("affirmed", "contradicted", "asked", "coded", "passages"):
        assert np.array_equal(getattr(mine.states, name), getattr(expected, name)), name


@settings(max_examples=14, deadline=None)
@given(st.lists(passage, min_size=2, max_size=14), some, filters, rules, st.sampled_from(["document", "overlap"]))
def test_codes_meet_as_often_as_the_filtered_round_counts_them_and_where_they_do(
    passages: list[tuple[Any, ...]], read: list[str], wanted: Narrowing, rule: CoderRule, within: Any
) -> None:
    codings, interviews = small_round(passages, read)
    if not set(rule.lead) | set(wanted.coder) <= set(codings.frame["coder"]):
        return
    own = narrowed(codings, "codings", wanted, wanted.interviews_left(interviews, codings), interviews)
    rule = CoderRule() if wanted.coder else rule
    index = Index(codings, interviews, None, rule)
    counted = index.applied(wanted, lambda: own)
    table = shared(index, counted, within)
    frame = cooccurrence(own, within=within, coder=rule).frame
    expected = {tuple(row) for row in frame[["code_a", "code_b", "together"]].to_numpy().tolist()}
    places = [(one, other) for one in range(3) for other in range(one + 1, 3) if table[one, other]]
    assert {(index.paths[one], index.paths[other], int(table[one, other])) for one, other in places} == expected
    rows = list(passages_of(own, rule)[["source", "start", "end", "code_path"]].itertuples(index=False, name=None))
    for one, other in places:
        a, b = index.paths[one], index.paths[other]
        meets = {
            row
            for row in rows
            for mate in rows
            if {row[3], mate[3]} == {a, b} and row[0] == mate[0] and (within == "document" or (row[1] < mate[2] and row[2] > mate[1]))
        }
        found = pair(index, counted, table, wanted, {"a": b, "b": a, "within": within}, "en")
        assert (found["n"], found["amount"]) == (table[one, other], len(meets))
        assert {card["interview"] for card in found["cards"]} == {row[0].upper() for row in meets}


def test_the_table_of_codes_and_its_copied_call_say_the_same_and_a_branch_shows_the_rest() -> None:
    r = demo()
    kernel = Explorer(r)
    for asked in ({"filters": {"respondent_group": ["volunteer"]}}, {"within": "overlap", "under": "Udbytte"}):
        shown = kernel.ask({"op": "together", **asked})
        frame = eval(shown["code"], {"r": r}).frame.set_index(["code_a", "code_b"])["together"]
        named = [kernel.index.paths[row["code"]] for row in shown["rows"]]
        for line, row in enumerate(shown["rows"]):
            for column, n in enumerate(row["cells"][:-1]):
                assert n == frame.get((named[column], named[line]), 0)
        assert all(name.startswith(asked.get("under", "")) for name in named)
        one, other = max(((row["cells"][place], line, place) for line, row in enumerate(shown["rows"]) for place in range(line)))[1:]
        behind = kernel.ask({"op": "pair", "a": named[one], "b": named[other], **asked})
        assert eval(behind["call"], {"r": r}).value == behind["n"] == shown["rows"][one]["cells"][other]
    assert "no unit" in kernel.ask({"op": "together", "within": "page"})["told"]
    assert "no code" in kernel.ask({"op": "pair", "a": "Udbytte", "b": "Intet"})["told"]


def test_each_link_of_the_map_opens_with_its_informants_and_no_two_factors_stand_on_each_other() -> None:
    r = demo()
    kernel = Explorer(r)
    for filters in ({}, {"respondent_group": ["refugee"]}):
        drawn = kernel.ask({"op": "map", "filters": filters, "least": 3})
        table = eval(drawn["code"], {"r": r})
        assert drawn["all"] == len(table.frame)
        assert len(drawn["edges"]) == int((table.frame["informants"] >= 3).sum()) > 0
        for edge in drawn["edges"][:4]:
            found = kernel.ask({"op": "evidence", "id": "causal_map", "address": edge["address"], "filters": filters})
            assert found["shown"] == str(edge["informants"]) == str(len({row[found_at(found, "informant")] for row in found["rows"]}))
        places = sorted((node["layer"], node["height"]) for node in drawn["nodes"])
        assert all(b[1] - a[1] >= 1 for a, b in itertools.pairwise(places) if a[0] == b[0])
        assert {node["layer"] for node in drawn["nodes"]} == set(range(drawn["layers"]))
    nobody = kernel.ask({"op": "map", "filters": {"respondent_group": ["municipal"]}})
    assert nobody["told"]


def found_at(answer: dict[str, Any], name: str) -> int:
    return next(place for place, one in enumerate(answer["columns"]) if one["id"] == name)


def test_every_state_of_a_cell_is_told_by_hand() -> None:
    codings, interviews = made_up()
    index = Index(codings, interviews, None, CoderRule())
    left = index.left(Narrowing())
    refugees = np.array([True, True, True, False])
    flags = flags_of(left, refugees, 0)
    assert {name: int(flags[name].sum()) for name in STATES} == {
        "affirmed": 2,
        "contradicted": 1,
        "both": 1,
        "not_raised": 1,
        "asked": 3,
        "not_asked": 0,
        "not_coded": 0,
    }
    passages = told(index, left, flags, 0, "both", flags["both"])
    assert [(index.sources[index.interview[one]], int(index.start[one])) for one in passages] == [("a", 0), ("a", 5)]


@pytest.mark.parametrize(
    ("filters", "by", "measures"),
    [
        ({}, "respondent_group", ("not_raised",)),
        ({"wave": ["1"], "touches": ["Udbytte > Dansk"], "stance": ["contradicted"]}, "sex", ("both", "persons_affirmed")),
        ({"coder": ["coder-b"], "mentions": ["kaffe"]}, "wave", ("affirmed",)),
    ],
)
def test_matrix_cells_and_evidence_equal_the_calls_that_are_copied(
    filters: dict[str, list[str]], by: str, measures: tuple[str, ...]
) -> None:
    r = demo()
    kernel = Explorer(r)
    matrix = kernel.ask({"op": "matrix", "filters": filters, "by": by, "depth": 2})
    frame = eval(matrix["code"], {"r": r}).frame.set_index(["code_path", by])
    for row in matrix["rows"]:
        for column, cells in zip(matrix["columns"], row["cells"], strict=True):
            assert cells == frame.loc[(kernel.index.paths[row["code"]], column["id"]), list(COUNTS)].tolist()
    for measure in measures:
        row, column = RANDOM.choice(matrix["rows"][:9]), RANDOM.choice(matrix["columns"])
        cell = kernel.ask(
            {"op": "cell", "filters": filters, "code": kernel.index.paths[row["code"]], "by": by, "value": column["id"], "measure": measure}
        )
        behind = eval(cell["call"], {"r": r})
        assert (cell["whole"], cell["amount"]) == (behind.whole, len(behind.frame))
        number = cell["persons"] if measure.startswith("persons") else cell["interviews"]
        assert number == row["cells"][matrix["columns"].index(column)][COUNTS.index(measure)]


def test_search_says_what_r_search_says() -> None:
    r = demo()
    kernel = Explorer(r)
    for filters in ({}, {"stance": ["contradicted"], "sex": ["female"]}):
        for query in ("kaffe", "ar"):
            found = kernel.ask({"op": "search", "q": query, "filters": filters})
            table = eval(found["call"], {"r": r})
            totals = {name: total.value for name, total in table.totals.items()}
            assert {name: found[name] for name in totals} == totals
            shown = ["".join(piece["t"] for piece in one["segs"] if piece.get("on") == [-1]) for one in found["items"]]
            assert shown == list(table.frame["match"])[: len(shown)]


def test_facets_count_each_value_under_the_other_filters() -> None:
    r = demo()
    counts = Explorer(r).ask({"op": "facets", "filters": {"sex": ["female"], "wave": ["1"], "coder": ["coder-b"]}})
    for name, values in counts["columns"].items():
        kept = {"sex": "female", "wave": "1"}
        kept.pop(name, None)
        own = r.filter(coder="coder-b", **kept).interviews.frame
        for value, n in values.items():
            words = (
                own[name]
                .astype(str)
                .str.lower()
                .replace({"true": "yes", "false": "no", "nan": "unknown", "": "unknown", "none": "unknown"})
            )
            assert n == int((words == value.lower()).sum()), (name, value)
    assert counts["interviews"] == len(r.filter(sex="female", wave="1", coder="coder-b").interviews.frame)


@pytest.mark.parametrize(
    ("address", "lang"),
    [
        ("municipal-2021.refers.yes.nothing", "da"),
        ("municipal-2021.refers.yes.count", "en"),
        ("goals.count.on-track", "da"),
        ("presence.2022-05.present.n", "da"),
        ("map.total.informants", "en"),
    ],
)
def test_any_address_opens_the_page_or_is_a_sentence(address: str, lang: str) -> None:
    kernel = Explorer(demo(), address, lang)
    start = kernel.ask({"op": "open"})
    assert start["start"] == {"address": address}
    found = kernel.ask({"op": "evidence", "address": address})
    if "told" in found:
        assert address.split(".")[-1] in found["told"]
    else:
        assert eval(found["call"], {"r": demo()}).address == found["address"]


def test_an_address_of_a_theme_opens_its_cell_in_the_matrix() -> None:
    kernel = Explorer(demo(), "themes.udbytte/dansk.refugee.affirmed")
    cell = kernel.ask({"op": "open"})["start"]["cell"]
    assert cell == {"code": "Udbytte > Dansk", "by": "respondent_group", "value": "refugee", "measure": "affirmed"}
    assert kernel.ask({"op": "cell", **cell})["interviews"] == demo().cell("themes.udbytte/dansk.refugee.affirmed").value
