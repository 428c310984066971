"""The questionnaire: items, wordings, scales, routing, the frame and who chose the respondents."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from vvvresearch.errors import SourceError, did_you_mean
from vvvresearch.evidence._routing import Route, parse_route
from vvvresearch.evidence._schema import in_every_language, languages_of, read_definition
from vvvresearch.evidence._waves import waves_in_order
from vvvresearch.locales import LANGUAGES, Lang, say, text

SCHEMA_VERSION = 1
ItemType = Literal["single", "multiple", "likert", "battery", "band", "number", "open", "open_coded"]
Denominator = Literal["asked", "answered", "valid"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class Words(_Strict):
    """The same words in Danish and English."""

    da: str
    en: str

    @model_validator(mode="before")
    @classmethod
    def _in_both(cls, given: Any) -> Any:
        """One text alone says nothing of its language."""
        if isinstance(given, str):
            raise ValueError('words are written as { da = "…", en = "…" }')
        return given

    def say(self, lang: Lang) -> str:
        """The words in `lang`."""
        return self.da if lang == "da" else self.en


class Option(_Strict):
    """One answer option: its code in the data, its words and what it means."""

    code: str
    label: Words
    role: Literal["answer", "dont_know", "refused", "other", "none"] = "answer"
    column: str = Field(default="", description="the tick box's column in the file, where it is not `item:code`")
    unknown: bool = Field(default=False, description="the option exists, its count was never published")


class Scale(_Strict):
    """An ordered scale that several items share; `top` lists the codes of its top box."""

    options: tuple[Option, ...]
    top: tuple[str, ...] = ()


class Item(_Strict):
    """One question.

    `type`: single, multiple (tick boxes), likert (ordered scale), battery (one row of a yes/no or scale battery), band
    (ordered classes), number, open, open_coded (free text put into categories). `route`: who is asked, an expression
    over earlier items; "" is everybody. `denominator`: asked; answered (don't know included); valid (without
    don't know and refused).
    """

    id: Annotated[str, Field(pattern=r"^[^\W\d]\w*$", description="a name as routes use it: letters, digits, _")]
    text: Words
    type: ItemType
    wording_version: int = 1
    column: str = Field(default="", description="the column in the file, where it is not the id")
    battery: str = ""
    scale: str = ""
    options: tuple[Option, ...] = ()
    route: str = ""
    printed_route: Words | None = Field(default=None, description="the route as a document prints it, where it differs")
    denominator: Denominator = "answered"
    comparable: tuple[str, ...] = Field(default=(), description="items of other waves or groups to compare with, `questionnaire:item`")
    mirror: tuple[str, ...] = Field(default=(), description="the same question to another group, `questionnaire:item`")
    unit: str = ""
    missing_reason: Words | None = Field(default=None, description="why values are missing in the source, e.g. printed only as an image")
    place: str = Field(default="", description="where a document prints it: section, figure or table")


class Battery(_Strict):
    """Items that were asked as one: rows of one table, rated on one scale."""

    id: str
    items: tuple[Item, ...]
    type: Literal["battery"] = "battery"


class Frame(_Strict):
    """Who could answer: the unit, the population, who was invited, who chose the respondents."""

    unit: str
    population: int | None = None
    invited: int | None = None
    chosen_by: Words
    collected: Words


def _without_placeholders(values: Any) -> Any:
    """Without the group and wave of a draft that nobody has filled in: what is not known is said nowhere as if it were."""
    if not isinstance(values, dict):
        return values
    marks = {text("intake.todo", lang) for lang in LANGUAGES}
    open_ones = {
        name: dict.fromkeys(LANGUAGES, "")
        for name in ("group", "wave")
        if isinstance(words := values.get(name), dict) and marks.intersection(map(str, words.values()))
    }
    return values | open_ones


class Questionnaire(_Strict):
    """One instrument in one wave to one group."""

    schema_version: Literal[1]
    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    title: Words
    group: Words
    wave: Words
    period_start: date | None = None
    period_end: date | None = None
    frame: Frame
    scales: dict[str, Scale] = {}
    items: tuple[Item, ...]

    def __repr__(self) -> str:
        return f"Questionnaire({self.id[:80]}: {len(self.items)} items)"

    __str__ = __repr__

    @model_validator(mode="before")
    @classmethod
    def _one_language_is_enough(cls, values: Any) -> Any:
        # Where nothing is in the other language, it was left out and not forgotten.
        return _without_placeholders(in_every_language(values, languages_of(values)))

    @model_validator(mode="after")
    def _holds_together(self) -> Questionnaire:
        known: set[str] = set()
        problems = []
        for item in self.items:
            if item.id in known:
                problems.append(f"the item {item.id} stands twice")
            if item.scale and item.scale not in self.scales:
                problems.append(f"{item.id}: no scale {item.scale!r}; {did_you_mean(item.scale, self.scales)}")
            if item.scale and item.options:
                problems.append(f"{item.id}: has a scale and options of its own")
            codes = [option.code for option in self.options(item)] if not (item.scale and item.scale not in self.scales) else []
            if twice := next((code for code in codes if codes.count(code) > 1), ""):
                problems.append(f"{item.id}: the option code {twice!r} stands twice")
            problems += self._route_problems(item, known)
            known.add(item.id)
        if problems:
            raise ValueError("; ".join(problems))
        return self

    def _route_problems(self, item: Item, earlier: set[str]) -> list[str]:
        if not item.route:
            return []
        try:
            route = parse_route(item.route)
        except SourceError as problem:
            return [f"{item.id}: {problem.what}"]
        unknown = sorted(route.items - earlier)
        if unknown:
            return [f"{item.id}: its route asks for {', '.join(unknown)}, which is no earlier item"]
        problems = []
        for name, code in sorted(route.answers):
            if code not in {option.code for option in self.options(self.item(name))}:
                problems.append(f"{item.id}: its route waits for the answer {code!r} to {name}, which does not exist")
        if not route.can_hold({name: [option.code for option in self.options(self.item(name))] for name in route.items}):
            problems.append(f"{item.id}: its route contradicts itself, so nobody is asked")
        return problems

    def item(self, item_id: str) -> Item:
        """An item by its id.

        Raises:
            SourceError: no such item, with the nearest names.
        """
        for item in self.items:
            if item.id == item_id:
                return item
        raise SourceError(
            f"the questionnaire {self.id} has no item {item_id!r}", todo=did_you_mean(item_id, [item.id for item in self.items])
        )

    def options(self, item: Item) -> tuple[Option, ...]:
        """An item's options, its scale's where it has one."""
        return self.scales[item.scale].options if item.scale else item.options

    def route(self, item: Item) -> Route | None:
        """An item's route, parsed; None when everybody is asked."""
        return parse_route(item.route) if item.route else None

    def battery_items(self, battery: str) -> tuple[Item, ...]:
        """The items of one battery, in order."""
        return tuple(item for item in self.items if item.battery == battery)

    @property
    def questions(self) -> tuple[Item | Battery, ...]:
        """What is tabulated together, in order: single items, and batteries in the place of their first item."""
        found: dict[tuple[str, str], Item | Battery] = {}
        for item in self.items:
            if item.battery:
                found.setdefault(("battery", item.battery), Battery(id=item.battery, items=self.battery_items(item.battery)))
            else:
                found["item", item.id] = item
        return tuple(found.values())


def in_time(questionnaires: Iterable[Questionnaire]) -> list[Questionnaire]:
    """Questionnaires from the earliest wave to the latest: by their dates, and where those are not given by the names of their waves."""
    known = list(questionnaires)
    places = {name: place for place, name in enumerate(waves_in_order(say(one.wave, "da") for one in known), start=1)}
    return sorted(known, key=lambda one: (one.period_start or date.max, places.get(say(one.wave, "da"), 0)))


def read_questionnaire(path: str | Path) -> Questionnaire:
    """Read a questionnaire definition (TOML).

    Args:
        path: the file.

    Returns:
        Questionnaire, checked whole: routes, scales, codes.

    Raises:
        SourceError: not TOML, or written for another schema version.
        SchemaError: with everything that is wrong in it.

    Example:
        >>> asked = read_questionnaire("surveys/2021-note/municipal-2021/questionnaire.toml")
        >>> len(asked.items)
        33
    """
    return read_definition(path, Questionnaire, SCHEMA_VERSION)


def item_name(name: str) -> str:
    """A column's name as an item id: letters, digits and _.

    Example:
        >>> item_name("Q1.a"), item_name("2_tid")
        ('Q1_a', 'v2_tid')
    """
    plain = re.sub(r"\W", "_", name)
    return plain if plain and not plain[0].isdigit() else f"v{plain}"
