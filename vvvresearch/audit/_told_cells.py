"""The numbers of tables as tellings: what a cell counts, of whom and when, by its row, the head of its column and the caption."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from vvvresearch.audit._bases import YEAR
from vvvresearch.audit._document import TableRow
from vvvresearch.audit._facts import Facts, Shown
from vvvresearch.audit._sums import columns_of, is_percent, is_total
from vvvresearch.audit._told import SCALES, Told
from vvvresearch.audit._words import stem, stems


def told_by(facts: Facts) -> Iterator[Told]:
    """Every number of a document's tables."""
    percents = _percents_of(facts)
    lang = facts.document.lang
    for shown in facts.shown:
        if shown.table is None:
            continue
        title = _title_words(shown)
        printed_years = frozenset(int(year) for year in YEAR.findall(shown.title))
        for row in shown.table.rows:
            label = stems(row.label, lang)
            for position, cell in enumerate(row.cells):
                if cell.value is None:
                    continue
                head = head_of(shown, row, position)
                words = label | stems(head, lang)
                years = frozenset(int(year) for year in YEAR.findall(f"{head} {row.label}"))
                unit = stem(head.lower(), lang) if re.fullmatch(r"[^\W\d_]{4,}", head) and not _GENERIC.match(head) else ""
                counted = stems(head, lang) if unit else title
                percent = percents.get(id(cell)) or cell.percent
                scale = 0 if percent else _scale_of_money(f"{shown.title} {head}")
                value, digits = cell.value * (scale or 1), re.sub(r"\D", "", cell.text)
                yield Told(
                    facts, value, "percentage" if percent else "money" if scale else "count",
                    str(int(value * 100)).rstrip("0") if scale else digits, 0 if scale else cell.decimals, "" if scale else unit,
                    counted if is_total(row) else words, words | title, years, cell.text,
                    shown=shown, row=row, cell=cell, caption_years=printed_years,
                    step=Fraction(scale or 1, 10**cell.decimals),
                )  # fmt: skip


_CURRENCY = re.compile(r"[£$€]|\bkr\b|\bkroner|\bpounds\b|\beuros?\b|\bDKK\b", re.IGNORECASE)
_THOUSANDS = re.compile(r"[£$€] ?000|\b1[.,]000\b|\bt\.? ?kr|tusind|thousand|[£$€]k\b", re.IGNORECASE)


def _scale_of_money(heading: str) -> int:
    """What one unit of a column of money is worth, 0 where it is of something else."""
    if not _CURRENCY.search(heading):
        return 0
    return 1000 if _THOUSANDS.search(heading) else next((scale for pattern, scale in SCALES if pattern.search(heading)), 1)


def _title_words(shown: Shown) -> frozenset[str]:
    """The words of a caption without its name and number."""
    return stems(re.sub(r"^\W*\w+\W+[\d.]+\W*", "", shown.title), shown.document.lang)


_GENERIC = re.compile(r"antal|procent|pct|andel|number|count|share|per ?cent|i alt|total|svar$|answers?$", re.IGNORECASE)


def head_of(shown: Shown, row: TableRow, position: int) -> str:
    """The heading of a column."""
    assert shown.table is not None
    at = position + len(shown.table.header) - len(row.cells)
    return shown.table.header[at] if shown.table.header and 0 <= at < len(shown.table.header) else ""


def _percents_of(facts: Facts) -> dict[int, bool]:
    """Which cells of a document are percentages, by id."""
    found: dict[int, bool] = {}
    for shown in facts.shown:
        if shown.table is None:
            continue
        for column in columns_of(shown):
            percent = is_percent(shown, column)
            found.update({id(cell): percent for _, cell in column})
    return found
