"""Claims of a report: spans bound to a round's numbers, clauses that nothing carries, findings and what rests on them."""

from __future__ import annotations

import shutil
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

import vvvresearch as vvv
from vvvresearch.errors import RenderError
from vvvresearch.reporting import Claims, check_prose, findings_complaints, note_readings, review_document, round_material, write_volume
from vvvresearch.reporting.claims._readings import reading, readings_in, readings_of
from vvvresearch.reporting.claims._row_kinds import compared
from vvvresearch.statements import Binding, Row, prove, review

ROOT = Path(__file__).parents[2]
REFERS = "municipal-2019.refers.yes"
HEAD = "# Sammenfatning {#sec-summary}\n\n"


@pytest.fixture(scope="module")
def claims() -> Claims:
    opened = vvv.open_round("demo-2019", root=ROOT)
    return Claims(lambda: opened, "da")


def said(text: str, claims: Claims, level: str = "fault") -> list[str]:
    return [f"{one.line}: {one.what}" for one in review_document(text, "report.qmd", claims).complaints if one.level == level]


@pytest.mark.parametrize(
    "sentence",
    [
        "[17 af 34 kommuner]{claim=ADDRESS} har henvist flygtninge til en ven.",
        "[Sytten af de fireogtredive kommuner]{claim=ADDRESS} har henvist.",
        "[Halvdelen af de 34 kommuner]{claim=ADDRESS} har henvist, *siger de*.",
        "[50 % af de 34 kommuner]{claim='ADDRESS.share'} har henvist.",
        "[{{< var ADDRESS.count >}} af {{< var ADDRESS.n >}} kommuner]{claim=ADDRESS} har henvist.",
        "[Flest, 17 af 34, svarer ja]{claim=municipal-2019.refers}",
    ],
)
def test_a_bound_sentence_that_its_number_carries_stands(sentence: str, claims: Claims) -> None:
    assert said(HEAD + sentence.replace("ADDRESS", REFERS), claims) == []


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("[18 af 34 kommuner]{claim=ADDRESS} har henvist.", "18 af 34"),
        ("[17 af 34 frivillige]{claim=ADDRESS} har henvist.", "frivillige"),
        ("[17 af 34 kommuner]{claim=ADDRESS} har henvist, fordi lederne ringer.", "fordi lederne ringer"),
        ("[17 af 34 kommuner]{claim=ADDRESS} har henvist, og kommunerne er glade.", "og kommunerne er glade"),
        ("[17 af 34 kommuner]{claim=ADDRESS} har henvist – det virker.", "det virker"),
        ("Kommunerne er glade for ordningen.", "Kommunerne er glade"),
        ("[Målet er nået]{claim=goal.FINDES-IKKE}.", "leads nowhere"),
        ("[Andelen er steget]{claim=ADDRESS}.", "Andelen er steget"),
    ],
)
def test_what_the_number_does_not_carry_stops_with_its_line(sentence: str, told: str, claims: Claims) -> None:
    found = said(HEAD + sentence.replace("ADDRESS", REFERS), claims)
    assert len(found) == 1
    assert found[0].startswith("3: ")
    assert told in found[0]


def test_a_claim_in_a_heading_and_in_an_alt_text_is_proved_too(claims: Claims) -> None:
    figure = f'![Figur](a.svg){{#fig-a fig-alt="[Ingen af de 34]{{claim={REFERS}}} har henvist"}}'
    text = f"## [Alle 34 kommuner]{{claim={REFERS}}} har henvist\n\n{figure}\n"
    assert [line[:2] for line in said(text, claims)] == ["1:", "3:"]


def test_ordinary_prose_is_warned_and_not_stopped(claims: Claims) -> None:
    text = "# Kapitel\n\nOver halvdelen af kommunerne er med."
    assert said(text, claims) == []
    assert said(text, claims, "warning") == ["3: »Over halvdelen« is a fraction that no number carries"]
    assert said(text.replace("Over", "[Over") + "]{.signed by=MJ}", claims, "warning") == []


def test_what_stands_behind_a_chapter_is_prose_of_that_chapter_and_no_summary(claims: Claims) -> None:
    """A chapter opens with its own heading; a table or a list that is taken up does not."""
    words = "Lederne er glade for ordningen, og mange er kommet til.\n"
    chapter, table = "{{< include pages/50-themes.md >}}\n\n", "{{< include tables/all-values.md >}}\n\n"
    assert said(HEAD + chapter + words, claims) == []
    assert said(HEAD + table + words, claims) == said(HEAD + "\n\n" + words, claims) != []
    assert said(HEAD + chapter + "# Hovedfund\n\n" + words, claims) != []


def test_a_true_sentence_stands_beside_every_false_one(claims: Claims) -> None:
    (one,) = review_document(f"{HEAD}[Alle 34 kommuner]{{claim={REFERS}}} har henvist", "report.qmd", claims).complaints
    sentence = one.todo.removeprefix("true: ").split(" | ")[0]
    assert said(f"{HEAD}[{sentence}]{{claim={REFERS}}}", claims) == []


def test_at_most_one_clause_in_five_rests_on_a_name(claims: Claims) -> None:
    bound = f"[17 af 34 kommuner]{{claim={REFERS}}} har henvist. "
    signed = "[Det er godt]{.signed by=MJ}. "
    assert said(HEAD + bound * 8 + signed * 2, claims) == []
    assert said(HEAD + bound * 7 + signed * 2, claims) == ["1: 2 of 9 clauses rest on a signature"]
    assert "a signature without a name" in said(HEAD + bound * 8 + "[Det er godt]{.signed}.", claims)[0]


def test_a_signature_lapses_when_a_number_of_its_chapter_has_changed(claims: Claims) -> None:
    text = f"{HEAD}[17 af 34 kommuner]{{claim={REFERS}}} har henvist. [Det er godt]{{.signed by=MJ}}."
    first = review_document(text, "report.qmd", claims)
    assert first.complaints == ()
    assert review_document(text, "report.qmd", claims, first.seals).complaints == ()
    (lapsed,) = review_document(text, "report.qmd", claims, dict.fromkeys(first.seals, "0")).complaints
    again = text.replace(".signed by=MJ", lapsed.todo.partition("{")[2].rpartition("}")[0])
    assert review_document(again, "report.qmd", claims, dict.fromkeys(first.seals, "0")).complaints == ()


def test_a_signature_rests_on_the_numbers_of_its_own_chapter_alone(claims: Claims) -> None:
    signed = "[Det er godt]{.signed by=MJ}."
    first = f"# Fund\n\n[17 af 34 kommuner]{{claim={REFERS}}} har henvist. {signed}\n\n# Råd\n\nDer er {{{{< var {REFERS}.n >}}}} svar.\n"
    seals = review_document(first, "report.qmd", claims).seals
    other_chapter = first.replace(f"{REFERS}.n", f"{REFERS}.count")
    own_chapter = first.replace("har henvist.", f"har henvist, og {{{{< var {REFERS}.n >}}}} har svaret.")

    def lapsed(text: str) -> bool:
        found = review_document(text, "report.qmd", claims, seals).complaints
        return any("has lapsed" in one.what for one in found)

    assert not lapsed(first)
    assert not lapsed(other_chapter)
    assert lapsed(own_chapter)


def test_words_that_the_tool_chooses_stop_when_the_number_says_otherwise(claims: Claims) -> None:
    assert said(f"{HEAD}{{{{< claim {REFERS} expects=>=1/2 >}}}}", claims) == []
    assert said(f"{HEAD}{{{{< claim {REFERS} expects=>1/2 >}}}}", claims) != []


def test_digits_in_a_claim_are_proved_and_not_typed(tmp_path: Path) -> None:
    path = tmp_path / "report.qmd"
    path.write_text(f"[17 af 34]{{claim={REFERS}}} kommuner, men 12 ikke.\n\n[7\naf 9]{{claim={REFERS}}}\n")
    assert [(one.line, one.found) for one in check_prose(path)] == [(1, "12")]


FINDINGS = f"""
[[finding]]
id = "henvist"
says.da = "[17 af 34 kommuner]{{claim={REFERS}}} har henvist"
[[finding]]
id = "aendret"
says.da = "[18 af 34 kommuner]{{claim={REFERS}}} har henvist"
[[finding]]
id = "vaek"
says.da = "[18 af 34 kommuner]{{claim={REFERS}x}} har henvist"
[[finding]]
id = "uvist"
says.da = "[Om målet på 5000 er nået, kan ikke afgøres]{{claim=goal.NONE}}"
[[advice]]
number = 1
rests_on = ["henvist"]
to = "organisations"
do.da = "Giv hver kommune én kontaktperson"
[[advice]]
number = 2
rests_on = ["aendret"]
to = "organisations"
do.da = "Ring til kommunerne"
[[advice]]
number = 3
to = "organisations"
do.da = "Ring til kommunerne, for de er glade"
"""


def test_findings_stand_change_or_fall_and_stop_their_recommendation(tmp_path: Path, claims: Claims) -> None:
    (tmp_path / "findings.toml").write_text(FINDINGS)
    found, standings = findings_complaints(tmp_path, claims, "note")
    assert {name: one.state for name, one in standings.items()} == {
        "henvist": "stands",
        "aendret": "changed",
        "vaek": "falls",
        "uvist": "falls",
    }
    told = "\n".join(map(str, found))
    assert "recommendation 2 stops: the finding aendret has changed" in told
    assert "recommendation 1" not in told
    assert "recommendation 3 rests on no finding" in told
    assert "»for de er glade« is carried by nothing" in told


def _workspace(folder: Path) -> Path:
    shutil.copytree(ROOT / "rounds" / "demo-2019", folder / "rounds" / "demo-2019")
    (folder / "rounds" / "demo").mkdir()
    shutil.copy(ROOT / "rounds" / "demo" / "municipalities.csv", folder / "rounds" / "demo")
    for name in ("interviews", "surveys"):
        shutil.copytree(ROOT / name / "demo-2019", folder / name / "demo-2019")
    return folder / "rounds" / "demo-2019" / "report.qmd"


def test_a_staged_report_has_no_span_left_and_a_false_one_is_not_staged(tmp_path: Path) -> None:
    report = _workspace(tmp_path)
    true = f"# [17 af 34 kommuner]{{claim={REFERS}}} har henvist\n\n[17 af 34 kommuner]{{claim={REFERS}}} har henvist.\n\n"
    included = "{{< include findings/henvist.md >}}\n\n{{< include tables/all-values.md >}}\n"
    report.write_text(true + included)
    (report.parent / "findings.toml").write_text(FINDINGS.partition('[[finding]]\nid = "aendret"')[0])
    (tmp_path / "made").mkdir()
    staged = write_volume(round_material(tmp_path, "demo-2019", "da", tmp_path / "made"), tmp_path / "stage")
    page = (staged / "report.qmd").read_text() + (staged / "findings" / "henvist.md").read_text()
    assert "{claim=" not in page
    assert "# 17 af 34 kommuner har henvist" in page
    assert page.count(f"[17 af 34 kommuner](#n-{REFERS}.share)") == 2
    report.write_text(true.replace("17", "18") + included)
    with pytest.raises(RenderError) as stopped:
        write_volume(round_material(tmp_path, "demo-2019", "da", tmp_path / "made"), tmp_path / "again")
    assert "line 1:" in stopped.value.why
    assert "line 3:" in stopped.value.why
    assert not (tmp_path / "again").exists()


def test_a_target_is_printed_with_the_word_for_its_own_direction_and_no_other() -> None:
    opened = vvv.open_round("2021-note", root=ROOT)
    note = Claims(lambda: opened, "da")

    def stops(text: str) -> list[str]:
        return [one.what for one in review_document(HEAD + text, "report.qmd", note).complaints if one.level == "fault"]

    assert stops("Måltallet er mindst {{< var goals.t2-1.target >}}.") == []
    assert stops("Målet er mindst {{< var goals.t2-3a.target_share >}}, og det sidste er under {{< var goals.t2-4c.target_share >}}.") == []
    assert len(stops("Måltallet er højst {{< var goals.t2-1.target >}}.")) == 1
    assert len(stops("Indsatsen findes i mindst {{< var goals.t2-1.present.value >}} kommuner.")) == 1


def test_several_answers_to_one_question_are_claimed_together_and_none_of_them_alone() -> None:
    opened = vvv.open_round("demo", root=ROOT)
    claims = Claims(lambda: opened, "da")
    raw = opened.surveys["municipal-2021"].answers["cooperation"]
    given = int(raw.isin(["very_good", "good"]).sum())
    (row,) = claims.at("municipal-2021.cooperation.very_good+good").rows
    (alone,) = claims.at("municipal-2021.cooperation.very_good").rows
    assert (row.count, row.n) == (given, alone.n)
    assert alone.count == int((raw == "very_good").sum()) < given
    assert {name for one in row.siblings for name in one.names}.isdisjoint(row.labels)
    both = " eller ".join(f"»{label}«" for label in row.labels)
    bound = f"[{given} af {row.n} kommuner svarer {{}}]{{{{claim=municipal-2021.cooperation.very_good+good}}}}."
    assert said(HEAD + bound.format(both), claims) == []
    assert len(said(HEAD + bound.format(row.labels[0].lower()), claims)) == 1
    # A box more that is ticked is the same municipality once more.
    with pytest.raises(vvv.errors.AnalysisError, match="cannot be added up"):
        claims.at("municipal-2021.barriers.time+language")


def test_that_a_gap_between_the_halves_of_pairs_cannot_be_told_is_proved(claims: Claims) -> None:
    """The gap of the demo's pairs, whose limits hold 0 (read off the table, not off the row)."""
    table = vvv.open_round("demo-2019", root=ROOT).pair_gaps()
    first = table.frame.iloc[0]
    assert first["lower"] <= 0 <= first["upper"]
    address = next(cell.address for cell in table.cells if cell.address.endswith(".gap"))
    assert said(f"{HEAD}[Om de frivillige oftere end flygtningene taler om det, kan ikke afgøres]{{claim={address}}}.\n", claims) == []
    assert said(f"{HEAD}[De frivillige taler oftere om det end flygtningene]{{claim={address}}}.\n", claims) != []


def test_a_sentence_read_beside_its_question_stands_until_either_changes_and_no_number_is_lifted(tmp_path: Path) -> None:
    row = Row(count=23, n=50, unit=("advisers",), about=("Is the new form worth the time it takes?",), labels=("Yes",))
    said = "23 of the 50 advisers find that the new form repays its time"
    assert prove(said, row, "en").outcome == "asks"
    note_readings(tmp_path, prove(f"{said}.", row, "en").readings, "M. J.", "2027-11-30")

    def stands(words: str, asked: Row) -> bool:
        read = readings_of(tmp_path)
        return review(words, [Binding(0, len(words), asked, read=lambda *one: reading(*one) in read)], "en") == ()

    assert stands(said, row)
    # The seal of a release tells who read it where the page still says it, tags and line breaks in it or none.
    pages = [f"<p>{said.replace('find', '<em>find</em>').replace(' new', chr(10) + 'new')}.</p>", "<p>Something else.</p>"]
    assert [[one["by"] for one in readings_in(tmp_path, page)] for page in pages] == [["M. J."], []]
    other = replace(row, about=("Does the old form take time?",))
    refused = [(said.replace("repays", "saves"), row), (said, other), (said.replace("23", "24"), row)]
    assert [stands(words, asked) for words, asked in refused] == [False, False, False]
    # What the number contradicts asks nobody.
    assert prove("Most of the 50 advisers find that the new form repays its time", row, "en").outcome == "contradicted"


def test_two_times_are_told_in_their_order_though_both_are_of_one_year() -> None:
    before, after = (
        Row(value=Fraction(value), statistic="median", about=("Score",), period=f"{name} 2027")
        for value, name in ((19, "before"), (22, "after"))
    )
    row = compared(before, after, same=True)
    told = ("The median score rose from 19 to 22", "The median score fell from 22 to 19")
    assert [prove(one, row, "en").outcome for one in told] == ["holds", "contradicted"]
