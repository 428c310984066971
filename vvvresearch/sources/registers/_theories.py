"""Theories of change and ledgers of evidence: written as text, or filled in as a template."""

from __future__ import annotations

from pathlib import Path

from vvvresearch import evidence
from vvvresearch.evidence import Ledger, Theory
from vvvresearch.sources.templates import is_template, ledger_document, theory_document


def read_theory(path: str | Path) -> Theory:
    """Read a theory of change (TOML, or a filled template).

    Args:
        path: the file.

    Returns:
        Theory; every arrow joins two of its elements.

    Raises:
        SourceError: neither, or written for another schema version.
        SchemaError: with everything that is wrong in it.

    Example:
        >>> len(read_theory("interviews/demo/theory-of-change.toml").arrows)
        24
    """
    return evidence.read_theory(path, theory_document(path) if is_template(path) else None)


def read_ledger(path: str | Path) -> tuple[Ledger, ...]:
    """Read a ledger of evidence (TOML, or a filled template): one Ledger for each hypothesis that items are about.

    Args:
        path: the file.

    Returns:
        One Ledger a hypothesis, in the order of the items.

    Raises:
        SourceError: neither, or written for another schema version.
        SchemaError: with everything that is wrong in it.

    Example:
        >>> [ledger.hypothesis for ledger in read_ledger("interviews/demo/ledger.toml")]
        ['H-match']
    """
    return evidence.read_ledger(path, ledger_document(path) if is_template(path) else None)
