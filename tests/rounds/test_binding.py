"""An analysis called on a round is the function with its evidence filled in: equal in every cell, and nothing is filled by accident."""

from __future__ import annotations

import inspect

import pytest

from vvvresearch.errors import RoundError
from vvvresearch.mechanisms import causal_map
from vvvresearch.results import Result
from vvvresearch.rounds import Round, open_round
from vvvresearch.rounds._binding import Bound, bound
from vvvresearch.survey import tabulate
from vvvresearch.themes import pair_table, theme_table

# What a round fills although it is not the evidence: settings that its definition declares, and sources beside the first.
MEANT = {
    "activities", "agreements", "approvals", "attribute_words", "campaigns", "categories", "codings", "coder", "connections",
    "counts", "courses", "expected", "guide", "halves", "housing_areas", "interviews", "leave_out", "mappings", "matches",
    "monitoring", "municipalities", "offers", "on", "quotes", "referred", "small_n", "target", "theory", "today", "volunteers",
    "pseudonyms", "k",
}  # fmt: skip


def bounds() -> dict[str, Bound]:
    return {name: value for part in Round.__mro__ for name, value in vars(part).items() if isinstance(value, Bound)}


@pytest.fixture(scope="module")
def demo() -> Round:
    return open_round("demo")


def test_a_bound_analysis_equals_the_full_call_in_every_cell(demo: Round) -> None:
    guide = demo.rows_of("guide")
    pairs = (
        (demo.theme_table(), theme_table(demo.codings, demo.interviews, guide=guide, coder=demo.coder_rule)),
        (demo.pair_table(), pair_table(demo.codings, demo.interviews, guide=guide, coder=demo.coder_rule)),
        (demo.tabulate("municipal-2022", "refers"), tabulate(demo.surveys["municipal-2022"], "refers")),
        (demo.causal_map(), causal_map(demo.mappings)),
    )
    for own, full in pairs:
        assert own.cells == full.cells
        assert len(own.cells) > 5


def test_nothing_is_filled_that_a_caller_would_not_expect(demo: Round) -> None:
    filled = {
        (name, parameter)
        for name, one in bounds().items()
        for parameter in one.left.parameters
        if parameter in demo._supplies() and parameter not in MEANT
    }
    assert filled == set()


def test_help_shows_what_is_left_to_give_and_a_wrong_name_is_a_type_error(demo: Round) -> None:
    signature = inspect.signature(demo.theme_table)
    assert "codings" not in signature.parameters
    assert {"depth", "under", "wave"} <= set(signature.parameters)
    assert demo.theme_table.__doc__
    with pytest.raises(TypeError, match="dephts"):
        demo.theme_table(dephts=2)


def test_evidence_comes_first_or_the_binding_is_refused() -> None:
    def wrong(depth: int, codings: object) -> None: ...

    with pytest.raises(TypeError, match="begins with"):
        bound(wrong, "codings")


def test_what_a_round_lacks_is_absent_through_every_call() -> None:
    note = open_round("2021-note", lang="en")
    for name in ("theme_table", "pair_table", "cooccurrence", "saturation", "causal_map", "changes", "configurations", "evidence_ledger"):
        found: Result = getattr(note, name)()
        assert not found, name
        assert found.absent.say("en").startswith("The round has no"), name
        assert found.cells == ()


def test_a_source_that_is_asked_for_by_name_still_raises() -> None:
    with pytest.raises(RoundError, match="has no codings"):
        _ = open_round("2021-note").codings


def test_one_rule_for_small_bases_reaches_every_result(demo: Round) -> None:
    spec = demo.spec.model_copy(update={"small_n": 60})
    strict = Round(spec, demo.root)
    assert strict.tabulate("municipal-2022", "refers").cell("share", code="yes").say("en") == "32 of 55"
    assert demo.tabulate("municipal-2022", "refers").cell("share", code="yes").say("en") == "58%"


def test_an_outcome_stands_for_the_truth_table_that_the_round_makes_of_it() -> None:
    opened = open_round("demo")
    table = opened.truth_table("GOOD")
    assert opened.minimize("GOOD").frame.equals(opened.minimize(table).frame)
    assert opened.robustness("GOOD").frame.equals(opened.robustness(table).frame)
