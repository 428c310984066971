"""What each respondent answered to one item, whatever its type: option, ticks or number; of a survey, or of a plain table as one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.evidence import Battery, Item, MultipleResponseSet, Option, Questionnaire, Survey, Words, code_text
from vvvresearch.locales import LANGUAGES, text

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

BLANK, VALID, DONT_KNOW, REFUSED, NOT_ASKED, OTHER_MISSING, NOT_IN_WAVE = range(7)
_ROLE_STATE = {"dont_know": DONT_KNOW, "refused": REFUSED}
_REASON_STATES = {"words_not_asked": NOT_ASKED, "words_refused": REFUSED, "words_dont_know": DONT_KNOW}


@dataclass(frozen=True)
class Answers:
    """One item's answers, one entry a respondent.

    `state` says what kind of answer it is; `position` is the option chosen (-1 for none) for items with one answer,
    `ticks` (respondents × options) for items with several, `numbers` for number items. `only_chosen` says that whoever
    chose nothing cannot be told from those who did not answer, as in multiple-response sets of categories.
    """

    item: Item
    options: tuple[Option, ...]
    state: NDArray[np.int8]
    position: NDArray[np.intp] | None = None
    ticks: NDArray[np.bool_] | None = None
    numbers: NDArray[np.float64] | None = None
    only_chosen: bool = False

    @property
    def given(self) -> NDArray[np.bool_]:
        """Who gave any answer, don't know and refusals included."""
        return (self.state >= VALID) & (self.state <= REFUSED)

    def chose(self, options: Sequence[int]) -> NDArray[np.bool_]:
        """Who chose any of these options, given by their places."""
        if self.ticks is not None:
            return np.asarray(self.ticks[:, list(options)].any(axis=1))
        if self.position is None:
            return np.zeros(len(self.state), dtype=bool)
        return np.isin(self.position, list(options))

    @property
    def present(self) -> bool:
        """Whether the item was in this wave for anybody."""
        return not len(self.state) or bool((self.state != NOT_IN_WAVE).any())


def find_items(survey: Survey, wanted: str | Item | Battery | Sequence[str]) -> tuple[tuple[Item, ...], str]:
    """The items that a name means, and the battery's name when it is one.

    Raises:
        AnalysisError: no questionnaire, or no such item, battery or multiple-response set.
    """
    questionnaire = survey.questionnaire
    if questionnaire is None:
        raise AnalysisError(
            "these answers have no questionnaire",
            where=survey.origin,
            why="items, options and routes are not known",
            todo="write one, starting from draft_questionnaire(survey), and pass it to read_survey",
        )
    if isinstance(wanted, Item):
        return (wanted,), ""
    if isinstance(wanted, Battery):
        return wanted.items, wanted.id
    if not isinstance(wanted, Iterable):
        raise AnalysisError(f"an item is named by its id, not by {wanted!r}", where="item")
    if not isinstance(wanted, str):
        return tuple(item for name in wanted for item in find_items(survey, name)[0]), " "
    known = {item.id: item for item in questionnaire.items}
    if wanted in known:
        return (known[wanted],), ""
    battery = questionnaire.battery_items(wanted)
    if wanted and battery:
        return battery, wanted
    if wanted in survey.multiple_response_sets:
        return (_set_item(survey, survey.multiple_response_sets[wanted]),), ""
    names = [*known, *{item.battery for item in questionnaire.items if item.battery}, *survey.multiple_response_sets]
    alike = survey.items_like(wanted)
    todo = f"did you mean {' or '.join(alike)}?" if alike else did_you_mean(wanted, dict.fromkeys(names))
    raise AnalysisError(f"there is no item or battery {wanted!r}", where=f"questionnaire {questionnaire.id}", todo=todo)


def _set_item(survey: Survey, several: MultipleResponseSet) -> Item:
    name = "".join(letter if letter.isalnum() else "_" for letter in several.name.lstrip("$")) or "set"
    words = several.label or several.name
    labels = {column: (survey.variables[column].label if column in survey.variables else "") or column for column in several.columns}
    if several.kind == "C":
        labels = {code: label for column in several.columns if column in survey.variables for code, label in labels_of(survey, column)}
    options = tuple(Option(code=code, label=Words(da=label, en=label)) for code, label in labels.items())
    return Item(id=f"s_{name}" if name[0].isdigit() else name, text=Words(da=words, en=words), type="multiple", options=options)


def labels_of(survey: Survey, column: str) -> list[tuple[str, str]]:
    """Code and words of a labelled column's answers, its user-missing codes left out."""
    gone = survey.missing.get(column, {})
    return [(code, label) for code, label in survey.variables[column].labels.items() if code not in gone]


@cache
def missing_state(reason: str) -> int:
    """What a user-missing reason in words means: not asked, refused, don't know or another missing."""
    lowered = reason.casefold()
    for key, state in _REASON_STATES.items():
        for lang in LANGUAGES:
            if any(word in lowered for word in text(f"tabulation.{key}", lang).split("|")):
                return state
    return OTHER_MISSING


def read_answers(survey: Survey, item: Item) -> Answers:
    """The answers to one item.

    Raises:
        AnalysisError: codes that are neither options nor declared missing, or numbers that are none.
    """
    assert survey.questionnaire is not None
    options = survey.questionnaire.options(item)
    if item.type in ("multiple", "open_coded") and item.id not in survey.answers.columns:
        boxes = _boxes(survey, item, options)
        if boxes is not None:
            return boxes
    if item.id not in survey.answers.columns:
        return Answers(item, options, np.full(len(survey.answers), NOT_IN_WAVE, dtype=np.int8))
    codes, uniques = _factorized(survey.answers[item.id])
    if item.type == "number":
        return _numbers(survey, item, options, codes, uniques)
    if item.type == "open":
        state = _lookup(uniques, codes, lambda value: VALID if value else BLANK, BLANK).astype(np.int8)
        return Answers(item, options, state)
    if not options:
        labels = dict(survey.variables[item.id].labels) if item.id in survey.variables else {}
        gone = survey.missing.get(item.id, {})
        found = sorted({value for value in uniques if value and value not in gone}, key=_code_order)
        options = tuple(Option(code=code, label=Words(da=labels.get(code, code), en=labels.get(code, code))) for code in found)
    places = {option.code: place for place, option in enumerate(options)}
    _refuse_unknown(survey, item, codes, uniques, known=set(places))
    position = _lookup(uniques, codes, lambda value: places.get(value, -1), -1)
    state = _lookup(uniques, codes, lambda value: _state(survey, item, options, places, value), BLANK).astype(np.int8)
    return Answers(item, options, state, position=position)


def _code_order(code: str) -> tuple[int, float, str]:
    try:
        return (0, float(code), code)
    except ValueError:
        return (1, 0.0, code)


def _factorized(column: pd.Series[Any]) -> tuple[NDArray[np.intp], list[str]]:
    codes, uniques = pd.factorize(column)
    return codes, [code_text(value) for value in uniques]


def _lookup(uniques: list[str], codes: NDArray[np.intp], meaning: Callable[[str], int], none: int) -> NDArray[np.intp]:
    # The last entry serves the code -1, which is how a missing cell is written.
    table = np.array([*(meaning(value) for value in uniques), none], dtype=np.intp)
    return table[codes]


def _state(survey: Survey, item: Item, options: tuple[Option, ...], places: dict[str, int], value: str) -> int:
    if not value:
        return BLANK
    if value in places:
        return _ROLE_STATE.get(options[places[value]].role, VALID)
    return missing_state(survey.missing.get(item.id, {}).get(value, ""))


def _refuse_unknown(survey: Survey, item: Item, codes: NDArray[np.intp], uniques: list[str], known: set[str]) -> None:
    accepted = known | set(survey.missing.get(item.id, {})) | {""}
    strange = {value for value in uniques if value not in accepted}
    if strange:
        counts = {value: int((codes == place).sum()) for place, value in enumerate(uniques) if value in strange}
        shown = ", ".join(f"{value!r} ({count} times)" for value, count in list(counts.items())[:8])
        raise AnalysisError(
            f"the item {item.id} holds codes that the questionnaire does not know: {shown}",
            where=survey.origin,
            todo=f"known codes: {', '.join(sorted(known, key=_code_order))}; add the option, or declare the code missing",
        )


def _numbers(survey: Survey, item: Item, options: tuple[Option, ...], codes: NDArray[np.intp], uniques: list[str]) -> Answers:
    places = {option.code: place for place, option in enumerate(options)}
    gone = survey.missing.get(item.id, {})
    values = np.full(len(uniques) + 1, np.nan)
    strange = []
    for place, value in enumerate(uniques):
        if value and value not in places and value not in gone:
            try:
                values[place] = float(value.replace(",", "."))
            except ValueError:
                strange.append(value)
            if np.isinf(values[place]):
                strange.append(value)
    if strange:
        shown = ", ".join(map(repr, strange[:8]))
        raise AnalysisError(
            f"the number item {item.id} holds {shown}", where=survey.origin, todo="correct the answers, or declare the code"
        )

    def meaning(value: str) -> int:
        return VALID if value and value not in places and value not in gone else _state(survey, item, options, places, value)

    state = _lookup(uniques, codes, meaning, BLANK).astype(np.int8)
    return Answers(item, options, state, numbers=values[codes])


def _boxes(survey: Survey, item: Item, options: tuple[Option, ...]) -> Answers | None:
    """A multiple item from its tick boxes `item:code`, or from a multiple-response set of the same name."""
    columns = survey.answers.columns
    several = next((one for one in survey.multiple_response_sets.values() if _set_item(survey, one).id == item.id), None)
    prefix = f"{item.id}:"
    named = {str(column).removeprefix(prefix): str(column) for column in columns if str(column).startswith(prefix)}
    counted = "1"
    if not named and several is not None:
        if several.kind == "C":
            return _category_columns(survey, item, options, several)
        named = dict(zip((option.code for option in options), several.columns, strict=False))
        if any(option.code in several.columns for option in options):
            named = {column: column for column in several.columns}
        counted = several.counted
    if not named:
        return None
    strange = set(named) - {option.code for option in options}
    if strange:
        raise AnalysisError(f"the item {item.id} has tick boxes for no option: {', '.join(sorted(strange))}", where=survey.origin)
    ticks = np.zeros((len(survey.answers), len(options)), dtype=np.bool_)
    seen = np.zeros(len(survey.answers), dtype=np.bool_)
    for place, option in enumerate(options):
        if option.code not in named:
            continue
        column = named[option.code]
        gone = survey.missing.get(column, {})
        codes, uniques = _factorized(survey.answers[column])
        if wrong := [value for value in uniques if value not in ("", "0", "1", counted) and value not in gone and counted == "1"]:
            raise AnalysisError(f"the tick box {column} holds {wrong[0]!r}", where=survey.origin, todo="a tick box holds 1, 0 or nothing")
        ticks[:, place] = _lookup(uniques, codes, lambda value: value == counted, 0).astype(np.bool_)
        seen |= _lookup(uniques, codes, lambda value, gone=gone: bool(value) and value not in gone, 0).astype(np.bool_)  # type: ignore[misc]
    return Answers(item, options, _ticked_state(options, ticks, seen), ticks=ticks)


def _category_columns(survey: Survey, item: Item, options: tuple[Option, ...], several: MultipleResponseSet) -> Answers:
    places = {option.code: place for place, option in enumerate(options)}
    # The last column takes what is no option, and is cut off.
    ticks = np.zeros((len(survey.answers), len(options) + 1), dtype=np.bool_)
    rows = np.arange(len(survey.answers))
    for column in several.columns:
        codes, uniques = _factorized(survey.answers[column])
        gone = survey.missing.get(column, {})
        if strange := [value for value in uniques if value and value not in places and value not in gone]:
            raise AnalysisError(f"{column} holds codes that no option has: {', '.join(strange[:8])}", where=survey.origin)
        ticks[rows, _lookup(uniques, codes, lambda value: places.get(value, len(options)), len(options))] = True
    chosen = ticks[:, :-1]
    return Answers(item, options, _ticked_state(options, chosen, np.asarray(chosen.any(axis=1))), ticks=chosen, only_chosen=True)


def _ticked_state(options: tuple[Option, ...], ticks: NDArray[np.bool_], seen: NDArray[np.bool_]) -> NDArray[np.int8]:
    """Don't know or refused is a respondent's state only where nothing else was ticked."""
    state = np.where(seen, VALID, BLANK).astype(np.int8)
    roles = np.array([_ROLE_STATE.get(option.role, VALID) for option in options])
    substantive = ticks[:, roles == VALID].any(axis=1) if len(options) else np.zeros(len(seen), dtype=np.bool_)
    for kind in (DONT_KNOW, REFUSED):
        marked = ticks[:, roles == kind].any(axis=1) if len(options) else np.zeros(len(seen), dtype=np.bool_)
        state[marked & ~substantive] = kind
    return state


# A scale has few steps; whole numbers with more values than this are amounts.
_STEPS = 12

_UNKNOWN = {"da": "ikke oplyst", "en": "not told"}


def as_survey(answers: Survey | pd.DataFrame, item: object = None, *, amounts: bool = False) -> Survey:
    """A survey as it is; of a table a survey that asked its columns, each value that occurs an answer option, numbers as numbers.

    Args:
        answers: a survey, or one row a respondent (or what its attribute `unit` says) and one column a question.
        item: the columns that are asked for; only they become items. None takes all.
        amounts: whole numbers with few values are amounts too, not codes.

    Raises:
        AnalysisError: neither a survey nor a table.
    """
    import pandas as pd

    if isinstance(answers, Survey):
        return answers
    if not isinstance(answers, pd.DataFrame):
        raise AnalysisError(f"a survey is tabulated, not {type(answers).__name__}", where="survey", todo="read one with read_survey(path)")
    frame = answers.rename(columns=str)
    wanted = list(frame.columns) if item is None else [item] if isinstance(item, str) else list(item) if isinstance(item, Sequence) else []
    items, columns = [], {}
    for name in map(str, wanted):
        if name not in frame.columns:
            continue
        is_number = _is_number(frame[name], amounts=amounts)
        values = frame[name] if is_number else frame[name].map(code_text)
        columns[name] = values
        words = {"da": name, "en": name}
        asked: dict[str, object] = {"id": name, "text": words, "type": "number" if is_number else "single"}
        if not is_number:
            ordered = isinstance(frame[name].dtype, pd.CategoricalDtype)
            codes = [code_text(one) for one in frame[name].cat.categories] if ordered else sorted(set(values) - {""})
            asked["options"] = [{"code": code, "label": {"da": code, "en": code}} for code in codes]
        items.append(asked)
    definition = {
        "schema_version": 1,
        "id": "answers",
        "title": {"da": "Svar", "en": "Answers"},
        "group": {"da": "", "en": ""},
        "wave": {"da": "", "en": ""},
        "frame": {"unit": answers.attrs.get("unit", "respondent"), "chosen_by": _UNKNOWN, "collected": _UNKNOWN},
        "items": items,
    }
    return Survey(frame.assign(**columns), Questionnaire.model_validate(definition))


def _is_number(column: pd.Series, *, amounts: bool) -> bool:
    """Whether a column holds amounts and no codes: parts of units, or more different numbers than a scale has steps."""
    import pandas as pd

    if not pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column):
        return False
    values = column.dropna()
    return amounts or bool((values % 1 != 0).any() or values.nunique() > _STEPS)
