"""What each answer to a round's surveys says, in words."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from vvvresearch.locales import Lang
from vvvresearch.results import address_part, folded

if TYPE_CHECKING:
    from vvvresearch.rounds import RoundSpec


def answer_labels(root: Path, spec: RoundSpec, lang: Lang) -> dict[str, str]:
    """What each answer of a round's surveys says, by folded `survey.item.code`."""
    from vvvresearch.evidence import read_questionnaire

    found = {}
    for source in spec.sources:
        if source.type != "survey" or not source.questionnaire:
            continue
        questionnaire = read_questionnaire(root / source.questionnaire)
        for item in questionnaire.items:
            for option in questionnaire.options(item):
                key = ".".join(address_part(part) for part in (source.id, item.id, option.code))
                found[folded(key)] = option.label.say(lang)
    return found
