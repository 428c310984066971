"""Links of cases before they are counted: one factor under several spellings, a factor that leads to itself, cases that may not be used."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from pathlib import Path

from vvvresearch.intake._column_words import is_withheld
from vvvresearch.intake._fold import fold
from vvvresearch.intake._personal import shown, value_ids
from vvvresearch.intake._proposal import Draft, Question
from vvvresearch.intake._settle import Settled
from vvvresearch.intake._table import Column, Table, table_on
from vvvresearch.intake._words import meanings
from vvvresearch.locales import text

# Decisions: rows whose factor leads to itself, and rows of what withholds its consent on another sheet.
LOOPS, WITHHELD = "loops", "withheld"
_SAME = "same."
_CONSENT = re.compile(r"samtykk|consent|tillad|permission|maa bruges|may be used")
_NEARLY_ALL = 0.9


def propose_factors(draft: Draft, cause: Column, effect: Column) -> None:
    """Ask whether names that only differ in the order of their words, in brackets or in an abbreviation are one factor; tell of links
    from a factor to itself, which are left out."""
    variants = variants_of(cause, effect)
    if variants:
        keys = value_ids(variants)
        items = tuple(f"{shown(variant)} = {shown(name)}" for variant, name in variants.items())
        choices = (("yes", text("intake.yes", draft.lang)), ("no", text("intake.no", draft.lang)))
        targets = tuple(f"{_SAME}{keys[variant]}" for variant in variants)
        draft.ask(Question("same", "confirm", text("intake.ask_same_factor", draft.lang), choices, items, "yes", targets))
    loops = [row for row, (one, other) in enumerate(zip(cause.texts, effect.texts, strict=True)) if one and fold(one) == fold(other)]
    if loops:
        draft.decide(LOOPS, cause.heading, "left-out", "declared")
        draft.tell(text("intake.told_loops", draft.lang, count=len(loops)))


def variants_of(cause: Column, effect: Column) -> dict[str, str]:
    """Name → the commoner name that has the same words, in any order, some of them cut short with a full stop.

    Example:
        >>> names = Column("Fra", "fra", ("Steady attendance", "Steady attendance", "attendance (steady)", "Bus"))
        >>> variants_of(names, Column("Til", "til", ("Joy", "Joy", "Joy", "Joy")))
        {'attendance (steady)': 'Steady attendance'}
    """
    counts: dict[str, int] = {}
    for name in (*cause.filled, *effect.filled):
        counts[name] = counts.get(name, 0) + 1
    # What differs in capitals alone is one name anyhow.
    first: dict[str, str] = {}
    for name in sorted(counts, key=lambda one: (-counts[one], one)):
        first.setdefault(fold(name), name)
    found: dict[str, str] = {}
    for one, other in itertools.combinations(first.values(), 2):
        if other not in found and one not in found and _same_words(one, other):
            # The plain name is the one to count under: nothing cut short, nothing in brackets.
            variant, name = (one, other) if _is_plain(other) and not _is_plain(one) else (other, one)
            found[variant] = name
    return found


def one_name(settled: Settled, cause: Column, effect: Column) -> dict[str, str]:
    """Name as it stands in the file → the name under which it is counted."""
    variants = variants_of(cause, effect)
    keys = value_ids(variants)
    same = {fold(variant): name for variant, name in variants.items() if settled.decisions.get(f"{_SAME}{keys[variant]}") == "yes"}
    return {name: same[fold(name)] for name in (*cause.counts, *effect.counts) if fold(name) in same}


def _is_plain(name: str) -> bool:
    return not re.search(r"[.()]", name)


def _same_words(one: str, other: str) -> bool:
    left, right = (sorted(re.findall(r"\w+\.?", name.casefold())) for name in (one, other))
    return len(left) == len(right) > 1 and all(_same_word(a, b) for a, b in zip(left, right, strict=True))


def _same_word(one: str, other: str) -> bool:
    cut = [word for word in (one, other) if word.endswith(".")]
    return one == other or (len(cut) == 1 and len(cut[0]) > 2 and (other if cut[0] == one else one).startswith(cut[0][:-1]))


def propose_withheld(draft: Draft, path: Path, table: Table, found: Mapping[str, Column]) -> None:
    """Leave out the rows of cases, persons or interviews whose consent another sheet of the workbook withholds; they are told.

    Args:
        draft: of the table.
        path: the workbook.
        table: of one of its sheets.
        found: role → column.
    """
    for name in table.others:
        other = table_on(path, name)
        if other is None:
            continue
        consent = next((one for one in other.columns if _CONSENT.search(one.folded)), None)
        joined = [
            (role, one, own)
            for role, own in found.items()
            for one in other.columns
            if one is not consent
            and len(one.counts) == len(one.filled)
            and len(own.counts.keys() & one.counts.keys()) >= _NEARLY_ALL * len(own.counts)
        ]
        if consent is None or not joined:
            continue
        role, key, own = joined[0]
        names = [who for who, said in zip(key.texts, consent.texts, strict=True) if who in own.counts and is_withheld(said)]
        plain = meanings("yesno")
        unclear = [said for said in consent.counts if not is_withheld(said) and plain.get(fold(said).split(" ")[0]) != "yes"]
        if unclear:
            draft.tell(text("intake.told_unclear_consent", draft.lang, sheet=name, words=", ".join(map(shown, unclear))))
        if names:
            draft.this_file[WITHHELD] = " | ".join((role, *names))
            draft.decide(WITHHELD, consent.heading, "left-out", "declared")
            draft.tell(
                text(
                    "intake.told_withheld",
                    draft.lang,
                    sheet=name,
                    count=sum(own.counts[who] for who in names),
                    names=", ".join(map(shown, names)),
                )
            )
        return
