"""Everything that stops a report, of whatever kind, in one go and at the lines that its author wrote."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from vvvresearch.errors import RenderError

# What staging changes of a line: numbers put in, claims printed, links to notes, classes of headings.
_CHANGED = re.compile(r"\{\{<.*?>\}\}|\]\([^()\s]*\)|\{[^{}]*\}|[^^a-zæøå#]", re.IGNORECASE)


@dataclass
class Faults:
    """Errors of several steps, of which one alone is raised as it is and several as one."""

    found: list[RenderError] = field(default_factory=list)

    @contextmanager
    def gathered(self) -> Iterator[None]:
        """A step whose error is kept, so that the next step is looked at too."""
        try:
            yield
        except RenderError as fault:
            self.found += [one for one in fault.parts or (fault,) if one not in self.found]

    def require_none(self) -> None:
        """Raise what was found.

        Raises:
            RenderError: the one error, or all of them with their places.
        """
        if len(self.found) == 1:
            raise self.found[0]
        if self.found:
            lines = [line for fault in self.found for line in _lines(fault)]
            what = f"{len(self.found)} kinds of faults stop the report"
            raised = RenderError(what, where=self.found[0].where, why="\n    ".join(lines), todo="mend each as it says")
            raised.parts = tuple(self.found)
            raise raised


def _lines(fault: RenderError) -> list[str]:
    """One error on lines of their own: what is wrong, its mend, its places."""
    if not fault.why:
        return [f"{fault.where}: {fault.what}; {fault.todo}"]
    return [fault.what, fault.todo, *(f"  {line.strip()}" for line in fault.why.split("\n"))]


def places_of(staged: str, authored: str, name: str, elsewhere: str) -> list[str]:
    """File and line of every line of a document as it was staged.

    Args:
        staged: the document, its numbers put in and its findings written out; of a volume only the sections that it has.
        authored: what its author wrote.
        name: of the author's file.
        elsewhere: where lines come from that the author did not write there.

    Example:
        >>> places_of("# A" + chr(10) + "Fund" + chr(10) + "Af 31.", "# A" + chr(10) + "Af {{< var a.n >}}.", "report.qmd", "findings.toml")
        ['report.qmd, line 1', 'findings.toml', 'report.qmd, line 2']
    """
    now, before = ([_CHANGED.sub("", line) for line in text.split("\n")] for text in (staged, authored))
    places = [elsewhere] * len(now)
    matcher = difflib.SequenceMatcher(None, now, before, autojunk=False)
    for start, begun, size in matcher.get_matching_blocks():
        for step in range(size):
            places[start + step] = f"{name}, line {begun + step + 1}"
    return _nearest(places, now, elsewhere)


def _nearest(places: Sequence[str], lines: Sequence[str], elsewhere: str) -> list[str]:
    """Empty lines are nobody's own."""
    shown = list(places)
    for place, line in enumerate(lines):
        if not line and place and shown[place] == elsewhere:
            shown[place] = shown[place - 1]
    return shown
