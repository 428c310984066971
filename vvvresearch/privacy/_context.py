"""What stands around a word: the head of a sentence, a cue for a name, a place, a thing that is called so, another language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from vvvresearch.privacy._data import words_of
from vvvresearch.privacy._digit_groups import MONTH
from vvvresearch.privacy._lexicon import is_english, is_word
from vvvresearch.privacy._names import Sort, is_genitive, places

if TYPE_CHECKING:
    from vvvresearch.privacy._persons import Words

_ENDS_SENTENCE = re.compile(r"[.!?:;…)<>\n»«\"“”„•*|\t]|(?:^|\s)[-–—](?:\s|$)")
_PLACE_ENDING = re.compile(
    r"(?:købing|strup|rup|borg|sted|lev|løse|sund|havn|bjerg|holm|ager|kær|vig|rød|inge|ballegård|slev|"
    r"toft|næs|høj|hede|lund|skov|by|ø|bro|stan|istan|ien|land|abad|grad|ville)$"
)


def opens_sentence(words: Words, index: int) -> bool:
    """Whether a word stands where every word has a capital: first in the text, a sentence, a line, a quotation."""
    if index == 0:
        return True
    gap = words.gap(index)
    if gap == " " or not _ends_sentence(gap):
        return False
    before = words.word(index - 1)
    return not (gap in (". ", ".") and ((len(before) == 1 and before.isupper()) or before.casefold() in words_of("abbreviations")))


@lru_cache(maxsize=10_000)
def _ends_sentence(gap: str) -> bool:
    return _ENDS_SENTENCE.search(gap) is not None


def follows_a_cue(words: Words, index: int, named: bool = False) -> bool:
    """Whether the word before makes a person likely; with `named` only where a name itself is announced ("hun hedder", "hej")."""
    before = words.word(index - 1).casefold()
    # "mit navn er X", "this is X"
    led = before, words.word(index - 2).casefold()
    if index > 1 and words.gap(index) == " " and led in (("er", "navn"), ("er", "navnet"), ("is", "name"), ("is", "this")):
        return True
    if (
        index == 0
        or not (before in words_of("announcing") or (not named and before in words_of("cues")))
        or not re.fullmatch(r"\s|\. |: ?", words.gap(index))
        or (words.gap(index) == "\n" and words.word(index)[0].islower())  # what is written small on a new line
    ):
        return False
    if before in words_of("addressing") or before not in words_of("announcing"):
        return True
    earlier = [words.word(place).casefold() for place in range(max(0, index - 4), index - 1)]
    # "den hedder X", "noget der hedder X": no person is it.
    return not (
        earlier[-1:] == ["den"]
        or any(_is_a_thing(word) or word in ("det", "dette", "hvad", "noget", "prøven", "faget") for word in earlier)
    )


def _is_a_thing(word: str) -> bool:
    """Whether a word, in its definite form or not, is what has a name without being a person: siden, en side."""
    return any(word + ending in words_of("called_otherwise") for ending in ("", "n", "t", "en", "et"))


def person_acts(words: Words, index: int) -> bool:
    """Whether what follows a word is what persons do or own."""
    if index + 1 >= words.count:
        return False
    gap, after = words.gap(index + 1), words.word(index + 1).casefold()
    if gap == ", " and words.word(index + 1)[0].islower():
        return after in ("det", "hun", "han", "kom", "kan", "vil", "du", "er", "jeg", "som", "der", "min", "vi", "my", "who")
    if owns_with_apostrophe(words, index):
        return True
    if gap != " ":
        return False
    if after in ("og", "and"):
        following = words.word(index + 2)
        return following[:1].isupper() or following in ("jeg", "hans", "hendes", "han", "hun", "mig", "min", "vi")
    return after in words_of("acts") or (is_genitive(words.word(index)) and after in words_of("owned"))


def owns_with_apostrophe(words: Words, index: int) -> bool:
    """Whether a word has the genitive of names that end in s, x or z: an apostrophe, and what is owned."""
    after = words.word(index + 1)
    return after[:1].islower() and words.word(index)[-1:] in ("s", "x", "z") and words.gap(index + 1) in ("' ", "’ ")


def labels_a_speaker(words: Words, index: int) -> bool:
    """Whether a word stands before a colon at the head of a line, as who speaks does in a transcript."""
    line = words.text.rfind("\n", 0, words.start(index)) + 1
    return (
        words.start(index) - line < 30
        and words.text[words.end(index) : words.end(index) + 1] == ":"
        and "." not in words.text[line : words.start(index)]
    )


# Months whose names are persons' too are told by what stands before them and hardly before a name, by a figure, or by another month.
_MONTHS_LISTED = re.compile(rf"^\W*{MONTH}:", re.IGNORECASE | re.MULTILINE)
_MONTH_COMES = re.compile(
    r"(?:\d(?:\.|st|nd|rd|th)?|\b(?:i|den|til|fra|siden|inden|og|medio|primo|ultimo|in|of|since|until|early|late|mid|last|next|during))\s$",
    re.IGNORECASE,
)


def may_be_a_month(words: Words, index: int) -> bool:
    """Whether a word is a month's name where a month is spoken of."""
    if not _is_month(words.word(index)):
        return False
    before, after = words.text[max(0, words.start(index) - 8) : words.start(index)], words.text[words.end(index) : words.end(index) + 3]
    beside = any(_is_month(words.word(other)) for other in range(index - 8, index + 9) if other != index)
    labels = (
        words.text.startswith(":", words.end(index))
        and len(_MONTHS_LISTED.findall(words.text, max(0, words.start(index) - 300), words.end(index) + 300)) > 1
    )
    return beside or labels or bool(_MONTH_COMES.search(before) or re.match(r"\s\d|, [12]", after))


@lru_cache(maxsize=10_000)
def _is_month(word: str) -> bool:
    return (len(word) > 3 or word in ("May", "Maj")) and re.fullmatch(MONTH, word, re.IGNORECASE) is not None


def is_abbreviation(words: Words, index: int) -> bool:
    """Whether a word is two capitals, or short and tied by its stop to what follows: BA, Reg.nr., Int.:"""
    word, end = words.word(index), words.end(index)
    if len(word) == 2 and word.isupper():
        return not follows_a_cue(words, index)
    return len(word) < 5 and bool(re.match(r"\.[a-zæøå:]", words.text[end : end + 2]))


def is_web_address(words: Words, index: int) -> bool:
    """Whether a word is part of a web address."""
    end = words.end(index)
    return bool(re.match(r"\.(?:dk|com|org|net|nu|eu|se|no|de|io)\b|/", words.text[end : end + 5]))


def stands_alone(words: Words, index: int) -> bool:
    """Whether a word is all of its line or one of a row, as in a list of those who were there."""
    before, after = words.text[max(0, words.start(index) - 4) : words.start(index)], words.text[words.end(index) : words.end(index) + 4]
    if re.search(r"[»\"“”]$", before) and re.match(r"[!,?]", after):
        return True
    if re.search(r"[,;:/(][ \t]*$", before):
        return bool(re.match(r"[ \t]*(?:$|\n|\r|\(|,|;|/|og\b)", after))
    return bool(re.search(r"(?:^|\n|\d\.|[-–•*])[ \t]*$", before) and re.match(r"[ \t]*(?:$|\n|\r|\()", after))


def speaks_of_a_place(words: Words, first: int, last: int) -> bool:
    """Whether an unknown name is spoken of as a place: "i X", "kommer fra X", "X kommune"."""
    word, after = words.word(last), words.word(last + 1)
    owns = is_genitive(word) and after[:1].islower() and last + 1 < words.count and words.gap(last + 1) == " "
    before = words.word(first - 1).casefold() if first and words.gap(first) == " " else ""
    earlier = words.word(first - 2).casefold() if first > 1 else ""
    if not owns and after.casefold() in words_of("bodies") and after[0].islower() and words.gap(last + 1) == " " and len(after) > 2:
        return True
    if before in words_of("inside") and not owns and earlier not in words_of("loved"):
        return True
    if words.sorts[first] == Sort.NAME_PLACE and any(words.word(other).casefold() in places() for other in in_a_row(words, first)):
        return True
    joined = words.gap(first) == ", " or (before in ("og", "eller", "samt") and words.gap(first - 1) == " ")
    if joined and not owns and _names_a_place(words, first - 1 if words.gap(first) == ", " else first - 2):
        return True
    if before in words_of("towards") and not owns and (earlier in words_of("origin") or words.sorts[first] == Sort.NAME_PLACE):
        return before != "til" or earlier not in ("kom", "kommer", "kommet", "er", "var") or words.sorts[first] == Sort.NAME_PLACE
    return first == last and before in words_of("towards") and bool(_PLACE_ENDING.search(word.removesuffix("s").casefold()))


def _names_a_place(words: Words, index: int) -> bool:
    """Whether the word is a known place that is spoken of as one, by itself or at the end of a row of places."""
    while index > 0 and words.sorts[index] in (Sort.PROPER, Sort.NAME_PLACE, Sort.UNKNOWN):
        before = words.word(index - 1).casefold()
        sure = words.sorts[index] != Sort.UNKNOWN and before in words_of("towards")
        if (sure or before in words_of("inside")) and words.gap(index) == " ":
            return True
        if words.gap(index) != ", ":
            return False
        index -= 1
    return False


def calls_a_thing(words: Words, index: int) -> bool:
    """Whether the words before say that no person is called so: "avisen X", "byen hedder X"."""
    end = words.end(index)
    if words.text[end : end + 1] == "+":
        return True  # Erasmus+
    if not index or words.gap(index) not in (" ", ' "', " »", " “"):
        return False
    before = words.word(index - 1).casefold()
    if before in words_of("called_otherwise") or (len(before) > 8 and before.endswith(tuple(words_of("thing_endings")))):
        return True
    return before in words_of("announcing") and before not in words_of("addressing") and not follows_a_cue(words, index, named=True)


def names_a_body(words: Words, first: int, last: int) -> bool:
    """Whether a run of capitalised words ends as houses and organisations do; a first name with a family name like Skov does not."""
    end = words.word(last).casefold()
    if first == last or end not in words_of("bodies"):
        return False
    return not (last - first == 1 and words.sorts[first] in (Sort.NAME, Sort.NAME_WORD) and end in words_of("danish_family"))


def is_cited(words: Words, last: int) -> bool:
    """Whether a name is an author's: "X m.fl. (2015)", "X et al., 2015"."""
    end = words.end(last)
    return bool(re.match(r"(?: (?:og|and|&) [A-ZÆØÅ][\w\-]+)?,? (?:m\. ?fl\.|et al\.?),? \(?(?:19|20)\d\d", words.text[end : end + 50]))


# What is called after whoever found it, in the field's words; what somebody has is not among them.
_CALLED_AFTER = re.compile(
    r"(?:-\w+| (?:\w+ )?(?:\w*(?:alfa|alpha|kappa|korrelation|koefficient|begreb|teori|fejl|fordeling|ragekniv|skala|indeks|kriteri|"
    r"taksonomi|typologi|"
    r"theorem)|\w{4,}(?:test|metode|model|analyse)|correlation|coefficient|razor|factors?|theory|notion of|concept of|scale|index|"
    r"criterion)"
    r"(?:en|et|n|um|er|e|s)?)\b"
)
# The second half of a species' name.
_SPECIES = re.compile(r" (?=\w{5})[a-z]+(?:us|um|is|ica|ina|ata|osa|ula|folia|flora|nale|ense|ur)\b")
_INVENTED = r"(?:pseudonym|opdigtet|opdigtede|fiktiv|fiktive|persona|invented|fictitious|made[- ]up|not (?:his|her|their) real name)"
_SAID_INVENTED = re.compile(
    rf"(?:,? (?:og |and )?[A-ZÆØÅ][\w\-]*){{0,4}}[\"»“”']?,?(?: here,?)?(?: which| der| som)? ?(?:\(|(?:er|is|are|blev)(?: et| en|"
    rf" an?| alle)? ){_INVENTED}\b"
)
_INVENTED_BEFORE = re.compile(rf"\b{_INVENTED}(?: \w+)?[: ]+[\"»“”']?$")
_TRULY = re.compile(r"\b(?:egentlig\w*|rigtige?|i virkeligheden|really|actually)\b", re.IGNORECASE)
_WORK = re.compile(r"\b(?:[Rr]omanen|[Ff]ilmen|[Bb]ogen(?: om)?|[Ss]erien|[Tt]eaterstykket|[Mm]usicalen|[Ee]ventyret(?: om)?) $")
# Persons are not read, and what is played, sung or seen in quotation marks is a work.
_READ = re.compile(
    r"\b(?:(?:læste|læser|læst|read|reads|reading) [\"»“]?|(?:spille\w*|opfør\w*|sang|synger|så|saw|watched|staged|played) [\"»“])"
    r"(?:[A-ZÆØÅ]\w*(?: [A-ZÆØÅ]\w*)*[\"»«”]? (?:og|and) [\"»“]?)?$"
)


def is_called_after(words: Words, first: int, last: int) -> bool:
    """Whether a run of words is a measure's, a theory's, a species' or a work's name, and nobody's here."""
    start, end = words.start(first), words.end(last)
    after = words.text[end : end + 40]
    owned = words.word(last)[-1:] == "s" or "-" in words.word(last) or is_english(words.word(last + 1).casefold())
    if owned and _CALLED_AFTER.match(after):
        return True
    if first == last and words.sorts[first] == Sort.UNKNOWN and _SPECIES.match(after) and words.sorts[first + 1] == Sort.SMALL_UNKNOWN:
        return True
    if _READ.search(words.text[max(0, start - 60) : start]) and not is_genitive(words.word(last)):
        return True
    work = _WORK.search(words.text[max(0, start - 20) : start])
    return work is not None and re.match(r"[.,\n]|$| (?:er|var|blev|ligger|handler|står|til|fik|på|i|was|is)\b", after) is not None


def is_invented(words: Words, first: int, last: int) -> bool:
    """Whether it is said of a name that it is made up, and no true one beside it."""
    start, end = words.start(first), words.end(last)
    before, after = words.text[max(0, start - 60) : start], words.text[end : end + 80]
    if not (_SAID_INVENTED.match(after) or _INVENTED_BEFORE.search(before)):
        return False
    return not _TRULY.search(re.split(r"[.!?\n]", before)[-1])


def is_foreign(words: Words, index: int) -> bool:
    """Whether the words around are neither Danish nor English: then a capital and a strange word say nothing."""
    around = [place for place in range(max(0, index - 6), min(len(words.sorts), index + 7)) if words.word(place)[0].islower()]
    kinds = Sort.SMALL_UNKNOWN, Sort.SMALL_NAME
    strange = [place for place in around if place != index and (words.sorts[place] in kinds or words.word(place) in words_of("english"))]
    if len(strange) < 2 or len(strange) * 3 < len(around):
        return False
    # English writes small what is no name, so that there a capital says what it says in Danish.
    if any(is_english(form) for form in (words.word(index), words.word(index).casefold())):
        return True
    return sum(not is_english(words.word(place)) for place in strange) * 3 > len(around)


def languages_around(words: Words, index: int) -> tuple[int, int]:
    """How many of the words around, written small, are Danish alone, and how many are English alone."""
    near = range(max(0, index - 6), min(len(words.sorts), index + 7))
    around = {word for place in near if place != index and (word := words.word(place))[0].islower()}
    english = {word for word in around if is_english(word)}
    danish = {word for word in around if is_word(word)}
    return len(danish - english), len(english - danish)


def stands_in_english(words: Words, index: int) -> bool:
    """Whether a word is an English one, and of the words around few or none are Danish alone."""
    if not is_english(words.word(index).casefold()):
        return False
    danish, english = languages_around(words, index)
    return danish * 3 <= english


def is_spoken_in_english(words: Words, index: int) -> bool:
    """Whether the words around are English, so that two Danish words put together explain nothing."""
    danish, english = languages_around(words, index)
    return danish * 3 < english


_FILE = re.compile(r"[\w \-()&,]{0,60}\.(?:docx?|pdf|xlsx?|csv|txt|odt|rtf|qdpx|m4a|mp[34]|wav|mov|jpe?g|png|heic|zip|msg|eml)\b")


def in_file_name(words: Words, index: int) -> bool:
    """Whether a word belongs to a file's name, where nobody writes capitals."""
    return _FILE.match(words.text, words.end(index)) is not None


_NEXT_ITEM = re.compile(r"(?:\s?[,;/&]\s?|,? (?:og|eller|samt|and|or) )(?:(?:en|et|a|an) )?")


def in_a_row(words: Words, index: int) -> Iterator[int]:
    """The words with capitals that stand in a row with a word, and are what it is: "A, B og C", "en A og en B"."""
    for step in (-1, 1):
        place, item = index + step, index
        while 0 <= place < words.count and abs(place - item) < 4:
            if words.word(place)[0].isupper():
                first, last = sorted((place, item))
                if not _NEXT_ITEM.fullmatch(words.text, words.end(first), words.start(last)):
                    break
                yield place
                item = place
            place += step
