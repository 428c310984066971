"""Answers to a questionnaire, or what was published of them."""

from __future__ import annotations

import dataclasses
import re
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import takewhile
from typing import TYPE_CHECKING, Any, SupportsIndex, overload

from vvvresearch.conditions import rows_where
from vvvresearch.errors import AnalysisError, NotPermittedError, did_you_mean
from vvvresearch.evidence._questionnaire import Battery, Item, Option, Questionnaire
from vvvresearch.evidence._register import Losses
from vvvresearch.evidence._rows import Rows, column_named, value_named
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Sayable, check_lang, say, the_one

if TYPE_CHECKING:
    import pandas as pd

# Letters of the ids of items that a list of them shows.
_SHOWN = 600
_SIGNS = re.compile(r"[^\w-]+")


def code_text(value: Any) -> str:
    """A value as a code: 9.0 is "9", what is missing is "".

    Example:
        >>> code_text(9.0), code_text(" 0101 "), code_text(float("nan"))
        ('9', '0101', '')
    """
    if isinstance(value, str):
        return value.strip()
    if value is None or str(value) in ("nan", "<NA>", "NaT"):
        return ""
    if str(value) in ("True", "False"):
        return "1" if value else "0"
    return str(int(value)) if hasattr(value, "is_integer") and value.is_integer() else str(value)


@dataclass(frozen=True)
class Variable:
    """What a labelled file says about one column.

    Args:
        name: its name in the file.
        label: its words, "" where the file gives none.
        labels: code as text → words.
        format: print format of the file ("F8.2", "A20", "EDATE10").
        measure: "nominal", "ordinal", "scale" or "unknown".
        missing: user-missing codes as ranges (low, high), both ends included; numbers, or texts for a text column.
        width: displayed width, None where the file gives none.
    """

    name: str
    label: str = ""
    labels: dict[str, str] = field(default_factory=dict)
    format: str = ""
    measure: str = "unknown"
    missing: tuple[tuple[float | str, float | str], ...] = ()
    width: int | None = None


@dataclass(frozen=True)
class MultipleResponseSet:
    """Several columns that are one question: `kind` "D" (tick boxes, `counted` is the ticked code) or "C" (categories)."""

    name: str
    label: str
    columns: tuple[str, ...]
    kind: str = "D"
    counted: str = "1"


class Items(tuple[Item | Battery, ...]):
    """Items in the order of the questionnaire: by their place or by their id."""

    @overload
    def __getitem__(self, which: SupportsIndex | str) -> Item | Battery: ...
    @overload
    def __getitem__(self, which: slice) -> Items: ...
    def __getitem__(self, which: SupportsIndex | slice | str) -> Item | Battery | Items:
        """The item at a place, or of an id."""
        if isinstance(which, str):
            found = [one for one in self if one.id == which]
            if not found:
                raise AnalysisError(f"there is no item {which!r}", where="items", todo=did_you_mean(which, self.keys()))
            return found[0]
        return Items(super().__getitem__(which)) if isinstance(which, slice) else super().__getitem__(which)

    def __call__(self, which: SupportsIndex | str | None = None) -> Item | Battery | Items:
        """All of them; one, of a place or an id."""
        return self if which is None else self[which]

    def keys(self) -> list[str]:
        """Their ids."""
        return [one.id for one in self]

    def __repr__(self) -> str:
        ids = ", ".join(self.keys())
        return f"{len(self)} items: {ids[:_SHOWN]}{' …' if len(ids) > _SHOWN else ''}"


@dataclass(frozen=True)
class Survey(Rows):
    """One wave of answers from one group.

    Args:
        answers: one row a respondent, index `respondent`; one column an item (or an option of a multiple item, named
            `item:option`, values "1"/"0"), values are option codes as text, numbers for number items, "" or <NA> where
            nothing was answered.
        questionnaire: items, wordings, routing, frame; drafted from the labels of a labelled file that came without a
            definition; None when a plain table came without one.
        multiple_response_sets: name → set.
        missing: item → {code: reason} for codes that are not answers (user-missing values of a labelled file).
        variables: column → what a labelled file says about it; empty for files without labels.
        weight: the column that the file names as its weight, "" for none.
        invited: one row an invited respondent with its frame variables (region, size …), where known.
        log: one row a change made while cleaning: respondent, what, why.
        losses: what the file held and this model does not.
        kind: real, reconstructed or synthetic.
        origin: the file it came from.
        source: the id of the round's source, "" outside a round.
    """

    answers: pd.DataFrame
    questionnaire: Questionnaire | None = None
    multiple_response_sets: dict[str, MultipleResponseSet] = field(default_factory=dict)
    missing: dict[str, dict[str, str]] = field(default_factory=dict)
    variables: dict[str, Variable] = field(default_factory=dict)
    weight: str = ""
    invited: pd.DataFrame | None = None
    log: pd.DataFrame | None = None
    losses: Losses = field(default_factory=Losses)
    kind: DataKind = DataKind.REAL
    origin: str = ""
    source: str = ""

    ROWS = "answers"

    @property
    def id(self) -> str:
        """What its numbers' addresses begin with: the id of its source, else of its questionnaire."""
        return self.source or (self.questionnaire.id if self.questionnaire else "survey")

    @property
    def title(self) -> str | Sayable:
        """The questionnaire's title; the id where there is none."""
        return self.questionnaire.title if self.questionnaire else self.id

    @property
    def items(self) -> Items:
        """What is tabulated together: single items and batteries, in the order of the questionnaire; by their ids, too."""
        return Items(self.questionnaire.questions if self.questionnaire else ())

    def question(self, item: object, lang: str = "da") -> str:
        """How an item was asked, in "da" or "en".

        Raises:
            AnalysisError: no such item.
        """
        return say(self._asked(item).text, check_lang(lang))

    def labels(self, item: object, lang: str = "da") -> dict[str, str]:
        """The words of an item's answers by their codes, in "da" or "en".

        Raises:
            AnalysisError: no such item.

        Example:
            >>> import vvvresearch as vvv
            >>> vvv.open_round("demo").surveys["municipal-2021"].labels("refers", "en")
            {'yes': 'Yes', 'no': 'No', 'dont_know': "Don't know"}
        """
        return {one.code: say(one.label, check_lang(lang)) for one in self._options(self._asked(item).id)}

    def _asked(self, item: object) -> Item:
        found = self.item_named(getattr(item, "id", item))
        asked = [one for one in self.questionnaire.items if one.id == found] if self.questionnaire else []
        if not asked:
            known = [one.id for one in self.questionnaire.items] if self.questionnaire else []
            raise AnalysisError(f"there is no item {str(item)!r}", where=f"survey {self.id}", todo=did_you_mean(str(item), known))
        return asked[0]

    def item_named(self, said: object) -> str | None:
        """The id of the item or battery that is meant: by its id, its question in either language, words that only this question has, or
        its column in the file; of tick boxes and of a battery by what their columns begin with.
        """
        items = self.questionnaire.items if self.questionnaire else ()
        headings: Mapping[str, str] = self.answers.attrs.get("headings", {})
        called = {one.id: one.column or headings.get(one.id, "") for one in items}
        known: dict[str, tuple[str, ...]] = {one.id: (one.text.da, one.text.en, called[one.id]) for one in items}
        for one in items:
            if one.type == "multiple":
                boxes = {option.code: option.column or headings.get(f"{one.id}:{option.code}", "") for option in one.options}
                known[one.id] += _begun(boxes.values())
        for battery in self.items:
            if isinstance(battery, Battery):
                known.setdefault(battery.id, _begun(called[one.id] or one.id for one in battery.items))
        if (found := the_one(said, known or {str(one): () for one in self.answers.columns})) is not None:
            return found
        # A question goes before what is asked beside it in the same words: "What brings you? - Other, please specify".
        asked = [one for one in items if the_one(said, {one.id: known[one.id]}) is not None]
        whole = min(asked, key=lambda one: len(one.text.da), default=None)
        return whole.id if whole is not None and all(one.text.da.startswith(whole.text.da) for one in asked) else None

    def items_like(self, said: str) -> list[str]:
        """The items, six at most, one of whose words begins as a word that was said: "henviser" where it was asked who is "henvist"."""
        begun = {word[:6] for word in re.findall(r"\w{6,}", said.casefold())}
        items = self.questionnaire.items if self.questionnaire else ()
        asked = {one.id: f"{one.id} {one.text.da} {one.text.en}".casefold() for one in items}
        found = [name for name, words in asked.items() if any(re.search(rf"\b{re.escape(one)}", words) for one in begun)]
        return found if len(found) <= 6 else []

    @property
    def respondent_columns(self) -> list[str]:
        """What respondents can be told apart by: the columns of the answers, then those of the list of invited."""
        return [*map(str, self.answers.columns), *(map(str, self.invited.columns) if self.invited is not None else ())]

    def respondent_column(self, name: str) -> pd.Series[Any] | None:
        """A column of the answers, else of the list of invited, one value a row of the answers; None where neither has it.

        Raises:
            AnalysisError: the list of invited holds a respondent twice.
        """
        if name in self.answers.columns:
            return self.answers[name]
        if self.invited is None or name not in self.invited.columns:
            return None
        if self.invited.index.has_duplicates:
            raise AnalysisError("the list of invited holds a respondent twice", where=f"invited, column {name}")
        return self.invited[name].reindex(self.answers.index)

    def column_named(self, said: object) -> str | None:
        """The column that respondents can be told apart by: of the answers or of the list of invited."""
        columns = self.respondent_columns
        if said in columns:
            return str(said)
        try:
            return column_named(said, columns)
        except AnalysisError:
            return self.item_named(said)

    def _column_called(self, said: object) -> str | None:
        return self.column_named(said)

    def value_meant(self, column: str, said: object) -> str | None:
        """The code of an answer that is called so; None where nothing is."""
        return self._called_answer(column, said, {code_text(one) for one in self.answers[column]} - {""})

    def _called_answer(self, item: str, said: object, there: set[str]) -> str | None:
        labels = {one.code: (one.label.da, one.label.en) for one in self._options(item)}
        return the_one(said, {code: labels.get(code, ()) for code in there}, part=False) or value_named(said, there)

    def unsaid(self, item: str) -> list[str]:
        """The codes of an item that are no answer: don't know, and will not say."""
        return [one.code for one in self._options(item) if one.role in ("dont_know", "refused")]

    def _options(self, item: str) -> tuple[Option, ...]:
        asked = [one for one in self.questionnaire.items if one.id == item] if self.questionnaire else []
        return self.questionnaire.options(asked[0]) if self.questionnaire and asked else ()

    def _answer_named(self, item: str, said: object, there: set[str]) -> str:
        found = code_text(said) if code_text(said) in there else self._called_answer(item, said, there)
        if found is None:
            raise AnalysisError(
                f"nobody has {item} = {code_text(said)!r}", where="filter", todo=did_you_mean(code_text(said), sorted(there))
            )
        return found

    def filter(self, condition: Any = None, /, **values: Any) -> Survey:
        """The answers of some respondents, with bases that stay true: the invited are filtered alike, a frame that is not known is none.

        Args:
            condition: columns and values in a dict, a condition in words as pandas' `query` has it, a function of the answers or of one
                respondent's, or a column of true and false.
            values: a column of the answers or of the list of invited, and the values that stay: `region="North"`, `refers=["yes"]`.

        Returns:
            Survey. Filtered by the list of invited alone, those invited are still known; by an answer nobody is known to be invited.

        Raises:
            NotPermittedError: reconstructed answers.
            AnalysisError: no such column or value, with what was probably meant.

        Example:
            >>> import vvvresearch as vvv
            >>> survey = vvv.open_round("demo").surveys["municipal-2021"]
            >>> len(survey.filter(refers="yes").answers)
            30
        """
        self.require_joint("a filter of respondents")
        if isinstance(condition, Mapping):
            return self.filter(**{**condition, **values})
        answers, invited, of_frame = self.answers, self.invited, condition is None
        if condition is not None:
            others = [] if invited is None else [name for name in invited.columns if name not in answers.columns]
            rows = answers if invited is None else answers.join(invited[others])
            answers = answers[rows_where(rows, condition, lambda name, said: self.value_meant(name, said) if name in answers else said)]
        values = {self.column_named(name) or name: wanted for name, wanted in values.items()}
        for name, wanted in values.items():
            in_frame = invited is not None and name in invited.columns
            if not in_frame and name not in answers.columns:
                known = [*map(str, answers.columns), *(map(str, invited.columns) if invited is not None else ())]
                raise AnalysisError(f"respondents cannot be filtered by {name!r}", where="filter", todo=did_you_mean(name, known))
            column = self.invited[name] if in_frame and self.invited is not None else self.answers[name]
            there = {code_text(one) for one in column} - {""}
            given = [wanted] if isinstance(wanted, str | int | float | bool) else wanted
            chosen = {self._answer_named(name, one, there) for one in given}
            own = column[column.map(code_text).isin(chosen)].index
            answers = answers[answers.index.isin(own)]
            if in_frame and invited is not None:
                invited = invited[invited.index.isin(own)]
            of_frame = of_frame and in_frame
        questionnaire = self.questionnaire
        narrowed = condition is not None or bool(values)
        if questionnaire is not None and narrowed:
            known_invited = len(invited) if of_frame and invited is not None else None
            frame = questionnaire.frame.model_copy(update={"population": None, "invited": known_invited})
            questionnaire = questionnaire.model_copy(update={"frame": frame})
        told = [*([_rows_chosen(answers)] if condition is not None else []), *(f"{name}-{one}" for name, one in values.items())]
        setting = "-".join(told).replace(".", "-")
        return dataclasses.replace(
            self,
            answers=answers,
            invited=invited if of_frame else None,
            questionnaire=questionnaire,
            source=f"{self.id}/only-{_SIGNS.sub('-', setting)}" if narrowed else self.source,
        ).of(self.opened)

    def require_joint(self, what: str) -> None:
        """Refuse an analysis that looks at several items of the same respondents when the rows are reconstructed.

        Args:
            what: the analysis, for the message.

        Raises:
            NotPermittedError: the rows were built to give the published margins; nothing else in them is evidence.
        """
        if self.kind is DataKind.RECONSTRUCTED:
            raise NotPermittedError(
                f"{what} is not possible with reconstructed answers",
                where=self.origin,
                why="the rows were built to give the published tables and routes; "
                "how answers to different items go together was never published",
                todo="tabulate one item at a time, or use a round with real answers",
            )

    def __repr__(self) -> str:
        items = len(self.questionnaire.items) if self.questionnaire else len(self.answers.columns)
        return f"Survey({self.id[:80]}: {len(self.answers)} respondents, {items} items, {self.kind.value})"

    def _repr_html_(self) -> str:
        return self.answers.head(20).to_html(escape=True)


def _begun(columns: Iterable[str]) -> tuple[str, ...]:
    """What the columns of one question all begin with; nothing where it is no whole word of them."""
    told = sorted(filter(None, columns))
    alike = [one for one, other in takewhile(lambda pair: pair[0] == pair[1], zip(told[0], told[-1], strict=False))] if told else []
    begun = re.sub(r"[\W_]*\d*$" if "".join(alike) in told else r"[\W_]+$", "", "".join(alike))
    return (begun,) if len(told) > 1 and begun else ()


def _rows_chosen(answers: pd.DataFrame) -> str:
    """What tells one choice of respondents from another where no words do."""
    return f"where-{zlib.crc32(repr(list(answers.index)).encode()):08x}"
