"""What a round declares about its cases, against what its evidence has: each condition by itself, then the pairs' attributes."""

from __future__ import annotations

from collections.abc import Iterator

from vvvresearch.check._evidence import Examined, UnreadableError
from vvvresearch.check._fault import Fault, nearest
from vvvresearch.errors import VvvError
from vvvresearch.mechanisms import case_conditions


def condition_faults(opened: Examined) -> Iterator[Fault]:
    """Conditions and outcomes whose rule points at nothing, and columns of the attributes that are not there."""
    types = {source.type for source in opened.spec.sources}
    there = {source.type for source in opened.readable()}
    for kind, declared in (("conditions", opened.spec.conditions), ("outcomes", opened.spec.outcomes)):
        for number, one in enumerate(declared):
            needs, row = one.rule.needs, opened.lines.at(kind, number, "rule")
            if needs not in types:
                todo = f"add a source of the type {needs}, or give another rule"
                what = f"the condition {one.id!r} needs {needs}, and the round has no such source"
                yield Fault("condition", opened.file, row, what, "", todo)
            elif needs in there:
                try:
                    case_conditions({one.id: one.rule.rule()}, **opened.grounds_of({needs}))
                except UnreadableError:
                    continue
                except VvvError as problem:
                    yield Fault("condition", opened.file, row, f"{one.id}: {problem.what}", problem.why, problem.todo)
    if (found := opened.one("attributes")) is None:
        return
    columns = [str(name) for name in found[1].frame.columns]
    settings = opened.spec.perspectives
    for field, names in (("expected", settings.expected), ("leave_out", settings.leave_out)):
        for name in names:
            if name not in columns:
                what = f"perspectives, {field}: the attributes have no column {name!r}"
                row = opened.lines.of(name, "perspectives", field)
                yield Fault("condition", opened.file, row, what, "", nearest(name, columns))
