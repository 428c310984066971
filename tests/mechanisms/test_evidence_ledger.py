"""The evidence ledger multiplies odds against each rival, counts dependent items once, and carries ranges through."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vvvresearch.errors import AnalysisError
from vvvresearch.mechanisms import evidence_ledger

shares = st.floats(0.02, 0.98)


def ledger(*rows: tuple[Any, ...], **arguments: Any) -> Any:
    names = ["item", "sensitivity", "type_i", "seen", "rival", "package", "arrow"]
    frame = pd.DataFrame([list(row) + [""] * (len(names) - len(row)) for row in rows], columns=names)
    return evidence_ledger(frame, **arguments)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(shares, shares, st.booleans()), min_size=1, max_size=6), st.floats(0.05, 0.95))
def test_the_posterior_is_that_of_bayes_rule(items: list[tuple[float, float, bool]], prior: float) -> None:
    rows = [(f"i{number}", s, t, "seen" if seen else "not seen") for number, (s, t, seen) in enumerate(items)]
    found = ledger(*rows, priors={"H": prior, "not H": 1 - prior})
    with_h = math.prod(s if seen else 1 - s for s, _, seen in items) * prior
    without = math.prod(t if seen else 1 - t for _, t, seen in items) * (1 - prior)
    assert found.posterior == pytest.approx((with_h / (with_h + without),) * 2)


def test_each_rival_is_weighed_by_itself() -> None:
    found = ledger(
        ("dagbog", 0.9, 0.1, "seen", "tilfælde"), ("dagbog", 0.9, 0.6, "seen", "jobcenter"), ("møde", 0.5, 0.5, "not sought", "jobcenter")
    )
    rivals = found.rivals.set_index("rival")
    assert rivals["ratio_low"].to_dict() == pytest.approx({"tilfælde": 9.0, "jobcenter": 1.5})
    assert found.posterior[0] == pytest.approx(1 / (1 + 1 / 9 + 1 / 1.5))


def test_priors_may_be_ranges() -> None:
    found = ledger(("i", 0.5, 0.5, "seen", "r"), priors={"H": (0.3, 0.6), "r": (0.4, 0.7)})
    assert found.posterior == pytest.approx((0.3, 0.6))


def test_a_hoop_not_seen_falls_and_a_smoking_gun_seen_convinces() -> None:
    found = ledger(
        ("hoop", 0.95, 0.5, "not seen"), ("gun", 0.4, 0.05, "seen"), ("both", 0.9, 0.1, "seen"), ("straw", 0.6, 0.5, "seen"),
        ("wide", (0.7, 0.95), 0.5, "seen"),
    )  # fmt: skip
    frame = found.frame.set_index("item")
    assert frame["test"].to_dict() == {
        "hoop": "hoop", "gun": "smoking gun", "both": "doubly decisive", "straw": "straw in the wind", "wide": "unsettled",
    }  # fmt: skip
    assert frame.loc["hoop", "ratio_low"] == pytest.approx(0.05 / 0.5)
    assert frame.loc["wide", ["ratio_low", "ratio_high"]].tolist() == pytest.approx([1.4, 1.9])


@settings(deadline=None, max_examples=40)
@given(shares, shares, shares, shares)
def test_a_range_holds_every_answer_between_its_ends(a: float, b: float, c: float, d: float) -> None:
    s, t = (min(a, b), max(a, b)), (min(c, d), max(c, d))
    for seen in ("seen", "not seen"):
        wide = ledger(("i", s, t, seen)).posterior
        for inner_s in (s[0], sum(s) / 2, s[1]):
            for inner_t in (t[0], sum(t) / 2, t[1]):
                assert wide[0] - 1e-9 <= ledger(("i", inner_s, inner_t, seen)).posterior[0] <= wide[1] + 1e-9


def test_dependent_items_count_once_by_the_most_cautious_or_the_joint_judgement() -> None:
    two = ledger(("a", 0.8, 0.2, "seen", "", "p"), ("b", 0.6, 0.3, "seen", "", "p"))
    assert two.rivals["ratio_low"].item() == pytest.approx(2.0)
    joint = ledger(("a", 0.8, 0.2, "seen", "", "p"), ("p", 0.5, 0.1, "seen", "", "p"))
    assert joint.rivals["ratio_high"].item() == pytest.approx(5.0)
    split = ledger(("a", 0.8, 0.2, "seen", "", "p"), ("b", 0.8, 0.2, "not seen", "", "p"))
    assert split.rivals[["ratio_low", "ratio_high"]].to_numpy().tolist() == [pytest.approx([0.25, 4.0])]


def test_the_contribution_story_of_each_arrow_names_its_strongest_rival() -> None:
    found = ledger(
        ("x", 0.8, 0.2, "seen", "held", "", "match-sprog"), ("x", 0.8, 0.7, "seen", "kursus", "", "match-sprog"),
        ("y", 0.5, 0.5, "not sought", "held", "", "match-job"),
    )  # fmt: skip
    stories = found.stories.set_index("arrow")
    assert stories.loc["match-sprog", ["seen", "strongest_rival"]].tolist() == ["x", "kursus"]
    assert stories.loc["match-job", "not_sought"] == "y"
    assert stories.loc["match-job", "posterior_low"] == 0.5


@pytest.mark.parametrize(
    ("rows", "arguments", "message"),
    [
        ([("a", 1.2, 0.2, "seen")], {}, r"sensitivity is 1.2[\s\S]*item a"),
        ([("a", (0.8, 0.2), 0.2, "seen")], {}, "pair"),
        ([("a", 0.8, 0.2, "sen")], {}, "did you mean seen"),
        ([("a", 0.0, 0.0, "seen")], {}, "impossible"),
        ([("a", 0.8, 0.2, "seen", "r"), ("a", 0.7, 0.2, "seen", "s")], {}, "differs between rivals"),
        ([("a", 0.8, 0.2, "seen"), ("a", 0.8, 0.2, "seen")], {}, "twice"),
        ([("a", 0.8, 0.2, "seen")], {"priors": {"H": 0.5}}, "do not match"),
        ([("a", 0.8, 0.2, "seen")], {"cuts": (0.1, 0.9)}, "cut-points"),
        ([("a", 0.8, 0.0, "seen"), ("b", 1.0, 0.5, "not seen")], {}, "rules the hypothesis out"),
    ],
)
def test_a_faulty_ledger_is_refused_with_the_item(rows: list[tuple[Any, ...]], arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(AnalysisError, match=message):
        ledger(*rows, **arguments)
