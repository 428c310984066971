"""Behind set analysis, realist tables and causal links: cases with their judgements, configurations, and who says a link of which case."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pandas as pd

from vvvresearch.evidence import waves_in_order
from vvvresearch.exploring._asked import Asked, Found, Opener, distinct
from vvvresearch.exploring._passages import coded_passages, with_context
from vvvresearch.exploring._registers import own_row
from vvvresearch.mechanisms.maps._links import citations_of, links_of, names_of, zoomed
from vvvresearch.mechanisms.realist._theory_arrows import links_between
from vvvresearch.results import Later

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


def map_path_cell(asked: Asked) -> Found:
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


def _memberships(asked: Asked) -> pd.DataFrame | None:
    data = asked.given("data")
    if data is None and (table := asked.given("table")) is not None:
        data = table.made.given.get("data") if table.made is not None else None
    return getattr(data, "frame", data) if data is not None else None


def case_rows(asked: Asked, cases: tuple[str, ...]) -> pd.DataFrame:
    """The cases with their memberships and, in a round, the reasons of the judgements."""
    found = _memberships(asked)
    if found is None:
        return pd.DataFrame({"case": list(cases)})
    if {"case", "condition", "membership"} <= set(found.columns):
        own = found[found["case"].astype(str).isin(cases)]
        wide = own.pivot(index="case", columns="condition", values="membership").reset_index()
        wide.columns.name = None
    else:
        named = found.set_index("case") if "case" in found.columns else found
        wide = named[named.index.astype(str).isin(cases)].rename_axis("case").reset_index()
    return wide.assign(reasons=[_reasons(asked.made.opened, str(case)) for case in wide["case"]])


def _reasons(opened: Any, case: str) -> str:
    """What the evaluators wrote beside their judgements of a case."""
    if opened is None or not opened.has("judgements"):
        return ""
    frame = opened.evidence_of("judgements").frame
    if "reason" not in frame.columns:
        return ""
    own = frame[(frame["case"].astype(str) == case) & (frame["reason"].fillna("") != "")]
    return "; ".join(f"{condition}: {reason}" for condition, reason in zip(own["condition"], own["reason"], strict=True))


def _behind_cases(asked: Asked, cases: tuple[str, ...]) -> dict[str, Callable[[], pd.DataFrame]]:
    """In a round also what was said in the interviews and mappings of the cases."""
    opened = asked.made.opened
    found: dict[str, Callable[[], pd.DataFrame]] = {}
    if opened is not None and opened.has("mappings"):
        found["links"] = partial(_links_of, opened, cases)
    if opened is not None and opened.has("codings") and opened.has("interviews"):
        found["passages"] = partial(_passages_of, opened, cases)
    return found


def _links_of(opened: Any, cases: tuple[str, ...]) -> pd.DataFrame:
    links = links_of(opened.mappings)
    return shown_links(links[links["case"].astype(str).isin(cases)])


def _passages_of(opened: Any, cases: tuple[str, ...]) -> pd.DataFrame:
    register = opened.interviews.frame
    own = register[register["pair"].astype(str).isin(cases)].reset_index(drop=True)
    return with_context(coded_passages(opened.codings, own, None), opened.codings, opened.interviews)


def truth_cell(asked: Asked) -> Found:
    """A row of the truth table: its cases, their judgements with reasons, and what was said of them."""
    if not asked.row:
        frame = asked.result.frame
        every = tuple(str(case) for cases in frame["cases"] for case in cases) if "cases" in frame else ()
        # The rows are counted; the cases stand in them.
        value = len(frame[frame["n"] > 0]) if asked.measure == "rows" else None
        return Found(case_rows(asked, every), "cases", "" if value is not None else "case", value)
    cases = tuple(map(str, asked.row["cases"]))
    rows = case_rows(asked, cases)
    states = Later({"cases": lambda: rows, **_behind_cases(asked, cases)})
    return Found(rows, "cases", "case", distinct(rows, "case") if asked.measure == "n" else None, {"cases": len(cases)}, states)


def path_cell(asked: Asked) -> Found:
    """A path of a solution: the cases it covers."""
    cases = asked.row.get("cases", ())
    if not isinstance(cases, tuple | list):
        return own_row(asked)
    names = tuple(map(str, cases))
    rows = case_rows(asked, names)
    return Found(rows, "cases", "case", None, {"cases": len(names)}, Later({"cases": lambda: rows, **_behind_cases(asked, names)}))


def cases_cell(asked: Asked) -> Found:
    """All cases with the memberships that a necessity or a moderator rests on."""
    found = _memberships(asked)
    if found is None:
        return own_row(asked)
    cases = found["case"] if "case" in found.columns else found.index
    names = tuple(dict.fromkeys(map(str, cases)))
    rows = case_rows(asked, names)
    return Found(rows, "cases", "case", distinct(rows, "case") if asked.measure == "n" else None, {"cases": len(names)})


def condition_cell(asked: Asked) -> Found:
    """The membership of a case in a condition: the judgement with its reason, or what the rule read."""
    opened, row = asked.made.opened, asked.row
    own = own_row(asked)
    value = float(row["membership"]) if row and asked.measure == "membership" else None
    if not row or opened is None:
        return Found(own.frame, "cases", "case", value)
    parts: dict[str, Callable[[], pd.DataFrame]] = {}
    if opened.has("judgements"):
        judged = opened.evidence_of("judgements").frame
        chosen = judged[(judged["case"].astype(str) == str(row["case"])) & (judged["condition"] == row["condition"])]
        parts["judgements"] = lambda: chosen
    if opened.has("attributes"):
        halves = opened.evidence_of("attributes").frame
        parts["attributes"] = lambda: halves[halves["pair"].astype(str) == str(row["case"])]
    parts |= _behind_cases(asked, (str(row["case"]),))
    return Found(own.frame, "cases", "case", value, {}, Later(parts))


def configuration_cell(asked: Asked) -> Found:
    """A configuration: the passages that support, refute and nuance it."""
    opened = asked.made.opened
    given = asked.given("records")
    frame = asked.given("passages") if asked.given("passages") is not None else getattr(given, "passages", None)
    if frame is None or not asked.row:
        return own_row(asked)
    own = frame[frame["configuration"] == asked.row["id"]]
    if "quotable" in own.columns and "quote" in own.columns:
        own = own.assign(quote=own["quote"].where(own["quotable"].astype(bool), ""))
    interviews = (
        asked.given("interviews")
        if asked.given("interviews") is not None
        else (opened.interviews if opened is not None and opened.has("interviews") else None)
    )
    own = own.assign(case=[_case_of(interviews, source) for source in own["source"]])
    states = {str(name): part for name, part in own.groupby("stance", sort=False)}
    whole = {name: distinct(part, "case") for name, part in states.items()}
    if asked.measure in ("supports", "refutes", "nuances"):
        chosen = states.get(asked.measure, own.iloc[:0])
        return Found(chosen, "cases", "case", distinct(chosen, "case"), whole, states)
    return Found(own, "cases", "", len(own) if asked.measure == "passages" else None, whole, states)


def _case_of(interviews: Any, source: str) -> str:
    if interviews is None:
        return source
    own = interviews.frame[interviews.frame["source"] == source]
    return str(own["pair"].iloc[0]) if len(own) and str(own["pair"].fillna("").iloc[0]) else source


def arrow_cell(asked: Asked) -> Found:
    """An arrow of the theory of change: the links of mappings that say so or speak against, and interviews coded with both ends."""
    theory, mappings, codings = (asked.given(name) for name in ("theory", "mappings", "codings"))
    if not asked.row:
        return own_row(asked)
    elements = {element.id: element for element in theory.elements}
    links = links_between(mappings, elements[asked.row["cause"]], elements[asked.row["effect"]])
    further = asked.given("further")
    alone = further is None or further.empty
    states = {name: shown_links(links[links["direction"] == way]) for name, way in _ARROW.items()}
    whole = {name: distinct(part, "informant") for name, part in states.items()}
    if asked.measure in states:
        return Found(states[asked.measure], "cases", "informant", whole[asked.measure] if alone else None, whole, states)
    if asked.measure == "together" and codings is not None:
        ends = [_sources_with(codings.frame, elements[asked.row[end]].codes) for end in ("cause", "effect")]
        both = sorted(ends[0] & ends[1])
        return Found(pd.DataFrame({"source": both}), "interviews", "source", len(both), whole, states)
    value = len(links) if asked.measure == "citations" and alone else None
    return Found(shown_links(links), "cases", "", value, whole, states)


_ARROW = {"supporting": "promotes", "contradicting": "hinders"}


def _sources_with(frame: pd.DataFrame, codes: Any) -> set[str]:
    hit = pd.Series(False, index=frame.index)
    for code in codes:
        hit |= (frame["code_path"] == code) | frame["code_path"].str.startswith(f"{code} > ")
    return set(frame.loc[hit, "source"])


def ledger_cell(asked: Asked) -> Found:
    """An item of evidence: what was looked for, whether it was seen, and every rival it bears on."""
    frame = asked.result.frame
    if not asked.row or "item" not in asked.row:
        own = own_row(asked)
        return Found(own.frame, "rows", "", _only(asked))
    own = frame[frame["item"] == asked.row["item"]]
    if "rival" in asked.row:
        own = own[own["rival"] == asked.row["rival"]]
    return Found(own, "rows", "item", _only(asked), {}, {"item": frame[frame["item"] == asked.row["item"]]})


def _only(asked: Asked) -> Any:
    value = asked.row.get(asked.measure)
    return None if value is None or value != value else value


OPENERS: dict[str, Opener] = {
    "truth_table": truth_cell,
    "standard_analysis": path_cell,
    "robustness": path_cell,
    "necessity": cases_cell,
    "moderators": cases_cell,
    "mechanism_table": cases_cell,
    "case_conditions": condition_cell,
    "configurations": configuration_cell,
    "arrow_table": arrow_cell,
    "evidence_ledger": ledger_cell,
    **dict.fromkeys(("causal_map", "map_difference"), link_cell),
    "map_robustness": map_path_cell,
    **dict.fromkeys(("wave_changes", "portrait"), change_cell),
}
