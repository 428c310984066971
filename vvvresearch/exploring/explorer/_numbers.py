"""Every other number of a round: its tables by the call that makes them, and what stands behind a number at its address."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from vvvresearch.errors import VvvError
from vvvresearch.exploring._find import evidence_of
from vvvresearch.exploring.explorer._page import filter_call, fitting, literal, name_for_page
from vvvresearch.locales import has_words, in_danish, say, text
from vvvresearch.results import Result, is_missing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vvvresearch.exploring._narrow import Narrowing
    from vvvresearch.locales import Lang
    from vvvresearch.results import Evidence

_ROOM, _ROWS, _COLUMNS = 42_000, 100, 40
_LONGEST, _SENTENCE = 2_000, 600
_PASSAGE = ("before", "text", "after")


@dataclass(frozen=True)
class Call:
    """A table of the round by the call that makes it.

    Args:
        group: among which tables it stands: "interviews", "surveys", "mechanisms", "maps", "monitoring" or "earlier".
        name: the analysis.
        arguments: what it is given.
    """

    group: str
    name: str
    arguments: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """What the page calls it."""
        return "/".join((self.name, *self.arguments))

    def code(self, narrowing: Narrowing) -> str:
        """The call as Python."""
        return f"r{filter_call(narrowing)}.{self.name}({', '.join(map(literal, self.arguments))})"


# What needs which source of the round; where it has none the table is not offered.
_PLAIN = (
    (
        "interviews",
        "codings",
        (
            "theme_table",
            "pair_table",
            "pair_gaps",
            "theme_changes",
            "pair_activities",
            "saturation",
            "cooccurrence",
            "double_coding",
            "disagreements",
        ),
    ),
    ("interviews", "interviews", ("sample", "quota", "interview_table")),
    ("interviews", "claims", ("triangulate",)),
    ("mechanisms", "theory", ("theory_of_change",)),
    ("mechanisms", "configurations", ("configurations",)),
    ("mechanisms", "judgements", ("conditions",)),
    ("mechanisms", "attributes", ("perspectives",)),
    ("mechanisms", "ledger", ("evidence_ledger",)),
    ("maps", "mappings", ("causal_map", "map_robustness", "changes")),
    ("maps", "contacts", ("contacts",)),
    ("monitoring", "goals", ("goal_status",)),
    ("monitoring", "monitoring", ("presence", "transitions")),
    ("monitoring", "counts", ("volume",)),
    ("monitoring", "matches", ("match_volume", "ended_by_reason", "duration", "endings", "broken_off", "referrals", "funnel", "waiting")),
    ("monitoring", "courses", ("course_table",)),
    *(
        ("monitoring", name, (name,))
        for name in ("volunteers", "activities", "agreements", "snapshots", "materials", "campaigns", "housing_areas")
    ),
    ("monitoring", "published", ("published_values", "published_facts", "published_comparison", "consistency")),
)


def calls_of(opened: Any) -> dict[str, Call]:
    """The tables that a round can make of what it has, by their ids."""
    found = [
        Call(group, name)
        for group, source, names in _PLAIN
        for name in names
        if (opened.has(source) or (source == "goals" and opened.spec.goals)) and hasattr(opened, name)
    ]
    if opened.has("judgements"):
        ways = ("truth_table", "necessity", "minimize", "robustness", "moderators")
        found += [Call("mechanisms", name, (str(outcome),)) for outcome in opened.outcomes for name in ways]
    if opened.has("mappings"):
        found += [Call("maps", "portrait", (str(pair),)) for pair in opened.portrayed]
    for name in opened.surveys.own:
        survey = opened.surveys[name]
        found += [Call("surveys", "response", (name,)), Call("surveys", "base_table", (name,))]
        found += [Call("surveys", "tabulate", (name, item.id)) for item in (survey.questionnaire.items if survey.questionnaire else ())]
    if opened.surveys.own:
        found += [Call("surveys", "crosses")]
    if opened.spec.previous is not None:
        found += [Call("earlier", name) for name in ("theme_trend", "goal_trend", "follow_up")]
    return {call.id: call for call in found}


def listed(calls: Mapping[str, Call]) -> list[dict[str, str]]:
    """The tables as the page lists them."""
    return [{"id": call.id, "group": call.group, "words": " ".join((call.name, *call.arguments))} for call in calls.values()]


def made(opened: Any, call: Call) -> Result:
    """The table of a call, in the round's language."""
    found: Result = getattr(opened, call.name)(*call.arguments)
    return found


def table(result: Result, call: str, name: str, asked: Mapping[str, Any], lang: Lang) -> dict[str, Any]:
    """A result as lines of numbers, each with its address; what is absent is a sentence.

    Args:
        result: the table.
        call: the call that made it.
        name: what it is called on a page.
        asked: `first`, from which line on.
        lang: language of the words.
    """
    if result.absent:
        return {"told": say(result.absent, lang), "lines": [], "amount": 0, "first": 0, "code": call, "page": "", "words": result.caption}
    lines = list(_lines(result, lang))
    first = max(0, int(asked.get("first") or 0))
    return {
        "words": result.caption,
        "note": result.footer,
        "amount": len(lines),
        "first": first,
        "lines": fitting(lines[first : first + _ROWS], _ROOM),
        "code": call,
        "page": f"page.add({literal(name_for_page(name))}, {call})",
    }


def _lines(result: Result, lang: Lang) -> Iterator[dict[str, Any]]:
    """A line for each row that has numbers, and one for what is told of the whole."""
    found: dict[str, dict[str, Any]] = {}
    telling = _telling(result)
    for cell in result.cells:
        stem, _, measure = cell.address.rpartition(".")
        line = found.setdefault(stem, {"words": _row_words(telling, cell.row, stem, lang), "numbers": []})
        line["numbers"].append(
            {"address": cell.address, "words": _measure_words(result, measure, lang), "shown": cell.say(lang), "n": cell.n}
        )
    yield from found.values()


def _telling(result: Result) -> list[tuple[Result, list[str]]]:
    """The tables inside a result, each with the keys that tell its rows apart."""
    tables = [one for one in (result, *result.parts.values()) if one.keys and not one.absent]
    return [(one, [key for key in one.keys if one.frame[key].nunique() > 1] or list(one.keys)) for one in tables]


def _row_words(tables: list[tuple[Result, list[str]]], row: Mapping[Any, Any], stem: str, lang: Lang) -> str:
    part, keys = next(((one, keys) for one, keys in tables if row and all(key in row for key in one.keys)), (None, []))
    if part is None:
        return stem
    said = [part.labels[key].say(row[key], row, lang) if key in part.labels else str(row[key]) for key in keys]
    return " · ".join(one[:200] for one in said if one) or stem


def _measure_words(result: Result, measure: str, lang: Lang) -> str:
    for one in (result, *result.parts.values()):
        for known in one.measures:
            if known.name == measure and known.label:
                return say(known.label, lang)
    return text(f"exploring.column_{measure}", lang) if has_words(f"exploring.column_{measure}") else measure.replace("_", " ")


def behind(found: Evidence, call: str, asked: Mapping[str, Any], lang: Lang) -> dict[str, Any]:
    """What stands behind a number, a state of its cell at a time: passages as cards, everything else as rows.

    Args:
        found: the evidence.
        call: the call that opens it.
        asked: `state` (a name of the whole cell, "" for the number itself) and `first`.
        lang: language of the words.
    """
    if found.absent:
        return {"told": say(found.absent, lang), "rows": [], "columns": [], "amount": 0, "first": 0, "call": call, "whole": {}}
    state = str(asked.get("state") or "")
    part: Result = found.parts.get(state, found)
    frame = part.frame
    first = max(0, int(asked.get("first") or 0))
    passages = "quotable" in frame.columns and "text" in frame.columns
    columns = [str(name) for name in frame.columns if not passages or name not in (*_PASSAGE, "start", "end")][:_COLUMNS]
    names = columns + [name for name in _PASSAGE if passages]
    records = frame.iloc[first : first + _ROWS][names].to_dict("records")
    rows = ([_plain(row[name]) for name in names] for row in records)
    number = found.number
    return {
        "address": found.address,
        "words": found.caption,
        "shown": number.say(lang) if number is not None else "",
        "base": found.base.say(lang),
        "note": found.note,
        "state": state if state in found.parts else "",
        "states": [
            {"id": name, "words": _state_words(name, lang), "n": found.whole.get(name), "opens": name in found.parts}
            for name in dict.fromkeys([*found.whole, *found.parts])
        ],
        "passages": passages,
        "columns": [{"id": name, "words": _column_words(name, lang)} for name in names],
        "amount": len(frame),
        "first": first,
        "rows": fitting(rows, _ROOM),
        "call": call + (f"[{literal(state)}]" if state in found.parts else ""),
    }


def opened_at(result: Result, address: str) -> Evidence:
    """The evidence of a number of a table."""
    return evidence_of(result, address)


def sentence(problem: VvvError, lang: Lang) -> str:
    """An error as the page shows it, in its language."""
    parts = (in_danish(part) if lang == "da" else part for part in (problem.what, problem.why, problem.todo) if part)
    told = (part.rstrip(".")[:_SENTENCE] for part in parts)
    return " ".join(part if part.endswith("?") else f"{part}." for part in told)


def _plain(value: Any) -> Any:
    if isinstance(value, list | tuple | set):
        return "; ".join(map(str, value))[:_LONGEST]
    if value is None or is_missing(value):
        return ""
    if isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return round(value, 6) if math.isfinite(value) else ""
    item = getattr(value, "item", None)
    return _plain(item()) if callable(item) else str(value)[:_LONGEST]


def _column_words(name: str, lang: Lang) -> str:
    return text(f"exploring.column_{name}", lang) if has_words(f"exploring.column_{name}") else name.replace("_", " ")


def _state_words(name: str, lang: Lang) -> str:
    return text(f"exploring.state_{name}", lang) if has_words(f"exploring.state_{name}") else name.replace("_", " ")
