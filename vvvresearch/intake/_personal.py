"""Columns that name or reach a person: left out by their heading or the shape of their cells, never printed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

from vvvresearch.intake._fold import fold, slugs, with_signs
from vvvresearch.intake._surveyed import TICKED, UNTICKED
from vvvresearch.intake._table import Column
from vvvresearch.intake._words import meanings

_HEADINGS = re.compile(
    r"(^|.* )((for|efter|fulde?|full|first|last|sur|middle|kontakt|borgerens|contact) ?(navn|name)|navn|"
    r"navne|name|names|surname|cpr ?(nr|nummer)?|personnummer|"
    r"telefon ?(nr|nummer)?|tlf ?(nr)?|phone( no| number)?|mobil ?(nr|nummer)?|mobile|e ?mail ?(adresse|"
    r"address)?|mail ?(adresse)?|adresse|address|postadresse|"
    r"foedselsdato|foedt|birth ?date|date of birth|dob|birthday|kontaktperson|contact person|"
    r"kontaktoplysninger|ip ?(adresse|address)?|ip addr|ipaddr|ipaddress|facebook|"
    r"(location )?(latitude|longitude)|breddegrad|laengdegrad)"
)
# "Navn på den, der svarer": what reaches a person, and then whose it is.
_WHOSE = re.compile(
    r"((fulde?|full) )?(navn|name|e ?mail|mail|telefon|tlf|phone|mobil|cpr|adresse|address)( ?(nr|nummer|number|adresse|address))? "
    r"(paa |of |til |for |hos |of the )?(den|dig|din|dit|jer|you|your|the one|kontakt\w*|contact\w*|frivillig\w*|volunteer\w*|flygtning\w*|"
    r"refugee\w*|borger\w*|person\w*|respondent\w*|deltager\w*|participant\w*|leder\w*|leader\w*|informant\w*|mentor\w*|mentee\w*)( .*)?"
)
_THINGS = (
    r"kommune|kom\b|municipal|kursus|kursets?\b|course|skole|school|hold(ets?)?\b|afdeling|department|tema|theme|emne|topic|session|gruppe|group|omraade|area|fil|file|dokument|document|doc|kode|code|tag|forening|organisation|case|workshop|arrangement|"
    r"projekt|project|quotation|quote|citat|segment|node|source|kilde|lokalt|local|tilbud|ordning"
)
# A name that names no person.
_HARMLESS = re.compile(rf".*({_THINGS})\w* ?(navn|name)s?( .*)?|(navn|name)e?s? (paa|of) .*")
_TITLE = re.compile(r"\S+( \S+)* [a-zæøå]\S+( \S+)*")
_SHAPES = (
    re.compile(r"[^\s@]+@[^\s@]+\.[A-Za-z]{2,}"),
    re.compile(r"(0[1-9]|[12]\d|3[01])(0[1-9]|1[0-2])\d{2}-?\d{4}"),
    re.compile(r"((\+|00)45 ?)?[2-9]\d( \d\d){3}|(\+|00)45 ?[2-9]\d{7}"),
)
_REMARK = re.compile(r" *\([^()]*\)")
_BOXES = TICKED | UNTICKED
_SHARE, _MOSTLY = 0.3, 0.6
# Those who work with a programme come again in every row; "Koordinator" may hold an office instead.
_STAFF = re.compile(
    r"(underviser|instruktoer|oplaegsholder|facilitator|koordinator|sagsbehandler|ansvarlig|tovholder|fotograf|konsulent|kontakt|interviewer|"
    r"teacher|instructor|trainer|speaker|coordinator|case ?worker|responsible|contact|photographer)(e|en|er|ere|s)?|"
    r"(interview(et|ed)?|udskrevet|transskriberet|foert|lavet|gennemfoert|noteret|transcribed|conducted|done|notes) (af|by)|noter|"
    r"init(ialer|ials)?"
)
_ONE_NAME = re.compile(r"[A-ZÆØÅ][a-zæøåéü'-]+(( [A-ZÆØÅ]\.?)?( [A-ZÆØÅ][a-zæøåéü'-]+)+)?( [A-ZÆØÅ]\.?)?")
_NAMES = re.compile(r"[A-ZÆØÅ][a-zæøåéü'-]+( [A-ZÆØÅ]\.)?( [A-ZÆØÅ][a-zæøåéü'-]+)+")


def is_personal(column: Column) -> bool:
    """Whether a column holds names, addresses or numbers of persons, by its heading or by the shape of its cells.

    Example:
        >>> is_personal(Column("Navn", "navn", ())), is_personal(Column("Kommunens navn", "kommunens-navn", ()))
        (True, False)
    """
    # A column of yes and no, or of a box to tick, reaches nobody, whatever it asks about.
    values = {fold(text) for text in column.counts}
    if values and (values <= _BOXES | meanings("yesno").keys() or all(column.folded.endswith(f" {text}") for text in values)):
        return False
    # "Tlf. (intern)" is one whatever the remark says.
    bare = fold(_REMARK.sub("", column.heading)) or column.folded
    if _WHOSE.fullmatch(column.folded) or (_STAFF.fullmatch(column.folded) and _named(column) >= _MOSTLY):
        return True
    if (_HEADINGS.fullmatch(column.folded) or _HEADINGS.fullmatch(bare)) and not _HARMLESS.fullmatch(column.folded):
        return not (column.folded in ("navn", "name") and _holds_titles(column))
    shaped = sum(count for text, count in column.counts.items() if any(shape.fullmatch(text) for shape in _SHAPES))
    return bool(column.filled) and shaped >= _SHARE * len(column.filled)


def _holds_titles(column: Column) -> bool:
    """Whether a column named "Navn" holds what courses are called: several words, small letters among them."""
    titles = sum(count for text, count in column.counts.items() if _TITLE.fullmatch(text))
    return bool(column.filled) and titles >= 0.7 * len(column.filled)


def is_of_staff(column: Column) -> bool:
    """Whether a heading is one of those who interview, teach or answer for something, so that a single word in it may be a first name."""
    return _STAFF.fullmatch(column.folded) is not None


def looks_like_names(column: Column) -> bool:
    """Whether most cells are two or more capitalised words that seldom come again: names of persons, perhaps."""
    return _named(column) >= _MOSTLY and len(column.counts) > _MOSTLY * len(column.filled)


def holds_person_names(column: Column) -> bool:
    """Whether cells under a heading for persons are their names rather than codes: capitalised words without a number, seldom twice."""
    named = sum(count for text, count in column.counts.items() if _ONE_NAME.fullmatch(text))
    return bool(column.filled) and named >= _MOSTLY * len(column.filled) and len(column.counts) > _MOSTLY * len(column.filled)


def _named(column: Column) -> float:
    """The share of cells that have the shape of a person's name."""
    return sum(count for text, count in column.counts.items() if _NAMES.fullmatch(text)) / max(1, len(column.filled))


def can_be_shown(text: str) -> bool:
    """Whether a value may stand in a question: short, no number that reaches anybody, no name of a person."""
    return len(text) <= 60 and len(text.split()) <= 8 and not _NAMES.fullmatch(text) and not reaches(text)


def reaches(text: str) -> bool:
    """Whether a text holds what reaches a person: an address of e-mail, a CPR or phone number, any long number."""
    return any(shape.search(text) for shape in _SHAPES) or re.search(r"\d{6,}", text) is not None


def shown(name: str) -> str:
    """A name as it may be printed: a digest where it could be a person's.

    Example:
        >>> shown("Interview 03"), "Jens" in shown("Jens Hansen")
        ('Interview 03', False)
    """
    return name if can_be_shown(name) else value_ids([name])[name]


def value_ids(values: Iterable[str]) -> dict[str, str]:
    """An id for each value of a column, which hangs on the value alone: next year's file has the same words in another order.

    One that could be a person's is a digest, since ids are printed; signs, which a folded text has lost, are named. What differs by
    capitals alone is one value.

    Example:
        >>> value_ids(["-", "+", "-1"])
        {'+': 'plus', '-': 'minus', '-1': 'minus-1'}
        >>> value_ids(["Har fået job"])
        {'Har fået job': 'har-faaet-job'}
        >>> value_ids(["At home", "at home"])
        {'At home': 'at-home', 'at home': 'at-home'}
        >>> "jens" in value_ids(["Jens Hansen"])["Jens Hansen"]
        False
    """
    words = sorted(values)
    first = {value.casefold(): value for value in reversed(words)}
    shown = [
        with_signs(value) if can_be_shown(value) else "d" + hashlib.sha256(fold(value).encode()).hexdigest()[:12]
        for value in first.values()
    ]
    ids = dict(zip(first, slugs(shown), strict=True))
    return {value: ids[value.casefold()] for value in words}
