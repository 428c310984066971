"""A report's source text before it is parsed: includes put in, shortcodes marked, every line traced to its file."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from vvvresearch import files
from vvvresearch.errors import RenderError

# Private-use characters cannot be typed by accident and mean nothing to the Markdown reader, so a marked shortcode
# survives in text, headings, captions, attributes and formulas alike and is replaced in the syntax tree.
OPEN, CLOSE = "\ue000", "\ue001"
MARK = re.compile(f"{OPEN}(\\d+){CLOSE}")

_SHORTCODE = re.compile(r"(?<!\{)\{\{<\s*(.*?)\s*>\}\}(?!\})")
_ESCAPED = re.compile(r"\{\{\{<.*?>\}\}\}")
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})\s*(.*)$")
_INLINE_CODE = re.compile(r"(?<![`\\])(`+)(?!`)(.+?)(?<!`)\1(?!`)")
_NESTED = re.compile(r"\{\{<(?:(?!>\}\}).)*\{\{<")
_CELL = re.compile(r"\{\s*[A-Za-z]")
_KNOWN = ("var", "meta", "include", "embed", "pagebreak")


@dataclass(frozen=True)
class Shortcode:
    """One shortcode: its words, and where it stands."""

    words: tuple[str, ...]
    where: str

    @property
    def kind(self) -> str:
        """The first word: var, meta, embed or pagebreak."""
        return self.words[0]


@dataclass
class Source:
    """A whole document as text with marks instead of shortcodes.

    Args:
        text: Markdown for pandoc.
        shortcodes: what the marks stand for, by number.
        places: for every line of the text, the file and line it came from.
        folder: the staged folder everything is looked up in.
    """

    text: str
    shortcodes: list[Shortcode]
    places: list[str]
    folder: Path
    raw: list[str] = field(default_factory=list)

    def where(self, fragment: str) -> str:
        """File and line of the first line that holds a fragment of source text."""
        for line, place in zip(self.raw, self.places, strict=True):
            if fragment in line:
                return place
        return self.places[0] if self.places else str(self.folder)

    def shortcode(self, mark: str) -> Shortcode:
        """The shortcode behind a mark's number."""
        return self.shortcodes[int(mark)]


def code_mask(lines: list[str]) -> list[bool]:
    """Which lines belong to a fenced code block, fences included.

    Example:
        >>> code_mask(["a", "```", "b", "```", "c"])
        [False, True, True, True, False]
    """
    mask, fence = [], ""
    for line in lines:
        match = _FENCE.match(line)
        if fence:
            mask.append(True)
            if match and match[1][0] == fence[0] and len(match[1]) >= len(fence) and not match[2]:
                fence = ""
        elif match and not (match[1][0] == "`" and "`" in match[2]):
            mask.append(True)
            fence = match[1]
        else:
            mask.append(False)
    return mask


def read_source(folder: Path, name: str) -> Source:
    """Read one document of a staged folder with its includes.

    Args:
        folder: the staged folder; nothing outside it is read.
        name: the document's path in it.

    Raises:
        RenderError: a shortcode outside the declared subset, an include that is nested, missing or leads out.
    """
    source = Source("", [], [], folder)
    lines: list[str] = []
    for line, place, in_code in _lines(folder, name):
        _refuse(line, place, in_code)
        include = None if in_code else _only_shortcode(line)
        if include and include[0] == "include":
            for inner, inner_place, inner_code in _included(folder, include, place):
                if not inner_code and (nested := _only_shortcode(inner)) and nested[0] == "include":
                    raise RenderError(
                        "an include inside an included file",
                        where=inner_place,
                        why="Quarto prints it as it stands instead of reading the file",
                        todo="include both files from the report itself",
                    )
                _refuse(inner, inner_place, inner_code)
                _add(source, lines, inner, inner_place, inner_code)
        else:
            _add(source, lines, line, place, in_code)
    source.text = "\n".join(lines) + "\n"
    return source


def _refuse(line: str, place: str, in_code: bool) -> None:
    if in_code:
        if (fence := _FENCE.match(line)) and _CELL.match(fence[2]):
            raise RenderError(
                "a cell to be executed in a report",
                where=place,
                why="notebooks compute, reports embed",
                todo="put the code in a notebook and embed its labelled cell",
            )
    elif _NESTED.search(line):
        raise RenderError("a shortcode inside a shortcode", where=place, why="Quarto does not resolve the inner one")


def _lines(folder: Path, name: str) -> list[tuple[str, str, bool]]:
    text = files.read_text(files.inside(folder, name)).replace("\r\n", "\n")
    if OPEN in text or CLOSE in text:
        raise RenderError("the text holds private-use characters", where=name, todo="remove U+E000 and U+E001")
    lines = text.rstrip("\n").split("\n")
    return [(line, f"{name}, line {number}", code) for number, (line, code) in enumerate(zip(lines, code_mask(lines), strict=True), 1)]


def _only_shortcode(line: str) -> tuple[str, ...] | None:
    match = _SHORTCODE.fullmatch(line.strip())
    return tuple(match[1].split()) if match else None


def _included(folder: Path, words: tuple[str, ...], place: str) -> list[tuple[str, str, bool]]:
    if len(words) != 2:
        raise RenderError("an include names one file", where=place, todo="write {{< include tables/name.md >}}")
    target = files.inside(folder, words[1])
    if not target.is_file():
        raise RenderError(f"the included file {words[1]!r} does not exist", where=place, todo="run the notebook that writes it")
    lines = _lines(folder, words[1])
    if any(line.strip() == "---" for line, _, code in lines[:1] if not code):
        raise RenderError("an included file has front matter", where=f"{words[1]}, line 1", todo="keep front matter in the report itself")
    # A blank line on each side keeps an included table from growing together with the paragraph before it.
    return [("", place, False), *lines, ("", place, False)]


def _add(source: Source, lines: list[str], line: str, place: str, in_code: bool) -> None:
    source.raw.append(line)
    source.places.append(place)
    lines.append(line if in_code else _marked(line, source, place))


def _marked(line: str, source: Source, place: str) -> str:
    code = [match.span() for match in _INLINE_CODE.finditer(line)]
    if _ESCAPED.search(line):
        raise RenderError("an escaped shortcode is outside the subset", where=place, todo="set it as code: `{{< … >}}`")

    def mark(match: re.Match[str]) -> str:
        if any(start <= match.start() < end for start, end in code):
            return match[0]
        words = tuple(match[1].split())
        _check(words, line, match[0], place)
        source.shortcodes.append(Shortcode(words, place))
        return f"{OPEN}{len(source.shortcodes) - 1}{CLOSE}"

    return _SHORTCODE.sub(mark, line)


def _check(words: tuple[str, ...], line: str, whole: str, place: str) -> None:
    kind = words[0] if words else ""
    if kind not in _KNOWN:
        raise RenderError(
            f"the shortcode {kind!r} is outside the subset that both engines share", where=place, todo=f"use one of {', '.join(_KNOWN)}"
        )
    if kind in ("include", "embed", "pagebreak") and line.strip() != whole:
        raise RenderError(f"{kind} must stand alone on its line", where=place)
    if kind in ("var", "meta", "embed") and len(words) != 2:
        raise RenderError(f"{kind} takes exactly one name", where=place)
