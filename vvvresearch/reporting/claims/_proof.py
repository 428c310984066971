"""Proof of bound words in a round, against its rows and answers; proved words printed as plain ones that lead to their number."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from vvvresearch import files
from vvvresearch.errors import AnalysisError, RoundError, VvvError
from vvvresearch.locales import Lang
from vvvresearch.reporting.claims._cited import Cited, KeptRows
from vvvresearch.reporting.claims._readings import Reading, reading, readings_of
from vvvresearch.reporting.claims._rows import Bound, bound
from vvvresearch.reporting.claims._spans import CHOSEN, SPAN, VAR, Part, attributes, claim_addresses, without_spans
from vvvresearch.results import address_part, anchor, folded
from vvvresearch.statements import Binding, Row, Verdict, check, mentions, prove, true_sentences

if TYPE_CHECKING:
    from vvvresearch.rounds import Round


_STEM = 5
# What to do with a sentence whose numbers are proved, and whose words are its author's own.
READ_IT = "if it says what was asked: vvv check ROUND --read NAME; if not: write what was asked"
_FAMILY: dict[Lang, re.Pattern[str]] = {
    "da": re.compile(
        r"\b(?:på|i|for|inden for)\s+(?P<all>ingen|alle|samtlige|hvert(?:\s+eneste)?|hver)\s+(?:af\s+)?(?:de\s+)?(?P<rest>[\wæøåÆØÅ]+)?",
        re.I,
    ),
    "en": re.compile(r"\b(?:in|on|for|across)\s+(?P<all>none|no|all|each|every)\s+(?:of\s+)?(?:the\s+)?(?P<rest>\w+)?", re.I),
}
_ABOUT = {"rose": 1, "fell": -1, "same": 0}


# A target's direction by what the grammar calls the word before its number.
_DIRECTIONS = {"at_least": "at_least", "at_most": "at_most", "under": "below"}


class Claims:
    """The claims of a round's report in one language; rows are looked up once.

    Args:
        opened: gives the round.
        lang: "da" or "en".
        shown: numbers that chapters made, as they print, by folded address; others are worked out anew.
        kept: rows of the report before; None where there is none to ask.
    """

    def __init__(
        self, opened: Callable[[], Round], lang: Lang, shown: Mapping[str, str] | None = None, kept: KeptRows | None = None
    ) -> None:
        self._opened, self.lang, self._shown, self._kept = opened, lang, shown or {}, kept
        self._bound: dict[str, Bound | AnalysisError] = {}
        self._cited: Cited | None = None
        self._readings: frozenset[Reading] | None = None

    def in_language(self, lang: Lang) -> Claims:
        """The same round in a language."""
        return self if lang == self.lang else Claims(self._opened, lang, kept=self._kept)

    def at(self, address: str) -> Bound:
        """The rows at an address.

        Raises:
            AnalysisError: nothing stands there.
        """
        if address not in self._bound:
            try:
                self._bound[address] = self._row(address)
            except AnalysisError as problem:
                self._bound[address] = problem
            except RoundError as problem:
                self._bound[address] = AnalysisError(problem.what, where=problem.where, why=problem.why, todo=problem.todo)
        found = self._bound[address]
        if isinstance(found, AnalysisError):
            raise found
        return found

    def _row(self, address: str) -> Bound:
        known = self._kept.get(self.lang, address) if self._kept else None
        if not isinstance(known, Bound):
            known = bound(self._opened(), address, self.lang)
            if self._kept:
                self._kept.keep(self.lang, address, known)
        return known

    @property
    def cited(self) -> Cited:
        """What citations may carry."""
        self._cited = self._cited or Cited(self._opened, self._kept)
        return self._cited

    def cell(self, address: str) -> str:
        """What a number prints.

        Raises:
            AnalysisError: there is none.
        """
        if folded(address) in self._shown:
            return self._shown[folded(address)]
        try:
            return self._opened().cell(address).say(self.lang)
        except RoundError as problem:
            raise AnalysisError(problem.what, where=problem.where, why=problem.why, todo=problem.todo) from None

    def print_of(self, address: str) -> str:
        """The numbers of a claim's rows in one line, to see whether they have changed; "" where there are none."""
        try:
            rows = self.at(address).rows
        except AnalysisError:
            return ""
        return " ".join(f"{row.count}/{row.n}/{row.value}/{row.side}/{row.goal}" for row in rows)

    def binding(self, part: Part, words: str = "") -> Binding:
        """A stretch of words as it is reviewed.

        Args:
            part: the stretch.
            words: the text that it stands in; a target is printed with the word before it that says which way it counts.

        Raises:
            AnalysisError: its address does not exist.
        """
        if part.kind in ("signed", "cited", "citation", "chosen"):
            return Binding(part.start, part.end)
        if part.kind == "var":
            return Binding(part.start - self._direction_before(part, words), part.end, printed=True)
        found = self.at(part.address)
        if found.kind == "answers":
            return Binding(part.start, part.end, None, lambda text, lang: _among(text, found.rows, lang), read=self.read)
        if found.kind == "family":
            return Binding(part.start, part.end, None, lambda text, lang: _of_all(text, found.rows, lang), read=self.read)
        return Binding(part.start, part.end, found.rows[0], read=self.read)

    def read(self, sentence: str, question: str) -> bool:
        """Whether somebody has read a sentence beside the question of its number."""
        if self._readings is None:
            self._readings = readings_of(self._kept.home if self._kept else self._opened().path.parent)
        return reading(sentence, question) in self._readings

    def _direction_before(self, part: Part, words: str) -> int:
        """How many signs before a printed target are the word for its direction: "målet er mindst {{< var goals.d-1.target >}}"."""
        root, _, rest = folded(part.address).partition(".")
        if root != "goals" or rest.rpartition(".")[2] not in ("target", "target_share"):
            return 0
        goal = next((one for one in self._opened().spec.goals if folded(address_part(one.id)) == rest.partition(".")[0]), None)
        said = next((one for one in mentions(words, self.lang) if one.start < part.start < one.end), None)
        if goal is None or said is None or _DIRECTIONS.get(said.modifier) != goal.direction:
            return 0
        return part.start - said.start

    def chosen(self, address: str, expects: str = "") -> str:
        """The words that the tool chooses for an address.

        Args:
            address: as in a span.
            expects: what the author's text counts on: rose, fell, same, cannot; reached, short, depends; a bound (">1/2"); or the code
                of the answer that is given most.

        Raises:
            AnalysisError: the row says otherwise, with what it says.
        """
        found = self.at(address)
        row = found.rows[0]
        if found.kind == "answers":
            row = max(found.rows, key=lambda one: one.count or 0)
        said = self._sentences(row)
        if not said:
            raise AnalysisError("there are no words for this number", where=address, todo="print it: {{< var address >}}")
        if expects and not _as_expected(row, expects):
            raise AnalysisError(
                f"{expects!r} does not hold", where=address, why=said[0], todo="write what the row says, or another sentence"
            )
        return said[0][:1].upper() + said[0][1:]

    def sentences(self, address: str) -> tuple[str, ...]:
        """True sentences of what stands at an address, ready to paste.

        Raises:
            AnalysisError: nothing stands there.
        """
        found = self.at(address)
        said = dict.fromkeys(one for row in found.rows for one in true_sentences(row, self.lang))
        # What is said of a family is true of each of its members.
        return tuple(one for one in said if found.kind != "family" or _of_all(one, found.rows, self.lang).holds)

    def _sentences(self, row: Row) -> tuple[str, ...]:
        for about, there in (("goal", row.goal), ("change", row.before), ("comparison", row.other)):
            if there is not None and (found := true_sentences(row, self.lang, about)):
                return found
        return true_sentences(row, self.lang)


def _as_expected(row: Row, expects: str) -> bool:
    sentences = true_sentences(row, "en", "change")
    if expects in _ABOUT or expects == "cannot":
        told = " ".join(sentences)
        unknown = "cannot be told" in told or bool(row.absent)
        if expects == "cannot":
            return unknown
        verbs = {"rose": "The share has risen", "fell": "The share has fallen", "same": "The share is unchanged"}
        return bool(sentences) and prove(verbs[expects], row, "en").holds
    if expects in ("reached", "short", "depends"):
        if row.goal is None:
            return False
        met = row.goal.met()
        return {"reached": bool(met) and all(met), "short": bool(met) and not any(met), "depends": any(met) and not all(met)}[expects]
    if (limit := re.fullmatch(r"(>=?|<=?|=)(\d+(?:/\d+|\.\d+)?)", expects)) is not None:
        value = row.share if row.share is not None else row.value
        if value is None:
            return False
        border = Fraction(limit[2])
        return {">": value > border, ">=": value >= border, "<": value < border, "<=": value <= border, "=": value == border}[limit[1]]
    label = " ".join(row.labels).casefold()
    return bool(row.siblings) and (row.count or 0) > max(one.count for one in row.siblings) and expects.casefold() in label


# Words that lead back to an answer that the clause before has named.
_LED_BACK: dict[Lang, re.Pattern[str]] = {
    "da": re.compile(r"\b(?:den|det|dette|denne|sådan|herom|heraf)\W*$", re.I),
    "en": re.compile(r"\b(?:it|this|that|so)\W*$", re.I),
}


def _among(text: str, rows: Sequence[Row], lang: Lang) -> Verdict:
    """Words about the answers to a question, held against the answer that they name, or where they name none against any."""
    named = [(len(_stems(" ".join(row.labels)) & _stems(text)), row) for row in rows]
    best = max((score for score, _ in named), default=0)
    led_back = _LED_BACK[lang].search(text) is not None
    if not best and not led_back and not any(one.kind in ("rank", "unknown") for one in mentions(text, lang)):
        return Verdict("cannot", (check("cannot", "names_no_answer"),), true_sentences(max(rows, key=lambda one: one.count or 0), lang))
    meant = [row for score, row in named if score == best] if best else list(rows)
    verdicts = [prove(text, row, lang) for row in meant]
    return next((one for one in verdicts if one.holds), verdicts[0])


def _stems(text: str) -> set[str]:
    return {word[:_STEM] for word in re.findall(r"[^\W\d_]{3,}", text.casefold())}


def _of_all(text: str, rows: Sequence[Row], lang: Lang) -> Verdict:
    """Words about a family: true of every member; "på ingen af de syv områder" is true of none of seven."""
    said = _FAMILY[lang].search(text)
    rest = text
    if said is not None:
        number = [one.value for one in mentions(said["rest"] or "", lang) if one.value is not None]
        if number and number[0] != len(rows):
            return prove(f"{number[0]} af {len(rows)}", Row(count=len(rows), n=len(rows)), lang)
        after = re.match(r"\s+\w+", text[said.end() :])
        end = said.end() + (after.end() if number and after else 0)
        rest = text[: said.start()] + " " + text[end:]
        if said["all"].casefold() in ("ingen", "none", "no"):
            return _of_none(rest, rows, lang)
    verdicts = [prove(rest, row, lang) for row in rows]
    return next((one for one in verdicts if not one.holds), verdicts[0])


def _of_none(rest: str, rows: Sequence[Row], lang: Lang) -> Verdict:
    can = re.search(r"\bkan det\b|\bcan it\b|\bkan\b|\bcan\b", rest, re.I)
    if can is not None:
        unknown = f"{rest[: can.end()]} {'ikke' if lang == 'da' else 'not'}{rest[can.end() :]}"
        verdicts = [prove(unknown, row, lang) for row in rows]
        return next((one for one in verdicts if not one.holds), verdicts[0])
    true = [verdict for verdict in (prove(rest, row, lang) for row in rows) if verdict.holds]
    if true:
        return prove("alle" if lang == "da" else "all", Row(count=0, n=len(rows)), lang)
    verdicts = [prove(rest, row, lang) for row in rows]
    return Verdict("holds", ()) if all(one.outcome == "contradicted" for one in verdicts) else verdicts[0]


def problem_of(problem: VvvError) -> str:
    """Why an address leads nowhere, in one line."""
    return "; ".join(part for part in (problem.why, problem.todo) if part)


def reasons_of(verdict: Verdict) -> str:
    """Why words do not hold, in one line."""
    return " · ".join(verdict.say("en").split("\n"))


def wrong_with(clause: str, verdict: Verdict, shown: int = 4) -> tuple[str, str, str]:
    """What is wrong with a clause, why, and what to do: it does not hold, or it is to be read beside the question of its number.

    Args:
        clause: the words.
        verdict: why they may not stand yet.
        shown: how many true sentences are proposed.
    """
    true = " | ".join(verdict.true_words[:shown])
    if verdict.outcome == "asks":
        return (
            f"»{clause}« is to be read beside its question",
            " · ".join((verdict.reading[1], *verdict.true_words[:1], reasons_of(verdict))),
            READ_IT,
        )
    return f"»{clause}« does not hold", reasons_of(verdict), f"true: {true}" if true else ""


_HEADING = re.compile(r"^#{1,6}\s")
_SPOKEN = re.compile(r'((?:fig-alt|alt|title)=")((?:[^"\\]|\\.)*)(")')
_FENCE = re.compile(r"^\s*:{3,}\s*(.*?)\s*$")
_OURS = re.compile(r"\.(?:signed|cited)\b")


def claimed_cells(texts: Iterable[str], claims: Claims) -> list[str]:
    """The numbers that the claims of some texts lead to."""
    found: list[str] = []
    for text in texts:
        for address in claim_addresses(text):
            try:
                cell = claims.at(address).cell
            except AnalysisError:
                continue
            if cell:
                found.append(cell)
    return found


def printed(text: str, claims: Claims, *, linked: Mapping[str, str]) -> str:
    """A document in which claims are what a reader sees.

    Args:
        text: the document, proved before.
        claims: its round.
        linked: the numbers that have a note to lead to, by folded address; empty where the document has no list of numbers.

    Returns:
        Markdown without a span or shortcode of claims: links in prose, words alone in headings and alt texts.
    """

    def link(words: str, address: str) -> str:
        cell = folded(claims.at(address).cell)
        # A link holds no other link, and no number that becomes one.
        if cell not in linked or "](" in words or VAR.search(words):
            return words
        return f"[{words}](#{anchor(linked[cell])}){{.value}}"

    def words_only(words: str, _: str) -> str:
        return words

    def chosen(match: re.Match[str], plain: bool = False) -> str:
        address = match["attributes"].split()[0]
        expects = re.search(r"\bexpects=[\"']?([^\s\"'}]+)", match["attributes"])
        words = files.markdown_text(claims.chosen(address, expects[1] if expects else ""))
        return words if plain else link(words, address)

    def spoken(match: re.Match[str]) -> str:
        said = CHOSEN.sub(lambda one: chosen(one, plain=True), without_spans(match[2], words_only))
        return match[1] + said.replace('"', "”") + match[3]

    text = _SPOKEN.sub(spoken, text)
    headings = [_heading(line, chosen) if _HEADING.match(line) else line for line in text.split("\n")]
    text = without_spans("\n".join(headings), link)
    text = CHOSEN.sub(chosen, text)
    return _without_fences(text)


def _without_fences(text: str) -> str:
    """A text without the fences of signed and cited divisions; what they hold stays."""
    kept: list[str] = []
    ours: list[bool] = []
    for line in text.split("\n"):
        fence = _FENCE.match(line)
        if fence is None:
            kept.append(line)
        elif fence[1]:
            ours.append(bool(_OURS.search(fence[1])))
            kept.append("" if ours[-1] else line)
        else:
            kept.append("" if ours and ours.pop() else line)
    return "\n".join(kept)


def _heading(line: str, chosen: object) -> str:
    def put(match: re.Match[str]) -> str:
        return chosen(match, plain=True)  # type: ignore[operator, no-any-return]

    return CHOSEN.sub(put, without_spans(line, lambda words, _: words))


def blanked(text: str) -> str:
    """A text in which the words of claims and signatures are blank: their digits are proved, not typed."""

    def blank(match: re.Match[str]) -> str:
        if attributes(match["attributes"]).any:
            return re.sub(r"[^\n]", " ", match[0])
        return f"[{SPAN.sub(blank, match['words'])}]{{{match['attributes']}}}"

    return SPAN.sub(blank, text)
