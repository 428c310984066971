"""What may identify a person: direct identifiers in texts and tables, small counts, rare combinations; and pseudonyms.

What computes is handed on lazily: whoever only scans a text does not wait for scipy.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from vvvresearch.privacy._file_texts import TEXT_FILES, Piece, file_texts
from vvvresearch.privacy._finding import Finding
from vvvresearch.privacy._pdf_text import is_tagged
from vvvresearch.privacy._scan import masked, scan_file, scan_pieces, scan_text, stands_in_cells

if TYPE_CHECKING:
    from vvvresearch.privacy._attack import Intervals, attack
    from vvvresearch.privacy._attack_program import Knowledge
    from vvvresearch.privacy._linked_attack import attack_linked
    from vvvresearch.privacy._linked_suppression import LinkedSuppressed, suppress_linked
    from vvvresearch.privacy._pseudonyms import Pseudonyms
    from vvvresearch.privacy._suppression import HIDDEN, Suppressed, suppress
    from vvvresearch.privacy._tellable import tellable
    from vvvresearch.privacy._uniqueness import Uniqueness, uniqueness

_LAZY = {
    "HIDDEN": "_suppression",
    "Intervals": "_attack",
    "Knowledge": "_attack_program",
    "LinkedSuppressed": "_linked_suppression",
    "Pseudonyms": "_pseudonyms",
    "Suppressed": "_suppression",
    "Uniqueness": "_uniqueness",
    "attack": "_attack",
    "attack_linked": "_linked_attack",
    "suppress": "_suppression",
    "suppress_linked": "_linked_suppression",
    "tellable": "_tellable",
    "uniqueness": "_uniqueness",
}

__all__ = [
    "HIDDEN",
    "TEXT_FILES",
    "Finding",
    "Intervals",
    "Knowledge",
    "LinkedSuppressed",
    "Piece",
    "Pseudonyms",
    "Suppressed",
    "Uniqueness",
    "attack",
    "attack_linked",
    "file_texts",
    "is_tagged",
    "masked",
    "scan_file",
    "scan_pieces",
    "scan_text",
    "stands_in_cells",
    "suppress",
    "suppress_linked",
    "tellable",
    "uniqueness",
]


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        return getattr(import_module(f"vvvresearch.privacy.{_LAZY[name]}"), name)
    raise AttributeError(f"module 'vvvresearch.privacy' has no attribute {name!r}")
