"""The signs of a survey: questions as headings, tick boxes, scales, the state of an answer, codes of items."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from vvvresearch.intake._dates import read_date
from vvvresearch.intake._fold import fold
from vvvresearch.intake._scales import is_dont_know, scale_of
from vvvresearch.intake._table import Column, Table
from vvvresearch.intake._words import meanings

_OF_DAY = re.compile(r"(\d{1,2})[:.](\d\d)(?:[:.](\d\d))?( ?[ap]m)?\b", re.IGNORECASE)
_TO_THE_SECOND, _LEAST_SAID, _A_MINUTE = 19, 3, datetime.timedelta(minutes=1)
_ASKS_WHETHER_COMPLETE = re.compile(r"(is )?(completed?|finished|submitted|gennemfoert|afsluttet|fuldfoert|faerdig|faerdigbesvaret)")
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")
_ITEM_CODE = re.compile(r"(s|spm|q|v|item|sp|spoergsmaal|question|var)[ _.]?\d+[a-z]?([_.]\w+)?(\[\w+\])?", re.IGNORECASE)
_ANSWER_CODE = re.compile(r"(A|AO)\d{1,3}")
_NUMBERED = re.compile(r"((?:spm|sp|s|q|question|spørgsmål)[ .]?\d+[a-z]?|\d+[a-z]?)[.):]? +\S", re.IGNORECASE)
_ON_A_SCALE = re.compile(r"\([01] ?(-|–|til|to) ?(4|5|6|7|10)\b")
# A question that says itself that several answers may be ticked.
_SEVERAL = re.compile(
    r"flere (krydser|svar|muligheder)|(gerne|saet|vaelg) (\w+ )?flere|flere kan (saettes|vaelges)|(all|several|more than one|as many)"
    r" (that|as|may|can|apply|you|answers?|options?)|(tick|check|select|choose) (all|several|any)|multiple (answers|choice)"
)
_STEM = re.compile(r"^(?P<stem>.+?)(?P<mark> [-–—] |: | ?\| ?|\[)(?P<part>.+?)\]?$")
_STEM_BRACKETS = re.compile(r"^(?P<stem>.+?) ?(?P<mark>\()(?P<part>[^()]+)\)$")
_STEM_QUESTION = re.compile(r"^(?P<stem>.+?)(?P<mark>\?) +(?P<part>\S.*)$")
_STEM_NUMBER = re.compile(r"^(?P<stem>.*?[A-Za-zæøåÆØÅ0-9])[_.](?P<part>\d{1,2}|[a-z])$")
_TIGHT = re.compile(r",\S")
_OTHER = re.compile(r"(andet|anden|andre|other)( .*)?")
TICKED = frozenset(("valgt", "x", "1", "y", "yes", "selected", "checked", "ticked", "sat", "sat kryds", "kryds", "afkrydset", "ja"))
UNTICKED = frozenset(("ikke valgt", "0", "n", "no", "not selected", "unchecked", "unticked", "not ticked", "ikke afkrydset", "nej"))


@dataclass(frozen=True)
class TickGroup:
    """Columns that are the boxes of one question.

    Args:
        stem: the question.
        columns: its boxes.
        parts: the option of each box.
        sure: whether headings and cells both say so.
    """

    stem: str
    columns: tuple[Column, ...]
    parts: tuple[str, ...]
    sure: bool


def survey_signs(columns: Sequence[Column]) -> float:
    """How much a table looks like answers to a survey; comparable with the score of a kind of table."""
    filled = [column for column in columns if column.filled]
    if len(filled) < 2 or max(len(column.filled) for column in filled) < 3:
        return 0.0
    boxes = {column.id for group in tick_groups(filled) for column in group.columns}
    asked = {column.id for column in filled if is_question(column.heading) or _ON_A_SCALE.search(column.heading)}
    coded = {column.id for column in filled if _ITEM_CODE.fullmatch(column.heading)}
    scaled = {column.id for column in filled if scale_of(column.counts).name}
    known = boxes | asked | coded | scaled
    if len(filled) > 3 and any(column.folded in _KEYS and len(column.counts) == len(column.filled) for column in filled):
        # Under the key of a respondent, words that come again are answers.
        known |= {column.id for column in filled if len(column.counts) <= 12 and len(column.filled) >= 2 * len(column.counts)}
    status = next((column for column in filled if is_status(column)), None)
    score = 2.0 * len(known) ** 0.5 + (2.0 if status is not None else 0.0) + (1.0 if boxes else 0.0) + (1.0 if scaled else 0.0)
    # What a program puts beside the answers says that it collected them.
    written = sum(column.folded in _OF_PROGRAM for column in filled)
    if written >= _LEAST_WRITTEN and not known:
        return 2.0 * written
    helpers = sum(is_background(column) for column in filled if column.id not in known)
    return score * min(1.0, (len(known) + helpers) / len(filled)) if known else 0.0


def is_question(heading: str) -> bool:
    """Whether a heading is a question of a survey rather than the name of a column."""
    return (
        "?" in heading or len(heading.split()) >= 6 or bool(_NUMBERED.match(heading) and (heading[0].isalpha() or len(heading.split()) > 3))
    )


def asks_for_several(heading: str) -> bool:
    """Whether a question says that it takes several answers.

    Example:
        >>> asks_for_several("Hvad hjalp dig mest? (flere krydser)"), asks_for_several("Hvor mange hold har I?")
        (True, False)
    """
    return _SEVERAL.search(fold(heading)) is not None


def is_status(column: Column) -> bool:
    """Whether cells say how far an answer came; two different words at least, or a heading that says so."""
    known = list(map(bool, _states(column)))
    told = bool(re.search(r"status|besvar|complet|tilstand|^state$", column.folded))
    return bool(known) and all(known) and len(set(column.counts)) <= 8 and (told or len(column.counts) >= 2)


def _states(column: Column, texts: Sequence[str] | None = None) -> list[str]:
    """The state that each cell says in words, or answers to "Completed?"; "" where it is none."""
    words = meanings("status")
    if _ASKS_WHETHER_COMPLETE.fullmatch(column.folded):
        words = {**{word: {"yes": "complete", "no": "partial"}.get(meant, "") for word, meant in meanings("yesno").items()}, **words}
    return [words.get(fold(text), "") for text in (column.counts if texts is None else texts)]


def states_of(status: Column | None, submitted: Column | None, count: int) -> list[str]:
    """How far each answer came: complete, partial, none or "" where nothing says it.

    LimeSurvey has no column for it: an answer without the date on which it was sent is partial.
    """
    if status is not None:
        return _states(status, status.texts)
    if submitted is not None and SENT.search(submitted.folded):
        return ["complete" if text else "partial" for text in submitted.texts]
    return [""] * count


def moments(column: Column, *, month_first: bool) -> list[str]:
    """When each answer came, as text that sorts: an ISO day, and the time of day on a clock of 24 hours where one is told."""
    times = []
    for cell, text in zip(column.cells, column.texts, strict=True):
        clock = _OF_DAY.search(text.partition(" ")[2] or text.partition("T")[2])
        hour = (int(clock[1]) % 12 + 12 * (clock[4].strip().casefold() == "pm") if clock[4] else int(clock[1])) if clock else 0
        told = f"{hour:02}:{clock[2]}:{clock[3] or '00'}" if clock else ""
        times.append(f"{read_date(cell, month_first=month_first).value} {told}".strip())
    return times


def sent_again(table: Table, sent: Column, *, month_first: bool) -> list[tuple[int, int]]:
    """Rows that are alike in every cell but the time and were sent within a minute of one above: a button that was pressed twice, as
    (row, row above) in the file."""
    columns = [column for column in table.columns if column is not sent]
    last: dict[tuple[str, ...], tuple[int, datetime.datetime]] = {}
    again = []
    for row, when in enumerate(moments(sent, month_first=month_first)):
        answer = tuple(column.texts[row] for column in columns)
        if len(when) != _TO_THE_SECOND or sum(map(bool, answer)) < _LEAST_SAID:
            continue
        moment = datetime.datetime.fromisoformat(when)
        above = last.get(answer)
        if above is not None and abs(moment - above[1]) <= _A_MINUTE:
            again.append((table.lines[row], above[0]))
        else:
            last[answer] = (table.lines[row], moment)
    return again


def of_one_address(table: Table) -> list[list[int]]:
    """The rows of each e-mail address that sent several answers, in the order of the file."""
    rows: dict[str, list[int]] = {}
    for column in table.columns:
        if column.filled and all(_ADDRESS.fullmatch(text) for text in column.filled):
            for row, text in enumerate(column.texts):
                if text:
                    rows.setdefault(text.casefold(), []).append(row)
            break
    return [some for some in rows.values() if len(some) > 1]


def is_background(column: Column) -> bool:
    """Whether a column is what survey programs put beside the answers: keys, times, the place."""
    if is_status(column) or column.folded in _BESIDE:
        return True
    return bool(
        re.search(
            r"kommun|municipal|region|respondent|tidspunkt|tidsstempel|timestamp|completion time|submit|dato|date|"
            r"comment|kommentar|bemaerk|^(id|nr|no|lb ?nr|loebe ?nr)$|noegle|key|oprettet|created|start|organisation|rolle|alder|koen",
            column.folded,
        )
    )


_OF_PROGRAM = frozenset(
    ("uuid", "submission time", "deviceid", "instanceid", "collector id", "lastpage", "startlanguage", "distributionchannel")
)
_LEAST_WRITTEN = 2
SENT = re.compile(r"\bsubmi(t|ss)|\bindsend")
_KEYS = frozenset(("respondent", "respondentid", "respondent id", "respondentnoegle", "response id", "svar id"))
_BESIDE = frozenset(
    [
        "id",
        "noegle",
        "key",
        "response",
        "id",
        "respondent",
        "respondentid",
        "ip",
        "lastpage",
        "seed",
        "startlanguage",
        "submitdate",
        "datestamp",
        "startdate",
        "refurl",
        "token",
        "language",
        "sprog",
    ]
)


def boxes_of(table: Table, columns: Sequence[Column]) -> list[TickGroup]:
    """The questions with tick boxes: the sets of a labelled file, and what headings and cells say."""
    # A workbook with a sheet of labels has no sets of its own.
    if not table.labelled or table.sheet:
        return tick_groups(columns)
    there = {column.id: column for column in columns}
    groups = []
    for stem, ids in table.sets:
        members = tuple(there[name] for name in ids if name in there)
        if len(members) > 1:
            groups.append(TickGroup(stem, members, tuple(column.heading for column in members), True))
    taken = {column.id for group in groups for column in group.columns}
    # A file may name no sets; labels of one stem over boxes say as much.
    return groups + tick_groups([column for column in columns if column.id not in taken])


def tick_groups(columns: Sequence[Column]) -> list[TickGroup]:
    """Questions whose answers are tick boxes: a common stem in the headings, and cells of boxes."""
    stems: dict[tuple[str, str], list[tuple[Column, str]]] = {}
    for column in columns:
        shapes = (_STEM, _STEM_BRACKETS, _STEM_QUESTION, _STEM_NUMBER)
        found = next((one for shape in shapes if (one := shape.match(column.heading))), None)
        if found and not is_other_text(column):
            mark = found.groupdict().get("mark", "_")
            stem = f"{found['stem'].strip()}?" if mark == "?" else found["stem"].strip()
            stems.setdefault((stem, mark.strip()), []).append((column, found["part"].strip()))
    groups = []
    for (stem, mark), members in stems.items():
        if len(members) < 2:
            continue
        states = [_box(column, part, mark) for column, part in members]
        if all(state != "no" for state in states) and any(column.filled for column, _ in members):
            sure = all(state in ("sure", "empty") for state in states) or asks_for_several(stem)
            groups.append(TickGroup(stem, tuple(column for column, _ in members), tuple(part for _, part in members), sure))
    return groups


def is_other_text(column: Column) -> bool:
    """Whether a column holds what was written beside "other", which is no box of the question that it belongs to."""
    found = _STEM.match(column.heading)
    return found is not None and _OTHER.fullmatch(fold(found["part"])) is not None and _box(column, found["part"].strip(), "") == "no"


def _box(column: Column, part: str, mark: str) -> str:
    """Whether the cells of a column are those of a box: sure, asked, no, or empty."""
    values = {fold(text) or text for text in column.counts}
    if not values:
        return "empty"
    if values <= {fold(part)} or values <= {fold(column.heading)}:
        return "sure"
    if not values <= TICKED | UNTICKED:
        return "no"
    # Yes and no may be an answer each; yes or nothing is a tick.
    if values & {"nej", "no"}:
        return "sure" if mark == "[" else "asked"
    return "sure"


def separated(column: Column) -> str:
    """The mark between several answers in one cell: ";", ", " or ",", "" where a cell holds one answer."""
    for mark in (";", ", ", ","):
        # Qualtrics writes a comma without a space between answers, and a space stands behind those within one.
        if not any(mark in text if mark != "," else _TIGHT.search(text) for text in column.counts):
            continue
        cells = pieces_of(column.filled, mark)
        several = [pieces for pieces in cells if len(pieces) > 1 or (mark == ";" and column.filled[0].endswith(";"))]
        if not several:
            continue
        # Options meet in more than one way; the halves of a sentence always meet each other.
        apart = {frozenset(pieces) for pieces in cells if pieces}
        if not any(len(one) > 1 and any(one & other for other in apart - {one}) for one in apart):
            continue
        counts: dict[str, int] = {}
        for piece in (piece for pieces in cells for piece in pieces):
            counts[piece] = counts.get(piece, 0) + 1
        if mark == ", " and all(re.search(r", [a-zæøå]", text) for text in column.counts if mark in text):
            # "Ja, det er besluttet" beside "Ja, måske" and "Nej": what follows the comma never begins like an option.
            alone = {piece for pieces in cells if len(pieces) == 1 for piece in pieces}
            if not any(piece in alone for pieces in cells for piece in pieces[1:]):
                continue
        # Options come again; the parts of a sentence do not.
        again = sum(count for count in counts.values() if count > 1)
        short = all(len(piece.split()) <= 12 for piece in counts)
        if len(counts) <= 20 and again >= 0.8 * sum(counts.values()) and short and len(column.counts) > 1:
            return mark
    return ""


def pieces_of(texts: Sequence[str], mark: str) -> list[list[str]]:
    """The answers in each cell. What a comma parts is one option where it goes on in small letters and neither part ever stands alone.

    Example:
        >>> pieces_of(["Books, News, online or not", "News, online or not", "Books"], ",")
        [['Books', 'News, online or not'], ['News, online or not'], ['Books']]
    """
    cells = [[piece.strip() for piece in text.split(mark) if piece.strip()] for text in texts]
    if mark.strip() != ",":
        return cells
    counts = Counter(piece for pieces in cells for piece in pieces)
    pairs = Counter(pair for pieces in cells for pair in pairwise(pieces))
    one = {pair for pair, count in pairs.items() if count > 1 and counts[pair[0]] == counts[pair[1]] == count and pair[1][:1].islower()}
    for pieces in cells if one else ():
        for place in range(len(pieces) - 1, 0, -1):
            if (pieces[place - 1], pieces[place].partition(", ")[0]) in one:
                pieces[place - 1 : place + 1] = [f"{pieces[place - 1]}, {pieces[place]}"]
    return cells


def is_answer_code(text: str) -> bool:
    """Whether a value is a code of an answer as survey programs give them ("A2", "AO03"), which says nothing without its label.

    Example:
        >>> is_answer_code("A2"), is_answer_code("K-12")
        (True, False)
    """
    return _ANSWER_CODE.fullmatch(text) is not None


def has_labels(texts: Iterable[str]) -> bool:
    """Whether values are words rather than numbers."""
    return any(not re.fullmatch(r"[-+]?\d+([.,]\d+)?", text) for text in texts if not is_dont_know(text))
