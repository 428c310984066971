"""Pseudonyms: readable codes for persons, the same everywhere, that only the key can trace back.

A code is drawn from HMAC-SHA256 (RFC 2104) of the person's name or id under a random key. Nobody without the key can compute it, and with
the key only for names that one already has. Texts so treated are pseudonymised: there is a key, and a story may still tell who it is.
"""

from __future__ import annotations

import dataclasses
import hmac
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vvvresearch.errors import AnalysisError, DisclosureError
from vvvresearch.evidence import Codebook, Codings, Losses
from vvvresearch.privacy._pseudonym_key import create_key, read_key
from vvvresearch.privacy._pseudonym_text import Names, Replaced, folded

if TYPE_CHECKING:
    import pandas as pd

    from vvvresearch.evidence import Mappings

People = Mapping[str, Iterable[str]] | Collection[str]

_CONSONANTS = "bdfghjklmnprstv"
_VOWELS = "aeiouy"
# Who coded, and what a program made, names no interviewee.
_LEFT_ALONE = ("coder", "guid", "region", "color")


class Pseudonyms:
    """Codes for persons under one key.

    `people` is everywhere either a list of names, or person → the names this person goes by: `{"Ahmad Hassan": ["Ahmad", "Abu Omar"]}`;
    all of them become the person's code. Genitives stay genitives ("Ahmads" → code + "s"); a name in another case, with another hyphen
    or with invisible marks in it is the same name.

    Args:
        key: the key's file, made by `Pseudonyms.create`.
        workspace: the folder that the key must not lie in.
        syllables: length of a code; four give 65 million codes.
        only_capitalised: names that are Danish words too ("Bo", "Sol"): left alone where they stand in lower case.

    Raises:
        DisclosureError: the key lies inside the workspace, or others may read it.
        SourceError: there is no key.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     names = Pseudonyms.create(f"{folder}/key", workspace=f"{folder}/work")
        ...     names.replace("Ahmads ven", ["Ahmad"]).text == f"{names.code('Ahmad')}s ven"
        True
    """

    def __init__(self, key: str | Path, *, workspace: str | Path = ".", syllables: int = 4, only_capitalised: Collection[str] = ()) -> None:
        if not isinstance(syllables, int) or not 2 <= syllables <= 10:
            raise AnalysisError(f"a code cannot have {syllables!r} syllables", where="syllables", todo="use 4")
        self._key = read_key(key, workspace)
        self._syllables = syllables
        self._only_capitalised = tuple(only_capitalised)
        self._persons: dict[str, str] = {}

    @classmethod
    def create(
        cls, key: str | Path, *, workspace: str | Path = ".", syllables: int = 4, only_capitalised: Collection[str] = ()
    ) -> Pseudonyms:
        """Make a new key (mode 0600) and use it; see the class for arguments and errors."""
        create_key(key, workspace)
        return cls(key, workspace=workspace, syllables=syllables, only_capitalised=only_capitalised)

    def __repr__(self) -> str:
        return f"Pseudonyms({len(self._persons)} persons so far)"

    def code(self, person: str) -> str:
        """The code of a person: the same for every spelling that `people` treats as the same name.

        Raises:
            AnalysisError: no name.
            DisclosureError: another person has got this code already.
        """
        name = folded(person) if isinstance(person, str) else ""
        if not name:
            raise AnalysisError("a code is made from a name or an id", where="person", todo="give a text that is not empty")
        number = int.from_bytes(hmac.digest(self._key, name.encode("utf-8"), "sha256"), "big")
        letters = []
        for _ in range(self._syllables):
            number, rest = divmod(number, len(_CONSONANTS) * len(_VOWELS))
            letters += [_CONSONANTS[rest // len(_VOWELS)], _VOWELS[rest % len(_VOWELS)]]
        code = "".join(letters).capitalize()
        if self._persons.setdefault(code, name) != name:
            raise DisclosureError(
                "two persons would get the same code",
                where=f"{len(self._persons)} persons",
                why="their interviews would be taken for one person's",
                todo=f"use syllables={self._syllables + 1} from the start",
            )
        return code

    def codes(self, persons: Iterable[str]) -> dict[str, str]:
        """Person → code, no two alike."""
        return {person: self.code(person) for person in persons}

    def reidentify(self, code: str, candidates: Iterable[str]) -> str | None:
        """Which of some persons has a code; None if none has. Without the key and the list nobody can say.

        Example:
            >>> import tempfile
            >>> with tempfile.TemporaryDirectory() as folder:
            ...     names = Pseudonyms.create(f"{folder}/key", workspace=f"{folder}/work")
            ...     names.reidentify(names.code("Ahmad"), ["Sara", "Ahmad"])
            'Ahmad'
        """
        return next((person for person in candidates if hmac.compare_digest(self.code(person).encode(), code.encode())), None)

    def merge(self, other: Pseudonyms, persons: Iterable[str]) -> dict[str, str]:
        """The codes of another key as codes of this one, for persons that both know; both keys are needed.

        Returns:
            Code under the other key → code under this one.
        """
        return {other.code(person): self.code(person) for person in persons}

    def replace(self, text: str, people: People) -> Replaced:
        """A text with codes for names.

        Returns:
            Replaced with .text, .edits and .moved(start, end): where a passage stands afterwards.

        Raises:
            AnalysisError: no text, or a name that two persons share.
            DisclosureError: a code that somebody has already, or that is a name itself.
        """
        if not isinstance(text, str):
            raise AnalysisError(f"names are replaced in a text, not in {type(text).__name__}", where="text")
        return self._names(people).replace(text)

    def replace_table(self, table: pd.DataFrame, people: People) -> pd.DataFrame:
        """A table with codes for names in every text, headings included."""
        return _in_table(table, self._names(people))

    def replace_codings(self, codings: Codings, people: People) -> Codings:
        """Codings with codes for names in texts, passages, codes, memos, names of sources and cases.

        Every passage is found again at its new place and verified: between names it reads as before. One that cut a name in two
        holds the whole code. Coders keep their names.

        Raises:
            AnalysisError: a passage outside its text, or two sources whose names become one.
        """
        names = self._names(people)
        texts = {source: names.replace(text) for source, text in codings.texts.items()}
        source_names = {source: names.replace(source).text for source in texts}
        if len(set(source_names.values())) < len(source_names):
            raise AnalysisError("two sources would get the same name", where="texts", todo="give them names that differ otherwise")
        return dataclasses.replace(
            codings,
            frame=_moved_frame(_in_table(codings.frame, names), codings.frame, texts),
            codebook=Codebook(_in_table(codings.codebook.frame, names), codings.codebook.version),
            texts={source_names[source]: replaced.text for source, replaced in texts.items()},
            offsets={names.replace(source).text: choice for source, choice in codings.offsets.items()},
            sources=None if codings.sources is None else _in_table(codings.sources, names),
            cases=None if codings.cases is None else _in_table(codings.cases, names),
            losses=_in_losses(codings.losses, names),
            origin=names.replace(codings.origin).text,
        )

    def replace_mappings(self, mappings: Mappings, people: People) -> Mappings:
        """Case mappings with codes for names in labels, quotes, informants and cases."""
        names = self._names(people)
        return dataclasses.replace(
            mappings,
            nodes=_in_table(mappings.nodes, names),
            links=_in_table(mappings.links, names),
            losses=_in_losses(mappings.losses, names),
            origin=names.replace(mappings.origin).text,
        )

    def _names(self, people: People) -> Names:
        if isinstance(people, str):
            raise AnalysisError(
                "people is a list of names, or a mapping from person to names", where="people", todo="for one person: a list of one name"
            )
        by_person = {person: [person, *people[person]] if isinstance(people, Mapping) else [person] for person in people}
        codes: dict[str, str] = {}
        owner: dict[str, str] = {}
        for number, (person, names) in enumerate(by_person.items(), start=1):
            code = self.code(person)
            for name in names:
                if not isinstance(name, str) or not folded(name):
                    raise AnalysisError("a name is empty or no text", where=f"people, person {number}")
                if owner.setdefault(folded(name), code) != code:
                    raise AnalysisError(
                        "two persons share a name",
                        where=f"people, person {number}",
                        why="a text does not say which of them is meant",
                        todo="list the shared name for neither, and replace it by hand with the one meant",
                    )
                codes[name] = code
        if {folded(code) for code in codes.values()} & set(owner):
            raise DisclosureError("a code is also the name of a person", where="people", todo=f"use syllables={self._syllables + 1}")
        return Names(codes, self._only_capitalised)


def _moved_frame(frame: pd.DataFrame, original: pd.DataFrame, texts: Mapping[str, Replaced]) -> pd.DataFrame:
    """The codings with the places and words that their passages have in the new texts."""
    places: dict[str, list[Any]] = {name: list(frame[name]) for name in ("start", "end", "text")}
    has_place = (original["start"].notna() & original["end"].notna()).tolist()
    for number, (source, start, end) in enumerate(zip(original["source"], original["start"], original["end"], strict=True)):
        if has_place[number] and source in texts:
            moved = texts[source].moved(int(start), int(end))
            for name, value in zip(places, (*moved, texts[source].text[slice(*moved)]), strict=True):
                places[name][number] = value
    return frame.assign(**{name: _like(original[name], values) for name, values in places.items()})


def _like(column: pd.Series, values: list[Any]) -> pd.Series:
    """New values in a column's own type."""
    import pandas as pd

    return pd.Series(values, index=column.index, dtype=column.dtype)


def _in_table(table: pd.DataFrame, names: Names) -> pd.DataFrame:
    """A table with codes for names in texts and headings."""
    import pandas as pd

    columns = {
        column: [names.replace(value).text if isinstance(value, str) and column not in _LEFT_ALONE else value for value in table[column]]
        for column in table.columns
    }
    frame = pd.DataFrame({column: _like(table[column], values) for column, values in columns.items()}, index=table.index)
    frame.columns = [names.replace(column).text if isinstance(column, str) else column for column in table.columns]
    return frame


def _in_losses(losses: Losses, names: Names) -> Losses:
    said = (dataclasses.replace(loss, where=names.replace(loss.where).text, detail=names.replace(loss.detail).text) for loss in losses)
    return Losses(tuple(said))
