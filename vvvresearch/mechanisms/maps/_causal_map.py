"""The causal map: what leads to what, by how many informants and citations, and how well a connection is supported."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, pairwise
from typing import Any

import numpy as np
import pandas as pd

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.evidence import Mappings
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Lang, Phrase, check_lang
from vvvresearch.mechanisms.maps._betweenness import betweenness
from vvvresearch.mechanisms.maps._hitting_set import fewest_informants
from vvvresearch.mechanisms.maps._links import bundles_of, citations_of, links_of, with_opposites, zoomed
from vvvresearch.mechanisms.maps._paths import distances, reversed_graph, shortest, ways
from vvvresearch.results import Base, Column, Result

MOST_STEPS = 4
MOST_PATHS = 10_000
ARROW = " → "


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class Support(Result):
    """How well a connection from one factor to another is supported.

    Args:
        value: the fewest informants whose removal breaks every path; 0 where there is no path.
        informants: one such set.
        exact: whether no smaller set exists; otherwise at least `proved` are needed.
        proved: the proved lower bound.
        threads: informants who state a whole chain themselves.
        citation_flow, informant_flow: max-flow over citations and over informants of each link, for comparison: one
            talkative informant inflates them.
    """

    value: int
    informants: tuple[str, ...]
    exact: bool
    proved: int
    threads: int
    citation_flow: int
    informant_flow: int

    def __int__(self) -> int:
        return self.value


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class CausalMap(Result):
    """Links bundled by cause and effect. `.frame` is the same as `.bundles`.

    Args:
        links: the links it was made from, one row a citation.
    """

    links: pd.DataFrame

    @property
    def bundles(self) -> pd.DataFrame:
        """One row a cause and effect: distinct citations, distinct informants, and how many say promotes or hinders."""
        return self.frame

    @cached_property
    def factors(self) -> pd.DataFrame:
        """One row a factor: citations in and out, informants, share of citations that go out, betweenness, role.

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
        frame["informants"] = people.to_numpy()
        frame["out_of_own"] = frame["out_citations"] / (frame["out_citations"] + frame["in_citations"])
        frame["out_share"] = frame["out_citations"] / all_out
        frame["in_share"] = frame["in_citations"] / all_in
        frame["betweenness"] = betweenness(len(names), edges)
        frame["role"] = np.select([frame["in_citations"] == 0, frame["out_citations"] == 0], ["driver", "outcome"], "between")
        return frame.sort_values(["informants", "factor"], ascending=[False, True]).reset_index(drop=True)

    @cached_property
    def _graph(self) -> dict[str, list[str]]:
        graph: dict[str, list[str]] = {}
        for cause, effect in zip(self.frame["cause"], self.frame["effect"], strict=True):
            if cause != effect:
                graph.setdefault(cause, []).append(effect)
        return graph

    @cached_property
    def _supports(self) -> dict[tuple[str, str], frozenset[str]]:
        pairs = self.links[["cause", "effect", "informant"]].drop_duplicates()
        made: dict[tuple[str, str], set[str]] = {}
        for cause, effect, informant in zip(pairs["cause"], pairs["effect"], pairs["informant"], strict=True):
            made.setdefault((cause, effect), set()).add(informant)
        return {link: frozenset(people) for link, people in made.items()}

    @cached_property
    def _told(self) -> dict[str, dict[str, set[str]]]:
        told: dict[str, dict[str, set[str]]] = {}
        for (cause, effect), people in self._supports.items():
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
        self._check(a, b)
        counts = {(cause, effect): number for cause, effect, number in self._counted("citations")}
        rows = []
        for way in islice(ways(self._graph, a, b, most_steps), MOST_PATHS):
            links = list(pairwise(way))
            named = [self._supports[link] for link in links]
            row = {"path": ARROW.join(way), "steps": len(links), "weakest": min(map(len, named))}
            rows.append({**row, "citations": min(counts[link] for link in links), "threads": len(frozenset.intersection(*named))})
        return pd.DataFrame(rows, columns=["path", "steps", "weakest", "citations", "threads"])

    def between(self, a: str, b: str, most_steps: int = MOST_STEPS) -> pd.DataFrame:
        """The bundles that lie on some way from a to b within so many steps (two breadth-first searches)."""
        self._check(a, b)
        after, before = distances(self._graph, a), distances(reversed_graph(self._graph), b)
        far = most_steps + 1
        keep = [
            cause != effect and after.get(cause, far) + 1 + before.get(effect, far) <= most_steps
            for cause, effect in zip(self.frame["cause"], self.frame["effect"], strict=True)
        ]
        return self.frame[keep].reset_index(drop=True)

    def threads(self, a: str, b: str) -> pd.DataFrame:
        """The informants who state a whole chain from a to b themselves, with the shortest of their chains."""
        self._check(a, b)
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
        self._check(a, b)
        found = fewest_informants(self._supports, a, b, time_limit)
        threads = len(self.threads(a, b))
        flows = {name: self._flow(a, b, name) for name in ("citations", "informants")}
        measures = {
            "fewest": len(found.informants),
            "threads": threads,
            "flow_informants": flows["informants"],
            "flow_citations": flows["citations"],
        }
        rows = [{"measure": name, "words": Phrase(f"mechanisms.{name}"), "value": value} for name, value in measures.items()]
        notes = [Phrase("mechanisms.robustness_method", {"a": a, "b": b})]
        if found.informants and not threads:
            notes.append(Phrase("mechanisms.transitivity", {"a": a, "b": b}))
        if not found.exact:
            notes.append(Phrase("mechanisms.robustness_partial", {"least": found.proved, "most": len(found.informants)}))
        return Support(
            frame=pd.DataFrame(rows),
            base=self.base,
            title=Phrase("mechanisms.title_robustness", {"a": a, "b": b}),
            notes=tuple(notes),
            shows=(Column("words", Phrase("mechanisms.measure")), Column("value", Phrase("mechanisms.number"), format="count")),
            kind=self.kind,
            lang=self.lang,
            value=len(found.informants),
            informants=found.informants,
            exact=found.exact,
            proved=found.proved,
            threads=threads,
            citation_flow=flows["citations"],
            informant_flow=flows["informants"],
        )

    def evidence(self, cause: str, effect: str) -> pd.DataFrame:
        """The citations behind a bundle: who says it, of which case, at which wave, in which words."""
        self._check(cause, effect)
        own = self.links[(self.links["cause"] == cause) & (self.links["effect"] == effect)]
        if own.empty:
            raise AnalysisError(f"nobody says that {cause!r} leads to {effect!r}", todo="look at .paths for a way through other factors")
        return own.reset_index(drop=True)

    def zoom(self, level: int) -> CausalMap:
        """The map between the first `level` parts of labels such as "Trivsel;Ro"."""
        return _made(zoomed(self.links, level), self)

    def only(self, **values: Any) -> CausalMap:
        """The map of some links: `only(perspective="refugee", wave="1")`."""
        kept = self.links
        for name, value in values.items():
            if name not in kept.columns:
                raise AnalysisError(f"the links have no column {name!r}", todo=did_you_mean(name, [str(column) for column in kept.columns]))
            kept = kept[kept[name] == value]
            if kept.empty:
                raise AnalysisError(f"no link has {name} = {value!r}", where="an empty map has nothing to show")
        return _made(kept.reset_index(drop=True), self)

    def compare(self, by: str) -> Result:
        """The bundles side by side in groups: informants, share of the group's informants, and in which groups it stands.

        Args:
            by: a column of the links, as "perspective", "wave" or "respondent_group".

        Returns:
            A Result; `.frame` has cause, effect, per group `n_<group>` and `share_<group>`, groups (those that name it)
            and, with two groups, difference (first share less second, in alphabetical order).
        """
        return _compared(self, by)

    def _counted(self, name: str) -> list[tuple[str, str, int]]:
        return list(zip(self.frame["cause"], self.frame["effect"], self.frame[name].tolist(), strict=True))

    def _flow(self, a: str, b: str, name: str) -> int:
        from scipy import sparse
        from scipy.sparse.csgraph import maximum_flow

        names = sorted(set(self.frame["cause"]) | set(self.frame["effect"]))
        place = {factor: number for number, factor in enumerate(names)}
        rows, columns, values = zip(*((place[cause], place[effect], number) for cause, effect, number in self._counted(name)), strict=True)
        capacities = sparse.csr_array((np.asarray(values, dtype=np.int32), (rows, columns)), shape=(len(names), len(names)))
        return int(maximum_flow(capacities, place[a], place[b]).flow_value)

    def _check(self, a: str, b: str) -> None:
        known = set(self.frame["cause"]) | set(self.frame["effect"])
        for name in (a, b):
            if name not in known:
                raise AnalysisError(f"the factor {name!r} is not in the map", todo=did_you_mean(str(name), known))
        if a == b:
            raise AnalysisError(f"both ends are {a!r}", todo="name two different factors")


def causal_map(
    links: pd.DataFrame | Mappings,
    *,
    level: int | None = None,
    opposites: Mapping[str, str] | None = None,
    kind: DataKind | None = None,
    lang: Lang = "da",
) -> CausalMap:
    """Bundle the links that informants name into a causal map.

    Args:
        links: one row a link and informant: cause, effect, informant; where there are: quote, direction ("promotes",
            "hinders"), case, wave, perspective, source. Or the mappings of a round.
        level: keep only so many parts of labels such as "Trivsel;Ro;Søvn".
        opposites: factors that are the opposite of another, {"Utryg": "Tryg"}; they are merged and the direction turned.
        kind: kind of the data; default that of the mappings, else real.
        lang: language of what is shown.

    Returns:
        A CausalMap: `.bundles`, `.factors`, `.paths(a, b)`, `.between(a, b)`, `.threads(a, b)`, `.robustness(a, b)`,
        `.evidence(a, b)`, `.zoom(level)`, `.only(...)`, `.compare(by)`.

    Raises:
        AnalysisError: an empty map, missing columns or cells, unknown directions.

    Source: Powell, Copestake and Remnant 2024 on causal mapping; the counts follow their bundles and threads.

    Example:
        >>> import pandas as pd
        >>> said = pd.DataFrame({"cause": ["tid", "tid", "ro"], "effect": ["ro", "ro", "sprog"], "informant": ["A", "B", "A"]})
        >>> found = causal_map(said)
        >>> found.bundles[["cause", "citations", "informants"]].to_numpy().tolist()
        [['tid', 2, 2], ['ro', 1, 1]]
        >>> found.robustness("tid", "sprog").informants
        ('A',)
    """
    made = citations_of(links_of(links))
    if opposites:
        made = with_opposites(made, opposites)
    if level is not None:
        made = zoomed(made, level)
    known = kind or (links.kind if isinstance(links, Mappings) else DataKind.REAL)
    empty = CausalMap(frame=pd.DataFrame(), base=Base(None), links=made, kind=known, lang=check_lang(lang))
    return _made(made, empty)


def _made(links: pd.DataFrame, like: CausalMap) -> CausalMap:
    if links.empty:
        raise AnalysisError("the map is empty: no link is left")
    informants = int(links["informant"].nunique())
    return dataclasses.replace(
        like,
        frame=bundles_of(links),
        links=links,
        base=Base(informants, unit="informant"),
        title=Phrase("mechanisms.title_map"),
        notes=(Phrase("mechanisms.map_method", {"informants": informants, "citations": len(links)}), Phrase("mechanisms.map_transitivity")),
        shows=(
            Column("cause", Phrase("mechanisms.cause")),
            Column("effect", Phrase("mechanisms.outcome_of")),
            *(Column(name, Phrase(f"mechanisms.{name}"), format="count") for name in ("informants", "citations", "promotes", "hinders")),
        ),
    )


def _compared(whole: CausalMap, by: str) -> Result:
    if by not in whole.links.columns:
        raise AnalysisError(f"the links have no column {by!r}", todo=did_you_mean(by, [str(name) for name in whole.links.columns]))
    groups = sorted({str(value) for value in whole.links[by].dropna() if str(value)})
    if len(groups) < 2:
        raise AnalysisError(f"all links have the same {by}", where=", ".join(groups), why="there is nothing to compare")
    frame = whole.frame[["cause", "effect"]].copy()
    index = pd.MultiIndex.from_frame(frame)
    totals = {}
    for group in groups:
        part = whole.links[whole.links[by].astype(str) == group]
        totals[group] = int(part["informant"].nunique())
        counted = part.drop_duplicates(["cause", "effect", "informant"]).groupby(["cause", "effect"]).size()
        frame[f"n_{group}"] = counted.reindex(index, fill_value=0).to_numpy()
        frame[f"share_{group}"] = frame[f"n_{group}"] / totals[group]
    named = [(frame[f"n_{group}"] > 0).to_numpy() for group in groups]
    frame["groups"] = [", ".join(group for group, there in zip(groups, row, strict=True) if there) for row in zip(*named, strict=True)]
    if len(groups) == 2:
        frame["difference"] = frame[f"share_{groups[0]}"] - frame[f"share_{groups[1]}"]
    listed = "; ".join(f"{group}: {totals[group]}" for group in groups)
    return Result(
        frame=frame,
        base=whole.base,
        title=Phrase("mechanisms.title_compare", {"by": by}),
        notes=(Phrase("mechanisms.compare_method", {"listed": listed}),),
        kind=whole.kind,
        lang=whole.lang,
    )
