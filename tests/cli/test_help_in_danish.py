"""`--help` and complaints about a command line are Danish, and English where it is asked for."""

from __future__ import annotations

import re
import sys

import pytest
import typer

from vvvresearch.cli import main
from vvvresearch.cli._help import call_in_danish
from vvvresearch.locales import messages_of


def called(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *arguments: str) -> tuple[int, str, str]:
    monkeypatch.setattr(sys, "argv", ["vvv", *arguments])
    with pytest.raises(SystemExit) as ended:
        main.run()
    out, err = capsys.readouterr()
    return int(ended.value.code or 0), out, err


def sentences() -> set[str]:
    """Every sentence that the commands say of themselves, as typer has them."""
    command = typer.main.get_command(main.app)
    everything = (command, *command.commands.values())  # type: ignore[attr-defined]
    return {said for one in everything for said in (one.help, *(parameter.help for parameter in one.params)) if said}


def test_every_sentence_of_the_help_has_danish_and_no_other_is_kept() -> None:
    complaints = {words for words in messages_of("help") if "{" in words}
    assert sentences() == set(messages_of("help")) - complaints


@pytest.mark.parametrize("command", ["", *(one.name or "" for one in main.app.registered_commands)])
def test_the_help_of_a_command_is_danish_and_says_all_that_the_english_says(
    command: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = [word for word in (command, "--help") if word]
    code, danish, err = called(capsys, monkeypatch, *arguments)
    assert (code, err) == (0, "")
    assert danish.startswith("Brug: vvv")
    assert not re.search(r"Usage|Options:|Arguments:|Commands:|\bdefault\b|\brequired\b|\bthe\b", danish)
    code, english, _ = called(capsys, monkeypatch, "--lang", "en", *arguments)
    assert code == 0
    assert english.startswith("Usage: vvv")
    options = r"(?m)^  (?:-\w, )?(--[\w-]+)"
    assert re.findall(options, danish) == re.findall(options, english)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("ad", "x"), "Fejl: Der er ingen kommando 'ad'. Mente du 'add'?"),
        (("add",), "Fejl: Argumentet 'ROUND' mangler."),
        (("run", "--foo"), "Fejl: Der er intet tilvalg --foo"),
        (("run", "--jobs", "0"), "skal være mindst 1"),
        (("run", "--jobs", "x"), "skal være et helt tal"),
        (("diff", "a", "b", "c"), "Fejl: Der er argumenter for meget (c)"),
        (("check", "--lang"), "Fejl: Tilvalget '--lang' skal have en værdi."),
    ],
)
def test_what_is_wrong_with_a_command_line_is_said_in_danish(
    arguments: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    code, out, err = called(capsys, monkeypatch, *arguments)
    assert (code, out) == (2, "")
    assert said in err


def test_without_arguments_the_help_is_shown_and_the_version_is_the_version(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert called(capsys, monkeypatch)[2].startswith("Brug: vvv")
    assert called(capsys, monkeypatch, "--version")[1].startswith("vvv ")


def test_help_that_belongs_to_another_program_is_left_to_it() -> None:
    app = typer.Typer()
    handed = []

    @app.callback()
    def _all() -> None:
        """A program."""

    @app.command(context_settings={"allow_extra_args": True})
    def lab(context: typer.Context) -> None:
        handed.append(context.args)

    assert call_in_danish(app, ["lab", "--", "--help"]) == 0
    assert handed == [["--help"]]


def test_a_language_before_the_command_is_that_of_the_command(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    assert "ikke fundet" in called(capsys, monkeypatch, "--root", str(tmp_path), "status")[2]
    assert "workspace" in called(capsys, monkeypatch, "--lang", "en", "--root", str(tmp_path), "status")[2]
