"""Which surveys may be compared, by what their questionnaires declare, and the comparison of each such pair."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import pandas as pd

from vvvresearch.evidence import Item, Questionnaire, Survey, in_time
from vvvresearch.kinds import combined_kind
from vvvresearch.locales import Joined, Phrase, Sayable
from vvvresearch.results import Base, Column, Labels, Result, recorded
from vvvresearch.survey.comparison._changes import panel_moves
from vvvresearch.survey.comparison._comparable import (
    NOT_COUNTED,
    Declaration,
    common_items,
    counterpart,
    others_under_the_same_ids,
    was_answered,
)
from vvvresearch.survey.comparison._compared import How
from vvvresearch.survey.comparison._groups import compare_groups
from vvvresearch.survey.comparison._sides import share_ids
from vvvresearch.survey.comparison._waves import compare_waves

REASONS = ("scale", "wording", "both", "undeclared", "open", "number", "unanswered", "only_first", "only_second")


@dataclass(frozen=True, repr=False)
class Pair:
    """Two surveys that may be compared: two waves of one group ("waves"), or two groups that were asked alike ("mirror")."""

    first: Survey
    second: Survey
    how: How

    @cached_property
    def others(self) -> int:
        """How many stand under one id in both and are not the same, by what asks who somebody is."""
        return others_under_the_same_ids(self.first, self.second)

    @cached_property
    def numbers(self) -> dict[str, str]:
        """The number items that both waves have, each with its id in the second, where respondents can be linked: other means are not
        tested."""
        if self.how == "mirror" or not share_ids(self.first, self.second):
            return {}
        if self.others:
            return {}
        found = {}
        for item in _questionnaire(self.first).items:
            other = counterpart(self.first, item, self.second, "comparable") if item.type == "number" else None
            if other is not None and other.type == "number" and was_answered(self.first, item) and was_answered(self.second, other):
                found[item.id] = other.id
        return found

    @property
    def id(self) -> str:
        """Both ids, as addresses have them."""
        return f"{self.first.id}~{self.second.id}"

    @property
    def name(self) -> str:
        """What reports call its tables."""
        return f"{self.how}/{self.id}"

    @property
    def title(self) -> Sayable:
        """Both surveys in words."""
        return Joined((self.first.title, self.second.title), " / ")

    def __repr__(self) -> str:
        return f"{self.how}: {self.id}"


def comparable(surveys: Iterable[Survey]) -> tuple[Pair, ...]:
    """The pairs of surveys whose questionnaires declare items comparable, in the order of their periods.

    Args:
        surveys: with their questionnaires; those without one are left out.

    Returns:
        Pairs: of one group, where an item is declared `comparable`; of two groups, where one is declared a `mirror`.

    Example:
        >>> from vvvresearch.survey import example_survey
        >>> comparable([example_survey()])
        ()
    """
    asked = [survey for survey in surveys if survey.questionnaire is not None]
    times = [id(questionnaire) for questionnaire in in_time(map(_questionnaire, asked))]
    ordered = sorted(asked, key=lambda survey: times.index(id(survey.questionnaire)))
    found = []
    for one, two in combinations(ordered, 2):
        how: How = "waves" if _questionnaire(one).group == _questionnaire(two).group else "mirror"
        if _refers(one, two, how) or _refers(two, one, how):
            found.append(Pair(one, two, how))
    return tuple(found)


@recorded
def compare(pair: Pair) -> Result:
    """Everything that can be said of a pair, from one computation.

    Args:
        pair: from `comparable`.

    Returns:
        Result of `compare_waves` or `compare_groups` over all declared items, with the parts "refused" (questions that are not
        compared, and why) and for waves "panel", "numbers", "moves" (who went higher and lower) and each question with several answers.

    Raises:
        NotPermittedError: reconstructed answers or published aggregates.
        AnalysisError: no item that is declared was answered in both.
    """
    if pair.how == "mirror":
        found = compare_groups(pair.first, other=pair.second)
        return dataclasses.replace(found, parts={**found.parts, "refused": refused(pair)})
    counted = common_items(pair.first, pair.second, "comparable")[0]
    # Scores alone make a pair where the same persons have them twice.
    found = compare_waves(pair.first, pair.second, None if counted else [*pair.numbers])
    if not counted:
        found = dataclasses.replace(found, frame=found.frame.assign(key=True, several=False))
    parts = {**found.parts, "refused": refused(pair)}
    if pair.numbers and counted:
        parts["numbers"] = compare_waves(pair.first, pair.second, [*pair.numbers])
    if moved := _moves(pair):
        parts["moves"] = moved
    return dataclasses.replace(found, parts=parts)


def refused(pair: Pair) -> Result:
    """The questions of a pair that are not compared, each as it was asked and with the reason.

    Args:
        pair: from `comparable`.

    Returns:
        Result; `.frame`: first, second (ids, "" where not asked), reason. Of two groups only questions that both were asked are
        listed. Absent where everything is compared.
    """
    one, two = _questionnaire(pair.first), _questionnaire(pair.second)
    declaration: Declaration = "comparable" if pair.how == "waves" else "mirror"
    compared = dict(common_items(pair.first, pair.second, declaration)[0]) | {name: name for name in pair.numbers}
    before = {item.id: item for item in one.items}
    rows = []
    met = set(compared)
    for item in two.items:
        if item.id in compared.values():
            continue
        old = counterpart(pair.second, item, pair.first, declaration) or before.get(item.id)
        if old is not None and old.id not in met:
            met.add(old.id)
            rows.append({"first": old.id, "second": item.id, "reason": _reason(pair, old, item)})
        elif old is None and pair.how == "waves":
            rows.append({"first": "", "second": item.id, "reason": "only_second"})
    if pair.how == "waves":
        rows += [{"first": item.id, "second": "", "reason": "only_first"} for item in one.items if item.id not in met]
    labels = ends_of(pair)
    title = Phrase("comparing.not_compared", {"first": labels[0], "second": labels[1]})
    if not rows:
        return Result.missing(Phrase("comparing.all_compared"), title=title)
    own = {"only_first": {"label": labels[0]}, "only_second": {"label": labels[1]}}
    return Result(
        frame=pd.DataFrame(rows),
        base=Base(None),
        title=title,
        shows=(
            *(
                Column(side, Phrase("comparing.asked_as", {"label": label}))
                for side, label in zip(("first", "second"), labels, strict=True)
            ),
            Column("reason", Phrase("comparing.reason")),
        ),
        kind=combined_kind((pair.first.kind, pair.second.kind)),
        at=f"{pair.id}/refused",
        keys=("first", "second"),
        categories={"reason": REASONS},
        labels={
            "first": Labels({"": Phrase("comparing.not_asked")} | {item.id: _asked(one, item) for item in one.items}),
            "second": Labels({"": Phrase("comparing.not_asked")} | {item.id: _asked(two, item) for item in two.items}),
            "reason": Labels({code: Phrase(f"comparing.reason_{code}", own.get(code, {})) for code in REASONS}),
        },
    )


def ends_of(pair: Pair) -> tuple[Sayable, Sayable]:
    """What the two sides are called: waves by their wave, groups by their group."""
    one, two = _questionnaire(pair.first), _questionnaire(pair.second)
    return (one.wave, two.wave) if pair.how == "waves" else (one.group, two.group)


def _moves(pair: Pair) -> Result | None:
    """Where those who answered twice moved, where respondents can be linked."""
    if pair.others:
        return None
    return panel_moves(pair.first, pair.second, [*common_items(pair.first, pair.second, "comparable")[0], *pair.numbers.items()])


def _questionnaire(survey: Survey) -> Questionnaire:
    assert survey.questionnaire is not None
    return survey.questionnaire


def _refers(survey: Survey, other: Survey, how: How) -> bool:
    """Whether an item names one of the other questionnaire: with answers to choose from, or a number where persons are the same."""
    wanted = _questionnaire(other).id
    if how == "waves" and Pair(survey, other, how).numbers:
        return True
    return any(
        reference.partition(":")[0] == wanted
        for item in _questionnaire(survey).items
        if item.type not in NOT_COUNTED
        for reference in (item.comparable if how == "waves" else item.mirror)
    )


def _asked(questionnaire: Questionnaire, item: Item) -> Sayable:
    answers = Joined(tuple(option.label for option in questionnaire.options(item)), " · ")
    return Phrase("comparing.asked", {"question": item.text, "answers": answers}) if answers.parts else item.text


def _reason(pair: Pair, old: Item, new: Item) -> str:
    if "open" in (old.type, new.type):
        return "open"
    if "number" in (old.type, new.type):
        return "number"
    if not was_answered(pair.first, old) or not was_answered(pair.second, new):
        return "unanswered"
    scales = [[option.code for option in _questionnaire(survey).options(item)] for survey, item in ((pair.first, old), (pair.second, new))]
    wording = old.text != new.text or old.wording_version != new.wording_version
    if scales[0] != scales[1]:
        return "both" if wording else "scale"
    return "wording" if wording else "undeclared"
