"""A view chooses what is seen; base, notes and numbers stay those of the whole."""

from __future__ import annotations

import io

import pandas as pd
import pytest

from vvvresearch.errors import AnalysisError
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Phrase
from vvvresearch.results import Base, Column, Interval, Labels, Measure, Move, Names, Result, Share

WORDS = {("refers", "yes"): "Henviser", ("refers", "no"): "Henviser ikke", ("wish", "yes"): "Ja", ("wish", "no"): "Nej"}


def table(**more: object) -> Result:
    frame = pd.DataFrame(
        {
            "item": ["refers", "refers", "wish", "wish"],
            "code": ["yes", "no", "yes", "no"],
            "count": [30, 12, 2, 5],
            "n": [42, 42, 7, 7],
            "lower": [0.5, 0.1, float("nan"), 0.2],
            "upper": [0.8, 0.4, float("nan"), 0.9],
        }
    )
    settings: dict[str, object] = {
        "frame": frame,
        "at": "s",
        "keys": ("item", "code"),
        "measures": (Measure("count"), Measure("share", "share", count="count")),
        "labels": {"code": Labels(WORDS, on=("item", "code")), "item": Labels({"refers": Phrase("common.yes"), "wish": "Ønske"})},
        "shows": (
            Column("item", "Spørgsmål"),
            Column("code", "Svar"),
            Share("share", "Andel", counts=True),
            Interval("limits", "Interval", scale=100),
        ),
        "title": "Svar",
    }
    return Result(base=Base(42, "municipality"), **{**settings, **more})  # type: ignore[arg-type]


def test_words_are_made_when_it_is_shown_and_the_frame_holds_codes() -> None:
    shown = table().shown()
    assert shown.iloc[0].tolist() == ["ja", "Henviser", "71\u00a0% (30 af 42)", "50 til 80"]
    assert shown.iloc[2].tolist() == ["Ønske", "Ja", "2 af 7", "–"]
    assert table().in_language("en").shown().iloc[0].tolist() == ["yes", "Henviser", "71% (30 of 42)", "50 to 80"]
    assert table().frame["code"].tolist() == ["yes", "no", "yes", "no"]


def test_no_sign_in_a_label_reaches_a_terminal() -> None:
    said = repr(table(title="Svar\x1b[31m", labels={"code": Labels({("refers", "yes"): "Hen\u202eviser\u200b"}, on=("item", "code"))}))
    assert "Henviser" in said
    assert not {"\x1b", "\u202e", "\u200b"} & set(said)


def test_another_language_shares_the_frame() -> None:
    danish = table()
    assert danish.in_language("en").frame is danish.frame


@pytest.mark.parametrize(
    ("condition", "rows"),
    [
        ("count > 10", [0, 1]),
        ("count > 10 and code == 'no'", [1]),
        ("not count > 10", [2, 3]),
        ("code in ('yes',) or n < 10", [0, 2, 3]),
        ("code not in ('yes',)", [1, 3]),
        ("lower >= 0.2", [0, 3]),
        ("1 < count < 12", [2, 3]),
    ],
)
def test_rows_are_chosen_by_a_condition_and_the_note_says_how_many_are_shown(condition: str, rows: list[int]) -> None:
    view = table().where(condition)
    assert list(view.places) == rows
    assert f"Viser {len(rows)} af 4 rækker." in view.note
    assert view.base.n == 42


REFUSED = ["__import__('os')", "count.sum() > 1", "count +", "(lambda: 1)()", "count > [1].pop()", "n @ 2", "nope > 1"]


@pytest.mark.parametrize("condition", REFUSED)
def test_a_condition_is_never_run(condition: str) -> None:
    with pytest.raises(AnalysisError):
        table().where(condition)


def test_words_and_numbers_are_not_compared() -> None:
    with pytest.raises(AnalysisError, match="cannot be compared"):
        table().where("code > 3")


def test_the_largest_come_first_and_a_share_may_be_what_is_asked_for() -> None:
    assert list(table().top(2, by="count").places) == [0, 1]
    assert list(table().top(2, by="share").places) == [0, 3]
    with pytest.raises(AnalysisError, match="did you mean count"):
        table().top(2, by="cuont")


def test_a_view_of_a_view_keeps_what_was_left_out() -> None:
    view = table().where("count < 20").top(1, by="count")
    assert list(view.places) == [1]
    assert "Viser 1 af 4 rækker." in view.note


def test_columns_are_chosen_by_name_and_their_notes_go_with_them() -> None:
    noted = table(shows=(Column("code", "Svar"), Column("p", "p", "p", note="Justeret for 55 test.")), frame=table().frame.assign(p=0.04))
    assert "Justeret" in noted.note
    assert "Justeret" not in noted.columns("code").note
    assert list(noted.columns("count", "code").shown().columns) == ["count", "Svar"]
    with pytest.raises(AnalysisError, match="did you mean code"):
        noted.columns("cod")


def test_groups_stand_side_by_side_gathered_by_value_and_never_by_label() -> None:
    both = Labels({"north": "Region", "south": "Region"})
    frame = pd.DataFrame({"item": ["a", "a", "b", "b"], "group": ["north", "south"] * 2, "count": [1, 2, 3, 4], "n": [10, 20, 10, 20]})
    wide = Result(
        frame=frame,
        base=Base(30),
        keys=("item", "group"),
        labels={"group": both},
        shows=(Column("item", "Tema"), Share("share", "Andel", across="tabulation.group_n"), Column("note", once=True)),
    )
    shown = Result(**{**vars(wide), "frame": frame.assign(note=["x", "x", "y", "y"])}).across("group").shown()
    assert list(shown.columns) == ["Tema", "Region (n = 10)", "Region (n = 20)", "note"]
    assert shown.to_numpy().tolist() == [["a", "10\u00a0%", "10\u00a0%", "x"], ["b", "30\u00a0%", "20\u00a0%", "y"]]
    with pytest.raises(AnalysisError, match="no key"):
        wide.across("region")


def test_a_group_that_lacks_a_row_has_a_dash_and_no_zero() -> None:
    frame = pd.DataFrame({"item": ["a", "a", "b"], "group": ["x", "y", "x"], "count": [1, 2, 3]})
    wide = Result(frame=frame, base=Base(3), keys=("item", "group"), shows=(Column("item"), Column("count", format="count")))
    assert wide.across("group").shown().to_numpy().tolist() == [["a", "1", "2"], ["b", "3", "–"]]


def test_a_branch_of_a_tree_is_cut_by_path_and_by_level() -> None:
    paths = ["Udbytte", "Udbytte > Dansk", "Udbytte > Dansk > Ord", "Udbytter", "Andet"]
    tree = Result(frame=pd.DataFrame({"code_path": paths, "n": range(5)}), base=Base(5), tree="code_path")
    assert tree.part(under="Udbytte").frame["code_path"].tolist() == paths[:3]
    assert tree.part(under="Udbytte", depth=2).frame["code_path"].tolist() == paths[:2]
    assert "Viser" not in tree.part(depth=1).note
    with pytest.raises(AnalysisError, match="did you mean Udbytte"):
        tree.part(under="Udbyte")


def test_moves_and_names_are_composed_of_columns() -> None:
    frame = pd.DataFrame({"before": [26, 2], "after": [20, 1], "n": [35, 4], "pairs": [["P01", "P02"], []]})
    made = Result(frame=frame, base=Base(35), shows=(Move("move", "Før og efter"), Names("pairs", "Par")))
    assert made.shown().to_numpy().tolist() == [["74\u00a0% → 57\u00a0% (n = 35)", "P01, P02"], ["2 → 1 (n = 4)", ""]]


def test_an_absent_result_is_false_and_says_its_sentence_whatever_is_asked_of_it() -> None:
    gone = Result.missing(Phrase("absent.codings"))
    for shown in (gone, gone["refused"], gone.where("x > 1"), gone.top(3, by="n"), gone.part(under="x"), gone.across("g"), gone.cards()):
        assert not shown
        assert shown.to_markdown() == "Runden har ingen kodninger.\n"
    assert gone.cells == ()
    with pytest.raises(AnalysisError) as caught:
        gone.cell("share")
    assert caught.value.why == "Runden har ingen kodninger."


def test_a_part_is_reached_by_name_and_a_column_too() -> None:
    whole = table(parts={"refused": table(title="Afvist")})
    assert whole["refused"].title == "Afvist"
    assert whole["count"].tolist() == [30, 12, 2, 5]
    with pytest.raises(AnalysisError, match="did you mean refused"):
        _ = whole["refusd"]


def test_cards_and_quotations_leave_out_what_is_empty_and_escape_what_was_said() -> None:
    frame = pd.DataFrame({"text": ["Jeg kan *alt* {{< include x >}}", "B"], "speaker": ["Amal, flygtning", ""]})
    made = Result(frame=frame, base=Base(2), shows=(Column("text", "Citat"), Column("speaker", "Hvem")))
    quoted = made.as_quotes().to_markdown()
    assert "> »Jeg kan \\*alt\\* \\{\\{\\< include x \\>\\}\\}«" in quoted
    assert quoted.count("— ") == 1
    card = made.cards().to_markdown()
    assert card.count("::: {.card}") == 2
    assert card.count("Hvem: ") == 1


def test_the_kind_of_data_stands_in_every_form() -> None:
    made = table(kind=DataKind.SYNTHETIC)
    assert "Syntetiske data" in made.to_markdown()
    assert "Syntetiske data" in made.to_html()
    assert "Syntetiske data" in made.to_latex()
    about = pd.read_excel(io.BytesIO(made.to_excel()), sheet_name="about").set_index("key")["text"]
    assert about["data"] == "Syntetiske data"


def test_an_export_has_address_plain_numbers_and_words_in_both_languages() -> None:
    exported = pd.read_csv(io.StringIO(table().to_csv()))
    assert exported["address"].tolist()[0] == "s.refers.yes"
    assert exported["share"].tolist()[0] == pytest.approx(30 / 42)
    assert exported["count"].dtype.kind == "i"
    assert exported[["item_da", "item_en"]].iloc[0].tolist() == ["ja", "yes"]


def test_a_long_table_prints_no_more_than_a_screen() -> None:
    frame = pd.DataFrame({"n": range(5000), "words": ["x" * 500] * 5000})
    assert len(repr(Result(frame=frame, base=Base(5000)))) <= 2000


def test_latex_and_html_show_hostile_text_as_it_is() -> None:
    made = Result(frame=pd.DataFrame({"a": ["<script>&_$% \\input{x}"]}), base=Base(1))
    assert "<script>" not in made.to_html()
    assert r"\textbackslash{}input\{x\}" in made.to_latex()


def test_words_of_a_column_that_the_table_does_not_have_are_not_exported() -> None:
    frame = pd.DataFrame({"item": ["helped"], "mean": [2.5]})
    labels = {
        "code": Labels({"yes": "Ja"}),
        "by": Labels({("x", "y"): "Z"}, on=("item", "group")),
        "why": Labels({("helped",): "Fordi"}, on=("item",)),
    }
    text = Result(frame=frame, base=Base(4), labels=labels).to_csv()
    assert text.splitlines() == ["item,mean,why_da,why_en,data_kind", "helped,2.5,Fordi,Fordi,real"]


def test_a_printed_table_leaves_out_what_is_empty_and_says_where_there_are_no_rows() -> None:
    frame = pd.DataFrame({"a": ["x", "y"], "unit": ["", ""], "b": ["1", ""]})
    result = Result(frame=frame, base=Base(2, "municipality"), shows=(Column("a", "A"), Column("unit", "Enhed"), Column("b", "B")))
    printed = [line.split("|")[1:-1] for line in result.to_markdown().split("\n") if line.startswith("|")]
    assert [cell.strip() for cell in printed[0]] == ["A", "B"]
    assert [[cell.strip() for cell in row] for row in printed[2:]] == [["x", "1"], ["y", ""]]
    empty = result.where("a == 'z'")
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in empty.to_markdown().split("\n") if line.startswith("|")]
    assert rows[0] == ["A", "Enhed", "B"]
    assert rows[2:] == [["ingen", "–", "–"]]
    assert [line for line in empty.in_language("en").to_markdown().split("\n") if line.startswith("| none")]
    # A workbook keeps every column: a program looks for them by name.
    assert result.shown().columns.tolist() == ["A", "Enhed", "B"]
