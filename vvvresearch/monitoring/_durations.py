"""From offer to end: how many matches went from step to step, how long who accepted waited, and how long matches last, by group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from vvvresearch.errors import UnanswerableError
from vvvresearch.evidence import Register
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Joined, Lang, Phrase, Written, has_words
from vvvresearch.monitoring import matches as leaf
from vvvresearch.monitoring._records import MONTH, Matches, checked, group_labels, grouped, root_of, split_title, words_of
from vvvresearch.monitoring.matches import Offers
from vvvresearch.results import (
    TOTAL,
    Base,
    Column,
    Interval,
    Labels,
    Measure,
    Picture,
    Result,
    SaidP,
    Share,
    Total,
    is_missing,
    largest_sides,
)

# Half a year, one, two and three years in days.
HORIZONS = (183, 365, 730, 1096)
SMALL_N = 5
MOST_CURVES = 6


def duration(
    matches: Matches,
    *,
    by: str | None = None,
    at: Sequence[int] = HORIZONS,
    small_n: int = SMALL_N,
    level: float = 0.95,
    municipalities: pd.DataFrame | None = None,
) -> Result:
    """How long matches last: the Kaplan–Meier median by group, and the share that lasts to each horizon.

    Matches that still last are censored on the day of the extract; those that are older than the register are under observation from
    the day on which it first knew of them (delayed entry). Limits are
    products of beta variables, which hold in small groups too, and those of the median invert them.

    Args:
        matches: register of matches, one row a match: match, start, end, and where known registered, as_of, reason, organisation, ….
        by: a column of the register, or of the table of municipalities (region, …); left out: all matches together.
        at: horizons in days.
        small_n: groups with fewer matches show how many they are and nothing else.
        level: of the limits.
        municipalities: code and what else is known of each, for `by`.

    Returns:
        Result; frame group ("total" last), n, ended, open, median, lower, upper (days; missing where the curve does not fall to a half,
        and for small groups), months (the median in months), ended_median (the middle of how many days those lasted that have ended; what
        still goes on is no part of it, which makes it short). Addresses `duration.total.median`, `duration/by-<column>.<group>.n`.
        Part `lasting`: group, days, at_risk, share, lower, upper; addresses `duration.<group>.<days>.share`. Totals where
        groups are compared: `statistic`, `df`, `p` of the log-rank test. Picture: survival_plot.

    Raises:
        AnalysisError: no such column.
        SchemaError: the register has faults.

    Example:
        >>> rows = {"match": list("abcde"), "start": "2020-01-01", "as_of": "2020-12-31",
        ...     "end": ["2020-01-11", "2020-01-21", "2020-01-31", "2020-02-10", ""]}
        >>> duration(pd.DataFrame(rows)).cell("duration.total.median").value
        30.0
    """
    events, kind = checked(matches)
    events = grouped(events, by, municipalities)
    whole = leaf.duration(events, None, at, small_n, level=level)
    found = [whole] if by is None else [leaf.duration(events, by, at, small_n, level=level), whole]
    frame = pd.concat([_named(one.frame, one is whole) for one in found], ignore_index=True)
    frame["months"] = frame["median"] / MONTH
    lasts = [_named(one.lasting, one is whole) for one in found if len(one.lasting)]
    nothing = pd.DataFrame(columns=["group", "days", "at_risk", "share", "lower", "upper"])
    lasting = pd.concat(lasts, ignore_index=True, sort=False) if lasts else nothing
    root, test, small = root_of("duration", by), found[0].test, () if by is None else found[0].small
    base = Base(len(events), "match")
    notes: list[Any] = [Phrase("monitoring.duration_note", {"date": events.as_of.date()})]
    sides = {} if test is None else largest_sides(test.frame["n"])
    if test is not None and not is_missing(test.p):
        notes.append(Phrase("monitoring.duration_test", {"p": SaidP(test.p, sides)}))
    notes += [Phrase("monitoring.duration_some_day", {"n": int(events.some_day.sum())})] if events.some_day.any() else []
    notes += _small_note(small, small_n)
    words = group_labels()
    return Result(
        frame=frame,
        base=base,
        title=split_title("monitoring.duration_title", by),
        notes=tuple(notes),
        shows=(
            Column("group", Phrase("monitoring.group")),
            Column("n", Phrase("monitoring.matches"), "count"),
            Column("ended", Phrase("monitoring.ended"), "count"),
            Column("open", Phrase("monitoring.open"), "count"),
            Column("months", Phrase("monitoring.median_months"), "number", 1),
            _Months("limits", Phrase("monitoring.limits_months"), decimals=1),
        ),
        kind=kind,
        at=root,
        keys=("group",),
        measures=(
            *(Measure(name, of="n") for name in ("n", "ended", "open")),
            Measure("median", "number", of="n"),
            Measure("months", "number", 1, of="n"),
            Measure("ended_median", "number", of="ended_timed"),
        ),
        labels={"group": words},
        bases={(row["group"],): Base(int(row["n"]), "match") for row in frame.to_dict("records")},
        base_on=("group",),
        totals={} if test is None or is_missing(test.p) else _tested(test, base, sides),
        parts={"lasting": _lasting(lasting, root, kind, words, frame)},
        pictures=_curves(found[0], words),
    )


def _named(frame: pd.DataFrame, whole: bool) -> pd.DataFrame:
    return frame.assign(group=TOTAL if whole else frame["group"].astype(object))


def _small_note(small: Sequence[Any], small_n: int) -> list[Phrase]:
    return [Phrase("monitoring.small_groups", {"n": small_n, "groups": Joined(tuple(map(str, small)))})] if small else []


def _tested(test: leaf.GroupTest, base: Base, sides: Mapping[str, int]) -> dict[str, Total]:
    return {"statistic": Total(test.statistic, base, "number", 2), "df": Total(test.df, base), "p": Total(test.p, base, "p", sides=sides)}


def _lasting(frame: pd.DataFrame, root: str, kind: DataKind, words: Labels, groups: pd.DataFrame) -> Result:
    sizes = dict(zip(groups["group"], groups["n"], strict=True))
    frame = frame.assign(n=[int(sizes[group]) for group in frame["group"]], days=[int(days) for days in frame["days"]])
    return Result(
        frame=frame,
        base=Base(int(sizes[TOTAL]), "match"),
        title=Phrase("monitoring.lasting_title"),
        notes=(Phrase("monitoring.lasting_note"),),
        shows=(
            Column("group", Phrase("monitoring.group")),
            Column("days", Phrase("monitoring.days"), "count"),
            Column("at_risk", Phrase("monitoring.at_risk"), "count"),
            Known("share", Phrase("monitoring.lasting_share"), "percent"),
            Interval("limits", Phrase("monitoring.limits_percent"), scale=100),
        ),
        kind=kind,
        at=root,
        keys=("group", "days"),
        measures=(Measure("share", "share", of="n"), Measure("at_risk", of="n")),
        labels={"group": words},
    )


@dataclass(frozen=True)
class Known(Column):
    """An estimated share, 0–1, written as a percentage; an en dash where it is not known."""

    def write(self, value: Any, lang: Lang) -> str:
        """The share in words."""
        return super().write(None if is_missing(value) else 100 * value, lang)


@dataclass(frozen=True)
class _Months(Interval):
    """Limits in days, written in months; an upper limit that is not reached is said to be open."""

    def write_row(self, row: Mapping[Any, Any], lang: Lang, small_n: int, labels: Mapping[str, Labels]) -> str:
        """The limits of a group."""
        if is_missing(row["lower"]):
            return "–"
        lower = Written(row["lower"] / MONTH, "number", self.decimals)
        if is_missing(row["upper"]):
            return Phrase("monitoring.at_least", {"lower": lower}).say(lang)
        return Phrase("common.range", {"lower": lower, "upper": Written(row["upper"] / MONTH, "number", self.decimals)}).say(lang)


def _curves(found: leaf.Durations, words: Labels) -> dict[str, Picture]:
    if found.curves is None:
        return {}
    # Only so many curves can be told apart; the largest groups are drawn.
    chosen = found.curves.sizes.nlargest(MOST_CURVES, "n")["group"]
    frame = found.curves.frame[found.curves.frame["group"].isin(chosen)]
    named: dict[Any, Any] = {group: Phrase(key) for group in set(frame["group"]) if has_words(key := f"attributes.{group}")}
    named |= {**words.words, "": Phrase("monitoring.all_matches")}
    series = [named.get(group, str(group)) for group in frame["group"]]
    points = pd.DataFrame({name: frame[name].to_numpy() for name in ("time", "survival", "lower", "upper", "at_risk", "events")})
    points.insert(0, "group", pd.Series(series, dtype=object))
    return {"survival_plot": Picture("survival_plot", points, Phrase("monitoring.duration_title"))}


def log_limits(share: Any, se: Any, z: float) -> tuple[Any, Any]:
    """Limits of a share on the log(−log) scale, which stay between 0 and 1; missing where the share is 0 or 1.

    Example:
        >>> [round(float(limit[0]), 3) for limit in log_limits(np.array([0.5]), np.array([0.1]), 1.96)]
        [0.295, 0.675]
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        inside = np.where((share > 0) & (share < 1), share, np.nan)
        half = z * se / (inside * np.log(inside))
        return inside ** np.exp(-half), inside ** np.exp(half)


def funnel(offers: Register | pd.DataFrame | Offers, *, level: float = 0.95) -> Result:
    """How many were offered a friend, accepted, were matched and started; who stopped where and why.

    Args:
        offers: one row a case: case (id), referred or offered, started or matched, and where known accepted (dates, empty where it did
            not come to that, or yes and no), person, stopped (date), stop_reason, as_of. A register of matches with a column referred
            or offered serves too.
        level: of the limits.

    Returns:
        Result; frame step, n, persons, next, stopped, open, share (of those at the step before), before, lower, upper. Addresses
        `funnel.<step>.n`, `.share`. Part `reasons`: step, reason, n. Picture: bars.

    Raises:
        AnalysisError: no table.
        SchemaError: the register has faults, every one with its row.

    Example:
        >>> rows = {"case": list("abc"), "offered": "2021-01-01", "accepted": ["2021-01-05", "2021-01-06", ""],
        ...     "matched": ["2021-02-01", "", ""], "started": ""}
        >>> funnel(pd.DataFrame(rows)).cell("funnel.matched.share").value
        Fraction(1, 2)
    """
    register, kind = checked_offers(offers)
    found = leaf.funnel(register, level)
    frame = found.frame.drop(columns="share").assign(before=found.frame["n"].shift().astype("Int64"))
    words = Labels({step: Phrase(f"monitoring.step_{step}") for step in register.steps})
    base = Base(int(frame["n"].iloc[0]), "case")
    bars = pd.DataFrame({"label": [words.words[step] for step in frame["step"]], "count": frame["n"], "n": base.n})
    return Result(
        frame=frame,
        base=base,
        title=Phrase("monitoring.funnel_title"),
        notes=(Phrase("monitoring.funnel_note", {"date": register.as_of.date()}),),
        shows=(
            Column("step", Phrase("monitoring.funnel_step")),
            Column("n", Phrase("monitoring.cases"), "count"),
            Column("next", Phrase("monitoring.next"), "count"),
            Column("stopped", Phrase("monitoring.stopped"), "count"),
            Column("open", Phrase("monitoring.waiting"), "count"),
            Share("share", Phrase("monitoring.share_step"), count="n", n="before"),
            Interval("limits", Phrase("monitoring.limits_percent"), scale=100),
        ),
        kind=kind,
        at="funnel",
        keys=("step",),
        measures=(
            *(Measure(name, of="") for name in ("n", "next", "stopped", "open")),
            Measure("persons", of="", only_known=True, unit="person"),
            Measure("share", "share", of="before", count="n"),
        ),
        labels={"step": words},
        bases={(row["step"],): Base(None if pd.isna(row["before"]) else int(row["before"]), "case") for row in frame.to_dict("records")},
        base_on=("step",),
        parts={"reasons": _reasons(found.reasons, words, kind)},
        pictures={"bars": Picture("bars", bars, options={"single": False, "steps": True})},
    )


def waiting(
    offers: Register | pd.DataFrame | Offers, *, by: str | None = None, within: int = 91, small_n: int = SMALL_N, level: float = 0.95
) -> Result:
    """How long who accepted waits for a match, and the share that has one within three months; from the offer, where no acceptance is held.

    Who still waits is censored on the day of the extract; who gave up counts as not matched in the share.

    Args:
        offers: as `funnel`.
        by: a column of the register; left out: all cases together.
        within: days.
        small_n: groups with fewer cases show their counts only.
        level: of the limits.

    Returns:
        Result; frame group ("total" last), n (who waited), matched, waiting, stopped, median, median_lower, median_upper (days), share,
        lower, upper. Addresses `waiting.total.median`, `.share`, `waiting/by-<column>.<group>.median`.

    Raises:
        AnalysisError: no such column.
        UnanswerableError: nobody has waited.
        SchemaError: the register has faults.

    Example:
        >>> rows = {"case": list("abcdef"), "offered": "2021-01-01", "accepted": "2021-01-01", "started": "", "matched": ["2021-01-11",
        ...     "2021-01-21", "2021-01-31", "2021-05-01", "2021-06-01", ""]}
        >>> waiting(pd.DataFrame(rows)).cell("waiting.total.waiting").value
        1
    """
    register, kind = checked_offers(offers)
    since, _ = register.waited
    if register.frame[since].isna().all():
        raise UnanswerableError("nobody waits or has waited for a match", reason=Phrase("absent.waited"), where=since)
    parts = [] if by is None else [leaf.waiting_time(register, within, by, small_n, level)]
    whole = leaf.waiting_time(register, within, None, small_n, level).assign(group=TOTAL)
    frame = pd.concat([*parts, whole], ignore_index=True)
    frame["group"] = frame["group"].astype(object).replace("", "unknown")
    return Result(
        frame=frame,
        base=Base(int(whole["n"].iloc[0]), "case"),
        title=Phrase(f"monitoring.waiting_since_{since}"),
        notes=(Phrase("monitoring.waiting_note", {"days": within, "months": round(within / MONTH)}),),
        shows=(
            Column("group", Phrase("monitoring.group")),
            Column("n", Phrase("monitoring.who_waited"), "count"),
            Column("matched", Phrase("monitoring.step_matched"), "count"),
            Column("waiting", Phrase("monitoring.waiting"), "count"),
            Column("stopped", Phrase("monitoring.stopped"), "count"),
            Column("median", Phrase("monitoring.median_days"), "number"),
            Known("share", Phrase("monitoring.within", {"days": within}), "percent"),
            Interval("limits", Phrase("monitoring.limits_percent"), scale=100),
        ),
        kind=kind,
        at=root_of("waiting", by),
        keys=("group",),
        measures=(
            *(Measure(name) for name in ("n", "matched", "waiting", "stopped")),
            Measure("median", "number"),
            Measure("share", "share"),
        ),
        labels={"group": group_labels()},
        bases={(row["group"],): Base(int(row["n"]), "case") for row in frame.to_dict("records")},
        base_on=("group",),
    )


def checked_offers(offers: Register | pd.DataFrame | Offers) -> tuple[Offers, DataKind]:
    """The checked register of offers and the kind of its data; of matches, the columns that say the same.

    Raises:
        AnalysisError: no table.
        SchemaError: the register has faults.
    """
    if isinstance(offers, Offers):
        return offers, DataKind.REAL
    kind = offers.kind if isinstance(offers, Register) else DataKind.REAL
    frame = offers.frame if isinstance(offers, Register) else offers
    if isinstance(frame, pd.DataFrame) and "case" not in frame.columns and {"match", "start"} <= set(frame.columns):
        frame = frame.rename(columns={"match": "case", "start": "started", "refugee": "person"})
    as_of = None
    if isinstance(frame, pd.DataFrame) and "as_of" in frame.columns:
        days = frame["as_of"].dropna().astype(str)
        as_of = days[days != ""].max() if (days != "").any() else None
    return leaf.offer_events(frame, as_of), kind


def _reasons(frame: pd.DataFrame, words: Labels, kind: DataKind) -> Result:
    if frame.empty:
        return Result.missing(Phrase("monitoring.nobody_stopped"), title=Phrase("monitoring.stop_title"))
    table = frame.assign(reason=frame["reason"].replace("", "unknown"))
    return Result(
        frame=table,
        base=Base(int(table["n"].sum()), "case"),
        title=Phrase("monitoring.stop_title"),
        shows=(
            Column("step", Phrase("monitoring.funnel_step")),
            Column("reason", Phrase("programme.endings_reason")),
            Column("n", Phrase("monitoring.cases"), "count"),
        ),
        kind=kind,
        at="funnel/stopped",
        keys=("step", "reason"),
        measures=(Measure("n", of=""),),
        labels={"step": words, "reason": words_of(table["reason"], "stop")},
    )
