"""Whether a sentence denies what its row's answer says: by "ikke", by what is lacking, by an object that is none, by the answer "nej"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from vvvresearch.locales import Lang
from vvvresearch.statements._answers import NUMBERS, said_otherwise, spoken
from vvvresearch.statements._mention import Mention
from vvvresearch.statements._mentions import mentions
from vvvresearch.statements._own_words import opposites, root, stems
from vvvresearch.statements._verbs import verb_form
from vvvresearch.statements._words import function_words, grammar

if TYPE_CHECKING:
    from vvvresearch.statements._statement import Statement

# Words that say no without a denial.
_WITHOUT = re.compile(
    r"\b(?:uden|mangler?|manglede|mangles|mist(?:e|er|ede|et)|savne[rs]?|savnede[s]?|undværer?|undværede|afvis(?:e|er|te|t)|afslår|afslog|afslået|undlad(?:e|er|t)|undlod|without|lack(?:s|ed|ing)?|lost|los(?:e|es|ing)|miss(?:es|ed|ing)?|declin(?:es?|ed)|refus(?:es?|ed)|\w{3,}(?:fri|frie|frit|løs|løse|løst|-free|less))\b",
    re.IGNORECASE,
)
# Those that lack something that was asked for, and what may itself be said to be lacking.
_LACKED = re.compile(r"mangle|savne|lack|miss", re.IGNORECASE)
_AS = re.compile(r"\b(?:som|as)\b", re.IGNORECASE)
_AS_NOT = re.compile(r"[^;]*\b(?:som|as)\b[^;]*\b(?:ikke|not)\b", re.IGNORECASE)
_NOT_AS = re.compile(r"\b(?:ikke|not)\b.*\b(?:som|as)\s+(?:det|den|the)?\s*$", re.IGNORECASE)
_BUT_NOT = re.compile(r"\b(?:but not|men ikke)$", re.IGNORECASE)
_UNTIL_OBJECT = 4
_WORD = re.compile(r"[^\W\d_]+")
_APART = re.compile(r"[,;]|\b(?:og|mens|and|while)\b")
# How much of a word tells it, and how near what is lacking stands.
_STEM, _NEAR = 4, 4
# Signs between a denial and the change that it denies: "ikke markant steget".
_CLOSE = 12
_ELSEWHERE = ("rank", "direction", "comparison", "goal", "multiple")


def negated(statement: Statement, mention: Mention) -> bool:
    """Whether "ikke" or "not" stands in the clause of a mention."""
    denials = [one for one in statement.beside(mention, "negation") if not _denies_another(statement, one, mention)]
    if statement.row.negative and mention.kind in ("direction", "comparison", "multiple", "points"):
        # "Andelen, der ikke holder møder, er halveret": what is denied is the answer, and not that it became less.
        denials = [one for one in denials if _right_before(statement, one, mention)]
    return bool(denials) or any(denies(statement, one) for one in statement.beside(mention, "share"))


def _right_before(statement: Statement, denial: Mention, change: Mention) -> bool:
    """Whether a denial is of a change: close before it, and with no verb of the change's own between them."""
    between = _WORD.findall(statement.read[denial.end : max(denial.end, change.start)].lower())
    helped = grammar("being", statement.lang) | grammar("having", statement.lang)
    return 0 <= change.start - denial.end <= _CLOSE and not helped.intersection(between)


def _denies_another(statement: Statement, denial: Mention, mention: Mention) -> bool:
    """Whether a denial is said of a later number: "135 report progress, nine do not"."""
    if statement.beside(mention, "multiple") and _AS.search(statement.read[mention.end : max(mention.end, denial.start)]):
        # "dobbelt så mange hjælper (50), som ikke gør (25)"
        return True
    if _BUT_NOT.search(statement.read[mention.end : max(mention.end, denial.end)]):
        # "too high for 48 of the 120, but not for the other 72"
        return True
    for one in statement.beside(mention, *NUMBERS):
        between = statement.read[mention.end : one.start]
        if mention.end < one.start < denial.start and _APART.search(between):
            # "Godt en tredjedel, nemlig 56, har ikke": a number that is set in without a verb is the same one's.
            inserted = not any(verb_form(word, statement.lang) for word in _WORD.findall(between.lower()))
            if not inserted and not (statement.is_own(one) and statement.is_own(mention)):
                return True
    return False


def denies(statement: Statement, none: Mention) -> bool:
    """Whether "ingen" denies what a number beside it is said to have: "22 kommuner har stadig ingen gruppe", "har 36 ingen"."""
    if none.key != "none":
        return False
    start, end = statement.around(none)
    words = _WORD.findall(statement.read[start : none.start].lower())[-_UNTIL_OBJECT:]
    while words and words[-1] in function_words("adverb", statement.lang):
        words.pop()
    numbers = [one for one in statement.beside(none, "ratio", "count", "percentage", "share", "base") if one.key not in ("none", "all")]
    before = [one for one in numbers if one.start < none.start]
    has = bool(words) and verb_form(words[-1], statement.lang) != ""
    if words and statement.lang == "en":
        # A plural verb in English looks like any other word: "take no painkillers".
        counted = {name.lower() for name in (*statement.row.unit, *statement.row.group)}
        has = has or words[-1] not in counted | function_words("preposition", "en") | function_words("determiner", "en")
    # "har 36 ingen": the verb stands before its subject, and "ingen" behind it.
    inverted = any(not statement.read[one.end : none.start].strip() for one in before) and not _WORD.search(statement.read[none.end : end])
    # "There is no waiting list at five of the 25."
    there = _THERE.search(statement.read[start : none.start]) is not None
    return (bool(before) and (has or inverted)) or (bool(numbers) and there)


_THERE = re.compile(r"\b(?:there (?:is|are|was|were)|der (?:er|var|findes|står))\s+$", re.IGNORECASE)
_BEYOND = re.compile(r"\b(?:mere end|flere end|over|mindst|more than|over|at least)\s+(\w+)", re.IGNORECASE)
_WITHIN = r"\b(?:ikke (?:mere|flere) end|højst|maksimalt|under|(?:mindre|færre) end|(?:no|not) more than|at most|(?:less|fewer) than)\s+"


def _within(statement: Statement) -> bool:
    """Whether words stay within the limit that was asked about: "no more than one trip" of "more than one trip"."""
    row = statement.row
    asked = _BEYOND.search(row.about[0]) if row.about and row.siblings and row.goal is None else None
    return asked is not None and re.search(rf"{_WITHIN}{re.escape(asked[1])}\b", statement.text, re.IGNORECASE) is not None


def answers(statement: Statement) -> bool:
    """Whether the sentence gives the row's answer in its own words: "18 svarer nej"."""
    named = any(re.search(spoken(label), statement.text, re.IGNORECASE) for label in statement.row.labels)
    return named or (statement.row.negative and (_is_without(statement) or _only_leads_back(statement)))


def _is_without(statement: Statement) -> bool:
    """Whether those counted are said to be without something, or to say no, in a word that is not the question's own."""
    asked = {root(word, statement.lang) for about in statement.row.about for word in _WORD.findall(about)}
    return any(root(found[0], statement.lang) not in asked for found in _WITHOUT.finditer(statement.text))


_IT_WAS = re.compile(r"\b(?:it (?:was|is)|(?:er|var|gælder|gjaldt|gør|gjorde) det)\b", re.IGNORECASE)


def _only_leads_back(statement: Statement) -> bool:
    """Whether a clause names nothing itself: "in 2024 it was 128 of 160"."""
    own = stems(statement.row.about, statement.lang)
    return _IT_WAS.search(statement.text) is not None and not own & stems((statement.text,), statement.lang)


def affirms(statement: Statement) -> bool:
    """Whether a sentence that is held against the answer that denies does not deny itself."""
    return statement.row.negative and not answers(statement) and not statement.of("negation")


def turned(statement: Statement) -> bool:
    """Whether a sentence without a denial is held against the answer that denies, though another answer affirms."""
    if not statement.row.negative or not statement.row.siblings:
        return False
    denied_somewhere = (
        statement.of("negation")
        or _said_not(statement)
        or _within(statement)
        or opposed(statement, statement.text)
        or any(denies(statement, one) for one in statement.of("share"))
    )
    return not denied_somewhere and not answers(statement)


def denied(statement: Statement, mention: Mention) -> bool:
    """Whether the clause of a mention denies what the row's answer says; two denials are none."""
    # "ikke det hyppigste svar, 3 af 42": what is denied is the rank, not the number.
    elsewhere = [one for one in statement.beside(mention, *_ELSEWHERE) if not _as_not(statement, one, mention)]
    if statement.row.negative:
        # "The share who do not smoke has grown from 60": what is denied is the answer, unless the denial stands right before the change.
        denials = statement.beside(mention, "negation")
        elsewhere = [one for one in elsewhere if any(_right_before(statement, denial, one) for denial in denials)]
    times = [
        negated(statement, mention) and not elsewhere,
        _said_not(statement),
        _lacks(statement, mention),
        _within(statement) and not negated(statement, mention),
        opposed(statement, statement.clause_of(mention)),
        said_otherwise(statement.row, _up_to_next(statement, mention)),
        _asked_not(statement),
    ]
    return (sum(times) % 2 == 1) != (statement.row.negative and not answers(statement))


def _asked_not(statement: Statement) -> bool:
    """Whether what was asked denies itself, "The mediator did not take sides", and the sentence tells it."""
    row, lang = statement.row, statement.lang
    if (
        not row.about
        or row.goal is not None
        or not any(
            # "pressede mig til noget, jeg ikke ville": behind a comma something else is denied.
            one.kind == "negation"
            for one in mentions(row.about[0].split(",")[0], lang)
        )
    ):
        return False
    return bool(stems(row.about[:1], lang) - stems((*row.unit, *row.group), lang) & stems((statement.text,), lang))


def _as_not(statement: Statement, other: Mention, mention: Mention) -> bool:
    """Whether a denial is of what so many do, and not of the word beside it: "36 ser ikke prisen som det største problem"."""
    if other.kind == "multiple":
        return _AS_NOT.match(statement.read, other.end) is not None
    return other.kind == "rank" and mention.end < other.start and _NOT_AS.search(statement.read[mention.end : other.start]) is not None


def _up_to_next(statement: Statement, mention: Mention) -> str:
    """The words behind a number, up to the next one of its clause."""
    later = [one.start for one in statement.beside(mention, *NUMBERS) if one.start > mention.end and one.value != statement.row.n]
    return statement.text[mention.end : min([*later, statement.around(mention)[1]])]


def _said_not(statement: Statement) -> bool:
    """Whether those counted say that something is not so: "51 af 60 siger, at budgettet ikke er stort nok"."""
    return bool(statement.row.siblings) and any(
        one.kind == "negation" or one.key == "none" for one in mentions(statement.reported, statement.lang)
    )


DENYING: dict[Lang, tuple[str, ...]] = {"da": ("u", "mis"), "en": ("un", "in", "dis", "im")}
_LEAST_STEM = 4
# Who leaves something off does the opposite of it: "overvejer at lade være med at fortsætte".
_NOT_DOING = re.compile(r"\b(?:lad(?:e|er)? være|undlad\w*|refrain\w*)\b", re.IGNORECASE)


def opposed(statement: Statement, text: str) -> bool:
    """Whether words say the opposite of what was asked: "uklar" of what is clear, "stopper" of those who would go on."""
    row, lang = statement.row, statement.lang
    if row.goal is not None or not row.about or _NOT_DOING.search(text):
        return False
    asked, said = stems(row.about, lang), stems((text,), lang)
    for word in _WORD.findall(text.lower()):
        plain = [word[len(prefix) :] for prefix in DENYING[lang] if word.startswith(prefix) and len(word) >= len(prefix) + _LEAST_STEM]
        if plain and not stems((word,), lang) & asked and stems(plain, lang) & asked:
            return True
    for word in _WORD.findall(" ".join(row.about).lower()):
        # "tryg" of those who were asked whether they are "utryg".
        plain = [word[len(prefix) :] for prefix in DENYING[lang] if word.startswith(prefix) and len(word) >= len(prefix) + _LEAST_STEM]
        turned = {one for stem in stems(plain, lang) - asked for one in said - asked if one.startswith(stem)}
        if turned and not stems((word,), lang) & said:
            return True
    return any(
        (one & asked and other & (said - asked) and not other & asked) or (other & asked and one & (said - asked) and not one & asked)
        for one, other in opposites(lang)
    )


_SPARED = re.compile(r"\b(?:uden|without|lack(?:s|ed|ing)?)((?:\s+\w+){1,3})", re.IGNORECASE)


def _without_what(texts: Iterable[str], lang: Lang) -> frozenset[str]:
    """What texts say that somebody is without."""
    behind = (found[1].split() for text in texts for found in _SPARED.finditer(text))
    return frozenset().union(*(next(filter(None, (stems((word,), lang) for word in words)), frozenset()) for words in behind))


def _lacks(statement: Statement, mention: Mention) -> bool:
    """Whether those counted are without what was asked for: "15 af 60 klarer sig uden tolk", "hos 40 savnes en kontakt"."""
    row = statement.row
    if row.negative or row.goal is not None:
        return False
    start, end = statement.around(mention)
    text = f"{statement.read[start:end]} {statement.reported}"
    asked_without = _without_what(row.about[:1], statement.lang)
    if asked_without:
        # "with help" of those who were asked what they can do without it.
        spared = _without_what((text,), statement.lang)
        return bool((asked_without - spared) & stems((text,), statement.lang))
    if not row.siblings or not row.about:
        # Of what is there or not there: "seks af de 20 kommuner er uden en indsats".
        return re.search(r"\b(?:uden|without)\b", text, re.IGNORECASE) is not None
    units = {word.lower() for word in (*row.unit, *row.group)}
    general = grammar("general", statement.lang)
    asked = {word[:_STEM] for word in _WORD.findall(" ".join((*row.about, *row.labels)).lower()) if len(word) > 2 and word not in general}
    lacking = _LACKED.search(row.about[0]) is not None
    for found in _WITHOUT.finditer(text):
        if lacking and _LACKED.match(found[0]):
            # "45 savner redskaber" where it was asked who lacks them.
            continue
        behind = [word[:_STEM] for word in _WORD.findall(text[found.end() :].lower())[:_NEAR]]
        if _LACKED.match(found[0]):
            # "Skriftlige aftaler mangler i 12": what is lacked may be what lacks.
            plain = units | grammar("being", statement.lang) | {"not", "ikke"}
            behind += [word[:_STEM] for word in _WORD.findall(text[: found.start()].lower()) if word not in plain][-1:]
        if found[0].lower()[:_STEM] not in asked and asked.intersection(behind):
            return True
    return False
