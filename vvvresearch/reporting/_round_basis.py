"""Which files a round's numbers come from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vvvresearch.reporting._output import Output

if TYPE_CHECKING:
    from vvvresearch.rounds import Round


def trace_sources(out: Output, opened: Round) -> None:
    """Note which files a round's numbers come from, by content."""
    out.trace({source.id: opened.root / source.path for source in opened.spec.sources if source.path})
