"""What a report is made of: its prose, what chapters wrote, its numbers and claims, read once for all volumes and readers."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vvvresearch import files
from vvvresearch.errors import AnalysisError, RenderError, RoundError
from vvvresearch.evidence import read_programme
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Lang, check_lang, text, use_words
from vvvresearch.reporting._neutral import without_idle_marks
from vvvresearch.reporting.claims._cited import ROWS, KeptRows
from vvvresearch.reporting.claims._document import require_claims, sealed_before
from vvvresearch.reporting.claims._findings import findings_complaints
from vvvresearch.reporting.claims._proof import Claims, claimed_cells, printed
from vvvresearch.reporting.claims._story import STORY, SUMMARY, basis_line, finding_titles, findings_snippets, limits_line, readings_line
from vvvresearch.reporting.staging._bound import used_addresses
from vvvresearch.reporting.staging._faults import Faults, require_bound_prose
from vvvresearch.reporting.staging._house import colophon_snippet, foreword_snippet, front_matter
from vvvresearch.reporting.staging._messages import answer_labels, figure_messages, with_figures_once, with_messages
from vvvresearch.reporting.staging._text import REPORT, plain_markdown, split, with_short_alts, without_mark
from vvvresearch.results import folded
from vvvresearch.rounds import PARTS, RoundSpec, belongs_to, sources_of
from vvvresearch.rounds._written import Value, read_values, value_of

if TYPE_CHECKING:
    from vvvresearch.rounds import Round

_TEXT = (".qmd", ".md")
_SNIPPETS = "findings/"
# What chapters have drawn.
_DRAWN = ("figures/", "pages/")
INCLUDE = re.compile(r"^\s*\{\{<\s*include\s+(\S+)\s*>\}\}\s*$", re.MULTILINE)
# What is taken from a run's collected folder: from, to, endings; `{lang}` is the report's language.
_COPIED = (
    ("tables", "tables", (".md",)),
    ("tables/{lang}", "tables", (".md",)),
    ("figures", "figures", (".md", ".svg", ".png")),
    ("figures/{lang}", "figures", (".md", ".svg", ".png")),
    ("pages/{lang}", "pages", (".md",)),
)
_MADE = ("tables/", "figures/", "pages/", "front/")


@dataclass
class Material:
    """What a report is made of, read once for all its volumes and readers.

    Args:
        texts: every document and piece that may be included, by its path in the staged folder; addresses are not resolved yet.
        pictures: files beside the prose and those that pages drew, by path in the staged folder.
        values: every number, by folded address.
        lang: the report's language.
        kind: of its data.
        front: title page, colophon, foreword.
        sources: of the round in words, by id and by type.
        released: whether it passed the gate.
        claims: the round that words are bound to; None for a report outside a round.
        seals: what its signatures rest on.
        rows: the rows of its claims, as they are kept for the next report.
        faults: what stops the report, found while it was read.
        authored: the documents as they stand in their files: name of the file and text, by name in the staged folder.
    """

    texts: dict[str, str]
    pictures: dict[str, Path]
    values: dict[str, Value]
    lang: Lang
    kind: DataKind = DataKind.REAL
    front: Mapping[str, Any] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    released: bool = False
    claims: Claims | None = None
    seals: dict[str, str] = field(default_factory=dict)
    rows: dict[str, Any] = field(default_factory=dict)
    faults: Faults = field(default_factory=Faults)
    authored: dict[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def own(self) -> dict[str, str]:
        """The documents that a person wrote."""
        return {path: said for path, said in self.texts.items() if not path.startswith(_MADE)}

    def look_up(self, find: Callable[[str], Value | None]) -> None:
        """Take numbers that prose names and no chapter hands on from where `find` has them."""
        wanted = [address for prose in self.texts.values() for address in used_addresses(prose)]
        if self.claims is not None:
            wanted += claimed_cells(self.own.values(), self.claims)
        for address in wanted:
            if folded(address) not in self.values and (value := find(address)) is not None:
                self.values[folded(address)] = value

    def printed(self, prose: str) -> str:
        """Prose in which claims are plain words that lead to their number."""
        if self.claims is None:
            return prose
        try:
            return printed(prose, self.claims, linked={key: value.key for key, value in self.values.items()})
        except AnalysisError:
            if not self.faults.found:
                raise
            # A claim that leads nowhere is told of already; it stays as it was written.
            return prose

    def names_numbers(self, document: str) -> bool:
        """Whether a document or what it includes names a number."""
        prose = self.expanded(document)
        return bool(used_addresses(prose)) or (self.claims is not None and bool(claimed_cells([prose], self.claims)))

    @property
    def marks(self) -> list[str]:
        """What every page says."""
        return marks_of(self.kind, self.lang, released=self.released)

    def with_findings(self, document: str, only: tuple[str, ...] = (_SNIPPETS,)) -> str:
        """A document with the findings that it includes put in, and everything else still to be included; `only` names by beginning."""
        return INCLUDE.sub(lambda found: f"\n{self.texts.get(found[1], '')}\n" if found[1].startswith(only) else found[0], document)

    def expanded(self, document: str) -> str:
        """A document with the pieces that it includes put in."""
        return INCLUDE.sub(lambda found: f"\n{self.texts.get(found[1], '')}\n", document)


def marks_of(kind: DataKind, lang: Lang, *, released: bool) -> list[str]:
    """What every page says: the data kind where it is not real or published, and that the report is a draft.

    Example:
        >>> marks_of(DataKind.SYNTHETIC, "da", released=False)
        ['Syntetiske data', 'udkast – ikke frigivet']
    """
    marks = [kind.label(lang)] if kind in (DataKind.SYNTHETIC, DataKind.RECONSTRUCTED) else []
    return marks if released else [*marks, text("reporting.draft", lang)]


def round_material(
    root: str | Path, round_id: str, lang: str, collected_folder: str | Path, *, released: bool = False, reader: str = REPORT
) -> Material:
    """What a round's report is made of.

    Args:
        root: the workspace.
        round_id: the round; its own prose is `rounds/<id>/report.qmd`, in other languages `report.<lang>.qmd`.
        lang: "da" or "en".
        collected_folder: what the round's notebooks wrote: tables/, figures/, pages/, values/.
        released: whether the report passed the release gate; else every page says that it is a draft.
        reader: whose own document, `rounds/<id>/<reader>.qmd`, is read beside the report's where there is one.

    Raises:
        RenderError: no prose in this language, a number typed in prose, or values that contradict each other.
        RoundError: the round is not defined as it should be.
    """
    from vvvresearch.rounds import load_spec, report_source

    spec = load_spec(root, round_id)
    checked = check_lang(lang)
    # A programme's groups have words of their own, also where no round is opened.
    use_words(read_programme(Path(root)).words())
    source = report_source(Path(root), spec, checked)
    material = read_material(source, collected_folder, lang=checked, kind=spec.kind, front=front_matter(spec, checked), released=released)
    own = report_source(Path(root), spec, checked, reader)
    if own != source and own.is_file():
        with material.faults.gathered():
            require_bound_prose(own)
        material.texts[own.name] = _read(own)
        material.authored[document_name(reader)] = own.name, files.read_text(own)
    # A chapter of which everything is absent leaves no page, and a report that takes it up nothing.
    for notebook in spec.notebooks:
        for part in PARTS:
            material.texts.setdefault(f"pages/{notebook.id}{part}.md", "")
    empty = [Path(path).stem for path, said in material.texts.items() if path.startswith("pages/") and not said.strip()]
    material.texts[document_name(REPORT)] = without_idle_marks(material.texts[document_name(REPORT)], empty)
    material.sources = sources_of(spec, checked)

    @cache
    def opened() -> Round:
        # A report whose numbers are kept opens no round, and needs nothing of what a round is computed with.
        from vvvresearch.rounds import open_round

        return open_round(round_id, root=root)

    before = Path(root) / "outputs" / spec.id / checked
    earlier = sealed_before(before)
    kept = KeptRows(before / ROWS, Path(root), source.parent)
    with files.recording() as reads:
        shown = {key: value.shown[checked] for key, value in material.values.items()}
        material.claims = Claims(opened, checked, shown, kept)
        complaints, _ = findings_complaints(source.parent, material.claims, spec.report_type)
        written = {source.name if path == document_name(REPORT) else path: said for path, said in material.own.items()}
        about = (basis_line(spec, material.values, checked), readings_line(spec, material.values, checked), limits_line(checked))
        material.texts |= findings_snippets(source.parent, material.claims, material.texts, about)
        # In the chapter of findings each finding is the heading over its figure, whose title is the figure's own message.
        headed = STORY in material.texts[document_name(REPORT)]
        for name in {document_name(REPORT), own.name} & set(material.texts):
            # These include figures and tables themselves.
            material.texts[name] = material.with_findings(material.texts[name], (SUMMARY, STORY))
        labels = answer_labels(Path(root), spec, checked)
        messages = figure_messages(material.values.values(), labels, checked, lambda p: opened().may_be_told(p))
        messages |= {} if headed else finding_titles(source.parent, material.claims)
        material.texts |= {path: with_messages(said, messages) for path, said in material.texts.items() if path.startswith(_DRAWN)}
        if headed:
            _show_figures_once(material)
        material.look_up(_looked_up_in(opened))
        with material.faults.gathered():
            try:
                material.seals = require_claims(written, material.claims, earlier, complaints)
            except RenderError as problem:
                raise _naming_nobody(problem, Path(root), spec) from None
    # What a person may change without touching a number is no ground for working it out anew.
    material.rows = kept.document({path: read for path, read in reads.items() if path.parent != source.parent.resolve()})
    return material


def _naming_nobody(problem: RenderError, root: Path, spec: RoundSpec) -> RenderError:
    """What is wrong with a report on persons; an author's sentence that names one is told by its hash, as in `vvv check`."""
    if not spec.real_sources:
        return problem
    from vvvresearch.rounds._guard import allowed_names, sentences_unnamed

    why = sentences_unnamed(problem.why, allowed_names(root, spec))
    return RenderError(problem.what, where=problem.where, why=why, todo=problem.todo)


def _show_figures_once(material: Material) -> None:
    """Chapters of the same volume name the figures that the findings showed before them."""
    told, _ = split(material.texts[document_name(REPORT)])
    included = INCLUDE.findall(told)
    shown = {Path(path).stem for path in included if path.startswith("figures/")}
    for path in included:
        if path.startswith("pages/") and path in material.texts:
            material.texts[path] = with_figures_once(material.texts[path], shown, material.lang)


def _looked_up_in(opened: Callable[[], Round]) -> Callable[[str], Value | None]:
    """Numbers that no chapter hands on, taken from the round itself, which is opened once the first is asked for."""

    def look_up(address: str) -> Value | None:
        try:
            return value_of(opened().cell(address), "", "")
        except (AnalysisError, RoundError):
            return None

    return look_up


def read_material(
    source: str | Path,
    collected_folder: str | Path,
    *,
    lang: str = "da",
    kind: DataKind = DataKind.REAL,
    front: Mapping[str, Any] | None = None,
    released: bool = False,
) -> Material:
    """The same from a document, for reports outside a round.

    Args:
        source: the document; what it includes lies beside it. A folder stands for its `report.qmd`.
        collected_folder, lang, released: as for `round_material`.
        kind: data kind; what is not real or published is marked on every page.
        front: title, author, date.

    Raises:
        RenderError: no such document, or a number typed in it.
    """
    collected, checked = Path(collected_folder), check_lang(lang)
    document = Path(source) / document_name(REPORT) if Path(source).is_dir() else Path(source)
    if not document.is_file():
        todo = "write it, or take the language out of the round"
        raise RenderError("the report is not written in this language", where=document, todo=todo)
    faults = Faults()
    with faults.gathered():
        require_bound_prose(document)
    texts = {document_name(REPORT): _read(document)}
    pictures: dict[str, Path] = {}
    for path in sorted(document.parent.rglob("*")):
        if path.is_file() and belongs_to(path, document):
            _take(path, path.relative_to(document.parent).as_posix(), texts, pictures)
    for origin, target, endings in _COPIED:
        for path in sorted((collected / origin.format(lang=checked)).glob("*")):
            if path.suffix in endings and path.is_file():
                _take(path, f"{target}/{path.name}", texts, pictures)
    # A release keeps the mark of the kind, so what it says need not stand in each caption.
    mark = next(iter(marks_of(kind, checked, released=True)), "")
    texts |= {path: without_mark(said, mark) for path, said in texts.items() if path.startswith(_MADE)}
    said = dict(front or {})
    texts["front/colophon.md"] = colophon_snippet(said, checked)
    texts["front/foreword.md"] = foreword_snippet(said, checked)
    values = {folded(key): value for key, value in read_values(collected).items()}
    authored = {document_name(REPORT): (document.name, files.read_text(document))}
    return Material(texts, pictures, values, checked, kind, said, {}, released, faults=faults, authored=authored)


def _take(path: Path, name: str, texts: dict[str, str], pictures: dict[str, Path]) -> None:
    if path.suffix in _TEXT:
        texts[name] = _read(path)
    else:
        pictures[name] = files.admit(path)


def _read(path: Path) -> str:
    return with_short_alts(plain_markdown(files.read_text(path).replace("\r\n", "\n")))


def document_name(volume: str) -> str:
    """The file of a volume or a reader's document.

    Example:
        >>> document_name("report")
        'report.qmd'
    """
    return f"{volume}.qmd"
