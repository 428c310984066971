"""How different must those who did not answer be for a conclusion to change?"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.evidence import Survey
from vvvresearch.locales import Joined, Phrase, Written
from vvvresearch.results import Base, Column, Measure, Result, Share, Total
from vvvresearch.statistics.goals import tipping_points
from vvvresearch.survey.comparison._comparable import require_permitted
from vvvresearch.survey.tabulation._frames import as_survey
from vvvresearch.survey.tabulation._tabulate import known_unit, tabulate
from vvvresearch.survey.weighting._whole_frame import key_share


def tipping_table(
    survey: Survey | pd.DataFrame,
    item: str,
    codes: str | Sequence[str] = (),
    *,
    threshold: float | str = "0.5",
    population: int | None = None,
    steps: int = 10,
) -> Result:
    """Between the worst case and "the others are like those who answered": at which answers of the others a conclusion tips.

    The conclusion is on which side of the threshold the share of the whole frame lies.

    Args:
        survey: answers with a questionnaire that knows the size of the frame; or a plain table, with `population`.
        item: an item with options that was put to everybody.
        codes: the answer or answers that count, default the top of the scale, else the first.
        threshold: the share that decides, between 0 and 1 ("0.75" for 75 %).
        population: size of the frame; default the questionnaire's.
        steps: evenly spread rows, those beside the tipping point apart.

    Returns:
        Result; `.frame`: hits (of those who did not answer), others (how many they are), count and population (the whole frame then),
        difference (their share less that of the answers, −1 to 1), holds. Totals seen (share of the answers), tips (the fewest of
        the others that differ enough; missing where the conclusion holds whatever they say). Absent where the size of the frame is
        not known.

    Raises:
        NotPermittedError: reconstructed answers or published aggregates.
        AnalysisError: an unknown item or code, nobody answered, a routed item, or a frame smaller than the answers.

    Source:
        Yan, Lee and Li 2009, for a share and without a model; Manski 1989 for its ends.

    Example:
        >>> from vvvresearch.survey import example_survey
        >>> found = tipping_table(example_survey(), "refers", population=20, threshold=0.5, steps=2)
        >>> found.frame[["hits", "holds"]].values.tolist()
        [[0, False], [1, False], [2, True], [4, True], [8, True]]
    """
    survey = as_survey(survey, item)
    require_permitted(survey, "a statement about the whole frame")
    asked = survey.questionnaire
    known = population if population is not None else asked.frame.population if asked else None
    title = Phrase("weighting.tipping_title")
    if known is None or asked is None:
        return Result.missing(Phrase("absent.population"), title=title)
    if asked.item(item).route and population is None:
        raise AnalysisError(f"{item} was put to some only", where="item", todo="say with population= how many they are")
    x, n, words = _counted(survey, item, codes)
    points = tipping_points(x, n, known, threshold, steps)
    others = known - n
    frame = pd.DataFrame(
        {
            "hits": [one.hits for one in points],
            "others": others,
            "count": [x + one.hits for one in points],
            "population": known,
            "difference": [float(one.difference) for one in points],
            "holds": [one.holds for one in points],
        }
    )
    ends = [one.hits for one in points if not one.holds]
    changes = [abs(hits - others * x / n) for hits in ends]
    tips = ends[changes.index(min(changes))] if ends else None
    told = {"threshold": Written(100 * float(threshold), "percent"), "x": x, "n": n, "others": others, "answer": words}
    notes = [Phrase("weighting.tipping_note", told)]
    notes.append(Phrase("weighting.tipping_never") if tips is None else Phrase("weighting.tipping_at", {"hits": tips, "others": others}))
    return Result(
        frame=frame,
        base=Base(n, known_unit(asked.frame.unit), group=asked.group, wave=asked.wave, question=asked.item(item).text, population=known),
        title=title,
        notes=tuple(notes),
        shows=(
            Share("of_others", Phrase("weighting.tipping_others"), count="hits", n="others", counts=True),
            Column("difference", Phrase("weighting.tipping_difference"), "points", 1),
            Share("whole", Phrase("weighting.tipping_whole"), count="count", n="population", counts=True, decimals=1),
            Column("holds", Phrase("weighting.tipping_holds")),
        ),
        kind=survey.kind,
        keys=("hits",),
        measures=(Measure("difference", "points", 1, of=""),),
        totals={"seen": Total(x / n, format="number", decimals=3)} | ({} if tips is None else {"tips": Total(tips)}),
    )


def _counted(survey: Survey, item: str, codes: str | Sequence[str]) -> tuple[int, int, Joined | Phrase | str]:
    """How many gave the answers that count, of how many, and what they are called."""
    wanted = [codes] if isinstance(codes, str) and codes else list(codes)
    if not wanted:
        key = key_share(survey, item)
        if key is None:
            raise AnalysisError("nobody answered", where=item)
        return int(key.row["count"]), int(key.row["n"]), Joined((key.answer,))
    table = tabulate(survey, item)
    rows = table.frame.set_index("code") if "code" in table.frame else pd.DataFrame()
    if unknown := [code for code in wanted if code not in rows.index]:
        raise AnalysisError(f"{item} has no answer {unknown[0]!r}", where="codes", todo=did_you_mean(unknown[0], map(str, rows.index)))
    chosen = rows.loc[wanted]
    if not (chosen["n"] > 0).all():
        raise AnalysisError("nobody answered", where=item)
    answers = table.labels["code"].words
    return int(chosen["count"].sum()), int(chosen["n"].iloc[0]), Joined(tuple(answers[item, code] for code in wanted))
