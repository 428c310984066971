"""Numbers in prose: an address becomes plain Markdown, a number that links to its note. Both engines render the same."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from vvvresearch import files
from vvvresearch.errors import RenderError, did_you_mean
from vvvresearch.locales import Lang
from vvvresearch.reporting.staging._plain import sentence_around
from vvvresearch.results import anchor, folded

if TYPE_CHECKING:
    from vvvresearch.rounds import Value

VAR = re.compile(r"\{\{<\s*var\s+(\S+)\s*>\}\}")
_HEADING = re.compile(r"^#{1,6}\s")
_SPOKEN = re.compile(r'\b(?:fig-alt|alt|title)="(?:[^"\\]|\\.)*"')
# What a claim has become: its words, leading to the note of its number.
_LED = re.compile(r"\[(?P<words>[^\[\]]+)\]\(#(?P<anchor>[^)\s]+)\)\{\.value\}")
_LISTED = 20


def used_addresses(text: str) -> list[str]:
    """The addresses that a text names, in order.

    Example:
        >>> used_addresses("{{< var a.n >}} af {{< var a.of >}}")
        ['a.n', 'a.of']
    """
    return VAR.findall(text)


@dataclass
class Numbers:
    """The numbers of a report on their way into prose.

    Args:
        values: every number, by folded address.
        lang: language of the numbers.
        target: what stands before the address of a note in a link: "" for notes in the same document, "report.html" for those of
            another, None where numbers are words only.
        linked: the numbers that have a note there, by folded address; None for all of them.
        sentences: the sentence in which each number is first said, by folded address; filled as texts pass.
        missing: what no page made, with file and line; filled as texts pass.
    """

    values: Mapping[str, Value]
    lang: Lang
    target: str | None = ""
    linked: frozenset[str] | None = None
    sentences: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)

    def put_into(self, text: str, name: str, places: Sequence[str] = ()) -> str:
        """A document with its addresses replaced by the numbers they stand for; in headings and alternative texts they are words only.

        Args:
            text: Markdown with `{{< var address >}}`.
            name: of the document, for complaints.
            places: file and line of each of its lines, where its author wrote them elsewhere.
        """
        lines = text.split("\n")
        return "\n".join(map(self._line, lines, places or [f"{name}, line {number}" for number in range(1, len(lines) + 1)]))

    def _line(self, line: str, where: str) -> str:
        line = self._with_claims(line)
        if "{{<" not in line:
            return line
        spoken = [match.span() for match in _SPOKEN.finditer(line)]
        said = VAR.sub(lambda match: self.values[key].shown[self.lang] if (key := folded(match[1])) in self.values else match[0], line)

        def put(match: re.Match[str]) -> str:
            key = folded(match[1])
            value = self.values.get(key)
            if value is None:
                self.missing.append(f"{where}: {match[1]}; {did_you_mean(match[1], self.values)}")
                return "–"
            before = VAR.sub(
                lambda one: self.values[k].shown[self.lang] if (k := folded(one[1])) in self.values else one[0], line[: match.start()]
            )
            self.sentences.setdefault(key, sentence_around(said, len(before)))
            shown = files.markdown_text(value.shown[self.lang])
            words_only = not self._leads(key) or _HEADING.match(line) or any(start <= match.start() < end for start, end in spoken)
            return shown if words_only else f"[{shown}]({self.target}#{anchor(value.key)}){{.value}}"

        return VAR.sub(put, line)

    def _with_claims(self, line: str) -> str:
        """Words of claims led to the notes of this report, or alone where there are none."""

        def lead(match: re.Match[str]) -> str:
            key = self._anchors.get(match["anchor"])
            if key is None:
                return match[0]
            before = _LED.sub(lambda one: one["words"], line[: match.start()])
            self.sentences.setdefault(key, sentence_around(_LED.sub(lambda one: one["words"], line), len(before)))
            return match["words"] if self.target is None else f"[{match['words']}]({self.target}#{match['anchor']}){{.value}}"

        return _LED.sub(lead, line) if "){.value}" in line else line

    @cached_property
    def _anchors(self) -> dict[str, str]:
        return {anchor(value.key): key for key, value in self.values.items()}

    def _leads(self, key: str) -> bool:
        return self.target is not None and (self.linked is None or key in self.linked)

    def require_all(self, where: object) -> None:
        """Refuse addresses that no page of the round made, all of them with line and what was probably meant.

        Raises:
            RenderError: something is missing.
        """
        if not self.missing:
            return
        more = [f"… and {len(self.missing) - _LISTED} more"] if len(self.missing) > _LISTED else []
        raise RenderError(
            f"{len(self.missing)} numbers do not exist",
            where=str(where),
            why="\n    ".join([*self.missing[:_LISTED], *more]),
            todo="see what there is: vvv keys ROUND WORD",
        )

    def used(self) -> Iterable[Value]:
        """The numbers that were put in, in the order of their first sentence."""
        return [self.values[key] for key in self.sentences]
