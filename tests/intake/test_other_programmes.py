"""Files of another programme: its own halves, levels of codes, goals in a Word table, and no map that speaks for a text."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from books import book
from typer.testing import CliRunner

from vvvresearch.cli.main import app
from vvvresearch.evidence import Programme, venner_viser_vej
from vvvresearch.intake import normalised, propose, settle
from vvvresearch.rounds import propose_source

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def document(path: Path, lines: list[str], rows: list[list[str]]) -> Path:
    paragraphs = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in lines)
    cells = "".join("<w:tr>" + "".join(f"<w:tc><w:p><w:r><w:t>{cell}</w:t></w:r></w:p></w:tc>" for cell in row) + "</w:tr>" for row in rows)
    table = f"<w:tbl>{cells}</w:tbl>" if rows else ""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", f'<w:document xmlns:w="{WORD}"><w:body>{paragraphs}{table}</w:body></w:document>')
    return path


@pytest.fixture
def readers() -> Programme:
    data = venner_viser_vej().model_dump()
    words = {"label": {"da": "Læsere", "en": "Readers"}, "one": {"da": "læser", "en": "reader"}, "aliases": []}
    data["groups"]["reader"] = words
    data["groups"]["buddy"] = words | {"label": {"da": "Læsevenner", "en": "Buddies"}, "one": {"da": "læseven", "en": "buddy"}}
    data["halves"] = ["reader", "buddy"]
    return Programme.model_validate(data)


def test_the_halves_of_a_programme_are_found_below_a_merged_heading_that_ends_where_it_ends(tmp_path: Path, readers: Programme) -> None:
    rows = [["Personer", None, "Tid", None, None], ["Læser nr.", "Læseven nr.", "Start", "Slut", "Henvist af"]]
    rows += [[f"L{n}", f"V{n}", f"{n}. marts 2024", f"{n}. maj 2024", ("Skole", "Bibliotek")[n % 2]] for n in range(1, 13)]
    proposal = propose(book(tmp_path / "par.xlsx", rows, ("A1:B1", "C1:D1")), programme=readers)
    roles = {one.what: one.value for one in proposal.decided if one.id.startswith("column.")}
    assert (proposal.kind, roles["Personer - Læser nr."], roles["Personer - Læseven nr."]) == ("matches", "refugee", "volunteer")
    assert roles["Henvist af"] == "referral_source", "no heading above it"


def codes(folder: Path, pairs: list[tuple[str, str]]) -> Path:
    text = "Det var godt at komme lidt ud"
    return book(
        folder / "koder.xlsx", [["Interview", "Citat", "Tema", "Undertema"], *([n % 4, text, *pair] for n, pair in enumerate(pairs))]
    )


def test_a_theme_above_its_subtheme_is_one_path_where_each_lies_under_one(tmp_path: Path) -> None:
    path = codes(tmp_path, [("Hverdag", "Mad"), ("Hverdag", "Bolig"), ("Skole", "Lektier")] * 4)
    proposal = propose(path, programme=venner_viser_vej())
    assert {one.id: one.value for one in proposal.decided}["column.tema"] == "parent"
    settled = settle(proposal, {one.id: one.proposal for one in proposal.questions})
    assert list(normalised(path, settled).frames["codings"]["code"])[:3] == ["Hverdag > Mad", "Hverdag > Bolig", "Skole > Lektier"]


def test_a_subtheme_under_two_themes_is_asked_for(tmp_path: Path) -> None:
    path = codes(tmp_path, [("Hverdag", "Mad"), ("Skole", "Mad"), ("Skole", "Lektier")] * 4)
    assert "role.code" in {one.id for one in propose(path, programme=venner_viser_vej()).questions}


def test_goals_in_a_word_table_are_a_list_of_goals(tmp_path: Path) -> None:
    path = document(tmp_path / "maal.docx", ["Aftale"], [["Mål", "Måltal"], ["Få forløb brydes", "højst 25 %"], ["Flere par mødes", "120"]])
    decided = {one.id: one.value for one in propose(path, programme=venner_viser_vej()).decided}
    assert (decided["kind"], decided["goal.1.target"], decided["goal.1.direction"], decided["goal.2.text"]) == (
        "goals", "25 %", "at_most", "Flere par mødes",
    )  # fmt: skip


def test_no_map_of_a_file_without_headings_speaks_for_a_text_of_no_kind(tmp_path: Path) -> None:
    (tmp_path / "koder.csv").write_text("document,tag,content\nI1,Skole,Det var godt at komme ud\n", encoding="utf-8")
    minutes = document(tmp_path / "referat.docx", ["Referat af møde", "1. Velkomst", "2. Status på arbejdet"], [])
    root = tmp_path / "w"
    for arguments in (["init", str(root)], ["new-round", "r2030", "--root", str(root)]):
        assert CliRunner().invoke(app, arguments).exit_code == 0
    assert CliRunner().invoke(app, ["add", "r2030", str(tmp_path / "koder.csv"), "--yes", "--root", str(root)]).exit_code == 0
    assert [one.id for one in propose_source(root, "r2030", minutes).questions] == ["kind"]
    refused = CliRunner().invoke(app, ["add", "r2030", str(minutes), "--yes", "--root", str(root)])
    assert refused.exit_code == 1
    assert not [*root.rglob("referat.docx")]


def test_an_answer_for_each_word_may_stand_in_a_table_of_the_answers_file(tmp_path: Path) -> None:
    rows = [["Interview", "Citat", "Kode", "Retning"]]
    rows += [[n % 3, "Det var godt at komme lidt ud", "Skole", ("for", "imod")[n % 2]] for n in range(8)]
    path = book(tmp_path / "koder.xlsx", rows)
    answers = tmp_path / "svar.toml"
    answers.write_text('"values.stance" = { for = "affirmed", imod = "contradicted" }\n', encoding="utf-8")
    root = tmp_path / "w"
    for arguments in (["init", str(root)], ["new-round", "r2030", "--root", str(root)]):
        assert CliRunner().invoke(app, arguments).exit_code == 0
    result = CliRunner().invoke(app, ["add", "r2030", str(path), "--yes", "--answers", str(answers), "--root", str(root)])
    assert result.exit_code == 0, result.output


def test_who_coded_is_no_code_where_another_column_is_the_code(tmp_path: Path) -> None:
    # Each code once and one coder throughout: what stands in the cells speaks for the wrong one.
    codes = ["Udbytte > Sprog", "Udbytte > Netværk", "Udfordringer > Tid", "Aktiviteter > Ture", "Virker > Ligeværd", "Udbytte > Arbejde"]
    rows = [[f"I{place}", code, "Mia", f"Det {place}. sagde hun om {code.lower()}."] for place, code in enumerate(codes)]
    for heads in (["Kilde", "Kode", "Koder", "Citat"], ["Kilde", "Koder", "Kode", "Citat"]):
        ordered = [[dict(zip(["Kilde", "Kode", "Koder", "Citat"], row, strict=True))[head] for head in heads] for row in rows]
        proposal = propose(book(tmp_path / "kodninger.xlsx", [heads, *ordered]), programme=venner_viser_vej())
        decided = {one.what: one.value for one in proposal.decided}
        asked = {item for question in proposal.questions for item in question.items}
        assert decided.get("Koder") == "coder" or "Koder = coder" in asked
        assert decided.get("Kode") == "code" or "Kode = code" in asked
        assert proposal.losses == ()
