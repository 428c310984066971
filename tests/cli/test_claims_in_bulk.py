"""`vvv check --claims`: a table of printed percentages in, verdicts out."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from vvvresearch.cli.main import app

CLAIMS = 'id;percent;n;count\na;56 %;72;40\nb;41;72;\nc;"41,7";72;\nd;50;;\n'


def call(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["check", *arguments])
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture
def claims(tmp_path: Path) -> Path:
    path = tmp_path / "claims.csv"
    path.write_text(CLAIMS, encoding="utf-8")
    return path


def test_claims_come_out_in_order_with_the_counts_that_give_them(claims: Path) -> None:
    code, out, err = call("--claims", str(claims))
    rows = list(csv.DictReader(io.StringIO(out)))
    assert code == 0
    assert [(row["id"], row["possible_counts"], row["flagged"]) for row in rows] == [
        ("a", "40", "False"),
        ("b", "", "True"),
        ("c", "30", "False"),
        ("d", "", "False"),
    ]
    assert [row["decimals"] for row in rows][:3] == ["0", "0", "1"]
    assert err.startswith("1 of 3 checked figures")


def test_json_and_files_hold_the_same_verdicts(claims: Path, tmp_path: Path) -> None:
    rows = json.loads(call("--claims", str(claims), "--json")[1])
    assert [row["verdict"] for row in rows] == ["possible", "impossible from the printed base", "possible", "not checkable"]
    assert rows[3]["n"] is None
    for name in ("verdicts.json", "verdicts.csv"):
        target = tmp_path / name
        assert call("--claims", str(claims), "--out", str(target))[0] == 0
    assert json.loads((tmp_path / "verdicts.json").read_text()) == rows
    written = list(csv.DictReader((tmp_path / "verdicts.csv").open(encoding="utf-8")))
    assert [row["verdict"] for row in written] == [row["verdict"] for row in rows]


def test_a_workbook_of_claims_gives_the_same_verdicts(claims: Path, tmp_path: Path) -> None:
    workbook = tmp_path / "claims.xlsx"
    pd.read_csv(claims, sep=";", dtype=str).to_excel(workbook, index=False)
    assert call("--claims", str(workbook), "--json")[1] == call("--claims", str(claims), "--json")[1]


def test_explanations_are_in_the_language_asked_for(claims: Path) -> None:
    assert "Måske" in json.loads(call("--claims", str(claims), "--json", "--lang", "da")[1])[1]["explanation"]


def test_a_flagged_claim_is_a_failure_only_when_asked(claims: Path) -> None:
    assert call("--claims", str(claims), "--strict")[0] == 1


def test_every_bad_cell_is_named_with_its_line_and_nothing_is_written(tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("percent,n\nhalv,72\n50,nul\n40,10\n", encoding="utf-8")
    code, out, err = call("--claims", str(path), "--out", str(tmp_path / "verdicts.csv"))
    assert (code, out) == (1, "")
    assert "række 2" in err
    assert "række 3" in err
    assert "Traceback" not in err
    assert not (tmp_path / "verdicts.csv").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--out", "verdicts.csv"), "hører til --claims"),
        (("demo", "--claims", "{claims}"), "uden en runde"),
        (("--claims", "{claims}", "--out", "verdicts.docx"), "ikke som .docx"),
        (("--claims", "{claims}", "--out", "{claims}"), "ville erstatte påstandene"),
    ],
)
def test_wrong_use_ends_with_2_and_says_what_to_do(claims: Path, arguments: tuple[str, ...], said: str) -> None:
    code, _, err = call(*(part.format(claims=claims) for part in arguments))
    assert code == 2
    assert said in err
    assert claims.read_text(encoding="utf-8") == CLAIMS


@pytest.mark.slow
def test_the_2019_report_in_bulk_gives_the_thirteen_that_were_found_by_hand(project: Path, tmp_path: Path) -> None:
    figures = {row["figure"]: row for row in csv.DictReader((project / "surveys/2019-final/published/figures.csv").open(encoding="utf-8"))}
    rows = []
    for value in csv.DictReader((project / "surveys/2019-final/published/values.csv").open(encoding="utf-8")):
        base = figures[value["figure"]]["base"]
        if value["percent"] and base and figures[value["figure"]]["role"] != "response":
            rows.append((f"{value['figure']}:{value['key']}", value["percent"], base, value["figure"]))
    path = tmp_path / "claims.csv"
    with path.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows([("id", "percent", "n", "group"), *rows])
    verdicts = json.loads(call("--claims", str(path), "--json")[1])
    assert len(verdicts) == len(rows)
    assert sum(row["flagged"] for row in verdicts) == 13
    assert all(row["explanation"] for row in verdicts if row["flagged"])
