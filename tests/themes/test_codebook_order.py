"""Numbers stand at the path of a code: another order of the codebook, or a code that is split, moves no number of any other code."""

from __future__ import annotations

import dataclasses
import random
from pathlib import Path

from vvvresearch.sources import read_codebook, read_codings, read_interviews
from vvvresearch.themes import theme_table

CODES = ("Hverdag > Job", "Hverdag > Fritid", "Sprog > Dansk", "Sprog > Skrift", "Netværk")
PARTS = ("Job, løn", "Job, ansøgning")


def numbers(folder: Path, codes: list[str], marks: list[tuple[int, str]]) -> dict[str, object]:
    """Address → value of a theme table whose codebook has the codes in this order."""
    register = ["interview,respondent_group,wave,month,source,consent_analysis,consent_quote"]
    register += [f"{n},{('refugee', 'volunteer')[n % 2]},1,2025-05,I{n},yes,yes" for n in range(6)]
    book = ["code_path,description", *(f'"{code}",""' for code in codes)]
    rows = ["source,start,end,text,code_path,coder"]
    rows += [f'I{n},{7 * place},{7 * place + 6},hold {place},"{code}",BK' for place, (n, code) in enumerate(marks)]
    for name, lines in (("register", register), ("book", book), ("codings", rows)):
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    codings = dataclasses.replace(read_codings(folder / "codings.csv"), codebook=read_codebook(folder / "book.csv"))
    table = theme_table(codings, read_interviews(folder / "register.csv"), depth=3)
    return {cell.address: cell.value for cell in table.cells}


def test_another_order_of_the_codebook_and_of_the_codings_changes_no_number(tmp_path: Path) -> None:
    draw = random.Random(11)
    marks = [(draw.randrange(6), draw.choice(CODES)) for _ in range(30)]
    first = numbers(tmp_path, [*CODES], marks)
    assert any("job" in address and value for address, value in first.items())
    for _ in range(3):
        codes = draw.sample(CODES, len(CODES))
        assert numbers(tmp_path, codes, draw.sample(marks, len(marks))) == first


def test_a_code_that_is_split_changes_numbers_of_its_own_path_alone(tmp_path: Path) -> None:
    draw = random.Random(12)
    marks = [(draw.randrange(6), draw.choice(CODES)) for _ in range(30)]
    before = numbers(tmp_path, [*CODES], marks)
    split = [(n, f"Hverdag > {PARTS[n % 2]}" if code == "Hverdag > Job" else code) for n, code in marks]
    after = numbers(tmp_path, [*(f"Hverdag > {part}" for part in PARTS), *CODES[1:]], split)
    moved = {address for address in before.keys() | after.keys() if before.get(address) != after.get(address)}
    assert moved
    assert all("job" in address for address in moved)
