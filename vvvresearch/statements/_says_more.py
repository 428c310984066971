"""Whether words that are neutral elsewhere say more where they stand: how much, how often, of whom, which answer, at what time."""

from __future__ import annotations

import re
from collections.abc import Iterable

from vvvresearch.locales import Lang
from vvvresearch.statements._amounts import rhythms
from vvvresearch.statements._covered import PLAIN_ANSWERS, Own, akin_groups, alike, asked_in, functional, is_one_of, own_words, unread
from vvvresearch.statements._mentions import mentions
from vvvresearch.statements._own_words import root
from vvvresearch.statements._predicate import left_out
from vvvresearch.statements._row import Check, check
from vvvresearch.statements._statement import Statement
from vvvresearch.statements._subject import ever_asked
from vvvresearch.statements._verbs import verb_form
from vvvresearch.statements._words import function_words, grammar, plain, turned

_WORD = re.compile(r"[^\W\d_]+")
# How much of a word a part of it needs to be a word.
_PART = 3
_GRADES: dict[Lang, tuple[str, ...]] = {"da": ("ere", "este", "est"), "en": ("er", "est")}
# Two words that stand beside each other, or with one between.
_JOINED = re.compile(r"[ ]+(?:\w+[ ]+)?")
# What is proved of the author's words, and must be the question's own in the words of those counted.
_PROVED = frozenset({"frequency", "comparison", "direction", "multiple", "goal", "target", "percentage", "points"})
_VERBS = frozenset({"finite", "either", "bare", "past"})


def says_more(statement: Statement) -> Check | None:
    """The first word that says more than the row's question, though it is none that is unknown.

    Args:
        statement: the clause and its row.

    Returns:
        None where no word does, or where the row asks nothing in the sentence's language.
    """
    row, lang = statement.row, statement.lang
    if not row.about or row.goal is not None or statement.of("unknown") or not asked_in(row, lang):
        return None
    own = own_words(row, lang)
    words = list(_WORD.finditer(unread(statement)))
    said = next((words[at][0] for at in range(len(words)) if _claims(statement, words, at, own)), "")
    plainly = row.labels[:1] and (row.labels[0].lower() in PLAIN_ANSWERS or not row.about[0].rstrip().endswith("?"))
    said = said or (left_out(statement) if plainly or row.statistic else "")
    for proof in (_without_head, _told_of_more, _of_somebody_else, _another_answer, _more_things, _another_time):
        said = said or proof(statement, own)
    return check("asks", "says_more", said=said) if said else None


def _claims(statement: Statement, words: list[re.Match[str]], place: int, own: Own) -> bool:
    """Whether a word says more where it stands."""
    lang, row, word = statement.lang, statement.row, words[place][0].lower()
    at, before = words[place].end(), words[place - 1] if place else None
    previous = before[0].lower() if before is not None else ""
    behind = [one[0].lower() for one in words[place + 1 : place + 3] if _JOINED.fullmatch(statement.text[at : one.start()])]
    beside = before is not None and not statement.text[before.end() : words[place].start()].strip()
    if (
        (beside and _particle(previous, word, own, lang))
        or _compares(word, previous, own, lang)
        or (
            not row.statistic
            and not _scheduled(word, previous, words[:place])
            and _turned(word, own, lang)
            and not {"svar", "udtryk"} & set(statement.words)
        )
    ):
        return True
    if word in plain("answering", lang):
        opened = behind[1:] if behind[:1] and behind[0] in functional(lang) else behind[:1]
        return bool(opened) and root(opened[0], lang) in own.asked
    if is_one_of(word, own, lang):
        return False
    if word in plain("moving", lang):
        # "walk in the dark" of those who were asked whether they ride there; a share goes up, and somebody goes without.
        goes = row.side is not None or row.value is not None or next(iter(behind), "") in plain("going", lang)
        return not goes and bool(statement.of("ratio", "share", "percentage", "base"))
    if word in plain("beside", lang):
        # "kun 30 af 120", "a full third": of a number, which is no word here; or of an answer: "kun i ringe grad".
        number = next((one.start for one in mentions(statement.text, lang) if one.start >= at), len(statement.text))
        graded = not row.several or bool(statement.of("comparison", "rank"))
        labels = (name for one in row.siblings for name in one.names) if row.several else row.labels
        named = graded and any(len(one) > _PART and one.lower() in statement.text[at:].lower() for one in labels)
        return not named and (number == len(statement.text) or len(statement.text[at:number].split()) > 1)
    if word in plain("good", lang):
        return previous in function_words("determiner", lang)
    if word in plain("intense", lang):
        # "meget bange" of those who were asked whether they are afraid.
        return bool(behind) and not statement.text[at : words[place + 1].start()].strip() and is_one_of(behind[0], own, lang)
    if word in plain("still", lang):
        # "105 har stadig en cykel" tells what they had before; "har stadig ingen" what they were asked for.
        return (
            row.side is None
            and not row.negative
            and not statement.of("negation", "rank")
            and not {"ingen", "intet", "no"} & set(statement.words)
        )
    # "the last lesson" of those who were asked about the first, "after the course" of before it.
    noun = next((one[0].lower() for one in words[place + 1 :] if one[0].lower() not in function_words("determiner", lang)), "")
    return any(word in one and asked in one and of == noun for one in _places(lang) for asked, of in own.pairs)


def _places(lang: Lang) -> list[set[str]]:
    return [set(one.split("/")) for one in plain("places", lang)]


def _compares(word: str, before: str, own: Own, lang: Lang) -> bool:
    """Whether a word is the comparative of one that was asked without comparing: "friskere" of "frisk", "fresher" of "fresh"."""
    plainly = next((word.removesuffix(one) for one in _GRADES[lang] if word.endswith(one)), "")
    if word in own.words or len(plainly) < _PART or own.words & {"mere", "more"}:
        return False
    if lang == "en":
        # "workers" and "a worker" are nouns; "feel fresher" and "are safer" tell a state.
        return plainly in own.words and bool(verb_form(before, lang))
    return plainly in own.words or any(plainly in group for group in akin_groups(own, lang))


def _particle(verb: str, word: str, own: Own, lang: Lang) -> bool:
    """Whether a verb and the word behind it are another verb than the first alone: "holdt op"; "køber ind" is of "indkøb"."""
    if word not in plain("particles", lang) or not verb_form(verb, lang) or verb in plain("carriers", lang) or word in own.words:
        return False
    return not any(one.startswith(word) and root(verb, lang) in one for one in own.words)


_WHEN = frozenset({"når", "da", "inden", "før", "when", "before"})


def _scheduled(word: str, before: str, earlier: list[re.Match[str]]) -> bool:
    """Whether "skal" only says when something is done, "når de skal til prøve", or stands with its infinitive, "svært at skulle bade"."""
    return word in ("skal", "skulle") and (before == "at" or any(one[0].lower() in _WHEN for one in earlier[-3:]))


def _turned(word: str, own: Own, lang: Lang) -> bool:
    """Whether a word says what is willed, or a neutral verb the opposite of the question's: "tager" of "giver"."""
    if is_one_of(word, own, lang):
        return False
    return word in plain("willed", lang) or any(word in other and own.words & one for one, other in turned(lang))


def _told_of_more(statement: Statement, own: Own) -> str:
    """What those counted are said to say of how much or how often, where nobody asked: "siger, at de altid …"."""
    lang, reported = statement.lang, statement.reported
    graded = any(one.degree for about in statement.row.about for one in mentions(about, lang))
    for one in mentions(statement.text, lang) if statement.row.side is None and not graded else ():
        # "et meget større ordforråd" of a larger one
        if one.degree and one.text.lower().split()[-1] in own.words and not {"end", "than"} & set(statement.words):
            return one.text
    for one in mentions(reported, lang) if reported else ():
        behind = next(iter(_WORD.findall(reported[one.end :].lower())), "")
        # "mere frie" of "friere"
        compared = any(word.endswith(_GRADES[lang]) and root(word, lang) == root(behind, lang) for word in own.words)
        if (
            one.kind in _PROVED
            and one.key != "short"
            and not compared
            and not all(
                is_one_of(word, own, lang) or (word in functional(lang) and one.kind != "frequency")
                for word in _WORD.findall(one.text.lower())
            )
        ):
            return one.text
    return ""


# What a question asks of a deed: "svært ved at komme", "need to be repaired", "enough to share"; and how a sentence says "enough".
_DEED: dict[Lang, str] = {"da": "at", "en": "to"}
_ENOUGH: dict[Lang, frozenset[str]] = {"da": frozenset({"nok", "så"}), "en": frozenset({"enough", "so"})}


def _without_head(statement: Statement, own: Own) -> str:
    """A deed that is told, where it was only asked whether it is easy, wished, feared or affordable: "delte ud" of "nok til at dele ud"."""
    row, lang = statement.row, statement.lang
    said = _WORD.findall(statement.text.lower())
    # What is wished is told as what is, "81 fortsætter"; that it was done is another proof. "I stedet for at" is a preposition.
    wishes = {"stedet"}.union(*(_WORD.findall(phrase) for phrase in grammar("wishing", lang)))
    asked = (row.about[0],) if row.labels[:1] and row.labels[0].lower() in PLAIN_ANSWERS else row.labels
    for text in asked:
        # Behind a comma "at" opens a clause of its own.
        for part in text.lower().split(","):
            words = _WORD.findall(part)
            for place in range(1, len(words) - 1):
                head = next((word for word in reversed(words[:place]) if word not in functional(lang) - _ENOUGH[lang]), "")
                deed: str = words[place + 1]
                if words[place] != _DEED[lang] or not head or deed in functional(lang) or head in wishes or deed.endswith("s"):
                    continue
                heads = _ENOUGH[lang] if head in _ENOUGH[lang] else {head}
                if any(alike(deed, word, lang) for word in said) and not any(alike(one, word, lang) for one in heads for word in said):
                    return deed
    return ""


# Somebody of those who are asked, or of whom they tell, as who does or is what was asked.
_WHOSE: dict[Lang, re.Pattern[str]] = {
    "da": re.compile(
        r"\b(?:\w+r|kan|vil|skal|må)\s+(?:dit|din|dine|jeres)\s+(\w+)|\bat\s+(\w+ne)\s+\w+r\b"
        r"|^(?:min|mit|mine|vores)\s+(\w+)\b(?!.*\?)",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r"\b(?:do|does|did|has|have|is|are|can)\s+your\s+(\w+)|\bthat\s+the\s+(\w+)\s+(?:are|is|have|has)\b"
        r"|^(?:my|our|the)\s+(\w+)\b(?!.*\?)",
        re.IGNORECASE,
    ),
}


# Others who do something to those who are asked.
_ON_YOU: dict[Lang, re.Pattern[str]] = {
    "da": re.compile(r"^(?:(?!er\b)|(?:min|mit|mine)\s+\w+\s+)(?P<verb>\w+r)\s+(?:(?!du\b|i\b|de\b)\w+.*)?\b(?:dig|jer|mig|os)\b"),
    "en": re.compile(r"(?:\b(?:do|does|did)\s+the|^(?:my|our))\s+\w+\s+(?P<verb>\w+)\s+(?:\w+\s+)?(?:you|me|us)\b"),
}


_OF_WHAT = re.compile(r"\w+ (?:din |dit |dine |jeres |your |the )?(\w+)")
_HAS_NONE = re.compile(r"\b(?:har|have|has) (?:ingen|intet|no) (\w+)", re.IGNORECASE)


def _of_somebody_else(statement: Statement, own: Own) -> str:
    """Of whom it was asked, where those counted are said to do it themselves: "læsevenner er urolige" of restless children."""
    row, lang = statement.row, statement.lang
    acted = _ON_YOU[lang].search(row.about[0].lower())
    counted = "|".join(sorted(map(re.escape, (*row.unit, *row.group)), key=len, reverse=True)) or "(?!)"
    did = re.search(rf"\b(?:{counted})\s+(?:(?:har|have|has)\s+)?(\w+)", statement.text, re.IGNORECASE) if acted is not None else None
    if acted is not None and did is not None and root(did[1].lower(), lang) == root(acted["verb"], lang):
        # "42 visitors welcome the staff" of those who were asked whether the staff welcome them.
        return statement.text.strip()
    found = _WHOSE[lang].search(row.about[0])
    whom = (found[1] or found[2] or found[3]) if found is not None else ""
    people = {root(word, lang) for name in (*row.unit, *row.group) for word in _WORD.findall(name.lower())}
    said = _content((statement.text,), lang)
    lacking = _HAS_NONE.search(statement.text)
    spoken_of = (whom, *(found[1] for found in (_OF_WHAT.match(row.about[0]),) if found is not None))
    if lacking is not None and root(lacking[1], lang) in {root(one, lang) for one in spoken_of if one}:
        # "20 have no bicycle" of those whose bicycle has no lights, "14 have no fence" of those whose fence needs no repair.
        return statement.text.strip()
    named_only = row.labels[:1] and row.labels[0].lower() not in PLAIN_ANSWERS and set(statement.words) & plain("naming", lang)
    if not whom or root(whom, lang) in people or not said & (own.asked | _content(row.labels, lang)) or named_only:
        # "96 peger på et større ordforråd" names an answer, and "ni gør ikke" tells nothing of its own.
        return ""
    named = {root(whom, lang)}.union(*({root(word, lang) for word in one} for one in akin_groups(own, lang) if whom in one))
    return "" if named & {root(word, lang) for word in _WORD.findall(statement.text.lower())} else statement.text.strip()


def _another_answer(statement: Statement, own: Own) -> str:
    """What tells another answer from the row's own, where only the other's words are said: "sikkert" of those who could "lidt"."""
    row, lang = statement.row, statement.lang
    numbers = [one for one in statement.of("count", "ratio", "percentage", "share") if one.value != row.n]
    rhythm = any(map(rhythms, row.labels))
    if (
        row.several
        or rhythm
        or not row.siblings
        or statement.of("rank", "comparison")
        or len(numbers) != 1
        or not statement.is_own(numbers[0])
    ):
        return ""
    mine, theirs = _content(row.labels, lang), _content((name for one in row.siblings for name in one.names), lang)
    # "At 16 of the 32 wards, the visitor pays": the unit beside its number is no answer.
    counted = "|".join(sorted(map(re.escape, row.unit), key=len, reverse=True)) or "(?!)"
    said = _content((re.sub(rf"(\d\W+(?:\w+\s+)?)(?:{counted})\b", r"\1", statement.text, flags=re.IGNORECASE),), lang)
    other = (said & (theirs - mine)) - own.asked
    if other and not said & (mine - theirs):
        return min(other)
    # "60 repair it themselves" of those who answered "my husband": the answer must be told.
    told = mine - own.asked if row.about[0].rstrip().endswith("?") else set()
    akin = {root(word, lang) for group in akin_groups(own, lang) if told & {root(word, lang) for word in group} for word in group}
    return (
        statement.text.strip()
        if told and row.labels[0].lower() not in PLAIN_ANSWERS and not any(one.startswith(tuple(mine | akin)) for one in said)
        else ""
    )


def _content(texts: Iterable[str], lang: Lang) -> set[str]:
    words = (word for one in texts for word in _WORD.findall(one.lower()))
    return {root(word, lang) for word in words if word not in functional(lang) - plain("intense", lang)}


_WELL = frozenset({"bedre", "dårligere", "værre", "better", "worse"})
_HOW_MUCH: dict[Lang, frozenset[str]] = {"da": _WELL | {"mere", "mindre"}, "en": _WELL | {"more", "less"}}


def _more_things(statement: Statement, own: Own) -> str:
    """What there is said to be more of, where more people were counted: "forældrene låner flere bøger end i 2022"."""
    row, lang = statement.row, statement.lang
    people = {
        root(word, lang) for name in (*row.unit, *row.group, *(row.side.names if row.side else ())) for word in _WORD.findall(name.lower())
    }
    if row.side is None:
        # "flere venner" of those who were asked whether they have any.
        several = (
            found for found in re.finditer(r"(?<!eller )\b(flere|færre)\s+(\w+)", statement.text.lower()) if found[1] not in own.words
        )
        return next((found[0] for found in several if root(found[2], lang) in own.asked - people), "")
    for one in statement.of("comparison", "multiple"):
        words = one.text.lower().split()
        noun = words[-1] if one.kind == "multiple" else next(iter(_WORD.findall(statement.text[one.end :].lower())), "")
        thing = root(noun, lang) in own.asked - people and verb_form(noun, lang) not in _VERBS
        counted = len(statement.of("ratio", "percentage")) > 1 or words[0] in own.words
        if one.kind == "comparison" and words[0] in _HOW_MUCH[lang] and not counted and (thing or words[0] in _WELL):
            # "mindre trygge", "understand better": how much, where it was counted how many.
            return f"{one.text} {noun}".strip()
        many = words[0] in ("flere", "færre", "more", "fewer", "less") or one.kind == "multiple"
        # "flere aftaler" of those who were asked for one counts them; "flere bøger" of those who were asked for books does not.
        if many and thing and (noun in own.words or one.kind == "multiple"):
            return one.text if one.kind == "multiple" else f"{one.text} {noun}"
    return ""


_LATELY = re.compile(r"\b(?:i år|sidste år|for nylig|this year|last year|recently|lately)\b", re.IGNORECASE)


def _another_time(statement: Statement, own: Own) -> str:
    """What is told as now, where it was asked what could be done before; or as of this year, where it was asked of any time."""
    words, question = set(statement.words), statement.row.about[0].lower()
    if (lately := _LATELY.search(statement.text)) is not None and statement.row.side is None and lately[0].lower() not in question:
        # "har taget et kursus i år" of those who were asked whether they ever have.
        return lately[0] if ever_asked(question, statement.lang) else ""
    had = {"haft", "had"} & own.words
    # "have met four times" of how many meetings they have had.
    done = any(verb_form(word, statement.lang) in ("supine", "past") for word in statement.words)
    if had and not (done and statement.row.statistic) and not words & {"haft", "havde", "had"} and words & {"har", "have", "has"}:
        # "have a dog" of those who were asked whether they have had one.
        return statement.text.strip()
    could, can = ("kunne", {"kan"}) if statement.lang == "da" else ("could", {"can", "cannot"})
    return min(words & can, default="") if could in own.words and could not in words and not can & own.words else ""
