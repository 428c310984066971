"""The notes of a report's numbers: ten fixed lines each, which a number in prose leads to in every format."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from vvvresearch import files
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Lang, has_words, text
from vvvresearch.results import anchor, folded
from vvvresearch.rounds import source_behind

if TYPE_CHECKING:
    from vvvresearch.rounds import Value

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
