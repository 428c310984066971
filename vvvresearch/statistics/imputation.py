"""A share where some who were asked did not answer: the answers of each class stand for the class."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from vvvresearch.errors import AnalysisError
from vvvresearch.statistics._interval import whole_number, whole_numbers, z_of
from vvvresearch.statistics.intervals import wilson_limits, worst_case_bounds

__all__ = ["ImputedShare", "imputed_share"]


@dataclass(frozen=True)
class ImputedShare:
    """A share with what was not answered filled in.

    Args:
        value: of everybody who was asked.
        se: its standard error, the uncertainty of filling in included.
        lower, upper: 95 % limits, in which that no class varies among few answers is no proof that it never does.
        classes: how many the answers were filled in within, after classes with fewer than two answers were laid together.
    """

    value: float
    se: float
    lower: float
    upper: float
    classes: int


def imputed_share(hits: Sequence[int], answered: Sequence[int], asked: Sequence[int], population: int | None = None) -> ImputedShare:
    """The share among all who were asked, if within each class those without an answer would have answered like those with one.

    It is what imputation within classes comes to when it is repeated endlessly, and its variance that of sampling in two phases:
    first those asked, then, in each class, those who answered.

    Args:
        hits, answered, asked: of each class.
        population: that those asked came from; None for one without end. As large as those asked, only the filling in is uncertain.

    Raises:
        AnalysisError: counts that do not fit, or fewer than two answers.

    Source:
        Rao 1973; Kalton and Kish 1984. Limits: Wilson 1927 with the base that a simple sample as uncertain would have (Korn and Graubard
        1998), half an answer of either kind added to each class where it tells how far answers vary.

    Example:
        >>> found = imputed_share([6, 1], [8, 4], [10, 10])
        >>> round(found.value, 3), round(found.se, 3)
        (0.5, 0.156)
    """
    classes = _classes(hits, answered, asked)
    n = sum(everybody for _, _, everybody in classes)
    if population is not None and whole_number(population, "population") < n:
        raise AnalysisError(f"{n} were asked in a population of {population}", where="population", todo="give the size of the whole frame")
    value = math.fsum(everybody * yes / given for yes, given, everybody in classes) / n

    def variance(added: float) -> float:
        filled = math.fsum(
            everybody * (everybody / given - 1) * (yes + added) * (given - yes + added) / (given + 2 * added) / (given + 2 * added - 1)
            for yes, given, everybody in classes
        )
        filled /= n**2
        return (value * (1 - value) + filled) / (n - 1) * (1 - (n / population if population else 0)) + filled

    x, m, spread = sum(yes for yes, _, _ in classes), sum(given for _, given, _ in classes), variance(0.5)
    # Where all answers are alike the base is that of the answers.
    lower, upper = wilson_limits(value, value * (1 - value) / spread if spread and 0 < x < m else m, z_of(0.95))
    if population:
        least, most = worst_case_bounds(x, m, population)
        lower, upper = max(lower, least), min(upper, most)
    return ImputedShare(value, math.sqrt(variance(0)), lower, upper, len(classes))


def _classes(hits: Sequence[int], answered: Sequence[int], asked: Sequence[int]) -> list[tuple[int, int, int]]:
    """Classes of at least two answers each, the smallest laid together until they are."""
    columns = [whole_numbers(each, name) for each, name in ((hits, "hits"), (answered, "answered"), (asked, "asked"))]
    if len({len(column) for column in columns}) > 1:
        raise AnalysisError("hits, answered and asked have unlike lengths", where="hits")
    rows = list(zip(*columns, strict=True))
    if any(not 0 <= yes <= given <= everybody for yes, given, everybody in rows):
        raise AnalysisError("no class can have more hits than answers, or more answers than were asked", where="hits, answered, asked")
    rows = sorted((row for row in rows if row[2]), key=lambda row: row[1])
    if sum(given for _, given, _ in rows) < 2:
        raise AnalysisError("fewer than two answered, so there is nobody to fill in from", where="answered")
    while rows[0][1] < 2:
        first, second, *others = rows
        rows = sorted([(first[0] + second[0], first[1] + second[1], first[2] + second[2]), *others], key=lambda row: row[1])
    return rows
