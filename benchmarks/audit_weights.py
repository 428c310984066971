"""The weights of `vvv audit` fitted anew: which equation is meant, when it is wrong, and when two numbers are one fact told twice.

Two files of the package hold weights, `_tellings.py` and `_equations.py`, fitted on the texts of `audit_texts/` by which the audit was
built, clean and with one error planted at a time; `other_hands` and `others_again` are for measuring and never fitted on. Prints the
weights beside the package's, and the planted errors found and false alarms with either and with weights fitted on other texts.

    python benchmarks/audit_weights.py [SET ...] [--folds 5] [--write _tellings _equations]

All three are a conditional logit with "none of them" as a further choice and a quadratic penalty, fitted by scipy; with one choice in
each group that is a logistic regression. Of equations with the same numbers the audit keeps the likeliest by the weights that it has, so
that after `--write _equations` a second run may move them a little. A run takes about four minutes of processor time.
"""

from __future__ import annotations

import argparse
import math
import re
import tempfile
import textwrap
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from audit import TEXTS, planted, together, written
from scipy.optimize import minimize

from vvvresearch.audit import _equations, _tellings, read_document
from vvvresearch.audit._equations import _ONLY_EXPLAIN, Equation, evidence, weighed
from vvvresearch.audit._facts import Facts, facts_of
from vvvresearch.audit._near_numbers import Pool
from vvvresearch.audit._parts import sums_of
from vvvresearch.audit._relations import relations_of
from vvvresearch.audit._retold import features, score
from vvvresearch.audit._tellings import Tellings, agrees
from vvvresearch.audit._told import Told

Weights = dict[str, float]
Models = dict[str, Weights]
# The weights of each model by its name, the file's and the variable's.
PLACES = {
    f"{module.__name__.rpartition('.')[2]} {name}": (Path(str(module.__file__)), getattr(module, name))
    for module, name in ((_tellings, "WEIGHTS"), (_equations, "WEIGHTS"), (_equations, "JUDGING"))
}
TELLINGS, MEANT, JUDGING = PLACES
# The planted errors that each model is there to find.
TELLING = ("retold", "table", "across", "word", "base")
EQUATION = ("counts", "count", "sums", "sum", "parts", "difference", "direction")
MEASURED = ("other_hands", "others_again")
# Penalties; how much a pair beside the planted one counts, and an equation made wrong: there are many.
PENALTY_TELLING, PENALTY_MEANT, PENALTY_WRONG = 10 / 3, 4.0, 10 / 3
WEIGHT_BESIDE, WEIGHT_WRONG = 0.25, 0.3
# An equation was made wrong where one that held was likely before, and is so much less likely after.
_HELD, _FELL = 0.1, 3.0
# The least that a sign of an equation is taken to vary, the surest odds, and a weight that is left out of the file.
_LEAST, _STEEPEST, _NOTHING = 0.05, 30.0, 0.005


@dataclass
class Case:
    """What one text, clean or with one error, gives to weigh.

    Attributes:
        source: the set and the name of the text, without what sets those apart that are audited together.
        kind: the error's class; "" of the clean text.
        words: how many words it has.
        needed: the odds that a fact told twice needs there, as a logarithm.
        pairs: of each pair of tellings its features, whether it is the error, and the two numbers.
        equations: all that may be meant by one number or list of parts, with their line and which of the line's they are.
    """

    source: str
    kind: str
    words: int
    needed: float = 0.0
    pairs: list[tuple[Weights, bool, set[int]]] = field(default_factory=list)
    equations: list[tuple[tuple[int, int], list[Equation]]] = field(default_factory=list)


class EveryPair(Tellings):
    """Tellings of which no pair is left out by the weights that the package has."""

    def _possible(self, one: Told, other: Told, worth: float) -> bool:
        return True


def cases_of(path: Path) -> list[Case]:
    """The clean text of a file, then each of its errors."""
    found: list[Case] = []
    clean: dict[tuple[object, ...], Told] = {}
    with tempfile.TemporaryDirectory() as folder:

        def facts(text: str, stem: str) -> Facts:
            return facts_of(read_document(written(text, "txt", Path(folder) / stem)[0]))

        beside = [facts(planted(one.read_text(encoding="utf-8"))[0][1], one.stem) for one in together(path) if one != path]
        for kind, text, line, _ in planted(path.read_text(encoding="utf-8")):
            if kind and kind not in TELLING + EQUATION:
                continue
            own = facts(text, path.stem)
            case = Case(f"{path.parent.name}/{path.stem.partition('__')[0]}", kind, own.document.words)
            if kind not in EQUATION:
                tellings = EveryPair([own, *beside])
                place = {id(one): (one.place.file, one.place.line, one.kind, one.value, one.said is None) for one in tellings.told}
                here: dict[tuple[object, ...], Told] = {place[id(one)]: one for one in tellings.told}
                clean = clean if kind else here
                gone = [one for key, one in clean.items() if key not in here]
                case.needed = tellings.needed
                for one, other in tellings.pairs():
                    new = [place[id(each)] not in clean for each in (one, other)]
                    if not kind or any(new):
                        right = other if new[0] else one
                        wrong = any(each.kind == right.kind and agrees(each, right) for each in gone)
                        case.pairs.append((features(tellings, one, other), wrong, {id(one), id(other)}))
            if kind not in TELLING:
                case.equations = _equations_on(own, line)
            found.append(case)
    return found


def _equations_on(facts: Facts, line: int) -> list[tuple[tuple[int, int], list[Equation]]]:
    """The equations of a line, or of all lines where it is 0, as `relation_findings` and `part_findings` weigh them."""
    found, pool, count = [], Pool(facts), Counter[int]()
    for choices in (*relations_of(facts, pool), *sums_of(facts, pool)):
        summed = choices[0].kind == "sum"
        at = (choices[0].of[0] if summed else choices[0].target).place.line
        count[at] += 1
        lines = {number.place.line for one in choices for number in (one.target, *one.of)} if summed else {at}
        if not line or line in lines:
            found.append(((at, count[at]), choices))
    return found


def fitted(groups: Sequence[tuple[list[Weights], list[bool], float]], penalty: float, least: float = 0.0) -> Weights:
    """The weights of a conditional logit: of each group the choices' features, which of them are right, and how much the group counts.

    Where none is right, "none of them" was. The penalty is on features by what they vary, or `least`; the feature "one" has none.
    """
    names = sorted({name for choices, _, _ in groups for choice in choices for name in choice})
    of = np.repeat(np.arange(len(groups)), [len(choices) for choices, _, _ in groups])
    rows = np.array([[choice.get(name, 0.0) for name in names] for choices, _, _ in groups for choice in choices])
    right = np.array([float(each) for _, rights, _ in groups for each in rights])
    counts = np.array([weight for _, _, weight in groups])
    some = np.bincount(of, right, len(groups)) > 0
    spread = np.where(rows.std(0) > 0, np.maximum(rows.std(0), least), 1.0)
    rows /= spread
    held = penalty * np.array([name != "one" for name in names])

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        each = np.exp(np.clip(rows @ weights, -_STEEPEST, _STEEPEST))
        every = 1 + np.bincount(of, each, len(groups))
        meant = np.where(some, np.bincount(of, each * right, len(groups)), 1.0)
        slope = rows.T @ (counts[of] * (each / every[of] - np.where(some[of], each * right / meant[of], 0.0)))
        return float(counts @ (np.log(every) - np.log(meant)) + held @ weights**2 / 2), slope + held * weights

    best = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B", options={"maxiter": 1000}).x / spread
    return dict(zip(names, map(float, best), strict=True))


def fit(cases: Sequence[Case]) -> Models:
    """The weights of the three models."""
    pairs = [([found], [wrong], 1.0 if wrong or not case.kind else WEIGHT_BESIDE) for case in cases for found, wrong, _ in case.pairs]
    clean = [choices for case in cases if not case.kind for _, choices in case.equations]
    meant = fitted([([one.signs for one in choices], [one.holds for one in choices], 1.0) for choices in clean], PENALTY_MEANT, _LEAST)
    wrong: list[tuple[list[Weights], list[bool], float]] = []
    before: dict[tuple[int, int], float] = {}
    for case in cases:
        before = before if case.kind else {}
        for at, choices in case.equations:
            parts = [math.exp(min(sum(meant.get(name, 0.0) * sign for name, sign in one.signs.items()), _STEEPEST)) for one in choices]
            every = 1 + sum(parts)
            right = sum(part for part, one in zip(parts, choices, strict=True) if one.holds) / every
            was = before.get(at, 0.0) if case.kind else before.setdefault(at, right)
            broken = [(part, one) for part, one in zip(parts, choices, strict=True) if not one.holds and one.kind not in _ONLY_EXPLAIN]
            if broken and (not case.kind or (was > _HELD and right < was / _FELL)):
                part, one = max(broken, key=lambda each: each[0])
                wrong.append(([evidence(one, part / every, right)], [bool(case.kind)], WEIGHT_WRONG if case.kind else 1.0))
    return {TELLINGS: fitted(pairs, PENALTY_TELLING), MEANT: meant, JUDGING: fitted(wrong, PENALTY_WRONG)}


def measured(cases: Sequence[Case], models: Models) -> Counter[str]:
    """How many errors facts told twice and equations bring to light with some weights, and how many findings the clean texts have."""
    kept, count = held(), Counter[str]()
    put(models)
    for case in cases:
        told, used = 0, set[int]()
        for sure, numbers in sorted(((score(found), numbers) for found, _, numbers in case.pairs), key=lambda each: -each[0]):
            if sure >= case.needed and not numbers & used:
                told, used = told + 1, used | numbers
        judged = [weighed([replace(one) for one in choices]) for _, choices in case.equations]
        broken = sum(each is not None and each[0] >= _equations.NEEDED for each in judged)
        model = "told" if case.kind in TELLING else "equation"
        of_error = {f"{model} found": int(told + broken > 0), f"{model} errors": 1}
        count += Counter(of_error if case.kind else {"told false": told, "equation false": broken, "words": case.words})
    put(kept)
    return count


def held() -> Models:
    """The weights that the package has."""
    return {key: dict(weights) for key, (_, weights) in PLACES.items()}


def put(models: Models) -> None:
    """Let the package judge by some weights."""
    for key, (_, weights) in PLACES.items():
        weights.update(dict.fromkeys(weights, 0.0) | models[key])


def write(key: str, model: Weights) -> None:
    """Put a model's weights into the package's file."""
    path, _ = PLACES[key]
    lines = textwrap.wrap(" ".join(f'"{name}":~{value:.2f},' for name, value in sorted(model.items()) if abs(value) >= _NOTHING), 126)
    shown = "".join(f"    {line.replace('~', ' ')}\n" for line in lines)
    found = re.compile(rf"(^{key.split()[-1]} = \{{\n).*?(?=^\}})", re.MULTILINE | re.DOTALL)
    path.write_text(found.sub(lambda match: match[1] + shown, path.read_text(encoding="utf-8")), encoding="utf-8")


def main() -> None:
    """Print the weights beside those of the package, and how well both and those of other texts do."""
    parser = argparse.ArgumentParser()
    parser.add_argument("sets", nargs="*", default=sorted(one.name for one in TEXTS.iterdir() if one.is_dir() and one.name not in MEASURED))
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--write", nargs="*", default=[], choices=[key.split()[0] for key in PLACES])
    options = parser.parse_args()
    cases = [case for name in options.sets for path in sorted((TEXTS / name).glob("*.txt")) for case in cases_of(path)]
    package, fresh = held(), fit(cases)
    for key, model in fresh.items():
        names = sorted(model.keys() | package[key].keys())
        pairs = {name: (model.get(name, 0.0), package[key].get(name, 0.0)) for name in names}
        print(f"\n{key:28}  fitted package", *(f"  {name:26} {new:7.2f} {old:7.2f}" for name, (new, old) in pairs.items()), sep="\n")
        apart, most = max((abs(new - old), name) for name, (new, old) in pairs.items())
        print(f"  furthest apart: {most}, by {apart:.2f}")
    sources, across = sorted({case.source for case in cases}), Counter[str]()
    for fold in range(options.folds):
        out = set(sources[fold :: options.folds])
        across += measured([case for case in cases if case.source in out], fit([case for case in cases if case.source not in out]))
    print(f"\n{len(sources)} texts or pairs of texts, {across['words']} words")
    judged = {"package": measured(cases, package), "fitted": measured(cases, fresh), f"of other texts ({options.folds})": across}
    for name, n in judged.items():
        shown = (f"{key}: {n[f'{key} found']} of {n[f'{key} errors']}, false {n[f'{key} false']}" for key in ("told", "equation"))
        print(f"{name:20}", *shown, sep="   ")
    for key in (key for key in PLACES if key.split()[0] in options.write):
        write(key, fresh[key])


if __name__ == "__main__":
    main()
