"""The decisions of a round: a file that only grows, its review, codings under it, and a project that other programs open."""

from __future__ import annotations

import dataclasses
import datetime
import json
import secrets
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pandas as pd

from vvvresearch import files
from vvvresearch.errors import AnalysisError, DisclosureError, RoundError, did_you_mean
from vvvresearch.evidence import Codings, Interviews, Losses, combine, joined, renamed_sources
from vvvresearch.exploring import Decision, check_decision, coding_ids, counts_changed, decided, decided_with_ids, state_of
from vvvresearch.locales import Phrase
from vvvresearch.privacy import scan_text
from vvvresearch.results import Base, Column, Labels, Result
from vvvresearch.rounds._find import DECISIONS
from vvvresearch.sources import read_codings, write_refi
from vvvresearch.themes import theme_table

if TYPE_CHECKING:
    from vvvresearch.rounds._round import Round

_VERSION = 1
_KEPT = 60
_REVIEWS = ("agree", "reject", "undo")
_STATES = {"agree": "agreed", "reject": "rejected", "undo": "undone"}
_LISTS = ("codes", "passages")
# What no reason and no memo may hold, and how sure a finding is taken for one.
_DIRECT = ("CPR", "PHONE", "EMAIL", "ADDRESS", "DOB", "PLATE")
_SURE = 0.7
_SEEN = ["source", "start", "end", "code_path", "coder"]


@dataclasses.dataclass(frozen=True)
class Review:
    """What became of a decision: somebody agreed, rejected or undid it."""

    decision: str
    what: str
    by: str
    at: str
    why: str = ""


class Decisions:
    """Decisions on a round's codings, in `rounds/<id>/decisions.jsonl`: one line a decision or review, never changed, never taken away.

    A decision is proposed by one person and holds when another agrees; whoever proposed it may undo it, and so may whoever agreed.

    Example:
        >>> import vvvresearch as vvv
        >>> len(vvv.open_round("demo").decisions.list().frame)
        0
    """

    def __init__(self, opened: Round) -> None:
        self._round = opened
        self.path = opened.path.with_name(DECISIONS)
        # The codings of an opened round do not change: what was counted once under the same decisions is not counted again.
        self._tables: dict[tuple[Decision, ...], Result] = {}

    def recode(
        self, code: str | Sequence[str], into: str, *, by: str, why: str, passages: object = (), coder: str = "", new: bool = False
    ) -> Decision:
        """Propose that codings get another code.

        Args:
            code: the code that they have, or several.
            into: the code that they get.
            by, why: who proposes it, and the reason.
            passages: which codings: a part of `r.codings`, rows of its frame, or ids; default all with the code.
            coder: only those of one coder.
            new: the code may be one that the codebook does not have yet.

        Raises:
            AnalysisError: an unknown code, or nothing that the decision is about.
            DisclosureError: the reason names a person directly.
        """
        return self._propose(Decision("recode", _named(code), into, self.ids(passages), coder, why=why, by=by), new=new)

    def merge(self, codes: Sequence[str], into: str, *, by: str, why: str, new: bool = False) -> Decision:
        """Propose that codes become one; those that nothing is coded with afterwards leave the codebook. Arguments as of `recode`."""
        return self._propose(Decision("merge", _named(codes), into, why=why, by=by), new=new)

    def stance(self, code: str, stance: str, *, by: str, why: str, passages: object = (), coder: str = "") -> Decision:
        """Propose that codings affirm or contradict their theme ("affirmed", "contradicted"). Arguments as of `recode`."""
        return self._propose(Decision("stance", _named(code), "", self.ids(passages), coder, stance, why=why, by=by))

    def memo(self, passages: object, memo: str, *, by: str, why: str = "", code: str = "") -> Decision:
        """Propose a memo on codings; it stands below what was noted before. Arguments as of `recode`."""
        return self._propose(Decision("memo", _named(code), "", self.ids(passages), memo=memo, why=why, by=by))

    def agree(self, decision: Decision | str, *, by: str, why: str = "") -> None:
        """Agree to a decision, which then holds.

        Raises:
            AnalysisError: who proposed it cannot agree alone; no such decision, or one that was undone or rejected.
        """
        self._review("agree", decision, by, why)

    def reject(self, decision: Decision | str, *, by: str, why: str = "") -> None:
        """Reject a decision that was proposed."""
        self._review("reject", decision, by, why)

    def undo(self, decision: Decision | str, *, by: str, why: str = "") -> None:
        """Take a decision back; its line stays, and so does this one."""
        self._review("undo", decision, by, why)

    def list(self) -> Result:
        """Every decision, first to last, with its state.

        Returns:
            Result; .frame: id, kind, change, by, at, why, state ("proposed", "agreed", "rejected", "undone"; "settled" where it was made
            on other codings than the round has now, for example before they were written back), reviewed_by, codings (how many).
        """
        decisions, reviews = self._read()
        rows, state = [], self._state
        coded = Counter(self.codings.frame["code_path"].tolist())
        for one in decisions:
            own = [review for review in reviews if review.decision == one.id]
            change = one.stance or (f"{' + '.join(one.codes) or '…'} → {one.into}" if one.into else "")
            rows.append(
                {
                    "id": one.id,
                    "kind": one.kind,
                    "change": change,
                    "by": one.by,
                    "at": one.at,
                    "why": one.why,
                    "state": self._stands(one, own, state),
                    "reviewed_by": ", ".join(dict.fromkeys(review.by for review in own)),
                    "codings": len(one.passages) or sum(coded[code] for code in one.codes),
                }
            )
        names = ("id", "kind", "change", "by", "at", "why", "state", "reviewed_by", "codings")
        found = Result(
            frame=pd.DataFrame(rows, columns=list(names)),
            base=Base(len(rows), "decision", source=str(self.path.name)),
            title=Phrase("decisions.list_title"),
            notes=(Phrase("decisions.list_note"),),
            shows=tuple(Column(name, Phrase(f"decisions.{name}")) for name in names),
            kind=self.codings.kind,
            labels={"kind": Labels({}, table="decisions"), "state": Labels({}, table="decisions")},
            team=True,
        )
        return cast(Result, self._round.finish(lambda: found))

    def holding(self, *, proposed: bool = False) -> tuple[Decision, ...]:
        """The decisions that hold, first to last; with those that are only proposed too, where that is asked."""
        decisions, reviews = self._read()
        state, wanted = self._state, {"agreed", "proposed"} if proposed else {"agreed"}
        return tuple(one for one in decisions if self._stands(one, [r for r in reviews if r.decision == one.id], state) in wanted)

    def diff(self, *decisions: Decision | str, proposed: bool = True) -> Result:
        """The counts of themes before and after, by the round's own theme table: of these decisions on top of those that hold, or of all.

        Args:
            decisions: which; default all that hold.
            proposed: count those that are only proposed too.

        Returns:
            Result of `counts_changed`.
        """
        before: tuple[Decision, ...] = ()
        if decisions:
            holding = self.holding()
            named = {self._found(one).id for one in decisions}
            before = tuple(one for one in holding if one.id not in named)
            after = tuple(one for one in self._read()[0] if one.id in named or one in holding)
        else:
            after = self.holding(proposed=proposed)
        return cast(Result, self._round.finish(lambda: counts_changed(self._counted(before), self._counted(after), self.codings)))

    def apply(self, *, proposed: bool = False) -> Codings:
        """The codings under the decisions that hold; the round's own are left as they are.

        Args:
            proposed: take those that are only proposed too.
        """
        return decided(self.codings, self.holding(proposed=proposed), self._ids)

    def write(self, path: str | Path, *, proposed: bool = False) -> Losses:
        """Write the codings under the decisions as a REFI-QDA project (`.qdpx`), which other programs open, and read it back to be sure.

        Make it the round's source of codings afterwards: decisions that stand in it are listed as settled then.

        Args:
            path: a new file.
            proposed: take those that are only proposed too.

        Returns:
            What the format cannot carry.

        Raises:
            AnalysisError: the file is there already, or what was read back is not what was written.
        """
        target = Path(path)
        if target.suffix.casefold() != ".qdpx":
            raise AnalysisError(
                f"decisions are not written to {target.suffix or 'a name without ending'!r}", where=target, todo="use .qdpx"
            )
        if target.exists():
            raise AnalysisError("the file is there already", where=target, todo="name a new one; the old one stays as it is")
        made = self._as_named_in_files(self.apply(proposed=proposed))
        losses = write_refi(made, target)
        back = read_codings(target)
        if _told(back) != _told(made) or any(back.texts.get(name) != text for name, text in made.texts.items()):
            target.unlink()
            raise AnalysisError("what was read back is not what was written", where=target, why="a passage would have moved")
        return losses

    @property
    def codings(self) -> Codings:
        """What is decided on: the round's codings whole, whatever filter is bound."""
        return (self._round.unfiltered or self._round).codings

    def ids(self, passages: object) -> tuple[str, ...]:
        """The ids of codings: of a part of `r.codings`, of rows with source, start, end, code_path and coder, or ids as they are."""
        if isinstance(passages, str):
            return (passages,) if passages else ()
        frame = passages.frame if isinstance(passages, Codings) else passages
        if not isinstance(frame, pd.DataFrame):
            return tuple(str(one) for one in cast(Iterable[object], frame))
        whole = self.codings.frame
        given = [name for name in _SEEN if name in frame]
        if "source" not in given or "start" not in given:
            raise AnalysisError("these rows do not say which passages they are", where="passages", todo=f"columns {', '.join(_SEEN)}")
        keys = set(map(tuple, frame[given].astype(str).itertuples(index=False, name=None)))
        rows = whole[given].astype(str).itertuples(index=False, name=None)
        return tuple(one for one, key in zip(self._ids, rows, strict=True) if tuple(key) in keys)

    @cached_property
    def _state(self) -> str:
        return state_of(self.codings)

    @cached_property
    def _ids(self) -> tuple[str, ...]:
        return tuple(coding_ids(self.codings.frame))

    def _counted(self, decisions: tuple[Decision, ...]) -> Result:
        """The round's theme table under decisions."""
        if decisions not in self._tables:
            if len(self._tables) >= _KEPT:
                self._tables.pop(next(iter(self._tables)))
            opened = self._round.unfiltered or self._round
            codings = decided(self.codings, decisions, self._ids)
            # A project without a register is counted by its transcripts.
            interviews = opened.interviews if opened.has("interviews") else Interviews.of_transcripts(codings.texts)
            self._tables[decisions] = theme_table(codings, interviews, guide=opened.rows_of("guide"), coder=opened.coder_rule)
        return self._tables[decisions]

    def _as_named_in_files(self, codings: Codings) -> Codings:
        """Codings whose transcripts are called as in their own file, where the register calls them otherwise."""
        opened = self._round.unfiltered or self._round
        names = [source.id for source in opened.spec.sources if source.type == "codings"]
        if len(names) > 1 or not opened.has("interviews"):
            return codings
        own = combine([opened.as_read(name) for name in names])
        ours = joined(own, opened.register_as_read.frame)
        back = dict(zip([*ours.frame["source"], *ours.texts], [*own.frame["source"], *own.texts], strict=True))
        if all(name == other for name, other in back.items()):
            return codings
        return renamed_sources(codings, back)

    def _propose(self, decision: Decision, *, new: bool = False) -> Decision:
        _refuse_identifiers(decision.why, decision.memo)
        if not decision.by.strip() or (not decision.why.strip() and decision.kind != "memo"):
            raise AnalysisError("a decision says who and why", where=f"decisions.{decision.kind}", todo='by="…", why="…"')
        codings, ids = decided_with_ids(self.codings, self.holding(proposed=True), self._ids)
        checked = check_decision(codings, _stripped(decision), new=new, ids=ids)
        made = dataclasses.replace(checked, id="d" + secrets.token_hex(3), at=_now(), base=self._state)
        self._append({"decision": {name: value for name, value in dataclasses.asdict(made).items() if value}})
        return made

    def _review(self, what: str, decision: Decision | str, by: str, why: str) -> None:
        _refuse_identifiers(why)
        found = self._found(decision)
        state = self._stands(found, [one for one in self._read()[1] if one.decision == found.id], found.base)
        if not by.strip():
            raise AnalysisError("a review says who", where=f"decisions.{what}", todo='by="…"')
        if what == "agree" and by.strip().casefold() == found.by.strip().casefold():
            raise AnalysisError("who proposed a decision cannot agree to it alone", where="decisions.agree", todo="by=<another coder>")
        if state in ("undone", "rejected") or (what in ("agree", "reject") and state != "proposed"):
            raise AnalysisError(f"the decision {found.id} is {state} already", where=f"decisions.{what}", todo="propose it anew")
        told = {"of": found.id, "what": what, "by": by, "at": _now(), "why": why}
        self._append({"review": {name: value for name, value in told.items() if value}})

    def _found(self, decision: Decision | str) -> Decision:
        name = decision.id if isinstance(decision, Decision) else str(decision)
        known = {one.id: one for one in self._read()[0]}
        if name not in known:
            raise AnalysisError(f"there is no decision {name!r}", where=self.path.name, todo=did_you_mean(name, known))
        return known[name]

    @staticmethod
    def _stands(decision: Decision, reviews: Sequence[Review], state: str) -> str:
        if reviews and reviews[-1].what in ("undo", "reject"):
            return _STATES[reviews[-1].what]
        if decision.base != state:
            return "settled"
        return "agreed" if reviews else "proposed"

    def _append(self, told: Mapping[str, Any]) -> None:
        files.append_line(self.path, json.dumps({"schema_version": _VERSION, **told}, ensure_ascii=False, sort_keys=True))

    def _read(self) -> tuple[tuple[Decision, ...], tuple[Review, ...]]:
        if not self.path.is_file():
            files.note_missing(self.path)
            return (), ()
        decisions, reviews = [], []
        for line, text in enumerate(files.read_text(self.path).splitlines(), start=1):
            if not text.strip():
                continue
            try:
                told = json.loads(text)
                if told["schema_version"] != _VERSION:
                    raise ValueError("another version")
                if "decision" in told:
                    given: dict[str, Any] = told["decision"]
                    decisions.append(Decision(**cast(Any, {name: tuple(one) if name in _LISTS else one for name, one in given.items()})))
                else:
                    given = told["review"]
                    if given["what"] not in _REVIEWS:
                        raise ValueError("another review")
                    reviews.append(Review(given["of"], given["what"], given["by"], given["at"], given.get("why", "")))
            except (ValueError, TypeError, KeyError):
                todo = "take the line out, or mend it: decisions are written by r.decisions"
                raise RoundError(f"line {line} is no decision", where=self.path, todo=todo) from None
        return tuple(decisions), tuple(reviews)

    def __repr__(self) -> str:
        return repr(self.list()) if self._round.has("codings") else "decisions: the round has no codings"

    def _repr_html_(self) -> str:
        return self.list().to_html()


def _named(codes: str | Sequence[str]) -> tuple[str, ...]:
    if isinstance(codes, str) or hasattr(codes, "path"):
        return (str(codes),) if codes else ()
    return tuple(map(str, codes))


def _stripped(decision: Decision) -> Decision:
    return dataclasses.replace(decision, codes=tuple(map(str, decision.codes)), into=str(decision.into), by=decision.by.strip())


def _told(codings: Codings) -> list[tuple[str, ...]]:
    """What a project has to bring back: every passage with its place, text, code and coder."""
    columns = [*_SEEN, "text"]
    filled = codings.frame[columns].astype(object).where(codings.frame[columns].notna(), "").astype(str)
    return sorted(filled.itertuples(index=False, name=None))


def _refuse_identifiers(*texts: str) -> None:
    kinds = sorted({one.kind for text in texts if text for one in scan_text(text) if one.kind in _DIRECT and one.confidence >= _SURE})
    if kinds:
        raise DisclosureError("the words of a decision name somebody directly", why=", ".join(kinds), todo="write it without")


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
