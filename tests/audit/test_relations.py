"""What numbers of a text say of each other: each made-up text has one planted error, and the text without it has no finding."""

from __future__ import annotations

import datetime
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vvvresearch.audit import Finding, audit
from vvvresearch.audit._number_names import is_slip, surprise
from vvvresearch.locales import format_date

SEATS = """Tabel 1. Pladser og brugere

Hus        Pladser   Brugere
Ask        24        61
Birk       31        75
Ceder      18        44
I alt      73        180
"""
YEARS = """Tabel 1. Andel, der cykler. Procent

            2019    2021    2023
Mænd        31      35      42
Kvinder     27      33      38
Alle        29      34      40
"""
ANSWERS = """Tabel 2. Hvor tit cykler du? (n = 400)

Svar         Antal    Procent
Hver dag     140      35
Hver uge     116      29
Aldrig       144      36
"""
BUDGET = """Tabel 3. Regnskab

Kontingent            412.000
Tilskud               138.000
Indtægter i alt       550.000

Husleje               310.000
Løn                   214.000
Udgifter i alt        524.000
"""
RATES = """Tabel 4. Svar fordelt på egn

Egn      Sendt   Svar   Procent
Øst      250     160    64
Vest     300     216    72
Nord     150     87     58
Syd      200     142    71
"""
PLANTED = (
    ("Skemaet blev sendt til 640 og besvaret af 416, svarende til en svarprocent på {}.", "65", "62", "count"),
    ("I byen bor 8.000 børn. Vi nåede 1.200. Det svarer til {} pct.", "15", "51", "count"),
    ("Der kom 420 gæster: 180 børn, 150 voksne og {} ældre.", "90", "60", "sum"),
    ("Blandt de 120 arbejder 74 på fuld tid og {} på deltid.", "46", "64", "sum"),
    ("Vi har holdt 31 møder: 12 med naboer, {} med skoler og 9 med politiet.", "10", "14", "sum"),
    ("Of 310 shops that we asked, 248 have joined. The other {} said no.", "62", "72", "sum"),
    ("Vi talte med 260 gæster. {} af gæsterne (65, svarende til 25 procent) kom alene.", "En fjerdedel", "Halvdelen", "word"),
    ("Forsøget løb fra maj 2019 til april 2022.\n\nNye tal\n\nForsøget blev afsluttet i {}.", "april 2022", "april 2020", "retold"),
    ("Banen var åben fra {} til marts 2024.", "april 2021", "april 2027", "date"),
    ("{} 2019 fik 1.204 en plads. Siden er yderligere 311 optaget. Det er i alt 1.515.", "I løbet af", "Ved udgangen af", "sum"),
    ("I alt 52 butikker har en kontrakt.\n\nStatus\n\nDer er i alt {} underskrevne kontrakter.", "58", "41", "route"),
    ("Foreningen deltog i 14 stævner, heraf {} i udlandet.", "4", "41", "sum"),
    ("Centret fik 480 henvendelser. Året før var tallet 412. Det svarer til en stigning på {}.", "68", "86", "difference"),
    ("Nu cykler 53 pct. Det er {} i forhold til målingen i 2019, hvor det gjaldt 41 pct.", "en stigning", "et fald", "direction"),
    ("Fraværet var 4,2 pct. mod 5,1 pct. året før og er dermed {} med 0,9 procentpoint.", "faldet", "steget", "direction"),
    ("Vi havde 212 frivillige, der gav 21.200 timer, altså {} timer pr. frivillig.", "100", "140", "count"),
    ("Der kom 1.230 gæster. En {} (246) er under 30 år.", "femtedel", "tredjedel", "word"),
    ("Vi lavede 24 interview, {} med unge og 10 med ledere.", "14", "18", "sum"),
    ("En plads koster 2.808 kr., {} de 3.150 kr., der var sat af.", "under", "over", "direction"),
    ("80 svarede. 52 mødes hver uge. De øvrige {} mødes sjældnere.", "28", "82", "sum"),
    ("Fraværet faldt fra 8,4 pct. til 6,9 pct. Det er et {} på 1,5 procentpoint.", "fald", "løft", "direction"),
    ("Klubben har 463 unge. I 2021 var der 371 unge, så de er blevet {} flere.", "92", "62", "difference"),
    ("I 2021 var fraværet 7,1 %. Siden er det {} til 6,4 %.", "faldet", "steget", "direction"),
    ("I 2019 havde 31 procent en plan; i 2022 var det 45 procent, en fremgang på {} procentpoint.", "14", "19", "difference"),
    ("Antallet var 150 i 2022. Det er {} end i 2021, da der var 175.", "lavere", "højere", "direction"),
    (SEATS + "\nCeder har 18 pladser og {} brugere.", "44", "14", "table"),
    (SEATS + "\nI Ask og Birk er der tilsammen {} brugere.", "136", "163", "table"),
    (SEATS + "\nBirk har {} pladser (31).", "flest", "færrest", "direction"),
    (YEARS + "\nI 2021 cyklede {} procent af mændene.", "35", "53", "table"),
    (YEARS + "\nKvindernes andel er {} procent i 2023 mod 27 procent i 2019.", "38", "83", "table"),
    (ANSWERS + "\n{} procent cykler aldrig.", "36", "63", "table"),
    (ANSWERS + "\nI alt {} procent cykler hver dag eller hver uge.", "64", "46", "table"),
    (BUDGET.replace("214.000", "{}"), "214.000", "241.000", "sum"),
    (RATES.replace("58", "{}"), "58", "85", "count"),
    ("Unge gik mest frem (16,8 point), ældre mindre (11,1 point), en forskel på {} point.", "5,7", "7,7", "difference"),
    ("Scoren steg fra 41,6 til 55,2 point, en fremgang på {} point.", "13,6", "15,6", "difference"),
    ("Scoren {} fra 41,6 til 55,2 point.", "steg", "faldt", "direction"),
    ("Vi har 84 ledere. {} af dem har svaret.", "61", "91", "route"),
    ("683 af de 1.119 deltagere er kvinder, så kvinderne udgør {} %.", "61", "67", "count"),
    ("Byen støtter 38 klubber, {} flere end de 32 året før.", "6", "8", "difference"),
    ("Bestyrelsen har syv medlemmer: fire kvinder og {} mænd.", "tre", "fem", "sum"),
    ("Savnet er {} udbredt i klubben end i byen (9 mod 14 procent).", "mindre", "mere", "direction"),
    ("Af de 390 unge har {} selv talt med en ravn.", "143", "413", "route"),
    ("Forsøget løb fra 1. marts 2021 til {} 2023, altså 28 måneder.", "30. juni", "30. september", "difference"),
    ("The grant covers the three years {}.", "2022 to 2024", "2022 to 2026", "difference"),
    ("Holdet mødtes første gang {} den 4. maj 2021.", "tirsdag", "mandag", "date"),
    ("Ravnene fandt 2.860 ringe. Af disse {} ringe blev 1.716 (60 procent) hentet.", "2.860", "2.680", "count"),
    ("De gav 5.382 råd til 897 ravne, altså {} råd til hver.", "6,0", "7,0", "count"),
    ("Målet var mindst 200 ravne. Der kom 236, så målet blev {}.", "nået", "ikke nået", "goal"),
    ("Målet på 40 pct. er {}, for andelen er 36 pct.", "ikke nået", "nået", "goal"),
    ("The limit was 15%. The actual share was 17%, so the limit was {}.", "breached", "respected", "goal"),
    ("Målet om 300 møder er nået.\n\nNye tal\n\nMålet om 300 møder er {}.", "nået", "ikke nået", "goal"),
    ("Ventetiden var mellem 20 og 90 minutter, i gennemsnit {} minutter.", "45", "95", "direction"),
    ("Den yngste ravn er {} år, den ældste er 84, og gennemsnittet er 62 år.", "19", "79", "direction"),
    ("The difference is 3.1 points (95% confidence interval 1.9 to {}).", "4.3", "2.3", "direction"),
    ("We draw {} lessons:\n\n- Ask first.\n- Write it down.\n- Keep a reserve.", "three", "four", "list"),
    ("Der er {} anbefalinger.\n\nRåd\n\nVi har to anbefalinger:\n\n- Spørg først.\n- Skriv det ned.", "to", "tre", "list"),
    ("750 svarede. 480 (64 pct.) læser, 255 (34 pct.) skriver, og {} (22 pct.) maler. Flere svar var mulige.", "165", "615", "count"),
    ("De 80 fordeler sig med 22 på Ask, 18 på Birk, {} på Ceder og 9 på Dunk.", "31", "34", "sum"),
    ("De fire byer har hver en bro. Broen i de fire byer er ny. De {} byer deler udgiften.", "fire", "fem", "retold"),
    ("150 svarede. 117 ud af 150 siger ja, og det er {} procent.", "78", "87", "count"),
    ("Vi har 164 ravne, 86 kvinder og 78 mænd. Det er {} flere end året før, da der var 136.", "28", "38", "difference"),
)  # fmt: skip


def found(folder: Path, text: str) -> tuple[Finding, ...]:
    path = folder / "rapport.txt"
    path.write_text(text, encoding="utf-8")
    return audit([path]).findings


@pytest.mark.parametrize(("text", "right", "wrong", "kind"), PLANTED)
def test_a_planted_error_is_found_on_its_line_and_the_clean_text_has_none(
    tmp_path: Path, text: str, right: str, wrong: str, kind: str
) -> None:
    assert found(tmp_path, text.format(right)) == ()
    line = text[: text.index("{}")].count("\n") + 1
    findings = found(tmp_path, text.format(wrong))
    assert any(one.kind == kind and any(place.line == line for place in one.places) for one in findings)


@pytest.mark.parametrize(
    "text",
    [
        "Der kom 420 gæster: 180 børn, 250 med bus og 150 på cykel, og flere kom både med bus og cykel.",
        "Her er 40 % med bil. I en nabokommune har 46 % bil.",
        "Målet var 300 besøg. De 230 besøg er dermed under målet.",
        YEARS + "\nI 2015 cyklede 22 procent af kvinderne.",
        SEATS + "\nI Ask er 12 af de 61 brugere under 30 år.",
        "Indhold\nBrugerne ........ 22\nBrugernes svar ........ 23",
        "Gennemsnittet gik fra 3,1 til 3,8. Fremgangen er større i nord (1,0 point) end i syd (0,4 point).",
        "1.119 beboere har været med. Af de 1.119 deltagere er 683 kvinder.",
        "Bevillingen er øget med 16,0 mio. kr. til skoler. Udgiften til veje er faldet med 16,0 mio. kr.",
        "Medlemmerne betaler 3,50 kr. pr. måltid. Det koster byen 4,20 kr. pr. måltid.",
        "Af de 312 ansøgere fik 117 ja, og 72 procent af dem er i gang.",
        "2.3 Ask har 40 flere end Birk.",
        "Af de 730 med mentor blev 569 færdige (78 procent), af de øvrige 305 (59 procent).",
        "I 2021 svarede 40, i 2023 svarede 38. I 2021 var 38 procent utrygge, i 2023 var det 26 procent.",
        "Drengene gik frem fra 50,6 til 56,7, altså 6,1 point, mens pigerne gik frem med 4,9 point.",
        "The mean score of loneliness fell from 6.8 to 5.4, an improvement of 1.4.",
        "Området har 2.350 beboere i 940 lejemål, altså 2,5 beboere pr. lejemål.",
        "Der er lavet 22 interview. Interviewene er med 12 ravne, 6 ansatte og 4 forældre.",
        "Udgiften er hævet fra 3.200 kr. til 3.680 kr., dvs. med 15 pct.",
        "564 svarede. Helbredet nævnes af 479 (85 pct.), økonomien af 310 (55 pct.) og familien af 226 (40 pct.).",
        "Målet var 40 pct. Kun én by nåede det, mens andelen i alle byer er 36 pct.",
        "Den mindste by har 120 ravne, den største 840. I 2021 kom der i gennemsnit 7 nye om måneden.",
        "Seks kommuner svarer nej. De 6 giver følgende grunde:\n\n- 4 kommuner mangler tid\n- 2 kommuner mangler penge",
        "Scoren steg med 4,2 point i den ene gruppe og 1,1 point i den anden, en forskel på 3,1 point.",
        "Der er 2.500 borgere. 1.050 (42 pct.) cykler ofte, 700 (28 pct.) sjældent og 750 (30 pct.) aldrig. Syv ud af ti cykler altså.",
        "Korpset har 164 ravne, 86 kvinder og 78 mænd. 41 er under 30 år, 72 mellem 30 og 59 år og 51 over 60 år.",
    ],
)
def test_what_only_looks_like_an_error_is_left_alone(tmp_path: Path, text: str) -> None:
    assert found(tmp_path, text) == ()


@settings(max_examples=25, deadline=None)
@given(st.integers(120, 900), st.integers(10, 90))
def test_a_rate_that_its_two_counts_give_is_never_a_finding_and_a_far_one_always_is(
    tmp_path_factory: pytest.TempPathFactory, base: int, share: int
) -> None:
    folder = tmp_path_factory.mktemp("rate")
    count = base * share // 100
    right = (200 * count + base) // (2 * base)
    text = "Skemaet blev sendt til {} og besvaret af {}, svarende til en svarprocent på {} pct."
    assert found(folder, text.format(base, count, right)) == ()
    assert [one.kind for one in found(folder, text.format(base, count, right + 7))] == ["count"]


@given(st.integers(10, 99_999), st.integers(10, 99_999))
def test_a_slip_is_a_slip_both_ways_and_only_slips_surprise(first: int, second: int) -> None:
    one, other = str(first), str(second)
    assert is_slip(one, other) == is_slip(other, one)
    assert surprise(one, other) == surprise(other, one)
    assert not is_slip(one, one)
    if is_slip(one, other) and not one.endswith("0") and not other.endswith("0"):
        assert surprise(one, other) > 0


@settings(max_examples=15, deadline=None)
@given(st.dates(datetime.date(1990, 1, 1), datetime.date(2030, 1, 1)), st.integers(40, 900), st.integers(2, 30))
def test_a_length_is_told_only_where_the_calendar_has_another(
    tmp_path_factory: pytest.TempPathFactory, start: datetime.date, days: int, off: int
) -> None:
    folder = tmp_path_factory.mktemp("span")
    ends = " til ".join(format_date(one) for one in (start, start + datetime.timedelta(days)))
    assert found(folder, f"Forsøget løb fra {ends}, altså {days} dage.") == ()
    assert [one.kind for one in found(folder, f"Forsøget løb fra {ends}, altså {days + off} dage.")] == ["difference"]


def as_html(text: str) -> str:
    blocks = []
    for block in text.split("\n\n"):
        lines = block.split("\n")
        if block.startswith("|"):
            rows = [line.strip("|").split("|") for line in lines if "---" not in line]
            blocks.append(
                "<table>" + "".join("<tr>" + "".join(f"<td>{cell.strip()}</td>" for cell in row) + "</tr>" for row in rows) + "</table>"
            )
        elif block.startswith("- "):
            blocks.append("<ul>" + "".join(f"<li>{line[2:]}</li>" for line in lines) + "</ul>")
        else:
            blocks.append(f"<p>{' '.join(lines)}</p>")
    return f"<html><body>{''.join(blocks)}</body></html>"


def as_word(folder: Path, text: str) -> Path:
    def paragraph(words: str, style: str = "") -> str:
        return f'<w:p><w:pPr>{style}</w:pPr><w:r><w:t xml:space="preserve">{words}</w:t></w:r></w:p>'

    blocks = []
    for block in text.split("\n\n"):
        lines = block.split("\n")
        if block.startswith("|"):
            rows = [line.strip("|").split("|") for line in lines if "---" not in line]
            cells = ["".join(f"<w:tc>{paragraph(cell.strip())}</w:tc>" for cell in row) for row in rows]
            blocks.append("<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in cells) + "</w:tbl>")
        elif block.startswith("- "):
            blocks += [paragraph(line[2:], '<w:numPr><w:numId w:val="1"/></w:numPr>') for line in lines]
        else:
            blocks.append(paragraph(" ".join(lines)))
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    with zipfile.ZipFile(folder / "rapport.docx", "w") as archive:
        archive.writestr("word/document.xml", f'<w:document xmlns:w="{space}"><w:body>{"".join(blocks)}</w:body></w:document>')
    return folder / "rapport.docx"


MARKED = (
    "Tabel 1. Hvor tit cykler du? (n = 400)\n\n"
    "| Svar | Antal | Procent |\n|---|---|---|\n| Hver dag | 140 | 35 |\n| Hver uge | 116 | 29 |\n| Aldrig | 144 | 36 |"
)
PROSE = [(text, wrong) for text, _, wrong, _ in PLANTED if "   " not in text]


@settings(max_examples=12, deadline=None)
@given(st.lists(st.sampled_from(PROSE), min_size=1, max_size=3, unique=True), st.booleans())
def test_a_page_and_a_word_document_of_one_text_have_the_same_findings(
    tmp_path_factory: pytest.TempPathFactory, chosen: list[tuple[str, str]], table: bool
) -> None:
    folder = tmp_path_factory.mktemp("forms")
    text = "\n\n".join([*([MARKED] if table else []), *(one.format(wrong) for one, wrong in chosen)])
    (folder / "rapport.html").write_text(as_html(text), encoding="utf-8")
    page, word = (
        [(one.kind, one.what.say("en")) for one in audit([path]).findings] for path in (folder / "rapport.html", as_word(folder, text))
    )
    assert sorted(page) == sorted(word)
    assert page
