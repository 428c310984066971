"""What a table of codings says of those who were interviewed: the columns that have one value an interview, as a register of them."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from vvvresearch.evidence import join_code, join_name, join_parts, occasion_in
from vvvresearch.intake._cells import Tests
from vvvresearch.intake._dates import judge_dates
from vvvresearch.intake._kind import Candidate, Match, match_columns
from vvvresearch.intake._personal import shown
from vvvresearch.intake._proposal import Draft, Question, Value
from vvvresearch.intake._settle import Settled
from vvvresearch.intake._table import Column, Table
from vvvresearch.intake._words import TableKind, interviewee_roles
from vvvresearch.locales import text

if TYPE_CHECKING:
    import pandas as pd

_MOST_GROUPS, _FEW_LEFT = 8, 0.1
# Decisions: what becomes of transcripts that no register has; the column of the number and those of the dates of each turn.
UNREGISTERED, VISITS = "unregistered", "visits"
_TURN = re.compile(r"(?:^|\b)(\d)\b|foerste|anden|first|second")
GROUP = "respondent_group"


def with_interviewees(
    candidate: Candidate, table: Table, personal: tuple[Column, ...], tests: Tests, registered: Collection[str]
) -> Candidate:
    """A table of codings with the columns that speak of the interviewee, each with one value an interview; without them where a register
    has every interview already. A group of documents is one of them where its words are groups of the programme.
    """
    matches = {match.role.name: match for match in candidate.matches}
    if "source" not in matches or _all_in(matches["source"].column.counts, registered):
        return candidate
    source, taken = matches["source"].column, {one.column.id for one in candidate.matches} | {one.rival for one in candidate.matches}
    free = [
        column
        for column in table.columns
        if column.id not in taken and column not in personal and column.filled and _is_constant(column, source)
    ]
    roles = interviewee_roles()
    kind = TableKind("interviews", "interviews", tuple(roles.values()))
    found = {match.role.name: match for match in match_columns(kind, free, tests).matches if match.heading}
    documents = matches.get("group")
    if GROUP not in found and documents is not None and _is_constant(documents.column, source) and tests.share(documents.column, "group"):
        found[GROUP] = Match(roles[GROUP], documents.column, 1.0, 1.0)
        del matches["group"]
    used = {match.column.id for match in found.values()}
    for column in free if GROUP not in found else ():
        # Words for groups that no programme knows are asked for.
        if column.id not in used and roles[GROUP].fits_heading(column.folded) and 1 < len(column.counts) <= _MOST_GROUPS:
            found[GROUP] = Match(roles[GROUP], column, roles[GROUP].fits_heading(column.folded), 0.0)
            break
    # A register without groups counts nothing.
    return dataclasses.replace(candidate, matches=(*matches.values(), *found.values())) if GROUP in found else candidate


def of_the_interviewees(settled: Settled) -> Settled | None:
    """What is decided about the interviewees of a table of codings, as of a register; None where it says nothing of them."""
    roles = settled.roles()
    own = {name: role for name, role in roles.items() if role in interviewee_roles()}
    if settled.kind != "codings" or GROUP not in own.values():
        return None
    source = next(name for name, role in roles.items() if role == "source")
    decisions: dict[str, Value] = {
        name: value for name, value in settled.decisions.items() if name.partition(".")[0] not in ("column", "blank", "codes", "kind")
    }
    decisions |= {f"column.{name}": role for name, role in own.items()} | {f"column.{source}": "interview"}
    decisions |= {
        f"blank.{_role(name)}": value for name, value in settled.starting("blank.").items() if _role(name) in {*own.values(), "interview"}
    }
    return dataclasses.replace(settled, kind="interviews", type="interviews", unit="interview", decisions=decisions)


def register_of(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows of passages as rows of interviews: of each column the first cell that says something."""
    first = frame.replace("", None).groupby("interview", sort=False).first()
    lines = frame.index[~frame["interview"].duplicated() & frame["interview"].ne("")]
    return first.fillna("").reset_index().assign(source=lambda rows: rows["interview"]).set_index(lines)[list(frame.columns)]


def _role(name: str) -> str:
    return "interview" if name == "source" else name


def _all_in(names: Collection[str], registered: Collection[str]) -> bool:
    """Whether a register has every transcript, by its name or its number."""
    left = unregistered_in(names, registered)
    return bool(registered) and len(left) <= _FEW_LEFT * len(names)


def unregistered_in(names: Collection[str], registered: Collection[str]) -> list[str]:
    """The transcripts that no register has, by their names, their numbers or their codes."""
    keys = (join_name, join_parts, join_code)
    known = [{key(name) for name in registered} - {""} for key in keys]
    return [name for name in names if not any(key(name) in own for key, own in zip(keys, known, strict=True))]


def ask_unregistered(draft: Draft, passages: Mapping[str, int], registered: Collection[str]) -> None:
    """Ask what becomes of transcripts that no register has, where it has nearly all: an interview to try the guide, one that was lost.

    Args:
        draft: of the codings.
        passages: transcript → how many passages it has.
        registered: the interviews of the register.
    """
    left = unregistered_in(passages, registered)
    if not left or not _all_in(passages, registered):
        return
    draft.this_file[UNREGISTERED] = " | ".join(left)
    choices = (("left-out", text("intake.unregistered_out", draft.lang)), ("kept", text("intake.unregistered_kept", draft.lang)))
    words = text("intake.ask_unregistered", draft.lang, count=len(left), passages=sum(passages[name] for name in left))
    draft.ask(Question(UNREGISTERED, "choose", words, choices, tuple(map(shown, left)), "left-out", (UNREGISTERED,)))


def visit_columns(table: Table) -> list[Column]:
    """The columns of dates of a register that has a row a person: the first interview, the second ("Runde 1", "Runde 2")."""
    dated = [one for one in table.columns if one.filled and judge_dates(one.cells).share == 1]
    turns = {one.id: occasion_in(one.folded) or ("turn" if _TURN.search(one.folded) else "") for one in dated}
    found = [one for one in dated if turns[one.id] and not turns[one.id].startswith("season")]
    apart = len({_TURN.sub(r"\1", one.folded) for one in found}) == len(found) > 1
    return found if apart and len({len(one.filled) for one in found}) > 1 else []


def with_visits(table: Table, number: Column, visits: Sequence[Column]) -> Table:
    """A register with a row a person as one with a row an interview: whose it is, its turn, its date; a later one has its turn behind
    the number of the person, "B02 (2)"."""
    rows = [(row, turn) for row in range(len(table)) for turn, one in enumerate(visits) if one.texts[row] or not turn]
    columns = []
    for column in table.columns:
        if column not in visits:
            cells = [column.cells[row] for row, _ in rows]
            if column.id == number.id:
                columns.append(Column("Person", "person", tuple(cells)))
                cells = [f"{number.texts[row]} ({turn + 1})" if turn else number.texts[row] for row, turn in rows]
            columns.append(dataclasses.replace(column, cells=tuple(cells)))
    columns += [
        Column("Runde", "runde", tuple(turn + 1 for _, turn in rows)),
        Column("Dato", "dato", tuple(visits[turn].cells[row] for row, turn in rows)),
    ]
    return dataclasses.replace(table, columns=tuple(columns), lines=tuple(table.lines[row] for row, _ in rows))


def _is_constant(column: Column, source: Column) -> bool:
    """Whether a column never has two values in one interview."""
    seen: dict[str, str] = {}
    name = ""
    for own, cell in zip(source.texts, column.texts, strict=True):
        name = own or name
        if cell and seen.setdefault(name, cell) != cell:
            return False
    return True
