"""What a survey tool or a hurried hand delivers: each is one clear error or a note, nothing is recoded silently."""

from __future__ import annotations

import re
import shutil
import warnings
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

import vvvresearch as vvv
from vvvresearch.sources import read_survey, write_survey
from vvvresearch.survey import RouteWarning, compare_waves, tabulate, weight


@pytest.fixture
def wave(project: Path, tmp_path: Path) -> Path:
    """The second wave as CSV beside its questionnaire, to be spoilt."""
    for name in ("municipal-2022.csv", "municipal-2022.toml", "municipal-2021.csv", "municipal-2021.toml"):
        shutil.copyfile(project / "surveys/demo" / name, tmp_path / name)
    return tmp_path


def read(folder: Path, name: str = "municipal-2022") -> vvv.Survey:
    return read_survey(folder / f"{name}.csv", folder / f"{name}.toml")


def edit(path: Path, old: str, new: str, count: int = -1) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, count), encoding="utf-8")


def test_a_label_for_a_value_that_nobody_gave_keeps_its_row_through_a_labelled_file(wave: Path) -> None:
    edit(wave / "municipal-2022.csv", ",fewer,", ",same,")
    path = write_survey(read(wave), wave / "again.sav")
    table = tabulate(read_survey(path), "online_meetings")
    counts = dict(zip(table.shown()["Svar"], table.frame["count"], strict=True))
    assert counts["Færre"] == 0
    assert sum(counts.values()) == 55


def test_a_code_outside_the_scale_is_named_with_its_place_and_not_dropped(wave: Path) -> None:
    path = wave / "municipal-2022.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    place = lines[0].split(",").index("support_known")
    cells = lines[4].split(",")
    cells[place] = "maybe"
    path.write_text("\n".join([*lines[:4], ",".join(cells), *lines[5:]]) + "\n", encoding="utf-8")
    with pytest.raises(vvv.SchemaError, match="maybe") as caught:
        read(wave)
    assert "support_known" in str(caught.value)


def test_a_wave_answered_on_the_other_waves_scale_is_refused_at_the_door(wave: Path) -> None:
    shutil.copyfile(wave / "municipal-2021.csv", wave / "municipal-2022.csv")
    with pytest.raises(vvv.VvvError, match=r"very_good|online_meetings|cooperation"):
        read(wave)


def test_a_column_name_that_stands_twice_in_a_table_or_workbook_is_refused(wave: Path) -> None:
    sheet = openpyxl.Workbook()
    for row in (("respondent", "refers", "refers"), ("9001", "yes", "no")):
        sheet.active.append(row)
    sheet.save(wave / "twice.xlsx")
    (wave / "twice.csv").write_text("respondent,refers,refers\n9001,yes,no\n", encoding="utf-8")
    for name in ("twice.csv", "twice.xlsx"):
        with pytest.raises(vvv.SourceError, match="refers"):
            read_survey(wave / name, wave / "municipal-2022.toml")


def test_a_route_over_an_item_that_is_not_there_is_refused_by_name(wave: Path) -> None:
    edit(wave / "municipal-2022.toml", "route = 'refers == \"no\"'", "route = 'refer == \"no\"'")
    with pytest.raises(vvv.VvvError, match="refer"):
        read(wave)


def test_a_route_that_contradicts_itself_is_refused_since_it_asks_nobody(wave: Path) -> None:
    edit(wave / "municipal-2022.toml", "route = 'support_known == \"yes\"'", 'route = \'refers == "no" and refers == "yes"\'')
    with pytest.raises(vvv.SchemaError, match="nobody is asked") as caught:
        read(wave)
    assert "support_used" in str(caught.value)


def test_answers_off_the_route_are_warned_of_with_both_numbers_and_kept(wave: Path) -> None:
    edit(wave / "municipal-2022.toml", "route = 'support_known == \"yes\"'", "route = 'support_known == \"no\"'")
    with pytest.warns(RouteWarning, match="support_used") as caught:
        table = tabulate(read(wave), "support_used")
    assert {"30", "25"} <= set(re.findall(r"\d+", str(caught[0].message)))
    assert table.frame["count"].sum() == 30


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-8-sig"])
def test_a_table_in_the_encodings_that_danish_tools_write_gives_the_same_answers(wave: Path, encoding: str) -> None:
    before = read(wave)
    path = wave / "municipal-2022.csv"
    path.write_bytes(path.read_text(encoding="utf-8").encode(encoding))
    pd.testing.assert_frame_equal(read(wave).answers, before.answers)


def test_a_respondent_who_answers_twice_is_refused_with_both_lines(wave: Path) -> None:
    path = wave / "municipal-2022.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*lines, lines[1]]) + "\n", encoding="utf-8")
    with pytest.raises(vvv.VvvError, match=lines[1].split(",")[0]):
        read(wave)


def test_waves_whose_declaration_was_taken_away_are_not_compared(wave: Path) -> None:
    # Either side's declaration is enough, so both go.
    edit(wave / "municipal-2022.toml", 'comparable = ["demo-municipal-2021:refers"]\n', "")
    edit(wave / "municipal-2021.toml", '"demo-municipal-2022:refers"', "")
    with pytest.raises(vvv.AnalysisError, match="not declared comparable"):
        compare_waves(read(wave, "municipal-2021"), read(wave), "refers")


def test_a_category_that_answered_but_is_not_in_the_frame_cannot_be_raked(wave: Path) -> None:
    survey = read(wave)
    with pytest.raises(vvv.AnalysisError, match="no"):
        weight(survey, "agreement", targets={"agreement": {"yes": 98}})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert weight(survey, "agreement", targets={"agreement": {"yes": 60, "no": 38}}).weights.sum() == pytest.approx(98)
