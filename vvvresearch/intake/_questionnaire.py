"""A draft of a questionnaire from a settled survey: short ids, scales in their true order; what a file cannot tell is left to people."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from vvvresearch.evidence import occasion_in, timeless
from vvvresearch.files import toml
from vvvresearch.intake._fold import file_words, fold
from vvvresearch.intake._occasions import OCCASION
from vvvresearch.intake._settle import Settled
from vvvresearch.intake._words import answer_in_both
from vvvresearch.locales import LANGUAGES, Lang, format_date, text

if TYPE_CHECKING:
    pass


@dataclass(frozen=True)
class DraftItem:
    """An item with its answers in codes.

    Args:
        id, text, type: as in a questionnaire.
        options: (code, label, role).
        cells: column → codes, one a row.
        battery: the stem that several items share, "" for none.
        scale: name of a known scale, "" for none.
        called: what its columns are called in the file, in the order of `cells`.
    """

    id: str
    text: str
    type: str
    options: tuple[tuple[str, str, str], ...]
    cells: Mapping[str, list[str]]
    battery: str = ""
    scale: str = ""
    called: tuple[str, ...] = ()


_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


def questionnaire_toml(settled: Settled, items: Sequence[DraftItem], days: Sequence[str] = ()) -> str:
    """The draft, as `read_questionnaire` takes it. Wording stands as both Danish and English, as do answers that are no common ones.

    Args:
        settled: the answers, decided.
        items: what was asked.
        days: when each row was answered, "" where that is not known.
    """
    todo = {"da": text("intake.todo", "da"), "en": text("intake.todo", "en")}
    known = sorted(day[:10] for day in days if _DAY.fullmatch(day[:10]))
    months = sorted({day[:7] for day in days if re.fullmatch(r"\d{4}-\d\d.*", day)})
    occasion = str(settled.decisions.get(OCCASION, ""))
    wave = _both(named) if (named := settled.this_file.get("wave", "")) else _when(months, settled.path.stem, occasion)
    named = _title(settled)
    title = {lang: f"{' '.join(timeless(named).split())}: {wave[lang]}" for lang in LANGUAGES} if occasion and wave else _both(named)
    head = {"schema_version": 1, "id": settled.source.replace("_", "-") or "survey", "title": title}
    # Who answered for municipalities is known; which persons answered is not.
    head["group"] = _capital("units.municipality") if settled.unit == "municipality" else todo
    head["wave"] = wave or todo
    if known:
        head |= {"period_start": date.fromisoformat(known[0]), "period_end": date.fromisoformat(known[-1])}
    collected = {"da": _span(months, "da"), "en": _span(months, "en")} if months else todo
    lines = [f"{name} = {toml(value)}" for name, value in head.items()]
    lines += ["", "[frame]", f"unit = {toml(settled.unit)}", f"chosen_by = {toml(todo)}", f"collected = {toml(collected)}"]
    shared = Counter(item.options for item in items if item.type in ("likert", "single", "band"))
    names: dict[tuple[tuple[str, str, str], ...], str] = {}
    for item in items:
        if item.type == "likert" and shared[item.options] > 1 and item.options not in names:
            name = item.scale if item.scale and item.scale not in names.values() else f"scale_{len(names) + 1}"
            names[item.options] = name
            lines += ["", f"[scales.{name}]", *_options(item)]
    for item in items:
        lines += ["", "[[items]]", f"id = {toml(item.id)}", f"text = {toml(_both(item.text))}", f"type = {toml(item.type)}"]
        if item.battery:
            lines.append(f"battery = {toml(item.battery)}")
        if item.options in names and item.type == "likert":
            lines.append(f"scale = {toml(names[item.options])}")
        elif item.options:
            lines += _options(item)
    return "\n".join(lines) + "\n"


def _title(settled: Settled) -> str:
    return title_of(settled.path.stem) or settled.source


def title_of(stem: str) -> str:
    """What a file is called, as a heading says it.

    Example:
        >>> title_of("unge_efter_2027"), title_of("Frivillige 2026 (Svar) - Formularsvar 1")
        ('Unge efter 2027', 'Frivillige 2026')
    """
    words = " ".join(re.sub(r"[_+-]+", " ", file_words(stem)).split())
    return f"{words[:1].upper()}{words[1:]}"


def _when(months: Sequence[str], stem: str, time: str) -> dict[str, str]:
    """The year of a survey, with the time that it is one of in its file, else the season, step or turn that the file is called by: two
    surveys of a year are two waves. Empty where none is told."""
    year, (occasion, _, turn) = _year(months, stem), occasion_in(time or file_words(stem)).partition("_")
    if not occasion:
        return _both(year) if year else {}
    name = f"intake.season_{turn}" if occasion == "season" else f"intake.occasion_{occasion}"
    return {lang: f"{text(name, lang, number=turn)} {year}".strip() for lang in LANGUAGES}


def _year(months: Sequence[str], stem: str) -> str:
    """The year in which answers came, else the one in the file's name; "" where neither is one year."""
    told = ({month[:4] for month in months}, set(_YEAR.findall(stem)))
    return next((years.pop() for years in told if len(years) == 1), "")


def _span(months: Sequence[str], lang: Lang) -> str:
    first, last = (format_date(month, lang) for month in (months[0], months[-1]))
    return first if first == last else f"{first} – {last}"


def _capital(name: str) -> dict[str, str]:
    words = {"da": text(name, "da"), "en": text(name, "en")}
    return {lang: f"{word[:1].upper()}{word[1:]}" for lang, word in words.items()}


def _options(item: DraftItem) -> list[str]:
    entries = [
        {"code": code, "label": answer_in_both(label)} | ({"role": role} if role != "answer" else {}) for code, label, role in item.options
    ]
    return ["options = [", *(f"    {toml(entry)}," for entry in entries), "]"]


def _both(words: str) -> dict[str, str]:
    return {"da": words, "en": words}


_CODE = re.compile(
    r"^(?:(?:spm|sp|spørgsmål|question|q|s|v|var|item)[ ._]?(\d+[a-z]?)((?:[_.]\w+)|(?:\[\w+\]))?|(\d+)([a-z])?[.):])", re.IGNORECASE
)
_PART = re.compile(r" [-–—] |: |\||\[")
_COMMON = frozenset(
    [
        "i",
        "hvor",
        "hvilken",
        "hvilke",
        "hvilket",
        "hvad",
        "hvem",
        "hvordan",
        "hvorfor",
        "har",
        "er",
        "en",
        "et",
        "den",
        "det",
        "de",
        "der",
        "du",
        "jeg",
        "vi",
        "man",
        "din",
        "dit",
        "dine",
        "jeres",
        "deres",
        "at",
        "og",
        "eller",
        "for",
        "til",
        "fra",
        "med",
        "om",
        "af",
        "paa",
        "som",
        "kan",
        "skal",
        "vil",
        "ville",
        "bliver",
        "blevet",
        "blev",
        "faar",
        "faaet",
        "faa",
        "have",
        "haft",
        "vaere",
        "vaeret",
        "ved",
        "nogle",
        "nogen",
        "alle",
        "andre",
        "gerne",
        "ogsaa",
        "efter",
        "inden",
        "under",
        "over",
        "mellem",
        "ud",
        "ind",
        "grad",
        "hoej",
        "mener",
        "synes",
        "oplever",
        "vurderer",
        "what",
        "which",
        "who",
        "how",
        "why",
        "do",
        "does",
        "did",
        "is",
        "are",
        "was",
        "were",
        "the",
        "a",
        "an",
        "of",
        "in",
        "on",
        "to",
        "for",
        "from",
        "with",
        "you",
        "your",
        "they",
        "their",
        "have",
        "has",
        "had",
        "been",
        "be",
        "and",
        "or",
        "it",
        "its",
        "that",
        "this",
        "these",
        "any",
        "some",
        "extent",
        "degree",
        "would",
        "could",
        "think",
        "feel",
        "rate",
        "please",
        "far",
        "all",
        "deltagerne",
        "the",
        "scale",
        "skala",
    ]
)
_LONGEST, _WORDS = 24, 3
_FEW, _MOST = 2, 0.25


def short_names(headings: Mapping[str, str]) -> dict[str, str]:
    """One short id a heading, each of them once; letters, digits and underscores.

    Args:
        headings: key → heading.

    Example:
        >>> short_names({"a": "3. Har kommunen en aftale?", "b": "Hvor tilfreds er I med samarbejdet?", "c": "samarbejde"})
        {'a': 'q3', 'b': 'tilfreds_samarbejdet', 'c': 'samarbejde'}
    """
    taken: set[str] = set()
    names = {}
    # What most questions say tells none of them from the others.
    counts = Counter(word for heading in headings.values() for word in set(fold(heading).split()))
    usual = {word for word, count in counts.items() if count > max(_FEW, _MOST * len(headings))}
    for key, heading in headings.items():
        first = name = _name(heading, usual)
        number = 2
        while name in taken:
            name, number = f"{first}_{number}", number + 1
        taken.add(name)
        names[key] = name
    return names


def _name(heading: str, usual: Collection[str]) -> str:
    found = _CODE.match(heading)
    part = _PART.split(heading)[-1] if _PART.search(heading) else ""
    if found:
        own = f"q{(found[1] or found[3]).lower()}" + (found[4] or "")
        if found[2]:
            return own + "_" + fold(found[2]).replace(" ", "_")
        return f"{own}_{_words(part, 2, usual)}" if part and not _CODE.match(part) and _words(part, 2, usual) else own
    if re.fullmatch(r"[A-Za-z]\w*", heading) and len(heading) <= _LONGEST:
        return heading.lower()
    return _words(part or heading, _WORDS, usual) or "item"


def _words(text: str, most: int, usual: Collection[str]) -> str:
    telling = [word for word in fold(text).split() if word not in _COMMON]
    # "On a scale from 1 to 5": a number tells a question only where nothing else does.
    telling = [word for word in telling if not word.isdigit()] or telling
    words = [word for word in telling if word not in usual] or telling or fold(text).split()
    name = ""
    for word in words[:most]:
        longer = f"{name}_{word}" if name else word[:_LONGEST]
        if len(longer) > _LONGEST:
            break
        name = longer
    return f"v{name}" if name[:1].isdigit() else name
