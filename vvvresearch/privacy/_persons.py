"""Names of persons: known names, and capitalised words that are no known word, place or organisation."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import cache
from itertools import accumulate, compress

from vvvresearch.privacy._context import (
    calls_a_thing,
    follows_a_cue,
    in_a_row,
    in_file_name,
    is_abbreviation,
    is_called_after,
    is_cited,
    is_foreign,
    is_invented,
    is_spoken_in_english,
    is_web_address,
    labels_a_speaker,
    may_be_a_month,
    names_a_body,
    opens_sentence,
    owns_with_apostrophe,
    person_acts,
    speaks_of_a_place,
    stands_alone,
    stands_in_english,
)
from vvvresearch.privacy._data import words_of
from vvvresearch.privacy._finding import Finding
from vvvresearch.privacy._lexicon import is_english, is_listed, resembles_a_word, respelled
from vvvresearch.privacy._names import (
    Sort,
    bare_forms,
    has_foreign_letter,
    is_genitive,
    is_inflected,
    is_title,
    looks_like_a_family_name,
    looks_like_a_first_name,
    names_nobody,
    only_family_names,
    sort_of,
)

_WORD = re.compile(r"([^\W\d_]+(?:['’\-][^\W\d_]+)*)")
_OUTSIDE = 16
_BLOCK = 200_000
_LONGEST_RUN = 8
_SAINTS = ("sankt", "sct", "skt", "st", "saint", "santa")
_SHORT = 3
_LONG = 8  # letters, above which hardly a name is put together as Danish words are
_SMALL = (Sort.SMALL_NAME, Sort.SMALL_NAME_WORD, Sort.SMALL_UNKNOWN)
_NAMES = (Sort.NAME, Sort.NAME_WORD, Sort.NAME_PLACE, Sort.UNKNOWN)


class Words:
    """The words of a stretch of text, what stands between them, and the sort of each."""

    def __init__(self, text: str) -> None:
        self.text = text
        parts = _WORD.split(text)
        self.gaps = [*parts[::2], ""]
        self.count = len(parts) // 2
        # Before the first word and behind the last there is none.
        self.words = [*parts[1::2], *[""] * _OUTSIDE]
        self.places = list(accumulate(map(len, parts)))
        self.sorts = [sort_of(word) for word in parts[1::2]]

    def word(self, index: int) -> str:
        """The word with this index as it is written; empty before the first and after the last."""
        return self.words[index]

    def gap(self, index: int) -> str:
        """What stands between a word and the one before it."""
        return self.gaps[index]

    def start(self, index: int) -> int:
        """Where a word begins."""
        return self.places[2 * index]

    def end(self, index: int) -> int:
        """Where a word ends."""
        return self.places[2 * index + 1]


def persons(text: str, allowed: Collection[str] = ()) -> Iterator[Finding]:
    """Names of persons.

    Args:
        text: the text.
        allowed: names that may stand, such as the round's pseudonyms; words, or names of several words that may stand together.
    """
    known = frozenset(name.casefold() for name in allowed)
    for offset, block in _blocks(text):
        words = Words(block)
        _recase(words)
        done = 0
        for index in compress(range(words.count), words.sorts):
            if index < done or _plainly_opens(words, index):
                continue
            done = _run(words, index)
            found = _small_run(words, index, done) if words.sorts[index] in _SMALL else _capital_run(words, index, done)
            if found is not None:
                first, last, confidence, rule = found
                if not (_may_stand(words, first, last, known) or is_called_after(words, first, last) or is_invented(words, first, last)):
                    yield Finding(offset + words.start(first), offset + words.end(last), "PERSON", confidence, rule)


def _recase(words: Words) -> None:
    """Several strange words in capitals are judged as if they had one each: a short name of a body stands by itself."""
    known = compress(range(words.count), words.sorts)
    loud = [index for index in known if words.sorts[index] == Sort.PROPER and words.words[index].isupper()]
    for index in loud:
        beside = [other for other in (index - 1, index + 1) if words.word(other).isupper() and words.gap(max(index, other)) in (" ", "-")]
        if any(len(words.word(one)) > _SHORT for one in (index, *beside)) and (beside or has_foreign_letter(words.word(index))):
            words.sorts[index] = sort_of(words.word(index).title())


def _plainly_opens(words: Words, index: int) -> bool:
    """Whether a word is a Danish one that stands by itself at the head of a sentence: most capitals are such, and need no closer look."""
    if words.sorts[index] != Sort.WORD:
        return False
    if index + 1 < len(words.sorts) and (words.sorts[index + 1] or words.word(index + 1) in words_of("particles")):
        return False
    end = words.end(index)
    if words.text[end : end + 1] in ("'", "’"):
        return False
    return opens_sentence(words, index)


def _blocks(text: str) -> Iterator[tuple[int, str]]:
    """Pieces that end with a line, or with a word where lines are long, so that a large text needs little memory."""
    start = 0
    while len(text) - start > _BLOCK:
        end = max(
            text.rfind("\n", start, start + _BLOCK),
            text.rfind(". ", start, start + _BLOCK) if "\n" not in text[start : start + _BLOCK] else -1,
        )
        end = start + _BLOCK if end <= start else end + 1
        yield start, text[start:end]
        start = end
    yield start, text[start:]


def _may_stand(words: Words, first: int, last: int, known: frozenset[str]) -> bool:
    if any(form in known for form in bare_forms(words.text[words.start(first) : words.end(last)])) or _is_public(words, first, last):
        return True
    return bool(known) and all(
        any(form in known for form in bare_forms(words.word(index))) or words.sorts[index] in (Sort.WORD, Sort.INITIAL)
        for index in range(first, last + 1)
    )


def _is_public(words: Words, first: int, last: int) -> bool:
    """Whether a run is a work or a person of public life, or what is called after one: "Anders And-klubben", "Emil fra Lønneberg"."""
    start, end = words.start(first), words.end(last)
    for one in _public().get(bare_forms(words.word(first))[-1], ()):
        told = words.text[start : max(end, start + len(one))].casefold()
        if one in bare_forms(told) or (" " in one and told.startswith(one) and " " not in told[len(one) :]):
            return True
    return False


@cache
def _public() -> dict[str, list[str]]:
    """What is public, by its first word."""
    found: dict[str, list[str]] = {}
    for one in words_of("public"):
        found.setdefault(bare_forms(re.split("[ .]", one)[0])[-1], []).append(one)
    return found


def _run(words: Words, start: int) -> int:
    """The index after the last of neighbouring words that may be parts of one name."""
    small = words.sorts[start] in _SMALL
    end = start + 1
    while end < words.count and end - start < _LONGEST_RUN:
        gap, word, sort = words.gap(end), words.word(end), words.sorts[end]
        if not (gap in (" ", "-", "\n", "  ", "\u00a0") or (gap in (". ", ".") and words.sorts[end - 1] == Sort.INITIAL)):
            break
        if sort == Sort.INITIAL and words.text[words.end(end) :][:1].isdigit():
            break  # "Memo M4"
        if gap == "\n" and not (sort == words.sorts[end - 1] == Sort.NAME):
            break
        if small:
            joins = sort in (Sort.SMALL_NAME, Sort.SMALL_UNKNOWN) or (sort == Sort.SMALL_NAME_WORD and word not in words_of("everyday"))
            announced = end == start + 1 and len(word) > 4 and not sort and not is_listed(word) and follows_a_cue(words, start, named=True)
            if not (joins or announced) or _genitive_of_small(words, end - 1):
                break
        elif word[0].islower():
            joins = word in words_of("particles") and words.word(end + 1)[:1].isupper() and words.gap(end + 1) in (" ", "-")
            if (
                not joins
                and sort != Sort.NAME
                and not (sort == Sort.SMALL_NAME and words.sorts[end - 1] == Sort.NAME and not is_genitive(words.word(end - 1)))
            ):
                break
        end += 1
    return end


def _genitive_of_small(words: Words, index: int) -> bool:
    return words.sorts[index] == Sort.SMALL_NAME and is_genitive(words.word(index))


def _capital_run(words: Words, start: int, end: int) -> tuple[int, int, float, str] | None:
    """What of a run of capitalised words is a name: first word, last word, confidence, rule."""
    if end - start == 1 and words.sorts[start] == Sort.WORD and opens_sentence(words, start) and not owns_with_apostrophe(words, start):
        return None  # Nine capitals in ten are this one.
    first, last = _trimmed(words, start, end - 1)
    if (
        any(words.word(index).casefold() in _SAINTS for index in range(start, end - 1))
        or _is_public(words, start, end - 1)
        or names_a_body(words, start, end - 1)
    ):
        return None
    if words.word(start).endswith(("-e", "-i")):
        return None  # Mazar-e Sharif
    if first > last or all(sort == Sort.WORD for sort in words.sorts[first : last + 1]):
        return _words_only(words, start, end - 1)
    sorts = words.sorts[first : last + 1]
    if names_a_body(words, first, last):
        return None
    if first == last:
        before = first > start and words.word(first - 1).casefold() not in words_of("addressing")
        return _single(words, first, after_proper=before and words.sorts[first - 1] == Sort.PROPER)
    if Sort.NAME in sorts:
        return None if is_cited(words, last) else (first, last, 0.95, "known name with its neighbours")
    if speaks_of_a_place(words, first, last) or calls_a_thing(words, first):
        return None
    if Sort.UNKNOWN in sorts:
        english = all(is_english(words.word(index).casefold()) for index in range(first, last + 1)) and not follows_a_cue(words, first)
        strange = (index for index in range(first, last + 1) if words.sorts[index] == Sort.UNKNOWN)
        foreign = english or all(is_foreign(words, index) for index in strange)
        return None if foreign else (first, last, 0.75, "capitalised words that are no Danish words")
    abbreviated = re.match(r"\.,? ?[a-zæøå]", words.text[words.end(last) :][:4])
    if sorts[-1] == Sort.INITIAL and set(sorts[:-1]) <= {Sort.WORD} and not abbreviated:
        return None  # "Informant B", "Gruppe A"
    everyday = words.word(first).casefold() in words_of("everyday") and Sort.WORD in sorts
    if (
        everyday
        and opens_sentence(words, first)
        and not (person_acts(words, last) or labels_a_speaker(words, last) or looks_like_a_family_name(words.word(last)))
    ):
        return None
    return first, last, 0.8, "names that are words too, together"


def _trimmed(words: Words, first: int, last: int) -> tuple[int, int]:
    """A run without the words before and behind that are no part of a name."""
    while first <= last and _cannot_begin(words, first, last):
        first += 1
    while last > first and _cannot_end(words, last):
        last -= 1
    return first, last


def _cannot_begin(words: Words, index: int, last: int) -> bool:
    sort, word = words.sorts[index], words.word(index)
    if sort == Sort.INITIAL:
        # "U" is a Burmese title; other single letters need their full stop.
        return index == last or not (words.gap(index + 1).startswith(".") or word == "U")
    if sort == Sort.WORD and index < last and not opens_sentence(words, index) and not names_nobody(word):
        return False
    if sort == Sort.UNKNOWN and index < last and opens_sentence(words, index) and stands_in_english(words, index):
        return True
    return sort in (Sort.WORD, Sort.PROPER) or (index < last and word.casefold() in words_of("openers"))


def _cannot_end(words: Words, index: int) -> bool:
    word = words.word(index).casefold()
    if word in words_of("particles") and words.word(index)[0].islower():
        return True
    if words.sorts[index] == Sort.INITIAL:
        return words.word(index) == "I" and not words.text[words.end(index) :].startswith(".")
    if words.sorts[index] == Sort.WORD:
        return word in words_of("openers") or is_genitive(words.word(index - 1))
    return words.sorts[index] == Sort.PROPER and word in words_of("organisations")


def _single(words: Words, index: int, after_proper: bool) -> tuple[int, int, float, str] | None:
    sort, word = words.sorts[index], words.word(index)
    opens = opens_sentence(words, index)
    if sort == Sort.INITIAL or is_abbreviation(words, index) or may_be_a_month(words, index):
        return None
    row = list(in_a_row(words, index))
    among_names = any(words.sorts[other] == Sort.NAME for other in row)
    saint = words.word(index - 1).casefold()
    holy = saint in _SAINTS and (words.gap(index) == " " or (words.gap(index) == ". " and saint in words_of("abbreviations")))
    counted = words.word(index - 1) in ("en", "et", "a", "an") and words.gap(index) == " "
    if holy or (sort != Sort.UNKNOWN and (counted or (not among_names and _is_a_thing(words, index, row)))):
        return None  # St. John's; "en Viola"; "Due, Gås og Lærke"
    if sort == Sort.NAME:
        if words.word(index - 1) == "på" and any(form in only_family_names() for form in bare_forms(word)):
            return None  # an estate or a museum: nobody is on a family
        if words.word(index - 1) in words_of("houses") and words.gap(index) == " ":
            return None  # Café Nora
        if (
            is_genitive(word)
            and bare_forms(word)[-1] in only_family_names()
            and words.word(index + 1)[:1].isupper()
            and words.gap(index + 1) == " "
        ):
            return None  # Jensens Bøfhus
        owned = is_genitive(word) or owns_with_apostrophe(words, index)
        before = words.word(index - 1).casefold(), words.word(index - 2).casefold()
        if not owned and before[0] in words_of("inside") and before[1] not in words_of("loved") and words.gap(index) == " ":
            return None  # a shop, a town: nobody is in a person
        if before[0] in words_of("announcing") and calls_a_thing(words, index):
            return None  # the town is called so
        feast = after_proper and word[0].islower()  # Eid al-Adha
        return None if feast or is_cited(words, index) else (index, index, 0.85, "known name")
    if sort == Sort.UNKNOWN:
        if (
            after_proper
            or is_cited(words, index)
            or is_web_address(words, index)
            or speaks_of_a_place(words, index, index)
            or calls_a_thing(words, index)
            or (not among_names and _is_a_thing(words, index, row) and not person_acts(words, index))
            or is_foreign(words, index)
            or (stands_in_english(words, index) and not follows_a_cue(words, index))
            or re.match(r": ?\d|:[^\s:]", words.text[words.end(index) :][:3])
            or (is_english(word.casefold()) and re.match(r"\s\d|:" if opens else r"\s\d", words.text[words.end(index) :][:2]))
            or (opens and re.match(r"\. [a-zæøå]", words.text[words.end(index) :][:3]))
        ):
            return None
        if among_names or has_foreign_letter(word):
            return index, index, 0.7, "capitalised word beside a name, or with a foreign letter"
        compound = resembles_a_word(bare_forms(word)[-1]) and not is_spoken_in_english(words, index)
        if not opens:
            loose = not (follows_a_cue(words, index) or person_acts(words, index))
            a_thing = words.word(index - 1).casefold() in ("en", "et", "a", "an") or (compound and (loose or len(word) > _LONG))
            a_thing = a_thing or (loose and is_english(word.casefold()))
            return None if a_thing else (index, index, 0.7, "capitalised word that is no Danish word")
        if person_acts(words, index) and not (compound and is_inflected(word)):
            return index, index, 0.6, "no Danish word at the head of a sentence"
        return None if compound else (index, index, 0.5, "no Danish word at the head of a sentence")
    if sort == Sort.NAME_PLACE:
        if speaks_of_a_place(words, index, index) or (opens and not person_acts(words, index)):
            return None
        return index, index, 0.5, "known name that is also a place"
    forms = bare_forms(word)
    if forms[0] in words_of("openers") or calls_a_thing(words, index):
        return None
    if any(form in only_family_names() for form in forms):
        return (index, index, 0.5, "known family name that is also a word") if follows_a_cue(words, index) else None
    everyday = any(form in words_of("everyday") for form in forms) or stands_in_english(words, index)
    if (
        not opens
        or not everyday
        or person_acts(words, index)
        or follows_a_cue(words, index)
        or stands_alone(words, index)
        or labels_a_speaker(words, index)
    ):
        return index, index, 0.6, "known name that is also a word"
    return None


def _is_a_thing(words: Words, index: int, row: list[int]) -> bool:
    """Whether what stands in a row with a word that may be a name says that it is none."""
    small = words.word(index).casefold()
    if words.sorts[index] == Sort.NAME and not (small in words_of("languages_like_names") or small in only_family_names()):
        return False
    things = [
        other
        for other in row
        if words.sorts[other] == Sort.PROPER or (words.sorts[other] == Sort.WORD and not opens_sentence(words, other))
    ]
    return any(words.sorts[other] == Sort.PROPER or is_listed(words.word(other).casefold().split("-")[-1]) for other in things)


def _words_only(words: Words, start: int, last: int) -> tuple[int, int, float, str] | None:
    """Danish words with capitals are a name where a person is introduced, or where nothing else explains the capital."""
    while start < last and words.word(start).casefold() in words_of("addressing") | words_of("openers"):
        start += 1
    sorts = words.sorts[start : last + 1]
    if any(sort != Sort.WORD for sort in sorts) or words.word(start).casefold() in words_of("openers") or names_a_body(words, start, last):
        return None
    opens = opens_sentence(words, start)
    if last == start + 1 and is_title(words.word(start)) and looks_like_a_family_name(words.word(last)):
        return last, last, 0.5, "family name behind a title"
    if not opens and follows_a_cue(words, start, named=True):
        a_thing = (
            last == start and is_inflected(words.word(start)) and words.word(start - 2)[:1].isupper() and words.word(start - 1) == "hedder"
        )
        return None if a_thing else (start, last, 0.5, "introduced as a name")
    a_name = (
        last == start and not opens and looks_like_a_family_name(words.word(start)) and not is_listed(bare_forms(words.word(start))[-1])
    )
    if a_name and (person_acts(words, start) or follows_a_cue(words, start) or words.word(start).endswith(("'s", "’s"))):
        return start, last, 0.5, "put together as family names are"
    if not looks_like_a_first_name(words.word(start)) or calls_a_thing(words, start) or speaks_of_a_place(words, start, last):
        return None
    if last == start + 1 and looks_like_a_family_name(words.word(last)):
        return start, last, 0.5, "words put together as first name and family name"
    return None


def _small_run(words: Words, start: int, end: int) -> tuple[int, int, float, str] | None:
    """A name that is written small."""
    sorts, word = words.sorts[start:end], words.word(start)
    cue = follows_a_cue(words, start)
    named = cue and follows_a_cue(words, start, named=True)
    if len(sorts) == 1 and word in words_of("languages_like_names") and words.word(start - 1).casefold() in words_of("speaking"):
        return None
    before, after = words.start(start) - 1, words.end(end - 1)
    file = in_file_name(words, end - 1)
    if not file and "_" in (words.text[max(before, 0) : before + 1], words.text[after : after + 1]):
        return None  # a part of an identifier: long_term
    if Sort.SMALL_NAME in sorts:
        if not cue and all(is_english(words.word(index)) for index in range(start, end)) and stands_in_english(words, start):
            return None
        if len(word) > 3 or len(sorts) > 1 or cue or (opens_sentence(words, start) and person_acts(words, start)):
            first = start if words.sorts[start] != Sort.SMALL_NAME_WORD or cue else start + 1
            if words.sorts[start] == Sort.SMALL_UNKNOWN and not cue and is_foreign(words, start):
                return None
            return first, end - 1, 0.7 if len(sorts) > 1 or cue else 0.6, "known name in lower case"
        return None
    strange = sorts[0] == Sort.SMALL_UNKNOWN and not is_foreign(words, start)
    if word in words_of("english"):
        return None
    if strange and not cue and (has_foreign_letter(word) or _is_strange(words, start, end, file)):
        return start, end - 1, 0.4, "no word of Danish or English"
    if not cue or calls_a_thing(words, start) or stands_in_english(words, start):
        return None
    if words.sorts[start] == Sort.SMALL_NAME_WORD:
        danish = any(form in words_of("danish") for form in bare_forms(word))
        if named or (danish and word not in words_of("never_small")):
            return start, end - 1, 0.5, "name that is a word too, where a name is due"
        return None
    if (not named and (len(word) < 4 or resembles_a_word(word))) or is_foreign(words, start):
        return None
    return start, end - 1, 0.6 if named else 0.4, "no Danish word where a name is due"


def _is_strange(words: Words, start: int, end: int, file: bool) -> bool:
    """Whether words written small are in no dictionary and stand as names do: two together, in a file's name, beside a name, as owners."""
    run = [words.word(index) for index in range(start, end)]
    if any(len(word) <= _SHORT or is_english(word) or resembles_a_word(respelled(bare_forms(word)[-1])) for word in run):
        return False
    beside = {
        words.sorts[other]
        for other, by in ((start - 2, start - 1), (end + 1, end))
        if words.word(by) in ("og", "and") and 0 <= other < len(words.sorts)
    }
    owns = "'" in run[-1] and words.word(end)[:1].islower()
    return len(run) > 1 or file or owns or bool(beside & {Sort.NAME, Sort.SMALL_NAME})
