"""Sources by themselves and beside each other: can each be read, do answers follow their routes, does what belongs together join."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING

from vvvresearch.check._fault import Fault, Notice, faults_of
from vvvresearch.errors import VvvError, did_you_mean

if TYPE_CHECKING:
    from vvvresearch.rounds import Round


def source_faults(opened: Round) -> tuple[list[Fault], set[str]]:
    """The faults of every source, and the ids of those that can be read."""
    faults: list[Fault] = []
    readable = set()
    for source in opened.spec.sources:
        if source.type == "documentary":
            continue
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                opened.as_read(source.id)
            readable.add(source.id)
        except VvvError as problem:
            faults += faults_of(problem, "source", source.path)
    return faults, readable


def route_notices(opened: Round, readable: set[str]) -> Iterator[Notice]:
    """Answers of people whom the route does not lead to the item, for rows that are answers."""
    from vvvresearch.survey import base_table

    for name in opened.surveys:
        if name not in readable or opened.surveys[name].questionnaire is None:
            continue
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            base_table(opened.surveys[name])
        yield from (Notice("route", name, text) for text in dict.fromkeys(str(one.message) for one in caught))


def join_faults(opened: Round, readable: set[str]) -> Iterator[Fault]:
    """Registers and codings that name what the other does not have, with the nearest name."""
    types = {source.type: source for source in opened.spec.sources if source.id in readable}
    if "interviews" in types and "codings" in types:
        register, codings = opened.interviews, opened.codings
        named = {str(source) for source in register.frame["source"] if str(source)}
        coded = {str(source) for source in codings.frame["source"]}
        texts = coded | set(codings.texts)
        path = types["interviews"].path
        for number, (interview, source) in enumerate(zip(register.frame["interview"], register.frame["source"], strict=True), start=2):
            # A transcript that is called like its interview may be one that nobody has coded yet.
            if str(source) not in {*texts, "", str(interview)}:
                yield Fault("join", path, number, f"the codings have no source {str(source)!r}", "", did_you_mean(str(source), texts))
        for source in sorted(coded - named):
            todo = f"give its interview a row; {did_you_mean(source, named)}"
            yield Fault("join", types["codings"].path, None, f"no interview of the register has the source {source!r}", "", todo)
    if "guide" in types and ("codings" in types or "codebook" in types):
        book = opened.codebook
        for number, path in enumerate(map(str, opened.read(types["guide"].id).frame["code_path"]), start=2):
            if path not in set(book.paths):
                todo = did_you_mean(path, book.paths)
                yield Fault("join", types["guide"].path, number, f"the codebook has no code {path!r}", "", todo)


def published_notices(opened: Round, readable: set[str], lang: str) -> Iterator[Notice]:
    """Where published documents do not agree with themselves: a finding about them, and no fault of the round."""
    if not any(source.type == "published" and source.id in readable for source in opened.spec.sources):
        return
    from vvvresearch.locales import check_lang, say, text
    from vvvresearch.published import find_inconsistencies

    said = check_lang(lang)
    courses = [opened.read(source.id) for source in opened.spec.sources if source.type == "courses" and source.id in readable]
    for finding in find_inconsistencies(opened.published, courses):
        where = f"{finding.document}, {finding.lines}" if finding.lines else finding.document
        what = f"{text(f'consistency.kind_{finding.kind}', said)}: {say(finding.printed, said)}"
        why = " ".join(say(part, said) for part in finding.hypotheses)
        yield Notice("published", where, what, say(finding.possible or "", said), why)
