"""Reading and writing surveys: SPSS files against haven, PSPP and pyreadstat; CSV and workbooks against their questionnaire."""

from __future__ import annotations

import json
import random
import struct
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import vvvresearch as vvv
from vvvresearch import files
from vvvresearch.errors import SchemaError, SourceError
from vvvresearch.evidence import (
    Frame,
    Item,
    MultipleResponseSet,
    Option,
    Questionnaire,
    Survey,
    Variable,
    Words,
    code_text,
    read_questionnaire,
)
from vvvresearch.sources.spss._dictionary import parse_sets
from vvvresearch.survey import tabulate

SAV = ("haven_dansk_labelled.sav", "pspp_dansk_mrsets_utf8.sav", "pyreadstat_sample.sav")


def expected_of(reference: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((reference / "sav" / "expected.json").read_text(encoding="utf-8"))
    return found


def as_list(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]


# --- SPSS, against what other programs say of the same files ---


@pytest.mark.parametrize("name", SAV)
def test_labels_formats_measures_and_missing_values_are_what_pyreadstat_says(reference: Path, name: str) -> None:
    survey, said = vvv.read_survey(reference / "sav" / name), expected_of(reference)["pyreadstat"][name]
    assert list(survey.answers.columns) == list(said["column_labels"])
    assert survey.answers.shape == (said["nrow"], said["ncol"])
    for column, variable in survey.variables.items():
        assert variable.label == (said["column_labels"][column] or "")
        assert variable.format == said["formats"][column]
        assert variable.measure == said["measure"][column]
        labels = {
            code_text(float(code) if variable.format[0] != "A" else code): text
            for code, text in said["value_labels"].get(column, {}).items()
        }
        assert variable.labels == labels
        assert sorted(variable.missing, key=str) == sorted(
            ((entry["lo"], entry["hi"]) for entry in said["missing_ranges"].get(column, [])), key=str
        )


@pytest.mark.parametrize("name", SAV)
def test_values_are_what_haven_says_and_codes_stay_text(reference: Path, name: str) -> None:
    survey, said = vvv.read_survey(reference / "sav" / name), expected_of(reference)["haven"][name]["vars"]
    for column, facts in said.items():
        found = [code_text(value) for value in survey.answers[column]]
        if survey.variables[column].format.startswith(("DATE", "EDATE", "TIME")):
            continue  # compared as dates below
        wanted = [value or "" for value in facts["first"]]
        assert len(found) == len(wanted)
        for ours, theirs in zip(found, wanted, strict=True):
            assert ours == theirs or float(ours) == pytest.approx(float(theirs), rel=1e-12)
        if facts["labels"] and column != "kom":
            assert survey.answers[column].dtype == object


@pytest.mark.parametrize("name", SAV)
def test_dates_and_times_are_iso_text(reference: Path, name: str) -> None:
    survey, said = vvv.read_survey(reference / "sav" / name), expected_of(reference)["pyreadstat"][name]
    for column, kept in said["formats"].items():
        if kept.startswith(("DATE", "EDATE", "TIME")):
            assert survey.answers[column].tolist() == ["" if value in (None, "NaT") else value for value in said["head"][column]]


@pytest.mark.parametrize("name", SAV)
def test_user_missing_codes_keep_their_reasons(reference: Path, name: str) -> None:
    survey, said = vvv.read_survey(reference / "sav" / name), expected_of(reference)["haven"][name]["vars"]
    for column, facts in said.items():
        labels = dict(
            zip(map(str, as_list((facts["labels"] or {}).get("value"))), as_list((facts["labels"] or {}).get("text")), strict=True)
        )
        for code in as_list(facts["na_values"]):
            if str(code) in labels:
                assert survey.missing[column][str(code)] == labels[str(code)]


def test_multiple_response_sets_and_the_weight_of_a_pspp_file_are_read(reference: Path) -> None:
    survey = vvv.read_survey(reference / "sav" / "pspp_dansk_mrsets_utf8.sav")
    said = expected_of(reference)["pyreadstat"]["pspp_dansk_mrsets_utf8.sav"]["mr_sets"]
    assert set(survey.multiple_response_sets) == set(said)
    for name, facts in said.items():
        several = survey.multiple_response_sets[name]
        assert (several.kind, several.label, list(several.columns)) == (facts["type"], facts["label"], facts["variable_list"])
    assert survey.weight == "vaegt"
    assert "rute('q2=1' )" in str(survey.losses)  # an attribute that somebody gave the variable q3
    assert tabulate(survey, "samarbejde").base.n == 7


def test_sets_are_parsed_as_the_description_of_the_format_shows_them() -> None:
    lines = b"$a=C 10 my mcgroup a b c\n$b=D2 55 0  g e f d\n$c=D3 Yes 10 mdgroup #2 h i j\n$d=E 1 2 34 13 third mdgroup k l m\n"
    found = parse_sets(lines, {}, "")
    assert [(one.name, one.kind, one.counted, one.label) for one in found] == [
        ("a", "C", "", "my mcgroup"),
        ("b", "D", "55", ""),
        ("c", "D", "Yes", "mdgroup #2"),
        ("d", "D", "34", "third mdgroup"),
    ]
    assert found[1].columns == ("g", "e", "f", "d")


def test_a_date_beyond_the_calendar_is_one_clear_error_with_its_row(reference: Path) -> None:
    with pytest.raises(SourceError, match="date that cannot be") as caught:
        vvv.read_survey(reference / "sav" / "haven_datetime.sav")
    assert "row 1" in caught.value.where
    assert "date.posix" in caught.value.what


@pytest.mark.parametrize("name", SAV)
@pytest.mark.parametrize("ending", ["sav", "zsav"])
def test_an_spss_file_written_again_is_the_same_to_us_and_to_pyreadstat(reference: Path, tmp_path: Path, name: str, ending: str) -> None:
    source, target = reference / "sav" / name, tmp_path / f"again.{ending}"
    survey = vvv.read_survey(source)
    vvv.write_survey(survey, target)
    again = vvv.read_survey(target)
    pd.testing.assert_frame_equal(again.answers, survey.answers)
    for part in ("missing", "variables", "multiple_response_sets", "weight"):
        assert getattr(again, part) == getattr(survey, part)
    options = {"user_missing": True, "disable_datetime_conversion": True}
    frame, meta = pyreadstat.read_sav(str(source), **options)
    theirs, told = pyreadstat.read_sav(str(target), **options)
    pd.testing.assert_frame_equal(theirs, frame)
    assert told.mr_sets == meta.mr_sets
    assert told.missing_ranges == meta.missing_ranges
    assert told.variable_value_labels == meta.variable_value_labels
    assert told.column_labels == meta.column_labels


# --- SPSS, written from surveys of our own ---


def say(words: str) -> Words:
    return Words(da=words, en=words + " (en)")


def questionnaire(*items: Item) -> Questionnaire:
    frame = Frame(unit="municipality", chosen_by=say("-"), collected=say("2021"))
    return Questionnaire(schema_version=1, id="kommuner", title=say("t"), group=say("g"), wave=say("w"), frame=frame, items=items)


CODES = Item(
    id="kom", text=say("Kommune"), type="single", options=(Option(code="0101", label=say("Kbh")), Option(code="NO", label=say("Nord")))
)
GRADE = Item(
    id="grad",
    text=say("I hvor høj grad?"),
    type="likert",
    options=(
        Option(code="1", label=say("Slet ikke")),
        Option(code="2", label=say("I høj grad")),
        Option(code="9", label=say("Ved ikke"), role="dont_know"),
    ),
)
PARTNERS = Item(
    id="partnere",
    text=say("Hvem samarbejder I med?"),
    type="multiple",
    options=(Option(code="rc", label=say("Røde Kors")), Option(code="drc", label=say("Flygtningehjælpen"))),
)
HOURS = Item(id="timer", text=say("Timer"), type="number")
WORDS = Item(id="ord", text=say("Andet"), type="open")
ASKED = questionnaire(CODES, GRADE, PARTNERS, HOURS, WORDS)


def own_survey() -> Survey:
    answers = pd.DataFrame(
        {
            "kom": ["0101", "NO", ""],
            "grad": ["1", "9", "2"],
            "partnere:rc": ["1", "0", ""],
            "partnere:drc": ["1", "1", ""],
            "timer": [2.5, np.nan, 3.0],
            "ord": ["Æbler & øl", "", "=1+1"],
            "vaegt": [0.5, 1.0, 1.5],
        },
        index=pd.Index(["a", "b", "c"], name="respondent"),
    )
    return Survey(answers, ASKED, weight="vaegt", missing={"grad": {"9": "Ved ikke"}})


@pytest.mark.parametrize("ending", ["sav", "zsav", "csv", "xlsx"])
def test_a_survey_comes_back_from_every_format_with_its_codes_as_text(tmp_path: Path, ending: str) -> None:
    survey = own_survey()
    vvv.write_survey(survey, tmp_path / f"a.{ending}")
    again = vvv.read_survey(tmp_path / f"a.{ending}", ASKED)
    expected = (
        survey.answers.astype({"vaegt": again.answers["vaegt"].dtype})
        if ending in ("sav", "zsav")
        else survey.answers.drop(columns="vaegt")
    )
    found = again.answers[expected.columns]
    for column in expected:
        assert [code_text(value) for value in found[column]] == [code_text(value) for value in expected[column]]
    assert found.index.tolist() == ["a", "b", "c"]
    for table, other in ((tabulate(survey, name), tabulate(again, name)) for name in ("kom", "partnere", "timer")):
        pd.testing.assert_frame_equal(table.frame, other.frame)


def test_tick_boxes_become_a_set_that_pyreadstat_sees(tmp_path: Path) -> None:
    vvv.write_survey(own_survey(), tmp_path / "a.sav")
    frame, meta = pyreadstat.read_sav(str(tmp_path / "a.sav"), user_missing=True)
    assert meta.mr_sets["partnere"]["variable_list"] == ["partnere_rc", "partnere_drc"]
    assert meta.mr_sets["partnere"]["counted_value"] == 1
    assert meta.mr_sets["partnere"]["label"] == "Hvem samarbejder I med?"
    assert meta.column_names_to_labels["partnere_drc"] == "Flygtningehjælpen"
    assert meta.missing_ranges == {"grad": [{"lo": 9.0, "hi": 9.0}]}
    assert frame["kom"].tolist() == ["0101", "NO", ""]


def test_sets_of_both_kinds_with_texts_and_long_danish_names_are_written(tmp_path: Path) -> None:
    answers = pd.DataFrame(
        {"udfordring_æøå_nummer_1": ["ja", "nej"], "udfordring_æøå_nummer_2": ["ja", ""], "a": ["1", "2"], "b": ["2", ""]}
    )
    sets = {
        "tekst": MultipleResponseSet("tekst", "Største udfordring", tuple(answers.columns[:2]), "D", "ja"),
        "flere": MultipleResponseSet("flere", "", ("a", "b"), "C", ""),
    }
    vvv.write_survey(Survey(answers, multiple_response_sets=sets), tmp_path / "a.zsav")
    assert vvv.read_survey(tmp_path / "a.zsav").multiple_response_sets == sets
    assert {name: facts["type"] for name, facts in pyreadstat.read_sav(str(tmp_path / "a.zsav"))[1].mr_sets.items()} == {
        "tekst": "D",
        "flere": "C",
    }


@pytest.mark.parametrize(
    ("answers", "more", "problem"),
    [
        ({"a": ["x\0y"]}, {}, "cannot be stored"),
        ({"a": ["1"], "A": ["2"]}, {}, "two columns"),
        ({"a" * 70: ["1"]}, {}, "longer than"),
        ({"a": ["1"]}, {"weight": "w"}, "weight"),
        ({"a": ["1"]}, {"missing": {"a": {"1": "", "5": "", "7": "", "-3": "", "-2": ""}}}, "missing codes"),
        ({"a": ["x"]}, {"missing": {"a": {"ønsker ikke": ""}}}, "eight bytes"),
        ({"d": ["i går"]}, {"variables": {"d": Variable("d", format="EDATE10")}}, "date"),
    ],
)
def test_what_spss_cannot_hold_is_one_error_and_no_file(
    tmp_path: Path, answers: dict[str, list[str]], more: dict[str, Any], problem: str
) -> None:
    with pytest.raises(SourceError, match=problem):
        vvv.write_survey(Survey(pd.DataFrame(answers), **more), tmp_path / "a.sav")
    assert not (tmp_path / "a.sav").exists()


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp")), max_size=300)


@settings(max_examples=60, deadline=None)
@given(
    data=st.lists(
        st.tuples(TEXTS, st.sampled_from(["1", "2", "", "-1"]), st.floats(allow_nan=False, allow_infinity=False, width=32)),
        min_size=1,
        max_size=12,
    ),
    ending=st.sampled_from(["sav", "zsav"]),
)
def test_any_text_code_and_number_survives_writing_and_reading(
    tmp_path_factory: pytest.TempPathFactory, data: list[Any], ending: str
) -> None:
    texts, codes, numbers = zip(*data, strict=True)
    labels = {"1": "Ja", "2": "Nej", "-1": "Ikke stillet"}
    variables = {"kode": Variable("kode", "Spørgsmål", labels, "F8.0", "nominal", ((-1.0, -1.0),))}
    answers = pd.DataFrame({"tekst": list(texts), "kode": list(codes), "tal": list(numbers)}).astype({"tekst": object, "kode": object})
    survey = Survey(answers, variables=variables, missing={"kode": {"-1": "Ikke stillet"}})
    target = tmp_path_factory.mktemp("spss") / f"a.{ending}"
    vvv.write_survey(survey, target)
    again = vvv.read_survey(target)
    assert again.answers["tekst"].tolist() == list(texts)
    assert again.answers["kode"].tolist() == list(codes)
    assert again.answers["tal"].tolist() == list(numbers)
    assert again.missing == survey.missing


CELLS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), max_size=40)


@settings(max_examples=40, deadline=None)
@given(
    data=st.lists(st.tuples(CELLS, st.sampled_from(["0101", "NO", ""]), st.sampled_from(["1", "0", ""])), min_size=1, max_size=10),
    ending=st.sampled_from(["csv", "xlsx"]),
)
def test_any_text_and_code_survives_a_table_and_its_questionnaire(
    tmp_path_factory: pytest.TempPathFactory, data: list[Any], ending: str
) -> None:
    texts, codes, ticks = (list(part) for part in zip(*data, strict=True))
    answers = pd.DataFrame({"ord": texts, "kom": codes, "partnere:rc": ticks, "partnere:drc": ["0" if tick else "" for tick in ticks]})
    target = tmp_path_factory.mktemp("table") / f"a.{ending}"
    vvv.write_survey(Survey(answers, ASKED), target)
    again = vvv.read_survey(target, ASKED).answers
    assert again["ord"].tolist() == texts
    assert again["kom"].tolist() == codes
    assert again["partnere:rc"].tolist() == ticks


def test_a_number_item_with_a_dont_know_code_stays_a_number_in_spss(tmp_path: Path) -> None:
    item = Item(id="timer", text=say("Timer"), type="number", options=(Option(code="99", label=say("Ved ikke"), role="dont_know"),))
    answers = pd.DataFrame({"timer": pd.Series([2.5, "99", 3.0], dtype=object)})
    vvv.write_survey(Survey(answers, questionnaire(item), missing={"timer": {"99": "Ved ikke"}}), tmp_path / "a.sav")
    frame, _ = pyreadstat.read_sav(str(tmp_path / "a.sav"), user_missing=True)
    assert frame["timer"].tolist() == [2.5, 99, 3]
    table = tabulate(vvv.read_survey(tmp_path / "a.sav", questionnaire(item)), "timer")
    assert (table.base.n, table.base.dont_know) == (2, 1)


# --- SPSS, damaged ---


def damaged(data: bytes, chance: random.Random, number: int) -> bytes:
    changed = bytearray(data)
    if number % 3 == 0:
        return bytes(changed[: chance.randrange(len(changed))])
    for _ in range(chance.randrange(1, 6)):
        place = chance.randrange(len(changed) - 4)
        if number % 3 == 1:
            changed[place] = chance.randrange(256)
        else:
            changed[place : place + 4] = chance.choice([b"\xff\xff\xff\x7f", b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x00\x00\x00\x80"])
    return bytes(changed)


@pytest.mark.parametrize("ending", ["sav", "zsav"])
def test_hundreds_of_damaged_files_are_read_or_refused_in_words(tmp_path: Path, ending: str) -> None:
    vvv.write_survey(own_survey(), tmp_path / f"a.{ending}")
    data, target, chance = (tmp_path / f"a.{ending}").read_bytes(), tmp_path / f"b.{ending}", random.Random(20211)
    refused = 0
    for number in range(300):
        target.write_bytes(damaged(data, chance, number))
        try:
            vvv.read_survey(target)
        except SourceError:
            refused += 1
    assert refused > 150


def test_a_cut_file_is_refused_wherever_it_is_cut(tmp_path: Path) -> None:
    vvv.write_survey(own_survey(), tmp_path / "a.sav")
    data = (tmp_path / "a.sav").read_bytes()
    for length in [*range(0, len(data) - 8, 37), *range(len(data) - 8, len(data))]:
        (tmp_path / "b.sav").write_bytes(data[:length])
        with pytest.raises(SourceError):
            vvv.read_survey(tmp_path / "b.sav")


def test_a_file_in_another_encoding_than_it_states_is_refused_and_read_when_told(tmp_path: Path) -> None:
    vvv.write_survey(own_survey(), tmp_path / "a.sav")
    data = (
        (tmp_path / "a.sav")
        .read_bytes()
        .replace("Røde Kors".encode(), b"R\xf8de Kors ")
        .replace("Æbler & øl".encode(), b"\xc6bler & \xf8l  ")
    )
    (tmp_path / "b.sav").write_bytes(
        data.replace("I hvor høj grad?".encode(), b"I hvor h\xf8j grad? ").replace("I høj grad".encode(), b"I h\xf8j grad ")
    )
    with pytest.raises(SourceError, match="encoding"):
        vvv.read_survey(tmp_path / "b.sav")
    told = vvv.read_survey(tmp_path / "b.sav", encoding="cp1252")
    assert told.answers["ord"].tolist()[0] == "Æbler & øl"
    assert told.variables["partnere_rc"].label == "Røde Kors"


def test_a_variable_name_that_stands_twice_is_refused(tmp_path: Path) -> None:
    pyreadstat.write_sav(pd.DataFrame({"aaa": [1.0], "aab": [2.0]}), str(tmp_path / "a.sav"))
    data = (tmp_path / "a.sav").read_bytes().replace(b"AAB", b"AAA").replace(b"aab", b"aaa")
    (tmp_path / "b.sav").write_bytes(data)
    with pytest.raises(SourceError, match="stands twice"):
        vvv.read_survey(tmp_path / "b.sav")


def test_a_portable_file_is_read_and_a_damaged_one_is_refused(tmp_path: Path) -> None:
    frame = pd.DataFrame({"Q1": [1.0, 2.0, 9.0], "T": ["a", "b", "c"]})
    pyreadstat.write_por(frame, str(tmp_path / "a.por"), column_labels={"Q1": "Henviser I?"})
    survey = vvv.read_survey(tmp_path / "a.por")
    assert survey.answers["Q1"].tolist() == [1, 2, 9]
    assert survey.answers["T"].tolist() == ["a", "b", "c"]
    assert survey.variables["Q1"].label == "Henviser I?"
    (tmp_path / "b.por").write_bytes((tmp_path / "a.por").read_bytes()[:300])
    with pytest.raises(SourceError, match="portable"):
        vvv.read_survey(tmp_path / "b.por")


def test_values_without_labels_are_kept_and_said(tmp_path: Path) -> None:
    frame = pd.DataFrame({"q": [1.0, 2.0, 3.0, 3.0]})
    pyreadstat.write_sav(frame, str(tmp_path / "a.sav"), variable_value_labels={"q": {1: "Lav", 5: "Høj"}})
    survey = vvv.read_survey(tmp_path / "a.sav")
    assert "2, 3" in str(survey.losses)
    counts = dict(zip(*(tabulate(survey, "q").frame[name] for name in ("code", "count")), strict=True))
    assert counts == {"1": 1, "2": 1, "3": 2, "5": 0}
    assert list(counts) == ["1", "2", "3", "5"]


def plain_system_file(order: str, page: int) -> bytes:
    """An uncompressed system file of one number (1 = "Ærø", 9 missing from 8 up) and one text, byte by byte."""
    codec = {1252: "cp1252", 65001: "utf-8"}[page]

    def pack(layout: str, *values: Any) -> bytes:
        return struct.pack(order + layout, *values)

    label = "Øer".encode(codec)
    header = (
        b"$FL2"
        + b"@(#) SPSS DATA FILE by hand".ljust(60)
        + pack("5id", 2, 2, 0, 0, 2, 100.0)
        + b"01 Jan 2112:00:00"
        + b" " * 64
        + b"\0" * 3
    )
    number = (
        pack("6i", 2, 0, 1, -2, 0x050800, 0x050800)
        + b"TAL     "
        + pack("i", len(label))
        + label.ljust(4)
        + pack("2d", 8.0, sys.float_info.max)
    )
    text = pack("6i", 2, 4, 0, 0, 0x010400, 0x010400) + b"KOM     "
    value = "Ærø".encode(codec)
    labels = pack("2id", 3, 1, 1.0) + bytes([len(value)]) + value.ljust(7) + pack("3i", 4, 1, 1)
    machine = pack("4i8i", 7, 3, 4, 8, 1, 0, 0, -1, 1, 1, 1 if order == ">" else 2, page)
    rows = pack("d", 1.0) + b"0101    " + pack("d", -sys.float_info.max) + "ÆØ".encode(codec).ljust(8)
    return header + number + text + labels + machine + pack("2i", 999, 0) + rows


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("page", [1252, 65001])
def test_uncompressed_files_of_either_byte_order_and_code_page_are_read_as_pyreadstat_does(tmp_path: Path, order: str, page: int) -> None:
    (tmp_path / "a.sav").write_bytes(plain_system_file(order, page))
    survey = vvv.read_survey(tmp_path / "a.sav")
    frame, meta = pyreadstat.read_sav(str(tmp_path / "a.sav"), user_missing=True)
    assert survey.answers["kom"].tolist() == frame["KOM"].tolist() == ["0101", "ÆØ"]
    assert survey.answers["tal"].tolist() == ["1", ""]
    assert survey.variables["tal"].label == meta.column_names_to_labels["TAL"] == "Øer"
    assert survey.variables["tal"].labels == {"1": "Ærø"}
    assert survey.variables["tal"].missing == ((8.0, float("inf")),)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(("ending", "how"), [("sav", {}), ("sav", {"row_compress": True}), ("zsav", {"compress": True})])
def test_random_files_of_every_compression_are_read_as_pyreadstat_does(
    tmp_path: Path, seed: int, ending: str, how: dict[str, bool]
) -> None:
    chance = np.random.default_rng(seed)
    rows = int(chance.integers(0, 300))
    columns: dict[str, Any] = {
        f"v{number}": chance.integers(-5, 300, rows).astype(float) if number % 3 else chance.normal(size=rows) for number in range(7)
    }
    columns["text"] = ["".join(chance.choice(list("abcæøå 12"), chance.integers(0, 600))).strip() for _ in range(rows)]
    frame = pd.DataFrame(columns).astype({"text": object})
    frame.loc[chance.random(rows) < 0.2, "v0"] = np.nan
    pyreadstat.write_sav(frame, str(tmp_path / f"a.{ending}"), **how)
    found = vvv.read_survey(tmp_path / f"a.{ending}").answers
    for column in frame:
        assert found[column].fillna(-99).tolist() == frame[column].fillna(-99).tolist()


def test_an_open_range_of_missing_values_is_written_as_spss_writes_it(tmp_path: Path) -> None:
    (tmp_path / "a.sav").write_bytes(plain_system_file("<", 65001))
    survey = vvv.read_survey(tmp_path / "a.sav")
    vvv.write_survey(survey, tmp_path / "b.sav")
    again = vvv.read_survey(tmp_path / "b.sav")
    assert {name: (one.missing, one.labels) for name, one in again.variables.items()} == {
        name: (one.missing, one.labels) for name, one in survey.variables.items()
    }
    assert pyreadstat.read_sav(str(tmp_path / "b.sav"), user_missing=True)[1].missing_ranges["tal"][0]["lo"] == 8


# --- drafting ---


@pytest.mark.parametrize("name", SAV)
def test_a_drafted_questionnaire_is_valid_and_fits_its_own_file(reference: Path, tmp_path: Path, name: str) -> None:
    survey = vvv.read_survey(reference / "sav" / name)
    (tmp_path / "q.toml").write_text(vvv.draft_questionnaire(survey), encoding="utf-8")
    asked = read_questionnaire(tmp_path / "q.toml")
    again = vvv.read_survey(reference / "sav" / name, asked)
    assert len(again.answers) == len(survey.answers)
    if name.startswith("pspp"):
        roles = {option.code: option.role for option in asked.item("q1").options}
        assert (roles["8"], roles["9"], roles["1"]) == ("refused", "dont_know", "answer")
        assert "-1" not in {option.code for option in asked.item("q3").options}
        assert "samarbejde:q4a" in again.answers.columns


def test_a_table_without_labels_is_drafted_from_its_values(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "kom;svar\n" + "\n".join(f"{number:04d};{'ja' if number % 3 else 'nej'}" for number in range(20)))
    (tmp_path / "q.toml").write_text(vvv.draft_questionnaire(vvv.read_survey(path)), encoding="utf-8")
    asked = read_questionnaire(tmp_path / "q.toml")
    assert [option.code for option in asked.item("svar").options] == ["ja", "nej"]
    assert asked.item("kom").type == "open"


# --- CSV and workbooks ---


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_labels_in_either_language_become_codes(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "respondent;kom;grad;timer\nx;Kbh;i høj grad ;2,5\ny;0101;Slet ikke (en);\nz;Nord;Ved ikke;3\n")
    survey = vvv.read_survey(path, ASKED)
    assert survey.answers["kom"].tolist() == ["0101", "0101", "NO"]
    assert survey.answers["grad"].tolist() == ["2", "1", "9"]
    assert survey.answers["timer"].tolist()[::2] == [2.5, 3.0]


def test_every_unknown_label_is_reported_at_once_with_its_line(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "respondent;kom;grad;partnere_rc;timer\nx;Sønd;1;måske;2\ny;Kbh;7;1;mange\nz;Nord;1;0;1.200\n")
    with pytest.raises(SchemaError) as caught:
        vvv.read_survey(path, ASKED)
    found = {(failure.row, failure.value) for failure in caught.value.failures}
    assert found == {(2, "Sønd"), (3, "7"), (2, "måske"), (3, "mange"), (4, "1.200")}


def test_two_answers_of_one_respondent_are_an_error_with_their_lines_unless_they_are_to_be_cleaned(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "respondent;kom\n0101;Kbh\n0102;Nord\n0101;Nord\n")
    with pytest.raises(SchemaError, match="more than one row") as caught:
        vvv.read_survey(path, ASKED)
    assert [(failure.row, failure.value) for failure in caught.value.failures] == [(2, "0101"), (4, "0101")]
    assert len(vvv.read_survey(path, ASKED, doubles="keep").answers) == 3


def test_tick_boxes_may_hold_ones_words_or_nothing(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "respondent;partnere_rc;partnere:drc\na;Røde Kors;\nb;x;1\nc;;\n")
    survey = vvv.read_survey(path, ASKED)
    assert survey.answers["partnere:rc"].tolist() == ["1", "1", ""]
    assert survey.answers["partnere:drc"].tolist() == ["0", "1", ""]
    assert "read as not ticked" in str(survey.losses)


def test_several_answers_in_one_cell_are_parted(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "respondent,partnere\na,rc; Flygtningehjælpen\nb,\nc,drc\n")
    survey = vvv.read_survey(path, ASKED)
    assert survey.answers["partnere:rc"].tolist() == ["1", "", "0"]
    assert survey.answers["partnere:drc"].tolist() == ["1", "", "1"]


def test_a_code_that_a_workbook_turned_into_a_number_is_told_apart_from_a_wrong_one(tmp_path: Path) -> None:
    files.write_workbook(tmp_path / "a.xlsx", {"a": pd.DataFrame({"kom": [101, 101], "grad": ["1", "2"]})})
    with pytest.raises(SchemaError, match="leading zeros"):
        vvv.read_survey(tmp_path / "a.xlsx", ASKED)


def test_a_file_that_swaps_two_labels_is_refused(tmp_path: Path) -> None:
    frame = pd.DataFrame({"grad": [1.0, 2.0]})
    pyreadstat.write_sav(frame, str(tmp_path / "a.sav"), variable_value_labels={"grad": {1: "I høj grad", 2: "Slet ikke"}})
    with pytest.raises(SchemaError, match="calls this code"):
        vvv.read_survey(tmp_path / "a.sav", ASKED)


def test_codes_of_a_labelled_file_are_matched_to_the_questionnaire_by_their_labels(tmp_path: Path) -> None:
    yes_no = Item(id="q", text=say("q"), type="single", options=(Option(code="yes", label=say("Ja")), Option(code="no", label=say("Nej"))))
    pyreadstat.write_sav(pd.DataFrame({"q": [1.0, 0.0]}), str(tmp_path / "a.sav"), variable_value_labels={"q": {1: "Ja", 0: "Nej"}})
    assert vvv.read_survey(tmp_path / "a.sav", questionnaire(yes_no)).answers["q"].tolist() == ["yes", "no"]


def test_columns_are_found_by_the_names_that_the_questionnaire_gives(tmp_path: Path) -> None:
    item = Item(id="q", column="s_12", text=say("q"), type="single", options=(Option(code="1", label=say("Ja")),))
    survey = vvv.read_survey(write(tmp_path / "a.csv", "S_12,region\n1,Nord\n"), questionnaire(item))
    assert survey.answers.columns.tolist() == ["q", "region"]


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("a.csv", "x,y\n1,2\n", "no column"),
        ("a.csv", "kom,kom\n1,2\n", "header"),
        ("a.csv", "respondent,kom\n,NO\n", "no identifier"),
        ("a.rds", "", "not read from"),
        ("a.sav", "kom\n", "not an SPSS"),
        ("a.xlsx", "kom\n", "workbook|zip|archive"),
    ],
)
def test_bad_files_are_one_clear_error(tmp_path: Path, name: str, text: str, problem: str) -> None:
    with pytest.raises(SourceError, match=problem):
        vvv.read_survey(write(tmp_path / name, text), ASKED)
