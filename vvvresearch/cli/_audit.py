"""`vvv audit`: does a published report agree with itself, and several with each other."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from vvvresearch.audit import Audit, Unread, audit
from vvvresearch.cli._workspace import DONE, FAILED, UsageError, check_choice, say, tell, tell_json
from vvvresearch.locales import LANGUAGES, Lang, check_lang, text


def audit_files(paths: Sequence[Path], lang: str, as_json: bool, with_hints: bool) -> int:
    """Print what does not agree; 1 when something was found, else 0.

    Args:
        paths: reports; several are compared with each other too.
        lang: the language that findings are worded in.
        as_json: print the findings as a list of JSON objects; what could not be read goes to standard error.
        with_hints: claims without a figure too, after the findings.

    Raises:
        UsageError: a file that does not exist.
        SourceError: a file that cannot be read.
    """
    check_choice(lang, "--lang", LANGUAGES)
    for path in paths:
        if not path.is_file():
            raise UsageError("there is no such file", where=path)
    shown_in = check_lang(lang)
    result = audit(paths)
    if as_json:
        tell_json([one.as_json(shown_in) for one in result.findings])
    else:
        _tell(result, shown_in)
    for document in result.documents:
        for unread in document.unread:
            say(_worded(document.name, unread, shown_in))
    if with_hints and not as_json:
        hints = result.hints()
        tell(text("audit.hints", shown_in, hints=len(hints)))
        for hint in hints:
            tell(f"{hint.file}, {text('audit.line', shown_in, line=hint.line)}: {text('audit.hint', shown_in, quote=hint.quote)}")
    words = sum(document.words for document in result.documents)
    say(text("audit.end", shown_in, findings=len(result.findings), files=len(result.documents), words=words))
    return FAILED if result.findings else DONE


def _tell(result: Audit, lang: Lang) -> None:
    for finding in result.findings:
        seen = text("audit.chance", lang, chance=round(100 * finding.chance))
        tell(f"{text(f'audit.kind_{finding.kind}', lang)}: {finding.what.say(lang)}")
        for place in finding.places:
            tell(f"  {place.file}, {text('audit.line', lang, line=place.line)}: {place.quote}")
        tell(f"  {finding.why.say(lang)}")
        tell(f"  {finding.ground.say(lang)} ({seen})")
        tell("")


def _worded(file: str, unread: Unread, lang: Lang) -> str:
    return text(f"audit.unread_{unread.reason}", lang, file=file, line=unread.line, words=unread.words)
