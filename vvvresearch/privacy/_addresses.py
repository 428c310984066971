"""Where people live."""

from __future__ import annotations

import re
from collections.abc import Iterator

from vvvresearch.privacy._data import words_of
from vvvresearch.privacy._digit_groups import MONTH
from vvvresearch.privacy._finding import Finding
from vvvresearch.privacy._lexicon import is_listed

# Where there is no figure: a house on a corner, a floor in words.
ADDRESS_STEMS = ("hjørnet", "///", " sal", "til højre", "til venstre")
_NUMBER = (
    r"(?:(?:nr\.? ?|nummer |number |no\.? )?\d{1,3}(?: ?[A-Za-z]\b)?(?:-\d{1,3}\b)?(?!\d)"
    r"(?![.:,/\-–]\d(?!\d?\.? ?(?:sal|tv|th|mf)|/t[hv]|\d{3}\b))(?!\. ?(?:jan|feb|mar|apr|maj|jun|jul|aug|sep|okt|nov|dec)))"
)
_TO_NUMBER = r"(?:\s*|_|\si\s(?=nr|num)|,\s?(?=nr|num|no\b|\d{1,3}[A-Za-z]?\s*(?:$|\n|,)))"
_COUNTED = (
    r"(?! ?(?:gange|år|kr|kroner|procent|pct|%|mennesker|personer|familier|minutter|timer|børn|km|meter|"
    r"min\b|timers|dage|uger|måneder|frivillige|borgere|flygtninge|deltagere|stk|skridt))"
)
# What follows a street and its number, each part once or more: floor and side, a unit of the house, a postal code with its town.
_NTH_FLOOR = r"(?:\d{1,2}\.?|første|anden|tredje|fjerde|femte|sjette)"
_SIDE = r"(?:tv|th|mf|t\.? ?v|t\.? ?h|m\.? ?f|til højre|til venstre|midt ?for|i midten|lejl\.? ?\d+|dør ?\d+)"
_UNIT_WORD = (
    r"(?:lejl|lejlighed(?:en)?|vær|værelset?|opg|opgang|indgang|dør|grund|have|lod|bygning|blok|hus|rum|telt|sektion|seng|"
    r"køje|barak|kv|apt|app)"
)
_TOWN = r"[A-ZÆØÅ][\wæøå]+(?: [A-ZÆØÅ][\wæøå]*\.?)?"
_TAIL = re.compile(
    rf"(?:[,/]? ?(?:på )?(?:st(?:uen)?\.?|kl(?:d)?\.?|kælder(?:en)?|{_NTH_FLOOR}) ?,? ?(?:sal\b\.?,? ?)?{_SIDE}\b\.?"
    r"|,? (?:\d{1,2}(?:st|nd|rd|th)|ground) floor\b(?: left| right)?"
    rf"|[,/]? ?(?:på )?{_NTH_FLOOR} ?sal\b\.?|,? (?:i )?(?:stuen|kælderen)\b|, ?(?:st|kld?)\b\.?| kld\.?(?=,| [1-9]\d{{3}})| st\.|"
    rf" (?:th|tv|mf)\b\.?|"
    rf", ?\d{{1,2}}\.(?: \d{{1,3}}\b)?"
    rf"|(?i:,? (?:st|{_NTH_FLOOR})\.? {_SIDE}\b\.?)|,? {_UNIT_WORD}\.? ?(?:nr\.? ?)?(?:\d{{1,4}}[A-Za-z]?|[A-Z])\b|,? (?:bag|for|side|"
    rf"mellem)huset"
    rf"|,? \d{{1,2}}\.-\d{{1,3}}\b|[,/] ?(?:\d{{1,2}}/)?(?:tv|th|mf)\b|,?\s?(?:i )?(?:DK-?)?(?:\d\d-\d{{3}}|"
    rf"\d{{4,5}})\b(?: (?:{_TOWN}|[a-zæøå]{{3,}}(?=\s*(?:$|[,.\n|]))))?|"
    rf",\s{_TOWN}(?![\w:])|, ?(?:[Hh]/?[Ff]|"
    rf"\w{{0,8}}[Hh]aveforening(?:en)?) {_TOWN}){{1,6}}+"
)
_ENDING = (
    r"(?:vej|vejen|gade|gaden|allé|alle|alléen|alleen|stræde|strædet|vænge|vænget|plads|pladsen|torv|"
    r"torvet|boulevard|boulevarden|park|parken|have|haven|bakke|bakken|stien|sti|toft|toften|"
    r"lunden|engen|marken|gård|gården|kaj|kajen|bro|brink|brinken|krogen|krog|sving|svinget|høj|højen|"
    r"gangen|skrænten|(?<!t)ager|ageren|gyde|passage|passagen|kvarter|kvarteret|"
    r"drag|draget|stykket?|dal|dalen|løkke|løkken|mose|mosen|kær|kæret|husene|terrasserne|kilde|slippe|vang|vangen|"
    r"lund|lunden|holmen|banke|banken|hegn|hegnet|skel|skellet|led|leddet|buen|stien|høje|lodden)"
)
_STREET = re.compile(
    rf"(?<![\w'’.\-])(?P<name>(?:(?:[A-ZÆØÅ][\w.'’\-]{{0,40}}|de|den|det|i|ved) ){{0,2}}"
    rf"(?P<last>[^\W\d_][\w'’\-]{{0,60}}?{_ENDING}|(?<=Ved )[A-ZÆØÅ]\w{{2,30}}e[nt]))"
    rf"{_TO_NUMBER}{_NUMBER}{_COUNTED}"
)
_SEPARATE = re.compile(
    r"(?<![\w'’.\-])(?:[A-ZÆØÅ][\w'’.\-]{0,40} ){1,3}(?:Allé|Alle|Vej|Gade|Plads|Torv|Boulevard|Have|"
    r"Park|Strandvej|Landevej|Kirkevej|Kvarter|Vænge|Stræde|Sti|Bakke|Gård|Kaj|Toft|Ager|Kongevej|Hovedgade|"
    r"Parkvej|Strand|Nytorv|Torvegade|Bro|Mark|Vang|Løkke|Banke|Ringvej|Boulevarden|(?<=s )(?:all[eé]|vej|gade|plads|have|gård|stræde))"
    rf"{_TO_NUMBER}{_NUMBER}{_COUNTED}"
)
_CAPITALS = re.compile(
    rf"(?<![\w'’.\-])(?:[A-ZÆØÅ][A-ZÆØÅ.'’\-]{{0,40}} ){{0,3}}[A-ZÆØÅ.'’\-]{{0,40}}"
    rf"{_ENDING.upper()}{_TO_NUMBER}{_NUMBER}{_COUNTED}"
)
_CAPITAL = r"[A-ZÆØÅÄÖÜŁŚŻČŠŽĐİÇĞ][\w'’.\-]{1,40}"
_ENGLISH_ROAD = (
    r"(?:Street|Road|Avenue|Lane|Close|Drive|Court|Terrace|Crescent|Square|Row|Mews|Grove|Gardens|Hill|Walk|Way|Quay|Place|Rise|Green)"
)
_ABROAD = re.compile(
    r"(?<![\w'’.\-])(?:[A-ZÆØÅÄÖÜ][\w'’.\-]{0,40} ){0,2}"
    r"(?:[A-ZÆØÅÄÖÜ][\w'’\-]{1,60}?(?:stra(?:ß|ss)e|gatan|gata|vägen|gränd|straat|plein|platz|weg|allee|damm|katu|veien)"
    r"|(?:[A-Z][\w'’\-]{1,40} )(?:Street|Road|Avenue|Lane|Straße|Caddesi|Sokak|Allee|Weg|Str\.|gate|gata|vei|veg|gatan))(?: |"
    r",? [Nn]o[:.]? ?)\d{1,4}(?: ?[A-Za-z]\b)?(?!\d)"
    r"(?:,? (?:[A-Z]{1,2}-)?\d{3} ?\d{2}\b(?: [A-ZÅÄÖÜ]\w+)?)?"
    r"|(?<![\w.,])(?:(?:Flat|Apartment|Apt\.?|Unit|Room) \w{1,4}, )?\d{1,4}[A-Za-z]?,? (?:(?:[A-Z][\w'’\-]{1,40} ){1,3}"
    rf"{_ENGLISH_ROAD}"
    r"|(?:[Rr]ue|[Aa]venue|[Bb]oulevard|[Ii]mpasse|[Vv]ia|[Cc]alle) (?:d[eu]s? |de la |"
    r"della )?[A-Z][\w'’\-]{1,40}(?: [A-Z][\w'’\-]{1,40})?)\b"
    r"(?:, [A-Z][\w\-]+)?(?: [A-Z]{1,2}\d[\dA-Z]? ?\d[A-Z]{2}\b| \d{5}\b)?"
    # A British postal code, a foreign one with its town, a word for a street in front, a house that is called by its number.
    rf"|(?<![\w.,])\d{{1,4}}[A-Za-z]?,? (?:{_CAPITAL} ){{0,3}}{_CAPITAL},? (?:{_CAPITAL} )?[A-Z]{{1,2}}\d[\dA-Z]? \d[A-Z]{{2}}\b"
    rf"|(?<![\w'’.\-])(?:{_CAPITAL} ){{1,3}}\d{{1,4}}(?: ?[A-Za-z])?(?:/\d{{1,4}})?, (?:[A-Z]{{1,2}}-)?(?:\d{{5,6}}|\d{{3}} \d{{2}}|"
    rf"\d{{2}}-\d{{3}}|\d{{4}} [A-Z]{{2}}) {_CAPITAL}"
    rf"|(?<![\w'’.\-])(?:{_CAPITAL} ){{1,2}}(?:g|ave?|rd|cad|sok|blvd)\. \d{{1,4}}[A-Za-z]?(?:-\d{{1,4}})?\b"
    rf"|(?<!\w)(?:ul\.|ulica|vul\.|vulytsia|[Rr]ue|[Vv]ia|[Cc]alle|cad\.|sok\.|mah\.|bul\.) (?:(?:{_CAPITAL}|de|la|du|des|della|"
    rf"di) ){{1,4}}(?:no:? ?|nr\.? ?)?\d{{1,4}}(?:/\d{{1,4}})?\b"
    rf"|(?<![\w'’.\-])(?:{_CAPITAL},? ){{1,3}}(?:[Bb]ygning|[Bb]uilding|[Bb]loc?k|[Hh]ouse|[Aa]pt\.?|[Ff]lat|[Zz]one|"
    rf"[Ss]ektor) (?:nr\.? ?)?\d{{1,4}}[A-Z]?, {_CAPITAL}"
)
# Coordinates of Denmark to a few metres, where a home is spoken of.
_IN_DENMARK = r"(?P<where>\b5[4-7][.,]\d{4,}°?\s?N?[,; ]{1,2}(?:\d|1[0-5])[.,]\d{4,}°?\s?[EØ]?)"
_PLACE_ON_EARTH = re.compile(
    rf"\b(?:bor|boede|bopæl|hjem|hjemme|hus|huset|lejlighed(?:en)?|bolig(?:en)?|adresse(?:n)?)\b[^.\n]{{0,40}}?{_IN_DENMARK}"
    rf"|{_IN_DENMARK.replace('where', 'there')}(?=[^.\n]{{0,25}}\b(?:bor|bopæl|hjem(?:me|met)?|hus(?:et)?|bolig(?:en)?|adresse(?:n)?)\b)",
    re.IGNORECASE,
)
_LIVES = re.compile(
    r"\b(?:bor|boede|bopæl|adresse(?:n)?|flyttede|flyttet|flytter|lejlighed(?:en)?|bolig|værelse|hus(?:et)?|"
    r"opgang(?:en)?|hos (?:hende|ham|mig|os|dem)|hjemme)\b"
    r"(?: (?:er|var|nu|lige|stadig|ind|hen|ned|op|til))*(?: ?(?:på|i|til|ved|:)|(?<=bor)|(?<=boede)) "
    rf"(?P<where>(?:[A-ZÆØÅ][\w'’.\-]{{1,40}} ){{1,3}}(?:værelse |lejl\.? )?{_NUMBER}{_COUNTED})"
)
_LIVES_SMALL = re.compile(
    r"\b(?:bor|boede|flyttede|flyttet|lives?|lived|moved) (?:på|i|ind på|til|at|to) "
    r"(?P<where>(?:[a-zæøå][\w.'’\-]* ){1,4}\d{1,3} ?[a-z]?,? ?(?:st|\d{1,2})\.? ?(?:tv|th|mf)\b)"
)
_HOUSE_AND_TOWN = re.compile(
    r"(?<![\w'’.\-])(?:[A-ZÆØÅ][\w'’.\-]{1,40} ){1,3}\d{1,3}(?: ?[A-Za-z]\b)?(?:, ?(?:st|kld?|\d{1,2})\b\.?(?: ?(?:sal|tv|th|mf)\b\.?)?)?"
    r"(?: ?,\s?|\n)(?:DK-?)?[1-9]\d{3}\b(?: "
    r"[A-ZÆØÅ][\wæøå]+)?"
)
_BEFORE_A_TOWN = re.compile(rf"(?<![\w'’.\-])(?P<where>(?:{_CAPITAL} ){{1,3}}\d{{1,3}}(?: ?[A-Za-z]\b)?), (?P<town>[A-ZÆØÅ][\wæøå]+)")
_HOUSE_AND_FLOOR = re.compile(
    r"(?<![\w'’.\-])(?:[A-ZÆØÅ][\w'’.\-]{1,40} ){1,3}\d{1,3}(?: ?[A-Za-z])?,? (?:(?<=, )kld\b\.?|(?:st|\d{1,2})\.?,? ?(?:(?:sal,? "
    r"?)?(?:tv|th|mf)|sal)\b|(?<=, )(?:dør|lejl\.?|lejlighed) ?\d{1,4}\b)"
)
_DWELLER = re.compile(
    rf"(?<![\w'’.\-])(?P<where>(?:[A-ZÆØÅ][\w'’.\-]{{1,40}} ){{1,3}}\d{{1,3}}(?: ?[A-Za-z]\b)?)(?:{_TAIL.pattern})?,? "
    rf"(?:(?:hvor|som|der) (?:\w+ ){{0,3}})?(?:bor|boede|boet|flyttede ind)\b"
)
# A place to sleep in a house of many: what it stands in has a name or a number, and so has the place, in whichever order.
_HOUSE_OF_MANY = (
    r"(?:[Aa]sylcenter|[Hh]otel|[Hh]erberg|[Kk]risecenter|[Pp]ension|[Mm]odtagecenter|[Cc]enter|[Kk]ollegie\w*|[Hh]/?[Ff]\.?|\w*[Hh]aveforening(?:en)?|"
    r"[Aa]/?[Bb]|\w*[Bb]oligforening(?:en)?|[Bb]oligblok|[Bb]lok|[Bb]arak|[Bb]ygning|[Ff]løj|[Pp]avillon|[Cc]ontainer|[Hh]al|[Hh]us|[Ss]ektion|[Aa]fdeling|[Oo]pgang|"
    r"[Ee]tage|[Tt]elt|\w*[Ll]ejr(?:en)?|\w*[Cc]amping(?:plads(?:en)?)?)"
)
_OWN_PLACE = (
    r"(?:[Tt]elt|[Bb]arak|[Cc]ontainer|[Bb]ygning|[Bb]lok|[Pp]lads|[Vv]ærelset?|[Vv]ær\.|[Rr]um|[Ss]ektion|[Ss]eng|"
    r"[Kk]øje|[Ll]ejlighed(?:en)?|[Ll]ejl\.|[Dd]ør|[Hh]aven?|[Ll]od|[Pp]arcel|[Oo]pg(?:ang|\.)|[Hh]us|[Hh]ytten?|nr\.)"
)
_ID = r"\s?(?:nr\.? ?)?(?:\d{1,4}[A-Za-z]?|[A-Z]-?\d{0,4})\b"
# What stands before a street: a postal code with its town, at whose place somebody lives, a place of one's own.
_HEAD = re.compile(rf"(?:(?:DK-?)?[1-9]\d{{3}} {_TOWN}, |\bc/o:? [^\d\n,]{{2,40}}, |(?<!\w){_OWN_PLACE}{_ID}, )$")
_PLACES = (
    rf"(?:,? {_OWN_PLACE}{_ID}|,? (?:og |i )?{_OWN_PLACE}{_ID}|,? {_NTH_FLOOR} ?(?:sal\b,? ?)?(?:{_SIDE}\b\.?|sal\b)|"
    rf",? st\.? ?(?:tv|th|mf))"
)
_UNIT = re.compile(
    rf"(?<!\w)(?:{_CAPITAL} )?{_HOUSE_OF_MANY}(?:{_ID}|(?=, {_OWN_PLACE}{_ID})|"
    rf" (?:[A-ZÆØÅ][\w\-]+,? ){{0,2}}?[A-ZÆØÅ][\w\-]+(?: {_ID})?){_PLACES}{{1,3}}"
    rf"|(?<!\w){_OWN_PLACE}{_ID}(?:,| i| på| ved) (?:den )?(?:{_HOUSE_OF_MANY}(?:{_ID}| {_TOWN})|{_CAPITAL} {_HOUSE_OF_MANY}(?!\w))"
    rf"|(?<!\w)(?:[Tt]elt|[Bb]arak|[Cc]ontainer|[Kk]øje|[Ss]eng|[Vv]ærelse|[Ll]ejlighed|(?:[Kk]oloni)?[Hh]aven|[Kk]olonihave|[Ll]od|[Pp]arcel)"
    rf"{_ID}(?:,| i| på) {_CAPITAL}"
    rf"|(?<!\w){_CAPITAL},? (?:lejl|lejlighed|vær|værelse|bolig)\.? ?(?:nr\.? ?)?\d{{1,4}}\b"
)
_CORNER = re.compile(rf"\bhjørnet (?:af|mellem) [A-ZÆØÅ][\w. '’\-]{{0,40}}?{_ENDING}(?: og )[A-ZÆØÅ][\w. '’\-]{{0,40}}?{_ENDING}\b")
_BOX = re.compile(
    r"\b(?:[Pp](?:ost)?boks|P\.?O\.? [Bb]ox) ?\d{1,5}\b|\b[Mm]atr(?:ikel)?\.? ?-?(?:nr|"
    r"nummer)?\.? ?\d{1,4} ?[a-zæøå]{1,3}\b(?:,? [A-ZÆØÅ][a-zæøå]+){0,2}"
)
_HOUSE_IN = re.compile(
    r"\b(?:nr\.?|nummer) ?\d{1,3}[A-Za-z]? (?:på|i) (?:[A-ZÆØÅ][\w.'’]* ){0,3}"
    rf"(?:[A-ZÆØÅ][\w\-]{{0,40}}?(?:{_ENDING}|skoven)|[Vv]ej|[Gg]ade|[Aa]ll[eé]|[Ss]træde|[Bb]oulevard|[Pp]ark)\b"
)
# Three words that name a square of three metres.
_THREE_WORDS = re.compile(r"///[^\W\d_]{3,30}(?:\.[^\W\d_]{3,30}){2}")
_POSTAL = re.compile(r"\b(?:DK-\d{4}|(?:postnummer|postnr\.?) ?\d{4})(?: [A-ZÆØÅ][\wæøå]+)?")
_ON_FLOOR = re.compile(
    rf"\b(?:bor|boede|flyttede ind) +(?:på|i) +(?:den +)?(?:(?:nr\.?|nummer) ?\d{{1,3}}[A-Za-z]?,? (?:på )?)?(?:st\.?|"
    rf"{_NTH_FLOOR}) ?(?:sal,? )?{_SIDE}\b",
    re.IGNORECASE,
)
_NO_STREET = re.compile(
    r"^(?:p-|om|gen|ud|af|under|halv|midt|motor|cykel|lande|hoved(?!gade)|jern|til|for|alle|over|op|ned|hjem|pas|"
    r"arbejds|møde|mødes|lege|parkerings|bolig|gang|fodbold|skole|børne|hver|"
    r"arbejdsplad|praktik|studie|køkken|zebra|fængsels|forældre|hele|samme|lærling|frivillig)?"
    r"(?:vej|vejen|gade|gaden|plads|pladsen|sti|stien|bro|kaj|passage|have|haven|gård|gården|park|parken|"
    r"byen|by|marken|dal|å|led|ring|led|høj|høje|hegn|ager|sving|bakke|bakken|torvet|alle|lund|eng|sted|"
    r"drag|mose|krog|terrasserne|husene|ringen|leddet)$",
    re.IGNORECASE,
)
_ROAD = re.compile(r"(?:vej|gade|all[eé]|stræde|vænge|boulevard|torv|plads)(?:en|et|n)?$")
_LIVING = re.compile(r"\b(?:bor|boede|bopæl|adressen?|flytte\w*|hjemme|lives?|lived|living|moved)\b[^.\n]{0,20}$")
_A_DAY = re.compile(rf"{MONTH}\b", re.IGNORECASE)
# Houses that anybody may enter: where they stand says where nobody lives.
_PUBLIC = re.compile(
    r"\b\w*(?:rådhus|bibliotek|jobcent(?:er|r)|borgerservice|kommune|ministeri|styrelse|forening|museum|museet|kirke|moske|"
    r"frivilligcent(?:er|r)|sprogcent(?:er|r)|kulturhus|medborgerhus|røde kors|flygtningehjælp|town hall|library)\w*(?:,| i| på| ved|:) $"
    r"|\b\w*(?:lokale|auditori|kontor)\w*[^.\n]{0,20}[ ,]$",
    re.IGNORECASE,
)
_NO_PLACE = re.compile(
    r"\b(?:Modul|Uge|Side|Figur|Tabel|Bilag|Kapitel|Hold|Linje|Bus|Kl|Nr|Uge|Afsnit|Trin|Niveau|Prøve|"
    r"Covid|Lektion|Klasse|Kursus|Gruppe|Spørgsmål)\.?\s",
    re.IGNORECASE,
)


_BEFORE_A_NUMBER = re.compile(
    rf"(?:\b[A-ZÆØÅ][\w'’.\-]*|{_ENDING})[, ]\s?(?:nr\.? ?|nummer )?$|\bnumber $|(?i:\b{_UNIT_WORD}\.? ?(?:nr\.? ?|nummer )?$)"
)
_STREETS = (
    (_SEPARATE, 0.9),
    (_CAPITALS, 0.85),
    (_ABROAD, 0.85),
    (_HOUSE_AND_TOWN, 0.85),
    (_HOUSE_AND_FLOOR, 0.8),
)


def may_be_a_house_number(text: str, start: int) -> bool:
    """Whether a number that is said in words stands behind a name or a word for a street."""
    found = _BEFORE_A_NUMBER.search(text[max(0, start - 40) : start])
    # Words that open a sentence have a capital too: "Vi tre".
    return found is not None and not is_listed(found[0].strip(" ,").casefold())


def addresses(text: str) -> Iterator[Finding]:
    """Streets with house numbers and all that belongs to them, rooms, postal codes."""
    for start, end, confidence, rule in _told(text):
        if _A_DAY.match(text, start) or (
            _PUBLIC.search(text[max(0, start - 40) : start]) and not _LIVING.search(text[max(0, start - 60) : start])
        ):
            continue
        tail, head = _TAIL.match(text, end), _HEAD.search(text, max(0, start - 60), start)
        yield Finding(head.start() if head else start, tail.end() if tail else end, "ADDRESS", confidence, rule)


def _told(text: str) -> Iterator[tuple[int, int, float, str]]:
    """What must be there for an address: start, end, confidence and rule."""
    for match in _STREET.finditer(text):
        start = match.start() if match["name"][0].isupper() else match.start("last")
        word, first = match["last"], match.start("last")
        written_as_a_name = word[0].isupper() and re.search(r"[\wæøå,.]\s$", text[max(0, first - 3) : first])
        said_to_be = _ROAD.search(word) or _TAIL.match(text, match.end()) or _LIVING.search(text, max(0, start - 30), start)
        if not (word[0].isupper() or said_to_be) and is_listed(word.casefold()):
            continue  # "deltager 4"
        if written_as_a_name or not _NO_STREET.search(word):
            yield start, match.end(), 0.9 if word[0].isupper() else 0.7, "street with house number"
    for pattern, confidence in _STREETS:
        for match in pattern.finditer(text):
            yield *match.span(), confidence, "street with house number"
    for match in _PLACE_ON_EARTH.finditer(text):
        yield *match.span("where" if match["where"] else "there"), 0.7, "place on the map where somebody lives"
    for match in (*_LIVES.finditer(text), *_LIVES_SMALL.finditer(text), *_DWELLER.finditer(text)):
        if not _NO_PLACE.match(match["where"]):
            yield *match.span("where"), 0.7, "place with a number after a word for living"
    for match in _BEFORE_A_TOWN.finditer(text):
        if match["town"].casefold() in words_of("places") and not _NO_PLACE.match(match["where"]):
            yield *match.span(), 0.7, "place with a number before a town"
    for pattern, confidence, rule in (
        (_UNIT, 0.7, "room in a house"),
        (_HOUSE_IN, 0.8, "street with house number"),
        (_THREE_WORDS, 0.8, "square on the map"),
        (_CORNER, 0.6, "corner of two streets"),
        (_BOX, 0.8, "box or plot of land"),
        (_POSTAL, 0.7, "postal code"),
        (_ON_FLOOR, 0.6, "floor and side of a flat"),
    ):
        for match in pattern.finditer(text):
            yield *match.span(), confidence, rule
