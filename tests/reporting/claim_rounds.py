"""Two small rounds, made up, of which sentences are written: municipalities and leaders of a region, and participants of a course."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from random import Random

Labels = Sequence[tuple[str, str, str]]
YES_NO: Labels = (("ja", "Ja", "Yes"), ("nej", "Nej", "No"), ("vedikke", "Ved ikke", "Don't know"))
DEGREES: Labels = (
    ("hoej", "I høj grad", "To a high degree"),
    ("nogen", "I nogen grad", "To some degree"),
    ("lav", "I ringe grad", "To a small degree"),
    ("vedikke", "Ved ikke", "Don't know"),
)
AGREEMENT: Labels = (
    ("enig", "Enig", "Agree"),
    ("delvis", "Delvist enig", "Partly agree"),
    ("uenig", "Uenig", "Disagree"),
    ("vedikke", "Ved ikke", "Don't know"),
)
HOW_OFTEN: Labels = (
    ("uge", "Hver uge", "Every week"),
    ("maaned", "Et par gange om måneden", "A couple of times a month"),
    ("sjaeldnere", "Sjældnere", "Less often"),
)
BARRIERS: Labels = (
    ("tid", "Mangel på tid", "Lack of time"),
    ("frivillige", "For få frivillige", "Too few volunteers"),
    ("sprog", "Sproget", "The language"),
    ("afstand", "Lange afstande", "Long distances"),
    ("boern", "Børnepasning", "Child care"),
)
NEED: Labels = (
    ("balance", "Det passer", "It matches"),
    ("mangler", "Vi mangler frivillige", "We lack volunteers"),
    ("ledige", "Vi mangler flygtninge", "We lack refugees"),
    ("vedikke", "Ved ikke", "Don't know"),
)
CHANNELS: Labels = (
    ("ven", "Gennem en ven", "Through a friend"),
    ("kommune", "Gennem kommunen", "Through the municipality"),
    ("net", "På nettet", "On the internet"),
    ("skole", "På sprogskolen", "At the language school"),
)
MOTIVES: Labels = (
    ("hjaelpe", "At hjælpe andre", "Helping others"),
    ("nysgerrig", "Nysgerrighed", "Curiosity"),
    ("opfordret", "Opfordring fra en ven", "Asked by a friend"),
    ("fritid", "Mere fritid", "More spare time"),
)
CODES = [
    "0101", "0147", "0151", "0153", "0155", "0157", "0159", "0161", "0163", "0165", "0167", "0169", "0173", "0175", "0183", "0185",
    "0187", "0190", "0201", "0210", "0217", "0219", "0223", "0230", "0240", "0250", "0253", "0259", "0260", "0265", "0269", "0270",
    "0306", "0316", "0320", "0326", "0329", "0330", "0336", "0340", "0350", "0360", "0370", "0376", "0390", "0400", "0410", "0420",
    "0430", "0440", "0450", "0461", "0479", "0480", "0482", "0492", "0510", "0530", "0540", "0550",
]  # fmt: skip
REGISTER = ("interview", "person", "pair", "respondent_group", "wave", "month", "mode", "sex", "municipality", "source")
REGISTER += ("consent_analysis", "consent_quote")
# How many of twelve refugees and of twelve volunteers speak of a theme.
THEMES = {
    "Udbytte > Sprog": (10, 6),
    "Udbytte > Netværk": (6, 9),
    "Udbytte > Selvtillid": (3, 0),
    "Udfordringer > Tid": (2, 8),
    "Udfordringer > Bureaukrati": (12, 4),
    "Udfordringer > Kulturmøde": (4, 4),
}
HALVES = ("refugee", "volunteer")


class Made:
    """A workspace with one round that grows source by source; counts are exact, who gives which answer is drawn."""

    def __init__(self, root: Path, name: str) -> None:
        self.root, self.name, self.rng = root, name, Random(11)
        self.blocks: list[str] = []

    def table(self, path: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, *rows])

    def source(self, name: str, kind: str, path: str, **more: str) -> None:
        extra = "".join(f'{key} = "{value}"\n' for key, value in more.items())
        self.blocks.append(f'[[sources]]\nid = "{name}"\ntype = "{kind}"\npath = "{path}"\n{extra}title = {both(name)}\n')

    def goal(self, name: str, unit: str, kind: str, target: int, measure: str, definition: str) -> None:
        head = f'[[goals]]\nid = "{name}"\ndefinition = {both(definition)}\nunit = "{unit}"\ntype = "{kind}"\ntarget = {target}\n'
        self.blocks.append(f"{head}{measure}\n")

    def survey(
        self, name: str, group: tuple[str, str], unit: str, population: int, who: Sequence[str], items: Mapping[str, tuple[object, ...]]
    ) -> None:
        """`items`: id → Danish, English, options (none: a number), answers or counts by code, and what ties it to other surveys."""
        year = name[-4:]
        words = [
            f'schema_version = 1\nid = "{name}"\ntitle = {both(name)}\ngroup = {both(*group)}\nwave = {both(year)}',
            f"period_start = {year}-05-01\nperiod_end = {year}-06-01\n\n[frame]",
            f'unit = "{unit}"\npopulation = {population}\ninvited = {max(len(who), 60)}',
            f"chosen_by = {both('Evaluator')}\ncollected = {both('Maj', 'May')}\n",
        ]
        columns: dict[str, list[object]] = {}
        for item, (da, en, options, answers, *ties) in items.items():
            several = isinstance(answers, dict) and sum(answers.values()) > len(who)
            kind = "number" if not options else "multiple" if several else "single"
            words.append(f'[[items]]\nid = "{item}"\ntext = {both(str(da), str(en))}\ntype = "{kind}"\n{"".join(map(str, ties))}')
            if options:
                words.append(f"options = {listed(options)}\n")  # type: ignore[arg-type]
            if several:
                for code, count in answers.items():  # type: ignore[attr-defined]
                    columns[f"{item}:{code}"] = [1] * count + [0] * (len(who) - count)
            elif isinstance(answers, dict):
                columns[item] = [code for code, count in answers.items() for _ in range(count)]
            else:
                columns[item] = list(answers)  # type: ignore[call-overload]
        for column in columns.values():
            self.rng.shuffle(column)
        self.table(f"surveys/{self.name}/{name}.csv", ["respondent", *columns], zip(who, *columns.values(), strict=True))
        (self.root / f"surveys/{self.name}/{name}.toml").write_text("\n".join(words), encoding="utf-8")
        invited = {}
        if unit == "municipality":
            rows = [[code, ("Øst", "Vest", "Nord")[number % 3]] for number, code in enumerate(CODES)]
            self.table(f"surveys/{self.name}/{name}-invited.csv", ["respondent", "egn"], rows)
            invited = {"invited": f"surveys/{self.name}/{name}-invited.csv"}
        self.source(name, "survey", f"surveys/{self.name}/{name}.csv", questionnaire=f"surveys/{self.name}/{name}.toml", **invited)

    def interviews(self) -> None:
        """Twelve pairs, each half once; who speaks of a theme is drawn, how many do is not."""
        pairs = [f"P{number:02}" for number in range(1, 13)]
        rows: list[Sequence[object]] = []
        coded: list[Sequence[object]] = []
        for half in HALVES:
            spoken = {theme: set(self.rng.sample(pairs, count[HALVES.index(half)])) for theme, count in THEMES.items()}
            for number, pair in enumerate(pairs):
                interview, said, place = f"{pair.lower()}-{half[0]}", [], 0
                for theme in THEMES:
                    sentence = f"Her siger jeg noget om {theme.split(' > ')[1].lower()}, som jeg mener."
                    if pair in spoken[theme]:
                        coded.append([interview, place, place + len(sentence), sentence, theme, "A"])
                    said.append(sentence)
                    place += len(sentence) + 1
                target = self.root / f"interviews/{self.name}/texts/{interview}.txt"
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(" ".join(said), encoding="utf-8")
                sex = ("female", "male")[number % 2]
                rows.append([interview, interview, pair, half, 1, "2025-03", "in_person", sex, CODES[number], interview, "ja", "ja"])
        codes = ("Udbytte", "Udfordringer", *THEMES)
        folder = f"interviews/{self.name}"
        self.table(f"{folder}/register.csv", REGISTER, rows)
        self.table(f"{folder}/codings.csv", ("source", "start", "end", "text", "code_path", "coder"), coded)
        book = [(code, code.split(" > ")[-1], " > ".join(code.split(" > ")[:-1])) for code in codes]
        self.table(f"{folder}/codebook.csv", ("code_path", "name", "parent"), book)
        self.table(f"{folder}/guide.csv", ("respondent_group", "code_path"), [(half, code) for half in HALVES for code in codes])
        self.source("interviews", "interviews", f"{folder}/register.csv")
        self.source("codings", "codings", f"{folder}/codings.csv", texts=f"{folder}/texts")
        self.source("codebook", "codebook", f"{folder}/codebook.csv")
        self.source("guide", "guide", f"{folder}/guide.csv")

    def maps(self) -> None:
        lines = ["mappings:"]
        for number in range(8):
            pair = f"P{number + 1:02}"
            lines += [f"- case: {pair}", "  wave: '1'", "  nodes:"]
            for half in HALVES:
                for node in ("tid", "tillid", "sprog", "mod"):
                    lines += [
                        f"  - node: {node}",
                        "    type: factor",
                        f"    label: {node.capitalize()}",
                        f"    perspective: {half}",
                    ]
            lines.append("  links:")
            for half in HALVES:
                for place, (cause, effect) in enumerate((("tid", "tillid"), ("tillid", "sprog"), ("mod", "sprog"))):
                    if half == "refugee" and (number + place) % 3 == 0:
                        continue
                    lines += [f"  - perspective: {half}", f"    cause: {cause}", f"    effect: {effect}", "    direction: promotes"]
                    lines.append(f"    informant: {pair.lower()}-{half[0]}")
        (self.root / f"interviews/{self.name}/maps.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
        self.source("mappings", "mappings", f"interviews/{self.name}/maps.yaml")

    def counts(self, rows: Mapping[str, tuple[int, str, str]]) -> None:
        columns = ("count", "value", "measure", "what", "unit", "period", "as_of", "organisation", "document", "lines", "derived")
        told = [(name, value, measure, "", unit, "", "2025-05", "", "", "", "") for name, (value, measure, unit) in rows.items()]
        self.table(f"surveys/{self.name}/counts.csv", columns, told)
        self.source("counts", "counts", f"surveys/{self.name}/counts.csv")

    def matches(self, rows: Iterable[Sequence[object]]) -> None:
        header = ("match", "pair", "start", "end", "reason", "reason_class", "persons", "municipality")
        self.table(f"surveys/{self.name}/matches.csv", header, rows)
        self.source("matches", "matches", f"surveys/{self.name}/matches.csv")

    def write(self, settings: str) -> None:
        head = f"""schema_version = 1
id = "{self.name}"
title = {both("Opdigtet runde", "Invented round")}
languages = ["da", "en"]
report_type = "midterm"
kind = "real"
notebooks = []
{settings}
[period]
start = 2022-01-01
end = 2025-06-30

[subgroups]
split = false
statement = {both("Samlet.", "Together.")}
"""
        folder = self.root / f"rounds/{self.name}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "round.toml").write_text("\n".join([head, *self.blocks]), encoding="utf-8")
        for name in ("notebooks", "interviews", "surveys"):
            (self.root / name).mkdir(exist_ok=True)


def both(da: str, en: str = "") -> str:
    return f'{{ da = "{da}", en = "{en or da}" }}'


def listed(options: Labels) -> str:
    role = ', role = "dont_know"'
    told = [f'{{ code = "{code}", label = {both(da, en)}{role if code == "vedikke" else ""} }}' for code, da, en in options]
    return f"[{', '.join(told)}]"


def yes_no(yes: int, no: int, unsure: int = 0) -> dict[str, int]:
    return {"ja": yes, "nej": no, "vedikke": unsure}


def degrees(high: int, some: int, low: int, unsure: int) -> dict[str, int]:
    return {"hoej": high, "nogen": some, "lav": low, "vedikke": unsure}


def region(root: Path) -> str:
    """Municipalities in two waves, leaders once, interviews, maps, matches, presence, courses, goals."""
    made = Made(root, "egn")
    made.interviews()
    waves = {
        2024: (
            yes_no(15, 27, 3), yes_no(24, 18, 3), yes_no(41, 4), yes_no(30, 15),
            (20, 30, 9, 5, 0), (15, 20, 6, 4), (9, 21, 10, 5), (1, 9, 25, 10),
        ),
        2025: (
            yes_no(36, 10, 2), yes_no(29, 14, 5), yes_no(46, 2), yes_no(16, 32),
            (19, 33, 12, 6, 0), (24, 16, 5, 3), (12, 24, 8, 4), (0, 6, 34, 8),
        ),
    }  # fmt: skip
    benefits = {"dansk": ("bedre dansk", "better Danish"), "netvaerk": ("et større netværk", "a larger network")}
    benefits["job"] = ("job eller praktik", "a job or internship")
    for year, (agreement, refers, knows, rooms, barriers, *benefited) in waves.items():
        asked: dict[str, tuple[object, ...]] = {
            "aftale": (
                "Har kommunen en skriftlig aftale med en frivilliggruppe?",
                "Does the municipality have a written agreement with a volunteer group?",
                YES_NO,
                agreement,
            ),
            "henviser": (
                "Har kommunen det seneste år henvist flygtninge til en frivillig ven?",
                "Has the municipality referred refugees to a volunteer friend in the past year?",
                YES_NO,
                refers,
            ),
            "kender": (
                "Kender medarbejderne i jobcentret tilbuddet?",
                "Do the job centre's staff know the offer?",
                YES_NO,
                knows,
            ),
            "lokaler": ("Stiller kommunen lokaler til rådighed?", "Does the municipality provide premises?", YES_NO, rooms),
        }
        asked = {item: (*told, f'comparable = ["kommuner-2024:{item}"]\n' if year == 2025 else "") for item, told in asked.items()}
        asked["barrierer"] = (
            "Hvad står i vejen for flere venskaber?",
            "What stands in the way of more friendships?",
            BARRIERS,
            dict(zip([code for code, _, _ in BARRIERS], barriers, strict=True)),
        )
        for (name, (da, en)), told in zip(benefits.items(), benefited, strict=True):
            question = f"I hvilken grad får flygtningene udbytte i form af {da}?"
            asked[f"udbytte_{name}"] = (question, f"To what degree do the refugees benefit in terms of {en}?", DEGREES, degrees(*told))
        n = sum(agreement.values())
        asked["moeder"] = (
            "Hvor mange møder holdt kommunen med frivilliggruppen i det seneste år?",
            "How many meetings did the municipality hold with the volunteer group in the past year?",
            (),
            [5] * 28 + [6] * (n - 28),
        )
        made.survey(f"kommuner-{year}", ("Kommuner", "Municipalities"), "municipality", 98, CODES[:n], asked)
    made.survey(
        "ledere-2025",
        ("Ledere af frivilliggrupper", "Leaders of volunteer groups"),
        "leader",
        40,
        [f"L{number:02}" for number in range(32)],
        {
            "behov": (
                "Passer antallet af frivillige til behovet?",
                "Does the number of volunteers match the need?",
                NEED,
                {"balance": 9, "mangler": 18, "ledige": 3, "vedikke": 2},
            ),
            "stoette": ("Får I den støtte, I har brug for?", "Do you get the support you need?", YES_NO, yes_no(32, 0)),
            "udbytte_dansk": (
                "I hvilken grad får flygtningene udbytte i form af bedre dansk?",
                "To what degree do the refugees benefit in terms of better Danish?",
                DEGREES,
                degrees(26, 4, 1, 1),
                'mirror = ["kommuner-2025:udbytte_dansk"]\n',
            ),
            "timer": (
                "Hvor mange timer om ugen bruger du på gruppen?",
                "How many hours a week do you spend on the group?",
                (),
                [2] * 8 + [4] * 12 + [6] + [7] * 11,
            ),
        },
    )
    made.maps()
    matches = []
    for number in range(60):
        ended = number % 4 == 3
        end, why = (f"2025-{1 + number % 5:02}-20", "natural" if number % 8 == 3 else "premature") if ended else ("", "")
        start = f"20{23 + number % 2}-{1 + number % 12:02}-10"
        matches.append((f"M{number:03}", "", start, end, "flyttet" if ended else "", why, 1 + number % 3, CODES[number % 48]))
    made.matches(matches)
    present = [
        (month, code, "present" if place < there else "planned" if place < there + 5 else "absent", "frivillig indsats")
        for month, there in (("2024-05", 31), ("2025-05", 44))
        for place, code in enumerate(CODES)
    ]
    made.table("surveys/egn/presence.csv", ("extract", "municipality", "status", "definition"), present)
    made.source("monitoring", "monitoring", "surveys/egn/presence.csv")
    courses = [(f"K{number}", f"Kursus {number}", f"2024-0{number}-15", 8 + number, "physical", "course") for number in range(1, 10)]
    made.table("surveys/egn/courses.csv", ("course", "name", "date", "participants", "format", "type"), courses)
    made.source("courses", "courses", "surveys/egn/courses.csv")
    made.counts({"aktive-2025": (212, "stock", "person"), "nye-2024": (64, "flow", "match")})
    made.blocks += ['[representation]\nby = ["egn"]\n', '[[crosses]]\nsurvey = "kommuner-2025"\nitem = "henviser"\nby = "egn"\n']
    referring = 'measure = { survey = "kommuner-2025", item = "henviser", answers = ["ja"], of = "answered" }'
    made.goal(
        "G-1", "municipality", "number", 40, 'measure = { presence = "present", extract = "2025-05" }', "Indsatsen findes i 40 kommuner"
    )
    made.goal("G-2", "person", "number", 250, 'measure = { cell = "counts.aktive-2025.value" }', "250 aktive deltagere")
    made.goal("G-3", "municipality", "percent", 60, referring, "60 % af kommunerne henviser")
    made.goal("G-4", "course", "number", 12, 'measure = { courses = "rows" }', "12 kurser")
    early = 'measure = { matches = "ended", reason_class = "premature", of = "ended" }\ndirection = "at_most"'
    made.goal("G-5", "match", "percent", 60, early, "højst 60 % slutter før tid")
    made.write('trends = ["aftale", "henviser", "kender", "lokaler"]')
    return made.name


def course(root: Path) -> str:
    """Participants in two waves, volunteers once, matches of known length, goals of which most are missed."""
    made = Made(root, "forlob")
    waves = {
        2023: (yes_no(54, 60, 6), yes_no(24, 96), yes_no(72, 42, 6), (60, 36, 24), (60, 30, 12, 30), (80, 30, 10), 300),
        2024: (yes_no(105, 40, 5), yes_no(33, 117), yes_no(45, 99, 6), (96, 42, 12), (75, 45, 9, 45), (138, 9, 3), 310),
    }
    for year, (trust, work, lonely, meeting, channels, guidance, population) in waves.items():
        n = sum(trust.values())
        asked: dict[str, tuple[object, ...]] = {
            "tillid": (
                "Har du fået større tillid til myndighederne?",
                "Have you gained more trust in the authorities?",
                YES_NO,
                trust,
            ),
            "arbejde": ("Er du kommet i arbejde eller praktik?", "Have you found a job or an internship?", YES_NO, work),
            "ensom": ("Føler du dig ensom i hverdagen?", "Do you feel lonely in everyday life?", YES_NO, lonely),
            "moedes": (
                "Hvor ofte mødes du med din ven?",
                "How often do you meet your friend?",
                HOW_OFTEN,
                dict(zip(("uge", "maaned", "sjaeldnere"), meeting, strict=True)),
            ),
            "vejled": (
                "Jeg får god vejledning af foreningen",
                "I get good guidance from the association",
                AGREEMENT,
                dict(zip(("enig", "delvis", "uenig"), guidance, strict=True)),
            ),
        }
        asked = {item: (*told, f'comparable = ["deltagere-2023:{item}"]\n' if year == 2024 else "") for item, told in asked.items()}
        asked["kanal"] = (
            "Hvordan hørte du om tilbuddet?",
            "How did you hear about the offer?",
            CHANNELS,
            dict(zip([code for code, _, _ in CHANNELS], channels, strict=True)),
        )
        who = [f"R{number:03}" for number in range(n)]
        made.survey(f"deltagere-{year}", ("Deltagere", "Participants"), "participant", population, who, asked)
    made.survey(
        "frivillige-2024",
        ("Frivillige", "Volunteers"),
        "volunteer",
        200,
        [f"F{number:03}" for number in range(90)],
        {
            "klaedt": ("Føler du dig klædt på til opgaven?", "Do you feel prepared for the task?", YES_NO, yes_no(72, 12, 6)),
            "fortsaet": (
                "Regner du med at fortsætte som frivillig næste år?",
                "Do you expect to continue as a volunteer next year?",
                YES_NO,
                yes_no(81, 0, 9),
            ),
            "kursus": ("Har du deltaget i et kursus?", "Have you attended a course?", YES_NO, yes_no(30, 60)),
            "moedes": (
                "Hvor ofte mødes du med din ven?",
                "How often do you meet your friend?",
                HOW_OFTEN,
                {"uge": 30, "maaned": 45, "sjaeldnere": 15},
                'mirror = ["deltagere-2024:moedes"]\n',
            ),
            "timer": (
                "Hvor mange timer om måneden bruger du?",
                "How many hours a month do you spend?",
                (),
                [6] * 40 + [8] * 20 + [12] * 20 + [20] * 10,
                'unit = "hours"\n',
            ),
        },
    )
    matches = []
    for number in range(80):
        start, ended = date(2022, 1, 15) + timedelta(days=9 * number % 360), number % 4 != 0
        end = (start + timedelta(days=120 + number * 7)).isoformat() if ended else ""
        why = ("natural" if number % 3 else "premature") if ended else ""
        matches.append((f"M{number:03}", "", start.isoformat(), end, "flyttet" if ended else "", why, 1, CODES[number % 40]))
    made.matches(matches)
    made.counts({"frivillige-aktive": (1480, "stock", "volunteer"), "nye-match": (96, "flow", "match")})
    trusting = 'measure = { survey = "deltagere-2024", item = "tillid", answers = ["ja"], of = "answered" }'
    working = 'measure = { survey = "deltagere-2024", item = "arbejde", answers = ["ja"], of = "answered" }'
    early = 'measure = { matches = "ended", reason_class = "premature", of = "ended" }\ndirection = "at_most"'
    made.goal("M-1", "participant", "percent", 65, trusting, "65 % af deltagerne har fået større tillid")
    made.goal("M-2", "participant", "percent", 30, working, "30 % af deltagerne er kommet i arbejde")
    made.goal("M-3", "match", "number", 120, 'measure = { cell = "counts.nye-match.value" }', "120 nye match om året")
    made.goal("M-4", "match", "percent", 20, early, "højst 20 % slutter før tid")
    made.write('trends = ["tillid", "arbejde", "ensom", "moedes", "vejled"]')
    return made.name


def town(root: Path) -> str:
    """Refugees in two waves and three districts, volunteers, schools, interviews, maps, matches, counts, goals met and missed."""
    made = Made(root, "by")
    made.interviews()
    waves = {
        2023: (yes_no(42, 92, 6), yes_no(63, 77), yes_no(98, 35, 7), yes_no(28, 112), (35, 63, 42), (70, 42, 21, 7), (56, 49, 70, 14), 560),
        2025: (
            yes_no(118, 74, 8), yes_no(94, 106), yes_no(100, 84, 16), yes_no(82, 118), (96, 74, 30),
            (132, 44, 20, 4), (68, 52, 116, 22), 640,
        ),
    }  # fmt: skip
    for year, (training, club, waiting, home, often, welcome, ways, population) in waves.items():
        n = sum(training.values())
        asked: dict[str, tuple[object, ...]] = {
            "praktik": ("Har du været i praktik i det seneste år?", "Have you been in work training in the past year?", YES_NO, training),
            "forening": ("Er du medlem af en forening?", "Are you a member of an association?", YES_NO, club),
            "ventet": (
                "Har du ventet mere end tre måneder på en ven?",
                "Have you waited more than three months for a friend?",
                YES_NO,
                waiting,
            ),
            "hjemme": ("Har du besøgt din ven i hjemmet?", "Have you visited your friend at home?", YES_NO, home),
            "taler": (
                "Hvor ofte taler du dansk?",
                "How often do you speak Danish?",
                HOW_OFTEN,
                dict(zip(("uge", "maaned", "sjaeldnere"), often, strict=True)),
            ),
            "velkommen": (
                "I hvilken grad føler du dig velkommen i byen?",
                "To what degree do you feel welcome in the town?",
                DEGREES,
                degrees(*welcome),
            ),
        }
        asked = {item: (*told, f'comparable = ["flygtninge-2023:{item}"]\n' if year == 2025 else "") for item, told in asked.items()}
        asked["vej"] = (
            "Hvordan fandt du frem til tilbuddet?",
            "How did you find the offer?",
            CHANNELS,
            dict(zip([code for code, _, _ in CHANNELS], ways, strict=True)),
        )
        districts = (("havnen", "Havnen", "The harbour"), ("bakken", "Bakken", "The hill"), ("skoven", "Skoven", "The wood"))
        asked["bydel"] = (
            "Hvor bor du?",
            "Where do you live?",
            districts,
            dict(zip(("havnen", "bakken", "skoven"), (n // 2, n // 4, n - n // 2 - n // 4), strict=True)),
        )
        asked["kilometer"] = (
            "Hvor mange venner har du fået?",
            "How many friends have you made?",
            (),
            [1] * (n // 2) + [2] * (n // 4) + [5] * (n - n // 2 - n // 4),
        )
        made.survey(
            f"flygtninge-{year}", ("Flygtninge", "Refugees"), "refugee", population, [f"R{number:03}" for number in range(n)], asked
        )
    made.survey(
        "frivillige-2025",
        ("Frivillige", "Volunteers"),
        "volunteer",
        160,
        [f"F{number:03}" for number in range(120)],
        {
            "velkommen": (
                "I hvilken grad føler flygtningene sig velkomne i byen?",
                "To what degree do the refugees feel welcome in the town?",
                DEGREES,
                degrees(48, 54, 12, 6),
                'mirror = ["flygtninge-2025:velkommen"]\n',
            ),
            "stop": ("Har du overvejet at stoppe?", "Have you considered stopping?", YES_NO, yes_no(24, 96)),
            "supervision": ("Har du fået supervision?", "Have you received supervision?", YES_NO, yes_no(0, 120)),
            "glad": ("Er du glad for at være frivillig?", "Are you happy to be a volunteer?", YES_NO, yes_no(114, 2, 4)),
            "motiv": (
                "Hvad fik dig til at melde dig?",
                "What made you sign up?",
                MOTIVES,
                {"hjaelpe": 66, "nysgerrig": 30, "opfordret": 20, "fritid": 4},
            ),
            "udlaeg": (
                "Hvor mange kroner har du selv lagt ud?",
                "How many kroner have you spent yourself?",
                (),
                [0] * 40 + [100] * 30 + [300] * 30 + [450] * 20,
            ),
            "timer": (
                "Hvor mange timer om måneden bruger du?",
                "How many hours a month do you spend?",
                (),
                [4] * 50 + [6] * 20 + [10] * 30 + [15] * 20,
                'unit = "hours"\n',
            ),
        },
    )
    made.survey(
        "skoler-2025",
        ("Skoler", "Schools"),
        "school",
        24,
        [f"S{number:02}" for number in range(18)],
        {"samarbejde": ("Samarbejder skolen med foreningen?", "Does the school work with the association?", YES_NO, yes_no(11, 6, 1))},
    )
    made.maps()
    matches = []
    for number in range(90):
        start, ended = date(2022, 2, 1) + timedelta(days=11 * number % 400), number % 3 != 0
        end = (start + timedelta(days=90 + number * 6)).isoformat() if ended else ""
        why = ("natural" if number % 5 else "premature") if ended else ""
        matches.append((f"M{number:03}", "", start.isoformat(), end, "flyttet" if ended else "", why, 1, CODES[number % 12]))
    made.matches(matches)
    present = [
        (month, code, "present" if place < there else "absent", "frivillig indsats")
        for month, there in (("2024-05", 9), ("2025-05", 14))
        for place, code in enumerate(CODES[:20])
    ]
    made.table("surveys/by/presence.csv", ("extract", "municipality", "status", "definition"), present)
    made.source("monitoring", "monitoring", "surveys/by/presence.csv")
    courses = [(f"K{number}", f"Kursus {number}", f"2024-0{number}-15", 6 + 2 * number, "physical", "course") for number in range(1, 8)]
    made.table("surveys/by/courses.csv", ("course", "name", "date", "participants", "format", "type"), courses)
    made.source("courses", "courses", "surveys/by/courses.csv")
    made.counts({"frivillige-i-alt": (365, "stock", "volunteer"), "nye-venskaber": (128, "flow", "match")})
    made.blocks += ['[[crosses]]\nsurvey = "flygtninge-2025"\nitem = "praktik"\nby = "bydel"\n']
    training_goal = 'measure = { survey = "flygtninge-2025", item = "praktik", answers = ["ja"], of = "answered" }'
    home_goal = 'measure = { survey = "flygtninge-2025", item = "hjemme", answers = ["ja"], of = "answered" }'
    early = 'measure = { matches = "ended", reason_class = "premature", of = "ended" }\ndirection = "at_most"'
    made.goal("B-1", "participant", "percent", 55, training_goal, "55 % af flygtningene har været i praktik")
    made.goal("B-2", "participant", "percent", 50, home_goal, "halvdelen har besøgt deres ven i hjemmet")
    made.goal("B-3", "match", "number", 150, 'measure = { cell = "counts.nye-venskaber.value" }', "150 nye venskaber om året")
    made.goal("B-4", "match", "percent", 25, early, "højst 25 % slutter før tid")
    made.goal("B-5", "course", "number", 6, 'measure = { courses = "rows" }', "6 kurser")
    made.write('trends = ["praktik", "forening", "ventet", "hjemme", "taler", "velkommen"]')
    return made.name


def county(root: Path) -> str:
    """Coordinators of a county in two waves, course participants once, interviews, a goal met to the point, missed and passed."""
    made = Made(root, "amt")
    made.interviews()
    ease = (
        ("meget", "Meget svært", "Very hard"),
        ("svaert", "Svært", "Hard"),
        ("hverken", "Hverken let eller svært", "Neither easy nor hard"),
        ("let", "Let", "Easy"),
    )
    ways = (
        ("plakat", "Plakater", "Posters"),
        ("medier", "Sociale medier", "Social media"),
        ("mund", "Mund til mund", "Word of mouth"),
        ("avis", "Lokalavisen", "The local paper"),
    )
    content = (
        ("meget", "Meget tilfreds", "Very satisfied"),
        ("tilfreds", "Tilfreds", "Satisfied"),
        ("utilfreds", "Utilfreds", "Dissatisfied"),
        ("slet", "Meget utilfreds", "Very dissatisfied"),
    )
    waves = {
        2022: (yes_no(32, 30, 2), yes_no(40, 20, 4), (8, 24, 20, 12), (40, 24, 48, 20), 100),
        2024: (yes_no(60, 18, 2), yes_no(28, 44, 8), (20, 36, 16, 8), (32, 60, 64, 12), 110),
    }
    for year, (meets, covered, hard, advertised, population) in waves.items():
        n = sum(meets.values())
        asked: dict[str, tuple[object, ...]] = {
            "moeder": ("Holder I faste møder med kommunen?", "Do you hold regular meetings with the municipality?", YES_NO, meets),
            "tilskud": ("Dækker tilskuddet jeres udgifter?", "Does the grant cover your expenses?", YES_NO, covered),
            "rekruttere": (
                "Hvor let er det at finde nye frivillige?",
                "How easy is it to find new volunteers?",
                ease,
                dict(zip([code for code, _, _ in ease], hard, strict=True)),
            ),
        }
        asked = {item: (*told, f'comparable = ["koordinatorer-2022:{item}"]\n' if year == 2024 else "") for item, told in asked.items()}
        asked["kanaler"] = (
            "Hvor slår I opgaver op?",
            "Where do you advertise tasks?",
            ways,
            dict(zip([code for code, _, _ in ways], advertised, strict=True)),
        )
        asked["hold"] = ("Hvor mange frivillige har I?", "How many volunteers do you have?", (), [10] * 30 + [20] * (n - 40) + [30] * 10)
        asked["beloeb"] = (
            "Hvor mange kroner fik I i tilskud?",
            "How many kroner did you get as a grant?",
            (),
            [25000] * 20 + [40000] * (n - 40) + [60000] * 20,
        )
        who = [f"K{number:03}" for number in range(n)]
        made.survey(f"koordinatorer-{year}", ("Koordinatorer", "Coordinators"), "leader", population, who, asked)
    made.survey(
        "kursister-2024",
        ("Kursister", "Course participants"),
        "participant",
        400,
        [f"D{number:03}" for number in range(150)],
        {
            "job": ("Har du fået et arbejde?", "Have you found a job?", YES_NO, yes_no(45, 99, 6)),
            "bedre": ("Er dit danske blevet bedre?", "Has your Danish improved?", YES_NO, yes_no(135, 9, 6)),
            "tilfreds": (
                "Hvor tilfreds er du med kurset?",
                "How satisfied are you with the course?",
                content,
                dict(zip([code for code, _, _ in content], (60, 75, 12, 3), strict=True)),
            ),
            "koen": ("Hvad er dit køn?", "What is your sex?", (("k", "Kvinder", "Women"), ("m", "Mænd", "Men")), {"k": 90, "m": 60}),
            "uger": (
                "Hvor mange uger fulgte du kurset?",
                "How many weeks did you attend?",
                (),
                [4] * 50 + [8] * 60 + [16] * 40,
                'unit = "weeks"\n',
            ),
        },
    )
    made.counts({"frivillige": (1850, "stock", "volunteer"), "aktiviteter": (48, "flow", "activity")})
    made.blocks += ['[[crosses]]\nsurvey = "kursister-2024"\nitem = "job"\nby = "koen"\n']
    meeting = 'measure = { survey = "koordinatorer-2024", item = "moeder", answers = ["ja"], of = "answered" }'
    covering = 'measure = { survey = "koordinatorer-2024", item = "tilskud", answers = ["ja"], of = "answered" }'
    working = 'measure = { survey = "kursister-2024", item = "job", answers = ["ja"], of = "answered" }'
    made.goal("K-1", "leader", "percent", 75, meeting, "75 % af koordinatorerne holder faste møder med kommunen")
    made.goal("K-2", "leader", "percent", 40, covering, "tilskuddet dækker udgifterne hos 40 %")
    made.goal("K-3", "person", "number", 2000, 'measure = { cell = "counts.frivillige.value" }', "2.000 frivillige")
    made.goal("K-4", "participant", "percent", 25, working, "25 % af kursisterne får et arbejde")
    made.write('trends = ["moeder", "tilskud", "rekruttere"]')
    return made.name


def clinic(root: Path) -> str:
    """Patients in two waves, nurses once; goals met, missed and passed."""
    made = Made(root, "klinik")
    often: Labels = (
        ("dag", "Hver dag", "Every day"),
        ("uge", "Et par gange om ugen", "A couple of times a week"),
        ("aldrig", "Aldrig", "Never"),
    )
    helped: Labels = (
        ("hold", "Holdtræning", "Group training"), ("samtale", "Samtaler", "Conversations"), ("kost", "Kostplan", "Diet plan"),
        ("app", "En app", "An app"),
    )  # fmt: skip
    sexes: Labels = (("k", "Kvinder", "Women"), ("m", "Mænd", "Men"))
    waves = {
        2022: (yes_no(36, 72, 12), yes_no(48, 72), yes_no(72, 48), (24, 48, 48), (60, 36, 24, 12), (30, 54, 24, 12), 300),
        2024: (yes_no(96, 56, 8), yes_no(32, 128), yes_no(98, 62), (72, 64, 24), (112, 64, 40, 16), (80, 48, 24, 8), 400),
    }
    for year, (pain, smoke, pills, moving, help_, sleep, population) in waves.items():
        n = sum(pain.values())
        asked: dict[str, tuple[object, ...]] = {
            "smerter": ("Har du færre smerter end før forløbet?", "Do you have less pain than before the programme?", YES_NO, pain),
            "ryger": ("Ryger du?", "Do you smoke?", YES_NO, smoke),
            "medicin": ("Tager du smertestillende medicin?", "Do you take painkillers?", YES_NO, pills),
            "motion": ("Hvor ofte dyrker du motion?", "How often do you exercise?", often, coded(often, moving)),
            "sover": ("I hvilken grad sover du godt om natten?", "To what degree do you sleep well at night?", DEGREES, degrees(*sleep)),
        }
        asked = {item: (*told, f'comparable = ["patienter-2022:{item}"]\n' if year == 2024 else "") for item, told in asked.items()}
        asked["hjalp"] = ("Hvad har hjulpet dig?", "What has helped you?", helped, coded(helped, help_))
        asked["koen"] = ("Hvad er dit køn?", "What is your sex?", sexes, {"k": n * 5 // 8, "m": n - n * 5 // 8})
        seen = [2] * (n // 2) + [4] * (n // 4) + [8] * (n - n // 2 - n // 4)
        asked["laege"] = ("Hvor mange gange har du været hos lægen?", "How many times have you seen the doctor?", (), seen)
        who = [f"R{number:03}" for number in range(n)]
        made.survey(f"patienter-{year}", ("Patienter", "Patients"), "participant", population, who, asked)
    nurses: dict[str, tuple[object, ...]] = {
        "tid": ("Har du tid nok til samtalerne?", "Do you have enough time for the conversations?", YES_NO, yes_no(7, 16, 2)),
        "sover": (
            "I hvilken grad sover patienterne godt om natten?", "To what degree do the patients sleep well at night?", DEGREES,
            degrees(6, 12, 5, 2), 'mirror = ["patienter-2024:sover"]\n',
        ),
    }  # fmt: skip
    made.survey("sygeplejersker-2024", ("Sygeplejersker", "Nurses"), "nurse", 30, [f"S{number:02}" for number in range(25)], nurses)
    planned(made, 8, ("S-1", "patienter-2024", "smerter", 50), ("S-2", "patienter-2024", "ryger", 15), ("S-3", 10))
    made.write('trends = ["smerter", "ryger", "medicin", "motion", "sover"]')
    return made.name


def depot(root: Path) -> str:
    """Families who get food in two waves, drivers once; a wish, a number a month, goals met and missed."""
    made = Made(root, "depot")
    ways: Labels = (("bil", "Bil", "Car"), ("cykel", "Cykel", "Bicycle"), ("bus", "Bus", "Bus"), ("gaaben", "Til fods", "On foot"))
    wishes: Labels = (
        ("frugt", "Mere frugt", "More fruit"),
        ("opskrift", "Opskrifter", "Recipes"),
        ("levering", "Levering hjem", "Home delivery"),
    )
    waves = {
        2023: (yes_no(45, 40, 5), yes_no(54, 36), yes_no(63, 27), (18, 27, 36, 9), (30, 24, 45), (36, 27, 18, 9), 220),
        2025: (yes_no(88, 20, 2), yes_no(22, 88), yes_no(80, 30), (33, 22, 44, 11), (55, 66, 33), (44, 33, 22, 11), 240),
    }
    short = ("Har I manglet penge til mad den seneste måned?", "Have you been short of money for food in the past month?")
    taste = ("I hvilken grad passer maden til jeres families smag?", "To what degree does the food suit your family's taste?")
    for year, (green, hungry, waste, way, wish, ease, population) in waves.items():
        n = sum(green.values())
        asked: dict[str, tuple[object, ...]] = {
            "groent": ("Har I spist mere grønt, siden I kom med?", "Have you eaten more vegetables since you joined?", YES_NO, green),
            "sulten": (*short, YES_NO, hungry),
            "spild": ("Smider I mad ud?", "Do you throw food away?", YES_NO, waste),
            "transport": ("Hvordan henter I maden?", "How do you collect the food?", ways, coded(ways, way)),
            "mad": (*taste, DEGREES, degrees(*ease)),
        }
        asked = {item: (*told, f'comparable = ["familier-2023:{item}"]\n' if year == 2025 else "") for item, told in asked.items()}
        asked["oensker"] = ("Hvad ønsker I jer?", "What do you wish for?", wishes, coded(wishes, wish))
        bags = [2] * (n // 2) + [4] * (n - n // 2 - n // 5) + [6] * (n // 5)
        asked["poser"] = ("Hvor mange poser får I om måneden?", "How many bags do you get a month?", (), bags)
        made.survey(
            f"familier-{year}", ("Familier", "Families"), "participant", population, [f"R{number:03}" for number in range(n)], asked
        )
    drivers: dict[str, tuple[object, ...]] = {
        "ture": ("Kører du mere end én tur om ugen?", "Do you drive more than one trip a week?", YES_NO, yes_no(12, 28)),
        "mad": (
            "I hvilken grad passer maden til familiernes smag?", "To what degree does the food suit the families' taste?", DEGREES,
            degrees(28, 8, 2, 2), 'mirror = ["familier-2025:mad"]\n',
        ),
        "bliver": ("Overvejer du at holde op?", "Do you consider quitting?", YES_NO, yes_no(8, 30, 2)),
    }  # fmt: skip
    made.survey("chauffoerer-2025", ("Chauffører", "Drivers"), "driver", 50, [f"C{number:02}" for number in range(40)], drivers)
    planned(made, 7, ("F-1", "familier-2025", "groent", 75), ("F-2", "familier-2025", "sulten", 15), ("F-3", 12))
    made.write('trends = ["groent", "sulten", "spild", "transport", "mad"]')
    return made.name


def libraries(root: Path) -> str:
    """Reading mentors at libraries: libraries in two waves, mentors once, goals, matches."""
    ways: Labels = (
        ("avis", "Annoncer i avisen", "Newspaper advertisements"),
        ("forening", "Pensionistforeninger", "Pensioners' associations"),
        ("gymnasium", "Gymnasier", "Upper secondary schools"),
        ("mund", "Mund til mund", "Word of mouth"),
    )
    meetings: Labels = (
        ("uge", "Hver uge", "Every week"),
        ("fjorten", "Hver fjortende dag", "Every fortnight"),
        ("maaned", "En gang om måneden", "Once a month"),
    )
    backgrounds: Labels = (
        ("pension", "På pension", "Retired"),
        ("arbejde", "I arbejde", "In work"),
        ("studie", "Studerende", "Student"),
        ("ledig", "Ledig", "Unemployed"),
    )
    sexes: Labels = (("k", "Kvinde", "Woman"), ("m", "Mand", "Man"))
    made = Made(root, "laes")
    made.interviews()
    waves = {
        2023: (yes_no(24, 33, 3), yes_no(36, 24), yes_no(30, 30), yes_no(12, 48), (15, 30, 10, 5), (12, 36, 15, 45)),
        2025: (yes_no(45, 21, 6), yes_no(28, 44), yes_no(60, 12), yes_no(40, 32), (18, 36, 12, 6), (9, 48, 24, 63)),
    }
    for year, (deal, room, train, queue, borrow, where) in waves.items():
        n = sum(deal.values())
        asked: dict[str, tuple[object, ...]] = {
            "aftale": (
                "Har biblioteket en fast aftale med en skole?",
                "Does the library have a fixed agreement with a school?",
                YES_NO,
                deal,
            ),
            "rum": ("Har læsementorerne et rum for sig selv?", "Do the reading mentors have a room of their own?", YES_NO, room),
            "kursus": (
                "Underviser biblioteket mentorerne, før de begynder?",
                "Does the library train the mentors before they start?",
                YES_NO,
                train,
            ),
            "venteliste": ("Står der børn på venteliste?", "Are there children on a waiting list?", YES_NO, queue),
            "laaner": (
                "I hvilken grad låner børnene flere bøger end før?",
                "To what degree do the children borrow more books than before?",
                DEGREES,
                degrees(*borrow),
            ),
        }
        asked = {i: (*t, f'comparable = ["biblioteker-2023:{i}"]\n' if year == 2025 else "") for i, t in asked.items()}
        asked["kilder"] = (
            "Hvor finder biblioteket nye mentorer?",
            "Where does the library find new mentors?",
            ways,
            coded(ways, where),
        )
        asked["timer"] = (
            "Hvor mange timer om ugen er der læsehjælp?",
            "How many hours a week is reading help offered?",
            (),
            [2] * (n - 42) + [4] * 26 + [6] * 16,
        )
        made.survey(f"biblioteker-{year}", ("Biblioteker", "Libraries"), "library", 97, [f"B{k:03}" for k in range(n)], asked)
    made.survey(
        "mentorer-2025",
        ("Mentorer", "Mentors"),
        "mentor",
        300,
        [f"M{k:03}" for k in range(120)],
        {
            "fortsaetter": (
                "Vil du fortsætte som mentor efter sommerferien?",
                "Do you want to continue as a mentor after the summer holidays?",
                YES_NO,
                yes_no(96, 12, 12),
            ),
            "stoette": ("Får du støtte nok fra bibliotekaren?", "Do you get enough support from the librarian?", YES_NO, yes_no(78, 36, 6)),
            "moedes": ("Hvor ofte mødes du med barnet?", "How often do you meet the child?", meetings, coded(meetings, (72, 36, 12))),
            "laaner": (
                "I hvilken grad låner barnet flere bøger end før?",
                "To what degree does the child borrow more books than before?",
                DEGREES,
                degrees(60, 36, 18, 6),
                'mirror = ["biblioteker-2025:laaner"]\n',
            ),
            "foraeldre": ("Har du mødt barnets forældre?", "Have you met the child's parents?", YES_NO, yes_no(40, 80)),
            "baggrund": (
                "Hvad lavede du, før du blev mentor?",
                "What did you do before you became a mentor?",
                backgrounds,
                coded(backgrounds, (54, 30, 24, 12)),
            ),
            "koen": ("Hvad er dit køn?", "What is your sex?", sexes, {"k": 90, "m": 30}),
        },
    )
    courses = [(f"K{k}", f"Kursus {k}", f"2024-0{k}-15", 6 + k, "physical", "course") for k in range(1, 9)]
    made.table("surveys/laes/courses.csv", ("course", "name", "date", "participants", "format", "type"), courses)
    made.source("courses", "courses", "surveys/laes/courses.csv")
    made.goal(
        "B-1", "participant", "percent", 60, answered("biblioteker-2025", "aftale"), "60 % af bibliotekerne har en fast aftale med en skole"
    )
    made.goal(
        "B-2",
        "participant",
        "percent",
        30,
        answered("biblioteker-2025", "venteliste") + '\ndirection = "at_most"',
        "Højst 30 % af bibliotekerne har børn på venteliste",
    )
    made.goal("B-3", "course", "number", 12, 'measure = { courses = "rows" }', "12 kurser for mentorer")
    made.blocks += ['[[crosses]]\nsurvey = "mentorer-2025"\nitem = "stoette"\nby = "koen"\n']
    made.write('trends = ["aftale", "rum", "kursus", "venteliste", "laaner"]')
    return made.name


def gardens(root: Path) -> str:
    """Community gardens: gardeners in two waves, housing associations once; other kinds of questions and goals."""
    agreeing: Labels = (
        ("enig", "Enig", "Agree"),
        ("hverken", "Hverken enig eller uenig", "Neither agree nor disagree"),
        ("uenig", "Uenig", "Disagree"),
    )
    reasons: Labels = (
        ("motion", "Frisk luft og motion", "Fresh air and exercise"),
        ("naboer", "At lære naboerne at kende", "Getting to know the neighbours"),
        ("gront", "Egne grøntsager", "Home-grown vegetables"),
        ("boern", "Noget at lave med børnene", "Something to do with the children"),
    )
    visits: Labels = (
        ("dag", "Dagligt", "Daily"),
        ("par", "Et par gange om ugen", "A couple of times a week"),
        ("sjaeldent", "Sjældnere end hver uge", "Less than every week"),
    )
    payers: Labels = (
        ("kommune", "Kommunen", "The municipality"),
        ("beboer", "Beboerne selv", "The residents themselves"),
        ("fond", "En fond", "A foundation"),
    )
    made = Made(root, "have")
    waves = {
        2022: (yes_no(48, 70, 2), yes_no(30, 90), yes_no(84, 36), (24, 60, 36), (36, 48, 24, 12), (60, 36, 24)),
        2024: (yes_no(112, 40, 8), yes_no(72, 88), yes_no(64, 96), (40, 80, 40), (60, 64, 28, 8), (128, 24, 8)),
    }
    for year, (neighbours, tools, theft, times, mood, safe) in waves.items():
        n = sum(neighbours.values())
        asked: dict[str, tuple[object, ...]] = {
            "naboer": (
                "Har du lært nye naboer at kende gennem haven?",
                "Have you got to know new neighbours through the garden?",
                YES_NO,
                neighbours,
            ),
            "redskaber": ("Mangler du redskaber til at passe dit bed?", "Do you lack tools for tending your plot?", YES_NO, tools),
            "tyveri": (
                "Er der blevet stjålet afgrøder fra dit bed i år?",
                "Have crops been stolen from your plot this year?",
                YES_NO,
                theft,
            ),
            "besoeg": ("Hvor tit er du i haven om sommeren?", "How often are you in the garden in summer?", visits, coded(visits, times)),
            "humoer": (
                "I hvilken grad er du blevet i bedre humør af at være i haven?",
                "To what degree has being in the garden put you in a better mood?",
                DEGREES,
                degrees(*mood),
            ),
            "tryg": ("Jeg føler mig tryg i haven om aftenen", "I feel safe in the garden in the evening", agreeing, coded(agreeing, safe)),
        }
        asked = {i: (*t, f'comparable = ["dyrkere-2022:{i}"]\n' if year == 2024 else "") for i, t in asked.items()}
        asked["grund"] = ("Hvorfor gik du med?", "Why did you join?", reasons, coded(reasons, (n // 2, n // 4, n * 3 // 4, n // 8)))
        asked["kilo"] = (
            "Hvor mange timer om ugen bruger du i haven?",
            "How many hours a week do you spend in the garden?",
            (),
            [1] * (n // 4) + [3] * (n // 2) + [8] * (n - n // 4 - n // 2),
        )
        made.survey(f"dyrkere-{year}", ("Dyrkere", "Gardeners"), "participant", 400, [f"D{k:03}" for k in range(n)], asked)
    made.survey(
        "boligforeninger-2024",
        ("Boligforeninger", "Housing associations"),
        "association",
        44,
        [f"B{k:02}" for k in range(36)],
        {
            "vand": ("Betaler boligforeningen for vandet?", "Does the housing association pay for the water?", YES_NO, yes_no(27, 9)),
            "flere": ("Overvejer I at anlægge flere haver?", "Do you consider laying out more gardens?", YES_NO, yes_no(12, 20, 4)),
            "klager": ("Har I fået klager over rod?", "Have you received complaints about mess?", YES_NO, yes_no(6, 30)),
            "penge": ("Hvem betaler for jorden?", "Who pays for the soil?", payers, coded(payers, (18, 6, 12))),
            "tryg": (
                "Beboerne føler sig trygge i haven om aftenen",
                "The residents feel safe in the garden in the evening",
                agreeing,
                coded(agreeing, (18, 12, 6)),
                'mirror = ["dyrkere-2024:tryg"]\n',
            ),
        },
    )
    courses = [(f"K{k}", f"Havedag {k}", f"2024-0{k}-15", 6 + k, "physical", "course") for k in range(1, 8)]
    made.table("surveys/have/courses.csv", ("course", "name", "date", "participants", "format", "type"), courses)
    made.source("courses", "courses", "surveys/have/courses.csv")
    made.goal(
        "H-1", "participant", "percent", 65, answered("dyrkere-2024", "naboer"), "Mindst 65 % af dyrkerne har lært nye naboer at kende"
    )
    made.goal(
        "H-2",
        "participant",
        "percent",
        30,
        answered("dyrkere-2024", "tyveri") + '\ndirection = "at_most"',
        "Højst 30 % har fået stjålet afgrøder",
    )
    made.goal("H-3", "course", "number", 10, 'measure = { courses = "rows" }', "Ti havedage i 2024")
    made.goal("H-4", "participant", "percent", 90, answered("dyrkere-2024", "tryg", "enig"), "Ni ud af ti føler sig trygge om aftenen")
    made.write('trends = ["naboer", "redskaber", "tyveri", "besoeg", "humoer", "tryg"]')
    return made.name


def phone(root: Path) -> str:
    """A phone-friend scheme for older people: callers (volunteers) in two waves, those called once, care homes; other kinds of answers."""
    how_long: Labels = (
        ("kort", "Under et kvarter", "Under a quarter of an hour"),
        ("mellem", "Et kvarter til en halv time", "A quarter to half an hour"),
        ("lang", "Mere end en halv time", "More than half an hour"),
    )
    how_content: Labels = (
        ("meget", "Meget tilfreds", "Very satisfied"),
        ("tilfreds", "Tilfreds", "Satisfied"),
        ("utilfreds", "Utilfreds", "Dissatisfied"),
    )
    topics: Labels = (
        ("familie", "Familien", "The family"),
        ("helbred", "Helbredet", "Health"),
        ("gamle", "Gamle dage", "The old days"),
        ("nyheder", "Nyhederne", "The news"),
    )
    made = Made(root, "telefon")
    waves = {
        2021: (yes_no(60, 36, 4), yes_no(70, 30), yes_no(20, 80), (50, 30, 20), (20, 50, 20, 10), (40, 40, 20)),
        2025: (yes_no(105, 35, 10), yes_no(60, 90), yes_no(96, 54), (45, 60, 45), (36, 72, 30, 12), (90, 51, 9)),
    }
    for year, (sleep, worry, guide, length, energy, sat) in waves.items():
        n = sum(guide.values())
        asked: dict[str, tuple[object, ...]] = {
            "pause": ("Holder du pauser i løbet af sommeren?", "Do you take breaks during the summer?", YES_NO, sleep),
            "bekymret": ("Bekymrer du dig for den, du ringer til?", "Do you worry about the person you call?", YES_NO, worry),
            "guide": ("Har du modtaget en skriftlig vejledning?", "Have you received written guidance?", YES_NO, guide),
            "laengde": (
                "Hvor længe varer samtalen som regel?",
                "How long does the conversation usually last?",
                how_long,
                coded(how_long, length),
            ),
            "energi": (
                "I hvilken grad giver opkaldene dig energi?",
                "To what degree do the calls give you energy?",
                DEGREES,
                degrees(*energy),
            ),
            "tilfreds": (
                "Hvor tilfreds er du med ordningen?",
                "How satisfied are you with the scheme?",
                how_content,
                coded(how_content, sat),
            ),
        }
        asked = {i: (*t, f'comparable = ["ringere-2021:{i}"]\n' if year == 2025 else "") for i, t in asked.items()}
        asked["emner"] = (
            "Hvad taler I om?",
            "What do you talk about?",
            topics,
            coded(topics, (n * 4 // 5, n * 3 // 5, n * 2 // 5, n // 10)),
        )
        asked["opkald"] = (
            "Hvor mange opkald har du foretaget den seneste måned?",
            "How many calls have you made in the past month?",
            (),
            [2] * (n // 3) + [4] * (n // 3) + [9] * (n - 2 * (n // 3)),
        )
        made.survey(f"ringere-{year}", ("Telefonvenner", "Phone friends"), "volunteer", 350, [f"T{k:03}" for k in range(n)], asked)
    made.survey(
        "plejehjem-2025",
        ("Plejehjem", "Care homes"),
        "institution",
        60,
        [f"P{k:02}" for k in range(50)],
        {
            "raad": ("Har plejehjemmet plads til besøg?", "Does the care home have room for visits?", YES_NO, yes_no(40, 10)),
            "henvist": (
                "Er plejehjemmet blevet kontaktet af kommunen?",
                "Has the care home been contacted by the municipality?",
                YES_NO,
                yes_no(20, 26, 4),
            ),
            "lettere": (
                "Er det blevet lettere at finde telefonvenner?",
                "Has it become easier to find phone friends?",
                YES_NO,
                yes_no(15, 35),
            ),
            "energi": (
                "I hvilken grad giver opkaldene beboerne energi?",
                "To what degree do the calls give the residents energy?",
                DEGREES,
                degrees(30, 12, 6, 2),
                'mirror = ["ringere-2025:energi"]\n',
            ),
        },
    )
    courses = [(f"K{k}", f"Mode {k}", f"2025-0{k}-15", 6 + k, "physical", "course") for k in range(1, 7)]
    made.table("surveys/telefon/courses.csv", ("course", "name", "date", "participants", "format", "type"), courses)
    made.source("courses", "courses", "surveys/telefon/courses.csv")
    made.goal(
        "T-1",
        "participant",
        "percent",
        60,
        answered("ringere-2025", "guide"),
        "60 % af telefonvennerne har modtaget en skriftlig vejledning",
    )
    made.goal(
        "T-2",
        "participant",
        "percent",
        50,
        answered("ringere-2025", "bekymret") + '\ndirection = "at_most"',
        "Højst halvdelen bekymrer sig for den, de ringer til",
    )
    made.goal("T-3", "course", "number", 8, 'measure = { courses = "rows" }', "Otte kurser for telefonvenner")
    made.write('trends = ["pause", "bekymret", "guide", "laengde", "energi", "tilfreds"]')
    return made.name


def readers(root: Path) -> str:
    """Reading aloud in kindergartens: parents in two waves of whose children it is asked, readers, kindergartens all."""
    made = Made(root, "hojt")
    freq: Labels = (
        ("dag", "Hver dag", "Every day"),
        ("uge", "En eller to gange om ugen", "Once or twice a week"),
        ("sjaeldnere", "Sjældnere", "Less often"),
    )
    gains: Labels = (
        ("ord", "Et større ordforråd", "A larger vocabulary"),
        ("ro", "Ro", "Calm"),
        ("fantasi", "Fantasi", "Imagination"),
        ("tryghed", "En voksen at holde i hånden", "An adult's hand to hold"),
    )
    waves = {
        2022: (yes_no(66, 50, 4), yes_no(30, 90), (36, 48, 36), (48, 40, 20, 12), yes_no(24, 90, 6)),
        2025: (yes_no(128, 24, 8), yes_no(64, 96), (80, 48, 32), (112, 32, 8, 8), yes_no(32, 120, 8)),
    }
    for year, (gl, laan, hjemme, sprog, kender) in waves.items():
        n = sum(gl.values())
        asked: dict[str, tuple[object, ...]] = {
            "glaeder": ("Glæder dit barn sig til oplæsningen?", "Does your child look forward to being read to?", YES_NO, gl),
            "laaner": ("Låner I bøger på biblioteket?", "Do you borrow books at the library?", YES_NO, laan),
            "hjemme": ("Hvor ofte læser I højt derhjemme?", "How often do you read aloud at home?", freq, coded(freq, hjemme)),
            "sprog": (
                "I hvilken grad har dit barn fået et bedre sprog?",
                "To what degree has your child got better language?",
                DEGREES,
                degrees(*sprog),
            ),
            "kender": ("Kender du den frivillige, der læser?", "Do you know the volunteer who reads?", YES_NO, kender),
        }
        asked = {i: (*x, f'comparable = ["foraeldre-2022:{i}"]\n' if year == 2025 else "") for i, x in asked.items()}
        if year == 2025:
            asked["udbytte"] = (
                "Hvad får dit barn ud af oplæsningen?",
                "What does your child get out of the reading?",
                gains,
                coded(gains, (96, 64, 80, 32)),
            )
        made.survey(f"foraeldre-{year}", ("Forældre", "Parents"), "participant", 500, [f"F{k:03}" for k in range(n)], asked)
    made.survey(
        "laesere-2025",
        ("Læsevenner", "Reading friends"),
        "volunteer",
        75,
        [f"L{k:02}" for k in range(50)],
        {
            "tid": ("Er der tid nok til at læse en bog færdig?", "Is there enough time to finish a book?", YES_NO, yes_no(35, 15)),
            "urolig": ("Oplever du, at børnene er urolige?", "Do you find that the children are restless?", YES_NO, yes_no(20, 30)),
            "stoppe": ("Overvejer du at stoppe?", "Do you consider stopping?", YES_NO, yes_no(5, 45)),
            "timer": ("Hvor mange timer bruger du om måneden?", "How many hours do you spend a month?", (), [2] * 20 + [4] * 20 + [9] * 10),
        },
    )
    made.survey(
        "boernehaver-2025",
        ("Børnehaver", "Kindergartens"),
        "institution",
        40,
        [f"B{k:02}" for k in range(40)],
        {
            "krog": ("Har børnehaven en rolig læsekrog?", "Does the kindergarten have a quiet reading corner?", YES_NO, yes_no(26, 14)),
            "plan": (
                "Er læsevennen med, når ugen planlægges?",
                "Is the reading friend included when the week is planned?",
                YES_NO,
                yes_no(8, 32),
            ),
            "sprog": (
                "I hvilken grad har børnene fået et bedre sprog?",
                "To what degree have the children got better language?",
                DEGREES,
                degrees(16, 18, 6, 0),
                'mirror = ["foraeldre-2025:sprog"]\n',
            ),
        },
    )
    courses = [(f"K{k}", f"Kursus {k}", f"2025-0{k}-15", 6 + k, "physical", "course") for k in range(1, 6)]
    made.table("surveys/hojt/courses.csv", ("course", "name", "date", "participants", "format", "type"), courses)
    made.source("courses", "courses", "surveys/hojt/courses.csv")
    told_goal(
        made,
        "75 % of the parents say that their child looks forward to being read to",
        "H-1",
        "participant",
        "percent",
        75,
        answered("foraeldre-2025", "glaeder"),
        "75 % af forældrene siger, at barnet glæder sig til oplæsningen",
    )
    told_goal(
        made,
        "At most 8 % of the reading friends consider stopping",
        "H-2",
        "participant",
        "percent",
        8,
        answered("laesere-2025", "stoppe") + '\ndirection = "at_most"',
        "Højst 8 % af læsevennerne overvejer at stoppe",
    )
    told_goal(
        made, "Nine courses for reading friends", "H-3", "course", "number", 9, 'measure = { courses = "rows" }', "Ni kurser for læsevenner"
    )
    made.write('trends = ["glaeder", "laaner", "hjemme", "sprog", "kender"]')
    return made.name


def wards(root: Path) -> str:
    """Visitors on hospital wards: patients in two waves asked of what was, visitors, wards."""
    made = Made(root, "ven")
    length: Labels = (
        ("under", "Under en time", "Less than an hour"),
        ("time", "En til to timer", "One to two hours"),
        ("over", "Mere end to timer", "More than two hours"),
    )
    did: Labels = (
        ("snak", "Vi snakkede", "We talked"),
        ("gang", "Vi gik en tur", "We went for a walk"),
        ("mad", "Vi hentede mad", "We fetched food"),
        ("vente", "Vi ventede på lægen", "We waited for the doctor"),
    )
    waves = {
        2022: (yes_no(45, 40, 5), yes_no(36, 54), yes_no(27, 63), (54, 27, 9), (36, 36, 9, 9)),
        2024: (yes_no(98, 30, 12), yes_no(77, 63), yes_no(42, 98), (56, 56, 28), (98, 28, 7, 7)),
    }
    for year, (rolig, sprog, faldt, laengde, tryg) in waves.items():
        n = sum(rolig.values())
        asked: dict[str, tuple[object, ...]] = {
            "rolig": ("Blev du mere rolig af besøget?", "Did the visit make you calmer?", YES_NO, rolig),
            "forstod": ("Forstod du, hvad lægen sagde?", "Did you understand what the doctor said?", YES_NO, sprog),
            "alene": ("Følte du dig alene på afdelingen?", "Did you feel alone on the ward?", YES_NO, faldt),
            "laengde": ("Hvor længe varede besøget?", "How long did the visit last?", length, coded(length, laengde)),
            "tryg": (
                "I hvilken grad var du tryg ved den frivillige?",
                "To what degree did you feel safe with the volunteer?",
                DEGREES,
                degrees(*tryg),
            ),
        }
        asked = {i: (*x, f'comparable = ["patienter-2022:{i}"]\n' if year == 2024 else "") for i, x in asked.items()}
        if year == 2024:
            asked["lavede"] = ("Hvad lavede I sammen?", "What did you do together?", did, coded(did, (126, 70, 35, 14)))
        made.survey(f"patienter-{year}", ("Patienter", "Patients"), "participant", 900, [f"P{k:03}" for k in range(n)], asked)
    made.survey(
        "besoegere-2024",
        ("Besøgsvenner", "Visitors"),
        "volunteer",
        64,
        [f"B{k:02}" for k in range(48)],
        {
            "intro": (
                "Har du fået en introduktion på afdelingen?",
                "Have you been given an introduction on the ward?",
                YES_NO,
                yes_no(36, 12),
            ),
            "personale": ("Tager personalet godt imod dig?", "Do the staff welcome you?", YES_NO, yes_no(42, 6)),
            "anbefale": (
                "Ville du anbefale andre at blive besøgsven?",
                "Would you recommend others to become a visitor?",
                YES_NO,
                yes_no(44, 1, 3),
            ),
            "tryg": (
                "I hvilken grad er patienterne trygge ved dig?",
                "To what degree do the patients feel safe with you?",
                DEGREES,
                degrees(24, 18, 4, 2),
                'mirror = ["patienter-2024:tryg"]\n',
            ),
        },
    )
    made.survey(
        "afdelinger-2024",
        ("Afdelinger", "Wards"),
        "institution",
        32,
        [f"A{k:02}" for k in range(32)],
        {
            "kontakt": (
                "Er der en fast kontaktperson for besøgsvennerne?",
                "Is there a regular contact person for the visitors?",
                YES_NO,
                yes_no(20, 12),
            ),
            "kaffe": (
                "Hvem betaler for kaffen?",
                "Who pays for the coffee?",
                (
                    ("afdeling", "Afdelingen", "The ward"),
                    ("forening", "Foreningen", "The association"),
                    ("selv", "Besøgsvennen selv", "The visitor"),
                ),
                {"afdeling": 16, "forening": 12, "selv": 4},
            ),
        },
    )
    courses = [(f"K{k}", f"Hold {k}", f"2024-0{k}-15", 6 + k, "physical", "course") for k in range(1, 5)]
    made.table("surveys/ven/courses.csv", ("course", "name", "date", "participants", "format", "type"), courses)
    made.source("courses", "courses", "surveys/ven/courses.csv")
    told_goal(
        made,
        "At least 65 % of the patients become calmer from the visit",
        "V-1",
        "participant",
        "percent",
        65,
        answered("patienter-2024", "rolig"),
        "Mindst 65 % af patienterne bliver mere rolige af besøget",
    )
    told_goal(
        made,
        "At most a quarter of the patients feel alone on the ward",
        "V-2",
        "participant",
        "percent",
        25,
        answered("patienter-2024", "alene") + '\ndirection = "at_most"',
        "Højst 25 % af patienterne føler sig alene på afdelingen",
    )
    told_goal(
        made,
        "Six courses for new visitors",
        "V-3",
        "course",
        "number",
        6,
        'measure = { courses = "rows" }',
        "Seks hold for nye besøgsvenner",
    )
    made.write('trends = ["rolig", "forstod", "alene", "laengde", "tryg"]')
    return made.name


def told_goal(made: Made, en: str, name: str, unit: str, kind: str, target: int, measure: str, da: str) -> None:
    """A goal whose words stand in both languages."""
    made.goal(name, unit, kind, target, measure, da)
    made.blocks[-1] = made.blocks[-1].replace(f'en = "{da}"', f'en = "{en}"', 1)


def answered(survey: str, item: str, answer: str = "ja") -> str:
    """A goal's measure: the share of those who answered that gave an answer."""
    return f'measure = {{ survey = "{survey}", item = "{item}", answers = ["{answer}"], of = "answered" }}'


def coded(options: Labels, counts: Sequence[int]) -> dict[str, int]:
    return dict(zip([code for code, _, _ in options], counts, strict=True))


def planned(made: Made, held: int, reached: tuple[str, str, str, int], least: tuple[str, str, str, int], courses: tuple[str, int]) -> None:
    """So many courses held, and three goals: at least a share, at most a share, a number of courses."""
    rows = [(f"K{number}", f"Hold {number}", f"2024-0{number}-15", 6 + number, "physical", "course") for number in range(1, held + 1)]
    made.table(f"surveys/{made.name}/courses.csv", ("course", "name", "date", "participants", "format", "type"), rows)
    made.source("courses", "courses", f"surveys/{made.name}/courses.csv")
    for (name, survey, item, target), more in ((reached, ""), (least, '\ndirection = "at_most"')):
        measure = f'measure = {{ survey = "{survey}", item = "{item}", answers = ["ja"], of = "answered" }}{more}'
        made.goal(name, "participant", "percent", target, measure, f"{target} %: {item}")
    made.goal(courses[0], "course", "number", courses[1], 'measure = { courses = "rows" }', f"{courses[1]} kurser")


ROUNDS = {
    "region": region,
    "course": course,
    "town": town,
    "county": county,
    "clinic": clinic,
    "depot": depot,
    "libraries": libraries,
    "gardens": gardens,
    "phone": phone,
    "readers": readers,
    "wards": wards,
}
