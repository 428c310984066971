"""Whatever a project holds is in the model or in the loss report, and the model comes back whole from a written project."""

from __future__ import annotations

import random
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pandas as pd
import random_projects as make
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from test_refi_writing import valid

import vvvresearch as vvv
from vvvresearch.evidence import Codings
from vvvresearch.sources import convert_codings

SEEDS = st.integers(0, 2**32)
MANY = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def rows(frame: pd.DataFrame | None) -> Counter[str]:
    """A table as its rows, in no order; a cell that is missing is as good as an empty one."""
    if frame is None:
        return Counter()
    records = frame.astype(object).where(frame.notna(), "").to_dict("records")
    return Counter(repr(sorted((str(name), value) for name, value in record.items() if value != "")) for record in records)


def held(codings: Codings) -> dict[str, object]:
    """Everything that the model holds of a project."""
    tables = {name: rows(getattr(codings, name)) for name in ("frame", "sources", "cases", "memos", "sets")}
    return {**tables, "codebook": rows(codings.codebook.frame), "texts": codings.texts}


def listed(codings: Codings) -> Counter[str]:
    return Counter({loss.what: loss.count for loss in codings.losses})


@MANY
@given(SEEDS)
def test_a_project_comes_back_whole_from_a_written_one(tmp_path: Path, seed: int) -> None:
    qde, members = make.build(seed)
    first = vvv.read_codings(make.pack(tmp_path / "p.qdpx", qde, members))
    assert not len(vvv.write_refi(first, tmp_path / "out.qdpx"))
    valid(tmp_path / "out.qdpx")
    second = vvv.read_codings(tmp_path / "out.qdpx")
    assert held(second) == held(first)
    for row in second.frame.dropna(subset=["start"]).itertuples():
        assert second.texts[row.source][row.start : row.end] == row.text
    in_order = [codings.frame.sort_values("source", kind="stable")["guid"].tolist() for codings in (first, second)]
    placed = first.frame.dropna(subset=["start"])["guid"].tolist()
    assert [key for key in in_order[1] if key in set(placed)] == [key for key in in_order[0] if key in set(placed)]


@MANY
@given(SEEDS)
def test_no_passage_moves_whatever_stands_in_a_text(tmp_path: Path, seed: int) -> None:
    qde, members = make.build(seed)
    planted = {}
    for selection in etree.fromstring(qde.encode()).iter("{*}PlainTextSelection"):
        for coding in selection.iter("{*}Coding"):
            planted[coding.get("guid")] = selection.get("name")
    read = vvv.read_codings(make.pack(tmp_path / "p.qdpx", qde, members))
    frame = read.frame[read.frame["guid"].isin(planted)]
    assert dict(zip(frame["guid"], frame["text"], strict=True)) == planted
    assert all(read.texts[row.source][row.start : row.end] == row.text for row in frame.itertuples())


# Attributes that the standard gives to elements; those that only say which is which are left out.
OPTIONAL = ("name", "creatingUser", "creationDateTime", "modifyingUser", "modifiedDateTime", "path", "currentPath", "richTextPath")
OPTIONAL += ("color", "basePath", "origin", "direction", "id", "novelty", "{urn:other}novelty")


def plant(root: etree._Element, rng: random.Random) -> str:
    """Something filled at a random place of a project; what it is."""
    one = rng.choice([one for one in root.iter() if one is not root or rng.random() < 0.5])
    tag = etree.QName(one).localname
    kind = rng.choice(["attribute", "attribute", "element", "unknown", "after"])
    if kind == "attribute":
        name = rng.choice([name for name in OPTIONAL if name not in one.attrib])
        one.set(name, "2024-02-03T04:05:06Z" if "Date" in name else "noget nyt")
        return f"{name} of <{tag}>"
    if kind == "after":
        if one is root:
            return ""
        one.tail = "noget nyt"
        return f"text after <{tag}>"
    child = etree.SubElement(one, "{urn:QDA-XML:project:1.0}" + ("Description" if kind == "element" else "Novelty"))
    child.text = "noget nyt"
    return f"<{etree.QName(child).localname}> in <{tag}>"


@settings(MANY, max_examples=25)
@given(SEEDS)
def test_whatever_is_filled_in_anywhere_is_in_the_model_or_listed(tmp_path: Path, seed: int) -> None:
    qde, members = make.build(seed)
    before = vvv.read_codings(make.pack(tmp_path / "p.qdpx", qde, members))
    root = etree.fromstring(qde.encode())
    what = plant(root, random.Random(seed))
    after = vvv.read_codings(make.pack(tmp_path / "p.qdpx", etree.tostring(root).decode(), members), min_offset_score=0)
    kept, lost = held(after) != held(before), listed(after) != listed(before)
    assert kept or lost or not what, what
    assert not (what and "novelty" in what.casefold() and not lost), what


@MANY
@given(SEEDS)
def test_a_project_of_which_everything_is_held_has_nothing_listed(tmp_path: Path, seed: int) -> None:
    qde, members = make.build(seed)
    read = vvv.read_codings(make.pack(tmp_path / "p.qdpx", qde, members))
    expected = {"media files (picture)", "regions of picture sources", "codes with the name of a sibling", "variables without a value"}
    expected |= {"code names that cannot stand in a path as they are", "persons who coded and wrote nothing", "values of <Project> name"}
    expected |= {"names and quotes of passages that are not their text"} if len(read.frame) < 3 else set()
    assert set(listed(read)) <= expected


@settings(MANY, max_examples=6)
@given(SEEDS)
def test_a_codebook_is_the_same_through_every_format_and_back(tmp_path: Path, seed: int) -> None:
    make.pack(tmp_path / "p.qdpx", *make.build(seed))
    book = vvv.read_codebook(tmp_path / "p.qdpx").frame
    chain = ("p.qdpx", "a.qdc", "b.csv", "c.qdc", "d.xlsx", "e.qdc", "f.xlsx", "g.csv")
    for number, (one, other) in enumerate(pairwise(chain)):
        if number:
            convert_codings(tmp_path / one, tmp_path / other)
        else:
            vvv.write_refi(vvv.read_codings(tmp_path / one).codebook, tmp_path / other)
        pd.testing.assert_frame_equal(vvv.read_codebook(tmp_path / other).frame, book)
    for name in chain:
        (tmp_path / name).unlink()
