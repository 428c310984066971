"""Two rows as the two sides of a comparison, of parts of a whole or of numbers that are none."""

from __future__ import annotations

import dataclasses
from fractions import Fraction

from vvvresearch.errors import AnalysisError
from vvvresearch.statements import Amount, Row, Side


def compared(one: Row, other: Row, *, same: bool, mirrored: bool = False) -> Row:
    """Two rows as the two sides of a comparison; what no model has compared has no interval."""
    if one.value is not None and other.value is not None:
        return _two_amounts(one, other, same=same)
    if one.count is None or one.n is None or other.count is None or other.n is None:
        raise AnalysisError("a part of a whole and a number without one are not compared", todo="bind each number to its own address")
    unlike = not same or (one.labels != other.labels and bool(one.labels and other.labels)) or one.unit[:1] != other.unit[:1]
    unlike = unlike and not mirrored
    from vvvresearch.survey.intervals import difference_interval

    side = Side(other.count, other.n, tuple(name for name in (*other.group, *other.unit) if name not in one.unit), other.period)
    found = difference_interval(one.count, one.n, other.count, other.n)
    low, high = float(found[0]), float(found[1])
    waves = bool(one.period and other.period and one.period != other.period)
    later = one
    counted = one.full_count and other.full_count
    if waves and one.period < other.period:
        return compared(other, one, same=same, mirrored=mirrored)
    return dataclasses.replace(
        later,
        before=side if waves else None,
        other=None if waves else side,
        group=tuple(name for name in later.group if name not in side.names) or later.group,
        foreign=tuple(word for word in later.foreign if word not in side.names),
        subjects=tuple(word for word in later.subjects if word not in {name.lower() for name in side.names}),
        change_lower=None if counted else Fraction(str(low)),
        change_upper=None if counted else Fraction(str(high)),
        siblings=(),
        unsure=None,
        obstacle="other_question" if unlike else "",
    )


def _two_amounts(one: Row, other: Row, *, same: bool) -> Row:
    """Two numbers that are no parts of a whole, the later one first where both have their time."""
    if one.period and other.period and one.period < other.period:
        one, other = other, one
    alike = same or (one.statistic == other.statistic and one.unit[:1] == other.unit[:1] and one.measured_in == other.measured_in)
    own = {word.lower() for word in other.group}
    return dataclasses.replace(
        one,
        beside=Amount(other.value or Fraction(0), tuple(name for name in other.group if name not in one.group), other.period),
        foreign=tuple(word for word in one.foreign if word.lower() not in own),
        subjects=tuple(word for word in one.subjects if word not in own),
        obstacle="" if alike else "other_question",
    )
