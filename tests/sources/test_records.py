"""Registers read as their templates declare them: everything that is wrong is told together, each with its row; nothing is guessed."""

from __future__ import annotations

import csv
import datetime
import io
from pathlib import Path

import openpyxl
import pytest

from vvvresearch.check import check_round
from vvvresearch.errors import SchemaError, SourceError
from vvvresearch.evidence import read_programme, venner_viser_vej
from vvvresearch.intake import normalised, propose, settle
from vvvresearch.locales import in_danish
from vvvresearch.monitoring import transitions, volume
from vvvresearch.sources import TypedTable, read_matches, read_monitoring, read_records, template_bytes
from vvvresearch.sources.templates import template_sheets

SEEN = datetime.date(2022, 6, 30)
# A file as people keep it, with six faults (or more) in it, and the rows and columns of these.
FAULTY: dict[str, tuple[str, list[tuple[int, str]]]] = {
    "agreements": (
        "municipality,signed,expires,agreement_type,organisation\n"
        "0101,2020-02-01,2022-01-31,samarbejdsaftale,RC\n"
        "0147,2020-02-30,,samarbejdsaftale,RC\n"
        "0501,2020-03-01,,samarbejdsaftale,RC\n"
        "0751,2021-05-01,2020-05-01,hensigtserklæring,DRC\n"
        "0461,2023-01-01,,samarbejdsaftale,DRC\n"
        "0101,2020-02-01,,samarbejdsaftale,RC\n"
        ",2020-02-01,,samarbejdsaftale,RC\n",
        [(3, "signed"), (4, "municipality"), (5, "expires"), (6, "signed"), (7, "municipality"), (8, "municipality")],
    ),
    "referrals": (
        "person,referred,referral_source,municipality,arrival_group\n"
        "p1,2021-03-01,kommunen,0101,new\n"
        "p2,1.3.2021,kommunen,0101,new\n"
        "p3,2021-04-01,,0101,long_term\n"
        "p4,2021-04-02,sprogskolen,101,new\n"
        "p5,2022-07-01,kommunen,0751,new\n"
        "p1,2021-03-01,kommunen,0101,new\n"
        "p6,2021-05-05,kommunen,0751,nye\n",
        [(3, "referred"), (4, "referral_source"), (5, "municipality"), (6, "referred"), (7, "person"), (8, "arrival_group")],
    ),
    "snapshots": (
        "date,match,refugee,volunteer,municipality\n"
        "2020-12-31,m1,r1,v1,0101\n"
        "2020-12-31,m1,r1,v1,0101\n"
        "2021-12-31,,r2,v2,0101\n"
        "31/12/2021,m3,r3,v3,0101\n"
        "2022-12-31,m4,r4,v4,0101\n"
        "2021-12-31,m5,r5,v5,0899\n"
        ",m6,r6,v6,0101\n",
        [(3, "date"), (4, "match"), (5, "date"), (6, "date"), (7, "municipality"), (8, "date")],
    ),
    "volunteers": (
        "volunteer,since,until,municipality,organisation,recruited_by,trained\n"
        "v1,2019-05-01,,0101,RC,kampagne,yes\n"
        "v1,2020-05-01,,0101,RC,kampagne,no\n"
        "v2,2020-05-01,2019-05-01,0101,RC,kampagne,yes\n"
        "v3,,2021-01-01,0101,DRC,bekendt,\n"
        "v4,2022-09-01,,0101,DRC,bekendt,yes\n"
        "v5,2020-01-01,,,DRC,bekendt,måske\n"
        "v6,i foråret,,0101,DRC,bekendt,no\n",
        [(3, "volunteer"), (4, "until"), (5, "since"), (6, "since"), (7, "trained"), (8, "since")],
    ),
    "activities": (
        "date,activity_type,municipality,participants,volunteers\n"
        "2021-02-01,café,0101,12,3\n"
        "2021-02-01,café,0101,12,3\n"
        "2021-13-01,café,0147,8,2\n"
        "2021-03-01,,0147,8,2\n"
        "2021-04-01,udflugt,0147,ca. 20,2\n"
        "2022-08-01,udflugt,0147,20,2\n"
        "2021-05-01,udflugt,9999,20,to\n",
        [(3, "date"), (4, "date"), (5, "activity_type"), (6, "participants"), (7, "date"), (8, "municipality"), (8, "volunteers")],
    ),
    "materials": (
        "material,title,published,material_type,copies\n"
        "F1,Kom i gang,2020-03-01,folder,500\n"
        "F1,Kom godt i gang,2020-04-01,folder,500\n"
        "F2,,2020-05-01,folder,100\n"
        "F3,Film,2020,film,\n"
        "F4,Håndbog,2022-12-01,håndbog,40\n"
        "F5,Plakat,2021-01-01,,40\n"
        "F6,Plakat,2021-01-01,plakat,-4\n",
        [(3, "material"), (4, "title"), (5, "published"), (6, "published"), (7, "material_type"), (8, "copies")],
    ),
    "campaigns": (
        "quarter,campaign,enquiries,new_volunteers\n"
        "2021-Q1,Del en kop kaffe,212,88\n"
        "2021-Q1,Del en kop kaffe,212,88\n"
        "1. kvartal,Få en ny nabo,164,71\n"
        "2021-Q5,Få en ny nabo,164,71\n"
        "2022-Q3,Få en ny nabo,164,71\n"
        "2021-Q4,,164,71\n"
        "2022-Q1,Bliv ven,mange,71\n",
        [(3, "quarter"), (4, "quarter"), (5, "quarter"), (6, "quarter"), (7, "campaign"), (8, "enquiries")],
    ),
    "housing_areas": (
        "area,municipality,month,stage,barrier,lesson\n"
        "A1,0101,2020-09,contact,ingen kendte tilbuddet,mød op\n"
        "A1,0101,2020-09,contact,,\n"
        "A1,0101,september,started,,\n"
        ",0101,2021-01,started,,\n"
        "A2,0899,2021-01,started,,\n"
        "A2,0101,2021-02,,,\n"
        "A2,0101,2022-09,running,,\n",
        [(3, "area"), (4, "month"), (5, "area"), (6, "municipality"), (7, "stage"), (8, "month")],
    ),
    "categories": (
        "quarter,municipality,category\n"
        "2021-Q1,0101,1\n"
        "2021-Q1,0101,2\n"
        "2021-1,0147,1\n"
        "2021-Q2,0501,1\n"
        "2021-Q2,0147,\n"
        "2023-Q1,0147,1\n"
        "2021-Q3,147,1\n",
        [(3, "quarter"), (4, "quarter"), (5, "municipality"), (6, "category"), (7, "quarter"), (8, "municipality")],
    ),
    "context": (
        "year,figure,value,document\n"
        "2019,ankomne,912,A\n"
        "2019,ankomne,913,A\n"
        "toogtyve,ankomne,604,A\n"
        "2021,,733,A\n"
        "2022,ankomne,mange,A\n"
        ",kvote,4,A\n"
        "2023,kvote,,A\n",
        [(3, "year"), (4, "year"), (5, "figure"), (6, "value"), (7, "year"), (8, "value")],
    ),
}


def written(folder: Path, name: str, content: str) -> Path:
    path = folder / f"{name}.csv"
    path.write_text(content, encoding="utf-8")
    return path


OFFERS = (
    "case,person,offered,accepted,matched,started\n"
    "s1,b1,2021-01-04,2021-01-09,2021-02-01,2021-02-10\n"
    "s1,b1,2021-01-04,2021-01-09,2021-02-01,2021-02-10\n"
    "s2,b2,2021-01-04,2021-01-02,,\n"
    "s3,b3,2021-01-04,,2021-02-01,\n"
    "s4,b4,2021-01-04,2021-01-05,2021-02-01,2020-12-01\n"
    "s5,b5,2021-01-04,2021-01-05,2021-02-01,2029-02-01\n"
)


def test_an_offer_goes_on_step_by_step(tmp_path: Path) -> None:
    path = written(tmp_path, "offers", OFFERS)
    with pytest.raises(SchemaError) as error:
        read_records(path, "offers", latest=SEEN)
    told = {(failure.row, failure.column, failure.problem) for failure in error.value.failures}
    assert told == {
        (3, "case", "the row stands twice, first in row 2"),
        (4, "accepted", "lies before offered, 2021-01-04"),
        (5, "accepted", "matched without accepted"),
        (6, "started", "lies before matched, 2021-02-01"),
        (7, "started", f"lies in the future, after {SEEN:%Y-%m-%d}"),
    }


def test_a_register_of_another_time_than_its_round_has_no_future_in_it(tmp_path: Path) -> None:
    """Most of its dates lie after what its round covers: the round's period is wrong, not every row."""
    later = OFFERS.replace("202", "203").splitlines()
    path = written(tmp_path, "offers", "\n".join([later[0], later[1], ""]))
    assert len(read_records(path, "offers", latest=SEEN).frame) == 1


@pytest.mark.parametrize("type_", sorted(FAULTY))
def test_every_fault_of_a_register_is_told_together_with_its_row(tmp_path: Path, type_: str) -> None:
    content, expected = FAULTY[type_]
    with pytest.raises(SchemaError) as error:
        read_records(written(tmp_path, type_, content), type_, seen_until=SEEN)
    assert [(failure.row, failure.column) for failure in error.value.failures] == expected
    # What is right in the file alone is read.
    lines = content.splitlines()
    assert len(read_records(written(tmp_path, type_, "\n".join(lines[:2])), type_, seen_until=SEEN)) == 1


@pytest.mark.parametrize("lang", ["da", "en"])
@pytest.mark.parametrize("type_", sorted(FAULTY))
def test_a_table_copied_out_of_a_template_is_recognised_by_headings_and_cells_and_read_as_it_stands(
    tmp_path: Path, type_: str, lang: str
) -> None:
    """Headings and words of either language; the first row of the file above, without its faults, four times over."""
    head, first = list(csv.reader(io.StringIO(FAULTY[type_][0])))[:2]
    columns = {one.name: one for one in template_sheets(type_, venner_viser_vej(), lang)[0].columns}  # type: ignore[arg-type]
    shown = [
        next((word for word, name in columns[column].words.items() if name == cell), cell) for column, cell in zip(head, first, strict=True)
    ]
    changing = {"agreements": "signed", "referrals": "person", "snapshots": "match", "volunteers": "volunteer", "activities": "date"}
    changing |= {"materials": "material", "campaigns": "quarter", "housing_areas": "month", "categories": "quarter", "context": "year"}
    place = head.index(changing[type_])
    book = openpyxl.Workbook()
    book.active.append([columns[name].heading for name in head])
    for number in range(4):
        book.active.append([*shown[:place], shown[place][:-1] + str(number + 1), *shown[place + 1 :]])
    path = tmp_path / "kopi.xlsx"
    book.save(path)
    proposal = propose(path, programme=read_programme(tmp_path))
    assert (proposal.kind, proposal.sure, proposal.questions) == (type_, True, ())
    (frame,) = normalised(path, settle(proposal)).frames.values()
    read = read_records(TypedTable(frame, path), type_).frame
    assert read[head].iloc[0].astype(str).tolist()[:place] == first[:place]
    assert len(read) == 4


def test_what_is_no_register_of_a_kind_is_not_taken_for_it(tmp_path: Path) -> None:
    """A heading alone is no ground: cells that are no dates make no register of volunteers."""
    lines = ["Frivillig nr.;Frivillig siden"] + [f"V{number};altid" for number in range(8)]
    path = tmp_path / "x.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(SourceError, match="of no kind"):
        propose(path, programme=read_programme(tmp_path))


def test_context_figures_stand_a_row_or_a_column_each(tmp_path: Path) -> None:
    wide = read_records(written(tmp_path, "wide", "year,arrivals,quota\n2020,604,3\n2021,733,\n"), "context").frame
    long = read_records(
        written(tmp_path, "long", "year,figure,value\n2020,arrivals,604\n2020,quota,3\n2021,arrivals,733\n"), "context"
    ).frame
    names = ["year", "figure", "value"]
    assert (
        wide[names].values.tolist()
        == long[names].values.tolist()
        == [[2020, "arrivals", 604.0], [2020, "quota", 3.0], [2021, "arrivals", 733.0]]
    )


def test_a_municipality_that_was_merged_is_told_with_its_row(tmp_path: Path) -> None:
    path = written(tmp_path, "a", "municipality,signed\n0171,2020-01-01\n")
    with pytest.raises(SchemaError, match="row 2, municipality"):
        read_records(path, "agreements")


EVENTS = """match,event,date,reason,reason_class,persons,municipality,refugee,volunteer
m1,started,2020-02-01,,,2,0101,r1,v1
m2,started,2020-03-01,,,1,0101,r2,v2
m1,ended,2020-08-01,flyttet,moved,,,,
m3,offered,2020-04-01,,,1,0147,r3,
m3,accepted,2020-04-03,,,,,,
"""


def test_a_log_of_events_is_the_register_of_matches_that_it_tells(tmp_path: Path) -> None:
    read = read_matches(written(tmp_path, "log", EVENTS)).frame
    assert read[["match", "end", "reason_class", "municipality"]].fillna("").astype(str).values.tolist() == [
        ["m1", "2020-08-01", "moved", "0101"],
        ["m2", "", "", "0101"],
        ["m3", "", "", "0147"],
    ]
    assert read["start"].tolist() == [datetime.date(2020, 2, 1), datetime.date(2020, 3, 1), None]
    table = volume(read.assign(as_of="2020-12-31"))
    assert [table.cell(f"matches.{name}-match-2020.value").value for name in ("active", "started", "ended", "ever")] == [1, 2, 1, 2]
    assert table.cell("matches.ever-person-2020.value").value == 3


def test_every_fault_of_a_log_of_events_is_told_together_with_its_row(tmp_path: Path) -> None:
    faulty = EVENTS + (
        "m2,started,2020-03-05,,,,,,\n"  # 7: a second start
        "m4,begyndt,2020-01-01,,,1,0101,r4,v4\n"  # 8: no such event
        "m5,ended,2020-05-01,moved,moved,1,0101,r5,v5\n"  # 9: no start
        "m6,started,2020-05-01,kemi,,1,0101,r6,v6\n"  # 10: a reason at the start
        "m6,ended,2020-04-01,kemi,premature,,0147,,\n"  # 11: ends before it starts, in another municipality
        "m7,started,,,,1,0101,r7,v7\n"  # 12: no date
        "m8,started,2020-06-01,,,1,0101,r2,v8\n"  # 13: overlaps m2
    )
    with pytest.raises(SchemaError) as error:
        read_matches(written(tmp_path, "log", faulty))
    found = [(failure.row, failure.column) for failure in error.value.failures]
    assert found == [
        (7, "event"),
        (8, "event"),
        (9, "start"),
        (10, "reason"),
        (11, "end"),
        (11, "municipality"),
        (12, "date"),
        (13, "refugee"),
    ]


def test_events_filled_into_their_template_are_matches(tmp_path: Path) -> None:
    path = tmp_path / "haendelser.xlsx"
    path.write_bytes(template_bytes("match_events", venner_viser_vej()))
    book = openpyxl.load_workbook(path)
    headings = {cell.value: cell.column for cell in book.worksheets[0][1]}
    for number, (event, day) in enumerate((("Begyndt", datetime.date(2020, 2, 1)), ("Afsluttet", datetime.date(2020, 9, 1))), 2):
        for heading, value in {"Match nr.": "M1", "Hændelse": event, "Dato": day, "Kommune": "Vejle"}.items():
            book.worksheets[0].cell(number, headings[heading], value)
    book.save(path)
    proposal = propose(path, programme=venner_viser_vej())
    assert (proposal.kind, proposal.type) == ("match_events", "matches")
    assert read_matches(path).frame[["match", "municipality"]].values.tolist() == [["M1", "0630"]]


def test_an_extract_that_counts_more_municipalities_than_there_are_is_told_with_its_rows(tmp_path: Path) -> None:
    rows = "extract,status,n,definition\n2021-05,present,83,a\n2021-05,absent,15,a\n2021-05,planned,98,a\n2021-11,present,98,a\n"
    with pytest.raises(SchemaError) as error:
        read_monitoring(written(tmp_path, "m", rows))
    assert [(one.row, one.column, one.problem) for one in error.value.failures] == [(4, "n", "the extract counts 196 of 98 municipalities")]


def test_a_month_that_is_none_and_a_missing_status_are_told_together_with_what_else_is_wrong_in_an_extract(tmp_path: Path) -> None:
    rows = "2024-10,0101,present,a\n2024-10,0101,absent,a\n2024-13,0147,present,a\n2024-10,0151,,a\n2024-10,999,present,a\nmaj,0153,x,a\n"
    with pytest.raises(SchemaError) as error:
        read_monitoring(written(tmp_path, "m", f"extract,municipality,status,definition\n{rows}"))
    found = [(3, "municipality"), (4, "extract"), (5, "status"), (6, "municipality"), (7, "extract")]
    assert sorted((one.row, one.column) for one in error.value.failures) == found
    counts = "extract,status,n,definition\n2021-5,present,83,a\n2021-05,absent,x,a\n"
    with pytest.raises(SchemaError) as error:
        read_monitoring(written(tmp_path, "n", counts))
    assert sorted((one.row, one.column) for one in error.value.failures) == [(2, "extract"), (3, "n")]


def test_a_quarter_that_is_missing_is_told_by_the_check_where_its_gap_ends(tmp_path: Path) -> None:
    """The rows are right each for itself, so they are read; over the gap nothing is counted as a change."""
    for name in ("rounds/r", "surveys", "interviews"):
        (tmp_path / name).mkdir(parents=True)
    quarters = [("2020-Q3", 1), ("2020-Q4", 1), ("2021-Q3", 2), ("2021-Q4", 2)]
    written(tmp_path / "surveys", "c", "quarter,municipality,category\n" + "".join(f"{when},0101,{one}\n" for when, one in quarters))
    written(tmp_path / "rounds/r", "towns", "code,name,region\n0101,By,Øst\n")
    (tmp_path / "rounds/r/round.toml").write_text(
        """schema_version = 1
id = "r"
title = { da = "Runde", en = "Round" }
period = { start = 2020-01-01, end = 2021-12-31 }
languages = ["da"]
report_type = "note"
kind = "synthetic"
municipalities = "rounds/r/towns.csv"
subgroups = { split = false, statement = { da = "a", en = "a" } }
notebooks = []
[[sources]]
id = "categories"
type = "categories"
path = "surveys/c.csv"
title = { da = "a", en = "a" }
""",
        encoding="utf-8",
    )
    found = [fault for fault in check_round(tmp_path, "r").faults if fault.what.startswith("quarter")]
    assert [(fault.row, fault.what) for fault in found] == [
        (4, "quarter: nothing is known of 2021-Q1, 2021-Q2, between 2020-Q4 and 2021-Q3")
    ]
    assert in_danish(found[0].what) == "quarter: intet er kendt om 2021-Q1, 2021-Q2, mellem 2020-Q4 og 2021-Q3"
    moves = transitions(read_records(tmp_path / "surveys/c.csv", "categories"))
    assert moves.cell("steps").value == 2
    assert (moves.frame.query("step == 'total' and before != after")["n"] == 0).all()
