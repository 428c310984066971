"""What one of a number is: rows of a source, passages, pairs; and interviews that are known by their ids."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.workspaces import write_empty_round
from vvvresearch.rounds import Round, open_round

SOURCES = """
[[sources]]
id = "interviews"
type = "interviews"
path = "interviews/r/interviews.csv"
title = { da = "Register", en = "Register" }
[[sources]]
id = "codings"
type = "codings"
path = "interviews/r/codings.csv"
title = { da = "Kodninger", en = "Codings" }
"""
# By hand: A and B are refugees, C is a volunteer; Støtte under A twice and C once, Netværk under B.
REGISTER = "interview,respondent_group,person,{more}wave\nA,refugee,p1,{a}1\nB,refugee,p2,{b}1\nC,volunteer,p3,{c}1\n"
CODINGS = "source,code,text,coder\nA,Støtte,Hun ringer,x\nA,Støtte,Han hjælper,x\nB,Netværk,Vi mødes,x\nC,Støtte,De spørger,x\n"


def _round(root: Path, register: str) -> Round:
    write_empty_round(root, more=SOURCES)
    (root / "interviews/r").mkdir(parents=True)
    (root / "interviews/r/interviews.csv").write_text(register, encoding="utf-8")
    (root / "interviews/r/codings.csv").write_text(CODINGS, encoding="utf-8")
    return open_round("r", root)


@pytest.mark.parametrize("more", ["", "source,"])
def test_codings_join_by_interview_where_the_register_names_no_transcript(tmp_path: Path, more: str) -> None:
    blank = "," if more else ""
    r = _round(tmp_path, REGISTER.format(more=more, a=blank, b=blank, c=blank))
    assert r.cell("themes.støtte.refugee.persons_affirmed").value == 1
    assert r.cell("themes.støtte.total.persons_affirmed").value == 2


def test_an_interview_without_a_transcript_among_others_stays_uncoded(tmp_path: Path) -> None:
    r = _round(tmp_path, REGISTER.format(more="source,", a="A,", b=",", c="C,"))
    assert r.cell("themes.støtte.refugee.persons_asked").value == 1


def test_a_number_says_what_one_of_it_is(tmp_path: Path) -> None:
    r = _round(tmp_path, REGISTER.format(more="", a="", b="", c=""))
    units = {address: r.cell(address).base.unit for address in ("sources.interviews.n", "sources.codings.n", "sources.total.n")}
    assert units == {"sources.interviews.n": "interview", "sources.codings.n": "segment", "sources.total.n": "source"}
    assert r.cell("sources.codings.n").value == 4
    said = r.cell("themes.støtte.refugee.codings")
    assert (said.value, said.base.unit, said.base.n) == (2, "segment", None)
    assert r.cell("themes.støtte.refugee.affirmed").base.unit == "interview"
