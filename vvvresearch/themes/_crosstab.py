"""Themes by an attribute of the interviewee, with exact tests in one declared family."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.locales import Lang, Phrase, has_words
from vvvresearch.results import Base, Column, Result
from vvvresearch.statistics.exact_tests import fisher
from vvvresearch.statistics.multiplicity import holm
from vvvresearch.themes._states import NOT_ASKED, interview_states, transcribed

if TYPE_CHECKING:
    from vvvresearch.evidence import Codings, Interviews


def crosstab(
    codings: Codings,
    interviews: Interviews,
    attribute: str,
    *,
    codes: list[str] | None = None,
    guide: pd.DataFrame | None = None,
    coder: str | None = None,
    wave: str | None = None,
    lang: Lang = "da",
) -> Result:
    """How many interviews of each value of an attribute affirm a theme, each value tested against all others.

    Args:
        codings, interviews, guide, coder, wave: as `theme_table`.
        attribute: a column of the register, e.g. "mode", "interpreter", "arrival_group", "sex"; an empty value is one of its own.
        codes: the themes; default all.
        lang: "da" or "en".

    Returns:
        Result; .frame: code_path, value, affirmed, asked, share, p (Fisher's exact test against the other interviews), p_adjusted
        (Holm over the table). A value that is everybody has no p.

    Example:
        >>> import vvvresearch as vvv
        >>> r = vvv.open_round("demo")
        >>> crosstab(r.codings, r.interviews, "sex", codes=["Udbytte > Dansk"]).frame[["value", "affirmed", "asked"]].values.tolist()
        [['female', 15, 32], ['male', 10, 26]]
    """
    register = transcribed(interviews, wave)
    if attribute not in register.columns:
        raise AnalysisError(f"the register has no column {attribute!r}", todo=did_you_mean(attribute, register.columns))
    states = interview_states(codings, interviews, guide=guide, coder=coder, wave=wave)
    values = register.set_index("interview")[attribute].map(attribute_value)
    states = states.assign(value=states["interview"].map(values))
    states = states[states["state"] != NOT_ASKED]
    if codes is not None:
        states = states[states["code_path"].isin(codes)]
    rows = []
    for path, own in states.groupby("code_path", sort=False):
        total, hits = len(own), int(own["affirmed"].sum())
        for value, part in own.groupby("value", sort=True):
            affirmed, asked = int(part["affirmed"].sum()), len(part)
            rest = (hits - affirmed, total - asked)
            p = fisher([[affirmed, asked - affirmed], [rest[0], rest[1] - rest[0]]]).p_value if rest[1] else float("nan")
            rows.append((path, value, affirmed, asked, 100 * affirmed / asked, p))
    frame = pd.DataFrame(rows, columns=["code_path", "value", "affirmed", "asked", "share", "p"])
    frame["p_adjusted"] = holm(list(frame["p"]))
    return Result(
        frame=frame,
        base=Base(len(register), "interview", wave=wave or "", source=codings.origin),
        title=Phrase("themes.crosstab_title", {"attribute": _attribute_name(attribute)}),
        notes=(Phrase("themes.crosstab_note"),),
        shows=(
            Column("code_path", Phrase("themes.theme")),
            Column("value", Phrase("sample.value"), words="attributes"),
            Column("affirmed", Phrase("themes.affirmed"), "count"),
            Column("asked", Phrase("themes.asked"), "count"),
            Column("p", Phrase("themes.p_value"), "p"),
            Column("p_adjusted", Phrase("themes.p_adjusted"), "p"),
        ),
        kind=codings.kind,
        lang=lang,
    )


def attribute_value(value: object) -> str:
    """An attribute as a word: yes and no for truth values, "unknown" where nothing is recorded.

    Example:
        >>> attribute_value(True), attribute_value(""), attribute_value("phone")
        ('yes', 'unknown', 'phone')
    """
    if value is None or value != value or str(value) in ("", "<NA>"):
        return "unknown"
    return {"True": "yes", "False": "no"}.get(str(value), str(value))


def _attribute_name(attribute: str) -> Phrase | str:
    return Phrase(f"sample.{attribute}") if has_words(f"sample.{attribute}") else attribute
