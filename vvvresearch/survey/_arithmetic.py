"""The arithmetic check: can a published percentage come from its printed base, and if not, what would explain it?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from vvvresearch.kinds import DataKind
from vvvresearch.locales import Lang, Phrase, Sayable, Written, check_lang, half_up
from vvvresearch.results import Base, Column
from vvvresearch.statistics.rounding import (
    Explanation,
    SmallerBase,
    SummedLevels,
    SwappedDigits,
    Truncation,
    common_bases,
    explain_percentage,
    possible_counts,
)
from vvvresearch.survey._claims import Claim, read_claims
from vvvresearch.survey.tabulation._labelled import SaidResult, said_frame

if TYPE_CHECKING:
    import pandas as pd

POSSIBLE = "possible"
IMPOSSIBLE = "impossible from the printed base"
COUNT_MISMATCH = "count mismatch"
TOTAL_MISMATCH = "total mismatch"
TWO_VALUES = "two values"
NOT_CHECKABLE = "not checkable"
_WORDS = {
    POSSIBLE: "possible",
    IMPOSSIBLE: "impossible",
    COUNT_MISMATCH: "count_mismatch",
    TOTAL_MISMATCH: "total_mismatch",
    TWO_VALUES: "two_values",
    NOT_CHECKABLE: "not_checkable",
}


def check_percentages(claims: pd.DataFrame, *, smallest_share: float = 0.8, lang: Lang = "da") -> SaidResult:
    """Test published percentages: which counts give them, which cannot come from the printed base, what would explain those.

    Args:
        claims: one row a printed figure, numbers or text cells ("41,7 %"). Columns: `percent`, `n` (the printed base); optional `id`,
            `decimals` (else as printed), `count` (the printed count), `group` (claims of one item, which should fit one base),
            `levels` (how many answer levels the figure adds; 1 rules out that rounded levels were summed), `figure` (a name shared by
            claims that print the same number), `part_of` (the id of the claim that is the total of this and others).
        smallest_share: smaller bases are tried down to this share of the printed one.
        lang: "da" or "en".

    Returns:
        SaidResult, one row a claim in the order given: `id`, `percent`, `decimals`, `n`, `count`, `group`, `possible_counts` (list),
        `verdict` ("possible", "impossible from the printed base", "count mismatch", "total mismatch", "two values" or
        "not checkable"), `flagged`, `possible_bases` (smaller bases that fit the claim and the others of its group),
        `explanation` (hypotheses in words).

    Raises:
        AnalysisError: no column `percent` or `n`.
        SchemaError: cells that are no numbers; all of them are named.

    Source:
        The idea of the GRIM test (Brown and Heathers 2017), with half-up rounding decided in whole numbers.

    Example:
        >>> import pandas as pd
        >>> found = check_percentages(pd.DataFrame({"id": ["a", "b"], "percent": [56, 41], "n": [72, 72]}), lang="en")
        >>> list(found.frame["verdict"])
        ['possible', 'impossible from the printed base']
    """
    import pandas as pd

    language = check_lang(lang)
    read = read_claims(claims)
    table = _Table.of(read)
    rows = [_row(place, table, smallest_share) for place in range(len(read))]
    frame, spoken = said_frame(rows, language) if rows else (pd.DataFrame(columns=["id", "percent", "n", "verdict", "flagged"]), {})
    checked = sum(claim.checkable for claim in read)
    flagged = int(frame["flagged"].sum()) if rows else 0
    share = Written(half_up(smallest_share * 100), "percent")
    return SaidResult(
        frame=frame,
        spoken=spoken,
        base=Base(len(read), "value"),
        title=Phrase("arithmetic.title"),
        notes=(
            Phrase("arithmetic.note_flagged", {"flagged": flagged, "checked": checked}),
            Phrase("arithmetic.note_method", {"share": share}),
            Phrase("arithmetic.note_hypotheses"),
        ),
        shows=_columns() if rows else (),
        kind=DataKind.PUBLISHED,
        lang=language,
    )


def _columns() -> tuple[Column, ...]:
    label = {name: Phrase(f"arithmetic.{name}") for name in ("id", "printed", "n", "counts", "verdict", "bases", "explanation")}
    return (
        Column("id", label["id"]),
        Column("printed", label["printed"]),
        Column("n", label["n"], "count"),
        Column("counts_text", label["counts"]),
        Column("verdict_text", label["verdict"]),
        Column("bases_text", label["bases"]),
        Column("explanation", label["explanation"]),
    )


@dataclass(frozen=True)
class _Table:
    """The claims with what belongs together, so that a table of any length is gone through once."""

    claims: tuple[Claim, ...]
    groups: dict[str, list[Claim]]
    parts: dict[str, list[Claim]]
    figures: dict[str, list[Claim]]

    @classmethod
    def of(cls, claims: tuple[Claim, ...]) -> _Table:
        groups: dict[str, list[Claim]] = defaultdict(list)
        parts: dict[str, list[Claim]] = defaultdict(list)
        figures: dict[str, list[Claim]] = defaultdict(list)
        for claim in claims:
            for where, name in ((groups, claim.group), (parts, claim.part_of), (figures, claim.figure)):
                if name:
                    where[name].append(claim)
        return cls(claims, groups, parts, figures)

    def same_base(self, claim: Claim) -> list[Claim]:
        """The claims of the same item that print the same base, the claim among them."""
        members = self.groups.get(claim.group, [claim])
        return [other for other in members if other.percent is not None and other.n == claim.n]

    def neighbours(self, place: int) -> tuple[Claim, ...]:
        """The two claims before, nearest first, and the two after."""
        return (*self.claims[max(0, place - 2) : place][::-1], *self.claims[place + 1 : place + 3])


def _row(place: int, table: _Table, smallest_share: float) -> dict[str, Any]:
    claim = table.claims[place]
    verdict, reasons, counts, bases = NOT_CHECKABLE, [], [], []
    if claim.percent is not None and claim.n is not None:
        counts = possible_counts(claim.percent, claim.n, claim.decimals)
        if not counts:
            verdict = IMPOSSIBLE
            together = [(other.percent, other.decimals) for other in table.same_base(claim)]
            bases = common_bases(together, claim.n, smallest_share)
            reasons = _hypotheses(claim, place, table, bases, smallest_share)
        elif claim.count is not None and claim.count not in counts:
            verdict, reasons = COUNT_MISMATCH, [_mismatch(claim)]
        elif reason := _parts_differ(claim, table.parts.get(claim.id, [])):
            verdict, reasons = TOTAL_MISMATCH, [reason]
        elif reason := _other_values(claim, table.figures.get(claim.figure, [])):
            verdict, reasons = TWO_VALUES, [reason]
        else:
            verdict = POSSIBLE
    return {
        "id": claim.id,
        "percent": None if claim.percent is None else float(claim.percent),
        "decimals": claim.decimals,
        "n": claim.n,
        "count": claim.count,
        "group": claim.group,
        "printed": _printed(claim),
        "possible_counts": counts,
        "counts_text": _listed(counts),
        "verdict": verdict,
        "verdict_text": Phrase(f"arithmetic.verdict_{_WORDS[verdict]}"),
        "flagged": verdict not in (POSSIBLE, NOT_CHECKABLE),
        "possible_bases": bases,
        "bases_text": _listed(bases),
        "explanation": _joined(reasons) if reasons else "",
    }


def _hypotheses(claim: Claim, place: int, table: _Table, bases: Sequence[int], smallest_share: float) -> list[Phrase]:
    assert claim.percent is not None
    assert claim.n is not None
    verdict = explain_percentage(claim.percent, claim.n, claim.decimals, levels=claim.levels, smallest_share=smallest_share)
    shared = len(table.same_base(claim)) > 1
    found = []
    for explanation in verdict.explanations:
        if isinstance(explanation, SmallerBase) and shared:
            if bases:
                found.append(Phrase("arithmetic.maybe_common_base", {"bases": _listed(bases)}))
        else:
            found.append(_worded(explanation, claim))
    if repeated := _repeated(claim, table.neighbours(place)):
        found.append(Phrase("arithmetic.maybe_repeated", {"other": repeated}))
    if not found:
        found.append(Phrase("arithmetic.maybe_none"))
    return [*found, Phrase("arithmetic.nearest", {"values": _values(verdict.nearest, claim.decimals)})]


def _worded(explanation: Explanation, claim: Claim) -> Phrase:
    match explanation:
        case SmallerBase(bases):
            return Phrase("arithmetic.maybe_smaller_base", {"bases": _listed(bases)})
        case Truncation(counts):
            return Phrase("arithmetic.maybe_truncated", {"counts": _listed(counts), "n": claim.n})
        case SummedLevels(counts, levels):
            return Phrase("arithmetic.maybe_summed", {"levels": levels, "counts": _listed(counts), "n": claim.n})
        case SwappedDigits(percent, _):
            return Phrase("arithmetic.maybe_swapped", {"percent": Written(percent, "percent", claim.decimals)})


def _repeated(claim: Claim, neighbours: Sequence[Claim]) -> str:
    """A neighbouring claim on another base that rightly prints the same percentage: the eye slips to the line before."""
    for other in neighbours:
        if other.percent == claim.percent and other.n is not None and other.n != claim.n and _count_range(other):
            return other.id
    return ""


def _mismatch(claim: Claim) -> Phrase:
    assert claim.count is not None
    assert claim.n is not None
    if claim.count > claim.n:
        return Phrase("arithmetic.count_above_base", {"count": claim.count, "n": claim.n})
    right = half_up(Fraction(100 * claim.count, claim.n), claim.decimals)
    values = {"percent": Written(right, "percent", claim.decimals), "printed": _printed(claim)}
    return Phrase("arithmetic.count_gives", {"count": claim.count, "n": claim.n, **values})


def _parts_differ(claim: Claim, parts: Sequence[Claim]) -> Phrase | None:
    """Whether no counts of the parts add up to a count of the total; decided on counts, so rounding alone is never a fault."""
    if not parts or any(not part.checkable or part.n != claim.n for part in parts):
        return None
    ranges = [_count_range(part) for part in parts]
    total = _count_range(claim)
    if any(not each for each in ranges) or not total:
        return None
    lowest, highest = sum(each[0] for each in ranges), sum(each[-1] for each in ranges)
    if lowest <= total[-1] and total[0] <= highest:
        return None
    shown = str(lowest) if lowest == highest else f"{lowest}–{highest}"
    return Phrase("arithmetic.parts_total", {"parts": shown, "total": _listed(total), "printed": _printed(claim)})


def _count_range(claim: Claim) -> list[int]:
    assert claim.percent is not None
    assert claim.n is not None
    return [claim.count] if claim.count is not None else possible_counts(claim.percent, claim.n, claim.decimals)


def _other_values(claim: Claim, same: Sequence[Claim]) -> Phrase | None:
    others = [other for other in same if other.percent is not None and other.percent != claim.percent]
    if not others:
        return None
    pairs = [(other.percent, other.id) for other in others if other.percent is not None]
    return Phrase("arithmetic.other_values", {"values": _values(pairs, max(other.decimals for other in others))})


def _values(pairs: Sequence[tuple[Decimal, object]], decimals: int) -> Phrase:
    """Percentages, each with what stands behind it in brackets."""
    shown = [Phrase("arithmetic.value", {"percent": Written(value, "percent", decimals), "about": about}) for value, about in pairs]
    return _joined(shown, "arithmetic.join_values")


def _printed(claim: Claim) -> str | Sayable:
    return "" if claim.percent is None else Written(claim.percent, "percent", claim.decimals)


def _listed(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers))


def _joined(parts: Sequence[Phrase], key: str = "arithmetic.join") -> Phrase:
    if len(parts) == 1:
        return parts[0]
    return Phrase(key, {"first": parts[0], "rest": _joined(parts[1:], key)})
