"""A round's surveys by their names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from vvvresearch.errors import RoundError, UnknownNameError, did_you_mean
from vvvresearch.evidence import Survey
from vvvresearch.rounds.calling._guesses import of_surveys
from vvvresearch.rounds.calling._keys import surveys_asking
from vvvresearch.rounds.calling._meaning import fits, meant_by

if TYPE_CHECKING:
    from vvvresearch.rounds._round import Round


class Surveys(Mapping[str, Survey]):
    """A round's surveys by the id of their source; each is read when it is first asked for.

    Those of earlier rounds are found by their ids too, but a round's own are what it consists of.

    Attributes:
        own: the ids of the round's own surveys.
    """

    def __init__(self, opened: Round) -> None:
        self._round = opened
        self.own = tuple(source.id for source in opened.spec.sources if source.type == "survey")

    def __getitem__(self, name: str) -> Survey:
        if name in self.own:
            survey: Survey = self._round.read(name)
            return survey
        if isinstance(name, int) and -len(self.own) <= name < len(self.own):
            return self[self.own[name]]
        if name in self._round.earlier_surveys:
            return self._round.earlier_surveys[name].surveys[name]
        if fits(self._round, "survey", name):
            return self[str(meant_by(self._round, "survey", name))]
        known = [*self.own, *self._round.earlier_surveys]
        raise RoundError(f"the round {self._round.id} has no survey {name!r}", where=self._round.path, todo=did_you_mean(str(name), known))

    def __call__(self, name: str = "", item: str = "", **named: Any) -> Any:
        """All of them; one, of a name; or the table of one of its items."""
        if not name and not named:
            return self
        return self._round.tabulate(name, item, **named) if item or named else self[name]

    if not TYPE_CHECKING:  # a type checker knows what there is

        def __getattr__(self, name: str) -> Any:
            """A survey by its name, `r.surveys.municipal_2022`, or the table of an item that one of them asks."""
            if name.startswith("_"):
                raise AttributeError(name)
            if fits(self._round, "survey", name):
                return self[name]
            if asked := surveys_asking(self._round, name):
                return self._round.tabulate(asked[0], name) if len(asked) == 1 else self._round.tabulate(item=name)
            if (analysis := of_surveys(self._round, name)) is not None:
                return analysis
            raise UnknownNameError(f"there is no survey {name!r}; {did_you_mean(name, self.own)}")

    def __contains__(self, name: object) -> bool:
        return name in self.own or name in self._round.earlier_surveys

    def __iter__(self) -> Iterator[str]:
        return iter(self.own)

    def __len__(self) -> int:
        return len(self.own)

    def _ipython_key_completions_(self) -> list[str]:
        return [*self.own, *self._round.earlier_surveys]

    def __repr__(self) -> str:
        return f"surveys: {', '.join(self.own) or 'none'}"
