"""How much the words of two tellings say that they are of one fact."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from vvvresearch.audit._told import Told
from vvvresearch.audit._words import common, heard, stem, word_list
from vvvresearch.locales import LANGUAGES

# The most that one word can give, in bits, and what a year costs that only one of two tellings names.
_WORD, _UNDATED = 5.0, 2.0


@dataclass(frozen=True)
class Weights:
    """How much, in bits, each word says."""

    bits: dict[str, float]

    def of(self, words: frozenset[str]) -> float:
        """The bits of a set of words."""
        return math.fsum(self.bits.get(word, _WORD) for word in words)


def weights_of(told: Sequence[Told]) -> Weights:
    """The words of some tellings by how few of them have each; words of a scale and of targets say nothing."""
    holders = {id(one.said) if one.said is not None else id(one.row): one.around for one in told}
    counts = Counter(word for words in holders.values() for word in words)
    total = len(holders) + 1
    scale = frozenset(stem(word, lang) for lang in LANGUAGES for word in word_list("scale", lang))
    # That a number is a target says nothing of what it is a target for.
    silent = scale | {stem(word, lang) for lang in LANGUAGES for word in _AIMS[lang]}
    counts = Counter({word: count for word, count in counts.items() if word not in silent})
    return Weights({**dict.fromkeys(silent, 0.0), **_rare(counts, total)})


_AIMS = {"da": ("mål", "målet", "målsætning", "forventet"), "en": ("target", "goal", "aim", "expected")}


def _rare(counts: Counter[str], total: int) -> dict[str, float]:
    return {word: min(_WORD, math.log2(total / (count + 0.5)) if count < total / 2 else 0.0) for word, count in counts.items()}


def context_bits(one: Told, other: Told, weights: Weights) -> float:
    """What the words say: those of both, less those that each has alone."""
    shared = common(one.words, other.around)
    more = common(other.words, one.around)
    alone = weights.of(one.words - shared), weights.of(other.words - more)
    for told, rest in ((one, alone[0]), (other, alone[1])):
        if told.row is not None and rest > 0 and not told.words <= shared | more:
            # A cell is meant only where its row is named in all its words.
            label = told.words
            if sum(heard(word, (other if told is one else one).around) for word in label) < 0.75 * len(label):
                return -20.0
    both = weights.of(frozenset(word for word in shared | more if word in weights.bits))
    undated = _UNDATED if bool(one.years) != bool(other.years) else 0.0
    return both - 0.6 * min(alone) - 0.15 * max(alone) - undated
