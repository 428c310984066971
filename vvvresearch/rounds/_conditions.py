"""What a round declares about mechanisms: conditions and outcomes of its cases, expectations of the pairs, candidates for a test."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from vvvresearch.errors import did_you_mean
from vvvresearch.evidence import Words

if TYPE_CHECKING:
    from vvvresearch.mechanisms import Alike, Declared, Judged, Linked

Nodes = str | Annotated[list[str], Field(min_length=1)]
Share = Annotated[float, Field(ge=0, le=1)]
_HOW = 'give one of judged = true, alike = "attribute", linked = ["cause", "effect"]'


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class RuleSpec(_Strict):
    """How the membership of a case follows from the evidence: exactly one of `judged`, `alike` and `linked`."""

    judged: Literal[True] | str | None = Field(
        None, description="as the evaluators judged it; a name where the judgements call it otherwise"
    )
    alike: str | None = Field(None, description="both halves of the pair have the same in this attribute")
    within: float = Field(0.0, ge=0, description="with alike: the largest difference that still counts as the same")
    share: bool = Field(False, description="with alike: lists count as alike as soon as they share something")
    linked: Annotated[list[Nodes], Field(min_length=1, max_length=2)] | None = Field(
        None, description="somebody says in the case's mapping that the first leads to the second (any, where there is no second)"
    )
    direction: Literal["promotes", "hinders"] = Field("promotes", description="with linked: what the link must say")
    memberships: Annotated[list[Share], Field(min_length=3, max_length=3)] = Field(
        [0.0, 1.0, 1.0], description="with linked: what nobody, one half and both halves of the pair saying so give"
    )

    @model_validator(mode="after")
    def _is_one_rule(self) -> RuleSpec:
        given = [name for name in ("judged", "alike", "linked") if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(f"a condition needs one rule, not {len(given)}; {_HOW}")
        belongs = {"within": "alike", "share": "alike", "direction": "linked", "memberships": "linked"}
        stray = [name for name in self.model_fields_set if belongs.get(name, given[0]) != given[0]]
        if stray:
            raise ValueError(f"{stray[0]} belongs to a rule {belongs[stray[0]]}, not to {given[0]}")
        return self

    @property
    def needs(self) -> str:
        """The type of source that it reads."""
        return "judgements" if self.judged is not None else "attributes" if self.alike is not None else "mappings"

    def rule(self) -> Judged | Alike | Linked:
        """The rule as analyses take it."""
        from vvvresearch.mechanisms import Alike, Judged, Linked

        if self.alike is not None:
            return Alike(self.alike, self.within, self.share)
        if self.linked is not None:
            cause, *effect = ((nodes,) if isinstance(nodes, str) else tuple(nodes) for nodes in self.linked)
            none, one, both = self.memberships
            return Linked(cause, effect[0] if effect else (), self.direction, (none, one, both))
        return Judged("" if self.judged is True else str(self.judged))


class OutcomeSpec(_Strict):
    """A set whose presence and absence are explained."""

    id: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$")]
    label: Words = Field(description="what membership in the set means: et godt match, a good match")
    rule: RuleSpec


class ConditionSpec(OutcomeSpec):
    """A condition of a case: a mechanism, or what may further or hinder it."""

    expect: Literal[0, 1, "either"] | None = Field(
        None, description="the value that should further the outcome; either: in the set analysis without one; absent: not in it"
    )
    mechanism: bool = Field(False, description="whether it is a mechanism; the others are shown as circumstances")


class PerspectivesSpec(_Strict):
    """How the two halves of a pair are set side by side, by columns of the source of attributes."""

    expected: tuple[str, ...] = Field((), description="attributes that are expectations of the relation")
    leave_out: tuple[str, ...] = Field((), description="columns that are not compared: pseudonyms, occupations")
    words: dict[str, Words] = Field({}, description="what attributes and their values are called")


class ModeratorsSpec(_Strict):
    """What is tested for making a difference to the outcomes, all together as one family."""

    candidates: tuple[str, ...] = Field((), description="ids of conditions; default all of them")


def condition_problems(
    conditions: tuple[ConditionSpec, ...], outcomes: tuple[OutcomeSpec, ...], candidates: Iterable[str]
) -> Iterator[str]:
    """What does not hold together in the declaration."""
    names = [one.id for one in (*conditions, *outcomes)]
    folded = [name.casefold() for name in names]
    yield from (f"the condition {name} stands twice" for name in dict.fromkeys(names) if folded.count(name.casefold()) > 1)
    known = [one.id for one in conditions]
    yield from (f"moderators: there is no condition {name!r}; {did_you_mean(name, known)}" for name in candidates if name not in known)


def declared_of(conditions: tuple[ConditionSpec, ...], outcomes: tuple[OutcomeSpec, ...], candidates: tuple[str, ...]) -> Declared:
    """The declaration as analyses take it."""
    from vvvresearch.mechanisms import Declared

    return Declared(
        words={one.id: one.label for one in (*conditions, *outcomes)},
        expectations={one.id: one.expect for one in conditions if one.expect is not None},
        mechanisms=tuple(one.id for one in conditions if one.mechanism),
        outcomes=tuple(one.id for one in outcomes),
        candidates=candidates or tuple(one.id for one in conditions),
    )
