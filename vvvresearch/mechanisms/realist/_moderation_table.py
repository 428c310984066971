"""Mechanism by moderator by outcome, case by case, with the counter-cases kept."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import pandas as pd

from vvvresearch.errors import AnalysisError, did_you_mean, require_table
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Lang, Phrase, check_lang
from vvvresearch.results import Base, Column, Result


def mechanism_table(
    data: pd.DataFrame,
    mechanisms: Sequence[str],
    outcome: str,
    moderators: Sequence[str] = (),
    *,
    kind: DataKind = DataKind.REAL,
    lang: Lang = "da",
) -> Result:
    """How often each mechanism goes with the outcome, with and without each moderator, and which cases speak against it.

    Args:
        data: one row a case, named by the index; yes/no columns of 0 and 1 (or memberships, above .5 is yes).
        mechanisms: columns of mechanisms; a last block shows the cases without any of them.
        outcome: column of the outcome.
        moderators: columns that may further or hinder; every mechanism is shown with and without each.
        kind, lang: as in `moderators`.

    Returns:
        A Result; `.frame` has mechanism ("" is none of them), moderator, present (whether the moderator is), n, with_outcome,
        without_outcome, cases_with, cases_without, counter_cases: where a mechanism is named those without the outcome, in the
        block of none those with it (a good match that needs another explanation).

    Raises:
        AnalysisError: unknown columns, missing values, an empty table.

    Example:
        >>> import pandas as pd
        >>> pairs = pd.DataFrame({"lighed": [1, 0, 0], "godt": [1, 1, 0]}, index=["P1", "P2", "P3"])
        >>> mechanism_table(pairs, ["lighed"], "godt").frame[["mechanism", "n", "counter_cases"]].values.tolist()
        [['lighed', 1, ''], ['', 2, 'P2']]
    """
    require_table(data, "data")
    names = [*mechanisms, *moderators, outcome]
    if data.empty or not mechanisms:
        raise AnalysisError("the table needs cases and at least one mechanism")
    for name in names:
        if name not in data.columns:
            raise AnalysisError(f"there is no column {name!r}", todo=did_you_mean(name, [str(column) for column in data.columns]))
        missing = pd.to_numeric(data[name], errors="coerce").isna()
        if missing.any():
            raise AnalysisError(f"{name!r} is missing or no number", where=f"case {data.index[missing][0]}")
    yes = data[names].astype(float) > 0.5
    blocks = [(name, yes[name]) for name in mechanisms]
    blocks.append(("", ~yes[list(mechanisms)].any(axis=1)))
    splits = [("", None)] + [(name, present) for name, present in product(moderators, (True, False))]
    rows = []
    for (mechanism, inside), (moderator, present) in product(blocks, splits):
        chosen = inside if present is None else inside & (yes[moderator] == present)
        with_outcome = [str(case) for case in data.index[chosen & yes[outcome]]]
        without = [str(case) for case in data.index[chosen & ~yes[outcome]]]
        rows.append(
            {
                "mechanism": mechanism,
                "moderator": moderator,
                "present": present,
                "n": int(chosen.sum()),
                "with_outcome": len(with_outcome),
                "without_outcome": len(without),
                "cases_with": ", ".join(with_outcome),
                "cases_without": ", ".join(without),
                "counter_cases": ", ".join(without if mechanism else with_outcome),
            }
        )
    frame = pd.DataFrame(rows)
    frame["present"] = frame["present"].astype(object)
    return Result(
        frame=frame,
        base=Base(len(data), unit="case"),
        title=Phrase("mechanisms.title_crosstable", {"outcome": outcome}),
        notes=(Phrase("mechanisms.crosstable_method"),),
        shows=(
            Column("mechanism", Phrase("mechanisms.mechanism")),
            Column("moderator", Phrase("mechanisms.moderator")),
            Column("present", Phrase("mechanisms.present")),
            *(Column(name, Phrase(f"mechanisms.{name}"), format="count") for name in ("n", "with_outcome", "without_outcome")),
            Column("counter_cases", Phrase("mechanisms.counter_cases")),
        ),
        kind=kind,
        lang=check_lang(lang),
    )
