"""Columns of a known kind of table: which are sure, which are asked, what their words mean."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping

from vvvresearch.evidence import Programme
from vvvresearch.intake._cells import Tests, is_nothing, is_number, marks_of, number_texts
from vvvresearch.intake._column_words import (
    MOST_WORDS,
    TELLERS,
    TICKS,
    ask_consent,
    ask_persons,
    is_withdrawn,
    leave_unheld,
    meaning_of,
    propose_words_of,
    tell_tellers,
)
from vvvresearch.intake._fold import fold
from vvvresearch.intake._kind import HALVES, VISIT, WORDED, Candidate, Match
from vvvresearch.intake._personal import can_be_shown, is_of_staff, reaches, value_ids
from vvvresearch.intake._proposal import Draft, Question
from vvvresearch.intake._settle import LISTED
from vvvresearch.intake._shown_by_cells import ask_by_cells, ask_halves, ask_offered
from vvvresearch.intake._table import Column, Table
from vvvresearch.intake._words import meanings, roles_of, table_kinds
from vvvresearch.locales import text
from vvvresearch.sources.templates import template_kinds, template_sheets

# The upper level of a code, in a column beside the lower one.
PARENT = "parent"
_LOWER = re.compile(r"(under|sub)")
_COURSES = re.compile(r"\b(kurs(us|er|ets?)?|courses?|training)\b")
_WORKSHOPS = re.compile(r"work ?shops?|temadage?|seminar(er|s)?")
_FAMILIES = re.compile(r"famil|boern|barn|husstand|child|household|personer|persons|people")
_OF_ONE = re.compile(r"(\w+ )?cpr\b|(koen|gender|sex|alder|age|foedselsaar|foedt|born|birth year|year of birth)( |$)")
_PLACE_IN_TEXT = re.compile(r"(linje|linie|line|afsnit|paragraph|side|page|minut|minute|tid|time|position)( ?(nr|no|number))?")
_AGAIN = 5
# Kinds whose rows have a number of their own, and its role.
_NUMBERED_BY, _CODES = {"matches": "match", "courses": "course", "volunteers": "volunteer"}, 0.9
_PLAIN = re.compile(r"-?\d+(\.\d+)?")
_NINES, _FAR = 99, 2
# What a kind cannot be read without and a file often does not say: asked once, for all rows.
_DEFAULTS: dict[str, tuple[tuple[str, tuple[str, ...], str], ...]] = {
    "matches": (("persons", (), "1"),),
    "courses": (("format", ("physical", "webinar"), ""), ("type", ("course", "workshop"), "")),
    "mappings": (("direction", ("promotes", "hinders"), ""),),
}
# Readers that take further columns: what comes again in a column can be told apart by.
_KEEPS_OTHERS = (
    "attributes", "matches", "match_events", "snapshots", "monitoring", "courses", "agreements", "referrals", "volunteers", "activities",
    "materials", "offers", "interviews",
)  # fmt: skip


def propose_columns(
    draft: Draft, table: Table, candidate: Candidate, personal: tuple[Column, ...], tests: Tests, file: str = ""
) -> dict[str, Column]:
    """Decide and ask about the columns of a kind of table.

    Args:
        draft: the proposal so far.
        table, candidate, personal: the table, what it is, its columns of persons.
        tests: of cells.
        file: what the file is called, without its ending.

    Returns:
        Role → column, for those that are sure or likely.
    """
    kind = table_kinds()[candidate.kind]
    roles = roles_of(candidate.kind)
    found: dict[str, Column] = {}
    unsure: list[Match] = []
    # A table whose every heading is a name of ours was made for us.
    ours = all(kind.role(column.folded.replace(" ", "_")) is not None for column in table.columns)
    candidate = _without_begun(candidate, tests)
    for match in candidate.matches:
        name, column = match.role.name, match.column
        rival = table.column(match.rival) if match.rival else None
        if rival is not None and name == "code" and (levels := _levels(column, rival)) is not None:
            for part, level in zip((PARENT, name), levels, strict=True):
                draft.decide(f"column.{level.id}", level.heading, part)
                found[part] = level
            continue
        if rival is not None and not (name == "municipality" and _one_key(column, rival, tests)):
            _ask_which(draft, name, (column, rival), tests)
        elif match.sure or (rival is not None and match.values >= 0.8) or (ours and column.folded == fold(name)):
            draft.decide(f"column.{column.id}", column.heading, name)
        elif column.filled:
            unsure.append(match)
        else:
            continue
        found[name] = column
        if rival is not None and name == "municipality" and f"role.{name}" not in draft.questions:
            draft.tell(text("intake.one_key", draft.lang, one=column.heading, other=rival.heading))
    for name in LISTED & found.keys():
        for column in ticked_beside(found[name], table):
            draft.decide(f"column.{column.id}", column.heading, name)
    used = (
        {column.id for column in found.values()}
        | {decided.removeprefix("column.") for decided in draft.decided if decided.startswith("column.")}
        | {match.rival for match in candidate.matches if match.rival}
    )
    others = [column for column in table.columns if column.id not in used and column not in personal]
    key = _NUMBERED_BY.get(candidate.kind, "")
    if key and key not in found and others and others[0] is table.columns[0] and tests.share(others[0], "code") >= _CODES:
        # What stands first, a code of its own in each row, numbers the rows, whatever it is called.
        found[key] = others.pop(0)
        draft.decide(f"column.{found[key].id}", found[key].heading, key, "declared")
    if candidate.kind == "mappings":
        unsure = _without_roles(draft, unsure, found, tests)
    if unsure:
        _confirm(draft, unsure)
    for name in (one for one in candidate.missing if one not in found):
        # Where every column has been taken for something, one that the kind can do without may be it.
        free = [column for column in others if column.filled] or [
            column for role, column in found.items() if not roles[role].required and column.filled
        ]
        # Where some columns hold what such a one would, the others are not offered.
        likely = [column for column in free if name in roles and tests.share(column, roles[name].values) > 0]
        # Who tells stands in every row, and is not the same one throughout.
        if name == "informant" and "case" in found and not any(len(one.counts) > 1 and all(one.texts) for one in likely):
            draft.decide(TELLERS, found["case"].heading, "the-case", "declared")
            draft.tell(text("intake.told_no_tellers", draft.lang))
            continue
        choices = tuple((column.id, column.heading) for column in likely or free)
        words = text("intake.ask_missing", draft.lang, role=_role_words(name, draft, tests.programme))
        draft.ask(Question(f"role.{name}", "choose", words, choices, targets=(f"role.{name}",)))
    if candidate.kind == "interviews" and "source" not in found and "interview" not in (*found, *candidate.missing):
        headings = " - ".join(found[name].heading for name in VISIT if name in found)
        draft.tell(text("intake.told_visits", draft.lang, headings=headings))
    ask_halves(draft, others, found, candidate, tests, {half: _role_words(half, draft, tests.programme) for half in HALVES})
    ask_by_cells(draft, others, found, candidate, tests)
    ask_offered(draft, others, found, candidate, tests)
    for column in others:
        own = column.folded.replace(" ", "_")
        if not kind.roles and column.filled:
            draft.decide(f"column.{column.id}", column.heading, column.heading, "declared")
        elif _keeps(candidate.kind, column) and kind.role(own) is None:
            draft.decide(f"column.{column.id}", column.heading, own, "declared")
        else:
            draft.lose(column.heading, len(column.filled))
    _decide_defaults(draft, candidate.kind, table, found, file)
    for name, options, proposal in _DEFAULTS.get(candidate.kind, ()):
        if name == "persons" and name not in found and "refugee" in found and not _of_families(table, found):
            # A column with one id a match names the one person who is in it; a family is more.
            draft.decide("default.persons", found["refugee"].heading, "1", "declared")
        elif name == "persons" and name not in found and not _of_families(table, found) and _is_of_one(table):
            draft.decide("default.persons", "", "1", "declared")
        elif name not in found and f"default.{name}" not in draft.decided:
            choices = tuple((option, text(f"intake.value_{option}", draft.lang)) for option in options)
            words = text("intake.ask_default", draft.lang, role=_role_words(name, draft, tests.programme))
            draft.ask(Question(f"default.{name}", "choose" if choices else "fill", words, choices, proposal=proposal or None))
    if candidate.kind == "counts" and "as_of" not in found and "measure" in found:
        stocks = [value for value in found["measure"].counts if meaning_of(value, "measure", tests) == "stock"]
        if stocks:
            draft.ask(Question("default.as_of", "fill", text("intake.ask_as_of", draft.lang)))
    if {"case", "informant"} <= found.keys():
        tell_tellers(draft, found["case"], found["informant"])
    if candidate.kind == "interviews":
        leave_unheld(draft, found, table)
        if "person" not in found and "pseudonym" in found:
            ask_persons(draft, found["pseudonym"], found.get("respondent_group"))
    if "pseudonym" in found and (names := sum(not can_be_shown(one) for one in found["pseudonym"].counts)):
        draft.tell(text("intake.told_pseudonyms", draft.lang, heading=found["pseudonym"].heading, count=names))
    quotes = found.get("consent_quote")
    if quotes is not None and "consent_analysis" not in found and any(map(is_withdrawn, quotes.counts)):
        # Who has withdrawn in a column about quotes is out of the analysis as well.
        found["consent_analysis"] = found.pop("consent_quote")
        draft.decide(f"column.{quotes.id}", quotes.heading, "consent_analysis")
    for name, column in found.items():
        role = roles.get(name)
        if name == "consent_analysis" and "consent_quote" not in found:
            if not all(meanings("yesno").get(fold(value), "") for value in column.counts):
                ask_consent(draft, column, of_quotes=column is quotes)
                continue
            draft.tell(text("intake.told_no_quotes", draft.lang, heading=column.heading))
        # Where the classes of reasons stand in a column of their own, the words need none.
        if role is not None and role.values in WORDED and not (name == "reason" and "reason_class" in found):
            propose_words_of(draft, name, role.values, column, table, tests)
        if role is not None and role.values in ("number", "whole"):
            propose_numbers(draft, column, table, whole=role.values == "whole")
        if name == "age_band" and sum(value.isdigit() for value in column.filled) > len(column.filled) / 2:
            # A year of age picks a person out, and a table by single years says nothing.
            draft.decide(f"bands.{column.id}", column.heading, "10", "declared")
            draft.tell(text("intake.told_bands", draft.lang, heading=column.heading))
    return found


def _without_roles(draft: Draft, unsure: list[Match], found: Mapping[str, Column], tests: Tests) -> list[Match]:
    """What is left to confirm where links of cases name their informant by the group: it is known then that the column says who told."""
    teller = found.get("informant")
    if teller is None or "case" not in found or tests.share(teller, "group") < 1:
        return unsure
    draft.decide(f"column.{teller.id}", teller.heading, "informant")
    return [match for match in unsure if match.role.name != "informant"]


def _without_begun(candidate: Candidate, tests: Tests) -> Candidate:
    """The matches without a planned start whose dates stand where the programme is present: they say when it began, which is no plan."""
    columns = {match.role.name: match.column for match in candidate.matches}
    if not {"planned_start", "status"} <= columns.keys():
        return candidate
    cells = zip(columns["planned_start"].texts, columns["status"].texts, strict=True)
    begun = [meaning_of(state, "presence", tests) == "present" for date, state in cells if date]
    if 2 * sum(begun) <= len(begun):
        return candidate
    return dataclasses.replace(candidate, matches=tuple(match for match in candidate.matches if match.role.name != "planned_start"))


def ticked_beside(column: Column, table: Table) -> list[Column]:
    """The boxes under the heading of a column that is such a box itself; empty where it is none, or stands alone."""
    group = column.heading.rpartition(" - ")[0]
    boxes = [other for other in table.columns if group and other.heading.rpartition(" - ")[0] == group]
    ticked = column in boxes and len(boxes) > 1 and all(fold(text) in TICKS for box in boxes for text in box.counts)
    return boxes if ticked else []


def _of_families(table: Table, found: Mapping[str, Column]) -> bool:
    """Whether a register of matches speaks of families, in which several persons are helped."""
    return "match_type" in found or any(_FAMILIES.search(column.folded) for column in table.columns)


def _is_of_one(table: Table) -> bool:
    """Whether each row of a register tells of one person: a sex, an age or a year of birth stands in it."""
    return any(_OF_ONE.match(column.folded) for column in table.columns if column.filled)


def _decide_defaults(draft: Draft, kind: str, table: Table, found: Mapping[str, Column], file: str) -> None:
    """What a list of courses is: courses or workshops, where its heading or its file says so and nothing in it speaks of the other."""
    if kind != "courses" or "type" in found or "name" not in found:
        return
    said = fold(" ".join((*table.titles, table.sheet, file, found["name"].heading, *found["name"].counts)))
    named = fold(f"{file} {found['name'].heading}")
    if _COURSES.search(named) and not _WORKSHOPS.search(said):
        draft.decide("default.type", found["name"].heading, "course", "declared")
    elif _WORKSHOPS.fullmatch(found["name"].folded) and not _COURSES.search(fold(" ".join(found["name"].counts))):
        draft.decide("default.type", found["name"].heading, "workshop", "declared")


def propose_numbers(draft: Draft, column: Column, table: Table, *, whole: bool = False) -> None:
    """What the marks in numbers are, where they can part thousands and decimals alike; which cells hold a sign for none.

    Args:
        draft: the proposal so far.
        column: numbers.
        table: its table.
        whole: whether they are whole ones, which have no decimals.
    """
    marks = marks_of(column)
    if marks == "open" and not whole:
        example = next(text for text in column.filled if (is_number(text) and "." in text) or "," in text)
        choices = tuple((one, text(f"intake.marks_{one}", draft.lang)) for one in ("thousands", "decimals"))
        words = text("intake.ask_marks", draft.lang, heading=column.heading, number=example)
        draft.ask(Question(f"numbers.{column.id}", "choose", words, choices, proposal="thousands"))
    elif marks == "thousands" or (marks == "open" and whole):
        draft.decide(f"numbers.{column.id}", column.heading, "thousands")
    # 999 and -1 among small numbers are what programs write where nobody answered.
    read = {line: float(own) for line, own in zip(table.lines, number_texts(column, marks), strict=True) if _PLAIN.fullmatch(own)}
    usual = sorted(value for value in read.values() if value >= 0 and not _is_nines(value))
    odd = [line for line, value in read.items() if value < 0 or (_is_nines(value) and usual and value > _FAR * usual[-1])]
    if odd and 5 * len(odd) <= len(read):
        told = {"heading": column.heading, "count": len(odd), "rows": ", ".join(map(str, odd[:8]))}
        draft.tell(text("intake.told_odd_numbers", draft.lang, **told))
    rows = [str(line) for line, own in zip(table.lines, column.texts, strict=True) if is_nothing(own)]
    if rows:
        draft.tell(text("intake.told_nothing", draft.lang, heading=column.heading, count=len(rows), rows=", ".join(rows[:8])))


def _is_nines(value: float) -> bool:
    return value >= _NINES and set(f"{value:g}") == {"9"}


def _levels(one: Column, other: Column) -> tuple[Column, Column] | None:
    """Two columns of codes as (upper, lower) level, where a heading names the lower one and each of its codes lies under one code."""
    for upper, lower in ((one, other), (other, one)):
        if _LOWER.match(lower.folded) and not _LOWER.match(upper.folded):
            above: dict[str, set[str]] = {}
            for parent, code in zip(upper.texts, lower.texts, strict=True):
                if code:
                    above.setdefault(code, set()).add(parent)
            return (upper, lower) if above and all(len(parents) == 1 for parents in above.values()) else None
    return None


def _keeps(kind: str, column: Column) -> bool:
    """Whether a column that no role of a kind fits goes with the rows. Of few interviews it has to come again, and name no staff."""
    if kind == "interviews" and (2 * len(column.counts) > len(column.filled) or is_of_staff(column)):
        return False
    shown = kind != "interviews" or all(map(can_be_shown, column.counts))
    return kind in _KEEPS_OTHERS and bool(column.filled) and shown and can_be_kept(column)


def can_be_kept(column: Column) -> bool:
    """Whether a column's values are words that come again, and none of them names or reaches a person."""
    again = len(column.filled) >= _AGAIN * len(column.counts)
    return len(column.counts) <= MOST_WORDS and all(can_be_shown(value) or (again and not reaches(value)) for value in column.counts)


def _ask_which(draft: Draft, name: str, columns: tuple[Column, ...], tests: Tests) -> None:
    choices = tuple((column.id, column.heading) for column in columns)
    words = text("intake.ask_which", draft.lang, role=_role_words(name, draft, tests.programme))
    draft.ask(Question(f"role.{name}", "choose", words, choices, targets=(f"role.{name}",)))


def _confirm(draft: Draft, unsure: list[Match]) -> None:
    choices = (("yes", text("intake.yes", draft.lang)), ("no", text("intake.no", draft.lang)))
    items = tuple(f"{match.column.heading} = {match.role.name}" for match in unsure)
    targets = tuple(f"column.{match.column.id}={match.role.name}" for match in unsure)
    draft.ask(Question("columns", "confirm", text("intake.ask_columns", draft.lang), choices, items, "yes", targets))


def _role_words(name: str, draft: Draft, programme: Programme) -> str:
    if name in _ROLE_WORDS:
        return text(f"intake.role_{name}", draft.lang)
    # As the template heads it, which a person who fills one in knows.
    sheets = template_sheets(draft.kind, programme, draft.lang) if draft.kind in template_kinds() else ()
    return next((f"»{column.heading}«" for sheet in sheets for column in sheet.columns if column.name == name), name)


_ROLE_WORDS = frozenset(
    [
        "interview",
        "respondent_group",
        "source",
        "text",
        "code",
        "match",
        "start",
        "end",
        "municipality",
        "status",
        "name",
        "date",
        "participants",
        "cause",
        "effect",
        "informant",
        "direction",
        "reason",
        "claim",
        "verdict",
        "condition",
        "membership",
        "case",
        "pair",
        "role",
        "code_path",
        "persons",
        "format",
        "type",
        "value",
        "measure",
        "unit",
        "definition",
        "respondent",
        "consent_quote",
        "consent_analysis",
        "addressee",
        "goal",
        "target",
        "signed",
    ]
)


def _one_key(one: Column, other: Column, tests: Tests) -> bool:
    """Whether two columns name the same municipality in every row."""
    for left, right in zip(one.texts, other.texts, strict=True):
        codes = {tests.municipalities.find(value).code for value in (left, right) if value}
        if len(codes) > 1 or "" in codes:
            return False
    return True


def propose_municipalities(draft: Draft, column: Column, table: Table, tests: Tests) -> None:
    """Decide and ask about names of municipalities that are not plainly codes or names of today."""
    keys = value_ids(column.counts)
    names = tests.municipalities.names
    for value, key in keys.items():
        found = tests.municipalities.find(value)
        identifier = f"municipality.{key}"
        if found.how in ("former", "alias", "typo"):
            draft.decide(identifier, value, found.code, "nearest" if found.how == "typo" else "declared")
            told = "told_typo" if found.how == "typo" else "told_former" if found.how == "former" else "told_alias"
            draft.tell(text(f"intake.{told}", draft.lang, name=value, present=names[found.code]))
        elif found.how == "divided":
            choices = tuple((code, names[code]) for code in found.choices)
            draft.ask(Question(identifier, "choose", text("intake.ask_divided", draft.lang, name=value), choices))
        elif found.how == "none":
            row = table.lines[column.texts.index(value)]
            shown = value if can_be_shown(value) else text("intake.in_row", draft.lang, row=row)
            draft.ask(
                Question(
                    identifier,
                    "fill",
                    text("intake.ask_municipality", draft.lang, name=shown, row=row),
                    items=(shown,),
                    targets=(identifier,),
                )
            )


def tell_doubles(draft: Draft, table: Table, found: dict[str, Column]) -> None:
    """Rows that are equal in every cell: told; left out only where they share a key."""
    double = len(table.repeated())
    if not double:
        return
    # Who said the same of the same link in the same words said it once.
    # One coder gives a code to one passage once.
    if draft.kind == "codings" and {"text", "start", "coder"} <= found.keys():
        draft.decide("doubled_rows", found["text"].heading, "left-out", "declared")
        draft.tell(text("intake.told_doubled_rows", draft.lang, count=double))
        return
    placed = "quote" in found or any(_PLACE_IN_TEXT.fullmatch(one.folded) and len(one.filled) == len(table) for one in table.columns)
    # A case that tells for itself names a link once.
    by_case = TELLERS in draft.decided and draft.decided[TELLERS].value == "the-case"
    if draft.kind == "mappings" and (by_case or ("informant" in found and placed)):
        draft.decide("doubled_rows", found["case" if by_case else "informant"].heading, "left-out", "declared")
        draft.tell(text("intake.told_doubled_rows", draft.lang, count=double))
        return
    once = ("interview", "match", "course", "count", *(("municipality",) if draft.kind in ("monitoring", "categories") else ()))
    # Nobody begins twice on one day, with all that stands beside it alike.
    pair = (found.get("refugee") or found.get("volunteer")) if draft.kind == "matches" else None
    key = next((found[name] for name in once if name in found), pair)
    if key is not None and all(key.texts):
        draft.decide("doubled_rows", key.heading, "left-out", "declared")
        draft.tell(text("intake.told_doubled_rows", draft.lang, count=double))
    else:
        draft.tell(text("intake.told_equal_rows", draft.lang, count=double))
