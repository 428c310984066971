"""Tables of single items, batteries and banners, each with its base and the notes it needs."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from numbers import Integral
from typing import TYPE_CHECKING, Any

import numpy as np

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.evidence import Item, Option, Questionnaire, Survey, Words
from vvvresearch.locales import Joined, Lang, Phrase, check_lang, text
from vvvresearch.results import Base
from vvvresearch.survey.tabulation import _notes
from vvvresearch.survey.tabulation._answers import BLANK, NOT_IN_WAVE, VALID, Answers, find_items, read_answers
from vvvresearch.survey.tabulation._asked import Denominator, OffRoute, complete, who_was_asked
from vvvresearch.survey.tabulation._banner import Banner, banners
from vvvresearch.survey.tabulation._counting import base_counts, count, weights_of
from vvvresearch.survey.tabulation._layout import lay_out
from vvvresearch.survey.tabulation._numbers import number_table
from vvvresearch.survey.tabulation._rows import IntervalChoice, Part, interval_choice, rows_of, tidy_frame, top_frame
from vvvresearch.survey.tabulation._table import SMALL_N, SurveyTable
from vvvresearch.survey.tabulation._wording import RouteWords

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

_DENOMINATORS = ("asked", "answered", "valid", "ticked")
_OPEN = (
    Option(code="1", label=Words(da=text("tabulation.open_given", "da"), en=text("tabulation.open_given", "en"))),
    Option(code="0", label=Words(da=text("tabulation.open_blank", "da"), en=text("tabulation.open_blank", "en"))),
)


def tabulate(
    survey: Survey,
    item_or_battery: str | Item | Sequence[str],
    by: str | Sequence[str] | None = None,
    denominator: Denominator | None = None,
    weights: str | bool | pd.Series[float] | None = None,
    lang: Lang = "da",
    intervals: str | bool | None = None,
    population: int | None = None,
    *,
    level: float = 0.95,
    decimals: int = 0,
    off_route: OffRoute = "keep",
    small_n: int = SMALL_N,
) -> SurveyTable:
    """Tabulate an item, a battery or several items, alone or across the groups of a banner.

    Percentages are rounded half up from integer counts; options nobody chose stay; a multiple item counts everybody who
    answered the battery, ticked or not. Who was asked is computed from the questionnaire's routes and compared with the
    answers; where they disagree a `RouteWarning` and a note name both numbers.

    Args:
        survey: answers with their questionnaire.
        item_or_battery: an item's id, a battery's or multiple-response set's name, or several ids as one battery.
        by: one variable or several: columns of the answers (items or others) or of the list of invited. A variable
            called "wave" parts waves: an item without any answer in a wave counts as not in that wave.
        denominator: "asked", "answered" (don't know and refused included), "valid" (without them) or, for multiple
            items, "ticked"; default is what the questionnaire declares for the item.
        weights: a column of the answers, one number a respondent, or True for the weight variable of the file; counts and n
            stay unweighted.
        lang: "da" or "en".
        intervals: a method of `proportion_interval`, or True for the exact interval of a finite population (Wilson
            where no population is known). With a population the worst case stands first.
        population: size of the frame; default the questionnaire's. Not used for routed items and for groups.
        level: confidence level of the intervals.
        decimals: digits of percentages.
        off_route: "keep" answers of people whom the route does not lead to the item, or "drop" them.
        small_n: below this base readers see counts, not percentages.

    Returns:
        SurveyTable: `.frame` (item, text, code, label, role, by, group, group_label, count, percent, share, n …), `.top_box`,
        `.base`, `.note`. Number items give the rows n_valid, mean, sd, min, q1, median, q3, max, sum in `value`.

    Raises:
        NotPermittedError: a banner or weights with reconstructed answers.
        AnalysisError: unknown items, variables or codes; impossible weights or denominators.

    Example:
        >>> from vvvresearch.survey import example_survey
        >>> table = tabulate(example_survey(), "refers")
        >>> table.frame[["code", "count", "percent", "n"]].values.tolist()
        [['yes', 8, 67.0, 12], ['no', 4, 33.0, 12]]
        >>> tabulate(example_survey(), "agreement").base.asked
        8
    """
    check_lang(lang)
    if denominator is not None and denominator not in _DENOMINATORS:
        raise AnalysisError(f"there is no denominator {denominator!r}", todo=did_you_mean(str(denominator), _DENOMINATORS))
    if off_route not in ("keep", "drop"):
        raise AnalysisError(f'off_route is "keep" or "drop", not {off_route!r}')
    if not isinstance(decimals, Integral) or decimals < 0:
        raise AnalysisError(f"decimals is {decimals!r}", where="decimals", why="it is a number of digits, 0 or more")
    items, battery = find_items(survey, item_or_battery)
    heads, heavy = banners(survey, by), weights_of(survey, weights)
    settings = Settings(denominator, heavy, lang, decimals, off_route, small_n, (intervals, population, level))
    return table_of(survey, items, battery, heads, settings)


@dataclasses.dataclass(frozen=True)
class Settings:
    """How a table is made, apart from what stands in it."""

    denominator: Denominator | None
    weights: NDArray[np.float64] | None
    lang: Lang
    decimals: int
    off_route: OffRoute
    small_n: int
    intervals: tuple[str | bool | None, int | None, float] = (None, None, 0.95)


def table_of(survey: Survey, items: tuple[Item, ...], battery: str, heads: tuple[Banner, ...], settings: Settings) -> SurveyTable:
    """One table from what `tabulate` has prepared."""
    kinds = {item.type for item in items}
    if "number" in kinds and len(kinds) > 1:
        raise AnalysisError("numbers and answer options do not stand in one table", where=", ".join(item.id for item in items))
    parts = [_part(survey, item, heads, settings) for item in items]
    questionnaire = survey.questionnaire
    assert questionnaire is not None
    shared = _shared(survey, questionnaire, parts, battery, settings)
    if kinds == {"number"}:
        return number_table(parts, settings.weights, settings.decimals, heads, shared)
    choice = _choice(questionnaire, parts, settings)
    shares = _shares(questionnaire, parts[0])
    if battery:
        parts = _sorted(parts, shares)
    rows = [row for part in parts for row in rows_of(part, settings.decimals, choice)]
    frame, spoken = tidy_frame(rows, settings.lang)
    layout = lay_out(rows, battery=bool(battery), decimals=settings.decimals, small=settings.small_n, shares=shares)
    top = top_frame(parts, questionnaire, settings.decimals, settings.lang)
    label = Joined(tuple(option.label for option in parts[0].answers.options if option.code in shares), " + ")
    notes = [*_notes.denominator_note(parts), *_notes.rounding_note(rows, parts, settings.decimals, settings.small_n)]
    if battery:
        notes += _notes.battery_notes(parts, label if shares else None)
    notes += [*_notes.top_notes(questionnaire, parts, top), *_notes.banner_notes(heads, parts)]
    if any(0 < row.n < settings.small_n for row in rows):
        notes.append(Phrase("tabulation.small_n", {"limit": settings.small_n}))
    if settings.weights is not None:
        notes.append(Phrase("tabulation.weights"))
    told, assumptions = _notes.interval_notes(choice, any(part.item.route for part in parts))
    own = [note for part in parts for note in _notes.item_notes(survey, part)]
    return SurveyTable(
        frame=frame,
        wide=layout.wide,
        shows=layout.columns,
        top_box=top,
        spoken=spoken,  # type: ignore[arg-type]
        notes=(*notes, *told, *_once(own)),
        assumptions=tuple(assumptions),
        **shared,
    )


def _once(notes: list[Phrase]) -> list[Phrase]:
    """Each sentence once, though several items of a battery need it."""
    return list({note.say("en"): note for note in notes}.values())


def _part(survey: Survey, item: Item, heads: tuple[Banner, ...], settings: Settings) -> Part:
    answers = _in_waves(read_answers(survey, item), heads)
    if item.type == "open":
        places = np.where(answers.state == VALID, 0, np.where(answers.state == BLANK, 1, -1))
        answers = dataclasses.replace(answers, options=_OPEN, position=places.astype(np.intp))
    asked = who_was_asked(survey, answers, settings.off_route)
    denominator = "valid" if item.type == "number" else settings.denominator or item.denominator
    if item.type == "open":
        # Whoever was asked and wrote nothing is counted as such, so both rows have the same base.
        written = dataclasses.replace(answers, state=np.where(answers.state == NOT_IN_WAVE, NOT_IN_WAVE, VALID).astype(np.int8))
        counts = count(written, asked, heads, "answered", settings.weights)
        return Part(answers, asked, "asked", heads, counts)
    counts = count(answers, asked, heads, denominator, settings.weights)
    return Part(answers, asked, denominator, heads, counts)


def _in_waves(answers: Answers, heads: tuple[Banner, ...]) -> Answers:
    """Respondents of a wave in which nobody has any value for the item were not asked it in that wave."""
    wave = next((head for head in heads if head.by.casefold() == "wave"), None)
    if wave is None or not answers.present:
        return answers
    some = np.bincount(wave.place[(wave.place >= 0) & (answers.state != BLANK)], minlength=len(wave.codes)) > 0
    absent = np.append(~some, False)[wave.place]
    return dataclasses.replace(answers, state=np.where(absent, NOT_IN_WAVE, answers.state).astype(np.int8))


def _choice(questionnaire: Questionnaire, parts: list[Part], settings: Settings) -> IntervalChoice | None:
    method, population, level = settings.intervals
    known = population if population is not None else questionnaire.frame.population
    if any(part.item.route for part in parts) and population is None:
        known = None
    return interval_choice(method, level, known, settings.weights)


def _shares(questionnaire: Questionnaire, part: Part) -> list[str]:
    """The options a battery is sorted by: its top box, else the first answer (yes)."""
    scale = questionnaire.scales.get(part.item.scale)
    if scale is not None and scale.top:
        return list(scale.top)
    return [option.code for option in part.answers.options if option.role == "answer"][:1]


def _sorted(parts: list[Part], shares: list[str]) -> list[Part]:
    def share(part: Part) -> float:
        places = [place for place, option in enumerate(part.answers.options) if option.code in shares]
        counts = part.counts[0]
        n = counts.n[0] if counts.weighted_n is None else counts.weighted_n[0]
        chosen = counts.counts if counts.weighted is None else counts.weighted
        return float(chosen[0, places].sum() / n) if n else -1.0

    return sorted(parts, key=share, reverse=True)


def _shared(survey: Survey, questionnaire: Questionnaire, parts: list[Part], battery: str, settings: Settings) -> dict[str, Any]:
    """Base, title, kind and language of a table."""
    words: dict[str, Words] = {"group": questionnaire.group, "wave": questionnaire.wave}
    first = parts[0]
    if not battery:
        words["question"] = first.item.text
    said: dict[str, Any] = {name: value.say(settings.lang) for name, value in words.items()}
    counts = [base_counts(part.answers, part.asked) for part in parts]
    common: dict[str, Any] = {name: value for name, value in counts[0].items() if all(other[name] == value for other in counts)}
    known = [part for part in parts if part.item.missing_reason is None or complete(part.answers, part.asked)]
    bases = {int(part.counts[0].n[0]) for part in known}
    routes = {part.item.route for part in parts}
    base = Base(
        n=bases.pop() if len(bases) == 1 else None,
        unit=known_unit(first.item.unit or questionnaire.frame.unit),
        source=first.item.place,
        population=questionnaire.frame.population,
        routing=RouteWords(questionnaire, first.item) if len(routes) == 1 and first.item.route else "",
        **common,
        **said,
    )
    title = battery.strip() if battery else first.item.text
    return {"base": base, "title": title, "kind": survey.kind, "lang": settings.lang, "spoken_base": words}


def known_unit(name: str) -> str:
    """The unit where its words are known, else respondents."""
    from vvvresearch.errors import VvvError

    try:
        text(f"units.{name}", "en")
    except VvvError:
        return "respondent"
    return name
