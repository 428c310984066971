"""The demo round's cast and registers: invented, deterministic and whole."""

from __future__ import annotations

import contextlib
import sqlite3
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from demo import build as demo_build
from demo.cast import municipalities as invented
from demo.cast import read_cast
from demo.surveys import advice
from vvvresearch.evidence import MODES, REGISTER_COLUMNS, RESPONDENT_GROUPS, municipalities, read_questionnaire
from vvvresearch.sources import read_survey
from vvvresearch.survey import CleaningRules, clean_answers, compare_coders


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The round written anew, elsewhere."""
    folder = tmp_path_factory.mktemp("demo")
    demo_build.build(folder)
    return folder


def table(folder: Path, name: str) -> pd.DataFrame:
    """A table with all cells as text."""
    return pd.read_csv(folder / name, dtype=str, keep_default_na=False)


def test_the_committed_files_are_those_that_the_generator_makes(made: Path, project: Path) -> None:
    written = sorted(path.relative_to(made) for path in made.rglob("*") if path.is_file())
    assert len(written) > 20
    differing = [str(name) for name in written if content(project / name) != content(made / name)]
    assert differing == []


def content(path: Path) -> object:
    """What a file holds: bytes, or the members of an archive and the rows of a database, since compression and page
    layout are the business of the libraries that happen to be installed."""
    if path.suffix in (".qdpx", ".xlsx"):
        with zipfile.ZipFile(path) as archive:
            return [(info.filename, info.date_time, archive.read(info)) for info in archive.infolist()]
    if path.suffix == ".sav":
        read = read_survey(path)
        return read.answers.to_csv(), read.variables, read.multiple_response_sets
    if path.suffix == ".qda":
        with contextlib.closing(sqlite3.connect(path)) as connection:
            return list(connection.iterdump())
    return path.read_bytes()


def test_no_municipality_has_a_real_name_a_real_code_or_a_real_region() -> None:
    real, demo = municipalities(), invented()
    assert len(demo) == demo["code"].nunique() == demo["name"].nunique() == 98
    assert not set(demo["code"]) & set(real["code"])
    assert not set(demo["region"]) & set(real["region"])
    folded = {name.casefold() for name in real["name"]}
    assert not [name for name in demo["name"] if name.casefold() in folded]
    placed, there = (set(zip(frame["tile_row"], frame["tile_column"], strict=True)) for frame in (demo, real))
    assert len(placed) == 98
    assert placed != there


def test_every_municipality_named_anywhere_is_an_invented_one(project: Path) -> None:
    known = set(invented()["code"])
    for path in (*(project / "surveys/demo").glob("*.csv"), *(project / "interviews/demo").glob("*.csv")):
        frame = pd.read_csv(path, dtype=str, keep_default_na=False)
        if "municipality" in frame:
            assert set(frame["municipality"]) - {""} <= known, path.name


def test_the_interview_register_has_its_columns_and_values(project: Path) -> None:
    register = table(project, "interviews/demo/interviews.csv")
    assert tuple(register.columns) == REGISTER_COLUMNS
    assert register["interview"].is_unique
    assert set(register["respondent_group"]) <= set(RESPONDENT_GROUPS)
    assert set(register["mode"]) <= set(MODES)
    for use in ("analysis", "quote"):
        assert set(register[f"consent_{use}"]) == {"true", "false"}
    assert not register.query("interpreter == 'true' and mode == 'phone'").shape[0]


def test_both_halves_of_twelve_pairs_were_interviewed_and_fifteen_others(project: Path) -> None:
    register = table(project, "interviews/demo/interviews.csv")
    first = register[(register["wave"] == "1") & (register["pair"] != "")]
    assert first.groupby("pair")["respondent_group"].apply(lambda halves: sorted(halves)).tolist() == [["refugee", "volunteer"]] * 12
    others = register[register["pair"] == ""]["respondent_group"].value_counts().to_dict()
    assert others == {"municipal": 6, "course_participant": 5, "housing_social": 4}
    second = register[(register["wave"] == "2")]
    assert set(second["pair"]) < set(first["pair"])
    assert {"troubled", "ended"} <= set(register["relation_state"])


def test_one_person_keeps_the_quotes_back_and_one_withdrew(project: Path) -> None:
    register = table(project, "interviews/demo/interviews.csv")
    assert set(register.loc[register["consent_analysis"] == "false", "pseudonym"]) == {"Vibeke"}
    assert set(register.loc[(register["consent_quote"] == "false") & (register["consent_analysis"] == "true"), "pseudonym"]) == {"Tesfai"}


def test_the_two_municipal_waves_share_35_of_42_and_55(project: Path) -> None:
    first, second = (set(table(project, f"surveys/demo/municipal-{wave}.csv")["respondent"]) for wave in ("2021", "2022"))
    assert (len(first), len(second), len(first & second)) == (42, 55, 35)
    for wave, answered, invited in (("2021", first, 71), ("2022", second, 74)):
        frame = table(project, f"surveys/demo/municipal-{wave}-invited.csv")
        assert len(frame) == invited
        assert answered <= set(frame["respondent"])


def test_the_raw_first_wave_holds_the_42_and_what_cleaning_takes_out(project: Path) -> None:
    raw = table(project, "surveys/demo/municipal-2021-raw.csv")
    clean = table(project, "surveys/demo/municipal-2021.csv")
    finished = raw[raw["finished"] == "1"]
    assert sorted(finished["respondent"]) == sorted(clean["respondent"])
    assert len(raw) == 50
    assert raw["respondent"].duplicated().sum() == 3


def test_cleaning_the_raw_wave_gives_the_42(project: Path) -> None:
    folder = project / "surveys/demo"
    raw = read_survey(folder / "municipal-2021-raw.csv", folder / "municipal-2021.toml", doubles="keep")
    clean = clean_answers(raw, CleaningRules(finished=("finished", ("1",))))
    assert sorted(clean.answers.index) == sorted(table(project, "surveys/demo/municipal-2021.csv")["respondent"])
    assert clean.log is not None
    assert len(clean.log) == len(raw.answers) - 42


def test_written_answers_were_coded_by_two_who_disagree_in_some(project: Path) -> None:
    folder = project / "surveys/demo"
    survey = read_survey(folder / "municipal-2022.csv", folder / "municipal-2022.toml")
    sheets = [table(project, f"surveys/demo/advice-sheet-{coder}.csv") for coder in ("first", "second")]
    compared = compare_coders(survey, "advice", *sheets, {code: label["da"] for code, label in advice()["categories"].items()}).frame
    unlike = (sheets[0]["codes"] != sheets[1]["codes"]).sum()
    assert 0 < unlike < len(sheets[0]) / 2
    assert (compared["only_first"] + compared["only_second"]).sum() >= unlike


@pytest.mark.parametrize("name", ["municipal-2021", "municipal-2022", "leaders-2021", "course-forms-2021", "workshop-2021"])
def test_answers_follow_the_questionnaire_and_its_routes(project: Path, name: str) -> None:
    questionnaire = read_questionnaire(project / f"surveys/demo/{name}.toml")
    answers = table(project, f"surveys/demo/{name}.csv")
    for item in questionnaire.items:
        if item.type == "multiple":
            assert {column for column in answers if column.startswith(item.id + ":")} == {f"{item.id}:{o.code}" for o in item.options}
            continue
        given = answers[item.id]
        if item.type not in ("number", "open"):
            assert set(given) - {""} <= {option.code for option in questionnaire.options(item)}, item.id
        route = questionnaire.route(item)
        if route is not None:
            assert (given != "").tolist() == route.asked(answers).tolist(), item.id


@pytest.mark.parametrize("name", ["municipal-2021", "municipal-2022", "leaders-2021", "course-forms-2021", "workshop-2021"])
@pytest.mark.parametrize("ending", [".sav", ".xlsx"])
def test_a_survey_holds_the_same_answers_in_every_form(project: Path, name: str, ending: str) -> None:
    questionnaire = read_questionnaire(project / f"surveys/demo/{name}.toml")
    plain = read_survey(project / f"surveys/demo/{name}.csv", questionnaire).answers
    other = read_survey(project / f"surveys/demo/{name}{ending}", questionnaire).answers
    assert not other.empty
    pd.testing.assert_frame_equal(other, plain, check_dtype=False)


def test_waves_declare_what_can_be_compared_and_only_that(project: Path) -> None:
    first, second = (read_questionnaire(project / f"surveys/demo/municipal-{wave}.toml") for wave in ("2021", "2022"))
    comparable = {item.id for item in second.items if item.comparable}
    assert comparable == {item.id for item in first.items if item.comparable}
    later = {"online_meetings", "advice", "reorganised", "offer_style", "most_accept"}
    assert {item.id for item in second.items} - {item.id for item in first.items} == later
    assert "cooperation" not in comparable
    assert second.item("cooperation").scale != first.item("cooperation").scale


def test_matches_end_with_a_reason_and_only_then(project: Path) -> None:
    matches = table(project, "surveys/demo/matches.csv")
    ended = matches["end"] != ""
    assert len(matches) >= 4000
    assert ((matches["reason"] != "") == ended).all()
    assert (matches.loc[ended, "end"] >= matches.loc[ended, "registered"]).all()
    assert (matches["registered"] >= matches["start"]).all()
    assert (matches["registered"] > matches["start"]).sum() > 20
    assert (ended & (matches["reason"] == "unknown")).any()


def test_the_cast_holds_the_planted_mechanisms() -> None:
    pairs = {pair.id: pair.traits for pair in read_cast().pairs}
    working = [traits["mechanism"] for traits in pairs.values() if traits["works"]]
    assert {name: working.count(name) for name in set(working)} == {
        "similarity": 3,
        "complementarity": 3,
        "neither": 1,
        "similarity and complementarity": 1,
    }
    assert pairs["P08"]["mechanism"] == "similarity"
    assert (pairs["P08"]["works"], pairs["P08"]["hindered_by"]) == (False, "time")


def test_family_matches_last_longer_and_organisations_do_not_differ(project: Path) -> None:
    matches = table(project, "surveys/demo/matches.csv")
    until = pd.to_datetime(matches["end"].replace("", "2022-06-30"))
    days = (until - pd.to_datetime(matches["registered"])).dt.days
    ended = matches["end"] != ""

    def rate(column: str, value: str) -> float:
        chosen = matches[column] == value
        return float(ended[chosen].sum() / days[chosen].sum())

    assert rate("match_type", "family") / rate("match_type", "single") == pytest.approx(0.6, abs=0.15)
    assert rate("organisation", "DRC") / rate("organisation", "RC") == pytest.approx(1.0, abs=0.2)
    assert rate("arrival_group", "new") / rate("arrival_group", "long_term") == pytest.approx(1.0, abs=0.2)


def test_yearly_counts_and_the_event_register_tell_the_same(project: Path) -> None:
    matches = table(project, "surveys/demo/matches.csv")
    counts = table(project, "surveys/demo/counts.csv").set_index("count")["value"].astype(int)
    for year, before in (("2020", "2019"), ("2021", "2020"), ("2022", "2021")):
        started = matches["start"].str.startswith(year).sum()
        ended = matches["end"].str.startswith(year).sum()
        assert (counts[f"matches-started-{year}"], counts[f"matches-ended-{year}"]) == (started, ended)
        assert counts[f"matches-active-{before}"] + started - ended == counts[f"matches-active-{year}"]
