"""Repeated interviews: tests of groups that exchange persons, never single interviews."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from fractions import Fraction
from statistics import NormalDist
from typing import TYPE_CHECKING

from vvvresearch.errors import AnalysisError
from vvvresearch.statistics._interval import several, whole_numbers
from vvvresearch.statistics._linear import chances_of_sums
from vvvresearch.statistics.exact_tests import Significance

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["persons_by_group"]


def persons_by_group(
    affirmed: Sequence[int], interviews: Sequence[int], groups: Sequence[Hashable], *, draws: int = 9_999, seed: int = 2021
) -> Significance:
    """Does a theme go with the group, when persons were interviewed once or several times?

    A person's second interview is no new informant, so whole persons are exchanged between groups, among those who were interviewed
    equally often: how often that was is no answer. What is added up are affirmed interviews, so someone who affirms twice weighs
    twice. With two groups the distribution is counted out; with more, persons are drawn at random and `error` says how far p may be
    off.

    Args:
        affirmed: for each person the interviews that affirm the theme.
        interviews: for each person the interviews in which it could be raised, at least one.
        groups: the group of each person.
        draws, seed: of the random exchanges, with three groups and more.

    Returns:
        Significance; NaN where there is nothing to test: one group, or all who were interviewed equally often are of one group or
        affirm alike. With two groups the statistic is the first group's affirmed interviews less expectation.

    Raises:
        AnalysisError: lists of unlike length, or more affirmed interviews than interviews.

    Source: permutation of clusters (Gail, Mark, Carroll, Green and Pee 1996), within strata.

    Example:
        >>> round(persons_by_group([2, 2, 1, 0, 0, 0], [2, 2, 2, 2, 2, 2], list("aaabbb")).p_value, 2)
        0.1
    """
    yes = whole_numbers(affirmed, "affirmed")
    asked = whole_numbers(interviews, "interviews")
    if not len(yes) == len(asked) == len(several(groups, "groups")):
        raise AnalysisError(
            "every person needs a count of affirming interviews, of interviews, and a group", where="affirmed, interviews, groups"
        )
    if any(not 0 <= part <= whole or whole < 1 for part, whole in zip(yes, asked, strict=True)):
        raise AnalysisError("a person affirms in 0 to all of at least one interview", where="affirmed, interviews")
    names = list(dict.fromkeys(groups))
    test = "persons exchanged"
    alike = [[place for place, times in enumerate(asked) if times == often] for often in sorted(set(asked))]
    mixed = [own for own in alike if len({groups[one] for one in own}) > 1 and len({yes[one] for one in own}) > 1]
    if not mixed:
        return Significance(math.nan, 0.0, test)
    if len(names) == 2:
        return _counted(yes, [group == names[0] for group in groups], mixed, test)
    return _drawn(yes, [names.index(group) for group in groups], mixed, draws, seed, test)


def _counted(yes: list[int], first: list[bool], alike: list[list[int]], test: str) -> Significance:
    """The exact distribution of what the first group adds up to."""
    import numpy as np

    chances, expected, observed = np.ones(1), Fraction(0), 0
    for own in alike:
        values, members = [yes[one] for one in own], [one for one in own if first[one]]
        levels = sorted(set(values))
        chances = np.convolve(chances, chances_of_sums([values.count(level) for level in levels], levels, len(members)))
        expected += Fraction(len(members) * sum(values), len(own))
        observed += sum(yes[one] for one in members)
    beyond = abs(observed - expected)
    p_value = math.fsum(chance for value, chance in enumerate(chances.tolist()) if abs(value - expected) >= beyond)
    return Significance(min(1.0, p_value), float(observed - expected), test)


def _drawn(yes: list[int], groups: list[int], alike: list[list[int]], draws: int, seed: int, test: str) -> Significance:
    import numpy as np

    values, member = np.array(yes, dtype=np.float64), np.array(groups)
    for own in alike:
        values[own] -= values[own].mean()
    chosen = np.concatenate(alike)
    indicator = (member[:, None] == np.arange(member.max() + 1)) / np.sqrt(np.bincount(member))

    def between(orders: NDArray[np.float64]) -> NDArray[np.float64]:
        found: NDArray[np.float64] = ((orders[:, chosen] @ indicator[chosen]) ** 2).sum(axis=1)
        return found

    observed = float(between(values[None, :])[0])
    shuffled, rng = np.tile(values, (draws, 1)), np.random.default_rng(seed)
    for own in alike:
        shuffled[:, own] = rng.permuted(shuffled[:, own], axis=1)
    p_value = (int((between(shuffled) >= observed * (1 - 1e-9)).sum()) + 1) / (draws + 1)
    error = NormalDist().inv_cdf(0.995) * math.sqrt(p_value * (1 - p_value) / draws)
    return Significance(p_value, observed, f"{test}, {draws} times", error)
