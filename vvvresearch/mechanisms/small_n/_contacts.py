"""The plan of contacts with case pairs: what is done, due and overdue, and who has dropped out."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

import pandas as pd

from vvvresearch.errors import AnalysisError, require_table
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Lang, Phrase, check_lang
from vvvresearch.results import Base, Column, Result

STATUSES = ("done", "overdue", "due", "planned", "dropped out")


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class ContactPlan(Result):
    """Every planned contact with its status. `.frame` has one row a contact.

    Args:
        pairs: one row a pair: contacts done, of planned, overdue, next_due, dropped_out, reason.
        counts: number of contacts by status.
        today: the day the plan was looked at.
    """

    pairs: pd.DataFrame
    counts: dict[str, int]
    today: datetime.date

    @property
    def overdue(self) -> pd.DataFrame:
        """Contacts that should have taken place, longest overdue first."""
        late = self.frame[self.frame["status"] == "overdue"]
        return late.sort_values(["due", "pair"]).reset_index(drop=True)


def contact_plan(
    contacts: pd.DataFrame, today: datetime.date | str, *, within: int = 30, kind: DataKind = DataKind.REAL, lang: Lang = "da"
) -> ContactPlan:
    """Say of every planned contact with a pair whether it is done, due, overdue, planned or lost to drop-out.

    Args:
        contacts: one row a planned contact: pair, contact, due (date); where there are: kind, done (date or empty),
            dropped_out (date or empty), reason. Dates as YYYY-MM-DD.
        today: the day to judge by.
        within: so many days ahead a contact counts as due.
        kind, lang: as in `moderators`.

    Returns:
        ContactPlan; `.frame` has pair, contact, kind, due, done, status, days (late if positive), reason; `.overdue`, `.pairs`
        and `.counts`. Contacts due after a pair dropped out are "dropped out", never overdue.

    Raises:
        AnalysisError: columns missing, something that is no date, a contact done in the future or planned twice, two drop-out dates.

    Example:
        >>> import pandas as pd
        >>> plan = contact_plan(pd.DataFrame({"pair": ["P1"], "contact": ["t0"], "due": ["2022-01-31"]}), "2022-02-10")
        >>> plan.overdue[["pair", "days"]].values.tolist()
        [['P1', 10]]
    """
    day = today if isinstance(today, datetime.date) else _date(today, "today", "")
    if day is None:
        raise AnalysisError("no day is given to judge the plan by", todo='give today="2022-06-30"')
    require_table(contacts, "contacts")
    for name in ("pair", "contact", "due"):
        if name not in contacts.columns:
            raise AnalysisError(f"the plan has no column {name!r}", todo="give pair, contact and due")
    if contacts.empty:
        raise AnalysisError("the plan holds no contact")
    records = [{str(name): value for name, value in row.items()} for row in contacts.to_dict("records")]
    lost = _drop_outs(records)
    rows: list[dict[str, Any]] = []
    seen: set[tuple[str, str]] = set()
    for record in records:
        pair, contact = str(record["pair"]), str(record["contact"])
        place = f"pair {pair}, contact {contact}"
        if (pair, contact) in seen:
            raise AnalysisError("a contact is planned twice", where=place)
        seen.add((pair, contact))
        due, done = _date(record["due"], "due", place), _date(record.get("done"), "done", place)
        if due is None:
            raise AnalysisError("a contact has no due date", where=place)
        if done is not None and done > day:
            raise AnalysisError(f"a contact is done in the future ({done})", where=place, todo=f"the plan is judged by {day}")
        status = _status(due, done, lost.get(pair, (None, ""))[0], day, within)
        days = (day - due).days if status == "overdue" else (done - due).days if done else None
        rows.append(
            {
                "pair": pair,
                "contact": contact,
                "kind": _word(record.get("kind")),
                "due": due,
                "done": done,
                "status": status,
                "days": days,
                "reason": _word(record.get("reason")),
            }
        )
    frame = pd.DataFrame(rows)
    frame["days"] = frame["days"].astype("Int64")
    pairs = _pairs(frame, lost)
    counts = {status: int((frame["status"] == status).sum()) for status in STATUSES}
    return ContactPlan(
        frame=frame,
        base=Base(len(pairs), unit="pair"),
        title=Phrase("mechanisms.title_contacts", {"day": day}),
        notes=(Phrase("mechanisms.contacts_method", {"overdue": counts["overdue"], "lost": len(lost), "pairs": len(pairs)}),),
        shows=tuple(
            Column(
                name,
                Phrase(f"mechanisms.contact_{name}"),
                format="date" if name in ("due", "done") else "text",
                words="mechanism_words" if name == "status" else "",
            )
            for name in ("pair", "contact", "kind", "due", "done", "status", "days", "reason")
        ),
        kind=kind,
        lang=check_lang(lang),
        pairs=pairs,
        counts=counts,
        today=day,
    )


def _status(due: datetime.date, done: datetime.date | None, lost: datetime.date | None, day: datetime.date, within: int) -> str:
    if done is not None:
        return "done"
    if lost is not None and lost <= day:
        return "dropped out"
    if due < day:
        return "overdue"
    return "due" if (due - day).days <= within else "planned"


def _drop_outs(records: list[dict[str, Any]]) -> dict[str, tuple[datetime.date, str]]:
    lost: dict[str, tuple[datetime.date, str]] = {}
    for record in records:
        pair = str(record["pair"])
        date = _date(record.get("dropped_out"), "dropped_out", f"pair {pair}")
        if date is None:
            continue
        if pair in lost and lost[pair][0] != date:
            raise AnalysisError("a pair dropped out on two dates", where=f"pair {pair}: {lost[pair][0]} and {date}")
        lost.setdefault(pair, (date, _word(record.get("reason"))))
    return lost


def _pairs(frame: pd.DataFrame, lost: dict[str, tuple[datetime.date, str]]) -> pd.DataFrame:
    rows = []
    for pair, group in frame.groupby("pair", sort=True):
        ahead = group.loc[group["status"].isin(["overdue", "due", "planned"]), "due"]
        date, reason = lost.get(str(pair), (None, ""))
        rows.append(
            {
                "pair": pair,
                "done": int((group["status"] == "done").sum()),
                "planned": len(group),
                "overdue": int((group["status"] == "overdue").sum()),
                "next_due": min(ahead) if len(ahead) else None,
                "dropped_out": date,
                "reason": reason,
            }
        )
    return pd.DataFrame(rows)


def _word(value: Any) -> str:
    return "" if value is None or value != value else str(value).strip()


def _date(value: Any, name: str, place: str) -> datetime.date | None:
    if isinstance(value, datetime.datetime):
        return None if value != value else value.date()
    if isinstance(value, datetime.date):
        return value
    text = _word(value)
    if not text or text == "NaT":
        return None
    try:
        return datetime.date.fromisoformat(text[:10])
    except ValueError:
        raise AnalysisError(f"{name} is {text!r}, which is no date", where=place, todo="write dates as 2022-06-30") from None
