"""A statement prepared for proof: its mentions, what is denied, of whom it speaks, and which side a number belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from vvvresearch.locales import Lang
from vvvresearch.statements._answers import NUMBERS, aligned, answer_of, is_rest, named_in, spoken
from vvvresearch.statements._clauses import clauses
from vvvresearch.statements._mention import Mention
from vvvresearch.statements._mentions import mentions
from vvvresearch.statements._row import Row, Sibling, years
from vvvresearch.statements._stems import stems
from vvvresearch.statements._verbs import verb_form
from vvvresearch.statements._words import TOLERANCE, Word, grammar

_QUOTED = re.compile(r"[»“\"”„][^»«“”\"„]*[«”\"“]|(?<!\w)[*_][^*_]+[*_](?!\w)")
_REPORTED: dict[Lang, re.Pattern[str]] = {
    "da": re.compile(rf"\b(?:{'|'.join(sorted(grammar('reporting_da'), reverse=True))}),? at\b"),
    "en": re.compile(rf"\b(?:{'|'.join(sorted(grammar('reporting_en'), reverse=True))}),? that\b"),
}
# Words that say no without a denial.
_WITHOUT = re.compile(r"\b(?:uden|mangler|savner|undværer?|afviser|undlader|without|lacks?|declines?|refuses?)\b", re.IGNORECASE)


_APART = re.compile(r"[,;]|\b(?:og|mens|and|while)\b")
_THAN = re.compile(r"\bend\b|\bthan\b")
_THERE = re.compile(r"\bder\s+(?:er|blev|er blevet|var)\s+(?:\w+\s+)?$|\b(?:were|have been|has been|was)\s+$", re.IGNORECASE)
_BY_WHAT = re.compile(r"\b(?:af|by)\s+(?!de\s+\d|the\s+\d|\d)", re.IGNORECASE)
_SHORT_OF = re.compile(r"\s+(?:\S+\s+){0,4}short\b", re.IGNORECASE)
# How much of a word tells it, and how near what is lacking stands.
_STEM, _NEAR = 4, 3
# Signs between a denial and the change that it denies: "ikke markant steget".
_CLOSE = 12
# Words that make more or fewer of those counted, and nothing of what they were asked.
_OF_MANY = frozenset({"flere", "færre", "oftere", "sjældnere", "fewer"})
# Signs between a number and its base.
_BESIDE = 24
# What may stand between a number and the name of those it counts.
_LINK = re.compile(r"\s*(?:(?:af|of|the|de|blandt|among|hos|i|in|\d+|adspurgte|deltagende|surveyed|responding)\s+)*")
_WORD = re.compile(r"[^\W\d_]+")
_STANDARD = re.compile(
    r"\b(?:sammenlignet med|i forhold til|målt mod|holdt op (?:i)?mod|ved siden af|siden|compared (?:to|with)|relative to|since|against)\s+"
    r"(?:\w+\s+){0,2}$",
    re.IGNORECASE,
)
_VERSUS = re.compile(
    r"\s*,?\s*(?:mod|imod|over for|against|versus|vs\.?|compared (?:to|with)|sammenlignet med)\s*(?:kun|only)?\s*", re.IGNORECASE
)
# Kinds of words that a question may hold and an answer repeat.
_LENT = frozenset({"comparison", "direction", "frequency", "cause", "vague", "multiple", "some"})
_COUNTED = frozenset({"count", "ratio", "percentage", "share", "base", "total", "some"})


@dataclass(frozen=True)
class Statement:
    """One clause that is proved, with the row's own labels and quoted words taken out of it."""

    text: str
    row: Row
    lang: Lang

    @cached_property
    def read(self) -> str:
        """The text in which quoted words, the answer's labels and reported speech are blank."""
        masked = _QUOTED.sub(lambda match: " " * len(match[0]) if re.search(r"[^\W\d_]", match[0]) else match[0], self.text)
        for label in sorted(self.row.labels, key=len, reverse=True):
            masked = re.sub(spoken(label), lambda match: " " * len(match[0]), masked, flags=re.IGNORECASE)
        if self._reported_at:
            # What those counted say is their answer, not a statement of the author's.
            masked = masked[: self._reported_at] + " " * (len(masked) - self._reported_at)
        return masked

    @cached_property
    def _reported_at(self) -> int:
        """Where what is said by those counted begins; 0 where nothing is."""
        reported = _REPORTED[self.lang].search(self.text)
        counted = reported is not None and any(one.kind in _COUNTED for one in mentions(self.text[: reported.start()], self.lang))
        return reported.end() if reported is not None and counted else 0

    @cached_property
    def _said_not(self) -> bool:
        """Whether those counted say that something is not so: "51 af 60 siger, at budgettet ikke er stort nok"."""
        said = self.text[self._reported_at :] if self._reported_at and self.row.siblings else ""
        return any(one.kind == "negation" for one in mentions(said, self.lang))

    @cached_property
    def mentions(self) -> tuple[Mention, ...]:
        """The numeric statements of the clause, without the words that the row's own question lends it."""
        found = mentions(self.read, self.lang)
        own = (
            self._lent,
            self._falls_short,
            self._only_made,
            self._both_sides,
            self._lacking,
            self._asked_for,
            self._other_answer,
            lambda one: self._done(one, found),
        )
        return tuple(self._turned(one) for one in found if not any(told(one) for told in own))

    def _turned(self, mention: Mention) -> Mention:
        # Beside an earlier reading "flere" is more than then, and no vague number.
        if mention.kind == "vague" and mention.text.lower() == "flere" and self.row.side is not None:
            return replace(mention, kind="comparison", key="more", word=Word("comparison", "more", sign=1))
        # "74 har aldrig været i praktik" denies what so many did, and tells no occasions.
        return replace(mention, kind="negation") if mention.key == "never" and self.row.count is not None else mention

    def _other_answer(self, mention: Mention) -> bool:
        """Whether a word is another answer's own: "som svarer sjældnere"."""
        if mention.kind not in _LENT | {"negation"}:
            return False
        said = [(at, at + len(name)) for other in self.row.siblings for name in other.names for at in self.names((name,)) if len(name) > 1]
        return any(start <= mention.start and mention.end <= end for start, end in said)

    def _falls_short(self, mention: Mention) -> bool:
        # "fell 22 short of its target" is said of the goal, and no change.
        return mention.kind == "direction" and self.row.goal is not None and _SHORT_OF.match(self.read, mention.end) is not None

    def _both_sides(self, mention: Mention) -> bool:
        # "mellem de to grupper": the two sides, and no number of those counted.
        before = self.read[: mention.start].lower().split()[-1:]
        return mention.kind == "count" and mention.value == 2 and self.row.side is not None and before in (["de"], ["the"])

    def _only_made(self, mention: Mention) -> bool:
        # "der blev skabt 128 nye venskaber": nothing is said to have made them.
        made = mention.kind == "cause" and mention.text.lower() in ("skabt", "created")
        return made and _THERE.search(self.read[: mention.start]) is not None and _BY_WHAT.search(self.read, mention.end) is None

    def _lacking(self, mention: Mention) -> bool:
        # "25 mangler frivillige" is an answer, not a goal.
        return mention.kind == "goal" and mention.key == "short" and self.row.goal is None

    def _lent(self, mention: Mention) -> bool:
        """Whether a word belongs to what was asked: "har lært mere dansk" where the question is "Har du lært mere dansk?"."""
        if mention.kind not in _LENT or not self.row.about:
            return False
        if mention.kind == "frequency" and stems((mention.text,), self.lang) & stems(self.row.about, self.lang):
            return True
        asked = _WORD.findall(" ".join(self.row.about).lower())
        behind = _WORD.findall(self.read[mention.end :].lower())[:1]
        if not behind or not set(_WORD.findall(mention.text.lower())) <= set(asked):
            return False
        return any(word == behind[0] and asked[place - 1] in mention.text.lower().split() for place, word in enumerate(asked) if place)

    @cached_property
    def _asked_signs(self) -> frozenset[int]:
        """Which way the question itself goes: "Har du fået større tillid?" asks for more of it."""
        asked = [one for words in self.row.about for one in mentions(words, self.lang) if one.kind in ("direction", "comparison")]
        return frozenset(one.word.sign for one in asked if one.word is not None and one.word.sign in (1, -1))

    def _asked_for(self, mention: Mention) -> bool:
        """Whether a word of more or less says what each of those counted was asked: "hos 105 af de 150 er tilliden vokset"."""
        if mention.kind not in ("direction", "comparison") or mention.word is None or self.row.side is not None:
            return False
        counts = mention.text.lower().split()[0] in _OF_MANY or any(word in self._words for word in grammar("counted_more", self.lang))
        return mention.word.sign in self._asked_signs and not counts and not self._looks_back

    def _done(self, mention: Mention, found: Iterable[Mention]) -> bool:
        """Whether a word of more or less says what those counted did: "14 af 48 kommuner har udvidet indsatsen"."""
        if mention.kind != "direction" or self.row.side is not None or self.row.count is None or self._looks_back:
            return False
        own = [one for one in clauses(self.read, self.lang) if one.start <= mention.start < one.end and one.verb]
        if not own or own[0].verb.lower() not in grammar("having", self.lang):
            return False
        verb = self.read.find(own[0].verb, own[0].start)
        return any(one.kind in _COUNTED and own[0].start <= one.start < verb < mention.start for one in found)

    @cached_property
    def _words(self) -> list[str]:
        return _WORD.findall(self.read.lower())

    @cached_property
    def _looks_back(self) -> bool:
        """Whether the sentence speaks of an earlier time than the row's own."""
        back = grammar("looking_back", self.lang)
        return any(word in back for word in self._words) or any(
            one.kind == "year" and int(one.value or 0) not in years(self.row.period) for one in mentions(self.read, self.lang)
        )

    def of(self, *kinds: str) -> tuple[Mention, ...]:
        """The mentions of some kinds."""
        return tuple(one for one in self.mentions if one.kind in kinds)

    @cached_property
    def _clauses(self) -> list[tuple[int, int]]:
        found = [(one.start, one.end) for one in clauses(self.read, self.lang)]
        # What is blank before the first clause is an answer's label, which belongs to it.
        return [(0, found[0][1]), *found[1:]] if found else []

    def _around(self, mention: Mention) -> tuple[int, int]:
        return next(((start, end) for start, end in self._clauses if start <= mention.start < end), (0, len(self.read)))

    def beside(self, mention: Mention, *kinds: str) -> tuple[Mention, ...]:
        """The mentions of some kinds in the same clause."""
        start, end = self._around(mention)
        return tuple(one for one in self.of(*kinds) if start <= one.start < end)

    def negated(self, mention: Mention) -> bool:
        """Whether "ikke" or "not" stands in the clause of a mention."""
        denials = [one for one in self.beside(mention, "negation") if not self._denies_another(one, mention)]
        if self.row.negative and mention.kind in ("direction", "comparison", "multiple"):
            # "Andelen, der ikke holder møder, er halveret": what is denied is the answer, and not that it became less.
            denials = [one for one in denials if 0 <= mention.start - one.end <= _CLOSE]
        return bool(denials) or any(self.denies(one) for one in self.beside(mention, "share"))

    def _denies_another(self, denial: Mention, mention: Mention) -> bool:
        """Whether a denial is said of a later number: "135 report progress, nine do not"."""
        numbers = [one for one in self.beside(mention, *NUMBERS) if mention.end < one.start < denial.start]
        return any(
            _APART.search(self.read[mention.end : one.start]) and not (self._is_own(one) and self._is_own(mention)) for one in numbers
        )

    def denies(self, none: Mention) -> bool:
        """Whether "ingen" or "no" denies what a number before it is said to have: "22 kommuner har ingen gruppe"."""
        if none.key != "none":
            return False
        start, _ = self._around(none)
        before = self.read[start : none.start].split()[-1:]
        has = bool(before) and verb_form(before[0].lower(), self.lang) != ""
        return has and any(
            one.start < none.start
            for one in self.beside(none, "ratio", "count", "percentage", "share", "base")
            if one.key not in ("none", "all")
        )

    @cached_property
    def answers(self) -> bool:
        """Whether the sentence gives the row's answer in its own words: "18 svarer nej"."""
        named = any(re.search(spoken(label), self.text, re.IGNORECASE) for label in self.row.labels)
        return named or (self.row.negative and _WITHOUT.search(self.text) is not None)

    @cached_property
    def affirms(self) -> bool:
        """Whether a sentence that is held against the answer that denies does not deny itself."""
        return self.row.negative and not self.answers and not self.of("negation")

    @cached_property
    def reversed(self) -> bool:
        """Whether a sentence without a denial is held against the answer that denies, though another answer affirms."""
        denies = bool(self.of("negation")) or self._said_not or any(self.denies(one) for one in self.of("share"))
        return self.row.negative and bool(self.row.siblings) and not denies and not self.answers

    @cached_property
    def _lacks(self) -> bool:
        """Whether those counted are without what was asked for: "15 af 60 klarer sig uden tolk"."""
        if self.row.negative or self.row.goal is not None:
            return False
        if not self.row.siblings or not self.row.about:
            # Of what is there or not there: "seks af de 20 kommuner er uden en indsats".
            return re.search(r"\b(?:uden|without)\b", self.read, re.IGNORECASE) is not None
        asked = {word[:_STEM] for word in _WORD.findall(" ".join(self.row.about).lower()) if len(word) > 2}
        for found in _WITHOUT.finditer(self.read):
            behind = [word[:_STEM] for word in _WORD.findall(self.read[found.end() :].lower())[:_NEAR]]
            if found[0].lower()[:_STEM] not in asked and asked.intersection(behind):
                return True
        return False

    def denied(self, mention: Mention) -> bool:
        """Whether the clause of a mention denies what the row's answer says."""
        # "ikke det hyppigste svar, 3 af 42": what is denied is the rank, not the number.
        elsewhere = self.beside(mention, "rank", "direction", "comparison", "goal", "multiple")
        denies = (self.negated(mention) and not elsewhere) or self._said_not or self._lacks
        return denies != (self.row.negative and not self.answers)

    @cached_property
    def has_base(self) -> bool:
        """Whether the clause says of whom it speaks: a number of people, or "of those who answered"."""
        return bool(self.of("base", "sample_size", "ratio", "answered")) or any(
            one.value == self.row.n and one.role == "" for one in self.of("count", "total")
        )

    @cached_property
    def tells_count(self) -> bool:
        """Whether the clause gives the count itself."""
        exact = any(one.kind == "share" and one.key in ("none", "all") for one in self.of("share"))
        return (exact and bool(self.of("base"))) or any(
            one.kind in ("ratio", "count") and one.value is not None and one.key == "" for one in self.of("ratio", "count")
        )

    def names(self, words: Iterable[str]) -> list[int]:
        """Where any of some words stands in the clause, inflected as given."""
        found: list[int] = []
        for word in words:
            found += [match.start() for match in re.finditer(rf"(?<!\w){re.escape(word)}(?!\w)", self.read, re.IGNORECASE)]
        return sorted(found)

    def sibling(self) -> Sibling | None:
        """The other answer that the sentence names: by its own words, or by those that it has alone."""
        exact = [one for one in self.row.siblings if one.names and self.names(one.names)]
        if exact:
            return max(exact, key=lambda one: max(map(len, one.names)))
        said = stems((self.read,), self.lang)
        own = stems(self.row.labels, self.lang)
        near = [(len(said & (stems(one.names, self.lang) - own)), one) for one in self.row.siblings if one.names]
        best = sorted((pair for pair in near if pair[0]), key=lambda pair: -pair[0])
        return best[0][1] if best and (len(best) == 1 or best[0][0] > best[1][0]) else None

    def answer(self, mention: Mention) -> Sibling | None:
        """The answer that a number is told of in a clause that names several."""
        start, end = self._around(mention)
        numbers = [one for one in self.beside(mention, *NUMBERS) if one.value != self.row.n or one.kind not in ("count", "total")]
        text = " " * start + self.text[start:end]
        found = answer_of(self.row, text, self.lang, mention, numbers)
        if found is not None or not start:
            return found
        # "45 pct. finder det svært, og yderligere 25 pct. finder det meget svært": the first clause tells the row's own.
        named = named_in(self.row, text, self.lang)
        own_before = any(one.start < start and self._is_own(one) for one in self.of(*NUMBERS))
        return named[0][1] if own_before and len(named) == 1 and len(numbers) == 1 else None

    def _is_own(self, mention: Mention) -> bool:
        row = self.row
        share = mention.share
        return mention.value == row.count or (share is not None and row.share is not None and abs(share - row.share) <= TOLERANCE)

    def rank_of(self, mention: Mention) -> Sibling | None:
        """The other answer that a word of rank is said of, where its clause names several."""
        start, end = self._around(mention)
        named = named_in(self.row, " " * start + self.text[start:end], self.lang)
        before = [answer for at, answer in named if at < mention.start]
        meant = (before[-1:] or [answer for _, answer in named])[:1]
        own_before = any(answer.names == self.row.labels for _, answer in named_in(self.row, self.text[:start], self.lang))
        told = len(named) > 1 or own_before
        return meant[0] if told and meant and meant[0].names != self.row.labels else None

    def rest(self, mention: Mention) -> int | None:
        """How many are left over of those asked, where a number is said to be the rest of those told before it."""
        if self.row.n is None or not is_rest(self.read, mention, self.lang):
            return None
        before = [one.value for one in self.of("count", "ratio") if one.start < mention.start and one.value is not None]
        return self.row.n - sum(map(int, before))

    def is_subject(self, at: int) -> bool:
        """Whether a word stands before the finite verb of its clause."""
        clause = next((one for one in clauses(self.read, self.lang) if one.start <= at < one.end), None)
        if clause is None or not clause.verb:
            return True
        return at <= self.read.find(clause.verb, clause.start, clause.end)

    @cached_property
    def has_agent(self) -> bool:
        """Whether those counted act in a passive sentence: "flygtninge henvises af 29 af de 48 kommuner"."""
        own = (*self.row.unit, *self.row.group)
        # "At flygtningene får bedre dansk, mener 5 af de 48": what is set first is what they say.
        said_first = self._words[:1] in (["at"], ["that"], ["om"], ["whether"])
        if said_first and any(one.kind in _COUNTED for one in self.mentions) and self.names(own):
            return True
        return any(
            one.kind in _COUNTED and self.read[: one.start].lower().split()[-1:] in (["af"], ["by"], ["hos"])
            for one in self.mentions
            if any(one.start < at for at in self.names(own))
        )

    @cached_property
    def _marks(self) -> list[tuple[int, str]]:
        """Where the clause names one side: the row's own group and years, or those of the other side."""
        side = self.row.side or self.row.beside
        if side is None:
            return []
        marks = [(at, "own") for at in self.names(self.row.group)] + [(at, "other") for at in self.names(side.names)]
        if self.row.before is not None or (self.row.beside is not None and side.period != self.row.period):
            marks += [(at, "other") for at in self.names(grammar("earlier", self.lang))]
            marks += [(at, "own") for at in self.names(grammar("today", self.lang))]
        own, other = years(self.row.period), years(side.period)
        for one in self.of("year"):
            year = int(one.value or 0)
            if (year in own) != (year in other):
                marks.append((one.start, "own" if year in own else "other"))
        return sorted(marks)

    def side_of(self, mention: Mention) -> str:
        """Which side a number belongs to: "own", "other", or "" where the clause does not say."""
        if mention.role == "from":
            return "other"
        if mention.role == "to":
            return "own"
        beside = [name for at, name in self._marks if at >= mention.end and _LINK.fullmatch(self.read[mention.end : at])]
        if beside:
            return beside[0]
        if not self._marks and (by_base := self._side_of_base(mention)):
            return by_base
        start, end = self._around(mention)
        here = [(at, name) for at, name in self._marks if start <= at < end]
        if here and here[0][0] > mention.end and self._counted_beside(here[0][0], mention):
            # "40 pct. af dem mod 66 pct. af flygtningene": the only one who is named has the other number.
            return "own" if here[0][1] == "other" else "other"
        if (against := self._against(mention)) is not None:
            return against
        numbers = self.beside(mention, *NUMBERS)
        if len({name for _, name in here}) > 1 and mention in numbers and len(numbers) > 1:
            return aligned(here, numbers, mention) or ""
        before = [name for at, name in here if at < mention.start] or [name for _, name in here[:1]]
        if before:
            return before[-1]
        earlier = [name for at, name in self._marks if at < mention.start]
        return earlier[-1] if earlier else self._side_of_base(mention)

    def _counted_beside(self, at: int, mention: Mention) -> bool:
        """Whether another number than a mention stands right before a name."""
        return any(
            one is not mention and mention.end < one.start and one.end <= at and _LINK.fullmatch(self.read[one.end : at])
            for one in self.of(*_COUNTED)
        )

    def _against(self, mention: Mention) -> str | None:
        """ "92 pct. mod 67 pct.": the first number is of whom the sentence speaks, the second of what it is held against."""
        if self.row.side is None and self.row.beside is None:
            return None
        before = [one.end for one in self.mentions if one.end <= mention.start][-1:]
        behind = [one.start for one in self.mentions if one.start >= mention.end][:1]
        gaps = [(end, mention.start, 1) for end in before] + [(mention.end, start, 0) for start in behind]
        for start, end, place in gaps:
            if _VERSUS.fullmatch(self.read[start:end]):
                compared = next(iter(self.of("comparison")), None)
                spoken = self.subject(compared) if compared is not None and self.row.other is not None else "own"
                return spoken if place == 0 else "other" if spoken == "own" else "own"
        return None

    def _side_of_base(self, mention: Mention) -> str:
        """ "81 pct. af de 32": where no name or year tells whose a number is, its base may."""
        row = self.row
        if row.side is None or row.n == row.side.n:
            return ""
        bases = [one.value for one in self.of("base") if 0 <= one.start - mention.end < _BESIDE]
        bases = [mention.base] if mention.kind == "ratio" else bases
        return "own" if bases[:1] == [row.n] else "other" if bases[:1] == [row.side.n] else ""

    def _than(self, comparison: Mention) -> int | None:
        """Where "end" or "than" of a comparison stands, and not that of a number ("mere end tre måneder")."""
        others = [one for one in self.mentions if one is not comparison]
        found = (match.start() for match in _THAN.finditer(self.read, comparison.start))
        return next((at for at in found if not any(one.start <= at < one.end for one in others)), None)

    def subject(self, comparison: Mention) -> str:
        """Which side a comparison speaks of: the one named before "end" or "than", or the one not named after it."""
        than = self._than(comparison)
        if than is None:
            if self._marks and _STANDARD.search(self.read[: self._marks[0][0]]):
                # "Sammenlignet med 2024": what is named is what the sentence measures by.
                return "own" if self._marks[0][1] == "other" else "other"
            return self._marks[0][1] if self._marks else "own"
        cut = than
        after = [name for at, name in self._marks if at > cut]
        before = [name for at, name in self._marks if at < cut]
        if after:
            return "own" if after[0] == "other" else "other"
        return before[-1] if before else "own"
