"""Which number of a round a reading is: an address, or a short way of saying one."""

from __future__ import annotations

from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from vvvresearch.errors import did_you_mean

# What is taken -> the fields that say more about it.
FORMS: dict[str, tuple[str, ...]] = {
    "cell": (),
    "presence": ("extract",),
    "matches": ("unit", "reason_class", "of", "year"),
    "survey": ("item", "answers", "of"),
    "courses": ("year",),
}


class Taken(BaseModel):
    """One number of the round. Exactly one of `cell`, `presence`, `matches`, `survey` and `courses` is given."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    cell: str = Field("", description='any number by its address: "municipal-2021.refers.yes.share"')
    presence: str = Field("", description="a status of the monitoring extracts; how many municipalities have it")
    extract: str = Field("", description="the extract; default the latest")
    matches: Literal["", "active", "started", "ended", "ever"] = Field("", description="matches of the register")
    reason_class: tuple[str, ...] = Field((), description="of ended matches only those that ended for these reasons")
    of: str = Field("", description="of what: answered, asked or valid (a survey); ended, ended_known or started (matches)")
    unit: Literal["", "match", "person", "volunteer"] = Field("", description="what of the register is counted; default matches")
    year: str = Field("", description="when: 2024, 2024-H2, 2024-Q3, 2024-06; default what the goal says, else the register's last year")
    survey: str = Field("", description="id of the source")
    item: str = ""
    answers: tuple[str, ...] = Field((), description="codes of the answers that count, everybody once")
    courses: str = Field("", description="a total of the course register: rows, participants, workshops, …")

    @model_validator(mode="before")
    @classmethod
    def _one_word_is_a_list_of_one(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        single = {name: (value[name],) for name in ("reason_class", "answers") if isinstance(value.get(name), str)}
        return value | single

    @model_validator(mode="after")
    def _is_one_form(self) -> Self:
        given = [name for name in FORMS if getattr(self, name)]
        if len(given) != 1:
            raise ValueError(f"a number is taken by one of {', '.join(FORMS)}, not by {', '.join(given) or 'none of them'}")
        form = given[0]
        stray = [name for name in self.model_fields_set if getattr(self, name) and name != form and name not in FORMS[form]]
        if stray:
            raise ValueError(f"{stray[0]!r} does not belong to {form!r}; {did_you_mean(stray[0], FORMS[form])}")
        if form == "survey" and not (self.item and self.answers):
            raise ValueError("a survey's number needs item and answers")
        return self

    @property
    def form(self) -> str:
        """Which of the five it is."""
        return next(name for name in FORMS if getattr(self, name))
