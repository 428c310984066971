"""Rounds: found, defined, opened, refused."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import vvvresearch as vvv
from vvvresearch.errors import RoundError, SchemaError
from vvvresearch.kinds import DataKind
from vvvresearch.rounds import find_root, list_rounds, load_spec, open_round

MINIMAL = """
schema_version = 1
id = "{id}"
title = {{ da = "Prøve", en = "Trial" }}
report_type = "note"
kind = "{kind}"
[period]
start = 2021-01-01
end = 2021-12-31
[subgroups]
statement = {{ da = "Samlet.", en = "Together." }}
{more}
"""


def workspace(folder: Path, more: str = "", round_id: str = "trial", kind: str = "published", text: str | None = None) -> Path:
    (folder / "rounds/trial").mkdir(parents=True, exist_ok=True)
    (folder / "surveys").mkdir(exist_ok=True)
    definition = text if text is not None else MINIMAL.format(id=round_id, kind=kind, more=more)
    (folder / "rounds/trial/round.toml").write_text(definition, "utf-8")
    return folder


def test_a_workspace_is_found_from_any_folder_below_it(tmp_path: Path) -> None:
    root = workspace(tmp_path / "w")
    deep = root / "surveys" / "a" / "b"
    deep.mkdir(parents=True)
    assert find_root(deep) == root.resolve()
    assert list_rounds(root) == ["trial"]


def test_outside_any_workspace_the_error_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(RoundError, match="no workspace") as caught:
        find_root(tmp_path)
    assert "--root" in caught.value.todo


def test_the_package_itself_is_no_workspace(project: Path) -> None:
    assert find_root(project / "vvvresearch" / "rounds") == project


def test_a_misspelt_round_is_told_what_was_probably_meant(project: Path) -> None:
    with pytest.raises(RoundError, match="no round '2021-nots'") as caught:
        vvv.open_round("2021-nots", root=project)
    assert "did you mean 2021-note" in caught.value.todo


@pytest.mark.parametrize("name", ["../../etc", "/etc/passwd", "..", "", "a/b", "demo\\x", "DEMO", "demo.toml", "a\0b", "2021-note\n"])
def test_an_id_that_is_none_never_reaches_the_file_system(name: str, project: Path) -> None:
    with pytest.raises(RoundError):
        load_spec(project, name)


def test_opening_a_round_reads_its_definition_only(tmp_path: Path) -> None:
    root = workspace(
        tmp_path,
        '[[sources]]\nid = "courses"\ntype = "courses"\npath = "surveys/none.csv"\ntitle = { da = "K", en = "C" }',
        kind="published",
    )
    opened = open_round("trial", root)
    assert opened.kind is DataKind.PUBLISHED
    with pytest.raises(RoundError, match="the source courses is missing") as caught:
        _ = opened.courses
    assert "surveys/none.csv" in str(caught.value)


def test_a_part_that_a_round_does_not_have_is_named_with_what_it_has(tmp_path: Path) -> None:
    opened = open_round("trial", workspace(tmp_path))
    with pytest.raises(RoundError, match="has no codings"):
        _ = opened.codings
    with pytest.raises(RoundError, match="has no survey 'x'"):
        _ = opened.surveys["x"]


FAULTS = {
    "no schema version": (MINIMAL.replace("schema_version = 1", "").format(id="trial", kind="published", more=""), "schema_version None"),
    "a newer schema": (MINIMAL.replace("= 1", "= 2", 1).format(id="trial", kind="published", more=""), "schema_version 2"),
    "not TOML": ("id = [", "cannot be read"),
    "another id": (MINIMAL.format(id="other", kind="published", more=""), "its round is 'other'"),
    "an unknown field": (MINIMAL.format(id="trial", kind="published", more="[front_matter]\nautor = 1"), "autor"),
    "an unknown kind": (MINIMAL.format(id="trial", kind="secret", more=""), "kind"),
    "a synthetic round with real municipalities": (MINIMAL.format(id="trial", kind="synthetic", more=""), "invented municipalities"),
    "a path out of the workspace": (
        MINIMAL.format(
            id="trial",
            kind="real",
            more='[[sources]]\nid = "c"\ntype = "courses"\npath = "../../etc/passwd"\ntitle = { da = "K", en = "C" }',
        ),
        "leads out of the workspace",
    ),
    "an absolute path": (
        MINIMAL.format(
            id="trial", kind="real", more='[[sources]]\nid = "c"\ntype = "courses"\npath = "/etc/passwd"\ntitle = { da = "K", en = "C" }'
        ),
        "leads out of the workspace",
    ),
    "a goal without a unit": (
        MINIMAL.format(
            id="trial", kind="real", more='[[goals]]\nid = "G"\ntype = "number"\ntarget = 3\ndefinition = { da = "a", en = "a" }'
        ),
        "goals.0.unit",
    ),
    "an override without a reason": (
        MINIMAL.format(
            id="trial",
            kind="real",
            more='[[goals]]\nid = "G"\ntype = "number"\ntarget = 3\nunit = "match"\ndefinition = { da = "a", en = "a" }\n'
            '[goals.override]\nstatus = "realised"\nby = "os"',
        ),
        "reason",
    ),
    "a qualitative goal with a target": (
        MINIMAL.format(
            id="trial",
            kind="real",
            more='[[goals]]\nid = "G"\ntype = "qualitative"\ntarget = 3\nunit = "match"\ndefinition = { da = "a", en = "a" }\n'
            'evidence = { da = "a", en = "a" }',
        ),
        "no numeric target",
    ),
    "a reading of a source that is not there": (
        MINIMAL.format(
            id="trial",
            kind="real",
            more='[[goals]]\nid = "G"\ntype = "number"\ntarget = 3\nunit = "match"\ndefinition = { da = "a", en = "a" }\n'
            '[[goals.readings]]\nid = "r"\nlabel = { da = "a", en = "a" }\nsource = "corses"',
        ),
        "corses",
    ),
    "a deviation without a reason": (
        MINIMAL.format(id="trial", kind="real", more='[[deviations]]\nplanned = { da = "a", en = "a" }\ndone = { da = "b", en = "b" }'),
        "reason",
    ),
    "a period that ends before it starts": (
        MINIMAL.replace("2021-12-31", "2020-12-31").format(id="trial", kind="real", more=""),
        "ends before it starts",
    ),
}


@pytest.mark.parametrize(("text", "said"), FAULTS.values(), ids=FAULTS.keys())
def test_a_faulty_definition_gives_one_error_that_names_the_place(text: str, said: str, tmp_path: Path) -> None:
    root = workspace(tmp_path, text=text)
    with pytest.raises(RoundError) as caught:
        open_round("trial", root)
    assert said in str(caught.value)
    assert "trial/round.toml" in str(caught.value)


def test_all_faults_of_a_definition_come_together(tmp_path: Path) -> None:
    root = workspace(tmp_path, "[front_matter]\nautor = 1\n[[notebooks]]\nid = 'N N'\npath = '../x.ipynb'")
    with pytest.raises(RoundError) as caught:
        open_round("trial", root)
    assert all(word in str(caught.value) for word in ("autor", "notebooks.0.id", "leads out"))


def test_a_notebook_may_be_named_or_described(tmp_path: Path) -> None:
    more = 'notebooks = ["20-goals", { id = "map", path = "notebooks/map.ipynb", parameters = { wave = "1", n = 3 } }]'
    text = MINIMAL.format(id="trial", kind="real", more="").replace('kind = "real"', f'kind = "real"\n{more}')
    first, second = open_round("trial", workspace(tmp_path, text=text)).spec.notebooks
    assert (first.id, first.path, str(second)) == ("20-goals", "notebooks/20-goals.ipynb", "map")
    assert second.parameters == {"wave": "1", "n": 3}


@pytest.mark.parametrize("name", ["2019-final", "2021-note"])
def test_every_source_of_the_shipped_rounds_can_be_read(name: str, project: Path) -> None:
    frame = open_round(name, project).overview().frame
    assert list(frame["problem"][frame["problem"] != ""]) == []
    assert (frame.loc[frame["type"] != "documentary", "sha256"].str.len() == 12).all()


def test_the_overview_shows_the_others_when_one_source_is_broken(tmp_path: Path) -> None:
    more = '[[sources]]\nid = "c"\ntype = "courses"\npath = "surveys/c.csv"\ntitle = { da = "K", en = "C" }\n'
    more += '[[sources]]\nid = "k"\ntype = "register"\npath = "surveys/k.csv"\ntitle = { da = "K", en = "C" }'
    root = workspace(tmp_path, more)
    (root / "surveys" / "k.csv").write_text("a,b\n1,2\n", "utf-8")
    frame = open_round("trial", root).overview().frame.set_index("source")
    assert "missing" in frame.at["c", "problem"]
    assert frame.at["k", "rows"] == 1


def test_tracked_data_belong_to_rounds_that_are_not_real(project: Path) -> None:
    done = subprocess.run(["git", "ls-files", "interviews", "surveys"], cwd=project, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip("this is no git checkout")
    folders = {Path(line).parts[1] for line in done.stdout.splitlines() if len(Path(line).parts) > 2}
    for folder in folders:
        assert open_round(folder, project).kind is not DataKind.REAL, folder
    ignore = (project / ".gitignore").read_text("utf-8").splitlines()
    allowed = {line.strip("!/").split("/")[1] for line in ignore if line.startswith(("!interviews/", "!surveys/")) and line.endswith("/")}
    assert folders <= allowed
    assert all(f"{top}/*" in ignore for top in ("interviews", "surveys"))


def test_reading_definitions_loads_no_pandas(project: Path) -> None:
    code = f"import sys; from vvvresearch.rounds import load_spec; load_spec({str(project)!r}, 'demo'); print('pandas' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_the_manual_names_every_source_goal_and_deviation(project: Path) -> None:
    opened = open_round("2021-note", project, lang="en")
    manual = opened.manual()
    for source in opened.spec.sources:
        assert source.title.en.split(" (")[0] in manual
    for goal in opened.spec.goals:
        assert f"**{goal.id}**" in manual
    for deviation in opened.spec.deviations:
        assert deviation.reason.en in manual
    assert all(caveat.en in manual for caveat in opened.spec.caveats)


def test_the_statement_on_subgroups_changes_with_the_switch(project: Path) -> None:
    merged, split = (open_round(name, project, lang="en").subgroup_statement() for name in ("2021-note", "demo"))
    assert merged.startswith("The two target groups are counted together.")
    assert split.startswith("The two target groups are counted apart.")


SURVEY = """
schema_version = 1
id = "s"
title = { da = "S", en = "S" }
group = { da = "S", en = "S" }
wave = { da = "S", en = "S" }
[frame]
unit = "municipality"
chosen_by = { da = "S", en = "S" }
collected = { da = "S", en = "S" }
[[items]]
id = "refers"
text = { da = "S", en = "S" }
type = "single"
options = [{ code = "yes", label = { da = "Ja", en = "Yes" } }, { code = "no", label = { da = "Nej", en = "No" } }]
[[items]]
id = "agreement"
text = { da = "S", en = "S" }
type = "single"
options = [{ code = "yes", label = { da = "Ja", en = "Yes" } }, { code = "no", label = { da = "Nej", en = "No" } }]
route = 'refers == "yes"'
"""


def survey_round(folder: Path, answers: str) -> Path:
    more = (
        '[[sources]]\nid = "s"\ntype = "survey"\npath = "surveys/s.csv"\nquestionnaire = "surveys/s.toml"\ntitle = { da = "S", en = "S" }'
    )
    root = workspace(folder, more, kind="real")
    (root / "surveys" / "s.toml").write_text(SURVEY, "utf-8")
    (root / "surveys" / "s.csv").write_text(answers, "utf-8")
    return root


def test_two_answers_from_one_municipality_are_refused(tmp_path: Path) -> None:
    root = survey_round(tmp_path, "respondent,refers,agreement\n0101,yes,no\n0101,no,\n")
    with pytest.raises(SchemaError, match="more than one row") as caught:
        _ = open_round("trial", root).surveys["s"]
    assert "row 3" in str(caught.value)
    assert "0101" in str(caught.value)


def test_bad_municipality_codes_of_a_survey_come_together(tmp_path: Path) -> None:
    root = survey_round(tmp_path, "respondent,refers,agreement\n0101,yes,no\n0151,no,\n147,no,\n9999,no,\n")
    with pytest.raises(SchemaError) as caught:
        _ = open_round("trial", root).surveys["s"]
    said = str(caught.value)
    assert "row 4, respondent: the code was read as a number; it is the text 0147" in said
    assert "row 5, respondent: unknown municipality code" in said
    assert "s.csv" in said


def test_a_misspelt_column_of_a_survey_is_named_with_the_item_it_should_be(tmp_path: Path) -> None:
    root = survey_round(tmp_path, "respondent,refers,agrement\n0101,yes,no\n")
    with pytest.raises(SchemaError, match="do not fit the round") as caught:
        _ = open_round("trial", root).surveys["s"]
    assert "agreement: the item has no column; did you mean agrement?" in str(caught.value)


def test_a_round_in_one_language_needs_no_words_in_the_other_and_one_in_both_does(tmp_path: Path) -> None:
    path = tmp_path / "rounds/one/round.toml"
    path.parent.mkdir(parents=True)
    danish = MINIMAL.format(id="one", kind="real", more="").replace(', en = "Trial"', "").replace(', en = "Together."', "")
    path.write_text('languages = ["da"]\n' + danish, encoding="utf-8")
    assert load_spec(tmp_path, "one").title.say("en") == "Prøve"
    path.write_text('languages = ["da", "en"]\n' + danish, encoding="utf-8")
    with pytest.raises(RoundError, match=r"title\.en"):
        load_spec(tmp_path, "one")
