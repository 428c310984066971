"""What changed between two mappings of the same pairs: links that are new, kept, turned or not named again. Never a score."""

from __future__ import annotations

from typing import Any

import pandas as pd

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.evidence import Mappings
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Lang, Phrase, check_lang
from vvvresearch.mechanisms.maps._links import links_of
from vvvresearch.results import Base, Column, Result

CHANGES = ("new", "kept", "turned", "not named again")


def wave_changes(
    links: pd.DataFrame | Mappings, first: str | None = None, second: str | None = None, *, kind: DataKind | None = None, lang: Lang = "da"
) -> Result:
    """Compare the mappings of each pair at two waves, link by link.

    Only pairs mapped at both waves are compared; the others are named in the note. A link that is not named again is not
    thereby gone: silence is not denial.

    Args:
        links: links with case and wave, or the mappings of a round.
        first, second: waves; default the earliest and the latest.
        kind, lang: as in `causal_map`.

    Returns:
        A Result; `.frame` has case, cause, effect, change ("new", "kept", "turned", "not named again"), direction_first,
        direction_second, informants_first, informants_second.

    Raises:
        AnalysisError: no case or wave column, one wave only, no pair mapped twice.
    """
    table = links_of(links)
    for name in ("case", "wave"):
        if name not in table.columns:
            raise AnalysisError(f"the links have no column {name!r}", why="changes are looked for within a pair, between waves")
    waves = sorted(table["wave"].astype(str).unique())
    first, second = first or waves[0], second or waves[-1]
    for wave in (first, second):
        if wave not in waves:
            raise AnalysisError(f"there is no wave {wave!r}", todo=did_you_mean(wave, waves))
    if first == second:
        raise AnalysisError("there is one wave only", where=f"wave {first}", why="a change needs two")
    told = {wave: table[table["wave"].astype(str) == wave] for wave in (first, second)}
    cases = {wave: set(part["case"]) for wave, part in told.items()}
    both = sorted(cases[first] & cases[second])
    if not both:
        raise AnalysisError("no pair is mapped at both waves", where=f"waves {first} and {second}")
    rows: list[dict[str, Any]] = []
    for case in both:
        before, after = (_said(part[part["case"] == case]) for part in told.values())
        for link in sorted(before.keys() | after.keys()):
            rows.append({"case": case, "cause": link[0], "effect": link[1], **_change(before.get(link), after.get(link))})
    once = sorted((cases[first] | cases[second]) - set(both))
    notes = [Phrase("mechanisms.changes_method", {"first": first, "second": second})]
    if once:
        notes.append(Phrase("mechanisms.changes_once", {"cases": ", ".join(once)}))
    known = kind or (links.kind if isinstance(links, Mappings) else DataKind.REAL)
    words = ("case", "cause", "outcome_of", "change")
    names = ("case", "cause", "effect", "change")
    return Result(
        frame=pd.DataFrame(rows),
        base=Base(len(both), unit="pair"),
        title=Phrase("mechanisms.title_changes"),
        notes=tuple(notes),
        shows=tuple(
            Column(name, Phrase(f"mechanisms.{word}"), words="mechanism_words" if name == "change" else "")
            for name, word in zip(names, words, strict=True)
        ),
        kind=known,
        lang=check_lang(lang),
    )


_Said = tuple[str, str]


def _said(links: pd.DataFrame) -> dict[tuple[str, str], _Said]:
    """Per link the directions and the informants, in alphabetical order."""
    return {
        (str(cause), str(effect)): (", ".join(sorted(set(group["direction"]))), ", ".join(sorted(set(group["informant"]))))
        for (cause, effect), group in links.groupby(["cause", "effect"], sort=False)
    }


def _change(before: _Said | None, after: _Said | None) -> dict[str, str]:
    missing = "not named again" if before else "new"
    change = missing if not (before and after) else "kept" if before[0] == after[0] else "turned"
    empty = ("", "")
    (was, by), (now, whom) = before or empty, after or empty
    return {"change": change, "direction_first": was, "direction_second": now, "informants_first": by, "informants_second": whom}
