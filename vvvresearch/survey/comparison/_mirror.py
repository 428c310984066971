"""The same questions put to two groups: one row an item, or one row an answer of a single item."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from vvvresearch.errors import AnalysisError
from vvvresearch.evidence import Survey
from vvvresearch.kinds import DataKind, combined_kind
from vvvresearch.locales import Phrase, Sayable, half_up
from vvvresearch.results import Column
from vvvresearch.statistics.differences import miettinen_nurminen
from vvvresearch.statistics.exact_tests import boschloo, fisher
from vvvresearch.statistics.intervals import worst_case
from vvvresearch.survey.comparison._comparable import counterpart, require_comparable
from vvvresearch.survey.comparison._group_tests import PairTest
from vvvresearch.survey.comparison._sides import Compared, Side, Source, common_answers, one_item, side_of
from vvvresearch.survey.tabulation._asked import Denominator
from vvvresearch.survey.tabulation._table import percent_of


@dataclass(frozen=True)
class Mirrored:
    """Rows of mirror items with what their table needs."""

    rows: list[dict[str, Any]]
    labels: tuple[str | Sayable, str | Sayable]
    notes: tuple[Phrase, ...]
    unit: str
    kind: DataKind

    def columns(self, frame: pd.DataFrame) -> tuple[Column, ...]:
        """The shown columns: the worst case before the interval where both frames are known."""
        wanted = [Column("question", Phrase("comparing.item")), Column("label", Phrase("comparing.answer"))]
        for place, label in zip("12", self.labels, strict=True):
            wanted.append(Column(f"n{place}", Phrase("comparing.n_of", {"label": label}), "count"))
            wanted.append(Column(f"percent{place}", Phrase("comparing.percent_of", {"label": label}), "percent"))
        wanted.append(Column("gap", Phrase("comparing.gap"), "number", 1))
        for name, what in (("worst_", "worst"), ("", "interval")):
            for end in ("lower", "upper"):
                heading = Phrase(f"comparing.range_{end}", {"what": Phrase(f"comparing.{what}")})
                wanted.append(Column(f"{name}{end}", heading, "number", 1))
        wanted.append(Column("p_adjusted", Phrase("comparing.p_adjusted"), "p"))
        return tuple(column for column in wanted if not frame[column.name].isna().all())


def mirror_rows(
    answers: Source,
    item: str | None,
    other: Source,
    other_item: str | None,
    labels: tuple[str, str] | None,
    test: PairTest,
    denominator: Denominator | None,
    level: float,
    decimals: int,
) -> Mirrored:
    """Compare the items two groups share.

    Raises:
        AnalysisError: no declared mirror, unlike kinds of answers, or a group without answers.
    """
    pairs, notes = _items(answers, item, other, other_item)
    rows: list[dict[str, Any]] = []
    sides: list[tuple[Side, Side]] = []
    for name, other_name in pairs:
        one = side_of(answers, name, label=labels[0] if labels else _group(answers), denominator=denominator)
        two = side_of(other, other_name, label=labels[1] if labels else _group(other), denominator=denominator)
        if one.numbers is not None or two.numbers is not None or one.several != two.several:
            raise AnalysisError(
                "mirror items hold options of the same kind", where=name or "answers", todo="compare numbers by their tables"
            )
        if not one.n or not two.n:
            raise AnalysisError("a group without answers cannot be compared", where=name or "answers")
        sides.append((one, two))
        rows += [_row(name, answer, one, two, test, level, decimals) for answer in _wanted(one, two, every=item is not None or not name)]
    one, two = sides[0]
    told = [Phrase("comparing.pairs_test", {"test": Phrase(f"comparing.test_{test}")})]
    told.append(
        Phrase("comparing.note_interval_groups", {"level": int(half_up(100 * level)), "method": Phrase("comparing.method_miettinen")})
    )
    if any(row["worst_lower"] == row["worst_lower"] for row in rows):
        told.insert(0, Phrase("comparing.note_worst", {"first": one.population, "second": two.population}))
    unlike = {note.say("en"): note for note in (*notes, *told)}
    return Mirrored(rows, (one.label, two.label), tuple(unlike.values()), one.unit, combined_kind((one.kind, two.kind)))


def _items(answers: Source, item: str | None, other: Source, other_item: str | None) -> tuple[list[tuple[str, str]], list[Phrase]]:
    if not (isinstance(answers, Survey) and isinstance(other, Survey)):
        if isinstance(answers, Survey) or isinstance(other, Survey):
            raise AnalysisError("a Survey is compared with a Survey, a Series with a Series", where="answers, other")
        return [("", "")], []
    assert answers.questionnaire is not None
    if item is not None:
        found = counterpart(answers, one_item(answers, item), other, "mirror") if other_item is None else None
        name = other_item or (found.id if found is not None else item)
        return [(item, name)], list(require_comparable(answers, item, other, name, "mirror"))
    pairs: list[tuple[str, str]] = []
    notes: list[Phrase] = []
    for each in answers.questionnaire.items:
        mirror = counterpart(answers, each, other, "mirror")
        if mirror is not None and each.type not in ("open", "number"):
            pairs.append((each.id, mirror.id))
            notes += require_comparable(answers, each.id, other, mirror.id, "mirror")
    if not pairs:
        raise AnalysisError(
            "no item is declared a mirror of the other group's", where="item", todo="write mirror = [...] in the questionnaire"
        )
    return pairs, notes


def _group(source: Source) -> str | Sayable:
    return source.questionnaire.group if isinstance(source, Survey) and source.questionnaire is not None else ""


def _wanted(one: Side, two: Side, *, every: bool) -> list[Compared]:
    """All common answers of a single item; in a list of items the top box, or the first answer where there is none."""
    answers = common_answers(one, two)
    if every:
        return answers
    top = [answer for answer in answers if answer.code == "top"]
    if top:
        return top
    if one.top and two.top:
        return [answer for answer in answers if answer.code in one.top][:1] or answers[:1]
    return answers if one.several else answers[:1]


def _row(name: str, answer: Compared, one: Side, two: Side, test: PairTest, level: float, decimals: int) -> dict[str, Any]:
    x1, n1, x2, n2 = int(answer.first.sum()), one.n, int(answer.second.sum()), two.n
    limits = miettinen_nurminen(x1, n1, x2, n2, level)
    worst_lower = worst_upper = float("nan")
    if one.population is not None and two.population is not None:
        first, second = worst_case(x1, n1, one.population), worst_case(x2, n2, two.population)
        worst_lower, worst_upper = 100 * (first.lower - second.upper), 100 * (first.upper - second.lower)
    chosen_test = fisher if test == "fisher" else boschloo
    return {
        "item": name,
        "question": one.question,
        "code": answer.code,
        "label": answer.label,
        "x1": x1,
        "n1": n1,
        "percent1": percent_of(x1, n1, decimals),
        "x2": x2,
        "n2": n2,
        "percent2": percent_of(x2, n2, decimals),
        "gap": 100 * (x1 / n1 - x2 / n2),
        "worst_lower": worst_lower,
        "worst_upper": worst_upper,
        "lower": 100 * limits.lower,
        "upper": 100 * limits.upper,
        "p": chosen_test([[x1, n1 - x1], [x2, n2 - x2]]).p_value,
        "p_adjusted": float("nan"),
        "_same": answer.hypothesis,
    }
