"""The quote bank: passages that may be quoted, bound to their transcript, balanced over roles."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import pandas as pd

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.locales import Lang, Phrase, text
from vvvresearch.results import Base, Column, Result
from vvvresearch.themes._states import lineage, passages_of, placed, stance_of, transcribed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vvvresearch.evidence import Codings, Interviews

_FIELDS = [
    *("quote_id", "code_path", "stance", "text", "pseudonym", "role", "age_band", "pair", "wave"),
    *("interview", "source", "start", "end", "source_hash", "interpreter", "approval", "approver"),
]


def quotes(
    codings: Codings,
    interviews: Interviews,
    *,
    code_path: str | None = None,
    per_theme: int | None = None,
    shortest: int = 40,
    longest: int = 400,
    approvals: pd.DataFrame | None = None,
    coder: str | None = None,
    wave: str | None = None,
    lang: Lang = "da",
) -> Result:
    """Passages that may be quoted: consent to quoting given, text verified against the transcript.

    A quote is known by (source hash, start, end, text). An approval holds for exactly that; when the transcript or the
    passage changes it lapses. With `per_theme` the choice alternates between roles, then takes the passages nearest to a
    readable length, so that one role or one talkative person does not fill the bank.

    Args:
        codings: coded passages with their texts.
        interviews: the register; `consent_quote` must be true.
        code_path: only this theme and those below it.
        per_theme: at most so many a theme.
        shortest, longest: length of a usable quote, characters.
        approvals: quote_id, source_hash, start, end, text, approver: earlier approvals.
        coder, wave: as `theme_table`.
        lang: "da" or "en".

    Returns:
        Result, one row a quote: quote_id, code_path, stance, text, pseudonym, role, age_band, pair, wave, interview, source, start,
        end, source_hash, interpreter, approval ("approved", "not_approved", "lapsed"), approver.

    Raises:
        AnalysisError: an unknown code; a passage that is not in its transcript at its place.

    Example:
        >>> import vvvresearch as vvv
        >>> r = vvv.open_round("demo")
        >>> quotes(r.codings, r.interviews, code_path="Udbytte > Dansk > Ord fra arbejdet").frame["speaker"].tolist()
        ['Yonas, flygtning, 18-29', 'Nadir, flygtning, 30-39', 'Mads, frivillig, 18-29', 'Jobkonsulent C, kommunal medarbejder, 50-59']
    """
    register = transcribed(interviews, wave)
    register = register[register["consent_quote"].fillna(False).astype(bool)]
    passages = passages_of(codings, coder)
    if code_path is not None:
        if code_path not in codings.codebook.paths:
            raise AnalysisError(f"the codebook has no code {code_path!r}", todo=did_you_mean(code_path, codings.codebook.paths))
        passages = passages[passages["code_path"].map(lambda path: code_path in lineage(path))]
    passages = passages.assign(stance=stance_of(passages))
    bank = passages.merge(register, on="source", suffixes=("", "_register"))
    bank = placed(bank)
    bank = bank[bank["text"].str.len().between(shortest, longest)]
    hashes = {source: source_hash(codings.texts[source]) for source in set(bank["source"]) if source in codings.texts}
    _verify(bank, codings.texts)
    bank["source_hash"] = bank["source"].map(hashes)
    bank["quote_id"] = [quote_id(*key) for key in zip(bank["source"], bank["start"], bank["end"], bank["code_path"], strict=True)]
    bank["role"] = bank["respondent_group"]
    bank = bank.drop_duplicates("quote_id")
    if per_theme is not None:
        bank = _balanced(bank, per_theme)
    state = _approval(bank, approvals)
    bank["approval"], bank["approver"] = state["approval"].to_numpy(), state["approver"].to_numpy()
    frame = bank.loc[:, _FIELDS].reset_index(drop=True)
    frame["speaker"] = [speaker(row, lang) for row in frame.to_dict("records")]
    roles = frame["role"].value_counts()
    listed = ", ".join(f"{text(f'groups.{role}', lang).lower()} {count}" for role, count in roles.items())
    notes = [Phrase("themes.quotes_note")]
    if listed:
        notes.append(Phrase("themes.roles_note", {"roles": listed}))
    return Result(
        frame=frame,
        base=Base(len(frame), "segment", wave=wave or "", source=codings.origin),
        title=Phrase("themes.quotes_title"),
        notes=tuple(notes),
        shows=(
            Column("code_path", Phrase("themes.theme")),
            Column("text", Phrase("themes.quote")),
            Column("speaker", Phrase("themes.speaker")),
            Column("approval", Phrase("themes.approval"), words="themes"),
        ),
        kind=codings.kind,
        lang=lang,
    )


def source_hash(transcript: str) -> str:
    """What a quote's transcript is known by: SHA-256 of its text, the first 16 hexadecimal digits."""
    return hashlib.sha256(transcript.encode("utf-8")).hexdigest()[:16]


def quote_id(source: str, start: int, end: int, code_path: str) -> str:
    """A short stable name of a quote under a theme."""
    return "q-" + hashlib.sha256(f"{source}|{start}|{end}|{code_path}".encode()).hexdigest()[:10]


def speaker(row: Mapping[Any, Any], lang: Lang) -> str:
    """Who speaks: pseudonym, role and age band, never more.

    Example:
        >>> speaker({"pseudonym": "Amal", "role": "refugee", "age_band": "30-39"}, "en")
        'Amal, refugee, 30-39'
    """
    parts = [str(row["pseudonym"] or ""), text(f"roles.{row['role']}", lang), str(row["age_band"] or "")]
    return ", ".join(part for part in parts if part)


def _verify(bank: pd.DataFrame, texts: dict[str, str]) -> None:
    for row in bank.itertuples():
        transcript = texts.get(str(row.source))
        if transcript is None or transcript[int(str(row.start)) : int(str(row.end))] != row.text:
            raise AnalysisError(
                "a passage does not stand in its transcript where the coding says",
                where=f"{row.source}, {row.start}–{row.end}",
                why="a quote is shown only when it was compared with its transcript",
                todo="read the codings again from the project and its transcripts",
            )


def _balanced(bank: pd.DataFrame, per_theme: int) -> pd.DataFrame:
    """Within a theme: each role in turn, within a role each person in turn, the most readable length first."""
    ordered = bank.assign(distance=(bank["text"].str.len() - 160).abs()).sort_values(["distance", "quote_id"], kind="stable")
    person = ordered["pseudonym"].where(ordered["pseudonym"] != "", ordered["interview"])
    ordered["turn_person"] = ordered.groupby(["code_path", "role", person], sort=False).cumcount()
    ordered = ordered.sort_values(["turn_person", "distance"], kind="stable")
    ordered["turn_role"] = ordered.groupby(["code_path", "role"], sort=False).cumcount()
    ordered = ordered.sort_values(["turn_role", "distance"], kind="stable")
    place = ordered.groupby("code_path", sort=False).cumcount()
    return bank.loc[bank.index.isin(ordered.index[place < per_theme])]


def _approval(bank: pd.DataFrame, approvals: pd.DataFrame | None) -> pd.DataFrame:
    given = {} if approvals is None else approvals.set_index("quote_id").to_dict("index")
    rows = []
    for row in bank.to_dict("records"):
        known = given.get(row["quote_id"])
        if known is None:
            rows.append(("not_approved", ""))
        elif all(str(known[name]) == str(row[name]) for name in ("source_hash", "start", "end", "text")):
            rows.append(("approved", str(known["approver"])))
        else:
            rows.append(("lapsed", ""))
    return pd.DataFrame(rows, columns=["approval", "approver"])
