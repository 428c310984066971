"""Items of a survey: what kind of question a column is, its scale in the true order, what has to be asked about its labels."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from vvvresearch.intake._cells import is_nothing, is_number, marks_of
from vvvresearch.intake._columns import propose_numbers
from vvvresearch.intake._fold import fold, slug
from vvvresearch.intake._personal import can_be_shown, looks_like_names
from vvvresearch.intake._proposal import Draft, Question
from vvvresearch.intake._scales import Scale, is_dont_know, runs_up, scale_of, special
from vvvresearch.intake._surveyed import asks_for_several, is_answer_code, is_other_text, is_question, separated
from vvvresearch.intake._table import Column, Table
from vvvresearch.locales import text

_NUMBER_WORDS = re.compile(
    r"\bantal\b|\bi (dage|uger|maaneder|kroner|kr)$|\b(kr|dkk|kroner)\b|in (days|weeks|months)$|"
    r"hvor mange|how many|number of|\bn (af|of)\b|timer om|hours (a|per)|\b(alder|age)\b|how old|hvor gammel"
)
_IN_A_TIME = re.compile(
    r"((([1-4] (kvartal|kv|kvt|quarter)|q[1-4]|(jan|feb|mar|apr|maj|may|jun|jul|aug|sep|okt|oct|nov|dec)\w*|[12] halvaar|h[12]) )?"
    r"(19|20)\d\d) \w"
)
_TEXT_WORDS = re.compile(
    r"uddyb|kommentar|beskriv|hvad (kunne|ville)|what (could|would)|suggest|forslag|hvorfor|forklar|bemaerk|"
    r"comment|explain|describe|please specify|elaborate|"
    r"^(andet|andre ting|other|anything else|noget andet)$|"
    r"(andet|anden|andre|other) (hvad|angiv|skriv|noter|please|specify|text|tekst|uddyb)|\begne ord\b|own words|tilfoeje|"
    r"(like|wish|want) to (add|say|tell)|\bskriv gerne\b|\b(feel free to|please) write\b|\bopen ended\b|\bfritekst\b"
)
# Nobody codes an answer as one and a half.
_DECIMALS = re.compile(r"[.,]\d*[1-9]")
_NUMERAL = re.compile(r"[-+]?\d+([.,]\d+)?")
# A question for a degree: words that no list knows may have an order.
_DEGREE = re.compile(
    r"\bhvordan\b|i hvilk\w+ (grad|omfang)|hvor (enig|tit|ofte|god|godt|stor|vigtig|tilfreds|meget|sikker|sandsynlig)|"
    r"how (often|much|well|satisfied|important|likely|would)|to what"
)
_LETTERS = "AO"
_CODE = re.compile(r"[A-Za-zÆØÅæøå]{0,4}[-_ ]?\d{1,5}[a-z]?")
_MOST_CODES, _MOST_LABELS = 12, 20
# The ends of a rating, as a question names them: (0 = not at all, 10 = extremely), on a scale from 1 to 10, (0–10).
_RATING = re.compile(
    r"\b(\d{1,3}) ?[=:] ?[^\d]+?\b(\d{1,3}) ?[=:]|"
    r"(?:\b(?:scale|skala\w*)\b[^\d]{0,20}|\()(\d{1,3}) ?(?:-|–|to|til|and|og) ?(\d{1,3})\b",
    re.IGNORECASE,
)
_LEAST_RATING = 6
# Asked everywhere from 0 to 10, whether or not the heading says so.
_RECOMMENDED = re.compile(r"(how likely|hvor sandsynlig\w*) .*(recommend|anbefal)")
# What people type in where an answer lacks, behind a scale of fewer steps.
_APART = frozenset(("7", "8", "9", "77", "88", "99", "97", "98", "888", "999"))
_LEGEND = re.compile(r"(?<![\w.,])(?P<code>-?\d{1,3}) ?[=:] ?(?P<label>[^\W\d][^,;.:=()\d]*)")
_LEAST, _MOST_STEPS, _SENTENCE, _MOSTLY_NUMBERS = 3, 7, 3.5, 0.6


@dataclass
class Items:
    """Items as they are found: columns by the set of their labels, so that like questions are asked once."""

    scales: dict[tuple[str, ...], list[Column]] = field(default_factory=dict)
    numbers: dict[tuple[str, ...], list[Column]] = field(default_factory=dict)
    both: dict[str, str] = field(default_factory=dict)
    unlabelled: dict[str, list[Column]] = field(default_factory=dict)
    legend: dict[str, str] = field(default_factory=dict)

    def add_numbers(self, column: Column, codes: Sequence[str]) -> None:
        """A column of codes without labels, beside one that holds the same codes or fewer: an answer nobody gave has no code. What stands
        apart above the steps of a scale is no step: 8 and 9 behind 1 to 5.
        """
        apart = {code for code in codes if code in _APART and sum(one not in _APART for one in codes) >= _LEAST and _gap(code, codes)}
        for code in sorted(apart):
            self.unlabelled.setdefault(code, []).append(column)
        own = set(codes) - apart
        for known in list(self.numbers):
            if own <= set(known) or own >= set(known):
                columns = self.numbers.pop(known)
                self.numbers[tuple(sorted(own | set(known), key=code_order))] = [*columns, column]
                return
        self.numbers[tuple(sorted(own, key=code_order))] = [column]


def _gap(code: str, codes: Sequence[str]) -> bool:
    """Whether a code, or one below it that may stand for no answer too, stands apart from all below: one that could be there is not."""
    numbers = sorted(float(one) for one in codes if _NUMERAL.fullmatch(one))
    apart = {float(one) for one in codes if one in _APART}
    return any(above in apart and below + 1 < above <= float(code) for below, above in pairwise(numbers))


def _steps(codes: Sequence[str], draft: Draft) -> tuple[tuple[str, str], ...]:
    """The choice of a scale from the lowest step to the highest, "1-5"."""
    if not all(code.isdigit() for code in codes) or len(codes) < _LEAST:
        return ()
    low, high = min(1, *map(int, codes)), max(map(int, codes))
    return ((f"{low}-{high}", text("intake.are_steps", draft.lang, low=low, high=high)),)


def legend_of(table: Table) -> dict[str, str]:
    """What codes mean, as a line above or below a table or on another sheet says it: "8 = ved ikke, 9 = ubesvaret"."""
    said = (found for words in (*table.titles, *table.remarks, *table.legends) for found in _LEGEND.finditer(words))
    return {found["code"]: found["label"].strip() for found in said}


def _said_of_codes(words: str) -> dict[str, str]:
    """Code → the words that say it is no answer."""
    said = ((found["code"], found["label"].strip()) for found in _LEGEND.finditer(words))
    return {code: label for code, label in said if special(label)}


def propose_item(draft: Draft, column: Column, table: Table, items: Items) -> bool:
    """Decide what kind of item a column is; False where it is none."""
    identifier = f"item.{column.id}"
    if not column.filled:
        draft.decide(identifier, column.heading, "open", "declared")
        draft.tell(text("intake.told_empty", draft.lang, heading=column.heading))
        return True
    values = list(column.counts)
    answers = [value for value in values if not is_dont_know(value)]
    labels = table.labelled.get(column.id)
    # Labels of missing codes alone leave the other values what they are.
    if labels and not (all(map(is_dont_know, labels.values())) and len(answers) > len(labels)):
        return _propose_labelled(draft, column, list(labels.values()), column.id in table.ordinal, items)
    numbers = [value for value in answers if is_number(value)]
    others = [value for value in answers if not is_number(value) and not is_nothing(value)]
    if numbers and not others:
        _note_special(draft, values, items)
        # "-99 = don't know" in the question itself.
        said = {code: label for code, label in _said_of_codes(column.heading).items() if code in numbers}
        for code, label in said.items():
            draft.decide(f"missing.{slug(code)}", label, special(label), "declared")
        numbers = [value for value in numbers if value not in said]
        return _propose_numeric(draft, column, numbers, table, items)
    if others and sum(column.counts[value] for value in numbers) >= _MOSTLY_NUMBERS * len(column.filled):
        _note_special(draft, values, items)
        _ask_number(draft, column, table, others)
        return True
    if answers and all(map(is_answer_code, answers)) and len(answers) <= _MOST_CODES:
        _note_special(draft, values, items)
        items.add_numbers(column, answers)
        return True
    if is_other_text(column):
        draft.decide(identifier, column.heading, "open")
        return True
    # "How would you describe …" may be answered by a few words to choose from, "other comments" never; the steps of a scale are chosen.
    chosen = _DEGREE.search(column.folded) and len(values) <= _MOST_STEPS and len(column.filled) >= 4 * len(values)
    chosen = chosen or scale_of(values).sure
    if _TEXT_WORDS.search(column.folded) and not chosen:
        draft.decide(identifier, column.heading, "open")
        return True
    if mark := separated(column):
        if mark == ";" or asks_for_several(column.heading):
            draft.decide(identifier, column.heading, f"multiple{mark.strip()}")
        else:
            choices = (("multiple,", text("intake.several_answers", draft.lang)), ("single", text("intake.one_answer", draft.lang)))
            draft.ask(
                Question(
                    identifier, "choose", text("intake.ask_separated", draft.lang, heading=column.heading), choices, proposal="multiple,"
                )
            )
        return True
    return _propose_worded(draft, column, values, items)


def _ask_number(draft: Draft, column: Column, table: Table, others: list[str]) -> None:
    """Numbers and some words beside them: whether the words are left empty or the whole is read as words."""
    rows = ", ".join([str(line) for line, own in zip(table.lines, column.texts, strict=True) if own in others][:8])
    choices = (("number", text("intake.numbers_only", draft.lang)), ("open", text("intake.own_words", draft.lang)))
    words = text("intake.ask_number", draft.lang, heading=column.heading, count=len(others), rows=rows)
    draft.ask(Question(f"item.{column.id}", "choose", words, choices, proposal="number"))
    propose_numbers(draft, column, table, whole=bool(_NUMBER_WORDS.search(column.folded)))


def _propose_numeric(draft: Draft, column: Column, answers: list[str], table: Table, items: Items) -> bool:
    identifier = f"item.{column.id}"
    # What stands under a quarter or a month is counted in it.
    counted = bool(_NUMBER_WORDS.search(column.folded) or _IN_A_TIME.match(column.folded))
    # What a municipality tells in a table that asks no questions is counted there, unless it is yes or no, or the steps from one.
    steps = {str(step) for step in range(1, len(set(answers)) + 1)}
    plain = draft.unit == "municipality" and not is_question(column.heading)
    counted = counted or (plain and set(answers) not in (steps, {"0", "1"}))
    if (
        counted
        or column.id in table.numeric
        or _is_scattered(answers)
        or _is_rating(column, answers)
        or marks_of(column) != "plain"
        or any(_DECIMALS.search(value) for value in answers)
    ):
        draft.decide(identifier, column.heading, "number")
        propose_numbers(draft, column, table, whole=counted and "timer" not in column.folded and "hours" not in column.folded)
    elif len(answers) == len(column.filled) > 5 and not is_question(column.heading):
        draft.decide(f"column.{column.id}", column.heading, "-", "declared")
        draft.tell(text("intake.told_no_item", draft.lang, heading=column.heading))
        return False
    elif len(answers) > (_MOST_STEPS if table.labelled else _MOST_CODES) or not all(map(_NUMERAL.fullmatch, answers)):
        # A file that has labels for its codes has none for what was counted.
        draft.decide(identifier, column.heading, "number")
        propose_numbers(draft, column, table)
    else:
        items.add_numbers(column, answers)
    return True


def _is_scattered(answers: Sequence[str]) -> bool:
    """Whether whole numbers leave out more of those below the highest than they have: 0, 2, 3, 5, 8 and 11 are no steps."""
    steps = {int(value) for value in answers if value.isdigit() and value not in _APART}
    return len(steps) >= _LEAST and max(steps) > _MOST_STEPS and 2 * len(steps) < max(steps) + 1 and all(map(str.isdigit, answers))


def _is_rating(column: Column, answers: list[str]) -> bool:
    """Whether a question names the ends of a scale of many steps and every answer lies between them."""
    ends = next(([int(end) for end in found.groups() if end] for found in _RATING.finditer(column.heading)), [0, 0])
    if _RECOMMENDED.search(column.folded) and any(value.isdigit() and int(value) > _MOST_STEPS for value in answers):
        ends = [0, 10]
    within = all(value.isdigit() and ends[0] <= int(value) <= ends[1] for value in answers)
    return within and ends[1] - ends[0] >= _LEAST_RATING


def code_order(value: str) -> tuple[str, float]:
    """Where a code stands among its like: its letters, then its number, with a decimal point or comma."""
    number = value.lstrip(_LETTERS)
    return value.removesuffix(number), float(number.replace(",", "."))


def _propose_labelled(draft: Draft, column: Column, labels: list[str], ordinal: bool, items: Items) -> bool:
    """The file's own labels, in the order of its codes where the words or the file say that they have one."""
    found = scale_of(labels)
    # The file's codes may run either way; words that are known say which end is the high one.
    steps = [label for label in labels if not is_dont_know(label)]
    order = list(found.order) if found.sure else steps[::-1] if runs_up(steps) else steps
    kind = "likert" if (found.name or found.unordered or ordinal) and len(order) >= 3 else "single"
    draft.decide(f"item.{column.id}", column.heading, kind, "declared")
    if kind == "likert":
        draft.decide(f"scale.{column.id}", column.heading, order, "declared")
    _note_special(draft, labels, items)
    # Where most steps have no label they are numbers between two ends; one code among labelled ones may be no answer at all.
    others = [value for value in column.counts if value not in labels and is_number(value)]
    for value in others if len(others) < len(labels) else ():
        items.unlabelled.setdefault(value, []).append(column)
    return True


def _propose_worded(draft: Draft, column: Column, values: list[str], items: Items) -> bool:
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
    codes = all(_CODE.fullmatch(value) for value in answers) and len(column.filled) >= 2 * len(values)
    if (len(values) <= _MOST_LABELS and again and short and not persons) or codes:
        if _DEGREE.search(column.folded) and _LEAST <= len(answers) <= _MOST_STEPS and not codes:
            items.scales.setdefault(tuple(sorted(answers)), []).append(column)
        elif sum(value.endswith((".", "!")) for value in answers) >= _MOSTLY_NUMBERS * len(answers):
            # Who ends what he answers with a full stop wrote it himself.
            draft.decide(identifier, column.heading, "open")
        elif sum(len(value.split()) for value in answers) >= _SENTENCE * len(answers) and not codes:
            # What people wrote themselves may come again too.
            choices = (("single", text("intake.one_answer", draft.lang)), ("open", text("intake.own_words", draft.lang)))
            words = text("intake.ask_open", draft.lang, heading=column.heading)
            draft.ask(Question(identifier, "choose", words, choices, targets=(identifier,)))
        else:
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


def _note_special(draft: Draft, labels: Sequence[str], items: Items) -> None:
    for label in labels:
        kind = special(label)
        if kind == "both":
            items.both[slug(label)] = label
        elif kind:
            draft.decide(f"missing.{slug(label)}", label, kind, "declared")


def ask_labels(draft: Draft, items: Items) -> None:
    """One question for each set of labels or numbers that like columns share."""
    for number, (order, columns) in enumerate(items.scales.items(), start=1):
        known = scale_of(order).name != ""
        targets = tuple(f"scale.{column.id}" for column in columns)
        words = text("intake.ask_order", draft.lang, headings="; ".join(column.heading for column in columns[:3]), count=len(columns))
        draft.ask(Question(f"order.{number}", "fill", words, (), order, list(order) if known else None, targets))
    for number, (codes, columns) in enumerate(items.numbers.items(), start=1):
        targets = tuple(f"labels.{column.id}" for column in columns)
        steps = _steps(codes, draft)
        ends = steps[0][0].split("-") if steps else []
        if ends and all(end in items.legend and not special(items.legend[end]) for end in ends):
            # What stands beside the table names both ends of the scale.
            for target, column in zip(targets, columns, strict=True):
                draft.decide(target, column.heading, steps[0][0], "declared")
            said = ", ".join(f"{end} = {items.legend[end]}" for end in ends)
            draft.tell(text("intake.told_ends", draft.lang, ends=said, count=len(columns)))
            continue
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
                (("number", text("intake.are_numbers", draft.lang)), *steps),
                tuple(column.heading for column in columns),
                None,
                targets,
            )
        )
    for key, label in items.both.items():
        choices = (("dont_know", text("intake.dont_know", draft.lang)), ("not_asked", text("intake.not_asked", draft.lang)))
        draft.ask(Question(f"missing.{key}", "choose", text("intake.ask_both", draft.lang, label=label), choices))
    for value, columns in items.unlabelled.items():
        if special(said := items.legend.get(value, "")):
            draft.decide(f"missing.{slug(value)}", said, special(said), "declared")
            draft.tell(text("intake.told_legend", draft.lang, value=value, label=said, headings="; ".join(one.heading for one in columns)))
            continue
        meant = tuple((one, text(f"intake.{one}", draft.lang)) for one in ("dont_know", "not_asked", "answer"))
        words = text("intake.ask_unlabelled", draft.lang, value=value, headings="; ".join(column.heading for column in columns[:3]))
        draft.ask(Question(f"missing.{slug(value)}", "choose", words, meant))
