"""Sources beside each other, both ways: interviews, transcripts, codes, pairs, persons, waves, respondents, with the nearest name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from vvvresearch.check._evidence import Examined
from vvvresearch.check._fault import Fault, nearest, quoted
from vvvresearch.check._lines import toml_lines, yaml_line
from vvvresearch.check._near import one_slip_apart, slips
from vvvresearch.check._tables import NEEDED
from vvvresearch.errors import VvvError
from vvvresearch.evidence import EVALUATOR
from vvvresearch.files import list_folder, read_csv, read_workbook, read_yaml

if TYPE_CHECKING:
    import pandas as pd

    from vvvresearch.rounds import Source

# A column of a table that is free to name anything is held against what there is where most of it fits.
_MOSTLY = 0.5
_NAMED = 0.8


def join_faults(opened: Examined) -> Iterator[Fault]:
    """Everything that one source names and another does not have."""
    for look in (_transcripts, _coders, _guide, _codes, _persons, _pair_names, _mappings, _lone_pairs, _cases, _tables, _matches, _invited):
        try:
            yield from look(opened)
        except VvvError:
            continue  # what cannot be read is told where it stands
    yield from _questionnaires(opened)


def _register(opened: Examined) -> tuple[Source, pd.DataFrame] | None:
    found = opened.one("interviews")
    return None if found is None else (found[0], found[1].frame)


def _texts(column: pd.Series[Any]) -> list[str]:
    return [str(cell).strip() for cell in column]


def _filled(column: pd.Series[Any]) -> set[str]:
    return set(_texts(column)) - {""}


def _transcripts(opened: Examined) -> Iterator[Fault]:
    register, found = _register(opened), opened.one("codings")
    if register is None or found is None:
        return
    (source, frame), (place, codings) = register, found
    coded = _filled(codings.frame["source"])
    texts = coded | set(codings.texts)
    yield from opened.unknown(source, frame, "source", texts, "the codings have no source")
    named = _filled(frame["source"])
    for other in ("observations", "documents"):
        if (beside := opened.one(other)) is not None and "source" in beside[1].frame.columns:
            named |= _filled(beside[1].frame["source"])
    for name in sorted(coded - named):
        row = _first_row(opened, place, name)
        todo = f"give its interview a row; {nearest(name, named)}"
        yield Fault("join", place.path, row, f"no interview of the register has the source {quoted(name)}", "", todo)


def _first_row(opened: Examined, source: Source, word: str) -> int | None:
    """The first row of a table that holds a word as a cell; a QDA project has no rows."""
    path = opened.root / source.path
    if path.suffix.lower() not in (".csv", ".xlsx"):
        return None
    table = read_workbook(path) if path.suffix.lower() == ".xlsx" else read_csv(path)
    return next((int(row) for row, cells in zip(table.index, table.to_numpy(), strict=True) if word in {str(one).strip() for one in cells}), None)


def _coders(opened: Examined) -> Iterator[Fault]:
    found, register = opened.one("codings"), _register(opened)
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
    for number, cell in enumerate(_texts(frame["coded_by"])):
        for name in (one.strip() for one in cell.split(",")):
            if name and name not in coders:
                row = opened.row(source, frame, number)
                yield Fault("join", source.path, row, f"coded_by: nobody codes as {quoted(name)}", "", nearest(name, coders))


def _guide(opened: Examined) -> Iterator[Fault]:
    if (found := opened.one("guide")) is None:
        return
    source, frame = found[0], found[1].frame
    groups = set(opened.programme.groups)
    if "respondent_group" in frame.columns:
        yield from opened.unknown(source, frame, "respondent_group", groups, "there is no group")
    book = _book(opened)
    if book:
        yield from opened.unknown(source, frame, "code_path", book, "the codebook has no code")


def _book(opened: Examined) -> set[str]:
    if (found := opened.one("codebook")) is not None:
        return set(found[1].paths)
    return set(found[1].codebook.paths) if (found := opened.one("codings")) is not None else set()


def _codes(opened: Examined) -> Iterator[Fault]:
    """Codes of codings, theory, configurations and ledger that no codebook has."""
    book = _book(opened)
    if (found := opened.one("codings")) is not None and opened.one("codebook") is not None:
        source, codings = found
        for name in sorted(_filled(codings.frame["code_path"]) - book):
            row = _first_row(opened, source, name)
            yield Fault("join", source.path, row, f"the codebook has no code {quoted(name)}", "", nearest(name, book))
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
        nodes, lines = _filled(maps[1].nodes["node"]), toml_lines(opened.root / theory[0].path)
        named = {name for element in theory[1].elements for name in element.nodes}
        for number, element in enumerate(theory[1].elements):
            for name in element.nodes:
                if name not in nodes and len(named & nodes) >= _MOSTLY * len(named):
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
        known |= set(codings[1].texts) | _filled(codings[1].frame["source"])
    path = opened.root / source.path
    order = _texts(records.records["id"])
    sides = {"supports": "supporting", "refutes": "refuting", "nuances": "nuancing"}
    counted: Counter[tuple[str, str]] = Counter()
    for passage in records.passages.to_dict("records"):
        at = (str(passage["configuration"]), str(passage["stance"]))
        steps = ["configurations", order.index(at[0]), sides.get(at[1], at[1]), counted[at]]
        counted[at] += 1
        for key, names, what in (("source", known, "there is no transcript"), ("code_path", book, "the codebook has no code")):
            value = str(passage.get(key) or "")
            if value and value != "nan" and names and value not in names:
                row = yaml_line(path, (*steps, key))
                yield Fault("join", source.path, row, f"{at[0]}: {what} {quoted(value)}", "", nearest(value, names))


def _named_sources(opened: Examined, kind: str) -> set[str]:
    found = opened.one(kind)
    return _filled(found[1].frame["source"]) if found is not None and "source" in found[1].frame.columns else set()


def _code_slips(opened: Examined, source: Source, codings: Any) -> Iterator[Fault]:
    """A code that stands once and is one slip from a usual one: a coding table without a codebook has no other list."""
    path = opened.root / source.path
    if path.suffix.lower() not in (".csv", ".xlsx"):
        return
    for column in ("code_path", "coder", "source"):
        for name, meant in slips(_texts(codings.frame[column])).items():
            if column == "source" and _register(opened) is not None:
                continue  # joined with the register
            row = _first_row(opened, source, name)
            what = f"{column}: {quoted(name)} stands once, and is probably {quoted(meant)}"
            yield Fault("join", source.path, row, what, "", f"did you mean {meant}? if not, accept it in round.toml")


def _persons(opened: Examined) -> Iterator[Fault]:
    """A person is of one pair, one group and one sex in all interviews."""
    if (register := _register(opened)) is None:
        return
    source, frame = register
    told: set[tuple[int, str]] = set()
    by_pair = (frame["pair"] + "/" + frame["respondent_group"]).where(frame["pair"] != "", "")
    for who, columns in ((frame["person"], ("pair", "respondent_group", "sex")), (by_pair, ("sex", "person"))):
        for column in columns:
            for one, rows in frame.groupby(who, sort=False):
                values = [(int(str(number)), str(value)) for number, value in rows[column].items() if str(value)]
                counted = Counter(value for _, value in values)
                if not str(one) or len(counted) < 2:
                    continue
                usual, most = counted.most_common(1)[0]
                odd = [at for at in values if at[1] != usual] if most > len(values) / 2 else values
                for number, value in odd:
                    if (number, column) in told:
                        continue
                    told.add((number, column))
                    what = f"{column}: {quoted(value)}, where another interview of the same person has another"
                    why = f"the person is {quoted(one)}"
                    yield Fault("join", source.path, opened.row(source, frame, number), what, why, "one of them is wrong")


def _pair_names(opened: Examined) -> Iterator[Fault]:
    """Where interviews, persons or transcripts are called by their pair, one that is called by another is a slip."""
    if (register := _register(opened)) is None:
        return
    source, frame = register
    pairs = _filled(frame["pair"])
    for column in ("interview", "source", "person"):
        rows = [(n, pair, name) for n, (pair, name) in enumerate(zip(_texts(frame["pair"]), _texts(frame[column]), strict=True)) if pair and name]
        odd = [at for at in rows if not _holds(at[2], at[1])]
        if rows and odd and len(odd) <= (1 - _NAMED) * len(rows):
            for number, pair, name in odd:
                meant = next((one for one in pairs if _holds(name, one)), "")
                why = f"the other interviews have their pair in {column}"
                todo = f"did you mean {meant}?" if meant else nearest(pair, pairs - {pair})
                what = f"pair: {quoted(pair)} does not fit {column} {quoted(name)}"
                yield Fault("join", source.path, opened.row(source, frame, number), what, why, todo)
            return


def _holds(name: str, pair: str) -> bool:
    return re.search(rf"(?<![0-9a-zæøå]){re.escape(pair.casefold())}(?![0-9])", name.casefold()) is not None


def _mappings(opened: Examined) -> Iterator[Fault]:
    """Each mapping against the interviews: pair, wave and half, both ways; and who says each link."""
    register, found = _register(opened), opened.one("mappings")
    if register is None or found is None:
        return
    (source, frame), (place, mappings) = register, found
    pairs, waves = _filled(frame["pair"]), _filled(frame["wave"])
    told = set(zip(*(_texts(frame[name]) for name in ("pair", "wave", "respondent_group")), strict=True))
    table = mappings.links if len(mappings.links) else mappings.nodes
    mapped = list(dict.fromkeys(zip(*(_texts(table[name]) for name in ("case", "wave", "perspective")), strict=True)))
    by_wave = bool(waves & {wave for _, wave, _ in mapped})
    cases = {case for case, _, _ in mapped}
    done = set()
    for case, wave, half in mapped:
        if case not in pairs:
            key, what, todo = (case, "", ""), f"no interview of the register has the pair {quoted(case)}", nearest(case, pairs - cases or pairs)
        elif by_wave and wave not in waves:
            key, what, todo = (case, wave, ""), f"no interview of the register has the wave {quoted(wave)}", nearest(wave, waves)
        elif half in mappings.halves and not any(one[0] == case and one[2] == half and (not by_wave or one[1] in (wave, "")) for one in told):
            key = (case, wave, half)
            what, todo = f"no interview of the register is with the {half} of {quoted(case)} in wave {quoted(wave)}", "give it a row"
            yield from _probable_rows(opened, source, frame, cases, key)
        else:
            continue
        if key not in done:
            done.add(key)
            at = _mapping_place(opened, place, case, wave, key="wave" if key[2:] == ("",) and key[1] else "case")
            yield Fault("join", *at, what, "", todo)
    known = set().union(*(_filled(frame[name]) for name in ("pseudonym", "person", "interview", "source")))
    informants = _filled(mappings.links["informant"]) - {EVALUATOR} - _filled(mappings.links["perspective"])
    if informants and len(informants & known) >= _NAMED * len(informants):
        for name in sorted(informants - known):
            rows = mappings.links[mappings.links["informant"] == name]
            file, row = _mapping_place(opened, place, str(rows.iloc[0]["case"]), str(rows.iloc[0]["wave"]), name)
            near = nearest(name, known)
            todo = near if near.startswith("did you mean") else "write pseudonym, person or interview as the register has it"
            yield Fault("join", file, row, "informant: somebody whom the register does not have", "", todo)


def _probable_rows(
    opened: Examined, source: Source, frame: pd.DataFrame, cases: set[str], key: tuple[str, str, str]
) -> Iterator[Fault]:
    """Rows of the register that are probably the interview that a mapping rests on, by another pair or wave."""
    case, wave, half = key
    waves = _filled(frame["wave"])
    for number, (pair, own, group) in enumerate(zip(*(_texts(frame[name]) for name in ("pair", "wave", "respondent_group")), strict=True)):
        other_pair = group == half and own == wave and pair and pair not in cases
        other_wave = group == half and pair == case and own and own != wave and _texts(frame["wave"]).count(own) == 1 and len(waves) > 1
        if other_pair or other_wave:
            column, value, meant = ("pair", pair, case) if other_pair else ("wave", own, wave)
            what = f"{column}: {quoted(value)}, where a mapping has {quoted(meant)}"
            yield Fault("join", source.path, opened.row(source, frame, number), what, "", f"did you mean {meant}?")


def _mapping_place(
    opened: Examined, source: Source, case: str, wave: str, word: str = "", key: str = "case"
) -> tuple[str, int | None]:
    """The file of a case's mapping and the line of one of its fields, or where a word stands in its links."""
    path = opened.root / source.path
    documents = list_folder(path, ".yaml", ".yml") if path.is_dir() else [path] if path.suffix.lower() in (".yaml", ".yml") else []
    for document in documents:
        read = read_yaml(document)
        entries = read.get("mappings", [read]) if isinstance(read, dict) else read
        for number, entry in enumerate(entries):
            if str(entry.get("case")) == case and str(entry.get("wave")) == wave:
                inside: list[str | int] = ["mappings", number] if isinstance(read, dict) and "mappings" in read else []
                inside = [number] if isinstance(read, list) else inside
                links = [(n, name) for n, link in enumerate(entry.get("links") or []) for name, told in link.items() if str(told) == word]
                steps = [*inside, "links", *links[0]] if word and links else [*inside, key]
                return document.relative_to(opened.root).as_posix(), yaml_line(document, steps)
    if path.is_dir():
        path = path / "links.csv"
    if path.suffix.lower() in (".csv", ".xlsx") and path.is_file():
        table = read_workbook(path) if path.suffix.lower() == ".xlsx" else read_csv(path)
        hits = [int(row) for row, cells in zip(table.index, table.to_numpy(), strict=True) if {case, word or case} <= {str(one) for one in cells}]
        return path.relative_to(opened.root).as_posix(), hits[0] if hits else None
    return source.path, None


def _pairs_beside(opened: Examined) -> Iterator[tuple[Source, pd.DataFrame, str]]:
    """The other tables that name pairs, and the column that does."""
    for kind, column in (("judgements", "case"), ("attributes", "pair"), ("contacts", "pair"), ("observations", "pair"), ("matches", "pair")):
        if (found := opened.one(kind)) is not None and column in found[1].frame.columns:
            yield found[0], found[1].frame, column


def _lone_pairs(opened: Examined) -> Iterator[Fault]:
    """A pair that stands in one row of the register only, while every other pair is known elsewhere too."""
    if (register := _register(opened)) is None:
        return
    source, frame = register
    elsewhere: set[str] = set()
    for _, table, column in _pairs_beside(opened):
        elsewhere |= _filled(table[column])
    if (found := opened.one("mappings")) is not None:
        elsewhere |= _filled(found[1].links["case"])
    counted = Counter(_filled_list(frame["pair"]))
    lone = [pair for pair in counted if pair not in elsewhere]
    if not elsewhere or len(lone) > (1 - _NAMED) * len(counted):
        return
    for number, pair in enumerate(_texts(frame["pair"])):
        if pair in lone and counted[pair] == 1:
            what = f"pair: no other source knows the pair {quoted(pair)}, and it has one interview only"
            yield Fault("join", source.path, opened.row(source, frame, number), what, "", nearest(pair, elsewhere))


def _filled_list(column: pd.Series[Any]) -> list[str]:
    return [cell for cell in _texts(column) if cell]


def _cases(opened: Examined) -> Iterator[Fault]:
    """Pairs, halves and waves of judgements, attributes, contacts and observations."""
    register, maps = _register(opened), opened.one("mappings")
    pairs = _filled(register[1]["pair"]) if register is not None else set()
    pairs |= _filled(maps[1].links["case"]) if maps is not None and register is None else set()
    waves = _filled(register[1]["wave"]) if register is not None else set()
    for source, frame, column in _pairs_beside(opened):
        only_if = _MOSTLY if source.type in ("matches", "observations") else 0.0
        if source.type != "matches":
            yield from opened.unknown(source, frame, column, pairs, "no interview has the pair", only_if=only_if)
        yield from opened.unknown(source, frame, "wave", waves, "no interview has the wave", only_if=_MOSTLY)
    if (found := opened.one("attributes")) is not None:
        yield from opened.unknown(found[0], found[1].frame, "role", set(opened.programme.halves), "there is no half")
    if (found := opened.one("judgements")) is not None and set(NEEDED["judgements"]) <= set(found[1].frame.columns):
        declared = (*opened.spec.conditions, *opened.spec.outcomes)
        judged = {str(one.rule.judged) if one.rule.judged is not True else one.id for one in declared if one.rule.judged is not None}
        yield from opened.unknown(found[0], found[1].frame, "condition", judged, "no condition or outcome of the round is judged as", only_if=_MOSTLY)
        yield from _judged_whole(found[0], found[1].frame)


def _judged_whole(source: Source, frame: pd.DataFrame) -> Iterator[Fault]:
    """A case that lacks a judgement which every other case of its wave has."""
    wave = frame["wave"] if "wave" in frame.columns else frame["case"].map(lambda _: "")
    for one, rows in frame.groupby(wave, sort=False):
        cases, asked = list(dict.fromkeys(_texts(rows["case"]))), list(dict.fromkeys(_texts(rows["condition"])))
        there = set(zip(_texts(rows["case"]), _texts(rows["condition"]), strict=True))
        lacking = [(case, name) for case in cases for name in asked if (case, name) not in there]
        if len(cases) >= 4 and len(lacking) == 1:
            case, name = lacking[0]
            within = f" in wave {quoted(one)}" if str(one) else ""
            yield Fault("join", source.path, None, f"{quoted(case)} has no judgement of {quoted(name)}{within}", "all other cases have one")


def _tables(opened: Examined) -> Iterator[Fault]:
    """Columns of free tables by what they are called: interviews, persons, transcripts, courses, matches, respondents."""
    known: dict[str, set[str]] = {}
    if (register := _register(opened)) is not None:
        known |= {name: _filled(register[1][name]) for name in ("interview", "person")}
    if (found := opened.one("codings")) is not None:
        known["source"] = set(found[1].texts) | _filled(found[1].frame["source"])
        known["code_path"] = _book(opened)
    for kind, column in (("courses", "course"), ("matches", "match")):
        if (found := opened.one(kind)) is not None:
            known[column] = _filled(found[1].frame[column])
    known["respondent_group"] = set(opened.programme.groups)
    owners = {"interview": "interviews", "person": "interviews", "course": "courses", "match": "matches"}
    for source in opened.readable():
        frame = getattr(opened.as_read(source.id), "frame", None)
        if source.type in ("interviews", "codings", "codebook", "guide", "claims", "published", "theory", "ledger") or frame is None:
            continue
        for column, names in known.items():
            if owners.get(column) != source.type:
                yield from opened.unknown(source, frame, column, names, f"{column}: there is no", only_if=_MOSTLY)
        if source.type == "register" and "respondent" in frame.columns:
            answered = [set(map(str, opened.as_read(survey.id).answers.index)) for survey in opened.readable("survey")]
            best = max(answered, key=lambda one: len(one & _filled(frame["respondent"])), default=set())
            yield from opened.unknown(source, frame, "respondent", best, "respondent: no answers of", only_if=_NAMED)


def _matches(opened: Examined) -> Iterator[Fault]:
    """Matches and the register: pairs both ways, and both persons of a match."""
    register, found = _register(opened), opened.one("matches")
    if register is None or found is None:
        return
    (source, frame), (place, matches) = register, found
    table = matches.frame
    if "pair" in table.columns:
        yield from opened.unknown(place, table, "pair", _filled(frame["pair"]), "no interview has the pair", only_if=_NAMED)
        yield from opened.unknown(source, frame, "pair", _filled(table["pair"]), "no match has the pair", only_if=_NAMED)
    for half in opened.programme.halves:
        if half in table.columns and _filled(table[half]):
            own = frame[frame["respondent_group"] == half]
            persons, known = _filled(own["person"]), _filled(table[half])
            if persons and len(persons & known) >= _NAMED * len(persons):
                for number, name in enumerate(_texts(frame["person"])):
                    if name in persons - known:
                        row = opened.row(source, frame, number)
                        yield Fault("join", source.path, row, f"person: no match has the {half} {quoted(name)}", "", nearest(name, known))


def _invited(opened: Examined) -> Iterator[Fault]:
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
                yield Fault("join", source.invited, row, f"there is no municipality {quoted(name)}", "", nearest(name, set(strange) or codes))
    for source in opened.readable("answers_as_received"):
        survey_id, frame = source.survey, opened.as_read(source.id).frame
        survey = next((one for one in opened.readable("survey") if one.id == survey_id), None)
        if survey is None or "respondent" not in frame.columns:
            continue
        held = opened.as_read(survey.id)
        invited = set(map(str, held.invited.index)) if held.invited is not None else set()
        yield from opened.unknown(source, frame, "respondent", invited, "not on the list of invited is")
        received = _filled(frame["respondent"])
        for number, name in enumerate(map(str, held.answers.index)):
            if name not in received:
                row = opened.row(survey, held.answers.reset_index(), number)
                yield Fault("join", survey.path, row, f"no answers as received are of {quoted(name)}", "", nearest(name, received))


def _questionnaires(opened: Examined) -> Iterator[Fault]:
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
