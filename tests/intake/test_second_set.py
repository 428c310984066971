"""Files of other habits, written after the rules: what was wrong at first contact stands in `FIRST_CONTACT`; today nothing may be."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.intake.planted import Planted, wrong_decisions
from tests.intake.second_set import SECOND, TRAPS
from vvvresearch.errors import SourceError
from vvvresearch.evidence import read_programme
from vvvresearch.intake import propose

PROGRAMME = read_programme(Path("nowhere"))


@pytest.mark.parametrize("planted", [*SECOND, *TRAPS], ids=lambda planted: planted.name)
def test_no_silent_decision_about_a_file_of_other_habits_is_wrong(planted: Planted, tmp_path: Path) -> None:
    path = planted.write(tmp_path)
    before = path.read_bytes()
    if not planted.kind:
        with pytest.raises(SourceError, match=r"no kind|no row is a heading"):
            propose(path, programme=PROGRAMME)
    else:
        proposal = propose(path, programme=PROGRAMME)
        assert proposal.kind == planted.kind
        assert wrong_decisions(planted, proposal) == []
        if planted.asks is not None:
            assert {question.id for question in proposal.questions} == planted.asks
    assert path.read_bytes() == before
