"""A number has one address: made of what it means, found in either spelling, never two unlike numbers at one."""

from __future__ import annotations

from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vvvresearch.errors import AnalysisError
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Phrase
from vvvresearch.results import Base, Cell, Measure, Result, Total, address_part, anchor, folded

SHARE = Measure("share", "share", count="count")


def survey(frame: pd.DataFrame | None = None, **more: object) -> Result:
    rows = pd.DataFrame(
        {
            "item": ["refers", "refers", "wish", "wish"],
            "code": ["yes", "no", "yes", "unsure"],
            "count": [30, 12, 2, 3],
            "n": [42, 42, 7, float("nan")],
        }
    )
    settings: dict[str, object] = {"at": "municipal-2021", "keys": ("item", "code"), "measures": (Measure("count"), Measure("n"), SHARE)}
    return Result(frame=rows if frame is None else frame, base=Base(42, "municipality"), **{**settings, **more})  # type: ignore[arg-type]


def test_an_address_names_the_root_the_keys_and_the_measure() -> None:
    assert [cell.address for cell in survey().cells][:3] == [
        "municipal-2021.refers.yes.count",
        "municipal-2021.refers.yes.n",
        "municipal-2021.refers.yes.share",
    ]


def test_a_share_is_exact_and_knows_its_count_and_base() -> None:
    cell = survey().cell("municipal-2021.refers.yes.share")
    assert (cell.value, cell.count, cell.n) == (Fraction(30, 42), 30, 42)
    assert cell.say("da") == "71\N{NO-BREAK SPACE}%"
    assert survey().cell("share", item="refers", code="yes") == cell


def test_a_count_without_a_base_has_no_share_and_an_unknown_base_is_not_zero() -> None:
    table = survey()
    assert table.cell("count", item="wish", code="unsure").value == 3
    assert table.cell("count", item="wish", code="unsure").n is None
    assert table.cell("share", item="wish", code="unsure").value is None
    assert table.cell("share", item="wish", code="unsure").say("en") == "no data"


@pytest.mark.parametrize(("small_n", "shown"), [(10, "2 of 7"), (7, "29%"), (8, "2 of 7"), (0, "29%")])
def test_one_rule_says_when_a_share_is_a_count(small_n: int, shown: str) -> None:
    assert survey().with_small_n(small_n).cell("share", item="wish", code="yes").say("en") == shown


def test_both_spellings_find_the_same_number() -> None:
    table = survey(pd.DataFrame({"item": ["måde"], "code": ["ørsted"], "count": [1], "n": [2]}))
    assert table.cell("municipal-2021.måde.ørsted.count") == table.cell("municipal-2021.maade.oersted.count")


def test_levels_of_a_code_are_parted_by_slashes_and_an_anchor_has_no_sign_that_pandoc_refuses() -> None:
    address = f"themes.{address_part('Udbytte > Dansk (sprog)')}.refugee.affirmed"
    assert address == "themes.udbytte/dansk-sprog.refugee.affirmed"
    assert anchor(address) == "n-themes.udbytte:dansk-sprog.refugee.affirmed"
    assert anchor("a~b.x.change") == "n-a:w:b.x.change"


@given(st.text(alphabet="abcæøåÆØÅ 0123456789()/.,-_", min_size=1, max_size=20))
def test_a_part_of_an_address_never_holds_a_dot_or_a_space_and_folding_is_settled(value: str) -> None:
    part = address_part(value)
    assert not set(part) & set(" .,()")
    assert folded(folded(part)) == folded(part)


def test_two_unlike_numbers_at_one_address_are_an_error_and_equal_ones_are_not() -> None:
    unlike = pd.DataFrame({"item": ["Tid før", "Tid (før)"], "code": ["yes", "yes"], "count": [1, 2], "n": [3, 3]})
    with pytest.raises(AnalysisError, match="two unlike numbers"):
        _ = survey(unlike).cells
    assert len(survey(unlike.assign(count=[1, 1])).cells) == 3


def test_rows_of_a_category_are_counted_also_where_there_are_none() -> None:
    changes = Result(
        frame=pd.DataFrame({"link": ["a", "b", "c"], "state": ["kept", "kept", "new"]}),
        base=Base(3, "link"),
        at="changes",
        keys=("link",),
        categories={"state": ("kept", "new", "lost")},
    )
    assert {cell.address: cell.value for cell in changes.cells} == {
        "changes.count.kept": 2,
        "changes.count.new": 1,
        "changes.count.lost": 0,
    }


def test_a_total_has_its_own_base_and_format() -> None:
    made = survey(totals={"informants": Total(24), "p": Total(0.0004, Base(35), "p")})
    assert made.cell("municipal-2021.total.informants").say("da") == "24"
    assert made.cell("p").say("en") == "<0.001"
    assert made.cell("p").n == 35


def test_a_row_may_rest_on_a_base_of_its_own() -> None:
    north = Base(None, "leader", group=Phrase("common.total"))
    made = survey(bases={("wish",): north}, base_on=("item",))
    assert made.cell("count", item="wish", code="yes").base == Base(7, "leader", group=Phrase("common.total"))
    assert made.cell("count", item="refers", code="yes").base == Base(42, "municipality")


def test_the_numbers_of_parts_are_numbers_of_the_whole() -> None:
    top = Result(
        frame=pd.DataFrame({"item": ["wish"], "count": [2], "n": [7]}),
        base=Base(7),
        at="municipal-2021/top",
        keys=("item",),
        measures=(SHARE,),
    )
    assert survey(parts={"top": top}).cell("municipal-2021/top.wish.share").count == 2


def test_a_number_that_does_not_exist_names_the_nearest() -> None:
    with pytest.raises(AnalysisError, match=r"did you mean municipal-2021\.refers\.yes\.share") as caught:
        survey().cell("municipal-2021.refers.yes.shre")
    assert "municipal-2021.refers.yes.shre" in str(caught.value)
    with pytest.raises(AnalysisError, match="no key"):
        survey().cell("share", itm="refers")


def test_the_kind_of_data_goes_with_every_number() -> None:
    assert {cell.kind for cell in survey(kind=DataKind.SYNTHETIC).cells} == {DataKind.SYNTHETIC}


@pytest.mark.parametrize(
    ("cell", "da", "en"),
    [
        (Cell("a", 7173, Base(None)), "7.173", "7,173"),
        (Cell("a", Fraction(5, 8), Base(200), "share"), "63\u00a0%", "63%"),
        (Cell("a", Fraction(-1, 8), Base(200), "points"), "−13 procentpoint", "−13 percentage points"),
        (Cell("a", 2.25, Base(3), "number", 1), "2,3", "2.3"),
        (Cell("a", None, Base(3)), "ingen data", "no data"),
        (Cell("a", 0, Base(0)), "0", "0"),
    ],
)
def test_numbers_are_written_in_the_readers_language(cell: Cell, da: str, en: str) -> None:
    assert (cell.say("da"), cell.say("en")) == (da, en)


@pytest.mark.parametrize(
    ("n", "da", "en"),
    [
        (0, "n = 0 kommuner", "n = 0 municipalities"),
        (1, "n = 1 kommune", "n = 1 municipality"),
        (2, "n = 2 kommuner", "n = 2 municipalities"),
        (None, "base ikke kendt", "base not known"),
    ],
)
def test_a_base_is_said_for_none_one_many_and_unknown(n: int | None, da: str, en: str) -> None:
    assert (Base(n, "municipality").short("da"), Base(n, "municipality").short("en")) == (da, en)
