"""Two sides compared, as a result: families of tests, verdicts, columns, bases and pictures, alike for waves and for groups."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

import pandas as pd

from vvvresearch.evidence import Survey
from vvvresearch.kinds import combined_kind
from vvvresearch.locales import Joined, Phrase, Sayable, half_up
from vvvresearch.results import Base, Column, Interval, Labelled, Labels, Measure, Picture, Result, Share, Total
from vvvresearch.statistics.multiplicity import Family, adjust
from vvvresearch.survey.comparison._sides import Compared, Side, Source, common_answers, key_codes
from vvvresearch.survey.tabulation._tabulate import known_unit

How = Literal["waves", "mirror"]
NUMBERS = ("item", "code", "x1", "n1", "x2", "n2", "change", "worst_lower", "worst_upper", "lower", "upper", "p", "p_adjusted")
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


def adjust_together(
    questions: Sequence[Question], rows: list[dict[str, Any]], method: str, family: str | Sayable
) -> tuple[Phrase, dict[str, Total]]:
    """Adjust p within its family and write it into the rows; one hypothesis (yes and no of one item) counts once.

    Where several questions are compared, the answers that stand for them are a family of their own, chosen before anything was
    seen; every other answer is adjusted with all of them.

    Returns:
        The note that names the families, and their sizes.
    """
    same = {(question.item, answer.code): answer.hypothesis for question in questions for answer in question.answers}
    everything = _adjusted(rows, same, method)
    sizes = {"tests": Total(everything.size)}
    words = {"size": everything.size, "family": family or Phrase("comparing.family_rows"), "method": Phrase(f"comparing.method_{method}")}
    keys = [row for row in rows if row["key"]]
    if len(questions) < 2 or not keys:
        return Phrase("comparing.family", words), sizes
    chosen = _adjusted(keys, same, method)
    told = words | {"size": chosen.size, "family": family or Phrase("comparing.family_key"), "all": everything.size}
    return Phrase("comparing.families", told), sizes | {"key_tests": Total(chosen.size)}


def _adjusted(rows: list[dict[str, Any]], same: dict[tuple[str, str], str], method: str) -> Family:
    hypotheses: dict[tuple[str, str], float] = {}
    for row in rows:
        hypotheses.setdefault((row["item"], same[row["item"], row["code"]]), row["p"])
    tests = adjust(list(hypotheses.values()), method, "")
    by_key = dict(zip(hypotheses, tests.adjusted, strict=True))
    for row in rows:
        row["p_adjusted"] = by_key[row["item"], same[row["item"], row["code"]]]
    return tests


def give_verdicts(rows: list[dict[str, Any]], how: How, level: float) -> None:
    """Say of each row which way it went. It went a way only if test and interval both say so: else it cannot be told."""
    larger, smaller = _VERDICTS[how]
    for row in rows:
        found = row["p_adjusted"] < 1 - level
        row["verdict"] = larger if found and row["lower"] > 0 else smaller if found and row["upper"] < 0 else "undecided"


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
        "verdict": Labels({code: Phrase(f"comparing.verdict_{code}") for code in (*_VERDICTS[how], "undecided")}),
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
    points = tuple(Measure(name, "points", 1, of="") for name in NUMBERS[6:11])
    return (*sides, *points, Measure("p", "p", of=""), Measure("p_adjusted", "p", of=""))


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
        Column("p_adjusted", Phrase("comparing.p_adjusted"), "p", note=family),
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
