"""Runs the Python of every page while the site is made, and sets under it what it shows: no page tells what the code does not do."""

from __future__ import annotations

import ast
import contextlib
import html
import io
import os
import re
import zlib
from pathlib import Path
from typing import Any

import pypandoc

_FENCE = re.compile(r"(^```.*?^```\n)", re.MULTILINE | re.DOTALL)
_FORMULA = re.compile(r"\$[^$\n]+\$")
_BLOCK = re.compile(r"^```python\n(.*?)^```\n", re.MULTILINE | re.DOTALL)
# What the theme has its pages fetch when they are opened as files, which may start no worker.
_FETCHED = "https://unpkg.com/iframe-worker/shim"
_ROOT = Path(__file__).parent.parent


def on_page_markdown(markdown: str, *, page: Any, **_: Any) -> str:
    """A page with its formulas set and the results of its code under each block."""
    return executed(with_formulas(markdown), page.file.src_uri)


def on_post_page(output: str, *, page: Any, **_: Any) -> str:
    """A page that fetches nothing from elsewhere, opened as a file too."""
    return without_fetching(output, "../" * page.url.count("/"))


def on_post_template(output: str, **_: Any) -> str:
    """The same of the page for what is not found."""
    return without_fetching(output, "")


def without_fetching(output: str, up: str) -> str:
    """A page with the site's own way of searching files in the place of the one that the theme fetches.

    Args:
        output: the page.
        up: the way from the page to the top of the site.
    """
    return output.replace(_FETCHED, f"{up}search-as-file.js")


def with_formulas(markdown: str) -> str:
    """The same text with `$…$` as MathML, which browsers set and read aloud without a script."""
    parts = _FENCE.split(markdown)
    formulas = [formula for part in parts[::2] for formula in _FORMULA.findall(part)]
    if not formulas:
        return markdown
    made = pypandoc.convert_text("\n\n".join(formulas), "html", format="markdown", extra_args=["--mathml", "--wrap=none"])
    # The TeX beside each formula would be read as Markdown, and a line that begins with one as a block that ends its paragraph.
    found = (re.sub(r"<annotation.*?</annotation>", "", one, flags=re.DOTALL) for one in re.findall(r"<p>(.*?)</p>", made, re.DOTALL))
    math = (f"<span>{one}</span>" for one in found)
    return "".join(part if place % 2 else _FORMULA.sub(lambda _: next(math), part) for place, part in enumerate(parts))


def executed(markdown: str, name: str) -> str:
    """The same text, with what each block of Python shows below it. The blocks of a page run in order and share their names."""
    names: dict[str, Any] = {}
    return _BLOCK.sub(lambda found: found[0] + _result(found[1], names, name), markdown)


def _result(source: str, names: dict[str, Any], page: str) -> str:
    tree = ast.parse(source, page)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    printed = io.StringIO()
    before = Path.cwd()
    os.chdir(_ROOT)
    try:
        with contextlib.redirect_stdout(printed):
            exec(compile(tree, page, "exec"), names)
            shown = eval(compile(ast.Expression(last.value), page, "eval"), names) if last else None
    finally:
        os.chdir(before)
    return "".join(part for part in (_text(printed.getvalue()), _rich(shown)) if part)


def _rich(shown: Any) -> str:
    if shown is None:
        return ""
    for method in ("_repr_svg_", "_repr_html_"):
        if hasattr(shown, method):
            words = html.escape(getattr(shown, "caption", "")) if method == "_repr_svg_" else ""
            below = f"<figcaption>{words}</figcaption>" if words else ""
            body = re.sub(r"^<\?xml.*?\?>\s*(<!DOCTYPE[^>]*>)?", "", getattr(shown, method)(), flags=re.DOTALL)
            if method == "_repr_svg_":
                body = _with_own_ids(body)
            return f'\n<figure class="shown">{" ".join(body.split(chr(10)))}{below}</figure>\n\n'
    return _text(repr(shown))


def _with_own_ids(svg: str) -> str:
    """A picture whose names are no other picture's: on one page the first of a name would clip them all."""
    mark = f"p{zlib.crc32(svg.encode()):08x}-"
    return re.sub(r'(\bid="|url\(#|href="#)', rf"\g<1>{mark}", svg)


def _text(words: str) -> str:
    return f"\n```text\n{words.rstrip()}\n```\n\n" if words.strip() else ""
