"""What the coming quarters may bring: presence if plans succeed, participants if matches end as they did, and what a target would take."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import pandas as pd

from vvvresearch.errors import AnalysisError
from vvvresearch.evidence import Published, Register
from vvvresearch.kinds import DataKind, combined_kind
from vvvresearch.locales import Phrase, Written
from vvvresearch.monitoring import matches as leaf
from vvvresearch.monitoring._presence import presence
from vvvresearch.monitoring._records import Matches, checked
from vvvresearch.monitoring.matches import MatchEvents
from vvvresearch.results import Base, Column, Interval, Labels, Measure, Picture, Result, Total

DRAWS = 10_000
_COLUMNS = ("indicator", "quarter", "expected", "lower", "upper")


def scenario(
    monitoring: Register | Published | pd.DataFrame | None = None,
    matches: Matches | None = None,
    *,
    counts: Register | pd.DataFrame | None = None,
    quarters: int = 4,
    starts: Sequence[int] | None = None,
    planned_matches: int | Sequence[int] | None = None,
    target: Mapping[str, float] | None = None,
    success: float | tuple[int, int] | None = None,
    loss: float | tuple[int, int] | None = None,
    draws: int = DRAWS,
    seed: int = 1,
    level: float = 0.95,
) -> Result:
    """What the coming quarters may bring, as intervals by seeded simulation.

    Municipalities: those present in the latest extract, and the planned ones, which start in the quarters ahead (spread evenly, the
    first quarters first). `planned` is the sum if every plan succeeds and nobody stops. How often plans succeed and present ones
    stop is taken from the extracts before, with its uncertainty; where none says it, plans are taken to succeed and none to stop, and
    the table says so. Participants: the active matches of the register age and end as matches of their age have ended, and new ones
    start as in the last four quarters (or `planned_matches` a quarter). `needed` is how many would have to start each quarter to reach a
    target. Without a register only a bound can be told: what it takes if no match ends.

    Args:
        monitoring: extracts, one row a municipality (or a status with n) and extract; or published facts about presence.
        matches: register of matches (as `duration`).
        counts: yearly counts; where there is no register the latest stock of people stands in.
        quarters: how many to look ahead.
        starts: planned starts in municipalities, a number a quarter; default the planned ones of the latest extract.
        planned_matches: matches to start, one number or one a quarter; default the mean of the last four whole quarters.
        target: what is wanted at the end, by unit ("municipality", "person").
        success, loss: chance that a planned start succeeds, and that a present municipality stops within a quarter: a number, or
            (how many did, of how many); default what the extracts show.
        draws, seed, level: of the simulation.

    Returns:
        Result; frame indicator ("municipality", "person" or "match"), quarter (1 is the next), expected, lower, upper. Addresses
        `scenario.municipality.<quarter>.expected`, `scenario.total.present`, `.planned` (present and planned together), `.active`,
        `.needed`, `.needed_lower`, `.needed_upper` (matches a quarter), `.shortfall`. Pictures: forest, of municipalities and of people.

    Raises:
        AnalysisError: neither source, or numbers that are no counts.
        SchemaError: the register of matches has faults.

    Example:
        >>> rows = pd.DataFrame({"extract": "2021-05", "status": ["present", "planned", "absent"], "n": [83, 4, 11], "definition": "a"})
        >>> table = scenario(rows, target={"municipality": 90})
        >>> table.cell("scenario.total.planned").value, table.cell("scenario.total.short_of_target").value
        (87, 3)
    """
    if monitoring is None and matches is None and counts is None:
        raise AnalysisError("a scenario needs extracts or a register of matches", where="monitoring")
    if quarters < 1:
        raise AnalysisError("there is no quarter to look at", where="quarters")
    wanted = dict(target or {})
    rows: list[tuple[Any, ...]] = []
    totals: dict[str, Total] = {}
    notes: list[Any] = [Phrase("monitoring.scenario_note", {"draws": draws, "seed": seed})]
    kinds: list[DataKind] = []
    simulated = {"draws": draws, "seed": seed, "level": level}
    if monitoring is not None:
        kinds.append(monitoring.kind if isinstance(monitoring, Register | Published) else DataKind.REAL)
        found = _municipalities(monitoring, quarters, starts, wanted.get("municipality"), success, loss, simulated)
        if found is None and matches is None and counts is None:
            return Result.missing(Phrase("monitoring.scenario_no_presence"), title=Phrase("monitoring.scenario_title"))
        told, numbers, course = found or ([Phrase("monitoring.scenario_no_presence")], {}, None)
        rows += [] if course is None else [("municipality", *row) for row in course.frame.itertuples(index=False, name=None)]
        totals |= numbers
        notes += told
    if matches is not None:
        events, kind = checked(matches)
        kinds.append(kind)
        told, numbers, unit, course = _participants(events, quarters, planned_matches, wanted, simulated)
        rows += [(unit, *row) for row in course.frame.itertuples(index=False, name=None)]
        totals |= numbers
        notes += told
    elif counts is not None and "measure" in (counts.frame if isinstance(counts, Register) else counts).columns:
        told, numbers = _from_counts(counts, quarters, wanted)
        kinds.append(counts.kind if isinstance(counts, Register) else DataKind.REAL)
        totals |= numbers
        notes += told
    if not rows and not totals:
        return Result.missing(Phrase("monitoring.scenario_no_presence"), title=Phrase("monitoring.scenario_title"))
    frame = pd.DataFrame(rows, columns=list(_COLUMNS)).astype({"quarter": int})
    words = Labels({name: Phrase(f"monitoring.indicator_{name}") for name in ("municipality", "person", "match")})
    return Result(
        frame=frame,
        base=Base(None, "value"),
        title=Phrase("monitoring.scenario_title"),
        notes=tuple(notes),
        assumptions=(Phrase("monitoring.scenario_assumes"),),
        shows=(
            Column("indicator", Phrase("monitoring.indicator")),
            Column("quarter", Phrase("monitoring.quarter_ahead"), "count"),
            Column("expected", Phrase("monitoring.expected"), "number"),
            Interval("limits", Phrase("monitoring.limits")),
        ),
        kind=combined_kind(kinds),
        at="scenario",
        keys=("indicator", "quarter"),
        measures=(Measure("expected", "number", of=""), Measure("lower", "number", of=""), Measure("upper", "number", of="")),
        labels={"indicator": words},
        totals=totals,
        pictures=_picture(frame, words, totals),
    )


def _count(value: int, unit: str) -> Total:
    return Total(int(value), Base(None, unit))


def _municipalities(
    monitoring: Register | Published | pd.DataFrame,
    quarters: int,
    starts: Sequence[int] | None,
    target: float | None,
    success: float | tuple[int, int] | None,
    loss: float | tuple[int, int] | None,
    simulated: Mapping[str, Any],
) -> tuple[list[Any], dict[str, Total], leaf.Scenario] | None:
    table = presence(monitoring)
    last = table.frame[table.frame["extract"] == table.frame["extract"].max()].set_index("status")["n"]
    if "present" not in last.index:
        return None
    here, planned = int(last["present"]), int(last.get("planned", 0))
    course = _spread(planned, quarters) if starts is None else [int(one) for one in starts]
    told: list[Any] = []
    moves = _moves(monitoring.frame if isinstance(monitoring, Register) else monitoring)
    chances: list[float | tuple[int, int]] = []
    for name, given, plain in (("success", success, 1.0), ("loss", loss, 0.0)):
        known = moves.get(name)
        chosen = given if given is not None else known if known is not None and known[1] else plain
        if given is None:
            shown = {} if known is None or not known[1] else {"count": known[0], "n": known[1]}
            told.append(Phrase(f"monitoring.scenario_{name}{'' if shown else '_assumed'}", shown))
        chances.append(chosen)
    of = int(table.frame["of"].max())
    found = leaf.presence_scenario(
        here, course, chances[0], chances[1], None if target is None else math.ceil(target), most=max(of, here + sum(course)), **simulated
    )
    numbers = {
        "present": _count(here, "municipality"),
        "starts": _count(sum(course), "municipality"),
        "planned": _count(here + sum(course), "municipality"),
    }
    if target is not None:
        numbers["short_of_target"] = _count(max(0, math.ceil(target) - here - sum(course)), "municipality")
        base = Base(simulated["draws"], "value")
        numbers["municipality_reached"] = Total(found.reached, base, "share")
    return told, numbers, found


def _spread(planned: int, quarters: int) -> list[int]:
    """Planned starts over the quarters, the first ones first."""
    each, more = divmod(planned, quarters)
    return [each + (place < more) for place in range(quarters)]


def _moves(frame: Any) -> dict[str, tuple[int, int]]:
    """From earlier extracts of the same definition: how many planned ones had come by the next, how many present ones stopped a quarter."""
    if not isinstance(frame, pd.DataFrame) or "municipality" not in frame.columns:
        return {}
    course = frame.pivot_table(index="municipality", columns="extract", values="status", aggfunc="first")
    words = frame.groupby("extract")["definition"].first()
    came = tried = stopped = stayed = 0
    extracts = list(course.columns)
    for first, second in pairwise(extracts):
        both = course[[first, second]].dropna()
        if words[first] != words[second]:
            continue
        planned, here, after = both[first] == "planned", both[first] == "present", both[second] == "present"
        came, tried = came + int((planned & after).sum()), tried + int(planned.sum())
        # Extracts lie about two quarters apart; each is one chance to stop for every quarter between them.
        apart = max(1, round(_months_between(str(first), str(second)) / 3))
        stopped, stayed = stopped + int((here & ~after).sum()), stayed + apart * int(here.sum())
    return {"success": (came, tried), "loss": (stopped, stayed)}


def _months_between(first: str, second: str) -> int:
    places = []
    for one in (first, second):
        year, _, rest = one.partition("-")
        part = rest.upper().lstrip("QH") or "12"
        months = int(part) if part.isdigit() else 12
        places.append(12 * int(year) + months * {"Q": 3, "H": 6}.get(rest[:1].upper(), 1) if year.isdigit() else 0)
    return places[1] - places[0]


def _participants(
    events: MatchEvents,
    quarters: int,
    planned_matches: int | Sequence[int] | None,
    targets: Mapping[str, float],
    simulated: Mapping[str, Any],
) -> tuple[list[Any], dict[str, Total], str, leaf.Scenario]:
    rates = leaf.ending_rates(events)
    active = sum(rates.active)
    unit, people = _people(events, rates.quarter)
    per_match = people / active if unit == "person" and active else 1.0
    planned = _planned(events, rates.quarter, quarters, planned_matches)
    target = next((targets[name] for name in ("person", "participant", "match") if name in targets), None)
    if target is not None and "match" in targets and target == targets["match"] and not {"person", "participant"} & set(targets):
        unit, per_match = "match", 1.0
    found = leaf.matches_scenario(rates, planned, None if target is None else math.ceil(target), per_match, **simulated)
    numbers = {
        "active": _count(round(active * per_match), unit),
        "planned_matches": _count(planned[0], "match"),
    }
    told: list[Any] = [Phrase("monitoring.scenario_matches", {"quarter": rates.quarter, "new": planned[0]})]
    if unit == "person":
        told.append(Phrase("monitoring.scenario_per_match", {"n": Written(per_match, "number", 2)}))
    if found.needed is not None and target is not None:
        base = Base(simulated["draws"], "value")
        for name, value in zip(("needed", "needed_lower", "needed_upper"), found.needed, strict=True):
            numbers[name] = Total(math.ceil(value), base)
        numbers["reached"] = Total(found.reached, base, "share")
        shown = {"target": f"{target:g}", "needed": math.ceil(found.needed[0])}
        told.append(Phrase("monitoring.scenario_needed", shown | {"lower": int(found.needed[1]), "upper": int(found.needed[2])}))
    return told, numbers, unit, found


def _people(events: MatchEvents, quarter: str) -> tuple[str, int]:
    """Persons on the refugees' side of the matches that are active as the quarter closes; the matches where no persons are known."""
    from vvvresearch.monitoring._volume import persons_among

    closes = pd.Period(quarter, freq="Q").end_time.to_datetime64().astype("datetime64[D]").astype(int)
    going_on = (events.start <= closes) & (events.end > closes)
    found = persons_among(events, going_on)
    return ("match", int(going_on.sum())) if found is None else ("person", found)


def _planned(events: MatchEvents, last_quarter: str, quarters: int, given: int | Sequence[int] | None) -> list[int]:
    """Matches to start in each quarter; default the mean of the last four whole ones."""
    if given is not None:
        return [given] * quarters if isinstance(given, int) else [int(one) for one in given]
    last = pd.Period(last_quarter, freq="Q")
    recent = events.frame["start"].between((last - 3).start_time, last.end_time)
    return [round(int(recent.sum()) / 4)] * quarters


def _from_counts(counts: Register | pd.DataFrame, quarters: int, targets: Mapping[str, float]) -> tuple[list[Any], dict[str, Total]]:
    """Without a register: the latest number of people, and what a target takes if nobody who is there leaves."""
    frame = counts.frame if isinstance(counts, Register) else counts
    target = next((targets[name] for name in ("person", "participant") if name in targets), None)
    people = frame[frame["unit"].isin(["person", "participant"])].copy()
    # Active people, or who were helped in a period: both say how many there were, and neither how many came.
    people = people[(people["measure"] == "stock") | ((people["measure"] == "flow") & (people["what"] == "helped"))]
    if people.empty or target is None:
        return [], {}
    people["when"] = people["as_of"].where(people["as_of"] != "", people["period"]).astype(str)
    latest = people.sort_values("when", kind="stable").iloc[-1]
    shortfall = max(0, math.ceil(target) - int(latest["value"]))
    each = math.ceil(shortfall / quarters)
    numbers = {
        "known": _count(int(latest["value"]), "person"),
        "shortfall": _count(shortfall, "person"),
        "needed_at_least": _count(each, "person"),
    }
    shown = {"value": int(latest["value"]), "when": latest["when"], "target": f"{target:g}", "shortfall": shortfall, "each": each}
    return [Phrase("monitoring.scenario_bound", shown)], numbers


def _picture(frame: pd.DataFrame, words: Labels, totals: Mapping[str, Total]) -> dict[str, Picture]:
    """Each quarter with its interval; the line is where it stands now."""
    found = {}
    for name in ("municipality", "person", "match"):
        rows = frame[frame["indicator"] == name]
        if rows.empty:
            continue
        lines = pd.DataFrame(
            {
                "label": [Phrase("monitoring.ahead", {"n": quarter}) for quarter in rows["quarter"]],
                "change": rows["expected"].to_numpy(),
                "lower": rows["lower"].to_numpy(),
                "upper": rows["upper"].to_numpy(),
            }
        )
        now = totals["present" if name == "municipality" else "active"].value
        options = {"what": "number", "decimals": 0, "reference": float(now)}
        found[name] = Picture("forest", lines, Phrase("monitoring.scenario_picture", {"what": words.words[name]}), options)
    return found
