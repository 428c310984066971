"""Hiding cells of tables of counts, so that no small cell can be shown to be small.

What the reader is taken to know: the rule and its threshold, everything that is shown, which cells are parts of which sums, and that
counts are whole and not negative. The standard: from this, no hidden small cell can be bounded below the threshold, and no other hidden
cell can be computed. (A choice with fewest cells has no computable one: it could be shown and nothing would change.)
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from vvvresearch.errors import AnalysisError, DisclosureError
from vvvresearch.locales import Lang, check_lang, text
from vvvresearch.privacy._count_table import Hierarchy, count_table, totals_of
from vvvresearch.privacy._final_audit import FinalAudit
from vvvresearch.privacy._optimum import Choice, Search
from vvvresearch.privacy._protection import Protection
from vvvresearch.privacy._sums import Sums, sums_of

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

Zeros = Literal["shown", "small", "known"]
HIDDEN = "×"


@dataclass(frozen=True, repr=False)
class Suppressed:
    """A table with the cells that must be hidden.

    Args:
        counts: the counts, as they were given.
        hidden: whether a cell is hidden, for each cell.
        primary: whether it is hidden because it is small itself.
        threshold: counts below it are small.
        zeros: how zeros are treated.
        least_cells: the fewest cells that can be hidden, proved; equal to `cells` unless the time limit came first. None in one of
            several linked tables, which are proved together.
        least_answers: the fewest answers that `cells` hidden cells can hold, proved.
        lang: language of the note.
    """

    counts: pd.DataFrame
    hidden: pd.DataFrame
    primary: pd.DataFrame
    threshold: int
    zeros: Zeros
    least_cells: int | None
    least_answers: int | None
    lang: Lang = "da"

    @property
    def shown(self) -> pd.DataFrame:
        """The table as it may be shown: `×` in every hidden cell, whether small itself or not."""
        return self.counts.astype(object).mask(self.hidden, HIDDEN)

    @property
    def cells(self) -> int:
        """Hidden cells."""
        return int(self.hidden.to_numpy().sum())

    @property
    def answers(self) -> int:
        """The sum of the hidden counts."""
        return int(self.counts.where(self.hidden, 0).to_numpy().sum())

    @property
    def optimal(self) -> bool:
        """Whether it is proved that nothing hides fewer cells, or as few with fewer answers."""
        return self.cells == self.least_cells and self.answers == self.least_answers

    @property
    def note(self) -> str:
        """The rule in words, to stand under the table."""
        if not self.cells:
            return ""
        return text("disclosure.note", self.lang, mark=HIDDEN, threshold=self.threshold)

    def percentages(self, of: Literal["rows", "columns"] = "rows", decimals: int = 0) -> pd.DataFrame:
        """Percentages of the total column (`of="rows"`) or row, hidden where the count or its base is hidden.

        A percentage with its base is a count, so that it is hidden with it; so is every percentage whose base is hidden, since
        several of them would give the base away.

        Raises:
            AnalysisError: the table has no such total.
        """
        counts, hidden = (self.counts, self.hidden) if of == "rows" else (self.counts.T, self.hidden.T)
        totals = totals_of(counts.columns)
        if not totals:
            raise AnalysisError(f"the table has no total for percentages of {of}", todo="add a row or column named Total")
        base = counts[totals[0]]
        scaled = counts.mul(100 * 10**decimals).div(base.where(base > 0), axis="index")
        shares = scaled.map(lambda value: math.floor(value + 0.5) / 10**decimals if value == value else value)
        covered = hidden.apply(lambda line: line | hidden[totals[0]])
        marked: pd.DataFrame = shares.astype(object).mask(covered, HIDDEN)
        return marked if of == "rows" else marked.T

    def __repr__(self) -> str:
        return "\n".join(part for part in (self.shown.to_string(), self.note) if part)

    def _repr_html_(self) -> str:
        return self.shown.to_html(escape=True) + (f"<p>{self.note}</p>" if self.cells else "")


def suppress(
    table: pd.DataFrame,
    threshold: int = 5,
    hierarchy: Hierarchy | None = None,
    *,
    column_hierarchy: Hierarchy | None = None,
    zeros: Zeros = "shown",
    reader_knows_rule: bool = False,
    time_limit: float = 30.0,
    lang: Lang = "da",
) -> Suppressed:
    """Choose the cells of a table of persons to hide: fewest cells, then fewest answers.

    A row or column named "Total" or "I alt" is the sum of the others; where there is none the reader is not taken to know the sums.
    Counts from 1 to `threshold` - 1 are small and hidden; other cells are hidden with them until nobody can show from what is left
    that a small cell is below the threshold. Totals and zeros may be hidden for that.

    Args:
        table: counts, one row and column a category. Overlapping answers have no total: leave that column out.
        threshold: the smallest count that may be shown: 3, 5 or 10 as a rule.
        hierarchy: rows that are the sum of other rows: `{"North": ["Aalborg", "Thisted"]}`; sums of sums are allowed.
        column_hierarchy: the same for columns.
        zeros: "shown": a zero tells of nobody and is not small, but may be hidden for another cell. "small": zeros are hidden like
            1–4. "known": a zero is known beforehand (nobody can be in that cell); it is never hidden, and the reader knows that
            hidden cells are at least 1.
        reader_knows_rule: also against a reader who reasons that something small must stand among hidden cells that are tied by
            sums; hides a little more in small tables.
        time_limit: seconds of processor time after which the best choice found is taken; `.least_cells` then says what could not be
            excluded. What comes back is safe in any case.
        lang: "da" or "en", for the note.

    Returns:
        Suppressed with .hidden and .primary (DataFrames of bool), .shown, .note, .cells, .answers, .optimal.

    Raises:
        AnalysisError: no counts, sums that do not add up, a hierarchy that does not fit.
        DisclosureError: no choice is safe.

    Example:
        >>> import pandas as pd
        >>> table = pd.DataFrame({"ja": [9, 2, 11], "nej": [8, 12, 20], "Total": [17, 14, 31]}, index=["Aalborg", "Thisted", "Total"])
        >>> suppress(table).shown
                 ja nej Total
        Aalborg   ×   ×    17
        Thisted   ×   ×    14
        Total    11  20    31
    """
    check_threshold(threshold, zeros, time_limit)
    check_lang(lang)
    counts = count_table(table, hierarchy, column_hierarchy)
    published = counts.published.ravel()
    small = is_small(counts.values.ravel(), threshold, zeros) & published
    addresses = _Addresses(table, counts.order, counts.values.shape)
    choice = choose(sums_of(counts), small, published, ~published, threshold, zeros, reader_knows_rule, time_limit, addresses)
    place = np.ix_(*counts.order)
    shape = counts.values.shape
    hidden, primary = (one.reshape(shape)[place] for one in (choice.hidden, small))
    return framed(table, hidden, primary, threshold, zeros, choice.least_cells, choice.least_answers, lang)


def check_threshold(threshold: int, zeros: str, time_limit: float) -> None:
    """One error for arguments that make no rule."""
    if isinstance(threshold, bool) or not isinstance(threshold, int | np.integer) or not 2 <= threshold <= 100:
        raise AnalysisError(f"the threshold {threshold!r} is no whole number from 2 to 100", where="threshold", todo="use 3, 5 or 10")
    if zeros not in ("shown", "small", "known"):
        raise AnalysisError(f"zeros cannot be {zeros!r}", where="zeros", todo='use "shown", "small" or "known"')
    if not time_limit > 0:
        raise AnalysisError(f"the time limit {time_limit!r} is no number of seconds", where="time_limit")


def is_small(values: NDArray[np.int64], threshold: int, zeros: Zeros) -> NDArray[np.bool_]:
    """Which counts are small."""
    return (values < threshold) & (values >= (0 if zeros == "small" else 1))


def framed(
    table: pd.DataFrame,
    hidden: NDArray[np.bool_],
    primary: NDArray[np.bool_],
    threshold: int,
    zeros: Zeros,
    least_cells: int | None,
    least_answers: int | None,
    lang: Lang,
) -> Suppressed:
    """Arrays in the table's own order as a result."""
    import pandas as pd

    counts = table.astype("int64")
    frames = [pd.DataFrame(one, index=table.index, columns=table.columns) for one in (hidden, primary)]
    return Suppressed(counts, frames[0], frames[1], int(threshold), zeros, least_cells, least_answers, lang)


def choose(
    sums: Sums,
    small: NDArray[np.bool_],
    can_hide: NDArray[np.bool_],
    unseen: NDArray[np.bool_],
    threshold: int,
    zeros: Zeros,
    reader_knows_rule: bool,
    time_limit: float,
    addresses: Mapping[int, str],
    spare: NDArray[np.int64] | None = None,
) -> Choice:
    """The cells of a system of sums to hide.

    Args:
        sums: cells and equations.
        small: cells that must not be shown to be small.
        can_hide: cells that may be hidden.
        unseen: cells that no reader is shown anyway.
        threshold, zeros, reader_knows_rule, time_limit: as in `suppress`.
        addresses: cell → words that say where it stands, for the error.
        spare: how much rests on each cell: of the choices with fewest cells the one that takes least is made.

    Raises:
        DisclosureError: even hiding all that may be hidden leaves a small cell that can be shown to be small.
    """
    rise = {int(cell): int(threshold - sums.values[cell]) for cell in np.flatnonzero(small)}
    least = np.full(len(small), 0, dtype=np.int64)
    if zeros == "known":
        least[~unseen] = np.minimum(sums.values, 1)[~unseen]
        can_hide = can_hide & (sums.values > 0)
    rule = (0 if zeros == "small" else 1, int(threshold)) if reader_knows_rule else None
    protection = Protection(sums, rise, least, unseen, rule)
    everything = (can_hide | unseen | small).astype(float)
    lost = [cell for cell in rise if protection.cuts(everything, [cell])]
    if lost:
        raise DisclosureError(
            f"{len(lost)} small {'cell' if len(lost) == 1 else 'cells'} cannot be protected",
            where="; ".join(addresses[cell] for cell in lost[:5]) + (" …" if len(lost) > 5 else ""),
            why="what is already known bounds it below the threshold, whatever else is hidden",
            todo="merge categories, or leave out the sums around it",
        )
    spared = np.zeros(len(small), dtype=np.int64) if spare is None else spare
    return _audited(Search(protection, can_hide, unseen, spared, float(time_limit)).run(), protection, can_hide)


def _audited(choice: Choice, protection: Protection, can_hide: NDArray[np.bool_]) -> Choice:
    """The choice as it may be handed on: everything is hidden where it does not hold, and what can be computed is shown.

    Showing what can be computed tells nobody anything. Only a reader who knows the rule could learn from it: then more is hidden instead.
    """

    def holds(hidden: NDArray[np.bool_]) -> bool:
        return not FinalAudit(protection.sums, hidden, protection.least).cannot_rise(protection.rise)

    sums, hidden = protection.sums, choice.hidden.copy()
    if not holds(hidden):
        hidden |= can_hide
    given_back = can_hide & ~np.isin(np.arange(len(hidden)), list(protection.rise))
    while True:
        computed = FinalAudit(sums, hidden, protection.least).computed()
        shown = hidden.copy()
        shown[computed[given_back[computed]]] = False
        if (shown == hidden).all() or (
            holds(shown) and (protection.rule is None or not protection.cuts(shown.astype(float), protection.rise))
        ):
            return replace(choice, hidden=shown)
        more = can_hide & ~hidden
        if not more.any():
            return replace(choice, hidden=hidden)
        hidden[np.flatnonzero(more)[np.argmin(sums.values[more])]] = True


class _Addresses(Mapping[int, str]):
    """Where each cell of one table stands, in words; only errors ask."""

    def __init__(self, table: pd.DataFrame, order: tuple[list[int], list[int]], shape: tuple[int, int]) -> None:
        self._table, self._order, self._shape = table, order, shape

    def __getitem__(self, cell: int) -> str:
        row, column = divmod(cell, self._shape[1])
        return f"row {self._table.index[self._order[0].index(row)]!r}, column {self._table.columns[self._order[1].index(column)]!r}"

    def __iter__(self):  # type: ignore[no-untyped-def]
        return iter(range(self._shape[0] * self._shape[1]))

    def __len__(self) -> int:
        return self._shape[0] * self._shape[1]
