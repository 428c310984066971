"""`vvv check`: everything that is wrong in rounds, then what is missing and the next step."""

from __future__ import annotations

from vvvresearch.check import Notice, RoundReport, check_round, notices_together
from vvvresearch.cli._speaking import language_of, said
from vvvresearch.cli._workspace import DONE, FAILED, Workspace, check_choice, say, tell, tell_json
from vvvresearch.locales import LANGUAGES, Lang, format_number, half_up, has_words, text


def check(workspace: Workspace, rounds: tuple[str, ...], lang: str | None, as_json: bool, strict: bool) -> int:
    """Check rounds.

    A program reads English unless it asks for another language; people read the round's own first language.

    Published documents that disagree with themselves are told, but they are as they were printed: only `strict` makes
    them a failure.
    """
    check_choice(lang, "--lang", LANGUAGES)
    reports = [
        check_round(workspace.root, name, lang or (language_of(workspace, name, None) if not as_json else "en"))
        for name in workspace.known(rounds)
    ]
    if as_json:
        told = [report.as_dict("da" if lang == "da" else "en") for report in reports]
        tell_json(told[0] if len(rounds) == 1 else told)
    else:
        for report in reports:
            shown_in = language_of(workspace, report.round, lang)
            _explain(report, shown_in)
            _tell_body(workspace, report.round, shown_in)
        if len(reports) > 1:
            names = [report.round for report in reports]
            shown_in = language_of(workspace, names[0], lang)
            for notice in notices_together(workspace.root, names, shown_in):
                tell(_noticed(" + ".join(names), notice, shown_in))
    return FAILED if any(not report.sound or (strict and report.notices) for report in reports) else DONE


def _tell_body(workspace: Workspace, name: str, lang: Lang) -> None:
    """How the report reads, where it has been rendered."""
    from vvvresearch.reporting import measure_report

    body = measure_report(workspace.root / "outputs" / name / lang)
    if body is not None:
        pages = text("checking.body_pages", lang, n=body.pages) if body.pages is not None else ""
        share, codes = half_up(100 * body.table_share), ", ".join(body.codes) or "0"
        words = text("checking.body", lang, pages=pages, tables=share, lix=format_number(body.lix, 0, lang), codes=codes)
        tell(f"{name}: {words}")


def _noticed(name: str, notice: Notice, lang: Lang) -> str:
    told = f"{name}: {text(f'checking.notice_{notice.check}', lang)}: {said(notice.where, lang)}\n  {said(notice.what, lang)}"
    for word, words in (("possible", notice.possible), ("perhaps", said(notice.explanation, lang)), ("ground", notice.ground)):
        told += f"\n  {text(f'checking.{word}', lang)}: {words}" if words else ""
    return told


def _explain(report: RoundReport, lang: Lang) -> None:
    def label(name: str) -> str:
        return text(f"checking.{name}", lang)

    for fault in report.faults:
        looked = label(f"check_{fault.check}") if has_words(f"checking.check_{fault.check}") else fault.check
        lines = [f"{report.round}: {looked}: {said(fault.place, lang)}", f"  {said(fault.what, lang)}"]
        lines += [f"  {label(name)}: {said(words, lang)}" for name, words in (("why", fault.why), ("todo", fault.todo)) if words]
        say("\n".join(lines))
    for fault, reason in report.accepted:
        tell(f"{report.round}: {label('accepted')}: {said(fault.place, lang)}\n  {said(fault.what, lang)}\n  {label('because')}: {reason}")
    for notice in report.notices:
        tell(_noticed(report.round, notice, lang))
    for one in report.missing:
        tell(f"{report.round}: {label('missing')}: {said(one, lang)}")
    tell(f"{report.round}: {text('checking.counted', lang, faults=len(report.faults), notices=len(report.notices))}")
    tell(f"{report.round}: {label('next')}: {said(report.next, lang)}")
