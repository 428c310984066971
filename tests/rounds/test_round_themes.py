"""What a round makes of its interviews: the plain calls' numbers, at addresses, behind the door of consent, absent where it lacks them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from vvvresearch import themes
from vvvresearch.errors import AnalysisError
from vvvresearch.locales import text
from vvvresearch.results import Result, address_part
from vvvresearch.rounds import Round, RoundSpec, open_round

CHAPTERS = ("45-interviews", "50-themes", "55-agreement")
SENTENCE = re.compile(r"^The round has no (codings|interview register|claims across sources)\.$")


@pytest.fixture(scope="module")
def demo(project: Path) -> Round:
    return open_round("demo", project)


@pytest.fixture(scope="module")
def with_evidence(demo: Round) -> dict[str, tuple[Any, Any]]:
    """Each bound call, and the full call with the round's own evidence."""
    codings, interviews, rule = demo.codings, demo.interviews, demo.coder_rule
    guide = demo.rows_of("guide")
    return {
        "theme_table": (demo.theme_table, lambda **given: themes.theme_table(codings, interviews, guide=guide, **{"coder": rule, **given})),
        "pair_table": (demo.pair_table, lambda **given: themes.pair_table(codings, interviews, guide=guide, **{"coder": rule, **given})),
        "saturation": (demo.saturation, lambda **given: themes.saturation_table(codings, interviews, **{"coder": rule, **given})),
        "quotes": (
            demo.quotes,
            lambda **given: themes.quotes(codings, interviews, **{"coder": rule, "approvals": demo.approvals, **given}),
        ),
        "cooccurrence": (demo.cooccurrence, lambda **given: themes.cooccurrence(codings, **{"coder": rule, **given})),
        "sample": (demo.sample, lambda **given: themes.sample_monitor(interviews, **given)),
        "triangulate": (demo.triangulate, lambda **given: themes.triangulate(demo.read("claims"), **given)),
        "disagreements": (demo.disagreements, lambda **given: themes.disagreements(codings, interviews, **given)),
    }


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("theme_table", {"depth": 2}),
        ("theme_table", {"under": "Udbytte", "wave": "1"}),
        ("theme_table", {"coder": "coder-b", "depth": 1}),
        ("theme_table", {"by": "sex", "depth": 1}),
        ("pair_table", {"depth": 2}),
        ("saturation", {"orders": 20}),
        ("quotes", {"per_theme": 1}),
        ("quotes", {"code": "Udbytte", "group": "refugee", "stance": "contradicted"}),
        ("cooccurrence", {"within": "document"}),
        ("sample", {}),
        ("triangulate", {}),
        ("disagreements", {}),
    ],
)
def test_a_rounds_call_is_the_full_call_in_every_cell(with_evidence: dict[str, tuple[Any, Any]], name: str, given: dict[str, Any]) -> None:
    bound, whole = with_evidence[name]
    one, other = bound(**given), whole(**given)
    pd.testing.assert_frame_equal(one.frame, other.frame)
    assert one.cells == other.with_small_n(one.small_n).cells
    # The round knows its other tables of tests, and says so; nothing else is added.
    assert one.note.removesuffix(f" {text('comparing.by_itself', 'da')}") == other.note


@pytest.mark.parametrize(
    "address",
    [
        "themes.udbytte/dansk.refugee.affirmed",
        "themes.udbytte/dansk.total.persons_asked",
        "themes/coder-b.udbytte/dansk.refugee.not_coded",
        "themes/wave-1.udbytte.total.share",
        "themes/coder-a/wave-2.udbytte.volunteer.asked",
        "themes/by-sex.udbytte.female.asked",
        "themes/group-refugee.udbytte.total.asked",
        "themes.total.coded",
        "pairs.udbytte/dansk.disagree",
        "pairs/wave-1.udbytte/dansk.both_sides",
        "saturation.volunteer.share",
        "sample.troubled.pairs",
        "sample.total.persons",
        "quota.sex.female.refugee",
        "triangulation.count.dissonant",
        "agreement.document.pooled.alpha",
        "agreement.document.udbytte/dansk/tale-i-hverdagen.n_units",
        "agreement.unitizing.pooled.u",
        "agreement.total.documents",
        "agreement.total.disagreements",
        "beneficiary.udbytte/dansk.child",
        "crosstab/interpreter.udbytte/dansk.yes.persons_asked",
    ],
)
def test_every_number_is_found_by_its_address(demo: Round, address: str) -> None:
    assert demo.cell(address).address == address


def test_addresses_name_codes_by_what_they_are_called(demo: Round) -> None:
    codes = demo.codes()
    keys = [code.key for code in codes]
    assert len(set(keys)) == len(keys)
    found = {cell.address for cell in demo.theme_table().cells}
    assert {f"themes.{key}.{address_part(group)}.affirmed" for key in keys for group in (*demo.groups, "total")} <= found
    assert [code.path for code in demo.codes(depth=1)] == demo.codings.codebook.children("")


def test_a_code_added_in_front_moves_no_number(demo: Round) -> None:
    codings = demo.codings
    book = codings.codebook.frame
    first = dict.fromkeys(book.columns, "") | {"code_path": "Aldrig", "name": "Aldrig", "is_codable": True}
    added = type(codings.codebook)(pd.concat([pd.DataFrame([first]), book], ignore_index=True))
    moved = themes.theme_table(
        type(codings)(codings.frame, added, codings.texts, origin=codings.origin, kind=codings.kind), demo.interviews
    )
    before = {cell.address: cell for cell in themes.theme_table(codings, demo.interviews).cells}
    after = {cell.address: cell for cell in moved.cells if not cell.address.startswith("themes.aldrig.")}
    assert after == before


def test_nothing_of_a_refused_person_is_shown(demo: Round) -> None:
    codings = demo.codings
    everything = themes.disagreements(codings, demo.interviews).frame
    refused = set(everything["source"].unique()[:3])
    register = demo.interviews.frame
    consent = register["consent_quote"].where(~register["source"].isin(refused), False)
    # An unknown consent is none either.
    consent = consent.where(register["source"] != min(refused), pd.NA)
    interviews = type(demo.interviews)(register.assign(consent_quote=consent), demo.interviews.kind)
    passages = set(codings.frame.loc[codings.frame["source"].isin(refused), "text"])
    listed = themes.disagreements(codings, interviews)
    hidden = listed.frame["source"].isin(refused)
    assert len(listed.frame) == len(everything)
    assert hidden.sum() > 3
    assert set(listed.frame.loc[hidden, "text"]) == {""}
    assert "" not in set(listed.frame.loc[~hidden, "text"])
    matrix = themes.framework_matrix(codings, interviews, demo.codes(depth=1))
    bank = themes.quotes(codings, interviews, shortest=1, longest=10**6)
    shown = "\n".join(part for one in (listed, matrix, bank) for part in (one.to_markdown(), one.to_csv(), one.to_html()))
    others = set(codings.frame.loc[~codings.frame["source"].isin(refused), "text"])
    assert [passage for passage in passages - others if passage in shown and not any(passage in other for other in others)] == []
    assert refused.isdisjoint(bank.frame["source"])


def test_a_theme_cell_says_not_asked_where_nobody_was(demo: Round) -> None:
    shown = demo.theme_table(under="Udbytte > Dansk", depth=2).across("respondent_group").shown()
    assert shown["Kursusdeltagere"].tolist() == ["ikke spurgt"]
    assert shown["Flygtninge"].tolist() == ["8/12 de fleste, 3 imod"]


def test_the_heat_map_says_every_number_of_the_table(demo: Round) -> None:
    table = demo.theme_table(depth=1)
    alt = table.plot("heatmap").alt("en")
    for row in table.frame[table.frame["respondent_group"] != "total"].itertuples():
        assert (f"{row.persons_affirmed}/{row.persons_asked}" if row.persons_asked else "not asked") in alt
    assert b"<svg" in table.plot().svg


def test_the_saturation_curve_says_every_run_of_every_group(demo: Round) -> None:
    table = demo.saturation(orders=10)
    alt = table.plot().alt("en")
    for group, part in table.parts.items():
        assert part.assessable == (table.frame.set_index("respondent_group").loc[group, "interviews"] >= 6)  # type: ignore[attr-defined]
    assert alt.count("new themes by number of interviews") == int(table.frame["assessable"].sum())


@pytest.mark.parametrize("round_id", ["2019-final", "2021-note"])
def test_what_a_round_lacks_is_one_sentence_through_every_chapter(project: Path, round_id: str, tmp_path: Path) -> None:
    for chapter in CHAPTERS:
        page = run(project, chapter, round_id, tmp_path)
        assert set(page.names) <= {"sample", "quota"}, chapter
    opened = open_round(round_id, project, lang="en")
    for call in (opened.theme_table, opened.pair_table, opened.saturation, opened.quotes, opened.double_coding, opened.triangulate):
        absent = call()
        assert not absent
        assert SENTENCE.match(absent.view().absent)
    assert opened.codes(depth=1) == ()


def run(project: Path, chapter: str, round_id: str, out: Path) -> Any:
    """A chapter's page, run as a notebook runs it."""
    names: dict[str, Any] = {}
    for cell in cells_of(project, chapter):
        exec(compile("".join(cell["source"]), chapter, "exec"), names)
        if "parameters" in cell["metadata"].get("tags", []):
            names |= {"round_id": round_id, "root": str(project), "out": str(out)}
    return names["page"]


def cells_of(project: Path, chapter: str) -> list[dict[str, Any]]:
    read = json.loads((project / "notebooks" / f"{chapter}.ipynb").read_text("utf-8"))["cells"]
    return [cell for cell in read if cell["cell_type"] == "code"]


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_is_short_and_names_no_round(project: Path, chapter: str) -> None:
    lines = [line for cell in cells_of(project, chapter) for line in "".join(cell["source"]).splitlines() if line.strip()]
    assert len(lines) <= 25
    text = "\n".join(lines)
    assert not re.search(r"\bif\b|r\.has\(|demo|coder-a|Udbytte", text)
    assert 'round_id = ""' in text


def test_the_rule_of_coders_is_declared_in_the_definition(demo: Round) -> None:
    assert demo.coder_rule == themes.CoderRule("lead", ("coder-a",))
    written = demo.spec.model_dump(mode="json", exclude_unset=True)
    for wrong in ({"coders": "lead"}, {"coders": "any", "lead": ["coder-a"]}, {"coders": "both"}):
        with pytest.raises(ValueError, match="coders"):
            RoundSpec.model_validate(written | {"themes": wrong})
    free = Round(RoundSpec.model_validate(written | {"themes": {}}), demo.root)
    assert free.coder_rule == themes.CoderRule()
    frames: list[Result] = [free.theme_table(depth=1), demo.theme_table(depth=1, coder=themes.CoderRule())]
    pd.testing.assert_frame_equal(frames[0].frame, frames[1].frame)


def test_an_unknown_address_of_a_setting_names_what_there_is(demo: Round) -> None:
    with pytest.raises(AnalysisError, match="no number"):
        demo.cell("themes/coder-z.udbytte.total.affirmed")
