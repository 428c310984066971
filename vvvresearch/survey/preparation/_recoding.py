"""Moving answers from one option to another, never silently: a log, and the table before and after."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from vvvresearch.errors import AnalysisError, Failure, SchemaError
from vvvresearch.evidence import Item, Survey, code_text
from vvvresearch.locales import Lang, Phrase, check_lang
from vvvresearch.results import Base, Column, Result
from vvvresearch.survey.tabulation._answers import find_items
from vvvresearch.survey.tabulation._table import SurveyTable
from vvvresearch.survey.tabulation._tabulate import tabulate


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
    before: dict[str, SurveyTable]
    after: dict[str, SurveyTable]

    def comparison(self, item: str) -> Result:
        """The item's options before and after, side by side.

        Raises:
            AnalysisError: the item was not recoded.
        """
        if item not in self.before:
            raise AnalysisError(f"{item} was not recoded", todo=f"recoded: {', '.join(self.before)}")
        old, new = self.before[item], self.after[item]
        names = ["code", "label", "count", "percent"]
        frame = old.frame[names].merge(new.frame[["code", "count", "percent"]], on="code", suffixes=("_before", "_after"))
        columns = (
            Column("label", Phrase("tabulation.answer")),
            Column("count_before", Phrase("cleaning.before"), "count"),
            Column("percent_before", Phrase("cleaning.before_percent"), "percent"),
            Column("count_after", Phrase("cleaning.after"), "count"),
            Column("percent_after", Phrase("cleaning.after_percent"), "percent"),
        )
        title = Phrase("cleaning.before_after", {"item": old.title})
        return Result(frame=frame, base=new.base, title=title, shows=columns, kind=new.kind, lang=new.lang, notes=new.notes)

    def _repr_html_(self) -> str:
        return self.log.to_html() + "".join(self.comparison(item).to_html() for item in self.before)


def recode(survey: Survey, changes: Iterable[Recode], lang: Lang = "da") -> Recoded:
    """Move answers between options, with a log and the tables before and after.

    Args:
        survey: the answers.
        changes: the moves, in the order in which they are made.
        lang: "da" or "en".

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
    check_lang(lang)
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
    before = {item: tabulate(survey, item, lang=lang) for item in items}
    after = {item: tabulate(changed, item, lang=lang) for item in items}
    return Recoded(changed, _log(survey, items, rows, lang), before, after)


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


def _log(survey: Survey, items: dict[str, Item], rows: Sequence[dict[str, object]], lang: Lang) -> Result:
    assert survey.questionnaire is not None
    frame = pd.DataFrame(rows, columns=["item", "from", "to", "n", "who", "why", "respondent"])
    labels = {(name, option.code): option.label.say(lang) for name, item in items.items() for option in survey.questionnaire.options(item)}
    for end in ("from", "to"):
        frame[f"{end}_label"] = [labels[item, code] for item, code in zip(frame["item"], frame[end], strict=True)]
    frame["text"] = [items[item].text.say(lang) for item in frame["item"]]
    heads = (("text", "log_item"), ("from_label", "log_from"), ("to_label", "log_to"), ("who", "log_who"), ("why", "log_why"))
    columns = [Column(name, Phrase(f"cleaning.{key}")) for name, key in heads]
    columns.insert(3, Column("n", Phrase("cleaning.log_n"), "count"))
    base = Base(int(frame["n"].sum()))
    return Result(frame=frame, base=base, title=Phrase("cleaning.log_title"), shows=tuple(columns), kind=survey.kind, lang=lang)
