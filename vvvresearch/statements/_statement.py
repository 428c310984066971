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
from vvvresearch.statements._own_words import is_own, root, stems
from vvvresearch.statements._row import Row, Sibling, years
from vvvresearch.statements._text import read, tokens
from vvvresearch.statements._verbs import finite_verbs
from vvvresearch.statements._words import TOLERANCE, Word, grammar

_QUOTED = re.compile(r"[»“\"”„][^»«“”\"„]*[«”\"“]|(?<!\w)[*_][^*_]+[*_](?!\w)")
_REPORTED: dict[Lang, re.Pattern[str]] = {
    "da": re.compile(rf"\b(?:{'|'.join(sorted(grammar('reporting_da'), reverse=True))}),? at\b"),
    "en": re.compile(rf"\b(?:{'|'.join(sorted(grammar('reporting_en'), reverse=True))}),? that\b"),
}
_THAT = re.compile(r"\W*(?:og|men|eller|and|but|or)?,?\s*(?:at|that)\b", re.IGNORECASE)
_TOLD = frozenset({"ratio", "percentage", "share", "base"})
_RELATIVE = re.compile(r"\b(?:som|der|who|that)\b[^,]*$", re.IGNORECASE)
# Between "som" and the side that it names, in words.
_AS, _NEAR = re.compile(r"\b(?:som|as)\b", re.IGNORECASE), 4
_CALLED = re.compile(r"\s+(?:svar(?:et)?\s+|answer\s+)?(?:er|var|is|was)\W+", re.IGNORECASE)
_THAN = re.compile(r"\bend\b|\bthan\b")
# Signs between a number and its base.
_BESIDE = 24
# What may stand between a number and the name of those it counts.
_LATER = re.compile(r"\s+(?:senere|later)\b", re.IGNORECASE)
_LINK = re.compile(
    r"\s*(?:\([^()]*\)\s*)?\)?\s*(?:(?:af|of|the|de|blandt|among|hos|i|in|\d+|adspurgte|deltagende|surveyed|responding)\s+)*"
)
_TIMES = ("gange", "times")
_WORD = re.compile(r"[^\W\d_]+")
_STANDARD = re.compile(
    r"\b(?:sammenlignet med|i forhold til|målt mod|holdt op (?:i)?mod|ved siden af|siden|compared (?:to|with)|relative to|since|against)\s+"
    r"(?:\w+\s+){0,2}$",
    re.IGNORECASE,
)
_VERSUS = re.compile(
    r"\s*,?\s*(?:mod|imod|over for|against|versus|vs\.?|compared (?:to|with)|sammenlignet med)\s*(?:kun|only)?\s*", re.IGNORECASE
)
_TARGET: dict[Lang, str] = {"da": "(mål)", "en": "(target)"}
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
        # What those counted say is their answer, not a statement of the author's.
        start, end = self._reported
        return masked[:start] + " " * (end - start) + masked[end:]

    @cached_property
    def _reported(self) -> tuple[int, int]:
        """Where what is said by those counted begins and ends: at the comma before a verb that takes up the main clause again."""
        said = _REPORTED[self.lang].search(self.text)
        if said is None or not any(one.kind in _COUNTED for one in mentions(self.text[: said.start()], self.lang)):
            return 0, 0
        # "andelen, der synes, at prisen er høj, er faldet": the main clause goes on behind the relative one.
        found = tokens(read(self.text), self.lang) if _RELATIVE.search(self.text[: said.start()]) else []
        verbs = finite_verbs(found, self.lang)
        back = next((found[at].start for at in verbs if at and found[at].start > said.end() and found[at - 1].text == ","), 0)
        # "12 say that it is dear, while half of the 40 …": a clause with a number of its own tells no more of what was said.
        own = (one for one in clauses(self.text, self.lang) if one.start > said.end() and not _THAT.match(self.text[one.start : one.end]))
        counts = (one.start for one in own if any(two.kind in _TOLD for two in mentions(self.text[one.start : one.end], self.lang)))
        return said.end(), back or next(counts, len(self.text))

    @property
    def reported(self) -> str:
        """What those counted are said to say."""
        return self.text[self._reported[0] : self._reported[1]]

    def clause_of(self, mention: Mention) -> str:
        """The words of the clause that a mention stands in."""
        start, end = self.around(mention)
        return self.text[start:end]

    @cached_property
    def mentions(self) -> tuple[Mention, ...]:
        """The numeric statements of the clause, without the words that the row's own question lends it."""
        found = mentions(self.read, self.lang)
        if self.row.goal is not None and any(self._is_target(one) for one in found):
            # "De 65 pct. blev nået": the target is told by its number, without its name.
            spoken_of = self.read.rstrip(" .!")
            named = mentions(f"{spoken_of} {_TARGET[self.lang]}", self.lang)
            found = tuple(one for one in named if one.end <= len(spoken_of))
        # "fire kunne ikke svare": they could not say, and nothing is beyond telling.
        counted = {one.end for one in found if one.kind in ("count", "ratio")}
        unsure = [one for one in found if one.kind == "unknown" and one.start - 1 in counted]
        # "har ikke afvist nogen": none, and not some.
        denied = min((one.end for one in found if one.kind == "negation"), default=len(self.read))
        unsure += [one for one in found if one.kind == "some" and one.text.lower() == "nogen" and one.start > denied]
        return tuple(self._turned(one) for one in found if one not in unsure and not is_own(self, one, found))

    def _is_target(self, mention: Mention) -> bool:
        assert self.row.goal is not None
        share = mention.share if mention.kind in ("percentage", "share", "ratio") else mention.value
        return mention.kind in _COUNTED and share == self.row.goal.target

    def _turned(self, mention: Mention) -> Mention:
        # Beside an earlier reading "flere" is more than then, and no vague number.
        if mention.kind == "vague" and mention.text.lower() == "flere" and self.row.side is not None:
            return replace(mention, kind="comparison", key="more", word=Word("comparison", "more", sign=1))
        # "nævnt 112 gange" counts those who named it.
        if mention.kind == "duration" and self.row.several and mention.text.split()[-1].lower() in _TIMES:
            return replace(mention, kind="count", unit="")
        # "74 har aldrig været i praktik" denies what so many did, and tells no occasions.
        return replace(mention, kind="negation") if mention.key == "never" and self.row.count is not None else mention

    @cached_property
    def words(self) -> list[str]:
        """The words of the sentence in small letters."""
        return _WORD.findall(self.read.lower())

    @cached_property
    def looks_back(self) -> bool:
        """Whether the sentence speaks of an earlier time than the row's own."""
        back = grammar("looking_back", self.lang)
        found = mentions(self.read, self.lang)
        # "more than two thirds" looks back at nothing.
        within = [one for one in found if one.modifier]
        said = (match for match in _WORD.finditer(self.read.lower()) if match[0] in back)
        return any(not any(one.start <= match.start() < one.end for one in within) for match in said) or any(
            one.kind == "year" and int(one.value or 0) not in years(self.row.period) for one in found
        )

    def of(self, *kinds: str) -> tuple[Mention, ...]:
        """The mentions of some kinds."""
        return tuple(one for one in self.mentions if one.kind in kinds)

    @cached_property
    def _clauses(self) -> list[tuple[int, int]]:
        found = [(one.start, one.end) for one in clauses(self.read, self.lang)]
        # What is blank before the first clause is an answer's label, which belongs to it.
        return [(0, found[0][1]), *found[1:]] if found else []

    def around(self, mention: Mention) -> tuple[int, int]:
        """Where the clause of a mention begins and ends."""
        return next(((start, end) for start, end in self._clauses if start <= mention.start < end), (0, len(self.read)))

    def beside(self, mention: Mention, *kinds: str) -> tuple[Mention, ...]:
        """The mentions of some kinds in the same clause."""
        start, end = self.around(mention)
        return tuple(one for one in self.of(*kinds) if start <= one.start < end)

    @cached_property
    def has_base(self) -> bool:
        """Whether the clause says of whom it speaks: a number of people, or "of those who answered"."""
        # "otte ud af ti familier" is a share of nobody in particular.
        counted = [one for one in self.of("ratio") if self.row.side is not None or one.base in (self.row.n, self.row.value_n)]
        return bool(counted or self.of("base", "sample_size", "answered")) or any(
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
        """Where any of some words stands in the clause, inflected as given or in the genitive of it."""
        found: list[int] = []
        for word in words:
            found += [match.start() for match in re.finditer(rf"(?<!\w){re.escape(word)}(?:['’]?s)?(?!\w)", self.read, re.IGNORECASE)]
        return sorted(found)

    def sibling(self) -> Sibling | None:
        """The other answer that the sentence names: by its own words, or by those that it has alone."""
        exact = [one for one in self.row.siblings if any(re.search(spoken(name), self.text, re.IGNORECASE) for name in one.names)]
        if exact:
            return max(exact, key=lambda one: max(map(len, one.names)))
        said = stems((self.read,), self.lang)
        own = stems(self.row.labels, self.lang)
        near = [(len(said & (stems(one.names, self.lang) - own)), one) for one in self.row.siblings if one.names]
        best = sorted((pair for pair in near if pair[0]), key=lambda pair: -pair[0])
        return best[0][1] if best and (len(best) == 1 or best[0][0] > best[1][0]) else None

    def answer(self, mention: Mention) -> Sibling | None:
        """The answer that a number is told of in a clause that names several."""
        start, end = self.around(mention)
        numbers = [one for one in self.beside(mention, *NUMBERS) if one.value != self.row.n or one.kind not in ("count", "total")]
        text = " " * start + self.text[start:end]
        found = answer_of(self.row, text, self.lang, mention, numbers)
        if found is not None or not start:
            return found
        # "45 pct. finder det svært, og yderligere 25 pct. finder det meget svært": the first clause tells the row's own.
        named = named_in(self.row, text, self.lang)
        own_before = any(one.start < start and self.is_own(one) for one in self.of(*NUMBERS))
        return named[0][1] if own_before and len(named) == 1 and len(numbers) == 1 else None

    def is_own(self, mention: Mention) -> bool:
        """Whether a number is the row's own count or share."""
        row = self.row
        share = mention.share
        return mention.value == row.count or (share is not None and row.share is not None and abs(share - row.share) <= TOLERANCE)

    def rank_of(self, mention: Mention) -> Sibling | None:
        """The other answer that a word of rank is said of, where its clause names several."""
        start, end = self.around(mention)
        named = named_in(self.row, " " * start + self.text[start:end], self.lang)
        before = [answer for at, answer in named if at < mention.start]
        ranks = self.beside(mention, "rank")
        if len(ranks) > 1 and len({id(answer) for _, answer in named}) > 1:
            alone = aligned(named, ranks, mention)
            return alone if alone is not None and alone.names != self.row.labels else None
        own_before = any(answer.names == self.row.labels for _, answer in named_in(self.row, self.text[:start], self.lang))
        # "det sjældneste er »i ringe grad« (18)"
        called = len(named) == 1 and not before and _CALLED.fullmatch(self.read[mention.end : named[0][0]]) is not None
        told = len(named) > 1 or own_before or called
        meant = before[-1:] or ([answer for _, answer in named][:1] if len(named) > 1 or called else [])
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
        verb = re.compile(rf"(?<!\w){re.escape(clause.verb)}(?!\w)").search(self.read, clause.start, clause.end)
        return verb is None or at <= verb.start()

    @cached_property
    def has_agent(self) -> bool:
        """Whether those counted act in a passive sentence: "flygtninge henvises af 29 af de 48 kommuner"."""
        own = (*self.row.unit, *self.row.group)
        # "At flygtningene får bedre dansk, mener 5 af de 48": what is set first is what they say.
        said_first = self.words[:1] in (["at"], ["that"], ["om"], ["whether"])
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
        theirs = " ".join(side.names).lower()
        units = [name for name in self.row.unit if name.lower() not in theirs] if self.row.other is not None else []
        marks = [(at, "own") for at in self.names(dict.fromkeys((*self.row.group, *units)))] + [
            (at, "other") for at in self.names(side.names)
        ]
        if self.row.before is not None or (self.row.beside is not None and side.period != self.row.period):
            marks += [(at, "other") for at in self.names(grammar("earlier", self.lang))]
            marks += [(at, "own") for at in self.names(grammar("today", self.lang))]
        named = [
            {root(word, self.lang) for word in _WORD.findall(period.lower()) if not word.isdigit()}
            for period in (self.row.period, side.period)
        ]
        for match in _WORD.finditer(self.read.lower()):
            # "in the spring" of the survey of that spring.
            marks += [
                (match.start(), whose)
                for whose, (mine, theirs) in (("own", named), ("other", named[::-1]))
                if root(match[0], self.lang) in mine - theirs
            ]
        own, other = years(self.row.period), years(side.period)
        for one in self.of("year"):
            year = int(one.value or 0)
            if (year in own) != (year in other):
                marks.append((one.start, "own" if year in own else "other"))
        if own and other:
            marks += [(one.start, "own") for one in self.of("duration") if _LATER.match(self.read, one.end)]
        return sorted(marks)

    def side_of(self, mention: Mention) -> str:
        """Which side a number belongs to: "own", "other", or "" where the clause does not say."""
        if self.row.side is None and self.row.beside is None:
            return ""
        beside = [name for at, name in self._marks if at >= mention.end and _LINK.fullmatch(self.read[mention.end : at])]
        if beside:
            return beside[0]
        if mention.role in ("from", "to"):
            return "other" if mention.role == "from" else "own"
        if not self._marks and (by_base := self._side_of_base(mention)):
            return by_base
        start, end = self.around(mention)
        here = [(at, name) for at, name in self._marks if start <= at < end]
        if here and here[0][0] > mention.end and self._counted_beside(here[0][0], mention):
            # "40 pct. af dem mod 66 pct. af flygtningene": the only one who is named has the other number.
            return "own" if here[0][1] == "other" else "other"
        if (against := self._against(mention)) is not None:
            return against
        numbers = self.beside(mention, *NUMBERS)
        several = len({name for _, name in here}) > 1 and mention in numbers and len(numbers) > 1
        if several and (paired := aligned(here, numbers, mention)) is not None:
            return paired
        before = [name for at, name in here if at < mention.start] or [name for _, name in here[:1]]
        if before:
            return before[-1]
        earlier = [name for at, name in self._marks if at < mention.start]
        return self._side_of_base(mention) or (earlier[-1] if earlier else "")

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

    def measure_of(self, multiple: Mention) -> str:
        """Which side a multiple is measured by: "halvanden gang så stor en andel af lederne som af kommunerne"; "" where none is named."""
        for match in _AS.finditer(self.read, multiple.end):
            named = [name for at, name in self._marks if at >= match.end() and len(self.read[match.end() : at].split()) <= _NEAR]
            if named:
                return named[0]
        return ""

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
