"""Taking a file into a round: the file as it is, the map of how it is read, and the source in the definition; all of it or nothing."""

from __future__ import annotations

import dataclasses
import difflib
import re
import shutil
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vvvresearch import files
from vvvresearch.errors import RoundError, VvvError
from vvvresearch.evidence import PROGRAMME, SOURCE_TYPES, by_document, can_combine, combine, join_name, joined, read_programme
from vvvresearch.intake import (
    AS_OF,
    OCCASION,
    ONCE,
    OVERLAPS,
    Settled,
    each_occasion,
    normalised,
    number_columns,
    of_the_interviewees,
    save_map,
    shown,
    transcripts_in,
)
from vvvresearch.kinds import DataKind
from vvvresearch.locales import LANGUAGES, Lang, text
from vvvresearch.rounds._add_goals import add_goals
from vvvresearch.rounds._definition_text import with_fields, with_groups, with_source
from vvvresearch.rounds._draft_questionnaire import questionnaire_of
from vvvresearch.rounds._find import DEFINITION, load_spec
from vvvresearch.rounds._propose_source import (
    EARLIER,
    MAP,
    QUESTIONNAIRE,
    TRANSCRIPTS,
    free_id,
    placeholder,
    same_file,
    source_at,
    target,
    title_in,
)
from vvvresearch.rounds._sources import municipalities_of, read_source, transcripts_of_persons
from vvvresearch.rounds._spec import RoundSpec, Source
from vvvresearch.sources import read_codings

if TYPE_CHECKING:
    import pandas as pd


# The line of a new definition that waits for the day.
# The share of transcripts that must begin with somebody's code before a list is one of persons.
_NOT_SAID = re.compile(r"^#seen_until = \d{4}-\d\d-\d\d$", re.MULTILINE)


@dataclass(frozen=True)
class Added:
    """What became of a file.

    Args:
        source: the id of its source, "" for transcripts that no codings name yet.
        state: "added", "replaced" or "unchanged".
        paths: the files that were written, relative to the workspace.
        told: what a reader should know.
    """

    source: str
    state: str
    paths: tuple[str, ...] = ()
    told: tuple[str, ...] = ()


def add_source(root: str | Path, round_id: str, settled: Settled, *, source: str = "", lang: Lang | None = None) -> Added:
    """Take a file into a round. The file is copied as it is; its map lies beside it; the definition keeps its words and comments.

    The source is read before anything is written into the definition: what the readers refuse leaves the round as it was.

    Args:
        root: the workspace.
        round_id: the round.
        settled: the file with everything decided, by `settle`.
        source: an id for the source; default one made of its kind or its name.
        lang: of what is told; default the round's first.

    Raises:
        RoundError: an id that cannot be, or a definition that cannot be added to.
        SourceError, SchemaError: what the reader found wrong; nothing was written.
    """
    folder = Path(root).resolve()
    spec = load_spec(folder, round_id)
    said = lang or spec.languages[0]
    if settled.type == "transcripts":
        return _add_transcripts(folder, spec, settled.path, said)
    if settled.type == "goals":
        ids, words = add_goals(folder, spec, settled, said)
        written = (f"rounds/{spec.id}/{DEFINITION}",) if ids else ()
        return Added(", ".join(ids), "added" if ids else "unchanged", written, tuple(words))
    parts = []
    for one in each_occasion(settled):
        named = f"{source}-{one.decisions[OCCASION]}".casefold() if source and OCCASION in one.decisions else source
        parts.append(_add_one(folder, load_spec(folder, round_id), one, named, said))
    states = {part.state for part in parts}
    return Added(
        ", ".join(part.source for part in parts),
        states.pop() if len(states) == 1 else "added",
        tuple(dict.fromkeys(path for part in parts for path in part.paths)),
        tuple(dict.fromkeys(words for part in parts for words in part.told)),
    )


def _add_one(folder: Path, spec: RoundSpec, settled: Settled, source: str, lang: Lang) -> Added:
    same = same_file(folder, spec, settled)
    if same:
        return Added(same, "unchanged", (), (text("intake.told_same_file", lang, source=same),))
    return _Taking(folder, spec, settled, source, lang).run()


class _Taking:
    """One file on its way into a round."""

    def __init__(self, root: Path, spec: RoundSpec, settled: Settled, source: str, lang: Lang) -> None:
        self.root, self.spec, self.settled, self.lang = root, spec, settled, lang
        self.path = settled.path.resolve()
        self.target = target(root, spec, settled)
        self.replaced = source_at(root, spec, self.target, str(settled.decisions.get(OCCASION, "")))
        self.holder = self.replaced or placeholder(root, spec, settled.type)
        self.id = source or (self.holder.id if self.holder else free_id(root, spec, settled.source or settled.kind))
        if not re.fullmatch(r"[a-z0-9][a-z0-9_-]*", self.id):
            raise RoundError(
                f"{self.id!r} is no id of a source", why="an id has small letters, digits and dashes", todo="for example: municipal-2023"
            )
        if source and self.holder is None and any(one.id == source for one in spec.sources):
            raise RoundError(f"the round has a source {source!r} already", where=self.definition, todo="choose another id")
        self.told: list[str] = []
        self.made: list[Path] = []
        self.before: dict[Path, bytes] = {}

    @property
    def definition(self) -> Path:
        return self.root / "rounds" / self.spec.id / DEFINITION

    @property
    def _municipalities(self) -> pd.DataFrame | None:
        return municipalities_of(self.root, self.spec) if self.spec.municipalities else None

    def run(self) -> Added:
        try:
            self._own_groups()
            fields = self._files()
            content = self._changed(fields)
            changed = RoundSpec.model_validate(tomllib.loads(content))
            self._try(changed)
        except BaseException:
            self._undo()
            raise
        parts = _read_parts(self.root, changed, self.settled.type)
        own = transcripts_of_persons(parts)
        theirs = sorted(name for names in own.values() for name in names)
        if own:
            (register,) = (source.id for source in changed.sources if source.type == "interviews")
            content = with_fields(content, register, {"documents": files.toml(theirs)}, self.definition)
            several = sum(len(names) > 1 for names in own.values())
            self.told.append(text("intake.told_documents", self.lang, count=len(theirs), persons=len(own), several=several))
        files.write_text(self.definition, content)
        if self.replaced is not None and self.path != self.target:
            self.told.append(text("intake.told_replaced", self.lang, source=self.id))
        self.told += _join_told(parts, theirs, self.lang)
        written = tuple(path.relative_to(self.root).as_posix() for path in (*self.made, self.definition))
        return Added(self.id, "replaced" if self.replaced else "added", written, tuple(self.told))

    def _files(self) -> dict[str, str | list[str]]:
        """Copy the file, write map and questionnaire; the fields of the source."""
        if self.path != self.target and not self._is_there():
            self._keep_earlier()
            self._copy(self.path, self.target)
        fields: dict[str, str | list[str]] = {"type": self.settled.type, "path": self._relative(self.target)}
        if self.settled.type == "published" and self.spec.kind is DataKind.REAL:
            # What was printed has nobody to protect: "1004-1005" are lines of it and no telephone.
            fields["kind"] = DataKind.PUBLISHED.value
        beside = self.target.parent / f"{self.id}{MAP}"
        self._write(beside, save_map(dataclasses.replace(self.settled, source=self.id)))
        fields["map"] = self._relative(beside)
        if self.settled.type == "survey":
            fields["questionnaire"] = self._relative(self._questionnaire())
        if SOURCE_TYPES[self.settled.type].reader == "read_register" and self.settled.header:
            (frame,) = normalised(self.path, self.settled, self._municipalities).frames.values()
            if numbers := number_columns(self.settled, frame):
                fields["numbers"] = numbers
        if self.settled.decisions.get(OVERLAPS) == "allowed":
            fields[OVERLAPS] = "allowed"
        folder = self.root / "interviews" / self.spec.id / TRANSCRIPTS
        if self.settled.type == "codings" and folder.is_dir():
            fields["texts"] = self._relative(folder)
        if self.settled.type == "codings" and not self.settled.header and all(one.type != "interviews" for one in self.spec.sources):
            self._cases_told()
        return fields

    def _own_groups(self) -> None:
        """Groups of people that the file brings and the programme does not have are written into its `programme.toml`."""
        known, path = read_programme(self.root).groups, self.root / PROGRAMME
        said = {name: str(group) for name, group in self.settled.decisions.items() if name.startswith("value.respondent_group.")}
        own = {group: self.settled.words[name] for name, group in said.items() if group not in ("", "-", *known)}
        if not own:
            return
        if not path.is_file():
            raise RoundError("the workspace has no programme to add a group to", where=path, todo="vvv init makes one")
        self._write(path, with_groups(files.read_text(path), own))
        self.told.append(text("intake.told_groups", self.lang, groups=", ".join(own.values())))

    def _cases_told(self) -> None:
        """What a project says of its cases, as a table that can be added as the register: a group and a wave are nobody's to guess."""
        cases = read_codings(self.target).cases
        if cases is None:
            return
        columns = [name for name in cases.columns if name not in ("case", "source") and cases[name].fillna("").astype(str).ne("").any()]
        known = cases[cases["source"].fillna("") != ""].drop_duplicates("source")
        path = self.target.parent / f"{self.target.stem}-interviews.csv"
        if not columns or known.empty or path.exists():
            return
        self._write(path, files.csv_text(known[["source", *columns]].rename(columns={"source": "interview"})))
        words = {"n": len(known), "columns": ", ".join(columns), "round": self.spec.id, "path": self._relative(path)}
        self.told.append(text("intake.told_of_interviews", self.lang, **words))

    def _questionnaire(self) -> Path:
        place = self.target.parent / f"{self.id}{QUESTIONNAIRE}"
        own = self.holder.questionnaire if self.holder else ""
        if own and (self.root / own).is_file():
            # What people wrote into it stays; where the new answers do not fit it, the reader says so.
            return self.root / own
        settled = dataclasses.replace(self.settled, source=self.id)
        draft = normalised(self.path, settled, self._municipalities).questionnaire
        # Side by side what was asked once is compared with nothing; below each other all is asked each time.
        names = Counter(self.settled.starting("name.").values()) if OCCASION in self.settled.decisions else Counter()
        again = {str(name) for name, count in names.items() if count > 1} or None
        if once := self.settled.decisions.get(ONCE):
            again = {str(name) for name in names} - {str(self.settled.decisions.get(f"name.{column}")) for column in once}
        content, origin, others = questionnaire_of(self.root, self.spec, draft, again)
        if origin:
            self.told.append(text("intake.told_questionnaire", self.lang, round=origin))
        if others:
            words = {"others": ", ".join(others), "path": self._relative(place)}
            self.told.append(text("intake.told_comparable", self.lang, **words))
        self._write(place, content)
        return place

    def _changed(self, fields: dict[str, str | list[str]]) -> str:
        content = files.read_text(self.definition)
        values = {name: files.toml(value) for name, value in fields.items()}
        if self.holder is not None:
            del values["type"]
            content = with_fields(content, self.holder.id, values, self.definition)
        else:
            title = {lang: title_in(self.settled, lang) for lang in LANGUAGES}
            content = with_source(content, {"id": files.toml(self.id), **values, "title": files.toml(title)}, self.definition)
        content = self._seen_until(content)
        return self._with_interviewees(content, values) if of_the_interviewees(self.settled) is not None else content

    def _seen_until(self, content: str) -> str:
        """A definition that does not say yet until which day its registers tell takes that of the first one that says it."""
        day = self.settled.decisions.get(AS_OF)
        if not day or self.spec.seen_until is not None:
            return content
        return _NOT_SAID.sub(f"seen_until = {day}", content, count=1)

    def _with_interviewees(self, content: str, values: dict[str, str]) -> str:
        """A definition in which a table of codings is read a second time, as the register of those whom it says something of."""
        told = text("intake.told_interviewees", self.lang, file=self.path.name)
        self.told.append(told)
        beside = next((one for one in self.spec.sources if one.type == "interviews" and self.root / one.path == self.target), None)
        own = {name: values[name] for name in ("path", "map")}
        if beside is not None:
            return with_fields(content, beside.id, own, self.definition)
        title = {lang: f"{title_in(dataclasses.replace(self.settled, kind='interviews'), lang)}: {self.path.stem}" for lang in LANGUAGES}
        lines = {"id": files.toml(free_id(self.root, self.spec, f"{self.id}-interviews")), "type": files.toml("interviews"), **own}
        return with_source(content, {**lines, "title": files.toml(title)}, self.definition)

    def _try(self, changed: RoundSpec) -> None:
        """Read the source by the definition as it will be, beside the others of its type."""
        for own in changed.sources:
            if own.id == self.id or (own.type == "interviews" and own.path == self._relative(self.target)):
                self._try_beside_others(changed, own)

    def _try_beside_others(self, changed: RoundSpec, own: Source) -> None:
        evidence = read_source(self.root, changed, own)
        others = [one for one in changed.sources if one.type == own.type and one.id != own.id]
        if others and SOURCE_TYPES[own.type].single:
            if not can_combine(evidence):
                raise RoundError(
                    f"the round has {text(f'intake.kind_{self.settled.kind}', self.lang)} already: {others[0].id}",
                    where=self.definition,
                    why="a round has one of them",
                    todo=f"give the new file the name of the old one, {Path(others[0].path).name}, to replace it",
                )
            combine([*(read_source(self.root, changed, one) for one in others), evidence])
            self.told.append(text("intake.told_together", self.lang, sources=", ".join(one.id for one in (*others, own))))

    def _is_there(self) -> bool:
        """Whether the very file lies there: one with the answers of several times is taken in once for each."""
        return self.target.is_file() and self.path.is_file() and files.hash_file(self.target) == files.hash_file(self.path)

    def _keep_earlier(self) -> None:
        """The file that a new one of its name takes the place of is kept in a folder beside it."""
        if not self.target.exists():
            return
        if self.target.is_dir():
            raise RoundError("a folder of that name is in the round already", where=self.target, todo="give the new one another name")
        name = f"{self.target.stem}-{files.hash_file(self.target)[:8]}{self.target.suffix}"
        self._copy(self.target, self.target.parent / EARLIER / name)
        self.told.append(text("intake.told_kept", self.lang, path=self._relative(self.target.parent / EARLIER / name)))

    def _copy(self, source: Path, target: Path) -> None:
        if source.is_dir():
            shutil.copytree(source, target)
            self.made.append(target)
        else:
            self._write(target, files.read_bytes(source))

    def _write(self, path: Path, content: str | bytes) -> None:
        if path.is_file():
            self.before.setdefault(path, path.read_bytes())
        files.write_bytes(path, content.encode("utf-8") if isinstance(content, str) else content)
        self.made.append(path)

    def _undo(self) -> None:
        for path in dict.fromkeys(self.made):
            if path in self.before:
                files.write_bytes(path, self.before[path])
            elif path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)

    def _relative(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()


def _add_transcripts(root: Path, spec: RoundSpec, path: Path, lang: Lang) -> Added:
    """Copy transcripts into the round; codings without texts of their own are given the folder."""
    folder = root / "interviews" / spec.id / TRANSCRIPTS
    definition = root / "rounds" / spec.id / DEFINITION
    made, told = [], []
    for one in transcripts_in(path.resolve()):
        target = folder / one.name
        if target.exists() and files.hash_file(target) == files.hash_file(one):
            continue
        if target.exists():
            kept = folder.parent / EARLIER / f"{one.stem}-{files.hash_file(target)[:8]}{one.suffix}"
            files.write_bytes(kept, files.read_bytes(target))
            told.append(text("intake.told_kept", lang, path=kept.relative_to(root).as_posix()))
        made.append(files.write_bytes(target, files.read_bytes(one)))
    content = files.read_text(definition)
    changed = content
    codings = [source for source in spec.sources if source.type == "codings" and not source.texts]
    for source in codings:
        changed = with_fields(changed, source.id, {"texts": files.toml(folder.relative_to(root).as_posix())}, definition)
    if changed != content:
        files.write_text(definition, changed)
        made.append(definition)
    if not any(source.type == "codings" for source in spec.sources):
        told.append(text("intake.told_waiting", lang))
    paths = tuple(one.relative_to(root).as_posix() for one in made)
    return Added(codings[0].id if codings else "", "added" if made else "unchanged", paths, tuple(told))


def _read_parts(root: Path, spec: RoundSpec, type_: str) -> dict[str, list[Any]]:
    """The registers and codings of a round after one of them was added; empty where one is missing or cannot be read. Which documents
    are whose is found anew: another file of codings has further ones."""
    parts: dict[str, list[Any]] = {"interviews": [], "codings": []}
    for one in spec.sources if type_ in parts else ():
        if one.type in parts:
            try:
                parts[one.type].append(read_source(root, spec, one.model_copy(update={"documents": ()})))
            except VvvError:
                return {}
    return parts if all(parts.values()) else {}


def _join_told(parts: Mapping[str, list[Any]], documents: Sequence[str], lang: Lang) -> list[str]:
    """Which transcripts of registers and codings do not join, with the nearest name; documents are what a list of persons has just got."""
    if not parts:
        return []
    register = combine(parts["interviews"]).frame
    register = by_document(register, documents) if documents else register
    codings = joined(combine(parts["codings"]), register)
    named = {str(one) for one in register["source"] if str(one)}
    coded = {str(one) for one in codings.frame["source"]} | set(codings.texts)
    told = [text("intake.told_joined", lang, count=len(named & coded), register=len(named), codings=len(coded))]
    by_source = codings.frame[codings.frame["coder"] != ""].groupby("source")["coder"].nunique()
    if several := int((by_source > 1).sum()):
        first = str(codings.frame["coder"].value_counts().index[0])
        words = {"count": several, "coders": ", ".join(sorted(map(shown, codings.coders))), "first": first}
        told.append(text("intake.told_two_coders", lang, **words))
    for name in sorted(coded - named):
        near = difflib.get_close_matches(join_name(name), [join_name(other) for other in named], 1, 0)
        told.append(text("intake.told_no_interview", lang, name=shown(name), near=shown(near[0]) if near else "-"))
    if named - coded:
        told.append(text("intake.told_no_codings", lang, names=", ".join(map(shown, sorted(named - coded)))))
    return told
