"""Rounds of which hardly anything can be told: a right number or a sentence why there is none; and no row contradicts itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vvvresearch.errors import VvvError
from vvvresearch.evidence import (
    CODEBOOK_COLUMNS,
    COUNT_COLUMNS,
    COURSE_COLUMNS,
    MONITORING_COLUMNS,
    REGISTER_COLUMNS,
    Codebook,
    Codings,
    Frame,
    Interviews,
    Item,
    Option,
    Questionnaire,
    Register,
    Survey,
    Words,
)
from vvvresearch.kinds import DataKind
from vvvresearch.mechanisms import moderators
from vvvresearch.monitoring import agreements, course_table, duration, endings, municipality_index, municipality_sheet, volume
from vvvresearch.monitoring.matches import cox, fine_gray
from vvvresearch.results import Result
from vvvresearch.survey import (
    comparable,
    compare,
    compare_groups,
    compare_waves,
    cross_tables,
    item_nonresponse,
    pooled_groups,
    representativeness,
    tabulate,
    tipping_table,
    weight,
)
from vvvresearch.themes import context_table, cooccurrence, crosstab, pair_gaps, pair_table, theme_table

Calls = dict[str, Callable[[], Any]]
UNKNOWN = re.compile(r"(?<!\w)(nan|NaN|inf|<NA>|NaT)(?!\w)")
CODES = ("Tryghed", "Sprog", "Arbejde")
ALPHA = 0.05
WAVES = ((1, ("w1", "")), (3, ("w2", "w1")))


def words(text: str) -> Words:
    return Words(da=text, en=text)


def item(name: str, codes: str, before: str = "") -> Item:
    options = tuple(Option(code=code, label=words(code)) for code in codes.split())
    return Item(
        id=name,
        text=words(name),
        type="single" if codes else "number",
        options=options,
        comparable=(f"{before}:{name}",) if before else (),
    )


def survey(rows: list[tuple[Any, ...]], name: str = "w1", before: str = "", population: int | None = None) -> Survey:
    """Rows of id, help (ja, nej), region (n, s), two ordered answers, a number and a weight."""
    items = (item("help", "ja nej", before), item("region", "n s"), item("a", "1 2 3"), item("b", "1 2 3"), item("number", "", before))
    frame = Frame(unit="municipality", population=population, chosen_by=words("-"), collected=words("-"))
    asked = Questionnaire(schema_version=1, id=name, title=words(name), group=words("k"), wave=words(name), frame=frame, items=items)
    answers = pd.DataFrame(rows, columns=["id", "help", "region", "a", "b", "number", "weight"]).set_index("id")
    return Survey(answers, asked, kind=DataKind.SYNTHETIC)


MANY = [(f"k{i}", "ja" if i % 3 else "nej", "ns"[i % 2], str(1 + i % 3), str(1 + i // 2 % 3), i % 7, 1 + i % 4) for i in range(20)]
ALIKE = [(f"k{i}", "ja", "n", "1", "2", 3, 1.0) for i in range(12)]
SURVEYS: dict[str, tuple[list[tuple[Any, ...]], int | None]] = {
    "nobody": ([], None),
    "one person": (ALIKE[:1], 1),
    "everybody agrees": (ALIKE, None),
    "all missing": ([(row[0], *[None] * 6) for row in ALIKE], None),
    "one answered": (ALIKE[:1] + [(row[0], *[None] * 5, 1.0) for row in ALIKE[1:]], None),
    "an empty cell": ([(*row[:1], "ja" if i < 6 else "nej", "n" if i < 6 else "s", *row[3:]) for i, row in enumerate(ALIKE)], None),
    "a census": (MANY, 20),
    "a population smaller than the sample": (MANY, 7),
    "weights of zero": ([(*row[:-1], 0.0) for row in MANY], None),
    "one weight that is not zero": ([(*row[:-1], float(not i)) for i, row in enumerate(MANY)], None),
    "extreme weights": ([(*row[:-1], 1e-9 if i else 1e12) for i, row in enumerate(MANY)], None),
}


def survey_calls(rows: list[tuple[Any, ...]], population: int | None) -> Calls:
    one, two = survey(rows, population=population), survey(rows, "w2", "w1", population)
    others = survey([("z" + row[0], *row[1:]) for row in MANY], "w2", "w1", population)
    frame = pd.DataFrame({"region": list("ns") * 15}, index=[f"k{i}" for i in range(30)])
    return {
        "tabulate": lambda: tabulate(one, "help", by="region", intervals=True),
        "tabulate a number": lambda: tabulate(one, "number", by="region"),
        "tabulate with weights": lambda: tabulate(one, "help", by="region", weights="weight", intervals=True),
        "tabulate a number with weights": lambda: tabulate(one, "number", weights="weight", intervals=True),
        "the same persons in both waves": lambda: compare_waves(one, two),
        "nobody in both waves": lambda: compare_waves(one, others),
        "two groups that are all there are": lambda: compare_groups(one, "help", other=two),
        "groups": lambda: compare_groups(one, "help", by="region"),
        "groups of numbers": lambda: compare_groups(one, "number", by="region"),
        "declared pairs": lambda: next(map(compare, comparable([one, two])), None),
        "means of waves": lambda: compare_waves(one, two, "number"),
        "pooled groups": lambda: pooled_groups(one, "a", "number"),
        "pooled groups of numbers": lambda: pooled_groups(one, "number", "region"),
        "cross-tables": lambda: cross_tables([(one, "help", "region"), (one, "a", "region")]),
        "representativeness": lambda: representativeness(one, "region", frame=frame),
        "weights": lambda: weight(one, "region", targets={"region": {"n": 10, "s": 10}}),
        "item nonresponse": lambda: item_nonresponse(one, "help", impute="region"),
        "tipping": lambda: tipping_table(one, "help", "ja", population=population or 30),
    }


def interviews(
    sources: list[tuple[str, str, str]], coded: list[tuple[str, str]], codes: Sequence[str] = CODES
) -> tuple[Codings, Interviews]:
    """Sources with pair, half and sex; which code stands in which source, always at the same place."""
    blank = dict.fromkeys(REGISTER_COLUMNS, "") | {"interpreter": False, "consent_analysis": True, "consent_quote": True}
    register = [
        blank | {"interview": pair + half, "source": pair + half, "person": pair + half, "pair": pair, "respondent_group": half}
        | {"wave": "1", "month": "2023-02", "sex": sex}
        for pair, half, sex in sources
    ]  # fmt: skip
    book = pd.DataFrame([dict.fromkeys(CODEBOOK_COLUMNS, "") | {"code_path": path, "name": path, "is_codable": True} for path in codes])
    passages = pd.DataFrame([(source, 3, 40, code) for source, code in coded], columns=["source", "start", "end", "code_path"])
    texts = {str(row["source"]): "Hun talte om det. " * 40 for row in register}
    codings = Codings(passages.assign(text="x", coder="a", stance="affirmed"), Codebook(book), texts)
    return codings, Interviews(pd.DataFrame(register, columns=list(REGISTER_COLUMNS)), kind=DataKind.SYNTHETIC)


PAIRS = [(f"p{i}", half, ("female", "male")[i % 2]) for i in range(6) for half in ("refugee", "volunteer")]
INTERVIEWS: dict[str, tuple[list[tuple[str, str, str]], list[tuple[str, str]]]] = {
    "no interviews": ([], []),
    "one person": (PAIRS[:1], [("p0refugee", "Sprog")]),
    "one pair": (PAIRS[:2], [("p0refugee", "Sprog"), ("p0volunteer", "Tryghed")]),
    "one half": (PAIRS[1::2], [("p0volunteer", "Sprog")]),
    "nobody coded": (PAIRS, []),
    "everybody says everything": (PAIRS, [(pair + half, code) for pair, half, _ in PAIRS for code in CODES]),
    "an empty cell": (PAIRS, [(pair + half, "Sprog" if half == "refugee" else "Arbejde") for pair, half, _ in PAIRS]),
    "no attribute": ([(pair, half, "") for pair, half, _ in PAIRS], [("p1refugee", "Sprog")]),
}


def interview_calls(sources: list[tuple[str, str, str]], coded: list[tuple[str, str]]) -> Calls:
    codings, people = interviews(sources, coded)
    return {
        "theme table": lambda: theme_table(codings, people),
        "pair table": lambda: pair_table(codings, people),
        "pair gaps": lambda: pair_gaps(codings, people),
        "crosstab": lambda: crosstab(codings, people, "sex"),
        "context table": lambda: context_table(codings, people, "Sprog"),
        "context alone": lambda: context_table(codings, people, "Sprog", codes=[]),
        "co-occurrence": lambda: cooccurrence(codings),
        "co-occurrence of documents": lambda: cooccurrence(codings, within="document"),
    }


ZERO, ONE = [0.0] * 8, [1.0] * 8
TRAITS = {
    "one case": pd.DataFrame({"x": [1], "z": [0], "good": [1]}),
    "everybody good": pd.DataFrame({"x": [0, 1] * 4, "z": ONE, "good": ONE}),
    "all missing": pd.DataFrame({"x": [np.nan] * 5, "z": [np.nan] * 5, "good": [np.nan] * 5}),
    "separated": pd.DataFrame({"x": ZERO + ONE, "z": [0, 1] * 8, "good": ZERO + ONE}),
    "no case": pd.DataFrame({"x": [], "z": [], "good": []}, dtype=float),
}
MATCHES = {
    "one that lasts": [("m1", "2022-01-01", "", "x")],
    "one that ended": [("m1", "2022-01-01", "2022-03-01", "x")],
    "none ended": [(f"m{i}", "2022-01-01", "", "xy"[i % 2]) for i in range(12)],
    "all ended the day they began": [(f"m{i}", "2022-01-01", "2022-01-01", "xy"[i % 2]) for i in range(12)],
    "one group": [(f"m{i}", f"2022-0{1 + i % 6}-01", "2022-09-01", "x") for i in range(12)],
}


def match_calls(rows: list[tuple[str, str, str, str]]) -> Calls:
    events = pd.DataFrame(rows, columns=["match", "start", "end", "place"]).assign(as_of="2023-01-01")
    events["reason_class"] = np.where(events["end"] != "", "premature", "")
    return {
        "duration": lambda: duration(events, by="place"),
        "duration of all": lambda: duration(events),
        "endings": lambda: endings(events, by="place"),
        "volume": lambda: volume(events),
    }


TOWNS = pd.DataFrame({"code": ["9001", "9002"], "name": ["A", "B"], "region": ["north", "south"]})
EXTRACTS = [("2021-05", "9001", "present", "d"), ("2021-11", "9001", "absent", "d")]
COUNT = ("a", 7, "stock", "", "person", "", "2021-01-01", "org", "", "", False)
REGISTERS: dict[str, tuple[list[tuple[str, ...]], list[tuple[Any, ...]], list[tuple[Any, ...]], pd.DataFrame]] = {
    "no rows": ([], [], [], TOWNS),
    "no towns": (EXTRACTS, [], [], TOWNS[:0]),
    "a town twice": (EXTRACTS, [], [], TOWNS.assign(code="9001")),
    "nothing said": (EXTRACTS, [("k", "n", "2021-03-03", np.nan, "", "")], [(*COUNT[:2], "", *COUNT[3:])], TOWNS),
    "one row": (EXTRACTS[:1], [("k", "n", "2021-03-03", 9, "webinar", "course")], [COUNT], TOWNS),
}


def register_calls(
    extracts: list[tuple[str, ...]], courses: list[tuple[Any, ...]], counts: list[tuple[Any, ...]], towns: pd.DataFrame
) -> Calls:
    seen = Register(pd.DataFrame(extracts, columns=list(MONITORING_COLUMNS)))
    deals = pd.DataFrame({"municipality": [""] * len(courses), "signed": [""] * len(courses)})
    return {
        "sheet": lambda: municipality_sheet(seen, towns, agreements=Register(deals)),
        "index": lambda: municipality_index(seen, towns),
        "agreements": lambda: agreements(deals, municipalities=towns),
        "courses": lambda: course_table(Register(pd.DataFrame(courses, columns=list(COURSE_COLUMNS)))),
        "counts": lambda: volume(pd.DataFrame(counts, columns=list(COUNT_COLUMNS))),
    }


def cases() -> Iterator[Any]:
    for name, (rows, population) in SURVEYS.items():
        yield pytest.param(survey_calls(rows, population), id=f"survey: {name}")
    for name, data in INTERVIEWS.items():
        yield pytest.param(interview_calls(*data), id=f"interviews: {name}")
    for name, table in TRAITS.items():
        traits = {"x": table}
        yield pytest.param({"moderators": lambda traits=traits: moderators(traits["x"], "good")}, id=f"traits: {name}")
    for name, matches in MATCHES.items():
        yield pytest.param(match_calls(matches), id=f"matches: {name}")
    for name, registers in REGISTERS.items():
        yield pytest.param(register_calls(*registers), id=f"registers: {name}")


def shown(found: Any) -> Iterator[str]:
    if not isinstance(found, Result):
        yield repr(found)
        return
    yield found.to_markdown()
    yield from (cell.say("da") for cell in found.cells)
    for part in found.parts.values():
        yield from shown(part)


@pytest.mark.parametrize("calls", list(cases()))
def test_data_of_which_nothing_can_be_told_give_a_number_or_a_sentence(calls: Calls) -> None:
    for name, call in calls.items():
        try:
            found = call()
        except VvvError:
            continue
        assert not [text for text in shown(found) if UNKNOWN.search(text)], name
        assert contradictions(found) == [], name


def contradictions(found: Any) -> list[str]:
    """Rows whose interval, p and verdict do not say the same at the level of the family."""
    if not isinstance(found, Result) or not len(found.frame):
        return []
    wrong = [text for part in found.parts.values() for text in contradictions(part)]
    for row in found.frame.to_dict("records"):
        p, lower, upper = (row.get(name, np.nan) for name in ("p_adjusted", "lower", "upper"))
        if p is None or any(pd.isna(value) for value in (p, lower, upper)):
            decided = row.get("verdict") not in (None, "undecided", "described", "cannot tell")
            wrong += [f"a verdict of nothing: {row}"] if decided and pd.isna(p) else []
            continue
        apart = lower > 0 or upper < 0
        wrong += [f"interval against p: {row}"] if apart != (p < ALPHA) and not (p < ALPHA and lower * upper == 0) else []
        if "verdict" in row:
            said = row["verdict"] not in ("undecided", "described", "cannot tell")
            wrong += [f"verdict against interval: {row}"] if said != (apart and p < ALPHA) else []
            wrong += [f"verdict against direction: {row}"] if row["verdict"] in ("rose", "more") and not lower > 0 else []
            wrong += [f"verdict against direction: {row}"] if row["verdict"] in ("fell", "less") and not upper < 0 else []
        worst = row.get("worst_lower", np.nan), row.get("worst_upper", np.nan)
        wrong += [f"beyond the worst case: {row}"] if lower < worst[0] - 1e-9 or upper > worst[1] + 1e-9 else []
        change = row.get("change", row.get("gap", row.get("difference", row.get("effect"))))
        if change is not None and not pd.isna(change):
            wrong += [f"estimate outside: {row}"] if not lower - 1e-9 <= change <= upper + 1e-9 else []
    return wrong


@pytest.mark.parametrize("adjustment", ["none", "holm"])
def test_limits_and_p_agree_in_every_table_of_counts(adjustment: str) -> None:
    # Nine against twelve answers, and every number of yes on either side: random answers hardly ever come near the edge.
    cells = list(product(range(10), range(13)))
    one, two = (
        pd.DataFrame({f"{cell}": [int(row < cell[side]) for row in range(n)] for cell in cells}, index=[f"{side}{i}" for i in range(n)])
        for side, n in enumerate((9, 12))
    )
    assert contradictions(compare_waves(one, two, adjustment=adjustment)) == []
    assert contradictions(compare_groups(one, other=two, adjustment=adjustment)) == []


def test_limits_and_p_agree_in_every_table_of_pairs_and_of_contexts() -> None:
    sources = [(f"p{i:02}", half, "") for i in range(12) for half in ("refugee", "volunteer")]
    told = {f"{b}-{c}": (range(b), range(b, b + c)) for b, c in product(range(13), repeat=2) if b + c <= 12}
    coded = [
        (f"p{i:02}{half}", code)
        for code, sides in told.items()
        for half, side in zip(("refugee", "volunteer"), sides, strict=True)
        for i in side
    ]
    assert contradictions(pair_gaps(*interviews(sources, coded, list(told)))) == []
    everybody = [pair + half for pair, half, _ in sources]
    told = {f"{a}-{b}": (range(a), range(9, 9 + b)) for a, b in product(range(10), range(16))}
    coded = [(everybody[i], code) for code, sides in told.items() for side in sides for i in side]
    coded += [(one, "context") for one in everybody[:9]]
    assert contradictions(context_table(*interviews(sources, coded, ["context", *told]), "context")) == []


@pytest.mark.parametrize("few", [3, 5])
def test_limits_and_p_agree_for_means(few: int) -> None:
    rng, names = np.random.default_rng(few), [f"n{i}" for i in range(16)]
    rows = {n: rng.lognormal(0, 1, (n, 16)) for n in (few, 12)}
    first, second = (pd.DataFrame(found, columns=names, index=[f"k{n}-{i}" for i in range(n)]) for n, found in rows.items())
    for name, shift in zip(names, np.linspace(0, 6, 16), strict=True):
        assert contradictions(compare_waves(first, second + shift, name)) == []


@settings(deadline=None, max_examples=8)
@given(st.integers(0, 2**32 - 1), st.sampled_from([4, 9, 20]), st.floats(0, 1))
def test_no_row_says_one_thing_by_its_interval_and_another_by_its_p_or_verdict(seed: int, n: int, strength: float) -> None:
    rng = np.random.default_rng(seed)

    def draw(prefix: str, push: float) -> list[tuple[Any, ...]]:
        region = rng.choice(["n", "s"], n)
        yes = rng.random(n) < np.where(region == "n", 0.5, 0.5 - 0.45 * push)
        levels = rng.integers(1, 4, (n, 2)).astype(str)
        return [
            (f"{prefix}{i}", "ja" if yes[i] else "nej", region[i], *levels[i], int(rng.integers(0, 9)), float(rng.random()))
            for i in range(n)
        ]

    first, second = draw("k", strength), draw(rng.choice(["k", "z"]), -strength)
    one, two = survey(first, population=2 * n), survey(second, "w2", "w1", 2 * n)
    sources = [(f"p{i}", half, rng.choice(["female", "male"])) for i in range(min(n, 20)) for half in ("refugee", "volunteer")]
    chances = {"refugee": 0.5 + strength / 2, "volunteer": 0.5 - strength / 2}
    coded = [(pair + half, code) for pair, half, _ in sources for code in CODES if rng.random() < chances[half]]
    codings, people = interviews(sources, coded)
    x = rng.integers(0, 2, n)
    traits = pd.DataFrame({"x": x, "z": rng.integers(1, 5, n), "good": np.where(rng.random(n) < strength, x, rng.integers(0, 2, n))})
    calls: Calls = {
        "waves": lambda: compare_waves(one, two),
        "means of waves": lambda: compare_waves(one, two, "number"),
        "groups": lambda: compare_groups(one, "help", by="region"),
        "cross-tables": lambda: cross_tables([(one, "help", "region")]),
        "gaps": lambda: pair_gaps(codings, people),
        "context": lambda: context_table(codings, people, "Sprog"),
        "moderators": lambda: moderators(traits, "good"),
        "moderators of ranks": lambda: moderators(traits.assign(z=traits["z"] + 3 * x * (strength > 0.5)), "z", ["x"]),
        "hazards": lambda: cox(rng.integers(1, 400, n), rng.integers(0, 2, n), traits[["x", "z"]].astype(float)),
        "hazards of a reason": lambda: fine_gray(rng.integers(1, 400, n), rng.choice(["", "a", "b"], n), traits[["x"]].astype(float), "a"),
    }
    for name, call in calls.items():
        try:
            found = call()
        except VvvError:
            continue
        assert contradictions(found) == [], name
        if name.startswith("hazards"):
            rows = found.frame.dropna(subset=["p", "lower", "upper"]).to_dict("records")
            assert [row for row in rows if (row["lower"] > 1 or row["upper"] < 1) != (row["p"] < ALPHA)] == [], name


def test_a_rank_test_that_rejects_has_limits_on_the_side_of_its_estimate_and_a_change_stays_within_the_worst_case() -> None:
    # Seven cases fully apart have p = .048; limits by a formula reach from -.01 to 1.
    apart = moderators(pd.DataFrame({"x": [1, 1, 1, 1, 1, 0, 0], "z": [4, 4, 5, 5, 6, 1, 2]}), "z", ["x"])
    row = apart.frame.iloc[0]
    assert row["p_adjusted"] < ALPHA
    assert row["verdict"] == "difference"
    assert 0 < row["lower"] < 1e-6
    # Four of eight answered in each wave: 3 of 4 more cannot be more than three quarters of all.
    few = [survey([(f"k{i}", "ja" if i < yes else "nej", "n", "1", "1", 1, 1.0) for i in range(4)], *name, 8) for yes, name in WAVES]
    change = compare_waves(*few, ["help"]).frame.iloc[0]
    assert change["upper"] <= change["worst_upper"] == 0.75


def test_a_reason_without_a_rival_is_regressed_as_if_there_were_none() -> None:
    time, reason = [3, 5, 7, 9, 11, 14, 20, 22], ["a", "", "a", "a", "", "a", "a", ""]
    trait = pd.DataFrame({"x": [0.0, 1, 1, 0, 1, 0, 0, 1]})
    alone = fine_gray(time, reason, trait, "a").frame
    direct = cox(time, [int(one == "a") for one in reason], trait).frame
    assert alone["coefficient"][0] == pytest.approx(direct["coefficient"][0], abs=1e-6)
