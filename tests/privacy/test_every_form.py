"""Every way of writing and saying a number or an address, crossed with what stands around it; and numbers that are nobody's."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from vvvresearch.privacy import scan_file, scan_text

ONES = ["nul", "en", "to", "tre", "fire", "fem", "seks", "syv", "otte", "ni", "ti", "elleve", "tolv", "tretten", "fjorten", "femten"]
ONES += ["seksten", "sytten", "atten", "nitten"]
TENS = {2: "tyve", 3: "tredive", 4: "fyrre", 5: "halvtreds", 6: "tres", 7: "halvfjerds", 8: "firs", 9: "halvfems"}
MONTHS = ["januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november", "december"]
SIGNS = ["", *"-–—/._:·‑‒−﹣－\u00a0\u2009\t\n\u200b~+|*•,\\=―\u202f", " ", " - ", "- ", " / ", "--", "\u2060-", "-\n", "\r\n", " \n "]
SAID = [
    " og så ",
    " de sidste fire er ",
    ", sidste fire cifre: ",
    " med endetallene ",
    ", løbenummer ",
    " kontrolcifre ",
    " (",
    " bindestreg ",
]
MASKS = ["xxxx", "XXXX", "****", "••••", "....", "____", "####", "××××", "■■■■", "x x x x", "[fjernet]", "(skjult)", "…"]
SCRIPTS = ["０１２３４５６７８９", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "၀၁၂၃၄၅၆၇၈၉", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗", "⓪①②③④⑤⑥⑦⑧⑨", "⁰¹²³⁴⁵⁶⁷⁸⁹", "₀₁₂₃₄₅₆₇₈₉"]
UNSEEN = "\u200b\u200c\u200d\u2060\u00ad\ufeff\u200e\u202a\u180e\u2061\u3164\u115f\ufe0f\u034f\u0301\u20e3"
AROUND = ["Hun sagde {} til dem på kontoret.", "{}", "Så stod der {} på papiret, og det var ikke vores.", "(jf. {})"]
CALLED = ["Mit cpr-nummer er {}.", "CPR: {}", "Hendes personnummer {} stod på kortet.", "cpr\n{}", "cpr.nr. {}, sagde hun."]


def in_words(number: str) -> str:
    """A pair of digits as it is read out."""
    if number[0] == "0":
        return f"nul {ONES[int(number[1])]}"
    tens, ones = divmod(int(number), 10)
    return ONES[int(number)] if int(number) < 20 else TENS[tens] if not ones else f"{ONES[ones]}og{TENS[tens]}"


def civil_forms(draw: random.Random) -> Iterator[str]:
    day, month, year = f"{draw.randrange(1, 29):02}", f"{draw.randrange(1, 13):02}", f"{draw.randrange(100):02}"
    last = f"{draw.randrange(10000):04}"
    date, full = day + month + year, ("19" if int(year) > 26 else "20") + year
    yield from (date + sign + last for sign in SIGNS)
    yield from (date + said + last for said in SAID)
    yield from (date + "-" + mask for mask in MASKS)
    yield from (sign.join((day, month, each)) + "-" + last for sign in (" ", ".", "-", "/", "–", ". ") for each in (year, full))
    yield from ((date + "-" + last).translate(str.maketrans("0123456789", script)) for script in SCRIPTS)
    yield from (sign.join(date + "-" + last) for sign in UNSEEN)
    yield from (sign.join(date + last) for sign in (" ", "-", ".", ", "))
    yield from (sign.join((day, month, year, last[:2], last[2:])) for sign in (" ", "-", "."))
    yield from (f"{date} {last[:2]} {last[2:]}", f"{date[:3]} {date[3:]} {last}", f"{int(day)}/{int(month)}-{year}-{last}")
    yield from (f"{int(day) + 60}{month}{year}-{last}", f"0101{year}-{last}", f"{day}{month}{full}{last}", f"19{year}{month}{day}-{last}")
    yield from (f"{date}({last})", f"DK{date}{last}", f"**{date}**-{last}", f"{date}&ndash;{last}")
    yield from (f"{date}<b>-{last}</b>", f"{date}%2D{last}")
    yield from (f"{date}-{last}A", f"nr{date}{last}", (date + "-" + last).replace("0", "O"), f"xxxxxx-{last}")
    pairs = [in_words(pair) for pair in (day, month, year, last[:2], last[2:])]
    yield from (" ".join(pairs), ", ".join(pairs), " ".join(ONES[int(digit)] for digit in date + last))
    yield f"{' '.join(pairs[:3])} streg {' '.join(pairs[3:])}"
    yield f"{int(day)}. {MONTHS[int(month) - 1]} {full}, og de sidste fire er {last}"


@pytest.mark.parametrize("contexts", [AROUND, CALLED], ids=["alone", "called so"])
def test_a_civil_registration_number_is_found_in_every_form(contexts: list[str]) -> None:
    draw = random.Random(41)
    missed = []
    for form in civil_forms(draw):
        text = draw.choice(contexts).format(form)
        place = text.index(form)
        if not any(one.kind == "CPR" and one.start < place + len(form) and one.end > place for one in scan_text(text)):
            missed.append(text)
    assert missed == []


def phone_forms(draw: random.Random) -> Iterator[str]:
    number = "4" + "".join(str(draw.randrange(10)) for _ in range(7))
    pairs = [number[:2], number[2:4], number[4:6], number[6:]]
    yield from (sign.join(pairs) for sign in (" ", "-", ".", "–", "/", ", ", "\u00a0", "·", "‑", "_", " - ", ". ", "\t", "*", "|", ":"))
    yield from (f"{number[:4]} {number[4:]}", f"{number[:4]}/{number[4:]}", f"({number[:4]}) {number[4:]}", "-".join(number))
    yield from (prefix + " ".join(pairs) for prefix in ("+45 ", "0045", "(+45) ", "45 ", "+45 (0) "))
    yield from (" ".join(in_words(pair) for pair in pairs), ", ".join(ONES[int(digit)] for digit in number))


def test_a_telephone_number_is_found_in_every_form_where_a_telephone_is_spoken_of() -> None:
    draw = random.Random(42)
    contexts = ["Ring til mig på {}.", "Tlf. {}", "Mobil: {} (efter 16)", "Hun skrev {} på en seddel, det var telefonnummeret."]
    missed = [text for text in (draw.choice(contexts).format(form) for form in phone_forms(draw)) if not _finds(text, "PHONE")]
    assert missed == []


def email_forms() -> Iterator[str]:
    ats = "@| @ |(at)| (at) |[at]|{at}|(a)|[a]| snabel-a | snabela |(snabel-a)|＠|"
    ats += "@\u200b|&#64;|%40|﹫| AT |_at_|-at-|.at.|=at=|*at*| krølle-a |@@"
    yield from (f"karen.holm82{at}sprog.ku.dk" for at in ats.split("|"))
    dots = (" dot ", "(dot)", "[dot]", " punktum ", "(punktum)", " prik ", "[.]", "{dot}", " . ")
    for at in ("@", "(at)", " snabel-a ", " at "):
        yield from (f"karen.holm82{at}mail{dot}dk" for dot in dots)
    yield from ("mailto:k.h@mail.dk", "K.HOLM@MAIL.DK", "k.h+ven@mail.dk")
    yield from ("k . h @ m a i l . d k", "k.h@\nmail.dk", "søren.h@[192.168.4.7]")
    yield "karen punktum holm snabel-a mail punktum dk"


def test_an_e_mail_address_is_found_however_it_is_disguised() -> None:
    contexts = ["Skriv til {}.", "{}", "min mail er {} hvis du vil", "(kontakt: {})"]
    assert [text for form in email_forms() for text in (one.format(form) for one in contexts) if not _finds(text, "EMAIL")] == []


OTHERS = {
    "DOB": ["født {}", "fødselsdato: {}", "Hans fødselsdag er {}.", "Fødselsdatoen står som {} i passet."],
    "ADDRESS": ["Hun bor {}.", "adressen er {}", "Vi mødtes på {} om aftenen."],
    "PLATE": ["Nummerpladen er {}.", "bilen med {} på pladen"],
    "ID": ["{}"],
}
FORMS = {
    "DOB": "3. marts 1988|den 3. marts 1988|3/3 1988|03.03.1988|03031988|1988-03-03|03-03-1988|d. 3. mar. 1988|marts 3, 1988|3. 3. 1988|"
    "den tredje marts nitten hundrede og otteogfirs|den tredje i tredje otteogfirs|3. marts|den tredje marts|1988/03/03",
    "ADDRESS": "Elmevej 12|Elmevej 12B, 2. tv.|H.C. Andersens Vej 12, st. th"
    "|Elmevej nr. 12|Elmevej, nr. 12|elmevej 12|ELMEVEJ 12|Elmevej 12-14|"
    "Ny Vestergade 3, 8000 Aarhus C|Elmevej otteogtyve|Ved Skoven 12|Åparken 7|nr. 12 på Søndre Boulevard",
    "PLATE": "CW 41 882|CW41882|cw 41 882|CW-41-882|CW.41.882|C W 41 882|B-KX 4471|ABK 48D|AA 4471 BC",
    "ID": "Jeg hedder nour.aarhus på Instagram|insta: samira_k92|IG: nour.aarhus|"
    "t.me/ahmad1990x|brugernavn dj.yusuf7|skriv til mo_h9 på WhatsApp|@_vera_",
}


@pytest.mark.parametrize("kind", list(FORMS))
def test_birth_dates_addresses_plates_and_names_online_are_found_in_every_form(kind: str) -> None:
    assert [text for form in FORMS[kind].split("|") for text in (one.format(form) for one in OTHERS[kind]) if not _finds(text, kind)] == []


def _finds(text: str, kind: str) -> bool:
    return any(one.kind == kind for one in scan_text(text))


NOBODYS = """
Perioden 03.11.2019-27.02.2021 er dækket.
fra 3/11-2019 til 27/2-2021
i tiden 3.9.08 – 9.2.17
Optaget 03.11.2019 14:30
gemt 20191103-1430
Udbetalt den 25-04-2013 kl. 0730
EAN-nr. 5790101901234
P-nr. 1012345678
ISSN 0071-8844
ISBN 978-87-02-12345-6
https://doi.org/10.1177/0101901234567123
Kommunens sagsnr. 2021-010190-1234
J.nr. 08/333856
Foreningens reg. 8721 konto 2027920061
I alt 4.120.312 kr.
Sted: 56.120312, 10.204210
version 6.2.19-7348
12 10 85 22 41 17 90 33
Tallene var 12, 10, 85, 22, 41.
Skalaen går 0 1 2 3 4 5 6 7 8 9 10.
Vi talte en, to, tre, fire, fem, seks, syv, otte, ni, ti, og så gik vi.
Han er syvogtyve, hun er femogtredive, og de har tre børn på otte, fem og to.
Fra nitten hundrede femogfirs til to tusind og fem boede vi der.
Vi mødtes ti over fem og gik klokken ni.
9ca423b4-5835-b3cb-84da-605a47647361
I alt 42 48 51 60 interview fordelt på fire byer.
Vores motto er Hånd i hånd.
""".strip().splitlines()


def test_dates_cases_and_counts_are_nobodys_number() -> None:
    assert {text: [one.kind for one in scan_text(text)] for text in NOBODYS if scan_text(text)} == {}


@pytest.mark.parametrize(
    ("table", "found"),
    [
        ("id;fødselsdato;sidste fire\n1;010190;1234\n", True),
        ("cpr1;cpr2\n010190;1234\n", True),
        ("fødselsdag;løbenr\n01-01-1990;34\n", True),
        ("id;cpr\n1;101901234\n", True),
        ("id;cpr\n1;101.901.234\n", True),
        ("dato;postnr\n010190;8000\n", False),
        ("start;slut\n01-01-2020;2021\n", False),
    ],
)
def test_a_number_that_is_split_over_two_cells_or_lost_its_nought_is_found(table: str, found: bool, tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text(table, encoding="utf-8")
    assert any(one.kind == "CPR" for _, one in scan_file(path)) is found
