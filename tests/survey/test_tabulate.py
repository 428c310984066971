"""Survey tables: bases, denominators, routes, notes; expected figures are counted by hand or by pandas."""

from __future__ import annotations

import math
import warnings
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vvvresearch.errors import AnalysisError, NotPermittedError
from vvvresearch.evidence import Frame, Item, MultipleResponseSet, Option, Questionnaire, Scale, Survey, Words
from vvvresearch.kinds import DataKind
from vvvresearch.locales import half_up
from vvvresearch.results import Result
from vvvresearch.survey import RouteWarning, base_table, tabulate, topline


def say(da: str, en: str = "") -> Words:
    return Words(da=da, en=en or da)


def option(code: str, label: str, **more: object) -> Option:
    return Option(code=code, label=say(label), **more)  # type: ignore[arg-type]


YES_NO = (option("yes", "Ja"), option("no", "Nej"))
DEGREE = Scale(
    options=(
        option("1", "Slet ikke"),
        option("2", "I ringe grad"),
        option("3", "I nogen grad"),
        option("4", "I høj grad"),
        option("8", "Ønsker ikke at svare", role="refused"),
        option("9", "Ved ikke", role="dont_know"),
    ),
    top=("3", "4"),
)


def survey_of(answers: dict[str, list[object]], *items: Item, kind: DataKind = DataKind.REAL, **more: object) -> Survey:
    asked = Questionnaire(
        schema_version=1,
        id="test",
        title=say("Test"),
        group=say("kommuner", "municipalities"),
        wave=say("2021"),
        frame=Frame(unit="municipality", population=98, invited=71, chosen_by=say("-"), collected=say("2021")),
        scales={"degree": DEGREE},
        items=items,
    )
    frame = pd.DataFrame(answers)
    frame.index = pd.Index([f"r{number}" for number in range(len(frame))], name="respondent")
    return Survey(frame, asked, kind=kind, **more)  # type: ignore[arg-type]


def single(name: str = "refers", **more: object) -> Item:
    return Item(id=name, text=say("Henviser I?", "Do you refer?"), type="single", **{"options": YES_NO, **more})  # type: ignore[arg-type]


def likert(name: str = "degree", **more: object) -> Item:
    return Item(id=name, text=say(f"Hvor høj grad: {name}"), type="likert", scale="degree", **more)  # type: ignore[arg-type]


def counts_of(table: Result) -> dict[str, float]:
    return dict(zip(table.frame["code"], table.frame["count"], strict=True))


def percents_of(table: Result) -> dict[str, float]:
    """Percentages by answer as cells have them, half up; NaN where there is none."""
    shares = {cell.row["code"]: cell.value for cell in table.cells if cell.address.endswith(".share") and "code" in cell.row}
    return {code: float("nan") if share is None else float(half_up(100 * share)) for code, share in shares.items()}


def test_an_answer_that_nobody_gave_keeps_its_row() -> None:
    table = tabulate(survey_of({"degree": ["4", "4", "3", "1"] * 5}, likert()), "degree")
    assert counts_of(table) == {"1": 5, "2": 0, "3": 5, "4": 10, "8": 0, "9": 0}


def test_percentages_round_half_up_and_not_to_even() -> None:
    table = tabulate(survey_of({"refers": ["yes"] * 1 + ["no"] * 7 + ["yes"] * 4 + ["no"] * 28}, single()), "refers")
    assert percents_of(table) == {"yes": 13, "no": 88}  # 12.5 and 87.5
    assert "101" in table.note


def test_a_table_whose_percentages_add_up_to_100_has_no_rounding_note() -> None:
    table = tabulate(survey_of({"refers": ["yes"] * 10 + ["no"] * 10}, single()), "refers")
    assert "afrunding" not in table.note


@pytest.mark.parametrize(
    ("denominator", "n", "high"),
    [("asked", 20, Fraction(6, 20)), ("answered", 16, Fraction(6, 16)), ("valid", 12, Fraction(6, 12))],
)
def test_each_denominator_counts_its_own_respondents(denominator: str, n: int, high: Fraction) -> None:
    survey = survey_of({"degree": ["4"] * 6 + ["1"] * 6 + ["9"] * 3 + ["8"] + [""] * 4}, likert())
    table = tabulate(survey, "degree", denominator=denominator)  # type: ignore[arg-type]
    assert table.base.n == n
    assert percents_of(table)["4"] == float(half_up(high * 100))
    assert (table.base.asked, table.base.answered, table.base.dont_know, table.base.refused) == (20, 16, 3, 1)


def test_the_questionnaire_declares_the_denominator_when_the_caller_does_not() -> None:
    survey = survey_of({"degree": ["4"] * 6 + ["9"] * 6}, likert(denominator="valid"))
    table = tabulate(survey, "degree")
    assert table.base.n == 6
    assert percents_of(table)["4"] == 100
    assert counts_of(table)["9"] == 6
    assert np.isnan(percents_of(table)["9"])


def test_the_asked_denominator_shows_who_gave_no_answer() -> None:
    table = tabulate(survey_of({"refers": ["yes"] * 5 + [""] * 15}, single()), "refers", denominator="asked")
    assert counts_of(table)["no_answer"] == 15
    assert sum(percents_of(table).values()) == 100


def test_the_top_box_is_computed_from_counts_and_not_from_rounded_levels() -> None:
    # 7/29 = 24.1 and 13/29 = 44.8 round to 24 + 45 = 69, while 20/29 = 68.97 is 69; 5/40 + 5/40 = 13 + 13 but 25.
    table = tabulate(survey_of({"degree": ["3"] * 5 + ["4"] * 5 + ["1"] * 30}, likert()), "degree")
    assert percents_of(table)["3"] + percents_of(table)["4"] == 26
    assert table["top"].cell("share", item="degree").value == Fraction(1, 4)
    assert "10 af 40 = 25" in table.note


def multiple() -> Item:
    options = (option("rc", "Røde Kors"), option("drc", "Flygtningehjælpen"), option("none", "Ingen", role="none"))
    return Item(id="partners", text=say("Hvem samarbejder I med?"), type="multiple", options=options)


def boxes() -> dict[str, list[object]]:
    # 12 ticked rc, 6 of them drc too; 4 answered and ticked nothing; 4 skipped the battery.
    return {
        "partners:rc": ["1"] * 12 + ["0"] * 4 + [""] * 4,
        "partners:drc": ["1"] * 6 + ["0"] * 10 + [""] * 4,
        "partners:none": ["0"] * 16 + [""] * 4,
    }


def test_a_multiple_item_counts_everybody_who_answered_the_battery_ticked_or_not() -> None:
    table = tabulate(survey_of(boxes(), multiple()), "partners")
    assert table.base.n == 16
    assert percents_of(table) == {"rc": 75, "drc": 38, "none": 0}
    assert "Flere svar" in table.note
    ticked = tabulate(survey_of(boxes(), multiple()), "partners", denominator="ticked")
    assert ticked.base.n == 12
    assert percents_of(ticked) == {"rc": 100, "drc": 50, "none": 0}
    assert ticked.note != table.note


def test_ticked_is_no_denominator_for_an_item_with_one_answer() -> None:
    with pytest.raises(AnalysisError, match="multiple"):
        tabulate(survey_of({"refers": ["yes"]}, single()), "refers", denominator="ticked")


def test_a_multiple_response_set_of_a_labelled_file_is_tabulated_by_its_name() -> None:
    answers: dict[str, list[object]] = {
        "a1": ["1", "2", "", ""],
        "a2": ["2", "", "", ""],
        "t1": ["1", "0", "", "1"],
        "t2": ["1", "1", "", "0"],
    }
    sets = {
        "challenges": MultipleResponseSet("challenges", "Udfordringer", ("a1", "a2"), kind="C"),
        "ticks": MultipleResponseSet("ticks", "Kryds", ("t1", "t2")),
    }
    item = Item(
        id="challenges", text=say("Udfordringer"), type="multiple", options=(option("1", "Sprog"), option("2", "Tid"), option("3", "Andet"))
    )
    survey = survey_of(answers, item, multiple_response_sets=sets)
    categories = tabulate(survey, "challenges")
    assert counts_of(categories) == {"1": 1, "2": 2, "3": 0}
    assert categories.base.n == 2
    assert "mindst ét kryds" in categories.note
    ticks = tabulate(survey, "ticks")
    assert counts_of(ticks) == {"t1": 2, "t2": 2}
    assert ticks.base.n == 3


def routed(n_yes: int, n_no: int, answered: int) -> Survey:
    answers: dict[str, list[object]] = {
        "refers": ["yes"] * n_yes + ["no"] * n_no,
        "how": ["yes"] * answered + [""] * (n_yes + n_no - answered),
    }
    return survey_of(answers, single(), single("how", route='refers == "yes"'))


def test_who_was_asked_is_computed_from_the_route() -> None:
    table = tabulate(routed(22, 20, 22), "how")
    assert (table.base.n, table.base.asked, table.base.not_asked) == (22, 22, 20)
    assert "Henviser I?" in table.footer
    assert "Ja" in table.footer


def test_answers_off_the_route_raise_a_warning_that_names_both_numbers() -> None:
    with pytest.warns(RouteWarning, match=r"22.*29"):
        table = tabulate(routed(22, 20, 29), "how")
    assert "22" in table.note
    assert "29" in table.note
    assert (table.base.n, table.base.asked) == (29, 22)
    with pytest.warns(RouteWarning):
        strict = tabulate(routed(22, 20, 29), "how", off_route="drop")
    assert strict.base.n == 22


def test_a_route_that_nobody_takes_gives_an_empty_table_that_says_so() -> None:
    table = tabulate(routed(0, 12, 0), "how")
    assert table.base.n == 0
    assert table.frame["count"].tolist() == [0, 0]
    assert all(math.isnan(percent) for percent in percents_of(table).values())
    assert "Ingen" in table.note


def test_a_route_may_wait_for_a_tick_box() -> None:
    survey = survey_of({**boxes(), "how": ["yes"] * 6 + [""] * 14}, multiple(), single("how", route='partners == "drc"'))
    table = tabulate(survey, "how")
    assert (table.base.asked, table.base.n) == (6, 6)
    others = survey_of({**boxes(), "how": [""] * 20}, multiple(), single("how", route='partners != "drc"'))
    assert tabulate(others, "how").base.asked == 10  # answered the battery without ticking it


def test_a_route_that_contradicts_itself_is_refused_with_the_questionnaire() -> None:
    with pytest.raises(ValueError, match="nobody is asked"):
        survey_of({}, single(), single("how", route='refers == "yes" and refers == "no"'))


def test_a_route_that_cannot_be_computed_says_so() -> None:
    table = tabulate(survey_of({"how": ["yes"] * 12}, single(), single("how", route='refers == "yes"')), "how")
    assert table.base.asked is None
    assert "kan ikke efterprøves" in table.note


def test_two_organisations_rated_with_the_same_item_keep_their_own_bases() -> None:
    answers: dict[str, list[object]] = {"rc": ["yes"] * 20 + ["no"] * 10 + [""] * 12, "drc": ["yes"] * 5 + ["no"] * 10 + [""] * 27}
    table = tabulate(survey_of(answers, single("rc"), single("drc")), ["rc", "drc"])
    assert table.frame.drop_duplicates("item").set_index("item")["n"].to_dict() == {"rc": 30, "drc": 15}
    assert "15–30" in table.note


def test_the_weight_variable_of_a_file_is_used_when_asked_for() -> None:
    survey = survey_of({"refers": ["yes"] * 10 + ["no"] * 10, "w": [3.0] * 10 + [1.0] * 10}, single(), weight="w")
    assert tabulate(survey, "refers", weights=True).frame["weighted"].tolist() == [0.75, 0.25]
    with pytest.raises(AnalysisError, match="weight variable"):
        tabulate(survey_of({"refers": ["yes"]}, single()), "refers", weights=True)


def test_user_missing_codes_are_counted_by_their_reason() -> None:
    gone = {"refers": {"-1": "Ikke stillet", "99": "Ved ikke", "98": "Ugyldig"}}
    survey = survey_of({"refers": ["yes"] * 5 + ["no"] * 5 + ["-1"] * 4 + ["99"] * 3 + ["98"] * 2 + [""]}, single(), missing=gone)
    table = tabulate(survey, "refers", denominator="valid")
    assert table.base.n == 10
    assert (table.base.asked, table.base.not_asked, table.base.dont_know) == (16, 4, 3)
    assert "Ugyldig" in table.note


def test_unknown_codes_are_an_error_with_their_counts_and_are_never_dropped() -> None:
    with pytest.raises(AnalysisError, match=r"'maybe' \(2 times\)"):
        tabulate(survey_of({"refers": ["yes", "maybe", "maybe"]}, single()), "refers")


def battery() -> tuple[Item, ...]:
    return tuple(single(name, battery="help") for name in ("low", "high", "middle"))


def test_a_yes_no_battery_is_sorted_by_yes_and_each_pair_equals_its_base() -> None:
    answers: dict[str, list[object]] = {
        "low": ["yes"] * 5 + ["no"] * 24,
        "high": ["yes"] * 24 + ["no"] * 5,
        "middle": ["yes"] * 14 + ["no"] * 13 + [""] * 2,
    }
    table = tabulate(survey_of(answers, *battery()), "help")
    assert table.frame["item"].drop_duplicates().tolist() == ["high", "middle", "low"]
    assert (table.frame.groupby("item")["count"].sum() == table.frame.groupby("item")["n"].first()).all()
    assert table.base.n is None
    assert "27–29" in table.note
    assert "| Henviser I? | 24 |" in table.to_markdown()


def test_a_banner_agrees_with_a_crosstab_by_pandas() -> None:
    random = np.random.default_rng(4)
    answers: dict[str, list[object]] = {
        "degree": random.choice(["1", "2", "3", "4", "9", ""], 500).tolist(),
        "region": random.choice(["Nord", "Syd", "Øst"], 500).tolist(),
    }
    survey = survey_of(answers, likert())
    table = tabulate(survey, "degree", by="region")
    expected = pd.crosstab(survey.answers["degree"], survey.answers["region"])
    groups = table.frame[table.frame["region"] != "total"].pivot(index="code", columns="region", values="count")
    assert (groups.loc[["1", "2", "3", "4", "9"]] == expected.loc[["1", "2", "3", "4", "9"]]).all(axis=None)
    assert table.frame["region"].drop_duplicates().tolist() == ["total", "Nord", "Syd", "Øst"]


def test_an_item_that_was_not_in_a_wave_is_empty_there_and_the_base_says_so() -> None:
    survey = survey_of({"refers": [""] * 20 + ["yes"] * 15 + ["no"] * 15, "wave": ["Q1"] * 20 + ["Q4"] * 30}, single())
    table = tabulate(survey, "refers", by="wave", denominator="asked")
    assert (table.base.not_in_wave, table.base.asked, table.base.n) == (20, 30, 30)
    assert all(table.cell("share", item="refers", wave="Q1", code=code).value is None for code in ("yes", "no"))
    assert "Q1" in table.note


def test_respondents_without_a_group_are_named_in_the_note() -> None:
    survey = survey_of({"refers": ["yes"] * 30, "region": ["Nord"] * 27 + [""] * 3}, single())
    assert "3 svarpersoner har ingen værdi for region" in tabulate(survey, "refers", by="region").note


def test_groups_may_come_from_the_list_of_invited() -> None:
    invited = pd.DataFrame({"size": ["stor", "lille", "stor"]}, index=["r1", "r0", "gone"])
    survey = survey_of({"refers": ["yes", "no"]}, single(), invited=invited)
    frame = tabulate(survey, "refers", by="size").frame
    assert frame.loc[(frame["size"] == "stor") & (frame["code"] == "no"), "count"].item() == 1


def test_reconstructed_answers_allow_single_tables_and_no_banners_or_weights() -> None:
    survey = survey_of({"refers": ["yes"] * 12, "region": ["Nord"] * 12, "w": [1] * 12}, single(), kind=DataKind.RECONSTRUCTED)
    assert "rekonstruer" in tabulate(survey, "refers").caption.casefold()
    for more in ({"by": "region"}, {"weights": "w"}):
        with pytest.raises(NotPermittedError):
            tabulate(survey, "refers", **more)  # type: ignore[arg-type]


def test_a_weighted_table_shows_weighted_and_unweighted_percentages_and_the_unweighted_base() -> None:
    survey = survey_of({"refers": ["yes"] * 10 + ["no"] * 10, "w": [3.0] * 10 + [1.0] * 10}, single())
    table = tabulate(survey, "refers", weights="w")
    assert table.shown().iloc[0].tolist()[:4] == ["Ja", "10", "75\N{NO-BREAK SPACE}%", "50\N{NO-BREAK SPACE}%"]
    assert table.frame["n"].tolist() == [20, 20]
    assert table.cell("test/weighted-w.refers.yes.share").value == 0.75
    assert tabulate(survey, "refers").cell("test.refers.yes.share").value == Fraction(1, 2)


@pytest.mark.parametrize("bad", [-1.0, float("nan"), float("inf")])
def test_impossible_weights_are_an_error(bad: float) -> None:
    with pytest.raises(AnalysisError, match="weights"):
        tabulate(survey_of({"refers": ["yes", "no"], "w": [1.0, bad]}, single()), "refers", weights="w")


def test_a_small_base_is_shown_as_counts() -> None:
    table = tabulate(survey_of({"refers": ["yes"] * 4 + ["no"] * 3}, single()), "refers")
    assert "%" not in table.to_markdown().split("n = 7")[0]
    assert "vises som antal" in table.note


def test_a_number_item_is_summarised() -> None:
    item = Item(id="hours", text=say("Timer"), type="number", options=(option("99", "Ved ikke", role="dont_know"),))
    survey = survey_of({"hours": ["1", "2", "3,5", "10", "99", ""]}, item)
    table = tabulate(survey, "hours")
    assert table.cell("test.hours.n").value == table.base.n == 4
    assert [table.cell(f"test.hours.{name}").value for name in ("mean", "median", "min", "max")] == [4.125, 2.75, 1, 10]
    assert table.cell("test.hours.mean").say("da") == "4,1"
    with pytest.raises(AnalysisError, match="mange"):
        tabulate(survey_of({"hours": ["mange"]}, item), "hours")


def test_a_number_item_is_summarised_in_each_group() -> None:
    item = Item(id="hours", text=say("Timer"), type="number")
    survey = survey_of({"hours": ["1", "2", "3", "10"], "region": ["a", "a", "b", "b"]}, item)
    table = tabulate(survey, "hours", by="region")
    assert [table.cell(f"test/by-region.hours.{group}.mean").value for group in ("total", "a", "b")] == [4, 1.5, 6.5]


def test_an_open_item_counts_who_wrote_and_who_did_not() -> None:
    item = Item(id="words", text=say("Hvad ellers?"), type="open")
    assert counts_of(tabulate(survey_of({"words": ["noget", "", " ", "mere"]}, item), "words")) == {"1": 2, "0": 2}


def test_a_count_that_was_never_published_stays_unknown() -> None:
    item = single(options=(option("yes", "Ja"), option("no", "Nej", unknown=True)))
    table = tabulate(survey_of({"refers": ["yes"] * 12}, item), "refers")
    assert np.isnan(counts_of(table)["no"])
    assert "Nej" in table.note


def test_an_item_printed_only_as_an_image_says_why_it_has_no_figures() -> None:
    item = single(missing_reason=say("kun trykt som billede"))
    table = tabulate(survey_of({"refers": [""] * 42}, item), "refers")
    assert table.frame["count"].isna().all()
    assert "kun trykt som billede" in table.note


def test_an_item_that_the_answers_do_not_hold_was_not_in_this_wave() -> None:
    table = tabulate(survey_of({"other": ["x"] * 5}, single()), "refers")
    assert table.base.not_in_wave == 5
    assert "indgik ikke" in table.note


def test_intervals_lead_with_the_worst_case_when_the_frame_is_known() -> None:
    survey = survey_of({"refers": ["yes"] * 40 + ["no"] * 32}, single())
    table = tabulate(survey, "refers", intervals=True)
    yes = table.frame.iloc[0]
    assert (round(yes["worst_lower"], 3), round(yes["worst_upper"], 3)) == (0.408, 0.673)  # methods: 40 of 72 in 98
    assert (round(yes["lower"], 3), round(yes["upper"], 3)) == (0.490, 0.612)
    shown = table.in_language("en").shown()
    assert list(shown.columns)[-2:] == ["Worst case", "Interval"]
    assert shown.iloc[0].tolist()[-2:] == ["40.8 to 67.3", "49.0 to 61.2"]


def test_a_table_changes_its_language_with_all_its_words() -> None:
    table = tabulate(survey_of({"refers": ["yes"] * 12}, single()), "refers").in_language("en")
    assert table.caption == "Do you refer?"
    assert "Group: municipalities" in table.footer
    assert "Per cent of those who answered." in table.note


def test_every_item_and_battery_gets_its_table_and_its_bases() -> None:
    answers: dict[str, list[object]] = {name: ["yes"] * 12 for name in ("refers", "low", "high", "middle")}
    survey = survey_of(answers, single(), *battery())
    assert [item.id for item in survey.items] == ["refers", "help"]
    assert [len(tabulate(survey, item).frame) for item in survey.items] == [2, 6]
    assert len(topline(survey).frame) == 8
    bases = base_table(survey).frame.set_index("item")
    assert bases.loc["high", ["asked", "answered", "unanswered"]].tolist() == [12, 12, 0]


@pytest.mark.parametrize("wanted", ["refer", "nothing"])
def test_an_unknown_item_is_named_with_its_neighbours(wanted: str) -> None:
    with pytest.raises(AnalysisError, match=wanted):
        tabulate(survey_of({"refers": ["yes"]}, single()), wanted)


def test_answers_without_a_questionnaire_are_not_tabulated() -> None:
    with pytest.raises(AnalysisError, match="questionnaire"):
        tabulate(Survey(pd.DataFrame({"a": ["1"]})), "a")


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(["1", "2", "3", "4", "8", "9", ""]), min_size=1, max_size=60), st.sampled_from(["asked", "answered", "valid"])
)
def test_counts_and_bases_always_agree(codes: list[str], denominator: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        table = tabulate(survey_of({"degree": list(codes)}, likert()), "degree", denominator=denominator)  # type: ignore[arg-type]
    shown = table.frame[table.frame["n"].notna()]
    assert shown["count"].sum() == (table.base.n if table.base.n else 0)
    assert {row.n for row in shown.itertuples()} == {table.base.n}
    shares = [cell.value for cell in table.cells if "/top" not in cell.address and cell.address.endswith(".share")]
    assert sum(share for share in shares if share is not None) == (1 if table.base.n else 0)
    assert table.base.asked == len(codes)
