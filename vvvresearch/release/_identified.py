"""Direct identifiers and names in the outputs of a round: each text is read once, whatever files it stands in."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import accumulate
from pathlib import Path

from vvvresearch.errors import SourceError
from vvvresearch.files import content_hash, read_json
from vvvresearch.privacy import scan_text
from vvvresearch.rounds import Round
from vvvresearch.rounds._guard import DIRECT, ENGLISH_WORDS, SCANS, allowed_names, keep_scan, scanner

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
