"""The words that a sentence may call a unit or a group by: every form that Danish and English make of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from vvvresearch.locales import Lang, has_words, text
from vvvresearch.statements._polarity import DENYING

# Nouns that may stand for whoever answered, so that using one names nobody else.
_OPEN = frozenset({
    "svarpersoner", "svarperson", "respondent", "respondents", "personer", "person", "persons", "people", "informanter", "informants",
    "enheder", "units", "fund", "goals", "mål", "interview", "interviews", "skemaer", "forms", "values", "værdier", "total", "sager",
    "cases", "case", "i", "alt",
})  # fmt: skip
# What is counted and is nobody: every other unit is a person, and may be called one.
_NO_PERSONS = frozenset({
    "municipality", "pair", "match", "group", "course", "area", "interview", "goal", "source", "order", "referral", "offer", "case",
    "activity",
})  # fmt: skip
_UNITS = ("municipality", "leader", "participant", "pair", "match", "group", "course", "area")
_GROUPS = ("refugee", "volunteer", "activity_leader", "municipal", "course_participant")


def definite_plural(many: str) -> str:
    """The definite form of a Danish plural: "kommuner" → "kommunerne".

    Example:
        >>> [definite_plural(word) for word in ("kommuner", "flygtninge", "frivillige", "par", "ledere")]
        ['kommunerne', 'flygtningene', 'de frivillige', 'parrene', 'lederne']
    """
    *before, head = many.split()
    if head.endswith("ere"):
        head = head[:-1] + "ne"
    elif head.endswith("er"):
        head += "ne"
    elif head.endswith("ige"):
        return " ".join(["de", *before, head])
    elif head.endswith("e"):
        head += "ne"
    elif len(head) == 3:
        head += head[-1] + "ene"
    else:
        head += "ene"
    return " ".join([*before, head])


def unit_forms(unit: str, lang: Lang) -> tuple[str, ...]:
    """Singular, plural, definite plural and the head of a unit's name, in small letters."""
    if not has_words(f"units.{unit}"):
        return ()
    many = text(f"units.{unit}", lang).lower()
    one = text(f"units.one_{unit}", lang).lower() if has_words(f"units.one_{unit}") else many
    # Singular, plural and definite keep their places, though two of them may be alike.
    first, *others = _forms(many, lang)
    if has_words(f"claims.called_{unit}"):
        others += text(f"claims.called_{unit}", lang).split(" | ")
    if unit not in _NO_PERSONS:
        others += text("claims.persons", lang).split(" | ")
    return (one, many, first, *(form for form in _unique(others) if form not in (one, many, first)))


def group_forms(name: str, lang: Lang) -> tuple[str, ...]:
    """Every form of a group's name, as it stands in a sentence."""
    name = name.strip()
    if not name:
        return ()
    plural = name.lower().endswith(("r", "e") if lang == "da" else ("s",))
    article, _, bare = name.partition(" ")
    named = [bare, bare.lower()] if bare and article.lower() in ("de", "the", "den", "det") else []
    return _unique([name, name.lower(), *named, *(_forms(name.lower(), lang) if plural else ())])


def named_units(words: Mapping[Lang, str], lang: Lang) -> tuple[str, ...]:
    """Every form, in one language, of the units and groups that a text names: "250 aktive deltagere" counts "deltagere".

    Args:
        words: the text in the languages that it has.
        lang: the language of the forms.

    Example:
        >>> "participants" in named_units({"da": "Mindst 250 aktive deltagere"}, "en")
        True
    """
    found: list[str] = []
    for kind, names in (("units", _UNITS), ("groups", _GROUPS)):
        for name in names:
            for spoken, said in words.items():
                used = {word.strip(".,;:()").lower() for word in said.split()}
                if any(form.split()[-1].lower() in used for form in _named(kind, name, spoken)):
                    found += _named(kind, name, lang)
    return _unique(found)


def _named(kind: str, name: str, lang: Lang) -> tuple[str, ...]:
    return unit_forms(name, lang) if kind == "units" else group_forms(text(f"groups.{name}", lang), lang)


def _forms(many: str, lang: Lang) -> list[str]:
    if lang == "en":
        return [many, many.removesuffix("s")]
    head = many.split()[-1]
    forms = [definite_plural(many), head, definite_plural(head)]
    # The last part of a compound names the same people: "aktivitetsledere" are "ledere".
    for tail in ("ledere", "deltagere", "grupper", "venner"):
        if head.endswith(tail) and head != tail:
            forms += [tail, definite_plural(tail)]
    return forms


_NO = frozenset({"nej", "no"})
_NOT = frozenset({"ikke", "aldrig", "not", "never"})


def denies_another(label: str, others: Iterable[str], lang: Lang) -> bool:
    """Whether an answer says no to what another answer to the same question says.

    Args:
        label: the answer's words.
        others: those of the other answers.
        lang: their language.

    Example:
        >>> denies_another("Nej, ikke endnu", ["Ja"], "da"), denies_another("Delvist uenig", ["Delvist enig"], "da")
        (True, True)
        >>> denies_another("Uge", ["Ge"], "en"), denies_another("Sjældent", ["Ofte", "Aldrig"], "da")
        (False, False)
    """
    words = re.findall(r"\w+", label.lower())
    if not words:
        return False
    told = [re.findall(r"\w+", other.lower()) for other in others]
    turned = any([*words[:-1], words[-1].removeprefix(prefix)] in told for prefix in DENYING[lang] if words[-1].startswith(prefix))
    return words[0] in _NO or turned or bool(_NOT & set(words) and any(other and not _NOT & set(other) for other in told))


def foreign_words(own: Iterable[str], lang: Lang, groups: Iterable[str] = ()) -> tuple[str, ...]:
    """Nouns that name other units and groups than a row's own, those of a round among them."""
    mine = {word.lower() for word in own}
    heads = {word.split()[-1] for word in mine if word.split()}
    persons = frozenset(text("claims.persons", lang).split(" | "))
    found: list[str] = []
    for table, names in (("units", _UNITS), ("groups", _GROUPS)):
        for name in names:
            spoken = tuple(form.lower() for form in _named(table, name, lang))
            spoken = tuple(form for form in spoken if form not in persons)
            if any(form in mine or form.split()[-1] in heads for form in spoken):
                continue
            found += [form for form in spoken if form not in _OPEN]
    found += [name.lower() for name in groups if name.lower() not in mine and name.split()[-1].lower() not in heads | _OPEN | persons]
    return _unique(found)


def _unique(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for word in words if word))
