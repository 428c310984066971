"""What each case is to a model: typical, deviant or irrelevant, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vvvresearch.mechanisms.qca._models import Model

if TYPE_CHECKING:
    import pandas as pd


def case_roles(model: Model) -> pd.DataFrame:
    """The part each case plays in a model, for choosing whom to visit again.

    Args:
        model: one of `Solution.models`.

    Returns:
        One row a case and term it belongs to (membership above .5), and one row a case that belongs to no term: columns
        case, term, membership, outcome, role, unique. Roles: "typical" (in term and outcome, term not above outcome),
        "deviant in degree" (in both, but more in the term), "deviant in kind" (in the term, not in the outcome),
        "deviant in coverage" (in the outcome, in no term), "irrelevant". unique: covered by this term alone.

    Source: Schneider and Rohlfing 2013.
    """
    import pandas as pd

    data = model.table.data
    held = [data.membership(cube) for cube in model.cubes]
    rows: list[dict[str, Any]] = []
    for place, name in enumerate(data.cases):
        outcome = float(data.outcome[place])
        inside = [number for number, membership in enumerate(held) if membership[place] > 0.5]
        for number in inside:
            share = float(held[number][place])
            role = "deviant in kind" if outcome <= 0.5 else "typical" if share <= outcome + 1e-12 else "deviant in degree"
            rows.append(_row(name, model.terms[number], share, outcome, role, len(inside) == 1))
        if not inside:
            role = "deviant in coverage" if outcome > 0.5 else "irrelevant"
            rows.append(_row(name, "", float(model.membership[place]), outcome, role, False))
    return pd.DataFrame(rows, columns=["case", "term", "membership", "outcome", "role", "unique"])


def _row(case: str, term: str, membership: float, outcome: float, role: str, unique: bool) -> dict[str, Any]:
    return {"case": case, "term": term, "membership": membership, "outcome": outcome, "role": role, "unique": unique}
