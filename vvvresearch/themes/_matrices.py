"""Case × code matrices: presence, counts, share of text; and the framework matrix with the passages themselves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from vvvresearch.errors import AnalysisError
from vvvresearch.evidence import column_named
from vvvresearch.locales import Phrase
from vvvresearch.results import Base, Column, Result, recorded
from vvvresearch.themes._coders import Coder, coder_note, passages_of
from vvvresearch.themes._codes import Code, checked_codes
from vvvresearch.themes._states import AFFIRMED, CONTRADICTED, lineage, placed, quotable_sources, stance_of, transcribed

if TYPE_CHECKING:
    from vvvresearch.evidence import Codings, Interviews

Value = Literal["presence", "count", "share"]


@recorded
def case_matrix(
    codings: Codings,
    interviews: Interviews,
    *,
    cases: str = "interview",
    value: Value = "presence",
    codes: Sequence[str | Code] | None = None,
    depth: int | None = None,
    coder: Coder = None,
    wave: str | None = None,
) -> Result:
    """One row a case, one column a code.

    Args:
        codings: coded passages; a code counts for the codes above it.
        interviews: the register.
        cases: the register's column that makes a case: "interview", "person", "pair", "respondent_group", "municipality" …; rows
            where it is empty are left out.
        value: "presence" (0/1), "count" (passages) or "share" (characters under the code over characters of the case, in percent).
        codes: which codes, in order; default all.
        depth: only codes of the first levels of the tree.
        coder, wave: as `theme_table`.

    Returns:
        Result; .frame: `case`, then one column a code path. Absent where no interview belongs to such a case.

    Raises:
        AnalysisError: no such column or code, or no text where a share needs it.

    Example:
        >>> import vvvresearch as vvv
        >>> r = vvv.open_round("demo")
        >>> r.case_matrix(cases="pair", codes=["Udbytte > Dansk"], wave="1").frame.shape
        (12, 2)
    """
    register = _cases(interviews, cases, wave)
    if register.empty:
        return Result.missing(Phrase("absent.cases"), title=Phrase("themes.matrix_title"))
    chosen = [path for path in checked_codes(codings.codebook, codes) if depth is None or codings.codebook.level(path) <= depth]
    passages = passages_of(codings, coder, register).merge(register[["source", "case"]], on="source")
    rolled = passages.assign(code_path=passages["code_path"].map(lineage)).explode("code_path")
    rolled = rolled[rolled["code_path"].isin(chosen)]
    order = list(dict.fromkeys(register["case"]))
    if value == "share":
        matrix = 100 * _shares(rolled, register, codings.texts, order, chosen)
    else:
        once = rolled.drop_duplicates(["source", "start", "end", "code_path", "text"])
        matrix = pd.crosstab(once["case"], once["code_path"]).reindex(index=order, columns=chosen, fill_value=0)
        if value == "presence":
            matrix = (matrix > 0).astype(int)
    matrix.columns.name = None
    return Result(
        frame=matrix.rename_axis("case").reset_index(),
        base=Base(len(order), "case", wave=wave or "", source=codings.origin),
        title=Phrase("themes.matrix_title"),
        notes=(Phrase(f"themes.matrix_{value}_note"), coder_note(coder)),
        shows=(Column("case", Phrase("themes.case")), *_code_columns(codings, chosen, "percent" if value == "share" else "count")),
        kind=codings.kind,
    )


@recorded
def framework_matrix(
    codings: Codings,
    interviews: Interviews,
    codes: Sequence[str | Code] | None = None,
    *,
    commonest: int = 2,
    cases: str = "pair",
    coder: Coder = None,
    wave: str | None = None,
    quotable_only: bool = True,
) -> Result:
    """One row a case, one column a theme, each cell the passages themselves; for the team alone, since it tells the story of each case.

    Args:
        codings, interviews, cases, coder, wave: as `case_matrix`.
        codes: the themes, in order; passages of codes below them are gathered. Default the themes of the second level that most
            cases affirm.
        commonest: how many of those.
        quotable_only: only the passages of people who consented to being quoted. False is for the team alone.

    Returns:
        Result; .frame: `case`, one column a theme (a cell holds lines "+ passage (interview)" or "− passage (interview)"),
        `complete` (whether there is a passage under every theme) and `passages` (how many there are). Absent where no interview
        belongs to such a case.

    Raises:
        AnalysisError: no such column or code.

    Example:
        >>> import vvvresearch as vvv
        >>> r = vvv.open_round("demo")
        >>> list(r.framework_matrix(["Udbytte > Dansk"]).frame.columns)
        ['case', 'Udbytte > Dansk', 'complete', 'passages']
    """
    register = _cases(interviews, cases, wave)
    if register.empty:
        return Result.missing(Phrase("absent.cases"), title=Phrase("themes.framework_title"))
    passages = passages_of(codings, coder, register).merge(register[["source", "case", "interview"]], on="source")
    chosen = _commonest(codings, passages, commonest) if codes is None else checked_codes(codings.codebook, codes)
    if quotable_only:
        passages = passages[passages["source"].isin(quotable_sources(interviews))]
    passages = passages.assign(sign=np.where(stance_of(passages) == CONTRADICTED, "\N{MINUS SIGN}", "+"))
    passages = passages.sort_values(["case", "interview", "start"])
    rows = []
    for case in dict.fromkeys(register["case"]):
        own = passages[passages["case"] == case]
        row: dict[str, object] = {"case": case}
        for theme in chosen:
            hits = own[own["code_path"].map(lambda path, theme=theme: theme in lineage(path))]
            distinct = hits.drop_duplicates(["interview", "start", "end", "text"])
            row[theme] = "\n".join(f"{hit.sign} {hit.text} ({hit.interview})" for hit in distinct.itertuples())
        rows.append(
            row
            | {
                "complete": all(row[theme] for theme in chosen),
                "passages": sum(str(row[theme]).count("\n") + 1 for theme in chosen if row[theme]),
            }
        )
    frame = pd.DataFrame(rows, columns=["case", *chosen, "complete", "passages"])
    notes = [Phrase("themes.framework_note"), coder_note(coder)]
    if quotable_only:
        notes.append(Phrase("themes.framework_consent_note"))
    return Result(
        frame=frame,
        base=Base(len(rows), "case", wave=wave or "", source=codings.origin),
        title=Phrase("themes.framework_title"),
        notes=tuple(notes),
        shows=(Column("case", Phrase("themes.case")), *_code_columns(codings, chosen, "text")),
        kind=codings.kind,
        team=True,
    )


def _cases(interviews: Interviews, cases: str, wave: str | None) -> pd.DataFrame:
    register = transcribed(interviews, wave)
    column = column_named(cases, register, where="cases")
    register = register.assign(case=register[column].fillna("").astype(str))
    return register[register["case"] != ""]


def _code_columns(codings: Codings, paths: list[str], form: Literal["text", "count", "percent"]) -> tuple[Column, ...]:
    names = dict(zip(codings.codebook.frame["code_path"], codings.codebook.frame["name"], strict=True))
    return tuple(Column(path, names[path], form) for path in paths)


def _commonest(codings: Codings, passages: pd.DataFrame, count: int) -> list[str]:
    affirmed = passages[stance_of(passages) == AFFIRMED]
    rolled = affirmed.assign(code_path=affirmed["code_path"].map(lineage)).explode("code_path")
    cases = rolled.groupby("code_path")["case"].nunique()
    book = codings.codebook
    level = min(2, max(map(book.level, book.paths)))
    second = [path for path in book.paths if book.level(path) == level]
    return list(cases.reindex(second, fill_value=0).sort_values(ascending=False, kind="stable").index[:count])


def _shares(rolled: pd.DataFrame, register: pd.DataFrame, texts: dict[str, str], order: list[str], chosen: list[str]) -> pd.DataFrame:
    missing = [source for source in register["source"] if source not in texts]
    if missing:
        raise AnalysisError(f"the text of {missing[0]!r} is not here", why="a share of text needs the text", todo='use value="count"')
    lengths = register.assign(length=[len(texts[source]) for source in register["source"]]).groupby("case")["length"].sum()
    shares = pd.DataFrame(0.0, index=order, columns=chosen)
    for key, group in placed(rolled).groupby(["case", "code_path"], sort=False):
        case, path = map(str, key)
        covered = sum(covered_length(list(zip(own["start"], own["end"], strict=True))) for _, own in group.groupby("source", sort=False))
        shares.loc[case, path] = covered / lengths[case] if lengths[case] else 0.0
    return shares


def covered_length(spans: list[tuple[int, int]]) -> int:
    """How many characters a list of spans covers, overlaps counted once.

    Example:
        >>> covered_length([(0, 5), (3, 8), (10, 11)])
        9
    """
    total, reached = 0, 0
    for start, end in sorted(spans):
        total += max(0, end - max(start, reached))
        reached = max(reached, end)
    return total
