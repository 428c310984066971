"""What the mechanism notebook hands over finds what was planted, and claims nothing where nothing was."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from vvvresearch import files
from vvvresearch.errors import SchemaError
from vvvresearch.reporting import Output, hand_over_mechanisms
from vvvresearch.results import Result
from vvvresearch.rounds import Round, open_round
from vvvresearch.sources import read_configurations

NAMES = ("SIM", "COMP", "TIME", "KIND", "SAMESEX", "GOOD")
LABELS = {name: {"da": f"ord-{name}", "en": f"word-{name}"} for name in NAMES}


@pytest.fixture(scope="module")
def demo(project: Path) -> Round:
    return open_round("demo", project)


@pytest.fixture(scope="module")
def planted(project: Path) -> dict:
    return tomllib.loads((project / "interviews/demo/truth/expected.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def mechanisms(demo: Round, tmp_path_factory: pytest.TempPathFactory) -> tuple[Output, dict[str, Result]]:
    out = Output(tmp_path_factory.mktemp("mechanisms"), "65-mechanisms", "demo", "da", demo.kind)
    tables = hand_over_mechanisms(
        out,
        demo,
        outcome="GOOD",
        expectations={"SIM": 1, "COMP": 1, "TIME": 1},
        labels=LABELS,
        mechanisms=["SIM", "COMP"],
        candidates=NAMES[:-1],
    )
    return out, tables


def test_the_planted_paths_are_recovered_in_every_kind_of_solution(mechanisms, planted: dict) -> None:
    frame = mechanisms[1]["solutions"].frame
    for name in ("Konservativ", "Parsimonisk", "Mellemløsning"):
        terms = {str(row.term) for row in frame.itertuples() if row.solution.say("da") == name and "*" in str(row.term)}
        assert terms == set(planted["qca"]["conservative"])


def test_the_good_match_that_nothing_explains_is_named_and_its_contradiction_shown(mechanisms, planted: dict) -> None:
    roles = mechanisms[1]["case-roles"].frame
    assert list(roles.loc[roles["role"] == "deviant in coverage", "case"]) == planted["qca"]["deviant_for_coverage"]
    assert all(case in mechanisms[1]["truth-table"].note for case in planted["qca"]["contradictory_row"])
    none = mechanisms[1]["mechanism-outcomes"].frame
    rest = none[(none["mechanism"] == "ingen af dem") & (none["circumstance"] == "alle par")]
    assert rest["counter_cases"].tolist() == ["P07"]


def test_the_absence_is_analysed_by_itself_and_both_are_said_in_words(mechanisms) -> None:
    out, tables = mechanisms
    assert {"truth-table-absent", "solutions-absent", "necessity-absent", "robustness-qca-absent"} <= set(tables)
    words = (out.folder / "tables/qca-words-absent.md").read_text(encoding="utf-8")
    assert "ord-GOOD er ikke til stede" in words
    assert "række 7" in words


def test_no_claim_is_made_of_factors_that_were_planted_without_effect(mechanisms) -> None:
    out, tables = mechanisms
    row = tables["moderators"].frame.set_index("candidate").loc["ord-SAMESEX"]
    assert row["verdict"] == "cannot tell"
    assert row["lower"] < 0 < row["upper"]
    assert out.values["moderators.samesex.verdict"].shown == {"da": "kan ikke afgøres", "en": "cannot tell"}


def test_parties_are_a_configuration_without_support(mechanisms, planted: dict) -> None:
    assert planted["misleading"]["no_link_to_outcomes"]
    judged = mechanisms[1]["configurations"].frame.set_index("id")
    assert judged.loc["CMO-6", "judged"] == "unsupported"
    assert judged.loc["CMO-6", "n_supports"] == 0


def test_the_pairs_that_do_not_agree_on_time_are_found_with_both_values(mechanisms, planted: dict) -> None:
    frame = mechanisms[1]["expectations"].frame
    apart = frame[(frame["attribute"] == "hours_wanted") & (frame["distance"] >= 3)]
    assert sorted(apart["pair"]) == planted["time_not_agreed_by_both"]["pairs"]
    assert apart.loc[apart["pair"] == "P08", ["refugee", "volunteer"]].values.tolist() == [[5, 1]]


def test_every_arrow_of_the_theory_has_its_state_and_the_counts_add_up(mechanisms) -> None:
    out, tables = mechanisms
    states = [out.values[f"theory.{name}"].number for name in ("supported", "contested", "contradicted", "no-evidence")]
    assert sum(states) == len(tables["arrows"].frame) == 24
    assert (out.folder / "figures/theory.svg").is_file()


def test_configurations_that_lack_something_are_refused_all_at_once(tmp_path: Path) -> None:
    path = files.write_text(
        tmp_path / "c.yaml",
        "schema_version: 1\nconfigurations:\n- {id: A, outcome: x, statement: y}\n"
        "- {id: A, outcome: x, statement: y, status: supported, supporting: [{text: z}]}\n",
    )
    with pytest.raises(SchemaError) as caught:
        read_configurations(path)
    assert {failure.column for failure in caught.value.failures} == {"status", "id", "supporting"}
