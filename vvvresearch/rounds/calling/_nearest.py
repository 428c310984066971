"""The answer to what is not understood: the calls that come nearest, of all that a round can do and all that it holds."""

from __future__ import annotations

import difflib
import functools
import math
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from vvvresearch.evidence import Codings, Interviews, Survey
from vvvresearch.results import folded
from vvvresearch.rounds.calling._fitting import shape
from vvvresearch.rounds.calling._meaning import fits, surveys_with
from vvvresearch.rounds.calling._names import FILLERS, offered, own_function, own_names, plain_name, stem
from vvvresearch.rounds.calling._other_names import CALLED, COMMANDS, FUNCTIONS
from vvvresearch.rounds.calling._recipes import MADE

if TYPE_CHECKING:
    from vvvresearch.rounds._round import Round

# Calls that an answer names, and values of a column that it looks among.
_MOST, _VALUES = 3, 400


def nearest(opened: Round, said: str, values: Iterable[object] = ()) -> str:
    """The calls that a name, and what it was given, are nearly for; where nothing is near, where all of them stand.

    Args:
        opened: the round.
        said: the name that was written.
        values: what was given to it.
    """
    held = [*_held(opened, [one for one in values if isinstance(one, str)]), *_held(opened, _names(said), columns_only=True)]
    calls = list(dict.fromkeys([*held[:_MOST], *_able(plain_name(said))]))[: _MOST + 1]
    return f"did you mean {' or '.join(calls)}?" if calls else "what a round can do, by subject: r.manual()"


def held_calls(opened: Round, values: Iterable[object]) -> list[str]:
    """How each of some words is asked for that stands in a table of the round: as a column, a value, an item or a factor."""
    return list(_held(opened, [one for one in values if isinstance(one, str)]))[:_MOST]


def _names(said: str) -> list[str]:
    word = plain_name(said)
    return [
        word,
        *(one for one in (word.removesuffix("s"), word.removesuffix("er"), word.removesuffix("e")) if one != word and len(one) > 3),
    ]


def _held(opened: Round, words: list[str], *, columns_only: bool = False) -> Iterator[str]:
    """The calls for what is called so in the tables of the round, the nearest way of being called so first."""
    wanted = {plain_name(one) for one in words if one.strip()}
    if not wanted:
        return
    kinds = [source.type for source in opened.spec.sources]
    named, valued = [], []
    for source in opened.spec.sources:
        told = f"r.{source.type}" if kinds.count(source.type) == 1 and hasattr(type(opened), source.type) else f"r[{source.id!r}]"
        table = opened.read(source.id)
        rows = getattr(table, "rows", None)
        if rows is None:
            continue
        for column in map(str, rows.columns):
            name = plain_name(column)
            if name in wanted or any(re.search(rf"_{re.escape(one)}s?$", name) for one in wanted):
                known = isinstance(table, Survey) and table.item_named(column)
                named.append(f"r.tabulate({source.id!r}, {known!r})" if known else f"{told}.count({column!r})")
            elif not columns_only and rows[column].dtype.kind in "OTU" and not isinstance(table, Survey | Codings):
                there = list(dict.fromkeys(rows[column].dropna().astype(str)))[:_VALUES]
                valued += [f"{told}({column}={one!r})" for one in there if plain_name(one) in wanted]
    if not columns_only and opened.has("mappings"):
        labels = opened.mappings.nodes["label"].astype(str)
        valued += [f"r.causal_map(cause={one!r})" for one in dict.fromkeys(labels) if plain_name(one) in wanted]
        valued += [f"r.causal_map(effect={one!r})" for one in dict.fromkeys(labels) if plain_name(one) in wanted]
    for word in words if not columns_only else ():
        if not any(plain_name(word) in call for call in named) and fits(opened, "item", word):
            valued += [f"r.tabulate({one!r}, {opened.surveys[one].item_named(word)!r})" for one in surveys_with(opened, word)]
    yield from dict.fromkeys([*named, *valued])


def _able(word: str) -> list[str]:
    """The calls whose name or purpose shares the rarest words with a name, a word of their own name first; else that are spelt alike."""
    words = _query(word)
    docs = _documents()
    holders = {one: [call for call, (_, spoken) in docs.items() if one in spoken] for one in words}
    # What is done elsewhere than in the round counts less.
    rare = {one: 1 / math.log(1 + len(held)) for one, held in holders.items() if held}
    weights = {
        call: (1 if call.startswith("r.") else 0.4) * sum(rare[one] * (1 + (one in own)) for one in words & spoken)
        for call, (own, spoken) in docs.items()
    }
    found = sorted((call for call, weight in weights.items() if weight), key=lambda call: (-weights[call], call))
    return [call for call in found[:2] if weights[call] >= weights[found[0]] / 2]


def _query(word: str) -> set[str]:
    """The stems of the words of a name; one that nobody uses as the known word that it begins with, or is spelt like."""
    known = {one for _, spoken in _documents().values() for one in spoken}
    if alike := difflib.get_close_matches(
        word.replace("_", ""), [one for one in known if len(one) > 4], n=1, cutoff=0.8 if "_" in word else 0.9
    ):
        return set(alike)
    found: set[str] = set()
    for one in (part for part in word.split("_") if len(part) > 2 and part not in FILLERS):
        if (whole := stem(one)) in known:
            found.add(whole)
            continue
        near = difflib.get_close_matches(one, [other for other in known if len(other) > 4], n=1, cutoff=0.85)
        # Danish and English bend the ends of words: afsluttede, afslutninger; and write two in one.
        begun = {other for other in known if len(other) > 4 and (one.startswith(other) or one.endswith(other))}
        bent = {other for other in known if len(one) > 5 and other[:6] == one[:6]}
        found |= set(near) or begun or bent
    return found


@functools.cache
def _documents() -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """All that can be called: the stems of its own name, and of the words that speak of it."""
    found: dict[str, tuple[str, str]] = {}
    for ours in own_names():
        found[_shown_call(ours)] = (ours, f"{CALLED.get(ours, '')} {_purpose(offered(ours))}")
    for words, told, _ in MADE:
        found.setdefault(f"r.{told}", ("", words))
    for command in dict.fromkeys(COMMANDS.values()):
        found[f"in a terminal {command}"] = (command.split()[-1], " ".join(one for one, to in COMMANDS.items() if to == command))
    for evidence, told in ((Codings, "codings"), (Interviews, "interviews")):
        for name, made in vars(evidence).items():
            if not name.startswith("_") and isinstance(made, property):
                found[f"r.{told}.{name}"] = (name, _purpose(made))
    for function, words in FUNCTIONS.items():
        if own_function(function) is not None and function not in own_names():
            found.setdefault(f"of a table vvv.{function}(…)", (function, words))
    return {call: (_stems(own), _stems(f"{own} {spoken}")) for call, (own, spoken) in found.items()}


def _shown_call(ours: str) -> str:
    made = offered(ours)
    return f"r.{ours}" + (f"({shape(made.left)})" if hasattr(made, "left") else "")


def _purpose(made: Any) -> str:
    return (getattr(made, "__doc__", "") or "").partition(".")[0]


def _stems(said: str) -> frozenset[str]:
    return frozenset(stem(word) for word in re.findall(r"\w{3,}", folded(said).replace("_", " ")))
