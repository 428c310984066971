"""How long all tables of a large survey take: 300 items, 100,000 respondents, three banners.

Run `python benchmarks/survey.py [ITEMS] [RESPONDENTS]`; it prints seconds and the peak of memory.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time

import numpy as np
import pandas as pd

from vvvresearch.evidence import Frame, Item, Option, Questionnaire, Survey, Words
from vvvresearch.sources import read_survey, write_survey
from vvvresearch.survey import tabulate_all


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


def main(items: int = 300, respondents: int = 100_000) -> None:
    """Make the survey, make its tables, print what it took."""
    survey = large_survey(items, respondents)
    started, worked = time.perf_counter(), time.process_time()
    tables = tabulate_all(survey, by=["region", "wave", "size"])
    seconds, worked = time.perf_counter() - started, time.process_time() - worked
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        path = write_survey(survey, f"{folder}/large.sav")
        written, started = time.perf_counter() - started, time.perf_counter()
        read_survey(path)
        read = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    print(f"{len(tables)} tables of {respondents} respondents by three banners: {seconds:.1f} s ({worked:.1f} s of processor)")
    print(f"the same survey as .sav: written in {written:.1f} s, read in {read:.1f} s; peak of memory {peak:.2f} GiB")


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:3]))
