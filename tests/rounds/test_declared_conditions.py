"""Conditions that a round declares: what does not hold together is refused, what points at nothing is found by the check."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from vvvresearch.check._evidence import Examined
from vvvresearch.check._settings import condition_faults
from vvvresearch.mechanisms import Alike, Judged, Linked
from vvvresearch.rounds import load_spec
from vvvresearch.rounds._conditions import RuleSpec
from vvvresearch.rounds._spec import RoundSpec

WORDS = {"da": "tid", "en": "time"}


def examined(spec: RoundSpec, root: Path) -> Examined:
    """The round as a check sees it, with the sources that conditions rest on read."""
    opened = Examined(spec, root)
    for source in spec.sources:
        if source.type in ("interviews", "judgements", "attributes", "mappings"):
            opened.as_read(source.id)
    return opened


@pytest.fixture(scope="module")
def text(project: Path) -> dict[str, Any]:
    return tomllib.loads((project / "rounds/demo/round.toml").read_text(encoding="utf-8"))


def condition(rule: dict[str, Any], name: str = "X") -> dict[str, Any]:
    return {"id": name, "label": WORDS, "rule": rule}


@pytest.mark.parametrize(
    ("rule", "made"),
    [
        ({"judged": True}, Judged()),
        ({"judged": "OTHER"}, Judged("OTHER")),
        ({"alike": "hours", "within": 1}, Alike("hours", 1)),
        ({"alike": "interests", "share": True}, Alike("interests", 0, True)),
        ({"linked": ["tid", "match"]}, Linked(("tid",), ("match",))),
        (
            {"linked": [["tid", "ro"]], "direction": "hinders", "memberships": [0, 0.5, 1]},
            Linked(("tid", "ro"), (), "hinders", (0, 0.5, 1)),
        ),
    ],
)
def test_a_rule_is_what_the_definition_says(rule: dict[str, Any], made: Judged | Alike | Linked) -> None:
    assert RuleSpec.model_validate(rule).rule() == made


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"conditions": [{"id": "X", "label": WORDS}]}, "rule"),
        ({"conditions": [condition({})]}, "needs one rule, not 0"),
        ({"conditions": [condition({"judged": True, "alike": "hours"})]}, "needs one rule, not 2"),
        ({"conditions": [condition({"judged": True, "within": 1})]}, "within belongs to a rule alike"),
        ({"conditions": [condition({"linked": []})]}, "linked"),
        ({"conditions": [condition({"judged": True}), condition({"judged": True}, "x")]}, "stands twice"),
        ({"conditions": [condition({"judged": True}) | {"expect": 2}]}, "expect"),
        ({"moderators": {"candidates": ["TIM"]}}, "did you mean TIME"),
    ],
)
def test_a_declaration_that_does_not_hold_together_is_refused(text: dict[str, Any], change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        RoundSpec.model_validate({**text, "moderators": {}, **change})


@pytest.mark.parametrize(
    ("change", "what", "todo"),
    [
        ({"conditions": [condition({"judged": "TIEM"})]}, "nobody judged 'TIEM'", "did you mean TIME"),
        ({"conditions": [condition({"alike": "hours_wnted"})]}, "no attribute 'hours_wnted'", "did you mean hours_wanted"),
        ({"conditions": [condition({"alike": "pseudonym"})]}, "no attribute 'pseudonym'", ""),
        ({"conditions": [condition({"linked": ["livsfse", "match"]})]}, "no mapping has a node 'livsfse'", "did you mean livsfase"),
        ({"perspectives": {"expected": ["hours_wanted"], "leave_out": ["pseudonm"]}}, "no column 'pseudonm'", "did you mean pseudonym"),
    ],
)
def test_a_rule_that_points_at_nothing_is_one_fault_with_what_was_meant(
    project: Path, text: dict[str, Any], change: dict[str, Any], what: str, todo: str
) -> None:
    spec = RoundSpec.model_validate({**text, "moderators": {}, **change})
    (fault,) = condition_faults(examined(spec, project))
    assert what in fault.what
    assert todo in fault.todo
    assert fault.file == "rounds/demo/round.toml"


def test_a_condition_whose_source_is_not_declared_is_a_fault_and_the_shipped_rounds_have_none(project: Path) -> None:
    spec = load_spec(project, "demo")
    assert list(condition_faults(examined(spec, project))) == []
    without = spec.model_copy(update={"sources": tuple(source for source in spec.sources if source.type != "judgements")})
    faults = list(condition_faults(examined(without, project)))
    assert len(faults) == len(spec.conditions) + len(spec.outcomes)
    assert "needs judgements" in faults[0].what
