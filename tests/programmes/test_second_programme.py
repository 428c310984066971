"""Another programme, with other groups and halves and English first, gets its report without a line of the package changed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from mentors import write_workspace
from typer.testing import CliRunner

from vvvresearch.check import check_round
from vvvresearch.cli.main import app
from vvvresearch.evidence import Programme, venner_viser_vej
from vvvresearch.rounds import open_round

NOTEBOOKS = ("10-data-basis", "30-surveys", "50-themes", "60-mappings", "65-mechanisms")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_workspace(tmp_path_factory.mktemp("way-to-work"), NOTEBOOKS)


def test_its_register_and_maps_are_read_by_its_own_groups_and_halves(workspace: Path) -> None:
    opened = open_round("pilot", workspace, lang="en")
    assert opened.programme.halves == ("young", "mentor")
    assert opened.interviews.halves == opened.mappings.halves == ("young", "mentor")
    assert set(opened.interviews.frame["respondent_group"]) == {"young", "mentor"}


def test_its_themes_are_counted_for_its_groups(workspace: Path) -> None:
    table = open_round("pilot", workspace, lang="en").theme_table()
    frame = table.frame.set_index(["code_path", "respondent_group"])
    assert frame.loc[("Gains > Network", "mentor"), "affirmed"] == 2
    assert frame.loc[("Gains > Network", "young"), "affirmed"] == 1
    assert frame.loc[("Gains > Confidence", "young"), "contradicted"] == 1
    assert {"Young people", "Mentors"} <= set(table.across("respondent_group").shown().columns)


def test_its_pairs_agree_or_not_by_its_own_halves(workspace: Path) -> None:
    pairs = open_round("pilot", workspace, lang="en").pair_table().frame.set_index("code_path")
    assert pairs.loc["Gains > Confidence", "both_sides"] == 1
    assert pairs.loc["Gains > Network", "both_sides"] == 1
    assert pairs.loc["Gains > Network", "mentor_only"] == 1


def test_a_group_that_it_does_not_have_is_told(workspace: Path, tmp_path: Path) -> None:
    copy = write_workspace(tmp_path / "w", ("10-data-basis",))
    register = copy / "interviews/pilot/interviews.csv"
    register.write_text(register.read_text(encoding="utf-8").replace(",mentor,", ",volunteer,", 1), encoding="utf-8")
    faults = check_round(copy, "pilot").faults
    assert any("volunteer" in fault.what and fault.row == 3 for fault in faults), faults


@pytest.mark.slow
def test_its_report_is_written_in_english_with_its_own_words(workspace: Path) -> None:
    assert check_round(workspace, "pilot").faults == ()
    done = CliRunner().invoke(app, ["run", "pilot", "--root", str(workspace)])
    assert done.exit_code == 0, done.output
    page = (workspace / "outputs/pilot/en/report.html").read_text(encoding="utf-8")
    text = re.sub(r"<style.*?</style>|<[^>]+>", " ", page, flags=re.DOTALL)
    assert '<html lang="en">' in page
    assert "Young people" in text
    assert "Mentors" in text
    assert re.search(r"Of\s+12\s+workplaces\s+7\s+hired", text)
    assert not re.search(r"refugee|volunteer|flygtning|frivillig", text, re.IGNORECASE)
    assert (workspace / "outputs/pilot/en/report.pdf").stat().st_size > 10_000


def test_who_helps_is_counted_by_the_words_that_the_programme_has_for_them() -> None:
    group = {"label": {"da": "Mentorer", "en": "Mentors"}, "one": {"da": "mentor", "en": "mentor"}}
    young = {"label": {"da": "Unge", "en": "Young people"}, "one": {"da": "ung", "en": "young person"}}
    given = {
        "schema_version": 1,
        "name": {"da": "M", "en": "M"},
        "halves": ["young", "mentor"],
        "groups": {"young": young, "mentor": group},
    }
    words = Programme.model_validate(given).words()["units"]
    assert (words["volunteer"], words["one_volunteer"]) == ({"da": "mentorer", "en": "mentors"}, {"da": "mentor", "en": "mentor"})
    own = {"units": {"volunteer": {"many": {"da": "voksne", "en": "adults"}, "one": {"da": "voksen", "en": "adult"}}}}
    assert Programme.model_validate(given | own).words()["units"]["volunteer"]["da"] == "voksne"
    assert venner_viser_vej().words()["units"]["volunteer"] == {"da": "frivillige", "en": "volunteers"}
