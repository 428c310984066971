"""One fact told twice with another value: two sentences, a sentence and a cell, in one document or in several.

A telling is a number with its descriptors: unit, words of its clause and sentence, years, group, role, table. One function says how sure
it is that two tellings are of one fact and one of them is a slip. Its weights are those of a logistic regression on the texts of
`benchmarks/audit_texts` (is a pair the planted one), and one threshold holds for every kind of pair.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from vvvresearch.audit._facts import Facts
from vvvresearch.audit._finding import Finding
from vvvresearch.audit._slips import surprise
from vvvresearch.audit._sums import is_total
from vvvresearch.audit._tellings import WEIGHTS, Tellings, agrees, nearness
from vvvresearch.audit._told import Told
from vvvresearch.audit._told_cells import head_of
from vvvresearch.audit._words import stems
from vvvresearch.locales import Phrase


def features(tellings: Tellings, one: Told, other: Told) -> dict[str, float]:
    """What speaks for and against that two tellings are of one fact and one is a slip, by name."""
    shared, around, fewer, _ = tellings.context(one, other)
    agreeing = len(tellings.agreeing(one)), len(tellings.agreeing(other))
    suspect = one if agreeing[0] <= agreeing[1] else other
    unique, often = float(min(agreeing) == 0), math.log2(1 + max(agreeing))
    slip = surprise(one.digits, other.digits, rough=one.kind != "percentage") if not (one.soft or other.soft) else 0.0
    heard = min(shared, 15.0) + min(around, 10.0)
    heard /= heard + min(fewer, 10.0) + 1
    cell, percent = other.cell is not None, one.kind == "percentage"
    told_of_cell = _cell_features(tellings, one, other, heard) if cell else {}
    heard = max(heard, told_of_cell.get("row_sentence", 0.0))
    same_unit = _one_unit(one.unit, other.unit) if one.unit and other.unit else None
    years = other.years or other.caption_years
    section = one.facts is other.facts and one.said is not None and other.said is not None and one.said.section == other.said.section
    return {
        "one": 1.0, "shared": min(shared, 15.0), "around": min(around, 10.0), "fewer": min(fewer, 10.0),
        "unit": float(same_unit is True), "units": float(same_unit is False),
        "slip": slip, "slip_heard": slip * heard, "near": nearness(one, other),
        "unique": unique, "often": often, "unique_often": unique * often, "known": min(max(0.0, tellings.known(suspect)), 15.0),
        "retells": 0.0 if section else tellings.retells(suspect),
        "years": float(bool(one.years & years)), "across": float(one.facts is not other.facts),
        "section": float(section),
        "block": float(section and one.said is not None and other.said is not None and one.said.block is other.said.block),
        "percent": float(percent), "percent_silent": float(percent and shared + around == 0 and not cell),
        "money": float(one.kind == "money"),
        "size": min(math.log2(max(one.amount, other.amount, 1.0)), 12.0),
        "soft": float(one.soft or other.soft),
        "word": float(any(told.mention is not None and told.mention.kind == "share" for told in (one, other))),
        "aimed": float(one.aimed != other.aimed), "elsewhere": float(one.elsewhere != other.elsewhere),
        "negated": float(one.negated != other.negated), "others": float(one.of_others != other.of_others),
        "group": float(bool(one.group and other.group) and one.group != other.group),
        **told_of_cell,
    }  # fmt: skip


def _cell_features(tellings: Tellings, one: Told, other: Told, heard: float) -> dict[str, float]:
    assert one.said is not None
    assert other.row is not None
    assert other.shown is not None
    assert other.shown.table is not None
    clause, total = one.clause.replace(one.text, " ", 1), is_total(other.row)
    heard_rows, clause_rows = tellings.spoken(one, other.shown, one.said.text), tellings.spoken(one, other.shown, clause)
    named = heard_rows.get(id(other.row), 0.0)
    column, close = _column(tellings, one, other), float(other.shown in one.near_tables)
    beside = [each for each in tellings.cells_of(other.shown) if each.kind == one.kind and agrees(one, each)]
    return {
        "cell": 1.0, "row": clause_rows.get(id(other.row), 0.0), "row_sentence": named,
        "rival": max((spoken for row, spoken in clause_rows.items() if row != id(other.row)), default=0.0),
        "total": float(total), "total_heard": total * heard, "column": column, "other_column": float(column < 0), "close": close,
        "row_close": named * close, "row_column": named * max(column, 0.0), "summed": float(tellings.is_made_of(one, other)),
        "row_has": float(any(each.row is other.row for each in beside)), "table_has": float(bool(beside)),
    }  # fmt: skip


def _column(tellings: Tellings, one: Told, other: Told) -> float:
    """1 where the words name the cell's column, or it is the only one of its kind; -1 where they name another; else 0."""
    assert other.shown is not None
    assert other.row is not None
    assert one.said is not None
    same = [each for each in tellings.cells_of(other.shown) if each.row is other.row and each.kind == other.kind]
    if len(same) == 1:
        return 1.0
    lang = one.facts.document.lang
    heads = {id(each): stems(head_of(each.shown, each.row, each.row.cells.index(each.cell)), lang) for each in same}  # type: ignore[arg-type,union-attr]
    scores = {}
    for each in same:
        distinct = heads[id(each)] - frozenset[str]().union(*(heads[id(more)] for more in same if more is not each))
        named = len(tellings.common(distinct, one.words)) + 0.5 * len(tellings.common(distinct, one.around))
        scores[id(each)] = named + 2.0 * bool(each.years & one.years) + 1.0 * bool(one.unit and each.unit == one.unit)
    if one.role in ("from", "to"):
        scores[id(same[0 if one.role == "from" else 1])] += 1.0
    best = max(scores.values())
    if best <= 0:
        return 0.0
    return 1.0 if scores[id(other)] == best and list(scores.values()).count(best) == 1 else 0.0 if scores[id(other)] == best else -1.0


def _one_unit(one: str, other: str) -> bool:
    """Whether two nouns are one, a compound counting as its last part: "interview", "telefoninterview"."""
    short, long = sorted((one, other), key=len)
    return short == long or (len(short) > 3 and long.endswith(short))


def score(found: dict[str, float]) -> float:
    """The odds of one pair, as a logarithm."""
    return sum(WEIGHTS[name] * value for name, value in found.items())


def retold_findings(documents: Sequence[Facts]) -> Iterator[Finding]:
    """Findings on facts that are told twice with different numbers."""
    tellings = Tellings(documents)
    scored = [(score(features(tellings, one, other)), one, other) for one, other in tellings.pairs()]
    used: set[int] = set()
    for sure, one, other in sorted((each for each in scored if each[0] >= tellings.needed), key=lambda each: -each[0]):
        keys = {id(one.mention or one.cell), id(other.mention or other.cell)}
        if keys & used:
            continue
        used |= {id(one.mention)} | (keys if other.cell is None else set())
        yield _finding(tellings, sure, one, other)


def _finding(tellings: Tellings, sure: float, one: Told, other: Told) -> Finding:
    cell, same = other.cell is not None, one.facts is other.facts
    later, earlier = (one, other) if cell or len(tellings.agreeing(one)) <= len(tellings.agreeing(other)) else (other, one)
    kind = "documents" if not same else "table" if cell else "retold"
    ground = f"near_{'cell' if cell else 'text'}" if surprise(one.digits, other.digits) > 0 else "retold" if same else "documents"
    what = Phrase("audit.what_retold", {"first": " ".join(earlier.text.split()), "second": " ".join(later.text.split())})
    return Finding(
        kind, (later.place, earlier.place), what,
        Phrase("audit.why_retold", {}), Phrase(f"audit.ground_{ground}", {}), 0.75, min(0.95, (0.8 if cell else 0.6) + sure / 30),
    )  # fmt: skip
