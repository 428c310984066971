"""Who was asked an item: the route of the questionnaire, checked against the answers that came."""

from __future__ import annotations

import ast
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from vvvresearch.errors import AnalysisError, SourceError
from vvvresearch.evidence import Item, Questionnaire, Survey, parse_route
from vvvresearch.locales import Lang, Phrase, Written, text
from vvvresearch.survey.tabulation._answers import NOT_ASKED, NOT_IN_WAVE, VALID, Answers, read_answers

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


def short_percent(value: float) -> Written:
    """A percentage with a decimal only where it needs one.

    Example:
        >>> short_percent(5).say("en"), short_percent(2.5).say("en")
        ('5%', '2.5%')
    """
    return Written(value, "percent", 0 if float(value).is_integer() else 1)


@dataclass(frozen=True)
class RouteWords:
    """A route in words: the questions and answers it waits for."""

    questionnaire: Questionnaire
    item: Item

    def say(self, lang: Lang) -> str:
        """The route in `lang`."""
        return _say(parse_route(self.item.route).tree, self.questionnaire, lang)


def _say(node: ast.expr, questionnaire: Questionnaire, lang: Lang) -> str:
    if isinstance(node, ast.BoolOp):
        joint = text("tabulation.route_and" if isinstance(node.op, ast.And) else "tabulation.route_or", lang)
        parts = [(_say(part, questionnaire, lang), isinstance(part, ast.BoolOp)) for part in node.values]
        return f" {joint} ".join(f"({words})" if nested else words for words, nested in parts)
    if isinstance(node, ast.UnaryOp):
        return text("tabulation.route_not", lang, part=_say(node.operand, questionnaire, lang))
    assert isinstance(node, ast.Compare)
    assert isinstance(node.left, ast.Name)
    item = questionnaire.item(node.left.id)
    waited = {code for _, code in parse_route(ast.unparse(node)).answers}
    labels = [f"»{option.label.say(lang)}«" for option in questionnaire.options(item) if option.code in waited]
    key = "tabulation.route_is" if isinstance(node.ops[0], ast.Eq | ast.In) else "tabulation.route_is_not"
    either = f" {text('tabulation.route_or', lang)} "
    return text(key, lang, item=item.text.say(lang), labels=either.join(labels))
