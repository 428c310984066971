"""Codings: who put which code on which passage of which source; and the codebook, codes in a tree, known by their path."""

from __future__ import annotations

import dataclasses
import difflib
import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from vvvresearch.conditions import rows_where
from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.evidence._register import Losses
from vvvresearch.evidence._rows import Rows, column_named, stance_named
from vvvresearch.kinds import DataKind
from vvvresearch.locales import the_one

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

CODEBOOK_COLUMNS = ("code_path", "name", "parent", "is_codable", "definition", "inclusion", "exclusion", "examples", "color", "guid")

SEPARATOR = " > "


@dataclass(frozen=True)
class Codebook(Rows):
    """Codes in a tree. A code is known by its path (names joined by " > "), never by its name alone.

    Args:
        frame: one row a code: code_path, name, parent (path, "" at the top), is_codable (bool), definition,
            inclusion, exclusion, examples, color, guid (text, "" where unknown); parents before children. An optional
            column is_case (bool) marks codes that stand for cases: they are no themes, so `paths`, `children` and
            `below` leave them out.
        version: the codebook's version as its makers call it.
        losses: what its file held and this table does not.
    """

    frame: pd.DataFrame
    version: str = ""
    losses: Losses = field(default_factory=Losses)

    def row_meant(self, value: object) -> object:
        """A code by what people call it."""
        return self.named(str(value))

    def __post_init__(self) -> None:
        missing = [name for name in CODEBOOK_COLUMNS if name not in self.frame.columns]
        if missing:
            raise AnalysisError(f"the codebook lacks the columns {', '.join(missing)}")
        double = self.frame["code_path"][self.frame["code_path"].duplicated()]
        if len(double):
            raise AnalysisError(f"the code path {double.iloc[0]!r} stands twice in the codebook", why="a path identifies a code")

    @property
    def paths(self) -> list[str]:
        """All code paths, in the codebook's order, without those that stand for cases."""
        return list(self._themes["code_path"])

    @property
    def _themes(self) -> pd.DataFrame:
        """The codes that are no cases."""
        return self.frame[~self.frame["is_case"].astype(bool)] if "is_case" in self.frame else self.frame

    def children(self, path: str) -> list[str]:
        """The codes directly below a path, or what people call it ("" gives the top level)."""
        return list(self._themes.loc[self._themes["parent"] == (path and self.named(path)), "code_path"])

    def named(self, name: str, *, part: bool = True) -> str:
        """The path of a code as people call it: by its path, with slashes too, or by its last names where only one code has them.

        Args:
            name: as it was given.
            part: whether some words of a name are enough, where no other code has them.

        Raises:
            AnalysisError: no such code, or several.

        Example:
            >>> import vvvresearch as vvv
            >>> vvv.open_round("demo").codebook.named("dansk")
            'Udbytte > Dansk'
        """
        if name in set(self.frame["code_path"]):
            return name
        wanted = _parts(name)
        meant = [path for path in self.paths if wanted and _parts(path)[-len(wanted) :] == wanted]
        meant = [path for path in meant if _parts(path) == wanted] or meant
        if len(meant) == 1:
            return meant[0]
        last_names = {path: (path.rpartition(SEPARATOR)[2],) for path in self.paths}
        # A whole path is no everyday word: what no codebook has is told, with the nearest.
        if not meant and len(wanted) == 1 and (found := the_one(name, last_names, part=part)):
            return found
        why = f"{len(meant)} codes are called so" if meant else ""
        last = [path for path in self.paths if wanted and difflib.get_close_matches(wanted[-1], _parts(path)[-1:], cutoff=0.75)]
        raise AnalysisError(f"the codebook has no code {name!r}", why=why, todo=did_you_mean(name, meant or last or self.paths))

    def below(self, path: str) -> list[str]:
        """A code and all codes under it, in the codebook's order.

        Raises:
            AnalysisError: no such code.
        """
        top = self.named(path)
        prefix = top + SEPARATOR
        return [other for other in self.paths if other == top or other.startswith(prefix)]

    def level(self, path: str) -> int:
        """1 for a top-level code, 2 for its children, and so on."""
        return path.count(SEPARATOR) + 1

    def _repr_html_(self) -> str:
        return self.frame[["code_path", "definition"]].to_html(index=False, escape=True)


def _parts(path: str) -> list[str]:
    """The names of a path, folded; people part them by ">", by a slash or by a backslash."""
    return [part.strip().casefold() for part in re.split(r"\s*[>/\\]\s*", path) if part.strip()]


_SHOWN, _LONGEST = 20, 200
_COLUMNS = ("source", "start", "end", "text", "code_path", "coder", "stance", "phase", "beneficiary", "prompted", "date", "memo")


@dataclass(frozen=True)
class OffsetChoice:
    """How a file's offsets were read, and the evidence for it.

    Args:
        choice: the convention in words, e.g. "bom=stripped crlf=2 unit=utf-16 end=exclusive".
        score: share of checked passages that agree with it, 0–1.
        checked: passages that could be checked.
        evidence: "quote" (selection texts matched), "words" (word boundaries), "declared" (the format says so).
    """

    choice: str
    score: float
    checked: int
    evidence: str


@dataclass(frozen=True)
class Codings(Rows):
    """Coded passages with everything they refer to.

    Args:
        frame: one row a coding: source (name of a text), start, end (code points into `texts[source]`, end
            exclusive; the whole document is 0 and its length; <NA> for a passage without a place in a text, as in the
            file where the file names a text and does not hold it), text (the passage), code_path, coder; optional
            columns: stance ("affirmed" or "contradicted"), beneficiary ("child" or "adult"), phase ("start" or
            "later"), prompted ("prompted" or "unprompted"), memo, date (when it was coded, ISO 8601 where the file's
            date can be told), guid, region (where a coding lies on a picture, PDF page, audio or video).
        codebook: the codes.
        texts: source name → text (line ends as `\\n`, no byte-order mark).
        losses: what the file held and this model does not.
        offsets: source name → how its offsets were read.
        sources: one row a source: source, and a column for each variable of the project.
        cases: one row a membership of a source in a case: case, source, and the case's variables.
        memos: one row a memo on something else than a coding: on ("project", "code", "source", "case" or "passage"),
            target (the code's path, or the name of the source or case; of a passage its source), start, end (of a
            passage), title, text, author, date.
        sets: one row a member of a set (group): set, kind ("code" or "source"), member (code path or source).
        kind: real, reconstructed or synthetic.
        origin: the file it came from.
        readers: who has read which transcript (source, coder), where passages were left out and no longer tell it.
        raised: which codes were raised in which transcript (source, code_path), where passages were left out by what they say.
    """

    frame: pd.DataFrame
    codebook: Codebook
    texts: dict[str, str]
    losses: Losses = field(default_factory=Losses)
    offsets: dict[str, OffsetChoice] = field(default_factory=dict)
    sources: pd.DataFrame | None = None
    cases: pd.DataFrame | None = None
    memos: pd.DataFrame | None = None
    sets: pd.DataFrame | None = None
    kind: DataKind = DataKind.REAL
    origin: str = ""
    readers: pd.DataFrame | None = None
    raised: pd.DataFrame | None = None

    KEY = "code"
    UNIT = "segment"

    @property
    def coders(self) -> list[str]:
        """The coders, sorted."""
        return sorted(self.frame["coder"].unique())

    @cached_property
    def numbered(self) -> dict[str, tuple[NDArray[np.intp], pd.Index[Any]]]:
        """Source, code and coder of each passage as numbers, each with what its numbers stand for: compared often, made once."""
        import pandas as pd

        return {name: pd.factorize(self.frame[name]) for name in ("source", "code_path", "coder")}

    @cached_property
    def coded(self) -> pd.DataFrame:
        """Who has a passage in which transcript, each once: source, coder."""
        return self.frame[["source", "coder"]].drop_duplicates()

    def filter(
        self,
        condition: Any = None,
        /,
        *,
        code: object = "",
        coder: str | Sequence[str] = (),
        stance: str = "",
        source: str | Sequence[str] = (),
        memo: bool | None = None,
        **others: Any,
    ) -> Codings:
        """Some of the passages, with bases that stay true: who has read which transcript is kept, so that silence stays silence.

        Args:
            condition: arguments in a dict, a condition in words as pandas' `query` has it, a function of the passages or of one, or a
                column of true and false.
            code: a code (or its path), or several: their passages and those of codes below them.
            coder: a coder or several; only what they have read counts as coded then.
            stance: "affirmed" (where no stance is noted too) or "contradicted".
            source: names of transcripts; the others are left out whole.
            memo: True for passages with a memo, False for those without.
            others: the same under other words for them.

        Raises:
            AnalysisError: no such argument, code, coder, stance or transcript, with what was probably meant.

        Example:
            >>> import vvvresearch as vvv
            >>> codings = vvv.open_round("demo").codings
            >>> len(codings.filter(stance="contradicted").frame), len(codings.filter(stance="contradicted").readers)
            (209, 94)
        """
        if others or isinstance(condition, Mapping):
            told = {"code": code, "coder": coder, "stance": stance, "source": source, "memo": memo}
            told = {name: value for name, value in told.items() if value not in ("", (), None)}
            given = {**others, **(condition if isinstance(condition, Mapping) else {})}
            meant = {_argument(name): value for name, value in given.items()}
            return self.filter(None if isinstance(condition, Mapping) else condition, **{**told, **meant})
        stance = stance_named(stance) or stance
        frame, readers = self.frame, self.readers if self.readers is not None else self.frame[["source", "coder"]].drop_duplicates()
        sources, coders = _listed(source), _listed(coder)
        _known("transcript", sources, {*frame["source"], *self.texts})
        _known("coder", coders, set(readers["coder"]))
        _known("stance", _listed(stance), {"affirmed", "contradicted"})
        if code:
            below = {one for named in (code if isinstance(code, list | tuple | set) else [code]) for one in self.codebook.below(str(named))}
            frame = frame[frame["code_path"].isin(below)]
        if sources:
            frame, readers = frame[frame["source"].isin(sources)], readers[readers["source"].isin(sources)]
        if coders:
            frame, readers = frame[frame["coder"].isin(coders)], readers[readers["coder"].isin(coders)]
        by_words = stance or memo is not None or condition is not None
        raised = frame[["source", "code_path"]].drop_duplicates() if by_words else self.raised
        if condition is not None:
            frame = frame[rows_where(frame, condition, self.value_meant)]
        if stance:
            against = frame["stance"].eq("contradicted") if "stance" in frame else frame["code_path"].isna()
            frame = frame[against if stance == "contradicted" else ~against]
        if memo is not None:
            noted = self.passages()
            has = noted["memo"].fillna("").ne("") if "memo" in noted else noted["code_path"].isna()
            frame = frame[has.reindex(frame.index) == memo]
        texts = {name: text for name, text in self.texts.items() if not sources or name in sources}
        return dataclasses.replace(
            self, frame=frame.reset_index(drop=True), texts=texts, readers=readers.reset_index(drop=True), raised=raised
        ).of(self.opened)

    def passages(self) -> pd.DataFrame:
        """The table of codings with every memo that stands on a passage beside it: those of the coding and those on the
        same passage, a blank line between.

        Returns:
            As `frame`, with the column memo filled up; without the column where nothing has a memo.

        Example:
            >>> import vvvresearch as vvv
            >>> vvv.open_round("demo").codings.passages()["code_path"].iloc[0]
            'Aktiviteter > Matchning > Det første møde'
        """
        frame = self.frame
        own = frame["memo"].astype(str).tolist() if "memo" in frame else [""] * len(frame)
        on_passages: dict[tuple[Any, ...], list[str]] = {}
        if self.memos is not None:
            told = self.memos[self.memos["on"] == "passage"]
            for *place, text in told[["target", "start", "end", "text"]].itertuples(index=False):
                on_passages.setdefault(tuple(place), []).append(str(text))
        if on_passages:
            places = frame[["source", "start", "end"]].itertuples(index=False, name=None)
            own = ["\n\n".join(filter(None, (memo, *on_passages.get(place, ())))) for memo, place in zip(own, places, strict=True)]
        frame = frame.assign(memo=own)
        return frame if any(own) else frame.drop(columns="memo")

    def __repr__(self) -> str:
        tables = {"memos": self.memos, "cases": self.cases, "members of sets": self.sets}
        parts = [f"{len(frame)} {name}" for name, frame in tables.items() if frame is not None and len(frame)]
        parts += [f"{len(self.losses)} kinds of losses"] if len(self.losses) else []
        coders = self.coders
        by = ", ".join(name[:40] or "nobody named" for name in coders[:5]) + (f" and {len(coders) - 5} more" if len(coders) > 5 else "")
        counts = f"{len(self.frame)} codings with {self.frame['code_path'].nunique()} codes on {self.frame['source'].nunique()} sources"
        return f"Codings({'; '.join([counts + (f' by {by}' if by else ''), *parts])})"

    def _repr_html_(self) -> str:
        """The first passages, cut to what can be read in a table, with what was noted beside them."""
        shown = dataclasses.replace(self, frame=self.frame.head(_SHOWN)).passages()
        columns = [name for name in _COLUMNS if name in shown]
        shown = shown[columns].astype(object).where(shown[columns].notna(), "").map(lambda cell: _cut(str(cell)))
        return f"<p>{html.escape(repr(self))}</p>{shown.to_html(index=False, escape=True)}"


_ARGUMENTS = {"code_path": "code", "coder": "coder", "stance": "stance", "source": "source", "memo": "memo"}


def _argument(name: str) -> str:
    try:
        return _ARGUMENTS[column_named(name, _ARGUMENTS)]
    except AnalysisError:
        todo = f"codings.filter({', '.join(f'{one}=…' for one in _ARGUMENTS.values())}); by who was interviewed: r.filter(group=…).codings"
        raise AnalysisError(f"passages cannot be filtered by {name!r}", where="filter", todo=todo) from None


def _listed(given: str | Sequence[str]) -> tuple[str, ...]:
    return ((given,) if given else ()) if isinstance(given, str) else tuple(given)


def _known(what: str, given: tuple[str, ...], known: set[str]) -> None:
    for name in given:
        if name not in known:
            raise AnalysisError(f"there is no {what} {name!r} in these codings", where="filter", todo=did_you_mean(name, sorted(known)))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
