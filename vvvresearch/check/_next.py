"""What is not there yet and no fault, and the one step to take now."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress

from vvvresearch.check._evidence import Examined, filled
from vvvresearch.check._fault import Fault, repeatable
from vvvresearch.check._prose import findings_missing, unwritten
from vvvresearch.check._sources import identifiers_to_decide
from vvvresearch.errors import VvvError
from vvvresearch.evidence import span_of
from vvvresearch.files import read_text
from vvvresearch.intake import read_map
from vvvresearch.locales import LANGUAGES, text
from vvvresearch.rounds import Round

_LISTED = 6


def missing(opened: Examined) -> Iterator[str]:
    """What a round of its kind usually has, and this one has not yet."""
    types = {source.type for source in opened.spec.sources}
    if not opened.spec.sources:
        yield "there is no source yet"
    if "codings" in types and "interviews" not in types:
        yield "the codings have no interview register: who was interviewed, in which group and wave"
    if "interviews" in types and "codings" not in types and _with_transcripts(opened):
        yield "the interviews have transcripts and no codings"
    if not opened.spec.goals:
        yield "no goals are declared"
    for goal in opened.spec.goals:
        if goal.type != "qualitative" and goal.override is None and not any(reading.taken for reading in goal.readings):
            yield f"the goal {goal.id} is not measured"
        if goal.type == "qualitative" and goal.evidence is not None and goal.evidence.da == text("intake.todo", "da"):
            yield f"the goal {goal.id}: what shows it (evidence) is to be filled in"
    if not opened.spec.notebooks:
        yield "no notebooks are named, so nothing would be made"
    yield from _uncoded(opened)
    yield from _unasked_consent(opened)
    yield from _whose_coding(opened)
    yield from _numbers_again(opened)
    yield from _unmapped(opened)
    yield from _undeclared(opened)
    for source in opened.readable("survey"):
        if not source.questionnaire:
            yield f"the survey {source.id} has no questionnaire: its wordings, scales and routes are not known"
        else:
            yield from _to_fill_in(opened, source.questionnaire)
    yield from outside_the_period(opened)
    if not (opened.root / "outputs" / opened.id).is_dir():
        yield "the round has not been run"
    yield from unwritten(opened)
    yield from findings_missing(opened)
    yield from identifiers_to_decide(opened)
    yield from _left_in_copies(opened)


def _left_in_copies(opened: Examined) -> Iterator[str]:
    """Columns of persons and hidden sheets that nothing reads and that the copy of a file keeps."""
    for source in opened.spec.sources:
        if not source.map or not (opened.root / source.map).is_file() or not (opened.root / source.path).is_file():
            continue
        try:
            settled = read_map(opened.root / source.map, source.path)
        except VvvError:
            continue  # told as a fault of the source
        columns = [settled.words.get(f"column.{name}", name) for name in settled.this_file.get("personal", "").split()]
        for what, names in (("columns of persons", columns), ("hidden sheets", settled.this_file.get("hidden", "").split(" | "))):
            if named := ", ".join(one for one in names if one):
                todo = "save it without them and add it anew, or keep it safe"
                yield f"{source.path}: {what} that are not read stay in the copy: {named}; {todo}"


def _to_fill_in(opened: Examined, name: str) -> Iterator[str]:
    """What a drafted questionnaire leaves to people: reports would print the placeholder."""
    marks = {f'"{text("intake.todo", lang)}"' for lang in LANGUAGES}
    for number, line in enumerate(read_text(opened.root / name).splitlines(), 1):
        if any(mark in line for mark in marks):
            yield f"{name}, line {number}: {line.partition('=')[0].strip()} is to be filled in"


def _with_transcripts(opened: Examined) -> bool:
    found = opened.one("interviews")
    return found is not None and any(str(name) for name in found[1].frame["source"])


def _uncoded(opened: Examined) -> Iterator[str]:
    """Transcripts of the register that nobody coded: they do not count as asked."""
    register, codings = opened.one("interviews"), opened.one("codings")
    if register is None or codings is None:
        return
    coded = {str(name) for name in codings[1].frame["source"]}
    frame = register[1].frame
    open_ones = [
        str(row.interview) for row in frame.itertuples() if str(row.source) in set(codings[1].texts) - coded and not str(row.coded_by)
    ]
    open_ones = [name for name in open_ones if repeatable(name)]
    if open_ones:
        more = f" and {len(open_ones) - _LISTED} more" if len(open_ones) > _LISTED else ""
        yield f"{len(open_ones)} interviews are not coded: {', '.join(open_ones[:_LISTED])}{more}"


def _whose_coding(opened: Examined) -> Iterator[str]:
    """Interviews that several have coded, where nobody has said whose coding counts."""
    codings = opened.one("codings")
    if codings is None or ("themes", "coders") in opened.lines.places:
        return
    frame = codings[1].frame
    each = frame[frame["coder"].astype(str) != ""].groupby("source")["coder"].nunique()
    if several := int((each > 1).sum()):
        todo = 'say under [themes] whose counts: coders = "any", "consensus" or "lead" with lead = [...]'
        yield f"{several} interviews are coded by several, and every coding counts; {todo}"


def _numbers_again(opened: Examined) -> Iterator[str]:
    """Numbers of persons that the round before has too, where nobody has said whether they are the same persons."""
    previous = opened.spec.previous
    if previous is None or previous.same_ids is not None:
        return
    try:
        before = opened.previous
    except VvvError:
        return  # told where the setting is checked
    if before is not None and (count := len(_numbers(opened) & _numbers(before))):
        todo = "say under [previous] whether they are the same persons: same_ids = true or false"
        yield f"{count} numbers of persons stand in {previous.round} too; {todo}"


def _numbers(opened: Round) -> set[str]:
    """The numbers of the persons who were interviewed or answered; municipalities are the same every year."""
    found: set[str] = set()
    for source in opened.spec.sources:
        with suppress(VvvError):  # what cannot be read is told with its source
            if source.type == "interviews":
                found.update(filled(opened.as_read(source.id).frame["person"]))
            elif source.type == "survey":
                survey = opened.as_read(source.id)
                if survey.questionnaire is not None and survey.questionnaire.frame.unit == "respondent":
                    found.update(map(str, survey.answers.index))
    return found


def _unasked_consent(opened: Examined) -> Iterator[str]:
    """Interviews of which nobody has written whether they may be quoted: they are kept as quiet as those that said no."""
    register = opened.one("interviews")
    if register is None:
        return
    own = register[1].frame
    own = own[own["source"].fillna("") != ""]
    if count := int(own["consent_quote"].isna().sum()):
        kept = "none of their words are shown, in the report or the explorer; write yes or no"
        yield f"{count} of {len(own)} interviews do not say whether they may be quoted (consent_quote is empty): {kept}"


def _unmapped(opened: Examined) -> Iterator[str]:
    """Pairs interviewed in a wave and not mapped there, where most are."""
    register, maps = opened.one("interviews"), opened.one("mappings")
    if register is None or maps is None:
        return
    frame = register[1].frame
    told = {(str(row.pair), str(row.wave)) for row in frame.itertuples() if str(row.pair)}
    links = maps[1].links
    mapped = set(zip(map(str, links["case"]), map(str, links["wave"]), strict=True))
    lacking = sorted((pair, wave) for pair, wave in told - mapped if repeatable(pair))
    if lacking and len(told & mapped) >= 0.8 * len(told):
        yield "not mapped (pair and wave): " + ", ".join(f"{pair} {wave}".rstrip() for pair, wave in lacking[:_LISTED])


def _undeclared(opened: Examined) -> Iterator[str]:
    """Conditions that cases were judged on, where the definition declares none: nothing would be analysed of them."""
    judged = opened.one("judgements")
    if judged is None or opened.spec.conditions or opened.spec.outcomes or "condition" not in judged[1].frame.columns:
        return
    if names := sorted(filled(judged[1].frame["condition"])):
        yield f"cases are judged on {', '.join(names)}, and no [[conditions]] or [[outcomes]] of round.toml say what they are"


def next_step(opened: Examined, faults: tuple[Fault, ...], lacking: tuple[str, ...]) -> str:
    """One step with the command to type, and how far the round has come."""

    def at(*checks: str) -> str:
        first = next((one for one in faults if one.check in checks), None)
        return "" if first is None else f": {first.place}; then vvv check {opened.id}"

    run = (opened.root / "outputs" / opened.id).is_dir()
    to_write = next((one for one in lacking if "to be written" in one), "")
    to_measure = [goal for goal in opened.spec.goals if goal.type != "qualitative" and goal.override is None]
    measured = [goal for goal in to_measure if any(reading.taken for reading in goal.readings)]
    steps = (
        ("correct the definition" + at("definition", "notebook"), any(one.check in ("definition", "notebook") for one in faults)),
        (f"add a source: vvv add {opened.id} FILE", not opened.spec.sources),
        ("take identifiers of persons out of the files" + at("identifier"), any(one.check == "identifier" for one in faults)),
        ("correct the sources" + at("source"), any(one.check == "source" for one in faults)),
        ("make the sources fit each other" + at("join"), any(one.check == "join" for one in faults)),
        ("correct the settings" + at("setting", "condition"), any(one.check in ("setting", "condition") for one in faults)),
        (f"declare goals in {opened.file}, then vvv check {opened.id}", not opened.spec.goals or bool(to_measure and not measured)),
        ("correct the goals" + at("goal"), any(one.check == "goal" for one in faults)),
        ("correct the report" + at("prose", "claim"), any(one.check in ("prose", "claim") for one in faults)),
        (f"vvv run {opened.id}", not run),
        (f"write the findings: {to_write.partition(': ')[0]}; then vvv run {opened.id}", bool(to_write)),
        ("mend the rendered report" + at("report"), any(one.check == "report" for one in faults)),
    )
    done = sum(not due for _, due in steps)
    todo = next((step for step, due in steps if due), f"read the report: outputs/{opened.id}")
    return f"{done} of {len(steps)}: {todo}"


# Type of source → the columns whose dates say when its rows were; a match without an end is still going on.
_DATED = {
    "interviews": ("month",),
    "monitoring": ("extract",),
    "courses": ("date",),
    "matches": ("start", "end"),
    "referrals": ("referred",),
    "activities": ("date",),
    "observations": ("date",),
}


def outside_the_period(opened: Examined) -> Iterator[str]:
    """What is to be told of dates before or after the round's period: that it is not set yet where no date lies in it, else the files
    whose dates all lie outside. A reader decides: an interview of the year before may well belong to the round.
    """
    spans = _spans(opened)
    outside = {name: span for name, span in spans.items() if _is_outside(opened, span)}
    if spans and len(outside) == len(spans):
        first, last = min(one for one, _ in spans.values()), max(other for _, other in spans.values())
        yield f"{opened.file}, line {opened.lines.at('period')}: period is to be set: the dates of its sources go from {first} to {last}"
        return
    for name, (first, last) in outside.items():
        period = f"{opened.spec.period.start} to {opened.spec.period.end}"
        yield f"{next(opened.readable(name)).path}: all dates lie outside the round's period ({period}): {first} to {last}"


def _is_outside(opened: Examined, span: tuple[str, str]) -> bool:
    return span[1] < opened.spec.period.start.isoformat() or span[0] > opened.spec.period.end.isoformat()


def _spans(opened: Examined) -> dict[str, tuple[str, str]]:
    """Type of source → the first and last day of all its dates."""
    days: dict[str, list[tuple[str, str]]] = {}
    start = opened.spec.period.start.isoformat()
    for source in opened.readable():
        frame = getattr(opened.as_read(source.id), "frame", None)
        if frame is None:
            continue
        for name in (one for one in _DATED.get(source.type, ()) if one in frame.columns):
            own = days.setdefault(source.type, [])
            own += [span for cell in frame[name] if (span := _span(str(cell))) is not None]
            if name == "end" and frame[name].isna().any():
                own.append((start, start))
    return {name: (min(one for one, _ in found), max(other for _, other in found)) for name, found in days.items() if found}


def _span(text: str) -> tuple[str, str] | None:
    """The first and last day that a date, month, quarter or year may be."""
    # A day may have a time after it.
    span = span_of(re.split("[ T]", text.strip(), maxsplit=1)[0])
    return None if span is None else (span[0].isoformat(), span[1].isoformat())
