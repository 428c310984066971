"""A round tabulates its surveys as the functions do with its evidence, and finds every number of theirs by its address."""

from __future__ import annotations

import random
from functools import cache
from pathlib import Path

import pytest

import vvvresearch as vvv
from vvvresearch.evidence import Survey
from vvvresearch.results import Cell
from vvvresearch.rounds import Round, read_values
from vvvresearch.survey import tabulate

ROOT = Path(__file__).parents[2]
ROUNDS = ("2021-note", "demo")
pytestmark = pytest.mark.filterwarnings("ignore")


@cache
def opened(round_id: str) -> Round:
    return vvv.open_round(round_id, root=ROOT)


def every_cell(round_id: str) -> dict[str, Cell]:
    r = opened(round_id)
    tables = [r.tabulate(survey, item) for survey in r.surveys.values() for item in survey.items]
    return {cell.address: cell for table in tables for cell in table.cells}


@pytest.mark.parametrize("round_id", ROUNDS)
def test_a_bound_call_gives_the_cells_of_the_full_call(round_id: str) -> None:
    r = opened(round_id)
    for name, survey in r.surveys.items():
        assert (survey.id, survey.source) == (name, name)
        for item in survey.items:
            full = tabulate(survey, item, small_n=r.small_n)
            for bound in (r.tabulate(name, item.id), r.tabulate(survey, item)):
                assert bound.cells == full.cells
                assert bound.notes == full.notes


@pytest.mark.parametrize("round_id", ROUNDS)
def test_every_number_is_found_by_its_address(round_id: str) -> None:
    cells = every_cell(round_id)
    assert len(cells) > 400
    for address in random.Random(9).sample(sorted(cells), 60):
        assert opened(round_id).cell(address) == cells[address]


@pytest.mark.parametrize(
    ("address", "settings"),
    [
        ("municipal-2022/by-region.refers.total.yes.share", {"by": "region"}),
        ("municipal-2022/of-asked.refers.yes.share", {"denominator": "asked"}),
        ("municipal-2022.refers.yes.worst_lower", {"intervals": True}),
        ("municipal-2022/top.benefit_job.upper", {"intervals": True}),
        ("municipal-2022/by-size/top.benefit_job.total.share", {"by": "size"}),
    ],
)
def test_groups_settings_limits_and_top_boxes_are_found_without_a_page(address: str, settings: dict[str, object]) -> None:
    r = opened("demo")
    item = address.split(".")[1]
    assert r.cell(address) == r.tabulate("municipal-2022", item, **settings).cell(address)


def test_several_answers_bases_and_response_are_found_too() -> None:
    r = opened("demo")
    survey = r.surveys["municipal-2022"]
    assert r.cell("municipal-2022/any.refers.yes/no.count").value == survey.answers["refers"].isin(["yes", "no"]).sum()
    assert r.cell("municipal-2022/bases.refers.answered").value == (survey.answers["refers"] != "").sum()
    assert r.cell("municipal-2022/response.answered.count").value == len(survey.answers)


@pytest.mark.parametrize("rest", [".nothing.yes.share", ".refers.yess.share", "/odd.refers.yes.n"])
def test_an_address_that_leads_nowhere_is_an_error(rest: str) -> None:
    with pytest.raises(vvv.errors.AnalysisError, match="there is no number"):
        opened("demo").cell(f"municipal-2022{rest}")


def test_reconstructed_rows_give_no_groups_and_a_round_without_surveys_no_table() -> None:
    assert not opened("2021-note").tabulate("municipal-2021", "refers", by="agreement")
    nothing = vvv.open_round("2019-final", root=ROOT)
    assert len(nothing.surveys) == 0
    for absent in (nothing.tabulate("municipal-2021", "refers"), nothing.response("x"), nothing.open_answers("x")):
        assert str(absent) == "Runden har intet spørgeskema."


def test_the_chapter_shows_every_question_and_the_page_has_every_number(tmp_path: Path) -> None:
    r = opened("2021-note")
    page = r.page("30-surveys", tmp_path)
    survey: Survey = r.surveys["leaders-2020"]
    for item in survey.items:
        page.add(f"{survey.id}/{item.id}", r.tabulate(survey, item))
    assert (tmp_path / "tables/en/leaders-2020-lacks-volunteers.md").is_file()
    assert read_values(tmp_path)["leaders-2020.lacks_volunteers.yes.count"].number == 27
