"""Files with planted truth: each says what it is, what every column and word means, and what has to be asked."""

from __future__ import annotations

import csv
import datetime
import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vvvresearch.intake import Proposal

D = datetime.date


@dataclass
class Planted:
    """One file and the truth about it.

    Args:
        name: of the file; its ending says the format.
        rows: cells, the heading among them.
        kind: what it is; "" where it is nothing.
        columns: heading → role; what is not named is no column of the kind, or an item.
        values: words → meaning; "role: word" where one word has two.
        towns: name → code.
        items: heading → type of item; scales: heading → labels in order; groups: stem → type.
        unit: "" where it is asked.
        asks: ids of the questions; None where they are not compared.
        months: headings whose dates put the month first.
        special: label → dont_know, not_asked, refused.
    """

    name: str
    rows: list[list[Any]]
    kind: str
    columns: dict[str, str] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)
    towns: dict[str, str] = field(default_factory=dict)
    items: dict[str, str] = field(default_factory=dict)
    scales: dict[str, list[str]] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)
    unit: str | None = None
    asks: set[str] | None = None
    months: set[str] = field(default_factory=set)
    special: dict[str, str] = field(default_factory=dict)
    encoding: str = "utf-8"
    mark: str = ";"
    sheets: dict[str, list[list[Any]]] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)

    def write(self, folder: Path) -> Path:
        """The file in a folder."""
        path = folder / self.name
        if path.suffix == ".csv":
            buffer = io.StringIO()
            csv.writer(buffer, delimiter=self.mark, lineterminator="\r\n").writerows(self.rows)
            path.write_bytes(buffer.getvalue().encode(self.encoding))
        else:
            import openpyxl

            book = openpyxl.Workbook()
            sheet = book.active
            assert sheet is not None
            sheet.title = "Ark1"
            for row in self.rows:
                sheet.append([None if cell == "" else cell for cell in row])
            for name, rows in self.sheets.items():
                other = book.create_sheet(name)
                for row in rows:
                    other.append(row)
                if name in self.hidden:
                    other.sheet_state = "hidden"
            book.save(path)
        return path


def wrong_decisions(planted: Planted, proposal: Proposal) -> list[str]:
    """Every decision that the truth contradicts, and every one that the truth does not know."""
    wrong = []
    for one in proposal.decided:
        group = one.id.partition(".")[0]
        truth: Any
        if group == "kind":
            truth = planted.kind
        elif group == "column":
            truth = planted.columns.get(one.what, "-")
        elif group == "value":
            truth = planted.values.get(f"{one.id.split('.')[1]}: {one.what}", planted.values.get(one.what))
        elif group == "municipality":
            truth = planted.towns.get(one.what)
        elif group == "item":
            truth = planted.items.get(one.what)
        elif group == "scale":
            truth = planted.scales.get(one.what)
        elif group == "group":
            truth = planted.groups.get(one.what)
        elif group == "unit":
            truth = planted.unit
        elif group == "dates":
            truth = "month" if one.what in planted.months else "day"
        elif group == "missing":
            truth = planted.special.get(one.what)
        else:
            continue
        if one.value != truth:
            wrong.append(f"{one.id}: {one.value!r}, truth {truth!r}")
    return wrong
