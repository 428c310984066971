"""A change of shares between two waves as chance has it: its variance, test and limits from one model."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from statistics import NormalDist

from vvvresearch.errors import AnalysisError
from vvvresearch.statistics._interval import Interval, population_of, z_of
from vvvresearch.statistics.differences import constrained_first
from vvvresearch.statistics.exact_tests import Significance


@dataclass(frozen=True)
class Change:
    """What chance does to a change of shares: variance v1·p1(1−p1) + v2·p2(1−p2) − 2·c·√(p1(1−p1)·p2(1−p2))."""

    p1: float
    p2: float
    size1: float
    size2: float
    v1: float
    v2: float
    covariance: float

    @classmethod
    def of(
        cls,
        x1: int,
        n1: int,
        x2: int,
        n2: int,
        shared: float,
        phi: float = 0.0,
        population1: int | None = None,
        population2: int | None = None,
    ) -> Change:
        """From counts; `shared` is φ·nc."""
        if (population1 is None) != (population2 is None):
            raise AnalysisError("both waves need a frame, or none", where="population1, population2")
        covariance = shared / (n1 * n2)
        if population1 is None or population2 is None:
            return cls(x1 / n1, x2 / n2, n1, n2, 1 / n1, 1 / n2, covariance)
        frame1, frame2 = population_of(population1, n1, name="population1"), population_of(population2, n2, name="population2")
        v1, v2 = ((frame - n) / (max(frame - 1, 1) * n) for frame, n in ((frame1, n1), (frame2, n2)))
        least = min(frame1, frame2)
        covariance = (covariance - phi * least / (frame1 * frame2)) * least / max(least - 1, 1)
        # The correlation is an estimate, and a variance is never negative.
        most = 0.98 * math.sqrt(v1 * v2)
        covariance = max(-most, min(most, covariance))
        # A full count has no say in where chance lies, so the other wave alone is fitted.
        size1, size2 = (1 / v if v > 0 else 1e12 for v in (v1, v2))
        return cls(x1 / n1, x2 / n2, size1, size2, v1, v2, covariance)

    @property
    def certain(self) -> bool:
        """Whether both frames answered in full."""
        return self.v1 <= 0 and self.v2 <= 0

    def variance(self, change: float) -> float:
        """Of the estimated change, where the true one is `change` and the rest is fitted (maximum likelihood)."""
        second = constrained_first(self.p2, self.p1, self.size2, self.size1, change)
        first = second - change
        one, two = first * (1 - first), second * (1 - second)
        return max(0.0, self.v1 * one + self.v2 * two - 2 * self.covariance * math.sqrt(max(0.0, one * two)))

    def test(self) -> Significance:
        """The two-sided z test of no change."""
        difference, variance = self.p2 - self.p1, self.variance(0.0)
        if self.certain or (self.p1 == self.p2 and self.p1 in (0, 1)):
            return Significance(math.nan, 0.0, "overlapping z")
        if variance <= 1e-15:
            alike = abs(difference) < 1e-12
            return Significance(1.0 if alike else 0.0, 0.0 if alike else math.copysign(math.inf, difference), "overlapping z")
        z = difference / math.sqrt(variance)
        return Significance(2 * NormalDist().cdf(-abs(z)), z, "overlapping z")

    def limits(self, level: float) -> Interval:
        """The changes that the test does not reject."""
        from scipy import optimize

        estimate, z = self.p2 - self.p1, z_of(level)
        if self.certain:
            return Interval(estimate, estimate, "full counts", level, estimate)

        def excess(change: float) -> float:
            return (estimate - change) ** 2 - z * z * self.variance(change)

        found = []
        for end in (-1.0, 1.0):
            # At the estimate itself the variance may be 0 (0 of n1 against 0 of n2).
            near = estimate + math.copysign(1e-7, end)
            if abs(near) >= 1:
                found.append(end)
            elif excess(near) >= 0:
                found.append(estimate)
            else:
                found.append(float(optimize.brentq(excess, near, end, xtol=1e-13)) if excess(end) > 0 else end)
        return Interval(found[0], found[1], "score, overlapping waves", level, estimate)

    def least_detectable(self, alpha: float, power: float) -> float | None:
        """The smallest change from p1 that the test finds with the wanted power, in the direction of the one that was seen."""
        upwards = self.p2 > self.p1 or (self.p1 == self.p2 and self.p1 < 0.5)
        room = 1 - self.p1 if upwards else self.p1
        inside, outside = room, 0.0
        if room <= 0 or self.certain or self._power(room if upwards else -room, alpha) < power:
            return None
        for _ in range(40):
            middle = (inside + outside) / 2
            if self._power(middle if upwards else -middle, alpha) >= power:
                inside = middle
            else:
                outside = middle
        return inside

    def _power(self, change: float, alpha: float) -> float:
        true = dataclasses.replace(self, p2=min(1.0, max(0.0, self.p1 + change)))
        null, spread = math.sqrt(true.variance(0.0)), math.sqrt(true.variance(true.p2 - true.p1))
        beyond = abs(change) - NormalDist().inv_cdf(1 - alpha / 2) * null
        return NormalDist().cdf(beyond / spread) if spread > 0 else float(beyond > 0)
