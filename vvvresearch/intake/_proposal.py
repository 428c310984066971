"""What is proposed about a file: decided things with their ground, questions, what is told and what is lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from vvvresearch.intake._personal import shown
from vvvresearch.intake._table import Table
from vvvresearch.locales import Lang, text

Why = Literal["heading+values", "declared", "nearest", "map", "answer"]
QuestionType = Literal["kind", "confirm", "choose", "fill"]
Value = str | list[str] | dict[str, str]


@dataclass(frozen=True)
class Decision:
    """One thing that is decided.

    Args:
        id: what it is about, for answers and the saved map: `column.kommune`, `value.reason.har-faaet-job`.
        what: the words of the file that it is about.
        value: what was decided.
        why: its ground.
    """

    id: str
    what: str
    value: Value
    why: Why


@dataclass(frozen=True)
class Question:
    """One thing that has to be asked.

    Args:
        id: the key of its answer.
        type: kind, confirm, choose or fill.
        question: in words.
        choices: (value, label); empty where the answer is free.
        items: what it is asked of; one answer for all, or one for each.
        proposal: the answer that seems likely, None for none.
        targets: ids of what the answer decides, one an item; its own id where empty.
    """

    id: str
    type: QuestionType
    question: str
    choices: tuple[tuple[str, str], ...] = ()
    items: tuple[str, ...] = ()
    proposal: Value | None = None
    targets: tuple[str, ...] = ()


@dataclass(frozen=True)
class Proposal:
    """What a file is and what may be decided alone.

    Args:
        path: the file.
        kind: what it is, "" while that is a question.
        type: the type of source it becomes.
        unit: what a row is: municipality, respondent, interview, match …, "" while that is a question.
        source: an id for the source.
        decided: what is decided, with its ground.
        questions: what has to be asked.
        told: what was done that a reader should know.
        losses: what of the file is not carried.
        this_file: what holds for this file alone: its hash.
        header: the row of the heading, "3+4" where it has two.
        headings: of the columns, without those that point at persons.
        again: makes the proposal anew with what was answered of its kind and of which column is what; None where neither is asked.
        interviews: the interviews that a register holds.
        mapped: questions, whole, that an earlier map answered in part or wholly; they may be answered otherwise.
    """

    path: Path
    kind: str
    type: str
    unit: str
    source: str
    decided: tuple[Decision, ...]
    questions: tuple[Question, ...]
    told: tuple[str, ...]
    losses: tuple[str, ...]
    this_file: dict[str, str] = field(default_factory=dict)
    header: str = ""
    headings: tuple[str, ...] = ()
    again: Callable[..., Proposal] | None = field(default=None, compare=False, repr=False)
    mapped: tuple[Question, ...] = ()
    interviews: tuple[str, ...] = ()

    @property
    def sure(self) -> bool:
        """Whether nothing has to be asked."""
        return not self.questions

    def as_dict(self) -> dict[str, Any]:
        """The proposal as plain values, as `vvv add --json` prints it.

        Example:
            >>> sorted(Proposal(Path("a.csv"), "", "", "", "a", (), (), (), ()).as_dict())
            ['decided', 'kind', 'losses', 'questions', 'source', 'told', 'unit']
        """
        return {
            "kind": self.kind,
            "unit": self.unit,
            "source": self.source,
            "decided": [{"id": one.id, "what": one.what, "value": one.value, "why": one.why} for one in self.decided],
            "questions": [
                {
                    "id": one.id,
                    "type": one.type,
                    "question": one.question,
                    "choices": [{"value": value, "label": label} for value, label in one.choices],
                    "items": list(one.items),
                    "proposal": one.proposal,
                }
                for one in self.questions
            ],
            "told": list(self.told),
            "losses": list(self.losses),
        }


@dataclass
class Draft:
    """A proposal while it is made.

    Args:
        lang: of its words.
        kind, unit, this_file, interviews: as in `Proposal`.
    """

    lang: Lang
    kind: str = ""
    unit: str = ""
    decided: dict[str, Decision] = field(default_factory=dict)
    questions: dict[str, Question] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    losses: list[str] = field(default_factory=list)
    this_file: dict[str, str] = field(default_factory=dict)
    mapped: dict[str, Question] = field(default_factory=dict)
    interviews: tuple[str, ...] = ()

    def decide(self, identifier: str, what: str, value: Value, why: Why = "heading+values") -> None:
        """Decide a thing."""
        self.decided[identifier] = Decision(identifier, what, value, why)

    def ask(self, question: Question) -> None:
        """Ask for a thing."""
        self.questions[question.id] = question

    def tell(self, words: str) -> None:
        """Tell a thing."""
        if words not in self.told:
            self.told.append(words)

    def lose(self, heading: str, count: int) -> None:
        """A column whose cells are not carried."""
        if count:
            self.losses.append(text("intake.lost_column", self.lang, heading=heading, count=count))


def told_of(table: Table, lang: Lang) -> list[str]:
    """What was done with a sheet to make it a table: titles, sums and units left out, rows and sheets that nobody sees.

    Args:
        table: the table.
        lang: of the sentences.
    """
    told = []
    if table.titles:
        told.append(text("intake.told_titles", lang, count=len(table.titles), header=table.header))
    elif "+" in table.header:
        told.append(text("intake.told_two_rows", lang, header=table.header))
    if table.totals or table.remarks:
        told.append(text("intake.told_footer", lang, count=table.totals + len(table.remarks)))
    if table.units:
        told.append(text("intake.told_units", lang))
    if table.unseen_rows or table.unseen_columns:
        columns = ", ".join(map(shown, table.unseen_columns)) or "0"
        told.append(text("intake.told_unseen", lang, rows=table.unseen_rows, columns=columns))
    if table.others:
        sheet = table.sheet or ", ".join(table.columns[0].counts)
        told.append(text("intake.told_sheets", lang, sheet=sheet, others=", ".join(table.others)))
    if table.hidden:
        told.append(text("intake.told_hidden", lang, sheets=", ".join(map(shown, table.hidden))))
    if table.filled_down:
        told.append(text("intake.told_merged", lang, count=table.filled_down))
    if table.trials:
        told.append(text("intake.told_trials", lang, count=table.trials))
    if table.withdrawn:
        told.append(text("intake.told_withdrawn", lang, count=table.withdrawn))
    if table.respelt:
        told.append(text("intake.told_respelt", lang, count=table.respelt))
    if table.stacked:
        told.append(text("intake.told_stacked", lang, headings=", ".join(table.stacked[:6])))
    if table.unnamed:
        told.append(text("intake.told_unnamed", lang, count=table.unnamed))
    return told
