"""Spans of a Markdown document: words that are bound to an address, signed, or cited."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_WORDS = r"(?P<words>(?:[^\[\]]|\[[^\[\]]*\](?:\([^()\s]*\)|\{[^{}]*\})?)*)"
SPAN = re.compile(rf"\[{_WORDS}\]\{{(?P<attributes>[^{{}}]*)\}}")
CHOSEN = re.compile(r"\{\{<\s*claim\s+(?P<attributes>.*?)\s*>\}\}")
VAR = re.compile(r"\{\{<\s*var\s+(\S+)\s*>\}\}")
_ATTRIBUTE = re.compile(r"""([\w-]+)=(?:"([^"]*)"|'([^']*)'|“([^”]*)”|([^\s"']+))""")
_LINK = re.compile(r"\[([^\[\]]*)\]\([^()]*\)")
_CITED = re.compile(r"\[-?@[\w:.#$%&+?~/-]+[^\[\]]*\]|(?<![\w@\[])@(?!fig-|tbl-|sec-|eq-)[A-Za-z][\w:-]*\w|\[\^[\w-]+\]")
_SHORTCODE = re.compile(r"\{\{<.*?>\}\}")
_EMPHASIS = re.compile(r"\*\*|__|(?<!\w)[*_](?=\w)|(?<=[\w.,])[*_](?!\w)|`")


@dataclass(frozen=True)
class Attributes:
    """What the braces behind a span say."""

    claim: str = ""
    signed: bool = False
    by: str = ""
    cited: bool = False
    cells: str = ""
    place: str = ""

    @property
    def any(self) -> bool:
        """Whether the span is one of ours."""
        return bool(self.claim) or self.signed or self.cited


def attributes(written: str) -> Attributes:
    """Read the braces of a span.

    Example:
        >>> attributes("claim=m.refers.yes").claim, attributes(".signed by=MJ").by, attributes(".cited at=FIG1").place
        ('m.refers.yes', 'MJ', 'FIG1')
    """
    given = {match[1]: next(part for part in match.groups()[1:] if part is not None) for match in _ATTRIBUTE.finditer(written)}
    classes = set(re.findall(r"(?<![\w=\"'])\.([\w-]+)", re.sub(r"=\S+", "=", written)))
    return Attributes(
        given.get("claim", "").strip(),
        "signed" in classes,
        given.get("by", "").strip(),
        "cited" in classes,
        given.get("cells", ""),
        given.get("at", "").strip(),
    )


@dataclass(frozen=True)
class Part:
    """A stretch of plain words that is bound, signed, cited or printed from a number; `address` of a citation is its place."""

    kind: str
    start: int
    end: int
    address: str = ""
    by: str = ""
    cells: str = ""
    at: int = 0


def plain(markdown: str, shown: Callable[[str], str]) -> tuple[str, list[Part]]:
    """The words of a piece of Markdown as they will be read, and what of them is bound.

    Args:
        markdown: a paragraph, heading, caption or alt text.
        shown: what an address prints.

    Returns:
        The words, and the parts with offsets in them; `at` is the offset in the Markdown.
    """
    words: list[str] = []
    parts: list[Part] = []
    length = 0

    def put(text: str) -> None:
        nonlocal length
        words.append(text)
        length += len(text)

    def walk(text: str, offset: int) -> None:
        at = 0
        while (found := _next(text, at)) is not None:
            match, kind = found
            put(_EMPHASIS.sub("", _SHORTCODE.sub("", text[at : match.start()])))
            begun = length
            if kind == "span":
                known = attributes(match["attributes"])
                walk(match["words"], offset + match.start("words"))
                where = offset + match.start()
                if known.claim:
                    parts.append(Part("claim", begun, length, known.claim, at=where))
                elif known.signed:
                    parts.append(Part("signed", begun, length, by=known.by, cells=known.cells, at=where))
                elif known.cited:
                    parts.append(Part("cited", begun, length, known.place, at=where))
            elif kind == "var":
                put(shown(match[1]))
                parts.append(Part("var", begun, length, match[1], at=offset + match.start()))
            elif kind == "chosen":
                address = match["attributes"].split()[0] if match["attributes"] else ""
                put("—")
                parts.append(Part("chosen", begun, length, address, at=offset + match.start()))
            elif kind == "link":
                walk(match[1], offset + match.start(1))
            else:
                parts.append(Part("citation", begun, begun, match[0], at=offset + match.start()))
            at = match.end()
        put(_EMPHASIS.sub("", _SHORTCODE.sub("", text[at:])))

    walk(markdown, 0)
    return "".join(words), parts


_KINDS = (("span", SPAN), ("var", VAR), ("chosen", CHOSEN), ("link", _LINK), ("citation", _CITED))


def _next(text: str, at: int) -> tuple[re.Match[str], str] | None:
    found = [(match, kind) for kind, pattern in _KINDS if (match := pattern.search(text, at)) is not None]
    return min(found, key=lambda pair: pair[0].start(), default=None)


def claim_addresses(text: str) -> Iterator[str]:
    """The addresses that spans and shortcodes of a text are bound to."""
    for match in SPAN.finditer(text):
        known = attributes(match["attributes"])
        if known.claim:
            yield known.claim
        yield from claim_addresses(match["words"])
    for match in CHOSEN.finditer(text):
        yield match["attributes"].split()[0]


def without_spans(text: str, link: Callable[[str, str], str]) -> str:
    """A text in which every span of ours is what it prints.

    Args:
        text: Markdown.
        link: makes the printed words of a claim from its words and address.
    """

    def put(match: re.Match[str]) -> str:
        known = attributes(match["attributes"])
        words = SPAN.sub(put, match["words"])
        if not known.any:
            return f"[{words}]{{{match['attributes']}}}"
        return link(words, known.claim) if known.claim else words

    return SPAN.sub(put, text)
