"""The analyses of single surveys as a round has them, and how a number of theirs is found by its address."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd

from vvvresearch.errors import AnalysisError, RoundError, UnknownNameError, did_you_mean
from vvvresearch.evidence import Survey
from vvvresearch.locales import Sayable
from vvvresearch.mechanisms import Moderators, moderators
from vvvresearch.results import Labels, Result, address_part, folded
from vvvresearch.rounds._binding import Supplier, of_survey
from vvvresearch.rounds.calling._guesses import of_surveys
from vvvresearch.rounds.calling._meaning import fits, meant_by, surveys_asking
from vvvresearch.survey import any_of, base_table, open_answers, reliability, response, tabulate, topline
from vvvresearch.survey.comparison._comparable import require_permitted
from vvvresearch.survey.comparison._sides import one_item, side_of

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


class Surveys(Mapping[str, Survey]):
    """A round's surveys by the id of their source; each is read when it is first asked for.

    Those of earlier rounds are found by their ids too, but a round's own are what it consists of.

    Attributes:
        own: the ids of the round's own surveys.
    """

    def __init__(self, opened: Round) -> None:
        self._round = opened
        self.own = tuple(source.id for source in opened.spec.sources if source.type == "survey")

    def __getitem__(self, name: str) -> Survey:
        if name in self.own:
            survey: Survey = self._round.read(name)
            return survey
        if isinstance(name, int) and -len(self.own) <= name < len(self.own):
            return self[self.own[name]]
        if name in self._round.earlier_surveys:
            return self._round.earlier_surveys[name].surveys[name]
        if fits(self._round, "survey", name):
            return self[str(meant_by(self._round, "survey", name))]
        known = [*self.own, *self._round.earlier_surveys]
        raise RoundError(f"the round {self._round.id} has no survey {name!r}", where=self._round.path, todo=did_you_mean(str(name), known))

    def __call__(self, name: str = "", item: str = "", **named: Any) -> Any:
        """All of them; one, of a name; or the table of one of its items."""
        if not name and not named:
            return self
        whole = not item and not named and (not isinstance(name, str) or name in self or fits(self._round, "survey", name))
        return self[name] if whole else self._round.tabulate(*filter(None, (name, item)), **named)

    if not TYPE_CHECKING:  # a type checker knows what there is

        def __getattr__(self, name: str) -> Any:
            """A survey by its name, `r.surveys.municipal_2022`, or the table of an item that one of them asks."""
            if name.startswith("_"):
                raise AttributeError(name)
            if fits(self._round, "survey", name):
                return self[name]
            if asked := surveys_asking(self._round, name):
                return self._round.tabulate(asked[0], name) if len(asked) == 1 else self._round.tabulate(item=name)
            if (analysis := self.analysis(name)) is not None:
                return analysis
            raise UnknownNameError(f"there is no survey {name!r}; {did_you_mean(name, self.own)}")

    def analysis(self, name: str, *, of_one: bool = False) -> Any:
        """The analysis of surveys that is called so, each given its survey first; None where a name means none.

        Args:
            name: ours, another program's, or Danish.
            of_one: whether it is asked of one survey, which can be drawn at once.
        """
        return of_surveys(self._round, name, of_one=of_one)

    def __contains__(self, name: object) -> bool:
        return name in self.own or name in self._round.earlier_surveys

    def __iter__(self) -> Iterator[str]:
        return iter(self.own)

    def __len__(self) -> int:
        return len(self.own)

    def _ipython_key_completions_(self) -> list[str]:
        return [*self.own, *self._round.earlier_surveys]

    def __repr__(self) -> str:
        return f"surveys: {', '.join(self.own) or 'none'}"


def survey_moderators(
    answers: Survey,
    outcome: str,
    candidates: str | Sequence[str],
    mechanism: str | None = None,
    *,
    cluster: str | None = None,
    level: float = 0.95,
) -> Moderators:
    """What goes with an answer, or changes what goes with it: leaders in municipalities, with an ordered answer and an interaction.

    Every item becomes a column of numbers: of two answers the first is 1 and the other 0, of a scale the end with its top box is the
    highest, numbers are themselves; don't know is no answer. What follows is `moderators`.

    Args:
        answers: the survey.
        outcome: an item with two answers, a scale or a number.
        candidates: items, or variables of the answers or of those invited, that may make a difference; with `mechanism` yes/no ones.
        mechanism: a yes/no item whose effect the candidates may change.
        cluster: the variable that respondents share, e.g. their municipality; errors then rest on these groups.
        level: confidence level of the family of candidates.

    Returns:
        Moderators, as `vvvresearch.mechanisms.moderators` has it; without addresses.

    Raises:
        AnalysisError: no such item or variable, or one without order.
        NotPermittedError: reconstructed answers or published aggregates.

    Source: McCullagh 1980; Bell and McCaffrey 2002.

    Example:
        >>> import vvvresearch as vvv
        >>> r = vvv.open_round("demo")
        >>> r.survey_moderators("leaders-2021", "benefit_language", "organisation").frame[["test", "verdict"]].values.tolist()
        [['ranks', 'cannot tell']]
    """
    require_permitted(answers, "a model of answers")
    chosen = [candidates] if isinstance(candidates, str) else list(candidates)
    names = [outcome, *chosen, *([mechanism] if mechanism else [])]
    words: dict[str, str | Sayable] = {}
    columns: dict[str, pd.Series[float]] = {}
    for name in names:
        columns[name], words[name] = _numbers(answers, name)
    table = pd.DataFrame(columns)
    if cluster is not None:
        table[cluster] = _variable(answers, cluster)
    found = moderators(table, outcome, chosen, mechanism, cluster=cluster, level=level, kind=answers.kind)
    return dataclasses.replace(found, at="", labels={"candidate": Labels(words)})


def _numbers(survey: Survey, name: str) -> tuple[pd.Series[float], str | Sayable]:
    """An item or variable as numbers by respondent, and its words."""
    asked = survey.questionnaire
    if asked is None or name not in {item.id for item in asked.items}:
        values = _variable(survey, name)
        known = sorted(values.dropna().unique(), key=str)
        if len(known) == 2:
            # The same two words are 0 and 1 in every survey, whoever answered first.
            return values.map({known[0]: 0.0, known[1]: 1.0}), name
        return _ordered(pd.to_numeric(values, errors="coerce"), values, name), name
    side = side_of(survey, one_item(survey, name).id)
    valid = [place for place, role in enumerate(side.roles) if role not in ("dont_know", "refused")]
    if side.numbers is not None:
        numbers = side.numbers.astype(float)
    elif side.rank is not None:
        tops = [valid.index(place) for place in valid if side.codes[place] in side.top] or [0]
        falling = np.mean(tops) < (len(valid) - 1) / 2
        numbers = np.where(side.rank < 0, np.nan, len(valid) - 1 - side.rank if falling else side.rank)
    elif len(valid) == 2 and not side.several:
        first, second = (side.chosen[:, place] for place in valid)
        numbers = np.where(first, 1.0, np.where(second, 0.0, np.nan))
    else:
        raise AnalysisError(f"the answers to {name!r} have no order", where=name, todo="name an item with two answers, a scale or a number")
    return pd.Series(numbers, index=side.respondents, dtype=float), side.question


def _ordered(numbers: pd.Series[float], values: pd.Series[Any], name: str) -> pd.Series[float]:
    if (numbers.isna() & values.notna()).any():
        raise AnalysisError(f"the values of {name!r} have no order", where=name, todo="name a variable with two values, or with numbers")
    return numbers


def _variable(survey: Survey, name: str) -> pd.Series[Any]:
    """A column of the answers, else of those invited, by respondent."""
    column = survey.respondent_column(name)
    if column is None:
        raise AnalysisError(f"the survey has no variable {name!r}", where=survey.id, todo=did_you_mean(name, survey.respondent_columns))
    return column.where(column.notna() & (column.astype(str) != ""))
