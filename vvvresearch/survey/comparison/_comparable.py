"""May these two items be compared? Declared comparable, the same scale, and data of a kind that allows it."""

from __future__ import annotations

from typing import Literal

import pandas as pd

from vvvresearch.errors import AnalysisError, NotPermittedError
from vvvresearch.evidence import Item, Questionnaire, Survey, code_text
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Joined, Phrase, say
from vvvresearch.survey.comparison._sides import Source, codes_by_word, one_item, worded
from vvvresearch.survey.tabulation._answers import read_answers

Declaration = Literal["comparable", "mirror"]
NOT_COUNTED = ("open", "number")


def require_permitted(source: Source, what: str) -> None:
    """Refuse tests, comparisons and weights on answers that are reconstructed, or on what was published only.

    Raises:
        NotPermittedError: with the reason.
    """
    if not isinstance(source, Survey):
        return
    source.require_joint(what)
    if source.kind is DataKind.PUBLISHED:
        raise NotPermittedError(
            f"{what} is not possible with published aggregates",
            where=source.origin,
            why="only margins were published, not who answered what",
            todo="show the published figures as they are, or use a round with answers",
        )


def declared(survey: Survey, item: Item, other: Survey, other_item: Item, by: Declaration) -> bool:
    """Whether either questionnaire declares the two items comparable (or mirrors, which includes comparable)."""
    one, two = survey.questionnaire, other.questionnaire
    assert one is not None
    assert two is not None
    if one.id == two.id and item.id == other_item.id:
        return True
    sides = ((item, f"{two.id}:{other_item.id}"), (other_item, f"{one.id}:{item.id}"))
    return any(reference in each.comparable or (by == "mirror" and reference in each.mirror) for each, reference in sides)


def require_comparable(survey: Survey, name: str, other: Survey, other_name: str, by: Declaration) -> tuple[Phrase, ...]:
    """Refuse items that no questionnaire declares comparable; otherwise say how they differ.

    Returns:
        Notes that mark unlike wordings and scales.

    Raises:
        AnalysisError: not declared, with what is known to differ.
    """
    item, other_item = one_item(survey, name), one_item(other, other_name)
    one, two = survey.questionnaire, other.questionnaire
    assert one is not None
    assert two is not None
    answers, others = (
        [option for option in options if option.role == "answer"] for options in (one.options(item), two.options(other_item))
    )
    codes, own_codes = [option.code for option in answers], [option.code for option in others]
    known = dict(zip(worded(option.label for option in answers), codes, strict=True))
    other_codes = list(codes_by_word(own_codes, worded(option.label for option in others), known))
    if not declared(survey, item, other, other_item, by):
        differs = []
        if item.text != other_item.text:
            differs.append(f"the wordings differ (»{item.text.en}« and »{other_item.text.en}«)")
        if item.wording_version != other_item.wording_version:
            differs.append(f"wording version {item.wording_version} and {other_item.wording_version}")
        if codes != other_codes:
            differs.append(f"the scales differ ({', '.join(codes)} and {', '.join(other_codes)})")
        raise AnalysisError(
            f"{one.id}:{item.id} and {two.id}:{other_item.id} are not declared comparable",
            where="item",
            why="; ".join(differs) or "items of different waves or groups are never pooled unless somebody has judged that they may be",
            todo=f'if they may be compared, write {by} = ["{one.id}:{item.id}"] at the item in {two.id}',
        )
    notes = []
    if item.text != other_item.text or item.wording_version != other_item.wording_version:
        notes.append(Phrase("comparing.wording_differs", {"first": item.text, "second": other_item.text}))
    if other_codes != own_codes:
        notes.append(Phrase("comparing.codes_differ", {"question": other_item.text}))
    if set(codes) != set(other_codes):
        scales = [Joined(tuple(option.label for option in options)) for options in (answers, others)]
        notes.append(Phrase("comparing.scale_differs", {"first": scales[0], "second": scales[1]}))
    return tuple(notes)


def counterpart(survey: Survey, item: Item, other: Survey, by: Declaration) -> Item | None:
    """The item of the other survey that this one is declared comparable with; None when there is none."""
    assert other.questionnaire is not None
    for candidate in other.questionnaire.items:
        if declared(survey, item, other, candidate, by):
            return candidate
    return None


# Of those with the same id so many answer alike what asks who they are, where they are the same persons: some move, some slip.
_SAME_PERSONS, _ENOUGH = 0.8, 5


def others_under_the_same_ids(first: Survey, second: Survey) -> int:
    """How many ids of two waves stand for other persons, 0 where nothing shows it: numbers of participants that begin anew each year.

    What asks who somebody is has one answer, the same words and answers in both waves, and is declared comparable in neither.
    """
    shared = first.answers.index.intersection(second.answers.index)
    one, two = first.questionnaire, second.questionnaire
    if one is None or two is None or one.frame.unit == "municipality":
        return 0
    asked = {item.id: item for item in two.items if item.type == "single" and not item.comparable}
    for item in one.items:
        other = asked.get(item.id)
        if other is None or item.type != "single" or item.comparable or _as_worded(one, item) != _as_worded(two, other):
            continue
        if item.id in first.answers and item.id in second.answers:
            pairs = pd.concat([first.answers[item.id].reindex(shared), second.answers[item.id].reindex(shared)], axis=1).dropna()
            alike = pairs.iloc[:, 0].map(code_text) == pairs.iloc[:, 1].map(code_text)
            if len(alike) >= _ENOUGH and alike.mean() < _SAME_PERSONS:
                return len(shared)
    return 0


def _as_worded(questionnaire: Questionnaire, item: Item) -> tuple[str, ...]:
    return (say(item.text, "da"), *(f"{option.code} {say(option.label, 'da')}" for option in questionnaire.options(item)))


def common_items(survey: Survey, other: Survey, by: Declaration) -> tuple[list[tuple[str, str]], list[Item]]:
    """The items with options that are declared comparable and were answered in both, and those of the first that are left out."""
    assert survey.questionnaire is not None
    found: list[tuple[str, str]] = []
    left_out: list[Item] = []
    for item in survey.questionnaire.items:
        if item.type in NOT_COUNTED:
            continue
        another = counterpart(survey, item, other, by)
        if another is not None and another.type not in NOT_COUNTED and was_answered(survey, item) and was_answered(other, another):
            found.append((item.id, another.id))
        else:
            left_out.append(item)
    return found, left_out


def was_answered(survey: Survey, item: Item) -> bool:
    """Whether anybody answered an item in this wave."""
    answers = read_answers(survey, item)
    return answers.present and bool(answers.given.any())
