"""`vvv withdraw`: a person is out of use, out of outputs and work folders, and out of what was sealed."""

from __future__ import annotations

import datetime
from dataclasses import asdict

from vvvresearch.batch import RunOptions
from vvvresearch.cli._workspace import DONE, FAILED, Workspace, say, tell, tell_json


def withdraw(workspace: Workspace, round_id: str, person: str, run_again: bool, as_json: bool) -> int:
    """Withdraw a person; 1 when eight of their words in a row are left in an output, or the run afterwards failed.

    Args:
        workspace: where the rounds are.
        round_id: a round that knows the person.
        person: id of the person, of an interview, of a half of a pair or of a respondent.
        run_again: whether rounds whose outputs were removed are run anew.
        as_json: for a program.
    """
    from vvvresearch.release import still_there
    from vvvresearch.release import withdraw as take_out

    workspace.known([round_id])
    done = take_out(workspace.root, round_id, person, datetime.datetime.now(datetime.UTC).date().isoformat())
    if not as_json:
        tell(f"withdrawn from {', '.join(done.rounds)}: out of every count, table and quote from now on")
        for name in done.removed:
            tell(f"removed: {name}")
        for name, sha, how in done.published:
            words = "held words of the person" if how == "words" else "counted the person with others"
            tell(f"was published: {name} ({words}; SHA-256 {sha}); ask whoever has it to delete it")
        for name in done.inputs:
            tell(f"used by nothing any more, still in the file: {name}; delete it there if the law or the consent asks for it")
        for name in done.prose:
            say(f"written by the evaluators, repeats words of the person: {name}\n  to do: take them out")
    made = {name.split("/")[1] for name in done.removed if not name.startswith("outputs/.")}
    code = DONE
    if made and run_again:
        from vvvresearch.cli import _running

        code = _running.run(workspace, tuple(sorted(made)), _running.Asked(lang="all"), RunOptions())
    left = sorted({path for name in done.rounds for path in still_there(workspace.root, name)})
    for path in left:
        say(f"words of the person are left in {path}\n  to do: delete it, or take them out of the prose and run again")
    if as_json:
        tell_json({**asdict(done), "left": left})
    return FAILED if left or done.prose else code
