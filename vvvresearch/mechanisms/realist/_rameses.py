"""The reporting standards for realist evaluations (RAMESES II) as a list to fill in and export."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from vvvresearch.errors import AnalysisError
from vvvresearch.locales import Phrase
from vvvresearch.results import Base, Column, Result

ITEMS = 20
# The standards' six headings, by the number of the first item under each.
_SECTIONS = {1: "title", 3: "introduction", 7: "methods", 14: "results", 16: "discussion"}


def rameses(answers: Mapping[int, str]) -> Result:
    """The twenty items of RAMESES II with where the report answers each, for a report's appendix.

    Args:
        answers: item number → where or how it is answered ("afsnit 3.2"); items not given are shown as missing.

    Returns:
        A Result; `.frame` has number, section and item (codes), answer, missing; export it with `.to_excel()` or `.to_markdown()`.

    Raises:
        AnalysisError: a number that is no item.

    Source: Wong et al. 2016, RAMESES II reporting standards for realist evaluations; wording of the items our own.

    Example:
        >>> int(rameses({1: "forsiden"}).frame["missing"].sum())
        19
    """
    unknown = [number for number in answers if number not in range(1, ITEMS + 1)]
    if unknown:
        raise AnalysisError(f"there is no item {unknown[0]!r}", todo=f"the items are numbered 1 to {ITEMS}")
    rows = []
    section = ""
    for number in range(1, ITEMS + 1):
        section = _SECTIONS.get(number, section)
        answer = answers.get(number, "").strip()
        codes = {"section": f"section_{section}", "item": f"item_{number}"}
        rows.append({"number": number, **codes, "answer": answer, "missing": not answer})
    frame = pd.DataFrame(rows)
    filled = int((~frame["missing"]).sum())
    return Result(
        frame=frame,
        base=Base(None),
        title=Phrase("rameses.title"),
        notes=(Phrase("rameses.note", {"filled": filled, "all": ITEMS}),),
        shows=(
            Column("number", Phrase("rameses.number"), format="count"),
            Column("section", Phrase("rameses.section"), words="rameses"),
            Column("item", Phrase("rameses.item"), words="rameses"),
            Column("answer", Phrase("rameses.answer")),
        ),
    )
