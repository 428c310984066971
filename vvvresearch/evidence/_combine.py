"""Evidence that came in several files as one: two coding projects, an extract a year, a register in parts."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from vvvresearch.errors import Failure, SchemaError
from vvvresearch.evidence._codings import SEPARATOR, Codebook, Codings
from vvvresearch.evidence._register import Interviews, Loss, Losses, Mappings, Register

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
_UNSAID = {"", "unknown"}
# What tells two rows of a register apart, where it has such a column.
_KEYS = (
    ("extract", "municipality"),
    ("extract", "status"),
    ("quarter", "municipality"),
    ("date", "match"),
    ("match",),
    ("course",),
    ("count",),
    ("interview",),
    ("municipality", "agreement_type", "signed"),
    ("person", "referred", "referral_source"),
    ("volunteer",),
    ("material",),
)


def combine(parts: Sequence[Any]) -> Any:
    """Several evidence of one type as one, in their order.

    Args:
        parts: two or more `Codings`, `Interviews`, `Register` or `Mappings`; all of one class.

    Returns:
        Their rows together. Of codings one file may name a code by its last name alone, where the other has it below others; a text that
        two files hold differently stays as in the first, and passages of the second lose their places (told in `.losses`).

    Raises:
        SchemaError: a key stands in two files, with every one.
        TypeError: evidence of a type that cannot be combined.

    Example:
        >>> import pandas as pd
        >>> one = Register(pd.DataFrame({"match": ["M1"]}), origin="a.csv")
        >>> combine([one, Register(pd.DataFrame({"match": ["M2"]}), origin="b.csv")]).frame["match"].tolist()
        ['M1', 'M2']
    """
    first = parts[0]
    if len(parts) == 1:
        return first
    if isinstance(first, Codings):
        return _codings(parts)
    if isinstance(first, Mappings):
        links, nodes = (_stacked([getattr(part, name) for part in parts]) for name in ("links", "nodes"))
        return dataclasses.replace(
            first, links=links, nodes=nodes.drop_duplicates(ignore_index=True), losses=_losses(parts), origin=_origin(parts)
        )
    if isinstance(first, Interviews):
        parts = _registers_first(parts)
        first = parts[0]
    if isinstance(first, Interviews | Register):
        frame = _stacked([part.frame for part in parts])
        _refuse_doubles(frame, parts)
        return dataclasses.replace(first, frame=frame, origin=_origin(parts))
    raise TypeError(f"{type(first).__name__} cannot be combined")


def _registers_first(parts: Sequence[Interviews]) -> list[Interviews]:
    """Interview registers that people filled in, then what tables of codings say of interviews that none before them holds.

    Raises:
        SchemaError: two tables of codings say different things of one interview.
    """
    known: dict[str, tuple[Interviews, dict[str, str]]] = {}
    found, failures = [], []
    for part in sorted(parts, key=lambda one: one.of_codings):
        cells = part.frame.astype(object).where(part.frame.notna(), "").astype(str)
        names = cells["source"].where(cells["source"] != "", cells["interview"]).map(join_name)
        records = ({str(key): str(cell) for key, cell in row.items()} for row in cells.to_dict("records"))
        rows = dict(zip(map(str, names), records, strict=True))
        for name, row in rows.items() if part.of_codings else ():
            other, theirs = known.get(name, (part, row))
            failures += [
                Failure(None, column, row["interview"], f"{other.origin} says something else")
                for column, cell in row.items()
                if other.of_codings
                and column not in ("interview", "source")
                and {cell, theirs[column]} & _UNSAID == set()
                and cell != theirs[column]
            ]
        found.append(dataclasses.replace(part, frame=part.frame[~names.isin(known)]) if part.of_codings else part)
        known = {name: (part, row) for name, row in rows.items()} | known
    if failures:
        what = "two tables of codings say different things of one interview"
        raise SchemaError(what, failures, where=_origin(parts), todo="correct one of them, or add a register of the interviews")
    return found


def can_combine(evidence: object) -> bool:
    """Whether evidence of this class may come in several files."""
    return isinstance(evidence, Codings | Mappings | Interviews | Register)


def _origin(parts: Sequence[Any]) -> str:
    return ", ".join(str(part.origin) for part in parts)


def _losses(parts: Sequence[Any]) -> Losses:
    return Losses(tuple(loss for part in parts for loss in part.losses))


def _stacked(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Rows of tables below each other; a column that one lacks is empty in its rows."""
    import pandas as pd

    filled = [frame for frame in frames if len(frame)] or [frames[0]]
    names = dict.fromkeys(name for frame in filled for name in frame.columns)
    texts = {name for frame in filled for name in frame.columns if frame[name].dtype == object}
    whole = [frame.assign(**{name: "" for name in names if name not in frame.columns and name in texts}) for frame in filled]
    return pd.concat([frame.reindex(columns=list(names)) for frame in whole], ignore_index=True)


def _refuse_doubles(frame: pd.DataFrame, parts: Sequence[Any]) -> None:
    keys = next((list(key) for key in _KEYS if set(key) <= set(frame.columns)), None)
    twice = frame[frame.duplicated(keys)] if keys else frame.iloc[:0]
    if len(twice) and keys:
        rows = [" ".join(map(str, row)) for row in twice[keys].drop_duplicates().itertuples(index=False, name=None)]
        raise SchemaError(
            "two files of one kind hold the same rows",
            [Failure(None, "+".join(keys), row, "stands in two files") for row in rows],
            where=_origin(parts),
            todo="leave one of the files out, or replace the older one",
        )


def _codings(parts: Sequence[Codings]) -> Codings:
    names = _code_names(parts)
    texts: dict[str, str] = {}
    frames, losses = [], list(_losses(parts))
    for part in parts:
        frame = part.frame.assign(code_path=part.frame["code_path"].map(lambda path: names.get(path, path)))
        other = {source for source, text in part.texts.items() if source in texts and texts[source] != text}
        moved = frame["source"].isin(other) & frame["start"].notna()
        if moved.any():
            frame.loc[moved, ["start", "end"]] = None
            losses.append(Loss("passages without a place: another file has another text of the interview", int(moved.sum()), part.origin))
        frames.append(frame)
        texts = part.texts | texts
    tables = {
        name: _stacked(given) if (given := [table for part in parts if (table := getattr(part, name)) is not None]) else None
        for name in ("sources", "cases", "memos", "sets")
    }
    offsets = {source: choice for part in reversed(parts) for source, choice in part.offsets.items()}
    book = _codebook([part.codebook for part in parts], names)
    return Codings(_stacked(frames), book, texts, Losses(tuple(losses)), offsets, **tables, kind=parts[0].kind, origin=_origin(parts))


def _codebook(books: Sequence[Codebook], names: Mapping[str, str]) -> Codebook:
    frames = [book.frame[~book.frame["code_path"].isin(names)] for book in books]
    if any("is_case" in frame for frame in frames):
        frames = [frame if "is_case" in frame else frame.assign(is_case=False) for frame in frames]
    return dataclasses.replace(books[0], frame=_stacked(frames).drop_duplicates("code_path", ignore_index=True))


def _code_names(parts: Sequence[Codings]) -> dict[str, str]:
    """Codes that one file has at the top and another one, once, below others: name → path."""
    paths = {path for part in parts for path in part.codebook.frame["code_path"]}
    tops = {path for path in paths if SEPARATOR not in path and not any(other.startswith(path + SEPARATOR) for other in paths)}
    below: dict[str, list[str]] = {}
    for path in paths:
        if SEPARATOR in path:
            below.setdefault(path.rpartition(SEPARATOR)[2].casefold(), []).append(path)
    return {top: found[0] for top in tops if len(found := below.get(top.casefold(), [])) == 1}


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
    return _renamed(codings, names) if names else codings


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


def _by_parts(sources: set[str], register: set[str], told_by: Callable[[str], str]) -> dict[str, str]:
    """Transcripts and interviews that are told by their codes and numbers; none where many have no other or more than one."""
    theirs = Counter(told_by(name) for name in register)
    numbers = {name: told_by(name) for name in sources}
    once = Counter(numbers.values())
    by_number = {told_by(name): name for name in register}
    found = {name: by_number[one] for name, one in numbers.items() if one and theirs[one] == 1 and once[one] == 1}
    return found if len(found) >= max(_LEAST_JOINED, _NEARLY_ALL * len(sources)) else {}


def _renamed(codings: Codings, names: Mapping[str, str]) -> Codings:
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
