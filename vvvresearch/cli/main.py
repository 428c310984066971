"""The commands of `vvv` and their options; what they do is loaded only when one is called."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vvvresearch._version import __version__

if TYPE_CHECKING:
    from vvvresearch.cli._workspace import Workspace

app = typer.Typer(
    name="vvv",
    help="Evaluations of the volunteer-friend programme: from interviews and surveys to reports.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Rounds = Annotated[
    list[str] | None, typer.Argument(metavar="[ROUND]...", help="Rounds; all of them when none is named.", show_default=False)
]
Round = Annotated[str, typer.Argument(metavar="ROUND", help="The round.")]
Root = Annotated[Path | None, typer.Option("--root", metavar="DIR", help="The workspace; found upwards from here by default.")]
Debug = Annotated[bool, typer.Option("--debug", help="Show the whole traceback of an error.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
Lang = Annotated[str | None, typer.Option("--lang", metavar="da|en|all", help="The language; the first of each round by default.")]
Spoken = Annotated[str | None, typer.Option("--lang", metavar="da|en", help="The language of what is printed; Danish by default.")]
Jobs = Annotated[int | None, typer.Option("--jobs", "-j", min=1, metavar="N", help="Steps at a time; as many as processors by default.")]
Scheduler = Annotated[str | None, typer.Option("--scheduler", metavar="ADDRESS", help="Run on the Dask cluster of this scheduler.")]
Kernels = Annotated[str, typer.Option("--kernels", metavar="auto|warm|stock", help="How kernels are started.")]
Engine = Annotated[str, typer.Option("--engine", metavar="auto|quarto|embedded", help="What renders the report.")]


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"vvv {__version__}")
        raise typer.Exit


@app.callback()
def _all(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")] = False,
    root: Root = None,
    lang: Spoken = None,
    debug: Debug = False,
) -> None:
    context.obj = {"root": root, "debug": debug}
    # A language named before the command is that of the command.
    context.default_map = {name: {"lang": lang} for name in getattr(context.command, "commands", {})} if lang else None


@app.command("run")
def _run(
    context: typer.Context,
    rounds: Rounds = None,
    jobs: Jobs = None,
    only: Annotated[
        list[str] | None, typer.Option("--only", metavar="NAME", help="Only this notebook (and what it needs); may be repeated.")
    ] = None,
    sheets: Annotated[bool, typer.Option("--sheets", help="Only the sheets: two pages for each municipality, index, lists.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Run also what is up to date.")] = False,
    why: Annotated[bool, typer.Option("--why", help="Say of each step why it runs.")] = False,
    lang: Lang = None,
    engine: Engine = "auto",
    scheduler: Scheduler = None,
    kernels: Kernels = "auto",
    as_json: Json = False,
    root: Root = None,
    debug: Debug = False,
) -> None:
    """Run the notebooks of rounds and render the reports; what is up to date is left alone."""
    from vvvresearch.batch import RunOptions
    from vvvresearch.cli import _running

    asked = _running.Asked(only=tuple(only or ()), sheets=sheets, why=why, lang=lang, engine=engine, as_json=as_json)
    options = RunOptions(jobs=jobs, force=force, scheduler=scheduler, kernels=kernels)
    _call(context, root, debug, lambda workspace: _running.run(workspace, tuple(rounds or ()), asked, options))


@app.command("report")
def _report(
    context: typer.Context,
    round_id: Round,
    engine: Engine = "auto",
    reader: Annotated[
        str, typer.Option("--for", metavar="full|steering|municipality|plain|press|slides", help="Whose version of the report.")
    ] = "full",
    to: Annotated[
        str | None, typer.Option("--to", metavar="html,pdf,docx,pptx", help="The formats; by default html,pdf, of slides pptx,pdf.")
    ] = None,
    watch: Annotated[bool, typer.Option("--watch", help="Render again whenever the prose or the data change, until Ctrl-C.")] = False,
    lang: Lang = None,
    as_json: Json = False,
    root: Root = None,
    debug: Debug = False,
) -> None:
    """Render the report of a round, or another reader's version of it, from what its notebooks have made."""
    from vvvresearch.cli import _running

    formats = _running.formats_of(reader, to)
    asked = _running.Asked(lang=lang, engine=engine, formats=formats, as_json=as_json, reader=reader, watch=watch)
    _call(context, root, debug, lambda workspace: _running.report(workspace, round_id, asked))


@app.command("render")
def _render(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A staged folder: documents, settings and what they include.")],
    out: Annotated[Path, typer.Argument(metavar="OUT", help="Where report.html, report.pdf … go.")],
    engine: Engine = "auto",
    to: Annotated[str, typer.Option("--to", metavar="html,pdf,typ,docx", help="The formats.")] = "html,pdf",
    lang: Spoken = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Render any staged folder as it stands; the folder is only read."""
    from vvvresearch.cli import _convert

    _alone(context, debug, lambda: _convert.render_folder(folder, out, engine, to, as_json))


@app.command("status")
def _status(
    context: typer.Context, rounds: Rounds = None, lang: Lang = None, as_json: Json = False, root: Root = None, debug: Debug = False
) -> None:
    """What is up to date, what is stale and why, what failed and where."""
    from vvvresearch.cli import _running

    _call(context, root, debug, lambda workspace: _running.status(workspace, tuple(rounds or ()), lang, as_json))


@app.command("diff")
def _diff(
    context: typer.Context,
    old: Annotated[str, typer.Argument(metavar="ROUND", help="A round; with no other, its previous run is compared with its last.")],
    new: Annotated[str | None, typer.Argument(metavar="[ROUND]", help="The round to compare with.", show_default=False)] = None,
    lang: Lang = None,
    as_json: Json = False,
    root: Root = None,
    debug: Debug = False,
) -> None:
    """What changed between two rounds, or two runs of one, number by number."""
    from vvvresearch.cli import _keys

    _call(context, root, debug, lambda workspace: _keys.diff(workspace, old, new, lang, as_json))


@app.command("check")
def _check(
    context: typer.Context,
    rounds: Rounds = None,
    lang: Lang = None,
    strict: Annotated[bool, typer.Option("--strict", help="End with 1 also when published documents disagree with themselves.")] = False,
    claims: Annotated[Path | None, typer.Option("--claims", metavar="FILE", help="Printed percentages to check instead of rounds.")] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="With --claims: where the verdicts go.")] = None,
    read: Annotated[str, typer.Option("--read", metavar="NAME", help="Who read the listed sentences: they say what was asked.")] = "",
    but: Annotated[
        list[int] | None, typer.Option("--but", metavar="NUMBER", help="With --read: not this sentence; may be repeated.")
    ] = None,
    as_json: Json = False,
    root: Root = None,
    debug: Debug = False,
) -> None:
    """Sources valid? Routes and bases hold? Printed numbers possible? Numbers in prose bound?"""
    from vvvresearch.cli import _check

    if claims is not None or out is not None:
        _alone(context, debug, lambda: _check.check_claims(claims, out, tuple(rounds or ()), lang, as_json, strict))
    _call(
        context, root, debug, lambda workspace: _check.check(workspace, tuple(rounds or ()), lang, as_json, strict, read, tuple(but or ()))
    )


@app.command("scan")
def _scan(
    context: typer.Context,
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Files and folders.")],
    allow: Annotated[Path | None, typer.Option("--allow", metavar="FILE", help="Names that may stand, one a line.")] = None,
    least: Annotated[float, typer.Option("--least", min=0, max=1, metavar="0-1", help="Leave out what is less certain.")] = 0.0,
    lang: Spoken = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Direct identifiers in transcripts, tables, notebooks, rendered reports."""
    from vvvresearch.cli import _check, _workspace

    _alone(context, debug, lambda: _check.scan(paths, allow, least, as_json, _workspace.spoken(lang)))


@app.command("audit")
def _audit_files(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Reports: .txt, .md, .html, .docx, .pdf.")],
    lang: Annotated[str, typer.Option("--lang", metavar="da|en", help="The language of the findings.")] = "da",
    hints: Annotated[bool, typer.Option("--hints", help="Claims without a figure too, as a list of their own.")] = False,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Does a published report agree with itself, and several with each other: arithmetic, bases, sums, one fact told twice."""
    from vvvresearch.cli import _check

    _alone(context, debug, lambda: _check.audit_files(files, lang, as_json, hints))


@app.command("release")
def _release(
    context: typer.Context,
    round_id: Round,
    verify: Annotated[bool, typer.Option("--verify", help="Look whether what was sealed is still as it was.")] = False,
    quotes: Annotated[bool, typer.Option("--quotes", help="List the quotes that wait for approval, with their words.")] = False,
    approve: Annotated[
        list[str] | None, typer.Option("--approve", metavar="ID", help="Approve a quote (or all that wait); may be repeated.")
    ] = None,
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who approves.")] = "",
    hide: Annotated[bool, typer.Option("--hide", help="Write small counts, and what gives them away, into hidden.toml.")] = False,
    sheets: Annotated[bool, typer.Option("--sheets", help="The report with the sheets of all municipalities.")] = False,
    only_for: Annotated[str, typer.Option("--for", metavar="MUNICIPALITY", help="Only the sheet of one municipality: name or code.")] = "",
    lang: Lang = None,
    engine: Engine = "auto",
    as_json: Json = False,
    root: Root = None,
    debug: Debug = False,
) -> None:
    """The gate: a sealed folder without the draft mark, or the list of what stops it."""
    from vvvresearch.cli import _release

    asked = _release.Asked(verify, quotes, hide, tuple(approve or ()), by, sheets, only_for, lang, engine, as_json)
    _call(context, root, debug, lambda workspace: _release.release(workspace, round_id, asked))


@app.command("withdraw")
def _withdraw(
    context: typer.Context,
    round_id: Round,
    person: Annotated[str, typer.Argument(metavar="ID", help="A person, an interview, a half of a pair (P01/refugee) or a respondent.")],
    run_again: Annotated[bool, typer.Option("--run/--no-run", help="Run the rounds anew whose outputs are removed.")] = True,
    lang: Spoken = None,
    as_json: Json = False,
    root: Root = None,
    debug: Debug = False,
) -> None:
    """A person's withdrawal: out of every use, out of outputs, work folders and sealed releases."""
    from vvvresearch.cli import _release

    _call(context, root, debug, lambda workspace: _release.withdraw(workspace, round_id, person, run_again, as_json, lang))


@app.command("init")
def _init(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder; it is made where it is missing.")],
    lang: Spoken = None,
    debug: Debug = False,
) -> None:
    """A workspace of one's own: programme.toml, folders, what keeps data and outputs out of git."""
    from vvvresearch.cli import _init, _workspace

    _alone(context, debug, lambda: _init.init(folder, _workspace.spoken(lang)))


@app.command("notebook")
def _notebook(
    context: typer.Context,
    name: Annotated[
        str, typer.Argument(metavar="[NAME]", help="The notebook; all are listed when none is named.", show_default=False)
    ] = "",
    lang: Spoken = None,
    root: Root = None,
    debug: Debug = False,
) -> None:
    """Copy one of the package's notebooks into the workspace, to change it; without a name, list them."""
    from vvvresearch.cli import _init

    _call(context, root, debug, lambda workspace: _init.notebook(workspace, name, lang))


@app.command("new-round")
def _new_round(
    context: typer.Context,
    round_id: Annotated[str, typer.Argument(metavar="ID", help="Small letters, digits and dashes: 2024-midterm.")],
    report: Annotated[str | None, typer.Option("--type", metavar="note|midterm|final", help="The type of report; note by default.")] = None,
    after: Annotated[str | None, typer.Option("--after", metavar="EARLIER", help="The round that this one follows.")] = None,
    wave: Annotated[str | None, typer.Option("--wave", metavar="WAVE", help="The wave of this round's interviews: 2.")] = None,
    extract: Annotated[str | None, typer.Option("--extract", metavar="MONTH", help="The month of the monitoring extract: 2024-05.")] = None,
    seen_until: Annotated[str | None, typer.Option("--seen-until", metavar="DATE", help="The last day of registers: 2024-05-31.")] = None,
    lang: Annotated[str, typer.Option("--lang", metavar="da|en", help="The first language of the round, its templates and report.")] = "da",
    root: Root = None,
    debug: Debug = False,
) -> None:
    """A round to fill in: definition, templates for spreadsheets, a report without findings."""
    from vvvresearch.cli import _new_round

    asked = _new_round.Asked(report, after, lang, {"wave": wave, "extract": extract, "seen_until": seen_until})
    _call(context, root, debug, lambda workspace: _new_round.new_round(workspace, round_id, asked))


@app.command("add")
def _add(
    context: typer.Context,
    round_id: Round,
    paths: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Files as you have them; a folder of transcripts or mappings.")],
    kind: Annotated[str, typer.Option("--as", metavar="NAME", help="What kind of file it is, where that is not recognised.")] = "",
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Take what is sure; list what is not, and then write nothing.")] = False,
    answers: Annotated[Path | None, typer.Option("--answers", metavar="FILE", help="Decisions as TOML: id = value.")] = None,
    source: Annotated[str, typer.Option("--id", metavar="ID", help="The id of the source; the addresses of a survey begin with it.")] = "",
    lang: Lang = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON; without --yes or --answers nothing is written.")] = False,
    root: Root = None,
    debug: Debug = False,
) -> None:
    """Take files into a round: recognised, confirmed on one screen a file, copied as they are."""
    from vvvresearch.cli import _add

    asked = _add.Asked(kind=kind, yes=yes, answers=answers, as_json=as_json, source=source, lang=lang)
    _call(context, root, debug, lambda workspace: _add.add(workspace, round_id, paths, asked))


@app.command("migrate")
def _migrate(context: typer.Context, round_id: Round, lang: Spoken = None, root: Root = None, debug: Debug = False) -> None:
    """Bring a round of an earlier version up to date: its file becomes a folder with its own report."""
    from vvvresearch.cli import _init

    _call(context, root, debug, lambda workspace: _init.migrate(workspace, round_id, lang))


@app.command("keys")
def _keys(
    context: typer.Context,
    round_id: Round,
    word: Annotated[str, typer.Argument(metavar="[WORD]", help="Only numbers whose address or base holds it.", show_default=False)] = "",
    lang: Lang = None,
    as_json: Json = False,
    root: Root = None,
    debug: Debug = False,
) -> None:
    """Every number for prose: address, value, base."""
    from vvvresearch.cli import _keys

    _call(context, root, debug, lambda workspace: _keys.keys(workspace, round_id, word, lang, as_json))


@app.command("convert")
def _convert(
    context: typer.Context,
    source: Annotated[Path, typer.Argument(metavar="IN", help="The file that is read.")],
    target: Annotated[Path, typer.Argument(metavar="OUT", help="The file that is written; its ending says the format.")],
    kind: Annotated[str | None, typer.Option("--kind", metavar="codings|survey", help="What a table holds.")] = None,
    texts: Annotated[Path | None, typer.Option("--texts", metavar="DIR", help="Transcripts, for codings without texts.")] = None,
    questionnaire: Annotated[Path | None, typer.Option("--questionnaire", metavar="FILE", help="The definition of a survey.")] = None,
    lang: Spoken = None,
    debug: Debug = False,
) -> None:
    """Convert codings, codebooks and surveys between formats; what is lost is said."""
    from vvvresearch.cli import _convert, _workspace

    _alone(context, debug, lambda: _convert.convert(source, target, kind, texts, questionnaire, _workspace.spoken(lang)))


@app.command("lab", context_settings={"allow_extra_args": True})
def _lab(context: typer.Context, root: Root = None, debug: Debug = False) -> None:
    """Open JupyterLab on this workspace; what stands after -- is handed to it."""
    from vvvresearch.cli import _lab

    _call(context, root, debug, lambda workspace: _lab.lab(workspace, context.args))


def _call(context: typer.Context, root: Path | None, debug: bool, command: Callable[[Workspace], int]) -> None:
    from vvvresearch.cli import _workspace

    told, given = context.obj or {}, context.params
    rounds = [name for name in (given.get("round_id"), given.get("old"), *(given.get("rounds") or ())) if name]
    sys.exit(_workspace.call(command, root or told.get("root"), debug or bool(told.get("debug")), rounds, given.get("lang")))


def _alone(context: typer.Context, debug: bool, body: Callable[[], int]) -> None:
    """A command that needs no workspace."""
    from vvvresearch.cli import _workspace

    told = debug or bool((context.obj or {}).get("debug"))
    sys.exit(_workspace.guarded(body, told, lambda: _workspace.spoken(context.params.get("lang"))))


def run() -> None:
    """The entry point of `vvv`: in Danish, unless the command line asks for English."""
    arguments = sys.argv[1:]
    if re.search(r"(^| )--lang[ =]en( |$)", " ".join(arguments)):
        app(prog_name="vvv")
    from vvvresearch.cli import _help

    sys.exit(_help.call_in_danish(app, arguments))


if __name__ == "__main__":
    run()
