"""What coded interviews say beside themes: a stance, a phase, whom it helps, and who was interviewed."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING

from vvvresearch.evidence import SEPARATOR, Codings, join_code, join_name, join_parts, occasion_in
from vvvresearch.intake._cells import Tests
from vvvresearch.intake._dates import judge_dates
from vvvresearch.intake._fold import fold
from vvvresearch.intake._kind import Candidate, Match, match_columns
from vvvresearch.intake._personal import can_be_shown, shown, value_ids
from vvvresearch.intake._proposal import Draft, Question, Value
from vvvresearch.intake._settle import Settled
from vvvresearch.intake._table import Column, Table
from vvvresearch.intake._words import TableKind, interviewee_roles, meanings
from vvvresearch.locales import text
from vvvresearch.sources.qda._meaning import apply_meaning

if TYPE_CHECKING:
    import pandas as pd

    from vvvresearch.intake._table import Column


THEME, CASE, MARK = "-", "case", "mark"
# Who coded a file that does not say it in its rows.
CODER = "coder"
_INITIALS = re.compile(r"(?<![A-Za-zÆØÅæøå])[A-ZÆØÅ]{2,3}(?![A-Za-zÆØÅæøå])")
# Languages, countries and formats that files are called by.
_NO_INITIALS = frozenset(
    ("DA", "DK", "EN", "UK", "GB", "US", "DE", "EU", "QDA", "CSV", "TXT", "XLS", "QDC", "QDE", "NB", "OK", "NEW", "NY")
)
# What a word says as the last step of every code that ends with it.
LEAF = "leaf"
# What a coding can say beside its theme, and the attribute that it says.
ATTRIBUTES = {
    "affirmed": "stance", "contradicted": "stance", "child": "beneficiary", "adult": "beneficiary", "start": "phase", "later": "phase",
    "prompted": "prompted", "unprompted": "prompted",
}  # fmt: skip
_PIECES = re.compile(r"[\n;|]")
_BESIDE, _FEW = 0.9, 3


def propose_meaning(draft: Draft, codings: Codings, coders: Sequence[str] = ()) -> None:
    """Ask what codes, sets and comments mean whose words may be more than themes; decide which codes are cases.

    Args:
        draft: of the file.
        codings: as read without a declaration: codes that surely are stances have become that already.
        coders: those that the round knows; empty where it names none.
    """
    cases = _propose_cases(draft, codings)
    beside = _beside(codings.frame)
    unsure: list[tuple[str, str]] = []
    leaves = _leaves(codings, cases)
    again = _under_several(path for path, _ in leaves)
    for path, name in leaves:
        meant = meanings("coding_meaning").get(fold(name), meanings("coding_meaning").get(name.strip(), ""))
        known = meant and (ATTRIBUTES[meant] == "stance" or _always_beside(beside.get(path, []), 1))
        # A code at the top that only ever stands beside themes, whichever they are, may be a mark of the coder's.
        if known or path in again or (SEPARATOR not in path and _always_beside(beside.get(path, []), _FEW)):
            unsure.append((LEAF, name) if SEPARATOR in path else ("code", path))
    unsure = list(dict.fromkeys(unsure))
    for name in () if codings.sets is None else dict.fromkeys(codings.sets["set"]):
        if fold(str(name)) in meanings("coding_meaning") or fold(str(name)) in meanings("sure_stance"):
            unsure.append(("set", str(name)))
    unsure += _comments(codings.frame["memo"].str.strip().str.casefold().tolist() if "memo" in codings.frame else ())
    if unsure:
        _ask(draft, unsure)
    _ask_coders(draft, codings, coders)


def propose_coder(draft: Draft, codings: Codings, stem: str) -> None:
    """The coder of codings that name none, where the file is called by two or three initials: "tags_KM"."""
    initials = [found for found in _INITIALS.findall(stem) if found not in _NO_INITIALS]
    if not any(codings.coders) and len(set(initials)) == 1:
        draft.decide(CODER, stem, initials[0], "declared")
        draft.tell(text("intake.told_coder", draft.lang, coder=initials[0]))


def propose_words(
    draft: Draft, codes: Column | None, passages: Sequence[str], comments: Column | None, separator: str, parents: Column | None = None
) -> None:
    """Ask what codes and comments of a table mean whose words may say more than a theme.

    Args:
        draft: of the file.
        codes, comments: the columns, where there are such.
        parents: the column with what stands above each code, where there is one.
        passages: the quote of each row.
        separator: what parts the steps of a code, "" for nothing.
    """
    unsure: list[tuple[str, str]] = []
    cells = [[piece.strip() for piece in _PIECES.split(cell) if piece.strip()] for cell in (codes.lined if codes else ())]
    # What a passage is about stands beside what else is said of it: in the cell, or in a row of the same quote.
    shared = Counter(passages)
    beside = {piece for pieces, passage in zip(cells, passages, strict=True) for piece in pieces if len(pieces) > 1 or shared[passage] > 1}
    above = parents.texts if parents is not None else ("",) * len(cells)
    paths = dict.fromkeys(SEPARATOR.join((top, piece)) for top, pieces in zip(above, cells, strict=True) if top for piece in pieces)
    if separator:
        split = ([step.strip() for step in piece.split(separator)] for pieces in cells for piece in pieces)
        paths |= dict.fromkeys(SEPARATOR.join(steps) for steps in split if len(steps) > 1)
    again = _under_several(paths)
    unsure += [(LEAF, path.rpartition(SEPARATOR)[2]) for path in paths if path in again]
    for code in dict.fromkeys(piece for pieces in cells for piece in pieces):
        steps = [step.strip() for step in code.split(separator)] if separator else [code]
        if (len(steps) > 1 or code in beside) and {steps[-1], fold(steps[-1])} & meanings("coding_meaning").keys():
            unsure.append((LEAF, steps[-1]) if len(steps) > 1 else ("code", code))
    unsure = list(dict.fromkeys(unsure))
    told = _comments([words.strip().casefold() for words in comments.texts] if comments else ())
    # Where a column says the stance, "agreed" beside it is said to another coder.
    stated = any(one.value == "stance" for one in draft.decided.values())
    unsure += [one for one in told if not stated or ATTRIBUTES[_meant(one[1])] != "stance"]
    if unsure:
        _ask(draft, unsure)


def _meant(word: str) -> str:
    return meanings("sure_stance").get(fold(word)) or meanings("coding_meaning")[fold(word)]


def _under_several(paths: Iterable[str]) -> set[str]:
    """The codes that stand by one name under several themes, half at least of those that are parted: what they say of a theme is none."""
    by_name: dict[str, set[str]] = {}
    for path in (one for one in paths if SEPARATOR in one):
        by_name.setdefault(fold(path.rpartition(SEPARATOR)[2]), set()).add(path)
    parted = {path.rpartition(SEPARATOR)[0] for own in by_name.values() for path in own}
    return {path for own in by_name.values() if len(own) > 1 and 2 * len(own) >= len(parted) for path in own}


def _comments(memos: Iterable[str]) -> list[tuple[str, str]]:
    """Comments that come again and are a word that may say more than a theme; one that plainly says a stance need not come again."""
    return [
        ("comment", memo)
        for memo, count in Counter(memo for memo in memos if memo).most_common()
        if fold(memo) in meanings("sure_stance") or (count >= _FEW and fold(memo) in meanings("coding_meaning"))
    ]


def _ask(draft: Draft, unsure: list[tuple[str, str]]) -> None:
    targets = tuple(f"meaning.{carrier}.{_key(name)}" for carrier, name in unsure)
    items = tuple(shown(name) for _, name in unsure)
    choices = tuple((value, text(f"intake.value_{value}", draft.lang)) for value in (*ATTRIBUTES, CASE, MARK, "theme"))
    choices = tuple((THEME if value == "theme" else value, label) for value, label in choices)
    draft.ask(Question("meaning", "choose", text("intake.ask_meaning", draft.lang), choices, items, targets=targets))


def _key(name: str) -> str:
    """A name in an id; a digest where it could be a person's."""
    return value_ids([name])[name]


def _leaves(codings: Codings, cases: set[str]) -> list[tuple[str, str]]:
    """(path, name) of codes that hold no others and are no cases."""
    book = codings.codebook
    parents = set(book.frame["parent"])
    return [(path, path.rpartition(SEPARATOR)[2]) for path in book.paths if path not in parents and not _below(path, cases)]


def _below(path: str, tops: Iterable[str]) -> bool:
    return any(path == top or path.startswith(top + SEPARATOR) for top in tops)


def _beside(frame: pd.DataFrame) -> dict[str, list[set[str]]]:
    """Code → for each of its codings the other codes that its coder gave the passage."""
    keys = ["source", "coder", "start", "end", "text", "code_path"]
    rows: list[list[str]] = frame[keys].astype(str).to_numpy().tolist()
    passages: dict[tuple[str, ...], set[str]] = {}
    for row in rows:
        passages.setdefault(tuple(row[:-1]), set()).add(row[-1])
    found: dict[str, list[set[str]]] = {}
    for row in rows:
        found.setdefault(row[-1], []).append(passages[tuple(row[:-1])] - {row[-1]})
    return found


def _always_beside(beside: Sequence[set[str]], least: int) -> bool:
    """Whether codings of a code nearly always have others beside them, of at least so many different codes."""
    shared = [codes for codes in beside if codes]
    return len(beside) >= _FEW and len(shared) >= _BESIDE * len(beside) and len(set().union(*shared)) >= least


def _propose_cases(draft: Draft, codings: Codings) -> set[str]:
    """Codes that are interviewees: named like the transcript they stand in, or all codes of a folder of persons."""
    frame, book = codings.frame, codings.codebook
    sources: dict[str, set[str]] = {}
    for path, source in zip(map(str, frame["code_path"]), map(str, frame["source"]), strict=True):
        sources.setdefault(path, set()).add(source)
    stems = {fold(PurePath(str(source)).stem): str(source) for source in {*frame["source"], *codings.texts}}
    named = {path: stems.get(fold(path.rpartition(SEPARATOR)[2]), "") for path in sources}
    found = {path for path, source in named.items() if source and sources[path] == {source}}
    asked = []
    for top in book.paths:
        children = book.children(top)
        coded = [child for child in children if child in sources]
        if fold(top.rpartition(SEPARATOR)[2]) not in meanings("case_folder") or not coded or top in sources:
            continue
        # Each of the persons stands in one transcript, and no two of them in the same.
        own = [sources[child] for child in coded]
        if all(len(one) == 1 for one in own) and len(set.union(*own)) == len(own):
            found.add(top)
        else:
            asked.append(top)
    found = {path for path in found if not _below(path, found - {path})}
    for path in sorted(found):
        draft.decide(f"meaning.code.{_key(path)}", path if can_be_shown(path) else "", CASE)
    if found:
        count = max(len(found), sum(_below(path, found) for path in book.paths))
        draft.tell(text("intake.told_cases", draft.lang, count=count))
    for top in asked:
        choices = ((CASE, text("intake.value_case", draft.lang)), (THEME, text("intake.value_theme", draft.lang)))
        identifier = f"meaning.code.{_key(top)}"
        draft.ask(Question(identifier, "choose", text("intake.ask_cases", draft.lang, code=top), choices, targets=(identifier,)))
    return found | set(asked)


def _ask_coders(draft: Draft, codings: Codings, known: Sequence[str]) -> None:
    """A coder whom the round does not name is one of those it names, or a new one."""
    strange = [coder for coder in codings.coders if coder and coder not in known] if known else []
    for coder in strange:
        identifier = f"coder.{_key(coder)}"
        choices = (*((one, one) for one in known), ("new", text("intake.new_coder", draft.lang)))
        words = text("intake.ask_coder", draft.lang, coder=shown(coder))
        draft.ask(Question(identifier, "choose", words, choices, targets=(identifier,)))


def with_decisions(codings: Codings, settled: Settled) -> Codings:
    """Codings as their map reads them: what codes, sets and comments mean stands in columns, codes that are cases are no themes, and
    coders have the name that the round knows them by."""
    carriers = {
        "code": list(codings.codebook.frame["code_path"]),
        "set": [] if codings.sets is None else list(codings.sets["set"].unique()),
        "comment": list(codings.frame["memo"].str.strip().str.casefold().unique()) if "memo" in codings.frame else [],
    }
    meaning: dict[str, dict[str, dict[str, str]]] = {}
    cases: set[str] = set()
    for name, value in settled.starting("meaning.").items():
        carrier, _, key = name.partition(".")
        if carrier == LEAF:
            carrier, named = "code", [path for path in carriers["code"] if _key(path.rpartition(SEPARATOR)[2]) == key and SEPARATOR in path]
        else:
            named = [str(one) for one in carriers.get(carrier, ()) if _key(str(one)) == key]
        if value in (CASE, MARK):
            cases.update(named)
        elif (attribute := ATTRIBUTES.get(str(value))) is not None:
            meaning.setdefault(attribute, {}).setdefault(carrier, {}).update(dict.fromkeys(named, str(value)))
    if cases:
        book = codings.codebook.frame
        own = book["code_path"].map(lambda path: _below(str(path), cases))
        book = book.assign(is_case=own | book["is_case"].astype(bool) if "is_case" in book else own)
        codings = dataclasses.replace(codings, codebook=dataclasses.replace(codings.codebook, frame=book))
    if settled.decisions.get(UNREGISTERED) == "left-out":
        left = settled.this_file.get(UNREGISTERED, "").split(" | ")
        codings = dataclasses.replace(codings, frame=codings.frame[~codings.frame["source"].isin(left)].reset_index(drop=True))
    names = {_key(coder): coder for coder in codings.coders}
    known = {names[key]: str(value) for key, value in settled.starting("coder.").items() if value != "new" and key in names}
    if known:
        codings = dataclasses.replace(codings, frame=codings.frame.assign(coder=codings.frame["coder"].replace(known)))
    if coder := str(settled.decisions.get(CODER, "")):
        codings = dataclasses.replace(codings, frame=codings.frame.assign(coder=coder))
    return apply_meaning(codings, meaning) if meaning else codings


_MOST_GROUPS, _FEW_LEFT, _MOSTLY = 8, 0.1, 0.5
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
    if (
        GROUP not in found
        and documents is not None
        and _is_constant(documents.column, source)
        and tests.share(documents.column, "group") > _MOSTLY
    ):
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
