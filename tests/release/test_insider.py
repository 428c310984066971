"""Somebody who was interviewed looks for the partner's words in what is shipped: planted signatures are found, the round's own are not."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import pandas as pd
import pytest

import vvvresearch as vvv
from vvvresearch.release._recognised import linked
from vvvresearch.results import Result
from vvvresearch.rounds import Round


@pytest.fixture(scope="module")
def demo() -> Round:
    return vvv.open_round("demo")


@pytest.fixture(scope="module")
def bank(demo: Round) -> Result:
    return demo.quotes()


def row_of(bank: Result, pseudonym: str, number: int = 0) -> Mapping[str, Any]:
    rows = bank.frame[bank.frame["pseudonym"] == pseudonym].drop_duplicates(["source", "start"])
    return {str(name): value for name, value in rows.iloc[number].items()}


def told_of(demo: Round, *pages: str) -> set[str]:
    found = linked(demo, {f"page-{number}.html": [page] for number, page in enumerate(pages)}, {})
    return {name for one in found for name in one.told}


def test_what_the_round_writes_of_its_quotes_fits_at_least_k_persons(demo: Round, bank: Result) -> None:
    pages = {f"{lang}.md": [bank.view().columns("text", "speaker").as_quotes().in_language(lang).to_markdown()] for lang in ("da", "en")}
    assert linked(demo, pages, {"voices.csv": bank.to_csv(outside=True)}) == []


def test_the_table_of_the_team_gives_everybody_away(demo: Round, bank: Result) -> None:
    found = linked(demo, {}, {"voices.csv": bank.where("pair == 'P01'").to_csv()})
    assert [(one.file, one.alike) for one in found] == [("voices.csv", 1)]
    assert {"pair", "interview", "source"} <= set(found[0].told)


def test_who_fits_is_counted_by_person(demo: Round, bank: Result) -> None:
    # By hand from the register: one refugee who may be quoted is 50-59, three are 30-39; two interviews of one are one person.
    register = demo.interviews.frame
    may = register[(register["respondent_group"] == "refugee") & ~register["source"].isin(demo.consent.silent_sources)]
    by_band = may.groupby("age_band")["person"].nunique()
    assert by_band["50-59"] < 3 <= by_band["30-39"]
    rare = may.loc[may["age_band"] == "50-59", "pseudonym"].iloc[0]
    common = may.loc[may["age_band"] == "30-39", "pseudonym"].iloc[0]
    assert told_of(demo, f"»{row_of(bank, rare)['text']}« — flygtning, 50-59") == {"age_band", "respondent_group"}
    assert told_of(demo, f"»{row_of(bank, common)['text']}« — flygtning, 30-39") == set()
    found = linked(demo, {"a": [f"»{row_of(bank, rare)['text']}« — flygtning, 50-59"]}, {})
    assert [one.alike for one in found] == [by_band["50-59"]]


def test_what_stands_in_two_places_is_put_together(demo: Round, bank: Result) -> None:
    row = row_of(bank, "Rana")
    names = dict(zip(demo.municipalities["code"].astype(str), demo.municipalities["name"], strict=True))
    register = demo.interviews.frame.set_index("source")
    town = names[str(register.loc[row["source"], "municipality"])]
    apart = f"»{row['text']}« — flygtning, 30-39", f"»{row['text']}« sagde en fra {town}."
    assert told_of(demo, apart[0]) == set()
    assert {"municipality", "age_band"} <= told_of(demo, *apart)


def test_a_pseudonym_joins_what_is_told_at_two_quotes(demo: Round, bank: Result) -> None:
    first, second = row_of(bank, "Rana"), row_of(bank, "Rana", 1)
    assert first["text"] != second["text"]
    plain = f"»{first['text']}« — flygtning, 30-39", f"»{second['text']}« — gennemført på telefon, 2021-06"
    named = f"»{first['text']}« — Rana, flygtning, 30-39", f"»{second['text']}« — Rana, family, 2021-06"
    assert told_of(demo, plain[0]) == set()
    assert {"age_band", "match_type"} <= told_of(demo, *named)


def test_what_is_said_of_the_next_speaker_is_not_said_of_this_one(demo: Round, bank: Result) -> None:
    first, other = row_of(bank, "Rana"), row_of(bank, "Jasmina")
    words = " ".join(str(other["text"]).split()[:5])
    assert told_of(demo, f"»{first['text']}« »{words}« 9014 P01") == set()
    assert "pair" in told_of(demo, f"»{first['text']}« fortalt i P01")


def test_interviews_of_whom_the_register_does_not_say_are_persons_of_their_own(demo: Round, bank: Result) -> None:
    unnamed = demo.interviews.frame.assign(person="")
    loose = Loose(demo, dataclasses.replace(demo.interviews, frame=unnamed))
    text = f"»{row_of(bank, 'Rana')['text']}« — flygtning"
    assert linked(loose, {"a": [text]}, {}) == []  # type: ignore[arg-type]


def test_words_of_mappings_notes_and_answers_are_looked_for_too(demo: Round, bank: Result) -> None:
    # Nothing is coded: what is found is found by the other source alone.
    uncoded = dataclasses.replace(demo.codings, frame=demo.codings.frame.iloc[:0])
    row = row_of(bank, "Rana")
    note = {"on": "source", "target": row["source"], "title": "", "text": "Hun tøvede længe før hun svarede på det om familien"}
    noted = dataclasses.replace(uncoded, memos=pd.DataFrame([note]))
    links = demo.mappings.links.loc[lambda rows: (rows["case"] == "P01") & (rows["quote"].fillna("") != "")].iloc[[0]]
    by_half = dataclasses.replace(demo.mappings, links=links.assign(source=""))
    survey = demo.surveys["municipal-2022"]
    who = survey.answers.index[survey.answers["advice"].fillna("") != ""][0]
    town = survey.answers.assign(place=["9014" if name == who else "" for name in survey.answers.index])
    asked = dataclasses.replace(survey, answers=town)
    name = dict(zip(demo.municipalities["code"].astype(str), demo.municipalities["name"], strict=True))["9014"]
    cases = [
        ({"codings": noted}, f"»{note['text']}« — om P01, 30-39", {"pair", "age_band"}),
        ({"mappings": by_half}, f"»{links['quote'].iloc[0]}« — en flygtning i P01", {"pair", "respondent_group"}),
        ({}, f"»{survey.answers.loc[who, 'advice']}« — en medarbejder i {name}", {"place"}),
    ]
    for sources, page, told in cases:
        loose = Loose(demo, demo.interviews, {"codings": uncoded, **sources}, {"municipal-2022": asked})
        (found,) = linked(loose, {"a": [page]}, {})  # type: ignore[arg-type]
        assert (found.alike < 3, told <= set(found.told)) == (True, True), found
        assert linked(loose, {"a": [page.split(" — ")[0]]}, {}) == []  # type: ignore[arg-type]


class Loose:
    """A round with another register, other sources and other surveys."""

    def __init__(self, opened: Round, interviews: Any, sources: Any = None, surveys: Any = None) -> None:
        self.opened, self.interviews = opened, interviews
        self.sources, self.surveys = sources, opened.surveys if surveys is None else surveys

    def read(self, name: str) -> Any:
        if self.sources is None:
            return self.opened.read(name)
        return self.sources.get(next(source.type for source in self.opened.spec.sources if source.id == name))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.opened, name)


def test_words_that_only_the_later_release_holds_are_those_of_whoever_was_interviewed_since(demo: Round, bank: Result) -> None:
    register = demo.interviews.frame
    may = register[(register["respondent_group"] == "refugee") & ~register["source"].isin(demo.consent.silent_sources)]
    rows = bank.frame[bank.frame["source"].isin(may["source"])].drop_duplicates("text")
    late = row_of(bank, "Rana")["source"]
    page = [f"»{one}« — flygtning" for one in rows["text"]]
    before = [f"»{one}« — flygtning" for one in rows.loc[rows["source"] != late, "text"]]
    assert linked(demo, {"now.html": page, "then.html": before}, {}) == []
    (found,) = linked(demo, {"now.html": page, "then.html": before}, {}, {"then.html"})
    assert (found.file, found.told) == ("now.html", ("respondent_group",))
    # By hand: those who are told of alike and of whom no word was given out before.
    gone_out = set(rows["source"]) - {late}
    assert found.alike == may.loc[~may["source"].isin(gone_out), "person"].nunique() < demo.spec.speakers.k
