"""The gap between the halves of a pair, activities pair by pair, and themes beside a context, counted again by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from conftest import codebook, register
from scipy import stats
from statsmodels.stats.multitest import multipletests

from vvvresearch.errors import AnalysisError
from vvvresearch.evidence import Arrow, Codings, Element, Interviews, Theory, Words
from vvvresearch.statistics.power import least_detectable_gap, power_of_gap
from vvvresearch.themes import PrevalenceRule, context_table, crosstab, pair_activities, pair_gaps

CODES = ["Gavn", "Gavn > Job", "Ting", "Ting > Mad", "Ting > Lektier", "Ting > Cykel", "Ophold"]


def coded(marks: list[tuple[str, str]]) -> Codings:
    rows = [(source, 10 * place, 10 * place + 5, "passage", code, "a", "affirmed") for place, (source, code) in enumerate(marks)]
    return Codings(pd.DataFrame(rows, columns=["source", "start", "end", "text", "code_path", "coder", "stance"]), codebook(CODES), {})


def of_pairs(count: int, waves: int = 1) -> Interviews:
    return register(
        [
            {
                "interview": f"p{pair}-{half[0]}{wave}",
                "source": f"p{pair}-{half[0]}{wave}",
                "person": f"p{pair}-{half[0]}",
                "pair": f"p{pair}",
                "respondent_group": half,
                "wave": str(wave),
                "month": f"2021-0{wave}",
                "sex": "female" if pair % 2 else "male",
            }
            for pair in range(count)
            for half in ("refugee", "volunteer")
            for wave in range(1, waves + 1)
        ]
    )


# Eight of ten refugees tell of a job; of their volunteers one, and one other volunteer.
SAID = [(f"p{pair}-r1", "Gavn > Job") for pair in range(8)] + [("p0-v1", "Gavn > Job"), ("p9-v1", "Gavn > Job")]
READ = [(f"p{pair}-{half}1", "Ting > Mad") for pair in range(10) for half in "rv"]


def test_the_gap_between_the_halves_is_that_of_the_same_pairs_with_mcnemars_p() -> None:
    row = pair_gaps(coded(SAID + READ), of_pairs(10), under="Gavn > Job").frame.iloc[0]
    assert (row["pairs"], row["first"], row["second"], row["both"], row["first_only"], row["second_only"]) == (10, 8, 2, 1, 7, 1)
    assert row["gap"] == pytest.approx(-0.6)
    assert row["p"] == pytest.approx(stats.binomtest(1, 8).pvalue)
    # p is .07, so the limits hold 0 at the level that decides.
    assert row["lower"] < -0.6 < 0 <= row["upper"]


def test_every_activity_of_the_theory_has_a_row_also_where_nobody_tells_of_it_or_no_code_stands_for_it() -> None:
    def element(name: str, level: Any, *codes: str) -> Element:
        return Element(id=name, level=level, label=Words(da=name, en=name), codes=list(codes))

    theory = Theory(
        schema_version=1,
        id="t",
        version="1",
        title=Words(da="t", en="t"),
        elements=[
            element("meals", "activity", "Ting > Mad"),
            element("bicycle", "activity", "Ting > Cykel"),
            element("trip", "activity"),
            element("job", "outcome"),
        ],
        arrows=[Arrow.model_validate({"id": "a", "from": "meals", "to": "job"})],
    )
    marks = [
        ("p0-r1", "Ting > Mad"),
        ("p0-v1", "Ting > Mad"),
        ("p1-r1", "Ting > Mad"),
        ("p1-v1", "Gavn"),
        ("p2-r1", "Gavn"),
        ("p2-v1", "Gavn"),
    ]
    found = pair_activities(coded(marks), of_pairs(3), theory).in_language("en")
    assert found.frame[["activity", "assessed", "pairs", "both_sides"]].values.tolist() == [
        ["meals", 3, 2, 1],
        ["bicycle", 3, 0, 0],
        ["trip", 0, 0, 0],
    ]
    told = found["pairs"].frame.set_index(["pair", "activity"])["told"]
    assert [told[f"p{pair}", "meals"] for pair in range(3)] == ["both", "refugee", "none"]
    assert "no code" in found.note
    by_code = pair_activities(coded(marks), of_pairs(3), under="Ting").frame
    assert by_code["activity"].tolist() == ["Ting > Mad", "Ting > Lektier", "Ting > Cykel"]
    assert not pair_activities(coded(marks), of_pairs(3).__class__(of_pairs(3).frame[lambda frame: frame["respondent_group"] == "refugee"]))


def test_a_context_parts_persons_over_all_their_interviews() -> None:
    rng = np.random.default_rng(2)
    interviews = of_pairs(12, waves=2)
    sources = interviews.frame["source"].tolist()
    marks = [(source, code) for source in sources for code in ("Ophold", "Gavn > Job", "Ting > Mad") if rng.random() < 0.4]
    marks += [(source, "Ting > Lektier") for source in sources]
    found = context_table(coded(marks), interviews, "Ophold", codes=["Gavn", "Gavn > Job"]).frame
    person = dict(zip(interviews.frame["source"], interviews.frame["person"], strict=True))
    context = {person[source] for source, code in marks if code == "Ophold"}
    job = {person[source] for source, code in marks if code == "Gavn > Job"}
    everybody = set(person.values())
    counts = [len(job & context), len(context), len(job - context), len(everybody - context)]
    for row in found.to_dict("records"):
        assert [row[name] for name in ("with_context", "n_context", "without_context", "n_others")] == counts
        table = [[counts[0], counts[1] - counts[0]], [counts[2], counts[3] - counts[2]]]
        assert row["p"] == pytest.approx(stats.fisher_exact(table).pvalue)
        assert (row["lower"] <= 0 <= row["upper"]) == (row["p_adjusted"] >= 0.05)
        # At the difference that could have been seen the test, at half the level (two themes), rejects in four of five draws.
        share = counts[2] / counts[3]
        chance = [stats.binom.pmf(range(n + 1), n, p) for n, p in ((counts[3], share), (counts[1], share + row["least_detectable"]))]
        found_in = sum(
            chance[0][a] * chance[1][b]
            for a in range(counts[3] + 1)
            for b in range(counts[1] + 1)
            if stats.fisher_exact([[b, counts[1] - b], [a, counts[3] - a]]).pvalue <= 0.025 + 1e-12
        )
        assert found_in == pytest.approx(0.8, abs=0.01)


def test_several_attributes_make_a_group_of_every_combination() -> None:
    found = crosstab(coded(SAID + READ), of_pairs(10), ["respondent_group", "sex"], codes=["Gavn > Job"]).frame
    counts = found.set_index("value")[["persons_affirmed", "persons_asked"]].to_dict("index")
    assert counts["refugee · female"] == {"persons_affirmed": 4, "persons_asked": 5}
    assert counts["volunteer · male"] == {"persons_affirmed": 1, "persons_asked": 5}
    assert found["persons_asked"].sum() == 20


def test_values_are_compared_within_each_value_of_another_attribute() -> None:
    rng = np.random.default_rng(127)
    frame = of_pairs(30).frame
    frame = frame.assign(sex=rng.choice(list("fmx"), len(frame)), employment=rng.choice(["", "work", "school"], len(frame)))
    marks = [(source, "Gavn > Job") for source in frame["source"][rng.random(len(frame)) < 0.5]]
    codings = coded(marks + [(source, "Ting > Mad") for source in frame["source"]])
    table = crosstab(codings, Interviews(frame), "employment", group="refugee", within="sex", codes=["Gavn > Job"])
    own = frame[frame["respondent_group"] == "refugee"]
    own = own.assign(said=own["source"].isin([source for source, _ in marks]), employment=own["employment"].replace("", "unknown"))
    counted = own.groupby(["sex", "employment"])["said"].agg(["sum", "size"])
    rows = table.frame.set_index(["within", "value"])
    assert rows[["persons_affirmed", "persons_asked"]].to_numpy().tolist() == counted.loc[rows.index].to_numpy().tolist()
    assert len(rows) == len(counted)
    tested = {}
    for (sex, value), row in rows.iterrows():
        same = own[own["sex"] == sex]
        assert row["persons_others"] == (same["employment"] != value).sum()
        cross = pd.crosstab(same["employment"] == value, same["said"]).reindex([False, True], axis=1, fill_value=0)
        tested[sex, value] = stats.fisher_exact(cross).pvalue if len(cross) == 2 else 1.0
        assert row["p"] == pytest.approx(tested[sex, value], abs=1e-9)
    # Three values of three sexes: nine hypotheses in one family.
    assert rows["p_adjusted"].to_numpy() == pytest.approx(multipletests(list(tested.values()), method="holm")[1], abs=1e-9)
    with pytest.raises(AnalysisError, match="within itself"):
        crosstab(codings, Interviews(frame), ["sex", "employment"], within="sex")


def test_a_larger_share_never_has_the_smaller_word() -> None:
    order = ["none", "few", "several", "most", "all"]
    said = [(x / n, order.index(PrevalenceRule().word(x, n))) for n in range(2, 31) for x in range(n + 1) if x != 1]
    said.sort()
    assert [word for _, word in said] == sorted(word for _, word in said)
    assert [PrevalenceRule().word(x, n) for x, n in ((3, 6), (5, 22))] == ["several", "few"]


def test_a_number_of_groups_made_of_two_attributes_is_found_by_its_address() -> None:
    import vvvresearch as vvv

    opened = vvv.open_round("demo")
    table = opened.crosstab(["sex", "mode"], codes=["Udbytte"])
    layered = opened.crosstab("mode", group="refugee", within="sex", codes=["Udbytte"])
    for found in (table, layered):
        cell = next(iter(found.cells))
        assert opened.cell(cell.address).value == cell.value


def test_benefit_is_split_by_what_people_did_at_the_interview() -> None:
    people = of_pairs(6)
    frame = people.frame.assign(employment=["work", "", "education", "", "", ""] * 2)
    found = crosstab(coded(SAID), Interviews(frame, kind=people.kind), "beskæftigelse", codes=["Gavn > Job"]).frame.set_index("value")
    assert found["persons_asked"].to_dict() == {"education": 2, "unknown": 3, "work": 2}


def test_what_could_have_been_seen_of_a_gap_is_found_four_times_in_five_by_mcnemars_test() -> None:
    row = pair_gaps(coded(SAID + READ), of_pairs(10), under="Gavn > Job").frame.iloc[0]
    # Not even 9 of 10 against 1 would be found often enough.
    assert np.isnan(row["least_detectable"])
    assert power_of_gap(10, 0.1, 0.9) < 0.8
    rng = np.random.default_rng(31)
    for pairs, rarer, level in ((24, 0.08, 0.05 / 7), (40, 0.2, 0.01)):
        least = least_detectable_gap(pairs, rarer, level)
        assert least is not None
        drawn = rng.multinomial(pairs, [rarer, rarer + least, 1 - 2 * rarer - least], size=1500)
        found = [stats.binomtest(int(one), int(one + other)).pvalue <= level + 1e-12 for one, other, _ in drawn if one + other]
        assert sum(found) / len(drawn) == pytest.approx(0.8, abs=0.05)


def test_a_cross_table_of_two_values_tests_one_hypothesis_and_says_what_could_have_been_seen() -> None:
    found = crosstab(coded(SAID + READ), of_pairs(10), "respondent_group", codes=["Gavn > Job"]).frame.set_index("value")
    # One table of eight of ten against two of ten: nothing to adjust.
    assert found["p_adjusted"].tolist() == pytest.approx([stats.fisher_exact([[8, 2], [2, 8]]).pvalue] * 2)
    # The refugees' share that ten against ten would find when two of ten volunteers affirm, counted out with another program.
    high = 0.2 + found.loc["refugee", "least_detectable"]
    power = sum(
        stats.binom.pmf(a, 10, high) * stats.binom.pmf(b, 10, 0.2)
        for a in range(11)
        for b in range(11)
        if stats.fisher_exact([[a, 10 - a], [b, 10 - b]]).pvalue <= 0.05 + 1e-12
    )
    assert power == pytest.approx(0.8, abs=0.01)
