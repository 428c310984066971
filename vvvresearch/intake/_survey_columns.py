"""Columns of a survey: the key, the state, times, the unit, and the questions that are left."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence

from vvvresearch.evidence import waves_in_order
from vvvresearch.intake._cells import Tests
from vvvresearch.intake._dates import judge_dates
from vvvresearch.intake._fold import fold, slug
from vvvresearch.intake._kobo import is_of_the_program
from vvvresearch.intake._occasions import OCCASION, OCCASIONS, SHEETS, occasions_in, time_of_rows, twins
from vvvresearch.intake._proposal import Draft, Question
from vvvresearch.intake._questionnaire import short_names
from vvvresearch.intake._scales import is_dont_know
from vvvresearch.intake._settle import KEY_OF, PARTIALS, SAME_ADDRESS, SENT_AGAIN, TOGETHER
from vvvresearch.intake._survey_items import Items, ask_labels, legend_of, propose_item
from vvvresearch.intake._surveyed import (
    SENT,
    TickGroup,
    boxes_of,
    has_labels,
    is_question,
    is_status,
    of_one_address,
    sent_again,
    states_of,
)
from vvvresearch.intake._table import Column, Table
from vvvresearch.intake._words import group_words, meanings
from vvvresearch.locales import text

_KEY = re.compile(
    r"(respondent|resp|svar|besvarelses?|response|deltager|skema|lb|loebe|form)? ?(noegle|id|nr|key|number|nummer|no)|"
    r"respondent|respondentid|recordno|record id|token|external (data )?reference"
)
# Of two keys the one that numbers persons says who answered; the other one numbers the answers.
_PERSON_KEY = re.compile(r"(respondent|resp|deltager)( ?(noegle|id|nr|key|number|nummer|no))?|token|external (data )?reference")
_A_PERSON = re.compile(
    "deltager|participant|person|borger|citizen|bruger|user|klient|client|medlem|member|kursist|elev|student|pupil|patient|beboer|resident"
)
_OF_A_GROUP = re.compile(r"(?P<who>[a-z ]*?[a-z])(?P<genitive>s?) ?(nr|no|id|kode|code|nummer|number|noegle|key|ref)")
_TIME = re.compile(
    r"^tid$|tidspunkt|tidsstempel|timestamp|submitdate|datestamp|afsluttet|completion time|completed|modtaget|"
    r"received|recorded|besvaret|indsendt|indleveret|fuldfoert|gennemfoert|udfyldt|"
    r"aendret|modified|dato|^date|oprettet|created|start|paabegyndt|begyndt|opened|aabnet|sendt|slut|end (time|date)|sidst"
)
_LAST = re.compile(
    r"submit|afsluttet|complet|fuldfoer|gennemfoer|udfyld|modtaget|received|recorded|besvar|indsendt|indleveret|tidsstempel|timestamp|aendret|"
    r"modified|slut|end (time|date)|sidst"
)
# The date of a course, a match or a visit is not when its sheet was filled in.
_PLAIN_TIME = re.compile(
    r"(dato|date|tid|tidspunkt|time|dag|created|oprettet|start\w*)( (for|of) (svar|besvar|udfyld|response|answer)\w*)?|"
    r"(svar|besvarelses?|udfyldelses?|response|answer) ?(dato|date|tid\w*|time)|(start|end) ?(time|date|dato)"
)
_TECHNICAL = frozenset(
    [
        "lastpage",
        "today",
        "deviceid",
        "index",
        "uuid",
        "last page",
        "sidste side",
        "seed",
        "startlanguage",
        "startsprog",
        "start language",
        "refurl",
        "language",
        "sprog",
        "varighed",
        "duration",
        "duration in seconds",
        "progress",
        "mode",
        "distribution",
        "distribution channel",
        "user language",
        "collector",
        "collector id",
        *(f"custom data {number}" for number in range(1, 10)),
    ]
)
# What a program reckons from the answer beside it: no second question.
_RECKONED = frozenset(("detractor", "passive", "promoter"))
_PLACE = re.compile(
    r"\b(hold|holdet|team|gruppe|gruppen|afdeling|center|centret|klasse|sted|stedet|cafe|cafeen|enhed|group|site|class|unit|venue)\b"
)
_REMARK = re.compile(r" *\([^()]*\)$")
_WEIGHT = re.compile(r"vaegt|weight|wgt|vgt")
_CLOCK = re.compile(r"\d[:.]\d\d[:.]\d\d")
_TIME_OF_DAY = re.compile(r"[ T]\d{1,2}[:.]\d\d\b")
_NUMERAL = re.compile(r"[-+]?\d+([.,]\d+)?")
_ONE_EACH, _BACKGROUND, _HALF, _CODED = 0.85, 0.60, 0.5, 0.9


def propose_survey(draft: Draft, table: Table, personal: Sequence[Column], tests: Tests) -> None:
    """Decide and ask about the columns of a survey, its unit, and answers that are partial or stand twice."""
    left_out = {column.id for column in personal}
    columns = [column for column in table.columns if column.id not in left_out]
    groups = boxes_of(table, columns)
    boxes = {column.id for group in groups for column in group.columns}
    time, times = (None, list(table.times)) if table.times else time_of_rows(table)
    if time is not None:
        draft.decide(f"column.{time.id}", time.heading, OCCASION)
    framed = [column for column in columns if column.id not in boxes and column is not time]
    left = _propose_frame(draft, framed, table, tests, times)
    headings: dict[str, str] = {}
    for group in groups:
        _propose_group(draft, group)
        headings[f"group.{slug(group.stem)}"] = group.stem
    marked = {} if times else occasions_in(table)
    if table.sheets:
        draft.decide(SHEETS, ", ".join(table.sheets.values()), table.sheets)
    items = Items(legend=legend_of(table))
    for column in left:
        if propose_item(draft, column, table, items):
            # In a labelled file a variable has its short name already.
            named = table.labelled and (not table.sheet or slug(column.heading) != column.id)
            headings[f"item.{column.id}"] = column.id.replace("-", "_") if named else column.heading
    _widen_scales(draft)
    asked = {mark.name or mark.words for mark in marked.values()} or headings
    _propose_occasions(draft, [mark.occasion for mark in marked.values()] or times, len(asked))
    ask_labels(draft, items)
    bare, others = twins(headings, marked)
    names = short_names(bare)
    for identifier in headings:
        name = names[others.get(identifier, identifier)]
        kept = identifier.replace("item.", "name.", 1) if identifier.startswith("item.") else f"name.{identifier}"
        draft.decide(kept, headings[identifier], name, "declared")


def _widen_scales(draft: Draft) -> None:
    """A scale whose last step nobody chose in one question has it from the others of the file."""
    scales = [one for one in draft.decided.values() if one.id.startswith("scale.") and isinstance(one.value, list)]
    for one in scales:
        widest = max((other.value for other in scales if set(one.value) <= set(other.value)), key=len)
        if len(widest) > len(one.value):
            draft.decide(one.id, one.what, widest, one.why)


def _propose_occasions(draft: Draft, occasions: Sequence[str], count: int) -> None:
    """Whether the file has the answers of several times: each becomes a survey of its own."""
    if occasions:
        times = waves_in_order(occasions)
        draft.decide(OCCASIONS, "", times, "heading+values")
        draft.tell(text("intake.told_occasions", draft.lang, count=count, times=", ".join(times)))


def _propose_frame(draft: Draft, columns: Sequence[Column], table: Table, tests: Tests, occasions: Sequence[str] = ()) -> list[Column]:
    """What stands beside the answers; returns the columns that are left."""
    roles: dict[str, str] = {}
    keys = [column for column in columns if _is_key(column, tests, occasions)]
    # Beside a number of answers, codes of which a few stand twice may be who answered, whatever they are called.
    keys += [column for column in columns if keys and column not in keys and _may_be_persons(column, occasions)]
    # A moment is nobody's number.
    keys = [one for one in keys if not all(":" in text for text in one.filled)] or keys
    persons = _without_numbers_of_rows([one for one in keys if not is_of_the_program(one)] or keys, occasions)
    if len(persons) > 1:
        persons = [column for column in persons if _PERSON_KEY.fullmatch(_bare(column)) or _group_of(column, tests)]
    key = persons[0] if len(persons) == 1 else keys[0] if len(keys) == 1 else None
    if key is not None and any(len(_at_once(one, occasions)) < len(_at_once(key, occasions)) for one in keys):
        # The key of the better name has nobody twice and another one has: one of them numbers answers, and that is asked.
        key = None
    if key is not None:
        roles |= {column.id: "respondent" if column is key else "-" for column in keys}
        # What comes again at each time numbers persons.
        if group := _group_of(key, tests) or ("person" if occasions else ""):
            draft.decide(KEY_OF, key.heading, group)
    elif keys:
        choices = tuple((column.id, column.heading) for column in keys)
        words = text("intake.ask_which", draft.lang, role=text("intake.role_respondent", draft.lang))
        draft.ask(Question("role.respondent", "choose", words, choices, targets=("role.respondent",)))
        roles |= dict.fromkeys((column.id for column in keys), "?")
    states = [column for column in columns if column.id not in roles and is_status(column)]
    for column in states:
        # The same state may stand there as a code and in words.
        told = len(set(zip(states[0].texts, column.texts, strict=True))) == len(states[0].counts) == len(column.counts)
        roles |= {column.id: "status" if column is states[0] else "-"} if told else {}
    times = [
        column
        for column in columns
        if column.id not in roles
        and not is_question(column.heading)
        and judge_dates(column.cells).share > 0.8
        # Nobody answers with hours and minutes: a program wrote them, whatever it calls them.
        and (_TIME.search(column.folded) or all(_CLOCK.search(str(cell)) and "00:00:00" not in str(cell) for cell in column.cells if cell))
    ]
    for column in times:
        # An answer that was never sent was changed last, too.
        last = [one for one in times if SENT.search(one.folded)]
        last = last or [one for one in times if _LAST.search(one.folded)] or [one for one in times if _PLAIN_TIME.fullmatch(one.folded)]
        # A time of day beside the day is when somebody answered, where it is the only one.
        last = last or [one for one in times if len(times) == 1 and all(_TIME_OF_DAY.search(text) for text in one.filled)]
        roles[column.id] = "submitted" if last and column is last[-1] else "-"
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
        elif column.id not in roles and (
            fold(column.id if table.labelled else column.heading) in _TECHNICAL or {fold(value) for value in column.counts} >= _RECKONED
        ):
            roles[column.id] = "-"
    by_id = {column.id: column for column in columns}
    for identifier, role in roles.items():
        if not role.startswith("?"):
            draft.decide(f"column.{identifier}", by_id[identifier].heading, role)
        if role == "-":
            draft.lose(by_id[identifier].heading, len(by_id[identifier].filled))
    town = next((by_id[identifier] for identifier, role in roles.items() if role.endswith("municipality")), None)
    sent = next((by_id[identifier] for identifier, role in roles.items() if role == "submitted"), None)
    partial = states_of(None, sent, len(table)).count("partial") if not states else 0
    if partial and sent is not None:
        draft.tell(text("intake.told_not_sent", draft.lang, count=partial, heading=sent.heading))
    free = [column for column in columns if column.id not in roles and is_of_a_place(column)]
    _propose_unit(draft, town, states[0] if states else sent if partial else None, sent is not None, tests, free)
    who: Iterable[object] = key.texts if key is not None else range(len(table))
    if town is not None and draft.unit != "respondent":
        who = [tests.municipalities.find(name).code or name for name in town.texts]
    _ask_partials(draft, states_of(states[0] if states else None, sent if partial else None, len(table)), who)
    twice = max((len(column.texts) - len(_at_once(column, occasions)) for column in ([key] if key is not None else keys)), default=0)
    if twice and draft.unit == "respondent":
        _propose_doubles(draft, (key or keys[0]).heading, twice, sent is not None, "respondent")
    # Nobody sends two forms in one second that are alike in every cell: a file was joined with itself.
    same = len(table.repeated())
    if same and not keys and draft.unit == "respondent" and sent is not None and all(_CLOCK.search(str(cell)) for cell in sent.cells):
        draft.decide("doubled_rows", sent.heading, "left-out", "declared")
        draft.tell(text("intake.told_doubled_rows", draft.lang, count=same))
    elif not keys and draft.unit == "respondent" and sent is not None:
        month_first = judge_dates(sent.cells).order == "month"
        if again := sent_again(table, sent, month_first=month_first):
            rows = ", ".join(str(line) for line, _ in again[:8])
            choices = (("left-out", text("intake.sent_once", draft.lang)), ("kept", text("intake.sent_by_two", draft.lang)))
            words = text("intake.ask_sent_again", draft.lang, count=len(again), rows=rows)
            draft.ask(Question(SENT_AGAIN, "choose", words, choices, proposal="left-out"))
    # An address is left out with what points at persons; that two answers came from it is not.
    if draft.unit == "respondent" and (shared := of_one_address(table)):
        rows = ", ".join(" + ".join(str(table.lines[row]) for row in some) for some in shared[:8])
        choices = (("left-out", text("intake.later_of_one", draft.lang)), ("kept", text("intake.address_of_several", draft.lang)))
        words = text("intake.ask_same_address", draft.lang, count=len(shared), rows=rows)
        draft.ask(Question(SAME_ADDRESS, "choose", words, choices, proposal="left-out"))
    return [column for column in columns if column.id not in roles]


def _without_numbers_of_rows(keys: Sequence[Column], occasions: Sequence[str]) -> list[Column]:
    """The keys without those whose numbers only rise from row to row, where another one has the same person twice: a program numbered the
    answers with them. Of keys that tell rows apart alike, or in ways that nobody can weigh, all are left."""
    again = [column for column in keys if len(_at_once(column, occasions)) < len(column.texts)]
    rising = [
        column for column in keys if column not in again and column.filled and all(map(str.isdigit, column.filled)) and _rises(column)
    ]
    return again if len(again) == 1 and len(rising) == len(keys) - 1 else list(keys)


def _rises(column: Column) -> bool:
    return all(int(one) < int(other) for one, other in itertools.pairwise(column.texts))


def _at_once(column: Column, occasions: Sequence[str]) -> set[tuple[str, str]]:
    """The different values of a column, each once a time."""
    return set(zip(column.texts, occasions or [""] * len(column.texts), strict=True))


def _is_key(column: Column, tests: Tests, occasions: Sequence[str]) -> bool:
    """Whether a column tells answers apart: one code each, or one each time, but for the few who answered twice."""
    if not (_KEY.fullmatch(_bare(column)) or _group_of(column, tests)) or len(column.filled) < len(column.texts):
        return False
    return len(_at_once(column, occasions)) >= _ONE_EACH * len(column.texts) and not any(" " in value.strip() for value in column.counts)


def _may_be_persons(column: Column, occasions: Sequence[str]) -> bool:
    """Whether nearly every row has a code with a number in it, and another one than the others."""
    codes = [text for text in column.texts if re.fullmatch(r"(?=.*\d)(?=.*[^\W\d_])\S+", text)]
    again = len(_at_once(column, occasions))
    return len(codes) >= _CODED * len(column.texts) and _ONE_EACH * len(column.texts) <= again < len(column.texts)


def _bare(column: Column) -> str:
    """A heading without its remark: "Deltagernøgle (samme i begge skemaer)"."""
    return fold(_REMARK.sub("", column.heading)) or column.folded


def _group_of(column: Column, tests: Tests) -> str:
    """Whose number a heading is ("Værtsnr.", "Mentor ID"): one of the programme's groups, else "person"; "" for a number of answers."""
    said = _OF_A_GROUP.fullmatch(_bare(column))
    words = group_words(tests.programme)
    group = "" if said is None else words.get(said["who"]) or words.get(said["who"] + said["genitive"], "")
    if said is not None and not group and _A_PERSON.fullmatch(said["who"]):
        group = "person"
    # A municipality's number says where, not who.
    return group if tests.share(column, "municipality") < _HALF else ""


def _may_be_towns(column: Column) -> bool:
    """Whether cells are words or codes rather than small numbers; a heading that says so settles it."""
    return (
        bool(re.search(r"kommun|municipal", column.folded)) or has_labels(column.counts) or all(len(value) == 4 for value in column.counts)
    )


def is_of_a_place(column: Column) -> bool:
    """Whether a question asks what a team, a site or a class within a municipality is called."""
    names = [value for value in column.counts if not is_dont_know(value) and fold(value) not in meanings("yesno")]
    return _PLACE.search(column.folded) is not None and len(names) > 1 and all(len(value.split()) <= 5 for value in names)


def _propose_unit(
    draft: Draft, town: Column | None, status: Column | None, timed: bool, tests: Tests, places: Sequence[Column] = ()
) -> None:
    if status is not None:
        draft.decide("partials", status.heading, "complete-before-partial", "declared")
    if town is None:
        draft.unit = "respondent"
        draft.decide("unit", "", "respondent", "declared")
        return
    codes = [tests.municipalities.find(value).code or value for value in town.filled]
    share = len(set(codes)) / len(codes)
    named = [tests.municipalities.find(value).code or value for value in town.texts]
    beside = [one for one in places if len(set(zip(named, one.texts, strict=True))) >= _ONE_EACH * len(codes)]
    # A place in a municipality that stands nearly once is who answers; where it stands twice somebody has to say so.
    twice = [one for one in beside if len(set(zip(named, one.texts, strict=True))) < len(codes)]
    if share >= _ONE_EACH:
        draft.unit = "municipality"
        draft.decide("unit", town.heading, "municipality", "declared")
    elif share < _BACKGROUND and not twice:
        draft.unit = "respondent"
        draft.decide("unit", town.heading, "respondent", "declared")
    else:
        choices = (
            *((f"{TOGETHER}{one.id}", text("intake.unit_together", draft.lang, heading=one.heading)) for one in beside),
            *((("municipality", text("intake.unit_municipality", draft.lang)),) if share >= _BACKGROUND else ()),
            ("respondent", text("intake.unit_respondent", draft.lang)),
        )
        draft.ask(Question("unit", "choose", text("intake.ask_unit", draft.lang, different=len(set(codes)), count=len(codes)), choices))
    doubles = len(codes) - len(set(codes))
    if doubles and timed and (twice or share >= _BACKGROUND) and share < _ONE_EACH:
        # Whether they are doubles at all is asked.
        draft.decide("doubles", town.heading, "later-before-earlier", "declared")
    elif doubles and share >= _BACKGROUND:
        _propose_doubles(draft, town.heading, doubles, timed, "municipality")


def _ask_partials(draft: Draft, states: Sequence[str], who: Iterable[object]) -> None:
    """Ask whether those who have a partial answer alone count as far as it goes; a complete one goes before a partial one."""
    known = list(zip(states, who, strict=True))
    complete = {own for state, own in known if state == "complete"}
    if alone := len({own for state, own in known if state == "partial"} - complete):
        choices = ((PARTIALS[0], text("intake.partials_count", draft.lang)), (PARTIALS[1], text("intake.partials_out", draft.lang)))
        draft.decided.pop("partials", None)
        draft.ask(Question("partials", "choose", text("intake.ask_partials", draft.lang, count=alone), choices))


def _propose_doubles(draft: Draft, heading: str, count: int, timed: bool, who: str) -> None:
    """Which of two answers of one municipality or person holds: by rule where the file says when they came, else asked."""
    whose = text(f"intake.of_same_{who}", draft.lang)
    if timed:
        draft.decide("doubles", heading, "later-before-earlier", "declared")
        draft.tell(text("intake.told_doubles", draft.lang, count=count, whose=whose))
    else:
        choices = (("last", text("intake.last_row", draft.lang)), ("first", text("intake.first_row", draft.lang)))
        words = text("intake.ask_doubles", draft.lang, count=count, whose=whose)
        draft.ask(Question("doubles", "choose", words, choices, proposal="last"))


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
