"""A draft of a questionnaire from a settled survey: short ids, scales in their true order; what a file cannot tell stands as TODO."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from vvvresearch.files import toml
from vvvresearch.intake._settle import Settled
from vvvresearch.locales import text

if TYPE_CHECKING:
    from vvvresearch.intake._survey_tables import DraftItem


def questionnaire_toml(settled: Settled, items: Sequence[DraftItem]) -> str:
    """The draft, as `read_questionnaire` takes it. Each label stands as both Danish and English."""
    todo = {"da": text("intake.todo", "da"), "en": text("intake.todo", "en")}
    wave = settled.this_file.get("wave", "")
    head = {"schema_version": 1, "id": settled.source.replace("_", "-") or "survey", "title": _both(settled.source), "group": todo}
    head["wave"] = _both(wave) if wave else todo
    lines = [f"{name} = {toml(value)}" for name, value in head.items()]
    lines += ["", "[frame]", f"unit = {toml(settled.unit)}", f"chosen_by = {toml(todo)}", f"collected = {toml(todo)}"]
    shared = Counter(item.options for item in items if item.type in ("likert", "single", "band"))
    names: dict[tuple[tuple[str, str, str], ...], str] = {}
    for item in items:
        if item.type == "likert" and shared[item.options] > 1 and item.options not in names:
            name = item.scale if item.scale and item.scale not in names.values() else f"scale_{len(names) + 1}"
            names[item.options] = name
            lines += ["", f"[scales.{name}]", *_options(item)]
    for item in items:
        lines += ["", "[[items]]", f"id = {toml(item.id)}", f"text = {toml(_both(item.text))}", f"type = {toml(item.type)}"]
        if item.battery:
            lines.append(f"battery = {toml(item.battery)}")
        if item.options in names and item.type == "likert":
            lines.append(f"scale = {toml(names[item.options])}")
        elif item.options:
            lines += _options(item)
    return "\n".join(lines) + "\n"


def _options(item: DraftItem) -> list[str]:
    entries = [{"code": code, "label": _both(label)} | ({"role": role} if role != "answer" else {}) for code, label, role in item.options]
    return ["options = [", *(f"    {toml(entry)}," for entry in entries), "]"]


def _both(words: str) -> dict[str, str]:
    return {"da": words, "en": words}
