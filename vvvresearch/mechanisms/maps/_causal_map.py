"""The causal map: what leads to what, by how many informants and citations, and how well a connection is supported."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.evidence import Mappings
from vvvresearch.figures import most_told
from vvvresearch.locales import Phrase
from vvvresearch.mechanisms.maps._comparison import compared, group_words
from vvvresearch.mechanisms.maps._links import (
    ARROW,
    bundles_of,
    citations_of,
    kind_of,
    link_labels,
    links_of,
    names_of,
    with_opposites,
    zoomed,
)
from vvvresearch.mechanisms.maps._paths import Support, betweenness, distances, reversed_graph, shortest, support_of, ways
from vvvresearch.results import Base, Column, Labels, Measure, Picture, Result, Total, address_part, recorded

if TYPE_CHECKING:
    from vvvresearch.kinds import DataKind

ROOT = "map"
MOST_STEPS = 4
MOST_PATHS = 10_000
_OF_CASES = ("cases", "cases_promoting", "cases_hindering")
_COUNTS = ("informants", "citations", "promotes", "hinders", "cases")


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class CausalMap(Result):
    """Links bundled by cause and effect. `.frame` is the same as `.bundles`; factors are asked for by id or by label.

    Args:
        links: the links it was made from, one row a citation.
        names: the label of each factor by its id; a factor without one is called by its id.
        settings: what of the whole it shows, as its addresses say it.
    """

    links: pd.DataFrame = field(default_factory=pd.DataFrame)
    names: Mapping[str, str] = field(default_factory=dict)
    settings: tuple[str, ...] = ()

    @property
    def bundles(self) -> pd.DataFrame:
        """One row a cause and effect: distinct citations, distinct informants, and how many say promotes or hinders."""
        return self.frame

    @property
    def named(self) -> pd.DataFrame:
        """The bundles with labels in place of ids."""
        return self.frame.assign(**{end: [self.name_of(factor) for factor in self.frame[end]] for end in ("cause", "effect")})

    def name_of(self, factor: str) -> str:
        """The label of a factor."""
        return self.names.get(factor, factor)

    @cached_property
    def factors(self) -> pd.DataFrame:
        """One row a factor: id, label, citations in and out, informants, share of citations that go out, betweenness, role.

        A "driver" has only links out, an "outcome" only links in; the rest are "between".
        """
        names = sorted(set(self.frame["cause"]) | set(self.frame["effect"]))
        place = {name: number for number, name in enumerate(names)}
        out = self.frame.groupby("cause")["citations"].sum().reindex(names, fill_value=0)
        into = self.frame.groupby("effect")["citations"].sum().reindex(names, fill_value=0)
        ends = pd.concat([self.links[[end, "informant"]].set_axis(["factor", "informant"], axis=1) for end in ("cause", "effect")])
        people = ends.drop_duplicates().groupby("factor").size().reindex(names, fill_value=0)
        edges = [(place[cause], place[effect]) for cause, effect in zip(self.frame["cause"], self.frame["effect"], strict=True)]
        all_in, all_out = int(into.sum()), int(out.sum())
        frame = pd.DataFrame({"factor": names, "out_citations": out.to_numpy(), "in_citations": into.to_numpy()})
        frame.insert(1, "label", [self.name_of(name) for name in names])
        frame["informants"] = people.to_numpy()
        frame["out_of_own"] = frame["out_citations"] / (frame["out_citations"] + frame["in_citations"])
        frame["out_share"] = frame["out_citations"] / all_out
        frame["in_share"] = frame["in_citations"] / all_in
        frame["betweenness"] = betweenness(len(names), edges)
        frame["role"] = np.select([frame["in_citations"] == 0, frame["out_citations"] == 0], ["driver", "outcome"], "between")
        return frame.sort_values(["informants", "label"], ascending=[False, True]).reset_index(drop=True)

    @cached_property
    def _graph(self) -> dict[str, list[str]]:
        graph: dict[str, list[str]] = {}
        for cause, effect in zip(self.frame["cause"], self.frame["effect"], strict=True):
            if cause != effect:
                graph.setdefault(cause, []).append(effect)
        return graph

    @cached_property
    def supports(self) -> dict[tuple[str, str], frozenset[str]]:
        """Who names each link."""
        pairs = self.links[["cause", "effect", "informant"]].drop_duplicates()
        made: dict[tuple[str, str], set[str]] = {}
        for cause, effect, informant in zip(pairs["cause"], pairs["effect"], pairs["informant"], strict=True):
            made.setdefault((cause, effect), set()).add(informant)
        return {link: frozenset(people) for link, people in made.items()}

    @cached_property
    def _told(self) -> dict[str, dict[str, set[str]]]:
        told: dict[str, dict[str, set[str]]] = {}
        for (cause, effect), people in self.supports.items():
            if cause != effect:
                for person in people:
                    told.setdefault(person, {}).setdefault(cause, set()).add(effect)
        return told

    def paths(self, a: str, b: str, most_steps: int = MOST_STEPS) -> pd.DataFrame:
        """Every way from one factor to another within so many steps.

        Args:
            a, b: factors.
            most_steps: most links of a path.

        Returns:
            One row a path: path ("a → c → b"), steps, weakest (informants of its weakest link), citations of that link,
            threads (informants who state every link of it themselves). At most 10,000 paths, shortest first.
        """
        a, b = self._ends(a, b)
        counts = dict(zip(zip(self.frame["cause"], self.frame["effect"], strict=True), self.frame["citations"].tolist(), strict=True))
        rows = []
        for way in islice(ways(self._graph, a, b, most_steps), MOST_PATHS):
            links = list(pairwise(way))
            named = [self.supports[link] for link in links]
            row = {"path": ARROW.join(way), "steps": len(links), "weakest": min(map(len, named))}
            rows.append({**row, "citations": min(counts[link] for link in links), "threads": len(frozenset.intersection(*named))})
        return pd.DataFrame(rows, columns=["path", "steps", "weakest", "citations", "threads"])

    def between(self, a: str, b: str, most_steps: int = MOST_STEPS) -> pd.DataFrame:
        """The bundles that lie on some way from a to b within so many steps (two breadth-first searches)."""
        a, b = self._ends(a, b)
        after, before = distances(self._graph, a), distances(reversed_graph(self._graph), b)
        far = most_steps + 1
        keep = [
            cause != effect and after.get(cause, far) + 1 + before.get(effect, far) <= most_steps
            for cause, effect in zip(self.frame["cause"], self.frame["effect"], strict=True)
        ]
        return self.frame[keep].reset_index(drop=True)

    def threads(self, a: str, b: str) -> pd.DataFrame:
        """The informants who state a whole chain from a to b themselves, with the shortest of their chains."""
        a, b = self._ends(a, b)
        rows = []
        for person in sorted(self._told):
            way = shortest(self._told[person], a, b) if a in self._told[person] else None
            if way:
                rows.append({"informant": person, "path": ARROW.join(way), "steps": len(way) - 1})
        return pd.DataFrame(rows, columns=["informant", "path", "steps"])

    def robustness(self, a: str, b: str, time_limit: float | None = 30.0) -> Support:
        """The fewest informants whose removal breaks every path from a to b, exactly; max-flow only beside it.

        Args:
            a, b: factors.
            time_limit: seconds; when they run out, `.exact` is False and `.proved` is a lower bound.

        Returns:
            A Support; `.value` is the number, `.informants` one such set.
        """
        return support_of(self, *self._ends(a, b), time_limit)

    def evidence(self, *ends: str, **cell: object) -> Any:
        """The citations behind a bundle: who says it, of which case, at which wave, in which words.

        Args:
            ends: cause and effect; or one address.
            cell: as of any result.

        Returns:
            DataFrame of the citations between two ends; Evidence where an address or keys were given.
        """
        if len(ends) != 2:
            if {"cause", "effect"} <= set(cell):
                cell["cause"], cell["effect"] = self._ends(str(cell["cause"]), str(cell["effect"]))
            return super().evidence(*ends, **cell)
        cause, effect = self._ends(*ends)
        own = self.links[(self.links["cause"] == cause) & (self.links["effect"] == effect)]
        if own.empty:
            raise AnalysisError(f"nobody says that {cause!r} leads to {effect!r}", todo="look at .paths for a way through other factors")
        return own.reset_index(drop=True)

    def zoom(self, level: int) -> CausalMap:
        """The map between the first `level` parts of labels such as "Trivsel;Ro"."""
        labelled = self.links.assign(**{end: self.links[end].map(self.name_of) for end in ("cause", "effect")})
        return _made(zoomed(labelled, level), {}, self.kind, (*self.settings, f"level-{level}"))

    def only(self, **values: Any) -> CausalMap:
        """The map of some links: `only(wave="1")`."""
        kept, settings = self.links, list(self.settings)
        for name, value in values.items():
            if name not in kept.columns:
                raise AnalysisError(f"the links have no column {name!r}", todo=did_you_mean(name, [str(column) for column in kept.columns]))
            kept = kept[kept[name] == value]
            if kept.empty:
                raise AnalysisError(f"no link has {name} = {value!r}", where="an empty map has nothing to show")
            settings.append(f"{name}-{address_part(value)}")
        return _made(kept.reset_index(drop=True), self.names, self.kind, tuple(settings))

    def compare(self, by: str, between: tuple[str, str] | None = None) -> Result:
        """The bundles side by side in groups: informants, share of the group's informants, and in which groups it stands.

        Args:
            by: a column of the links, as "perspective", "wave" or "respondent_group".
            between: the two groups whose shares are set against each other; default those there are, where they are two.

        Returns:
            A Result; `.frame` has cause, effect, per group `n_<group>`, `of_<group>` and `share_<group>`, groups (those that name
            it) and, between two groups, difference (share of the first less share of the second) and how far apart they are.
        """
        return compared(self, by, between)

    def _ends(self, a: str, b: str) -> tuple[str, str]:
        """The ids of two factors that are named by id or label."""
        known = set(self.frame["cause"]) | set(self.frame["effect"])
        ids = {self.name_of(factor): factor for factor in known} | {factor: factor for factor in known}
        for name in (a, b):
            if name not in ids:
                raise AnalysisError(f"the factor {name!r} is not in the map", todo=did_you_mean(str(name), ids))
        if ids[a] == ids[b]:
            raise AnalysisError(f"both ends are {a!r}", todo="name two different factors")
        return ids[a], ids[b]


@recorded
def causal_map(
    links: pd.DataFrame | Mappings,
    *,
    group: str = "",
    level: int | None = None,
    opposites: Mapping[str, str] | None = None,
    kind: DataKind | None = None,
) -> CausalMap:
    """Bundle the links that informants name into a causal map.

    Args:
        links: one row a link and informant: cause, effect, informant; where there are: quote, direction ("promotes",
            "hinders"), case, wave, perspective, source. Or the mappings of a round.
        group: only what is named from this perspective; one half of the pairs, say.
        level: keep only so many parts of labels such as "Trivsel;Ro;Søvn".
        opposites: factors that are the opposite of another, {"Utryg": "Tryg"}; they are merged and the direction turned.
        kind: kind of a table of one's own; mappings have theirs.

    Returns:
        A CausalMap: `.bundles`, `.factors`, `.paths(a, b)`, `.between(a, b)`, `.threads(a, b)`, `.robustness(a, b)`,
        `.evidence(a, b)`, `.zoom(level)`, `.only(...)`, `.compare(by)`. Absent where a half of the pairs has named nothing.

    Raises:
        AnalysisError: an empty map, missing columns or cells, unknown directions, a group that nobody is of.

    Source: Powell, Copestake and Remnant 2024 on causal mapping; the counts follow their bundles and threads.

    Example:
        >>> import pandas as pd
        >>> said = pd.DataFrame({"cause": ["tid", "tid", "ro"], "effect": ["ro", "ro", "sprog"], "informant": ["A", "B", "A"]})
        >>> found = causal_map(said)
        >>> found.bundles[["cause", "citations", "informants"]].to_numpy().tolist()
        [['tid', 2, 2], ['ro', 1, 1]]
        >>> found.robustness("tid", "sprog").informants
        ('A',)
        >>> found.cell("informants", link="tid > ro").address
        'map.tid/ro.informants'
    """
    made, names, known = citations_of(links_of(links)), names_of(links), kind_of(links, kind)
    settings: tuple[str, ...] = ()
    if opposites:
        ids = {label: factor for factor, label in names.items()}
        turned = {ids.get(factor, factor): ids.get(other, other) for factor, other in opposites.items()}
        made = with_opposites(made, turned)
        settings = tuple(f"{address_part(factor)}-as-{address_part(other)}" for factor, other in sorted(turned.items()))
    if group:
        made = _of_group(made, group, links.halves if isinstance(links, Mappings) else ())
        settings = (address_part(group), *settings)
        if made.empty:
            reason = Phrase("mapping_tables.group_absent", {"group": group_words(group)})
            return CausalMap(frame=bundles_of(made, names), base=Base(None), kind=known, links=made, names=names, absent=reason)
    whole = _made(made, names, known, settings, group)
    return whole if level is None else whole.zoom(level)


def _of_group(links: pd.DataFrame, group: str, halves: tuple[str, ...]) -> pd.DataFrame:
    if "perspective" not in links.columns:
        raise AnalysisError("the links have no column 'perspective'", why=f"{group!r} is looked for in it")
    groups = {str(name) for name in links["perspective"].dropna()} | set(halves)
    if group not in groups:
        raise AnalysisError(f"there is no perspective {group!r}", todo=did_you_mean(group, groups))
    return links[links["perspective"] == group].reset_index(drop=True)


def _made(links: pd.DataFrame, names: Mapping[str, str], kind: DataKind, settings: tuple[str, ...], group: str = "") -> CausalMap:
    if links.empty:
        raise AnalysisError("the map is empty: no link is left")
    informants = int(links["informant"].nunique())
    bundles = bundles_of(links, names)
    counts = tuple(name for name in _COUNTS if name in bundles.columns)
    notes = (Phrase("mechanisms.map_method", {"informants": informants, "citations": len(links)}), Phrase("mechanisms.map_transitivity"))
    labels = Labels(names)
    made = CausalMap(
        frame=bundles,
        base=Base(informants, unit="informant"),
        title=Phrase("mapping_tables.map_of", {"group": group_words(group)}) if group else Phrase("mechanisms.title_map"),
        notes=notes,
        shows=(
            Column("cause", Phrase("mechanisms.cause")),
            Column("effect", Phrase("mechanisms.outcome_of")),
            *(Column(name, Phrase(f"mechanisms.{name}"), format="count") for name in counts),
        ),
        kind=kind,
        at="/".join((ROOT, *settings)),
        keys=("link",),
        measures=tuple(Measure(name, of="") for name in counts if name != "cases")
        + tuple(Measure(name, of="all_cases", unit="case") for name in _OF_CASES if name in bundles.columns),
        labels={"cause": labels, "effect": labels, "link": link_labels(zip(bundles["cause"], bundles["effect"], strict=True), names)},
        links=links,
        names=names,
        settings=settings,
    )
    drawn = len(most_told(bundles)[0])
    numbers = {
        "informants": informants,
        "links": len(bundles),
        "factors": len(set(bundles["cause"]) | set(bundles["effect"])),
        "citations": len(links),
        "drawn": drawn,
        "left_out": len(bundles) - drawn,
    }
    cases = int(links["case"].nunique()) if "case" in links.columns else None
    links_said = Base(len(links), "link")
    totals = {name: Total(number) for name, number in numbers.items()} | {"citations": Total(len(links), links_said)}
    if cases is not None:
        totals["cases"] = Total(cases, Base(cases, "case"))
    if "direction" in links.columns:
        totals |= {name: Total(int((links["direction"] == name).sum()), links_said) for name in ("promotes", "hinders")}
    for name, number in _tellers(links).value_counts().items() if not group else ():
        totals[f"said_by_{address_part(name)}"] = Total(int(number), links_said)
    # What the counts mean stands under the picture of the whole; a part of it is read beside it.
    options = {"notes": notes if not settings else ()}
    pictures = (
        {"causal-map": Picture("causal_map_plot", made.named, options=options)} if (bundles["cause"] != bundles["effect"]).any() else {}
    )
    return dataclasses.replace(made, totals=totals, pictures=pictures)


def _tellers(links: pd.DataFrame) -> pd.Series[str]:
    """Whose side each link is told from: as the links say it, else what an informant is called beside the case ("Case 1 Trainee")."""
    for name in ("respondent_group", "perspective"):
        if name in links.columns and (told := links.loc[links[name].fillna("") != "", name]).size:
            return told
    if "case" not in links.columns:
        return pd.Series(dtype=object)
    named = [str(who).removeprefix(f"{case} ") for who, case in zip(links["informant"], links["case"], strict=True)]
    roles = pd.Series(named, dtype=object)
    in_cases = links.assign(role=named).groupby("role")["case"].nunique()
    return roles if (roles != links["informant"].to_numpy()).all() and (in_cases > 1).any() else pd.Series(dtype=object)
