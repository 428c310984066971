"""`vvv notebook`: the package's notebooks, and a copy of one to change."""

from __future__ import annotations

from vvvresearch.cli._speaking import language_here
from vvvresearch.cli._workspace import DONE, UsageError, Workspace, say, tell
from vvvresearch.cli.notebook_filter import install, without_outputs
from vvvresearch.errors import VvvError, did_you_mean
from vvvresearch.files import read_bytes, write_new
from vvvresearch.locales import text
from vvvresearch.rounds import chapter_title, packaged_notebooks


def notebook(workspace: Workspace, name: str, lang: str | None = None) -> int:
    """Copy a notebook into the workspace, where it wins over the package's; without a name, list them.

    Raises:
        UsageError: there is no such notebook (with what was probably meant), or the workspace has one of that name.
    """
    spoken_here = language_here(workspace, (), lang)
    packaged = {path.stem: path for path in sorted(packaged_notebooks().glob("*.ipynb"))}
    own = {path.stem for path in (workspace.root / "notebooks").glob("*.ipynb")}
    if not name:
        for stem in packaged:
            mark = f"  {text('commands.notebook_own', spoken_here)}" if stem in own else ""
            tell(f"{stem:<24} {chapter_title(stem, 'da')} / {chapter_title(stem, 'en')}{mark}")
        say(text("commands.notebook_list", spoken_here))
        return DONE
    stem = name.removesuffix(".ipynb")
    if stem not in packaged:
        raise UsageError(f"the package has no notebook {name!r}", todo=did_you_mean(stem, packaged))
    target = f"notebooks/{stem}.ipynb"
    try:
        write_new(workspace.root, {target: without_outputs(read_bytes(packaged[stem]))})
    except VvvError as problem:
        if (workspace.root / target).exists():
            todo = "change that one, or move it away to have the package's again"
            raise UsageError("the workspace has a notebook of that name already", where=target, todo=todo) from None
        raise problem
    install(workspace.root)
    tell(text("commands.made", spoken_here, path=target))
    tell(text("commands.notebook_next", spoken_here))
    return DONE
