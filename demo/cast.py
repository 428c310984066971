"""The cast: invented pairs, other respondents and municipalities that every part of the demo round shares."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from vvvresearch.evidence import municipalities as real_municipalities

HERE = Path(__file__).parent
ROLES = ("refugee", "volunteer")
# Regions get invented names too: nothing in the round can be read as a statement about a place.
REGIONS = {
    "Hovedstaden": "Østegnen",
    "Sjælland": "Sundegnen",
    "Syddanmark": "Sydegnen",
    "Midtjylland": "Midtegnen",
    "Nordjylland": "Nordegnen",
}
# The regions from north to south, west before east, and the island they share: first column and width of each row of tiles.
_LIE = ("Nordegnen", "Midtegnen", "Østegnen", "Sydegnen", "Sundegnen")
_COAST = ((5, 6), (3, 9), (2, 11), (1, 12), (1, 12), (2, 12), (2, 12), (3, 10), (5, 8), (7, 6))
_ENDINGS = ("lev", "rup", "sted", "løse", "inge", "bølle", "torp")


@dataclass(frozen=True)
class Half:
    """One side of a pair: what the register and the tables of attributes say about the person."""

    pair: str
    role: str
    traits: dict[str, Any]

    @property
    def pseudonym(self) -> str:
        """The name the person has in everything that is written."""
        return str(self.traits["pseudonym"])


@dataclass(frozen=True)
class Pair:
    """A case pair with both halves and the truth about it."""

    id: str
    traits: dict[str, Any]
    refugee: Half
    volunteer: Half

    def half(self, role: str) -> Half:
        """The refugee or the volunteer."""
        return self.refugee if role == "refugee" else self.volunteer


# Compared by identity, so that registers made from one cast are made once.
@dataclass(frozen=True, eq=False)
class Cast:
    """Everyone in the demo round, and those who spoke in the round before it only."""

    seed: int
    pairs: tuple[Pair, ...]
    others: tuple[dict[str, Any], ...]
    former: tuple[dict[str, Any], ...]

    def random(self, subject: str) -> np.random.Generator:
        """A generator of its own for each subject, so that a change in one file leaves the others as they are."""
        return np.random.default_rng([self.seed, *subject.encode("utf-8")])


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads((HERE / "cast.toml").read_text(encoding="utf-8"))


def read_cast() -> Cast:
    """The cast as it stands in `cast.toml`."""
    data = _data()
    pairs = []
    for entry in data["pairs"]:
        halves = {role: Half(entry["id"], role, entry[role]) for role in ROLES}
        traits = {key: value for key, value in entry.items() if key not in ROLES}
        pairs.append(Pair(entry["id"], traits, **halves))
    return Cast(data["seed"], tuple(pairs), tuple(data["others"]), tuple(data["former"]))


def municipalities() -> pd.DataFrame:
    """98 invented municipalities on an invented island: code, name, region, size, tile_row, tile_column."""
    regions = [REGIONS[region] for region in real_municipalities()["region"]]
    stems = _data()["place_stems"].split()
    names = [stem + _ENDINGS[(2 * number + turn) % len(_ENDINGS)] for turn in range(2) for number, stem in enumerate(stems)]
    tiles = _island(regions)
    sizes = Cast(_data()["seed"], (), (), ()).random("sizes").choice(["small", "medium", "large"], size=len(regions), p=[0.3, 0.5, 0.2])
    return pd.DataFrame(
        {
            "code": [str(9001 + number) for number in range(len(regions))],
            "name": names[: len(regions)],
            "region": regions,
            "size": sizes,
            "tile_row": [row for row, _ in tiles],
            "tile_column": [column for _, column in tiles],
        }
    )


def _island(regions: list[str]) -> list[tuple[int, int]]:
    """A tile for each municipality, so that every region lies together: one in the north, two across the middle, two in the south."""
    cells = [(row, left + step) for row, (left, width) in enumerate(_COAST, start=1) for step in range(width)]
    north, west, east, southwest, southeast = (regions.count(region) for region in _LIE)
    middle = sorted(cells[north : north + west + east], key=lambda cell: (cell[1], cell[0]))
    south = sorted(cells[north + west + east :], key=lambda cell: (cell[1], cell[0]))
    places = [*cells[:north], *middle, *south]
    bounds = np.cumsum([0, north, west, east, southwest, southeast])
    own = {region: iter(sorted(places[bounds[turn] : bounds[turn + 1]])) for turn, region in enumerate(_LIE)}
    return [next(own[region]) for region in regions]
