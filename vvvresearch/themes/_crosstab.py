"""Themes by an attribute of the interviewee, with exact tests in one declared family."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from vvvresearch.errors import AnalysisError
from vvvresearch.evidence import column_named
from vvvresearch.locales import Joined, Phrase, Sayable, has_words
from vvvresearch.results import Base, Column, Labels, Measure, Result, Tested, recorded
from vvvresearch.statistics.multiplicity import adjust, alpha_of_family
from vvvresearch.statistics.persons import persons_by_group
from vvvresearch.statistics.power import least_detectable_points
from vvvresearch.themes._coders import Coder, coder_note, setting_names
from vvvresearch.themes._codes import Code, CodeName, checked_codes
from vvvresearch.themes._sample import AND, UNKNOWN, attribute_name, attribute_values
from vvvresearch.themes._states import States, held_in_order, roles_note, states_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from vvvresearch.evidence import Codings, Interviews

_SIDES = ("persons_asked", "persons_others")


@recorded
def crosstab(
    codings: Codings,
    interviews: Interviews,
    attribute: str | Sequence[str],
    *,
    codes: Sequence[str | Code] | None = None,
    depth: int | None = None,
    guide: pd.DataFrame | None = None,
    coder: Coder = None,
    wave: str | None = None,
    group: str | Sequence[str] = "",
    within: str = "",
) -> Result:
    """How many persons of each value of an attribute affirm a theme, each value tested against all others.

    The informant is the unit of the test: whole persons are exchanged between the groups, each with all interviews in which the
    theme could be raised. Where every person was interviewed once it is Fisher's exact test.

    Args:
        codings, interviews, guide, coder, wave, group: as `theme_table`.
        attribute: a column of the register, e.g. "mode", "interpreter", "employment", "sex"; an empty value is one of its own. Several
            columns make one group of every combination that occurs: ["employment", "sex"].
        codes: the themes; default all.
        depth: only themes of the first levels of the tree.
        within: another column, e.g. "sex": each value is tested against the others of the same sex. One family holds all these tests.

    Returns:
        Result; .frame: code_path, within (where asked for; persons by their first interview), value, affirmed and asked (interviews),
        persons_affirmed and persons_asked (each person under the value of the first interview), persons_others (asked, with another
        value), p (exact, persons of the value against the others; not shown where either side is small), p_adjusted (Holm over the
        table), least_detectable (the difference from the others' share of persons, in the direction seen, that the test would find in
        80 of 100; NaN where none would). A value that is everybody has no p. Absent where the register says nothing of anybody.

    Raises:
        AnalysisError: no such column or code, or the wave of persons who were interviewed at several.

    Example:
        >>> import vvvresearch as vvv
        >>> r = vvv.open_round("demo")
        >>> table = crosstab(r.codings, r.interviews, "sex", codes=["Udbytte > Dansk"])
        >>> table.frame[["value", "affirmed", "asked"]].values.tolist()
        [['female', 15, 32], ['male', 10, 26]]
    """
    chosen = [path for path in checked_codes(codings.codebook, codes) if depth is None or codings.codebook.level(path) <= depth]
    states = states_of(codings, interviews, guide=guide, coder=coder, wave=wave, group=group)
    asked = [attribute] if isinstance(attribute, str) else attribute
    names = [column_named(name, states.register, where="attribute") for name in asked]
    layer = column_named(within, states.register, where="within") if within else ""
    layers = [layer] if layer else []
    if layer in names:
        raise AnalysisError(f"{within!r} has one value within itself", where="within", todo="name another column, or none")
    if "wave" in names + layers and not states.register.groupby("person")["wave"].nunique().le(1).all():
        todo = "theme_changes() compares the same persons, theme_table(by='wave') counts each wave"
        raise AnalysisError("persons cannot be parted by wave", where="attribute", why="some were interviewed at several", todo=todo)
    said: dict[str, Sayable] = {"attribute": Joined(tuple(attribute_name(name) for name in names), " × ")}
    title = Phrase("themes.crosstab_title", said)
    if all((attribute_values(states.register, name) == UNKNOWN).all() for name in names):
        return Result.missing(Phrase("themes.crosstab_unknown", said), title=title)
    if layers:
        title = Phrase("themes.crosstab_within", {**said, "layer": attribute_name(layer)})
    wanted = set(chosen)
    rows = list(_rows(states, [place for place, path in enumerate(states.paths) if path in wanted], names, layers))
    # Of two values each against the other is one hypothesis.
    hypotheses = {row.hypothesis: row.p for row in rows}
    tests = adjust(list(hypotheses.values()), "holm", "")
    adjusted = dict(zip(hypotheses, tests.adjusted, strict=True))
    alpha = alpha_of_family(0.05, tests.size, "holm")
    frame = pd.DataFrame(
        [(*row[:8], row.p, adjusted[row.hypothesis], _could_be_seen(row, alpha)) for row in rows],
        columns=[*_Row._fields[:8], "p", "p_adjusted", "least_detectable"],
    )
    if not layers:
        frame = frame.drop(columns="within")
    return Result(
        frame=frame,
        base=Base(int(states.coded.sum()), "interview", wave=wave or "", source=codings.origin),
        title=title,
        notes=(Phrase("themes.crosstab_note"), *roles_note(states), coder_note(coder)),
        shows=(
            CodeName("code_path", Phrase("themes.theme")),
            *(Column("within", attribute_name(name)) for name in layers),
            Column("value", Phrase("sample.value")),
            Column("affirmed", Phrase("themes.affirmed"), "count"),
            Column("asked", Phrase("themes.asked"), "count"),
            Column("persons_affirmed", Phrase("themes.persons_affirmed"), "count"),
            Column("persons_asked", Phrase("themes.persons_asked"), "count"),
            Tested("p", Phrase("themes.p_value"), "p", note=Phrase("themes.crosstab_test_note"), sides=_SIDES),
            Tested("p_adjusted", Phrase("themes.p_adjusted"), "p", sides=_SIDES),
            Column("least_detectable", Phrase("comparing.least_detectable"), "points", 1, note=Phrase("themes.crosstab_least")),
        ),
        kind=codings.kind,
        at=f"crosstab/{'+'.join(names).casefold()}"
        + setting_names(coder=coder, wave=wave, group=group, within=layers[0] if layers else ""),
        keys=("code_path", "within", "value") if layers else ("code_path", "value"),
        measures=(
            Measure("affirmed", of="asked"),
            Measure("asked", of="asked"),
            Measure("persons_affirmed", of="persons_asked", unit="person"),
            Measure("persons_asked", of="persons_asked", unit="person"),
            Measure("p", "p", of="persons_asked", unit="person", sides=_SIDES),
            Measure("least_detectable", "points", 1, of=""),
        ),
        labels={"value": _value_words(frame["value"], names), "within": Labels({}, table="attributes")},
        tree="code_path",
    )


def _value_words(values: pd.Series[str], names: Sequence[str]) -> Labels:
    """The words of the values; of a combination those of its parts."""
    if len(names) == 1:
        return Labels({}, table="attributes")
    parts = {value: value.split(AND) for value in set(values)}
    words = {
        value: Joined(tuple(Phrase(f"attributes.{one}") if has_words(f"attributes.{one}") else one for one in part), AND)
        for value, part in parts.items()
    }
    return Labels(words)


class _Row(NamedTuple):
    code_path: str
    within: str
    value: str
    affirmed: int
    asked: int
    persons_affirmed: int
    persons_asked: int
    persons_others: int
    others_affirmed: int
    p: float
    hypothesis: tuple[str, str, bytes]


def _could_be_seen(row: _Row, alpha: float) -> float:
    if not row.persons_asked or not row.persons_others:
        return float("nan")
    more = row.persons_affirmed * row.persons_others >= row.others_affirmed * row.persons_asked
    share = row.others_affirmed / row.persons_others
    least = least_detectable_points(row.persons_others, row.persons_asked, share, alpha, upwards=more)
    return float("nan") if least is None else least


def _rows(states: States, places: list[int], names: Sequence[str], layers: Sequence[str]) -> Iterator[_Row]:
    register = states.register
    held = held_in_order(register)
    names_of_values, values = np.unique(attribute_values(register, names).to_numpy(object), return_inverse=True)
    layer = attribute_values(register, layers).to_numpy(object) if layers else np.full(len(register), "", dtype=object)
    persons = pd.factorize(register["person"])[0]
    for place in places:
        could = held[states.asked[held, place]]
        # A person has the values of the first interview, and adds up over all of them.
        _, begin, owner = np.unique(persons[could], return_index=True, return_inverse=True)
        own_layer = layer[could[begin]][owner]
        for within in np.unique(own_layer):
            asked = could[own_layer == within]
            _, first, person = np.unique(persons[asked], return_index=True, return_inverse=True)
            own_value, affirmed = values[asked[first]], states.affirmed[asked, place]
            times, yes = np.bincount(person), np.bincount(person, affirmed).astype(int)
            known: dict[bytes, float] = {}
            for value in np.unique(values[asked]):
                own, mine = values[asked] == value, own_value == value
                # Those of two values are tested against each other once.
                parted = (mine if mine[0] else ~mine).tobytes()
                if parted not in known:
                    known[parted] = persons_by_group(yes.tolist(), times.tolist(), mine.tolist()).p_value
                people = int((yes[mine] > 0).sum()), int(mine.sum()), int((~mine).sum()), int((yes[~mine] > 0).sum())
                counts = int(affirmed[own].sum()), int(own.sum())
                path = states.paths[place]
                yield _Row(path, within, names_of_values[value], *counts, *people, known[parted], (path, within, parted))
