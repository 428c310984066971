"""What the tables of a round have that could measure a goal: sums, means, medians, who moved, named reasons; each by its address."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vvvresearch.errors import VvvError
from vvvresearch.intake import days_said, fold, half_words, said_of
from vvvresearch.locales import Lang, say, text
from vvvresearch.monitoring import own_reasons, with_reasons
from vvvresearch.results import TOTAL, address_part

if TYPE_CHECKING:
    from vvvresearch.results import Result
    from vvvresearch.rounds._round import Round

_STEM, _SHORTEST, _HALF = 5, 4, 0.5
_MEAN, _MEDIAN = r"gennemsnit\w*|average|mean|i snit|middel\w*", r"median\w*|typisk\w*|typical\w*"
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
_OF = {
    "ended_known": r"kendt aarsag|oplyst aarsag|known reason|reason is known|given reason",
    "started": r"startede|paabegyndte|started|begun",
}
_PERIOD = re.compile(
    r"\b([1-4]) (?:kvartal|kvt?|quarter)\b|\bq([1-4])\b|\b(first|second|third|fourth|foerste|andet|anden|tredje|fjerde) "
    r"(?:quarter|kvartal)\b"
)
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
    taken: dict[str, str | list[str]]
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
    found += [*_sums(opened, words, share, lang), *_scales(opened, words, share, lang)]
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
    said = _words_of(words)
    stems = {reason: own for reason in reasons if (own := _words_of(reason))}
    found = []
    for reason, own in stems.items():
        shared: set[str] = set().union(*(other for one, other in stems.items() if one != reason))
        about = {stem for stem in own if not re.match(rf"(?:{people})", stem)} or own
        telling = (own - shared) or own
        if len(said & about) >= _HALF * len(about) and len(said & telling) >= _HALF * len(telling) and (own - shared or own <= said):
            found.append(reason)
    return found


def _words_of(words: str) -> set[str]:
    """The beginnings of the words that say something; short ones whole."""
    return {word[:_STEM] for word in fold(words).split() if (len(word) > 2 or word == "no") and not _EMPTY.fullmatch(word)}


_EMPTY = re.compile(
    "for|the|and|eller|or|der|som|med|til|fra|ved|var|are|was|were|that|this|have|has|har|det|den|from|than|their|they|them|will|over|under|"
    "out|off|deres"
)


def _moves(opened: Round, words: str, share: bool, lang: Lang) -> Iterator[Measure]:
    """Who of those who answered twice moved higher, or lower, on the question that the goal is most alike."""
    ways = [way for way, pattern in _MOVED.items() if _says(words, pattern)]
    if not ways or not _says(words, _TWICE) or _says(words, f"{_MEAN}|{_MEDIAN}"):
        return
    try:
        pairs = [pair for pair in opened.comparable() if pair.how == "waves"] if len(opened.surveys) > 1 else []
    except VvvError:
        return  # told where it stands
    for pair in pairs:
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
        if not share and "measure" in table.frame:
            for measure in table.frame["measure"].unique():
                score = covered(str(measure), words, title)
                statistics = ["positive"] if some else ["mean"] if mean else ["median"] if median else ["sum"]
                own = table.frame[table.frame["measure"] == measure]
                for period in _periods(own["period"].tolist(), words) if score else ():
                    for statistic in statistics:
                        cell = f"{source.id}/sums.{address_part(measure)}.{address_part(period)}.{statistic}"
                        when = "" if period == TOTAL else f", {period}"
                        label = text(
                            "intake.measure_sum", lang, table=title, what=measure, when=when, how=text(f"monitoring.sums_{statistic}", lang)
                        )
                        found.append((score, Measure(cell, label, {"cell": cell}, label, unit="value", named=True)))
        values: Result | None = table if table.at.endswith("/values") else table.parts.get("values")
        for row in values.frame.to_dict("records") if values else ():
            # "Yes" is a value of many columns: then the column is what the goal speaks of.
            score = covered(f"{row['value']}" if len(str(row["value"])) > _SHORTEST else str(row["column"]), words, title)
            if score:
                cell = f"{source.id}/values.{address_part(row['column'])}.{address_part(row['value'])}.{'share' if share else 'count'}"
                label = text("intake.measure_rows", lang, table=title, column=row["column"], value=row["value"])
                found.append((score, Measure(cell, label, {"cell": cell}, label, share, "value", named=True)))
    yield from (measure for _, measure in sorted(found, key=lambda one: -one[0]))


def covered(own: str, words: str, title: str) -> float:
    """How well a goal speaks of what a table counts: 0 unless it has all of its words, or half of them and one of the table's title.

    Args:
        own: what is counted.
        words: the goal.
        title: of the table.

    Example:
        >>> covered("Referrals received", "Referrals received in 2027", "Quarters"), covered("Talks held", "Referrals in 2027", "Quarters")
        (1.0, 0)
    """
    stems, said = _words_of(own), _words_of(words)
    here = len(stems & said)
    if not here:
        return 0
    about = len((_words_of(title) - stems) & said)
    return here / len(stems) + about / 10 if here == len(stems) or (2 * here >= len(stems) and about) else 0


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


def named_answers(words: str, answers: Mapping[str, Sequence[str]]) -> list[str]:
    """The answers of a question that a sentence names, one or several joined: "definitely or probably yes", "i høj eller meget høj grad".

    Args:
        words: the sentence.
        answers: code → what the answer is called, in either language.

    Returns:
        Codes, in the order of the answers.

    Example:
        >>> scale = {"1": ["Definitely yes"], "2": ["Probably yes"], "4": ["Probably not"], "5": ["Definitely not"]}
        >>> named_answers("three in four say definitely or probably yes", scale)
        ['1', '2']
    """
    labels = [(code, fold(label).split()) for code, own in answers.items() for label in dict.fromkeys(own)]
    known = {word for _, label in labels for word in label}
    said = fold(re.sub(r"[,/]| – |-(?=\d)", " or ", words)).split()
    found: set[str] = set()
    for joined, part in itertools.groupby(said, key=lambda one: one in _OR or any(_inflected(one, word) for word in known)):
        run = [*part] if joined else []
        pieces = [[*own] for is_or, own in itertools.groupby(run, key=lambda one: one in _OR) if not is_or]
        for piece in pieces:
            # What one answer leaves out stands with the one that it is joined to.
            fits = [
                (len(label) - len(piece), code)
                for code, label in labels
                if all(any(_inflected(one, word) for word in label) for one in piece)
                and all(any(_inflected(one, word) for one in run) for word in label)
            ]
            # A figure alone is an amount, and a short word alone says little.
            alone = len(pieces) == 1 and len(piece) == 1 and (piece[0].isdigit() or len(piece[0]) < _SHORTEST)
            if fits and not alone:
                found.add(min(fits)[1])
    return [code for code in answers if code in found]


_OR = frozenset(("or", "eller", "og", "and"))


def _inflected(one: str, word: str) -> bool:
    """Whether two words are one, but for up to three letters at its end."""
    return one == word or (len(word) >= _SHORTEST and one.startswith(word) and len(one) <= len(word) + 2)


def alike(words: str, other: str) -> int:
    """How many words of two sentences begin alike.

    Example:
        >>> alike("Referrals received, four quarters", "Referral sources")
        1
    """
    return len(_stems(words) & _stems(other))


def _stems(words: str) -> set[str]:
    return {word[:_STEM] for word in fold(words).split() if len(word) >= _SHORTEST}
