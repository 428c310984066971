"""Codes that occur together: overlapping passages, same sentence, same document; with a permutation test."""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Integral
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.locales import Phrase
from vvvresearch.results import Base, Column, Measure, Result
from vvvresearch.statistics.multiplicity import holm
from vvvresearch.themes._coders import Coder, coder_note, passages_of, setting_names
from vvvresearch.themes._codes import Code, CodeName, checked_codes
from vvvresearch.themes._danish import sentence_spans
from vvvresearch.themes._states import placed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from vvvresearch.evidence import Codings

    Ints = NDArray[np.integer[Any]]

Within = Literal["overlap", "sentence", "document"]
SEED = 2021


@dataclass(frozen=True)
class _Units:
    """What a code can stand on: units × codes (0/1), each unit's document, which units meet, and weights for Jaccard."""

    incidence: Any
    documents: Ints
    meets: Any
    lengths: NDArray[np.float64] | None
    atoms: Any


def cooccurrence(
    codings: Codings,
    *,
    within: Within = "overlap",
    codes: Sequence[str | Code] | None = None,
    coder: Coder = None,
    permutations: int = 199,
    seed: int = SEED,
) -> Result:
    """Which codes occur together more often than chance.

    Args:
        codings: coded passages, each code as it was applied (not rolled up).
        within: "overlap" (pairs of passages that share text; Jaccard in characters), "sentence" or "document".
        codes: only these codes; default all that were used.
        coder: one coder's passages only, or a rule of which coder counts.
        permutations: random permutations; the marginals of both codes in every document are kept for "overlap" and
            "sentence" (places are permuted within documents), for "document" the documents are permuted. 0 gives no p.
        seed: of the permutations.

    Returns:
        Result, one row a pair of codes that occur together at least once, most first: code_a, code_b, together, n_a, n_b,
        expected (mean of the permutations), lift (together over expected), jaccard, p, p_adjusted (Holm over the pairs).

    Raises:
        AnalysisError: an unknown code, or no text where sentences are needed.

    Example:
        >>> import vvvresearch as vvv
        >>> r = vvv.open_round("demo")
        >>> cooccurrence(r.codings, permutations=0).frame[["together", "n_a", "n_b"]].iloc[0].tolist()
        [2, 46, 17]
    """
    if not isinstance(permutations, Integral) or permutations < 0:
        raise AnalysisError(
            f"permutations is {permutations!r}", where="permutations", why="it is a number of random orders; 0 gives no test"
        )
    passages = passages_of(codings, coder)
    if codes is not None:
        passages = passages[passages["code_path"].isin(checked_codes(codings.codebook, codes))]
    passages = passages.drop_duplicates(["source", "start", "end", "code_path", "text"])
    if within != "document":
        passages = placed(passages)
    used = set(passages["code_path"])
    paths = [path for path in codings.codebook.paths if path in used]
    frame = _pairs(codings, passages, paths, within, permutations, seed) if len(paths) > 1 else pd.DataFrame(columns=_FIELDS)
    frame["lift"] = [
        together / expected if expected else float("nan") for together, expected in zip(frame["together"], frame["expected"], strict=True)
    ]
    notes: list[Phrase] = [Phrase(f"themes.cooccurrence_note_{within}"), coder_note(coder)]
    if permutations:
        where = Phrase("themes.cooccurrence_between" if within == "document" else "themes.cooccurrence_within")
        notes.append(Phrase("themes.cooccurrence_permutation", {"permutations": permutations, "where": where, "seed": str(seed)}))
    columns = (
        CodeName("code_a", Phrase("themes.code_a")),
        CodeName("code_b", Phrase("themes.code_b")),
        Column("together", Phrase("themes.together"), "count"),
        Column("jaccard", Phrase("themes.jaccard"), "number", 2),
        Column("p", Phrase("themes.p_value"), "p"),
        Column("p_adjusted", Phrase("themes.p_adjusted"), "p"),
    )
    return Result(
        frame=frame,
        base=Base(len(passages), "segment", source=codings.origin),
        title=Phrase("themes.cooccurrence_title"),
        notes=tuple(notes),
        shows=columns,
        kind=codings.kind,
        at="cooccurrence" + setting_names(coder=coder, within="" if within == "overlap" else within),
        keys=("code_a", "code_b"),
        measures=(
            Measure("together", of=""),
            *(Measure(name, "number", 2, of="") for name in ("expected", "lift", "jaccard")),
            *(Measure(name, "p", of="") for name in ("p", *(() if codes else ("p_adjusted",)))),
        ),
    )


_FIELDS = ["code_a", "code_b", "together", "n_a", "n_b", "expected", "jaccard", "p", "p_adjusted"]


def _pairs(codings: Codings, passages: pd.DataFrame, paths: list[str], within: Within, permutations: int, seed: int) -> pd.DataFrame:
    units = _units(codings, passages, paths, within)
    left = (units.incidence.T @ units.meets).tocsr() if units.meets is not None else units.incidence.T.tocsr()
    observed = np.asarray((left @ units.incidence).todense())
    first, second = np.nonzero(np.triu(observed, k=1))
    together = observed[first, second]
    n = np.asarray(units.incidence.sum(axis=0)).ravel()
    atoms = units.incidence if units.atoms is None else units.atoms
    weighted = atoms.multiply(units.lengths[:, None]).tocsr() if units.lengths is not None else atoms
    shared = np.asarray((atoms.T @ weighted).todense(), dtype=float)
    size = np.diag(shared)
    union = size[first] + size[second] - shared[first, second]
    jaccard = np.divide(shared[first, second], union, out=np.zeros(len(first)), where=union > 0)
    p, expected = _permuted(left, units, observed, first, second, permutations, seed)
    adjusted = np.array(holm(list(p))) if permutations and len(p) else p
    frame = pd.DataFrame(
        {
            "code_a": [paths[place] for place in first],
            "code_b": [paths[place] for place in second],
            "together": together.astype(int),
            "n_a": n[first].astype(int),
            "n_b": n[second].astype(int),
            "expected": expected,
            "jaccard": jaccard,
            "p": p,
            "p_adjusted": adjusted,
        }
    )
    return frame.sort_values(["together", "jaccard"], ascending=False, kind="stable").reset_index(drop=True)


def _permuted(
    left: Any, units: _Units, observed: NDArray[Any], first: Ints, second: Ints, permutations: int, seed: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """p and mean over permutations of the units of the second code; both orders are tried, since they need not be alike."""
    if not permutations:
        nothing = np.full(len(first), np.nan)
        return nothing, nothing.copy()
    generator = np.random.default_rng(seed)
    at_least = np.zeros(len(first))
    total = np.zeros(len(first))
    # Where most units hold most codes, dense matrices multiply faster.
    crowded = units.incidence.nnz > 0.02 * units.incidence.shape[0] * units.incidence.shape[1]
    incidence = units.incidence.toarray().astype(np.float32) if crowded else units.incidence
    times = left.toarray().astype(np.float32) if crowded else left
    for _ in range(permutations):
        # Sorting by document, then by a random number, permutes units within their documents only.
        order = np.lexsort((generator.random(len(units.documents)), units.documents))
        back = np.empty_like(order)
        back[np.argsort(units.documents, kind="stable")] = order
        product = times @ incidence[back]
        counts = product if crowded else product.toarray()
        drawn = counts[first, second]
        at_least += drawn >= observed[first, second]
        total += drawn
    return (at_least + 1) / (permutations + 1), total / permutations


def _units(codings: Codings, passages: pd.DataFrame, paths: list[str], within: Within) -> _Units:
    from scipy import sparse

    place = {path: number for number, path in enumerate(paths)}
    code = passages["code_path"].map(place).to_numpy(dtype=np.int64)
    documents = pd.factorize(passages["source"])[0].astype(np.int64)
    if within == "document":
        incidence = sparse.csr_matrix((np.ones(len(code), dtype=np.int64), (documents, code)), shape=(documents.max() + 1, len(paths)))
        incidence.data[:] = 1
        # One block: documents are exchanged with each other.
        return _Units(incidence, np.zeros(incidence.shape[0], dtype=np.int64), None, None, None)
    start = passages["start"].to_numpy(dtype=np.int64)
    end = passages["end"].to_numpy(dtype=np.int64)
    if within == "sentence":
        return _sentences(codings, passages, code, start, end, len(paths))
    if within == "overlap":
        return _overlaps(documents, code, start, end, len(paths))
    raise AnalysisError(f"there is no unit {within!r}", todo=did_you_mean(str(within), ["overlap", "sentence", "document"]))


def _sentences(codings: Codings, passages: pd.DataFrame, code: Ints, start: Ints, end: Ints, n_codes: int) -> _Units:
    from scipy import sparse

    rows: list[Ints] = []
    columns: list[Ints] = []
    documents: list[Ints] = []
    offset = 0
    places = passages.groupby("source", sort=False).indices
    for number, (source, chosen) in enumerate(places.items()):
        if source not in codings.texts:
            raise AnalysisError(f"the text of {source!r} is not here", why="sentences need the text", todo='use within="overlap"')
        spans = np.array(sentence_spans(codings.texts[str(source)]), dtype=np.int64).reshape(-1, 2)
        first = np.searchsorted(spans[:, 1], start[chosen], side="right")
        last = np.searchsorted(spans[:, 0], end[chosen], side="left")
        lengths = np.maximum(last - first, 0)
        steps = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        rows.append(offset + np.repeat(first, lengths) + steps)
        columns.append(np.repeat(code[chosen], lengths))
        documents.append(np.full(len(spans), number))
        offset += len(spans)
    row, column = np.concatenate(rows), np.concatenate(columns)
    incidence = sparse.csr_matrix((np.ones(len(row), dtype=np.int64), (row, column)), shape=(offset, n_codes))
    incidence.data[:] = 1
    return _Units(incidence, np.concatenate(documents), None, None, None)


def _overlaps(documents: Ints, code: Ints, start: Ints, end: Ints, n_codes: int) -> _Units:
    from scipy import sparse

    spans = pd.DataFrame({"document": documents, "start": start, "end": end, "code": code})
    spans = spans.sort_values(["document", "start", "end"], kind="stable")
    keys = spans[["document", "start", "end"]].drop_duplicates()
    number = spans.groupby(["document", "start", "end"], sort=False).ngroup().to_numpy()
    ones = np.ones(len(spans), dtype=np.int64)
    incidence = sparse.csr_matrix((ones, (number, spans["code"].to_numpy())), shape=(len(keys), n_codes))
    where, begins, stops = (keys[name].to_numpy() for name in ("document", "start", "end"))
    meets = _meeting(where, begins, stops)
    # Elementary stretches between neighbouring borders carry the character counts for Jaccard.
    stretch_rows, stretch_columns, lengths = [], [], []
    offset = 0
    span_start, span_end, span_code = (spans[name].to_numpy() for name in ("start", "end", "code"))
    edges = np.flatnonzero(np.diff(spans["document"].to_numpy())) + 1
    for own in np.split(np.arange(len(spans)), edges):
        borders = np.unique(np.concatenate([span_start[own], span_end[own]]))
        first = np.searchsorted(borders, span_start[own])
        last = np.searchsorted(borders, span_end[own])
        size = last - first
        steps = np.arange(size.sum()) - np.repeat(np.cumsum(size) - size, size)
        stretch_rows.append(offset + np.repeat(first, size) + steps)
        stretch_columns.append(np.repeat(span_code[own], size))
        lengths.append(np.diff(borders))
        offset += max(len(borders) - 1, 0)
    row, column = np.concatenate(stretch_rows), np.concatenate(stretch_columns)
    atoms = sparse.csr_matrix((np.ones(len(row), dtype=np.int64), (row, column)), shape=(offset, n_codes))
    if atoms.nnz:
        atoms.data[:] = 1
    return _Units(incidence, where, meets, np.concatenate(lengths).astype(float), atoms)


def _meeting(documents: Ints, start: Ints, end: Ints) -> Any:
    """Which distinct passages share text (a passage meets itself); passages are sorted by document and start."""
    from scipy import sparse

    big = int(end.max()) + 1 if len(end) else 1
    begins, stops = documents * big + start, documents * big + end
    # Passage i meets the following ones that start before it ends; a passage without length meets only itself.
    last = np.maximum(np.searchsorted(begins, stops, side="left"), np.arange(len(begins)) + 1)
    size = last - np.arange(len(begins)) - 1
    rows = np.repeat(np.arange(len(begins)), size)
    columns = rows + 1 + np.arange(size.sum()) - np.repeat(np.cumsum(size) - size, size)
    kept = stops[columns] > begins[columns]
    rows, columns = rows[kept], columns[kept]
    upper = sparse.csr_matrix((np.ones(len(rows), dtype=np.int64), (rows, columns)), shape=(len(begins), len(begins)))
    return (upper + upper.T + sparse.identity(len(begins), dtype=np.int64, format="csr")).tocsr()
