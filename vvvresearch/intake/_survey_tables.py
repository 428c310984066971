"""A settled survey as answers in codes: its state as one column, a draft of its questionnaire, and a log of the rows that were left out."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from vvvresearch.intake._cells import is_number, number_texts
from vvvresearch.intake._fold import fold, slug, with_signs
from vvvresearch.intake._municipalities import Municipalities, municipality_codes
from vvvresearch.intake._occasions import OCCASION, at_occasion
from vvvresearch.intake._question_list import with_labels
from vvvresearch.intake._questionnaire import DraftItem, questionnaire_toml
from vvvresearch.intake._scales import scale_of, special
from vvvresearch.intake._settle import KEY_OF, LEFT_OUT, SAME_ADDRESS, SENT_AGAIN, TOGETHER, Settled
from vvvresearch.intake._surveyed import UNTICKED, TickGroup, boxes_of, moments, of_one_address, pieces_of, sent_again, states_of
from vvvresearch.intake._table import Column, Table, equal_rows
from vvvresearch.intake._words import meanings
from vvvresearch.sources import LABELLED

if TYPE_CHECKING:
    import pandas as pd


_BATTERY = re.compile(r"^(?P<stem>.+?)(?: [-–—] |: | ?\| ?|\[).+$")


def survey_tables(path: Path, table: Table, settled: Settled, known: Municipalities) -> tuple[pd.DataFrame, str, pd.DataFrame]:
    """Answers (first column `respondent`), questionnaire (TOML), log (row, what, why)."""
    import pandas as pd

    if path.suffix.casefold() not in LABELLED:
        table = with_state(with_labels(table, path))
    if occasion := str(settled.decisions.get(OCCASION, "")):
        table = at_occasion(table, occasion)
    items = _items(table, settled)
    roles = {role: column for column in table.columns if (role := settled.roles().get(column.id)) is not None}
    respondents, gone = _respondents(table, settled, roles, items, known)
    cells: dict[str, list[str]] = {"respondent": respondents}
    town = roles.get("municipality")
    if town is not None and settled.unit != "municipality":
        codes, names = municipality_codes(town, settled, known), known.names
        options = tuple((code, names.get(code, code), "answer") for code in dict.fromkeys(codes) if code)
        items.insert(0, DraftItem("municipality", town.heading, "single", options, {"municipality": codes}))
    for item in items:
        cells |= item.cells
    if "weight" in roles:
        cells["weight"] = [text.replace(",", ".") for text in roles["weight"].texts]
    frame = pd.DataFrame(cells, index=pd.Index(table.lines, name="line"), dtype=object)
    log = pd.DataFrame(gone, columns=["row", "what", "why"])
    days = [time[:10] for time in _times(roles.get("submitted"), settled, len(table))]
    frame = frame.drop(index=list(dict.fromkeys(log["row"])))
    frame.attrs["headings"] = {name: called for item in items for name, called in zip(item.cells, item.called, strict=False)}
    return frame, questionnaire_toml(settled, items, days), log


def _items(table: Table, settled: Settled) -> list[DraftItem]:
    left = {name for name, value in settled.starting("column.").items() if value == LEFT_OUT}
    taken = left | set(settled.roles())
    columns = [column for column in table.columns if column.id not in taken]
    groups: dict[str, TickGroup] = {}
    for group in boxes_of(table, columns):
        if settled.decisions.get(f"group.{slug(group.stem)}") == "multiple":
            groups |= {column.id: group for column in group.columns}
    stems: dict[str, int] = {}
    for column in columns:
        if found := _BATTERY.match(column.heading):
            stems[found["stem"]] = stems.get(found["stem"], 0) + 1
    items: list[DraftItem] = []
    done: set[str] = set()
    for column in columns:
        if (own := groups.get(column.id)) is not None:
            if own.stem not in done:
                done.add(own.stem)
                name = str(settled.decisions.get(f"name.group.{slug(own.stem)}", slug(own.stem, 20).replace("-", "_")))
                boxes = _boxes(name, own.stem, own.columns, own.parts)
                items.append(replace(boxes, called=tuple(one.called for one in own.columns)))
            continue
        found = _BATTERY.match(column.heading)
        battery = slug(found["stem"], 24).replace("-", "_") if found and stems[found["stem"]] > 1 else ""
        items.append(replace(_item(column, settled, table.labelled.get(column.id), battery), called=(column.called,)))
    return items


def _boxes(name: str, stem: str, columns: Sequence[Column], parts: Sequence[str]) -> DraftItem:
    codes = unique_codes(parts)
    options = tuple(
        (code, part, "dont_know" if special(part) == "dont_know" else "answer") for code, part in zip(codes, parts, strict=True)
    )
    cells = {}
    for code, column in zip(codes, columns, strict=True):
        cells[f"{name}:{code}"] = ["" if not text else "0" if fold(text) in UNTICKED else "1" for text in column.texts]
    # Whoever ticked one box has seen the others.
    rows = list(zip(*cells.values(), strict=True))
    seen = ["1" in row for row in rows]
    cells = {key: ["0" if not cell and there else cell for cell, there in zip(column, seen, strict=True)] for key, column in cells.items()}
    return DraftItem(name, stem, "multiple", options, cells)


def _told(label: str) -> str:
    """What tells an answer from the others, whatever its case, its spaces and its signs; spaces tell "1-2" from "12"."""
    words = fold(with_signs(label))
    return words if any(map(str.isdigit, words)) else words.replace(" ", "")


def unique_codes(labels: Sequence[str]) -> list[str]:
    """A code for each label: its folded words, each code once."""
    taken: dict[str, int] = {}
    codes = []
    for label in labels:
        code = slug(with_signs(label), 30).replace("-", "_")
        number = taken[code] = taken.get(code, 0) + 1
        codes.append(code if number == 1 else f"{code}_{number}")
    return codes


def _item(column: Column, settled: Settled, labelled: Mapping[str, str] | None, battery: str) -> DraftItem:
    name = str(settled.decisions.get(f"name.{column.id}", slug(column.heading, 20).replace("-", "_")))
    kind = str(settled.decisions.get(f"item.{column.id}", ""))
    scale, labels = settled.decisions.get(f"scale.{column.id}"), settled.decisions.get(f"labels.{column.id}")
    if isinstance(labels, str) and (ends := re.fullmatch(r"(\d+)-(\d+)", labels)):
        labels = {str(step): str(step) for step in range(int(ends[1]), int(ends[2]) + 1)}
    if labels is not None and not isinstance(labels, dict):
        kind = str(labels)
    if isinstance(labels, dict):
        steps = [label for label in labels.values() if is_number(label)]
        if len(steps) > 1 and all(is_number(label) or special(label) for label in labels.values()):
            # Numbers are their own order.
            ordered = dict(sorted(labels.items(), key=lambda one: -float(one[1].replace(",", ".")) if is_number(one[1]) else 0.0))
            return _with_codes(name, column, ordered, battery, settled, "likert")
        return _with_codes(name, column, labels, battery, settled)
    if labelled and kind in ("likert", "single", "band"):
        return _with_codes(
            name, column, dict(labelled), battery, settled, "likert" if kind == "likert" else "single", list(labelled.values())
        )
    if not kind:
        kind = "likert" if isinstance(scale, list) else "single"
    if kind.startswith("multiple"):
        return _parted(name, column, kind.removeprefix("multiple"))
    if kind in ("single", "likert", "band"):
        order = list(scale) if isinstance(scale, list) and kind != "single" else []
        return _worded(name, column, kind, order, battery, settled)
    if kind == "number":
        cells = number_texts(column, str(settled.decisions.get(f"numbers.{column.id}", "decimals")))
        # Words beside numbers are left empty as answered; those that stand for no answer are options, and so are such codes.
        cells = [cell if special(cell) or is_number(cell) else "" for cell in cells]
        return _number(name, column, cells, labelled or {}, battery, settled)
    return DraftItem(name, column.heading, "open", (), {name: list(column.texts)}, battery)


def _number(name: str, column: Column, cells: list[str], labelled: Mapping[str, str], battery: str, settled: Settled) -> DraftItem:
    """Numbers; words and codes that stand for no answer are options of the item, or empty where it was not asked."""
    words = [value for value in column.counts if special(value) or f"missing.{slug(value)}" in settled.decisions]
    own = {fold(label): code for code, label in labelled.items()}
    codes = dict(zip(words, unique_codes([own.get(fold(word), _role(word, settled)) for word in words]), strict=True))
    blank = {word for word in words if settled.decisions.get(f"missing.{slug(word)}", special(word)) == "not_asked"}
    cells = ["" if cell in blank else codes.get(cell, cell) for cell in cells]
    options = tuple((codes[word], word, _role(word, settled)) for word in words if word not in blank)
    return DraftItem(name, column.heading, "number", options, {name: cells}, battery)


def _role(label: str, settled: Settled) -> str:
    kind = str(settled.decisions.get(f"missing.{slug(label)}", special(label)))
    return {"dont_know": "dont_know", "refused": "refused"}.get(kind, "answer")


def _worded(name: str, column: Column, kind: str, order: list[str], battery: str, settled: Settled) -> DraftItem:
    """Labels become codes; what was not asked becomes an empty cell."""
    spoken = {_told(label): label for label in order}
    for value in column.counts:
        spoken.setdefault(_told(value), value)
    labels = list(spoken.values())
    blank = {label for label in labels if settled.decisions.get(f"missing.{slug(label)}", special(label)) == "not_asked"}
    kept = [label for label in labels if label not in blank]
    kept.sort(key=lambda label: _role(label, settled) != "answer")
    known = scale_of(order)
    own = dict(known.codes)
    codes = unique_codes([own.get(label, "dont_know" if _role(label, settled) == "dont_know" else label) for label in kept])
    table = {_told(label): code for label, code in zip(kept, codes, strict=True)}
    options = tuple((code, label, _role(label, settled)) for label, code in zip(kept, codes, strict=True))
    cells = [table.get(_told(text), "") if text else "" for text in column.texts]
    return DraftItem(name, column.heading, kind, options, {name: cells}, battery, known.name if known.name != "band" else "")


def _with_codes(
    name: str, column: Column, labels: Mapping[str, str], battery: str, settled: Settled, kind: str = "", texts: Sequence[str] = ()
) -> DraftItem:
    """Codes of the file stay; their labels are known."""
    back = {_told(label): code for code, label in labels.items()}
    cells = [back.get(_told(text), text) if texts else text for text in column.texts]
    blank = {code for code, label in labels.items() if special(label) == "not_asked"}
    blank |= {cell for cell in cells if cell not in labels and settled.decisions.get(f"missing.{slug(cell)}") == "not_asked"}
    cells = ["" if cell in blank else cell for cell in cells]
    options = [(code, label, _role(label, settled)) for code, label in labels.items() if code not in blank]
    # A code that stands for no answer and the words for it are one.
    words = {cell: settled.words.get(f"missing.{slug(cell)}", cell) for cell in sorted({*cells} - {*labels, ""})}
    first = {_told(label): cell for cell, label in reversed(words.items())}
    cells = [first[_told(words[cell])] if cell in words else cell for cell in cells]
    options += [(cell, words[cell], _role(cell, settled)) for cell in first.values()]
    found = scale_of(labels.values())
    order = settled.decisions.get(f"scale.{column.id}")
    places = {label: place for place, label in enumerate(order)} if isinstance(order, list) and texts and kind == "likert" else {}
    options.sort(key=lambda option: (option[2] != "answer", places.get(option[1], len(places))))
    return DraftItem(name, column.heading, kind or ("likert" if found.sure else "single"), tuple(options), {name: cells}, battery)


def _parted(name: str, column: Column, mark: str) -> DraftItem:
    pieces = pieces_of(column.texts, mark)
    labels = list(dict.fromkeys(piece for cell in pieces for piece in cell))
    codes = unique_codes(labels)
    options = tuple(
        (code, label, "dont_know" if special(label) == "dont_know" else "answer") for code, label in zip(codes, labels, strict=True)
    )
    cells = {
        f"{name}:{code}": ["" if not cell else "1" if label in cell else "0" for cell in pieces]
        for code, label in zip(codes, labels, strict=True)
    }
    return DraftItem(name, column.heading, "multiple", options, cells)


def _respondents(
    table: Table, settled: Settled, roles: Mapping[str, Column], items: Sequence[DraftItem], known: Municipalities
) -> tuple[list[str], list[tuple[int, str, str]]]:
    """Each row's respondent, and the rows that are left out with what and why."""
    key, town = roles.get("respondent"), roles.get("municipality")
    states = states_of(roles.get("status"), roles.get("submitted"), len(table))
    empty = [not any(cells[row] for item in items for cells in item.cells.values()) for row in range(len(table))]
    gone = [(table.lines[row], "no answers", f"state: {states[row]}") for row in range(len(table)) if states[row] == "none" and empty[row]]
    if settled.decisions.get("partials") == "drop":
        gone += [(table.lines[row], "partial answer", "left out as declared") for row, state in enumerate(states) if state == "partial"]
    if settled.unit == "municipality" and town is not None:
        codes = municipality_codes(town, settled, known)
        gone += [(table.lines[row], "no municipality", "left out as answered") for row, code in enumerate(codes) if not code]
    elif town is not None and str(settled.decisions.get("unit", "")).startswith(TOGETHER):
        place = table.column(str(settled.decisions["unit"]).removeprefix(TOGETHER))
        towns = municipality_codes(town, settled, known)
        names = place.texts if place is not None else towns
        codes = [f"{code}-{slug(name)}" for code, name in zip(towns, names, strict=True)]
    else:
        # Numbers alone may number the rows of one file; with whose they are they name the same person in the next one.
        whose = f"{group}-" if (group := settled.decisions.get(KEY_OF)) else ""
        own = _one_way(key.texts) if key is not None and (whose or OCCASION in settled.decisions) else key.texts if key is not None else ()
        codes = [f"{whose}{code}" if code else "" for code in own] if key is not None else [str(n) for n in range(1, len(table) + 1)]
        if key is None and OCCASION in settled.decisions:
            # Who stands on one row at several times is one person.
            codes = [f"person-{line}" for line in table.lines]
    if settled.decisions.get(SAME_ADDRESS) == "left-out":
        codes = [*codes]
        for first_row, *more in of_one_address(table):
            for row in more:
                codes[row] = codes[first_row]
    if "doubled_rows" in settled.decisions:
        gone += equal_rows(table)
    sent = roles.get("submitted")
    if settled.decisions.get(SENT_AGAIN) == "left-out" and sent is not None:
        again = sent_again(table, sent, month_first=_month_first(sent, settled))
        gone += [(line, "sent again", f"the same as row {above}, within a minute") for line, above in again]
    left_out = {line for line, _, _ in gone}
    times = _times(roles.get("submitted"), settled, len(table))
    first = settled.decisions.get("doubles") == "first"
    by_code: dict[str, list[int]] = {}
    for row, code in enumerate(codes):
        if code and table.lines[row] not in left_out:
            by_code.setdefault(code, []).append(row)
    for code, rows in by_code.items():
        best = max(rows, key=lambda row: (states[row] == "complete", times[row], -row if first else row))
        for row in rows:
            if row != best:
                better = states[best] == "complete" and states[row] != "complete"
                why = (
                    "complete-before-partial"
                    if better
                    else "later-before-earlier"
                    if times[best] != times[row]
                    else f"{'first' if first else 'last'} row"
                )
                gone.append((table.lines[row], f"second answer of {code}", f"{why}; row {table.lines[best]} stays"))
    return codes, gone


def _one_way(codes: Sequence[str]) -> Sequence[str]:
    """Numbers of persons in one way of writing, "GB28-1" for "gb28-001"; as they stand where that makes one of two."""
    plain = [re.sub(r"(?<!\d)0+(?=\d)", "", code).upper() for code in codes]
    return plain if len(set(plain)) == len(set(codes)) else codes


def _times(column: Column | None, settled: Settled, count: int) -> list[str]:
    """When each row was answered, as text that sorts; "" where nothing says it."""
    return [""] * count if column is None else moments(column, month_first=_month_first(column, settled))


def _month_first(column: Column, settled: Settled) -> bool:
    return settled.decisions.get(f"dates.{column.id}") == "month"


_NUMBERED = re.compile(r"stat(?:us)?(?:overall)?[_ ](\d)")
_NAMED = re.compile(r"(?:samlet )?status - (.+)", re.IGNORECASE)
_STATES = {"1": "Ny", "2": "Distribueret", "3": "Nogen svar", "4": "Gennemført", "5": "Frafaldet"}
_DONE = "4"
# Qualtrics: whether an answer was sent in, and whether it is one at all; words or the numbers that stand for them.
_FINISHED = {"true": "Gennemført", "1": "Gennemført", "false": "Nogen svar", "0": "Nogen svar"}
_TRIAL = frozenset(("survey preview", "survey test", "spam", "survey preview spam", "1", "2", "8", "9"))
_ANSWERED = frozenset(("ip address", "imported", "offline survey response", "anonymous", "0", "4", "16", "17", "32", "40", "48"))


def with_state(table: Table) -> Table:
    """A table whose boxes for the state of an answer are one column; a single box says whether the answer is complete."""
    table = _with_finished(table)
    boxes = {column.id: state for column in table.columns if (state := _state(column))}
    if not boxes or (len(boxes) == 1 and list(boxes.values()) != [_STATES[_DONE]]):
        return table
    members = [column for column in table.columns if column.id in boxes]
    otherwise = _STATES["3"] if len(members) == 1 else ""
    words = [
        next((boxes[column.id] for column in members if (text := column.texts[row]) and fold(text) not in UNTICKED), otherwise)
        for row in range(len(table))
    ]
    if not all(words):
        return table
    first = members[0]
    combined = Column(first.heading, first.id, tuple(words))
    columns = [combined if column is first else column for column in table.columns if column is first or column.id not in boxes]
    return dataclasses.replace(table, columns=tuple(columns))


def _with_finished(table: Table) -> Table:
    """A table of Qualtrics whose column "Finished" says it in words, without the rows of those who only tried the survey."""
    done = next((column for column in table.columns if column.folded == "finished" and _FINISHED.keys() >= _values(column)), None)
    if done is None:
        return table
    types = (column for column in table.columns if column.folded in ("response type", "status"))
    kind = next((column for column in types if _values(column) <= _TRIAL | _ANSWERED), None)
    kept = [row for row in range(len(table)) if kind is None or fold(kind.texts[row]) not in _TRIAL]
    columns = [
        dataclasses.replace(
            column, cells=tuple(_FINISHED.get(fold(column.texts[row]), "") if column is done else column.cells[row] for row in kept)
        )
        for column in table.columns
        if column is not kind
    ]
    lines = tuple(table.lines[row] for row in kept)
    return dataclasses.replace(table, columns=tuple(columns), lines=lines, trials=len(table) - len(kept))


def _values(column: Column) -> set[str]:
    return {fold(text) for text in column.counts}


def _state(column: Column) -> str:
    """The state that a box is for, "" for a column that is none."""
    values = _values(column)
    if numbered := _NUMBERED.fullmatch(column.heading):
        return _STATES.get(numbered[1], "") if values <= {"0", "1"} else ""
    named = _NAMED.fullmatch(column.heading)
    if named is None or fold(named[1]) not in meanings("status"):
        return ""
    return named[1] if values <= {"0", "1", "valgt", "ikke valgt", "x", fold(named[1])} else ""
