"""What the published documents of several rounds say of one another, and no round alone can show."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from vvvresearch.check._fault import Notice
from vvvresearch.check._sources import notice_of
from vvvresearch.errors import VvvError
from vvvresearch.locales import check_lang
from vvvresearch.published import combine_published, find_inconsistencies
from vvvresearch.rounds import load_spec, open_round


def notices_together(root: Path, rounds: Sequence[str], lang: str) -> tuple[Notice, ...]:
    """Places where documents of different rounds do not agree.

    Args:
        root: the workspace.
        rounds: ids; those without published numbers, or with a definition that cannot be read, are passed over.
        lang: the language of the notices.

    Returns:
        Findings over all rounds that none of them has alone.
    """
    published = []
    for name in rounds:
        try:
            if any(source.type == "published" for source in load_spec(root, name).sources):
                published.append(open_round(name, root).published)
        except VvvError:
            continue
    if len(published) < 2:
        return ()
    alone = {(found.kind, found.subjects, found.lines) for each in published for found in find_inconsistencies(each)}
    said = check_lang(lang)
    together = find_inconsistencies(combine_published(published))
    return tuple(notice_of(found, said) for found in together if (found.kind, found.subjects, found.lines) not in alone)
