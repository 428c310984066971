"""What the tables and surveys of a round have that could measure a goal: sums, rows, medians, who moved, reasons, answers."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from vvvresearch.errors import VvvError
from vvvresearch.evidence import question_alone
from vvvresearch.intake import days_said, fold, half_words, said_of, scale_of
from vvvresearch.locales import Lang, say, text
from vvvresearch.monitoring import own_reasons, with_reasons
from vvvresearch.results import TOTAL, address_part
from vvvresearch.rounds._measures import rows_of
from vvvresearch.rounds._named import (
    about,
    alike,
    covered,
    named_answers,
    named_values,
    parts_of,
    says,
    words_of,
)

if TYPE_CHECKING:
    from vvvresearch.evidence import Item, Questionnaire
    from vvvresearch.rounds._round import Round

_HALF = 0.5
_MOST_ITEMS, _NAMED = 4, 3
_MEAN, _MEDIAN = r"gennemsnit\w*|averag\w*|mean|i snit|middel\w*", r"median\w*|typisk\w*|typical\w*"
_LENGTH = r"vare?r?|varet|varig\w*|laengde|holder|last(s|ing|ed)?|duration|length|long"
_UNITS = r"dag\w*|days?|uge\w*|weeks?|maaned\w*|mdr|months?|years?"
_OVER = r"afsluttede?|ophoerte|ended|completed|finished|closed"
_WAITS = r"vent\w*|wait\w*"
_MOVED = {
    "higher": r"hoejere|bedre|mere|flere|frem\w*|forbedr\w*|oeg\w*|styrk\w*|higher|better|improv\w*|more|up|increas\w*|gain\w*|strong\w*",
    "lower": r"lavere|vaerre|mindre|tilbage\w*|forvaerr\w*|fald\w*|lower|worse|less|down|declin\w*|fewer",
}
_TWICE = (
    r"(ved |fra )?(start|slut)\w*|panel\w*|begge (gange|skemaer|maalinger)|foer|efter|end da|"
    r"both (times|questionnaires)|before|after|entry|exit|baseline|follow up|indgang|udgang|than (at|when)|second time|twice|to gange"
)
_WAYS = {"rise": "higher", "more": "higher", "fall": "lower", "less": "lower"}
_OF = {
    "ended_known": r"kendt aarsag|oplyst aarsag|known reason|reason is known|given reason",
    "started": r"startede|paabegyndte|started|begun",
}
_PERIOD = re.compile(
    r"\b([1-4]) (?:kvartal|kvt?|quarter)\b|\bq([1-4])\b|\b(first|second|third|fourth|foerste|andet|anden|tredje|fjerde) "
    r"(?:quarter|kvartal)\b"
)
_EACH_TIME = r"(hvert|hver|each|every|any|alle|all|samtlige|no|intet) (eneste |single )?(kvartal\w*|quarters?|maaned\w*|months?)"
_UPPER = ("at_most", "under", "or_less")
_TURNS = {
    "first": "1",
    "foerste": "1",
    "second": "2",
    "andet": "2",
    "anden": "2",
    "third": "3",
    "tredje": "3",
    "fourth": "4",
    "fjerde": "4",
}
_LOW = re.compile(r"\b(util\w*|dissat\w*|unsat\w*|unhappy|uenig\w*|disagree\w*|daarlig\w*|poor\w*|lav grad|low degree)\b")
_QUARTER = re.compile(r"\b([1-4]) (?:kvartal|kvt?|quarter)\b|\bq([1-4])\b")
# Of the numbers that somebody gave: which one a goal is about.
_STATISTICS = {
    "mean": r"gennemsnit\w*|average|mean|i snit",
    "median": r"median\w*",
    "sum": r"i alt|sum\w*|total\w*|tilsammen|antal\w*|number",
}
_PEOPLE = ("person", "participant", "leader", "group", "programme", "")


@dataclass(frozen=True)
class Measure:
    """A number of the round that could measure a goal.

    Args:
        id: what stands for it in an answer.
        label: in words, with the number.
        taken: as the definition writes it.
        what: the label without the number.
        share: whether it is a percentage.
        unit: who or what it counts, "" where that is not its own to say.
        named: whether the goal speaks of what it counts by its own words.
    """

    id: str
    label: str
    taken: dict[str, Any]
    what: str = ""
    share: bool = False
    unit: str = ""
    named: bool = False


def of_tables(opened: Round, words: str, share: bool, lang: Lang) -> Iterator[Measure]:
    """The numbers of tables that a goal speaks of by their own words, those with most of its words first.

    Args:
        opened: the round.
        words: the goal, with what else its list says of how it is measured.
        share: whether the goal is a percentage.
        lang: of the labels.
    """
    found = [*_durations(opened, words, share, lang), *_reasons(opened, words, share, lang), *_moves(opened, words, share, lang)]
    found += [*_rows(opened, words, share, lang), *_sums(opened, words, share, lang), *_scales(opened, words, share, lang)]
    yield from found


def one_at_least(words: str) -> bool:
    """Whether a sentence asks for those who have one at least: "mindst én", "any"; "at least one hundred" and "one in five" are numbers.

    Example:
        >>> one_at_least("who gave at least one visit"), one_at_least("at least one hundred visits")
        (True, False)
    """
    ones = (one for one in said_of(words) if one.kind == "count" and one.value == 1 and one.modifier == "at_least")
    return any(ones) or _says(words, "nogen|any")


def _says(words: str, pattern: str) -> bool:
    return re.search(rf"\b(?:{pattern})\b", fold(words)) is not None


def _durations(opened: Round, words: str, share: bool, lang: Lang) -> Iterator[Measure]:
    """The median of how long matches last, in the unit of time that the goal says."""
    # A length of time without its unit is measured by nothing.
    over = _says(words, _OVER)
    long = _says(words, _MEDIAN) and _says(words, _UNITS) and (_says(words, _LENGTH) or over) and not _says(words, _WAITS)
    if share or not opened.has("matches") or not long:
        return
    for one in named_values(rows_of(opened, opened.matches), words):
        if one.column != "municipality" and len(one.values) == 1:
            label = f"{text('intake.measure_duration_ended', lang)}, {one.column}: {one.values[0]}"
            cell = f"duration/by-{address_part(one.column)}.{address_part(one.values[0])}.ended_median"
            yield Measure(f"duration.ended.{address_part(one.values[0])}", label, {"cell": cell}, label, unit="match", named=True)
    if over:
        label = text("intake.measure_duration_ended", lang)
        yield Measure("duration.ended", label, {"cell": "duration.total.ended_median"}, label, unit="match", named=True)
    months = _says(words, r"maaned\w*|mdr|months?") and not _says(words, r"dag\w*|days?|uge\w*|weeks?")
    name = "months" if months else "median"
    label = text(f"intake.measure_duration_{name}", lang)
    yield Measure(f"duration.{name}", label, {"cell": f"duration.total.{name}"}, label, unit="match", named=True)


def _reasons(opened: Round, words: str, share: bool, lang: Lang) -> Iterator[Measure]:
    """Those of the register's own reasons that the goal names, together, of each whole that it may mean."""
    if not opened.has("matches"):
        return
    try:
        reasons = own_reasons(with_reasons(opened.matches)[0])
    except VvvError:
        return
    named = _named_reasons(reasons, words, rf"{half_words(opened.programme, 0)}|{half_words(opened.programme, 1)}")
    if not named or not _says(
        words, r"afslut\w*|ophoer\w*|slut\w*|end(s|ed|ing|ings)?|complet\w*|afbr[uy]\w*|stop\w*|gennemfoer\w*|left|leav\w*"
    ):
        return
    said = [name for name, pattern in _OF.items() if _says(words, pattern)][:1]
    for of in (said or ["ended", "ended_known", "started"]) if share else ["ended"]:
        what = " / ".join(named)
        label = text(f"intake.measure_of_{of}", lang, what=what)
        taken: dict[str, str | list[str]] = {"matches": "ended", "reason_class": named, "of": of}
        yield Measure("matches.ended.own" + (f".{of}" if of != "ended" else ""), label, taken, label, share, "match", named=True)


def _named_reasons(reasons: Iterable[str], words: str, people: str) -> list[str]:
    """The reasons that a sentence speaks of: by half of their words at least, and by those that no other reason has."""
    said = words_of(words)
    stems = {reason: own for reason in reasons if (own := words_of(reason))}
    found = []
    for reason, own in stems.items():
        shared: set[str] = set().union(*(other for one, other in stems.items() if one != reason))
        about = {stem for stem in own if not re.match(rf"(?:{people})", stem)} or own
        telling = (own - shared) or own
        if len(said & about) >= _HALF * len(about) and len(said & telling) >= _HALF * len(telling) and (own - shared or own <= said):
            found.append(reason)
    return found


def _moves(opened: Round, words: str, share: bool, lang: Lang) -> Iterator[Measure]:
    """Who of those who answered twice moved higher, or lower, on the question that the goal is most alike."""
    said = {_WAYS[one.key] for one in said_of(about(words)) if one.kind in ("direction", "comparison") and one.key in _WAYS}
    named = [way for way, pattern in _MOVED.items() if way in said or _says(about(words), pattern)]
    if not named or not _says(words, _TWICE) or _says(words, f"{_MEAN}|{_MEDIAN}"):
        return
    # Which way is better is for the reader to say: what is named stands first.
    ways = [*named, *(way for way in _MOVED if way not in named)]
    try:
        pairs = [pair for pair in opened.comparable() if pair.how == "waves"] if len(opened.surveys) > 1 else []
    except VvvError:
        return  # told where it stands
    # What was asked twice in the round itself stands before what an earlier round asked.
    for pair in sorted(pairs, key=lambda one: one.first.id not in opened.surveys.own):
        try:
            table = opened.compare(pair).parts.get("moves")
        except VvvError:
            continue  # of this pair alone
        definition = pair.first.questionnaire
        if not table or definition is None:
            continue
        asked = {item.id: item.text.say(lang) for item in definition.items if item.id in set(table.frame["item"])}
        scores = {item: alike(words, question) for item, question in asked.items()}
        best = max(scores.values(), default=0)
        for item in [one for one, score in scores.items() if best and score == best]:
            for way in ways:
                cell = f"{table.at}.{item}.{way}.{'share' if share else 'count'}"
                label = text(f"intake.measure_moved_{way}", lang, survey=pair.id, item=asked[item])
                for (column, code), told in parts_of(definition, words, lang):
                    taken = {"cell": cell, "where": {column: code}}
                    yield Measure(f"{cell}.{column}.{code}", f"{label}, {told}", taken, label, share, "person", named=True)
                yield Measure(cell, label, {"cell": cell}, label, share, "person", named=True)


def _sums(opened: Round, words: str, share: bool, lang: Lang) -> Iterator[Measure]:
    """Sums, means and counts of tables of the round's own whose own words the goal has."""
    mean, median, some = _says(words, _MEAN), _says(words, _MEDIAN), one_at_least(words)
    found = []
    for source in opened.spec.sources:
        try:
            table = opened.column_sums(source.id) if source.type in ("register", "survey") else None
        except VvvError:
            continue  # told where it stands
        title = source.title.say(lang)
        if not table:
            continue
        if share or "measure" not in table.frame:
            continue
        alone = table.frame["measure"][table.frame["amount"] != "level"].nunique() == 1
        for measure in table.frame["measure"].unique():
            if not (score := covered(str(measure), words, title, alone=alone)):
                continue
            statistics = ["positive"] if some else ["mean"] if mean else ["median"] if median else ["sum"]
            at, cells = address_part(measure), []
            units = table.parts.get("units")
            for unit in units.frame["unit"][units.frame["measure"] == measure] if units and statistics == ["sum"] else ():
                if words_of(str(unit)) <= words_of(words):
                    cells.append((f"/units.{at}.{address_part(unit)}.sum", f", {unit}", "sum"))
            quarters = table.parts.get("quarters")
            by_quarter = quarters if quarters and _says(words, r"kvartal\w*|quarters?|q[1-4]") else table
            inside = "/quarters" if by_quarter is quarters else ""
            periods = by_quarter.frame["period"][by_quarter.frame["measure"] == measure].tolist()
            if len(periods) > 1 and _says(words, _EACH_TIME):
                ends = ("largest", "smallest") if any(one.modifier in _UPPER for one in said_of(words)) else ("smallest", "largest")
                cells += [(f"{inside}.{at}.{TOTAL}.{one}", "", one) for one in ends]
            cells += [
                (f"{inside}.{at}.{address_part(period)}.{one}", "" if period == TOTAL else f", {period}", one)
                for period in _periods(periods, words)
                for one in statistics
            ]
            for cell, when, one in cells:
                how = text(f"monitoring.sums_{one}", lang)
                label = text("intake.measure_sum", lang, table=title, what=measure, when=when, how=how)
                address = f"{source.id}/sums{cell}"
                found.append((score, Measure(address, label, {"cell": address}, label, unit="value", named=True)))
    yield from (measure for _, measure in sorted(found, key=lambda one: -one[0]))


def _rows(opened: Round, words: str, share: bool, lang: Lang) -> Iterator[Measure]:
    """Rows of tables with the values that the goal names; of two columns those of one among those of the other."""
    found = []
    for source in opened.spec.sources:
        if source.type not in ("register", "matches"):
            continue
        try:
            table = opened.matches if source.type == "matches" else opened.read(source.id)
        except VvvError:
            continue  # told where it stands
        named = named_values(rows_of(opened, table), words)
        if source.type == "matches":
            # Why matches ended has its own measures, and how many there are.
            named = [one for one in named if share and not one.column.startswith("reason")]
        for one in named:
            others = [other for other in named if other.column != one.column and len(other.values) == 1]
            # Of those who are named first, the ones named later.
            for other in [*sorted(others, key=lambda other: other.place), None]:
                among = {other.column: other.values[0]} if other is not None else {}
                label = text("intake.measure_rows", lang, table=source.title.say(lang), column=one.column, value=" / ".join(one.values))
                label += "".join(f", {column}: {value}" for column, value in among.items())
                taken = {"rows": source.id, "column": one.column, "values": one.values, **({"where": among} if among else {})}
                parts = [one.column, *one.values, *among.values()]
                name = f"{source.id}/values.{'.'.join(map(address_part, parts))}"
                later = other is not None and other.place < one.place
                found.append(((bool(among), later, one.score), Measure(name, label, taken, label, share, "value", named=True)))
    yield from (measure for _, measure in sorted(found, key=lambda one: one[0], reverse=True))


def _periods(there: list[str], words: str) -> list[str]:
    """The time of a table that a goal speaks of; without one the whole, and the last time beside it."""
    times = [one for one in there if one != TOTAL]
    found = _PERIOD.search(fold(words))
    number = (found[1] or found[2] or _TURNS[found[3]]) if found else ""
    named = [one for one in times if one.lower() in words.lower() or (number and one.endswith(f"-Q{number}"))]
    return named or [TOTAL, *times[-1:]]


def _scales(opened: Round, words: str, share: bool, lang: Lang) -> Iterator[Measure]:
    """The mean of an ordered scale, where a goal asks for a mean."""
    if share or not _says(words, _MEAN) or days_said(words) is not None:
        return
    found = []
    for name in opened.surveys:
        try:
            survey = opened.surveys[name]
        except VvvError:
            continue  # told where it stands
        for item in survey.questionnaire.items if survey.questionnaire is not None else ():
            if item.type in ("likert", "single") and (score := covered(item.text.say(lang), words, say(survey.title, lang))):
                cell = f"{name}/numbers.{item.id}.mean"
                label = text("intake.measure_number", lang, survey=name, item=item.text.say(lang), what=text("tabulation.mean", lang))
                found.append((score, Measure(cell, label, {"cell": cell}, label, unit="person", named=True)))
    best = max((score for score, _ in found), default=0)
    yield from (measure for score, measure in found if score == best)


def of_surveys(opened: Round, words: str, unit: str, lang: Lang, *, share: bool, alike_only: bool) -> Iterator[Measure]:
    """Answers and numbers of the questions that a goal is most alike, of each group that it names.

    Args:
        opened: the round.
        words: the goal.
        unit: who is counted, "" where that is asked as well.
        share: whether the goal is a percentage.
        lang: of the labels.
        alike_only: whether a question without a word of the goal measures nothing.
    """
    items: list[tuple[int, str, Questionnaire, Item, list[str]]] = []
    for name in opened.surveys:
        try:
            definition = opened.surveys[name].questionnaire
        except VvvError:
            continue
        of_places = definition is not None and definition.frame is not None and definition.frame.unit == "municipality"
        if definition is not None and (not unit or of_places == (unit == "municipality")):
            for item in definition.items:
                told = {one.code: [one.label.da, one.label.en] for one in definition.options(item) if one.role == "answer"}
                # Who names several answers of a question speaks of that question.
                chosen = named_answers(about(words), told) if share and item.type in ("single", "likert", "battery") else []
                # What the goal says of answers tells no question from another one with the same answers.
                theirs = set(fold(" ".join(itertools.chain.from_iterable(told.values()))).split()) if chosen else set()
                rest = " ".join(word for word in fold(about(words)).split() if word not in theirs)
                common = alike(rest, question_alone(item.text.say(lang))) + len(chosen) * (len(chosen) > 1)
                items.append((common, name, definition, item, chosen))
    items = [one for one in items if one[4] or unit in ("municipality", *_PEOPLE)]
    items = [one for one in items if one[3].id != "municipality"]  # where somebody answers measures nothing
    quarter = _QUARTER.search(fold(words))
    # Of numbers by quarter those of the one that is spoken of.
    asked = re.compile(rf"\b{quarter[1] or quarter[2]} (kvartal|kvt?|quarter)\b|\bq{quarter[1] or quarter[2]}\b") if quarter else None
    items.sort(key=lambda one: (-one[0] - (asked is not None and bool(asked.search(fold(one[3].text.da)))),))
    for common, name, definition, item, chosen in items[:_MOST_ITEMS]:
        parts = parts_of(definition, words, lang)
        named = common >= _NAMED or (
            item.type == "number" and covered(item.text.say(lang), words, say(opened.surveys[name].title, lang)) > 0
        )
        counted = "municipality" if definition.frame is not None and definition.frame.unit == "municipality" else "person"
        if not common and (alike_only or items[0][0]):
            return
        if item.type == "number" and not share:
            said = ["positive"] if one_at_least(words) else says(fold(words), _STATISTICS.items())
            for measure in said or ("positive", *_STATISTICS):
                label = text("intake.measure_number", lang, survey=name, item=item.text.say(lang), what=text(f"tabulation.{measure}", lang))
                yield Measure(
                    f"{name}.{item.id}.{measure}",
                    label,
                    {"cell": f"{name}.{item.id}.{measure}"},
                    unit=counted if measure == "positive" else "value",
                    named=named,
                )
            continue
        if says(fold(words), [(one, _STATISTICS[one]) for one in ("mean", "median")]):
            continue  # answers have no average
        answers = [option for option in definition.options(item) if option.role == "answer"]
        # Files number their scales from either end; the high one is told by its words.
        places = {label: place for place, label in enumerate(scale_of([one.label.da for one in answers]).order)}
        answers.sort(key=lambda option: places.get(option.label.da, 0))
        low = bool(_LOW.search(fold(words)))
        each = _together([option.code for option in answers], scale=item.type == "likert", low=low)
        own = [option.code for option in answers if option.code in chosen]
        # The answers that the goal names itself come first, together.
        for codes in [own, *(one for one in each if one != own)] if own else each:
            labels = " / ".join(option.label.say(lang) for option in answers if option.code in codes)
            label = text("intake.measure_survey", lang, survey=name, item=item.text.say(lang), answers=labels)
            stands = named or (codes == own and common > 0)
            # What the question itself speaks of names nobody.
            others = [(one, told) for one, told in parts if one[0] != item.id and not alike(told, item.text.say(lang))]
            for group, among in [*others, (("", ""), "")]:
                # Of those who have an opinion, and of all who answered; where all have one that is the same.
                for of in ("valid", "answered") if share else ("answered",):
                    taken: dict[str, Any] = {"survey": name, "item": item.id, "answers": codes, "of": of}
                    taken |= {"where": {group[0]: group[1]}} if among else {}
                    more = (among, text("intake.measure_with_unknown", lang) if of == "answered" and share else "")
                    words_of_it = ", ".join(part for part in (label, *more) if part)
                    parts_of_id = (f"{name}.{item.id}.{'+'.join(codes)}", *group, of if of == "answered" and share else "")
                    identifier = ".".join(part for part in parts_of_id if part)
                    yield Measure(identifier, words_of_it, taken, unit=counted, named=stands)


def _together(codes: Sequence[str], *, scale: bool, low: bool) -> list[list[str]]:
    """The answers that may count: each alone, of a scale the highest ones together, or the lowest ones where a goal speaks of those."""
    if not scale:
        return [[code] for code in codes]
    return [list(codes[-number:] if low else codes[:number]) for number in range(1, len(codes))]
