"""A round: its definition, and its evidence read when it is first asked for."""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vvvresearch import rounds
from vvvresearch.errors import AnalysisError, CallError, RoundError, did_you_mean
from vvvresearch.evidence import (
    Codebook,
    Codings,
    Consent,
    Interviews,
    Mappings,
    Published,
    Register,
    can_combine,
    combine,
    joined,
    of_pairs,
    read_programme,
    with_ids_apart,
)
from vvvresearch.files import ends_within_a_line, note_missing, read_csv, read_toml
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Lang, check_lang, use_words
from vvvresearch.results import Cell, folded
from vvvresearch.rounds._comparisons import ComparisonAnalyses
from vvvresearch.rounds._exploring import ExploringAnalyses
from vvvresearch.rounds._families import FamilyAnalyses
from vvvresearch.rounds._find import DEFINITION, HIDDEN, WITHDRAWALS
from vvvresearch.rounds._mechanisms import MapAnalyses, MechanismAnalyses
from vvvresearch.rounds._monitoring import MonitoringAnalyses
from vvvresearch.rounds._page import Page
from vvvresearch.rounds._previous import PreviousAnalyses
from vvvresearch.rounds._spec import RoundSpec, Source
from vvvresearch.rounds._surveys import SurveyAnalyses, Surveys
from vvvresearch.rounds._themes import ThemeAnalyses
from vvvresearch.rounds.calling._beside import beside
from vvvresearch.rounds.calling._fitting import understood_methods
from vvvresearch.rounds.calling._guesses import meant
from vvvresearch.rounds.calling._meaning import called, keyed, source_named
from vvvresearch.rounds.calling._names import offering
from vvvresearch.rounds.calling._nearest import nearest

if TYPE_CHECKING:
    import pandas as pd

    from vvvresearch.rounds._adding import Adding


# As the command writes it, and as a spreadsheet does.
_DATE = re.compile(r"\d{4}-\d\d-\d\d|\d{1,2}[-./]\d{1,2}[-./]\d{4}")


@offering
@functools.partial(understood_methods, aside=beside)
class Round(
    ExploringAnalyses,
    SurveyAnalyses,
    ThemeAnalyses,
    MonitoringAnalyses,
    ComparisonAnalyses,
    FamilyAnalyses,
    MapAnalyses,
    MechanismAnalyses,
    PreviousAnalyses,
):
    """One evaluation round. Making it reads the definition only; each part is read when it is first asked for.

    Attributes:
        spec: the definition.
        root: the workspace.
        lang: the language of everything that the round makes.
        programme: who the groups and halves are, and what they are called.
        words: the same as words for tables, in use while this round is asked.
        id, kind, small_n: from the definition.
        later: the round that looks back at this one, None where it was opened by itself.
    """

    def __init__(self, spec: RoundSpec, root: Path, lang: str = "da") -> None:
        self.spec = spec
        self.root = root
        self.lang: Lang = check_lang(lang)
        self.programme = read_programme(root)
        self.words = self.programme.words()
        use_words(self.words)
        self.later: Round | None = None
        self._read: dict[str, Any] = {}
        self._whole: dict[str, Any] = {}
        self._cells: dict[str, Cell] = {}

    if not TYPE_CHECKING:  # a type checker knows what there is

        def __getattr__(self, name: str) -> Any:
            # Only what was not found comes here; of what there is, its own error has to be seen.
            if hasattr(type(self), name):
                return object.__getattribute__(self, name)
            if name.startswith("_"):
                raise AttributeError(f"a round has no {name!r}")
            return meant(self, name)

    @property
    def id(self) -> str:
        """The round's id."""
        return self.spec.id

    @property
    def kind(self) -> DataKind:
        """Real, published, reconstructed or synthetic, as the definition says."""
        return self.spec.kind

    @property
    def small_n(self) -> int:
        """The base below which a share is shown as its count, in tables, pictures and prose alike."""
        return self.spec.small_n

    @property
    def path(self) -> Path:
        """The file of the definition."""
        return self.root / "rounds" / self.id / DEFINITION

    def source(self, name: str) -> Source:
        """The definition of a source.

        Raises:
            RoundError: no such source, with the nearest names.
        """
        for source in self.spec.sources:
            if source.id == name:
                return source
        known = did_you_mean(str(name), [source.id for source in self.spec.sources])
        todo = f"it is no source: r[{name!r}]; sources: {known}" if called(self, str(name)) else known
        raise RoundError(f"the round {self.id} has no source {name!r}", where=self.path, todo=todo)

    def read(self, name: str) -> Any:
        """The evidence of a source by its id, without people who withdrew their consent; read once.

        Raises:
            RoundError: no such source, or its file is missing.
            SourceError, SchemaError: what is wrong in the file.
        """
        if name not in self._read and self.unfiltered is not None:
            self._read[name] = self.read_narrowed(name)
        if name not in self._read:
            kind_of_source, evidence = self.source(name).type, self.as_read(name)
            if kind_of_source == "codings" and self.has("interviews"):
                evidence = joined(evidence, self.register_as_read.frame)
            if kind_of_source == "mappings" and self.has("interviews"):
                evidence = of_pairs(evidence, self.register_as_read.frame)
            evidence = self.consent.apply(evidence, kind_of_source)
            if self._ids_apart:
                evidence = with_ids_apart(evidence, kind_of_source, self.id)
            self._read[name] = evidence.of(self) if hasattr(evidence, "of") else evidence
        return self._read[name]

    @property
    def _ids_apart(self) -> bool:
        """Whether the round that looks back at this one says that its numbers of persons, pairs and cases are others."""
        return self.later is not None and self.later.spec.previous is not None and self.later.spec.previous.same_ids is False

    def as_read(self, name: str) -> Any:
        """The evidence as its file has it, for whoever looks at files only; everything else takes `read`, which applies the consent."""
        from vvvresearch.rounds._sources import preloaded, read_source

        source = self.source(name)
        ready = preloaded(self.root, self.id, source)
        return read_source(self.root, self.spec, source) if ready is None else ready

    def has(self, kind_of_source: str) -> bool:
        """Whether the round has a source of a type, e.g. "codings"."""
        return any(source.type == kind_of_source for source in self.spec.sources)

    def rows_of(self, kind_of_source: str) -> pd.DataFrame | None:
        """The rows of a source of a type, None where the round has none; what is wrong in it still stops."""
        return getattr(self._first(kind_of_source), "frame", None) if self.has(kind_of_source) else None

    def evidence_of(self, kind_of_source: str) -> Any:
        """The evidence of a type: of its one source, or of several files put together.

        Raises:
            RoundError: the round has none, or several that cannot be put together.
        """
        return self._first(kind_of_source)

    def add(self, path: str | Path, *, kind: str = "") -> Adding:
        """A file on its way into the round: what it was taken for, what has to be asked, and a form in JupyterLab.

        Nothing is written before its button is pressed or `.confirm()` is called; open the round again to see the new source.

        Args:
            path: the file as you have it.
            kind: what it is, where that is known.

        Raises:
            SourceError: it cannot be read, or is of no kind that is known.

        Example:
            >>> import vvvresearch as vvv
            >>> vvv.open_round("demo").add("surveys/2021-note/courses.csv")
            Adding(courses.csv, courses, 0 questions left)
        """
        # What takes files in opens rounds itself, so it is reached by the face of the room.
        return rounds.Adding(self.root, self.id, path, kind=kind, lang="en" if self.lang == "en" else "da")

    def page(self, name: str, out: str | Path = "") -> Page:
        """A page that hands views on to the report.

        Args:
            name: the page's name, the notebook's by custom.
            out: folder of this run; empty writes nothing, as when a notebook is read in JupyterLab.
        """
        return Page(self, name, out)

    def cell(self, address: str, *parts: str) -> Cell:
        """Any number of the round by its address; no page is needed.

        Args:
            address: as prose has it, e.g. "municipal-2021.refers.yes.share"; æ, ø and å in either spelling.
            parts: the rest of it, where it is given part by part.

        Raises:
            AnalysisError: there is no such number, with what was probably meant.
        """
        address = ".".join((address, *parts))
        # A number is worked out once, though reports of both languages, goals and a check ask for it.
        if address not in self._cells:
            found = self.located(address)
            if found is None:
                roots = sorted({root for part in type(self).__mro__ for root in vars(part).get("ROOTS", ())} | set(self.surveys))
                todo = did_you_mean(address.split(".")[0], roots)
                raise AnalysisError(f"there is no number {address!r}", where=f"round {self.id}", todo=todo)
            self._cells[address] = found.cell(self.rooted(address))
        return self._cells[address]

    def _first(self, kind_of_source: str) -> Any:
        names = [source.id for source in self.spec.sources if source.type == kind_of_source]
        if not names:
            types = sorted({source.type for source in self.spec.sources})
            other = source_named(self, kind_of_source)
            raise RoundError(
                f"the round {self.id} has no {kind_of_source}",
                where=self.path,
                why=f"its sources are {', '.join(types) or 'none'}",
                todo=f"add a source of the type {kind_of_source}, or leave out what needs it"
                + (f"; a table is r[{other!r}], its sums r.column_sums({other!r})" if other else ""),
            )
        evidence = [self.read(name) for name in names]
        if len(names) > 1 and not can_combine(evidence[0]):
            raise RoundError(f"the round {self.id} has several sources of the type {kind_of_source}", todo=f"name one: read({names[0]!r})")
        return self._combined(kind_of_source, evidence)

    def _combined(self, kind_of_source: str, evidence: list[Any]) -> Any:
        # What came in several files is put together once, though every analysis asks for it.
        if len(evidence) == 1:
            return evidence[0]
        if kind_of_source not in self._whole:
            whole = combine(evidence)
            self._whole[kind_of_source] = whole.of(self) if hasattr(whole, "of") else whole
        return self._whole[kind_of_source]

    @cached_property
    def register_as_read(self) -> Interviews:
        """The interview register as its files have it, those who withdrew among them."""
        names = [source.id for source in self.spec.sources if source.type == "interviews"]
        return combine([self.as_read(name) for name in names])  # type: ignore[no-any-return]

    @cached_property
    def consent(self) -> Consent:
        """Who has withdrawn, and whose words may not be shown, by the interview register; nobody where there is none.

        Who withdrew by `vvv withdraw` stands in the round's own table; who withdrew in a later round that looks back at this one has
        withdrawn here too, unless numbers begin anew between them.
        """
        gone = self.withdrawals | (self.later.consent.persons if self.later and not self._ids_apart else frozenset())
        consent = Consent.of(self.register_as_read.frame, gone) if self.has("interviews") else Consent()
        return dataclasses.replace(consent, respondents=self.withdrawals)

    @cached_property
    def hidden(self) -> frozenset[str]:
        """Folded addresses of the numbers that disclosure control hides: `hidden.toml` beside the definition."""
        path = self.path.with_name(HIDDEN)
        if not path.is_file():
            note_missing(path)
            return frozenset()
        told = read_toml(path)
        if told.get("schema_version") != 1 or not isinstance(told.get("hidden"), list):
            raise RoundError("the list of hidden numbers cannot be read", where=path, todo='schema_version = 1 and hidden = ["address", …]')
        return frozenset(folded(str(address)) for address in told["hidden"])

    @cached_property
    def withdrawals(self) -> frozenset[str]:
        """The ids of those who have withdrawn since the register was made: the table `withdrawals.csv` beside the definition.

        Raises:
            RoundError: the table is not whole; who was in the rest of it would be in use again.
        """
        path = self.path.with_name(WITHDRAWALS)
        if not path.is_file():
            note_missing(path)
            return frozenset()
        table = read_csv(path)
        whole = {"id", "date"} <= set(table.columns) and not ends_within_a_line(path)
        if not (whole and table["date"].map(_DATE.fullmatch).all() and table["id"].str.strip().all()):
            todo = "id,date; then a line for each: an id, and a date such as 2026-01-31; the last line has an end too"
            raise RoundError("the table of withdrawals is not whole", where=path, todo=todo)
        return frozenset(table["id"])

    @cached_property
    def interviews(self) -> Interviews:
        """The interview register, from which every count of interviews comes; without those who withdrew."""
        return self._first("interviews")  # type: ignore[no-any-return]

    @cached_property
    def codings(self) -> Codings:
        """The coded passages, without those of interviewees who withdrew."""
        return self._first("codings")  # type: ignore[no-any-return]

    @cached_property
    def codebook(self) -> Codebook:
        """The codebook: the source of that type, else the one the codings carry."""
        return self._first("codebook") if self.has("codebook") else self.codings.codebook

    @cached_property
    def mappings(self) -> Mappings:
        """The deep-cut case mappings."""
        return self._first("mappings")  # type: ignore[no-any-return]

    @cached_property
    def surveys(self) -> Surveys:
        """The surveys by the id of their source."""
        return Surveys(self)

    @cached_property
    def published(self) -> Published:
        """What was published, all sources of that type together."""
        names = [source.id for source in self.spec.sources if source.type == "published"]
        if len(names) < 2:
            return self._first("published")  # type: ignore[no-any-return]
        from vvvresearch.published import combine_published

        return combine_published([self.read(name) for name in names])

    @cached_property
    def monitoring(self) -> Register:
        """The monitoring extracts."""
        return self._first("monitoring")  # type: ignore[no-any-return]

    @cached_property
    def matches(self) -> Register:
        """The register of matches."""
        return self._first("matches")  # type: ignore[no-any-return]

    @cached_property
    def counts(self) -> Register:
        """Yearly counts of participants or matches: stocks, flows and totals."""
        return self._first("counts")  # type: ignore[no-any-return]

    @cached_property
    def courses(self) -> Register:
        """The course register."""
        return self._first("courses")  # type: ignore[no-any-return]

    @cached_property
    def municipalities(self) -> pd.DataFrame:
        """The municipalities that occur: the 98 of Denmark, or a synthetic round's invented ones."""
        from vvvresearch.rounds._sources import CalledFrame, municipalities_of

        return CalledFrame(municipalities_of(self.root, self.spec))

    def __getitem__(self, name: str) -> Any:
        """A source, evidence, an analysis, a number by its address, or a code, goal, interview or survey by what it is called."""
        return keyed(self, name)

    def nearest(self, said: str) -> str:
        """The calls that a name is nearly for, as an error tells them."""
        return nearest(self, said)

    def __iter__(self) -> Iterator[str]:
        return iter([source.id for source in self.spec.sources])

    def __len__(self) -> int:
        todo = "count one: len(r.interviews), len(r.codings), len(r.surveys)"
        raise CallError("a round holds tables of several kinds", where="len(r)", todo=todo)

    def __bool__(self) -> bool:
        return True

    def _ipython_key_completions_(self) -> list[str]:
        return list(self)

    def __repr__(self) -> str:
        held = f"{self.kind.value}; {len(self.spec.sources)} sources, {len(self.spec.goals)} goals"
        only = f"; only {self.narrowing.words.say(self.lang)}" if self.narrowing else ""
        told = f"{self.id}: {getattr(self.spec.title, self.lang)} ({held}){only}"
        return told if len(told) <= _TOLD else f"{told[:_TOLD]} …"


# Letters that a round says of itself: a filter may name hundreds of interviews.
_TOLD = 400
