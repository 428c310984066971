"""Portraits of case pairs: what each half said leads to what, the first and the second time, and what changed."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.locales import Lang, Phrase, text
from vvvresearch.mechanisms import wave_changes
from vvvresearch.reporting._output import Output
from vvvresearch.reporting._round_basis import trace_sources
from vvvresearch.results import Base, Column, Result, body_of

if TYPE_CHECKING:
    from vvvresearch.rounds import Round

ROWS = 8  # links of a portrait; the rest stand in the round's table of changes
QUOTES = 2
_ORDER = ("kept", "turned", "new", "not named again")


def hand_over_portraits(out: Output, opened: Round, pairs: Sequence[str]) -> dict[str, Result]:
    """Write a portrait of each pair: time 1, time 2 and the change, and quotes of those who consented.

    Tables: `portrait-<pair>`; passages: `portrait-<pair>-quotes`. Only pseudonyms occur. Numbers: `portrait.<pair>.links`,
    `.kept`, `.new`, `.not-named-again`.

    Args:
        out: the notebook's output.
        opened: the round; it needs mappings, codings and an interview register.
        pairs: which pairs.

    Returns:
        The tables by name.

    Raises:
        AnalysisError: a pair that is not mapped at two waves.
    """
    trace_sources(out, opened)
    changes = wave_changes(opened.mappings, lang=out.lang)
    known = sorted(set(changes.frame["case"]))
    tables = {}
    for pair in pairs:
        if pair not in known:
            raise AnalysisError(f"there is no pair {pair!r} mapped at two waves", todo=did_you_mean(pair, known))
        own = changes.frame[changes.frame["case"] == pair]
        base = Base(len(own), "link", source=opened.mappings.origin)
        out.value(f"portrait.{pair.lower()}.links", len(own), base=base, kind=changes.kind)
        for change in _ORDER:
            count = int((own["change"] == change).sum())
            out.value(f"portrait.{pair.lower()}.{change.replace(' ', '-')}", count, base=base, kind=changes.kind)
        label = f"portrait-{pair.lower()}"
        tables[label] = out.table(label, portrait_table(own, pair, changes, opened))
        out.passage(f"{label}-quotes", pair_quotes(opened, pair, out.lang))
    return tables


def portrait_table(own: pd.DataFrame, pair: str, changes: Result, opened: Round) -> Result:
    """The links of a pair with who names them at either time.

    Returns:
        Result; .frame: link, first, second (who says so), change.
    """
    lang = changes.lang
    frame = own.assign(
        order=own["change"].map(_ORDER.index),
        link=[f"{row['cause']} → {row['effect']}" for row in own.to_dict("records")],
        first=[_who(row["informants_first"], row["direction_first"], lang) for row in own.to_dict("records")],
        second=[_who(row["informants_second"], row["direction_second"], lang) for row in own.to_dict("records")],
    )
    shown = _some_of_each(frame).sort_values("order", kind="stable")
    names = _halves(opened, pair)
    note = Phrase("portraits.note", {"shown": len(shown), "all": len(own)})
    return Result(
        frame=shown[["link", "first", "second", "change"]].reset_index(drop=True),
        base=Base(len(own), "link"),
        title=Phrase("portraits.title", {"pair": pair, "names": " – ".join(names)}),
        notes=(note,),
        shows=(
            Column("link", Phrase("portraits.link")),
            Column("first", Phrase("portraits.first")),
            Column("second", Phrase("portraits.second")),
            Column("change", Phrase("mechanisms.change"), words="mechanism_words"),
        ),
        kind=changes.kind,
        lang=lang,
    )


def _some_of_each(frame: pd.DataFrame) -> pd.DataFrame:
    """As many rows as fit, taken in turn from what is kept, turned, new and not named again."""
    turn = frame.groupby("change", sort=False).cumcount()
    return frame.assign(turn=turn).sort_values(["turn", "order"], kind="stable").head(ROWS)


def _who(informants: str, direction: str, lang: Lang) -> str:
    if not informants:
        return ""
    named = ", ".join(text("portraits.evaluator", lang) if name == "evaluator" else name for name in informants.split(", "))
    says = " / ".join(text(f"network.{part}", lang) for part in direction.split(", "))
    return f"{says} ({named})"


def _halves(opened: Round, pair: str) -> list[str]:
    """The pseudonyms of both halves, the refugee first."""
    register = opened.interviews.frame
    own = register[register["pair"] == pair]
    names = []
    for group in ("refugee", "volunteer"):
        part = own.loc[own["respondent_group"] == group, "pseudonym"].dropna()
        names += [str(name) for name in part.head(1)]
    return names


def pair_quotes(opened: Round, pair: str, lang: Lang) -> str:
    """Pull quotes of one pair: only passages with consent to be quoted, different halves first."""
    bank = opened.quotes().in_language(lang)
    passages = bank.frame[bank.frame["pair"] == pair].drop_duplicates(["source", "start"])
    if passages.empty:
        return text("portraits.no_quotes", lang) + "\n"
    # What a link of the pair's own map rests on says more of the pair than any other passage.
    mapped = opened.mappings.links
    grounds = set(mapped.loc[mapped["case"] == pair, "quote"])
    chosen = passages.assign(other=~passages["text"].isin(grounds)).sort_values("other", kind="stable")
    turn = chosen.groupby("role", sort=False).cumcount()
    first = chosen.loc[turn.sort_values(kind="stable").index[:QUOTES]]
    return body_of(dataclasses.replace(bank, frame=first).columns("text", "speaker", "approval").as_quotes()) + "\n"
