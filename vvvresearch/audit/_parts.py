"""Parts told one after the other, and every whole that they may make up: in a sentence, over two, or as items of a list."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from vvvresearch.audit._equations import NEEDED, Equation, likeliest, weighed
from vvvresearch.audit._facts import Facts, Said, exact
from vvvresearch.audit._finding import Finding
from vvvresearch.audit._near_numbers import OF_THEM, Number, Pool, around, follows, scale_of, text_between
from vvvresearch.audit._told import AIM
from vvvresearch.locales import Phrase


def part_findings(facts: Facts, pool: Pool) -> Iterator[Finding]:
    """Findings on parts that do not make up the whole that is told with them."""
    for said in facts.said:
        if said.block.kind not in ("caption", "heading", "note") and pool.own[said.position]:
            yield from _more_than_whole(said, pool.near(said))
    for equations in sums_of(facts, pool):
        judged = weighed(equations)
        if judged is not None and judged[0] >= NEEDED:
            yield _finding(*judged)


def sums_of(facts: Facts, pool: Pool) -> Iterator[list[Equation]]:
    """Of each sentence, and of each list, every sum that may be meant."""
    for said in facts.said:
        own = pool.own[said.position]
        if said.block.kind in ("caption", "heading", "note") or not own:
            continue
        near = pool.near(said)
        after = facts.said[said.position + 1].text if said.position + 1 < len(facts.said) else ""
        # "Resten er sparet op": what is missing is told.
        rest = _THE_REST.match(after) is not None
        for family in ("count", "money", "percent"):
            sums = _sums(said, [one for one in own if one.family == family], near)
            if found := likeliest([one for one in sums if one.gives >= one.target.value or not rest]):
                yield found
    for items in _lists(facts, pool):
        signs = {"sum": 1.0, "list": 1.0, "list_long": float(len(items))}
        wholes = [one for one in pool.near(items[0].owner) if one.away > 0 and one.family == items[0].family]
        if found := likeliest([_sum(tuple(items), whole, signs | {"all_away": whole.away}) for whole in wholes]):
            yield found


_THE_REST = re.compile(r"\W*(?:resten|det resterende|det øvrige|de øvrige|the rest|the remaind\w+|what is left)\b", re.IGNORECASE)
_SOME = re.compile(r"\b(?:heraf|hvoraf|deraf|of which|of whom|including|af dem|of them)\b(?:\s+[^\W\d]+){0,2}\s*$", re.IGNORECASE)


def _more_than_whole(said: Said, near: Sequence[Number]) -> Iterator[Finding]:
    """ "14 stævner, heraf 41 i udlandet": some of them that are more than all."""
    counts = [one for one in near if one.family == "count" and one.mention is not None]
    for part in (one for one in counts if one.away == 0 and not one.loose):
        left, right = around(said, part)
        own = [one for one in counts if one.away == 0 and one.at.end <= part.at.start]
        # "Af de 390 unge har 413 talt med en ravn"
        based = bool(own) and own[-1].at.kind == "base" and _WHO_DO.fullmatch(text_between(said, own[-1], part)) is not None
        if not (OF_THEM.match(right) or _SOME.search(left) or based):
            continue
        told = [one for one in counts if one.away == 1]
        wholes = own or (told if len(told) == 1 else [])
        if wholes and all(4 < one.value < part.value for one in wholes):
            whole = max(wholes, key=lambda one: one.value)
            kind = "sum" if _SOME.search(left) else "route"
            what = Phrase("audit.what_route", {"base": exact(part.value), "count": exact(whole.value)})
            if kind == "sum":
                printed = {"added": exact(part.value), "printed": exact(whole.value), "name": whole.place.quote[:90]}
                what = Phrase("audit.what_sum", printed)
            places = tuple(dict.fromkeys((part.place, whole.place)))
            yield Finding(kind, places, what, Phrase(f"audit.why_{kind}", {}), Phrase("audit.ground_sentence", {}), 0.9, 0.75)


_WHO_DO = re.compile(r"(?:\s+[^\W\d]+){1,4}\s+(?:har|er|var|svarer|svarede|oplever|mener|have|has|had|were|are|said|say)\s+", re.IGNORECASE)


_SPLIT = re.compile(
    r":\s|\b(?:heraf|hvoraf|deraf|of which|of whom|of these|of them|fordel\w*|består|bestod|divided|"
    r"split|made up|consist\w*|nemlig|namely)\b",
    re.IGNORECASE,
)
_IN_ALL = re.compile(r"\b(?:i alt|tilsammen|sammenlagt|samlet|total\w*|in all|altogether|together|combined|overall)\b", re.IGNORECASE)
_SEVERAL = re.compile(r"\b(?:både|flere|også|desuden|samtidig|alene|both|also|as well|alone|several|mere end (?:et|én))\b", re.IGNORECASE)
_HALVES = (
    ("kvinde", "mænd"), ("pige", "dreng"), ("women", "men"), ("female", "male"), ("girl", "boy"), ("børn", "voksne"), ("children", "adult"),
    ("ja", "nej"), ("yes", "no"), ("med", "uden"), ("with", "without"), ("fuld", "del"), ("full", "part"),
)  # fmt: skip


def _sums(said: Said, own: Sequence[Number], near: Sequence[Number]) -> Iterator[Equation]:
    """Numbers told one after the other, with every whole that they may make up."""
    own = [one for one in own if one.mention is not None and one.value > 0 and (one.at.kind != "ratio" or one.value == one.at.value)]
    if len(own) < 2 or AIM.search(said.text):
        return
    for start in range(len(own) - 1):
        for end in range(start + 2, len(own) + 1):
            if not follows(said, own[end - 2], own[end - 1]):
                break
            parts = tuple(own[start:end])
            if any(one.at.role in ("from", "to") for one in parts) or _SEVERAL.search(_until(said, parts)):
                continue
            signs = _of_parts(said, parts, own[end] if end < len(own) else None)
            if parts[0].family == "percent":
                hundred = Number(Fraction(100), "percent", 0, parts[-1].place, 0, "100")
                yield _sum(parts, hundred, signs | {"hundred": 1.0, "hundred_halves": signs["halves"], "hundred_two": signs["two"]})
                continue
            second = sorted(one.value for one in parts)[-2]
            for whole in near:
                if whole.family == parts[0].family and whole.value > second and whole not in parts:
                    yield _sum(parts, whole, signs | _of_all(said, parts, whole))


def _sum(parts: tuple[Number, ...], whole: Number, signs: dict[str, float]) -> Equation:
    added = sum((one.value for one in parts), Fraction(0))
    if added + 1 == whole.value and _ONE_MORE.match(_tail(parts[-1])):
        # "tre pædagoger og en politiassistent": an article may be one more.
        added = whole.value
    return Equation("sum", whole, added, parts, _room((*parts, whole)), signs)


def _room(numbers: Sequence[Number]) -> Fraction:
    """What rounding may make of the parts and the whole."""
    decimals, whole = max(one.decimals for one in numbers), numbers[-1]
    if whole.family == "money":
        return sum((scale_of(one) for one in numbers if one.decimals), Fraction(0)) / 2
    return Fraction(len(numbers) - 1, 2 * 10**decimals) if decimals or whole.family == "percent" else Fraction(0)


def _until(said: Said, parts: Sequence[Number]) -> str:
    return said.text[parts[0].at.end - said.start : parts[-1].at.end - said.start + 40]


def _of_parts(said: Said, parts: tuple[Number, ...], following: Number | None) -> dict[str, float]:
    """What speaks for and against that some numbers are the parts of one whole."""
    units = [one.unit for one in parts if one.unit]
    longer = following is not None and follows(said, parts[-1], following) and not _IN_ALL.search(_beside(said, following))
    return {
        "sum": 1.0, "two": float(len(parts) == 2), "three": float(len(parts) == 3), "longer": float(longer),
        "halves": float(_is_halves(said, parts)), "parts_loose": float(any(one.loose for one in parts)),
        "parts_base": float(any(one.at.kind == "base" or _IN_ALL.search(_beside(said, one)) is not None for one in parts)),
        "of_them": float(OF_THEM.match(around(said, parts[-1])[1]) is not None),
        "units_mixed": float(len(units) > len(set(units)) > 1), "units_same": float(len(units) > 1 and len(set(units)) == 1),
        "ones": float(any(one.value == 1 for one in parts)),
    }  # fmt: skip


def _of_all(said: Said, parts: Sequence[Number], whole: Number) -> dict[str, float]:
    """What speaks for and against that a number is the whole of some parts."""
    before = said.text[max(0, parts[0].at.start - said.start - 60) : parts[0].at.start - said.start]
    found = {
        "all_away": whole.away, "all_loose": float(whole.loose), "all_equal": float(any(one.value == whole.value for one in parts)),
        "all_unit": float(bool(whole.unit) and whole.unit in {one.unit for one in parts}),
        "all_opened": float(whole.away == 1 and _SPLIT.match(said.text) is not None),
    }  # fmt: skip
    if whole.said is None or whole.mention is None:
        return found | {"all_cell": 1.0}
    first = whole.said is said and whole.at.start < parts[0].at.start
    return found | {
        "all_sample": float(whole.at.kind == "sample_size"), "in_all": float(_IN_ALL.search(_beside(whole.said, whole)) is not None),
        "all_first": float(first), "all_split": float(first and _SPLIT.search(before) is not None),
        "all_base": float(first and whole.at.kind == "base"), "all_after": float(whole.said is said and not first),
        "all_in_all_after": float(whole.said is said and not first and _IN_ALL.search(_beside(whole.said, whole)) is not None),
    }  # fmt: skip


def _beside(said: Said, one: Number) -> str:
    left, right = around(said, one)
    left, right = re.split(r"[,;:()\d]", left[-25:])[-1], re.split(r"[,;:()\d]", right[:30])[0]
    return f"{left} {right}"


def _is_halves(said: Said, parts: Sequence[Number]) -> bool:
    """Whether two numbers are told of two nouns that between them name everybody."""
    if len(parts) != 2:
        return False
    behind = [re.match(r"\s+([^\W\d]{2,4})\s", around(said, one)[1]) for one in parts]
    if behind[0] and behind[1] and behind[0][1] == behind[1][1]:
        # "14 med unge og 10 med ledere"
        return True
    words = [
        said.text[max(0, one.at.start - said.start - 20) : one.at.end - said.start + 30].lower() for one in parts
    ]  # fmt: skip
    return any(
        (re.search(rf"\b{a}", words[0]) and re.search(rf"\b{b}", words[1]))
        or (re.search(rf"\b{b}", words[0]) and re.search(rf"\b{a}", words[1]))
        for a, b in _HALVES
    )


def _lists(facts: Facts, pool: Pool) -> Iterator[list[Number]]:
    """Items of a list with a number each."""
    found: list[Number] = []
    for at, said in enumerate(facts.said):
        own = [one for one in pool.own[at] if one.family in ("count", "money") and one.mention is not None and one.at.start > said.start]
        if said.block.kind == "item" and len(own) >= 1 and (not found or own[0].family == found[0].family) and (
            not found or found[-1].owner.section == said.section
        ):  # fmt: skip
            found.append(own[0])
            continue
        if len(found) > 2:
            yield found
        found = []
    if len(found) > 2:
        yield found


_ONE_MORE = re.compile(r"[^.;\d]{0,40}\b(?:og|and|samt)\s+(?:en|et|én|ét|one|a|an)\s", re.IGNORECASE)


def _tail(one: Number) -> str:
    return one.said.text[one.mention.end - one.said.start :] if one.said is not None and one.mention is not None else ""


def _finding(sure: float, sum_: Equation) -> Finding:
    ground = "audit.ground_sentence" if sum_.of[0].said is sum_.of[-1].said else "audit.ground_list"
    places = tuple(dict.fromkeys((sum_.target.place, *(one.place for one in sum_.of))))
    printed = {"added": exact(sum_.gives), "printed": exact(sum_.target.value), "name": sum_.target.place.quote[:90]}
    return Finding(
        "sum", places, Phrase("audit.what_sum", printed), Phrase("audit.why_sum", {}), Phrase(ground, {}), 0.95, min(0.9, 0.6 + sure / 30),
    )  # fmt: skip
