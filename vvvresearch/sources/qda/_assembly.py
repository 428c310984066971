"""From a draft to codings: paths for codes, exact places for passages, one table with everything, and the kind of data."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from vvvresearch import files
from vvvresearch.errors import SourceError
from vvvresearch.evidence import CODEBOOK_COLUMNS, SEPARATOR, Codebook, Codings, OffsetChoice
from vvvresearch.kinds import KIND_MARK, DataKind, combined_kind, marked_kind
from vvvresearch.sources.qda._calibration import calibrate, declared
from vvvresearch.sources.qda._draft import CodeNode, Draft, LossLog, Marks, unique_name
from vvvresearch.sources.qda._offsets import OUTSIDE, Convention, CountedText, Selections, normal_text, selections
from vvvresearch.sources.qda._passages import Placed, follow_quotes, frame_of
from vvvresearch.sources.qda.tables._write import MEMO_COLUMNS, SET_COLUMNS

if TYPE_CHECKING:
    import pandas as pd


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
    marks = draft.marks
    by_source: dict[str, list[int]] = {}
    for number, (key, start) in enumerate(zip(marks.source, marks.start, strict=True)):
        if start is not None and key in counted:
            by_source.setdefault(key, []).append(number)
    names = {key: source.name for key, source in draft.sources.items()}
    picked = {names[key]: _selected(counted[key], marks, rows) for key, rows in by_source.items()}
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
    passages = []
    for key, rows in by_source.items():
        selected = picked[names[key]]
        places = counted[key].places(selected.starts, selected.ends, used[names[key]])
        passages.append(Placed(key, rows, *places))
    if quotes_are_right:
        follow_quotes(draft, counted, passages, floor)
    frame = frame_of(draft, paths, counted, passages)
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


def _selected(counted: CountedText, marks: Marks, rows: Sequence[int]) -> Selections:
    starts, ends = ([column[row] or 0 for row in rows] for column in (marks.start, marks.end))
    return selections(counted, starts, ends, [marks.quote[row] for row in rows])


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


def _memos(
    draft: Draft, paths: Mapping[str, str], counted: Mapping[str, CountedText], used: Mapping[str, Convention]
) -> pd.DataFrame | None:
    """The memos with names for keys; those on passages stand where the codings' way of counting puts them."""
    import pandas as pd

    places: dict[int, tuple[int, int]] = {}
    for key, counter in counted.items():
        rows = [number for number, memo in enumerate(draft.memos) if memo.start is not None and memo.target == key]
        if rows:
            own = [draft.memos[number] for number in rows]
            selected = selections(counter, [memo.start or 0 for memo in own], [memo.end or 0 for memo in own], [""] * len(own))
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
    return pd.DataFrame(rows, columns=list(SET_COLUMNS)) if rows else None


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


# A ">" that could be taken for the one between two names: beside a space or at a name's edge.
_LOOSE = re.compile(r"(?:(?<=\s)|^)>|>(?=\s|$)")
_SECTIONS = ("inclusion", "exclusion", "examples")
_HEADING = re.compile(rf"^(\\*)\[({'|'.join(_SECTIONS)})\]$")


def code_paths(nodes: Sequence[CodeNode], log: LossLog) -> tuple[Codebook, dict[str, str]]:
    """The codebook of a tree of codes, parents before children, and key → path.

    A ">" in a name that could pass for the separator stands as "›" in the path, and characters that nobody sees are
    not in it; the column `name` keeps them. Equal siblings are told apart by a number.

    Raises:
        SourceError: a code that is its own ancestor.
    """
    import pandas as pd

    known = {node.key for node in nodes}
    children: dict[str, list[CodeNode]] = {}
    for node in nodes:
        if node.parent and node.parent not in known:
            log.add("codes whose parent is missing", detail="they stand at the top", place=node.name)
        children.setdefault(node.parent if node.parent in known else "", []).append(node)
    rows: list[dict[str, Any]] = []
    paths: dict[str, str] = {}
    waiting = [(node, "") for node in reversed(children.get("", []))]
    taken: set[str] = set()
    while waiting:
        node, parent = waiting.pop()
        part = _LOOSE.sub("›", " ".join(files.plain_text(node.name).split())) or "(unnamed)"
        wanted = f"{parent}{SEPARATOR}{part}" if parent else part
        path = unique_name(wanted, taken)
        if path != wanted:
            log.add("codes with the name of a sibling", detail="told apart by a number in the path", place=path)
        if part != node.name:
            log.add("code names that cannot stand in a path as they are", detail="the column name keeps them", place=path)
        paths[node.key] = path
        rows.append(_row(node, path, parent))
        waiting.extend((child, path) for child in reversed(children.get(node.key, [])))
    if len(rows) < len(nodes):
        lost = next(node for node in nodes if node.key not in paths)
        raise SourceError(f"the code {lost.name!r} is its own ancestor", where=log.where, todo="correct the tree of codes")
    frame = pd.DataFrame(rows, columns=list(CODEBOOK_COLUMNS))
    cases = {paths[node.key] for node in nodes if node.is_case}
    return Codebook(frame.assign(is_case=frame["code_path"].isin(cases)) if cases else frame), paths


def _row(node: CodeNode, path: str, parent: str) -> dict[str, Any]:
    row: dict[str, Any] = {"code_path": path, "name": node.name, "parent": parent, "is_codable": node.is_codable}
    return {**row, **split_description(node.definition), "color": node.color, "guid": node.guid}


def split_description(text: str) -> dict[str, str]:
    """A code's description as definition, inclusion, exclusion and examples.

    Example:
        >>> split_description("What is said of friends.\\n[examples]\\nwe cook")["examples"]
        'we cook'
    """
    parts: dict[str, list[str]] = {"definition": []}
    section = "definition"
    for line in text.split("\n"):
        heading = _HEADING.match(line)
        if heading and not heading[1] and heading[2] not in parts:
            section = heading[2]
            parts[section] = []
        else:
            parts[section].append(line[1:] if heading and heading[1] else line)
    return {name: "\n".join(parts.get(name, [])) for name in ("definition", *_SECTIONS)}


def join_description(row: Mapping[str, Any]) -> str:
    """The reverse of `split_description`: one text that every program shows as the code's description."""

    def escaped(text: str) -> str:
        return "\n".join("\\" + line if _HEADING.match(line) else line for line in text.split("\n"))

    parts = [escaped(row["definition"])]
    parts += [f"[{name}]\n{escaped(row[name])}" for name in _SECTIONS if row[name]]
    return "\n".join(parts)


def with_kind_mark(codings: Codings) -> Codings:
    """The codings with a memo on the project that names their kind, where they are not real."""
    if codings.kind is DataKind.REAL:
        return codings
    mark = dict.fromkeys(MEMO_COLUMNS, "") | {"on": "project", "title": KIND_MARK, "text": codings.kind.value, "start": pd.NA, "end": pd.NA}
    memos = [codings.memos] if codings.memos is not None else []
    whole = pd.concat([*memos, pd.DataFrame([mark], columns=list(MEMO_COLUMNS))], ignore_index=True)
    if memos:
        whole = whole.astype(memos[0].dtypes.to_dict())
    return dataclasses.replace(codings, memos=whole)


def without_kind_mark(codings: Codings, path: object) -> Codings:
    """The codings with the kind that the memo on their project names, and without the memo.

    Raises:
        SourceError: it names no kind.
    """
    if codings.memos is None:
        return codings
    marks = (codings.memos["on"] == "project") & (codings.memos["title"] == KIND_MARK)
    if not marks.any():
        return codings
    kinds = [marked_kind(str(word).strip(), path) for word in codings.memos.loc[marks, "text"]]
    rest = codings.memos[~marks].reset_index(drop=True)
    return dataclasses.replace(codings, memos=rest if len(rest) else None, kind=combined_kind([codings.kind, *kinds]))
