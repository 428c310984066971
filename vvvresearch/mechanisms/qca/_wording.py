"""Solutions and counterfactuals in words, Danish and English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from vvvresearch.locales import Lang, Phrase
from vvvresearch.mechanisms.qca._data import SetData
from vvvresearch.mechanisms.qca._models import Model
from vvvresearch.mechanisms.qca._standard import Pair
from vvvresearch.mechanisms.qca._table import TruthTable

Labels = Mapping[str, str | tuple[str, str]]


def model_sentence(model: Model, labels: Labels, lang: Lang) -> str:
    """One model as a sentence, with its inclusion and coverage."""
    data = model.table.data
    ways = [
        _all_of([_literal(data, place, value, labels, lang) for place, value in enumerate(cube) if value >= 0], lang)
        for cube in model.cubes
    ]
    outcome = _named(data.outcome_name, 0 if data.negated else 1, False, labels, lang)
    key = "qca.say_one" if len(ways) == 1 else "qca.say_many"
    listed = ways[0] if len(ways) == 1 else "; ".join(f"({number}) {way}" for number, way in enumerate(ways, start=1))
    fit = {"inclusion": _two(model.inclusion, lang), "coverage": _two(model.coverage, lang)}
    return Phrase(key, {"outcome": outcome, "ways": listed, "n": len(ways), **fit}).say(lang)


def counterfactual_sentences(table: TruthTable, pairs: Sequence[Pair], labels: Labels, lang: Lang) -> list[str]:
    """Each unobserved configuration that some pair assumes to be positive or refuses, with the reason."""
    easy = sorted({row for pair in pairs for row in pair.easy_counterfactuals})
    hard = sorted({row for pair in pairs for row in pair.difficult_counterfactuals} - set(easy))
    said = [Phrase("qca.say_easy", {"row": str(row), "config": _config(table, row, labels, lang)}).say(lang) for row in easy]
    return said + [Phrase("qca.say_hard", {"row": str(row), "config": _config(table, row, labels, lang)}).say(lang) for row in hard]


def _config(table: TruthTable, row: int, labels: Labels, lang: Lang) -> str:
    data = table.data
    values = (row - 1) // data.place_values % np.asarray(data.levels)
    return _all_of([_literal(data, place, int(value), labels, lang) for place, value in enumerate(values)], lang)


def _literal(data: SetData, place: int, value: int, labels: Labels, lang: Lang) -> str:
    return _named(data.conditions[place], value, data.levels[place] > 2, labels, lang)


def _named(name: str, value: int, multi_value: bool, labels: Labels, lang: Lang) -> str:
    label = labels.get(name, name)
    if multi_value:
        word = label if isinstance(label, str) else label[0]
        return Phrase("qca.say_value", {"name": word, "value": str(value)}).say(lang)
    if isinstance(label, tuple):
        return label[0] if value == 1 else label[1]
    return Phrase("qca.say_present" if value == 1 else "qca.say_absent", {"name": label}).say(lang)


def _all_of(parts: Sequence[str], lang: Lang) -> str:
    if not parts:
        return Phrase("qca.say_always").say(lang)
    if len(parts) == 1:
        return parts[0]
    return Phrase("qca.say_and", {"first": ", ".join(parts[:-1]), "last": parts[-1]}).say(lang)


def _two(value: float, lang: Lang) -> str:
    from vvvresearch.locales import format_number

    return format_number(value, 2, lang)
