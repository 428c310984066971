"""`vvv add`: files into a round. One screen a file says what it was taken for; what cannot be known is asked."""

from __future__ import annotations

import dataclasses
import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vvvresearch import files
from vvvresearch.cli._add_screen import LEFT_OUT, Skipped, answer_in_terminal, answers_wanted, show
from vvvresearch.cli._workspace import DONE, FAILED, UsageError, Workspace, check_choice, error_text, say, tell, tell_json
from vvvresearch.errors import Failure, SchemaError, VvvError, did_you_mean
from vvvresearch.evidence import waves_in_order, without_time
from vvvresearch.intake import Decision, Proposal, Question, ReadBesideError, Settled, flat, refined, settle
from vvvresearch.locales import LANGUAGES, Lang, text
from vvvresearch.privacy import masked
from vvvresearch.rounds import RoundSpec, add_source, is_left_out, leave_out, propose_source, sheets_of

# Tables of answers are for a file where they are called like one; questions have dots in their ids too.
_ENDING = re.compile(r"\.(xlsx|csv|tsv|txt|docx|ods|dta|z?sav|por|qd[acep]|qdpx|sqlite3?|db|rqda|requal|ya?ml|toml)$", re.IGNORECASE)
_BEFORE = "before"
_MEASURE = re.compile(r"goal\.\d+\.measure")
_GENERAL = frozenset(("kind", "sheet", "source", "this_file.year", "this_file.wave", "this_file.extract"))


@dataclass(frozen=True)
class Asked:
    """The options of a call."""

    kind: str = ""
    yes: bool = False
    answers: Path | None = None
    as_json: bool = False
    source: str = ""
    lang: str | None = None


def add(workspace: Workspace, round_id: str, paths: Sequence[Path], asked: Asked) -> int:
    """Take files into a round.

    Raises:
        UsageError: no such round or file, an unknown language.
    """
    check_choice(asked.lang, "--lang", LANGUAGES)
    (spec,) = workspace.specs([round_id])
    lang: Lang = "en" if (asked.lang or spec.languages[0]) == "en" else "da"
    for path in paths:
        if not path.exists():
            raise UsageError("there is no such file", where=path, todo=_near(path))
    if asked.source and len(paths) > 1:
        raise UsageError("--id names one source", todo="add the files one by one")
    call = _Call(workspace, spec, asked, lang)
    with tempfile.TemporaryDirectory() as folder:
        paths = _in_time(call.with_sheets(paths, Path(folder)))
        return call.in_one_go(paths) if asked.yes or asked.answers or asked.as_json else call.in_terminal(paths)


def _in_time(paths: Sequence[Path]) -> list[Path]:
    """Files that are called alike but for a season or a year, in the order of time: a folder lists autumn before spring."""
    alike: dict[str, list[Path]] = {}
    for path in paths:
        alike.setdefault(without_time(path.stem), []).append(path)
    for some in alike.values():
        order = waves_in_order(one.stem for one in some)
        some.sort(key=lambda one, order=order: order.index(one.stem))  # type: ignore[misc]
    return [alike[without_time(path.stem)].pop(0) for path in paths]


def _near(path: Path) -> str:
    folder = path.parent if path.parent.is_dir() else Path()
    return did_you_mean(path.name, [one.name for one in folder.iterdir()])


@dataclass
class _Call:
    workspace: Workspace
    spec: RoundSpec
    asked: Asked
    lang: Lang
    beside: tuple[str, ...] = ()

    def with_sheets(self, paths: Sequence[Path], folder: Path) -> list[Path]:
        """The files, each followed by its further sheets that hold tables of their own, unless it is said what the file is."""
        found = []
        for path in paths:
            apart = [] if self.asked.kind or self.asked.source else sheets_of(self.workspace.root, self.spec.id, path, folder)
            for one in apart:
                say(text("intake.screen_sheet", self.lang, file=path.name, sheet=one.name))
            found += [path, *apart]
        return found

    def in_terminal(self, paths: Sequence[Path]) -> int:
        """File by file: the screen, its questions, Enter."""
        failed = False
        for path in paths:
            try:
                proposal = self._first_look(path)
                proposal, given = answer_in_terminal(proposal, self.lang, lambda kind, path=path: self._propose(path, kind))  # type: ignore[misc]
                self._write(proposal, settle(proposal, given))
            except Skipped as left:
                self._skipped(path, left)
                failed = failed or not left.args
            except ReadBesideError as beside:
                say(error_text(beside, self.lang))
            except VvvError as problem:
                say(error_text(problem, self.lang))
                failed = True
        if not failed:
            tell(text("intake.screen_next", self.lang, round=self.spec.id))
        return FAILED if failed else DONE

    def in_one_go(self, paths: Sequence[Path]) -> int:
        """All files at once: what is sure or answered is taken; where something is left, nothing is written and it is listed."""
        answers = _Answers(self.asked.answers, [path.name for path in paths])
        ready: list[tuple[Proposal, Settled]] = []
        left: list[tuple[Proposal, dict[str, Any]]] = []
        problems: list[VvvError] = []
        refused: list[VvvError] = []
        goals: list[tuple[Proposal, dict[str, Any]]] = []
        answered: list[tuple[Proposal, dict[str, Any]]] = []
        unknown_kind: list[tuple[Proposal, dict[str, Any]]] = []
        for path in paths:
            try:
                answered.append(self._answered(path, answers))
            except Skipped as out:
                self._skipped(path, out)
            except ReadBesideError as beside:
                say(error_text(beside, self.lang))
            except VvvError as unknown:
                refused.append(unknown)
        # Whoever stands in a register of this call is not asked for once more with the codings.
        self.beside = tuple(name for proposal, _ in answered for name in proposal.interviews)
        for proposal, given in answered:
            if self.beside and proposal.kind == "codings":
                proposal, given = self._answered(proposal.path, answers)
            try:
                still_open = _open(proposal, given)
                if len(answered) > 1:
                    # What measures a goal is a number of the other files, and asked once they are in.
                    still_open = [name for name in still_open if not _MEASURE.fullmatch(name)]
                if still_open and not proposal.kind and self._writes:
                    unknown_kind.append((proposal, given))
                elif still_open:
                    left.append((proposal, given))
                elif self._writes and proposal.kind == "goals":
                    goals.append((proposal, given))
                elif self._writes:
                    ready.append((proposal, settle(proposal, given)))
                else:
                    left.append((proposal, given))
            except VvvError as wrong:
                problems.append(wrong)
        problems += answers.strange()
        if not self._writes:
            return self._looked(left, [*refused, *problems])
        if left or problems or not (ready or goals):
            left += unknown_kind
            self._list(left, [*refused, *problems])
            return FAILED if left or problems or refused else DONE
        shown = []
        for proposal, settled in ready:
            try:
                shown.append(self._write(proposal, settled))
            except VvvError as wrong:
                problems.append(wrong)
        # What measures a goal is a number of the other files, which are there now.
        for proposal, given in goals if not problems else ():
            if ready:
                proposal, given = self._answered(proposal.path, answers)
            if _open(proposal, given):
                left.append((proposal, given))
                continue
            try:
                shown.append(self._write(proposal, settle(proposal, given)))
            except VvvError as wrong:
                problems.append(wrong)
        # A file that cannot be taken, or of which it is not known what it is, keeps none of the others out.
        left += unknown_kind
        problems += refused
        if left:
            self._list(left, problems, "screen_left_others")
            return FAILED
        if self.asked.as_json:
            tell_json(shown[0] if len(shown) == 1 else shown)
        elif not problems:
            tell(text("intake.screen_next", self.lang, round=self.spec.id))
        self._complain(problems)
        return FAILED if problems else DONE

    def _complain(self, problems: Sequence[VvvError]) -> None:
        """Every error; what is the same of several files is said once."""
        said: dict[tuple[str, str, str], list[VvvError]] = {}
        for problem in problems:
            said.setdefault((problem.what, problem.why, "" if isinstance(problem, SchemaError) else problem.todo), []).append(problem)
        for same in said.values():
            first = same[0]
            if len(same) > 1 and not isinstance(first, SchemaError):
                first = VvvError(first.what, where=", ".join(Path(one.where).name for one in same), why=first.why, todo=first.todo)
                say(error_text(first, self.lang))
                continue
            for problem in same:
                say(error_text(problem, self.lang))

    @property
    def _writes(self) -> bool:
        return self.asked.yes or self.asked.answers is not None

    def _propose(self, path: Path, kind: str = "", sheet: str = "") -> Proposal:
        named = kind or self.asked.kind
        found = propose_source(self.workspace.root, self.spec.id, path, kind=named, sheet=sheet, beside=self.beside, lang=self.lang)
        return dataclasses.replace(found, source=self.asked.source) if self.asked.source else found

    def _first_look(self, path: Path, kind: str = "") -> Proposal:
        """The proposal for a file; one that was left out before is left out again, unless it is said now what it is."""
        if not (kind or self.asked.kind) and is_left_out(self.workspace.root, self.spec, path):
            raise Skipped(_BEFORE)
        return self._propose(path, kind)

    def _skipped(self, path: Path, left: Skipped) -> None:
        """Tell that a file is left out, and remember one that somebody left out."""
        again = _BEFORE in left.args
        say(text("intake.screen_left_before" if again else "intake.screen_skipped", self.lang, file=path.name))
        if left.args == (LEFT_OUT,):
            leave_out(self.workspace.root, self.spec, path)

    def _answered(self, path: Path, answers: _Answers) -> tuple[Proposal, dict[str, Any]]:
        said = str(answers.own.get(path.name, {}).get("kind", ""))
        if said == LEFT_OUT:
            raise Skipped(said)
        proposal = self._first_look(path, said)
        general = answers.named(path.name, proposal)
        if proposal.kind == "" and general.get("kind") == LEFT_OUT:
            raise Skipped(LEFT_OUT)
        if (proposal.kind == "" and general.get("kind")) or general.get("sheet"):
            proposal = self._propose(path, str(general.get("kind", "")), str(general.get("sheet", "")))
        given = answers.for_file(path.name, proposal)
        source = given.pop("source", "")
        if source:
            proposal = dataclasses.replace(proposal, source=str(source))
        return refined(proposal, {name: value for name, value in given.items() if name not in ("kind", "sheet")})

    def _write(self, proposal: Proposal, settled: Settled) -> dict[str, Any]:
        try:
            added = add_source(self.workspace.root, self.spec.id, settled, source=self.asked.source, lang=self.lang)
        except SchemaError:
            # Cells that would be left empty belong to what has to be mended, and are told with it.
            for words in () if self.asked.as_json else proposal.losses:
                say(masked(f"{proposal.path.name}: {words}"))
            raise
        whole = _with_answers(proposal, settled, added.source or proposal.source, added.told)
        if not self.asked.as_json:
            if self._writes:
                show(whole, self.lang)
            else:
                for words in added.told:
                    tell(masked(f"  {words}"))
            if added.state != "unchanged" and proposal.kind not in ("transcripts", "goals"):
                tell(masked(text("intake.screen_added", self.lang, file=proposal.path.name, source=added.source or proposal.kind)))
            for path in added.paths:
                tell(masked(f"  {path}"))
        return whole.as_dict()

    def _looked(self, found: Sequence[tuple[Proposal, dict[str, Any]]], problems: Sequence[VvvError]) -> int:
        shown = [proposal.as_dict() for proposal, _ in found]
        if shown or not problems:
            tell_json(shown[0] if len(shown) == 1 else shown)
        self._complain(problems)
        return FAILED if problems else DONE

    def _list(self, left: Sequence[tuple[Proposal, dict[str, Any]]], problems: Sequence[VvvError], words: str = "screen_left") -> None:
        if self.asked.as_json:
            shown = [proposal.as_dict() for proposal, _ in left]
            tell_json(shown[0] if len(shown) == 1 else shown)
        elif left:
            say(text(f"intake.{words}", self.lang, count=sum(_asked_yet(proposal, given) for proposal, given in left)))
            for proposal, given in left:
                tell(answers_wanted(proposal, given))
        self._complain(problems)


def _open(proposal: Proposal, given: Mapping[str, Any]) -> list[str]:
    """What has no answer at all; answers that are wrong are the matter of `settle`."""
    names = {name.partition("=")[0] for name in given}
    return [
        target
        for question in proposal.questions
        if question.id not in given
        for target in question.targets or (question.id,)
        if target not in given and target.partition("=")[0] not in names
    ]


def _asked_yet(proposal: Proposal, given: Mapping[str, Any]) -> int:
    """How many questions have something left to answer: one about twelve words is one."""
    still_open = set(_open(proposal, given))
    return sum(bool(still_open & set(question.targets or (question.id,))) for question in proposal.questions)


def _asked(proposal: Proposal) -> tuple[Question, ...]:
    """What may be answered: what is asked, and what an earlier map answered."""
    return (*proposal.questions, *proposal.mapped)


def _with_answers(proposal: Proposal, settled: Settled, source: str, told: Sequence[str]) -> Proposal:
    """A proposal as it was settled: nothing is left to ask."""
    decided = tuple(
        Decision(name, settled.words.get(name, ""), value, settled.why.get(name, "answer")) for name, value in settled.decisions.items()
    )
    return dataclasses.replace(
        proposal, decided=decided, questions=(), kind=settled.kind, unit=settled.unit, source=source, told=(*proposal.told, *told)
    )


class _Answers:
    """Answers of a TOML file: `id = value` for every file that asks it, and tables named after a file for that file alone."""

    def __init__(self, path: Path | None, names: Sequence[str]) -> None:
        data = files.read_toml(path) if path is not None else {}
        self.path = path
        self.several = len(names) > 1
        tables = {
            name: part for name, part in data.items() if isinstance(part, dict) and (name in names or _ENDING.search(name) is not None)
        }
        # One file of answers may serve a whole kit that is added in several calls.
        self.own = {name: tables[name] for name in names if name in tables}
        self.shared = {name: part for name, part in data.items() if name not in tables}
        self.used: set[str] = set()

    def named(self, name: str, proposal: Proposal) -> dict[str, Any]:
        """The answers that hold for any file, flat."""
        return flat({**self.shared, **self.own.get(name, {})}, {question.id for question in _asked(proposal)})

    def for_file(self, name: str, proposal: Proposal) -> dict[str, Any]:
        """The answers for a file; of those that several share only what it asks or decides."""
        questions = {question.id for question in _asked(proposal)}
        known = questions | {target for question in _asked(proposal) for target in question.targets}
        known |= {decision.id for decision in proposal.decided} | _GENERAL
        shared = flat(self.shared, questions)
        taken = {key: value for key, value in shared.items() if key in known or not self.several}
        self.used |= taken.keys()
        return taken | flat(self.own.get(name, {}), questions)

    def strange(self) -> list[VvvError]:
        """One error with every shared answer that no file asks for."""
        left = [name for name in flat(self.shared, set(self.used)) if name not in self.used] if self.several else []
        # A goal is asked for its measure once the others are in.
        left = [name for name in left if not _MEASURE.fullmatch(name)]
        failures = [Failure(None, name, "", "no file asks for it") for name in left]
        return [SchemaError("answers that nothing asks for", failures, where=self.path, todo="correct or remove them")] if failures else []
