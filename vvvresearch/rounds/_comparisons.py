"""A round's surveys compared with one another and with their frames, by what the round and its questionnaires declare."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from vvvresearch.errors import AnalysisError, CallError, did_you_mean
from vvvresearch.evidence import Survey
from vvvresearch.locales import Phrase
from vvvresearch.results import Result, address_part, folded
from vvvresearch.rounds._binding import Supplier, SurveyCall, of_survey
from vvvresearch.rounds._surveys import survey_moderators
from vvvresearch.rounds.calling._names import named, plain_name
from vvvresearch.rounds.calling._places import pair_named
from vvvresearch.survey import (
    CleaningRules,
    Pair,
    clean_answers,
    cleaning_steps,
    comparable,
    compare,
    compare_groups,
    compare_waves,
    cross_tables,
    frame_bounds,
    item_nonresponse,
    left_out,
    pooled_groups,
    representativeness,
    tipping_table,
    wave_trend,
    weight,
)

if TYPE_CHECKING:
    import pandas as pd

    from vvvresearch.rounds._round import Round
    from vvvresearch.survey.weighting._weighting import Method

_METHODS: dict[str, Method] = {"post-stratification": "post-stratification", "greg": "greg"}
_ADJUSTMENTS = ("benjamini-hochberg", "none")


class FrameCall(SurveyCall):
    """An analysis of a survey beside its frame: the round's variables where none are given, and what cleaning left out."""

    def of_surveys(self, given: dict[str, Any]) -> Any:
        """The call; absent where the survey has no list of invited and no frame was given."""
        survey = given["answers"]
        if isinstance(survey, Survey):
            if survey.invited is None and not {"frame", "targets"} & set(given):
                return self._round.absent(Phrase("absent.invited"))
            given["answers"] = self._round.cleaned(survey)
            if not given.get("by") and not given.get("numeric"):
                given["by"] = self._round.spec.representation.by
        return super().of_surveys(given)


class GroupsCall(SurveyCall):
    """A comparison of groups; two waves of one group are none: who answered both would count as two."""

    def of_surveys(self, given: dict[str, Any]) -> Any:
        """The call.

        Raises:
            CallError: the two surveys are waves; with the call that compares them so.
        """
        pair = {getattr(given.get(name), "id", "") for name in ("answers", "other")}
        if any(one.how == "waves" and {one.first.id, one.second.id} == pair for one in self._round.comparable()):
            first, item, second = given["answers"].id, given.get("item"), given["other"].id
            todo = f"r.compare_waves({first!r}, {second!r}, {getattr(item, 'id', item)!r})"
            raise CallError("two waves of one group are no two groups", where="r.compare_groups", todo=todo)
        return super().of_surveys(given)


def comparison_at(opened: Round, address: str) -> Result | None:
    """The comparison that holds a number: the root says which two surveys, and what was chosen otherwise."""
    root, *rest = folded(address).split(".")
    name, *settings = root.split("/")
    pair = next((one for one in opened.comparable() if folded(one.id) == name), None) if "~" in name else None
    if pair is None or not rest:
        return None
    if settings == ["moves"]:
        return opened.compare(pair).parts.get("moves")
    if not settings or settings == ["refused"]:
        return opened.compare(pair)
    known: dict[str, Any] = {}
    for setting in settings:
        kind, _, value = setting.partition("-")
        if kind == "only":
            items = value.split("+")
            known["item"] = items if len(items) > 1 else items[0]
        elif kind == "with":
            known["item2" if pair.how == "waves" else "other_item"] = value
        elif kind == "of":
            known["denominator"] = value
        elif kind == "level" and re.fullmatch(r"\d+(-\d+)?", value):
            known["level"] = float(value.replace("-", ".")) / 100
        elif kind == "linked":
            known["linked"] = value == "true"
        elif setting in _ADJUSTMENTS:
            known["adjustment"] = setting
        elif setting == "boschloo":
            known["test"] = setting
        else:
            return None
    if pair.how == "waves":
        return opened.compare_waves(pair.first, pair.second, **known)
    return opened.compare_groups(pair.first, other=pair.second, **known)


def frame_at(opened: Round, address: str) -> Result | None:
    """The comparison with a frame that holds a number: flow, cleaning, representativeness, bounds or weights of a survey."""
    root, *rest = folded(address).split(".")
    name, *settings = root.split("/")
    if name not in opened.surveys or not rest or not settings:
        return None
    survey = opened.surveys[name]
    if settings in (["cleaning"], ["left-out"]):
        return opened.cleaning(survey)
    if settings == ["bounds"]:
        return opened.frame_bounds(survey)
    if settings == ["flow"]:
        return opened.representativeness(survey)
    known = {f"by-{folded(address_part(column))}": column for column in survey.respondent_columns}
    by = [known[setting] for setting in settings if setting in known]
    others = [setting for setting in settings if setting not in known]
    if others == ["item-nonresponse"]:
        return opened.item_nonresponse(survey, impute=by)
    if others == ["represent"]:
        return opened.representativeness(survey, by)
    if len(others) == 2 and others[0] == "compared" and len(by) == 1:
        items = survey.questionnaire.items if survey.questionnaire else ()
        item = next((one.id for one in items if folded(address_part(one.id)) == rest[0]), None)
        return opened.compare_groups(survey, item, by[0]) if item else None
    if others in (["weights"], ["weights", "items"]):
        return opened.weight(survey, by)
    method = _METHODS.get(others[0]) if others else None
    return opened.weight(survey, by, method=method) if method and others[1:] in (["weights"], ["weights", "items"]) else None


class ComparisonAnalyses(Supplier):
    """What a round has of its surveys beside one another and beside their frames."""

    ROOTS: ClassVar[dict[str, Callable[[Any, str], Result | None]]] = {
        "*": lambda opened, address: comparison_at(opened, address) or frame_at(opened, address),
        "crosses": lambda opened, _: opened.crosses(),
        "trend": lambda opened, address: opened.trend(re.split(r"[/.]", address)[1]),
    }

    compare_waves = of_survey(compare_waves, "first", "second")
    compare_groups = of_survey(compare_groups, "answers", "other", call=GroupsCall)
    representativeness = of_survey(representativeness, "answers", call=FrameCall)
    weight = of_survey(weight, "answers", call=FrameCall)
    frame_bounds = of_survey(frame_bounds)
    tipping_table = of_survey(tipping_table)
    item_nonresponse = of_survey(item_nonresponse)
    pooled_groups = of_survey(pooled_groups)
    survey_moderators = of_survey(survey_moderators, "answers")

    def comparable(self: Any) -> tuple[Pair, ...]:
        """The pairs of surveys that the questionnaires declare comparable, in the order of their periods."""
        found: tuple[Pair, ...] = self._pairs
        return found

    @cached_property
    def _pairs(self: Any) -> tuple[Pair, ...]:
        earlier, own = [self.surveys[name] for name in self.earlier_surveys], list(self.surveys.values())
        return tuple(pair for pair in comparable([*earlier, *own]) if any(pair.second is one or pair.first is one for one in own))

    @cached_property
    def _compared(self) -> dict[str, Result]:
        return {}

    def compare(self: Any, pair: Pair | str, second: str = "", item: str = "") -> Result:
        """Everything that can be said of a pair; computed once.

        Args:
            pair: from `comparable()`, or its id, or the id of one of its surveys, or what both waves of one are called.
            second: the id of the other survey, in either order.
            item: one item alone, as `compare_waves` or `compare_groups` has it.

        Returns:
            Result of `vvvresearch.survey.compare`; absent where the data allow no comparison.

        Raises:
            AnalysisError: no such pair.
        """
        if isinstance(pair, type(self)):
            return _of_rounds(self, pair, named(plain_name(second or item)))
        known: dict[str, Pair] = {one.id: one for one in self.comparable()}
        if isinstance(pair, str) and not second and (waves := pair_named(self, pair)) is not None:
            pair = "~".join(one.id for one in waves)
        if second:
            pair = next((name for name in (f"{pair}~{second}", f"{second}~{pair}") if name in known), f"{pair}~{second}")
        for name in pair.split("~") if isinstance(pair, str) and pair not in known else ():
            if (reason := self.lacks_survey(name)) is not None:
                return self.absent(reason)  # type: ignore[no-any-return]
        if isinstance(pair, str) and pair not in known:
            first, _, other = pair.partition("~")
            todo = f"r.compare_waves({first!r}, {other!r}, item)" if other and not known else did_you_mean(pair, known)
            raise AnalysisError(f"there is no pair {pair!r}", where=f"round {self.id}", todo=todo)
        wanted = known[pair] if isinstance(pair, str) else pair
        if item and wanted.how == "waves":
            return self.compare_waves(wanted.first, wanted.second, item)  # type: ignore[no-any-return]
        if item:
            return self.compare_groups(wanted.first, item, other=wanted.second)  # type: ignore[no-any-return]
        if known.get(wanted.id) is not wanted:
            return _finished(self, lambda: compare(wanted))
        kept: dict[str, Result] = self._compared
        if wanted.id not in kept:
            kept[wanted.id] = _finished(self, lambda: compare(wanted))
        return kept[wanted.id]

    def crosses(self: Any) -> Result:
        """The cross-tables that the round agreed on, as one family of tests; absent where there are none.

        One of a survey that the round does not have is left out, and a note says so.
        """
        if not self.spec.crosses:
            return _absent(self, "crosses")
        lacking = {cross.survey: self.lacks_survey(cross.survey) for cross in self.spec.crosses}
        left_out = tuple(reason for reason in lacking.values() if reason is not None)
        wanted = [(self.surveys[cross.survey], cross.item, cross.by) for cross in self.spec.crosses if lacking[cross.survey] is None]
        if not wanted:
            return self.absent(left_out[0])  # type: ignore[no-any-return]
        found = _finished(self, lambda: cross_tables(wanted))
        return dataclasses.replace(found, notes=(*found.notes, *left_out)) if left_out and found else found

    def trend(self: Any, item: str) -> Result:
        """One item over the waves of the group that was asked it; absent where it cannot be followed.

        Args:
            item: the item's id.
        """
        chain = next((waves for waves in self._chains if any(_has(survey, item) for survey in waves)), None)
        if chain is None:
            return _absent(self, "trend" if self.has("survey") else "survey")
        waves = {survey.id: survey for survey in chain}
        words = [survey.questionnaire.wave for survey in chain]
        labels = dict(zip(waves, words, strict=True)) if len({one.da for one in words}) == len(words) else {}
        return _finished(self, lambda: wave_trend(waves, item, labels=labels))

    def trends(self: Any) -> dict[str, Result]:
        """The items that the round follows over its waves, each by its id."""
        return {item: self.trend(item) for item in self.spec.trends}

    @cached_property
    def _chains(self: Any) -> list[list[Survey]]:
        """The waves of each group, in the order of their periods, that comparable items tie together."""
        chains: list[list[Survey]] = []
        for pair in self.comparable():
            if pair.how != "waves":
                continue
            chain = next((one for one in chains if any(survey is pair.first or survey is pair.second for survey in one)), None)
            if chain is None:
                chains.append([pair.first, pair.second])
            else:
                chain += [survey for survey in (pair.first, pair.second) if not any(survey is one for one in chain)]
        return chains

    def received(self: Any, survey: str | Survey) -> Survey | None:
        """The answers of a survey as they came in, before cleaning; None where the round does not have them."""
        asked: Survey = self.surveys[survey] if isinstance(survey, str) else survey
        source = next((one for one in self.spec.sources if one.type == "answers_as_received" and one.survey == asked.id), None)
        if source is None:
            return None
        frame: pd.DataFrame = self.read(source.id).frame
        if "respondent" not in frame.columns:
            raise AnalysisError(
                "answers as received have no column 'respondent'", where=source.id, todo="name the column with the respondent so"
            )
        return dataclasses.replace(asked, answers=frame.set_index("respondent"), origin=source.path)

    def cleaned(self: Any, survey: str | Survey) -> Survey:
        """A survey with the log of what cleaning left out, where the round has the answers as they came in.

        Raises:
            AnalysisError: those do not clean to the answers in use.
        """
        asked: Survey = self.surveys[survey] if isinstance(survey, str) else survey
        raw = self.received(asked)
        if raw is None:
            return asked
        source = next(one for one in self.spec.sources if one.type == "answers_as_received" and one.survey == asked.id)
        cleaned = clean_answers(raw, CleaningRules(finished=(source.finished, ("1",)) if source.finished else None))
        unlike = sorted(map(str, cleaned.answers.index.symmetric_difference(asked.answers.index)))
        if unlike:
            raise AnalysisError(
                f"the answers received for {asked.id} do not clean to the answers in use",
                where=", ".join(unlike[:5]),
                why="the response flow would tell of other answers than the tables",
                todo=f"correct the source {source.id} (its column `finished`), or the file of cleaned answers",
            )
        return dataclasses.replace(asked, log=cleaned.log)

    def cleaning(self: Any, survey: str | Survey) -> Result:
        """From those invited to the answers that count, and as its part "left-out" what cleaning left out, by rule.

        Args:
            survey: a survey or its id.

        Returns:
            Result of `cleaning_steps`; absent where the round does not have the answers as they came in.
        """
        if not self.has("survey"):
            return _absent(self, "survey")
        if isinstance(survey, str) and (reason := self.lacks_survey(survey)) is not None:
            return self.absent(reason)  # type: ignore[no-any-return]
        raw = self.received(survey)
        if raw is None:
            return _absent(self, "answers_as_received")
        cleaned = self.cleaned(survey)
        return _finished(self, lambda: _steps(raw, cleaned))


def _of_rounds(one: Any, other: Any, what: str) -> Result:
    """Two rounds beside each other, asked of the one that looks back at the other."""
    later = next((two for two in (one, other) if {one.id, other.id} <= {two.id, *(before.id for before in two.earlier)}), None)
    if later is None or what not in ("", "theme_table", "theme_trend", "goals", "goal_status", "goal_trend"):
        why = f"of {what} there is none" if later is not None else "neither names the other under [previous]"
        todo = "r.theme_trend(), r.goal_trend(), r.compare_waves(first, second, item)"
        raise CallError("the two rounds are not compared", where="r.compare", why=why, todo=todo)
    found: Result = later.goal_trend() if what.startswith("goal") else later.theme_trend()
    return found


def _absent(opened: Any, what: str) -> Result:
    found: Result = opened.absent(Phrase(f"absent.{what}"))
    return found


def _finished(opened: Any, call: Callable[[], Result]) -> Result:
    found: Result = opened.finish(call)
    return found


def _steps(raw: Survey, cleaned: Survey) -> Result:
    return dataclasses.replace(cleaning_steps(raw, cleaned), parts={"left-out": left_out(cleaned)})


def _has(survey: Survey, item: str) -> bool:
    return survey.questionnaire is not None and item in {one.id for one in survey.questionnaire.items}
