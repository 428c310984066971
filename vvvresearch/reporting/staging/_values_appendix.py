"""The list of all numbers of a report: each with its base, its address and the page that made it; numbers in prose lead here."""

from __future__ import annotations

from collections.abc import Iterable

from vvvresearch import files
from vvvresearch.locales import Lang, text
from vvvresearch.results import anchor
from vvvresearch.rounds._values import Value

PLACE = "tables/all-values.md"


def all_values_snippet(values: Iterable[Value], lang: Lang) -> str:
    """Every number of a report as a table that `{{< include tables/all-values.md >}}` puts into it."""
    headings = [text(f"reporting.{name}", lang) for name in ("shown", "base", "key", "made_in")]
    rows = []
    for value in sorted(values, key=lambda value: value.key):
        shown = f"[{files.markdown_text(value.shown[lang])}]{{#{anchor(value.key)}}}"
        rows.append([shown, files.markdown_text(value.base[lang]), f"`{value.key}`", files.markdown_text(value.notebook)])
    if not rows:
        rows = [["–", "–", "–", "–"]]
    shares = (":" + "-" * 12, ":" + "-" * 46, ":" + "-" * 26, ":" + "-" * 22)
    lines = [f"| {' | '.join(line)} |" for line in (headings, shares, *rows)]
    return "\n".join(lines) + f"\n\n: {text('reporting.all_values', lang)} {{#tbl-all-values}}\n"
