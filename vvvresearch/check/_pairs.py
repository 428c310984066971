"""Persons, pairs and waves: the register beside mappings, judgements, attributes, contacts and matches, both ways."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from vvvresearch.check._evidence import MOSTLY, NAMED, Examined, cell_texts, filled, registered
from vvvresearch.check._fault import Fault, nearest, quoted, table_rows, yaml_line
from vvvresearch.check._tables import NEEDED
from vvvresearch.evidence import EVALUATOR
from vvvresearch.files import list_folder, read_yaml

_MAPPED_WAVE = 2

if TYPE_CHECKING:
    import pandas as pd

    from vvvresearch.rounds import Source


def person_faults(opened: Examined) -> Iterator[Fault]:
    """A person is of one pair, one group and one sex in all interviews."""
    if (register := registered(opened)) is None:
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
                for number, _ in odd:
                    if (number, column) in told:
                        continue
                    told.add((number, column))
                    what = f"{column} is not that of another interview of the same person"
                    why = f"the person is {quoted(one)}"
                    yield Fault("join", source.path, opened.row(source, frame, number), what, why, "one of them is wrong")


def pair_name_faults(opened: Examined) -> Iterator[Fault]:
    """Where interviews, persons or transcripts are called by their pair, one that is called by another is a slip."""
    if (register := registered(opened)) is None:
        return
    source, frame = register
    pairs = filled(frame["pair"])
    for column in ("interview", "source", "person"):
        rows = [
            (n, pair, name)
            for n, (pair, name) in enumerate(zip(cell_texts(frame["pair"]), cell_texts(frame[column]), strict=True))
            if pair and name
        ]
        odd = [at for at in rows if not _holds(at[2], at[1])]
        if rows and odd and len(odd) <= (1 - NAMED) * len(rows):
            for number, pair, name in odd:
                meant = next((one for one in pairs if _holds(name, one)), "")
                why = f"the other interviews have their pair in {column}"
                todo = f"did you mean {meant}?" if meant else nearest(pair, pairs - {pair})
                what = f"pair: {quoted(pair)} does not fit {column} {quoted(name)}"
                yield Fault("join", source.path, opened.row(source, frame, number), what, why, todo)
            return


def _holds(name: str, pair: str) -> bool:
    return re.search(rf"(?<![0-9a-zæøå]){re.escape(pair.casefold())}(?![0-9])", name.casefold()) is not None


def mapping_faults(opened: Examined) -> Iterator[Fault]:
    """Each mapping against the interviews: pair, wave and half, both ways; and who says each link."""
    register, found = registered(opened), opened.one("mappings")
    if register is None or found is None:
        return
    (source, frame), (place, mappings) = register, found
    pairs, waves = filled(frame["pair"]), filled(frame["wave"])
    told = set(zip(*(cell_texts(frame[name]) for name in ("pair", "wave", "respondent_group")), strict=True))
    table = mappings.links if len(mappings.links) else mappings.nodes
    mapped = list(dict.fromkeys(zip(*(cell_texts(table[name]) for name in ("case", "wave", "perspective")), strict=True)))
    # Where the register is of one wave, maps of several cases in another are those of another round.
    waved = Counter(wave for _, wave in {(case, wave) for case, wave, _ in mapped})
    by_wave = bool(waves & {wave for _, wave, _ in mapped})
    cases = {case for case, _, _ in mapped}
    # Who is in no pair may be a case alone.
    alone = filled(frame.loc[frame["pair"] == "", "person"])
    done = set()
    for case, wave, half in mapped:
        # Cases of a map that no interview stands in a pair for are its own.
        if pairs and case not in pairs | alone:
            key, what, todo = (
                (case, "", ""),
                f"no interview of the register has the pair {quoted(case)}",
                nearest(case, pairs - cases or pairs),
            )
        elif by_wave and wave not in waves and (len(waves) > 1 or waved[wave] < _MAPPED_WAVE):
            key, what, todo = (case, wave, ""), f"no interview of the register has the wave {quoted(wave)}", nearest(wave, waves)
        elif (
            pairs
            and half in mappings.halves
            and not any(one[0] == case and one[2] == half and (not by_wave or one[1] in (wave, "")) for one in told)
        ):
            key = (case, wave, half)
            what, todo = f"no interview of the register is with the {half} of {quoted(case)} in wave {quoted(wave)}", "give it a row"
            yield from _probable_rows(opened, source, frame, cases, key)
        else:
            continue
        if key not in done:
            done.add(key)
            at = _mapping_place(opened, place, case, wave, key="wave" if key[2:] == ("",) and key[1] else "case")
            yield Fault("join", *at, what, "", todo)
    known = set().union(*(filled(frame[name]) for name in ("pseudonym", "person", "interview", "source")))
    informants = filled(mappings.links["informant"]) - {EVALUATOR} - filled(mappings.links["perspective"])
    if informants and len(informants & known) >= NAMED * len(informants):
        for name in sorted(informants - known):
            rows = mappings.links[mappings.links["informant"] == name]
            file, row = _mapping_place(opened, place, str(rows.iloc[0]["case"]), str(rows.iloc[0]["wave"]), name)
            near = nearest(name, known)
            todo = near if near.startswith("did you mean") else "write pseudonym, person or interview as the register has it"
            yield Fault("join", file, row, "informant: somebody whom the register does not have", "", todo)


def _probable_rows(opened: Examined, source: Source, frame: pd.DataFrame, cases: set[str], key: tuple[str, str, str]) -> Iterator[Fault]:
    """Rows of the register that are probably the interview that a mapping rests on, by another pair or wave."""
    case, wave, half = key
    waves = filled(frame["wave"])
    for number, (pair, own, group) in enumerate(
        zip(*(cell_texts(frame[name]) for name in ("pair", "wave", "respondent_group")), strict=True)
    ):
        other_pair = group == half and own == wave and pair and pair not in cases
        other_wave = group == half and pair == case and own and own != wave and cell_texts(frame["wave"]).count(own) == 1 and len(waves) > 1
        if other_pair or other_wave:
            column, value, meant = ("pair", pair, case) if other_pair else ("wave", own, wave)
            what = f"{column}: {quoted(value)}, where a mapping has {quoted(meant)}"
            yield Fault("join", source.path, opened.row(source, frame, number), what, "", f"did you mean {meant}?")


def _mapping_place(opened: Examined, source: Source, case: str, wave: str, word: str = "", key: str = "case") -> tuple[str, int | None]:
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
        table = table_rows(path)
        hits = [
            int(row)
            for row, cells in zip(table.index, table.to_numpy(), strict=True)
            if {case, word or case} <= {str(one) for one in cells}
        ]
        return path.relative_to(opened.root).as_posix(), hits[0] if hits else None
    return source.path, None


def _pairs_beside(opened: Examined) -> Iterator[tuple[Source, pd.DataFrame, str]]:
    """The other tables that name pairs, and the column that does."""
    for kind, column in (
        ("judgements", "case"),
        ("attributes", "pair"),
        ("contacts", "pair"),
        ("observations", "pair"),
        ("matches", "pair"),
    ):
        if (found := opened.one(kind)) is not None and column in found[1].frame.columns:
            yield found[0], found[1].frame, column


def lone_pair_faults(opened: Examined) -> Iterator[Fault]:
    """A pair that stands in one row of the register only, while every other pair is known elsewhere too."""
    if (register := registered(opened)) is None:
        return
    source, frame = register
    elsewhere: set[str] = set()
    for _, table, column in _pairs_beside(opened):
        elsewhere |= filled(table[column])
    if (found := opened.one("mappings")) is not None:
        elsewhere |= filled(found[1].links["case"])
    counted = Counter(_filled_list(frame["pair"]))
    lone = [pair for pair in counted if pair not in elsewhere]
    if not elsewhere or len(lone) > (1 - NAMED) * len(counted):
        return
    for number, pair in enumerate(cell_texts(frame["pair"])):
        if pair in lone and counted[pair] == 1:
            what = f"pair: no other source knows the pair {quoted(pair)}, and it has one interview only"
            yield Fault("join", source.path, opened.row(source, frame, number), what, "", nearest(pair, elsewhere))


def _filled_list(column: pd.Series[Any]) -> list[str]:
    return [cell for cell in cell_texts(column) if cell]


def case_faults(opened: Examined) -> Iterator[Fault]:
    """Pairs, halves and waves of judgements, attributes, contacts and observations."""
    register, maps = registered(opened), opened.one("mappings")
    pairs = filled(register[1]["pair"]) if register is not None else set()
    pairs |= filled(maps[1].links["case"]) if maps is not None and register is None else set()
    waves = filled(register[1]["wave"]) if register is not None else set()
    for source, frame, column in _pairs_beside(opened):
        only_if = MOSTLY if source.type in ("matches", "observations") else 0.0
        if source.type != "matches":
            yield from opened.unknown(source, frame, column, pairs, "no interview has the pair", only_if=only_if)
        yield from opened.unknown(source, frame, "wave", waves, "no interview has the wave", only_if=MOSTLY)
    if (found := opened.one("attributes")) is not None:
        yield from opened.unknown(found[0], found[1].frame, "role", set(opened.programme.halves), "there is no half")
    if (found := opened.one("judgements")) is not None and set(NEEDED["judgements"]) <= set(found[1].frame.columns):
        declared = (*opened.spec.conditions, *opened.spec.outcomes)
        judged = {str(one.rule.judged) if one.rule.judged is not True else one.id for one in declared if one.rule.judged is not None}
        yield from opened.unknown(
            found[0], found[1].frame, "condition", judged, "no condition or outcome of the round is judged as", only_if=MOSTLY
        )
        yield from _judged_whole(found[0], found[1].frame, judged)


def _judged_whole(source: Source, frame: pd.DataFrame, declared: set[str]) -> Iterator[Fault]:
    """A case that lacks a judgement that the analysis needs, of a declared condition in the first wave, or one that all others have."""
    from vvvresearch.mechanisms import first_wave, given_judgements

    wave = frame["wave"] if "wave" in frame.columns else frame["case"].map(lambda _: "")
    earliest = first_wave(frame)
    for one, rows in frame.groupby(wave, sort=False):
        cases, asked = list(dict.fromkeys(cell_texts(rows["case"]))), list(dict.fromkeys(cell_texts(rows["condition"])))
        given = given_judgements(rows)
        there = set(zip(cell_texts(given["case"]), cell_texts(given["condition"]), strict=True))
        lacking = [(case, name) for case in cases for name in asked if (case, name) not in there]
        slip = lacking if len(cases) >= 4 and len(lacking) == 1 else []
        needed = [place for place in lacking if place[1] in declared] if str(one) == earliest else []
        for case, name in needed or slip:
            within = f" in wave {quoted(one)}" if str(one) else ""
            yield Fault("join", source.path, None, f"{quoted(case)} has no judgement of {quoted(name)}{within}", "the other cases have one")


def match_faults(opened: Examined) -> Iterator[Fault]:
    """Matches and the register: pairs both ways, and both persons of a match."""
    register, found = registered(opened), opened.one("matches")
    if register is None or found is None:
        return
    (source, frame), (place, matches) = register, found
    table = matches.frame
    if "pair" in table.columns:
        yield from opened.unknown(place, table, "pair", filled(frame["pair"]), "no interview has the pair", only_if=NAMED)
        yield from opened.unknown(source, frame, "pair", filled(table["pair"]), "no match has the pair", only_if=NAMED)
    for half in opened.programme.halves:
        if half in table.columns and filled(table[half]):
            own = frame[frame["respondent_group"] == half]
            persons, known = filled(own["person"]), filled(table[half])
            if persons and len(persons & known) >= NAMED * len(persons):
                for number, name in enumerate(cell_texts(frame["person"])):
                    if name in persons - known:
                        row = opened.row(source, frame, number)
                        yield Fault("join", source.path, row, f"person: no match has the {half} {quoted(name)}", "", nearest(name, known))
