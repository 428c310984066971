"""A filter on interviews and codings: who is left, what every source keeps of them, and how the filter is said."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from vvvresearch.exploring._search import TextIndex
from vvvresearch.locales import Joined, Phrase, Sayable
from vvvresearch.results import address_part
from vvvresearch.themes._coders import readings_of
from vvvresearch.themes._sample import attribute_value
from vvvresearch.themes._states import quotable_sources, stance_of

if TYPE_CHECKING:
    from vvvresearch.evidence import Codings, Interviews

SHORT = {"group": "respondent_group"}
_LEVEL = " > "


@dataclass(frozen=True)
class Narrowing:
    """What is asked for. Interview filters move the base, a coder restricts it to what the coder read, stance and memo leave it.

    Args:
        attributes: a column of the register, and the values that stay.
        touches: codes; an interview stays that has a passage of any of them or below.
        mentions: words; an interview stays whose transcript has any of them.
        coder: coders whose passages stay.
        stance: "affirmed" or "contradicted".
        memo: True for passages with a memo, False for those without.
    """

    attributes: tuple[tuple[str, tuple[str, ...]], ...] = ()
    touches: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    coder: tuple[str, ...] = ()
    stance: str = ""
    memo: bool | None = None

    def __bool__(self) -> bool:
        return self != Narrowing()

    def parts(self) -> list[tuple[str, tuple[str, ...]]]:
        """Each filter with its values, in one order."""
        found = [*self.attributes, ("touches", self.touches), ("mentions", self.mentions), ("coder", self.coder)]
        found += [("stance", (self.stance,) if self.stance else ()), ("memo", () if self.memo is None else (str(self.memo).lower(),))]
        return [(name, values) for name, values in found if values]

    @property
    def setting(self) -> str:
        """The filter as a part of an address."""
        names = {column: short for short, column in SHORT.items()}
        said = (
            f"{names.get(name, name)}-{'+'.join(address_part(value).replace('/', '-') for value in values)}"
            for name, values in self.parts()
        )
        return "/only-" + "-and-".join(said).replace(".", "-") if self else ""

    @property
    def words(self) -> Sayable:
        """The filter in words."""
        said = []
        for name, values in self.parts():
            shown = tuple(Phrase(f"groups.{value}") if name == "respondent_group" and _known_group(value) else value for value in values)
            said.append(
                Phrase(
                    "exploring.filter_part",
                    {"name": Phrase(f"exploring.filter_{name}") if _named(name) else name, "values": Joined(shown, " / ")},
                )
            )
        return Joined(tuple(said), "; ")

    def interviews_left(self, interviews: Interviews, codings: Codings | None) -> pd.DataFrame:
        """The rows of the register that stay."""
        register = interviews.frame
        for name, values in self.attributes:
            held = register[name].map(attribute_value) if name in register.columns else pd.Series("", index=register.index)
            wanted = {attribute_value(value) for value in values} | set(map(str, values))
            register = register[held.isin(wanted) | (register[name].astype(str).isin(wanted) if name in register.columns else False)]
        if self.touches and codings is not None:
            paths = codings.frame["code_path"]
            hit = pd.Series(False, index=paths.index)
            for code in self.touches:
                hit |= (paths == code) | paths.str.startswith(code + _LEVEL)
            register = register[register["source"].isin(set(codings.frame.loc[hit, "source"]))]
        if self.mentions and codings is not None:
            open_to = quotable_sources(interviews)
            sources = [source for source in dict.fromkeys(register["source"].fillna("")) if source in codings.texts and source in open_to]
            index = TextIndex.of(codings.texts, sources)
            register = register[register["source"].isin({source for word in self.mentions for source, _, _ in index.hits(word)})]
        if self.coder and codings is not None:
            read = readings_of(codings, interviews.frame, None)
            register = register[register["source"].isin(set(read.loc[read["coder"].isin(self.coder), "source"]))]
        return register.reset_index(drop=True)

    def codings_left(self, codings: Codings, left: pd.DataFrame, interviews: Interviews) -> Codings:
        """The passages that stay; who has read a transcript is known from before, so that silence stays silence."""
        sources = set(left["source"].fillna("")) - {""}
        readers = readings_of(codings, interviews.frame, None)
        if self.coder:
            readers = readers[readers["coder"].isin(self.coder)]
        frame = codings.frame[codings.frame["source"].isin(sources)]
        if self.coder:
            frame = frame[frame["coder"].isin(self.coder)]
        raised = frame[["source", "code_path"]].drop_duplicates() if self.stance or self.memo is not None else codings.raised
        if self.stance:
            frame = frame[stance_of(frame) == self.stance]
        if self.memo is not None:
            noted = codings.passages()
            has = noted["memo"].fillna("") != "" if "memo" in noted else pd.Series(False, index=noted.index)
            frame = frame[has.reindex(frame.index) == self.memo]
        texts = {name: text for name, text in codings.texts.items() if name in sources}
        kept = readers[readers["source"].isin(sources)].reset_index(drop=True)
        return dataclasses.replace(codings, frame=frame.reset_index(drop=True), texts=texts, readers=kept, raised=raised)


def narrowed(evidence: Any, source_type: str, wanted: Narrowing, left: pd.DataFrame, interviews: Interviews) -> Any:
    """What a source keeps under a filter: those of the interviews, halves and pairs that are left; other sources stay whole."""
    if source_type == "interviews":
        return dataclasses.replace(
            evidence, frame=evidence.frame[evidence.frame["interview"].isin(set(left["interview"]))].reset_index(drop=True)
        )
    if source_type == "codings":
        return wanted.codings_left(evidence, left, interviews)
    attributes: Mapping[str, tuple[str, ...]] = dict(wanted.attributes)
    pairs = set(left["pair"].fillna("").astype(str)) - {""}
    if source_type == "mappings":
        halves = set(zip(left["pair"].fillna("").astype(str), left["respondent_group"].astype(str), strict=True))
        tables = {name: _of_halves(getattr(evidence, name), halves, pairs, attributes) for name in ("nodes", "links")}
        return dataclasses.replace(evidence, **tables)
    if source_type in ("judgements", "attributes", "contacts"):
        frame = evidence.frame
        column = next((name for name in ("pair", "case") if name in frame.columns), "")
        return (
            dataclasses.replace(evidence, frame=frame[frame[column].astype(str).isin(pairs)].reset_index(drop=True)) if column else evidence
        )
    if source_type == "configurations":
        passages = evidence.passages[evidence.passages["source"].isin(set(left["source"]))]
        return dataclasses.replace(evidence, passages=passages.reset_index(drop=True))
    return evidence


def _of_halves(
    table: pd.DataFrame, halves: set[tuple[str, str]], pairs: set[str], attributes: Mapping[str, tuple[str, ...]]
) -> pd.DataFrame:
    case = table["case"].astype(str)
    own = pd.Series([key in halves for key in zip(case, table["perspective"].astype(str), strict=True)], index=table.index, dtype=bool)
    # What the evaluators say of a pair belongs to both halves: it stays as long as both do.
    whole = {pair for pair in pairs if sum(one == pair for one, _ in halves) > 1}
    keep = own | (case.isin(whole) & ~table["perspective"].isin({half for _, half in halves}))
    if "wave" in attributes and "wave" in table.columns:
        keep &= table["wave"].astype(str).isin(attributes["wave"])
    return table[keep].reset_index(drop=True)


def _named(name: str) -> bool:
    from vvvresearch.locales import has_words

    return has_words(f"exploring.filter_{name}")


def _known_group(value: str) -> bool:
    from vvvresearch.locales import has_words

    return has_words(f"groups.{value}")
