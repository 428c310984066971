"""What codes, sets, colours, comments and columns say about a coding: its stance, whom it helps, its phase, whether it was
prompted. No tool has a field for these, so people say them with what tools have."""

from __future__ import annotations

import dataclasses
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.evidence import SEPARATOR, Codings
from vvvresearch.sources.qda._draft import LossLog
from vvvresearch.sources.qda._passages import ATTRIBUTES

if TYPE_CHECKING:
    import pandas as pd

# Attribute → carrier → what stands there → value; a column has its heading between.
Meaning: TypeAlias = "Mapping[str, Mapping[str, Mapping[str, Any]]]"

_VALUES = {
    "stance": ("affirmed", "contradicted"),
    "beneficiary": ("child", "adult"),
    "phase": ("start", "later"),
    "prompted": ("prompted", "unprompted"),
}
_CARRIERS = ("code", "set", "color", "comment", "column")
_SURE = {
    "contradicted": "modsat, modsiger, modsagt, imod, afkræfter, afkræftet, contradicted, contradicts, against, opposed, opposes, denied, "
    "denies, disconfirmed, disconfirms, refuted, refutes",
    "affirmed": "bekræfter, bekræftet, affirmed, affirms, confirmed, confirms",
}
_SURE_STANCE = {word.strip(): value for value, words in _SURE.items() for word in words.split(",")}
# Names of a folder that holds stances for all themes and is none itself.
_DIMENSIONS = {"stance", "stances", "retning", "holdning", "standpunkt", "direction", "position", "attitude", "for/imod", "polaritet"}
_SLACK = 3
_NOWHERE = -1


def check_meaning(meaning: Meaning | None) -> None:
    """Refuse a declaration with a word that is not known.

    Raises:
        AnalysisError: an attribute, carrier or value that does not exist, with the nearest name.
    """
    for attribute, carriers in (meaning or {}).items():
        _known(attribute, _VALUES, "attribute of codings")
        for carrier, rules in carriers.items():
            _known(carrier, _CARRIERS, f"carrier of the {attribute}")
            for said, value in rules.items():
                for one in value.values() if carrier == "column" and isinstance(value, Mapping) else (value,):
                    _known(str(one), _VALUES[attribute], f"{attribute} (said by {said!r})")


def _known(name: str, names: Iterable[str], what: str) -> None:
    if name not in set(names):
        raise AnalysisError(f"there is no {what} {name!r}", why=f"known are {', '.join(names)}", todo=did_you_mean(name, list(names)))


def column_rules(meaning: Meaning | None) -> dict[str, tuple[str, dict[str, str]]]:
    """Heading → attribute and folded cell → value, of the columns that were declared."""
    return {
        heading: (attribute, {_folded(cell): value for cell, value in rules.items()})
        for attribute, carriers in (meaning or {}).items()
        for heading, rules in carriers.get("column", {}).items()
    }


def apply_meaning(codings: Codings, meaning: Meaning | None) -> Codings:
    """Codings with what their codes, sets, colours and comments mean in columns, and without codes that say nothing else.

    A declared code, or a sure one, is a stance of the theme above it, or of the themes of the same passage by the same
    coder. Members of a declared set, codes of a declared colour and codings with a declared comment keep their code.

    Args:
        codings: as read.
        meaning: as in `read_codings`.

    Raises:
        AnalysisError: a declared code, set or colour that the file does not have.
    """
    log = LossLog(codings.origin)
    frame = codings.frame
    for attribute, carriers in (meaning or {}).items():
        for carrier, rows in (
            ("set", _in_sets(codings, carriers.get("set", {}))),
            ("color", _of_colour(codings, carriers.get("color", {}))),
            ("comment", _commented(codings, carriers.get("comment", {}))),
        ):
            for value, chosen in rows:
                frame = _marked(frame, chosen, attribute, value, log, carrier)
    codes = _declared_codes(codings, meaning)
    if not frame["code_path"].isin(codes).any() and frame is codings.frame:
        return codings
    frame, gone = _Folding(frame, codes, log).run(frame) if frame["code_path"].isin(codes).any() else (frame, set())
    return dataclasses.replace(
        codings,
        frame=frame.reset_index(drop=True),
        codebook=dataclasses.replace(codings.codebook, frame=_without(codings.codebook.frame, gone)),
        sets=None if codings.sets is None else codings.sets[~codings.sets["member"].isin(gone)].reset_index(drop=True),
        losses=codings.losses + log.losses(),
    )


def _without(codebook: pd.DataFrame, gone: set[str]) -> pd.DataFrame:
    return codebook[~codebook["code_path"].isin(gone)].reset_index(drop=True) if gone else codebook


def _folded(text: object) -> str:
    return " ".join(unicodedata.normalize("NFC", str(text)).casefold().split())


def _declared_codes(codings: Codings, meaning: Meaning | None) -> dict[str, tuple[str, str]]:
    """Code path → attribute and value: the sure ones, then those that were declared."""
    codebook = codings.codebook
    parents = set(codebook.frame["parent"])
    codable = codebook.frame.loc[codebook.frame["is_codable"].astype(bool), "code_path"]
    found = {path: ("stance", _SURE_STANCE[_last(path)]) for path in codable if path not in parents and _last(path) in _SURE_STANCE}
    for attribute, carriers in (meaning or {}).items():
        for said, value in carriers.get("code", {}).items():
            wanted = _folded(said)
            paths = [path for path in codebook.paths if _folded(path) == wanted] or [
                path for path in codebook.paths if _last(path) == wanted
            ]
            if not paths:
                raise AnalysisError(f"the codebook has no code {said!r}", where=codings.origin, todo=did_you_mean(said, codebook.paths))
            found |= dict.fromkeys(paths, (attribute, value))
    return found


def _last(path: str) -> str:
    return _folded(path.rpartition(SEPARATOR)[2])


def _in_sets(codings: Codings, rules: Mapping[str, str]) -> list[tuple[str, pd.Series[bool]]]:
    found = []
    for said, value in rules.items():
        names = [] if codings.sets is None else list(codings.sets["set"].unique())
        own = codings.sets[codings.sets["set"].map(_folded) == _folded(said)] if codings.sets is not None else None
        if own is None or own.empty:
            raise AnalysisError(f"the file has no set {said!r}", where=codings.origin, todo=did_you_mean(said, names))
        codes, sources = (own.loc[own["kind"] == kind, "member"] for kind in ("code", "source"))
        found.append((value, codings.frame["code_path"].isin(codes) | codings.frame["source"].isin(sources)))
    return found


def _of_colour(codings: Codings, rules: Mapping[str, str]) -> list[tuple[str, pd.Series[bool]]]:
    colours = codings.codebook.frame["color"].map(_folded)
    found = []
    for said, value in rules.items():
        paths = codings.codebook.frame.loc[colours == _folded(said), "code_path"]
        if paths.empty:
            raise AnalysisError(
                f"no code has the colour {said!r}", where=codings.origin, todo=did_you_mean(said, sorted(set(colours) - {""}))
            )
        found.append((value, codings.frame["code_path"].isin(paths)))
    return found


def _commented(codings: Codings, rules: Mapping[str, str]) -> list[tuple[str, pd.Series[bool]]]:
    """Codings whose comment is the word, or begins with it before a stop or a new line."""
    first = codings.frame["memo"].map(lambda memo: {_folded(memo), _folded(str(memo).split("\n")[0]), *_leading(str(memo))})
    return [(value, first.map(_holds(_folded(word)))) for word, value in rules.items()]


def _holds(word: str) -> Callable[[set[str]], bool]:
    return lambda words: word in words


def _leading(memo: str) -> list[str]:
    return [_folded(memo.split(stop)[0]) for stop in ":.,;–-" if stop in memo]


def _marked(frame: pd.DataFrame, rows: pd.Series[bool], attribute: str, value: str, log: LossLog, carrier: str) -> pd.DataFrame:
    """The table with an attribute written into rows where none stands yet."""
    if not rows.any():
        return frame
    frame = frame.copy()
    if attribute not in frame:
        frame[attribute] = ""
    other = rows & ~frame[attribute].isin(["", value])
    log.add(f"codings whose {carrier} says another {attribute} than was read already", int(other.sum()), "the first is kept")
    frame.loc[rows & (frame[attribute] == ""), attribute] = value
    return frame


class _Folding:
    """Codings of codes that mean something become attributes of the codings that they belong to."""

    def __init__(self, frame: pd.DataFrame, codes: Mapping[str, tuple[str, str]], log: LossLog) -> None:
        self.codes = codes
        self.log = log
        self.paths: list[str] = frame["code_path"].tolist()
        self.places = [None if place == _NOWHERE else place for place in frame["start"].fillna(_NOWHERE).tolist()]
        self.ends: list[int] = frame["end"].fillna(_NOWHERE).tolist()
        self.texts: list[str] = frame["text"].tolist()
        self.keys = list(zip(frame["source"], frame["coder"], strict=True))
        self.attributes = {name: frame[name].tolist() for name in ATTRIBUTES if name in frame}
        self.themes: dict[tuple[str, str], list[int]] = {}
        self.gone: set[int] = set()
        for row, path in enumerate(self.paths):
            if path not in codes:
                self.themes.setdefault(self.keys[row], []).append(row)

    def run(self, frame: pd.DataFrame) -> tuple[pd.DataFrame, set[str]]:
        """The table without what was folded, and the codes that have no codings any more."""
        before = set(self.paths)
        rows: dict[str, list[int]] = {}
        for row, path in enumerate(self.paths):
            if path in self.codes:
                rows.setdefault(path, []).append(row)
        for path, own in rows.items():
            attribute, value = self.codes[path]
            above = self._theme_above(path, own, before)
            for row in own:
                if above:
                    self._lift(row, above, attribute, value)
                else:
                    self._share(row, attribute, value)
        frame = frame.assign(code_path=self.paths, **self.attributes)
        kept = frame[[row not in self.gone for row in range(len(frame))]]
        empty = set(rows) - set(kept["code_path"])
        folders = {path.rpartition(SEPARATOR)[0] for path in empty if _last(path.rpartition(SEPARATOR)[0]) in _DIMENSIONS}
        return kept, empty | {path for path in folders if path not in before}

    def _beside(self, row: int) -> list[int]:
        """The themes of the same passage by the same coder."""
        return [other for other in self.themes.get(self.keys[row], ()) if self._same_passage(row, other)]

    def _same_passage(self, one: int, other: int) -> bool:
        start, second = self.places[one], self.places[other]
        if start is None or second is None:
            return start is second and bool(self.texts[one]) and self.texts[one] == self.texts[other]
        return abs(start - second) <= _SLACK and abs(self.ends[one] - self.ends[other]) <= _SLACK

    def _theme_above(self, path: str, rows: list[int], used: set[str]) -> str:
        """The theme that a code stands below, "" where it stands beside themes or in a folder of stances.

        A folder that was never coded itself and whose codings all stand with another theme is a folder of stances.
        """
        parent = path.rpartition(SEPARATOR)[0]
        if not parent or _last(parent) in _DIMENSIONS:
            return ""
        alike = [other for other in self.codes if _last(other) == _last(path)]
        return "" if len(alike) == 1 and parent not in used and all(self._beside(row) for row in rows) else parent

    def _lift(self, row: int, theme: str, attribute: str, value: str) -> None:
        """A coding of "Theme > Imod" is one of the theme, which says so; one of the theme itself on the passage is the same."""
        own = [other for other in self._beside(row) if self.paths[other] == theme]
        for other in own or [row]:
            self._write(other, attribute, value)
        if own:
            self.gone.add(row)
        else:
            self.paths[row] = theme

    def _share(self, row: int, attribute: str, value: str) -> None:
        beside = self._beside(row)
        for other in beside:
            self._write(other, attribute, value)
        if beside:
            self.gone.add(row)
        else:
            self.log.add(f"codings that say a {attribute} on a passage without a theme", detail="kept as they are")

    def _write(self, row: int, attribute: str, value: str) -> None:
        cells = self.attributes.setdefault(attribute, [""] * len(self.paths))
        if cells[row] in ("", value):
            cells[row] = value
        else:
            self.log.add(f"codings that say another {attribute} than was read already", detail="the first is kept")
