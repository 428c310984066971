"""Calls as evaluators write them: what fits is taken, what can only mean one thing is understood, the rest names the right call."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

import vvvresearch as vvv
from vvvresearch.errors import AnalysisError
from vvvresearch.results import Result
from vvvresearch.rounds import Round
from vvvresearch.rounds._binding import Bound
from vvvresearch.rounds._calls import _OTHER_ARGUMENTS, _OTHER_CALLS, read_call


@pytest.fixture(scope="module")
def r() -> Round:
    return vvv.open_round("demo")


@pytest.mark.parametrize(
    ("natural", "whole"),
    [
        (lambda r: r.theme_table("Dansk"), lambda r: r.theme_table(under="Udbytte > Dansk")),
        (lambda r: r.theme_table("udbytte/dansk", "refugee"), lambda r: r.theme_table(under="Udbytte > Dansk", group="refugee")),
        (lambda r: r.theme_table(theme="Dansk"), lambda r: r.theme_table(under="Udbytte > Dansk")),
        (lambda r: r.theme_table(by="gender"), lambda r: r.theme_table(by="sex")),
        (lambda r: r.theme_table(wave=1), lambda r: r.theme_table(wave="1")),
        (lambda r: r.quotes("Ord fra arbejdet"), lambda r: r.quotes(code="Udbytte > Dansk > Ord fra arbejdet")),
        (lambda r: r.quotes("volunteer", themes="Dansk"), lambda r: r.quotes(code="Udbytte > Dansk", group="volunteer")),
        (lambda r: r.crosstab("køn", "Dansk"), lambda r: r.crosstab("sex", codes=["Udbytte > Dansk"])),
        (lambda r: r.tabulate("municipal-2022.refers"), lambda r: r.tabulate("municipal-2022", "refers")),
        (
            lambda r: r.tabulate("municipal-2022", question="refers", groupby="region"),
            lambda r: r.tabulate("municipal-2022", "refers", by="region"),
        ),
    ],
)
def test_what_can_only_mean_one_thing_is_the_call_in_full(
    r: Round, natural: Callable[[Any], Result], whole: Callable[[Any], Result]
) -> None:
    one, other = natural(r), whole(r)
    assert len(other.frame)
    pd.testing.assert_frame_equal(one.frame, other.frame)
    assert [cell.address for cell in one.cells] == [cell.address for cell in other.cells]


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda r: r.theme_table("nothing of the kind"), r"r\.theme_table\(guide=…, coder=…"),
        (lambda r: r.theme_table(colour="red"), "unexpected keyword argument 'colour'.*did you mean coder"),
        (lambda r: r.crosstab("municipal-2022", "refers", "region"), r"r\.tabulate\('municipal-2022', item, by=…\)"),
        (lambda r: r.tabulate("refers"), r"r\.tabulate\('municipal-2021', 'refers'\) or r\.tabulate\('municipal-2022', 'refers'\)"),
        (lambda r: r.truth_table(), r"missing a required argument: 'outcome'.*r\.truth_table\(outcome, "),
        (lambda r: r.compare_waves("municipal-2021"), r"r\.compare_waves\(first, second, item=…"),
        (lambda r: r.goals["nothing"], "there is no goal 'nothing'"),
    ],
)
def test_a_call_that_does_not_fit_is_told_the_right_one(r: Round, call: Callable[[Any], object], told: str) -> None:
    with pytest.raises(AnalysisError) as problem:
        call(r)
    assert re.search(told, str(problem.value).replace("\n", " "))


def test_a_value_that_fits_two_parameters_is_not_guessed(r: Round) -> None:
    def of_two(*, group: str = "", respondent_group: str = "") -> None: ...
    def of_one(*, group: str = "", pair: str = "") -> None: ...

    assert read_call(r, inspect.signature(of_one), "of_one", ["refugee"], {}).arguments == {"group": "refugee"}
    with pytest.raises(AnalysisError, match="does not fit"):
        read_call(r, inspect.signature(of_two), "of_two", ["refugee"], {})


def test_every_name_of_other_programs_leads_to_a_call_that_there_is(r: Round) -> None:
    for word, call in _OTHER_CALLS.items():
        assert not hasattr(Round, word), f"{word} is a name of ours"
        if not call.startswith("the command vvv "):
            assert hasattr(Round, re.split(r"[\[(.]", call)[0]), call
        with pytest.raises(AttributeError, match="did you mean") as problem:
            getattr(r, word)
        assert call in str(problem.value)
    bound = [made for one in Round.__mro__ for made in vars(one).values() if isinstance(made, Bound)]
    parameters = {name for made in bound for name in made.left.parameters}
    assert {ours for names in _OTHER_ARGUMENTS.values() for ours in names} <= parameters


def test_an_error_inside_what_a_round_has_is_its_own() -> None:
    class Broken(Round):
        @property
        def interviews(self) -> Any:  # type: ignore[override]
            raise AttributeError("the inner fault")

    spec = vvv.open_round("demo-2019").spec
    with pytest.raises(AttributeError, match="the inner fault"):
        _ = Broken(spec, vvv.open_round("demo-2019").root).interviews


def test_the_package_gives_analyses_without_their_room() -> None:
    import vvvresearch.rounds  # noqa: F401  # importing the room must not take the call away
    from vvvresearch.statistics.exact_tests import fisher
    from vvvresearch.survey import tabulate
    from vvvresearch.survey.intervals import proportion_interval

    assert (vvv.tabulate, vvv.proportion_interval, vvv.fisher) == (tabulate, proportion_interval, fisher)
    assert vvv.rounds() == ["2019-final", "2021-note", "demo", "demo-2019"]
    assert vvv.rounds.list_rounds() == vvv.rounds()
    with pytest.raises(AttributeError, match=r"did you mean vvv\.cohen_kappa\?"):
        _ = vvv.kappa
    with pytest.raises(AttributeError, match=r"did you mean .*tabulate"):
        _ = vvv.tabulat


def test_a_result_is_no_frame_but_says_where_it_is(r: Round) -> None:
    table = r.tabulate("municipal-2022", "refers")
    assert list(table) == table.frame.to_dict("records")
    for name in ("head", "describe", "groupby"):
        with pytest.raises(AttributeError, match=r"result\.(top|frame)"):
            getattr(table, name)
    with pytest.raises(AttributeError, match=r"did you mean .*to_markdown"):
        _ = table.to_markdwn
    assert {"count", "n"} <= set(table._ipython_key_completions_())
