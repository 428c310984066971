"""The codings of the demo round: the marked interviews as codings with their codebook, guide and the truth about them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from demo.cast import HERE, Cast
from demo.markup import Marked, Passage, parse
from demo.registers import interviews
from vvvresearch.evidence import CODEBOOK_COLUMNS, SEPARATOR, Codebook, Codings
from vvvresearch.kinds import DataKind

CODERS = ("coder-a", "coder-b")
_ALL_OUTCOMES = ("Udbytte", "Aktiviteter", "Virksomme mekanismer")
# What each group's guide asks about; a code stands for all below it. What is not covered is "not asked", never "no".
GUIDE = {
    "refugee": (*_ALL_OUTCOMES, "Moderatorer", "Udfordringer > I relationen"),
    "volunteer": (*_ALL_OUTCOMES, "Moderatorer", "Udfordringer > I relationen", "Ramme og støtte > Kurser", "Ramme og støtte > Støtte"),
    "municipal": (
        "Udbytte > Dansk",
        "Udbytte > Job og uddannelse",
        "Udbytte > Hverdagen",
        "Udbytte > Netværk",
        "Udbytte > Deltagelse",
        "Udbytte > Trivsel",
        "Aktiviteter > Matchning",
        "Moderatorer > Omgivelser",
        "Udfordringer > I ordningen",
        "Ramme og støtte > Samarbejde",
    ),
    "housing_social": (
        "Udbytte > Deltagelse",
        "Udbytte > Trivsel",
        "Udfordringer > I ordningen",
        "Udfordringer > I boligområdet",
        "Ramme og støtte > Samarbejde",
    ),
    "course_participant": ("Ramme og støtte > Kurser", "Ramme og støtte > Støtte", "Udfordringer > I relationen"),
}


@cache
def definitions() -> dict[str, Any]:
    """What `codebook.toml` says: version, parts and codes."""
    return tomllib.loads((HERE / "codebook.toml").read_text(encoding="utf-8"))


def code_paths(defined: Mapping[str, Any] | None = None) -> dict[str, str]:
    """The code path of each short name."""
    return {code["id"]: code["path"] for code in (defined or definitions())["codes"]}


def codebook(defined: Mapping[str, Any] | None = None) -> Codebook:
    """The code tree, in the order of its file, parents before children."""
    defined = defined or definitions()
    parts: dict[str, str] = defined["parts"]
    codes = {code["path"]: code for code in defined["codes"]}
    rows = []
    for path in _in_tree_order([*parts, *codes]):
        parent, _, name = path.rpartition(SEPARATOR)
        code = codes.get(path, {})
        rows.append(
            dict.fromkeys(CODEBOOK_COLUMNS, "")
            | {"code_path": path, "name": name, "parent": parent, "is_codable": path in codes}
            | {key: code.get(key, "") for key in ("inclusion", "exclusion")}
            | {"definition": code.get("definition", parts.get(path, ""))}
        )
    return Codebook(pd.DataFrame(rows, columns=list(CODEBOOK_COLUMNS)), defined["version"])


def _in_tree_order(paths: list[str]) -> list[str]:
    place = {path: number for number, path in enumerate(paths)}

    def key(path: str) -> tuple[int, ...]:
        parts = path.split(SEPARATOR)
        return tuple(place[SEPARATOR.join(parts[: depth + 1])] for depth in range(len(parts)))

    return sorted(paths, key=key)


def marked(folder: Path = HERE / "texts", defined: Mapping[str, Any] | None = None) -> list[Marked]:
    """All interviews of a round, by name.

    Raises:
        ValueError: faulty markup, or a code that the codebook lacks.
    """
    known = code_paths(defined)
    found = [parse(path.stem, path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.txt"))]
    for one in found:
        unknown = {passage.code for passage in (*one.passages, *(one.second or ()))} - set(known)
        if unknown:
            raise ValueError(f"{one.name}: the codebook has no {sorted(unknown)}")
    return found


def codings(cast: Cast) -> Codings:
    """Both coders' codings of all interviews, with the attributes of each interview as variables of its source."""
    found = marked()
    paths = code_paths()
    rows = []
    for one in found:
        for coder, passages in zip(CODERS, (one.passages, one.second or ()), strict=True):
            memos = dict(one.memos) if coder == CODERS[0] else {}
            rows += [row(one, passage, coder, paths) | {"memo": memos.get(passage, "")} for passage in passages]
    register = interviews(cast)
    variables = ["respondent_group", "wave", "mode", "interpreter", "age_band", "sex", "arrival_group", "match_type"]
    sources = register.loc[register["source"].isin([one.name for one in found]), ["source", *variables]].reset_index(drop=True)
    return Codings(
        pd.DataFrame(rows),
        codebook(),
        {one.name: one.text for one in found},
        sources=sources,
        kind=DataKind.SYNTHETIC,
        origin="demo",
    )


def row(one: Marked, passage: Passage, coder: str, paths: dict[str, str]) -> dict[str, object]:
    """One coding as a row of the table of codings."""
    return {
        "source": one.name,
        "start": passage.start,
        "end": passage.end,
        "text": one.text[passage.start : passage.end],
        "code_path": paths[passage.code],
        "coder": coder,
        "stance": passage.stance,
        "beneficiary": passage.beneficiary,
        "phase": passage.phase,
    }


def guide(asked: Mapping[str, tuple[str, ...]] = GUIDE) -> pd.DataFrame:
    """respondent_group, code_path: what each group's guide covers."""
    return pd.DataFrame([(group, path) for group, paths in asked.items() for path in paths], columns=["respondent_group", "code_path"])


def truth(cast: Cast) -> pd.DataFrame:
    """The true state of every code in every interview, by the first coder: affirmed, contradicted, not_raised, not_asked."""
    register = interviews(cast).set_index("source")
    paths = code_paths()
    rows = []
    for one in marked():
        group = register.at[one.name, "respondent_group"]
        for code, path in paths.items():
            stances = {passage.stance for passage in one.passages if passage.code == code}
            covered = any(path == asked or path.startswith(asked + SEPARATOR) for asked in GUIDE[str(group)])
            state = "affirmed" if "affirmed" in stances else "contradicted" if stances else "not_raised" if covered else "not_asked"
            rows.append((one.name, path, state, sum(passage.code == code for passage in one.passages)))
    return pd.DataFrame(rows, columns=["interview", "code_path", "state", "passages"])


def disagreements() -> pd.DataFrame:
    """What the second coder did otherwise: interview, what, code_path, other (the second coder's code where it is another)."""
    paths = code_paths() | {"": ""}
    rows = [(one.name, what, paths[code], paths[other]) for one in marked() for what, code, other in one.disagreements]
    return pd.DataFrame(rows, columns=["interview", "what", "code_path", "other"])
