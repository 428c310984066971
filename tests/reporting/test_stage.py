"""The staged folder: numbers in prose become links, typed numbers stop a report, both engines get plain Markdown."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pandas as pd
import pytest

from vvvresearch.errors import RenderError
from vvvresearch.kinds import DataKind
from vvvresearch.reporting import check_prose, render, require_bound_prose, stage
from vvvresearch.reporting.staging._faults import places_of
from vvvresearch.results import Base, Column, Measure, Picture, Result
from vvvresearch.rounds import Page, Round, RoundSpec, Value
from vvvresearch.rounds._written import value_of

BASE = Base(42, "municipality", wave="2021", source="Kommunesurvey")
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


def table(count: int = 22) -> Result:
    frame = pd.DataFrame({"code": ["yes", "no"], "label": ["Ja | nej", "=1+1"], "count": [count, 42 - count], "n": [42, 42]})
    return Result(
        frame=frame,
        base=BASE,
        title="Henviser kommunen?",
        shows=(Column("label", "Svar"), Column("count", "Antal", "count")),
        kind=DataKind.SYNTHETIC,
        at="guide",
        keys=("code",),
        measures=(Measure("count"), Measure("n"), Measure("share", "share", count="count")),
        pictures={"bars": Picture("bars")},
    )


REPORT = """---
title: "Notat"
---

{{< include front/colophon.md >}}

{{< include front/foreword.md >}}

# Fund om {{< var guide.yes.n >}}

Af {{< var guide.yes.n >}} svarer {{< var guide.yes.share >}} ja, se @tbl-henviser og @fig-henviser.

{{< include tables/henviser.md >}}

{{< include figures/henviser.md >}}

# Alle tal

{{< include tables/all-values.md >}}
"""


def collected(root: Path, count: int = 22) -> Path:
    page = Page(Round(RoundSpec.model_validate(SPEC), root), "30-survey", root / "run")
    page.add("henviser", table(count))
    return root / "run"


def test_a_staged_report_goes_from_a_page_to_html_and_pdf(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "report.qmd").write_text(REPORT, encoding="utf-8")
    front = {"author": ["Et Hus"], "evaluator": "Et Hus", "foreword": "1. Her er et forord."}
    folder = stage(source, collected(tmp_path), tmp_path / "stage", kind=DataKind.SYNTHETIC, front=front)
    page, paper = render(folder, engine="embedded")
    text = page.read_text(encoding="utf-8")
    assert '<button type="button" class="value" popovertarget="pop-n-guide.yes.share">52\u00a0%</button> ja' in text
    assert "n = 42 kommuner" in text
    assert 'id="n-guide.yes.share"' in text
    assert "Syntetiske data" in text
    # The page says so at its head, and no caption says it once more.
    assert "(Syntetiske data)" not in text
    assert "udkast – ikke frigivet" in text
    assert "<strong>Evaluator:</strong> Et Hus" in text
    assert "1. Her er et forord." in text
    assert paper.read_bytes().startswith(b"%PDF")
    settings = json.loads((folder / "_quarto.yml").read_text(encoding="utf-8"))
    assert settings["project"]["render"] == ["report.qmd"]
    assert settings["notebook-links"] is False
    assert settings["format"]["html"]["html-math-method"] == "mathml"


def test_a_number_in_a_heading_is_words_and_elsewhere_a_link(tmp_path: Path) -> None:
    source = tmp_path / "report.qmd"
    source.write_text(REPORT, encoding="utf-8")
    folder = stage(source, collected(tmp_path), tmp_path / "stage")
    prose = (folder / "report.qmd").read_text(encoding="utf-8")
    assert "# Fund om 42\n" in prose
    assert "Af [42](#n-guide.yes.n){.value} svarer" in prose
    assert "{{< var" not in prose


def test_a_report_without_the_list_of_numbers_gets_it_at_its_end(tmp_path: Path) -> None:
    source = tmp_path / "report.qmd"
    source.write_text(REPORT.replace("{{< include tables/all-values.md >}}", "Ingen liste."), encoding="utf-8")
    folder = stage(source, collected(tmp_path), tmp_path / "stage")
    prose = (folder / "report.qmd").read_text(encoding="utf-8")
    assert "svarer [52\u00a0%](#n-guide.yes.share){.value} ja" in prose
    assert prose.rstrip().endswith("# Noter til tallene {#sec-report-notes}\n\n{{< include tables/all-values.md >}}")


def test_a_note_has_ten_fixed_lines_with_sentence_source_and_call(tmp_path: Path) -> None:
    source = tmp_path / "report.qmd"
    source.write_text(REPORT, encoding="utf-8")
    notes = (stage(source, collected(tmp_path), tmp_path / "stage") / "tables/all-values.md").read_text(encoding="utf-8")
    note = notes[notes.index("#n-guide.yes.share") :]
    lines = [line for line in note[: note.index(":::")].split("\n") if line.startswith("- ")]
    said = [line.split("]{.label} ") for line in lines]
    names = ["Sætning", "Tal", "Spørgsmål", "Talt", "Svar", "Hvem", "Kilde og tid", "Slags data", "Adresse", "Kald"]
    assert [name.removeprefix("- [") for name, _ in said] == [f"{name}:" for name in names]
    about = dict(zip(names, (words for _, words in said), strict=True))
    assert about["Sætning"] == "Af 42 svarer 52 % ja, og."
    assert about["Talt"] == "22 af n = 42 kommuner"
    assert "Kommunesurvey" in about["Kilde og tid"]
    assert about["Kald"] == '`r.cell("guide.yes.share")`'


def test_sections_of_evidence_are_a_volume_of_their_own_and_references_lead_across(tmp_path: Path) -> None:
    from vvvresearch.reporting.staging._material import read_material
    from vvvresearch.reporting.staging._stage import write_volume

    source = tmp_path / "report.qmd"
    source.write_text(
        '---\ntitle: "N"\n---\n\n# Fund {#sec-fund}\n\n{{< var guide.yes.n >}} svarede, se @tbl-henviser og @sec-tal.\n\n'
        "# Alle tal {#sec-tal .evidence}\n\nFra @sec-fund.\n\n## Under\n\n{{< include tables/henviser.md >}}\n\n# Metode\n\nSlut.\n",
        encoding="utf-8",
    )
    material = read_material(source, collected(tmp_path))
    told = (write_volume(material, tmp_path / "told") / "report.qmd").read_text(encoding="utf-8")
    proof = (write_volume(material, tmp_path / "proof", "evidence") / "evidence.qmd").read_text(encoding="utf-8")
    assert "[Tabel 1 i bevisbindet](evidence.html#tbl-henviser)" in told
    assert "[Afsnit 1 i bevisbindet](evidence.html#sec-tal)" in told
    assert "include tables/henviser" not in told
    assert "Slut." in told
    assert "Slut." not in proof
    assert "[Afsnit 1 (rapporten)](report.html#sec-fund)" in proof
    assert "{{< include tables/henviser.md >}}" in proof


def test_every_reference_of_a_staged_report_leads_somewhere_in_both_volumes(tmp_path: Path) -> None:
    from vvvresearch.reporting import check_staged

    source = tmp_path / "report.qmd"
    source.write_text(REPORT, encoding="utf-8")
    folder = stage(source, collected(tmp_path), tmp_path / "stage", front={"title": "N"})
    check_staged(folder)
    (folder / "report.qmd").write_text("# A\n\n::: {.callout-tip}\nx\n:::\n", encoding="utf-8")
    with pytest.raises(RenderError, match="callout-tip"):
        check_staged(folder)


def test_addresses_that_no_page_made_stop_the_report_all_at_once_with_line_and_neighbour(tmp_path: Path) -> None:
    source = tmp_path / "report.qmd"
    source.write_text("# A\n\n{{< var guide.yes.shre >}}\n\n{{< var gude.no.count >}}\n", encoding="utf-8")
    with pytest.raises(RenderError, match="2 numbers do not exist") as caught:
        stage(source, collected(tmp_path), tmp_path / "stage")
    assert "report.qmd, line 3: guide.yes.shre; did you mean guide.yes.share" in caught.value.why
    assert "report.qmd, line 5: gude.no.count; did you mean guide.no.count" in caught.value.why


def test_faults_of_several_kinds_are_told_in_one_run_at_the_lines_of_their_author_and_nothing_is_staged(tmp_path: Path) -> None:
    source = tmp_path / "report.qmd"
    lines = [
        "# Tal {.evidence}",
        "",
        "Af {{< var guide.yes.n >}}.",
        "",
        "# Fund",
        "",
        "Der er 17 huse.",
        "",
        "Se {{< var guide.yse.share >}}.",
        "",
    ]
    source.write_text("\n".join([*lines, "::: {.callout-tip}", "Nej", ":::", "", "Note[^a] og @tbl-b", ""]), encoding="utf-8")
    with pytest.raises(RenderError) as caught:
        stage(source, collected(tmp_path), tmp_path / "stage")
    told = caught.value.why
    assert "line 7: '17'" in told
    assert "line 9: guide.yse.share" in told
    assert "line 11: callout-tip" in told
    assert "line 15: [^a] would be printed" in told
    assert "line 15: @tbl-b leads nowhere" in told
    assert not (tmp_path / "stage").exists()


def test_a_report_that_names_no_number_has_no_chapter_of_numbers(tmp_path: Path) -> None:
    source = tmp_path / "report.qmd"
    source.write_text("# Fund\n\nIngen.\n\n# Alle tal\n\n{{< include tables/all-values.md >}}\n\n# Mere\n", encoding="utf-8")
    prose = (stage(source, collected(tmp_path), tmp_path / "stage") / "report.qmd").read_text(encoding="utf-8")
    assert "Alle tal" not in prose
    assert "# Mere" in prose


def test_a_line_is_traced_to_its_author_though_numbers_and_findings_were_put_in() -> None:
    authored = "# A\n\n{{< include findings/story.md >}}\n\n## B {.evidence}\n\nI B.\n\n# C\n\nAf {{< var a.n >}} er [få]{claim=a.b}."
    staged = "# A\n\n\n# Fund\n\n## Et fund\n\n\n# C\n\nAf [31](#n-a.n){.value} er [få](#n-a.b){.value}."
    places = places_of(staged, authored, "report.qmd", "findings.toml")
    where = dict(zip(staged.split("\n"), places, strict=True))
    assert where["# A"] == "report.qmd, line 1"
    assert where["## Et fund"] == "findings.toml"
    assert where["# C"] == "report.qmd, line 9"
    assert places[-1] == "report.qmd, line 11"


def test_a_short_list_of_contents_stands_on_the_cover_and_a_long_one_on_pages_of_its_own(tmp_path: Path) -> None:
    for count, short in ((18, True), (19, False)):
        source = tmp_path / f"{count}.qmd"
        source.write_text("\n\n".join(f"# Kapitel {name}" for name in "abcdefghijklmnopqrs"[:count]), encoding="utf-8")
        folder = stage(source, tmp_path / "none", tmp_path / f"stage-{count}")
        assert ("short: true" in (folder / "_meta.typ").read_text(encoding="utf-8")) is short


def test_a_number_that_no_page_made_is_looked_up_once_and_stands_in_the_list_beside_the_others(tmp_path: Path) -> None:
    source = tmp_path / "report.qmd"
    source.write_text(f"{REPORT}\n{{{{< var further.no.count >}}}} siger nej, {{{{< var further.no.count >}}}}.\n", encoding="utf-8")
    asked: list[str] = []

    def look_up(address: str) -> Value | None:
        asked.append(address)
        cell = dataclasses.replace(table(22).cell("guide.yes.n"), address=address)
        return value_of(cell, "", "") if address.startswith("further.") else None

    folder = stage(source, collected(tmp_path), tmp_path / "stage", look_up=look_up)
    assert asked == ["further.no.count"]
    prose = (folder / "report.qmd").read_text(encoding="utf-8")
    assert "[42](#n-further.no.count){.value} siger nej, [42](#n-further.no.count){.value}." in prose
    assert "`further.no.count`" in (folder / "tables/all-values.md").read_text(encoding="utf-8")
    source.write_text("{{< var another.no.count >}}\n", encoding="utf-8")
    with pytest.raises(RenderError, match="1 numbers do not exist"):
        stage(source, tmp_path / "run", tmp_path / "again", look_up=look_up)


def test_changing_the_data_changes_the_text(tmp_path: Path) -> None:
    source = tmp_path / "report.qmd"
    source.write_text(REPORT, encoding="utf-8")
    said = []
    for count in (22, 11):
        folder = stage(source, collected(tmp_path / str(count), count), tmp_path / f"stage{count}")
        said.append(render(folder, ("html",), "embedded")[0].read_text(encoding="utf-8"))
    assert ">52\u00a0%</button> ja" in said[0]
    assert ">26\u00a0%</button> ja" in said[1]


def test_other_readers_and_languages_are_no_part_of_a_report(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    for name in ("report.en.qmd", "steering.qmd", "_cases.qmd", "round.toml", "map.svg"):
        (source / name).write_text("# A\n", encoding="utf-8")
    (source / "report.qmd").write_text("# A\n\n{{< include _cases.qmd >}}\n\n![m](map.svg)\n", encoding="utf-8")
    folder = stage(source, tmp_path / "none", tmp_path / "stage")
    assert {"report.qmd", "_cases.qmd", "map.svg"} <= {path.name for path in folder.iterdir()}
    assert not {"report.en.qmd", "steering.qmd", "round.toml"} & {path.name for path in folder.iterdir()}


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


def test_a_finding_takes_the_place_of_the_message_that_a_figure_was_drawn_with() -> None:
    from vvvresearch.reporting.staging._messages import with_messages

    drawn = "![[Oftest »ja«: 22 af 42.]{.message} Antal](figures/refers.svg){#fig-refers}"
    assert with_messages(drawn, {}) == "![Oftest »ja«: 22 af 42. Antal](figures/refers.svg){#fig-refers}"
    assert with_messages(drawn, {"refers": "22 af 42 henviser"}) == "![22 af 42 henviser. Antal](figures/refers.svg){#fig-refers}"
