"""The kernel's side of the explorer: questions of the page in, plain answers out, whatever was asked; and the words of the page."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cached_property
from threading import RLock, Thread
from typing import TYPE_CHECKING, Any

from vvvresearch.errors import AnalysisError, VvvError, did_you_mean
from vvvresearch.exploring._find import of_address
from vvvresearch.exploring._narrow import Narrowing
from vvvresearch.exploring.explorer import _deciding, _numbers, _passages, _together, _views
from vvvresearch.exploring.explorer._index import Index
from vvvresearch.exploring.explorer._page import (
    column_words,
    facets_of,
    filter_call,
    fitting,
    literal,
    narrowing_of,
    page_filters,
    value_words,
)
from vvvresearch.locales import check_lang, say, text
from vvvresearch.results import TOTAL

if TYPE_CHECKING:
    from vvvresearch.locales import Lang


_CODES_ROOM = 25_000
_REMEMBERED = 6


class Explorer:
    """Answers what the page asks of a round. Each answer is at most 100 kB of plain JSON; a question it cannot answer is a sentence.

    Args:
        opened: the round; a filter that is bound to it is the page's first one.
        address: a number that the page opens at, "" for none.
        lang: language of the page; default the round's.

    Example:
        >>> import vvvresearch as vvv
        >>> kernel = Explorer(vvv.open_round("demo", lang="en"))
        >>> kernel.ask({"op": "facets", "filters": {"respondent_group": ["refugee"]}})["interviews"]
        22
    """

    def __init__(self, opened: Any, address: str = "", lang: str = "") -> None:
        self.whole = opened.unfiltered or opened
        self.first_filter: Narrowing = opened.narrowing
        self.address = address
        self.lang = check_lang(lang or opened.lang)
        # JupyterLab asks beside a running cell, from a thread of its own.
        self._lock = RLock()
        self._narrowed: dict[Narrowing, Any] = {}
        self._tables: dict[tuple[Narrowing, str], Any] = {}
        self._asks: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
            "open": self._open,
            "codes": self._codes,
            "facets": lambda asked: _views.facets(self.index, self._wanted(asked)),
            "matrix": lambda asked: _views.matrix(self.index, self._wanted(asked), asked, self.lang, self._hidden(asked)),
            "cell": lambda asked: _passages.cell(self.index, self._wanted(asked), asked, self.lang),
            "transcript": lambda asked: _passages.transcript(self.index, asked, self.lang),
            "search": lambda asked: _passages.search(self.index, self._wanted(asked), asked, self.lang),
            "agreement": lambda asked: _deciding.agreement(
                self._made(asked, "double_coding"), self._made(asked, "disagreements"), self.index, self._wanted(asked), self.lang
            ),
            "disagreements": lambda asked: _deciding.disagreements(
                self._made(asked, "disagreements"), self.index, self._wanted(asked), asked, self.lang
            ),
            "together": lambda asked: _together.together(self.index, self._shared(asked)[1], self._wanted(asked), asked),
            "pair": self._pair,
            "map": self._map,
            "table": self._table,
            "evidence": self._evidence,
            "decisions": lambda asked: _deciding.listed(self.whole, asked, self.index, self.lang),
            "propose": self._decide,
            "review": self._decide,
        }

    def answer(self, message: object) -> dict[str, Any]:
        """All that a state of the page asks for, in one message.

        Args:
            message: `id` (given back) and `ask`, a list of questions, each with its `op`.
        """
        asked = message if isinstance(message, Mapping) else {}
        questions = asked.get("ask")
        listed = questions if isinstance(questions, list) else []
        return {"id": asked.get("id"), "answers": [self.ask(one) for one in listed[:6]]}

    def ask(self, question: object) -> dict[str, Any]:
        """One question; what is wrong with it is told in a sentence."""
        asked = question if isinstance(question, Mapping) else {}
        op = str(asked.get("op", ""))
        with self._lock:
            try:
                if op not in self._asks:
                    raise AnalysisError(f"nobody answers {op!r}", todo=did_you_mean(op, self._asks))
                return {"op": op} | self._asks[op](asked)
            except VvvError as problem:
                return {"op": op, "told": _numbers.sentence(problem, self.lang)}
            except (ValueError, TypeError, LookupError, ArithmeticError) as problem:
                # A page has no place for a traceback; what was asked can be called in a cell, where there is one.
                return {"op": op, "told": text("explorer.failed", self.lang, problem=type(problem).__name__)}

    @cached_property
    def index(self) -> Index:
        """The codings as arrays.

        Raises:
            AnalysisError: the round has no coded interviews.
        """
        for name in ("codings", "interviews"):
            reason = self.whole.lacks(name)
            if reason is not None:
                raise AnalysisError(say(reason, self.lang))
        whole = self.whole
        return Index(whole.codings, whole.interviews, whole.rows_of("guide"), whole.coder_rule)

    def prepare(self) -> None:
        """Make the arrays before the page asks, and what is searched while it is painted: nobody waits for either at a click."""
        if not self.has_interviews:
            return
        # What is wrong with the codings is told by the first answer.
        with suppress(VvvError):
            self.index.left(self.first_filter)
            Thread(target=lambda: self.index.texts, daemon=True).start()

    @cached_property
    def calls(self) -> dict[str, _numbers.Call]:
        """The tables that the round can make."""
        return _numbers.calls_of(self.whole)

    @property
    def has_interviews(self) -> bool:
        """Whether there is anything coded to look at."""
        return all(self.whole.lacks(name) is None for name in ("codings", "interviews"))

    def _wanted(self, asked: Mapping[str, Any]) -> Narrowing:
        given = asked.get("filters")
        return narrowing_of(given, self.index) if given else Narrowing()

    def _round(self, asked: Mapping[str, Any]) -> Any:
        """The round under the filter that is asked for, opened once."""
        wanted = self._wanted(asked)
        if not wanted:
            return self.whole
        if wanted not in self._narrowed:
            if len(self._narrowed) >= _REMEMBERED:
                gone = next(iter(self._narrowed))
                del self._narrowed[gone]
                self._tables = {key: made for key, made in self._tables.items() if key[0] != gone}
            self._narrowed[wanted] = self.whole.with_narrowing(wanted)
        return self._narrowed[wanted]

    def _hidden(self, asked: Mapping[str, Any]) -> frozenset[str]:
        return frozenset() if asked.get("filters") else self.whole.hidden

    def _open(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """What the page needs once: words, columns, codes, coders, tables, and where it begins."""
        whole = self.whole
        found = {
            "round": whole.id,
            "title": whole.spec.title.say(self.lang),
            "kind": "" if str(whole.kind) == "real" else whole.kind.label(self.lang),
            "lang": self.lang,
            "words": page_words(self.lang),
            "small": whole.small_n,
            "filters": page_filters(self.first_filter),
            "tables": fitting(_numbers.listed(self.calls), 25_000),
            "has_interviews": self.has_interviews,
            "has_map": "causal_map" in self.calls,
            "start": self._start() if self.address else None,
        }
        if not self.has_interviews:
            nothing = dict.fromkeys(("all_codes", "interviews", "passages", "refused", "unnoted"), 0)
            return found | {"columns": [], "codes": [], "coders": []} | nothing
        index = self.index
        columns = [
            {
                "id": name,
                "words": column_words(name, self.lang),
                "values": [{"id": value, "words": value_words(name, value, self.lang)} for value in values],
            }
            for name, values in facets_of(index).items()
        ]
        refused = {source for source in index.sources if source} - index.quotable
        return found | {
            "columns": fitting(columns, 15_000),
            **self._codes({}),
            "coders": list(index.coders)[:200],
            "interviews": len(index.register),
            "passages": len(index.code),
            "refused": len(refused),
            "unnoted": int(index.register["consent_quote"].isna().to_numpy()[[source in refused for source in index.sources]].sum()),
        }

    def _codes(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """The codes from one on: name, number of the code above, definition where there is room."""
        index, first = self.index, max(0, int(asked.get("first") or 0))
        lines = (
            {"name": path.split(" > ")[-1], "above": index.above[place][1] if len(index.above[place]) > 1 else -1}
            for place, path in enumerate(index.paths[first:], start=first)
        )
        return {"codes": fitting(lines, _CODES_ROOM), "first_code": first, "all_codes": len(index.paths)}

    def _start(self) -> dict[str, Any]:
        """Where the page opens: a cell of the matrix, or the evidence of any other number."""
        address = self.address
        if address == "themes":
            return {}
        if "." not in address and self.has_interviews:
            with suppress(VvvError):
                return {
                    "cell": {"code": self.whole.codebook.named(address), "by": "respondent_group", "value": TOTAL, "measure": "affirmed"}
                }
        try:
            root = address.partition(".")[0]
            if self.has_interviews and re.split(r"[./]", root)[0] == "themes":
                return self._start_in_matrix(address)
        except VvvError:
            pass
        return {"address": address}

    def _start_in_matrix(self, address: str) -> dict[str, Any]:
        narrowed = self.whole.with_narrowing(self.first_filter) if self.first_filter else self.whole
        result = narrowed.located(narrowed.rooted(address))
        if result is None or result.absent or result.made is None:
            return {"address": address}
        asked = of_address(result, narrowed.rooted(address))
        by, given = asked.given("by") or "respondent_group", asked.made.given
        settings = any(given.get(name) for name in ("wave", "group")) or isinstance(given.get("coder"), str)
        measure = asked.measure
        if settings or not asked.row or measure.removeprefix("persons_") not in _passages.STATES:
            return {"address": address}
        return {"cell": {"code": asked.row["code_path"], "by": by, "value": str(asked.row[by]), "measure": measure}}

    def _map(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """The causal map of what a filter leaves of the mappings."""
        wanted = self._wanted(asked) if self.has_interviews else Narrowing()
        return _views.causal_links(self._made(asked, "causal_map"), self._call("causal_map").code(wanted), asked, self.lang)

    def _table(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """A table of the round by its id."""
        name = str(asked.get("id") or "")
        wanted = self._wanted(asked) if self.has_interviews else Narrowing()
        call = self._call(name)
        return {"id": name} | _numbers.table(
            self._made(asked, name), call.code(wanted), "/".join((call.name, *call.arguments[-1:])), asked, self.lang
        )

    def _evidence(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """What stands behind a number: of a table that is open, or of the round by its address alone."""
        address, name = str(asked.get("address") or ""), str(asked.get("id") or "")
        wanted = self._wanted(asked) if self.has_interviews else Narrowing()
        if name:
            call = f"{self._call(name).code(wanted)}.evidence({literal(address)})"
            return _numbers.behind(_numbers.opened_at(self._made(asked, name), address), call, asked, self.lang)
        narrowed = self._round(asked) if self.has_interviews else self.whole
        call = f"r{filter_call(wanted)}.evidence({literal(address)})"
        return _numbers.behind(narrowed.evidence(address), call, asked, self.lang)

    def _decide(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """A new decision or a review, then the list as it is now; what is wrong with it is told beside the list."""
        problem = ""
        try:
            if asked.get("op") == "propose":
                _deciding.proposed(self.whole, asked, self.index)
            else:
                _deciding.reviewed(self.whole, asked)
        except VvvError as wrong:
            problem = _numbers.sentence(wrong, self.lang)
        about = {} if asked.get("op") == "propose" and not problem else asked
        return {"problem": problem} | _deciding.listed(self.whole, about, self.index, self.lang)

    def _call(self, name: str) -> _numbers.Call:
        if name not in self.calls:
            raise AnalysisError(f"the round has no table {name!r}", todo=did_you_mean(name, self.calls))
        return self.calls[name]

    def _made(self, asked: Mapping[str, Any], name: str) -> Any:
        def made() -> Any:
            narrowed = self._round(asked) if self.has_interviews else self.whole
            return _numbers.made(narrowed, self._call(name)).in_language(self.lang)

        return self._remembered(asked, name, made)

    def _pair(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """The passages of two codes where they meet."""
        counted, table = self._shared(asked)
        return _together.pair(self.index, counted, table, self._wanted(asked), asked, self.lang)

    def _shared(self, asked: Mapping[str, Any]) -> Any:
        """The passages that count, and how much of each pair of codes stands together."""
        within = _together.unit_of(asked)

        def made() -> Any:
            counted = self.index.applied(self._wanted(asked), lambda: self._round(asked).codings)
            return counted, _together.shared(self.index, counted, within)

        return self._remembered(asked, f"together {within}", made)

    def _remembered(self, asked: Mapping[str, Any], name: str, make: Callable[[], Any]) -> Any:
        """What a filter leaves of a table, made once."""
        key = (self._wanted(asked) if self.has_interviews else Narrowing(), name)
        if key not in self._tables:
            if len(self._tables) >= 4 * _REMEMBERED:
                self._tables.pop(next(iter(self._tables)))
            self._tables[key] = make()
        return self._tables[key]


STATES = ("affirmed", "contradicted", "both", "not_raised", "asked", "not_asked", "not_coded")
_PUT_IN = ("n", "of", "all", "passages", "shown", "hits", "interviews", "searched", "refused", "without_text", "coder", "factor")
_PAGE = (
    *("no_kernel", "matrix", "table", "together", "map", "coders", "numbers", "filters", "codes", "coder", "stance", "memo", "with_memo"),
    *("search", "search_hint", "back", "forward", "clear", "close", "keys", "copy_code", "add_page", "copied", "copy_failed"),
    *("no_page", "working", "nothing_chosen", "nobody", "no_passages", "refused_passage", "no_place", "turn_of", "place_only"),
    *("open_transcript", "earlier", "later", "more", "interviews_of", "persons_of", "passages", "not_read", "no_code"),
    *("missing_with", "interpreter", "touches", "mentions", "only_mentions", "theme_alone", "levels", "all_levels", "by"),
    *("count_in", "interviews", "persons", "few", "empty_columns", "hidden", "apart", "kappa", "percent", "ac1", "alpha"),
    *("n_units", "pooled", "address", "address_hint", "tables_interviews", "tables_surveys", "tables_mechanisms", "tables_maps"),
    *("tables_monitoring", "tables_earlier", "lines_of", "hits_of", "not_searched", "no_hits", "selected", "refused_count"),
    *("unnoted_count", "wave", "theme", "result", "evidence", "help", "choose_table", "text_cut"),
    *("within", "within_document", "within_overlap", "alone", "more_codes", "nothing_together", "shown", "links", "least", "links_of"),
    *("promotes", "hinders", "disagree", "informants", "citations", "link", "of_factor"),
    *("decisions", "decide", "decide_kind", "decide_into", "decide_new_memo", "decide_why", "decide_by", "decide_propose", "decide_all"),
    *(
        "decide_passage",
        "decide_none",
        "decide_agree",
        "decide_reject",
        "decide_undo",
        "decide_unchanged",
        "decide_every_coder",
        "decide_note",
        "decide_codings",
    ),
)


def page_words(lang: Lang) -> dict[str, str]:
    """All words that the page shows, by their names.

    Example:
        >>> page_words("en")["copy_code"]
        'Copy as code'
    """
    # What changes from one state to the next the page puts in itself.
    left = {name: f"{{{name}}}" for name in _PUT_IN}
    return (
        {name: text(f"explorer.{name}", lang, **left) for name in _PAGE}
        | {name: text(f"exploring.state_{name}", lang) for name in STATES}
        | {f"kind_{name}": text(f"decisions.{name}", lang) for name in ("recode", "merge", "stance", "memo")}
    )
