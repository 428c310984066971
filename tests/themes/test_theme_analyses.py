"""Theme tables, pairs, matrices, co-occurrence and quotes on a project whose counts can be checked by hand."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np
import pandas as pd
import pytest
from coded_spans import simple_codings
from hypothesis import given, settings
from hypothesis import strategies as st

from vvvresearch import AnalysisError
from vvvresearch.evidence import Codings, Interviews
from vvvresearch.themes import (
    case_matrix,
    cooccurrence,
    crosstab,
    disagreements,
    double_coding,
    framework_matrix,
    interview_states,
    pair_table,
    quotes,
    theme_table,
)


def cell(table: pd.DataFrame, path: str, group: str) -> dict[str, object]:
    return table[(table["code_path"] == path) & (table["respondent_group"] == group)].iloc[0].to_dict()


def test_only_contradicting_evidence_is_a_negative_case(codings: Codings, interviews: Interviews) -> None:
    states = interview_states(codings, interviews).set_index(["interview", "code_path"])["state"]
    assert states["I1", "Udbytte > Sprog"] == "affirmed"
    assert states["I1", "Udbytte > Job"] == "contradicted"
    assert states["I2", "Udbytte > Job"] == "not_raised"
    assert states["I3", "Udbytte > Sprog"] == "contradicted"


def test_a_theme_outside_the_guide_is_not_asked_unless_it_was_raised(codings: Codings, interviews: Interviews) -> None:
    guide = pd.DataFrame({"respondent_group": ["refugee", "volunteer"], "code_path": ["Udbytte", "Udbytte > Sprog"]})
    states = interview_states(codings, interviews, guide=guide).set_index(["interview", "code_path"])["state"]
    assert states["I1", "Udbytte > Job"] == "contradicted"
    assert states["I3", "Udbytte > Job"] == "not_raised"  # below Udbytte, which refugees are asked about
    assert states["I2", "Udbytte > Job"] == "not_asked"
    assert states["I6", "Udbytte > Sprog"] == "affirmed"  # municipalities have no guide, but raised it
    assert states["I6", "Mekanisme > Tillid"] == "not_asked"


def test_by_interpreter_the_groups_part_what_is_else_a_count(codings: Codings, interviews: Interviews) -> None:
    found = theme_table(codings, interviews, by="interpreter")
    table = found.frame
    assert table.columns.is_unique
    language = table[table["code_path"] == "Udbytte > Sprog"].set_index("interpreter")
    assert language["asked"].to_dict() == {"no": 4, "yes": 1, "total": 5}
    assert language["contradicted"].to_dict() == {"no": 0, "yes": 1, "total": 1}
    assert found.cell("asked", code_path="Udbytte > Sprog", interpreter="yes").value == 1
    named = dataclasses.replace(interviews, frame=interviews.frame.assign(asked="x"))
    with pytest.raises(AnalysisError, match="'asked' of its own"):
        theme_table(codings, named, by="asked")


def test_the_theme_table_counts_interviews_and_not_codings(codings: Codings, interviews: Interviews) -> None:
    table = theme_table(codings, interviews).frame
    language = cell(table, "Udbytte > Sprog", "total")
    assert (language["affirmed"], language["contradicted"], language["asked"], language["pairs"]) == (4, 1, 5, 2)
    assert language["codings"] == 5  # the two coders' equal passage in r1 counts once
    job = cell(table, "Udbytte > Job", "refugee")
    assert (job["affirmed"], job["contradicted"], job["not_raised"]) == (0, 1, 1)


def test_a_theme_above_counts_what_stands_below_it(codings: Codings, interviews: Interviews) -> None:
    outcome = cell(theme_table(codings, interviews).frame, "Udbytte", "refugee")
    assert (outcome["affirmed"], outcome["contradicted"], outcome["both"]) == (1, 2, 1)


def test_one_informant_behind_a_theme_is_flagged(codings: Codings, interviews: Interviews) -> None:
    table = theme_table(codings, interviews)
    assert cell(table.frame, "Udfordring > Tid", "total")["one_informant"]
    row = next(line for line in table.across("respondent_group").to_markdown().splitlines() if "Tid" in line)
    assert row.rstrip(" |").endswith("1/5 én ¹")
    assert row.count("¹") == 1  # only in the total: a group of one says so by itself


def test_speech_through_an_interpreter_is_counted_apart(codings: Codings, interviews: Interviews) -> None:
    trust = cell(theme_table(codings, interviews).frame, "Mekanisme > Tillid", "refugee")
    assert (trust["affirmed"], trust["interpreter"]) == (2, 1)


def test_the_pair_table_says_where_the_halves_differ(codings: Codings, interviews: Interviews) -> None:
    table = pair_table(codings, interviews)
    row = table.frame.set_index("code_path").loc["Udbytte > Sprog"]
    assert (row["both_sides"], row["disagree"], row["pairs"]) == (1, 1, 2)
    differing = table["pairs"].where("code_path == 'Udfordring > Tid' and outcome in ('refugee_only', 'volunteer_only', 'disagree')")
    assert list(differing.frame["pair"]) == ["P1"]


def test_a_pair_with_one_half_is_named_and_left_out(codings: Codings, interviews: Interviews) -> None:
    without = dataclasses.replace(interviews, frame=interviews.frame[interviews.frame["interview"] != "I4"])
    table = pair_table(codings, without).in_language("en")
    assert table.cell("half_pairs").value == 1
    assert "left out: P2." in table.note
    assert table.frame["pairs"].max() == 1


def test_matrices_hold_presence_counts_and_share_of_text(codings: Codings, interviews: Interviews) -> None:
    presence = case_matrix(codings, interviews, cases="pair").frame.set_index("case")
    assert presence.loc["P1", "Mekanisme > Tillid"] == 1
    count = case_matrix(codings, interviews, cases="pair", value="count").frame.set_index("case")
    assert count.loc["P1", "Udbytte"] == 3
    share = case_matrix(codings, interviews, value="share").frame.set_index("case")
    assert share.loc["I4", "Udbytte > Sprog"] == 100.0
    assert share.loc["I4", "Mekanisme > Tillid"] == pytest.approx(100 * len("hans dansk er blevet bedre") / len(codings.texts["v2"]))


def test_the_framework_matrix_leaves_out_what_may_not_be_quoted(codings: Codings, interviews: Interviews) -> None:
    everything = framework_matrix(codings, interviews, ["Mekanisme > Tillid"], quotable_only=False).frame.set_index("case")
    assert "familie" in everything.loc["P2", "Mekanisme > Tillid"]
    public = framework_matrix(codings, interviews, ["Mekanisme > Tillid"]).frame.set_index("case")
    assert "familie" not in public.loc["P2", "Mekanisme > Tillid"]


def test_overlapping_codes_occur_together_with_their_shared_characters(codings: Codings) -> None:
    frame = cooccurrence(codings).frame
    trust = frame[(frame["code_a"] == "Udbytte > Sprog") & (frame["code_b"] == "Mekanisme > Tillid")].iloc[0]
    assert trust["together"] == len("hans dansk er blevet bedre")
    languages = sum(len(text) for text in ("Jeg lærer dansk hver uge.", "Hun taler meget bedre nu.", "Sproget kom ikke af det."))
    languages += len(codings.texts["v2"]) + len(codings.texts["k1"])
    trusts = sum(map(len, ("Vi griner meget sammen.", "Vi stoler på hinanden.", "Jeg stoler på hende, som var hun familie for mig her.")))
    shared = len("hans dansk er blevet bedre")
    assert trust["jaccard"] == pytest.approx(shared / (languages + trusts + shared - shared))


SPANS = st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 30), st.integers(1, 12), st.sampled_from("xyz")), min_size=1, max_size=14)


@settings(deadline=None, max_examples=60)
@given(SPANS)
def test_cooccurrence_counts_equal_a_count_by_hand(spans: list[tuple[str, int, int, str]]) -> None:
    codings, rows = simple_codings(spans)
    found = {(row.code_a, row.code_b): row for row in cooccurrence(codings).frame.itertuples()}
    covered = {code: {(row[0], at) for row in rows if row[3] == code for at in range(row[1], row[2])} for code in "xyz"}
    for one, other in itertools.combinations("xyz", 2):
        shared, either = covered[one] & covered[other], covered[one] | covered[other]
        if not shared:
            assert (one, other) not in found
            continue
        row = found[one, other]
        assert (row.together, row.n_a, row.n_b) == (len(shared), len(covered[one]), len(covered[other]))
        assert row.jaccard == pytest.approx(len(shared) / len(either))


def test_without_texts_there_is_no_test_since_nobody_knows_how_long_they_are() -> None:
    codings, _ = simple_codings([("a", 0, 5, "x"), ("a", 2, 5, "y")])
    found = cooccurrence(codings)
    assert found.frame["p"].isna().all()
    assert [column.name for column in found.shows] == ["code_a", "code_b", "together", "jaccard"]
    text = dataclasses.replace(codings, texts={"a": "t" * 50})
    assert 0 < cooccurrence(text).frame["p"].iloc[0] < 1


def test_p_is_the_share_of_all_shifts_that_give_as_much() -> None:
    # One passage of 4 against one of 4 in a document of 200: 200 shifts, of which one gives 4 characters, two give 3 …
    codings, _ = simple_codings([("a", 10, 4, "x"), ("a", 12, 4, "y")])
    row = cooccurrence(dataclasses.replace(codings, texts={"a": "t" * 200})).frame.iloc[0]
    assert row["together"] == 2
    assert row["p"] == pytest.approx((1 + 2 + 2) / 200)
    assert row["expected"] == pytest.approx(4 * 4 / 200)
    assert row["lift"] == pytest.approx(2 / (16 / 200))


def test_the_family_is_all_pairs_that_could_occur_together_and_not_those_shown() -> None:
    spans = [("a", 10, 4, "x"), ("a", 10, 4, "y"), ("a", 100, 4, "z")]
    codings, _ = simple_codings(spans)
    frame = cooccurrence(dataclasses.replace(codings, texts={"a": "t" * 200})).frame
    assert len(frame) == 1
    assert frame["p_adjusted"].iloc[0] == pytest.approx(3 * frame["p"].iloc[0])


def test_documents_together_is_fishers_test_of_scipy() -> None:
    from scipy.stats import fisher_exact

    spans = [(one, 0, 1, "x") for one in "abcde"] + [(one, 5, 1, "y") for one in "abcdf"] + [(one, 9, 1, "z") for one in "ghij"]
    codings, _ = simple_codings(spans)
    frame = cooccurrence(codings, within="document").frame.set_index(["code_a", "code_b"])
    assert frame.loc[("x", "y"), "p"] == pytest.approx(fisher_exact([[4, 1], [1, 4]], alternative="greater").pvalue)
    assert frame.loc[("x", "y"), ["together", "n_a", "n_b"]].tolist() == [4, 5, 5]


def test_a_planted_pair_of_codes_is_found_and_chance_is_not() -> None:
    generator = np.random.default_rng(7)
    spans = []
    for document in "abcdefgh":
        for place in range(0, 400, 10):
            if generator.random() < 0.3:
                spans += [(document, place, 8, "x"), (document, place, 8, "y")]
            if generator.random() < 0.3:
                spans.append((document, place, 8, "z"))
    codings, _ = simple_codings(spans)
    frame = cooccurrence(dataclasses.replace(codings, texts=dict.fromkeys("abcdefgh", "t" * 408))).frame.set_index(["code_a", "code_b"])
    assert frame.loc[("x", "y"), "p_adjusted"] < 0.05
    assert frame.loc[("x", "z"), "p_adjusted"] > 0.05


def test_quotes_need_consent_and_stand_in_their_transcript(codings: Codings, interviews: Interviews) -> None:
    bank = quotes(codings, interviews, shortest=10).frame
    assert "I3" not in set(bank["interview"])
    assert all(codings.texts[row.source][row.start : row.end] == row.text for row in bank.itertuples())


def test_an_approval_lapses_when_the_transcript_changes(codings: Codings, interviews: Interviews) -> None:
    bank = quotes(codings, interviews, shortest=10).frame
    approvals = bank[["quote_id", "hash"]].assign(approver="AB", date="2022-06-01")
    assert set(quotes(codings, interviews, shortest=10, approvals=approvals).frame["approval"]) == {"approved"}
    changed = dataclasses.replace(codings, texts=codings.texts | {"r1": codings.texts["r1"] + " Slut."})
    later = quotes(changed, interviews, shortest=10, approvals=approvals).frame
    assert set(later.loc[later["source"] == "r1", "approval"]) == {"lapsed"}
    assert set(later.loc[later["source"] != "r1", "approval"]) == {"approved"}


def test_what_is_the_same_of_every_quote_is_said_once_and_not_beside_each(codings: Codings, interviews: Interviews) -> None:
    none = quotes(codings, interviews, shortest=10)
    assert "Godkendelse" not in none.shown()
    # Whoever asks for it by its name still gets words.
    assert set(none.columns("text", "approval").shown().iloc[:, 1]) == {"ikke godkendt"}
    assert none.note.count("Ingen af citaterne er godkendt endnu.") == 1
    approvals = none.frame[["quote_id", "hash"]].assign(approver="AB", date="2022-06-01")
    every = quotes(codings, interviews, shortest=10, approvals=approvals)
    assert "Godkendelse" not in every.shown()
    assert "Alle citater er godkendt" in every.note
    some = quotes(codings, interviews, shortest=10, approvals=approvals.iloc[1:])
    assert set(some.shown()["Godkendelse"]) == {"godkendt", "ikke godkendt"}
    assert "Alle citater" not in some.note
    assert f"{len(some) - 1} af {len(some)} citater er godkendt" in some.note


def test_a_passage_that_is_not_in_its_transcript_is_never_quoted(codings: Codings, interviews: Interviews) -> None:
    moved = dataclasses.replace(codings, texts=codings.texts | {"r1": "Noget helt andet, som er langt nok til det hele og lidt til."})
    with pytest.raises(AnalysisError, match="does not stand in its transcript"):
        quotes(moved, interviews, shortest=10)


def test_quotes_of_a_theme_are_balanced_over_roles(codings: Codings, interviews: Interviews) -> None:
    bank = quotes(codings, interviews, code="Udbytte > Sprog", per_theme=3, shortest=10).frame
    assert set(bank["role"]) == {"refugee", "volunteer", "municipal"}


def test_the_crosstab_equals_fishers_test_of_scipy(codings: Codings, interviews: Interviews) -> None:
    from scipy.stats import fisher_exact

    frame = crosstab(codings, interviews, "respondent_group", codes=["Mekanisme > Tillid"]).frame.set_index("value")
    assert frame.loc["municipal", "p"] == pytest.approx(fisher_exact([[0, 1], [4, 0]]).pvalue)
    assert frame.loc["refugee", "affirmed"] == 2


def test_every_disagreement_is_listed_with_its_passage(codings: Codings, interviews: Interviews) -> None:
    found = double_coding(codings, unit="sentence")
    assert found.cell("documents").value == 1
    listed = {(row.code_path, row.coder, row.text) for row in disagreements(codings, interviews).frame.itertuples()}
    assert listed == {
        ("Mekanisme > Tillid", "B", "Vi griner meget sammen."),
        ("Udbytte > Job", "A", "Men jeg har ikke fået et job."),
    }
    language = found.frame.set_index("code_path").loc["Udbytte > Sprog"]
    assert (language["percent"], language["alpha"], language["n_units"]) == (1.0, 1.0, 3)
    # Two of the nine sentence-and-code units are coded by one of the two only.
    pooled = found.frame.set_index("code_path").loc["pooled"]
    assert (pooled["n_units"], pooled["percent"]) == (9, pytest.approx(7 / 9))


@pytest.mark.parametrize("unit", ["document", "sentence", "character", "segment"])
def test_every_unit_gives_the_alpha_of_its_presence_table(codings: Codings, unit: str) -> None:
    import krippendorff

    found = double_coding(codings, unit=unit, codes=["Udbytte > Job"]).frame.set_index("code_path").loc["Udbytte > Job"]
    length = len(codings.texts["r1"])
    passage = "Men jeg har ikke fået et job."
    tables = {
        "document": ([1], [0]),
        "sentence": ([0, 0, 1], [0, 0, 0]),
        "character": ([0] * (length - len(passage)) + [1] * len(passage), [0] * length),
        "segment": ([0, 1, 0], [0, 0, 0]),
    }
    first, second = tables[unit]
    expected = krippendorff.alpha([first, second], level_of_measurement="nominal")
    assert found["alpha"] == pytest.approx(expected)


def test_an_unknown_code_gets_a_suggestion(codings: Codings, interviews: Interviews) -> None:
    with pytest.raises(AnalysisError, match="did you mean Udbytte > Sprog"):
        theme_table(codings, interviews, under="Udbytte > Sproget")
