"""Whether words of people who refused or withdrew turn up in anything that the chapters on interviews write.

    python benchmarks/consent.py [--vectors 50] [--withdrawals 30] [--seed 1] [--minutes 60]

Over copies of the demo: first consents drawn at random for every person (a third each: quoted, counted only, out), then persons who
withdraw one at a time. Searched for are runs of eight words that only those who refused have said; every text that the chapters write
or show is searched. A run of the chapters takes about a minute; what was not reached in the minutes given is told.
"""

from __future__ import annotations

import argparse
import csv
import random
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests" / "evidence"), str(ROOT / "tests")]

import test_withdrawal_from_outputs as outputs  # noqa: E402

from vvvresearch.figures import Drawing  # noqa: E402

CHOICES = (("true", "true"), ("true", "false"), ("false", "false"))  # consent to analysis, to being quoted


def leaks(consents: dict[str, tuple[str, str]]) -> tuple[int, int, int]:
    """Runs of the silent that were looked for, of them found, and runs that were written."""
    with tempfile.TemporaryDirectory(prefix="vvv-consent-") as folder:
        root = outputs.workspace(Path(folder) / "workspace", set())
        register = root / outputs.REGISTER
        rows = [
            row | {"consent_analysis": consents[row["person"]][0], "consent_quote": consents[row["person"]][1]}
            if row["person"] in consents
            else row
            for row in outputs.rows()
        ]
        with register.open("w", encoding="utf-8", newline="") as handle:
            writer = csv.DictWriter(handle, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        silent = {person for person, (_, quoted) in consents.items() if quoted == "false"}
        theirs = outputs.said_by(silent) - outputs.said_by(set(outputs.PEOPLE) - silent)
        written = outputs.runs_of(outputs.run(root, Path(folder) / "out"))
        return len(theirs), len(theirs & written), len(written)


def main() -> int:
    """Print a line a draw; 1 where words were found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--vectors", type=int, default=50)
    parser.add_argument("--withdrawals", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=60)
    given = parser.parse_args()
    Drawing.svg = property(lambda drawing: b"<svg/>")  # type: ignore[assignment, method-assign]  # letters in pictures are outlines
    rng = random.Random(given.seed)
    draws = [(f"vector {number}", {person: rng.choice(CHOICES) for person in outputs.PEOPLE}) for number in range(given.vectors)]
    gone = rng.sample(outputs.PEOPLE, min(given.withdrawals, len(outputs.PEOPLE)))
    draws += [(f"withdrawal {person}", {person: ("false", "false")}) for person in gone]
    start, found, done = time.monotonic(), 0, 0
    for name, consents in draws:
        if time.monotonic() - start > 60 * given.minutes:
            break
        wanted, seen, written = leaks(consents)
        done += 1
        found += seen
        print(f"{name}: {wanted} runs of the silent, {seen} of them found among {written} written", flush=True)
    print(f"{done} of {len(draws)} draws, {found} runs found, {time.monotonic() - start:.0f} s")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
