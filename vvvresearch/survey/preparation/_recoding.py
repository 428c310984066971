"""Moving answers from one option to another, never silently: a log, and the table before and after."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from vvvresearch.errors import AnalysisError, Failure, SchemaError
from vvvresearch.evidence import Item, Survey, code_text
from vvvresearch.locales import Phrase
from vvvresearch.results import Base, Column, Labels, Measure, Result, Share
from vvvresearch.survey.tabulation._answers import find_items
from vvvresearch.survey.tabulation._tabulate import tabulate

_ENDS = ("before", "after")


@dataclass(frozen=True)
class Recode:
    """One move: `count` answers to `item` from the option `old` to the option `new`.

    Args:
        item: the item.
        old: the code it has.
        new: the code it gets.
        who: the coder's role or initials.
        why: the reason, one sentence.
        respondent: whose answer; "" takes the first `count` respondents that have the code, which is only meant for
            reconstructed answers, whose rows stand for nobody.
        count: how many, when no respondent is named.
    """

    item: str
    old: str
    new: str
    who: str
    why: str
    respondent: str = ""
    count: int = 1


@dataclass(frozen=True)
class Recoded:
    """What a recoding gives: the new answers, the log, and every touched item's table before and after."""

    survey: Survey
    log: Result
    before: dict[str, Result]
    after: dict[str, Result]

    def comparison(self, item: str) -> Result:
        """The item's options before and after, side by side.

        Raises:
            AnalysisError: the item was not recoded.
        """
        if item not in self.before:
            raise AnalysisError(f"{item} was not recoded", todo=f"recoded: {', '.join(self.before)}")
        old, new = self.before[item], self.after[item]
        frame = old.frame.merge(new.frame[["code", "count", "n"]], on="code", suffixes=("_before", "_after"))
        shares = (Share(f"share_{end}", Phrase(f"cleaning.{end}_percent"), count=f"count_{end}", n=f"n_{end}") for end in _ENDS)
        counts = (Column(f"count_{end}", Phrase(f"cleaning.{end}"), "count") for end in _ENDS)
        return Result(
            frame=frame,
            base=new.base,
            title=Phrase("cleaning.before_after", {"item": old.title}),
            shows=(Column("code", Phrase("tabulation.answer")), *(one for pair in zip(counts, shares, strict=True) for one in pair)),
            kind=new.kind,
            notes=new.notes,
            at=f"{self.survey.id}/recoded",
            keys=("item", "code"),
            measures=(
                *(Measure(f"count_{end}", of=f"n_{end}") for end in _ENDS),
                *(Measure(f"share_{end}", "share", of=f"n_{end}", count=f"count_{end}") for end in _ENDS),
            ),
            labels=new.labels,
        )

    def _repr_html_(self) -> str:
        return self.log.to_html() + "".join(self.comparison(item).to_html() for item in self.before)


def recode(survey: Survey, changes: Iterable[Recode]) -> Recoded:
    """Move answers between options, with a log and the tables before and after.

    Args:
        survey: the answers.
        changes: the moves, in the order in which they are made.

    Returns:
        Recoded: `.survey` (whose `log` has the moves too), `.log`, `.before`, `.after`, `.comparison(item)`.

    Raises:
        AnalysisError: no changes, or an item with several answers or numbers.
        SchemaError: moves that cannot be made, all at once: unknown codes or respondents, an answer that is another one,
            no coder or no reason.

    Example:
        >>> from vvvresearch.survey import example_survey
        >>> move = Recode("benefit", "some", "high", who="evaluator", why="the comment says so", respondent="K05")
        >>> done = recode(example_survey(), [move])
        >>> done.comparison("benefit").frame[["code", "count_before", "count_after"]].values.tolist()[:2]
        [['high', 4, 5], ['some', 5, 4]]
    """
    moves = list(changes)
    if not moves:
        raise AnalysisError("there is nothing to recode")
    items = {move.item: _item(survey, move.item) for move in moves}
    answers = survey.answers.copy()
    failures: list[Failure] = []
    rows: list[dict[str, object]] = []
    for number, move in enumerate(moves, start=1):
        problems = _problems(survey, items[move.item], move)
        places = [] if problems else _places(survey, answers, move, problems)
        failures += [Failure(number, move.item, move.respondent or move.old, problem) for problem in problems]
        if not problems:
            answers.loc[places, move.item] = move.new
            rows.append({"item": move.item, "from": move.old, "to": move.new, "who": move.who, "why": move.why, "n": len(places)})
            rows[-1]["respondent"] = move.respondent
    if failures:
        raise SchemaError("these recodings cannot be made", failures, where=survey.origin, todo="correct the list; nothing was recoded")
    told = pd.DataFrame([{"respondent": row["respondent"], "what": f"{row['item']}: {row['from']} → {row['to']}", **row} for row in rows])
    earlier = [] if survey.log is None else [survey.log]
    changed = dataclasses.replace(survey, answers=answers, log=pd.concat([*earlier, told], ignore_index=True))
    before = {item: tabulate(survey, item) for item in items}
    after = {item: tabulate(changed, item) for item in items}
    return Recoded(changed, _log(survey, items, rows), before, after)


def _item(survey: Survey, name: str) -> Item:
    items, battery = find_items(survey, name)
    item = items[0]
    if battery or item.type in ("multiple", "number", "open") or item.id not in survey.answers.columns:
        raise AnalysisError(f"{name} cannot be recoded", why="only items with one coded answer a respondent are", where=survey.origin)
    return item


def _problems(survey: Survey, item: Item, move: Recode) -> list[str]:
    assert survey.questionnaire is not None
    codes = [option.code for option in survey.questionnaire.options(item)]
    problems = [f"there is no option {code!r}; options: {', '.join(codes)}" for code in (move.old, move.new) if code not in codes]
    if move.old == move.new:
        problems.append("from and to are the same option")
    problems += [f"the move does not say {name}" for name, value in (("who", move.who), ("why", move.why)) if not value.strip()]
    if move.count < 1 or (move.respondent and move.count != 1):
        problems.append("a named respondent is one answer, and a count is at least 1")
    return problems


def _places(survey: Survey, answers: pd.DataFrame, move: Recode, problems: list[str]) -> list[object]:
    column = answers[move.item].map(code_text)
    if not move.respondent:
        from vvvresearch.kinds import DataKind

        if survey.kind is not DataKind.RECONSTRUCTED:
            problems.append("the move does not say whose answer it is")
        having = list(column.index[column == move.old])
        if len(having) < move.count:
            problems.append(f"{move.count} answers are to move, {len(having)} have the code {move.old!r}")
        return having[: move.count]
    found = [label for label in column.index if str(label) == move.respondent]
    if not found:
        problems.append("there is no such respondent")
    elif len(found) > 1:
        problems.append("the respondent stands more than once; clean the answers first")
    elif column[found[0]] != move.old:
        problems.append(f"the answer is {column[found[0]]!r}, not {move.old!r}")
    return found


def _log(survey: Survey, items: dict[str, Item], rows: Sequence[dict[str, object]]) -> Result:
    assert survey.questionnaire is not None
    frame = pd.DataFrame(rows, columns=["item", "from", "to", "n", "who", "why", "respondent"])
    words = {(name, option.code): option.label for name, item in items.items() for option in survey.questionnaire.options(item)}
    heads = [Column(name, Phrase(f"cleaning.log_{name}")) for name in ("item", "from", "to", "who", "why")]
    heads.insert(3, Column("n", Phrase("cleaning.log_n"), "count"))
    return Result(
        frame=frame,
        base=Base(int(frame["n"].sum())),
        title=Phrase("cleaning.log_title"),
        shows=tuple(heads),
        kind=survey.kind,
        labels={
            "item": Labels({name: item.text for name, item in items.items()}),
            **{end: Labels(words, on=("item", end)) for end in ("from", "to")},
        },
    )
