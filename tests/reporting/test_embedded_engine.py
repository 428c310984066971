"""The embedded engine renders what Quarto would, and refuses what both would not render alike."""

from __future__ import annotations

import html
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pikepdf
import pytest
from documents import staged

from vvvresearch.errors import RenderError
from vvvresearch.files import markdown_text
from vvvresearch.reporting import render, render_staged
from vvvresearch.reporting.embedded._engine import compile_typst, quoted, rendered

TRAP = Path(__file__).parents[1] / "data" / "reference" / "quarto"
FIGURE = '![Svar](figures/x.svg){#fig-x fig-alt="56 procent svarer ja"}\n'
TABLE = "| Svar | Antal |\n|:--|--:|\n| Ja | 22 |\n\n: Henviser {#tbl-y}\n"
NOTE = "Af [29 %](#n-a){.value} er det få.\n\n::: {#n-a .note}\n**Note** Talt: 12 af 42. [Tilbage](#sec-a){.back}\n:::\n"


def page_of(folder: Path, body: str) -> str:
    return rendered(staged(folder, body), "report.qmd", ["html"])["html"].decode("utf-8")


def text_of(page: str) -> str:
    main = page[page.index("<main") : page.index("</main>")]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", main)).replace("\u00a0", " ").split())


@pytest.fixture(scope="module")
def trap(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of traps, rendered."""
    out = tmp_path_factory.mktemp("trap")
    render_staged(TRAP / "trap", out, formats=("html", "pdf", "typ", "docx"), engine="embedded")
    return out


def test_a_folder_of_traps_comes_out_as_quarto_made_it_in_every_format(trap: Path) -> None:
    files = [str(trap / f"report.{kind}") for kind in ("html", "pdf", "typ", "docx")]
    done = subprocess.run([sys.executable, str(TRAP / "check.py"), *files], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "row headers in the PDF 70 of 70" in done.stdout


def test_a_difference_to_quarto_is_found(trap: Path, tmp_path: Path) -> None:
    spoilt = (trap / "report.html").read_text(encoding="utf-8").replace(">29\u00a0%<", ">28\u00a0%<", 1)
    (tmp_path / "report.html").write_text(spoilt, encoding="utf-8")
    done = subprocess.run([sys.executable, str(TRAP / "check.py"), str(tmp_path / "report.html")], capture_output=True, check=False)
    assert done.returncode == 1


def test_figures_tables_and_sections_are_numbered_and_referred_to_in_danish(tmp_path: Path) -> None:
    said = "Se @fig-x, [-@tbl-y], [@fig-x; @tbl-y] og @sec-b."
    text = text_of(page_of(tmp_path, f"# Start {{#sec-a}}\n\n{said}\n\n{FIGURE}\n{TABLE}\n## Næste {{#sec-b}}\n\nSlut.\n"))
    assert "Se Figur 1, 1, Figur 1, Tabel 1 og Afsnit 1.1." in text
    assert "Figur 1: Svar" in text
    assert "Tabel 1: Henviser" in text


def test_a_number_opens_its_note_without_a_script_and_the_note_says_so_once(tmp_path: Path) -> None:
    page = page_of(tmp_path, f"# A {{#sec-a}}\n\n{NOTE}")
    assert '<button type="button" class="value" popovertarget="pop-n-a">29 %</button>' in page
    assert page.count('id="n-a"') == 1
    pop = page[page.index('popover id="pop-n-a"') :]
    assert "12 af 42" in pop
    assert "Tilbage" not in pop[: pop.index("</aside>")]
    assert "<script" not in page


def test_straight_quotation_marks_become_those_of_the_language_in_both_formats(tmp_path: Path) -> None:
    done = rendered(staged(tmp_path, '# A\n\nHun sagde "ja" til det.\n'), "report.qmd", ["html", "typ"])
    assert "»ja«" in done["html"].decode()
    assert "»ja«" in done["typ"].decode()


def test_cards_stand_side_by_side_and_a_card_alone_in_the_column(tmp_path: Path) -> None:
    cards = ":::: {.cards}\n::: {.card}\nEt\n:::\n::: {.card}\nTo\n:::\n::::\n\n::: {.card}\nAlene\n:::\n"
    source = rendered(staged(tmp_path, f"# A\n\n{cards}"), "report.qmd", ["typ"])["typ"].decode()
    body = source[source.index("= A") :]
    assert re.search(r"#cards\(\s*\[\s*Et\s*\],\s*\[\s*To\s*\],\s*\)\s*#card\[\s*Alene\s*\]", body)


def test_boxes_within_boxes_keep_their_look_on_paper(tmp_path: Path) -> None:
    body = (
        "# A {#sec-a}\n\n::::: {.notes}\n\n::: {#n-b .note}\nTalt.\n:::\n\n:::: {.case}\n\n::: {.pull-quote}\n»Ja«\n:::\n\n::::\n\n:::::\n"
    )
    typ = rendered(staged(tmp_path, body), "report.qmd", ["typ"])["typ"].decode("utf-8")
    shown = typ[typ.index("= A") :]
    assert [shown.count(call) for call in ("#notes[", "#note[", "#case[", "#pull-quote[")] == [1, 1, 1, 1]
    assert "] <n-b>" in shown


def test_a_column_gets_the_room_that_saves_most_lines_and_its_longest_word(tmp_path: Path) -> None:
    long, word = "ord " * 40, "kommunegruppe"
    rows = "".join(f"| {word} | {long} | {number} | {word} |\n" for number in range(3))
    table = f"| Hvem | Hvad | Antal | Hvor |\n|:--|:--|--:|:--|\n{rows}\n: Tal {{#tbl-y}}\n"
    typ = rendered(staged(tmp_path, f"# A\n\n{table}"), "report.qmd", ["typ"])["typ"].decode("utf-8")
    shares = [float(share) for share in re.search(r"columns: \(([^()]*)\)", typ[typ.index("= A") :])[1].replace("%", "").split(",")]
    assert shares[1] > 45
    assert min(shares[0], shares[3]) * 92 / 100 >= len(word)


def test_a_picture_higher_than_a_page_is_made_to_stand_on_one(tmp_path: Path) -> None:
    folder = staged(tmp_path, f"# A\n\n{FIGURE}\n")
    high = '<svg xmlns="http://www.w3.org/2000/svg" width="160" height="900" viewBox="0 0 160 900"><text x="5" y="890">Nederst</text></svg>'
    (folder / "figures" / "x.svg").write_text(high, encoding="utf-8")
    (folder / "paper.pdf").write_bytes(rendered(folder, "report.qmd", ["pdf"])["pdf"])
    done = subprocess.run(["pdftotext", "-bbox", str(folder / "paper.pdf"), "-"], capture_output=True, text=True, check=True)
    assert "yMax" in done.stdout
    last = re.search(r'yMax="([\d.]+)">Nederst<', done.stdout)
    assert last is not None
    assert float(last[1]) < 842 - 60


def test_shortcodes_in_code_are_left_alone(tmp_path: Path) -> None:
    text = text_of(page_of(tmp_path, "# A\n\n`{{< var a >}}`\n\n```\n{{< var b >}}\n{{< include c >}}\n```\n"))
    assert "{{< var a >}}" in text
    assert "{{< include c >}}" in text


@pytest.mark.parametrize(
    "said", ["::: {.x}", "Nej ::: {.note #fig-a}", "{{< var a.n >}}", "{{{< meta title >}}}", "{{< pagebreak >}}", "[^1] {#sec-a"]
)
def test_words_of_data_that_look_like_markup_are_printed_as_they_stand(tmp_path: Path, said: str) -> None:
    words = markdown_text(said)
    table = f"| a | b |\n|:--|--:|\n| {words} | 1 |\n\n: T {{#tbl-t}}\n"
    assert text_of(page_of(tmp_path, f"# A\n\nDe svarede {words} her.\n\n{words}\n\n{table}")).count(said) == 3
    with pytest.raises(RenderError, match="would be printed as it stands"):
        page_of(tmp_path, f"# A\n\nSe [^nej] og {{.x og {words}.\n")


def test_included_files_are_traced_to_their_own_lines(tmp_path: Path) -> None:
    (tmp_path / "piece.md").write_text("Fint.\n\nSe @fig-nej.\n", encoding="utf-8")
    with pytest.raises(RenderError) as caught:
        page_of(tmp_path, "# A\n\n{{< include piece.md >}}\n")
    assert caught.value.where == "piece.md, line 3"


BROKEN = {
    "a reference to nothing": ("# A\n\nTekst.\n\nSe @fig-nej.\n", "@fig-nej leads nowhere", 10),
    "a link to nothing": ("# A\n\nSe [her](#nej).\n", "#nej leads nowhere", 8),
    "a value left over": ("# A\n\n{{< var guide.nej >}}\n", "the shortcode 'var'", 8),
    "metadata left over": ("# A\n\n{{< meta nej >}}\n", "the shortcode 'meta'", 8),
    "an embedded cell": ("# A\n\n{{< embed nb/n.ipynb#a >}}\n", "the shortcode 'embed'", 8),
    "an unknown shortcode": ("# A\n\n{{< video x.mp4 >}}\n", "the shortcode 'video'", 8),
    "a missing include": ("# A\n\n{{< include nej.md >}}\n", "does not exist", 8),
    "an include in a sentence": ("# A\n\nSe {{< include nej.md >}}\n", "stand alone", 8),
    "a figure without alternative text": ("# A\n\n![Svar](figures/x.svg){#fig-x}\n", "no alternative text", 8),
    "a figure without a label": ('# A\n\n![Svar](figures/x.svg){fig-alt="a 1"}\n', "no label", 8),
    "an image that is not there": ('# A\n\n![S](figures/y.svg){#fig-y fig-alt="a"}\n', "cannot be read", 8),
    "an image from the network": ('# A\n\n![S](https://example.org/y.svg){#fig-y fig-alt="a"}\n', "cannot be read", 8),
    "an image outside the folder": ('# A\n\n![S](../y.svg){#fig-y fig-alt="a"}\n', "cannot be read", 8),
    "two equal labels": (f"# A\n\n{FIGURE}\n{FIGURE}", "stands twice", 10),
    "a skipped heading level": ("# A\n\n### B\n", "skips a level", 8),
    "a link in a heading": ("# A\n\n## B [ja](#n-a)\n\n::: {#n-a .note}\nx\n:::\n", "a link in a heading", 8),
    "a cell to execute": ("# A\n\n```{python}\n1\n```\n", "to be executed", 8),
    "raw HTML": ("# A\n\n<b>x</b>\n", "raw markup", 8),
    "raw LaTeX": ("# A\n\n\\newpage\n", "raw markup", 8),
    "raw Typst": ("# A\n\n`#pagebreak()`{=typst}\n", "raw markup", 8),
    "a callout": ("# A\n\n::: {.callout-tip}\nx\n:::\n", "callout-tip is outside", 8),
    "a tab set": ("# A\n\n::: {.panel-tabset}\nx\n:::\n", "panel-tabset is outside", 8),
    "content for one format": ('# A\n\n::: {.content-visible when-format="html"}\nx\n:::\n', "content-visible is outside", 8),
    "a figure layout of three": ("# A\n\n::: {layout-ncol=3}\nx\n:::\n", "layout-ncol=3 is outside", 8),
    "text in the margin": ("# A\n\n::: {.column-margin}\nx\n:::\n", "column-margin is outside", 8),
    "an equation with a label": ("# A\n\n@eq-e\n", "@eq-e is outside", 8),
    "a citation without a bibliography": ("# A\n\n@hansen2020\n", "neither a cross-reference", 8),
    "a reference to an unnumbered heading": ("# A {.unnumbered #sec-a}\n\n@sec-a\n", "leads nowhere", 8),
    "an escaped shortcode": ("# A\n\n{{{< var a >}}}\n", "escaped", 8),
    "words behind a reference": (f"# A\n\n[@fig-x, s. 2]\n\n{FIGURE}", "words behind", 8),
    "a cell of three thousand characters": (f"# A\n\n| a | b |\n|:--|--:|\n| {'ord ' * 750}| 1 |\n\n: T {{#tbl-t}}\n", "a cell of 29", 10),
}


@pytest.mark.parametrize(("body", "what", "line"), BROKEN.values(), ids=BROKEN)
def test_what_engines_would_not_render_alike_is_an_error_with_file_and_line(tmp_path: Path, body: str, what: str, line: int) -> None:
    with pytest.raises(RenderError) as caught:
        page_of(tmp_path, body)
    said = f"{caught.value.what} {caught.value.why}"
    assert what in said
    assert f"report.qmd, line {line}" in f"{caught.value.where} {caught.value.why}"
    assert caught.value.todo or ";" in caught.value.why


def test_everything_that_is_wrong_is_said_at_once_in_the_order_of_lines(tmp_path: Path) -> None:
    with pytest.raises(RenderError) as caught:
        page_of(tmp_path, "# A\n\n::: {.callout-note}\nx\n:::\n\nSe @tbl-nej og @fig-nej.\n\n{{< var a.b >}}\n\n<i>x</i>\n")
    lines = [int(found) for found in re.findall(r"report\.qmd, line (\d+):", caught.value.why)]
    assert lines == sorted(lines)
    assert len(lines) >= 5


def test_a_refused_document_leaves_the_files_of_the_run_before(tmp_path: Path) -> None:
    folder, out = staged(tmp_path / "a", "# A\n\nGodt.\n"), tmp_path / "out"
    (before,) = render_staged(folder, out, formats=("html",), engine="embedded")
    kept = before.read_bytes()
    staged(tmp_path / "a", "# A\n\n::: {.callout-tip}\nx\n:::\n")
    with pytest.raises(RenderError):
        render_staged(folder, out, formats=("html",), engine="embedded")
    assert before.read_bytes() == kept


def test_a_nested_include_is_refused(tmp_path: Path) -> None:
    (tmp_path / "outer.md").write_text("{{< include inner.md >}}\n", encoding="utf-8")
    (tmp_path / "inner.md").write_text("x\n", encoding="utf-8")
    with pytest.raises(RenderError, match="inside an included file"):
        page_of(tmp_path, "# A\n\n{{< include outer.md >}}\n")


def test_citations_come_once_and_an_unknown_one_is_an_error(tmp_path: Path) -> None:
    entry = "@book{hansen, author={Hansen, Ida}, title={Venner}, year={2020}, publisher={Forlaget}}\n"
    (tmp_path / "refs.bib").write_text(entry, encoding="utf-8")
    settings = 'project: {render: ["report.qmd"]}\nlang: da\nbibliography: refs.bib\n'
    folder = staged(tmp_path, "# A\n\nSom [@hansen] viser.\n", settings=settings)
    text = text_of(rendered(folder, "report.qmd", ["html"])["html"].decode())
    assert "(Hansen 2020)" in text
    assert text.count("Forlaget") == 1
    with pytest.raises(RenderError, match="not in the bibliography"):
        rendered(staged(tmp_path, "# A\n\n[@nej]\n", settings=settings), "report.qmd", ["html"])


def test_data_that_look_like_markup_are_printed_as_they_stand_on_screen_and_paper(tmp_path: Path) -> None:
    import pandas as pd

    from vvvresearch.results import Base, Result
    from vvvresearch.rounds._written import paragraph_text, view_snippet

    nasty = "a|b *c* _d_ __e__ <script>alert(1)</script> @fig-x [x](y) {{x}} $z$ ~s~ ^t^ `u` # v \\w"
    cells = ["23. august 2020", "- minus", "= lig", "/ skrå", "1) en", "#let x", "$y$", "*z*", "_u_", "<lbl>", "@fig-x", "// v"]
    table = Result(frame=pd.DataFrame({"celle": cells}), base=Base(len(cells)), title="#set $a$ _b_")
    folder = staged(tmp_path, f"# A\n\n{paragraph_text(nasty)}\n\n{view_snippet(table.view(), 'nasty')}\n")
    page, paper = render(folder, engine="embedded")
    assert text_of(page.read_text(encoding="utf-8")).startswith(f"1 A {nasty}")
    said = subprocess.run(["pdftotext", "-layout", str(paper), "-"], capture_output=True, text=True, check=True).stdout
    lines = [line.strip() for line in said.splitlines()]
    assert [cell for cell in cells if cell not in lines] == []
    assert "Tabel 1: #set $a$ _b_" in said.replace("\u00a0", " ")


def test_the_page_loads_nothing_and_says_its_marks_and_language(tmp_path: Path) -> None:
    page = page_of(tmp_path, f"# A\n\n{FIGURE}\n$x$ [l](https://example.org)\n")
    assert not re.search(r'(?:src|srcset)="(?!data:)', page)
    assert not re.search(r"<link(?![^>]*data:)|<script|@import|url\(", page)
    assert '<html lang="da">' in page
    assert page.index("udkast – ikke frigivet") < page.index("<main")
    assert 'class="skip"' in page


def test_rendering_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    body = f"# A {{#sec-a}}\n\n{FIGURE}\n{TABLE}\n{NOTE}"
    first = [path.read_bytes() for path in render(staged(tmp_path / "one", body), engine="embedded")]
    second = [path.read_bytes() for path in render(staged(tmp_path / "two", body), engine="embedded")]
    assert first == second


def test_the_pdf_is_tagged_titled_in_danish_and_marked_on_every_page(tmp_path: Path) -> None:
    body = f"# Kapitel\n\n{FIGURE}\n{TABLE}\n$x^2$\n\n" + "{{< pagebreak >}}\n\n# Næste\n\nTekst.\n"
    (path,) = render(staged(tmp_path, body), formats=("pdf",), engine="embedded")
    with pikepdf.open(path) as document:
        assert document.Root.MarkInfo.Marked
        assert str(document.Root.Lang) == "da-DK"
        metadata = document.open_metadata()
        assert metadata["dc:title"] == "Notat"
        assert metadata["pdfuaid:part"] == "1"
        assert metadata.pdfa_status == "2A"
        with document.open_outline() as outline:
            assert [item.title for item in outline.root] == ["1 Kapitel", "2 Næste"]
    pages = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, text=True, check=True).stdout.rstrip("\f").split("\f")
    assert len(pages) == 3
    assert all("Syntetiske data" in page and "udkast – ikke frigivet" in page for page in pages)


def test_rows_of_a_table_have_their_heads_in_the_pdf_and_the_empty_cell_of_none(tmp_path: Path) -> None:
    (path,) = render(staged(tmp_path, f"# A\n\n{TABLE}"), formats=("pdf",), engine="embedded")
    with pikepdf.open(path) as document:
        heads = [item for item in document.objects if isinstance(item, pikepdf.Dictionary) and str(item.get("/S", "")) == "/TH"]
        rows = [item for item in heads if any("/Row" in str(part.get("/Scope", "")) for part in _attributes(item))]
    assert len(rows) == 1


def _attributes(item: pikepdf.Object) -> list[pikepdf.Object]:
    given = item.get("/A")
    return [part for part in (given if isinstance(given, pikepdf.Array) else [given]) if isinstance(part, pikepdf.Dictionary)]


def test_word_says_the_marks_in_its_head_and_shows_pictures_with_their_alternative_text(tmp_path: Path) -> None:
    import zipfile

    from vvvresearch.reporting.staging._house import reference_document

    folder = staged(tmp_path, f"# A\n\n{FIGURE}", settings="lang: da\nformat: {docx: {reference-doc: _reference.docx}}\n")
    (folder / "_reference.docx").write_bytes(reference_document("udkast – ikke frigivet"))
    (path,) = render(folder, formats=("docx",), engine="embedded")
    with zipfile.ZipFile(path) as archive:
        heads = " ".join(archive.read(name).decode() for name in archive.namelist() if "header" in name)
        document = archive.read("word/document.xml").decode()
        assert any(name.endswith(".png") for name in archive.namelist())
    assert "udkast – ikke frigivet" in heads
    assert 'descr="56 procent svarer ja"' in document
    assert "headerReference" in document


def test_typst_refuses_a_document_whose_figure_lacks_alternative_text(tmp_path: Path) -> None:
    staged(tmp_path, "# A\n")
    with pytest.raises(RenderError) as caught:
        compile_typst('#set document(title: "t")\n#image("/figures/x.svg")\n', tmp_path)
    assert "alt" in caught.value.why


def test_a_title_cannot_end_its_typst_string() -> None:
    assert quoted('a" + 1 \\') == '"a\\" + 1 \\\\"'


def test_an_unknown_engine_format_or_folder_is_named(tmp_path: Path) -> None:
    staged(tmp_path, "# A\n")
    for options, what in (({"engine": "word"}, "engine 'word'"), ({"formats": ("odt",)}, "format 'odt'")):
        with pytest.raises(RenderError, match=what):
            render(tmp_path, **options)  # type: ignore[arg-type]
    with pytest.raises(RenderError, match="does not exist"):
        render(tmp_path / "nowhere")


def test_what_is_left_unresolved_on_a_page_of_any_engine_is_found(tmp_path: Path) -> None:
    from vvvresearch.reporting import check_page

    for left in ("?var:guide.pct", "?meta:title", "?@fig-x"):
        page = tmp_path / "page.html"
        page.write_text(f"<p>Tekst {left} her</p>", encoding="utf-8")
        with pytest.raises(RenderError, match="is printed in the report"):
            check_page(page)
    page.write_text("<p>Hvad? {{x}} {{&lt; var a &gt;}}</p><code>?var:a</code>", encoding="utf-8")
    check_page(page)


def test_a_report_without_a_title_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RenderError, match="no title"):
        rendered(staged(tmp_path, "# A\n", head=""), "report.qmd", ["html"])


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
def test_every_text_is_read_on_a_wide_screen_and_a_phone_by_day_and_by_night_and_a_note_opens_by_key(tmp_path: Path) -> None:
    from playwright.sync_api import sync_playwright

    boxes = "".join(
        f"::: {{.{kind}}}\nEn [henvisning](#sec-a) her.\n:::\n\n" for kind in ("advice", "case", "pull-quote", "lead", "card", "base")
    )
    body = f"# Kapitel {{#sec-a}}\n\n{NOTE}\n{boxes}{FIGURE}\n{TABLE}\n> Et citat.\n\n`kode`\n"
    (tmp_path / "page.html").write_text(page_of(tmp_path / "staged", body), encoding="utf-8")
    asked: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for width, scheme in ((1280, "light"), (390, "light"), (1280, "dark"), (390, "dark")):
            page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
            page.on("request", lambda request: asked.append(request.url))
            page.goto((tmp_path / "page.html").as_uri())
            contrasts = page.evaluate(_CONTRAST)
            assert contrasts[0][0] >= 4.5, contrasts[:3]
            assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
            assert (page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)") == (scheme == "light")
            page.focus("button.value")
            page.keyboard.press("Enter")
            assert page.evaluate("document.querySelector('#pop-n-a').matches(':popover-open')")
        browser.close()
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
