"""Themes by what a person also tells of, and split by what a passage says of whom and when."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.evidence import SEPARATOR
from vvvresearch.locales import Phrase
from vvvresearch.results import Base, Column, Interval, Measure, Result, Share, Tested, Total
from vvvresearch.statistics.differences import miettinen_nurminen
from vvvresearch.statistics.exact_tests import fisher
from vvvresearch.statistics.multiplicity import adjust, agreeing, alpha_of_family, deciding_alpha
from vvvresearch.statistics.power import least_detectable_points
from vvvresearch.themes._coders import Coder, coder_note, passages_of, setting_names
from vvvresearch.themes._codes import Code, CodeName, checked_codes, chosen_paths
from vvvresearch.themes._states import AFFIRMED, roles_note, stance_of, states_of, transcribed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vvvresearch.evidence import Codings, Interviews

_SIDES = ("n_context", "n_others")


def context_table(
    codings: Codings,
    interviews: Interviews,
    context: str | Code,
    *,
    codes: Sequence[str | Code] | None = None,
    depth: int | None = None,
    guide: pd.DataFrame | None = None,
    coder: Coder = None,
    wave: str | None = None,
    group: str | Sequence[str] = "",
    level: float = 0.95,
) -> Result:
    """How many persons affirm a theme among those who also tell of a context, and among the others.

    A person counts once, over all interviews: what is said in one wave goes with what is said in another. Only persons with whom
    both could be raised are counted. That two themes are told by the same person is no evidence that one brings about the other.

    Args:
        codings, interviews, guide, coder, wave, group: as `theme_table`.
        context: the code that parts the persons, e.g. one for insecure residence.
        codes: the themes; default all but the context and those above and below it.
        depth: only themes of the first levels of the tree.
        level: confidence level of the family.

    Returns:
        Result; .frame: code_path, with_context (persons who affirm both), n_context, without_context, n_others, difference (of the
        shares, −1 to 1), lower, upper, level, p (Fisher), p_adjusted (Holm over the table), least_detectable (the difference in the
        direction seen that would be found four times in five; missing where none would). A theme without two sides has no p.

    Raises:
        AnalysisError: no transcripts, no theme beside the context, or an unknown code, coder, wave or group.

    Source: Fisher 1935; Miettinen and Nurminen 1985; Holm 1979.

    Example:
        >>> import vvvresearch as vvv
        >>> r = vvv.open_round("demo")
        >>> found = r.context_table("Moderatorer > Forventninger", codes=["Udbytte"])
        >>> found.frame[["with_context", "n_context", "without_context", "n_others"]].values.tolist()
        [[20, 20, 6, 6]]
    """
    book = codings.codebook
    parting = checked_codes(book, [context])[0]
    related = {path for path in book.paths if path.startswith(f"{parting} > ") or parting.startswith(f"{path} > ") or path == parting}
    chosen = checked_codes(book, codes) if codes is not None else [path for path in book.paths if path not in related]
    chosen = [path for path in chosen if depth is None or book.level(path) <= depth]
    if parting in chosen:
        raise AnalysisError("the context stands among the themes", where="codes", todo="leave it out")
    if not chosen:
        raise AnalysisError("there is no theme beside the context", where=parting)
    states = states_of(codings, interviews, guide=guide, coder=coder, wave=wave, group=group)
    people, persons = pd.factorize(states.register["person"])
    place = {path: number for number, path in enumerate(states.paths)}

    def any_of(flags: np.ndarray[Any, np.dtype[np.bool_]]) -> np.ndarray[Any, np.dtype[np.bool_]]:
        return np.bincount(people[flags], minlength=len(persons)) > 0

    tells, could = any_of(states.affirmed[:, place[parting]]), any_of(states.asked[:, place[parting]])
    rows: list[dict[str, Any]] = []
    for path in chosen:
        said, asked = any_of(states.affirmed[:, place[path]]), any_of(states.asked[:, place[path]]) & could
        with_it, n_context = int((said & asked & tells).sum()), int((asked & tells).sum())
        without, n_others = int((said & asked & ~tells).sum()), int((asked & ~tells).sum())
        rows.append({"code_path": path, "with_context": with_it, "n_context": n_context, "without_context": without, "n_others": n_others})
    tests = adjust([_p_value(row) for row in rows], "holm", "")
    for row, p, adjusted in zip(rows, tests.raw, tests.adjusted, strict=True):
        row |= dict.fromkeys(("difference", "lower", "upper", "level", "least_detectable"), float("nan")) | {"p": p, "p_adjusted": adjusted}
        if row["n_context"] and row["n_others"]:
            alpha = deciding_alpha(p, adjusted, 1 - level, tests.size)
            counts = row["with_context"], row["n_context"], row["without_context"], row["n_others"]
            lower, upper = agreeing(miettinen_nurminen(*counts, 1 - alpha), adjusted, 1 - level)
            difference = float(Fraction(counts[0], counts[1]) - Fraction(counts[2], counts[3]))
            row |= {"difference": difference, "lower": lower, "upper": upper, "level": 1 - alpha}
            least = least_detectable_points(
                *(counts[3], counts[1], counts[2] / counts[3]), alpha_of_family(1 - level, tests.size, "holm"), upwards=difference >= 0
            )
            row |= {} if least is None else {"least_detectable": least}
    words = {"context": parting.rpartition(" > ")[2]}
    return Result(
        frame=pd.DataFrame(rows),
        base=Base(int(could.sum()), "person", wave=wave or "", source=codings.origin),
        title=Phrase("themes.context_title", words),
        notes=(Phrase("themes.context_note", words), *roles_note(states), coder_note(coder)),
        shows=(
            CodeName("code_path", Phrase("themes.theme")),
            Share("with", Phrase("themes.context_with"), count="with_context", n="n_context", counts=True),
            Share("without", Phrase("themes.context_without"), count="without_context", n="n_others", counts=True),
            Column("difference", Phrase("themes.gap"), "points", 1),
            Interval("interval", Phrase("comparing.interval"), decimals=1, scale=100),
            Tested("p_adjusted", Phrase("themes.p_adjusted"), "p", note=Phrase("themes.context_test", {"size": tests.size}), sides=_SIDES),
            Column("least_detectable", Phrase("comparing.least_detectable"), "points", 1, note=Phrase("themes.context_least")),
        ),
        kind=codings.kind,
        at=f"context/{Code(parting, '').key.replace('/', '-')}" + setting_names(coder=coder, wave=wave, group=group),
        keys=("code_path",),
        measures=(
            Measure("with_context", of="n_context", unit="person"),
            Measure("without_context", of="n_others", unit="person"),
            Measure("difference", "points", 1, of=""),
            Measure("least_detectable", "points", 1, of=""),
        ),
        totals={"tests": Total(tests.size), "persons": Total(int((tells & could).sum()))},
        tree="code_path",
    )


def _p_value(row: dict[str, Any]) -> float:
    """Fisher's p; none where a side is empty or nobody, or everybody, tells of the theme."""
    first, second = (row["with_context"], row["n_context"]), (row["without_context"], row["n_others"])
    if not first[1] or not second[1] or first[0] + second[0] in (0, first[1] + second[1]):
        return float("nan")
    return fisher([[x, n - x] for x, n in (first, second)]).p_value


SPLITS = {"beneficiary": ("child", "adult"), "phase": ("start", "later")}


def split_table(
    codings: Codings,
    interviews: Interviews,
    split: str,
    *,
    under: str | Code = "",
    level: int = 2,
    coder: Coder = None,
    wave: str | None = None,
) -> Result:
    """In how many interviews a theme is affirmed for each side of a split.

    Args:
        codings: coded passages with a column `beneficiary` ("child", "adult") or `phase` ("start", "later").
        interviews: the register.
        split: "beneficiary" or "phase".
        under: only themes below this one.
        level: level of the codebook that makes a row; passages of codes below are gathered.
        coder, wave: as `theme_table`.

    Returns:
        Result; .frame: code_path, one column a side (interviews), not_stated, gap (second side minus first), stated (whether a
        side was said of anybody). Absent where the codings do not carry the split.

    Raises:
        AnalysisError: an unknown split or code.

    Example:
        >>> import vvvresearch as vvv
        >>> r = vvv.open_round("demo")
        >>> split_table(r.codings, r.interviews, "phase").frame[["start", "later"]].iloc[3].tolist()
        [0, 4]
    """
    if split not in SPLITS:
        raise AnalysisError(f"there is no split {split!r}", todo=did_you_mean(split, SPLITS))
    title = Phrase(f"sample.{split}_title")
    if split not in codings.frame.columns:
        return Result.missing(Phrase(f"absent.{split}"), title=title)
    sides = SPLITS[split]
    register = transcribed(interviews, wave)
    passages = passages_of(codings, coder, register).merge(register[["source", "interview"]], on="source")
    passages = passages[stance_of(passages) == AFFIRMED]
    paths = [path for path in chosen_paths(codings.codebook, under) if codings.codebook.level(path) == level]
    at_level = passages["code_path"].map(lambda path: SEPARATOR.join(path.split(SEPARATOR)[:level]))
    side = passages[split].where(passages[split].isin(sides), "not_stated")
    once = pd.DataFrame({"code_path": at_level, "side": side, "interview": passages["interview"]}).drop_duplicates()
    names = (*sides, "not_stated")
    counts = pd.crosstab(once["code_path"], once["side"]).reindex(index=paths, columns=list(names), fill_value=0)
    counts.columns.name = None
    counts["gap"] = counts[sides[1]] - counts[sides[0]]
    counts["stated"] = (counts[list(sides)] > 0).any(axis=1)
    return Result(
        frame=counts.rename_axis("code_path").reset_index(),
        base=Base(len(register), "interview", wave=wave or "", source=codings.origin),
        title=title,
        notes=(Phrase(f"sample.{split}_note"), coder_note(coder)),
        shows=(
            CodeName("code_path", Phrase("themes.theme")),
            *(Column(name, Phrase(f"sample.{name}"), "count") for name in (*names, "gap")),
        ),
        kind=codings.kind,
        at=split + setting_names(coder=coder, wave=wave, level="" if level == 2 else str(level)),
        keys=("code_path",),
        measures=tuple(Measure(name, of="", label=Phrase(f"sample.{name}")) for name in (*names, "gap")),
        tree="code_path",
    )
