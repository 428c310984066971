"""The evidence ledger: process-tracing items weighed for a hypothesis against each rival by itself."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from vvvresearch.errors import AnalysisError, did_you_mean, require_table
from vvvresearch.evidence import Ledger
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Phrase, Sayable
from vvvresearch.mechanisms._decimals import decimal
from vvvresearch.results import Base, Column, Labels, Measure, Result, Total, address_part

SEEN = ("seen", "not seen", "not sought")
NO_RIVAL = "not H"
CUTS = (0.85, 0.15)
_COLUMNS = ("item", "sensitivity", "type_i", "seen")
_NUMBERS = ("sensitivity_low", "sensitivity_high", "type_i_low", "type_i_high", "ratio_low", "ratio_high")
Range = tuple[float, float]


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class EvidenceLedger(Result):
    """Evidence for a hypothesis.

    Args:
        rivals: per rival: prior odds of the hypothesis against it, the likelihood ratio of all evidence (a range), and the
            probability of the hypothesis when it and this rival are the only two (a range).
        packages: items that depend on each other, with the one likelihood ratio they count for.
        stories: with a column "arrow": one row an arrow, what was seen, and how the hypothesis stands against its
            strongest rival there.
        posterior: probability of the hypothesis (a range) when the rivals are all there are.
    """

    rivals: pd.DataFrame
    packages: pd.DataFrame
    stories: pd.DataFrame
    posterior: Range


@dataclass(frozen=True)
class _Item:
    item: str
    package: str
    rival: str
    arrow: str
    seen: str
    sensitivity: Range
    type_i: Range

    @property
    def ratio(self) -> Range:
        """The likelihood ratio, lowest and highest."""
        (s_low, s_high), (t_low, t_high) = self.sensitivity, self.type_i
        if self.seen == "seen":
            return _divide(s_low, t_high), _divide(s_high, t_low)
        if self.seen == "not seen":
            return _divide(1 - s_high, 1 - t_low), _divide(1 - s_low, 1 - t_high)
        return 1.0, 1.0


def evidence_ledger(
    items: pd.DataFrame | Ledger | Sequence[Ledger],
    *,
    hypothesis: str = "",
    priors: Mapping[str, float | Range] | None = None,
    cuts: tuple[float, float] = CUTS,
    kind: DataKind | None = None,
) -> EvidenceLedger:
    """Weigh pieces of evidence for a hypothesis against each of its rivals.

    An item that was seen multiplies the odds by P(e|H)/P(e|rival); one that was sought and not seen by
    (1−P(e|H))/(1−P(e|rival)); one that was not sought changes nothing. "Not H" is a mixture of rivals, so each has its own
    probabilities. Items of one package depend on each other and count once: by the row whose item is
    the package's own name where there is one (a jointly judged probability), else by the most cautious item; items that
    point both ways leave the whole range open.

    Args:
        items: from `read_ledger`, or one row an item and rival: item, sensitivity (P(e|H)), type_i (P(e|rival)), seen ("seen", "not seen",
            "not sought"); where there are: rival (default "not H"), package, arrow, note. Probabilities are numbers or pairs (low, high).
        hypothesis: which hypothesis of a ledger that was read; default its first.
        priors: prior probability of "H" and of each rival, numbers that add up to 1 or pairs (low, high); default
            those of the ledger, else all equal.
        cuts: at least this sensitivity is high, at most this type I error is low; they name the tests: "doubly decisive" (both),
            "hoop" (high sensitivity), "smoking gun" (low type I error), "straw in the wind" (neither); "unsettled" where a range crosses.
        kind: kind of the data; default that of the ledger.

    Returns:
        EvidenceLedger; `.frame` has item, package, rival, arrow, seen, sensitivity and type_i (low, high), ratio (low, high), test.

    Raises:
        AnalysisError: columns or probabilities missing or outside 0–1, an item whose sensitivity differs between rivals,
            unknown words, an impossible observation (probability 0 under both).

    Source: Van Evera 1997; Bennett 2015; Fairfield and Charman 2017 on rivals one by one.

    Example:
        >>> import pandas as pd
        >>> found = evidence_ledger(pd.DataFrame({"item": ["brev"], "sensitivity": [0.8], "type_i": [0.2], "seen": ["seen"]}))
        >>> [round(value, 2) for value in found.posterior]
        [0.8, 0.8]
    """
    about = _one_of(items, hypothesis)
    read = _read(about.items if about else items)
    if priors is None and about:
        priors = about.priors
    high, low = _check_cuts(cuts)
    odds = _prior_odds(read, priors)
    counted, packages = _counted(read)
    rivals = _against(counted, odds)
    frame = pd.DataFrame([_row(item, high, low) for item in read])
    unsought = len({item.item for item in read if item.seen == "not sought"})
    notes = [Phrase("mechanisms.ledger_method", {"high": decimal(high), "low": decimal(low)})]
    if packages:
        notes.append(Phrase("mechanisms.ledger_packages", {"n": len(packages)}))
    if unsought:
        notes.append(Phrase("mechanisms.ledger_unsought", {"n": unsought}))
    settings = [
        "" if cuts == CUTS else f"cuts {high:g} {low:g}",
        "" if about is None or about.hypothesis == _first(items) else about.hypothesis,
    ]
    posterior = _posterior(rivals)
    common: dict[str, Any] = {
        "base": Base(len({item.item for item in read}), unit="evidence"),
        "assumptions": (Phrase("mechanisms.ledger_exhaustive"),),
        "kind": kind or (about.kind if about else DataKind.REAL),
    }
    at = "/".join(["ledger", *(address_part(setting) for setting in settings if setting)])
    rival_words: Labels = Labels(about.rivals if about else {})
    return EvidenceLedger(
        frame=frame,
        title=Phrase("mechanism_tables.ledger_title", {"statement": about.statement}) if about else Phrase("mechanisms.title_ledger"),
        notes=tuple(notes),
        shows=_shown(),
        at=at,
        keys=("item", "rival", "arrow"),
        measures=tuple(Measure(name, "number", 2, of="") for name in _NUMBERS),
        labels={"item": Labels(_texts(about)), "rival": rival_words},
        totals={f"posterior_{name}": Total(bound, format="share") for name, bound in zip(("low", "high"), posterior, strict=True)},
        parts={"rivals": _rival_table(rivals, at, rival_words, common)},
        **common,
        rivals=rivals,
        packages=pd.DataFrame(packages, columns=["package", "rival", "items", "ratio_low", "ratio_high", "rule"]),
        stories=_stories(read, odds),
        posterior=posterior,
    )


def _one_of(items: pd.DataFrame | Ledger | Sequence[Ledger], hypothesis: str) -> Ledger | None:
    """The ledger of the hypothesis that is asked for; None where a plain table was given."""
    read: tuple[Ledger, ...] = (items,) if isinstance(items, Ledger) else tuple(items) if isinstance(items, tuple | list) else ()
    if not read and not isinstance(items, tuple | list):
        return None
    known = [one.hypothesis for one in read]
    if not known or (hypothesis and hypothesis not in known):
        raise AnalysisError(f"the ledger has no hypothesis {hypothesis!r}", todo=did_you_mean(hypothesis, known))
    return read[known.index(hypothesis)] if hypothesis else read[0]


def _first(items: Any) -> str:
    return str(items.hypothesis if isinstance(items, Ledger) else items[0].hypothesis)


def _texts(about: Ledger | None) -> dict[str, str | Sayable]:
    return {} if about is None else dict(zip(about.items["item"], about.items["text"], strict=True))


def _rival_table(rivals: pd.DataFrame, at: str, words: Labels, common: Mapping[str, Any]) -> Result:
    """How the hypothesis stands against each rival by itself."""
    names = ("ratio_low", "ratio_high", "posterior_low", "posterior_high")
    return Result(
        frame=rivals,
        title=Phrase("mechanism_tables.rivals_title"),
        notes=(Phrase("mechanism_tables.rivals_note"),),
        shows=(
            Column("rival", Phrase("mechanisms.rival")),
            *(Column(name, Phrase(f"mechanism_tables.{name}"), "number", 2) for name in names),
        ),
        at=at,
        keys=("rival",),
        measures=tuple(Measure(name, "number", 2, of="") for name in ("prior_odds_low", "prior_odds_high", *names)),
        labels={"rival": words},
        **common,
    )


def _read(items: Any) -> list[_Item]:
    require_table(items, "items", _COLUMNS)
    if items.empty:
        raise AnalysisError("the ledger is empty: there is no item of evidence")
    read: list[_Item] = []
    sensitivities: dict[tuple[str, str], Range] = {}
    states: dict[str, str] = {}
    for row in items.to_dict("records"):
        name = _word(row.get("item"))
        if not name:
            raise AnalysisError("an item of evidence has no name")
        seen = _word(row.get("seen"))
        if seen not in SEEN:
            raise AnalysisError(f"whether it was seen is {seen!r}", where=f"item {name}", todo=did_you_mean(seen, SEEN))
        item = _Item(
            name,
            _word(row.get("package")),
            _word(row.get("rival")) or NO_RIVAL,
            _word(row.get("arrow")),
            seen,
            _range(row["sensitivity"], "sensitivity", name),
            _range(row["type_i"], "type_i", name),
        )
        if sensitivities.setdefault((name, item.arrow), item.sensitivity) != item.sensitivity:
            raise AnalysisError("the sensitivity differs between rivals", where=f"item {name}", why="P(e|H) does not depend on the rival")
        if states.setdefault(name, seen) != seen:
            raise AnalysisError("the item is both seen and not", where=f"item {name}")
        if any(math.isnan(bound) for bound in item.ratio):
            raise AnalysisError(
                "the observation is impossible under the hypothesis and the rival alike", where=f"item {name}, rival {item.rival}"
            )
        read.append(item)
    keys = [(item.item, item.rival, item.arrow) for item in read]
    double = next((key for key in keys if keys.count(key) > 1), None)
    if double:
        raise AnalysisError("the item stands twice against the same rival", where=f"item {double[0]}, rival {double[1]}")
    return read


def _word(value: Any) -> str:
    return "" if value is None or (isinstance(value, float) and math.isnan(value)) else str(value).strip()


def _range(value: Any, name: str, item: str) -> Range:
    pair = tuple(value) if isinstance(value, tuple | list) else (value, value)
    try:
        low, high = (float(bound) for bound in pair)
    except (TypeError, ValueError):
        low = high = math.nan
    if not 0 <= low <= high <= 1:
        raise AnalysisError(f"{name} is {value!r}", where=f"item {item}", todo="give a probability from 0 to 1, or a pair (low, high)")
    return low, high


def _check_cuts(cuts: tuple[float, float]) -> tuple[float, float]:
    high, low = cuts
    if not 0 <= low < high <= 1:
        raise AnalysisError(f"the cut-points are {cuts!r}", todo="give (high, low), as (0.85, 0.15)")
    return high, low


def _divide(part: float, whole: float) -> float:
    if whole > 0:
        return part / whole
    return math.nan if part == 0 else math.inf


def _prior_odds(read: Sequence[_Item], priors: Mapping[str, float | Range] | None) -> dict[str, Range]:
    """Prior odds of the hypothesis against each rival, lowest and highest."""
    rivals = list(dict.fromkeys(item.rival for item in read))
    if priors is None:
        return dict.fromkeys(rivals, (1.0, 1.0))
    wanted = {"H", *rivals}
    if set(priors) != wanted:
        odd = sorted(set(priors) ^ wanted)[0]
        raise AnalysisError(
            f"the priors and the rivals do not match at {odd!r}", todo=f"give a prior for each of {', '.join(sorted(wanted))}"
        )
    given = {name: _range(value, "the prior", name) for name, value in priors.items()}
    lowest, highest = (sum(pair[end] for pair in given.values()) for end in (0, 1))
    if any(not 0 < low <= high < 1 for low, high in given.values()) or lowest > 1 + 1e-9 or highest < 1 - 1e-9:
        raise AnalysisError("the priors must lie between 0 and 1 and be able to add up to 1", where=repr(dict(priors)))
    return {rival: (given["H"][0] / given[rival][1], given["H"][1] / given[rival][0]) for rival in rivals}


def _counted(read: Sequence[_Item]) -> tuple[dict[str, list[Range]], list[dict[str, Any]]]:
    """The likelihood ratios that are multiplied for each rival: single items, and each package once."""
    ratios: dict[str, list[Range]] = {item.rival: [] for item in read}
    bundled: dict[tuple[str, str], list[_Item]] = {}
    for item in read:
        # An item that speaks for several arrows is one observation all the same.
        bundled.setdefault((item.package or item.item, item.rival), []).append(item)
    packages = []
    for (package, rival), items in bundled.items():
        if len(items) == 1:
            ratios[rival].append(items[0].ratio)
            continue
        ratio, rule = _package_ratio(package, items)
        ratios[rival].append(ratio)
        names = ", ".join(dict.fromkeys(item.item for item in items))
        packages.append({"package": package, "rival": rival, "items": names, "ratio_low": ratio[0], "ratio_high": ratio[1], "rule": rule})
    return ratios, packages


def _package_ratio(package: str, items: Sequence[_Item]) -> tuple[Range, str]:
    joint = [item for item in items if item.item == package]
    if len(joint) == 1:
        return joint[0].ratio, "joint"
    told = [item.ratio for item in items if item.seen != "not sought"]
    if not told:
        return (1.0, 1.0), "not sought"
    if all(low >= 1 for low, _ in told):
        return (min(low for low, _ in told), min(high for _, high in told)), "most cautious"
    if all(high <= 1 for _, high in told):
        return (max(low for low, _ in told), max(high for _, high in told)), "most cautious"
    return (min(low for low, _ in told), max(high for _, high in told)), "points both ways"


def _against(ratios: Mapping[str, Sequence[Range]], odds: Mapping[str, Range]) -> pd.DataFrame:
    rows = []
    for rival, told in ratios.items():
        row: dict[str, Any] = {"rival": rival}
        for end, name in enumerate(("low", "high")):
            row[f"prior_odds_{name}"] = odds[rival][end]
            row[f"ratio_{name}"] = _product([ratio[end] for ratio in told])
            row[f"posterior_{name}"] = _probability(row[f"prior_odds_{name}"] * row[f"ratio_{name}"])
        rows.append(row)
    return pd.DataFrame(rows)


def _product(factors: Sequence[float]) -> float:
    """A product in which evidence that rules something out (0) is not undone by evidence that proves it (infinity)."""
    if 0.0 in factors and math.inf in factors:
        raise AnalysisError(
            "one item rules the hypothesis out and another proves it",
            why="the probabilities given contradict each other",
            todo="replace probabilities of exactly 0 and 1 by ranges",
        )
    return math.prod(factors)


def _probability(odds: float) -> float:
    return 1.0 if math.isinf(odds) else odds / (1 + odds)


def _posterior(rivals: pd.DataFrame) -> Range:
    """P(H) when H and its rivals are all there is: 1 / (1 + the rivals' summed odds against H)."""
    bounds = []
    for name in ("low", "high"):
        against = 0.0
        for prior, ratio in zip(rivals[f"prior_odds_{name}"], rivals[f"ratio_{name}"], strict=True):
            favour = prior * ratio
            against += math.inf if favour == 0 else 1 / favour
        bounds.append(0.0 if math.isinf(against) else 1 / (1 + against))
    return bounds[0], bounds[1]


def _row(item: _Item, high: float, low: float) -> dict[str, Any]:
    row: dict[str, Any] = {name: getattr(item, name) for name in ("item", "package", "rival", "arrow", "seen")}
    for name in ("sensitivity", "type_i", "ratio"):
        row[f"{name}_low"], row[f"{name}_high"] = getattr(item, name)
    return {**row, "test": _test(item, high, low)}


def _test(item: _Item, high: float, low: float) -> str:
    certain = {bound >= high for bound in item.sensitivity}
    unique = {bound <= low for bound in item.type_i}
    if len(certain) > 1 or len(unique) > 1:
        return "unsettled"
    names = {(True, True): "doubly decisive", (True, False): "hoop", (False, True): "smoking gun", (False, False): "straw in the wind"}
    return names[certain.pop(), unique.pop()]


def _stories(read: Sequence[_Item], odds: Mapping[str, Range]) -> pd.DataFrame:
    rows = []
    for arrow in dict.fromkeys(item.arrow for item in read if item.arrow):
        own = [item for item in read if item.arrow == arrow]
        ratios, _ = _counted(own)
        rivals = _against(ratios, odds).sort_values("posterior_low")
        strongest = rivals.iloc[0]
        states = {item.item: item.seen for item in own}
        rows.append(
            {
                "arrow": arrow,
                **{state.replace(" ", "_"): ", ".join(name for name, seen in states.items() if seen == state) for state in SEEN},
                "strongest_rival": strongest["rival"],
                "posterior_low": strongest["posterior_low"],
                "posterior_high": strongest["posterior_high"],
            }
        )
    return pd.DataFrame(rows, columns=["arrow", "seen", "not_seen", "not_sought", "strongest_rival", "posterior_low", "posterior_high"])


def _shown() -> tuple[Column, ...]:
    return (
        *(Column(name, Phrase(f"mechanisms.{name}")) for name in ("item", "rival")),
        *(Column(name, Phrase(f"mechanisms.{name}"), words="mechanism_words") for name in ("seen", "test")),
        *(Column(name, Phrase(f"mechanisms.{name}"), format="number", decimals=2) for name in ("ratio_low", "ratio_high")),
    )
