"""Words of a map's groups: the programme's own, the evaluator's, or the group's name as it is."""

from __future__ import annotations

from vvvresearch.evidence import EVALUATOR
from vvvresearch.locales import Phrase, has_words


def group_words(group: str) -> str | Phrase:
    """What a group is called, in the plural.

    Example:
        >>> group_words("refugee").say("en"), group_words("neighbours")
        ('Refugees', 'neighbours')
    """
    if group == EVALUATOR:
        return Phrase("mapping_tables.evaluator")
    return Phrase(f"groups.{group}") if has_words(f"groups.{group}") else group
