"""A template of this package that was filled in: it says itself what it is, so nothing has to be proposed."""

from __future__ import annotations

from pathlib import Path

from vvvresearch import files
from vvvresearch.intake._fold import slug
from vvvresearch.intake._proposal import Draft, Proposal
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Lang, text
from vvvresearch.sources import template_kind, template_tables, template_type


def propose_template(path: Path, round_kind: DataKind, units: dict[str, str], lang: Lang) -> Proposal | None:
    """What a filled template is; None for any other file, for answers to a questionnaire, whose questions are one's own, and for goals,
    of which a list never says everything.

    Args:
        path: the file.
        round_kind: the kind of data of the round.
        units: kind → what a row of it is; else a row.
        lang: of what is told.

    Raises:
        SourceError: a template of another version, or one that lost its sheet.
    """
    kind = template_kind(path)
    if kind in ("", "survey", "goals"):
        return None
    draft = Draft(lang)
    draft.decide("kind", path.name, kind, "declared")
    rows = sum(len(table) for table in template_tables(path).values())
    told = (text("intake.told_template", lang, rows=rows),)
    own = {"hash": files.hash_file(path.absolute()), "data_kind": round_kind.value}
    decided = tuple(draft.decided.values())
    return Proposal(path, kind, template_type(kind), units.get(kind, "row"), slug(path.stem), decided, (), told, (), own)
