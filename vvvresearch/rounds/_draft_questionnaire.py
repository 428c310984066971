"""The questionnaire of a survey that was asked before: what people wrote into it then holds for the new answers too."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from vvvresearch import files
from vvvresearch.errors import VvvError
from vvvresearch.evidence import Questionnaire, read_questionnaire
from vvvresearch.intake import Settled
from vvvresearch.rounds._propose_source import other_rounds
from vvvresearch.rounds._spec import RoundSpec


def earlier_questionnaire(root: Path, spec: RoundSpec, settled: Settled, draft: str) -> tuple[str, str]:
    """The text of an earlier round's questionnaire that fits the new answers as they are, under the new id, and the round it is from.

    It fits where it has the items of the draft, each with its options; the wave is written anew, as the draft has it.

    Args:
        root: the workspace.
        spec: the round that takes the answers in.
        settled: the answers, decided.
        draft: the questionnaire that was drafted from them.

    Returns:
        Text and round; two empty texts where none fits.
    """
    wanted = tomllib.loads(draft)
    for other in other_rounds(root, spec):
        for source in other.sources:
            place = root / source.questionnaire
            if source.type != "survey" or not source.map or not source.questionnaire or not place.is_file():
                continue
            try:
                known = read_questionnaire(place)
            except VvvError:
                continue
            if _fits(known, wanted):
                return _renamed(files.read_text(place), wanted), other.id
    return "", ""


def _fits(known: Questionnaire, wanted: dict[str, Any]) -> bool:
    items = {item["id"]: item for item in wanted["items"]}
    if {item.id for item in known.items} != set(items) or known.frame.unit != wanted["frame"]["unit"]:
        return False
    for item in known.items:
        new = items[item.id]
        options = new.get("options") or wanted.get("scales", {}).get(new.get("scale", ""), {}).get("options", [])
        codes = {option["code"] for option in options}
        if item.type != new["type"] or not codes <= {option.code for option in known.options(item)}:
            return False
    return True


def _renamed(content: str, wanted: dict[str, Any]) -> str:
    """The text with the new id and wave in its head."""
    head, table, rest = content.partition("\n[")
    for name in ("id", "wave"):
        value = files.toml(wanted[name])
        head = re.sub(rf"(?m)^{name}\s*=.*$", lambda _, line=f"{name} = {value}": line, head, count=1)  # type: ignore[misc]
    return head + table + rest
