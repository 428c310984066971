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
    "after": 0.60, "after_bracket": 3.19, "after_gap": -2.50, "all_after": -0.01, "all_away": -0.42, "all_base": 2.97,
    "all_cell": -0.31, "all_equal": -4.29, "all_first": 1.20, "all_in_all_after": 2.99, "all_loose": -2.32, "all_opened": 5.00,
    "all_sample": 2.08, "all_split": 3.29, "all_unit": 1.08, "before": 2.10, "bracket": 3.28, "changed": -0.17, "comma": 0.05,
    "difference": 1.12, "end_cell": 0.29, "end_unit": -0.73, "ends_away": -0.53, "ends_cells": 6.32, "ends_decimals": -3.95,
    "ends_far": -2.97, "ends_here": 4.07, "ends_told": 2.12, "ends_unit": 2.60, "far_changed": -1.55, "far_it_is": 0.24,
    "far_so": 0.25, "far_to": -0.04, "gap": -0.28, "growth": -2.62, "growth_changed": 3.66, "growth_it_is": 0.45,
    "growth_so": -2.13, "growth_to": 1.53, "halves": 2.19, "has_percent": -2.06, "hundred": -4.75, "hundred_halves": 0.82,
    "hundred_two": 3.56, "in_all": -0.13, "it_is": 1.16, "largest": 0.54, "last": 0.25, "latest": -1.95, "latest_it_is": 4.75,
    "list": -4.02, "list_long": -0.20, "listed": -0.46, "longer": -3.10, "mean": -2.90, "mean_away": -0.22,
    "mean_duration": -2.07, "mean_here": 0.84, "mean_unit": 1.37, "of_it": 2.45, "of_them": -0.84, "ones": -3.61, "other": -2.72,
    "other_whole": -3.72, "own_whole_far_part": -2.49, "part_alike": 2.02, "part_away": -1.63, "part_base": 0.78,
    "part_behind": -1.95, "part_cell": -1.85, "part_cell_alike": 1.75, "part_other_block": 0.15, "part_whole": -2.27,
    "parts_base": -2.36, "parts_loose": -6.72, "product": -0.82, "product_away": -0.75, "rest": 0.91, "rest_away": -0.73,
    "rest_base": 1.34, "rest_before": -1.76, "rest_cell": -1.36, "rest_here": 1.11, "rest_two": 0.58, "same_unit": 0.69,
    "several": -1.16, "share": 0.10, "so": -0.62, "stop": -2.25, "sum": 3.87, "than": 3.36, "three": -1.45, "to": 1.18,
    "two": -5.39, "units_mixed": -5.56, "units_same": -1.94, "whole_after": -0.35, "whole_alike": -0.24, "whole_away": -0.04,
    "whole_base": 1.08, "whole_before": 1.47, "whole_cell": -1.17, "whole_known": -1.30, "whole_loose": -2.21,
    "whole_ratio": 3.56, "whole_total": -1.64, "whole_unit": -0.67,
}  # fmt: skip
JUDGING = {
    "difference": 0.72, "mean": -0.42, "meant": 0.89, "near": 0.29, "one": -4.80, "part_slip": 0.40, "product": 0.29,
    "rest": 0.78, "right": -2.36, "rightly": -0.40, "share": 0.01, "slip": 0.52, "sum": -0.20,
}  # fmt: skip
# The odds that a finding needs.
NEEDED = 0.3
# Equations that explain a number, and of which nobody would say that it is wrong.
_ONLY_EXPLAIN = ("other", "growth")


@dataclass(frozen=True, eq=False)
class Equation:
    """What some numbers give for another.

    Attributes:
        kind: "share", "other" (all but the share), "growth", "mean", "product", "difference", "rest" or "sum".
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
    """What is known of an equation that does not give the number printed: how likely it, or one that holds, is meant, and how near it is."""
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
        return max(surprise(printed_as(one, one.value - gap), one.digits, rough=False) for one in equation.of if one.value > gap) if any(
            one.value > gap for one in equation.of
        ) else 0.0
    return 0.0


def _slip_of(part: Number, low: Fraction, high: Fraction) -> float:
    """Bits for that a slip in a count would make it what its percentage tells: less, since many counts give one percentage."""
    digits = str(int(part.value))
    others = {f"{digits[:at]}{new}{digits[at + 1 :]}" for at in range(len(digits)) for new in "0123456789"}
    swapped = {f"{digits[:at]}{digits[at + 1]}{digits[at]}{digits[at + 2 :]}" for at in range(len(digits) - 1)}
    found = [bits for some, bits in ((swapped, 3.5), (others, 1.5)) if any(low <= int(one) <= high for one in some if one != digits)]
    return max(found, default=0.0)
