"""The pages of the documentation: both languages tell the same, links lead somewhere, and what a page shows is what its code gives."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = DOCS / "pages"
DANISH = sorted(page.relative_to(PAGES).as_posix() for page in PAGES.rglob("*.md") if not page.name.endswith(".en.md"))

_spec = importlib.util.spec_from_file_location("docs_hooks", DOCS / "hooks.py")
assert _spec
assert _spec.loader
hooks = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(hooks)

FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^(#+) ", re.MULTILINE)
LINK = re.compile(r"\]\(([^)#]+)(?:#[^)]*)?\)")


def words(page: str, lang: str = "da") -> str:
    path = PAGES / (page if lang == "da" else page.removesuffix(".md") + ".en.md")
    return path.read_text(encoding="utf-8")


def headings(text: str) -> list[str]:
    """The levels of a page's headings, in order; a comment in code is none."""
    return HEADING.findall(FENCE.sub("", text))


def code(text: str) -> list[tuple[str, str]]:
    """A page's blocks of code, with the language of the words taken out."""
    return [(kind, body.replace('"en"', '"da"')) for kind, body in FENCE.findall(text)]


def before_the_demo(text: str) -> str:
    """A page up to the block that opens the demo, which the making of the site runs; opening it would cost every test run seconds."""
    opened = next((found.start() for found in FENCE.finditer(text) if "open_round" in found[2]), len(text))
    return text[:opened]


@pytest.mark.parametrize("page", DANISH)
def test_every_page_tells_the_same_in_both_languages(page):
    danish, english = words(page), words(page, "en")
    if page.startswith("reference/"):
        # The reference itself is English in both; only the Danish page says so in a line above.
        assert re.findall("^::: .*$", danish, re.MULTILINE) == re.findall("^::: .*$", english, re.MULTILINE)
    assert headings(danish) == headings(english)
    assert code(danish) == code(english)


# The gallery's figures are drawn when the site is made, and one by one in tests/figures.
@pytest.mark.parametrize("page", [page for page in DANISH if page != "gallery.md" and "```python" in before_the_demo(words(page))])
def test_the_code_of_a_page_runs_and_shows_something(page):
    text = before_the_demo(words(page))
    blocks = [body for kind, body in FENCE.findall(text) if kind == "python"]
    shown = hooks.executed(text, page)
    assert shown.count('<figure class="shown">') + shown.count("```text") >= len(blocks)


def test_internal_links_lead_to_pages_that_exist():
    for path in PAGES.rglob("*.md"):
        for target in LINK.findall(FENCE.sub("", path.read_text(encoding="utf-8"))):
            if "://" not in target:
                assert (path.parent / target).is_file(), f"{path.relative_to(PAGES)}: {target}"


def test_the_contents_name_every_page_once():
    settings = (DOCS / "mkdocs.yml").read_text(encoding="utf-8")
    contents = settings[settings.index("\nnav:") : settings.index("\nhooks:")]
    assert sorted(re.findall(r"[\w/-]+\.md", contents)) == DANISH


def test_every_heading_of_the_contents_has_its_english_words():
    settings = (DOCS / "mkdocs.yml").read_text(encoding="utf-8")
    contents = settings[settings.index("\nnav:") : settings.index("\nhooks:")]
    named = re.findall(r"^ +- ([^:\n]+):", contents, re.MULTILINE)
    assert named
    assert set(named) == set(re.findall(r"^ {12}([^:\n]+): ", settings, re.MULTILINE))


def test_a_block_of_python_has_its_result_beneath_it_and_shares_its_names_with_the_next():
    text = "```python\nnumber = 20\nprint(number)\n```\n\nthen\n\n```python\nnumber + 1\n```\n"
    shown = hooks.executed(text, "page.md")
    assert shown.index("number = 20") < shown.index("```text\n20\n```") < shown.index("then") < shown.index("```text\n21\n```")


def test_code_that_fails_stops_the_page():
    with pytest.raises(ZeroDivisionError):
        hooks.executed("```python\n1 / 0\n```\n", "page.md")


def test_formulas_become_mathml_and_dollars_in_code_stay():
    shown = hooks.with_formulas("So $x_1/n$ and $k^2$.\n\n```python\nprice = '$5 and $6'\n```\n")
    assert shown.count("<math") == 2
    assert "<msub><mi>x</mi><mn>1</mn></msub>" in shown
    assert "annotation" not in shown
    # A line that begins with an element of its own would end its paragraph there.
    assert hooks.with_formulas("$p$ is a share\n").startswith("<span>")
    assert "price = '$5 and $6'" in shown


def test_two_pictures_of_a_page_share_no_names():
    class Picture:
        def __init__(self, width):
            self.width = width

        def _repr_svg_(self):
            return f'<svg width="{self.width}"><clipPath id="c"/><g clip-path="url(#c)"><use xlink:href="#c"/></g></svg>'

    first, second = hooks._rich(Picture(1)), hooks._rich(Picture(2))
    (name,), (other,) = re.findall('id="([^"]+)"', first), re.findall('id="([^"]+)"', second)
    assert name != other
    assert f"url(#{name})" in first
    assert f'href="#{other}"' in second


def test_a_page_that_is_opened_as_a_file_fetches_nothing_from_elsewhere():
    class Page:
        url = "en/methods/qca.html"

    told = hooks.on_post_page('<script src="https://unpkg.com/iframe-worker/shim"></script>', page=Page)
    assert told == '<script src="../../search-as-file.js"></script>'
    assert (DOCS / "pages" / "search-as-file.js").is_file()
    assert "https:" not in (DOCS / "pages" / "search-as-file.js").read_text(encoding="utf-8")
