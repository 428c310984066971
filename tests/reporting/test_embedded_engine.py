"""The embedded engine renders what Quarto would, and refuses what it would print wrongly."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pikepdf
import pytest
from documents import HEAD, staged
from playwright.sync_api import sync_playwright

from vvvresearch.errors import RenderError
from vvvresearch.reporting import render
from vvvresearch.reporting.embedded._engine import rendered


def page_text(folder: Path, body: str, **options: str) -> str:
    page = rendered(staged(folder, body, **options), "report.qmd", "html").decode("utf-8")
    main = page[page.index("<main") : page.index("</main>")]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", main)).split())


def page_of(folder: Path, body: str, **options: str) -> str:
    return rendered(staged(folder, body, **options), "report.qmd", "html").decode("utf-8")


FIGURE = '![Svar](figures/x.svg){#fig-x fig-alt="56 procent svarer ja"}\n'
TABLE = "| Svar | Antal |\n|:--|--:|\n| Ja | 22 |\n\n: Henviser {#tbl-y}\n"


def test_figures_tables_sections_and_equations_are_numbered_and_referred_to_in_danish(tmp_path: Path) -> None:
    text = "Se @fig-x, [-@tbl-y], [@fig-x; @tbl-y], @sec-b og @eq-e."
    body = f"# Start {{#sec-a}}\n\n{text}\n\n{FIGURE}\n{TABLE}\n## Næste {{#sec-b}}\n\n$$ a $$ {{#eq-e}}\n"
    text = page_text(tmp_path, body)
    assert "Se Figur 1, 1, Figur 1, Tabel 1, Afsnit 1.1 og Ligning 1." in text
    assert "Figur 1: Svar" in text
    assert "Tabel 1: Henviser" in text
    assert "(1)" in text


def test_values_stand_in_text_titles_captions_alt_texts_and_callouts(tmp_path: Path) -> None:
    var = "{{< var guide.pct >}}"
    body = f'# Kap {var}\n\n![Om {var}](figures/x.svg){{#fig-x fig-alt="{var} ja"}}\n\n::: {{.callout-tip}}\n## Råd {var}\nTekst.\n:::\n'
    page = page_of(tmp_path, body, head=f'---\ntitle: "Notat {var}"\n---\n\n')
    assert page.count("56\u00a0%") >= 6
    assert 'alt="56\u00a0% ja"' in page
    assert "<title>Notat 56\u00a0%</title>" in page


def test_a_value_that_begins_like_a_list_stays_a_paragraph(tmp_path: Path) -> None:
    assert "<p>1. januar begynder" in page_of(tmp_path, "# A\n\n{{< var guide.day >}} begynder\n")


def test_a_quoted_number_keeps_its_zeros(tmp_path: Path) -> None:
    assert "7.170" in page_text(tmp_path, "# A\n\n{{< var guide.odd >}}\n")


def test_an_unquoted_number_is_refused_since_quarto_would_print_it_otherwise(tmp_path: Path) -> None:
    with pytest.raises(RenderError, match="not quoted"):
        page_text(tmp_path, "# A\n\n{{< var guide.odd >}}\n", variables="guide:\n  odd: 7.170\n")


def test_shortcodes_in_code_are_left_alone(tmp_path: Path) -> None:
    text = page_text(tmp_path, "# A\n\n`{{< var a >}}`\n\n```\n{{< var b >}}\n{{< include c >}}\n```\n")
    assert "{{< var a >}}" in text
    assert "{{< include c >}}" in text


def test_content_for_one_format_is_left_out_of_the_other(tmp_path: Path) -> None:
    web = '::: {.content-visible when-format="html"}\nweb\n:::\n'
    paper = '::: {.content-hidden when-format="html"}\npapir\n:::\n'
    body = f'# A\n\n{web}\n{paper}\n[kun papir]{{.content-visible when-format="typst"}}\n'
    assert page_text(tmp_path, body) == "1 A web"


def test_tabs_stand_one_below_the_other_and_are_not_in_the_contents(tmp_path: Path) -> None:
    page = page_of(tmp_path, "# A\n\n::: {.panel-tabset}\n## Et\nFørste.\n\n## To\nAnden.\n:::\n")
    assert "Første." in page
    assert "Anden." in page
    assert page.count("<li>") == 1


def test_a_labelled_cell_of_a_notebook_is_embedded_as_a_native_table(tmp_path: Path) -> None:
    import json

    cell = {
        "cell_type": "code",
        "source": "#| label: tbl-n\n#| tbl-cap: Fra notebook\nx",
        "outputs": [
            {"output_type": "display_data", "data": {"text/html": "<table><thead><tr><th>a</th></tr></thead><tr><td>5</td></tr></table>"}}
        ],
    }
    (tmp_path / "nb").mkdir()
    (tmp_path / "nb" / "n.ipynb").write_text(json.dumps({"cells": [cell]}), encoding="utf-8")
    text = page_text(tmp_path, "# A\n\n{{< embed nb/n.ipynb#tbl-n >}}\n\nSe @tbl-n.\n")
    assert "Tabel 1: Fra notebook a 5 Se Tabel 1." in text


def test_included_files_are_traced_to_their_own_lines(tmp_path: Path) -> None:
    (tmp_path / "piece.md").write_text("Fint.\n\nSe @fig-nej.\n", encoding="utf-8")
    with pytest.raises(RenderError) as caught:
        page_text(tmp_path, "# A\n\n{{< include piece.md >}}\n")
    assert caught.value.where == "piece.md, line 3"


BROKEN = {
    "a reference to nothing": ("# A\n\nTekst.\n\nSe @fig-nej.\n", "@fig-nej leads nowhere", "report.qmd, line 10"),
    "a value nobody made": ("# A\n\n{{< var guide.nej >}}\n", "'guide.nej' does not exist", "report.qmd, line 8"),
    "metadata that is not there": ("# A\n\n{{< meta nej >}}\n", "'nej' does not exist", "report.qmd, line 8"),
    "an unknown shortcode": ("# A\n\n{{< video x.mp4 >}}\n", "'video' is outside", "report.qmd, line 8"),
    "a shortcode in a shortcode": ("# A\n\n{{< include {{< var a >}} >}}\n", "shortcode", "report.qmd, line 8"),
    "a missing include": ("# A\n\n{{< include nej.md >}}\n", "does not exist", "report.qmd, line 8"),
    "an include in a sentence": ("# A\n\nSe {{< include nej.md >}}\n", "stand alone", "report.qmd, line 8"),
    "a figure without alternative text": ("# A\n\n![Svar](figures/x.svg){#fig-x}\n", "no alternative text", "report.qmd, line 8"),
    "an image that is not there": ('# A\n\n![S](figures/y.svg){fig-alt="a"}\n', "cannot be read", "report.qmd, line 8"),
    "an image from the network": ('# A\n\n![S](https://example.org/y.svg){fig-alt="a"}\n', "cannot be read", "report.qmd, line 8"),
    "an image outside the folder": ('# A\n\n![S](../y.svg){fig-alt="a"}\n', "cannot be read", "report.qmd, line 8"),
    "two equal labels": (f"# A\n\n{FIGURE}\n{FIGURE}", "stands twice", "report.qmd, line 8"),
    "a skipped heading level": ("# A\n\n### B\n", "skips a level", "report.qmd, line 8"),
    "a cell to execute": ("# A\n\n```{python}\n1\n```\n", "to be executed", "report.qmd, line 8"),
    "raw markup": ("# A\n\n<b>x</b>\n", "raw markup", "report.qmd, line 8"),
    "an unknown callout": ("# A\n\n::: {.callout-hint}\nx\n:::\n", "no callout 'hint'", "report.qmd, line 8"),
    "columns": ("# A\n\n::: {.columns}\nx\n:::\n", "outside the subset", "report.qmd, line 8"),
    "a figure layout": ("# A\n\n::: {layout-ncol=2}\nx\n:::\n", "outside the subset", "report.qmd, line 8"),
    "a citation without a bibliography": ("# A\n\n@hansen2020\n", "neither a cross-reference", ""),
    "a reference to an unnumbered heading": ("# A {.unnumbered #sec-a}\n\n@sec-a\n", "leads nowhere", "report.qmd, line 8"),
    "a format that engines call differently": (
        '# A\n\n::: {.content-visible when-format="pdf"}\nx\n:::\n',
        "the format 'pdf'",
        "report.qmd, line 8",
    ),
    "a value in a link's address": ("# A\n\n[x](https://example.org/{{< var guide.odd >}})\n", "address", "report.qmd, line 8"),
    "an escaped shortcode": ("# A\n\n{{{< var a >}}}\n", "escaped", "report.qmd, line 8"),
    "words behind a reference": (f"# A\n\n[@fig-x, s. 2]\n\n{FIGURE}", "words behind", "report.qmd, line 8"),
    "an embed of a missing notebook": ("# A\n\n{{< embed nb/n.ipynb#a >}}\n", "cannot be embedded", "report.qmd, line 8"),
}


@pytest.mark.parametrize(("body", "what", "where"), BROKEN.values(), ids=BROKEN)
def test_what_quarto_would_print_wrongly_is_an_error_with_file_and_line(tmp_path: Path, body: str, what: str, where: str) -> None:
    with pytest.raises(RenderError) as caught:
        page_text(tmp_path, body)
    assert what in caught.value.what
    if where:
        assert caught.value.where == where


def test_a_nested_include_is_refused(tmp_path: Path) -> None:
    (tmp_path / "outer.md").write_text("{{< include inner.md >}}\n", encoding="utf-8")
    (tmp_path / "inner.md").write_text("x\n", encoding="utf-8")
    with pytest.raises(RenderError, match="inside an included file"):
        page_text(tmp_path, "# A\n\n{{< include outer.md >}}\n")


def test_citations_come_once_and_an_unknown_one_is_an_error(tmp_path: Path) -> None:
    entry = "@book{hansen, author={Hansen, Ida}, title={Venner}, year={2020}, publisher={Forlaget}}\n"
    (tmp_path / "refs.bib").write_text(entry, encoding="utf-8")
    head = '---\ntitle: "N"\nbibliography: refs.bib\n---\n\n'
    text = page_text(tmp_path, "# A\n\nSom [@hansen] viser.\n", head=head)
    assert "(Hansen 2020)" in text
    assert text.count("Forlaget") == 1
    with pytest.raises(RenderError, match="not in the bibliography"):
        page_text(tmp_path, "# A\n\n[@nej]\n", head=head)


def test_data_that_look_like_markup_are_printed_as_they_stand(tmp_path: Path) -> None:
    from vvvresearch.rounds._snippets import paragraph_text

    nasty = 'a|b *c* _d_ __e__ <script>alert(1)</script> @fig-x [x](y) {{x}} $z$ "q" ~s~ ^t^ `u` # v \\w'
    text = page_text(tmp_path, f"# A\n\n{paragraph_text(nasty)}\n")
    straight = text.replace("“", '"').replace("”", '"')
    assert straight == f"1 A {nasty}"


def test_data_that_look_like_markup_are_printed_as_they_stand_on_paper_too(tmp_path: Path) -> None:
    import shutil
    import subprocess

    import pandas as pd

    from vvvresearch.results import Base, Result
    from vvvresearch.rounds._snippets import view_snippet

    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext is not installed")
    cells = ["23. august 2020", "- minus", "= lig", "/ skrå", "1) en", "#let x", "$y$", "*z*", "_u_", "<lbl>", "@fig-x", "// v"]
    table = Result(frame=pd.DataFrame({"celle": cells}), base=Base(len(cells)), title="#set $a$ _b_")
    folder = staged(tmp_path, f"# A\n\n{view_snippet(table.view(), 'nasty')}\n")
    (path,) = render(folder, formats=("pdf",), engine="embedded")
    said = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True).stdout
    lines = [line.strip() for line in said.splitlines()]
    assert [cell for cell in cells if cell not in lines] == []
    assert "Tabel 1: #set $a$ _b_" in said.replace("\u00a0", " ")


def test_the_page_loads_nothing_and_says_its_marks_and_language(tmp_path: Path) -> None:
    page = page_of(tmp_path, f"# A\n\n{FIGURE}\n$x$ [l](https://example.org)\n")
    assert not re.search(r'(?:src|srcset)="(?!data:)', page)
    assert not re.search(r"<link(?![^>]*data:)|<script|@import|url\(", page)
    assert '<html lang="da">' in page
    assert "Syntetiske data" in page
    assert "udkast – ikke frigivet" in page
    assert 'class="skip"' in page


def test_header_cells_say_what_they_head(tmp_path: Path) -> None:
    page = page_of(tmp_path, f"# A\n\n{TABLE}")
    assert re.search(r'<th scope="col"[^>]*>Svar', page)
    assert re.search(r'<th scope="row"[^>]*>Ja', page)


def test_rendering_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    body = f"# A\n\n{FIGURE}\n{TABLE}"
    first = [path.read_bytes() for path in render(staged(tmp_path / "one", body), engine="embedded")]
    second = [path.read_bytes() for path in render(staged(tmp_path / "two", body), engine="embedded")]
    assert first == second


def test_the_pdf_is_tagged_titled_in_danish_and_marked_on_every_page(tmp_path: Path) -> None:
    body = f"# Kapitel\n\n{FIGURE}\n{TABLE}\n$x^2$\n\n" + "{{< pagebreak >}}\n\n# Næste\n\nTekst.\n"
    folder = staged(tmp_path, body)
    (path,) = render(folder, formats=("pdf",), engine="embedded")
    with pikepdf.open(path) as document:
        assert document.Root.MarkInfo.Marked
        assert str(document.Root.Lang) == "da"
        metadata = document.open_metadata()
        assert metadata["dc:title"] == "Notat"
        assert metadata["pdfuaid:part"] == "1"
        assert metadata.pdfa_status == "2A"
        assert len(document.pages) >= 4
        with document.open_outline() as outline:
            assert [item.title for item in outline.root] == ["1 Kapitel", "2 Næste"]


def test_marks_stand_on_every_page_of_the_pdf(tmp_path: Path) -> None:
    import shutil
    import subprocess

    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext is not installed")
    (path,) = render(staged(tmp_path, "# A\n\n{{< pagebreak >}}\n\n# B\n\nb\n"), formats=("pdf",), engine="embedded")
    said = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, text=True, check=True).stdout
    pages = said.rstrip("\f").split("\f")
    assert len(pages) >= 4
    assert all("Syntetiske data" in page and "udkast – ikke frigivet" in page for page in pages)


def test_typst_refuses_a_document_whose_figure_lacks_alternative_text(tmp_path: Path) -> None:
    from vvvresearch.reporting.embedded._pdf import compile_typst

    staged(tmp_path, "# A\n")
    with pytest.raises(RenderError) as caught:
        compile_typst('#set document(title: "t")\n#image("/figures/x.svg")\n', tmp_path)
    assert "alt" in caught.value.why


def test_pandoc_cannot_read_files_by_itself(tmp_path: Path) -> None:
    from vvvresearch.reporting.embedded._tree import run_pandoc

    (tmp_path / "secret.txt").write_text("hemmeligt", encoding="utf-8")
    output, _ = run_pandoc(["-f", "rst", "-t", "plain"], "x\n\n.. include:: secret.txt\n", folder=tmp_path)
    assert "hemmeligt" not in output


def test_an_unknown_engine_format_or_folder_is_named(tmp_path: Path) -> None:
    staged(tmp_path, "# A\n")
    for options, what in (({"engine": "word"}, "engine 'word'"), ({"formats": ("docx",)}, "format 'docx'")):
        with pytest.raises(RenderError, match=what):
            render(tmp_path, **options)  # type: ignore[arg-type]
    with pytest.raises(RenderError, match="does not exist"):
        render(tmp_path / "nowhere")


def test_what_is_left_unresolved_on_a_page_of_any_engine_is_found(tmp_path: Path) -> None:
    from vvvresearch.reporting import check_page

    for left in ("?var:guide.pct", "?meta:title", "?@fig-x", "{{&lt; var a &gt;}}"):
        page = tmp_path / "page.html"
        page.write_text(f"<p>Tekst {left} her</p>", encoding="utf-8")
        with pytest.raises(RenderError, match="is printed in the report"):
            check_page(page)
    page.write_text("<p>Hvad? {{x}}</p><code>?var:a</code>", encoding="utf-8")
    check_page(page)


def test_a_report_without_a_title_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RenderError, match="no title"):
        page_text(tmp_path, "# A\n", head="")
    assert HEAD


def test_hyphens_go_where_danish_compounds_may_break() -> None:
    from vvvresearch.reporting.embedded._hyphens import soften

    assert soften("mekanismeanalyserne og Kommunesurveyen", "da") == "mekanisme\u00adanalyserne og Kommune\u00adsurveyen"
    assert soften("mekanismeanalyserne", "en") == "mekanismeanalyserne"


@pytest.mark.slow
@pytest.mark.browser
def test_a_browser_opens_the_page_without_requests_or_complaints(tmp_path: Path) -> None:
    import shutil

    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("chromium is not installed")
    (path,) = render(staged(tmp_path, f"# A\n\n{FIGURE}\n{TABLE}\n$x$\n"), formats=("html",), engine="embedded")
    asked: list[str] = []
    said: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda problem: said.append(str(problem)))
        page.goto(path.as_uri())
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.querySelector('main img').naturalWidth") > 0
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        browser.close()
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert said == []


# Contrast by the rule of WCAG 2.2 (relative luminance), computed in the page for every text that is seen.
_CONTRAST = """() => {
  const light = c => { const v = c.map(x => x / 255).map(x => x <= .04045 ? x / 12.92 : ((x + .055) / 1.055) ** 2.4);
    return .2126 * v[0] + .7152 * v[1] + .0722 * v[2]; };
  const rgb = text => text.match(/[\\d.]+/g).map(Number);
  const behind = el => { for (; el; el = el.parentElement) { const c = rgb(getComputedStyle(el).backgroundColor);
    if (c.length < 4 || c[3] > 0) return c.slice(0, 3); }
    return rgb(getComputedStyle(document.documentElement).backgroundColor).slice(0, 3); };
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) { const el = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || !el.getClientRects().length) continue;
    const [one, two] = [light(rgb(getComputedStyle(el).color)), light(behind(el))];
    found.push([(Math.max(one, two) + .05) / (Math.min(one, two) + .05), el.tagName + ' ' + walk.currentNode.data.slice(0, 30)]); }
  return found.sort((a, b) => a[0] - b[0]);
}"""


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_every_text_is_read_on_a_wide_screen_and_a_phone_by_day_and_by_night(tmp_path: Path, scheme: str, width: int) -> None:
    import shutil

    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("chromium is not installed")
    callouts = "".join(
        f"::: {{.callout-{kind}}}\n## Råd\nEn [henvisning](#sec-a) her.\n:::\n\n" for kind in ("note", "tip", "warning", "important")
    )
    body = f"# Kapitel {{#sec-a}}\n\nVi så {{{{< var guide.pct >}}}}, se @tbl-y.\n\n{callouts}{FIGURE}\n{TABLE}\n> Et citat.\n\n`kode`\n"
    (tmp_path / "page.html").write_text(page_of(tmp_path / "staged", body), encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
        page.goto((tmp_path / "page.html").as_uri())
        contrasts = page.evaluate(_CONTRAST)
        paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
        overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        browser.close()
    assert contrasts[0][0] >= 4.5, contrasts[:3]
    assert (paper == "rgb(255, 255, 255)") == (scheme == "light")
    assert overflow == 0
