"""A page hands views on: table, picture and numbers once, in every language of the round, and nothing that is absent."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest

from vvvresearch.errors import AnalysisError, RenderError
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Phrase
from vvvresearch.results import Base, Column, Measure, Picture, Result
from vvvresearch.rounds import PARTS, Page, Round, RoundSpec, read_values

SPEC = {
    "schema_version": 1,
    "id": "trial",
    "title": {"da": "Prøve", "en": "Trial"},
    "period": {"start": "2021-01-01", "end": "2021-12-31"},
    "languages": ["da", "en"],
    "report_type": "note",
    "kind": "published",
    "subgroups": {"statement": {"da": "Ikke delt.", "en": "Not split."}},
}


def answers(**more: object) -> Result:
    frame = pd.DataFrame({"code": ["yes", "no"], "label": ["ja", "nej"], "count": [22, 20], "n": [42, 42]})
    settings: dict[str, object] = {
        "frame": frame,
        "title": Phrase("common.n"),
        "shows": (Column("label", Phrase("common.group")), Column("count", Phrase("common.n"), "count")),
        "at": "s.refers",
        "keys": ("code",),
        "measures": (Measure("count"), Measure("share", "share", count="count")),
        "pictures": {"bars": Picture("bars")},
        "kind": DataKind.SYNTHETIC,
    }
    return Result(**{"base": Base(42, "municipality", source="Kommunesurvey"), **settings, **more})  # type: ignore[arg-type]


@pytest.fixture
def page(tmp_path: Path) -> Page:
    (tmp_path / "rounds/trial").mkdir(parents=True)
    return Page(Round(RoundSpec.model_validate(SPEC), tmp_path), "30-surveys", tmp_path / "out")


def test_one_run_writes_tables_in_both_languages_and_plain_files_once(page: Page, tmp_path: Path) -> None:
    page.add("s/refers", answers())
    out = tmp_path / "out"
    assert ": Antal (Syntetiske data) {#tbl-s-refers}" in (out / "tables/da/s-refers.md").read_text(encoding="utf-8")
    assert ": Count (Synthetic data) {#tbl-s-refers}" in (out / "tables/en/s-refers.md").read_text(encoding="utf-8")
    assert {path.name for path in (out / "tables").glob("s-refers.*")} == {"s-refers.csv", "s-refers.xlsx"}
    assert pd.read_csv(out / "tables/s-refers.csv")["address"].tolist() == ["s.refers.yes", "s.refers.no"]


def test_what_is_for_the_team_alone_is_shown_and_not_written(page: Page, tmp_path: Path) -> None:
    page.add("s/refers", answers(within=("label",)))
    page.add("s/other", answers(at="s.other", team=True))
    out = tmp_path / "out"
    assert "label" not in pd.read_csv(out / "tables/s-refers.csv").columns
    assert "label" not in pd.read_excel(out / "tables/s-refers.xlsx").columns
    assert "label" in answers(within=("label",)).to_csv().splitlines()[0]
    assert [path.name for path in out.rglob("*s-other*")] == ["30-surveys--s-other.json"]
    assert "s-other" not in (out / "pages/da/30-surveys.md").read_text(encoding="utf-8")


def test_numbers_are_kept_with_base_source_and_kind_in_both_languages(page: Page, tmp_path: Path) -> None:
    page.add("refers", answers())
    value = read_values(tmp_path / "out")["s.refers.yes.share"]
    assert (value.number, value.n, value.kind) == (22 / 42, 42, "synthetic")
    assert value.shown == {"da": "52\u00a0%", "en": "52%"}
    assert value.base["en"] == "n = 42 municipalities. Source: Kommunesurvey."
    assert (value.notebook, value.cell) == ("30-surveys", "refers")


def test_a_long_note_is_said_once_a_page_and_later_tables_lead_to_it(page: Page, tmp_path: Path) -> None:
    long = Phrase("themes.quotes_note")
    for name, notes in (
        ("one", (long,)),
        ("two", (long,)),
        ("three", (Phrase("portraits.title", {"pair": "P1", "names": "A"}),)),
        ("four", (long,)),
    ):
        page.add(name, answers(at=f"s.{name}", notes=notes), figure="")
    for lang, lead in (("da", "Opgjort og med forbehold som under @{}."), ("en", "Counted and with reservations as under @{}.")):
        written = (tmp_path / f"out/pages/{lang}/30-surveys.md").read_text(encoding="utf-8")
        note = long.say(lang)  # type: ignore[arg-type]
        assert (written.count(note), written.count(lead.format("tbl-one"))) == (1, 2)
        # Alone, a table keeps its note.
        assert note in (tmp_path / f"out/tables/{lang}/four.md").read_text(encoding="utf-8")


def test_a_page_shows_a_table_once_under_several_pictures_and_no_table_without_a_row(page: Page, tmp_path: Path) -> None:
    page.add("one", answers())
    page.add("again", answers())
    page.add("none", answers(at="s.none").where("count > 99"), figure="")
    page.heading("Andre")
    page.add("other", answers(at="s.other"), figure="")
    for lang in ("da", "en"):
        written = (tmp_path / f"out/pages/{lang}/30-surveys.md").read_text(encoding="utf-8")
        # Like numbers of something else are another table.
        assert [name for name in ("one", "again", "none", "other") if f"#tbl-{name}" in written] == ["one", "other"]
        drawn = ["one", "again"] if lang == "da" else []
        assert [name for name in ("one", "again", "other") if f"#fig-{name}" in written] == drawn
        assert written.index("#tbl-one") < written.index("## Andre") < written.index("#tbl-other")
        assert all((tmp_path / f"out/tables/{lang}/{name}.md").is_file() for name in ("again", "none"))


def test_readers_are_told_a_source_by_its_title_and_not_by_its_file(tmp_path: Path) -> None:
    (tmp_path / "rounds/trial").mkdir(parents=True)
    source = {"id": "s", "type": "codings", "path": "interviews/trial/a.qdpx", "title": {"da": "Interview om mad", "en": "Talks of food"}}
    page = Page(Round(RoundSpec.model_validate({**SPEC, "sources": [source]}), tmp_path), "30-surveys", tmp_path / "out")
    page.add("read", answers(base=Base(42, source="interviews/trial/a.qdpx, andet")))
    for lang, said in (("da", "Kilde: Interview om mad, andet."), ("en", "Source: Talks of food, andet.")):
        assert said in (tmp_path / f"out/tables/{lang}/read.md").read_text(encoding="utf-8")
    assert said not in (drawn := (tmp_path / "out/figures/da/read.svg").read_text(encoding="utf-8"))
    assert "Interview om mad, andet" in drawn
    assert "a.qdpx" not in drawn


@pytest.mark.parametrize(("least", "shown"), [(1, True), (2, True), (3, False)])
def test_a_table_of_fewer_rows_than_asked_for_is_a_file_alone(least: int, shown: bool, page: Page, tmp_path: Path) -> None:
    page.add("first", answers(at="s.first"), figure="")
    page.add("two", answers(), figure="", least=least)
    assert (tmp_path / "out/tables/two.csv").is_file()
    assert ("#tbl-two" in (tmp_path / "out/pages/da/30-surveys.md").read_text(encoding="utf-8")) is shown


def test_what_a_page_tells_and_its_tables_are_the_page_and_no_table_stands_beside_its_picture(page: Page, tmp_path: Path) -> None:
    page.heading("Drawn")
    page.add("drawn", answers())
    page.add("behind", answers(at="s.behind"), figure="")
    page.heading("Counted")
    page.add("first", answers(at="s.first"), figure="")
    page.add("second", answers(at="s.second"), figure="")
    whole, told, tables = ((tmp_path / f"out/pages/da/30-surveys{part}.md").read_text(encoding="utf-8") for part in PARTS)
    labels = [re.findall(r"#((?:tbl|fig)-\w+)", part) for part in (whole, told, tables)]
    assert sorted(labels[0]) == sorted(labels[1] + labels[2])
    assert labels[1] == ["fig-drawn", "tbl-first"]
    assert labels[2] == ["tbl-drawn", "tbl-behind", "tbl-second"]
    for part in (told, tables):
        assert re.findall(r"(?m)^#+ (.+?)(?: \{.*)?$", part) == ["Spørgeskemaer", "Drawn", "Counted"]


def test_the_same_numbers_may_be_added_in_another_view_and_unlike_ones_may_not(page: Page, tmp_path: Path) -> None:
    page.add("all", answers())
    page.add("most", answers().top(1, by="count"))
    assert len(read_values(tmp_path / "out")) == 4
    with pytest.raises(AnalysisError, match="two unlike numbers"):
        page.add("other", answers(frame=answers().frame.assign(count=[21, 21])))


def test_two_pages_with_unlike_numbers_at_one_address_do_not_make_a_report(page: Page, tmp_path: Path) -> None:
    page.add("all", answers())
    Page(page.round, "31-again", tmp_path / "out").add("again", answers())
    assert len(read_values(tmp_path / "out")) == 4
    Page(page.round, "32-other", tmp_path / "out").add("other", answers(frame=answers().frame.assign(count=[21, 21])))
    with pytest.raises(RenderError, match="made twice"):
        read_values(tmp_path / "out")


def test_what_is_absent_is_added_as_nothing_and_leaves_no_heading(page: Page, tmp_path: Path) -> None:
    page.heading("Kodninger")
    page.add("themes", Result.missing(Phrase("absent.codings")))
    assert page.names == ()
    assert not (tmp_path / "out").exists()
    page.heading("Svar")
    page.add("refers", answers())
    whole = (tmp_path / "out/pages/da/30-surveys.md").read_text(encoding="utf-8")
    assert "Kodninger" not in whole
    assert whole.startswith("# Spørgeskemaer {#sec-30-surveys}\n\n## Svar\n\n![[Oftest »ja«: 22 af 42.]{.message} Antal")
    assert whole.count("{#tbl-refers}") == whole.count("{#fig-refers ") == 1


def test_a_picture_is_drawn_in_the_second_language_only_where_its_report_takes_it_up(page: Page, tmp_path: Path) -> None:
    page.add("refers", answers())
    assert (tmp_path / "out/figures/da/refers.svg").read_bytes().startswith(b"<?xml")
    assert "n = 42" in (tmp_path / "out/figures/da/refers.md").read_text(encoding="utf-8")
    assert not (tmp_path / "out/figures/en/refers.svg").exists()
    (tmp_path / "rounds/trial/report.en.qmd").write_text("{{< include figures/wish.md >}}\n", encoding="utf-8")
    again = Page(page.round, "33", tmp_path / "out")
    again.add("wish", answers(at="s.wish"))
    again.add("no", answers(at="s.no"), figure="")
    assert (tmp_path / "out/figures/en/wish.svg").exists()
    assert not (tmp_path / "out/figures/da/no.svg").exists()


def test_in_the_place_of_a_picture_that_hides_a_number_stands_a_sentence(page: Page, tmp_path: Path) -> None:
    page.add("refers", answers().hiding({"s.refers.yes.count"}))
    page.add("bare", answers(at="s.bare").hiding({"s.bare.yes.count"}), figure="")
    figures = {path.relative_to(tmp_path / "out").as_posix() for path in tmp_path.rglob("figures/*/*")}
    assert figures == {"figures/da/refers.md", "figures/en/refers.md"}
    assert "vises ikke" in (tmp_path / "out/figures/da/refers.md").read_text(encoding="utf-8")
    assert "22" not in (tmp_path / "out/figures/da/refers.md").read_text(encoding="utf-8")


def test_the_same_page_gives_the_same_bytes_twice(page: Page, tmp_path: Path) -> None:
    for name in ("a", "b"):
        Page(page.round, "p", tmp_path / name).add("refers", answers())
    made = []
    for name in ("a", "b"):
        paths = [path for path in sorted((tmp_path / name).rglob("*")) if path.suffix in (".svg", ".md", ".json", ".csv")]
        made.append({path.relative_to(tmp_path / name): path.read_bytes() for path in paths})
    assert made[0] == made[1] != {}


def test_a_name_is_used_once_and_a_picture_says_its_numbers(page: Page) -> None:
    page.add("a b", answers())
    with pytest.raises(AnalysisError, match="twice"):
        page.add("a-b", answers())
    with pytest.raises(AnalysisError, match="usable name"):
        page.add("***", answers())
    with pytest.raises(AnalysisError, match="did you mean bars"):
        page.add("c", answers(), figure="bras")


def test_a_number_of_ones_own_is_kept_with_its_base(page: Page, tmp_path: Path) -> None:
    page.value("own.visits", 7173, base=Base(3, "course"))
    page.value("own.share", Fraction(1, 8), base=Base(200), format="share")
    page.value("own.share", Fraction(1, 8), base=Base(200), format="share")
    values = read_values(tmp_path / "out")
    assert values["own.visits"].shown == {"da": "7.173", "en": "7,173"}
    assert values["own.share"].shown["da"] == "13\u00a0%"
    with pytest.raises(AnalysisError, match="two unlike numbers"):
        page.value("own.visits", 7174, base=Base(3, "course"))


UNFIT = [("Own.x", 1), ("own", 1), ("own..x", 1), ("own.x y", 1), ("own.x", 1.5), ("own.x", "7"), ("own.x", True)]


@pytest.mark.parametrize(("address", "number"), UNFIT)
def test_addresses_and_numbers_that_do_not_fit_are_refused(page: Page, address: str, number: object) -> None:
    with pytest.raises(AnalysisError):
        page.value(address, number, base=Base(1))


def test_nothing_is_written_when_a_notebook_is_only_read(tmp_path: Path) -> None:
    quiet = Page(Round(RoundSpec.model_validate(SPEC), tmp_path), "p")
    quiet.add("refers", answers())
    assert quiet.names == ("refers",)
    assert list(tmp_path.iterdir()) == []


def test_the_file_of_numbers_names_round_and_page(page: Page, tmp_path: Path) -> None:
    page.add("refers", answers())
    (path,) = (tmp_path / "out/values").glob("*.json")
    told = json.loads(path.read_text(encoding="utf-8"))
    assert (told["schema_version"], told["round"], told["notebook"]) == (1, "trial", "30-surveys")
