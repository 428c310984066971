"""The deep-cut mappings of the demo round: one YAML file a case pair and wave, every link with the passage it rests on.

In maps/, each block begins with wave and perspective and the nodes that were named without any link:

    1 refugee fest
    interesser > match +2 m.lig.int         promotes, judged strength 2, rests on the first passage of that code
    tid_uens > match -3 mo.tid#2            hinders; rests on the second passage
    interesser > samtale +2 o01 "…"         rests on an observation note
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from demo.cast import HERE, ROLES, Cast, Pair
from demo.codings import marked
from demo.markup import Marked
from demo.registers import WAVE_MONTHS, interview_id, interviews

MAPS = HERE / "maps"
NOTES = HERE.parent / "interviews" / "demo" / "observations"
_HEAD = re.compile(r"([12]) (refugee|volunteer|evaluator)((?: [a-z_]+)*)")
_LINK = re.compile(r'([a-z_]+) > ([a-z_]+) ([+-])([123]) (?:([a-z.]+)(?:#(\d))?|(o\d\d) "(.+)")')


@dataclass(frozen=True)
class Link:
    """One link of a mapping as its maker wrote it down."""

    wave: str
    perspective: str
    cause: str
    effect: str
    direction: str
    strength: int
    informant: str
    quote: str
    source: str
    date: str


@cache
def nodes() -> dict[str, dict[str, str]]:
    """The nodes that mappings may name."""
    return tomllib.loads((MAPS / "nodes.toml").read_text(encoding="utf-8"))


def read_map(
    pair: Pair, written: str, months: Mapping[str, str], said: Mapping[tuple[str, str], Marked]
) -> tuple[list[Link], list[tuple[str, str, str]]]:
    """The links of a pair, and what was named without a link: (wave, perspective, node).

    Args:
        pair: whose map it is.
        written: the map as it stands in its file.
        months: source → when it was made.
        said: the pair's interviews by perspective and wave.

    Raises:
        ValueError: a line that cannot be read, an unknown node, or a passage that is not there; pair and line are named.
    """
    links: list[Link] = []
    named: list[tuple[str, str, str]] = []
    wave = perspective = ""
    for line in written.splitlines():
        if head := _HEAD.fullmatch(line):
            wave, perspective = head[1], head[2]
            named += [(wave, perspective, node) for node in head[3].split()]
            continue
        match = _LINK.fullmatch(line)
        unknown = [name for name in (match[1], match[2]) if name not in nodes()] if match else [line]
        if match is None or unknown or not wave:
            raise ValueError(f"{pair.id}: {line!r}: cannot be read, or names an unknown node")
        quote, source = (match[8], match[7]) if match[7] else _passage(pair, said.get((perspective, wave)), match[5], int(match[6] or 1))
        if match[7] and quote not in (NOTES / f"{source}.txt").read_text(encoding="utf-8"):
            raise ValueError(f"{pair.id}: {line!r}: the note does not say so")
        informant = "evaluator" if perspective == "evaluator" else pair.half(perspective).pseudonym
        direction = "promotes" if match[3] == "+" else "hinders"
        date = months.get(source, WAVE_MONTHS[wave][1])
        links.append(Link(wave, perspective, match[1], match[2], direction, int(match[4]), informant, quote, source, date))
    return links, named


def _passage(pair: Pair, one: Marked | None, code: str, number: int) -> tuple[str, str]:
    passages = [passage for passage in one.passages if passage.code == code] if one else []
    if one is None or len(passages) < number:
        raise ValueError(f"{pair.id}, {one.name if one else 'not interviewed'}: there is no passage {number} of {code}")
    return one.text[passages[number - 1].start : passages[number - 1].end], one.name


def mapping_files(cast: Cast) -> dict[str, str]:
    """YAML text by file name, one file a case pair and wave."""
    register = interviews(cast)
    months = dict(zip(register["source"], register["month"], strict=True)) | {"o01": "2021-11", "o02": "2021-11", "o03": "2021-11"}
    found = {one.name: one for one in marked()}
    made = {}
    for pair in cast.pairs:
        names = {(role, wave): interview_id(pair.id, role, wave) for role in ROLES for wave in WAVE_MONTHS}
        said = {place: found[name] for place, name in names.items() if name in found}
        links, named = read_map(pair, (MAPS / f"{pair.id}.txt").read_text(encoding="utf-8"), months, said)
        for wave in sorted({link.wave for link in links}):
            made[f"{pair.id.lower()}-w{wave}.yaml"] = map_yaml(pair, wave, links, named)
    return made


def map_yaml(pair: Pair, wave: str, links: list[Link], named: list[tuple[str, str, str]]) -> str:
    """One mapping as its file holds it."""
    here = [link for link in links if link.wave == wave]
    seen: dict[tuple[str, str], None] = {}
    for link in here:
        seen |= dict.fromkeys([(link.perspective, link.cause), (link.perspective, link.effect)])
    seen |= dict.fromkeys((perspective, node) for when, perspective, node in named if when == wave)
    entries = [_node(pair, perspective, node) for perspective, node in seen]
    document: dict[str, Any] = {
        "schema_version": 1,
        "kind": "synthetic",
        "case": pair.id,
        "wave": wave,
        "nodes": entries,
        "links": [_link(link) for link in here],
    }
    return yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=140, default_flow_style=False)


def _node(pair: Pair, perspective: str, node: str) -> dict[str, str]:
    entry = nodes()[node]
    by = "evaluator" if perspective == "evaluator" else pair.half(perspective).pseudonym
    return {
        "node": node,
        "type": entry["type"],
        "label": entry["label"],
        "perspective": perspective,
        "named_by": by,
        "outcome_area": entry.get("area", ""),
    }


def _link(link: Link) -> dict[str, Any]:
    return {key: value for key, value in vars(link).items() if key != "wave"}


def write_mappings(folder: Path, cast: Cast) -> list[Path]:
    """Write all mappings."""
    from vvvresearch import files

    return [files.write_text(folder / name, text) for name, text in mapping_files(cast).items()]
