"""Agreement between coders: every coefficient with its unit, its interval and what it rests on."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from vvvresearch.locales import Phrase, Sayable
from vvvresearch.results import Base, Column, Labels, Result
from vvvresearch.statistics.agreement import CoefficientName, coefficient
from vvvresearch.statistics.unitizing import unitizing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from vvvresearch.statistics._agreement_weights import Level, Weighting


@dataclass(frozen=True, kw_only=True, repr=False)
class Agreement(Result):
    """One coefficient of agreement.

    `value` is NaN where the coefficient is undefined (then the note says so); `interval` holds the lower and upper
    95 % limits; `unit` says in words what was compared; `n_units` counts units with two or more ratings.
    """

    value: float = float("nan")
    interval: tuple[float, float] = (float("nan"), float("nan"))
    unit: str | Sayable = ""
    n_units: int = 0


@dataclass(frozen=True, kw_only=True, repr=False)
class UnitizingAgreement(Result):
    """Krippendorff's unitizing alpha family: `u`, `binary`, `cu`; `per_value` holds cu and coverage for each value."""

    u: float = float("nan")
    binary: float = float("nan")
    cu: float = float("nan")
    per_value: pd.DataFrame = field(default_factory=pd.DataFrame)


def percent_agreement(ratings: pd.DataFrame, *, weights: Weighting = "identity", unit: str | Sayable = "") -> Agreement:
    """The share of agreeing pairs of ratings, averaged over units with at least two (Gwet 2014).

    Args:
        ratings: DataFrame units × coders; NaN or None is missing.
        weights: identity, linear, quadratic, ordinal or ratio.
        unit: what one row is, in words; printed with the coefficient.

    Returns:
        Agreement with .value, .interval, .unit, .n_units.

    Raises:
        AnalysisError: fewer than two coders or no units.

    Example:
        >>> percent_agreement(pd.DataFrame({"a": [1, 0, 1], "b": [1, 0, 0]})).value.__round__(3)
        0.667
    """
    return _agreement(ratings, "percent", Phrase("agreement.percent"), unit, weights=weights)


def cohen_kappa(
    ratings: pd.DataFrame, *, weights: Weighting = "identity", categories: Sequence[Any] | None = None, unit: str | Sayable = ""
) -> Agreement:
    """Cohen's kappa for two coders (1960; weighted 1968), on the units both rated.

    Args:
        ratings: DataFrame units × coders, two columns; NaN or None is missing.
        weights: identity, linear, quadratic, ordinal or ratio.
        categories: all categories, in order where weights are used; default those that occur.
        unit: what one row is, in words; printed with the coefficient.

    Returns:
        Agreement with .value, .interval, .unit, .n_units.

    Raises:
        AnalysisError: other than two coders, no units, or a rating that is not among `categories`.

    Example:
        >>> cohen_kappa(pd.DataFrame({"a": [1, 1, 0, 0], "b": [1, 0, 0, 0]})).value
        0.5
    """
    return _agreement(ratings, "cohen", Phrase("agreement.cohen"), unit, weights=weights, categories=categories)


def fleiss_kappa(
    ratings: pd.DataFrame, *, weights: Weighting = "identity", categories: Sequence[Any] | None = None, unit: str | Sayable = ""
) -> Agreement:
    """Fleiss' kappa for any number of coders (1971), with Gwet's treatment of missing ratings.

    Args:
        ratings: DataFrame units × coders; NaN or None is missing.
        weights: identity, linear, quadratic, ordinal or ratio.
        categories: all categories, in order where weights are used; default those that occur.
        unit: what one row is, in words; printed with the coefficient.

    Returns:
        Agreement with .value, .interval, .unit, .n_units.

    Raises:
        AnalysisError: fewer than two coders, no units, or a rating that is not among `categories`.

    Example:
        >>> fleiss_kappa(pd.DataFrame({"a": [1, 0, 1, 0], "b": [1, 0, 1, 1], "c": [1, 0, 0, 1]})).value.__round__(3)
        0.314
    """
    return _agreement(ratings, "fleiss", Phrase("agreement.fleiss"), unit, weights=weights, categories=categories)


def scott_pi(
    ratings: pd.DataFrame, *, weights: Weighting = "identity", categories: Sequence[Any] | None = None, unit: str | Sayable = ""
) -> Agreement:
    """Scott's pi for two coders (1955), on the units both rated.

    Args:
        ratings: DataFrame units × coders, two columns; NaN or None is missing.
        weights: identity, linear, quadratic, ordinal or ratio.
        categories: all categories, in order where weights are used; default those that occur.
        unit: what one row is, in words; printed with the coefficient.

    Returns:
        Agreement with .value, .interval, .unit, .n_units.

    Raises:
        AnalysisError: other than two coders, no units, or a rating that is not among `categories`.

    Example:
        >>> scott_pi(pd.DataFrame({"a": [1, 0, 1, 0], "b": [1, 0, 1, 1]})).value.__round__(3)
        0.467
    """
    return _agreement(ratings, "scott", Phrase("agreement.scott"), unit, weights=weights, categories=categories)


def brennan_prediger(
    ratings: pd.DataFrame, *, weights: Weighting = "identity", categories: Sequence[Any] | None = None, unit: str | Sayable = ""
) -> Agreement:
    """Brennan and Prediger's coefficient (1981): chance is one over the number of categories.

    Args:
        ratings: DataFrame units × coders; NaN or None is missing.
        weights: identity, linear, quadratic, ordinal or ratio.
        categories: all categories, also those that nobody used; default those that occur.
        unit: what one row is, in words; printed with the coefficient.

    Returns:
        Agreement with .value, .interval, .unit, .n_units.

    Raises:
        AnalysisError: fewer than two coders, no units, or a rating that is not among `categories`.

    Example:
        >>> brennan_prediger(pd.DataFrame({"a": [1, 0, 1, 0], "b": [1, 0, 1, 1]}), categories=[0, 1, 2]).value.__round__(3)
        0.625
    """
    return _agreement(ratings, "brennan_prediger", Phrase("agreement.brennan_prediger"), unit, weights=weights, categories=categories)


def gwet_ac1(ratings: pd.DataFrame, *, categories: Sequence[Any] | None = None, unit: str | Sayable = "") -> Agreement:
    """Gwet's AC1 (2008): chance agreement that stays low when one category dominates.

    Args:
        ratings: DataFrame units × coders; NaN or None is missing.
        categories: all categories, also those that nobody used; default those that occur.
        unit: what one row is, in words; printed with the coefficient.

    Returns:
        Agreement with .value, .interval, .unit, .n_units.

    Raises:
        AnalysisError: fewer than two coders, no units, or a rating that is not among `categories`.

    Example:
        >>> gwet_ac1(pd.DataFrame({"a": [1, 0, 1, 0], "b": [1, 0, 1, 1]})).value.__round__(3)
        0.529
    """
    return _agreement(ratings, "gwet", Phrase("agreement.gwet_ac1"), unit, categories=categories)


def gwet_ac2(
    ratings: pd.DataFrame, *, weights: Weighting = "quadratic", categories: Sequence[Any] | None = None, unit: str | Sayable = ""
) -> Agreement:
    """Gwet's AC2: AC1 with weights for ordered categories.

    Args:
        ratings: DataFrame units × coders; NaN or None is missing.
        weights: identity, linear, quadratic, ordinal or ratio.
        categories: all categories, in order where weights are used; default those that occur.
        unit: what one row is, in words; printed with the coefficient.

    Returns:
        Agreement with .value, .interval, .unit, .n_units.

    Raises:
        AnalysisError: fewer than two coders, no units, or a rating that is not among `categories`.

    Example:
        >>> gwet_ac2(pd.DataFrame({"a": [1, 2, 3, 3], "b": [1, 2, 2, 3]})).value.__round__(3)
        0.818
    """
    return _agreement(ratings, "gwet", Phrase("agreement.gwet_ac2"), unit, weights=weights, categories=categories)


def krippendorff_alpha(
    ratings: pd.DataFrame, level: Level = "nominal", *, categories: Sequence[Any] | None = None, unit: str | Sayable = ""
) -> Agreement:
    """Krippendorff's alpha for any number of coders, missing ratings and levels of measurement (2011).

    Args:
        ratings: DataFrame units × coders; NaN or None is missing.
        level: nominal, ordinal, interval or ratio.
        categories: all categories in order, for ordinal ratings that are not numbers.
        unit: what one row is, in words.

    Returns:
        Agreement; .value is NaN when all paired ratings are one category.

    Raises:
        AnalysisError: fewer than two coders, or ratings that the level cannot measure.

    Example:
        >>> krippendorff_alpha(pd.DataFrame({"a": [1, 0, 1, 0], "b": [1, 0, 1, 1]})).value.__round__(3)
        0.533
    """
    name = Phrase("agreement.alpha", {"level": Phrase(f"agreement.{level}")})
    return _agreement(ratings, "alpha", name, unit, level=level, categories=categories)


def _agreement(
    ratings: pd.DataFrame,
    name: CoefficientName,
    label: Phrase,
    unit: str | Sayable,
    *,
    level: Level = "nominal",
    weights: Weighting = "identity",
    categories: Sequence[Any] | None = None,
) -> Agreement:
    found = coefficient(ratings, name, level=level, weights=weights, categories=list(categories) if categories is not None else None)
    unit = unit or Phrase("agreement.default_unit")
    notes = [Phrase("agreement.unit", {"unit": unit, "n": found.n_units, "coders": found.n_coders})]
    if math.isnan(found.value):
        notes.append(Phrase("agreement.undefined"))
    else:
        smallest = found.n_coders == len(found.categories) == 2
        notes.append(Phrase("agreement.limits_two" if smallest else "agreement.limits"))
    lower, upper = found.interval
    frame = pd.DataFrame({"coefficient": [name], "value": [found.value], "lower": [lower], "upper": [upper], "n_units": [found.n_units]})
    return Agreement(
        frame=frame,
        base=Base(found.n_units, "unit"),
        title=Phrase("agreement.title", {"name": label}),
        notes=tuple(notes),
        shows=_columns(),
        labels={"coefficient": Labels({name: label})},
        value=found.value,
        interval=found.interval,
        unit=unit,
        n_units=found.n_units,
    )


def _columns() -> tuple[Column, ...]:
    return (
        Column("coefficient", Phrase("agreement.coefficient")),
        Column("value", Phrase("agreement.value"), "coefficient", 3),
        Column("lower", Phrase("agreement.lower"), "number", 3),
        Column("upper", Phrase("agreement.upper"), "number", 3),
    )


def unitizing_alpha(
    segments: pd.DataFrame,
    lengths: Mapping[str, int] | int,
    *,
    readers: Mapping[str, Sequence[str]] | None = None,
) -> UnitizingAgreement:
    """Krippendorff's unitizing alpha family for freely marked spans (2016; Content Analysis 2019, 12.6).

    Args:
        segments: DataFrame source, coder, start, end (exclusive), value; uncovered text is uncoded.
        lengths: source → length of its text in the unit of start and end, or one length for all.
        readers: source → coders who read it, where some marked nothing; default those with a segment there.

    Returns:
        UnitizingAgreement with .u, .binary, .cu and .per_value (value, cu, coverage).

    Raises:
        AnalysisError: overlapping segments of one coder, a segment outside its text, no source with two coders.

    Example:
        >>> spans = pd.DataFrame({"source": "a", "coder": ["x", "y"], "start": [0, 0], "end": [5, 5], "value": ["k", "k"]})
        >>> unitizing_alpha(spans, 20).u
        1.0
    """
    found = unitizing(segments, lengths, readers)
    names = ("unitizing_u", "unitizing_binary", "unitizing_cu")
    values = (found.u, found.binary, found.cu)
    notes = [Phrase("agreement.unitizing_note", {"length": found.length, "coders": len(found.coders)})]
    if any(math.isnan(value) for value in values):
        notes.append(Phrase("agreement.undefined"))
    per_value = [(value, cu, coverage) for value, (cu, coverage) in found.per_value.items()]
    return UnitizingAgreement(
        frame=pd.DataFrame({"coefficient": names, "value": values}),
        base=Base(len(segments), "segment"),
        title=Phrase("agreement.unitizing_title"),
        notes=tuple(notes),
        shows=_columns()[:2],
        labels={"coefficient": Labels({}, table="agreement")},
        u=found.u,
        binary=found.binary,
        cu=found.cu,
        per_value=pd.DataFrame(per_value, columns=["value", "cu", "coverage"]),
    )
