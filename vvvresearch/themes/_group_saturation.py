"""Saturation of respondent groups, and how it depends on the order of the interviews."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.locales import Lang, Phrase, Written, has_words, text
from vvvresearch.results import Base, Column, Labels, Measure, Picture, Result, Share, is_missing
from vvvresearch.themes._coders import Coder, coder_note, passages_of, readings_of, setting_names
from vvvresearch.themes._codes import Code, checked_codes
from vvvresearch.themes._saturation import Saturation, first_run, rule_words, runs_of, saturation
from vvvresearch.themes._states import held_in_order, transcribed

if TYPE_CHECKING:
    from vvvresearch.evidence import Codings, Interviews

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
