"""What the sheets of all municipalities give away together to a reader who knows the sum of every region, and has earlier ones too.

Shares nothing with what hid their numbers: it reads the tables that go out, and asks the registers only what is true.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Hashable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from vvvresearch import files
from vvvresearch.privacy import Knowledge
from vvvresearch.release._shipped import THRESHOLD, Leak

if TYPE_CHECKING:
    from vvvresearch.rounds import Round

SHEETS = "sheets"
_NUMBERS, _SOURCES = "numbers", "referrals"
_ADDRESS = re.compile(rf"municipality/(.+)/({_NUMBERS}|{_SOURCES})\.(.+)")
_Cell = tuple[str, str, str]  # municipality, table, row


def sheet_files(folder: Path, opened: Round, place: str = "") -> list[Path]:
    """What goes out of the sheets: pages, papers and their tables; of one municipality, or of all with the index and the lists.

    Args:
        folder: the outputs of the chapter that runs for each municipality.
        opened: the round, in the language that goes out.
        place: the folder of one municipality.
    """
    ending = "" if opened.lang == opened.spec.languages[0] else f".{opened.lang}"
    lists = (
        []
        if place
        else [*folder.glob(f"index{ending}.html"), *folder.glob(f"region-*{ending}.html"), *folder.glob(f"region-*{ending}.pdf")]
    )
    own = place or "*"
    sheets = (path for kind in ("html", "pdf") for path in folder.glob(f"{own}/sheet{ending}.{kind}"))
    return sorted({*lists, *sheets, *folder.glob(f"{own}/tables/*.csv")})


def attack_sheets(opened: Round, folder: Path, earlier: Sequence[Path] = ()) -> tuple[list[Leak], str]:
    """Attack the sheets of a round, whichever of them go out now: the others went out before, or will.

    Args:
        opened: the round.
        folder: the outputs of the chapter that runs for each municipality.
        earlier: folders of earlier releases.

    Returns:
        What gives a count of 1 to 4 persons away, and how much was tried, in a sentence.
    """
    true = dict(_true(opened))
    shown: dict[_Cell, str] = {}
    for home in (*(one / SHEETS for one in earlier), folder):
        for path in sorted(home.glob("*/tables/*.csv")):
            name = path.relative_to(opened.root).as_posix()
            shown |= {cell: name for cell, count in _told(path) if home == folder or true.get(cell) == count}
    hidden = [cell for cell, count in true.items() if count and cell not in shown]
    leaks = [Leak(shown[cell], f"{_named(cell)} is a small count and is shown") for cell in shown if _small(true.get(cell, 0))]
    bounds = _knowledge(opened, true, shown).bounds(list[Hashable](hidden))
    # A large number that can be computed tells of nobody, and what it tells of small ones is in their bounds.
    given = [cell for cell in hidden if _small(true[cell]) and bounds[cell][1] < THRESHOLD]
    leaks += [Leak(_place(folder, opened), f"{_named(cell)} is hidden, and can be shown to be small") for cell in given]
    said = (
        f"attack: the sheets of {len({cell[0] for cell in true})} municipalities read; {len(hidden)} hidden counts, {len(leaks)} given away"
    )
    return leaks, said


def _true(opened: Round) -> Iterator[tuple[_Cell, int]]:
    """Every count that a sheet could tell, with nothing hidden."""
    for code in map(str, opened.municipalities["code"]):
        sheet = opened.municipality_sheet(municipality=code, threshold=1)
        for table, key in ((_NUMBERS, "measure"), (_SOURCES, "source")):
            if part := sheet.parts.get(table):
                yield from (((code, table, str(row[key])), int(row["own"])) for row in part.frame.to_dict("records"))


def _told(path: Path) -> Iterator[tuple[_Cell, int]]:
    """The counts that a table shows."""
    for row in csv.DictReader(io.StringIO(files.read_text(path).removeprefix("\ufeff"))):
        found = _ADDRESS.fullmatch(row.get("address") or "")
        if found and row.get("own"):
            code, table, _ = found.groups()
            yield (code, table, row.get("measure") or row.get("source") or ""), round(float(row["own"]))


def _knowledge(opened: Round, true: Mapping[_Cell, int], shown: Mapping[_Cell, str]) -> Knowledge:
    """What a reader knows: everything shown, the sums of regions and of sources, and that who goes on and who is done were referred."""
    # Whoever reads that no number stands where one could knows that it is not 0.
    known = Knowledge(known={cell: count for cell, count in true.items() if cell in shown or not count}, least=1)
    regions = dict(zip(opened.municipalities["code"].astype(str), opened.municipalities["region"].astype(str), strict=True))
    numbers = [cell for cell in true if cell[1] == _NUMBERS]
    for measure, region in sorted({(cell[2], regions[cell[0]]) for cell in numbers}):
        cells = [cell for cell in numbers if cell[2] == measure and regions[cell[0]] == region]
        if not any(cell in shown for cell in cells if true[cell]):
            continue  # Where nobody's number is shown their sum is not told either.
        known.known["sum", measure, region] = sum(true[cell] for cell in cells)
        known.is_sum(("sum", measure, region), cells, f"{measure}, {region}")
    codes = sorted({cell[0] for cell in numbers})
    met = {code: [(code, _NUMBERS, one) for one in ("ongoing", "ended")] for code in codes}
    counted = [code for code in codes if all(cell in true for cell in (*met[code], (code, _NUMBERS, "referred")))]
    # In every municipality alike: the referrals are those of the register of matches.
    if counted and all(sum(true[cell] for cell in met[code]) == true[code, _NUMBERS, "referred"] for code in counted):
        for code in counted:
            known.is_sum((code, _NUMBERS, "referred"), met[code], f"{code}, matches and referrals")
    for code in codes:
        sources = [cell for cell in true if cell[:2] == (code, _SOURCES)]
        if sources and sum(true[cell] for cell in sources) == true.get((code, _NUMBERS, "referred")):
            known.is_sum((code, _NUMBERS, "referred"), sources, f"{code}, sources")
    return known


def _named(cell: _Cell) -> str:
    return f"municipality/{cell[0]}/{cell[1]}.{cell[2]}"


def _place(folder: Path, opened: Round) -> str:
    return folder.relative_to(opened.root).as_posix()


def _small(count: int) -> bool:
    return 0 < count < THRESHOLD
