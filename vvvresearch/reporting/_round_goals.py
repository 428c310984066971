"""The goals of a round as notebooks hand them over: status goal by goal, participants, presence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from vvvresearch import files
from vvvresearch.evidence import GOAL_STATUSES
from vvvresearch.figures import stock_flow, trend
from vvvresearch.locales import Lang, Phrase, text
from vvvresearch.monitoring import GoalTable, goal_status, presence, volume
from vvvresearch.reporting._output import Output
from vvvresearch.reporting._round_basis import trace_sources
from vvvresearch.results import Base, Result
from vvvresearch.rounds._snippets import paragraph_text

if TYPE_CHECKING:
    from vvvresearch.rounds import Round

_INFLOW, _OUTFLOW = ("new", "started"), ("ended", "stopped")


class Said(Phrase):
    """Words that the project's own tables and rules gave, in both languages."""

    def __init__(self, da: str, en: str) -> None:
        super().__init__("reporting.said", {"da": da, "en": en})

    def say(self, lang: Lang) -> str:
        """The words in `lang`."""
        return str(self.values[lang])


def hand_over_goals(out: Output, opened: Round) -> dict[str, Result]:
    """Write the status of every goal, and what is known of participants and presence.

    Args:
        out: the notebook's output.
        opened: the round.

    Returns:
        The tables by name: goals, volume, presence, as far as the round has them.
    """
    trace_sources(out, opened)
    table = goal_status(opened.goals, out.lang)
    tables: dict[str, Result] = {"goals": table}
    _keep_goals(out, goal_status(opened.goals, "da"), goal_status(opened.goals, "en"))
    out.passage("goals-one-by-one", goal_passage(table))
    if opened.has("counts"):
        tables["volume"] = volume(opened.counts, lang=out.lang)
        for row in opened.counts.frame.to_dict("records"):
            number = None if pd.isna(row["value"]) else int(row["value"])
            out.value(f"counts.{str(row['count']).lower()}", number, base=Base(None, source=row["organisation"]), kind=opened.counts.kind)
        flows = flow_rows(opened.counts.frame)
        if not flows.empty:
            kind = opened.counts.kind
            out.figure("participants", stock_flow(flows, title=Phrase("reporting.flow_title"), kind=kind, lang=out.lang))
    source = opened.monitoring if opened.has("monitoring") else opened.published if opened.has("published") else None
    if source is not None:
        tables["presence"] = presence(source, out.lang)
        points = _presence_points(tables["presence"])
        if len(points) > 1:
            title = Phrase("reporting.presence_title")
            out.figure("presence", trend(points, title=title, base=tables["presence"].base, kind=tables["presence"].kind, lang=out.lang))
    for name, result in tables.items():
        out.table(name, result)
    return tables


def _keep_goals(out: Output, danish: GoalTable, english: GoalTable) -> None:
    base = danish.base
    out.value("goals.n", len(danish.frame), base=base, kind=danish.kind)
    for status in GOAL_STATUSES:
        key = status.replace("_", "-")
        out.value(f"goals.{key}.n", int((danish.frame["status"] == status).sum()), base=base, kind=danish.kind)
    for da, en in zip(danish.frame.to_dict("records"), english.frame.to_dict("records"), strict=True):
        key = f"goal.{str(da['goal']).lower()}"
        for name in ("status_words", "target", "measured", "reason"):
            if da[name]:
                out.value(f"{key}.{name.replace('_', '-')}", Said(da[name], en[name]), "text", base=base, kind=danish.kind)
    for row in danish.readings.to_dict("records"):
        _keep_reading(out, row, danish)


def _keep_reading(out: Output, row: dict[Any, Any], table: GoalTable) -> None:
    key = f"goal.{str(row['goal']).lower()}.{row['reading']}".replace("_", "-")
    source = str(row["source"] or "")
    known = row["count"] is not None and row["base"] is not None and not pd.isna(row["count"]) and not pd.isna(row["base"])
    if known:
        out.share(key, int(row["count"]), base=Base(int(row["base"]), source=source), kind=table.kind)
    elif row["measure"] == "share":
        n = None if row["base"] is None or pd.isna(row["base"]) else int(row["base"])
        out.value(f"{key}.pct", row["value"], "percent", base=Base(n, source=source), kind=table.kind)
    else:
        out.value(f"{key}.n", row["value"], base=Base(None, source=source), kind=table.kind)


def goal_passage(table: GoalTable) -> str:
    """Every goal with its definition, target, status, what was measured and why, as Markdown."""
    blocks = []
    for row in table.frame.to_dict("records"):
        lines = [f"**{files.markdown_text(str(row['goal']))}: {files.markdown_text(str(row['definition']))}**"]
        for name in ("target", "measured", "reason"):
            if row[name]:
                label = text(f"goals.column_{name}", table.lang)
                lines.append(f"{label}: {files.markdown_text(str(row[name]))}")
        words = paragraph_text(str(row["status_words"]))
        blocks.append("\n\n".join(["::: {.card}", lines[0], f"[{words}]{{.status}}", *lines[1:], ":::"]))
    return "\n\n".join(blocks) + "\n"


def flow_rows(counts: pd.DataFrame) -> pd.DataFrame:
    """Stock, inflow and outflow by year from yearly counts, of the unit and organisation that is known for most years."""
    named = counts.assign(role=[_role(str(count), str(measure)) for count, measure in zip(counts["count"], counts["measure"], strict=True)])
    # A number for several years belongs to none of them.
    one_year = ~named["period"].astype(str).str.contains(r"\d{4}\D+\d{4}")
    named = named[(named["role"] != "") & named["value"].notna() & one_year]
    if named.empty:
        return pd.DataFrame()
    moments = named["as_of"].where(named["as_of"].astype(str) != "", named["period"]).astype(str).str[:4]
    # "person" and "participant" are one unit under two names in the sources.
    named = named.assign(year=moments, unit=named["unit"].replace({"participant": "person"}))
    _, group = max(named.groupby(["organisation", "unit"], sort=False), key=lambda pair: (pair[1]["year"].nunique(), len(pair[1])))
    wide = group.pivot_table(index="year", columns="role", values="value", aggfunc="first")
    ordered = [name for name in ("stock", "inflow", "outflow") if name in wide]
    return wide[ordered].astype(float).reset_index().rename(columns={"year": "period"})


def _role(count: str, measure: str) -> str:
    if measure == "stock":
        return "" if "municipalit" in count else "stock"
    if any(part in count.split("-") for part in _INFLOW):
        return "inflow"
    return "outflow" if any(part in count.split("-") for part in _OUTFLOW) else ""


def _presence_points(result: Result) -> pd.DataFrame:
    """How many municipalities are present at each date, with the definition that was in force."""
    frame = result.frame[result.frame["status"].astype(str).isin(("present", "covered", "active"))]
    return pd.DataFrame({"period": frame["extract"], "value": frame["n"].astype(float), "definition": frame["definition"]})
