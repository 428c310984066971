"""The error of a call that does not fit: it names the right one, with what was understood filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from vvvresearch.errors import CallError, did_you_mean
from vvvresearch.rounds.calling._beside import Understood, follows, has_column
from vvvresearch.rounds.calling._fitting import misfit_error, ours_of
from vvvresearch.rounds.calling._meaning import filter_of, meant_by

if TYPE_CHECKING:
    from vvvresearch.rounds._binding import Bound
    from vvvresearch.rounds._round import Round


def refused(
    opened: Round, bound: Bound[Any, Any], call: Understood, misfit: TypeError, arguments: Sequence[Any], left: Mapping[str, Any]
) -> CallError:
    """The error that names the right call, with what was understood of it filled in."""
    signature, where = bound.left, f"r.{bound.name}"
    asked = next((call.given[one] for one in bound.surveys if one in call.given), None)
    given = {name: meant_by(opened, name, value, survey=asked) for name, value in call.given.items()}
    refused = misfit_error(where, signature, misfit, given, left)
    words = next((one for one in arguments if isinstance(one, str)), "")
    if words and opened.has("codings") and follows(opened, bound) and (several := _called_alike(opened, words)):
        calls = " or ".join(f"{where}({one!r})" for one in several[:4])
        return CallError(refused.what, where=where, why=f"{len(several)} codes are called {words!r}", todo=calls)
    if "survey" in signature.parameters and words and "survey" not in given and opened.has("survey"):
        near = did_you_mean(words, opened.surveys)
        return CallError(refused.what, where=where, why=f"{words!r} is no survey of the round", todo=f"{near}; {refused.todo}")
    if not left and words and opened.has("codings") and follows(opened, bound) and not filter_of(opened, words):
        near = did_you_mean(words, {path.rpartition(" > ")[2] for path in opened.codebook.paths})
        near = near if "did you" in near else "no code is called so"
        todo = f"{near}; where the words stand: r.search({words!r}); this is {refused.todo}"
        return CallError(refused.what, where=where, why=f"{words!r} is no code, group or wave of the round", todo=todo)
    if "by" not in signature.parameters and any(ours_of(word, ["by"]) for word in left):
        by = next(value for word, value in left.items() if ours_of(word, ["by"]))
        calls = " or ".join(f"r.{one}(by={by!r})" for one in _split_alike(opened, bound)[:3] if has_column(opened, bound, by))
        return CallError(refused.what, where=where, why="it is not split by a column", todo=f"split are {calls}") if calls else refused
    if not left and arguments and isinstance(arguments[0], str) and arguments[0] in opened.surveys and "survey" not in signature.parameters:
        todo = f"answers of a survey are r.tabulate({arguments[0]!r}, item, by=…); this is {refused.todo}"
        return CallError(refused.what, where=where, why=refused.why, todo=todo)
    return refused


def _called_alike(opened: Round, words: str) -> list[str]:
    """The paths of codes that bear one name, where several do."""
    paths = [path for path in opened.codebook.paths if path.rpartition(" > ")[2].casefold() == words.strip().casefold()]
    return paths if len(paths) > 1 else []


def _split_alike(opened: Round, bound: Bound[Any, Any]) -> list[str]:
    """The analyses that rest on the same evidence first and are split by a column."""
    first = next(iter(bound.evidence.values()), "")
    alike = {name: made for part in type(opened).__mro__ for name, made in vars(part).items() if isinstance(made, type(bound))}
    return sorted(
        name for name, made in alike.items() if next(iter(made.evidence.values()), None) == first and "by" in made.left.parameters
    )
