"""Whoever withdraws is gone from every source, by every name under which sources know a person."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pandas as pd
import pytest

from vvvresearch.evidence import LINK_COLUMNS, NODE_COLUMNS, Consent, Interviews, Mappings, Register, of_pairs
from vvvresearch.rounds import Round, open_round

PEOPLE = ("p03-r1", "p03-v1", "p07-r1", "p12-v1", "k01", "b02")


def withdrawn(round_: Round, interview: str) -> Round:
    """The round as it is after one person's withdrawal: only the register says so."""
    register = round_.interviews.frame.copy()
    register.loc[register["interview"] == interview, "consent_analysis"] = False
    round_.__dict__["consent"] = Consent.of(register)
    round_.__dict__.pop("interviews", None)
    round_._read.clear()
    return round_


@pytest.mark.parametrize("interview", PEOPLE)
def test_a_withdrawal_reaches_every_source(project: Path, interview: str) -> None:
    whole = open_round("demo", project)
    row = whole.interviews.frame.set_index("interview").loc[interview]
    texts = {source: text for source, text in whole.codings.texts.items() if source in own_sources(whole, row)}
    quotes = set(whole.mappings.links.loc[own_half(whole.mappings.links, row), "quote"]) - {""}
    assert texts
    gone = withdrawn(open_round("demo", project), interview)
    assert not set(texts) & set(gone.codings.texts)
    assert not set(texts) & set(gone.codings.frame["source"])
    assert interview not in set(gone.interviews.frame["interview"])
    assert not own_half(gone.mappings.links, row).any()
    assert not quotes & set(gone.mappings.links["quote"])
    assert not set(texts) & set(gone.read("configurations").passages["source"])
    attributes, judgements = gone.read("attributes").frame, gone.read("judgements").frame
    assert not ((attributes["pair"] == row["pair"]) & (attributes["role"] == row["respondent_group"])).any()
    if row["pair"]:
        assert row["pair"] not in set(judgements["case"])
        assert row["pair"] not in set(gone.matches.frame["pair"])
        assert len(gone.matches.frame) == len(whole.matches.frame)


def own_sources(opened: Round, row: pd.Series) -> set[str]:
    frame = opened.interviews.frame
    same = frame["interview"] == row.name
    if row["pair"]:
        same = (frame["pair"] == row["pair"]) & (frame["respondent_group"] == row["respondent_group"])
    return set(frame.loc[same, "source"])


def own_half(links: pd.DataFrame, row: pd.Series) -> pd.Series:
    return (links["case"] == row["pair"]) & (links["perspective"] == row["respondent_group"])


def test_a_second_interview_of_the_same_half_goes_too_and_the_other_half_stays(project: Path) -> None:
    gone = withdrawn(open_round("demo", project), "p03-r2")
    left = set(gone.interviews.frame["interview"])
    assert {"p03-r1", "p03-r2"} & left == set()
    assert {"p03-v1", "p03-v2"} <= left


def test_a_person_is_known_by_the_column_person_over_pairs_and_waves() -> None:
    register = pd.DataFrame(
        {
            "interview": ["a", "b", "c"],
            "person": ["x", "x", ""],
            "pair": ["", "P1", "P1"],
            "respondent_group": ["volunteer", "volunteer", "refugee"],
            "source": ["ta", "tb", "tc"],
            "consent_analysis": pd.array([False, True, pd.NA], dtype="boolean"),
            "consent_quote": pd.array([True, True, pd.NA], dtype="boolean"),
        }
    )
    found = Consent.of(register)
    assert found.interviews == {"a", "b"}
    assert found.sources == {"ta", "tb"}
    assert found.halves == {("P1", "volunteer")}
    assert found.silent_sources == {"tc"}, "an unknown consent is no refusal of analysis, and none to be quoted"


def test_words_of_people_who_are_not_to_be_quoted_are_marked(project: Path) -> None:
    opened = open_round("demo", project)
    register = opened.interviews.frame
    silent = set(register.loc[~register["consent_quote"].fillna(False).astype(bool), "pair"]) - {""}
    links = opened.mappings.links
    assert silent
    assert set(links.loc[~links["quotable"], "case"]) <= silent
    assert links["quotable"].any()


def test_nobody_is_taken_out_where_nobody_withdrew() -> None:
    register = Register(pd.DataFrame({"pair": ["P1"], "role": ["refugee"]}))
    assert Consent().apply(register, "attributes") is register


def test_a_loss_is_counted_without_saying_whose_it_was(project: Path) -> None:
    gone = withdrawn(open_round("demo", project), "p03-r1")
    (loss,) = [one for one in gone.codings.losses if "consent" in one.what]
    assert loss.count > 0
    assert "p03" not in str(dataclasses.asdict(loss))
    assert isinstance(gone.interviews, Interviews)


def test_a_table_of_the_rounds_own_loses_the_rows_that_name_somebody_who_withdrew() -> None:
    register = pd.DataFrame({
        "interview": ["1", "2", "3"], "pair": ["P1", "P1", "P2"], "respondent_group": ["refugee", "volunteer", "refugee"],
        "source": ["1", "2", "3"], "person": ["F1", "V1", "F2"],
        "consent_analysis": [False, True, True], "consent_quote": [False, True, True],
    })  # fmt: skip
    consent = Consent.of(register)
    rows = {
        "Person": (["F1", "V1", "F2", "F9"], ["V1", "F2", "F9"]),
        "interview": (["1", "2", "3"], ["2", "3"]),
        "Par": (["P1", "P2", ""], ["P2", ""]),
        "place": (["1", "F1", "P1"], ["1", "F1", "P1"]),
    }
    for heading, (cells, kept) in rows.items():
        assert list(consent.apply(Register(pd.DataFrame({heading: cells})), "register").frame[heading]) == kept
    halves = pd.DataFrame({"pair": ["P1", "P1", "P1", "P2"], "role": ["refugee", "volunteer", "begge", "refugee"], "n": [1, 2, 3, 4]})
    assert list(consent.apply(Register(halves), "register").frame["n"]) == [2, 4]
    gone = dataclasses.replace(consent, respondents=frozenset({"F9"}))
    assert list(gone.apply(Register(pd.DataFrame({"person": ["F9", "F2"]})), "register").frame["person"]) == ["F2"]


def test_links_told_in_interviews_belong_to_their_pairs_and_follow_the_consent_of_who_told_them() -> None:
    register = pd.DataFrame(
        [
            ("I1", "doc 1", "H1", "P1", "refugee", True, True),
            ("I2", "doc 2", "V1", "P1", "volunteer", True, False),
            ("I3", "doc 3", "H2", "P2", "refugee", False, False),
            ("I4", "doc 4", "K1", "", "activity_leader", True, True),
        ],
        columns=["interview", "source", "person", "pair", "respondent_group", "consent_analysis", "consent_quote"],
    )
    told = [("I1", "tid", "ro"), ("doc 2", "tid", "ro"), ("I3", "tid", "uro"), ("I4", "ro", "søvn")]
    links = pd.DataFrame([dict.fromkeys(LINK_COLUMNS, "") | {"informant": who, "cause": a, "effect": b} for who, a, b in told])
    factors = [dict.fromkeys(NODE_COLUMNS, "") | {"node": name, "type": "factor"} for name in ("tid", "ro", "uro", "søvn")]
    found = of_pairs(Mappings(pd.DataFrame(factors), links), register)
    assert found.links[["case", "informant"]].to_numpy().tolist() == [["P1", "H1"], ["P1", "V1"], ["P2", "H2"], ["K1", "K1"]]
    assert set(zip(found.nodes["case"], found.nodes["node"], strict=True)) == {
        ("P1", "tid"), ("P1", "ro"), ("P2", "tid"), ("P2", "uro"), ("K1", "ro"), ("K1", "søvn"),
    }  # fmt: skip
    kept = Consent.of(register).apply(found, "mappings").links
    assert kept[["informant", "quotable"]].to_numpy().tolist() == [["H1", True], ["V1", False], ["K1", True]]
    # A map that names its cases, or a link that no interview tells, stays as it is.
    named = Mappings(pd.DataFrame(factors), links.assign(case="P9"))
    assert of_pairs(named, register) is named
    strange = Mappings(pd.DataFrame(factors), links.assign(informant="I9"))
    assert of_pairs(strange, register) is strange
