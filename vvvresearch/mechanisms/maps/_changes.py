"""What changed between two mappings of the same pairs: links that are new, kept, turned or not named again. Never a score."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.evidence import waves_in_order
from vvvresearch.locales import Phrase
from vvvresearch.mechanisms.maps._links import kind_of, link_labels, link_of, links_of, names_of, origin_of
from vvvresearch.results import Base, Column, Labels, Measure, Names, Result, Total, address_part

if TYPE_CHECKING:
    from vvvresearch.evidence import Mappings
    from vvvresearch.kinds import DataKind

ROOT = "changes"
CHANGES = ("kept", "turned", "new", "not_named")
_SHOWN_NEW = 2


def wave_changes(
    links: pd.DataFrame | Mappings, *, first: str | None = None, second: str | None = None, kind: DataKind | None = None
) -> Result:
    """Compare the mappings of each pair at two waves, link by link.

    Only pairs mapped at both waves are compared; the others are named in the note. A link that is not named again is not
    thereby gone: silence is not denial.

    Args:
        links: links with case and wave, or the mappings of a round.
        first, second: waves; default the earliest and the latest.
        kind: as in `causal_map`.

    Returns:
        A Result; `.frame` has one row a pair's link: case, link, cause, effect, change ("kept", "turned", "new", "not_named"),
        first and second (informants who name it), direction_first, direction_second, informants_first, informants_second. Its part
        "pairs" has one row a pair with the number of each change and the first links that are new. Absent with one wave, or where
        no pair is mapped at both.

    Raises:
        AnalysisError: no case or wave column, a wave that is not there, the same wave twice.

    Example:
        >>> import pandas as pd
        >>> said = pd.DataFrame({"case": ["P1", "P1"], "wave": ["1", "2"], "cause": ["tid", "tid"], "effect": ["ro", "ro"],
        ...     "informant": ["A", "A"], "direction": ["promotes", "hinders"]})
        >>> wave_changes(said).frame[["link", "change"]].to_numpy().tolist()
        [['tid > ro', 'turned']]
    """
    table, names, known = links_of(links), names_of(links), kind_of(links, kind)
    for name in ("case", "wave"):
        if name not in table.columns:
            raise AnalysisError(f"the links have no column {name!r}", why="changes are looked for within a pair, between waves")
    waves = waves_in_order(table["wave"])
    if not waves:
        return Result.missing(Phrase("mapping_tables.one_wave"), title=Phrase("mechanisms.title_changes"))
    at = ROOT if first is None and second is None else f"{ROOT}/{address_part(first or waves[0])}~{address_part(second or waves[-1])}"
    if first is not None and first == second:
        raise AnalysisError("a change needs two waves", where=f"wave {first} twice")
    first, second = first or waves[0], second or waves[-1]
    for wave in (first, second):
        if wave not in waves:
            raise AnalysisError(f"there is no wave {wave!r}", todo=did_you_mean(wave, waves))
    if first == second:
        return Result.missing(Phrase("mapping_tables.one_wave"), title=Phrase("mechanisms.title_changes"))
    told = {wave: table[table["wave"].astype(str) == wave] for wave in (first, second)}
    cases = {wave: set(part["case"].astype(str)) for wave, part in told.items()}
    both = sorted(cases[first] & cases[second])
    if not both:
        return Result.missing(Phrase("mapping_tables.never_twice"), title=Phrase("mechanisms.title_changes"))
    rows: list[dict[str, Any]] = []
    bases = {}
    for case in both:
        own = [part[part["case"].astype(str) == case] for part in told.values()]
        bases[(case,)] = Base(int(pd.concat(own)["informant"].nunique()), "informant", source=origin_of(links))
        before, after = map(_said, own)
        for link in sorted(before.keys() | after.keys(), key=lambda ends: [names.get(end, end) for end in ends]):
            rows.append(
                {"case": case, "link": link_of(*link), "cause": link[0], "effect": link[1], **_change(before.get(link), after.get(link))}
            )
    frame = pd.DataFrame(rows)
    once = sorted((cases[first] | cases[second]) - set(both))
    notes = [Phrase("mechanisms.changes_method", {"first": first, "second": second})]
    if once:
        notes.append(Phrase("mechanisms.changes_once", {"cases": ", ".join(once)}))
    labels = {
        "cause": Labels(names),
        "effect": Labels(names),
        "link": link_labels(zip(frame["cause"], frame["effect"], strict=True), names),
    }
    return Result(
        frame=frame,
        base=Base(len(frame), "link", source=origin_of(links)),
        title=Phrase("mechanisms.title_changes"),
        notes=tuple(notes),
        shows=(
            Column("case", Phrase("mechanisms.case")),
            Column("cause", Phrase("mechanisms.cause")),
            Column("effect", Phrase("mechanisms.outcome_of")),
            Column("change", Phrase("mechanisms.change"), words="mechanism_words"),
        ),
        kind=known,
        at=at,
        keys=("case", "link"),
        measures=(Measure("first", of=""), Measure("second", of="")),
        categories={"change": CHANGES},
        labels=labels,
        bases=bases,
        base_on=("case",),
        totals={"pairs": Total(len(both), Base(len(both), "pair"))},
        parts={"pairs": _pairs(frame, tuple(notes), known, at, labels["link"])},
    )


def _pairs(frame: pd.DataFrame, notes: tuple[Phrase, ...], kind: DataKind, at: str, labels: Labels) -> Result:
    """One row a pair: how many of its links changed in which way."""
    counted = frame.groupby(["case", "change"]).size().unstack(fill_value=0).reindex(columns=list(CHANGES), fill_value=0)
    table = counted.reset_index().rename_axis(columns=None)
    new = frame[frame["change"] == "new"]
    table["new_links"] = [tuple(new.loc[new["case"] == case, "link"].head(_SHOWN_NEW)) for case in table["case"]]
    return Result(
        frame=table,
        base=Base(len(table), "pair"),
        title=Phrase("mechanisms.title_changes"),
        notes=notes,
        shows=(
            Column("case", Phrase("mechanisms.case")),
            *(Column(name, Phrase(f"mapping_tables.{name}"), "count") for name in CHANGES),
            Names("new_links", Phrase("mapping_tables.new_links"), mark="; "),
        ),
        kind=kind,
        at=at,
        keys=("case",),
        measures=tuple(Measure(name, of="") for name in CHANGES),
        labels={"new_links": labels},
        bases={(case,): Base(int(count), "link") for case, count in frame["case"].value_counts().items()},
        base_on=("case",),
    )


_Said = tuple[str, tuple[str, ...]]


def _said(links: pd.DataFrame) -> dict[tuple[str, str], _Said]:
    """Per link the directions and the informants, in alphabetical order."""
    return {
        (str(cause), str(effect)): (", ".join(sorted(set(group["direction"]))), tuple(sorted(set(group["informant"]))))
        for (cause, effect), group in links.groupby(["cause", "effect"], sort=False)
    }


def _change(before: _Said | None, after: _Said | None) -> dict[str, Any]:
    missing = "not_named" if before else "new"
    change = missing if not (before and after) else "kept" if before[0] == after[0] else "turned"
    (was, by), (now, whom) = before or ("", ()), after or ("", ())
    return {
        "change": change,
        "first": len(by),
        "second": len(whom),
        "direction_first": was,
        "direction_second": now,
        "informants_first": ", ".join(by),
        "informants_second": ", ".join(whom),
    }
