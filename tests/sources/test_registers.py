"""Registers at the door: every fault at once, with file, row, what and what to do; nothing that names a person."""

from __future__ import annotations

from pathlib import Path

import pytest

from vvvresearch.errors import SchemaError, SourceError
from vvvresearch.sources import (
    read_counts,
    read_courses,
    read_interviews,
    read_links,
    read_margins,
    read_matches,
    read_monitoring,
    read_published,
    read_register,
)

GOOD = "interview,pair,respondent_group,wave,month,mode,interpreter,municipality,pseudonym\n"


def write(folder: Path, text: str, name: str = "t.csv") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def refused(reader, path: Path) -> SchemaError:  # type: ignore[no-untyped-def]
    with pytest.raises(SchemaError) as caught:
        reader(path)
    assert str(path.name) in caught.value.where
    assert caught.value.todo
    return caught.value


def test_a_register_is_read_with_what_it_has(tmp_path: Path) -> None:
    path = write(tmp_path, "interview;respondent_group;month\na1;refugee;2021-06\na2;municipal;\n")
    register = read_interviews(path)
    assert list(register.frame["mode"]) == ["unknown", "unknown"]
    assert register.frame["interpreter"].isna().all()


def test_all_faults_of_a_register_come_together(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        GOOD
        + "a,p1,refugee,1,2021-06,phone,yes,0101,\n"
        + "a,,volunter,1,2021-06,phone,no,0101,\n"
        + "c,p2,municipal,1,2021-13,fone,perhaps,101,\n"
        + ",,refugee,1,,,,9999,\n",
    )
    error = refused(read_interviews, path)
    found = {(failure.row, failure.column) for failure in error.failures}
    assert found == {
        (3, "interview"),
        (3, "respondent_group"),
        (4, "pair"),
        (4, "month"),
        (4, "mode"),
        (4, "interpreter"),
        (4, "municipality"),
        (5, "interview"),
        (5, "municipality"),
    }
    said = str(error)
    assert "did you mean volunteer" in said
    assert "read as a number; it is the text 0101" in said


@pytest.mark.parametrize(
    "column", ["name", "navn", "Fulde_navn", "email", "e-mail", "telefon", "tlf", "phone", "adresse", "cpr", "fødselsdato", "contact"]
)
def test_columns_for_names_and_contact_data_are_refused(column: str, tmp_path: Path) -> None:
    error = refused(read_interviews, write(tmp_path, f"interview,respondent_group,{column}\na,refugee,hemmeligt\n"))
    assert error.failures[0].column == column
    assert "hemmeligt" not in str(error)


PERSONAL = {
    "an e-mail address": "nn@eksempel.dk",
    "a phone number": "21 43 65 87",
    "a phone number with its country": "+45 21436587",
    "a CPR number": "010190-1234",
    "a masked CPR number": "010190-xxxx",
    "a person's name": "Ebbe Opdigtet",
    "a name with an initial": "E. Opdigtet",
    "an address": "Opdigtervej 12",
    "a postcode with its town": "9999 Opdigteby",
}


@pytest.mark.parametrize("cell", PERSONAL.values(), ids=PERSONAL.keys())
@pytest.mark.parametrize("column", ["wave", "relation_length", "source", "month", "municipality"])
def test_a_cell_that_reaches_a_person_is_refused_and_never_repeated(cell: str, column: str, tmp_path: Path) -> None:
    error = refused(read_interviews, write(tmp_path, f"interview,respondent_group,{column}\na,refugee,{cell}\n"))
    assert (error.failures[0].row, error.failures[0].column) == (2, column)
    assert cell not in str(error)


@pytest.mark.parametrize(
    "cell",
    ["2017-2018", "2021-06", "1. kvartal 2021", "12-24 months", "0101", "K-2021-17", "Als 2021", "20210601", "2021 Efterår", "Anden Bølge"],
)
def test_years_codes_and_ages_are_no_contact_data(cell: str, tmp_path: Path) -> None:
    read_interviews(write(tmp_path, f"interview,respondent_group,wave\na,refugee,{cell}\n"))


def test_one_first_name_is_a_pseudonym_and_a_full_name_is_none(tmp_path: Path) -> None:
    read_interviews(write(tmp_path, "interview,respondent_group,pseudonym\na,refugee,Aase\nb,municipal,Coordinator A\n"))
    refused(read_interviews, write(tmp_path, "interview,respondent_group,pseudonym\na,refugee,Aase Opdigtet\n"))


def test_invented_municipalities_are_known_only_where_they_are_handed_in(tmp_path: Path) -> None:
    path = write(tmp_path, "interview,respondent_group,municipality\na,refugee,9001\n")
    read_interviews(path, municipalities={"9001"})
    refused(read_interviews, path)


def test_a_wrong_column_is_named_with_the_right_one(tmp_path: Path) -> None:
    error = refused(read_interviews, write(tmp_path, "interveiw,respondent_group\na,refugee\n"))
    assert "did you mean" in str(error)
    assert {failure.column for failure in error.failures} == {"interview", "interveiw"}


def test_a_missing_file_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as caught:
        read_interviews(tmp_path / "none.csv")
    assert "none.csv" in str(caught.value)


COURSES = "course,name,date,participants,format,type\n"


def test_a_course_register_is_refused_with_every_fault(tmp_path: Path) -> None:
    path = write(tmp_path, COURSES + "K1,a,2021-02-30,12,physical,course\nK1,b,2021-03-01,-3,web,course\nK3,,25.08.21,x,webinar,curse\n")
    found = {(failure.row, failure.column) for failure in refused(read_courses, path).failures}
    assert found == {
        (2, "date"),
        (3, "course"),
        (3, "participants"),
        (3, "format"),
        (4, "name"),
        (4, "date"),
        (4, "participants"),
        (4, "type"),
    }


def test_further_columns_of_a_register_are_kept(tmp_path: Path) -> None:
    frame = read_courses(write(tmp_path, COURSES.replace("type", "type,organisation") + "K1,a,2021-02-03,12,physical,course,RC\n")).frame
    assert list(frame["organisation"]) == ["RC"]


COUNTS = "count,value,measure,what,unit,period,as_of,organisation,document,lines,derived\n"


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("a,12,,,person,2020,,,,,", "measure"),
        ("a,12,flow,,,2020,,,,,", "unit"),
        ("a,12,stock,,person,2020,,,,,", "as_of"),
        ("a,12.5,flow,,person,2020,,,,,", "value"),
        ("a,12,flow,,person,last year,,,,,", "period"),
        ("a,12,flow,lost,person,2020,,,,,", "what"),
    ],
)
def test_a_count_says_what_it_is_or_is_refused(row: str, column: str, tmp_path: Path) -> None:
    assert column in {failure.column for failure in refused(read_counts, write(tmp_path, f"{COUNTS}{row}\n")).failures}


def test_two_rows_of_one_municipality_in_an_extract_are_refused(tmp_path: Path) -> None:
    text = "extract,municipality,status,definition\n2021-05,0101,present,x\n2021-05,0101,absent,x\n2020-10,0101,absent,x\n"
    (failure,) = refused(read_monitoring, write(tmp_path, text)).failures
    assert (failure.row, failure.column) == (3, "municipality")


def test_counts_by_status_are_monitoring_too(tmp_path: Path) -> None:
    head = "extract,status,n,definition\n"
    assert list(read_monitoring(write(tmp_path, head + "2021-05,present,83,x\n")).frame["n"]) == [83]
    error = refused(read_monitoring, write(tmp_path, head + "2021-05,present,83,x\n2021-05,present,4,x\n2021-05,,many,x\n"))
    assert {(failure.row, failure.column) for failure in error.failures} == {(3, "status"), (4, "status"), (4, "n")}


def test_a_match_ends_after_it_starts_and_with_a_date(tmp_path: Path) -> None:
    head = "match,start,end,reason,persons,municipality\n"
    path = write(tmp_path, head + "a,2020-05-01,2020-04-01,moved,1,\nb,2020-05-01,,moved,1,\nc,2020-05-01,,,0.5,\n")
    found = {(failure.row, failure.column) for failure in refused(read_matches, path).failures}
    assert found == {(2, "end"), (3, "reason"), (4, "persons")}


def test_a_plain_register_checks_its_counts_and_codes(tmp_path: Path) -> None:
    path = write(tmp_path, "municipality,n\n101,3\n0101,many\n")
    with pytest.raises(SchemaError) as caught:
        read_register(path, numbers=["n"])
    assert {(failure.row, failure.column) for failure in caught.value.failures} == {(2, "municipality"), (3, "n")}


def test_margins_and_links_are_checked(tmp_path: Path) -> None:
    error = refused(read_margins, write(tmp_path, "item,code,count,where,basis\na,,x,,guess\n"))
    assert {failure.column for failure in error.failures} == {"code", "count", "basis"}
    error = refused(read_links, write(tmp_path, "figure,key,source,item,code,where,take\nf,,,,,,\n"))
    assert {failure.column for failure in error.failures} == {"key", "source"}


@pytest.fixture
def folder(project: Path, tmp_path: Path) -> Path:
    for path in (project / "surveys" / "2021-note" / "published").glob("*.csv"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    return tmp_path


BAD_VALUES = {
    "a percentage above 100": ("ALS-TAB6,x,x,x,,3,101,,,", "between 0 and 100"),
    "no percentage": ("ALS-TAB6,x,x,x,,3,ten,,,", "not a percentage"),
    "a count above its base": ("ALS-TAB6,x,x,x,,32,,,,", "more than the base of ALS-TAB6, which is 31"),
    "an unknown figure": ("ALS-TAB66,x,x,x,,3,,,,", "did you mean ALS-TAB6"),
    "a value that is not there without a reason": ("ALS-TAB6,x,x,x,,,,,,", "needs the reason why"),
    "a key that stands twice": ("ALS-TAB6,closed,x,x,,3,,,,", "stands twice in one figure"),
    "parts above their base": ("ALS-AGREE,more,x,x,,3,,,,", "the parts of ALS-AGREE exceed its base of 22"),
}


@pytest.mark.parametrize(("row", "said"), BAD_VALUES.values(), ids=BAD_VALUES.keys())
def test_a_published_value_that_cannot_be_is_refused(row: str, said: str, folder: Path) -> None:
    with (folder / "values.csv").open("a", encoding="utf-8") as handle:
        handle.write(row + "\n")
    error = refused(lambda path: read_published(path.parent), folder / "values.csv")
    assert said in str(error)


def test_all_faults_of_a_published_table_come_together(folder: Path) -> None:
    with (folder / "values.csv").open("a", encoding="utf-8") as handle:
        handle.write("\n".join(row for row, _ in BAD_VALUES.values()) + "\n")
    assert len(refused(lambda path: read_published(path.parent), folder / "values.csv").failures) >= len(BAD_VALUES)


def test_a_filter_must_name_an_answer(folder: Path) -> None:
    path = folder / "figures.csv"
    path.write_text(path.read_text("utf-8").replace("ALS-FIG1:no|no_longer", "ALS-FIG1:no|never"), "utf-8")
    assert "has no answer never" in str(refused(lambda place: read_published(place.parent), path))


def test_a_printed_base_needs_its_number(folder: Path) -> None:
    path = folder / "figures.csv"
    path.write_text(path.read_text("utf-8").replace("Als 2021,31,printed", "Als 2021,,printed"), "utf-8")
    assert "needs its number" in str(refused(lambda place: read_published(place.parent), path))


def test_a_missing_table_is_named(folder: Path) -> None:
    (folder / "facts.csv").unlink()
    with pytest.raises(SourceError) as caught:
        read_published(folder)
    assert "facts.csv" in str(caught.value)


def test_a_code_that_a_workbook_holds_as_a_number_is_told_its_text(tmp_path: Path) -> None:
    import pandas as pd

    path = tmp_path / "t.xlsx"
    pd.DataFrame({"interview": ["a"], "respondent_group": ["refugee"], "municipality": [101]}).to_excel(path, index=False)
    (failure,) = refused(read_interviews, path).failures
    assert (failure.row, failure.column) == (2, "municipality")
    assert "0101" in failure.problem
