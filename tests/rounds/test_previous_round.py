"""A round that follows another: waves, themes, goals and recommendations of both, from two small rounds written for it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from vvvresearch.check import check_round
from vvvresearch.errors import RoundError, SchemaError
from vvvresearch.rounds import Round, load_spec, open_round
from vvvresearch.rounds._propose_source import free_id

HEAD = """
schema_version = 1
id = "{id}"
title = {{ da = "Vejviser {year}", en = "Guide {year}" }}
period = {{ start = {year}-01-01, end = {year}-12-31 }}
languages = ["da", "en"]
report_type = "midterm"
kind = "synthetic"
municipalities = "rounds/towns.csv"
{previous}
[subgroups]
statement = {{ da = "Samlet.", en = "Together." }}

[[goals]]
id = "G-1"
definition = {{ da = "Mindst 60 % henviser", en = "At least 60 % refer" }}
unit = "{unit}"
type = "percent"
target = 60
readings = [ {{ id = "refers", label = {{ da = "Henviser", en = "Refer" }}, cell = "towns-{year}.refers.yes.share" }} ]
"""
SOURCE = """
[[sources]]
id = "{id}"
type = "{type}"
path = "{path}"
title = {{ da = "{id}", en = "{id}" }}
{more}
"""
QUESTIONNAIRE = """
schema_version = 1
id = "towns-{year}"
title = {{ da = "Byer {year}", en = "Towns {year}" }}
group = {{ da = "Byer", en = "Towns" }}
wave = {{ da = "{year}", en = "{year}" }}
period_start = {year}-05-01

[frame]
unit = "municipality"
population = 20
chosen_by = {{ da = "Opdigtet: alle", en = "Invented: all" }}
collected = {{ da = "Opdigtet: maj {year}", en = "Invented: May {year}" }}

[[items]]
id = "refers"
type = "single"
text = {{ da = "Henviser I?", en = "Do you refer?" }}
options = [ {{ code = "yes", label = {{ da = "Ja", en = "Yes" }} }}, {{ code = "no", label = {{ da = "Nej", en = "No" }} }} ]
{comparable}
"""
REGISTER = "interview,person,source,respondent_group,wave,month,mode,consent_analysis,consent_quote\n"


def write_round(
    root: Path, year: int, yes: int, no: int, *, code: str, more: str = "", previous: str = "", unit: str = "municipality"
) -> Path:
    """One year's round: a survey of twenty invented towns, three interviews, recommendations."""
    folder = root / f"rounds/vejviser-{year}"
    folder.mkdir(parents=True, exist_ok=True)
    (root / "surveys").mkdir(exist_ok=True)
    comparable = f'comparable = ["towns-{year - 1}:refers"]' if previous else ""
    (folder / "towns.toml").write_text(QUESTIONNAIRE.format(year=year, comparable=comparable), "utf-8")
    rows = "".join(f"{9801 + n},{'yes' if n < yes else 'no'}\n" for n in range(yes + no))
    (folder / "towns.csv").write_text("respondent,refers\n" + rows, "utf-8")
    people = ("Ali", "Bo", "Cia") if not previous else ("Ali", "Dan", "Eva")
    said = "".join(f"i{year}-{n},{who},i{year}-{n},refugee,1,{year}-05,phone,true,true\n" for n, who in enumerate(people))
    (folder / "interviews.csv").write_text(REGISTER + said, "utf-8")
    marks = "".join(f"i{year}-{n},,,Vi taler dansk,{code},A\n" for n in range(2))
    (folder / "codings.csv").write_text("source,start,end,text,code_path,coder\n" + marks, "utf-8")
    files = [("towns", "survey"), ("interviews", "interviews"), ("codings", "codings"), ("advice", "recommendations")]
    sources = [
        SOURCE.format(
            id=f"{name}-{year}",
            type=kind,
            path=f"rounds/vejviser-{year}/{name}.csv",
            more=f'questionnaire = "rounds/vejviser-{year}/towns.toml"' if kind == "survey" else "",
        )
        for name, kind in files
    ]
    named = f'[previous]\nround = "{previous}"' if previous else ""
    text = HEAD.format(id=folder.name, year=year, previous=named, unit=unit) + "".join(sources) + more
    (folder / "round.toml").write_text(text, "utf-8")
    return folder


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "rounds").mkdir()
    (tmp_path / "rounds/towns.csv").write_text("code,name,region\n" + "".join(f"{9801 + n},By{n},Nord\n" for n in range(20)), "utf-8")
    first = write_round(tmp_path, 2023, 4, 8, code="Sprog")
    (first / "advice.csv").write_text(
        "id,text,addressee\nA1,Mål ventetiden,Landsdelen\nA2,Saml kurserne,Landsdelen\nA3,Sig tak,Byerne\n", "utf-8"
    )
    changes = SOURCE.format(id="changes", type="codebook_changes", path="rounds/vejviser-2024/changes.csv", more="")
    second = write_round(tmp_path, 2024, 9, 3, code="Dansk", previous="vejviser-2023", more=changes)
    (second / "changes.csv").write_text("old,new,kind\nSprog,Dansk,rename\n", "utf-8")
    seen = ["id,text,answer,action,due,state", "A1,,Accepteret,Ny liste,2025-01-01,I gang", "A3,,Afvist,,,Bortfaldet", "B1,Spørg igen,,,,"]
    (second / "advice.csv").write_text("\n".join(seen) + "\n", "utf-8")
    return tmp_path


@pytest.fixture
def opened(root: Path) -> Round:
    return open_round("vejviser-2024", root)


def test_the_rounds_before_are_there_and_the_first_has_none(opened: Round) -> None:
    assert opened.previous is not None
    assert [one.id for one in opened.earlier] == ["vejviser-2023"]
    assert opened.previous.previous is None
    assert open_round(root=opened.root).id == "vejviser-2024"


def test_waves_of_two_rounds_are_compared_and_their_numbers_have_addresses(opened: Round) -> None:
    assert [pair.id for pair in opened.comparable()] == ["towns-2023~towns-2024"]
    assert opened.cell("towns-2023.refers.yes.count").value == 4
    assert opened.cell("towns-2023~towns-2024.refers.yes.change").value == pytest.approx(9 / 12 - 4 / 12)
    assert opened.trend("refers").frame[["wave", "count", "n"]].values.tolist() == [["towns-2023", 4, 12], ["towns-2024", 9, 12]]
    # The earlier round's surveys are beside this one's, not of it.
    assert list(opened.surveys) == ["towns-2024"]


def test_a_renamed_code_is_followed(opened: Round) -> None:
    assert opened.cell("theme-trend.dansk.vejviser-2023.persons_affirmed").value == 2
    assert opened.cell("theme-trend.dansk.vejviser-2024.persons_affirmed").value == 2
    assert opened.theme_trend().totals["persons_again"].value == 1


def test_goals_stand_beside_those_of_the_round_before(opened: Round) -> None:
    frame = opened.goal_trend().frame
    assert frame[["round", "count", "n", "reached", "break"]].values.tolist() == [
        ["vejviser-2023", 4, 12, False, False],
        ["vejviser-2024", 9, 12, True, False],
    ]
    assert opened.cell("goal-trend.g-1.refers.vejviser-2023.share").say("da") == "33\N{NO-BREAK SPACE}%"


def test_a_goal_of_another_unit_is_a_break(root: Path) -> None:
    second = root / "rounds/vejviser-2024/round.toml"
    second.write_text(second.read_text("utf-8").replace('unit = "municipality"', 'unit = "group"'), "utf-8")
    assert open_round("vejviser-2024", root).goal_trend().frame["break"].tolist() == [False, True]


def test_maps_of_a_pair_that_both_rounds_mapped_are_set_side_by_side(root: Path) -> None:
    assert "Runden har ingen dybdekortlægninger" in open_round("vejviser-2024", root).map_changes().to_markdown()
    for year, told in (
        (2023, [("P1", "1", "tid>ro"), ("P1", "2", "tid>tillid"), ("P2", "1", "tid>ro")]),
        (2024, [("P1", "1", "tillid>ro")]),
    ):
        folder = root / f"rounds/vejviser-{year}"
        for case, wave, link in told:
            write_map(folder / "maps" / f"{case}-{wave}.yaml", case, wave, *link.split(">"))
        source = SOURCE.format(id=f"maps-{year}", type="mappings", path=f"rounds/vejviser-{year}/maps", more="")
        definition = folder / "round.toml"
        definition.write_text(definition.read_text("utf-8") + source, "utf-8")
    changes = open_round("vejviser-2024", root).map_changes()
    assert changes.frame[["case", "link", "change"]].values.tolist() == [
        ["P1", "tid > tillid", "not_named"],
        ["P1", "tillid > ro", "new"],
    ]
    address = "changes/vejviser-2023~vejviser-2024.count.new"
    assert open_round("vejviser-2024", root).cell(address).value == changes.cell(address).value == 1


def test_cases_that_each_round_mapped_once_without_a_wave_are_set_side_by_side(root: Path) -> None:
    for year, direction in ((2023, "promotes"), (2024, "hinders")):
        folder = root / f"rounds/vejviser-{year}"
        head = "case,wave,perspective,cause,effect,direction,strength,informant,quote,source,date"
        (folder / "links.csv").write_text(f"{head}\nP1,,,tid,ro,{direction},,Ali,,,\n", "utf-8")
        source = SOURCE.format(id=f"maps-{year}", type="mappings", path=f"rounds/vejviser-{year}/links.csv", more="")
        definition = folder / "round.toml"
        definition.write_text(definition.read_text("utf-8") + source, "utf-8")
    opened = open_round("vejviser-2024", root)
    assert opened.map_changes().frame[["case", "link", "change"]].values.tolist() == [["P1", "tid > ro", "turned"]]
    assert not opened.changes(), "within a round nothing was asked twice"


def write_map(path: Path, case: str, wave: str, cause: str, effect: str) -> None:
    path.parent.mkdir(exist_ok=True)
    lines = ["schema_version: 1", "kind: synthetic", f"case: {case}", f"wave: '{wave}'", "nodes:"]
    for node in (cause, effect):
        lines += [f"- node: {node}", "  type: factor", f"  label: {node.title()}", "  perspective: refugee", "  named_by: Ali"]
    lines += ["links:", f"- cause: {cause}", f"  effect: {effect}", "  direction: promotes", "  perspective: refugee", "  informant: Ali"]
    path.write_text("\n".join([*lines, "  quote: ''"]) + "\n", "utf-8")


def test_three_waves_of_two_rounds_are_one_trend(root: Path) -> None:
    second = root / "rounds/vejviser-2024"
    for name in ("towns.toml", "towns.csv"):
        text = (second / name).read_text("utf-8")
        (second / f"later-{name}").write_text(text.replace("towns-2023:", "towns-2024:").replace('"towns-2024"', '"towns-later"'), "utf-8")
    later = (second / "later-towns.toml").read_text("utf-8").replace("2024-05-01", "2024-11-01")
    (second / "later-towns.toml").write_text(later, "utf-8")
    rows = (second / "later-towns.csv").read_text("utf-8").splitlines()[:10]
    (second / "later-towns.csv").write_text("\n".join(rows) + "\n", "utf-8")
    source = SOURCE.format(
        id="towns-later",
        type="survey",
        path="rounds/vejviser-2024/later-towns.csv",
        more='questionnaire = "rounds/vejviser-2024/later-towns.toml"',
    )
    definition = second / "round.toml"
    definition.write_text(definition.read_text("utf-8") + source, "utf-8")
    frame = open_round("vejviser-2024", root).trend("refers").frame
    assert frame[["wave", "n"]].values.tolist() == [["towns-2023", 12], ["towns-2024", 12], ["towns-later", 9]]


def test_what_only_one_round_asked_a_side_of_a_pair_is_no_change(root: Path) -> None:
    for year, told in ((2023, [("1", "refugee", "tid>ro"), ("1", "volunteer", "tid>tillid")]), (2024, [("1", "refugee", "tid>ro")])):
        folder = root / f"rounds/vejviser-{year}"
        for wave, side, link in told:
            path = folder / "maps" / f"P1-{wave}-{side}.yaml"
            write_map(path, "P1", wave, *link.split(">"))
            path.write_text(path.read_text("utf-8").replace("refugee", side).replace("Ali", side.title()), "utf-8")
        source = SOURCE.format(id=f"maps-{year}", type="mappings", path=f"rounds/vejviser-{year}/maps", more="")
        definition = folder / "round.toml"
        definition.write_text(definition.read_text("utf-8") + source, "utf-8")
    changes = open_round("vejviser-2024", root).map_changes()
    assert changes.frame[["link", "change"]].values.tolist() == [["tid > ro", "kept"]]
    assert "Kun parter, der har fortalt i begge runder" in changes.note


def test_a_declared_codebook_holds_codes_that_nobody_used_and_refuses_codings_it_lacks(root: Path) -> None:
    first = root / "rounds/vejviser-2023"
    definition = first / "round.toml"
    said = 'path = "rounds/vejviser-2023/codings.csv"'
    definition.write_text(definition.read_text("utf-8").replace(said, f'{said}\ncodebook = "rounds/vejviser-2023/book.csv"'), "utf-8")
    book = first / "book.csv"
    book.write_text("code_path,name\nSprog,Sprog\nArbejde,Arbejde\n", "utf-8")
    assert open_round("vejviser-2023", root).codings.codebook.paths == ["Sprog", "Arbejde"]
    book.write_text("code_path,name\nSprg,Sprg\n", "utf-8")
    with pytest.raises(SchemaError, match="did you mean Sprg"):
        _ = open_round("vejviser-2023", root).codings


def test_a_reading_bears_the_words_of_the_round_that_took_it(root: Path) -> None:
    first = root / "rounds/vejviser-2023/round.toml"
    first.write_text(first.read_text("utf-8").replace('da = "Henviser", en', 'da = "Henviste dengang", en'), "utf-8")
    assert open_round("vejviser-2024", root).goal_trend().to_markdown().count("Henviste dengang") == 1


def test_recommendations_are_followed_up_and_silence_is_unknown(opened: Round) -> None:
    frame = opened.follow_up().frame
    assert frame[["id", "text", "answer", "state", "observed_in"]].values.tolist() == [
        ["A1", "Mål ventetiden", "accepted", "under_way", "vejviser-2024"],
        ["A2", "Saml kurserne", "unknown", "unknown", ""],
        ["A3", "Sig tak", "rejected", "dropped", "vejviser-2024"],
    ]
    assert opened.cell("follow-up.count.unknown").value == 1
    assert "ikke oplyst" in opened.follow_up().to_markdown()
    assert "Vejviser 2024" in opened.follow_up().to_markdown()


def test_a_word_that_is_no_state_is_told_with_its_row(root: Path) -> None:
    advice = root / "rounds/vejviser-2024/advice.csv"
    advice.write_text(advice.read_text("utf-8").replace("Bortfaldet", "Borte"), "utf-8")
    with pytest.raises(Exception, match="vejviser-2024, row 3: state 'Borte' is no known word"):
        open_round("vejviser-2024", root).follow_up()
    lines = advice.read_text("utf-8").splitlines()
    advice.write_text("\n".join([*lines, lines[1]]) + "\n", "utf-8")
    told = [fault for fault in check_round(root, "vejviser-2024").faults if fault.file == "rounds/vejviser-2024/advice.csv"]
    assert {(3, "state 'Borte' is no known word"), (len(lines) + 1, "the recommendation A1 stands twice")} <= {
        (fault.row, fault.what) for fault in told
    }


@pytest.mark.parametrize("lang", ["da", "en"])
def test_without_an_earlier_round_each_is_absent_with_a_sentence(root: Path, lang: str) -> None:
    first = open_round("vejviser-2023", root, lang)
    for absent in (first.theme_trend(), first.goal_trend(), first.follow_up()):
        assert not absent
        assert ("tidligere runde" if lang == "da" else "earlier round") in absent.to_markdown()


def test_an_earlier_round_that_is_not_there_is_told_with_what_was_meant(root: Path) -> None:
    second = root / "rounds/vejviser-2024/round.toml"
    second.write_text(second.read_text("utf-8").replace('round = "vejviser-2023"', 'round = "vejviser-2032"'), "utf-8")
    with pytest.raises(RoundError, match=r"the previous round: there is no round 'vejviser-2032'") as caught:
        _ = open_round("vejviser-2024", root).previous
    assert "vejviser-2023" in caught.value.todo


def test_a_round_that_ends_later_is_no_previous_one(root: Path) -> None:
    first = root / "rounds/vejviser-2023/round.toml"
    text = first.read_text("utf-8").replace("[subgroups]", '[previous]\nround = "vejviser-2024"\n[subgroups]', 1)
    first.write_text(text, "utf-8")
    with pytest.raises(RoundError, match="does not end before this one"):
        _ = open_round("vejviser-2023", root).previous


def test_one_id_for_two_surveys_is_refused(root: Path) -> None:
    for name in ("round.toml", "towns.toml"):
        path = root / "rounds/vejviser-2024" / name
        path.write_text(path.read_text("utf-8").replace('id = "towns-2024"', 'id = "towns-2023"'), "utf-8")
    with pytest.raises(RoundError, match="stands in this round and in an earlier one"):
        open_round("vejviser-2024", root).comparable()
    faults = [fault for fault in check_round(root, "vejviser-2024").faults if "in an earlier one (vejviser-2023)" in fault.what]
    assert [(fault.check, fault.file) for fault in faults] == [("setting", "rounds/vejviser-2024/round.toml")]
    assert "towns-2023-2024" in faults[0].todo


def test_a_file_that_is_called_the_same_every_year_gets_an_id_of_its_own(root: Path) -> None:
    spec = load_spec(root, "vejviser-2024")
    names = {"towns-2023": "towns-2023-2024", "towns-2024": "towns-2024-2", "others": "others"}
    assert {name: free_id(root, spec, name) for name in names} == names


def test_the_chapter_writes_what_there_is(root: Path, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cells = json.loads((project / "notebooks/80-since-last-time.ipynb").read_text("utf-8"))["cells"]
    code = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    monkeypatch.chdir(root)
    out = tmp_path / "out"
    exec(code.replace('out = ""', f'out = "{out}"'), {})
    tables = {path.relative_to(out).as_posix() for path in out.rglob("*.csv")}
    assert {"tables/goal-trend.csv", "tables/theme-trend.csv", "tables/follow-up.csv"} <= {name.replace("da/", "") for name in tables}


def test_who_withdraws_now_has_withdrawn_from_the_round_before_too(root: Path) -> None:
    register = root / "rounds/vejviser-2024/interviews.csv"
    register.write_text(
        register.read_text("utf-8").replace(
            "i2024-0,Ali,i2024-0,refugee,1,2024-05,phone,true", "i2024-0,Ali,i2024-0,refugee,1,2024-05,phone,false"
        ),
        "utf-8",
    )
    opened = open_round("vejviser-2024", root)
    assert opened.cell("theme-trend.dansk.vejviser-2024.persons_affirmed").value == 1
    # Ali spoke in both rounds; Bo alone is left of the two who raised it then.
    assert opened.cell("theme-trend.dansk.vejviser-2023.persons_affirmed").value == 1
    assert opened.previous is not None
    assert "i2023-0" not in set(opened.previous.codings.frame["source"])
    # By itself the earlier round is what its own register says.
    assert "i2023-0" in set(open_round("vejviser-2023", root).codings.frame["source"])


def test_numbers_that_begin_anew_are_other_persons_and_cases(root: Path) -> None:
    for year in (2023, 2024):
        folder = root / f"rounds/vejviser-{year}"
        (folder / "links.csv").write_text("case,cause,effect,direction,informant\nP1,tid,ro,promotes,Ali\n", "utf-8")
        source = SOURCE.format(id=f"maps-{year}", type="mappings", path=f"rounds/vejviser-{year}/links.csv", more="")
        (folder / "round.toml").write_text((folder / "round.toml").read_text("utf-8") + source, "utf-8")
    definition = root / "rounds/vejviser-2024/round.toml"
    text = definition.read_text("utf-8").replace('round = "vejviser-2023"', 'round = "vejviser-2023"\nsame_ids = false')
    definition.write_text(text, "utf-8")
    register = root / "rounds/vejviser-2024/interviews.csv"
    register.write_text(register.read_text("utf-8").replace("refugee,1,2024-05,phone,true", "refugee,1,2024-05,phone,false", 1), "utf-8")
    opened = open_round("vejviser-2024", root)
    # Ali of this year withdrew; another person was called so last year.
    assert opened.cell("theme-trend.dansk.vejviser-2023.persons_affirmed").value == 2
    assert opened.previous is not None
    assert "Ali" not in set(opened.previous.interviews.frame["person"])
    # The link of a P1 that no other round knows is no change; that of this year's Ali is gone.
    assert set(opened.previous.mappings.links["case"]) == {"P1 (vejviser-2023)"}
    # Municipalities are the same every year.
    assert set(opened.previous.surveys["towns-2023"].answers.index) == {str(9801 + n) for n in range(12)}
