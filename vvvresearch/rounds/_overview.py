"""A round told from its definition: the overview of its sources, and the evaluation manual."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from vvvresearch import files
from vvvresearch.errors import VvvError
from vvvresearch.evidence import SOURCE_TYPES, Codebook, Codings, Goal, Mappings, Survey, Theory
from vvvresearch.locales import Lang, Phrase, format_date, text
from vvvresearch.monitoring import BASIS_COLUMNS, kind_words
from vvvresearch.results import Base, Column, Labels, Result

if TYPE_CHECKING:
    from vvvresearch.rounds._round import Round
    from vvvresearch.rounds._spec import Source


_COLUMNS = ("source", "type", "rows", "unit", "kind", "sha256", "losses", "problem")


def overview(opened: Round) -> Result:
    """One row a source; see `Round.overview`."""
    rows = [_row(opened, source.id) for source in opened.spec.sources]
    frame = pd.DataFrame(rows, columns=list(_COLUMNS), dtype=object)
    frame["rows"] = pd.array([row["rows"] for row in rows], dtype="Int64")
    shown = ("title", "rows", "collected", "kind", "losses", "problem")
    labels = {name: _words(opened, name) for name in ("title", "collected")} | {"kind": kind_words()}
    return Result(
        frame=frame,
        base=Base(len(frame), "source", source=opened.spec.title),
        title=Phrase("rounds.overview_title"),
        notes=(Phrase("rounds.overview_note"),),
        shows=tuple(Column(name, Phrase(f"rounds.column_{name}"), "count" if name == "rows" else "text") for name in shown),
        kind=opened.kind,
        keys=("source",),
        labels=labels,
    )


def _words(opened: Round, name: str) -> Labels:
    """What the definition says of each source."""
    return Labels({(source.id,): getattr(source, name) or "" for source in opened.spec.sources}, on=("source",))


def _row(opened: Round, name: str) -> dict[str, Any]:
    source = opened.source(name)
    row: dict[str, Any] = {
        "source": name,
        "type": source.type,
        "rows": source.n,
        "unit": source.unit,
        "kind": (source.kind or opened.kind).value,
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
        "unit": _unit(source, evidence),
        "sha256": files.content_hash(hashes.encode())[:12],
        "losses": str(lost) if len(lost) else "",
    }


def basis_rows(opened: Round) -> pd.DataFrame:
    """One row a source for the methods table; n is counted from the data, or stated where a source is only described."""
    rows = []
    for source in opened.spec.sources:
        evidence = None if source.type == "documentary" else opened.read(source.id)
        rows.append(
            {
                "source": source.id,
                "title": source.title,
                "collector": source.collector or "",
                "n": source.n if evidence is None else rows_of(evidence),
                "unit": _unit(source, evidence),
                "collected": source.collected or "",
                "use": source.use or "",
                "kind": source.kind or opened.kind,
            }
        )
    return pd.DataFrame(rows, columns=list(BASIS_COLUMNS))


def _unit(source: Source, evidence: Any) -> str:
    """What one row of a source is: as its definition says, else as its questionnaire or its type does."""
    asked = evidence.questionnaire.frame.unit if isinstance(evidence, Survey) and evidence.questionnaire else ""
    if source.type == "matches" and "start" in evidence.frame.columns:
        start = evidence.frame["start"]
        # Who waits, or was turned down, stands in the register too, and is no match.
        asked = "case" if (start.isna() | (start.astype(str) == "")).any() else ""
    return source.unit or asked or SOURCE_TYPES[source.type].unit


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


def write_manual(opened: Round) -> str:
    """The manual as Markdown; see `Round.manual`."""
    spec, lang = opened.spec, opened.lang
    period = text("rounds.manual_period", lang, start=format_date(spec.period.start, lang), end=format_date(spec.period.end, lang))
    blocks = [f"# {text('rounds.manual_title', lang)}: {_plain(spec.title.say(lang))}", period]
    for name in ("aims", "design"):
        words = getattr(spec, name)
        if words:
            blocks += [f"## {text(f'rounds.manual_{name}', lang)}", _list([one.say(lang) for one in words])]
    blocks += [f"## {text('rounds.manual_subgroups', lang)}", _plain(opened.subgroup_statement())]
    blocks += [f"## {text('rounds.manual_sources', lang)}", opened.data_basis().to_markdown(caption=False)]
    if spec.goals:
        lines = [f"**{goal.id}** {goal.definition.say(lang)}. {_measured(goal, lang)}" for goal in spec.goals]
        blocks += [f"## {text('rounds.manual_goals', lang)}", "\n".join(f"- {line}" for line in lines)]
    if spec.deviations:
        blocks += [f"## {text('rounds.manual_deviations', lang)}", opened.deviations().to_markdown(caption=False)]
    if spec.context:
        blocks += [f"## {text('rounds.manual_context', lang)}", opened.context().to_markdown(caption=False)]
    if spec.caveats:
        blocks += [f"## {text('rounds.manual_caveats', lang)}", _list([caveat.say(lang) for caveat in spec.caveats])]
    return "\n\n".join(block.strip() for block in blocks) + "\n"


def _plain(words: str) -> str:
    return files.markdown_text(words)


def _list(lines: list[str]) -> str:
    return "\n".join(f"- {_plain(line)}" for line in lines)


def _measured(goal: Goal, lang: Lang) -> str:
    if not goal.readings:
        return text("rounds.manual_not_measured", lang)
    return "; ".join(dict.fromkeys(_plain(reading.label.say(lang)) for reading in goal.readings)) + "."
