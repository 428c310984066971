"""What a figure says in one sentence, made of the numbers that it draws; that something cannot be told is a message too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from vvvresearch.figures._shares import SMALL_BASE, Share
from vvvresearch.locales import Lang, format_percent, half_up, text

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
