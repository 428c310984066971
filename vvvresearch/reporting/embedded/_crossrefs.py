"""Numbers and references: sections, figures, tables and equations."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from vvvresearch.errors import RenderError, did_you_mean
from vvvresearch.reporting.embedded._source import Source
from vvvresearch.reporting.embedded._tree import Node, content_of, each, plain, walk

KINDS = ("fig", "tbl", "sec", "eq")
_REFERENCE = re.compile(rf"({'|'.join(KINDS)})-[\w-]+")
_EQUATION = re.compile(r"\{#(eq-[\w-]+)\}")
NBSP = "\N{NO-BREAK SPACE}"


@dataclass
class Numbers:
    """What every label of a document is called: {"fig-x": "1"}, with the headings for the table of contents."""

    by_label: dict[str, str] = field(default_factory=dict)
    sections: list[tuple[int, str, str, str]] = field(default_factory=list)  # level, number, identifier, text


def number(tree: Node, source: Source, labels: Mapping[str, str], *, number_sections: bool) -> tuple[Node, Numbers]:
    """Number what has a label, put the numbers into captions and resolve the references.

    Args:
        tree: the document, shortcodes carried out.
        source: where it came from.
        labels: words by kind, for example {"fig": "Figur"}.
        number_sections: whether headings are numbered.

    Raises:
        RenderError: a label that stands twice, headings that skip a level, a reference that nothing answers.
    """
    numbers = Numbers()
    counters = dict.fromkeys(KINDS, 0)
    levels = [0] * 7

    def give(label: str, shown: str) -> None:
        if label in numbers.by_label:
            raise RenderError(f"the label {label!r} stands twice", where=source.where(label), todo="rename one of the two")
        numbers.by_label[label] = shown

    def next_of(kind: str, label: str) -> str:
        counters[kind] += 1
        give(label, str(counters[kind]))
        return str(counters[kind])

    blocks = _equations(tree["blocks"])
    for node in each(blocks):
        kind, content = node["t"], content_of(node)
        if kind == "Header":
            _heading(node, levels, numbers, give, source, number_sections)
        elif kind == "Figure" and content[0][0].startswith("fig-"):
            _caption(content[1], labels["fig"], next_of("fig", content[0][0]))
        elif kind == "Table" and content[0][0].startswith("tbl-"):
            _caption(content[1], labels["tbl"], next_of("tbl", content[0][0]))
        elif kind == "Span" and content[0][0].startswith("eq-"):
            shown = next_of("eq", content[0][0])
            content[1].extend([{"t": "Space"}, {"t": "Str", "c": f"({shown})"}])
    done = walk(blocks, lambda node: _reference(node, numbers, labels, source))
    return {**tree, "blocks": done}, numbers


def _heading(
    node: Node, levels: list[int], numbers: Numbers, give: Callable[[str, str], None], source: Source, number_sections: bool
) -> None:
    level, (identifier, classes, _), inlines = node["c"]
    text = plain(inlines)
    last = numbers.sections[-1][0] if numbers.sections else 0
    if level > last + 1:
        raise RenderError(
            f"the heading {text!r} skips a level",
            where=source.where(text),
            why=f"level {level} after level {last}",
            todo="use one '#' fewer",
        )
    shown = ""
    if number_sections and "unnumbered" not in classes:
        levels[level] += 1
        levels[level + 1 :] = [0] * (6 - level)
        shown = ".".join(map(str, levels[1 : level + 1]))
    numbers.sections.append((level, shown, identifier, text))
    if identifier.startswith("sec-"):
        give(identifier, shown)


def _caption(caption: list[object], label: str, shown: str) -> None:
    front = [{"t": "Str", "c": f"{label}{NBSP}{shown}:"}, {"t": "Space"}]
    blocks = caption[1]
    if not isinstance(blocks, list) or not blocks:
        caption[1] = [{"t": "Plain", "c": front[:1]}]
    else:
        blocks[0]["c"][:0] = front


def _equations(blocks: list[Node]) -> list[Node]:
    """Paragraphs of a display formula with `{#eq-…}` behind it become labelled spans."""

    def change(node: Node) -> Node | None:
        if node["t"] not in ("Para", "Plain"):
            return None
        inlines = [inline for inline in node["c"] if inline["t"] not in ("Space", "SoftBreak")]
        if len(inlines) == 2 and inlines[0]["t"] == "Math" and inlines[1]["t"] == "Str" and (label := _EQUATION.fullmatch(inlines[1]["c"])):
            return {"t": "Para", "c": [{"t": "Span", "c": [[label[1], ["equation"], []], [inlines[0]]]}]}
        return None

    found: list[Node] = walk(blocks, change)
    return found


def _reference(node: Node, numbers: Numbers, labels: Mapping[str, str], source: Source) -> list[Node] | None:
    if node["t"] != "Cite":
        return None
    citations = node["c"][0]
    ours = [citation for citation in citations if _REFERENCE.fullmatch(citation["citationId"])]
    if not ours:
        return None
    if len(ours) != len(citations):
        raise RenderError("a cross-reference and a citation in one bracket", where=source.where(ours[0]["citationId"]), todo="write two")
    result: list[Node] = []
    for place, citation in enumerate(citations):
        label = citation["citationId"]
        if not numbers.by_label.get(label):
            why = "the heading has no number" if label in numbers.by_label else "nothing in the report has this label"
            todo = did_you_mean(label, numbers.by_label)
            raise RenderError(f"the reference @{label} leads nowhere", where=source.where(f"@{label}"), why=why, todo=todo)
        if citation["citationSuffix"]:
            raise RenderError(f"words behind the reference @{label} inside its bracket", where=source.where(f"@{label}"))
        shown = [{"t": "Str", "c": numbers.by_label[label]}]
        if citation["citationPrefix"]:
            shown = [*citation["citationPrefix"], {"t": "Str", "c": NBSP + numbers.by_label[label]}]
        elif citation["citationMode"]["t"] != "SuppressAuthor":
            shown = [{"t": "Str", "c": labels[label.split("-")[0]] + NBSP + numbers.by_label[label]}]
        if place:
            result.extend([{"t": "Str", "c": ","}, {"t": "Space"}])
        result.append({"t": "Link", "c": [["", ["quarto-xref"], []], shown, [f"#{label}", ""]]})
    return result
