"""What the hand-overs of compared surveys share: who may be compared, which answer stands for a question, written cells."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from vvvresearch.errors import AnalysisError, NotPermittedError
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Lang, Phrase, format_number, format_percent, half_up, text

if TYPE_CHECKING:
    from vvvresearch.evidence import Item, Questionnaire, Survey

# A share of fewer than this is written as a count.
SMALL = 10


def asked_of(survey: Survey) -> Questionnaire:
    """The questionnaire of a survey that has one."""
    if survey.questionnaire is None:
        raise AnalysisError("the survey has no questionnaire", where=survey.origin, todo="add its definition")
    return survey.questionnaire


def permitted(survey: Survey, what: Phrase, lang: Lang) -> str:
    """Empty where joint analyses are allowed, else the sentence that says why they are not.

    Args:
        survey: the answers.
        what: what was to be done, as words inside the sentence.
        lang: of the sentence.
    """
    title = survey.questionnaire.title.say(lang) if survey.questionnaire else survey.origin
    words = {"survey": title, "what": what}
    try:
        survey.require_joint(what.say("en"))
    except NotPermittedError:
        return Phrase("surveyreport.refused_reconstructed", words).say(lang)
    return Phrase("surveyreport.refused_published", words).say(lang) if survey.kind is DataKind.PUBLISHED else ""


def in_order(surveys: Iterable[tuple[str, Survey]]) -> list[tuple[str, Survey]]:
    """Surveys by the day their answers began to come in; those without a date last."""
    known = [(name, survey) for name, survey in surveys if survey.questionnaire is not None]
    return sorted(known, key=lambda pair: asked_of(pair[1]).period_start or date.max)


def refers_to(survey: Survey, other: Survey, by: str) -> bool:
    """Whether an item of either questionnaire names one of the other as comparable (or mirror)."""
    sides = ((asked_of(survey), asked_of(other)), (asked_of(other), asked_of(survey)))
    return any(
        reference.partition(":")[0] == two.id
        for one, two in sides
        for item in one.items
        for reference in (item.comparable if by == "comparable" else item.mirror)
    )


def key_codes(survey: Survey, item: Item, codes: list[str]) -> tuple[str, ...]:
    """The answers that stand for a question: the top of its scale, else the first answer."""
    scale = asked_of(survey).scales.get(item.scale)
    return tuple(code for code in (scale.top if scale else ()) if code in codes) or (codes[0],)


def key_words(survey: Survey, item: Item, codes: tuple[str, ...], lang: Lang) -> str:
    """Question and the answers that stand for it."""
    labels = [option.label.say(lang) for option in asked_of(survey).options(item) if option.code in codes]
    return Phrase("surveyreport.answer", {"question": item.text.say(lang), "answer": " + ".join(labels)}).say(lang)


def share_cell(count: int, n: int, lang: Lang) -> str:
    """A share with its counts; on a small base the counts alone.

    Example:
        >>> share_cell(30, 42, "en"), share_cell(2, 7, "en")
        ('71% (30 of 42)', '2 of 7')
    """
    if n < SMALL:
        return text("common.of", lang, part=count, whole=n)
    return text("surveyreport.share", lang, percent=_percent(count, n, lang), count=count, n=n)


def moved_cell(before: int, after: int, n: int, lang: Lang) -> str:
    """Two shares of one base, one after the other; on a small base their counts.

    Example:
        >>> moved_cell(26, 20, 35, "en")
        '74% → 57% (n = 35)'
    """
    first, second = (str(count) if n < SMALL else _percent(count, n, lang) for count in (before, after))
    return text("surveyreport.moved", lang, before=first, after=second, n=n)


def range_cell(lower: float, upper: float, lang: Lang) -> str:
    """Two limits in words; an en dash where there are none.

    Example:
        >>> range_cell(-12.44, 3.0, "en"), range_cell(float("nan"), 3.0, "en")
        ('−12.4 to 3.0', '–')
    """
    if lower != lower or upper != upper:
        return "–"
    return text("surveyreport.range", lang, lower=format_number(lower, 1, lang), upper=format_number(upper, 1, lang))


def _percent(count: int, n: int, lang: Lang) -> str:
    return format_percent(half_up(Fraction(100 * count, n)), 0, lang)
