"""Solutions and counterfactuals in words: sentences that are put together now and said in the reader's language later."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from vvvresearch.locales import Joined, Phrase, Sayable, Written
from vvvresearch.mechanisms.qca._data import SetData
from vvvresearch.mechanisms.qca._models import Model
from vvvresearch.mechanisms.qca._standard import Pair
from vvvresearch.mechanisms.qca._table import TruthTable

Said = str | Sayable
# Words for a condition or outcome: its presence, or (presence, absence).
Words = Mapping[str, Said | tuple[Said, Said]]


def model_sentence(model: Model, words: Words, of: int = 1) -> Sayable:
    """One model as a sentence, with its inclusion and coverage, and that it is one of several."""
    data = model.table.data
    ways = [_all_of([_literal(data, place, value, words) for place, value in enumerate(cube) if value >= 0]) for cube in model.cubes]
    outcome = _named(data.outcome_name, 0 if data.negated else 1, False, words)
    numbered = tuple(Joined((f"({number}) ", way), "") for number, way in enumerate(ways, start=1))
    listed = ways[0] if len(ways) == 1 else Joined(numbered, "; ")
    fit = {"inclusion": Written(model.inclusion, decimals=2), "coverage": Written(model.coverage, decimals=2)}
    key = "qca.say_one" if len(ways) == 1 else "qca.say_many"
    sentence = Phrase(key, {"outcome": outcome, "ways": listed, "n": len(ways), **fit})
    return Joined((sentence, Phrase("qca.one_of_models", {"n": of})), " ") if of > 1 else sentence


def counterfactual_sentences(table: TruthTable, pairs: Sequence[Pair], words: Words) -> Iterator[tuple[str, int, Phrase]]:
    """Each unobserved configuration that some pair assumes to be positive ("assumed") or refuses ("refused"), with its row."""
    easy = sorted({row for pair in pairs for row in pair.easy_counterfactuals})
    hard = sorted({row for pair in pairs for row in pair.difficult_counterfactuals} - set(easy))
    for state, rows in (("assumed", easy), ("refused", hard)):
        for row in rows:
            yield state, row, Phrase(f"qca.say_{state}", {"row": str(row), "config": _config(table, row, words)})


def _config(table: TruthTable, row: int, words: Words) -> Said:
    data = table.data
    values = (row - 1) // data.place_values % np.asarray(data.levels)
    return _all_of([_literal(data, place, int(value), words) for place, value in enumerate(values)])


def _literal(data: SetData, place: int, value: int, words: Words) -> Said:
    return _named(data.conditions[place], value, data.levels[place] > 2, words)


def _named(name: str, value: int, multi_value: bool, words: Words) -> Said:
    label = words.get(name, name)
    if multi_value:
        return Phrase("qca.say_value", {"name": label[0] if isinstance(label, tuple) else label, "value": str(value)})
    if isinstance(label, tuple):
        return label[0] if value == 1 else label[1]
    return Phrase("qca.say_present" if value == 1 else "qca.say_absent", {"name": label})


def _all_of(parts: Sequence[Said]) -> Said:
    if not parts:
        return Phrase("qca.say_always")
    return parts[0] if len(parts) == 1 else Phrase("qca.say_and", {"first": Joined(tuple(parts[:-1])), "last": parts[-1]})
