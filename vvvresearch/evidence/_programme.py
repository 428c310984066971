"""The programme that is evaluated: who its groups are, which two form a pair, what everything is called, and the 98 municipalities."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from vvvresearch.errors import Failure, did_you_mean
from vvvresearch.evidence._questionnaire import Words
from vvvresearch.evidence._register import HALVES, RESPONDENT_GROUPS
from vvvresearch.evidence._schema import read_definition
from vvvresearch.locales import text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    import pandas as pd


PROGRAMME = "programme.toml"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class Group(_Strict):
    """A group of people who are interviewed or asked."""

    label: Words = Field(description="the group, in the plural: Flygtninge, Refugees")
    one: Words = Field(description="one of them, as it stands beside a quote: flygtning, refugee")
    aliases: tuple[str, ...] = Field((), description="words that files of this programme use for the group")


class Unit(_Strict):
    """What is counted."""

    many: Words = Field(description="after every number but one: kommuner, municipalities")
    one: Words = Field(description="after one: kommune, municipality")


class Programme(_Strict):
    """A programme: another one changes this file and not the package."""

    schema_version: Literal[1]
    name: Words
    halves: tuple[str, str] = Field(description="the two groups that form a pair: who is helped first, who helps second")
    groups: dict[str, Group]
    units: dict[str, Unit] = {}
    organisations: dict[str, Words] = {}
    plain: Words | None = Field(None, description="what the programme is, in a few easy words that open the page for everybody")

    @model_validator(mode="before")
    @classmethod
    def _may_have_no_pairs(cls, value: Any) -> Any:
        """A programme without pairs names no halves; its first two groups stand where one that has them is asked."""
        groups = list(value.get("groups", ())) if isinstance(value, dict) else []
        return {"halves": groups[:2], **value} if len(groups) > 1 else value

    @model_validator(mode="after")
    def _holds_together(self) -> Programme:
        unknown = [half for half in self.halves if half not in self.groups]
        if unknown:
            raise ValueError(f"the half {unknown[0]!r} is no group; {did_you_mean(unknown[0], self.groups)}")
        if self.halves[0] == self.halves[1]:
            raise ValueError("a pair has two halves of different groups")
        return self

    def __repr__(self) -> str:
        return f"Programme({self.name.da}: {', '.join(self.groups)})"

    def words(self) -> dict[str, dict[str, dict[str, str]]]:
        """The programme's own words by table of words: groups, roles, units. Who helps is counted by the group's own words."""
        helper = self.groups[self.halves[1]]
        units = {"volunteer": _inside(helper.label), "one_volunteer": _inside(helper.one)}
        units |= {name: unit.many for name, unit in self.units.items()} | {f"one_{name}": unit.one for name, unit in self.units.items()}
        tables = {
            "groups": {name: group.label for name, group in self.groups.items()},
            "roles": {name: group.one for name, group in self.groups.items()},
            "units": units,
        }
        return {table: {key: {"da": words.da, "en": words.en} for key, words in entries.items()} for table, entries in tables.items()}


def _inside(words: Words) -> Words:
    """Words as they stand inside a sentence: without a capital, unless it is one of several."""
    return Words(
        **{lang: said if said[1:2].isupper() else said[:1].lower() + said[1:] for lang, said in (("da", words.da), ("en", words.en))}
    )


def read_programme(root: Path) -> Programme:
    """The programme of a workspace: its `programme.toml`, or Venner Viser Vej where it has none.

    Raises:
        SourceError, SchemaError: the file cannot be read, or has faults: all of them.

    Example:
        >>> read_programme(Path("nowhere")).halves
        ('refugee', 'volunteer')
    """
    path = root / PROGRAMME
    if not path.is_file():
        return venner_viser_vej()
    return read_definition(path, Programme, 1)


@cache
def venner_viser_vej() -> Programme:
    """The programme that this package was made for; its words stand in the package's own tables."""
    groups = {name: Group(label=_words(f"groups.{name}"), one=_words(f"roles.{name}"), aliases=()) for name in RESPONDENT_GROUPS}
    name = Words(da="Venner Viser Vej", en="Friends Show the Way")
    organisations = {"RC": Words(da="Røde Kors", en="Red Cross"), "DRC": Words(da="DRC Dansk Flygtningehjælp", en="Danish Refugee Council")}
    plain = Words(
        da="Du kan få en ven i dit nye land. En ven viser vej. En ven har tid.",
        en="You can get a friend in your new land. A friend shows the way. A friend has time.",
    )
    return Programme(schema_version=1, name=name, halves=HALVES, groups=groups, organisations=organisations, plain=plain)


def _words(key: str) -> Words:
    return Words(da=text(key, "da"), en=text(key, "en"))


_CODE = re.compile(r"\d{4}")


@cache
def _register() -> pd.DataFrame:
    import io

    import pandas as pd

    text = (resources.files("vvvresearch.evidence") / "data" / "municipalities.csv").read_text(encoding="utf-8")
    frame = pd.read_csv(io.StringIO(text), dtype={"code": str})
    return frame.astype({"name": object, "region": object, "code": object})


def municipalities() -> pd.DataFrame:
    """The 98 Danish municipalities since 2007 with their place on the tile grid.

    Returns:
        DataFrame code (text, four digits), name, region, tile_row, tile_column (from 1, north-west first).

    Example:
        >>> len(municipalities())
        98
    """
    return _register().copy()


def code_failures(codes: Iterable[tuple[int, str]], known: Collection[str] | None = None, column: str = "municipality") -> list[Failure]:
    """What is wrong with municipality codes: read as a number, badly formed or unknown.

    Args:
        codes: pairs (row, code as text).
        known: the codes there are; default the 98. Synthetic rounds hand in their invented ones.
        column: the column to name in the failures.
    """
    there = set(_register()["code"]) if known is None else set(known)
    failures = []
    for row, code in codes:
        if code in there:
            continue
        if code.isdigit() and code.zfill(4) in there:
            problem = f"the code was read as a number; it is the text {code.zfill(4)}"
        elif known is None and not _CODE.fullmatch(code):
            problem = "a municipality code has four digits"
        else:
            problem = f"unknown municipality code; {did_you_mean(code, there)}"
        failures.append(Failure(row, column, code, problem))
    return failures
