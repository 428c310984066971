"""Municipality sheets: registers only, small numbers hidden so that nobody can work them out, and the sheet says so."""

from __future__ import annotations

import inspect
import random
import re
from pathlib import Path

import pandas as pd
import pikepdf
import pytest

from vvvresearch.cli._plans import make_sheets
from vvvresearch.evidence import Register
from vvvresearch.monitoring import municipality_index, municipality_sheet
from vvvresearch.monitoring._sheet_evidence import not_shown
from vvvresearch.privacy import attack
from vvvresearch.results import Result
from vvvresearch.rounds import open_round

CODES = [f"90{number:02}" for number in range(1, 13)]
TOWNS = pd.DataFrame({"code": CODES, "name": [f"By{code[2:]}" for code in CODES], "region": ["Øst"] * 7 + ["Vest"] * 5})

ONGOING = [3, 9, 0, 12, 6, 0, 7, 5, 6, 0, 8, 20]


def matches() -> Register:
    rows = []
    for code, n in zip(CODES, ONGOING, strict=True):
        for number in range(n + 6):
            end = "" if number < n else "2022-01-01"
            rows.append((f"{code}-{number}", f"r{code}-{number}", "2021-01-01", end, "municipality", code))
    return Register(pd.DataFrame(rows, columns=["match", "refugee", "start", "end", "referral_source", "municipality"]))


def monitoring() -> Register:
    rows = [(extract, code, "present", "en gruppe", "") for extract in ("2021-05", "2021-11", "2022-05") for code in CODES]
    frame = pd.DataFrame(rows, columns=["extract", "municipality", "status", "definition", "need_new_arrivals"])
    frame.loc[(frame["municipality"] == "9003") & (frame["extract"] == "2022-05"), ["status", "need_new_arrivals"]] = ["absent", "yes"]
    return Register(frame)


def agreements() -> Register:
    return Register(
        pd.DataFrame(
            {
                "municipality": ["9001", "9002", "9004"],
                "agreement_type": ["aftale"] * 3,
                "signed": ["2020-01-01", "2021-01-01", "2021-01-01"],
                "expires": ["2021-12-31", "", "2022-09-01"],
            }
        )
    )


def sheet(code: str) -> Result:
    given = {"matches": matches(), "referred": matches(), "agreements": agreements(), "on": "2022-06-30"}
    return municipality_sheet(monitoring(), TOWNS, municipality=code, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize("part", range(4))
def test_no_small_number_can_be_worked_out_from_what_the_sheets_and_the_sums_of_regions_show(part: int) -> None:
    """Held against the attack by linear programming, which knows nothing of how the hidden numbers were chosen."""
    draw = random.Random(part)
    for _ in range(10):
        size = draw.randint(3, 9)
        counts = pd.Series([draw.choice([0, 0, 1, 2, 3, 4, 5, 6, 8, 12, 30]) for _ in range(size)], index=[f"m{n}" for n in range(size)])
        hidden = not_shown(counts, pd.Series("a", index=counts.index))
        assert hidden[(counts > 0) & (counts < 5)].all()
        assert not hidden[counts == 0].any()
        if not hidden.any() or counts[hidden].sum() - (hidden.sum() - 1) < 5:
            assert not (~hidden & (counts > 0)).any() or not hidden.any(), "where the whole is too small, everybody is hidden"
            continue
        table = pd.DataFrame({"n": [*counts, counts.sum()]}, index=[*counts.index, "Total"])
        mask = pd.DataFrame({"n": [*hidden, False]}, index=table.index)
        found = attack(table, mask, zeros_known=True)
        for name in counts.index[hidden]:
            low, high = found[name, "n"]
            assert low < high, "no hidden number is known exactly"
            assert counts[name] >= 5 or high >= 5, "no small number is shown to be small"


def test_one_small_number_of_a_region_takes_the_smallest_other_with_it() -> None:
    """By hand: 3 is small; with the sum known it would be the rest, so 6 goes too; the zeros stand."""
    hidden = not_shown(pd.Series(ONGOING, index=CODES), pd.Series(list(TOWNS["region"]), index=CODES))
    assert sorted(hidden.index[hidden]) == ["9001", "9005"]


def test_a_sheet_shows_its_numbers_beside_the_middle_of_those_alike_and_says_what_it_hides() -> None:
    own = sheet("9004")["numbers"]
    assert own.cell("municipality/9004/numbers.ongoing.own").value == 12
    # The others of the region that have the programme ended 6 each; of those ongoing, only 9, 0 and 7 are shown, too few for a middle.
    assert own.cell("municipality/9004/numbers.ended.like").value == 6.0
    assert own.frame.set_index("measure")["like"].isna()["ongoing"]
    small = sheet("9001")["numbers"]
    assert small.cell("municipality/9001/numbers.ongoing.own").value is None
    words = small.in_language("en").to_markdown()
    assert "| Ongoing matches | × |" in re.sub(" +", " ", words)
    assert "2 numbers are hidden because they are below 5" in words
    assert sheet("9001").cell("municipality/9001.total.ongoing").value is None
    assert sheet("9005")["numbers"].cell("municipality/9005/numbers.ongoing.own").value is None, "6 would give the 3 away"


def test_few_that_are_alike_are_no_comparison() -> None:
    frame = sheet("9012")["numbers"]
    assert frame.frame["like"].isna().all()
    assert "no comparison" in frame.in_language("en").note


def test_the_middle_of_others_rests_on_numbers_that_are_shown_themselves() -> None:
    """Left out one by one, the middle of 4, 8, 9, 10, 11, 12 would tell that the hidden ones are 4 and 8."""
    towns = TOWNS.iloc[:7]
    rows = [
        (f"{code}-{one}", code, "2021-01-01", "") for code, n in zip(CODES, [4, 8, 9, 10, 11, 12, 20], strict=False) for one in range(n)
    ]
    register = Register(pd.DataFrame(rows, columns=["match", "municipality", "start", "end"]))
    present = Register(monitoring().frame.assign(status="present"))
    middles = {}
    for code in towns["code"]:
        part = municipality_sheet(present, towns, municipality=code, matches=register, on="2022-06-30")["numbers"].frame
        middles[code] = part.set_index("measure").at["ongoing", "like"]
    # Of 9, 10, 11, 12, 20; whoever is one of these five has four others, and no middle.
    assert middles["9001"] == middles["9002"] == 11.0
    assert all(middles[code] != middles[code] for code in CODES[2:7])


def test_referrals_of_the_register_of_matches_do_not_tell_how_many_go_on() -> None:
    """By hand: 9 were referred to 9001 and 6 are done, so 3 go on; where such a number is hidden nobody's sum is shown beside it."""
    for code in CODES:
        numbers = sheet(code)["numbers"].frame.set_index("measure")
        assert bool(numbers.at["referred", "hidden"]) == (code < "9008"), "the region of 9001 has hidden numbers, the other none"
    assert sheet("9001")["referrals"].frame["hidden"].all()


def test_reasons_to_watch_are_those_of_the_registers() -> None:
    index = municipality_index(monitoring(), TOWNS, matches=matches(), agreements=agreements(), on="2022-06-30")
    why = index.frame.set_index("municipality")["why"]
    assert why["9001"] == "agreement_expired"
    assert "need_unmet" in why["9003"]
    assert why["9004"] == "agreement_expiring"
    assert why["9006"] == "no_match"
    assert (why["9002"], why["9007"]) == ("", "")
    assert {name: len(part) for name, part in index.parts.items()} == {"Vest": 5, "Øst": 7}
    assert index.frame.set_index("municipality")["agreement"][["9001", "9002", "9005"]].tolist() == ["expired", "in_force", "none"]


def test_a_sheet_takes_registers_only_and_says_which_it_lacks() -> None:
    assert not [name for name in inspect.signature(municipality_sheet).parameters if "survey" in name or "answers" in name]
    note = sheet("9002").in_language("en").note
    assert "no answers to surveys are on it" in note
    assert "a register of volunteers" in note
    assert "a register of matches" not in note


ROUND = """schema_version = 1
id = "r"
title = { da = "Runde", en = "Round" }
period = { start = 2021-01-01, end = 2022-06-30 }
languages = ["da", "en"]
report_type = "note"
kind = "synthetic"
municipalities = "rounds/r/towns.csv"
subgroups = { split = false, statement = { da = "a", en = "a" } }
notebooks = []
[[sources]]
id = "monitoring"
type = "monitoring"
path = "surveys/r/monitoring.csv"
title = { da = "a", en = "a" }
[[sources]]
id = "agreements"
type = "agreements"
path = "surveys/r/agreements.csv"
title = { da = "a", en = "a" }
"""


def test_every_municipality_has_a_page_and_a_pdf_of_at_most_two_pages_and_the_index_leads_to_all(tmp_path: Path) -> None:
    for name in ("rounds/r", "surveys/r", "interviews"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "rounds/r/round.toml").write_text(ROUND, encoding="utf-8")
    TOWNS.iloc[:3].to_csv(tmp_path / "rounds/r/towns.csv", index=False)
    extracts = monitoring().frame
    extracts[extracts["municipality"] < "9004"].to_csv(tmp_path / "surveys/r/monitoring.csv", index=False)
    agreements().frame.iloc[:2].to_csv(tmp_path / "surveys/r/agreements.csv", index=False)
    opened = open_round("r", tmp_path)
    names = dict(zip(CODES[:3], TOWNS["name"], strict=False))
    for code in names:
        page = opened.page("90-municipality", tmp_path / "collected" / code)
        page.add("municipality", opened.municipality_sheet(municipality=code), figure="", parts=True)
    out = tmp_path / "out"
    make_sheets(tmp_path, "r", ("da", "en"), names, ("html", "pdf"), tmp_path / "collected", out)
    for code, name in names.items():
        page = (out / code / "sheet.html").read_text(encoding="utf-8")
        assert f'<h1 class="title">{name}</h1>' in page
        assert "2022-05" in page
        headings = re.findall(r"<h2[^>]*>(.*?)</h2>", page)
        assert len(headings) == len(set(headings)), "nothing stands twice"
        assert not [other for other in names.values() if other != name and other in page]
        with pikepdf.open(out / code / "sheet.pdf") as pdf:
            assert len(pdf.pages) <= 2
            assert "/StructTreeRoot" in pdf.Root, "tagged"
        assert "What the registers say" in (out / code / "sheet.en.html").read_text(encoding="utf-8")
    index = (out / "index.html").read_text(encoding="utf-8")
    assert re.findall(r'href="(90\d\d)/sheet\.html"', index) == CODES[:3]
    assert "aftalen er udløbet" in index
    assert (out / "region-Øst.html").is_file()
    assert (out / "region-Øst.pdf").is_file()
    assert {path.suffix for path in out.rglob("*") if path.is_file()} == {".html", ".pdf"}


def test_the_checklist_tells_met_from_not_met_and_from_what_no_register_says() -> None:
    held = Register(
        pd.DataFrame({"date": ["2021-06-30", "2021-07-01"], "activity_type": "møde", "municipality": ["9001", "9002"], "participants": 8})
    )
    said = monitoring().frame.assign(referral_sources="", contact_person="", need_long_term="no")
    latest = (said["extract"] == "2022-05") & (said["municipality"] == "9002")
    said.loc[latest, ["referral_sources", "contact_person", "need_new_arrivals"]] = ["sprogskolen", "yes", "yes"]
    given = {"agreements": agreements(), "activities": held, "on": "2022-06-30"}
    states = {}
    for code in ("9001", "9002"):
        found = municipality_sheet(Register(said), TOWNS, municipality=code, **given)["checklist"]  # type: ignore[arg-type]
        states[code] = list(found.frame["state"])
        assert [found.totals[name].value for name in ("met", "known")] == [states[code].count("met"), 5]
    # The agreement of the first has run out, and its only activity is a year and a day old.
    assert states == {"9001": ["not_met"] * 5, "9002": ["met"] * 5}
    bare = municipality_sheet(monitoring(), TOWNS, municipality="9001")["checklist"]
    assert list(bare.frame["state"]) == ["unknown"] * 5


@pytest.mark.parametrize("sizes", [[20, 12, 8, 6, 6, 5, 3], [30, *[6] * 11, 3], [9, *[5] * 12, 1, 1]])
def test_no_source_that_is_left_out_can_be_worked_out_from_the_sum(sizes: list[int]) -> None:
    rows = [("9001", f"r{place}-{one}", "2021-03-01", f"kilde {place}") for place, n in enumerate(sizes) for one in range(n)]
    referred = Register(pd.DataFrame(rows, columns=["municipality", "person", "referred", "referral_source"]))
    table = municipality_sheet(monitoring(), TOWNS, municipality="9001", referred=referred, on="2022-06-30")["referrals"]
    assert table.base.n == sum(sizes)
    shown = table.frame["own"].dropna()
    left = sum(sizes) - int(shown.sum())
    assert left == 0 or left >= 5
    assert table.frame["hidden"].sum() != 1
    assert len(table.frame) <= 12
