"""The arithmetic check: can a published percentage come from its printed base, and if not, what would explain it?"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from numbers import Integral
from typing import TYPE_CHECKING, Any

from vvvresearch.errors import AnalysisError, Failure, SchemaError, did_you_mean, require_table
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Joined, Phrase, Sayable, Written, half_up
from vvvresearch.published._finding import SMALLEST_SHARE, count_mismatch, hypotheses, listed, nearest, percentages
from vvvresearch.results import Base, Column, Labels, Names, Result
from vvvresearch.statistics.rounding import possible_counts, printed_number

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("id", "percent", "n", "decimals", "count", "group", "levels", "figure", "part_of")


@dataclass(frozen=True)
class Claim:
    """One printed "x % (n = y)"."""

    id: str
    percent: Decimal | None
    n: int | None
    decimals: int
    count: int | None
    group: str
    levels: int | None
    figure: str
    part_of: str

    @property
    def checkable(self) -> bool:
        """Whether there is a percentage and a base to check it against."""
        return self.percent is not None and self.n is not None


def read_claims(table: pd.DataFrame) -> tuple[Claim, ...]:
    """The rows of a table of claims, or one error that lists every bad cell."""
    require_table(table, "claims")
    missing = [name for name in ("percent", "n") if name not in table.columns]
    if missing:
        names = [str(name) for name in table.columns]
        raise AnalysisError(
            f"the table of claims has no column {' and no column '.join(missing)}",
            where="claims",
            why="a percentage is checked against its base",
            todo=did_you_mean(missing[0], names) if names else "columns: " + ", ".join(COLUMNS),
        )
    failures: list[Failure] = []
    # A table read from a file is indexed by its lines.
    lines = [int(label) if isinstance(label, Integral) else place for place, label in enumerate(table.index)]
    claims = [_claim(row, line, failures) for line, row in zip(lines, table.to_dict("records"), strict=True)]
    known = Counter(claim.id for claim in claims)
    for place, claim in zip(lines, claims, strict=True):
        if claim.part_of and known[claim.part_of] != 1:
            problem = "this id stands more than once" if known[claim.part_of] else f"no such claim; {did_you_mean(claim.part_of, known)}"
            failures.append(Failure(place, "part_of", claim.part_of, problem))
    if failures:
        raise SchemaError("the table of claims cannot be read", failures, where="claims", todo="correct these cells")
    return tuple(claims)


def _claim(row: dict[Any, Any], place: int, failures: list[Failure]) -> Claim:
    def whole(name: str, low: int) -> int | None:
        words = _cell(row.get(name))
        if not words:
            return None
        try:
            number = printed_number(words, name)
        except AnalysisError:
            number = Decimal("NaN")
        if number.is_nan() or number != number.to_integral_value() or number < low:
            failures.append(Failure(place, name, words, f"not a whole number of at least {low}"))
            return None
        return int(number)

    printed = _cell(row.get("percent"))
    percent = None
    if printed:
        try:
            percent = printed_number(printed)
        except AnalysisError as error:
            failures.append(Failure(place, "percent", printed, error.what))
    decimals = whole("decimals", 0)
    if decimals is None:
        decimals = _printed_decimals(row.get("percent"), percent)
    elif percent is not None and percent.scaleb(decimals) != percent.scaleb(decimals).to_integral_value():
        failures.append(Failure(place, "decimals", str(decimals), f"{percent} has more decimals than that"))
    return Claim(
        id=_cell(row.get("id")) or str(place),
        percent=percent,
        n=whole("n", 1),
        decimals=decimals,
        count=whole("count", 0),
        group=_cell(row.get("group")),
        levels=whole("levels", 1),
        figure=_cell(row.get("figure")),
        part_of=_cell(row.get("part_of")),
    )


def _cell(value: Any) -> str:
    import pandas as pd

    return "" if value is None or pd.isna(value) else str(value).strip()


def _printed_decimals(value: Any, percent: Decimal | None) -> int:
    """The decimals that were printed: as typed for text, as needed for a number (41.0 is how pandas writes 41)."""
    if percent is None:
        return 0
    shown = percent if isinstance(value, str) else percent.normalize()
    exponent = shown.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


POSSIBLE = "possible"
IMPOSSIBLE = "impossible from the printed base"
COUNT_MISMATCH = "count mismatch"
TOTAL_MISMATCH = "total mismatch"
TWO_VALUES = "two values"
NOT_CHECKABLE = "not checkable"
_COLUMNS = ("row", "id", "percent", "decimals", "n", "count", "group", "possible_counts", "verdict", "flagged", "possible_bases")
_WORDS = {
    POSSIBLE: "possible",
    IMPOSSIBLE: "impossible",
    COUNT_MISMATCH: "count_mismatch",
    TOTAL_MISMATCH: "total_mismatch",
    TWO_VALUES: "two_values",
    NOT_CHECKABLE: "not_checkable",
}


def check_percentages(claims: pd.DataFrame, *, smallest_share: float = SMALLEST_SHARE) -> Result:
    """Test published percentages: which counts give them, which cannot come from the printed base, what would explain those.

    Args:
        claims: one row a printed figure, numbers or text cells ("41,7 %"). Columns: `percent`, `n` (the printed base); optional `id`,
            `decimals` (else as printed), `count` (the printed count), `group` (claims of one item, which should fit one base),
            `levels` (how many answer levels the figure adds; 1 rules out that rounded levels were summed), `figure` (a name shared by
            claims that print the same number), `part_of` (the id of the claim that is the total of this and others).
        smallest_share: smaller bases are tried down to this share of the printed one.

    Returns:
        Result, one row a claim in the order given: `row`, `id`, `percent`, `decimals`, `n`, `count`, `group`, `possible_counts` (list),
        `verdict` ("possible", "impossible from the printed base", "count mismatch", "total mismatch", "two values" or
        "not checkable"), `flagged`, `possible_bases` (smaller bases that fit the claim and the others of its group). What would explain
        a claim stands in the column `explanation` when it is shown.

    Raises:
        AnalysisError: no column `percent` or `n`.
        SchemaError: cells that are no numbers; all of them are named.

    Source:
        The idea of the GRIM test (Brown and Heathers 2017), with half-up rounding decided in whole numbers.

    Example:
        >>> import pandas as pd
        >>> found = check_percentages(pd.DataFrame({"id": ["a", "b"], "percent": [56, 41], "n": [72, 72]}))
        >>> list(found.frame["verdict"])
        ['possible', 'impossible from the printed base']
    """
    import pandas as pd

    read = read_claims(claims)
    table = _Table.of(read)
    found = [_row(place, table, smallest_share) for place in range(len(read))]
    frame = pd.DataFrame([row for row, _ in found], columns=list(_COLUMNS))
    checked = sum(claim.checkable for claim in read)
    share = Written(half_up(smallest_share * 100), "percent")
    names = ("id", "printed", "n", "counts", "verdict", "bases", "explanation")
    label = {name: Phrase(f"arithmetic.{name}") for name in names}
    return Result(
        frame=frame,
        base=Base(len(read), "value"),
        title=Phrase("arithmetic.title"),
        notes=(
            Phrase("arithmetic.note_flagged", {"flagged": int(frame["flagged"].sum()), "checked": checked}),
            Phrase("arithmetic.note_method", {"share": share}),
            Phrase("arithmetic.note_hypotheses"),
        ),
        shows=(
            Column("id", label["id"]),
            Column("printed", label["printed"]),
            Column("n", label["n"], "count"),
            Names("possible_counts", label["counts"]),
            Column("verdict", label["verdict"]),
            Names("possible_bases", label["bases"]),
            Column("explanation", label["explanation"]),
        ),
        kind=DataKind.PUBLISHED,
        labels={
            "printed": Labels({(place,): _printed(claim) for place, claim in enumerate(read)}, on=("row",)),
            "verdict": Labels({name: Phrase(f"arithmetic.verdict_{key}") for name, key in _WORDS.items()}),
            "explanation": Labels({(place,): Joined(tuple(reasons), " ") for place, (_, reasons) in enumerate(found)}, on=("row",)),
        },
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


def _row(place: int, table: _Table, smallest_share: float) -> tuple[dict[str, Any], list[Phrase]]:
    """A claim with its verdict, and what would explain it."""
    claim = table.claims[place]
    verdict = NOT_CHECKABLE
    counts: list[int] = []
    bases: list[int] = []
    reasons: list[Phrase] = []
    if claim.percent is not None and claim.n is not None:
        counts = possible_counts(claim.percent, claim.n, claim.decimals)
        mismatch = None if claim.count is None else count_mismatch(claim.count, claim.n, claim.percent, claim.decimals)
        if not counts:
            verdict = IMPOSSIBLE
            bases, reasons = _reasons(claim, place, table, smallest_share)
        elif mismatch is not None:
            verdict, reasons = COUNT_MISMATCH, [mismatch]
        elif reason := _parts_differ(claim, table.parts.get(claim.id, [])):
            verdict, reasons = TOTAL_MISMATCH, [reason]
        elif reason := _other_values(claim, table.figures.get(claim.figure, [])):
            verdict, reasons = TWO_VALUES, [reason]
        else:
            verdict = POSSIBLE
    row = {
        "row": place,
        "id": claim.id,
        "percent": None if claim.percent is None else float(claim.percent),
        "decimals": claim.decimals,
        "n": claim.n,
        "count": claim.count,
        "group": claim.group,
        "possible_counts": counts,
        "verdict": verdict,
        "flagged": verdict not in (POSSIBLE, NOT_CHECKABLE),
        "possible_bases": bases,
    }
    return row, reasons


def _reasons(claim: Claim, place: int, table: _Table, smallest_share: float) -> tuple[list[int], list[Phrase]]:
    assert claim.percent is not None
    assert claim.n is not None
    together = [(other.percent, other.decimals) for other in table.same_base(claim) if other.percent is not None]
    bases, found = hypotheses(claim.percent, claim.n, claim.decimals, together=together, levels=claim.levels, smallest_share=smallest_share)
    if repeated := _repeated(claim, table.neighbours(place)):
        found.append(Phrase("arithmetic.maybe_repeated", {"other": repeated}))
    if not found:
        found.append(Phrase("arithmetic.maybe_none"))
    return bases, [*found, Phrase("arithmetic.nearest", {"values": nearest(claim.percent, claim.n, claim.decimals)})]


def _repeated(claim: Claim, neighbours: Sequence[Claim]) -> str:
    """A neighbouring claim on another base that rightly prints the same percentage: the eye slips to the line before."""
    for other in neighbours:
        if other.percent == claim.percent and other.n is not None and other.n != claim.n and _count_range(other):
            return other.id
    return ""


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
    return Phrase("arithmetic.parts_total", {"parts": shown, "total": listed(total), "printed": _printed(claim)})


def _count_range(claim: Claim) -> list[int]:
    assert claim.percent is not None
    assert claim.n is not None
    return [claim.count] if claim.count is not None else possible_counts(claim.percent, claim.n, claim.decimals)


def _other_values(claim: Claim, same: Sequence[Claim]) -> Phrase | None:
    others = [other for other in same if other.percent is not None and other.percent != claim.percent]
    if not others:
        return None
    pairs = [(other.percent, other.id) for other in others if other.percent is not None]
    return Phrase("arithmetic.other_values", {"values": percentages(pairs, max(other.decimals for other in others))})


def _printed(claim: Claim) -> str | Sayable:
    return "" if claim.percent is None else Written(claim.percent, "percent", claim.decimals)
