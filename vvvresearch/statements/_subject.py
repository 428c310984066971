"""What a sentence is about: another question than its row's, more than was asked, or something that is made to act on those counted."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from vvvresearch.locales import Lang
from vvvresearch.statements._amounts import RHYTHM, rhythms
from vvvresearch.statements._answers import NUMBERS, named_in, spoken
from vvvresearch.statements._clauses import clauses
from vvvresearch.statements._covered import PLAIN_ANSWERS, alike
from vvvresearch.statements._mention import Mention
from vvvresearch.statements._mentions import mentions
from vvvresearch.statements._own_words import root, stems
from vvvresearch.statements._polarity import opposed
from vvvresearch.statements._row import Check, check
from vvvresearch.statements._statement import Statement
from vvvresearch.statements._verbs import verb_form
from vvvresearch.statements._words import function_words, grammar, nouns

_WORD = re.compile(r"[^\W\d_]+")


def beyond(statement: Statement) -> Check | None:
    """Whether words say more than was asked: that somebody wishes what others do, how often, how wholly, or of what time."""
    row, lang = statement.row, statement.lang
    if not row.about or row.goal is not None:
        return None
    asked = " ".join((*row.about, *row.labels, *(name for one in row.siblings for name in one.names))).lower()
    often = next((said for said in RHYTHM.finditer(statement.read) if not _is_time(statement, said)), None)
    if often is not None and not rhythms(asked) and not any(noun in asked for noun in rhythms(statement.read)):
        return check("asks", "not_asked_so", said=often[0])
    if often is not None and rhythms(row.about[0]) and not rhythms(statement.read) & rhythms(row.about[0]):
        return check("asks", "not_asked_so", said=often[0])
    if (lasting := _LASTING.search(statement.read)) is not None and lasting[0].lower() not in asked:
        return check("asks", "not_asked_so", said=lasting[0])
    if row.count is None or row.titled:
        return None
    unsure = row.unsure is not None and any(answer is row.unsure for _, answer in named_in(row, statement.text, lang))
    for name in ("wishing", "wholly") if not (unsure or statement.of("unknown")) else ():
        words = sorted(grammar(name, lang))
        found = next((said for one in words if (said := re.search(rf"(?<!\w){one}(?!\w)", statement.read, re.IGNORECASE))), None)
        # "Regner du med …?" asks for a wish whose words stand apart.
        if found and not _asks(asked, words):
            return check("asks", "not_asked_so", said=found[0].strip())
    never = next((one for one in mentions(statement.read, lang) if one.key == "never"), None)
    if never is not None and (
        any(one.value for one in mentions(row.about[0], lang)) or not (never.text.lower() in asked or ever_asked(asked, lang))
    ):
        # Those who do not do it more than once a week may do it at times, and who does not do it now may have done so.
        return check("asks", "not_asked_so", said=never.text)
    long = next((one for one in mentions(statement.read, lang) if one.kind == "duration" and _hours(one, lang)), None)
    if (
        long is not None
        and row.side is None
        and not _WHEN.search(statement.read[: long.start])
        and not nouns("time", lang) & set(_WORD.findall(asked))
    ):
        return check("asks", "not_asked_so", said=long.text)
    if _done_instead(statement, " ".join((row.about[0], *row.labels)).lower()):
        return check("asks", "not_asked_so", said=statement.text.strip())
    asked_more = {noun for about in row.about for noun, sign in compared(about, lang).items() if sign}
    if (
        row.side is None
        and asked_more & stems((statement.read,), lang)
        and not any(one.kind in ("comparison", "direction", "vague") for one in mentions(statement.text, lang))
    ):
        # "56 har ikke smerter" of those who were asked whether they have less pain.
        return check("asks", "not_asked_so", said=statement.text.strip())
    span = [re.search(_LATELY, text, re.IGNORECASE) for text in (row.about[0], statement.read)]
    if span[0] and span[1] and span[0][1].lower() != span[1][1].lower():
        # "in the past year" where the past month was asked for.
        return check("asks", "not_asked_so", said=span[1][0])
    if not row.occasions and (time := _OF_TIME[lang].search(statement.read)) is not None and not _OF_TIME[lang].search(asked):
        return check("contradicted", "other_subject", said=time[0])
    return _of_the_thing(statement) if row.side is not None else None


_LASTING = re.compile(r"\bi (?:åre|måneds|uge|dage|time)vis\b|\bfor (?:days|weeks|months|years|good|life|altid|livet)\b", re.IGNORECASE)
_LATELY = r"\b(?:seneste|sidste|past|last)\s+(?:hele\s+|full\s+)?(dag|uge|måned|kvartal|halvår|år|day|week|month|quarter|year)"
_WISH = re.compile(r"\b(?:tank|lyst|ønsk|plan|vil\b|ville\b|would|want|wish|think|thought|idea|intention)", re.IGNORECASE)
_LIGHT = frozenset({"har", "om", "til", "med", "sig", "to", "of", "like", "mean", "would"})


_WHEN = re.compile(
    r"\b(?:på|over|efter|siden|for|inden|inden for|seneste|sidste|i|de|within|after|in|for|over|past|last|the)\s+$", re.IGNORECASE
)


def _hours(mention: Mention, lang: Lang) -> bool:
    """Whether a length of time is told, and no number of times."""
    return mention.text.lower().split()[-1] in nouns("time", lang) - {"gang", "gange", "time", "times"}


def ever_asked(question: str, lang: Lang) -> bool:
    """Whether it was asked if something has happened at any time: "Har du været på kursus?"."""
    first, *words = _WORD.findall(question)
    done = any(verb_form(word, lang) in ("supine", "past") for word in words)
    return "ever" in words or "nogensinde" in words or (first in ("har", "have", "has") and done)


def _asks(asked: str, phrases: Sequence[str]) -> bool:
    """Whether a question has the word that makes any of some phrases."""
    parts = [_WORD.findall(one) for one in phrases]
    keys = {next((word for word in words if word not in _LIGHT), words[0]) for words in parts}
    return bool(keys & set(_WORD.findall(asked.lower())))


def _done_instead(statement: Statement, asked: str) -> bool:
    """Whether those who were asked for a wish are said to have done it: "otte er holdt op" of those who consider it."""
    lang = statement.lang
    wishes = sorted(grammar("wishing", lang))
    supposed = _HYPOTHETICAL.match(statement.row.about[0]) is not None and not _HYPOTHETICAL.search(statement.text)
    if not supposed and (not _asks(asked, wishes) or _asks(statement.text.lower(), wishes) or _WISH.search(statement.text)):
        return False
    helped = grammar("being", lang) | {"har", "havde", "has", "have", "had"}
    words = statement.words
    if lang == "en" and "will" in words and not set(words) & grammar("saying"):
        return True
    return any(
        word in helped
        and any(
            verb_form(one, lang) in ("supine", "past", "finite", "either") and one not in helped for one in words[place + 1 : place + 3]
        )
        for place, word in enumerate(words)
    )


_HYPOTHETICAL = re.compile(r"\b(?:would|will|ville?)\b", re.IGNORECASE)
# "45 pct. af dagene", "half of the time": a part of time, and of nobody who was counted.
_OF_TIME: Mapping[Lang, re.Pattern[str]] = {
    "da": re.compile(r"\baf\s+(dagene|ugerne|tiden|gangene|månederne|timerne|aftenerne|nætterne)\b", re.IGNORECASE),
    "en": re.compile(r"\bof\s+the\s+(days|weeks|time|times|months|hours|evenings|nights)\b", re.IGNORECASE),
}


def _is_time(statement: Statement, said: re.Match[str]) -> bool:
    """Whether what looks like a rhythm is a time or a part: "i år", "a year ago", "within a year", "a quarter of the 90"."""
    once = re.match(r"(?:i|inden for|efter|within|after)\b", said[0], re.IGNORECASE) is not None
    since = re.match(r"\W*(?:siden|før|tidligere|senere|forinden|ago|earlier|later|before)\b", statement.read[said.end() :])
    return (
        once or since is not None or any(one.start < said.end() and said.start() < one.end for one in statement.of("share", "percentage"))
    )


def _of_the_thing(statement: Statement) -> Check | None:
    """Whether what more or fewer answered is said to have changed itself: "the pain has doubled" of those who have less pain."""
    lang, row = statement.lang, statement.row
    if not statement.of("direction", "multiple"):
        return None
    for clause in clauses(statement.read, lang):
        changes = [one for one in statement.of("direction", "multiple") if clause.start <= one.start < clause.end]
        subject = statement.read[clause.start : changes[0].start] if changes else ""
        words = set(_WORD.findall(subject.lower()))
        if words & _NUMBER_OF and (_whole(subject, (*row.unit, *row.group), lang) or not _counted_so(statement)):
            return check("contradicted", "other_subject", said=subject.strip())
        asked = {noun: sign for about in row.about for noun, sign in compared(about, lang).items() if sign}
        bare = [asked[noun] for noun in stems((subject,), lang) & set(asked) if noun not in compared(subject, lang)]
        # "Tilliden er vokset" says of all what more have said of themselves; how much it grew nobody has.
        more = changes[0].word.sign if changes and changes[0].word is not None else 0
        if bare and (changes[0].kind == "multiple" or more == -bare[0]) and not words & grammar("measures", lang):
            return check("contradicted", "other_subject", said=subject.strip())
    return None


def _counted_so(statement: Statement) -> bool:
    """Whether the number of those who answered so went the way that is told, and as far, and not only their share."""
    row, side = statement.row, statement.row.side
    if side is None or row.count is None or row.n == side.n:
        return True
    signs = {one.word.sign for one in statement.of("direction") if one.word is not None}
    return not statement.of("multiple") and signs <= {0, (row.count > side.count) - (row.count < side.count)}


_NUMBER_OF = frozenset({"antallet", "antal", "number"})


def _whole(subject: str, units: Sequence[str], lang: Lang) -> bool:
    """Whether a number of those counted is spoken of, and of no part of them: "antallet af patienter er fordoblet"."""
    for unit in sorted(units, key=len, reverse=True):
        found = re.search(rf"(?<!\w){re.escape(unit)}(?!\w)", subject, re.IGNORECASE)
        if found is not None:
            return not stems((subject[found.end() :],), lang) and not re.search(
                r"\b(?:der|som|med|uden|who|that|with|without)\b", subject[found.end() :], re.IGNORECASE
            )
    return False


def another_answer(statement: Statement) -> Check | None:
    """Whether the row's number is told of another answer, which alone is named: "18 mangler flygtninge" of those who lack volunteers."""
    row, lang = statement.row, statement.lang
    if not row.siblings or row.count is None or statement.of("comparison", "multiple", "unknown"):
        return None
    named = named_in(row, statement.text, statement.lang, whole=True)
    numbers = [one for one in statement.of(*NUMBERS) if one.value != row.n or one.kind == "share"]
    ranked = statement.of("rank") if not numbers else ()
    others = [answer for _, answer in named if answer in row.siblings and answer.names[0].lower() not in PLAIN_ANSWERS]
    own = stems(row.labels, lang) - stems((name for one in row.siblings for name in one.names), lang)
    said = [name for one in others for name in one.names if re.search(spoken(name), statement.text, re.IGNORECASE)]
    if (
        (not stems(row.labels, lang) and not said)
        or own & stems((statement.text,), lang)
        or len(named) != 1
        or not others
        or (len(numbers) != 1 and not ranked)
        or others[0].count == row.count
        or statement.of("negation")
    ):
        return None
    if ranked:
        # "Maden nævnes oftest: 36 af 72" of those who named the company.
        return check("contradicted", "rank_is_not", count=row.count, other=others[0].count)
    return check("contradicted", "count_is", count=others[0].count, n=row.n)


_ENDS: Mapping[str, tuple[str, ...]] = {
    "mindst": ("højst",), "højst": ("mindst",), "over": ("under", "mindre end"), "under": ("over", "mere end"),
    "mere end": ("under", "mindre end"), "mindre end": ("over", "mere end"), "at least": ("at most",), "at most": ("at least",),
    "more than": ("less than", "under"), "less than": ("more than", "over"),
}  # fmt: skip


# "to gange om dagen" of those who do it every day.
_OFTENER = re.compile(r"\b(?:gange (?:om|i|dagligt|ugentligt|månedligt)|(?:times|twice) (?:a|an|per|each|every))\b", re.IGNORECASE)


def _lasts(mention: Mention) -> tuple[object, ...]:
    return mention.modifier, mention.value, mention.text.split()[-1].lower().rstrip("s")


def opposite(statement: Statement) -> Check | None:
    """Whether words say the opposite of what was asked or answered: "et mindre netværk", "højst en gang om ugen" of "mindst en gang"."""
    row, lang = statement.row, statement.lang
    labels = [name.lower() for names in (row.labels, *(one.names for one in row.siblings)) for name in names]
    for label in labels:
        for end, others in _ENDS.items():
            turned = [f"{other}{label.removeprefix(end)}" for other in others] if label.startswith(f"{end} ") else []
            if any(one in statement.text.lower() and one not in labels for one in turned):
                return check("contradicted", "row_denies")
    said = set(statement.words)
    for first, noun in (pair for label in labels for pair in zip(label.split(), label.split()[1:], strict=False)):
        # "mere end en time" of "mere end en halv time"
        if first in ("halv", "halvt", "halve", "half") and noun in said and first not in said:
            return check("contradicted", "row_denies")
    rhythm = frozenset().union(*(rhythms(label) for label in row.labels))
    spoken_of = rhythms(statement.text)
    if rhythm and spoken_of and not rhythm & spoken_of and len(statement.of(*NUMBERS)) <= 1 + (row.side is not None):
        return check("contradicted", "row_denies")
    lasting = [
        {(one.value, one.text.split()[-1].lower()) for one in mentions(text, lang) if one.kind == "duration"}
        for text in (" ; ".join((*labels, *row.about)), statement.text)
    ]
    if lasting[0] and lasting[1] - lasting[0] and row.value is None and row.side is None:
        # "more than three hours" of those who answered more than two.
        return check("contradicted", "row_denies")
    own, other = (
        {_lasts(one) for name in names for one in mentions(name, lang) if one.kind == "duration"}
        for names in (row.labels, [name for one in row.siblings for name in one.names])
    )
    told = {_lasts(one) for one in mentions(statement.text, lang) if one.kind == "duration"}
    if row.side is None and told & (other - own) and not told & own:
        return check("contradicted", "row_denies")
    alone = statement.text.lower()
    for label in labels:
        alone = alone.replace(label, "")
    if rhythm and _OFTENER.search(alone) and not any(_OFTENER.search(label) for label in row.labels):
        return check("contradicted", "row_denies")
    if row.side is not None and opposed(statement, statement.read):
        return check("contradicted", "row_denies")
    more = compared(statement.text, lang)
    for words in row.about:
        asked = compared(words, lang)
        if any(noun in asked and asked[noun] == -sign != 0 for noun, sign in more.items()):
            return check("contradicted", "row_denies")
    return None


_SUFFERED: Mapping[Lang, str] = {
    "da": r"(?:blevet|blev|bliver)\s+",
    "en": r"(?:been|being|was|were|is|are|had (?!(?:you|an?|the)\b)\w+)\s+",
}
_DONE: Mapping[Lang, str] = {"da": r"(?:har|havde)\s+", "en": r"(?:have|has|had)\s+"}


_PARTICIPLE = ("et", "t", "ed", "en")


def voiced(statement: Statement) -> Check | None:
    """Whether those counted are said to do what was asked to be done to them, or the other way: "har stjålet" of "er blevet stjålet"."""
    row, lang = statement.row, statement.lang
    if not row.about or row.goal is not None or row.count is None:
        return None
    asked = row.about[0].lower()
    suffered = {
        found[1]
        for found in re.finditer(rf"\b{_SUFFERED[lang]}(?:(?:du|i|you|(?:din|dit|dine|jeres|your)\s+\w+)\s+)?(\w+)", asked)
        if found[1].endswith(_PARTICIPLE) or verb_form(found[1], lang) in ("past", "supine")
    }
    counted = "|".join(sorted(map(re.escape, (*row.unit, *row.group)), key=len, reverse=True)).lower() or "(?!)"
    said_done = re.finditer(rf"(?<!\w)(?:{counted})\s+(?:{_DONE[lang]})?(\w+)", statement.text.lower())
    did = next((found for found in said_done if any(alike(found[1], one, lang) for one in suffered)), None)
    if did is None and re.search(rf"(?<!\w)(?:du|i|you|{counted})(?!\w)", asked):
        # "På 60 biblioteker bliver mentorerne undervist": those who are acted on are others.
        placed = statement.text.lower().split()[:1] and statement.text.lower().split()[0] in function_words("preposition", lang)
        said = re.search(rf"(?<!\w)(?:{counted})\s+(?:(?:er|har|have|has)\s+)?{_SUFFERED[lang]}(\w+)", statement.text.lower())
        acted = said is not None and said[1].endswith(_PARTICIPLE) and not any(alike(said[1], one, lang) for one in suffered)
        if acted and not placed and any(root(word, lang) == root(said[1], lang) for word in _WORD.findall(asked) if said is not None):
            did = said
    return check("asks", "says_more", said=did[0]) if did is not None else None


def compared(text: str, lang: Lang) -> dict[str, int]:
    """Of what a text says that there is more or less: "et større netværk" more "netværk"."""
    found = {}
    for one in mentions(text, lang):
        behind = text[one.end :].split()[:1]
        if one.kind == "comparison" and one.word is not None and behind and (of := stems((behind[0],), lang)):
            found[next(iter(of))] = one.word.sign
    return found
