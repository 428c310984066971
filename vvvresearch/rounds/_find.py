"""Finding the workspace, its rounds and their notebooks."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

from pydantic import ValidationError

import vvvresearch
from vvvresearch import files
from vvvresearch.errors import RoundError, SourceError, did_you_mean
from vvvresearch.evidence import PROGRAMME, GoalUnit, model_failures, read_programme
from vvvresearch.rounds._spec import ROUND_ID, SCHEMA_VERSION, RoundSpec

# Beside `rounds/` they tell a workspace of a programme that needs no file of its own.
_COMPANIONS = ("notebooks", "interviews", "surveys")
DEFINITION = "round.toml"
# Ids of those who withdrew, beside the definition.
WITHDRAWALS = "withdrawals.csv"
# Who approved which quote, and what disclosure control hides.
APPROVALS = "approvals.csv"
HIDDEN = "hidden.toml"
# What coders decided on codings, one line a decision or review.
DECISIONS = "decisions.jsonl"
# What a report may include.
_REPORT_FILES = (".qmd", ".md", ".png", ".svg", ".jpg", ".jpeg", ".bib")


def find_root(start: str | Path | None = None) -> Path:
    """The workspace that a folder lies in: the nearest folder upwards with `programme.toml`, or `rounds/` beside its companions.

    Args:
        start: where to look from; default the working directory.

    Raises:
        RoundError: there is none.

    Example:
        >>> find_root().is_absolute()
        True
    """
    here = Path.cwd() if start is None else Path(start)
    here = here.resolve()
    for folder in (here, *here.parents):
        if (folder / PROGRAMME).is_file():
            return folder
        if (folder / "rounds").is_dir() and any((folder / name).is_dir() for name in _COMPANIONS):
            return folder
    todo = "make one with vvv init DIR, go to the folder of yours, or name it with --root (root=)"
    raise RoundError("no workspace was found", where=here, todo=todo)


def list_rounds(root: str | Path | None = None) -> list[str]:
    """The ids of the workspace's rounds, sorted: its folders `rounds/<id>/` with a `round.toml`.

    Example:
        >>> list_rounds()
        ['2019-final', '2021-note', 'demo', 'demo-2019']
    """
    folder = (find_root() if root is None else Path(root)) / "rounds"
    return sorted(path.parent.name for path in folder.glob(f"*/{DEFINITION}") if re.fullmatch(ROUND_ID, path.parent.name))


def load_spec(root: str | Path | None, round_id: str) -> RoundSpec:
    """Read and check the definition of a round.

    Args:
        root: the workspace; None looks upwards from here.
        round_id: its id, the name of its folder.

    Raises:
        RoundError: no such round (with the nearest names), written for another schema version, or with faults: all of them.
    """
    folder = find_root() if root is None else Path(root)
    known = list_rounds(folder)
    if not isinstance(round_id, str) or not re.fullmatch(ROUND_ID, round_id):
        near = did_you_mean(re.sub(r"[^a-z0-9-]", "", str(round_id).lower()), known)
        raise RoundError(f"{round_id!r} is no id of a round", why="an id has small letters, digits and dashes", todo=near)
    if round_id not in known:
        earlier = folder / "rounds" / f"{round_id}.toml"
        if earlier.is_file():
            why, todo = "a round is a folder with round.toml and its report", f"vvv migrate {round_id}"
            raise RoundError(f"the round {round_id!r} is written as an earlier version had it", where=earlier, why=why, todo=todo)
        raise RoundError(f"there is no round {round_id!r}", where=folder / "rounds", todo=did_you_mean(round_id, known))
    path = folder / "rounds" / round_id / DEFINITION
    try:
        data = files.read_toml(path)
    except SourceError as problem:
        raise RoundError("the round's definition cannot be read", where=path, why=problem.why, todo="correct the TOML file") from None
    if data.get("schema_version") != SCHEMA_VERSION:
        raise RoundError(
            f"the round has schema_version {data.get('schema_version')!r}",
            where=path,
            why=f"this version of vvvresearch reads {SCHEMA_VERSION}",
            todo=f"write schema_version = {SCHEMA_VERSION} and check the file against the description of RoundSpec",
        )
    try:
        spec = RoundSpec.model_validate(data)
    except ValidationError as problem:
        faults = model_failures(problem)
        lines = [f"{fault.column or 'round'}: {fault.problem}" + (f" (found {fault.value!r})" if fault.value else "") for fault in faults]
        raise RoundError("the round's definition has faults", where=path, why="\n    ".join(lines), todo="correct the TOML file") from None
    if spec.id != round_id:
        raise RoundError(f"the file says that its round is {spec.id!r}", where=path, todo="give folder and round the same name")
    _have_units(spec, folder, path)
    return spec


def _have_units(spec: RoundSpec, folder: Path, path: Path) -> None:
    """Goals count by the usual units, by those of the programme, or by what one row of a source is."""
    own = [goal for goal in spec.goals if goal.unit not in get_args(GoalUnit)]
    if not own:
        return
    known = {*get_args(GoalUnit), *read_programme(folder).units, *(source.unit for source in spec.sources if source.unit)}
    for goal in own:
        if goal.unit not in known:
            todo = f"{did_you_mean(goal.unit, known)}; or say under [units.{goal.unit}] in {PROGRAMME} what many and one of them are called"
            raise RoundError(f"the goal {goal.id} counts by {goal.unit!r}, which is no unit here", where=path, todo=todo)


def report_source(root: Path, spec: RoundSpec, lang: str, reader: str = "report") -> Path:
    """Where a round's own prose lies: `report.qmd` in its first language, `report.<lang>.qmd` in every other.

    Args:
        root: the workspace.
        spec: the round's definition.
        lang: "da" or "en".
        reader: whose version: "report", "steering", …

    Returns:
        The path, whether or not the file is there.
    """
    suffix = "" if lang == spec.languages[0] else f".{lang}"
    return root / "rounds" / spec.id / f"{reader}{suffix}.qmd"


def belongs_to(path: Path, document: Path) -> bool:
    """Whether a file beside a report may be part of it: not a definition, and not another reader's or language's report.

    Example:
        >>> belongs_to(Path("rounds/x/report.en.qmd"), Path("rounds/x/report.qmd"))
        False
        >>> belongs_to(Path("rounds/x/_cases.qmd"), Path("rounds/x/report.qmd"))
        True
    """
    if path == document or path.suffix not in _REPORT_FILES:
        return False
    return path.parent != document.parent or path.suffix != ".qmd" or path.name.startswith("_")


def newest_round(root: Path) -> str:
    """The round whose period ends last; of equals the last by name.

    Raises:
        RoundError: the workspace has no round.
    """
    names = list_rounds(root)
    if not names:
        raise RoundError("this workspace has no rounds yet", where=root / "rounds", todo="make one: vvv new-round ID")
    return max(names, key=lambda name: (load_spec(root, name).period.end, name))


_PACKAGE = Path(vvvresearch.__file__).parent


def packaged_notebooks() -> Path:
    """The folder of the notebooks that come with the package: in a wheel inside it, in a checkout beside it."""
    inside = _PACKAGE / "_notebooks"
    return inside if inside.is_dir() else _PACKAGE.parent / "notebooks"


def packaged_tutorials() -> Path:
    """The folder of the how-to pages, which are tutorials too: in a wheel inside the package, in a checkout with the documentation."""
    inside = _PACKAGE / "_tutorials"
    return inside if inside.is_dir() else _PACKAGE.parent / "docs" / "pages" / "how-to"


def notebook_file(root: Path, path: str) -> Path:
    """The file of a notebook that a round names; a workspace's own wins over the package's of the same name.

    Args:
        root: the workspace.
        path: as the definition has it, relative to the workspace.

    Returns:
        The path; where neither is there, the workspace's.
    """
    own = root / path
    if own.is_file():
        return own
    theirs = packaged_notebooks() / Path(path).name
    return theirs if theirs.is_file() else own
