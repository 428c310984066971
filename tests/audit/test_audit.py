"""Reports made up here, each with one contradiction: the audit names both places, and the clean text has none."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from vvvresearch.audit import Finding, audit, read_document
from vvvresearch.cli.main import app
from vvvresearch.errors import SourceError
from vvvresearch.statistics.rounding import possible_counts

TABLE = """Tabel 1. Hvor tit mødes I? (n=40)

| Svar | Antal | Andel |
|---|---|---|
| Hver uge | 18 | 45 % |
| Hver måned | 12 | 30 % |
| Sjældnere | 10 | 25 % |
| I alt | 40 | 100 % |

"""


def found(tmp_path: Path, text: str, name: str = "rapport.txt") -> tuple[Finding, ...]:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return audit([path]).findings


@pytest.mark.parametrize(
    ("clean", "wrong", "kind"),
    [
        ("37 af 56 kommuner (66 pct.) har en aftale.", "37 af 56 kommuner (76 pct.) har en aftale.", "count"),
        ("Af de 42 ledere mangler 31 % frivillige.", "Af de 42 ledere mangler 30 % frivillige.", "impossible"),
        ("Knap to tredjedele (66 pct.) svarer ja.", "Knap to tredjedele (46 pct.) svarer ja.", "word"),
        ("Andelen er steget fra 40 pct. til 52 pct.", "Andelen er faldet fra 40 pct. til 52 pct.", "direction"),
        ("Det steg fra 40 til 52 pct., altså 12 procentpoint.", "Det steg fra 40 til 52 pct., altså 15 procentpoint.", "difference"),
        ("I alt deltog 35 personer: 20 kvinder og 15 mænd.", "I alt deltog 36 personer: 20 kvinder og 15 mænd.", "sum"),
        (f"Tabel 1 viser, at 45 % mødes hver uge.\n\n{TABLE}", f"Tabel 1 viser, at 54 % mødes hver uge.\n\n{TABLE}", "table"),
        (TABLE, TABLE.replace("| 12 | 30 % |", "| 14 | 30 % |"), "sum"),
        (
            "Eleven spaces were in churches, five in libraries and three in halls, 19 in all.",
            "Eleven spaces were in churches, six in libraries and three in halls, 19 in all.",
            "sum",
        ),
        (
            "Grant holders spent £3.04 million of the £3.20 million, 95 per cent; the remaining £0.16 million was returned.",
            "Grant holders spent £3.04 million of the £3.20 million, 85 per cent; the remaining £0.16 million was returned.",
            "count",
        ),
        (f"Tabel 1 bygger på svar fra 40 par.\n\n{TABLE}", f"Tabel 1 bygger på svar fra 44 par.\n\n{TABLE}", "base"),
        (
            "The programme had 1,846 members at the end of 2021. At the end of 2021 there were 1,846 members in the programme.",
            "The programme had 1,846 members at the end of 2021. At the end of 2021 there were 1,864 members in the programme.",
            "retold",
        ),
    ],
)  # fmt: skip
def test_a_planted_contradiction_is_found_and_the_clean_text_has_none(tmp_path: Path, clean: str, wrong: str, kind: str) -> None:
    assert found(tmp_path, clean) == ()
    assert kind in {one.kind for one in found(tmp_path, wrong)}


def test_a_finding_names_the_sentence_and_the_row_of_the_table(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, f"Indledning.\n\nTabel 1 viser, at 54 % mødes hver uge.\n\n{TABLE}")
    assert [place.line for place in finding.places] == [3, 9]
    assert "Hver uge" in finding.places[1].quote


@pytest.mark.parametrize("base", [11, 42, 59, 72, 98])
def test_the_chance_of_seeing_a_wrong_percentage_is_that_of_brute_force(tmp_path: Path, base: int) -> None:
    impossible = [percent for percent in range(101) if not possible_counts(percent, base)]
    (finding,) = found(tmp_path, f"Af de {base} kommuner henviser {impossible[0]} % til tilbuddet.")
    assert finding.chance == pytest.approx(len(impossible) / 101)


def test_from_a_hundred_on_no_whole_percentage_is_impossible(tmp_path: Path) -> None:
    assert all(found(tmp_path, f"Af de 100 kommuner henviser {percent} % til tilbuddet.") == () for percent in (3, 47, 99))


def test_a_fact_told_with_another_value_in_a_second_report_is_found(tmp_path: Path) -> None:
    for name, count in (("one.txt", "7.173"), ("two.txt", "7.137")):
        text = f"Ved udgangen af 2018 havde {count} flygtninge en frivillig ven gennem projektet."
        (tmp_path / name).write_text(text, encoding="utf-8")
    (finding,) = audit([tmp_path / "one.txt", tmp_path / "two.txt"]).findings
    assert {place.file for place in finding.places} == {"one.txt", "two.txt"}


def test_html_and_word_are_read_like_text(tmp_path: Path) -> None:
    rows = "".join(
        f"<tr><td>{label}</td><td>{count}</td></tr>" for label, count in (("Ja", 22), ("Nej", 14), ("Ved ikke", 6), ("I alt", 44))
    )
    head = "<html><style>p { width: 30% }</style><p>Tabel 1. Henviser I?</p><table><tr><th>Svar</th><th>Antal</th></tr>"
    page = f"{head}{rows}</table></html>"
    assert [one.kind for one in found(tmp_path, page, "rapport.html")] == ["sum"]
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    with zipfile.ZipFile(tmp_path / "rapport.docx", "w") as archive:
        text = "37 af 56 kommuner (76 pct.) har en aftale."
        raised = '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>3</w:t></w:r>'
        body = f'<w:document xmlns:w="{word}"><w:body><w:p><w:r><w:t>{text}</w:t></w:r>{raised}</w:p></w:body></w:document>'
        archive.writestr("word/document.xml", body)
    (finding,) = audit([tmp_path / "rapport.docx"]).findings
    assert finding.kind == "count"
    assert finding.places[0].quote == text


@pytest.mark.parametrize(
    "text",
    [
        "I alt havde 7.173 flygtninge en ven. Det var 926 flere i 20203 end året før.",
        "Tabel 2 viser meget. De kan sætte flere kryds, så tallene giver 140 %.",
        "Der er hver anden uge møde for de 12 ledere, og hver tredje lørdag er der kursus.",
        "Målet er mindst 7.000 deltagere; i dag er der 6.063 deltagere.",
        "Total 101 % på grund af afrunding.",
    ],
)
def test_what_only_looks_like_a_contradiction_is_left_alone(tmp_path: Path, text: str) -> None:
    assert found(tmp_path, text) == ()


def test_a_table_that_is_a_picture_is_listed_and_never_guessed(tmp_path: Path) -> None:
    path = tmp_path / "rapport.html"
    path.write_text("<p>Tabel 3. Svar fordelt på år (n=40)</p><img src='t.png' alt='Tabel 3'><p>Af tabel 3 ses 45 %.</p>", encoding="utf-8")
    document = read_document(path)
    assert {one.reason for one in document.unread} == {"picture", "table"}
    assert audit([path]).findings == ()


def test_a_file_of_another_kind_is_refused_with_what_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "rapport.xlsx").write_bytes(b"")
    with pytest.raises(SourceError, match="no kind of report"):
        audit([tmp_path / "rapport.xlsx"])


def test_the_command_prints_findings_as_a_list_of_objects(tmp_path: Path) -> None:
    path = tmp_path / "rapport.txt"
    path.write_text("37 af 56 kommuner (76 pct.) har en aftale.", encoding="utf-8")
    done = CliRunner().invoke(app, ["audit", str(path), "--json"])
    (row,) = json.loads(done.stdout)
    assert done.exit_code == 1
    assert {"line", "quote", "kind", "what", "why", "ground", "chance"} <= set(row)
    assert (row["line"], row["kind"]) == (1, "count")


ROWS = """Tabel 1. Hvad ville have hjulpet? (n=89)

| Svar | Familier |
|---|---|
| Flere besøg | 47 |
| Andre forældre | 31 |
| Et kursus | 11 |

"""


@pytest.mark.parametrize(
    ("clean", "wrong", "kind"),
    [
        ("Over halvdelen af skolerne, 17 ud af 30, har det.", "Over halvdelen af skolerne, 12 ud af 30, har det.", "word"),
        ("Her er 45 % kvinder og 55 % mænd.", "Her er 45 % kvinder og 58 % mænd.", "sum"),
        ("I alt 384 børn var med. Der var 201 piger og 183 drenge.", "I alt 384 børn var med. Der var 231 piger og 183 drenge.", "sum"),
        ("I alt 88 af de 221 tog kurset; 133 gjorde det ikke.", "I alt 88 af de 221 tog kurset; 143 gjorde det ikke.", "sum"),
        ("Der var 24 interview, heraf 14 med unge og 10 med ledere.", "Der var 24 interview, heraf 24 med unge og 10 med ledere.", "sum"),
        (
            "Året kostede 6,4 mio. kr. Heraf gik 4,1 mio. kr. til løn og 2,3 mio. kr. til drift.",
            "Året kostede 6,4 mio. kr. Heraf gik 4,7 mio. kr. til løn og 2,3 mio. kr. til drift.",
            "sum",
        ),
        ("Skemaet gik til 900 hjem. I alt 468 svarede (52 %).", "Skemaet gik til 900 hjem. I alt 468 svarede (57 %).", "count"),
        ("Her er 49 %. Blandt andre er det 37 %. Forskellen er 12 procentpoint.",
         "Her er 49 %. Blandt andre er det 37 %. Forskellen er 21 procentpoint.", "difference"),
        ("I 2021 kom 316 unge. Det er en stigning fra 270 unge.", "I 2021 kom 316 unge. Det er et fald fra 270 unge.", "direction"),
        ("Der kom 89 hold i 2021 mod 64 i 2020, altså en vækst.",
         "Der kom 89 hold i 2021 mod 64 i 2020, altså en tilbagegang.", "direction"),
        (ROWS, ROWS.replace("n=89", "n=98") + "De 89 familier blev spurgt.", "base"),
        (f"{ROWS}Flere besøg nævnes af 47 familier.", f"{ROWS}Flere besøg nævnes af 74 familier.", "table"),
        (f"Svarene ses i tabel 1.\n\n{ROWS}", f"Svarene ses i tabel 3.\n\n{ROWS}", "reference"),
        ("Her er 212 frivillige. Tak til de 212 frivillige!", "Her er 212 frivillige. Tak til de 221 frivillige!", "retold"),
    ],
)  # fmt: skip
def test_what_a_reader_works_out_from_two_places_is_found(tmp_path: Path, clean: str, wrong: str, kind: str) -> None:
    assert found(tmp_path, clean) == ()
    assert kind in {one.kind for one in found(tmp_path, wrong)}


@pytest.mark.parametrize(
    "text",
    [
        "Blandt de 89 virksomheder har 36 procent under ti ansatte.",
        "Der er 162 faglærte og 157 ingen uddannelse har.",
        "Året kostede 6,4 mio. kr. Heraf gik 4,1 mio. kr. til løn og 1,3 mio. kr. til drift. Resten er sparet op.",
        "I alt kom 384 børn. I 2020 var 150 piger og 120 drenge med.",
        "Her er 212 frivillige. I 2019 var de 221 frivillige samlet i én klub.",
        f"{ROWS}I en anden by nævnes flere besøg af 52 familier i 2019.",
        "Der er 40 elever i klubben, og de 40 børn mødes hver fredag.",
    ],
)
def test_what_only_looks_like_one_fact_told_twice_is_left_alone(tmp_path: Path, text: str) -> None:
    assert found(tmp_path, text) == ()


def test_a_row_whose_label_nearly_touches_its_cells_is_read(tmp_path: Path) -> None:
    caption = "Table 1. How did you hear of us? (n = 60)"
    text = f"{caption}\n\nSource        Number  Per cent\nFriends       31         52\nSocial media 19         32\n"
    path = tmp_path / "report.txt"
    path.write_text(f"{text}Other         10         17\n", encoding="utf-8")
    (table,) = [block.table for block in read_document(path).blocks if block.table is not None]
    assert [row.label for row in table.rows] == ["Friends", "Social media", "Other"]
