"""Of whom a share is told: the one base that its sentence, its table or its section gives."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from vvvresearch.audit._facts import N_IS, SHOWN, Facts, Said, Shown, n_of
from vvvresearch.audit._finding import Place, place_in, place_of
from vvvresearch.audit._words import EARLIER, stem, word_list
from vvvresearch.locales import YEAR
from vvvresearch.statements import Mention

# Nouns of answers: what is counted where a survey's base is told.
ANSWERS = re.compile(
    r"besvarelse|\bsvar\b|respondent|besvarede|har svaret|\bsvarede\b|deltog\b|har deltaget i under|gennemførte spørgeskema|"
    r"responses|replies|respondents|\bresponded|\banswered|completed the|returned the|took part in the survey",
    re.IGNORECASE,
)
_THE_SHOWN = re.compile(r"\b(?:the )?(tabellen|figuren|(?<=the )table|(?<=the )figure)\b", re.IGNORECASE)
_OF_THEM = re.compile(r"\b(?:af dem|af disse|heraf|of them|of these|of those)\b", re.IGNORECASE)
_OF_WHOM = re.compile(r"\b(?:hvoraf|heraf|af hvilke|of whom|of which)\b[^.;]*$", re.IGNORECASE)
THE_OTHERS = re.compile(r"\b(?:of|blandt|af|among|hos)\s+(?:the|de)\s+(?:others?|rest|remaining|øvrige|andre|resterende)\b", re.IGNORECASE)
_OTHERS = re.compile(rf"{EARLIER}|til sammenligning|by comparison|in comparison", re.IGNORECASE)


# "Fem respondenter angiver": some of those who answered.
_PART = re.compile(
    r"\s*(?:[^\W\d]+\s){0,2}(?:respondent\w*|respondents)\s+(?:angiver|svarer|oplever|mener|peger|nævner|vurderer|siger|said|say|mention|report|think|feel)",
    re.IGNORECASE,
)
_ANSWERED_BY = re.compile(
    r"(?:svar fra|besvarelser fra|skemaer fra|questionnaires from|forms from|"
    r"besvaret af|besvarede|answers from|replies from|responses from|answered by|"
    r"completed by)\s+(?:i alt |a total of )?$",
    re.IGNORECASE,
)
_SCHOOL_YEAR = re.compile(r"\b((?:19|20)\d\d)[/–-](\d\d)\b")


def years_in(text: str) -> frozenset[int]:
    """The years that a text names, both of a school year: "2022/23"."""
    both = {int(f"{match[1][:2]}{match[2]}") for match in _SCHOOL_YEAR.finditer(text)}
    return frozenset({*both, *(int(year) for year in YEAR.findall(text))})


@dataclass(frozen=True)
class Base:
    """A base, how it was found, and where it is printed.

    `how` is "sentence", "shown" (the table or figure that the sentence names), "section" or "document".
    """

    value: int
    how: str
    place: Place


@dataclass(frozen=True)
class Answers:
    """A count of answers that a text gives: "42 kommuner har svaret"."""

    value: int
    units: frozenset[str]
    said: Said
    mention: Mention | None


_ANYBODY = frozenset(("respondent", "adspurgt", "besvarelse", "svar", "svarperson", "respond", "answer", "repli", "dem", "them", "those"))


def _whole_numbers(said: Said) -> list[Mention]:
    """The counts of a sentence that may be a whole."""
    counts = said.of("count", "total", "base")
    return [one for one in counts if one.value is not None and one.value.denominator == 1 and one.value > 4]


_BEFORE = re.compile(rf"\b(?:{EARLIER})\b", re.IGNORECASE)
_COMMA = re.compile(r",\s(?!der\b|som\b|who\b|that\b|which\b)")


def of_whom(said: Said, mention: Mention) -> str:
    """The noun of a base and what is said of it: "de 22 kommuner, der henviser", and not what they do."""
    behind = said.text[mention.start - said.start :]
    relative = re.search(r",\s(?:der|som|who|that|which)\b", behind)
    end = _COMMA.search(behind, relative.end() if relative and relative.start() < 40 else 0)
    return behind[: end.start()] if end else behind[:90]


class Bases:
    """Resolves the base of percentages of one document."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts

    @cached_property
    def answers(self) -> tuple[Answers, ...]:
        """Every count of answers of the document."""
        found = []
        for said in self.facts.said:
            if said.block.kind == "caption":
                continue
            for match in N_IS.finditer(said.text):
                units = {
                    stem(word, said.lang) for word in re.findall(r"[^\W\d_]{4,}", said.text[max(0, match.start() - 90) : match.start()])
                }
                found.append(Answers(n_of(match), frozenset(units), said, None))
            if ANSWERS.search(said.text) and not N_IS.search(said.text):
                for mention in said.of("count", "ratio", "total", "base"):
                    after = said.text[mention.end - said.start : mention.end - said.start + 60]
                    before = said.text[max(0, mention.start - said.start - 30) : mention.start - said.start]
                    told = ANSWERS.search(after) or _ANSWERED_BY.search(before)
                    part = _PART.match(after) is not None and not _ANSWERED_BY.search(before)
                    if (
                        mention.value is None
                        or mention.value.denominator != 1
                        or mention.value < 5
                        or not told
                        or part
                        or (mention.spelled and mention.value <= 12)
                    ):
                        continue
                    units = {stem(word, said.lang) for word in re.findall(r"[^\W\d_]{4,}", after)}
                    found.append(Answers(int(mention.value), frozenset(units), said, mention))
        return tuple(found)

    def shown_by(self, said: Said) -> Shown | None:
        """The one table or figure that a sentence, or the sentences before it in its paragraph, names; "the table" is the last one."""
        for reference in said.references:
            if reference[0] in SHOWN:
                return self.facts.find(*reference)
        the = _THE_SHOWN.search(said.text)
        if the and not said.references:
            kind = "table" if the[1].lower().startswith("tab") else "figure"
            near = [one for one in self.facts.shown_of[said.section] if one.kind == kind and one.line < said.line]
            if near:
                return near[-1]
        at = said.position
        for other in reversed(self.facts.said[:at][-6:]):
            if other.block is not said.block:
                break
            named = [one for one in other.references if one[0] in SHOWN]
            if named:
                return self.facts.find(*named[-1])
        return None

    def of(self, said: Said, mention: Mention) -> Base | None:
        """The base of a percentage or of a count, or None."""
        own = self._own(said, mention)
        if own is not None:
            return own
        shown = self.shown_by(said)
        if shown is not None and shown.base is not None:
            return Base(shown.base, "shown", place_in(shown, shown.base_line, shown.base_text))
        if shown is not None and _OTHERS.search(said.text) is None and shown.table is not None:
            return None
        return self._near(said, mention)

    def _own(self, said: Said, mention: Mention) -> Base | None:
        bases = [one for one in said.of("base", "sample_size") if one.value is not None and one.value.denominator == 1]
        ratios = [one for one in said.of("ratio") if one.base is not None]
        if any(THE_OTHERS.search(said.text[one.end - said.start : max(mention.start - said.start, 0)]) for one in (*bases, *ratios)):
            # "Of the 730, 569 finished; of the others, 305 (59%)": the base is not theirs.
            return None
        values = {int(one.value) for one in bases if one.value} | {int(one.base) for one in ratios if one.base}
        if len(values) == 1 and bases:
            return Base(values.pop(), "sentence", place_of(said, bases[0]))
        near = [one for one in bases if abs(one.start - mention.start) < 70]
        if len(near) == 1 and near[0].value:
            return Base(int(near[0].value), "sentence", place_of(said, near[0]))
        match = N_IS.search(said.text)
        if match and len(N_IS.findall(said.text)) == 1:
            return Base(n_of(match), "sentence", place_of(said))
        return self._them(said, mention)

    def _them(self, said: Said, mention: Mention) -> Base | None:
        """ "218 af dem": the last count before "af dem", in the sentence before."""
        left = said.text[: mention.start - said.start]
        if (whom := _OF_WHOM.search(left)) is not None:
            own = [one for one in _whole_numbers(said) if one.end - said.start <= whom.start()]
            return Base(int(own[-1].value or 0), "sentence", place_of(said, own[-1])) if own and not own[-1].modifier else None
        them = _OF_THEM.search(said.text)
        if them is None or not -3 <= them.start() + said.start - mention.end <= 25 or said.position == 0:
            return None
        if any(one.value is not None and one.end <= mention.start for one in said.of("percentage", "share", "ratio", "count", "total")):
            # "62 pct. har haft elever, og 77 pct. af dem": they are those of the sentence itself.
            return None
        before = self.facts.said[said.position - 1]
        if before.block is not said.block and not (
            before.block.kind == said.block.kind == "item" and before.section == said.section and before.line + 2 >= said.line
        ):
            return None
        counts = [
            one
            for one in before.of("count", "total", "base")
            if one.value is not None and one.value.denominator == 1 and one.value > 4 and not one.modifier
        ]
        return Base(int(counts[-1].value or 0), "sentence", place_of(before, counts[-1])) if counts else None

    def _near(self, said: Said, mention: Mention) -> Base | None:
        unit = stem(mention.unit, said.lang) if mention.unit else ""
        section = [one for one in self.answers if one.said.section == said.section and one.said is not said]
        years = set(YEAR.findall(said.text))
        if not _BEFORE.search(said.text):
            # "51 svarede. Sidste år svarede 33 af 45": those were others.
            section = [one for one in section if not _BEFORE.search(one.said.text)]
        section = [one for one in section if years <= set(YEAR.findall(one.said.text)) or one.said.position < said.position]
        if any(len(set(YEAR.findall(one.text))) > 1 for one in (said, *(answer.said for answer in section))):
            # "I 2021 svarede 40, i 2023 svarede 38": each year has a base of its own.
            return None
        matching = [one for one in section if unit and unit in one.units]
        named = unit and unit not in _ANYBODY and unit not in word_list("empty", said.lang)
        chosen = matching or ([] if named else section)
        if len({one.value for one in chosen}) == 1:
            return Base(chosen[0].value, "section", place_of(chosen[0].said, chosen[0].mention))
        return None
