"""Which words of a sentence are finite verbs: a lexicon, prefixes, and the neighbours of words that are nouns as often."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from vvvresearch.locales import Lang
from vvvresearch.statements._text import Token
from vvvresearch.statements._words import conjunctions, function_words, grammar, verbs


@cache
def _danish_forms() -> dict[str, str]:
    """Present and past of the regular verbs; forms that are also adjectives before a noun are `past`."""
    forms: dict[str, str] = {}
    for infinitive in verbs("da")["regular"]:
        forms[infinitive + "r"] = "finite"
        forms.setdefault(infinitive + "s", "passive")
        if infinitive.endswith("e"):
            stem = infinitive[:-1]
            forms.setdefault(stem + "ede", "past")
            forms.setdefault(stem + "edes", "finite")
            # A double consonant is not shortened before -te in writing: "fylde, fyldte", "spille, spillede".
            forms.setdefault(stem + "te", "past")
            forms.setdefault(stem + "tes", "finite")
            forms.setdefault(stem + "et", "supine")
            forms.setdefault(stem + "t", "supine")
    forms.update(dict.fromkeys(verbs("da")["finite"], "finite"))
    forms.update(dict.fromkeys(verbs("da")["either"], "either"))
    forms.update(dict.fromkeys(verbs("da")["agents"], "agent"))
    forms.update(dict.fromkeys(verbs("da")["preterites"], "preterite"))
    forms.update(dict.fromkeys(verbs("da")["never"], ""))
    for word in verbs("da")["supines"]:
        forms.setdefault(word, "supine")
    return forms


@cache
def _english_forms() -> dict[str, str]:
    forms: dict[str, str] = {}
    for base in verbs("en")["regular"]:
        sibilant = base.endswith(("s", "sh", "ch", "x"))
        stem = base[:-1] if base.endswith("y") and base[-2] not in "aeou" else base
        third = stem + "ies" if stem != base else base + ("es" if sibilant else "s")
        past = stem + "ied" if stem != base else base + ("d" if base.endswith("e") else "ed")
        forms.setdefault(third, "either")
        forms.setdefault(past, "past")
        forms.setdefault(base, "bare")
        if base[-1] in "bdgmnprt":
            forms.setdefault(base + base[-1] + "ed", "past")
    forms.update(dict.fromkeys(verbs("en")["finite"], "finite"))
    forms.update(dict.fromkeys(verbs("en")["either"], "either"))
    return forms


@cache
def verb_form(word: str, lang: Lang) -> str:
    """How a word can be a finite verb: "finite", "past" (also a participle), "either" (as often a noun), "agent" (a noun in the
    singular), "preterite" (a noun in the singular), "passive", "supine" (a participle only), "bare", or "".

    Example:
        >>> verb_form("videregiver", "da"), verb_form("kommuner", "da"), verb_form("refers", "en")
        ('finite', '', 'finite')
    """
    forms = _danish_forms() if lang == "da" else _english_forms()
    if word in forms:
        return forms[word]
    for prefix in sorted(verbs(lang)["prefixes"], key=len, reverse=True):
        rest = word.removeprefix(prefix)
        if rest != word and len(rest) > 3 and forms.get(rest, "") in ("finite", "past") and rest not in verbs(lang)["either"]:
            # "overs-kud", "for-mål": a prefix counts only before a whole verb form.
            return "past" if rest.endswith("te") else forms[rest]
    # Verbs taken from other languages are told by their endings: "reparerer", "sponserede".
    return "finite" if lang == "da" and word.endswith("erer") else "past" if lang == "da" and word.endswith("erede") else ""


def finite_verbs(sentence: Sequence[Token], lang: Lang) -> list[int]:
    """The positions of the finite verbs of a sentence."""
    found = [at for at in range(len(sentence)) if _is_finite(sentence, at, lang)]
    reason = next((at for at, token in enumerate(sentence) if token.word == "because"), None)
    if reason is not None and not any(at > reason for at in found):
        # "because the scheme works": a clause has a verb, and this is the only word that can be it.
        found += [at for at in range(reason + 2, len(sentence)) if verb_form(sentence[at].word, lang)][:1]
    return found


def _is_finite(sentence: Sequence[Token], at: int, lang: Lang) -> bool:
    token = sentence[at]
    if token.value is not None or not token.text[0].isalpha():
        return False
    form = verb_form(token.word, lang)
    if form == "" and lang == "da":
        return _follows_subject(sentence, at)
    if form in ("", "supine"):
        return False
    if at > 0 and token.text[0].isupper() and sentence[at - 1].text[0].isalnum():
        # A capital inside a Danish or English sentence opens a name.
        return False
    return _danish(sentence, at, form) if lang == "da" else _english(sentence, at, form)


def _follows_subject(sentence: Sequence[Token], at: int) -> bool:
    """A word in -er, -ede or -te that the lexicon lacks is a verb where no noun can stand: behind a definite noun or a subject pronoun."""
    word, before = sentence[at].word, sentence[at - 1].word if at else ""
    if not word.endswith(("er", "ede", "te")) or len(word) < 5 or word in verbs("da")["never"] or sentence[at].text[0].isupper():
        return False
    after = sentence[at + 1] if at + 1 < len(sentence) else None
    if before == "det":
        return _kind(after, "da") in ("edge", "sign", "preposition", "adverb")
    definite = before.endswith(("erne", "ene")) or (before.endswith("en") and len(before) > 5)
    return before in ("vi", "han", "hun", "man", "jeg") or (
        definite and _kind(after, "da") in ("edge", "sign", "preposition", "adverb", "pronoun", "determiner", "number")
    )


def _kind(token: Token | None, lang: Lang) -> str:
    """What a neighbour is: number, determiner, preposition, pronoun, adverb, sign, or word."""
    if token is None:
        return "edge"
    if token.value is not None:
        return "number"
    if not token.text[0].isalpha():
        return "sign"
    for kind in ("preposition", "pronoun", "determiner", "adverb"):
        if token.word in function_words(kind, lang):
            return kind
    return "word"


def _neighbours(sentence: Sequence[Token], at: int) -> tuple[Token | None, Token | None]:
    return (sentence[at - 1] if at else None), (sentence[at + 1] if at + 1 < len(sentence) else None)


_DA_ARTICLES = grammar("danish_articles")
_DA_SUBJECTS = grammar("danish_subjects")
# Words that stand before a noun as well as alone as the subject.
_DA_ALONE = frozenset(["de", "det", "den", "alle", "flere", "mange", "få", "nogle", "ingen", "begge", "dette", "disse"])
_DA_ONLY_ARTICLES = _DA_ARTICLES - _DA_ALONE
_DA_ONLY_SUBJECTS = _DA_SUBJECTS - _DA_ALONE - {"andre"}
_DA_AUXILIARY = grammar("danish_auxiliary")
_DA_MODAL = grammar("danish_modal")


def _danish(sentence: Sequence[Token], at: int, form: str) -> bool:
    before, after = _neighbours(sentence, at)
    left, right = _kind(before, "da"), _kind(after, "da")
    word = sentence[at].word
    previous = before.word if before else ""
    following = after.word if after else ""
    if previous == "at" and not word.endswith("r"):
        return False
    if (word == "når" and left in ("sign", "edge")) or (word == "når" and previous in conjunctions("always", "da")):
        # "og når de mødes": the conjunction, not the verb.
        return False
    if word == "ved" and following == "at" and previous in ("og", "eller", "samt", "men"):
        return False
    if word in ("så", "for", "ved"):
        if word == "ved":
            acts = sentence[at + 2].word if following == "at" and at + 2 < len(sentence) else ""
            if acts and verb_form(f"{acts}r", "da"):
                # "ved at kontakte chefen"
                return False
            return (
                left in ("pronoun", "word", "number") and (following in ("ikke", "godt", "at", "det") or right == "sign")
            ) or previous in ("vi", "jeg", "de", "man")
        return word == "så" and previous in ("vi", "jeg", "de", "han", "hun", "man")
    if word == "var" or form == "finite":
        return not (left == "preposition" and word in ("led", "får", "sad", "tog", "sted", "vil"))
    if form == "preterite":
        return left == "pronoun" or previous.endswith(("en", "et", "erne", "ene"))
    if form == "passive":
        return left not in ("preposition", "determiner") and not any(token.word in _DA_MODAL for token in sentence[max(0, at - 3) : at])
    if form == "past":
        if left in ("preposition", "number") or previous in _DA_ONLY_ARTICLES:
            # "de 32 svarede, at": a number may also stand for those counted.
            return left == "number" and right != "word"
        if previous in _DA_ARTICLES:
            return right in ("preposition", "pronoun", "determiner", "adverb", "sign", "number", "edge")
        if (
            left == "word"
            and previous.endswith(("e", "ige", "ske"))
            and right == "word"
            and not previous.endswith(("erne", "ene", "ne", "ede"))
            and not verb_form(previous, "da")
        ):
            return False
        if previous in ("og", "eller") and at > 1 and verb_form(sentence[at - 2].word, "da") == "past" and right == "word":
            # "forsinkede eller aflyste møder"
            return False
        if previous in ("og", "eller") and any(token.word == word for token in sentence[:at]):
            # "øgede netværk og øgede kundskaber"
            return False
        return not (left in ("sign", "edge") and right == "word" and at == 0)
    if form == "agent":
        # "en deltager", "hver leder": a noun in the singular has its article.
        if previous in ("og", "eller"):
            return right in ("determiner", "pronoun", "number", "preposition", "adverb")
        return previous not in (
            "en",
            "den",
            "hver",
            "ingen",
            "som",
            "af",
            "til",
            "med",
            "for",
            "enhver",
            "per",
            "pr.",
            "fra",
            "min",
            "vores",
        ) and not (left == "word" and previous.endswith(("ig", "sk", "kommunal", "al", "ende", "ny")))
    return _danish_either(sentence, at, left, right, previous, following)


def _danish_either(sentence: Sequence[Token], at: int, left: str, right: str, previous: str, following: str) -> bool:
    word = sentence[at].word
    if left == "preposition" or previous in _DA_AUXILIARY:
        return False
    if left == "number" and word.endswith(("ede", "te")) and right == "word" and not verb_form(following, "da"):
        # "tolv interviewede frivillige": a participle before what is counted.
        return False
    if left == "number":
        return right in ("preposition", "determiner", "pronoun", "number", "adverb", "word") and following not in (
            "og",
            "eller",
            "har",
            "er",
            "af",
            "i",
        )
    if previous in ("og", "eller", "samt"):
        two_before = sentence[at - 2] if at > 1 else None
        listed = two_before is not None and _kind(two_before, "da") == "word" and verb_form(two_before.word, "da") not in ("finite", "past")
        return right in ("determiner", "pronoun", "number") or following == "ikke" or (not listed and right in ("preposition", "adverb"))
    if previous in _DA_ONLY_SUBJECTS:
        return True
    if at == 1 and previous in ("de", "det", "alle", "mange", "nogle") and right == "adverb":
        return True
    if previous in _DA_ARTICLES:
        return (
            right in ("determiner", "pronoun", "number")
            or following in ("sig", "at", "ikke", "også", "om")
            or (
                right == "preposition"
                and previous in ("de", "det", "nogle", "flere", "mange")
                and word.endswith(("er", "te", "de"))
                and following not in ("af", "fra", "for")
            )
        )
    if (
        left == "word"
        and previous.endswith(("e", "ige", "ske", "iske"))
        and not previous.endswith(("erne", "ene", "ne", "ere", "gtninge", "illige"))
    ):
        return False
    if left in ("edge", "sign"):
        return (following in ("de", "det", "den", "vi", "man", "du", "sig") and at == 0) or (
            left == "sign" and previous in (",", "–", "—") and right in ("determiner", "pronoun")
        )
    if left in ("word", "adverb", "pronoun"):
        return not previous.endswith(("s",)) or right in ("determiner", "pronoun")
    return False


_EN_SUBJECTS = grammar("english_subjects")
_EN_AUXILIARY = grammar("english_auxiliary")


def _english(sentence: Sequence[Token], at: int, form: str) -> bool:
    before, after = _neighbours(sentence, at)
    left, right = _kind(before, "en"), _kind(after, "en")
    previous = before.word if before else ""
    following = after.word if after else ""
    two_before = sentence[at - 2].word if at > 1 else ""
    if form == "finite":
        return True
    if previous in _EN_AUXILIARY or (two_before in ("has", "have", "had", "to") and left == "adverb"):
        return False
    if form == "bare":
        return (
            previous in ("we", "they", "you", "i", "who")
            or (left == "number" and right in ("determiner", "pronoun"))
            or (left == "adverb" and two_before in ("we", "they", "you", "i", "who"))
            or (
                left == "word"
                and (previous.endswith("s") or previous in ("people", "children"))
                and not previous.endswith("ss")
                and right != "edge"
            )
        )
    if form == "past":
        if left in ("preposition", "determiner") and previous not in _EN_SUBJECTS:
            return False
        if previous in ("those", "these", "all", "the") or (left == "word" and following == "by"):
            return False
        if left == "number":
            return right != "word"
        return at > 0 and not (previous in ("and", "or") and right == "word")
    if left in ("preposition", "determiner") and previous not in _EN_SUBJECTS:
        return False
    if previous in _EN_SUBJECTS:
        return previous not in ("this", "these", "those", "all", "some", "many", "both", "that") or right in (
            "determiner",
            "pronoun",
            "preposition",
            "number",
            "adverb",
        )
    if left == "number":
        return right in ("determiner", "pronoun", "number", "adverb") or following in ("that", "to")
    if left == "word" and right in ("edge", "sign"):
        # "integration succeeds", but not "the final report"
        return sentence[at].word.endswith("s") and sentence[at].word not in verbs("en")["either"] and previous not in ("and", "or")
    if previous in ("and", "or"):
        return right in ("determiner", "pronoun", "number")
    if left == "word":
        return right in ("determiner", "pronoun", "number", "adverb", "preposition", "word") and following not in (
            "of",
            "and",
            "is",
            "are",
            "was",
            "were",
            "from",
        )
    return left == "adverb"
