"""How long all tables of a large survey take: 300 items, 100,000 respondents, three banners.

Run `python benchmarks/survey.py [ITEMS] [RESPONDENTS]`; it prints seconds and the peak of memory. Where R with its package
`survey` is installed, and an interpreter with weightipy is named, the same tables and the same raking are timed there too.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time

import numpy as np
import pandas as pd
from survey_others import time_others

from vvvresearch.evidence import Frame, Item, Option, Questionnaire, Survey, Words
from vvvresearch.sources import read_survey, write_survey
from vvvresearch.survey import tabulate, weight

BANNERS = ("region", "wave", "size")


def large_survey(items: int, respondents: int) -> Survey:
    """A synthetic survey: single items with five options, every tenth routed on the first."""
    random = np.random.default_rng(2021)
    options = tuple(
        Option(code=str(code), label=_say(f"svar {code}"), role="dont_know" if code == 9 else "answer") for code in (1, 2, 3, 4, 9)
    )
    codes = np.array([option.code for option in options] + [""], dtype=object)
    routes = dict.fromkeys(range(10, items, 10), 'i0 in ("1", "2")')
    declared = tuple(
        Item(id=f"i{n}", text=_say(f"Spørgsmål {n}"), type="single", options=options, route=routes.get(n, "")) for n in range(items)
    )
    first = random.integers(0, len(codes), respondents)
    columns = {}
    for number in range(items):
        places = first if number == 0 else random.integers(0, len(codes), respondents)
        if number in routes:
            places = np.where(first < 2, places, len(codes) - 1)
        columns[f"i{number}"] = pd.Categorical.from_codes(places, categories=list(codes)) if number % 2 else codes[places]
    columns["region"] = random.choice(["Nord", "Midt", "Syd", "Øst", "Vest"], respondents).astype(object)
    columns["wave"] = random.choice(["2018", "2021"], respondents).astype(object)
    columns["size"] = random.choice(["lille", "mellem", "stor"], respondents).astype(object)
    frame = Frame(unit="respondent", chosen_by=_say("-"), collected=_say("-"))
    asked = Questionnaire(schema_version=1, id="large", title=_say("-"), group=_say("-"), wave=_say("-"), frame=frame, items=declared)
    return Survey(pd.DataFrame(columns), asked)


def _say(words: str) -> Words:
    return Words(da=words, en=words)


def compare(survey: Survey, items: int, weightipy_python: str) -> None:
    """Time the same tables and raking here and in other programs, on the first items, and print the ratios.

    Others get fewer items since they take longer a table; both sides are timed on those.
    """
    few = [f"i{number}" for number in range(items)]
    assert survey.questionnaire is not None
    asked = survey.questionnaire.model_copy(update={"items": survey.questionnaire.items[:items]})
    answers = survey.answers[[*few, *BANNERS]]
    part = Survey(answers, asked)
    random = np.random.default_rng(98)
    rows = []
    for name in BANNERS:
        counts = answers[name].value_counts().sort_index()
        wanted = counts.to_numpy() * random.uniform(0.8, 1.2, len(counts))
        wanted *= len(answers) / wanted.sum()
        rows += [(name, category, units) for category, units in zip(counts.index, wanted, strict=True)]
    targets = pd.DataFrame(rows, columns=["variable", "category", "units"])
    started = time.perf_counter()
    tables = [tabulate(part, item, by=list(BANNERS)) for item in part.items]
    own_tables = time.perf_counter() - started
    given = {str(name): dict(zip(each["category"], each["units"], strict=True)) for name, each in targets.groupby("variable", sort=False)}
    started = time.perf_counter()
    weights = weight(part, list(BANNERS), targets=given).weights
    own_raking = time.perf_counter() - started
    frame = tables[0]["by-region"].frame
    cells = frame[(frame["region"] != "total") & frame["count"].notna()]
    print(f"here, {items} items by three banners: tables {own_tables:.2f} s, raking {own_raking:.3f} s")
    for other in time_others(answers.astype(str), targets, weightipy_python):
        if other.tables is not None:
            same = sorted(int(count) for count in other.checks) == sorted(int(count) for count in cells["count"])
            said = "the same counts" if same else "OTHER COUNTS"
            print(f"{other.name}: tables {other.tables:.2f} s, {other.tables / own_tables:.1f} times as long ({said})")
        far = max(abs(theirs - ours) for theirs, ours in zip(other.weights, weights.head(5), strict=True))
        print(f"{other.name}: raking {other.raking:.3f} s, {other.raking / own_raking:.1f} times as long (weights within {far:.1e})")


def main() -> None:
    """Make the survey, make its tables, print what it took, and what others take."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("items", nargs="?", type=int, default=300)
    parser.add_argument("respondents", nargs="?", type=int, default=100_000)
    parser.add_argument("--others", type=int, default=30, metavar="ITEMS", help="items that other programs tabulate too; 0 leaves them out")
    parser.add_argument("--weightipy-python", default="", metavar="PATH", help="an interpreter that has weightipy")
    given = parser.parse_args()
    survey = large_survey(given.items, given.respondents)
    started, worked = time.perf_counter(), time.process_time()
    tables = [tabulate(survey, item, by=list(BANNERS)) for item in survey.items]
    seconds, worked = time.perf_counter() - started, time.process_time() - worked
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    print(f"{len(tables)} tables of {given.respondents} respondents by three banners: {seconds:.1f} s ({worked:.1f} s of processor)")
    print(f"peak of memory with the tables: {peak:.2f} GiB")
    if given.others:
        compare(survey, min(given.others, given.items), given.weightipy_python)
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        path = write_survey(survey, f"{folder}/large.sav")
        written, started = time.perf_counter() - started, time.perf_counter()
        read_survey(path)
        read = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    print(f"the same survey as .sav: written in {written:.1f} s, read in {read:.1f} s; peak of memory {peak:.2f} GiB")


if __name__ == "__main__":
    main()
