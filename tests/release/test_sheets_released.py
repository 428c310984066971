"""Sheets go through the gate: all of them or one, each read by somebody who knows the sums of regions and what went out before."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from vvvresearch.cli import _release
from vvvresearch.cli._plans import make_sheets
from vvvresearch.cli.main import app
from vvvresearch.release import attack_sheets, examine_sheets
from vvvresearch.rounds import Round, open_round

ONGOING = {"9001": 3, "9002": 9, "9003": 0, "9004": 12, "9005": 6, "9006": 8}
DEFINITION = """schema_version = 1
id = "r"
title = { da = "Runde", en = "Round" }
period = { start = 2021-01-01, end = 2022-06-30 }
languages = ["da"]
report_type = "note"
kind = "real"
municipalities = "rounds/r/towns.csv"
subgroups = { split = false, statement = { da = "a", en = "a" } }
[[notebooks]]
id = "90-municipality"
path = "notebooks/90-municipality.ipynb"
on_request = true
for_each = { name = "code", parameters = { municipality = "code" } }
[[sources]]
id = "monitoring"
type = "monitoring"
path = "surveys/r/monitoring.csv"
title = { da = "a", en = "a" }
[[sources]]
id = "matches"
type = "matches"
path = "surveys/r/matches.csv"
title = { da = "a", en = "a" }
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with the sheets of six municipalities as a run leaves them."""
    place = tmp_path_factory.mktemp("sheets")
    for name in ("rounds/r", "surveys/r", "interviews", "notebooks"):
        (place / name).mkdir(parents=True)
    (place / "rounds/r/round.toml").write_text(DEFINITION, encoding="utf-8")
    pd.DataFrame({"code": list(ONGOING), "name": [f"By{code[2:]}" for code in ONGOING], "region": "Øst"}).to_csv(
        place / "rounds/r/towns.csv", index=False
    )
    pd.DataFrame({"extract": "2022-05", "municipality": list(ONGOING), "status": "present", "definition": "en gruppe"}).to_csv(
        place / "surveys/r/monitoring.csv", index=False
    )
    rows = [
        (
            f"{code}-{one}",
            f"r{code}-{one}",
            "2021-01-01",
            "" if one < n else "2022-01-01",
            "moved" if one >= n else "",
            1,
            "jobcenter",
            code,
        )
        for code, n in ONGOING.items()
        for one in range(n + 6)
    ]
    columns = ["match", "refugee", "start", "end", "reason", "persons", "referral_source", "municipality"]
    pd.DataFrame(rows, columns=columns).to_csv(place / "surveys/r/matches.csv", index=False)
    opened, out = open_round("r", place), place / "outputs/r/90-municipality"
    for code in ONGOING:
        page = opened.page("90-municipality", out / code)
        page.add("municipality", opened.municipality_sheet(municipality=code), figure="", parts=True)
    names = {code: f"By{code[2:]}" for code in ONGOING}
    make_sheets(place, "r", ("da",), names, ("html",), out, out)
    (out / "manifest.json").write_text("{}")
    return place


@pytest.fixture
def opened(root: Path) -> Round:
    return open_round("r", root)


def table(root: Path, code: str) -> Path:
    return root / f"outputs/r/90-municipality/{code}/tables/municipality-numbers.csv"


def shown_as(root: Path, code: str, measure: str, count: int) -> tuple[Path, str]:
    """A sheet that shows a number it should hide; the file, and what stood there."""
    path = table(root, code)
    before = path.read_text(encoding="utf-8")
    frame = pd.read_csv(path, dtype=str)
    frame.loc[frame["measure"] == measure, "own"] = str(count)
    frame.to_csv(path, index=False)
    return path, before


def test_nothing_small_can_be_worked_out_from_all_sheets_together(opened: Round, root: Path) -> None:
    leaks, said = attack_sheets(opened, root / "outputs/r/90-municipality")
    assert leaks == []
    assert said.startswith("attack: the sheets of 6 municipalities read; ")


@pytest.mark.parametrize(
    ("code", "measure", "count", "leak"),
    [
        ("9001", "ongoing", 3, "municipality/9001/numbers.ongoing is a small count and is shown"),
        ("9005", "ongoing", 6, "municipality/9001/numbers.ongoing is hidden, and can be shown to be small"),
        ("9001", "referred", 9, "municipality/9001/numbers.ongoing is hidden, and can be shown to be small"),
    ],
)
def test_a_number_that_gives_a_small_one_away_is_found(opened: Round, root: Path, code: str, measure: str, count: int, leak: str) -> None:
    path, before = shown_as(root, code, measure, count)
    try:
        leaks, _ = attack_sheets(opened, root / "outputs/r/90-municipality")
    finally:
        path.write_text(before, encoding="utf-8")
    assert leak in {one.what for one in leaks}


def test_one_sheet_is_sealed_alone_and_what_went_out_before_counts_in_the_next(
    opened: Round, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_release, "_up_to_date", lambda *_, **__: [])  # Nothing was run here.
    done = CliRunner().invoke(app, ["release", "r", "--for", "by04", "--root", str(root)])
    assert done.exit_code == 0, done.stdout + done.stderr
    folder = root / "outputs/released/r-001"
    sealed = set(json.loads((folder / "seal.json").read_text())["files"])
    assert {name for name in sealed if not name.endswith(".csv")} == {"sheets/9004/sheet.html", "sheets/9004/sheet.pdf"}
    assert "sheets/9004/tables/municipality-numbers.csv" in sealed
    page = (folder / "sheets/9004/sheet.html").read_text(encoding="utf-8")
    assert "By04" in page
    assert "ikke frigivet" not in page
    assert CliRunner().invoke(app, ["release", "r", "--verify", "--root", str(root)]).exit_code == 0
    # Had the first one shown what is hidden by now, a reader still had it.
    before = folder / "sheets/9005/tables/municipality-numbers.csv"
    before.parent.mkdir(parents=True, exist_ok=True)
    path, text = shown_as(root, "9005", "ongoing", 6)
    before.write_bytes(path.read_bytes())
    path.write_text(text, encoding="utf-8")
    stops = [one for one in examine_sheets(opened, root / "outputs/r/90-municipality", "9002") if one.stops]
    assert [one.kind for one in stops] == ["small cell"], "the sheet of another municipality does not go out either"


def test_an_identifier_on_a_sheet_stops_it_and_an_unknown_municipality_is_a_slip(opened: Round, root: Path) -> None:
    page = root / "outputs/r/90-municipality/9002/sheet.html"
    before = page.read_text(encoding="utf-8")
    page.write_text(before.replace("By02", "By02, ring til 010190-1234", 1), encoding="utf-8")
    stops = [one for one in examine_sheets(opened, root / "outputs/r/90-municipality", "9002") if one.stops]
    page.write_text(before, encoding="utf-8")
    assert ("identifier", "outputs/r/90-municipality/9002/sheet.html") in {(one.kind, one.file) for one in stops}
    done = CliRunner().invoke(app, ["release", "r", "--for", "By40", "--root", str(root)])
    assert done.exit_code == 2
