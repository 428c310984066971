"""Mechanism by moderator by outcome, case by case, with the counter-cases kept."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import pandas as pd

from vvvresearch.errors import AnalysisError, UnanswerableError, did_you_mean
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Phrase, Sayable
from vvvresearch.mechanisms._cases import CaseConditions, Declared, one_outcome, read_cases, root_of
from vvvresearch.results import Base, Column, Labels, Measure, Result

NONE = "none"


def mechanism_table(
    data: pd.DataFrame | CaseConditions,
    mechanisms: Sequence[str] | None = None,
    outcome: str = "",
    moderators: Sequence[str] | None = None,
    *,
    kind: DataKind | None = None,
) -> Result:
    """How often each mechanism goes with the outcome, with and without each moderator, and which cases speak against it.

    Args:
        data: one row a case, named by the index, or what `case_conditions` made; yes/no columns of 0 and 1 (or memberships, above
            .5 is yes).
        mechanisms: columns of mechanisms, default those declared; a last block shows the cases without any of them.
        outcome: column of the outcome; default the only one declared.
        moderators: columns that may further or hinder, default the other declared conditions of the set analysis; every mechanism
            is shown with and without each.
        kind: kind of the data; default their own.

    Returns:
        A Result; `.frame` has mechanism ("none" is none of them), moderator ("" is all cases), present ("with", "without", ""), n,
        with_outcome, without_outcome, cases_with, cases_without, counter_cases: where a mechanism is named those without the
        outcome, in the block of none those with it (a good match that needs another explanation).

    Raises:
        AnalysisError: unknown columns, missing values.
        UnanswerableError: no cases, or no mechanism is declared.

    Example:
        >>> import pandas as pd
        >>> pairs = pd.DataFrame({"lighed": [1, 0, 0], "godt": [1, 1, 0]}, index=["P1", "P2", "P3"])
        >>> mechanism_table(pairs, ["lighed"], "godt").frame[["mechanism", "n", "counter_cases"]].values.tolist()
        [['lighed', 1, ''], ['none', 2, 'P2']]
    """
    table, kind, declared = read_cases(data, kind)
    outcome = one_outcome(declared, outcome)
    chosen = list(declared.mechanisms if mechanisms is None else mechanisms)
    others = [name for name in declared.expectations if name not in chosen] if moderators is None else list(moderators)
    if table.empty or not chosen:
        todo = "declare which of the conditions are mechanisms, or name columns"
        raise UnanswerableError("the table needs cases and at least one mechanism", reason=Phrase("absent.mechanisms_declared"), todo=todo)
    names = [*chosen, *others, outcome]
    for name in names:
        if name not in table.columns:
            raise AnalysisError(f"there is no column {name!r}", todo=did_you_mean(name, [str(column) for column in table.columns]))
        missing = pd.to_numeric(table[name], errors="coerce").isna()
        if missing.any():
            raise AnalysisError(f"{name!r} is missing or no number", where=f"case {table.index[missing][0]}")
    yes = table[names].astype(float) > 0.5
    blocks = [(name, yes[name]) for name in chosen]
    blocks.append((NONE, ~yes[chosen].any(axis=1)))
    splits = [("", "")] + [(name, present) for name, present in product(others, ("with", "without"))]
    rows = []
    for (mechanism, inside), (moderator, present) in product(blocks, splits):
        within = inside if not moderator else inside & (yes[moderator] == (present == "with"))
        with_outcome = [str(case) for case in table.index[within & yes[outcome]]]
        without = [str(case) for case in table.index[within & ~yes[outcome]]]
        rows.append(
            {
                "mechanism": mechanism,
                "moderator": moderator,
                "present": present,
                "n": int(within.sum()),
                "with_outcome": len(with_outcome),
                "without_outcome": len(without),
                "cases_with": ", ".join(with_outcome),
                "cases_without": ", ".join(without),
                "counter_cases": ", ".join(with_outcome if mechanism == NONE else without),
            }
        )
    counts = ("n", "with_outcome", "without_outcome")
    return Result(
        frame=pd.DataFrame(rows),
        base=Base(len(table), unit="case"),
        title=Phrase("mechanisms.title_crosstable", {"outcome": declared.named(outcome)}),
        notes=(Phrase("mechanisms.crosstable_method"),),
        shows=(
            Column("mechanism", Phrase("mechanisms.mechanism")),
            Column("moderator", Phrase("mechanism_tables.circumstance")),
            *(Column(name, Phrase(f"mechanisms.{name}"), format="count") for name in counts),
            Column("counter_cases", Phrase("mechanisms.counter_cases")),
        ),
        kind=kind,
        at=root_of("mechanisms", outcome, declared.setting),
        keys=("mechanism", "moderator", "present"),
        measures=(Measure("n", of=""), *(Measure(name) for name in counts[1:])),
        labels={
            "mechanism": Labels({NONE: Phrase("mechanism_tables.none_of_them"), **declared.words}),
            "moderator": Labels(_circumstances(others, declared), on=("moderator", "present")),
        },
    )


def _circumstances(moderators: Sequence[str], declared: Declared) -> dict[tuple[str, str], Sayable]:
    told: dict[tuple[str, str], Sayable] = {("", ""): Phrase("mechanism_tables.all_pairs")}
    for name, present in product(moderators, ("with", "without")):
        told[name, present] = Phrase(f"mechanism_tables.{present}", {"name": declared.named(name)})
    return told
