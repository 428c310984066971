"""What a check says never repeats a person: a name, a number or an address in the wrong cell is told by its row alone."""

from __future__ import annotations

import shutil
from pathlib import Path
from random import Random

import pytest
from made_rounds import everything
from mutations import cell, heading, line

from vvvresearch.check import check_round

PERSONAL = ("Fatima Al-Hassan", "010190-1234", "fatima@example.dk", "22 33 44 55", "Vestergade 12, 8000 Aarhus")
TALKS, FILES, ROUND = "interviews/alt/", "surveys/alt/", "rounds/alt/"
CELLS = (
    (f"{TALKS}register.csv", "respondent_group"),
    (f"{TALKS}register.csv", "source"),
    (f"{TALKS}register.csv", "pair"),
    (f"{TALKS}register.csv", "municipality"),
    (f"{TALKS}kodninger.csv", "source"),
    (f"{TALKS}kodninger.csv", "code_path"),
    (f"{TALKS}guide.csv", "code_path"),
    (f"{TALKS}vurderinger.csv", "case"),
    (f"{TALKS}kontakter.csv", "pair"),
    (f"{TALKS}udsagn.csv", "verdict"),
    (f"{FILES}match.csv", "municipality"),
    (f"{FILES}match.csv", "start"),
    (f"{FILES}kurser.csv", "participants"),
    (f"{FILES}kommuner-2025.xlsx", "henviser"),
    (f"{FILES}kommuner-2025.xlsx", "respondent"),
    (f"{FILES}inviterede-2025.csv", "respondent"),
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("made")
    everything(root)
    return root


@pytest.mark.slow
@pytest.mark.parametrize(("name", "column"), CELLS)
def test_a_person_in_the_wrong_cell_is_told_by_file_and_row_only(name: str, column: str, made: Path, tmp_path: Path) -> None:
    root = shutil.copytree(made, tmp_path / "w")
    value = Random(f"{name}{column}").choice(PERSONAL)
    file, row = cell(name, column, value)(root, Random(name))
    found = check_round(root, "alt")
    assert (file, row) in {(fault.file, fault.row) for fault in found.faults}, found.faults
    assert value not in str(found.as_dict())


def test_a_person_as_informant_or_code_of_a_goal_is_not_repeated(made: Path, tmp_path: Path) -> None:
    root = shutil.copytree(made, tmp_path / "w")
    line(f"{TALKS}kort.yaml", r"informant: (\S+)", "Fatima Al-Hassan")(root, Random(1))
    heading(f"{FILES}kurser.csv", "format")(root, Random(1))
    found = check_round(root, "alt")
    assert len(found.faults) >= 2
    assert "Fatima" not in str(found.as_dict())
