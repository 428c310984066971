"""A finding that names a figure, table or quote which no chapter makes is told before a run, with the nearest name."""

from __future__ import annotations

import json
from pathlib import Path

from tests.workspaces import write_empty_round
from vvvresearch.check import check_round

FINDINGS = """schema_version = 1
[[finding]]
id = "svar"
says.da = "Der er svaret"
figure = "{figure}"
quotes = ["{quote}"]
"""


def _told(root: Path, figure: str, quote: str) -> list[tuple[str, str]]:
    write_empty_round(root)
    (root / "notebooks").mkdir()
    cell = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    code = 'page = r.page("10-trial", out)\npage.add("match-volume", r.volume())\npage.add("quotes-refugee", r.quotes())'
    cells = [
        {**cell, "metadata": {"tags": ["parameters"]}, "source": 'round_id = "r"\nlang = "da"\nout = ""\nroot = "."'},
        {**cell, "source": "import vvvresearch as vvv\nr = vvv.open_round(round_id, root, lang)\n" + code},
    ]
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (root / "notebooks/10-trial.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    definition = root / "rounds/r/round.toml"
    definition.write_text(definition.read_text(encoding="utf-8").replace("notebooks = []", 'notebooks = ["10-trial"]'), encoding="utf-8")
    (root / "rounds/r/report.qmd").write_text("# Rapport\n", encoding="utf-8")
    (root / "rounds/r/findings.toml").write_text(FINDINGS.format(figure=figure, quote=quote), encoding="utf-8")
    faults = check_round(root, "r").faults
    return [(one.what, one.todo) for one in faults if one.what.startswith("the finding svar: no chapter makes")]


def test_a_misspelt_figure_is_told_with_the_nearest(tmp_path: Path) -> None:
    [(what, todo)] = _told(tmp_path, "match-volum", "quotes-refugee")
    assert "figures/match-volum.md" in what
    assert "match-volume" in todo


def test_a_quote_that_no_chapter_hands_over_is_told(tmp_path: Path) -> None:
    [(what, todo)] = _told(tmp_path, "match-volume", "quotes-refugees")
    assert "tables/quotes-refugees.md" in what
    assert "quotes-refugee" in todo
