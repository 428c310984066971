"""True sentences from a row, ready to paste, in Danish and English."""

from __future__ import annotations

from fractions import Fraction

from vvvresearch.locales import Lang, check_lang, format_number, format_percent, half_up, text
from vvvresearch.statements._changes import barrier, settled
from vvvresearch.statements._row import Goal, Row
from vvvresearch.statements._shares import MIN_PERCENT, MIN_WORDS
from vvvresearch.statements._words import TOLERANCE

_CLEAR = Fraction(1, 1000)


def true_sentences(row: Row, lang: Lang = "da", about: str = "") -> tuple[str, ...]:
    """Sentences that the row carries, the plainest first.

    Args:
        row: with `unit` (singular, plural, definite) and `says`, the sentences are whole; without them they are phrases.
        lang: the language of the row's words.
        about: "share", "change", "comparison", "rank" or "goal" for those alone; default all.

    Returns:
        Counts, percentages and fraction words; change, comparison, rank and goal where the row has them; and what cannot be told.

    Example:
        >>> row = Row(count=32, n=55, unit=("kommune", "kommuner", "kommunerne"), says="har | henvist")
        >>> for sentence in true_sentences(row): print(sentence)
        32 af 55 kommuner har henvist
        58 % af de 55 kommuner har henvist
        over halvdelen af de 55 kommuner har henvist
    """
    lang = check_lang(lang)
    if row.absent:
        return (_phrase("absent", lang, reason=text(f"statements.{row.absent}", lang)),)
    made = {
        "share": [*_amount(row, lang), *_shares(row, lang)],
        "change": _change(row, lang),
        "comparison": _comparison(row, lang),
        "rank": _rank(row, lang),
        "goal": _goal(row, lang),
    }
    return tuple(made[about]) if about else tuple(sentence for kind in made.values() for sentence in kind)


def _phrase(name: str, lang: Lang, **values: object) -> str:
    return " ".join(text(f"statements.say_{name}", lang, **values).split())


def _number(value: Fraction | int, lang: Lang) -> str:
    whole = Fraction(value)
    return format_number(whole, 0 if whole.denominator == 1 else 1, lang)


def _percent(value: Fraction, lang: Lang) -> str:
    return format_percent(value * 100, 0, lang)


def _amount(row: Row, lang: Lang) -> list[str]:
    if row.value is None or row.count is not None:
        return []
    if row.beside is not None:
        sides = {"value": _number(row.value, lang), "other": _number(row.beside.value, lang)}
        timed = row.period and row.beside.period and row.period != row.beside.period
        return [_phrase("amounts_then" if timed else "amounts", lang, now=row.period, then=row.beside.period, **sides)]
    if row.statistic:
        return [
            _phrase(f"statistic_{row.statistic}", lang, value=_number(row.value, lang), unit=row.measured_in[-1] if row.measured_in else "")
        ]
    unit = row.unit[1] if len(row.unit) > 1 and row.value != 1 else row.unit[0] if row.unit else ""
    return [_phrase("amount", lang, value=_number(row.value, lang), unit=unit)]


def _shares(row: Row, lang: Lang) -> list[str]:
    if row.count is None or row.n is None or row.share is None:
        return []
    unit = row.unit[1] if len(row.unit) > 1 else row.unit[0] if row.unit else ""
    rest = " ".join(row.says.replace("|", " ").split())
    common = {"n": row.n, "unit": unit, "rest": rest}
    whole = [_phrase("count", lang, count=row.count, **common)]
    if row.n >= MIN_PERCENT:
        whole.append(_phrase("percent", lang, percent=_percent(row.share, lang), **common))
    if row.count == 0 and not row.negative:
        whole.append(_phrase("none", lang, **common))
    elif row.count == row.n:
        whole.append(_phrase("all", lang, **common))
    elif row.n >= MIN_WORDS and not row.negative:
        whole += [_phrase("words", lang, word=text(f"statements.word_{word}", lang), **common) for word in _words(row.share)]
    return whole


def _words(share: Fraction) -> list[str]:
    """Names of the fractions and quantities that a share may be called."""
    found = []
    if Fraction(1, 2) + TOLERANCE < share < Fraction(2, 3):
        found.append("majority")
    if Fraction(2, 3) <= share < 1:
        found.append("nearly_all" if share >= Fraction(9, 10) else "great_majority" if share >= Fraction(4, 5) else "most")
    for name, centre in (
        ("third", Fraction(1, 3)),
        ("two_thirds", Fraction(2, 3)),
        ("quarter", Fraction(1, 4)),
        ("half", Fraction(1, 2)),
        ("fifth", Fraction(1, 5)),
    ):
        if abs(share - centre) <= TOLERANCE - _CLEAR:
            found.append(name)
    return found


def _change(row: Row, lang: Lang) -> list[str]:
    if row.before is None or row.share is None or row.count is None or row.n is None:
        return []
    before, shown = row.before, settled(row)
    rest = " ".join(row.says.replace("|", " ").split())
    that = text("statements.say_that", lang, rest=rest) if rest else ""
    if shown is None:
        return [_phrase("change_unknown", lang, that=that, reason=_why(row, lang))]
    sides = {"that": that, "before": before.count, "before_n": before.n, "after": row.count, "after_n": row.n}
    if shown == 0:
        return [_phrase("same", lang, **sides)] if row.difference == 0 or row.change_lower is not None else []
    points = half_up(abs(row.share - before.share) * 100, 0)
    return [_phrase("rose" if shown > 0 else "fell", lang, points=format_number(points, 0, lang), **sides)]


def _why(row: Row, lang: Lang) -> str:
    stopped = barrier(row)
    code = stopped.code if stopped is not None else "few_answers"
    return (
        text(f"statements.{code}", lang, months=row.months, other=row.side.months if row.side else None)
        if code == "unequal_periods"
        else text(f"statements.{code}", lang)
    )


def _comparison(row: Row, lang: Lang) -> list[str]:
    if row.other is None or not row.group or not row.other.names or row.share is None:
        return []
    shown = settled(row)
    if shown is None:
        return [_phrase("comparison_unknown", lang, own=row.group[0], other=row.other.names[0], reason=_why(row, lang))]
    if shown == 0:
        return []
    sides = {"count": row.count, "n": row.n, "other_count": row.other.count, "other_n": row.other.n}
    return [_phrase("more" if shown > 0 else "less", lang, own=row.group[0], other=row.other.names[0], **sides)]


def _rank(row: Row, lang: Lang) -> list[str]:
    # Answers counted together have no place among the single ones.
    if not row.siblings or row.count is None or len(row.labels) != 1:
        return []
    others = [other.count for other in row.siblings]
    if row.count in others:
        return []
    if row.count > max(others):
        return [_phrase("top", lang, label=row.labels[0], count=row.count, n=row.n)]
    return [_phrase("bottom", lang, label=row.labels[0], count=row.count, n=row.n)] if row.count < min(others) else []


def _goal(row: Row, lang: Lang) -> list[str]:
    goal = row.goal
    if goal is None or not goal.readings:
        return []
    met = goal.met()
    target = _percent(Fraction(goal.target), lang) if goal.share else _number(goal.target, lang)
    if any(met) and not all(met):
        return [_phrase("goal_depends", lang, target=target)]
    if all(met):
        return [_phrase("goal_reached", lang, target=target)] if goal.ended else _so_far(goal, target, lang)
    missing = set(goal.short())
    if len(missing) > 1:
        return [_phrase("goal_missed", lang, target=target)]
    gap = missing.pop()
    if goal.share:
        shown = _number(gap * 100, lang)
        return (
            [_phrase("goal_short_points", lang, gap=shown, target=target)]
            if Fraction(half_up(gap * 100, 1)) == gap * 100
            else [_phrase("goal_missed", lang, target=target)]
        )
    return [_phrase("goal_short", lang, gap=_number(gap, lang), target=target)]


def _so_far(goal: Goal, target: str, lang: Lang) -> list[str]:
    """Before the period has ended, a number beyond its target is told as that; one that equals it is not told at all."""
    if any(reading == goal.target for reading in goal.readings):
        return []
    return [_phrase("goal_above" if goal.at_least else "goal_below", lang, target=target)]
