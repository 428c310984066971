"""One item over several waves: points with their base and interval, and a break where the question is no longer the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from vvvresearch.errors import AnalysisError
from vvvresearch.evidence import Item, Survey
from vvvresearch.kinds import combined_kind
from vvvresearch.locales import Joined, Lang, Phrase, Sayable, check_lang, half_up
from vvvresearch.results import Base, Column
from vvvresearch.statistics.intervals import interval_of_proportion, worst_case
from vvvresearch.survey.comparison._comparable import declared, require_permitted
from vvvresearch.survey.comparison._sides import Side, one_item, side_of
from vvvresearch.survey.tabulation._answers import read_answers
from vvvresearch.survey.tabulation._labelled import SaidResult, said_frame
from vvvresearch.survey.tabulation._table import percent_of
from vvvresearch.survey.tabulation._tabulate import known_unit


def wave_trend(
    waves: Mapping[str, Survey],
    item: str | Mapping[str, str],
    codes: Sequence[str] | None = None,
    *,
    level: float = 0.95,
    decimals: int = 0,
    lang: Lang = "da",
) -> SaidResult:
    """The share that gave an answer, wave by wave, for `figures.trend`.

    A wave whose item is not declared comparable with that of the wave before starts a new definition: the line breaks there.
    A wave that did not have the item has no point. Where the frame is known the exact interval of a finite population is given
    after the worst case, else Wilson's.

    Args:
        waves: name of the wave → its survey, in order of time.
        item: the item's id, or wave → id where it differs.
        codes: the answers that count; default the top box of the scale, else the first answer.
        level: of the intervals.
        decimals: of percentages.
        lang: "da" or "en".

    Returns:
        SaidResult; `.frame`: period, value (percent), count, n, definition, worst_lower, worst_upper, lower, upper.

    Raises:
        NotPermittedError: reconstructed answers or published aggregates.
        AnalysisError: fewer than two waves, no wave with the item, or answers that a wave's scale does not have.

    Source:
        Buonaccorsi 1987 and Wilson 1927 for the intervals.

    Example:
        >>> import pandas as pd
        >>> from vvvresearch.evidence import Frame, Item, Option, Questionnaire, Survey, Words
        >>> def say(words):
        ...     return Words(da=words, en=words)
        >>> options = (Option(code="yes", label=say("Ja")), Option(code="no", label=say("Nej")))
        >>> def wave(name, said, comparable):
        ...     item = Item(id="refers", text=say("Henviser I?"), type="single", options=options, comparable=comparable)
        ...     frame = Frame(unit="municipality", chosen_by=say("-"), collected=say(name))
        ...     words = {"title": say(name), "group": say("g"), "wave": say(name)}
        ...     asked = Questionnaire(schema_version=1, id=name, frame=frame, items=[item], **words)
        ...     return Survey(pd.DataFrame({"refers": said}), asked)
        >>> waves = {"2018": wave("w18", ["yes", "no"], ()), "2021": wave("w21", ["yes", "yes"], ("w18:refers",))}
        >>> wave_trend(waves, "refers").frame[["period", "value", "n"]].values.tolist()
        [['2018', 50.0, 2], ['2021', 100.0, 2]]
    """
    language = check_lang(lang)
    if len(waves) < 2:
        raise AnalysisError("a trend needs at least two waves", where="waves")
    rows: list[dict[str, Any]] = []
    without: list[str] = []
    before: tuple[Survey, Item] | None = None
    definition: str | Sayable = ""
    breaks: list[str] = []
    for name, survey in waves.items():
        require_permitted(survey, "a trend")
        found = _item(survey, item[name] if isinstance(item, Mapping) else item)
        if found is None:
            without.append(name)
            continue
        side = side_of(survey, found.id, label=name)
        counted = tuple(codes) if codes is not None else side.top or side.codes[:1]
        if strange := [code for code in counted if code not in side.codes]:
            raise AnalysisError(
                f"{found.id} has no answer {strange[0]!r} in {name}", where="codes", todo="answers: " + ", ".join(side.codes)
            )
        labels = Joined(tuple(side.labels[side.codes.index(code)] for code in counted), " + ")
        if before is None or not declared(before[0], before[1], survey, found, "comparable"):
            definition = Phrase("comparing.definition", {"wave": name, "question": found.text, "labels": labels})
            breaks += [name] if before is not None else []
        before = (survey, found)
        rows.append({"period": name, **_point(side, counted, level, decimals), "definition": definition})
    if before is None:
        raise AnalysisError("no wave has the item", where="item", todo="name it wave by wave where its id differs")
    frame, spoken = said_frame(rows, language)
    questionnaire = before[0].questionnaire
    assert questionnaire is not None
    notes = [Phrase("comparing.note_interval_waves_plain", {"level": int(half_up(100 * level))})]
    notes += [Phrase("comparing.break", {"waves": ", ".join(breaks)})] if breaks else []
    notes += [Phrase("comparing.without_item", {"waves": ", ".join(without)})] if without else []
    return SaidResult(
        frame=frame,
        spoken=spoken,
        base=Base(None, known_unit(questionnaire.frame.unit), group=questionnaire.group.say(language)),
        title=before[1].text,
        notes=tuple(notes),
        shows=_columns(frame),
        kind=combined_kind(survey.kind for survey in waves.values()),
        lang=language,
    )


def _item(survey: Survey, name: str) -> Item | None:
    """The wave's item; None where the wave did not have it."""
    if survey.questionnaire is not None and name not in {each.id for each in survey.questionnaire.items}:
        return None
    found = one_item(survey, name)
    if found.type in ("open", "number"):
        raise AnalysisError(f"{name} is a {found.type} item and has no shares", where="item")
    return found if read_answers(survey, found).present else None


def _point(side: Side, codes: tuple[str, ...], level: float, decimals: int) -> dict[str, Any]:
    if not side.n:
        raise AnalysisError(f"nobody answered in {side.label}", where="waves")
    count = int(side.ticked(codes).sum())
    limits = interval_of_proportion(count, side.n, side.population, "exact" if side.population else "wilson", level)
    worst = worst_case(count, side.n, side.population) if side.population else None
    return {
        "value": percent_of(count, side.n, decimals),
        "count": count,
        "n": side.n,
        "worst_lower": 100 * worst.lower if worst else float("nan"),
        "worst_upper": 100 * worst.upper if worst else float("nan"),
        "lower": 100 * limits.lower,
        "upper": 100 * limits.upper,
    }


def _columns(frame: pd.DataFrame) -> tuple[Column, ...]:
    wanted = [
        Column("period", Phrase("common.wave")),
        Column("value", Phrase("common.percent"), "percent"),
        Column("count", Phrase("common.n"), "count"),
        Column("n", Phrase("comparing.n_row"), "count"),
    ]
    for name, what in (("worst_", "worst"), ("", "interval")):
        for end in ("lower", "upper"):
            wanted.append(Column(f"{name}{end}", Phrase(f"comparing.range_{end}", {"what": Phrase(f"comparing.{what}")}), "number", 1))
    wanted.append(Column("definition", Phrase("comparing.definition_column")))
    return tuple(column for column in wanted if not frame[column.name].isna().all())
