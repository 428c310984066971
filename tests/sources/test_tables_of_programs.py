"""Tables of coded passages are read as programs and people write them.

The rows follow the layouts that the programs' exports have; those of Taguette were written by the program itself.
"""

from __future__ import annotations

import csv
import zipfile
from pathlib import Path

import pytest

import vvvresearch as vvv
from vvvresearch import files
from vvvresearch.errors import SchemaError
from vvvresearch.sources import convert_codings

REFERENCE = Path(__file__).parent.parent / "data" / "reference" / "qda"
FIRST = (
    "Interviewer: Hvordan mødtes I?\n\n"
    "Vi mødtes på biblioteket en tirsdag.\n"
    "Hun er blevet som en søster for mig.\n\n"
    "Interviewer: Og nu?\n"
    "Vi spiser sammen hver uge.\n"
    "Nu har jeg arbejde. Vi spiser sammen hver uge."
)
SECOND = "Jeg fik arbejde på fabrikken.\nSproget er svært, men jeg øver mig hver dag."
TEXTS = {"Interview 1": FIRST, "Interview 2": SECOND}
SISTER, LIBRARY, FACTORY, LANGUAGE, MEAL = (
    "som en søster for mig",
    "på biblioteket en tirsdag",
    "Jeg fik arbejde på fabrikken.",
    "jeg øver mig hver dag",
    "Vi spiser sammen hver uge",
)
# A heading and a row of each program and of people.
LAYOUTS = (
    ("File/Case|Coded|Codename|Coder|Id", ("Interview 1", SISTER, "Relation", "ida", 4)),
    ("ID|Document|Quotation Content|Codes|Created by|Created", ("1:2", "Interview 1", SISTER, "Tæt\nNet", "Bo", "2022-11-28")),
    ("Media Title|Excerpt Copy|Codes Applied Combined", ("Interview 2", FACTORY, "Job, Sprog")),
    ("Name|References|Coverage|File|Text", ("Nodes\\Relation\\Tæt", 1, "1,2 %", "Files\\Interview 1", SISTER)),
    ("Document group|Document name|Code|Begin|End|Segment", ("Par", "Interview 1", "Relation", 4, 4, SISTER)),
    ("rowid|fid|codename|filename|index1|index2|seltext", (1, 1, "Relation", "Interview 2", 0, len(FACTORY), FACTORY)),
    ("id|document|tag|content", (1, "Interview 1", "people.family", SISTER)),
    ("Interview|Citat|Kode|Koder", ("Interview 1", SISTER, "Relation", "ij")),
)


def table(folder: Path, heading: str, *rows: tuple[object, ...], separator: str = ",") -> Path:
    path = folder / "export.csv"
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.writer(file, delimiter=separator)
        writer.writerow([name.strip() for name in heading.split("|")])
        writer.writerows(rows)
    return path


def read(path: Path, columns: tuple[str, ...] = ("source", "text", "code_path", "coder")) -> list[list[object]]:
    codings = vvv.read_codings(path, texts=TEXTS)
    for row in codings.frame[codings.frame["start"].notna()].itertuples():
        assert codings.texts[row.source][row.start : row.end] == row.text
    return codings.frame[list(columns)].values.tolist()


def told(path: Path) -> dict[str, int]:
    return {loss.what: loss.count for loss in vvv.read_codings(path, texts=TEXTS).losses}


def test_qualcoder_coding_reports(tmp_path: Path) -> None:
    path = table(tmp_path, "File/Case|Coded|Codename|Coder|Id", ("Interview 1", SISTER, "Relation", "ida", 4))
    assert read(path) == [["Interview 1", SISTER, "Relation", "ida"]]
    assert told(path) == {"cells of the column 'Id'": 1}


def test_atlas_quotations_with_several_codes_in_a_cell(tmp_path: Path) -> None:
    heading = "ID|Document|Quotation Content|Codes|Comment|Created by|Created"
    path = table(tmp_path, heading, ("1:2", "Interview 1", SISTER, "Relation::tæt\nNetværk", "vigtig", "Bo", "2022-11-28 10:11:12"))
    assert read(path) == [["Interview 1", SISTER, "Relation::tæt", "Bo"], ["Interview 1", SISTER, "Netværk", "Bo"]]
    assert read(path, ("memo", "date")) == [["vigtig", "2022-11-28T10:11:12"]] * 2


def test_dedoose_excerpts_with_a_comma_in_a_code(tmp_path: Path) -> None:
    heading = "Media Title|Excerpt Range|Excerpt Copy|Codes Applied Combined|Code: Job Applied|Code: Job\\Sprog, dansk Applied"
    start = SECOND.index(LANGUAGE)
    path = table(
        tmp_path,
        heading,
        ("Interview 2", "0-29", FACTORY, "Job", "True", "False"),
        ("Interview 2", f"{start}-{start + len(LANGUAGE)}", LANGUAGE, "Job, Sprog, dansk", "True", "True"),
    )
    assert read(path, ("text", "code_path")) == [[FACTORY, "Job"], [LANGUAGE, "Job"], [LANGUAGE, "Job > Sprog, dansk"]]
    plain = table(tmp_path, "Media Title|Excerpt Copy|Codes Applied Combined", ("Interview 2", FACTORY, "Job, Sprog"))
    assert read(plain, ("code_path",)) == [["Job"], ["Sprog"]]


def test_nvivo_lists_codes_of_a_file_and_files_of_a_code(tmp_path: Path) -> None:
    path = table(tmp_path, "Name|References|Coverage|File|Text", ("Nodes\\Relation\\Tæt", 1, "1,2 %", "Files\\Interview 1", SISTER))
    assert read(path, ("source", "text", "code_path")) == [["Interview 1", SISTER, "Relation > Tæt"]]
    assert told(path) == {"cells of the column 'References'": 1, "cells of the column 'Coverage'": 1}
    rows = files.read_csv(table(tmp_path, "Name|References|Coverage|Text", ("Files\\Interview 1", 1, "1,2 %", SISTER)))
    files.write_workbook(tmp_path / "export.xlsx", {"Relation": rows})
    assert read(tmp_path / "export.xlsx", ("source", "code_path")) == [["Interview 1", "Relation"]]


MAXQDA = "Color|Comment|Document group|Document name|Code|Begin|End|Weight score|Segment|Created by|Created"


@pytest.mark.parametrize(
    "heading", [MAXQDA, "Farbe|Kommentar|Dokumentgruppe|Dokumentname|Code|Anfang|Ende|Gewicht|Segment|Erstellt von|Erstellt am"]
)
@pytest.mark.parametrize("between", [" > ", "\\"])
def test_maxqda_begin_and_end_are_paragraphs_that_settle_what_the_quote_leaves_open(tmp_path: Path, heading: str, between: str) -> None:
    rows = [("LIBRARY", LIBRARY, 3), ("SISTER", SISTER, 4), ("WORK", "Nu har jeg arbejde", 8), ("MEAL", MEAL, 7), ("MEAL", MEAL, 8)]
    cells = [
        ("#ff0000", "", "Par 1", "Interview 1", f"Tema{between}{code}", n, n, 0, quote, "ida", "28.11.2022 10:11")
        for code, quote, n in rows
    ]
    path = table(tmp_path, heading, *cells, separator=";")
    codings = vvv.read_codings(path, texts=TEXTS)
    assert codings.frame["text"].tolist() == [quote for _, quote, _ in rows]
    assert codings.frame["start"].tolist()[-2:] == [FIRST.index(MEAL), FIRST.rindex(MEAL)]
    assert set(codings.frame["code_path"]) == {f"Tema > {code}" for code, _, _ in rows}
    assert set(codings.frame["date"]) == {"2022-11-28T10:11:00"}
    assert codings.sources.iloc[0].tolist() == ["Interview 1", "Par 1"]
    assert codings.codebook.frame.set_index("code_path").loc["Tema > SISTER", "color"] == "#ff0000"
    counted = {loss.what: loss.count for loss in codings.losses}
    assert counted["numbers of paragraphs or lines"] == 5
    assert counted["quotes that stand more than once"] == 2


def test_paragraphs_that_are_counted_in_no_known_way_settle_nothing(tmp_path: Path) -> None:
    rows = [
        ("", "", "", "Interview 1", "A", n, n, 0, quote, "", "")
        for quote, n in ((LIBRARY, 5), (SISTER, 9), ("Nu har jeg arbejde", 2), (MEAL, 7))
    ]
    codings = vvv.read_codings(table(tmp_path, MAXQDA, *rows), texts=TEXTS)
    assert codings.frame["start"].isna().tolist() == [False, False, False, True]


def test_a_paragraph_that_holds_the_quote_twice_settles_nothing(tmp_path: Path) -> None:
    quotes = [(LIBRARY, 3), (SISTER, 4), ("Nu har jeg arbejde", 8), ("Vi spiser", 7)]
    rows = [("", "", "", "Interview 1", "A", number, number + (number == 7), 0, quote, "", "") for quote, number in quotes]
    codings = vvv.read_codings(table(tmp_path, MAXQDA, *rows), texts=TEXTS)
    assert codings.frame["start"].isna().tolist() == [False, False, False, True]
    assert any(loss.what == "quotes that stand more than once in the transcript" for loss in codings.losses)


def test_one_name_in_two_groups_of_documents_is_two_interviews(tmp_path: Path) -> None:
    rows = [("", "", group, "Interview", "A", 1, 1, 0, SISTER, "", "") for group in ("Par 1", "Par 2")]
    assert read(table(tmp_path, MAXQDA, *rows), ("source",)) == [["Par 1 / Interview"], ["Par 2 / Interview"]]


def test_rqda_tables_as_r_writes_them(tmp_path: Path) -> None:
    start = FIRST.index(SISTER)
    row = (1, 7, 2, 1, "Relation", "Interview 1", start, start + len(SISTER), len(SISTER))
    path = table(tmp_path, "|rowid|cid|fid|codename|filename|index1|index2|CodingLength", row)
    assert read(path) == [["Interview 1", SISTER, "Relation", ""]]


def test_requal_tables_count_from_one(tmp_path: Path) -> None:
    start = FIRST.index(SISTER)
    row = ("Interview 1", "Relation", "ida", start + 1, start + len(SISTER), SISTER)
    assert read(table(tmp_path, "doc_name|code_name|user_name|segment_start|segment_end|segment_text", row)) == [
        ["Interview 1", SISTER, "Relation", "ida"]
    ]


@pytest.mark.parametrize("name", ["taguette-all.csv", "taguette-one-tag.csv"])
def test_what_taguette_wrote_gives_the_same_codings_as_its_project(name: str) -> None:
    project = vvv.read_codings(REFERENCE / "taguette.sqlite3")
    codings = vvv.read_codings(REFERENCE / name, texts=project.texts)
    columns = ["source", "start", "end", "text", "code_path"]
    assert sorted(codings.frame[columns].values.tolist()) == sorted(project.frame[columns].values.tolist())
    assert set(project.frame["code_path"]) == {"møde", "møde > tid", "møde > sted", "børn"}
    repeated = [loss.count for loss in codings.losses if loss.what == "rows that repeat a coding"]
    assert repeated == ([2] if "one-tag" in name else [])


def test_codebooks_that_taguette_wrote_are_trees_and_convert(tmp_path: Path) -> None:
    paths = ["børn", "møde", "møde > sted", "møde > tid"]
    assert vvv.read_codebook(REFERENCE / "taguette.qdc").paths == paths
    lost = convert_codings(REFERENCE / "taguette-codebook.csv", tmp_path / "book.qdc")
    book = vvv.read_codebook(tmp_path / "book.qdc")
    assert book.paths == paths
    assert book.frame["definition"].tolist() == ["", "hvor man mødes", "stedet", "hvornår"]
    assert [loss.what for loss in lost] == [
        f"cells of the column 'number of {what}' of the codebook" for what in ("highlights", "documents")
    ]
    assert not len(convert_codings(tmp_path / "book.qdc", tmp_path / "book.xlsx"))
    assert vvv.read_codebook(tmp_path / "book.xlsx").frame.equals(book.frame)


def test_a_sheet_typed_by_people_with_codes_coders_and_a_direction(tmp_path: Path) -> None:
    rows = [("Interview 1", SISTER.upper(), "Relation; Netværk", "ID", "imod"), ("Interview 2", "findes slet ikke", "Job", "BO", "for")]
    path = table(tmp_path, "Interview|Citat|Kode|Koder|Retning", *rows, separator=";")
    codings = vvv.read_codings(path, texts=TEXTS)
    assert codings.frame[["text", "code_path", "coder"]].values.tolist() == [
        [SISTER, "Relation", "ID"],
        [SISTER, "Netværk", "ID"],
        ["findes slet ikke", "Job", "BO"],
    ]
    assert "stance" not in codings.frame
    counted = {loss.what: (loss.count, loss.detail) for loss in codings.losses}
    assert counted["cells of the column 'Retning'"] == (2, "the column is not read")
    assert counted["quotes that are not in the transcript"] == (1, "kept without a place; row 3")
    declared = vvv.read_codings(path, texts=TEXTS, meaning={"stance": {"column": {"Retning": {"Imod": "contradicted"}}}})
    assert declared.frame["stance"].tolist() == ["contradicted", "contradicted", ""]
    assert any(loss.what == "cells of the column 'Retning' without a declared meaning" for loss in declared.losses)


@pytest.mark.parametrize(("values", "role"), [(("ID", "BO"), "coder"), (("Relation, tæt", "Netværk i byen"), "code_path")])
def test_koder_are_codes_or_coders_by_their_values(tmp_path: Path, values: tuple[str, str], role: str) -> None:
    other = ("Tema",) if role == "coder" else ()
    rows = [("Interview 1", SISTER, value, *(["Venner"] if other else [])) for value in values]
    path = table(tmp_path, "|".join(["Interview", "Citat", "Koder", *other]), *rows)
    assert [row[0] for row in read(path, (role,))] == list(values)


def test_ids_with_characters_that_nobody_sees_are_refused_with_their_rows(tmp_path: Path) -> None:
    path = table(
        tmp_path,
        "Interview|Citat|Kode",
        ("Interview 1", SISTER, "A"),
        ("Interview\u200b 1", SISTER, "A"),
        ("\u202eInterview 1", SISTER, "A"),
    )
    with pytest.raises(SchemaError) as caught:
        vvv.read_codings(path, texts=TEXTS)
    assert [failure.row for failure in caught.value.failures] == [3, 4]


def test_transcripts_may_be_word_documents(tmp_path: Path) -> None:
    folder = tmp_path / "transcripts"
    folder.mkdir()
    body = "".join(f"<w:p><w:r><w:t xml:space='preserve'>{line}</w:t></w:r></w:p>" for line in FIRST.split("\n"))
    word = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    with zipfile.ZipFile(folder / "Interview 1.docx", "w") as archive:
        archive.writestr("word/document.xml", f"<w:document {word}><w:body>{body}</w:body></w:document>")
    path = table(tmp_path, "Interview|Citat|Kode", ("Interview 1", SISTER, "A"))
    codings = vvv.read_codings(path, texts=folder)
    assert codings.texts["Interview 1"] == FIRST
    assert codings.frame.loc[0, "text"] == SISTER
