"""The chapters on comparisons and on who answered: their numbers against the answers themselves, counted by pandas."""

from __future__ import annotations

import itertools
import json
import math
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from scipy import stats

import vvvresearch as vvv
from vvvresearch.figures import Drawing
from vvvresearch.rounds import Page, Round, RoundSpec

WAVES = "municipal-2021~municipal-2022"
CHAPTERS = ("35-survey-comparison", "36-representativeness")
Answers = dict[str, pd.DataFrame]


def chapter(project: Path, name: str, round_id: str, out: str | Path = "") -> Page:
    """A notebook run cell by cell."""
    names: dict[str, Any] = {}
    for cell in json.loads((project / f"notebooks/{name}.ipynb").read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), names)
            if "parameters" in cell["metadata"].get("tags", []):
                names |= {"round_id": round_id, "root": str(project), "out": str(out)}
    page: Page = names["page"]
    return page


@pytest.fixture(scope="module")
def answers(project: Path) -> Answers:
    names = ("municipal-2021", "municipal-2022", "leaders-2021", "municipal-2022-invited", "municipal-2021-raw")
    return {
        name: pd.read_csv(project / f"surveys/demo/{name}.csv", dtype=str, keep_default_na=False).set_index("respondent") for name in names
    }


@pytest.fixture(scope="module")
def demo(project: Path) -> Round:
    return vvv.open_round("demo", root=project)


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
def test_the_change_between_waves_is_that_of_the_answers(demo: Round, answers: Answers, item: str, code: str) -> None:
    at = f"{WAVES}.{item}.{code}"
    (x1, n1), (x2, n2) = (share(answers[f"municipal-{wave}"], item, code) for wave in (2021, 2022))
    assert demo.cell(f"{at}.change").value == pytest.approx(x2 / n2 - x1 / n1)
    one, two = (answers[f"municipal-{wave}"][item] for wave in (2021, 2022))
    both = one.index[one != ""].intersection(two.index[two != ""])
    before, after = one[both] == code, two[both] == code
    assert demo.cell(f"{at}.panel_n").value == len(both)
    assert (demo.cell(f"{at}.panel_before").value, demo.cell(f"{at}.panel_after").value) == (before.sum(), after.sum())
    assert demo.cell(f"{at}.panel_change").value == pytest.approx(after.mean() - before.mean())
    worse, better = int((before & ~after).sum()), int((~before & after).sum())
    p = stats.binomtest(worse, worse + better).pvalue if worse + better else 1.0
    assert demo.cell(f"{at}.panel_p").value == pytest.approx(p)


def test_the_worst_case_of_a_change_lets_the_rest_of_both_frames_answer_against_it(demo: Round, answers: Answers) -> None:
    (x1, n1), (x2, n2) = (share(answers[f"municipal-{wave}"], "refers", "yes") for wave in (2021, 2022))
    assert demo.cell(f"{WAVES}.refers.yes.worst_lower").value == pytest.approx(x2 / 98 - (x1 + 98 - n1) / 98)
    assert demo.cell(f"{WAVES}.refers.yes.worst_upper").value == pytest.approx((x2 + 98 - n2) / 98 - x1 / 98)


def test_those_who_answered_twice_are_counted(demo: Round, answers: Answers) -> None:
    both = answers["municipal-2021"].index.intersection(answers["municipal-2022"].index)
    assert demo.cell(f"{WAVES}.total.overlap").value == len(both) == 35


def test_the_difference_of_a_mirror_item_is_that_of_both_groups(demo: Round, answers: Answers) -> None:
    (x1, n1), (x2, n2) = (share(answers[name], "benefit_everyday", "high") for name in ("municipal-2021", "leaders-2021"))
    assert demo.cell("municipal-2021~leaders-2021.benefit_everyday.high.change").value == pytest.approx(x2 / n2 - x1 / n1)
    table = [[x1, n1 - x1], [x2, n2 - x2]]
    assert demo.cell("municipal-2021~leaders-2021.benefit_everyday.high.p").value == pytest.approx(stats.fisher_exact(table).pvalue)


def test_pairs_come_from_declarations_in_the_order_of_periods(demo: Round) -> None:
    pairs = demo.comparable()
    assert [(pair.how, pair.id) for pair in pairs] == [
        ("waves", "municipal-2019~municipal-2021"),
        ("waves", "status-rc-2020~leaders-2021"),
        ("mirror", "municipal-2021~leaders-2021"),
        ("waves", WAVES),
        ("mirror", "leaders-2021~municipal-2022"),
    ]
    assert demo.compare(WAVES) is demo.compare(pairs[3])
    assert "municipal-2023" in demo.compare("municipal-2021~municipal-2023").absent.say("en")
    with pytest.raises(vvv.AnalysisError, match="no pair"):
        demo.compare("municipal-2022~municipal-2021")


def test_the_item_of_another_scale_stands_with_its_reason_and_breaks_the_trend(demo: Round) -> None:
    changes = demo.compare(WAVES)
    reasons = changes["refused"].frame.set_index("second")["reason"]
    assert reasons["cooperation"] == "both"
    assert set(reasons) == {"both", "only_second"}
    assert changes["refused"].cell("municipal-2021~municipal-2022/refused.count.only_second").value == (reasons == "only_second").sum()
    shown = changes["refused"].shown()
    assert shown.iloc[0, 0].startswith("Hvordan er samarbejdet")
    assert shown.iloc[0, 2].startswith("Både ordlyd og skala")
    assert "cooperation" not in set(changes.frame["item"])
    trends = demo.trends()
    assert "brud" in trends["cooperation"].note
    assert "brud" not in trends["refers"].note
    assert "brudt" in trends["cooperation"].plot().note


def test_what_is_declared_a_mirror_is_compared_and_nothing_is_refused(demo: Round) -> None:
    refused = demo.compare("municipal-2021~leaders-2021")["refused"]
    assert not refused
    assert refused.in_language("en").to_markdown().strip() == "All questions in common are compared."


def test_every_question_with_several_answers_is_a_part_with_the_same_numbers(demo: Round) -> None:
    changes = demo.compare(WAVES)
    part = changes["barriers"]
    whole = changes.frame[changes.frame["item"] == "barriers"].reset_index(drop=True)
    pd.testing.assert_frame_equal(part.frame, whole)
    assert whole["key"].all()
    assert not changes.where("key and not several").frame["item"].eq("barriers").any()


def test_a_cross_table_of_two_by_two_has_fishers_p_and_counts_without_dont_know(demo: Round, answers: Answers) -> None:
    frame = answers["municipal-2022"]
    assert set(frame["agreement"]) == {"yes", "no"}
    known = frame[frame["refers"].isin(["yes", "no"])]
    one = stats.fisher_exact(pd.crosstab(known["agreement"], known["refers"])).pvalue
    accept = frame[frame["most_accept"] != ""]
    two = freeman_halton_by_enumeration(pd.crosstab(accept["offer_style"], accept["most_accept"])["yes"].tolist(), accept)
    assert demo.cell("crosses.municipal-2022.refers.agreement.p").value == pytest.approx(one, abs=1e-6)
    assert demo.cell("crosses.municipal-2022.most_accept.offer_style.p").value == pytest.approx(two, abs=1e-6)
    crosses = demo.crosses()
    # Holm by hand over the whole family.
    raw = sorted(crosses.frame["p"])
    steps = [min(1.0, (len(raw) - place) * p) for place, p in enumerate(raw)]
    assert sorted(crosses.frame["p_adjusted"]) == pytest.approx(list(itertools.accumulate(steps, max)))
    talk = accept[accept["offer_style"] == "talk"]
    share_of_talk = demo.cell("municipal-2022/by-offer_style.most_accept.talk.yes.share")
    assert (share_of_talk.count, share_of_talk.n) == (int((talk["most_accept"] == "yes").sum()), len(talk))
    groups = crosses["groups"].frame.set_index(["item", "by", "group"])
    assert groups.loc[("most_accept", "offer_style", "talk"), ["count", "n"]].tolist() == [share_of_talk.count, share_of_talk.n]
    assert "under 5 svar" in crosses.note


def test_the_flow_goes_from_98_to_the_usable_answers_and_cleaning_explains_the_difference(demo: Round, answers: Answers) -> None:
    raw = answers["municipal-2021-raw"]
    steps = [demo.cell(f"municipal-2021/flow.{step}.count").value for step in ("population", "invited", "answered", "complete")]
    assert steps == [98, 71, raw.index.nunique(), 42]
    log = demo.cleaning("municipal-2021")["left-out"].frame
    assert log["count"].sum() == len(raw) - 42
    assert (raw["finished"] == "0").sum() == log["count"].sum()


def test_categories_of_the_frame_are_counted_and_named_in_words(demo: Round, answers: Answers) -> None:
    found = demo.representativeness("municipal-2022")
    invited = answers["municipal-2022-invited"]
    for variable in ("region", "size"):
        rows = found.frame[found.frame["variable"] == variable].set_index("category")
        assert rows["units"].to_dict() == invited[variable].value_counts().to_dict()
        answered = invited.loc[answers["municipal-2022"].index, variable].value_counts().to_dict()
        assert rows["responded"].to_dict() == answered
    assert {"Egn", "Størrelse"} == set(found.shown().iloc[:, 0])


def test_the_worst_case_leads_and_holds_the_exact_interval(demo: Round, answers: Answers) -> None:
    count, n = share(answers["municipal-2022"], "refers", "yes")
    at = "municipal-2022.refers.yes"
    assert demo.cell(f"{at}.worst_lower").value == pytest.approx(count / 98)
    assert demo.cell(f"{at}.worst_upper").value == pytest.approx((count + 98 - n) / 98)
    possible = [
        whole
        for whole in range(count, 98 - n + count + 1)
        if stats.hypergeom.sf(count - 1, 98, whole, n) > 0.025 and stats.hypergeom.cdf(count, 98, whole, n) > 0.025
    ]
    assert demo.cell(f"{at}.lower").value == pytest.approx(min(possible) / 98)
    assert demo.cell(f"{at}.upper").value == pytest.approx(max(possible) / 98)
    bounds = demo.frame_bounds("municipal-2022")
    row = bounds.frame.set_index("item").loc["refers"]
    assert row[["worst_lower", "lower"]].tolist() == pytest.approx([count / 98, min(possible) / 98])
    names = [column.name for column in bounds.shows]
    assert names.index("worst") < names.index("exact")


def test_weighted_shares_rest_on_exact_sums(demo: Round, answers: Answers) -> None:
    weights = demo.weight("municipal-2022")
    frame = answers["municipal-2022"]
    own = weights.weights[frame.index[frame["refers"] != ""]]
    count, n = share(frame, "refers", "yes")
    row = weights["items"].frame.set_index("item").loc["refers"]
    assert row["weighted"] == pytest.approx(float(own[frame["refers"] == "yes"].sum() / own.sum()))
    assert row["moves"] == pytest.approx(row["weighted"] - count / n)


@pytest.mark.parametrize("name", CHAPTERS)
@pytest.mark.parametrize("round_id", ["2021-note", "2019-final"])
def test_a_round_without_answers_of_its_own_leaves_the_chapters_empty(project: Path, tmp_path: Path, name: str, round_id: str) -> None:
    assert chapter(project, name, round_id, tmp_path).names == ()
    assert list(tmp_path.rglob("*.*")) == []


def test_what_reconstructed_answers_forbid_says_why(project: Path) -> None:
    note = vvv.open_round("2021-note", root=project, lang="en")
    survey = next(iter(note.surveys))
    for found in (note.compare_waves(survey, survey, "refers"), note.frame_bounds(survey), note.compare_groups(survey, "refers", "size")):
        assert not found
        assert "reconstructed from printed tables" in found.to_markdown()
    assert "no cross-tables" not in note.crosses().to_markdown()
    assert not note.crosses()


def test_the_chapters_hand_on_every_number_at_one_address_and_say_it_in_both_languages(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Painting takes most of the time and says nothing that is compared here.
    monkeypatch.setattr(Drawing, "svg", property(lambda _: b"<svg/>"))
    pages = [chapter(project, name, "demo", tmp_path) for name in CHAPTERS]
    values: dict[str, Any] = {}
    for path in sorted((tmp_path / "values").glob("*.json")):
        values |= json.loads(path.read_text(encoding="utf-8"))["values"]
    change = values[f"{WAVES}.refers.yes.change"]
    assert change["shown"] == {"da": "−13,2 procentpoint", "en": "−13.2 percentage points"}
    for name in ("waves-municipal-2021-municipal-2022", "mirror-municipal-2021-leaders-2021", "trend-refers", "bounds-municipal-2022"):
        danish, english = ((tmp_path / f"tables/{lang}/{name}.md").read_text(encoding="utf-8").count("|") for lang in ("da", "en"))
        assert danish == english > 20, name
        assert (tmp_path / f"figures/da/{name}.svg").is_file()
    opened = pages[0].round
    for address in list(values)[::90]:
        found, kept = opened.cell(address), values[address]["number"]
        assert (found.value is None) == (kept is None), address
        assert kept is None or math.isclose(float(found.value), kept), address


def test_cells_of_a_comparison_are_those_of_the_call_with_the_rounds_surveys(demo: Round) -> None:
    from vvvresearch.survey import compare_groups, compare_waves, frame_bounds

    first, second, leaders = (demo.surveys[name] for name in ("municipal-2021", "municipal-2022", "leaders-2021"))
    for bound, own in (
        (demo.compare(WAVES), compare_waves(first, second)),
        (demo.compare_waves("municipal-2021", "municipal-2022", "refers"), compare_waves(first, second, "refers")),
        (demo.compare_groups("municipal-2021", other="leaders-2021"), compare_groups(first, other=leaders)),
        (demo.frame_bounds("municipal-2021"), frame_bounds(first)),
    ):
        known = {cell.address: cell for cell in bound.cells}
        assert own.cells
        assert all(known[cell.address] == cell for cell in own.cells)


def test_answers_received_that_do_not_clean_to_those_in_use_are_an_error(project: Path, demo: Round) -> None:
    sources = [source.model_copy(update={"finished": ""}) if source.survey else source for source in demo.spec.sources]
    changed = Round(demo.spec.model_copy(update={"sources": tuple(sources)}), project)
    with pytest.raises(vvv.AnalysisError, match="do not clean to the answers in use"):
        changed.cleaning("municipal-2021")


@pytest.mark.parametrize(
    ("item", "by", "said"),
    [
        ("barriers", "agreement", "it is multiple"),
        ("years_with_programme", "agreement", "it is number"),
        ("refers", "agrement", "agreement"),
    ],
)
def test_a_cross_table_that_cannot_be_made_is_refused(project: Path, demo: Round, item: str, by: str, said: str) -> None:
    cross = demo.spec.crosses[0].model_copy(update={"item": item, "by": by})
    with pytest.raises(vvv.VvvError, match=said):
        Round(demo.spec.model_copy(update={"crosses": (cross,)}), project).crosses()


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ({"crosses": [{"survey": "municipal-2022", "item": "refers"}]}, "by"),
        ({"representation": {"variables": ["region"]}}, "variables"),
    ],
)
def test_a_declaration_that_cannot_hold_is_refused_when_the_round_is_read(demo: Round, fault: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=f"(?s){said}"):
        RoundSpec.model_validate(demo.spec.model_dump(exclude_unset=True) | fault)
