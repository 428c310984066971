"""The layer that every check reads: sentences with their mentions, tables with their captions, and the base of each."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property

from vvvresearch.audit._document import Block, Document, Table
from vvvresearch.audit._number_names import also_named, as_last, named
from vvvresearch.audit._plain import as_items, caption_of, list_table
from vvvresearch.audit._words import stems
from vvvresearch.locales import YEAR, Lang
from vvvresearch.statements import Mention, sentence_mentions

# How many blocks, and of what length, the title of a report may be.
_TITLE, _LINE = 3, 120
N_IS = re.compile(
    r"\bn\s*[=:]\s*(\d{1,3}(?:[.,]\d{3})+|\d+)|\b(?:antal svar|besvarelser|responses|base|basis|svar)\s*[=:]\s*(\d+)|"
    r"\((?:i alt |in all )?(\d{1,3}(?:[.,]\d{3})+|\d{2,}) "
    r"(?:svar|besvarelser|respondenter|svarpersoner|responses|answers|respondents|replies)[,)]",
    re.IGNORECASE,
)
REFERENCE = re.compile(
    r"\b(?P<word>tabel|tabellen|tabeller|tabellerne|figur|figuren|figurer|fig\.?|table|tables|figure|figures|afsnit|"
    r"oversigt|overview|skema|diagram|graf|chart|boks|box|kapitel|section|chapter|bilag|appendix)\s+(?P<number>\d{1,3}(?:\.\d{1,2}){0,3}|(?-i:[A-Z](?!\w)))",
    re.IGNORECASE,
)
# "Uddannelse efter 9. klasse (264 elever)": a caption's base with its noun.
_IN_BRACKETS = re.compile(r"\((?:i alt |in all )?(\d{1,3}(?:[.,]\d{3})+|\d{2,3}) (?:[^\W\d_]{3,} ){0,2}[^\W\d_]{3,}\)\W*$")
# "Andel af 218 familier", "share of the 152 respondents": a caption's base in words.
_OF_WHOM = re.compile(
    r"(?<!ud )(?<!out )\b(?:af|blandt|of|among) (?:de |the )?(\d{1,3}(?:[.,]\d{3})+|\d{2,3}) (?!pct|procent|per cent)[^\W\d_]{4,}",
    re.IGNORECASE,
)
_MULTIPLE = re.compile(
    r"multiple|flere svar|mere end ét svar|mere end et svar|flere muligheder|flere kryds|more than one|"
    r"several answers|several options|multiple[- ]choice|summer\w* til mere|more than 100|over 100|all that apply|"
    r"kunne vælge flere|kunne sætte flere",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Said:
    """A sentence of a document with its numbers."""

    document: Document
    block: Block
    section: int
    position: int
    text: str
    start: int
    words: tuple[str, ...]
    mentions: tuple[Mention, ...]

    @property
    def lang(self) -> Lang:
        """The document's language."""
        return self.document.lang

    @cached_property
    def line(self) -> int:
        """The line the sentence opens on."""
        return self.block.line_at(self.start)

    def line_of(self, mention: Mention) -> int:
        """The own line of a number."""
        return self.block.line_at(mention.start)

    @cached_property
    def stems(self) -> frozenset[str]:
        """Stems of the words that carry content."""
        return stems(self.text, self.lang)

    def of(self, *kinds: str) -> tuple[Mention, ...]:
        """Mentions of some kinds."""
        if kinds not in self._of_kinds:
            self._of_kinds[kinds] = tuple(one for one in self.mentions if one.kind in kinds)
        return self._of_kinds[kinds]

    @cached_property
    def _of_kinds(self) -> dict[tuple[str, ...], tuple[Mention, ...]]:
        return {}

    @cached_property
    def references(self) -> tuple[tuple[str, str], ...]:
        """What the sentence refers to: ("table", "4"), ("section", "6.1")."""
        return tuple((reference_kind(match["word"]), match["number"]) for match in REFERENCE.finditer(self.text))

    @cached_property
    def _clauses(self) -> dict[tuple[int, int, bool], str]:
        return {}

    def clause(self, mention: Mention, *, narrow: bool = True) -> str:
        """The words around a number, up to a comma, a colon, "mens", "while", and if narrow up to the numbers beside it."""
        key = mention.start, mention.end, narrow
        if key not in self._clauses:
            self._clauses[key] = self._clause(mention, narrow=narrow)
        return self._clauses[key]

    def _clause(self, mention: Mention, *, narrow: bool) -> str:
        start, end = mention.start - self.start, mention.end - self.start
        before, after = self.text[:start], self.text[end:]
        cut = [match.end() for match in _CLAUSE.finditer(before)]
        left = before[cut[-1] :] if cut else before
        stop = _CLAUSE.search(after)
        right = after[: stop.start()] if stop else after
        if stop and len(stems(left + right, self.lang)) < 2:
            again = _CLAUSE.search(after, stop.end())
            right = after[: again.start()] if again else after
        if not narrow:
            return f"{left}{self.text[start:end]}{right}"
        return f"{self._after_number(left, mention)}{self.text[start:end]}{self._before_number(right, mention)}"

    def _after_number(self, left: str, mention: Mention) -> str:
        """The words before a number, from the "og" behind the number before it."""
        start = mention.start - self.start - len(left)
        ends = [
            one.end - self.start - start
            for one in self.mentions
            if one.kind in _FIGURES and one.value is not None and one.end <= mention.start
        ]
        last = max((end for end in ends if end > 0), default=0)
        if not last:
            return left
        joined = _JOINED.search(left, last)
        return left[joined.end() :] if joined else left[last:]

    def _before_number(self, right: str, mention: Mention) -> str:
        """The words behind a number, up to the "og" before the next."""
        start = mention.end - self.start
        begins = [
            one.start - self.start - start
            for one in self.mentions
            if one.kind in _FIGURES and one.value is not None and one.start >= mention.end
        ]
        following = min((begin for begin in begins if begin < len(right)), default=-1)
        if following < 0:
            return right
        joined = [match.start() for match in _JOINED.finditer(right[:following])]
        return right[: joined[-1]] if joined else right[:following]


_CLAUSE = re.compile(
    r"[;:]\s|,\s(?!der\b|som\b|hvis\b|at\b|that\b|who\b|which\b)|\s(?:mens|men|hvorimod|while|whereas|but)\s|"
    r"\)\s(?:og|and)\s|%\s(?:og|and)\s|\s[–—]\s"
)

_FIGURES = ("percentage", "count", "ratio", "total", "base")
_JOINED = re.compile(r"\s(?:og|and|eller|or|samt)\s|,\s")


def reference_kind(word: str) -> str:
    """One name for the words that point at tables, figures, sections, appendices."""
    lower = word.lower().rstrip(".")
    return next((kind for kind, openings in _KINDS.items() if lower.startswith(openings)), "section")


_KINDS = {
    "table": ("tab",), "figure": ("fig",), "overview": ("oversigt", "overview", "skema"), "chart": ("diagram", "graf", "chart"),
    "map": ("kort", "map"), "box": ("boks", "box"), "appendix": ("bilag", "app"), "chapter": ("kap", "chap"),
}  # fmt: skip
# What bears a caption and a number of its own.
SHOWN = ("table", "figure", "overview", "chart", "map", "box")


@dataclass(frozen=True)
class Shown:
    """A table or figure with its caption, its notes and its base.

    Attributes:
        number: as captioned, else empty.
        base: "n = 42" of caption, heading or note, and the line it stands on.
        route: the words of a caption or note that say who was asked.
    """

    document: Document
    kind: str
    number: str
    title: str
    line: int
    section: int
    table: Table | None = None
    base: int | None = None
    base_line: int = 0
    base_text: str = ""
    notes: tuple[Block, ...] = ()
    position: int = 0

    @property
    def multiple(self) -> bool:
        """Whether more answers than one were allowed, so that percentages may pass 100."""
        heading = self.table.text if self.table else ""
        return bool(_MULTIPLE.search(" ".join((self.title, heading, *(note.text for note in self.notes)))))

    @property
    def name(self) -> str:
        """What it is called, for a reader."""
        return self.title.split("\n")[0][:120]

    @cached_property
    def title_words(self) -> frozenset[str]:
        """The stems of its caption without its name and number."""
        return stems(re.sub(r"^\W*\w+\W+[\d.]+\W*", "", self.title), self.document.lang)

    @cached_property
    def asked(self) -> frozenset[str]:
        """The stems of its caption and of its heading row: what was asked."""
        return self.title_words | stems(self.table.text if self.table else "", self.document.lang)

    @cached_property
    def values(self) -> frozenset[float]:
        """Every number of its table, to be looked up quickly."""
        rows = self.table.rows if self.table is not None else ()
        return frozenset(float(cell.value) for row in rows for cell in row.cells if cell.value is not None)


@dataclass
class Facts:
    """All that is said and shown in one document."""

    document: Document
    said: list[Said] = field(default_factory=list)
    shown: list[Shown] = field(default_factory=list)
    headings: list[tuple[Block, int]] = field(default_factory=list)
    blocks: tuple[Block, ...] = ()

    @cached_property
    def year(self) -> int:
        """The one year that the title of the report names, or 0."""
        opening = [block for block in self.document.blocks[:_TITLE] if block.kind in ("heading", "paragraph")]
        years = set(YEAR.findall(" ".join(block.text for block in opening if len(block.text) < _LINE)))
        return int(years.pop()) if len(years) == 1 else 0

    @cached_property
    def often(self) -> Counter[str]:
        """In how many sentences each stem is."""
        return Counter(word for said in self.said for word in said.stems)

    @cached_property
    def places(self) -> dict[int, int]:
        """Where each block stands among all, by its id."""
        return {id(block): at for at, block in enumerate(self.blocks)}

    @cached_property
    def said_of(self) -> dict[int, list[Said]]:
        """The sentences of each section."""
        found: dict[int, list[Said]] = defaultdict(list)
        for one in self.said:
            found[one.section].append(one)
        return found

    @cached_property
    def shown_of(self) -> dict[int, list[Shown]]:
        """The tables and figures of each section."""
        found: dict[int, list[Shown]] = defaultdict(list)
        for one in self.shown:
            found[one.section].append(one)
        return found

    @cached_property
    def having(self) -> dict[float, list[frozenset[float]]]:
        """The numbers of each table, by each number that it has."""
        found: dict[float, list[frozenset[float]]] = defaultdict(list)
        for one in self.shown:
            for value in one.values:
                found[value].append(one.values)
        return dict(found)

    def find(self, kind: str, number: str) -> Shown | None:
        """The table or figure of a number, where there is just one."""
        found = [one for one in self.shown if one.kind == kind and one.number == number]
        return found[0] if len(found) == 1 else None


def facts_of(document: Document) -> Facts:
    """Sentences and tables of a document, with sections and bases."""
    facts = Facts(document)
    section = 0
    pending: Block | None = None
    last_table = -1
    blocks = facts.blocks = tuple(as_items(document.blocks))
    for at, block in enumerate(blocks):
        if block.kind == "heading" and (named := caption_of(block.text)) is not None and named["mark"] in (".", ":"):
            block = replace(block, kind="caption")
        if block.kind == "heading":
            section += 1
            facts.headings.append((block, section))
            pending = None
        if block.kind == "caption":
            found = caption_of(block.text)
            kind = reference_kind(found["word"]) if found else "figure"
            if (
                kind == "table"
                and last_table >= 0
                and at - last_table == 1
                and not facts.shown[-1].number
                and not any(one.kind == "table" for one in blocks[at + 1 : at + 3])
            ):
                facts.shown[-1] = _with_caption(facts.shown[-1], block)
            else:
                facts.shown.append(_shown(document, block, section, at, _notes_after(blocks, at), None))
                pending = block if kind == "table" or (at + 1 < len(blocks) and blocks[at + 1].kind == "table") else None
        elif block.kind == "table" and block.table is not None:
            if pending is not None and facts.shown and facts.shown[-1].line == pending.line:
                facts.shown[-1] = _shown(document, pending, section, at, (*facts.shown[-1].notes, *_notes_after(blocks, at)), block)
            else:
                facts.shown.append(_shown(document, None, section, at, _notes_after(blocks, at), block))
            pending = None
            last_table = at
            continue
        if block.kind == "item" and (at == 0 or blocks[at - 1].kind != "item") and (listed := list_table(blocks, at)) is not None:
            facts.shown.append(Shown(document, "table", "", "", block.line, section, listed, position=at))
        facts.said.extend(_sentences(document, block, section, len(facts.said)))
    return facts


def _notes_after(blocks: Sequence[Block], at: int) -> tuple[Block, ...]:
    found = []
    for block in blocks[at + 1 : at + 4]:
        if block.kind != "note":
            break
        found.append(block)
    return tuple(found)


def _shown(document: Document, caption: Block | None, section: int, position: int, notes: tuple[Block, ...], block: Block | None) -> Shown:
    found = caption_of(caption.text) if caption else None
    title = caption.text if caption else ""
    table = block.table.with_total if block and block.table else None
    base, line, words = None, 0, ""
    sources = [one for one in (caption, *notes) if one is not None]
    for one in sources:
        match = N_IS.search(one.text)
        if match:
            base, line, words = n_of(match), one.line_at(match.start()), one.text
            break
    if base is None and caption is not None:
        match = _OF_WHOM.search(caption.text) or _IN_BRACKETS.search(caption.text)
        if match:
            base, line, words = _whole(match[1]), caption.line_at(match.start()), caption.text
    if base is None and table is not None and block is not None:
        match = N_IS.search(table.text)
        if match and len(N_IS.findall(table.text)) == 1:
            base, line, words = n_of(match), block.line, table.text
    return Shown(
        document,
        reference_kind(found["word"]) if found else "table",
        found["number"] if found else "",
        title,
        caption.line if caption else block.line if block else 0,
        section,
        table,
        base,
        line,
        words,
        notes,
        position,
    )


def _with_caption(shown: Shown, caption: Block) -> Shown:
    made = _shown(shown.document, caption, shown.section, shown.position, shown.notes, None)
    base = made.base if made.base is not None else shown.base
    line = made.base_line if made.base is not None else shown.base_line
    return Shown(
        shown.document, made.kind, made.number, made.title, caption.line, shown.section, shown.table, base, line, made.base_text,
        shown.notes, shown.position,
    )  # fmt: skip


def n_of(match: re.Match[str]) -> int:
    """The number of an "n = 42"."""
    return _whole(next(one for one in match.groups() if one))


def _whole(shown: str) -> int:
    return int(re.sub(r"[.,]", "", shown))


# A sentence without a digit, a number word or a word of share says nothing that a check reads.
_TELLING = re.compile(
    r"\d|%|halv|del\b|dele\b|fleste|flertal|mindretal|alle\b|ingen\b|steg|fald|øget|vokset|uændret|fordobl|tredob|"
    r"størst|flest|højest|lavest|mindst|færrest|hyppigst|sjældnest|largest|smallest|highest|lowest|fewest|greatest|"
    r"half|third|quarter|fifth|most\b|majority|minority|all\b|none\b|rose|fell|increas|decreas|doubl|unchanged|"
    r"\b(?:to|tre|fire|fem|seks|syv|otte|ni|ti|elleve|tolv|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b|"
    r"ten\b|teen|tyve|tredive|fyrre|treds|tres|fjerds|firs|fems|ty\b|hundred",
    re.IGNORECASE,
)


_LEADER = re.compile(r"\.{4,}|…\s*\.|…{2,}|(?:\. ){4,}|_{4,}")


def _sentences(document: Document, block: Block, section: int, position: int) -> Iterator[Said]:
    if block.kind == "table" or not _TELLING.search(block.text):
        return
    last: Mention | None = None
    for number, one in enumerate(sentence_mentions(block.text, document.lang)):
        if _LEADER.search(one.text):
            # A line of a table of contents: its number is a page.
            one = replace(one, mentions=())
        kept = tuple(
            named(one.text, one.start, mention, document.lang)
            for mention in one.mentions
            if not also_named(one.text, mention.start - one.start, mention.kind)
        )
        kept = tuple(as_last(one.text, one.start, mention, last) for mention in kept)
        last = next((mention for mention in reversed(kept) if mention.kind in _FIGURES or mention.kind == "money"), last)
        yield Said(document, block, section, position + number, one.text, one.start, one.words, kept)


def exact(value: Fraction) -> str:
    """A number as a reader writes it, without needless digits."""
    return str(int(value)) if value.denominator == 1 else f"{float(value):.2f}".rstrip("0").rstrip(".")
