"""Checks of bases: routes, item bases within a wave, response rates, frames, scales, comparisons."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

from vvvresearch.evidence import Published, Words
from vvvresearch.locales import Joined, Phrase
from vvvresearch.published._arithmetic import answer_counts
from vvvresearch.published._finding import (
    TEXT,
    Finding,
    about,
    decimals_of,
    grouped_mentions,
    is_there,
    listed,
    mentions_of,
    named,
    percents,
    places,
    rounded,
    say,
    together,
    worded,
)
from vvvresearch.statistics.rounding import possible_counts


def routes(published: Published) -> Iterator[Finding]:
    """Questions whose base is not the number of those the printed route lets in."""
    for figure in published.figures.to_dict("records"):
        if not figure["filter"] or not is_there(figure["base"]):
            continue
        source, _, keys = figure["filter"].partition(":")
        counts = answer_counts(published, source)
        chosen = keys.split("|")
        if any(counts.get(key) is None for key in chosen):
            continue
        let_in, base = sum(counts[key] or 0 for key in chosen), int(figure["base"])
        if let_in == base:
            continue
        labels = {row["key"]: named(row) for row in published.values_of(source).to_dict("records")}
        others = [key for key, count in counts.items() if count and key not in chosen]
        fits = [
            together([labels[key] for key in (*chosen, *extra)], " + ")
            for size in range(1, len(others) + 1)
            for extra in combinations(others, size)
            if let_in + sum(counts[key] or 0 for key in extra) == base
        ]
        yield Finding(
            "route",
            (figure["figure"], source),
            figure["document"],
            figure["lines"],
            say("route_base", label=named(figure), base=base),
            say("route_gives", answers=together([labels[key] for key in chosen], ", "), n=let_in),
            tuple(say("route_fits", answers=fit, base=base) for fit in fits) or (say("route_other"),),
        )


def wave_bases(published: Published) -> Iterator[Finding]:
    """Questions that everybody in a wave was asked, with different bases and no word about why."""
    bases: dict[tuple[str, str], dict[int, list[str]]] = {}
    lines: dict[tuple[str, str], list[dict[Any, Any]]] = {}
    for figure in published.figures[~published.figures["role"].isin(("text", "retelling"))].to_dict("records"):
        if figure["filter"] or not figure["wave"] or figure["type"] in ("trend", "register"):
            continue
        key = (figure["document"], figure["wave"])
        if figure["role"] == "response":
            answered = [row["count"] for row in published.values_of(figure["figure"]).to_dict("records") if is_there(row["count"])]
        else:
            answered = [figure["base"]] if is_there(figure["base"]) else []
        for base in answered:
            bases.setdefault(key, {}).setdefault(int(base), []).append(figure["figure"])
            lines.setdefault(key, []).append(figure)
    for row in mentions_of(published, "wave_n"):
        key = (row["document"], row["wave"])
        if key in bases:
            bases[key].setdefault(int(row["value"]), []).append(row["mention"])
            lines[key].append(row)
    for (document, wave), found in bases.items():
        if len(found) < 2:
            continue
        subjects = tuple(name for names in found.values() for name in names)
        most = max(found)
        hypotheses = [say("item_nonresponse", n=most - min(found))]
        impossible = [
            row
            for name in subjects
            for row in published.values_of(name).to_dict("records")
            if is_there(row["percent"])
            and not possible_counts(row["percent"], most, decimals_of(row["percent"]))
            and published.figure(name)["role"] == "primary"
        ]
        if impossible:
            hypotheses.append(say("impossible_on_wave", values=percents(impossible[:6]), base=most))
        yield Finding(
            "base",
            subjects,
            document,
            "; ".join(dict.fromkeys(row["lines"] for row in lines[document, wave])),
            say("wave_bases", wave=wave, bases=listed(sorted(found, reverse=True))),
            say("wave_bases_why"),
            tuple(hypotheses),
        )


def response_rates(published: Published) -> Iterator[Finding]:
    """Response rates of several waves that imply different numbers of invited, none of them printed."""
    implied: list[tuple[dict[Any, Any], list[int]]] = []
    for figure in published.figures[(published.figures["role"] == "response") & published.figures["base"].isna()].to_dict("records"):
        for row in published.values_of(figure["figure"]).to_dict("records"):
            if is_there(row["count"]) and is_there(row["percent"]):
                count, places_printed = int(row["count"]), decimals_of(row["percent"])
                found = [n for n in range(count, 100 * count + 1) if rounded(count, n, places_printed) == row["percent"]]
                implied.append((figure, found))
    if len(implied) > 1 and not set.intersection(*(set(found) for _, found in implied)):
        document, lines = places([figure for figure, _ in implied])
        shown = "; ".join(f"{figure['wave']}: {listed(found, 4)}" for figure, found in implied)
        yield Finding(
            "response",
            tuple(figure["figure"] for figure, _ in implied),
            document,
            lines,
            say("response_printed"),
            say("response_implied", shown=shown),
            (say("invited_changed"), say("rate_rounded")),
        )


def frames(published: Published) -> Iterator[Finding]:
    """Surveys sent to fewer than the text says the programme works with."""
    for row in mentions_of(published, "frame"):
        figure = published.figure(row["about"])
        if is_there(figure["base"]) and int(figure["base"]) < int(row["value"]):
            yield Finding(
                "frame",
                (row["about"], row["mention"]),
                row["document"],
                f"{row['lines']}; {figure['lines']}",
                say("frame", invited=int(figure["base"]), population=int(row["value"]), definition=worded(row["definition"], row["note"])),
                say("frame_gap", n=int(row["value"]) - int(figure["base"])),
                (say("no_respondent_named"), say("other_definition")),
                TEXT,
            )


def scales(published: Published) -> Iterator[Finding]:
    """Questions on one scale, of which one shows fewer levels than the scale has."""
    for figure in published.figures.to_dict("records"):
        if is_there(figure["scale_levels"]) and is_there(figure["levels_shown"]) and figure["levels_shown"] < figure["scale_levels"]:
            yield Finding(
                "scale",
                (figure["figure"],),
                figure["document"],
                figure["lines"],
                say("levels_shown", label=named(figure), shown=int(figure["levels_shown"]), levels=int(figure["scale_levels"])),
                None,
                (say("level_unused"), say("level_not_offered")),
            )


def wholes(published: Published) -> Iterator[Finding]:
    """Percentages that a text gives of all asked, where the table's base is those who gave a certain answer."""
    figures = {row["figure"]: row for row in published.figures.to_dict("records")}
    for row in mentions_of(published, "of_asked"):
        values = about(published, row["about"])
        route = str(values[0]["figure_filter"]).partition(":")[0] if values and is_there(values[0]["figure_filter"]) else ""
        if route not in figures or not is_there(figures[route]["base"]) or not is_there(values[0]["count"]):
            continue
        value, percent, whole = values[0], int(row["value"]), int(figures[route]["base"])
        actual = rounded(int(value["count"]), whole)
        if actual == percent:
            continue
        subjects = (f"{value['figure']}:{value['key']}", row["mention"])
        possible = say("of_filtered", percent=percent, base=int(value["figure_base"]), of=whole, actual=actual)
        printed = say("of_asked", label=named(value), percent=percent)
        yield Finding("denominator", subjects, row["document"], row["lines"], printed, possible, (say("loose_base"),), TEXT)


def comparisons(published: Published) -> Iterator[Finding]:
    """Numbers that a text sets side by side although scale, question or group differ."""
    for row in mentions_of(published, "compares"):
        values = about(published, row["about"])
        if len(values) < 2:
            continue
        first, second = values[0], values[1]
        subjects = tuple(f"{value['figure']}:{value['key']}" for value in values)
        shape = [(value["figure_scale_levels"], value["figure_levels_summed"]) for value in (first, second)]
        if all(is_there(part) for pair in shape for part in pair) and shape[0] != shape[1]:
            words = [f"{summed}/{levels}" for levels, summed in shape]
            printed = say("compared", first=_shown(first), second=_shown(second))
            yield Finding(
                "scale", subjects, row["document"], row["lines"], printed, say("scales_differ", scales=" – ".join(words)), (), TEXT
            )
        if first["item"] and second["item"] and first["item"] != second["item"]:
            printed = say("compared", first=_shown(first), second=_shown(second))
            possible = say("questions_differ", first=named(first, "figure_"), second=named(second, "figure_"))
            yield Finding("comparability", subjects, row["document"], row["lines"], printed, possible, (), TEXT)


def _shown(value: dict[Any, Any]) -> Phrase:
    return say("percent_label", percent=str(value["percent"]), label=named(value), figure=value["figure"])


def trends(published: Published) -> Iterator[Finding]:
    """Changes over time whose earlier wave or base is not named."""
    for figure in published.figures[published.figures["type"] == "trend"].to_dict("records"):
        if figure["wave"] and is_there(figure["base"]):
            continue
        rows = [row for row in published.values_of(figure["figure"]).to_dict("records") if is_there(row["percent"])]
        values = together([say("percent_only", percent=str(row["percent"])) for row in rows], " → ")
        yield Finding(
            "trend",
            (figure["figure"],),
            figure["document"],
            figure["lines"],
            say("trend", label=named(figure), values=values),
            say("trend_unnamed"),
            (say("wording_may_differ"),),
        )


def units(published: Published) -> Iterator[Finding]:
    """One base or one number that is called by two units of analysis."""
    figures = published.figures[(published.figures["wave"] != "") & published.figures["base"].notna() & (published.figures["filter"] == "")]
    for _, rows in figures.groupby(["document", "wave", "group", "base"]):
        first = rows.to_dict("records")[0]
        if rows["unit"].nunique() > 1:
            yield Finding(
                "unit",
                tuple(rows["figure"]),
                first["document"],
                "; ".join(rows["lines"]),
                say("units_of_base", base=int(first["base"]), units=_units(sorted(set(rows["unit"]))), wave=first["wave"]),
                None,
                (say("one_answer_each"), say("loose_words")),
            )
    for subject, given in grouped_mentions(published, "unit"):
        names = list(dict.fromkeys(row["unit"] for row in given))
        if len(names) > 1:
            document, lines = places(given)
            yield Finding(
                "unit",
                (subject, *(row["mention"] for row in given)),
                document,
                lines,
                say("units_of_number", subject=_fact(published, subject), units=_units(names)),
                say("units_differ"),
                (say("loose_words"),),
                TEXT,
            )


def _units(names: list[str]) -> Joined:
    return together([say(f"unit_{name}") for name in names], ", ")


def _fact(published: Published, subject: str) -> Phrase | Words:
    """The fact that several places speak of, with its value."""
    rows = published.facts[published.facts["fact"] == subject].to_dict("records")
    if not rows:
        return worded(subject, subject)
    return say("fact_value", label=named(rows[0]), value=int(rows[0]["value"])) if is_there(rows[0]["value"]) else named(rows[0])


def measures(published: Published) -> Iterator[Finding]:
    """One number that is asked as a flow and reported, or set against a target, as a stock."""
    for subject, rows in grouped_mentions(published, "measure"):
        kinds = list(dict.fromkeys(row["definition"] for row in rows))
        if len(kinds) > 1:
            document, lines = places(rows)
            yield Finding(
                "measure",
                (subject, *(row["mention"] for row in rows)),
                document,
                lines,
                say("measures", subject=_fact(published, subject)),
                say("measures_differ"),
                (say("asked_otherwise"),),
                TEXT,
            )
