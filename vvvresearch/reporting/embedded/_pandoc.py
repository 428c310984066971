"""Pandoc over a staged document, with its filters and ours, and all at once what both engines would not render alike."""

from __future__ import annotations

import json
import re
import subprocess
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from vvvresearch.errors import RenderError, did_you_mean, not_installed
from vvvresearch.reporting.embedded._source import Problem, Source, read_project, read_source

# Quarto reads its sources with pandoc's Markdown.
READER = "markdown"
_TIME_LIMIT = 300


@cache
def pandoc_program() -> str:
    """The path of the pandoc that came with the installation.

    Raises:
        RenderError: it is not there.
    """
    try:
        import pypandoc

        return str(pypandoc.get_pandoc_path())
    except (ImportError, OSError):
        raise not_installed(RenderError, "pandoc", "report") from None


def run_pandoc(arguments: Sequence[str], text: str, *, folder: Path | None = None) -> tuple[bytes, list[str]]:
    """Run pandoc over a text.

    Args:
        arguments: pandoc's own.
        text: what it reads.
        folder: where files that the arguments name are looked up.

    Returns:
        The output, and the lines of the log.

    Raises:
        RenderError: pandoc failed; its own words are the reason.
    """
    # Room for what it makes between two collections: a volume of some hundred tables takes an eighth less time.
    command = [pandoc_program(), "+RTS", "-A64m", "-RTS", *arguments]
    done = subprocess.run(command, input=text.encode("utf-8"), capture_output=True, cwd=folder, timeout=_TIME_LIMIT, check=False)
    log = done.stderr.decode("utf-8", "replace")
    if done.returncode:
        raise RenderError("pandoc could not convert the document", where=folder or "", why=log.strip()[-600:])
    return done.stdout, log.splitlines()


CHECKS = Path(str(resources.files("vvvresearch.reporting") / "data" / "checks.lua"))
_REPORT = "VVV{"
_LISTED = 30
# kind: what is said, and how it is mended.
_SAID = {
    "block": ("{} is outside the list of constructs that both engines render alike", "use a box of the house, such as ::: {{.advice}}"),
    "raw": ("raw markup of one format", "write it in Markdown"),
    "alt": ("the image {} has no alternative text", 'write fig-alt="…" with what the picture says'),
    "long-alt": ("the alternative text of {} is longer than 600 signs", "give the message, and the numbers in a table beside"),
    "image": ("the image {} cannot be read", "an image is a file of the staged folder"),
    "left": ("{} would be printed as it stands", "give the note its text, the box its end, and labels to figures, tables and headings"),
    "unlabelled": ("the figure {} has no label", "write {{#fig-name fig-alt=…}} behind it"),
    "twice": ("the label {} stands twice", "take one of the two out, or give one another label"),
    "skips": ("a heading skips a level", "take the level between"),
    "linked-heading": ("a link in a heading", "links in headings stand in the contents too; take it out"),
    "long": ("a cell of {} characters", "give it as a quotation or a paragraph: a page cannot show a cell so long"),
    "cell": ("a cell to be executed in a report", "put the code in a notebook and include what its page writes"),
    "words": ("words behind or before the reference @{}", "put them outside the brackets"),
    "reference": ("@{} leads nowhere", ""),
    "link": ("the link to #{} leads nowhere", ""),
    "citation": ("@{} is neither a cross-reference nor in a bibliography", "correct the label, or name a bibliography"),
    "title": ("the report has no title", "write title: in its front matter"),
}


def problems_of(source: Source, log: Sequence[str]) -> tuple[list[Problem], Mapping[str, Any]]:
    """What checks.lua found, with file and line; and the document's own metadata.

    Args:
        source: the document.
        log: pandoc's standard error.
    """
    report: dict[str, Any] = next(
        (json.loads(line[3:]) for line in log if line.startswith(_REPORT)), {"problems": [], "ids": [], "meta": {}}
    )
    seen: Counter[str] = Counter()
    found = list(source.problems)
    shortcodes = {problem.where for problem in found}
    escaped: dict[str, int] = {}
    for item in report["problems"]:
        what, todo = _SAID[item["kind"]]
        fragment = item["fragment"]
        if item["kind"] == "left" and escaped.setdefault(fragment, _escaped(fragment, source.text)):
            escaped[fragment] -= 1
            continue
        # The label itself stands once more where it is allowed; the complaint is about the second.
        nth = seen[fragment] + (1 if item["kind"] == "twice" else 0)
        seen[fragment] += 1
        where = source.where(fragment, nth)
        if item["kind"] in ("reference", "link"):
            todo = did_you_mean(item["detail"], report["ids"])
        if item["kind"] == "cell" and where in shortcodes:
            continue
        found.append(Problem(where, what.format(item["detail"]), todo.format()))
    return sorted(found, key=lambda problem: _order(problem.where)), report["meta"]


def _escaped(fragment: str, text: str) -> int:
    """How often a fragment stands in a text as words from data do, with its signs escaped: that is meant to be printed as it stands.

    Example:
        >>> _escaped("{.note", chr(92) + "{.note" + chr(92) + "} and {.note}")
        1
    """
    return len(re.findall(r"(?<!\\)\\" + r"\\?".join(map(re.escape, fragment)), text))


def _order(where: str) -> tuple[str, int]:
    name, _, line = where.rpartition(", line ")
    return name, int(line) if line.isdigit() else 0


def refuse(problems: Sequence[Problem]) -> None:
    """Raise everything that is wrong as one error.

    Raises:
        RenderError: there is a problem; all are listed with file, line and mend.
    """
    if not problems:
        return
    first = problems[0]
    if len(problems) == 1:
        raise RenderError(first.what, where=first.where, todo=first.todo)
    listed = [problem.line() for problem in problems[:_LISTED]]
    more = [f"… and {len(problems) - _LISTED} more"] if len(problems) > _LISTED else []
    what = f"{len(problems)} places are outside what both engines render alike, or lead nowhere"
    raise RenderError(what, where=first.where, why="\n    ".join([*listed, *more]), todo="mend each as it says")


def folder_problems(folder: str | Path) -> list[Problem]:
    """Everything in a staged folder that both engines would not render alike.

    Args:
        folder: documents, `_quarto.yml`, and what they include.

    Returns:
        Problems in the order of files and lines; empty when the folder may be rendered by either engine.

    Raises:
        RenderError: the folder has no documents or settings that cannot be read.
    """
    place = Path(folder)
    found: list[Problem] = []
    project = read_project(place)
    for name in project.documents:
        source = read_source(place, name)
        arguments = ["-f", READER, "-t", "plain", "--lua-filter", str(CHECKS), *project.metadata_arguments("html", place)]
        found += problems_of(source, run_pandoc(arguments, source.text, folder=place)[1])[0]
    return found
