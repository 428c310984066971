"""Authors' and pages' Markdown as plain Quarto Markdown: what both engines would read differently is written another way."""

from __future__ import annotations

import re

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_QUOTES = re.compile(r"^::: \{\.pull-quotes\}\n(.*?)^:::$", re.DOTALL | re.MULTILINE)
# A number may be said to be one; it is one by its address alone.
_SAID_TO_BE = re.compile(r"\[(\{\{<\s*var\s+\S+\s*>\}\})\]\{\s*\.value\b[^{}]*\}")
_WHO = re.compile(r"^> — ")


def plain_markdown(text: str) -> str:
    """The same text without comments, with each quotation in a box of its own; lines stay where they are where that can be.

    Example:
        >>> print(plain_markdown("::: {.pull-quotes}" + chr(10) + chr(10).join(["", "> »Ja«", ">", "> — A", "", ":::"])))
        ::: {.pull-quote}
        »Ja«
        <BLANKLINE>
        A
        :::
        <BLANKLINE>
    """
    # What stands between two quotations parts them; elsewhere a comment says nothing to readers.
    kept = _SAID_TO_BE.sub(r"\1", _QUOTES.sub(lambda found: _boxes(found[1]), text))
    return _COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), kept)


def _boxes(quotations: str) -> str:
    boxes = []
    for one in re.split(r"^<!--.*?-->$|\n\n(?=>)", quotations, flags=re.MULTILINE):
        lines = [line for line in one.strip().split("\n") if line.strip()]
        if lines:
            said = [_WHO.sub("", line).removeprefix("> ").removeprefix(">") for line in lines]
            boxes.append("\n".join(["::: {.pull-quote}", *said, ":::", ""]))
    return "\n".join(boxes)


def without_mark(text: str, mark: str) -> str:
    """Captions of tables and figures without the kind of the data, which every page says at its head.

    Example:
        >>> without_mark(": Svar (Syntetiske data) {#tbl-svar}", "Syntetiske data")
        ': Svar {#tbl-svar}'
    """
    return re.sub(rf" \({re.escape(mark)}\)(?= \{{#tbl-|\]\()", "", text) if mark else text


_ALT = re.compile(r'fig-alt="((?:[^"\\]|\\.)*)"')
# What is read aloud before a listener loses it; all the numbers stand in the table of the same name.
LONGEST_ALT = 290


def with_short_alts(text: str) -> str:
    """Alternative texts that give the message and end at a pause; the table of the same name has the rest.

    Example:
        >>> len(with_short_alts('![](a.svg){#fig-a fig-alt="' + "Ja: 12. " * 60 + '"}'))
        317
    """
    return _ALT.sub(lambda found: f'fig-alt="{_short(found[1])}"', text)


def _short(alt: str) -> str:
    if len(alt) <= LONGEST_ALT:
        return alt
    cut = max(alt.rfind(pause, 60, LONGEST_ALT) for pause in (". ", "; ", ", ", " "))
    return alt[: cut if cut > 0 else LONGEST_ALT].rstrip(" .;,\\") + " …"


_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-ZÆØÅ»“\[])")
_SPAN = re.compile(r"\[([^\[\]]*)\](?:\([^()]*\))?(?:\{[^{}]*\})?")
_SHORTCODE = re.compile(r"\{\{<.*?>\}\}")
_SIGNS = re.compile(r"(?<!\\)[*_`#]|\\(?=\W)|^\s*(?:[-+>]|:::.*)\s*")
_LABEL = re.compile(r"\s*\(?(?:se\s+|see\s+)?@(?:tbl|fig|sec)-[\w-]+\)?")


def words_of(markdown: str) -> str:
    """A line of Markdown as it is read.

    Example:
        >>> words_of("- Af [29 %](#v-a){.value} **er** det, se @tbl-x")
        'Af 29 % er det,'
    """
    text = _LABEL.sub("", markdown)
    for _ in range(2):
        text = _SPAN.sub(r"\1", text)
    return " ".join(_SIGNS.sub("", _SHORTCODE.sub("…", text)).split())


def sentence_around(line: str, at: int) -> str:
    """The sentence of a line in which a place lies, as it is read.

    Args:
        line: Markdown.
        at: a place in it.

    Example:
        >>> sentence_around("Det er få. Af 55 henviser 32. Slut.", 14)
        'Af 55 henviser 32.'
    """
    start = 0
    for gap in _SENTENCE.finditer(line):
        if gap.start() >= at:
            return words_of(line[start : gap.start()])
        start = gap.end()
    return words_of(line[start:])
