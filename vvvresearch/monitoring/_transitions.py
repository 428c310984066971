"""From quarter to quarter: which municipalities changed category, which are unstable, and which to watch."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import pandas as pd

from vvvresearch.errors import AnalysisError, Failure, SchemaError, UnanswerableError, did_you_mean, require_table
from vvvresearch.evidence import Register
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Joined, Phrase, has_words
from vvvresearch.monitoring._records import names_of
from vvvresearch.results import TOTAL, Base, Column, Labels, Measure, Picture, Result, Share, Total

_PERIOD = re.compile(r"(\d{4})-?(?:Q([1-4])|H([12])|(\d{2}))", re.IGNORECASE)
_TIMES, _STATES = ("quarter", "extract", "period"), ("category", "status")
# Best first; what an extract calls otherwise comes after, in order of its words.
_ORDER = ("1", "green", "grøn", "present", "active", "covered", "2", "yellow", "gul", "planned", "3", "red", "rød", "absent")
UNSTABLE = 2
_NUMBERED = {"1": "green", "2": "yellow", "3": "red"}


def transitions(
    categories: Register | pd.DataFrame,
    *,
    municipalities: pd.DataFrame | None = None,
    order: Sequence[str] = (),
    unstable: int = UNSTABLE,
) -> Result:
    """Municipalities by category in one quarter and the next; which of them change often, and which are to be watched.

    Only two extracts that follow each other are compared: over a quarter that is missing nothing is known, and over a change of
    definition a move is no change of the municipality. Both steps are left out and told. A municipality that only one of two
    extracts has is told too, never counted as zero.

    Args:
        categories: one row a municipality and quarter: municipality, quarter ("2021-Q2"; or extract "2021-05"), category (or status),
            and where known definition, next_review.
        municipalities: code and name, for the lists and the map.
        order: the categories, best first; default 1, 2, 3, green, yellow, red, present, planned, absent, then as they are spelt.
        unstable: municipalities with at least so many changes are unstable.

    Returns:
        Result; frame step ("2021-Q1/2021-Q2"; "total" of all steps last), before, after, n, of (municipalities that were in `before`
        and are in both extracts). Every pair of categories has its row; 0 is a count. Addresses `transitions.<step>.<before>.<after>.n`,
        `.share`, `transitions.total.unstable`, `.watched`, `.steps`. Parts: `unstable` and `watch` (one row a municipality:
        municipality, changes, path, latest, why), absent where there is none; `levels`: how many municipalities each category holds in
        each extract, `transitions/levels.<extract>.<category>.n`. Picture: tile_map of the last two extracts.

    Raises:
        AnalysisError: columns are missing.
        UnanswerableError: there is one extract alone.
        SchemaError: a municipality stands twice in an extract, or an extract has no date, with the rows.

    Example:
        >>> rows = pd.DataFrame({"quarter": ["2021-Q1"] * 3 + ["2021-Q2"] * 3, "municipality": ["1", "2", "3"] * 2,
        ...     "category": [1, 1, 2, 1, 2, 2]})
        >>> transitions(rows).cell("n", step="2021-Q1/2021-Q2", before="1", after="2").value
        1
    """
    register = categories if isinstance(categories, Register) else Register(categories)
    rows, when = category_rows(register.frame)
    states = _ordered(rows["state"], order)
    extracts = sorted(rows["when"].unique(), key=_place)
    if len(extracts) < 2:
        todo = "hand in the extracts before it too"
        raise UnanswerableError("one extract alone shows no change", reason=Phrase("absent.one_extract"), where=when, todo=todo)
    wide = rows.pivot(index="municipality", columns="when", values="state").reindex(columns=extracts)
    definition = _definitions(rows)
    usual = _usual_gap(extracts)
    found: list[pd.DataFrame] = []
    missing: list[str] = []
    broken: list[str] = []
    lost = 0
    for first, second in pairwise(extracts):
        if _place(second) - _place(first) > usual:
            missing.append(f"{first}/{second}")
        elif definition[first] != definition[second]:
            broken.append(f"{first}/{second}")
        else:
            both = wide[[first, second]].dropna()
            lost += int(wide[[first, second]].isna().sum(axis=1).eq(1).sum())
            found.append(_matrix(both[first], both[second], states).assign(step=f"{first}/{second}"))
    if found:
        total = pd.concat(found).groupby(["before", "after"], sort=False)[["n", "of"]].sum().reset_index().assign(step=TOTAL)
        frame = pd.concat([*found, total], ignore_index=True)[["step", "before", "after", "n", "of"]]
    else:
        frame = pd.DataFrame(columns=["step", "before", "after", "n", "of"])
    skipped = {(one.split("/")[0], one.split("/")[1]) for one in broken}
    lists = _lists(wide, rows, states, extracts, skipped, unstable)
    names = names_of(municipalities)
    notes: list[Any] = [Phrase("monitoring.transitions_note")]
    for key, steps in (("missing", missing), ("broken", broken)):
        if steps:
            notes.append(Phrase(f"monitoring.transitions_{key}", {"steps": Joined(tuple(one.replace("/", " – ") for one in steps))}))
    if lost:
        notes.append(Phrase("monitoring.transitions_lost", {"n": lost}))
    words, base = Labels(category_words(states)), Base(len(wide), "municipality")
    parts = {name: _list_part(name, part, names, words, register.kind, unstable) for name, part in lists.items()}
    parts["levels"] = _levels(rows, extracts, states, words, register.kind)
    return Result(
        frame=frame,
        base=base,
        title=Phrase("monitoring.transitions_title"),
        notes=tuple(notes),
        shows=(
            Column("step", Phrase("monitoring.step")),
            Column("before", Phrase("monitoring.before")),
            Column("after", Phrase("monitoring.after")),
            Column("n", Phrase("programme.presence_n"), "count"),
            Share("share", Phrase("monitoring.share_before"), count="n", n="of"),
        ),
        kind=register.kind,
        at="transitions",
        keys=("step", "before", "after"),
        measures=(Measure("n", of="of"), Measure("share", "share", of="of", count="n")),
        labels={"before": words, "after": words, "step": Labels({TOTAL: Phrase("monitoring.all_steps")})},
        totals={
            "steps": Total(len(found), base),
            "unstable": Total(len(lists["unstable"]), base),
            "watched": Total(len(lists["watch"]), base),
        },
        parts=parts,
        pictures=_maps(rows, extracts, states, municipalities, register.kind),
    )


def watch_list(categories: Register) -> pd.DataFrame:
    """The municipalities that `transitions` would list to be watched, with why; none where there is one extract alone."""
    rows, _ = category_rows(categories.frame)
    extracts = sorted(rows["when"].unique(), key=_place)
    if len(extracts) < 2:
        return pd.DataFrame(columns=["municipality", "why"])
    wide = rows.pivot(index="municipality", columns="when", values="state").reindex(columns=extracts)
    states, definition, usual = _ordered(rows["state"], ()), _definitions(rows), _usual_gap(extracts)
    near = [pair for pair in pairwise(extracts) if _place(pair[1]) - _place(pair[0]) <= usual]
    broken = {(first, second) for first, second in near if definition[first] != definition[second]}
    return _lists(wide, rows, states, extracts, broken, UNSTABLE)["watch"]


def _definitions(rows: pd.DataFrame) -> dict[str, str]:
    return {str(when): "|".join(sorted(set(own))) for when, own in rows.groupby("when")["definition"]}


def category_words(states: Sequence[str]) -> dict[str, Any]:
    """The words of categories: numbers are the programme's colours; what has no words is shown as it is written."""
    keys = {state: f"programme.status_{_NUMBERED.get(state, state)}" for state in states}
    return {state: Phrase(key) for state, key in keys.items() if has_words(key)}


def category_rows(frame: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """Municipality, when, state, definition and review of every row that has a category, and the column that tells when.

    Raises:
        AnalysisError: columns are missing.
        SchemaError: a municipality stands twice in an extract, or an extract has no date.
    """
    require_table(frame, "categories")
    columns = list(map(str, frame.columns))
    chosen = {}
    for what, names in (("when", _TIMES), ("state", _STATES), ("municipality", ("municipality",))):
        name = next((name for name in names if name in columns), None)
        if name is None:
            raise AnalysisError(f"the categories have no column {names[0]!r}", where="categories", todo=did_you_mean(names[0], columns))
        chosen[what] = name
    rows = pd.DataFrame({what: frame[name] for what, name in chosen.items()})
    rows["definition"] = frame["definition"].fillna("").astype(str) if "definition" in columns else ""
    rows["review"] = frame["next_review"].fillna("").astype(str) if "next_review" in columns else ""
    empty = (rows["state"].isna() | (rows["state"].astype(str) == "")).to_numpy()
    for name in ("when", "municipality"):
        rows[name] = rows[name].astype(str)
    rows["state"] = [_state(value) for value in rows["state"]]
    failures = [
        Failure(number, chosen["when"], when, "write the quarter 2021-Q2, or the month 2021-05")
        for number, when in enumerate(rows["when"])
        if _PERIOD.fullmatch(when) is None
    ]
    failures += [
        Failure(int(number), "municipality", rows["municipality"].iloc[number], "the municipality stands twice in one extract")
        for number in rows.duplicated(["when", "municipality"]).to_numpy().nonzero()[0]
    ]
    if failures:
        raise SchemaError("the categories cannot be followed as they stand", failures, todo="mend these rows in the source")
    # What has no category is no data, as a municipality that is not in the extract.
    return rows[~empty].reset_index(drop=True), chosen["when"]


def _state(value: Any) -> str:
    if isinstance(value, float) and value == value and value.is_integer():
        return str(int(value))
    return str(value)


def _ordered(states: pd.Series, order: Sequence[str]) -> list[str]:
    seen = sorted(states.unique())
    known = sorted((one for one in seen if one.casefold() in _ORDER), key=lambda one: _ORDER.index(one.casefold()))
    given = [str(one) for one in order] or known
    if order and (unknown := [state for state in seen if state not in given]):
        raise AnalysisError(f"{unknown[0]!r} is no category of the order", where="order", todo=did_you_mean(unknown[0], given))
    return [one for one in given if one in seen] + [one for one in seen if one not in given]


def _place(when: str) -> int:
    """A period as a month number: the last month of a quarter or half-year."""
    found = _PERIOD.fullmatch(when)
    assert found is not None
    year, quarter, half, month = found.groups()
    return 12 * int(year) + (3 * int(quarter) if quarter else 6 * int(half) if half else int(month))


def _usual_gap(extracts: Sequence[str]) -> int:
    gaps = [_place(second) - _place(first) for first, second in pairwise(extracts)]
    if all("Q" in one.upper() for one in extracts):
        return 3
    # Half-yearly extracts may be a month late.
    return min(gaps) + 1


def _matrix(before: pd.Series, after: pd.Series, states: Sequence[str]) -> pd.DataFrame:
    counts = Counter(zip(before, after, strict=True))
    rows = [(one, other, counts[one, other], int((before == one).sum())) for one in states for other in states]
    return pd.DataFrame(rows, columns=["before", "after", "n", "of"])


def _lists(
    wide: pd.DataFrame, rows: pd.DataFrame, states: Sequence[str], extracts: Sequence[str], skipped: set[tuple[str, str]], unstable: int
) -> dict[str, pd.DataFrame]:
    rank = {state: place for place, state in enumerate(states)}
    last = extracts[-1]
    latest_rows = rows[rows["when"] == last]
    reviews = dict(zip(latest_rows["municipality"], latest_rows["review"], strict=True))
    often: list[dict[str, Any]] = []
    watched: list[dict[str, Any]] = []
    for code, course in wide.iterrows():
        known = [(when, state) for when, state in course.items() if isinstance(state, str)]
        pairs = [(one, other) for (first, one), (second, other) in pairwise(known) if (str(first), str(second)) not in skipped]
        changes = sum(one != other for one, other in pairs)
        latest = course[last] if isinstance(course[last], str) else ""
        row = {"municipality": str(code), "changes": changes, "path": ";".join(state for _, state in known), "latest": latest}
        if changes >= unstable:
            often.append({**row, "why": "unstable"})
        why = []
        if latest and len(states) > 1 and rank[latest] == len(states) - 1:
            why.append("worst")
        if latest and pairs and known[-1][0] == last and rank[pairs[-1][1]] > rank[pairs[-1][0]]:
            why.append("fell")
        if changes >= unstable:
            why.append("unstable")
        if not latest:
            why.append("no_data")
        review = reviews.get(str(code), "")
        if review and _PERIOD.match(review[:7]) and _place(review[:7]) <= _place(last):
            why.append("review_due")
        if why:
            watched.append({**row, "why": ";".join(why)})
    columns = ["municipality", "changes", "path", "latest", "why"]
    order: dict[str, list[dict[str, Any]]] = {"unstable": often, "watch": watched}
    tables = {name: pd.DataFrame(part, columns=columns) for name, part in order.items()}
    by = ["changes", "municipality"]
    return {name: table.sort_values(by, ascending=[False, True], ignore_index=True) for name, table in tables.items()}


def _levels(rows: pd.DataFrame, extracts: Sequence[str], states: Sequence[str], words: Labels, kind: DataKind) -> Result:
    """How many municipalities each category holds in each extract, of those that have one there."""
    sizes = Counter(zip(rows["when"], rows["state"], strict=True))
    total = Counter(rows["when"])
    frame = pd.DataFrame(
        [(when, state, sizes[when, state], total[when]) for when in extracts for state in states], columns=["when", "state", "n", "of"]
    )
    return Result(
        frame=frame,
        base=Base(int(frame["of"].max()), "municipality"),
        title=Phrase("monitoring.levels_title"),
        shows=(
            Column("when", Phrase("programme.presence_extract")),
            Column("state", Phrase("monitoring.category")),
            Column("n", Phrase("programme.presence_n"), "count"),
            Share("share", Phrase("programme.presence_percent"), count="n", n="of"),
        ),
        kind=kind,
        at="transitions/levels",
        keys=("when", "state"),
        measures=(Measure("n", of="of"), Measure("share", "share", of="of", count="n")),
        labels={"state": words},
    )


class _Path(Column):
    """A municipality's course, its categories in order."""

    def write_row(self, row: Mapping[Any, Any], lang: Any, small_n: int, labels: Mapping[str, Labels]) -> str:
        """The course of a row, in the categories' own codes."""
        return str(row[self.name]).replace(";", " → ")


class _Why(Column):
    """Why a municipality is on a list."""

    def write_row(self, row: Mapping[Any, Any], lang: Any, small_n: int, labels: Mapping[str, Labels]) -> str:
        """The reasons of a row."""
        return "; ".join(Phrase(f"monitoring.watch_{one}").say(lang) for one in str(row[self.name]).split(";"))


def _list_part(name: str, frame: pd.DataFrame, names: Mapping[str, str], words: Labels, kind: DataKind, unstable: int) -> Result:
    if frame.empty:
        return Result.missing(Phrase(f"monitoring.no_{name}"), title=Phrase(f"monitoring.{name}_title"))
    return Result(
        frame=frame,
        base=Base(len(frame), "municipality"),
        title=Phrase(f"monitoring.{name}_title"),
        notes=(Phrase(f"monitoring.{name}_note", {"n": unstable}),),
        shows=(
            Column("municipality", Phrase("monitoring.municipality")),
            Column("changes", Phrase("monitoring.changes"), "count"),
            _Path("path", Phrase("monitoring.path")),
            _Why("why", Phrase("monitoring.why")),
        ),
        kind=kind,
        at=f"transitions/{name}",
        keys=("municipality",),
        measures=(Measure("changes", of=""),),
        labels={"municipality": Labels(dict(names)), "latest": words},
    )


def _maps(
    rows: pd.DataFrame, extracts: Sequence[str], states: Sequence[str], municipalities: pd.DataFrame | None, kind: DataKind
) -> dict[str, Picture]:
    """The last two extracts side by side. A synthetic round's invented municipalities are not on the map of Denmark."""
    if municipalities is None and kind is DataKind.SYNTHETIC:
        return {}
    if municipalities is not None and "tile_row" not in municipalities.columns:
        return {}
    words = category_words(states)
    rank = {state: place for place, state in enumerate(states)}
    shown = rows[rows["when"].isin(extracts[-2:])]
    shown = shown.assign(place=shown["when"].map(_place), rank=shown["state"].map(rank)).sort_values(["place", "rank"], kind="stable")
    tiles = pd.DataFrame(
        {"code": list(shown["municipality"]), "value": [words.get(one, one) for one in shown["state"]], "panel": list(shown["when"])}
    )
    options = {"panel": "panel"} | ({} if municipalities is None else {"tiles": municipalities})
    title = Phrase("monitoring.transitions_map", {"first": extracts[-2], "second": extracts[-1]})
    return {"tile_map": Picture("tile_map", tiles, title, options)}
