"""The time that a round covers against the dates of its sources: a source that lies wholly outside is of another round."""

from __future__ import annotations

import re
from collections.abc import Iterator

from vvvresearch.check._evidence import Examined
from vvvresearch.check._fault import Fault

# Type of source → the columns whose dates say when its rows were; a match without an end is still going on.
_DATED = {
    "interviews": ("month",),
    "monitoring": ("extract",),
    "courses": ("date",),
    "matches": ("start", "end"),
    "referrals": ("referred",),
    "activities": ("date",),
    "observations": ("date",),
}
_DAY = re.compile(r"(?P<year>(?:19|20)\d\d)(?:-(?P<month>\d\d)(?:-(?P<day>\d\d))?)?(?!\d)")


def period_faults(opened: Examined) -> Iterator[Fault]:
    """Sources all of whose dates lie before or after the round's period."""
    period = opened.spec.period
    start, end = period.start.isoformat(), period.end.isoformat()
    for source in opened.readable():
        columns = _DATED.get(source.type, ())
        frame = getattr(opened.as_read(source.id), "frame", None)
        if frame is None or not columns or columns[0] not in frame.columns:
            continue
        if "end" in columns and "end" in frame.columns and frame["end"].isna().any():
            columns = columns[:1] if str(frame["start"].min())[:10] > end else ()
        spans = [span for name in columns if name in frame.columns for cell in frame[name] if (span := _span(str(cell))) is not None]
        if not spans:
            continue
        first, last = min(one for one, _ in spans), max(other for _, other in spans)
        if last < start or first > end:
            what = f"all dates lie outside the round's period ({start} to {end}): {first} to {last}"
            yield Fault("period", source.path, None, what, "", "correct the period in round.toml, or take the file of this round")


def _span(text: str) -> tuple[str, str] | None:
    """The first and last day that a date, month, quarter or year may be."""
    found = _DAY.match(text)
    if found is None:
        return None
    year, month, day = found["year"], found["month"], found["day"]
    if day:
        return f"{year}-{month}-{day}", f"{year}-{month}-{day}"
    return (f"{year}-{month}-01", f"{year}-{month}-31") if month else (f"{year}-01-01", f"{year}-12-31")
