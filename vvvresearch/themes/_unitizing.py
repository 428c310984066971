"""Two coders of the same texts: where their passages begin and end, and where they disagree, passage by passage."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from vvvresearch.evidence import SEPARATOR
from vvvresearch.locales import Phrase
from vvvresearch.results import Base, Column, Labels, Measure, Result, Total
from vvvresearch.statistics.unitizing import unitizing
from vvvresearch.themes._coders import setting_names
from vvvresearch.themes._codes import CodeName
from vvvresearch.themes._double_coding import POOLED, doubly_coded, not_double, textless_note, with_text
from vvvresearch.themes._states import placed, quotable_sources

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from vvvresearch.evidence import Codings, Interviews


def unitizing_agreement(codings: Codings, *, level: int = 1, coders: Sequence[str] | None = None) -> Result:
    """Krippendorff's unitizing alpha of the coders' free spans, by theme and for all together.

    It compares one value at each place, while passages may overlap: where two of one coder meet, the one that began first keeps
    its place.

    Args:
        codings: coded passages of two or more coders, with their texts.
        level: level of the codebook whose themes are the values.
        coders: which coders; default all.

    Returns:
        Result; .frame: unit ("unitizing"), code_path ("pooled" first), u, binary, cu, coverage (of a theme). Absent where no document
        was coded by all, or no text is there; documents without their text are left out, and the note says how many.

    Raises:
        AnalysisError: as `double_coding`.

    Example:
        >>> import vvvresearch as vvv
        >>> r = vvv.open_round("demo")
        >>> round(r.unitizing_agreement().cell("u", unit="unitizing", code_path="pooled").value, 2)
        0.91
    """
    _, places, documents = doubly_coded(codings, coders)
    title = Phrase("agreement.unitizing_title")
    if not documents:
        return not_double(title)
    frame, documents, without_text = with_text(codings, codings.frame.take(places), documents)
    if not documents:
        return Result.missing(Phrase("absent.texts"), title=title)
    spans = _spans(placed(frame), level)
    found = unitizing(spans, {source: len(codings.texts[source]) for source in documents}, None)
    rows = [(POOLED, found.u, found.binary, found.cu, float("nan"))]
    rows += [(value, float("nan"), float("nan"), cu, coverage) for value, (cu, coverage) in found.per_value.items()]
    table = pd.DataFrame(rows, columns=["code_path", "u", "binary", "cu", "coverage"])
    table.insert(0, "unit", "unitizing")
    names = ("u", "binary", "cu")
    return Result(
        frame=table,
        base=Base(len(spans), "segment", source=codings.origin),
        title=title,
        notes=(
            Phrase("agreement.unitizing_note", {"length": found.length, "coders": len(found.coders)}),
            *textless_note(without_text),
        ),
        shows=(
            CodeName("code_path", Phrase("themes.theme")),
            *(Column(name, Phrase(f"agreement.unitizing_{name}"), "coefficient", 3) for name in names),
        ),
        kind=codings.kind,
        at="agreement" + setting_names(coders="-".join(coders or ()), level="" if level == 1 else str(level)),
        keys=("unit", "code_path"),
        measures=tuple(Measure(name, "number", 2, of="") for name in (*names, "coverage")),
        labels={"code_path": Labels({POOLED: Phrase("themes.pooled")})},
    )


def _spans(frame: pd.DataFrame, level: int) -> pd.DataFrame:
    """Each coder's passages as spans that do not overlap, under the themes of a level."""
    rows = []
    ordered = frame.sort_values(["source", "coder", "start", "end"], kind="stable")
    for (source, coder), own in ordered.groupby(["source", "coder"], sort=False):
        reached = 0
        for start, end, path in zip(own["start"], own["end"], own["code_path"], strict=True):
            begin = max(int(start), reached)
            if begin < int(end):
                rows.append((source, coder, begin, int(end), SEPARATOR.join(str(path).split(SEPARATOR)[:level])))
                reached = int(end)
    return pd.DataFrame(rows, columns=["source", "coder", "start", "end", "value"])


_DISAGREEMENT = ["source", "code_path", "coder", "missing_with", "start", "end", "text"]


def disagreements(codings: Codings, interviews: Interviews, *, coders: Sequence[str] | None = None) -> Result:
    """Every passage where one coder has a code that another has on no part of it.

    Passages of people who have not consented to being quoted are counted and shown without their text.

    Args:
        codings: coded passages of two or more coders.
        interviews: the register, for consent.
        coders: which coders; default all.

    Returns:
        Result; .frame: source, code_path, coder, missing_with, start, end, text. Absent where no document was coded by all.

    Raises:
        AnalysisError: as `double_coding`.

    Example:
        >>> import vvvresearch as vvv
        >>> r = vvv.open_round("demo")
        >>> sorted(set(r.disagreements().frame["coder"]))
        ['coder-a', 'coder-b']
    """
    chosen, places, documents = doubly_coded(codings, coders)
    title = Phrase("themes.disagreements_title")
    if not documents:
        return not_double(title)
    found = _disagreements(codings, places, chosen)
    found["text"] = found["text"].where(found["source"].isin(quotable_sources(interviews)), "")
    base = Base(len(documents), "source", source=codings.origin)
    return Result(
        frame=found,
        base=Base(len(found), "segment", source=codings.origin),
        title=title,
        notes=(Phrase("themes.disagreements_note"), Phrase("themes.disagreements_consent_note")),
        shows=(
            Column("source", Phrase("language.source")),
            CodeName("code_path", Phrase("themes.theme")),
            Column("coder", Phrase("themes.coded_by")),
            Column("missing_with", Phrase("themes.not_coded_by")),
            Column("text", Phrase("themes.passage")),
        ),
        kind=codings.kind,
        at="agreement" + setting_names(coders="-".join(coders or ())),
        totals={"disagreements": Total(len(found), base)},
        tree="code_path",
        team=True,
    )


def _disagreements(codings: Codings, places: NDArray[np.intp], coders: list[str]) -> pd.DataFrame:
    """Passages of one coder that no passage of another coder under the same code overlaps."""
    has_place = (codings.frame["start"].notna() & codings.frame["end"].notna()).to_numpy(dtype=bool)
    places = places[has_place[places]]
    if not len(places):
        return pd.DataFrame(columns=_DISAGREEMENT)
    (source, sources), (code, codes), (coder, coded_by) = (
        (numbers[places], names) for numbers, names in (codings.numbered[name] for name in ("source", "code_path", "coder"))
    )
    start, end = (codings.frame[name].take(places).to_numpy(dtype=np.int64) for name in ("start", "end"))
    # Source and code become one long line of text, so that one sorted pass finds every overlap.
    offset = (source.astype(np.int64) * len(codes) + code) * (int(end.max()) + 1)
    first, last = offset + start, offset + end
    rows_of = {name: np.flatnonzero(coder == number) for number, name in enumerate(coded_by) if name in coders}
    in_order = {name: rows[np.argsort(first[rows], kind="stable")] for name, rows in rows_of.items()}
    alone: list[NDArray[np.int64]] = []
    missing: list[str] = []
    for name, other in permutations(coders, 2):
        own, theirs = rows_of[name], in_order[other]
        begun_before_the_end = np.searchsorted(first[theirs], last[own], side="left")
        reach = np.concatenate([[-1], np.maximum.accumulate(last[theirs])]) if len(theirs) else np.array([-1])
        alone.append(own[reach[begun_before_the_end] <= first[own]])
        missing += [other] * len(alone[-1])
    rows = np.concatenate(alone)
    by_name = [np.argsort(np.argsort(np.asarray(names, dtype=str)))[of] for names, of in ((sources, source), (codes, code))]
    order = np.lexsort((by_name[1][rows], start[rows], by_name[0][rows]))
    names = [name for name in _DISAGREEMENT if name != "missing_with"]
    found = codings.frame[names].take(places[rows[order]]).assign(missing_with=np.array(missing, dtype=object)[order])
    return found[_DISAGREEMENT].reset_index(drop=True)
