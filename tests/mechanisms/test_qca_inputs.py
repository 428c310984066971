"""Bad input to QCA ends in one clear error that names the case; what is doubtful is said."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from vvvresearch.errors import AnalysisError
from vvvresearch.mechanisms.qca import calibrate, case_roles, fit, minimize, robustness, truth_table

PAIRS = pd.DataFrame(
    {
        "TID": [1, 1, 0, 0, 1, 0],
        "LIG": [1, 0, 1, 0, 1, 0],
        "GOD": [1, 1, 1, 0, 1, 0],
    },
    index=["par 1", "par 2", "par 3", "par 4", "par 5", "par 6"],
)


def changed(column: str, case: str, value: Any) -> pd.DataFrame:
    data = PAIRS.astype(float)
    data.loc[case, column] = value
    return data


WIDE = pd.DataFrame(np.eye(22), columns=[f"C{n}" for n in range(22)])
BAD_TABLES = {
    "a missing membership": (changed("LIG", "par 3", np.nan), {}, r"missing.*LIG.*par 3"),
    "a membership above 1": (changed("TID", "par 2", 1.4), {}, r"outside 0–1.*par 2"),
    "a membership below 0": (changed("TID", "par 2", -0.2), {}, r"outside 0–1.*par 2"),
    "an outcome above 1": (changed("GOD", "par 5", 3), {}, r"outside 0–1.*GOD.*par 5"),
    "a constant condition": (PAIRS.assign(TID=1), {}, r"TID.*constant"),
    "a case named twice": (PAIRS.set_axis(["a", "b", "c", "a", "e", "f"]), {}, r"'a' stands in the table more than once"),
    "an unknown condition": (PAIRS, {"conditions": ["TDI"]}, r"no column 'TDI'.*did you mean TID"),
    "a negation in a name": (PAIRS, {"outcome": "~GOD"}, r"negate_outcome=True"),
    "the outcome as a condition": (PAIRS, {"conditions": ["TID", "GOD"]}, r"both outcome and condition"),
    "a condition twice": (PAIRS, {"conditions": ["TID", "TID"]}, r"named twice"),
    "an empty table": (PAIRS.iloc[:0], {}, r"no cases"),
    "cut-offs the wrong way round": (PAIRS, {"inclusion_cut": (0.5, 0.8)}, r"second inclusion cut-off lies above"),
    "a cut-off above 1": (PAIRS, {"inclusion_cut": 75}, r"0 to 1"),
    "half a case": (PAIRS, {"n_cut": 0.5}, r"n_cut is 0.5"),
    "too many conditions": (WIDE, {"outcome": "C0", "conditions": list(WIDE)[1:]}, r"21 conditions are too many"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD_TABLES)
def test_a_bad_table_is_refused_in_one_message_naming_column_and_case(name: str) -> None:
    data, arguments, message = BAD_TABLES[name]
    with pytest.raises(AnalysisError) as refusal:
        truth_table(data, **{"outcome": "GOD", "conditions": ["TID", "LIG"], **arguments})
    assert pd.Series(str(refusal.value).replace("\n", " ")).str.contains(message).all(), str(refusal.value)


def test_a_membership_of_exactly_a_half_is_reported_with_its_case() -> None:
    table = truth_table(changed("LIG", "par 3", 0.5), "GOD", ["TID", "LIG"])
    assert table.ambiguous == (("par 3", "LIG"),)
    assert "par 3 (LIG)" in table.note
    assert not any("par 3" in cases for cases in table.members)


def test_a_table_without_a_positive_row_is_refused_with_its_rows() -> None:
    contradictory = PAIRS.assign(GOD=[1, 0, 0, 0, 0, 1])
    with pytest.raises(AnalysisError, match=r"no positive row[\s\S]*par 1"):
        minimize(truth_table(contradictory, "GOD", ["TID", "LIG"]))


def test_without_a_case_of_the_negated_outcome_the_table_warns_and_minimisation_stops() -> None:
    ongoing = PAIRS.assign(GOD=1)
    table = truth_table(ongoing, "GOD", ["TID", "LIG"])
    assert "ADVARSEL" in table.note
    with pytest.raises(AnalysisError, match="no case shows the absence of GOD"):
        minimize(table)


def test_tables_in_which_nothing_is_negative_are_refused_rather_than_solved_by_nothing() -> None:
    fuzzy = pd.DataFrame({"A": [1, 1, 0, 0], "B": [1, 0, 1, 0], "Y": [1, 0.9, 0.8, 0.4]}, index=list("pqrs"))
    everything = truth_table(fuzzy, "Y", ["A", "B"], inclusion_cut=0.4)
    with pytest.raises(AnalysisError, match="every possible configuration"):
        minimize(everything)
    some = truth_table(fuzzy, "Y", ["A", "B"], inclusion_cut=0.75).frame
    assert some["OUT"].tolist() == ["0", "1", "1", "1"]
    observed = truth_table(fuzzy.iloc[[0, 1, 3]].assign(Y=[1, 0.9, 0.4]), "Y", ["A", "B"], inclusion_cut=0.3)
    with pytest.raises(AnalysisError, match="no configuration in the truth table is negative"):
        minimize(observed, "parsimonious")


def test_many_conditions_for_few_cases_are_warned_of_by_what_chance_would_give() -> None:
    numbers = np.random.default_rng(1)
    names = [f"C{place}" for place in range(6)]
    few = pd.DataFrame(numbers.integers(0, 2, (12, 7)), columns=[*names, "Y"], index=[f"par {n}" for n in range(12)])
    table = truth_table(few, "Y", names)
    assert table.chance is not None
    assert table.chance > 0.5
    assert "tilfældigt" in table.note
    two = truth_table(PAIRS, "GOD", ["TID", "LIG"])
    # Rows of 2, 1, 1 and 2 cases, 4 positive of 6: {2,2}, {2,1,1} twice of C(6,4) = 15.
    assert two.chance == pytest.approx(3 / 15)


@pytest.mark.parametrize(
    ("x", "thresholds", "arguments", "message"),
    [
        ([1, 2, 3], (1, 3, 2), {}, "neither rise nor fall"),
        ([1, 2, 3], (1, 1, 2), {}, "neither rise nor fall"),
        ([1, 2, 3], (1, 2), {}, "three or six"),
        ([1, 2, np.nan], (1, 2, 3), {}, "missing"),
        ([1, 2, 3], (1, 2, 3, 2, 1, 5), {}, "no bell"),
        ([1, 2, 3], 7, {"kind": "crisp"}, "outside the values"),
        ([1, 2, 3], (2, 1, 3), {"kind": "crisp"}, "neither rise nor fall"),
        ([1, 2, 3], (1, 2, 3), {"idm": 0.4}, "idm"),
        ([1, 2, 3], (1, 2, 3), {"kind": "soft"}, "kind of set"),
        ([-1, 2, 3], (1, 2), {"method": "indirect"}, "0 or more"),
    ],
)
def test_bad_calibration_is_refused(x: list[float], thresholds: Any, arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(AnalysisError, match=message):
        calibrate(x, thresholds, **arguments)


def test_thresholds_that_fall_give_the_membership_on_the_exclusion_side() -> None:
    assert calibrate([10, 6, 3], (10, 6, 3)).tolist() == pytest.approx([0.05, 0.5, 0.95])


def test_a_missing_raw_value_is_named_by_its_case() -> None:
    with pytest.raises(AnalysisError, match="par 2"):
        calibrate(pd.Series([1.0, np.nan], index=["par 1", "par 2"]), (1, 2, 3))


def test_a_falling_bell_is_hollow() -> None:
    assert calibrate([1, 3, 5, 6, 8, 10], (5, 3, 1, 10, 8, 6)).tolist() == [1, 0.5, 0, 0, 0.5, 1]


def test_expectations_and_terms_are_typed_never_parsed() -> None:
    table = truth_table(PAIRS, "GOD", ["TID", "LIG"])
    with pytest.raises(AnalysisError, match="not among the conditions"):
        minimize(table, "intermediate", {"~TID": 1})
    with pytest.raises(AnalysisError, match="typed"):
        fit(PAIRS, "GOD", ["TID*~LIG"])  # type: ignore[list-item]
    with pytest.raises(AnalysisError, match="cannot have the value"):
        minimize(table, "intermediate", {"TID": 2})
    with pytest.raises(AnalysisError, match="belong to the intermediate"):
        minimize(table, "parsimonious", {"TID": 1})


def test_cases_are_named_for_what_they_are_to_a_model() -> None:
    fuzzy = pd.DataFrame(
        {"A": [0.9, 0.8, 0.7, 0.2, 0.1, 0.3], "Y": [0.95, 0.6, 0.2, 0.9, 0.1, 0.2]}, index=["typ", "grad", "art", "dæk", "uden", "f"]
    )
    found = minimize(truth_table(fuzzy, "Y", ["A"], inclusion_cut=0.7))
    roles = case_roles(found.models[0]).set_index("case")["role"].to_dict()
    assert roles == {
        "typ": "typical", "grad": "deviant in degree", "art": "deviant in kind", "dæk": "deviant in coverage",
        "uden": "irrelevant", "f": "irrelevant",
    }  # fmt: skip


def test_a_solution_is_said_in_danish_and_english_with_labels() -> None:
    found = minimize(truth_table(PAIRS, "GOD", ["TID", "LIG"]))
    labels = {"TID": ("enighed om tid", "uenighed om tid"), "LIG": "lighed", "GOD": ("et godt match", "et dårligt match")}
    assert found.say("da", labels) == (
        "Der er 2 veje til: et godt match. Den ses, når (1) enighed om tid; (2) lighed er til stede (inklusion 1,00, dækning 1,00)."
    )
    assert found.say("en").startswith("There are 2 ways to: GOD is present.")


def test_thresholds_are_moved_until_the_solution_changes() -> None:
    raw = pd.DataFrame({"TIMER": [1.0, 2, 3, 6, 7, 8]}, index=list("abcdef"))
    data = pd.DataFrame({"TIMER": calibrate(raw["TIMER"], 5, kind="crisp"), "Y": [0, 0, 0, 1, 1, 1]}, index=list("abcdef"))
    tested = robustness(truth_table(data, "Y", ["TIMER"]), raw=raw, thresholds={"TIMER": [5]}, steps=9)
    here = tested.ranges.set_index("test").loc["threshold"]
    assert 3 < here["low"] <= 3.5
    # Above 6 fewer positive cases are members, but membership is still enough.
    assert 7 < here["high"] < 8
    with pytest.raises(AnalysisError, match="do not give the memberships"):
        robustness(truth_table(data, "Y", ["TIMER"]), raw=raw, thresholds={"TIMER": [2]})
