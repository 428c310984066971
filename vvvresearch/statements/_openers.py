"""Whether a word or sign of a sentence opens a clause: conjunctions, dashes, and commas before a new subject and its verb."""

from __future__ import annotations

from collections.abc import Sequence

from vvvresearch.locales import Lang
from vvvresearch.statements._bare_clauses import BACK, PERSONS, RELATIVE, SAYING, SHORT, main_after_comma, stretch
from vvvresearch.statements._text import Token
from vvvresearch.statements._verbs import verb_form
from vvvresearch.statements._words import conjunctions, function_words, grammar, knowing, knows

_DASHES = frozenset("–—")
BREAKS = frozenset(";:")
_QUESTION_AFTER_WHERE = grammar("after_where")


def opens(sentence: Sequence[Token], at: int, verbs: Sequence[int], lang: Lang) -> bool:
    """Whether a clause of its own begins at a word or sign.

    Args:
        sentence: its words and signs.
        at: the place of one of them.
        verbs: the places of the finite verbs.
        lang: the language.
    """
    token = sentence[at]
    word = token.word
    if word in BREAKS or (word in _DASHES or (word == "-" and _spaced(sentence, at))):
        _, verb = stretch(sentence, at, verbs)
        # What stands between two dashes and has no verb is an insertion.
        return verb is not None and (word in BREAKS or not _insertion(sentence, at, verb, verbs, lang))
    if word in conjunctions("always", lang):
        return _coordinates(sentence, at, verbs, lang)
    if word in conjunctions("maybe", lang):
        return _maybe_opens(sentence, at, verbs, lang)
    if word == ",":
        return main_after_comma(sentence, at, verbs, lang)
    return False


def _there(sentence: Sequence[Token], at: int, words: Sequence[str], verb: int) -> bool:
    """ "og der er sket": Danish "der" as the subject of a new clause, where no relative clause is being taken up again."""
    return list(words) == ["der"] and verb == at + 2 and not any(token.word in ("der", "som") for token in sentence[:at])


def _insertion(sentence: Sequence[Token], at: int, verb: int, verbs: Sequence[int], lang: Lang) -> bool:
    """Whether a dash opens or closes an insertion, or joins two numbers, and no clause."""
    words = [token.word for token in sentence[at + 1 : verb]]
    if sentence[at - 1].value is not None and sentence[at + 1].value is not None:
        return True
    earlier = [other for other in range(at) if sentence[other].word in _DASHES | {"-"} and _spaced(sentence, other)]
    if earlier and not any(earlier[-1] < other < at for other in verbs):
        return True
    if words[:1] and words[0] in ("om", "whether"):
        return not _new_main(sentence, verb, verbs, lang)
    if _there(sentence, at, words, verb):
        return False
    if any(other in RELATIVE[lang] for other in words):
        return not _claimed_but_main(sentence, at, verb, verbs, lang)
    return verb == at + 1 or any(other in _DASHES | {"-", "såvel", "herunder"} for other in words)


def _spaced(sentence: Sequence[Token], at: int) -> bool:
    return 0 < at < len(sentence) - 1 and sentence[at - 1].end < sentence[at].start and sentence[at].end < sentence[at + 1].start


_ASKING = grammar("asking")


_AMOUNTS = grammar("amounts")


# The subject of an English "for" clause, at most.
_LONG = 10


def _coordinates(sentence: Sequence[Token], at: int, verbs: Sequence[int], lang: Lang) -> bool:
    """Whether a conjunction joins clauses: a finite verb follows before a relative word or another conjunction claims it."""
    words, verb = stretch(sentence, at, verbs)
    if verb is None:
        return False
    word = sentence[at].word
    if "/" in (sentence[at - 1].text, sentence[at + 1].text) or sentence[at - 1].text in ("-", "‐"):
        # "af- eller bekræftes": two halves of one word.
        return False
    if word in ("hvilket", "which"):
        return sentence[at - 1].word not in function_words("preposition", lang)
    if sentence[at - 1].word in ("at", "that", "whether", "and", "or", "but", "og", "eller", "men", *_ASKING):
        # "hvor og hvilke former": two words that open one clause.
        return False
    if word in ("hvorfor", "hvorefter", "hvorved", "hvoraf", "ligesom"):
        return sentence[at - 1].text == "," and (word != "ligesom" or verb - at < SHORT)
    if word in ("eller", "or") and verb == at + 1:
        # "kan ikke huske det eller ved det ikke": two things said of the same ones, of which either is true.
        return False
    if word in ("eller", "or") and words[:1] and words[0] in function_words("preposition", lang):
        # "i kommunen eller blandt lederne": two places, and no subject.
        return False
    if word in ("og", "and") and sentence[at - 1].value is not None and sentence[at - 2].word in ("mellem", "between"):
        return False
    if word in ("og", "eller", "and", "or"):
        if _there(sentence, at, words, verb):
            return True
        if words[:1] and words[0] in _ASKING:
            # "og når de mødes, taler de": a subordinate clause that opens a new main one has a comma and a second verb after it.
            return _new_main(sentence, verb, verbs, lang)
        if words[:1] and words[0] in ("at", "that"):
            return True
        if verb == at + 2 and words[0] in PERSONS:
            return True
        if words[0:1] and words[0] in conjunctions("always", lang):
            return True
        compared = any(word in ("end", "than") and words[place - 1] not in _AMOUNTS for place, word in enumerate(words) if place)
        claimed = (
            compared
            or any(relative in words for relative in RELATIVE[lang])
            or any(other in words for other in ("og", "and", "eller", "or", "men", "but", ";", ":", "–"))
        )
        if not compared and _two_subjects(words):
            return any(other < at for other in verbs)
        if claimed:
            return _claimed_but_main(sentence, at, verb, verbs, lang)
        if "," in words:
            return False
        if lang == "da" and verb == at + 1 and sentence[at - 1].word in _POSTURES:
            # "går og tror": one thing done.
            return False
        if words and sentence[at - 1].text == "," and _inverted(sentence, verb, words, lang):
            return True
        return not _noun_list(sentence, at, verb, verbs, lang)
    if word in ("men", "but") and any(other in words[1:] for other in _WHENEVER):
        # "men også for dem, når de flytter": no clause but its subordinate one.
        return any(other > verb for other in verbs)
    return True


# Words of a subject of two parts: "familier og frivillige er".
_PAIR = 4


def _two_subjects(words: Sequence[str]) -> bool:
    """Whether words are two nouns that are joined, and nothing else."""
    joins = [place for place, word in enumerate(words) if word in ("og", "and")]
    return len(joins) == 1 and 0 < joins[0] < len(words) - 1 and len(words) <= _PAIR and all(word.isalpha() for word in words)


_WHENEVER = frozenset(["når", "hvis", "hvordan", "hvorfor", "when", "if", "how", "why"])
_POSTURES = frozenset(["går", "gik", "sidder", "sad", "står", "stod", "ligger", "lå", "gået", "siddet"])


def _inverted(sentence: Sequence[Token], verb: int, words: Sequence[str], lang: Lang) -> bool:
    """ "og derfor trak man", "og i forlængelse heraf skønnes en": behind a comma what is set first, the verb, then its subject."""
    first = function_words("adverb", lang) | function_words("preposition", lang)
    following = sentence[verb + 1] if verb + 1 < len(sentence) else None
    return words[0] in first and (words[-1] in function_words("adverb", lang) | BACK or len(words) == 1) and following is not None


def _new_main(sentence: Sequence[Token], verb: int, verbs: Sequence[int], lang: Lang) -> bool:
    later = [other for other in verbs if other > verb]
    return bool(later) and (lang == "en" or any(sentence[other].word == "," for other in range(verb, later[-1])))


def _claimed_but_main(sentence: Sequence[Token], at: int, verb: int, verbs: Sequence[int], lang: Lang) -> bool:
    """ "og de kommuner, der henviser, siger": the relative clause has the first verb, a comma or a later verb has the main one."""
    later = [other for other in verbs if other > verb]
    between = [token.word for token in sentence[at + 1 : verb]]
    if any(other in between for other in ("og", "and", "eller", "or", "men", "but", ";", ":", "–")):
        return False
    if not later:
        return False
    # The subject of the second clause must be new: a determiner, number or pronoun after the conjunction, and a comma closing the relative.
    opened = sentence[at + 1].word
    closed = any(sentence[other - 1].word == "," for other in later)
    return closed and (
        sentence[at + 1].value is not None
        or (lang == "da" and len(opened) > SHORT and opened.endswith(("en", "et", "erne", "ene")))
        or any(opened in function_words(kind, lang) for kind in ("determiner", "pronoun", "preposition"))
    )


def _noun_list(sentence: Sequence[Token], at: int, verb: int, verbs: Sequence[int], lang: Lang) -> bool:
    """ "Kommuner og frivillige mødes": no finite verb stands before the conjunction within its clause."""
    openers = RELATIVE[lang] | conjunctions("always", lang) | conjunctions("maybe", lang) | {",", ";", ":", "–", "—", "(", "hvor", "fordi"}
    end = at - 1 if sentence[at - 1].text == "," else at
    # "hvad de taler om, og": a preposition at the end of a clause opens none.
    opener = max(
        (
            other
            for other in range(end)
            if sentence[other].word in openers
            and not _infinitive(sentence, other, lang)
            and not _opens_nothing(sentence, other, at, verbs, lang)
            and (other < end - 1 or end == at)
        ),
        default=-1,
    )
    if end < at and opener >= 0 and sentence[opener].word in ("og", "eller", ",", "and", "or") and any(other < at for other in verbs):
        # "venner, arbejde og bolig, og børnene går": a comma after a finished list.
        return False
    figures = any(token.value is not None for token in sentence[opener + 1 : end])
    if opener >= 0 and sentence[opener].word in ("og", "and", ":", "–") and figures and any(other < opener for other in verbs):
        # "55 af 110 i 2023 og 98 af 140 i 2025 og ordningen er": the first joins two figures.
        return False
    return verb != at + 1 and not [other for other in verbs if opener < other < at]


def _opens_nothing(sentence: Sequence[Token], place: int, at: int, verbs: Sequence[int], lang: Lang) -> bool:
    """Whether a word that may open a clause opens none: "for dyrt", "taler om tid", "bliver der henvist", a parenthesis that is closed."""
    word = sentence[place].word
    if word == "(":
        return any(token.text == ")" for token in sentence[place:at])
    if place == 0 or sentence[place - 1].text == ",":
        return False
    before = sentence[place - 1].word
    asked = knows(before, lang) or before in knowing("telling", lang) | knowing("open", lang)
    return word in conjunctions("maybe", lang) - {"hvor", "where"} or (word == "om" and not asked) or (word == "der" and place - 1 in verbs)


# Infinitives whose present is another word, and what opens a composed one ("samarbejde").
_INFINITIVES = frozenset(["være", "have", "gøre", "vide", "kunne", "skulle", "ville", "måtte", "burde", "turde"])
_COMPOSED = ("sam", "med", "ud", "op", "gen", "over", "under", "videre")


def _infinitive(sentence: Sequence[Token], at: int, lang: Lang) -> bool:
    """Whether "at" or "to" marks an infinitive and no clause."""
    following = sentence[at + 1].word if at + 1 < len(sentence) else ""
    if lang == "en" or sentence[at].word != "at":
        return sentence[at].word == "to"
    stem = next((following[len(prefix) :] for prefix in _COMPOSED if following.startswith(prefix)), following)
    return following in _INFINITIVES or any(verb_form(one + "r", "da") for one in (following, stem))


def _asks(sentence: Sequence[Token], at: int, before: str) -> bool:
    """Whether a verb before "hvor" asks or tells where; a clause that counts does not: "32 af 55 mødes, hvor"."""
    return before in SAYING or not any(token.value is not None for token in sentence[:at])


def _maybe_opens(sentence: Sequence[Token], at: int, verbs: Sequence[int], lang: Lang) -> bool:
    word = sentence[at].word
    words, verb = stretch(sentence, at, verbs)
    before = sentence[at - 1].word
    if verb is None or (not words and word != "så"):
        return word == "hvor" and verb is not None and before == ","
    if word in ("hvor", "where") and _cleft(sentence, at, verbs, lang):
        return False
    if word == "hvor":
        asked = (
            before in function_words("preposition", "da")
            or before in ("uanset", "præcis", "og", "eller")
            or (at - 1 in verbs and _asks(sentence, at, before))
        )
        asked = asked or (before == "," and at > 1 and sentence[at - 2].word in function_words("preposition", "da"))
        return words[0] not in _QUESTION_AFTER_WHERE and not asked
    if word == "where":
        return before not in function_words("preposition", "en")
    if word in ("since", "as"):
        claimed = any(relative in words for relative in RELATIVE[lang])
        return before == "," and not claimed
    if word == "da":
        return before == ","
    if word in ("så", "so"):
        if before in ("og", "men", "and", "but"):
            return False
        if words[:1] and words[0] in grammar("after_so"):
            return False
        return before == "," or (not words) or len(words) <= 3
    # for: a conjunction has a subject and its verb, a preposition has its noun phrase only.
    if _there(sentence, at, words, verb):
        return True
    if words[0] in ("om", "whether"):
        return _new_main(sentence, verb, verbs, lang)
    if words[0] == "eksempel" or _noun_list(sentence, at, verb, verbs, lang):
        return False
    if before == "," and any(relative in words for relative in RELATIVE[lang]):
        # ", for andelen, der har penge, er uændret"; ", for dem, der kommer, er det" has its subject behind the verb.
        later = [other for other in verbs if other > verb]
        inverted = any(token.word in function_words("pronoun", lang) for other in later for token in sentence[other + 1 : other + 2])
        return words[0] not in _OBJECTS and not inverted and _claimed_but_main(sentence, at, verb, verbs, lang)
    if words[0] == "at" or any(relative in words for relative in RELATIVE[lang]):
        return False
    if before == "," and _two_subjects(words):
        return True
    if "," in words or any(other in words for other in ("og", "eller", "and", "or", "men", "but", "–", ";", ":")):
        return False
    if lang == "en":
        return before == "," and len(words) <= _LONG
    return (
        words[0] in ("de", "den", "det", "vi", "man", "der", "alle", "ingen", "flere", "mange", "her", "så", "nu", "begge", "hun", "han")
        or before == ","
        or len(words) <= 4
    )


# Pronouns that are never a subject.
_OBJECTS = frozenset({"dem", "os", "mig", "dig", "ham", "hende", "jer", "them", "us", "me", "him", "her"})


def _cleft(sentence: Sequence[Token], at: int, verbs: Sequence[int], lang: Lang) -> bool:
    """ "Det er 46 af de 48 kommuner, hvor …": what is set first is told apart by its clause, and by nothing else."""
    if sentence[at - 1].word == "," and at > 1 and sentence[at - 2].value is not None:
        # "er der 45, hvor …": a bare number is told apart by what follows.
        return True
    opened = sentence[0].word in {"da": ("det", "der"), "en": ("it", "there")}[lang] and sentence[1].word in grammar("being", lang)
    return opened and [verb for verb in verbs if verb < at] == [1] and any(token.value is not None for token in sentence[:at])
