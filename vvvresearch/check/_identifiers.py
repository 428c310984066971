"""Persons in the files of real data: direct identifiers are faults, names and rare stories wait for a decision."""

from __future__ import annotations

from collections.abc import Iterator

from vvvresearch.check._evidence import Examined
from vvvresearch.check._fault import Fault
from vvvresearch.rounds import Trace, traces

_TODO = 'take it out of the file, or accept it in round.toml: [[accepted]] fault = "…", reason = "…", by = "…"'
_NAMES = "decide on each in round.toml: [[may_stand]] name, reason, by; or [[accepted]] fault, reason, by; or take it out of the file"
_LISTED = 8


def identifier_faults(opened: Examined) -> Iterator[Fault]:
    """Every direct identifier in a text that can be shown, by its place; what stands there is not repeated."""
    for one in _traces(opened):
        if one.direct:
            yield Fault("identifier", one.file, None, one.what, f"found by: {one.rule}", _TODO)


def identifiers_to_decide(opened: Examined) -> Iterator[str]:
    """Names and rare stories that nobody has decided on."""
    left = [one for one in _traces(opened) if not one.direct and not opened.spec.reason_for(one.what)]
    by_file: dict[str, list[Trace]] = {}
    for one in left:
        by_file.setdefault(one.file, []).append(one)
    for file, found in by_file.items():
        places = "; ".join(f"{one.kind} in {one.where}" for one in found[:_LISTED])
        more = f"; and {len(found) - _LISTED} more" if len(found) > _LISTED else ""
        yield f"{file}: {len(found)} places may name or single out a person (content {found[0].content}): {places}{more}; {_NAMES}"


def _traces(opened: Examined) -> list[Trace]:
    return traces(opened.root, opened.spec)
