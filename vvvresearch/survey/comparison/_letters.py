"""Letters for a banner table: which groups' shares are larger than which others' beyond chance."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pandas as pd

from vvvresearch.errors import AnalysisError, NotPermittedError
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Phrase, Sayable, half_up
from vvvresearch.results import TOTAL, Base, Column, Labels, Result, Total
from vvvresearch.statistics.exact_tests import fisher
from vvvresearch.statistics.multiplicity import adjust, rejected
from vvvresearch.survey.comparison._group_tests import letter_of
from vvvresearch.survey.tabulation._asked import short_percent


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
