"""How long the explorer takes from a click to what is painted, and whether its numbers and their evidence agree everywhere.

    python benchmarks/exploring.py [--interviews 1000] [--codes 150] [--codings 200000] [--browser]
    python benchmarks/exploring.py --addresses 2500 --seed 1 [--made] [--root FOLDER]

The first makes a coded round of this size (half of the transcripts by two coders), asks its kernel what a page asks, and prints the
median and the worst time and the largest answer of each question; with `--browser` the page itself is clicked in Debian's chromium,
and the time is from the click to the frame after the change. The second draws addresses of the demo round (of a workspace elsewhere,
such as one that the demo's generator wrote from another seed; with `--made` of a round made here) under drawn filters and counts how
often a cell, its evidence and the explorer's cell say different numbers.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import shutil
import statistics
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

import vvvresearch as vvv
from vvvresearch.errors import VvvError
from vvvresearch.evidence import Codebook, Codings, Interviews
from vvvresearch.exploring import _themes
from vvvresearch.exploring._find import of_address, opened
from vvvresearch.exploring.explorer import Explorer
from vvvresearch.exploring.explorer._page import bytes_of, facets_of
from vvvresearch.exploring.explorer._widget import page_script, page_style

WORDS = [
    "vi",
    "drak",
    "kaffe",
    "og",
    "talte",
    "om",
    "arbejde",
    "på",
    "bænken",
    "ved",
    "køkkenbordet",
    "en",
    "dag",
    "hvor",
    "hun",
    "viste",
    "mig",
    "vejen",
    "til",
    "biblioteket",
    "med",
    "bus",
]
ROUND = """schema_version = 1
id = "large"
title = { da = "Stor runde", en = "Large round" }
period = { start = 2021-01-01, end = 2021-12-31 }
languages = ["da", "en"]
report_type = "note"
kind = "synthetic"
municipalities = "rounds/large/municipalities.csv"
notebooks = []
subgroups = { split = false, statement = { da = "Ikke delt.", en = "Not split." } }
sources = [
  { id = "interviews", type = "interviews", path = "interviews.csv", title = { da = "Register", en = "Register" } },
  { id = "codings", type = "codings", path = "codings.qdpx", title = { da = "Kodninger", en = "Codings" } },
]
"""


def made_round(root: Path, interviews: int, codes: int, codings: int) -> Any:
    """A round of this size, seeded. Reading files is another benchmark's: what they would give is put into its place."""
    draw = random.Random(14)
    # As rare as words are in talk: 3 of 100 are "en", 2 of 1,000 "kaffe", and most are seldom heard.
    vocabulary = [
        "".join(draw.choices("bdfgklmnrstv", k=2)) + draw.choice("aeiouyæøå") + "".join(draw.choices("aeknrst", k=3)) for _ in range(2000)
    ]
    heard = [*(["en"] * 90), *(["kaffe"] * 6), *WORDS, *vocabulary, *vocabulary[:900]]
    (root / "rounds" / "large").mkdir(parents=True)
    (root / "rounds" / "large" / "round.toml").write_text(ROUND, encoding="utf-8")
    (root / "rounds" / "large" / "municipalities.csv").write_text("code,name,region,tile_row,tile_column\n9001,Nysted,Nord,1,1\n")
    paths: list[str] = []
    for number in range(codes):
        above = paths[number - number % 10] + " > " if number % 10 else ""
        paths.append(f"{above}kode {number}")
    names = [path.split(" > ")[-1] for path in paths]
    words = dict.fromkeys(("definition", "inclusion", "exclusion", "examples", "color", "guid"), "")
    book = Codebook(
        pd.DataFrame({"code_path": paths, "name": names, "parent": [path.rpartition(" > ")[0] for path in paths]}).assign(
            is_codable=True, **words
        )
    )
    texts, register, rows = {}, [], []
    for number in range(interviews):
        name, group = f"i{number:04}", "municipal" if number % 10 == 9 else ("refugee", "volunteer")[number % 2]
        pair = "" if group == "municipal" else f"P{number // 2:04}"
        facts = [draw.choice("12"), draw.choice(["phone", "online"]), draw.random() < 0.2, draw.choice(["female", "male"])]
        register.append([name, f"{name}-p", pair, group, *facts, name, True, draw.random() > 0.03])
        text = "\n".join(f"{who}: {' '.join(draw.choices(heard, k=70))}." for who in ["Spørger", "Svarer"] * 44)
        texts[name] = text
        for _ in range(codings // interviews):
            start = draw.randrange(len(text) - 200)
            end = start + draw.randrange(20, 200)
            coder = draw.choice("ab") if number % 4 > 1 else "a"
            stance = "contradicted" if draw.random() < 0.1 else "affirmed"
            rows.append([name, start, end, text[start:end], draw.choice(paths), coder, stance, "et memo" if draw.random() < 0.02 else ""])
    frame = pd.DataFrame(rows, columns=["source", "start", "end", "text", "code_path", "coder", "stance", "memo"])
    columns = [
        "interview",
        "person",
        "pair",
        "respondent_group",
        "wave",
        "mode",
        "interpreter",
        "sex",
        "source",
        "consent_analysis",
        "consent_quote",
    ]
    r = vvv.open_round("large", root=root)
    r._read |= {
        "codings": Codings(frame, book, texts),
        "interviews": Interviews(pd.DataFrame(register, columns=columns).assign(month="2021-06", relation_state="", age_band="")),
    }
    return r


def questions(kernel: Explorer, draw: random.Random) -> Iterator[dict[str, Any]]:
    """What a page asks while somebody clicks through it."""
    index = kernel.index
    for _ in range(12):
        filters = {name: [draw.choice(values)] for name, values in (("respondent_group", ["refugee", "volunteer"]), ("sex", ["female"]))}
        filters |= draw.choice(
            [{}, {"stance": ["contradicted"]}, {"coder": ["b"]}, {"touches": [draw.choice(index.paths)]}, {"memo": ["true"]}]
        )
        yield {"op": "facets", "filters": filters}
        yield {"op": "matrix", "filters": filters, "by": draw.choice(["respondent_group", "wave", "mode"]), "depth": draw.choice([1, 2])}
        code, measure = draw.choice(index.paths), draw.choice(["affirmed", "contradicted", "not_raised"])
        yield {"op": "cell", "filters": filters, "code": code, "value": "total", "measure": measure}
        yield {"op": "transcript", "interview": draw.choice(list(index.register["interview"]))}
    for word in ("kaffe", "en", "køkkenbordet", "koekken", "hun viste", "biblioteket med"):
        yield {"op": "search", "q": word, "filters": {}}
        yield {"op": "facets", "filters": {"mentions": [word]}}
    for filters in ({}, {"respondent_group": ["refugee"]}):
        yield {"op": "agreement", "filters": filters}
        yield {"op": "disagreements", "filters": filters, "code": index.paths[1]}
        for within in ("document", "overlap"):
            yield {"op": "together", "filters": filters, "within": within}
            yield {"op": "pair", "filters": filters, "within": within, "a": index.paths[1], "b": index.paths[2]}


def measure(interviews: int, codes: int, codings: int, browser: bool) -> None:
    """Print the times of a round of this size."""
    with tempfile.TemporaryDirectory() as folder:
        r = made_round(Path(folder), interviews, codes, codings)
        print(f"{len(r.codings.frame):,} codings, {sum(map(len, r.codings.texts.values())):,} characters")
        kernel = Explorer(r)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        for name, question in (
            ("open", {"op": "open"}),
            ("first matrix", {"op": "matrix", "depth": 2}),
            ("first search", {"op": "search", "q": "kaffe"}),
        ):
            begun, worked = time.perf_counter(), time.process_time()
            kernel.ask(question)
            print(f"{name}: {time.perf_counter() - begun:.2f} s, {time.process_time() - worked:.2f} s of processor time")
        print(f"memory of the arrays: {(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024:.0f} MB")
        times: dict[str, list[tuple[float, float]]] = {}
        largest: Counter[str] = Counter()
        for question in questions(kernel, random.Random(1)):
            begun, worked = time.perf_counter(), time.process_time()
            answer = kernel.ask(question)
            times.setdefault(question["op"], []).append((time.process_time() - worked, time.perf_counter() - begun))
            assert "told" not in answer or question["op"] == "transcript" or question["filters"].get("coder"), answer
            largest[question["op"]] = max(largest[question["op"]], bytes_of(answer))
        print("processor time and time by the clock\n| question | median ms | worst ms | largest kB |\n|---|---|---|---|")
        for name, taken in times.items():
            median, worst = ([1000 * of(kind) for kind in zip(*taken, strict=True)] for of in (statistics.median, max))
            print(f"| {name} | {median[0]:.0f} / {median[1]:.0f} | {worst[0]:.0f} / {worst[1]:.0f} | {largest[name] / 1000:.0f} |")
        if browser:
            click_through(r)


MOUNT = """async ([script, style]) => {
  const sheet = document.createElement("style");
  sheet.textContent = style;
  document.head.append(sheet);
  const widget = (await import(URL.createObjectURL(new Blob([script], { type: "text/javascript" })))).default;
  const heard = new Set();
  const send = async (message) => {
    const answer = await window.kernel(JSON.stringify(message));
    heard.forEach((one) => one(JSON.parse(answer)));
  };
  widget.render({ model: { send, on: (name, one) => heard.add(one), off: (name, one) => heard.delete(one) }, el: document.body });
}"""
# From the event to the frame after the page says that it is done.
CLICK = """async ([key, done]) => {
  const begun = performance.now();
  document.querySelector(`[data-k="${key}"]`).click();
  while (!document.querySelector(done)) await new Promise(requestAnimationFrame);
  await new Promise(requestAnimationFrame);
  return performance.now() - begun;
}"""

SEEK = """async (word) => {
  const begun = performance.now();
  const field = document.querySelector("[data-k='i:search']");
  field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
  const said = () => document.querySelector(".right .bar h3")?.textContent.includes(`„${word}“`);
  while (!said()) await new Promise(requestAnimationFrame);
  await new Promise(requestAnimationFrame);
  return performance.now() - begun;
}"""


def click_through(r: Any) -> None:
    """Print how long the page itself takes, kernel included."""
    from playwright.sync_api import sync_playwright

    kernel = Explorer(r)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1300, "height": 900})
        page.expose_function("kernel", lambda message: json.dumps(kernel.answer(json.loads(message)), ensure_ascii=False))
        begun = time.perf_counter()
        kernel.prepare()
        page.evaluate(MOUNT, [page_script(), page_style()])
        page.wait_for_selector(".matrix")
        print(f"first paint: {time.perf_counter() - begun:.2f} s")
        seek = "[data-k='i:search']"
        for word in ("kaffe", "en", "køkken", "biblioteket med", "e"):
            page.fill(seek, word)
            print(f"search for {word}: {page.evaluate(SEEK, word):.0f} ms")
        page.keyboard.press("Escape")
        page.evaluate(CLICK, ["r:close", ".hint"])
        clicks: dict[str, list[float]] = {"cell": [], "transcript": [], "filter": []}
        for number in range(12):
            clicks["cell"].append(page.evaluate(CLICK, [f"m:{10 * number + 1}:refugee", f".bar h3:has(+ *):not([data-seen='{number}'])"]))
            opened_card = page.locator(".right .card .open").first
            key = opened_card.get_attribute("data-k")
            clicks["transcript"].append(page.evaluate(CLICK, [key, ".transcript"]))
            page.keyboard.press("Escape")
            page.locator(".transcript").wait_for(state="detached")
            pressed = "true" if number % 2 == 0 else "false"
            clicks["filter"].append(page.evaluate(CLICK, ["f:wave:1", f"[data-k='f:wave:1'][aria-pressed='{pressed}']"]))
            page.evaluate(CLICK, ["r:close", ".hint"])
        for name, taken in clicks.items():
            print(f"click on {name}: median {statistics.median(taken):.0f} ms, worst {max(taken):.0f} ms")
        browser.close()


def drawn_filter(kernel: Explorer, draw: random.Random) -> dict[str, list[str]]:
    """A filter of up to three parts."""
    index = kernel.index
    offered = {"touches": index.paths, "mentions": ["arbejde", "kaffe", "bus"], "coder": list(index.coders), "memo": ["true"]}
    offered |= {"stance": ["affirmed", "contradicted"]}
    offered |= facets_of(index)
    chosen = draw.sample(sorted(offered), draw.randint(0, 3))
    return {
        name: draw.sample(offered[name], min(len(offered[name]), draw.randint(1, 2) if name not in ("stance", "memo") else 1))
        for name in chosen
    }


_FILTERED = ("pair_table", "quota", "interview_table", "sample", "saturation", "causal_map", "configurations", "changes", "pair_gaps")
_REGISTERS = (
    "goal_status",
    "presence",
    "match_volume",
    "duration",
    "endings",
    "course_table",
    "evidence_ledger",
    "transitions",
    "referrals",
)
_RECORDS = ("volume", "volunteers", "activities", "agreements", "snapshots", "materials", "campaigns", "housing_areas", "double_coding")


def made(r: Any, name: str, *given: Any, **settings: Any) -> list[Any]:
    """A table with numbers; none where the round cannot make it, as under a filter that leaves too little."""
    try:
        result = getattr(r, name)(*given, **settings)
    except VvvError:
        return []
    return [result] if result and result.cells else []


def tables(narrow: Any, draw: random.Random) -> list[Any]:
    """Tables that follow a filter."""
    by = draw.choice(["respondent_group", "sex", "wave", "mode"])
    found = made(narrow, "theme_table", by=by) + made(narrow, "crosstab", by)
    found += made(narrow, "cooccurrence", within=draw.choice(["document", "overlap", "sentence"]))
    if narrow.has("judgements"):
        found += made(narrow, "moderators", "GOOD") + made(narrow, "truth_table", "GOOD")
    return [*found, *(one for name in _FILTERED for one in made(narrow, name))]


def registers(r: Any) -> list[Any]:
    """Tables of what is not of interviews, the same under every filter."""
    found = [one for name in (*_REGISTERS, *_RECORDS) for one in made(r, name)]
    found += [one for pair in r.comparable() for one in made(r, "compare", pair)]
    return [*found, *(one for survey in r.surveys.values() for item in survey.items for one in made(r, "tabulate", survey, item))]


def compare_addresses(r: Any, amount: int, seed: int, a_filter: int = 250) -> None:
    """Print how many of so many drawn addresses of a round differ."""
    draw = random.Random(seed)
    kernel = Explorer(r)
    seen, unlike, counted, of_page, filters_seen = 0, [], 0, 0, 0
    others = registers(r)
    # What stands around a passage counts nothing and takes most of the time.
    _themes.shown = lambda asked, passages: passages
    begun = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        while seen < amount:
            filters = drawn_filter(kernel, draw)
            narrow = kernel._round({"filters": filters})
            results = [*tables(narrow, draw), *draw.sample(others, min(6, len(others)))]
            if not results:
                continue
            filters_seen += 1
            for _ in range(min(a_filter, amount - seen)):
                result = results[0] if draw.random() < 0.4 else draw.choice(results)
                cell = draw.choice(result.cells)
                asked = of_address(result, cell.address)
                found = opened(asked)
                seen += 1
                if found.value is not None:
                    counted += 1
                    if cell.value is None or abs(float(found.value) - float(cell.value)) > 1e-9:
                        unlike.append((filters, cell.address, cell.value, found.value))
                if result.made.analysis == "theme_table" and asked.row and asked.measure.removeprefix("persons_") in found.whole:
                    by = result.made.given["by"]
                    page = kernel.ask(
                        {
                            "op": "cell",
                            "filters": filters,
                            "code": asked.row["code_path"],
                            "by": by,
                            "value": asked.row[by],
                            "measure": asked.measure,
                        }
                    )
                    of_page += 1
                    number = page["persons"] if asked.measure.startswith("persons_") else page["interviews"]
                    if number != cell.value or page["whole"] != dict(found.whole) or page["amount"] != len(found.frame):
                        unlike.append((filters, cell.address, cell.value, number))
            told = f"{seen} addresses under {filters_seen} filters, {counted} counts, {of_page} on the page"
            print(f"seed {seed}, {time.perf_counter() - begun:.0f} s: {told}: {len(unlike)} differ", flush=True)
    for one in unlike[:10]:
        print(one)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("interviews", 1000), ("codes", 150), ("codings", 200_000), ("addresses", 0), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--browser", action="store_true")
    parser.add_argument("--made", action="store_true")
    parser.add_argument("--root", type=Path)
    given = parser.parse_args()
    if given.addresses and given.made:
        with tempfile.TemporaryDirectory() as folder:
            compare_addresses(made_round(Path(folder), 160, 40, 9_000), given.addresses, given.seed)
    elif given.addresses:
        compare_addresses(vvv.open_round("demo", root=given.root, lang="en"), given.addresses, given.seed)
    else:
        measure(given.interviews, given.codes, given.codings, given.browser)


if __name__ == "__main__":
    main()
