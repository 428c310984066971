"""The time that a round covers against the dates of its sources: what lies wholly outside is of another round."""

from __future__ import annotations

import re
from collections.abc import Iterator

from vvvresearch.check._evidence import Examined
from vvvresearch.evidence import span_of

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


def outside_the_period(opened: Examined) -> Iterator[str]:
    """What is to be told of dates before or after the round's period: that it is not set yet where no date lies in it, else the files
    whose dates all lie outside. A reader decides: an interview of the year before may well belong to the round.
    """
    spans = _spans(opened)
    outside = {name: span for name, span in spans.items() if _is_outside(opened, span)}
    if spans and len(outside) == len(spans):
        first, last = min(one for one, _ in spans.values()), max(other for _, other in spans.values())
        yield f"{opened.file}, line {opened.lines.at('period')}: period is to be set: the dates of its sources go from {first} to {last}"
        return
    for name, (first, last) in outside.items():
        period = f"{opened.spec.period.start} to {opened.spec.period.end}"
        yield f"{next(opened.readable(name)).path}: all dates lie outside the round's period ({period}): {first} to {last}"


def _is_outside(opened: Examined, span: tuple[str, str]) -> bool:
    return span[1] < opened.spec.period.start.isoformat() or span[0] > opened.spec.period.end.isoformat()


def _spans(opened: Examined) -> dict[str, tuple[str, str]]:
    """Type of source → the first and last day of all its dates."""
    days: dict[str, list[tuple[str, str]]] = {}
    start = opened.spec.period.start.isoformat()
    for source in opened.readable():
        frame = getattr(opened.as_read(source.id), "frame", None)
        if frame is None:
            continue
        for name in (one for one in _DATED.get(source.type, ()) if one in frame.columns):
            own = days.setdefault(source.type, [])
            own += [span for cell in frame[name] if (span := _span(str(cell))) is not None]
            if name == "end" and frame[name].isna().any():
                own.append((start, start))
    return {name: (min(one for one, _ in found), max(other for _, other in found)) for name, found in days.items() if found}


def _span(text: str) -> tuple[str, str] | None:
    """The first and last day that a date, month, quarter or year may be."""
    # A day may have a time after it.
    span = span_of(re.split("[ T]", text.strip(), maxsplit=1)[0])
    return None if span is None else (span[0].isoformat(), span[1].isoformat())
