"""One case mapping feeds causal map, configurations and truth table; what was planted is recovered, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from vvvresearch import files
from vvvresearch.errors import AnalysisError
from vvvresearch.evidence import Mappings
from vvvresearch.mechanisms import (
    Alike,
    CaseConditions,
    Judged,
    Linked,
    Perspectives,
    case_conditions,
    causal_map,
    mechanism_table,
    moderators,
    perspectives,
)
from vvvresearch.mechanisms.qca import minimize, robustness, truth_table
from vvvresearch.sources import read_mappings

RULES = {
    "SIM": Judged(),
    "COMP": Judged(),
    "TIME": Alike("hours_wanted", within=1),
    "SAMESEX": Alike("sex"),
    "GOOD": Judged(),
}


@pytest.fixture(scope="module")
def demo(project: Path) -> Path:
    return project / "interviews" / "demo"


@pytest.fixture(scope="module")
def mappings(demo: Path) -> Mappings:
    return read_mappings(demo / "mappings")


@pytest.fixture(scope="module")
def pairs(demo: Path) -> Perspectives:
    return perspectives(files.read_csv(demo / "attributes.csv"), ["hours_wanted", "kind_wanted"], leave_out=["pseudonym"])


@pytest.fixture(scope="module")
def cases(demo: Path, mappings: Mappings, pairs: Perspectives) -> CaseConditions:
    judgements = files.read_csv(demo / "judgements.csv")
    return case_conditions(
        {**RULES, "TIME": Judged(), "SAMESEX": Judged()}, mappings=mappings, judgements=judgements, pairs=pairs, wave="1"
    )


def test_the_planted_ways_to_a_good_match_are_recovered_with_the_condition_of_time(cases: CaseConditions) -> None:
    table = truth_table(cases.table, "GOOD", ["SIM", "COMP", "TIME"])
    found = minimize(table, "parsimonious")
    assert [set(model.terms) for model in found.models] == [{"SIM*TIME", "COMP*TIME"}]
    assert found.models[0].inclusion == 1
    against = truth_table(cases.table, "GOOD", ["SIM", "COMP", "TIME"], negate_outcome=True)
    assert [set(model.terms) for model in minimize(against, "parsimonious").models] == [{"~TIME"}]


def test_the_good_match_with_neither_stays_a_contradiction_and_a_counter_case(cases: CaseConditions) -> None:
    table = truth_table(cases.table, "GOOD", ["SIM", "COMP", "TIME"])
    assert len(table.contradictory) == 1
    assert "P07" in table.note
    crossed = mechanism_table(cases.table, ["SIM", "COMP"], "GOOD", ["TIME"]).frame
    assert crossed[(crossed["mechanism"] == "none") & (crossed["moderator"] == "")]["counter_cases"].item() == "P07"


def test_the_same_sex_is_not_made_into_a_reason(cases: CaseConditions) -> None:
    table = truth_table(cases.table, "GOOD", ["SIM", "COMP", "TIME", "SAMESEX"])
    models = [set(model.terms) for model in minimize(table, "parsimonious").models]
    # Some model needs no word of sex: the data cannot make it a reason, and every model is shown so that this is seen.
    assert any(not any("SAMESEX" in term for term in model) for model in models)
    tested = moderators(cases.table, "GOOD", ["SAMESEX", "TIME"]).frame.set_index("candidate")["verdict"]
    assert tested["SAMESEX"] == "cannot tell"
    core = robustness(truth_table(cases.table, "GOOD", ["SIM", "COMP", "TIME"]), "parsimonious").terms.set_index("term")["variants"]
    assert core.index[0] in {"SIM*TIME", "COMP*TIME"}


def test_conditions_come_from_mappings_and_attributes_with_quotes_and_printed_rules(mappings: Mappings, pairs: Perspectives) -> None:
    found = case_conditions(
        {"LIVSFASE": Linked(("livsfase",), ("match",), memberships=(0, 0.67, 1)), "TIMER": Alike("hours_wanted", within=1)},
        mappings=mappings,
        pairs=pairs,
        wave="1",
    )
    assert set(found.table.columns) == {"LIVSFASE", "TIMER"}
    assert len(found.table) == 12
    said = found.grounds[(found.grounds["case"] == "P01") & (found.grounds["condition"] == "LIVSFASE")].iloc[0]
    assert said["membership"] in (0.67, 1)
    assert said["quotes"]
    assert "livsfase → match (fremmer)" in found.note
    assert "livsfase → match (promotes)" in found.in_language("en").note
    # What people said stays with the object: no quote goes into a table.
    assert list(found.frame.columns) == ["case", "condition", "membership"]


def test_factors_named_but_linked_to_nothing_have_no_place_in_the_causal_map(mappings: Mappings) -> None:
    found = causal_map(mappings)
    linked = set(found.factors["factor"])
    assert "fest" not in linked
    assert "match" in linked
    behind = found.evidence("Samme sted i livet", "Det gode match")
    assert {"case", "wave", "quote"} <= set(behind.columns)
    assert (behind["quote"] != "").all()


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ({}, "no condition is declared"),
        ({"X": Linked(("livsfse",))}, "did you mean livsfase"),
        ({"X": Judged("GOD")}, "nobody judged 'GOD'"),
        ({"X": Alike("hours_wnted")}, "did you mean hours_wanted"),
    ],
)
def test_a_rule_that_points_at_nothing_is_refused(
    demo: Path, mappings: Mappings, pairs: Perspectives, rules: dict[str, Judged], message: str
) -> None:
    judgements = files.read_csv(demo / "judgements.csv")
    with pytest.raises(AnalysisError, match=message):
        case_conditions(rules, mappings=mappings, judgements=judgements, pairs=pairs, wave="1")


def test_several_waves_are_never_mixed_without_being_told(mappings: Mappings) -> None:
    with pytest.raises(AnalysisError, match="several waves"):
        case_conditions({"X": Linked(("livsfase",))}, mappings=mappings)


def test_a_case_without_a_judgement_is_named() -> None:
    judgements = pd.DataFrame({"case": ["P1", "P2", "P1"], "condition": ["A", "A", "B"], "membership": [1, 0, 1]})
    empty = pd.concat([judgements, pd.DataFrame({"case": ["P2"], "condition": ["B"], "membership": [pd.NA]})])
    for given in (judgements, empty, empty.fillna("")):
        with pytest.raises(AnalysisError, match=r"'B' has no membership[\s\S]*P2"):
            case_conditions({"A": Judged(), "B": Judged()}, judgements=given)


def test_memberships_of_one_wave_of_several_say_which() -> None:
    judgements = pd.DataFrame({"case": ["P1", "P2"] * 2, "wave": ["1", "1", "2", "2"], "condition": "A", "membership": [1, 0, 1, 1]})
    for wave in ("1", "2"):
        assert case_conditions({"A": Judged()}, judgements=judgements, wave=wave).base.wave == wave
    assert case_conditions({"A": Judged()}, judgements=judgements[:2], wave="1").base.wave == ""
