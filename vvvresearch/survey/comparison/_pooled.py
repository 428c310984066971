"""Shares of small groups beside each other: as counted, and drawn towards what they have in common."""

from __future__ import annotations

import pandas as pd

from vvvresearch.errors import AnalysisError
from vvvresearch.evidence import Survey
from vvvresearch.locales import Phrase
from vvvresearch.results import TOTAL, Column, Interval, Labels, Measure, Result, Share, Total
from vvvresearch.statistics.pooling import pooled_shares
from vvvresearch.survey.comparison._comparable import require_permitted
from vvvresearch.survey.tabulation._answers import as_survey
from vvvresearch.survey.tabulation._tabulate import tabulate


def pooled_groups(survey: Survey | pd.DataFrame, item: str, by: str, code: str = "", *, level: float = 0.95) -> Result:
    """The share of an answer in every group, raw and partly pooled: a region with three answers says little by itself.

    Args:
        survey: answers with their questionnaire, or a plain table of answers.
        item: an item with options.
        by: the variable that makes the groups, e.g. region.
        code: the answer; default the top of the scale, else the first.
        level: of the limits.

    Returns:
        Result; `.frame`: item, code, group, count, n, pooled, lower, upper (shares 0 to 1). Totals mean and spread of the shares that the
        groups' own are drawn from. Groups that nobody answered in are left out. Absent where fewer than three groups answered.

    Raises:
        NotPermittedError: reconstructed answers or published aggregates.
        AnalysisError: an unknown item, variable or code.

    Source:
        Gelman and others 2013, Bayesian Data Analysis, 5.3.

    Example:
        >>> from vvvresearch.survey import example_survey
        >>> bool(pooled_groups(example_survey(), "refers", "agreement"))
        False
    """
    survey = as_survey(survey, item)
    require_permitted(survey, "a comparison of groups")
    table = tabulate(survey, item, by=by)
    key = table.keys[1]
    top = "top" in table.parts and code in ("", "top")
    rows = table["top"].frame.assign(code="top") if top else table.frame
    if "code" not in rows:
        raise AnalysisError("numbers have no answers to choose from", where=item)
    if not top and not rows.empty:
        wanted = code or rows["code"].iloc[0]
        if wanted not in set(rows["code"]):
            raise AnalysisError(f"{item} has no answer {code!r}", where="code")
        rows = rows[rows["code"] == wanted]
    rows = rows[(rows[key] != TOTAL) & (rows["n"] > 0)]
    title = Phrase("comparing.pooled_title", {"question": table.base.question})
    if len(rows) < 3:
        return Result.missing(Phrase("absent.groups"), title=title)
    found = pooled_shares(rows["count"].astype(int).tolist(), rows["n"].astype(int).tolist(), level)
    frame = pd.DataFrame(
        {
            "item": item,
            "code": rows["code"].to_numpy(),
            "group": rows[key].to_numpy(),
            "count": rows["count"].astype(int).to_numpy(),
            "n": rows["n"].astype(int).to_numpy(),
            "pooled": [one.estimate for one in found.pooled],
            "lower": [one.lower for one in found.pooled],
            "upper": [one.upper for one in found.pooled],
        }
    )
    return Result(
        frame=frame,
        base=table.base,
        title=title,
        notes=(Phrase("comparing.pooled_note"),),
        shows=(
            Column("group", Phrase("comparing.cross_group")),
            Share("share", Phrase("comparing.share"), counts=True),
            Share("pooled", Phrase("comparing.pooled"), known="pooled", count="", n=""),
            Interval("interval", Phrase("comparing.pooled_interval"), decimals=1, scale=100),
        ),
        kind=survey.kind,
        keys=("item", "code", "group"),
        measures=(Measure("pooled", "share", 1), Measure("lower", "share", 1), Measure("upper", "share", 1)),
        labels={"group": Labels(dict(table.labels[key].words)), "item": table.labels["item"]},
        totals={
            "mean": Total(found.mean, format="number", decimals=3),
            "spread": Total(found.spread, format="number", decimals=3),
        },
    )
