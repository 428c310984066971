"""What notebooks hand over, the staged folder, and the numbers in prose."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest

from vvvresearch.errors import AnalysisError, RenderError
from vvvresearch.figures import bars
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Phrase
from vvvresearch.reporting import Output, check_prose, render, require_bound_prose, stage
from vvvresearch.reporting.staging._variables import nested, read_variables, variables_text
from vvvresearch.results import Base, Column, Result
from vvvresearch.rounds import read_values

BASE = Base(42, "municipality", wave="2021", source="Kommunesurvey")


def result(**options: object) -> Result:
    frame = pd.DataFrame({"label": ["Ja | nej", "=1+1"], "n": [22, 20]})
    columns = (Column("label", "Svar"), Column("n", "Antal", "count"))
    return Result(frame=frame, base=BASE, title="Henviser kommunen?", shows=columns, **options)  # type: ignore[arg-type]


def answers() -> pd.DataFrame:
    return pd.DataFrame({"label": ["ja", "nej"], "count": [22, 20], "n": [42, 42]})


def test_a_table_is_written_in_four_formats_with_label_base_and_note(tmp_path: Path) -> None:
    Output(tmp_path, "n", "demo").table("henviser", result())
    text = (tmp_path / "tables" / "henviser.md").read_text(encoding="utf-8")
    assert ": Henviser kommunen? {#tbl-henviser}" in text
    assert "Ja \\| nej" in text
    assert "::: {.base}" in text
    assert "n = 42 kommuner. Måling: 2021. Kilde: Kommunesurvey." in text
    assert sorted(path.suffix for path in (tmp_path / "tables").iterdir()) == [".csv", ".html", ".md", ".xlsx"]


def test_a_figure_is_vector_and_picture_with_alternative_text_and_the_same_bytes_twice(tmp_path: Path) -> None:
    for name in ("a", "b"):
        drawing = bars(answers(), title="Henviser", base=BASE, kind="synthetic")
        Output(tmp_path / name, "n", "demo").figure("henviser", drawing)
    first, second = ({path.name: path.read_bytes() for path in (tmp_path / name / "figures").iterdir()} for name in ("a", "b"))
    assert first == second
    assert set(first) == {"henviser.svg", "henviser.png", "henviser.md"}
    assert b"Svar (n = 42): ja 52" in first["henviser.md"]
    assert b"<dc:date>" not in first["henviser.svg"]


def test_a_figure_without_numbers_in_its_alternative_text_is_refused(tmp_path: Path) -> None:
    from matplotlib.figure import Figure

    out = Output(tmp_path, "n", "demo")
    with pytest.raises(RenderError, match="no alternative text"):
        out.figure("a", Figure())
    with pytest.raises(RenderError, match="holds no number"):
        out.figure("b", Figure(), alt="en figur")
    assert not (tmp_path / "figures").exists()


def test_a_value_is_kept_in_both_languages_with_base_source_and_kind(tmp_path: Path) -> None:
    with Output(tmp_path, "10-data", "demo", kind="synthetic") as out:
        out.value("guide.pct", Fraction(2450, 42), "percent", base=BASE, decimals=1)
        out.value("people.n", 7173, base=Base(None))
        out.value("broken.n", None, base=Base(None))
        out.value("period.start", "2021-06-25", "date", base=Base(None))
    read = json.loads((tmp_path / "values" / "10-data.json").read_text(encoding="utf-8"))
    assert (read["schema_version"], read["round"], read["notebook"]) == (1, "demo", "10-data")
    entry = read["values"]["guide.pct"]
    assert entry["shown"] == {"da": "58,3\u00a0%", "en": "58.3%"}
    assert (entry["n"], entry["wave"], entry["kind"], entry["source"]) == (42, "2021", "synthetic", "Kommunesurvey")
    assert entry["base"]["en"].startswith("n = 42 municipalities")
    assert read["values"]["people.n"]["shown"] == {"da": "7.173", "en": "7,173"}
    assert read["values"]["broken.n"]["shown"] == {"da": "ingen data", "en": "no data"}
    assert read["values"]["period.start"]["shown"]["da"] == "25. juni 2021"


@pytest.mark.parametrize(
    ("count", "n", "shown"),
    [(1, 8, "1 af 8"), (1, 40, "3\u00a0%"), (25, 200, "13\u00a0%"), (29, 200, "15\u00a0%"), (0, 0, "ingen data"), (0, 12, "0\u00a0%")],
)
def test_a_share_is_rounded_half_up_from_counts_and_small_bases_stay_counts(count: int, n: int, shown: str) -> None:
    out = Output("", "n", "demo")
    out.share("a", count, base=Base(n, "municipality"))
    assert out.values["a.pct"].shown["da"] == shown
    assert out.values["a.of"].number == n


@pytest.mark.parametrize(
    ("key", "number", "format"),
    [
        ("Guide.pct", 1, "count"),
        ("a..b", 1, "count"),
        ("a b", 1, "count"),
        ("a", 1.5, "count"),
        ("a", "et citat", "text"),
        ("a", "7", "count"),
        ("a", True, "count"),
    ],
)
def test_keys_and_numbers_that_do_not_fit_are_refused(key: str, number: object, format: str) -> None:
    with pytest.raises(AnalysisError):
        Output("", "n", "demo").value(key, number, format, base=BASE)  # type: ignore[arg-type]


def test_names_and_keys_are_used_once() -> None:
    out = Output("", "n", "demo")
    out.table("a", result())
    out.value("a", 1, base=BASE)
    with pytest.raises(AnalysisError, match="twice"):
        out.table("a", result())
    with pytest.raises(AnalysisError, match="twice"):
        out.value("a", 1, base=BASE)
    with pytest.raises(AnalysisError, match="usable"):
        out.table("A b", result())


def test_nothing_is_saved_when_the_notebook_fails(tmp_path: Path) -> None:
    def notebook() -> None:
        with Output(tmp_path, "n", "demo") as out:
            out.value("a", 1, base=BASE)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        notebook()
    assert not list(tmp_path.iterdir())


def test_variables_are_nested_quoted_and_come_back_as_they_were(tmp_path: Path) -> None:
    values = {"a.pct": "7.170", "a.n": "1. januar", "b": "56\u00a0%", "c": "<0,001", "d": "−3 * 2", "e": "@fig-x"}
    (tmp_path / "_variables.yml").write_text(variables_text(values), encoding="utf-8")
    assert read_variables(tmp_path) == values


def test_a_key_that_is_also_a_group_is_refused() -> None:
    with pytest.raises(RenderError, match=r"group of values|below another"):
        nested({"a": "1", "a.b": "2"})


REPORT = """---
title: "Notat"
---

{{< include front/colophon.md >}}

{{< include front/foreword.md >}}

# Fund

Af [{{< var guide.of >}}]{.value data-key="guide.of"} svarer
[{{< var guide.pct >}}]{.value data-key="guide.pct"} ja, se @tbl-henviser og @fig-henviser.

{{< include tables/henviser.md >}}

{{< include figures/henviser.md >}}

# Alle tal

{{< include tables/all-values.md >}}
"""


def collected(folder: Path) -> Path:
    with Output(folder, "30-survey", "demo", kind=DataKind.SYNTHETIC) as out:
        out.table("henviser", result(kind=DataKind.SYNTHETIC))
        out.figure("henviser", bars(answers(), title="Henviser", base=BASE, kind="synthetic"))
        out.share("guide", 22, base=BASE)
    return folder


def test_a_staged_report_goes_from_notebook_output_to_page_and_pdf(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "report.qmd").write_text(REPORT, encoding="utf-8")
    front = {"author": ["Et Hus"], "evaluator": "Et Hus", "foreword": "1. Her er et forord."}
    folder = stage(source, collected(tmp_path / "run"), tmp_path / "stage", kind=DataKind.SYNTHETIC, front=front)
    page, paper = render(folder, engine="embedded")
    text = page.read_text(encoding="utf-8")
    assert 'href="#val-guide-pct" class="value" data-key="guide.pct"' in text
    assert "n = 42 kommuner" in text
    assert 'id="val-guide-pct"' in text
    assert "Syntetiske data" in text
    assert "udkast – ikke frigivet" in text
    assert "<strong>Evaluator:</strong> Et Hus" in text
    assert "<p>1. Her er et forord.</p>" in text
    assert paper.read_bytes().startswith(b"%PDF")
    settings = json.loads((folder / "_quarto.yml").read_text(encoding="utf-8"))
    assert settings["project"]["render"] == ["report.qmd"]
    assert settings["notebook-links"] is False
    assert settings["format"]["html"]["html-math-method"] == "mathml"


def test_changing_the_data_changes_the_text(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "report.qmd").write_text(REPORT, encoding="utf-8")
    said = []
    for count in (22, 11):
        run = tmp_path / f"run{count}"
        collected(run)
        with Output(run, "30-survey", "demo") as out:
            out.share("guide", count, base=BASE)
        folder = stage(source, run, tmp_path / f"stage{count}")
        said.append(render(folder, ("html",), "embedded")[0].read_text(encoding="utf-8"))
    assert ">52\u00a0%</a> ja" in said[0]
    assert ">26\u00a0%</a> ja" in said[1]


def test_a_released_report_of_real_data_carries_no_mark(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "report.qmd").write_text('---\ntitle: "N"\n---\n\n# A\n', encoding="utf-8")
    folder = stage(source, tmp_path / "none", tmp_path / "stage", released=True)
    page = render(folder, ("html",), "embedded")[0].read_text(encoding="utf-8")
    assert "udkast" not in page


def test_a_typed_number_stops_the_report_before_it_is_rendered(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "report.qmd").write_text('---\ntitle: "N"\n---\n\n# A\n\nDer er 42 kommuner.\n', encoding="utf-8")
    with pytest.raises(RenderError) as caught:
        stage(source, tmp_path / "none", tmp_path / "stage")
    assert caught.value.where == "report.qmd, line 7"


def test_two_notebooks_may_not_make_one_value(tmp_path: Path) -> None:
    for name in ("a", "b"):
        with Output(tmp_path, name, "demo") as out:
            out.value("same", 1, base=BASE)
    with pytest.raises(RenderError, match="made twice"):
        read_values(tmp_path)


def test_missing_report_sources_are_named(tmp_path: Path) -> None:
    with pytest.raises(RenderError, match="not written in this language"):
        stage(tmp_path / "nowhere", tmp_path, tmp_path / "stage")


TYPED = {
    "a plain number": "Der er 42 kommuner.",
    "a percentage": "Over 56 % svarer.",
    "a number in a heading": "## De 5 fund",
    "a number in bold": "**7.173** deltagere",
    "a number in a table": "| Ja | 22 |",
    "a number inside a value": '[56 %]{.value data-key="guide.pct"}',
    "a value with another key": '[{{< var guide.n >}}]{.value data-key="guide.pct"}',
    "a value without a key": "[{{< var guide.pct >}}]{.value}",
    "a number passed off as a year": "[42]{.year}",
    "a number passed off as a date": "[42 kommuner]{.date}",
    "a number passed off as a name": "[56 %]{.name}",
    "a number in a span of no meaning": "[42]{.note}",
    "a number in an alternative text": '![x](figures/x.svg){fig-alt="22 svarer ja"}',
    "a number in a footnote": "Tekst.^[Af 71 inviterede.]",
    "a number in a formula": "$n = 42$",
    "a fraction sign": "Over ½ svarer.",
    "digits of another script": "Der er ٤٢ kommuner.",
    "an entity": "Der er &#52;2 kommuner.",
    "a list item": "1. Der er 42.",
    "a title": '---\ntitle: "De 42 kommuner"\n---',
}


@pytest.mark.parametrize("line", TYPED.values(), ids=TYPED)
def test_a_typed_number_is_found_with_its_line(tmp_path: Path, line: str) -> None:
    place = tmp_path / "report.qmd"
    place.write_text(f"{line}\n" if line.startswith("---") else f"Tekst.\n\n{line}\n", encoding="utf-8")
    found = check_prose(place)
    assert [item.line for item in found] == [2 if line.startswith("---") else 3]
    with pytest.raises(RenderError, match="not bound"):
        require_bound_prose(tmp_path)


BOUND = {
    "a value": '[{{< var guide.pct >}}]{.value data-key="guide.pct"} svarer.',
    "a bare variable": "Kapitel {{< var guide.pct >}}",
    "a year": "I [2021]{.year} og [2016–2018]{.year}.",
    "a date": "Den [25. juni 2021]{.date} og [juni 2021]{.date}.",
    "a name": "Under [COVID-19]{.name}.",
    "a reference": "Se @fig-1, [-@tbl-7] og @sec-2-b.",
    "code": "Kør `n = 42`.",
    "an address": "[her](https://example.org/2021/5) og <https://example.org/7>",
    "a label": "# Fund {#sec-1}",
    "a footnote mark": "Tekst.[^1]",
    "an ordinal": "2. Andet punkt",
    "an include": "{{< include tables/table7.md >}}",
}


@pytest.mark.parametrize("line", BOUND.values(), ids=BOUND)
def test_what_is_bound_or_no_number_passes(tmp_path: Path, line: str) -> None:
    place = tmp_path / "report.qmd"
    place.write_text(f"{line}\n", encoding="utf-8")
    assert check_prose(place) == []


def test_code_blocks_and_generated_files_are_not_prose(tmp_path: Path) -> None:
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "t.md").write_text("| 42 |\n", encoding="utf-8")
    (tmp_path / "report.qmd").write_text("```\nn = 42\n```\n", encoding="utf-8")
    assert check_prose(tmp_path) == []


def test_a_value_that_no_notebook_made_is_found_in_a_staged_folder(tmp_path: Path) -> None:
    (tmp_path / "_variables.yml").write_text('"a": "1"\n', encoding="utf-8")
    (tmp_path / "report.qmd").write_text('[{{< var b >}}]{.value data-key="b"}\n', encoding="utf-8")
    assert [item.problem for item in check_prose(tmp_path)] == ["no notebook made this value"]


def test_a_phrase_may_be_a_value_and_is_said_in_both_languages() -> None:
    value = Output("", "n", "demo").value("a", Phrase("common.no_data"), "text", base=BASE)
    assert value.shown == {"da": "ingen data", "en": "no data"}
