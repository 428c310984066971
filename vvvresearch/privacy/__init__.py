"""What may identify a person: direct identifiers in texts and tables, small counts, rare combinations; and pseudonyms."""

from vvvresearch.privacy._attack import Intervals, attack
from vvvresearch.privacy._finding import Finding
from vvvresearch.privacy._linked_attack import attack_linked
from vvvresearch.privacy._linked_suppression import LinkedSuppressed, suppress_linked
from vvvresearch.privacy._pseudonyms import Pseudonyms
from vvvresearch.privacy._scan import TEXT_FILES, scan_file, scan_text
from vvvresearch.privacy._suppression import HIDDEN, Suppressed, suppress
from vvvresearch.privacy._uniqueness import Uniqueness, uniqueness

__all__ = [
    "HIDDEN",
    "TEXT_FILES",
    "Finding",
    "Intervals",
    "LinkedSuppressed",
    "Pseudonyms",
    "Suppressed",
    "Uniqueness",
    "attack",
    "attack_linked",
    "scan_file",
    "scan_text",
    "suppress",
    "suppress_linked",
    "uniqueness",
]
