"""`vvv migrate`: a round of an earlier version becomes a folder with its own report."""

from __future__ import annotations

from vvvresearch.cli._speaking import language_of
from vvvresearch.cli._workspace import DONE, Workspace, tell
from vvvresearch.locales import text
from vvvresearch.rounds import migrate_round


def migrate(workspace: Workspace, round_id: str, lang: str | None = None) -> int:
    """Bring a round up to date and name what was made.

    Raises:
        RoundError: there is no such round of an earlier version.
    """
    made = migrate_round(workspace.root, round_id)
    spoken_here = language_of(workspace, round_id, lang)
    for path in made:
        tell(text("commands.made", spoken_here, path=path.relative_to(workspace.root).as_posix()))
    tell(text("commands.next_check", spoken_here, round=round_id))
    return DONE
