"""Fit of given terms: how well a stated explanation holds, whether or not a minimisation found it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np

from vvvresearch.errors import AnalysisError
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Phrase
from vvvresearch.mechanisms._cases import CaseConditions, read_cases, root_of
from vvvresearch.mechanisms.qca._data import cubes_of, set_data
from vvvresearch.mechanisms.qca._measures import FIT_NAMES, necessity_of, sufficiency
from vvvresearch.mechanisms.qca._models import Model
from vvvresearch.mechanisms.qca._terms import term_key, term_text
from vvvresearch.results import Base, Column, Labels, Measure, Result

if TYPE_CHECKING:
    import pandas as pd


def fit(
    data: pd.DataFrame | CaseConditions,
    outcome: str,
    terms: Sequence[Mapping[str, int]] | Mapping[str, int] | Model,
    negate_outcome: bool = False,
    relation: Literal["sufficiency", "necessity"] = "sufficiency",
    *,
    kind: DataKind | None = None,
) -> Result:
    """Parameters of fit of terms and of the whole they form together.

    Args:
        data, outcome, negate_outcome: as in `truth_table`.
        terms: each {condition: value}, or a model of a solution (to be tried on other cases).
        relation: "sufficiency" (inclS, PRI, covS, covU) or "necessity" (inclN, RoN, covN).
        kind: as in `truth_table`.

    Returns:
        A Result; `.frame` has one row a term and, with several terms, a row "expression" for all of them joined by or.

    Raises:
        AnalysisError: as in `truth_table`; terms given as text.

    Example:
        >>> import pandas as pd
        >>> cases = pd.DataFrame({"A": [1, 1, 0], "B": [1, 0, 1], "Y": [1, 0, 0]}, index=["p1", "p2", "p3"])
        >>> fit(cases, "Y", [{"A": 1, "B": 1}]).frame.loc[0, "inclS"].item()
        1.0
    """
    import pandas as pd

    if relation not in ("sufficiency", "necessity"):
        raise AnalysisError(f"the relation {relation!r} is not known", todo='use "sufficiency" or "necessity"')
    if isinstance(terms, str) or (isinstance(terms, Sequence) and any(isinstance(term, str) for term in terms)):
        raise AnalysisError("terms are typed, not written as text", where=repr(terms), todo='write [{"DEV": 1, "URB": 0}] for DEV*~URB')
    patterns = terms.patterns if isinstance(terms, Model) else [terms] if isinstance(terms, Mapping) else list(terms)
    if not patterns:
        raise AnalysisError("no term is given")
    conditions = list(dict.fromkeys(name for pattern in patterns for name in pattern))
    cases, kind, declared = read_cases(data, kind)
    sets = set_data(cases, outcome, conditions, negate_outcome)
    cubes = cubes_of(sets, patterns)
    held = [sets.membership(cube) for cube in cubes]
    whole = np.maximum.reduce(held)
    names, paths = [term_text(sets, cube) for cube in cubes], [term_key(sets, cube) for cube in cubes]
    if len(held) > 1:
        names, paths, held = [*names, "expression"], [*paths, ""], [*held, whole]
    measure = sufficiency if relation == "sufficiency" else necessity_of
    columns = ["inclS", "PRI", "covS"] if relation == "sufficiency" else ["inclN", "RoN", "covN"]
    frame = pd.DataFrame([measure(x, sets.outcome) for x in held], columns=columns)
    frame.insert(0, "term", names)
    if relation == "sufficiency":
        total = sufficiency(whole, sets.outcome)[2]
        parts = held[:-1] if len(cubes) > 1 else []
        without = [np.maximum.reduce([*parts[:place], *parts[place + 1 :]]) for place in range(len(parts))]
        frame["covU"] = [total - sufficiency(others, sets.outcome)[2] for others in without] + [float("nan")]
    numbers_of = [str(name) for name in frame.columns[1:]]
    numbers = tuple(Column(name, Phrase(f"qca.{name}"), format="number", decimals=3) for name in numbers_of)
    frame["path"] = paths
    return Result(
        frame=frame,
        base=Base(len(sets.cases), unit="case"),
        title=Phrase("qca.title_fit", {"outcome": declared.outcome(sets.outcome_name, sets.negated)}),
        notes=(
            Phrase("qca.fit_method" if relation == "sufficiency" else "qca.necessity_method"),
            *declared.legend((*conditions, outcome)),
        ),
        shows=(Column("term", Phrase("qca.term")), *numbers),
        kind=kind,
        at=root_of(
            "fit", outcome, relation if relation == "necessity" else "", "+".join(sorted(paths)), declared.setting, negated=negate_outcome
        ),
        keys=("path",),
        measures=tuple(Measure(FIT_NAMES[name], "number", 3, of="", known=name) for name in numbers_of),
        labels={"term": Labels({"expression": Phrase("qca.whole_expression")})},
    )
