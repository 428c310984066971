"""The outcome of a proof, with its reasons in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from vvvresearch.locales import Lang, Phrase

# "asks": every number is carried, and whether the words say what was asked is for a person to read.
Outcome = Literal["holds", "contradicted", "cannot", "asks"]


@dataclass(frozen=True)
class Check:
    """What one word or number of a statement came to. `code` names the reason for programs, `reason` says it to readers."""

    outcome: Outcome
    code: str
    reason: Phrase


@dataclass(frozen=True)
class Verdict:
    """Whether a statement holds, is contradicted, cannot be told, or asks for somebody who reads it, and why.

    `true_words` are sentences that the same row does carry, ready to paste. Where it asks, `readings` are what is to be read side by
    side: what those counted are called beside their source, and the words beside the question of their number.
    """

    outcome: Outcome
    checks: tuple[Check, ...]
    true_words: tuple[str, ...] = ()
    readings: tuple[tuple[str, str], ...] = ()

    @property
    def reading(self) -> tuple[str, str]:
        """The first that is to be read; two empty texts where nothing is."""
        return next(iter(self.readings), ("", ""))

    @property
    def holds(self) -> bool:
        """Whether every word of the statement is carried by the row."""
        return self.outcome == "holds"

    @property
    def codes(self) -> tuple[str, ...]:
        """The reasons of the checks that did not hold."""
        return tuple(check.code for check in self.checks if check.outcome != "holds")

    def say(self, lang: Lang = "da") -> str:
        """The reasons in words, one a line; nothing where the statement holds."""
        return "\n".join(check.reason.say(lang) for check in self.checks if check.outcome != "holds")


def check(outcome: Outcome, code: str, /, **values: object) -> Check:
    """A check whose words stand in the table `statements` under its code."""
    return Check(outcome, code, Phrase(f"statements.{code}", dict(values)))


HOLDS = Check("holds", "holds", Phrase("statements.holds"))
