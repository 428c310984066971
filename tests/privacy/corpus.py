"""The corpora of invented persons and identifiers: sentences with the place of what must be found."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

DATA = Path(__file__).parent / "data"
CORPORA = ("first", "second", "third")


@dataclass(frozen=True)
class Sentence:
    """A sentence, and the identifier in it."""

    group: str  # an origin of names, or a kind of identifier
    position: str
    text: str
    start: int
    end: int


def names(corpus: str) -> Iterator[Sentence]:
    """Every name of a corpus in every kind of place; which sentence of a kind it meets goes round."""
    listed = tomllib.loads((DATA / f"names_{corpus}.toml").read_text(encoding="utf-8"))
    titles = listed["titles"].split()
    for origin, persons in listed["names"].items():
        for number, person in enumerate(persons):
            for position, frames in listed["frames"].items():
                frame = frames[(number * 7 + sum(map(ord, origin))) % len(frames)]
                slot = re.search(r"\{(\w+)\}", frame)
                assert slot, frame
                name = _forms(person, titles)[slot[1]]
                yield Sentence(origin, position, frame[: slot.start()] + name + frame[slot.end() :], slot.start(), slot.start() + len(name))


def _forms(person: str, titles: list[str]) -> dict[str, str]:
    parts = person.split()
    first = " ".join(parts[:2]) if parts[0] in titles else parts[0]
    last = parts[-1][0].upper() + "." if len(parts) > 1 else ""
    return {
        "full": person,
        "first": first,
        "own": _genitive(person),
        "first_own": _genitive(first),
        "small": person.lower(),
        "small_first": first.lower(),
        "initials": f"{first} {last}".strip(),
    }


def _genitive(name: str) -> str:
    return name + ("'" if name[-1] in "sxz" else "s")


def identifiers(corpus: str) -> Iterator[Sentence]:
    """Sentences of all other kinds; what must be found stands between double brackets."""
    listed = tomllib.loads((DATA / f"identifiers_{corpus}.toml").read_text(encoding="utf-8"))
    for kind, block in listed.items():
        for line in re.findall(r"[^\n]*\[\[[^\]]*\]\][^\n]*", block):
            before, marked, after = re.split(r"\[\[|\]\]", line.replace("\\n", "\n"))
            start = len(before) + len(marked) - len(marked.lstrip())
            yield Sentence(kind, "marked", before + marked + after, start, start + len(marked.strip()))


def traps(corpus: str) -> list[str]:
    """Sentences that must be left alone."""
    block: str = tomllib.loads((DATA / f"traps_{corpus}.toml").read_text(encoding="utf-8"))["traps"]
    return block.strip().splitlines()
