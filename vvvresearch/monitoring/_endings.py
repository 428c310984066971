"""Why matches ended: how many ended for each class of reasons, of those that ended or of those that started."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from vvvresearch.errors import AnalysisError
from vvvresearch.evidence import Register, span_of
from vvvresearch.locales import Phrase
from vvvresearch.monitoring._records import with_reasons
from vvvresearch.monitoring.matches import REASON_CLASSES, broken_off
from vvvresearch.results import Base, Column, Labels, Measure, Result, Share

_JOINT = "/"


def ended_by_reason(matches: Register, *, of: str = "ended", together: Sequence[str] = (), year: str = "") -> Result:
    """Ended matches by class of reason.

    Args:
        matches: the register of matches.
        of: what the shares are of: "ended", "ended_known" (for a known reason) or "started".
        together: reason classes that are also counted as one.
        year: only those that ended in it, or of "started" those that started in it; a part of one ("2025-H1") as well; default all that
            the register holds.

    Returns:
        Result; frame reason_class, count, n. Addresses `ended.<reason class>.share`, those of several `ended.<class>/<class>.share`,
        another base `ended/of-started.…`, one year `ended/in-2025.…`.

    Raises:
        AnalysisError: an unknown class or denominator, a year that is none or begins after the register was drawn.
        UnanswerableError: the register does not say why matches ended.
        SchemaError: the register has faults.

    Example:
        >>> rows = pd.DataFrame({"match": list("abcd"), "start": "2020-01-01", "end": ["2020-02-01", "2020-03-01", "2020-04-01", ""],
        ...     "reason_class": ["premature", "natural", "unknown", ""]})
        >>> ended_by_reason(Register(rows)).cell("share", reason_class="premature").value
        Fraction(1, 3)
    """
    events = with_reasons(matches)[0]
    readings = {name: (name,) for name in REASON_CLASSES} | ({_JOINT.join(together): tuple(together)} if len(together) > 1 else {})
    since, until = _period_of(year, events.as_of)
    frame = broken_off(events, readings, [of], since, until).frame.rename(columns={"reading": "reason_class"})
    n = int(frame["n"].iloc[0])
    return Result(
        frame=pd.DataFrame(frame[["reason_class", "count", "n"]]),
        base=Base(n, "match"),
        title=Phrase("programme.endings_title"),
        notes=(Phrase(f"programme.endings_of_{of}"), *([Phrase("programme.endings_in", {"year": year})] if year else [])),
        shows=(
            Column("reason_class", Phrase("programme.endings_reason")),
            Column("count", Phrase("programme.endings_count"), "count"),
            Share("share", Phrase("programme.endings_share")),
        ),
        kind=matches.kind,
        at="ended" + (f"/of-{of}" if of != "ended" else "") + (f"/in-{year}" if year else ""),
        keys=("reason_class",),
        measures=(Measure("count"), Measure("n"), Measure("share", "share", count="count")),
        labels={"reason_class": Labels({name: Phrase(f"programme.reason_{name}") for name in REASON_CLASSES})},
    )


def _period_of(year: str, drawn: pd.Timestamp) -> tuple[pd.Timestamp | None, pd.Timestamp | None]:
    if not year:
        return None, None
    span = span_of(year)
    if span is None:
        raise AnalysisError(f"{year!r} is no year", where="year", todo="2025, or a part of one: 2025-H1, 2025-Q2, 2025-06")
    return pd.Timestamp(span[0]), min(pd.Timestamp(span[1]), drawn)
