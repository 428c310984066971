"""Which numbers of a round could measure a goal: proposed and asked, never taken."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vvvresearch.errors import VvvError
from vvvresearch.evidence import Taken
from vvvresearch.intake import fold, scale_of
from vvvresearch.locales import Lang, text
from vvvresearch.rounds._measures import cell_of

if TYPE_CHECKING:
    from vvvresearch.evidence import Item, Questionnaire
    from vvvresearch.rounds._round import Round

_MOST_ITEMS, _MOST_CHOICES, _STEM, _SHORTEST = 4, 16, 5, 4
_PEOPLE = ("person", "participant", "leader", "group", "programme", "")
# What a match register counts, where a number is wanted.
_COUNTED = ("started", "active", "ended", "ever")


@dataclass(frozen=True)
class Measure:
    """A number of the round that could measure a goal.

    Args:
        id: what stands for it in an answer.
        label: in words.
        taken: as the definition writes it.
    """

    id: str
    label: str
    taken: dict[str, str | list[str]]


def measures_for(opened: Round, words: str, unit: str, *, share: bool, lang: Lang) -> list[Measure]:
    """The numbers of a round that could measure a goal, those that speak of the same first; each of them is there.

    Args:
        opened: the round.
        words: the goal.
        unit: who is counted, "" where that is asked as well.
        share: whether the goal is a percentage.
        lang: of the labels.
    """
    found: list[Measure] = []
    for one in _possible(opened, words, unit, share, lang):
        if len(found) == _MOST_CHOICES:
            break
        try:
            cell = cell_of(opened, Taken.model_validate(one.taken), share=share)
        except VvvError:
            continue
        if cell.value is not None and (cell.format in ("share", "points")) == share:
            found.append(one)
    return found


def _possible(opened: Round, words: str, unit: str, share: bool, lang: Lang) -> Iterator[Measure]:
    if unit in ("match", "") and opened.has("matches"):
        yield from _of_matches(share, lang)
    if unit in ("municipality", "") and opened.has("monitoring"):
        label = text("intake.measure_presence", lang, what="present")
        yield Measure("presence.present", label, {"presence": "present"})
    if not share and unit in ("course", "participant", "person", "") and opened.has("courses"):
        for what in ("rows", "participants") if unit != "course" else ("rows",):
            yield Measure(f"courses.{what}", text("intake.measure_courses", lang, what=what), {"courses": what})
    if unit in ("municipality", *_PEOPLE):
        yield from _of_surveys(opened, words, unit, lang)


def _of_matches(share: bool, lang: Lang) -> Iterator[Measure]:
    if not share:
        for what in _COUNTED:
            yield Measure(f"matches.{what}", text("intake.measure_matches", lang, what=what), {"matches": what})
        return
    for reason in ("premature", "natural"):
        label = text("intake.measure_matches", lang, what=f"ended, {reason}")
        yield Measure(f"matches.ended.{reason}", label, {"matches": "ended", "reason_class": reason, "of": "ended"})


def _of_surveys(opened: Round, words: str, unit: str, lang: Lang) -> Iterator[Measure]:
    items: list[tuple[int, str, Questionnaire, Item]] = []
    for name in opened.surveys:
        try:
            definition = opened.surveys[name].questionnaire
        except VvvError:
            continue
        of_places = definition is not None and definition.frame is not None and definition.frame.unit == "municipality"
        if definition is not None and (not unit or of_places == (unit == "municipality")):
            items += [(_alike(words, item.text.say(lang)), name, definition, item) for item in definition.items]
    items.sort(key=lambda one: -one[0])
    for alike, name, definition, item in items[:_MOST_ITEMS]:
        if not alike and items[0][0]:
            return
        answers = [option for option in definition.options(item) if option.role == "answer"]
        # Files number their scales from either end; the high one is told by its words.
        places = {label: place for place, label in enumerate(scale_of([one.label.da for one in answers]).order)}
        answers.sort(key=lambda option: places.get(option.label.da, 0))
        for codes in _together([option.code for option in answers], scale=item.type == "likert"):
            labels = " / ".join(option.label.say(lang) for option in answers if option.code in codes)
            label = text("intake.measure_survey", lang, survey=name, item=item.text.say(lang), answers=labels)
            taken: dict[str, str | list[str]] = {"survey": name, "item": item.id, "answers": codes, "of": "answered"}
            yield Measure(f"{name}.{item.id}.{'+'.join(codes)}", label, taken)


def _together(codes: Sequence[str], *, scale: bool) -> list[list[str]]:
    """The answers that may count: each alone, of a scale the highest ones together."""
    return [list(codes[:number]) for number in range(1, len(codes))] if scale else [[code] for code in codes]


def _alike(words: str, other: str) -> int:
    """How many words of two sentences begin alike."""
    return len(_stems(words) & _stems(other))


def _stems(words: str) -> set[str]:
    return {word[:_STEM] for word in fold(words).split() if len(word) >= _SHORTEST}
