"""The causal map as the page draws it: factors in layers from left to right, links as wide as their informants are many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vvvresearch.exploring.explorer._filters import literal
from vvvresearch.figures._layers import few_layers, layered, most_told
from vvvresearch.locales import say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vvvresearch.locales import Lang
    from vvvresearch.mechanisms.maps._causal_map import CausalMap

# Free room between two factors of a layer, where a factor is 1 high.
_GAP = 0.35


def causal_links(result: CausalMap, call: str, asked: Mapping[str, Any], lang: Lang) -> dict[str, Any]:
    """The factors with their places and the links that most informants name, each with the address of its number.

    Args:
        result: the map of the round under a filter.
        call: the call that made it.
        asked: `least`, fewest informants of a link; 0 for two, or one where no link has two.
        lang: language of the words.
    """
    if result.absent:
        return {"told": say(result.absent, lang), "nodes": [], "edges": [], "code": call, "page": ""}
    best = int(result.frame["informants"].max())
    wanted = max(0, int(asked.get("least") or 0))
    drawn, _ = most_told(result.frame, least=min(wanted, best) or None)
    rows = drawn.to_dict("records")
    ends = [(str(row["cause"]), str(row["effect"])) for row in rows]
    names = sorted({name for edge in ends for name in edge}, key=result.name_of)
    plan = layered(ends, dict.fromkeys(names, 1.0), _GAP, few_layers(names, [edge for edge in ends if edge[0] != edge[1]]))
    people = dict(zip(result.factors["factor"], result.factors["informants"].tolist(), strict=True))
    place = {name: number for number, name in enumerate(names)}
    edges = [
        {
            "from": place[cause],
            "to": place[effect],
            **{name: int(row[name]) for name in ("informants", "citations", "promotes", "hinders")},
            "by": plan.route.get((cause, effect), []),
            "address": result.cell("informants", link=row["link"]).address,
        }
        for (cause, effect), row in zip(ends, rows, strict=True)
    ]
    fewest = int(drawn["informants"].min())
    chosen = f".where({literal(f'informants >= {fewest}')})" if len(drawn) < len(result.frame) else ""
    return {
        "nodes": [
            {"words": result.name_of(name), "n": people[name], "layer": plan.rank[name], "height": plan.height[name]} for name in names
        ],
        "edges": edges,
        "layers": plan.count,
        "total": plan.total,
        "all": len(result.frame),
        "best": best,
        "words": result.caption,
        "note": result.footer,
        "code": call,
        "page": f'page.add("map", {call}{chosen})',
    }
