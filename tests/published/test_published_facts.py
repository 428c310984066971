"""Every published value that was collected is in the project's own tables, as printed."""

from __future__ import annotations

import csv
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from vvvresearch.evidence import Published
from vvvresearch.published import combine_published
from vvvresearch.rounds import open_round

# The note of 2021 prints the stock of 2018 again; it is kept as its own number.
RETOLD = {"ALS-STOCK-18"}


@pytest.fixture(scope="module")
def collected(reference: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((reference / "published" / "figures.json").read_text("utf-8"))
    return loaded


@pytest.fixture(scope="module")
def everything(project: Path) -> Published:
    return combine_published([open_round(name, project).published for name in ("2019-final", "2021-note")])


def number(value: Any) -> Any:
    return None if value is None or pd.isna(value) else int(value)


def test_as_many_values_come_out_as_went_in(collected: dict[str, Any], everything: Published) -> None:
    assert len(everything.figures) == len(collected["facts"]) == 56
    assert len(everything.values) == sum(len(fact["categories"]) for fact in collected["facts"])
    assert set(everything.facts["fact"]) - RETOLD == {fact["id"] for fact in collected["programme_facts"]}


def test_every_figure_has_document_place_question_group_wave_base_and_route(collected: dict[str, Any], everything: Published) -> None:
    for fact in collected["facts"]:
        row = everything.figure(fact["id"])
        assert row["document"] == fact["document"]
        assert row["lines"] == str(fact["lines"])
        assert row["label_da"]
        assert row["label_en"]
        assert number(row["base"]) == fact["base_n"], fact["id"]
        assert row["group"]
        assert row["section"]
        assert row["route"]
        assert row["wave"] or fact["type"] in ("trend", "secondary")


def test_every_count_and_percentage_is_the_printed_one(collected: dict[str, Any], everything: Published) -> None:
    ours = {(row["figure"], row["key"]): row for row in everything.values.to_dict("records")}
    for fact in collected["facts"]:
        for category in fact["categories"]:
            row = ours[fact["id"], category["key"]]
            assert number(row["count"]) == category["count_printed"]
            assert row["percent"] == category["pct_printed"]
            printed = category["count_printed"] is not None or category["pct_printed"] is not None
            assert bool(row["missing"]) is not printed


def test_every_single_number_is_the_printed_one(collected: dict[str, Any], everything: Published) -> None:
    ours = everything.facts.set_index("fact")
    for fact in collected["programme_facts"]:
        value = 80 if fact["value"] == "close to 80" else fact["value"]
        assert number(ours.at[fact["id"], "value"]) == value, fact["id"]
        assert (ours.at[fact["id"], "derived"] == "yes") is bool(fact.get("derived_by_us"))


def test_a_base_counts_as_printed_only_where_it_has_a_number(everything: Published) -> None:
    without = everything.figures[everything.figures["base"].isna()]
    assert set(without["base_basis"]) == {"unknown"}
    assert everything.figure("ALS-FIG9")["base_basis"] == "inferred"
    assert everything.figure("LG-ORG")["base_basis"] == "wave"


def test_the_course_register_is_the_published_table(collected: dict[str, Any], project: Path) -> None:
    frame = open_round("2021-note", project).courses.frame
    published = [(row["date"], row["participants"], row["format"]) for row in collected["courses"]]
    assert list(zip(frame["date"].astype(str), frame["participants"], frame["format"], strict=True)) == published


def test_no_label_is_long_enough_to_be_a_sentence_of_the_documents(everything: Published) -> None:
    assert everything.values["label_da"].str.len().max() < 60
    assert everything.figures["label_da"].str.len().max() < 60


def test_printed_answers_of_two_groups_face_each_other_with_both_places_and_what_keeps_them_apart() -> None:
    parts = open_round("2019-final", root=Path(__file__).parents[2]).published_values().parts
    challenges, benefits = parts["mirror/challenges"], parts["mirror/benefits"]
    assert (challenges.base.source, challenges.base.wave, challenges.base.n) == ("LG-FIG1, LG-FIG2", "RC Dec 2018, LG 2018 Q4", None)
    assert (benefits.base.source, benefits.base.wave, benefits.base.n) == ("LG-FIG3-Q4, LG-FIG6", "LG 2018 Q4, RC Dec 2018", None)
    # One was asked on a scale and the other to tick, the other two alike.
    assert [part.pictures["mirror_bars"].options["note"].key for part in (challenges, benefits)] == [
        "comparison.mirror_scales",
        "comparison.mirror_groups",
    ]


ROUNDS = ("2019-final", "2021-note")
# What its place tells without a figure: "four million", names that are counted, an answer that nobody gave, one told of the rest.
IN_WORDS = {"PR-BUD-YEAR", "PR-HOUSING-PLAN", "ALS-FIG9 low", "ALS-FIG1 no"}


def rows(project: Path, name: str, table: str) -> list[dict[str, str]]:
    with (project / "surveys" / name / "published" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def lines_of(document: str, lines: str) -> Iterator[tuple[str, int]]:
    """ "144; 396-397", "001:169; 002:154" as lines of documents."""
    for part in re.split(r"\s*[;,]\s*", lines):
        if ":" in part:
            document, _, part = part.partition(":")
        first, _, last = part.partition("-")
        yield from ((document, line) for line in range(int(first), int(last or first) + 1))


@pytest.mark.parametrize("name", ROUNDS)
def test_every_published_number_stands_at_its_place_in_the_document(project: Path, name: str) -> None:
    """The facts against the numbers that a program read off the lines of the documents; the text itself is not here."""
    printed: dict[tuple[str, int], set[str]] = defaultdict(set)
    for row in rows(project, name, "numbers"):
        printed[row["document"], int(row["line"])] |= set(row["numbers"].split())
    figures = {row["figure"]: row for row in rows(project, name, "figures")}
    told = [(row["fact"], row["value"], row) for row in rows(project, name, "facts") if row["value"] and not row["derived"]]
    for row in rows(project, name, "values"):
        told += [(f"{row['figure']} {row['key']}", row[column], figures[row["figure"]]) for column in ("count", "percent") if row[column]]
    away = {
        key for key, value, row in told
        if value not in set[str]().union(*(printed[place] for place in lines_of(row["document"], row["lines"])))
    }  # fmt: skip
    assert len(told) > 100
    assert away <= IN_WORDS


def sentences(project: Path, name: str) -> Iterator[str]:
    """The sentences of a report's body, without the marks that open them."""
    for line in (project / "rounds" / name / "report.qmd").read_text("utf-8").splitlines():
        if not line.strip() or line.startswith(("#", ":::", "{{< include", "---", "|")):
            continue
        held = re.sub(r"\{\{<.*?>\}\}|\{\.\w+[^}]*\}", lambda mark: re.sub(r"[ .]", "\u2024", mark[0]), line)
        for part in re.split(r"(?<=[.!?])\s+(?=[A-ZÆØÅ\[{@])|(?<=\})\.\s+", held):
            if len(part) > 8:
                yield re.sub(r"^[-\s\[]+", "", part).replace("[", "")


@pytest.mark.parametrize("name", ROUNDS)
def test_every_sentence_of_a_published_round_has_a_place_or_is_marked_as_ours(project: Path, name: str) -> None:
    """A number of a key has its place with its fact; every other sentence has a row: lines of a document, or "ours"."""
    known = rows(project, name, "sentences")
    used = set()
    for sentence in sentences(project, name):
        own = [row["opening"] for row in known if sentence.startswith(row["opening"])]
        used.update(own)
        assert own or "{{<" in sentence, sentence
    assert used == {row["opening"] for row in known}
    for row in known:
        assert (row["document"] == "ours") == (not row["lines"]), row["opening"]
        assert all(line > 0 for _, line in lines_of(row["document"], row["lines"] or "1"))
