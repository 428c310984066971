"""`vvv release` and `vvv withdraw`: the gate between a draft and what is given on, and a person taken out of both."""

from __future__ import annotations

import datetime
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vvvresearch import files
from vvvresearch.batch import WORK, Fingerprints, NotebookStep, RunOptions, Store, judge_all
from vvvresearch.cli._plans import FORMATS, MUNICIPALITY, make_plan, make_sheets, render_report, sheet_notebooks
from vvvresearch.cli._workspace import DONE, FAILED, UsageError, Workspace, check_choice, language_of, said, say, tell, tell_json
from vvvresearch.errors import did_you_mean
from vvvresearch.locales import LANGUAGES, Lang, text

if TYPE_CHECKING:
    from vvvresearch.release import ShownQuote, Verdict
    from vvvresearch.rounds import Round


# How many places of one stop are told.
_PLACES = 6


@dataclass(frozen=True)
class Asked:
    """What was asked for besides the round."""

    verify: bool = False
    quotes: bool = False
    hide: bool = False
    approve: tuple[str, ...] = ()
    by: str = ""
    sheets: bool = False
    only_for: str = ""
    lang: str | None = None
    engine: str = "auto"
    as_json: bool = False


def release(workspace: Workspace, round_id: str, asked: Asked) -> int:
    """Seal a round's report, with its sheets or one sheet alone, or list what stops it; `verify` looks whether all is as it was sealed."""
    from vvvresearch.rounds import Round

    check_choice(asked.lang, "--lang", LANGUAGES)
    spec = workspace.specs([round_id])[0]
    if asked.verify:
        return _verify(workspace, round_id, asked, language_of(workspace, round_id, asked.lang))
    lang = asked.lang or spec.languages[0]
    opened = Round(spec, workspace.root, lang)
    folder = workspace.outputs / round_id / lang
    if asked.quotes or asked.approve or asked.hide:
        # Both may be asked for at once: what is hidden and what is approved needs one run.
        hidden = _hide(opened, folder, asked) if asked.hide else {}
        approved = _approvals(opened, folder, asked) if asked.quotes or asked.approve else []
        if asked.as_json:
            tell_json(approved if not asked.hide else {**hidden, "quotes": approved} if asked.quotes or asked.approve else hidden)
        return DONE
    from vvvresearch.release import examine, examine_sheets

    report = None if asked.only_for else folder
    sheets = _sheets(workspace, opened, asked) if asked.sheets or asked.only_for else None
    verdicts = [] if report is None else [*_up_to_date(workspace, opened, report, asked), *examine(opened, report)]
    if sheets is not None:
        looked = examine_sheets(opened, sheets.folder, sheets.place)
        verdicts = list(dict.fromkeys([*verdicts, *_up_to_date(workspace, opened, sheets.folder, asked, sheets.notebook), *looked]))
    if any(one.stops for one in verdicts):
        _tell(verdicts, asked, "", opened.lang)
        return FAILED
    return _seal(workspace, opened, report, sheets, verdicts, asked)


@dataclass(frozen=True)
class _Sheets:
    """The chapter that runs for each municipality, what each of its folders is called, and the one that was asked for."""

    notebook: str
    folder: Path
    names: Mapping[str, str]
    place: str = ""


def _sheets(workspace: Workspace, opened: Round, asked: Asked) -> _Sheets:
    """The sheets that are released.

    Raises:
        UsageError: the round makes none, or not for such a municipality.
    """
    (notebook, *_) = sheet_notebooks([opened.spec])
    name = f"{opened.id}/{notebook}"
    target = next(one for one in make_plan(workspace, [opened.spec], lang=opened.lang, only=[notebook]).targets if one.name == name)
    called = dict(zip(map(str, opened.municipalities["code"]), map(str, opened.municipalities["name"]), strict=True))
    codes = {step.place: str(step.parameters[MUNICIPALITY]) for step in target.steps if isinstance(step, NotebookStep)}
    names = {place: called.get(code, place) for place, code in codes.items()}
    if not asked.only_for:
        return _Sheets(notebook, target.folder, names)
    wanted = asked.only_for.strip().casefold()
    place = next((one for one, code in codes.items() if wanted in (code.casefold(), names[one].casefold())), "")
    if not place:
        raise UsageError(f"no municipality of the round is called {asked.only_for!r}", todo=did_you_mean(asked.only_for, names.values()))
    return _Sheets(notebook, target.folder, names, place)


def _up_to_date(workspace: Workspace, opened: Round, folder: Path, asked: Asked, sheets: str = "") -> list[Verdict]:
    """Nothing is released that does not follow from the files as they are now, or that somebody touched after the run."""
    from vvvresearch.release import Verdict, touched

    again = f"vvv run {opened.id} --sheets" if sheets else f"vvv run {opened.id}"
    if not (folder / "manifest.json").is_file():
        return [Verdict("fail", "run", folder.relative_to(workspace.root).as_posix(), "the round has not been run in this language", again)]
    plan = make_plan(workspace, [opened.spec], lang=opened.lang, engine=asked.engine, only=[sheets] if sheets else [])
    steps = {step.id for target in plan.targets if target.folder == folder for step in target.steps}
    judged = judge_all(plan, Store(workspace.outputs / WORK), Fingerprints(workspace.root))
    late = [
        Verdict("fail", "run", step, f"{step} is {one.status}: {'; '.join(one.reasons)}", again)
        for step, one in judged.items()
        if step in steps and one.status != "fresh"
    ]
    # A hundred sheets are late for one reason: the first tells it.
    return [
        *(late[:1] if sheets else late),
        *(Verdict("fail", "run", name, f"{name} {how}", again) for name, how in touched(folder, workspace.root)),
    ]


def _tell(verdicts: Sequence[Verdict], asked: Asked, path: str, lang: Lang) -> None:
    if asked.as_json:
        tell_json({"released": bool(path), "path": path, "verdicts": [asdict(one) for one in verdicts]})
        return
    alike: dict[tuple[str, str, str], list[Verdict]] = {}
    for one in verdicts:
        if one.stops:
            alike.setdefault((one.state, one.kind, one.todo), []).append(one)
    for stops in alike.values():
        _tell_stops(stops, lang)
    for one in verdicts:
        if one.accepted:
            tell(text("commands.release_accepted", lang, kind=_kind(one, lang), what=said(one.what, lang), reason=one.accepted))
        elif not one.stops:
            tell(f"{text('commands.release_pass', lang)}: {_kind(one, lang)}: {said(one.what, lang)}")
    if path:
        tell(text("commands.release_sealed", lang, path=path))
    else:
        tell(text("commands.release_stopped", lang, count=sum(one.stops for one in verdicts)))


def _tell_stops(stops: Sequence[Verdict], lang: Lang) -> None:
    """What is mended by the same step is one stop: its first places, how many more, and the step once."""
    first = stops[0]
    count = f" ({len(stops)})" if len(stops) > 1 else ""
    lines = [f"{text(f'commands.release_{first.state}', lang)}: {_kind(first, lang)}{count}: {said(first.file, lang)}"]
    for before, one in zip([first, *stops], stops[:_PLACES], strict=False):
        lines += [f"  {said(one.file, lang)}"] if one.file != before.file else []
        lines.append(f"  {said(one.what, lang)}")
    if len(stops) > _PLACES:
        lines.append(f"  {text('commands.release_more', lang, count=len(stops) - _PLACES)}")
    if first.todo:
        lines.append(f"  {text('checking.todo', lang)}: {said(first.todo, lang)}")
    say("\n".join(lines))


def _kind(verdict: Verdict, lang: Lang) -> str:
    return text(f"commands.release_kind_{verdict.kind.replace(' ', '_')}", lang)


def _readings(home: Path, content: Path) -> list[dict[str, str]]:
    """Who read which sentence beside its question, of the sentences that the report still has."""
    from vvvresearch.privacy import file_texts
    from vvvresearch.reporting import list_readings

    rows = list_readings(home)
    pages = sorted(content.rglob("*.html")) if rows else []
    shown = " ".join(word for page in pages for piece in file_texts(page) for word in piece.text.split())
    return [row for row in rows if row["sentence"] in shown]


def _seal(workspace: Workspace, opened: Round, report: Path | None, sheets: _Sheets | None, verdicts: list[Verdict], asked: Asked) -> int:
    from vvvresearch.release import Verdict, draft_marks, seal

    with tempfile.TemporaryDirectory(prefix="vvv-release-") as scratch:
        content = Path(scratch) / "content"
        content.mkdir()
        (Path(scratch) / "run").mkdir()
        lost = [] if report is None else _report_content(workspace, opened, report, content / opened.lang, asked.engine)
        if sheets is not None:
            _sheets_content(workspace, opened, sheets, content)
        late = [
            Verdict("fail", "run", name, f"{name} still says that it is a draft", "report this") for name in draft_marks(content, content)
        ]
        if late:
            _tell([*verdicts, *late], asked, "", opened.lang)
            return FAILED
        told = [asdict(one) for one in verdicts]
        approvals = [] if opened.approvals is None else opened.approvals.to_dict("records")
        runs = [folder for folder in (report, None if sheets is None else sheets.folder) if folder is not None]
        about: dict[str, Any] = {
            "verdicts": told,
            "approvals": approvals,
            "readings": _readings(workspace.root / "rounds" / opened.id, content),
            "not_recomputed": lost,
            "run": " ".join(files.hash_file(folder / "manifest.json") for folder in runs),
            "kind": str(opened.kind),
        }
        sealed = seal(workspace.root, opened.id, content, about)
    if lost and not asked.as_json:
        named = ", ".join(lost[:6]) + (" …" if len(lost) > 6 else "")
        say(text("commands.release_lost", opened.lang, count=len(lost), names=named))
    _tell(verdicts, asked, sealed.folder.relative_to(workspace.root).as_posix(), opened.lang)
    return DONE


def _report_content(workspace: Workspace, opened: Round, folder: Path, made: Path, engine: str) -> list[str]:
    """The report without the draft mark, its tables and figures, and the script that recomputes it; the numbers that it cannot."""
    from vvvresearch.release import script, summary
    from vvvresearch.rounds import report_source

    made.mkdir(parents=True)
    render_report(workspace.root, opened.id, opened.lang, engine, FORMATS, folder, made, released=True)
    for path in sorted((folder / "tables").glob("*.csv")):
        files.write_bytes(made / "tables" / path.name, path.read_bytes())
    for path in sorted((folder / "figures" / opened.lang).glob("*.svg")):
        files.write_bytes(made / "figures" / path.name, path.read_bytes())
    table, lost = summary(files.read_text(report_source(workspace.root, opened.spec, opened.lang)), folder, opened.lang)
    files.write_text(made / "summary.csv", table)
    files.write_text(made / "recompute.py", script())
    return lost


def _sheets_content(workspace: Workspace, opened: Round, sheets: _Sheets, content: Path) -> None:
    """The sheets without the draft mark, and their tables."""
    from vvvresearch.release import SHEETS, sheet_files

    out = content / SHEETS
    make_sheets(workspace.root, opened.id, (opened.lang,), sheets.names, FORMATS, sheets.folder, out, released=True, place=sheets.place)
    for path in sheet_files(sheets.folder, opened, sheets.place):
        if path.suffix == ".csv":
            files.write_bytes(out / path.relative_to(sheets.folder), path.read_bytes())


def _verify(workspace: Workspace, round_id: str, asked: Asked, lang: Lang) -> int:
    from vvvresearch.release import changes, releases

    found = releases(workspace.root, round_id)
    wrong = [line for one in found if not one.withdrawn for line in changes(one)]
    if asked.as_json:
        tell_json({"releases": [one.folder.name for one in found if not one.withdrawn], "changes": wrong})
    else:
        for line in wrong:
            say(said(line, lang))
        for one in found:
            state = text("commands.release_changed" if changes(one) else "commands.release_as_sealed", lang)
            if one.withdrawn:
                state = text("commands.release_withdrawn", lang, date=one.withdrawn)
            tell(f"{one.folder.relative_to(workspace.root).as_posix()}: {state}")
        if not found:
            say(text("commands.release_nothing", lang, round=round_id))
    return FAILED if wrong or not found else DONE


def _hide(opened: Round, folder: Path, asked: Asked) -> dict[str, Any]:
    """Write the numbers that may not be shown into the round's `hidden.toml`: its name, and how many are new."""
    from vvvresearch.release import to_hide, write_hidden
    from vvvresearch.rounds import HIDDEN

    if not (folder / "manifest.json").is_file():
        raise UsageError(f"the round {opened.id} has not been run", todo=f"vvv run {opened.id}")
    number = write_hidden(opened, to_hide(opened, folder))
    name = opened.path.with_name(HIDDEN).relative_to(opened.root).as_posix()
    if not asked.as_json:
        key = "hidden" if number else "none_to_hide"
        tell(text(f"commands.release_{key}", opened.lang, count=number, file=name, round=opened.id))
    return {"file": name, "new": number}


def _approvals(opened: Round, folder: Path, asked: Asked) -> list[dict[str, Any]]:
    """Approve quotes, or list those that wait."""
    from vvvresearch.release import approve, shown_quotes, texts_of

    if not folder.is_dir():
        raise UsageError(f"the round {opened.id} has not been run", todo=f"vvv run {opened.id}")
    found = shown_quotes(opened, texts_of(folder, opened.root))
    waiting = [one for one in found if one.waits]
    if not asked.approve:
        if not asked.as_json:
            for one in waiting:
                place = text("commands.release_quote_in", opened.lang, files=", ".join(one.files[:3]))
                tell(f"{one.quote_id}  {one.speaker}\n  {one.text}\n  {place}")
            say(text("commands.release_waiting", opened.lang, waiting=len(waiting), all=len(found), round=opened.id))
        return _told(waiting)
    if not asked.by.strip():
        raise UsageError("an approval has a name", todo="--by NAME: who has read the quotes and answers for them")
    chosen = waiting if asked.approve == ("all",) else [one for one in waiting if {one.quote_id, *one.ids} & set(asked.approve)]
    unknown = set(asked.approve) - {"all"} - {one for quote in chosen for one in (quote.quote_id, *quote.ids)}
    if unknown:
        raise UsageError(f"no quote that waits is called {', '.join(sorted(unknown))}", todo=f"vvv release {opened.id} --quotes")
    number = approve(opened, chosen, asked.by.strip(), datetime.datetime.now(datetime.UTC).date().isoformat())
    if not asked.as_json:
        tell(text("commands.release_approved", opened.lang, count=number, by=asked.by.strip(), round=opened.id))
    return _told(chosen)


def _told(quotes: Sequence[ShownQuote]) -> list[dict[str, Any]]:
    return [{**asdict(one), "ids": sorted(one.ids)} for one in quotes]


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
