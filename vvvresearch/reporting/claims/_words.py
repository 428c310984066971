"""The words that a sentence may call a unit or a group by, and those of a number's own question and of those beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from vvvresearch.errors import VvvError
from vvvresearch.locales import Lang, has_words, say, text
from vvvresearch.results import TOTAL, Cell, Result, folded
from vvvresearch.statements._polarity import DENYING

if TYPE_CHECKING:
    from vvvresearch.evidence import Item
    from vvvresearch.rounds import Round


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


Topics = tuple[tuple[str, ...], tuple[tuple[str, tuple[str, ...]], ...]]
_NONE: Topics = ((), ())
# Columns that say how a number is written, and not of what it is.
_PLAIN = frozenset({"count", "n", "share", "value", "persons", "rows", "lower", "upper", "mean", "median", "sum", "months"})


def topics(opened: Round, address: str, lang: Lang) -> Topics:
    """The words of the question at an address, and name and words of every other question of its source.

    Args:
        opened: the round.
        address: of a number.
        lang: language of the words.

    Returns:
        Both empty where the number answers no question and counts no theme.
    """
    root, *parts = folded(address).split(".")
    try:
        if root.split("/")[0] in ("themes", "theme-changes", "pair-gaps"):
            return _of_themes(opened, parts)
        return _of_survey(opened, root.split("/")[0].split("~")[-1], parts, lang)
    except VvvError:
        return _NONE


def headings(result: Result, cell: Cell, lang: Lang) -> Topics:
    """What a number is called that no question asked: the words at the head of its row and column, then its table's title.

    Args:
        result: the table.
        cell: the number.
        lang: language of the words.

    Returns:
        With the words of every other row and column of the table; both empty where its rows have no words.
    """
    said = [column for column in result.shows if not column.is_number and column.format != "date"]

    def head(row: Mapping[Any, Any]) -> str:
        named = (column for column in said if row and not (column.name in result.keys and row.get(column.name) == TOTAL))
        told = (column.write_row(row, lang, result.small_n, result.labels).strip("–") for column in named)
        # A unit in brackets is the number's, and no name of it.
        return " ".join(filter(None, (re.sub(r"\s*\([^)]*\)", "", one) for one in told)))

    measure = cell.address.rpartition(".")[2]
    counted = {column.name: column.heading(lang) for column in result.shows if column.is_number and column.name not in _PLAIN}
    title = say(result.title, lang)
    # A count that a workspace keeps is called by its own id: "counts.active-volunteers".
    kept = re.sub(r"[-_\d]+", " ", cell.address.split(".")[1]) if cell.address.startswith("counts.") else ""
    own = " ".join(filter(None, (head(cell.row), counted.get(measure, ""), kept.strip()))) or title
    rows = {name for row in result.frame.to_dict("records") if (name := head(row)) and name != head(cell.row)}
    others = sorted(rows | ({name for column, name in counted.items() if column != measure} if measure not in _PLAIN else set()))
    return (own, title), tuple((name, (name,)) for name in others)


def _of_survey(opened: Round, survey: str, parts: list[str], lang: Lang) -> Topics:
    found = next((one for name, one in opened.surveys.items() if folded(name) == survey), None)
    if found is None or found.questionnaire is None:
        return _NONE
    asked = {
        folded(item.id): (
            (text := item.text.say(lang)),
            (*_of_matrix(text), *(option.label.say(lang) for option in found.questionnaire.options(item))),
        )
        for item in found.questionnaire.items
    }
    own = next((part for part in parts if part in asked), "")
    if not own:
        return _NONE
    return asked[own][1], tuple(words for item, words in asked.items() if item != own)


_MATRIX = re.compile(r"(?P<stem>.+[?:])\s*(?:[-–]\s+(?P<item>.+)|\[(?P<listed>.+)\])", re.DOTALL)


def _of_matrix(question: str) -> tuple[str, ...]:
    """A statement of a list before the question that stands above it; any other question as it is."""
    found = _MATRIX.fullmatch(question.strip())
    return (question,) if found is None else (found["item"] or found["listed"], found["stem"])


def _item(opened: Round, address: str) -> tuple[str, Item] | None:
    """The survey and the question at an address."""
    root, *parts = folded(address).split(".")
    name = root.split("/")[0].split("~")[-1]
    found = next((one for survey, one in opened.surveys.items() if folded(survey) == name), None)
    if found is None or found.questionnaire is None:
        return None
    item = next((one for part in parts for one in found.questionnaire.items if folded(one.id) == part), None)
    return (name, item) if item is not None else None


def takes_several(opened: Round, address: str) -> bool:
    """Whether the question at an address takes several answers of one person."""
    found = _item(opened, address)
    return found is not None and found[1].type == "multiple"


def measured_in(opened: Round, address: str) -> str:
    """The unit of a question that asks for a number, as its questionnaire says it."""
    found = _item(opened, address)
    return found[1].unit if found is not None else ""


def mirrors(opened: Round, first: str, second: str) -> bool:
    """Whether the questions at two addresses are declared to ask two groups, or two waves, the same."""
    one, other = _item(opened, first), _item(opened, second)
    if one is None or other is None or folded(first).rpartition(".")[0].split(".")[-1] != folded(second).rpartition(".")[0].split(".")[-1]:
        return False
    return any(
        folded(tie) == f"{survey}:{folded(item.id)}"
        for (_, own), (survey, item) in ((one, other), (other, one))
        for tie in (*own.mirror, *own.comparable)
    )


def _of_themes(opened: Round, parts: list[str]) -> Topics:
    paths = [str(path) for path in opened.codebook.frame["code_path"]]
    own = next((path for path in paths if parts and folded(path.replace(" > ", "/")) == parts[0]), "")
    if not own:
        return _NONE
    kin = [path for path in paths if path.startswith(f"{own} > ") or own.startswith(f"{path} > ")]
    others = tuple((path, (path.rpartition(" > ")[2],)) for path in paths if path != own and path not in kin)
    return (own, *kin), others
