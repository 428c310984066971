"""The portrait of a case pair: what each half said leads to what, the first and the second time, and what changed."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.evidence import EVALUATOR, waves_in_order
from vvvresearch.locales import Lang, Phrase, text
from vvvresearch.mechanisms.maps._changes import CHANGES, wave_changes
from vvvresearch.results import Base, Column, Labels, Result, Total, address_part

if TYPE_CHECKING:
    from vvvresearch.evidence import Interviews, Mappings

ROOT = "portrait"


@dataclass(frozen=True)
class Told(Column):
    """What is said of a link at one time and by whom: "promotes (Rana, Signe)"; empty where nobody names it."""

    def write_row(self, row: Mapping[Any, Any], lang: Lang, small_n: int, labels: Mapping[str, Labels]) -> str:
        """What is said of a row's link."""
        if not row[self.name]:
            return ""
        informants = row[f"informants_{self.name}"].split(", ")
        named = ", ".join(text("portraits.evaluator", lang) if name == EVALUATOR else name for name in informants)
        says = " / ".join(text(f"network.{part}", lang) for part in row[f"direction_{self.name}"].split(", "))
        return f"{says} ({named})"


def portrait(links: Mappings, interviews: Interviews, pair: str, *, quotes: Result | None = None) -> Result:
    """A pair at two times: what leads to what according to whom, and what changed. Only pseudonyms occur.

    Args:
        links: the mappings of the round.
        interviews: the register.
        pair: a pair that both halves have mapped, and at two waves.
        quotes: passages that may be quoted, as `quotes` of the themes gives them; the pair's own are chosen from it.

    Returns:
        Result; `.frame` has one row a link: link, cause, effect, change (as in `wave_changes`), first and second (informants who
        name it), who they are and in which direction, and turn (its place among the links of the same change). Parts: "halves"
        (role, pseudonym, interviews) and "quotes", those that a link of the pair's map rests on first, with turn (the place among
        the same half's); absent where there are none.

    Raises:
        AnalysisError: a pair that is not mapped at two waves, or not by both halves.

    Example:
        >>> import vvvresearch as vvv
        >>> found = vvv.open_round("demo", lang="en").portrait("P01")
        >>> found.cell("portrait/p01.count.kept").say("en"), found.caption
        ('5', 'P01: Rana – Signe, two visits (Synthetic data)')
    """
    changes = wave_changes(links)
    known = sorted(set(changes.frame["case"])) if changes else []
    if pair not in known:
        raise AnalysisError(f"there is no pair {pair!r} mapped at two waves", todo=did_you_mean(pair, known))
    own = links.links[links.links["case"].astype(str) == pair]
    if silent := [half for half in links.halves if half not in set(own["perspective"])]:
        raise AnalysisError(f"the pair {pair!r} is not mapped by both halves", why=f"nothing is named by the {silent[0]}")
    rows = changes.frame[changes.frame["case"] == pair]
    frame = rows.assign(turn=rows.groupby("change", sort=False).cumcount() + 1, place=rows["change"].map(CHANGES.index))
    frame = frame.sort_values(["place", "turn"], kind="stable").drop(columns="place").reset_index(drop=True)
    halves = _halves(interviews, pair, links.halves)
    names = " – ".join(str(name) for name in halves.frame["pseudonym"] if name)
    return dataclasses.replace(
        changes,
        frame=frame,
        base=Base(len(frame), "link", source=links.origin),
        title=Phrase("portraits.title", {"pair": pair, "names": names}) if names else Phrase("portraits.title_unnamed", {"pair": pair}),
        notes=(Phrase("portraits.note"),),
        shows=(
            Column("link", Phrase("portraits.link")),
            Told("first", Phrase("portraits.first")),
            Told("second", Phrase("portraits.second")),
            Column("change", Phrase("mechanisms.change"), words="mechanism_words"),
        ),
        at=f"{ROOT}/{address_part(pair)}",
        keys=("link",),
        totals={"links": Total(len(frame))},
        parts={"halves": halves, "quotes": _quotes(quotes, own, interviews, pair)},
    )


def _halves(interviews: Interviews, pair: str, halves: tuple[str, str]) -> Result:
    register = interviews.frame
    rows = []
    for half in halves:
        own = register[(register["pair"] == pair) & (register["respondent_group"] == half)]
        named = own["pseudonym"].dropna()
        rows.append({"role": half, "pseudonym": str(named.iloc[0]) if len(named) else "", "interviews": len(own)})
    return Result(
        frame=pd.DataFrame(rows),
        base=Base(len(rows), "person", source=interviews.origin),
        title=Phrase("portraits.halves", {"pair": pair}),
        shows=(
            Column("role", Phrase("portraits.role"), words="roles"),
            Column("pseudonym", Phrase("portraits.pseudonym")),
            Column("interviews", Phrase("portraits.interviews"), "count"),
        ),
        kind=interviews.kind,
    )


def _quotes(bank: Result | None, own: pd.DataFrame, interviews: Interviews, pair: str) -> Result:
    """The pair's passages that may leave the team."""
    none = Result.missing(Phrase("portraits.no_quotes"))
    if not bank:
        return none
    silent = set(own.loc[~own["quotable"], "perspective"]) if "quotable" in own else set()
    sources = set(interviews.frame.loc[interviews.frame["pair"] == pair, "source"]) - {""}
    passages = bank.frame[bank.frame["source"].isin(sources) & ~bank.frame["role"].isin(silent)].drop_duplicates(["source", "start", "end"])
    if passages.empty:
        return none
    # What a link of the pair's own map rests on says more of the pair than any other passage.
    chosen = passages.assign(other=~passages["text"].isin(set(own["quote"]))).sort_values("other", kind="stable").drop(columns="other")
    chosen = chosen.assign(turn=chosen.groupby("role", sort=False).cumcount() + 1).sort_values("turn", kind="stable")
    shows = {column.name: column for column in bank.shows}
    # What is the same of every quote is not said beside each.
    told = ("text", "speaker", *(("approval",) if chosen["approval"].nunique() > 1 else ()))
    return dataclasses.replace(
        bank,
        frame=chosen.reset_index(drop=True),
        base=Base(len(chosen), "segment", source=bank.base.source),
        title=Phrase("portraits.quotes", {"pair": pair}),
        notes=(),
        shows=tuple(shows[name] for name in told if name in shows),
    )


_FIRST = 3
TROUBLED = "troubled"


def portrayed_pairs(
    links: Mappings, interviews: Interviews, *, declared: Sequence[str] = (), withdrawn: Collection[str] = (), troubled: bool = False
) -> tuple[str, ...]:
    """The pairs that a round portrays.

    A portrait shows two people to readers who may know them. So a pair of which a half has withdrawn is never portrayed, and one
    whose relation was troubled at any interview only where the evaluators say that such pairs may be.

    Args:
        links: the mappings.
        interviews: the register, with relation_state.
        declared: pairs in their order; default the first three that are mapped by both halves at the first and the last wave.
        withdrawn: pairs of which a half has withdrawn.
        troubled: whether pairs in trouble are portrayed.

    Returns:
        Ids of pairs.

    Raises:
        AnalysisError: a declared pair that the mappings do not hold, or not twice and from both halves.

    Example:
        >>> import vvvresearch as vvv
        >>> r = vvv.open_round("demo")
        >>> portrayed_pairs(r.mappings, r.interviews, declared=["P07", "P08"])
        ('P07',)
    """
    table = links.links
    known = waves_in_order(table["wave"])
    waves = {*known[:1], *known[-1:]}
    told = table.groupby(table["case"].astype(str), sort=True)
    whole = [
        str(case)
        for case, own in told
        if len(waves) == 2 and waves <= set(own["wave"].astype(str)) and set(links.halves) <= set(own["perspective"])
    ]
    register = interviews.frame
    alone = set(withdrawn)
    if not troubled:
        alone |= set(register.loc[register["relation_state"] == TROUBLED, "pair"])
    if unknown := [pair for pair in declared if pair not in whole and pair not in alone]:
        why, todo = "a portrait needs a pair that both halves have mapped, at the first and the last wave", did_you_mean(unknown[0], whole)
        raise AnalysisError(f"the pair {unknown[0]!r} cannot be portrayed", where="portrayed", why=why, todo=todo)
    free = [pair for pair in declared or whole if pair not in alone]
    return tuple(free if declared else free[:_FIRST])
