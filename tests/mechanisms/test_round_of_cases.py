"""A round's cases: what was planted is found through the round, and what it declares, lacks or cannot answer is said."""

from __future__ import annotations

import json
import random
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from vvvresearch.errors import AnalysisError, UnanswerableError
from vvvresearch.evidence import Mappings
from vvvresearch.kinds import DataKind
from vvvresearch.locales import is_sayable
from vvvresearch.mechanisms import (
    CaseConditions,
    Declared,
    Linked,
    case_conditions,
    configurations,
    evidence_ledger,
    mechanism_table,
    moderators,
    perspectives,
)
from vvvresearch.mechanisms.qca import minimize, standard_analysis, truth_table
from vvvresearch.results import Result
from vvvresearch.rounds import Round, load_spec
from vvvresearch.rounds._conditions import ConditionSpec

CONDITIONS = ["SIM", "COMP", "TIME"]


@pytest.fixture(scope="module")
def demo(project: Path) -> Round:
    return Round(load_spec(project, "demo"), project)


@pytest.fixture(scope="module")
def planted(project: Path) -> dict[str, Any]:
    return tomllib.loads((project / "interviews/demo/truth/expected.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def made(demo: Round) -> dict[str, Result]:
    """Every result that the chapter shows."""
    table = {negated: demo.truth_table("GOOD", negate_outcome=negated) for negated in (False, True)}
    solution = {negated: demo.minimize(table[negated]) for negated in table}
    return {
        "theory": demo.theory_of_change(),
        "configurations": demo.configurations(),
        "conditions": demo.conditions(),
        "mechanisms": demo.mechanism_table(),
        "truth": table[False],
        "truth not": table[True],
        "necessity": demo.necessity("GOOD", joined=True),
        "necessity not": demo.necessity("GOOD", negate_outcome=True, joined=True),
        "paths": solution[False],
        "paths not": solution[True],
        "robustness": demo.robustness(solution[False]),
        "robustness not": demo.robustness(solution[True]),
        "moderators": demo.moderators("GOOD"),
        "perspectives": demo.perspectives(),
        "ledger": demo.evidence_ledger(),
    }


def with_parts(result: Result) -> list[Result]:
    return [result, *(inner for part in result.parts.values() for inner in with_parts(part))]


def test_the_planted_paths_are_recovered_in_every_kind_of_solution(made: dict[str, Result], planted: dict[str, Any]) -> None:
    frame = made["paths"].frame
    for kind in ("conservative", "parsimonious", "intermediate"):
        assert set(frame.loc[(frame["solution"] == kind) & (frame["term"] != ""), "term"]) == set(planted["qca"]["conservative"])


def test_the_good_match_that_nothing_explains_is_named_and_its_contradiction_shown(
    made: dict[str, Result], planted: dict[str, Any]
) -> None:
    roles = made["paths"]["roles"].frame
    assert list(roles.loc[roles["role"] == "deviant in coverage", "case"]) == planted["qca"]["deviant_for_coverage"]
    assert all(case in made["truth"].note for case in planted["qca"]["contradictory_row"])
    crossed = made["mechanisms"].frame
    rest = crossed[(crossed["mechanism"] == "none") & (crossed["moderator"] == "")]
    assert rest["counter_cases"].tolist() == planted["qca"]["deviant_for_coverage"]


def test_the_absence_expects_the_reverse(made: dict[str, Result], demo: Round) -> None:
    # The row without time but with both mechanisms has no case. Whoever expects them to further the match does not assume that it
    # fails there; whoever forgot to turn the expectations would.
    absence = made["paths not"].intermediate
    assert absence.table.expectations == dict.fromkeys(CONDITIONS, 0)
    assert [set(model.terms) for model in absence.models] == [{"~SIM*~TIME", "~COMP*~TIME"}]
    unturned = standard_analysis(absence.table, dict.fromkeys(CONDITIONS, 1)).intermediate
    assert [set(model.terms) for model in unturned.models] == [{"~TIME"}]
    assert "række 7" in made["paths not"].sentences().to_markdown()


def test_turned_expectations_give_the_solution_of_r(reference: Path) -> None:
    cases = json.loads((reference / "qca" / "qca_cases.json").read_text(encoding="utf-8"))["cases"]
    checked = 0
    for case in cases:
        found = case.get("intermediate", {})
        expected = found.get("dir_exp", "").split(",")
        if not case["negated_outcome"] or "pairs" not in found or any("*" in one or "[" in one for one in expected):
            continue
        wanted = {one.strip().lstrip("~"): 0 if one.strip().startswith("~") else 1 for one in expected}
        if not set(wanted) <= set(case["conditions"]):
            continue
        # What R was told of the absence is the reverse of what would be declared of the presence.
        declared = Declared(expectations={name: 1 - wanted[name] if name in wanted else "either" for name in case["conditions"]})
        data = pd.read_csv(reference / "qca" / case["data_file"], index_col="case")
        cuts = case["incl_cut"]
        table = truth_table(
            as_cases(data, declared),
            case["outcome"],
            negate_outcome=True,
            inclusion_cut=tuple(cuts) if len(cuts) > 1 else cuts[0],
            n_cut=case["n_cut"],
            pri_cut=case["pri_cut"],
        )
        assert table.expectations == wanted
        ours = {frozenset(model.terms) for model in minimize(table, "intermediate", table.expectations).models}
        assert ours == {frozenset(model["pis"]) for pair in found["pairs"].values() for model in pair["models"]}
        checked += 1
    assert checked >= 3


def as_cases(data: pd.DataFrame, declared: Declared) -> CaseConditions:
    """A table of cases as if a round had declared it."""
    nothing = pd.DataFrame()
    made = case_conditions({"X": Linked(("a",))}, mappings=mapped(("P1", "a", "b", "refugee")))
    return CaseConditions(frame=nothing, base=made.base, table=data, rules=nothing, grounds=nothing, declared=declared)


def mapped(*links: tuple[str, str, str, str]) -> Mappings:
    nodes = sorted({node for link in links for node in link[1:3]})
    frame = pd.DataFrame(links, columns=["case", "cause", "effect", "perspective"])
    frame = frame.assign(direction="promotes", informant=frame["perspective"], quote="…", wave="1")
    return Mappings(pd.DataFrame({"node": nodes}), frame)


def test_what_one_half_or_both_say_in_the_maps_becomes_membership_and_reaches_the_set_analysis() -> None:
    maps = mapped(
        ("P1", "tid", "match", "refugee"), ("P1", "tid", "match", "volunteer"), ("P1", "humor", "match", "refugee"),
        ("P2", "tid", "match", "volunteer"), ("P2", "ro", "match", "refugee"),
        ("P3", "ro", "match", "refugee"), ("P4", "humor", "match", "refugee"),
    )  # fmt: skip
    rules = {
        "TID": Linked(("tid",), ("match",), memberships=(0, 0.6, 1)),
        "RO": Linked(("ro", "humor")),
        "GOD": Linked(("tid",), ("match",)),
    }
    found = case_conditions(rules, mappings=maps, declared=Declared(expectations={"TID": 1, "RO": "either"}, outcomes=("GOD",)))
    assert found.table["TID"].to_dict() == {"P1": 1.0, "P2": 0.6, "P3": 0.0, "P4": 0.0}
    assert found.table["GOD"].tolist() == [1, 1, 0, 0]
    with pytest.raises(UnanswerableError, match=r"RO.*constant"):
        truth_table(found, "GOD")
    table = truth_table(found, "GOD", ["TID"])
    assert [model.terms for model in minimize(table).models] == [("TID",)]
    assert table.expectations == {"TID": 1}


def test_a_linked_condition_of_a_round_is_what_its_maps_say(demo: Round) -> None:
    rule = {"linked": ["livsfase", "match"], "memberships": [0, 0.5, 1]}
    words = {"da": "livsfase", "en": "stage of life"}
    condition = ConditionSpec.model_validate({"id": "LIFE", "label": words, "rule": rule, "expect": 1})
    opened = Round(demo.spec.model_copy(update={"conditions": (*demo.spec.conditions, condition)}), demo.root)
    table = opened.conditions().table
    links = demo.mappings.links
    said = links[(links["wave"].astype(str) == "1") & (links["cause"] == "livsfase") & (links["effect"] == "match")]
    halves = said[said["direction"] == "promotes"].groupby("case")["perspective"].nunique()
    assert table["LIFE"].to_dict() == {case: 0.5 * halves.get(case, 0) for case in table.index}
    assert "LIFE" in opened.truth_table("GOOD", inclusion_cut=0.5).frame.columns


def test_a_verdict_rests_on_the_adjusted_p() -> None:
    pairs = pd.DataFrame({"a": [1] * 6 + [0] * 6, "b": [1, 0] * 6, "god": [1] * 5 + [0] + [0] * 5 + [1]})
    alone = moderators(pairs, "god", ["a"], adjustment="none", level=0.9).frame.iloc[0]
    assert (alone["verdict"], alone["p"] < 0.1) == ("difference", True)
    together = moderators(pairs, "god", ["a", "b"], level=0.9).frame.iloc[0]
    assert together["p"] == alone["p"]
    assert together["p"] < 0.1 < together["p_adjusted"]
    assert together["verdict"] == "cannot tell"


def test_no_claim_is_made_of_factors_that_were_planted_without_effect(made: dict[str, Result]) -> None:
    row = made["moderators"].frame.set_index("candidate").loc["SAMESEX"]
    assert row["verdict"] == "cannot tell"
    assert row["lower"] < 0 < row["upper"]
    assert made["moderators"].cell("moderators.good.count.cannot-tell").value == len(made["moderators"])
    assert "kan ikke afgøres" in made["moderators"].to_markdown()
    assert "cannot tell" in made["moderators"].in_language("en").to_markdown()


def test_parties_are_a_configuration_without_support(made: dict[str, Result], planted: dict[str, Any]) -> None:
    assert planted["misleading"]["no_link_to_outcomes"]
    row = made["configurations"].frame.set_index("id").loc["CMO-6"]
    assert (row["status"], row["n_supports"]) == ("unsupported", 0)


def test_passages_belong_to_the_pair_of_their_interview_and_to_themselves_outside_pairs(demo: Round, made: dict[str, Result]) -> None:
    cases = {case for one in made["configurations"].frame["supports_cases"] for case in one}
    pairs = set(demo.interviews.frame["pair"]) - {""}
    assert cases & pairs
    assert "b02" in cases - pairs
    alone = configurations(demo.evidence_of("configurations"))
    assert set(alone.passages["case"]) == set(alone.passages["source"])


def test_the_pairs_that_do_not_agree_on_time_are_found_with_both_values(made: dict[str, Result], planted: dict[str, Any]) -> None:
    frame = made["perspectives"]["discrepancies"].frame
    apart = frame[(frame["attribute"] == "hours_wanted") & (frame["distance"] >= 3)]
    assert sorted(apart["pair"]) == planted["time_not_agreed_by_both"]["pairs"]
    assert apart.loc[apart["pair"] == "P08", ["refugee", "volunteer"]].values.tolist() == [[5, 1]]
    likeness = made["perspectives"]["likeness"].frame.set_index("attribute").loc["hours_wanted"]
    assert likeness["first_higher"] == len(likeness["first_higher_pairs"]) == 3
    assert likeness[["same", "some_shared", "first_higher", "second_higher", "different", "unknown"]].sum() == likeness["n"] == 12


def test_every_arrow_of_the_theory_has_its_state_and_the_counts_add_up(made: dict[str, Result]) -> None:
    theory = made["theory"]
    states = [theory.cell(f"theory.count.{state}").value for state in ("supported", "contested", "contradicted", "no-evidence")]
    assert sum(states) == theory.cell("arrows").value == len(theory) == 24
    alt = theory.plot("theory").alt()
    assert "24" in alt
    assert f"{states[3]} uden belæg" in alt


def test_the_probability_of_a_ledger_is_that_of_bayes_rule_with_its_own_priors(demo: Round, made: dict[str, Result]) -> None:
    (ledger,) = demo.evidence_of("ledger")
    again = evidence_ledger(ledger.items, priors=ledger.priors)
    assert made["ledger"].cell("posterior_low").value == again.posterior[0]
    assert made["ledger"].kind is DataKind.SYNTHETIC
    with pytest.raises(AnalysisError, match="did you mean H-match"):
        demo.evidence_ledger(hypothesis="H-mach")


def test_frames_hold_plain_numbers_and_codes_and_words_come_with_the_language(made: dict[str, Result]) -> None:
    for name, result in made.items():
        for part in with_parts(result):
            for column in part.frame.columns:
                # A tuple of names is a list of ids; whatever can say itself would be words.
                assert not any(is_sayable(value) for value in part.frame[column]), (name, column)
            assert part.in_language("en").frame is part.frame
        assert result.to_markdown() != result.in_language("en").to_markdown(), name


def test_every_number_is_found_by_its_address_through_the_round(demo: Round, made: dict[str, Result]) -> None:
    numbers = random.Random(65)
    for result in made.values():
        for cell in numbers.sample(result.cells, min(2, len(result.cells))):
            assert demo.cell(cell.address) == cell
    addresses = [cell.address for result in made.values() for cell in result.cells]
    assert len(addresses) == len(set(addresses))


def test_the_round_and_the_full_call_give_the_same_numbers(demo: Round, made: dict[str, Result]) -> None:
    cases = demo.conditions()
    assert truth_table(cases, "GOOD", CONDITIONS).cells == made["truth"].cells
    assert moderators(cases, "GOOD", [*CONDITIONS, "KIND", "SAMESEX"]).cells == made["moderators"].cells
    assert mechanism_table(cases, ["SIM", "COMP"], "GOOD", ["TIME"]).cells == made["mechanisms"].cells
    plain = truth_table(cases.table, "GOOD", CONDITIONS, kind=DataKind.SYNTHETIC)
    assert plain.frame.equals(made["truth"].frame)
    together = standard_analysis(truth_table(cases, "GOOD"), dict.fromkeys(CONDITIONS, 1))
    assert together.cells == made["paths"].cells


def test_an_address_does_not_depend_on_the_order_of_conditions_and_a_setting_has_its_place_in_it(demo: Round) -> None:
    cases = demo.conditions()
    one, other = truth_table(cases, "GOOD", CONDITIONS), truth_table(cases, "GOOD", CONDITIONS[::-1])
    assert {cell.address: cell.value for cell in one.cells} == {cell.address: cell.value for cell in other.cells}
    roots = {
        truth_table(cases, "GOOD", *arguments).at
        for arguments in ((), (None, True), (["SIM", "TIME"],), (None, False, 0.8), (None, False, 1.0, 2), (None, False, 1.0, 1, 0.5))
    }
    assert len(roots) == 6
    assert {"truth.good", "truth/not-good"} < roots


def lacking(demo: Round, *types: str) -> Round:
    sources = tuple(source for source in demo.spec.sources if source.type not in types)
    return Round(demo.spec.model_copy(update={"sources": sources}), demo.root, "en")


def test_what_a_round_lacks_is_absent_with_its_sentence_and_flows_on(demo: Round) -> None:
    opened = lacking(demo, "judgements", "ledger", "theory", "attributes", "configurations")
    assert opened.outcomes == opened.hypotheses == ()
    table = opened.truth_table("GOOD")
    said = "The round has no set judgements of pairs."
    for result in (
        table,
        opened.minimize(table),
        opened.minimize(table)["roles"],
        opened.robustness(opened.minimize(table)),
        opened.conditions(),
    ):
        assert not result
        assert said in result.to_markdown()
    assert not opened.perspectives()
    assert opened.perspectives().parts == {}
    assert "no theory of change" in opened.theory_of_change().to_markdown()
    nothing = Round(demo.spec.model_copy(update={"conditions": (), "outcomes": ()}), demo.root)
    assert "ikke erklæret" in nothing.truth_table("GOOD").to_markdown()


ALL_GOOD = pd.DataFrame({"A": [1, 0], "B": [0, 1], "Y": [1, 1]}, index=["p", "q"])
SPLIT = pd.DataFrame({"A": [1, 1, 0, 0], "Y": [1, 0, 1, 0]}, index=list("pqrs"))


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: truth_table(ALL_GOOD, "Y"), "Alle cases viser Y."),
        (lambda: truth_table(SPLIT, "Y"), "Ingen kombination er tilstrækkelig for Y"),
        (lambda: truth_table(SPLIT.assign(Y=[1, 1, 0.9, 0.4]), "Y", inclusion_cut=0.5), "Enhver mulig kombination"),
    ],
)
def test_what_the_data_cannot_answer_is_an_absent_result_in_words(demo: Round, make: Callable[[], Any], said: str) -> None:
    table = make()
    with pytest.raises(UnanswerableError):
        standard_analysis(table)
    result = demo.minimize(table)
    assert not result
    assert said in result.to_markdown()


def test_the_halves_are_those_of_the_programme() -> None:
    both = pd.DataFrame({"pair": ["1", "1"], "role": ["mentor", "young"], "hours": [2, 5]})
    found = perspectives(both, ["hours"], halves=("young", "mentor"))
    row = found.frame.iloc[0]
    assert (row["young"], row["mentor"], row["relation"], row["difference"]) == (5, 2, "first_higher", -3)
    assert "young højere" in found.to_markdown()
    with pytest.raises(AnalysisError, match="did you mean mentor"):
        perspectives(both.replace("mentor", "mentr"), halves=("young", "mentor"))
