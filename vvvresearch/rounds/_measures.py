"""What was measured for a round's goals: a number of the round each, found by its address. Nothing is counted here."""

from __future__ import annotations

import dataclasses
import re
from fractions import Fraction
from typing import TYPE_CHECKING, Any, cast

import pandas as pd

from vvvresearch.errors import AnalysisError, RoundError, did_you_mean
from vvvresearch.evidence import MEASURED_COLUMNS, Goal, Reading, Taken, span_of
from vvvresearch.intake import rows_with, told_numbers
from vvvresearch.locales import Phrase
from vvvresearch.monitoring import column_sums, ended_by_reason, volume
from vvvresearch.results import folded
from vvvresearch.rounds._find import DEFINITION
from vvvresearch.survey import any_of, compare, tabulate

if TYPE_CHECKING:
    from vvvresearch.results import Cell, Result
    from vvvresearch.rounds._round import Round

# Where the numbers of a root come from, where the root is no source itself.
_TYPES = {"presence": "monitoring", "matches": "matches", "ended": "matches", "fact": "published"}
_AMOUNTS = ("stock", "flow", "total")


def measure_goals(opened: Round) -> pd.DataFrame:
    """One row a reading of each goal: value, count, base, planned, source, measure, lacking, and the kind of its data.

    Raises:
        RoundError: a reading takes a number that there is not, or one that cannot be.
    """
    rows = [measured(opened, goal, reading) for goal in opened.spec.goals for reading in goal.readings]
    return pd.DataFrame(rows, columns=[*MEASURED_COLUMNS, "kind"], dtype=object)


def measured(opened: Round, goal: Goal, reading: Reading) -> dict[str, Any]:
    """What was measured for one reading.

    Raises:
        RoundError: as `measure_goals`.
    """
    row: dict[str, Any] = dict.fromkeys((*MEASURED_COLUMNS, "kind")) | {"goal": goal.id, "reading": reading.id, "source": "", "measure": ""}
    if reading.taken is None:
        return row
    if (reason := lacks(opened, reading.taken)) is not None:
        return row | {"lacking": reason}
    cell = _found(opened, goal, reading, reading.taken)
    row |= {"value": _value(cell), "measure": _amount(cell), "source": _source(opened, cell), "kind": cell.kind}
    if cell.format == "share":
        row |= {"count": cell.count, "base": cell.n}
    if reading.measure and row["measure"] and reading.measure != row["measure"]:
        what = f"{cell.address} is a {row['measure']}, not a {reading.measure}"
        raise RoundError(what, where=_place(opened, goal, reading), todo="leave measure out: the source says what the number is")
    if reading.planned is not None and lacks(opened, reading.planned) is None:
        row["planned"] = _value(_found(opened, goal, reading, reading.planned))
    return row


def lacks(opened: Round, taken: Taken) -> Phrase | None:
    """The sentence that says which source of a number the round does not have; None where it has it."""
    if taken.form == "survey":
        return opened.lacks_survey(taken.survey)
    if taken.form == "rows":
        there = any(source.id == taken.rows for source in opened.spec.sources)
        return None if there else Phrase("absent.source_named", {"address": taken.rows})
    if taken.form != "cell":
        return opened.lacks({"presence": "monitoring"}.get(taken.form, taken.form))
    root = re.split(r"[./]", taken.cell, maxsplit=1)[0]
    tables = [source.id for source in opened.spec.sources if source.type == "register"]
    names = [*opened.surveys, *tables, *(opened.earlier_surveys if "~" in root else ())]
    if not opened.knows(root) and not all(part in names for part in root.split("~")):
        return Phrase("absent.source_named", {"address": taken.cell})
    if root == "counts" and not opened.has("counts") and opened.has("matches"):
        # The register of matches stands in for yearly counts, by names of its own.
        return Phrase("absent.counts") if folded(taken.cell) not in {folded(cell.address) for cell in opened.volume().cells} else None
    found = opened.located(taken.cell)
    return found.absent if found is not None and isinstance(found.absent, Phrase) else None


def _place(opened: Round, goal: Goal, reading: Reading) -> str:
    return f"rounds/{opened.id}/{DEFINITION}, goal {goal.id}, reading {reading.id}"


def _found(opened: Round, goal: Goal, reading: Reading, taken: Taken) -> Cell:
    """The number that a reading takes, within what it can be."""
    try:
        cell = cell_of(opened, taken, share=goal.type == "percent", when=reading.as_of or goal.as_of)
    except (AnalysisError, RoundError) as problem:
        raise RoundError(problem.what, where=_place(opened, goal, reading), why=problem.why, todo=problem.todo) from None
    known = len(opened.municipalities)
    if goal.unit == "municipality" and cell.format in ("count", "number") and cell.value is not None and not 0 <= cell.value <= known:
        what = f"{cell.address} is {cell.value} of {known} municipalities"
        raise RoundError(what, where=_place(opened, goal, reading), why="more than there are", todo="take a number of municipalities")
    return cell


def cell_of(opened: Round, taken: Taken, *, share: bool, when: str = "") -> Cell:
    """The number that is meant.

    Args:
        opened: the round.
        taken: an address or a short way of saying one.
        share: whether a share is wanted or a count.
        when: the time that the goal speaks of; it holds where the number names none and the registers reach so far.

    Raises:
        AnalysisError, RoundError: there is no such number, with what was probably meant.
    """
    with opened.recalling():
        return _cell_of(opened, taken, share=share, when=when)


def _cell_of(opened: Round, taken: Taken, *, share: bool, when: str) -> Cell:
    if taken.form == "cell":
        return _of_pair(opened, taken) if taken.where else opened.cell(taken.cell)
    if taken.form == "presence":
        table = opened.presence()
        extracts = list(table.frame["extract"]) if table else []
        extract = taken.extract or (when if when in extracts else extracts[-1] if extracts else "")
        return table.cell("share" if share else "n", extract=extract, status=taken.presence)
    if taken.form == "survey":
        denominator = cast(Any, taken.of or None)
        taken = _by_code(opened, taken)
        one = taken.answers[0] if len(taken.answers) == 1 else ""
        whole, given = opened.surveys[taken.survey], (taken.item,) if one else (taken.item, taken.answers)
        survey = dataclasses.replace(whole, answers=_among(whole.answers, taken)) if taken.where else whole
        answers: Result = cast(Any, tabulate if one else any_of)(survey, *given, denominator=denominator)
        if "code" not in answers.keys:
            raise AnalysisError(
                f"numbers have no answers to choose from: {taken.item!r}", todo=f'take cell = "{answers.at}.{taken.item}.mean"'
            )
        keys = {"item": taken.item, "code": "/".join(dict.fromkeys(taken.answers))}
        # A call may name an answer in the plural; what a definition says stands for years and is taken at its word.
        if one and one not in (known := set(map(str, answers.frame["code"]))):
            raise AnalysisError(f"{taken.item!r} has no answer {one!r}", where=taken.survey, todo=did_you_mean(one, sorted(known)))
        return answers.cell("share" if share else "count", **{name: keys[name] for name in keys if name in answers.keys})
    if taken.form == "rows":
        return _of_rows(opened, taken, share=share)
    if taken.form == "courses":
        total = f"courses/years.{taken.year}.{taken.courses}" if taken.year else f"courses.total.{taken.courses}"
        return opened.course_table().cell(total)
    if not (taken.year or share or taken.reason_class):
        taken = taken.model_copy(update={"year": _reached(opened, taken.matches, when)})
    return _of_matches(opened, taken, share=share)


def _by_code(opened: Round, taken: Taken) -> Taken:
    """Item and answers by their codes, where they are named by their words in either language; what is neither stays, to be told."""
    definition = opened.surveys[taken.survey].questionnaire
    if definition is None:
        return taken
    item = next((one for one in definition.items if taken.item in (one.id, one.text.da, one.text.en)), None)
    if item is None:
        return taken
    options = definition.options(item)
    codes = {option.code for option in options}
    words = {folded(words): option.code for option in options for words in (option.label.da, option.label.en)}
    answers = tuple(one if one in codes else words.get(folded(one), one) for one in taken.answers)
    return taken.model_copy(update={"item": item.id, "answers": answers})


def rows_of(opened: Round, table: Any) -> pd.DataFrame:
    """The rows of a table, its municipalities by their names.

    Args:
        opened: the round, which knows the names.
        table: a register.
    """
    frame: pd.DataFrame = table.frame
    if "municipality" not in frame:
        return frame
    names = dict(zip(opened.municipalities["code"], opened.municipalities["name"], strict=True))
    return frame.assign(municipality=[names.get(code, code) for code in frame["municipality"]])


def _among(frame: pd.DataFrame, taken: Taken) -> pd.DataFrame:
    """The rows of those that a number is of.

    Raises:
        AnalysisError: there is no such column, or nobody has that value.
    """
    for column, value in taken.where.items():
        if column not in frame:
            raise AnalysisError(f"there is no column {column!r}", where="where", todo=did_you_mean(column, map(str, frame.columns)))
        frame = frame[[folded(str(one)) == folded(value) for one in frame[column]]]
        if frame.empty:
            raise AnalysisError(f"nobody has {column} = {value!r}", where="where", todo="name a value that the source has")
    return frame


def _of_pair(opened: Round, taken: Taken) -> Cell:
    """A number of two surveys side by side, of those alone who gave an answer the first time."""
    root = re.split(r"[./]", taken.cell, maxsplit=1)[0]
    pair = next((one for one in opened.comparable() if folded(one.id) == folded(root)), None)
    if pair is None:
        raise AnalysisError(f"{taken.cell!r} cannot be of a part", where="where", todo="take a number of a survey, of matches or of rows")
    first = dataclasses.replace(pair.first, answers=_among(pair.first.answers, taken))
    compared = compare(dataclasses.replace(pair, first=first))
    tables = [compared, *(part for part in compared.parts.values() if part)]
    found = {folded(cell.address): cell for table in tables for cell in table.cells}
    if (cell := found.get(folded(taken.cell))) is None:
        raise AnalysisError(f"there is no number {taken.cell!r}", todo=did_you_mean(taken.cell, found))
    return cell


def _of_rows(opened: Round, taken: Taken, *, share: bool) -> Cell:
    """How many rows of a source have one of the values."""
    table = opened.read(taken.rows)
    frame = _among(rows_of(opened, table), taken)
    if taken.column not in frame:
        todo = did_you_mean(taken.column, map(str, frame.columns))
        raise AnalysisError(f"there is no column {taken.column!r}", where=taken.rows, todo=todo)
    count, n = rows_with(frame, taken.column, taken.values)
    if not n:
        raise AnalysisError(f"no row says {taken.column!r}", where=taken.rows, todo="name another column")
    joint, source = "/".join(taken.values), next(one for one in opened.spec.sources if one.id == taken.rows)
    counted = pd.DataFrame({"column": [taken.column], "value": [joint], "count": [count], "n": [n]})
    found = column_sums(told_numbers(frame.head(0)), values=counted, at=taken.rows, title=source.title, kind=table.kind)
    return found.cell("share" if share else "count", column=taken.column, value=joint)


def _of_matches(opened: Round, taken: Taken, *, share: bool) -> Cell:
    register = opened.matches
    if taken.where:
        those = _among(rows_of(opened, register), taken).index
        register = dataclasses.replace(register, frame=register.frame.loc[those])
    if taken.matches == "ended" and (taken.reason_class or taken.of or share):
        if share and not taken.of:
            raise AnalysisError("a share of matches needs to say of what", todo='of = "ended", "ended_known" or "started"')
        if not taken.reason_class:
            raise AnalysisError("a share of ended matches needs reasons", todo='reason_class = "premature"')
        table = ended_by_reason(register, of=taken.of or "ended", together=taken.reason_class, year=taken.year)
        return table.cell("share" if share else "count", reason_class="/".join(taken.reason_class))
    table = opened.match_volume()
    counted = f"{taken.matches}-{taken.unit or 'match'}-"
    ids = [str(one) for one in table.frame["count"] if str(one).startswith(counted)] if table else []
    if table and not ids:
        raise AnalysisError(f"the register of matches counts no {taken.unit}s", todo="name the persons in it, or count matches")
    wanted = f"{counted}{taken.year}" if taken.year else ids[-1] if ids else ""
    if table and wanted not in ids and (span_of(taken.year) is None or not _overlaps(opened, taken.year)):
        raise AnalysisError(f"there are no matches of {taken.year!r}", todo=did_you_mean(wanted, ids))
    if table and (taken.where or wanted not in ids):
        table = volume(register, [wanted.removeprefix(counted)])
    return table.cell("value", count=wanted)


def _reached(opened: Round, counted: str, when: str) -> str:
    """The time that a goal speaks of, where the register of matches tells of it; else "".

    A stock is that of the day, what began or ended is that of the year in which the day lies.
    """
    if not opened.has("matches") or not _overlaps(opened, when):
        return ""
    return when[:4] if counted in ("started", "ended") and re.fullmatch(r"\d{4}-\d\d(-\d\d)?", when) else when


def _overlaps(opened: Round, when: str) -> bool:
    """Whether any of a time lies between the first start and the last day that the register of matches tells of."""
    span, last = span_of(when), last_day_seen(opened)
    return span is not None and str(span[0]) <= last and _first_start(opened) <= str(span[1])


def _first_start(opened: Round) -> str:
    return min((str(one) for one in opened.match_volume().frame["period"] if one), default="9999")


def last_day_seen(opened: Round) -> str:
    """The last day that the register of matches tells of, "" where there is none."""
    with opened.recalling():
        table = opened.match_volume() if opened.has("matches") else None
    return max((str(one) for one in table.frame["as_of"] if one), default="") if table else ""


def _value(cell: Cell) -> Any:
    """A number as it is, a share as a percentage; exact."""
    if cell.value is None or cell.format not in ("share", "points"):
        return cell.value
    return 100 * (cell.value if isinstance(cell.value, Fraction) else Fraction(str(cell.value)))


def _amount(cell: Cell) -> str:
    """Whether a number is a share, or what its source says that it is; "" where nobody says."""
    if cell.format == "share":
        return "share"
    said = cell.row.get("measure", "stock" if cell.address.startswith("presence.") else "")
    return said if said in _AMOUNTS else ""


def _source(opened: Round, cell: Cell) -> str:
    root = re.split(r"[./]", cell.address, maxsplit=1)[0]
    sources = {source.id: source.type for source in opened.spec.sources}
    if root in sources and sources[root] == "survey":
        return root
    of_type = [name for name, kind in sources.items() if kind == _TYPES.get(root, root)]
    return of_type[0] if len(of_type) == 1 else ""
