"""Themes over rounds: the same theme in each round's interviews, and a break where a code is no longer the same."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.evidence import CODEBOOK_COLUMNS, SEPARATOR, Codebook, Codings, Interviews
from vvvresearch.kinds import combined_kind
from vvvresearch.locales import Joined, Lang, Phrase, Sayable, text
from vvvresearch.results import Base, Column, Labels, Measure, Picture, Result, Total, recorded
from vvvresearch.themes._codes import Code, CodeName, chosen_paths
from vvvresearch.themes._states import lineage
from vvvresearch.themes._theme_table import TOTAL, theme_table
from vvvresearch.themes.codebooks import code_mapping
from vvvresearch.themes.codebooks import codebook_changes as certain_changes

if TYPE_CHECKING:
    from vvvresearch.themes._coders import Coder

CHANGES = ("rename", "split", "merge", "new")
_COUNTS = ("affirmed", "contradicted", "asked", "persons_affirmed", "persons_contradicted", "persons_asked")
# A code that was only renamed counts what it counted before.
_BREAKS = ("split", "merge", "new")
# An interview stays read, though all that was coded in it has no place in a later codebook.
_NOWHERE = "?"


@dataclass(frozen=True)
class CodedRound:
    """The coded interviews of one round.

    Args:
        codings, interviews: its coded passages and its register.
        guide, coder: as in `theme_table`.
        changes: what became of the codes of the round before: old, new and perhaps kind; None where nothing is declared.
        label: what the round is called; default its id.
    """

    codings: Codings
    interviews: Interviews
    guide: pd.DataFrame | None = None
    coder: Coder = None
    changes: pd.DataFrame | None = None
    label: str | Sayable = ""


@dataclass(frozen=True)
class _Step:
    """From one round's codebook to that of the next.

    Args:
        book: the next codebook, with a code for passages that have no place in it.
        targets: old path → the new codes that it became.
        changes: new path → how it came about ("rename", "split", "merge", "new").
        unknown: new paths that nobody can tell of who coded with the old codebook.
    """

    book: Codebook
    targets: Mapping[str, tuple[str, ...]]
    changes: dict[str, str]
    unknown: set[str]

    @property
    def certain(self) -> dict[str, str]:
        """The old codes that became exactly one."""
        return {path: found[0] for path, found in self.targets.items() if len(found) == 1}

    def carry(self, one: CodedRound) -> CodedRound:
        """A round's passages and guide under the next codebook."""
        frame = one.codings.frame.assign(code_path=[_new_place(path, self.targets) or _NOWHERE for path in one.codings.frame["code_path"]])
        codings, guide = dataclasses.replace(one.codings, frame=frame, codebook=self.book), one.guide
        if guide is not None:
            # What was asked of a code that was split was asked of all its successors.
            led = [list(self.targets.get(path, ())) or [_new_place(path, self.targets) or _NOWHERE] for path in guide["code_path"]]
            guide = (
                guide.assign(code_path=pd.Series(led, index=guide.index, dtype=object))
                .explode("code_path")
                .drop_duplicates(["respondent_group", "code_path"])
            )
        return dataclasses.replace(one, codings=codings, guide=guide)

    def gone(self, codings: Codings) -> list[str]:
        """The old codes in use that no new code takes over."""
        return [
            path
            for path in codings.codebook.paths
            if path != _NOWHERE and not self.targets.get(path) and path in set(codings.frame["code_path"])
        ]


@dataclass(frozen=True)
class _TrendCell(Column):
    """What one round says of a theme: "7/10 persons", with a mark where its code is another than in the round before."""

    def write_row(self, row: Mapping[Any, Any], lang: Lang, small_n: int, labels: Mapping[str, Labels]) -> str:
        """The cell of a row."""
        mark = text("themes.trend_mark", lang, change=text(f"themes.trend_{row['change']}", lang)) if row["change"] else ""
        if pd.isna(row["persons_asked"]):
            return text("themes.trend_unknown", lang)
        if not row["asked"]:
            return text("themes.cell_not_asked", lang) + mark
        cell = f"{int(row['persons_affirmed'])}/{int(row['persons_asked'])}"
        if row["persons_contradicted"]:
            cell += ", " + text("themes.counter", lang, n=int(row["persons_contradicted"]))
        return cell + mark


@recorded
def theme_trend(
    rounds: Mapping[str, CodedRound], *, under: str | Code = "", depth: int | None = None, group: str | Sequence[str] = ""
) -> Result:
    """How many persons affirm and contradict each theme, round by round, under the codebook of the last one.

    Codes are followed by their GUIDs, else by their paths, and by what is declared of them. Earlier passages of codes that were
    merged count under the new code; those of a code that was split count for the themes above all its successors only, since nobody
    knows which of them they belong to. What an earlier codebook could not hold is unknown in that round, never zero.

    Args:
        rounds: a round's id → its coded interviews, in the order of time.
        under: only this theme of the last codebook and those below it.
        depth: only the first levels of the tree.
        group: only one respondent group's interviews, or those of several.

    Returns:
        Result; .frame: code_path, round, interviews: affirmed, contradicted, asked; persons: persons_affirmed, persons_contradicted,
        persons_asked (all missing where the round cannot tell), change ("rename", "split", "merge", "new", else ""; against the round
        before), break (the numbers before and after are not of the same code). Addresses
        `theme-trend.<code path>.<round>.persons_affirmed`, `.share`. Totals: rounds, and persons_again, interviewed in more than one.
        Picture: a heat map of the themes whose code is the same in all rounds.

    Raises:
        AnalysisError: fewer than two rounds; changes that name codes which the codebooks do not have; an unknown code or group.

    Example:
        >>> import vvvresearch as vvv
        >>> r = vvv.open_round("demo")
        >>> one = CodedRound(r.codings, r.interviews)
        >>> trend = theme_trend({"then": one, "now": one}, under="Udbytte > Dansk", depth=2)
        >>> trend.frame[["round", "persons_affirmed", "break"]].values.tolist()
        [['then', 20, False], ['now', 20, False]]
    """
    if len(rounds) < 2:
        raise AnalysisError("a trend needs at least two rounds", where="rounds")
    shown = chosen_paths(list(rounds.values())[-1].codings.codebook, under, depth)
    carried, unknown, changes, gone = _carried(rounds)
    rows = []
    for name, one in carried.items():
        table = theme_table(one.codings, one.interviews, guide=one.guide, coder=one.coder, group=group).frame
        counts = table.loc[table["respondent_group"] == TOTAL].set_index("code_path")[list(_COUNTS)].loc[shown].astype(object)
        counts[counts.index.isin(unknown[name])] = None
        change = [changes[name].get(path, "") for path in shown]
        rows.append(counts.reset_index().assign(round=name, change=change, **{"break": [one in _BREAKS for one in change]}))
    frame = pd.concat(rows).sort_values("code_path", key=lambda paths: paths.map(shown.index), kind="stable").reset_index(drop=True)
    frame = frame[["code_path", "round", *_COUNTS, "change", "break"]].infer_objects()
    again = _persons_again(rounds.values())
    notes = [Phrase("themes.trend_note"), Phrase("themes.trend_again", {"n": again})]
    if gone:
        notes.append(Phrase("themes.trend_gone", {"codes": Joined(tuple(dict.fromkeys(gone)), "; ")}))
    return Result(
        frame=frame,
        base=Base(None, "interview"),
        title=Phrase("themes.trend_title"),
        notes=tuple(notes),
        shows=(
            CodeName("code_path", Phrase("themes.theme"), indent=True),
            Column("round", Phrase("themes.trend_round")),
            _TrendCell("cell", Phrase("themes.trend_cell")),
        ),
        kind=combined_kind(one.codings.kind for one in rounds.values()),
        at="theme-trend",
        keys=("code_path", "round"),
        measures=(
            *(Measure(name, of="asked", only_known=True, label=Phrase(f"themes.{name}")) for name in _COUNTS[:3]),
            *(Measure(name, of="persons_asked", only_known=True, unit="person", label=Phrase(f"themes.{name}")) for name in _COUNTS[3:]),
            Measure("share", "share", of="persons_asked", count="persons_affirmed", only_known=True, unit="person"),
        ),
        totals={"rounds": Total(len(rounds)), "persons_again": Total(again)},
        labels={"round": Labels({name: one.label or name for name, one in rounds.items()})},
        bases={(name,): Base(len(one.interviews.frame), "interview", source=one.codings.origin) for name, one in rounds.items()},
        base_on=("round",),
        tree="code_path",
        beside="round",
        pictures=_pictures(frame, {name: one.label or name for name, one in rounds.items()}),
    )


def _pictures(frame: pd.DataFrame, titles: Mapping[str, str | Sayable]) -> dict[str, Picture]:
    """The themes whose code is the same in every round, side by side; none where there is no such theme."""
    told = frame.groupby("code_path", sort=False)
    same = told["persons_asked"].transform(lambda asked: asked.notna().all()).astype(bool) & ~told["break"].transform("any")
    drawn = frame[same].assign(round=frame.loc[same, "round"].map(dict(titles)))
    if drawn.empty:
        return {}
    return {"heatmap": Picture("theme_heatmap", drawn, options={"by": "round"}, notes=(Phrase("themes.trend_same"),))}


def by_last_codebook(rounds: Mapping[str, CodedRound]) -> dict[str, CodedRound]:
    """Each round's codings as the last codebook counts them."""
    return _carried(rounds)[0]


def _carried(rounds: Mapping[str, CodedRound]) -> tuple[dict[str, CodedRound], dict[str, set[str]], dict[str, dict[str, str]], list[str]]:
    """The rounds under the last codebook, step by step; what each cannot tell, what changed, and codes that are gone."""
    names = list(rounds)
    carried = dict(rounds)
    unknown: dict[str, set[str]] = {name: set() for name in names}
    changes: dict[str, dict[str, str]] = {name: {} for name in names}
    gone: list[str] = []
    # Step by step to the last codebook, each step with everything that lies before it.
    for place, later in enumerate(names[1:], start=1):
        step = _step(carried[names[place - 1]].codings.codebook, rounds[later])
        gone += step.gone(carried[names[place - 1]].codings)
        for name in names[:place]:
            carried[name] = step.carry(carried[name])
            unknown[name] = {step.certain[path] for path in unknown[name] if path in step.certain} | step.unknown
            changes[name] = {step.certain[path]: change for path, change in changes[name].items() if path in step.certain}
        changes[later] = step.changes
    return carried, unknown, changes, gone


def _persons_again(rounds: Iterable[CodedRound]) -> int:
    """How many persons were interviewed in more than one round; without a column of persons nobody is known again."""
    registers = [one.interviews.frame for one in rounds]
    met = Counter(person for frame in registers if "person" in frame.columns for person in set(frame["person"].dropna()) - {""})
    return sum(times > 1 for times in met.values())


def _step(old: Codebook, later: CodedRound) -> _Step:
    book = later.codings.codebook
    targets = _targets(old, book, later.changes, str(later.label))
    certain = {path: found[0] for path, found in targets.items() if len(found) == 1}
    sources = Counter(certain.values())
    split = {new for found in targets.values() if len(found) > 1 for new in found}
    # A theme above codes that are known is known by them.
    known = {above for path in certain.values() for above in lineage(path)} - split
    changes = {new: "rename" for path, new in certain.items() if new != path}
    changes |= {new: "merge" for new, count in sources.items() if count > 1}
    changes |= {path: "split" for path in book.paths if not sources[path] and split & set(lineage(path))}
    changes |= {path: "new" for path in book.paths if path not in known and path not in changes}
    # Passages of a code whose successors have no theme in common are missing from every theme above those.
    apart = [found for path, found in targets.items() if len(found) > 1 and not _new_place(path, targets)]
    unknown = {path for path, change in changes.items() if change in ("split", "new")}
    unknown |= {above for found in apart for new in found for above in lineage(new)}
    nowhere = pd.DataFrame([dict.fromkeys(CODEBOOK_COLUMNS, "") | {"code_path": _NOWHERE, "name": _NOWHERE, "is_codable": True}])
    return _Step(dataclasses.replace(book, frame=pd.concat([book.frame, nowhere], ignore_index=True)), targets, changes, unknown)


def _targets(old: Codebook, new: Codebook, declared: pd.DataFrame | None, name: str) -> dict[str, tuple[str, ...]]:
    """Old path → the new codes that it became; declared ones win over what GUIDs and paths say."""
    said = {} if declared is None else code_mapping(declared)
    faults = [f"{path!r} is no code of the earlier codebook ({did_you_mean(path, old.paths)})" for path in said if path not in old.paths]
    reached = dict.fromkeys(path for found in said.values() for path in found)
    faults += [f"{path!r} is no code of this codebook ({did_you_mean(path, new.paths)})" for path in reached if path not in new.paths]
    if faults:
        todo = "correct the table of codebook changes: old has paths of the earlier codebook, new has paths of this one"
        raise AnalysisError("changes of the codebook name codes that are not there", where=name, why="; ".join(faults), todo=todo)
    found = certain_changes(old, new).mapping | said
    # What lies below a code that moved went with it, where the new place has a code of that name.
    for path in sorted(old.paths, key=old.level):
        above, _, own = path.rpartition(SEPARATOR)
        if path not in found and len(found.get(above, ())) == 1 and (moved := f"{found[above][0]}{SEPARATOR}{own}") in new.paths:
            found[path] = (moved,)
    return found


def _new_place(path: str, targets: Mapping[str, tuple[str, ...]]) -> str:
    """Where passages of an old code count: at its successor, at the theme above several, else where the code above goes; "" nowhere."""
    for above in lineage(path):
        found = targets.get(above, ())
        if len(found) == 1:
            return found[0]
        if found:
            return _above_all(found)
    return ""


def _above_all(paths: Sequence[str]) -> str:
    """The nearest theme above all of several codes; "" where they have none in common."""
    shared = [above for above in lineage(paths[0])[1:] if all(above in lineage(path)[1:] for path in paths)]
    return shared[0] if shared else ""
