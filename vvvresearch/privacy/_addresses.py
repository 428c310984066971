"""Where people live."""

from __future__ import annotations

import re
from collections.abc import Iterator

from vvvresearch.privacy._digit_groups import NUMBER_WORD
from vvvresearch.privacy._finding import Finding

# In words from ten on: "to" and "en" go on with a sentence.
_NUMBER = (
    r"(?:(?:nr\.? ?|nummer )?\d{1,3}(?: ?[A-Za-z]\b)?(?:-\d{1,3}\b)?(?!\d)(?![.:,/\-–]\d)"
    rf"|(?:nr\.? |nummer )?(?!\w{{1,5}}\b){NUMBER_WORD}\b)"
)
_TO_NUMBER = r"(?:\s+|,\s?(?=nr|nummer))"
_COUNTED = (
    r"(?! ?(?:gange|år|kr|kroner|procent|pct|%|mennesker|personer|familier|minutter|timer|børn|km|meter|"
    r"min\b|timers|dage|uger|måneder|frivillige|borgere|flygtninge|deltagere|stk|skridt))"
)
_FLOOR = (
    r"(?:,? ?(?:st(?:uen)?|kl(?:d|\.)?|kælder(?:en)?|\d{1,2})\.? ?,? ?(?:sal\b\.?)?,? ?(?:tv|th|mf|t\.v|"
    r"t\.h|til højre|til venstre|lejl\.? ?\d+|dør ?\d+)\b\.?"
    r"|,? ?\d{1,2}\.? ?sal\b|, ?(?:stuen|kælderen|st\.|kld\.?)| st\.| (?:th|tv|mf)\b\.?|,? ?(?:lejl|lejlighed|vær|værelse)\.? ?\d{1,4})?"
)
_POST = r"(?:,? (?:DK-?)?[1-9]\d{3}\b(?: [A-ZÆØÅ][\wæøå]+(?: [A-ZÆØÅ][\wæøå]+)?)?)?"
_ENDING = (
    r"(?:vej|vejen|gade|gaden|allé|alle|alléen|alleen|stræde|strædet|vænge|vænget|plads|pladsen|torv|"
    r"torvet|boulevard|boulevarden|park|parken|have|haven|bakke|bakken|stien|sti|toft|toften|"
    r"lunden|engen|marken|gård|gården|kaj|kajen|bro|brink|brinken|krogen|krog|sving|svinget|høj|højen|"
    r"skrænten|ager|ageren|gyde|passage|passagen|kvarter|kvarteret|"
    r"drag|draget|dal|dalen|løkke|løkken|mose|mosen|kær|kæret|husene|terrasserne|kilde|slippe|vang|vangen|"
    r"lund|lunden|holmen|banke|banken|hegn|hegnet|skel|skellet|buen|stien|høje|lodden)"
)
_STREET = re.compile(
    rf"(?<![\w'’.\-])(?P<name>(?:(?:[A-ZÆØÅ][\w.'’\-]{{0,40}}|de|den|det|i|ved) ){{0,2}}"
    rf"(?P<last>[^\W\d_][\w'’\-]{{0,60}}?{_ENDING}|(?<=Ved )[A-ZÆØÅ]\w{{2,30}}e[nt]))"
    rf"{_TO_NUMBER}{_NUMBER}{_COUNTED}{_FLOOR}{_POST}"
)
_SEPARATE = re.compile(
    r"(?<![\w'’.\-])(?:[A-ZÆØÅ][\w'’.\-]{0,40} ){1,3}(?:Allé|Alle|Vej|Gade|Plads|Torv|Boulevard|Have|"
    r"Park|Strandvej|Landevej|Kirkevej|Kvarter|Vænge|Stræde|Sti|Bakke|Gård|Kaj|Toft|Ager|Kongevej|Hovedgade|"
    r"Parkvej|Strand|Nytorv|Torvegade|Bro|Mark|Vang|Løkke|Banke|Ringvej|Boulevarden)"
    rf"{_TO_NUMBER}{_NUMBER}{_COUNTED}{_FLOOR}{_POST}"
)
_CAPITALS = re.compile(
    rf"(?<![\w'’.\-])(?:[A-ZÆØÅ][A-ZÆØÅ.'’\-]{{0,40}} ){{0,3}}[A-ZÆØÅ.'’\-]{{0,40}}"
    rf"{_ENDING.upper()}{_TO_NUMBER}{_NUMBER}{_COUNTED}{_FLOOR}{_POST}"
)
_ALONE = re.compile(
    rf"(?<![\w'’.\-])(?:Vestergade|Østergade|Nørregade|Søndergade|Storegade|Algade|Bredgade|Torvet|Kirkepladsen|"
    rf"Hovedgaden|Strandvejen) {_NUMBER}{_COUNTED}{_FLOOR}{_POST}"
)
# A word of the landscape in its definite form: with a capital inside a sentence, or put together, it is a street before a number.
_DEFINITE = (
    r"(?:vejen|gaden|alléen|strædet|vænget|parken|haven|bakken|stien|toften|lunden|engen|marken|gården|brinken|krogen|svinget|højen|"
    r"skrænten|ageren|gyden|draget|dalen|løkken|mosen|kæret|vangen|holmen|banken|hegnet|skellet|buen)"
)
_LANDSCAPE = re.compile(
    rf"(?:(?<=[a-zæøå] )|(?<=[a-zæøå], )){_DEFINITE.title()} {_NUMBER}{_COUNTED}{_FLOOR}{_POST}"
    rf"|(?<![\w'’.\-])[A-ZÆØÅ]\w{{2,30}}{_DEFINITE} {_NUMBER}{_COUNTED}{_FLOOR}{_POST}"
)
_ABROAD = re.compile(
    r"(?<![\w'’.\-])(?:[A-ZÆØÅÄÖÜ][\w'’.\-]{0,40} ){0,2}"
    r"(?:[A-ZÆØÅÄÖÜ][\w'’\-]{1,60}?(?:stra(?:ß|ss)e|gatan|vägen|gränd|straat|plein|platz|weg)"
    r"|(?:[A-Z][\w'’.\-]{1,40} )(?:Street|Road|Avenue|Lane|Straße|Caddesi|Sokak)) \d{1,4}(?: ?[A-Za-z]\b)?(?!\d)"
    r"(?:,? (?:[A-Z]{1,2}-)?\d{3} ?\d{2}\b(?: [A-ZÅÄÖÜ]\w+)?)?"
    r"|(?<![\w.,])\d{1,4}[a-z]?,? (?:(?:[A-Z][\w'’\-]{1,40} ){1,3}(?:Street|Road|Avenue|Lane|Close|Drive|Court|Terrace|Crescent|Square)"
    r"|(?:rue|avenue|boulevard|impasse|via|calle) (?:d[eu]s? |de la |della )?[A-Z][\w'’\-]{1,40})\b"
    r"(?:, [A-Z][\w\-]+)?(?: [A-Z]{1,2}\d[\dA-Z]? ?\d[A-Z]{2}\b| \d{5}\b)?"
)
# Coordinates of Denmark to a few metres, where a home is spoken of.
_PLACE_ON_EARTH = re.compile(
    r"\b(?:bor|boede|bopæl|hjem|hjemme|hus|huset|lejlighed(?:en)?|bolig(?:en)?|adresse(?:n)?)\b[^.\n]{0,40}?"
    r"(?P<where>\b5[4-7][.,]\d{4,}°?\s?N?[,; ]{1,2}(?:\d|1[0-5])[.,]\d{4,}°?\s?[EØ]?)",
    re.IGNORECASE,
)
_LIVES = re.compile(
    r"\b(?:bor|boede|bopæl|adresse(?:n)?|flyttede|flyttet|flytter|lejlighed(?:en)?|bolig|værelse|hus(?:et)?|"
    r"opgang(?:en)?|hos (?:hende|ham|mig|os|dem)|hjemme)\b"
    r"(?: (?:er|var|nu|lige|stadig|ind|hen|ned|op|til))* ?(?:på|i|til|ved|:) "
    rf"(?P<where>(?:[A-ZÆØÅ][\w'’.\-]{{1,40}} ){{1,3}}(?:værelse |lejl\.? )?{_NUMBER}{_COUNTED}{_FLOOR}{_POST})"
)
_HOUSE_AND_TOWN = re.compile(
    r"(?<![\w'’.\-])(?:[A-ZÆØÅ][\w'’.\-]{2,40} ){1,3}\d{1,3}(?: ?[A-Za-z]\b)? ?, ?(?:DK-?)?[1-9]\d{3}\b(?: "
    r"[A-ZÆØÅ][\wæøå]+)?"
)
_HOUSE_AND_FLOOR = re.compile(
    r"(?<![\w'’.\-])(?:[A-ZÆØÅ][\w'’.\-]{2,40} ){1,3}\d{1,3}(?: ?[A-Za-z])?,? (?:st|\d{1,2})\.?,? ?(?:sal,? "
    r"?)?(?:tv|th|mf)\b"
)
_DWELLER = re.compile(
    rf"(?<![\w'’.\-])(?P<where>(?:[A-ZÆØÅ][\w'’.\-]{{1,40}} ){{1,3}}\d{{1,3}}(?: ?[A-Za-z]\b)?){_FLOOR}{_POST},? "
    rf"(?:bor|boede)\b"
)
_ROOM = re.compile(
    r"\b(?:[Aa]sylcenter|[Hh]otel|[Hh]erberg|[Kk]risecenter|[Pp]ension|[Mm]odtagecenter|[Cc]enter|[Kk]ollegie\w*|[Bb]arak|[Bb]lok) "
    r"(?:\d{1,4}\w?,? )?"
    r"(?:[A-ZÆØÅ][\w\-]+,? ){0,2}(?:værelse|vær\.|rum|lejlighed|nr\.) ?\d{1,4}\b"
)
_BLOCK = re.compile(
    r"\b(?:[Bb]oligblok|[Bb]lok|[Oo]pgang)\s\w{1,3}"
    r"(?:,? (?:opgang \w{1,2}|lejl\w*\.? \d{1,4}|\d{1,2}\. ?(?:sal\b,? ?)?(?:tv|th|mf)\b\.?|\d{1,2}\. ?sal\b|st\.? ?(?:tv|th|mf)))+"
)
# A place to sleep in a house of many: what it stands in has a number, and so has the place.
_UNIT = re.compile(
    r"\b(?:telt|bygning|barak|fløj|pavillon|container|hal|hus|sektion|blok|afdeling|opgang|etage)\s(?:nr\.? ?)?\w{1,4},? (?:og |i )?"
    r"(?:telt|værelse|vær\.|sektion|seng|køje|lejlighed|dør)\s(?:nr\.? ?)?(?:\d{1,4}[A-Za-z]?|[A-Z]\d{0,3})\b",
    re.IGNORECASE,
)
_HOUSE_IN = re.compile(
    r"\b(?:nr\.?|nummer) ?\d{1,3}[A-Za-z]? (?:på|i) (?:[A-ZÆØÅ][\w.'’]* ){0,3}"
    r"(?:[A-ZÆØÅ][\w\-]{0,40}?)?(?:[Vv]ej|[Gg]ade|[Ss]koven|ænget|vænge|[Pp]ark(?:en)?|[Aa]ll[eé]|[Ss]træde|[Tt]often|[Hh]aven|[Bb]akken|[Bb]oulevard|[Hh]øj|[Ll]unden|draget|kr[æa]nten)\b"
)
_POSTAL = re.compile(r"\b(?:DK-\d{4}|(?:postnummer|postnr\.?) ?\d{4})(?: [A-ZÆØÅ][\wæøå]+)?")
_ON_FLOOR = re.compile(r"\bbor +(?:på|i) +(?:den +)?(?:st|\d{1,2})\.? ?(?:sal,? )?(?:tv|th|mf|til højre|til venstre)\b", re.IGNORECASE)
_NO_STREET = re.compile(
    r"^(?:om|gen|ud|af|under|halv|midt|motor|cykel|lande|hoved|jern|til|for|alle|over|op|ned|hjem|pas|"
    r"arbejds|møde|mødes|lege|parkerings|bolig|gang|fodbold|skole|børne|hver|"
    r"arbejdsplad|praktik|studie|køkken|zebra|fængsels|forældre|hele|samme|lærling|frivillig)?"
    r"(?:vej|vejen|gade|gaden|plads|pladsen|sti|stien|bro|kaj|passage|have|haven|gård|gården|park|parken|"
    r"byen|by|marken|dal|å|led|ring|led|høj|høje|hegn|ager|sving|bakke|bakken|torvet|alle|lund|eng|sted|"
    r"drag|mose|krog|terrasserne|husene|ringen|leddet)$",
    re.IGNORECASE,
)
_NO_PLACE = re.compile(
    r"\b(?:Modul|Uge|Side|Figur|Tabel|Bilag|Kapitel|Hold|Linje|Bus|Kl|Nr|Uge|Afsnit|Trin|Niveau|Prøve|"
    r"Covid|Lektion|Klasse|Kursus|Gruppe|Spørgsmål)\.?\s",
    re.IGNORECASE,
)


_BEFORE_A_NUMBER = re.compile(rf"(?:\b[A-ZÆØÅ][\w'’.\-]*|{_ENDING})[, ]\s?(?:nr\.? ?|nummer )?$")
_STREETS = (
    (_SEPARATE, 0.9),
    (_CAPITALS, 0.85),
    (_ABROAD, 0.85),
    (_ALONE, 0.9),
    (_LANDSCAPE, 0.7),
    (_HOUSE_AND_TOWN, 0.85),
    (_HOUSE_AND_FLOOR, 0.8),
)


def may_be_a_house_number(text: str, start: int) -> bool:
    """Whether a number that is said in words stands behind a name or a word for a street."""
    return bool(_BEFORE_A_NUMBER.search(text[max(0, start - 40) : start]))


def addresses(text: str) -> Iterator[Finding]:
    """Streets with house numbers, rooms, postal codes."""
    for match in _STREET.finditer(text):
        name, start = match["name"], match.start()
        if not name[0].isupper():
            start = match.start("last")
        written_as_a_name = match["last"][0].isupper() and re.search(r"[\wæøå,]\s$", text[max(0, start - 3) : start])
        if written_as_a_name or not _NO_STREET.search(match["last"]):
            yield Finding(start, match.end(), "ADDRESS", 0.9 if match["last"][0].isupper() else 0.7, "street with house number")
    for pattern, confidence in _STREETS:
        for match in pattern.finditer(text):
            yield Finding(match.start(), match.end(), "ADDRESS", confidence, "street with house number")
    for match in (*_LIVES.finditer(text), *_DWELLER.finditer(text), *_PLACE_ON_EARTH.finditer(text)):
        if not _NO_PLACE.match(match["where"]):
            yield Finding(match.start("where"), match.end("where"), "ADDRESS", 0.7, "place with a number after a word for living")
    for pattern, confidence, rule in (
        (_ROOM, 0.75, "room in a house"),
        (_BLOCK, 0.7, "flat in a block"),
        (_UNIT, 0.7, "room in a house"),
        (_HOUSE_IN, 0.8, "street with house number"),
        (_POSTAL, 0.7, "postal code"),
        (_ON_FLOOR, 0.6, "floor and side of a flat"),
    ):
        for match in pattern.finditer(text):
            yield Finding(match.start(), match.end(), "ADDRESS", confidence, rule)
