"""Reports for other readers: steering group, municipality, volunteers and refugees, press, slides."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from vvvresearch import files
from vvvresearch.errors import RenderError, did_you_mean
from vvvresearch.evidence import Programme, read_programme
from vvvresearch.locales import Lang, text
from vvvresearch.reporting._body import lix
from vvvresearch.reporting.embedded._source import code_mask
from vvvresearch.reporting.readers._digest import Digest, Fact, digest, facts_of
from vvvresearch.reporting.staging._bound import VAR
from vvvresearch.reporting.staging._material import Material, round_material
from vvvresearch.reporting.staging._messages import answer_labels
from vvvresearch.reporting.staging._stage import noted, write_document
from vvvresearch.reporting.staging._text import split, words_of
from vvvresearch.results import folded
from vvvresearch.rounds import load_spec, report_source
from vvvresearch.rounds._written import NARROW

READERS = ("full", "steering", "municipality", "plain", "press", "slides")
# What a plain page may cost a reader.
HARDEST = 25.0
_IMAGE = re.compile(r'^!\[(?P<title>[^\n]*)\]\((?P<file>[^()\s]+)\)\{#fig-[\w-]+ fig-alt="(?P<alt>(?:[^"\\]|\\.)*)"', re.MULTILINE)
_ON_SLIDE, _ON_SLIDES, _ON_STEERING, _ON_PRESS, _ON_PLAIN = 4, 16, 10, 12, 8


@dataclass(frozen=True)
class Source:
    """What every reader's version is written from.

    Args:
        material: the report's texts and numbers.
        said: lead, findings and advice of its author.
        facts: what its numbers say without an author.
        programme: what is evaluated.
    """

    material: Material
    said: Digest
    facts: list[Fact]
    programme: Programme

    @property
    def lang(self) -> Lang:
        """The language."""
        return self.material.lang


def stage_reader(
    root: str | Path,
    round_id: str,
    lang: str,
    collected_folder: str | Path,
    stage_folder: str | Path,
    reader: str,
    *,
    released: bool = False,
) -> Path:
    """The staged folder of a report for one reader: `rounds/<id>/<reader>.qmd` where somebody wrote it, else from the report itself.

    Args:
        root, round_id, lang, collected_folder, stage_folder, released: as for `round_material`.
        reader: "steering", "municipality", "plain", "press" or "slides".

    Returns:
        The staged folder; its document is called like the reader.

    Raises:
        RenderError: an unknown reader, a plain page that is hard to read, or as for `round_material`.
    """
    if reader not in _WRITERS:
        raise RenderError(f"there is no reader {reader!r}", todo=did_you_mean(reader, READERS))
    spec = load_spec(root, round_id)
    own = report_source(Path(root), spec, lang, reader)
    material = round_material(root, round_id, lang, collected_folder, released=released, reader=reader)
    labels = answer_labels(Path(root), spec, material.lang)
    told = split(material.texts["report.qmd"])[0]
    facts = facts_of(material.values.values(), labels, material.lang, {(one.survey, one.by) for one in spec.crosses})
    source = Source(material, digest(material.with_findings(told)), facts, read_programme(Path(root)))
    written = material.texts[own.name] if own.is_file() else _WRITERS[reader](source)
    if reader == "plain":
        written = _plain_page(written, material, own if own.is_file() else None)
    # The title slide has no foot that could carry the mark of a draft.
    named = (text(f"readers.{reader}", material.lang), *(material.marks if reader == "slides" else ()))
    front = {**material.front, "subtitle": " · ".join(named)}
    front.pop("abstract", None)
    return write_document(
        material,
        written,
        stage_folder,
        reader,
        front=front,
        notes=_notes(reader),
        linked=noted(material, told) if _notes(reader) else None,
        contents=False,
        numbered=False,
        reader=reader,
    )


def _notes(reader: str) -> str | None:
    """Where a reader's numbers lead: to notes at the end, to those of the full report, or nowhere where a number is heard or read alone."""
    return {"plain": None, "slides": None, "steering": "report.html"}.get(reader, "")


def _number(address: str) -> str:
    return f"{{{{< var {address} >}}}}"


def _of(fact: Fact, lang: Lang) -> str:
    """How many of how many, the count bound to its address."""
    return text("readers.of", lang, count="\0", n=files.markdown_text(f"{fact.n} {fact.who}".strip())).replace("\0", _number(fact.address))


def _sentence(fact: Fact, lang: Lang) -> str:
    about = files.markdown_text(fact.about)
    if fact.kind == "theme":
        return text("readers.theme_sentence", lang, of="\0", about=about).replace("\0", _of(fact, lang))
    said = text("readers.answer_sentence", lang, of="\0", about=about, answer=files.markdown_text(fact.answer))
    return said.replace("\0", _of(fact, lang))


def _told_of(fact: Fact, lang: Lang) -> str:
    """A fact with whom it is about and when, which parts one survey's answers from another's."""
    told = "; ".join(part for part in (fact.group, fact.date) if part)
    return _sentence(fact, lang) + (f" ({files.markdown_text(told)})" if told else "")


def _findings(source: Source) -> list[str]:
    blocks = []
    for finding in source.said.findings:
        blocks += [f"## {finding.title}", *finding.paragraphs[:2]]
    return blocks


def _advice(source: Source) -> list[str]:
    lang, advice = source.lang, source.said.advice
    if not advice:
        return []
    numbered = [_numbered(one, lang) for one in advice]
    boxes = [f"::: {{.advice}}\n[{number or place}]{{.advice-number}} {said}\n:::" for place, (number, said) in enumerate(numbered, 1)]
    return [f"# {text('readers.advice', lang)}", *boxes]


def _numbered(advice: str, lang: Lang) -> tuple[str, str]:
    """The number that an advice has of its own, "" where it has none, and what it says after it."""
    head = re.escape(text("claims.advice_number", lang, number="\0")).replace("\0", r"(\d+)")
    found = re.match(rf"\*\*{head}\*\*\s*", advice)
    return (found[1], advice[found.end() :]) if found else ("", advice)


def _slide_advice(advice: str, lang: Lang) -> str:
    number, said = _numbered(advice, lang)
    name = text("readers.advice_one", lang)
    return f"**{name} {number}** {said}" if number else f"**{name}:** {said}"


def _key_numbers(source: Source, most: int, *, level: int = 1) -> list[str]:
    if not source.facts:
        return []
    lines = "\n".join(f"- {_sentence(fact, source.lang)}" for fact in source.facts[:most])
    return [f"{'#' * level} {text('readers.key_numbers', source.lang)}", lines]


def _lead(source: Source) -> list[str]:
    return [f"::: {{.lead}}\n{source.said.lead}\n:::"] if source.said.lead else []


def _steering(source: Source) -> str:
    lang = source.lang
    findings = _findings(source)
    blocks = [f"# {text('readers.in_short', lang)}", *_lead(source), *findings]
    blocks += [] if findings else _key_numbers(source, _ON_STEERING, level=2)
    blocks += [*_advice(source), f"::: {{.small}}\n{text('readers.more_body', lang)}\n:::"]
    if "tables/goals.md" in source.material.texts:
        blocks += [f"# {text('readers.goals', lang)}", "{{< include tables/goals.md >}}"]
    return "\n\n".join(blocks) + "\n"


def _municipality(source: Source) -> str:
    lang = source.lang
    blanks = [f"- {line}: ………" for line in text("readers.municipality_lines", lang).split("; ")]
    blocks = [f"# {text('readers.municipality_own', lang)}", text("readers.municipality_hint", lang), "\n".join(blanks)]
    return "\n\n".join([*blocks, *_key_numbers(source, _ON_STEERING), *_advice(source)]) + "\n"


def _press(source: Source) -> str:
    lang = source.lang
    blocks = [f"# {text('readers.press_head', lang)}", *_lead(source)]
    lines = [f"- {_told_of(fact, lang)}" for fact in source.facts[:_ON_PRESS]]
    if lines:
        # Without a lead the numbers are all that can be written.
        blocks += [f"## {text('readers.key_numbers', lang)}"] if source.said.lead else []
        blocks.append("\n".join(lines))
    if len(blocks) == 1:
        blocks.append(text("readers.nothing", lang))
    blocks += [f"# {text('readers.cannot', lang)}", text("readers.cannot_body", lang)]
    return "\n\n".join(blocks) + "\n"


def _slides(source: Source) -> str:
    lang = source.lang
    mark = " · ".join(source.material.marks)
    foot = [f"::: {{.marks}}\n{files.markdown_text(mark)}\n:::"] if mark else []
    blocks: list[str] = []
    if source.said.lead:
        blocks += [f"# {text('readers.in_short', lang)}", source.said.lead, *foot]
    for finding in source.said.findings:
        said = [*finding.paragraphs[:1], *(_slide_advice(one, lang) for one in finding.advice)]
        blocks += [f"# {finding.title}", *_beside_figure(source.material, finding.figure, said, foot)]
    # Where somebody wrote what was found, a few numbers go with it; nobody sits through all of them.
    shown = source.facts[: _ON_SLIDE if source.said.findings else _ON_SLIDES]
    parts = [shown[start : start + _ON_SLIDE] for start in range(0, len(shown), _ON_SLIDE)]
    for number, part in enumerate(parts, 1):
        title = text("readers.key_numbers", lang)
        title = text("readers.part_of", lang, title=title, number=number, n=len(parts)) if len(parts) > 1 else title
        blocks += [f"# {title}", "\n".join(f"- {_told_of(one, lang)}" for one in part), *foot]
    return "\n\n".join(blocks or [f"# {text('readers.in_short', lang)}", text("readers.nothing", lang), *foot]) + "\n"


def _beside_figure(material: Material, name: str, said: list[str], foot: list[str]) -> list[str]:
    """What a slide says, beside its figure as it is drawn for a narrow page, whose letters can be read from afar.

    Without a label, since a slide is no place for numbered figures and real Quarto drops what is labelled from slides. What stands
    behind the two columns would be a slide of its own.
    """
    # Only slides look into pictures, and the room of figures brings what draws them.
    from vvvresearch.figures._drawing import told_in

    shown = _IMAGE.search(material.texts.get(f"figures/{name}.md", "")) if name else None
    if shown is None:
        return [*said, *foot]
    narrow = shown["file"].replace(".svg", NARROW)
    path = narrow if narrow in material.pictures else shown["file"]
    title = re.sub(r"\[([^\[\]]*)\]\{\.message\}", r"\1", shown["title"])
    told = told_in(files.read_text(material.pictures[path])) if path.endswith(".svg") and path in material.pictures else []
    base = [f"::: {{.base}}\n{' '.join(_ended(files.markdown_text(line)) for line in told)}\n:::"] if told else []
    # A hard blank after it keeps the picture from becoming a figure, which would want a label.
    picture = f'![]({path}){{fig-alt="{shown["alt"]}"}}\\ '
    words = "\n\n".join([f"**{_ended(title)}**", *said, *base, *foot])
    return ["\n\n".join([":::: {.columns}", f"::: {{.column}}\n{picture}\n:::", f"::: {{.column}}\n{words}\n:::", "::::"])]


def _ended(words: str) -> str:
    return words if words.endswith((".", "?", "!")) else f"{words}."


def _plain(source: Source) -> str:
    """Short sentences and whole counts only; what would make the page hard to read is left to the full report."""
    lang = source.lang
    what = source.programme.plain
    opening = [f"# {text('readers.plain_head', lang)}", *([files.markdown_text(what.say(lang))] if what else [])]
    opening.append(text("readers.plain_opening", lang))
    closing = [f"# {text('readers.plain_more', lang)}", text("readers.plain_closing", lang)]
    blocks: list[str] = []
    for fact in source.facts:
        said = _plain_fact(fact, lang)
        tried = "\n".join(_spoken(source.material, block) for block in (*opening, *blocks, *said, *closing))
        if _hardness(tried) < HARDEST - 1:
            blocks += said
        if len(blocks) >= 2 * _ON_PLAIN:
            break
    return "\n\n".join([*opening, *blocks, *closing]) + "\n"


def _plain_fact(fact: Fact, lang: Lang) -> list[str]:
    about = files.markdown_text(fact.about)
    rest = fact.n - fact.count
    if fact.kind == "theme":
        said = text("readers.plain_theme", lang, n=fact.n, count="\0", rest=rest, about=about)
    else:
        said = text("readers.plain_answer", lang, n=fact.n, count="\0", rest=rest, answer=files.markdown_text(fact.answer))
    return [f"## {about}", said.replace("\0", _number(fact.address))]


def _hardness(spoken: str) -> float:
    """The LIX of a page, whether or not its headings count as sentences: the worse of the two."""
    return max(lix(spoken), lix(spoken.replace("\n", " ")))


def _spoken(material: Material, markdown: str) -> str:
    """Markdown as it is read, its numbers put in."""
    shown = VAR.sub(lambda found: value.shown[material.lang] if (value := material.values.get(folded(found[1]))) else "0", markdown)
    return "\n".join(
        words_of(re.sub(r"\{[#.][^{}]*\}", "", line))
        for line in shown.split("\n")
        if line.strip() and not line.startswith((":", "{{<", "!["))
    )


def _plain_page(document: str, material: Material, path: Path | None) -> str:
    """A plain page with its LIX at its foot.

    Raises:
        RenderError: it is hard to read, or says shares where whole counts are asked for; each place with its line.
    """
    lines = document.split("\n")
    wrong = []
    for number, (line, code) in enumerate(zip(lines, code_mask(lines), strict=True), 1):
        shares = [one for one in VAR.findall(line) if (value := material.values.get(folded(one))) and "%" in value.shown[material.lang]]
        wrong += [] if code else [f"line {number}: {address} is a share" for address in shares]
        if "%" in VAR.sub("", line) and not code:
            wrong.append(f"line {number}: a percentage")
    where = path.name if path else "plain"
    if wrong:
        raise RenderError("a plain page has whole counts only", where=where, why="; ".join(wrong), todo="name the count: … .count")
    hard = _hardness(_spoken(material, document))
    if hard >= HARDEST:
        sentences = [part for line in lines for part in re.split(r"(?<=[.!?])\s+", _spoken(material, line)) if lix(part) > 2 * HARDEST]
        why = "hardest: " + " | ".join(sorted(sentences, key=lix, reverse=True)[:3])
        raise RenderError(
            f"the plain page has LIX {hard}", where=where, why=why, todo=f"under {HARDEST:.0f} is easy: shorter sentences and words"
        )
    shown = f"{hard:.0f}"
    return document.rstrip("\n") + f"\n\n::: {{.small}}\n{text('readers.lix', material.lang, lix=shown)}\n:::\n"


_WRITERS: dict[str, Callable[[Source], str]] = {
    "steering": _steering,
    "municipality": _municipality,
    "plain": _plain,
    "press": _press,
    "slides": _slides,
}
