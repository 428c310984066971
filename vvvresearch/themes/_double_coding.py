"""Two coders on the same texts: coefficients per code and pooled."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.locales import Phrase
from vvvresearch.results import Base, Column, Labels, Measure, Picture, Result, Share, Total, address_part
from vvvresearch.statistics.agreement import CoefficientName, coefficient_of_patterns, values_of_patterns
from vvvresearch.themes._coders import setting_names
from vvvresearch.themes._codes import Code, CodeName, checked_codes
from vvvresearch.themes._states import placed
from vvvresearch.themes.language import sentence_spans

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from vvvresearch.evidence import Codings

Counted = dict[tuple[int, ...], int]
Unit = Literal["document", "sentence", "character", "segment"]
UNITS = ("document", "sentence", "character", "segment")
# What is compared needs the whole text, not only the marked passages.
TEXT_UNITS = ("sentence", "character")
COEFFICIENTS: dict[str, CoefficientName] = {
    "percent": "percent",
    "kappa": "cohen",
    "pi": "scott",
    "brennan_prediger": "brennan_prediger",
    "ac1": "gwet",
    "alpha": "alpha",
}
SHOWN = {
    "percent": Phrase("agreement.percent"),
    "kappa": Phrase("agreement.cohen"),
    "ac1": Phrase("agreement.gwet_ac1"),
    "alpha": Phrase("agreement.alpha", {"level": Phrase("agreement.nominal")}),
}
POOLED = "pooled"


@dataclass(frozen=True, kw_only=True, repr=False)
class DoubleCoding(Result):
    """Agreement per code; `documents` are those that all coders have coded."""

    documents: tuple[str, ...] = ()


def double_coding(
    codings: Codings,
    *,
    unit: Unit = "document",
    coders: Sequence[str] | None = None,
    scope: Literal["all", "either"] = "all",
    codes: Sequence[str | Code] | None = None,
    intervals: bool = False,
) -> Result:
    """How well coders agree on the documents that all of them coded.

    Args:
        codings: coded passages of two or more coders.
        unit: what is compared, each as code present or not: "document", "sentence", "character", or "segment" (passages that at least
            one coder marked, as marked).
        coders: which coders; default all. A document counts when each of them has a passage in it.
        scope: "all" text, or only units that at least one coder coded with something ("either").
        codes: which codes, with those below them; default all that one of them used.
        intervals: with limits of alpha for each code.

    Returns:
        DoubleCoding; .frame: unit, code_path ("pooled" is all codes together), n_units, prevalence (share of ratings that have the
        code), percent, kappa and pi (two coders; else NaN), brennan_prediger, ac1, alpha, lower, upper. NaN is undefined. Absent
        where no document was coded by all and no coders were named, and for sentences and characters where no text is there;
        documents without their text are left out of those, and the note says how many.

    Raises:
        AnalysisError: an unknown unit or coder, fewer than two coders named, or no document coded by all of them.

    Example:
        >>> import vvvresearch as vvv
        >>> r = vvv.open_round("demo")
        >>> r.double_coding(unit="document").cell("documents").value
        36
    """
    if unit not in UNITS:
        raise AnalysisError(f"there is no unit {unit!r}", todo=did_you_mean(str(unit), UNITS))
    chosen, places, documents = doubly_coded(codings, coders)
    if not documents:
        return not_double(Phrase("themes.double_title_short"))
    without_text = 0
    if unit == "document":
        numbers, names = codings.numbered["code_path"]
        used = set(names[np.unique(numbers[places])])
    else:
        frame = codings.frame.take(places)
        if unit in TEXT_UNITS:
            frame, documents, without_text = with_text(codings, frame, documents)
            if not documents:
                return Result.missing(Phrase("absent.texts"), title=Phrase("themes.double_title_short"))
        frame = placed(frame)
        used = set(frame["code_path"])
    known = set(used)
    if codes is not None:
        # A heading that nobody codes with stands for what is below it.
        used &= {path for code in checked_codes(codings.codebook, codes) for path in codings.codebook.below(code)}
        if not used:
            raise AnalysisError("no coder used these codes in what was coded twice", where="codes", todo=did_you_mean("", sorted(known)))
    paths = [path for path in codings.codebook.paths if path in used]
    if unit == "document":
        patterns = _document_patterns(codings, places, paths, chosen, documents, scope)
    else:
        patterns = _text_patterns(codings, frame, paths, chosen, documents, unit, scope)
    if len(patterns) > 1:
        pooled: Counted = {}
        for counted in patterns.values():
            for pattern, times in counted.items():
                pooled[pattern] = pooled.get(pattern, 0) + times
        patterns = {POOLED: pooled, **patterns}
    rows = _rows(patterns, chosen, intervals)
    table = pd.DataFrame(rows, columns=["code_path", "n_units", "prevalence", *COEFFICIENTS, "lower", "upper"])
    table.insert(0, "unit", unit)
    note = {"unit": Phrase(f"themes.unit_{unit}"), "scope": Phrase(f"themes.scope_{scope}"), "documents": len(documents)}
    base = Base(len(documents), "source", source=codings.origin)
    return DoubleCoding(
        frame=table,
        base=base,
        title=Phrase("themes.double_title", {"coders": ", ".join(chosen)}),
        notes=(Phrase("themes.double_note", note), *textless_note(without_text)),
        shows=(
            CodeName("code_path", Phrase("themes.theme")),
            Column("n_units", Phrase("themes.units"), "count"),
            Share("prevalence", Phrase("themes.prevalence"), decimals=1, count="", n="", known="prevalence"),
            *(Column(name, words, "coefficient", 2) for name, words in SHOWN.items()),
        ),
        kind=codings.kind,
        at="agreement" + setting_names(scope="" if scope == "all" else scope, coders="-".join(coders or ()), codes=_named(codes)),
        keys=("unit", "code_path"),
        measures=(Measure("n_units", of="n_units", unit="unit"), *(_coefficient(name) for name in (*COEFFICIENTS, "lower", "upper"))),
        labels={"code_path": Labels({POOLED: Phrase("themes.pooled")})},
        totals={"documents": Total(len(documents), base)},
        tree="code_path",
        pictures=_least_agreed(table),
        documents=tuple(documents),
    )


def _least_agreed(table: pd.DataFrame, most: int = 15) -> dict[str, Picture]:
    """The codes on which coders agree least, with their intervals; none where intervals were not asked for."""
    known = table[table["lower"].notna() & table["alpha"].notna() & table["code_path"].ne(POOLED)].nsmallest(most, "alpha")
    if known.empty:
        return {}
    drawn = known[["lower", "upper"]].assign(change=known["alpha"], label=known["code_path"].str.rpartition(" > ")[2])
    return {"forest": Picture("forest", drawn, Phrase("themes.least_agreed"), {"what": "number", "decimals": 2, "reference": 1.0})}


def _coefficient(name: str) -> Measure:
    return Measure(name, "coefficient", 2, of="n_units", unit="unit")


def _named(codes: Sequence[str | Code] | None) -> str:
    return "-".join(address_part(str(code)).replace("/", "-") for code in codes or ())


def not_double(title: Phrase) -> Result:
    """What stands for agreement where nothing was coded twice."""
    return Result.missing(Phrase("absent.double_coding"), title=title)


def with_text(codings: Codings, frame: pd.DataFrame, documents: list[str]) -> tuple[pd.DataFrame, list[str], int]:
    """The codings of documents whose text is there, those documents, and how many have none."""
    there = [document for document in documents if document in codings.texts]
    return frame[frame["source"].isin(there)], there, len(documents) - len(there)


def textless_note(number: int) -> tuple[Phrase, ...]:
    """What is said where documents without their text had to be left out."""
    return (Phrase("themes.without_text", {"n": number}),) if number else ()


def doubly_coded(codings: Codings, coders: Sequence[str] | None) -> tuple[list[str], NDArray[np.intp], list[str]]:
    """The coders, which codings they have in documents that all of them have coded, and those documents; none where nobody was named."""
    who, names = codings.numbered["coder"]
    known = sorted(names)
    chosen = list(coders) if coders is not None else known
    unknown = [coder for coder in chosen if coder not in known]
    if unknown:
        raise AnalysisError(f"there are no codings by {unknown[0]!r}", todo=did_you_mean(unknown[0], known))
    if coders is not None and len(chosen) < 2:
        raise AnalysisError("agreement needs two coders", where=", ".join(chosen) or "no coder")
    where, sources = codings.numbered["source"]
    theirs = np.isin(names, chosen)[who] if len(names) else np.zeros(0, dtype=bool)
    pairs = np.unique(where[theirs].astype(np.int64) * len(names) + who[theirs])
    readers = np.bincount(pairs // max(len(names), 1), minlength=len(sources))
    by_all = readers == len(chosen) if len(chosen) > 1 else np.zeros(len(sources), dtype=bool)
    documents = [str(source) for source in sources[by_all]]
    if coders is not None and not documents:
        raise AnalysisError("no document was coded by all of these coders", where=", ".join(chosen), todo="choose two coders with coders=")
    return chosen, np.flatnonzero(theirs & by_all[where]) if len(sources) else np.zeros(0, dtype=np.intp), documents


def _rows(patterns: Mapping[str, Counted], coders: list[str], intervals: bool) -> list[tuple[object, ...]]:
    """The coefficients of each code, all codes at a time: they share their few patterns."""
    seen = sorted({pattern for counted in patterns.values() for pattern in counted})
    rows = np.array(seen, dtype=np.int64).reshape(-1, len(coders))
    times = np.array([[counted.get(pattern, 0) for pattern in seen] for counted in patterns.values()], dtype=np.int64).reshape(
        -1, len(seen)
    )
    nothing = np.full(len(times), np.nan)
    values = {
        key: nothing if not seen or (name in ("cohen", "scott") and len(coders) != 2) else values_of_patterns(rows, times, (0, 1), name)
        for key, name in COEFFICIENTS.items()
    }
    totals = times.sum(axis=1)
    marked = (times * rows.mean(axis=1)).sum(axis=1) if seen else nothing
    made = []
    for place, (path, counted) in enumerate(patterns.items()):
        limits = (float("nan"), float("nan"))
        if counted and intervals:
            own = np.array(list(counted), dtype=np.int64).reshape(-1, len(coders))
            limits = coefficient_of_patterns(own, np.array(list(counted.values()), dtype=np.int64), (0, 1), "alpha").interval
        total = int(totals[place])
        share = float(marked[place]) / total if total else float("nan")
        made.append((path, total, share, *(float(one[place]) if total else float("nan") for one in values.values()), *limits))
    return made


def _document_patterns(
    codings: Codings, places: NDArray[np.intp], paths: list[str], coders: list[str], documents: list[str], scope: str
) -> dict[str, Counted]:
    """For each code: pattern of presence over coders → number of documents; all codes in one pass."""

    def among(column: str, wanted: list[str]) -> NDArray[np.intp]:
        numbers, names = codings.numbered[column]
        return pd.Index(wanted).get_indexer(names)[numbers[places]]

    code, coder, document = among("code_path", paths), among("coder", coders), among("source", documents)
    own = code >= 0
    present = np.zeros((len(paths), len(documents), len(coders)), dtype=bool)
    present[code[own], document[own], coder[own]] = True
    # Each unit's pattern as one number, bit by bit.
    numbers = present @ (1 << np.arange(len(coders)))
    found: dict[str, Counted] = {}
    for path, seen in zip(paths, numbers, strict=True):
        values, times = np.unique(seen, return_counts=True)
        found[path] = {
            tuple(int(value) >> place & 1 for place in range(len(coders))): int(count)
            for value, count in zip(values, times, strict=True)
            if scope == "all" or value
        }
    return found


def _text_patterns(
    codings: Codings, frame: pd.DataFrame, paths: list[str], coders: list[str], documents: list[str], unit: Unit, scope: str
) -> dict[str, Counted]:
    """For each code: pattern of presence over coders → number of passages, sentences or characters that show it."""
    by_code = dict(iter(frame.groupby("code_path", sort=False)))
    if unit == "segment":
        return {path: _segment_patterns(by_code[path], frame if scope == "all" else by_code[path], coders) for path in paths}
    borders = {document: _borders(codings, document, unit) for document in documents}
    compared: dict[str, Any] = {document: slice(None) for document in documents}
    if scope == "either":
        everything = dict(iter(frame.groupby("source", sort=False)))
        compared = {document: _masks(borders[document], everything[document], coders).any(axis=0) for document in documents}
    found: dict[str, Counted] = {}
    for path in paths:
        own = dict(iter(by_code[path].groupby("source", sort=False)))
        masks = [_masks(borders[document], own.get(document), coders)[:, compared[document]] for document in documents]
        patterns, times = np.unique(np.concatenate(masks, axis=1).T, axis=0, return_counts=True)
        found[path] = {tuple(map(int, pattern)): int(count) for pattern, count in zip(patterns, times, strict=True)}
    return found


def _segment_patterns(own: pd.DataFrame, marked: pd.DataFrame, coders: list[str]) -> Counted:
    span_columns = own[["source", "start", "end"]]
    places = {coder: set(span_columns[own["coder"] == coder].itertuples(index=False, name=None)) for coder in coders}
    spans = marked[["source", "start", "end"]].drop_duplicates().itertuples(index=False, name=None)
    return dict(Counter(tuple(int(span in places[coder]) for coder in coders) for span in spans))


def _borders(codings: Codings, document: str, unit: Unit) -> NDArray[np.int64]:
    """Start and end of every sentence or character of a document."""
    text = codings.texts[document]
    if unit == "sentence":
        return np.array(sentence_spans(text), dtype=np.int64).reshape(-1, 2)
    places = np.arange(len(text), dtype=np.int64)
    return np.column_stack([places, places + 1])


def _masks(borders: NDArray[np.int64], passages: pd.DataFrame | None, coders: list[str]) -> NDArray[np.bool_]:
    """coders × units: which units each coder's passages touch."""
    masks = np.zeros((len(coders), len(borders)), dtype=bool)
    if passages is None:
        return masks
    row = {coder: number for number, coder in enumerate(coders)}
    first = np.searchsorted(borders[:, 1], passages["start"].to_numpy(dtype=np.int64), side="right")
    last = np.searchsorted(borders[:, 0], passages["end"].to_numpy(dtype=np.int64), side="left")
    for coder, begin, end in zip(passages["coder"], first, last, strict=True):
        masks[row[coder], begin:end] = True
    return masks
