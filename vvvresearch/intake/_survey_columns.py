"""Columns of a survey: the key, the state, times, and what kind of item every question is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from vvvresearch.intake._cells import Tests
from vvvresearch.intake._dates import judge_dates
from vvvresearch.intake._fold import fold, slug
from vvvresearch.intake._item_names import short_names
from vvvresearch.intake._personal import can_be_shown, looks_like_names
from vvvresearch.intake._proposal import Draft, Question
from vvvresearch.intake._scales import Scale, is_dont_know, scale_of, special
from vvvresearch.intake._surveyed import TickGroup, boxes_of, has_labels, is_question, is_status, separated
from vvvresearch.intake._table import Column, Table
from vvvresearch.locales import text

_KEY = re.compile(r"(respondent|svar|response|deltager)? ?(noegle|id|nr|key|number)|respondent|respondentid|recordno|record id|token")
_TIME = re.compile(
    r"tidspunkt|tidsstempel|timestamp|submitdate|datestamp|afsluttet|completion time|completed|modtaget|"
    r"received|besvaret|indsendt|aendret|modified|dato|^date|oprettet|created|start|slut|end time|sidst"
)
_LAST = re.compile(
    r"submit|afsluttet|complet|modtaget|received|besvaret|indsendt|tidsstempel|timestamp|aendret|modified|slut|end time|sidst"
)
_TECHNICAL = frozenset(
    ["lastpage", "seed", "startlanguage", "refurl", "language", "sprog", "varighed", "duration", "mode", "distribution", "collector"]
)
_WEIGHT = re.compile(r"vaegt|weight|wgt|vgt")
_NUMBER_WORDS = re.compile(r"\bantal\b|hvor mange|how many|number of|\bn (af|of)\b|timer om|hours per")
_TEXT_WORDS = re.compile(
    r"uddyb|kommentar|beskriv|hvad kunne|hvorfor|forklar|bemaerk|comment|explain|describe|please specify|elaborate|andet hvad|other please"
)
_NUMERAL = re.compile(r"[-+]?\d+([.,]\d+)?")
_MOST_CODES, _MOST_LABELS = 12, 20
_ONE_EACH, _BACKGROUND = 0.85, 0.60


@dataclass
class _Items:
    """Items as they are found: columns by the set of their labels, so that like questions are asked once."""

    scales: dict[tuple[str, ...], list[Column]] = field(default_factory=dict)
    numbers: dict[tuple[str, ...], list[Column]] = field(default_factory=dict)
    both: dict[str, str] = field(default_factory=dict)

    def add_numbers(self, column: Column, codes: Sequence[str]) -> None:
        """A column of codes without labels, beside one that holds the same codes or fewer: an answer nobody gave has no code."""
        own = set(codes)
        for known in list(self.numbers):
            if own <= set(known) or own >= set(known):
                columns = self.numbers.pop(known)
                self.numbers[tuple(sorted(own | set(known), key=float_of))] = [*columns, column]
                return
        self.numbers[tuple(sorted(own, key=float_of))] = [column]


def propose_survey(draft: Draft, table: Table, personal: Sequence[Column], tests: Tests) -> None:
    """Decide and ask about the columns of a survey, its unit, and answers that are partial or stand twice."""
    columns = [column for column in table.columns if column not in personal]
    groups = boxes_of(table, columns)
    boxes = {column.id for group in groups for column in group.columns}
    left = _propose_frame(draft, [column for column in columns if column.id not in boxes], table, tests)
    headings: dict[str, str] = {}
    for group in groups:
        _propose_group(draft, group)
        headings[f"group.{slug(group.stem)}"] = group.stem
    items = _Items()
    for column in left:
        if _propose_item(draft, column, table, items):
            # In a labelled file a variable has its short name already.
            headings[f"item.{column.id}"] = column.id.replace("-", "_") if table.labelled else column.heading
    _ask_labels(draft, items)
    for identifier, name in short_names(headings).items():
        kept = identifier.replace("item.", "name.", 1) if identifier.startswith("item.") else f"name.{identifier}"
        draft.decide(kept, headings[identifier], name, "declared")


def _propose_frame(draft: Draft, columns: Sequence[Column], table: Table, tests: Tests) -> list[Column]:
    """What stands beside the answers; returns the columns that are left."""
    roles: dict[str, str] = {}
    keys = [column for column in columns if _KEY.fullmatch(column.folded) and len(column.counts) == len(column.texts)]
    if len(keys) == 1:
        roles[keys[0].id] = "respondent"
    elif keys:
        choices = tuple((column.id, column.heading) for column in keys)
        words = text("intake.ask_which", draft.lang, role=text("intake.role_respondent", draft.lang))
        draft.ask(Question("role.respondent", "choose", words, choices, targets=("role.respondent",)))
        roles |= dict.fromkeys((column.id for column in keys), "?")
    states = [column for column in columns if column.id not in roles and is_status(column)]
    if states:
        roles[states[0].id] = "status"
    times = [
        column
        for column in columns
        if column.id not in roles
        and _TIME.search(column.folded)
        and not is_question(column.heading)
        and judge_dates(column.cells).share > 0.8
    ]
    for column in times:
        last = [one for one in times if _LAST.search(one.folded)] or times
        roles[column.id] = "submitted" if column is last[-1] else "-"
    towns = [
        column for column in columns if column.id not in roles and tests.share(column, "municipality") >= 0.6 and _may_be_towns(column)
    ]
    named = [column for column in towns if re.search(r"kommun|municipal", column.folded)]
    if named:
        roles[named[0].id] = "municipality"
        roles |= {column.id: "-" for column in named[1:]}
    elif len(towns) == 1 and tests.share(towns[0], "municipality") >= 0.8:
        items, targets = (f"{towns[0].heading} = municipality",), (f"column.{towns[0].id}=municipality",)
        choices = (("yes", text("intake.yes", draft.lang)), ("no", text("intake.no", draft.lang)))
        draft.ask(Question("columns", "confirm", text("intake.ask_columns", draft.lang), choices, items, "yes", targets))
        roles[towns[0].id] = "?municipality"
    for column in columns:
        if (
            column.id not in roles
            and _WEIGHT.search(column.folded)
            and all(_NUMERAL.fullmatch(value) for value in column.counts)
            and column.filled
        ):
            choices = (("weight", text("intake.yes", draft.lang)), ("-", text("intake.no", draft.lang)))
            draft.ask(Question(f"column.{column.id}", "choose", text("intake.ask_weight", draft.lang, heading=column.heading), choices))
            roles[column.id] = "?"
        elif column.id not in roles and fold(column.id if table.labelled else column.heading) in _TECHNICAL:
            roles[column.id] = "-"
    by_id = {column.id: column for column in columns}
    for identifier, role in roles.items():
        if not role.startswith("?"):
            draft.decide(f"column.{identifier}", by_id[identifier].heading, role)
        if role == "-":
            draft.lose(by_id[identifier].heading, len(by_id[identifier].filled))
    town = next((by_id[identifier] for identifier, role in roles.items() if role.endswith("municipality")), None)
    _propose_unit(draft, town, states[0] if states else None, any(role == "submitted" for role in roles.values()), tests)
    return [column for column in columns if column.id not in roles]


def _may_be_towns(column: Column) -> bool:
    """Whether cells are words or codes rather than small numbers; a heading that says so settles it."""
    return (
        bool(re.search(r"kommun|municipal", column.folded)) or has_labels(column.counts) or all(len(value) == 4 for value in column.counts)
    )


def _propose_unit(draft: Draft, town: Column | None, status: Column | None, timed: bool, tests: Tests) -> None:
    if status is not None:
        draft.decide("partials", status.heading, "complete-before-partial", "declared")
    if town is None:
        draft.unit = "respondent"
        draft.decide("unit", "", "respondent", "declared")
        return
    codes = [tests.municipalities.find(value).code or value for value in town.filled]
    share = len(set(codes)) / len(codes)
    if share >= _ONE_EACH:
        draft.unit = "municipality"
        draft.decide("unit", town.heading, "municipality", "declared")
    elif share < _BACKGROUND:
        draft.unit = "respondent"
        draft.decide("unit", town.heading, "respondent", "declared")
    else:
        choices = (
            ("municipality", text("intake.unit_municipality", draft.lang)),
            ("respondent", text("intake.unit_respondent", draft.lang)),
        )
        draft.ask(Question("unit", "choose", text("intake.ask_unit", draft.lang, different=len(set(codes)), count=len(codes)), choices))
    doubles = len(codes) - len(set(codes))
    if doubles and share >= _BACKGROUND:
        if timed:
            draft.decide("doubles", town.heading, "later-before-earlier", "declared")
            draft.tell(text("intake.told_doubles", draft.lang, count=doubles))
        else:
            choices = (("last", text("intake.last_row", draft.lang)), ("first", text("intake.first_row", draft.lang)))
            draft.ask(Question("doubles", "choose", text("intake.ask_doubles", draft.lang, count=doubles), choices, proposal="last"))


def _propose_group(draft: Draft, group: TickGroup) -> None:
    identifier = f"group.{slug(group.stem)}"
    if group.sure:
        draft.decide(identifier, group.stem, "multiple")
    else:
        choices = (("multiple", text("intake.one_question", draft.lang)), ("single", text("intake.several_questions", draft.lang)))
        draft.ask(
            Question(
                identifier,
                "choose",
                text("intake.ask_group", draft.lang, stem=group.stem, count=len(group.columns)),
                choices,
                group.parts,
                "multiple",
                (identifier,),
            )
        )


def _propose_item(draft: Draft, column: Column, table: Table, items: _Items) -> bool:
    """Decide what kind of item a column is; False where it is none."""
    identifier = f"item.{column.id}"
    if not column.filled:
        draft.decide(identifier, column.heading, "open", "declared")
        draft.tell(text("intake.told_empty", draft.lang, heading=column.heading))
        return True
    values = list(column.counts)
    answers = [value for value in values if not is_dont_know(value)]
    labels = table.labelled.get(column.id)
    if labels:
        return _propose_labelled(draft, column, list(labels.values()), column.id in table.ordinal, items)
    numeric = bool(answers) and all(_NUMERAL.fullmatch(value) for value in answers)
    if numeric:
        return _propose_numeric(draft, column, answers, items)
    if _TEXT_WORDS.search(column.folded):
        draft.decide(identifier, column.heading, "open")
        return True
    if mark := separated(column):
        if mark == ";":
            draft.decide(identifier, column.heading, "multiple;")
        else:
            choices = (("multiple,", text("intake.several_answers", draft.lang)), ("single", text("intake.one_answer", draft.lang)))
            draft.ask(
                Question(
                    identifier, "choose", text("intake.ask_separated", draft.lang, heading=column.heading), choices, proposal="multiple,"
                )
            )
        return True
    return _propose_worded(draft, column, values, items)


def _propose_numeric(draft: Draft, column: Column, answers: list[str], items: _Items) -> bool:
    identifier = f"item.{column.id}"
    if _NUMBER_WORDS.search(column.folded):
        draft.decide(identifier, column.heading, "number")
    elif len(answers) == len(column.filled) > 5 and not is_question(column.heading):
        draft.decide(f"column.{column.id}", column.heading, "-", "declared")
        draft.tell(text("intake.told_no_item", draft.lang, heading=column.heading))
        return False
    elif len(answers) > _MOST_CODES:
        draft.decide(identifier, column.heading, "number")
    else:
        items.add_numbers(column, answers)
    return True


def float_of(value: str) -> float:
    """A number with a decimal point or comma."""
    return float(value.replace(",", "."))


def _propose_labelled(draft: Draft, column: Column, labels: list[str], ordinal: bool, items: _Items) -> bool:
    """The file's own labels, in the order of its codes where the words or the file say that they have one."""
    found = scale_of(labels)
    order = [label for label in labels if not is_dont_know(label)]
    kind = "likert" if (found.name or found.unordered or ordinal) and len(order) >= 3 else "single"
    draft.decide(f"item.{column.id}", column.heading, kind, "declared")
    if kind == "likert":
        draft.decide(f"scale.{column.id}", column.heading, order, "declared")
    _note_special(draft, labels, items)
    return True


def _propose_worded(draft: Draft, column: Column, values: list[str], items: _Items) -> bool:
    identifier = f"item.{column.id}"
    found = scale_of(values)
    _note_special(draft, values, items)
    if found.sure:
        _decide_scale(draft, column, found)
        return True
    answers = [value for value in values if not is_dont_know(value)]
    if found.unordered or found.name:
        items.scales.setdefault(found.order or tuple(sorted(answers)), []).append(column)
        return True
    again = len(column.filled) >= 2 * len(values) or set(map(fold, answers)) <= {"ja", "nej", "yes", "no", "delvist", "partly"}
    # "Røde Kors" has the shape of a name; only a question for a person makes it one.
    persons = looks_like_names(column) or (re.search(r"\b(hvem|navn|who|name)\b", column.folded) and not all(map(can_be_shown, answers)))
    short = all(len(value.split()) <= 12 and "@" not in value for value in answers)
    if len(values) <= _MOST_LABELS and again and short and not persons:
        draft.decide(identifier, column.heading, "single")
    elif (
        len(column.counts) == len(column.filled)
        and sum(len(value.split()) for value in values) < 1.5 * len(values)
        and not is_question(column.heading)
    ):
        draft.decide(f"column.{column.id}", column.heading, "-", "declared")
        draft.tell(text("intake.told_no_item", draft.lang, heading=column.heading))
        return False
    else:
        draft.decide(identifier, column.heading, "open")
    return True


def _decide_scale(draft: Draft, column: Column, found: Scale) -> None:
    draft.decide(f"item.{column.id}", column.heading, "band" if found.name == "band" else "likert", "declared")
    draft.decide(f"scale.{column.id}", column.heading, list(found.order), "declared")


def _note_special(draft: Draft, labels: Sequence[str], items: _Items) -> None:
    for label in labels:
        kind = special(label)
        if kind == "both":
            items.both[slug(label)] = label
        elif kind:
            draft.decide(f"missing.{slug(label)}", label, kind, "declared")


def _ask_labels(draft: Draft, items: _Items) -> None:
    """One question for each set of labels or numbers that like columns share."""
    for number, (order, columns) in enumerate(items.scales.items(), start=1):
        known = scale_of(order).name != ""
        targets = tuple(f"scale.{column.id}" for column in columns)
        words = text("intake.ask_order", draft.lang, headings="; ".join(column.heading for column in columns[:3]), count=len(columns))
        draft.ask(Question(f"order.{number}", "fill", words, (), order, list(order) if known else None, targets))
    for number, (codes, columns) in enumerate(items.numbers.items(), start=1):
        targets = tuple(f"labels.{column.id}" for column in columns)
        words = text(
            "intake.ask_labels",
            draft.lang,
            codes=", ".join(codes),
            headings="; ".join(column.heading for column in columns[:3]),
            count=len(columns),
        )
        draft.ask(
            Question(
                f"labels.{number}",
                "fill",
                words,
                (("number", text("intake.are_numbers", draft.lang)),),
                tuple(column.heading for column in columns),
                None,
                targets,
            )
        )
    for key, label in items.both.items():
        choices = (("dont_know", text("intake.dont_know", draft.lang)), ("not_asked", text("intake.not_asked", draft.lang)))
        draft.ask(Question(f"missing.{key}", "choose", text("intake.ask_both", draft.lang, label=label), choices))
