"""Claims on the way into a staged folder: proved, then printed as plain words that lead to their number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from vvvresearch import files
from vvvresearch.errors import AnalysisError
from vvvresearch.reporting.claims._proof import Claims
from vvvresearch.reporting.claims._spans import CHOSEN, SPAN, VAR, attributes, claim_addresses, without_spans
from vvvresearch.results import anchor, folded

_HEADING = re.compile(r"^#{1,6}\s")
_SPOKEN = re.compile(r'((?:fig-alt|alt|title)=")((?:[^"\\]|\\.)*)(")')
_CITED = re.compile(r"^(\s*:{3,}\s*\{[^{}]*)\.(?:signed|cited)\b([^{}]*\})\s*$", re.MULTILINE)
_GIVEN = re.compile(r" *(?:by|source|cells)=(?:\"[^\"]*\"|[^\s}]+)")


def claimed_cells(texts: Iterable[str], claims: Claims) -> list[str]:
    """The numbers that the claims of some texts lead to."""
    found: list[str] = []
    for text in texts:
        for address in claim_addresses(text):
            try:
                cell = claims.at(address).cell
            except AnalysisError:
                continue
            if cell:
                found.append(cell)
    return found


def printed(text: str, claims: Claims, *, linked: Mapping[str, str]) -> str:
    """A document in which claims are what a reader sees.

    Args:
        text: the document, proved before.
        claims: its round.
        linked: the numbers that have a note to lead to, by folded address; empty where the document has no list of numbers.

    Returns:
        Markdown without a span or shortcode of claims: links in prose, words alone in headings and alt texts.
    """

    def link(words: str, address: str) -> str:
        cell = folded(claims.at(address).cell)
        # A link holds no other link, and no number that becomes one.
        if cell not in linked or "](" in words or VAR.search(words):
            return words
        return f"[{words}](#{anchor(linked[cell])}){{.value}}"

    def words_only(words: str, _: str) -> str:
        return words

    def chosen(match: re.Match[str], plain: bool = False) -> str:
        address = match["attributes"].split()[0]
        expects = re.search(r"\bexpects=[\"']?([^\s\"'}]+)", match["attributes"])
        words = files.markdown_text(claims.chosen(address, expects[1] if expects else ""))
        return words if plain else link(words, address)

    def spoken(match: re.Match[str]) -> str:
        said = CHOSEN.sub(lambda one: chosen(one, plain=True), without_spans(match[2], words_only))
        return match[1] + said.replace('"', "”") + match[3]

    text = _SPOKEN.sub(spoken, text)
    headings = [_heading(line, chosen) if _HEADING.match(line) else line for line in text.split("\n")]
    text = without_spans("\n".join(headings), link)
    text = CHOSEN.sub(chosen, text)
    return _CITED.sub(lambda match: f"{match[1]}.note{_GIVEN.sub('', match[2])}", text)


def _heading(line: str, chosen: object) -> str:
    def put(match: re.Match[str]) -> str:
        return chosen(match, plain=True)  # type: ignore[operator, no-any-return]

    return CHOSEN.sub(put, without_spans(line, lambda words, _: words))


def blanked(text: str) -> str:
    """A text in which the words of claims and signatures are blank: their digits are proved, not typed."""

    def blank(match: re.Match[str]) -> str:
        if attributes(match["attributes"]).any:
            return re.sub(r"[^\n]", " ", match[0])
        return f"[{SPAN.sub(blank, match['words'])}]{{{match['attributes']}}}"

    return SPAN.sub(blank, text)
