"""The gate: what leaves the workspace was scanned, consented to, approved, protected and sealed; and how a person withdraws."""

from vvvresearch.release._gate import Verdict, draft_marks, examine, examine_sheets, texts_of, touched
from vvvresearch.release._numbers import script, summary
from vvvresearch.release._quotes import ShownQuote, approve, shown_quotes
from vvvresearch.release._seal import Sealed, changes, releases, seal
from vvvresearch.release._shipped import Attacked, Leak, attack_shipped
from vvvresearch.release._small import SHEETS, attack_sheets, sheet_files, to_hide, write_hidden
from vvvresearch.release._withdrawal import Withdrawn, still_there, withdraw

__all__ = [
    "SHEETS",
    "Attacked",
    "Leak",
    "Sealed",
    "ShownQuote",
    "Verdict",
    "Withdrawn",
    "approve",
    "attack_sheets",
    "attack_shipped",
    "changes",
    "draft_marks",
    "examine",
    "examine_sheets",
    "releases",
    "script",
    "seal",
    "sheet_files",
    "shown_quotes",
    "still_there",
    "summary",
    "texts_of",
    "to_hide",
    "touched",
    "withdraw",
    "write_hidden",
]
