"""From a draft to codings: paths for codes, exact places for passages, one table with everything."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from vvvresearch.errors import SourceError
from vvvresearch.evidence import Codings, OffsetChoice
from vvvresearch.sources.qda._calibration import calibrate, declared
from vvvresearch.sources.qda._codes import code_paths
from vvvresearch.sources.qda._draft import Draft, Mark
from vvvresearch.sources.qda._offsets import OUTSIDE, Convention, CountedText, Selections, cut_quote, normal_text, quote_matches, selections
from vvvresearch.sources.qda._quotes import Transcript

ATTRIBUTES = ("stance", "beneficiary", "phase")
_OUT_OF_TEXT = "passages that lie outside of their text"


def finish(
    draft: Draft,
    *,
    floor: float,
    prescribed: Convention | None = None,
    quotes_are_right: bool = False,
) -> Codings:
    """Settle positions and paths and put the tables together.

    Args:
        draft: what a reader found.
        floor: the lowest share of passages that must agree with the chosen convention.
        prescribed: the convention where the format itself says it; None means calibrate.
        quotes_are_right: a passage that is not its quote is looked up in the text instead (then nothing is refused);
            only with a prescribed convention.
    """
    codebook, paths = code_paths(draft.codes, draft.log)
    counted = {key: CountedText(source.raw) for key, source in draft.sources.items() if source.raw is not None}
    by_source: dict[str, list[int]] = {}
    for number, mark in enumerate(draft.marks):
        if mark.source in counted and mark.start is not None:
            by_source.setdefault(mark.source, []).append(number)
    names = {key: source.name for key, source in draft.sources.items()}
    picked = {names[key]: _selections(counted[key], (draft.marks[number] for number in rows)) for key, rows in by_source.items()}
    if prescribed is None:
        used, choices = calibrate(picked, draft.where, origin=draft.origin, floor=floor)
    else:
        used = dict.fromkeys(picked, prescribed)
        choices = {name: declared(selected, prescribed) for name, selected in picked.items()}
        if not quotes_are_right:
            _refuse_below(choices, floor, draft.where)
    for name, choice in choices.items():
        if choice.score < floor:
            draft.log.add(
                "sources with too few passages to be sure of their positions", place=f"{name} ({choice.score:.2f} of {choice.checked})"
            )
    places: dict[int, tuple[int, int]] = {}
    for key, rows in by_source.items():
        starts, ends = _as_lists(picked[names[key]], used[names[key]])
        places.update(zip(rows, zip(starts, ends, strict=True), strict=True))
    if quotes_are_right:
        _follow_quotes(draft, counted, places)
    table = _rows(draft, paths, counted, places)
    import pandas as pd

    frame = pd.DataFrame(table)
    frame = frame.astype({"start": "Int64", "end": "Int64"})
    _report_missing(draft, counted)
    return Codings(
        frame,
        codebook,
        {names[key]: text.text for key, text in counted.items()},
        losses=draft.log.losses(),
        offsets={names[key]: choices[names[key]] for key in draft.sources if names[key] in choices},
        sources=_sources(draft),
        cases=_cases(draft),
        origin=draft.where,
    )


def _selections(counted: CountedText, marks: Iterable[Mark]) -> Selections:
    return selections(counted, [(mark.start or 0, mark.end or 0, mark.quote) for mark in marks])


def _as_lists(selected: Selections, convention: Convention) -> tuple[list[int], list[int]]:
    starts, ends = selected.counted.places(selected.starts, selected.ends, convention)
    return starts.tolist(), ends.tolist()


def _follow_quotes(draft: Draft, counted: Mapping[str, CountedText], places: dict[int, tuple[int, int]]) -> None:
    """Move passages whose text was edited after coding to where their quote stands, if it stands there once."""
    transcripts = {key: Transcript(text.text) for key, text in counted.items()}
    for number, (start, end) in places.items():
        mark = draft.marks[number]
        text = counted[mark.source].text
        quote = normal_text(mark.quote)
        if not quote or (start != OUTSIDE and text[start:end] == quote):
            continue
        found = transcripts[mark.source].locate(quote)
        if found.start is None and quote_matches(text, start, end, quote):
            continue
        if found.start is not None and found.end is not None:
            places[number] = (found.start, found.end)
            draft.log.add("passages that were not at their position", detail="placed where their stored text stands")
        else:
            places[number] = (OUTSIDE, OUTSIDE)
            why = "more than once" if found.matches else "no longer"
            draft.log.add(f"passages whose stored text stands {why} in the source", place=draft.sources[mark.source].name)


def _refuse_below(choices: Mapping[str, OffsetChoice], floor: float, where: str) -> None:
    checked = sum(choice.checked for choice in choices.values())
    agreed = sum(round(choice.score * choice.checked) for choice in choices.values())
    if checked and agreed < floor * checked:
        raise SourceError(
            f"the positions of the passages do not fit the texts: score {agreed / checked:.2f}, floor {floor:.2f}",
            where=where,
            why="the passages at these positions agree neither with their stored quotes nor with the boundaries of words",
            todo="check the project in the program that wrote it, or give a lower min_offset_score",
        )


def _rows(draft: Draft, paths: dict[str, str], counted: dict[str, CountedText], places: dict[int, tuple[int, int]]) -> dict[str, list[Any]]:
    kept = [(number, mark) for number, mark in enumerate(draft.marks) if mark.code in paths]
    for mark in draft.marks if len(kept) < len(draft.marks) else ():
        if mark.code not in paths:
            draft.log.add("codings of a code that the codebook lacks", detail="left out", place=mark.code)
    names = {key: source.name for key, source in draft.sources.items()}
    placed = [_place(draft, mark, counted.get(mark.source), places.get(number)) for number, mark in kept]
    table: dict[str, list[Any]] = {
        "source": [names[mark.source] for _, mark in kept],
        "start": [place[0] for place in placed],
        "end": [place[1] for place in placed],
        "text": [place[2] for place in placed],
        "code_path": [paths[mark.code] for _, mark in kept],
        "coder": [mark.coder for _, mark in kept],
        "memo": [mark.memo for _, mark in kept],
        "guid": [mark.guid for _, mark in kept],
        "region": [mark.region for _, mark in kept],
    }
    if not any(table["region"]):
        del table["region"]
    for name in ATTRIBUTES:
        cells = [dict(mark.attributes).get(name, "") if mark.attributes else "" for _, mark in kept]
        if any(cells):
            table[name] = cells
    return table


def _place(draft: Draft, mark: Mark, counted: CountedText | None, placed: tuple[int, int] | None) -> tuple[int | None, int | None, str]:
    if counted is None:
        # Without a text nothing can be checked: positions stay as the file has them, the loss report says so.
        return mark.start, mark.end, _believable(mark)
    if mark.region:
        return None, None, mark.quote
    if placed is None:
        return 0, len(counted.text), counted.text
    if placed[0] == OUTSIDE:
        draft.log.add(_OUT_OF_TEXT, detail="kept without a place", place=draft.sources[mark.source].name)
        return None, None, mark.quote
    return placed[0], placed[1], counted.text[placed[0] : placed[1]]


def _believable(mark: Mark) -> str:
    """The quote of a passage whose text is missing, unless its length shows that it is a title."""
    if mark.start is None or mark.end is None:
        return mark.quote
    length = mark.end - mark.start
    fits = abs(len(mark.quote) - length) <= 2 + length // 10
    return mark.quote if fits or (cut_quote(mark.quote) is not None and length >= len(mark.quote) - 1) else ""


def _report_missing(draft: Draft, counted: dict[str, CountedText]) -> None:
    unplaced: dict[str, int] = {}
    for mark in draft.marks:
        if mark.source not in counted and mark.start is not None:
            unplaced[mark.source] = unplaced.get(mark.source, 0) + 1
    for key, count in unplaced.items():
        name = draft.sources[key].name
        draft.log.add("codings on a text that the file does not hold", count, "positions are as in the file, not checked", name)


def _sources(draft: Draft) -> Any:
    import pandas as pd

    names = list(dict.fromkeys(name for source in draft.sources.values() for name in source.variables))
    data: dict[str, list[Any]] = {"source": [source.name for source in draft.sources.values()]}
    data.update({name: [source.variables.get(name) for source in draft.sources.values()] for name in names})
    return pd.DataFrame(data, dtype=object)


def _cases(draft: Draft) -> Any:
    import pandas as pd

    names = list(dict.fromkeys(name for case in draft.cases for name in case if name not in ("case", "source")))
    data = {name: [case.get(name) for case in draft.cases] for name in ("case", "source", *names)}
    return pd.DataFrame(data, dtype=object)
