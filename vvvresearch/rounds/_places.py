"""Where a file comes to lie in a round, and which source of the round it belongs to."""

from __future__ import annotations

import re
from pathlib import Path

from vvvresearch import files
from vvvresearch.errors import VvvError
from vvvresearch.evidence import SOURCE_TYPES
from vvvresearch.intake import Proposal, Settled, read_map, title_of
from vvvresearch.locales import Lang, text
from vvvresearch.rounds._find import load_spec
from vvvresearch.rounds._spec import RoundSpec, Source

MAP, QUESTIONNAIRE, EARLIER, TRANSCRIPTS = ".map.toml", ".toml", "earlier", "transcripts"
LEFT = "left-out.toml"
_OF_SURVEYS = frozenset((
    "survey", "courses", "monitoring", "matches", "offers", "counts", "categories", "campaigns", "context", "published", "agreements",
    "answers_as_received", "referrals", "snapshots", "volunteers", "activities", "materials",
))  # fmt: skip


def target(root: Path, spec: RoundSpec, settled: Settled | Proposal) -> Path:
    """Where a file comes to lie; one that lies in the round's folders already stays where it is."""
    path = settled.path.resolve()
    for part in ("interviews", "surveys"):
        if path.is_relative_to(root.resolve() / part / spec.id):
            return path
    folder = root.resolve() / ("surveys" if settled.type in _OF_SURVEYS else "interviews") / spec.id
    name = files.safe_name(path.stem) + path.suffix.lower()
    target = folder / name
    number = 2
    while target.exists() and source_at(root, spec, target) is None:
        # A file that no source names is somebody's: it is left alone, unless it is this very file.
        if target.is_file() and path.is_file() and files.hash_file(target) == files.hash_file(path):
            break
        target = folder / f"{Path(name).stem}-{number}{path.suffix.lower()}"
        number += 1
    return target


def source_at(root: Path, spec: RoundSpec, target: Path, occasion: str = "") -> Source | None:
    """The source whose file lies there; of a file with several times, that of one of them."""
    there = [one for one in spec.sources if one.path and (root / one.path).resolve() == target]
    return next((one for one in there if not occasion or one.id.endswith(f"-{occasion.casefold()}")), None)


def same_file(root: Path, spec: RoundSpec, settled: Settled) -> str:
    """The source that holds this very file already under the same decisions."""
    own = settled.this_file.get("hash", "")
    for one in spec.sources:
        place, beside = root / one.path, root / one.map
        if own and one.type == settled.type and one.map and place.is_file() and beside.is_file() and files.hash_file(place) == own:
            known = read_map(beside, place)
            decided = {name: value for name, value in settled.decisions.items() if name != "kind"}
            if (known.decisions, known.this_file) == (decided, settled.this_file):
                return one.id
    return ""


def is_left_out(root: Path, spec: RoundSpec, path: Path) -> bool:
    """Whether this very file was looked at and left out of the round."""
    place = root / "rounds" / spec.id / LEFT
    return path.is_file() and place.is_file() and files.hash_file(path.absolute()) in files.read_toml(place)


def leave_out(root: Path, spec: RoundSpec, path: Path) -> None:
    """Remember that a file was looked at and left out, so that the next call does not ask for it again."""
    place = root / "rounds" / spec.id / LEFT
    if path.is_file() and not is_left_out(root, spec, path):
        known = files.read_text(place) if place.is_file() else ""
        files.write_text(place, f"{known}{files.hash_file(path.absolute())} = {files.toml(path.name)}\n")


def placeholder(root: Path, spec: RoundSpec, type_: str) -> Source | None:
    """A source of the type whose file is missing or has no rows yet, as a new round has it."""
    for one in spec.sources:
        if one.type == type_ and SOURCE_TYPES[one.type].single and not one.map and one.path:
            place = root / one.path
            if not place.exists() or _has_no_rows(place):
                return one
    return None


def _has_no_rows(path: Path) -> bool:
    if path.suffix.casefold() not in (".csv", ".xlsx"):
        return False
    try:
        return len(files.read_csv(path) if path.suffix.casefold() == ".csv" else files.read_workbook(path)) == 0
    except VvvError:
        return False


def source_id(root: Path, spec: RoundSpec, proposal: Proposal) -> str:
    """The id that a file's source gets: of what it replaces, of its kind, or of its name."""
    holder = source_at(root, spec, target(root, spec, proposal)) or placeholder(root, spec, proposal.type)
    if holder is not None:
        return holder.id
    if proposal.type == "transcripts":
        return TRANSCRIPTS
    if proposal.kind in ("survey", "published", "answers_as_received", "register", ""):
        return free_id(root, spec, proposal.source)
    wanted = (proposal.kind if proposal.type == "register" else proposal.type).replace("_", "-")
    return wanted if all(one.id != wanted for one in spec.sources) else free_id(root, spec, f"{wanted}-{proposal.source}")


def free_id(root: Path, spec: RoundSpec, wanted: str) -> str:
    """An id that no source has: a file that is called the same every year gets the year, since its numbers are other ones."""
    before = surveys_before(root, spec)
    taken = {one.id for one in spec.sources} | set(before)
    stem = f"{wanted}-{spec.period.end.year}" if wanted in before else wanted
    name, number = stem, 2
    while name in taken:
        name, number = f"{stem}-{number}", number + 1
    return name


def surveys_before(root: Path, spec: RoundSpec) -> dict[str, str]:
    """The surveys of the rounds before a round: id → the round that has it, the latest one first."""
    found: dict[str, str] = {}
    gone_through: set[str] = set()
    while spec.previous is not None and spec.id not in gone_through:
        gone_through.add(spec.id)
        spec = load_spec(root, spec.previous.round)
        found = {source.id: spec.id for source in spec.sources if source.type == "survey"} | found
    return found


def title_in(settled: Settled, lang: Lang) -> str:
    """What a new source is called: its kind and, where a round has several of that kind, its file."""
    words = re.sub(r"^(en|et|a|an) ", "", text(f"intake.kind_{settled.kind}", lang))
    named = f": {title_of(settled.path.stem)}" if settled.type in ("survey", "published", "register") else ""
    return f"{words[:1].upper()}{words[1:]}{named}"
