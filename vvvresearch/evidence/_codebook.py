"""The codebook: codes in a tree, known by their path."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.evidence._register import Losses
from vvvresearch.evidence._rows import Rows
from vvvresearch.locales import the_one

if TYPE_CHECKING:
    import pandas as pd

CODEBOOK_COLUMNS = ("code_path", "name", "parent", "is_codable", "definition", "inclusion", "exclusion", "examples", "color", "guid")
SEPARATOR = " > "


@dataclass(frozen=True)
class Codebook(Rows):
    """Codes in a tree. A code is known by its path (names joined by " > "), never by its name alone.

    Args:
        frame: one row a code: code_path, name, parent (path, "" at the top), is_codable (bool), definition,
            inclusion, exclusion, examples, color, guid (text, "" where unknown); parents before children. An optional
            column is_case (bool) marks codes that stand for cases: they are no themes, so `paths`, `children` and
            `below` leave them out.
        version: the codebook's version as its makers call it.
        losses: what its file held and this table does not.
    """

    frame: pd.DataFrame
    version: str = ""
    losses: Losses = field(default_factory=Losses)

    def row_meant(self, value: object) -> object:
        """A code by what people call it."""
        return self.named(str(value))

    def __post_init__(self) -> None:
        missing = [name for name in CODEBOOK_COLUMNS if name not in self.frame.columns]
        if missing:
            raise AnalysisError(f"the codebook lacks the columns {', '.join(missing)}")
        double = self.frame["code_path"][self.frame["code_path"].duplicated()]
        if len(double):
            raise AnalysisError(f"the code path {double.iloc[0]!r} stands twice in the codebook", why="a path identifies a code")

    @property
    def paths(self) -> list[str]:
        """All code paths, in the codebook's order, without those that stand for cases."""
        return list(self._themes["code_path"])

    @property
    def _themes(self) -> pd.DataFrame:
        """The codes that are no cases."""
        return self.frame[~self.frame["is_case"].astype(bool)] if "is_case" in self.frame else self.frame

    def children(self, path: str) -> list[str]:
        """The codes directly below a path, or what people call it ("" gives the top level)."""
        return list(self._themes.loc[self._themes["parent"] == (path and self.named(path)), "code_path"])

    def named(self, name: str, *, part: bool = True) -> str:
        """The path of a code as people call it: by its path, with slashes too, or by its last names where only one code has them.

        Args:
            name: as it was given.
            part: whether some words of a name are enough, where no other code has them.

        Raises:
            AnalysisError: no such code, or several.

        Example:
            >>> import vvvresearch as vvv
            >>> vvv.open_round("demo").codebook.named("dansk")
            'Udbytte > Dansk'
        """
        if name in set(self.frame["code_path"]):
            return name
        wanted = _parts(name)
        meant = [path for path in self.paths if wanted and _parts(path)[-len(wanted) :] == wanted]
        meant = [path for path in meant if _parts(path) == wanted] or meant
        if len(meant) == 1:
            return meant[0]
        last_names = {path: (path.rpartition(SEPARATOR)[2],) for path in self.paths}
        # A whole path is no everyday word: what no codebook has is told, with the nearest.
        if not meant and len(wanted) == 1 and (found := the_one(name, last_names, part=part)):
            return found
        why = f"{len(meant)} codes are called so" if meant else ""
        last = [path for path in self.paths if wanted and difflib.get_close_matches(wanted[-1], _parts(path)[-1:], cutoff=0.75)]
        raise AnalysisError(f"the codebook has no code {name!r}", why=why, todo=did_you_mean(name, meant or last or self.paths))

    def below(self, path: str) -> list[str]:
        """A code and all codes under it, in the codebook's order.

        Raises:
            AnalysisError: no such code.
        """
        top = self.named(path)
        prefix = top + SEPARATOR
        return [other for other in self.paths if other == top or other.startswith(prefix)]

    def level(self, path: str) -> int:
        """1 for a top-level code, 2 for its children, and so on."""
        return path.count(SEPARATOR) + 1

    def _repr_html_(self) -> str:
        return self.frame[["code_path", "definition"]].to_html(index=False, escape=True)


def _parts(path: str) -> list[str]:
    """The names of a path, folded; people part them by ">", by a slash or by a backslash."""
    return [part.strip().casefold() for part in re.split(r"\s*[>/\\]\s*", path) if part.strip()]
