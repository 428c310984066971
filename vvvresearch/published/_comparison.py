"""`published_comparison`: every published value beside ours, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from vvvresearch.evidence import Published
from vvvresearch.locales import Lang, Phrase, check_lang, format_number, format_percent
from vvvresearch.published._arithmetic import evaluate
from vvvresearch.published._finding import decimals_of, is_there, listed, rounded
from vvvresearch.results import Base, Column, Result
from vvvresearch.statistics.rounding import possible_counts

OUTCOMES = ("reproduced", "differs", "impossible", "no_base", "alone", "retelling", "derived", "not_printed")
_COLUMNS = (
    "figure",
    "key",
    "printed_as",
    "label",
    "group",
    "wave",
    "count",
    "percent",
    "base",
    "base_basis",
    "our_count",
    "our_base",
    "our_percent",
    "outcome",
    "how",
    "why",
)


@dataclass(frozen=True, kw_only=True, repr=False)
class ComparisonTable(Result):
    """Published values beside ours; `totals` holds published (printed values), the number of each outcome, and checkable (those that
    something can be recomputed from: reproduced, differs, impossible)."""

    summary: dict[str, int] = field(default_factory=dict)


def published_comparison(published: Published, recomputed: pd.DataFrame | None = None, lang: str = "da") -> ComparisonTable:
    """Every published value, what we get, and whether it is the printed digit.

    A value is recomputed from the round's answers and registers where there are any; else from what is printed with it: its
    count on its base, the parts of a total, or the only counts its percentage allows. What cannot be recomputed says why.

    Args:
        published: what was printed.
        recomputed: figure, key, count, base, method of values computed from data, e.g. `Round.recomputed()`.
        lang: "da" or "en".

    Returns:
        ComparisonTable; frame one row a value: figure ("" for a single number, whose id is the key), printed count, percent and
        base, our_count, our_base, our_percent, outcome (`OUTCOMES`), how (what ours rests on), why (the reason in words).

    Example:
        >>> import vvvresearch as vvv
        >>> r = vvv.open_round("2019-final")
        >>> published_comparison(r.published, r.recomputed()).summary["impossible"]
        13
    """
    said = check_lang(lang)
    ours = _index(recomputed)
    rows = [*_value_rows(published, ours, said), *_fact_rows(published, ours, said)]
    frame = pd.DataFrame(rows, columns=list(_COLUMNS), dtype=object)
    for name in ("count", "base", "our_count", "our_base"):
        frame[name] = frame[name].astype("Int64")
    totals = {outcome: int((frame["outcome"] == outcome).sum()) for outcome in OUTCOMES}
    totals["published"] = len(frame) - totals["not_printed"] - totals["derived"]
    totals["checkable"] = totals["reproduced"] + totals["differs"] + totals["impossible"]
    frame["printed"] = [_printed(row, said) for row in frame.to_dict("records")]
    frame["ours"] = [_ours(row, said) for row in frame.to_dict("records")]
    frame["outcome_words"] = pd.Series([Phrase(f"comparison.{outcome}") for outcome in frame["outcome"]], dtype=object)
    return ComparisonTable(
        frame=frame,
        summary=totals,
        base=Base(totals["published"], "value"),
        title=Phrase("comparison.title"),
        notes=(Phrase("comparison.totals", dict(totals)), Phrase("comparison.note")),
        shows=tuple(
            Column(name, Phrase(f"comparison.column_{name}")) for name in ("printed_as", "label", "printed", "ours", "outcome_words", "why")
        ),
        kind=published.kind,
        lang=said,
    )


def _index(recomputed: pd.DataFrame | None) -> dict[tuple[str, str], dict[Any, Any]]:
    if recomputed is None:
        return {}
    return {(row["figure"], row["key"]): row for row in recomputed.to_dict("records")}


def _value_rows(published: Published, ours: dict[tuple[str, str], dict[Any, Any]], lang: Lang) -> Iterator[dict[Any, Any]]:
    figures = {row["figure"]: row for row in published.figures.to_dict("records")}
    for value in published.values.to_dict("records"):
        figure = figures[value["figure"]]
        row = _row(
            figure=value["figure"],
            key=value["key"],
            printed_as=figure["printed_as"],
            label=f"{figure['label_da']}: {value['label_da']}" if lang == "da" else f"{figure['label_en']}: {value['label_en']}",
            group=figure["group"],
            wave=figure["wave"],
            count=value["count"],
            percent=value["percent"],
            base=figure["base"],
            base_basis=figure["base_basis"],
        )
        yield row | _value_outcome(published, figure, value, ours.get((value["figure"], value["key"])), lang)


def _row(**given: Any) -> dict[Any, Any]:
    return dict.fromkeys(_COLUMNS) | {"our_count": pd.NA, "our_base": pd.NA, "how": "", "why": ""} | given


def _outcome(outcome: str, how: str, why: str, lang: Lang, values: dict[Any, Any] | None = None, **ours: Any) -> dict[Any, Any]:
    words = Phrase(f"comparison.why_{why}", values or {}).say(lang) if why else ""
    return {"outcome": outcome, "how": how, "why": words, **ours}


def _value_outcome(
    published: Published, figure: dict[Any, Any], value: dict[Any, Any], mine: dict[Any, Any] | None, lang: Lang
) -> dict[Any, Any]:
    if value["missing"]:
        return _outcome("not_printed", "", value["missing"], lang)
    if figure["role"] == "retelling":
        return _retelling(published, value, lang)
    if mine is not None:
        return _from_data(figure, value, mine, lang)
    base, percent = figure["base"], value["percent"]
    if is_there(value["count"]) and is_there(percent) and is_there(base):
        ours = rounded(int(value["count"]), int(base), decimals_of(percent))
        kind = "reproduced" if ours == percent else "differs"
        return _outcome(kind, "printed_count", "", lang, our_count=value["count"], our_base=base, our_percent=ours)
    if is_there(percent) and is_there(base):
        counts = possible_counts(percent, int(base), decimals_of(percent))
        if not counts:
            return _outcome("impossible", "printed_base", "impossible", lang, {"base": int(base)})
        only = counts[0] if len(counts) == 1 else pd.NA
        ours = rounded(counts[0], int(base), decimals_of(percent))
        why = "only_count" if len(counts) == 1 else "several_counts"
        values = {"count": counts[0], "last": counts[-1]}
        return _outcome("reproduced", "printed_base", why, lang, values, our_count=only, our_base=base, our_percent=ours)
    if is_there(percent) and is_there(value["count"]) and figure["role"] == "response":
        count, digits = int(value["count"]), decimals_of(percent)
        invited = [n for n in range(count, 100 * count + 1) if rounded(count, n, digits) == percent]
        return _outcome("no_base", "", "invited", lang, {"ns": listed(invited)})
    return _outcome("no_base" if is_there(percent) else "alone", "", "no_base" if is_there(percent) else "alone", lang)


def _from_data(figure: dict[Any, Any], value: dict[Any, Any], mine: dict[Any, Any], lang: Lang) -> dict[Any, Any]:
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
    return _outcome(outcome, mine["method"], why, lang, values, our_count=count, our_base=base, our_percent=shown)


def _retelling(published: Published, value: dict[Any, Any], lang: Lang) -> dict[Any, Any]:
    roles = dict(zip(published.figures["figure"], published.figures["role"], strict=True))
    originals = [
        row["percent"]
        for row in published.values[published.values["item"] == value["item"]].to_dict("records")
        if value["item"] and roles[row["figure"]] == "primary" and is_there(row["percent"])
    ]
    if not originals:
        return _outcome("retelling", "", "retelling_elsewhere", lang)
    if value["percent"] in originals:
        return _outcome("retelling", "", "retelling_agrees", lang)
    return _outcome(
        "retelling",
        "",
        "retelling_differs",
        lang,
        {"values": ", ".join(format_percent(number, decimals_of(number), lang) for number in originals)},
    )


def _fact_rows(published: Published, ours: dict[tuple[str, str], dict[Any, Any]], lang: Lang) -> Iterator[dict[Any, Any]]:
    facts = {row["fact"]: row for row in published.facts.to_dict("records")}
    for fact in facts.values():
        row = _row(
            figure="",
            key=fact["fact"],
            printed_as="",
            label=fact["label_da"] if lang == "da" else fact["label_en"],
            group="",
            wave=fact["as_of"],
            count=pd.NA if fact["unit"] == "percent" else fact["value"],
            percent=int(fact["value"]) if fact["unit"] == "percent" and is_there(fact["value"]) else None,
            base=pd.NA,
            base_basis="",
        )
        yield row | _fact_outcome(fact, facts, ours.get(("", fact["fact"])), lang)


def _fact_outcome(fact: dict[Any, Any], facts: dict[Any, Any], mine: dict[Any, Any] | None, lang: Lang) -> dict[Any, Any]:
    if not is_there(fact["value"]):
        return _outcome("not_printed", "", "image" if fact["note"] == "image" else "not_stated", lang)
    printed = int(fact["value"])
    value, how = (int(mine["count"]), mine["method"]) if mine is not None else (None, "")
    if value is None and fact["formula"]:
        value, how = evaluate(fact["formula"], facts)[0], "printed_parts"
    if fact["derived"]:
        return _outcome("derived", how, "derived", lang, our_count=value if value is not None else pd.NA)
    if value is None:
        return _outcome("alone", "", "alone", lang)
    if value == printed:
        return _outcome("reproduced", how, "", lang, our_count=value)
    return _outcome("differs", how, "differs", lang, {"count": value}, our_count=value)


def _printed(row: dict[Any, Any], lang: Lang) -> str:
    parts = []
    if is_there(row["count"]):
        parts.append(format_number(int(row["count"]), 0, lang))
    if is_there(row["percent"]):
        parts.append(format_percent(row["percent"], decimals_of(row["percent"]), lang))
    if is_there(row["base"]):
        parts.append(f"(n = {int(row['base'])})")
    return " ".join(parts)


def _ours(row: dict[Any, Any], lang: Lang) -> str:
    parts = []
    if is_there(row["our_count"]):
        parts.append(format_number(int(row["our_count"]), 0, lang))
    if is_there(row["our_percent"]):
        parts.append(format_percent(row["our_percent"], decimals_of(row["our_percent"]), lang))
    if is_there(row["our_base"]):
        parts.append(f"(n = {int(row['our_base'])})")
    return " ".join(parts)
