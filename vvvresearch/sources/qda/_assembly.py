"""From a draft to codings: paths for codes, exact places for passages, one table with everything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from vvvresearch.errors import SourceError
from vvvresearch.evidence import Codings, OffsetChoice
from vvvresearch.sources.qda._calibration import calibrate, declared
from vvvresearch.sources.qda._codes import code_paths
from vvvresearch.sources.qda._draft import Draft, Mark, Memo
from vvvresearch.sources.qda._offsets import OUTSIDE, Convention, CountedText, Selections, cut_quote, normal_text, quote_matches, selections
from vvvresearch.sources.qda._quotes import nearest

if TYPE_CHECKING:
    import pandas as pd

ATTRIBUTES = ("stance", "beneficiary", "phase", "prompted")
MEMO_COLUMNS = ("on", "target", "start", "end", "title", "text", "author", "date")
_OUT_OF_TEXT = "passages that lie outside of their text"
_Places = dict[int, tuple[int, int]]


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
        quotes_are_right: the file keeps each passage beside its positions: one that is not at its position is looked
            up in the text near it instead, and nothing is refused as long as enough passages stand somewhere.
    """
    codebook, paths = code_paths(draft.codes, draft.log)
    counted = {key: CountedText(source.raw) for key, source in draft.sources.items() if source.raw is not None}
    by_source: dict[str, list[int]] = {}
    for number, mark in enumerate(draft.marks):
        if mark.start is not None and mark.source in counted:
            by_source.setdefault(mark.source, []).append(number)
    names = {key: source.name for key, source in draft.sources.items()}
    picked = {names[key]: _selected(counted[key], [draft.marks[number] for number in rows]) for key, rows in by_source.items()}
    if prescribed is None:
        used, choices = calibrate(picked, draft.where, origin=draft.origin, floor=0 if quotes_are_right else floor)
    else:
        used = dict.fromkeys(picked, prescribed)
        choices = {name: declared(selected, prescribed) for name, selected in picked.items()}
        if not quotes_are_right:
            _refuse_below(choices, floor, draft.where)
    for name, choice in choices.items():
        if choice.score < floor and not quotes_are_right:
            draft.log.add(
                "sources with too few passages to be sure of their positions", place=f"{name} ({choice.score:.2f} of {choice.checked})"
            )
    places: _Places = {}
    for key, rows in by_source.items():
        selected = picked[names[key]]
        starts, ends = counted[key].places(selected.starts, selected.ends, used[names[key]])
        places.update(zip(rows, zip(starts.tolist(), ends.tolist(), strict=True), strict=True))
    if quotes_are_right:
        _follow_quotes(draft, counted, places, floor)
    frame = _frame(draft, paths, counted, places)
    _report_missing(draft, counted)
    memos = _memos(draft, paths, counted, {key: used.get(name, prescribed or Convention()) for key, name in names.items()})
    return Codings(
        frame,
        codebook,
        {names[key]: text.text for key, text in counted.items()},
        losses=draft.log.losses(),
        offsets={names[key]: choices[names[key]] for key in draft.sources if names[key] in choices},
        sources=_sources(draft),
        cases=_cases(draft),
        memos=memos,
        sets=_sets(draft, paths),
        origin=draft.where,
    )


def _selected(counted: CountedText, marks: Sequence[Mark | Memo]) -> Selections:
    quotes = [mark.quote if isinstance(mark, Mark) else "" for mark in marks]
    return selections(counted, [mark.start or 0 for mark in marks], [mark.end or 0 for mark in marks], quotes)


def _follow_quotes(draft: Draft, counted: Mapping[str, CountedText], places: _Places, floor: float) -> None:
    """Move passages whose text was edited after coding to where their quote stands, near their place or only there."""
    quoted = lost = 0
    for number, (start, end) in places.items():
        mark = draft.marks[number]
        text = counted[mark.source].text
        quote = normal_text(mark.quote)
        if not quote.strip():
            continue
        quoted += 1
        if start != OUTSIDE and (text[start:end] == quote or quote_matches(text, start, end, quote)):
            continue
        found = nearest(text, quote, mark.start or 0)
        if found.start is not None and found.end is not None:
            places[number] = (found.start, found.end)
            draft.log.add("passages that were not at their position", detail="placed where their stored text stands")
        else:
            lost += 1
            places[number] = (OUTSIDE, OUTSIDE)
            why = "more than once" if found.matches else "no longer"
            draft.log.add(f"passages whose stored text stands {why} in the source", place=draft.sources[mark.source].name)
    if quoted - lost < floor * quoted and quoted >= 5:
        raise SourceError(
            f"the positions of the passages do not fit the texts: {quoted - lost} of {quoted} stand there or near, floor {floor:.2f}",
            where=draft.where,
            why="neither at the positions nor elsewhere do the texts hold the stored passages",
            todo="check the project in the program that wrote it, or give a lower min_offset_score",
        )


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


def _frame(draft: Draft, paths: Mapping[str, str], counted: Mapping[str, CountedText], places: _Places) -> pd.DataFrame:
    import numpy as np
    import pandas as pd

    names = {key: source.name for key, source in draft.sources.items()}
    starts, ends, texts, kept = [], [], [], []
    for number, mark in enumerate(draft.marks):
        if mark.code not in paths:
            draft.log.add("codings of a code that the codebook lacks", detail="left out", place=mark.code)
            continue
        kept.append(mark)
        placed = places.get(number)
        if placed is not None and placed[0] != OUTSIDE:
            start, end = placed
            whole = counted[mark.source].text
            text = whole[start:end]
            if mark.quote and mark.quote != text and not quote_matches(whole, start, end, normal_text(mark.quote)):
                draft.log.add("names and quotes of passages that are not their text", detail="the text was taken", place=names[mark.source])
        else:
            start, end, text = _unplaced(draft, mark, counted.get(mark.source), placed)
        starts.append(start)
        ends.append(end)
        texts.append(text)
    table: dict[str, Any] = {"source": [names[mark.source] for mark in kept]}
    for name, values in (("start", starts), ("end", ends)):
        missing = np.array([value < 0 for value in values], dtype=bool)
        table[name] = pd.arrays.IntegerArray(np.where(missing, 1, np.array(values, dtype=np.int64)), missing)
    table |= {
        "text": texts,
        "code_path": [paths[mark.code] for mark in kept],
        "coder": [mark.coder for mark in kept],
        "memo": [mark.memo for mark in kept],
        "guid": [mark.guid for mark in kept],
    }
    for name in ("region", "date"):
        cells = [getattr(mark, name) for mark in kept]
        if any(cells):
            table[name] = cells
    given = {name: [dict(mark.attributes).get(name, "") if mark.attributes else "" for mark in kept] for name in ATTRIBUTES}
    table |= {name: cells for name, cells in given.items() if any(cells)}
    frame = pd.DataFrame(table)
    words = [name for name in table if name not in ("start", "end")]
    return frame if len(frame) else frame.astype(dict.fromkeys(words, object))


def _unplaced(draft: Draft, mark: Mark, counted: CountedText | None, placed: tuple[int, int] | None) -> tuple[int, int, str]:
    """Start, end and text of a coding on a whole source, on a region or on a text that is missing; -1 for no place."""
    if counted is None:
        # Without a text nothing can be checked: positions stay as the file has them, the loss report says so.
        return -1 if mark.start is None else mark.start, -1 if mark.end is None else mark.end, _believable(mark)
    if mark.region:
        return -1, -1, mark.quote
    if placed is None:
        return 0, len(counted.text), counted.text
    draft.log.add(_OUT_OF_TEXT, detail="kept without a place", place=draft.sources[mark.source].name)
    return -1, -1, mark.quote


def _believable(mark: Mark) -> str:
    """The quote of a passage whose text is missing, unless its length shows that it is a title."""
    if mark.start is None or mark.end is None:
        return mark.quote
    length = mark.end - mark.start
    fits = abs(len(mark.quote) - length) <= 2 + length // 10
    return mark.quote if fits or (cut_quote(mark.quote) is not None and length >= len(mark.quote) - 1) else ""


def _report_missing(draft: Draft, counted: Mapping[str, CountedText]) -> None:
    unplaced: dict[str, int] = {}
    for mark in draft.marks:
        if mark.source not in counted and mark.start is not None:
            unplaced[mark.source] = unplaced.get(mark.source, 0) + 1
    for key, count in unplaced.items():
        name = draft.sources[key].name
        draft.log.add("codings on a text that the file does not hold", count, "positions are as in the file, not checked", name)


def _memos(
    draft: Draft, paths: Mapping[str, str], counted: Mapping[str, CountedText], used: Mapping[str, Convention]
) -> pd.DataFrame | None:
    """The memos with names for keys; those on passages stand where the codings' way of counting puts them."""
    import pandas as pd

    places: _Places = {}
    for key, counter in counted.items():
        rows = [number for number, memo in enumerate(draft.memos) if memo.start is not None and memo.target == key]
        if rows:
            selected = _selected(counter, [draft.memos[number] for number in rows])
            starts, ends = counter.places(selected.starts, selected.ends, used[key])
            places.update(zip(rows, zip(starts.tolist(), ends.tolist(), strict=True), strict=True))
    names = {key: source.name for key, source in draft.sources.items()}
    rows_out = []
    for number, memo in enumerate(draft.memos):
        known = {"code": paths, "source": names, "passage": names}.get(memo.on)
        if known is not None and memo.target not in known:
            draft.log.add("memos on something that the project lacks", place=memo.title)
            continue
        start, end = places.get(number, (OUTSIDE, OUTSIDE))
        place = (None, None) if start == OUTSIDE else (start, end)
        on = "source" if memo.on == "passage" and start == OUTSIDE else memo.on
        target = known[memo.target] if known is not None else memo.target
        rows_out.append((on, target, *place, memo.title, normal_text(memo.text), memo.author, memo.date))
    if not rows_out:
        return None
    return pd.DataFrame(rows_out, columns=list(MEMO_COLUMNS)).astype({"start": "Int64", "end": "Int64"})


def _sets(draft: Draft, paths: Mapping[str, str]) -> pd.DataFrame | None:
    import pandas as pd

    names = {key: source.name for key, source in draft.sources.items()}
    rows = []
    for title, kind, key in draft.sets:
        member = (paths if kind == "code" else names).get(key)
        if member is None:
            draft.log.add("members of sets that the project lacks", place=title)
        else:
            rows.append((title, kind, member))
    return pd.DataFrame(rows, columns=["set", "kind", "member"]) if rows else None


def _sources(draft: Draft) -> pd.DataFrame:
    import pandas as pd

    names = list(dict.fromkeys(name for source in draft.sources.values() for name in source.variables))
    data: dict[str, list[Any]] = {"source": [source.name for source in draft.sources.values()]}
    data.update({name: [source.variables.get(name) for source in draft.sources.values()] for name in names})
    return pd.DataFrame(data, dtype=object)


def _cases(draft: Draft) -> pd.DataFrame:
    import pandas as pd

    names = list(dict.fromkeys(name for case in draft.cases for name in case if name not in ("case", "source")))
    data = {name: [case.get(name) for case in draft.cases] for name in ("case", "source", *names)}
    return pd.DataFrame(data, dtype=object)
