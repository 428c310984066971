"""What each answer to a round's surveys says, in words."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from vvvresearch.locales import Lang
from vvvresearch.results import address_part, folded

if TYPE_CHECKING:
    from vvvresearch.rounds import RoundSpec


Answer = TypeVar("Answer")
YES = ("yes", "ja")


def told_answer(answers: Mapping[Answer, tuple[str, str, float]]) -> Answer | None:
    """Which answer to a question is told of it: yes, or else the one that most gave; None where several did.

    The code 1 is a yes only where its label says so: it may as well be the first of several places.

    Args:
        answers: each answer with its code, its label and how many gave it; at least one.

    Example:
        >>> told_answer({"a": ("1", "Nord", 3), "b": ("2", "Syd", 8)}), told_answer({"a": ("1", "Ja", 3), "b": ("2", "Nej", 8)})
        ('b', 'a')
    """
    yes = [answer for answer, (code, label, _) in answers.items() if {code, label.casefold()} & {*YES}]
    most = max(count for _, _, count in answers.values())
    told = yes or [answer for answer, (_, _, count) in answers.items() if count == most]
    return told[0] if len(told) == 1 else None


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
