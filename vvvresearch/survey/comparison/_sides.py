"""One side of a comparison: who counts, what each of them answered, and the frame they come from."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.evidence import Item, Survey, code_text
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Joined, Phrase, Sayable, say
from vvvresearch.survey.tabulation._answers import VALID, find_items, read_answers
from vvvresearch.survey.tabulation._asked import Denominator, counted, who_was_asked

if TYPE_CHECKING:
    from numpy.typing import NDArray

Source = Survey | pd.Series | pd.DataFrame
_KEYED = ("single", "likert", "battery", "multiple")


@dataclass(frozen=True)
class Side:
    """The answers of one wave or group to one item, for those in its base.

    `chosen` is respondents × options; `rank` gives the place of an ordered answer (-1 for don't know); `top` the codes of the
    scale's top box. `linkable` says whether respondents carry ids that mean the same elsewhere, `file` where else their ids stand, in
    another occasion of one file; `keyed` whether an answer can stand for the question: classes and coded free text have none that does.
    """

    label: str | Sayable
    question: str | Sayable
    respondents: pd.Index[Any]
    codes: tuple[str, ...]
    labels: tuple[str | Sayable, ...]
    roles: tuple[str, ...]
    chosen: NDArray[np.bool_]
    rank: NDArray[np.intp] | None
    numbers: NDArray[np.float64] | None
    top: tuple[str, ...]
    several: bool
    linkable: bool
    population: int | None
    unit: str
    kind: DataKind
    keyed: bool = True
    file: str = ""

    @property
    def n(self) -> int:
        """The base."""
        return len(self.respondents)

    def ticked(self, codes: tuple[str, ...]) -> NDArray[np.bool_]:
        """Who chose any of these options."""
        places = [self.codes.index(code) for code in codes if code in self.codes]
        return np.logical_or.reduce(self.chosen[:, places], axis=1)  # type: ignore[no-any-return]

    def restricted(self, who: NDArray[np.bool_], label: str | Sayable) -> Side:
        """The same side with some of its respondents only; their own frame is not known."""
        return dataclasses.replace(
            self,
            label=label,
            respondents=self.respondents[who],
            chosen=self.chosen[who],
            rank=None if self.rank is None else self.rank[who],
            numbers=None if self.numbers is None else self.numbers[who],
            population=None,
        )


def one_item(survey: Survey, name: str) -> Item:
    """The single item that a name means."""
    items, _ = find_items(survey, name)
    if len(items) != 1:
        raise AnalysisError(f"{name!r} is a battery of {len(items)} items", where="item", todo="give its items as a list")
    return items[0]


def side_of(
    source: Source,
    item: str = "",
    *,
    label: str | Sayable = "",
    denominator: Denominator | None = None,
    population: int | None = None,
    link: str = "",
    like: Side | None = None,
) -> Side:
    """One item of a survey, a Series of answers, or a DataFrame of tick boxes as one side of a comparison.

    Args:
        source: a Survey; a Series (index: respondent; an ordered Categorical gives ordered options, numbers a number item); or a
            DataFrame of 0/1 ticks, one column an option, or with `item` one whose column of that name holds the answers.
        item: the item's id, or the name of the column.
        label: what the side is called; default the wave of the questionnaire.
        denominator: for a Survey, default what its questionnaire declares.
        population: size of the frame; default the questionnaire's, none for routed items.
        link: column that holds the respondents' ids, where the index does not.
        like: the side it is compared with, whose codes hold wherever the words of the answers are the same.
    """
    if isinstance(source, pd.DataFrame) and item:
        source = column_of(source.set_index(column_of(source, link)) if link else source, item)
    if isinstance(source, Survey):
        side = _of_survey(source, one_item(source, item), label, denominator, population, link)
        return side if like is None else _in_codes_of(like, side)
    if isinstance(source, pd.DataFrame):
        return _of_ticks(source, label, population)
    if isinstance(source, pd.Series):
        return _of_series(source, label, population)
    raise AnalysisError(f"a comparison takes a Survey, a Series or a DataFrame of ticks, not {type(source).__name__}", where="answers")


def codes_by_word(codes: Sequence[str], words: Sequence[str], known: Mapping[str, str]) -> tuple[str, ...]:
    """The codes of answers as another wave has them, told by their words: a scale that was numbered the other way is the same scale.

    Nothing is turned where no word stands under another number: what was reworded is then told from its code, as before.

    Args:
        codes, words: of each answer here.
        known: the code of each answer's words there.

    Returns:
        A code for each answer; one that there belongs to other words is marked, so that nobody takes them for each other.
    """
    if not any(known.get(word, code) != code for code, word in zip(codes, words, strict=True)):
        return tuple(codes)
    taken = set(known.values())
    return tuple(known.get(word, f"{code}*" if code in taken else code) for code, word in zip(codes, words, strict=True))


def worded(labels: Iterable[str | Sayable]) -> tuple[str, ...]:
    """The words of answers as they are told apart: capitals and blanks are none."""
    return tuple(" ".join(say(label, "en").casefold().split()) for label in labels)


def _in_codes_of(first: Side, second: Side) -> Side:
    """The second side with the codes of the first for the same words, and its ranks on the first one's scale."""
    words = worded(second.labels)
    codes = codes_by_word(second.codes, words, dict(zip(worded(first.labels), first.codes, strict=True)))
    if codes == second.codes:
        return second
    new = dict(zip(second.codes, codes, strict=True))
    rank = None
    scales = [
        [code for code, role in zip(codes, side.roles, strict=True) if role not in ("dont_know", "refused")]
        for codes, side in ((first.codes, first), (codes, second))
    ]
    if second.rank is not None and set(scales[0]) == set(scales[1]):
        places = np.array([scales[0].index(code) for code in scales[1]] + [-1], dtype=np.intp)
        rank = places[second.rank]
    return dataclasses.replace(second, codes=codes, rank=rank, top=tuple(new.get(code, code) for code in second.top))


def column_of(table: pd.DataFrame, name: str) -> pd.Series[Any]:
    """A column of a plain table.

    Raises:
        AnalysisError: there is none of that name.
    """
    if name not in table.columns:
        raise AnalysisError(f"the answers have no column {name!r}", where="answers", todo=did_you_mean(name, map(str, table.columns)))
    column: pd.Series[Any] = table[name]
    return column


def _of_survey(
    survey: Survey, item: Item, label: str | Sayable, denominator: Denominator | None, population: int | None, link: str
) -> Side:
    questionnaire = survey.questionnaire
    assert questionnaire is not None
    answers = read_answers(survey, item)
    if not answers.present:
        raise AnalysisError(f"the item {item.id} was not in this wave", where=f"questionnaire {questionnaire.id}")
    if item.type == "open":
        raise AnalysisError(f"{item.id} is free text and cannot be compared", todo="code it first, and compare the codes")
    asked = who_was_asked(survey, answers)
    base = counted(answers, asked, "valid" if item.type == "number" else denominator or item.denominator)
    options = answers.options
    scale = questionnaire.scales.get(item.scale)
    valid = tuple(option for option in options if option.role not in ("dont_know", "refused"))
    rank = chosen = None
    if answers.ticks is not None:
        chosen = answers.ticks[base]
    elif answers.position is not None:
        position = answers.position[base]
        chosen = position[:, None] == np.arange(len(options))[None, :]
        places = np.array([valid.index(option) if option in valid else -1 for option in options] + [-1], dtype=np.intp)
        if item.type in ("likert", "battery", "band") and len(valid) > 2:
            rank = np.where(answers.state[base] == VALID, places[position], -1)
    else:
        chosen = np.zeros((int(base.sum()), len(options)), dtype=np.bool_)
    respondents, linkable = _ids(survey, link)
    default = questionnaire.wave
    return Side(
        label=label or default,
        question=item.text,
        respondents=respondents[base],
        codes=tuple(option.code for option in options),
        labels=tuple(option.label for option in options),
        roles=tuple(option.role for option in options),
        chosen=chosen,
        rank=rank,
        numbers=None if answers.numbers is None else answers.numbers[base],
        top=scale.top if scale is not None else (),
        several=answers.ticks is not None,
        linkable=linkable,
        file=_file_of(survey),
        population=population if population is not None else (None if item.route else questionnaire.frame.population),
        unit=item.unit or questionnaire.frame.unit,
        kind=survey.kind,
        keyed=item.type in _KEYED,
    )


def _ids(survey: Survey, link: str) -> tuple[pd.Index[Any], bool]:
    if not link:
        return survey.answers.index, names_respondents(survey)
    table = survey.answers if link in survey.answers.columns else survey.invited
    if table is None or link not in table.columns:
        raise AnalysisError(f"there is no column {link!r} to link respondents by", where="link")
    return pd.Index(table[link].reindex(survey.answers.index).map(code_text)), True


def names_respondents(survey: Survey) -> bool:
    """Whether the ids of a survey name the same respondents in another wave."""
    # The number of a municipality is the same everywhere.
    towns = survey.questionnaire is not None and survey.questionnaire.frame.unit == "municipality"
    return towns or _holds_ids(survey.answers.index)


def share_ids(first: Survey, second: Survey) -> bool:
    """Whether one id names one respondent in both: by itself, or because a column of one file holds the ids of both."""
    return (names_respondents(first) and names_respondents(second)) or bool(_file_of(first) and _file_of(first) == _file_of(second))


def _file_of(survey: Survey) -> str:
    """The file that a survey's ids stand in; "" where they are mere numbers of its rows."""
    return "" if pd.api.types.is_integer_dtype(survey.answers.index) else survey.origin


def _holds_ids(index: pd.Index[Any]) -> bool:
    """Whether an index can name the same respondent in another wave: whole numbers may be mere row numbers, so they do not."""
    return not pd.api.types.is_integer_dtype(index) and not all(str(one).isdecimal() for one in index)


def _of_ticks(table: pd.DataFrame, label: str | Sayable, population: int | None) -> Side:
    answered = table.notna().any(axis=1)
    ticks = table[answered].fillna(0)
    if not ticks.isin([0, 1]).all().all():
        raise AnalysisError(
            "a table of several answers holds 0 and 1 only", where="answers", todo="leave rows empty for those who did not answer"
        )
    codes = tuple(map(str, ticks.columns))
    return Side(
        label=label,
        question="",
        respondents=ticks.index,
        codes=codes,
        labels=codes,
        roles=("answer",) * len(codes),
        chosen=ticks.to_numpy(dtype=bool),
        rank=None,
        numbers=None,
        top=(),
        several=True,
        linkable=_holds_ids(ticks.index),
        population=population,
        unit="respondent",
        kind=DataKind.REAL,
    )


def _of_series(column: pd.Series[Any], label: str | Sayable, population: int | None) -> Side:
    filled = column[column.notna() & (column.astype(str) != "")]
    categorical = isinstance(filled.dtype, pd.CategoricalDtype)
    numeric = pd.api.types.is_numeric_dtype(filled) and not pd.api.types.is_bool_dtype(filled) and filled.nunique() > 2
    values = [code_text(value) for value in filled]
    if numeric:
        codes: tuple[str, ...] = ()
    elif categorical:
        codes = tuple(code_text(value) for value in filled.cat.categories)
    else:
        codes = tuple(sorted(set(values)))
    position = np.array([codes.index(value) for value in values], dtype=np.intp) if codes else np.zeros(len(values), dtype=np.intp)
    ordered = categorical and bool(filled.cat.ordered) and len(codes) > 2
    return Side(
        label=label,
        question=str(column.name or ""),
        respondents=filled.index,
        codes=codes,
        labels=codes,
        roles=("answer",) * len(codes),
        chosen=position[:, None] == np.arange(len(codes))[None, :],
        rank=position if ordered else None,
        numbers=filled.to_numpy(dtype=float) if numeric else None,
        top=(),
        several=False,
        linkable=_holds_ids(column.index),
        population=population,
        unit="respondent",
        kind=DataKind.REAL,
        # Which of many answers stands for a question, nobody has said.
        keyed=len(codes) <= 2,
    )


@dataclass(frozen=True)
class Compared:
    """One answer that two sides have in common; answers of one `hypothesis` are one test (yes and no of the same item)."""

    code: str
    label: str | Sayable
    first: NDArray[np.bool_]
    second: NDArray[np.bool_]
    hypothesis: str


def common_answers(one: Side, two: Side) -> list[Compared]:
    """What two sides can be compared on: their common answers, and the top box where both have one.

    Where the scales differ the same word does not mean the same place on the scale, so only the top boxes are compared.
    """
    answers = [{code for code, role in zip(side.codes, side.roles, strict=True) if role == "answer"} for side in (one, two)]
    of_questionnaire = not isinstance(one.question, str)
    alike = answers[0] == answers[1] or not of_questionnaire
    found = []
    if alike or not (one.top and two.top):
        codes = list(dict.fromkeys((*one.codes, *two.codes)))
        if of_questionnaire:
            codes = [code for code in codes if code in one.codes and code in two.codes]
        labels = dict(zip((*two.codes, *one.codes), (*two.labels, *one.labels), strict=True))
        pair = len(codes) == 2 and not one.several and len(one.codes) == 2
        found = [Compared(code, labels[code], one.ticked((code,)), two.ticked((code,)), "pair" if pair else code) for code in codes]
    if one.top and two.top and (not alike or max(len(one.top), len(two.top)) > 1):
        words = [Joined(tuple(side.labels[side.codes.index(code)] for code in side.top if code in side.codes)) for side in (one, two)]
        label = Phrase("comparing.top_box", {"labels": words[0]})
        if words[0].say("en") != words[1].say("en"):
            label = Phrase("comparing.top_boxes", {"first": words[0], "second": words[1]})
        found.append(Compared("top", label, one.ticked(one.top), two.ticked(two.top), "top"))
    if not found:
        raise AnalysisError("the two sides have no answer in common", where="item")
    return found


def key_codes(answers: list[Compared], side: Side) -> tuple[str, ...]:
    """The answers that stand for their question: the top of its scale, else the first; of several answers each is a question."""
    codes = tuple(answer.code for answer in answers)
    if not side.keyed or not codes:
        return ()
    if side.several:
        return codes
    return ("top",) if "top" in codes else (next((code for code in codes if code in side.top), codes[0]),)
