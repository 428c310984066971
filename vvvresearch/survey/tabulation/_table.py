"""A survey table as a result: what its numbers are called, how it is shown, its picture, and the notes under it."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pandas as pd

from vvvresearch.evidence import Questionnaire, Survey, code_text
from vvvresearch.locales import Joined, Phrase, Sayable, half_up
from vvvresearch.results import Base, Column, Interval, Labels, Measure, Picture, Result, Share
from vvvresearch.survey.tabulation._answers import OTHER_MISSING
from vvvresearch.survey.tabulation._asked import short_percent
from vvvresearch.survey.tabulation._counting import Banner
from vvvresearch.survey.tabulation._rows import IntervalChoice, Part, top_words

if TYPE_CHECKING:
    from vvvresearch.survey.tabulation._rows import Part

SMALL_N = 10
_FEW = 3  # options of a battery whose counts stand beside the percentages
RESERVED = (
    "item", "code", "role", "count", "n", "weighted", "share", "worst_lower", "worst_upper", "lower", "upper", "se", "weighted_total",
    "se_total",
)  # fmt: skip


@dataclass(frozen=True)
class Form:
    """What a table is: `key` the column that holds its groups, "" without a banner; `battery` whether it has a line an item."""

    key: str = ""
    battery: bool = False
    decimals: int = 0
    heading: str | Sayable = ""


def key_of(variable: str) -> str:
    """The column that holds the groups of a variable: named as it, unless a column of every table is."""
    return f"{variable}_" if variable in RESERVED else variable


def labels_of_parts(parts: list[Part], key: str, groups: Mapping[str, str | Sayable]) -> dict[str, Labels]:
    """The words of items, answers and groups."""
    answers: dict[Any, str | Sayable] = {}
    for part in parts:
        answers |= {(part.item.id, option.code): option.label for option in part.answers.options}
        answers.setdefault((part.item.id, "no_answer"), Phrase("tabulation.no_answer"))
    labels = {"item": Labels({part.item.id: part.item.text for part in parts}), "code": Labels(answers, on=("item", "code"))}
    return labels | {key: Labels(groups)} if key else labels


def measures_of(frame: pd.DataFrame, decimals: int) -> tuple[Measure, ...]:
    """Count, n and share; limits where they were asked for. A count's base may be known where it makes no share, so it has no column."""
    known = "weighted" if "weighted" in frame.columns else ""
    limits = tuple(
        Measure(name, "share", 1, label=Phrase(f"tabulation.{name}"))
        for name in ("worst_lower", "worst_upper", "lower", "upper")
        if name in frame.columns
    )
    if known:
        errors = (Measure("se", "points", 2), Measure("weighted_total", "number", 1, of=""), Measure("se_total", "number", 1, of=""))
        limits = (*limits, *(replace(one, label=Phrase(f"tabulation.{one.name}")) for one in errors))
    return (
        Measure("count", of="", label=Phrase("tabulation.count")),
        Measure("n", of="", label=Phrase("tabulation.base")),
        Measure("share", "share", decimals, count="count", known=known, label=Phrase("common.percent")),
        *limits,
    )


def shows_of(frame: pd.DataFrame, form: Form) -> tuple[tuple[Column, ...], str]:
    """The columns of a table with answers, and the key whose values stand side by side.

    A battery has its answers side by side with the base once at the end; a banner its groups with their bases in the headings.
    With intervals every share has a line of its own.
    """
    item, code = Column("item", Phrase("tabulation.statement")), Column("code", Phrase("tabulation.answer"))
    group = [Column(form.key, form.heading)] if form.key else []
    lead = [*group, *([item] if form.battery else []), code]
    limits = limit_columns(frame)
    if limits:
        return (*lead, Column("count", Phrase("common.n"), "count"), *_shares(frame, form), *limits), ""
    if form.key:
        return (*lead, *_shares(frame, form, "" if form.battery else "tabulation.group_n")[:1]), form.key
    if not form.battery:
        return (*lead, Column("count", Phrase("common.n"), "count"), *_shares(frame, form)), ""
    counts = [Column("count", Phrase("common.n"), "count", across="tabulation.option_count")] if frame["code"].nunique() <= _FEW else []
    return (*lead, *counts, *_shares(frame, form, "tabulation.option_percent")[:1], Column("n", "n", "count", once=True)), "code"


def _shares(frame: pd.DataFrame, form: Form, across: str = "") -> list[Column]:
    if frame["n"].isna().all():
        return []
    if "weighted" not in frame.columns:
        return [Share("share", Phrase("common.percent"), decimals=form.decimals, across=across)]
    return [
        Share("weighted", Phrase("tabulation.weighted_percent"), decimals=form.decimals, across=across, known="weighted"),
        Share("share", Phrase("tabulation.unweighted_percent"), decimals=form.decimals),
    ]


def limit_columns(frame: pd.DataFrame) -> list[Column]:
    """Worst case first, then the interval, in per cent."""
    found: list[Column] = []
    if "worst_lower" in frame.columns:
        found.append(Interval("worst", Phrase("tabulation.worst"), decimals=1, lower="worst_lower", upper="worst_upper", scale=100))
    if "lower" in frame.columns:
        found.append(Interval("interval", Phrase("tabulation.interval"), decimals=1, scale=100))
    if "weighted_total" in frame.columns:
        found.append(Column("weighted_total", Phrase("tabulation.weighted_total"), "number", 1))
        found.append(Column("se_total", Phrase("tabulation.se_total"), "number", 1))
    return found


def top_result(frame: pd.DataFrame, form: Form, at: str, shared: dict[str, Any], labels: Mapping[str, Labels], words: Sayable) -> Result:
    """The top box of a table's items: a part of it, with addresses of its own."""
    item = Column("item", Phrase("tabulation.statement"))
    group = [Column(form.key, form.heading)] if form.key else []
    limits = limit_columns(frame)
    across = form.key if form.key and not limits else ""
    columns: tuple[Column, ...] = (item, *group, *_shares(frame, form, "")[:1], *limits)
    if not across:
        columns = (item, *group, Column("count", Phrase("common.n"), "count"), Column("n", "n", "count"), *columns[1 + len(group) :])
    about = {"title": Phrase("tabulation.top_box", {"labels": words}), "labels": {name: labels[name] for name in labels if name != "code"}}
    return Result(
        **shared | about,
        frame=frame,
        shows=columns,
        beside=across,
        at=at,
        keys=("item", form.key) if form.key else ("item",),
        measures=measures_of(frame, form.decimals),
    )


def picture_of(
    frame: pd.DataFrame, labels: Mapping[str, Labels], form: Form, parts: list[Part], notes: tuple[str | Sayable, ...]
) -> dict[str, Picture]:
    """The picture that fits: a scale as diverging bars, one question as bars; none where there is nothing to see.

    An answer that was not published has no bar; a scale with a gap in it would mislead as a scale.
    """
    known = frame["count"].notna()
    if known.sum() < 2 or not frame["count"].sum():
        return {}
    kind = parts[0].item.type
    scaled = known.all() and (form.battery or kind == "likert")
    if (form.battery or form.key) and not (scaled and not (form.battery and form.key)):
        return {}
    shown = {str(name): column[known.to_numpy()] for name, column in frame.items()}
    named = {"item": "text", "code": "label"} | ({form.key: "group_label"} if form.key else {})
    drawn = {}
    for name, word in named.items():
        on = [shown[column].tolist() for column in labels[name].on or (name,)]
        keys = zip(*on, strict=True) if labels[name].on else on[0]
        drawn[word] = pd.Series([labels[name].words[key] for key in keys], dtype=object)
    numbers = {name: shown[name].to_numpy() for name in ("role", "count", "n")}
    if "weighted" in shown:
        numbers |= {"weighted": shown["weighted"].to_numpy(), "percent": 100 * shown["weighted"].to_numpy()}
    table = pd.DataFrame(drawn | numbers)
    if scaled:
        return {"likert": Picture("likert", table, notes=notes)}
    return {"bars": Picture("bars", table, options={"single": parts[0].answers.ticks is None}, notes=notes)}


def bases_of(
    parts: list[Part], form: Form, bases: Mapping[str, Base], places: Mapping[str, tuple[int, int]]
) -> dict[tuple[Any, ...], Base]:
    """The base of every row: of an item, and of each of its groups, of which only n is known.

    Args:
        parts: the items, counted.
        form: the table.
        bases: item → the base of its whole.
        places: group → banner and place in it.
    """
    if not form.key:
        return {(name,): base for name, base in bases.items()}
    found: dict[tuple[Any, ...], Base] = {}
    for part in parts:
        whole = bases[part.item.id]
        for group, (banner, place) in places.items():
            n = None if part.partial else int(part.counts[banner].n[place])
            own = Base(n, whole.unit, group=whole.group, wave=whole.wave, source=whole.source, question=whole.question)
            found[part.item.id, group] = own if part.banners[banner].by else whole
    return found


def percent_of(count: float, base: float, decimals: int) -> float:
    """A percentage, half up: exact for counts; weighted sums are first freed of the noise of adding floats.

    Example:
        >>> percent_of(1, 8, 0), percent_of(5, 8, 1)
        (13.0, 62.5)
    """
    if not base:
        return float("nan")
    if float(count).is_integer() and float(base).is_integer():
        return float(half_up(Fraction(int(count), int(base)) * 100, decimals))
    return float(half_up(float(f"{100 * count / base:.10g}"), decimals))


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
