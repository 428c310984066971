"""The same questions put to two groups, answer by answer, with exact tests."""

from __future__ import annotations

from typing import Any

from vvvresearch.errors import AnalysisError
from vvvresearch.evidence import Survey
from vvvresearch.locales import Phrase, Sayable, half_up
from vvvresearch.results import Result
from vvvresearch.statistics.intervals import worst_case
from vvvresearch.survey.comparison._comparable import common_items, counterpart, require_comparable
from vvvresearch.survey.comparison._compared import PairTest, Question, compared_result, counts_of, decide_together, exact_inference
from vvvresearch.survey.comparison._sides import Compared, Source, one_item, side_of
from vvvresearch.survey.tabulation._asked import Denominator


def compare_mirror(
    answers: Source,
    item: str | None,
    other: Source,
    other_item: str | None,
    *,
    labels: tuple[str | Sayable, str | Sayable] | None,
    test: PairTest,
    denominator: Denominator | None,
    adjustment: str,
    family: str | Sayable,
    level: float,
    decimals: int,
    at: str,
) -> Result:
    """Compare the items two groups share: the second group's share less the first's.

    Raises:
        AnalysisError: no declared mirror, unlike kinds of answers, or a group without answers.
    """
    pairs, notes = _items(answers, item, other, other_item)
    questions = []
    for name, other_name in pairs:
        one = side_of(answers, name, label=labels[0] if labels else _group(answers), denominator=denominator)
        two = side_of(other, other_name, label=labels[1] if labels else _group(other), denominator=denominator)
        if one.numbers is not None or two.numbers is not None or one.several != two.several:
            raise AnalysisError(
                "mirror items hold options of the same kind", where=name or "answers", todo="compare numbers by their tables"
            )
        if not one.n or not two.n:
            raise AnalysisError("a group without answers cannot be compared", where=name or "answers")
        questions.append(Question.of(name, one, two))
    rows = [_row(answer, question) for question in questions for answer in question.answers]
    inferences = [exact_inference(row["x1"], row["n1"], row["x2"], row["n2"], test).possible(row) for row in rows]
    note, totals = decide_together(questions, rows, inferences, "mirror", method=adjustment, family=family, level=level)
    one, two = questions[0].one, questions[0].two
    told = [Phrase("comparing.pairs_test", {"test": Phrase(f"comparing.test_{test}")})]
    method = Phrase("comparing.method_miettinen")
    told.append(Phrase("comparing.note_interval_groups", {"level": int(half_up(100 * level)), "method": method}))
    if any(row["worst_lower"] == row["worst_lower"] for row in rows):
        told.insert(0, Phrase("comparing.note_worst", {"first": one.population, "second": two.population}))
    unlike = {note.say("en"): note for note in (*notes, Phrase("comparing.direction", {"first": one.label, "second": two.label}), *told)}
    return compared_result(
        questions,
        rows,
        "mirror",
        at=at,
        title=Phrase("comparing.title_mirror", {"first": one.label, "second": two.label}),
        notes=(*unlike.values(), Phrase("comparing.cannot_tell")),
        family=note,
        totals=totals,
        decimals=decimals,
    )


def _items(answers: Source, item: str | None, other: Source, other_item: str | None) -> tuple[list[tuple[str, str]], list[Phrase]]:
    if not (isinstance(answers, Survey) and isinstance(other, Survey)):
        if isinstance(answers, Survey) or isinstance(other, Survey):
            raise AnalysisError("a Survey is compared with a Survey, a Series with a Series", where="answers, other")
        return [(item or "", other_item or item or "")], []
    if item is not None:
        found = counterpart(answers, one_item(answers, item), other, "mirror") if other_item is None else None
        name = other_item or (found.id if found is not None else item)
        return [(item, name)], list(require_comparable(answers, item, other, name, "mirror"))
    pairs, _ = common_items(answers, other, "mirror")
    if not pairs:
        raise AnalysisError(
            "no item is declared a mirror of the other group's", where="item", todo="write mirror = [...] in the questionnaire"
        )
    return pairs, [note for one, two in pairs for note in require_comparable(answers, one, other, two, "mirror")]


def _group(source: Source) -> str | Sayable:
    """The group and when it was asked: two groups are seldom asked on the same day."""
    if not isinstance(source, Survey) or source.questionnaire is None:
        return ""
    asked = source.questionnaire
    return Phrase("comparing.dated", {"group": asked.group, "wave": asked.wave}) if asked.wave.da else asked.group


def _row(answer: Compared, question: Question) -> dict[str, Any]:
    row = counts_of(answer, question)
    one, two = question.one.population, question.two.population
    if one is not None and two is not None:
        first, second = (worst_case(row[f"x{place}"], row[f"n{place}"], size) for place, size in ((1, one), (2, two)))
        row |= {"worst_lower": second.lower - first.upper, "worst_upper": second.upper - first.lower}
    return row
