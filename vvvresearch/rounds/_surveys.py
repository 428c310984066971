"""The analyses of single surveys as a round has them, and how a number of theirs is found by its address."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, ClassVar

from vvvresearch.results import Result, address_part, folded
from vvvresearch.rounds._binding import Supplier, of_survey
from vvvresearch.survey import any_of, base_table, open_answers, reliability, response, tabulate, topline

if TYPE_CHECKING:
    from vvvresearch.evidence import Item, Survey
    from vvvresearch.rounds._round import Round

_LIMITS = ("lower", "upper", "worst_lower", "worst_upper")


def table_at(opened: Round, address: str) -> Result | None:
    """The table that holds a number of a survey: the address says item, groups and settings.

    Of a setting that no address can hold whole (weights that were given as numbers, another interval) nothing is found.
    """
    root, *rest = folded(address).split(".")
    name, *settings = root.split("/")
    if name not in opened.surveys or not rest:
        return None
    survey = opened.surveys[name]
    if settings in (["bases"], ["response"]):
        return opened.base_table(survey) if settings == ["bases"] else opened.response(survey)
    if len(settings) == 1 and settings[0].startswith("reliability-"):
        return _reliability_at(opened, survey, settings[0].removeprefix("reliability-"))
    item = next((one for one in _items(survey) if _same(one.id, rest[0])), None)
    if item is None:
        return None
    known: dict[str, Any] = {"intervals": True} if rest[-1] in _LIMITS else {}
    for setting in settings:
        kind, _, value = setting.partition("-")
        if kind == "by":
            known["by"] = next((column for column in survey.respondent_columns if _same(column, value)), value)
        elif kind == "of":
            known["denominator"] = value
        elif setting == "on-route":
            known["off_route"] = "drop"
        elif setting == "numbers":
            known["numbers"] = True
        elif kind == "weighted":
            known["weights"] = next((column for column in survey.respondent_columns if _same(column, value)), value)
        elif setting not in ("top", "any"):
            return None
    if "any" not in settings:
        return opened.tabulate(survey, item, **known)
    options = opened.tabulate(survey, item).frame
    if "code" not in options or len(rest) < 2 or set(known) - {"denominator", "off_route"}:
        return None
    codes = [next((code for code in options["code"] if _same(code, part)), part) for part in rest[1].split("/")]
    return opened.any_of(survey, item, codes, **known)


def _reliability_at(opened: Round, survey: Survey, name: str) -> Result | None:
    battery = next((one.battery for one in _items(survey) if one.battery and _same(one.battery, name)), None)
    ids = [one.id for one in _items(survey) if _same(one.id, name) or any(_same(one.id, part) for part in name.split("+"))]
    return opened.reliability(survey, battery or ids) if battery or len(ids) > 1 else None


def _items(survey: Survey) -> Iterable[Item]:
    return survey.questionnaire.items if survey.questionnaire else ()


def _same(name: str, part: str) -> bool:
    return folded(address_part(name)) == part


class SurveyAnalyses(Supplier):
    """What a round has of its surveys, each given by its id or itself."""

    SUPPLIES: ClassVar[dict[str, tuple[str, Callable[[Any], Any]]]] = {"small_n": ("", lambda opened: opened.small_n)}
    ROOTS: ClassVar[dict[str, Callable[[Any, str], Result | None]]] = {"*": table_at}

    tabulate = of_survey(tabulate)
    any_of = of_survey(any_of)
    topline = of_survey(topline)
    base_table = of_survey(base_table)
    response = of_survey(response)
    reliability = of_survey(reliability)
    open_answers = of_survey(open_answers)
