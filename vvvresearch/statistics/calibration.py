"""Weights that make the answers agree with known totals: post-stratification, raking and linear calibration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from vvvresearch.errors import AnalysisError

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Weights", "greg", "post_stratify", "rake"]

_TOLERANCE = 1e-9
_ROUNDS = 1000


@dataclass(frozen=True)
class Weights:
    """Calibrated weights.

    Args:
        values: one a respondent, in order; they add up to the total of the targets.
        method: how they were found.
        rounds: passes of an iterative method, else 1.
        start: the weights that were calibrated; None where these are not calibrated.
        groups: for each variable whose totals are met the category of each respondent as a number.
        design: auxiliary variables of linear calibration, respondents × variables.
    """

    values: NDArray[Any]
    method: str
    rounds: int = 1
    start: NDArray[Any] | None = None
    groups: tuple[NDArray[Any], ...] = ()
    design: NDArray[Any] | None = None

    @property
    def design_effect(self) -> float:
        """Kish's (1965) 1 + CV² of the weights: the loss of precision that unequal weights cost."""
        return float(len(self.values) * (self.values**2).sum() / self.values.sum() ** 2)

    @property
    def effective_n(self) -> float:
        """Number of answers of equal weight that would be as precise."""
        return len(self.values) / self.design_effect


def post_stratify(cells: Sequence[object], totals: Mapping[object, float], base: NDArray[Any] | None = None) -> Weights:
    """Every cell's weights add up to its known total.

    Args:
        cells: the cell of each respondent.
        totals: cell → units in the frame.
        base: weights to start from; default 1 each.

    Raises:
        AnalysisError: a cell with units but no answers, answers in a cell without units or outside the targets.

    Source:
        Holt and Smith 1979.

    Example:
        >>> post_stratify(["a", "a", "b"], {"a": 6, "b": 4}).values.tolist()
        [3.0, 3.0, 4.0]
    """
    start = _base_weights(len(cells), base)
    _refuse_impossible("cell", cells, totals)
    found = _Cells.of(cells, totals)
    return Weights(found.scaled(start), "post-stratification", start=start, groups=(found.codes,))


def rake(
    margins: Mapping[str, Sequence[object]], totals: Mapping[str, Mapping[object, float]], base: NDArray[Any] | None = None
) -> Weights:
    """Weights that agree with the totals of several variables, changed as little as possible.

    Args:
        margins: variable → the category of each respondent.
        totals: variable → category → units in the frame; every variable must add up to the same total.
        base: weights to start from; default 1 each.

    Raises:
        AnalysisError: empty categories, answers where the target is zero or missing, variables with unlike totals, or no
            convergence, which means that no weights agree with all targets.

    Source:
        Deming and Stephan 1940; Deville, Särndal and Sautory 1993.

    Example:
        >>> found = rake({"x": ["a", "a", "b", "b"], "y": ["c", "d", "c", "d"]}, {"x": {"a": 6, "b": 4}, "y": {"c": 5, "d": 5}})
        >>> found.values.round(6).tolist()
        [3.0, 3.0, 2.0, 2.0]
    """
    import numpy as np

    if not margins:
        raise AnalysisError("raking needs at least one variable", where="by")
    sizes = {name: len(values) for name, values in margins.items()}
    if len(set(sizes.values())) > 1:
        raise AnalysisError("every variable needs a category for every respondent", where=", ".join(margins))
    start = weights = _base_weights(next(iter(sizes.values())), base)
    for name, values in margins.items():
        if name not in totals:
            raise AnalysisError(f"there are no targets for {name!r}", where="targets")
        _refuse_impossible(name, values, totals[name])
    _refuse_unlike_totals({name: sum(totals[name].values()) for name in margins})
    cells = {name: _Cells.of(values, totals[name]) for name, values in margins.items()}
    gaps: dict[str, float] = {}
    for turn in range(1, _ROUNDS + 1):
        for each in cells.values():
            weights = each.scaled(weights)
        gaps = {name: each.largest_gap(weights) for name, each in cells.items()}
        if max(gaps.values()) <= _TOLERANCE:
            return Weights(weights, "raking", turn, start, tuple(each.codes for each in cells.values()))
        if not np.isfinite(weights).all():
            break
    worst = max(gaps, key=lambda name: gaps[name])
    raise AnalysisError(
        "the weights cannot be raked to these targets",
        where=f"{worst}: still {100 * gaps[worst]:.2g} % off after {_ROUNDS} passes",
        why="combinations of categories without any answers leave no weights that agree with all targets at once",
        todo="merge small categories, or weight by fewer variables",
    )


def greg(design: NDArray[Any], totals: Sequence[float], names: Sequence[str] = (), base: NDArray[Any] | None = None) -> Weights:
    """Linear calibration, the weights of the generalised regression estimator: w = d·(1 + x′λ).

    Args:
        design: respondents × auxiliary variables; a column of ones (or all categories of a variable) calibrates the total.
        totals: the frame's total of each column.
        names: of the columns, for messages.
        base: weights to start from; default the first total shared out equally.

    Returns:
        Weights; single ones can be negative, which the caller must say.

    Raises:
        AnalysisError: totals that no weights reach (for example a category without answers).

    Source:
        Deville and Särndal 1992, the chi-square distance; Särndal, Swensson and Wretman 1992.

    Example:
        >>> import numpy as np
        >>> greg(np.array([[1, 2.0], [1, 4.0], [1, 3.0]]), [6, 20.0]).values.round(6).tolist()
        [1.0, 3.0, 2.0]
    """
    import numpy as np

    table, wanted = np.asarray(design, dtype=float), np.asarray(totals, dtype=float)
    if table.ndim != 2 or table.shape[1] != len(wanted) or not len(table):
        raise AnalysisError("every auxiliary variable needs one total", where="targets")
    if not (np.isfinite(table).all() and np.isfinite(wanted).all()):
        raise AnalysisError("auxiliary variables and totals must be numbers without gaps", where="by, targets")
    start = _base_weights(len(table), base)
    missing = wanted - start @ table
    matrix = table.T @ (start[:, None] * table)
    multipliers, *_ = np.linalg.lstsq(matrix, missing, rcond=1e-12)
    weights = start * (1 + table @ multipliers)
    gaps = np.abs(weights @ table - wanted) / np.maximum(1.0, np.abs(wanted))
    if gaps.max() > 1e-6:
        worst = int(gaps.argmax())
        raise AnalysisError(
            "no weights reach these totals",
            where=names[worst] if names else f"column {worst}",
            why="the answers do not vary in what the totals ask for",
            todo="merge categories, or leave this variable out",
        )
    return Weights(weights, "greg", start=start, design=table)


def _base_weights(n: int, base: NDArray[Any] | None) -> NDArray[Any]:
    import numpy as np

    if n == 0:
        raise AnalysisError("there are no answers to weight", where="answers")
    if base is None:
        return np.ones(n)
    start = np.asarray(base, dtype=float)
    if start.shape != (n,) or not np.isfinite(start).all() or (start <= 0).any():
        raise AnalysisError("base weights must be positive numbers, one a respondent", where="base_weights")
    return start


@dataclass(frozen=True)
class _Cells:
    """The cell of each respondent as a number, and the total of each cell that has answers."""

    codes: NDArray[Any]
    totals: NDArray[Any]

    @classmethod
    def of(cls, cells: Sequence[object], totals: Mapping[object, float]) -> _Cells:
        import numpy as np
        import pandas as pd

        codes, found = pd.factorize(pd.Series(list(cells), dtype=object))
        return cls(codes, np.array([float(totals[cell]) for cell in found]))

    def sums(self, weights: NDArray[Any]) -> NDArray[Any]:
        import numpy as np

        return np.bincount(self.codes, weights=weights, minlength=len(self.totals))

    def scaled(self, weights: NDArray[Any]) -> NDArray[Any]:
        """Weights that add up to the total in every cell."""
        scaled: NDArray[Any] = weights * (self.totals / self.sums(weights))[self.codes]
        return scaled

    def largest_gap(self, weights: NDArray[Any]) -> float:
        """The largest distance from a total, as a share of it."""
        import numpy as np

        return float(np.abs(self.sums(weights) / self.totals - 1).max())


def _refuse_impossible(name: str, cells: Sequence[object], totals: Mapping[object, float]) -> None:
    import math

    found = set(cells)
    wrong = [cell for cell, total in totals.items() if not math.isfinite(total) or total < 0]
    if wrong:
        raise AnalysisError(f"the target of {name} = {wrong[0]} is no count", where="targets")
    problems = []
    if unknown := sorted(str(cell) for cell in found - set(totals)):
        problems.append(f"there are answers but no target for {', '.join(unknown)}")
    if zero := sorted(str(cell) for cell in found if totals.get(cell) == 0):
        problems.append(f"there are answers but the target is zero for {', '.join(zero)}")
    if empty := sorted(str(cell) for cell, total in totals.items() if total > 0 and cell not in found):
        problems.append(f"there is a target but no answer for {', '.join(empty)}")
    if problems:
        raise AnalysisError(
            "the answers cannot be weighted to these targets",
            where=name,
            why="; ".join(problems),
            todo="merge categories, correct the targets, or weight by fewer variables",
        )


def _refuse_unlike_totals(sums: Mapping[str, float]) -> None:
    low, high = min(sums.values()), max(sums.values())
    if high - low > 1e-6 * high:
        shown = ", ".join(f"{name}: {total:g}" for name, total in sums.items())
        raise AnalysisError(
            "the targets of the variables add up to different totals",
            where=shown,
            todo="give targets for the same frame, as counts or all as shares",
        )
