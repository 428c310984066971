"""Follow-up: what became of the recommendations that earlier rounds made."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Phrase, Sayable
from vvvresearch.results import Base, Column, Labels, Result, Total

RECOMMENDATION_COLUMNS = ("id", "text", "addressee", "theme", "rests_on", "answer", "action", "due", "state")
STATES = ("done", "under_way", "not_begun", "dropped", "unknown")
ANSWERS = ("accepted", "partly", "rejected", "unknown")
_ALIKE = 0.6
_OBSERVED = ("answer", "action", "due", "state")
# How people write them; compared without case.
_STATE_WORDS = {
    "done": ("done", "completed", "implemented", "gennemført", "udført", "afsluttet", "indfriet"),
    "under_way": ("under_way", "under way", "in progress", "begun", "i gang", "igang", "påbegyndt", "delvist gennemført"),
    "not_begun": ("not_begun", "not begun", "not started", "ikke påbegyndt", "ikke begyndt", "ikke startet", "afventer"),
    "dropped": ("dropped", "abandoned", "bortfaldet", "opgivet", "droppet", "afvist", "rejected"),
    "unknown": ("unknown", "ukendt", "uoplyst"),
}
_ANSWER_WORDS = {
    "accepted": ("accepted", "adopted", "agree", "agreed", "accepteret", "tiltrådt", "enig", "helt enig", "ja", "yes"),
    "partly": (
        *("partly", "partly accepted", "partly agree", "delvist", "delvis", "delvist accepteret", "delvist tiltrådt"),
        *("delvist enig", "delvis enig"),
    ),
    "rejected": ("rejected", "disagree", "afvist", "uenig", "nej", "no"),
    "unknown": ("unknown", "ukendt", "uoplyst", "ikke svaret"),
}


def follow_up(
    recommendations: Mapping[str, pd.DataFrame],
    now: str,
    titles: Mapping[str, str | Sayable] | None = None,
    *,
    kind: DataKind = DataKind.REAL,
) -> Result:
    """What became of each recommendation that an earlier round made.

    The round that made a recommendation owns its words; the latest round whose table says something of it owns answer, action, due
    date and state; an answer that is another than an earlier round's stands beside that one. What no round has observed is unknown,
    never "not begun". What is dropped keeps its number, and no other recommendation gets it.

    Args:
        recommendations: a round's id → its table, in the order of time; columns `RECOMMENDATION_COLUMNS`, of which id is needed,
            and text where a recommendation is made. A later round observes an earlier one by a row with the same id.
        now: the present round; what it recommends itself is not followed up.
        titles: what the rounds are called; default their ids.
        kind: the kind of the data.

    Returns:
        Result; .frame: id, made_in, addressee, theme, rests_on, text, answer (`ANSWERS`), action, due, state (`STATES`), observed_in
        ("" where no later round looked), answer_before (the earlier answer, where it was another). Addresses
        `follow-up.count.<state>`, `follow-up.total.n`, `.accepted`, `.partly`, `.rejected`.

    Raises:
        AnalysisError: a table without id, a recommendation without words or with the id of another, an id twice in one table, a state
            or an answer that is no known word; all together.

    Example:
        >>> made = pd.DataFrame({"id": ["A1", "A2"], "text": ["Mål ventetiden", "Saml kurserne"], "addressee": ["Landsdelen"] * 2})
        >>> seen = pd.DataFrame({"id": ["A1"], "text": [""], "answer": ["Accepteret"], "state": ["I gang"]})
        >>> table = follow_up({"2023": made, "2024": seen}, "2024")
        >>> table.frame[["id", "answer", "state", "observed_in"]].values.tolist()
        [['A1', 'accepted', 'under_way', '2024'], ['A2', 'unknown', 'unknown', '']]
        >>> table.cell("follow-up.count.under_way").value
        1
    """
    if faults := list(recommendation_faults(recommendations)):
        raise AnalysisError(
            "recommendations cannot be followed up",
            where="recommendations",
            why="; ".join(map(str, faults)),
            todo="correct the tables",
        )
    rows: dict[str, dict[str, Any]] = {}
    for name, table in recommendations.items():
        for record in table.reindex(columns=list(RECOMMENDATION_COLUMNS), fill_value="").fillna("").to_dict("records"):
            row = {str(column): value for column, value in record.items()}
            known = rows.get(row["id"])
            if known is None and name != now:
                rows[row["id"]] = {**row, "made_in": name, "observed_in": "", "answer_before": ""}
                known = rows[row["id"]]
            elif known is None:
                continue
            said = {column: row[column] for column in _OBSERVED if str(row[column]).strip()}
            if said and name != known["made_in"]:
                earlier, later = (_known(one, _ANSWER_WORDS) for one in (known["answer"], said.get("answer", known["answer"])))
                if earlier not in (later, "unknown"):
                    said["answer_before"] = earlier
                known |= said | {"observed_in": name}
    columns = [
        "id",
        "made_in",
        "addressee",
        "theme",
        "rests_on",
        "text",
        "answer",
        "action",
        "due",
        "state",
        "observed_in",
        "answer_before",
    ]
    frame = pd.DataFrame(list(rows.values()), columns=columns)
    frame["answer"] = [_known(value, _ANSWER_WORDS) for value in frame["answer"]]
    frame["state"] = [_known(value, _STATE_WORDS) for value in frame["state"]]
    answers = {answer: Total(int((frame["answer"] == answer).sum())) for answer in ANSWERS[:-1]}
    named = Labels(dict(titles or {}))
    return Result(
        frame=frame,
        base=Base(len(frame), "recommendation"),
        title=Phrase("follow_up.title"),
        notes=(Phrase("follow_up.note"),),
        shows=(
            Column("id", Phrase("follow_up.id")),
            Column("text", Phrase("follow_up.text")),
            Column("addressee", Phrase("follow_up.addressee")),
            Column("made_in", Phrase("follow_up.made_in")),
            Column("answer", Phrase("follow_up.answer"), words="follow_up"),
            *((Column("answer_before", Phrase("follow_up.answer_before"), words="follow_up"),) if frame["answer_before"].any() else ()),
            Column("action", Phrase("follow_up.action")),
            Column("state", Phrase("follow_up.state"), words="follow_up"),
            Column("observed_in", Phrase("follow_up.observed_in")),
        ),
        kind=kind,
        at="follow-up",
        keys=("id",),
        categories={"state": STATES},
        labels={"made_in": named, "observed_in": named},
        totals={"n": Total(len(frame)), **answers},
    )


def _known(value: object, words: Mapping[str, tuple[str, ...]]) -> str:
    """The word that stands for what somebody wrote; "unknown" for nothing, "" for what is no known word."""
    said = " ".join(str(value).strip().casefold().split())
    return "unknown" if not said else next((name for name, ways in words.items() if said in ways), "")


def _same_words(one: str, other: str) -> bool:
    """Whether two sentences are one recommendation, perhaps with small differences in its wording."""
    first, second = ([str(word) for word in re.findall(r"\w+", said.casefold())] for said in (one, other))
    return difflib.SequenceMatcher(None, first, second, autojunk=False).ratio() >= _ALIKE


@dataclass(frozen=True)
class RecommendationFault:
    """What is wrong in a table of recommendations.

    Args:
        round: whose table.
        row: its row, the heading being the first; None where the table as a whole is meant.
        what, todo: as in every error.
    """

    round: str
    row: int | None
    what: str
    todo: str = ""

    def __str__(self) -> str:
        place = self.round if self.row is None else f"{self.round}, row {self.row}"
        return f"{place}: {self.what}" + (f" ({self.todo})" if self.todo else "")


def recommendation_faults(recommendations: Mapping[str, pd.DataFrame]) -> Iterator[RecommendationFault]:
    """Ids that lack, stand twice or are another's, recommendations without words, and answers and states that are no known word.

    Args:
        recommendations: table by round, the earliest first; words of a recommendation stand in the round that made it.
    """
    made: dict[str, str] = {}
    for name, table in recommendations.items():
        if "id" not in table.columns:
            yield RecommendationFault(name, None, "no column id")
            continue
        ids = table["id"].fillna("").astype(str)
        told = table.get("text", pd.Series("", index=table.index)).fillna("").astype(str).str.strip()
        for row, (one, words) in enumerate(zip(ids, told, strict=True), start=2):
            if one and not words and one not in made:
                yield RecommendationFault(name, row, f"{one} has no words, and no earlier round recommended it")
            elif one and words and one in made and not _same_words(words, made[one]):
                what = f"{one} has other words here than the recommendation of that number in an earlier round"
                yield RecommendationFault(
                    name, row, what, "give a new recommendation a number of its own; leave words of an earlier one out"
                )
        made |= {one: words for one, words in zip(ids, told, strict=True) if words and one not in made}
        for row, (one, again) in enumerate(zip(ids, ids.duplicated(), strict=True), start=2):
            if again:
                yield RecommendationFault(name, row, f"the recommendation {one or 'without an id'} stands twice")
        for column, known in (("state", _STATE_WORDS), ("answer", _ANSWER_WORDS)):
            for row, value in enumerate(table.get(column, pd.Series(dtype=object)).fillna(""), start=2):
                if not _known(value, known):
                    near = did_you_mean(str(value).casefold(), [way for ways in known.values() for way in ways])
                    yield RecommendationFault(name, row, f"{column} {str(value)!r} is no known word", near)
