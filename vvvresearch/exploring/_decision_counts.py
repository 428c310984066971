"""What decisions change: the counts of each theme before and after them, of one and the same theme table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vvvresearch.locales import Phrase
from vvvresearch.results import Base, Column, Measure, Result

if TYPE_CHECKING:
    import pandas as pd

    from vvvresearch.evidence import Codings

COUNTS = ("affirmed", "contradicted", "both", "persons_affirmed", "codings")


def counts_changed(before: Result, after: Result, codings: Codings) -> Result:
    """The themes whose counts differ between two theme tables.

    Args:
        before, after: theme tables of the same round, without and with decisions.
        codings: those before, for the kind of data and where they came from.

    Returns:
        Result; .frame: code_path, and each of affirmed, contradicted, both (interviews), persons_affirmed (persons) and codings with
        _before and _after; a code that only one of them has counts none in the other. Empty where nothing changed.
    """
    import pandas as pd

    sides = {}
    for name, table in (("before", before), ("after", after)):
        frame = table.frame
        total = frame[frame["respondent_group"] == "total"].set_index("code_path") if len(frame) else pd.DataFrame(columns=COUNTS)
        sides[name] = total.reindex(columns=list(COUNTS))
    paths = list(dict.fromkeys([*sides["before"].index, *sides["after"].index]))
    found: pd.DataFrame = pd.concat(
        [side.reindex(paths).fillna(0).astype("int64").add_suffix(f"_{name}") for name, side in sides.items()], axis=1
    )
    found = found[[f"{count}_{name}" for count in COUNTS for name in sides]]
    unlike = [found[f"{count}_before"] != found[f"{count}_after"] for count in COUNTS]
    changed = pd.concat(unlike, axis=1).any(axis=1)
    found = found[changed].rename_axis("code_path").reset_index()
    numbers = [Column(f"{count}_{name}", Phrase(f"decisions.{count}_{name}"), "count") for count in COUNTS for name in sides]
    return Result(
        frame=found,
        base=Base(before.base.n, before.base.unit, source=codings.origin),
        title=Phrase("decisions.counts_title"),
        notes=(Phrase("decisions.counts_note"),),
        shows=(Column("code_path", Phrase("themes.theme")), *numbers),
        kind=codings.kind,
        at="decisions",
        keys=("code_path",),
        measures=tuple(Measure(f"{count}_{name}", of="") for count in COUNTS for name in sides),
        tree="code_path",
    )
