"""Letters for a banner table: which groups' shares are larger than which others' beyond chance."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Any

import pandas as pd

from vvvresearch.errors import AnalysisError, NotPermittedError
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Phrase, Sayable, half_up, say
from vvvresearch.results import TOTAL, Base, Column, Result
from vvvresearch.statistics.exact_tests import fisher
from vvvresearch.statistics.multiplicity import Family, adjust
from vvvresearch.survey.comparison._group_tests import letter_of
from vvvresearch.survey.tabulation._labelled import SaidResult
from vvvresearch.survey.tabulation._wording import short_percent


@dataclass(frozen=True, kw_only=True, repr=False)
class BannerLetters(SaidResult):
    """The letters of a banner table; `family` holds the tests that were adjusted together."""

    family: Family


def banner_letters(table: Result, *, adjustment: str = "holm", family: str = "", level: float = 0.95) -> BannerLetters:
    """Test every pair of columns within each banner variable of a table, and give the letters.

    Args:
        table: from `tabulate(…, by=…)`, unweighted, with options (not numbers).
        adjustment: "holm", "benjamini-hochberg" or "none", over all pairs of the table.
        family: what the tests have in common, in words.
        level: a letter is given where the adjusted p of Fisher's exact test is below 1 − level.

    Returns:
        BannerLetters; `.frame`: item, code, label, by, group, group_label, letter (the column's own), count, n, letters (the columns
        whose share is smaller).

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
    rows, spoken = _banner_rows(table)
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
    tests = adjust([p for _, _, p in pairs], adjustment, family or Phrase("comparing.family_pairs").say(table.lang))
    share = rows["count"] / rows["n"]
    own = pd.Series([letter[str(by), str(group)] for by, group in zip(rows["by"], rows["group"], strict=True)], index=rows.index)
    marks: dict[Any, str] = dict.fromkeys(rows.index, "")
    for (one, two, _), p in zip(pairs, tests.adjusted, strict=True):
        if p < 1 - level:
            larger, smaller = (one, two) if share[one] > share[two] else (two, one)
            marks[larger] += str(own[smaller])
    frame = rows[["item", "code", "label", "by", "group", "group_label", "count", "n"]].copy()
    frame.insert(6, "letter", own)
    frame["letters"] = pd.Series(marks)
    words = {"size": tests.size, "family": tests.name, "method": Phrase(f"comparing.method_{tests.method}")}
    return BannerLetters(
        frame=frame.reset_index(drop=True),
        spoken=spoken,
        base=Base(None, table.base.unit, question=table.base.question),
        title=table.title,
        notes=(
            Phrase("comparing.letters", {"alpha": short_percent(float(half_up(100 * (1 - level), 1)))}),
            Phrase("comparing.family", words),
            Phrase("comparing.cannot_tell"),
        ),
        shows=(
            Column("label", Phrase("comparing.answer")),
            Column("group_label", Phrase("common.group")),
            Column("letter", Phrase("comparing.column")),
            Column("count", Phrase("common.n"), "count"),
            Column("n", Phrase("comparing.n_row"), "count"),
            Column("letters", Phrase("comparing.larger_than")),
        ),
        kind=table.kind,
        lang=table.lang,
        family=tests,
    )


def _banner_rows(table: Result) -> tuple[pd.DataFrame, dict[str, tuple[str | Sayable, ...]]]:
    """The rows of every group, with the words of answers and groups."""
    tables = [part for name, part in table.parts.items() if name.startswith("by-")] or [table]
    rows, spoken = [], {"label": [], "group_label": []}  # type: ignore[var-annotated]
    for one in tables:
        for key in (key for key in one.keys if key not in ("item", "code")):
            for row in one.frame[one.frame[key] != TOTAL].to_dict("records"):
                spoken["label"].append(one.labels["code"].words.get((row["item"], row.get("code")), ""))
                spoken["group_label"].append(one.labels[key].words[row[key]])
                rows.append({**row, "by": key, "group": row[key]})
    frame = pd.DataFrame(rows)
    for name, words in spoken.items():
        frame[name] = [say(one, table.lang) for one in words]
    return frame, {name: tuple(words) for name, words in spoken.items()}
