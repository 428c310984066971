"""Who can be recognised in outputs: by direct identifiers and names, and by somebody who took part and looks for one other.

Words are passages of interviews, quotes of mappings and of cases, what was noted on them, and open answers. Knows what the register (or
the other answers) say of the person, and reads what stands with each quote, here and in earlier releases. Shares nothing with what decided
what may be told of a speaker: it reads the files that go out, and asks the register only who is described so.
"""

from __future__ import annotations

import csv
import io
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vvvresearch import files
from vvvresearch.errors import SourceError, VvvError
from vvvresearch.evidence import code_text
from vvvresearch.files import content_hash, read_json
from vvvresearch.locales import LANGUAGES, has_words, text
from vvvresearch.privacy import scan_text, stands_in_cells
from vvvresearch.release._quotes import part_of, words_of
from vvvresearch.rounds import Round
from vvvresearch.rounds._guard import DIRECT, ENGLISH_WORDS, SCANS, allowed_names, keep_scan, scanner

if TYPE_CHECKING:
    from vvvresearch.rounds import Round


_RUN, _LEAST = 8, 4
# How many words a reader goes on to see who said it; and how many of another's words, which begin with a sign, tell where to stop.
_AFTER, _OPENING = 14, 3
_NEXT = re.compile(r"[»“]")
# What nobody outside the team knows, or what everybody has.
_UNKNOWN = ("person", "pseudonym", "consent_analysis", "consent_quote", "coded_by")
_SAID_AS = {"role": "respondent_group"}
_INTERPRETED = ("tolk", "interpreter")
# Columns that hold words of persons, or on them.
_WORDS = ("quote", "text", "memo")
_PASSAGE = tuple[str, tuple[str, ...]]  # voice and words
_Row = Mapping[str, Any]


@dataclass(frozen=True)
class _Voice:
    """Who may have said some words.

    Args:
        rows: what is known of them; several where several speak in one interview.
        people: everybody whom they could be taken for.
        only: the columns that prose can tell, None for all; a table tells each under its heading.
    """

    rows: Sequence[_Row]
    people: Sequence[_Row]
    only: frozenset[str] | None = None


@dataclass(frozen=True)
class Linked:
    """Words that an insider can put down to too few people.

    Args:
        file: where they stand.
        alike: how many persons fit what stands with them.
        told: the columns of the register that it gives away.
    """

    file: str
    alike: int
    told: tuple[str, ...]


def linked(
    opened: Round, texts: Mapping[str, Sequence[str]], tables: Mapping[str, str], earlier: Collection[str] = frozenset()
) -> list[Linked]:
    """The quotes whose speaker is one of fewer than the round's k persons to somebody who knows one of them.

    What stands with the same words in several places is put together, and so is what stands with one pseudonym. Words that no earlier
    release held, from an interview of which none held any, are those of somebody whom it was made with since.

    Args:
        opened: the round.
        texts: by file, the texts that it shows, of this release and earlier ones.
        tables: by file, tables as CSV, likewise.
        earlier: the files of earlier releases among them.

    Returns:
        By file the first that gives away most; empty where everybody is one of k.
    """
    names = dict(zip(opened.municipalities["code"].astype(str), opened.municipalities["name"].astype(str), strict=True))
    voices, said = _bank(opened, names)
    if not said:
        return []
    reader = _Reader(voices, said, names)
    seen: dict[_PASSAGE, dict[str, set[str]]] = {}
    for name, content in tables.items():
        for passage, told in reader.of_table(content):
            seen.setdefault(passage, {}).setdefault(name, set()).update(told)
    for name, parts in texts.items():
        for passage, told in reader.of_text("\n".join(parts)):
            seen.setdefault(passage, {}).setdefault(name, set()).update(told)
    by_pseudonym: dict[str, set[str]] = {}
    for (source, _), places in seen.items():
        if any("pseudonym" in told for told in places.values()):
            by_pseudonym.setdefault(source, set()).update(*places.values())
    found: dict[str, Linked] = {}
    then = {
        _transcript(row) for (source, _), places in seen.items() if not places.keys().isdisjoint(earlier) for row in voices[source].rows
    }
    for (source, _), places in seen.items():
        told = set().union(*places.values(), by_pseudonym.get(source, set())) - {"pseudonym"}
        new = then and then.isdisjoint(map(_transcript, voices[source].rows))
        alike = _alike(voices[source], told, then if new else frozenset())
        if alike < opened.spec.speakers.k:
            for name in places:
                if name not in found or alike < found[name].alike:
                    found[name] = Linked(name, alike, tuple(sorted(told)))
    return [found[name] for name in sorted(found)]


def tables_of(folder: Path, root: Path) -> dict[str, str]:
    """The tables of a folder as CSV, by name in the workspace."""
    return {path.relative_to(root).as_posix(): files.read_text(path) for path in sorted(folder.rglob("*.csv"))}


def _bank(opened: Round, names: Mapping[str, str]) -> tuple[dict[str, _Voice], list[tuple[str, str]]]:
    """Everybody who may be quoted, by transcript, half of a pair and answer; and their words, each by whose they are."""
    voices: dict[str, _Voice] = {}
    said: list[tuple[str, str]] = []
    if opened.has("interviews"):
        register = opened.interviews.frame
        rows = register[~register["source"].isin(opened.consent.silent_sources)].to_dict("records")
        everybody = [{str(name): value for name, value in row.items()} for row in rows]
        speakers: dict[str, list[_Row]] = {}
        for row in everybody:
            for key in {str(row["source"]), f"{row.get('pair')}/{row['respondent_group']}"}:
                speakers.setdefault(key, []).append(row)
        voices |= {key: _Voice(rows, everybody) for key, rows in speakers.items() if key}
        for source in opened.spec.sources:
            if source.type not in ("survey", "documentary", "published", "interviews"):
                said += _spoken(opened, source.id)
    for name in opened.surveys:
        try:
            survey = opened.surveys[name]
        except VvvError:
            continue  # told by its reader
        written = [item.id for item in survey.questionnaire.items if item.type == "open"] if survey.questionnaire else []
        answers = survey.answers.drop(columns=[item for item in written if item in survey.answers]).to_dict("index")
        known = [{"person": str(who), **{str(item): code_text(code) for item, code in row.items()}} for who, row in answers.items()]
        places = {*names, *names.values()}
        for row in known:
            tells = frozenset(item for item, code in row.items() if code in places)
            voices[f"{name}#{row['person']}"] = _Voice([row], known, tells)
        for item in written:
            if item in survey.answers:
                said += [(f"{name}#{who}", code_text(text)) for who, text in survey.answers[item].items()]
    return voices, list(dict.fromkeys((whose, words) for whose, words in said if whose in voices and words))


def _spoken(opened: Round, name: str) -> Iterator[tuple[str, str]]:
    """The words of a source, each with its transcript, or else with the half of a pair that it is told of."""
    try:
        evidence = opened.read(name)
    except VvvError:
        return
    for frame in (part_of(evidence, part) for part in ("frame", "links", "passages")):
        columns = [column for column in _WORDS if column in getattr(frame, "columns", ())]
        for row in frame.to_dict("records") if columns else ():
            pair, role = row.get("pair") or row.get("case"), row.get("perspective") or row.get("role") or row.get("respondent_group")
            whose = str(row.get("source") or f"{pair}/{role}")
            yield from ((whose, row[column]) for column in columns if isinstance(row[column], str))
    memos, cases = part_of(evidence, "memos"), part_of(evidence, "cases")
    for row in memos.to_dict("records") if memos is not None else ():
        of_case = row["on"] == "case" and cases is not None
        for whose in cases.loc[cases["case"] == row["target"], "source"] if of_case else (row["target"],):
            yield str(whose), str(row["text"])


def _transcript(row: _Row) -> str:
    return _value(row, "source") or _value(row, "person")


def _alike(voice: _Voice, told: set[str], but: Collection[str]) -> int:
    """How many persons fit what is told of a voice, without some transcripts; several in one transcript are each looked for."""
    # Where the register does not say whose it is, an interview is a person of its own.
    people = [row for row in voice.people if _transcript(row) not in but]
    fits = ([row for row in people if all(_value(row, name) == _value(own, name) for name in told)] for own in voice.rows)
    return min(len({_value(row, "person") or str(row["source"]) for row in rows}) for rows in fits)


def _value(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    return "" if value is None or value != value else str(value)


class _Reader:
    """Finds passages in texts, and what stands with them of what the register says."""

    def __init__(self, voices: Mapping[str, _Voice], said: Sequence[tuple[str, str]], names: Mapping[str, str]) -> None:
        self.voices, self.names = voices, names
        self.by_run: dict[tuple[str, ...], list[_PASSAGE]] = {}
        for whose, text_of in said:
            words = tuple(words_of(text_of))
            if len(words) >= _LEAST:
                self.by_run.setdefault(words[:_RUN], []).append((whose, words))
        self.lengths = sorted({len(run) for run in self.by_run}, reverse=True)

    def of_text(self, said: str) -> Iterator[tuple[_PASSAGE, set[str]]]:
        """Passages of a text, each with what the words after it tell of the speaker."""
        words = words_of(said)
        openings = {tuple(words_of(said[found.end() : found.end() + 60])[:_OPENING]) for found in _NEXT.finditer(said)}
        for place, passage in self._found(words):
            after = words[place + len(passage[1]) :][:_AFTER]
            # Where another's words begin.
            starts = (start for start in range(len(after)) if tuple(after[start : start + _OPENING]) in openings)
            yield passage, self._told(passage[0], after[: next(starts, _AFTER)], {})

    def of_table(self, content: str) -> Iterator[tuple[_PASSAGE, set[str]]]:
        """Passages of a table, each with what the other cells of its row tell of the speaker."""
        for row in csv.DictReader(io.StringIO(content)):
            cells = {str(name): str(value) for name, value in row.items() if isinstance(value, str)}
            for name, cell in cells.items():
                for _, passage in self._found(words_of(cell)) if cell.count(" ") >= _LEAST - 1 else ():
                    others = {other: value for other, value in cells.items() if other != name and value.count(" ") < _RUN}
                    yield passage, self._told(passage[0], words_of(" . ".join(others.values())), others)

    def _found(self, words: Sequence[str]) -> Iterator[tuple[int, _PASSAGE]]:
        for place in range(len(words)):
            for length in self.lengths:
                for passage in self.by_run.get(tuple(words[place : place + length]), ()):
                    yield place, passage

    def _told(self, source: str, words: Sequence[str], cells: Mapping[str, str]) -> set[str]:
        """The columns of the register whose value for the speaker stands in the words, or in a cell of the same heading."""
        found: set[str] = set()
        headed = {_SAID_AS.get(name, name): value for name, value in cells.items()}
        voice = self.voices[source]
        for row in voice.rows:
            pseudonym = words_of(str(row.get("pseudonym") or ""))
            if pseudonym and _stands(pseudonym, words):
                found.add("pseudonym")
            for name in row:
                value = _value(row, name)
                if not value or name in _UNKNOWN:
                    continue
                if name == "interpreter":
                    tells = value.casefold() == "true" and not set(_INTERPRETED).isdisjoint(words)
                else:
                    in_prose = voice.only is None or name in voice.only
                    tells = headed.get(name) == value or (in_prose and any(_stands(said, words) for said in self._words(value)))
                if tells:
                    found.add(name)
        return found

    def _words(self, value: str) -> Iterator[list[str]]:
        """A value as somebody would write it; a bare digit says nothing by itself."""
        if len(value) > 1:
            yield words_of(value)
        for table in ("roles", "groups"):
            if has_words(f"{table}.{value}"):
                yield from (words_of(text(f"{table}.{value}", lang)) for lang in LANGUAGES)
        if value in self.names:
            yield words_of(self.names[value])


def _stands(wanted: Sequence[str], words: Sequence[str]) -> bool:
    return bool(wanted) and any(list(words[place : place + len(wanted)]) == list(wanted) for place in range(len(words) - len(wanted) + 1))


Found = tuple[str, float, str]  # kind, confidence, rule
# In a page that is not Danish a word that is no Danish one says nothing; a name from the list does.
_CERTAIN = ("known name",)
SURE = 0.8
# A cell of an analysis that is a number and nothing else is a count.
_FIGURE = re.compile(r"(?:[^\n]*\n)?[-+]?\d*[.,]?\d+(?:e-?\d+)?")
_APART, _BATCH = "\n\n.\n\n", 50_000
# What files, quotes and transcripts are known by, and English months that are names too.
_HASH = re.compile(
    r"\b(?:April|May|June|August)-(?:April|May|June|July|August)\b|\b(?:April|May|June|August)(?=\s\d{4}\b)"
    r"|\b(?=[0-9a-f]*[a-f])(?=[0-9a-f]*\d)[0-9a-f]{10,64}\b"
)


def identified(opened: Round, texts: Mapping[str, list[str]]) -> Iterator[tuple[str, str, int]]:
    """What identifies a person in files that go out.

    Args:
        opened: the round.
        texts: the texts of each file, by its name in the workspace.

    Returns:
        File, kind as of `scan_text`, and how often it stands there.
    """
    allowed = (*allowed_names(opened.root, opened.spec), *_places(opened), *_own_words(), *ENGLISH_WORDS)
    distinct = list(dict.fromkeys(part for parts in texts.values() for part in parts if not _FIGURE.fullmatch(part)))
    seen = _scanned(distinct, allowed, opened.root)
    for name, parts in texts.items():
        english = "/en/" in name or opened.lang == "en"
        kinds = Counter(
            kind
            for part in parts
            for kind, confidence, rule in seen.get(part, ())
            if kind in DIRECT or (kind == "PERSON" and confidence >= SURE and not (english and rule not in _CERTAIN))
        )
        yield from ((name, kind, count) for kind, count in sorted(kinds.items()))


def _scanned(parts: list[str], allowed: tuple[str, ...], root: Path) -> dict[str, list[Found]]:
    """What was found in each of many texts; one that an earlier look at outputs has read is not read again."""
    kept = root / SCANS / f"outputs-{content_hash(chr(10).join((scanner(), *sorted(allowed))).encode())[:32]}.json"
    try:
        before = read_json(kept) if kept.is_file() else {}
    except SourceError:
        before = {}
    known = {part: content_hash(part.encode())[:32] for part in parts}
    new = [part for part in parts if known[part] not in before]
    if new:
        fresh = _read(new, allowed)
        before = {sha: before[sha] for sha in known.values() if sha in before} | {known[part]: fresh.get(part, []) for part in new}
        keep_scan(kept, before)
    return {part: before[sha] for part, sha in known.items()}


def _read(parts: list[str], allowed: tuple[str, ...]) -> dict[str, list[Found]]:
    """What stands in texts, which are read in handfuls."""
    found: dict[str, list[Found]] = {}
    batch: list[str] = []
    size = 0
    for place, part in enumerate(parts):
        batch.append(part)
        size += len(part) + len(_APART)
        if size < _BATCH and place + 1 < len(parts):
            continue
        starts = list(accumulate((len(one) + len(_APART) for one in batch), initial=0))
        read = _HASH.sub(lambda match: " " * len(match[0]), _APART.join(batch))
        for one in scan_text(read, allowed=allowed):
            if stands_in_cells(read, one):
                continue
            found.setdefault(batch[bisect_right(starts, one.start) - 1], []).append((one.kind, one.confidence, one.rule))
        batch, size = [], 0
    return found


def _own_words() -> set[str]:
    """Capitalised words of the package's own tables of words: those who found a method are no persons of a round."""
    from importlib import resources

    folder = resources.files("vvvresearch.locales") / "tables"
    said = " ".join(entry.read_text(encoding="utf-8") for entry in folder.iterdir() if entry.name.endswith(".toml"))
    whole = set(re.findall(r"\b[A-ZÆØÅ]\w+(?:-[A-ZÆØÅ]\w+)*", said))  # Aalen-Johansen
    return whole | {part for one in whole for part in one.split("-")}


def _places(opened: Round) -> tuple[str, ...]:
    """Names that are no person's: of municipalities, pairs and sources, and who evaluates."""
    front = opened.spec.front_matter
    named = [words for words in (front.evaluator, front.commissioned_by) if words]
    said = {part for words in named for part in (words.da, words.en)}
    return tuple({*said, *front.authors, *map(str, opened.municipalities["name"])} - {""})
