"""Respondents and other ids: answers beside those invited, questionnaires beside each other, free tables by their headings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from vvvresearch.check._columns import MOSTLY, NAMED, book_codes, filled, registered
from vvvresearch.check._evidence import Examined
from vvvresearch.check._fault import Fault, nearest, quoted
from vvvresearch.check._lines import toml_lines
from vvvresearch.check._near import one_slip_apart

if TYPE_CHECKING:
    pass


def table_id_faults(opened: Examined) -> Iterator[Fault]:
    """Columns of free tables by what they are called: interviews, persons, transcripts, courses, matches, respondents."""
    known: dict[str, set[str]] = {}
    if (register := registered(opened)) is not None:
        known |= {name: filled(register[1][name]) for name in ("interview", "person")}
    if (found := opened.one("codings")) is not None:
        known["source"] = set(found[1].texts) | filled(found[1].frame["source"])
        known["code_path"] = book_codes(opened)
    for kind, column in (("courses", "course"), ("matches", "match")):
        if (found := opened.one(kind)) is not None:
            known[column] = filled(found[1].frame[column])
    known["respondent_group"] = set(opened.programme.groups)
    owners = {"interview": "interviews", "person": "interviews", "course": "courses", "match": "matches"}
    for source in opened.readable():
        frame = getattr(opened.as_read(source.id), "frame", None)
        if source.type in ("interviews", "codings", "codebook", "guide", "claims", "published", "theory", "ledger") or frame is None:
            continue
        for column, names in known.items():
            if owners.get(column) != source.type:
                yield from opened.unknown(source, frame, column, names, f"{column}: there is no", only_if=MOSTLY)
        if source.type == "register" and "respondent" in frame.columns:
            answered = [set(map(str, opened.as_read(survey.id).answers.index)) for survey in opened.readable("survey")]
            best = max(answered, key=lambda one: len(one & filled(frame["respondent"])), default=set())
            yield from opened.unknown(source, frame, "respondent", best, "respondent: no answers of", only_if=NAMED)


def invited_faults(opened: Examined) -> Iterator[Fault]:
    """Respondents and those invited, both ways: who answered was invited, and a name on the list that nearly is an answer's is told."""
    for source in opened.readable("survey"):
        survey = opened.as_read(source.id)
        if survey.invited is None or not source.invited:
            continue
        answered, invited = list(map(str, survey.answers.index)), list(map(str, survey.invited.index))
        strange = [name for name in answered if name not in set(invited)]
        for name in strange:
            frame = survey.answers.reset_index()
            todo = nearest(name, set(invited) - set(answered) or invited)
            what = f"{quoted(name)} answered and is not on the list of invited"
            yield Fault("join", source.path, opened.row(source, frame, answered.index(name)), what, f"the list is {source.invited}", todo)
        frame = survey.invited.reset_index()
        unit = survey.questionnaire.frame.unit if survey.questionnaire else ""
        codes = set(map(str, opened.municipalities["code"])) if unit == "municipality" else set()
        for number, name in enumerate(invited):
            row = opened.row(source.invited, frame, number)
            if invited.index(name) != number:
                yield Fault("join", source.invited, row, f"{quoted(name)} stands twice on the list of invited")
            elif codes and name not in codes:
                yield Fault(
                    "join", source.invited, row, f"there is no municipality {quoted(name)}", "", nearest(name, set(strange) or codes)
                )
    for source in opened.readable("answers_as_received"):
        survey_id, frame = source.survey, opened.as_read(source.id).frame
        survey = next((one for one in opened.readable("survey") if one.id == survey_id), None)
        if survey is None or "respondent" not in frame.columns:
            continue
        held = opened.as_read(survey.id)
        on_list = set(map(str, held.invited.index)) if held.invited is not None else set()
        yield from opened.unknown(source, frame, "respondent", on_list, "not on the list of invited is")
        received = filled(frame["respondent"])
        for number, name in enumerate(map(str, held.answers.index)):
            if name not in received:
                row = opened.row(survey, held.answers.reset_index(), number)
                yield Fault("join", survey.path, row, f"no answers as received are of {quoted(name)}", "", nearest(name, received))


def questionnaire_faults(opened: Examined) -> Iterator[Fault]:
    """Items that name items of other questionnaires: waves and mirrors."""
    read = [(source, opened.as_read(source.id).questionnaire) for source in opened.readable("survey")]
    items = {asked.id: {item.id for item in asked.items} for _, asked in read if asked is not None}
    for source, asked in read:
        if asked is None or not source.questionnaire:
            continue
        lines = toml_lines(opened.root / source.questionnaire)
        for number, item in enumerate(asked.items):
            for name in (*item.comparable, *item.mirror):
                other, _, there = name.partition(":")
                row = lines.of(name, "items", number)
                if other in items and there not in items[other]:
                    what = f"{item.id}: {other} has no item {there!r}"
                    yield Fault("join", source.questionnaire, row, what, "", nearest(there, items[other]))
                elif other not in items and (near := [one for one in items if one_slip_apart(one, other)]):
                    what = f"{item.id}: there is no questionnaire {other!r}"
                    yield Fault("join", source.questionnaire, row, what, "", f"did you mean {near[0]}?")
