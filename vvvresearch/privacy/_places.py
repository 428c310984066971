"""E-mail addresses and where people live."""

from __future__ import annotations

import re
from collections.abc import Iterator

from vvvresearch.privacy._finding import Finding

# No part may be tried from every place of one long word: times must grow with the text, not with its square.
_EMAIL = re.compile(
    r"(?<![\w.+\-])[\w.+\-]++\s?(?:@|\(at\)|\[at\]|\(a\)|\bsnabel-?a\b)\s?[\w\-]+(?:(?:\.|\s?\(?\b(?:punktum|dot)\b\)?\s?)[\w\-]+)*(?:\.|\s?\(?\b(?:punktum|dot)\b\)?\s?)[a-zæøå]{2,}",
    re.IGNORECASE,
)
_STREET = re.compile(
    r"\b(?P<name>(?:[A-ZÆØÅ][\w.'’\-]{0,40}\s(?:[A-ZÆØÅ][\w.'’\-]{1,40}\s)?)?[\w'’\-]{0,40}?(?P<stem>\w{2,40})"
    r"(?:vej|vejen|gade|gaden|allé|alle|alléen|stræde|vænge|vænget|plads|pladsen|torv|torvet|boulevard|parken|haven|bakken|stien|sti|toften|"
    r"lunden|engen|marken|gården|kaj|bro|brink|krogen|svinget|højen|skrænten|ager|agervej|gyde|passage|kvarter))"
    r"\s+(?:nr\.?\s?)?\d{1,3}\s?[A-Za-z]?\b(?!\s?(?:gange|år|kr|kroner|procent|pct|%|mennesker|personer|familier|minutter|timer|børn|km|meter|dage|uger|frivillige))"
    r"(?:,?\s?(?:st|kl|\d{1,2})\.?,?\s?(?:tv|th|mf|sal|t\.v|t\.h)\.?)?"
    r"(?:,?\s?(?:DK-?)?\d{4}\s[A-ZÆØÅ][\wæøå]+)?",
)
_SEPARATE = re.compile(
    r"\b[A-ZÆØÅ][\w'’.\-]{1,40}(?:\s[A-ZÆØÅ][\w'’.\-]{1,40})?\s(?:Allé|Alle|Vej|Gade|Plads|Torv|Boulevard|Have|Park|Strandvej|Landevej|Kirkevej)\s\d{1,3}\s?[A-Za-z]?\b"
    r"(?:,?\s?(?:st|kl|\d{1,2})\.?,?\s?(?:tv|th|mf|sal)\.?)?(?:,?\s?(?:DK-?)?\d{4}\s[A-ZÆØÅ][\wæøå]+)?"
)
_POSTAL = re.compile(r"\b(?:DK-\d{4}|(?:postnummer|postnr\.?)\s?\d{4})(?:\s[A-ZÆØÅ][\wæøå]+)?")
_FLOOR = re.compile(r"\bbor\s+(?:på|i)\s+(?:den\s+)?(?:st|\d{1,2})\.?\s?(?:sal,?\s)?(?:tv|th|mf|til højre|til venstre)\b", re.IGNORECASE)
_NO_STREET = re.compile(
    r"(?:^|\b)(?:om|gen|ud|af|under|halv|midt|motor|cykel|lande|hoved|jern|til|for|alle|over|op|ned|hjem|pas|arbejds|møde|mødes|lege|parkerings|bolig)"
    r"(?:vej|vejen|gade|plads|pladsen|sti|stien|bro|kaj|passage)$",
    re.IGNORECASE,
)


def places(text: str) -> Iterator[Finding]:
    """All findings of this module."""
    for match in _EMAIL.finditer(text):
        yield Finding(match.start(), match.end(), "EMAIL", 0.98 if "@" in match[0] else 0.85, "e-mail address")
    for match in _STREET.finditer(text):
        last = match["name"].split()[-1]
        if not _NO_STREET.search(last):
            yield Finding(match.start(), match.end(), "ADDRESS", 0.9 if match["name"][0].isupper() else 0.75, "street with house number")
    for match in _SEPARATE.finditer(text):
        yield Finding(match.start(), match.end(), "ADDRESS", 0.9, "street with house number")
    for match in _POSTAL.finditer(text):
        yield Finding(match.start(), match.end(), "ADDRESS", 0.7, "postal code")
    for match in _FLOOR.finditer(text):
        yield Finding(match.start(), match.end(), "ADDRESS", 0.6, "floor and side of a flat")
