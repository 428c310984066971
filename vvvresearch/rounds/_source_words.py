"""Where numbers come from, in words: the sources of a round, and which of them is behind an address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from vvvresearch.locales import Joined, Lang
from vvvresearch.results import Base

if TYPE_CHECKING:
    from vvvresearch.rounds._spec import RoundSpec


def sources_of(spec: RoundSpec, lang: Lang) -> dict[str, str]:
    """What each source is, who collected it and when, by its id; and by type, for numbers whose address names a kind of analysis."""
    found: dict[str, list[str]] = {}
    for source in spec.sources:
        said = [words.model_dump().get(lang) or words.da for words in (source.title, source.collector, source.collected) if words]
        found.setdefault(source.id, []).append(", ".join(said))
        found.setdefault(f"type:{source.type}", []).append(", ".join(said))
    return {key: "; ".join(dict.fromkeys(said)) for key, said in found.items()}


def titled(base: Base, spec: RoundSpec) -> Base:
    """A base as a reader is told it: files that it names by their places in the workspace have the titles of the sources.

    Args:
        base: its source is places with commas between them, or other words, which stay.
        spec: the round.
    """
    titles = {source.path: source.title for source in spec.sources if source.path and source.title is not None}
    places = base.source.split(", ") if isinstance(base.source, str) else []
    if titles.keys().isdisjoint(places):
        return base
    return replace(base, source=Joined(tuple(dict.fromkeys(titles.get(place, place) for place in places)), ", "))


# The type of source behind an address that begins with the name of an analysis.
_BEHIND = {
    "presence": "monitoring",
    "goals": "monitoring",
    "themes": "codings",
    "interviews": "interviews",
    "map": "mappings",
    "matches": "matches",
    "courses": "courses",
    "counts": "counts",
    "fact": "published",
    "pairs": "codings",
    "saturation": "codings",
    "agreement": "codings",
    "cases": "mappings",
    "qca": "configurations",
    "configurations": "configurations",
}


def source_behind(address: str, sources: Mapping[str, str]) -> str:
    """The source of a number or result by its address; "" where none of the round's is known to be behind it.

    Args:
        address: of a number, or the root of a result's.
        sources: of the round, by id and by type.

    Example:
        >>> source_behind("themes.work.refugee.affirmed", {"type:codings": "Interview, 2021"})
        'Interview, 2021'
    """
    root = address.split(".")[0].split("/")[0]
    named = [sources[part] for part in root.split("~") if part in sources]
    return "; ".join(named) or sources.get(f"type:{_BEHIND.get(root, '')}", "")
