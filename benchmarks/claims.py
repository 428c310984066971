"""How many true sentences may stand, and how many that the numbers contradict stop a report?

Run `python benchmarks/claims.py [SET …] [--shown]`: the sets of `tests/reporting/claim_sentences` in two made-up rounds, alone, hung on a
true claim by og, fordi, for, hvor or a dash, and moved to other numbers. All sets take about two minutes on one core.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from random import Random

sys.path[:0] = [str(Path(__file__).parent.parent / "tests" / "reporting")]

from claim_rounds import ROUNDS  # noqa: E402
from claim_sets import bound, hung, names, read_set, refused  # noqa: E402

import vvvresearch as vvv  # noqa: E402
from vvvresearch.locales import Lang  # noqa: E402
from vvvresearch.reporting import Claims  # noqa: E402

JOINTS: dict[Lang, tuple[str, ...]] = {
    "da": (" og ", ", fordi ", ", for ", ", hvor ", " – "),
    "en": (" and ", ", because ", ", for ", " – "),
}
MOVES = 3


def claims_of(where: str, root: Path) -> dict[Lang, Claims]:
    opened = vvv.open_round(ROUNDS[where](root), root=root)
    return {"da": Claims(lambda: opened, "da"), "en": Claims(lambda: opened, "en")}


def tried(name: str, *, shown: bool) -> None:
    """One line for a set, and with `shown` every sentence that is not as it should be."""
    where, sentences = read_set(name)
    rng = Random(5)
    with tempfile.TemporaryDirectory() as folder:
        claims = claims_of(where, Path(folder))
        addresses = sorted({one.address for one in sentences})
        wrong: dict[str, list[str]] = {"true": [], "contradicted": [], "hung": [], "moved": []}
        of = dict.fromkeys(wrong, 0)
        for one in sentences:
            stopped = bool(refused(bound(one.text, one.address), claims[one.lang]))
            kind = "contradicted" if one.kind == "stops" else "true"
            of[kind] += 1
            if stopped == (kind == "true"):
                wrong[kind].append(one.text)
            if one.kind == "stops" and "[" not in one.text:
                texts = [hung(one.text, joint, where, one.lang) for joint in JOINTS[one.lang]]
                of["hung"] += len(texts)
                wrong["hung"] += [text for text in texts if not refused(text, claims[one.lang])]
            elif one.kind == "holds":
                elsewhere = rng.sample([address for address in addresses if address != one.address], MOVES)
                of["moved"] += len(elsewhere)
                moved = [bound(one.text, address) for address in elsewhere]
                wrong["moved"] += [text for text in moved if not refused(text, claims[one.lang])]
    rates = "  ".join(f"{kind} {of[kind] - len(wrong[kind])}/{of[kind]} ({100 - 100 * len(wrong[kind]) / of[kind]:.1f} %)" for kind in of)
    print(f"{name:8} {rates}")
    for kind, texts in wrong.items() if shown else ():
        for text in texts:
            print(f"    {kind}: {text}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="*", default=names())
    parser.add_argument("--shown", action="store_true", help="print what is not as it should be")
    arguments = parser.parse_args()
    for name in arguments.sets:
        tried(name, shown=arguments.shown)


if __name__ == "__main__":
    main()
