"""Whether words of people who refused or withdrew turn up in anything that the chapters on interviews write.

    python tasks.py consent [--vectors 50] [--withdrawals 30] [--together 10] [--seed 1] [--minutes 60]

Over a copy of the demo: first consents drawn at random for every person (a third each: quoted, counted only, out), then persons who
withdraw, a few at a time: each is looked for by what nobody else has said, so that the others do not hide them. Searched for are runs
of eight words that only those who refused have said, in every text that the chapters write or show. All draws run in one process that
has read the sources once; only the register is read anew. Workbooks, which repeat their CSV, are not written, and no picture is drawn:
in the place of its words stands the whole table that it would be drawn from. What was not reached in the minutes given is told.
"""

from __future__ import annotations

import argparse
import csv
import random
import shutil
import sys
import tempfile
import time
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests" / "evidence"), str(ROOT / "tests")]

import test_withdrawal_from_outputs as outputs  # noqa: E402

from vvvresearch import figures  # noqa: E402
from vvvresearch.results import Picture, Result, View  # noqa: E402
from vvvresearch.rounds import _sources, preload  # noqa: E402

CONSENT = ("consent_analysis", "consent_quote")
CHOICES = (("true", "true"), ("true", "false"), ("false", "false"))


@cache
def said_by(person: str) -> frozenset[tuple[str, ...]]:
    """The runs of one person, worked out once."""
    return frozenset(outputs.said_by({person}))


def undrawn(picture: Picture, result: Result, lang: Any) -> figures.Drawing:
    """In the place of a drawing all that it could be drawn from, as words."""
    subject = picture.said(result, lang) if picture.subject is None else picture.subject
    told = subject.to_csv() if hasattr(subject, "to_csv") else repr(subject)
    title = picture.title or result.title
    return figures.Drawing(figure=None, title=title, base=result.base, spoken=(f"1 {told}",), notes=picture.notes, lang=lang)  # type: ignore[arg-type]


def leaks(root: Path, out: Path, consents: dict[str, tuple[str, str]]) -> tuple[int, int, int]:
    """Runs of the silent that were looked for, of them found, and runs that were written."""
    rows = [row | (dict(zip(CONSENT, consents[row["person"]], strict=True)) if row["person"] in consents else {}) for row in outputs.rows()]
    with (root / outputs.REGISTER).open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    silent = {person for person, (_, quoted) in consents.items() if quoted == "false"}
    theirs = set().union(*map(said_by, silent)) - set().union(*(said_by(one) for one in outputs.PEOPLE if one not in silent))
    written = outputs.runs_of(outputs.run(root, out))
    shutil.rmtree(out)
    return len(theirs), len(theirs & written), len(written)


def main() -> int:
    """Print a line a draw; 1 where words were found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--vectors", type=int, default=50)
    parser.add_argument("--withdrawals", type=int, default=30)
    parser.add_argument("--together", type=int, default=10, help="how many withdraw at a time")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=60)
    given = parser.parse_args()
    figures.Drawing.svg = property(lambda drawing: b"<svg/>")  # type: ignore[assignment, method-assign]  # letters in pictures are outlines
    figures.draw = undrawn
    figures.figure_problems = lambda *_, **__: []
    View.to_excel = lambda *_, **__: None  # type: ignore[assignment, method-assign]
    rng = random.Random(given.seed)
    draws = [(f"vector {number}", {person: rng.choice(CHOICES) for person in outputs.PEOPLE}) for number in range(given.vectors)]
    gone = rng.sample(outputs.PEOPLE, min(given.withdrawals, len(outputs.PEOPLE)))
    parts = (gone[place : place + given.together] for place in range(0, len(gone), given.together))
    draws += [(f"withdrawal of {', '.join(part)}", dict.fromkeys(part, ("false", "false"))) for part in parts]
    start, found, done = time.monotonic(), 0, 0
    with tempfile.TemporaryDirectory(prefix="vvv-consent-") as folder:
        root = outputs.workspace(Path(folder) / "workspace", set())
        preload(str(root), "demo", "demo-2019")
        # What was read before is not asked again whether its file has changed: the register must be read at every draw.
        _sources._READY = {key: ready for key, ready in _sources._READY.items() if key[2] != "interviews"}
        for name, consents in draws:
            if time.monotonic() - start > 60 * given.minutes:
                break
            wanted, seen, written = leaks(root, Path(folder) / "out", consents)
            done += 1
            found += seen
            print(f"{name}: {wanted} runs of the silent, {seen} of them found among {written} written", flush=True)
    print(
        f"{done} of {len(draws)} draws, {found} runs found, {time.monotonic() - start:.0f} s, {time.process_time():.0f} s of processor time"
    )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
