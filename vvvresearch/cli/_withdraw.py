"""`vvv withdraw`: a person is out of use, out of outputs and work folders, and out of what was sealed."""

from __future__ import annotations

import datetime
from dataclasses import asdict

from vvvresearch.batch import RunOptions
from vvvresearch.cli._speaking import language_of, said
from vvvresearch.cli._workspace import DONE, FAILED, Workspace, say, tell, tell_json
from vvvresearch.locales import text


def withdraw(workspace: Workspace, round_id: str, person: str, run_again: bool, as_json: bool, lang: str | None = None) -> int:
    """Withdraw a person; 1 when eight of their words in a row are left in an output, or the run afterwards failed.

    Args:
        workspace: where the rounds are.
        round_id: a round that knows the person.
        person: id of the person, of an interview, of a half of a pair or of a respondent.
        run_again: whether rounds whose outputs were removed are run anew.
        as_json: for a program.
        lang: the language of what is printed for people; by default the round's first.
    """
    from vvvresearch.release import still_there
    from vvvresearch.release import withdraw as take_out

    workspace.known([round_id])
    spoken_here = language_of(workspace, round_id, lang)
    done = take_out(workspace.root, round_id, person, datetime.datetime.now(datetime.UTC).date().isoformat())
    if not as_json:
        tell(text("commands.withdrawn", spoken_here, rounds=", ".join(done.rounds)))
        for name in done.removed:
            tell(text("commands.withdraw_removed", spoken_here, name=name))
        for name, sha, how in done.published:
            key = "commands.withdraw_published_words" if how == "words" else "commands.withdraw_published_counted"
            tell(text(key, spoken_here, name=name, sha=sha))
        for name in done.inputs:
            tell(text("commands.withdraw_inputs", spoken_here, name=said(name, spoken_here)))
        for name in done.prose:
            say(text("commands.withdraw_prose", spoken_here, name=said(name, spoken_here)))
    made = {name.split("/")[1] for name in done.removed if not name.startswith("outputs/.")}
    code = DONE
    if made and run_again:
        from vvvresearch.cli import _running

        code = _running.run(workspace, tuple(sorted(made)), _running.Asked(lang="all"), RunOptions())
    left = sorted({path for name in done.rounds for path in still_there(workspace.root, name)})
    for path in left:
        say(text("commands.withdraw_left", spoken_here, path=path))
    if as_json:
        tell_json({**asdict(done), "left": left})
    return FAILED if left or done.prose else code
