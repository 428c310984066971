"""Groups of respondents compared: within one survey, or the same questions put to two groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from vvvresearch.errors import AnalysisError
from vvvresearch.evidence import Survey
from vvvresearch.locales import Lang, Phrase, Sayable, half_up
from vvvresearch.results import Base, Column, Interval, Labels, Measure, Result, SaidP, Share, Tested, Total, address_part, recorded
from vvvresearch.statistics.multiplicity import Family, adjust
from vvvresearch.survey.comparison._comparable import require_permitted
from vvvresearch.survey.comparison._compared import PairTest, root_of, settings_of
from vvvresearch.survey.comparison._group_tests import Overall, compare_mirror, letter_of, letters, overall_tests, pair_rows
from vvvresearch.survey.comparison._sides import Side, Source, column_of, side_of
from vvvresearch.survey.tabulation._asked import Denominator, short_percent
from vvvresearch.survey.tabulation._counting import banners
from vvvresearch.survey.tabulation._tabulate import known_unit


@recorded
def compare_groups(
    answers: Source,
    item: str | None = None,
    by: str | pd.Series[Any] | None = None,
    *,
    other: Source | None = None,
    other_item: str | None = None,
    labels: tuple[str | Sayable, str | Sayable] | None = None,
    test: PairTest = "fisher",
    trend: bool = False,
    denominator: Denominator | None = None,
    adjustment: str = "holm",
    family: str = "",
    level: float = 0.95,
    decimals: int = 0,
) -> Result:
    """Compare groups: the groups of a variable, or two groups that were asked the same (mirror items).

    With `by`, every pair of groups is tested exactly and adjusted within the family, letters show which shares are larger, and all
    groups are tested at once: Pearson or Freeman–Halton for one answer, Rao–Scott for several answers, Mann–Whitney or
    Kruskal–Wallis for ordered answers, Cochran–Armitage for ordered groups (`trend=True`).
    With `other`, mirror items stand side by side, one row an answer, with the difference and its interval.

    Args:
        answers: Survey; or a table with the column `item`; or a Series of answers, or a DataFrame of 0/1 ticks.
        item: the item's id, or the name of the column; with `other`, None takes every item that a questionnaire declares a mirror.
        by: a variable of the survey or its list of invited; a column of the table; or a Series of groups with the same index.
        other: the other group's answers.
        other_item: the item there, where its id is another; default the declared mirror.
        labels: names of the two groups, with `other`.
        test: "fisher" or "boschloo" (more powerful, slower) for pairs of groups.
        trend: the groups are ordered; test every answer for a trend over them.
        denominator: "asked", "answered" or "valid"; default what the questionnaire declares.
        adjustment: "holm", "benjamini-hochberg" or "none".
        family: what the tests have in common, in words.
        level: of the intervals; letters are given where the adjusted p is below 1 − level.
        decimals: of percentages.

    Returns:
        Result. With `by`, `.frame` has item, code, group, count, n, letter (the group's own), letters (of groups whose share is
        smaller); part "pairs" item, code, first, second, x1, n1, x2, n2, change (of shares, second less first), lower, upper, level
        (of the limits: the one that decides), p, p_adjusted, least_detectable; part "tests" item, test, code, p, statistic, degrees;
        total tests. With `other`, a comparison like that of waves: item, code, x1, n1, x2, n2, change, worst_lower, worst_upper,
        lower, upper, level, p, p_adjusted, least_detectable, key, several, verdict ("more", "less", "undecided", "described").

    Raises:
        NotPermittedError: reconstructed answers or published aggregates.
        AnalysisError: items not declared mirrors, unknown variables, or groups without answers.

    Source:
        Miettinen and Nurminen 1985; Fisher 1935; Boschloo 1970; Rao and Scott 1981; Freeman and Halton 1951.

    Example:
        >>> import pandas as pd
        >>> said = pd.Series(["yes"] * 9 + ["no"] + ["yes"] * 2 + ["no"] * 8)
        >>> found = compare_groups(said, by=pd.Series(["north"] * 10 + ["south"] * 10))
        >>> found["pairs"].frame.loc[1, ["change", "p_adjusted"]].round(4).tolist()
        [-0.7, 0.0055]
    """
    for source in (answers, other):
        if source is not None:
            require_permitted(source, "a comparison of groups")
    if test not in ("fisher", "boschloo"):
        raise AnalysisError(f"pairs of groups are not tested by {test!r}", where="test", todo='use "fisher" or "boschloo"')
    if (by is None) == (other is None):
        raise AnalysisError("groups come from a variable (by=) or from another survey (other=)", where="by, other", todo="give one of them")
    if other is not None:
        settings = (*settings_of(denominator, level, adjustment), "" if test == "fisher" else test)
        at = root_of(answers, other, [item] if item else [], other_item, *settings)
        told: dict[str, Any] = {"labels": labels, "test": test, "denominator": denominator, "adjustment": adjustment}
        return compare_mirror(answers, item, other, other_item, **told, family=family, level=level, decimals=decimals, at=at)
    assert by is not None
    grouped = _grouped(
        answers, side_of(answers, item or "", denominator=denominator), item or "", by, settings_of(denominator, level, adjustment)
    )
    if grouped.whole.numbers is not None:
        return _means(grouped, adjustment, family)
    return _shares(grouped, test, adjustment, family, level, decimals, trend=trend)


@dataclass(frozen=True)
class _Grouped:
    """One item's answers parted into the groups of a variable: their names and words, and how many respondents have no group."""

    item: str
    whole: Side
    groups: tuple[Side, ...]
    names: tuple[str, ...]
    by: str
    left_out: int
    at: str

    def labels(self, *columns: str) -> dict[str, Labels]:
        """The words of the item, its answers and the groups, for the columns that a table has."""
        lettered = {
            name: Phrase("comparing.lettered", {"letter": letter_of(place), "group": group.label})
            for place, (name, group) in enumerate(zip(self.names, self.groups, strict=True))
        }
        plain: dict[str, str | Sayable] = {name: group.label for name, group in zip(self.names, self.groups, strict=True)}
        known = {
            "item": Labels({self.item: self.whole.question}),
            "code": Labels(dict(zip(self.whole.codes, self.whole.labels, strict=True))),
            "group": Labels(lettered),
            "first": Labels(plain),
            "second": Labels(plain),
        }
        return {name: known[name] for name in columns}

    def base(self) -> Base:
        """Everybody who has a group and answered."""
        return Base(sum(group.n for group in self.groups), known_unit(self.whole.unit), question=self.whole.question)


@dataclass(frozen=True)
class _Lettered(Share):
    """A share with the letters of the groups whose share is smaller."""

    def write_row(self, row: Mapping[Any, Any], lang: Lang, small_n: int, labels: Mapping[str, Labels]) -> str:
        """The share and letters of a row."""
        share = super().write_row(row, lang, small_n, labels)
        return Phrase("comparing.cell", {"share": share, "letters": row["letters"]}).say(lang) if row["letters"] else share


def _grouped(source: Source, whole: Side, item: str, by: str | pd.Series[Any], settings: Sequence[str]) -> _Grouped:
    if isinstance(source, Survey):
        if not isinstance(by, str):
            raise AnalysisError("the groups of a Survey are named by one of its variables", where="by")
        banner = banners(source, by)[1]
        at = source.answers.index.get_indexer(whole.respondents) if source.answers.index.is_unique else None
        if at is None:
            raise AnalysisError("a respondent stands twice in the answers", where=source.origin, todo="clean double answers first")
        place, names = banner.place[at], [str(code) for code in banner.codes]
        words: list[str | Sayable] = list(banner.labels)
        name: Any = banner.name
        root = "/".join(filter(None, (source.id, f"by-{address_part(by)}", *settings, "compared")))
    else:
        if isinstance(by, str):
            if not (isinstance(source, pd.DataFrame) and item):
                raise AnalysisError("for plain answers give the groups as a Series", where="by")
            by = column_of(source, by)
        if not by.index.is_unique:
            raise AnalysisError("a respondent stands twice in the groups", where="by")
        column = by.reindex(whole.respondents)
        ordered = isinstance(column.dtype, pd.CategoricalDtype)
        known = list(column.cat.categories) if ordered else sorted({str(value) for value in column.dropna()})
        names = [str(value) for value in known]
        place = np.array([names.index(str(value)) if pd.notna(value) else -1 for value in column], dtype=np.intp)
        words = list(names)
        name, root = str(by.name or ""), ""
    kept = [code for code in range(len(names)) if (place == code).any()]
    if len(kept) < 2:
        raise AnalysisError("a comparison needs at least two groups with answers", where="by")
    groups = tuple(whole.restricted(place == code, words[code]) for code in kept)
    return _Grouped(item, whole, groups, tuple(names[code] for code in kept), name, int((place < 0).sum()), root)


def _shares(grouped: _Grouped, test: PairTest, adjustment: str, family: str, level: float, decimals: int, *, trend: bool) -> Result:
    whole, groups, names = grouped.whole, grouped.groups, grouped.names
    pairs, tests = pair_rows(grouped.item, groups, names, test, method=adjustment, level=level)
    marks = letters(pairs, names, 1 - level)
    overall = overall_tests(groups, trend=trend)
    rows: list[dict[str, Any]] = [
        {
            "item": grouped.item,
            "code": code,
            "group": names[place],
            "count": int(group.chosen[:, position].sum()),
            "n": group.n,
            "letter": letter_of(place),
            "letters": marks.get((code, names[place]), ""),
        }
        for position, code in enumerate(whole.codes)
        for place, group in enumerate(groups)
    ]
    told = family_note(tests, family or Phrase("comparing.family_pairs"))
    small = any(0 < row["count"] < 5 or 0 < row["n"] - row["count"] < 5 for row in rows)
    notes = [*_overall_notes(overall), Phrase("comparing.pairs_test", {"test": Phrase(f"comparing.test_{test}")})]
    notes += [Phrase("comparing.letters", {"alpha": short_percent(float(half_up(100 * (1 - level), 1)))}), told]
    notes += [Phrase("comparing.small_cells")] if small else []
    notes += [Phrase("comparing.without_group", {"n": grouped.left_out})] if grouped.left_out else []
    words = {"question": whole.question, "by": grouped.by}
    return Result(
        frame=pd.DataFrame(rows),
        base=grouped.base(),
        title=Phrase("comparing.title_groups", words),
        notes=(*notes, Phrase("comparing.cannot_tell")),
        shows=(
            Column("code", Phrase("comparing.answer")),
            _Lettered("share", Phrase("common.percent"), decimals=decimals, across="tabulation.group_n"),
        ),
        beside="group",
        keys=("item", "group", "code"),
        labels=grouped.labels("item", "code", "group"),
        kind=whole.kind,
        parts={"pairs": _pairs(grouped, pairs, told, words), "tests": _tests(grouped, overall, words)},
        totals={"tests": Total(tests.size)},
    )


def _pairs(grouped: _Grouped, pairs: list[dict[str, Any]], family: Phrase, words: dict[str, Any]) -> Result:
    points = tuple(Measure(name, "points", 1, of="") for name in ("change", "lower", "upper", "least_detectable"))
    return Result(
        frame=pd.DataFrame(pairs),
        base=grouped.base(),
        title=Phrase("comparing.title_pairs", words),
        shows=(
            Column("code", Phrase("comparing.answer")),
            Column("first", Phrase("comparing.first_group")),
            Column("second", Phrase("comparing.second_group")),
            Share("share1", Phrase("comparing.first_share"), count="x1", n="n1", counts=True),
            Share("share2", Phrase("comparing.second_share"), count="x2", n="n2", counts=True),
            Column("change", Phrase("comparing.gap"), "points", 1),
            Interval("interval", Phrase("comparing.interval"), decimals=1, scale=100),
            Tested("p_adjusted", Phrase("comparing.p_adjusted"), "p", note=family),
            Column("least_detectable", Phrase("comparing.least_detectable"), "points", 1, note=Phrase("comparing.least_note")),
        ),
        at=f"{grouped.at}/pairs" if grouped.at else "",
        keys=("item", "code", "first", "second"),
        measures=(*points, *(Measure(name, "p", of="", sides=("n1", "n2")) for name in ("p", "p_adjusted"))),
        labels=grouped.labels("item", "code", "first", "second"),
        kind=grouped.whole.kind,
    )


def _tests(grouped: _Grouped, overall: Sequence[Overall], words: dict[str, Any]) -> Result:
    rows = [
        {"item": grouped.item, "test": one.words, "code": one.code, "p": one.p_value, "statistic": one.statistic, "degrees": one.degrees}
        | {"n1": one.sides.get("n1"), "n2": one.sides.get("n2")}
        for one in overall
    ]
    return Result(
        frame=pd.DataFrame(rows),
        base=grouped.base(),
        title=Phrase("comparing.title_tests", words),
        shows=(
            Column("test", Phrase("comparing.test")),
            Column("code", Phrase("comparing.answer")),
            Column("statistic", Phrase("comparing.statistic"), "number", 2),
            Tested("p", "p", "p"),
        ),
        at=f"{grouped.at}/tests" if grouped.at else "",
        keys=("item", "test", "code"),
        measures=(Measure("p", "p", of="", sides=("n1", "n2")),),
        labels=grouped.labels("item", "code") | {"test": Labels({one.words: Phrase(f"comparing.test_{one.words}") for one in overall})},
        kind=grouped.whole.kind,
    )


def family_note(tests: Family, name: str | Sayable) -> Phrase:
    """How many tests were adjusted together, what they have in common, and how."""
    return Phrase("comparing.family", {"size": tests.size, "family": name, "method": Phrase(f"comparing.method_{tests.method}")})


def _overall_notes(overall: Sequence[Overall]) -> list[Phrase]:
    notes = []
    for test in overall:
        words: dict[str, Any] = {"test": Phrase(f"comparing.test_{test.words}")}
        if test.reason:
            notes.append(Phrase("comparing.overall_none", {**words, "reason": Phrase(f"comparing.{test.reason}")}))
        elif not test.code:
            notes.append(Phrase("comparing.overall", {**words, "p": SaidP(test.p_value, test.sides)}))
    return list({note.say("en"): note for note in notes}.values())


def _means(grouped: _Grouped, adjustment: str, family: str) -> Result:
    overall = overall_tests(grouped.groups, trend=False)
    rows = []
    for name, group in zip(grouped.names, grouped.groups, strict=True):
        assert group.numbers is not None
        mean, median = float(group.numbers.mean()), float(np.median(group.numbers))
        rows.append({"item": grouped.item, "group": name, "n": group.n, "mean": mean, "median": median})
    tests = adjust([test.p_value for test in overall], adjustment, "")
    notes = [*_overall_notes(overall), family_note(tests, family or Phrase("comparing.family_rows")), Phrase("comparing.cannot_tell")]
    notes += [Phrase("comparing.without_group", {"n": grouped.left_out})] if grouped.left_out else []
    words = {"question": grouped.whole.question, "by": grouped.by}
    return Result(
        frame=pd.DataFrame(rows),
        base=grouped.base(),
        title=Phrase("comparing.title_groups", words),
        notes=tuple(notes),
        shows=(
            Column("group", Phrase("comparing.cross_group")),
            Column("n", Phrase("comparing.n_row"), "count"),
            Column("mean", Phrase("tabulation.mean"), "number", 1),
            Column("median", Phrase("tabulation.median"), "number", 1),
        ),
        keys=("item", "group"),
        labels=grouped.labels("item") | {"group": grouped.labels("first")["first"]},
        kind=grouped.whole.kind,
        parts={"tests": _tests(grouped, overall, words)},
        totals={"tests": Total(tests.size)},
    )
