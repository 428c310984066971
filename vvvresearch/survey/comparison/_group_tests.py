"""Tests between groups: the whole table, every pair, the letters of a banner table, and the same questions put to two groups."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations
from string import ascii_uppercase
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from vvvresearch.errors import AnalysisError, NotPermittedError
from vvvresearch.evidence import Survey
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Phrase, Sayable, half_up
from vvvresearch.results import TOTAL, Base, Column, Labels, Result, Total, largest_sides
from vvvresearch.statistics.exact_tests import cochran_armitage, fisher, freeman_halton, mann_whitney
from vvvresearch.statistics.intervals import worst_case_bounds
from vvvresearch.statistics.multiple_response import rao_scott
from vvvresearch.statistics.multiplicity import Family, adjust, rejected
from vvvresearch.statistics.ordinal import kruskal
from vvvresearch.survey.comparison._comparable import common_items, counterpart, require_comparable
from vvvresearch.survey.comparison._compared import PairTest, Question, compared_result, counts_of, decide_together, exact_inference
from vvvresearch.survey.comparison._sides import Compared, Side, Source, one_item, side_of
from vvvresearch.survey.tabulation._asked import Denominator, short_percent

if TYPE_CHECKING:
    from numpy.typing import NDArray


_NAN = math.nan
# Up to here rank tests of two groups are counted out exactly.
_EXACT = 300


@dataclass(frozen=True)
class Overall:
    """One test of all groups at once.

    `words` is the key of its name, `reason` why it was not possible, `code` the option it is about,
    `sides` the n of the two largest groups.
    """

    words: str
    p_value: float
    statistic: float
    degrees: float = _NAN
    reason: str = ""
    code: str = ""
    sides: Mapping[str, int] = field(default_factory=dict)


def letter_of(place: int) -> str:
    """The letter of a column: A … Z, then AA, AB …

    Example:
        >>> letter_of(0), letter_of(27)
        ('A', 'AB')
    """
    return ascii_uppercase[place] if place < 26 else letter_of(place // 26 - 1) + ascii_uppercase[place % 26]


def overall_tests(groups: Sequence[Side], *, trend: bool) -> list[Overall]:
    """The tests that fit the kind of item; groups without answers are left out."""
    filled = [group for group in groups if group.n]
    sides = largest_sides(group.n for group in filled)
    return [dataclasses.replace(test, sides=sides) for test in _fitting(filled, trend=trend)]


def _fitting(filled: Sequence[Side], *, trend: bool) -> list[Overall]:
    if len(filled) < 2:
        return [Overall("freeman", _NAN, _NAN, reason="one_answer")]
    if filled[0].numbers is not None:
        return [_ranks({str(place): group.numbers.tolist() for place, group in enumerate(filled) if group.numbers is not None})]
    answers = [place for place, role in enumerate(filled[0].roles) if role not in ("dont_know", "refused")]
    found = []
    if filled[0].several:
        ticks = np.vstack([group.chosen[:, answers] for group in filled])
        test = rao_scott(ticks, np.repeat(np.arange(len(filled)), [group.n for group in filled]).tolist())
        reason = "one_answer" if math.isnan(test.p_value) else ""
        found.append(Overall("rao", test.p_value, test.corrected, test.degrees, reason))
    else:
        found.append(_table_test(np.array([group.chosen[:, answers].sum(axis=0) for group in filled])))
    if filled[0].rank is not None:
        ranks = {str(place): group.rank[group.rank >= 0].tolist() for place, group in enumerate(filled) if group.rank is not None}
        ranks = {name: values for name, values in ranks.items() if values}
        if len(ranks) > 1:
            found.append(_ranks(ranks))
    if trend:
        found += [_trend(filled, place) for place in answers]
    return found


def _table_test(counts: NDArray[np.int64]) -> Overall:
    from scipy import stats

    kept = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0]
    if min(kept.shape, default=0) < 2:
        return Overall("freeman", _NAN, _NAN, reason="one_answer")
    pearson = stats.chi2_contingency(kept, correction=False)
    if pearson.expected_freq.min() >= 5:
        return Overall("chi", float(pearson.pvalue), float(pearson.statistic), float(pearson.dof))
    exact = freeman_halton(kept.tolist())
    return Overall("drawn" if "drawn" in exact.test else "freeman", exact.p_value, exact.statistic)


def _ranks(groups: dict[str, list[float]]) -> Overall:
    if len(groups) == 2 and sum(map(len, groups.values())) <= _EXACT:
        one, two = groups.values()
        exact = mann_whitney(one, two)
        return Overall("mann", exact.p_value, exact.statistic, reason="one_answer" if math.isnan(exact.p_value) else "")
    test = kruskal(groups)
    return Overall("kruskal", test.p_value, test.statistic, len(groups) - 1.0, "one_answer" if math.isnan(test.p_value) else "")


def _trend(groups: Sequence[Side], place: int) -> Overall:
    test = cochran_armitage([int(group.chosen[:, place].sum()) for group in groups], [group.n for group in groups])
    reason = "one_answer" if math.isnan(test.p_value) else ""
    return Overall("trend", test.p_value, test.statistic, reason=reason, code=groups[0].codes[place])


def pair_rows(
    item: str, groups: Sequence[Side], names: Sequence[str], test: PairTest, *, method: str, level: float
) -> tuple[list[dict[str, Any]], Family]:
    """Every pair of groups for every option: the difference, second less first, with p, interval and what could have been seen.

    All pairs are one family; yes and no of one item are one test.
    """
    rows, inferences, keys = [], [], []
    alone = len(groups[0].codes) == 2 and not groups[0].several
    for place, code in enumerate(groups[0].codes):
        for (one, first), (two, second) in combinations(enumerate(groups), 2):
            if not first.n or not second.n:
                continue
            counts = x1, n1, x2, n2 = int(first.chosen[:, place].sum()), first.n, int(second.chosen[:, place].sum()), second.n
            row = {"item": item, "code": code, "first": names[one], "second": names[two], "x1": x1, "n1": n1, "x2": x2, "n2": n2}
            rows.append(row | {"change": float(Fraction(x2, n2) - Fraction(x1, n1))})
            inferences.append(exact_inference(*counts, test))
            keys.append((one, two, "" if alone else code))
    hypotheses = {key: inference.p_value for key, inference in zip(keys, inferences, strict=True)}
    tests = adjust(list(hypotheses.values()), method, "")
    adjusted = dict(zip(hypotheses, tests.adjusted, strict=True))
    for row, inference, key in zip(rows, inferences, keys, strict=True):
        row |= inference.within(adjusted[key], 1 - level, tests)
    return rows, tests


def letters(pairs: Sequence[dict[str, Any]], names: Sequence[str], alpha: float) -> dict[tuple[str, str], str]:
    """(code, group) → letters of the groups whose share is smaller beyond chance after adjustment."""
    found: dict[tuple[str, str], str] = {}
    for row in pairs:
        if rejected(row["p_adjusted"], alpha):
            larger, smaller = (row["second"], row["first"]) if row["change"] > 0 else (row["first"], row["second"])
            key = (row["code"], larger)
            found[key] = found.get(key, "") + letter_of(list(names).index(smaller))
    return found


def banner_letters(table: Result, *, adjustment: str = "holm", family: str = "", level: float = 0.95) -> Result:
    """Test every pair of columns within each banner variable of a table, and give the letters.

    Args:
        table: from `tabulate(…, by=…)`, unweighted, with options (not numbers).
        adjustment: "holm", "benjamini-hochberg" or "none", over all pairs of the table.
        family: what the tests have in common, in words.
        level: a letter is given where the adjusted p of Fisher's exact test is below 1 − level.

    Returns:
        Result; `.frame`: item, code, by, group, letter (the column's own), count, n, letters (the columns whose share is smaller).
        Total tests.

    Raises:
        AnalysisError: a table without banner, of numbers, or weighted.
        NotPermittedError: reconstructed or published figures.

    Source:
        Fisher 1935; Holm 1979; letters as in the column tests of survey programs.

    Example:
        >>> import pandas as pd
        >>> from vvvresearch.evidence import Frame, Item, Option, Questionnaire, Survey, Words
        >>> from vvvresearch.survey import tabulate
        >>> def say(words):
        ...     return Words(da=words, en=words)
        >>> options = (Option(code="1", label=say("Ja")), Option(code="0", label=say("Nej")))
        >>> item = Item(id="refers", text=say("Henviser I?"), type="single", options=options)
        >>> frame = Frame(unit="municipality", chosen_by=say("-"), collected=say("2021"))
        >>> asked = Questionnaire(schema_version=1, id="q", title=say("q"), group=say("g"), wave=say("w"), frame=frame, items=(item,))
        >>> answers = pd.DataFrame({"refers": ["1"] * 10 + ["0"] * 10, "size": ["s"] * 10 + ["l"] * 10})
        >>> found = banner_letters(tabulate(Survey(answers, asked), "refers", by="size")).frame
        >>> found[["code", "group", "letter", "letters"]].values.tolist()
        [['1', 'l', 'A', ''], ['0', 'l', 'A', 'B'], ['1', 's', 'B', 'A'], ['0', 's', 'B', '']]
    """
    rows = _banner_rows(table)
    if rows.empty:
        raise AnalysisError("the table has no banner", where="table", todo="tabulate with by=")
    if "count" not in rows.columns or "weighted" in rows.columns:
        raise AnalysisError("letters are given for unweighted counts of answer options", where="table")
    if table.kind in (DataKind.RECONSTRUCTED, DataKind.PUBLISHED):
        raise NotPermittedError(
            "letters are not given for reconstructed or published figures",
            where="table",
            why="how answers go together with groups was never published",
            todo="use a round with answers",
        )
    columns = rows[["by", "group"]].drop_duplicates()
    letter = {(str(by), str(group)): letter_of(place) for place, (by, group) in enumerate(columns.itertuples(index=False, name=None))}
    pairs: list[tuple[int, int, float]] = []
    for _, cell in rows[rows["n"] > 0].dropna(subset=["count"]).groupby(["item", "code", "by"], sort=False):
        found = {int(place): (int(x), int(n)) for place, x, n in zip(cell.index, cell["count"], cell["n"], strict=True)}
        for (one, (x1, n1)), (two, (x2, n2)) in combinations(found.items(), 2):
            pairs.append((one, two, fisher([[x1, n1 - x1], [x2, n2 - x2]]).p_value))
    tests = adjust([p for _, _, p in pairs], adjustment, "")
    share = rows["count"] / rows["n"]
    own = pd.Series([letter[str(by), str(group)] for by, group in zip(rows["by"], rows["group"], strict=True)], index=rows.index)
    marks: dict[Any, str] = dict.fromkeys(rows.index, "")
    for (one, two, _), p in zip(pairs, tests.adjusted, strict=True):
        if rejected(p, 1 - level):
            larger, smaller = (one, two) if share[one] > share[two] else (two, one)
            marks[larger] += str(own[smaller])
    frame = rows[["item", "code", "by", "group", "count", "n"]].copy()
    frame.insert(4, "letter", own)
    frame["letters"] = pd.Series(marks)
    words = {"size": tests.size, "family": family or Phrase("comparing.family_pairs"), "method": Phrase(f"comparing.method_{tests.method}")}
    several = [Column("item", Phrase("comparing.item"))] if frame["item"].nunique() > 1 else []
    return Result(
        frame=frame.reset_index(drop=True),
        base=Base(None, table.base.unit, question=table.base.question),
        title=table.title,
        notes=(
            Phrase("comparing.letters", {"alpha": short_percent(float(half_up(100 * (1 - level), 1)))}),
            Phrase("comparing.family", words),
            Phrase("comparing.cannot_tell"),
        ),
        shows=(
            *several,
            Column("code", Phrase("comparing.answer")),
            Column("group", Phrase("comparing.cross_group")),
            Column("letter", Phrase("comparing.column")),
            Column("count", Phrase("common.n"), "count"),
            Column("n", Phrase("comparing.n_row"), "count"),
            Column("letters", Phrase("comparing.larger_than")),
        ),
        keys=("item", "by", "group", "code"),
        labels={"item": table.labels["item"], "code": table.labels["code"], "group": Labels(_group_words(table), on=("by", "group"))},
        kind=table.kind,
        lang=table.lang,
        totals={"tests": Total(tests.size)},
    )


def _by_variable(table: Result) -> list[tuple[Result, str]]:
    """A table and its parts with the key that holds their groups: one variable each."""
    tables = [part for name, part in table.parts.items() if name.startswith("by-")] or [table]
    return [(one, key) for one in tables for key in one.keys if key not in ("item", "code")]


def _banner_rows(table: Result) -> pd.DataFrame:
    """The rows of every group."""
    parted = [(one.frame[one.frame[key] != TOTAL], key) for one, key in _by_variable(table)]
    found = [rows.assign(by=key, group=rows[key]) for rows, key in parted]
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame()


def _group_words(table: Result) -> dict[Any, str | Sayable]:
    return {(key, group): words for one, key in _by_variable(table) for group, words in one.labels[key].words.items()}


def compare_mirror(
    answers: Source,
    item: str | None,
    other: Source,
    other_item: str | None,
    *,
    labels: tuple[str | Sayable, str | Sayable] | None,
    test: PairTest,
    denominator: Denominator | None,
    adjustment: str,
    family: str | Sayable,
    level: float,
    decimals: int,
    at: str,
) -> Result:
    """Compare the items two groups share: the second group's share less the first's.

    Raises:
        AnalysisError: no declared mirror, unlike kinds of answers, or a group without answers.
    """
    pairs, notes = _items(answers, item, other, other_item)
    questions = []
    for name, other_name in pairs:
        one = side_of(answers, name, label=labels[0] if labels else _group(answers), denominator=denominator)
        two = side_of(other, other_name, label=labels[1] if labels else _group(other), denominator=denominator, like=one)
        if one.numbers is not None or two.numbers is not None or one.several != two.several:
            raise AnalysisError(
                "mirror items hold options of the same kind", where=name or "answers", todo="compare numbers by their tables"
            )
        if not one.n or not two.n:
            raise AnalysisError("a group without answers cannot be compared", where=name or "answers")
        questions.append(Question.of(name, one, two))
    rows = [_row(answer, question) for question in questions for answer in question.answers]
    inferences = [exact_inference(row["x1"], row["n1"], row["x2"], row["n2"], test).possible(row) for row in rows]
    note, totals = decide_together(questions, rows, inferences, "mirror", method=adjustment, family=family, level=level)
    one, two = questions[0].one, questions[0].two
    told = [Phrase("comparing.pairs_test", {"test": Phrase(f"comparing.test_{test}")})]
    method = Phrase("comparing.method_miettinen")
    told.append(Phrase("comparing.note_interval_groups", {"level": int(half_up(100 * level)), "method": method}))
    if any(row["worst_lower"] == row["worst_lower"] for row in rows):
        told.insert(0, Phrase("comparing.note_worst", {"first": one.population, "second": two.population}))
    unlike = {note.say("en"): note for note in (*notes, Phrase("comparing.direction", {"first": one.label, "second": two.label}), *told)}
    return compared_result(
        questions,
        rows,
        "mirror",
        at=at,
        title=Phrase("comparing.title_mirror", {"first": one.label, "second": two.label}),
        notes=(*unlike.values(), Phrase("comparing.cannot_tell")),
        family=note,
        totals=totals,
        decimals=decimals,
    )


def _items(answers: Source, item: str | None, other: Source, other_item: str | None) -> tuple[list[tuple[str, str]], list[Phrase]]:
    if not (isinstance(answers, Survey) and isinstance(other, Survey)):
        if isinstance(answers, Survey) or isinstance(other, Survey):
            raise AnalysisError("a Survey is compared with a Survey, a Series with a Series", where="answers, other")
        return [(item or "", other_item or item or "")], []
    if item is not None:
        found = counterpart(answers, one_item(answers, item), other, "mirror") if other_item is None else None
        name = other_item or (found.id if found is not None else item)
        return [(item, name)], list(require_comparable(answers, item, other, name, "mirror"))
    pairs, _ = common_items(answers, other, "mirror")
    if not pairs:
        raise AnalysisError(
            "no item is declared a mirror of the other group's", where="item", todo="write mirror = [...] in the questionnaire"
        )
    return pairs, [note for one, two in pairs for note in require_comparable(answers, one, other, two, "mirror")]


def _group(source: Source) -> str | Sayable:
    """The group and when it was asked: two groups are seldom asked on the same day."""
    if not isinstance(source, Survey) or source.questionnaire is None:
        return ""
    asked = source.questionnaire
    return Phrase("comparing.dated", {"group": asked.group, "wave": asked.wave}) if asked.wave.da else asked.group


def _row(answer: Compared, question: Question) -> dict[str, Any]:
    row = counts_of(answer, question)
    one, two = question.one.population, question.two.population
    if one is not None and two is not None:
        first, second = (worst_case_bounds(row[f"x{place}"], row[f"n{place}"], size) for place, size in ((1, one), (2, two)))
        row |= {"worst_lower": second.lower - first.upper, "worst_upper": second.upper - first.lower}
    return row
