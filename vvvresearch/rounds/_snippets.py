"""Tables and figures as Markdown that both engines include: caption, label, base and notes with them."""

from __future__ import annotations

import re

from vvvresearch import files
from vvvresearch.locales import Lang, text
from vvvresearch.results import View, body_of, pipe_table

# The ending of a figure drawn for a phone, beside the same one drawn for a page.
NARROW = ".narrow.svg"
_LABEL = re.compile(r"\{#((?:tbl|fig)-[\w-]+)")
_BASE = re.compile(r"^::: \{\.base\}\n\n(.*?)\n\n:::$", re.DOTALL | re.MULTILINE)
# A note of so many characters is worth a look elsewhere; a shorter one is read sooner than it is looked up.
_LONG = 120
_FIRST = re.compile(r"\A(\(?\w{1,5})([.)])(?=\s)")


def paragraph_text(words: str) -> str:
    """Plain text as one Markdown paragraph, never the beginning of a list.

    Example:
        >>> paragraph_text("1. januar"), paragraph_text("(a) først")
        ('1\\\\. januar', '(a\\\\) først')
    """
    return _FIRST.sub(r"\1\\\2", files.markdown_text(words))


def attribute_text(words: str) -> str:
    """Plain text for a quoted attribute of Markdown.

    Example:
        >>> attribute_text('the "end"')
        'the \\\\"end\\\\"'
    """
    plain = re.sub(r"[ \t\r\n]+", " ", files.plain_text(words)).strip(" ")
    # Quarto looks for shortcodes before it reads attributes.
    return plain.replace("\\", "\\\\").replace('"', '\\"').replace("{{", "{ {")


def base_block(paragraphs: list[str]) -> str:
    """Base and notes, as they stand under a table or figure; empty without any."""
    said = [paragraph_text(paragraph) for paragraph in paragraphs if paragraph.strip()]
    return "\n\n".join(["::: {.base}", *said, ":::"]) + "\n" if said else ""


def note_once(block: str, lang: Lang, said: dict[tuple[str, str], str]) -> str:
    """A table or figure of a page whose long note stands where it was said first; later ones lead there.

    Args:
        block: a table or figure with its base and notes.
        lang: its language.
        said: notes of this page so far, each with the label that it stands under; this block's are added. Figures lead to figures and
            tables to tables, since a report may keep the two in different volumes.
    """
    label = _LABEL.search(block)

    def of_base(base: re.Match[str]) -> str:
        paragraphs = base[1].split("\n\n")
        for place, paragraph in enumerate(paragraphs):
            if label is None or len(paragraph) < _LONG:
                continue
            first = said.setdefault((label[1][:3], paragraph), label[1])
            if first != label[1]:
                paragraphs[place] = text("reporting.note_as_under", lang, place=f"@{first}")
        return "\n\n".join(["::: {.base}", *paragraphs, ":::"])

    return _BASE.sub(of_base, block)


def view_snippet(view: View, label: str) -> str:
    """A view with its base line and notes under it: a pipe table with caption and label, or boxes or quotations.

    Args:
        view: what is shown, in its own language.
        label: without "tbl-".
    """
    blocks = [pipe_table(view), f": {files.markdown_text(view.caption)} {{#tbl-{label}}}"] if view.form == "table" else [body_of(view)]
    if base := base_block([view.base.say(view.lang), view.note]):
        blocks.append(base)
    return "\n\n".join(blocks).rstrip("\n") + "\n"


def figure_snippet(file: str, label: str, caption: str, alt: str, base: list[str], message: str = "") -> str:
    """A figure with caption, label and alternative text, its base line under it.

    Args:
        file: address of the image in the staged folder.
        label: without "fig-".
        caption, alt: plain text.
        base: paragraphs under the figure.
        message: what it says, before its caption; a report may put a finding in its place.
    """
    said = f"[{files.markdown_text(message)}.]{{.message}} " if message else ""
    image = f'![{said}{files.markdown_text(caption)}]({file}){{#fig-{label} fig-alt="{attribute_text(alt)}"}}'
    return "\n\n".join(part for part in (image, base_block(base)) if part).rstrip("\n") + "\n"
