"""Settings of earlier versions: what goals took is measured as before, and parameters of notebooks are settings of the round."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from vvvresearch.cli.main import app
from vvvresearch.rounds import Round, RoundSpec, load_spec
from vvvresearch.rounds._migrate import with_settings

ROOT = Path(__file__).parents[2]
HEAD = """# kept
schema_version = 1
id = "demo"
title = { da = "R", en = "R" }
period = { start = 2019-01-01, end = 2022-06-30 }
report_type = "midterm"
kind = "synthetic"
municipalities = "rounds/demo/municipalities.csv"
notebooks = ["10-data-basis", "30-municipal-survey",
  { id = "35-survey-comparison", path = "notebooks/35-survey-comparison.ipynb", parameters = { trends = "refers, cooperation", crosses = "municipal-2022: refers by agreement; municipal-2022: most_accept by offer_style" } },
  { id = "36-representativeness", path = "notebooks/36-representativeness.ipynb", parameters = { by = "region, size", raw = "municipal-2021: raw", finished = "finished" } },
  { id = "60-mappings", path = "notebooks/60-mappings.ipynb", parameters = { portrayed = ["P01", "P07"], depth = 3 } },
]

[subgroups]
split = false
statement = { da = "S", en = "S" }
"""  # noqa: E501
SOURCES = "".join(
    f'\n[[sources]]\nid = "{name}"\ntype = "{kind}"\npath = "surveys/demo/{path}"\n{more}title = {{ da = "K", en = "K" }}\n'
    for name, kind, path, more in (
        ("leaders-2021", "survey", "leaders-2021.xlsx", 'questionnaire = "surveys/demo/leaders-2021.toml"\n'),
        ("municipal-2021", "survey", "municipal-2021.sav", 'questionnaire = "surveys/demo/municipal-2021.toml"\n'),
        ("municipal-2022", "survey", "municipal-2022.sav", 'questionnaire = "surveys/demo/municipal-2022.toml"\n'),
        ("counts", "counts", "counts.csv", ""),
        ("courses", "courses", "courses.csv", ""),
        ("raw", "register", "municipal-2021-raw.csv", ""),
    )
)
# goal, type, unit, source, what it took, and the reading of the shipped round that measures the same
TOOK = (
    ("D-2", "number", "person", "counts", "persons-active-2022", "active"),
    ("D-3a", "percent", "leader", "leaders-2021", "need=balance", "need"),
    ("D-3b", "percent", "municipality", "municipal-2022", "matched_share=most,all", "most"),
    ("D-4b", "number", "course", "courses", "rows", "held"),
)
GOALS = "".join(
    f'\n[[goals]]\nid = "{goal}"\ndefinition = {{ da = "M", en = "G" }}\nunit = "{unit}"\ntype = "{kind}"\ntarget = 75\n'
    f'\n[[goals.readings]]\nid = "{reading}"\nlabel = {{ da = "m", en = "m" }}\nsource = "{source}"\ntake = "{take}"\n'
    for goal, kind, unit, source, take, reading in TOOK
)


def migrated(text: str) -> RoundSpec:
    return RoundSpec.model_validate(tomllib.loads(with_settings(ROOT, text)))


def test_what_a_goal_took_is_the_same_number_at_its_address() -> None:
    now = Round(load_spec(ROOT, "demo"), ROOT).goals.measured.set_index(["goal", "reading"])
    found = Round(migrated(HEAD + SOURCES + GOALS), ROOT).goals.measured.set_index(["goal", "reading"])
    for goal, *_, reading in TOOK:
        for column in ("value", "count", "base"):
            assert found.at[(goal, reading), column] == now.at[(goal, reading), column], (goal, column)


def test_parameters_become_settings_and_what_is_still_a_parameter_stays() -> None:
    spec = migrated(HEAD + SOURCES)
    assert spec.trends == ("refers", "cooperation")
    assert spec.portrayed == ("P01", "P07")
    assert spec.representation.by == ("region", "size")
    assert [(one.survey, one.item, one.by) for one in spec.crosses] == [
        ("municipal-2022", "refers", "agreement"),
        ("municipal-2022", "most_accept", "offer_style"),
    ]
    received = spec.sources[-1]
    assert (received.type, received.survey, received.finished) == ("answers_as_received", "municipal-2021", "finished")
    assert {book.id: dict(book.parameters) for book in spec.notebooks} == {
        "10-data-basis": {},
        "30-surveys": {},
        "35-survey-comparison": {},
        "36-representativeness": {},
        "60-mappings": {"depth": 3},
    }


def test_words_and_comments_stay_and_a_second_time_nothing_changes() -> None:
    once = with_settings(ROOT, HEAD + SOURCES + GOALS)
    assert once.startswith("# kept")
    assert with_settings(ROOT, once) == once


def test_an_item_with_another_base_is_counted_over_those_who_answered_as_before(tmp_path: Path) -> None:
    asked = '[[items]]\nid = "q"\ndenominator = "asked"\n'
    (tmp_path / "q.toml").write_text(asked, encoding="utf-8")
    source = '[[sources]]\nid = "s"\ntype = "survey"\nquestionnaire = "q.toml"\n'
    reading = '[[goals]]\nid = "G"\n\n[[goals.readings]]\nid = "r"\nsource = "s"\ntake = "q={}"\n'
    assert 'cell = "s/of-answered.q.yes.share"' in with_settings(tmp_path, source + reading.format("yes"))
    assert 'cell = "s/any/of-answered.q.a/b.share"' in with_settings(tmp_path, source + reading.format("a,b"))


@pytest.mark.parametrize(
    ("kind", "take", "line"),
    [
        ("published", "PR-PRES", 'cell = "fact.pr-pres.value"'),
        ("published", "LG-3M:yes", 'cell = "published.lg-3m.yes.share"'),
        ("courses", "sum(participants)", 'cell = "courses.total.participants"'),
        ("interviews", "rows", 'cell = "interviews.total.interviews"'),
        ("published", "LG-3M:yes,no", '# not turned over: take = "LG-3M:yes,no" of s, which has no address'),
        ("register", "rows", '# not turned over: take = "rows" of s, which has no address'),
    ],
)
def test_every_form_of_taking_has_its_address_or_is_said(kind: str, take: str, line: str) -> None:
    text = f'[[sources]]\nid = "s"\ntype = "{kind}"\n\n[[goals]]\nid = "G"\n\n[[goals.readings]]\nid = "r"\nsource = "s"\ntake = "{take}"\n'
    assert with_settings(ROOT, text).rstrip().endswith(line)


def test_the_command_turns_over_a_round_that_is_a_folder_already(tmp_path: Path) -> None:
    place = tmp_path / "rounds/demo/round.toml"
    place.parent.mkdir(parents=True)
    (tmp_path / "surveys").mkdir()
    place.write_text(HEAD + SOURCES + GOALS, encoding="utf-8")
    done = CliRunner().invoke(app, ["migrate", "demo", "--root", str(tmp_path)])
    assert done.exit_code == 0, done.stderr
    assert load_spec(tmp_path, "demo").trends == ("refers", "cooperation")
    again = CliRunner().invoke(app, ["migrate", "demo", "--root", str(tmp_path)])
    assert (again.exit_code, "ført ajour" in again.stderr) == (1, True)
