"""A fault in round.toml keeps no fault of the files back: all are told in one run, and what follows from the first alone is not."""

from __future__ import annotations

from pathlib import Path

from tests.workspaces import write_empty_round
from vvvresearch.check import check_round

SOURCES = """
[[sources]]
id = "courses"
type = "courses"
path = "surveys/r/courses.csv"
title = { da = "Kurser", en = "Courses" }

[[sources]]
id = "interviews"
type = "interviews"
path = "interviews/r/interviews.csv"
title = { da = "Interview", en = "Interviews" }

[[goals]]
id = "M1"
definition = { da = "Tre kurser", en = "Three courses" }
unit = "course"
type = "number"
target = 3
measure = { courses = "rows" }
"""
IN_FILE = ("surveys/r/courses.csv", 3)


WRONG = (
    ('type = "interviews"', 'type = "interviws"'),
    ('report_type = "note"', 'report_type = "noten"'),
    ('unit = "course"', 'unit = "cuorse"'),
    ("target = 3", "targett = 3"),
    ("period = { start = 2023-01-01", "period = { start = 2023-01-41"),
    ('path = "interviews/r/interviews.csv"', 'path = "interviews/r/interviews.csv'),
)


def made(root: Path) -> Path:
    write_empty_round(root, more=SOURCES)
    (root / "rounds/r/report.qmd").write_text("---\ntitle: Prøve\n---\n\nTekst.\n", encoding="utf-8")
    courses = "course,name,date,participants,format,type\nK1,Intro,2024-01-05,9,physical,course\nK2,Intro,2024-13-05,9,physical,course\n"
    interviews = "interview,respondent_group,wave\n1,refugee,1\n2,volunteer,1\n"
    for path, rows in (("surveys/r/courses.csv", courses), ("interviews/r/interviews.csv", interviews)):
        (root / path).parent.mkdir(parents=True)
        (root / path).write_text(rows, encoding="utf-8")
    return root / "rounds/r/round.toml"


def test_the_files_are_looked_at_although_a_value_is_misspelt(tmp_path: Path) -> None:
    definition = made(tmp_path)
    content = definition.read_text(encoding="utf-8")
    assert {(fault.file, fault.row) for fault in check_round(tmp_path, "r").faults} == {IN_FILE}
    for right, wrong in WRONG:
        line = content[: content.index(right)].count("\n") + 1
        definition.write_text(content.replace(right, wrong, 1), encoding="utf-8")
        report = check_round(tmp_path, "r")
        own = {fault.row for fault in report.faults if fault.file == "rounds/r/round.toml" and fault.check == "definition"}
        assert own & {line, line - 1, line - 4}, (wrong, report.faults)
        others = {(fault.file, fault.row) for fault in report.faults if fault.check != "definition"}
        assert others == {IN_FILE}, (wrong, report.faults)
        assert report.next.startswith("0 of 12")
