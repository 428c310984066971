"""The first set of files, written from the formats that evaluators bring, before the rules that they try."""

from __future__ import annotations

from tests.intake.planted import D, Planted

TOWNS = [
    "Aarhus",
    "Odense Kommune",
    "Århus kommune",
    "Horsens",
    "Vejle",
    "Kolding",
    "Esbjerg",
    "Randers",
    "Viborg",
    "Silkeborg",
    "Herning",
    "Holstebro",
]
DEGREE = ["I høj grad", "I nogen grad", "I mindre grad", "Slet ikke"]


def cycle(values: list, count: int) -> list:
    return [values[number % len(values)] for number in range(count)]


def register(headings: list[str], *, named: bool = False) -> list[list]:
    groups = cycle(["Flygtning", "Frivillig"], 8)
    rows = [
        [
            f"I{n:02}",
            groups[n - 1],
            f"P{(n + 1) // 2:02}",
            D(2023, 5, n + 3),
            cycle(["Telefon", "Fysisk", "Teams"], 8)[n - 1],
            cycle(["Ja", "Nej"], 8)[n - 1],
            cycle(["K", "M"], 8)[n - 1],
        ]
        for n in range(1, 9)
    ]
    return [headings, *rows]


def survey(columns: dict[str, list], count: int = 20) -> list[list]:
    names = list(columns)
    return [names, *[[cycle(columns[name], count)[row] for name in names] for row in range(count)]]


REGISTER = {
    "Nr.": "interview",
    "Rolle": "respondent_group",
    "Par": "pair",
    "Dato": "month",
    "Form": "mode",
    "Tolk": "interpreter",
    "Køn": "sex",
}
WORDS = {
    "Flygtning": "refugee",
    "Frivillig": "volunteer",
    "Telefon": "phone",
    "Fysisk": "in_person",
    "Teams": "online",
    "Ja": "yes",
    "Nej": "no",
    "K": "female",
    "M": "male",
}
ENDS = {
    "Flyttet": "moved",
    "Har fået job": "changed_life",
    "Manglende tid": "premature",
    "Ukendt": "unknown",
    "Gled ud i sandet": "natural",
}

FIRST = [
    Planted("register.xlsx", register(list(REGISTER)), "interviews", REGISTER, WORDS, asks=set()),
    Planted(
        "register-cp1252.csv",
        [[str(cell) for cell in row] for row in register(list(REGISTER))],
        "interviews",
        REGISTER,
        WORDS,
        encoding="cp1252",
        asks=set(),
    ),
    Planted(
        "register-bom.csv",
        [[str(cell) for cell in row] for row in register(list(REGISTER))],
        "interviews",
        REGISTER,
        WORDS,
        encoding="utf-8-sig",
        mark=",",
        asks=set(),
    ),
    Planted(
        "register-titel.xlsx",
        [["Interviews i Venner Viser Vej", ""], ["Opgjort maj 2023"], [], *register(list(REGISTER))],
        "interviews",
        REGISTER,
        WORDS,
        asks=set(),
    ),
    Planted(
        "register-english.csv",
        [
            ["Interview no", "Role", "Pair", "Wave", "Mode", "Interpreter", "Consent"],
            *[
                [f"{n}", cycle(["Refugee", "Volunteer"], 6)[n], f"P{n // 2}", "1", "In person", cycle(["yes", "no"], 6)[n], "yes"]
                for n in range(6)
            ],
        ],
        "interviews",
        {
            "Interview no": "interview",
            "Role": "respondent_group",
            "Pair": "pair",
            "Wave": "wave",
            "Mode": "mode",
            "Interpreter": "interpreter",
            "Consent": "consent_analysis",
        },
        {"Refugee": "refugee", "Volunteer": "volunteer", "In person": "in_person", "yes": "yes", "no": "no"},
        asks=set(),
    ),
    Planted(
        "register-deltager.csv",
        [["Nr", "Rolle", "Runde"], *[[f"{n}", cycle(["Deltager", "Frivillig", "Koordinator", "Frivillig"], 8)[n], "1"] for n in range(8)]],
        "interviews",
        {"Nr": "interview", "Rolle": "respondent_group", "Runde": "wave"},
        {"Frivillig": "volunteer"},
        asks={"values.respondent_group"},
    ),
    Planted(
        "register-navne.csv",
        [
            ["Nr", "Navn", "Mail", "Telefon", "Rolle", "Samtykke"],
            *[
                [
                    f"{n}",
                    "Testa Prøvesen",
                    "t@eksempel.dk",
                    "20 00 00 00",
                    cycle(["Flygtning", "Frivillig"], 6)[n],
                    cycle(["Ja", "Ja, anonymt"], 6)[n],
                ]
                for n in range(6)
            ],
        ],
        "interviews",
        {"Nr": "interview", "Rolle": "respondent_group", "Samtykke": "consent_analysis"},
        {"Flygtning": "refugee", "Frivillig": "volunteer", "Ja": "yes"},
        asks={"values.consent_analysis"},
    ),
    Planted(
        "kodninger.csv",
        [
            ["Interview", "Citat", "Kode", "Koder"],
            *[
                [
                    f"I{n // 3:02}",
                    f"det her er et citat om noget nummer {n} af flere",
                    cycle(["Sprog", "Netværk", "Støtte"], 9)[n],
                    cycle(["AB", "CD"], 9)[n],
                ]
                for n in range(9)
            ],
        ],
        "codings",
        {"Interview": "source", "Citat": "text", "Kode": "code", "Koder": "coder"},
        asks=set(),
    ),
    Planted(
        "maxqda.xlsx",
        [
            ["Dokumentgruppe", "Dokumentname", "Code", "Anfang", "Ende", "Segment"],
            *[
                ["A", f"I{n // 3}", cycle(["Sprog", "Netz"], 9)[n], n + 1, n + 2, f"ein Satz mit mehreren Wörtern Nummer {n}"]
                for n in range(9)
            ],
        ],
        "codings",
        {"Dokumentgruppe": "group", "Dokumentname": "source", "Code": "code", "Anfang": "start", "Ende": "end", "Segment": "text"},
    ),
    Planted(
        "retning.csv",
        [
            ["Interview", "Citat", "Tema", "Retning"],
            *[
                [
                    f"I{n // 3}",
                    f"et helt lille citat om emnet nummer {n}",
                    cycle(["Sprog", "Netværk"], 9)[n],
                    cycle(["Positiv", "Negativ", "Neutral"], 9)[n],
                ]
                for n in range(9)
            ],
        ],
        "codings",
        {"Interview": "source", "Citat": "text", "Tema": "code", "Retning": "stance"},
        asks={"values.stance"},
    ),
    Planted(
        "kodebog.xlsx",
        [
            ["Kode", "Overkode", "Definition"],
            ["Udbytte", "", "Hvad deltagerne får ud af det hele"],
            ["Sprog", "Udbytte", "Når de taler mere dansk end før"],
            ["Netværk", "Udbytte", "Når de møder flere mennesker end før"],
            ["Støtte", "", "Hvad organisationen gør for de frivillige"],
        ],
        "codebook",
        {"Kode": "code_path", "Overkode": "parent", "Definition": "definition"},
        asks=set(),
    ),
    Planted(
        "matches.xlsx",
        [
            ["Match nr.", "Matchdato", "Slutdato", "Årsag til ophør", "Antal personer", "Kommune"],
            *[
                [
                    f"M{n}",
                    D(2022, 3, n + 1),
                    D(2023, 1, n + 1) if n % 2 else "",
                    cycle(list(ENDS), 10)[n] if n % 2 else "",
                    1 + n % 3,
                    cycle(["Aarhus", "Horsens"], 10)[n],
                ]
                for n in range(10)
            ],
        ],
        "matches",
        {
            "Match nr.": "match",
            "Matchdato": "start",
            "Slutdato": "end",
            "Årsag til ophør": "reason",
            "Antal personer": "persons",
            "Kommune": "municipality",
        },
        ENDS,
        asks=set(),
    ),
    Planted(
        "matches-tekstdatoer.csv",
        [
            ["Nr", "Start", "Slut", "Grund", "Personer"],
            *[
                [f"{n}", f"{n + 1}. maj 2022", "igangværende" if n % 2 else f"{n + 1}/9-2022", "" if n % 2 else "Flyttet", "1"]
                for n in range(8)
            ],
        ],
        "matches",
        {"Nr": "match", "Start": "start", "Slut": "end", "Grund": "reason", "Personer": "persons"},
        ENDS,
        asks=set(),
    ),
    Planted(
        "matches-uden-aar.csv",
        [["Nr", "Start", "Slut", "Grund", "Personer"], *[[f"{n}", f"{n + 1}. maj", f"{n + 1}. august", "Flyttet", "1"] for n in range(8)]],
        "matches",
        {"Nr": "match", "Start": "start", "Slut": "end", "Grund": "reason", "Personer": "persons"},
        ENDS,
        asks={"this_file.year"},
    ),
    Planted(
        "matches-ombyttet.xlsx",
        [
            ["Nr", "Start", "Slut", "Grund", "Personer"],
            *[[n, D(2022, n % 12 + 1, 5) if n % 2 else f"{13 + n}/05/2022", "", "", 1] for n in range(9)],
            [10, D(2022, 4, 4), D(2023, 5, 20), "Flyttet", 1],
        ],
        "matches",
        {"Nr": "match", "Start": "start", "Slut": "end", "Grund": "reason", "Personer": "persons"},
        ENDS,
        asks={"swapped.start"},
    ),
    Planted(
        "matches-us.csv",
        [
            ["Match no", "Start date", "End date", "Reason", "Persons"],
            *[[f"{n}", f"5/{13 + n}/2022", f"9/{13 + n}/2022", "Moved", "1"] for n in range(8)],
        ],
        "matches",
        {"Match no": "match", "Start date": "start", "End date": "end", "Reason": "reason", "Persons": "persons"},
        {"Moved": "moved"},
        months={"Start date", "End date"},
        asks=set(),
        mark=",",
    ),
    Planted(
        "matches-english-open.csv",
        [
            ["Match no", "Start date", "End date", "Reason", "Persons"],
            *[[f"{n}", f"5/{1 + n}/2022", f"9/{1 + n}/2022", "Moved", "1"] for n in range(8)],
        ],
        "matches",
        {"Match no": "match", "Start date": "start", "End date": "end", "Reason": "reason", "Persons": "persons"},
        {"Moved": "moved"},
        asks={"dates.start-date", "dates.end-date"},
        mark=",",
    ),
    Planted(
        "matches-nye-grunde.xlsx",
        [
            ["Match", "Startdato", "Ophørt", "Hvorfor stoppede det", "Personer"],
            *[[f"M{n}", D(2022, 1, n + 1), D(2023, 1, n + 1), cycle(["Flyttet", "Fik hund", "Andet"], 9)[n], 1] for n in range(9)],
        ],
        "matches",
        {"Match": "match", "Startdato": "start", "Ophørt": "end", "Hvorfor stoppede det": "reason", "Personer": "persons"},
        ENDS,
        asks={"values.reason"},
    ),
    Planted(
        "monitorering.xlsx",
        [
            ["Status på kommuner, maj 2023"],
            ["Kommune", "VVV i dag", "Behov for nyankomne", "Aftale"],
            *[[name, ["Ja", "Nej"][n % 2], "Ja", ["Ja", "Nej"][n % 2]] for n, name in enumerate([*TOWNS[3:], "Farum", "Hjørring"])],
            ["I alt", 11, "", ""],
        ],
        "monitoring",
        {"Kommune": "municipality", "VVV i dag": "status", "Behov for nyankomne": "need_new_arrivals", "Aftale": "agreement"},
        {"status: Ja": "present", "status: Nej": "absent", "Ja": "yes", "Nej": "no"},
        {"Farum": "0190"},
        asks={"this_file.extract"},
    ),
    Planted(
        "monitorering-delt.csv",
        [
            ["Kommune", "Til stede", "Udtræk"],
            *[[name, "Etableret", "2023-05"] for name in ["Give", "Horsnes", "Vejle", "Aalborg", "Nykøbing", "Odense", "Esbjerg"]],
        ],
        "monitoring",
        {"Kommune": "municipality", "Til stede": "status", "Udtræk": "extract"},
        {"Etableret": "present"},
        {"Horsnes": "0615"},
        asks={"municipality.give", "municipality.nykoebing"},
    ),
    Planted(
        "monitorering-to.xlsx",
        [["Kommune", "Aktiv maj", "Aktiv nov."], *[[name, "Ja", cycle(["Ja", "Nej"], 9)[n]] for n, name in enumerate(TOWNS[3:])]],
        "monitoring",
        {"Kommune": "municipality"},
        {"Ja": "present", "Nej": "absent"},
        asks={"role.status", "this_file.extract"},
    ),
    Planted(
        "monitorering-dobbelt.csv",
        [["Kommune", "Status", "Udtræk"], *[[name, "Aktiv", "2023-05"] for name in [*TOWNS[3:], "Horsens"]]],
        "monitoring",
        {"Kommune": "municipality", "Status": "status", "Udtræk": "extract"},
        {"Aktiv": "present"},
    ),
    Planted(
        "kurser.xlsx",
        [
            ["Kursus", "Dato", "Deltagere", "Form", "Type"],
            *[
                [f"Kursus i emne {n} for frivillige", D(2023, 2, n + 1), 8 + n, cycle(["Fysisk", "Online"], 6)[n], "Kursus"]
                for n in range(6)
            ],
            ["I alt", "", 63, "", ""],
        ],
        "courses",
        {"Kursus": "name", "Dato": "date", "Deltagere": "participants", "Form": "format", "Type": "type"},
        {"Fysisk": "physical", "Online": "webinar", "Kursus": "course"},
        asks=set(),
    ),
    Planted(
        "kurser-kort.csv",
        [["Titel", "Afholdt", "Fremmødte", "Tilmeldte"], *[[f"Temadag om noget {n}", f"1{n}.3.2023", f"{8 + n}", "20"] for n in range(6)]],
        "courses",
        {"Titel": "name", "Afholdt": "date", "Fremmødte": "participants", "Tilmeldte": "registered"},
        asks={"default.format", "default.type"},
    ),
    Planted(
        "antal.csv",
        [
            ["Antal", "Opgørelse", "Enhed", "År"],
            ["118", "Bestand", "Matches", "2021"],
            ["97", "Tilgang", "Matches", "2021"],
            ["300", "I alt", "Personer", "2021"],
        ],
        "counts",
        {"Antal": "value", "Opgørelse": "measure", "Enhed": "unit", "År": "period"},
        {"Bestand": "stock", "Tilgang": "flow", "I alt": "total", "Matches": "match", "Personer": "person"},
        asks={"default.as_of"},
    ),
    Planted(
        "links.csv",
        [
            ["Fra", "Til", "Retning", "Informant", "Par"],
            *[
                [
                    cycle(["Tillid", "Tid"], 8)[n],
                    cycle(["Sprog", "Netværk", "Trivsel"], 8)[n],
                    cycle(["fremmer", "hæmmer"], 8)[n],
                    f"I{n % 4}",
                    f"P{n % 2}",
                ]
                for n in range(8)
            ],
        ],
        "mappings",
        {"Fra": "cause", "Til": "effect", "Retning": "direction", "Informant": "informant", "Par": "case"},
        {"fremmer": "promotes", "hæmmer": "hinders"},
        asks=set(),
    ),
    Planted(
        "links-tegn.xlsx",
        [
            ["Påvirkende faktor", "Påvirket faktor", "+/-", "Hvem siger det", "Styrke"],
            *[
                [
                    cycle(["Tillid", "Tid"], 8)[n],
                    cycle(["Sprog", "Netværk", "Trivsel"], 8)[n],
                    cycle(["+", "-"], 8)[n],
                    f"I{n % 4}",
                    cycle([1, 2, 3], 8)[n],
                ]
                for n in range(8)
            ],
        ],
        "mappings",
        {
            "Påvirkende faktor": "cause",
            "Påvirket faktor": "effect",
            "+/-": "direction",
            "Hvem siger det": "informant",
            "Styrke": "strength",
        },
        {"+": "promotes", "-": "hinders", "1": "1", "2": "2", "3": "3"},
    ),
    Planted(
        "guide.csv",
        [["Respondentgruppe", "Tema"], ["Flygtning", "Sprog"], ["Flygtning", "Netværk"], ["Frivillig", "Sprog"], ["Frivillig", "Støtte"]],
        "guide",
        {"Respondentgruppe": "respondent_group", "Tema": "code_path"},
        WORDS,
        asks=set(),
    ),
    Planted(
        "paastande.csv",
        [
            ["Påstand", "Kilde", "Vurdering"],
            *[
                [
                    f"Deltagerne taler mere dansk i hverdagen {n // 3}",
                    cycle(["Flygtninge", "Frivillige", "Kommuner"], 6)[n],
                    cycle(["Enig", "Delvist", "Uenig"], 6)[n],
                ]
                for n in range(6)
            ],
        ],
        "claims",
        {"Påstand": "claim", "Kilde": "source", "Vurdering": "verdict"},
        {"Enig": "agree", "Delvist": "partly", "Uenig": "contradict"},
        asks=set(),
    ),
    Planted(
        "vurderinger.csv",
        [
            ["Case", "Betingelse", "Medlemskab", "Begrundelse"],
            *[[f"P{n // 3}", cycle(["GOOD", "SIM", "COMP"], 9)[n], cycle(["0,33", "1", "0"], 9)[n], "fordi"] for n in range(9)],
        ],
        "judgements",
        {"Case": "case", "Betingelse": "condition", "Medlemskab": "membership", "Begrundelse": "reason"},
        asks=set(),
    ),
    Planted(
        "kendetegn.csv",
        [
            ["Par", "Rolle", "Køn", "Interesser", "Erhverv"],
            *[
                [
                    f"P{n // 2}",
                    cycle(["Flygtning", "Frivillig"], 8)[n],
                    cycle(["K", "M"], 8)[n],
                    "madlavning",
                    cycle(["lærer", "murer"], 8)[n],
                ]
                for n in range(8)
            ],
        ],
        "attributes",
        {"Par": "pair", "Rolle": "role", "Køn": "sex", "Interesser": "interests", "Erhverv": "occupation"},
        WORDS,
    ),
    Planted(
        "aftaler.xlsx",
        [["Kommune", "Aftale indgået", "Udløber"], *[[name, D(2021, 1, 5), D(2024, 1, 5)] for name in TOWNS[3:]]],
        "agreements",
        {"Kommune": "municipality", "Aftale indgået": "signed", "Udløber": "expires"},
        asks=set(),
    ),
    Planted(
        "surveyxact.xlsx",
        survey(
            {
                "Respondentnøgle": [f"R{n}" for n in range(20)],
                "Kommune": [
                    *TOWNS[:2],
                    *TOWNS[3:],
                    "Hjørring",
                    "Thisted",
                    "Skive",
                    "Struer",
                    "Lemvig",
                    "Ringkøbing-Skjern",
                    "Ikast-Brande",
                    "Norddjurs",
                    "Samsø",
                ],
                "Samlet status": ["Gennemført", "Gennemført", "Nogen svar"],
                "Har kommunen en skriftlig aftale?": ["Ja", "Nej", "Ved ikke"],
                "Hvad gør I? - Henviser": ["Valgt", "Ikke valgt"],
                "Hvad gør I? - Holder møder": ["Ikke valgt", "Valgt"],
                "I hvilken grad styrkes - sproget": [*DEGREE, "Ved ikke"],
                "I hvilken grad styrkes - netværket": [*DEGREE],
                "Uddyb gerne jeres svar": [f"Vi synes det er godt fordi noget {n}" for n in range(20)],
            }
        ),
        "survey",
        {"Respondentnøgle": "respondent", "Kommune": "municipality", "Samlet status": "status"},
        items={
            "Har kommunen en skriftlig aftale?": "single",
            "I hvilken grad styrkes - sproget": "likert",
            "I hvilken grad styrkes - netværket": "likert",
            "Uddyb gerne jeres svar": "open",
        },
        scales={"I hvilken grad styrkes - sproget": DEGREE, "I hvilken grad styrkes - netværket": DEGREE},
        groups={"Hvad gør I?": "multiple"},
        unit="municipality",
        special={"Ved ikke": "dont_know"},
        asks={"partials"},
    ),
    Planted(
        "personer.csv",
        survey(
            {
                "Hvilken kommune bor du i? ": ["Aarhus", "Odense", "Vejle"],
                "Hvor tilfreds er du med din frivillige ven?": ["Meget tilfreds", "Tilfreds", "Hverken eller", "Utilfreds"],
                "Hvor ofte ses I med hinanden?": ["Ugentligt", "Månedligt", "Sjældnere", "Hver 14. dag"],
            }
        ),
        "survey",
        {"Hvilken kommune bor du i?": "municipality"},
        items={"Hvor tilfreds er du med din frivillige ven?": "likert", "Hvor ofte ses I med hinanden?": "likert"},
        scales={
            "Hvor tilfreds er du med din frivillige ven?": ["Meget tilfreds", "Tilfreds", "Hverken eller", "Utilfreds"],
            "Hvor ofte ses I med hinanden?": ["Ugentligt", "Hver 14. dag", "Månedligt", "Sjældnere"],
        },
        unit="respondent",
        asks=set(),
    ),
    Planted(
        "mellem.csv",
        survey(
            {
                "Kommune": [*TOWNS[3:], "Horsens", "Vejle", "Skive", "Struer", "Lemvig"],
                "Hvor vigtigt er det for jer at have en aftale?": ["Meget vigtigt", "Vigtigt", "Mindre vigtigt", "Ikke vigtigt"],
            },
            14 + 6,
        ),
        "survey",
        {"Kommune": "municipality"},
        items={"Hvor vigtigt er det for jer at have en aftale?": "likert"},
        scales={"Hvor vigtigt er det for jer at have en aftale?": ["Meget vigtigt", "Vigtigt", "Mindre vigtigt", "Ikke vigtigt"]},
        asks={"unit", "doubles"},
    ),
    Planted(
        "limesurvey.csv",
        survey(
            {
                "id": [str(n) for n in range(20)],
                "submitdate": ["2023-05-02 10:00:00", "2023-05-03 11:00:00"],
                "Q1": ["Ja", "Nej"],
                "Q2[SQ001]": ["Y", ""],
                "Q2[SQ002]": ["", "Y"],
                "Q3": ["Enig", "Helt enig", "Uenig", "Hverken enig eller uenig"],
            }
        ),
        "survey",
        {"id": "respondent", "submitdate": "submitted"},
        items={"Q1": "single", "Q3": "likert"},
        scales={"Q3": ["Helt enig", "Enig", "Hverken enig eller uenig", "Uenig"]},
        groups={"Q2": "multiple"},
        unit="respondent",
        asks=set(),
    ),
    Planted(
        "forms.xlsx",
        survey(
            {
                "ID": list(range(1, 21)),
                "Completion time": [D(2023, 5, 2)],
                "Which activities do you offer to the volunteers?": ["Walks;Meals;", "Meals;", "Walks;Talks;"],
                "How often do you meet your volunteer?": ["Often", "Sometimes", "Never", "Always"],
            }
        ),
        "survey",
        {"ID": "respondent", "Completion time": "submitted"},
        items={"Which activities do you offer to the volunteers?": "multiple;", "How often do you meet your volunteer?": "likert"},
        scales={"How often do you meet your volunteer?": ["Always", "Often", "Sometimes", "Never"]},
        unit="respondent",
        asks=set(),
    ),
    Planted(
        "google.csv",
        survey(
            {
                "Tidsstempel": ["02.05.2023 10.00.00"],
                "Hvilke aktiviteter har I lavet sammen?": ["Gåture, Madlavning", "Madlavning", "Gåture, Samtaler"],
                "Hvor mange gange har I mødtes?": ["3", "5", "12"],
            }
        ),
        "survey",
        {"Tidsstempel": "submitted"},
        items={"Hvor mange gange har I mødtes?": "number"},
        unit="respondent",
        asks={"item.hvilke-aktiviteter-har-i-lavet-sammen"},
    ),
    Planted(
        "koder.csv",
        survey({"Respondent": [str(n) for n in range(20)], "s_1": ["1", "2", "3", "4", "5"], "s_2": ["5", "4", "2"], "s_3": ["1", "2"]}),
        "survey",
        {"Respondent": "respondent"},
        unit="respondent",
        asks={"labels.1"},
    ),
    Planted(
        "uordnet.csv",
        survey(
            {
                "Nøgle": [f"a{n}" for n in range(20)],
                "Hvor god er støtten fra organisationen?": ["Som en klippe", "Som et reb", "Som sand"],
                "Ved du, hvem du kan ringe til?": ["Ja", "Nej", "Ved ikke/ikke relevant"],
            }
        ),
        "survey",
        {"Nøgle": "respondent"},
        items={"Ved du, hvem du kan ringe til?": "single"},
        unit="respondent",
        asks={"order.1", "missing.ved-ikke-ikke-relevant"},
    ),
    Planted(
        "to-raekker.xlsx",
        [
            ["Kommune", "I hvilken grad styrkes", "", "Bemærkninger"],
            ["", "Sprog", "Netværk", ""],
            *[[TOWNS[3 + n % 9] if n < 9 else "Skive", DEGREE[n % 4], DEGREE[(n + 1) % 4], ""] for n in range(10)],
        ],
        "survey",
        {"Kommune": "municipality"},
        items={"I hvilken grad styrkes - Sprog": "likert", "I hvilken grad styrkes - Netværk": "likert", "Bemærkninger": "open"},
        scales={"I hvilken grad styrkes - Sprog": DEGREE, "I hvilken grad styrkes - Netværk": DEGREE},
        unit="municipality",
        asks=set(),
    ),
    Planted("regnskab.xlsx", [["Konto", "Beløb", "Bilag"], *[[f"{n}", 100 * n, f"B{n}"] for n in range(9)]], ""),
    Planted("adresser.csv", [["Vare", "Pris", "Lager"], *[[f"v{n}", "10", "3"] for n in range(6)]], ""),
    Planted("temperatur.csv", [["Dag", "Min", "Maks"], *[[f"{n}", "1", "9"] for n in range(8)]], ""),
]
