"""Behind survey numbers: the answers of those who count, with what they wrote in their own words."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from vvvresearch.exploring._asked import Asked, Found, Opener
from vvvresearch.exploring._registers import own_row
from vvvresearch.results import TOTAL, Later
from vvvresearch.survey.comparison._sides import Side, side_of
from vvvresearch.survey.preparation._cleaning import completeness
from vvvresearch.survey.tabulation._answers import BLANK, DONT_KNOW, NOT_IN_WAVE, REFUSED, VALID, Answers, as_survey, read_answers
from vvvresearch.survey.tabulation._asked import Asked as OnRoute
from vvvresearch.survey.tabulation._asked import RouteWarning, counted, who_was_asked
from vvvresearch.survey.tabulation._counting import banners
from vvvresearch.survey.tabulation._rows import in_waves

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from vvvresearch.evidence import Item, Survey

    Flags = NDArray[np.bool_]


def answers_of(survey: Survey, item: Item, off_route: str = "keep") -> tuple[Answers, OnRoute]:
    """The answers to an item and who was asked it."""
    answers = read_answers(survey, item)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RouteWarning)
        return answers, who_was_asked(survey, answers, off_route)  # type: ignore[arg-type]


def answer_rows(survey: Survey, item: Item, answers: Answers, chosen: Flags, group: Mapping[int, str] | None = None) -> pd.DataFrame:
    """Respondents with what they answered to an item, and to the open items beside it."""
    places = [int(place) for place in np.flatnonzero(chosen)]
    rows: dict[str, Any] = {"respondent": survey.answers.index[places].astype(str)}
    if group is not None:
        rows["group"] = [group[place] for place in places]
    rows["item"] = item.id
    rows["answer"] = [_said(answers, place) for place in places]
    asked = survey.questionnaire.items if survey.questionnaire else ()
    for other in asked:
        if other.type == "open" and other.id in survey.answers.columns:
            rows[other.id] = survey.answers[other.id].fillna("").astype(str).to_numpy()[places]
    return pd.DataFrame(rows)


def _said(answers: Answers, place: int) -> str:
    if answers.numbers is not None:
        return "" if np.isnan(answers.numbers[place]) else f"{answers.numbers[place]:g}"
    if answers.ticks is not None:
        return "; ".join(option.code for option, tick in zip(answers.options, answers.ticks[place], strict=True) if tick)
    if answers.position is not None and answers.position[place] >= 0 and answers.position[place] < len(answers.options):
        return str(answers.options[answers.position[place]].code)
    return "+" if answers.state[place] == VALID else ""


def ticked(answers: Answers, codes: list[str]) -> Flags:
    """Who gave any of some answers."""
    found = np.zeros(len(answers.state), dtype=bool)
    for place, option in enumerate(answers.options):
        if option.code in codes:
            found |= answers.ticks[:, place] if answers.ticks is not None else answers.position == place
    return found


def table_cell(asked: Asked) -> Found:
    """A cell of a survey table: who gave the answer, who else was counted, who said don't know, who was not asked."""
    survey = as_survey(asked.given("survey"), asked.given("item"))
    if not asked.row or survey.questionnaire is None:
        return _everybody(survey)
    item = _item(asked, survey)
    heads = _heads(asked, survey)
    answers = in_waves(read_answers(survey, item), heads)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RouteWarning)
        route = who_was_asked(survey, answers, asked.given("off_route") or "keep")
    in_group = _group(asked, heads, len(answers.state))
    base = (
        counted(answers, route, "valid" if item.type == "number" else asked.given("denominator") or item.denominator)
        if item.type != "open"
        else route.scope
    )
    base = base & in_group
    code = str(asked.row.get("code", ""))
    if item.type == "open":
        wrote = answers.state == VALID
        chosen = route.scope & in_group & (wrote if code == "1" else ~wrote)
    elif "code" in asked.row or "top" in asked.result.at.split("/"):
        top = survey.questionnaire.scales[item.scale].top if item.scale else ()
        codes = code.split("/") if code not in ("", "top") or code in {one.code for one in answers.options} else list(top)
        chosen = route.scope & answers.given & ticked(answers, codes) & in_group
    else:
        chosen = base
    flags = {
        "chosen": chosen,
        "others": base & ~chosen,
        "dont_know": route.scope & (answers.state == DONT_KNOW) & in_group,
        "refused": route.scope & (answers.state == REFUSED) & in_group,
        "unanswered": route.scope & ~answers.given & (answers.state != NOT_IN_WAVE) & in_group,
        "asked": route.route & in_group,
        "not_asked": ~route.route & (answers.state != NOT_IN_WAVE) & in_group,
    }
    states = Later({name: partial(answer_rows, survey, item, answers, flag) for name, flag in flags.items()})
    whole = {name: int(flag.sum()) for name, flag in flags.items()}
    if asked.measure == "n":
        return Found(answer_rows(survey, item, answers, base), "answers", "respondent", int(base.sum()), whole, states)
    return Found(states["chosen"], "answers", "respondent", _value(asked, answers, base, int(chosen.sum()), int(base.sum())), whole, states)


def _value(asked: Asked, answers: Answers, base: Flags, count: int, n: int) -> Any:
    if asked.measure == "count":
        return count
    if asked.measure == "share" and not asked.given("weights"):
        return Fraction(count, n) if n else None
    if answers.numbers is not None and asked.measure in ("mean", "min", "max", "sum", "median"):
        numbers = answers.numbers[base]
        return float(getattr(np, asked.measure)(numbers)) if len(numbers) else None
    return None


def _item(asked: Asked, survey: Survey) -> Item:
    from vvvresearch.survey.tabulation._answers import find_items

    items, _ = find_items(survey, asked.given("item")) if asked.given("item") is not None else (survey.questionnaire.items, "")  # type: ignore[union-attr]
    return next(item for item in items if item.id == asked.row["item"])


def _heads(asked: Asked, survey: Survey) -> Any:
    by = asked.given("by")
    return asked.kept("heads", lambda: banners(survey, by))


def _group(asked: Asked, heads: Any, n: int) -> Flags:
    for head in heads:
        name = head.by if head.by in asked.row else "group"
        value = str(asked.row.get(name, TOTAL))
        value = value.removeprefix(f"{head.by}=") if head.by else value
        if head.by and name in asked.row and value in head.codes and (name != "group" or str(asked.row["group"]).startswith(f"{head.by}=")):
            return head.place == head.codes.index(value)  # type: ignore[no-any-return]
    return np.ones(n, dtype=bool)


def _everybody(survey: Survey) -> Found:
    return Found(pd.DataFrame({"respondent": survey.answers.index.astype(str)}), "answers", "respondent")


def base_cell(asked: Asked) -> Found:
    """Who was asked an item, answered it, did not know."""
    survey = asked.given("survey")
    if not asked.row:
        return _everybody(survey)
    item = survey.questionnaire.item(asked.row["item"])
    answers, route = answers_of(survey, item)
    flags = {
        "asked": route.route,
        "answered": route.scope & answers.given,
        "dont_know": route.scope & (answers.state == DONT_KNOW),
        "refused": route.scope & (answers.state == REFUSED),
        "unanswered": route.route & ~answers.given if route.computable else answers.state == BLANK,
        "not_asked": ~route.route & (answers.state != NOT_IN_WAVE),
        "not_in_wave": answers.state == NOT_IN_WAVE,
        "off_route": route.stray,
    }
    states = Later({name: partial(answer_rows, survey, item, answers, flag) for name, flag in flags.items()})
    whole = {name: int(flag.sum()) for name, flag in flags.items()}
    known = asked.number is not None and asked.number.value is not None
    frame = states[asked.measure if asked.measure in flags else "answered"]
    return Found(frame, "answers", "respondent", whole.get(asked.measure) if known else None, whole, states)


def response_cell(asked: Asked) -> Found:
    """Who was invited, answered, answered everything."""
    survey = asked.given("survey")
    step = asked.row.get("step", "answered")
    index = survey.answers.index
    if step == "invited" and survey.invited is not None:
        index = survey.invited.index
    elif step == "complete":
        answered, routed, _ = completeness(survey)
        index = index[np.asarray(answered == routed)]
    elif step != "answered":
        return own_row(asked)
    rows = pd.DataFrame({"respondent": index.astype(str)})
    n = asked.row.get("n")
    if asked.measure == "share":
        return Found(rows, "answers", "respondent", Fraction(len(rows), int(n)) if n == n and n else None)
    return Found(rows, "answers", "respondent", len(rows))


def compared_cell(asked: Asked) -> Found:
    """Both sides of a comparison: who gave the answer in each."""
    if not asked.row or "item" not in asked.row:
        return own_row(asked)
    sides = _two_sides(asked)
    if sides is None:
        return own_row(asked)
    code = str(asked.row.get("code", ""))
    frames, counts, bases, means = [], [], [], []
    for number, side in enumerate(sides, start=1):
        chosen = side.ticked(tuple(code.split("/"))) if code else np.ones(side.n, dtype=bool)
        every = pd.DataFrame({"side": number, "respondent": side.respondents.astype(str), "answer": _side_answers(side), "chosen": chosen})
        frames.append(every)
        counts.append(int(chosen.sum()))
        bases.append(side.n)
        means.append(None if side.numbers is None or not side.n else float(np.nanmean(side.numbers)))
    every = pd.concat(frames, ignore_index=True)
    twice = set(sides[0].respondents) & set(sides[1].respondents)
    whole = {"first": counts[0], "of_first": bases[0], "second": counts[1], "of_second": bases[1]}
    states = {"first": every[(every["side"] == 1) & every["chosen"]], "second": every[(every["side"] == 2) & every["chosen"]]}
    values: dict[str, Any] = {
        "x1": counts[0],
        "n1": bases[0],
        "x2": counts[1],
        "n2": bases[1],
        "share1": Fraction(counts[0], bases[0]) if bases[0] and code else None,
        "share2": Fraction(counts[1], bases[1]) if bases[1] and code else None,
        "mean1": means[0],
        "mean2": means[1],
    }
    rows = {"x1": states["first"], "share1": states["first"], "x2": states["second"], "share2": states["second"]}
    rows |= {"n1": every[every["side"] == 1], "n2": every[every["side"] == 2]}
    if asked.measure.startswith("panel_"):
        both = every[every["respondent"].isin(set(map(str, twice)))]
        values["panel_n"] = len(twice) if asked.row.get("panel_n") == len(twice) else None
        rows[asked.measure] = both
    return Found(rows.get(asked.measure, every[every["chosen"]]), "answers", "respondent", values.get(asked.measure), whole, states)


def _side_answers(side: Side) -> list[str]:
    if side.numbers is not None:
        return ["" if np.isnan(one) else f"{one:g}" for one in side.numbers]
    return ["; ".join(code for code, tick in zip(side.codes, row, strict=True) if tick) for row in side.chosen]


def _two_sides(asked: Asked) -> tuple[Side, Side] | None:
    from vvvresearch.survey.comparison._waves import comparable_item

    given = asked.made.given
    if (pair := given.get("pair")) is not None:
        first, second, how = pair.first, pair.second, pair.how
    elif "second" in given:
        first, second, how = given["first"], given["second"], "waves"
    elif given.get("other") is not None:
        first, second, how = given["answers"], given["other"], "mirror"
    else:
        return None
    name = str(asked.row["item"])
    if how == "waves":
        other = given.get("item2") or comparable_item(first, name, second)
    else:
        from vvvresearch.survey.comparison._comparable import counterpart
        from vvvresearch.survey.comparison._sides import one_item

        met = counterpart(first, one_item(first, name), second, "mirror")
        other = given.get("other_item") or (met.id if met is not None else name)
    known: dict[str, Any] = {"denominator": given.get("denominator")}
    one = side_of(first, name, **known)
    return one, side_of(second, other, **known, like=one)


def cross_cell(asked: Asked) -> Found:
    """A cell of the cross-tables that a round declares: the table that holds it is one item by one variable."""
    row = asked.row
    for survey, item, by in next(iter(asked.made.given.values()), ()):
        of_table = row.get("survey", survey.id) == survey.id and row.get("item") == item
        group = row.get(by, row.get("group") if row.get("by", by) == by else None)
        if of_table and group is not None and "code" in row:
            given = {"survey": survey, "item": item, "by": by}
            return table_cell(Asked(_with_made(asked, given), dict(row) | {by: group}, asked.measure, asked.number, asked.address))
    return own_row(asked)


def _with_made(asked: Asked, given: dict[str, Any]) -> Any:
    import dataclasses

    return dataclasses.replace(asked.result, made=dataclasses.replace(asked.made, given=given, kept={}))


OPENERS: dict[str, Opener] = {
    "tabulate": table_cell,
    "any_of": table_cell,
    "topline": table_cell,
    "base_table": base_cell,
    "response": response_cell,
    "compare": compared_cell,
    "compare_waves": compared_cell,
    "compare_groups": compared_cell,
    "cross_tables": cross_cell,
}
