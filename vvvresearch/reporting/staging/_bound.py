"""Numbers in prose: an address becomes plain Markdown, a number that links to its note, and the note says where it comes from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from vvvresearch import files
from vvvresearch.errors import RenderError, did_you_mean
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Lang, has_words, text
from vvvresearch.reporting.staging._text import sentence_around
from vvvresearch.results import anchor, folded
from vvvresearch.rounds import source_behind

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


PLACE = "tables/all-values.md"
# The label by which prose refers to all notes, and where they are.
REFERENCE, ANCHOR = "@tbl-all-values", "notes"
LINES = ("sentence", "value", "question", "counted", "answers", "filter", "source", "kind", "address", "call")


def source_of(value: Value, sources: Mapping[str, str], lang: Lang) -> str:
    """Where a number comes from, in words; never empty.

    Args:
        value: the number.
        sources: of the round, by id and by type.
        lang: language.
    """
    about = value.about.get(lang, {})
    parts = [source_behind(value.key, sources), about.get("source", value.source), about.get("wave", value.wave)]
    said = list(dict.fromkeys(part for part in parts if part))
    if said:
        return " · ".join(said)
    page = value.notebook.split("-", 1)[-1].replace("-", "_")
    chapter = text(f"chapters.{page}", lang) if has_words(f"chapters.{page}") else value.notebook
    return text("reporting.own_count", lang, page=chapter or value.key)


def note_lines(value: Value, sentence: str, sources: Mapping[str, str], lang: Lang) -> list[tuple[str, str]]:
    """The ten lines of a note: what each is about, and what it says; what is not known is said to be so.

    Args:
        value: the number.
        sentence: in which it stands, as it is read.
        sources: of the round, by id and by type.
        lang: language.
    """
    about = value.about.get(lang, {})
    none = text("reporting.note_none", lang)
    base = about.get("n") or value.base.get(lang, "")
    counted = text("reporting.note_of", lang, count=value.count, base=base) if value.count is not None else base
    known = [(name, getattr(value, name)) for name in ("asked", "answered", "dont_know")]
    answers = ", ".join(text(f"base.{name}", lang, n=number) for name, number in known if number is not None)
    said = {
        "sentence": sentence,
        "value": value.shown[lang],
        "question": f"»{about['question']}«"
        if lang == "da" and "question" in about
        else f"“{about['question']}”"
        if "question" in about
        else "",
        "counted": counted,
        "answers": answers[:1].upper() + answers[1:],
        "filter": "; ".join(part for part in (about.get("routing", ""), about.get("group", value.group)) if part),
        "source": source_of(value, sources, lang),
        "kind": DataKind(value.kind).label(lang),
        "address": value.key,
        "call": f'r.cell("{value.key}")',
    }
    return [(text(f"reporting.note_{name}", lang), said[name] or none) for name in LINES]


def notes_snippet(values: Iterable[Value], sentences: Mapping[str, str], sources: Mapping[str, str], lang: Lang) -> str:
    """The notes of a report, numbered in the order in which its numbers come.

    Args:
        values: the numbers that the report shows.
        sentences: the sentence in which each is first said, by folded address.
        sources: of the round, by id and by type.
        lang: language.
    """
    blocks = []
    for number, value in enumerate(values, 1):
        lines = note_lines(value, sentences.get(folded(value.key), ""), sources, lang)
        shown = [_line(name, said, code=place >= len(lines) - 2) for place, (name, said) in enumerate(lines)]
        head = f"**{text('reporting.note', lang)} {number}**"
        blocks.append("\n".join([f"::: {{#{anchor(value.key)} .note}}", head, "", *shown, ":::"]))
    if not blocks:
        return f"::: {{#{ANCHOR}}}\n{text('reporting.no_notes', lang)}\n:::\n"
    return "\n".join([f"::::: {{#{ANCHOR} .notes}}", "", "\n\n".join(blocks), "", ":::::"]) + "\n"


def _line(name: str, said: str, *, code: bool) -> str:
    shown = f"`{said}`" if code else files.markdown_text(said).replace("\n", " ")
    return f"- [{files.markdown_text(name)}:]{{.label}} {shown}"
