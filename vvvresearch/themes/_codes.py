"""Codes as things of their own, and how they stand in tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from vvvresearch.evidence import SEPARATOR
from vvvresearch.locales import Lang
from vvvresearch.results import Column, Labels, address_part

if TYPE_CHECKING:
    from vvvresearch.evidence import Codebook


@dataclass(frozen=True)
class Code:
    """One code of a codebook.

    Args:
        path: names from the top, with " > " between them; what identifies it.
        title: its own name.

    Example:
        >>> Code("Udbytte > Dansk", "Dansk").key
        'udbytte/dansk'
    """

    path: str
    title: str

    @property
    def key(self) -> str:
        """The code in an address."""
        return address_part(self.path)

    def __str__(self) -> str:
        return self.path


class Codes(tuple[Code, ...]):
    """Codes in the order of the codebook. Looked at, it shows the paths of the first."""

    def __repr__(self) -> str:
        told = "\n".join(code.path for code in self[:_FIRST])
        return told + (f"\n… {len(self) - _FIRST}" if len(self) > _FIRST else "")


# How many codes a list of them shows of itself.
_FIRST = 15


def codes_of(codebook: Codebook, depth: int | None = None) -> Codes:
    """The codes of a codebook, or of its first levels, in its order."""
    names = dict(zip(codebook.frame["code_path"], codebook.frame["name"], strict=True))
    return Codes(Code(path, names[path]) for path in codebook.paths if depth is None or codebook.level(path) <= depth)


def chosen_paths(codebook: Codebook, under: str | Code = "", depth: int | None = None) -> list[str]:
    """The paths of a branch, or of the first levels of the tree.

    Raises:
        AnalysisError: no such code.
    """
    paths = codebook.below(str(under)) if str(under) else codebook.paths
    return [path for path in paths if depth is None or codebook.level(path) <= depth]


def checked_codes(codebook: Codebook, codes: object) -> list[str]:
    """The paths of chosen codes, all where none are chosen.

    Raises:
        AnalysisError: an unknown code.
    """
    if codes is None:
        return codebook.paths
    wanted = [str(one) for one in ([codes] if isinstance(codes, str | Code) else list(codes))]  # type: ignore[call-overload]
    return [codebook.named(path) for path in wanted]


@dataclass(frozen=True)
class CodeName(Column):
    """A code by the last names of its path, or set in under the codes above it.

    Args:
        levels: how many names; two tell equal names under two parents apart.
        indent: one name, set in by its level.
    """

    levels: int = 2
    indent: bool = False

    def write_row(self, row: Mapping[Any, Any], lang: Lang, small_n: int, labels: Mapping[str, Labels]) -> str:
        """The name of a row's code; words of the result come before it."""
        path = str(row[self.name])
        if self.name in labels and path in labels[self.name].words:
            return labels[self.name].say(path, row, lang)
        names = path.split(SEPARATOR)
        return "\N{EM SPACE}" * (len(names) - 1) + names[-1] if self.indent else SEPARATOR.join(names[-self.levels :])
