"""The informant is the unit, one declared rule says which coder counts, and what nobody has coded is in no denominator."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pandas as pd
import pytest
from conftest import codebook, register
from hypothesis import given, settings
from hypothesis import strategies as st

from vvvresearch.errors import AnalysisError
from vvvresearch.evidence import Codings, Interviews
from vvvresearch.results import Result
from vvvresearch.themes import CoderRule, crosstab, group_saturation, interview_states, pair_table, saturation_table, theme_table

CODES = ["Udbytte", "Udbytte > Sprog", "Udbytte > Job"]


def coded(marks: list[tuple[str, str, str, str]], codes: list[str] = CODES) -> Codings:
    """Codings from (source, coder, code, stance); each passage is a text of its own."""
    rows = [
        (source, 10 * number, 10 * number + 5, "passage", code, coder, stance) for number, (source, coder, code, stance) in enumerate(marks)
    ]
    columns = ["source", "start", "end", "text", "code_path", "coder", "stance"]
    return Codings(pd.DataFrame(rows, columns=columns), codebook(codes), {})


def held(rows: list[tuple[str, str, str, str]], **more: list[str]) -> Interviews:
    """Interviews from (interview, person, group, wave), with their own id as source."""
    made = [
        {"interview": one, "source": one, "person": person, "respondent_group": group, "wave": wave, "month": f"2021-0{wave}"}
        for one, person, group, wave in rows
    ]
    return register([row | {name: values[number] for name, values in more.items()} for number, row in enumerate(made)])


def of(table: Result, code: str, group: str = "total") -> dict[str, Any]:
    frame = table.frame
    return frame[(frame["code_path"] == code) & (frame["respondent_group"] == group)].iloc[0].to_dict()


TEN = held([(f"i{number}", "", "refugee", "1") for number in range(10)])
# Two coders share ten interviews: what one of them codes alone is what a rule decides on.
SHARED = coded(
    [(f"i{number}", "A", "Udbytte > Sprog", "affirmed") for number in (0, 1, 2, 3)]
    + [(f"i{number}", "B", "Udbytte > Sprog", "affirmed") for number in (2, 3, 4, 5, 6)]
    + [(f"i{number}", coder, "Udbytte > Job", "affirmed") for number in range(10) for coder in "AB"]
)


def test_by_default_a_passage_counts_whoever_coded_it() -> None:
    assert of(theme_table(SHARED, TEN), "Udbytte > Sprog")["affirmed"] == 7


@pytest.mark.parametrize(
    ("rule", "affirmed", "words"),
    [
        (CoderRule("lead", ("A", "B")), 4, "the first of them in the order A, B counts"),
        (CoderRule("lead", ("B", "A")), 5, "the first of them in the order B, A counts"),
        (CoderRule("consensus"), 2, "only what all of them coded counts"),
        ("A", 4, "Only codings by A."),
        (None, 7, "A passage counts whoever coded it."),
    ],
)
def test_the_rule_decides_and_is_named_with_the_coverage(rule: Any, affirmed: int, words: str) -> None:
    table = theme_table(SHARED, TEN, coder=rule).in_language("en")
    assert of(table, "Udbytte > Sprog")["affirmed"] == affirmed
    assert words in table.note
    assert "All 10 interviews are coded" in table.note


def test_consensus_on_a_theme_does_not_need_the_same_code_below_it() -> None:
    codings = coded([("i0", "A", "Udbytte > Sprog", "affirmed"), ("i0", "B", "Udbytte > Job", "affirmed")])
    table = theme_table(codings, held([("i0", "", "refugee", "1")]), coder=CoderRule("consensus"))
    assert [of(table, code)["affirmed"] for code in CODES] == [1, 0, 0]


def test_consensus_is_about_stance_and_one_who_read_and_found_nothing_has_a_voice() -> None:
    codings = coded([("i0", "A", "Udbytte > Job", "affirmed"), ("i0", "B", "Udbytte > Job", "contradicted")])
    both = of(theme_table(codings, held([("i0", "", "refugee", "1")]), coder=CoderRule("consensus")), "Udbytte > Job")
    assert (both["affirmed"], both["contradicted"], both["not_raised"]) == (0, 0, 1)
    alone = coded([("i0", "A", "Udbytte > Job", "affirmed")])
    read_by_two = held([("i0", "", "refugee", "1")], coded_by=["A; C"])
    assert of(theme_table(alone, read_by_two, coder=CoderRule("consensus")), "Udbytte > Job")["affirmed"] == 0


def test_what_nobody_has_coded_is_in_no_denominator_and_says_so() -> None:
    codings = coded([("i0", "A", "Udbytte > Sprog", "affirmed"), ("i1", "A", "Udbytte > Job", "affirmed")])
    interviews = held([("i0", "", "refugee", "1"), ("i1", "", "refugee", "1"), ("i2", "", "refugee", "1"), ("i3", "", "municipal", "1")])
    table = theme_table(codings, interviews).in_language("en")
    row = of(table, "Udbytte > Sprog", "refugee")
    assert (row["affirmed"], row["asked"], row["not_raised"], row["not_asked"], row["not_coded"]) == (1, 2, 1, 0, 1)
    assert "2 of 4 interviews are coded" in table.note
    shown = table.across("respondent_group").shown().set_index("Theme")
    assert shown["Municipalities"].tolist() == ["not coded"] * 3


def test_who_read_an_interview_and_found_nothing_stands_in_the_register() -> None:
    codings = coded([("i0", "A", "Udbytte > Sprog", "affirmed")])
    rows = [("i0", "", "refugee", "1"), ("i1", "", "refugee", "1")]
    assert of(theme_table(codings, held(rows, coded_by=["", "A"])), "Udbytte > Sprog")["asked"] == 2
    assert of(theme_table(codings, held(rows)), "Udbytte > Sprog")["asked"] == 1


def test_a_chosen_coder_leaves_out_what_that_coder_has_not_coded() -> None:
    codings = coded([("i0", "A", "Udbytte > Sprog", "affirmed"), ("i1", "B", "Udbytte > Job", "affirmed")])
    table = theme_table(codings, held([("i0", "", "refugee", "1"), ("i1", "", "refugee", "1")]), coder="A")
    row = of(table, "Udbytte > Sprog")
    assert (row["affirmed"], row["asked"], row["not_coded"]) == (1, 1, 1)
    assert {cell.address.split(".")[0] for cell in table.cells} == {"themes/coder-a"}


TWO_WAVES = held([("a1", "a", "refugee", "1"), ("a2", "a", "refugee", "2"), ("b1", "b", "refugee", "1")])


def test_a_second_interview_is_no_new_informant() -> None:
    codings = coded(
        [
            ("a1", "A", "Udbytte > Sprog", "affirmed"),
            ("a2", "A", "Udbytte > Sprog", "affirmed"),
            ("a2", "A", "Udbytte > Job", "contradicted"),
            ("b1", "A", "Udbytte > Job", "affirmed"),
        ]
    )
    table = theme_table(codings, TWO_WAVES)
    language, job = of(table, "Udbytte > Sprog"), of(table, "Udbytte > Job")
    assert (language["affirmed"], language["asked"]) == (2, 3)
    assert (language["persons_affirmed"], language["persons_asked"]) == (1, 2)
    assert language["one_informant"]
    assert language["word"] == "one"
    assert (job["persons_affirmed"], job["persons_contradicted"], job["persons_both"]) == (1, 1, 0)
    assert not job["one_informant"]
    share = table.cell("share", code_path="Udbytte > Sprog", respondent_group="refugee")
    assert (share.count, share.n, share.base.unit) == (1, 2, "person")


def test_a_register_without_persons_takes_each_interview_as_its_own() -> None:
    codings = coded([("a1", "A", "Udbytte", "affirmed"), ("a2", "A", "Udbytte", "affirmed")])
    without = dataclasses.replace(TWO_WAVES, frame=TWO_WAVES.frame.drop(columns=["person", "coded_by"]))
    assert of(theme_table(codings, without), "Udbytte")["persons_affirmed"] == 2


MARKS = st.lists(
    st.tuples(
        st.sampled_from(["a1", "a2", "b1", "c1"]),
        st.sampled_from("AB"),
        st.sampled_from(CODES),
        st.sampled_from(["affirmed", "contradicted"]),
    ),
    min_size=1,
    max_size=10,
)
FOUR = held([("a1", "a", "refugee", "1"), ("a2", "a", "refugee", "2"), ("b1", "b", "volunteer", "1"), ("c1", "c", "volunteer", "1")])


@settings(deadline=None, max_examples=60)
@given(MARKS)
def test_counts_of_persons_and_interviews_equal_a_count_by_hand(marks: list[tuple[str, str, str, str]]) -> None:
    table = theme_table(coded(marks), FOUR)
    person = dict(zip(FOUR.frame["interview"], FOUR.frame["person"], strict=True))
    read = {mark[0] for mark in marks}
    for code in CODES:
        said = {
            stance: {mark[0] for mark in marks if mark[3] == stance and (mark[2] == code or mark[2].startswith(code + " > "))}
            for stance in ("affirmed", "contradicted")
        }
        row = of(table, code)
        for stance, interviews in said.items():
            assert row[stance] == len(interviews)
            assert row[f"persons_{stance}"] == len({person[one] for one in interviews})
        assert row["both"] == len(said["affirmed"] & said["contradicted"])
        assert row["asked"] == len(read) == row["not_raised"] + len(said["affirmed"] | said["contradicted"])
        assert row["persons_asked"] == len({person[one] for one in read})
        assert row["not_coded"] == 4 - len(read)
        assert row["asked"] + row["not_asked"] + row["not_coded"] == 4


def test_the_table_and_the_states_say_the_same() -> None:
    states = interview_states(SHARED, TEN, coder=CoderRule("consensus"))
    counted = states.groupby("code_path")["affirmed"].sum()
    table = theme_table(SHARED, TEN, coder=CoderRule("consensus"))
    assert {code: of(table, code)["affirmed"] for code in CODES} == counted.to_dict()


def test_the_groups_may_be_those_of_any_attribute_and_one_group_may_be_looked_at() -> None:
    interviews = held([("i0", "", "refugee", "1"), ("i1", "", "volunteer", "1")], sex=["female", ""])
    codings = coded([("i0", "A", "Udbytte", "affirmed"), ("i1", "A", "Udbytte", "affirmed")])
    table = theme_table(codings, interviews, by="sex").in_language("en")
    assert table.cell("themes/by-sex.udbytte.female.affirmed").value == 1
    assert list(table.across("sex").shown().columns) == ["Theme", "woman", "not recorded", "Total"]
    alone = theme_table(codings, interviews, group="refugee")
    assert alone.cell("themes/group-refugee.udbytte.total.asked").value == 1
    with pytest.raises(AnalysisError, match="did you mean refugee"):
        theme_table(codings, interviews, group="refugees")


def test_pairs_count_once_over_two_waves() -> None:
    interviews = held(
        [("r1", "r", "refugee", "1"), ("v1", "v", "volunteer", "1"), ("r2", "r", "refugee", "2"), ("v2", "v", "volunteer", "2")],
        pair=["P1"] * 4,
    )
    codings = coded(
        [
            ("r1", "A", "Udbytte", "affirmed"),
            ("v2", "A", "Udbytte", "affirmed"),
            ("v1", "A", "Udbytte > Job", "contradicted"),
            ("r2", "A", "Udbytte > Sprog", "affirmed"),
        ]
    )
    table = pair_table(codings, interviews).frame.set_index("code_path")
    assert (table.loc["Udbytte", "pairs"], table.loc["Udbytte", "both_sides"]) == (1, 1)
    assert pair_table(codings, interviews, wave="2").cell("pairs/wave-2.udbytte.both_sides").value == 1
    assert pair_table(codings, interviews, wave="1").cell("pairs/wave-1.udbytte.disagree").value == 1


def test_saturation_is_judged_on_first_interviews_and_a_later_wave_is_its_own_series() -> None:
    rows = [(f"i{number}", f"p{number}", "refugee", "1") for number in range(6)] + [
        (f"j{number}", f"p{number}", "refugee", "2") for number in range(6)
    ]
    codes = [f"c{number}" for number in range(9)]
    new = {
        "i0": "c0 c1 c2 c3",
        "i1": "c4",
        "i2": "c0",
        "i3": "c0",
        "i4": "c5",
        "i5": "c6",
        "j0": "c0",
        "j1": "c1",
        "j2": "c1",
        "j3": "c1",
        "j4": "c0",
        "j5": "c1",
    }
    codings = coded([(source, "A", code, "affirmed") for source, own in new.items() for code in own.split()], codes)
    first = group_saturation(codings, held(rows), "refugee", orders=20)
    assert (first.base.n, first.reached_at) == (6, None)  # with the second interviews it would be reached
    table = saturation_table(codings, held(rows), wave="2", orders=20)
    assert table.cell("saturation/wave-2.refugee.reached_after").value == 4
    uncoded = saturation_table(codings, held([*rows, ("k", "k", "refugee", "1")]), orders=20)
    assert (
        uncoded.cell("interviews", respondent_group="refugee").value == 6
    )  # an interview that nobody coded brings no themes for another reason


def test_the_test_of_an_attribute_takes_each_person_once() -> None:
    """Type I error of the cross-table, 24 people interviewed twice who say the same both times; Fisher on interviews rejects .15."""
    generator = np.random.default_rng(5)
    rows = [(f"i{number}-{wave}", f"p{number}", "refugee", wave) for number in range(24) for wave in "12"]
    interviews = held(rows, sex=["female" if number % 4 < 2 else "male" for number in range(48)])
    marks = [(one, "A", "always", "affirmed") for one, *_ in rows]
    codes = ["always", *(f"c{number}" for number in range(400))]
    for code in codes[1:]:
        marks += [(f"i{number}-{wave}", "A", code, "affirmed") for number in np.flatnonzero(generator.random(24) < 0.5) for wave in "12"]
    found = crosstab(coded(marks, codes), interviews, "sex", codes=codes[1:]).frame
    assert set(found["persons_asked"]) == {12}
    assert set(found["asked"]) == {24}
    assert (found.loc[found["value"] == "female", "p"] <= 0.05).mean() <= 0.06


def test_a_rule_that_does_not_exist_or_names_nobody_is_an_error() -> None:
    with pytest.raises(AnalysisError, match="did you mean consensus"):
        CoderRule("concensus")  # type: ignore[arg-type]
    with pytest.raises(AnalysisError, match="lead coder is not named"):
        CoderRule("lead")
    with pytest.raises(AnalysisError, match="no codings by 'Z'"):
        theme_table(SHARED, TEN, coder=CoderRule("lead", ("Z",)))
