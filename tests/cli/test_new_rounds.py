"""A new round: every field explained, nothing of another round, and after an earlier one its goals without what was found."""

from __future__ import annotations

import io
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel
from typer.testing import CliRunner

from vvvresearch.check import check_round
from vvvresearch.cli.main import app
from vvvresearch.evidence import SOURCE_TYPES, GoalUnit, Words
from vvvresearch.rounds import RoundSpec, load_spec
from vvvresearch.sources import template_kinds

EARLIER = """
schema_version = 1
id = "2024-midterm"
title = { da = "Midtvejs", en = "Midterm" }
period = { start = 2024-01-01, end = 2025-06-30 }
languages = ["da"]
report_type = "midterm"
kind = "real"
notebooks = ["10-data-basis"]
subgroups = { split = false, statement = { da = "Samlet.", en = "Together." } }
[[sources]]
id = "kodebog"
type = "codebook"
path = "interviews/2024-midterm/codebook.csv"
title = { da = "Kodebog", en = "Codebook" }
[[sources]]
id = "kommuner-2024"
type = "survey"
path = "surveys/2024-midterm/answers.csv"
questionnaire = "surveys/2024-midterm/kommuner.toml"
title = { da = "Kommuner", en = "Municipalities" }
[[sources]]
id = "kort"
type = "mappings"
path = "interviews/2024-midterm/kort.xlsx"
title = { da = "Kort", en = "Maps" }
[[goals]]
id = "M1"
definition = { da = "I 80 \\"kommuner\\"", en = "In 80 \\"municipalities\\"" }
unit = "municipality"
type = "number"
target = 80
as_of = "2026"
measure = { presence = "present", extract = "2024-05" }
[[goals]]
id = "M2"
definition = { da = "Under 12,5 %", en = "Under 12.5 %" }
unit = "match"
type = "percent"
target = 12.5
direction = "below"
override = { status = "realised", reason = { da = "HEMMELIGT FUND", en = "SECRET FINDING" }, by = "AB" }
[[goals]]
id = "M3"
definition = { da = "Bedre hverdag", en = "Better days" }
unit = "person"
type = "qualitative"
evidence = { da = "HEMMELIGT FUND", en = "SECRET FINDING" }
[[deviations]]
planned = { da = "HEMMELIGT FUND", en = "SECRET FINDING" }
done = { da = "x", en = "x" }
reason = { da = "x", en = "x" }
"""
MAP = """kind = "matches"
type = "matches"

[file]
header = "1"

[decided."column.slut"]
value = "end"

[this_file]
hash = "hemmelig"

[this_file.dates]
year = "2024"
"""


def call(root: Path, *arguments: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, [*arguments, "--root", str(root)])
    return done.exit_code, done.stdout, done.stderr


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    assert CliRunner().invoke(app, ["init", str(tmp_path)]).exit_code == 0
    return tmp_path


@pytest.fixture
def after(workspace: Path) -> Path:
    """A workspace with an earlier round: findings, data, a map of an intake, a questionnaire, a codebook."""
    for name, content in {
        "rounds/2024-midterm/round.toml": EARLIER,
        "rounds/2024-midterm/report.qmd": "HEMMELIGT FUND",
        "rounds/2024-midterm/findings.toml": 'finding = "HEMMELIGT FUND"',
        "rounds/2024-midterm/intake/matches.toml": MAP,
        "surveys/2024-midterm/kommuner.toml": 'schema_version = 1\nid = "kommuner"\n',
        "surveys/2024-midterm/answers.csv": "respondent,a\n1,HEMMELIGT SVAR\n",
        "interviews/2024-midterm/codebook.csv": "code_path\nUdbytte\n",
        "interviews/2024-midterm/kort.xlsx": "",
    }.items():
        (workspace / name).parent.mkdir(parents=True, exist_ok=True)
        (workspace / name).write_text(content, encoding="utf-8")
    return workspace


def fields(model: type[BaseModel]) -> Iterator[str]:
    """Every field of a model and of the models inside it, as it is written in a file; words in two languages are one field."""
    for name, field in model.model_fields.items():
        yield "cell" if name == "taken" else name
        for inner in models(field.annotation):
            yield from fields(inner)


def models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel) and annotation is not Words:
        yield annotation
    for part in get_args(annotation):
        yield from models(part)


def test_the_definition_explains_every_field_of_a_round_and_every_type_of_source(workspace: Path) -> None:
    assert call(workspace, "new-round", "2025-note")[0] == 0
    text = (workspace / "rounds/2025-note/round.toml").read_text(encoding="utf-8")
    words = set(re.findall(r"\w+", text))
    assert set(fields(RoundSpec)) - words == set()
    assert set(SOURCE_TYPES) - words == set()
    assert set(get_args(GoalUnit)) - words == set()


def test_every_example_of_the_definition_holds_when_its_mark_is_taken_away(workspace: Path) -> None:
    call(workspace, "new-round", "2025-note")
    text = (workspace / "rounds/2025-note/round.toml").read_text(encoding="utf-8")
    shown = re.sub(r"^#(?=[\w\[])", "", text, flags=re.MULTILINE).replace("kommuner-2025", "svar").replace('round = "…"', 'round = "2024"')
    data = tomllib.loads(shown)
    data["sources"].append({"id": "svar", "type": "survey", "path": "a", "title": {"da": "a", "en": "a"}})
    spec = RoundSpec.model_validate(data)
    assert spec.wave == "1"
    assert spec.conditions[0].id == "SIM"
    assert spec.accepted[0].by == "AB"


def test_a_new_round_is_sound_has_both_reports_and_asks_for_its_first_source(workspace: Path) -> None:
    call(workspace, "new-round", "2025-final", "--type", "final")
    spec = load_spec(workspace, "2025-final")
    assert (spec.report_type, spec.kind.value, spec.languages) == ("final", "real", ("da", "en"))
    assert spec.title.da == "Venner Viser Vej: Slutevaluering 2025"
    assert (spec.wave, spec.extract, spec.seen_until, spec.previous, spec.sources) == ("", "", None, None, ())
    report = check_round(workspace, "2025-final")
    assert report.faults == ()
    assert "add a source" in report.next
    danish, english = ((workspace / f"rounds/2025-final/{name}").read_text(encoding="utf-8") for name in ("report.qmd", "report.en.qmd"))
    chapters = [notebook.id for notebook in spec.notebooks if notebook.for_each is None]
    for report_text in (danish, english):
        told, tables = (re.findall(rf"include pages/(\S+)\.{part}\.md", report_text) for part in ("told", "tables"))
        # Who answered and how coders agree is told where somebody asks for it.
        assert told == tables == [name for name in chapters if name not in ("36-representativeness", "55-agreement")]
    assert "Write the finding here." in english
    assert "Skriv fundet her." in danish


def test_what_holds_for_all_files_is_written_once_as_people_write_it(workspace: Path) -> None:
    given = ("--wave", "2", "--extract", "5-2025", "--seen-until", "31.5.2025")
    assert call(workspace, "new-round", "2025-note", *given)[0] == 0
    spec = load_spec(workspace, "2025-note")
    assert (spec.wave, spec.extract, str(spec.seen_until)) == ("2", "2025-05", "2025-05-31")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_in_a_terminal_each_is_asked_once_again_only_after_a_slip_and_may_be_left_open(
    workspace: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from vvvresearch.cli import _new_round
    from vvvresearch.cli._workspace import Workspace

    asked = []
    answers = iter(["", "maj", "2025-05"])

    def answer(question: str) -> str:
        asked.append(question)
        if found := next(answers):
            return found
        raise EOFError

    monkeypatch.setattr("builtins.input", answer)
    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    facts = {"wave": None, "extract": None, "seen_until": "2025-05-31"}
    assert _new_round.new_round(Workspace(workspace), "2025-note", _new_round.Asked(None, None, "da", facts)) == 0
    spec = load_spec(workspace, "2025-note")
    assert (spec.wave, spec.extract, str(spec.seen_until)) == ("", "2025-05", "2025-05-31")
    assert [question.split()[1] for question in asked] == ["bølge", "måned", "måned"]
    assert "'maj' er ingen måned" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("2025 Note",), "er ikke et id for en runde"),
        (("2025-note", "--type", "midtrem"), "mente du midterm"),
        (("2025-note", "--after", "2024-midtrem"), "mente du 2024-midterm"),
        (("2025-note", "--extract", "maj"), "er ingen måned"),
        (("2025-note", "--seen-until", "2025-02-30"), "er ingen dato"),
        (("2025-note", "--lang", "de"), "--lang"),
        (("2024-midterm",), "er der allerede"),
    ],
)
def test_what_cannot_be_meant_writes_nothing(after: Path, more: tuple[str, ...], words: str) -> None:
    before = sorted(after.rglob("*"))
    code, _, err = call(after, "new-round", *more)
    assert (code, words in err) == (2, True), err
    assert sorted(after.rglob("*")) == before


def test_a_template_in_the_way_stops_the_whole_round(workspace: Path) -> None:
    mine = workspace / "surveys/2025-note/templates/matches.xlsx"
    mine.parent.mkdir(parents=True)
    mine.write_text("filled in")
    code, _, err = call(workspace, "new-round", "2025-note")
    assert code == 1
    assert "surveys/2025-note/templates/matches.xlsx" in err
    assert mine.read_text() == "filled in"
    assert not (workspace / "rounds/2025-note").exists()
    assert not (workspace / "interviews/2025-note").exists()


def test_the_next_round_has_goals_with_targets_and_no_finding_and_no_data_of_the_one_before(after: Path) -> None:
    code, _out, err = call(after, "new-round", "2025-final", "--after", "2024-midterm")
    assert code == 0, err
    spec = load_spec(after, "2025-final")
    assert spec.previous is not None
    assert spec.previous.round == "2024-midterm"
    assert spec.report_type == "midterm"
    assert spec.period.end > load_spec(after, "2024-midterm").period.end
    goals = {goal.id: goal for goal in spec.goals}
    assert [(goals[name].target, goals[name].direction, goals[name].as_of) for name in ("M1", "M2", "M3")] == [
        (80, "at_least", "2026"),
        (12.5, "below", ""),
        (None, "at_least", ""),
    ]
    assert goals["M1"].definition.da == 'I 80 "kommuner"'
    assert not any(goal.readings or goal.override for goal in spec.goals)
    for path in (after / "rounds/2025-final").rglob("*"):
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            assert "HEMMELIG" not in text, path
            assert "SECRET" not in text, path
    assert not list((after / "surveys/2025-final").rglob("*.csv"))


def test_the_next_round_takes_over_codebook_questionnaire_and_maps_without_what_held_for_one_file(after: Path) -> None:
    call(after, "new-round", "2025-final", "--after", "2024-midterm")
    spec = load_spec(after, "2025-final")
    assert [(source.type, source.path) for source in spec.sources] == [("codebook", "interviews/2024-midterm/codebook.csv")]
    kept = (after / "rounds/2025-final/intake/matches.toml").read_text(encoding="utf-8")
    assert kept == MAP.partition("\n[this_file]")[0]
    definition = (after / "rounds/2025-final/round.toml").read_text(encoding="utf-8")
    assert '#questionnaire = "rounds/2025-final/questionnaires/kommuner.toml"' in definition
    assert '#measure = { presence = "present", extract = "2024-05" }' in definition
    assert (after / "rounds/2025-final/questionnaires/kommuner.toml").is_file()
    report = (after / "rounds/2025-final/report.qmd").read_text(encoding="utf-8")
    assert "pages/60-mappings.told.md" in report
    assert "pages/80-since-last-time.told.md" in report


def test_a_round_after_a_longer_one_ends_after_it(after: Path) -> None:
    call(after, "new-round", "2025-note", "--after", "2024-midterm")
    call(after, "new-round", "2024-final", "--after", "2024-midterm")
    ends = [str(load_spec(after, name).period.end) for name in ("2025-note", "2024-final")]
    assert ends == ["2025-12-31", "2026-06-30"]


def test_an_english_round_has_english_templates_and_its_first_report_in_english(workspace: Path) -> None:
    from vvvresearch.files import read_workbook

    call(workspace, "new-round", "2025-note", "--lang", "en")
    assert load_spec(workspace, "2025-note").languages == ("en", "da")
    assert "Write the finding here." in (workspace / "rounds/2025-note/report.qmd").read_text(encoding="utf-8")
    assert "Attended" in read_workbook(workspace / "surveys/2025-note/templates/courses.xlsx").columns
    there = {path.stem for path in workspace.glob("*/2025-note/templates/*.xlsx")}
    assert there == set(template_kinds())
