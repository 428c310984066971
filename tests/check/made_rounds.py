"""Three sound rounds of different shape, made up: answers only, interviews only, everything. All persons and answers are invented."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random

import openpyxl

CODES = ("0101", "0147", "0151", "0153", "0155", "0157", "0159", "0161", "0163", "0165", "0167", "0169", "0173", "0175", "0183", "0185")
CODES += ("0187", "0190", "0201", "0210", "0217", "0219", "0223", "0230")
PAIRS = ("A1", "B2", "C3", "D4", "E5")
THEMES = ("Udbytte", "Udbytte > Sprog", "Udbytte > Netværk", "Udfordringer", "Udfordringer > Tid", "Kontakten > Første møde")
ALL_CODES = (*THEMES, "Kontakten")
SAID = {
    "Udbytte > Sprog": "Jeg øver mig på dansk, hver gang vi ses, og det bliver lettere.",
    "Udbytte > Netværk": "Vi kender nu nogle flere folk i byen end før.",
    "Udfordringer > Tid": "Det er svært at finde en eftermiddag, hvor vi begge kan.",
    "Kontakten > Første møde": "Første gang drak vi kaffe og så på haven.",
}


def table(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)


def text(path: Path, words: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(words, encoding="utf-8")


def both(words: str, english: str = "") -> str:
    return f'{{ da = "{words}", en = "{english or words}" }}'


def definition(root: Path, round_id: str, blocks: Iterable[str], *, languages: str = '["da"]', notebooks: Sequence[str] = ()) -> None:
    head = f"""schema_version = 1
id = "{round_id}"
title = {both("Lokal runde", "Local round")}
languages = {languages}
report_type = "midterm"
kind = "real"
notebooks = {json.dumps(list(notebooks))}
"""
    period = f"[period]\nstart = 2024-01-01\nend = 2025-06-30\n\n[subgroups]\nsplit = false\nstatement = {both('Samlet.', 'Together.')}\n"
    first, *rest = blocks
    text(root / f"rounds/{round_id}/round.toml", "\n".join([head + first, period, *rest]))
    for folder in ("notebooks", "interviews", "surveys"):
        (root / folder).mkdir(parents=True, exist_ok=True)


def source(name: str, kind: str, path: str, **more: str) -> str:
    extra = "".join(f'{key} = "{value}"\n' for key, value in more.items())
    return f'[[sources]]\nid = "{name}"\ntype = "{kind}"\npath = "{path}"\n{extra}title = {both(name)}\n'


def report(root: Path, round_id: str, lang: str, blocks: Sequence[str], first: str = "da") -> None:
    name = "report.qmd" if lang == first else f"report.{lang}.qmd"
    text(root / f"rounds/{round_id}/{name}", "\n\n".join(blocks) + "\n")


def questionnaire(root: Path, round_id: str, year: int, *, earlier: bool) -> None:
    tie = f'comparable = ["kommuner-{year - 1}:henviser"]\n' if earlier else ""
    scale = ", ".join(
        f'{{ code = "{code}", label = {both(label)} }}'
        for code, label in (("høj", "I høj grad"), ("nogen", "I nogen grad"), ("lav", "I lav grad"))
    )
    text(
        root / f"surveys/{round_id}/kommuner-{year}.toml",
        f"""schema_version = 1
id = "kommuner-{year}"
title = {both("Kommuner")}
group = {both("Kommuner")}
wave = {both(str(year))}
period_start = {year}-05-01
period_end = {year}-06-01

[frame]
unit = "municipality"
population = 98
invited = {len(CODES)}
chosen_by = {both("Evaluator")}
collected = {both("Maj")}

[[items]]
id = "henviser"
text = {both("Henviser kommunen?")}
type = "single"
{tie}options = [
  {{ code = "ja", label = {both("Ja")} }},
  {{ code = "nej", label = {both("Nej")} }},
  {{ code = "vedikke", label = {both("Ved ikke")}, role = "dont_know" }},
]

[[items]]
id = "hvorfor"
text = {both("Hvorfor ikke?")}
type = "single"
route = "henviser == 'nej'"
options = [
  {{ code = "kender", label = {both("Kender ikke tilbuddet")} }},
  {{ code = "behov", label = {both("Ikke behov")} }},
]

[[items]]
id = "udbytte"
text = {both("Udbytte?")}
type = "likert"
options = [{scale}]

[[items]]
id = "antal"
text = {both("Hvor mange?")}
type = "number"
""",
    )


def answers(rng: Random, respondents: Sequence[str]) -> list[list[object]]:
    rows: list[list[object]] = []
    for number, code in enumerate(respondents):
        refers = ("ja", "ja", "nej", "vedikke")[number % 4] if number < 8 else rng.choice(("ja", "nej"))
        why = rng.choice(("kender", "behov")) if refers == "nej" else ""
        rows.append([code, refers, why, ("høj", "nogen", "lav")[number % 3], rng.randint(0, 40)])
    return rows


def survey(root: Path, round_id: str, year: int, rng: Random, *, suffix: str = "csv", earlier: bool = False) -> str:
    questionnaire(root, round_id, year, earlier=earlier)
    respondents = sorted(rng.sample(CODES, 18))
    header, rows = ["respondent", "henviser", "hvorfor", "udbytte", "antal"], answers(rng, respondents)
    path = root / f"surveys/{round_id}/kommuner-{year}.{suffix}"
    if suffix == "csv":
        table(path, header, rows)
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        book = openpyxl.Workbook()
        sheet = book.worksheets[0]
        for row in (header, *rows):
            sheet.append(row)
        book.save(path)
    invited = f"surveys/{round_id}/inviterede-{year}.csv"
    places = ("Hovedstaden", "Sjælland", "Fyn")
    table(root / invited, ["respondent", "egn"], [[code, places[number % 3]] for number, code in enumerate(CODES)])
    more = {"questionnaire": f"surveys/{round_id}/kommuner-{year}.toml", "invited": invited}
    return source(f"kommuner-{year}", "survey", f"surveys/{round_id}/kommuner-{year}.{suffix}", **more)


def goal(name: str, unit: str, kind: str, target: int, measure: str, label: str) -> str:
    return f'[[goals]]\nid = "{name}"\ndefinition = {both(label)}\nunit = "{unit}"\ntype = "{kind}"\ntarget = {target}\n{measure}\n'


def survey_only(root: Path) -> str:
    """Two waves among municipalities, in Danish only."""
    rng, name = Random(1), "skema"
    blocks = [
        'trends = ["henviser"]\n',
        survey(root, name, 2024, rng),
        survey(root, name, 2025, rng, earlier=True),
        '[representation]\nby = ["egn"]\n',
        '[[crosses]]\nsurvey = "kommuner-2025"\nitem = "henviser"\nby = "egn"\n',
        goal(
            "M-1",
            "municipality",
            "percent",
            75,
            'measure = { survey = "kommuner-2025", item = "henviser", answers = ["ja"], of = "answered" }',
            "75 % henviser",
        ),
        goal("M-2", "municipality", "number", 10, 'cell = "kommuner-2025.udbytte.høj.count"', "10 med stort udbytte")
        .replace("cell", "measure = { cell")
        .replace('count"', 'count" }'),
    ]
    definition(root, name, blocks, notebooks=["10-data-basis", "20-goals", "30-surveys", "35-survey-comparison"])
    report(
        root,
        name,
        "da",
        [
            "# Fund {#sec-fund}",
            "{{< var kommuner-2025.henviser.ja.share >}} af kommunerne henviser; før var det {{< var kommuner-2024.henviser.ja.share >}}.",
            "{{< include tables/kommuner-2025-henviser.md >}}",
            "Se @tbl-kommuner-2025-henviser og @sec-maal.",
            "# Mål {#sec-maal}",
            "{{< var goals.m-1.measured.share >}} mod målet.",
            "{{< include tables/goals.md >}}",
            "{{< include pages/35-survey-comparison.md >}}",
        ],
    )
    return name


def transcripts(root: Path, name: str, *, waves: Sequence[str]) -> tuple[list[list[object]], list[list[object]]]:
    """Register rows and codings; one transcript an interview."""
    rows: list[list[object]] = []
    coded: list[list[object]] = []
    for number, pair in enumerate(PAIRS):
        for half in ("refugee", "volunteer"):
            for wave in waves:
                interview = f"{pair.lower()}-{half[0]}-{wave}"
                parts, place = [], 0
                for turn, (code, sentence) in enumerate(SAID.items()):
                    if (number + turn + len(half) + int(wave)) % 3:
                        coded.append([interview, place, place + len(sentence), sentence, code, ("Kira", "Bo")[number % 2]])
                    parts.append(sentence)
                    place += len(sentence) + 1
                text(root / f"interviews/{name}/udskrifter/{interview}.txt", " ".join(parts))
                month = {"1": "2024-04", "2": "2025-03"}[wave]
                sex = ("female", "male")[number % 2]
                rows.append(
                    [
                        interview,
                        f"{pair.lower()}-{half[0]}",
                        pair,
                        half,
                        wave,
                        month,
                        "in_person",
                        sex,
                        CODES[number],
                        interview,
                        "ja",
                        "ja",
                    ]
                )
    return rows, coded


REGISTER = ("interview", "person", "pair", "respondent_group", "wave", "month", "mode", "sex", "municipality", "source")
REGISTER += ("consent_analysis", "consent_quote")


def interviews(root: Path, name: str, waves: Sequence[str] = ("1", "2")) -> list[str]:
    rows, coded = transcripts(root, name, waves=waves)
    table(root / f"interviews/{name}/register.csv", REGISTER, rows)
    table(root / f"interviews/{name}/kodninger.csv", ("source", "start", "end", "text", "code_path", "coder"), coded)
    book = [(code, code.split(" > ")[-1], " > ".join(code.split(" > ")[:-1])) for code in sorted(ALL_CODES)]
    table(root / f"interviews/{name}/kodebog.csv", ("code_path", "name", "parent"), book)
    guide = [(half, code) for half in ("refugee", "volunteer") for code in ALL_CODES]
    table(root / f"interviews/{name}/guide.csv", ("respondent_group", "code_path"), guide)
    return [
        source("interviews", "interviews", f"interviews/{name}/register.csv"),
        source("kodninger", "codings", f"interviews/{name}/kodninger.csv", texts=f"interviews/{name}/udskrifter"),
        source("kodebog", "codebook", f"interviews/{name}/kodebog.csv"),
        source("guide", "guide", f"interviews/{name}/guide.csv"),
    ]


def interviews_only(root: Path) -> str:
    """Pairs in two waves, two coders, a codebook and a guide; a report in both languages."""
    name = "samtaler"
    blocks = ["\n", *interviews(root, name), '[themes]\ncoders = "any"\n']
    definition(root, name, blocks, languages='["da", "en"]', notebooks=["10-data-basis", "45-interviews", "50-themes"])
    for lang, words in (
        ("da", ("Fund", "interview har vi holdt", "nævner sproget", "Temaer")),
        ("en", ("Findings", "interviews were held", "name the language", "Themes")),
    ):
        report(
            root,
            name,
            lang,
            [
                f"# {words[0]} {{#sec-findings}}",
                f"{{{{< var interviews.total.interviews >}}}} {words[1]}. "
                f"{{{{< var themes.udbytte/sprog.total.persons_affirmed >}}}} {words[2]}.",
                f"# {words[3]} {{#sec-themes}}",
                "{{< include tables/themes.md >}}",
                "{{< include figures/themes.md >}}",
                "{{< include tables/voices-udbytte.md >}}",
            ],
        )
    return name


def mapping(pair: str, wave: str) -> str:
    lines = [f"- case: {pair}", f"  wave: '{wave}'", "  nodes:"]
    for half in ("refugee", "volunteer"):
        for node in ("tid", "tillid", "sprog"):
            lines += [f"  - node: {node}", "    type: factor", f"    label: {node.capitalize()}", f"    perspective: {half}"]
    lines.append("  links:")
    for half in ("refugee", "volunteer"):
        for cause, effect in (("tid", "tillid"), ("tillid", "sprog")):
            lines += [f"  - perspective: {half}", f"    cause: {cause}", f"    effect: {effect}", "    direction: promotes"]
            lines.append(f"    informant: {pair.lower()}-{half[0]}")
    return "\n".join(lines)


def everything(root: Path) -> str:
    """Interviews, mappings, judgements, a survey in a workbook, matches, extracts, courses, counts; both languages."""
    rng, name = Random(3), "alt"
    blocks = ['portrayed = ["A1", "C3"]\n', *interviews(root, name), survey(root, name, 2025, rng, suffix="xlsx")]
    maps = "mappings:\n" + "\n".join(mapping(pair, wave) for pair in PAIRS for wave in ("1", "2")) + "\n"
    text(root / f"interviews/{name}/kort.yaml", maps)
    judged = [
        (pair, wave, condition, (number + int(wave) + len(condition)) % 2, "")
        for number, pair in enumerate(PAIRS)
        for wave in ("1", "2")
        for condition in ("GODT", "TID")
    ]
    table(root / f"interviews/{name}/vurderinger.csv", ("case", "wave", "condition", "membership", "reason"), judged)
    halves = [
        (pair, half, number + 20, ("ven", "hjælper")[number % 2]) for number, pair in enumerate(PAIRS) for half in ("refugee", "volunteer")
    ]
    table(root / f"interviews/{name}/egenskaber.csv", ("pair", "role", "timer", "ønske"), halves)
    plan = [(pair, f"t{step}", day, day) for pair in PAIRS for step, day in enumerate(("2024-02-01", "2024-09-01", "2025-02-01"))]
    table(root / f"interviews/{name}/kontakter.csv", ("pair", "contact", "due", "done"), plan)
    claims = [
        (claim, who, verdict)
        for claim, verdict in (("Sproget bliver bedre", "agree"), ("Tiden er knap", "partly"))
        for who in ("refugees", "volunteers")
    ]
    table(root / f"interviews/{name}/udsagn.csv", ("claim", "source", "verdict"), claims)
    matches = []
    for number in range(40):
        pair = PAIRS[number] if number < len(PAIRS) else ""
        start, ended = f"2024-{1 + number % 12:02}-10", number % 3 == 2
        end, why = (f"2025-{1 + number % 6:02}-20", "natural" if number % 2 else "premature") if ended else ("", "")
        matches.append((f"M{number:03}", pair, start, end, "flyttet" if ended else "", why, 1 + number % 3, CODES[number % 24]))
    table(
        root / f"surveys/{name}/match.csv", ("match", "pair", "start", "end", "reason", "reason_class", "persons", "municipality"), matches
    )
    extracts = [
        (month, code, ("present", "planned")[number % 4 == 3], "frivillig indsats")
        for month in ("2024-05", "2025-05")
        for number, code in enumerate(CODES)
    ]
    table(root / f"surveys/{name}/udtræk.csv", ("extract", "municipality", "status", "definition"), extracts)
    courses = [(f"K{number}", f"Kursus {number}", f"2024-0{number}-15", 8 + number, "physical", "course") for number in range(1, 9)]
    table(root / f"surveys/{name}/kurser.csv", ("course", "name", "date", "participants", "format", "type"), courses)
    counts = [
        ("aktive-2024", 210, "stock", "", "person", "", "2024-12", "", "", "", ""),
        ("nye-2024", 60, "flow", "", "match", "2024", "", "", "", "", ""),
    ]
    columns = ("count", "value", "measure", "what", "unit", "period", "as_of", "organisation", "document", "lines", "derived")
    table(root / f"surveys/{name}/opgørelser.csv", columns, counts)
    table(
        root / f"surveys/{name}/rammer.csv", ("year", "ankomster", "procent_i_arbejde"), [(2023, 500, 41), (2024, 640, 44), (2025, 610, 47)]
    )
    for kind, path in (
        ("mappings", "kort.yaml"),
        ("judgements", "vurderinger.csv"),
        ("attributes", "egenskaber.csv"),
        ("contacts", "kontakter.csv"),
        ("claims", "udsagn.csv"),
    ):
        blocks.append(source(kind, kind, f"interviews/{name}/{path}"))
    for kind, path in (
        ("matches", "match.csv"),
        ("monitoring", "udtræk.csv"),
        ("courses", "kurser.csv"),
        ("counts", "opgørelser.csv"),
        ("context", "rammer.csv"),
    ):
        blocks.append(source(kind, kind, f"surveys/{name}/{path}"))
    blocks += [
        goal("N-1", "municipality", "number", 15, 'measure = { presence = "present", extract = "2025-05" }', "15 kommuner"),
        goal(
            "N-2",
            "match",
            "percent",
            30,
            'measure = { matches = "ended", reason_class = "premature", of = "ended" }\ndirection = "at_most"',
            "højst 30 %",
        ),
        goal("N-3", "person", "number", 200, 'measure = { cell = "counts.aktive-2024.value" }', "200 aktive"),
        goal(
            "N-4",
            "municipality",
            "percent",
            60,
            'measure = { survey = "kommuner-2025", item = "henviser", answers = ["ja"] }',
            "60 % henviser",
        ),
        f'[[outcomes]]\nid = "GODT"\nlabel = {both("et godt match")}\nrule = {{ judged = true }}\n',
        f'[[conditions]]\nid = "TID"\nlabel = {both("tid")}\nrule = {{ judged = true }}\nexpect = 1\n',
        f'[[conditions]]\nid = "ENIGE"\nlabel = {both("enige om ønsket")}\nrule = {{ alike = "ønske" }}\nexpect = 1\n',
        f'[[conditions]]\nid = "SPROG"\nlabel = {both("tillid fører til sprog")}\nrule = {{ linked = ["tillid", "sprog"] }}\n',
        '[perspectives]\nexpected = ["ønske"]\n',
        '[maps]\nconnections = [["tid", "sprog"]]\n',
        f'[[context]]\ndate = "2024-08"\nevent = {both("Ny lov")}\naffects = ["N-1", "matches"]\n',
    ]
    books = ["10-data-basis", "20-goals", "30-surveys", "45-interviews", "50-themes", "60-mappings", "65-mechanisms"]
    definition(root, name, blocks, languages='["da", "en"]', notebooks=books)
    for lang, words in (
        ("da", ("Fund", "kommuner", "personer er i match", "Kort")),
        ("en", ("Findings", "municipalities", "persons are in matches", "Maps")),
    ):
        report(
            root,
            name,
            lang,
            [
                f"# {words[0]} {{#sec-findings}}",
                f"{{{{< var goals.n-1.measured.value >}}}} {words[1]}. {{{{< var counts.aktive-2024.value >}}}} {words[2]}.",
                "{{< include tables/goals.md >}}",
                "{{< include figures/presence.md >}}",
                f"{{{{< var kommuner-2025.henviser.ja.share >}}}} {words[1]}; {{{{< var courses.total.rows >}}}}.",
                "{{< include tables/kommuner-2025-henviser.md >}}",
                f"# {words[3]} {{#sec-maps}}",
                "{{< var themes.udfordringer/tid.refugee.persons_affirmed >}}",
                "{{< include tables/portrait-a1.md >}}",
                "{{< include pages/65-mechanisms.md >}}",
                "{{< include tables/all-values.md >}}",
            ],
        )
    return name


SOUND = {"survey only": survey_only, "interviews only": interviews_only, "everything": everything}
