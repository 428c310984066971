"""Agreement of two coders on where passages begin and end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from vvvresearch.evidence import SEPARATOR
from vvvresearch.locales import Phrase
from vvvresearch.results import Base, Column, Labels, Measure, Result
from vvvresearch.statistics.unitizing import unitizing
from vvvresearch.themes._coders import setting_names
from vvvresearch.themes._codes import CodeName
from vvvresearch.themes._double_coding import POOLED, doubly_coded, not_double, textless_note, with_text
from vvvresearch.themes._states import placed

if TYPE_CHECKING:
    from vvvresearch.evidence import Codings


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
