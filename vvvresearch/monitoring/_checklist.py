"""What good collaboration with a municipality rests on, point by point, as far as registers tell."""

from __future__ import annotations

import datetime

import pandas as pd

from vvvresearch.kinds import DataKind
from vvvresearch.locales import Phrase
from vvvresearch.monitoring._records import cells_of
from vvvresearch.monitoring._sheet_evidence import SheetEvidence
from vvvresearch.results import Base, Column, Labels, Result, Total

CHECKS = ("agreement", "contact_person", "meetings", "referrals", "need")
STATES = ("met", "not_met", "unknown")
# A meeting or another activity of the last year counts as one.
_DAYS = 365
_NEEDS = ("need_new_arrivals", "need_long_term")


def checklist(evidence: SheetEvidence, code: str, kind: DataKind) -> Result:
    """Five points of collaboration: met, not met, or not told by any register; no point weighs more than another, and nothing is ranked.

    An agreement is in force; a contact person is named (whether one is, never who); something was held within a year; the latest extract
    says who refers; need is judged for new arrivals and long-term residents.

    Args:
        evidence: the registers.
        code: the municipality.
        kind: of all registers together.

    Returns:
        Result; frame check, state. Totals `met`, `known`, of the points that registers tell of.
    """
    states = {name: _state(found) for name, found in _found(evidence, code).items()}
    known = [state for state in states.values() if state != "unknown"]
    base = Base(len(known), "check")
    return Result(
        frame=pd.DataFrame({"check": list(states), "state": list(states.values())}),
        base=base,
        title=Phrase("monitoring.checklist"),
        notes=(Phrase("monitoring.checklist_note", {"met": known.count("met"), "known": len(known)}),),
        shows=(Column("check", Phrase("monitoring.checklist_check")), Column("state", Phrase("monitoring.checklist_state"))),
        kind=kind,
        at=f"municipality/{code}/checklist",
        keys=("check",),
        labels={
            "check": Labels({name: Phrase(f"monitoring.check_{name}") for name in CHECKS}),
            "state": Labels({name: Phrase(f"monitoring.checked_{name}") for name in STATES}),
        },
        totals={"met": Total(known.count("met"), base), "known": Total(len(known), base)},
    )


def _state(found: bool | None) -> str:
    return "unknown" if found is None else "met" if found else "not_met"


def _found(evidence: SheetEvidence, code: str) -> dict[str, bool | None]:
    """Whether each point is met; None where no register has the column, or the municipality is not in the latest extract."""
    told = evidence.latest.loc[code] if code in evidence.latest.index else None

    def says(*columns: str) -> list[str] | None:
        if told is None or not set(columns) <= set(evidence.latest.columns):
            return None
        return [str(told[column] or "") for column in columns]

    person, sources, needs = says("contact_person"), says("referral_sources"), says(*_NEEDS)
    return {
        "agreement": _agreed(evidence, code),
        "contact_person": None if person is None else person[0] not in ("", "no", "nan"),
        "meetings": _met(evidence, code),
        "referrals": None if sources is None else sources[0] not in ("", "nan"),
        "need": None if needs is None else set(needs) <= {"yes", "no"},
    }


def _agreed(evidence: SheetEvidence, code: str) -> bool | None:
    if evidence.agreement is None:
        return None
    own = evidence.agreement[evidence.agreement["municipality"] == code]
    return bool((own["state"] == "in_force").any())


def _met(evidence: SheetEvidence, code: str) -> bool | None:
    if evidence.activities is None or not evidence.day:
        return None
    frame = evidence.activities.frame
    dates = cells_of(frame, "date")[cells_of(frame, "municipality") == code]
    since = (datetime.date.fromisoformat(evidence.day) - datetime.timedelta(days=_DAYS)).isoformat()
    return bool(((dates > since) & (dates <= evidence.day)).any())
