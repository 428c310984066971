"""What stands beside digits and says what they are: an organisation's number, an amount, a telephone."""

from __future__ import annotations

import re

# What has a number and is nobody's: what a number's name begins with; and words for a case.
NUMBERED_THINGS = (
    r"cvr|ean|kvit|pakke|forsendelse|sporing|track|møde|meeting|webinar|zoom|teams|faktura|invoice|ordre|order|isbn|issn|doi|løbe|\bvare|"
    "udbud|tender|bilags?|version|organisations?|approval|ethics|award|gruppe|vat|seed|checksum"
)
CASE_WORDS = r"sags?(?:en|nummer(?:et)?|nr|-?id)?|journal(?:nummer(?:et)?|nr)?|j\.?\s?nr"
_ORGANISATION = re.compile(
    rf"(?:{NUMBERED_THINGS}|gln|\bp-?(?:nr|nummer)|produktionsenhed|se-n(?:r|ummer)|fakt|\bpo\b|company|stel|gaveerklæring|"
    r"indsamlings?|(?<!rejse)dok|kontering|moms|post)"
    r"[^\W\d_]*(?:-[^\W\d_]+)*[.:]?\s?(?:reg[.:]?\s?)?(?:nr|nummer|numre|no\b|number|p)?[^\W\d_]*[.:=#]?\s{0,2}(?:er|var|på|lyder|is|id)?[:=#]?\s{0,2}(?:#|DK)?$"
    # A tender of the European Union, a telephone that a house answers.
    r"|\b(?:19|20)\d\d/S\s$"
    r"|\b(?:\w*(?:hotline|helpline|lin[ji]en|vagten)|hoved(?:nummer|nr|telefon)\w*|vagttelefon\w*|omstilling\w*|switchboard|kundeservice)[^.\d\n]{0,25}\s$"
    r"|\b(?:hovednr|hovedtlf)\.[^.\d\n]{0,25}\s$",
    re.IGNORECASE,
)
_DOCUMENT = re.compile(r"(?:bilag|dok|dokument|version)[^\W\d_]*[.:]?\s?(?:nr|nummer)?[^\W\d_]*[.:=]?\s{0,2}$", re.IGNORECASE)
_CASE = re.compile(
    rf"(?<![\w-])(?:(?:{CASE_WORDS}|konto|kontonr|"
    r"kontonummer|reg|dok|bevilling\w*|tilsagn\w*|tilskud\w*|aftale\w*|rammeaftale\w*|kontrakt\w*|"
    r"(?:grant )?agreement|grant|contract|projekt|projektnr|projektnummer))"
    r"[.:]?(?:\s?(?:nr|nummer|no|number)[.:]?)?\s{0,2}(?:er|:|=)?\s{0,2}$",
    re.IGNORECASE,
)
_AMOUNT_AFTER = re.compile(
    r"\s?(?:kr|kroner|dkk|euro|eur|€|mio|mia|%|pct|procent|flygtninge|personer|deltagere|borgere|kommuner|"
    r"mennesker|besøg\w*|indbyggere|stk|km|m2|kvm|kwh|timer|gange|visninger|følgere|interview\w*|svar|par|familier|børn|frivillige\w*|kr\.)\b"
    # "37 af 50" counts as well.
    r"|\s(?:ud\s|out\s)?(?:af|of)\s(?:de\s|the\s)?\d",
    re.IGNORECASE,
)
# A heading right above the cell.
_RANGE = re.compile(r"(?i)\b(?:range|position|offset|interval|placering|tegn|characters?|(?:fra|from) ?[-–—] ?(?:til|to))\b[^\n\d]*\n$")
_COUNTS = re.compile(
    r"\b(?:antal|tabel|figur|i alt|tallene|table|figure|number of|counts?|total|række|kolonne|row|column)\b[^.!?\n:]{0,30}:?\s$"
    r"|(?:\bn ?= ?|\b(?:dkk|eur|usd|gbp|kr\.?) |[£€$] ?)$",
    re.IGNORECASE,
)
_TELEPHONE = re.compile(
    r"\b(?:tlf|telefon|mobil|(?:privat|arbejds|hjemme|fastnet)?nummer|nr|ring|kald|kontakt|mob|svarer|sms|whatsapp|viber|signal|"
    r"(?:cell)?phone|cell|number|text me|reach|tel|call|fang|fange|træf)\w*\W",
    re.IGNORECASE,
)


def belongs_to_an_organisation(text: str, start: int) -> bool:
    """Whether the words before a number say that it is a company's, an invoice's, a book's."""
    return bool(_ORGANISATION.search(text[max(0, start - 40) : start]))


def names_a_document(text: str, start: int) -> bool:
    """Whether the words before a number say that it is an enclosure's or a document's: these are not written as civil numbers are."""
    return bool(_DOCUMENT.search(text[max(0, start - 40) : start]))


def is_case_number(text: str, start: int) -> bool:
    """Whether the words before a number say that it is a case's, an account's or a grant's."""
    return bool(_CASE.search(text[max(0, start - 40) : start]))


def is_amount(text: str, end: int) -> bool:
    """Whether the word after a number says that it counts money, persons or things."""
    return bool(_AMOUNT_AFTER.match(text, end))


def is_counted(text: str, start: int) -> bool:
    """Whether the words right before a number say that what follows are counts, or figures of a table."""
    return bool(_COUNTS.search(text[max(0, start - 40) : start]))


def is_a_range(text: str, start: int, body: str) -> bool:
    """Whether two numbers tell from where to where in a text, as the line right above them says: the place of a coded passage."""
    first, last = re.findall(r"\d+", body)
    return int(first) < int(last) and _RANGE.search(text[max(0, start - 40) : start]) is not None


def is_called_a_telephone(text: str, start: int) -> bool:
    """Whether a word for a telephone stands shortly before a number."""
    return bool(_TELEPHONE.search(text[max(0, start - 32) : start]))


def is_then_called_a_telephone(text: str, end: int) -> bool:
    """Whether a word for a telephone stands behind a number in the same sentence."""
    return bool(_TELEPHONE.search(re.split(r"[.!?\n]", text[end : end + 40] + " ")[0] + " "))
