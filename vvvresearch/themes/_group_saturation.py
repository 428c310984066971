"""Thematic saturation by the published rule, and of respondent groups, with the order of the interviews."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.locales import Lang, Phrase, Sayable, Written, has_words, text
from vvvresearch.results import Base, Column, Labels, Measure, Picture, Result, Share, is_missing
from vvvresearch.themes._coders import Coder, coder_note, passages_of, readings_of, setting_names
from vvvresearch.themes._codes import Code, checked_codes
from vvvresearch.themes._states import held_in_order, transcribed

if TYPE_CHECKING:
    from vvvresearch.evidence import Codings, Interviews


@dataclass(frozen=True, kw_only=True, repr=False)
class Saturation(Result):
    """Saturation of one series of interviews.

    `ratios`: new themes of each run over the base; `reached_at`: "6+2" (interviews before the first run at or below the
    threshold, plus the run), None where it was not reached or cannot be assessed; `assessable`: whether there were enough
    interviews; `orders`: how many interviews saturation took in each permuted order (NaN: not reached), where asked for.
    """

    ratios: list[float] = field(default_factory=list)
    reached_at: str | None = None
    assessable: bool = False
    orders: pd.Series[Any] | None = None


def saturation(
    new_themes: Sequence[int], base_size: int = 4, run_length: int = 2, threshold: float = 0.05, *, group: str | Sayable = ""
) -> Saturation:
    """Whether and where new interviews stop to bring new themes.

    The base is the number of unique themes in the first `base_size` interviews and stays the denominator; each run is
    `run_length` interviews; runs slide by one interview. Saturation is reached at the first run whose new themes are at
    most `threshold` of the base (0 asks for none).

    Args:
        new_themes: themes first seen in each interview, in the order of the interviews.
        base_size: interviews of the base, usually 4 to 6.
        run_length: interviews of a run, usually 2 or 3.
        threshold: share of the base, usually .05 or 0.
        group: respondent group, for the base line.

    Returns:
        Saturation with .ratios and .reached_at; .frame: run ("5–6"), new_themes, base (themes).

    Raises:
        AnalysisError: negative or broken counts, sizes below 1, a threshold outside 0–1.

    Example:
        >>> saturation([20, 9, 5, 3, 3, 1, 1, 0]).reached_at
        '6+2'
    """
    counts = _checked(new_themes, base_size, run_length, threshold)
    base = sum(counts[:base_size])
    assessable = len(counts) >= base_size + run_length and base > 0
    runs = runs_of(counts, base_size, run_length) if base else []
    place = first_run(runs, base, threshold) if assessable else None
    reached = f"{base_size + place}+{run_length}" if place is not None else None
    frame = pd.DataFrame(
        {
            "run": [f"{base_size + number + 1}–{base_size + number + run_length}" for number in range(len(runs))],
            "new_themes": runs,
            "base": [base] * len(runs),
        }
    )
    return Saturation(
        frame=frame,
        base=Base(len(counts), "interview", group=group),
        title=Phrase("themes.saturation_title"),
        notes=_notes(len(counts), base, base_size, run_length, threshold, reached),
        shows=(
            Column("run", Phrase("themes.run")),
            Column("new_themes", Phrase("themes.new_themes"), "count"),
            Share("ratio", Phrase("themes.ratio"), decimals=1, count="new_themes", n="base"),
        ),
        ratios=[run / base for run in runs],
        reached_at=reached,
        assessable=assessable,
    )


def _checked(new_themes: Sequence[int], base_size: int, run_length: int, threshold: float) -> list[int]:
    if not isinstance(new_themes, Iterable) or isinstance(new_themes, (str, bytes)):
        raise AnalysisError(
            "the new themes of each interview are a list of counts", where="new_themes", todo="for example [16, 9, 6, 2, 1, 0]"
        )
    if not all(isinstance(size, Integral) for size in (base_size, run_length)):
        raise AnalysisError("base and run are whole numbers of interviews", where=f"base_size={base_size!r}, run_length={run_length!r}")
    if base_size < 1 or run_length < 1:
        raise AnalysisError("base and run need at least one interview", where=f"base_size={base_size}, run_length={run_length}")
    if not isinstance(threshold, Real) or not 0 <= threshold <= 1:
        raise AnalysisError(f"the threshold {threshold} is no share", todo="use .05 or 0")
    counts = list(new_themes)
    for number, count in enumerate(counts, start=1):
        if not isinstance(count, Real) or count != count or count < 0 or count != count // 1:
            raise AnalysisError(f"interview {number} has {count!r} new themes", why="new themes are counted: 0, 1, 2 …")
    return [int(count) for count in counts]


def first_run(runs: list[int], base: int, threshold: float) -> int | None:
    """The first run at or below the threshold."""
    limit = Fraction(str(threshold)) * base
    return next((place for place, run in enumerate(runs) if run <= limit), None)


def runs_of(counts: list[int], base_size: int, run_length: int) -> list[int]:
    """New themes of each run."""
    return [sum(counts[place : place + run_length]) for place in range(base_size, len(counts) - run_length + 1)]


def _notes(n: int, base: int, base_size: int, run_length: int, threshold: float, reached: str | None) -> tuple[Phrase, ...]:
    if n < base_size + run_length:
        return (Phrase("themes.saturation_not_assessable", {"n": n, "needed": base_size + run_length}),)
    if base == 0:
        return (Phrase("themes.saturation_no_base", {"base_size": base_size}),)
    method = {"base": base, **rule_words(base_size, run_length, threshold)}
    outcome = Phrase("themes.saturation_reached", {"place": reached}) if reached else Phrase("themes.saturation_not_reached", {"n": n})
    return (Phrase("themes.saturation_note", method), outcome)


def rule_words(base_size: int, run_length: int, threshold: float) -> dict[str, Any]:
    """The rule, for sentences."""
    return {"base_size": base_size, "run_length": run_length, "threshold": Written(Fraction(str(threshold)) * 100, "percent")}


ORDERS = 500
SEED = 2021


@dataclass(frozen=True)
class Reached(Column):
    """Where saturation was reached: "6+2", or that it was not, or cannot be assessed."""

    def write_row(self, row: Mapping[Any, Any], lang: Lang, small_n: int, labels: Mapping[str, Labels]) -> str:
        """The words of a row."""
        if not row["assessable"]:
            return text("themes.saturation_not_assessable_short", lang)
        if is_missing(row["reached_after"]):
            return text("themes.saturation_not_reached_short", lang)
        return f"{int(row['reached_after'])}+{int(row['run_length'])}"


def group_saturation(
    codings: Codings,
    interviews: Interviews,
    respondent_group: str,
    *,
    base_size: int = 4,
    run_length: int = 2,
    threshold: float = 0.05,
    codes: Sequence[str | Code] | None = None,
    coder: Coder = None,
    wave: str | None = None,
    orders: int = ORDERS,
    seed: int = SEED,
) -> Saturation:
    """Saturation in the interviews of one respondent group, in the order they were held, and over permuted orders.

    A second interview with a person is no new informant: the series holds each person's first interview. A later wave is a
    series of its own. Interviews that nobody has coded are in none, since they bring no themes for another reason.

    Args:
        codings: coded passages; a theme is a code as it was applied.
        interviews: the register; the order is by month, then as listed.
        respondent_group: the group; another group's interviews are another series.
        base_size, run_length, threshold: as `saturation`.
        codes: count only these codes as themes.
        coder: one coder's passages only, or a rule of which coder counts.
        wave: this wave's interviews; default each person's first.
        orders: permuted orders for the sensitivity (permuted, not resampled: a resample would repeat interviews).
        seed: of the permutations.

    Returns:
        Saturation, with the permuted orders beside the order as held; .reached_at is None where the group has too few interviews.

    Raises:
        AnalysisError: sizes below 1, a threshold outside 0–1, or an unknown group, coder, wave or code.

    Example:
        >>> import vvvresearch as vvv
        >>> r = vvv.open_round("demo")
        >>> group_saturation(r.codings, r.interviews, "refugee", orders=20).reached_at
        '6+2'
    """
    series = _series(codings, interviews, codes=codes, coder=coder, wave=wave)
    if respondent_group not in series:
        known = set(interviews.frame["respondent_group"])
        raise AnalysisError(f"no interview of the group {respondent_group!r} is coded", todo=did_you_mean(respondent_group, known))
    found = _assessed(series[respondent_group], respondent_group, base_size, run_length, threshold, orders, seed)
    return dataclasses.replace(found, kind=codings.kind, notes=(*found.notes, coder_note(coder)))


def saturation_table(
    codings: Codings,
    interviews: Interviews,
    *,
    base_size: int = 4,
    run_length: int = 2,
    threshold: float = 0.05,
    coder: Coder = None,
    wave: str | None = None,
    orders: int = ORDERS,
    seed: int = SEED,
) -> Result:
    """Saturation of every respondent group, each a series of its own.

    Args:
        codings, interviews, base_size, run_length, threshold, coder, wave, orders, seed: as `group_saturation`.

    Returns:
        Result; .frame: respondent_group, interviews, assessable, base_themes, reached_after (interviews before the first run at or
        below the threshold; missing where it was not reached), run_length, orders_reached, orders. A part a group: `saturation`.

    Raises:
        AnalysisError: as `group_saturation`.

    Example:
        >>> import vvvresearch as vvv
        >>> r = vvv.open_round("demo")
        >>> table = r.saturation(orders=50)
        >>> table.cell("reached_after", respondent_group="refugee").value
        6
    """
    series = _series(codings, interviews, codes=None, coder=coder, wave=wave)
    title = Phrase("themes.saturation_title")
    if not series:
        return Result.missing(Phrase("absent.codings"), title=title)
    rows, curve, parts = [], [], {}
    for group, themes in series.items():
        found = _assessed(themes, group, base_size, run_length, threshold, orders, seed)
        parts[group] = dataclasses.replace(found, kind=codings.kind)
        reached = None if found.orders is None else int(found.orders.notna().sum())
        rows.append(
            {
                "respondent_group": group,
                "interviews": len(themes),
                "assessable": found.assessable,
                "base_themes": sum(_new(themes)[:base_size]),
                "reached_after": int(found.reached_at.split("+")[0]) if found.reached_at else np.nan,
                "run_length": run_length,
                "orders_reached": np.nan if reached is None else reached,
                "orders": np.nan if reached is None else orders,
            }
        )
        if found.assessable:
            curve += [
                {"series": _group_words(group), "interviews": base_size + number + run_length, "ratio": ratio}
                for number, ratio in enumerate(found.ratios)
            ]
    frame = pd.DataFrame(rows)
    pictures = {"curve": Picture("saturation_curve", pd.DataFrame(curve), options={"threshold": threshold})} if curve else {}
    return Result(
        frame=frame,
        base=Base(int(frame["interviews"].sum()), "interview", wave=wave or "", source=codings.origin),
        title=title,
        notes=(
            Phrase("themes.saturation_table_note", rule_words(base_size, run_length, threshold)),
            Phrase("themes.saturation_wave" if wave else "themes.saturation_first", {"wave": wave} if wave else {}),
            coder_note(coder),
        ),
        shows=(
            Column("respondent_group", Phrase("common.group")),
            Column("interviews", Phrase("themes.interviews"), "count"),
            Column("base_themes", Phrase("themes.base_themes"), "count"),
            Reached("reached", Phrase("themes.saturation_reached_at"), note=Phrase("themes.saturation_reading")),
            Share(
                "share",
                Phrase("themes.saturation_share"),
                count="orders_reached",
                n="orders",
                note=Phrase("themes.saturation_orders_note", {"orders": orders, "seed": str(seed)}),
            ),
        ),
        kind=codings.kind,
        at="saturation" + setting_names(coder=coder, wave=wave, rule=_unusual(base_size, run_length, threshold)),
        keys=("respondent_group",),
        measures=(
            Measure("interviews", of=""),
            Measure("base_themes", of=""),
            Measure("reached_after", of=""),
            Measure("share", "share", of="orders", count="orders_reached", unit="order"),
        ),
        labels={"respondent_group": Labels({}, table="groups")},
        bases={
            (group,): Base(len(themes), "interview", group=_group_words(group), source=codings.origin) for group, themes in series.items()
        },
        base_on=("respondent_group",),
        parts=parts,
        pictures=pictures,
    )


def _series(
    codings: Codings, interviews: Interviews, *, codes: Sequence[str | Code] | None, coder: Coder, wave: str | None
) -> dict[str, list[set[str]]]:
    """The themes of each interview by group, in the order held: each person's first interview, or one wave's."""
    register = transcribed(interviews, wave)
    register = register[register["source"].isin(set(readings_of(codings, register, coder)["source"]))]
    if wave is None:
        register = register.iloc[held_in_order(register)].drop_duplicates("person").sort_index()
    register = register.sort_values("month", kind="stable")
    passages = passages_of(codings, coder, register)
    if codes is not None:
        passages = passages[passages["code_path"].isin(checked_codes(codings.codebook, codes))]
    found = passages.groupby("source")["code_path"].agg(set).to_dict()
    groups = dict.fromkeys(group for group in interviews.frame["respondent_group"] if group in set(register["respondent_group"]))
    return {
        str(group): [found.get(source, set()) for source in register.loc[register["respondent_group"] == group, "source"]]
        for group in groups
    }


def _assessed(themes: list[set[str]], group: str, base_size: int, run_length: int, threshold: float, orders: int, seed: int) -> Saturation:
    held = saturation(_new(themes), base_size, run_length, threshold, group=_group_words(group))
    if not held.assessable or orders == 0:
        return held
    generator = np.random.default_rng(seed)
    names = sorted(set().union(*themes))
    told = np.array([[name in own for name in names] for own in themes], dtype=bool)
    shuffled = told[np.array([generator.permutation(len(themes)) for _ in range(orders)])]
    places = []
    for counts in np.diff(np.logical_or.accumulate(shuffled, axis=1).sum(axis=2), axis=1, prepend=0).tolist():
        base = sum(counts[:base_size])
        place = first_run(runs_of(counts, base_size, run_length), base, threshold) if base else None
        places.append(np.nan if place is None else base_size + place)
    series = pd.Series(places, name="interviews")
    reached = series.dropna()
    values: dict[str, Any] = {
        "orders": orders,
        "seed": str(seed),
        "share": Written(Fraction(len(reached), orders) * 100, "percent"),
        "median": f"{int(reached.median())}" if len(reached) else "–",
    }
    return dataclasses.replace(held, orders=series, notes=(*held.notes, Phrase("themes.saturation_orders", values)))


def _group_words(group: str) -> str | Phrase:
    return Phrase(f"groups.{group}") if has_words(f"groups.{group}") else group


def _unusual(base_size: int, run_length: int, threshold: float) -> str:
    """A rule other than the usual one, for the address."""
    return "" if (base_size, run_length, threshold) == (4, 2, 0.05) else f"{base_size}-{run_length}-{round(1000 * threshold)}"


def _new(themes: list[set[str]]) -> list[int]:
    seen: set[str] = set()
    counts = []
    for own in themes:
        counts.append(len(own - seen))
        seen |= own
    return counts
