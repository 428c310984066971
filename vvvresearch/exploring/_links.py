"""Behind causal links: who says it, of which case, at which wave, in which words."""

from __future__ import annotations

from typing import Any

import pandas as pd

from vvvresearch.evidence import waves_in_order
from vvvresearch.exploring._asked import Asked, Found, Opener, distinct
from vvvresearch.exploring._registers import own_row
from vvvresearch.mechanisms.maps._links import citations_of, links_of, names_of, zoomed

_SPLIT = " > "
_SHOWN = ("case", "wave", "perspective", "informant", "cause", "effect", "direction", "strength", "quote", "source", "date", "quotable")


def shown_links(links: pd.DataFrame) -> pd.DataFrame:
    """Links as evidence: words only of those whose words may be shown."""
    kept = links[[name for name in _SHOWN if name in links.columns]]
    if "quotable" in kept.columns and "quote" in kept.columns:
        kept = kept.assign(quote=kept["quote"].where(kept["quotable"].astype(bool), ""))
    return kept


def _shown(asked: Asked, links: pd.DataFrame) -> pd.DataFrame:
    """Links as evidence, the factors by their names."""
    names = names_of(asked.given("links"))
    return shown_links(links.assign(**{end: links[end].map(lambda one: names.get(one, one)) for end in ("cause", "effect")}))


def _links(asked: Asked) -> pd.DataFrame:
    def work() -> pd.DataFrame:
        given = asked.given("links")
        links, names, level = links_of(given), names_of(given), asked.given("level")
        # The map counts citations before it looks at a group or zooms out; the evidence does it in the same order.
        links = citations_of(links)
        group = asked.given("group")
        if group:
            links = links[links["perspective"] == group]
        if level is not None:
            labelled = links.assign(**{end: links[end].map(lambda one: names.get(one, one)) for end in ("cause", "effect")})
            links = zoomed(labelled, level)
        return links

    found: pd.DataFrame = asked.kept("links", work)
    return found


def _bundle(links: pd.DataFrame, row: Any) -> pd.DataFrame:
    cause, effect = (row["cause"], row["effect"]) if "cause" in row else str(row["link"]).split(_SPLIT, 1)
    return links[(links["cause"] == cause) & (links["effect"] == effect)]


def link_cell(asked: Asked) -> Found:
    """A link of a map: everybody who states it, promoting and hindering apart."""
    links = _links(asked)
    if not asked.row:
        if asked.measure == "informants":
            return Found(_shown(asked, links), "cases", "informant", distinct(links, "informant"))
        if asked.measure == "citations":
            return Found(_shown(asked, links), "cases", "", len(links))
        if asked.measure == "cases" and "case" in links.columns:
            return Found(_shown(asked, links), "cases", "case", distinct(links, "case"))
        return Found(_shown(asked, links), "cases")
    own = _bundle(links, asked.row)
    states = {str(name): part for name, part in own.groupby("direction", sort=False)}
    whole = {name: distinct(part, "informant") for name, part in states.items()}
    whole |= {"informants": distinct(own, "informant"), "citations": len(own)}
    chosen = own[own["direction"] == asked.measure] if asked.measure in ("promotes", "hinders") else own
    group = asked.measure.removeprefix("n_") if asked.measure.startswith("n_") else ""
    if group:
        chosen = own[own["perspective"] == group]
    counts = asked.measure in ("informants", "promotes", "hinders") or bool(group)
    value = distinct(chosen, "informant") if counts else len(own) if asked.measure == "citations" else None
    shown = {name: _shown(asked, part) for name, part in states.items()}
    return Found(_shown(asked, chosen), "cases", "informant" if counts else "", value, whole, shown)


def path_cell(asked: Asked) -> Found:
    """A path through a map: everybody who states a link that lies on a way from its start to its end."""
    links = _links(asked)
    if not asked.row:
        return link_cell(asked)
    after, before = _reached(links, asked.row["start"], "cause", "effect"), _reached(links, asked.row["end"], "effect", "cause")
    own = links[links["cause"].isin(after) & links["effect"].isin(before)]
    return Found(_shown(asked, own), "cases")


def _reached(links: pd.DataFrame, factor: str, near: str, far: str) -> set[str]:
    """The factors that can be reached from one, itself among them."""
    found, new = {factor}, {factor}
    while new:
        new = set(links.loc[links[near].isin(new), far]) - found
        found |= new
    return found


def change_cell(asked: Asked) -> Found:
    """A link of a case at two waves."""
    given = asked.given("links")
    links = links_of(given)
    waves = waves_in_order(links["wave"])
    first, second = asked.given("first") or waves[0], asked.given("second") or waves[-1]
    if not asked.row or "case" not in asked.row or asked.measure not in ("", "first", "second"):
        return own_row(asked)
    own = links[(links["case"].astype(str) == str(asked.row["case"])) & links["wave"].astype(str).isin((first, second))]
    if "link" in asked.row:
        own = _bundle(own, asked.row)
    states = {name: own[own["wave"].astype(str) == wave] for name, wave in (("first", first), ("second", second))}
    whole = {name: distinct(part, "informant") for name, part in states.items()}
    shown = {name: _shown(asked, part) for name, part in states.items()}
    if asked.measure in states:
        return Found(shown[asked.measure], "cases", "informant", whole[asked.measure], whole, shown)
    return Found(_shown(asked, own), "cases", "informant", None, whole, shown)


OPENERS: dict[str, Opener] = {
    **dict.fromkeys(("causal_map", "map_difference"), link_cell),
    "map_robustness": path_cell,
    **dict.fromkeys(("wave_changes", "portrait"), change_cell),
}
