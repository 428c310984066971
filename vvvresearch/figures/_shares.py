"""Shares of answers as figures need them: exact widths, rounded words, small bases as counts, and what they say in one sentence."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pandas as pd

from vvvresearch.locales import Lang, Phrase, Sayable, format_percent, half_up, text

SMALL_BASE = 10
APART = ("dont_know", "refused", "blank")


@dataclass(frozen=True)
class Share:
    """One answer of one row.

    Args:
        label: the answer.
        count: how many gave it; None where only a percentage was published.
        n: the base; None where it was not printed.
        percent: 0–100, exact where counts are known; None where nothing is known.
        role: "" or don't know, refused, blank.
    """

    label: str
    count: int | None
    n: int | None
    percent: Fraction | None
    role: str = ""

    @property
    def rounded(self) -> int | None:
        """The percentage half up, as printed."""
        return None if self.percent is None else int(half_up(self.percent))

    def short(self, lang: Lang) -> str:
        """What stands in the bar: the percentage, or the count on a small base."""
        if self.n is not None and self.n < SMALL_BASE and self.count is not None:
            return str(self.count)
        return "" if self.percent is None else format_percent(half_up(self.percent), 0, lang)

    def long(self, lang: Lang) -> str:
        """Count and percentage in words."""
        if self.count is None:
            return text("common.no_data", lang) if self.percent is None else format_percent(half_up(self.percent), 0, lang)
        if self.percent is None or self.n is None:
            return text("figures.count", lang, n=self.count)
        if self.n < SMALL_BASE:
            return text("common.of", lang, part=self.count, whole=self.n)
        return text("figures.percent_count", lang, percent=format_percent(half_up(self.percent), 0, lang), n=self.count)


def share_of(row: pd.Series[Any]) -> Share:
    """A share from one row with count, n and percent, as far as they are known."""
    count, n = _whole(row.get("count")), _whole(row.get("n"))
    role = str(row.get("role", "") or "")
    percent: Fraction | None = None
    given = row.get("percent")
    # A reported percentage may have a denominator of its own (valid answers); without one, don't know has none.
    known = isinstance(given, int | float) and not math.isnan(given)
    weighted = row.get("weighted")
    is_weighted = isinstance(weighted, int | float) and not math.isnan(weighted)
    if count is not None and n and not is_weighted and (known or "percent" not in row.index):
        percent = Fraction(100 * count, n)
    elif known:
        percent = Fraction(str(given))
    return Share(str(row["label"]), count, n, percent, role if role in APART else "")


def _whole(value: object) -> int | None:
    if value is None or (isinstance(value, float) and (math.isnan(value) or not value.is_integer())):
        return None
    try:
        return int(value)  # type: ignore[call-overload,no-any-return]
    except (TypeError, ValueError):
        return None


def rounding_note(rows: dict[str, list[Share]]) -> Phrase | None:
    """The note that says why percentages do not add up to 100, or None when they do."""
    sums = []
    for shares in rows.values():
        parts = [share for share in shares if share.percent is not None and not (share.n is not None and share.n < SMALL_BASE)]
        exact = sum((share.percent for share in parts if share.percent is not None), Fraction(0))
        total = sum(share.rounded for share in parts if share.rounded is not None)
        if abs(exact - 100) < Fraction(1, 2) * max(1, len(parts)) and total != 100 and parts:
            sums.append(total)
    if not sums:
        return None
    return Phrase("figures.rounding", {"sums": ", ".join(str(total) for total in sorted(set(sums)))})


class KnownBase(Phrase):
    """A base that may not have been printed."""

    def __init__(self, n: int | None) -> None:
        super().__init__("figures.n", {"n": n})

    def say(self, lang: Lang) -> str:
        """The base in words."""
        n = self.values["n"]
        return text("figures.n_unknown", lang) if n is None else text("figures.n", lang, n=n)


class SaidShares(Phrase):
    """A row's answers one after the other."""

    def __init__(self, shares: tuple[Share, ...]) -> None:
        super().__init__("figures.n", {"shares": shares})

    def say(self, lang: Lang) -> str:
        """The answers in words."""
        return ", ".join(f"{share.label} {share.long(lang)}" for share in self.values["shares"])


def first_n(shares: list[Share]) -> int | None:
    """The first base that is known."""
    return next((share.n for share in shares if share.n is not None), None)


def has_rounding(notes: Sequence[str | Sayable]) -> bool:
    """Whether a note on rounding is there already."""
    return any(isinstance(part, Phrase) and "rounding" in part.key for part in notes)


# Longer labels stand in the figure alone: a title is read at a glance.
_LONGEST = 60


def short(label: str) -> str:
    """A label as a title can carry it.

    Example:
        >>> short("Kommunen henviser flygtninge til lokale frivilliggrupper gennem rådgivere")
        'Kommunen henviser flygtninge til lokale frivilliggrupper …'
    """
    plain = " ".join(label.split())
    return plain if len(plain) <= _LONGEST else plain[:_LONGEST].rsplit(" ", 1)[0].rstrip(" ,;:–") + " …"


def counted(share: Share, lang: Lang) -> str:
    """A share as its count and base; the percentage where that alone is known; "" where nothing is."""
    if share.count is not None and share.n:
        return text("common.of", lang, part=share.count, whole=share.n)
    if share.percent is not None:
        return format_percent(half_up(share.percent), 0, lang)
    return "" if share.count is None else text("figures.count", lang, n=share.count)


def most_of(shares: Sequence[Share], lang: Lang) -> str:
    """The answer that most gave, with its count; both where two are equal, the range where more are; that none was given."""
    known = [share for share in shares if not share.role and _size(share) is not None]
    if not known:
        return text("figures.message_unknown", lang)
    sizes = [_size(share) or 0 for share in known]
    top = [share for share, size in zip(known, sizes, strict=True) if size == max(sizes)]
    if max(sizes) == 0 and len(known) > 1:
        return text("figures.message_none", lang, n=len(known), count=counted(known[0], lang))
    if len(top) <= 2 and len(shares) > 1:
        named = text("figures.message_and", lang).join(quoted(share.label, lang) for share in top)
        each = counted(top[0], lang)
        return text("figures.message_most" if len(top) == 1 else "figures.message_both", lang, label=named, count=each)
    if len(known) == 1:
        return text("figures.message_row", lang, label=quoted(known[0].label, lang), count=counted(known[0], lang))
    if min(sizes) == max(sizes):
        return text("figures.message_equal", lang, n=len(known), count=counted(known[0], lang))
    low = known[sizes.index(min(sizes))]
    return text("figures.message_range", lang, low=counted(low, lang), high=counted(top[0], lang))


def quoted(label: str, lang: Lang) -> str:
    """A label in the quotation marks of a language."""
    return text("figures.message_label", lang, label=short(label))


def ends_of(rows: Mapping[str, Share | None], lang: Lang) -> str:
    """The rows with the highest and the lowest share, each with its number; the one row where there is one."""
    known = {label: share for label, share in rows.items() if share is not None and share.percent is not None}
    if not known:
        return text("figures.message_unknown", lang)
    order = sorted(known, key=lambda label: known[label].percent or 0)
    low, high = order[0], order[-1]
    said = [
        text("figures.message_row", lang, label=short(label), count=counted(known[label], lang)) for label in dict.fromkeys((high, low))
    ]
    return ", ".join(said)


def first_and_last(label: str, sides: Sequence[tuple[str, Share]], lang: Lang) -> str:
    """One share in two groups or at two times, side by side; nothing is said of a difference."""
    known = [(name, share) for name, share in sides if share.percent is not None]
    if not known:
        return text("figures.message_unknown", lang)
    ends = [known[0], known[-1]] if len(known) > 1 else known
    said = ", ".join(f"{name}: {counted(share, lang)}" for name, share in ends)
    return f"{short(label)} – {said}" if label else said


def told_apart(changes: Sequence[tuple[float, tuple[float, float] | None]], reference: float, lang: Lang) -> str:
    """How many changes are larger than their intervals, and that the others cannot be told."""
    known = [interval for _, interval in changes if interval is not None]
    sure = sum(low > reference or high < reference for low, high in known)
    if not known or not sure:
        return text("figures.message_none_sure", lang, n=len(changes)) if len(changes) > 1 else text("figures.message_not_sure", lang)
    if sure == len(changes):
        return text("figures.message_all_sure", lang, n=len(changes)) if len(changes) > 1 else text("figures.message_sure", lang)
    return text("figures.message_some_sure", lang, sure=sure, n=len(changes))


def _size(share: Share) -> float | None:
    """What answers are compared by: the exact share, else the count."""
    small = share.n is not None and share.n < SMALL_BASE
    if share.percent is not None and not small:
        return float(share.percent)
    return share.count if share.count is not None else None if share.percent is None else float(share.percent)
