"""Numbers that an authority, a bank, a shop or a garage has given a person: cases, permits, passports, cards, devices, number plates."""

from __future__ import annotations

import re
from collections.abc import Iterator

from vvvresearch.privacy._data import words_of
from vvvresearch.privacy._finding import Finding
from vvvresearch.privacy._labels import (
    CASE_WORDS,
    NUMBERED_THINGS,
    belongs_to_an_organisation,
    is_amount,
    is_called_a_telephone,
    is_case_number,
    is_counted,
)
from vvvresearch.privacy._lexicon import is_listed

_CASE = (
    rf"{CASE_WORDS}|[^\W\d_]{{2,20}}-?sag(?:en)?|ref(?:erence)?(?:nummer|"
    r"nr)?|dossier(?:nummer)?|akt(?:nummer|nr)?|bevilling(?:en)?|ansøgning(?:en|s?nummer|s?nr)?|klage(?:n|nr)?|(?!projekt|program|pulje|tilskud|tilsagn|kursus|hold)[^\W\d_]{3,20}(?:nummer(?:et)?|nr)"
)
# Figures, with letters that lead, that end a part or that make one of their own, in one piece or joined by signs.
_VALUE = r"(?P<value>(?-i:[A-ZÆØÅ]{1,8}[ \-/]?)?\d[\w]*(?:[ ./\-]{1,3}(?=[\w]*\d)[\w]+|-(?-i:[A-ZÆØÅ]{1,3})(?!\w)){0,5})"
_WORD_FOR_NUMBER = r"(?:[.:]?\s?\(?(?:nr|nummer(?:et)?|numre|number|no|id)\b\)?[.:]?)?"
# Whatever is said between a label and its number in one sentence, as long as it holds no other number.
_BETWEEN = r"(?P<between>(?:[ ,]{1,2}[\w\-æøå'’]*[^\W\d]\.?){0,6}?),?\s?[:=(]?\s{0,2}(?<!\.\n)"
# A word for something that is numbered, known by its last part: a number, a paper, an account, a device. What it is numbered for is
# somebody, unless the first part says that it is a body, a book or a thing that many share.
_PAPER = (
    r"kort|polic[en]|bevis|attest|pas|rejsedok|card|social security|"
    r"konto|bank|visum|tilladelse|grundlag|dokument|licens|mappe|police|passport|permit|account|licence|license|"
    r"policy|membership|tazkira|iqama|imei|imsi|iccid|politikreds"
)
_NUMBERED = re.compile(
    rf"(?<![^\W\d_])(?P<label>(?P<what>[^\W\d_]{{2,24}}?-?)(?:nummer|nr|numre|number|(?<=-)id|(?-i:ID)|(?<=person)id|(?<=borger)id|(?<=sags)id)"
    rf"|(?P<of>[^\W\d_]{{0,24}}?-?)(?:{_PAPER})|kto|kt|(?P<whose>[^\W\d_]{{4,24}}) (?:nr|nummer|number|no)|(?-i:P?ID)|udl|"
    rf"unhcr(?=[\W_]{{1,2}}(?:nr|nummer|reg|case|sag)|-?\w*(?:nr|nummer|registrering))[\W_]?\w*|(?:asyl|familiesammenførings?|"
    rf"statsborgerskabs?|kontanthjælps?)\w*)"
    rf"(?:s?et|e?t|e?n)?\b{_WORD_FOR_NUMBER}[.:)]?{_BETWEEN}{_VALUE}",
    re.IGNORECASE,
)
_OF_BODIES = re.compile(
    rf"(?:{NUMBERED_THINGS}|sags?|journal|projekt|bevillings?|tilskuds?|tilsagns?|puljes?|kontrakt|aftale|kursus|hold|skole|institutions?|kommune|afdelings?|"
    r"region\w*|artikel|serie|model|bestillings?|telefon|mobil|hoved|fax|hus|post|gade|side|linje|rute|bus|"
    r"tog|fly|kapitel|afsnit|figur|tabel|udgave|lov|akt|dokument\w*|dossier|reference|ref|p|se|produktionsenheds?|"
    r"betænkning|bekendtgørelse|cirkulære|vejledning|notat|reg(?:istrerings)?|matrikel|interview|respondent|deltager|participant|frivillig|volunteer|informant|\w*kode|spørgsmåls?|lod|hjemmeside|foto|spille|gave|lands?|by|"
    r"klage|ansøgnings?|inf|dato|uge|års?|rum|lokale|sæson|gruppe|bind|nummer|cpr|fødsels|plade|nummerplade|"
    r"part|page|table|figure|grant|project|chapter|section|standard|iso|registered|"
    r"kle|seed|tender|match|forløbs?|henvisnings?|finanslov\w*|nyheds?brev\w*|acadre|kreditor|debitor|leverandør|tracking|orcid|item|variabel|rapport|report|udbuds?|rekvisitions?)",
    re.IGNORECASE,
)
_RECORD = re.compile(r"\s*[A-ZÆØÅ][^\W\d_]+(?: [^\W\d_]+){0,2}[.:]? ")
_TALK = re.compile(r"(?<![\w.])[a-zæøå]{2,}(?![\w.]\w)")
# "Der var jeg nummer 4471": a number instead of a name.
_INSTEAD = re.compile(
    r"\b(?:jeg|mig|han|ham|hun|hende|vi|os)\s(?:\w+\s)?(?:nummer|nr\.?)\s(?P<value>(?-i:[A-Z]{1,4}[ \-]?)?\d[\w\-/]{3,})(?!\w)",
    re.IGNORECASE,
)
# A number that nothing explains, where somebody speaks of himself or of another.
_CODE = re.compile(
    r"(?<![\w@./:%+\-])(?<![\d)] )(?P<value>(?=[A-Z]*[ \-]?\d)(?:[A-Z]{1,4}\d?[ \-]?)?\d{2,}(?:[ \-/]\d*[A-Z]?\d{2,}|[A-Z]\d{2,}){0,4}"
    # A municipality's plan of subjects, and the case under it.
    r"|\d\d\.\d\d\.\d\d-[A-ZÆØÅ]\d\d-\d{1,6}-\d\d|(?:[0-9a-f]{2}[:\-]){5}[0-9a-f]{2})"
    r"(?![\w@%:/\-]|[.,]\d)"
)
_LONG = 6
_AMOUNT = re.compile(r"\d{1,3}(?: \d{3})+|(?:19|20)\d\d/\d{1,4}")  # 2016/679 is a law
_SOMEBODY = re.compile(r"\b(?:[Jj]eg|[Mm]ig|[Mm]in|[Mm]it|[Mm]ine|[Hh]ans?|[Hh]am|[Hh]un|[Hh]endes?|my|his)\b")
_FROM = re.compile(r"(?<![\d./-])(\d+) (?:til|to|through|–) $")
_DATED = re.compile(r"(?:19|20)\d\d(?:[ \-/]?[01]\d[ \-/]?[0-3]\d|[ \-/](?:(?:19|20)\d\d|\d\d))?|[0-3]\d[01]\d(?:19|20)\d\d")
# A date, and the time of day behind it that recordings are called by.
_RECORDED = re.compile(rf"(?:{_DATED.pattern})(?:\W?\d{{4}}|\W?\d{{6}}|\W(?:{_DATED.pattern}))?|\d{{1,2}}[\-/]\d{{1,2}}[\-/](?:19|20)?\d\d")
# Sixteen figures in fours are a card's; in one piece they must stand the check.
_CARD = re.compile(r"(?<![\w.,/\-])(?:\d{4}([ \-])\d{4}\1\d{4}\1\d{4}|\d{15,16})(?![\w\-]|[.,/]\d)")
_NET = re.compile(
    r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w]|\.\d)|(?<![\w:\-])(?:[0-9a-f]{2}[:\-]){5}[0-9a-f]{2}(?![\w:\-])"
    r"|(?<![\w:])(?:[0-9a-f]{1,4}:){2,7}:?[0-9a-f]{1,4}(?![\w:])",
    re.IGNORECASE,
)
_CALLED_NET = re.compile(r"\bip(?:v?[46])?\b|ip-?adresse|\bmac\b|logge[trd]|netværk|router|forbind", re.IGNORECASE)
_SECTION = re.compile(r"(?:version|afsnit|kapitel|punkt|pkt|§|v|bilag|section)\.?\s?$", re.IGNORECASE)
# An account: four figures of the bank and the rest, where money goes to somebody.
_ACCOUNT = re.compile(r"(?<![\w.,/\-])\d{4}[ \-]{1,3}\d{6,10}(?![\w\-]|[.,/]\d)")
_PAID = re.compile(
    r"\b(?:pay\w*|paid|wages?|salary|transfer\w*|account|løn\w*|udbetal\w*|overfør\w*|indsæt\w*|betal\w*|penge\w*|ydelse\w*|refu\w*|reimburs\w*|udlæg\w*|konto\w*|nemkonto|bank\w*|reg)\b",
    re.IGNORECASE,
)
_CASE_NUMBER = re.compile(rf"\b(?P<label>{_CASE})\b{_WORD_FOR_NUMBER}[.:)]?{_BETWEEN}{_VALUE}", re.IGNORECASE)
_PERSON = re.compile(
    r"\b(?:[Mm]in|[Mm]it|[Mm]ine|[Hh]ans|[Hh]endes|[Dd]eres|[Vv]ores|hans|hendes|din|dit|deres|vores|borgerens|klientens|flygtningens|deltagerens|"
    r"ansøgerens|patientens|barnets|kvindens|mandens|familiens|pigens|drengens|sønnens|datterens|om hende|"
    r"om ham|om mig|for hende|for ham|for mig|[A-ZÆØÅ][a-zæøå]{2,}s)\s(?:egen\s|nye\s|gamle\s)?(?:\w+\s){0,2}$"
)
_ABOUT = re.compile(
    r"\b(?:om|for|mod|vedr\.?|vedrørende|på)\s(?:hende|ham|mig|os|dem|hans|hendes|min)\b|\b(?:min|hans|hendes|"
    r"vores)\b",
    re.IGNORECASE,
)
# Authorities and cases that are about one person.
_OF_PERSONS = re.compile(
    r"\b(?:udlændingestyrelsen\w*|udlændingeservice\w*|siri|flygtningenævnet\w*|udlændingenævnet\w*|hjemrejsestyrelsen\w*|"
    r"(?:us|ydelses?|jobcenter|borger|familie|børne|integrations|syge|kontanthjælps?|social|visum)-?sag\w*|borger(?:en|s)?|ansøger(?:en|s)?|klager(?:en|s)?|personsag\w*|"
    r"familiesammenføring\w*|asyl\w*|opholds\w*|statsborgerskab\w*|indfødsret\w*|repatriering\w*|familieretshuset\w*|cpr\w*|født|born|applicant|client|patient|citizen)\b",
    re.IGNORECASE,
)
_BODY = re.compile(
    r"\b(?:kommunens|foreningens|projektets|bevillingens|fondens|firmaets|virksomhedens|ministeriets|"
    r"organisationens|rapportens?|rapporten|puljens|puljen|ansøgningens|styrelsens|"
    r"afdelingens|kirkens|klubbens|skolens|boligforeningens|røde kors['’]?|drc['’]?s?)\s(?:[\w.]+\s){0,4}[\w.\-]*$",
    re.IGNORECASE,
)
# Whom a case is about, right behind its number.
_NAMES_ONE = re.compile(r"\s?\((?:[^\W\d_a-zæøå][\w'’\-]+ ?){1,4}\)|[:,] (?:\w+ ){0,2}(?:fra|from|for|vedr\.?) [^\W\d_a-zæøå]\w+")
# What has cases of its own: then a case's number says nothing of anybody.
_OF_BODIES_CASE = re.compile(
    r"pulje|projekt|fond|forening|ministeri|kommune|bevilling|tilskud|tilsagn|udbud|ansøgning|rapport|virksomhed|firma|styrelse|journal|tender|grant",
    re.IGNORECASE,
)
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?\d{4}){2,6}(?: ?\d{1,4})?\b|\b[A-Z]{2}\d{2} ?[A-Z]{4}(?: ?\d{4}){2,5}(?: ?\d{1,4})?\b")
_DANISH_PLATE = re.compile(
    r"(?<![A-Za-zÆØÅæøå\d/])"
    r"([A-ZÆØÅ]{2}|[A-ZÆØÅ] [A-ZÆØÅ]|[a-zæøå]{2})[ \-.,]{0,2}(\d[ \-.,]{0,2}\d)[ \-.,]{0,2}(\d[ \-]?\d[ \-]?\d)(?![\d])(?![.,]\d)"
)
_PLATE_WORD = re.compile(
    r"\b(?:køretøj\w*|vehicle|parker\w*|p-tilladelse\w*|bøde\w*|politi\w*|nummerplade\w*|plade(?:n|r|rne)?|plates?|reg\.?\s?n[ro]\.?|registration|cars?|van|lorry|motorbike|registrerings(?:nummer|nr)\w*|indregistrer\w*|"
    r"\w*bil(?:en|er)?|\w*vogn(?:en)?|\w*trailer(?:en)?|scooter\w*|motorcykel\w*|knallert\w*|camper\w*|mc(?:'?en)?|taxa\w*|traktor\w*|toyota|opel|volvo|ford|peugeot|skoda|"
    r"audi|bmw|mercedes|fiat|kia|mazda|golf|polo|kører)\b",
    re.IGNORECASE,
)
_PLATE_SHAPE = re.compile(r"(?<![\w])(?=[A-ZÆØÅ\d \-]*\d)(?=[A-ZÆØÅ\d \-]*[A-ZÆØÅ])[A-ZÆØÅ\d]{1,7}(?:[ \-][A-ZÆØÅ\d]{1,6}){0,3}(?![\w])")
_PLATE_NAME = re.compile(r"\b(?:nummer|ønske|registrerings)plade\w*[^.\n]{0,25}?\b((?=[\dÆØÅ]{0,6}[A-Z])[A-ZÆØÅ\d]{3,7})\b")
_OF_A_SHEET = re.compile(r"\b(?:cell|celle|range) $", re.IGNORECASE)
PLATE_STEMS = ("plade",)
_UNMISTAKABLE_PLATE = re.compile(r"(?<![\w-])(?:[A-Z]{2} ?\d{4} ?[A-Z]{2}|[A-Z]{2}-\d{3}-[A-Z]{2}|[A-Z]{2}\d{2} [A-Z]{3})(?![\w-])")


def record_numbers(text: str) -> Iterator[Finding]:
    """A person's own numbers. An organisation's case numbers are left alone: a case counts where words say whose it is."""
    for match in _NUMBERED.finditer(text):
        of_many = _OF_BODIES.fullmatch((match["what"] or match["whose"] or "").rstrip("-"))
        if not of_many and _is_number(match["value"]) and not _of_a_body(text, match) and not is_amount(text, match.end()):
            yield Finding(match.start("value"), match.end("value"), "ID", 0.8, "number of a person's paper, account or device")
    for match in _CASE_NUMBER.finditer(text):
        about = _is_about_somebody(text, match)
        whose = about == "about" or (about and not _of_a_body(text, match))
        if whose and _is_number(match["value"]) and not is_amount(text, match.end()):
            yield Finding(match.start("value"), match.end("value"), "ID", 0.75, "number of a person's case")
    for match in _INSTEAD.finditer(text):
        if not is_amount(text, match.end()):
            yield Finding(match.start("value"), match.end("value"), "ID", 0.7, "number instead of a name")
    for match in _CODE.finditer(text):
        if _names_somebody(text, match):
            yield Finding(match.start(), match.end(), "ID", 0.5, "number where somebody is spoken of")
    for match in _IBAN.finditer(text):
        yield Finding(match.start(), match.end(), "ID", 0.9, "international account number")
    for match in _CARD.finditer(text):
        if match[1] or _passes_luhn(match[0]):
            yield Finding(match.start(), match.end(), "ID", 0.8, "number of a card or a telephone")
    for match in _ACCOUNT.finditer(text):
        before = re.split(r"[.!?]\s|\n", text[max(0, match.start() - 60) : match.start()])[-1]
        if _PAID.search(before) and not _BODY.search(before) and not is_amount(text, match.end()):
            yield Finding(match.start(), match.end(), "ID", 0.7, "number of an account")
    for match in _NET.finditer(text):
        if _is_in_the_net(text, match):
            yield Finding(match.start(), match.end(), "ID", 0.8, "address in the net")


def _is_in_the_net(text: str, match: re.Match[str]) -> bool:
    """Whether figures between stops or colons are a machine's: called so, or shaped as neither a section nor a time is."""
    before = text[max(0, match.start() - 60) : match.start()]
    if "." in match[0]:
        parts = [int(part) for part in match[0].split(".")]
        if max(parts) > 255 or _SECTION.search(before):
            return False
        likely = max(parts) > 99
    else:
        parts = re.findall(r"[0-9A-Fa-f]+", match[0])
        likely = "::" in match[0] or (len(parts) in (6, 8) and any(sign.isalpha() for sign in match[0]))
    after = re.split(r"[.!?]\s|\n", text[match.end() : match.end() + 60])[0]
    return likely or bool(_CALLED_NET.search(f"{after} {before}"))


def _is_about_somebody(text: str, match: re.Match[str]) -> str:
    """What says that a case is a person's: "about" where it is said right behind the label, other words "owned", nothing ""."""
    if match["label"][0] in "jJ" and (
        re.search(r"\b[Vv]ores\s$", text[: match.start()][-8:]) or re.match(r"\s(?:er|var)\s[Vv]ores\b", text[match.end() :][:12])
    ):
        return ""  # a body keeps a journal
    if re.match(rf"\s(?:er|var|tilhører|is)\s(?:\w+\s)?\w*(?:{_OF_BODIES_CASE.pattern})", text[match.end() :][:40], re.IGNORECASE):
        return ""
    if _ABOUT.search(match["between"]):
        return "about"
    before = text[max(0, match.start() - 40) : match.start()]
    after = re.split(r"[.!?](?: [A-ZÆØÅ]|$)|\n", text[match.end() : match.end() + 60])[0]
    sentence = re.split(r"[.!?\n]", before)[-1]
    if (named := _NAMES_ONE.match(after)) and not _OF_BODIES_CASE.search(named[0]):
        return "about"
    owned = (
        re.search(r"\s(?:er|var|tilhører|vedr|vedrørende|om)\.?\s(?:min|mit|mig|hans|ham|hendes?|deres|dem|vores)\b", after)
        or any(_OF_PERSONS.search(part) for part in (match["label"], after, match["between"], sentence))
        or _PERSON.search(before)
        or _ABOUT.search(before[-24:])
        # Cases are people's where no body is spoken of; a journal is kept on anything.
        or (match["label"][0] in "sS" and not _OF_BODIES_CASE.search(sentence + match["label"] + match["between"] + after))
    )
    return "owned" if owned else ""


def _names_somebody(text: str, match: re.Match[str]) -> bool:
    """Whether a number that no word explains stands in a sentence on somebody: neither an amount nor a date, and long enough."""
    value, start = match["value"], match.start()
    digits, letters = sum(map(str.isdigit, value)), sum(map(str.isalpha, value))
    if (
        digits < (3 if letters else 6)
        or digits + letters < 6
        or value.endswith("00")
        or _RECORDED.fullmatch(re.sub("^[A-ZÆØÅ] ", "", value))
    ):
        return False
    if any(_explained(text, place, match.end(), digits > 7 and not letters) for place in {start, start + re.search(r"\d", value).start()}):  # type: ignore[union-attr]
        return False
    before = re.split(r"[.!?]\s(?=[A-ZÆØÅ])|\n", text[max(0, start - 80) : start])[-1]
    after = re.split(r"[.!?](?:\s|$)|\n", text[match.end() : match.end() + 40])[0]
    last = re.search(r"([^\W\d_]+?)(?:nummer(?:et)?|nr)?[.:]?(?: (?:nr|nummer|no|number)[.:]?)?(?: (?:er|var))? $", before)
    # A line that is a label and its number is a record, whose labels are known where they are a person's (`_NUMBERED`).
    if last and (_OF_BODIES.fullmatch(last[1]) or (_RECORD.fullmatch(before) and not _TALK.match(after.lstrip()))):
        return False
    if (start_of := _FROM.search(before)) and len(start_of[1]) == len(value):
        return False  # from one to the other
    if _SOMEBODY.search(before + " . " + after) or (_OF_PERSONS.search(before + after) and not _BODY.search(before)):
        return True
    # So many figures in a sentence, which no word explains, are somebody's, whoever is spoken of; those of a table end its line.
    groups = re.split(r"[ \-/]", value)
    if digits < _LONG or max(map(len, groups)) < 3 or _AMOUNT.fullmatch(value) or _is_span(value) or all(map(_DATED.fullmatch, groups)):
        return False
    return bool(
        re.match(r" ?[a-zæøå(]{2}", after) if " " in value else _TALK.search(f"{before} {after}") or re.search(r"[^\W\d_]:? $", before)
    )


def _explained(text: str, start: int, end: int, may_be_called: bool) -> bool:
    """Whether words beside a number say that it is an organisation's, a case's, an amount or, where it may be one, a telephone."""
    if belongs_to_an_organisation(text, start) or is_case_number(text, start) or is_amount(text, end) or is_counted(text, start):
        return True
    return may_be_called and is_called_a_telephone(text, start)


def _is_span(value: str) -> bool:
    """Whether it says from where to where: two numbers of like length, the larger last."""
    ends = re.fullmatch(r"(\d+)[\-/–](\d+)", value)
    return bool(ends) and len(ends[2]) - len(ends[1]) in (0, 1) and int(ends[1]) < int(ends[2]) and ends[2][0] != "0"  # type: ignore[index]


def _passes_luhn(digits: str) -> bool:
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(number - 9 if number > 9 else number for number in doubled) % 10 == 0


def _is_number(value: str) -> bool:
    """Whether it is long enough for a number that only one person has: a year and a step of a list are not."""
    digits = sum(sign.isdigit() for sign in value)
    if (digits < 7 and _is_span(value)) or re.fullmatch(r"\d\.\d+|\d{1,2}(?:\.\d{1,2}){2}|\d{1,3}\.\d{3}", value):
        return False
    return digits >= 5 or (digits >= 3 and sum(sign.isupper() for sign in value) + digits >= 5)


def _of_a_body(text: str, match: re.Match[str]) -> bool:
    before = text[max(0, match.start() - 60) : match.start()]
    figures = match.start("value") + next(place for place, sign in enumerate(match["value"]) if sign.isdigit())
    return bool(_BODY.search(before)) or belongs_to_an_organisation(text, figures)


def plates(text: str) -> Iterator[Finding]:
    """Number plates: Danish ones anywhere, those of other countries and chosen ones where a vehicle is spoken of."""
    for match in _DANISH_PLATE.finditer(text):
        said = bool(_PLATE_WORD.search(text[max(0, match.start() - 30) : match.start()]))
        letters = match[1].lower()
        shown = match[1].isupper() or not (is_listed(letters) or is_listed(letters.upper()))
        if (
            (
                said
                or (shown and not re.search(r"[.,]|\d \d \d", match[0]) and (letters not in words_of("no_plate") or "-" in match[0][2:5]))
            )
            and not belongs_to_an_organisation(text, match.start())
            and not is_amount(text, match.end())
            and not _OF_A_SHEET.search(text, max(0, match.start() - 8), match.start())
        ):
            yield Finding(match.start(), match.end(), "PLATE", 0.9 if said else 0.7, "two letters and five digits")
    for match in _UNMISTAKABLE_PLATE.finditer(text):
        yield Finding(match.start(), match.end(), "PLATE", 0.7, "letters, digits, letters")
    checked = 0
    for word in _PLATE_WORD.finditer(text):
        start, end = max(checked, word.start() - 40), word.end() + 50
        for match in _PLATE_SHAPE.finditer(text, start, min(end, len(text))):
            letters = sum(sign.isalpha() for sign in match[0])
            if match.start() < word.end() and match.end() > word.start():
                continue  # a make and its model
            if 2 <= letters <= 5 and 4 <= letters + sum(sign.isdigit() for sign in match[0]) <= 9 and not is_amount(text, match.end()):
                yield Finding(match.start(), match.end(), "PLATE", 0.7, "plate beside a word for a vehicle")
        checked = max(checked, end - 50)


def plate_names(text: str) -> Iterator[Finding]:
    """Words that somebody chose for a number plate."""
    for match in _PLATE_NAME.finditer(text):
        yield Finding(match.start(1), match.end(1), "PLATE", 0.5, "word on a number plate")
