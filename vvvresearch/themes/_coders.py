"""Which coder counts: one declared rule, and the interviews that the coders it chooses have read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.evidence import coders_in
from vvvresearch.locales import Phrase
from vvvresearch.results import address_part

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vvvresearch.evidence import Codings

CODER_RULES = ("any", "lead", "consensus")


@dataclass(frozen=True)
class CoderRule:
    """Whose codings count where an interview was coded by several.

    Args:
        coders: "any": a passage counts whoever coded it. "lead": of each interview the first coder in `lead` who has read it.
            "consensus": a theme counts in an interview when all who have read it say so.
        lead: coders in order of precedence, for "lead"; an interview that none of them has read is not coded.

    Raises:
        AnalysisError: an unknown rule, or "lead" without coders.

    Example:
        >>> CoderRule("lead", ("Ida", "Bo")).lead
        ('Ida', 'Bo')
    """

    coders: Literal["any", "lead", "consensus"] = "any"
    lead: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.coders not in CODER_RULES:
            raise AnalysisError(f"there is no rule {self.coders!r} for coders", todo=did_you_mean(str(self.coders), CODER_RULES))
        if self.coders == "lead" and not self.lead:
            raise AnalysisError("the lead coder is not named", where="coders = lead", todo="name the coders in order: lead = [...]")


Coder = str | CoderRule | None


def readings_of(codings: Codings, register: pd.DataFrame | None, coder: Coder) -> pd.DataFrame:
    """Whose reading of which transcript counts: source, coder.

    Who has a passage in a transcript has read it; `coded_by` of the register adds those who read it and found nothing.

    Args:
        codings: coded passages.
        register: interviews with `source` and perhaps `coded_by`; None where there is none.
        coder: one coder's name, a rule, or None for whoever coded.

    Raises:
        AnalysisError: a coder who has coded nothing.
    """
    known = codings.coded if codings.readers is None else codings.readers[["source", "coder"]]
    if register is not None and "coded_by" in register.columns:
        said = zip(register["source"].fillna(""), register["coded_by"], strict=True)
        pairs = [(source, name) for source, names in said if source for name in coders_in(names)]
        there = set(known["coder"]) if codings.readers is not None else {name for _, name in pairs}
        further = dict.fromkeys(pair for pair in pairs if pair[1] in there)
        both = dict.fromkeys((*zip(known["source"], known["coder"], strict=True), *further))
        known = pd.DataFrame(list(both), columns=["source", "coder"])
    wanted = (coder,) if isinstance(coder, str) else coder.lead if isinstance(coder, CoderRule) else ()
    there = set(known["coder"])
    for name in wanted:
        # Of filtered codings a lead coder may have none left; another one's name is a slip.
        if name not in there and (isinstance(coder, str) or codings.readers is None):
            raise AnalysisError(f"there are no codings by {name!r}", todo=did_you_mean(name, sorted(there)))
    if isinstance(coder, str):
        return known[known["coder"] == coder]
    if isinstance(coder, CoderRule) and coder.coders == "lead":
        leading = [known[known["coder"] == name] for name in coder.lead]
        return pd.concat(leading).drop_duplicates("source")[["source", "coder"]]
    return known


def passages_of(codings: Codings, coder: Coder, register: pd.DataFrame | None = None) -> pd.DataFrame:
    """The coded passages that count; the same passage under the same code counts once, a case is no code.

    Under consensus those stay whose code and stance all readers of the transcript have in it.
    """
    frame = codings.frame
    if "is_case" in codings.codebook.frame:
        frame = frame[frame["code_path"].isin(codings.codebook.paths)]
    if coder is not None:
        readings = readings_of(codings, register, coder)
        if isinstance(coder, CoderRule) and coder.coders == "consensus":
            keys = ["source", "code_path", *(["stance"] if "stance" in frame.columns else [])]
            agreeing = frame.groupby(keys, dropna=False)["coder"].transform("nunique")
            frame = frame[agreeing >= frame["source"].map(readings["source"].value_counts())]
        elif isinstance(coder, str) or coder.coders == "lead":
            counting = set(zip(readings["source"], readings["coder"], strict=True))
            # A list would choose columns where no passage is left.
            counts = np.fromiter((pair in counting for pair in zip(frame["source"], frame["coder"], strict=True)), bool, len(frame))
            frame = frame[counts]
    # Passages without a place (quotes that were not found, regions of media) are told apart by what they say or where.
    keys = [name for name in ("source", "start", "end", "code_path", "stance", "text", "region") if name in frame.columns]
    return frame.drop_duplicates(keys)


def coder_note(coder: Coder) -> Phrase:
    """The rule in words, for what knows no interviews."""
    if isinstance(coder, str):
        return Phrase("themes.coders_one", {"coder": coder})
    rule = coder or CoderRule()
    said = "first" if len(rule.lead) == 1 else rule.coders
    return Phrase(f"themes.coders_{said}", {"lead": ", ".join(rule.lead)} if rule.lead else {})


def setting_names(*, coder: Coder = None, wave: str | None = None, **settings: str | Sequence[str]) -> str:
    """What an address says of settings that change numbers: "coder-b", "wave-1"; a round's own rule is no such setting.

    Example:
        >>> setting_names(coder="coder-b", wave="1"), setting_names(coder="Ida", by="sex"), setting_names()
        ('/coder-b/wave-1', '/coder-ida/by-sex', '')
    """
    given: dict[str, str | Sequence[str]] = {"coder": coder if isinstance(coder, str) else "", "wave": wave or "", **settings}
    parts = []
    for name, value in given.items():
        if value:
            part = address_part(value if isinstance(value, str) else "-".join(value)).replace("/", "-")
            parts.append(part if part.startswith(f"{name}-") else f"{name}-{part}")
    return "".join(f"/{part}" for part in parts)
