"""The data basis of a round: interviews by group and mode, sources with who collected them, what was planned and done."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from vvvresearch.errors import AnalysisError
from vvvresearch.evidence import MODES, RESPONDENT_GROUPS, Interviews
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Phrase, check_lang
from vvvresearch.results import Base, Column, Result

BASIS_COLUMNS = ("title", "collector", "n", "unit", "collected", "use", "kind")
_SHOWN = (
    ("title", "title_column"),
    ("collector", "collector"),
    ("n", "n"),
    ("unit_words", "unit"),
    ("collected", "collected"),
    ("use", "use"),
    ("kind", "kind"),
)
DEVIATION_COLUMNS = ("planned", "done", "reason", "date", "place")


@dataclass(frozen=True, kw_only=True, repr=False)
class InterviewTable(Result):
    """Interviews by group and mode; `totals` holds interviews, pairs, half_pairs and with_interpreter."""

    summary: dict[str, int] = field(default_factory=dict)


def interview_table(interviews: Interviews, lang: str = "da") -> InterviewTable:
    """Interviews by respondent group and mode, counted from the register, with pairs and halves of pairs.

    Args:
        interviews: the register of a round.
        lang: "da" or "en".

    Returns:
        InterviewTable; frame respondent_group, one column a mode that occurs, total; the last row is the sum. Pairs whose other
        half was not interviewed are counted and named in a note.

    Raises:
        AnalysisError: the register is empty.

    Example:
        >>> rows = pd.DataFrame({"interview": ["a", "b"], "pair": ["p", "p"], "respondent_group": ["refugee", "volunteer"],
        ...     "mode": ["phone", "phone"], "interpreter": [True, False]})
        >>> interview_table(Interviews(rows)).summary["pairs"]
        1
    """
    said = check_lang(lang)
    frame = interviews.frame
    if frame.empty:
        raise AnalysisError("the interview register is empty", where=interviews.origin)
    groups = [group for group in RESPONDENT_GROUPS if (frame["respondent_group"] == group).any()]
    modes = [mode for mode in MODES if (frame["mode"] == mode).any()]
    table = pd.crosstab(frame["respondent_group"], frame["mode"]).reindex(index=groups, columns=modes, fill_value=0)
    table["total"] = table.sum(axis=1)
    table.loc["total"] = table.sum()
    table = table.astype(int).rename_axis(None, axis=1).reset_index()
    halves = frame[frame["pair"] != ""].groupby("pair")["respondent_group"].nunique()
    orphans = sorted(halves.index[halves < 2])
    totals = {
        "interviews": len(frame),
        "pairs": int((halves >= 2).sum()),
        "half_pairs": len(orphans),
        "with_interpreter": int(frame["interpreter"].fillna(False).astype(bool).sum()) if "interpreter" in frame.columns else 0,
    }
    notes: list[str | Phrase] = [Phrase("programme.interviews_note", dict(totals))]
    if orphans:
        notes.append(Phrase("programme.interviews_orphans", {"pairs": ", ".join(orphans)}))
    labels: list[Any] = [
        Phrase("common.total") if name == "total" else Phrase(f"programme.group_{name}") for name in table["respondent_group"]
    ]
    columns = [Column("group", Phrase("common.group"))]
    columns += [Column(mode, Phrase(f"programme.mode_{mode}"), "count") for mode in modes]
    columns.append(Column("total", Phrase("common.total"), "count"))
    return InterviewTable(
        frame=table.assign(group=labels),
        summary=totals,
        base=Base(len(frame), "interview"),
        title=Phrase("programme.interviews_title"),
        notes=tuple(notes),
        shows=tuple(columns),
        kind=interviews.kind,
        lang=said,
    )


def data_basis(sources: pd.DataFrame, lang: str = "da", *, kind: DataKind = DataKind.REAL) -> Result:
    """The methods table: every source with who collected it, n, dates and what it is used for.

    Args:
        sources: one row a source, columns `BASIS_COLUMNS` (words in the wanted language; n a number or <NA>; unit a key of the
            table of units).
        lang: "da" or "en".
        kind: data kind of the round.

    Raises:
        AnalysisError: columns are missing.

    Example:
        >>> rows = pd.DataFrame({"title": ["Interview"], "collector": ["os"], "n": [34], "unit": ["interview"], "collected": ["2021"],
        ...     "use": ["udbytte"], "kind": ["Rekonstruerede data"]})
        >>> data_basis(rows).base.n
        1
    """
    said = check_lang(lang)
    missing = [name for name in BASIS_COLUMNS if name not in sources.columns]
    if missing:
        raise AnalysisError(f"the table of sources lacks {', '.join(missing)}")
    frame = sources[list(BASIS_COLUMNS)].reset_index(drop=True)
    frame["n"] = frame["n"].astype("Int64")
    units: list[Any] = [Phrase(f"units.{unit}") if unit else "" for unit in frame["unit"]]
    return Result(
        frame=frame.assign(unit_words=units),
        base=Base(len(frame), "source"),
        title=Phrase("programme.basis_title"),
        shows=tuple(Column(column, Phrase(f"programme.basis_{name}"), "count" if column == "n" else "text") for column, name in _SHOWN),
        kind=kind,
        lang=said,
    )


def deviation_table(deviations: pd.DataFrame, lang: str = "da", *, kind: DataKind = DataKind.REAL) -> Result:
    """What was planned, what was done instead, and why.

    Args:
        deviations: one row a deviation, columns `DEVIATION_COLUMNS`; a row without a reason is refused.
        lang: "da" or "en".
        kind: data kind of the round.

    Returns:
        Result; .frame: the columns of `deviations`.

    Raises:
        AnalysisError: a deviation has no reason.

    Example:
        >>> rows = [("24 par", "22 par", "to par stoppede", "2021-05", "afsnit 2")]
        >>> deviation_table(pd.DataFrame(rows, columns=DEVIATION_COLUMNS)).frame["done"].tolist()
        ['22 par']
    """
    said = check_lang(lang)
    frame = deviations.reindex(columns=list(DEVIATION_COLUMNS)).reset_index(drop=True)
    if (frame["reason"].fillna("").str.strip() == "").any():
        raise AnalysisError("a deviation has no reason", why="what was done otherwise than planned must be explained")
    return Result(
        frame=frame,
        base=Base(None),
        title=Phrase("programme.deviations_title"),
        shows=tuple(Column(name, Phrase(f"programme.deviation_{name}")) for name in ("planned", "done", "reason")),
        kind=kind,
        lang=said,
    )
