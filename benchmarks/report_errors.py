"""How often does a round's summary say what is not so? Whole synthetic rounds with nothing in them, and with known effects.

Run `python benchmarks/report_errors.py [--rounds N] [--planted N] [--seed S]`: every analysis that says "rose", "more", "differs" or
"goes with" is called as an evaluator calls it, and its decided rows are the sentences that a summary could make of it: each analysis by
itself, and all together as one summary (`level_of_families`). Where a row says that what was planted could have been seen (four times
in five), it has to be found that often. 25 rounds of each kind take about a minute on one core; pieces with other seeds add up.
"""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from collections.abc import Iterator

import numpy as np
import pandas as pd

from vvvresearch.evidence import Codebook, Codings, Frame, Interviews, Item, Option, Questionnaire, Survey, Words
from vvvresearch.evidence._codings import CODEBOOK_COLUMNS
from vvvresearch.evidence._register import REGISTER_COLUMNS
from vvvresearch.kinds import DataKind
from vvvresearch.mechanisms import moderators
from vvvresearch.results import Result
from vvvresearch.statistics.multiplicity import level_of_families
from vvvresearch.survey import compare_groups, compare_waves, cross_tables
from vvvresearch.themes import context_table, cooccurrence, crosstab, pair_gaps

FRAME, WAVES, ITEMS, LEADERS = 98, (42, 55), 12, 59
PAIRS, CODES, LENGTH = 12, 8, 6000
ALPHA = 0.05
# Analysis, the adjusted p of every statement that it could make (by the keys of its row), and what each row says could have been seen.
Found = tuple[str, dict[str, float], dict[str, float]]


def words(text: str) -> Words:
    return Words(da=text, en=text)


def survey(name: str, answers: pd.DataFrame, group: str, before: str, mirror: str) -> Survey:
    options = (Option(code="yes", label=words("yes")), Option(code="no", label=words("no")))
    items = []
    for column in answers:
        if str(column).startswith("q"):
            comparable = (f"{before}:{column}",) if before else ()
            pair = (f"{mirror}:{column}",) if mirror else ()
            items.append(Item(id=str(column), text=words(str(column)), type="single", options=options, comparable=comparable, mirror=pair))
    frame = Frame(unit="municipality", population=FRAME if group == "m" else None, chosen_by=words("-"), collected=words("-"))
    asked = Questionnaire(
        schema_version=1, id=name, title=words(name), group=words(group), wave=words(name), frame=frame, items=tuple(items)
    )
    return Survey(answers, asked, kind=DataKind.SYNTHETIC)


def surveys(rng: np.random.Generator, effect: bool) -> tuple[Survey, Survey, Survey, Survey, dict[str, float]]:
    """Two waves of a frame whose answers hang together, municipalities and leaders who were asked the same, and the planted differences."""
    shares = rng.uniform(0.3, 0.7, ITEMS)
    first = rng.random((FRAME, ITEMS)) < shares
    again = rng.random((FRAME, ITEMS)) < 0.5
    later = shares.copy()
    leaders = shares.copy()
    if effect:
        later[0], leaders[1] = min(shares[0] + 0.45, 0.97), max(shares[1] - 0.45, 0.03)
        again[:, 0] = False
    second = np.where(again, first, rng.random((FRAME, ITEMS)) < later)
    if not effect:
        # Nothing happened in the frame itself: every municipality answers as before.
        second = first
    size = np.where(first[:, 2], "l", "s") if effect else rng.choice(["l", "s"], FRAME)
    made = []
    for values, n in ((first, WAVES[0]), (second, WAVES[1])):
        who = rng.choice(FRAME, n, replace=False)
        frame = pd.DataFrame(np.where(values[who], "yes", "no"), columns=[f"q{k}" for k in range(ITEMS)], index=[f"m{one}" for one in who])
        made.append(frame.assign(size=size[who]))
    own = pd.DataFrame(
        np.where(rng.random((LEADERS, ITEMS)) < leaders, "yes", "no"),
        columns=[f"q{k}" for k in range(ITEMS)],
        index=[f"l{k}" for k in range(LEADERS)],
    )
    if not effect:
        # Municipalities and leaders see the same, so both are drawn from the same shares.
        drawn = pd.DataFrame(np.where(rng.random((WAVES[0], ITEMS)) < shares, "yes", "no"), columns=own.columns, index=made[0].index)
        mirrored = drawn.assign(size=made[0]["size"])
    else:
        mirrored = made[0]
    waves = survey("w1", made[0], "m", "", ""), survey("w2", made[1], "m", "w1", "")
    planted = {"change between waves": later[0] - shares[0], "municipalities against leaders": shares[1] - leaders[1]}
    return *waves, survey("m1", mirrored, "m", "", ""), survey("l1", own, "l", "", "m1"), planted


def interviews(rng: np.random.Generator, effect: bool) -> tuple[Codings, Interviews]:
    """Twelve pairs in two waves; a person says the same again in two of three cases."""
    paths = [f"c{k}" for k in range(CODES)]
    book = [dict.fromkeys(CODEBOOK_COLUMNS, "") | {"code_path": path, "name": path, "is_codable": True} for path in paths]
    register, passages = [], []
    blank = dict.fromkeys(REGISTER_COLUMNS, "") | {"interpreter": False, "consent_analysis": True, "consent_quote": True}
    for pair in range(PAIRS):
        for half in ("refugee", "volunteer"):
            sex = rng.choice(["female", "male"])
            shares = np.full(CODES, 0.5)
            if effect:
                shares[0] = 0.95 if half == "refugee" else 0.08
                shares[1] = 0.95 if sex == "female" else 0.08
            first = rng.random(CODES) < shares
            for wave in ("1", "2"):
                source = f"p{pair}-{half[0]}{wave}"
                register.append(
                    blank
                    | {"interview": source, "source": source, "person": f"p{pair}-{half[0]}", "pair": f"p{pair}", "respondent_group": half}
                    | {"wave": wave, "month": f"2021-0{wave}", "sex": sex}
                )
                said = first if wave == "1" else np.where(rng.random(CODES) < 0.67, first, rng.random(CODES) < shares)
                for code in np.flatnonzero(said):
                    start = int(rng.integers(0, LENGTH - 400))
                    passages.append((source, start, start + 400, paths[code]))
                    if effect and code == 2:
                        passages.append((source, start, start + 400, paths[3]))
    frame = pd.DataFrame(passages, columns=["source", "start", "end", "code_path"]).assign(text="x", coder="a", stance="affirmed")
    texts = {str(row["source"]): "x" * LENGTH for row in register}
    people = Interviews(pd.DataFrame(register)[list(REGISTER_COLUMNS)], kind=DataKind.SYNTHETIC)
    return Codings(frame, Codebook(pd.DataFrame(book)), texts), people


def statements(found: Result, name: str, columns: tuple[str, ...]) -> Found:
    frame = found.frame[found.frame["p_adjusted"].notna()]
    if "verdict" in frame:
        said = ~frame["verdict"].isin(["undecided", "described", "cannot tell"])
        assert (said == (frame["p_adjusted"] < ALPHA)).all(), name
    keys = frame[list(columns)].astype(str).agg("|".join, axis=1).to_numpy()
    least = frame["least_detectable"] if "least_detectable" in frame else frame["p_adjusted"] * np.nan
    return name, frame["p_adjusted"].groupby(keys).min().to_dict(), least.groupby(keys).min().to_dict()


def one_round(rng: np.random.Generator, effect: bool, planted: dict[str, float]) -> Iterator[Found]:
    """Every analysis of one round; what was planted is written into `planted`."""
    first, second, municipalities, leaders, differences = surveys(rng, effect)
    planted |= differences | dict.fromkeys(("themes by sex", "gap between the halves"), 0.87)
    planted |= dict.fromkeys(("cross-tables", "traits of a good match"), 1.0)
    yield statements(compare_waves(first, second), "change between waves", ("item",))
    yield statements(compare_groups(municipalities, other=leaders), "municipalities against leaders", ("item",))
    crosses = cross_tables([(first, f"q{k}", "size") for k in range(2, 8)])
    yield statements(crosses, "cross-tables", ("item",))
    codings, people = interviews(rng, effect)
    yield statements(crosstab(codings, people, "sex"), "themes by sex", ("code_path",))
    yield statements(pair_gaps(codings, people), "gap between the halves", ("code_path",))
    yield statements(context_table(codings, people, "c7"), "themes beside a context", ("code_path",))
    yield statements(cooccurrence(codings), "codes together", ("code_a", "code_b"))
    traits = {f"t{k}": rng.integers(0, 2, PAIRS) for k in range(5)}
    good = traits["t0"] if effect else rng.integers(0, 2, PAIRS)
    yield statements(moderators(pd.DataFrame(traits | {"good": good}), "good"), "traits of a good match", ("candidate",))


TRUE = {
    "change between waves": "q0",
    "municipalities against leaders": "q1",
    "cross-tables": "q2",
    "themes by sex": "c1",
    "gap between the halves": "c0",
    "codes together": "c2|c3",
    "traits of a good match": "t0",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=200, help="rounds with nothing in them")
    parser.add_argument("--planted", type=int, help="rounds with known effects; left out: as many")
    parser.add_argument("--seed", type=int, default=20261128)
    chosen = parser.parse_args()
    effects = chosen.rounds if chosen.planted is None else chosen.planted
    rng, began = np.random.default_rng(chosen.seed), time.perf_counter()
    wrong, said, possible, hit, told_hit, seen, seen_hit = (defaultdict(int) for _ in range(7))
    for _ in range(chosen.rounds):
        found = {name: own for name, own, _ in one_round(rng, effect=False, planted={})}
        level = level_of_families([list(own.values()) for own in found.values()], ALPHA)
        for how, limit in (("each by itself", ALPHA), ("as one summary", level)):
            count = sum(p <= limit for own in found.values() for p in own.values())
            wrong[how] += bool(count)
            said[how] += count
        for name, own in found.items():
            count = sum(p < ALPHA for p in own.values())
            wrong[name] += bool(count)
            said[name] += count
            possible[name] += len(own)
    for _ in range(effects):
        planted: dict[str, float] = {}
        rows = list(one_round(rng, effect=True, planted=planted))
        found, least = {name: own for name, own, _ in rows}, {name: own for name, _, own in rows}
        level = level_of_families([list(own.values()) for own in found.values()], ALPHA)
        for name, key in TRUE.items():
            decided = found[name].get(key, 1.0) < ALPHA
            hit[name] += decided
            told_hit[name] += found[name].get(key, 1.0) <= level
            could = planted.get(name, 0.0) >= least[name].get(key, np.inf)
            seen[name] += could
            seen_hit[name] += could and decided
    print(
        "| analysis | sentences possible a round | rounds with a false one | false of all possible | planted found | told in the summary "
        "| rounds whose row says that it could be seen | found there |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for name in possible:
        shown = f"{hit[name] / effects:.3f} | {told_hit[name] / effects:.3f}" if name in TRUE and effects else "– | –"
        shown += f" | {seen[name]} | {seen_hit[name]}" if seen[name] else " | – | –"
        rates = f"{wrong[name] / chosen.rounds:.3f} | {said[name] / possible[name]:.4f}"
        print(f"| {name} | {possible[name] / chosen.rounds:.1f} | {rates} | {shown} |")
    everything = sum(possible.values())
    for how in ("each by itself", "as one summary"):
        rates = f"{wrong[how] / chosen.rounds:.3f} | {said[how] / everything:.4f}"
        print(f"| all, {how} | {everything / chosen.rounds:.0f} | {rates} | – | – | – | – |")
    made = f"{chosen.rounds} rounds with nothing in them, {effects} with effects, seed {chosen.seed}"
    print(f"<!-- {made}: {time.perf_counter() - began:.0f} s -->")


if __name__ == "__main__":
    main()
