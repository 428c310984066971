"""No silent decision is wrong: every one is compared with the truth planted in the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.intake.first_set import FIRST
from tests.intake.planted import Planted, wrong_decisions
from vvvresearch.errors import SourceError
from vvvresearch.evidence import read_programme
from vvvresearch.intake import propose

PROGRAMME = read_programme(Path("nowhere"))
OF_A_KIND = [planted for planted in FIRST if planted.kind]


@pytest.mark.parametrize("planted", OF_A_KIND, ids=lambda planted: planted.name)
def test_every_decision_is_the_planted_truth_and_only_what_is_open_is_asked(planted: Planted, tmp_path: Path) -> None:
    proposal = propose(planted.write(tmp_path), programme=PROGRAMME)
    assert proposal.kind == planted.kind
    assert wrong_decisions(planted, proposal) == []
    if planted.asks is not None:
        assert {question.id for question in proposal.questions} == planted.asks
    if planted.unit is not None:
        assert proposal.unit == planted.unit


@pytest.mark.parametrize("planted", [planted for planted in FIRST if not planted.kind], ids=lambda planted: planted.name)
def test_a_file_of_no_kind_is_refused_with_what_was_looked_for(planted: Planted, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no kind") as caught:
        propose(planted.write(tmp_path), programme=PROGRAMME)
    assert "interviewregister" in caught.value.why
