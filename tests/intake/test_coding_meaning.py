"""What codes, sets and columns of coded interviews say beside themes is asked, cases are no themes, and coders are known by name."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests.intake.planted import Planted
from vvvresearch.evidence import CODEBOOK_COLUMNS, Codebook, Codings, combine, joined, read_programme
from vvvresearch.intake import Proposal, load_map, normalised, propose, save_map, settle, with_decisions
from vvvresearch.sources import TypedTable, read_codings

PROGRAMME = read_programme(Path("nowhere"))
HEAD = ["interview", "start", "end", "text", "code_path", "coder"]


def project(folder: Path, rows: list[tuple[str, int, str, str]], name: str = "projekt.csv") -> Path:
    """Codings (interview, place, code, coder) as a table of ours: what one place holds is one passage."""
    cells = [[source, place, place + 10, f"ord {place} her", code, coder] for source, place, code, coder in rows]
    return Planted(name, [HEAD, *cells], "codings").write(folder)


def proposed(path: Path, **more: object) -> Proposal:
    return propose(path, programme=PROGRAMME, **more)  # type: ignore[arg-type]


def read(path: Path, proposal: Proposal, answers: dict[str, object] | None = None) -> Codings:
    return with_decisions(read_codings(path), settle(proposal, answers))


THEMES = [("I1", 0, "Udbytte > Sprog", "A"), ("I2", 0, "Udbytte > Sprog", "A"), ("I2", 50, "Ventetid", "A"), ("I3", 0, "Ventetid", "A")]


def test_a_code_whose_word_may_be_a_mood_is_asked_and_a_sure_one_is_not(tmp_path: Path) -> None:
    path = project(tmp_path, [*THEMES, ("I1", 0, "Udbytte > Sprog > Modsat", "A"), ("I3", 0, "Negativ", "A")])
    proposal = proposed(path)
    assert [(one.id, one.items) for one in proposal.questions] == [("meaning", ("Negativ",))]
    as_stance = read(path, proposal, {"meaning": "contradicted"}).frame
    assert as_stance.set_index(["source", "start", "code_path"])["stance"].to_dict() == {
        ("I1", 0, "Udbytte > Sprog"): "contradicted",
        ("I2", 0, "Udbytte > Sprog"): "",
        ("I2", 50, "Ventetid"): "",
        ("I3", 0, "Ventetid"): "contradicted",
    }
    as_theme = read(path, proposal, {"meaning": "-"})
    assert "Negativ" in as_theme.codebook.paths
    assert set(as_theme.frame.loc[as_theme.frame["source"] == "I3", "code_path"]) == {"Ventetid", "Negativ"}


@pytest.mark.parametrize(
    ("word", "value", "attribute"),
    [("Barn", "child", "beneficiary"), ("Senere", "later", "phase"), ("Uopfordret", "unprompted", "prompted")],
)
def test_phase_beneficiary_and_prompting_are_told_by_codes_that_stand_beside_themes(
    word: str, value: str, attribute: str, tmp_path: Path
) -> None:
    path = project(tmp_path, [*THEMES, *[(source, place, word, coder) for source, place, _, coder in THEMES[:3]]])
    proposal = proposed(path)
    assert [one.items for one in proposal.questions] == [(word,)]
    assert read(path, proposal, {"meaning": value}).frame[attribute].tolist() == [value, value, value, ""]


def test_a_mark_that_stands_beside_many_themes_is_asked_and_is_then_no_theme(tmp_path: Path) -> None:
    rows = [("I1", 0, "A", "X"), ("I1", 50, "B", "X"), ("I2", 0, "C", "X"), ("I3", 0, "A", "X")]
    path = project(tmp_path, [*rows, *[(source, place, "Stærkt citat", "X") for source, place, _, _ in rows]])
    proposal = proposed(path)
    assert [one.items for one in proposal.questions] == [("Stærkt citat",)]
    assert "Stærkt citat" not in read(path, proposal, {"meaning": "mark"}).codebook.paths


def test_codes_that_are_the_persons_interviewed_are_no_themes(tmp_path: Path) -> None:
    persons = [("I1", 0, "Cases > F-01", "A"), ("I2", 0, "Cases > V-01", "A"), ("I3", 0, "Cases > F-02", "A")]
    path = project(tmp_path, [*THEMES, *persons, ("I2", 50, "I2", "A")])
    proposal = proposed(path)
    assert proposal.questions == ()
    assert {one.id: one.value for one in proposal.decided if one.value == "case"} == {
        "meaning.code.cases": "case",
        "meaning.code.i2": "case",
    }
    assert read(path, proposal).codebook.paths == ["Udbytte", "Udbytte > Sprog", "Ventetid"]


def test_a_folder_of_persons_whose_codes_go_over_several_interviews_is_asked(tmp_path: Path) -> None:
    path = project(tmp_path, [*THEMES, ("I1", 0, "Personer > Nabo", "A"), ("I2", 0, "Personer > Nabo", "A")])
    assert [one.id for one in proposed(path).questions] == ["meaning.code.personer"]


def test_a_coder_whom_the_round_does_not_name_is_asked_and_may_be_one_it_knows(tmp_path: Path) -> None:
    path = project(tmp_path, [*THEMES, ("I3", 0, "Udbytte > Sprog", "Mette K")])
    proposal = proposed(path, coders=("A", "MK"))
    (question,) = proposal.questions
    assert question.id.startswith("coder.")
    assert read(path, proposal, {question.id: "MK"}).coders == ["A", "MK"]
    assert proposed(path).questions == ()


def test_next_year_the_same_words_mean_the_same_without_a_question(tmp_path: Path) -> None:
    first = project(tmp_path, [*THEMES, ("I3", 0, "Negativ", "A")])
    saved = save_map(settle(proposed(first), {"meaning": "contradicted"}))
    second = project(tmp_path, [*THEMES, ("I1", 0, "Negativ", "A"), ("I1", 0, "Positiv", "A")], "andet.csv")
    proposal = proposed(second, earlier=load_map(saved))
    assert [one.items for one in proposal.questions] == [("Positiv",)]
    assert {one.id: one.why for one in proposal.decided}["meaning.code.negativ"] == "map"


def sheet(folder: Path, rows: list[list[str]], name: str = "ark.xlsx") -> Codings:
    path = Planted(name, [["Interview", "Citat", "Kode", "Retning", "Koder"], *rows], "codings").write(folder)
    settled = settle(proposed(path), {"value.stance.imod": "contradicted", "value.stance.for": "affirmed"})
    return read_codings(TypedTable(normalised(path, settled).frames["codings"], path))


ROWS = [
    ["Interview 1", "vi lavede lektier sammen hver uge", "Udbytte/Sprog", "Imod", "MK"],
    ["Interview 2", "han hjalp mig med at læse brevene", "Udbytte/Sprog", "For", "MK"],
    ["Interview 2", "det tog lang tid at få et svar", "Udbytte/Tid", "For", "MK"],
]


def test_a_sheet_of_codings_says_its_stance_in_a_column_and_its_tree_with_a_slash(tmp_path: Path) -> None:
    frame = sheet(tmp_path, ROWS).frame
    assert frame[["code_path", "stance"]].to_numpy().tolist() == [
        ["Udbytte > Sprog", "contradicted"],
        ["Udbytte > Sprog", "affirmed"],
        ["Udbytte > Tid", "affirmed"],
    ]


def test_two_files_of_codings_are_one_whose_codes_are_named_by_the_fuller_path(tmp_path: Path) -> None:
    one = sheet(tmp_path, ROWS)
    other = read_codings(project(tmp_path, [("I9", 0, "Sprog", "LT"), ("I9", 50, "Nyt tema", "LT")]))
    both = combine([one, other])
    assert both.codebook.paths == ["Udbytte", "Udbytte > Sprog", "Udbytte > Tid", "Nyt tema"]
    assert both.frame["code_path"].value_counts().to_dict() == {"Udbytte > Sprog": 3, "Udbytte > Tid": 1, "Nyt tema": 1}
    assert both.coders == ["LT", "MK"]


def test_transcripts_join_registers_without_folder_ending_and_case_and_never_by_number_alone() -> None:
    book = Codebook(pd.DataFrame(columns=list(CODEBOOK_COLUMNS)))
    frame = pd.DataFrame({"source": ["Files\\Interview 03.DOCX", "FRI-01", "i05"], "code_path": "A"})
    register = pd.DataFrame({"interview": ["a", "b", "c"], "source": ["interview 03.docx", "FLY-01", "I05"]})
    assert joined(Codings(frame, book, {}), register).frame["source"].tolist() == ["interview 03.docx", "FRI-01", "I05"]


def test_a_word_that_comes_below_several_coded_themes_is_asked_once_and_says_the_same_of_each(tmp_path: Path) -> None:
    below = [("I1", 80, "Ventetid > skævt", "A"), ("I2", 80, "Udbytte > Sprog > skævt", "A"), ("I3", 80, "Udbytte > Ro > skævt", "A")]
    path = project(tmp_path, [*THEMES, ("I3", 30, "Udbytte > Ro", "A"), *below])
    proposal = proposed(path)
    assert [(one.id, one.items, one.targets) for one in proposal.questions] == [("meaning", ("skævt",), ("meaning.leaf.skaevt",))]
    found = read(path, proposal, {"meaning": "contradicted"}).frame.set_index("start").loc[80]
    assert sorted(zip(found["source"], found["code_path"], found["stance"], strict=True)) == [
        ("I1", "Ventetid", "contradicted"),
        ("I2", "Udbytte > Sprog", "contradicted"),
        ("I3", "Udbytte > Ro", "contradicted"),
    ]
    # Below one theme alone it is a theme like others.
    assert not proposed(project(tmp_path, [*THEMES, below[0]], "anden.csv")).questions


@pytest.mark.parametrize(("name", "coder"), [("tags_KM.csv", "KM"), ("tags (EN).csv", ""), ("KM og JB.csv", ""), ("Kodninger.csv", "")])
def test_who_coded_a_file_that_does_not_say_it_is_read_from_its_name(tmp_path: Path, name: str, coder: str) -> None:
    path = project(tmp_path, [(source, place, code, "") for source, place, code, _ in THEMES], name)
    assert set(read(path, proposed(path)).frame["coder"]) == {coder}
    # Where the rows say it, the name says nothing.
    assert set(read(own := project(tmp_path, THEMES, name), proposed(own)).frame["coder"]) == {"A"}
