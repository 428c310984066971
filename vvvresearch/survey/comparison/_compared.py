"""Two sides compared, as a result: families of tests, verdicts, columns, bases and pictures, alike for waves and for groups."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

import pandas as pd

from vvvresearch.evidence import Survey
from vvvresearch.kinds import combined_kind
from vvvresearch.locales import Joined, Phrase, Sayable, half_up
from vvvresearch.results import Base, Column, Interval, Labelled, Labels, Measure, Picture, Result, Share, Tested, Total
from vvvresearch.statistics._interval import Interval as Limits
from vvvresearch.statistics.differences import miettinen_nurminen
from vvvresearch.statistics.exact_tests import boschloo, fisher
from vvvresearch.statistics.multiplicity import Family, adjust, agreeing, alpha_of_family, deciding_alpha, rejected
from vvvresearch.statistics.overlap import least_detectable_change
from vvvresearch.statistics.power import least_detectable_points
from vvvresearch.survey.comparison._sides import Compared, Side, Source, common_answers, key_codes
from vvvresearch.survey.tabulation._tabulate import known_unit

How = Literal["waves", "mirror"]
PairTest = Literal["fisher", "boschloo"]
NUMBERS = (
    "item", "code", "x1", "n1", "x2", "n2", "change", "worst_lower", "worst_upper", "lower", "upper", "level", "p", "p_adjusted",
    "least_detectable",
)  # fmt: skip
# Up to so many outcomes the power of an exact test is counted out; beyond, the normal distribution gives the same two digits.
_COUNTED = {"fisher": 40_000, "boschloo": 4_000}
_NAN = float("nan")
# Larger, smaller, and what cannot be told.
_VERDICTS = {"waves": ("rose", "fell"), "mirror": ("more", "less")}


@dataclass(frozen=True)
class Question:
    """One item as both sides answered it, with the answers that are compared."""

    item: str
    one: Side
    two: Side
    answers: tuple[Compared, ...]
    keys: tuple[str, ...]

    @classmethod
    def of(cls, item: str, one: Side, two: Side) -> Question:
        """The answers that both sides have, and which of them stand for the question."""
        answers = common_answers(one, two)
        return cls(item, one, two, tuple(answers), key_codes(answers, one))


def counts_of(answer: Compared, question: Question) -> dict[str, Any]:
    """What every comparison of one answer begins with: counts, bases and the difference of the shares, second less first."""
    x1, n1, x2, n2 = int(answer.first.sum()), question.one.n, int(answer.second.sum()), question.two.n
    change = float(Fraction(x2, n2) - Fraction(x1, n1))
    found = {"item": question.item, "code": answer.code, "x1": x1, "n1": n1, "x2": x2, "n2": n2, "change": change}
    return found | dict.fromkeys(NUMBERS[7:], _NAN) | {"key": answer.code in question.keys, "several": question.one.several}


@dataclass(frozen=True)
class Inference:
    """What one model says of a row: its p, its limits at any confidence level, and the least difference it would find at a level."""

    p_value: float
    limits: Callable[[float], Limits]
    detectable: Callable[[float], float | None]

    def possible(self, row: Mapping[str, Any]) -> Inference:
        """The same within what those who did not answer could make of a row: what is so whatever they say needs no chance."""
        worst_lower, worst_upper = row["worst_lower"], row["worst_upper"]
        if math.isnan(worst_lower):
            return self

        def limits(level: float) -> Limits:
            found = self.limits(level)
            return dataclasses.replace(found, lower=max(found.lower, worst_lower), upper=min(found.upper, worst_upper))

        return dataclasses.replace(self, p_value=0.0 if worst_lower > 0 or worst_upper < 0 else self.p_value, limits=limits)

    def within(self, adjusted: float, alpha: float, tests: Family) -> dict[str, float]:
        """p, limits and what could have been seen at the level at which the family decides this test."""
        own = deciding_alpha(self.p_value, adjusted, alpha, tests.size)
        lower, upper = agreeing(self.limits(1 - own), adjusted, alpha)
        least = self.detectable(alpha_of_family(alpha, tests.size, tests.method))
        found = {"lower": lower, "upper": upper, "level": 1 - own, "p": self.p_value, "p_adjusted": adjusted}
        return found | {"least_detectable": _NAN if least is None else least}

    def described(self, level: float) -> dict[str, float]:
        """The limits alone, of what is not tested."""
        limits = self.limits(level)
        return {"lower": limits.lower, "upper": limits.upper, "level": level, "p": _NAN, "p_adjusted": _NAN, "least_detectable": _NAN}


def decide_together(
    questions: Sequence[Question],
    rows: list[dict[str, Any]],
    inferences: Sequence[Inference],
    how: How,
    *,
    method: str,
    family: str | Sayable,
    level: float,
) -> tuple[Phrase, dict[str, Total]]:
    """Write p, interval, what could have been seen and the verdict into the rows, all of a row at the level that decides it.

    One answer stands for a question and is tested, chosen before anything was seen; yes and no of one item are one test. Other
    answers are described: they have an interval at the usual level, no p and no verdict. Where no answer stands for a question
    all of them are tested. Adjusting p by a factor narrows the level by the same factor, so limits leave 0 out where p decides.

    Returns:
        The note that names the family, and its size.
    """
    same = {(question.item, answer.code): answer.hypothesis for question in questions for answer in question.answers}
    chosen = {(row["item"], same[row["item"], row["code"]]) for row in rows if row["key"]}
    hypotheses: dict[tuple[str, str], float] = {}
    for row, inference in zip(rows, inferences, strict=True):
        key = (row["item"], same[row["item"], row["code"]])
        if not chosen or key in chosen:
            hypotheses.setdefault(key, inference.p_value)
    tests = adjust(list(hypotheses.values()), method, "")
    adjusted = dict(zip(hypotheses, tests.adjusted, strict=True))
    larger, smaller = _VERDICTS[how]
    for row, inference in zip(rows, inferences, strict=True):
        key = (row["item"], same[row["item"], row["code"]])
        if key not in adjusted:
            row |= inference.described(level) | {"verdict": "described"}
            continue
        row |= inference.within(adjusted[key], 1 - level, tests)
        found = rejected(row["p_adjusted"], 1 - level)
        row["verdict"] = larger if found and row["lower"] > 0 else smaller if found and row["upper"] < 0 else "undecided"
    words = {"size": tests.size, "method": Phrase(f"comparing.method_{method}")}
    sizes = {"tests": Total(tests.size)}
    if len(tests.raw) == len({(row["item"], same[row["item"], row["code"]]) for row in rows}):
        return Phrase("comparing.family", words | {"family": family or Phrase("comparing.family_rows")}), sizes
    return Phrase("comparing.families", words | {"family": family or Phrase("comparing.family_key")}), sizes


def exact_inference(x1: int, n1: int, x2: int, n2: int, test: PairTest) -> Inference:
    """Of two independent groups: an exact test of the 2×2 table, Miettinen–Nurminen limits of the second share less the first."""
    chosen = fisher if test == "fisher" else boschloo
    upwards = x2 * n1 > x1 * n2 or (x2 * n1 == x1 * n2 and 2 * x1 < n1)
    return Inference(
        chosen([[x1, n1 - x1], [x2, n2 - x2]]).p_value,
        lambda level: miettinen_nurminen(x2, n2, x1, n1, level),
        lambda alpha: (
            least_detectable_points(n1, n2, x1 / n1, alpha, test=test, upwards=upwards)
            if n1 * n2 <= _COUNTED[test]
            else least_detectable_change(x1, n1, x2, n2, None, alpha)
        ),
    )


def root_of(first: Source, second: Source, items: Sequence[str], other: str | None, *settings: str) -> str:
    """What the addresses of a comparison begin with: both surveys, the items chosen, the other side's item, and what was set otherwise.

    Answers that are no survey have no addresses.
    """
    if not (isinstance(first, Survey) and isinstance(second, Survey)):
        return ""
    only = f"only-{'+'.join(items)}" if items else ""
    return "/".join(filter(None, (f"{first.id}~{second.id}", only, f"with-{other}" if other else "", *settings)))


def settings_of(denominator: str | None, level: float, adjustment: str) -> tuple[str, ...]:
    """What was chosen otherwise than usual, as parts of an address."""
    confidence = f"level-{half_up(100 * level, 1).normalize():f}".replace(".", "-")
    return (
        f"of-{denominator}" if denominator else "",
        "" if level == 0.95 else confidence,
        "" if adjustment == "holm" else adjustment,
    )


def compared_result(
    questions: Sequence[Question],
    rows: list[dict[str, Any]],
    how: How,
    *,
    at: str,
    title: str | Sayable,
    notes: Sequence[str | Sayable],
    family: Phrase,
    totals: dict[str, Total],
    decimals: int,
    more: Sequence[Column] = (),
    measures: Sequence[Measure] = (),
) -> Result:
    """The rows of a comparison as one result.

    Args:
        questions: what was compared.
        rows: one an answer, with at least `NUMBERS`, key, several and verdict.
        how: "waves" or "mirror".
        at: root of the addresses, "" for none.
        title, notes: in words; the note on p hangs on its column.
        family, totals: from `adjust_together`.
        decimals: of percentages.
        more: further columns after p.
        measures: further numbers with an address.
    """
    frame = pd.DataFrame(rows)
    head = questions[0]
    ends = (head.one.label, head.two.label)
    labels = {
        "item": Labels({question.item: question.one.question for question in questions}),
        "code": Labels({(one.item, answer.code): answer.label for one in questions for answer in one.answers}, on=("item", "code")),
        "verdict": Labels({code: Phrase(f"comparing.verdict_{code}") for code in (*_VERDICTS[how], "undecided", "described")}),
    }
    part: dict[str, Any] = {"at": at, "keys": ("item", "code"), "measures": (*_measures(decimals), *measures), "labels": labels}
    part |= {"base": _base(questions, how), "bases": {(one.item,): _base((one,), how) for one in questions}, "base_on": ("item",)}
    part |= {"kind": combined_kind((head.one.kind, head.two.kind))}
    several = len(questions) > 1
    return Result(
        **part,
        frame=frame,
        title=title,
        notes=tuple(notes),
        shows=(*_columns(frame, ends, how, decimals, family, several=several), *(column for column in more if _is_known(column, frame))),
        totals=totals,
        pictures=_pictures(questions, frame, how, labels, all_rows=len(questions) == 1),
        parts={
            question.item: Result(
                **part,
                frame=own,
                title=question.one.question,
                notes=(Phrase("comparing.several_answers"),),
                shows=_columns(own, ends, how, decimals, family, several=False),
                pictures=_pictures((question,), own, how, labels, all_rows=True),
            )
            for question in questions
            if several and question.one.several
            for own in [frame[frame["item"] == question.item].reset_index(drop=True)]
        },
    )


def _base(questions: Sequence[Question], how: How) -> Base:
    """Both sides of a question with their n; of several questions who the sides are."""
    head = questions[0]
    ends = (head.one, head.two)
    if len(questions) > 1:
        sides: tuple[str | Sayable, ...] = tuple(side.label for side in ends)
    else:
        sides = tuple(Phrase("comparing.side", {"label": side.label, "n": side.n}) for side in ends)
    both = Joined(sides, " / ")
    base = Base(None, known_unit(head.one.unit), question=head.one.question if len(questions) == 1 else "")
    return dataclasses.replace(base, wave=both) if how == "waves" else dataclasses.replace(base, group=both)


def _measures(decimals: int) -> tuple[Measure, ...]:
    sides = tuple(
        measure
        for place in "12"
        for measure in (
            Measure(f"x{place}", of=f"n{place}"),
            Measure(f"n{place}", of=f"n{place}"),
            Measure(f"share{place}", "share", decimals, of=f"n{place}", count=f"x{place}"),
        )
    )
    points = tuple(Measure(name, "points", 1, of="") for name in (*NUMBERS[6:11], "least_detectable"))
    return (*sides, *points, *(Measure(name, "p", of="", sides=("n1", "n2")) for name in ("p", "p_adjusted")))


def _columns(
    frame: pd.DataFrame, ends: tuple[str | Sayable, str | Sayable], how: How, decimals: int, family: Phrase, *, several: bool
) -> tuple[Column, ...]:
    """The shown columns: the worst case before the interval, where any is known."""
    routed = Phrase("comparing.routed_note") if frame["worst_lower"].isna().any() else ""
    worst = Interval("worst", Phrase("comparing.worst"), decimals=1, lower="worst_lower", upper="worst_upper", scale=100, note=routed)
    heading = "question_answer" if several else "answer"
    return (
        Labelled("question", Phrase(f"comparing.{heading}"), of=("item", "code") if several else ("code",)),
        Share("first", ends[0], decimals=decimals, count="x1", n="n1", counts=True),
        Share("second", ends[1], decimals=decimals, count="x2", n="n2", counts=True),
        Column("change", Phrase(f"comparing.{'change' if how == 'waves' else 'gap'}"), "points", 1),
        *([worst] if frame["worst_lower"].notna().any() else []),
        Interval("interval", Phrase("comparing.interval"), decimals=1, scale=100),
        Tested("p_adjusted", Phrase("comparing.p_adjusted"), "p", note=family),
        Column("least_detectable", Phrase("comparing.least_detectable"), "points", 1, note=Phrase("comparing.least_note")),
    )


def _is_known(column: Column, frame: pd.DataFrame) -> bool:
    return bool(frame[column.name].notna().any())


def _pictures(
    questions: Sequence[Question], frame: pd.DataFrame, how: How, labels: dict[str, Labels], *, all_rows: bool
) -> dict[str, Picture]:
    """The changes with their intervals, and both sides as bars; of many questions those answers that stand for one."""
    rows = (frame if all_rows else frame[frame["key"] & ~frame["several"]]).to_dict("records")
    if not rows:
        return {}
    head = questions[0]
    words = [labels["code"].words[row["item"], row["code"]] for row in rows]
    if not all_rows:
        words = [Joined((labels["item"].words[row["item"]], word), " – ") for row, word in zip(rows, words, strict=True)]
    ends = {"first": head.one.label, "second": head.two.label}
    wanted = ["x1", "n1", "x2", "n2", "change", "lower", "upper", "worst_lower", "worst_upper"]
    drawn = pd.DataFrame(rows)[wanted].assign(label=pd.Series(words, dtype=object))
    side = "wave" if how == "waves" else "group_label"
    long = [
        {"label": word, side: name, "count": row[f"x{place}"], "n": row[f"n{place}"]}
        for row, word in zip(rows, words, strict=True)
        for place, name in (("1", head.one.label), ("2", head.two.label))
    ]
    forest = Picture("forest", drawn, options=ends)
    if how == "waves":
        return {"forest": forest, "bars": Picture("wave_bars", pd.DataFrame(long))}
    return {"mirror": Picture("mirror_bars", pd.DataFrame(long), options={"note": Phrase("comparing.mirror_groups")}), "forest": forest}
