"""`vvv check`: everything that is wrong in rounds, then what is missing and the next step."""

from __future__ import annotations

from vvvresearch.check import RoundReport, check_round, in_danish
from vvvresearch.cli._workspace import DONE, FAILED, LANGUAGES, Workspace, check_choice, say, tell, tell_json
from vvvresearch.errors import VvvError
from vvvresearch.locales import Lang, has_words, text
from vvvresearch.rounds import load_spec


def check(workspace: Workspace, rounds: tuple[str, ...], lang: str | None, as_json: bool, strict: bool) -> int:
    """Check rounds.

    A program reads English unless it asks for another language; people read the round's own first language.

    Published documents that disagree with themselves are told, but they are as they were printed: only `strict` makes
    them a failure.
    """
    check_choice(lang, "--lang", LANGUAGES)
    reports = [
        check_round(workspace.root, name, lang or (_said(workspace, name, None) if not as_json else "en"))
        for name in workspace.known(rounds)
    ]
    if as_json:
        tell_json(reports[0].as_dict() if len(rounds) == 1 else [report.as_dict() for report in reports])
    else:
        for report in reports:
            _explain(report, _said(workspace, report.round, lang))
    return FAILED if any(not report.sound or (strict and report.notices) for report in reports) else DONE


def _said(workspace: Workspace, name: str, lang: str | None) -> Lang:
    """The language that a round's people read."""
    if lang in ("da", "en"):
        return "en" if lang == "en" else "da"
    try:
        return "en" if load_spec(workspace.root, name).languages[0] == "en" else "da"
    except VvvError:
        return "da"  # a definition that cannot be read is told as a fault


def _explain(report: RoundReport, lang: Lang) -> None:
    def words(english: str) -> str:
        return in_danish(english) if lang == "da" else english

    def label(name: str) -> str:
        return text(f"checking.{name}", lang)

    for fault in report.faults:
        looked = label(f"check_{fault.check}") if has_words(f"checking.check_{fault.check}") else fault.check
        lines = [f"{report.round}: {looked}: {words(fault.place)}", f"  {words(fault.what)}"]
        lines += [f"  {label(name)}: {words(said)}" for name, said in (("why", fault.why), ("todo", fault.todo)) if said]
        say("\n".join(lines))
    for fault, reason in report.accepted:
        tell(f"{report.round}: {label('accepted')}: {words(fault.place)}\n  {words(fault.what)}\n  {label('because')}: {reason}")
    for notice in report.notices:
        told = f"{report.round}: {label(f'notice_{notice.check}')}: {notice.where}\n  {notice.what}"
        told += f"\n  {label('possible')}: {notice.possible}" if notice.possible else ""
        tell(told + (f"\n  {label('perhaps')}: {notice.explanation}" if notice.explanation else ""))
    for one in report.missing:
        tell(f"{report.round}: {label('missing')}: {words(one)}")
    tell(f"{report.round}: {text('checking.counted', lang, faults=len(report.faults), notices=len(report.notices))}")
    tell(f"{report.round}: {label('next')}: {words(report.next)}")
