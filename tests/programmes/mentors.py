"""A second programme, made up for the tests: mentors and young people in a town's school-to-work project, English first."""

from __future__ import annotations

import csv
from pathlib import Path

PROGRAMME = """
schema_version = 1
name = { da = "Vejen til arbejde", en = "Way to Work" }
halves = ["young", "mentor"]

[groups.young]
label = { da = "Unge", en = "Young people" }
one = { da = "ung", en = "young person" }

[groups.mentor]
label = { da = "Mentorer", en = "Mentors" }
one = { da = "mentor", en = "mentor" }

[groups.employer]
label = { da = "Arbejdsgivere", en = "Employers" }
one = { da = "arbejdsgiver", en = "employer" }

[units.workplace]
many = { da = "arbejdspladser", en = "workplaces" }
one = { da = "arbejdsplads", en = "workplace" }
"""

ROUND = """
schema_version = 1
id = "pilot"
title = { da = "Pilot", en = "Pilot year" }
period = { start = 2024-01-01, end = 2024-12-31 }
languages = ["en"]
report_type = "midterm"
kind = "synthetic"
municipalities = "rounds/pilot/towns.csv"
notebooks = [NOTEBOOKS]

[subgroups]
split = false
statement = { da = "Ikke delt.", en = "Not split." }

[[sources]]
id = "interviews"
type = "interviews"
path = "interviews/pilot/interviews.csv"
title = { da = "Interview", en = "Interviews" }

[[sources]]
id = "codings"
type = "codings"
path = "interviews/pilot/codings.csv"
texts = "interviews/pilot/transcripts"
title = { da = "Kodninger", en = "Codings" }

[[sources]]
id = "guide"
type = "guide"
path = "interviews/pilot/guide.csv"
title = { da = "Guide", en = "Guide" }

[[sources]]
id = "maps"
type = "mappings"
path = "interviews/pilot/mappings"
title = { da = "Kort", en = "Maps" }

[[sources]]
id = "employers-2024"
type = "survey"
path = "surveys/pilot/employers.csv"
questionnaire = "surveys/pilot/employers.toml"
title = { da = "Arbejdsgivere 2024", en = "Employers 2024" }
"""

QUESTIONNAIRE = """
schema_version = 1
id = "employers-2024"
title = { da = "Arbejdsgivere 2024", en = "Employers 2024" }
group = { da = "Arbejdsgivere", en = "Employers" }
wave = { da = "2024", en = "2024" }

[frame]
unit = "workplace"
population = 40
chosen_by = { da = "Opdigtet: alle i kartoteket", en = "Invented: all on the list" }
collected = { da = "Opdigtet: efteråret 2024", en = "Invented: autumn 2024" }

[[items]]
id = "hired"
type = "single"
text = { da = "Har I ansat en ung?", en = "Did you hire a young person?" }
options = [
  { code = "yes", label = { da = "Ja", en = "Yes" } },
  { code = "no", label = { da = "Nej", en = "No" } },
]
"""

# What each half of each pair says: the theme, whether it is affirmed, and the words.
SAID = {
    ("A1", "young"): (("Gains > Confidence", "", "I dare to phone a workplace by myself now, that is new."),),
    ("A1", "mentor"): (("Gains > Confidence", "", "She phones by herself, and she did not in the spring."),),
    ("A2", "young"): (("Gains > Confidence", "contradicted", "I am not braver than before, to be honest about it."),),
    ("A2", "mentor"): (("Gains > Network", "", "He knows four people at the harbour who greet him."),),
    ("A3", "young"): (("Gains > Network", "", "My mentor showed me whom to ask at the garage."),),
    ("A3", "mentor"): (("Gains > Network", "", "I made two calls, and then he made the next ones."),),
}
CODES = ("Gains > Confidence", "Gains > Network")
REPORT = """---
title: "Way to Work"
---

# What was found

Of {{< var employers-2024.hired.yes.n >}} workplaces {{< var employers-2024.hired.yes.count >}} hired somebody.
{{< var themes.gains/network.young.persons_affirmed >}} young person speaks of a network.

{{< include tables/themes.md >}}

# All numbers

{{< include tables/all-values.md >}}
"""


def write_workspace(root: Path, notebooks: tuple[str, ...]) -> Path:
    """Write the workspace of the second programme; it has no notebooks of its own.

    Args:
        root: an empty folder.
        notebooks: the package's notebooks that the round names.
    """
    for folder in ("rounds/pilot", "interviews/pilot/transcripts", "interviews/pilot/mappings", "surveys/pilot", "outputs"):
        (root / folder).mkdir(parents=True)
    named = ", ".join(f'"{name}"' for name in notebooks)
    texts = {"programme.toml": PROGRAMME, "rounds/pilot/round.toml": ROUND.replace("NOTEBOOKS", named), "rounds/pilot/report.qmd": REPORT}
    texts |= {"surveys/pilot/employers.toml": QUESTIONNAIRE, "surveys/pilot/employers.csv": "respondent,hired\n" + answers()}
    texts |= {"rounds/pilot/towns.csv": "code,name,region\n9901,Northtown,North\n9902,Southtown,South\n"}
    for name, text in texts.items():
        (root / name).write_text(text, encoding="utf-8")
    register, codings = [], []
    for (pair, role), passages in SAID.items():
        source = f"{pair.lower()}-{role}"
        text = "Question: How has it been?\n" + "\n".join(words for _, _, words in passages) + "\n"
        (root / f"interviews/pilot/transcripts/{source}.txt").write_text(text, encoding="utf-8")
        register.append([source, pair, role, "1", "2024-05", "in_person", "18-29", f"N{pair}", source, "true", "true"])
        for code, stance, words in passages:
            start = text.index(words)
            codings.append([source, start, start + len(words), words, code, "ann", stance])
    heads = ["interview", "pair", "respondent_group", "wave", "month", "mode", "age_band", "pseudonym", "source"]
    write(root / "interviews/pilot/interviews.csv", [*heads, "consent_analysis", "consent_quote"], register)
    write(root / "interviews/pilot/codings.csv", ["source", "start", "end", "text", "code_path", "coder", "stance"], codings)
    write(root / "interviews/pilot/guide.csv", ["respondent_group", "code_path"], [[role, "Gains"] for role in ("young", "mentor")])
    for pair in ("A1", "A2", "A3"):
        (root / f"interviews/pilot/mappings/{pair.lower()}.yaml").write_text(mapping(pair), encoding="utf-8")
    return root


def answers() -> str:
    """Twelve workplaces of forty, of which seven hired somebody."""
    return "".join(f"w{number:02},{'yes' if number <= 7 else 'no'}\n" for number in range(1, 13))


def mapping(pair: str) -> str:
    """A small map of a pair: both halves say that trust leads to calls."""
    lines = ["schema_version: 1", "kind: synthetic", f"case: {pair}", "wave: '1'", "nodes:"]
    for role in ("young", "mentor"):
        for node, kind in (("trust", "factor"), ("calls", "outcome_area")):
            lines += [f"- node: {node}", f"  type: {kind}", f"  label: {node.title()}", f"  perspective: {role}", f"  named_by: N{pair}"]
    lines.append("links:")
    for role in ("young", "mentor"):
        lines += ["- cause: trust", "  effect: calls", "  direction: promotes", f"  perspective: {role}", f"  informant: N{pair}{role}"]
        lines += ["  quote: ''"]
    return "\n".join(lines) + "\n"


def write(path: Path, header: list[str], rows: list[list[object]]) -> None:
    """Write a table."""
    with path.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows([header, *rows])
