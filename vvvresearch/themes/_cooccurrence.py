"""Codes that occur together: shared text, same sentences, same documents; with exact tests of whether more than chance."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.locales import Phrase
from vvvresearch.results import Base, Column, Measure, Result, recorded
from vvvresearch.statistics.cooccurrence import PairTests, documents_together, passages_together, text_shared
from vvvresearch.statistics.multiplicity import holm
from vvvresearch.themes._coders import Coder, coder_note, passages_of, setting_names
from vvvresearch.themes._codes import Code, CodeName, checked_codes
from vvvresearch.themes._states import placed
from vvvresearch.themes.language import sentence_spans

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from vvvresearch.evidence import Codings

    Ints = NDArray[np.integer[Any]]

Within = Literal["overlap", "sentence", "document"]
WITHIN = ("overlap", "sentence", "document")
# Pairs by document that fit in memory.
_PAIRS = 1e6
_FIELDS = ("code_a", "code_b", "together", "n_a", "n_b", "expected", "lift", "jaccard", "p", "p_adjusted")


@recorded
def cooccurrence(codings: Codings, *, within: Within = "overlap", codes: Sequence[str | Code] | None = None, coder: Coder = None) -> Result:
    """Which codes occur together more often than chance.

    Chance means: within each document one code's passages lie anywhere else in the same order ("overlap", "sentence"), or the
    documents of one code are any others ("document", Fisher). All three distributions are counted out, so p is exact, or proven to
    be off by less than .0001 where very many documents hold both codes (see `statistics.passages_together`).

    Args:
        codings: coded passages, each code as it was applied (not rolled up).
        within: "overlap" (characters that both codes cover), "sentence" (sentences that both touch) or "document".
        codes: only these codes; default all that were used.
        coder: one coder's passages only, or a rule of which coder counts.

    Returns:
        Result, one row a pair of codes that occur together at least once, most first: code_a, code_b, together (characters, sentences
        or documents with both), n_a, n_b (with each), expected (mean by chance), lift (together over expected), jaccard (together
        over either), p, p_adjusted (Holm over all pairs that could occur together, not only those shown). Without texts "overlap"
        has no test, since nobody knows how long the documents are; with very many pairs of codes (1,000,000 by document) there is none.

    Raises:
        AnalysisError: an unknown code or unit, or no text where sentences are needed.

    Example:
        >>> import vvvresearch as vvv
        >>> r = vvv.open_round("demo")
        >>> r.cooccurrence(within="document").frame[["together", "n_a", "n_b"]].iloc[0].tolist()
        [26, 30, 42]
    """
    if within not in WITHIN:
        raise AnalysisError(f"there is no unit {within!r}", todo=did_you_mean(str(within), WITHIN))
    passages = passages_of(codings, coder)
    if codes is not None:
        chosen = checked_codes(codings.codebook, codes)
        _require_applied(chosen, set(passages["code_path"]))
        passages = passages[passages["code_path"].isin(chosen)]
    passages = passages.drop_duplicates(["source", "start", "end", "code_path", "text"])
    if within != "document":
        passages = placed(passages)
    used = set(passages["code_path"])
    paths = [path for path in codings.codebook.paths if path in used]
    found = _counted(codings, passages, paths, within) if len(paths) > 1 else pd.DataFrame(columns=list(_FIELDS))
    tested = bool(found["p"].notna().any())
    notes: list[Phrase] = [Phrase(f"themes.cooccurrence_note_{within}"), coder_note(coder)]
    chance = "untested" if not tested else "between" if within == "document" else "within"
    notes.append(Phrase(f"themes.cooccurrence_{chance}"))
    if found.empty and len(paths) > 1:
        notes.append(Phrase("themes.cooccurrence_none", {"n": len(paths)}))
    numbers = (*(("expected", "lift") if tested else ()), "jaccard")
    chances = ("p", "p_adjusted") if tested else ()
    # The family of the tests depends on which codes are looked at.
    addressed = ("p",) if tested and codes is None else ()
    return Result(
        frame=found,
        base=Base(len(passages), "segment", source=codings.origin),
        title=Phrase("themes.cooccurrence_title"),
        notes=tuple(notes),
        shows=(
            CodeName("code_a", Phrase("themes.code_a")),
            CodeName("code_b", Phrase("themes.code_b")),
            Column("together", Phrase(f"themes.together_{within}"), "count"),
            *(Column(name, Phrase(f"themes.{name}"), "number", 2) for name in numbers),
            *(Column(name, Phrase(f"themes.{name}" if name == "p_adjusted" else "themes.p_value"), "p") for name in chances),
        ),
        kind=codings.kind,
        at="cooccurrence" + setting_names(coder=coder, within="" if within == "overlap" else within),
        keys=("code_a", "code_b"),
        measures=(
            Measure("together", of=""),
            *(Measure(name, "number", 2, of="") for name in numbers),
            *(Measure(name, "p", of="") for name in addressed),
        ),
    )


def _require_applied(chosen: Collection[str], used: set[str]) -> None:
    """A heading of the codebook that no passage has itself cannot occur together with anything; what stands below it can."""
    for path in chosen:
        below = sorted(one for one in used if one.startswith(f"{path} > "))
        if path not in used and below:
            others = [one for one in chosen if one != path]
            todo = f"name the codes below it: codes={[*below[:4], *others]!r}"
            raise AnalysisError(f"no passage has the code {path!r} itself", where="codes", todo=todo)


def _counted(codings: Codings, passages: pd.DataFrame, paths: list[str], within: Within) -> pd.DataFrame:
    number = {path: place for place, path in enumerate(paths)}
    code = passages["code_path"].map(number).to_numpy(dtype=np.int64)
    documents, sources = pd.factorize(passages["source"])
    if within == "document":
        presence = np.zeros((len(sources), len(paths)), dtype=bool)
        presence[documents, code] = True
        return _rows(presence.astype(np.int64).T @ presence, paths, documents_together(presence))
    start, end = (passages[name].to_numpy(dtype=np.int64) for name in ("start", "end"))
    lengths = [len(codings.texts[source]) if source in codings.texts else -1 for source in sources]
    if within == "sentence":
        if -1 in lengths:
            source = sources[lengths.index(-1)]
            raise AnalysisError(f"the text of {source!r} is not here", why="sentences need the text", todo='use within="overlap"')
        start, end, lengths = _in_sentences(codings, documents, sources, start, end)
    full = end > start
    spans = (documents[full], code[full], start[full], end[full])
    shared = text_shared(*spans, len(paths))
    present = pd.Series(code).groupby(documents).nunique().reindex(range(len(sources)), fill_value=0).to_numpy()
    if -1 in lengths or float((present * (present - 1) / 2).sum()) > _PAIRS:
        return _rows(shared, paths)
    return _rows(shared, paths, passages_together(*spans, np.array(lengths), len(paths)))


def _in_sentences(codings: Codings, documents: Ints, sources: pd.Index[Any], start: Ints, end: Ints) -> tuple[Ints, Ints, list[int]]:
    """Passages in numbers of sentences: those that they touch."""
    first, last, lengths = np.zeros_like(start), np.zeros_like(end), []
    for number, source in enumerate(sources):
        spans = np.array(sentence_spans(codings.texts[str(source)]), dtype=np.int64).reshape(-1, 2)
        own = documents == number
        first[own] = np.searchsorted(spans[:, 1], start[own], side="right")
        last[own] = np.searchsorted(spans[:, 0], end[own], side="left")
        lengths.append(len(spans))
    return first, np.maximum(first, last), lengths


def _rows(shared: Ints, paths: list[str], tests: PairTests | None = None) -> pd.DataFrame:
    first, second = np.triu_indices(len(paths), k=1)
    together, sizes = shared[first, second], np.diag(shared)
    chance = dict.fromkeys(("expected", "lift", "p", "p_adjusted"), np.full(len(first), np.nan))
    if tests is not None:
        adjusted = np.full(len(first), np.nan)
        adjusted[tests.testable] = holm(list(tests.p_value[tests.testable]))
        lift = np.divide(together, tests.expected, out=np.full(len(first), np.nan), where=tests.expected > 0)
        chance = {"expected": tests.expected, "lift": lift, "p": tests.p_value, "p_adjusted": adjusted}
    frame = pd.DataFrame(
        {
            "code_a": [paths[place] for place in first],
            "code_b": [paths[place] for place in second],
            "together": together,
            "n_a": sizes[first],
            "n_b": sizes[second],
            "jaccard": together / np.maximum(sizes[first] + sizes[second] - together, 1),
            **chance,
        },
        columns=list(_FIELDS),
    )
    return frame[together > 0].sort_values(["together", "jaccard"], ascending=False, kind="stable").reset_index(drop=True)
