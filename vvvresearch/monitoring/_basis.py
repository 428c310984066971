"""The data basis of a round: interviews by group and mode, sources with who collected them, what was done otherwise, what happened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from vvvresearch.errors import AnalysisError, require_table
from vvvresearch.evidence import MODES, RESPONDENT_GROUPS, Interviews
from vvvresearch.kinds import DataKind
from vvvresearch.locales import LANGUAGES, Lang, Phrase, format_period, sort_key
from vvvresearch.monitoring._records import UNKNOWN
from vvvresearch.results import TOTAL, Base, Column, Labels, Measure, Names, Picture, Result, Total, is_missing

BASIS_COLUMNS = ("source", "title", "collector", "n", "unit", "collected", "use", "kind")
_WORDS = ("title", "collector", "collected", "use")
DEVIATION_COLUMNS = ("planned", "done", "reason", "date", "place")


def interview_table(interviews: Interviews) -> Result:
    """Interviews by respondent group and mode, counted from the register, with pairs and halves of pairs.

    Args:
        interviews: the register of a round.

    Returns:
        Result; frame group, mode, n, groups and modes that occur and "total" of both. Addresses `interviews.<group>.<mode>.n` and
        `interviews.total.interviews`, `.persons`, `.pairs`, `.half_pairs`, `.with_interpreter`; what the register does not tell is not
        known, never 0; where it tells no mode at all there is only the total. Pairs whose other half was not interviewed are named in a
        note.

    Raises:
        AnalysisError: the register is empty.

    Example:
        >>> rows = pd.DataFrame({"interview": ["a", "b"], "pair": ["p", "p"], "respondent_group": ["refugee", "volunteer"],
        ...     "mode": ["phone", "phone"], "interpreter": [True, False]})
        >>> table = interview_table(Interviews(rows))
        >>> table.cell("pairs").value, table.cell("n", group="refugee", mode="phone").value
        (1, 1)
    """
    register = interviews.frame
    if register.empty:
        raise AnalysisError("the interview register is empty", where=interviews.origin)
    # The programme's own order; a group that only the register knows comes after.
    known = [group for group in RESPONDENT_GROUPS if (register["respondent_group"] == group).any()]
    groups = [*dict.fromkeys([*known, *register["respondent_group"]]), TOTAL]
    occurring = [mode for mode in MODES if (register["mode"] == mode).any()]
    # A register that never says how anybody was met has no table by it.
    by_mode = any(mode != UNKNOWN for mode in occurring)
    modes = [*(occurring if by_mode else ()), TOTAL]
    rows = []
    for group in groups:
        own = register if group == TOTAL else register[register["respondent_group"] == group]
        rows += [{"group": group, "mode": mode, "n": len(own) if mode == TOTAL else int((own["mode"] == mode).sum())} for mode in modes]
    frame = pd.DataFrame(rows)
    totals, orphans = _totals(register)
    notes = [Phrase("programme.interviews_note", {"interviews": totals["interviews"]})]
    for name in ("pairs", "with_interpreter"):
        known_number = totals[name] is not None
        notes.append(Phrase(f"programme.interviews_{name}" if known_number else f"programme.interviews_no_{name}", {"n": totals[name]}))
    if orphans:
        notes.append(Phrase("programme.interviews_orphans", {"pairs": ", ".join(orphans)}))
    group_words = {group: Phrase(f"groups.{group}") for group in groups if group != TOTAL} | {TOTAL: Phrase("common.total")}
    bars = frame[(frame["mode"] == TOTAL) & (frame["group"] != TOTAL)]
    drawn = pd.DataFrame({"label": [group_words[group] for group in bars["group"]], "count": bars["n"], "n": len(register)})
    return Result(
        frame=frame,
        base=Base(len(register), "interview"),
        title=Phrase("programme.interviews_title" if by_mode else "programme.interviews_title_groups"),
        notes=tuple(notes),
        shows=(Column("group", Phrase("common.group")), Column("mode"), Column("n", Phrase("common.n"), "count")),
        kind=interviews.kind,
        at="interviews",
        keys=("group", "mode"),
        measures=(Measure("n", of=""),),
        labels={
            "group": Labels(group_words),
            "mode": Labels({mode: Phrase(f"programme.mode_{mode}") for mode in MODES} | {TOTAL: Phrase("common.total")}),
        },
        totals={name: Total(number) for name, number in totals.items()},
        pictures={"bars": Picture("bars", drawn.reset_index(drop=True), options={"single": True})},
        beside="mode",
    )


def _totals(register: pd.DataFrame) -> tuple[dict[str, int | None], list[str]]:
    """Interviews, persons, pairs, halves of pairs and interpreters; None where the register does not say. And the pairs with one half."""
    paired = register[register["pair"] != ""]
    halves = paired.groupby("pair")["respondent_group"].nunique()
    orphans = sorted(halves.index[halves < 2], key=sort_key)
    interpreter = register["interpreter"].dropna() if "interpreter" in register.columns else pd.Series(dtype=bool)
    found: dict[str, int | None] = {"interviews": len(register), "persons": None}
    if "person" in register.columns:
        known = register["person"].fillna("").astype(str)
        # Where it does not say of one whose it is, that is a person of its own; where it says it of none, nobody knows.
        found["persons"] = int(known[known != ""].nunique()) + int((known == "").sum()) if known.any() else None
    found["pairs"] = int((halves >= 2).sum()) if len(paired) else None
    found["half_pairs"] = len(orphans) if len(paired) else None
    found["with_interpreter"] = int(interpreter.astype(bool).sum()) if len(interpreter) else None
    return found, orphans


def data_basis(sources: pd.DataFrame, *, kind: DataKind = DataKind.REAL) -> Result:
    """The methods table: every source with who collected it, n, dates and what it is used for.

    Args:
        sources: one row a source, columns `BASIS_COLUMNS`: source (id), title, collector, collected and use (words, as they are or in
            both languages), n (a number or <NA>), unit (a key of the table of units), kind (a data kind).
        kind: data kind of the round.

    Returns:
        Result; frame source, n, unit, kind. Addresses `sources.<source>.n` and `sources.total.n`.

    Raises:
        AnalysisError: columns are missing.

    Example:
        >>> row = ("talks", "Interview", "os", 34, "interview", "2021", "udbytte", "reconstructed")
        >>> data_basis(pd.DataFrame([row], columns=BASIS_COLUMNS)).cell("n", source="talks").value
        34
    """
    require_table(sources, "sources", BASIS_COLUMNS)
    frame = sources[["source", "n", "unit", "kind"]].reset_index(drop=True)
    frame["n"] = frame["n"].astype("Int64")
    frame["kind"] = frame["kind"].astype(str)
    base = Base(len(frame), "source")
    shown = (("title", "title_column"), ("collector", "collector"), ("n", "n"), ("unit", "unit"), ("collected", "collected"))
    columns = [Column(name, Phrase(f"programme.basis_{head}"), "count" if name == "n" else "text") for name, head in shown]
    keys = [(source,) for source in sources["source"]]
    labels = {name: Labels(dict(zip(keys, sources[name], strict=True)), on=("source",)) for name in _WORDS}
    return Result(
        frame=frame,
        base=base,
        title=Phrase("programme.basis_title"),
        shows=(
            *columns,
            Column("use", Phrase("programme.basis_use")),
            Column("kind", Phrase("programme.basis_kind")),
        ),
        kind=kind,
        at="sources",
        keys=("source",),
        measures=(Measure("n", of="", only_known=True),),
        labels=labels | {"unit": Labels({"": ""}, table="units"), "kind": kind_words()},
        totals={"n": Total(len(frame), base)},
        # A source's rows are counted in its own unit, not in sources.
        bases={
            key: Base(None if is_missing(n) else int(n), unit or "source")
            for key, n, unit in zip(keys, frame["n"], frame["unit"], strict=True)
        },
        base_on=("source",),
    )


def kind_words() -> Labels:
    """The data kinds in words."""
    return Labels({kind.value: Phrase(f"common.kind_{kind.value}") for kind in DataKind})


def deviation_table(deviations: pd.DataFrame, *, kind: DataKind = DataKind.REAL) -> Result:
    """What was planned, what was done instead, and why.

    Args:
        deviations: one row a deviation, columns `DEVIATION_COLUMNS`: planned, done and reason in words, as they are or in both
            languages; a row without a reason is refused.
        kind: data kind of the round.

    Returns:
        Result; frame deviation (1, 2, …), date, place.

    Raises:
        AnalysisError: a deviation has no reason.

    Example:
        >>> rows = [("24 par", "22 par", "to par stoppede", "2021-05", "afsnit 2")]
        >>> deviation_table(pd.DataFrame(rows, columns=DEVIATION_COLUMNS)).shown()["Gennemført"].tolist()
        ['22 par']
    """
    blank = [""] * len(deviations)
    cells = {name: ["" if is_missing(one) else one for one in deviations.get(name, blank)] for name in DEVIATION_COLUMNS}
    for reason in cells["reason"]:
        spoken = [getattr(reason, lang, reason) for lang in LANGUAGES]
        if not all(str(words).strip() for words in spoken):
            raise AnalysisError("a deviation has no reason", why="what was done otherwise than planned must be explained")
    frame = pd.DataFrame({"deviation": range(1, len(deviations) + 1), "date": cells["date"], "place": cells["place"]})
    return Result(
        frame=frame,
        base=Base(None),
        title=Phrase("programme.deviations_title"),
        shows=tuple(Column(name, Phrase(f"programme.deviation_{name}")) for name in ("planned", "done", "reason")),
        kind=kind,
        labels={name: _numbered("deviation", cells[name]) for name in ("planned", "done", "reason")},
    )


def context_table(context: pd.DataFrame, *, kind: DataKind = DataKind.REAL) -> Result:
    """What happened outside the programme that the reader must know.

    Args:
        context: one row an event, columns date ("2021", "2021-05", "2015/2018"), event in words, affects (list of
            ids of goals or sources).
        kind: data kind of the round.

    Returns:
        Result; frame number, date, affects.

    Example:
        >>> rows = pd.DataFrame([("2015/2018", "Færre ankomster", ["T2-2"])], columns=["date", "event", "affects"])
        >>> context_table(rows).shown().values.tolist()
        [['2015 – 2018', 'Færre ankomster', 'T2-2']]
    """
    rows = context.to_dict("records")
    affects = [list(row["affects"]) for row in rows]
    frame = pd.DataFrame({"number": range(1, len(rows) + 1), "date": [row["date"] for row in rows], "affects": affects})
    return Result(
        frame=frame,
        base=Base(None),
        title=Phrase("programme.context_title"),
        shows=(
            _Period("date", Phrase("programme.context_date")),
            Column("event", Phrase("programme.context_event")),
            Names("affects", Phrase("programme.context_affects")),
        ),
        kind=kind,
        labels={"event": _numbered("number", [row["event"] for row in rows])},
    )


def statements(lines: list[Any], title: Phrase, *, kind: DataKind = DataKind.REAL) -> Result:
    """Sentences of the round's own, one a row, such as its caveats.

    Args:
        lines: the sentences, as they are or in both languages.
        title: what they are.
        kind: data kind of the round.

    Returns:
        Result; frame number.

    Example:
        >>> statements(["Kun trykte tal."], Phrase("programme.caveats_title")).shown().values.tolist()
        [['Kun trykte tal.']]
    """
    return Result(
        frame=pd.DataFrame({"number": range(1, len(lines) + 1)}),
        base=Base(None),
        title=title,
        shows=(Column("words", title),),
        kind=kind,
        labels={"words": _numbered("number", lines)},
    )


def _numbered(key: str, words: list[Any]) -> Labels:
    return Labels({(number,): one for number, one in enumerate(words, start=1)}, on=(key,))


@dataclass(frozen=True)
class _Period(Column):
    """A date, a month, a year, or two of them with a dash."""

    def write_row(self, row: Mapping[Any, Any], lang: Lang, small_n: int, labels: Mapping[str, Labels]) -> str:
        """The period of a row."""
        value = row[self.name]
        return "" if is_missing(value) else format_period(str(value), lang)
