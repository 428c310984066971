"""What a citation may carry: numbers that stand at the cited place, that sources have published, or that the report before printed."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vvvresearch import files
from vvvresearch.errors import VvvError
from vvvresearch.evidence import FINDINGS, READINGS
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Lang, half_up
from vvvresearch.reporting.claims._rows import Bound
from vvvresearch.reporting.claims._spans import Part
from vvvresearch.results import folded
from vvvresearch.statements import Mention, Row, mentions, reaches
from vvvresearch.statements._row import Amount, Goal, Sibling, Side

if TYPE_CHECKING:
    import pandas as pd

    from vvvresearch.rounds import Round


# The name under which they are kept, beside the languages of rows.
_CITED = "cited"
_NUMBERS = frozenset({"percentage", "points", "ratio", "count", "total", "base", "sample_size", "share"})
_OURS = frozenset({"claim", "var", "chosen", "signed"})
_KEY = re.compile(r"@([\w:.#$%&+?~/-]*\w)")
_ENTRY = re.compile(r"@\w+\s*\{\s*([^,\s]+)\s*,(.*?)\n\}", re.DOTALL)
# Fields of a bibliography that hold what the work says.
_QUOTING = re.compile(r"\b(?:note|annote|annotation|abstract|quote|quotation)\s*=\s*[{\"](.*)", re.IGNORECASE)


@dataclass(frozen=True)
class Printed:
    """Numbers as they were printed: counts and bases, percentages, and counts with their base."""

    numbers: frozenset[Fraction] = frozenset()
    percents: frozenset[Fraction] = frozenset()
    pairs: frozenset[tuple[Fraction, Fraction]] = frozenset()

    def __or__(self, other: Printed) -> Printed:
        return Printed(self.numbers | other.numbers, self.percents | other.percents, self.pairs | other.pairs)

    @property
    def shares(self) -> frozenset[Fraction]:
        """Every printed share, as a part of the whole."""
        return frozenset(percent / 100 for percent in self.percents) | frozenset(count / n for count, n in self.pairs if n)

    def holds(self, mention: Mention) -> bool:
        """Whether a number, or a fraction in words, is among them."""
        value = mention.value
        if value is None:
            return True
        if mention.kind == "share":
            return not 0 < value < 1 or any(reaches(share, mention) for share in self.shares)
        if mention.kind == "percentage":
            ends = [end for end in (mention.low, mention.high) if end is not None] or [value]
            shares = self.shares
            return all(
                any(half_up(share * 100, mention.decimals) == half_up(end, mention.decimals) or reaches(share, mention) for share in shares)
                for end in ends
            )
        if mention.kind == "ratio" and mention.base:
            return (value, mention.base) in self.pairs or (mention.base <= 10 and any(reaches(share, mention) for share in self.shares))
        return value in self.numbers


class Cited:
    """The printed numbers of a round, looked up once a citation has numbers of its own.

    Args:
        opened: gives the round.
        kept: what stood at the places that the report before cited; None where there is nothing to ask.
    """

    def __init__(self, opened: Callable[[], Round], kept: KeptRows | None = None) -> None:
        self._opened, self._kept = opened, kept
        self._known: dict[str, Printed] = {}

    def unprinted(
        self, words: str, stretches: Sequence[tuple[int, int, Part | None]], parts: Sequence[Part], lang: Lang
    ) -> Iterator[Mention]:
        """The numbers of cited words that stand nowhere.

        Args:
            words: plain words.
            stretches: what is cited: start, end, and the part that cites; None where a whole division does.
            parts: every bound part of the words; what another one carries is no matter of the citation.
            lang: the language of the words.
        """
        for one in mentions(words, lang):
            if one.kind not in _NUMBERS or any(part.kind in _OURS and part.start <= one.start < part.end for part in parts):
                continue
            citing = [part for start, end, part in stretches if start <= one.start < end]
            if citing and not any(self._printed_at(part, lang).holds(one) for part in citing):
                yield one

    def _printed_at(self, part: Part | None, lang: Lang) -> Printed:
        place = part.address if part is not None else ""
        if place not in self._known:
            self._known[place] = self._look_up(place, lang)
        return self._known[place]

    def _look_up(self, place: str, lang: Lang) -> Printed:
        """What stands at a place: a printed figure or fact by its name; the quoted words of a work; everything where none is named."""
        if not place:
            return self._everything()
        if place.startswith(("[", "@")):
            return self._everything() | _printed_in(" ".join(self._quoted(place)), lang)
        return self._as_before(place, lambda: self._named_at(place))

    def _as_before(self, place: str, look_up: Callable[[], Printed]) -> Printed:
        """What the report before found at a place, else what is looked up; the round is opened for that alone."""
        known = self._kept.get(_CITED, place) if self._kept else None
        if isinstance(known, Printed):
            return known
        found = look_up()
        if self._kept:
            self._kept.keep(_CITED, place, found)
        return found

    def _named_at(self, place: str) -> Printed:
        try:
            published = self._opened().published
        except VvvError:
            return Printed()
        name = folded(place).removeprefix("published.")
        figures = published.figures[[_named(str(figure), name) for figure in published.figures["figure"]]]
        facts = published.facts[[_named(str(fact), name) for fact in published.facts["fact"]]]
        values = published.values[published.values["figure"].isin(figures["figure"])]
        return _printed(figures, values, facts)

    def _everything(self) -> Printed:
        if "*" not in self._known:
            self._known["*"] = self._as_before("*", self._published)
        return self._known["*"]

    def _published(self) -> Printed:
        opened = self._opened()
        types = {source.type for source in opened.spec.sources}
        found = Printed()
        if "published" in types:
            published = opened.published
            found = _printed(published.figures, published.values, published.facts, published.mentions)
        if "counts" in types and opened.kind in (DataKind.PUBLISHED, DataKind.RECONSTRUCTED):
            found |= Printed(numbers=frozenset(_exact(value) for value in opened.counts.frame["value"] if _is_there(value)))
        return found

    def _quoted(self, citation: str) -> Iterator[str]:
        """The words of cited works that a bibliography beside the report repeats."""
        wanted = set(_KEY.findall(citation))
        home = self._kept.home if self._kept else self._opened().path.parent
        for path in sorted(home.glob("*.bib")):
            for key, entry in _ENTRY.findall(files.read_text(path)):
                if key in wanted:
                    yield from _QUOTING.findall(entry)


def _named(name: str, wanted: str) -> bool:
    return folded(name) == wanted or wanted.startswith(f"{folded(name)}.")


def _printed(figures: pd.DataFrame, values: pd.DataFrame, facts: pd.DataFrame, told: pd.DataFrame | None = None) -> Printed:
    bases = {row["figure"]: _exact(row["base"]) for row in figures.to_dict("records") if _is_there(row["base"])}
    rows = values.to_dict("records")
    counts = [(row["figure"], _exact(row[name])) for row in rows for name in ("count", "inferred") if _is_there(row[name])]
    numbers = {*bases.values(), *(count for _, count in counts)}
    percents = {_exact(row["percent"]) for row in rows if _is_there(row["percent"])}
    for table in (facts, told):
        for row in table.to_dict("records") if table is not None else ():
            if _is_there(row["value"]):
                numbers.add(_exact(row["value"]))
                if str(row.get("unit", "")) in ("percent", "%", "share"):
                    percents.add(_exact(row["value"]))
    return Printed(
        frozenset(numbers), frozenset(percents), frozenset((count, bases[figure]) for figure, count in counts if figure in bases)
    )


def _printed_in(text: str, lang: Lang) -> Printed:
    found = mentions(text, lang)
    return Printed(
        frozenset(one.value for one in found if one.value is not None and one.kind not in ("percentage", "share")),
        frozenset(one.value for one in found if one.value is not None and one.kind == "percentage"),
        frozenset((one.value, one.base) for one in found if one.value is not None and one.kind == "ratio" and one.base is not None),
    )


def _is_there(value: Any) -> bool:
    if value is None or value != value:
        return False
    try:
        float(value)
    except (TypeError, ValueError):
        return False
    return True


def _exact(value: Any) -> Fraction:
    return Fraction(str(float(value))).limit_denominator(10**6)


# Beside a report: the rows of its claims, and the files that they rest on.
ROWS = "rows.json"
_PACKAGE = Path(__file__).parents[2]
_CLASSES = {one.__name__: one for one in (Bound, Row, Side, Amount, Sibling, Goal, Printed)}
# What is written in a round's folder and no number rests on.
_PROSE = (".qmd", ".md", ".bib", ".svg", ".png")
_OWN_WORDS = (FINDINGS, READINGS)


class KeptRows:
    """Rows by language and address; those of the report before where nothing has changed that they rest on.

    Args:
        place: where they were written; it need not be there.
        root: the workspace.
        home: the round's own folder.
    """

    def __init__(self, place: Path, root: Path, home: Path) -> None:
        self._root, self.home, self._state = root.resolve(), home, _state_of(root, home)
        self._rows: dict[str, Bound | Printed] = {}
        self._reads: dict[str, str] = {}
        known: Any = {}
        if place.is_file():
            try:
                known = files.read_json(place)
                if isinstance(known, dict) and known.get("state") == self._state and self._unchanged(known["reads"]):
                    self._rows = {name: _decoded(row) for name, row in known["rows"].items()}
                    self._reads = dict(known["reads"])
            except (VvvError, KeyError, TypeError, ValueError, AttributeError):
                # Written by another version, or broken: everything is worked out anew.
                self._rows, self._reads = {}, {}
        for name, sha in self._reads.items():
            # What rests on a file that was read then rests on it now.
            files.note_read(self._root / name, sha, 0)

    def _unchanged(self, reads: Mapping[str, str]) -> bool:
        return all(_hash_of(self._root / name) == sha for name, sha in reads.items())

    def get(self, lang: str, address: str) -> Bound | Printed | None:
        """A row of the report before; of "cited", what is printed at a place."""
        return self._rows.get(f"{lang} {address}")

    def keep(self, lang: str, address: str, row: Bound | Printed) -> None:
        """Remember a row for the next report."""
        self._rows[f"{lang} {address}"] = row

    def document(self, reads: Mapping[Path, files.Read]) -> dict[str, Any]:
        """What is written beside the report.

        Args:
            reads: every file that was read while rows were worked out.
        """
        told = {_named_in_kept(path, self._root): read.sha256 for path, read in reads.items() if not path.is_relative_to(_PACKAGE)}
        rows = {name: _encoded(row) for name, row in self._rows.items()}
        return {"state": self._state, "reads": {**self._reads, **told}, "rows": rows}


def _named_in_kept(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()


def _hash_of(path: Path) -> str:
    if path.is_dir():
        return files.folder_hash(path)
    return files.hash_file(path) if path.is_file() else ""


def _state_of(root: Path, home: Path) -> str:
    """The package, and everything in the round's folder and at the top of the workspace on which a number may rest, present or not."""
    own = [path for path in home.rglob("*") if path.is_file() and path.suffix not in _PROSE and path.name not in _OWN_WORDS]
    named = {_named_in_kept(path, root): files.hash_file(path) for path in sorted([*own, *root.glob("*.toml")])}
    return files.content_hash(repr([_package(), named]).encode())


@cache
def _package() -> str:
    """The package as this process runs it."""
    return files.folder_hash(_PACKAGE)


def _encoded(value: Any) -> Any:
    if isinstance(value, Fraction):
        return {"fraction": str(value)}
    if dataclasses.is_dataclass(value):
        told = {one.name: getattr(value, one.name) for one in dataclasses.fields(value)}
        return {"class": type(value).__name__, **{name: _encoded(part) for name, part in told.items()}}
    if isinstance(value, frozenset):
        return {"set": sorted((_encoded(part) for part in value), key=repr)}
    return [_encoded(part) for part in value] if isinstance(value, tuple) else value


def _decoded(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_decoded(part) for part in value)
    if not isinstance(value, dict):
        return value
    if "set" in value:
        return frozenset(_decoded(part) for part in value["set"])
    if "fraction" in value:
        return Fraction(value["fraction"])
    return _CLASSES[value["class"]](**{name: _decoded(part) for name, part in value.items() if name != "class"})
