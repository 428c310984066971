"""What was published, as notebooks hand it over: every value with its base, and the figures drawn anew."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pandas as pd

from vvvresearch.evidence import RESPONDENT_GROUPS
from vvvresearch.figures import Drawing, bars, mirror_bars, wave_bars
from vvvresearch.locales import Phrase, check_lang
from vvvresearch.published import ComparisonTable, check_published, published_comparison
from vvvresearch.reporting._output import Output
from vvvresearch.reporting._round_basis import trace_sources
from vvvresearch.reporting._round_goals import Said
from vvvresearch.results import Base, Column, Result

if TYPE_CHECKING:
    from vvvresearch.evidence import Published
    from vvvresearch.rounds import Round

_SIDES = re.compile(r"_(leaders|municipal)$")


def hand_over_published(out: Output, opened: Round) -> list[str]:
    """Write what a round's documents published.

    Numbers are `published.<figure>.<answer>.pct` or `.n` and `fact.<fact>`. Figures of the same question in two waves stand
    side by side, those of two respondent groups face each other, the others are bars of their own.

    Args:
        out: the notebook's output.
        opened: a round with published sources.

    Returns:
        The names of the figures.
    """
    published = opened.published
    _keep_values(out, published)
    names = []
    for name, drawing in drawings(published, out.lang).items():
        out.figure(name, drawing)
        names.append(name)
    return names


def hand_over_comparison(out: Output, opened: Round) -> dict[str, Result]:
    """Write what was published beside what the round's data give, and where the documents do not agree with themselves.

    Args:
        out: the notebook's output.
        opened: the round; without published sources nothing is written.

    Returns:
        The tables: summary (values by outcome), comparison (every value), consistency (every finding).
    """
    if not opened.has("published"):
        return {}
    trace_sources(out, opened)
    hand_over_published(out, opened)
    comparison = published_comparison(opened.published, opened.recomputed(), out.lang)
    courses = [opened.courses] if opened.has("courses") else []
    consistency = check_published(opened.published, courses, out.lang)
    for name, count in comparison.summary.items():
        out.value(f"comparison.{name}", count, base=comparison.base, kind=comparison.kind)
    out.value("consistency.n", len(consistency.frame), base=consistency.base, kind=consistency.kind)
    tables: dict[str, Result] = {"summary": _summary(comparison), "comparison": comparison, "consistency": consistency}
    for name, table in tables.items():
        out.table("comparison-summary" if name == "summary" else name, table)
    return tables


def _summary(comparison: ComparisonTable) -> Result:
    counts = comparison.frame["outcome"].value_counts(sort=False)
    frame = pd.DataFrame({"outcome": [Phrase(f"comparison.{name}") for name in counts.index], "n": [int(n) for n in counts]})
    return Result(
        frame=frame,
        base=comparison.base,
        title=Phrase("reporting.summary_title"),
        shows=(Column("outcome", Phrase("reporting.outcome")), Column("n", Phrase("common.n"), "count")),
        kind=comparison.kind,
        lang=comparison.lang,
    )


def _keep_values(out: Output, published: Published) -> None:
    about = published.figures.set_index("figure").to_dict("index")
    for row in published.values.to_dict("records"):
        base = _base(about[row["figure"]], str(row["figure"]))
        key = f"published.{row['figure']}.{row['key']}".lower()
        if pd.notna(row["count"]):
            out.value(f"{key}.n", int(row["count"]), base=base, kind=published.kind)
        if pd.notna(row["percent"]):
            out.value(f"{key}.pct", row["percent"], "percent", base=base, kind=published.kind)
    for row in published.facts.to_dict("records"):
        number = None if pd.isna(row["value"]) else float(row["value"])
        whole = number is None or number.is_integer()
        base = Base(None, source=f"{row['document']}: {row['label_da']}", wave=str(row["as_of"]))
        value = int(number) if number is not None and whole else number
        out.value(f"fact.{row['fact']}".lower(), value, "count" if whole else "number", base=base, decimals=0 if whole else 1)


def _base(figure: dict[Any, Any], name: str) -> Base:
    n = None if pd.isna(figure["base"]) else int(figure["base"])
    wave = "" if pd.isna(figure["wave"]) else str(figure["wave"])
    printed = f", {figure['printed_as']}" if figure["printed_as"] else ""
    return Base(n, str(figure["unit"]) or "respondent", wave=wave, source=f"{figure['document']}{printed} ({name})")


def drawings(published: Published, lang: str) -> dict[str, Drawing]:
    """The published figures drawn anew, by name."""
    rows = _rows(published, lang)
    found: dict[str, Drawing] = {}
    used: set[str] = set()
    roots = rows[rows["root"] != ""]
    for root, part in roots.groupby("root", sort=False):
        waves = part.groupby("group")["wave"].nunique()
        for group in waves[waves > 1].index:
            own = part[part["group"] == group]
            if own["percent"].notna().sum() >= 2:
                name = f"waves-{_name(str(root))}"
                found[name] = _waves(own, published, lang)
                used |= set(own["figure"])
        latest = part[part["wave"] == part.groupby("group")["wave"].transform("max")]
        known = latest[latest["percent"].notna()]
        if known["group"].nunique() == 2:
            found[f"mirror-{_name(str(root))}"] = _mirror(known, published, lang)
            used |= set(known["figure"])
    for figure, part in rows[~rows["figure"].isin(used)].groupby("figure", sort=False):
        known = part[part["percent"].notna() | part["count"].notna()]
        if len(known) >= 2:
            single = str(part["type"].iloc[0]) in ("single", "likert", "band")
            base = _base(part.iloc[0].to_dict(), str(figure))
            title = Said(str(part["title_da"].iloc[0]), str(part["title_en"].iloc[0]))
            found[f"published-{_name(str(figure))}"] = bars(known, single=single, title=title, base=base, kind=published.kind, lang=lang)
    return found


def _name(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def _rows(published: Published, lang: str) -> pd.DataFrame:
    """One row a printed value with what its figure says; labels of one answer are the same in every figure."""
    figures = published.figures.rename(columns={"label_da": "title_da", "label_en": "title_en", "note": "about"})
    figures = figures[figures["role"] == "primary"]
    rows = published.values.merge(figures, on="figure", how="inner")
    rows = rows[rows["key"].map(lambda key: key not in ("others", "all_items", "other_bands"))].copy()
    labels = rows.drop_duplicates("key").set_index("key")[f"label_{lang}"]
    rows["label"] = rows["key"].map(labels)
    rows["root"] = rows["caption"].fillna("").astype(str).map(lambda caption: _SIDES.sub("", caption))
    rows["wave"] = rows["wave"].fillna("").astype(str)
    rows["percent"] = pd.to_numeric(rows["percent"], errors="coerce").astype(float)
    rows["n"] = rows["base"]
    said = check_lang(lang)
    rows["group_label"] = [Phrase(f"groups.{group}").say(said) if group in RESPONDENT_GROUPS else str(group) for group in rows["group"]]
    return rows


def _waves(rows: pd.DataFrame, published: Published, lang: str) -> Drawing:
    ordered = rows.sort_values("wave", kind="stable")
    title = Said(str(ordered["title_da"].iloc[-1]).rpartition(",")[0], str(ordered["title_en"].iloc[-1]).rpartition(",")[0])
    base = Base(None, group=str(ordered["group_label"].iloc[0]), source=", ".join(dict.fromkeys(ordered["figure"])))
    return wave_bars(ordered, title=title, base=base, kind=published.kind, lang=lang)


def _mirror(rows: pd.DataFrame, published: Published, lang: str) -> Drawing:
    first = rows.drop_duplicates("group")
    title = Said(" / ".join(dict.fromkeys(first["title_da"])), " / ".join(dict.fromkeys(first["title_en"])))
    base = Base(None, source=", ".join(dict.fromkeys(rows["figure"])), wave=", ".join(dict.fromkeys(rows["wave"])))
    # Different kinds of question cannot be compared bar by bar, and a reader must be told so at the figure.
    note = Phrase("reporting.mirror_scales" if first["type"].nunique() > 1 else "reporting.mirror_groups")
    return mirror_bars(rows, note=note, title=title, base=base, kind=published.kind, lang=lang)
