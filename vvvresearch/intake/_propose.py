"""Proposing: a file in, what it is and how it is read, with the ground of every decision."""

from __future__ import annotations

import dataclasses
import datetime
import functools
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from vvvresearch import files
from vvvresearch.errors import SourceError, did_you_mean
from vvvresearch.evidence import Programme
from vvvresearch.intake._cells import Tests
from vvvresearch.intake._changed import row_marks
from vvvresearch.intake._coding_tables import (
    MARKS,
    ROLES_OF_MARKS,
    is_called_coding_sheet,
    is_export,
    links_sheet,
    marks_as_rows,
)
from vvvresearch.intake._earlier import apply_earlier
from vvvresearch.intake._fold import file_words, slug
from vvvresearch.intake._formats import KINDS as FORMATS
from vvvresearch.intake._formats import TRANSCRIPTS, how_to_save, is_unclear, own_format, propose_format, propose_template
from vvvresearch.intake._goal_columns import LONGEST_LIST, goal_columns, goal_tables, listed_goals, with_columns_asked
from vvvresearch.intake._goals import GOALS, GoalLine, goal_lines, is_list_of_goals, propose_goals
from vvvresearch.intake._grid import is_tabular
from vvvresearch.intake._kind import Candidate, Recognition, names_a_role, recognise, with_roles
from vvvresearch.intake._map import Map
from vvvresearch.intake._meaning import VISITS, visit_columns, with_visits
from vvvresearch.intake._municipalities import own_municipalities
from vvvresearch.intake._occasions import occasions_in, on_sheets, time_of_rows
from vvvresearch.intake._periods import OVER_TIME, over_time
from vvvresearch.intake._personal import shown
from vvvresearch.intake._proposal import Draft, Proposal, Question, told_of
from vvvresearch.intake._propose_table import UNITS, as_kind, propose_table
from vvvresearch.intake._question_list import QUESTIONS, answers_beside, questions_beside, with_labels, with_questions
from vvvresearch.intake._redcap import (
    ALL,
    COMPLETE,
    DICTIONARY,
    FORMS,
    ONCE,
    answers_of,
    dictionary_beside,
    is_dictionary,
    is_of_redcap,
    once_asked,
    repeated_forms,
    unmarked_forms,
)
from vvvresearch.intake._settle import LEFT_OUT, ROLE
from vvvresearch.intake._sheets import (
    CORRECTIONS,
    STACKED,
    corrections_on,
    opened,
    stacked,
)
from vvvresearch.intake._survey_tables import with_state
from vvvresearch.intake._table import Table
from vvvresearch.intake._words import table_kinds
from vvvresearch.intake._workbook import Cell
from vvvresearch.kinds import KIND_MARK, DataKind, combined_kind, marked_kind
from vvvresearch.locales import Lang, text
from vvvresearch.sources import LABELLED, is_summary, template_sheet

if TYPE_CHECKING:
    import pandas as pd

_LEAST_BESIDE = 2
_MEMO = re.compile(r"memo ?(text|tekst|title|titel|content|indhold|inhalt|name|navn)")
_TABLES = (".csv", ".xlsx", ".ods", ".txt", ".tsv")


class ReadBesideError(SourceError):
    """A file that is no source: it is read beside another one."""


def propose(
    path: str | Path,
    *,
    programme: Programme,
    round_kind: DataKind = DataKind.REAL,
    earlier: Map | None = None,
    municipalities: pd.DataFrame | None = None,
    kind: str = "",
    sheet: str = "",
    coders: Sequence[str] = (),
    roles: Mapping[str, str] | None = None,
    registered: Collection[str] = (),
    seen_until: datetime.date | None = None,
    since: datetime.date | None = None,
    last_day: datetime.date | None = None,
    lang: Lang = "da",
) -> Proposal:
    """What a file is, what may be decided alone, and what has to be asked. The file is only read.

    A column is decided where its heading and its cells both say what it is; known scales, complete answers before partial ones
    and later before earlier ones are declared defaults. Names, addresses and numbers of persons are left out by their heading.

    Args:
        path: a project or table of codings, a codebook, answers (SPSS, XLSX, CSV), a register, mappings, any table of a round.
        programme: whose groups may occur.
        round_kind: the kind of data of the round; it goes into the saved map.
        earlier: the map of the round before: what it decided is not asked again.
        municipalities: code and name of a round's own (invented) municipalities; default the 98, with 244 former names.
        kind: what the file is, where that was asked or is known.
        sheet: the sheet of a workbook; default the largest visible one.
        coders: those that the round knows by name; another one in codings is asked for.
        roles: role → id of its column, as they were answered.
        registered: transcripts of interviews that a register of the round holds; what codings say of these interviewees is not asked.
        seen_until: the last day that registers of the round know of.
        since: the first day of the round's period.
        last_day: the last one that can have come: today, or the end of the round's period.
        lang: of questions and of what is told.

    Returns:
        Proposal; `.as_dict()` has the shape that `vvv add --json` prints.

    Raises:
        SourceError: not readable, or a file of no kind, with what was looked for.

    Example:
        >>> from vvvresearch.evidence import read_programme
        >>> proposal = propose("surveys/2021-note/courses.csv", programme=read_programme(Path(".")))
        >>> proposal.kind, proposal.sure
        ('courses', True)
    """
    place = Path(path)
    known = {*_kinds(), *FORMATS}
    wanted = kind or (earlier.kind if earlier is not None else "")
    if wanted and wanted not in known:
        raise SourceError(f"there is no kind of file {wanted!r}", where=path, todo=did_you_mean(wanted, known))
    if not place.exists():
        raise SourceError("there is no such file", where=path)
    if not place.is_dir() and (template := propose_template(place, round_kind, UNITS, lang)) is not None:
        return template
    sheet = sheet or ("" if place.is_dir() else template_sheet(place))
    ending = place.suffix.casefold()
    again = functools.partial(
        propose, path, programme=programme, round_kind=round_kind, earlier=earlier, municipalities=municipalities, sheet=sheet,
        coders=coders, registered=registered, seen_until=seen_until, since=since, last_day=last_day, lang=lang,
    )  # fmt: skip
    if place.is_file() and ending in TRANSCRIPTS and own_format(place) and wanted in ("", GOALS):
        tests = Tests(programme, own_municipalities(municipalities))
        if tables := goal_tables(place, tests):
            return _propose_goals(place, tables, tests, roles or {}, programme, again, lang)
        lines = goal_lines(place)
        if wanted or is_list_of_goals(lines, programme):
            return propose_goals(place, [GoalLine(line) for line in lines], _hash(place), lang, programme)
        if is_list_of_goals(lines, programme, perhaps=True):
            return _unclear(place, (GOALS, "transcripts"), lang, again)
    tabular = ending == ".docx" and not is_summary(place) and is_tabular(place)
    if own_format(place) and not tabular:
        if not wanted and is_unclear(place):
            return _unclear(place, ("transcripts",), lang, again)
        return propose_format(place, kind, round_kind, earlier, coders, lang, registered)
    if ending not in (*_TABLES, *LABELLED) and not tabular:
        raise SourceError("files of this ending are not taken in", where=path, todo=how_to_save(ending, (*LABELLED, *_TABLES)))
    tests = Tests(programme, own_municipalities(municipalities))
    table = opened(place, sheet, tests.municipalities)
    if not sheet and table.others and (links := links_sheet(place, table, tests)):
        table = opened(place, links, tests.municipalities)
    if not sheet and table.others and (below := on_sheets(place, table)) is not None:
        table = below
    heading = text("intake.sheet_column", lang)
    rows_of_all = None if sheet or not table.others or table.times else stacked(place, table, tests.municipalities, heading)
    table = rows_of_all or table
    marks = row_marks(table)
    draft = Draft(lang)
    if place.is_file() and table.others and (corrections := corrections_on(place, table)) is not None:
        _ask_corrections(draft, table, *corrections)
    if not wanted and (is_dictionary(table) or answers_beside(place)):
        raise ReadBesideError(
            "this is the data dictionary of an export", where=path, why="it says what variables and codes of the answers mean",
            todo="leave it in the folder of the answers: it is read beside them",
        )  # fmt: skip
    if ending not in LABELLED and wanted in ("", "survey") and not is_of_redcap(table) and (fields := questions_beside(place, table)):
        draft.decide(QUESTIONS, place.name, {name: field.packed() for name, field in fields.items()}, "declared")
        draft.tell(text("intake.told_questions", lang, count=len(fields)))
        table, wanted = with_questions(table, fields), "survey"
    if ending not in LABELLED and wanted in ("", "survey") and is_of_redcap(table):
        table, wanted = _answers_of_records(draft, table, place), "survey"
    table, marked = _without_mark(table, place)
    if wanted in ("", "codings") and ending not in LABELLED and is_export(table):
        return propose_format(place, kind, round_kind, earlier, coders, lang, registered, is_table=True)
    recognition = recognise(table, tests, file_words(place.stem))
    unnamed = [column for column in table.columns if column not in recognition.personal]
    headings = tuple(column.heading for column in unnamed)
    # A map speaks for the kind only where the file could still be it.
    if not wanted and ending in LABELLED:
        wanted = "survey"
    # Who answers the same at two times answers a survey, whatever its questions are called.
    others = [one for one in recognition.candidates if one.kind != "survey" and not one.missing]
    asked_twice = table.times or time_of_rows(table)[1] or occasions_in(table)
    # So does a table whose numbers another sheet has words for.
    if not wanted and not recognition.sure and not others and (asked_twice or (table.others and with_labels(table, place).labelled)):
        wanted = "survey"
    # Memos are written about documents and codes, and are no passages.
    if not wanted and any(_MEMO.fullmatch(one.folded) for one in unnamed):
        raise _unknown(path, lang)
    as_list = goal_columns(unnamed, tests) if not wanted and len(table) <= LONGEST_LIST else None
    if not wanted and not recognition.candidates:
        # A column of sentences with targets is a list of goals, whatever stands beside it.
        if as_list is not None and as_list.sure:
            return again(kind=GOALS)
        if as_list is not None and as_list.perhaps:
            return _unclear(place, (GOALS,), lang, again, tuple(told_of(table, lang)), headings)
    if wanted in ("", "codings") and not recognition.sure and (rows := marks_as_rows(table, lang)) is not None:
        if not wanted and not is_called_coding_sheet(table, file_words(place.stem)):
            kinds = ("codings", *(one.kind for one in recognition.candidates if one.kind != "codings"))
            return _unclear(place, kinds, lang, again, tuple(told_of(table, lang)), headings)
        draft.decide(MARKS, ", ".join(rows.stacked), lang, "declared")
        draft.tell(text("intake.told_marks", lang, count=len(rows.stacked), key=table.columns[0].heading))
        rows = dataclasses.replace(rows, stacked=())
        table, recognition, wanted = rows, recognise(rows, tests, file_words(place.stem)), "codings"
        roles = {**ROLES_OF_MARKS, **(roles or {})}
    told_by_its_headings = not wanted and recognition.sure
    named_in: Lang = lang if earlier is None or "times" not in earlier.decisions else "en" if earlier.decisions["times"] == "en" else "da"
    if wanted in ("", *OVER_TIME) and not told_by_its_headings and (rows := over_time(table, named_in)) is not None:
        # Lines of a budget by year are nobody's table; of a place and a measure by quarter it may be one.
        single = len([one for one in table.columns if one.heading not in rows.stacked and one.filled]) < _LEAST_BESIDE
        if not wanted and not recognition.candidates and single and not names_a_role(rows.columns[0]):
            raise _unknown(path, lang)
        possible = [one.kind for one in recognition.candidates]
        draft.decide("times", "; ".join(rows.stacked), "rows" if named_in == "da" else named_in, "declared")
        # Sums beside the times would be counted again with each of them.
        for column in table.columns:
            if column.heading not in (*rows.stacked, *(one.heading for one in rows.columns)):
                draft.decide(f"column.{column.id}", column.heading, LEFT_OUT, "declared")
        table, recognition = rows, recognise(rows, tests, file_words(place.stem))
        if not wanted and not (recognition.sure and recognition.candidates[0].kind in OVER_TIME):
            likely = (one.kind for one in recognition.candidates if one.kind in OVER_TIME)
            return _unclear(
                place, tuple(dict.fromkeys((*likely, *OVER_TIME, *possible))), lang, again, tuple(told_of(table, lang)), headings
            )
    if not wanted and not recognition.candidates:
        raise _unknown(path, lang)
    # What looks like open answers, or like a list to follow up, may be sentences with targets.
    sentences = as_list is not None and as_list.sure and recognition.candidates[0].kind in ("survey", "followed_up")
    if not wanted and (sentences or not recognition.sure):
        perhaps = as_list is not None and as_list.perhaps
        kinds = tuple(dict.fromkeys((*((GOALS,) if perhaps else ()), *(one.kind for one in recognition.candidates))))
        return _unclear(place, kinds, lang, again, tuple(told_of(table, lang)), headings)
    draft.kind = wanted or recognition.candidates[0].kind
    if draft.kind == "interviews" and (visits := visit_columns(table)):
        match = next((one for one in as_kind(table, recognition, tests, draft.kind).matches if one.role.name == "interview"), None)
        if match is not None:
            headings_of = [one.heading for one in visits]
            draft.decide(VISITS, "; ".join(headings_of), [match.column.id, *(one.id for one in visits)])
            table = with_visits(table, match.column, visits)
            recognition = recognise(table, tests, file_words(place.stem))
            draft.tell(text("intake.told_turns", draft.lang, headings=", ".join(headings_of), count=len(table)))
    mapped = earlier is not None and wanted == earlier.kind
    draft.decide("kind", place.name, draft.kind, "answer" if kind else "map" if mapped else "heading+values")
    if draft.kind == GOALS:
        named = dataclasses.replace(table, columns=tuple(unnamed))
        return _propose_goals(place, [named], tests, roles or {}, programme, again, lang)
    if rows_of_all is not None:
        draft.decide(STACKED, ", ".join(rows_of_all.columns[0].counts), heading, "declared")
        draft.tell(text("intake.told_below", lang, sheets=", ".join(rows_of_all.columns[0].counts), heading=heading))
    if draft.kind == "survey" and ending not in LABELLED:
        explained = len(table.labelled)
        table = with_labels(table, place)
        if len(table.labelled) > explained:
            draft.tell(text("intake.told_labels", lang, count=len(table.labelled) - explained))
        table = with_state(table)
    draft.told += told_of(table, lang)
    if marked is not DataKind.REAL:
        draft.decide(f"column.{slug(KIND_MARK)}", KIND_MARK, LEFT_OUT, "declared")
        draft.tell(text("intake.told_marked", lang, kind=marked.label(lang)))
    propose_table(draft, table, recognition, tests, place, roles or {}, registered, earlier, seen_until, since, last_day)
    if table.second:
        row, *names = table.second
        words = text("intake.ask_second", lang, row=row, headings=", ".join(map(shown, names[:6])))
        draft.ask(Question("second_table", "choose", words, (("first", text("intake.first_table", lang)),), proposal="first"))
    if earlier is not None:
        apply_earlier(draft, table, earlier)
    if sheet or table.others:
        draft.decide("sheet", table.sheet, table.sheet, "answer" if sheet else "declared")
    type_ = "survey" if draft.kind == "survey" else table_kinds()[draft.kind].type
    own = (
        {"hash": _hash(place), "data_kind": combined_kind((round_kind, marked)).value}
        | draft.this_file
        | marks
        | _left_in_the_file(recognition, table)
    )
    return Proposal(
        place, draft.kind, type_, draft.unit, slug(file_words(place.stem)), tuple(draft.decided.values()), tuple(draft.questions.values()),
        tuple(draft.told), tuple(draft.losses), own, table.header, headings,
        again if any(name.startswith(ROLE) for name in draft.questions) else None, tuple(draft.mapped.values()), draft.interviews,
    )  # fmt: skip


def _ask_corrections(draft: Draft, table: Table, name: str, told: Mapping[tuple[int, str], Cell]) -> None:
    """Whether numbers that another sheet corrects are read as it says."""
    by_id = {column.id: column for column in table.columns}
    cells = [f"{by_id[key].heading} ({table.lines[row]}): {by_id[key].texts[row] or '–'} → {own}" for (row, key), own in told.items()]
    choices = ((name, text("intake.corrected", draft.lang)), (LEFT_OUT, text("intake.as_it_stands", draft.lang)))
    words = text("intake.ask_corrections", draft.lang, sheet=name, count=len(told))
    draft.ask(Question(CORRECTIONS, "choose", words, choices, tuple(cells[:12]), name, (CORRECTIONS,)))


def _answers_of_records(draft: Draft, table: Table, path: Path) -> Table:
    """The answers of an export of records: what its dictionary says is decided, whether forms count that are not complete is asked."""
    fields = dictionary_beside(path, table)
    answers = answers_of(table, fields)
    draft.decide(DICTIONARY, path.name, {name: field.packed() for name, field in fields.items()}, "declared")
    draft.decide(ONCE, "", once_asked(table, answers), "declared")
    draft.tell(text("intake.told_records" if fields else "intake.told_records_bare", draft.lang, count=len(answers.labelled)))
    for form, count in repeated_forms(table).items():
        draft.losses.append(text("intake.lost_form", draft.lang, form=form, count=count))
    if unmarked := unmarked_forms(table):
        choices = ((COMPLETE, text("intake.forms_complete", draft.lang)), (ALL, text("intake.forms_all", draft.lang)))
        draft.ask(Question(FORMS, "choose", text("intake.ask_forms", draft.lang, count=unmarked), choices))
    return answers


def _propose_goals(
    path: Path,
    tables: Sequence[Table],
    tests: Tests,
    roles: Mapping[str, str],
    programme: Programme,
    again: Callable[..., Proposal],
    lang: Lang,
) -> Proposal:
    """The goals of a table, or of several of a document; what is not sure of their columns is asked of all at once."""
    lines, asked = [], []
    for table in tables:
        columns = goal_columns(table.columns, tests, with_roles(Candidate(GOALS, 0.0), table, roles))
        lines += listed_goals(table, columns, roles)
        asked.append(columns)
    found = propose_goals(path, lines, _hash(path), lang, programme)
    return with_columns_asked(found, asked, roles, functools.partial(again, kind=GOALS), lang)


def of_its_own(found: Proposal, again: Callable[..., Proposal], lang: Lang) -> Proposal:
    """A proposal that asks whether a table of no kind that is known is one of the round's own, with its columns as they are.

    Args:
        found: the file as a table of the round's own.
        again: makes the proposal for the kind that is answered.
        lang: of the question.
    """
    words = text("intake.ask_own_table", lang, file=found.path.name)
    choices = (("register", text("intake.own_table", lang)), (LEFT_OUT, text("intake.leave_out", lang)))
    question = Question("kind", "kind", words, choices, tuple(map(shown, found.headings)), targets=("kind",))
    return dataclasses.replace(found, kind="", type="", unit="", decided=(), questions=(question,), losses=(), again=again)


def _unknown(path: str | Path, lang: Lang) -> SourceError:
    kinds = ", ".join(text(f"intake.kind_{name}", lang) for name in _kinds())
    todo = "leave it where it is; where it belongs to the round, name its kind: --as register takes it as a table of its own"
    return SourceError(
        "this file is of no kind that is known here", where=path, why=f"its headings are those of none of: {kinds}", todo=todo
    )


def _unclear(
    path: Path, kinds: Sequence[str], lang: Lang, again: Callable[..., Proposal], told: tuple[str, ...] = (), headings: tuple[str, ...] = ()
) -> Proposal:
    """A proposal that asks what the file is and nothing else."""
    # What has columns may belong to the round as a table of its own, whatever it looks like.
    kinds = (*kinds, *(("register",) if headings and "register" not in kinds else ()))
    choices = (*((kind, text(f"intake.kind_{kind}", lang)) for kind in kinds), (LEFT_OUT, text("intake.leave_file_out", lang)))
    question = Question("kind", "kind", text("intake.ask_kind", lang, file=path.name), choices, proposal=kinds[0])
    return Proposal(path, "", "", "", slug(file_words(path.stem)), (), (question,), told, (), headings=headings, again=again)


def _without_mark(table: Table, path: Path) -> tuple[Table, DataKind]:
    """A table without the column in which a file of ours says what kind of data it holds, and that kind."""
    mark = next((column for column in table.columns if column.heading == KIND_MARK), None)
    if mark is None:
        return table, table.kind
    kind = combined_kind(marked_kind(word, path) for word in mark.counts)
    return dataclasses.replace(table, columns=tuple(column for column in table.columns if column is not mark)), kind


def _left_in_the_file(recognition: Recognition, table: Table) -> dict[str, str]:
    """What of persons the copy of a file keeps and no reader takes: the ids of columns, the names of hidden sheets."""
    found = {"personal": " ".join(column.id for column in recognition.personal), "hidden": " | ".join(map(shown, table.hidden))}
    return {name: words for name, words in found.items() if words}


def _hash(path: Path) -> str:
    return files.hash_file(path.absolute())


def _kinds() -> list[str]:
    return [*(name for name, kind in table_kinds().items() if not kind.part), "survey"]
