"""The words of a number's own question, and of those beside it, so that a sentence about another one is told."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from vvvresearch.errors import VvvError
from vvvresearch.locales import Lang, say
from vvvresearch.results import TOTAL, Cell, Result, folded

if TYPE_CHECKING:
    from vvvresearch.evidence import Item
    from vvvresearch.rounds import Round

Topics = tuple[tuple[str, ...], tuple[tuple[str, tuple[str, ...]], ...]]
_NONE: Topics = ((), ())
# Columns that say how a number is written, and not of what it is.
_PLAIN = frozenset({"count", "n", "share", "value", "persons", "rows", "lower", "upper", "mean", "median", "sum", "months"})


def topics(opened: Round, address: str, lang: Lang) -> Topics:
    """The words of the question at an address, and name and words of every other question of its source.

    Args:
        opened: the round.
        address: of a number.
        lang: language of the words.

    Returns:
        Both empty where the number answers no question and counts no theme.
    """
    root, *parts = folded(address).split(".")
    try:
        if root.split("/")[0] in ("themes", "theme-changes", "pair-gaps"):
            return _of_themes(opened, parts)
        return _of_survey(opened, root.split("/")[0].split("~")[-1], parts, lang)
    except VvvError:
        return _NONE


def headings(result: Result, cell: Cell, lang: Lang) -> Topics:
    """What a number is called that no question asked: the words at the head of its row and column, then its table's title.

    Args:
        result: the table.
        cell: the number.
        lang: language of the words.

    Returns:
        With the words of every other row and column of the table; both empty where its rows have no words.
    """
    said = [column for column in result.shows if not column.is_number and column.format != "date"]

    def head(row: Mapping[Any, Any]) -> str:
        named = (column for column in said if row and not (column.name in result.keys and row.get(column.name) == TOTAL))
        told = (column.write_row(row, lang, result.small_n, result.labels).strip("–") for column in named)
        # A unit in brackets is the number's, and no name of it.
        return " ".join(filter(None, (re.sub(r"\s*\([^)]*\)", "", one) for one in told)))

    measure = cell.address.rpartition(".")[2]
    counted = {column.name: column.heading(lang) for column in result.shows if column.is_number and column.name not in _PLAIN}
    title = say(result.title, lang)
    # A count that a workspace keeps is called by its own id: "counts.active-volunteers".
    kept = re.sub(r"[-_\d]+", " ", cell.address.split(".")[1]) if cell.address.startswith("counts.") else ""
    own = " ".join(filter(None, (head(cell.row), counted.get(measure, ""), kept.strip()))) or title
    rows = {name for row in result.frame.to_dict("records") if (name := head(row)) and name != head(cell.row)}
    others = sorted(rows | ({name for column, name in counted.items() if column != measure} if measure not in _PLAIN else set()))
    return (own, title), tuple((name, (name,)) for name in others)


def _of_survey(opened: Round, survey: str, parts: list[str], lang: Lang) -> Topics:
    found = next((one for name, one in opened.surveys.items() if folded(name) == survey), None)
    if found is None or found.questionnaire is None:
        return _NONE
    asked = {
        folded(item.id): (
            (text := item.text.say(lang)),
            (*_of_matrix(text), *(option.label.say(lang) for option in found.questionnaire.options(item))),
        )
        for item in found.questionnaire.items
    }
    own = next((part for part in parts if part in asked), "")
    if not own:
        return _NONE
    return asked[own][1], tuple(words for item, words in asked.items() if item != own)


_MATRIX = re.compile(r"(?P<stem>.+[?:])\s*(?:[-–]\s+(?P<item>.+)|\[(?P<listed>.+)\])", re.DOTALL)


def _of_matrix(question: str) -> tuple[str, ...]:
    """A statement of a list before the question that stands above it; any other question as it is."""
    found = _MATRIX.fullmatch(question.strip())
    return (question,) if found is None else (found["item"] or found["listed"], found["stem"])


def _item(opened: Round, address: str) -> tuple[str, Item] | None:
    """The survey and the question at an address."""
    root, *parts = folded(address).split(".")
    name = root.split("/")[0].split("~")[-1]
    found = next((one for survey, one in opened.surveys.items() if folded(survey) == name), None)
    if found is None or found.questionnaire is None:
        return None
    item = next((one for part in parts for one in found.questionnaire.items if folded(one.id) == part), None)
    return (name, item) if item is not None else None


def takes_several(opened: Round, address: str) -> bool:
    """Whether the question at an address takes several answers of one person."""
    found = _item(opened, address)
    return found is not None and found[1].type == "multiple"


def measured_in(opened: Round, address: str) -> str:
    """The unit of a question that asks for a number, as its questionnaire says it."""
    found = _item(opened, address)
    return found[1].unit if found is not None else ""


def mirrors(opened: Round, first: str, second: str) -> bool:
    """Whether the questions at two addresses are declared to ask two groups, or two waves, the same."""
    one, other = _item(opened, first), _item(opened, second)
    if one is None or other is None or folded(first).rpartition(".")[0].split(".")[-1] != folded(second).rpartition(".")[0].split(".")[-1]:
        return False
    return any(
        folded(tie) == f"{survey}:{folded(item.id)}"
        for (_, own), (survey, item) in ((one, other), (other, one))
        for tie in (*own.mirror, *own.comparable)
    )


def _of_themes(opened: Round, parts: list[str]) -> Topics:
    paths = [str(path) for path in opened.codebook.frame["code_path"]]
    own = next((path for path in paths if parts and folded(path.replace(" > ", "/")) == parts[0]), "")
    if not own:
        return _NONE
    kin = [path for path in paths if path.startswith(f"{own} > ") or own.startswith(f"{path} > ")]
    others = tuple((path, (path.rpartition(" > ")[2],)) for path in paths if path != own and path not in kin)
    return (own, *kin), others
