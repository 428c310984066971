"""What a check looks at: the round with each source read once, and where its records stand."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vvvresearch.check._fault import Fault, nearest, quoted
from vvvresearch.check._lines import TomlLines, table_row, toml_lines
from vvvresearch.errors import VvvError
from vvvresearch.evidence import Consent, can_combine, joined
from vvvresearch.intake import ChangedError
from vvvresearch.rounds import DEFINITION, Round, RoundSpec, Source, read_source

if TYPE_CHECKING:
    import pandas as pd


class UnreadableError(VvvError):
    """Something rests on a source that cannot be read, which is told once, where it stands."""


class Examined(Round):
    """A round as a check sees it: sources as their files have them, each read once; one that cannot be read stops only what rests on it."""

    def __init__(self, spec: RoundSpec, root: Path, lang: str = "da") -> None:
        super().__init__(spec, root, lang)
        self._as_read: dict[str, Any] = {}
        self._problems: dict[str, VvvError] = {}
        self.changed: dict[str, ChangedError] = {}

    def as_read(self, name: str) -> Any:
        """The evidence of a source, without its warnings.

        Raises:
            UnreadableError: it was not read before either.
            VvvError: what is wrong in it, the first time.
        """
        if name in self._problems:
            raise UnreadableError(f"the source {name} cannot be read")
        if name not in self._as_read:
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    self._as_read[name] = self._looked_into(name)
            except VvvError as problem:
                self._problems[name] = problem
                raise
        return self._as_read[name]

    def _looked_into(self, name: str) -> Any:
        """The evidence of a source; a file that was changed is read as its map still can, to say where."""
        try:
            return super().as_read(name)
        except ChangedError as problem:
            self.changed[name] = problem
            return read_source(self.root, self.spec, self.source(name), changed=True)

    def set_aside(self, name: str) -> None:
        """Take a source as unreadable: what is told of it keeps everything that rests on it from being worked out."""
        self._as_read.pop(name, None)
        self._read.pop(name, None)
        self._problems[name] = UnreadableError(f"the source {name} cannot be used")

    @cached_property
    def consent(self) -> Consent:
        """As the register says; of a register that cannot be read nothing is known, and nothing of the round is shown."""
        try:
            return super().consent
        except VvvError:
            return Consent()

    @property
    def file(self) -> str:
        """The definition's file, relative to the workspace."""
        return f"rounds/{self.id}/{DEFINITION}"

    @cached_property
    def lines(self) -> TomlLines:
        """The lines of the definition."""
        return toml_lines(self.path)

    def readable(self, kind_of_source: str = "") -> Iterator[Source]:
        """The sources that can be read, of one type or all."""
        for source in self.spec.sources:
            if source.id in self._as_read and kind_of_source in ("", source.type):
                yield source

    def one(self, kind_of_source: str) -> tuple[Source, Any] | None:
        """The first source of a type with the evidence of all of them, None where there is none that can be read."""
        found = list(self.readable(kind_of_source))
        if not found:
            return None
        try:
            return found[0], self._together(kind_of_source, [self._as_read[source.id] for source in found])
        except VvvError:
            return found[0], self._as_read[found[0].id]  # that they cannot be put together is told with the sources

    def _together(self, kind_of_source: str, evidence: list[Any]) -> Any:
        whole = self._combined(kind_of_source, evidence) if can_combine(evidence[0]) else evidence[0]
        named = kind_of_source == "codings" and any(self.readable("interviews"))
        return joined(whole, self.register_as_read.frame) if named else whole

    def row(self, source: Source | str, frame: pd.DataFrame, number: int) -> int | None:
        """The row of the file where a record stands; the number counts the records that were read, from 0."""
        path = self.root / (source if isinstance(source, str) else source.path)
        return table_row(path, number, len(frame), [str(cell) for cell in frame.iloc[number] if isinstance(cell, str)])

    def unknown(
        self, source: Source, frame: pd.DataFrame, column: str, known: set[str], what: str, *, only_if: float = 0.0, check: str = "join"
    ) -> Iterator[Fault]:
        """The records whose cell names nothing that there is.

        Args:
            source, frame: the table, as it was read.
            column: the column; where it is not there, nothing is said.
            known: what there is; where it is empty, nothing is said.
            what: what does not have it: "the register has no pair".
            only_if: the share of its values that must be known, lest a column that names other things is taken for it.
            check: what looks.
        """
        if column not in frame.columns or not known:
            return
        cells = [str(cell).strip() for cell in frame[column]]
        named = {cell for cell in cells if cell}
        if not named or len(named & known) < only_if * len(named):
            return
        for number, cell in enumerate(cells):
            if cell and cell not in known:
                yield Fault(check, source.path, self.row(source, frame, number), f"{what} {quoted(cell)}", "", nearest(cell, known))
