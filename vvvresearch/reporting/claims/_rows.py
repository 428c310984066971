"""Rows of a round by their address: what a sentence that is bound there is held against."""

from __future__ import annotations

import dataclasses
import fnmatch
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from vvvresearch.errors import AnalysisError, VvvError, did_you_mean
from vvvresearch.locales import Lang, say, text
from vvvresearch.reporting.claims._row_kinds import (
    EXTRACT,
    called,
    cell_period,
    compared,
    extract,
    frame_unit,
    goal_row,
    group_of,
    known,
    names_of,
    other_groups,
    period_of,
    person_forms,
    round_groups,
    source_words,
)
from vvvresearch.reporting.claims._words import (
    denies_another,
    foreign_words,
    group_forms,
    headings,
    measured_in,
    mirrors,
    takes_several,
    topics,
    unit_forms,
)
from vvvresearch.results import Cell, Result, folded
from vvvresearch.statements import Row, Sibling, Side, money_noun

if TYPE_CHECKING:
    from vvvresearch.rounds import Round

_MEASURES = ("share", "count", "n", "change", "difference", "lower", "upper")
_BETWEEN = re.compile(r"\s*[,;|&]\s*|\s*\+\s*(?=[^\s.]+\.)|\s+/\s+|\s+")
# Several answers to one question: `leaders-2021.tilfreds.meget+ganske`.
_TOGETHER = re.compile(r"([^\s,;|&+]+\.)([^\s.,;|&+]+(?:\+[^\s.,;|&+]+)+)")
# Measures of persons in a causal map, of all who were asked.
_OF_ALL = ("informants",)
# Tables that count who spoke of something.
_TOLD = ("themes", "theme-", "map.")
# The last part of an address that is complete.
_OF_THEMES = ("affirmed", "contradicted", "both", "not_raised", "persons_affirmed", "persons_contradicted", "persons_both")
_NAMED = frozenset([*_MEASURES, *_OF_THEMES, "mean", "median", "min", "max", "sum", "sd", "q1", "q3", "value", "rows"])
_STATISTICS = {"mean": "mean", "median": "median"}


@dataclass(frozen=True)
class Bound:
    """What an address stands for.

    Args:
        address: as the author wrote it.
        rows: one row; of an item alone one for each of its answers, of a family one for each of its members.
        kind: "row", "answers" or "family".
        cell: the address of the number that a reader is led to, "" where there is none.
    """

    address: str
    rows: tuple[Row, ...]
    kind: str = "row"
    cell: str = ""


def bound(opened: Round, address: str, lang: Lang) -> Bound:
    """The row or rows at an address.

    Args:
        opened: the round.
        address: of a number, with or without its measure (`municipal-2022.refers.yes`); of several answers to one question together
            (`leaders-2021.satisfied.very+quite`); of an item, for rank; `A~B.item.code` for a change; two addresses, for a comparison;
            `goal.ID`; with `*`, for a family of items.
        lang: language of the rows' words.

    Raises:
        AnalysisError: nothing stands there, with what was probably meant.
    """
    if (added := _TOGETHER.fullmatch(address.strip())) is not None:
        return _together(opened, address, [f"{added[1]}{code}" for code in added[2].split("+")], lang)
    pair = [part for part in _BETWEEN.split(address.strip()) if part]
    if len(pair) == 2:
        one, other = (bound(opened, part, lang) for part in pair)
        same = _question_of(one.cell) == _question_of(other.cell)
        mirrored = mirrors(opened, one.cell, other.cell)
        return Bound(address, (compared(one.rows[0], other.rows[0], same=same, mirrored=mirrored),), cell=one.cell)
    if "*" in address:
        return _family(opened, address, lang)
    head, _, rest = address.partition(".")
    if head.casefold() in ("goal", "goals", "mål") and rest:
        found = goal_row(opened, rest, lang)
        if found is not None:
            return Bound(address, (found[0],), cell=found[1])
    return _numbers(opened, address, lang)


def _together(opened: Round, address: str, parts: list[str], lang: Lang) -> Bound:
    """Several answers to one question as one: who gives one of them gives no other."""
    rows = [_numbers(opened, part, lang).rows[0] for part in parts]
    first = rows[0]
    if any(row.count is None or not row.labels or row.n != first.n for row in rows):
        raise AnalysisError("these numbers cannot be added up", where=address, todo="name answers to one question")
    if first.several:
        why = "a person could give several of them"
        raise AnalysisError("these numbers cannot be added up", where=address, why=why, todo="name one answer")
    count = sum(row.count or 0 for row in rows)
    whole = Fraction(count, first.n) if first.n and first.population == first.n else None
    labels = tuple(label for row in rows for label in row.labels)
    return Bound(
        address,
        (
            dataclasses.replace(
                first,
                count=count,
                lower=whole,
                upper=whole,
                labels=labels,
                says=text("claims.answers", lang, label=text("claims.or", lang).join(labels)),
                negative=all(row.negative for row in rows),
                siblings=tuple(one for one in first.siblings if not set(one.names) & set(labels)),
                gap_lower=None,
            ),
        ),
    )


def _numbers(opened: Round, address: str, lang: Lang) -> Bound:
    result, cell = _found(opened, address)
    if cell is None:
        assert result is not None
        return Bound(address, tuple(_answers(opened, result, address, lang)), "answers")
    row = folded(cell.address).rpartition(".")[0]
    if cell.value is None and any(one.rpartition(".")[0] == row for one in opened.hidden):
        why = "it would tell of few persons, or let such a number be reckoned"
        raise AnalysisError("the number is hidden", where=address, why=why, todo="bind the words to another number, or take them back")
    return Bound(address, (_row(opened, result, cell, lang),), cell=cell.address)


def _found(opened: Round, address: str) -> tuple[Result | None, Cell | None]:
    """The number at an address, by itself or by the first measure that it has; or the table of an item's answers."""
    problem: VvvError | None = None
    measured = [f"{address}.{measure}" for measure in _MEASURES]
    # A look-up that fails is dear, for it looks for what was meant: what an address most likely is comes first.
    whole = address.rsplit(".", 1)[-1] in _NAMED or address.split("/")[0].split(".")[0] not in opened.surveys
    for name in (address, *measured) if whole else (measured[0], address, *measured[1:]):
        try:
            cell = opened.cell(name)
        except AnalysisError as failed:
            problem = failed if name == address else problem or failed
            continue
        return opened.located(name), cell
    result = opened.located(f"{address}.x.share") if address.count(".") else None
    if result is not None and not result.absent and "code" in result.keys:
        stem = folded(address)
        if any(folded(one.address).startswith(stem + ".") for one in result.cells):
            return result, None
    assert problem is not None
    raise problem


def _answers(opened: Round, result: Result, address: str, lang: Lang) -> Iterator[Row]:
    stem = folded(address) + "."
    for cell in result.cells:
        if folded(cell.address).startswith(stem) and cell.address.endswith(".share"):
            yield _row(opened, result, cell, lang)


def _row(opened: Round, result: Result | None, cell: Cell, lang: Lang) -> Row:
    row = cell.row
    if known(row, "x1", "n1", "x2", "n2"):
        return _change(opened, result, cell, lang)
    if known(row, "first", "second", "lower", "upper") and cell.address.endswith(".gap"):
        return _of_the_same(opened, result, cell, lang)
    count, n = _counted(cell)
    if count is None:
        count, n = _by_its_share(opened, cell)
    unit = unit_forms(cell.base.unit, lang)
    about, others = topics(opened, cell.address, lang)
    told = cell.address.startswith(_TOLD)
    titled = told or not about
    # Themes are told by groups of persons.
    answers = titled and not cell.address.startswith(("themes", "theme-"))
    group = group_of(result, cell, lang, answers=answers)
    if not about and result is not None:
        about, others = headings(result, cell, lang)
    called = source_words(opened, cell.address, result, lang)
    base: dict[str, Any] = {
        "denominator": cell.base.say(lang),
        "unit": person_forms(unit, group, cell.base.unit),
        "group": group,
        "period": say(cell.base.wave, lang) or cell_period(opened, cell),
        "foreign": tuple(dict.fromkeys(other_groups(result, cell, group, lang, answers=answers))),
        "subjects": foreign_words((*unit, *group, *called), lang, round_groups(opened, lang)),
        "about": about,
        "others": others,
        "titled": titled and bool(about),
        "told": told,
        "called": called,
    }
    if count is None or n is None:
        return _valued(opened, cell, base, lang)
    siblings, labels, unsure = _siblings(result, cell, lang)
    lower, upper = _limits(opened, cell)
    population = cell.base.population
    if population is None and extract(opened, cell.address):
        # A register of the day tells of everybody who is in it.
        population = n
    if lower is None and population is not None and population == n:
        lower = upper = Fraction(count, n)
    return Row(
        count=count,
        n=n,
        population=population,
        lower=lower,
        upper=upper,
        says=_says(labels, row, lang),
        labels=labels[:1],
        negative=any(denies_another(label, (name for one in siblings for name in one.names), lang) for label in labels[:1]),
        siblings=siblings,
        unsure=unsure,
        gap_lower=_gap(count, n, siblings),
        several=takes_several(opened, cell.address),
        **base,
    )


def _valued(opened: Round, cell: Cell, base: dict[str, Any], lang: Lang) -> Row:
    """A number that is no part of a whole: a stock, a number of rows, a mean, a median, a length of time."""
    measure = cell.address.rsplit(".", 1)[-1]
    statistic = _STATISTICS.get(measure, "")
    lasting = cell.address.split(".")[0].split("/")[0] in ("duration", "waiting")
    unit = measured_in(opened, cell.address) or ("days" if lasting and statistic else measure if lasting and measure == "months" else "")
    about = base["about"]
    base = {**base, "group": (*base["group"], *called(opened, cell, lang))} if not statistic else base
    if cell.format != "count" and not statistic:
        # A coefficient, a ratio, a membership is no number of cases.
        base = {**base, "unit": ()}
    named: tuple[str, ...] = (money,) if (money := money_noun(about, lang)) else ()
    named = tuple(text(f"claims.time_{unit}", lang).split(" | ")) if unit in ("days", "months", "hours") else named
    return Row(
        value=_plain_value(cell),
        statistic=statistic,
        value_n=cell.n if statistic else None,
        measured_in=named,
        **base,
    )


def _counted(cell: Cell) -> tuple[int | None, int | None]:
    """Count and base of a number, where it is one of so many."""
    row, measure = cell.row, cell.address.rsplit(".", 1)[-1]
    if measure in ("count", "n", "share", "lower", "upper") and known(row, "count", "n") and row["n"] > 0 and row["count"] <= row["n"]:
        return int(row["count"]), int(row["n"])
    if cell.count is not None and cell.n:
        return cell.count, cell.n
    if cell.part and cell.n and isinstance(cell.value, int) and 0 <= cell.value <= cell.n:
        return cell.value, cell.n
    if measure in _OF_ALL and cell.n and cell.address.split(".")[1:2] != ["total"] and known(row, measure) and row[measure] <= cell.n:
        return int(row[measure]), cell.n
    return None, None


def _by_its_share(opened: Round, cell: Cell) -> tuple[int | None, int | None]:
    """Count and base of a number that its table also tells as a share: "presence.2025-05.present.n" beside its share."""
    if cell.format != "count":
        return None, None
    try:
        share = opened.cell(f"{cell.address.rsplit('.', 1)[0]}.share")
    except VvvError:
        return None, None
    alike = share.count is not None and share.n and share.count == cell.value
    return (share.count, share.n) if alike else (None, None)


def _plain_value(cell: Cell) -> Fraction | None:
    value = cell.value
    if isinstance(value, bool) or not isinstance(value, int | float | Fraction) or not math.isfinite(value):
        return None
    return Fraction(value) if isinstance(value, int | Fraction) else Fraction(str(value))


def _siblings(result: Result | None, cell: Cell, lang: Lang) -> tuple[tuple[Sibling, ...], tuple[str, ...], Sibling | None]:
    """The other answers to the same question, the words of this one, and those who do not know."""
    code = next((name for name in ("code", "value") if name in cell.row and result is not None and name in result.keys), "")
    if result is None or not code:
        return (), (), None
    labels = result.labels.get(code)
    same = [column for column in result.keys if column != code and column in cell.row]
    found: list[Sibling] = []
    own: tuple[str, ...] = ()
    unsure: Sibling | None = None
    for other in result.frame.to_dict("records"):
        if any(other.get(column) != cell.row[column] for column in same):
            continue
        words = labels.say(other[code], other, lang) if labels else str(other[code])
        if other[code] == cell.row[code]:
            own = (words,)
        elif known(other, "count") and other.get("role", "answer") == "answer":
            found.append(Sibling(int(other["count"]), (words,)))
        elif known(other, "count") and other.get("role") == "dont_know":
            unsure = Sibling(int(other["count"]), (words,))
    return tuple(found), own, unsure


def _says(labels: tuple[str, ...], row: Mapping[Any, Any], lang: Lang) -> str:
    if not labels or "item" not in row:
        return ""
    return text("claims.answers", lang, label=labels[0])


def _gap(count: int, n: int, siblings: tuple[Sibling, ...]) -> Fraction | None:
    """The lower limit of the gap to the next answer of the same question (Wald, from the multinomial)."""
    if not siblings:
        return None
    own, other = Fraction(count, n), Fraction(max(one.count for one in siblings), n)
    spread = math.sqrt(max(float(own + other - (own - other) ** 2), 0.0) / n)
    return own - other - Fraction(str(round(1.96 * spread, 6)))


def _limits(opened: Round, cell: Cell) -> tuple[Fraction | None, Fraction | None]:
    stem = cell.address.rsplit(".", 1)[0]
    if "code" not in cell.row:
        return None, None
    try:
        low, high = (opened.cell(f"{stem}.{name}").value for name in ("lower", "upper"))
    except VvvError:
        return None, None
    if low is None or high is None:
        return None, None
    return Fraction(str(float(low))), Fraction(str(float(high)))


def _change(opened: Round, result: Result | None, cell: Cell, lang: Lang) -> Row:
    """A row with two sides: waves of a survey, or two surveys that ask the same."""
    row = cell.row
    first, second = (part for part in cell.address.split(".")[0].split("/")[0].split("~"))
    periods = [period_of(opened, name) for name in (first, second)]
    names = [names_of(opened, name, lang) for name in (first, second)]
    labels = result.labels.get("code") if result is not None else None
    own = (labels.say(row["code"], row, lang),) if labels and "code" in row else ()
    refused = str(row.get("verdict", "")) in ("refused", "not_comparable", "break")
    waves = names[0] == names[1]
    unit = unit_forms(frame_unit(opened, second) or cell.base.unit, lang)
    about, others = topics(opened, cell.address, lang)
    earlier = Side(int(row["x1"]), int(row["n1"]), () if waves else names[0], periods[0])
    told = known(row, "lower", "upper")
    everybody = not told and row.get("verdict") == "full_count"
    return Row(
        count=int(row["x2"]),
        n=int(row["n2"]),
        population=int(row["n2"]) if everybody else None,
        unit=person_forms(unit, names[1], cell.base.unit),
        says=_says(own, row, lang),
        group=() if waves else names[1],
        period=periods[1],
        labels=own,
        negative=any(denies_another(label, about[1:], lang) for label in own),
        subjects=foreign_words((*unit, *names[0], *names[1]), lang, round_groups(opened, lang)),
        before=earlier if waves else None,
        other=None if waves else dataclasses.replace(earlier, period=""),
        change_lower=Fraction(str(float(row["lower"]))) if told else None,
        change_upper=Fraction(str(float(row["upper"]))) if told else None,
        panel_change=Fraction(str(float(row["panel_change"]))) if known(row, "panel_change") else None,
        about=about,
        others=others,
        obstacle="break" if refused else _not_to_be_told(opened, result, row),
    )


def _of_the_same(opened: Round, result: Result | None, cell: Cell, lang: Lang) -> Row:
    """A row with two sides of the same persons or pairs: a theme at two times, or told by the one half and by the other."""
    row, halves = cell.row, opened.programme.halves
    waves = cell.address.startswith("theme-changes")
    first, second = cell.base.wave.split(", ") if waves and isinstance(cell.base.wave, str) else ("", "")
    names = [() if waves else group_forms(text(f"groups.{half}", lang), lang) for half in halves]
    n, unit = int(row["persons" if waves else "pairs"]), unit_forms(cell.base.unit, lang)
    about, others = topics(opened, cell.address, lang)
    side = Side(int(row["first"]), n, names[0], _years_of(opened, first))
    return Row(
        count=int(row["second"]),
        n=n,
        unit=person_forms(unit, names[1], cell.base.unit),
        group=names[1],
        period=_years_of(opened, second),
        subjects=foreign_words((*unit, *names[0], *names[1]), lang, round_groups(opened, lang)),
        before=side if waves else None,
        other=None if waves else side,
        change_lower=Fraction(str(float(row["lower"]))),
        change_upper=Fraction(str(float(row["upper"]))),
        about=about,
        others=others,
        obstacle=_not_to_be_told(opened, result, row),
    )


def _years_of(opened: Round, wave: str) -> str:
    """The years in which the interviews of a wave were held."""
    frame = opened.interviews.frame
    found = sorted({str(month)[:4] for month in frame.loc[frame["wave"].astype(str) == wave, "month"].dropna()}) if wave else []
    return "–".join(dict.fromkeys((found[0], found[-1]))) if found else ""


def _not_to_be_told(opened: Round, result: Result | None, row: Mapping[Any, Any]) -> str:
    """Why a change whose interval leaves 0 out may not be told in a report all the same.

    An answer that is only described follows the answer that was tested for its question: one decision for each question.
    """
    if not known(row, "lower", "upper") or row["lower"] <= 0 <= row["upper"]:
        return ""
    if known(row, "p_adjusted"):
        return "" if opened.may_be_told(float(row["p_adjusted"])) else "told_together"
    frame = result.frame if result is not None else None
    tested = [] if frame is None else frame.loc[frame["item"] == row["item"], "p_adjusted"].dropna()
    return "" if any(opened.may_be_told(float(p)) for p in tested) else "only_described"


def _question_of(address: str) -> tuple[str, ...]:
    """What was asked and what was answered or told, without who did and when."""
    root, *parts = folded(address).split(".")
    if root.startswith("themes"):
        return (root, parts[0] if parts else "")
    if "~" in root or "/by-" in root:
        return (parts[0], parts[-2]) if len(parts) > 2 else tuple(parts[:1])
    if any(EXTRACT.fullmatch(part) for part in parts):
        return (root, *(EXTRACT.sub(lambda found: found[0].removesuffix(found[1]), part) for part in parts))
    return tuple(parts[:2])


def _family(opened: Round, address: str, lang: Lang) -> Bound:
    """Every item whose id fits a pattern, with the same answer: `municipal-2021.benefit_*.high`."""
    root, *rest = address.split(".")
    if not rest:
        raise AnalysisError(f"{address!r} is no family", todo="write survey.items_*.code")
    survey = root.split("/")[0].split("~")[-1]
    found = next((one for name, one in opened.surveys.items() if folded(name) == folded(survey)), None)
    items = [item.id for item in (found.questionnaire.items if found is not None and found.questionnaire is not None else ())]
    members = [name for name in items if fnmatch.fnmatchcase(folded(name), folded(rest[0]))]
    rows: list[Row] = []
    cell = ""
    for name in members:
        one = _numbers(opened, ".".join([root, name, *rest[1:]]), lang)
        rows += one.rows
        cell = cell or one.cell
    if not rows:
        raise AnalysisError(f"no item fits {rest[0]!r}", where=address, todo=did_you_mean(rest[0].replace("*", ""), items))
    return Bound(address, tuple(rows), "family", cell)
