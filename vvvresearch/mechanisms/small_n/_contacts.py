"""The plan of contacts with case pairs: what is done, due and overdue, and who has dropped out."""

from __future__ import annotations

import datetime
from typing import Any

import pandas as pd

from vvvresearch.errors import AnalysisError, require_table
from vvvresearch.evidence import Register
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Phrase
from vvvresearch.results import Base, Column, Measure, Names, Picture, Result, Total

ROOT = "contacts"
STATUSES = ("done", "overdue", "due", "planned", "dropped_out")


def contact_plan(
    contacts: pd.DataFrame | Register, today: datetime.date | str = "", *, within: int = 30, kind: DataKind | None = None
) -> Result:
    """Say of every planned contact with a pair whether it is done, due, overdue, planned or lost to drop-out.

    Args:
        contacts: the register of a round, or a table with one row a planned contact: pair, contact, due (date); where there are:
            kind, done (date or empty), dropped_out (date or empty), reason. Dates as YYYY-MM-DD.
        today: the day to judge by (YYYY-MM-DD); a round supplies the end of its period.
        within: so many days ahead a contact counts as due.
        kind: kind of a table of one's own; a register has its.

    Returns:
        Result; `.frame` has one row a contact: pair, contact, kind, due, done, status ("done", "overdue", "due", "planned",
        "dropped_out"), days (late if positive), reason. Its part "pairs" has one row
        a pair: done, planned, overdue (how many), overdue_contacts (which), next_due, dropped_out, reason. Contacts due after a pair
        dropped out are "dropped_out", never overdue.

    Raises:
        AnalysisError: columns missing, something that is no date, a contact done in the future or planned twice, two drop-out dates.

    Example:
        >>> import pandas as pd
        >>> plan = contact_plan(pd.DataFrame({"pair": ["P1"], "contact": ["t0"], "due": ["2022-01-31"]}), "2022-02-10")
        >>> plan.where("status == 'overdue'").frame[["pair", "days"]].values.tolist()
        [['P1', 10]]
        >>> plan.cell("contacts.count.overdue").value
        1
    """
    day = today if isinstance(today, datetime.date) else _date(today, "today", "")
    if day is None:
        raise AnalysisError("no day is given to judge the plan by", todo='give today="2022-06-30"')
    table = contacts.frame if isinstance(contacts, Register) else contacts
    require_table(table, "contacts", ("pair", "contact", "due"))
    if table.empty:
        raise AnalysisError("the plan holds no contact")
    records = [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]
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
    overdue, gone = int((frame["status"] == "overdue").sum()), len(lost)
    pairs = frame["pair"].nunique()
    title = Phrase("mechanisms.title_contacts", {"day": day})
    notes = (Phrase("mechanisms.contacts_method", {"overdue": overdue, "lost": gone, "pairs": pairs}),)
    about, origin = (contacts.kind, contacts.origin) if isinstance(contacts, Register) else (kind or DataKind.REAL, "")
    common: dict[str, Any] = {"title": title, "notes": notes, "kind": about, "at": ROOT}
    return Result(
        frame=frame,
        base=Base(len(frame), "contact", source=origin),
        shows=tuple(
            Column(
                name,
                Phrase(f"mechanisms.contact_{name}"),
                format="date" if name in ("due", "done") else "count" if name == "days" else "text",
                words="mechanism_words" if name == "status" else "",
            )
            for name in ("pair", "contact", "kind", "due", "done", "status", "days", "reason")
        ),
        keys=("pair", "contact"),
        measures=(Measure("days", of=""),),
        categories={"status": STATUSES},
        totals={"pairs": Total(pairs, Base(pairs, "pair")), "lost_pairs": Total(gone, Base(pairs, "pair"))},
        parts={"pairs": _pairs(frame, lost, common)},
        pictures={"contact-timeline": Picture("contact_timeline", options={"today": day, "notes": notes})},
        **common,
    )


def _status(due: datetime.date, done: datetime.date | None, lost: datetime.date | None, day: datetime.date, within: int) -> str:
    if done is not None:
        return "done"
    if lost is not None and lost <= day:
        return "dropped_out"
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


def _pairs(frame: pd.DataFrame, lost: dict[str, tuple[datetime.date, str]], common: dict[str, Any]) -> Result:
    """One row a pair: what is done, what is late and what comes next."""
    rows = []
    for pair, group in frame.groupby("pair", sort=True):
        ahead = group.loc[group["status"].isin(["overdue", "due", "planned"]), "due"]
        late = group.loc[group["status"] == "overdue", "contact"]
        date, reason = lost.get(str(pair), (None, ""))
        rows.append(
            {
                "pair": pair,
                "done": int((group["status"] == "done").sum()),
                "planned": len(group),
                "overdue": len(late),
                "overdue_contacts": tuple(late),
                "next_due": min(ahead) if len(ahead) else None,
                "dropped_out": date,
                "reason": reason,
            }
        )
    counts = ("done", "planned", "overdue")
    return Result(
        frame=pd.DataFrame(rows),
        base=Base(len(rows), "pair"),
        shows=(
            Column("pair", Phrase("mechanisms.contact_pair")),
            Column("done", Phrase("mapping_tables.contacts_done"), "count"),
            Column("planned", Phrase("mapping_tables.contacts_planned"), "count"),
            Names("overdue_contacts", Phrase("mapping_tables.contacts_overdue")),
            Column("next_due", Phrase("mapping_tables.contacts_next"), "date"),
            Column("dropped_out", Phrase("mapping_tables.contacts_lost"), "date"),
            Column("reason", Phrase("mechanisms.contact_reason")),
        ),
        keys=("pair",),
        measures=tuple(Measure(name, of="") for name in counts),
        bases={(pair,): Base(int(count), "contact") for pair, count in frame["pair"].value_counts().items()},
        base_on=("pair",),
        **common,
    )


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
