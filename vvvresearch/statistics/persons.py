"""Repeated interviews: tests of groups that exchange persons, never single interviews."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from fractions import Fraction
from statistics import NormalDist

from vvvresearch.errors import AnalysisError
from vvvresearch.statistics._interval import several, whole_numbers
from vvvresearch.statistics._linear import linear_test
from vvvresearch.statistics.exact_tests import Significance

__all__ = ["persons_by_group"]


def persons_by_group(
    affirmed: Sequence[int], interviews: Sequence[int], groups: Sequence[Hashable], *, draws: int = 9_999, seed: int = 2021
) -> Significance:
    """Does a theme go with the group, when persons were interviewed once or several times?

    A person's second interview is no new informant, so whole persons are exchanged between groups. What a person adds is affirmed
    interviews less the number expected from the share over all interviews; someone interviewed twice weighs twice in either
    direction. With two groups the distribution is counted out; with more, persons are drawn at random and `error` says how far p
    may be off.

    Args:
        affirmed: for each person the interviews that affirm the theme.
        interviews: for each person the interviews in which it could be raised, at least one.
        groups: the group of each person.
        draws, seed: of the random exchanges, with three groups and more.

    Returns:
        Significance; NaN where there is nothing to test: one group, or nobody or everybody affirms throughout. With two groups the
        statistic is the first group's affirmed interviews less expectation.

    Raises:
        AnalysisError: lists of unlike length, or more affirmed interviews than interviews.

    Source: permutation of clusters (Gail, Mark, Carroll, Green and Pee 1996).

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
    if len(names) < 2 or sum(yes) in (0, sum(asked)):
        return Significance(math.nan, 0.0, test)
    share = Fraction(sum(yes), sum(asked))
    added = [part - share * whole for part, whole in zip(yes, asked, strict=True)]
    if len(names) == 2:
        levels = sorted(set(added))
        sizes = [added.count(level) for level in levels]
        first = [sum(value == level and group == names[0] for value, group in zip(added, groups, strict=True)) for level in levels]
        return Significance(*linear_test(sizes, levels, first), test)
    return _drawn(added, [names.index(group) for group in groups], draws, seed, test)


def _drawn(added: list[Fraction], groups: list[int], draws: int, seed: int, test: str) -> Significance:
    import numpy as np

    values, member = np.array([float(value) for value in added]), np.array(groups)
    indicator = (member[:, None] == np.arange(member.max() + 1)) / np.sqrt(np.bincount(member))

    def between(orders: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
        found: np.ndarray[tuple[int, ...], np.dtype[np.float64]] = ((orders @ indicator) ** 2).sum(axis=1)
        return found

    observed = float(between(values[None, :])[0])
    shuffled = np.random.default_rng(seed).permuted(np.tile(values, (draws, 1)), axis=1)
    p_value = (int((between(shuffled) >= observed * (1 - 1e-9)).sum()) + 1) / (draws + 1)
    error = NormalDist().inv_cdf(0.995) * math.sqrt(p_value * (1 - p_value) / draws)
    return Significance(p_value, observed, f"{test}, {draws} times", error)
