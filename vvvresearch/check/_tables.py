"""What readers let pass in a table and nobody can mean: headings, doubled rows, broken letters, percentages, orders of dates, slips."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from vvvresearch.check._evidence import Examined, one_slip_apart, out_of_line, slips
from vvvresearch.check._fault import Fault, nearest, quoted, table_rows
from vvvresearch.errors import VvvError
from vvvresearch.evidence import COURSE_COLUMNS, MATCH_COLUMNS, MONITORING_COLUMNS, REGISTER_COLUMNS
from vvvresearch.files import read_bytes
from vvvresearch.intake import read_map
from vvvresearch.themes._triangulation import VERDICTS

if TYPE_CHECKING:
    import pandas as pd

    from vvvresearch.rounds import Source

# What analyses need of tables whose reader takes any heading, and what tells their rows apart.
NEEDED = {
    "guide": ("respondent_group", "code_path"),
    "claims": ("claim", "source", "verdict"),
    "judgements": ("case", "condition", "membership"),
    "attributes": ("pair", "role"),
    "contacts": ("pair", "contact", "due"),
    "answers_as_received": ("respondent",),
}
_KEYS = {
    "guide": ("respondent_group", "code_path", "wave"),
    "claims": ("claim", "source"),
    "judgements": ("case", "wave", "condition"),
    "attributes": ("pair", "role", "wave"),
    "contacts": ("pair", "contact"),
    "observations": ("observation",),
    "documents": ("document",),
    "categories": ("quarter", "municipality"),
}
_FURTHER: dict[str, tuple[str, ...]] = {
    "matches": (*MATCH_COLUMNS, "pair", "refugee", "volunteer", "organisation", "match_type", "referral_source", "arrival_group"),
    "monitoring": (
        *MONITORING_COLUMNS,
        "agreement",
        "contact_person",
        "referral_sources",
        "next_review",
        "need_new_arrivals",
        "need_long_term",
    ),
    "courses": (*COURSE_COLUMNS, "organisation"),
    "contacts": ("pair", "contact", "due", "done", "dropped_out", "reason"),
}
_FURTHER["matches"] += ("reason_class", "registered")
_USUAL = ("municipality", "respondent", "interview", "membership", "condition", "respondent_group", "code_path", "participants", "quarter")
# Words of a closed list by what they are; names and free texts are no such lists.
_WORDS: tuple[str, ...] = (
    "sex",
    "employment",
    "age_band",
    "arrival_group",
    "match_type",
    "relation_length",
    "mode",
    "kind",
    "stage",
    "status",
    "reason_class",
)
_WORDS += ("reason", "referral_source", "organisation", "kind_wanted", "family_stage", "agreement", "reorganised", "region", "size", "need")
_NUMBERED, _PANEL = ("wave", "extract", "quarter", "year"), ("extract", "quarter")
_PERCENT = re.compile(r"(^|[_\s])(percent|percentage|pct|procent|andel|share)($|[_\s])|%", re.IGNORECASE)
# UTF-8 that was read as Windows text, and letters of other code pages inside words.
_BROKEN = re.compile(r"Ã[\x80-\xbf¦¸¥˜†…‡°©]|â€|\ufffd|(?<=[A-Za-zæøå])[‘›†¾¿Œ][a-zæøå]|[a-zæøå][‘›†¾¿Œ](?=[a-zæøå])")
_QUARTER = re.compile(r"\d{4}-Q[1-4]")
_LETTERS = re.compile(rb"[\x80-\xff]")


def table_faults(opened: Examined) -> Iterator[Fault]:
    """What is wrong inside the tables that can be read."""
    for source in list(opened.readable()):
        frame = getattr(opened.as_read(source.id), "frame", None)
        if frame is None:
            continue
        if source.type in NEEDED or source.type in _KEYS or source.type in _FURTHER or source.type in ("register", "campaigns", "context"):
            yield from _heading_faults(source, frame)
            if set(NEEDED.get(source.type, ())) - set(map(str, frame.columns)):
                opened.set_aside(source.id)
                continue
            yield from _double_rows(opened, source, frame)
        if source.type not in ("codings", "codebook", "published"):
            yield from _slip_faults(opened, source, frame)
        if source.type == "judgements" and "membership" in frame:
            yield from _outside(opened, source, frame, "membership", 1, "a membership lies between 0 and 1")
        if source.type == "claims":
            yield from opened.unknown(source, frame, "verdict", set(VERDICTS), "verdict: there is no", check="source")
    yield from _plain_tables(opened)
    yield from _coding_rows(opened)
    yield from _order_faults(opened)
    yield from _missing_quarters(opened)


def _missing_quarters(opened: Examined) -> Iterator[Fault]:
    """Quarters that no row of the categories is about, though there are rows of quarters before and after them."""
    for source in opened.readable("categories"):
        frame = opened.as_read(source.id).frame
        cells = [str(cell) for cell in frame["quarter"]] if "quarter" in frame.columns else []
        known = sorted({cell for cell in cells if _QUARTER.fullmatch(cell)})
        for before, after in itertools.pairwise(known):
            first, last = (4 * int(one[:4]) + int(one[-1]) for one in (before, after))
            if between := [f"{(place - 1) // 4}-Q{(place - 1) % 4 + 1}" for place in range(first + 1, last)]:
                what = f"quarter: nothing is known of {', '.join(between)}, between {before} and {after}"
                row = opened.row(source, frame, cells.index(after))
                why, todo = "no step over it is counted as a change", "add its rows, or accept it in round.toml"
                yield Fault("source", source.path, row, what, why, todo)


def _heading_faults(source: Source, frame: pd.DataFrame) -> Iterator[Fault]:
    columns = [str(name) for name in frame.columns]
    needed = NEEDED.get(source.type, ())
    for name in needed:
        if name not in columns:
            yield Fault("source", source.path, 1, f"{name}: the column is missing", "", nearest(name, set(columns) - set(needed)))
    known = (*needed, *_FURTHER.get(source.type, ()), *_KEYS.get(source.type, ()), *_USUAL)
    for column in columns:
        meant = next((name for name in known if _misspelt(column, name)), None)
        if meant and column not in known and meant not in columns and meant not in needed:
            yield Fault("source", source.path, 1, f"{column}: the column is not known here", "", f"did you mean {meant}?")


def _misspelt(column: str, name: str) -> bool:
    return len(name) >= 6 and column != f"{name}s" and one_slip_apart(column, name)


def _double_rows(opened: Examined, source: Source, frame: pd.DataFrame) -> Iterator[Fault]:
    if source.type == "answers_as_received":
        return  # two forms of one respondent are what cleaning is for
    keys = [name for name in _KEYS.get(source.type, ()) if name in frame.columns]
    if source.type in ("register", "campaigns", "context"):
        whole = frame.drop_duplicates()
        # Rows of a table without an id may well be alike.
        if len(frame) < 3 or not any(whole[name].is_unique for name in frame.columns):
            return
        keys = list(frame.columns)
    if not keys:
        return
    double = frame.duplicated(keys, keep="first").to_numpy()
    for number in (place for place, twice in enumerate(double) if twice):
        first = next(place for place in range(number) if (frame.iloc[place][keys] == frame.iloc[number][keys]).all())
        why = f"the first is row {opened.row(source, frame, first)}"
        named = ", ".join(quoted(frame.iloc[number][name]) for name in keys) if len(keys) < 4 else "the whole row"
        yield Fault("source", source.path, opened.row(source, frame, number), f"{named}: the row stands twice", why, "leave one out")


def _slip_faults(opened: Examined, source: Source, frame: pd.DataFrame) -> Iterator[Fault]:
    for column in map(str, frame.columns):
        if column in _NUMBERED:
            found = out_of_line(map(str, frame[column]), panel=column in _PANEL)
        elif column in _WORDS:
            found = slips(map(str, frame[column]))
        else:
            continue
        for number, value in enumerate(map(str, frame[column])):
            if value in found:
                what = f"{column}: {quoted(value)} stands once, and is probably {quoted(found[value])}"
                todo = f"did you mean {found[value]}? if not, accept it in round.toml"
                yield Fault("source", source.path, opened.row(source, frame, number), what, "", todo)


def _outside(opened: Examined, source: Source, frame: pd.DataFrame, column: str, most: float, problem: str) -> Iterator[Fault]:
    for number, value in enumerate(frame[column]):
        if (amount := _number(value)) is not None and not 0 <= amount <= most:
            yield Fault("source", source.path, opened.row(source, frame, number), f"{column}: {problem} (found {value})")


def _plain_tables(opened: Examined) -> Iterator[Fault]:
    """Tables as they lie in the workspace: broken letters, percentages above 100, an encoding of its own."""
    files: dict[str, None] = {}
    for source in opened.spec.sources:
        files |= dict.fromkeys((source.path, source.invited, source.margins, source.links, source.codebook))
    files[opened.spec.municipalities] = None
    paths = [name for name in files if name and (opened.root / name).suffix.lower() in (".csv", ".xlsx") and (opened.root / name).is_file()]
    # What a map was made for was looked at when it was taken in, and every later change of its cells is told.
    looked_at = {source.path for source in opened.spec.sources if source.map}
    encoded = {name: _encoding(opened.root / name) for name in paths if name.lower().endswith(".csv")}
    for name in paths:
        try:
            frame = table_rows(opened.root / name)
        except VvvError:
            continue  # told by its reader
        if name not in looked_at and encoded.get(name, "utf-8") not in ("utf-8", "ascii") and "utf-8" in encoded.values():
            why = "the other tables of the round are UTF-8, so æ, ø and å may be read wrongly here"
            yield Fault("source", name, None, f"the table is not UTF-8 but {encoded[name]}", why, "save it as CSV UTF-8")
        broken = next(((row, column) for column in frame.columns for row, cell in frame[column].items() if _BROKEN.search(str(cell))), None)
        heading = next((column for column in map(str, frame.columns) if _BROKEN.search(column)), None)
        if broken or heading:
            row, column = broken if broken and not heading else (1, heading)
            what = f"{column}: letters are broken, as when a file is saved in one encoding and read in another"
            yield Fault("source", name, int(str(row)), what, "", "take the original file, and save it as UTF-8")
        for column in (column for column in map(str, frame.columns) if _PERCENT.search(column)):
            for row, cell in frame[column].items():
                if (number := _number(cell)) is not None and not 0 <= number <= 100:
                    what = f"{column}: a percentage lies between 0 and 100 (found {quoted(cell)})"
                    yield Fault("source", name, int(str(row)), what)


def _encoding(path: Path) -> str:
    try:
        data = read_bytes(path)
    except VvvError:
        return "ascii"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        # Its mark leaves nothing open.
        return "utf-8"
    if not _LETTERS.search(data):
        return "ascii"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "Windows text"
    return "utf-8"


def _number(cell: Any) -> float | None:
    try:
        return float(str(cell).strip().removesuffix("%").strip().replace(",", "."))
    except ValueError:
        return None


def _coding_rows(opened: Examined) -> Iterator[Fault]:
    """Rows of a coding table that stand twice: passages, codes and coders are counted once, but somebody copied something."""
    for source in opened.readable("codings"):
        path = opened.root / source.path
        if path.suffix.lower() not in (".csv", ".xlsx") or _says_what_becomes_of_doubles(opened, source):
            continue
        try:
            table = table_rows(path)
        except VvvError:
            continue  # an export that its own reader takes and that is no table under one heading
        for row in table.index[table.duplicated().to_numpy()]:
            yield Fault("source", source.path, int(row), "the whole row stands twice", "", "leave one out")


def _says_what_becomes_of_doubles(opened: Examined, source: Source) -> bool:
    """Whether the map of a file leaves equal rows out, so that nothing is left to mend."""
    try:
        return bool(source.map) and "doubled_rows" in read_map(opened.root / source.map, opened.root / source.path).decisions
    except VvvError:
        return False  # told where the map is read


def _order_faults(opened: Examined) -> Iterator[Fault]:
    """Dates that run against the order of waves or of planned contacts."""
    if (found := opened.one("interviews")) is not None:
        source, register = found
        frame = register.frame[list(REGISTER_COLUMNS)]
        pair = frame["pair"] + "/" + frame["respondent_group"]
        who = frame["person"].where(frame["person"] != "", pair.where(frame["pair"] != "", ""))
        yield from _against_order(opened, source, frame, list(map(str, who)), "wave", "month")
    if (found := opened.one("contacts")) is not None and set(NEEDED["contacts"]) <= set(found[1].frame.columns):
        source, plan = found
        yield from _against_order(opened, source, plan.frame, list(map(str, plan.frame["pair"])), "contact", "due")
    for source in opened.readable():
        frame = getattr(opened.as_read(source.id), "frame", None)
        if source.type == "matches" or frame is None:
            continue
        for first, last in (("start", "end"), ("from", "to"), ("fra", "til"), ("begin", "end"), ("opened", "closed")):
            if first in frame.columns and last in frame.columns:
                for number, (begins, ends) in enumerate(zip(map(str, frame[first]), map(str, frame[last]), strict=True)):
                    if _is_date(begins) and _is_date(ends) and ends < begins:
                        what = f"{last}: {ends} lies before {first}, {begins}"
                        yield Fault("source", source.path, opened.row(source, frame, number), what)


def _is_date(cell: str) -> bool:
    return re.fullmatch(r"(19|20)\d\d-\d\d(-\d\d)?", cell) is not None


def _against_order(opened: Examined, source: Source, frame: pd.DataFrame, who: list[str], stage: str, date: str) -> Iterator[Fault]:
    rows = [
        (number, one, str(step), str(day))
        for number, (one, step, day) in enumerate(zip(who, frame[stage], frame[date], strict=True))
        if one and str(step) and _is_date(str(day))
    ]
    days: dict[str, list[float]] = {}
    for _, _, step, day in rows:
        days.setdefault(step, []).append(_months(day))
    middle = {step: median(found) for step, found in days.items()}
    told = set()
    for number, one, step, day in rows:
        for other, another, later, then in rows:
            if one != another or middle[later] <= middle[step] or then >= day:
                continue
            wrong = max(((number, step, day), (other, later, then)), key=lambda at: abs(_months(at[2]) - middle[at[1]]))
            if wrong[0] not in told:
                told.add(wrong[0])
                what = f"{date}: {wrong[2]} runs against the order of the others ({stage} {quoted(wrong[1])})"
                yield Fault("source", source.path, opened.row(source, frame, wrong[0]), what)


def _months(day: str) -> float:
    year, month, *rest = (int(part) for part in day.split("-"))
    return 12 * year + month + (rest[0] / 31 if rest else 0)
