"""What was printed, number by number with its base, and the printed figures drawn anew."""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence
from typing import Any

import pandas as pd

from vvvresearch.errors import AnalysisError
from vvvresearch.evidence import Published, Words
from vvvresearch.kinds import combined_kind
from vvvresearch.locales import LANGUAGES, Joined, Phrase, Sayable, has_words
from vvvresearch.published._finding import is_there, named, together, worded
from vvvresearch.results import Base, Column, Labels, Measure, Picture, Result, Share, address_part

# Captions name the sides that were asked; the figure is the same.
_SIDES = re.compile(r"_(leaders|municipal)$")
_REST = ("others", "all_items", "other_bands")
_ONE_ANSWER = ("single", "likert", "band")
_COLUMNS = ("figure", "key", "group", "wave", "count", "share", "n")
_KEYS = ("figure", "key")
_MEASURES = (Measure("count", only_known=True), Measure("share", "share", count="count", known="share", only_known=True))


def published_values(published: Published) -> Result:
    """Every printed value of a figure or table with its base.

    Args:
        published: what was printed.

    Returns:
        Result; frame figure, key, group, wave, count, share, n, as far as they are printed. Addresses `published.<figure>.<key>.count`
        and `.share`. Parts: the figures drawn anew, by name: `waves/<caption>` where one question was asked in two waves,
        `mirror/<caption>` where two respondent groups face each other, the others `published/<figure>`.

    Example:
        >>> import vvvresearch as vvv
        >>> values = published_values(vvv.open_round("2019-final").published)
        >>> values.cell("share", figure="LG-ROUTINES", key="fixed").n, "published/lg-routines" in values.parts
        (72, True)
    """
    figures = {row["figure"]: row for row in published.figures.to_dict("records")}
    rows = [_row(value, figures[value["figure"]]) for value in published.values.to_dict("records")]
    whole = _table(published, figures, pd.DataFrame(rows, columns=list(_COLUMNS)), Phrase("comparison.values_title"))
    return _with_figures(whole, published, figures)


def _row(value: dict[Hashable, Any], figure: dict[Hashable, Any]) -> dict[str, Any]:
    return {
        "figure": value["figure"],
        "key": value["key"],
        "group": figure["group"],
        "wave": figure["wave"] if is_there(figure["wave"]) else "",
        "count": float(value["count"]) if is_there(value["count"]) else float("nan"),
        "share": float(value["percent"] / 100) if is_there(value["percent"]) else float("nan"),
        "n": float(figure["base"]) if is_there(figure["base"]) else float("nan"),
    }


def _table(published: Published, figures: dict[Any, Any], frame: pd.DataFrame, title: str | Sayable, **more: Any) -> Result:
    labels = {(row["figure"], row["key"]): named(row) for row in published.values.to_dict("records")}
    used = {name: figures[name] for name in dict.fromkeys(frame["figure"])}
    return Result(
        frame=frame,
        base=more.pop("base", Base(len(frame), "value")),
        title=title,
        shows=(
            Column("figure", Phrase("comparison.column_printed_as")),
            Column("key", Phrase("comparison.column_label")),
            Column("count", Phrase("common.n"), "count"),
            Share("share", Phrase("comparison.values_share"), known="share"),
        ),
        kind=published.kind,
        at="published",
        keys=_KEYS,
        measures=_MEASURES,
        labels={"figure": Labels({name: named(figure) for name, figure in used.items()}), "key": Labels(labels, on=_KEYS)},
        bases={(name,): _base(figure) for name, figure in used.items()},
        base_on=("figure",),
        **more,
    )


def _base(figure: dict[Any, Any]) -> Base:
    printed = f", {figure['printed_as']}" if figure["printed_as"] else ""
    n = int(figure["base"]) if is_there(figure["base"]) else None
    wave = str(figure["wave"]) if is_there(figure["wave"]) else ""
    source = f"{figure['document']}{printed} ({figure['figure']})"
    return Base(n, str(figure["unit"]) or "respondent", wave=wave, source=source)


def published_facts(published: Published) -> Result:
    """Every printed number that stands alone, with its document and date.

    Args:
        published: what was printed.

    Returns:
        Result; frame fact, measure ("stock", "flow", "total" or ""), as_of, value. Addresses `fact.<fact>.value`.

    Example:
        >>> import vvvresearch as vvv
        >>> published_facts(vvv.open_round("2021-note").published).cell("value", fact="PR-PRES-2105").value
        83.0
    """
    rows = published.facts.to_dict("records")
    values = [float(row["value"]) if is_there(row["value"]) else float("nan") for row in rows]
    names = ("fact", "measure", "as_of")
    frame = pd.DataFrame({name: [row[name] for row in rows] for name in names} | {"value": values})
    return Result(
        frame=frame,
        base=Base(len(frame), "value"),
        title=Phrase("comparison.facts_title"),
        shows=(
            Column("fact", Phrase("comparison.column_label")),
            Column("as_of", Phrase("goals.column_as_of")),
            Column("value", Phrase("common.n"), "number"),
        ),
        kind=published.kind,
        at="fact",
        keys=("fact",),
        measures=(Measure("value", "number", of=""),),
        labels={"fact": Labels({row["fact"]: named(row) for row in rows})},
        bases={(row["fact"],): Base(None, wave=str(row["as_of"]), source=together((row["document"], named(row)), ": ")) for row in rows},
        base_on=("fact",),
    )


def _with_figures(whole: Result, published: Published, figures: dict[Any, Any]) -> Result:
    import dataclasses

    kept = {name: row for name, row in figures.items() if row["role"] == "primary"}
    rows = whole.frame[whole.frame["figure"].isin(kept) & ~whole.frame["key"].isin(_REST)]
    rows = rows.assign(root=[_SIDES.sub("", str(kept[name]["caption"] or "")) for name in rows["figure"]])
    parts: dict[str, Result] = {}
    used: set[str] = set()

    def add(name: str, own: pd.DataFrame, picture: Picture, base: Base) -> None:
        frame = own.drop(columns="root").reset_index(drop=True)
        parts[name] = _table(published, figures, frame, picture.title, base=base, pictures={picture.kind: picture})

    known = rows["share"].notna()
    for root, part in rows[rows["root"] != ""].groupby("root", sort=False):
        waves = part.groupby("group")["wave"].nunique()
        for group in waves[waves > 1].index:
            own = part[part["group"] == group].sort_values("wave", kind="stable")
            if own["share"].notna().sum() >= 2:
                title = _without_wave(kept[own["figure"].iloc[-1]])
                base = Base(None, group=_group(group), source=", ".join(dict.fromkeys(own["figure"])))
                add(f"waves/{address_part(root)}", own, Picture("wave_bars", _drawn(own, published), title), base)
                used |= set(own["figure"])
        latest = part[(part["wave"] == part.groupby("group")["wave"].transform("max")) & known[part.index]]
        if latest["group"].nunique() == 2:
            add(f"mirror/{address_part(root)}", latest, *_mirror(latest, published, kept))
            used |= set(latest["figure"])
    for figure, part in rows[~rows["figure"].isin(used)].groupby("figure", sort=False):
        own = part[part["share"].notna() | part["count"].notna()]
        if len(own) >= 2:
            single = kept[figure]["type"] in _ONE_ANSWER
            picture = Picture("bars", _drawn(own, published), named(kept[figure]), {"single": single})
            add(f"published/{address_part(figure)}", own, picture, _base(kept[figure]))
    return dataclasses.replace(whole, parts=parts)


def _drawn(rows: pd.DataFrame, published: Published) -> pd.DataFrame:
    """Rows as figures draw them; one answer has one label in every figure."""
    labels: dict[Any, Words] = {}
    for row in published.values.to_dict("records"):
        labels.setdefault(row["key"], named(row))
    return pd.DataFrame(
        {
            "label": [labels[key] for key in rows["key"]],
            "wave": list(rows["wave"]),
            "group_label": [_group(group) for group in rows["group"]],
            "count": list(rows["count"]),
            "percent": [round(100 * share, 6) for share in rows["share"]],
            "n": list(rows["n"]),
        }
    )


def _mirror(rows: pd.DataFrame, published: Published, figures: dict[Any, Any]) -> tuple[Picture, Base]:
    first = [figures[name] for name in rows.drop_duplicates("group")["figure"]]
    titles = Joined(tuple(dict.fromkeys(worded(one["label_da"], one["label_en"]) for one in first)), " / ")
    # Different kinds of question cannot be compared bar by bar, and a reader must be told so at the figure.
    note = Phrase("comparison.mirror_scales" if len({one["type"] for one in first}) > 1 else "comparison.mirror_groups")
    base = Base(None, source=", ".join(dict.fromkeys(rows["figure"])), wave=", ".join(dict.fromkeys(rows["wave"])))
    return Picture("mirror_bars", _drawn(rows, published), titles, {"note": note}), base


def _group(group: object) -> str | Sayable:
    return Phrase(f"groups.{group}") if has_words(f"groups.{group}") else str(group)


def _without_wave(figure: dict[Any, Any]) -> Words:
    """A figure's label without the wave that stands at its end."""
    return worded(*(figure[f"label_{lang}"].rpartition(",")[0] or figure[f"label_{lang}"] for lang in LANGUAGES))


_OWN_IDS = {
    "documents": ["document"],
    "figures": ["figure"],
    "values": ["figure", "key"],
    "facts": ["fact"],
    "mentions": ["mention"],
    "places": [],
}


def combine_published(parts: Sequence[Published]) -> Published:
    """One set of published numbers from several.

    Args:
        parts: at least one.

    Returns:
        Published, with the rows of all parts.

    Raises:
        AnalysisError: nothing is given, or an id stands in two parts.

    Example:
        >>> import vvvresearch as vvv
        >>> both = [vvv.open_round(name).published for name in ("2019-final", "2021-note")]
        >>> combined = combine_published(both)
        >>> len(combined.figures) == sum(len(one.figures) for one in both)
        True
    """
    if not parts:
        raise AnalysisError("nothing was published, so nothing can be put together")
    tables = {}
    for name, keys in _OWN_IDS.items():
        frames = [getattr(part, name) for part in parts]
        table = pd.concat([frame for frame in frames if len(frame)] or frames[:1], ignore_index=True)
        if keys and table.duplicated(keys).any():
            double = table.loc[table.duplicated(keys), keys[-1]].iloc[0]
            raise AnalysisError(f"{double!r} stands in two of the sources", where=name, todo="give every figure and fact an id of its own")
        tables[name] = table
    return Published(**tables, kind=combined_kind(part.kind for part in parts), origin=", ".join(part.origin for part in parts))
