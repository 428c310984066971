"""What a round declares about its cases, against what its evidence has: each condition by itself, then the pairs' attributes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from vvvresearch.check._fault import Fault, faults_of
from vvvresearch.errors import VvvError, did_you_mean
from vvvresearch.mechanisms import case_conditions
from vvvresearch.rounds import DEFINITION

if TYPE_CHECKING:
    from vvvresearch.rounds import Round


def condition_faults(opened: Round, readable: set[str]) -> Iterator[Fault]:
    """Conditions and outcomes whose rule points at nothing, and columns of the attributes that are not there."""
    file = f"rounds/{opened.id}/{DEFINITION}"
    types = {source.type for source in opened.spec.sources}
    there = {source.type for source in opened.spec.sources if source.id in readable}
    settings = opened.spec.perspectives
    for one in (*opened.spec.conditions, *opened.spec.outcomes):
        needs = one.rule.needs
        if needs not in types:
            todo = f"declare a source of the type {needs}, or give another rule"
            yield Fault("condition", file, None, f"the condition {one.id!r} needs {needs}, and the round has no such source", "", todo)
        elif needs in there:
            try:
                case_conditions({one.id: one.rule.rule()}, **opened.grounds_of({needs}))
            except VvvError as problem:
                yield from faults_of(problem, "condition", file)
    if "attributes" not in there:
        return
    columns = [str(name) for name in opened.evidence_of("attributes").frame.columns]
    for field, names in (("expected", settings.expected), ("leave_out", settings.leave_out)):
        for name in names:
            if name not in columns:
                what = f"perspectives, {field}: the attributes have no column {name!r}"
                yield Fault("condition", file, None, what, "", did_you_mean(name, columns))
