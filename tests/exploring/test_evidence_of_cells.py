"""Every number leads to its evidence, and the evidence counts what the number says."""

from __future__ import annotations

import random
import warnings
from fractions import Fraction
from typing import Any

import pytest
from explored import demo, made_up

import vvvresearch as vvv
from vvvresearch.evidence import Interviews
from vvvresearch.exploring._find import of_address, opened
from vvvresearch.rounds import Round
from vvvresearch.themes import theme_table

RANDOM = random.Random(20221128)
FILTERS = [{}, {"wave": "1", "sex": "female", "stance": "contradicted"}, {"coder": "coder-b"}]
PAIR = ["Udbytte > Netværk > Vennens bekendte", "Moderatorer > Forventninger > Tid", "Aktiviteter > Samvær uden formål"]


def results(r: Round) -> dict[str, Any]:
    found = {
        "themes": r.theme_table(),
        "pairs": r.pair_table(),
        "cooccurrence": r.cooccurrence(codes=PAIR),
        "cross-table": r.crosstab(["mode", "sex"], codes=PAIR),
        "layers": r.crosstab("mode", codes=PAIR, group="refugee", within="sex"),
        "sample": r.sample(),
        "quota": r.quota(),
        "interviews": r.interview_table(),
        "map": r.causal_map(),
        "configurations": r.configurations(),
    }
    return found | {f"truth {outcome}": r.truth_table(outcome) for outcome in r.outcomes}


def registers(r: Round) -> dict[str, Any]:
    survey = r.surveys["municipal-2021"]
    found = {
        "presence": r.presence(),
        "volume": r.volume(),
        "matches": r.match_volume(),
        "endings": r.ended_by_reason(),
        "courses": r.course_table(),
        "goals": r.goal_status(),
        "bases": r.base_table(survey),
        "response": r.response(survey),
        "by region": r.tabulate(survey, "refers", by="region"),
        "ledger": r.evidence_ledger(),
        "compared": r.compare(next(pair for pair in r.comparable() if pair.how == "waves")),
        "crosses": r.crosses(),
    }
    return found | {f"item {number}": r.tabulate(survey, item) for number, item in enumerate(survey.items)}


def unlike(result: Any, most: int) -> list[tuple[str, Any, Any]]:
    cells = RANDOM.sample(list(result.cells), min(most, len(result.cells)))
    wrong = []
    for cell in cells:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = opened(of_address(result, cell.address))
        if found.value is not None and (cell.value is None or abs(float(found.value) - float(cell.value)) > 1e-9):
            wrong.append((cell.address, found.value, cell.value))
    return wrong


@pytest.mark.parametrize(
    "what", [{}, {"group": "refugee"}, {"wave": "1", "sex": "female"}, {"coder": "coder-b"}, {"stance": "contradicted"}]
)
def test_evidence_counts_what_the_cell_says_under_any_filter(what: dict[str, Any]) -> None:
    r = demo().filter(**what) if what else demo()
    assert {name: wrong for name, result in results(r).items() if result and (wrong := unlike(result, 3))} == {}


def test_evidence_counts_what_the_cell_says_in_surveys_registers_and_goals() -> None:
    assert {name: wrong for name, result in registers(demo()).items() if result and (wrong := unlike(result, 4))} == {}


def test_a_table_of_ones_own_opens_too_and_shows_the_whole_cell() -> None:
    table = theme_table(*made_up())
    cell = table.evidence(code="Ro", group="refugee")
    assert cell.whole == {"affirmed": 2, "contradicted": 1, "both": 1, "not_raised": 1, "asked": 3, "not_asked": 0, "not_coded": 0}
    assert sorted(cell["not_raised"].frame["interview"]) == ["C"]
    assert sorted(cell.frame["interview"]) == ["A", "A", "B"]
    assert table.evidence(code="Søvn", group="refugee", measure="share").value == Fraction(1, 2)


def test_no_code_here_differs_from_not_coded_at_all() -> None:
    frame = theme_table(*made_up()).evidence(code="Ro", group="total").frame.set_index("interview")["coders"]
    assert sorted(frame["A"]) == ["x: ∅ · y: ✓", "x: ✓ · y: ∅"]
    assert frame["B"] == "x: ✓ · y: –"


def test_words_of_whoever_is_not_to_be_quoted_never_leave() -> None:
    codings, interviews = made_up()
    register = interviews.frame.assign(consent_quote=[False, True, True, False])
    found = theme_table(codings, Interviews(register)).evidence(code="Ro", group="refugee")
    refused = found.frame[found.frame["interview"] == "A"]
    assert set(refused["text"]) == {""}
    assert not refused["quotable"].any()
    assert "Not to be quoted" in found.in_language("en").to_html()


def test_text_with_scripts_is_shown_as_text() -> None:
    codings, interviews = made_up()
    codings.frame["text"] = "<script>alert(1)</script>"
    shown = theme_table(codings, interviews).evidence(code="Ro", group="refugee").to_html()
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown


def test_a_cell_that_does_not_exist_is_a_sentence_with_what_was_meant() -> None:
    with pytest.raises(vvv.AnalysisError, match="Udbytte > Dansk"):
        demo().theme_table().evidence(code="Udbytte > Danks", group="refugee")
    with pytest.raises(vvv.AnalysisError, match="no number"):
        demo().evidence("presence.2022-05.presnt.n")


def test_what_a_table_does_not_know_is_not_counted_as_nobody() -> None:
    narrow = demo().filter(group="housing_social", sex="male")
    table = narrow.interview_table()
    cell = next(one for one in table.cells if one.address.endswith("total.half_pairs"))
    assert (cell.value, table.evidence(cell.address).value) == (None, None)
