"""Municipality names as people write them, to the codes of today: the 98, the merged ones of 2006, slips of the pen."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Literal

from vvvresearch.evidence import municipalities
from vvvresearch.intake._fold import fold
from vvvresearch.intake._personal import value_ids
from vvvresearch.intake._settle import LEFT_OUT, Settled
from vvvresearch.intake._table import Column

if TYPE_CHECKING:
    import pandas as pd

# Short and older forms beside the spellings that folding makes equal.
_ALIASES = {
    "kbh": "0101",
    "koebenhavns": "0101",
    "copenhagen": "0101",
    "frb": "0147",
    "frederiksberg c": "0147",
    "lyngby": "0173",
    "taastrup": "0169",
    "nordfyn": "0480",
    "nordfyns": "0480",
    "vesthimmerland": "0820",
    "vesthimmerlands": "0820",
    "mors": "0773",
    "bornholm": "0400",
    "bornholms regionskommune": "0400",
    "bornholms": "0400",
    "broenderslev dronninglund": "0810",
    "frederiksvaerk hundested": "0260",
    "elsinore": "0217",
}
_COMMUNE = re.compile(r"^(kommunen? )|( kommunes?| regionskommune| municipality| kom| k)$")
_SHORTEST, _LONG, _LONGEST = 5, 8, 30
How = Literal["code", "name", "alias", "former", "typo", "divided", "none"]


@dataclass(frozen=True)
class Found:
    """What a cell names.

    Args:
        how: code or name (sure, plain), alias, former or typo (sure, told), divided (asked), none.
        code: the code of today, "" where it has to be asked.
        choices: codes to choose from, for a divided one.
    """

    how: How
    code: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Municipalities:
    """The municipalities that may occur.

    Args:
        names: code → name.
        former: folded former name → codes; several where it was divided.
    """

    names: Mapping[str, str]
    former: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_present", {spelling(name): code for code, name in self.names.items()})
        object.__setattr__(self, "_memory", {})

    def find(self, text: str) -> Found:
        """What a cell names."""
        memory: dict[str, Found] = self._memory  # type: ignore[attr-defined]
        if text not in memory:
            memory[text] = self._find(text)
        return memory[text]

    def _find(self, text: str) -> Found:
        present: dict[str, str] = self._present  # type: ignore[attr-defined]
        number = text.strip()
        if re.fullmatch(r"\d{3,4}", number):
            code = number.zfill(4)
            return Found("code", code) if code in self.names else Found("none")
        name = spelling(text)
        if name in present:
            return Found("name", present[name])
        if name in self.aliases:
            return Found("alias", self.aliases[name])
        if name in self.former:
            codes = self.former[name]
            return Found("former", codes[0]) if len(codes) == 1 else Found("divided", "", codes)
        if "." in text and (shortened := self._shortened(text, present)) is not None:
            return shortened
        if len(name) > _LONGEST or not name.replace(" ", "").isalpha():
            return Found("none")
        return self._bare(name, present) or (self._typo(name, present) if len(name) >= _SHORTEST else Found("none"))

    def knows(self, text: str) -> bool:
        """Whether a text is a code or a name, slips aside."""
        present: dict[str, str] = self._present  # type: ignore[attr-defined]
        number = text.strip()
        if number.isdigit():
            return len(number) in (3, 4) and number.zfill(4) in self.names
        name = spelling(text) if len(number) < 40 else ""
        return name in present or name in self.aliases or name in self.former

    def _shortened(self, text: str, present: Mapping[str, str]) -> Found | None:
        """A name whose words are cut off with a full stop ("Ringk.-Skjern"), where one name alone begins like that."""
        words = _COMMUNE.sub("", " ".join(f"{fold(part)}." if part.endswith(".") else fold(part) for part in re.split(r"[\s-]+", text)))
        shape = re.compile(" ".join(rf"{word[:-1]}\w*" if word.endswith(".") else word for word in words.split()))
        known = {**{one: (code,) for one, code in present.items()}, **self.former}
        meant = {codes for one, codes in known.items() if len(words) > _SHORTEST and shape.fullmatch(one)}
        codes = next(iter(meant), ())
        return Found("alias", codes[0]) if len(meant) == len(codes) == 1 else None

    def _bare(self, name: str, present: Mapping[str, str]) -> Found | None:
        """A name whose Danish letters a program has dropped: Sonderborg, Arhus; none where a slip could mean another."""
        known = {**{one: (code,) for one, code in present.items()}, **self.former}
        meant = {codes for one, codes in known.items() if _without_letters(one).fullmatch(name)}
        codes = next(iter(meant), ())
        if len(meant) != 1 or len(codes) != 1:
            return None
        near = {codes for one, codes in known.items() if abs(len(one) - len(name)) <= 1 and distance(one, name, 1) <= 1}
        return Found("alias", codes[0]) if near <= meant else None

    def _typo(self, name: str, present: Mapping[str, str]) -> Found:
        """The one name that a slip can mean, sought among the present and the former ones alike."""
        reach = 2 if len(name) >= _LONG else 1
        near: dict[int, set[tuple[str, ...]]] = {}
        letters = set(name)
        for known, codes in (*((one, (code,)) for one, code in present.items()), *self.former.items()):
            # A step changes one letter for another, so words with many different letters are far.
            alike = abs(len(known) - len(name)) <= reach + 1 and len(letters ^ set(known)) <= 2 * (reach + 1)
            # A Danish letter that is missing is one letter, however it is written.
            steps = (
                min(distance(name, known, reach + 1), max(1, distance(_dropped(name), _dropped(known), reach + 1))) if alike else reach + 2
            )
            if steps <= reach + 1:
                # In a short name of before 2007 two letters are not believed to be wrong; an ø is one letter.
                short = known not in present and len(_dropped(known)) < _LONG
                if not short or steps < 2 or distance(_dropped(name), _dropped(known), 2) < 2:
                    near.setdefault(steps, set()).add(codes)
        for steps in range(1, reach + 1):
            if steps in near:
                others = near[steps] | near.get(steps + 1, set())
                codes = next(iter(near[steps]))
                # A second name one step further could be meant as well.
                return Found("typo", codes[0]) if len(others) == 1 and len(codes) == 1 else Found("none")
        return Found("none")


def spelling(text: str) -> str:
    """A municipality's name without what does not tell it from others: "Kommune", genitive, hyphens, oe and ø.

    Example:
        >>> spelling("Høje-Taastrup Kommune"), spelling("Odense kommunes")
        ('hoeje taastrup', 'odense')
    """
    name = fold(text)
    bare = _COMMUNE.sub("", name).strip()
    # "Københavns Kommune" is København; Aarhus keeps its s.
    known = _plain_names()
    if bare != name and bare.endswith("s") and bare not in known and bare[:-1] in known:
        return bare[:-1]
    return bare


@lru_cache(maxsize=1024)
def _without_letters(name: str) -> re.Pattern[str]:
    """What may be left of a name: each of its Danish letters may have lost its second sign, none may have become another."""
    return re.compile(re.sub("[ao]e|aa", lambda found: f"{found[0][0]}{found[0][1]}?", name))


def _dropped(name: str) -> str:
    return name.replace("oe", "o").replace("aa", "a").replace("ae", "a")


@cache
def _plain_names() -> frozenset[str]:
    return frozenset(fold(name) for name in municipalities()["name"]) | frozenset(_former())


@cache
def _former() -> dict[str, tuple[str, ...]]:
    text = (resources.files("vvvresearch.intake") / "data" / "former_municipalities.csv").read_text(encoding="utf-8")
    found: dict[str, tuple[str, ...]] = {}
    for row in csv.DictReader(io.StringIO(text)):
        name = fold(row["former"])
        found[name] = (*found.get(name, ()), row["code"])
    return found


@cache
def danish_municipalities() -> Municipalities:
    """The 98 of today with the 244 names that merged into them in 2007 (and Bornholm's five in 2003)."""
    frame = municipalities()
    names = dict(zip(frame["code"], frame["name"], strict=True))
    present = {fold(name) for name in names.values()}
    return Municipalities(names, {name: codes for name, codes in _former().items() if name not in present}, _ALIASES)


def own_municipalities(frame: pd.DataFrame | None) -> Municipalities:
    """The invented municipalities of a round by code and name, or the 98 where it has none of its own."""
    if frame is None:
        return danish_municipalities()
    return Municipalities(dict(zip(frame["code"].astype(str), frame["name"].astype(str), strict=True)))


def distance(one: str, other: str, most: int = 100) -> int:
    """How many letters must be changed, added, dropped or swapped with their neighbour; `most` + 1 where they are more.

    Example:
        >>> distance("horsnes", "horsens"), distance("vejle", "vejen")
        (1, 2)
    """
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, left in enumerate(one, start=1):
        now = [row]
        for place, right in enumerate(other, start=1):
            best = min(last[place] + 1, now[-1] + 1, last[place - 1] + (left != right))
            if row > 1 and place > 1 and left == other[place - 2] and one[row - 2] == right:
                best = min(best, before[place - 2] + 1)
            now.append(best)
        if min(now) > most and min(last) > most:
            return most + 1
        before, last = last, now
    return last[-1]


def municipality_codes(column: Column, settled: Settled, known: Municipalities) -> list[str]:
    """The codes of a column of municipalities; "" where a name was left out."""
    keys = value_ids(column.counts)
    codes = {}
    for text, key in keys.items():
        decided = settled.decisions.get(f"municipality.{key}")
        codes[text] = (known.find(text).code or text) if decided is None else "" if decided == LEFT_OUT else str(decided)
    return [codes.get(text, "") for text in column.texts]
