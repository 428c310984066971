"""What goes with more ends for one reason: Fine and Gray's regression of the cumulative incidence."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

from vvvresearch.errors import AnalysisError
from vvvresearch.monitoring.matches._cox import ProportionalHazards, coefficient_table, design_of, is_finite_estimate, no_limit
from vvvresearch.monitoring.matches._cumulative_incidence import cause_position
from vvvresearch.monitoring.matches._risk_sets import Floats, Observations, Values, before, observe, risk_sets, survival_curve

_STEPS = 50
_HALVINGS = 30


def fine_gray(time: Values, reason: Values, covariates: pd.DataFrame, cause: Any, level: float = 0.95) -> ProportionalHazards:
    """Regression of the subdistribution hazard of one reason (Fine and Gray 1999).

    Follows `crr` of R's cmprsk: Breslow's ties, censoring weights from a Kaplan–Meier curve in which who ends at the time of a
    censoring still counts as at risk, and the variance that knows the weights are estimated. R's `finegray` takes who ends out
    first; where a censoring ties with an event its coefficients differ by some thousandths.

    Args:
        time: length n.
        reason: length n, names or codes; "", missing or the code 0: censored.
        covariates: n rows; numbers as they are, words and categoricals as contrasts to their first level.
        cause: the reason that is modelled.
        level: confidence level.

    Returns:
        ProportionalHazards; .frame: term, level, coefficient, se, hazard_ratio (of the subdistribution), lower, upper, p. Its
        `check` is empty: R has no score test for this model.

    Raises:
        AnalysisError: a cause that does not occur, covariates as in `cox`.

    Example:
        >>> model = fine_gray([1, 2, 3, 4, 5, 6], ["x", "x", "y", "y", "x", ""], pd.DataFrame({"z": [1, 0, 0, 1, 0, 1]}), cause="x")
        >>> model.events, model.frame["coefficient"].round(2).tolist()
        (3, [-0.56])
    """
    everyone = observe(time, reason, reasons=True)
    design = design_of(covariates, len(everyone.kept))
    seen = everyone.of(design.complete)
    number = cause_position(seen.causes, cause) + 1
    if not (seen.cause == number).any():
        raise AnalysisError(f"no observation with every covariate ended for {cause!r}", where="cause")
    matrix = design.matrix - design.matrix.mean(axis=0)
    scale = matrix.std(axis=0)
    model = _Subdistribution(seen, number, matrix / scale)
    start = np.zeros(matrix.shape[1])
    coefficients, null = model.maximum(start), model.log_likelihood(start)
    try:
        inverse: Floats = np.asarray(np.linalg.inv(model.derivatives(coefficients)[1]), np.float64)
    except np.linalg.LinAlgError as error:
        raise no_limit() from error
    if not is_finite_estimate(coefficients, inverse):
        raise no_limit()
    influence = model.influence(coefficients)
    covariance = inverse @ (influence.T @ influence) @ inverse
    frame = coefficient_table(design.terms, design.levels, coefficients / scale, covariance / np.outer(scale, scale), level)
    check = pd.DataFrame({"term": [], "statistic": [], "df": [], "p": []})
    likelihood = model.log_likelihood(coefficients), null
    return ProportionalHazards(
        frame, check, len(matrix), int((seen.cause == number).sum()), int((~design.complete).sum()), likelihood, level
    )


class _Subdistribution:
    """The weighted partial likelihood: who ended for another reason stays at risk with weight G(t−)/G(x−)."""

    def __init__(self, seen: Observations, number: int, matrix: Floats) -> None:
        n_times = len(seen.times)
        sets = risk_sets(seen)
        self.exit, self.matrix, self.n_times = seen.exit, matrix, n_times
        self.ended, self.censored = seen.cause == number, seen.cause == 0
        self.other = ~self.ended & ~self.censored
        self.at_risk = sets.at_risk[0].astype(float)
        self.censorings = (sets.leaving[0] - sets.events.sum(axis=0)[0]).astype(float)
        self.uncensored = before(survival_curve(sets.at_risk[0], (sets.leaving[0] - sets.events.sum(axis=0)[0])), 1.0)
        self.events = sets.events[number - 1, 0].astype(float)

    def _at(self, rows: Floats, chosen: np.ndarray[Any, np.dtype[np.bool_]]) -> Floats:
        """Sums of chosen rows by exit time: time × column."""
        places, columns = self.exit[chosen], rows[chosen].reshape(int(chosen.sum()), math.prod(rows.shape[1:]))
        return np.column_stack([np.bincount(places, weights=column, minlength=self.n_times) for column in columns.T])

    def _risk_sums(self, rows: Floats) -> Floats:
        everyone = np.ones(len(rows), bool)
        present = self._at(rows, everyone)[::-1].cumsum(axis=0)[::-1]
        weighted = self._at(rows / self.uncensored[self.exit][:, None], self.other)
        gone = weighted.cumsum(axis=0) - weighted
        summed: Floats = present + self.uncensored[:, None] * gone
        return summed

    def log_likelihood(self, coefficients: Floats) -> float:
        linear = self.matrix @ coefficients
        total = self._risk_sums(np.exp(linear)[:, None])[:, 0]
        used = self.events > 0
        return float(linear[self.ended].sum() - (self.events[used] * np.log(total[used])).sum())

    def derivatives(self, coefficients: Floats) -> tuple[Floats, Floats]:
        p = len(coefficients)
        score = np.exp(self.matrix @ coefficients)[:, None]
        squares = (self.matrix[:, :, None] * self.matrix[:, None, :]).reshape(len(score), -1)
        sums = self._risk_sums(np.hstack([score, score * self.matrix, score * squares]))[self.events > 0]
        events = self.events[self.events > 0]
        mean = sums[:, 1 : p + 1] / sums[:, :1]
        gradient = self.matrix[self.ended].sum(axis=0) - events @ mean
        variance = sums[:, p + 1 :].reshape(-1, p, p) / sums[:, :1, None] - mean[:, :, None] * mean[:, None, :]
        return gradient, np.einsum("t,tij->ij", events, variance)

    def maximum(self, start: Floats) -> Floats:
        """Newton's method with halved steps."""
        coefficients, value = start, self.log_likelihood(start)
        for _ in range(_STEPS):
            gradient, information = self.derivatives(coefficients)
            try:
                step = np.linalg.solve(information, gradient)
            except np.linalg.LinAlgError as error:
                raise no_limit() from error
            for _ in range(_HALVINGS):
                following = self.log_likelihood(coefficients + step)
                if following >= value - 1e-12 * abs(value):
                    break
                step = step / 2
            coefficients, value = coefficients + step, following
            if np.abs(step).max() < 1e-9:
                return coefficients
        raise no_limit()

    def influence(self, coefficients: Floats) -> Floats:
        """Each observation's part in the score, with what it does to the censoring weights (Fine and Gray 1999, section 3)."""
        p = len(coefficients)
        score = np.exp(self.matrix @ coefficients)
        sums = self._risk_sums(np.column_stack([score, score[:, None] * self.matrix]))
        mean = sums[:, 1:] / sums[:, :1]
        step = np.where(self.events > 0, self.events / sums[:, 0], 0.0)
        until = np.cumsum(step), np.cumsum(mean * step[:, None], axis=0)
        weighted = np.cumsum(self.uncensored * step), np.cumsum(mean * (self.uncensored * step)[:, None], axis=0)
        exit_, one = self.exit, score[:, None]
        eta = np.where(self.ended[:, None], self.matrix - mean[exit_], 0.0)
        eta -= one * (self.matrix * until[0][exit_][:, None] - until[1][exit_])
        after = self.matrix * (weighted[0][-1] - weighted[0][exit_])[:, None] - (weighted[1][-1] - weighted[1][exit_])
        still = np.where(self.other, 1 / self.uncensored[exit_], 0.0)[:, None]
        eta -= one * still * after

        # q(u): how the score answers to a censoring at u, through those who ended for another reason before u.
        parts = self._at(np.column_stack([score, one * self.matrix]) * still, self.other)
        gone = parts.cumsum(axis=0) - parts
        rest = weighted[0][-1] - before(weighted[0], 0.0), weighted[1][-1] - before(weighted[1].T, 0.0).T
        q = gone[:, 1:] * rest[0][:, None] - gone[:, :1] * rest[1]
        hazard = self.censorings / self.at_risk
        drift = np.cumsum(q * (hazard / self.at_risk)[:, None], axis=0)
        psi = np.where(self.censored[:, None], (q / self.at_risk[:, None])[exit_], 0.0) - drift[exit_]
        influence: Floats = eta + psi
        assert influence.shape == (len(score), p)
        return influence
