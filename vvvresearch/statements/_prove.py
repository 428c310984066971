"""The proof of a statement against a row."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from vvvresearch.locales import Lang, check_lang
from vvvresearch.statements import _amounts, _changes, _shares, _standing
from vvvresearch.statements._answers import left_out, of_those_who_know, spoken
from vvvresearch.statements._covered import covered
from vvvresearch.statements._mention import Mention
from vvvresearch.statements._own_words import root
from vvvresearch.statements._polarity import denies, turned
from vvvresearch.statements._row import HOLDS, Check, Outcome, Row, Verdict, check, years
from vvvresearch.statements._say import true_sentences
from vvvresearch.statements._says_more import says_more
from vvvresearch.statements._statement import Statement
from vvvresearch.statements._subject import another_answer, beyond, opposite, voiced
from vvvresearch.statements._words import function_words

_PROOFS: Mapping[str, Callable[[Statement, Mention], Check]] = {
    "percentage": _shares.percentage,
    "ratio": _shares.ratio,
    "share": _shares.share,
    "some": _shares.some,
    "count": _shares.count,
    "total": _shares.count,
    "base": _shares.base,
    "sample_size": _shares.base,
    "exception": _shares.exception,
    "duration": _amounts.duration,
    "statistic": _amounts.statistic,
    "frequency": _shares.frequency,
    "direction": _changes.direction,
    "comparison": _changes.comparison,
    "multiple": _changes.multiple,
    "points": _changes.points,
    "rank": _standing.rank,
    "goal": _standing.goal,
    "target": _standing.target,
}


def counted_together(statement: Statement) -> Check | None:
    """A number of several answers is not that of one of them."""
    said = left_out(statement.row, statement.text)
    return check("contradicted", "counts_too", said=said) if said else None


# What a sentence is about, each proof giving what is wrong with it.
_ABOUT = (counted_together, beyond, another_answer, opposite, voiced, says_more, covered)


def prove(statement: str, row: Row, lang: Lang = "da") -> Verdict:
    """Hold a sentence, or the bound words of one, against the row that it is bound to.

    Every number and every word of the vocabulary must be carried by the row. Words about those asked ("over halvdelen af de 55") are
    held against the count; words about all ("over halvdelen af kommunerne") must be true over the whole interval. What the answer's own
    label says, what stands in quotation marks, and what those counted are said to say is no claim of the author's.

    Args:
        statement: a sentence or phrase; with the rest of its clause, so that "ikke", units and causes outside the bound words are read.
        row: the numbers, and the words that name them in the same language.
        lang: the language of the sentence.

    Returns:
        Holds, contradicted, cannot be told, or asks, each with its reasons; where it does not hold, also sentences that do. It asks where
        the row carries all that is said of how many, and the words are others than those that were asked.

    Method:
        The bounds of each word stand in `vocabulary.toml`; shares and differences are exact fractions.

    Example:
        >>> row = Row(count=32, n=55, unit=("kommune", "kommuner", "kommunerne"), says="har | henvist")
        >>> prove("Over halvdelen af de 55 kommuner har henvist", row).outcome
        'holds'
        >>> print(prove("To tredjedele af de 55 kommuner har henvist", row).say("en"))
        the words do not fit 32 of 55 (58.2%)
    """
    lang = check_lang(lang)
    row, read = of_those_who_know(row, statement, lang)
    prepared = Statement(read, row, lang)
    proved = _unknown(prepared) if prepared.of("unknown") else _all_words(prepared)
    checks = [*proved, *_foreign(prepared), *_times(prepared)]
    checks += [found for proof in _ABOUT if (found := proof(prepared)) is not None]
    if not checks and (left := _shares.left_over(prepared)) is not None:
        proved = checks = [left]
    outcome = _outcome(checks)
    if not checks and _gives_reason(prepared):
        return Verdict("holds", (HOLDS,))
    if not proved and all(one.outcome == "asks" for one in checks):
        checks, outcome = [*checks, check("cannot", "says_nothing")], "cannot"
    readings = _to_be_read(statement, row, checks) if outcome == "asks" else ()
    return Verdict(outcome, tuple(checks), () if outcome == "holds" else true_sentences(row, lang), readings)


def _to_be_read(statement: str, row: Row, checks: list[Check]) -> tuple[tuple[str, str], ...]:
    """What those counted are called, once for their source; and the sentence, where more of it is the author's own."""
    named = {str(one.reason.values["said"]).lower() for one in checks if one.code == "called"}
    source = " ".join((*row.unit[:1], *row.called))
    more = any(one.outcome == "asks" and one.code != "called" for one in checks)
    return (*((name, source) for name in sorted(named)), *([(statement, row.about[0] if row.about else "")] if more else []))


_BECAUSE = re.compile(r"\W*(?:fordi|because)\b", re.IGNORECASE)
_WHY = re.compile(r"(?:hvorfor|why)\b", re.IGNORECASE)


def _gives_reason(statement: Statement) -> bool:
    """Whether a clause is the answer itself to a question that asks why: "fordi det er gratis"."""
    about, said = statement.row.about, _BECAUSE.match(statement.text)
    asked = said is not None and bool(about) and _WHY.match(about[0]) is not None
    return asked and any(re.search(spoken(label), statement.text, re.IGNORECASE) for label in statement.row.labels)


def _outcome(checks: list[Check]) -> Outcome:
    for outcome in ("contradicted", "cannot", "asks"):
        if any(one.outcome == outcome for one in checks):
            return outcome
    return "holds"


def _all_words(statement: Statement) -> list[Check]:
    proved = [one for one in statement.mentions if one.kind in _PROOFS and not denies(statement, one)]
    if statement.row.value is None:
        # Of what was counted a length of time or "on average" says nothing.
        proved = [one for one in proved if one.kind not in ("duration", "statistic")]
    checks = [_of_amount(statement, one) or _PROOFS[one.kind](statement, one) for one in proved]
    if checks and turned(statement):
        checks.append(check("contradicted", "row_denies"))
    if statement.row.before is not None and not statement.of("direction", "comparison", "multiple", "points"):
        checks += _changes.from_to(statement)
    checks += [check("cannot", "vague", said=one.text) for one in statement.of("vague")]
    checks += [_amounts.money(statement, one) for one in statement.of("money")]
    if not statement.row.causal:
        checks += [check("cannot", "no_cause", said=one.text) for one in statement.of("cause")]
    reasons = statement.of("reason")
    held = statement.row.absent or statement.row.obstacle
    if reasons and held:
        checks.append(HOLDS if any(one.key == held for one in reasons) else check("contradicted", held))
    return checks


def _of_amount(statement: Statement, mention: Mention) -> Check | None:
    """What a word comes to beside a number that is no part of a whole, None where it is proved as any other."""
    if statement.row.beside is not None:
        return _changes.proved(statement, mention)
    if mention.kind == "share":
        return _amounts.half(statement, mention)
    return _amounts.typical(statement, mention) if mention.kind == "frequency" else None


def _unknown(statement: Statement) -> list[Check]:
    """ "Om andelen er faldet, kan ikke afgøres": true exactly where the row cannot tell it, for the reason that is given."""
    row = statement.row
    asked = [
        one
        for one in statement.mentions
        if one.kind in ("direction", "comparison", "multiple", "rank", "goal", "share", "frequency", "cause")
    ]
    found: list[Check] = []
    facts = statement.of("ratio", "percentage", "base", "sample_size", "points")
    found += [_PROOFS[one.kind](statement, one) for one in facts if row.count is not None]
    missing = _nothing_to_ask(statement, asked)
    if missing and not row.absent and not row.obstacle:
        return [check("cannot", missing)]
    if row.beside is not None:
        told = not row.obstacle
    elif any(one.kind in ("direction", "comparison", "multiple") for one in asked) or (not asked and row.side is not None):
        told = _changes.settled(row) is not None
    elif asked and asked[0].kind == "cause":
        told = row.causal
    elif asked:
        # A denial belongs to the telling here, so each word is tried as it stands.
        outcomes = {_PROOFS[one.kind](statement, one).outcome for one in asked}
        told = "cannot" not in outcomes
    else:
        told = not row.absent and (row.count is not None or row.value is not None)
    if told:
        return [*found, check("contradicted", "can_be_told")]
    return [*found, *_reasons(statement), HOLDS]


def _nothing_to_ask(statement: Statement, asked: list[Mention]) -> str:
    """A row that was never meant to tell a change, a rank or a goal does not show that it cannot be told."""
    row = statement.row
    for one in asked if row.beside is None else ():
        if one.kind in ("direction", "multiple") and row.side is None:
            return "nothing_to_compare"
        if one.kind == "comparison" and row.side is None and not any(statement.names(other.names) for other in row.siblings):
            return "nothing_to_compare"
        if one.kind == "rank" and not row.siblings:
            return "no_siblings"
        if one.kind == "goal" and row.goal is None:
            return "no_goal"
    return ""


def _reasons(statement: Statement) -> list[Check]:
    row = statement.row
    given = statement.of("reason")
    if not given:
        return []
    barrier = _changes.barrier(row) if row.side is not None else None
    held = row.absent or row.obstacle or (barrier.code if barrier is not None else "few_answers")
    # More answers would show what was not tested by itself, or not beside so much else.
    true = {held, "few_answers"} if held in ("told_together", "only_described") else {held}
    return [] if any(one.key in true for one in given) else [check("contradicted", "other_reason")]


def _head_of(word: str) -> str:
    # "kommunen" is an answer where "Gennem kommunen" is one.
    return word.lower()[:6]


def _of_something(statement: Statement, at: int) -> bool:
    """Whether a noun only says of whom something is that was asked about: "undervisning af mentorerne er blevet mere udbredt"."""
    before = statement.read[:at].lower().split()[-2:]
    asked = {root(word.strip("?.,"), statement.lang) for about in statement.row.about for word in about.lower().split()}
    prepositions = function_words("preposition", statement.lang)
    opened = _OPENED.fullmatch(statement.read[:at])
    if opened is not None and opened[1].lower() in prepositions and root(re.split(r"\W", statement.read[at:])[0], statement.lang) in asked:
        # "Before the course, 45 could not cycle" of those who were asked of that time.
        return re.match(r"\w+,", statement.read[at:]) is not None
    return len(before) == 2 and before[1] in prepositions and root(before[0], statement.lang) in asked


def _located(statement: Statement, word: str) -> bool:
    """Whether those counted are where it is so: "The advisers have a contact in 25 of the 40 municipalities" of what these have."""
    own = statement.names((*statement.row.unit, *statement.row.group))
    asked = {root(one, statement.lang) for about in statement.row.about[:1] for one in re.findall(r"\w+", about.lower())}
    counted = [one for one in statement.of("ratio", "count", "percentage", "share") if any(one.start < at for at in own)]
    placed = any(statement.read[: one.start].lower().split()[-1:] in (["i"], ["in"], ["på"], ["at"]) for one in counted)
    return placed and {root(one, statement.lang) for one in word.lower().split()} <= asked


_OPENED = re.compile(r"\s*(\w+)\s+(?:the\s+)?")


def _foreign(statement: Statement) -> list[Check]:
    row = statement.row
    own = [*row.unit, *row.group, *(row.side.names if row.side else ())]
    known = {word.lower() for word in own}
    used = [word for word in row.foreign if word.lower() not in known and statement.names((word,))]
    if not used and not statement.has_agent and not any(map(statement.is_subject, statement.names(own))):
        # "32 af 55 kommuner har henvist flygtninge": what stands behind the verb is spoken of, and not counted.
        answers = " ".join(name for one in row.siblings for name in (*one.names, *row.labels))
        answered = {_head_of(word) for word in answers.split()}
        used = [
            word
            for word in row.subjects
            if word.lower() not in known
            and _head_of(word) not in answered
            and any(statement.is_subject(at) and not _of_something(statement, at) for at in statement.names((word,)))
            and not _located(statement, word)
        ]
    if row.goal is not None:
        # "Der mangler syv familier" of a goal of matches.
        used += [one.unit for one in statement.of("count") if one.unit in row.subjects]
    return [check("contradicted", "other_subject", said=used[0])] if used else []


def _times(statement: Statement) -> list[Check]:
    row = statement.row
    allowed = years(row.period)
    for other in (row.side, row.beside):
        allowed |= years(other.period) if other is not None else set()
    if row.goal is not None:
        allowed |= years(row.goal.due)
    checks: list[Check] = []
    if years(row.period):
        said = [int(one.value or 0) for one in statement.of("year")]
        outside = [year for year in said if year not in allowed]
        if outside:
            checks.append(check("contradicted", "other_year", year=str(outside[0]), period=row.period))
    checks += _elapsed(statement)
    if row.months is not None:
        spans = [int(one.key) for one in statement.of("span")]
        if any(span != row.months for span in spans):
            checks.append(check("contradicted", "other_length", months=row.months))
    return checks


_PASSED = re.compile(
    r"\b(?:på|over|for|siden|i løbet af|inden for|in|within|over the last|during)\s+(?:bare |kun |blot |de seneste |only |just )*$", re.I
)
_ORDERED = re.compile(r"\b(?:fra|between|from|mellem)\s+$", re.IGNORECASE)


def _elapsed(statement: Statement) -> list[Check]:
    """The two times of a change: in their order, and as far apart as is said."""
    row = statement.row
    if row.before is None or not years(row.period) or not years(row.before.period):
        return []
    first, last = max(years(row.before.period)), max(years(row.period))
    said = statement.of("year")
    turned = [one for one in said if _ORDERED.search(statement.read[: one.start]) and int(one.value or 0) == last != first]
    later = [one for one in said if turned and one.start > turned[0].end and int(one.value or 0) == first]
    checks = [check("contradicted", "other_year", year=str(last), period=row.before.period)] if later else []
    for one in statement.of("duration"):
        named = one.text.lower().split()[-1] in ("år", "years", "year")
        if (
            named
            and not one.modifier
            and one.value != last - first
            and (_PASSED.search(statement.read[: one.start]) or _AGO.match(statement.read, one.end))
        ):
            checks.append(check("contradicted", "other_length", months=12 * (last - first)))
    if last - first != 1 and _WITHIN_A_YEAR.search(statement.read):
        checks.append(check("contradicted", "other_length", months=12 * (last - first)))
    return checks


_WITHIN_A_YEAR = re.compile(
    r"\b(?:på|inden for|i løbet af|over|in|within|during)\s+(?:(?:bare |blot |kun )?[eé]t|a|(?:just )?one)\s+(?:enkelt |single )?"
    r"(?:år|year)\b",
    re.IGNORECASE,
)
_AGO = re.compile(r"\s+(?:siden|tidligere|før|forinden|ago|earlier|senere|later)\b", re.IGNORECASE)


def prose(text: str) -> str:
    """A bound sentence without its markup: spans, addresses, shortcodes, emphasis stay out of the proof.

    Example:
        >>> prose("[Over halvdelen af de 55]{claim=m.refers.yes} har henvist")
        'Over halvdelen af de 55 har henvist'
    """
    text = re.sub(r"\{\{<.*?>\}\}", "", text)
    return re.sub(r"\[([^\[\]]*)\](?:\{[^{}]*\}|\([^()]*\))", r"\1", text)
