"""Calls as evaluators write them: what can only mean one thing works and gives the numbers of the call in full, the rest names it."""

from __future__ import annotations

import inspect
import re
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import vvvresearch as vvv
from vvvresearch.errors import AnalysisError, CallError
from vvvresearch.evidence import Interviews, Register
from vvvresearch.results import Result
from vvvresearch.results._guesses import _MEANT as RESULT_NAMES
from vvvresearch.rounds import NameNote, Round
from vvvresearch.rounds._binding import Bound, bound
from vvvresearch.rounds.calling._calls import understand
from vvvresearch.rounds.calling._fitting import fitting_call
from vvvresearch.rounds.calling._names import _functions as functions
from vvvresearch.rounds.calling._other_names import CALLED, COMMANDS, OTHER_ARGUMENTS
from vvvresearch.rounds.calling._recipes import RECIPES

pytestmark = pytest.mark.filterwarnings("ignore::vvvresearch.rounds.NameNote")


@pytest.fixture(scope="module")
def r() -> Round:
    return vvv.open_round("demo")


def first_wave(r: Round) -> list[str]:
    rows = r.interviews.frame
    return list(rows.loc[rows["wave"].astype(str) == "1", "interview"])


def _with_kemi(rows: pd.DataFrame) -> pd.Series[bool]:
    return rows["code_a"].str.endswith(" > Kemi") | rows["code_b"].str.endswith(" > Kemi")


@pytest.mark.parametrize(
    ("natural", "whole"),
    [
        (lambda r: r.theme_table("Dansk"), lambda r: r.theme_table(under="Udbytte > Dansk")),
        (lambda r: r.theme_table("udbytte/dansk", "refugee"), lambda r: r.theme_table(under="Udbytte > Dansk", group="refugee")),
        (lambda r: r.themes(theme="Dansk", grupper="Flygtninge"), lambda r: r.theme_table(under="Udbytte > Dansk", group="refugee")),
        (lambda r: r.theme_table(by="gender"), lambda r: r.theme_table(by="sex")),
        (lambda r: r.group_by("sex").theme_table(), lambda r: r.theme_table(by="sex")),
        (lambda r: r.theme_table(wave="bølge 1"), lambda r: r.theme_table(wave="1")),
        (lambda r: r.theme_table(r.codings, wave=1), lambda r: r.theme_table(wave="1")),
        (lambda r: r.get_quotes("Ord fra arbejdet"), lambda r: r.quotes(code="Udbytte > Dansk > Ord fra arbejdet")),
        (lambda r: r.citater("frivillige", themes="Dansk"), lambda r: r.quotes(code="Udbytte > Dansk", group="volunteer")),
        (lambda r: r.krydstabel("køn", "Dansk"), lambda r: r.crosstab("sex", codes=["Udbytte > Dansk"])),
        (lambda r: r.saturation(group="refugee"), lambda r: r.filter(group="refugee").saturation()),
        (lambda r: r.pair_table(wave=[1]), lambda r: r.pair_table(wave="1")),
        (lambda r: r.maetning(by="respondent_group"), lambda r: r.saturation()),
        (lambda r: r.tabulate("municipal-2022.refers"), lambda r: r.tabulate("municipal-2022", "refers")),
        (lambda r: r.freq("municipal-2022", question="Why not?"), lambda r: r.tabulate("municipal-2022", "why_not")),
        (
            lambda r: r.crosstab("municipal-2022", rows="refers", columns="region"),
            lambda r: r.tabulate("municipal-2022", "refers", by="region"),
        ),
        (
            lambda r: r.tabulate("municipal-2022", "refers", agreement="yes"),
            lambda r: r.tabulate(r.surveys["municipal-2022"].filter(agreement="yes"), "refers"),
        ),
        (
            lambda r: r.tabulate("municipal-2022", "refers", weights="region"),
            lambda r: r.tabulate("municipal-2022", "refers", weights=r.weight("municipal-2022", "region")),
        ),
        (lambda r: r.compare_waves("refers"), lambda r: r.compare_waves("municipal-2021", "municipal-2022", "refers")),
        (lambda r: r.compare("leaders-2021", "municipal-2021"), lambda r: r.compare("municipal-2021~leaders-2021")),
        (lambda r: r.survival("matches", groupby="organisation"), lambda r: r.duration(by="organisation")),
        (
            lambda r: r.qca(outcome="good", conditions=["SIM", "COMP"]),
            lambda r: r.minimize(r.truth_table("GOOD", ["SIM", "COMP"])),
        ),
        (lambda r: r.pair_view("P01"), lambda r: r.portrait("P01")),
        (lambda r: r.filter({"group": "refugee"}).theme_table(), lambda r: r.filter(group="refugee").theme_table()),
        (lambda r: r.filter("Flygtninge").theme_table(), lambda r: r.filter(group="refugee").theme_table()),
        (lambda r: r.theme_table(filter="wave == '1'").head(99), lambda r: r.filter(interview=first_wave(r)).theme_table().head(99)),
        (lambda r: r.filter(lambda one: one.wave == "1").pair_table(), lambda r: r.filter(interview=first_wave(r)).pair_table()),
        (lambda r: r.saturation("Flygtninge"), lambda r: r.filter(group="refugee").saturation()),
        (lambda r: r.quotes("Dansk", stance="imod"), lambda r: r.quotes(code="Udbytte > Dansk", stance="contradicted")),
        (lambda r: r.tabulate("municipal-2022"), lambda r: r.topline("municipal-2022")),
        (lambda r: r.tabulate("municipal-2022", "refers", normalize=True), lambda r: r.tabulate("municipal-2022", "refers")),
        (lambda r: r.tabulate("municipal-2022", "refers", by="Region"), lambda r: r.tabulate("municipal-2022", "refers", by="region")),
        (
            lambda r: r.disagreements(kode="Dansk"),
            lambda r: r.disagreements().where(lambda one: one.code_path.startswith("Udbytte > Dansk")),
        ),
        (lambda r: r.theme_by_wave(), lambda r: r.theme_table(by="wave")),
        (lambda r: r.search("kaffe", group="refugee"), lambda r: r.filter(group="refugee").search("kaffe")),
        (lambda r: r.crosstabs("municipal-2022", "refers by agreement"), lambda r: r.tabulate("municipal-2022", "refers", by="agreement")),
        (
            lambda r: r.xtabs("~ refers + agreement", data="municipal-2022"),
            lambda r: r.tabulate("municipal-2022", "refers", by="agreement"),
        ),
        (
            lambda r: r.tabulate(survey_id="municipal-2022", questionId="refers", group_var="agreement"),
            lambda r: r.tabulate("municipal-2022", "refers", by="agreement"),
        ),
        (
            lambda r: r.compare_waves("refers", before="municipal-2021", after="municipal-2022"),
            lambda r: r.compare_waves("municipal-2021", "municipal-2022", "refers"),
        ),
        (
            lambda r: r.alpha("municipal-2022", ["benefit_language", "benefit_network"]),
            lambda r: r.reliability("municipal-2022", ["benefit_language", "benefit_network"]),
        ),
        (lambda r: r.minimize("GOOD", include="?"), lambda r: r.minimize("GOOD").parsimonious),
        (lambda r: r.rammematrix(koder=["Kemi"]), lambda r: r.framework_matrix(codes=["Virksomme mekanismer > Kemi"])),
        (lambda r: r.partabel(tema="Kemi"), lambda r: r.pair_table(under="Virksomme mekanismer > Kemi")),
        (lambda r: r.split_file("sex").theme_table(), lambda r: r.theme_table(by="sex")),
        (lambda r: r["Kemi"], lambda r: r.theme_table(under="Virksomme mekanismer > Kemi")),
        (
            lambda r: r.tabulate("municipal-2022", "refers", ci=0.9),
            lambda r: r.tabulate("municipal-2022", "refers", intervals=True, level=0.9),
        ),
        (
            lambda r: r.tabulate("municipal-2022", "refers", alpha=0.1),
            lambda r: r.tabulate("municipal-2022", "refers", intervals=True, level=0.9),
        ),
        (lambda r: r.tabulate("municipal", "refers", year=2022), lambda r: r.tabulate("municipal-2022", "refers")),
        (lambda r: r.theme_table("Dansk", group="respondent_group"), lambda r: r.theme_table("Dansk", by="respondent_group")),
        (lambda r: r.compare_waves("refers", waves=["municipal-2021", "municipal-2022"]), lambda r: r.compare_waves("refers")),
        (lambda r: r.truth_table("GOOD", ["SIM", "COMP"], incl=0.9), lambda r: r.truth_table("GOOD", ["SIM", "COMP"], inclusion_cut=0.9)),
        (lambda r: r.minimize("GOOD", conditions="SIM, COMP"), lambda r: r.minimize(r.truth_table("GOOD", ["SIM", "COMP"]))),
        (lambda r: r.disagreements("Dansk"), lambda r: r.disagreements(kode="Dansk")),
        (lambda r: r.duration(where="organisation == 'RC'"), lambda r: r.duration(organisation="RC")),
        (lambda r: r.goal_status(ids=["D-1", "D-2"]), lambda r: r.goal_status().head(2)),
        (lambda r: r.match_volume(2020, 2021), lambda r: r.match_volume([2020, 2021])),
        (lambda r: r["municipal-2022.refers"], lambda r: r.tabulate("municipal-2022", "refers")),
        (lambda r: r.theme_table(min_count=10), lambda r: r.theme_table().where("affirmed >= 10")),
        (lambda r: r.theme_table(columns=["affirmed"]), lambda r: r.theme_table().columns("code_path", "respondent_group", "affirmed")),
        (lambda r: r.theme_table(sort_by="codings"), lambda r: r.theme_table().top(999, by="codings")),
        (lambda r: r.udvikling("refers", fra=2021, til=2022), lambda r: r.compare_waves("municipal-2021", "municipal-2022", "refers")),
        (lambda r: r.logrank(by="match_type"), lambda r: r.duration(by="match_type")),
        (lambda r: r.coding_stripes("p01-r1"), lambda r: r.transcript("p01-r1")),
        (lambda r: r.crosstab(index="code", columns="sex"), lambda r: r.crosstab("sex")),
        (lambda r: r.xtabs("municipal-2022", "~refers + region"), lambda r: r.tabulate("municipal-2022", "refers", by="region")),
        (lambda r: r.matches.active("2021-06-30"), lambda r: r.match_volume(years=["2021-06-30"])),
        (lambda r: r.aktive_match("30.6.2021"), lambda r: r.match_volume(years=["2021-06-30"])),
        (lambda r: r.match_volume(year="2021"), lambda r: r.match_volume(years=[2021])),
        (lambda r: r.surveys.mean("leaders-2021", "helped"), lambda r: r.tabulate("leaders-2021", "helped")),
        (lambda r: r.compare(["municipal-2021", "municipal-2022"], items=["refers"]), lambda r: r.compare_waves("refers")),
        (lambda r: r.compare_waves("refers", 2021, 2022), lambda r: r.compare_waves("municipal-2021", "municipal-2022", "refers")),
        (lambda r: r.difference("municipal-2021", "municipal-2022", "refers"), lambda r: r.compare_waves("refers")),
        (lambda r: vvv.theme_table(r, "Kemi"), lambda r: r.theme_table(under="Virksomme mekanismer > Kemi")),
        (lambda r: r.tabulate("municipal-2022", "refers", only="Ja"), lambda r: r.tabulate("municipal-2022", "refers").where(code="yes")),
        (lambda r: r.truth_table("GOOD", "SIM, COMP"), lambda r: r.truth_table("GOOD", ["SIM", "COMP"])),
        (lambda r: r.dropout(reason=True), lambda r: r.endings()),
        (lambda r: r.cooccurrence(code="Kemi", within="document"), lambda r: r.cooccurrence(within="document").where(_with_kemi)),
    ],
)
def test_what_can_only_mean_one_thing_is_the_call_in_full(
    r: Round, natural: Callable[[Any], Result], whole: Callable[[Any], Result]
) -> None:
    one, other = natural(r), whole(r)
    assert len(other.frame)
    pd.testing.assert_frame_equal(one.frame, other.frame)
    cells = [getattr(found, "result", found).cells for found in (one, other)]
    assert [cell.address for cell in cells[0]] == [cell.address for cell in cells[1]]


def test_several_branches_and_a_number_of_rows_are_views_that_keep_base_and_addresses(r: Round) -> None:
    whole = r.theme_table()
    branches = r.theme_table(codes=["Dansk", "Trivsel"])
    assert set(branches.frame["code_path"]) == {*r.codebook.below("Dansk"), *r.codebook.below("Trivsel")}
    assert (branches.base, branches.result.cells) == (whole.base, whole.cells)
    few = r.theme_table(limit=3)
    assert few.frame.equals(whole.frame.head(3))
    assert "3" in few.note.removeprefix(whole.note)


def test_a_value_that_no_parameter_takes_is_a_row_and_a_word_a_column_of_what_is_found(r: Round) -> None:
    assert r.goal_status("D-1").frame["goal"].tolist() == ["D-1"]
    links = r.causal_map().frame
    cause = links["cause"].iloc[0]
    assert r.links(cause=cause).frame.equals(links[links["cause"] == cause])


def test_names_of_several_words_are_read_word_by_word(r: Round) -> None:
    assert r.n_interviews == r.number_of_interviews() == len(r.interviews.frame)
    assert tuple(r.waves) == ("1", "2")
    assert r.wave(2).narrowing == r.filter(wave="2").narrowing
    for name, told in {
        "search_transcripts": "r.search",
        "median_duration": "r.duration",
        "survey_questions": "r.base_table",
        "changes_since_last_round": "r.theme_trend",
        "get_theme_saturation": "r.saturation",
        "plot_match_survival": r"r.duration\(…\).plot\(\)",
        "matrix_coding_query": "r.crosstab",
        "theme_table_by_wave": r"r.theme_table\(by='wave'\)",
    }.items():
        with pytest.warns(NameNote, match=f"understood as {told}$"):
            getattr(r, name)
    for name in ("search_durations", "oldest_matches"):
        with pytest.raises(AttributeError, match="did you mean"):
            getattr(r, name)
    assert r.title == r.spec.title.da


def test_evidence_may_be_called_and_handled_as_the_table_that_it_is(r: Round) -> None:
    frame = r.interviews.frame
    wanted = frame[(frame["respondent_group"] == "refugee") & (frame["wave"].astype(str) == "1")]
    assert r.interviews() is r.interviews
    assert isinstance(r.interviews(group="refugee", wave=1), Interviews)
    assert r.interviews(group="refugee", wave=1).frame.equals(wanted)
    assert r.deltagere("p01-r1").frame["pair"].tolist() == ["P01"]
    assert r.surveys("municipal-2021") is r.survey["municipal-2021"] is r.surveys["municipal-2021"]
    assert r.goal("D-1") is r.goals["D-1"]
    assert r.codebook["Dansk"]["code_path"].tolist() == ["Udbytte > Dansk"]
    assert r.matches.groupby("organisation").size().sum() == len(r.matches) == r.matches.nrow()
    assert len(r.municipalities(region="Østegnen")) == (r.municipalities["region"] == "Østegnen").sum()
    assert bool(Register(pd.DataFrame({"match": []}))), "evidence without a row is evidence still"
    with pytest.raises(AnalysisError, match=r"no row has respondent_group = 'refuge'(.|\n)*did you mean refugee"):
        r.interviews(group="refuge")
    with pytest.raises(AttributeError, match=r"interviews has no 'wavs'; did you mean .*wave"):
        _ = r.interviews.wavs


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda r: r.theme_table("nothing of the kind"), r"r\.theme_table\(guide=…, coder=…"),
        (lambda r: r.theme_table(colour="red"), "unexpected keyword argument 'colour'.*did you mean coder"),
        (lambda r: r.theme_table(by=["sex", "wave"]), r"r\.theme_table\(by='sex'\), r\.theme_table\(by='wave'\)"),
        (lambda r: r.quotes("Kemi", 2), r"r\.quotes\(code=…"),
        (lambda r: r.tabulate("refers"), r"r\.tabulate\('municipal-2021', 'refers'\) or r\.tabulate\('municipal-2022', 'refers'\)"),
        (lambda r: r.truth_table(), r"missing a required argument: 'outcome'.*r\.truth_table\(outcome, "),
        (lambda r: r.compare_waves("municipal-2021"), r"r\.compare_waves\(first, second, item=…"),
        (lambda r: r.codes(colour=1), r"unexpected keyword argument 'colour'.*r\.codes\(depth=…\)"),
        (lambda r: r.goals["nothing"], "there is no goal 'nothing'"),
        (lambda r: r.to_excel("all.xlsx"), r"r\.theme_table\(\)\.to_excel.*vvv run demo"),
        (lambda r: r.gem_som_word("alt.docx"), r"r\.theme_table\(\)\.to_excel.*vvv run demo"),
        (lambda r: r.broken_off(efter="sex"), r"r\.broken_off\("),
        (lambda r: r.theme_table().sum(), r"rows would be counted twice(.|\n)*'total'"),
        (lambda r: r.how_many("matches", year=2021), "no column 'year'"),
        (lambda r: r.surveys["municipal-2022"]["refers"].mean(), r"words have no mean(.|\n)*value_counts"),
        (lambda r: r.surveys["municipal-2022"].plot.bar("refers"), r"r\.tabulate\(survey, item\)\.plot\(\)"),
        (lambda r: r.tabulate("municipal-2021", "henviser"), "did you mean refers"),
        (lambda r: r.theme_table(codes=["Kemi", "Tid"]), "2 codes are called so"),
        (
            lambda r: r.compare_groups("municipal-2021", "refers", other="municipal-2022"),
            r"r\.compare_waves\('municipal-2021', 'municipal-2022', 'refers'\)",
        ),
        (lambda r: r.match_volume(by="colour"), r"r\.match_volume\("),
        (lambda r: r.duration(months=12), r"r\.duration\(by=…"),
        (lambda r: r.transcript("P01"), r"r\.transcript\('p01-r1'\)"),
        (lambda r: r.exclude(group="nobody"), "nobody is nobody"),
        (lambda r: r.cases(attribute="køn"), r'\.count\("sex"\) counts by it'),
        (lambda r: r.codings.nunique("colour"), "there is no column 'colour'.*coder"),
    ],
)
def test_a_call_that_does_not_fit_is_told_the_right_one(r: Round, call: Callable[[Any], object], told: str) -> None:
    with pytest.raises((AnalysisError, AttributeError)) as problem:
        call(r)
    assert re.search(told, str(problem.value).replace("\n", " "))


def test_a_value_that_fits_two_parameters_is_not_guessed(r: Round) -> None:
    def of_two(codings: object, *, group: str = "", respondent_group: str = "") -> None: ...
    def of_one(codings: object, *, group: str = "", pair: str = "") -> None: ...

    assert understand(r, bound(of_one, "codings"), ["refugee"], {}).given == {"group": "refugee"}
    with pytest.raises(AnalysisError, match="does not fit"):
        understand(r, bound(of_two, "codings"), ["refugee"], {})


def test_every_name_of_other_programs_leads_to_what_there_is_and_says_what_it_is_called(r: Round) -> None:
    words = [(ours, word) for ours, told in CALLED.items() for word in told.split()]
    assert len({word for _, word in words}) == len(words), "a word means one thing"
    for ours, word in words:
        assert hasattr(Round, ours), ours
        assert not hasattr(Round, word), f"{word} is a name of ours"
        if word != "by":
            with pytest.warns(NameNote, match=rf"r\.{word} is understood as (len\()?r\."):
                getattr(r, word)
    analyses = [made for one in Round.__mro__ for made in vars(one).values() if isinstance(made, Bound)]
    parameters = {name for made in analyses for name in made.left.parameters}
    parameters |= {name for made in functions().values() if inspect.isfunction(made) for name in inspect.signature(made).parameters}
    assert {ours for names in OTHER_ARGUMENTS.values() for ours in names} <= parameters
    for word, command in COMMANDS.items():
        with pytest.raises(AttributeError, match=f"in a terminal: {command}"):
            getattr(r, word)
    with pytest.raises(AttributeError, match=r"did you mean .*saturation"):
        _ = r.satturration


def test_a_name_that_nothing_bears_is_answered_with_a_call_that_can_be_typed(r: Round) -> None:
    for name, told in {
        "coxph": r"of a table: vvv\.cox\(time, event",
        "coding_frequencies": r"did you mean r\.theme_table\(",
        "case_by_theme": r"did you mean r\.case_matrix\(",
        "zzzz": r"r\.manual\(\)",
    }.items():
        with pytest.raises(AttributeError, match=told):
            getattr(r, name)
    # What a recipe says that it is begins with a name that a round has, or with a recipe's own.
    named = {re.match(r"\w+", told)[0] for told, _ in RECIPES.values()}  # type: ignore[index]
    assert all(name in RECIPES or hasattr(Round, name) for name in named)


def test_a_recipe_takes_a_number_of_rows_and_evidence_the_words_for_a_column(r: Round) -> None:
    assert r.word_frequency(3).frame.equals(r.word_frequencies().frame.head(3))
    assert r.codings("p01-r1").frame["source"].unique().tolist() == ["p01-r1"]
    assert r.codings.nunique("code") == r.codings.frame["code_path"].nunique()
    assert r.codings.groupby("code")["interview"].nunique().sum() == len(r.codings.frame[["source", "code_path"]].drop_duplicates())
    assert r.theme_table(depth=1).to_dataframe().equals(r.theme_table(depth=1).frame)
    assert not hasattr(r.truth_table, "frame")


def test_everything_that_is_made_of_a_round_speaks_its_language() -> None:
    english = vvv.open_round("demo", lang="en")
    survey = english.surveys["municipal-2021"]
    assert survey.tabulate("refers").lang == survey.filter(refers="yes").tabulate("agreement").lang == "en"
    assert english.codings.filter(coder="coder-a").theme_table(english.interviews).lang == "en"
    assert english.minimize("GOOD").parsimonious.lang == english.minimize("GOOD").in_language("en").table.lang == "en"


def test_nothing_that_a_round_holds_prints_more_than_a_screen(r: Round) -> None:
    note = vvv.open_round("2021-note")
    shown = [r.theme_table().cells, r.codes(), r.case_matrix().columns, r.spec, r.programme, note.published, note.decisions]
    assert all(len(repr(one)) <= 2000 for one in shown)
    hidden = vvv.open_round("demo", lang="en").search("zzz")
    assert "transcripts searched" in repr(hidden)


def test_what_is_called_by_its_own_name_is_told_nothing(r: Round) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert r.theme_table(by="sex")
        assert vvv.open_round("demo").codes(depth=1)


def test_an_error_inside_what_a_round_has_is_its_own() -> None:
    class Broken(Round):
        @property
        def interviews(self) -> Any:  # type: ignore[override]
            raise AttributeError("the inner fault")

    spec = vvv.open_round("demo-2019").spec
    with pytest.raises(AttributeError, match="the inner fault"):
        _ = Broken(spec, vvv.open_round("demo-2019").root).interviews


def test_a_type_error_inside_a_method_is_its_own() -> None:
    def broken(value: int) -> None:
        raise TypeError("the inner fault")

    with pytest.raises(TypeError, match="the inner fault"):
        fitting_call(broken, "broken")(1)


def test_the_package_gives_analyses_without_their_room_under_other_names_too() -> None:
    import vvvresearch.rounds  # noqa: F401  # importing the room must not take the call away
    from vvvresearch.monitoring.matches import kaplan_meier
    from vvvresearch.survey import tabulate

    assert vvv.tabulate.__wrapped__ is tabulate
    assert inspect.signature(vvv.tabulate) == inspect.signature(tabulate)
    assert vvv.rounds() == vvv.list_rounds() == ["2019-final", "2021-note", "demo", "demo-2019"]
    assert vvv.rounds.list_rounds() == vvv.rounds()
    assert vvv.load_round is vvv.open_round
    with pytest.raises(AttributeError, match=r"did you mean .*tabulate"):
        _ = vvv.tabulat
    own = pd.DataFrame({"months": [3, 5, 8, 9], "ended": [1, 0, 1, 1], "kind": list("abab")})
    pd.testing.assert_frame_equal(
        vvv.survfit(own, "months", "ended", group="kind").frame, kaplan_meier(own["months"], own["ended"], group=own["kind"]).frame
    )
    with pytest.raises(AnalysisError, match=r"the table has no column 'month'(.|\n)*did you mean months"):
        vvv.kaplan_meier(own, "month", "ended")
    answers = pd.DataFrame({"svar": ["ja", "nej", "ja"], "køn": ["m", "k", "k"]})
    pd.testing.assert_frame_equal(vvv.crosstab(answers, "svar", "køn").frame, tabulate(answers, "svar", by="køn").frame)
    with pytest.raises(AnalysisError, match=r"vvv\.tabulate\(survey, item, by=…"):
        vvv.tabulate(answers, "svar", colour="red")


def test_a_table_of_codings_of_ones_own_is_counted() -> None:
    own = pd.DataFrame(
        {"interview": ["a", "a", "b", "c"], "code": ["X", "Y", "X", "Y"], "text": ["t", "u", "v", "w"], "group": list("ppqq")}
    )
    found = vvv.theme_table(own).frame.set_index(["code_path", "respondent_group"])["affirmed"]
    counted = own.groupby(["code", "group"])["interview"].nunique()
    assert all(found[place] == number for place, number in counted.items())
    assert found["X", "total"] == 2


def test_a_result_does_what_a_data_frame_does_and_stays_a_view_where_it_can(r: Round) -> None:
    table = r.tabulate("municipal-2022", "refers")
    assert [row | {"share": None} for row in table] == table.frame.assign(share=None).to_dict("records")
    assert [row["share"] for row in table] == [row["count"] / row["n"] for row in table]
    assert table.head(1).base == table.base
    assert (len(table.head(1)), len(table.tail(2))) == (1, 2)
    assert table.sort_values("count", ascending=False).frame["count"].is_monotonic_decreasing
    assert table.query("count > 10").frame.equals(table.where("count > 10").frame)
    assert table.filter(code="yes").frame["code"].tolist() == ["yes"]
    assert table.groupby("role")["count"].sum().sum() == table.frame["count"].sum()
    assert table.df is table.frame
    assert all(hasattr(Result, ours) or ours == "frame" for ours in RESULT_NAMES.values())
    with pytest.raises(AttributeError, match=r"did you mean .*to_markdown"):
        _ = table.to_markdwn
    assert {"count", "n"} <= set(table._ipython_key_completions_())


def test_tables_and_pictures_are_written_as_their_names_end(r: Round, tmp_path: Any) -> None:
    table = r.tabulate("municipal-2022", "refers")
    for name in ("t.csv", "t.xlsx", "t.docx", "t.html", "t.tex", "t.md"):
        assert table.save(tmp_path / name).stat().st_size > 100
    assert table.to_latex(tmp_path / "u.tex").read_text() == table.to_latex()
    with pytest.raises(AnalysisError, match=r"cannot be written as \.pages"):
        table.save(tmp_path / "t.pages")
    picture = table.plot(kind="bar")
    heads = {"p.svg": b"<?xml", "p.png": b"\x89PNG", "p.pdf": b"%PDF"}
    assert all(picture.savefig(tmp_path / name).read_bytes().startswith(head) for name, head in heads.items())
    with pytest.raises(AnalysisError, match=r"cannot be written as \.bmp"):
        picture.save(tmp_path / "p.bmp")


def test_evidence_is_filtered_by_words_conditions_and_functions_alike(r: Round) -> None:
    women = r.interviews.filter(sex="female").frame
    assert len(women) == (r.interviews.frame["sex"] == "female").sum()
    for other in ({"køn": "kvinder"}, {"gender": "Woman"}):
        assert r.interviews.filter(**other).frame.equals(women)
    for condition in ({"sex": "female"}, "sex == 'female'", lambda row: row.sex == "female", r.interviews.frame["sex"] == "female"):
        assert r.interviews.filter(condition).frame.equals(women)
    survey = r.surveys["municipal-2022"]
    assert survey.filter(refers="Ja").answers.equals(survey.filter(lambda one: one.refers == "yes").answers)
    assert survey.filter(refers="Ja").id != survey.filter(lambda one: one.refers == "yes").id, "other words, another address"
    assert r.codings.filter(node="Dansk", koder="coder-b").frame.equals(r.codings.filter(code="Dansk", coder="coder-b").frame)
    for wrong in ("sex = 'female'", lambda row: row.nothing, lambda row: 3):
        with pytest.raises(AnalysisError, match=r"where\("):
            r.interviews.filter(wrong)
    with pytest.raises(AnalysisError, match=r"passages cannot be filtered by 'group'(.|\n)*r\.filter\(group=…\)\.codings"):
        r.codings.filter(group="refugee")
    with pytest.raises(AttributeError, match="evidence is counted before it is drawn"):
        r.codings.plot()
    assert not hasattr(r.codings, "plot")


def test_rows_of_a_result_are_chosen_and_opened_by_words(r: Round) -> None:
    table = r.theme_table()
    one = table.where(group="Flygtninge", code="Dansk")
    assert one.frame[["code_path", "respondent_group"]].values.tolist() == [["Udbytte > Dansk", "refugee"]]
    assert one.base == table.base
    assert table.filter(lambda row: row.affirmed > 5).frame.equals(table.where("affirmed > 5").frame)
    behind = table.evidence(code="Udbytte > Dansk", group="refugee")
    assert table.evidence(code="dansk", group="Flygtninge").frame.equals(behind.frame)
    assert table.evidence("Dansk").whole == table.evidence(code="Udbytte > Dansk", group="total").whole
    assert table.top(1).frame["affirmed"].item() == table.frame["affirmed"].max()
    assert table[["code_path", "affirmed"]].columns.tolist() == ["code_path", "affirmed"]
    assert table[0]["code_path"] == table.frame["code_path"].iloc[0]
    assert r.duration().median().tolist() == r.duration().frame["median"].tolist(), "a column of its own goes before a sum over rows"


def test_a_table_is_handled_as_pandas_and_r_do_with_numbers_and_words_as_people_mean_them(r: Round) -> None:
    frame = r.interviews.frame
    of_two = frame[frame["wave"] == "2"]
    assert len(r.interviews[r.interviews.wave == 2]) == len(of_two) > 0, "waves stand as text"
    assert len(r.interviews.query("wave == 2 and sex == 'kvinde'").rows) == (of_two["sex"] == "female").sum()
    assert r.interviews[r.interviews["sex"].isin(["kvinde"])].equals(frame[frame["sex"] == "female"])
    assert r.interviews.groupby("gruppe").size()["refugee"] == (frame["respondent_group"] == "refugee").sum()
    assert len(r.interviews.merge(r.codings, on="source")) == len(frame.merge(r.codings.frame, on="source"))
    assert r.interviews.loc["p01-r1"]["pair"] == "P01"
    with pytest.raises(AnalysisError, match=r"there is no column sexx(.|\n)*did you mean sex"):
        r.interviews.groupby("sexx").size()
    table = r.theme_table(depth=1)
    assert table.group_by("group").summarise("max")["affirmed"].loc["total"].item() == table.frame["affirmed"].max()
    assert "ja" in table.rename({"affirmed": "ja"}).columns
    assert table.loc["Udbytte"].base == table.base
    assert table.loc[table.affirmed > 5, "affirmed"].tolist() == table.frame.loc[table.frame["affirmed"] > 5, "affirmed"].tolist()
    assert table["Udbytte"].frame["code_path"].unique().tolist() == ["Udbytte"]
    matrix = r.cooccurrence(within="document").to_matrix()
    first = r.cooccurrence(within="document").frame.iloc[0]
    assert matrix.loc[first["code_a"], first["code_b"]] == matrix.loc[first["code_b"], first["code_a"]] == first["together"]
    assert table.evidence("Udbytte", "Flygtninge").whole == table.evidence(code="Udbytte", group="refugee").whole


def test_every_number_of_a_table_is_a_row_with_its_group_level_base_and_address(r: Round) -> None:
    answers = r.surveys["municipal-2022"].answers
    table = r.tabulate("municipal-2022", "refers", by="agreement")
    rows = table.statistics()
    one = rows.query("group == 'agreement' and group_level == 'no' and level == 'yes' and statistic == 'count'").iloc[0]
    assert one["variable"] == "refers"
    assert one["value"] == ((answers["agreement"] == "no") & (answers["refers"] == "yes")).sum() > 0
    told = {cell.address: float(cell.value) for cell in table.cells if cell.value is not None}
    assert all(told[address] == value for address, value in zip(rows["address"], rows["value"], strict=True))
    assert len(table.head(1).to_ard()) == (rows["address"].str.rpartition(".")[0] == rows["address"].iloc[0].rpartition(".")[0]).sum()


def test_a_heading_that_no_passage_has_cannot_occur_with_anything_and_names_what_can(r: Round) -> None:
    with pytest.raises(AnalysisError, match=r"no passage has the code 'Udbytte > Dansk' itself(.|\n)*Udbytte > Dansk > Ord fra arbejdet"):
        r.cooccurrence("Dansk", "Netværk")


def test_a_wrong_call_is_answered_with_what_was_understood_of_it(r: Round) -> None:
    with pytest.raises(AnalysisError, match=r"r\.compare_waves\('municipal-2021', 'municipal-2022', item='refers'\)"):
        r.compare_waves(before="municipal-2021", item="refers", nonsense=1)
    with pytest.raises(AttributeError, match=r"did you mean r\.necessity\(outcome, "):
        _ = r.superSubsett
    with pytest.raises(AnalysisError, match=r"nothing called 'Kemii'(.|\n)*did you mean Kemi"):
        _ = r["Kemii"]


def test_surveys_and_goals_are_found_by_name_and_shown_small(r: Round) -> None:
    assert r.surveys.municipal_2022 is r.surveys["municipal_2022"] is r.surveys["municipal-2022"]
    assert r["D-1"].frame["goal"].tolist() == r.goal_status().loc["D-1"].frame["goal"].tolist() == ["D-1"]
    assert len(r.goals.to_frame()) == len(r.goals)
    assert max(len(repr(one)) for one in (r.goals, r.theme_table(depth=1).plot())) < 2000
    with pytest.raises(AttributeError, match=r"r\.goal_status\(\)\['D-1'\]"):
        _ = r.goals["D-1"].status


def test_a_file_is_taken_where_a_table_is_meant_and_codings_need_no_places(tmp_path: Path) -> None:
    own = pd.DataFrame({"answer": list("jnjj"), "group": list("aabb"), "score": [1, 2, 3, 5]})
    own.to_csv(tmp_path / "own.csv", index=False)
    assert vvv.tabulate(str(tmp_path / "own.csv"), "answer").frame.equals(vvv.tabulate(own, "answer").frame)
    assert vvv.mann_whitney(own, "score", "group") == vvv.mann_whitney([1, 2], [3, 5])
    coded = pd.DataFrame({"interview": ["a", "a", "b"], "code": ["x", "y", "x"], "coder": "k"})
    assert dict(vvv.theme_table(coded).frame.query("respondent_group == 'total'")[["code_path", "affirmed"]].values) == {"x": 2, "y": 1}
    assert vvv.prop_test([15, 25], [50, 50]) == vvv.difference_interval(15, 50, 25, 50)
    sets = pd.DataFrame({"A": [1, 1, 0, 0], "B": [1, 0, 1, 0], "Y": [1, 1, 0, 0]})
    assert vvv.truthTable(sets, outcome="Y", conditions="A, B").frame.equals(vvv.truth_table(sets, "Y", ["A", "B"]).frame)


def test_a_round_is_asked_for_its_parts_in_brackets(r: Round) -> None:
    assert r["municipal-2022"] is r.surveys["municipal-2022"]
    assert r["codings"] is r.codings
    assert r["municipal-2022.refers.yes.share"] == r.cell("municipal-2022.refers.yes.share")
    assert set(r) == {source.id for source in r.spec.sources}
    with pytest.raises(AnalysisError, match=r"len\(r\.interviews\)"):
        len(r)


def test_columns_and_tables_of_other_programs_are_taken_as_they_are() -> None:
    own = pd.DataFrame({"sex": list("mkkm"), "svar": ["ja", "nej", "ja", "ja"], "months": [3, 5, 8, 9], "ended": [1, 0, 1, 1]})
    pd.testing.assert_frame_equal(vvv.crosstab(own["svar"], own["sex"]).frame, vvv.tabulate(own, "svar", by="sex").frame)
    pd.testing.assert_frame_equal(
        vvv.kaplan_meier(data=own, duration="months", event_observed="ended").frame, vvv.kaplan_meier(own, "months", "ended").frame
    )
    memberships = pd.DataFrame({"A": [0, 0, 1, 1, 1, 0], "B": [0, 1, 0, 1, 1, 1], "OUT": [0, 0, 1, 1, 1, 0]})
    assert vvv.qca.truthTable(memberships, outcome="OUT").frame.equals(vvv.truth_table(memberships, "OUT", ["A", "B"]).frame)
    assert [str(term) for term in vvv.minimize(memberships, outcome="OUT").models[0].terms] == ["A"]
    links = pd.DataFrame({"from": ["a", "b"], "to": ["b", "c"], "person": ["1", "2"]})
    assert vvv.causal_map(links).frame["link"].tolist() == ["a > b", "b > c"]
    ages = pd.DataFrame({"age": range(20, 40)})
    assert vvv.tabulate(ages, "age").frame["mean"].item() == ages["age"].mean(), "more numbers than a scale has steps are amounts"
    assert vvv.cohen_kappa(pd.Series([1, 2, 2, 1]), pd.Series([1, 2, 1, 1])).value == pytest.approx(0.5)


def test_a_condition_on_several_columns_is_never_taken_for_one_value(r: Round) -> None:
    both = r.filter("respondent_group == 'Frivillige' and wave == 1")
    assert list(both.interviews.frame["interview"]) == list(r.filter(group="volunteer", wave="1").interviews.frame["interview"])
    assert len(repr(r.filter("wave in (1, 2)"))) < 500


def test_a_column_is_known_by_what_people_call_it_before_one_that_is_spelt_alike(r: Round) -> None:
    assert r.codings["code"].name == r.codings["kode"].name == "code_path"
    table = r.theme_table()
    in_words = table.where("group == 'Frivillige' and tema == 'Dansk'")
    assert in_words.frame.equals(table.filter(code="Dansk", group="volunteer").frame)
    assert table["Dansk", "Flygtninge"].frame.equals(table.where(code_path="Udbytte > Dansk", respondent_group="refugee").frame)
    assert table.across("group").over == "respondent_group"
    assert table.open("Dansk", group="Flygtninge").address == table.evidence(code="Udbytte > Dansk", group="refugee").address
    assert table.evidence(row=0).value == table.evidence(**{name: table.frame[name][0] for name in table.keys}).value
    assert table.columns.tolist() == [*table.frame.columns, "share"]
    falling = table.arrange("-affirmed").frame["affirmed"]
    assert falling.is_monotonic_decreasing
    assert falling.iloc[0] == table.frame["affirmed"].max()


def test_what_is_denied_by_a_sign_is_refused_and_bounds_choose_rows(r: Round) -> None:
    with pytest.raises(AnalysisError, match="negate_outcome=True"):
        r.truth_table("~GOOD")
    with pytest.raises(AnalysisError, match=r"r\.search\('ensomhed'\)"):
        r.quotes("ensomhed")
    assert set(r.presence(date="2022-05").frame["extract"]) == {"2022-05"}
    assert r.causal_map(min_informants=5).frame["informants"].min() >= 5
    tested = r.tabulate("municipal-2021", "refers", by="agreement", test=True)
    assert tested.made.analysis == "compare_groups"
    assert r.search("ensom*").totals["hits"].value == r.search("ensom").totals["hits"].value > 0
    assert set(r.double_coding(codes=["Dansk"]).frame["code_path"]) - {"pooled"} <= {one.path for one in r.codes("Dansk")}
    with pytest.raises(AttributeError, match=r"vvv\.cox\(time, event"):
        r.cox("organisation")


def test_items_of_a_survey_are_found_by_id_and_every_table_of_shares_has_a_picture(r: Round) -> None:
    survey = r.surveys[0]
    assert survey.items["refers"].id in survey.items.keys()  # noqa: SIM118
    assert survey.labels("refers", "en")["yes"] == "Yes"
    assert survey.question("refers", "en").startswith("Has the municipality")
    assert len(repr(survey.items)) < 700
    assert survey["refers"].tabulate().frame["count"].tolist() == r.tabulate("municipal-2021", "refers").frame["count"].tolist()
    assert r["municipal-2021.sav"] is r["municipal-2021"]
    crossed = r.tabulate("municipal-2021", "refers", by="agreement")
    shown = crossed.plot().alt("en")
    first = crossed.frame.iloc[0]
    assert f"({first['count']}" in shown or f"{first['count']} of {first['n']}" in shown
    with pytest.raises(AnalysisError, match="no picture"):
        r.goal_status().plot()


def test_a_column_of_the_register_chooses_its_rows_and_the_numbers_have_no_address_of_all(r: Round) -> None:
    rows = r.matches.frame
    found = r.match_volume(2021, organisation="DRC")  # type: ignore[call-arg]
    started = rows[(rows["organisation"] == "DRC") & (pd.to_datetime(rows["start"]).dt.year == 2021)]
    of = found.frame[(found.frame["role"] == "inflow") & (found.frame["unit"] == "match")]
    assert of["value"].tolist() == [len(started)]
    assert not found.cells
    assert "organisation: DRC" in found.view().note
    kept = r.exclude(group=["volunteer", "Kommuner"])
    assert set(kept.interviews.frame["respondent_group"]) == set(r.groups) - {"volunteer", "municipal"}


def test_what_parts_nothing_is_parted_by_a_column_of_its_register_or_of_its_municipalities(r: Round) -> None:
    rows = pd.read_csv("surveys/demo/matches.csv", dtype=str)
    broken = r.broken_off(by="organisation").frame
    for name, of_one in rows.groupby("organisation"):
        there = broken[broken["organisation"] == name]
        assert there["count"].iloc[0] == (of_one["reason_class"] == "premature").sum()
        assert there["n"].iloc[0] == of_one["end"].notna().sum()
    women = r.saturation(by="sex").frame
    alone = r.filter(sex="female").saturation().frame
    assert women[women["sex"] == "female"].drop(columns="sex").astype(str).to_dict("list") == alone.astype(str).to_dict("list")
    extracts = pd.read_csv("surveys/demo/monitoring.csv", dtype=str).merge(r.municipalities, left_on="municipality", right_on="code")
    presence = r.presence(by="region")
    assert not presence.cells
    told = presence.frame[presence.frame["region"] != "total"].set_index(["region", "extract", "status"])["n"]
    counted = extracts.groupby(["region", "extract", "status"]).size()
    assert told[told > 0].to_dict() == counted.to_dict()


def test_a_table_of_the_round_may_stand_where_a_survey_does_and_says_what_its_rows_are(r: Round) -> None:
    matches, codings = pd.read_csv("surveys/demo/matches.csv", dtype=str), len(r.codings)
    counted = r.tabulate("matches", "match_type", by="organisation").frame
    assert counted["count"].sum() == 2 * len(matches)
    both = (matches["match_type"] == "family") & (matches["organisation"] == "RC")
    assert both.sum() in set(counted["count"])
    assert r.pivot("matches", rows="organisation", values="persons", aggfunc="sum").loc["RC", "persons"] == (
        matches.loc[matches["organisation"] == "RC", "persons"].astype(int).sum()
    )
    assert r.sum("courses", "participants").frame["sum"].item() == pd.read_csv("surveys/demo/courses.csv")["participants"].sum()
    assert r.antal("codings", by="Koder").sum() == codings
    assert "kodede passager" in r.tabulate("codings", "coder").base.say("da")
    assert r.course_table(format="webinar").frame.shape[0] < r.course_table().frame.shape[0]


def test_a_notebook_shows_the_lines_that_were_written_and_the_message(r: Round) -> None:
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell.instance()
    try:
        shell.user_ns["r"] = r
        for call, told in (('r.theme_table(colour="red")', "CallError"), ("r.nothing_of_the_kind", "UnknownNameError")):
            result = shell.run_cell(f"x = 1\n{call}", silent=True)
            assert result.error_in_exec is not None
            shown = re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(result.error_in_exec._render_traceback_()))
            assert call in shown
            assert told in shown
            assert "vvvresearch/" not in shown
    finally:
        InteractiveShell.clear_instance()


def test_judgements_of_raters_may_be_lists(r: Round) -> None:
    one, other = list("xyxxyxyyxy"), list("xyxyyxyxxy")
    table = pd.DataFrame({"a": one, "b": other})
    assert vvv.kappa(one, other).value == vvv.krippendorff([one, other], "nominal").value * 0 + vvv.cohen_kappa(table).value


def test_what_is_looked_at_says_little_of_itself(r: Round) -> None:
    for found in (r.theme_table(), r.transitions(), r.quotes(), r.municipality_index()):
        for one in (found, found.cells, found.cells[:10], found.parts, found[:9]):
            assert len(repr(one).encode()) <= 2048
    for one in (r.matches, r.counts, r.monitoring, r.matches.query("organisation == 'RC'")):
        assert len(repr(one)) <= 1000


def test_shares_are_columns_wherever_a_table_is_read(r: Round) -> None:
    table = r.tabulate("municipal-2022", "refers")
    counts = table.frame.set_index("code")["count"]
    assert table["yes", "count"] == counts["yes"]
    assert table["share"].round(9).tolist() == (counts / 55).round(9).tolist()
    assert ("yes" in table, "maybe" in table, table.get("maybe", 0)) == (True, False, 0)
    assert [row["code"] for row in table if row["share"] > 0.3] == table.where("share > .3").frame["code"].tolist() == ["yes", "no"]
    assert table.cell("yes", "share") is table.cell("share", code="Ja")
    assert table.where(share="> .5")[0]["share"] == counts["yes"] / 55
    assert table.exclude("yes").frame["code"].tolist() == ["no", "dont_know"]


def test_a_table_is_written_and_drawn_as_the_call_says(r: Round) -> None:
    table = r.tabulate("municipal-2022", "refers")
    assert table.to_markdown(title="Henvist").startswith("**Henvist")
    assert "58,2" in table.to_markdown(digits=1)
    assert ";" in table.to_csv(sep=";", decimal=",").splitlines()[0]
    with pytest.warns(NameNote, match="figsize"):
        assert table.plot.barh(title="Henvist", figsize=(4, 3)).title == "Henvist"
    with pytest.raises(CallError, match="unexpected keyword argument 'hue'"):
        table.plot(hue="nothing")
    with pytest.warns(NameNote, match=r"r\.tabulate\(…, 'agreement', by='refers'\)"):
        turned = r.tabulate("municipal-2022", "refers", by="agreement", normalize="index")
    pd.testing.assert_frame_equal(turned.frame, r.tabulate("municipal-2022", "agreement", by="refers").frame)


def test_what_stands_in_the_file_of_origin_names_columns_tables_and_cases(r: Round) -> None:
    table = pd.DataFrame({"reason": ["moved", "moved", "job"], "site": ["N", "S", "S"]})
    table.attrs["headings"] = {"reason": "Why it ended", "site": "Where"}
    rows = Register(table)
    assert len(rows(where="S")) == len(rows.filter(**{"why it ended": "moved"})) == 2
    assert rows["Why it ended"].tolist() == table["reason"].tolist()
    with pytest.raises(CallError, match="counted"):
        Register(table[["site", "reason"]].iloc[[0, 2, 2]])(by="reason")
    matches = pd.read_csv("surveys/demo/matches.csv", dtype=str)
    assert r.n_distinct("matches", "volunteer") == matches["volunteer"].nunique()
    links = r.mappings.links
    case = str(links["case"].iloc[0])
    own = links[links["case"] == case]
    told = r.causal_map(case=case).frame
    assert set(zip(told["cause"], told["effect"], strict=True)) <= set(zip(own["cause"], own["effect"], strict=True))
    assert r.goals().frame["goal"].tolist() == [goal.id for goal in r.spec.goals]
    assert r.afslutningsårsager().frame.equals(r.endings().frame)


def test_rooms_give_what_the_package_has_elsewhere() -> None:
    assert vvv.survey.wilson(30, 42) == vvv.proportion_interval(30, 42)
    assert vvv.rounds()["demo"].id == "demo"
    with pytest.raises(AttributeError, match="did you mean"):
        _ = vvv.survey.proportion_intervall


def test_a_part_by_coder_is_the_table_of_what_that_coder_coded(r: Round) -> None:
    parted = r.theme_table(by="coder").frame
    for coder in r.codings.coders:
        own = parted[parted["coder"] == coder].drop(columns="coder").reset_index(drop=True)
        pd.testing.assert_frame_equal(own, r.filter(coder=coder).theme_table().frame.reset_index(drop=True)[list(own)])


def test_what_is_behind_a_row_days_since_and_movers(r: Round) -> None:
    row = r.quotes("Ord fra arbejdet")[0]
    behind = row.context()
    assert set(behind.frame["interview"]) == {row.interview}
    assert row.text in set(behind.frame["text"])
    matches = pd.read_csv("surveys/demo/matches.csv", dtype=str)
    one = Register(matches[["match", "start"]])
    assert len(one.filter(since="2021-01-01")) == (matches["start"] >= "2021-01-01").sum()
    with pytest.raises(CallError, match="which day"):
        r.matches.filter(since="2021-01-01")
    moved = r.compare("municipal-2021~municipal-2022").parts["moves"]
    item = moved.frame["item"].iloc[0]
    pd.testing.assert_frame_equal(r.before_after("municipal-2021", "municipal-2022", item).frame, moved.where(item=item).frame)
    with pytest.raises(CallError, match="no kind of data"):
        r.causal_map(kind="hinders")
    hinders = r.causal_map(sign="-").frame
    assert 0 < len(hinders) == (hinders["hinders"] > 0).sum()
    assert vvv.open_round("demo", lang="en").goals().view().lang == "en"


def test_a_column_that_another_table_names_is_found_by_what_it_holds(r: Round) -> None:
    places = pd.Series(["North", "South", "East"] * 4)
    one, other = Register(pd.DataFrame({"site": places, "n": range(12)})), pd.DataFrame({"where_from": places.iloc[::-1], "n": "yes"})
    from vvvresearch.rounds.calling import _steps

    opened = r.filter()
    opened._read |= {"matches": one}
    with pytest.warns(NameNote, match="where_from"):
        assert _steps.column_alike(opened, "site", other) == "where_from"
    assert _steps.column_alike(opened, "site", other[["n"]]) == ""


def test_a_survey_is_asked_what_its_round_is_asked_and_answers_by_the_same_rules(r: Round) -> None:
    survey = r.surveys["municipal-2021"]
    for asked in ("tabulate", "percent", "svarfordeling"):
        assert getattr(survey, asked)("refers", by="agreement").frame.equals(r.tabulate("municipal-2021", "refers", by="agreement").frame)
    assert survey.table("refers", by="agreement").base == r.tabulate("municipal-2021", "refers", by="agreement").base
    # Whoever does not know has said no number, whatever code stands for it: counted by hand.
    held = survey.answers["refers"]
    assert survey["refers"].isna().sum() == (held.isna() | (held == "")).sum()
    parted = r.response("municipal-2021", by="region").frame
    invited = survey.invited["region"].value_counts()
    assert parted[parted["step"] == "invited"].set_index("region")["count"].drop("total").astype(int).to_dict() == invited.to_dict()


def test_what_is_not_understood_is_answered_with_where_it_stands(r: Round) -> None:
    kept = r.matches.rows["organisation"].value_counts().idxmax()
    with pytest.raises(AnalysisError, match=re.escape(f"organisation={kept!r}")):
        r.sum(kept)
    with pytest.raises(AttributeError, match=r"r\.matches\.count\('organisation'\)"):
        _ = r.organisations
    # Words for what is done to a table, of a table that is named; nothing that was said is dropped.
    both = r.matches.table("organisation", by="reason_class")
    assert both.index.nlevels == 2
    assert both.sum() == len(r.matches)
    assert [row.name for row in r.goal_status()] == [row["goal"] for row in r.goal_status()]
    with pytest.warns(NameNote, match="coders="):
        assert r.double_coding(mellem=["coder-a", "coder-b"]).frame.equals(r.double_coding(coders=["coder-a", "coder-b"]).frame)
    with pytest.raises(AnalysisError):
        r.theme_table(uden="refugee")
