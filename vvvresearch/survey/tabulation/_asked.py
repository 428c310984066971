"""Who was asked an item: the route of the questionnaire, checked against the answers that came."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from vvvresearch.errors import AnalysisError, SourceError
from vvvresearch.evidence import Item, Survey, parse_route
from vvvresearch.locales import Phrase
from vvvresearch.survey.tabulation._answers import NOT_ASKED, NOT_IN_WAVE, VALID, Answers, read_answers
from vvvresearch.survey.tabulation._wording import RouteWords

if TYPE_CHECKING:
    from numpy.typing import NDArray

OffRoute = Literal["keep", "drop"]
Denominator = Literal["asked", "answered", "valid", "ticked"]


class RouteWarning(UserWarning):
    """Answers and route contradict each other; the message names both numbers."""


@dataclass(frozen=True)
class Asked:
    """Who an item's percentages may count: `route` by the questionnaire, `stray` those who answered without being asked."""

    route: NDArray[np.bool_]
    stray: NDArray[np.bool_]
    scope: NDArray[np.bool_]
    computable: bool
    notes: tuple[Phrase, ...] = ()


def who_was_asked(survey: Survey, answers: Answers, off_route: OffRoute = "keep") -> Asked:
    """Compute an item's route and compare it with the answers.

    Args:
        survey: answers and questionnaire.
        answers: the item's answers.
        off_route: whether answers of people who were not asked stay in the table ("keep") or not ("drop").
    """
    questionnaire, item = survey.questionnaire, answers.item
    assert questionnaire is not None
    marked = answers.state == NOT_ASKED
    in_wave = answers.state != NOT_IN_WAVE
    route = ~marked & in_wave
    if not item.route or not answers.present:
        return Asked(route, np.zeros_like(route), route, True)
    words = {"item": item.id, "route": RouteWords(questionnaire, item)}
    waited = parse_route(item.route)
    try:
        if any(_is_partial(survey, questionnaire.item(name)) for name in waited.items):
            raise SourceError("the route waits for answers that were published in part")
        route = waited.asked(survey.answers).to_numpy(dtype=np.bool_) & in_wave
    except SourceError:
        # The item that the route waits for was not published or not in this wave.
        return Asked(in_wave, np.zeros_like(in_wave), in_wave, False, (Phrase("tabulation.route_unknown", words),))
    stray = answers.given & ~route
    notes: list[Phrase] = []
    if stray.any():
        counts = {"stray": int(stray.sum()), "route_n": int(route.sum()), "data_n": int(answers.given.sum())}
        kept = Phrase("tabulation.stray_kept" if off_route == "keep" else "tabulation.stray_dropped")
        notes.append(Phrase("tabulation.route_conflict", {**words, **counts, "kept": kept}))
    if conflict := int((route & marked).sum()):
        notes.append(Phrase("tabulation.marked_not_asked", {**words, "n": conflict, "route_n": int(route.sum())}))
    for note in notes:
        warnings.warn(f"{item.id}: {note.say('en')}", RouteWarning, stacklevel=4)
    return Asked(route, stray, route | stray if off_route == "keep" else route, True, tuple(notes))


def _is_partial(survey: Survey, item: Item) -> bool:
    if item.missing_reason is None:
        return False
    answers = read_answers(survey, item)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RouteWarning)
        return not complete(answers, who_was_asked(survey, answers))


def complete(answers: Answers, asked: Asked) -> bool:
    """Whether everybody who was asked has an answer; published figures of which a part is missing have not."""
    return bool(answers.given[asked.scope].all()) and bool(asked.scope.any())


def counted(answers: Answers, asked: Asked, denominator: Denominator) -> NDArray[np.bool_]:
    """The respondents that a denominator counts.

    Raises:
        AnalysisError: "ticked" for an item that has no tick boxes.
    """
    chosen = asked.scope
    if denominator == "answered":
        chosen = chosen & answers.given
    elif denominator == "valid":
        chosen = chosen & np.equal(answers.state, VALID)
    elif denominator == "ticked":
        if answers.ticks is None:
            raise AnalysisError('the denominator "ticked" is for multiple items', where=answers.item.id)
        chosen = chosen & answers.given & np.logical_or.reduce(answers.ticks, axis=1)
    return chosen
