"""What is said in a call beside its arguments and meant of any table: how many rows, which columns, of whom, in which language."""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vvvresearch.errors import AnalysisError, CallError, NameNote
from vvvresearch.evidence import column_named, value_named
from vvvresearch.results import TOLD
from vvvresearch.rounds.calling import _steps as steps
from vvvresearch.rounds.calling._fitting import ours_of
from vvvresearch.rounds.calling._meaning import columns_of, filter_of, fits, is_read, meant_by
from vvvresearch.rounds.calling._other_names import BESIDE
from vvvresearch.rounds.calling._steps import column_alike

if TYPE_CHECKING:
    from vvvresearch.rounds._binding import Bound
    from vvvresearch.rounds._round import Round

# Shares of something else than a column; of pandas' `normalize`, True is of all.
_OF_ALL = ("all", "cell", "true")
_OF_ROWS = ("index", "row", "rows", "rowwise", "række", "rækker", "1", "all", "cell", "true")
# What a filter of the round has beside the columns of the register.
_NARROWS = ("coder", "group", "memo", "mentions", "stance", "touches", "wave")
_STOOD_IN = frozenset({"offers", "referred"})
FILTERED = frozenset({"codings", "interviews", "mappings", "links"})


@dataclass
class Understood:
    """A call as it is meant.

    Args:
        opened: the round that is asked: narrowed where the call narrows it.
        given: the arguments, by the names of the parameters.
        after: what is done with what was found, in order.
        instead: the call that is meant, None where it is this one.
        by: the column of its register that an analysis is to be parted by that parts nothing itself.
    """

    opened: Round
    given: dict[str, Any]
    after: list[Callable[[Any], Any]] = field(default_factory=list)
    instead: Callable[[], Any] | None = None
    by: str = ""

    def then(self, step: Callable[..., Any], *given: Any) -> None:
        """What is done next with what was found, by what was given to it."""
        self.after.append(functools.partial(step, *given))


def follows(opened: Round, bound: Bound[Any, Any]) -> bool:
    """Whether a filter of the round moves what an analysis rests on."""
    return bool(FILTERED & set(bound.evidence.values())) and opened.has("interviews")


def registers_of(opened: Round, bound: Bound[Any, Any]) -> dict[str, Any]:
    """The rows of the registers that an analysis rests on, by how the round supplies them; those of interviews apart."""
    found = {supply: opened.rows_of(supply) for supply in bound.evidence.values() if supply not in FILTERED}
    if "links" in bound.evidence.values() and opened.has("mappings"):
        found["links"] = opened.mappings.rows
    for supply in _STOOD_IN & set(found):
        # Where the round has none, another register stands in.
        if found[supply] is None and opened.lacks(supply) is None:
            found[supply] = opened.supply(supply).rows
    return {supply: rows for supply, rows in found.items() if rows is not None}


def of_register(call: Understood, bound: Bound[Any, Any], values: Mapping[str, Any], found: Any) -> tuple[Any, set[str]]:
    """The result of those rows of the register it rests on that hold these values, and the words that it has a column for."""
    chosen: dict[str, Any] = {}
    taken: set[str] = set()
    for register in registers_of(call.opened, bound).values():
        for word, value in values.items():
            if word in BESIDE["condition"] and (isinstance(value, Mapping) or callable(value) or " " in str(value)):
                chosen |= value if isinstance(value, Mapping) else {"filter": value}
                taken.add(word)
            elif word.casefold() in BESIDE["date"] and (dated := _of_date(str(value), register)):
                chosen["filter"] = dated
                taken.add(word)
            elif column := _column(word, register) or _column_of_value(word, value, register):
                chosen[column] = value
                taken.add(word)
    return (bound.call(bound, call.opened, chosen).ask(call.given) if chosen else found), taken


def column_of_register(opened: Round, bound: Bound[Any, Any], by: str) -> str:
    """The column of the register that an analysis is of, as people call it; of another register it is left to the analysis.

    Raises:
        CallError: it is a value of one of the columns; with the calls that may be meant.
    """
    for register in registers_of(opened, bound).values():
        if column := _column(by, register) or column_alike(opened, by, register):
            return column
        held = [str(name) for name in register.columns if value_named(by, set(register[name].astype(str)))]
        if held:
            todo = f"r.{bound.name}(by={held[0]!r}), or of these alone: r.{bound.name}({held[0]}={by!r})"
            raise CallError(f"{by!r} is a value and no column", where=f"r.{bound.name}", todo=todo)
    return by


def has_column(opened: Round, bound: Bound[Any, Any], by: object) -> bool:
    """Whether what an analysis rests on has such a column at all."""
    registers = [*registers_of(opened, bound).values(), *([opened.interviews.frame] if follows(opened, bound) else [])]
    return any(_column(by, one) for one in registers)


def parted_by(opened: Round, bound: Bound[Any, Any], said: object) -> str:
    """By which column an analysis that parts nothing itself is parted: of its registers, their municipalities, the interviews; or ""."""
    registers = registers_of(opened, bound).values()
    if not isinstance(said, str) or bound.surveys:
        return ""
    found = {_column(said, one) or column_alike(opened, said, one) for one in registers}
    if "by" not in bound.left.parameters:
        if follows(opened, bound) and (column := _narrowing(opened, said)):
            return {"group": "respondent_group"}.get(column, column)
        if len(found) == 1 and (column := found.pop()):
            return column
    of_places = registers and not found - {""} and all("municipality" in one for one in registers)
    return _column(said, opened.municipalities) if of_places else ""


def _column(word: object, register: Any) -> str:
    try:
        return column_named(word, register)
    except AnalysisError:
        return ""


def _of_date(said: str, register: Any) -> Callable[[Any], Any] | None:
    """Which rows are of a year or another part of a date, where a register has one column of dates alone."""
    dates = [name for name in register.columns if register[name].astype(str).str.fullmatch(r"\d{4}(-\d\d){1,2}").all()]
    if len(dates) != 1 or not register[dates[0]].astype(str).str.startswith(said).any():
        return None
    return lambda rows: rows[dates[0]].astype(str).str.startswith(said)


def _column_of_value(word: str, value: object, register: Any) -> str:
    """The one column that holds a value, where the word says that those alone are meant: `group="RC"`."""
    if word not in BESIDE["among"] and not ours_of(word, ["group", "by"]):
        return ""
    held = [str(name) for name in register.columns if isinstance(value, str) and value_named(value, set(register[name].astype(str)))]
    return held[0] if len(held) == 1 else ""


def beside(named: Mapping[str, Any]) -> tuple[dict[str, Any], list[Callable[[Any], Any]]]:
    """The keywords of a call without those that are meant of any table, and what those do with it: rows chosen, put in order, counted off,
    then told and saved."""
    left: dict[str, Any] = {}
    found: list[tuple[int, Callable[[Any], Any]]] = []
    down = {word: value for word, value in named.items() if word.casefold() in BESIDE["down"] and isinstance(value, bool)}
    rising = any(value == (word.casefold() == "ascending") for word, value in down.items())
    if not BESIDE["sort"] & set(named):
        # Of a question alone, what is turned round may be its scale.
        down.pop("reverse", None)
    if down and not BESIDE["sort"] & set(named):
        found.append((1, functools.partial(steps.in_order, True, rising)))
    for word, value in named.items():
        said = word.casefold()
        if said in TOLD:
            found.append((3, functools.partial(steps.told, word, value)))
        elif word in BESIDE["rows"] and isinstance(value, int):
            found.append((2, functools.partial(steps.first_of, value)))
        elif word in BESIDE["sort"] and value in (None, False):
            continue
        elif word in BESIDE["sort"] and (value is True or isinstance(value, str)):
            found.append((1, functools.partial(steps.in_order, value, rising)))
        elif word in BESIDE["at least"] and isinstance(value, int):
            found.append((0, functools.partial(steps.at_least, value)))
        elif word in BESIDE["holds"] and isinstance(value, str):
            found.append((0, functools.partial(steps.holding, value)))
        elif word in BESIDE["totals"] and value is False:
            found.append((0, steps.without_total))
        elif said in BESIDE["save"] and isinstance(value, str | Path) and Path(value).suffix:
            found.append((4, functools.partial(steps.saved_as, value)))
        elif word in BESIDE["frame"] and value is True:
            found.append((5, steps.frame_of))
        elif word in BESIDE["picture"] and value is True:
            found.append((5, steps.picture_of))
        elif word not in BESIDE["as it is"] and word not in down:
            left[word] = value
    return left, [step for _, step in sorted(found, key=lambda one: one[0])]


def extras(call: Understood, bound: Bound[Any, Any], left: dict[str, Any]) -> list[str]:
    """Takes in what belongs to no parameter but is meant of any table; returns what is strange."""
    opened, moves = call.opened, follows(call.opened, bound)
    strange: list[str] = []
    narrows: dict[str, Any] = {}
    of_survey: list[Any] = []
    survey = next((call.given[name] for name in bound.surveys if name in call.given), None)
    known = columns_of(opened, survey)
    for word, value in left.items():
        if word in BESIDE["as it is"] and "by" in call.given and str(value).casefold() in _OF_ROWS[: None if word == "normalize" else -1]:
            item, by = (getattr(call.given.get(one), "id", call.given.get(one)) for one in ("item", "by"))
            told = f"r.{bound.name}(…, {by!r}, by={item!r})"
            if str(value).casefold() in _OF_ALL or not (survey is not None and fits(opened, "item", by)):
                todo = f"shares of the rows, turned round: {told}"
                raise CallError("shares are of the columns", where=f"r.{bound.name}", why=f"{word}={value!r} asks for others", todo=todo)
            # Shares of the rows are those of the columns of the table turned round.
            call.given |= {"item": meant_by(opened, "item", by, survey=survey), "by": item}
            warnings.warn(f"{word}={value!r} is understood as {told}", NameNote, stacklevel=5)
    # A word that says nothing of a table may be a column of what the table is made of.
    own = {
        word for word, value in left.items() if word in BESIDE["as it is"] and isinstance(value, str) and has_column(opened, bound, word)
    }
    strange += own
    left, after = beside({word: value for word, value in left.items() if word not in own})
    for word, value in left.items():
        if moves and word.casefold() in BESIDE["among"] and (kind := _kind_of(opened, value)):
            narrows[kind] = value
        elif word in BESIDE["which"] and isinstance(value, str | list):
            call.then(steps.which, value, bound.name)
        elif word in BESIDE["condition"] and moves:
            call.opened = call.opened.filter(value)
        elif word in BESIDE["condition"] and survey is not None:
            of_survey.append(value)
        elif moves and word.casefold() in BESIDE["codes"] and (branches := _codes_meant(opened, value)):
            call.then(steps.branches_of, branches, bound.name)
        elif word in known:
            of_survey.append({word: value})
        elif moves and not (word == "coder" and "coders" in bound.left.parameters) and (column := _narrowing(opened, word)):
            narrows[column] = meant_by(opened, column, value)
        elif ours_of(word, ["by"]) and (column := parted_by(opened, bound, value) or _of_invited(opened, survey, value)):
            call.by = column
        elif (meant := _meant_by_value(call, bound, word, value)) is not None:
            narrows |= meant
        else:
            strange.append(word)
    call.after += after
    if narrows:
        call.opened = call.opened.filter(**narrows)
    for condition in of_survey:
        asked = call.given[bound.surveys[0]]
        call.given[bound.surveys[0]] = (opened.surveys[asked] if isinstance(asked, str) else asked).filter(condition)
    return strange


def _of_invited(opened: Round, survey: Any, said: object) -> str:
    """The column of the list of those invited that is called so, which parts a survey with its bases; "" where there is none."""
    invited = getattr(opened.surveys[survey] if isinstance(survey, str) else survey, "invited", None)
    return _column(said, invited) if invited is not None else ""


def _meant_by_value(call: Understood, bound: Bound[Any, Any], word: str, value: object) -> dict[str, object] | None:
    """The filter that a value can only be under a word that nobody knows; a parameter that it can only be takes it. It is told."""
    if word.casefold() in BESIDE["not"] or not isinstance(value, str | list) or has_column(call.opened, bound, word):
        return None
    free = [one for one in bound.left.parameters if one not in call.given and is_read(one) and fits(call.opened, one, value)]
    kind = "stance" if isinstance(value, str) and fits(call.opened, "stance", value) else _kind_of(call.opened, value)
    if len(free) != 1 and not (kind and not free and follows(call.opened, bound)):
        return None
    told = free[0] if free else kind
    warnings.warn(f"{word}={value!r} is understood as {told}={value!r}", NameNote, stacklevel=6)
    if free:
        call.given[told] = value
        return {}
    return {kind: meant_by(call.opened, kind, value)}


def _kind_of(opened: Round, value: object) -> str:
    """What of interviews all the values are that are named: a group, a wave; "" where they are none or several."""
    kinds = {filter_of(opened, str(one)) for one in (value if isinstance(value, list | tuple) else [value])}
    return kinds.pop() if len(kinds) == 1 and not kinds & {"", "touches"} else ""


def _codes_meant(opened: Round, value: object) -> list[str]:
    given = value if isinstance(value, list | tuple) else [value]
    return [str(meant_by(opened, "code", one)) for one in given] if fits(opened, "codes", list(given)) else []


def _narrowing(opened: Round, word: str) -> str:
    """What a filter of the round calls it, "" where it has nothing of the kind."""
    ours = {"gruppe": "group", "respondent_group": "group", "bølge": "wave"}.get(word.casefold(), word)
    return ours if ours in _NARROWS else _column(word, opened.interviews.frame)
