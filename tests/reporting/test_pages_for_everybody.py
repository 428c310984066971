"""Pages keep the house's rules for those who do not see, see little, or read on a phone; their bodies are measured as they read."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from vvvresearch.figures._look import ratio
from vvvresearch.reporting import measure_body, render
from vvvresearch.reporting.staging._stage import stage

CSS = (Path(__file__).parents[2] / "vvvresearch/reporting/data/house/_house.css").read_text(encoding="utf-8")
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="{w}pt" height="20pt" viewBox="0 0 {w} 20"><path d="M0 0h9v9z"/></svg>'
REPORT = """---
title: "Notat"
---

# Fund

Se @fig-a og @tbl-b.

{{< include figures/a.md >}}

{{< include tables/b.md >}}

# Mere

Slut.
"""


FIGURE = """![9 af 12 siger ja. Svar](figures/a.svg){#fig-a fig-alt="9 af 12 siger ja"}
"""
TABLE = """| Svar | Antal | |
|:---|---:|---|
| Ja | 9 | x |
| Nej | 3 | y |

: Svar {#tbl-b}
"""


class _Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, dict[str, str | None]]]:
    root = tmp_path_factory.mktemp("page")
    (root / "report.qmd").write_text(REPORT, encoding="utf-8")
    figures, tables = root / "run/figures/da", root / "run/tables/da"
    figures.mkdir(parents=True)
    tables.mkdir(parents=True)
    (figures / "a.md").write_text(FIGURE, encoding="utf-8")
    (tables / "b.md").write_text(TABLE, encoding="utf-8")
    (figures / "a.svg").write_text(PICTURE.format(w=450), encoding="utf-8")
    (figures / "a.narrow.svg").write_text(PICTURE.format(w=210), encoding="utf-8")
    folder = stage(root / "report.qmd", root / "run", root / "stage")
    assert (folder / "figures/a.narrow.svg").is_file()
    (html,) = render(folder, engine="embedded", formats=("html",))
    elements = _Elements()
    elements.feed(html.read_text(encoding="utf-8"))
    return elements.found


def test_every_head_of_a_table_says_what_it_is_the_head_of(page: list[tuple[str, dict[str, str | None]]]) -> None:
    scopes = [attributes.get("scope") for tag, attributes in page if tag == "th"]
    assert scopes == ["col", "col", "col", "row", "row"]


def test_landmarks_have_names_the_page_a_language_and_pictures_words(page: list[tuple[str, dict[str, str | None]]]) -> None:
    tags = [tag for tag, _ in page]
    assert [tags.count(one) for one in ("main", "h1", "header", "nav")] == [1, 1, 1, 1]
    assert all(attributes.get("aria-label") for tag, attributes in page if tag == "nav")
    assert next(attributes for tag, attributes in page if tag == "html")["lang"] in ("da", "da-DK")
    pictures = [attributes for tag, attributes in page if tag == "img"]
    assert pictures
    assert all(attributes.get("alt") or attributes.get("aria-label") for attributes in pictures)


def test_a_figure_has_one_picture_for_a_page_and_one_for_a_phone(page: list[tuple[str, dict[str, str | None]]]) -> None:
    classes = [attributes.get("class") for tag, attributes in page if tag == "img"]
    assert classes == ["on-page", "on-phone"]
    assert re.search(r"img\.on-phone \{ display: none; \}.*max-width: 40rem.*img\.on-page \{ display: none; \}", CSS)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out_from_every_ground_of_the_page(scheme: str) -> None:
    blocks = re.findall(r":root \{([^}]*)\}", CSS)
    assert len(blocks) == 2
    colours = dict(re.findall(r"--([a-z]+): (#[0-9a-f]{3,6})", blocks[0 if scheme == "light" else 1]))
    for ground in ("paper", "tint", "sand", "found"):
        for ink in ("ink", "muted", "main", "against"):
            if ground == "found" and ink == "against":
                continue
            assert ratio(colours[ink], colours[ground]) >= 4.5, f"{ink} on {ground}"


def test_a_body_is_measured_without_what_is_looked_up() -> None:
    page = """<body><nav><p>Indhold her</p></nav><main><h2>Ti ord</h2><p>En to tre fire fem seks syv otte.</p>
    <figure><img src="data:x"><figcaption>Figur 1</figcaption></figure><div class="base"><p>n = 42 kommuner</p></div>
    <table><caption>Tabel 1</caption><tr><th>inclS</th><td>SIM*TIME</td></tr></table>
    <section class="notes"><p>mange ord i noter t1</p></section></main></body>"""
    body = measure_body(page)
    assert (body.words, body.table_words) == (13, 3)
    assert body.codes == ("inclS", "SIM*TIME")
    # Ten words in two sentences, none long.
    assert body.lix == 5.0
    assert measure_body("<main><p>Ved t1 og T1-A, 2 af 9 i T2</p></main>").codes == ("t1", "T1-A", "T2")
