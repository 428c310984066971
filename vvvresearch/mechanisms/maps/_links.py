"""The links of a causal map: who says that what leads to what, checked and brought to one form."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from vvvresearch.errors import AnalysisError, did_you_mean, require_table
from vvvresearch.evidence import DIRECTIONS, Mappings
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Joined
from vvvresearch.results import Labels

if TYPE_CHECKING:
    Links = pd.DataFrame

REQUIRED = ("cause", "effect", "informant")
LEVELS = ";"
ARROW = " → "
_FLIPPED = {"promotes": "hinders", "hinders": "promotes"}


def links_of(links: pd.DataFrame | Mappings) -> pd.DataFrame:
    """The links with text in cause, effect, informant and direction; cause and effect of a mapping are ids of nodes.

    Raises:
        AnalysisError: a column is missing, the table is empty, a cell is empty or a direction is unknown.
    """
    table = links.links if isinstance(links, Mappings) else links
    require_table(table, "links")
    if not table.columns.is_unique:
        raise AnalysisError("the links have two columns of one name", where=", ".join(map(str, table.columns[table.columns.duplicated()])))
    require_table(table, "links", REQUIRED)
    if table.empty:
        raise AnalysisError("the map is empty: there are no links", where=origin_of(links))
    made = table.copy().reset_index(drop=True)
    for name in REQUIRED:
        text = made[name].astype("string").str.strip()
        bad = text.isna() | (text == "")
        if bad.any():
            rows = ", ".join(str(table.index[place]) for place in bad.to_numpy().nonzero()[0][:5])
            raise AnalysisError(f"a link has no {name}", where=f"row {rows}", todo="name both ends and who says it, or leave the link out")
        made[name] = text.astype(object)
    made["direction"] = made["direction"].fillna("promotes").astype(str) if "direction" in made.columns else "promotes"
    unknown = sorted(set(made["direction"]) - set(DIRECTIONS))
    if unknown:
        raise AnalysisError(f"the direction {unknown[0]!r} is not known", todo=f"use {' or '.join(DIRECTIONS)}")
    return made


def names_of(links: pd.DataFrame | Mappings) -> dict[str, str]:
    """The label of each node of mappings: the one most used over all of them, with the id beside it where two nodes share it.

    Links of one's own have their labels as ids, so there are none.
    """
    if not isinstance(links, Mappings):
        return {}
    labels: dict[str, str] = {}
    for node, group in links.nodes.groupby("node", sort=False)["label"]:
        labels[str(node)] = str(group[group != ""].mode().iloc[0]) if (group != "").any() else str(node)
    count = Counter(labels.values())
    return {node: f"{label} ({node})" if count[label] > 1 else label for node, label in labels.items()}


def origin_of(links: pd.DataFrame | Mappings) -> str:
    """Where the links were read from; empty for a table of one's own."""
    return links.origin if isinstance(links, Mappings) else ""


def kind_of(links: pd.DataFrame | Mappings, kind: DataKind | None) -> DataKind:
    """The kind that was given, else that of the mappings; a table of one's own is real."""
    return kind or (links.kind if isinstance(links, Mappings) else DataKind.REAL)


def link_of(cause: object, effect: object) -> str:
    """The key of a link, of which addresses make "cause/effect"."""
    return f"{cause} > {effect}"


def link_labels(links: Iterable[tuple[str, str]], names: Mapping[str, str]) -> Labels:
    """The words of links by their keys: "cause → effect"."""
    return Labels({link_of(*ends): Joined(tuple(names.get(end, end) for end in ends), ARROW) for ends in links})


def zoomed(links: pd.DataFrame, level: int) -> pd.DataFrame:
    """Links between the first `level` parts of labels such as "Trivsel;Ro;Søvn"; what falls together is left out."""
    if level < 1:
        raise AnalysisError(f"the zoom level is {level!r}", why="it is the number of parts of a label that are kept, 1 or more")

    def cut(label: str) -> str:
        return LEVELS.join(part.strip() for part in label.split(LEVELS)[:level])

    made = links.assign(cause=links["cause"].map(cut), effect=links["effect"].map(cut))
    return made[made["cause"] != made["effect"]].reset_index(drop=True)


def with_opposites(links: pd.DataFrame, opposites: Mapping[str, str]) -> pd.DataFrame:
    """Links in which each factor that is declared the opposite of another is replaced by it.

    A link with one end turned round changes its direction; with both it keeps it. Which ends were turned stands in
    `cause_flipped` and `effect_flipped`, so that nothing is lost.
    """
    chained = sorted(set(opposites) & set(opposites.values()))
    if chained:
        raise AnalysisError(f"{chained[0]!r} is both an opposite and has one", todo="declare {factor: the factor it is the opposite of}")
    known = set(links["cause"]) | set(links["effect"])
    unknown = sorted(set(opposites) - known)
    if unknown:
        raise AnalysisError(f"the factor {unknown[0]!r} is not in the map", todo=did_you_mean(unknown[0], known))
    flipped = {end: links[end].isin(list(opposites)) for end in ("cause", "effect")}
    turned = flipped["cause"] != flipped["effect"]
    return links.assign(
        cause=links["cause"].replace(dict(opposites)),
        effect=links["effect"].replace(dict(opposites)),
        direction=links["direction"].where(~turned, links["direction"].map(_FLIPPED)),
        cause_flipped=flipped["cause"],
        effect_flipped=flipped["effect"],
    )


def citations_of(links: pd.DataFrame) -> pd.DataFrame:
    """The links less repetitions: one informant's same passage for the same link counts once."""
    if "quote" not in links.columns:
        return links
    quotes = links["quote"].fillna("").astype(str)
    keys = [name for name in ("case", "wave", "source") if name in links.columns]
    described = links[[*REQUIRED, "direction", *keys]].assign(quote=quotes)
    # Without a passage there is nothing to tell two statements apart by, so each row is a statement of its own.
    return links[~(described.duplicated() & (quotes != ""))]


def bundles_of(links: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """One row a pair of cause and effect: distinct citations and informants, how many say promotes and hinders, and in how many cases; a
    case in which both are said is one of each.

    Those that most informants name come first, equals by citations and then by name.
    """
    cited = citations_of(links)
    codes: dict[str, Any] = {name: pd.Categorical(cited[name]) for name in REQUIRED}
    plain = pd.DataFrame({name: code.codes for name, code in codes.items()})
    plain["hinders"] = (cited["direction"] == "hinders").to_numpy()
    grouped = plain.groupby(["cause", "effect"], sort=False)
    made = grouped.size().rename("citations").reset_index()
    ends = ["cause", "effect"]
    distinct = plain.drop_duplicates([*ends, "informant"]).groupby(ends, sort=False).size()
    hindering = plain[plain["hinders"]].drop_duplicates([*ends, "informant"]).groupby(ends, sort=False).size()
    promoting = plain[~plain["hinders"]].drop_duplicates([*ends, "informant"]).groupby(ends, sort=False).size()
    index = pd.MultiIndex.from_frame(made[ends])
    made["informants"] = distinct.reindex(index, fill_value=0).to_numpy()
    made["promotes"] = promoting.reindex(index, fill_value=0).to_numpy()
    made["hinders"] = hindering.reindex(index, fill_value=0).to_numpy()
    if "case" in cited.columns:
        plain["case"] = cited["case"].to_numpy()
        in_cases = plain.drop_duplicates([*ends, "case"]).groupby(ends, sort=False).size()
        made["cases"] = in_cases.reindex(index, fill_value=0).to_numpy()
        for name, said in (("cases_promoting", ~plain["hinders"]), ("cases_hindering", plain["hinders"])):
            own = plain[said].drop_duplicates([*ends, "case"]).groupby(ends, sort=False).size()
            made[name] = own.reindex(index, fill_value=0).to_numpy()
        made["all_cases"] = plain["case"].nunique()
    for end in ends:
        made[end] = codes[end].categories.to_numpy(dtype=object)[made[end]]
    made.insert(0, "link", [link_of(*pair) for pair in zip(made["cause"], made["effect"], strict=True)])
    named = made.assign(**{f"{end}_name": [names.get(name, name) for name in made[end]] for end in ends})
    order = named.sort_values(["informants", "citations", "cause_name", "effect_name"], ascending=[False, False, True, True]).index
    return made.loc[order].reset_index(drop=True)
