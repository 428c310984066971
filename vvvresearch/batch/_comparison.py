"""Two runs compared number by number, with the reason for each change where it is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vvvresearch.batch._keys import differences
from vvvresearch.errors import VvvError, did_you_mean
from vvvresearch.files import read_json

# What is told about a value; its words are not compared, they follow from the rest.
_COMPARED = ("number", "n", "shown")


@dataclass(frozen=True)
class Change:
    """One value that is not the same in both runs.

    Args:
        key: its name.
        kind: "changed", "new" or "gone".
        old: what it was, None when it is new.
        new: what it is, None when it is gone.
        reasons: what had changed for the notebook that made it.
    """

    key: str
    kind: str
    old: Mapping[str, Any] | None
    new: Mapping[str, Any] | None
    reasons: tuple[str, ...] = ()


def compare_runs(old: Path, new: Path) -> tuple[Change, ...]:
    """Compare the values of two finished folders.

    Args:
        old: the folder of the earlier run.
        new: the folder of the later one.

    Returns:
        The values that differ, in the order of their names.

    Raises:
        VvvError: one of them is not the folder of a run.
    """
    before, after = _values(old), _values(new)
    then, now = _steps(old), _steps(new)
    changes = []
    for key in sorted(before.keys() | after.keys()):
        was, is_now = before.get(key), after.get(key)
        if was is not None and is_now is not None and all(was.get(name) == is_now.get(name) for name in _COMPARED):
            continue
        kind = "new" if was is None else "gone" if is_now is None else "changed"
        maker = str((is_now or was or {}).get("notebook", ""))
        reasons = differences(then.get(maker, {}), now.get(maker, {})) if maker in then and maker in now else ()
        changes.append(Change(key, kind, _shown(was), _shown(is_now), reasons))
    return tuple(changes)


def _shown(value: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return None if value is None else {name: value.get(name) for name in _COMPARED if name in value}


def _values(folder: Path) -> dict[str, Mapping[str, Any]]:
    if not (folder / "manifest.json").is_file():
        beside = [place.parent.relative_to(folder.parent.parent).as_posix() for place in folder.parent.parent.glob("*/*/manifest.json")]
        raise VvvError("there is no finished run", where=folder, todo=f"run it first; {did_you_mean(folder.name, beside)}")
    found: dict[str, Mapping[str, Any]] = {}
    for place in sorted((folder / "values").glob("*.json")):
        content = read_json(place)
        entries = content.get("values", content) if isinstance(content, dict) else {}
        for key, value in entries.items():
            found[key] = {"notebook": place.stem, **value} if isinstance(value, dict) else {"notebook": place.stem, "number": value}
    return found


def _steps(folder: Path) -> dict[str, Mapping[str, str]]:
    from vvvresearch.batch._manifest import read_manifest

    return {step.rsplit("/", 1)[-1]: told.get("key", {}) for step, told in read_manifest(folder)["steps"].items()}
