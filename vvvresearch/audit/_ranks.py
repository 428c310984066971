"""Superlatives and comparatives against the numbers they rank: "flest (40 pct.)", "Handel er størst", "under de 3.150 kr."."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from vvvresearch.audit._bases import Bases
from vvvresearch.audit._document import TableRow
from vvvresearch.audit._facts import Facts, Said, Shown
from vvvresearch.audit._finding import Finding, place_in, place_of
from vvvresearch.audit._sums import columns_of, head_of, is_percent, is_total
from vvvresearch.audit._tables import speaks
from vvvresearch.audit._words import heard as is_heard
from vvvresearch.audit._words import stems, word_list
from vvvresearch.locales import Phrase
from vvvresearch.statements import Mention

_WORD = re.compile(r"[^\W\d_]+")
# How far behind a superlative its number stands, in letters.
_FAR = 70
_JUST = 24
_DIFFERENCE = re.compile(r"\b(?:forskel\w*|differenc\w*|gap|spændet|afstanden)\b[^.;,]*$", re.IGNORECASE)
# "har grundskole som højeste uddannelse": a term, and no rank of the number.
# "er steget mest": of the change.
_AS = re.compile(
    r"\b(?:som|as (?:their|his|her)|steget|steg|faldet|faldt|vokset|voksede|grew|grown|risen|rose|fell|fallen|increased|changed) $",
    re.IGNORECASE,
)
_WITH = re.compile(r"[^,.;:\d]{0,16}\b(?:den|det|de|the)\s+(?:[^\W\d]+\s+)?$", re.IGNORECASE)
_COMPARED = re.compile(r"\b(?:end|than|af de|of the two|næst\w*|second|one of the|blandt de|en af de)\b", re.IGNORECASE)


def rank_findings(facts: Facts, bases: Bases) -> Iterator[Finding]:
    """Findings on words of rank that their number does not have in its column."""
    for said in facts.said:
        if said.block.kind in ("caption", "heading", "note"):
            continue
        yield from _comparatives(facts, said)
        yield from _beyond(said)
        named = bases.shown_by(said)
        tables = [named] if named is not None else _near(facts, said)
        tables = [one for one in tables if one.table is not None]
        for shown in tables[:1]:
            yield from _superlatives(said, shown)
        yield from _by_name(said, tables)


def _near(facts: Facts, said: Said) -> list[Shown]:
    """The tables of a sentence's section, those above first, the nearest of them first."""
    own = facts.shown_of[said.section]
    return [one for one in reversed(own) if one.line < said.line] + [one for one in own if one.line > said.line]


def _superlatives(said: Said, shown: Shown) -> Iterator[Finding]:
    numbers = [
        one
        for one in said.of("percentage", "count", "money")
        if one.value is not None and one.low is None and one.role not in ("from", "to")
    ]
    used: set[int] = set()
    for match in _WORD.finditer(said.text):
        word = match[0].lower()
        sign = 1 if word in word_list("most", said.lang) else -1 if word in word_list("least", said.lang) else 0
        if not sign or _COMPARED.search(said.text[max(0, match.start() - 12) : match.end() + 12]):
            continue
        if _AS.search(said.text[: match.start()]) or _DIFFERENCE.search(said.text[: match.start()]):
            # "Forskellen mellem det højeste og det laveste er 31": the number is of neither.
            continue
        behind = [one for one in numbers if 0 <= one.start - said.start - match.end() <= _FAR and one.start not in used]
        before = [one for one in numbers if 0 <= match.start() - (one.end - said.start) <= _JUST and one.start not in used]
        if before and _WITH.match(said.text[before[-1].end - said.start : match.start()]):
            # "Boldklubberne udgør med 39 procent den største gruppe"
            behind = before[-1:]
        if not behind:
            continue
        behind = [one for one in behind if _column(one, shown) is not None]
        if not behind:
            continue
        between = said.text[match.end() : max(behind[0].start - said.start, match.end())]
        if re.search(r"[.;]\s|\b(?:mens|while)\b|\b(?:og|and) \D", between):
            continue
        used.add(behind[0].start)
        column = _column(behind[0], shown)
        if column is None:
            continue
        values, line, label = column
        wanted = max(values) if sign == 1 else min(values)
        other = min(values) if sign == 1 else max(values)
        if behind[0].value == other != wanted:
            what = Phrase("audit.what_rank", {"word": match[0], "number": behind[0].text, "other": _shown(wanted)})
            places = (place_of(said, behind[0]), place_in(shown, line, label))
            yield Finding(
                "direction", places, what, Phrase("audit.why_direction", {}), Phrase("audit.ground_rank", {}), 0.9, 0.85
            )  # fmt: skip


def _shown(value: Fraction) -> str:
    return f"{float(value):g}"


def _column(mention: Mention, shown: Shown) -> tuple[list[Fraction], int, str] | None:
    """The values of the only column that has a number, with the row that has it."""
    found = []
    for column in columns_of(shown):
        if is_percent(shown, column) != (mention.kind == "percentage"):
            continue
        rows = [(row, cell.value) for row, cell in column if cell.value is not None and not is_total(row)]
        own = [row for row, value in rows if value == mention.value]
        if len(own) == 1 and len(rows) >= 3:
            found.append(([value for _, value in rows], own[0].line, own[0].label))
    return found[0] if len(found) == 1 else None


def _named_row(said: Said, match: re.Match[str], shown: Shown) -> tuple[TableRow, bool] | None:
    """The one row that the clause of a superlative names, and whether it is the second ("næststørst")."""
    assert shown.table is not None
    cuts = [one.end() for one in _CUT.finditer(said.text, 0, match.start())]
    stop = _CUT.search(said.text, match.end())
    clause = said.text[cuts[-1] if cuts else 0 : stop.start() if stop else len(said.text)]
    rows = [row for row in shown.table.rows if row.label and not is_total(row)]
    named = [row for row in rows if speaks(row, rows, clause, said) >= _ROW]
    if not named and cuts:
        # "The Hospital route carried … and had the fewest": the subject stands before.
        named = [row for row in rows if speaks(row, rows, said.text[: stop.start() if stop else len(said.text)], said) >= _ROW]
    return (named[0], match[0].lower().startswith("næst") or "second" in clause.lower()) if len(named) == 1 else None


def _by_name(said: Said, tables: Sequence[Shown]) -> Iterator[Finding]:
    """ "Handel er den største gruppe": a row that is the largest in no column of its table."""
    for match in _WORD.finditer(said.text):
        word = match[0].lower()
        bare = word.removeprefix("næst")
        sign = 1 if bare in word_list("most", said.lang) else -1 if bare in word_list("least", said.lang) else 0
        before, behind = said.text[: match.start()], said.text[match.end() :]
        if _AS.search(before) or (bare == "mindste" and before.endswith("i det ")):
            # "I det mindste i nogen grad"
            continue
        if not sign or _COMPARED.search(f"{before[-12:]}{behind[:12]}") or (bare in _DEGREES and not _ALONE.match(behind)):
            continue
        for shown in tables:
            found = _named_row(said, match, shown)
            if found is None:
                continue
            row, second = found
            headed = _headed(said, match, shown)
            columns = [
                sorted({cell.value for other, cell in column if cell.value is not None and not is_total(other)}, reverse=sign > 0)
                for column in columns_of(shown)
                if headed is None or any(cell is row.cells[headed] for _, cell in column if headed < len(row.cells))
            ]
            cells = row.cells if headed is None else row.cells[headed : headed + 1]
            values = {cell.value for cell in cells if cell.value is not None}
            at = 1 if second else 0
            if columns and values and all(len(column) > 2 and column[at] not in values for column in columns):
                wanted = columns[0][at]
                own = next(cell.text for cell in row.cells if cell.value is not None)
                what = Phrase("audit.what_rank", {"word": match[0], "number": f"{row.label}: {own}", "other": _shown(wanted)})
                places = (place_of(said), place_in(shown, row.line, f"{row.label}: {' · '.join(cell.text for cell in row.cells)}"))
                yield Finding(
                    "direction", places, what, Phrase("audit.why_direction", {}), Phrase("audit.ground_rank", {}), 0.9, 0.8
                )  # fmt: skip
            break


def _headed(said: Said, match: re.Match[str], shown: Shown) -> int | None:
    """The column whose heading stands right behind a superlative: "færrest pladser pr. tilbud"."""
    assert shown.table is not None
    row = shown.table.rows[0]
    # Up to a comma: "lowest in Mchinji, where 391 girls" says nothing of girls.
    behind = stems(re.split(r"[,;:(]", said.text[match.end() : match.end() + 50])[0], said.lang)
    heads = [(stems(head_of(shown, row, at), said.lang), at) for at in range(len(row.cells))]
    heard = [(len(words), at) for words, at in heads if words and all(is_heard(word, behind) for word in words)]
    heard.sort()
    return heard[-1][1] if heard and (len(heard) == 1 or heard[-1][0] > heard[-2][0]) else None


_CUT = re.compile(r"[;:]\s|,\s(?!at\b|that\b|der\b|som\b|who\b|which\b)|\.\s|\b(?:og|and|mens|while|men|but|hvorimod|whereas)\b")
_ROW = 0.9
# Words that are a degree too: "de mest udsatte", "mindst 30".
_DEGREES = frozenset(("mest", "mindst", "most", "least"))
_ALONE = re.compile(
    r"\s*(?:[.,;]|$|(?:common|frequent|often|popular|used|mentioned|udbredt|brugt|nævnt|almindelig)\w*\b|"
    r"(?:med|i|blandt|på|hos|with|in|among|at|referrals?)\b|(?:the )?[^\W\d]+s\b)",
    re.IGNORECASE,
)
_MORE = re.compile(
    r"\b(flere|mere|højere|større|oftere|more|higher|larger|greater|færre|mindre|lavere|sjældnere|fewer|less|lower|smaller)\b",
    re.IGNORECASE,
)
_LESS = ("færre", "mindre", "lavere", "sjældnere", "fewer", "less", "lower", "smaller")
_IT_IS = re.compile(r"\W*(?:det|dette|that|this|it)\s+(?:er|var|is|was)\b", re.IGNORECASE)


def _comparatives(facts: Facts, said: Said) -> Iterator[Finding]:
    """ "Fewer chose the advice (41) than the others (83)"; "103 var … Det er flere end dem, der … (63)"."""
    words = list(_MORE.finditer(said.text))
    than = re.search(r"\b(?:end|than)\b", said.text)
    if len(words) != 1 or than is None or words[0].start() > than.start() or re.search(r"\d\s+\w*\s*$", said.text[: words[0].start()]):
        return
    numbers = [(said, one) for one in said.of("count", "ratio", *_AMOUNTS) if one.value is not None]
    closed = [pair for pair in numbers if re.search(r"\(\s*$", said.text[: pair[1].start - said.start])]
    last = [pair for pair in closed if pair[1].start - said.start > than.end()]
    first = [pair for pair in closed if words[0].end() <= pair[1].start - said.start <= than.start()]
    paired = _AGAINST.search(said.text, than.end())
    if paired is not None:
        inner = [pair for pair in numbers if paired.start() <= pair[1].start - said.start < paired.end()]
        first, last = (inner[:1], inner[1:]) if len(inner) == 2 else (first, last)
    before = facts.said[said.position - 1] if said.position else None
    if not first and before is not None and before.block is said.block and _IT_IS.match(said.text) and words[0].start() < 25:
        first = [(before, one) for one in before.of("count", "ratio", "percentage") if one.value is not None and one.value > 4][:2]
    if not first or len(last) != 1 or first[0][1].kind != last[0][1].kind:
        return
    sign = -1 if words[0][0].lower() in _LESS else 1
    sizes = [one.share if one.kind == "ratio" else one.value for _, one in (first[0], last[0])]
    if sizes[0] is not None and sizes[1] is not None and (sizes[0] - sizes[1]) * sign < 0:
        yield _direction(words[0][0], first[0], last[0])


# "more often than the others (9 against 14 per cent)"
_AGAINST = re.compile(r"\(\s*[£$€]?\d[^()]*\b(?:mod|against|versus|vs|compared with|compared to|sammenlignet med)\b[^()]*\)", re.IGNORECASE)
_AMOUNTS = ("percentage", "points", "money", "duration")


_BESIDE = re.compile(
    r"[^.;]{0,40}?(?:,|\bis|\ber)\s+(?:(?:which|hvilket|det|that|this)\s+(?:is|er)\s+)?"
    r"(?P<word>below|above|under|over|less than|more than|lower than|higher than|"
    r"lavere end|højere end|mindre end|mere end|færre end|flere end)\s+(?:the|de|det|den|our|vores)\s+(?:[^\W\d]+\s+){0,3}[£$€]?",
    re.IGNORECASE,
)
_UNDER = ("below", "under", "less", "lower", "lavere", "mindre", "færre")


def _beyond(said: Said) -> Iterator[Finding]:
    """ "2.808 kr. pr. deltager, under de 3.150 kr., der var budgetteret": two amounts of a kind with what lies between them."""
    numbers = [one for one in said.of("count", "percentage", "money", "duration") if one.value is not None and one.low is None]
    for one, other in pairwise(numbers):
        match = _BESIDE.fullmatch(said.text[one.end - said.start : other.start - said.start])
        if match is None or one.kind != other.kind or one.value is None or other.value is None:
            continue
        if one.kind == "count" and one.unit != other.unit:
            continue
        sign = -1 if match["word"].split()[0].lower() in _UNDER else 1
        if (one.value - other.value) * sign < 0:
            yield _direction(match["word"], (said, one), (said, other))


def _direction(word: str, first: tuple[Said, Mention], last: tuple[Said, Mention]) -> Finding:
    what = Phrase("audit.what_direction", {"word": word, "first": first[1].text, "last": last[1].text})
    places = tuple(dict.fromkeys((place_of(*first), place_of(*last))))
    return Finding("direction", places, what, Phrase("audit.why_direction", {}), Phrase("audit.ground_direction", {}), 0.9, 0.85)
