"""Numbers that follow from others near them: a share of a whole, a mean, a product, a difference, what is left over."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations

from vvvresearch.audit._bases import THE_OTHERS
from vvvresearch.audit._equations import NEEDED, Equation, likeliest, weighed
from vvvresearch.audit._facts import Facts, Said, exact
from vvvresearch.audit._finding import Finding, place_in
from vvvresearch.audit._near_numbers import OF_THEM, Number, Pool, around, follows, text_between
from vvvresearch.audit._sums import columns_of, is_percent, is_total
from vvvresearch.audit._tables import speaks
from vvvresearch.audit._words import common
from vvvresearch.locales import Phrase, half_up


def relation_findings(facts: Facts, pool: Pool) -> Iterator[Finding]:
    """Findings on numbers that nearly are what others near them give."""
    for equations in relations_of(facts, pool):
        judged = weighed(equations)
        if judged is not None and judged[0] >= NEEDED:
            yield _finding(judged[1].target, judged[1], judged[0])


def relations_of(facts: Facts, pool: Pool) -> Iterator[list[Equation]]:
    """Of each number of the text every equation that may be meant by it."""
    for said in facts.said:
        if said.block.kind in ("caption", "heading", "note") or not pool.own[said.position]:
            continue
        near = pool.near(said)
        for target in pool.own[said.position]:
            if found := likeliest([*_equations(said, target, near), *_rows(facts, said, target)]):
                yield found


def _equations(said: Said, target: Number, near: Sequence[Number]) -> Iterator[Equation]:
    others = [one for one in near if one.mention is not target.mention or one.mention is None]
    if target.family == "percent" and not target.loose and not _is_end(said, target):
        yield from _shares(said, target, others)
    if target.family in ("count", "money", "duration") and not target.loose and target.value > 1:
        left, right = around(said, target)
        if _MEAN.search(left[-60:]) or _MEAN.search(right[:45]):
            yield from _means(target, others, left[-60:], right[:45])
        yield from _products(said, target, others, left, right)
    if target.family in ("count", "money", "percent", "points", "duration"):
        left, right = around(said, target)
        if (_MORE.match(right) and not OF_THEM.match(right)) or _STEP.search(left):
            yield from _differences(target, others)
        rest = _REST.search(left[-50:]) if target.family in ("count", "money") and said.block.kind != "item" else None
        if rest is not None and not THE_OTHERS.search(left[-30:]):
            yield from _rests(target, others, all_others=rest["all"] is not None)


_EQUALS = re.compile(r"\b(?:svar\w+|correspond\w*|equivalent|equal|amount\w*|comes?)\s+(?:\w+\s+)?(?:til|to)\s+(?:\S+\s+)?$", re.IGNORECASE)


def _is_end(said: Said, target: Number) -> bool:
    """Whether a number is an end or the size of a change."""
    role = target.at.role
    return role in ("from", "by") or (role == "to" and not _EQUALS.search(around(said, target)[0]))


_CHANGE = re.compile(
    r"\b(?:med|by|steget|faldet|rose|fell|op|ned|up|down|stigning\w*|fald|increase|drop|vækst)\s+(?:\w+\s+)?$|^\s*(?:flere|færre|more|fewer|less|higher|"
    r"lower|højere|lavere|mere|mindre)\b", re.IGNORECASE,
)  # fmt: skip


def _shares(said: Said, target: Number, others: Sequence[Number]) -> Iterator[Equation]:
    """A percentage as the share that one number is of another."""
    left, right = around(said, target)
    if THE_OTHERS.search(left[-70:]):
        # Of whom it is told, no number says.
        return
    step = Fraction(1, 2 * 10**target.decimals)
    numbers = [one for one in others if one.family in ("count", "money") and one.value > 4]
    numbers = [one for one in numbers if one.mention is None or not one.mention.spelled or one.value > 12]
    percents = [one.value for one in others if one.family == "percent"]
    behind = _OF_NUMBER.match(right)
    of_it = target.at.end + behind.end() if behind is not None else -1
    own = [one for one in numbers if one.away == 0 and one.mention is not None]
    wholes = {one.value for one in own if one.at.kind == "base" or one.at.start == of_it}
    last = max((one.at.start for one in own if one.at.start < target.at.start), default=-1)
    before = [one.at.start for one in numbers if one.away == 1 and one.mention is not None and one.at.kind != "base"]
    largest = max((one.value for one in numbers if one.family == "money" and one.away <= 3), default=Fraction(0))
    cues = {
        "so": float(_SO.search(left[-40:]) is not None), "it_is": float(_IT_IS.match(said.text) is not None),
        "changed": float(bool(_CHANGE.search(left[-30:]) or _CHANGE.match(right))), "to": float(target.at.role == "to"),
    }  # fmt: skip
    for part in numbers:
        if part.away > 2 or part.loose:
            continue
        tie = _tie(target, part, last=last, latest=max(before, default=-1), cues=cues)
        for whole in numbers:
            if whole.family != part.family or whole.value <= part.value:
                continue
            share = 100 * part.value / whole.value
            signs = tie | _whole(target, part, whole) | {
                "other_whole": float(bool(wholes) and whole.value not in wholes),
                "own_whole_far_part": float(bool(wholes) and part.away > 0),
                "of_it": float(whole.mention is not None and whole.away == 0 and whole.at.start == of_it),
                "largest": float(whole.value == largest),
                "has_percent": float(any(abs(share - one) <= step for one in percents)),
            }  # fmt: skip
            yield Equation("share", target, share, (part, whole), step, {"share": 1.0} | signs)
            yield Equation("other", target, 100 - share, (part, whole), step, {"other": 1.0} | signs)
            growth = {f"growth_{name}": value for name, value in cues.items()}
            yield Equation("growth", target, 100 * whole.value / part.value - 100, (part, whole), step, {"growth": 1.0} | signs | growth
            )  # fmt: skip


def _tie(target: Number, part: Number, *, last: int, latest: int, cues: dict[str, float]) -> dict[str, float]:
    """What speaks for and against a number's being the part that a percentage tells."""
    alike = float(bool(common(part.words, target.words)))
    if part.mention is None:
        # A cell of a row that the sentence names.
        return {"part_cell": 1.0, "part_cell_alike": alike, **cues}
    found = {
        "part_alike": alike * float(bool(part.away) or part.at.start != last), "part_base": float(part.at.kind == "base"),
        "part_whole": float(part.at.kind == "ratio" and part.value != part.at.value),
    }  # fmt: skip
    if part.away:
        far = {f"far_{name}": value for name, value in cues.items()}
        return found | far | {
            "part_away": part.away, "part_behind": float(part.away == 1.5),
            "part_other_block": float(part.owner.block is not target.owner.block),
            "latest": float(part.away == 1 and part.at.start == latest),
            "latest_it_is": float(part.away == 1 and part.at.start == latest) * cues["it_is"],
        }  # fmt: skip
    if part.at.start > target.at.start:
        gap = part.at.start - target.at.end
        opened = target.owner.text[target.at.end - target.owner.start :][:2] == " ("
        return found | cues | {"after": 1.0, "after_gap": min(gap, 90) / 30, "after_bracket": float(opened)}
    gap = target.at.start - part.at.end
    between = text_between(target.owner, part, target)
    return found | cues | {
        "before": 1.0, "gap": min(gap, 120) / 30, "last": float(part.at.start == last),
        "bracket": float("(" in between and ")" not in between), "comma": float(between.count(",")),
        "stop": float(bool(_CLAUSE.search(between))),
    }  # fmt: skip


_CLAUSE = re.compile(r";|\b(?:mens|men|while|but|whereas|og|and)\b", re.IGNORECASE)


def _whole(target: Number, part: Number, whole: Number) -> dict[str, float]:
    """What speaks for and against a number's being the whole of a part."""
    found = {
        "whole_away": whole.away, "whole_known": float(whole.away >= 3), "whole_loose": float(whole.loose),
        "whole_unit": float(bool(whole.unit) and whole.unit in target.words),
        "whole_alike": float(whole.away > 0 and bool(common(whole.words - part.words, target.words))),
        "same_unit": float(bool(whole.unit) and whole.unit == part.unit),
    }  # fmt: skip
    if whole.mention is None:
        return found | {"whole_cell": 1.0}
    found["whole_base"] = float(whole.at.kind == "base")
    found["whole_ratio"] = float(whole.mention is part.mention)
    found["whole_total"] = float(whole.at.kind == "total")
    if part.mention is not None and whole.said is part.said and whole.mention is not part.mention:
        first, last = sorted((part, whole), key=lambda one: one.at.start)
        listed = whole.at.kind != "base" and part.at.kind != "ratio" and follows(part.owner, first, last)
        found["whole_before"] = float(first is whole)
        found["whole_after"] = float(first is part)
        found["listed"] = float(listed and not OF_THEM.match(around(part.owner, part)[1]))
    return found


_TOGETHER = re.compile(r"\b(?:tilsammen|sammenlagt|samlet|i alt|together|combined|in all|between them)\b", re.IGNORECASE)
_EITHER = re.compile(r"\b(?:eller|og|or|and|enten|either|samt|plus)\b|/", re.IGNORECASE)
_NAMED = 0.7


def _rows(facts: Facts, said: Said, target: Number) -> Iterator[Equation]:
    """What two or three rows of a table that a sentence names make together: "i alt 64 procent hver dag eller hver uge"."""
    if target.family not in ("count", "percent") or not (_TOGETHER.search(said.text) or _EITHER.search(said.text)):
        return
    named = [facts.find(*one) for one in said.references]
    for shown in [one for one in named if one is not None] or [one for one in facts.shown if one.section == said.section]:
        labels = [row for row in shown.table.rows if row.label and not is_total(row)] if shown.table is not None else []
        rows = [row for row in labels if speaks(row, labels, said.text, said) >= _NAMED]
        columns = columns_of(shown) if 2 <= len(rows) <= 3 else []
        columns = [one for one in columns if is_percent(shown, one) == (target.family == "percent")]
        for column in columns:
            cells = [(row, cell) for row, cell in column if row in rows and cell.value is not None]
            if len(cells) == len(rows):
                of = tuple(
                    Number(cell.value or Fraction(0), target.family, cell.decimals, place_in(shown, row.line, row.label), 2.0, cell.text)
                    for row, cell in cells
                )
                signs = {
                    "rows": 1.0, "rows_together": float(_TOGETHER.search(said.text) is not None), "rows_two": float(len(rows) == 2),
                    "rows_columns": float(len(columns) > 1), "rows_numbers": float(len(said.of("count", "percentage", "ratio")) > 1),
                    "rows_named": float(bool(named)),
                }  # fmt: skip
                rounded = Fraction(len(of), 2 * 10 ** min(target.decimals, *(one.decimals for one in of)))
                room = rounded if target.family == "percent" else Fraction(0)
                yield Equation("rows", target, sum((one.value for one in of), Fraction(0)), of, room, signs)


_OF_NUMBER = re.compile(r"\s+(?:af|of)\s+(?:de |the )?", re.IGNORECASE)
_IT_IS = re.compile(
    r"\W*(?:det|dette|that|this|it|dermed|altså|so|or|in other words|med andre ord|hence|thus)\W+(?:\w+\s+){0,2}?"
    r"(?:er|svarer|giver|udgør|is|was|makes|gives|corresponds|equals|means|blev)\b", re.IGNORECASE,
)  # fmt: skip
_SO = re.compile(
    r"\b(?:så|dermed|altså|således|svarende|svarer|udgør|udgjorde|dvs|or|that is|thus|hence|equals?|makes?|accounts?|which|hvilket|"
    r"is|are|er|therefore|stod for)\b|[(,]\s*$", re.IGNORECASE,
)  # fmt: skip


_MEAN = re.compile(r"\b(?:pr\.|per|hver\b|hvert\b|each|every|gennemsnit\w*|i snit|average|mean|apiece)", re.IGNORECASE)


_EACH = re.compile(r"\b(?:hver|hvert|pr\.|per|each|every|an?|om)\s+(?:[^\W\d]+\s+)?[^\W\d]+", re.IGNORECASE)
_AVERAGE = re.compile(r"\b(?:gennemsnit\w*|i snit|average\w*|mean|apiece)\b", re.IGNORECASE)


def _means(target: Number, others: Sequence[Number], left: str, right: str) -> Iterator[Equation]:
    each = " ".join((*_EACH.findall(left), right)).lower()
    counts = [one for one in others if one.family == "count" and one.value > 2 and one.decimals == 0]
    wholes = [one for one in others if one.family == target.family and one.value > target.value]
    if target.family == "duration":
        wholes += counts
    for whole in wholes:
        for number in counts:
            if number is whole or (number.value >= whole.value and target.family == "count") or number.value == target.value:
                continue
            signs = {
                "mean": 1.0, "mean_away": whole.away + number.away, "mean_unit": float(bool(number.unit) and number.unit[:5] in each),
                "mean_word": float(_AVERAGE.search(left + right) is not None),
                "mean_together": float(whole.said is not None and whole.said is number.said),
                "mean_here": float(whole.away == number.away == 0), "mean_duration": float(target.family == "duration" != whole.family),
            }  # fmt: skip
            room = Fraction(1, 2 * 10**target.decimals) if target.family != "money" else max(Fraction(1, 2), target.value / 100)
            yield Equation("mean", target, whole.value / number.value, (whole, number), room, signs)


_ALL = re.compile(
    r"\b(?:samlet|i alt|tilsammen|sammenlagt|svarer til|giver|total\w*|altogether|together|in all|makes|comes to|equals|or)\b",
    re.IGNORECASE,
)


def _products(said: Said, target: Number, others: Sequence[Number], left: str, right: str) -> Iterator[Equation]:
    if not (_ALL.search(left[-50:]) or _ALL.search(right[:30])):
        return
    for mean in others:
        if (
            mean.said is None
            or mean.mention is None
            or mean.value >= target.value
            or mean.away > 2
            or mean.family not in ("money", "count", "duration")
        ):
            continue
        if (mean.family == "money") != (target.family == "money"):
            continue
        left, right = around(mean.owner, mean)
        if not (_MEAN.search(left[-60:]) or _MEAN.search(right[:45])):
            continue
        for number in others:
            if number.family == "count" and number is not mean and number.value > 2 and number.mention is not mean.mention:
                signs = {"product": 1.0, "product_away": mean.away + number.away}
                yield Equation("product", target, mean.value * number.value, (mean, number), mean.value * number.value / 200, signs)


_MORE = re.compile(
    r"\s*(?:%|[^\W\d]+\.?)?(?:\s*[^\W\d]+){0,2}?\s*\b(?:flere|færre|mere|mindre|højere|lavere|more|fewer|less|higher|lower|short of|"
    r"cheaper|billigere)\b", re.IGNORECASE,
)  # fmt: skip
_STEP = re.compile(
    r"\b(?:stigning\w*|vækst\w*|fald\w*|fremgang\w*|tilbagegang\w*|ændring\w*|forskel\w*|tilvækst\w*|mindreforbrug|merforbrug|overskud|underskud|"
    r"increase|rise|drop|fall|growth|difference|gap|change|rose|fell|grew|gain|surplus|deficit|past it|steget|faldet|vokset|"
    r"øget)\b[^.;\d]{0,24}\b(?:på|med|of|by|er|is|was|var)\s+(?:[^\W\d]+\s+)?[£$€]?$", re.IGNORECASE,
)  # fmt: skip


def _differences(target: Number, others: Sequence[Number]) -> Iterator[Equation]:
    family = {"points": "percent"}.get(target.family, target.family)
    numbers = [one for one in others if one.family in (family, target.family) and one.value != target.value and not one.loose]
    numbers = [one for one in numbers if one.mention is None or not one.mention.spelled or one.value > 12]
    step = Fraction(1, 10**target.decimals) if family == "percent" else Fraction(0)
    _, right = around(target.owner, target)
    than = _THAN.match(right)
    last = [one for one in numbers if than and one.away == 0 and one.mention and one.at.start == target.at.end + than.end()]
    if last:
        # "38, six more than the 32 of the year before"
        own = [one for one in numbers if one.away == 0 and one.mention and one.at.start < target.at.start][-1:]
        told = sorted((one for one in numbers if one.away == 1 and one.mention), key=lambda one: one.at.start)[:1]
        signs = {"difference": 1.0, "than": 1.0}
        yield from (Equation("difference", target, abs(one.value - last[0].value), (one, last[0]), step, signs) for one in own or told)
        return
    for one, other in combinations(numbers, 2):
        if one.value != other.value:
            signs = {
                "difference": 1.0, "ends_away": one.away + other.away, "ends_far": float(min(one.away, other.away) >= 1.5),
                "ends_here": float(one.away == other.away == 0),
                "ends_told": float({"from", "to"} == {end.mention.role for end in (one, other) if end.mention is not None}),
                "ends_unit": float(bool(one.unit) and one.unit == other.unit),
                "end_unit": float(bool(target.unit) and target.unit in (one.unit, other.unit)),
                "end_cell": float(one.mention is None or other.mention is None),
                "ends_cells": float(one.mention is None and other.mention is None),
                "ends_decimals": float(one.decimals != other.decimals),
            }  # fmt: skip
            yield Equation("difference", target, abs(one.value - other.value), (one, other), step, signs)


_THAN = re.compile(r"[^.;,\d]{0,40}?\b(?:end|than)\b[^.;\d]{0,60}?(?=[\d£$€])[£$€]?", re.IGNORECASE)
_REST = re.compile(
    r"\b(?:(?P<all>øvrige|resterende|remaining|the rest|resten|leaves|leaving)|sidste|andre|others?|mens|while|whereas)\b[^.;\d]{0,25}$",
    re.IGNORECASE,
)


def _rests(target: Number, others: Sequence[Number], *, all_others: bool) -> Iterator[Equation]:
    numbers = [one for one in others if one.family == target.family]
    for whole in numbers:
        if whole.loose or whole.value == target.value:
            continue
        parts = [one for one in numbers if one is not whole and one.value < whole.value and not one.loose and one.away <= 1.5]
        for size in (1, 2):
            for some in combinations(parts, size):
                added = sum((one.value for one in some), Fraction(0))
                if added < whole.value:
                    signs = {
                        "rest": 1.0, "rest_all": float(all_others), "rest_away": whole.away + max(one.away for one in some),
                        "rest_two": float(size > 1),
                        "rest_here": float(whole.away == 0 and all(one.away == 0 for one in some)),
                        "rest_base": float(whole.mention is not None and whole.at.kind in ("base", "total")),
                        "rest_cell": float(any(one.mention is None for one in (whole, *some))),
                        "rest_before": float(
                            whole.away == 0
                            and whole.mention is not None
                            and all(one.away > 0 or whole.at.start < one.at.start for one in some)
                        ),
                    }  # fmt: skip
                    yield Equation("rest", target, whole.value - added, (whole, *some), Fraction(0), signs)


def _finding(target: Number, equation: Equation, sure: float) -> Finding:
    one, other = equation.of[0], equation.of[-1]
    weight = min(0.78, 0.5 + sure / 30)
    places = tuple(dict.fromkeys((target.place, *(number.place for number in equation.of))))
    gives = half_up(equation.gives, target.decimals)
    if equation.kind == "share":
        what = Phrase("audit.what_count", {"count": exact(one.value), "base": exact(other.value), "printed": target.text, "actual": gives})
        ground = Phrase("audit.ground_count", {"how": Phrase("audit.base_section", {})})
        return Finding("count", places, what, Phrase("audit.why_count", {}), ground, 0.95, weight)
    if equation.kind in ("mean", "product"):
        total, printed = (exact(one.value), target.text)
        if equation.kind == "product":
            total, gives = target.text, half_up(target.value / other.value, 2)
            printed = one.text
        what = Phrase("audit.what_average", {"total": total, "number": exact(other.value), "actual": gives, "printed": printed})
        return Finding("count", places, what, Phrase("audit.why_count", {}), Phrase("audit.ground_average", {}), 0.95, weight)
    if equation.kind == "difference":
        told = {"first": one.text, "last": other.text, "step": target.text, "actual": exact(equation.gives)}
        return Finding(
            "difference", places, Phrase("audit.what_difference", told),
            Phrase("audit.why_difference", {}), Phrase("audit.ground_difference", {}), 0.9, weight,
        )  # fmt: skip
    if equation.kind == "rows":
        label = " + ".join(number.place.quote for number in equation.of)[:80]
        what = Phrase("audit.what_table", {"said": " ".join(target.text.split()), "cell": exact(equation.gives), "label": label})
        return Finding("table", places, what, Phrase("audit.why_table", {}), Phrase("audit.ground_lookup", {}), 0.9, weight)
    added = sum((number.value for number in equation.of[1:]), target.value)
    what = Phrase("audit.what_sum", {"added": exact(added), "printed": exact(one.value), "name": one.place.quote[:90]})
    return Finding("sum", places, what, Phrase("audit.why_sum", {}), Phrase("audit.ground_sentence", {}), 0.95, weight)
