"""Names of persons: known names, in any case and with a genitive, and unknown ones that are introduced as names."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterator
from functools import cache
from importlib import resources

from vvvresearch.evidence import municipalities
from vvvresearch.privacy._finding import Finding

_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_INTRODUCED = re.compile(
    r"(?:\b(?:hedder|hed|hedde|kaldes|kaldt|navnet|navn er|navn:|hr\.|hr|fru|frk\.|herr|dr\.|ven|veninde|nabo|søn|datter|mand|kone|"
    r"bror|søster|sagsbehandler|lærer|leder|konsulent|koordinator|mor|far)\s+)(?P<name>[A-ZÆØÅ][a-zæøåéüö]+(?:[-\s][A-ZÆØÅ][a-zæøåéüö]+){0,3})"
)
_PARTICLES = {"al", "el", "bin", "ben", "abu", "von", "van", "de", "da"}
_PLACE_BEFORE = re.compile(r"\b(?:i|fra|til|omkring|ved|kommunen|kommunerne)\s$", re.IGNORECASE)
_PLACE_AFTER = re.compile(r"\s+kommune", re.IGNORECASE)
_SENTENCE_START = re.compile(r"(?:^|[.!?:…»\"“”\n]\s*|[-–—]\s+|^\w+:\s)$")


@cache
def _names(part: str) -> frozenset[str]:
    place = resources.files("vvvresearch.privacy") / "data" / "names.toml"
    return frozenset(tomllib.loads(place.read_text(encoding="utf-8"))[part].split())


def persons(text: str, allowed: Collection[str] = ()) -> Iterator[Finding]:
    """Names of persons.

    Args:
        text: the text.
        allowed: names that may stand, such as the round's pseudonyms.
    """
    known = {name.casefold() for name in allowed}
    words = list(_WORD.finditer(text))
    place = 0
    while place < len(words):
        run = _run(text, words, place)
        finding = _judge(text, words[place : place + run], known) if run else None
        if finding is not None:
            yield finding
        place += max(run, 1)
    for match in _INTRODUCED.finditer(text):
        parts = [part.casefold() for part in re.split(r"[-\s]", match["name"])]
        if not (set(parts) & _names("no_name") or _bare(parts[0]) in known):
            yield Finding(match.start("name"), match.end("name"), "PERSON", 0.7, "introduced as a name")


def _run(text: str, words: list[re.Match[str]], place: int) -> int:
    """How many neighbouring words from here are parts of one name."""
    if _rank(words[place][0]) == 0:
        return 0
    count = 1
    while place + count < len(words):
        before, word = words[place + count - 1], words[place + count]
        between = text[before.end() : word.start()]
        genitive_ended = before[0].endswith("s") and _rank(before[0]) and _rank(before[0][:-1]) and not word[0][0].isupper()
        if between not in (" ", "-", ". ") or (between == ". " and len(before[0]) > 1) or genitive_ended:
            break
        particle = word[0].casefold() in _PARTICLES and place + count + 1 < len(words) and words[place + count + 1][0][0].isupper()
        initial = len(word[0]) == 1 and word[0].isupper()
        unknown_surname = word[0][0].isupper() and words[place][0][0].isupper() and word[0].casefold() not in _names("no_name")
        if not (_rank(word[0]) or particle or initial or unknown_surname):
            break
        count += 1
    return count


def _rank(word: str) -> int:
    """2: a first name or surname that is no ordinary word; 1: one that is; 0: no known name."""
    plain = _bare(word)
    if plain not in _names("first") and plain not in _names("surname"):
        return 0
    return 1 if plain in _names("ambiguous") else 2


def _bare(word: str) -> str:
    """A name without its genitive and in lower case."""
    lowered = word.casefold().replace("’", "'")
    for ending in ("'s", "'", "s"):
        shorter = lowered.removesuffix(ending)
        if shorter != lowered and lowered not in _names("first") and lowered not in _names("surname") and len(shorter) > 1:
            return shorter
    return lowered


@cache
def _municipalities() -> frozenset[str]:
    return frozenset(name.casefold() for name in municipalities()["name"])


def _is_place(text: str, word: re.Match[str]) -> bool:
    """A surname that is also a municipality, in a place where a municipality is spoken of."""
    if word[0].casefold() not in _municipalities():
        return False
    return bool(_PLACE_BEFORE.search(text[max(0, word.start() - 12) : word.start()]) or _PLACE_AFTER.match(text, word.end()))


def _judge(text: str, run: list[re.Match[str]], known: Collection[str]) -> Finding | None:
    first = run[0][0]
    capital = [word for word in run if word[0][0].isupper()]
    if _bare(first) in known and all(_bare(word[0]) in known or _rank(word[0]) == 0 for word in run):
        return None
    start, end = run[0].start(), run[-1].end()
    best = max(_rank(word[0]) for word in run)
    if len(run) > 1 and capital:
        return Finding(start, end, "PERSON", 0.95 if best == 2 else 0.8, "first name with surname")
    if len(run) > 1 and best == 2 and all(_rank(word[0]) for word in run):
        return Finding(start, end, "PERSON", 0.85, "known names in lower case")
    end = run[0].end()
    if capital and best == 2:
        return Finding(start, end, "PERSON", 0.85, "known name")
    opens = bool(_SENTENCE_START.search(text[max(0, start - 3) : start]))
    if capital and not opens and not _is_place(text, run[0]):
        return Finding(start, end, "PERSON", 0.6, "known name that is also a word")
    if best == 2 and not capital and _bare(first) in _names("first"):
        return Finding(start, end, "PERSON", 0.6, "known name in lower case")
    return None
