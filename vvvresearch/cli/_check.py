"""`vvv check`: are sources valid, do routes and bases hold, is what was printed possible, are numbers in prose bound?"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vvvresearch.cli._workspace import DONE, FAILED, LANGUAGES, Workspace, check_choice, say, tell, tell_json
from vvvresearch.errors import VvvError

if TYPE_CHECKING:
    from vvvresearch.rounds import Round, RoundSpec

FAULT, NOTICE = "fault", "notice"


@dataclass(frozen=True)
class Item:
    """One thing that was found.

    Args:
        round: the round.
        check: "source", "route", "published", "prose" or "report".
        level: "fault" for what must be put right here, "notice" for what the reader should know.
        where: source, file, document and line.
        what: what was found.
        possible: for a printed number, what it could be.
        explanation: hypotheses, worded as such.
    """

    round: str
    check: str
    level: str
    where: str
    what: str
    possible: str = ""
    explanation: str = ""


def check(workspace: Workspace, rounds: tuple[str, ...], lang: str | None, as_json: bool, strict: bool) -> int:
    """Check rounds.

    Published documents that disagree with themselves are told, but they are as they were printed: only `strict` makes
    them a failure.
    """
    check_choice(lang, "--lang", LANGUAGES)
    said = lang or "en"
    items = []
    for spec in workspace.specs(rounds):
        found = list(check_round(workspace.root, spec, said))
        items += found
        if not as_json:
            _explain(spec.id, found)
    if as_json:
        tell_json([asdict(item) for item in items])
    faults = [item for item in items if item.level == FAULT or strict]
    return FAILED if faults else DONE


def check_round(root: Path, spec: RoundSpec, lang: str) -> Iterator[Item]:
    """Everything that is found in one round, in the order of the checks."""
    from vvvresearch.rounds import Round

    opened = Round(spec, root)
    readable = []
    for source in spec.sources:
        if source.type == "documentary":
            continue
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                opened.read(source.id)
            readable.append(source)
        except VvvError as problem:
            yield Item(spec.id, "source", FAULT, f"{source.id} ({source.path})", str(problem))
    yield from _routes(spec, opened, {source.id for source in readable})
    yield from _published(spec, opened, {source.type for source in readable}, lang)
    yield from _prose(root, spec)


def _routes(spec: RoundSpec, opened: Round, readable: set[str]) -> Iterator[Item]:
    """Routes against answers, for rows that are answers: published margins have no rows to look at."""
    from vvvresearch.survey import base_table

    for name in opened.surveys:
        if name not in readable or opened.surveys[name].questionnaire is None:
            continue
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            try:
                base_table(opened.surveys[name], "en")
            except VvvError as problem:
                yield Item(spec.id, "route", FAULT, name, str(problem))
        for text in dict.fromkeys(str(one.message) for one in caught):
            yield Item(spec.id, "route", NOTICE, name, text)


def _published(spec: RoundSpec, opened: Round, readable: set[str], lang: str) -> Iterator[Item]:
    if "published" not in readable:
        return
    from vvvresearch.published import check_published

    courses = [opened.read(source.id) for source in spec.sources if source.type == "courses"] if "courses" in readable else []
    for row in check_published(opened.published, courses, lang).frame.to_dict("records"):
        words = {name: _words(row[name], lang) for name in ("what", "printed", "possible", "explanation")}
        where = f"{row['document']}, {row['lines']}" if row["lines"] else str(row["document"])
        yield Item(spec.id, "published", NOTICE, where, f"{words['what']}: {words['printed']}", words["possible"], words["explanation"])


def _words(value: Any, lang: str) -> str:
    return str(value.say(lang)) if hasattr(value, "say") else str(value)


def _prose(root: Path, spec: RoundSpec) -> Iterator[Item]:
    from vvvresearch.reporting import check_page, check_prose
    from vvvresearch.rounds import report_source

    for language in spec.languages:
        source = report_source(root, spec, language)
        if source.is_file():
            for number in check_prose(source):
                where = f"{source.relative_to(root).as_posix()}, line {number.line}"
                yield Item(spec.id, "prose", FAULT, where, f"{number.problem}: {number.found}")
        else:
            yield Item(spec.id, "prose", FAULT, source.relative_to(root).as_posix(), "the report is not written in this language")
        page = root / "outputs" / spec.id / language / "report.html"
        if page.exists():
            try:
                check_page(page)
            except VvvError as problem:
                yield Item(spec.id, "report", FAULT, page.relative_to(root).as_posix(), str(problem))


def _explain(round_id: str, items: list[Item]) -> None:
    faults = sum(item.level == FAULT for item in items)
    for item in items:
        text = f"{round_id}: {item.check}: {item.where}\n  {item.what}"
        if item.possible:
            text += f"\n  possible: {item.possible}"
        if item.explanation:
            text += f"\n  perhaps: {item.explanation}"
        (say if item.level == FAULT else tell)(text)
    told = len(items) - faults
    tell(f"{round_id}: {faults} faults, {told} places that the reader should know of" if items else f"{round_id}: nothing found")
