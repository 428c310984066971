"""Names that two tables give one thing: transcripts and interviews, links and pairs, rounds and persons."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from vvvresearch.evidence._codings import Codings
from vvvresearch.evidence._register import Mappings

if TYPE_CHECKING:
    import pandas as pd

# Words of a name that say no more than that it is an interview, or that a number is that of a visit.
_SAYS_NOTHING = frozenset(
    [
        "interview",
        "int",
        "transskription",
        "transkription",
        "transkript",
        "transcript",
        "udskrift",
        "samtale",
        "conversation",
        "dokument",
        "document",
        "nr",
        "no",
        "besøg",
        "besoeg",
        "visit",
        "runde",
        "round",
        "bølge",
        "boelge",
        "wave",
        "måling",
        "maaling",
    ]
)
_CODED = re.compile(r"([^\W\d_]*)(\d+)")
_PARTS = re.compile(r"\d+|[^\W\d_]+")
_LEAST_JOINED, _NEARLY_ALL = 3, 0.9


def join_name(name: str) -> str:
    """A transcript's name as registers and projects write it alike: without folder and ending, upper and lower case alike.

    Example:
        >>> join_name("Interview 03.docx") == join_name("interview 03")
        True
    """
    plain = PurePath(name.replace("\\", "/")).name.strip()
    stem, dot, ending = plain.rpartition(".")
    return " ".join((stem if dot and stem and ending.isalnum() and len(ending) <= 4 else plain).casefold().split())


def join_parts(name: str) -> str:
    """What tells an interview from the others in its name: "7" for "7", "Interview 07.docx" and "Udskrift nr. 7", "t 1 2" for
    "T01_visit2.txt" and "T01-2"; "" for a name without a number.

    Example:
        >>> join_parts("Interview 07.docx"), join_parts("FLY-07"), join_parts("T01_visit2.txt") == join_parts("T01-2")
        ('7', 'fly 7', True)
    """
    parts = [part for part in _PARTS.findall(join_name(name)) if part not in _SAYS_NOTHING]
    return " ".join(part.lstrip("0") or "0" if part.isdigit() else part for part in parts) if any(map(str.isdigit, parts)) else ""


def documents_of(interviews: Iterable[str], documents: Iterable[str]) -> dict[str, list[str]]:
    """The transcripts of each interview of a list whose names begin with its code: "P02_first.docx" and "P02_second.docx" of P02.

    Args:
        interviews: ids of a list with one row a person, each once.
        documents: names of transcripts.

    Returns:
        Id → names in their order, for those that have some.

    Example:
        >>> documents_of(["P1", "P02", "P11"], ["P02_first.docx", "P02_second.docx", "P11 (2)"])
        {'P02': ['P02_first.docx', 'P02_second.docx'], 'P11': ['P11 (2)']}
    """
    starts = {tuple(parts.split()): one for one in interviews if (parts := join_parts(one))}
    found: dict[str, list[str]] = {}
    for name in sorted(documents, key=lambda one: [part.zfill(9) for part in join_parts(one).split()]):
        said = tuple(join_parts(name).split())
        whose = next((starts[said[:end]] for end in range(len(said), 0, -1) if said[:end] in starts), None)
        if whose is not None:
            found.setdefault(whose, []).append(name)
    return found


def by_document(register: pd.DataFrame, documents: Collection[str]) -> pd.DataFrame:
    """A register that has one row a person, with one a transcript: whoever has several was interviewed several times.

    Args:
        register: interview and source, and what is known of each person.
        documents: names of the transcripts that begin with a person's code (`documents_of`).
    """
    import pandas as pd

    of = documents_of(map(str, register["interview"]), documents)
    person = register["person"] if "person" in register.columns else pd.Series("", index=register.index)
    register = register.assign(person=person.where(person != "", register["interview"]))
    names = [of.get(str(one), [""]) for one in register["interview"]]
    rows = register.loc[register.index.repeat([len(own) for own in names])]
    ids = [PurePath(name).stem if len(own) > 1 else str(one) for one, own in zip(register["interview"], names, strict=True) for name in own]
    told = [name for own in names for name in own]
    return rows.assign(interview=ids, source=[name or one for name, one in zip(told, rows["source"], strict=True)])


def join_code(name: str) -> str:
    """The codes and numbers alone that tell an interview, without the name beside them; "" for a name without a number.

    Example:
        >>> join_code("B02 Bo (2)"), join_code("B02 (2)") == join_code("b2_Bo_2"), join_code("Bo")
        ('b2 2', True, '')
    """
    return " ".join(f"{letters}{number.lstrip('0') or '0'}" for letters, number in _CODED.findall(join_name(name)))


def joined(codings: Codings, register: pd.DataFrame) -> Codings:
    """Codings whose transcripts have the names of an interview register, where both differ by folder, ending or case alone; or by
    the word before a number, where nearly all of them have their number in the register.

    Args:
        codings: as read.
        register: interview and source; an interview without a source is known by its id.

    Returns:
        Codings; what does not join keeps its name.
    """
    known: dict[str, set[str]] = {}
    for source in map(str, register["source"]):
        if source:
            known.setdefault(join_name(source), set()).add(source)
    own = {*map(str, codings.frame["source"]), *codings.texts}
    exact = own & {source for named in known.values() for source in named}
    alike: dict[str, list[str]] = {}
    for source in own - exact:
        alike.setdefault(join_name(source), []).append(source)
    names = {
        found[0]: next(iter(known[key]))
        for key, found in alike.items()
        if len(found) == 1 and len(known.get(key, ())) == 1 and not known[key] & exact
    }
    theirs = {source for named in known.values() for source in named}
    for told_by in (join_parts, join_code):
        names |= _by_parts(own - exact - set(names), theirs - exact - set(names.values()), told_by)
    return renamed_sources(codings, names) if names else codings


def in_one_spelling(texts: Sequence[str]) -> list[str]:
    """Texts of which those that differ by capitals and spaces alone are written in one way, the commonest.

    Example:
        >>> in_one_spelling(["moved", "Moved", "moved", "fell out"])
        ['moved', 'moved', 'moved', 'fell out']
    """
    commonest: dict[str, str] = {}
    for text, _ in Counter(texts).most_common():
        commonest.setdefault(" ".join(text.casefold().split()), text)
    return [commonest[" ".join(text.casefold().split())] for text in texts]


def of_pairs(mappings: Mappings, register: pd.DataFrame) -> Mappings:
    """Mappings that name no case, whose links are told in interviews: the case of a link is the pair of its interview, or the person where
    the interview has none, and who says it is that person.

    Args:
        mappings: as read.
        register: interview, source, person and pair.

    Returns:
        Mappings; the same where a case is named, or a link comes from no interview.
    """
    links = mappings.links
    if not len(links) or (links["case"] != "").any():
        return mappings
    told_in = {str(one[name]): one for name in ("interview", "source") for one in register.to_dict("records") if one[name]}
    tellers = [told_in.get(str(name)) for name in links["informant"]]
    if any(one is None for one in tellers):
        return mappings
    people = [str(one["person"] or one["interview"]) for one in tellers if one is not None]
    cases = [str(one["pair"] or person) for one, person in zip((one for one in tellers if one is not None), people, strict=True)]
    links = links.assign(case=cases, informant=people)
    factors = mappings.nodes.drop(columns="case").drop_duplicates("node")
    ends = links.melt(id_vars="case", value_vars=["cause", "effect"], value_name="node")[["case", "node"]].drop_duplicates()
    named = ends.merge(factors, on="node", how="left")
    return dataclasses.replace(mappings, links=links, nodes=named[list(mappings.nodes.columns)])


def with_ids_apart(evidence: Any, source_type: str, round_id: str) -> Any:
    """Evidence of an earlier round whose numbers of persons, pairs and cases begin anew in the next one: each is called by its round too.

    Args:
        evidence: of interviews, mappings or a survey; anything else stays as it is.
        source_type: a key of `SOURCE_TYPES`.
        round_id: the earlier round.
    """

    def apart(column: pd.Series[Any]) -> pd.Series[Any]:
        return column.map(lambda one: f"{one} ({round_id})" if one else one)

    if source_type == "interviews":
        own = {name: apart(evidence.frame[name]) for name in ("person", "pair") if name in evidence.frame}
        return dataclasses.replace(evidence, frame=evidence.frame.assign(**own))
    if source_type == "mappings":
        nodes = evidence.nodes.assign(case=apart(evidence.nodes["case"]))
        links = evidence.links.assign(case=apart(evidence.links["case"]), informant=apart(evidence.links["informant"]))
        return dataclasses.replace(evidence, nodes=nodes, links=links)
    if source_type == "survey" and evidence.questionnaire is not None and evidence.questionnaire.frame.unit != "municipality":
        return dataclasses.replace(evidence, answers=evidence.answers.rename(index=lambda one: f"{one} ({round_id})"))
    return evidence


def _by_parts(sources: set[str], register: set[str], told_by: Callable[[str], str]) -> dict[str, str]:
    """Transcripts and interviews that are told by their codes and numbers; none where many have no other or more than one."""
    theirs = Counter(told_by(name) for name in register)
    numbers = {name: told_by(name) for name in sources}
    once = Counter(numbers.values())
    by_number = {told_by(name): name for name in register}
    found = {name: by_number[one] for name, one in numbers.items() if one and theirs[one] == 1 and once[one] == 1}
    return found if len(found) >= max(_LEAST_JOINED, _NEARLY_ALL * len(sources)) else {}


def renamed_sources(codings: Codings, names: Mapping[str, str]) -> Codings:
    """Codings whose transcripts are called otherwise, in every part that names them.

    Args:
        codings: as they are.
        names: transcript → its new name.
    """
    changed: dict[str, Any] = {}
    for name in ("texts", "offsets"):
        changed[name] = {names.get(source, source): part for source, part in getattr(codings, name).items()}
    for name in ("frame", "sources", "cases"):
        if (table := getattr(codings, name)) is not None:
            changed[name] = table.assign(source=table["source"].replace(names))
    for name, column, kind in (("memos", "target", "on"), ("sets", "member", "kind")):
        if (table := getattr(codings, name)) is not None:
            of_source = table[kind].isin(["source", "passage"])
            changed[name] = table.assign(**{column: table[column].where(~of_source, table[column].replace(names))})
    return dataclasses.replace(codings, **changed)
