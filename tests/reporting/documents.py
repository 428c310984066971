"""A small staged folder that tests change in one place."""

from __future__ import annotations

from pathlib import Path

HEAD = '---\ntitle: "Notat"\nauthor: ["Et Hus"]\n---\n\n'
RECTANGLE = '<rect width="52" height="30" fill="#0b4f6c"/>'
SVG = f'<svg xmlns="http://www.w3.org/2000/svg" width="120" height="40" viewBox="0 0 120 40">{RECTANGLE}</svg>\n'


def staged(folder: Path, body: str, *, head: str = HEAD, settings: str = "") -> Path:
    """Write a staged folder with one report."""
    (folder / "figures").mkdir(parents=True, exist_ok=True)
    (folder / "figures" / "x.svg").write_text(SVG, encoding="utf-8")
    default = 'project: {render: ["report.qmd"]}\nlang: "da"\nvvv-marks: "Syntetiske data · udkast – ikke frigivet"\n'
    (folder / "_quarto.yml").write_text(settings or default, encoding="utf-8")
    (folder / "report.qmd").write_text(head + body, encoding="utf-8")
    return folder
