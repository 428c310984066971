"""HTML pages as blocks; a place is the line of the source."""

from __future__ import annotations

from html.parser import HTMLParser

from vvvresearch.audit._cells import table_of
from vvvresearch.audit._document import Block, BlockKind, Unread
from vvvresearch.audit._plain import caption_of

_SILENT = frozenset({"script", "style", "nav", "head", "template", "noscript", "svg"})
_BLOCKS: dict[str, BlockKind] = {
    "p": "paragraph", "li": "item", "caption": "caption", "figcaption": "caption", "blockquote": "paragraph", "dd": "item", "dt": "item",
    "h1": "heading", "h2": "heading", "h3": "heading", "h4": "heading", "h5": "heading", "h6": "heading", "div": "paragraph",
    "section": "paragraph", "article": "paragraph", "td": "paragraph", "body": "paragraph", "aside": "note", "footer": "note",
    "pre": "paragraph", "main": "paragraph", "figure": "paragraph", "header": "paragraph",
}  # fmt: skip
_VOID = frozenset({"br", "hr", "img", "input", "meta", "link", "col", "wbr", "source", "area", "base", "embed"})


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self.unread: list[Unread] = []
        self.silent = 0
        self.raised = 0
        self.words: list[str] = []
        self.line = 1
        self.kinds: list[tuple[str, BlockKind, int]] = []
        self.rows: list[tuple[list[str], int]] | None = None
        self.pictures: list[tuple[int, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self.silent += 1
            return
        if self.silent:
            return
        if tag == "br":
            self.words.append(" ")
        elif tag == "img":
            self.pictures.append((self.getpos()[0], dict(attrs).get("alt") or ""))
        elif tag == "sup":
            self.raised += 1
        elif tag == "table":
            self._close()
            self.rows = []
        elif tag == "tr" and self.rows is not None:
            self.rows.append(([], self.getpos()[0]))
        elif tag in ("td", "th") and self.rows is not None:
            self._close()
            if not self.rows:
                self.rows.append(([], self.getpos()[0]))
            self.rows[-1][0].append("")
        elif tag in _BLOCKS and (self.rows is None or tag == "caption"):
            self._close()
            level = int(tag[1]) if tag[0] == "h" and tag[1:].isdigit() else 0
            self.kinds.append((tag, _BLOCKS[tag], level))

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self.silent = max(0, self.silent - 1)
        elif self.silent:
            return
        elif tag == "sup":
            self.raised = max(0, self.raised - 1)
        elif tag == "table" and self.rows is not None:
            self._table()
        elif tag in _BLOCKS and (self.rows is None or tag == "caption"):
            self._close()
            while self.kinds and self.kinds[-1][0] != tag:
                self.kinds.pop()
            if self.kinds:
                self.kinds.pop()

    def handle_data(self, data: str) -> None:
        if self.silent or (self.raised and data.strip().isdigit()):
            return
        caption = bool(self.kinds) and self.kinds[-1][0] == "caption"
        if self.rows is not None and not caption:
            if self.rows and self.rows[-1][0]:
                self.rows[-1][0][-1] += data
            return
        if data.strip() and not "".join(self.words).strip():
            self.line = self.getpos()[0] + data[: len(data) - len(data.lstrip())].count("\n")
            self.words = []
        self.words.append(data)

    def _close(self) -> None:
        text = "".join(self.words)
        self.words = []
        if not text.strip():
            return
        kind, level = (self.kinds[-1][1], self.kinds[-1][2]) if self.kinds else ("paragraph", 0)
        lines = text.strip().split("\n")
        text = "\n".join(" ".join(line.split()) for line in lines)
        if kind == "paragraph" and len(text) < 240 and caption_of(text):
            kind = "caption"
        elif kind == "paragraph" and text.startswith("*") and not text.startswith("**"):
            kind = "note"
        self.blocks.append(Block(kind, text, self.line, tuple(range(self.line, self.line + len(lines))), level))

    def _table(self) -> None:
        self._close()
        rows, self.rows = self.rows or [], None
        printed = [([" ".join(cell.split()) for cell in cells], line) for cells, line in rows if cells]
        if not printed:
            return
        table = table_of([(cells[0], tuple(cells[1:]), line) for cells, line in printed])
        text = "\n".join(" ".join(cells) for cells, _ in printed)
        self.blocks.append(Block("table", text, printed[0][1], tuple(line for _, line in printed), table=table))

    def close(self) -> None:
        super().close()
        if self.rows is not None:
            self._table()
        self._close()


def html_blocks(text: str) -> tuple[tuple[Block, ...], tuple[Unread, ...]]:
    """The blocks of an HTML page, and what of it could not be read: pictures."""
    page = _Page()
    page.feed(text)
    page.close()
    unread = [*page.unread, *(Unread(line, "picture", words[:80]) for line, words in page.pictures)]
    return tuple(page.blocks), tuple(unread)
