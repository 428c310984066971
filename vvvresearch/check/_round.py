"""A round as a whole: everything that is wrong in one go, then what is missing, then one next step."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vvvresearch.check._conditions import condition_faults
from vvvresearch.check._fault import Fault, Notice, faults_of
from vvvresearch.check._prose import goal_faults, notebook_faults, prose_faults, report_faults, unwritten
from vvvresearch.check._sources import join_faults, published_notices, route_notices, source_faults
from vvvresearch.errors import RoundError
from vvvresearch.rounds import DEFINITION, Round, load_spec


@dataclass(frozen=True)
class RoundReport:
    """What a check found in a round.

    Args:
        round: its id.
        faults: what must be put right here.
        accepted: faults that the definition accepts, each with its reason.
        notices: what a reader should know of.
        missing: what is not there yet and no fault.
        next: the one thing to do now, with how far the round has come.
    """

    round: str
    faults: tuple[Fault, ...] = ()
    accepted: tuple[tuple[Fault, str], ...] = ()
    notices: tuple[Notice, ...] = ()
    missing: tuple[str, ...] = ()
    next: str = ""

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults

    def as_dict(self) -> dict[str, Any]:
        """For a program."""
        faults = [{name: getattr(one, name) for name in ("file", "row", "what", "why", "todo", "check")} for one in self.faults]
        accepted = [{"file": one.file, "row": one.row, "what": one.what, "reason": reason} for one, reason in self.accepted]
        notices = [vars(one) for one in self.notices]
        return {
            "round": self.round,
            "faults": faults,
            "accepted": accepted,
            "notices": notices,
            "missing": list(self.missing),
            "next": self.next,
        }


def check_round(root: str | Path, round_id: str, lang: str = "en") -> RoundReport:
    """Check one round: definition, sources, joins, routes, conditions, goals, notebooks, prose, rendered pages.

    Args:
        root: the workspace.
        round_id: the round.
        lang: language of what documents say of themselves.

    Returns:
        RoundReport with all faults together.

    Raises:
        RoundError: there is no such round.

    Example:
        >>> check_round(".", "2021-note").sound
        True
    """
    folder = Path(root).resolve()
    file = f"rounds/{round_id}/{DEFINITION}"
    try:
        opened = Round(load_spec(folder, round_id), folder)
    except RoundError as problem:
        if not (folder / file).is_file():
            raise
        return RoundReport(round_id, tuple(faults_of(problem, "definition", file)), next=f"correct {file}")
    faults, readable = source_faults(opened)
    whole = all(source.id in readable for source in opened.spec.sources if source.type != "documentary")
    # Without its register nothing is known of consent, so nothing else is looked at than the files.
    known = all(source.id in readable for source in opened.spec.sources if source.type == "interviews")
    if known:
        faults += [*join_faults(opened, readable), *condition_faults(opened, readable), *goal_faults(opened)]
    faults += [*notebook_faults(opened), *prose_faults(opened, whole=whole), *report_faults(opened)]
    reasons = {one.fault: f"{one.reason} ({one.by})" for one in opened.spec.accepted}
    accepted = tuple((fault, reasons[fault.what]) for fault in faults if fault.what in reasons)
    open_faults = tuple(fault for fault in faults if fault.what not in reasons)
    missing = _missing(opened)
    return RoundReport(
        round_id,
        open_faults,
        accepted,
        (*route_notices(opened, readable), *published_notices(opened, readable, lang)) if known else (),
        missing,
        _next(opened, open_faults, missing),
    )


def _missing(opened: Round) -> tuple[str, ...]:
    """What a round of its kind usually has, and this one has not yet."""
    types = {source.type for source in opened.spec.sources}
    found = []
    if not opened.spec.sources:
        found.append("there is no source yet")
    if "codings" in types and "interviews" not in types:
        found.append("the codings have no interview register: who was interviewed, in which group and wave")
    if not opened.spec.goals:
        found.append("no goals are declared")
    if not opened.spec.notebooks:
        found.append("no notebooks are named, so nothing would be made")
    if not (opened.root / "outputs" / opened.id).is_dir():
        found.append("the round has not been run")
    return (*found, *unwritten(opened))


def _next(opened: Round, faults: tuple[Fault, ...], missing: tuple[str, ...]) -> str:
    """One step, and how far the round has come."""
    steps = (
        ("correct the definition", any(one.check in ("definition", "notebook") for one in faults)),
        ("add a source", not opened.spec.sources),
        ("correct the sources", any(one.check == "source" for one in faults)),
        ("make registers and codings fit", any(one.check == "join" for one in faults)),
        ("correct the conditions", any(one.check == "condition" for one in faults)),
        ("declare goals", not opened.spec.goals),
        ("correct the goals", any(one.check == "goal" for one in faults)),
        ("correct the prose", any(one.check == "prose" for one in faults)),
        (f"vvv run {opened.id}", not (opened.root / "outputs" / opened.id).is_dir()),
        ("write the findings", any("to be written" in one for one in missing)),
        ("mend the rendered report", any(one.check == "report" for one in faults)),
    )
    done = sum(not due for _, due in steps)
    todo = next((step for step, due in steps if due), f"read the report: outputs/{opened.id}")
    return f"{done} of {len(steps)}: {todo}"
