"""A mention: one numeric statement of a text with its place, the nouns beside it, and what mentions of one sentence say of each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from vvvresearch.locales import Lang
from vvvresearch.statements._text import Token
from vvvresearch.statements._verbs import verb_form
from vvvresearch.statements._words import Word, function_words


@dataclass(frozen=True)
class Mention:
    """One numeric statement of a text.

    Attributes:
        kind: "percentage", "points", "ratio" (x of y), "base" (of y), "sample_size" (n = y), "count", "total", "share" (a fraction or
            quantity in words), "some", "vague", "rank", "frequency", "direction", "multiple", "comparison", "goal", "unknown", "reason",
            "cause", "span", "answered", "negation", "target", "year", "date", "reference", "duration", "money", "ordinal".
        text: the words as they stand in the source.
        start, end: offsets in the source; `line` and `column` count from 1.
        sentence: number of the sentence, from 0.
        key: the entry of the vocabulary ("half", "majority", "rise"), else empty.
        value: the number, exact; of a percentage the number before the sign, of a ratio its count, of a fraction word the fraction.
        low, high: the two ends where the text gives a range ("75-100 pct.").
        base: of a ratio the whole.
        decimals: digits printed after the decimal mark.
        modifier: the entry that qualifies the number ("over", "just_under", "at_least"), else empty.
        role: "from", "to", "by" beside a change, else empty.
        unit: the noun that is counted, as written in small letters.
        group: the noun after "blandt", "hos" or "among" in the same sentence.
        times: the years of the sentence.
        spelled: whether the number stands in letters.
        word: the vocabulary's entry with its bounds, for words.
        degree: beside a direction, its size in words ("small", "large").
    """

    kind: str
    text: str
    start: int
    end: int
    line: int
    column: int
    sentence: int
    key: str = ""
    value: Fraction | None = None
    low: Fraction | None = None
    high: Fraction | None = None
    base: Fraction | None = None
    decimals: int = 0
    modifier: str = ""
    role: str = ""
    unit: str = ""
    group: str = ""
    times: tuple[int, ...] = ()
    spelled: bool = False
    word: Word | None = None
    degree: str = ""

    def changed(self, **fields: object) -> Mention:
        """The mention with other values in some fields, as `dataclasses.replace`, which takes ten times as long."""
        made = object.__new__(Mention)
        made.__dict__.update(self.__dict__, **fields)
        return made

    @property
    def share(self) -> Fraction | None:
        """The share that is said, between 0 and 1 as a rule: of a percentage, a ratio or a fraction word."""
        if self.value is None:
            return None
        if self.kind == "percentage":
            return self.value / 100
        if self.kind == "ratio" and self.base:
            return self.value / self.base
        return self.value if self.kind == "share" else None


@dataclass(frozen=True)
class Sentence:
    """A sentence of a text: its words, its place, and the mentions in it."""

    text: str
    start: int
    end: int
    words: tuple[str, ...]
    mentions: tuple[Mention, ...]


_FROM: dict[Lang, str] = {"da": "fra", "en": "from"}
_TO: dict[Lang, str] = {"da": "til", "en": "to"}
_BY: dict[Lang, str] = {"da": "med", "en": "by"}


def _with_roles(made: list[Mention], words: Sequence[str], sentence: Sequence[Token], lang: Lang) -> list[Mention]:
    """ "fra to tredjedele til en tredjedel": which of two fraction words is the earlier one."""
    before = {sentence[at].start: words[at - 1] for at in range(1, len(sentence))}
    opened = False
    found = []
    for one in made:
        if one.kind == "share" and not one.role and before.get(one.start) == _FROM[lang]:
            one = one.changed(role="from")
        elif one.kind == "share" and opened and before.get(one.start) == _TO[lang]:
            one = one.changed(role="to")
        elif one.kind == "share" and before.get(one.start) == _BY[lang]:
            one = one.changed(role="by")
        opened = opened or one.role == "from"
        found.append(one)
    return found


_OR: dict[Lang, str] = {"da": "eller", "en": "or"}


def _or_a_little(made: list[Mention], words: Sequence[str], sentence: Sequence[Token], lang: Lang) -> list[Mention]:
    """ "fire ud af ti af de 200, eller lidt færre": more or less than the number before it, and no comparison."""
    before = {sentence[at].start: words[max(at - 2, 0) : at] for at in range(1, len(sentence))}
    found: list[Mention] = []
    for one in made:
        numbers = ("share", "ratio", "percentage", "count", "duration")
        at = next((place for place in range(len(found) - 1, -1, -1) if found[place].kind in numbers), None)
        several = one.kind == "vague" and one.text.lower() == "flere"
        compared = one.kind == "comparison" and one.word is not None
        if (compared or several) and at is not None and _OR[lang] in before.get(one.start, ()):
            more = several or (one.word is not None and one.word.sign > 0)
            # "three bags a month or fewer" ends a number; "four in ten, or a little fewer" tells it about.
            ends = ("or_more", "or_less") if found[at].kind in ("count", "duration") else ("just_over", "just_under")
            found[at] = found[at].changed(modifier=ends[0] if more else ends[1])
        else:
            found.append(one)
    return found


_AGAINST: dict[Lang, frozenset[str]] = {"da": frozenset({"mod", "imod"}), "en": frozenset({"against", "versus", "vs", "vs."})}


def _both_percent(made: list[Mention], words: Sequence[str], sentence: Sequence[Token], lang: Lang) -> list[Mention]:
    """ "fra 50 til 25 procent", "48 mod 25 pct.", "59 pct. mod de ønskede 55": the sign at one number belongs to both."""
    starts = [token.start for token in sentence]

    def paired(one: Mention, other: Mention) -> bool:
        first, last = sorted((one, other), key=lambda mention: mention.start)
        between = [word for at, word in zip(starts, words, strict=True) if first.end <= at < last.start]
        told = first.role == "from" and last.role == "to"
        return told or (between[:1] != [] and between[0] in _AGAINST[lang] and len(between) <= 3)

    found = []
    for place, one in enumerate(made):
        beside = [other for other in (*made[max(place - 1, 0) : place], *made[place + 1 : place + 2]) if other.kind == "percentage"]
        both = one.kind == "count" and any(paired(one, other) for other in beside)
        found.append(one.changed(kind="percentage", unit="") if both else one)
    return found


def in_context(made: list[Mention], words: Sequence[str], sentence: Sequence[Token], lang: Lang) -> list[Mention]:
    """Years and group of the sentence, given to each of its mentions."""
    made = _or_a_little(_with_roles(_both_percent(made, words, sentence, lang), words, sentence, lang), words, sentence, lang)
    years = tuple(int(one.value) for one in made if one.kind == "year" and one.value is not None)
    group = group_of(sentence, lang)
    kinds = {one.kind for one in made}
    # "nået" says something of a target only where one is named.
    made = [one for one in made if one.word is None or not one.word.beside or one.word.beside in kinds]
    return [one.changed(times=years, group=group) for one in made]


_OF: dict[Lang, frozenset[str]] = {"da": frozenset({"af", "blandt"}), "en": frozenset({"of", "among"})}
_AMONG: dict[Lang, frozenset[str]] = {"da": frozenset({"blandt", "hos", "iblandt"}), "en": frozenset({"among", "amongst"})}
_PHRASE_WORDS = 4
# Plurals without an ending, behind which another noun stands alone: "867 børn hjælp".
_PLURALS = frozenset({"børn", "mænd", "folk", "forældre", "unge", "ældre"})


def _continues(sentence: Sequence[Token], at: int, lang: Lang) -> bool:
    """Whether a word can belong to a noun phrase."""
    token = sentence[at]
    if token.value is not None or not token.text[0].isalpha():
        return False
    word = token.word
    if any(word in function_words(kind, lang) for kind in ("preposition", "pronoun", "determiner", "adverb")) or word in (
        "og",
        "eller",
        "and",
        "or",
        "at",
        "that",
        "end",
        "than",
        "men",
        "but",
        "out",
        "vedkommende",
        "mere",
        "mindre",
        "more",
        "less",
    ):
        return False
    form = verb_form(word, lang)
    if form in ("finite", "passive", "supine"):
        return False
    following = sentence[at + 1].word if at + 1 < len(sentence) else ""
    if form in ("past", "either", "agent", "preterite", "bare"):
        # A participle before its noun ("de adspurgte kommuner"), else a verb.
        return not (lang == "da" and word.endswith("r")) and bool(following) and following[0].isalpha() and _is_plain_noun(following, lang)
    return True


def _is_plain_noun(word: str, lang: Lang) -> bool:
    return (
        not verb_form(word, lang)
        and not any(word in function_words(kind, lang) for kind in ("preposition", "pronoun", "determiner", "adverb"))
        and word not in ("og", "and", "at", "that")
    )


def noun_after(sentence: Sequence[Token], at: int, lang: Lang) -> str:
    """The head of the noun phrase that opens at a position, or nothing: "55 adspurgte kommuner" counts "kommuner"."""
    head = ""
    for position in range(at, min(at + _PHRASE_WORDS, len(sentence))):
        if not _continues(sentence, position, lang):
            break
        word = sentence[position].word
        if position == at and _acts_at_once(sentence, at, lang):
            break
        if lang == "en" and head.endswith("s") and not head.endswith("ss") and not word.endswith("s"):
            # "municipalities cite": a plural is the last noun of its phrase.
            break
        if head and verb_form(word, lang) in ("either", "agent", "bare", "past", "preterite"):
            break
        head = word
        if lang == "da" and (not word.endswith(("e", "å")) or word.endswith(("erne", "ene", "ere")) or word in _PLURALS):
            # Behind a number an adjective or a participle ends in -e, and two nouns do not stand beside each other.
            break
    return head


def _acts_at_once(sentence: Sequence[Token], at: int, lang: Lang) -> bool:
    """Whether the word behind a number other than one is what so many do: "96 taler dansk", "96 speak Danish"."""
    value = sentence[at - 1].value if at else None
    form, word = verb_form(sentence[at].word, lang), sentence[at].word
    plural = word.endswith("s") if lang == "en" else not word.endswith("er") or word.endswith(("ere", "ner"))
    return value is not None and value != 1 and form in (("agent",) if lang == "da" else ("bare", "either")) and not plural


def unit_of_share(sentence: Sequence[Token], at: int, lang: Lang) -> str:
    """The noun of whom a share is told: "halvdelen af de 55 kommuner", "60 pct. af lederne", "alle kommuner"."""
    position = at
    if position < len(sentence) and sentence[position].text in "),":
        position += 1
    direct = position < len(sentence) and sentence[position].word not in _OF[lang]
    if not direct:
        position += 1
    skipped = 0
    while (
        position < len(sentence)
        and skipped < 4
        and (
            sentence[position].value is not None
            or sentence[position].word in ("de", "the", "alle", "all", "disse", "these", "those", "dem", "alt", "vores", "our", "samtlige")
            or [token.word for token in sentence[position : position + 2]] == ["i", "alt"]
        )
    ):
        position += 1
        skipped += 1
    return noun_after(sentence, position, lang)


def group_of(sentence: Sequence[Token], lang: Lang) -> str:
    """The noun after "blandt", "hos" or "among"."""
    for at, token in enumerate(sentence):
        if token.word in _AMONG[lang]:
            position = at + 1
            while position < len(sentence) and (
                sentence[position].value is not None or sentence[position].word in ("de", "the", "alle", "all", "those")
            ):
                position += 1
            return noun_after(sentence, position, lang)
    return ""
