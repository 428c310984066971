"""Equations between printed numbers, and how likely each is meant.

Every equation that the words around a number allow is tried. How likely each is meant, beside the others and that the number follows
from none, is a conditional logit: its weights were fitted on the clean texts of `benchmarks/audit_texts`, where an equation was meant
when it gives what is printed. Where none gives the number, the likeliest is weighed with how near it comes: a logistic regression on the
errors planted there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import exp, log, log2

from vvvresearch.audit._near_numbers import Number, printed_as
from vvvresearch.audit._slips import surprise
from vvvresearch.locales import half_up

WEIGHTS = {
    "after": 0.78, "after_bracket": 3.03, "after_gap": -2.53, "all_after": -0.47, "all_away": -0.80, "all_base": 2.91,
    "all_cell": -0.04, "all_equal": -4.31, "all_first": 0.60, "all_in_all_after": 2.80, "all_loose": -2.36, "all_opened": 4.78,
    "all_sample": 2.59, "all_split": 3.32, "all_unit": 0.96, "before": 2.30, "bracket": 3.29, "changed": -0.22,
    "difference": 1.53, "end_cell": -0.10, "end_unit": -0.94, "ends_away": -0.65, "ends_cells": 6.57, "ends_decimals": -3.93,
    "ends_far": -2.73, "ends_here": 3.92, "ends_told": 1.97, "ends_unit": 3.26, "far_changed": -1.54, "far_it_is": 0.31,
    "far_so": 0.38, "far_to": 0.18, "gap": -0.15, "growth": -2.39, "growth_changed": 3.64, "growth_it_is": 0.48,
    "growth_so": -2.14, "growth_to": 1.55, "halves": 2.27, "has_percent": -2.37, "hundred": -5.42, "hundred_halves": 0.74,
    "hundred_two": 3.65, "in_all": -0.13, "it_is": 1.09, "largest": 0.71, "last": 0.20, "latest": -1.96, "latest_it_is": 4.32,
    "list": -3.77, "list_long": -0.23, "listed": -0.42, "longer": -3.06, "mean": -2.86, "mean_away": -0.27,
    "mean_duration": -2.11, "mean_here": 0.23, "mean_together": 0.94, "mean_unit": 1.83, "mean_word": 0.09, "of_it": 2.67,
    "of_them": -0.57, "ones": -3.44, "other": -2.62, "other_whole": -3.11, "own_whole_far_part": -2.90, "part_alike": 1.76,
    "part_away": -1.50, "part_base": 0.11, "part_behind": -2.82, "part_cell": -1.71, "part_cell_alike": 2.43,
    "part_other_block": -0.35, "part_whole": -2.13, "parts_base": -2.36, "parts_loose": -6.58, "product": -0.85,
    "product_away": -0.73, "rest": 1.21, "rest_all": 2.36, "rest_away": -1.50, "rest_base": 1.63, "rest_before": -1.67,
    "rest_cell": -0.55, "rest_here": 0.30, "rest_two": 1.08, "rows": -0.30, "rows_columns": -1.70, "rows_named": -1.04,
    "rows_numbers": -2.43, "rows_together": 2.64, "rows_two": 0.25, "same_unit": 1.04, "share": 0.34, "so": -0.64, "stop": -2.30,
    "sum": 4.54, "than": 3.05, "three": -1.36, "to": 1.20, "two": -5.48, "units_mixed": -5.74, "units_same": -1.89,
    "whole_after": -0.55, "whole_alike": -0.14, "whole_away": -0.37, "whole_base": 0.97, "whole_before": 1.31,
    "whole_cell": -0.98, "whole_known": -1.15, "whole_loose": -2.42, "whole_ratio": 2.88, "whole_total": -1.64,
    "whole_unit": -0.61,
}  # fmt: skip
JUDGING = {
    "difference": 0.73, "mean": -0.43, "meant": 0.83, "near": 0.33, "one": -4.97, "part_slip": 0.40, "product": 0.25,
    "rest": 0.64, "right": -2.48, "rightly": -0.41, "share": 0.03, "slip": 0.51, "sum": -0.19,
}  # fmt: skip
# The odds that a finding needs.
NEEDED = 0.3
# Equations that explain a number, and of which nobody would say that it is wrong.
_ONLY_EXPLAIN = ("other", "growth")


@dataclass(frozen=True, eq=False)
class Equation:
    """What some numbers give for another.

    Attributes:
        kind: "share", "other" (all but the share), "growth", "mean", "product", "difference", "rest", "rows" or "sum".
        target: the number that they should give.
        gives: what they give.
        of: the numbers.
        room: what rounding allows.
        signs: what speaks for and against that it is meant, by name.
    """

    kind: str
    target: Number
    gives: Fraction
    of: tuple[Number, ...]
    room: Fraction
    signs: dict[str, float]

    @cached_property
    def odds(self) -> float:
        """How likely it is meant, beside that the number follows from nothing, as a logarithm."""
        return sum(WEIGHTS.get(name, 0.0) * value for name, value in self.signs.items())

    @cached_property
    def holds(self) -> bool:
        """Whether it gives what is printed."""
        gap = abs(self.gives - self.target.value)
        return gap <= self.room or (self.kind != "sum" and half_up(self.gives, self.target.decimals) == self.target.value)


def likeliest(equations: Sequence[Equation]) -> list[Equation]:
    """Equations of the same numbers once, as they are likeliest meant."""
    found: dict[tuple[str, tuple[Fraction, ...]], Equation] = {}
    for one in equations:
        key = one.kind, (one.target.value, *(number.value for number in one.of))
        if key not in found or one.odds > found[key].odds:
            found[key] = one
    return list(found.values())


def weighed(equations: Sequence[Equation]) -> tuple[float, Equation] | None:
    """The equation that is surest meant and wrong, with the odds of that as a logarithm; None where all hold.

    Args:
        equations: all that may be meant by one number, or by one list of parts.
    """
    parts = [exp(min(one.odds, 30.0)) for one in equations]
    every = 1 + sum(parts)
    right = sum(part for one, part in zip(equations, parts, strict=True) if one.holds) / every
    wrong = [(part / every, one) for one, part in zip(equations, parts, strict=True) if not one.holds and one.kind not in _ONLY_EXPLAIN]
    judged = ((_judge(evidence(one, meant, right)), one) for meant, one in wrong)
    return max(judged, key=lambda pair: pair[0], default=None)


def evidence(equation: Equation, meant: float, right: float) -> dict[str, float]:
    """What is known of an equation that does not hold: how likely it, or one that holds, is meant, and how near it comes."""
    target, gap = equation.target, float(abs(equation.gives - equation.target.value))
    scale = 100.0 if target.family == "percent" else float(max(equation.gives, target.value))
    return {
        "one": 1.0, "meant": log(max(meant, 1e-6) / max(1 - meant, 1e-3)), "right": right, "rightly": log(max(right, 1e-3)),
        "slip": surprise(printed_as(target, equation.gives), target.digits, rough=False), "part_slip": _part_slip(equation),
        "near": min(max(-log2(gap / scale) if gap else 8.0, 0.0), 8.0), equation.kind: 1.0,
    }  # fmt: skip


def _judge(found: dict[str, float]) -> float:
    return sum(JUDGING.get(name, 0.0) * value for name, value in found.items())


def _part_slip(equation: Equation) -> float:
    """Bits for that a slip in one of the numbers would make the equation right."""
    target = equation.target
    if equation.kind == "share":
        part, whole = equation.of
        return _slip_of(part, (target.value - equation.room) * whole.value / 100, (target.value + equation.room) * whole.value / 100)
    if equation.kind == "sum":
        gap = equation.gives - target.value
        slips = (surprise(printed_as(one, one.value - gap), one.digits, rough=False) for one in equation.of if one.value > gap)
        return max(slips, default=0.0)
    return 0.0


def _slip_of(part: Number, low: Fraction, high: Fraction) -> float:
    """Bits for that a slip in a count would make it what its percentage tells: less, since many counts give one percentage."""
    digits = str(int(part.value))
    others = {f"{digits[:at]}{new}{digits[at + 1 :]}" for at in range(len(digits)) for new in "0123456789"}
    swapped = {f"{digits[:at]}{digits[at + 1]}{digits[at]}{digits[at + 2 :]}" for at in range(len(digits) - 1)}
    found = [bits for some, bits in ((swapped, 3.5), (others, 1.5)) if any(low <= int(one) <= high for one in some if one != digits)]
    return max(found, default=0.0)
