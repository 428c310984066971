"""Groups of respondents compared: within one survey, or the same questions put to two groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from vvvresearch.errors import AnalysisError
from vvvresearch.evidence import Survey
from vvvresearch.locales import Lang, Phrase, Sayable, check_lang, format_p, half_up, say
from vvvresearch.results import Base, Column, Result
from vvvresearch.statistics.multiplicity import Family, adjust
from vvvresearch.survey.comparison._comparable import require_permitted
from vvvresearch.survey.comparison._group_tests import Overall, PairTest, letter_of, letters, overall_tests, pair_rows
from vvvresearch.survey.comparison._mirror import mirror_rows
from vvvresearch.survey.comparison._sides import Side, Source, side_of
from vvvresearch.survey.comparison._two_sides import long_form
from vvvresearch.survey.tabulation._asked import Denominator
from vvvresearch.survey.tabulation._banner import banners
from vvvresearch.survey.tabulation._labelled import SaidResult, said_frame
from vvvresearch.survey.tabulation._table import SMALL_N, percent_of
from vvvresearch.survey.tabulation._tabulate import known_unit
from vvvresearch.survey.tabulation._wording import short_percent


@dataclass(frozen=True, kw_only=True, repr=False)
class GroupComparison(SaidResult):
    """Groups compared.

    `tests` holds the tests of all groups at once, `pairs` every pair of groups with its interval; `family` says which p-values were
    adjusted together.
    """

    tests: pd.DataFrame
    pairs: pd.DataFrame
    family: Family
    side_labels: tuple[str | Sayable, str | Sayable] | None = None

    def long(self) -> Result:
        """Mirror items, one row an item and group (label, group_label, count, n), as `figures.mirror_bars` takes them."""
        if self.side_labels is None:
            raise AnalysisError("only mirror items have two sides", where="long", todo="the frame of groups of a variable is long already")
        return long_form(self, self.side_labels, "group_label")


def compare_groups(
    answers: Source,
    item: str | None = None,
    by: str | pd.Series[Any] | None = None,
    *,
    other: Source | None = None,
    other_item: str | None = None,
    labels: tuple[str, str] | None = None,
    test: PairTest = "fisher",
    trend: bool = False,
    denominator: Denominator | None = None,
    adjustment: str = "holm",
    family: str = "",
    level: float = 0.95,
    decimals: int = 0,
    lang: Lang = "da",
) -> GroupComparison:
    """Compare groups: the groups of a variable, or two groups that were asked the same (mirror items).

    With `by`, every pair of groups is tested exactly and adjusted within the family, letters show which shares are larger, and all
    groups are tested at once: Pearson or Freeman–Halton for one answer, Rao–Scott for several answers, Mann–Whitney or
    Kruskal–Wallis and the proportional-odds model for ordered answers, Cochran–Armitage for ordered groups (`trend=True`).
    With `other`, mirror items stand side by side, one row an item (or an answer), with the gap and its interval.

    Args:
        answers: Survey; or a Series of answers, or a DataFrame of 0/1 ticks.
        item: the item's id; with `other`, None takes every item that a questionnaire declares a mirror.
        by: a variable of the survey or its list of invited; for a Series or DataFrame, a Series of groups with the same index.
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
        lang: "da" or "en".

    Returns:
        GroupComparison. With `by`, `.frame` has code, label, group, letter, count, n, percent, letters; `.pairs` code, first, second,
        x1, n1, x2, n2, gap (percentage points, first − second), lower, upper, p, p_adjusted; `.tests` test, p_value, statistic.
        With `other`, `.frame` has item, code, label, x1, n1, percent1, x2, n2, percent2, gap, worst_lower, worst_upper, lower, upper,
        p, p_adjusted.

    Raises:
        NotPermittedError: reconstructed answers or published aggregates.
        AnalysisError: items not declared mirrors, unknown variables, or groups without answers.

    Source:
        Miettinen and Nurminen 1985; Fisher 1935; Boschloo 1970; Rao and Scott 1981; Freeman and Halton 1951.

    Example:
        >>> import pandas as pd
        >>> said = pd.Series(["yes"] * 9 + ["no"] + ["yes"] * 2 + ["no"] * 8)
        >>> found = compare_groups(said, by=pd.Series(["north"] * 10 + ["south"] * 10))
        >>> found.pairs.loc[0, ["gap", "p_adjusted"]].round(4).tolist()
        [-70.0, 0.0055]
    """
    language = check_lang(lang)
    for source in (answers, other):
        if source is not None:
            require_permitted(source, "a comparison of groups")
    if test not in ("fisher", "boschloo"):
        raise AnalysisError(f"pairs of groups are not tested by {test!r}", where="test", todo='use "fisher" or "boschloo"')
    if (by is None) == (other is None):
        raise AnalysisError("groups come from a variable (by=) or from another survey (other=)", where="by, other", todo="give one of them")
    if other is not None:
        return _mirror(answers, item, other, other_item, labels, test, denominator, (adjustment, family, level, decimals), language)
    whole = side_of(answers, item or "", denominator=denominator)
    assert by is not None
    groups, names, left_out = _grouped(answers, whole, by)
    if whole.numbers is not None:
        return _means(whole, groups, names, left_out, (adjustment, family), language)
    pairs = pair_rows(groups, names, test, level)
    tests = _adjusted(
        pairs, adjustment, family or Phrase("comparing.family_pairs").say(language), pair=len(whole.codes) == 2 and not whole.several
    )
    marks = letters(pairs, names, 1 - level)
    overall = overall_tests(groups, trend=trend)
    rows: list[dict[str, Any]] = [
        {
            "item": item or "",
            "code": code,
            "label": label,
            "group": names[place],
            "letter": letter_of(place),
            "count": int(group.chosen[:, position].sum()),
            "n": group.n,
            "percent": percent_of(int(group.chosen[:, position].sum()), group.n, decimals),
            "letters": marks.get((code, names[place]), ""),
        }
        for position, (code, label) in enumerate(zip(whole.codes, whole.labels, strict=True))
        for place, group in enumerate(groups)
    ]
    frame, spoken = said_frame(rows, language)
    wide, columns = _wide(frame, whole, groups)
    small = any(0 < row["count"] < 5 or 0 < row["n"] - row["count"] < 5 for row in rows)
    notes = [*_overall_notes(overall, language), Phrase("comparing.pairs_test", {"test": Phrase(f"comparing.test_{test}")})]
    notes += [Phrase("comparing.letters", {"alpha": short_percent(float(half_up(100 * (1 - level), 1)))}), _family_note(tests)]
    notes += [Phrase("comparing.small_cells")] if small else []
    notes += [Phrase("comparing.without_group", {"n": left_out})] if left_out else []
    return GroupComparison(
        frame=frame,
        spoken=spoken,
        wide=wide,
        shows=columns,
        base=Base(sum(group.n for group in groups), known_unit(whole.unit), question=say(whole.question, language)),
        title=Phrase("comparing.title_groups", {"question": whole.question, "by": by if isinstance(by, str) else str(by.name or "")}),
        notes=(*notes, Phrase("comparing.cannot_tell")),
        kind=whole.kind,
        lang=language,
        tests=_tests_frame(overall, language),
        pairs=pd.DataFrame(pairs),
        family=tests,
    )


def _grouped(source: Source, whole: Side, by: str | pd.Series[Any]) -> tuple[list[Side], list[str], int]:
    """The groups in order, their names, and how many respondents have none."""
    if isinstance(source, Survey):
        if not isinstance(by, str):
            raise AnalysisError("the groups of a Survey are named by one of its variables", where="by")
        banner = banners(source, by)[1]
        at = source.answers.index.get_indexer(whole.respondents) if source.answers.index.is_unique else None
        if at is None:
            raise AnalysisError("a respondent stands twice in the answers", where=source.origin, todo="clean double answers first")
        place, names = banner.place[at], [str(code) for code in banner.codes]
        words: list[str | Sayable] = list(banner.labels)
    else:
        if isinstance(by, str):
            raise AnalysisError("for plain answers give the groups as a Series", where="by")
        if not by.index.is_unique:
            raise AnalysisError("a respondent stands twice in the groups", where="by")
        column = by.reindex(whole.respondents)
        ordered = isinstance(column.dtype, pd.CategoricalDtype)
        known = list(column.cat.categories) if ordered else sorted({str(value) for value in column.dropna()})
        names = [str(value) for value in known]
        place = np.array([names.index(str(value)) if pd.notna(value) else -1 for value in column], dtype=np.intp)
        words = list(names)
    kept = [code for code in range(len(names)) if (place == code).any()]
    if len(kept) < 2:
        raise AnalysisError("a comparison needs at least two groups with answers", where="by")
    sides = [whole.restricted(place == code, words[code]) for code in kept]
    return sides, [names[code] for code in kept], int((place < 0).sum())


def _adjusted(rows: list[dict[str, Any]], method: str, family: str, *, pair: bool) -> Family:
    """Adjust the pairs; yes and no of one item are the same test and count once."""
    keys = [(row["first"], row["second"], "" if pair else row["code"]) for row in rows]
    hypotheses = {key: row["p"] for key, row in zip(keys, rows, strict=True)}
    tests = adjust(list(hypotheses.values()), method, family)
    by_key = dict(zip(hypotheses, tests.adjusted, strict=True))
    for key, row in zip(keys, rows, strict=True):
        row["p_adjusted"] = by_key[key]
    return tests


def _family_note(tests: Family) -> Phrase:
    return Phrase("comparing.family", {"size": tests.size, "family": tests.name, "method": Phrase(f"comparing.method_{tests.method}")})


def _overall_notes(overall: list[Overall], lang: Lang) -> list[Phrase]:
    notes = []
    for test in overall:
        words: dict[str, Any] = {"test": Phrase(f"comparing.test_{test.words}")}
        if test.reason:
            notes.append(Phrase("comparing.overall_none", {**words, "reason": Phrase(f"comparing.{test.reason}")}))
        elif not test.code:
            notes.append(Phrase("comparing.overall", {**words, "p": format_p(test.p_value, lang)}))
    return list({note.say("en"): note for note in notes}.values())


def _tests_frame(overall: list[Overall], lang: Lang) -> pd.DataFrame:
    rows = [
        {
            "test": Phrase(f"comparing.test_{test.words}").say(lang),
            "code": test.code,
            "p_value": test.p_value,
            "statistic": test.statistic,
            "degrees": test.degrees,
        }
        for test in overall
    ]
    return pd.DataFrame(rows)


def _wide(frame: pd.DataFrame, whole: Side, groups: list[Side]) -> tuple[pd.DataFrame, tuple[Column, ...]]:
    """One column a group: the percentage with its letters, counts where the base is small, and a row of bases."""
    cells: dict[str, list[Any]] = {"label": [*whole.labels, Phrase("comparing.n_row")]}
    columns = [Column("label", Phrase("comparing.answer"))]
    by_group = frame.groupby("letter", sort=False)
    for (letter, rows), group in zip(by_group, groups, strict=True):
        column: list[Any] = []
        for row in rows.to_dict("records"):
            shown: Any = str(row["count"]) if group.n < SMALL_N else short_percent(float(row["percent"]))
            column.append(Phrase("comparing.cell", {"share": shown, "letters": row["letters"]}) if row["letters"] else shown)
        cells[str(letter)] = [*column, str(group.n)]
        heading = "group_count" if group.n < SMALL_N else "group_percent"
        columns.append(Column(str(letter), Phrase(f"comparing.{heading}", {"group": group.label, "letter": letter})))
    return pd.DataFrame(cells), tuple(columns)


def _means(whole: Side, groups: list[Side], names: list[str], left_out: int, setting: tuple[str, str], lang: Lang) -> GroupComparison:
    overall = overall_tests(groups, trend=False)
    rows = []
    for name, group in zip(names, groups, strict=True):
        assert group.numbers is not None
        rows.append(
            {
                "group": name,
                "label": group.label,
                "n": group.n,
                "mean": float(group.numbers.mean()),
                "median": float(np.median(group.numbers)),
            }
        )
    frame, spoken = said_frame(rows, lang)
    tests = adjust([test.p_value for test in overall], setting[0], setting[1] or Phrase("comparing.family_rows").say(lang))
    notes = [*_overall_notes(overall, lang), _family_note(tests), Phrase("comparing.cannot_tell")]
    notes += [Phrase("comparing.without_group", {"n": left_out})] if left_out else []
    columns = (
        Column("label", Phrase("common.group")),
        Column("n", Phrase("comparing.n_row"), "count"),
        Column("mean", Phrase("tabulation.mean"), "number", 1),
        Column("median", Phrase("tabulation.median"), "number", 1),
    )
    return GroupComparison(
        frame=frame,
        spoken=spoken,
        base=Base(sum(group.n for group in groups), known_unit(whole.unit), question=say(whole.question, lang)),
        title=whole.question,
        notes=tuple(notes),
        shows=columns,
        kind=whole.kind,
        lang=lang,
        tests=_tests_frame(overall, lang),
        pairs=pd.DataFrame(),
        family=tests,
    )


def _mirror(
    answers: Source,
    item: str | None,
    other: Source,
    other_item: str | None,
    labels: tuple[str, str] | None,
    test: PairTest,
    denominator: Denominator | None,
    setting: tuple[str, str, float, int],
    lang: Lang,
) -> GroupComparison:
    adjustment, family, level, decimals = setting
    mirrored = mirror_rows(answers, item, other, other_item, labels, test, denominator, level, decimals)
    hypotheses: dict[tuple[str, str], float] = {}
    for row in mirrored.rows:
        hypotheses.setdefault((row["item"], row["_same"]), row["p"])
    tests = adjust(list(hypotheses.values()), adjustment, family or Phrase("comparing.family_rows").say(lang))
    by_key = dict(zip(hypotheses, tests.adjusted, strict=True))
    public = []
    for row in mirrored.rows:
        row["p_adjusted"] = by_key[row["item"], row["_same"]]
        public.append({name: value for name, value in row.items() if not name.startswith("_")})
    frame, spoken = said_frame(public, lang)
    return GroupComparison(
        frame=frame,
        spoken=spoken,
        base=Base(None, known_unit(mirrored.unit)),
        title=Phrase("comparing.title_mirror", {"first": mirrored.labels[0], "second": mirrored.labels[1]}),
        notes=(*mirrored.notes, _family_note(tests), Phrase("comparing.cannot_tell")),
        shows=mirrored.columns(frame),
        kind=mirrored.kind,
        lang=lang,
        side_labels=mirrored.labels,
        tests=pd.DataFrame({"test": [], "p_value": []}),
        pairs=frame,
        family=tests,
    )
