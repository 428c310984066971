"""The notes under a survey table: denominator, several answers, rounding, routing, what is missing."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import Any

import pandas as pd

from vvvresearch.evidence import Questionnaire, Survey, code_text
from vvvresearch.locales import Joined, Phrase, Sayable, half_up
from vvvresearch.survey.tabulation._answers import OTHER_MISSING
from vvvresearch.survey.tabulation._asked import short_percent
from vvvresearch.survey.tabulation._banner import Banner
from vvvresearch.survey.tabulation._rows import IntervalChoice, Part, top_words
from vvvresearch.survey.tabulation._table import percent_of


def item_notes(survey: Survey, part: Part) -> list[Phrase]:
    """What one item needs said, whatever table it stands in."""
    notes: list[Phrase] = []
    item, answers = part.item, part.answers
    if not answers.present and item.missing_reason is None:
        notes.append(Phrase("tabulation.not_in_wave"))
    if item.missing_reason is not None:
        notes.append(Phrase("tabulation.missing", {"reason": item.missing_reason}))
    if unknown := [option.label for option in answers.options if option.unknown]:
        notes.append(Phrase("tabulation.option_unknown", {"labels": Joined(tuple(unknown))}))
    notes += part.asked.notes
    if item.printed_route is not None:
        notes.append(Phrase("tabulation.printed_route", {"route": item.printed_route}))
    if answers.present and item.route and part.asked.computable and not part.asked.scope.any():
        notes.append(Phrase("tabulation.nobody_asked"))
    if other := int((answers.state == OTHER_MISSING).sum()):
        gone = survey.missing.get(item.id, {})
        found = {code_text(value) for value in pd.unique(survey.answers.loc[answers.state == OTHER_MISSING, item.id])}
        reasons = Joined(tuple(gone.get(code) or code for code in sorted(found)))
        notes.append(Phrase("tabulation.other_missing", {"n": other, "reasons": reasons}))
    return notes


def denominator_note(parts: list[Part]) -> list[Phrase]:
    """Which denominator the percentages have, and that several answers were possible."""
    notes = {_denominator_key(part): None for part in parts}
    several = any(part.answers.ticks is not None for part in parts)
    found = [Phrase(f"tabulation.{key}") for key in notes]
    return [*found, Phrase("tabulation.multiple")] if several else found


def _denominator_key(part: Part) -> str:
    if part.answers.ticks is not None and part.denominator == "answered":
        return "denominator_ticked" if part.answers.only_chosen else "denominator_battery"
    plain = all(option.role not in ("dont_know", "refused") for option in part.answers.options)
    return "denominator_answered_plain" if plain and part.denominator in ("answered", "valid") else f"denominator_{part.denominator}"


def rounding_note(rows: list[dict[str, Any]], parts: list[Part], decimals: int, small: int) -> list[Phrase]:
    """A note where rounded percentages of one answer a respondent are shown and do not add up to 100."""
    if any(part.answers.ticks is not None for part in parts):
        return []
    sums: dict[tuple[str, str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        if row["n"] >= small:
            sums[row["item"], row["by"], row["group"]].append(row)
    # Where a count is not known the rest cannot add up, and that is no matter of rounding.
    known = [group for group in sums.values() if not any(math.isnan(row.get("weighted", row["count"])) for row in group)]
    totals = [half_up(sum(_percent(row, decimals) for row in group), decimals) for group in known]
    off = [total for total in totals if total != 100]
    if not off:
        return []
    if len(totals) == 1:
        whole = off[0] == int(off[0])
        return [Phrase("tabulation.rounding", {"sum": int(off[0]) if whole else float(off[0])})]
    return [Phrase("tabulation.rounding_groups")]


def _percent(row: dict[str, Any], decimals: int) -> float:
    return percent_of(row["weighted"], 1, decimals) if "weighted" in row else percent_of(row["count"], row["n"], decimals)


def banner_notes(banners: tuple[Banner, ...], parts: list[Part]) -> list[Phrase]:
    """Respondents without a group, and groups without answers."""
    notes = []
    for place, banner in enumerate(banners):
        if not banner.by:
            continue
        if banner.by.casefold() == "wave":
            notes.append(Phrase("tabulation.wave_total"))
        if banner.missing:
            notes.append(Phrase("tabulation.without_group", {"n": banner.missing, "by": banner.by}))
        present = [part for part in parts if part.answers.present]
        empty = [banner.labels[group] for group in range(len(banner.codes)) if any(not part.counts[place].n[group] for part in present)]
        if empty:
            notes.append(Phrase("tabulation.empty_groups", {"groups": Joined(tuple(empty))}))
    return notes


def battery_notes(parts: list[Part], sorted_by: Sayable | None) -> list[Phrase]:
    """Rows with bases of their own, and what they are sorted by."""
    bases = [n for part in parts if part.answers.present and (n := part.n()) is not None]
    notes = []
    if bases and min(bases) != max(bases):
        notes.append(Phrase("tabulation.varying_base", {"low": min(bases), "high": max(bases)}))
    if sorted_by is not None:
        notes.append(Phrase("tabulation.sorted_by", {"label": sorted_by}))
    return notes


def top_notes(parts: list[Part], tops: list[dict[str, Any]], questionnaire: Questionnaire, decimals: int) -> list[Phrase]:
    """The definition of the top box, with its count for a table of one item."""
    # A weighted share is not that of the counts; its part shows it.
    if not tops or len(parts) != 1 or not tops[0]["n"] or "weighted" in tops[0]:
        return []
    total = tops[0]
    labels = Joined(top_words(parts[0], questionnaire), " + ")
    percent = short_percent(percent_of(total["count"], total["n"], decimals))
    return [Phrase("tabulation.top", {"labels": labels, "count": total["count"], "n": total["n"], "percent": percent})]


def weighted_notes(parts: list[Part]) -> list[Phrase]:
    """What the weighted numbers are, and whether the frame is taken as finite."""
    design = parts[0].design
    assert design is not None
    size = design.population
    return [
        Phrase("tabulation.weights"),
        Phrase("tabulation.weights_frame", {"population": size}) if size else Phrase("tabulation.weights_no_frame"),
    ]


def interval_notes(choice: IntervalChoice | None, routed: bool) -> tuple[list[Phrase], list[Phrase]]:
    """Notes and assumptions of the intervals."""
    if choice is None:
        return [], []
    values = {"method": choice.method, "level": int(half_up(100 * choice.level))}
    if choice.population is None:
        notes = [Phrase("tabulation.intervals", values)]
        return ([*notes, Phrase("tabulation.interval_routed")] if routed else notes), [Phrase("tabulation.interval_assumption")]
    worst = Phrase("tabulation.worst_case", {"population": choice.population})
    notes = [worst, Phrase("tabulation.interval_population", {**values, "population": choice.population})]
    return notes, [Phrase("tabulation.interval_assumption")]
