"""The numbers of a table of one's own: what is counted, of whom, when, and whether adding it up says anything."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from vvvresearch.intake._cells import is_nothing, is_number, marks_of, number_text
from vvvresearch.intake._dates import read_date
from vvvresearch.intake._fold import fold
from vvvresearch.intake._grid import is_total
from vvvresearch.intake._periods import time_and_rest
from vvvresearch.intake._table import Column

if TYPE_CHECKING:
    import pandas as pd

_NUMERIC, _MOST_VALUES, _LEAST_EACH = 0.8, 12, 2
_UNKNOWN = re.compile(
    r"n ?a|(ikke|ej|not|not yet) (oplyst|indberettet|opgjort|modtaget|reported|known|received|given|available)|"
    r"mangler|missing|ved ikke|ukendt|unknown|dont know|don t know|no data|ingen data"
)
# So many months or quarters side by side are a year's; its own where nobody says which.
_SIDE_BY_SIDE, _ANY_YEAR = 3, "2000"
_IDENTIFIER = re.compile(r"(nr|no|id|loebenr\w*|loebe nr|lbnr|row|raekke|postnr|post ?code|zip|cvr\w*|\w* ?(id|kode|code|nr))")
_GENERIC = re.compile(r"(antal|tal|vaerdi|number|value|count|figure|n)")
# Adding up says nothing of a share, a mean, a mark, an age or a length of time.
_LEVEL = re.compile(
    r"\b(andel\w*|pct|procent\w*|share|percent\w*|proportion|rate|ratio|gennemsnit\w*|snit|average|mean|median\w*|score\w*|rating|karakter\w*|"
    r"alder|age|ages|indeks|index|varighed\w*|duration|laengde|length|vente(tid)?\w*|wait(ing)? (time|weeks?|days?)|uger|weeks?|dage|days|"
    r"maaneder|months|aar|years?|grad|niveau|level|tilfreds\w*|satisf\w*|trivsel\w*|(pr|per) (?!\d)\w+)\b"
)
# What there is at a time; of several times the sum says nothing.
_STOCK = re.compile(
    r"\b(aktive?|active|i gang|igangvaerende|running|ongoing|current\w*|nuvaerende|ultimo|primo|ved (ud|slut|kvart)\w+|at (the )?end|"
    r"as of|end of|\w*venteliste\w*|waiting list|waiting|venter|medlemmer|members|ansatte|staff|employ\w+|beholdning|pladser|places|"
    r"room for|capacity|kapacitet|indskrev\w+|enrolled|status|pr \d+\w*)\b"
)
_MONEY = re.compile(
    r"\b(kr|dkk|kroner|euros?|eur|gbp|usd|pounds?|\w*budget\w*|\w*bevilling\w*|\w*forbrug\w*|\w*udgift\w*|\w*indtaegt\w*|\w*beloeb|\w*tilskud\w*|"
    r"\w*omkostning\w*|grants?|spent|spending|costs?|expens\w*|income|amount|paid)\b"
)
_WHAT = re.compile(
    r"measure|what( is counted)?|indicator|indikator|variab(le|el)|figure|item|noegletal|maaling|opgoerelse|type af tal|hvad|emne|"
    r"category|kategori|post"
)
_WHO = re.compile(
    r".*(kommun|municipal|district|distrikt|region|borough|council|site|sted|place|area|omraade|hold|team|skole|school|forening|afdeling).*"
)
_WITH_UNIT = re.compile(r"(?P<number>[-+]?\d[\d.,]*) ?(?P<unit>[^\W\d_]+)\.?")
_HOURS = ("timer", "hours")
_PERSONAL = re.compile(r".*(navn|name|initial|kontakt|contact|mail|telefon|phone|adresse|address|bemaerk|note|remark|comment|kommentar).*")


def told_numbers(frame: pd.DataFrame, unit: str = "", year: str = "") -> pd.DataFrame:
    """The numbers of a table, one a row; rows of sums, years and running numbers are none.

    Args:
        frame: as the file has it; times may stand in headings, or in a column of their own.
        unit: the column that says of whom the numbers are, where it is known.
        year: of headings that are months or quarters without one.

    Returns:
        measure (what is counted), unit ("" where nobody is named), period ("2027-Q1", "" for none), value (missing where none is told: that
        is no nought), amount: "flow" may be added up, "stock" within one time, "level" never.

    Example:
        >>> import pandas as pd
        >>> table = pd.DataFrame({"Kommune": ["Aby", "Bro", "I alt"], "1. kvt. 2027 - Henviste": ["3", "-", "3"]})
        >>> told_numbers(table)[["measure", "unit", "period", "value", "amount"]].values.tolist()
        [['Henviste', 'Aby', '2027-Q1', 3.0, 'flow'], ['Henviste', 'Bro', '2027-Q1', nan, 'flow']]
    """
    import pandas as pd

    columns = _columns(frame)
    named = [one for one in columns if one.heading == unit]
    words = named or [one for one in columns if one.filled and not _is_numeric(one) and not _are_days(one)]
    times = [one for one in words if all(_period(text) for text in one.counts)]
    times += [
        one
        for one in columns
        if one not in words and one.filled and re.fullmatch(r"aar|year|periode?", one.folded) and all(map(_period, one.counts))
    ]
    words = [one for one in words if one not in times]
    when = [_period(text) for text in times[0].texts] if times else [""] * len(frame)
    names, who = _keys(words, when)
    numbers = [one for one in columns if one not in (*times, *words) and _is_numeric(one) and not _identifies(one)]
    sums = [any(is_total(one.texts[row]) for one in words) for row in range(len(frame))]
    headed = _headed(numbers, year)
    timed = any(own for own, _ in headed.values())
    rows = []
    for column in numbers:
        time, rest = headed[column.id]
        if timed and is_total(column.heading):
            continue
        marks = marks_of(column)
        for row, text in enumerate(column.texts):
            if sums[row]:
                continue
            what = " – ".join(one for one in (names[row], "" if names[row] and _GENERIC.fullmatch(fold(rest)) else rest) if one)
            said = number_text(_without_unit(text, rest), marks != "decimals") if isinstance(column.cells[row], str) else text
            value = float(said) if re.fullmatch(r"-?\d+(\.\d+)?", said) else float("nan")
            rows.append((what or column.heading, who[row], time or when[row], value, "%" in text))
    found = pd.DataFrame(rows, columns=["measure", "unit", "period", "value", "amount"])
    amounts = {
        measure: "level" if own["amount"].any() else _amount(str(measure), own["value"].dropna().tolist())
        for measure, own in found.groupby("measure", sort=False)
    }
    return found.assign(amount=found["measure"].map(amounts).astype(object))


def told_values(frame: pd.DataFrame) -> pd.DataFrame:
    """How many rows of a list have each value of the columns that put them in groups: column, value, count, n (rows that say).

    Rows that tell of one thing at several times are no list.

    Example:
        >>> import pandas as pd
        >>> told_values(pd.DataFrame({"Host": list("abcd"), "Active?": ["Yes", "yes", "No", "No"]})).values.tolist()
        [['Active?', 'Yes', 2, 4], ['Active?', 'No', 2, 4]]
    """
    import pandas as pd

    rows: list[tuple[str, str, int, int]] = []
    columns = _columns(frame)
    timed = any(one.filled and all(map(_period, one.counts)) for one in columns) or any(time for time, _ in _headed(columns, "").values())
    for column in [] if timed else columns:
        said: dict[str, int] = {}
        spelled: dict[str, str] = {}
        for text, count in column.counts.items():
            if not _is_unknown(text):
                word = spelled.setdefault(fold(text), text)
                said[word] = said.get(word, 0) + count
        n = sum(said.values())
        groups = 1 < len(said) <= _MOST_VALUES and n >= _LEAST_EACH * len(said)
        if groups and not _is_numeric(column) and not _are_days(column) and not _PERSONAL.fullmatch(column.folded):
            rows += [(column.heading, value, count, n) for value, count in said.items()]
    return pd.DataFrame(rows, columns=["column", "value", "count", "n"])


def _without_unit(text: str, heading: str) -> str:
    """A number without the unit behind it that its heading says already ("700 t." under "Timer")."""
    found = _WITH_UNIT.fullmatch(text.strip())
    if found is None:
        return text
    unit = fold(found["unit"])
    # One letter is an hour, or nothing that can be told.
    meant = _HOURS if unit in ("t", "h") else (unit,) if len(unit) > 1 else ()
    return found["number"] if any(one in word for one in meant for word in fold(heading).split()) else text


def _columns(frame: pd.DataFrame) -> list[Column]:
    plain = frame.astype(object).where(frame.notna(), "")
    return [Column(str(name), str(place), tuple(plain[name])) for place, name in enumerate(plain.columns)]


def _is_unknown(text: str) -> bool:
    return is_nothing(text) or _UNKNOWN.fullmatch(fold(text)) is not None


def _is_numeric(column: Column) -> bool:
    held = [text for text in column.filled if not _is_unknown(text)]
    return bool(held) and sum(map(is_number, held)) >= _NUMERIC * len(held)


def _identifies(column: Column) -> bool:
    """Whether a column of numbers tells rows apart, or says years."""
    years = all(re.fullmatch(r"(19|20)\d\d", text) for text in column.filled)
    in_turn = len(column.filled) > 2 and column.filled == tuple(str(number) for number in range(1, len(column.filled) + 1))
    return years or in_turn or _IDENTIFIER.fullmatch(column.folded) is not None


def _are_days(column: Column) -> bool:
    return bool(column.filled) and all(read_date(text).kind == "day" for text in column.counts)


def _headed(columns: Sequence[Column], year: str) -> dict[str, tuple[str, str]]:
    """The time that each heading names, and the rest of it; months and quarters without a year only where several stand side by side."""
    bare = {}
    for one in columns:
        found = time_and_rest(f"{one.heading} {_ANY_YEAR}")
        if found is not None and not found[1] and found[0].startswith(f"{_ANY_YEAR}-"):
            bare[one.id] = f"{year}{found[0].removeprefix(_ANY_YEAR)}".removeprefix("-")
    if len(set(bare.values())) < _SIDE_BY_SIDE:
        bare = {}
    return {one.id: (bare[one.id], "") if one.id in bare else time_and_rest(one.heading) or ("", one.heading) for one in columns}


def _period(text: str) -> str:
    """A year, half, quarter or month in one form; "" where it is none. A day is when something happened, not what a number is of."""
    found = time_and_rest(text)
    if found is None and not text.strip().isdigit():
        # "1. kvt." names a part of the year that the whole table is of.
        found = time_and_rest(f"{text} {_ANY_YEAR}")
        return found[0].removeprefix(f"{_ANY_YEAR}-") if found is not None and not found[1] and found[0] != _ANY_YEAR else ""
    return found[0] if found is not None and not found[1] else ""


def _keys(words: Sequence[Column], when: Sequence[str]) -> tuple[list[str], list[str]]:
    """What each row counts, where a column says so, and of whom.

    Where two columns are needed to tell rows apart and neither is called so that it says which of them is counted, they stay together:
    numbers of unlike things are never added up.
    """
    rows = range(len(when))
    nothing = ["" for _ in rows]
    if not words:
        return nothing, nothing
    first = words[0]
    if _tell_apart([first], when):
        return nothing, list(first.texts)
    second = next((one for one in words[1:] if _tell_apart([first, one], when)), None)
    if second is None:
        # Events, several of one place: what they count is in their headings.
        who = next((one for one in words if _WHO.fullmatch(one.folded)), first)
        return nothing, list(who.texts)
    what = [one for one in (second, first) if _WHAT.fullmatch(one.folded)] or [
        one for one, other in ((second, first), (first, second)) if _WHO.fullmatch(other.folded) and not _WHO.fullmatch(one.folded)
    ]
    if not what:
        return [f"{one} – {other}" for one, other in zip(first.texts, second.texts, strict=True)], nothing
    other = first if what[0] is second else second
    return list(what[0].texts), list(other.texts)


def _tell_apart(columns: Iterable[Column], when: Sequence[str]) -> bool:
    keys = list(zip(*(one.texts for one in columns), when, strict=True))
    return len(set(keys)) == len(keys)


def _amount(measure: str, values: Sequence[float]) -> str:
    """Whether numbers may be added up, by what they are called; decimals only where they are money."""
    folded = fold(measure)
    money = _MONEY.search(folded) is not None or re.search(r"[£€$]", measure) is not None
    if _LEVEL.search(folded) or any(value < 0 for value in values) or not (money or all(value.is_integer() for value in values)):
        return "level"
    return "stock" if _STOCK.search(folded) else "flow"
