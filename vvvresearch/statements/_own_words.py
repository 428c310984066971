"""Which words of a sentence are its row's own, by their stems, and so claim nothing: of the question, of another answer, of the group."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from vvvresearch.locales import Lang
from vvvresearch.statements._clauses import clauses
from vvvresearch.statements._mention import Mention
from vvvresearch.statements._mentions import mentions
from vvvresearch.statements._numbers import number_words
from vvvresearch.statements._verbs import verb_form
from vvvresearch.statements._words import conjunctions, function_words, grammar

if TYPE_CHECKING:
    from vvvresearch.statements._row import Row
    from vvvresearch.statements._statement import Statement


_THERE = re.compile(r"\bder\s+(?:er|blev|er blevet|var)\s+(?:\w+\s+)?$|\b(?:were|have been|has been|was)\s+$", re.IGNORECASE)
_BY_WHAT = re.compile(r"\b(?:af|by)\s+(?!de\s+\d|the\s+\d|\d)", re.IGNORECASE)
_SHORT_OF = re.compile(r"\s+(?:\S+\s+){0,4}short\b", re.IGNORECASE)
# Words that make more or fewer of those counted, and nothing of what they were asked.
_OF_MANY = frozenset({"flere", "færre", "oftere", "sjældnere", "fewer"})
_WORD = re.compile(r"[^\W\d_]+")
# Kinds of words that a question may hold and an answer repeat.
_LENT = frozenset({"comparison", "direction", "frequency", "cause", "vague", "multiple", "some"})
_COUNTED = frozenset({"count", "ratio", "percentage", "share", "base", "total", "some"})


_TO = re.compile(r"\s+(?:to|til) (?!that|at\b)", re.IGNORECASE)
_ANSWERS = re.compile(r"\b(?:say|says|said|answer|answers|answered|reply|replied)\s+$", re.IGNORECASE)


def is_own(statement: Statement, mention: Mention, found: Sequence[Mention]) -> bool:
    """Whether a mention is a word of the row's own.

    Args:
        statement: the sentence and its row.
        mention: one of its numeric statements.
        found: all of them.
    """
    alone = (_lent, _did_so, _asked_number, _falls_short, _only_made, _both_sides, _lacking, _asked_for, _other_answer)
    ranked = statement.row.titled or (statement.row.several and any(one.kind == "rank" for one in found))
    if mention.kind == "cause" and statement.row.told:
        # What leads to what is what those counted said.
        return True
    if mention.kind == "cause" and ranked and mention.text.lower().split()[-1] in _REASONS:
        # "The reason given most often" names an answer.
        return True
    return any(told(statement, mention) for told in alone) or _done(statement, mention, found)


def _asked_number(statement: Statement, mention: Mention) -> bool:
    """Whether a number is the question's own: "more than one trip a week" of those who were asked for more than one."""
    row = statement.row
    if mention.kind not in ("count", "duration") or row.count is None or not row.about or mention.value == row.count:
        return False
    said = _LIMIT.sub("", mention.text.lower()).strip()
    if said.isdigit() and any(re.search(rf"(?<!\w){said}(?!\w)", label) for label in row.labels):
        # "33 of 101 are 60 or older" of the answer "60+".
        return True
    if row.siblings:
        return re.search(rf"(?<!\w){re.escape(said)}(?!\w)", row.about[0].lower()) is not None
    # Beside another number the noun must be the question's too: "25 metres", and not "25 swimmers".
    noun = _WORD.match(statement.read[mention.end :].strip().lower())
    target = row.goal is not None and mention.value in (row.goal.target, row.goal.target * 100)
    own = {root(word, statement.lang) for name in (*row.unit, *row.group) for word in _WORD.findall(name.lower())}
    if noun is None or target or root(noun[0], statement.lang) in own:
        return False
    return any(re.search(rf"(?<!\w){re.escape(said)}\s+{noun[0]}(?!\w)", about.lower()) for about in row.about)


def _other_answer(statement: Statement, mention: Mention) -> bool:
    """Whether a word is another answer's own: "som svarer sjældnere"."""
    if mention.key == "none" and _ANSWERS.search(statement.read[: mention.start]):
        # "40 said no" is the other answer.
        return any(name.lower() == mention.text.lower() for other in statement.row.siblings for name in other.names)
    if mention.kind not in _LENT | {"negation"}:
        return False
    said = [
        (at, at + len(name)) for other in statement.row.siblings for name in other.names for at in statement.names((name,)) if len(name) > 1
    ]
    return any(start <= mention.start and mention.end <= end for start, end in said)


def _did_so(statement: Statement, mention: Mention) -> bool:
    # "70 procent har gjort det" leads back to a deed, and makes nothing.
    return mention.kind == "cause" and mention.text.lower() == "har gjort" and _IT.match(statement.read, mention.end) is not None


_IT = re.compile(r"\s+(?:det|dette|sådan)\W*$", re.IGNORECASE)


def _both_sides(statement: Statement, mention: Mention) -> bool:
    # "mellem de to grupper": the two sides, and no number of those counted.
    before = statement.read[: mention.start].lower().split()[-1:]
    return mention.kind == "count" and mention.value == 2 and statement.row.side is not None and before in (["de"], ["the"])


def _only_made(statement: Statement, mention: Mention) -> bool:
    # "der blev skabt 128 nye venskaber": nothing is said to have made them.
    made = mention.kind == "cause" and mention.text.lower() in ("skabt", "created")
    return made and _THERE.search(statement.read[: mention.start]) is not None and _BY_WHAT.search(statement.read, mention.end) is None


def _falls_short(statement: Statement, mention: Mention) -> bool:
    # "fell 22 short of its target" is said of the goal, and no change.
    return mention.kind == "direction" and statement.row.goal is not None and _SHORT_OF.match(statement.read, mention.end) is not None


def _lacking(statement: Statement, mention: Mention) -> bool:
    # "25 mangler frivillige" is an answer, not a goal.
    return mention.kind == "goal" and mention.key == "short" and statement.row.goal is None


def _lent(statement: Statement, mention: Mention) -> bool:
    """Whether a word belongs to what was asked: "har lært mere dansk" where the question is "Har du lært mere dansk?"."""
    if mention.kind not in _LENT or not statement.row.about:
        return False
    if mention.kind in ("frequency", "cause") and stems((mention.text,), statement.lang) & stems(statement.row.about, statement.lang):
        return True
    asked = _WORD.findall(" ".join(statement.row.about).lower())
    behind = _WORD.findall(statement.read[mention.end :].lower())[:1]
    if not behind or not set(_WORD.findall(mention.text.lower())) <= set(asked):
        return False
    return any(word == behind[0] and asked[place - 1] in mention.text.lower().split() for place, word in enumerate(asked) if place)


_REASONS = frozenset({"reason", "årsag", "årsagen"})
_LIMIT = re.compile(
    r"^(?:(?:no|not|ikke) )?(?:(?:mere|flere|mindre) end|over|under|mindst|højst|(?:more|less|fewer) than|at (?:least|most))\b"
)
_BOTH: tuple[Lang, ...] = ("da", "en")
_BECAME = re.compile(
    r"\b(?:become|became|becoming|got|gotten|get|feel|felt|blevet|bliver|blive|fået|får|føler)\s+(?:\w+\s+)?$", re.IGNORECASE
)


def _asked_signs(statement: Statement) -> frozenset[int]:
    """Which way the question itself goes: "Har du fået større tillid?" asks for more of it."""
    # A question may be there in the other language only.
    return _signs(statement.row.about, *_BOTH) - {0}


def answer_signs(row: Row, lang: Lang) -> tuple[frozenset[int], frozenset[int]]:
    """Which way a row's own answer goes, and those beside it: "higher", "lower" and "unchanged" of who moved."""
    return _signs(row.labels, lang), _signs([name for one in row.siblings for name in one.names], lang)


def _signs(texts: Iterable[str], *langs: Lang) -> frozenset[int]:
    read = (one for words in texts for lang in langs for one in mentions(words, lang))
    found = (one.word for one in read if one.kind in ("direction", "comparison"))
    return frozenset(word.sign for word in found if word is not None and word.sign in (1, 0, -1))


def _asked_for(statement: Statement, mention: Mention) -> bool:
    """Whether a word of more or less says what each of those counted was asked: "hos 105 af de 150 er tilliden vokset"."""
    if mention.kind not in ("direction", "comparison") or mention.word is None:
        return False
    if statement.row.side is not None:
        # "the share who have become better at Danish has doubled": what each became is what was asked.
        became = mention.kind == "comparison" and _BECAME.search(statement.read[: mention.start]) is not None
        return became and mention.word.sign in _asked_signs(statement)
    if any(answer_signs(statement.row, statement.lang)):
        # The answers themselves say who moved which way.
        return False
    counts = mention.text.lower().split()[0] in _OF_MANY or any(word in statement.words for word in grammar("counted_more", statement.lang))
    return mention.word.sign in _asked_signs(statement) and not counts and not statement.looks_back


def _done(statement: Statement, mention: Mention, found: Iterable[Mention]) -> bool:
    """Whether a word of more or less says what those counted did: "14 af 48 kommuner har udvidet indsatsen"."""
    if mention.kind != "direction" or statement.row.side is not None or statement.row.count is None or statement.looks_back:
        return False
    own = [one for one in clauses(statement.read, statement.lang) if one.start <= mention.start < one.end and one.verb]
    if not own or own[0].verb.lower() not in grammar("having", statement.lang):
        return False
    verb = statement.read.find(own[0].verb, own[0].start)
    return any(one.kind in _COUNTED and own[0].start <= one.start < verb < mention.start for one in found)


_LONG_WORD = re.compile(r"[^\W\d_]{3,}")
_STEM = 5
_ENDINGS = ("ernes", "erne", "eres", "ere", "enes", "ene", "ers", "ing", "er", "en", "et", "ed", "es", "ne", "e", "s", "n", "t")


def stems(words: Iterable[str], lang: Lang) -> frozenset[str]:
    """What is left of words without endings, and without those that every question has."""
    general = grammar("general", lang) | function_words("determiner", lang) | function_words("preposition", lang)
    general |= function_words("pronoun", lang) | function_words("adverb", lang) | conjunctions("subordinate", lang)
    general |= conjunctions("always", lang) | conjunctions("maybe", lang)
    spoken = (word for text in words for word in _LONG_WORD.findall(text.lower()) if word not in general)
    return frozenset(_stem(word) for word in spoken if not _is_number(word, lang))


@lru_cache
def opposites(lang: Lang) -> tuple[tuple[frozenset[str], frozenset[str]], ...]:
    """Pairs of words that deny each other, as stems."""
    sides = (entry.split(" | ") for entry in sorted(grammar("opposites", lang)))
    return tuple((stems(one.split(), lang), stems(other.split(), lang)) for one, other in sides)


@lru_cache(maxsize=4096)
def _is_number(word: str, lang: Lang) -> bool:
    # "tre er i tvivl" is not of "en til tre gange".
    return number_words([word], 0, lang)[1] is not None


def _stem(word: str) -> str:
    # A single letter is an ending of long words only: "tøft" and "meet" are whole.
    ending = next(
        (one for one in _ENDINGS if word.endswith(one) and len(word) - len(one) >= (3 if len(one) > 1 or one in "es" else _STEM)), ""
    )
    stem = word.removesuffix(ending)
    # "cykler" is of "cykel".
    stem = f"{stem[:-2]}l" if stem.endswith("el") and len(stem) >= _STEM and stem[-3] not in "aeiouyæøå" else stem
    # "venner" is of "ven".
    doubled = ending and len(stem) > _STEM - 2 and stem[-1] == stem[-2] and stem[-1] not in "aeiouyæøå"
    return (stem[:-1] if doubled else stem)[:_STEM]


# Endings that inflect a word, and those that make a noun or an adjective of it: "følelsen" is of "føler", "membership" of "member".
_ENDED: dict[Lang, re.Pattern[str]] = {
    "da": re.compile(
        r"^(?:(.{3,}?)(?:ernes|erne|enes|ene|ens|ets|edes|ede|ende|este|ere|ers|est|er|en|et|es|(?<=[åoyøi])r|e|ning|ing|elser?|els|ation|hed|skab|lig|ig)"
        r"|(.{4,}?)(?:te|t|s))$"
    ),
    "en": re.compile(r"^(?:(.{3,}?)(?:ing|ied|ies|ed|es|e|s|ments?|ship|ness|ation|ion|ance|ence|ity|ure|al|age|ers?|ly|y|i))$"),
}
# No word is cut to less.
_WHOLE = 3
_VOWELS = "aeiouyæøå"


@lru_cache(maxsize=8192)
def root(word: str, lang: Lang) -> str:
    """A word without its endings, not cut short, so that two words have one root only where they may be of one word.

    Example:
        >>> {root(word, "da") for word in ("henviser", "henvist", "henvisningerne")}, root("bibliotekaren", "da")
        ({'henvi'}, 'bibliotekar')
    """
    found = word.lower()
    if lang == "da" and re.fullmatch(r"\w{3}te?", found) and verb_form(found, lang) in ("supine", "past"):
        # "lært" and "lærte" are of "lære", and "vent" is whole.
        return found[:_WHOLE]
    while (ended := _ENDED[lang].match(found)) is not None:
        found = ended[1] or ended[ended.lastindex or 1]
        if len(found) > _WHOLE and found[-1] == found[-2] and found[-1] not in _VOWELS:
            # "venner" is of "ven".
            found = found[:-1]
    if lang == "da" and _SYNCOPE.search(found):
        # "vågne" is of "vågen", "cykler" of "cykel", "sikre" of "sikker".
        return root(f"{found[:-1]}e{found[-1]}", lang)
    return found


_SYNCOPE = re.compile(r"..[^aeiouyæøålnr][lnr]$")
