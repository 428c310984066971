"""Which case pairs are portrayed: those that the round names or the first that can be, and none that should be left alone."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.evidence import waves_in_order

if TYPE_CHECKING:
    from vvvresearch.evidence import Interviews, Mappings

_FIRST = 3
TROUBLED = "troubled"


def portrayed_pairs(
    links: Mappings, interviews: Interviews, *, declared: Sequence[str] = (), withdrawn: Collection[str] = (), troubled: bool = False
) -> tuple[str, ...]:
    """The pairs that a round portrays.

    A portrait shows two people to readers who may know them. So a pair of which a half has withdrawn is never portrayed, and one
    whose relation was troubled at any interview only where the evaluators say that such pairs may be.

    Args:
        links: the mappings.
        interviews: the register, with relation_state.
        declared: pairs in their order; default the first three that are mapped by both halves at the first and the last wave.
        withdrawn: pairs of which a half has withdrawn.
        troubled: whether pairs in trouble are portrayed.

    Returns:
        Ids of pairs.

    Raises:
        AnalysisError: a declared pair that the mappings do not hold, or not twice and from both halves.

    Example:
        >>> import vvvresearch as vvv
        >>> r = vvv.open_round("demo")
        >>> portrayed_pairs(r.mappings, r.interviews, declared=["P07", "P08"])
        ('P07',)
    """
    table = links.links
    known = waves_in_order(table["wave"])
    waves = {*known[:1], *known[-1:]}
    told = table.groupby(table["case"].astype(str), sort=True)
    whole = [
        str(case)
        for case, own in told
        if len(waves) == 2 and waves <= set(own["wave"].astype(str)) and set(links.halves) <= set(own["perspective"])
    ]
    register = interviews.frame
    alone = set(withdrawn)
    if not troubled:
        alone |= set(register.loc[register["relation_state"] == TROUBLED, "pair"])
    if unknown := [pair for pair in declared if pair not in whole and pair not in alone]:
        why, todo = "a portrait needs a pair that both halves have mapped, at the first and the last wave", did_you_mean(unknown[0], whole)
        raise AnalysisError(f"the pair {unknown[0]!r} cannot be portrayed", where="portrayed", why=why, todo=todo)
    free = [pair for pair in declared or whole if pair not in alone]
    return tuple(free if declared else free[:_FIRST])
