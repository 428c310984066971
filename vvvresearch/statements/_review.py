"""Text in which every clause must be carried: clauses that are bound are proved, clauses that are not bound stop."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from vvvresearch.locales import Lang, check_lang
from vvvresearch.statements._answers import spoken
from vvvresearch.statements._clauses import Clause, clauses
from vvvresearch.statements._flags import Flag, flags
from vvvresearch.statements._mentions import mentions
from vvvresearch.statements._prove import prove
from vvvresearch.statements._row import Row, Verdict
from vvvresearch.statements._words import imperatives


@dataclass(frozen=True)
class Binding:
    """Words of a text, from `start` to `end`, that are bound to a row; without a row they are signed or cited, and free.

    `proof` replaces the proof against one row, where words are bound to several: it takes a clause and its language. `printed` words
    are a number that was written from its cell: it carries its clause as long as that has no other numeric word and no cause. `read`
    tells whether somebody has read words beside the question of their number.
    """

    start: int
    end: int
    row: Row | None = None
    proof: Callable[[str, Lang], Verdict] | None = None
    printed: bool = False
    read: Callable[[str, str], bool] | None = None

    @property
    def claims(self) -> bool:
        """Whether there is something to hold the words against."""
        return not self.printed and (self.row is not None or self.proof is not None)

    def prove(self, text: str, lang: Lang) -> Verdict:
        """The verdict on a clause, or on the bound words alone."""
        assert self.proof is not None or self.row is not None
        verdict = self.proof(text, lang) if self.proof is not None else prove(text, self.row, lang) if self.row is not None else None
        assert verdict is not None
        if verdict.outcome != "asks" or self.read is None:
            return verdict
        unread = tuple(one for one in verdict.readings if not self.read(*one))
        return replace(verdict, readings=unread) if unread else Verdict("holds", ())


@dataclass(frozen=True)
class Stop:
    """A clause that may not stand: `verdict` says why its bound words fail, or is None where nothing is bound in it."""

    clause: Clause
    verdict: Verdict | None = None


def review(text: str, bound: Sequence[Binding], lang: Lang = "da", *, strict: bool = True, advice: bool = False) -> tuple[Stop, ...]:
    """Every clause of a summary, finding, title, alt text or piece of advice that is not carried.

    A bound clause is proved with all its words, those outside the binding too. A clause with a finite verb and no binding stops, as does
    a sentence without any. Questions are free, and so is an imperative without numeric words; a reason after it is a clause of its own.

    Args:
        text: plain words, without markup.
        bound: which words are bound to which row; offsets in `text`.
        lang: the language of the text.
        strict: whether every clause must be carried; else only those that hang on a claim and hold numeric words or a cause.
        advice: whether the text tells somebody what to do, so that what opens a sentence may be an imperative of any verb.

    Returns:
        The stops in the order of the text; none means that the text may stand.

    Example:
        >>> row = Row(count=32, n=55, unit=("kommune", "kommuner", "kommunerne"))
        >>> [stop.clause.text for stop in review("32 af 55 kommuner har henvist, fordi lederne ringer", [Binding(0, 17, row)])]
        ['fordi lederne ringer']
    """
    lang = check_lang(lang)
    found = clauses(text, lang)
    carried = {one.sentence for one in found if _bindings(one, bound)}
    claimed = {one.sentence for one in found if any(binding.claims for binding in _bindings(one, bound))}
    stops: list[Stop] = []
    for clause in found:
        bindings = _bindings(clause, bound)
        if bindings and clause.text.rstrip().endswith("?") and len([one for one in found if _bindings(one, bindings)]) > 1:
            # A question asserts nothing; its answer is another clause of the same binding.
            continue
        leaning = _reason(clause, found, bound, lang) if strict or bindings else None
        if leaning is not None:
            stops += leaning
        elif bindings:
            stops += _bound(text, clause, bindings, lang, strict=strict)
        elif strict:
            described = advice and _described(text, clause, found, lang)
            if (clause.verb or clause.sentence not in carried) and not described and not _free(clause, lang, advice=advice):
                stops.append(Stop(clause))
        elif clause.sentence in claimed and not _free(clause, lang) and _speaks(clause.text, lang):
            stops.append(Stop(clause))
    return tuple(stops)


def _bound(text: str, clause: Clause, bindings: Sequence[Binding], lang: Lang, *, strict: bool) -> list[Stop]:
    """A clause with bindings: carried whole by one of them, or each of its words by one."""
    claims = [one for one in bindings if one.claims]
    if any(_within_label(clause.text, one.row) for one in claims):
        return []
    spoken = _without(clause, [one for one in bindings if not one.claims and not one.printed])
    if not claims:
        printed = [one for one in bindings if one.printed]
        loose = printed and (_speaks(_without(clause, bindings), lang) or _qualified(clause, printed, lang))
        return [Stop(clause)] if strict and loose else []
    proved = [one.prove(spoken, lang) for one in claims]
    failed = [verdict for verdict in proved if not verdict.holds]
    if not failed or (len(claims) == 1 and _told_beside(text, clause, claims[0], failed[0], lang)):
        return []
    if len(claims) == 1:
        return [Stop(clause, failed[0])]
    # Two bindings in one clause: each holds by its own words, and what stands outside them has no numeric words.
    own = [
        Stop(clause, verdict)
        for one in claims
        if (verdict := one.prove(text[max(one.start, clause.start) : min(one.end, clause.end)], lang)).outcome != "holds"
    ]
    if len(failed) < len(proved):
        return [stop for stop in own if stop.verdict is not None and stop.verdict.outcome in ("contradicted", "asks")]
    return own or ([Stop(clause, failed[0])] if _speaks(_without(clause, bindings), lang) else [])


# As many words of a question as say something by themselves.
_PARENTHESIS = 3
_OR = re.compile(r"^(eller|or|og|and) ")


def _within_label(text: str, row: Row | None) -> bool:
    """Whether a clause is the end of an answer's own label: "afbrudt, fordi relationen ikke fungerede"."""
    said = _OR.sub("", text.strip(" .,;:!").lower())
    # "Tilfredse eller meget tilfredse": a number that counts several answers together has each of them whole.
    if row is not None and row.about and len(said.split()) > _PARENTHESIS and said in row.about[0].lower():
        # "because it was too far away" is part of what was asked.
        return True
    if row is not None and len(row.labels) > 1 and any(re.fullmatch(spoken(label), said, re.IGNORECASE) for label in row.labels):
        return True
    return row is not None and any(label.lower() != said and label.lower().endswith(said) for label in (*row.labels, *row.group))


# What a clause may leave to the others of its sentence that the same claim carries: of how many it speaks, and the counts.
_LEFT_TO_OTHERS = frozenset(
    {"count_missing", "counts_missing", "base_missing", "interval_missing", "interval_too_wide", "not_everybody"}
) | {"count_is", "share_is", "word_is_not", "rank_is", "row_denies", "unnamed"}


_RELATIVE = ("hvor", "der", "som", "mens", "når", "da", "where", "who", "whose", "which", "that", "while", "when")


def _told_beside(text: str, clause: Clause, claim: Binding, verdict: Verdict, lang: Lang) -> bool:
    """Whether what a clause lacks stands in another clause of its sentence: "Det hyppigste svar er »hver uge«, hvilket 96 siger"."""
    # "…, hvor mentorerne har et rum" says of whom the clause before tells.
    bare = clause.opener.lower() in _RELATIVE or not mentions(clause.text, lang)
    left = _LEFT_TO_OTHERS | ({"says_nothing"} if bare else set())
    if not set(verdict.codes) <= left:
        return False
    carried = [one for one in clauses(text, lang) if one.sentence == clause.sentence and _bindings(one, [claim])]
    whole = text[carried[0].start : carried[-1].end] if len(carried) > 1 else ""
    untold = {one.kind for one in mentions(whole, lang)} - {one.kind for one in mentions(clause.text, lang)}
    # What cannot be told carries no clause beside it.
    return bool(whole) and "unknown" not in untold and claim.prove(whole, lang).holds


def _reason(clause: Clause, found: Sequence[Clause], bound: Sequence[Binding], lang: Lang) -> list[Stop] | None:
    """What comes of a clause that only gives the reason why the one before cannot be told; None where it is another clause."""
    at = found.index(clause)
    kinds = {one.kind for one in mentions(clause.text, lang)}
    if not at or "reason" not in kinds or kinds - {"reason", "unknown", "negation", "vague", "answered"}:
        return None
    before = found[at - 1]
    claims = [one for one in _bindings(before, bound) if one.claims]
    if before.sentence != clause.sentence or len(claims) != 1 or not any(one.kind == "unknown" for one in mentions(before.text, lang)):
        return None
    verdict = claims[0].prove(f"{before.text} {clause.text}", lang)
    return [] if verdict.holds else [Stop(clause, verdict)]


def _without(clause: Clause, bindings: Sequence[Binding]) -> str:
    left = list(clause.text)
    for one in bindings:
        for at in range(max(one.start, clause.start), min(one.end, clause.end)):
            left[at - clause.start] = " "
    return "".join(left)


def _qualified(clause: Clause, printed: Sequence[Binding], lang: Lang) -> bool:
    """Whether a word outside a printed number makes more or less of it: a number that is printed is that number, not over or under it."""
    found = [one for one in mentions(clause.text, lang) if one.modifier not in ("", "about")]
    places = [(clause.start + one.start, clause.start + one.end) for one in found]
    return any(start < binding.start < end for start, end in places for binding in printed)


def _speaks(text: str, lang: Lang) -> bool:
    return any(flag.level == "warning" or flag.kind == "cause" for flag in flags(text, lang))


def _bindings(clause: Clause, bound: Sequence[Binding]) -> list[Binding]:
    return [one for one in bound if one.start < clause.end and clause.start < one.end]


_HOW_THINGS_ARE = re.compile(r"\b(?:der|som|hvor|hvis|fordi|når|at|who|that|which|where|because|since|when)\b", re.IGNORECASE)


# Where a table, figure or chapter is pointed to, whatever it shows: a noun or two, without an adjective before it.
_OBJECT: dict[Lang, str] = {
    "da": r"(?:\w+(?:en|et|erne|ene|ne|er|s)|\w+s \w+)(?: (?:i|på|af|for|fra|om|efter|fordelt på) (?:de |den |det )?\w+)?",
    "en": r"(?:the \w+|\w+s)(?: (?:of|in|by|for|from|on) (?:the )?\w+)?",
}
_PLACE: dict[Lang, str] = {
    "da": r"(?:(?:den |det |de )?(?:\w+ )?(?:tabel|figur|bilag|kapitel|afsnit|oversigt|skema|kort|note)\w*(?: \d+)?"
    r"(?: (?:nedenfor|herunder|ovenfor))?)",
    "en": r"(?:(?:the )?(?:\w+ )?(?:table|figure|appendix|chapter|section|overview|map|note)\w*(?: \d+)?(?: (?:below|above))?)",
}
_SHOWN: dict[Lang, tuple[str, str]] = {
    "da": (
        r"(?:fremgår|ses|vises|står|findes|gengives|beskrives|gennemgås|uddybes|kan (?:ses|findes|læses)|er (?:vist|gengivet|opgjort))",
        r"(?:af|i|på)",
    ),
    "en": (
        r"(?:appears?|stands?|is shown|are shown|is listed|are listed|is given|are given|is found|are found|can be seen|can be found)",
        r"(?:in|on|from)",
    ),
}
_SHOWING: dict[Lang, str] = {"da": r"(?:viser|gengiver|indeholder)", "en": r"(?:shows?|gives?|lists?|contains?)"}


def _points(text: str, lang: Lang) -> bool:
    """Whether a clause only says where something is to be read: "Kapaciteten fremgår af tabellen", "Table 3 shows the answers"."""
    (verb, at), thing, place = _SHOWN[lang], _OBJECT[lang], _PLACE[lang]
    forms = (
        rf"{thing} {verb}(?: også| desuden| also)? {at} {place}",
        rf"{at} {place} {verb} {thing}",
        rf"{place} {_SHOWING[lang]} {thing}",
    )
    said = text.strip(" .,;:")
    return any(re.fullmatch(form, said, re.IGNORECASE) for form in forms)


# Verbs that say what is to be done, and those that open a question of what is to be found out.
_PRESCRIBING = frozenset(["anbefaler", "foreslår", "bør", "recommend", "recommends", "suggest", "suggests", "propose", "should", "ought"])
_FINDING_OUT: dict[Lang, frozenset[str]] = {
    "da": frozenset(
        ["spørg", "undersøg", "find", "afklar", "afdæk", "aftal", "overvej", "beslut", "bestem", "kortlæg", "vurdér", "drøft", "tjek"]
    ),
    "en": frozenset(["find", "ask", "explore", "examine", "clarify", "agree", "decide", "consider", "check", "discuss"]),
}
_OPENS: dict[Lang, frozenset[str]] = {
    "da": frozenset({"hvor", "når", "der", "som", "hvem", "hvad", "hvordan", "hvorfor"}),
    "en": frozenset({"where", "when", "who", "which", "that", "what", "how", "why"}),
}
# "a fixed day", which is still to be made; "the evening" is there already, and what is said of it is so. "The families who wait" only
# says which are meant.
_NEW = re.compile(r"\b(?:en|et|a|an)\s+(?:\w+\s+){0,3}\w+,?\s*$", re.IGNORECASE)
_GIVEN = re.compile(r"(?:\b(?:de|den|det|the)\s+(?:\w+\s+){0,2}\w+|\w{2}(?:en|et|ne)),\s+(?:hvor|når|where|when)\b", re.IGNORECASE)
_SIZES = frozenset({"fraction", "rank", "digits"})


def _asks(text: str, lang: Lang) -> bool:
    """Whether a piece of advice is to find something out: "Spørg de unge, hvor de helst vil mødes"."""
    words = re.findall(r"\w+", text.lower())
    return words[:1] != [] and words[0] in _FINDING_OUT[lang] and bool(_OPENS[lang].intersection(words[1:]))


def _described(text: str, clause: Clause, found: Sequence[Clause], lang: Lang) -> bool:
    """Whether a clause of advice only says what the new thing is for, "en fast dag, hvor nye forløb begynder", or what to find out."""
    first = next(one for one in found if one.sentence == clause.sentence)
    if clause.opener.lower() not in _OPENS[lang] or first is clause:
        return False
    if _asks(text[first.start : clause.end], lang):
        return not any(one.kind in _SIZES for one in flags(clause.text, lang))
    return _NEW.search(text[first.start : clause.start]) is not None and not flags(clause.text, lang)


def _free(clause: Clause, lang: Lang, *, advice: bool = False) -> bool:
    if clause.text.rstrip().endswith("?"):
        return True
    if _points(clause.text, lang) and not _speaks(clause.text, lang):
        return True
    words = clause.text.split()
    first = words[0].strip('[(»"“,.;:').lower() if words else ""
    opens = first in imperatives(lang) or (advice and clause.verb.lower() in ("", first))
    told = [one for one in flags(clause.text, lang) if not (advice and _prescribed(clause.text, one))]
    if advice and _asks(clause.text, lang):
        return not any(one.kind in _SIZES for one in told)
    given = _GIVEN.search(clause.text) if advice else None
    if given is not None and not _NEW.search(clause.text[: given.end()].rpartition(" ")[0]):
        return False
    if advice and clause.verb.lower() in _PRESCRIBING:
        # Those who are to do it are addressed, and nothing is told of them.
        opens, told = True, [one for one in told if one.kind != "plural"]
    return opens and not told and not (clause.opener and clause.opener != first and not advice)


def _prescribed(text: str, flag: Flag) -> bool:
    """Whether a word says how often something is to be done, or to each of whom; behind "der" or "who" it says how things are."""
    often = flag.kind == "frequency" or flag.text.lower() == "every"
    return often and not _HOW_THINGS_ARE.search(text[: flag.start])
