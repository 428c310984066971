"""The overview of a round: every source with rows, dates, hash, data kind and losses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from vvvresearch import files
from vvvresearch.errors import VvvError
from vvvresearch.evidence import Codebook, Codings, Mappings, Survey, Theory
from vvvresearch.locales import Lang, Phrase
from vvvresearch.results import Base, Column, Result

if TYPE_CHECKING:
    from vvvresearch.rounds._round import Round


def overview(opened: Round, lang: Lang) -> Result:
    """One row a source; see `Round.overview`."""
    rows = [_row(opened, source.id, lang) for source in opened.spec.sources]
    frame = pd.DataFrame(
        rows, columns=["source", "type", "title", "rows", "unit", "collected", "kind", "sha256", "losses", "problem"], dtype=object
    )
    frame["rows"] = pd.array([row["rows"] for row in rows], dtype="Int64")
    shown = ("title", "rows", "collected", "kind", "losses", "problem")
    return Result(
        frame=frame,
        base=Base(len(frame), "source", source=opened.spec.title.say(lang)),
        title=Phrase("rounds.overview_title"),
        notes=(Phrase("rounds.overview_note"),),
        shows=tuple(Column(name, Phrase(f"rounds.column_{name}"), "count" if name == "rows" else "text") for name in shown),
        kind=opened.kind,
        lang=lang,
    )


def _row(opened: Round, name: str, lang: Lang) -> dict[str, Any]:
    source = opened.source(name)
    kind = source.kind or opened.kind
    row: dict[str, Any] = {
        "source": name,
        "type": source.type,
        "title": source.title.say(lang),
        "rows": source.n,
        "unit": source.unit,
        "collected": source.collected.say(lang) if source.collected else "",
        "kind": kind.label(lang),
        "sha256": "",
        "losses": "",
        "problem": "",
    }
    if source.type == "documentary":
        return row
    from vvvresearch.rounds._sources import read_source

    try:
        with files.recording() as reads:
            evidence = read_source(opened.root, opened.spec, source)
    except VvvError as problem:
        return row | {"problem": problem.what}
    hashes = "".join(f"{read.path.name}:{read.sha256}\n" for read in sorted(reads.values(), key=lambda read: read.path))
    lost = getattr(evidence, "losses", ())
    return row | {
        "rows": rows_of(evidence),
        "sha256": files.content_hash(hashes.encode())[:12],
        "losses": str(lost) if len(lost) else "",
    }


def basis_rows(opened: Round, lang: Lang) -> pd.DataFrame:
    """One row a source for the methods table; n is counted from the data, or stated where a source is only described."""
    rows = [
        {
            "title": source.title.say(lang),
            "collector": source.collector.say(lang) if source.collector else "",
            "n": source.n if source.type == "documentary" else rows_of(opened.read(source.id)),
            "unit": source.unit,
            "collected": source.collected.say(lang) if source.collected else "",
            "use": source.use.say(lang) if source.use else "",
            "kind": (source.kind or opened.kind).label(lang),
        }
        for source in opened.spec.sources
    ]
    return pd.DataFrame(rows, columns=["title", "collector", "n", "unit", "collected", "use", "kind"])


def rows_of(evidence: Any) -> int:
    """How many rows a piece of evidence holds: answers, codings, codes, links, arrows, interviews, published values."""
    if isinstance(evidence, Survey):
        return len(evidence.answers)
    if isinstance(evidence, Codings | Codebook):
        return len(evidence.frame)
    if isinstance(evidence, Mappings):
        return len(evidence.links)
    if isinstance(evidence, Theory):
        return len(evidence.arrows)
    return len(evidence)
