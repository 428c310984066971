"""The rows and columns of a table that the words around a number name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import combinations

from vvvresearch.audit._document import TableRow
from vvvresearch.audit._facts import Said, Shown
from vvvresearch.audit._lines import DIFFERENCE
from vvvresearch.audit._shares import as_word
from vvvresearch.audit._sums import head_of, is_total, is_total_name
from vvvresearch.audit._tables import OTHERS, spoken_of
from vvvresearch.audit._words import is_heard, stems
from vvvresearch.locales import YEAR
from vvvresearch.statements import Mention

JOINED = re.compile(r"\b(?:eller|og|or|and|tilsammen|sammenlagt|samlet|together|combined|enten|either)\b|/", re.IGNORECASE)
# "De to største klubber står for 51 pct.": rows of a table.
THE_LARGEST = re.compile(
    r"\b(?P<count>to|tre|fire|two|three|four)\s+(?:\w+\s+)?"
    r"(?P<way>største|mindste|ældste|yngste|largest|smallest|biggest|oldest|youngest)\b",
    re.IGNORECASE,
)
# How sure a row must be named where the text points at the table or stands under it, and where it only sums it up.
_NAMED, _FAR, _HALF = 0.7, 0.95, 0.45
_BOTH = 2
_START = re.compile(r"\b(?:start|før|første|opstart|before|baseline|first)\b", re.IGNORECASE)
_END = re.compile(r"\b(?:slut|efter|anden|afslutning|after|end|second|follow-up)\b", re.IGNORECASE)


def columns_for(row: TableRow, mention: Mention, percents: dict[int, bool]) -> list[int]:
    """The columns of a row that hold numbers of a mention's kind."""
    percent = mention.kind in ("percentage", "share") or as_word(mention)
    found = []
    for at, cell in enumerate(row.cells):
        if cell.value is not None and bool(percents.get(id(cell)) or cell.percent) == percent:
            found.append(at)
    return found


def column_named(said: Said, mention: Mention, shown: Shown, row: TableRow, columns: Sequence[int]) -> tuple[list[int], bool]:
    """The columns that the words name, and whether they do."""
    if len(columns) < 2:
        return list(columns), True
    heads = [head_of(shown, row, at) for at in columns]
    unit = stems(mention.unit, said.lang) if mention.kind == "count" else frozenset()
    counted = [at for at, head in zip(columns, heads, strict=True) if unit and stems(head, said.lang) == unit]
    if len(counted) == 1:
        # "with 410 members": the column that is headed by the noun and nothing else.
        return counted, True
    if mention.role in ("from", "to"):
        ends = [at for at, head in zip(columns, heads, strict=True) if (_START if mention.role == "from" else _END).search(head)]
        if len(ends) == 1:
            return ends, True
        times = [at for at, head in zip(columns, heads, strict=True) if not DIFFERENCE.search(head)]
        if len(times) == _BOTH < len(columns):
            # "Efterår, forår, ændring": a change goes from the first to the second.
            return [times[0 if mention.role == "from" else 1]], True
    years = [YEAR.findall(head) for head in heads]
    passages = (said.clause(mention), _stretch(said, mention)[0], said.clause(mention, narrow=False), said.text)
    if sum(map(bool, years)) > 1:
        if mention.role == "from" and not YEAR.search(said.clause(mention)):
            return [columns[0]], True
        if mention.role == "to" and not YEAR.search(said.clause(mention)):
            return [columns[-1]], True
        behind = re.match(r"[^\d;:,]{0,25}\b((?:19|20)\d\d)\b", said.text[mention.end - said.start :])
        so_far = (said.clause(mention), _stretch(said, mention)[1], said.text[: mention.end - said.start])
        for spoken in ([behind[1]] if behind else None, *(YEAR.findall(passage) for passage in so_far)):
            if spoken is None:
                continue
            own = [at for at, year in zip(columns, years, strict=True) if set(year) & set(spoken)]
            if len(own) == 1:
                return own, True
            if spoken:
                return list(columns), False
        totals = [at for at, head in zip(columns, heads, strict=True) if is_total_name(head)]
        return (totals, True) if len(totals) == 1 else (list(columns), False)
    labels = [stems(head, said.lang) for head in heads]
    for passage in passages:
        heard = stems(passage, said.lang)
        own = []
        for at, label in zip(columns, labels, strict=True):
            others = frozenset[str]().union(*(one for one in labels if one is not label))
            distinct = label - others
            if distinct and all(is_heard(word, heard) for word in distinct):
                own.append(at)
        if len(own) == 1:
            return own, True
    own = [at for at, head in zip(columns, heads, strict=True) if mention.unit and _heard_word(mention.unit, head, said)]
    if not own and not any(is_heard(word, said.stems) for label in labels for word in label):
        # Nothing of a group is said: all are meant.
        own = [at for at, head in zip(columns, heads, strict=True) if is_total_name(head)]
    return (own, True) if len(own) == 1 else (list(columns), False)


def _heard_word(unit: str, head: str, said: Said) -> bool:
    return bool(stems(unit, said.lang) & stems(head, said.lang))


_PRONOUN = re.compile(r"\W*(?:de|den|det svarer til|they|these|those|that is|this is)\s", re.IGNORECASE)


def rows_named(said: Said, mention: Mention, shown: Shown, before_said: Said | None, *, close: bool) -> list[TableRow]:
    """The rows that the words around a number name: in its clause, else in the wider one, else in the sentence."""
    assert shown.table is not None
    least = _NAMED if close else _FAR
    rows = [row for row in shown.table.rows if row.label and not is_total(row)]
    labels = tuple(row.label for row in rows)
    passages = [said.clause(mention)]
    if close and not (mention.kind == "share" or as_word(mention)):
        before, around = _stretch(said, mention)
        passages += [before, said.clause(mention, narrow=False), around, said.text]
        if _PRONOUN.match(said.text) and before_said is not None:
            # "Den største gruppe er borgere mellem 18 og 64 år. De tegner sig for 46 pct."
            passages.append(before_said.text)
    if close and len(joined := _joined_tails(rows, said, mention)) > 1:
        return joined
    for passage in dict.fromkeys(passages):
        own = passage.replace(mention.text, " ", 1)
        scores = dict(zip(map(id, rows), spoken_of(labels, own, said.lang), strict=True))
        found = [row for row in rows if scores[id(row)] >= least]
        if close and not found:
            # Half a label, where the words have nothing of any other.
            found = [row for row in rows if scores[id(row)] >= _HALF]
            found = [row for row in found if sum(score > 0 for score in scores.values()) == 1 and _head_heard(row, own, said)]
        if mention.kind == "share" or as_word(mention):
            found = [
                row
                for row in found
                if (close and _head_heard(row, own, said))
                or all(is_heard(word, stems(own, said.lang)) for word in stems(row.label, said.lang))
            ]
        # "utilfredse eller meget utilfredse": a label within another's is heard where it stands alone too.
        text = " ".join(own.lower().split())
        found += [
            row
            for row in rows
            if row not in found
            and len(row.label) > 4
            and (label := row.label.lower()) in text
            and label not in OTHERS
            and re.search(rf"(?<!\w){re.escape(label)}\w{{0,3}}(?!\w)", text)
        ]
        # "Other reason" is not named by "reason", the word of the question.
        found = [
            row
            for row in found
            if not (own_words := stems(row.label, said.lang)) or not own_words <= shown.asked or row.label.lower() in own.lower()
        ]
        found = _longest(found, own)
        if len(found) == 1 or (len(found) > 1 and JOINED.search(own)):
            return found
    return []


def _joined_tails(rows: Sequence[TableRow], said: Said, mention: Mention) -> list[TableRow]:
    """The two rows of answers whose own words are joined: "meget eller noget", "i høj eller nogen grad"."""
    text = said.clause(mention, narrow=False).lower()
    words = [set(re.findall(r"\w+", row.label.lower())) for row in rows]
    for (at, one), (other_at, other) in combinations(enumerate(words), 2):
        tails = [row.label.lower().rpartition(", ") for row in (rows[at], rows[other_at])]
        if (
            tails[0][0]
            and tails[0][0] == tails[1][0]
            and any(f"{a[2]} {word} {b[2]}" in text for a, b in (tails, tails[::-1]) for word in ("eller", "or", "og", "and"))
        ):
            # "Yes, completely", "Yes, in part": "completely or in part"
            return [rows[at], rows[other_at]]
        alone = one - other, other - one
        if sorted(map(len, alone)) == [0, 1] and len(one & other) == 1:
            # "tilfredse eller meget tilfredse"
            more, both = next(iter(alone[0] or alone[1])), re.escape(next(iter(one & other)))
            if re.search(rf"(?<!\w){both}\w* (?:eller|or|og|and) {more} {both}|(?<!\w){more} {both}\w* (?:eller|or|og|and) {both}", text):
                return [rows[at], rows[other_at]]
        if len(alone[0]) == len(alone[1]) == 1 and one & other:
            first, second = (next(iter(part)) for part in alone)
            orders = ((first, second), (second, first))
            if any(re.search(rf"(?<!\w){re.escape(a)} (?:eller|or|og|and) (?:\w+ )?{re.escape(b)}(?!\w)", text) for a, b in orders):
                return [rows[at], rows[other_at]]
    return []


_PREPOSITION = re.compile(r"(?<=\S)\s(?:til|med|uden|i|på|af|om|for|fra|with|without|of|to|in|at|about|for|from)\s", re.IGNORECASE)


def _head_heard(row: TableRow, passage: str, said: Said) -> bool:
    """Whether the noun that a label is about is heard: "ventetid" of "For lang ventetid", "kørsel" of "Kørsel til træning"."""
    words = [word for word in re.findall(r"[^\W\d_]+", _PREPOSITION.split(row.label)[0]) if stems(word, said.lang)]
    return bool(words) and all(is_heard(word, stems(passage, said.lang)) for word in stems(words[-1], said.lang))


def _stretch(said: Said, mention: Mention) -> tuple[str, str]:
    """The words from the number before to a number, and on to the next: commas are no bounds there."""
    figures = [
        one for one in said.mentions if one.value is not None and one.kind in ("percentage", "count", "money", "ratio", "total", "share")
    ]
    start = max((one.end for one in figures if one.end <= mention.start), default=said.start) - said.start
    end = min((one.start for one in figures if one.start >= mention.end), default=said.start + len(said.text)) - said.start
    return said.text[start : mention.end - said.start], said.text[start:end]


def _longest(rows: list[TableRow], passage: str) -> list[TableRow]:
    """Rows without those whose label only stands within a longer one that was heard: "tit" in "meget tit"."""
    text = " ".join(passage.lower().split())
    kept = []
    for row in rows:
        label = " ".join(row.label.lower().split())
        wider = [one for one in rows if one is not row and label in one.label.lower()]
        rest = text
        for one in wider:
            rest = rest.replace(" ".join(one.label.lower().split()), " ")
        if not wider or label in rest:
            kept.append(row)
    return kept
