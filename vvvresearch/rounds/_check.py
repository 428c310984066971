"""Checking rounds: can every source be read, do answers follow their routes, does everything that is named exist."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vvvresearch.errors import SchemaError, VvvError
from vvvresearch.evidence import Survey
from vvvresearch.kinds import DataKind, combined_kind
from vvvresearch.locales import Phrase, check_lang
from vvvresearch.results import Base, Column, Result
from vvvresearch.rounds._find import find_root, list_rounds
from vvvresearch.rounds._round import Round, open_round

if TYPE_CHECKING:
    from vvvresearch.evidence import Item, Questionnaire
    from vvvresearch.published import ConsistencyTable

_COLUMNS = ("round", "severity", "place", "what", "todo")


@dataclass(frozen=True, kw_only=True, repr=False)
class RoundCheck(Result):
    """What is wrong in rounds: `frame` has round, severity ("error" or "warning"), place, what, todo; `sound` is whether there is
    no error; `published` holds where documents do not agree with themselves, which is a finding about them and no fault of
    the round."""

    published: ConsistencyTable | None = None
    failed: tuple[str, ...] = field(default=())

    @property
    def sound(self) -> bool:
        """Whether nothing is an error."""
        return not (self.frame["severity"] == "error").any()


def check_rounds(names: Sequence[str] = (), root: str | Path | None = None, lang: str = "da") -> RoundCheck:
    """Check rounds: definitions, sources, routes, goals, notebooks, and what their documents published, all together.

    What documents published is checked over all rounds named, so that one round's retelling meets the other's original.

    Args:
        names: ids of rounds; default all.
        root: the workspace; default found upwards from here.
        lang: "da" or "en".

    Returns:
        RoundCheck.

    Raises:
        RoundError: no workspace.

    Example:
        >>> check_rounds(["2021-note"]).sound
        True
    """
    import pandas as pd

    from vvvresearch.published import check_published, combine_published

    said = check_lang(lang)
    folder = (find_root() if root is None else Path(root)).resolve()
    rows: list[dict[str, Any]] = []
    opened: list[Round] = []
    for name in names or list_rounds(folder):
        try:
            one = open_round(name, folder)
        except VvvError as problem:
            rows.append(
                _problem(name, "error", problem.where, f"{problem.what}: {problem.why}" if problem.why else problem.what, problem.todo)
            )
            continue
        opened.append(one)
        rows += _round_problems(one)
    parts = [(one, one.published) for one in opened if one.has("published") and not _broken(rows, one)]
    courses = [one.courses for one, _ in parts if one.has("courses") and one.courses.kind is DataKind.PUBLISHED]
    published = check_published(combine_published([part for _, part in parts]), courses, said) if parts else None
    return RoundCheck(
        frame=pd.DataFrame(rows, columns=list(_COLUMNS)),
        published=published,
        failed=tuple(dict.fromkeys(row["round"] for row in rows if row["severity"] == "error")),
        base=Base(len(opened)),
        title=Phrase("rounds.check_title"),
        notes=(Phrase("rounds.check_found", {"n": len(published.findings)}),) if published else (),
        shows=tuple(Column(name, Phrase(f"rounds.check_{name}")) for name in _COLUMNS),
        kind=combined_kind(one.kind for one in opened),
        lang=said,
    )


def _problem(name: str, severity: str, place: str, what: str, todo: str = "") -> dict[str, Any]:
    return {"round": name, "severity": severity, "place": place, "what": what, "todo": todo}


def _broken(rows: list[dict[str, Any]], one: Round) -> bool:
    """Whether one of the sources that the check of documents needs cannot be read."""
    needed = {source.id for source in one.spec.sources if source.type in ("published", "courses")}
    return any(row["round"] == one.id and row["severity"] == "error" and row["place"] in needed for row in rows)


def _round_problems(one: Round) -> Iterator[dict[str, Any]]:
    for source in one.spec.sources:
        if source.type == "documentary":
            continue
        try:
            evidence = one.read(source.id)
        except SchemaError as problem:
            for failure in problem.failures:
                yield _problem(one.id, "error", source.id, f"{problem.where}: {failure}", problem.todo)
        except VvvError as problem:
            yield _problem(one.id, "error", source.id, f"{problem.what} ({problem.where})" if problem.where else problem.what, problem.todo)
        else:
            if isinstance(evidence, Survey) and evidence.questionnaire is not None:
                for what in _route_problems(evidence, evidence.questionnaire):
                    yield _problem(one.id, "warning", source.id, what, "correct the route or the answers")
    for book in one.spec.notebooks:
        if not (one.root / book.path).is_file():
            yield _problem(one.id, "error", f"notebook {book.id}", f"there is no {book.path}", "write it or take it out of the round")
    try:
        _ = one.goals
    except VvvError as problem:
        yield _problem(one.id, "error", "goals", f"{problem.what} ({problem.where})", problem.todo)


def _route_problems(survey: Survey, definition: Questionnaire) -> Iterator[str]:
    """Answers of people whom the route does not lead to the item, item by item."""
    for item in definition.items:
        route = definition.route(item)
        columns = [str(name) for name in survey.answers.columns if str(name).partition(":")[0] == item.id]
        if route is None or not columns or not _has(survey, definition, route.items):
            continue
        answered = (survey.answers[columns].astype("string").fillna("") != "").any(axis=1)
        outside = int((answered & ~route.asked(survey.answers)).sum())
        if outside:
            asked = int(route.asked(survey.answers).sum())
            yield f"{item.id}: {int(answered.sum())} answered, the route leads {asked} to it, {outside} are not among them{_printed(item)}"


def _has(survey: Survey, definition: Questionnaire, names: set[str]) -> bool:
    return names <= {str(name) for name in survey.answers.columns}


def _printed(item: Item) -> str:
    return f" (printed route: {item.printed_route.en})" if item.printed_route else ""
