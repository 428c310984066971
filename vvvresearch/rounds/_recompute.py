"""Published values computed anew from a round's answers and registers, by the same analyses that reports use."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pandas as pd

from vvvresearch.errors import RoundError, did_you_mean
from vvvresearch.evidence import Survey
from vvvresearch.rounds._sources import place_of
from vvvresearch.sources import read_links
from vvvresearch.survey import tabulate

if TYPE_CHECKING:
    from vvvresearch.rounds._round import Round

COLUMNS = ("figure", "key", "count", "base", "method")
_SUM = re.compile(r"sum\((\w+)\)")


def recompute(opened: Round) -> pd.DataFrame:
    """One row a published value that the round's data can give: figure, key, count, base, method.

    `figure` is "" for a single number, whose id is then the key. Base is <NA> for plain counts.
    """
    rows: list[dict[str, Any]] = []
    for source in opened.spec.sources:
        if source.type != "published" or not source.links:
            continue
        links = read_links(place_of(opened.root, opened.spec, source, source.links))
        for (name, item), group in links.groupby(["source", "item"], sort=False):
            evidence = opened.read(str(name))
            if item:
                rows += _from_survey(evidence, str(name), str(item), group)
            else:
                rows += [_from_register(evidence, str(name), link) for link in group.to_dict("records")]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    return frame.astype({"count": "Int64", "base": "Int64"})


def _from_survey(survey: Survey, name: str, item: str, links: pd.DataFrame) -> list[dict[str, Any]]:
    table = {row["code"]: row for row in tabulate(survey, item, small_n=0).frame.to_dict("records")}
    rows = []
    for link in links.to_dict("records"):
        if link["code"] not in table:
            raise RoundError(f"{name}: {item} has no answer {link['code']!r}", where="links.csv", todo=did_you_mean(link["code"], table))
        count, base = table[link["code"]]["count"], table[link["code"]]["n"]
        if pd.isna(count):
            continue  # the option exists, its count was never published
        known = None if pd.isna(base) else int(base)
        rows.append({**_target(link), "count": int(count), "base": known, "method": f"tabulate({name}, {item})"})
    return rows


def _target(link: dict[Any, Any]) -> dict[str, Any]:
    return {"figure": link["figure"], "key": link["key"]}


def _from_register(evidence: Any, name: str, link: dict[Any, Any]) -> dict[str, Any]:
    survey = isinstance(evidence, Survey)
    frame = evidence.answers if survey else evidence.frame
    for condition in filter(None, link["where"].split(";")):
        column, _, value = condition.partition("=")
        if column not in frame.columns:
            raise RoundError(f"{name} has no column {column!r}", where="links.csv", todo=did_you_mean(column, frame.columns))
        frame = frame[frame[column].astype("string") == value]
    if match := _SUM.fullmatch(link["take"]):
        count = int(frame[match[1]].sum())
    elif link["take"] in ("rows", ""):
        count = len(frame)
    else:
        raise RoundError(f"{link['take']!r} cannot be taken from {name}", where="links.csv", todo="write rows or sum(column)")
    invited = evidence.questionnaire.frame.invited if survey and evidence.questionnaire else None
    base = invited if link["figure"] else None
    return {**_target(link), "count": count, "base": base, "method": f"{link['take'] or 'rows'}({name})"}
