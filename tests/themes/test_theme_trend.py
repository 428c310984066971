"""Themes over rounds: counted by hand, by brute force over drawn codebooks, and never a zero for what a round could not tell."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from conftest import codebook, register
from hypothesis import given, settings
from hypothesis import strategies as st

from vvvresearch.errors import AnalysisError
from vvvresearch.evidence import Codings, Interviews
from vvvresearch.results import Result
from vvvresearch.themes import CodedRound, theme_table, theme_trend

Mark = tuple[int, str, str]
EARLIER = ["Udbytte", "Udbytte > Dansk", "Udbytte > Venner", "Udbytte > Netværk", "Hverdag", "Hverdag > Post", "Sorg"]
LATER = ["Udbytte", "Udbytte > Sprog", "Udbytte > Fællesskab", "Udbytte > Mod", "Hverdag", "Hverdag > Breve", "Hverdag > Tal"]
CHANGES = pd.DataFrame(
    [
        ("Udbytte > Dansk", "Udbytte > Sprog", "rename"),
        ("Udbytte > Venner", "Udbytte > Fællesskab", "merge"),
        ("Udbytte > Netværk", "Udbytte > Fællesskab", "merge"),
        ("Hverdag > Post", "Hverdag > Breve", "split"),
        ("Hverdag > Post", "Hverdag > Tal", "split"),
    ],
    columns=["old", "new", "kind"],
)


def held(prefix: str, persons: list[str]) -> Interviews:
    return register(
        [
            {"interview": f"{prefix}{n}", "source": f"{prefix}{n}", "person": person, "respondent_group": "refugee", "month": "2023-05"}
            for n, person in enumerate(persons)
        ]
    )


def coded(prefix: str, marks: list[Mark], paths: list[str]) -> Codings:
    rows = [(f"{prefix}{who}", 9 * n, 9 * n + 5, "ordene", code, "A", stance) for n, (who, code, stance) in enumerate(marks)]
    return Codings(
        pd.DataFrame(rows, columns=["source", "start", "end", "text", "code_path", "coder", "stance"]), codebook(paths), {}, origin=prefix
    )


def at(trend: Result, path: str, name: str) -> dict[str, Any]:
    frame = trend.frame
    return {str(key): value for key, value in frame[(frame["code_path"] == path) & (frame["round"] == name)].iloc[0].to_dict().items()}


def two_rounds(changes: pd.DataFrame | None = CHANGES, **more: Any) -> Result:
    first = [
        (0, "Udbytte > Dansk", ""),
        (1, "Udbytte > Venner", ""),
        (1, "Udbytte > Netværk", ""),
        (2, "Udbytte > Netværk", "contradicted"),
    ]
    first += [(0, "Hverdag > Post", ""), (3, "Hverdag > Post", ""), (4, "Sorg", "")]
    second = [(0, "Udbytte > Sprog", ""), (1, "Udbytte > Sprog", ""), (2, "Udbytte > Mod", ""), (2, "Hverdag > Breve", "")]
    rounds = {
        "2023": CodedRound(coded("a", first, EARLIER), held("a", ["Ali", "Bo", "Cia", "Dan", "Eva"])),
        "2024": CodedRound(coded("b", second, LATER), held("b", ["Eva", "Finn", "Ali"]), changes=changes, label="Anden runde"),
    }
    return theme_trend(rounds, **more)


@pytest.mark.parametrize(
    ("path", "earlier", "later", "change"),
    [
        ("Udbytte", (2, 1, 5), (3, 0, 3), ""),
        ("Udbytte > Sprog", (1, 0, 5), (2, 0, 3), "rename"),
        ("Udbytte > Fællesskab", (1, 1, 5), (0, 0, 3), "merge"),
        ("Udbytte > Mod", None, (1, 0, 3), "new"),
        ("Hverdag", (2, 0, 5), (1, 0, 3), ""),
        ("Hverdag > Breve", None, (1, 0, 3), "split"),
        ("Hverdag > Tal", None, (0, 0, 3), "split"),
    ],
)
def test_a_code_is_followed_through_a_change_of_the_codebook(
    path: str, earlier: tuple[int, int, int] | None, later: tuple[int, int, int], change: str
) -> None:
    trend, columns = two_rounds(), ("persons_affirmed", "persons_contradicted", "persons_asked")
    before, now = at(trend, path, "2023"), at(trend, path, "2024")
    assert all(pd.isna(before[column]) for column in columns) if earlier is None else tuple(before[column] for column in columns) == earlier
    assert tuple(now[column] for column in columns) == later
    assert (now["change"], now["break"]) == (change, change in ("split", "merge", "new"))
    assert (before["change"], before["break"]) == ("", False)


def test_what_a_round_cannot_tell_has_no_number_and_says_so_in_both_languages() -> None:
    trend = two_rounds()
    addresses = {cell.address for cell in trend.cells}
    assert "theme-trend.udbytte/sprog.2023.share" in addresses
    assert "theme-trend.udbytte/mod.2024.persons_affirmed" in addresses
    assert not any(one.startswith(("theme-trend.udbytte/mod.2023", "theme-trend.hverdag/tal.2023")) for one in addresses)
    shown = trend.shown()
    assert shown.loc[shown.iloc[:, 0].str.contains("Mod")].iloc[0, 1:].tolist() == ["kan ikke opgøres", "1/3 (ny kode)"]
    assert "cannot be told" in trend.in_language("en").to_markdown()
    assert "Anden runde" in trend.to_markdown()
    # The picture has the themes alone that both rounds can tell, by the words of the rounds.
    drawn = trend.pictures["heatmap"].frame
    assert drawn is not None
    assert drawn["code_path"].tolist() == [path for path in ("Udbytte", "Udbytte > Sprog", "Hverdag") for _ in (1, 2)]
    assert "Sprog: 2023 1/5, Anden runde 2/3" in trend.plot().alt()
    behind = trend.evidence(code="Udbytte > Sprog", round="2023", measure="persons_affirmed")
    assert (behind.value, behind.frame["interview"].tolist()) == (1, ["a0"])


def test_persons_of_both_rounds_and_codes_without_successor_are_told() -> None:
    trend = two_rounds()
    assert trend.totals["persons_again"].value == 2
    assert "2 personer er interviewet i mere end én runde" in trend.to_markdown()
    assert "Sorg" in trend.to_markdown()


def test_an_interview_whose_only_code_is_gone_stays_in_the_base() -> None:
    assert at(two_rounds(), "Udbytte", "2023")["asked"] == 5


def test_without_declared_changes_only_what_is_certain_is_followed() -> None:
    trend = two_rounds(None)
    assert at(trend, "Udbytte > Sprog", "2024")["change"] == "new"
    # Passages of codes that are gone still count for the theme that they lie below.
    assert at(trend, "Udbytte", "2023")["persons_affirmed"] == 2


def test_changes_that_name_no_code_are_told_all_at_once_with_the_nearest_names() -> None:
    wrong = pd.DataFrame([("Udbytte > Dansk", "Udbytte > Sprøg"), ("Udbytte > Vener", "Udbytte > Sprog")], columns=["old", "new"])
    with pytest.raises(AnalysisError) as caught:
        two_rounds(wrong)
    assert "did you mean Udbytte > Sprog" in str(caught.value)
    assert "did you mean Udbytte > Venner" in str(caught.value)


def test_a_split_over_two_branches_leaves_both_unknown_before_it() -> None:
    first = CodedRound(coded("a", [(0, "X", "")], ["X", "Y", "Y > Z"]), held("a", ["Ali"]))
    second = CodedRound(
        coded("b", [(0, "Y > Z", "")], ["Y", "Y > Z", "W"]),
        held("b", ["Bo"]),
        changes=pd.DataFrame([("X", "Y > Z"), ("X", "W")], columns=["old", "new"]),
    )
    trend = theme_trend({"a": first, "b": second})
    assert [pd.isna(at(trend, path, "a")["asked"]) for path in ("Y", "Y > Z", "W")] == [True, True, True]


def test_what_was_asked_of_a_code_was_asked_of_its_successor() -> None:
    guide = pd.DataFrame({"respondent_group": ["refugee"], "code_path": ["Udbytte > Dansk"]})
    first = CodedRound(coded("a", [(0, "Udbytte > Dansk", "")], EARLIER), held("a", ["Ali", "Bo"]), guide=guide)
    second = CodedRound(coded("b", [(0, "Udbytte > Sprog", "")], LATER), held("b", ["Cia"]), changes=CHANGES)
    trend = theme_trend({"a": first, "b": second})
    # The second interview has no coding: nobody has read it.
    assert at(trend, "Udbytte > Sprog", "a")["persons_asked"] == 1
    assert at(trend, "Hverdag > Tal", "b")["persons_asked"] == 1
    assert at(trend, "Udbytte > Fællesskab", "a")["persons_asked"] == 0


def test_three_rounds_are_followed_step_by_step() -> None:
    books = (["A", "A > x"], ["A", "A > y"], ["B", "B > z"])
    said = ([(0, "A > x", "")], [(0, "A > y", ""), (1, "A", "")], [(0, "B", "")])
    moves = (None, [("A > x", "A > y")], [("A", "B"), ("A > y", "B > z")])
    rounds = {
        name: CodedRound(
            coded(name, marks, paths),
            held(name, ["Ali", "Bo"]),
            changes=None if move is None else pd.DataFrame(move, columns=["old", "new"]),
        )
        for name, paths, marks, move in zip("pqr", books, said, moves, strict=True)
    }
    trend = theme_trend(rounds)
    assert [at(trend, "B > z", name)["persons_affirmed"] for name in "pqr"] == [1, 1, 0]
    assert [at(trend, "B", name)["persons_affirmed"] for name in "pqr"] == [1, 2, 1]
    assert [at(trend, "B > z", name)["change"] for name in "pqr"] == ["", "rename", "rename"]


LEAVES = [f"T{top} > k{leaf}" for top in range(2) for leaf in range(3)]
TREE = ["T0", *LEAVES[:3], "T1", *LEAVES[3:]]


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 4), st.sampled_from(TREE), st.sampled_from(["", "contradicted"])), min_size=1, max_size=14),
    st.permutations(LEAVES),
    st.sets(st.sampled_from(LEAVES), max_size=2),
)
def test_renames_and_merges_count_what_brute_force_counts(marks: list[Mark], order: list[str], merged: set[str]) -> None:
    # Every leaf moves within its theme; those in `merged` become one code of theirs.
    new = {leaf: f"{leaf[:2]} > {'one' if leaf in merged else 'n' + str(order.index(leaf))}" for leaf in LEAVES}
    later = sorted({"T0", "T1", *new.values()})
    changes = pd.DataFrame(list(new.items()), columns=["old", "new"])
    people = ["Ali", "Bo", "Ali", "Cia", "Dan"]
    first = CodedRound(coded("a", marks, TREE), held("a", people))
    trend = theme_trend({"a": first, "b": CodedRound(coded("b", [(0, "T0", "")], later), held("b", ["Eva"]), changes=changes)})
    read = {people[who] for who, _, _ in marks}
    for path in later:
        for column, stance in (("persons_affirmed", ""), ("persons_contradicted", "contradicted")):
            said = {people[who] for who, code, found in marks if found == stance and (new.get(code, code) + " > ").startswith(path + " > ")}
            assert at(trend, path, "a")[column] == len(said)
        assert at(trend, path, "a")["persons_asked"] == len(read)


def test_the_last_round_is_its_own_theme_table() -> None:
    trend = two_rounds()
    marks = [(0, "Udbytte > Sprog", ""), (1, "Udbytte > Sprog", ""), (2, "Udbytte > Mod", ""), (2, "Hverdag > Breve", "")]
    table = theme_table(coded("b", marks, LATER), held("b", ["Eva", "Finn", "Ali"])).frame
    own = table[table["respondent_group"] == "total"].set_index("code_path")
    for path in LATER:
        assert at(trend, path, "2024")["persons_affirmed"] == own.loc[path, "persons_affirmed"]
