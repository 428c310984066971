"""The kind of data in a coded project: a memo on the project says that it is not real, in every program that shows memos."""

from __future__ import annotations

import dataclasses

import pandas as pd

from vvvresearch.evidence import Codings
from vvvresearch.kinds import KIND_MARK, DataKind, combined_kind, marked_kind
from vvvresearch.sources.qda.tables._write import MEMO_COLUMNS


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
