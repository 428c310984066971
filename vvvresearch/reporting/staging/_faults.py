"""Everything that stops a report in one go, at the lines that its author wrote; a digit typed in prose is such a fault."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from vvvresearch import files
from vvvresearch.errors import RenderError
from vvvresearch.reporting.claims._proof import blanked
from vvvresearch.reporting.embedded._source import code_mask

# What staging changes of a line: numbers put in, claims printed, links to notes, classes of headings.
_CHANGED = re.compile(r"\{\{<.*?>\}\}|\]\([^()\s]*\)|\{[^{}]*\}|[^^a-zæøå#]", re.IGNORECASE)


@dataclass
class Faults:
    """Errors of several steps, of which one alone is raised as it is and several as one."""

    found: list[RenderError] = field(default_factory=list)

    @contextmanager
    def gathered(self) -> Iterator[None]:
        """A step whose error is kept, so that the next step is looked at too."""
        try:
            yield
        except RenderError as fault:
            self.found += [one for one in fault.parts or (fault,) if one not in self.found]

    def require_none(self) -> None:
        """Raise what was found.

        Raises:
            RenderError: the one error, or all of them with their places.
        """
        if len(self.found) == 1:
            raise self.found[0]
        if self.found:
            lines = [line for fault in self.found for line in _lines(fault)]
            what = f"{len(self.found)} kinds of faults stop the report"
            raised = RenderError(what, where=self.found[0].where, why="\n    ".join(lines), todo="mend each as it says")
            raised.parts = tuple(self.found)
            raise raised


def _lines(fault: RenderError) -> list[str]:
    """One error on lines of their own: what is wrong, its mend, its places."""
    if not fault.why:
        return [f"{fault.where}: {fault.what}; {fault.todo}"]
    return [fault.what, fault.todo, *(f"  {line.strip()}" for line in fault.why.split("\n"))]


def places_of(staged: str, authored: str, name: str, elsewhere: str) -> list[str]:
    """File and line of every line of a document as it was staged.

    Args:
        staged: the document, its numbers put in and its findings written out; of a volume only the sections that it has.
        authored: what its author wrote.
        name: of the author's file.
        elsewhere: where lines come from that the author did not write there.

    Example:
        >>> places_of("# A" + chr(10) + "Fund" + chr(10) + "Af 31.", "# A" + chr(10) + "Af {{< var a.n >}}.", "report.qmd", "findings.toml")
        ['report.qmd, line 1', 'findings.toml', 'report.qmd, line 2']
    """
    now, before = ([_CHANGED.sub("", line) for line in text.split("\n")] for text in (staged, authored))
    places = [elsewhere] * len(now)
    matcher = difflib.SequenceMatcher(None, now, before, autojunk=False)
    for start, begun, size in matcher.get_matching_blocks():
        for step in range(size):
            places[start + step] = f"{name}, line {begun + step + 1}"
    return _nearest(places, now, elsewhere)


def _nearest(places: Sequence[str], lines: Sequence[str], elsewhere: str) -> list[str]:
    """Empty lines are nobody's own."""
    shown = list(places)
    for place, line in enumerate(lines):
        if not line and place and shown[place] == elsewhere:
            shown[place] = shown[place - 1]
    return shown


_LISTED = 20
_GENERATED = ("front", "tables", "figures", "nb", "values")
_VALUE = re.compile(r"\[(?P<inner>[^\[\]]*)\]\{\s*\.value\b(?P<attributes>[^}]*)\}")
_ALLOWED = re.compile(r"\[(?P<inner>[^\[\]]*)\]\{\s*\.(?P<kind>year|date|name)\s*\}")
_VAR = re.compile(r"\{\{<\s*var\s+(\S+)\s*>\}\}")
_SHORTCODE = re.compile(r"\{\{<.*?>\}\}")
_KEY = re.compile(r'data-key="([^"]*)"')
_YEAR = re.compile(r"(?:1[89]|20)\d\d(?:\s*[–/-]\s*(?:(?:1[89]|20)\d\d|\d\d))?")
_MONTHS = "jan feb mar apr maj may jun jul aug sep okt oct nov dec"
_DATE = re.compile(
    r"(?:\d{1,2}\.?\s*)?(?:[–-]\s*\d{1,2}\.?\s*)?[a-zæøå]{3,9}\.?\s*(?:\d{4})?|\d{1,2}[./]\d{1,2}[./]\d{4}|\d{4}-\d{2}(?:-\d{2})?", re.I
)
# What is not prose, or where digits are part of an address: blanked before digits are looked for, in this order.
_BLANKED = (
    re.compile(r"(?<![`\\])(`+)(?!`).+?(?<!`)\1(?!`)"),
    re.compile(r"<!--.*?-->"),
    re.compile(r"(?<=\])\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*\)"),
    re.compile(r"<https?://[^>]*>|https?://\S+"),
    re.compile(r"@(?:fig|tbl|sec|eq)-[\w-]+|(?<![\w])@[\w:.#$%&+?~/-]+"),
    re.compile(r"\[\^[\w-]+\]"),
)
_ATTRIBUTES = re.compile(r"\{[^{}]*\}")
_SPOKEN = re.compile(r'(?:fig-alt|title|alt)="([^"]*)"')
_LIST = re.compile(r"^\s*(?:\d+[.)]|\(\d+\))\s")


@dataclass(frozen=True)
class TypedNumber:
    """A digit that somebody typed, or a value that is bound to the wrong key."""

    file: str
    line: int
    found: str
    problem: str


def check_prose(place: str | Path) -> list[TypedNumber]:
    """Look for numbers in prose that do not come from values.

    Allowed are `[{{< var key >}}]{.value data-key="key"}`, `[2021]{.year}`, `[25. juni 2021]{.date}`, `[COVID-19]{.name}`,
    code, addresses, references, and the ordinals of lists. Included tables and figures are made by notebooks and are
    not looked at.

    Args:
        place: a staged folder, a folder of sources or one `.qmd` file.

    Returns:
        Everything found, in the order of files and lines; empty when all is well.

    Raises:
        SourceError: the place does not exist.
    """
    target = Path(place)
    if not target.is_dir():
        return _check_file(target, target.name)
    paths = [
        path
        for path in sorted([*target.rglob("*.qmd"), *target.rglob("*.md")])
        if path.relative_to(target).parts[0] not in _GENERATED and not any(part.startswith(".") for part in path.relative_to(target).parts)
    ]
    return [problem for path in paths for problem in _check_file(path, path.relative_to(target).as_posix())]


def require_bound_prose(place: str | Path) -> None:
    """Refuse sources with typed numbers.

    Raises:
        RenderError: with file and line of every typed number.
    """
    typed = check_prose(place)
    if typed:
        listed = [f"{item.file}, line {item.line}: {item.found!r} {item.problem}" for item in typed]
        more = [f"… and {len(listed) - _LISTED} more"] if len(listed) > _LISTED else []
        raise RenderError(
            f"{len(typed)} numbers in prose are not bound to values",
            where=f"{typed[0].file}, line {typed[0].line}",
            why="\n    ".join([*listed[:_LISTED], *more]),
            todo='write [{{< var key >}}]{.value data-key="key"}, since a typed number does not change when the data do',
        )


def _check_file(path: Path, name: str) -> list[TypedNumber]:
    lines = blanked(files.read_text(path).replace("\r\n", "\n")).split("\n")
    found: list[TypedNumber] = []
    in_head = False
    for number, (line, code) in enumerate(zip(lines, code_mask(lines), strict=True), 1):
        if line.strip() == "---" and (number == 1 or in_head):
            in_head = number == 1
            continue
        if code:
            continue

        def report(text: str, problem: str, number: int = number) -> None:
            found.append(TypedNumber(name, number, text, problem))

        text = _head_text(line) if in_head else line
        _check_line(text, report)
    return found


def _head_text(line: str) -> str:
    """Of the front matter only what is printed."""
    match = re.match(r"\s*(?:title|subtitle|abstract)\s*:(.*)", line)
    return match[1] if match else ""


def _check_line(line: str, report: Callable[[str, str], None]) -> None:
    def value(match: re.Match[str]) -> str:
        keys, inner = _KEY.findall(match["attributes"]), match["inner"].strip()
        bound = _VAR.fullmatch(inner)
        if not bound:
            report(match["inner"], "a value holds exactly one {{< var … >}}")
        elif keys != [bound[1]]:
            report(bound[1], "data-key names another value than the one printed")
        return " "

    def allowed(match: re.Match[str]) -> str:
        if not _fits(match["kind"], match["inner"].strip()):
            report(match["inner"], f"this is not a {match['kind']}")
        return " "

    text = line
    for pattern in _BLANKED[:2]:
        text = pattern.sub(" ", text)
    text = _VALUE.sub(value, text)
    text = _ALLOWED.sub(allowed, text)
    text = _SHORTCODE.sub(" ", text)
    for pattern in _BLANKED[2:]:
        text = pattern.sub(" ", text)
    spoken = " ".join(_SPOKEN.findall(text))
    text = _LIST.sub(" ", _ATTRIBUTES.sub(" ", text)) + " " + spoken
    for word in _numbers(text):
        report(word, "typed in prose")


def _fits(kind: str, inner: str) -> bool:
    if kind == "year":
        return bool(_YEAR.fullmatch(inner))
    if kind == "date":
        month = re.search(r"[a-zæøå]{3}", inner, re.I)
        return bool(_DATE.fullmatch(inner)) and (month is None or month[0].lower() in _MONTHS.split())
    return bool(re.search(r"[^\W\d_]", inner)) and not re.fullmatch(r"[\d\s.,%]+", inner)


def _numbers(text: str) -> Iterable[str]:
    """Words that hold a digit in any script, a fraction or a superscript."""
    for word in text.split():
        if any(mark.isnumeric() for mark in word):
            yield word.strip(".,;:()*_")
