"""Opening a round of a workspace: by its id, its folder or as the newest; and evidence that is read once for several processes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from vvvresearch.errors import VvvError
from vvvresearch.kinds import DataKind
from vvvresearch.rounds._find import find_root, list_rounds, load_spec, newest_round
from vvvresearch.rounds._round import Round
from vvvresearch.rounds._sources import preload
from vvvresearch.rounds._spec import RoundSpec


def open_round(name: str = "", root: str | Path | None = None, lang: str | None = None) -> Round:
    """Open an evaluation round by its id. Cheap: only the definition is read; files of real data are scanned once for identifiers.

    Args:
        name: the id, e.g. "2021-note", or the folder of its definition; empty is the workspace's newest round by its period.
        root: the workspace; default is found upwards from the working directory.
        lang: "da" or "en", for everything that the round makes; default is the round's own first language.

    Returns:
        Round, whose attributes `.interviews .codings .codebook .mappings .surveys[id] .published .monitoring .matches .counts
        .courses .goals` are read on first use.

    Raises:
        RoundError: no workspace, no such round (with what was probably meant), or faults in the definition.
        DisclosureError: its files of real data identify persons directly; the places are named, never what stands there.

    Example:
        >>> open_round("2021-note").kind.value
        'reconstructed'
    """
    if (
        not root
        and (named := Path(name)).parent != Path(".")
        and (named if named.is_dir() else named.parent).joinpath("round.toml").is_file()
    ):
        # A round by the folder of its definition: its workspace is two floors up.
        place = (named if named.is_dir() else named.parent).resolve()
        name, root = place.name, place.parent.parent
    folder = (Path(root) if root else find_root()).resolve()
    spec = load_spec(folder, name or newest_round(folder))
    if _holds_real_data(spec):
        from vvvresearch.rounds._guard import stop_identifiers

        stop_identifiers(folder, spec)
    return Round(spec, folder, spec.languages[0] if lang is None else lang)


def _holds_real_data(spec: RoundSpec) -> bool:
    return any((source.kind or spec.kind) is DataKind.REAL for source in spec.sources)


class Ids(list[str]):
    """Ids of rounds; by one of them the round is opened."""

    root: str | Path | None = None

    def __getitem__(self, which: Any) -> Any:
        """An id by its place, a round by its id."""
        return open_round(which, self.root) if isinstance(which, str) else super().__getitem__(which)


def rounds(root: str | Path | None = None) -> Ids:
    """The ids of the workspace's rounds; by its id a round is opened.

    Example:
        >>> rounds(), rounds()["demo"].id
        (['2019-final', '2021-note', 'demo', 'demo-2019'], 'demo')
    """
    found = Ids(list_rounds(Path(root) if root else None))
    found.root = root
    return found


def explore(opened: Round | str = "", address: object = "", *, root: str | Path | None = None, lang: str = "") -> Any:
    """The evidence explorer of a round; see `Round.explore`.

    Args:
        opened: the round, or its id; empty is the workspace's newest.
        address: the number that it opens at.
        root: the workspace, where an id is given.
        lang: "da" or "en"; default the round's.

    Raises:
        RoundError: no workspace, or no such round.
        NotebookError: JupyterLab's extra is not installed.

    Example:
        >>> explore("demo", "themes.udbytte/dansk.refugee.affirmed", lang="en")
        explore(demo)
    """
    chosen = opened if isinstance(opened, Round) else open_round(opened, root, lang or None)
    return chosen.explore(address, lang=lang)


def preload_sheets(root: str, *round_ids: str) -> None:
    """Read every source of rounds, and count once what the sheets of all their municipalities rest on.

    Args:
        root: the workspace.
        round_ids: the rounds.
    """
    preload(root, *round_ids)
    folder = Path(root).resolve()
    for name in round_ids:
        try:
            Round(load_spec(folder, name), folder).municipality_sheet()
        except VvvError:
            continue
