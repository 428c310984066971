"""Case × code matrices: presence, counts, share of text; and the framework matrix with the passages themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.locales import Lang, Phrase
from vvvresearch.results import Base, Column, Result
from vvvresearch.themes._states import CONTRADICTED, lineage, passages_of, placed, stance_of, transcribed

if TYPE_CHECKING:
    from vvvresearch.evidence import Codings, Interviews

Measure = Literal["presence", "count", "share"]


def case_matrix(
    codings: Codings,
    interviews: Interviews,
    *,
    cases: str = "interview",
    value: Measure = "presence",
    codes: list[str] | None = None,
    coder: str | None = None,
    wave: str | None = None,
    lang: Lang = "da",
) -> Result:
    """One row a case, one column a code.

    Args:
        codings: coded passages; a code counts for the codes above it.
        interviews: the register.
        cases: the register's column that makes a case: "interview", "pair", "respondent_group", "municipality" …; rows
            where it is empty are left out.
        value: "presence" (0/1), "count" (passages) or "share" (characters under the code over characters of the case).
        codes: which codes, in order; default all.
        coder, wave: as `theme_table`.
        lang: "da" or "en".

    Returns:
        Result; .frame: `case`, then one column a code path.

    Example:
        >>> import vvvresearch as vvv
        >>> r = vvv.open_round("demo")
        >>> case_matrix(r.codings, r.interviews, cases="pair", codes=["Udbytte > Dansk"], wave="1").frame.shape
        (12, 2)
    """
    register, chosen = _cases(interviews, cases, wave), _codes(codings, codes)
    passages = passages_of(codings, coder).merge(register[["source", "case"]], on="source")
    rolled = passages.assign(code_path=passages["code_path"].map(lineage)).explode("code_path")
    rolled = rolled[rolled["code_path"].isin(chosen)]
    order = list(dict.fromkeys(register["case"]))
    if value == "share":
        matrix = _shares(rolled, register, codings.texts, order, chosen)
    else:
        once = rolled.drop_duplicates(["source", "start", "end", "code_path", "text"])
        matrix = pd.crosstab(once["case"], once["code_path"]).reindex(index=order, columns=chosen, fill_value=0)
        if value == "presence":
            matrix = (matrix > 0).astype(int)
    matrix.columns.name = None
    names = dict(zip(codings.codebook.frame["code_path"], codings.codebook.frame["name"], strict=True))
    form = ("percent", 0) if value == "share" else ("count", 0)
    shown = matrix * 100 if value == "share" else matrix
    return Result(
        frame=shown.rename_axis("case").reset_index(),
        base=Base(len(order), "case", wave=wave or "", source=codings.origin),
        title=Phrase("themes.matrix_title"),
        notes=(Phrase(f"themes.matrix_{value}_note"),),
        shows=(Column("case", Phrase("themes.case")), *(Column(path, names[path], form[0], form[1]) for path in chosen)),  # type: ignore[arg-type]
        kind=codings.kind,
        lang=lang,
    )


def framework_matrix(
    codings: Codings,
    interviews: Interviews,
    codes: list[str],
    *,
    cases: str = "pair",
    coder: str | None = None,
    wave: str | None = None,
    quotable_only: bool = False,
    lang: Lang = "da",
) -> Result:
    """One row a case, one column a theme, each cell the passages themselves.

    Args:
        codings, interviews, cases, coder, wave, lang: as `case_matrix`.
        codes: the themes, in order; passages of codes below them are gathered.
        quotable_only: leave out the passages of people who did not consent to being quoted: for anything that leaves the team.

    Returns:
        Result; .frame: `case`, then one column a theme; a cell holds lines "+ passage (interview)" or "− passage (interview)".

    Example:
        >>> import vvvresearch as vvv
        >>> r = vvv.open_round("demo")
        >>> list(framework_matrix(r.codings, r.interviews, ["Udbytte > Dansk"]).frame.columns)
        ['case', 'Udbytte > Dansk']
    """
    register, chosen = _cases(interviews, cases, wave), _codes(codings, codes)
    if quotable_only:
        register = register[register["consent_quote"].fillna(False).astype(bool)]
    passages = passages_of(codings, coder).merge(register[["source", "case", "interview"]], on="source")
    passages = passages.assign(sign=np.where(stance_of(passages) == CONTRADICTED, "\N{MINUS SIGN}", "+"))
    passages = passages.sort_values(["case", "interview", "start"])
    rows = []
    for case in dict.fromkeys(register["case"]):
        own = passages[passages["case"] == case]
        row = {"case": case}
        for theme in chosen:
            hits = own[own["code_path"].map(lambda path, theme=theme: theme in lineage(path))]
            distinct = hits.drop_duplicates(["interview", "start", "end", "text"])
            row[theme] = "\n".join(f"{hit.sign} {hit.text} ({hit.interview})" for hit in distinct.itertuples())
        rows.append(row)
    names = dict(zip(codings.codebook.frame["code_path"], codings.codebook.frame["name"], strict=True))
    notes = [Phrase("themes.framework_note")]
    if quotable_only:
        notes.append(Phrase("themes.framework_consent_note"))
    return Result(
        frame=pd.DataFrame(rows, columns=["case", *chosen]),
        base=Base(len(rows), "case", wave=wave or "", source=codings.origin),
        title=Phrase("themes.framework_title"),
        notes=tuple(notes),
        shows=(Column("case", Phrase("themes.case")), *(Column(path, names[path]) for path in chosen)),
        kind=codings.kind,
        lang=lang,
    )


def _cases(interviews: Interviews, cases: str, wave: str | None) -> pd.DataFrame:
    register = transcribed(interviews, wave)
    if cases not in register.columns:
        raise AnalysisError(f"the register has no column {cases!r}", todo=did_you_mean(cases, register.columns))
    register = register.assign(case=register[cases].fillna("").astype(str))
    return register[register["case"] != ""]


def _codes(codings: Codings, codes: list[str] | None) -> list[str]:
    known = codings.codebook.paths
    unknown = [path for path in codes or [] if path not in known]
    if unknown:
        raise AnalysisError(f"the codebook has no code {unknown[0]!r}", todo=did_you_mean(unknown[0], known))
    return list(codes) if codes is not None else known


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
