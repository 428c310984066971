"""The comparison chapter's numbers against the answers themselves, counted by pandas."""

from __future__ import annotations

import itertools
import math
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from scipy import stats

import vvvresearch as vvv
from vvvresearch.reporting import Output, hand_over_crosses, hand_over_representation, hand_over_survey_comparison

CROSSES = "municipal-2022: refers by agreement; municipal-2022: most_accept by offer_style"
PAIR = "waves-municipal-2021-municipal-2022"


@pytest.fixture(scope="module")
def answers(project: Path) -> dict[str, pd.DataFrame]:
    names = ("municipal-2021", "municipal-2022", "leaders-2021", "municipal-2022-invited", "municipal-2021-raw")
    return {
        name: pd.read_csv(project / f"surveys/demo/{name}.csv", dtype=str, keep_default_na=False).set_index("respondent") for name in names
    }


@pytest.fixture(scope="module")
def made(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    opened = vvv.open_round("demo", root=project)
    folder = tmp_path_factory.mktemp("out")
    out = Output(folder, "35", "demo", "da", opened.kind)
    tables = hand_over_survey_comparison(out, opened, trends="refers, cooperation") | hand_over_crosses(out, opened, crosses=CROSSES)
    tables |= hand_over_representation(out, opened, raw="municipal-2021: municipal-2021-raw", finished="finished")
    return tables, out.values, folder


def share(frame: pd.DataFrame, item: str, code: str) -> tuple[int, int]:
    answered = frame[item][frame[item] != ""]
    return int((answered == code).sum()), len(answered)


def freeman_halton_by_enumeration(yes: list[int], accept: pd.DataFrame) -> float:
    """Every table with these margins, each with the probability that the multivariate hypergeometric distribution gives it."""
    sizes = accept["offer_style"].value_counts().sort_index().tolist()
    every = [cells for cells in itertools.product(*(range(size + 1) for size in sizes)) if sum(cells) == sum(yes)]
    chance = [math.prod(math.comb(size, cell) for size, cell in zip(sizes, cells, strict=True)) for cells in every]
    own = chance[every.index(tuple(yes))]
    return sum(each for each in chance if each <= own) / sum(chance)


@pytest.mark.parametrize(("item", "code"), [("refers", "yes"), ("support_known", "yes"), ("benefit_job", "high")])
def test_the_change_between_waves_is_that_of_the_answers(made: Any, answers: dict[str, pd.DataFrame], item: str, code: str) -> None:
    _, values, _ = made
    (x1, n1), (x2, n2) = (share(answers[f"municipal-{wave}"], item, code) for wave in (2021, 2022))
    assert values[f"waves.municipal-2022.{item}.{code}.change"].number == pytest.approx(100 * (x2 / n2 - x1 / n1))
    one, two = (answers[f"municipal-{wave}"][item] for wave in (2021, 2022))
    both = one.index[one != ""].intersection(two.index[two != ""])
    moved = 100 * ((two[both] == code).mean() - (one[both] == code).mean())
    assert values[f"waves.municipal-2022.{item}.{code}.panel-n"].number == len(both)
    assert values[f"waves.municipal-2022.{item}.{code}.panel-change"].number == pytest.approx(moved)
    worse, better = int(((one[both] == code) & (two[both] != code)).sum()), int(((one[both] != code) & (two[both] == code)).sum())
    p = stats.binomtest(worse, worse + better).pvalue if worse + better else 1.0
    assert values[f"waves.municipal-2022.{item}.{code}.panel-p"].number == pytest.approx(p)


def test_the_worst_case_of_a_change_lets_the_rest_of_both_frames_answer_against_it(made: Any, answers: dict[str, pd.DataFrame]) -> None:
    (x1, n1), (x2, n2) = (share(answers[f"municipal-{wave}"], "refers", "yes") for wave in (2021, 2022))
    low = 100 * (x2 / 98 - (x1 + 98 - n1) / 98)
    high = 100 * ((x2 + 98 - n2) / 98 - x1 / 98)
    _, values, _ = made
    assert values["waves.municipal-2022.refers.yes.worst-lower"].number == pytest.approx(low)
    assert values["waves.municipal-2022.refers.yes.worst-upper"].number == pytest.approx(high)


def test_35_answered_twice(made: Any, answers: dict[str, pd.DataFrame]) -> None:
    assert len(answers["municipal-2021"].index.intersection(answers["municipal-2022"].index)) == 35
    assert made[1]["waves.municipal-2022.overlap"].number == 35


def test_the_gap_of_a_mirror_item_is_that_of_both_groups(made: Any, answers: dict[str, pd.DataFrame]) -> None:
    (x1, n1), (x2, n2) = (share(answers[name], "benefit_everyday", "high") for name in ("municipal-2021", "leaders-2021"))
    assert made[1]["mirror.municipal-2021.benefit_everyday.gap"].number == pytest.approx(100 * (x1 / n1 - x2 / n2))


def test_the_key_answers_are_one_family_smaller_than_that_of_all_answers(made: Any) -> None:
    tables, _, _ = made
    rows = len(tables[PAIR].frame) + len(tables[f"{PAIR}-barriers"].frame)
    assert f"{rows} test" in tables[PAIR].note
    assert len(tables[f"{PAIR}-all"].frame) > rows
    p = [*tables[PAIR].frame["p"], *tables[f"{PAIR}-barriers"].frame["p"]]
    assert all(0 <= each <= 1 for each in p)


def test_the_item_of_another_scale_stands_with_its_reason_and_breaks_the_trend(made: Any) -> None:
    tables, _, folder = made
    refused = tables[f"{PAIR}-refused"].frame
    row = refused[refused["first"].str.startswith("Hvordan er samarbejdet")].iloc[0]
    assert row["reason"].startswith("Både ordlyd og skala")
    assert set(refused["reason"]) == {row["reason"], "Kun med i 2022."}
    assert "cooperation" not in set(tables[f"{PAIR}-all"].frame["item"])
    assert "brud" in tables["trend-cooperation"].note
    assert "brud" not in tables["trend-refers"].note
    assert "brudt" in (folder / "figures/trend-cooperation.md").read_text(encoding="utf-8")


def test_a_cross_table_of_two_by_two_has_fishers_p_and_counts_without_dont_know(made: Any, answers: dict[str, pd.DataFrame]) -> None:
    tables, values, _ = made
    frame = answers["municipal-2022"]
    assert set(frame["agreement"]) == {"yes", "no"}
    known = frame[frame["refers"].isin(["yes", "no"])]
    one = stats.fisher_exact(pd.crosstab(known["agreement"], known["refers"])).pvalue
    accept = frame[frame["most_accept"] != ""]
    two = freeman_halton_by_enumeration(pd.crosstab(accept["offer_style"], accept["most_accept"])["yes"].tolist(), accept)
    first, second = sorted((one, two))
    adjusted = {first: min(1.0, 2 * first), second: max(min(1.0, 2 * first), second)}
    assert values["crosses.municipal-2022.refers.agreement.p"].number == pytest.approx(adjusted[one], abs=1e-6)
    assert values["crosses.municipal-2022.most_accept.offer_style.p"].number == pytest.approx(adjusted[two], abs=1e-6)
    talk = accept[accept["offer_style"] == "talk"]
    key = "crosses.municipal-2022.most_accept.offer_style.talk"
    assert (values[f"{key}.n"].number, values[f"{key}.of"].number) == (int((talk["most_accept"] == "yes").sum()), len(talk))
    assert "under 5 svar" in tables["crosses"].note


def test_the_flow_goes_from_98_to_the_usable_answers_and_cleaning_explains_the_difference(
    made: Any, answers: dict[str, pd.DataFrame]
) -> None:
    tables, values, _ = made
    raw = answers["municipal-2021-raw"]
    steps = [values[f"flow.municipal-2021.{step}"].number for step in ("population", "invited", "answered", "complete")]
    assert steps == [98, 71, raw.index.nunique(), 42]
    log = tables["cleaning-log-municipal-2021"].frame
    assert log["n"].sum() == len(raw) - 42
    assert (raw["finished"] == "0").sum() == log["n"].sum()


def test_categories_of_the_frame_are_counted_and_named_in_words(made: Any, answers: dict[str, pd.DataFrame]) -> None:
    tables, _, _ = made
    frame = tables["represent-municipal-2022"].frame
    invited = answers["municipal-2022-invited"]
    for variable in ("region", "size"):
        rows = frame[frame["variable"] == variable].set_index("category")
        assert rows["units"].to_dict() == invited[variable].value_counts().to_dict()
        answered = invited.loc[answers["municipal-2022"].index, variable].value_counts().to_dict()
        assert rows["responded"].to_dict() == answered
    assert {"Egn", "Størrelse"} == set(tables["represent-municipal-2022"].shown().iloc[:, 0])


def test_the_worst_case_leads_and_holds_the_exact_interval(made: Any, answers: dict[str, pd.DataFrame]) -> None:
    tables, values, _ = made
    count, n = share(answers["municipal-2022"], "refers", "yes")
    key = "bounds.municipal-2022.refers.yes"
    assert values[f"{key}.worst-lower"].number == pytest.approx(100 * count / 98)
    assert values[f"{key}.worst-upper"].number == pytest.approx(100 * (count + 98 - n) / 98)
    possible = [
        whole
        for whole in range(count, 98 - n + count + 1)
        if stats.hypergeom.sf(count - 1, 98, whole, n) > 0.025 and stats.hypergeom.cdf(count, 98, whole, n) > 0.025
    ]
    assert values[f"{key}.exact-lower"].number == pytest.approx(100 * min(possible) / 98)
    assert values[f"{key}.exact-upper"].number == pytest.approx(100 * max(possible) / 98)
    names = [column.name for column in tables["bounds-municipal-2022"].shows]
    assert names.index("worst") < names.index("exact")


def test_weighted_shares_rest_on_exact_sums(made: Any, answers: dict[str, pd.DataFrame]) -> None:
    tables, _, _ = made
    frame = tables["weighted-municipal-2022"].frame
    count, n = share(answers["municipal-2022"], "refers", "yes")
    row = frame[frame["what"].str.contains("henvist")].iloc[0]
    assert row["unweighted"] == pytest.approx(100 * count / n)
    assert row["moves"] == pytest.approx(row["weighted"] - row["unweighted"])
    assert 0 < abs(row["moves"]) < 5


def test_reconstructed_surveys_are_refused_in_a_sentence_each(project: Path, tmp_path: Path) -> None:
    opened = vvv.open_round("2021-note", root=project)
    out = Output(tmp_path, "35", "2021-note", "da", opened.kind)
    assert hand_over_survey_comparison(out, opened) == {}
    assert hand_over_crosses(out, opened, crosses="municipal-2021: refers by agreement") == {}
    assert hand_over_representation(out, opened) == {}
    assert out.values == {}
    for name in ("comparison", "crosses", "representation"):
        said = (tmp_path / f"tables/{name}-statement.md").read_text(encoding="utf-8")
        assert "rekonstrueret fra offentliggjorte tabeller" in said, name
    said = (tmp_path / "tables/comparison-statement.md").read_text(encoding="utf-8")
    assert said.count("rekonstrueret") == len(opened.surveys)


def test_a_round_without_surveys_says_that_nothing_is_compared(project: Path, tmp_path: Path) -> None:
    opened = vvv.open_round("2019-final", root=project)
    out = Output(tmp_path, "35", "2019-final", "en", opened.kind)
    assert hand_over_survey_comparison(out, opened) == {}
    assert hand_over_representation(out, opened) == {}
    assert "nothing is compared" in (tmp_path / "tables/comparison-statement.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("crosses", "said"),
    [
        ("refers by agreement", "declares no cross-table"),
        ("municipal-2022: refers agreement", "declares no cross-table"),
        ("municipal-2023: refers by agreement", "no survey 'municipal-2023'"),
        ("municipal-2022: barriers by agreement", "it is multiple"),
        ("municipal-2022: years_with_programme by agreement", "it is number"),
    ],
)
def test_a_cross_table_that_cannot_be_made_is_refused(project: Path, crosses: str, said: str) -> None:
    opened = vvv.open_round("demo", root=project)
    with pytest.raises(vvv.VvvError, match=said):
        hand_over_crosses(Output("", "35", "demo"), opened, crosses=crosses)


def test_raw_answers_that_do_not_clean_to_those_in_use_are_an_error(project: Path) -> None:
    opened = vvv.open_round("demo", root=project)
    with pytest.raises(vvv.AnalysisError, match="do not clean to the answers in use"):
        hand_over_representation(Output("", "36", "demo"), opened, raw="municipal-2021: municipal-2021-raw")


def test_the_chapter_says_the_same_numbers_in_both_languages(project: Path, made: Any) -> None:
    opened = vvv.open_round("demo", root=project)
    out = Output("", "35", "demo", "en", opened.kind)
    hand_over_survey_comparison(out, opened)
    shared = set(out.values) & set(made[1])
    assert len(shared) > 100
    for key in shared:
        one, two = out.values[key].number, made[1][key].number
        assert one == two or (one is not None and two is not None and math.isclose(one, two)), key
