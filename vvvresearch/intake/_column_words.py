"""What words in cells mean: those that are known are decided, the others asked, once a column."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

from vvvresearch.intake._cells import Tests, direction, is_nothing, yes_or_no
from vvvresearch.intake._fold import fold
from vvvresearch.intake._match_rows import never_rows, told_by_states
from vvvresearch.intake._personal import can_be_shown, shown, value_ids
from vvvresearch.intake._proposal import Draft, Question
from vvvresearch.intake._settle import LEFT_OUT
from vvvresearch.intake._table import Column, Table
from vvvresearch.intake._words import choice_label, group_words, meanings, reason_class
from vvvresearch.locales import text

# Marks that only ever mean that a box was ticked: without one it was not.
TICKS = frozenset(("x", "1", "v", "sat", "kryds", "ticked"))
# Folded words that speak of quoting, and of not permitting something.
_QUOTES = re.compile(r"cit(at|er)|quot|ordret|verbatim")
_WITHDRAWN = re.compile(r"truk\w* (\w+ )?tilbage|\btrukket\b|tilbage(trukket|kaldt)|withdr[ae]w|revoked")
_NOT = re.compile(r"\b(ikke|ej|uden|ingen|undtagen|not|no|without|except|never)\b")
MOST_WORDS = 25
# Decisions about a register of interviews: what tells persons apart, and whether rows of no interview are left out.
PERSONS, UNHELD = "persons", "unheld"
# About codings: whether passages whose comment says that they do not count are left out.
DROPPED = "dropped"
_DROPPED = re.compile(
    r"(udgaar|udgaaet|slettes|skal slettes|fjernes|skal (ud|vaek|fjernes|ikke med)|taeller ikke|medtag ikke|ikke med|ignorer|kasser|"
    r"forkert kode|fejlkod\w*|exclude|excluded|delete|remove|drop|discard|ignore|do not (count|use)|don t (count|use)|not counted|omit|"
    r"void|miscoded|wrong code|indgaar ikke|(bruges|skal|maa) ikke (med|bruges|taelles)|not (included|used)|"
    r"proeveinterview|pilot(interview)?)\b"
)
_PARTS = re.compile(r"\s+[-–—]\s+|[;:,.()]")
# And about a map: whether those who tell are named by their role in the case.
TELLERS = "tellers"
_REMARK = re.compile(r"bemaerk|\bnoter?\b|\bnotes?\b|kommentar|comment|remark|anm")
_UNHELD, _ROLES = 0.3, 2
_MOST_STANCES = 12
_CONSENTS = ("consent_analysis", "consent_quote")

SAID = {
    "stance": ("affirmed", "contradicted"),
    "beneficiary": ("child", "adult"),
    "phase": ("start", "later"),
    "prompted": ("prompted", "unprompted"),
}


def vocabulary(test: str, tests: Tests) -> Mapping[str, str]:
    """Folded word → meaning for the test of a role."""
    if test in ("group", "half"):
        return group_words(tests.programme)
    return meanings("direction") if test == "direction" else meanings(test)


def meaning_of(value: str, test: str, tests: Tests) -> str:
    """What a word means in a role, "" where that is not known."""
    if test == "direction":
        return direction(value)
    words = vocabulary(test, tests)
    return words.get(fold(value), "") or (reason_class(value) if test == "reason" else "")


def _label(outcome: str, test: str, draft: Draft, tests: Tests) -> str:
    """What an outcome is called for who chooses it."""
    if test in ("group", "half") and outcome in tests.programme.groups:
        return tests.programme.groups[outcome].one.say(draft.lang)
    if test == "presence":
        return text(f"programme.status_{outcome}", draft.lang)
    return text(f"intake.reason_{outcome}", draft.lang) if test == "reason" else choice_label(outcome, draft.lang)


def _once(values: Iterable[str], keys: Mapping[str, str]) -> list[str]:
    """One value for each id, the first."""
    return list({keys[value]: value for value in reversed(list(values))}.values())[::-1]


def propose_words_of(draft: Draft, name: str, test: str, column: Column, table: Table, tests: Tests) -> None:
    values = list(column.counts)
    keys = value_ids(values)
    known = {value: meaning_of(value, test, tests) for value in values}
    known |= {value: yes_or_no(column).get(fold(value), "") for value in values if test == "yesno"}
    known |= {value: "no" for value in values if name in _CONSENTS and not known[value] and is_withdrawn(value)}
    # A dash in a column of reasons says that there is none.
    known |= {value: LEFT_OUT for value in values if test == "reason" and not known[value] and is_nothing(value)}
    if test == "reason":
        # "Illness" of what the register itself calls broken off is for whoever knows the programme to say.
        states = {value: meaning_of(state, test, tests) for value, state in told_by_states(table, column).items()}
        known |= {value: "" for value, meant in states.items() if meant and known[value] not in ("", meant, LEFT_OUT)}
    unknown = _once((value for value in values if not known[value]), keys)
    if len(unknown) > MOST_WORDS or (test == "reason" and sum(len(value.split()) > 5 for value in unknown) > 5):
        draft.tell(text("intake.open_words", draft.lang, heading=column.heading))
        unknown = []
    for value in values:
        if known[value]:
            draft.decide(f"value.{name}.{keys[value]}", value, known[value], "heading+values")
    if unknown:
        rows = {value: table.lines[column.texts.index(value)] for value in unknown}
        items = tuple(value if can_be_shown(value) else text("intake.in_row", draft.lang, row=rows[value]) for value in unknown)
        outcomes = list(dict.fromkeys(vocabulary(test, tests).values()))
        if test == "half":
            outcomes = list(tests.programme.halves)
        labels = {outcome: _label(outcome, test, draft, tests) for outcome in outcomes}
        if test == "group":
            # Another programme has groups that are none of those known: each word may be one of its own.
            own = {keys[value].replace("-", "_"): value for value in unknown if can_be_shown(value)}
            labels |= {name: text("intake.own_group", draft.lang, word=word) for name, word in own.items() if name not in labels}
        choices = (*labels.items(), (LEFT_OUT, text("intake.leave_empty", draft.lang)))
        words = text("intake.ask_values", draft.lang, heading=column.heading)
        draft.ask(
            Question(f"values.{name}", "choose", words, choices, items, targets=tuple(f"value.{name}.{keys[value]}" for value in unknown))
        )
    blanks = len(column.texts) - len(column.filled)
    if test in ("yesno", "presence") and blanks and len({known[value] for value in values}) == 1 and not unknown:
        no = "absent" if test == "presence" else "no"
        if test == "yesno" and all(fold(value) in TICKS for value in values):
            draft.decide(f"blank.{name}", column.heading, no, "declared")
            draft.tell(text("intake.told_ticks", draft.lang, heading=column.heading, count=blanks))
            return
        choices = ((no, _label(no, test, draft, tests)), (LEFT_OUT, text("intake.leave_empty", draft.lang)))
        words = text("intake.ask_blank", draft.lang, heading=column.heading, count=blanks)
        draft.ask(Question(f"blank.{name}", "choose", words, choices))


def is_withdrawn(words: str) -> bool:
    """Whether words say that a consent was taken back, and not that of quotes alone.

    Example:
        >>> is_withdrawn("Trukket tilbage"), is_withdrawn("citater trukket tilbage")
        (True, False)
    """
    return _WITHDRAWN.search(fold(words)) is not None and _QUOTES.search(fold(words)) is None


def is_withheld(said: str) -> bool:
    """Whether a cell withholds or withdraws a consent: a no, whatever follows it, or that it was taken back.

    Example:
        >>> is_withheld("Nej – må ikke bruges"), is_withheld("Trukket tilbage 3. maj"), is_withheld("Ja")
        (True, True, False)
    """
    words = fold(said)
    return meanings("yesno").get(words.split(" ")[0]) == "no" or bool(_WITHDRAWN.search(words))


def ask_consent(draft: Draft, column: Column, *, of_quotes: bool = False) -> None:
    """A single column of consent: whether somebody may be quoted is never guessed, what else stands in it neither.

    Where another answer withholds quotes in so many words, the plain yes beside it gives them; where the column is about quotes, a plain
    no leaves the analysis.
    """
    keys = value_ids(column.counts)
    plain = {value: meanings("yesno").get(fold(value), "") for value in column.counts}
    withheld = any(_QUOTES.search(fold(value)) and _NOT.search(fold(value)) for value, meant in plain.items() if not meant)
    unsure = []
    for value, meant in plain.items():
        if of_quotes and meant in ("yes", "no"):
            draft.decide(f"value.consent_analysis.{keys[value]}", value, {"yes": "quote", "no": "analysis"}[meant])
        elif meant == "yes" and withheld:
            draft.decide(f"value.consent_analysis.{keys[value]}", value, "quote")
        elif not meant and is_withdrawn(value):
            draft.decide(f"value.consent_analysis.{keys[value]}", value, "no")
        elif meant in ("no", "unknown"):
            draft.decide(f"value.consent_analysis.{keys[value]}", value, meant)
        else:
            unsure.append(value)
    unsure = _once(unsure, keys)
    choices = tuple((meant, text(f"intake.consent_{meant}", draft.lang)) for meant in ("quote", "analysis", "no", "unknown"))
    items = tuple(value if can_be_shown(value) else keys[value] for value in unsure)
    targets = tuple(f"value.consent_analysis.{keys[value]}" for value in unsure)
    if unsure:
        words = text("intake.ask_consent", draft.lang, heading=column.heading)
        draft.ask(Question("values.consent_analysis", "choose", words, choices, items, targets=targets))


def ask_persons(draft: Draft, names: Column, groups: Column | None) -> None:
    """Interviews under one pseudonym are of one person or of two: asked, where they are of one group."""
    rows = list(zip(names.texts, groups.texts if groups is not None else names.texts, strict=True))
    again = [name for name, count in names.counts.items() if count > 1]
    if again and all(len({group for own, group in rows if own == name}) == 1 for name in again):
        choices = (("pseudonym", text("intake.one_person", draft.lang)), ("interview", text("intake.other_persons", draft.lang)))
        words = text("intake.ask_persons", draft.lang, heading=names.heading, count=len(again))
        draft.ask(Question(PERSONS, "choose", words, choices, proposal="pseudonym"))


def leave_unheld(draft: Draft, found: Mapping[str, Column], table: Table) -> None:
    """A row without date and without consent, where the others have both, is an interview that was never held: left out, and told."""
    signs = [found[name].texts for name in ("month", "consent_analysis", "mode") if name in found]
    never = {row for row, _ in never_rows(table)}
    empty = [row for row, cells in enumerate(zip(*signs, strict=True)) if not any(cells)] if len(signs) > 1 else []
    rows = [str(table.lines[row]) for row in sorted(never.union(empty, dropped_rows(table, found.values())))]
    if rows and len(rows) < _UNHELD * len(table):
        draft.decide(UNHELD, found["interview"].heading if "interview" in found else "", "left-out", "declared")
        draft.tell(text("intake.told_unheld", draft.lang, count=len(rows), rows=", ".join(rows[:8])))


def dropped_rows(table: Table, taken: Collection[Column] = ()) -> list[int]:
    """The places of the rows of a register whose remark says that they are not to be counted; remarks stand in columns without a role."""
    remarks = [one for one in table.columns if one not in taken and _REMARK.search(one.folded)]
    return [row for row in range(len(table)) if any(is_dropped(one.texts[row]) for one in remarks if one.texts[row])]


def is_dropped(comment: str) -> bool:
    """Whether a comment says that its passage, or its interview, is not to be counted.

    Example:
        >>> is_dropped("Prøvet af – udgår"), is_dropped("Han siger, at det udgår")
        (True, False)
    """
    return any(_DROPPED.match(fold(part)) for part in _PARTS.split(comment))


def ask_dropped(draft: Draft, comments: Column) -> None:
    """Ask whether passages whose comment says so are left out ("udgår", "exclude")."""
    said = {words: count for words, count in comments.counts.items() if is_dropped(words)}
    if said:
        choices = (("left-out", text("intake.dropped_out", draft.lang)), ("kept", text("intake.dropped_kept", draft.lang)))
        words = text("intake.ask_dropped", draft.lang, heading=comments.heading, count=sum(said.values()))
        draft.ask(Question(DROPPED, "choose", words, choices, tuple(map(shown, said))[:_MOST_STANCES], "left-out", (DROPPED,)))


def tell_tellers(draft: Draft, case: Column, informant: Column) -> None:
    """Words for whoever tells that come again in most cases ("Deltageren") are roles: each case has its own person in them."""
    cases: dict[str, set[str]] = {}
    for own, told in zip(case.texts, informant.texts, strict=True):
        cases.setdefault(told, set()).add(own)
    named = [told for told in cases if told]
    if len(case.counts) > 2 and named and sum(len(cases[told]) for told in named) >= _ROLES * len(named):
        draft.decide(TELLERS, informant.heading, "of-the-case", "declared")
        draft.tell(text("intake.told_tellers", draft.lang, heading=informant.heading))


def ask_said(draft: Draft, role: str, column: Column, *, ticked: bool = False) -> None:
    """Ask what the words of a column that says the stance, phase or beneficiary of a coding mean: they may be mood.

    Args:
        draft: of the codings.
        role: which of these the column says.
        column: its words.
        ticked: whether they are the marks of a coding sheet: a plain tick says that the theme was there, and what is left empty is none.
    """
    keys = value_ids(column.counts)
    values = _once(column.counts, keys)
    for value in (one for one in values if ticked and fold(one) in TICKS and one.strip().isalnum()):
        draft.decide(f"value.{role}.{keys[value]}", value, SAID[role][0], "declared")
    values = [value for value in values if f"value.{role}.{keys[value]}" not in draft.decided][:_MOST_STANCES]
    meant = ((value, text(f"intake.value_{value}", draft.lang)) for value in SAID[role])
    choices = (*meant, (LEFT_OUT, text("intake.no_coding" if ticked else "intake.leave_empty", draft.lang)))
    targets = tuple(f"value.{role}.{keys[value]}" for value in values)
    items = tuple(value if can_be_shown(value) else keys[value] for value in values)
    if values:
        words = text("intake.ask_marks_said" if ticked else "intake.ask_stance", draft.lang, heading=column.heading)
        draft.ask(Question(f"values.{role}", "choose", words, choices, items, targets=targets))
