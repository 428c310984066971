"""What is decided and what is asked about a table whose kind is known; of an extract, when it was drawn."""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection, Mapping
from pathlib import Path

from vvvresearch.evidence import SEPARATOR
from vvvresearch.intake._cells import Tests
from vvvresearch.intake._coding_tables import (
    MARKS,
    SEPARATED,
    ask_tags,
    propose_factors,
    propose_nodes,
    propose_separator,
    propose_withheld,
    tell_odd_passages,
)
from vvvresearch.intake._column_words import SAID, UNHELD, ask_dropped, ask_said, dropped_rows
from vvvresearch.intake._columns import PARENT, propose_columns, propose_municipalities, tell_doubles
from vvvresearch.intake._date_columns import AS_OF, ask_before, ask_drawn, days_of, leave_planned, propose_dates, tell_without_day, year_in
from vvvresearch.intake._dates import read_date
from vvvresearch.intake._earlier import roles_known_from
from vvvresearch.intake._fold import fold
from vvvresearch.intake._kind import Candidate, Recognition, match_columns, with_roles
from vvvresearch.intake._map import Map
from vvvresearch.intake._match_rows import ask_at_once, ask_states, propose_reopened
from vvvresearch.intake._meaning import ask_unregistered, propose_words, with_interviewees
from vvvresearch.intake._periods import tell_other_categories
from vvvresearch.intake._personal import is_personal
from vvvresearch.intake._proposal import Draft, Question
from vvvresearch.intake._settle import LEFT_OUT
from vvvresearch.intake._survey_columns import propose_survey
from vvvresearch.intake._table import Column, Table
from vvvresearch.intake._words import roles_of, table_kinds
from vvvresearch.locales import text

UNITS = {
    "interviews": "interview",
    "matches": "match",
    "match_events": "event",
    "snapshots": "match",
    "referrals": "referral",
    "volunteers": "volunteer",
    "activities": "activity",
    "materials": "material",
    "offers": "case",
    "monitoring": "municipality",
    "agreements": "municipality",
    "courses": "course",
    "codings": "coding",
    "mappings": "link",
}


def as_kind(table: Table, recognition: Recognition, tests: Tests, kind: str) -> Candidate:
    """The columns that a table has as a kind that was named."""
    return match_columns(table_kinds()[kind], [one for one in table.columns if one not in recognition.personal], tests)


def propose_table(
    draft: Draft,
    table: Table,
    recognition: Recognition,
    tests: Tests,
    path: Path,
    roles: Mapping[str, str],
    registered: Collection[str],
    earlier: Map | None,
    seen_until: datetime.date | None,
    since: datetime.date | None,
    last_day: datetime.date | None,
) -> None:
    """Decide and ask about a table whose kind is known: its columns, its words, its dates, and the rows that may not count.

    Args:
        draft: the proposal so far.
        table, recognition: the table and what it is.
        tests: of cells.
        path: its file.
        roles: role → id of its column, as they were answered.
        registered, earlier, seen_until, since, last_day: as in `propose`.
    """
    for column in recognition.personal:
        draft.decide(f"column.{column.id}", column.heading, LEFT_OUT, "declared")
        told = "told_personal" if is_personal(column) else "told_names"
        draft.tell(text(f"intake.{told}", draft.lang, heading=column.heading))
    if draft.kind == "survey":
        propose_survey(draft, table, recognition.personal, tests)
        town = next((one for one in table.columns if _role_of(draft, one) == "municipality"), None)
        if town is not None:
            propose_municipalities(draft, town, table, tests)
            _ask_blank_town(draft, town, table)
        propose_dates(draft, [one for one in table.columns if _role_of(draft, one) == "submitted"], table)
        return
    candidate = next((one for one in recognition.candidates if one.kind == draft.kind), None)
    candidate = candidate or as_kind(table, recognition, tests, draft.kind)
    if draft.kind == "codings":
        candidate = with_interviewees(candidate, table, recognition.personal, tests, registered)
    candidate = with_roles(candidate, table, {**(roles_known_from(earlier, candidate) if earlier is not None else {}), **roles})
    draft.unit = UNITS.get(draft.kind, "row")
    found = propose_columns(draft, table, candidate, recognition.personal, tests, path.stem)
    if draft.kind == "interviews":
        named = found.get("source") or found.get("interview")
        left = set(dropped_rows(table, found.values())) if UNHELD in draft.decided else set()
        draft.interviews = tuple(name for row, name in enumerate(named.texts) if name and row not in left) if named is not None else ()
    if "municipality" in found:
        propose_municipalities(draft, found["municipality"], table, tests)
    known = roles_of(draft.kind)
    dated = [column for name, column in found.items() if name in known and known[name].values == "date" and name != "planned_start"]
    propose_dates(draft, dated, table)
    if table_kinds()[draft.kind].type == "matches":
        # How long a match lasted is counted in days.
        tell_without_day(draft, dated, table)
        drawn = propose_drawn(draft, table, found, path.stem) or seen_until
        if drawn is None and last_day is not None:
            ask_drawn(draft, found, table, last_day)
        leave_planned(draft, found, table, drawn)
        propose_reopened(draft, found, table)
        ask_before(draft, found, table, since)
        ask_at_once(draft, found, table)
        ask_states(draft, found, table)
    if draft.kind == "codings" and "code" in found:
        propose_separator(draft, found["code"])
        if "text" in found:
            tell_odd_passages(draft, table, found["code"], found["text"])
        _ask_from_above(draft, found)
    if draft.kind == "mappings":
        ask_tags(draft, table)
    if draft.kind == "mappings" and {"cause", "effect"} <= found.keys():
        propose_factors(draft, found["cause"], found["effect"])
    if table.others:
        if draft.kind == "mappings":
            propose_nodes(draft, path, table, tests)
        propose_withheld(draft, path, table, found)
    if draft.kind == "categories" and "category" in found:
        tell_other_categories(draft, found["category"], table)
    if draft.kind == "monitoring":
        propose_extract(draft, table, found, tests, path.stem)
    for name in SAID.keys() & found.keys() if draft.kind == "codings" else ():
        ask_said(draft, name, found[name], ticked=MARKS in draft.decided)
    if draft.kind == "codings":
        parted = draft.decided.get(SEPARATED)
        quotes = found["text"].texts if "text" in found else ("",) * len(table)
        if "memo" in found:
            ask_dropped(draft, found["memo"])
        if "source" in found:
            ask_unregistered(draft, found["source"].counts, registered)
        ours = SEPARATOR if "code" in found and any(SEPARATOR in code for code in found["code"].counts) else ""
        mark = str(parted.value) if parted is not None else ours
        propose_words(draft, found.get("code"), quotes, found.get("memo"), mark, found.get(PARENT))
    tell_doubles(draft, table, found)


def _ask_from_above(draft: Draft, found: dict[str, Column]) -> None:
    """An interview or a code that is written once, above its passages: whether it holds for the empty cells below is asked."""
    for name in ("source", "code"):
        column = found.get(name)
        blanks = (
            [bool(table_text) for table_text, own in zip(found["text"].texts, column.texts, strict=True) if not own]
            if (column is not None and "text" in found)
            else []
        )
        if column is not None and any(blanks) and column.texts[0]:
            choices = (("above", text("intake.as_above", draft.lang)), (LEFT_OUT, text("intake.leave_empty", draft.lang)))
            words = text("intake.ask_blank", draft.lang, heading=column.heading, count=sum(blanks))
            draft.ask(Question(f"blank.{name}", "choose", words, choices, proposal="above"))


def _role_of(draft: Draft, column: Column) -> str:
    decision = draft.decided.get(f"column.{column.id}")
    if decision is not None:
        return str(decision.value)
    question = draft.questions.get("columns")
    proposed = [target for target in question.targets if target.startswith(f"column.{column.id}=")] if question is not None else []
    return proposed[0].partition("=")[2] if proposed else ""


def _ask_blank_town(draft: Draft, town: Column, table: Table) -> None:
    asked = [column for column in table.columns if not _role_of(draft, column)]
    # A row without an answer is left out anyhow.
    blanks = sum(not name and any(column.texts[row] for column in asked) for row, name in enumerate(town.texts))
    if blanks and draft.unit != "respondent":
        choices = ((LEFT_OUT, text("intake.leave_rows_out", draft.lang)),)
        draft.ask(
            Question(
                "blank.municipality",
                "choose",
                text("intake.ask_blank", draft.lang, heading=town.heading, count=blanks),
                choices,
                proposal=LEFT_OUT,
            )
        )


# A day in numbers, whose marks are lost once a title is folded.
_WRITTEN = re.compile(r"\d{1,4}[-./]\d{1,2}[-./]\d{2,4}")


def propose_extract(draft: Draft, table: Table, found: dict[str, Column], tests: Tests, name: str) -> None:
    """The month of an extract, from two of its title, its headings and its name (else it is asked), and municipalities that stand twice."""
    if "extract" not in found:
        status = found.get("status")
        named = [month_in([words]) for words in (*table.titles, status.heading if status is not None else "", name)]
        months = [month for month in named if month is not None and "-" in month]
        if len(months) > 1 and len(set(months)) == 1:
            draft.this_file["extract"] = months[0]
            draft.tell(text("intake.told_extract", draft.lang, month=months[0]))
        else:
            likely = next((month for month in (*months, *named) if month is not None), None)
            draft.ask(Question("this_file.extract", "fill", text("intake.ask_extract", draft.lang), proposal=likely))
    town = found.get("municipality")
    if town is None or "extract" in found:
        return
    codes: dict[str, list[int]] = {}
    for line, value in zip(table.lines, town.texts, strict=True):
        code = tests.municipalities.find(value).code if value else ""
        if code:
            codes.setdefault(code, []).append(line)
    # Of rows that are equal in every cell one is left out anyhow.
    rows = dict(zip(table.lines, zip(*(column.texts for column in table.columns), strict=True), strict=True))
    twice = {code: lines for code, lines in codes.items() if len({rows[line] for line in lines}) > 1}
    if twice:
        names = tests.municipalities.names
        items = tuple(f"{names[code]} ({', '.join(map(str, lines))})" for code, lines in twice.items())
        choices = (("first", text("intake.first_row", draft.lang)), ("last", text("intake.last_row", draft.lang)))
        targets = tuple(f"doubles.{code}" for code in twice)
        draft.ask(Question("doubles", "choose", text("intake.ask_twice", draft.lang), choices, items, targets=targets))


def propose_drawn(draft: Draft, table: Table, found: dict[str, Column], name: str) -> datetime.date | None:
    """The day on which a register of matches was drawn, where its title or its file says it, and nothing in it ended later.

    Args:
        draft: of the register; its order of days is decided or proposed already.
        table, found: the register, role → column.
        name: what the file is called, without its ending.
    """
    day = next((day for words in (name, *table.titles) if (day := _day_in(words))), "")
    ends = days_of(draft, found["end"]) if "end" in found else [""]
    if not day or "as_of" in found or "start" not in found or max(ends) > day:
        return None
    draft.decide(AS_OF, day, day, "declared")
    draft.tell(text("intake.told_drawn", draft.lang, day=day))
    return datetime.date.fromisoformat(day)


def _day_in(words: str) -> str:
    """The day that words name: "31-10-2027", "2027-10-31", "as at 31 October 2027"; "" where they name none."""
    written = (read_date(found[0]) for found in _WRITTEN.finditer(words.replace("_", " ")))
    plain = fold(words).split()
    worded = (read_date(" ".join(plain[start : start + 3])) for start in range(len(plain) - 2))
    return next((reading.value for reading in (*written, *worded) if reading.kind == "day"), "")


def month_in(titles: list[str]) -> str | None:
    """The month that a title names, the year where it names no month, None where it names neither."""
    for title in titles:
        for found in _WRITTEN.finditer(title):
            if (reading := read_date(found[0])).kind == "day":
                return reading.value[:7]
        words = fold(title).split()
        for width in (3, 2):
            for start in range(len(words) - width + 1):
                reading = read_date(" ".join(words[start : start + width]))
                if reading.kind in ("day", "month"):
                    return reading.value[:7]
    return year_in(titles)
