"""The part of a round that explores: evidence behind numbers, a filter bound to everything, search, transcripts."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, cast

from vvvresearch.conditions import rows_where
from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.evidence import column_named, stance_named
from vvvresearch.exploring import Narrowing, evidence_of, narrowed, search, transcript
from vvvresearch.exploring.explorer import Explorer, widget_of
from vvvresearch.locales import Phrase
from vvvresearch.results import Cell, Evidence, Result, folded
from vvvresearch.rounds._binding import Supplier, bound
from vvvresearch.rounds.calling._meaning import filter_of, meant_by

if TYPE_CHECKING:
    import pandas as pd

    from vvvresearch.evidence import Goal, Reading
    from vvvresearch.rounds._decisions import Decisions
    from vvvresearch.rounds._round import Round

_STANCES = ("affirmed", "contradicted")
# Sources that a filter on interviews restricts; every other stays whole.
_FOLLOWS = ("interviews", "codings", "mappings", "judgements", "attributes", "contacts", "configurations")
_SUPPLIED_BY = {"links": "mappings", "quotes": "codings", "contacts": "contacts"}


class ExploringAnalyses(Supplier):
    """Exploring a round.

    Attributes:
        narrowing: the filter that is bound; none of a round as it was opened.
        unfiltered: the round without it, None where there is no filter.
    """

    narrowing: Narrowing = Narrowing()
    unfiltered: Round | None = None

    SUPPLIES: ClassVar[dict[str, tuple[str, Callable[[Any], Any]]]] = {}
    ROOTS: ClassVar[dict[str, Callable[[Any, str], Result | None]]] = {}

    search = bound(search, "codings", "interviews")
    transcript = bound(transcript, "codings", "interviews")

    def evidence(self, address: str) -> Evidence:
        """What stands behind a number of the round: passages, cases, answers or events.

        Args:
            address: as prose has it, e.g. "themes.udbytte/dansk.refugee.affirmed".

        Returns:
            Evidence; its `.frame` has the rows that the number counts, `.whole` the rest of its cell.

        Raises:
            AnalysisError: there is no such number, with what was probably meant.

        Example:
            >>> import vvvresearch as vvv
            >>> behind = vvv.open_round("demo").evidence("municipal-2021.refers.yes.count")
            >>> behind.value, behind.whole["dont_know"]
            (30, 2)
        """
        opened = cast("Round", self)
        root = address.partition(".")[0]
        known = self._opened_tables.get(root)
        if known is None or folded(opened.rooted(address)) not in known._by_address:
            known = opened.located(address)
            if known is None:
                opened.cell(address)
                raise AnalysisError(f"there is no number {address!r}", where=f"round {opened.id}")
            if not known.absent:
                self._opened_tables[root] = known
        return evidence_of(known, opened.rooted(address))

    @cached_property
    def _opened_tables(self) -> dict[str, Result]:
        return {}

    def explore(self, address: object = "", *, lang: str = "") -> Any:
        """The evidence explorer in JupyterLab: every number one click from who said it, and in which words.

        Left are groups, waves, attributes and codes with their counts, in the middle a matrix, a table, the coders and all other numbers,
        right the whole cell, its passages, a transcript or a search. The page asks the kernel and nobody else; texts stay there but for
        what is shown, and whoever is not to be quoted is not. Each view gives the call that makes it.

        Args:
            address: the number that it opens at, e.g. "themes.udbytte/dansk.refugee.affirmed"; a code, a cell or a result too.
            lang: "da" or "en"; default the round's.

        Returns:
            A widget; `.explorer` answers its questions. A filter that is bound to the round is its first one.

        Raises:
            NotebookError: JupyterLab's extra is not installed.

        Example:
            >>> import vvvresearch as vvv
            >>> vvv.open_round("demo").filter(group="refugee").explore()
            explore(demo)
        """
        at = getattr(address, "address", "") or getattr(address, "at", "") or address
        return widget_of(Explorer(self, str(at), lang))

    @cached_property
    def decisions(self) -> Decisions:
        """Decisions on the codings (recode, merge, stance, memo): proposed by one, agreed to by another, written back as `.qdpx`."""
        from vvvresearch.rounds._decisions import Decisions

        return Decisions(cast("Round", self))

    def filter(
        self,
        condition: object = None,
        /,
        *,
        group: str | Iterable[str] = (),
        wave: str | int | Iterable[str] = (),
        sex: str | Iterable[str] = (),
        touches: object = (),
        mentions: str | Iterable[str] = (),
        coder: str | Iterable[str] = (),
        stance: str = "",
        memo: bool | None = None,
        **attributes: Any,
    ) -> Round:
        """The round with a filter bound: every analysis of interviews follows, and bases stay true.

        Filters combine: several values of one are alternatives, several filters must all hold. Attributes, `touches` and
        `mentions` choose interviews and so move the base; a coder restricts it to what the coder has read; stance and memo choose
        passages and leave it. Surveys, matches and other registers are not of interviews and stay whole.

        Args:
            condition: arguments in a dict, a condition on the register in words as pandas' `query` has it, a function of the register or
                of one interview, or a column of true and false.
            group, wave, sex: values of the register, by their words too; any other of its columns may be named.
            touches: codes; interviews with a passage of one of them, or of a code below.
            mentions: words; interviews whose transcript has them. Transcripts that are not to be quoted are not searched.
            coder: whose passages.
            stance: "affirmed" or "contradicted".
            memo: True for passages with a memo.

        Returns:
            Round. Where the filter leaves nobody its analyses are absent, with the sentence that says so.

        Raises:
            AnalysisError: no such column, code, coder or stance.

        Example:
            >>> import vvvresearch as vvv
            >>> r = vvv.open_round("demo").filter(group="refugee", wave="1")
            >>> r.theme_table(depth=1).base.n, r.narrowing.setting
            (12, '/only-group-refugee-and-wave-1')
        """
        opened = cast("Round", self)
        if codes_named := [attributes.pop(name) for name in _CODES if name in attributes]:
            # Whoever filters interviews by a theme means those that touch it.
            touches = touches or codes_named[0]
        given: dict[str, Any] = {"group": group, "wave": wave, "sex": sex, **attributes}
        if isinstance(condition, Mapping):
            own = {"touches": touches, "mentions": mentions, "coder": coder, "stance": stance, "memo": memo}
            return self.filter(**{**{name: value for name, value in {**given, **own}.items() if value not in ((), "", None)}, **condition})
        if condition is not None:
            return self._filtered_where(condition, given | {"touches": touches, "mentions": mentions})
        register = opened.interviews.frame if opened.has("interviews") else None
        columns: dict[str, tuple[str, ...]] = {}
        for name, value in given.items():
            if values := _values(value):
                column = _register_column(opened, name, [] if register is None else register)
                columns[column] = tuple(str(meant_by(opened, column, one)) for one in values)
        stance = stance_named(stance) or stance
        if stance and stance not in _STANCES:
            raise AnalysisError(f"there is no stance {stance!r}", where="filter(stance=)", todo=did_you_mean(stance, _STANCES))
        codes, coders = _values(touches), _values(coder)
        if codes or coders:
            codes = tuple(opened.codebook.named(code) for code in codes) if opened.has("codings") else codes
            _check_coders(opened, coders)
        wanted = Narrowing(tuple(columns.items()), codes, _values(mentions), coders, stance, memo)
        before = self.narrowing
        merged = Narrowing(
            (*before.attributes, *wanted.attributes),
            touches=before.touches + wanted.touches,
            mentions=before.mentions + wanted.mentions,
            coder=before.coder + wanted.coder,
            stance=wanted.stance or before.stance,
            memo=before.memo if memo is None else memo,
        )
        if (before.touches and codes) or (before.mentions and wanted.mentions) or (before.coder and coders):
            raise AnalysisError("this round is filtered by that already", where="filter", todo="filter the round as it was opened, once")
        return self.with_narrowing(merged)

    def _filtered_where(self, condition: object, others: dict[str, Any]) -> Round:
        """Under a condition on the register; of a code, group or other value that stands alone, under that."""
        opened = cast("Round", self)
        others = {name: value for name, value in others.items() if value not in ((), "", None)}
        if isinstance(condition, str) and (name := filter_of(opened, condition)):
            return self.filter(**{**others, name: condition})
        rows = opened.interviews.rows
        left = rows.loc[rows_where(rows, condition, opened.interviews.value_meant), "interview"].astype(str)
        return self.filter(**{**others, "interview": list(left) or ["–"]})

    def with_narrowing(self, wanted: Narrowing) -> Round:
        """The round under exactly this filter."""
        whole = self.unfiltered or cast("Round", self)
        found = type(whole)(whole.spec, whole.root, whole.lang)
        found.later, found.narrowing, found.unfiltered = whole.later, wanted, whole
        return found

    @cached_property
    def previous(self) -> Round | None:
        """The round before this one, under the same filter."""
        if self.unfiltered is None:
            return super().previous  # type: ignore[misc,no-any-return]
        before = self.unfiltered.previous
        return None if before is None else before.with_narrowing(self.narrowing)

    @cached_property
    def left(self) -> pd.DataFrame:
        """The interviews that the filter leaves, all of them where there is none."""
        if (whole := self.unfiltered) is None:
            return cast("Round", self).interviews.frame
        return self.narrowing.interviews_left(whole.interviews, whole.codings if whole.has("codings") else None)

    def read_narrowed(self, name: str) -> Any:
        """A source as the filter leaves it."""
        whole = cast("Round", self.unfiltered)
        kind_of_source, evidence = whole.source(name).type, whole.read(name)
        if kind_of_source not in _FOLLOWS or not whole.has("interviews"):
            return evidence
        return narrowed(evidence, kind_of_source, self.narrowing, self.left, whole.interviews)

    def rooted(self, address: str) -> str:
        """An address as the numbers of a filtered round have it: the filter stands in the root."""
        root, dot, rest = address.partition(".")
        setting = self.narrowing.setting
        if not setting or setting in root or not self.knows(root.split("/")[0]) or root.split("/")[0] not in _filtered_roots():
            return address
        return f"{root}{setting}{dot}{rest}"

    def located(self, address: str) -> Result | None:
        """As of any round; the filter in the root of an address is this round's own."""
        setting = self.narrowing.setting
        return super().located(address.replace(setting, "", 1) if setting else address)

    def lacks(self, name: str) -> Phrase | None:
        """Also: nobody is left under the filter."""
        reason = super().lacks(name)
        kind_of_source = _SUPPLIED_BY.get(name, name)
        if reason is None and self.unfiltered is not None and kind_of_source in _FOLLOWS and self._is_empty(kind_of_source):
            return Phrase("exploring.nobody", {"filter": self.narrowing.words, "known": ", ".join(self._known_values()) or "–"})
        return reason

    def _is_empty(self, kind_of_source: str) -> bool:
        opened = cast("Round", self)
        if not opened.has(kind_of_source):
            return False
        if self.left.empty:
            return True
        if kind_of_source == "mappings":
            return bool(opened.mappings.links.empty)
        if kind_of_source in ("judgements", "attributes", "contacts"):
            return bool(opened.evidence_of(kind_of_source).frame.empty)
        if kind_of_source == "codings":
            readers = opened.codings.readers
            return readers is None or readers.empty
        return False

    def _known_values(self) -> list[str]:
        whole = cast("Round", self.unfiltered)
        found = []
        for name, values in self.narrowing.attributes:
            there = set(map(str, whole.interviews.frame[name].dropna())) if name in whole.interviews.frame else set()
            if not there & set(values):
                found.append(f"{name}: {' / '.join(sorted(there - {''})[:8])}")
        return found

    def finish(self, call: Callable[[], Any]) -> Any:
        """Results of a filtered round say so: in a note, and in their addresses."""
        found = super().finish(call)
        if self.unfiltered is None or not isinstance(found, Result) or found.absent or not _is_of_interviews(found):
            return found
        return _under_filter(found, self.narrowing)

    def measured_cell(self, goal: Goal, reading: Reading) -> Cell | None:
        """The number that a reading of a goal takes; None where it takes none or the round lacks it."""
        from vvvresearch.rounds._measures import cell_of, lacks

        opened = cast("Round", self)
        if reading.taken is None or lacks(opened, reading.taken) is not None:
            return None
        return cell_of(opened, reading.taken, share=goal.type == "percent")


# What a filter by a theme is called besides `touches`.
_CODES = ("code", "codes", "theme", "themes", "kode", "tema", "under")


def _filtered_roots() -> frozenset[str]:
    from vvvresearch.rounds._mechanisms import MapAnalyses, MechanismAnalyses
    from vvvresearch.rounds._themes import ThemeAnalyses

    own = {root for part in (MapAnalyses, MechanismAnalyses, ThemeAnalyses) for root in part.ROOTS}
    return frozenset((own | {"interviews", "theme-trend", "search"}) - {"theory", "ledger", "triangulation"})


def _is_of_interviews(result: Result) -> bool:
    """Whether a result rests on a source that follows the filter."""
    root = result.at.split(".")[0].split("/")[0]
    if root:
        return root in _filtered_roots()
    return result.made is not None and bool({"interviews", "codings", "links"} & set(result.made.given))


def _under_filter(result: Result, narrowing: Narrowing) -> Result:
    setting = narrowing.setting
    root, dot, rest = result.at.partition(".")
    at = result.at if not result.at or setting in root else f"{root}{setting}{dot}{rest}"
    parts = {name: _under_filter(part, narrowing) if not part.absent else part for name, part in result.parts.items()}
    note = Phrase("exploring.filter_note", {"filter": narrowing.words})
    notes = result.notes if note in result.notes else (*result.notes, note)
    return dataclasses.replace(result, at=at, parts=parts, notes=notes)


def _register_column(opened: Round, name: str, known: Iterable[object]) -> str:
    try:
        return column_named(name, known, where="filter")
    except AnalysisError:
        asked = [survey for survey, one in opened.surveys.items() if name in one.respondent_columns]
        todo = did_you_mean(name, [*("group", "touches", "mentions", "coder", "stance", "memo"), *map(str, known)])
        if asked:
            todo = f"it is asked in a survey: r.tabulate({asked[-1]!r}, item, {name}=…), or r.surveys[{asked[-1]!r}].filter({name}=…)"
        raise AnalysisError(f"interviews cannot be filtered by {name!r}", where="filter", todo=todo) from None


def _values(given: object) -> tuple[str, ...]:
    if given is None or given == "" or given == ():
        return ()
    if isinstance(given, str | int | bool | float) or hasattr(given, "path"):
        return (str(given),)
    return tuple(str(one) for one in cast(Iterable[object], given))


def _check_coders(opened: Round, coders: tuple[str, ...]) -> None:
    if not coders:
        return
    from vvvresearch.themes._coders import readings_of

    known = set(readings_of(opened.codings, opened.interviews.frame, None)["coder"])
    for name in coders:
        if name not in known:
            raise AnalysisError(f"there are no codings by {name!r}", where="filter(coder=)", todo=did_you_mean(name, sorted(known)))
