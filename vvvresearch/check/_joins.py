"""Sources beside each other, both ways, with the nearest name: interviews, transcripts, coders, codes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from vvvresearch.check._evidence import MOSTLY, NAMED, Examined, book_codes, cell_texts, filled, one_slip_apart, registered, slips
from vvvresearch.check._fault import Fault, nearest, quoted, table_rows, toml_lines, yaml_line
from vvvresearch.check._pairs import case_faults, lone_pair_faults, mapping_faults, match_faults, pair_name_faults, person_faults
from vvvresearch.errors import VvvError
from vvvresearch.evidence import coders_in, join_name, join_parts
from vvvresearch.files import list_folder

if TYPE_CHECKING:
    from vvvresearch.rounds import Source


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


def join_faults(opened: Examined) -> Iterator[Fault]:
    """Everything that one source names and another does not have."""
    for look in _LOOKS:
        try:
            yield from look(opened)
        except VvvError:
            continue  # what cannot be read is told where it stands
    yield from questionnaire_faults(opened)


def _transcripts(opened: Examined) -> Iterator[Fault]:
    register, found = registered(opened), opened.one("codings")
    if register is None or found is None:
        return
    (source, frame), (place, codings) = register, found
    coded = filled(codings.frame["source"])
    texts = coded | set(codings.texts)
    # A transcript that is called like its interview may be one that nobody has coded yet.
    uncoded = {str(one) for one, interview in zip(frame["source"], frame["interview"], strict=True) if str(one) == str(interview)}
    yield from opened.unknown(source, frame, "source", texts | uncoded if texts else texts, "the codings have no source")
    named = filled(frame["source"])
    for other in ("observations", "documents"):
        if (beside := opened.one(other)) is not None and "source" in beside[1].frame.columns:
            named |= filled(beside[1].frame["source"])
    for name in sorted(coded - named):
        own = _holding(opened, place, "source", name)
        row = _first_row(opened, own, name)
        todo = f"give its interview a row; {nearest(name, named)}"
        yield Fault("join", own.path, row, f"no interview of the register has the source {quoted(name)}", "", todo)


def _without_text(opened: Examined) -> Iterator[Fault]:
    """Coded interviews whose transcript is missing among the others: a file that was renamed or taken away."""
    found = opened.one("codings")
    if found is None or not found[1].texts:
        return
    place, codings = found
    coded, texts = filled(codings.frame["source"]), set(codings.texts)
    missing = coded - texts
    if len(missing) > (1 - MOSTLY) * len(coded):
        return
    for name in sorted(missing):
        own = _holding(opened, place, "source", name)
        if own.texts:
            what, others = f"there is no transcript of {quoted(name)}", texts - coded
            todo = nearest(name, others) if others else "put its file there, called as the codings call it"
            yield Fault("join", own.path, _first_row(opened, own, name), what, f"transcripts are looked for in {own.texts}", todo)


def _cut_short(opened: Examined) -> Iterator[Fault]:
    """Transcripts that hold few of their quotes while the others hold theirs: cut off, emptied, or of another interview."""
    parts = [(source, opened.as_read(source.id)) for source in opened.readable("codings") if source.texts]
    for source, codings in parts:
        frame = codings.frame[codings.frame["source"].astype(str).isin(set(codings.texts))]
        lost = frame["start"].isna().groupby(frame["source"].astype(str)).agg(["sum", "size"])
        for name, gone, count in zip(lost.index, lost["sum"], lost["size"], strict=True):
            others = lost.drop(index=name)
            # A lone quote may be a paraphrase, unless every other one stands in its transcript.
            alone = gone == count and not others["sum"].sum() and others["size"].sum() >= _ENOUGH
            few = others["sum"].sum() <= (1 - MOSTLY) * others["size"].sum() / 2
            if alone or (few and gone >= max(_FEW, _SOME * count)):
                what = f"{gone} of {count} coded passages of {quoted(name)} are not in its transcript"
                todo = "take the whole transcript that was coded"
                yield Fault("join", _transcript_of(opened, source, name), None, what, f"coded in {source.path}", todo)


def _transcript_of(opened: Examined, source: Source, name: str) -> str:
    """The file of a transcript; its folder where several could be meant."""
    alike = [
        one.name
        for one in list_folder(opened.root / source.texts, ".txt", ".docx")
        if join_name(one.name) == join_name(name) or join_parts(one.name) == (join_parts(name) or one.name)
    ]
    return f"{source.texts}/{alike[0]}" if len(alike) == 1 else source.texts


def _holding(opened: Examined, first: Source, column: str, word: str) -> Source:
    """Which of the files of codings holds a word; the first one where none does."""
    held = (source for source in opened.readable("codings") if word in set(opened.as_read(source.id).frame[column].astype(str)))
    return next(held, first)


def _first_row(opened: Examined, source: Source, word: str) -> int | None:
    """The first row of a table that holds a word as a cell; a QDA project has no rows."""
    path = opened.root / source.path
    if path.suffix.lower() not in (".csv", ".xlsx"):
        return None
    table = table_rows(path)
    return next(
        (int(row) for row, cells in zip(table.index, table.to_numpy(), strict=True) if word in {str(one).strip() for one in cells}), None
    )


def _coders(opened: Examined) -> Iterator[Fault]:
    found, register = opened.one("codings"), registered(opened)
    if found is None:
        return
    coders = {coder for coder in found[1].coders if coder}
    for name in opened.spec.themes.lead:
        if coders and name not in coders:
            row = opened.lines.of(name, "themes", "lead")
            yield Fault("setting", opened.file, row, f"themes, lead: nobody codes as {quoted(name)}", "", nearest(name, coders))
    if register is None or not coders:
        return
    source, frame = register
    for number, cell in enumerate(cell_texts(frame["coded_by"])):
        for name in coders_in(cell):
            if name not in coders:
                row = opened.row(source, frame, number)
                yield Fault("join", source.path, row, f"coded_by: nobody codes as {quoted(name)}", "", nearest(name, coders))


def _guide(opened: Examined) -> Iterator[Fault]:
    if (found := opened.one("guide")) is None:
        return
    source, frame = found[0], found[1].frame
    groups = set(opened.programme.groups)
    if "respondent_group" in frame.columns:
        yield from opened.unknown(source, frame, "respondent_group", groups, "there is no group")
    book = book_codes(opened)
    if book:
        yield from opened.unknown(source, frame, "code_path", book, "the codebook has no code")


def _codes(opened: Examined) -> Iterator[Fault]:
    """Codes of codings, theory, configurations and ledger that no codebook has."""
    book = book_codes(opened)
    if (found := opened.one("codings")) is not None and opened.one("codebook") is not None:
        source, codings = found
        for name in sorted(filled(codings.frame["code_path"]) - book):
            own = _holding(opened, source, "code_path", name)
            row = _first_row(opened, own, name)
            yield Fault("join", own.path, row, f"the codebook has no code {quoted(name)}", "", nearest(name, book))
    elif found is not None:
        yield from _code_slips(opened, *found)
    if book and (theory := opened.one("theory")) is not None:
        lines = toml_lines(opened.root / theory[0].path)
        for number, element in enumerate(theory[1].elements):
            for name in element.codes:
                if name not in book:
                    row = lines.of(name, "elements", number)
                    yield Fault("join", theory[0].path, row, f"the codebook has no code {quoted(name)}", "", nearest(name, book))
    if (theory := opened.one("theory")) is not None and (maps := opened.one("mappings")) is not None:
        nodes, lines = filled(maps[1].nodes["node"]), toml_lines(opened.root / theory[0].path)
        named = {name for element in theory[1].elements for name in element.nodes}
        for number, element in enumerate(theory[1].elements):
            for name in element.nodes:
                if name not in nodes and len(named & nodes) >= MOSTLY * len(named):
                    row = lines.of(name, "elements", number)
                    yield Fault("join", theory[0].path, row, f"the mappings have no node {quoted(name)}", "", nearest(name, nodes))
    yield from _passages(opened, book)


def _passages(opened: Examined, book: set[str]) -> Iterator[Fault]:
    """Passages of configurations, whose transcript and code must be there."""
    if (found := opened.one("configurations")) is None:
        return
    source, records = found
    known = {name for kind in ("interviews", "observations") for name in _named_sources(opened, kind)}
    if (codings := opened.one("codings")) is not None:
        known |= set(codings[1].texts) | filled(codings[1].frame["source"])
    path = opened.root / source.path
    order = cell_texts(records.records["id"])
    sides = {"supports": "supporting", "refutes": "refuting", "nuances": "nuancing"}
    counted: Counter[tuple[str, str]] = Counter()
    for passage in records.passages.to_dict("records"):
        at = (str(passage["configuration"]), str(passage["stance"]))
        steps: list[str | int] = ["configurations", order.index(at[0]), sides.get(at[1], at[1]), counted[at]]
        counted[at] += 1
        for key, names, what in (("source", known, "there is no transcript"), ("code_path", book, "the codebook has no code")):
            value = str(passage.get(key) or "")
            if value and value != "nan" and names and value not in names:
                row = yaml_line(path, (*steps, key))
                yield Fault("join", source.path, row, f"{at[0]}: {what} {quoted(value)}", "", nearest(value, names))


def _named_sources(opened: Examined, kind: str) -> set[str]:
    found = opened.one(kind)
    return filled(found[1].frame["source"]) if found is not None and "source" in found[1].frame.columns else set()


def _code_slips(opened: Examined, source: Source, codings: Any) -> Iterator[Fault]:
    """A code that stands once and is one slip from a usual one: a coding table without a codebook has no other list."""
    path = opened.root / source.path
    if path.suffix.lower() not in (".csv", ".xlsx"):
        return
    for column in ("code_path", "coder", "source"):
        for name, meant in slips(cell_texts(codings.frame[column])).items():
            if column == "source" and registered(opened) is not None:
                continue  # joined with the register
            row = _first_row(opened, source, name)
            what = f"{column}: {quoted(name)} stands once, and is probably {quoted(meant)}"
            yield Fault("join", source.path, row, what, "", f"did you mean {meant}? if not, accept it in round.toml")


_OWN = (_transcripts, _without_text, _cut_short, _coders, _guide, _codes)
# A transcript that lost this many and this share of its passages, where the others lost next to none.
_FEW, _SOME, _ENOUGH = 2, 0.4, 10
_LOOKS = (
    *_OWN,
    person_faults,
    pair_name_faults,
    mapping_faults,
    lone_pair_faults,
    case_faults,
    table_id_faults,
    match_faults,
    invited_faults,
)
