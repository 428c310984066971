"""Why matches end: by reason and group with the others competing, the share broken off, and how many ended for each class of reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from vvvresearch.errors import AnalysisError
from vvvresearch.evidence import Register, span_of
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Joined, Phrase
from vvvresearch.monitoring import matches as leaf
from vvvresearch.monitoring._durations import HORIZONS, SMALL_N, Known, log_limits
from vvvresearch.monitoring._records import Matches, group_labels, grouped, root_of, split_title, with_reasons
from vvvresearch.monitoring.matches import DENOMINATORS, READINGS, REASON_CLASSES, MatchEvents
from vvvresearch.results import (
    TOTAL,
    Base,
    Column,
    Interval,
    Labels,
    Measure,
    Picture,
    Result,
    Share,
    Tested,
    address_part,
    folded,
    largest_sides,
)

_REASONS = Labels({name: Phrase(f"programme.reason_{name}") for name in REASON_CLASSES})


def endings(
    matches: Matches,
    *,
    by: str | None = None,
    at: Sequence[int] = HORIZONS,
    small_n: int = SMALL_N,
    level: float = 0.95,
    municipalities: pd.DataFrame | None = None,
) -> Result:
    """Why matches ended, by group: counts by class of reason, and the share of all matches that has ended for each reason by a horizon.

    The shares are cumulative incidences (Aalen–Johansen), in which the other reasons compete and matches that still last are
    censored; they do not depend on how long the register has run, as shares of ended matches do.

    Args:
        matches: register of matches (as `duration`), with a column reason_class or reason: natural, premature (because of the
            relation), moved, changed_life, unknown. An ended match without one is unknown.
        by: a column of the register, or of the table of municipalities; left out: all matches together.
        at: horizons in days.
        small_n: groups with fewer matches show their counts only.
        level: of the limits.
        municipalities: code and what else is known of each, for `by`.

    Returns:
        Result; frame group ("total" last), reason_class, count, n (ended matches of the group). Addresses
        `endings.total.premature.count`, `.share`; `endings/by-<column>.<group>.<reason class>.share`. Parts, absent where there is
        nothing: `incidence` (group, reason_class, days, incidence, se, lower, upper; `endings.<group>.<reason>.<days>.incidence`),
        `tests` (Gray's test by reason), `broken_off` (see there). Picture: survival_plot of the incidences.

    Raises:
        AnalysisError: no such column.
        UnanswerableError: the register does not say why matches ended, or only in words without a class.
        SchemaError: the register has faults.

    Example:
        >>> rows = {"match": list("abcde"), "start": "2020-01-01", "as_of": "2021-12-31", "reason": ["moved", "moved", "premature", "", ""],
        ...     "end": ["2020-02-01", "2020-03-01", "2020-04-01", "2020-05-01", ""]}
        >>> endings(pd.DataFrame(rows)).cell("endings.total.moved.share").value
        Fraction(1, 2)
    """
    events, kind = with_reasons(matches)
    events = grouped(events, by, municipalities)
    whole = leaf.endings(events, None, at, small_n)
    found = [whole] if by is None else [leaf.endings(events, by, at, small_n), whole]
    frame = pd.concat([_named(one.frame, one is whole) for one in found], ignore_index=True)
    frame = frame.rename(columns={"reason": "reason_class", "ended": "count"})
    frame["n"] = frame.groupby("group", sort=False)["count"].transform("sum")
    shares = pd.concat([_named(one.shares, one is whole) for one in found], ignore_index=True).rename(columns={"reason": "reason_class"})
    root, words, small = root_of("endings", by), group_labels(), () if by is None else found[0].small
    ended = int(frame.loc[frame["group"] == TOTAL, "count"].sum())
    notes: list[Any] = [Phrase("programme.endings_of_ended"), Phrase("monitoring.endings_note")]
    if small:
        notes.append(Phrase("monitoring.small_groups", {"n": small_n, "groups": Joined(tuple(map(str, small)))}))
    sizes = _sizes(events, by)
    tested = [n for group, n in sizes.items() if group != TOTAL and group not in small]
    parts = {
        "incidence": _incidence(shares, sizes, root, kind, words, level),
        "tests": _tests(found[0].tests, tested, root, kind, len(events)),
        "broken_off": broken_off(events, level=level, kind=kind),
    }
    return Result(
        frame=frame,
        base=Base(ended, "match"),
        title=split_title("programme.endings_title", by),
        notes=tuple(notes),
        shows=(
            Column("group", Phrase("monitoring.group")),
            Column("reason_class", Phrase("programme.endings_reason")),
            Column("count", Phrase("programme.endings_count"), "count"),
            Share("share", Phrase("programme.endings_share")),
        ),
        kind=kind,
        at=root,
        keys=("group", "reason_class"),
        measures=(Measure("count"), Measure("n"), Measure("share", "share", count="count")),
        labels={"group": words, "reason_class": _REASONS},
        bases={(row["group"],): Base(int(row["n"]), "match") for row in frame.to_dict("records")},
        base_on=("group",),
        parts=parts,
        pictures=_curves(whole),
    )


def broken_off(
    matches: Matches,
    *,
    readings: Mapping[str, Sequence[str]] = READINGS,
    denominators: Sequence[str] = DENOMINATORS,
    since: str | None = None,
    until: str | None = None,
    level: float = 0.95,
    kind: DataKind | None = None,
) -> Result:
    """The share of matches broken off under every reading of the criterion and every denominator, side by side, with Wilson's interval.

    Args:
        matches: register of matches with reasons (`endings`).
        readings: name → the reason classes that count as broken off.
        denominators: of "ended", "ended_known" (ended for a known reason), "started".
        since, until: first and last day; default the register's first start and its extract.
        level: of the limits.
        kind: data kind; default that of the register.

    Returns:
        Result; frame reading, denominator, count, n, share, lower, upper. Addresses `broken_off.relation.ended.share`.

    Raises:
        AnalysisError: an unknown class or denominator, a day after the extract.
        UnanswerableError: the register does not say why matches ended.
        SchemaError: the register has faults.

    Example:
        >>> rows = {"match": list("abcd"), "start": "2020-01-01", "end": ["2020-02-01", "2020-03-01", "2020-04-01", ""],
        ...     "reason": ["premature", "natural", "", ""], "as_of": "2020-12-31"}
        >>> broken_off(pd.DataFrame(rows)).cell("broken_off.relation.ended_known.share").value
        Fraction(1, 2)
    """
    events, own = with_reasons(matches)
    found = leaf.broken_off(events, readings, denominators, since, until, level)
    frame = found.frame
    # A list of classes is a reading by itself where its name has no words.
    words: dict[str, Any] = {
        name: Phrase(f"monitoring.reading_{name}")
        if name in READINGS
        else Joined(tuple(Phrase(f"programme.reason_{one}") for one in classes), " + ")
        for name, classes in found.readings.items()
    }
    return Result(
        frame=frame,
        base=Base(int(frame["n"].max()) if len(frame) else 0, "match"),
        title=Phrase("monitoring.broken_title"),
        notes=(
            Phrase("monitoring.broken_note", {"since": found.since.date(), "until": found.until.date()}),
            Phrase("monitoring.broken_started"),
        ),
        shows=(
            Column("reading", Phrase("monitoring.reading")),
            Column("denominator", Phrase("monitoring.denominator")),
            Column("count", Phrase("programme.endings_count"), "count"),
            Share("share", Phrase("programme.endings_share"), counts=True),
            Interval("limits", Phrase("monitoring.limits_percent"), decimals=0, scale=100),
        ),
        kind=own if kind is None else kind,
        at="broken_off",
        keys=("reading", "denominator"),
        measures=(Measure("count"), Measure("n"), Measure("share", "share", count="count")),
        labels={"reading": Labels(words), "denominator": Labels({one: Phrase(f"monitoring.of_{one}") for one in DENOMINATORS})},
        bases={(row["reading"], row["denominator"]): Base(int(row["n"]), "match") for row in frame.to_dict("records")},
        base_on=("reading", "denominator"),
    )


def _named(frame: pd.DataFrame, whole: bool) -> pd.DataFrame:
    return frame.assign(group=TOTAL if whole else frame["group"].astype(object))


def _sizes(events: MatchEvents, by: str | None) -> dict[Any, int]:
    own = {} if by is None else events.frame[by].value_counts().to_dict()
    return {**own, TOTAL: len(events)}


def _incidence(shares: pd.DataFrame, sizes: Mapping[Any, int], root: str, kind: DataKind, words: Labels, level: float) -> Result:
    if shares.empty:
        return Result.missing(Phrase("monitoring.nothing_ended"), title=Phrase("monitoring.incidence_title"))
    from scipy.stats import norm

    frame = shares.assign(days=shares["days"].astype(int), n=[int(sizes[group]) for group in shares["group"]])
    share, se = frame["incidence"].to_numpy(float), frame["se"].to_numpy(float)
    frame["lower"], frame["upper"] = log_limits(share, se, float(norm.ppf(0.5 + level / 2)))
    return Result(
        frame=frame,
        base=Base(sizes[TOTAL], "match"),
        title=Phrase("monitoring.incidence_title"),
        notes=(Phrase("monitoring.incidence_note"),),
        shows=(
            Column("group", Phrase("monitoring.group")),
            Column("reason_class", Phrase("programme.endings_reason")),
            Column("days", Phrase("monitoring.days"), "count"),
            Known("incidence", Phrase("monitoring.incidence_share"), "percent"),
            Interval("limits", Phrase("monitoring.limits_percent"), scale=100),
        ),
        kind=kind,
        at=root,
        keys=("group", "reason_class", "days"),
        measures=(Measure("incidence", "share", of="n"),),
        labels={"group": words, "reason_class": _REASONS},
    )


def _tests(tests: pd.DataFrame, sizes: Sequence[int], root: str, kind: DataKind, n: int) -> Result:
    if tests.empty:
        return Result.missing(Phrase("monitoring.no_gray"), title=Phrase("monitoring.gray_title"))
    return Result(
        frame=tests.rename(columns={"reason": "reason_class"}).assign(**largest_sides(sizes)),
        base=Base(n, "match"),
        title=Phrase("monitoring.gray_title"),
        shows=(
            Column("reason_class", Phrase("programme.endings_reason")),
            Column("statistic", Phrase("monitoring.statistic"), "number", 2),
            Column("df", Phrase("monitoring.df"), "count"),
            Tested("p", "p", "p"),
        ),
        kind=kind,
        at=f"{root}/gray",
        keys=("reason_class",),
        measures=(Measure("statistic", "number", 2, of=""), Measure("p", "p", of="", sides=("n1", "n2"))),
        labels={"reason_class": _REASONS},
    )


def _curves(found: leaf.Endings) -> dict[str, Picture]:
    if found.curves is None:
        return {}
    frame = found.curves.frame
    points = pd.DataFrame({"time": frame["time"], "incidence": np.asarray(frame["incidence"], float)})
    points.insert(0, "group", pd.Series([_REASONS.words[str(reason)] for reason in frame["reason"]], dtype=object))
    options = {"value": "incidence"}
    return {"survival_plot": Picture("survival_plot", points.reset_index(drop=True), Phrase("monitoring.incidence_title"), options)}


_JOINT = "/"


def ended_by_reason(matches: Register, *, of: str = "ended", together: Sequence[str] = (), year: str = "") -> Result:
    """Ended matches by class of reason.

    Args:
        matches: the register of matches.
        of: what the shares are of: "ended", "ended_known" (for a known reason) or "started".
        together: reason classes, or the register's own reasons, that are also counted as one.
        year: only those that ended in it, or of "started" those that started in it; a part of one ("2025-H1") as well; default all that
            the register holds.

    Returns:
        Result; frame reason_class, count, n. Addresses `ended.<reason class>.share`, those of several `ended.<class>/<class>.share`,
        another base `ended/of-started.…`, one year `ended/in-2025.…`. Part `reasons`, the same by the register's own words for reasons,
        `ended.<reason>.share`; absent where it has none.

    Raises:
        AnalysisError: an unknown class or denominator, a year that is none or begins after the register was drawn.
        UnanswerableError: the register does not say why matches ended.
        SchemaError: the register has faults.

    Example:
        >>> rows = pd.DataFrame({"match": list("abcd"), "start": "2020-01-01", "end": ["2020-02-01", "2020-03-01", "2020-04-01", ""],
        ...     "reason_class": ["premature", "natural", "unknown", ""]})
        >>> ended_by_reason(Register(rows)).cell("share", reason_class="premature").value
        Fraction(1, 3)
    """
    events = with_reasons(matches)[0]
    own = own_reasons(events)
    # Addresses say a reason of the register's own in their own way.
    meant = [next((one for one in own if word in (one, address_part(one), folded(address_part(one)))), word) for word in together]
    joint = {_JOINT.join(meant): tuple(meant)} if len(meant) > 1 else {}
    since, until = _period_of(year, events.as_of)
    read = {name: (name,) for name in (*REASON_CLASSES, *own)} | joint
    counted = leaf.broken_off(events, read, [of], since, until).frame.rename(columns={"reading": "reason_class"})
    n = int(counted["n"].iloc[0])
    in_words = counted["reason_class"].isin([*own, *({} if set(meant) <= set(REASON_CLASSES) else joint)])
    reasons = _ended_table(counted[in_words], matches.kind, n, of, year) if in_words.any() else Result.missing(Phrase("absent.own_reasons"))
    return replace(_ended_table(counted[~in_words], matches.kind, n, of, year), parts={"reasons": reasons})


def own_reasons(events: MatchEvents) -> list[str]:
    """The register's own words for why matches ended, where it has some beside their classes.

    Args:
        events: the register with reasons.
    """
    words = events.frame["reason"].dropna().map(str) if "reason" in events.frame.columns else pd.Series(dtype=str)
    return [str(one) for one in words.value_counts().index if one and one not in REASON_CLASSES]


def _ended_table(frame: pd.DataFrame, kind: DataKind, n: int, of: str, year: str) -> Result:
    return Result(
        frame=pd.DataFrame(frame[["reason_class", "count", "n"]]).reset_index(drop=True),
        base=Base(n, "match"),
        title=Phrase("programme.endings_title"),
        notes=(Phrase(f"programme.endings_of_{of}"), *([Phrase("programme.endings_in", {"year": year})] if year else [])),
        shows=(
            Column("reason_class", Phrase("programme.endings_reason")),
            Column("count", Phrase("programme.endings_count"), "count"),
            Share("share", Phrase("programme.endings_share")),
        ),
        kind=kind,
        at="ended" + (f"/of-{of}" if of != "ended" else "") + (f"/in-{year}" if year else ""),
        keys=("reason_class",),
        measures=(Measure("count"), Measure("n"), Measure("share", "share", count="count")),
        labels={"reason_class": Labels({name: Phrase(f"programme.reason_{name}") for name in REASON_CLASSES})},
    )


def _period_of(year: str, drawn: pd.Timestamp) -> tuple[pd.Timestamp | None, pd.Timestamp | None]:
    if not year:
        return None, None
    span = span_of(year)
    if span is None:
        raise AnalysisError(f"{year!r} is no year", where="year", todo="2025, or a part of one: 2025-H1, 2025-Q2, 2025-06")
    return pd.Timestamp(span[0]), min(pd.Timestamp(span[1]), drawn)
