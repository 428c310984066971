"""`vvv new-round`: a round to fill in: its TOML file, folders and empty tables."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence

from vvvresearch.cli._workspace import DONE, UsageError, Workspace, tell
from vvvresearch.errors import did_you_mean
from vvvresearch.files import write_text
from vvvresearch.locales import Lang, text
from vvvresearch.rounds import DEFINITION, packaged_notebooks

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
REPORTS = ("note", "midterm", "final")
# Chapters that need what a new round does not have: published documents, a table of municipalities to run for.
NOT_AT_FIRST = ("40-published-comparison", "90-municipality")

# Real data by default: what is in their folders is never committed by accident.
_DEFINITION = """\
# Every field is described in rounds/README.md. What is wrong here is said all at once by: vvv check {id}
schema_version = 1
id = "{id}"
title = {{ da = "Skriv rundens titel", en = "Write the round's title" }}
languages = ["da"]
report_type = "{report}"
kind = "real"
notebooks = [{notebooks}]

[period]
start = {year}-01-01
end = {year}-12-31

[subgroups]
split = false
statement = {{ da = "Skriv, om nytilkomne opgøres for sig.", en = "Write whether newly arrived people are counted apart." }}

[[sources]]
id = "interviews"
type = "interviews"
path = "interviews/{id}/interviews.csv"
title = {{ da = "Interview", en = "Interviews" }}
collected = {{ da = "Skriv hvornår", en = "Write when" }}
unit = "interview"

# A survey needs its questionnaire; see surveys/demo for one that has everything.
# [[sources]]
# id = "municipal-{year}"
# type = "survey"
# path = "surveys/{id}/municipal-{year}/answers.csv"
# questionnaire = "surveys/{id}/municipal-{year}/questionnaire.toml"
# title = {{ da = "Spørgeskema til kommuner", en = "Questionnaire to municipalities" }}
# unit = "municipality"

# [[goals]]
# see rounds/2021-note/round.toml
"""
_FOLDER_NOTE = """# {id}

Data of the round `{id}`. The round says that they are real, so git leaves everything in this folder alone.
"""


def new_round(workspace: Workspace, round_id: str, report: str) -> int:
    """Write the files of a new round; nothing that exists is touched.

    Raises:
        UsageError: no valid id, an unknown type of report, or the round is there already.
    """
    if not _ID.fullmatch(round_id):
        raise UsageError(
            f"{round_id!r} is no id of a round", why="an id has small letters, digits and dashes", todo="for example: 2024-midterm"
        )
    if report not in REPORTS:
        raise UsageError(f"--type does not know {report!r}", todo=did_you_mean(report, REPORTS))
    place = workspace.root / "rounds" / round_id / DEFINITION
    if place.exists():
        raise UsageError(f"the round {round_id!r} is there already", where=place)
    named = re.match(r"\d{4}", round_id)
    year = named[0] if named else str(datetime.date.today().year)
    names = [path.stem for path in sorted(packaged_notebooks().glob("[0-9]*.ipynb")) if path.stem not in NOT_AT_FIRST]
    notebooks = ", ".join(f'"{name}"' for name in names)
    made = [write_text(place, _DEFINITION.format(id=round_id, report=report, year=year, notebooks=notebooks))]
    made.append(write_text(place.parent / "report.qmd", _report(names, "da")))
    header = _interview_columns()
    register = workspace.root / "interviews" / round_id / "interviews.csv"
    if not register.exists():
        made.append(write_text(register, ",".join(header) + "\n"))
    for folder in ("interviews", "surveys"):
        note = workspace.root / folder / round_id / "README.md"
        if not note.exists():
            made.append(write_text(note, _FOLDER_NOTE.format(id=round_id)))
    for path in made:
        tell(f"made {path.relative_to(workspace.root).as_posix()}")
    tell(f"next: fill in {place.relative_to(workspace.root).as_posix()}, then: vvv check {round_id}")
    return DONE


def _report(names: Sequence[str], lang: Lang) -> str:
    """A neutral report: a summary to be written, then whole pages, then the list of all numbers. Nothing is found in it."""
    here = text("chapters.finding_here", lang)
    blocks = ["{{< include front/colophon.md >}}", f"# {text('chapters.summary', lang)} {{#sec-summary}}", here]
    for name in names:
        blocks += [f"{{{{< include pages/{name}.md >}}}}"]
    blocks += [f"# {text('chapters.all_numbers', lang)} {{#sec-numbers}}", "{{< include tables/all-values.md >}}"]
    return "\n\n".join(blocks) + "\n"


def _interview_columns() -> list[str]:
    from vvvresearch.evidence import REGISTER_COLUMNS

    return list(REGISTER_COLUMNS)
