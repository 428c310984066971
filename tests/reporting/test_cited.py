"""A citation carries the numbers that were printed where it points, and no others."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import vvvresearch as vvv
from vvvresearch.reporting import Claims, review_document

ROOT = Path(__file__).parents[2]
HEAD = "# Sammenfatning {#sec-summary}\n\n"


@pytest.fixture(scope="module")
def told() -> Callable[[str], list[str]]:
    """What is said of a text in the round whose published numbers tests/data knows: ALS-FIG1 printed 22, 7 and others of 42."""
    opened = vvv.open_round("2021-note", root=ROOT)
    claims = Claims(lambda: opened, "da")
    return lambda text: [
        f"{one.level}: {one.what}" for one in review_document(text, "report.qmd", claims).complaints if one.level != "hint"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "[22 af 42 kommuner henviser]{.cited}.",
        "[Godt halvdelen af kommunerne henviser]{.cited at=ALS-FIG1}.",
        "[Syv kommuner henviser ikke]{.cited at=published.ALS-FIG1}.",
        "[Indsatsen findes i 83 kommuner]{.cited}.",
        "[Notatet gør status i 2021]{.cited}.",
        "::: {.cited}\n22 af 42 kommuner henviser.\n:::",
    ],
)
def test_printed_numbers_may_be_cited(text: str, told: Callable[[str], list[str]]) -> None:
    assert told(HEAD + text) == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("[23 af 42 kommuner henviser]{.cited}.", "23 af 42"),
        ("[Seksogtres tusind kommuner henviser]{.cited}.", "Seksogtres tusind"),
        ("[Alt er godt, og 54321 er glade]{.cited}.", "54321"),
        # Printed, but not there.
        ("[83 kommuner henviser]{.cited at=ALS-FIG1}.", "83"),
        ("[22 af 42 kommuner henviser]{.cited at=FINDES-IKKE}.", "22 af 42"),
        ("::: {.cited}\nDer er 54321 glade.\n:::", "54321"),
        ("54321 er glade [@kilde].", "54321"),
    ],
)
def test_a_number_that_was_printed_nowhere_is_told(text: str, number: str, told: Callable[[str], list[str]]) -> None:
    said = f"»{number}« is cited and stands nowhere in what was published"
    assert f"fault: {said}" in told(HEAD + text)
    assert f"warning: {said}" in told("# Kapitel\n\n" + text)


def test_a_work_that_is_quoted_in_the_bibliography_lends_its_numbers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = vvv.open_round("demo-2019", root=ROOT)
    (tmp_path / "refs.bib").write_text("@book{norge,\n  title = {En bog fra 1999},\n  note = {31 af 47 er glade},\n}\n", encoding="utf-8")
    monkeypatch.setattr(type(opened), "path", tmp_path / "round.toml")
    claims = Claims(lambda: opened, "da")

    def faults(text: str) -> list[str]:
        return [one.what for one in review_document(HEAD + text, "report.qmd", claims).complaints if one.level == "fault"]

    assert faults("31 af 47 er glade [@norge, s. 3].") == []
    assert faults("32 af 47 er glade [@norge, s. 3].") != []
    assert faults("31 af 47 er glade [@andet].") != []
