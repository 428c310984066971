"""Danish words and sentences, without any download: Punkt with its own abbreviations, lemmas with stems as a fallback."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources
from typing import Any


def _word_list(name: str) -> frozenset[str]:
    place = resources.files("vvvresearch.themes") / "data" / "danish.toml"
    return frozenset(tomllib.loads(place.read_text(encoding="utf-8"))[name].split())


ABBREVIATIONS = _word_list("abbreviations")
STOP_WORDS = _word_list("stop_words")
NEGATIONS = _word_list("negations")
WORD = re.compile(
    r"\d+(?:[.,]\d+)*\s?%|\d+(?:[.,:]\d+)*"  # 7.173, 3,5, 12:30, 56 %
    r"|(?:[^\W\d_]\.){2,}[^\W\d_]?\.?|(?:bl|f|d|m|o|p|h|v|i)\.[a-zæøå]+\.?"  # bl.a., f.eks., m.fl.
    r"|[^\W\d_]+(?:['’\-][^\W\d_]+)*['’]?"
)


@cache
def _sentences() -> Any:
    from nltk.tokenize.punkt import PunktParameters, PunktSentenceTokenizer

    parameters = PunktParameters()
    parameters.abbrev_types = set(ABBREVIATIONS)
    return PunktSentenceTokenizer(parameters)


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """The sentences of a text as (start, end) in code points; a line break ends a sentence.

    Example:
        >>> sentence_spans("Hun fik bl.a. hjælp. Det var godt.")
        [(0, 20), (21, 34)]
    """
    spans = []
    for line in re.finditer(r"[^\r\n]+", text):
        spans += [(line.start() + start, line.start() + end) for start, end in _sentences().span_tokenize(line[0])]
    return spans


def words(text: str) -> list[str]:
    """The words of a text; numbers ("7.173", "56 %") and abbreviations ("bl.a.") stay whole.

    Example:
        >>> words("Ca. 7.173 flygtninge, bl.a. børn.")
        ['Ca', '7.173', 'flygtninge', 'bl.a.', 'børn']
    """
    return WORD.findall(text)


@cache
def lemma(word: str) -> str:
    """The dictionary form of a Danish word, else its Snowball stem.

    Example:
        >>> lemma("venner"), lemma("kommunerne")
        ('ven', 'kommune')
    """
    import simplemma
    from nltk.stem.snowball import DanishStemmer

    lowered = word.lower()
    if simplemma.is_known(lowered, lang="da"):
        found: str = simplemma.lemmatize(lowered, lang="da")
        return found.lower()
    stemmed: str = DanishStemmer().stem(lowered)
    return stemmed


def content_words(text: str) -> list[str]:
    """Dictionary forms of a text's words without stop words and numbers; negations stay.

    Example:
        >>> content_words("Det var ikke en god ven")
        ['ikke', 'god', 'ven']
    """
    found = [word.lower() for word in words(text) if word[0].isalpha()]
    return [lemma(word) if word not in NEGATIONS else word for word in found if word not in STOP_WORDS]
