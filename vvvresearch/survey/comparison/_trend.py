"""One item over several waves, with a break where its wording changed; and several waves or groups stacked as one survey."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import pandas as pd

from vvvresearch.errors import AnalysisError, Failure, SchemaError
from vvvresearch.evidence import Item, Questionnaire, Survey, Words
from vvvresearch.kinds import combined_kind
from vvvresearch.locales import Joined, Phrase, Sayable, half_up, say
from vvvresearch.results import Base, Column, Interval, Labels, Measure, Picture, Result, Share, recorded
from vvvresearch.statistics.intervals import proportion_interval, worst_case_bounds
from vvvresearch.survey.comparison._comparable import declared, require_permitted
from vvvresearch.survey.comparison._compared import settings_of
from vvvresearch.survey.comparison._sides import Side, one_item, side_of
from vvvresearch.survey.tabulation._answers import as_survey, read_answers
from vvvresearch.survey.tabulation._table import percent_of
from vvvresearch.survey.tabulation._tabulate import known_unit


@recorded
def wave_trend(
    waves: Mapping[str, Survey | pd.DataFrame],
    item: str | Mapping[str, str],
    codes: Sequence[str] | None = None,
    *,
    labels: Mapping[str, str | Sayable] | None = None,
    level: float = 0.95,
    decimals: int = 0,
) -> Result:
    """The share that gave an answer, wave by wave, with a line that breaks where the question is another.

    A wave whose item is not declared comparable with that of the wave before starts a new definition: the line breaks there.
    A wave that did not have the item has no point. Where the frame is known the exact interval of a finite population is given
    after the worst case, else Wilson's.

    Args:
        waves: name of the wave → its survey (or a plain table of answers), in order of time.
        item: the item's id, or wave → id where it differs.
        codes: the answers that count; default the top box of the scale, else the first answer.
        labels: words for the names of waves; default the names.
        level: of the intervals.
        decimals: of percentages.

    Returns:
        Result; `.frame`: wave, count, n, definition (the wave in which the question was first asked so), worst_lower, worst_upper,
        lower, upper (shares). Addresses `trend/<item>.<wave>.share`; chosen codes and another level are parts of the root.

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
        >>> wave_trend(waves, "refers").frame[["wave", "count", "n"]].values.tolist()
        [['2018', 1, 2], ['2021', 2, 2]]
    """
    if len(waves) < 2:
        raise AnalysisError("a trend needs at least two waves", where="waves")
    named: dict[str, str | Sayable] = {name: (labels or {}).get(name, name) for name in waves}
    rows: list[dict[str, Any]] = []
    without: list[str] = []
    before: tuple[Survey, Item] | None = None
    side: Side | None = None
    counted: tuple[str, ...] = ()
    definitions: dict[str, Sayable] = {}
    items = item if isinstance(item, Mapping) else dict.fromkeys(waves, item)
    surveys = {name: as_survey(answers, items[name]) for name, answers in waves.items()}
    for name, survey in surveys.items():
        require_permitted(survey, "a trend")
        found = _item(survey, items[name])
        if found is None:
            without.append(name)
            continue
        follows = before is not None and declared(*before, survey, found, "comparable")
        side = side_of(survey, found.id, label=named[name], like=side if follows else None)
        # What counts is the same answer all along, wherever it stands on the form.
        first = counted if follows and set(counted) <= set(side.codes) else side.codes[:1]
        counted = tuple(codes) if codes is not None else side.top or first
        if strange := [code for code in counted if code not in side.codes]:
            raise AnalysisError(
                f"{found.id} has no answer {strange[0]!r} in {name}", where="codes", todo="answers: " + ", ".join(side.codes)
            )
        if not follows:
            words = Joined(tuple(side.labels[side.codes.index(code)] for code in counted), " + ")
            definitions[name] = Phrase("comparing.definition", {"wave": named[name], "question": found.text, "labels": words})
        before = (survey, found)
        rows.append({"wave": name, **_point(side, counted, level), "definition": list(definitions)[-1]})
    if before is None:
        raise AnalysisError("no wave has the item", where="item", todo="name it wave by wave where its id differs")
    questionnaire = before[0].questionnaire
    assert questionnaire is not None
    frame = pd.DataFrame(rows)
    breaks = [named[name] for name in list(definitions)[1:]]
    notes = [Phrase("comparing.note_interval_waves_plain", {"level": int(half_up(100 * level))})]
    notes += [Phrase("comparing.break", {"waves": Joined(tuple(breaks))})] if breaks else []
    notes += [Phrase("comparing.without_item", {"waves": Joined(tuple(named[name] for name in without))})] if without else []
    ids = list(dict.fromkeys(item.values())) if isinstance(item, Mapping) else [item]
    chosen = "" if codes is None else "of-" + "+".join(codes)
    return Result(
        frame=frame,
        base=Base(None, known_unit(questionnaire.frame.unit), group=questionnaire.group),
        title=before[1].text,
        notes=tuple(notes),
        shows=_columns(frame, decimals),
        kind=combined_kind(survey.kind for survey in surveys.values()),
        at="/".join(filter(None, ("trend", "+".join(ids), chosen, *settings_of(None, level, "holm")))),
        keys=("wave",),
        measures=(
            Measure("count"),
            Measure("n"),
            Measure("share", "share", decimals, count="count"),
            *(Measure(name, "share", 1) for name in ("worst_lower", "worst_upper", "lower", "upper")),
        ),
        labels={"wave": Labels(named), "definition": Labels(definitions)},
        pictures={"trend": _picture(frame, named, definitions, decimals)},
    )


def _item(survey: Survey, name: str) -> Item | None:
    """The wave's item; None where the wave did not have it."""
    if survey.questionnaire is not None and name not in {each.id for each in survey.questionnaire.items}:
        return None
    found = one_item(survey, name)
    if found.type in ("open", "number"):
        raise AnalysisError(f"{name} is a {found.type} item and has no shares", where="item")
    return found if read_answers(survey, found).present else None


def _point(side: Side, codes: tuple[str, ...], level: float) -> dict[str, Any]:
    if not side.n:
        raise AnalysisError(f"nobody answered in {say(side.label, 'en')}", where="waves")
    count = int(side.ticked(codes).sum())
    limits = proportion_interval(count, side.n, side.population, "exact" if side.population else "wilson", level)
    worst = worst_case_bounds(count, side.n, side.population) if side.population else None
    return {
        "count": count,
        "n": side.n,
        "worst_lower": worst.lower if worst else float("nan"),
        "worst_upper": worst.upper if worst else float("nan"),
        "lower": limits.lower,
        "upper": limits.upper,
    }


def _picture(frame: pd.DataFrame, named: Mapping[str, str | Sayable], definitions: Mapping[str, Sayable], decimals: int) -> Picture:
    drawn = pd.DataFrame(
        {
            "period": pd.Series([named[name] for name in frame["wave"]], dtype=object),
            "value": [percent_of(count, n, decimals) for count, n in zip(frame["count"], frame["n"], strict=True)],
            "n": frame["n"],
            "definition": pd.Series([definitions[name] for name in frame["definition"]], dtype=object),
        }
    )
    return Picture("trend", drawn, options={"percent": True, "decimals": decimals})


def _columns(frame: pd.DataFrame, decimals: int) -> tuple[Column, ...]:
    worst = Interval("worst", Phrase("comparing.worst"), decimals=1, lower="worst_lower", upper="worst_upper", scale=100)
    return (
        Column("wave", Phrase("common.wave")),
        Share("share", Phrase("comparing.share"), decimals=decimals, counts=True),
        *([worst] if frame["worst_lower"].notna().any() else []),
        Interval("interval", Phrase("comparing.interval"), decimals=1, scale=100),
        Column("definition", Phrase("comparing.definition_column")),
    )


def stack_waves(surveys: Mapping[str, Survey], by: str = "wave", items: Collection[str] | None = None) -> Survey:
    """Several surveys under one another, with a column that tells them apart, for `tabulate(…, by=column)`.

    An item that only some of them have is empty in the others and counts as not in that wave. Items with the same id are
    stacked when either questionnaire declares them comparable and their types and options are the same; anything else is refused.

    Args:
        surveys: name of the wave or group → its survey, in the order of the table.
        by: the name of the new column; "wave" makes `tabulate` treat an item without answers as not in that wave.
        items: the items to stack; default all.

    Returns:
        Survey: the index is `name/respondent`; routes, scales and labels are those of the last survey that has the item.

    Raises:
        AnalysisError: fewer than two surveys, one without a questionnaire, or a column of that name.
        SchemaError: items that are not the same, all at once with what differs.

    Example:
        >>> from vvvresearch.survey import example_survey, tabulate
        >>> both = stack_waves({"2021": example_survey(), "2022": example_survey()})  # one questionnaire, used twice
        >>> tabulate(both, "refers", by="wave").frame["n"].unique().tolist()
        [24, 12]
    """
    if len(surveys) < 2:
        raise AnalysisError("there is nothing to stack", why=f"{len(surveys)} survey was given")
    asked: dict[str, Questionnaire] = {}
    for name, survey in surveys.items():
        if survey.questionnaire is None:
            raise AnalysisError(f"{name} has no questionnaire", todo="pass one to read_survey")
        if by in survey.answers.columns:
            raise AnalysisError(f"{name} has a column {by!r} already", todo="choose another name with by=")
        asked[name] = survey.questionnaire
    chosen = {item.id for questionnaire in asked.values() for item in questionnaire.items}
    if items is not None:
        if unknown := sorted(set(items) - chosen):
            raise AnalysisError(f"no survey has the item {', '.join(unknown)}")
        chosen = set(items)
    failures = [failure for item in sorted(chosen) for failure in _differences(item, surveys)]
    if failures:
        raise SchemaError(
            "these items are not the same in all waves or groups",
            failures,
            why="answers to different questions are never added up",
            todo="stack the others with items=, or declare them comparable in both questionnaires",
        )
    frames = [_frame(name, survey, chosen, by) for name, survey in surveys.items()]
    last = list(surveys.values())[-1]
    texts = {column for frame in frames for column in frame.columns if frame[column].dtype.kind not in "fiu"}
    missing: dict[str, dict[str, str]] = {}
    for survey in surveys.values():
        for column, gone in survey.missing.items():
            missing[column] = {**missing.get(column, {}), **gone}
    return dataclasses.replace(
        last,
        answers=pd.concat(frames).fillna(dict.fromkeys(texts, "")),
        questionnaire=_merged(asked, chosen),
        missing=missing,
        multiple_response_sets={},
        variables={},
        weight="",
        invited=None,
        log=None,
        kind=combined_kind(survey.kind for survey in surveys.values()),
    )


def _differences(item_id: str, surveys: Mapping[str, Survey]) -> list[Failure]:
    having = [
        (name, survey, questionnaire, item)
        for name, survey in surveys.items()
        if (questionnaire := survey.questionnaire) is not None
        for item in questionnaire.items
        if item.id == item_id
    ]
    found = []
    for (first, before, asked, one), (second, after, asked_later, other) in itertools.pairwise(having):
        where = f"{first} and {second}"
        codes = [option.code for option in asked.options(one)]
        later = [option.code for option in asked_later.options(other)]
        if one.type != other.type:
            found.append(Failure(None, item_id, where, f"the types are {one.type} and {other.type}"))
        elif codes != later:
            found.append(Failure(None, item_id, where, f"the options are {', '.join(codes)} and {', '.join(later)}"))
        elif not declared(before, one, after, other, "comparable"):
            unlike = "" if one.text == other.text else f", and the wordings differ (»{one.text.en}« and »{other.text.en}«)"
            found.append(Failure(None, item_id, where, f"neither questionnaire declares them comparable{unlike}"))
    return found


def _frame(name: str, survey: Survey, chosen: set[str], by: str) -> pd.DataFrame:
    assert survey.questionnaire is not None
    left_out = {item.id for item in survey.questionnaire.items} - chosen
    columns = [column for column in survey.answers.columns if str(column).partition(":")[0] not in left_out]
    frame = survey.answers[columns].copy()
    frame.index = pd.Index([f"{name}/{label}" for label in frame.index], name="respondent")
    frame.insert(0, by, name)
    return frame


def _merged(asked: Mapping[str, Questionnaire], chosen: set[str]) -> Questionnaire:
    last = list(asked.values())[-1]
    items: dict[str, Item] = {}
    scales = {}
    for questionnaire in asked.values():
        for item in questionnaire.items:
            if item.id not in chosen:
                continue
            if item.scale:
                # Two waves may use one name for two scales.
                name = f"{questionnaire.id}:{item.scale}"
                scales[name] = questionnaire.scales[item.scale]
                items[item.id] = item.model_copy(update={"scale": name})
            else:
                items[item.id] = item
    waves = [questionnaire.wave for questionnaire in asked.values()]
    groups = list(dict.fromkeys((one.group.da, one.group.en) for one in asked.values()))
    return last.model_copy(
        update={
            "id": "+".join(questionnaire.id for questionnaire in asked.values()),
            "items": tuple(items.values()),
            "scales": scales,
            "wave": Words(da=", ".join(wave.da for wave in waves), en=", ".join(wave.en for wave in waves)),
            "group": Words(da=", ".join(danish for danish, _ in groups), en=", ".join(english for _, english in groups)),
            "frame": last.frame.model_copy(update={"population": None, "invited": None}),
        }
    )
