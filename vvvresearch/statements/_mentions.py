"""Numeric statements of a text as mentions: one layer for reports that are audited and for claims that are proved."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache

from vvvresearch.locales import Lang, check_lang
from vvvresearch.statements._mention import Mention, Sentence, in_context, noun_after, unit_of_share
from vvvresearch.statements._numerals import read_figure
from vvvresearch.statements._patterns import (
    joined_word,
    more_than_any,
    multiple_at,
    not_by_chance,
    unknown_at,
    with_exceptions,
    with_ranges,
)
from vvvresearch.statements._text import Text, Token, read, sentences, tokens
from vvvresearch.statements._verbs import verb_form
from vvvresearch.statements._words import TOLERANCE, Word, behind, fractions, function_words, grammar, match_at, nouns, ordinals, rank_word

_ONE: dict[Lang, frozenset[str]] = {"da": frozenset({"en", "én", "et", "ét"}), "en": frozenset({"a", "one"})}
_EVERY: dict[Lang, frozenset[str]] = {"da": frozenset({"hver", "hvert"}), "en": frozenset({"every"})}
_LEAST = frozenset({"mindst", "least"})
_DONE = frozenset({"passive", "supine", "past", "either"})
_THAN: dict[Lang, str] = {"da": "end", "en": "than"}


def mentions(text: str, lang: Lang = "da") -> tuple[Mention, ...]:
    """Every numeric statement of a text, in figures, letters or words, in the order of the text.

    Figures are read through markup, full-width and circled digits, look-alike letters, and hyphens at the end of a line; thousand signs
    of either language are understood; footnote marks glued to words are left out. A number that is beside a noun of time, money or
    place ("tabel 4", "tre måneder") is a mention of that kind and no count.

    Args:
        text: prose, captions or cells; any length.
        lang: the language of the text.

    Returns:
        The mentions; `kind` says what each is, `start`, `line` and `column` where it stands.

    Example:
        >>> for one in mentions("Knap to tredjedele (37 af 56, 66 pct.) af kommunerne har henvist."):
        ...     print(one.kind, one.value, one.base, one.modifier or "-", one.unit or "-")
        share 2/3 None just_under -
        ratio 37 56 - -
        percentage 66 None - kommunerne
    """
    return _mentions(text, check_lang(lang))


# A proof asks the same clause for its mentions many times over.
@lru_cache(maxsize=2048)
def _mentions(text: str, lang: Lang) -> tuple[Mention, ...]:
    prepared = read(text)
    found = tokens(prepared, lang)
    made: list[Mention] = []
    for number, (first, last) in enumerate(sentences(found)):
        made += _of_sentence(prepared, found[first:last], number, lang)
    return tuple(made)


def sentence_mentions(text: str, lang: Lang = "da") -> tuple[Sentence, ...]:
    """The sentences of a text with their mentions, for readers that need both.

    Args:
        text: a paragraph, an item of a list, a caption.
        lang: the language of the text.

    Returns:
        Sentences in the order of the text; offsets of mentions are those of the whole text.

    Example:
        >>> [(one.start, len(one.mentions)) for one in sentence_mentions("Der var 12 kurser. De varede længe. 40 pct. kom.")]
        [(0, 1), (19, 0), (36, 1)]
    """
    lang = check_lang(lang)
    prepared = read(text)
    found = tokens(prepared, lang)
    return tuple(
        Sentence(
            text[found[first].start : found[last - 1].end],
            found[first].start,
            found[last - 1].end,
            tuple(token.word for token in found[first:last]),
            tuple(_of_sentence(prepared, found[first:last], number, lang)),
        )
        for number, (first, last) in enumerate(sentences(found))
    )


def _of_sentence(text: Text, sentence: Sequence[Token], number: int, lang: Lang) -> list[Mention]:
    words = [token.word for token in sentence]
    values = [token.value for token in sentence]
    made: list[Mention] = []
    at = 0
    modifier, modifier_start, degree = "", 0, ""
    while at < len(sentence):
        if denied := not_by_chance(words, at, lang):
            at += denied
            continue
        taken, mention = _with_a_gap(words, values, at, number, lang)
        if mention is None:
            read_here = _fraction(sentence, words, at, lang) or read_figure(sentence, words, at, lang)
            taken, mention = read_here or (0, None)
        if mention is None:
            taken, meanings = match_at(words, at, lang)
            if words[at : at + taken] == ["in", "all"] and values[at + taken : at + taken + 1] not in ([], [None]):
                # "in all 48 municipalities"
                taken, meanings = 0, ()
            if lang == "en" and words[at] == "most" and taken == 1 and words[at + 1 : at + 2] != ["of"] and _ends_or_leads(words, at + 1):
                # "wish most for a job"
                taken, meanings = 0, ()
            if _rhythm(words, at, taken, meanings) or _getting(words, at, taken, lang):
                taken, meanings = 0, ()
            word = _choose(meanings, sentence, words, at + taken, lang)
            if word is None and (joined := joined_word(words[at], lang)) is not None:
                taken, word = 1, joined
            if word is not None and word.kind == "modifier":
                modifier, modifier_start = word.key, at
                at += taken
                continue
            if word is not None and word.kind == "degree":
                if made and made[-1].kind == "direction" and sentence[at].start - made[-1].end < 2:
                    # "faldt markant": the degree follows its word.
                    made[-1] = made[-1].changed(degree=word.key)
                else:
                    degree = word.key
            elif word is not None and word.kind != "trap":
                mention = Mention(word.kind, "", 0, 0, 0, 0, number, word.key, _value_of(word), word=word)
        if mention is not None:
            start = modifier_start if modifier else at
            qualified, by = _qualified_behind(mention, words, at + taken, lang)
            taken += qualified
            mention = _placed(mention, text, sentence, start, at + taken, number).changed(
                modifier=mention.modifier or by or modifier, degree=degree if mention.kind in ("direction", "comparison") else ""
            )
            made.append(_with_unit(mention, sentence, at + taken, lang))
            if mention.kind in ("direction", "comparison"):
                degree = ""
        modifier = ""
        at += max(taken, 1)
    made += _caused(text, sentence, words, number, lang)
    made = with_ranges(with_exceptions(made, text.source), text.source)
    return in_context(sorted(made, key=lambda one: one.start), words, sentence, lang)


def _with_a_gap(words: Sequence[str], values: Sequence[Fraction | None], at: int, number: int, lang: Lang) -> tuple[int, Mention | None]:
    """What cannot be told, and multiples: statements that are no phrase of fixed words."""
    taken = unknown_at(words, at, lang)
    if taken:
        return taken, Mention("unknown", "", 0, 0, 0, 0, number, "cannot")
    if more_than_any(words, at, lang):
        return 1, Mention("rank", "", 0, 0, 0, 0, number, "top", word=rank_word("top"))
    taken, word = multiple_at(words, values, at, lang)
    return (taken, Mention(word.kind, "", 0, 0, 0, 0, number, word.key, word.ratio, word=word)) if word is not None else (0, None)


def _qualified_behind(mention: Mention, words: Sequence[str], after: int, lang: Lang) -> tuple[int, str]:
    """How many words behind a number qualify it, and how: "hver tredje eller deromkring", "halvdelen eller færre"."""
    if mention.kind not in ("share", "percentage", "count", "ratio", "duration", "points", "money"):
        return 0, ""
    if mention.kind == "duration" and words[after : after + 1] and words[after] in _EACH[lang] and words[after + 1 : after + 2]:
        # "seks timer om måneden eller mere"
        after, rhythm = (after + 2, 2) if words[after + 1] in nouns("time", lang) or words[after + 1] in _DEFINITE_TIMES else (after, 0)
    else:
        rhythm = 0
    if after < len(words) and any(word.kind == "trap" for word in match_at(words, after, lang)[1]):
        # "halvdelen eller mere præcist 60 procent"
        return 0, ""
    found = [(rhythm + len(phrase), key) for phrase, key in behind(lang) if tuple(words[after : after + len(phrase)]) == phrase]
    return found[0] if found else (0, "")


_EACH: dict[Lang, frozenset[str]] = {"da": frozenset({"om", "per", "pr.", "pr"}), "en": frozenset({"a", "per", "each", "every"})}
_DEFINITE_TIMES = frozenset({"dagen", "ugen", "måneden", "året", "kvartalet"})


# "får X til at": what makes somebody do something, with a subject of up to this many words between.
_MADE: dict[Lang, frozenset[str]] = {
    "da": frozenset(("får", "fik", "fået", "få")),
    "en": frozenset(("got", "gets", "led", "prompted", "prompts")),
}
_SO_THAT: dict[Lang, frozenset[str]] = {
    "da": frozenset(
        ("gør", "gjorde", "gjort", "betyder", "betød", "betydet", "bevirker", "bevirkede", "medfører", "medførte", "sikrer", "sikrede")
    ),
    "en": frozenset(("means", "meant", "ensures", "ensured")),
}
_THAT: dict[Lang, str] = {"da": "at", "en": "that"}
_FAR = 9


def _to_do(words: Sequence[str], at: int) -> bool:
    # "got an introduction to the task" makes nobody do anything.
    return words[at] == "to" and not function_words("determiner", "en").intersection(words[at + 1 : at + 2])


def _caused(text: Text, sentence: Sequence[Token], words: Sequence[str], number: int, lang: Lang) -> list[Mention]:
    found = []
    for at, word in enumerate(words):
        if word in _SO_THAT[lang] and [one for one in words[at + 1 : at + 3] if one != ","][:1] == [_THAT[lang]]:
            # "gør, at": the comma is a matter of taste.
            found.append(_placed(Mention("cause", "", 0, 0, 0, 0, number, "cause"), text, sentence, at, at + 1, number))
        if word not in _MADE[lang]:
            continue
        for end in range(at + 2, min(at + _FAR, len(words))):
            if words[end] in (",", ";", "."):
                break
            if words[end] == "til" and words[end + 1 : end + 2] == ["at"] if lang == "da" else _to_do(words, end) and end > at + 1:
                found.append(_placed(Mention("cause", "", 0, 0, 0, 0, number, "cause"), text, sentence, at, at + 1, number))
                break
    return found


def _value_of(word: Word) -> Fraction | None:
    if word.kind == "share" and word.low is not None and word.high is not None and word.high - word.low == 2 * TOLERANCE:
        return word.low + TOLERANCE
    return {"none": Fraction(0), "all": Fraction(1)}.get(word.exact) if word.exact else word.ratio


def _ends_or_leads(words: Sequence[str], at: int) -> bool:
    """Whether nothing follows at a place, or a preposition."""
    return at >= len(words) or not words[at][:1].isalnum() or words[at] in function_words("preposition", "en")


def _rhythm(words: Sequence[str], at: int, taken: int, meanings: Sequence[Word]) -> bool:
    # "hver anden uge", "every month" are rhythms and no shares.
    following = words[at + taken] if taken and at + taken < len(words) else ""
    rhythm = nouns("time", "da") | nouns("time", "en")
    each = words[at] in ("hver", "hvert", "every", "each")
    return each and following in rhythm and any(word.kind == "share" and word.key in ("half", "all") for word in meanings)


def _getting(words: Sequence[str], at: int, taken: int, lang: Lang) -> bool:
    """Whether Danish "få" is the verb: after "at" or a modal, or without a plural behind it."""
    if lang != "da" or taken != 1 or words[at] != "få":
        return False
    before = words[at - 1] if at else ""
    following = words[at + 1] if at + 1 < len(words) else ""
    plural = following.endswith(("er", "e", "ere", "par")) or following == "af"
    return before in _BEFORE_INFINITIVE or not plural or (verb_form(following, "da") == "finite" and before != "")


_BEFORE_INFINITIVE = grammar("before_infinitive")


def _fraction(sentence: Sequence[Token], words: Sequence[str], at: int, lang: Lang) -> tuple[int, Mention] | None:
    """ "to tredjedele", "en fjerdedel", "hver tredje" and their English forms."""
    following = words[at + 1] if at + 1 < len(words) else ""
    after = words[at + 2] if at + 2 < len(words) else ""
    named = fractions(lang)
    token = sentence[at]
    count = token.value if token.value is not None else Fraction(1) if words[at] in _ONE[lang] else None
    if count is not None and following in named and after not in nouns("post", lang) | nouns("time", lang):
        return 2, _share(count * named[following])
    joined = ""
    if lang == "da" and words[at].endswith(tuple(named)):
        joined = next((name for name in named if words[at].endswith(name) and words[at][: -len(name)] in _COUNTED), "")
    if joined:
        # "trefjerdedele" in one word.
        return 1, _share((_COUNTED.index(words[at][: -len(joined)]) + 1) * named[joined])
    hyphenated = words[at].split("-")
    if lang == "en" and len(hyphenated) == 2 and hyphenated[1] in named and hyphenated[0] in ("one", "two", "three", "four", "five"):
        return 1, _share(("one", "two", "three", "four", "five").index(hyphenated[0]) * named[hyphenated[1]] + named[hyphenated[1]])
    if words[at] in _EVERY[lang] and following in ordinals(lang) and after not in nouns("time", lang):
        place = ordinals(lang)[following]
        if place > 2:
            return 2, _share(Fraction(1, place)).changed(key="every")
    if words[at] in named and at and words[at - 1] in ("den", "the", "sidste", "last"):
        return 1, _share(named[words[at]])
    return None


_COUNTED = ("en", "to", "tre", "fire", "fem", "seks", "syv", "otte", "ni")


def _share(value: Fraction) -> Mention:
    word = Word("share", "fraction", value - TOLERANCE, value + TOLERANCE)
    return Mention("share", "", 0, 0, 0, 0, 0, "fraction", value, word=word)


def _choose(meanings: Sequence[Word], sentence: Sequence[Token], words: Sequence[str], after: int, lang: Lang) -> Word | None:
    """One meaning of a phrase with several, by what stands beside it."""
    kinds = {word.kind: word for word in meanings}
    if not kinds:
        return None
    following = words[after] if after < len(words) else ""
    counted = after < len(sentence) and (
        sentence[after].value is not None
        or following in ("halvdelen", "half", "hver", "every")
        or _fraction(sentence, words, after, lang) is not None
    )
    if "modifier" in kinds:
        multiplied = after < len(words) and (
            any(word.kind == "multiple" for word in match_at(words, after, lang)[1])
            or multiple_at(words, [token.value for token in sentence], after, lang)[1] is not None
        )
        if counted or multiplied:
            return kinds["modifier"]
        del kinds["modifier"]
        head = words[after - 1] if after else ""
        if not kinds and head in ("end", "than"):
            _, again = match_at([*words[: after - 1], ""], after - 2, lang)
            kinds = {word.kind: word for word in again if word.kind == "comparison"}
    before = words[after - 2] if after > 1 else ""
    if "rank" in kinds and words[after - 1] in _LEAST and not (verb_form(before, lang) in _DONE or (lang == "da" and before.endswith("s"))):
        # "bruges mindst" ranks; "er mindst 30", "mindst lige så" say how much.
        del kinds["rank"]
    if "comparison" in kinds and _THAN[lang] not in words[after - 1 : after + 14] and kinds["comparison"].sign and len(kinds) > 1:
        del kinds["comparison"]
    said = kinds.get("direction")
    if said is not None and said.key == "same" and words[after - 1] in ("samme", "same") and following not in ("som", "as"):
        # "kun fire ud af ti mentorer siger det samme": what somebody else said, and nothing that stayed as it was.
        done = words[after - 3 : after - 2]
        if done and verb_form(done[0], lang) and done[0] not in grammar("being", lang) | grammar("stating", lang) | grammar("having", lang):
            return Word("trap", "trap")
    order = ("comparison", "trap", "goal", "direction", "share", "rank", "some", "vague")
    return min(kinds.values(), key=lambda word: order.index(word.kind) if word.kind in order else 99, default=None)


def _placed(mention: Mention, text: Text, sentence: Sequence[Token], first: int, end: int, number: int) -> Mention:
    start, stop = sentence[first].start, sentence[end - 1].end
    line, column = text.place(start)
    return mention.changed(text=text.source[start:stop], start=start, end=stop, line=line, column=column, sentence=number)


def _with_unit(mention: Mention, sentence: Sequence[Token], after: int, lang: Lang) -> Mention:
    if mention.kind in ("count", "ratio", "base", "total", "sample_size"):
        return mention.changed(unit=mention.unit or noun_after(sentence, after, lang))
    if mention.kind in ("percentage", "share", "some", "vague", "points"):
        return mention.changed(unit=unit_of_share(sentence, after, lang))
    return mention
