"""Who was interviewed, and themes split by whom and when."""

from __future__ import annotations

import dataclasses

import pytest

from vvvresearch import AnalysisError
from vvvresearch.evidence import Codings, Interviews
from vvvresearch.rounds import open_round
from vvvresearch.themes import quota_matrix, sample_monitor, split_table


def with_states(interviews: Interviews, states: dict[str, str]) -> Interviews:
    frame = interviews.frame.assign(relation_state=interviews.frame["pair"].map(lambda pair: states.get(pair, "")))
    return dataclasses.replace(interviews, frame=frame)


def test_a_sample_of_ongoing_relations_triggers_the_alarm(interviews: Interviews) -> None:
    found = sample_monitor(with_states(interviews, {"P1": "ongoing", "P2": "ongoing"})).in_language("en")
    assert found.alarm
    assert "None of the 2 pairs whose state is known" in found.note
    assert "of 1 of 3 pairs it is not known" in found.note


@pytest.mark.parametrize(
    ("states", "said"), [({}, "For none of the 3 pairs"), (dict.fromkeys(("P1", "P2", "P3"), "ongoing"), "None of the 3 pairs")]
)
def test_an_alarm_says_no_more_of_relations_than_is_known(interviews: Interviews, states: dict[str, str], said: str) -> None:
    found = sample_monitor(with_states(interviews, states)).in_language("en")
    assert found.alarm
    assert said in found.note
    assert ("well-working" in found.note) is bool(states)


def test_one_troubled_pair_silences_the_alarm_and_is_counted(interviews: Interviews) -> None:
    found = sample_monitor(with_states(interviews, {"P1": "ongoing", "P2": "troubled", "P3": "ended"}))
    assert not found.alarm
    assert found.share == pytest.approx(2 / 3)


def test_empty_cells_and_unrecorded_dimensions_are_named(interviews: Interviews) -> None:
    found = quota_matrix(interviews, dimensions=["age_band", "sex"], planned={"age_band": ["30-39", "40-49"]}).in_language("en")
    assert ("age_band", "40-49", "refugee") in found.empty
    assert found.missing_dimensions == ("sex",)
    assert "Not recorded for anybody: Sex." in found.note
    assert "sex" not in set(found.frame["dimension"])
    row = found.frame.set_index("value").loc["30-39"]
    assert (row["refugee"], row["volunteer"], row["total"]) == (1, 0, 1)


def test_a_theme_is_split_by_who_benefits(codings: Codings, interviews: Interviews) -> None:
    beneficiary = ["child" if source == "v1" else "adult" if source == "k1" else "" for source in codings.frame["source"]]
    split = dataclasses.replace(codings, frame=codings.frame.assign(beneficiary=beneficiary))
    row = split_table(split, interviews, "beneficiary").frame.set_index("code_path").loc["Udbytte > Sprog"]
    assert (row["child"], row["adult"], row["not_stated"], row["gap"]) == (1, 1, 2, 0)


def test_codings_without_the_split_give_a_sentence_and_an_unknown_split_an_error(codings: Codings, interviews: Interviews) -> None:
    absent = split_table(codings, interviews, "phase").in_language("en")
    assert not absent
    assert absent.view().absent == "The codings do not say when in the relation it was."
    with pytest.raises(AnalysisError, match="did you mean phase"):
        split_table(codings, interviews, "phases")


def test_a_register_without_pairs_has_no_monitor_and_one_sentence(interviews: Interviews) -> None:
    alone = dataclasses.replace(interviews, frame=interviews.frame.assign(pair=""))
    assert sample_monitor(alone).view().absent == "Runden har ingen par, hvor begge sider er interviewet."


@pytest.mark.parametrize("round_id", ["2019-final", "2021-note"])
def test_the_variation_of_published_rounds_is_told_and_what_is_not_recorded_is_named(round_id: str) -> None:
    opened = open_round(round_id)
    found = opened.quota()
    if opened.has("interviews"):
        in_pairs = opened.interviews.frame["respondent_group"].isin(["refugee", "volunteer"]).sum()
        assert found.frame.groupby("dimension")["total"].sum().tolist() == [in_pairs] * found.frame["dimension"].nunique()
    else:
        assert not found
