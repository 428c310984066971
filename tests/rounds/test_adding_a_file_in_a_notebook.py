"""A file taken in from a notebook: the same round as `vvv add` makes of it, by `answer` and `confirm` and by the form."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import vvvresearch as vvv
from vvvresearch.cli.main import app
from vvvresearch.errors import SchemaError
from vvvresearch.rounds._adding import Adding

MATCHES = "Match nr;Flygtning;Frivillig;Start;Slut;Årsag\n" + "".join(
    f"{number};FLY-{number};FRI-{number};{number}. maj 2031;{number}. juni 2031;{('flyttet', 'blev <b>uvenner</b>')[number % 2]}\n"
    for number in range(1, 9)
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for arguments in (["init", str(tmp_path / "w")], ["new-round", "first", "--root", str(tmp_path / "w")]):
        assert CliRunner().invoke(app, arguments).exit_code == 0
    return tmp_path / "w"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "match.csv").write_text(MATCHES, encoding="utf-8")
    return tmp_path / "match.csv"


def adding(root: Path, file: Path) -> Adding:
    return vvv.open_round("first", root=root).add(file)


def classes(root: Path) -> dict[str, int]:
    counts: dict[str, int] = vvv.open_round("first", root=root).matches.frame["reason_class"].value_counts().to_dict()
    return counts


def test_nothing_is_written_before_every_question_is_answered(root: Path, file: Path) -> None:
    before = {path for path in root.rglob("*") if path.is_file()}
    found = adding(root, file)
    assert len(found.left) == 1
    with pytest.raises(SchemaError):
        found.confirm()
    assert {path for path in root.rglob("*") if path.is_file()} == before


def test_an_answer_and_a_confirmation_take_the_file_in(root: Path, file: Path) -> None:
    found = adding(root, file)
    (asked,) = found.left
    assert found.answer(asked, "premature").confirm().source == "matches"
    assert classes(root) == {"moved": 4, "premature": 4}


def test_the_button_of_the_form_takes_in_what_its_fields_say(root: Path, file: Path) -> None:
    widgets: Any = import_module("ipywidgets")
    found = adding(root, file)
    box = found.form()
    (field,) = [one for one in box.children if isinstance(one, widgets.Dropdown)]
    (button,) = [one for one in box.children if isinstance(one, widgets.Button)]
    button.click()
    assert found.added is None
    assert "mangler" in box.children[-1].value
    field.value = "unknown"
    button.click()
    assert button.disabled
    assert classes(root) == {"moved": 4, "unknown": 4}


def test_what_a_file_says_is_shown_as_text_and_never_as_markup(root: Path, file: Path) -> None:
    shown = adding(root, file)._repr_html_()
    assert "&lt;b&gt;uvenner" in shown
    assert "<b>uvenner" not in shown
    assert "Flygtning" in shown
    assert "overskrift og celler siger det" in shown
