"""A volume is taken from the report before exactly where it would come out the same; every other one is rendered anew."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from vvvresearch.reporting import RENDERED_FROM, _render, rendered_files

Render = Callable[..., list[str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Render:
    """Render a volume of these staged files and switch it in; what comes back are the files that had to be made."""
    made: list[str] = []

    def render(stage: Path, formats: tuple[str, ...], engine: str) -> list[Path]:
        whole = "".join(path.read_text() for path in sorted(stage.rglob("*")) if path.is_file())
        for name in formats:
            (stage / f"report.{name}").write_text(f"{name}: {whole}")
            made.append(f"report.{name}")
        return [stage / f"report.{name}" for name in formats]

    monkeypatch.setattr(_render, "render", render)

    def one(staged: dict[str, str], formats: tuple[str, ...] = ("html", "pdf"), engine: str = "embedded") -> list[str]:
        made.clear()
        stage, out = tmp_path / "stage", tmp_path / "out"
        for name, text in staged.items():
            (stage / name).parent.mkdir(parents=True, exist_ok=True)
            (stage / name).write_text(text)
        out.mkdir(exist_ok=True)
        note = rendered_files(stage, out, "report", out, formats, engine)
        (out / RENDERED_FROM).write_text(json.dumps({"report": note}))
        for path in sorted(stage.rglob("*"), reverse=True):
            path.unlink() if path.is_file() else path.rmdir()
        return list(made)

    return one


STAGED = {"report.qmd": "Ord", "figures/a.svg": "<svg/>", "_house.lua": "return {}", "_origins.json": "{}"}
BOTH = ["report.html", "report.pdf"]


def test_what_is_staged_alike_is_taken_over_and_every_file_that_is_not_costs_a_rendering(run: Render, tmp_path: Path) -> None:
    assert run(STAGED) == BOTH
    first = {name: (tmp_path / "out" / name).read_bytes() for name in BOTH}
    assert run(STAGED) == []
    assert {name: (tmp_path / "out" / name).read_bytes() for name in BOTH} == first
    for name in ("report.qmd", "figures/a.svg", "_house.lua"):
        assert run({**STAGED, name: "ændret"}) == BOTH, name
        assert "ændret" in (tmp_path / "out" / "report.html").read_text()
    assert run({**STAGED, "tables/ny.md": "en tabel"}) == BOTH
    assert run(STAGED) == BOTH


def test_where_lines_came_from_is_no_part_of_what_is_rendered(run: Render) -> None:
    assert run(STAGED) == BOTH
    assert run({**STAGED, "_origins.json": '{"report.qmd": ["report.qmd, line 9"]}'}) == []


def test_other_formats_and_files_that_were_touched_or_lost_are_rendered_anew(run: Render, tmp_path: Path) -> None:
    assert run(STAGED) == BOTH
    assert run(STAGED, ("html",)) == ["report.html"]
    assert run(STAGED) == BOTH
    (tmp_path / "out" / "report.pdf").write_text("noget andet")
    assert run(STAGED) == BOTH
    (tmp_path / "out" / "report.html").unlink()
    assert run(STAGED) == BOTH


def test_what_quarto_makes_is_always_made_anew(run: Render) -> None:
    assert run(STAGED, engine="quarto") == BOTH
    assert run(STAGED, engine="quarto") == BOTH
