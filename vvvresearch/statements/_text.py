"""A text made readable: disguised digits undone, lines joined, cut into tokens and sentences; every character keeps its place."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from vvvresearch.locales import Lang
from vvvresearch.statements._numbers import number_words, read_number, roman
from vvvresearch.statements._words import abbreviations, nouns


@dataclass(frozen=True)
class Token:
    """A word, a number or a sign: its place in the source, and its value if it is a number.

    `opens_line` marks a number that stands first on a line after a finished one: it counts headings or notes.
    """

    text: str
    start: int
    end: int
    value: Fraction | None = None
    decimals: int = 0
    spelled: bool = False
    opens_line: bool = False

    @property
    def word(self) -> str:
        """The token in small letters."""
        return self.text.lower()


@dataclass(frozen=True)
class Text:
    """A source text and what is read of it: `plain` character i stands at `offsets[i]` of the source."""

    source: str
    plain: str
    offsets: tuple[int, ...]

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self.source))]

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of a source offset, both from 1."""
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1


_DROPPED = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff")
# A raised number, or one in square brackets behind a word, is a footnote mark and is left out whole.
_MARKUP = re.compile(r"<sup>\s*\d{1,3}\s*</sup>|(?<![\s(])\[\d{1,3}\]|</?[A-Za-z][^<>]{0,200}>|\*+|`|&#x?[0-9A-Fa-f]+;|&nbsp;")
# A word broken at a line's end. "frivillig-\nog" and "ven/-\nfamilie" are no broken words, nor is a hyphen before a capital or a digit.
_BROKEN = re.compile(r"(?<=[a-zæøå])[-\u2010\u00ad]\s*\n\s*(?!(?:og|eller|and|or|samt|til)\b)(?=[a-zæøå])")
_LOOKALIKE = re.compile(r"(?<![\w.,])(?=[OoIl\d]*\d)(?=\d*[OoIl])[OoIl\d]+(?![\w])")
_AS_DIGIT = str.maketrans("OoIl", "0011")


def read(source: str) -> Text:
    """A text without markup, soft hyphens and disguises of digits; full-width, circled and foreign digits become plain ones.

    Superscript digits are footnote marks and are left out.
    """
    broken = {match.start(): match.end() for match in _BROKEN.finditer(source)}
    marked = {match.start(): match for match in _MARKUP.finditer(source)}
    shown_as = {character: _plain_character(character) for character in set(source)}
    if not broken and not marked and all(shown == character for character, shown in shown_as.items()):
        return Text(source, _without_disguises(source), tuple(range(len(source))))
    plain: list[str] = []
    offsets: list[int] = []
    at = 0
    while at < len(source):
        if at in broken:
            at = broken[at]
            continue
        if at in marked:
            found = marked[at]
            entity = found[0]
            if entity.startswith("&"):
                plain.append(_entity(entity))
                offsets.append(at)
            at = found.end()
            continue
        shown = shown_as[source[at]]
        plain.extend(shown)
        offsets.extend([at] * len(shown))
        at += 1
    return Text(source, _without_disguises("".join(plain)), tuple(offsets))


def _without_disguises(text: str) -> str:
    return _LOOKALIKE.sub(lambda match: match[0].translate(_AS_DIGIT), text)


def _entity(entity: str) -> str:
    if entity == "&nbsp;":
        return " "
    digits = entity[2:-1]
    code = int(digits[1:], 16) if digits[0] in "xX" else int(digits)
    return chr(code) if code < 0x110000 and len(chr(code)) == 1 else " "


def _plain_character(character: str) -> str:
    if character < "\x7f":
        return character
    if character in _DROPPED:
        return ""
    if character.isspace():
        return " "
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return "" if "SUPERSCRIPT" in unicodedata.name(character, "") else str(digit)
    if "\uff01" <= character <= "\uff5e":
        return unicodedata.normalize("NFKC", character)
    return character


_TOKEN = re.compile(
    r"""
    (?<![\w.,])\d{1,3}(?:[.,'’ ]\d{3})+(?:[.,]\d{1,2})?(?![\w]|[.,]\d)   # 7.173  7 173  7,173
    | \d+(?:\.\d+){2,}                                                    # 6.1.1, a section
    | \d+[.,]\d+(?!\d|_|[^\W\d_]{3,})                                     # 7,2  £1.6m
    | (?<![\w])\d+(?![^\W\d_]{3,})                                          # 42
    | \d*[½¼¾⅓⅔⅕⅛]
    | [^\W\d_]+(?:['’\-][^\W\d_]+)*\.?(?:[^\W\d_]\.)*\d*                    # words, abbreviations, a footnote glued on
    | \w+ | [^\w\s] | \n[ \t]*\n
    """,
    re.VERBOSE,
)
_GLYPHS = {
    "½": Fraction(1, 2), "¼": Fraction(1, 4), "¾": Fraction(3, 4), "⅓": Fraction(1, 3), "⅔": Fraction(2, 3),
    "⅕": Fraction(1, 5), "⅛": Fraction(1, 8),
}  # fmt: skip
_OF = (["af"], ["ud"], ["of"], ["out"])
_LINE_START = re.compile(r"(?:[.:!?)]\s*\n|\n[ \t]*\n)\s*\Z")
# A number in which a year has swallowed its footnote mark: "20203".
_YEAR_AND_MARK = re.compile(r"(?:19|20)\d\d\d{1,2}")


def tokens(text: Text, lang: Lang) -> tuple[Token, ...]:
    """Words, numbers and signs in order; number words ("toogtredive", "one hundred and five") are one number each."""
    pieces: list[tuple[str, int, int]] = []
    for match in _TOKEN.finditer(text.plain):
        shown, start, end = match[0], match.start(), match.end()
        stem = shown.rstrip("0123456789")
        if stem and stem[0].isalpha() and stem != shown:
            # "kommuner9": a footnote mark glued to its word is no number of the text.
            pieces.append((stem, start, start + len(stem)))
            continue
        if len(shown) > 1 and shown.endswith(".") and shown[0].isalpha() and not _abbreviated(shown, lang):
            pieces += [(shown[:-1], start, end - 1), (".", end - 1, end)]
            continue
        pieces.append((shown, start, end))
    return tuple(_numbered(pieces, text, lang))


def _abbreviated(shown: str, lang: Lang) -> bool:
    return shown.lower() in abbreviations(lang) or shown.count(".") > 1


def _numbered(pieces: list[tuple[str, int, int]], text: Text, lang: Lang) -> list[Token]:
    found: list[Token] = []
    words = [piece[0].lower() for piece in pieces]
    at = 0
    while at < len(pieces):
        shown, start, end = pieces[at]
        source = text.offsets[start], text.offsets[end - 1] + 1
        if shown[-1] in _GLYPHS:
            # "1½" is one number.
            found.append(Token(shown, *source, int(shown[:-1] or 0) + _GLYPHS[shown[-1]]))
        elif shown[0].isdigit():
            if _YEAR_AND_MARK.fullmatch(shown):
                shown = shown[:4]
            value, decimals = read_number(shown)
            found.append(
                Token(
                    shown,
                    *source,
                    value,
                    decimals,
                    opens_line=_LINE_START.search(text.source[max(0, source[0] - 40) : source[0]]) is not None,
                )
            )
        else:
            if words[at] in ("halvanden", "halvandet") and words[at + 1 : at + 2] and words[at + 1] in nouns("time", "da"):
                found.append(Token(shown, *source, Fraction(3, 2), spelled=True))
                at += 1
                continue
            length, number = number_words(words, at, lang)
            if number is None and words[at + 1 : at + 2] in _OF and (number := roman(shown)) is not None:
                # "LII af 72": a numeral where a count stands; elsewhere it is a name ("fase II").
                length = 1
            if number is not None:
                last = pieces[at + length - 1][2]
                spelled = " ".join(piece[0] for piece in pieces[at : at + length])
                found.append(Token(spelled, source[0], text.offsets[last - 1] + 1, Fraction(number), spelled=True))
                at += length
                continue
            found.append(Token(shown, *source))
        at += 1
    return found


_CLOSING_ABBREVIATIONS = frozenset({"pct.", "mv.", "m.v.", "mm.", "m.m.", "osv.", "o.l.", "el.lign.", "kr.", "etc."})
_LAST_DAY = 31
_CLOSING = frozenset("\"'”’»«)]")


def sentences(found: tuple[Token, ...]) -> list[tuple[int, int]]:
    """First and last token (excluded) of each sentence.

    A full stop after a number ends a sentence only before a capital that opens no month; blank lines always do.
    """
    cuts: list[tuple[int, int]] = []
    start = 0
    for at, token in enumerate(found):
        following = found[at + 1] if at + 1 < len(found) else None
        blank = token.text.startswith("\n")
        stop = token.text in ".!?…" or blank
        if not stop and token.word in _CLOSING_ABBREVIATIONS and following is not None and following.start > token.end:
            # "80 pct. Af de 64": the abbreviation's own full stop ends the sentence too.
            stop = blank = following.text[:1].isupper()
        if stop and not blank and following is not None and following.text not in _CLOSING:
            before = found[at - 1] if at > 0 else None
            capital = following.text[:1].isupper() or following.text[:1].isdigit() or following.text[:1] in "»«”“\"'-–[("
            counted = before is not None and before.value is not None and not before.spelled and before.end == token.start
            # "så vi er 63. 38 er kvinder": of 63 there is no day.
            ordinal = counted and before is not None and (before.value or 0) <= _LAST_DAY
            spaced = following.start > token.end
            stop = following.text.startswith("\n") or (capital and spaced and not (ordinal and following.text[:1].isdigit()))
        if stop:
            end = at + 1
            while end < len(found) and found[end].text in _CLOSING and found[end].start == found[end - 1].end:
                end += 1
            if end > start:
                cuts.append((start, end))
            start = end
    if start < len(found):
        cuts.append((start, len(found)))
    return [(first, last) for first, last in cuts if any(token.text.strip() for token in found[first:last])]
