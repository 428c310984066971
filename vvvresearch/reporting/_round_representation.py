"""Who answered a round's surveys, as notebooks hand it over: flow, cleaning, representativeness, weights, bounds of the frame."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pandas as pd

from vvvresearch.errors import AnalysisError
from vvvresearch.evidence import Survey
from vvvresearch.files import markdown_text
from vvvresearch.locales import Lang, Phrase, format_number
from vvvresearch.reporting._output import Output
from vvvresearch.reporting._round_basis import trace_sources
from vvvresearch.reporting._survey_sides import asked_of, in_order, key_codes, key_words, permitted, range_cell, share_cell
from vvvresearch.results import Base, Column, Result
from vvvresearch.survey import CleaningRules, clean_answers, cleaning_steps, representativeness, tabulate, weight
from vvvresearch.survey.intervals import proportion_interval, worst_case_bounds

if TYPE_CHECKING:
    from vvvresearch.rounds import Round

_WHAT = Phrase("surveyreport.what_frame")
# A variable with more categories than this is a name, not a group.
_CATEGORIES = 12
_PARTIAL = ("partial_unconditional", "partial_conditional")


def hand_over_representation(out: Output, opened: Round, *, by: str = "", raw: str = "", finished: str = "") -> dict[str, Result]:
    """Write who answered: the flow from the frame, what cleaning left out, how the respondents compare with the invited, weights.

    For each survey with a list of invited: tables `flow-<survey>`, `represent-<survey>`, `partials-<survey>`, `weights-<survey>`,
    `weighted-<survey>` and `bounds-<survey>` (worst case first, then the exact interval that assumes a random sample); with raw
    answers also `cleaning-<survey>` and `cleaning-log-<survey>`. The passage `representation-statement` says in a sentence a survey
    what came out, or why nothing can be said. Numbers: `represent.<survey>.r`, `.se`, `.raw`, `.p-<variable>`, `flow.<survey>.<step>`,
    `bounds.<survey>.<item>.<answer>.worst-lower` …, `cleaning.<survey>.<step>`.

    Args:
        out: the notebook's output.
        opened: the round.
        by: the frame's variables to compare by, parted by commas; empty takes every variable of the list of invited with few categories.
        raw: "survey: source" where the answers as they came in are a register of the round.
        finished: the column of the raw answers that is "1" where a form was handed in; empty: every answer was.

    Returns:
        The tables by name.

    Raises:
        AnalysisError: raw answers that do not clean to the survey's respondents.
    """
    trace_sources(out, opened)
    lang, tables, said = out.lang, dict[str, Result](), list[str]()
    raw_survey, _, raw_source = (part.strip() for part in raw.partition(":"))
    if raw_survey:
        opened.source(raw_survey)
    for name, survey in in_order(opened.surveys.items()):
        refusal = permitted(survey, _WHAT, lang)
        if refusal:
            said.append(refusal)
            continue
        if survey.invited is None:
            continue
        cleaned = survey
        if name == raw_survey:
            cleaned = _cleaning(out, name, survey, _raw_answers(opened, raw_source, survey), finished, tables)
        variables = [part.strip() for part in by.split(",") if part.strip()] or _groups(survey.invited)
        said.append(_representation(out, name, cleaned, variables, tables))
    sentences = said or [Phrase("surveyreport.none_with_frame").say(lang)]
    out.passage("representation-statement", "\n\n".join(markdown_text(sentence) for sentence in sentences) + "\n")
    for name, table in tables.items():
        out.table(name, table)
    return tables


def _groups(invited: pd.DataFrame) -> list[str]:
    return [str(name) for name in invited.columns if 1 < invited[name].nunique() <= _CATEGORIES]


def _raw_answers(opened: Round, source: str, survey: Survey) -> Survey:
    """The answers as they came in, indexed by respondent; a respondent may stand there twice."""
    frame: pd.DataFrame = opened.read(source).frame
    if "respondent" not in frame.columns:
        raise AnalysisError("raw answers have no column 'respondent'", where=source, todo="name the column with the respondent so")
    return dataclasses.replace(survey, answers=frame.set_index("respondent"), origin=source)


def _cleaning(out: Output, name: str, survey: Survey, raw: Survey, finished: str, tables: dict[str, Result]) -> Survey:
    """Clean the raw answers, show the steps, and hold the outcome against the answers that the round uses."""
    cleaned = clean_answers(raw, CleaningRules(finished=(finished, ("1",)) if finished else None))
    unlike = sorted(map(str, cleaned.answers.index.symmetric_difference(survey.answers.index)))
    if unlike:
        raise AnalysisError(
            f"the raw answers of {name} do not clean to the answers in use",
            where=", ".join(unlike[:5]),
            why="the response flow would tell of other answers than the tables",
            todo="correct the rules, or the file of cleaned answers",
        )
    assert cleaned.log is not None
    steps = cleaning_steps(raw, cleaned).in_language(out.lang)
    tables[f"cleaning-{name}"] = steps
    for row in steps.frame.to_dict("records"):
        out.value(f"cleaning.{name}.{row['step'].replace('_', '-')}", int(row["count"]), base=steps.base, kind=steps.kind)
    log = cleaned.log.assign(rule=cleaned.log["rule"].str.split().str[0])
    counted = log.groupby(["what", "rule"], sort=False).size().reset_index(name="n")
    rows = [
        {
            "what": Phrase(f"cleaning.removed_{row['what'].replace(' ', '_')}").say(out.lang),
            "rule": Phrase(f"surveyreport.rule_{row['rule']}").say(out.lang),
            "n": int(row["n"]),
        }
        for row in counted.to_dict("records")
    ]
    tables[f"cleaning-log-{name}"] = Result(
        frame=pd.DataFrame(rows, columns=["what", "rule", "n"]),
        base=Base(len(log), "respondent"),
        title=Phrase("surveyreport.log_title", {"survey": asked_of(survey).title.say(out.lang)}),
        shows=(
            Column("what", Phrase("surveyreport.log_what")),
            Column("rule", Phrase("surveyreport.log_rule")),
            Column("n", Phrase("common.n"), "count"),
        ),
        kind=survey.kind,
        lang=out.lang,
    )
    return dataclasses.replace(survey, log=cleaned.log)


def _representation(out: Output, name: str, survey: Survey, by: list[str], tables: dict[str, Result]) -> str:
    lang, words = out.lang, {"survey": asked_of(survey).title.say(out.lang)}
    found = representativeness(survey, by, lang=lang)
    tables[f"flow-{name}"] = _flow(out, name, survey, found.flow)
    shown = _in_words(found.shows)
    variables = [column for column in shown if column.name in ("variable", "category")]
    titled = dataclasses.replace(found, title=Phrase("surveyreport.represent_title", words))
    tables[f"represent-{name}"] = dataclasses.replace(titled, shows=tuple(column for column in shown if column.name not in _PARTIAL))
    tables[f"partials-{name}"] = dataclasses.replace(
        titled,
        title=Phrase("surveyreport.partial_title", words),
        shows=(*variables, *(column for column in shown if column.name in _PARTIAL)),
        notes=tuple(note for note in found.notes if isinstance(note, Phrase) and note.key == "weighting.note_partial"),
    )
    indicator = found.indicator
    for key, value in (("r", indicator.adjusted), ("se", indicator.standard_error), ("raw", indicator.value)):
        out.value(f"represent.{name}.{key}", value, "number", base=found.base, decimals=2, kind=found.kind)
    for row in found.variables.to_dict("records"):
        out.value(f"represent.{name}.p-{str(row['variable']).lower()}", row["p_adjusted"], "p", base=found.base, kind=found.kind)
    _weights(name, survey, by, lang, tables)
    _bounds(out, name, survey, tables)
    shown_numbers = {"value": indicator.adjusted, "raw": indicator.value, "error": indicator.standard_error}
    numbers = {key: format_number(value, 2, lang) for key, value in shown_numbers.items()}
    counts = {"n": len(survey.answers), "of": len(survey.invited) if survey.invited is not None else 0}
    return Phrase("surveyreport.frame_examined", {**words, **counts, **numbers}).say(lang)


def _in_words(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """Variables of the frame and their categories are shown by their words, where there are any."""
    return tuple(dataclasses.replace(column, words="frames") if column.name in ("variable", "category") else column for column in columns)


def _flow(out: Output, name: str, survey: Survey, flow: pd.DataFrame) -> Result:
    asked = asked_of(survey)
    for row in flow.to_dict("records"):
        out.value(f"flow.{name}.{row['step']}", int(row["n"]), base=Base(int(row["n"]), asked.frame.unit), kind=survey.kind)
    frame = flow.assign(label=[Phrase(f"weighting.flow_{step}").say(out.lang) for step in flow["step"]])
    return Result(
        frame=frame,
        base=Base(None, wave=asked.wave.say(out.lang)),
        title=Phrase("surveyreport.flow_title", {"survey": asked.title.say(out.lang)}),
        notes=(Phrase("surveyreport.flow_chosen", {"words": asked.frame.chosen_by.say(out.lang)}),),
        shows=(
            Column("label", Phrase("surveyreport.flow_step")),
            Column("n", Phrase("common.n"), "count"),
            Column("percent_of_previous", Phrase("surveyreport.flow_before"), "percent"),
            Column("percent_of_first", Phrase("surveyreport.flow_first"), "percent"),
        ),
        kind=survey.kind,
        lang=out.lang,
    )


def _asked_of_all(survey: Survey) -> list[str]:
    """Questions with one answer that were put to everybody: what they say is about the whole frame."""
    return [item.id for item in asked_of(survey).items if item.type in ("single", "likert", "battery") and not item.route]


def _weights(name: str, survey: Survey, by: list[str], lang: Lang, tables: dict[str, Result]) -> None:
    items = _asked_of_all(survey)
    found = weight(survey, by, lang=lang)
    words = {"survey": asked_of(survey).title.say(lang)}
    columns = [
        dataclasses.replace(column, words="frames") if column.name in ("variable", "category") else column for column in found.shows
    ]
    tables[f"weights-{name}"] = dataclasses.replace(found, shows=tuple(columns), title=Phrase("surveyreport.weights_title", words))
    rows = []
    for item in items:
        asked = asked_of(survey).item(item)
        frame = tabulate(survey, item, weights=found.weights).frame
        answers = frame[(frame["role"] != "blank") & frame["count"].notna() & frame["n"].notna()]
        if answers.empty:
            continue
        codes = key_codes(survey, asked, list(answers["code"]))
        chosen = answers[answers["code"].isin(codes)]
        n, total = int(answers["n"].iloc[0]), float(answers["weighted"].sum())
        if not n:
            continue
        # Both shares from counts and sums of weights: rounded levels would not add up.
        unweighted, weighted = 100 * float(chosen["count"].sum()) / n, 100 * float(chosen["weighted"].sum()) / total
        rows.append(
            {
                "what": key_words(survey, asked, codes, lang),
                "n": n,
                "unweighted": unweighted,
                "weighted": weighted,
                "moves": weighted - unweighted,
            }
        )
    tables[f"weighted-{name}"] = Result(
        frame=pd.DataFrame(rows),
        base=found.base,
        title=Phrase("surveyreport.weighted_title", words),
        notes=tuple(found.notes),
        shows=(
            Column("what", Phrase("surveyreport.question_answer")),
            Column("n", Phrase("comparing.n_row"), "count"),
            Column("unweighted", Phrase("surveyreport.unweighted"), "percent", 1),
            Column("weighted", Phrase("surveyreport.weighted"), "percent", 1),
            Column("moves", Phrase("surveyreport.weighted_change"), "number", 1),
        ),
        kind=survey.kind,
        lang=lang,
    )


def _bounds(out: Output, name: str, survey: Survey, tables: dict[str, Result]) -> None:
    """Worst case and exact interval of the questions put to everybody, where the frame's size is known."""
    lang, population = out.lang, asked_of(survey).frame.population
    if population is None:
        return
    rows = []
    for item in _asked_of_all(survey):
        frame = tabulate(survey, item).frame
        answers = frame[(frame["role"] != "blank") & frame["count"].notna() & frame["n"].notna()]
        if answers.empty:
            continue
        asked = asked_of(survey).item(item)
        codes = key_codes(survey, asked, list(answers["code"]))
        count, n = int(answers.loc[answers["code"].isin(codes), "count"].sum()), int(answers["n"].iloc[0])
        if not n:
            continue
        worst, exact = worst_case_bounds(count, n, population), proportion_interval(count, n, population, method="exact")
        limits = {"worst": worst, "exact": exact}
        rows.append(
            {
                "what": key_words(survey, asked, codes, lang),
                "share": share_cell(count, n, lang),
                **{key: range_cell(100 * one.lower, 100 * one.upper, lang) for key, one in limits.items()},
            }
        )
        base = Base(n, asked_of(survey).frame.unit, question=asked.text.say(lang), population=population)
        code = codes[0] if len(codes) == 1 else "top"
        for key, one in limits.items():
            for end, value in (("lower", one.lower), ("upper", one.upper)):
                out.value(f"bounds.{name}.{item}.{code}.{key}-{end}".lower(), 100 * value, "percent", base=base, kind=survey.kind)
    tables[f"bounds-{name}"] = Result(
        frame=pd.DataFrame(rows),
        base=Base(len(survey.answers), asked_of(survey).frame.unit, population=population),
        title=Phrase("surveyreport.bounds_title", {"survey": asked_of(survey).title.say(lang)}),
        notes=(Phrase("surveyreport.bounds_note", {"population": population}),),
        shows=(
            Column("what", Phrase("surveyreport.question_answer")),
            Column("share", Phrase("surveyreport.bounds_share")),
            Column("worst", Phrase("surveyreport.worst")),
            Column("exact", Phrase("surveyreport.exact")),
        ),
        kind=survey.kind,
        lang=lang,
    )
