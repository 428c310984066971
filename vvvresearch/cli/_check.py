"""`vvv check`: everything that is wrong in rounds, then what is missing and the next step."""

from __future__ import annotations

from vvvresearch.check import RoundReport, check_round
from vvvresearch.cli._workspace import DONE, FAILED, LANGUAGES, Workspace, check_choice, say, tell, tell_json


def check(workspace: Workspace, rounds: tuple[str, ...], lang: str | None, as_json: bool, strict: bool) -> int:
    """Check rounds.

    Published documents that disagree with themselves are told, but they are as they were printed: only `strict` makes
    them a failure.
    """
    check_choice(lang, "--lang", LANGUAGES)
    reports = [check_round(workspace.root, name, lang or "en") for name in workspace.known(rounds)]
    if as_json:
        tell_json(reports[0].as_dict() if len(rounds) == 1 else [report.as_dict() for report in reports])
    else:
        for report in reports:
            _explain(report)
    return FAILED if any(not report.sound or (strict and report.notices) for report in reports) else DONE


def _explain(report: RoundReport) -> None:
    for fault in report.faults:
        lines = [f"{report.round}: {fault.check}: {fault.place}", f"  {fault.what}"]
        lines += [f"  {label}: {words}" for label, words in (("why", fault.why), ("to do", fault.todo)) if words]
        say("\n".join(lines))
    for fault, reason in report.accepted:
        tell(f"{report.round}: accepted: {fault.place}\n  {fault.what}\n  because: {reason}")
    for notice in report.notices:
        text = f"{report.round}: {notice.check}: {notice.where}\n  {notice.what}"
        text += f"\n  possible: {notice.possible}" if notice.possible else ""
        text += f"\n  perhaps: {notice.explanation}" if notice.explanation else ""
        tell(text + (f"\n  ground: {notice.ground}" if notice.ground else ""))
    for one in report.missing:
        tell(f"{report.round}: missing: {one}")
    tell(f"{report.round}: {len(report.faults)} faults, {len(report.notices)} places that the reader should know of")
    tell(f"{report.round}: next: {report.next}")
