"""`published_comparison`: every published value beside ours, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from vvvresearch.evidence import Published
from vvvresearch.locales import Lang, Phrase, Sayable, Written, format_number, format_percent
from vvvresearch.published._arithmetic import evaluate
from vvvresearch.published._finding import decimals_of, is_there, listed, named, rounded, together
from vvvresearch.results import Base, Column, Labels, Measure, Picture, Result, Total
from vvvresearch.statistics.rounding import possible_counts

OUTCOMES = ("reproduced", "differs", "impossible", "no_base", "alone", "retelling", "derived", "not_printed")
_COLUMNS = (
    *("figure", "key", "printed_as", "group", "wave", "count", "percent", "base", "base_basis"),
    *("our_count", "our_base", "our_percent", "outcome", "how"),
)


@dataclass(frozen=True)
class Counted(Column):
    """A count, a percentage and a base as far as they are known: "22 52 % (n = 42)".

    Args:
        count, percent, n: columns of the frame.
    """

    count: str = "count"
    percent: str = "percent"
    n: str = "base"

    def write_row(self, row: Mapping[Any, Any], lang: Lang, small_n: int, labels: Mapping[str, Labels]) -> str:
        """What is known in a row."""
        count, percent, n = row[self.count], row[self.percent], row[self.n]
        parts = [format_number(int(count), 0, lang)] if is_there(count) else []
        parts += [format_percent(percent, decimals_of(percent), lang)] if is_there(percent) else []
        parts += [f"(n = {int(n)})"] if is_there(n) else []
        return " ".join(parts)


def published_comparison(published: Published, recomputed: pd.DataFrame | None = None) -> Result:
    """Every published value, what we get, and whether it is the printed digit.

    A value is recomputed from the round's answers and registers where there are any; else from what is printed with it: its
    count on its base, the parts of a total, or the only counts its percentage allows. What cannot be recomputed says why.

    Args:
        published: what was printed.
        recomputed: figure, key, count, base, method of values computed from data, e.g. `Round.recomputed()`.

    Returns:
        Result, one row a value: figure ("" for a single number, whose id is the key), printed count, percent and base, our_count,
        our_base, our_percent, outcome (`OUTCOMES`), how (what ours rests on); the value's label and the reason are words. Part
        `summary`: values by outcome. Addresses `comparison.count.<outcome>`, `comparison.total.published` (printed values) and
        `comparison.total.checkable` (those that something can be recomputed from: reproduced, differs, impossible).

    Example:
        >>> import vvvresearch as vvv
        >>> r = vvv.open_round("2019-final")
        >>> published_comparison(r.published, r.recomputed()).cell("comparison.count.impossible").value
        13
    """
    ours = _index(recomputed)
    pairs = [*_value_rows(published, ours), *_fact_rows(published, ours)]
    frame = pd.DataFrame([row for row, _ in pairs], columns=list(_COLUMNS), dtype=object)
    for name in ("count", "base", "our_count", "our_base"):
        frame[name] = frame[name].astype("Int64")
    counts = {outcome: int((frame["outcome"] == outcome).sum()) for outcome in OUTCOMES}
    totals = {"published": len(frame) - counts["not_printed"] - counts["derived"]}
    totals["checkable"] = counts["reproduced"] + counts["differs"] + counts["impossible"]
    base = Base(totals["published"], "value")
    keys = list(zip(frame["figure"], frame["key"], strict=True))
    labels = {
        "label": Labels({key: label for key, (_, (label, _)) in zip(keys, pairs, strict=True)}, on=("figure", "key")),
        "why": Labels({key: why for key, (_, (_, why)) in zip(keys, pairs, strict=True)}, on=("figure", "key")),
    }
    labels["outcome"] = Labels({outcome: Phrase(f"comparison.{outcome}") for outcome in OUTCOMES})
    heads = {name: Phrase(f"comparison.column_{name}") for name in ("printed_as", "label", "printed", "ours", "outcome", "why")}
    present = [outcome for outcome in OUTCOMES if counts[outcome]]
    summary = Result(
        frame=pd.DataFrame({"outcome": present, "n": [counts[outcome] for outcome in present]}),
        base=base,
        title=Phrase("comparison.summary_title"),
        shows=(Column("outcome", heads["outcome"]), Column("n", Phrase("common.n"), "count")),
        kind=published.kind,
        labels={"outcome": labels["outcome"]},
        pictures={"bars": _bars(counts, present)},
    )
    return Result(
        frame=frame,
        base=base,
        title=Phrase("comparison.title"),
        notes=(Phrase("comparison.totals", counts | totals), Phrase("comparison.note")),
        shows=(
            Column("printed_as", heads["printed_as"]),
            Column("label", heads["label"]),
            Counted("printed", heads["printed"]),
            Counted("ours", heads["ours"], count="our_count", percent="our_percent", n="our_base"),
            Column("outcome", heads["outcome"]),
            Column("why", heads["why"]),
        ),
        kind=published.kind,
        at="comparison",
        keys=("figure", "key"),
        measures=(Measure("our_count", of="our_base", only_known=True),),
        categories={"outcome": OUTCOMES},
        labels=labels,
        totals={name: Total(number) for name, number in totals.items()},
        parts={"summary": summary},
    )


def _bars(counts: dict[str, int], present: list[str]) -> Picture:
    rows = pd.DataFrame(
        {
            "label": [Phrase(f"comparison.{outcome}") for outcome in present],
            "count": [counts[outcome] for outcome in present],
            "n": sum(counts.values()),
        }
    )
    return Picture("bars", rows)


_Words = tuple[str | Sayable, str | Sayable]
_Found = tuple[dict[Any, Any], str | Sayable]


def _index(recomputed: pd.DataFrame | None) -> dict[tuple[str, str], dict[Any, Any]]:
    if recomputed is None:
        return {}
    return {(row["figure"], row["key"]): row for row in recomputed.to_dict("records")}


def _value_rows(published: Published, ours: dict[tuple[str, str], dict[Any, Any]]) -> Iterator[tuple[dict[Any, Any], _Words]]:
    figures = {row["figure"]: row for row in published.figures.to_dict("records")}
    for value in published.values.to_dict("records"):
        figure = figures[value["figure"]]
        row = _row(
            figure=value["figure"],
            key=value["key"],
            printed_as=figure["printed_as"],
            group=figure["group"],
            wave=figure["wave"],
            count=value["count"],
            percent=value["percent"],
            base=figure["base"],
            base_basis=figure["base_basis"],
        )
        found, why = _value_outcome(published, figure, value, ours.get((value["figure"], value["key"])))
        yield row | found, (together((named(figure), named(value)), ": "), why)


def _row(**given: Any) -> dict[Any, Any]:
    return dict.fromkeys(_COLUMNS) | {"our_count": pd.NA, "our_base": pd.NA, "how": ""} | given


def _outcome(outcome: str, how: str, why: str, values: dict[Any, Any] | None = None, **ours: Any) -> _Found:
    return {"outcome": outcome, "how": how, **ours}, Phrase(f"comparison.why_{why}", values or {}) if why else ""


def _value_outcome(published: Published, figure: dict[Any, Any], value: dict[Any, Any], mine: dict[Any, Any] | None) -> _Found:
    if value["missing"]:
        return _outcome("not_printed", "", value["missing"])
    if figure["role"] == "retelling":
        return _retelling(published, value)
    if mine is not None:
        return _from_data(figure, value, mine)
    base, percent = figure["base"], value["percent"]
    if is_there(value["count"]) and is_there(percent) and is_there(base):
        ours = rounded(int(value["count"]), int(base), decimals_of(percent))
        kind = "reproduced" if ours == percent else "differs"
        return _outcome(kind, "printed_count", "", our_count=value["count"], our_base=base, our_percent=ours)
    if is_there(percent) and is_there(base):
        counts = possible_counts(percent, int(base), decimals_of(percent))
        if not counts:
            return _outcome("impossible", "printed_base", "impossible", {"base": int(base)})
        only = counts[0] if len(counts) == 1 else pd.NA
        ours = rounded(counts[0], int(base), decimals_of(percent))
        why = "only_count" if len(counts) == 1 else "several_counts"
        values = {"count": counts[0], "last": counts[-1]}
        return _outcome("reproduced", "printed_base", why, values, our_count=only, our_base=base, our_percent=ours)
    if is_there(percent) and is_there(value["count"]) and figure["role"] == "response":
        count, digits = int(value["count"]), decimals_of(percent)
        invited = [n for n in range(count, 100 * count + 1) if rounded(count, n, digits) == percent]
        return _outcome("no_base", "", "invited", {"ns": listed(invited)})
    return _outcome("no_base" if is_there(percent) else "alone", "", "no_base" if is_there(percent) else "alone")


def _from_data(figure: dict[Any, Any], value: dict[Any, Any], mine: dict[Any, Any]) -> _Found:
    count, base = int(mine["count"]), mine["base"]
    percent = value["percent"]
    ours = rounded(count, int(base), decimals_of(percent) if is_there(percent) else 0) if is_there(base) and int(base) else None
    fits = (not is_there(value["count"]) or int(value["count"]) == count) and (not is_there(percent) or ours == percent)
    outcome = "reproduced" if fits else "differs"
    why, values = ("", {}) if fits else ("differs", {"count": count})
    # A base that only follows from our reading is shown beside the printed one, never instead of it.
    if fits and is_there(base) and is_there(figure["base"]) and int(base) != int(figure["base"]):
        why, values = "other_base", {"ours": int(base), "printed": int(figure["base"])}
    shown = ours if is_there(percent) or is_there(figure["base"]) else None
    return _outcome(outcome, mine["method"], why, values, our_count=count, our_base=base, our_percent=shown)


def _retelling(published: Published, value: dict[Any, Any]) -> _Found:
    roles = dict(zip(published.figures["figure"], published.figures["role"], strict=True))
    originals = [
        row["percent"]
        for row in published.values[published.values["item"] == value["item"]].to_dict("records")
        if value["item"] and roles[row["figure"]] == "primary" and is_there(row["percent"])
    ]
    if not originals:
        return _outcome("retelling", "", "retelling_elsewhere")
    if value["percent"] in originals:
        return _outcome("retelling", "", "retelling_agrees")
    return _outcome(
        "retelling",
        "",
        "retelling_differs",
        {"values": together((Written(number, "percent", decimals_of(number)) for number in originals), ", ")},
    )


def _fact_rows(published: Published, ours: dict[tuple[str, str], dict[Any, Any]]) -> Iterator[tuple[dict[Any, Any], _Words]]:
    facts = {row["fact"]: row for row in published.facts.to_dict("records")}
    for fact in facts.values():
        row = _row(
            figure="",
            key=fact["fact"],
            printed_as="",
            group="",
            wave=fact["as_of"],
            count=pd.NA if fact["unit"] == "percent" else fact["value"],
            percent=int(fact["value"]) if fact["unit"] == "percent" and is_there(fact["value"]) else None,
            base=pd.NA,
            base_basis="",
        )
        found, why = _fact_outcome(fact, facts, ours.get(("", fact["fact"])))
        yield row | found, (named(fact), why)


def _fact_outcome(fact: dict[Any, Any], facts: dict[Any, Any], mine: dict[Any, Any] | None) -> _Found:
    if not is_there(fact["value"]):
        return _outcome("not_printed", "", "image" if fact["note"] == "image" else "not_stated")
    printed = int(fact["value"])
    value, how = (int(mine["count"]), mine["method"]) if mine is not None else (None, "")
    if value is None and fact["formula"]:
        value, how = evaluate(fact["formula"], facts)[0], "printed_parts"
    if fact["derived"]:
        return _outcome("derived", how, "derived", our_count=value if value is not None else pd.NA)
    if value is None:
        return _outcome("alone", "", "alone")
    if value == printed:
        return _outcome("reproduced", how, "", our_count=value)
    return _outcome("differs", how, "differs", {"count": value}, our_count=value)
