"""The words at their bounds, against bounds written down here a second time and tried on every count."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest

from vvvresearch.errors import AnalysisError
from vvvresearch.statements import Goal, Row, Side, prove

F = Fraction
UNIT = ("kommune", "kommuner", "kommunerne")


TOLERANCE = F(1, 40)


def near(centre: Fraction, width: Fraction = TOLERANCE) -> Callable[[Fraction], bool]:
    return lambda share: abs(share - centre) <= width


BOUNDS: dict[str, Callable[[Fraction], bool]] = {
    "ingen": lambda share: share == 0,
    "alle": lambda share: share == 1,
    "ikke alle": lambda share: share < 1,
    "halvdelen": near(F(1, 2)),
    "en tredjedel": near(F(1, 3)),
    "to tredjedele": near(F(2, 3)),
    "tre fjerdedele": near(F(3, 4)),
    "hver femte": near(F(1, 5)),
    "over halvdelen": lambda share: share > F(1, 2),
    "et flertal": lambda share: share > F(1, 2),
    "under halvdelen": lambda share: share < F(1, 2),
    "lidt over halvdelen": lambda share: 0 < share - F(1, 2) <= F(11, 200),
    "knap halvdelen": lambda share: -F(11, 200) <= share - F(1, 2) < 0,
    "over en tredjedel": lambda share: 0 < share - F(1, 3) <= F(3, 25),
    "omtrent halvdelen": near(F(1, 2), F(1, 20)),
    "de fleste": lambda share: F(2, 3) <= share < 1,
    "langt de fleste": lambda share: F(4, 5) <= share < 1,
    "næsten alle": lambda share: F(9, 10) <= share < 1,
    "de færreste": lambda share: 0 < share <= F(1, 3),
    "få": lambda share: 0 < share <= F(1, 10),
}


@pytest.mark.parametrize("word", BOUNDS)
@pytest.mark.parametrize("n", [40, 120])
def test_a_word_holds_exactly_within_its_bounds(word: str, n: int) -> None:
    for count in range(n + 1):
        row = Row(count=count, n=n, unit=UNIT)
        assert prove(f"{word} af de {n} kommuner", row).holds == BOUNDS[word](F(count, n)), count


def test_a_percentage_is_the_one_rounded_half_up() -> None:
    row = Row(count=1, n=8 * 5, unit=UNIT)
    assert prove("3 pct. af de 40 kommuner", row).holds
    assert not prove("2 pct. af de 40 kommuner", row).holds
    assert prove("2,5 pct. af de 40 kommuner", row).holds


@pytest.mark.parametrize(("lower", "upper", "outcome"), [("1/2", "3/4", "cannot"), ("51/100", "3/4", "holds"), ("2/5", "3/4", "cannot")])
def test_a_word_about_all_must_hold_at_both_ends_of_the_interval(lower: str, upper: str, outcome: str) -> None:
    row = Row(count=62, n=100, population=400, lower=F(lower), upper=F(upper), unit=UNIT)
    assert prove("Over halvdelen af kommunerne", row).outcome == outcome


@pytest.mark.parametrize(
    ("low", "high", "word", "outcome"),
    [
        ("1/100", "1/5", "steget", "holds"),
        ("0", "1/5", "steget", "cannot"),
        ("1/100", "1/5", "faldet", "contradicted"),
        ("-1/20", "1/20", "uændret", "holds"),
        ("-51/1000", "1/20", "uændret", "cannot"),
        ("1/100", "1/5", "uændret", "contradicted"),
    ],
)
def test_a_direction_needs_an_interval_off_zero_and_standstill_one_inside_five_points(low: str, high: str, word: str, outcome: str) -> None:
    row = Row(count=55, n=100, before=Side(50, 100), change_lower=F(low), change_upper=F(high), unit=UNIT)
    assert prove(f"Andelen er {word}", row).outcome == outcome


@pytest.mark.parametrize(("count", "holds"), [(37, False), (38, True), (40, True), (42, True), (43, False)])
def test_doubled_is_nearly_twice(count: int, holds: bool) -> None:
    row = Row(count=count, n=80, population=80, before=Side(20, 80), unit=UNIT)
    assert prove("Andelen er fordoblet", row).holds == holds


@pytest.mark.parametrize(("readings", "outcome"), [((90,), "holds"), ((89,), "contradicted"), ((89, 91), "cannot")])
def test_a_goal_is_reached_when_every_reading_reaches_it(readings: tuple[int, ...], outcome: str) -> None:
    assert prove("Målet er nået", Row(goal=Goal(90, readings))).outcome == outcome


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"count": 3}, "without its n"),
        ({"count": 5, "n": 4}, "5 of 4"),
        ({"count": 0, "n": 0}, "0 of 0"),
        ({"count": 1, "n": 4, "lower": F(0)}, "half an interval"),
        ({"absent": "tired"}, "'tired' is not known"),
    ],
)
def test_a_row_that_contradicts_itself_is_refused(values: dict[str, object], message: str) -> None:
    with pytest.raises(AnalysisError, match=message):
        Row(**values)  # type: ignore[arg-type]
