"""The quote bank: passages that may be quoted, bound to their transcript, balanced over roles."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.locales import Joined, Lang, Phrase, text
from vvvresearch.privacy import tellable
from vvvresearch.results import Base, Column, Labels, Result, recorded
from vvvresearch.themes._coders import Coder, coder_note, passages_of
from vvvresearch.themes._codes import Code, CodeName, chosen_paths
from vvvresearch.themes._states import AFFIRMED, CONTRADICTED, persons, quotable_sources, stance_of, transcribed

if TYPE_CHECKING:
    from vvvresearch.evidence import Codings, Interviews

_PARTED = ("troubled", "ended")
_FIELDS = [
    *("quote_id", "code_path", "stance", "text", "told", "pseudonym", "role", "age_band", "pair", "wave"),
    *("interview", "source", "start", "end", "source_hash", "hash", "interpreter", "approval", "approver"),
]
# What says who spoke to somebody who knows the register; a page carries `told` and nothing else of it.
_OF_THE_SPEAKER = ("pseudonym", "role", "age_band", "interpreter")
_FOR_THE_TEAM = ("quote_id", "hash", *_OF_THE_SPEAKER, "told", "pair", "wave", "interview", "source", "start", "end", "source_hash")
# What an approval is given for.
_HASHED = ("source_hash", "start", "end", "text", "pseudonym", "role", "age_band")


def speaker(row: Mapping[Any, Any], lang: Lang) -> str:
    """Who speaks, in words: what may be told, at most pseudonym, role, age band and that an interpreter spoke; "" for nothing."""
    told = str(row["told"]).split("; ")
    words = {
        "pseudonym": str(row["pseudonym"]),
        "role": text(f"roles.{row['role']}", lang),
        "age_band": str(row["age_band"]),
        "interpreter": text("themes.through_interpreter", lang) if row["interpreter"] is True else "",
    }
    return ", ".join(words[name] for name in _OF_THE_SPEAKER if name in told and words[name])


@dataclass(frozen=True)
class Speaker(Column):
    """Who speaks, as far as that may be told."""

    def write_row(self, row: Mapping[Any, Any], lang: Lang, small_n: int, labels: Mapping[str, Labels]) -> str:
        """The speaker of a row."""
        return speaker(row, lang)


@dataclass(frozen=True)
class SpeakerLabels(Labels):
    """The same words for files."""

    def say(self, value: Any, row: Mapping[Any, Any], lang: Lang) -> str:
        """The speaker of a row."""
        return speaker(row, lang)


@recorded
def quotes(
    codings: Codings,
    interviews: Interviews,
    *,
    code: str | Code = "",
    group: str | Sequence[str] = "",
    stance: str = "",
    per_group: int | None = None,
    per_theme: int | None = None,
    shortest: int = 40,
    longest: int = 400,
    approvals: pd.DataFrame | None = None,
    coder: Coder = None,
    wave: str | None = None,
    pseudonyms: bool = False,
    k: int = 3,
) -> Result:
    """Passages that may be quoted: consent to quoting given, text verified against the transcript where there is one.

    A quote is known by a hash of its transcript, place, words and speaker as shown. An approval holds for exactly that; when the
    transcript, the passage or what is said of the speaker changes it lapses. Choosing alternates between roles and persons and takes
    the passages nearest to a readable length first, so that one role or one talkative person does not fill the bank.

    Of the speaker only so much is told that everybody who is described so is one of at least k persons who may be quoted (`tellable`):
    each half of a pair knows the other, and what the register says of the other. A pseudonym would join one person's passages to a
    story, so that it is told only where the evaluators say so, and never of somebody whose relation was troubled or has ended.

    Args:
        codings: coded passages with their texts.
        interviews: the register; `consent_quote` must be true.
        code: only this theme and those below it.
        group: only this respondent group, or these.
        stance: only passages that say so: "affirmed" or "contradicted".
        per_group: at most so many a respondent group, over all themes chosen; no passage twice.
        per_theme: at most so many a theme.
        shortest, longest: length of a usable quote, characters.
        approvals: quote_id, hash, approver, date: earlier approvals; a round supplies those of its `approvals.csv`.
        coder, wave: as `theme_table`.
        pseudonyms: whether pseudonyms are told; a round supplies what its definition says.
        k: how many persons must share what is told of a speaker; likewise.

    Returns:
        Result, one row a quote: quote_id, code_path, stance, text, told (what of the speaker is told: "role; age_band"), pseudonym,
        role, age_band, pair, wave, interview, source, start,
        end, source_hash, hash, interpreter, approval ("approved", "not_approved", "lapsed"), approver.

    Raises:
        AnalysisError: an unknown code, group or stance; a passage that is not in its transcript at its place.

    Example:
        >>> import vvvresearch as vvv
        >>> r = vvv.open_round("demo", lang="en")
        >>> bank = r.quotes(code="Udbytte > Dansk > Ord fra arbejdet", per_group=1)
        >>> bank.shown()["Who"].tolist()
        ['refugee, 18-29', 'volunteer', 'municipal employee, 50-59']
    """
    if stance not in ("", AFFIRMED, CONTRADICTED):
        raise AnalysisError(f"there is no stance {stance!r}", todo=did_you_mean(stance, (AFFIRMED, CONTRADICTED)))
    register = transcribed(interviews, wave, group)
    allowed = quotable_sources(interviews)
    open_to = register[register["source"].isin(allowed)]
    passages = passages_of(codings, coder, open_to)
    passages = passages[passages["code_path"].isin(chosen_paths(codings.codebook, code))]
    passages = passages.assign(stance=stance_of(passages))
    if stance:
        passages = passages[passages["stance"] == stance]
    # A coding sheet has the passage and no transcript: it is all there is. One that its transcript does not hold is no quote.
    passages = passages[~passages["source"].isin(codings.texts) | (passages["start"].notna() & passages["end"].notna())]
    passages = passages[passages["source"].isin(open_to["source"])]
    suited = len(passages)
    passages = passages[passages["text"].str.len().between(shortest, longest)]
    known = [name for name in open_to if name in ("respondent_group", "person", *_FIELDS) and name not in passages]
    bank = passages.merge(open_to[["source", *known]], on="source")
    _verify(bank, codings.texts)
    places = zip(bank["source"], bank["start"], bank["end"], bank["text"], bank["code_path"], strict=True)
    bank["quote_id"] = [
        quote_id(source, *((0, len(text), f"{text}|{code}") if pd.isna(start) else (start, end, code)))
        for source, start, end, text, code in places
    ]
    bank["role"] = bank["respondent_group"]
    bank["told"] = bank["source"].map(_told(interviews.frame[interviews.frame["source"].isin(allowed)], pseudonyms, k))
    bank = bank.drop_duplicates("quote_id")
    if per_theme is not None:
        bank = _balanced(bank, "code_path", per_theme)
    if per_group is not None:
        bank = _balanced(bank.drop_duplicates(["source", "start", "end", "text"]), "role", per_group)
    hashes = {source: source_hash(codings.texts[source]) for source in set(bank["source"]) if source in codings.texts}
    bank["source_hash"] = [hashes.get(source, "") for source in bank["source"]]
    bank["hash"] = [quote_hash(*key) for key in zip(*(bank[name] for name in _HASHED), strict=True)]
    state = _approval(bank, approvals)
    bank["approval"], bank["approver"] = state["approval"].to_numpy(), state["approver"].to_numpy()
    frame = bank.loc[:, _FIELDS].reset_index(drop=True)
    roles = frame["role"].value_counts()
    unchecked = int((frame["source_hash"] == "").sum())
    notes: list[Phrase] = [Phrase("themes.quotes_note"), coder_note(coder)]
    if unchecked:
        notes.append(Phrase("themes.quotes_unchecked", {"count": unchecked, "n": len(frame)}))
    if suited and bank.empty:
        notes.append(Phrase("themes.no_quote_fits", {"passages": suited, "shortest": shortest, "longest": longest}))
    elif bank.empty:
        coded = passages_of(codings, coder, register)
        coded = coded[coded["code_path"].isin(chosen_paths(codings.codebook, code))]
        notes.append(Phrase("themes.no_quote_allowed", {"passages": len(coded)}))
    if len(roles):
        listed = (Phrase("themes.role_count", {"role": Phrase(f"groups.{role}"), "n": int(count)}) for role, count in roles.items())
        notes.append(Phrase("themes.roles_note", {"roles": Joined(tuple(listed))}))
    # What is the same of every quote is said once, and not beside each.
    alike = frame["approval"].nunique() == 1
    if alike:
        notes.append(Phrase(f"themes.all_{frame['approval'].iat[0]}"))
    elif len(frame):
        approved = int((frame["approval"] == "approved").sum())
        notes.append(Phrase("themes.some_approved", {"count": approved, "n": len(frame)}))
    return Result(
        frame=frame,
        base=Base(len(frame), "segment", wave=wave or "", source=codings.origin),
        title=Phrase("themes.quotes_title"),
        notes=tuple(notes),
        shows=(
            Column("text", Phrase("themes.quote")),
            Speaker("speaker", Phrase("themes.speaker")),
            *(() if alike else (Column("approval", Phrase("themes.approval"), words="themes"),)),
            CodeName("code_path", Phrase("themes.theme")),
        ),
        kind=codings.kind,
        labels={
            "speaker": SpeakerLabels({}, on=_OF_THE_SPEAKER),
            "approval": Labels({state: Phrase(f"themes.{state}") for state in ("approved", "not_approved", "lapsed")}),
        },
        tree="code_path",
        within=_FOR_THE_TEAM,
    )


def _told(register: pd.DataFrame, pseudonyms: bool, k: int) -> dict[str, str]:
    """Transcript → what may be told of who speaks; by everybody who may be quoted, so that it is the same whatever is asked for."""
    if register.empty:
        return {}
    register = register.assign(person=persons(register))
    parted = set(register.loc[register["relation_state"].isin(_PARTED), "pair"]) - {""} if "relation_state" in register else set()
    named = set(register.loc[~register["pair"].isin(parted), "person"]) if pseudonyms else set()
    columns = {"respondent_group": "role", "age_band": "age_band", "interpreter": "interpreter"}
    told = tellable(register, [name for name in columns if name in register], k=k)
    of_person = {who: [*(["pseudonym"] if who in named else []), *(columns[name] for name in names)] for who, names in told.items()}
    found: dict[str, list[str]] = {}
    for source, who in zip(register["source"].tolist(), register["person"].tolist(), strict=True):
        # Where several speak in one interview, what may be told of each of them.
        found[source] = [name for name in found.get(source, of_person[who]) if name in of_person[who]]
    return {source: "; ".join(names) for source, names in found.items()}


def source_hash(transcript: str) -> str:
    """What a quote's transcript is known by: SHA-256 of its text, the first 16 hexadecimal digits."""
    return hashlib.sha256(transcript.encode("utf-8")).hexdigest()[:16]


def quote_hash(*parts: object) -> str:
    """What a quote is approved as: SHA-256 over its parts, the first 16 hexadecimal digits. Any change gives another one."""
    return hashlib.sha256("|".join(map(str, parts)).encode("utf-8")).hexdigest()[:16]


def quote_id(source: str, start: int, end: int, code_path: str) -> str:
    """A short stable name of a quote under a theme."""
    return "q-" + hashlib.sha256(f"{source}|{start}|{end}|{code_path}".encode()).hexdigest()[:10]


def _verify(bank: pd.DataFrame, texts: dict[str, str]) -> None:
    here = bank[bank["source"].isin(texts)]
    for source, start, end, said in zip(here["source"], here["start"], here["end"], here["text"], strict=True):
        if texts[source][int(start) : int(end)] != said:
            raise AnalysisError(
                "a passage does not stand in its transcript where the coding says",
                where=f"{source}, {start}–{end}",
                why="a quote is shown only when it was compared with its transcript",
                todo="read the codings again from the project and its transcripts",
            )


def _balanced(bank: pd.DataFrame, within: str, count: int) -> pd.DataFrame:
    """Within a theme or group: each role in turn, within a role each person in turn, the most readable length first."""
    where, role, person, names = (bank[name].tolist() for name in (within, "role", "person", "quote_id"))
    distance = [abs(len(said) - 160) for said in bank["text"].tolist()]
    order = sorted(range(len(bank)), key=lambda row: (distance[row], names[row]))
    for turns in (list(zip(where, role, person, strict=True)), list(zip(where, role, strict=True))):
        order = [row for row, _ in sorted(_turns(order, turns), key=lambda one: (one[1], distance[one[0]]))]
    return bank.iloc[sorted(row for row, turn in _turns(order, where) if turn < count)]


def _turns(order: Iterable[int], of: Sequence[Any]) -> Iterator[tuple[int, int]]:
    """Each row with how many before it are of the same."""
    seen: Counter[Any] = Counter()
    for row in order:
        yield row, seen[of[row]]
        seen[of[row]] += 1


def _approval(bank: pd.DataFrame, approvals: pd.DataFrame | None) -> pd.DataFrame:
    # Of several approvals the last one counts.
    columns = () if approvals is None else (approvals[name] for name in ("quote_id", "hash", "approver"))
    given = {name: (str(hashed), str(approver)) for name, hashed, approver in zip(*columns, strict=True)}
    rows = []
    for name, hashed in zip(bank["quote_id"], bank["hash"], strict=True):
        known = given.get(name)
        if known is None:
            rows.append(("not_approved", ""))
        elif known[0] == hashed:
            rows.append(("approved", known[1]))
        else:
            rows.append(("lapsed", ""))
    return pd.DataFrame(rows, columns=["approval", "approver"])
