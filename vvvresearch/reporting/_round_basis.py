"""The data basis of a round as notebooks hand it over: sources, interviews, response, deviations, context."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from vvvresearch.locales import Phrase, format_date
from vvvresearch.monitoring import course_table, data_basis, deviation_table, interview_table
from vvvresearch.reporting._output import Output
from vvvresearch.results import Base, Column, Result

if TYPE_CHECKING:
    from vvvresearch.evidence import Words
    from vvvresearch.rounds import Round


def hand_over_basis(out: Output, opened: Round) -> dict[str, Result]:
    """Write everything about where a round's numbers come from.

    Args:
        out: the notebook's output.
        opened: the round.

    Returns:
        The tables by name: sources, interviews, response, deviations, context, courses, as far as the round has them.
    """
    trace_sources(out, opened)
    tables: dict[str, Result] = {"sources": data_basis(source_rows(opened, out.lang), out.lang, kind=opened.kind)}
    out.value("sources.n", len(opened.spec.sources), base=Base(len(opened.spec.sources), "source"))
    if opened.has("interviews"):
        tables["interviews"] = _interviews(out, opened)
    if opened.surveys:
        tables["response"] = _response(out, opened)
    if opened.has("courses"):
        courses = course_table(opened.courses, out.lang)
        tables["courses"] = courses
        for name, count in courses.summary.items():
            out.value(f"courses.{name}", count, base=courses.base, kind=courses.kind)
        out.value("courses.rows", len(courses.frame), base=courses.base, kind=courses.kind)
    if opened.spec.deviations:
        rows = [
            {"planned": item.planned, "done": item.done, "reason": item.reason, "date": item.date, "place": item.place}
            for item in opened.spec.deviations
        ]
        tables["deviations"] = deviation_table(_said(pd.DataFrame(rows), out.lang), out.lang, kind=opened.kind)
    if opened.spec.context:
        tables["context"] = _context(opened, out.lang)
    for name, table in tables.items():
        out.table(name, table)
    return tables


def trace_sources(out: Output, opened: Round) -> None:
    """Note which files a round's numbers come from, by content."""
    out.trace({source.id: opened.root / source.path for source in opened.spec.sources if source.path})


def source_rows(opened: Round, lang: str) -> pd.DataFrame:
    """One row a source of the round, as the methods table shows it."""
    read = opened.overview(lang).frame.set_index("source")
    rows = [
        {
            "title": source.title,
            "collector": source.collector or "",
            "n": read.at[source.id, "rows"],
            "unit": source.unit,
            "collected": source.collected or "",
            "use": source.use or "",
            "kind": read.at[source.id, "kind"],
        }
        for source in opened.spec.sources
    ]
    return _said(pd.DataFrame(rows), lang)


def _said(frame: pd.DataFrame, lang: str) -> pd.DataFrame:
    """Words in one language; what is no text stays as it is."""

    def say(value: Words | object) -> object:
        return value.say(lang) if hasattr(value, "say") else value

    return frame.map(say)


def _interviews(out: Output, opened: Round) -> Result:
    table = interview_table(opened.interviews, out.lang)
    for name, count in table.summary.items():
        out.value(f"interviews.{name}", count, base=table.base, kind=table.kind)
    for group, total in table.frame[["respondent_group", "total"]].itertuples(index=False, name=None):
        if group != "total":
            out.value(f"interviews.{group.lower()}", int(total), base=table.base, kind=table.kind)
    return table


def _response(out: Output, opened: Round) -> Result:
    """Answers of every survey, set against those who were invited where that is known."""
    rows = []
    for name, survey in opened.surveys.items():
        frame = survey.questionnaire.frame if survey.questionnaire else None
        invited = len(survey.invited) if survey.invited is not None else frame.invited if frame else None
        answers = len(survey.answers)
        title = survey.questionnaire.title if survey.questionnaire else name
        group = survey.questionnaire.group.say(out.lang) if survey.questionnaire else ""
        wave = survey.questionnaire.wave.say(out.lang) if survey.questionnaire else ""
        unit = frame.unit if frame else "respondent"
        base = Base(invited or answers, unit, group=group, wave=wave, asked=invited, answered=answers)
        key = f"response.{name}"
        if invited:
            out.share(key, answers, base=base)
        else:
            out.value(f"{key}.n", answers, base=base)
        percent = 100 * answers / invited if invited else float("nan")
        rows.append({"title": title, "invited": invited, "answers": answers, "percent": percent})
    columns = (
        Column("title", Phrase("reporting.survey")),
        Column("invited", Phrase("reporting.invited"), "count"),
        Column("answers", Phrase("reporting.answers"), "count"),
        Column("percent", Phrase("reporting.response"), "percent"),
    )
    return Result(
        frame=_said(pd.DataFrame(rows, dtype=object), out.lang),
        base=Base(len(rows), "source"),
        title=Phrase("reporting.response_title"),
        notes=(Phrase("reporting.response_note"),),
        shows=columns,
        kind=opened.kind,
        lang=out.lang,
    )


def _context(opened: Round, lang: str) -> Result:
    from vvvresearch.locales import check_lang

    said = check_lang(lang)
    rows = [
        {
            "date": " – ".join(format_date(part, said) for part in item.date.split("/")),
            "event": item.event.say(said),
            "affects": ", ".join(item.affects),
        }
        for item in opened.spec.context
    ]
    return Result(
        frame=pd.DataFrame(rows),
        base=Base(None),
        title=Phrase("reporting.context_title"),
        shows=tuple(Column(name, Phrase(f"reporting.context_{name}")) for name in ("date", "event", "affects")),
        kind=opened.kind,
        lang=said,
    )
