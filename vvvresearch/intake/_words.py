"""Vocabularies: what words in cells mean, which headings a kind of table has, which labels a scale, and why a match ended."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from vvvresearch.evidence import Programme
from vvvresearch.intake._fold import fold
from vvvresearch.locales import Lang, has_words, text


def _load(name: str) -> dict[str, Any]:
    return tomllib.loads((resources.files("vvvresearch.intake") / "data" / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def meanings(vocabulary: str) -> Mapping[str, str]:
    """Folded word → what it means, for one vocabulary of `data/values.toml`."""
    entries: dict[str, list[str]] = _load("values")[vocabulary]
    return {word: meaning for meaning, words in entries.items() for word in (fold(meaning), *words)}


def answer_in_both(label: str) -> dict[str, str]:
    """A label of an answer in Danish and in English: as it stands in its own language, the other where the two have it in common.

    Example:
        >>> answer_in_both("i høj grad"), answer_in_both("Always"), answer_in_both("Fodbold")
        ({'da': 'i høj grad', 'en': 'to a high degree'}, {'da': 'Altid', 'en': 'Always'}, {'da': 'Fodbold', 'en': 'Fodbold'})
    """
    both = {"da": label, "en": label}
    for own, other in (("da", "en"), ("en", "da")):
        if found := _answers(own).get(fold(label)):
            both[other] = found if label[:1].isupper() else found[:1].lower() + found[1:]
            break
    return both


@cache
def _answers(lang: str) -> Mapping[str, str]:
    """Folded answer in one language → in the other."""
    pairs: list[tuple[str, str]] = _load("answers")["answers"]
    return {fold(one): other for one, other in ((pair if lang == "da" else pair[::-1]) for pair in reversed(pairs))}


def group_words(programme: Programme) -> dict[str, str]:
    """Folded word → respondent group: the programme's own names and aliases, and the common ones of its groups.

    A word that fits two groups means neither.
    """
    found: dict[str, str] = {word: group for word, group in meanings("group").items() if group in programme.groups}
    for name, group in programme.groups.items():
        for word in (name, group.label.da, group.label.en, group.one.da, group.one.en, *group.aliases):
            folded = fold(word)
            own = found.get(folded)
            found[folded] = "" if own not in (None, name) and word not in group.aliases else name
    return {word: group for word, group in found.items() if group}


@dataclass(frozen=True)
class Role:
    """A column that a kind of table has.

    Args:
        name: what our readers call it.
        weight: how much it tells of the kind (1–3).
        required: whether the kind needs it.
        values: the test of its cells.
        open: whether its cells are words of people, never shown.
        exact, stem, never: patterns on folded headings.
        beside: the role beside which it is required, "" for none.
    """

    name: str
    weight: int
    required: bool
    values: str
    open: bool
    exact: re.Pattern[str] | None
    stem: re.Pattern[str] | None
    never: re.Pattern[str] | None
    beside: str = ""

    def forbids(self, folded: str) -> bool:
        """Whether a heading says that its column is something else, whatever its cells look like."""
        return self.never is not None and self.never.search(folded) is not None

    def fits_heading(self, folded: str) -> float:
        """1 for the heading itself, .8 for a stem in it, 0 for another."""
        if self.forbids(folded):
            return 0.0
        if folded == fold(self.name) or (self.exact is not None and self.exact.fullmatch(folded)):
            return 1.0
        return 0.8 if self.stem is not None and self.stem.search(folded) else 0.0


@dataclass(frozen=True)
class TableKind:
    """A kind of table: its name, the type of source it becomes, its columns, those of which one at least must be there, whether it
    is only a part of another kind, whether nothing but the names of its columns tells it, and what such a file is called."""

    name: str
    type: str
    roles: tuple[Role, ...]
    telling: frozenset[str] = frozenset()
    part: bool = False
    by_name: bool = False
    called: re.Pattern[str] | None = None

    def role(self, name: str) -> Role | None:
        """A column by its name."""
        return next((role for role in self.roles if role.name == name), None)


@cache
def table_kinds() -> Mapping[str, TableKind]:
    """The kinds of tables by name."""
    return {
        name: TableKind(
            name,
            kind["type"],
            tuple(_role(role, entry) for role, entry in kind["columns"].items()),
            frozenset(kind.get("telling", ())),
            kind.get("part", False),
            kind.get("by_name", False),
            re.compile(kind["called"]) if "called" in kind else None,
        )
        for name, kind in _load("kinds").items()
    }


# What a register says of an interview and not of whoever is interviewed.
_NOT_OF_PERSONS = ("interview", "source", "coded_by", "pseudonym")


@cache
def interviewee_roles() -> Mapping[str, Role]:
    """The columns of an interview register that a table of codings may have as well, by name."""
    own = {role.name for role in table_kinds()["codings"].roles}
    return {role.name: role for role in table_kinds()["interviews"].roles if role.name not in {*own, *_NOT_OF_PERSONS}}


def roles_of(kind: str) -> dict[str, Role]:
    """The columns that a kind of table may have, by name; of codings those that speak of the interviewee too."""
    return {role.name: role for role in table_kinds()[kind].roles} | (dict(interviewee_roles()) if kind == "codings" else {})


def _role(name: str, entry: Mapping[str, Any]) -> Role:
    patterns = {key: re.compile(entry[key]) if key in entry else None for key in ("exact", "stem", "never")}
    needed, beside = entry.get("required", False), entry.get("with", "")
    return Role(name, entry["weight"], needed, entry["values"], entry.get("open", False), **patterns, beside=beside)


@dataclass(frozen=True)
class KnownScale:
    """An ordered scale: its name, code → labels from high to low, the code of its true middle ("" for none)."""

    name: str
    steps: Mapping[str, tuple[str, ...]]
    middle: str


@cache
def known_scales() -> tuple[KnownScale, ...]:
    """The ordered scales that are known."""
    return tuple(
        KnownScale(name, {code: tuple(labels) for code, labels in entry.items() if code != "middle"}, entry["middle"])
        for name, entry in _load("scales").items()
    )


def choice_label(value: str, lang: Lang) -> str:
    """What a meaning or a unit is called for whoever chooses it; the word itself where it has no other.

    Example:
        >>> choice_label("in_person", "da"), choice_label("person", "da"), choice_label("boat", "en")
        ('ansigt til ansigt', 'personer', 'boat')
    """
    keys = (f"attributes.{value}", f"intake.value_{value}", f"units.{value}")
    return next((text(key, lang) for key in keys if has_words(key)), value)


_DENIES = re.compile(r"\b(ikke|ej|uden|ingen|not|no|without|never|aldrig)\b(?! (kemi|chemistry|get (on|along)|click|sammen))")
_REASONS = {
    "natural": re.compile(
        r"\b(aftalt|planlagt|som aftalt|planned|agreed)\b.*\b(afslut\w*|slut\w*|ophoer\w*|end\w*|finish\w*|stop\w*)|"
        r"\b(afslut\w*|slut\w*|ended|finished|completed)\b.*\b(som (aftalt|planlagt)|as (planned|agreed))\b|"
        r"\b(completed|finished) (the )?(year|programme|program|period|course)\b|\b(gennemfoert\w*|fuldfoert\w*)\b"
    ),
    "premature": re.compile(
        r"\b(kemi\w*|chemistry)\b|\bfoer tid(en)?\b|\bbefore (the )?time\b|\bprematurely\b|\bpassede ikke sammen\b|"
        r"\btrak sig\b|\btrukket sig\b|\bsprang fra\b|\bsprunget fra\b|\bdroppede\b|\bwithdrew\b|\bwithdrawn\b|"
        r"\budeble(v|vet|ven)\b|\bno show\b|\bdropped out\b|\bgave up\b|\bdid(n ?t| not) (get (on|along)|click)\b"
    ),
    "moved": re.compile(r"\b(fra)?flytte(t|de|r)?\b|\b(fra)?flytning\b|\bmoved (away|out|to|house|home|city|town|area)\b|\brelocated\b"),
    "changed_life": re.compile(
        r"\b(nyt|faaet|fik|i|got|found|new|started) (et |a |an )?((fuld|del)tids)?(job|arbejde|work)\b|"
        r"\b(startet?|begyndt\w*|began|started) (paa |an? )?(uddannelse|studi\w*|skole|education|college|university|apprenticeship)\b|"
        r"\b(barsel\w*|maternity|pregnan\w+|gravid\w*)\b|\b(syg(dom|emeldt)?|illness|helbred\w*|health)\b"
    ),
}
_SMALL = frozenset((
    "er", "var", "har", "fra", "til", "i", "paa", "en", "et", "den", "det", "de", "der", "at", "og", "borgeren", "borgerens", "flygtningen",
    "flygtningens", "frivillige", "kommunen", "kommune", "is", "was", "has", "have", "from", "to", "the", "a", "an", "of", "been",
))  # fmt: skip


def reason_class(value: str) -> str:
    """The class of a reason by the list of words, else by what its words speak of; "" where they deny, or speak of two classes or none.

    Example:
        >>> reason_class("Flyttet til en anden by"), reason_class("Flyttede, fik nyt job"), reason_class("Ikke flyttet")
        ('moved', '', '')
    """
    if known := meanings("reason").get(fold(value), ""):
        return known
    if (known := _bare_reasons().get(_bare(value), "")) or _DENIES.search(fold(value)):
        return known
    said = {meaning for meaning, stems in _REASONS.items() if stems.search(fold(value))}
    return said.pop() if len(said) == 1 else ""


def _bare(value: str) -> str:
    """A reason without the small words that one writer adds and another leaves out."""
    return " ".join(word for word in fold(value).split() if word not in _SMALL)


@cache
def _bare_reasons() -> dict[str, str]:
    return {_bare(word): meaning for word, meaning in meanings("reason").items() if _bare(word)}
