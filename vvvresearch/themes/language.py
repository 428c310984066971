"""Danish language tools on nltk that need no download: sentences, words, stems, concordance, collocations, keyness, dispersion.

There is no sentiment: word lists score "ikke godt" as positive.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections import Counter
from functools import cache, lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import pandas as pd

from vvvresearch.errors import AnalysisError
from vvvresearch.locales import Phrase
from vvvresearch.results import Base, Column, Result

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from vvvresearch.evidence import Codings, Interviews


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
    return list(_spans(text))


@lru_cache(maxsize=2048)
def _spans(text: str) -> tuple[tuple[int, int], ...]:
    # A round's transcripts are cut by every analysis that counts sentences.
    lines = ((line.start(), line[0]) for line in re.finditer(r"[^\r\n]+", text))
    return tuple((at + start, at + end) for at, line in lines for start, end in _sentences().span_tokenize(line))


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


__all__ = ["collocations", "concordance", "content_words", "dispersion", "keyness", "lemma", "own_speech", "sentence_spans", "words"]


def concordance(texts: Mapping[str, str], word: str, *, width: int = 40, lemmas: bool = True) -> Result:
    """Keyword in context: every place of a word with what stands before and after it.

    Args:
        texts: source → text.
        word: the word; with `lemmas` every form of it.
        width: characters of context on each side.
        lemmas: match dictionary forms.

    Returns:
        Result; .frame: source, start, before, keyword, after.

    Example:
        >>> found = concordance({"a": "Vi snakker sammen. Hun snakkede dansk."}, "snakke")
        >>> found.frame["keyword"].tolist()
        ['snakker', 'snakkede']
    """
    wanted = lemma(word) if lemmas else word.lower()
    rows = []
    for source, text in texts.items():
        for match in WORD.finditer(text):
            if (lemma(match[0]) if lemmas else match[0].lower()) != wanted:
                continue
            before = " ".join(text[max(0, match.start() - width) : match.start()].split())
            after = " ".join(text[match.end() : match.end() + width].split())
            rows.append((source, match.start(), before, match[0], after))
    frame = pd.DataFrame(rows, columns=["source", "start", "before", "keyword", "after"])
    columns = tuple(Column(name, Phrase(f"language.{name}")) for name in ("source", "before", "keyword", "after"))
    return Result(frame=frame, base=Base(len(texts), "source"), title=Phrase("language.concordance", {"word": word}), shows=columns)


def collocations(texts: Iterable[str], *, window: int = 2, least: int = 3, most: int = 50) -> Result:
    """Pairs of words that stand together more often than their frequencies explain (log-likelihood ratio).

    Args:
        texts: the texts; pairs do not cross sentences.
        window: how many words wide a pair may be, 2 is neighbours.
        least: fewest occurrences.
        most: rows kept.

    Returns:
        Result; .frame: first, second, count, log_likelihood.

    Example:
        >>> found = collocations(["Nadir fandt et fast arbejde. Fast arbejde giver ro."], least=2)
        >>> found.frame[["first", "second", "count"]].values.tolist()
        [['fast', 'arbejde', 2]]
    """
    from nltk.collocations import BigramAssocMeasures, BigramCollocationFinder

    documents = [content_words(text[start:end]) for text in texts for start, end in sentence_spans(text)]
    if not any(documents):
        raise AnalysisError("there are no words to look at")
    # The finder passes over None, so that no pair reaches from one sentence into the next.
    apart = [word for document in documents for word in (*document, *[None] * (window - 1))]
    finder = BigramCollocationFinder.from_words(apart, window_size=window)
    finder.apply_freq_filter(least)
    scored = finder.score_ngrams(BigramAssocMeasures.likelihood_ratio)
    rows = [(first, second, finder.ngram_fd[first, second], score) for (first, second), score in scored if first and second][:most]
    frame = pd.DataFrame(rows, columns=["first", "second", "count", "log_likelihood"])
    columns = (
        Column("first", Phrase("language.first")),
        Column("second", Phrase("language.second")),
        Column("count", Phrase("common.n"), "count"),
        Column("log_likelihood", Phrase("language.log_likelihood"), "number", 1),
    )
    n_words = sum(len(document) for document in documents)
    return Result(frame=frame, base=Base(n_words, "unit"), title=Phrase("language.collocations"), shows=columns)


def keyness(target: Iterable[str], comparison: Iterable[str], *, least: int = 3, most: int = 50) -> Result:
    """Words that one group uses more, or less, than another: log-likelihood with the log ratio as effect size.

    Args:
        target, comparison: the texts of two groups (leave out speech through an interpreter: `own_speech`).
        least: fewest occurrences in both together.
        most: rows kept, largest log-likelihood first.

    Returns:
        Result; .frame: word, n_target, n_comparison, per_10000_target, per_10000_comparison, log_likelihood (Dunning 1993; 3.84 is
        the 5 % point of one comparison), log_ratio (binary log of the ratio of relative frequencies, zero counts as one half).

    Example:
        >>> keyness(["dansk dansk dansk"], ["job job job"], least=3).frame[["word", "n_target", "n_comparison"]].values.tolist()
        [['dansk', 3, 0], ['job', 0, 3]]
    """
    one, other = Counter(word for text in target for word in content_words(text)), Counter(w for t in comparison for w in content_words(t))
    size_one, size_other = sum(one.values()), sum(other.values())
    if not size_one or not size_other:
        raise AnalysisError("one of the groups has no words", why="keyness compares two groups")
    rows = []
    for word in set(one) | set(other):
        a, b = one[word], other[word]
        if a + b < least:
            continue
        expected_a = size_one * (a + b) / (size_one + size_other)
        expected_b = size_other * (a + b) / (size_one + size_other)
        likelihood = 2 * ((a * math.log(a / expected_a) if a else 0.0) + (b * math.log(b / expected_b) if b else 0.0))
        ratio = math.log2(((a or 0.5) / size_one) / ((b or 0.5) / size_other))
        rows.append((word, a, b, 10_000 * a / size_one, 10_000 * b / size_other, likelihood, ratio))
    fields = ["word", "n_target", "n_comparison", "per_10000_target", "per_10000_comparison", "log_likelihood", "log_ratio"]
    frame = pd.DataFrame(rows, columns=fields).sort_values(["log_likelihood", "word"], ascending=[False, True]).head(most)
    columns = (
        Column("word", Phrase("language.word")),
        Column("n_target", Phrase("language.n_target"), "count"),
        Column("n_comparison", Phrase("language.n_comparison"), "count"),
        Column("log_likelihood", Phrase("language.log_likelihood"), "number", 1),
        Column("log_ratio", Phrase("language.log_ratio"), "number", 2),
    )
    return Result(
        frame=frame.reset_index(drop=True),
        base=Base(size_one + size_other, "unit"),
        title=Phrase("language.keyness"),
        notes=(Phrase("language.keyness_note"),),
        shows=columns,
    )


def dispersion(texts: Mapping[str, str], *, least: int = 3, most: int = 100) -> Result:
    """How evenly words are spread over texts: Gries' DP, 0 where a word follows the texts' sizes, near 1 where one text holds all.

    Args:
        texts: source → text.
        least: fewest occurrences.
        most: rows kept, most frequent first.

    Returns:
        Result; .frame: word, count, texts (how many hold it), dp (Gries 2008, normalised by Lijffijt & Gries 2012).

    Example:
        >>> texts = {"a": "Vi griner meget sammen. Vi taler meget sammen.", "b": "Hun taler dansk hver dag."}
        >>> dispersion(texts, least=2).frame[["word", "count", "texts"]].values.tolist()
        [['sammen', 2, 1], ['tale', 2, 2]]
    """
    counts = {source: Counter(content_words(text)) for source, text in texts.items()}
    sizes = {source: sum(own.values()) for source, own in counts.items()}
    total = sum(sizes.values())
    if not total:
        raise AnalysisError("there are no words to look at")
    shares = {source: size / total for source, size in sizes.items() if size}
    overall = sum(counts.values(), Counter())
    smallest = min(shares.values())
    rows = []
    for word, count in overall.items():
        if count < least:
            continue
        spread = sum(abs(counts[source][word] / count - share) for source, share in shares.items()) / 2
        normalised = spread / (1 - smallest) if smallest < 1 else 0.0
        rows.append((word, count, sum(1 for own in counts.values() if own[word]), normalised))
    frame = pd.DataFrame(rows, columns=["word", "count", "texts", "dp"]).sort_values(["count", "word"], ascending=[False, True])
    columns = (
        Column("word", Phrase("language.word")),
        Column("count", Phrase("common.n"), "count"),
        Column("texts", Phrase("language.texts"), "count"),
        Column("dp", Phrase("language.dp"), "number", 2),
    )
    return Result(
        frame=frame.head(most).reset_index(drop=True),
        base=Base(len(texts), "source"),
        title=Phrase("language.dispersion"),
        notes=(Phrase("language.dispersion_note"),),
        shows=columns,
    )


def own_speech(codings: Codings, interviews: Interviews, respondent_group: str | None = None) -> dict[str, str]:
    """The texts of interviews held without an interpreter: an interpreter's words are not the interviewee's.

    Args:
        codings: holds the texts.
        interviews: the register.
        respondent_group: one group only.

    Returns:
        Source → text.

    Example:
        >>> import vvvresearch as vvv
        >>> r = vvv.open_round("demo")
        >>> len(own_speech(r.codings, r.interviews, "refugee"))
        17
    """
    register = interviews.frame
    direct = ~register["interpreter"].fillna(False).astype(bool)
    chosen = register[direct & ((register["respondent_group"] == respondent_group) if respondent_group else True)]
    return {source: codings.texts[source] for source in chosen["source"] if source in codings.texts}
