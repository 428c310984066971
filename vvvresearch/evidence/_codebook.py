"""The codebook: codes in a tree, known by their path."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.evidence._losses import Losses

if TYPE_CHECKING:
    import pandas as pd

CODEBOOK_COLUMNS = ("code_path", "name", "parent", "is_codable", "definition", "inclusion", "exclusion", "examples", "color", "guid")
SEPARATOR = " > "


@dataclass(frozen=True)
class Codebook:
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
        """The codes directly below a path ("" gives the top level)."""
        return list(self._themes.loc[self._themes["parent"] == path, "code_path"])

    def below(self, path: str) -> list[str]:
        """A code and all codes under it, in the codebook's order.

        Raises:
            AnalysisError: no such code.
        """
        if path not in set(self.frame["code_path"]):
            raise AnalysisError(f"the codebook has no code {path!r}", todo=did_you_mean(path, self.paths))
        prefix = path + SEPARATOR
        return [other for other in self.paths if other == path or other.startswith(prefix)]

    def level(self, path: str) -> int:
        """1 for a top-level code, 2 for its children, and so on."""
        return path.count(SEPARATOR) + 1

    def _repr_html_(self) -> str:
        return self.frame[["code_path", "definition"]].to_html(index=False, escape=True)
