"""Goals in words: what a sentence says is read, what it does not say is asked, and years, ages and lengths are no targets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vvvresearch.evidence import read_programme
from vvvresearch.intake import Proposal, propose
from vvvresearch.intake._goal_words import read_goal

PERCENT, NUMBER = True, False


@pytest.mark.parametrize(
    ("words", "targets", "direction", "unit", "as_of"),
    [
        ("Mindst 80 pct. af kursisterne har fået en ven", [(80, PERCENT)], "at_least", "participant", ""),
        ("1.200 borgere er matchet senest 31. december 2026", [(1200, NUMBER)], "at_least", "person", "2026-12-31"),
        ("Højst 12,5 % af matchene slutter inden for 6 måneder", [(12.5, PERCENT)], "at_most", "match", ""),
        ("Færre end 10 kommuner står uden tilbud i 2027", [(10, NUMBER)], "below", "municipality", "2027"),
        ("At least 40 local groups are running by June 2026", [(40, NUMBER)], "at_least", "group", "2026-06"),
        ("70 procent af de frivillige ledere bliver længere end 2 år", [(70, PERCENT)], "at_least", "leader", ""),
    ],
)
def test_a_sentence_is_read_as_people_write_it(
    words: str, targets: list[tuple[float, bool]], direction: str, unit: str, as_of: str
) -> None:
    found = read_goal(words)
    assert [*found.targets] == targets
    assert (found.direction, found.unit, found.as_of) == (direction, unit, as_of)


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("Deltagerne får et større netværk", "targets"),
        ("60-70 % af deltagerne gennemfører", "targets"),
        ("25 aftaler med kommuner", "unit"),
        ("Frafaldet reduceres til 10 % af matchene", "direction"),
        ("Mere end 50 % af borgerne møder nye mennesker", "direction"),
    ],
)
def test_what_a_sentence_does_not_say_is_left_open(words: str, asked: str) -> None:
    found = read_goal(words)
    assert {"targets": len(found.targets) != 1, "unit": not found.unit, "direction": not found.direction}[asked]


@given(st.integers(1, 100), st.sampled_from(["%", " %", " pct.", " procent"]), st.integers(2019, 2035))
def test_a_year_is_never_the_target_however_the_share_is_written(share: int, sign: str, year: int) -> None:
    found = read_goal(f"Ved udgangen af {year} kender {share}{sign} af deltagerne en dansker")
    assert found.targets == ((share, True),)
    assert found.as_of == str(year)


@pytest.mark.parametrize("name", ["maal.txt", "maal.xlsx"])
def test_a_list_of_goals_is_known_from_its_words_alone(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    if path.suffix == ".txt":
        path.write_text(
            "Mål:\n1. 65 % af deltagerne taler mere dansk\n2. 40 kommuner er med inden 2026\n3. Flere venskaber\n", encoding="cp1252"
        )
    else:
        book = openpyxl.Workbook()
        for row in (
            ["Målsætning", "Måltal"],
            ["Deltagerne taler mere dansk", "65 %"],
            ["Kommuner er med i 2026", 40],
            ["Flere venskaber", None],
        ):
            book.worksheets[0].append(row)
        book.save(path)
    found: Proposal = propose(path, programme=read_programme(Path(".")))
    decided = {one.id: one.value for one in found.decided}
    assert found.kind == "goals"
    assert decided["goal.1.target"] == "65 %"
    assert "goal.3.target" in {one.id for one in found.questions}


def test_a_bare_number_beside_a_sentence_may_be_a_percentage_and_is_asked(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Mål;Måltal;Indikator\nDeltagerne får flere venner;75;Skema\nBorgerne kender byen bedre;0,5;Skema\n", encoding="utf-8")
    asked = {one.id: [value for value, _ in one.choices] for one in propose(path, programme=read_programme(Path("."))).questions}
    assert {"75", "75 %"} <= {*asked["goal.1.target"]}
    assert "50 %" in asked["goal.2.target"]


@pytest.mark.parametrize(
    ("words", "when", "as_of"),
    [
        ("Nye match i første halvår 2026", "", "2026-H1"),
        ("New pairs in the second half of 2026", "2026", "2026-H2"),
        ("Grønne kommuner", "3. kvartal 2026", "2026-Q3"),
        ("Municipalities in the red category", "2026 Q2", "2026-Q2"),
        ("Aktive par", "31-12-2026", "2026-12-31"),
        ("Kommuner, der er kommet til siden maj 2025", "", ""),
    ],
)
def test_half_years_and_quarters_are_times_and_a_time_since_which_is_none(words: str, when: str, as_of: str) -> None:
    assert read_goal(words, "12", when).as_of == as_of


def test_direction_unit_and_time_of_a_goal_may_stand_in_columns_of_their_own(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (
        ["Goal", "Target", "Direction", "Unit", "Measured on"],
        ["Pairs that break off", "12 %", "at most", "pairs", "31 December 2026"],
        ["Pairs that begin", 30, "at least", "pairs", "2026 H1"],
        ["Places without the offer", 8, "at most", "municipalities", "2026"],
    ):
        book.worksheets[0].append(row)
    book.save(tmp_path / "goals.xlsx")
    found: Proposal = propose(tmp_path / "goals.xlsx", programme=read_programme(Path(".")))
    decided = {one.id: one.value for one in found.decided}
    names = ("target", "direction", "unit", "as_of")
    assert [[decided.get(f"goal.{number}.{name}") for name in names] for number in (1, 2, 3)] == [
        ["12 %", "at_most", "match", "2026-12-31"],
        ["30", "at_least", "match", "2026-H1"],
        ["8", "at_most", "municipality", "2026"],
    ]


def test_a_number_in_words_says_whether_a_bare_target_is_a_share() -> None:
    assert read_goal("Six workshops are held", "6").targets == ((6.0, False),)
    assert read_goal("Tyve procent af gruppen bliver aktive", "20").targets == ((20.0, True),)
    assert len(read_goal("Workshops are held", "6").targets) == 2


@pytest.mark.parametrize(
    ("words", "targets", "direction"),
    [
        ("Højst hver femte afsluttede relation må være afbrudt", [(20, PERCENT)], "at_most"),
        ("Fewer than one in six ended matches to have broken down", [(16.6666, PERCENT)], "below"),
        ("At most one in six matches is broken off", [(16.6667, PERCENT)], "at_most"),
        ("Mindst to tredjedele af de henviste er matchet inden for tre måneder", [(66.6666, PERCENT)], "at_least"),
        ("No fewer than 45 friendships started during 2024", [(45, NUMBER)], "at_least"),
        ("Ended friendships in 2024 do not exceed 45", [(45, NUMBER)], "at_most"),
        ("Den mediane ventetid fra henvisning til match må ikke overstige 60 dage", [(60, NUMBER)], "at_most"),
        ("Median wait from referral to match under three weeks", [(21, NUMBER)], "below"),
        ("Two running matches or more in every town", [(2, NUMBER), (100, PERCENT)], "at_least"),
        ("Hver klub har mindst tre trænere", [(3, NUMBER), (100, PERCENT)], "at_least"),
        ("Et netværk for alle", [], ""),
        ("4 of the 6 firms take part", [(4, NUMBER), (66.6666, PERCENT)], "at_least"),
        ("60 boys and 60 girls join a club", [(60, NUMBER), (120, NUMBER)], "at_least"),
        ("5 more clubs than in 2025", [], ""),
        ("Andelen uden job falder fra 40 % til 25 %", [(25, PERCENT)], "at_most"),
        ("The number of clubs does not fall below 30", [(30, NUMBER)], "at_least"),
        ("Nobody waits longer than 8 weeks", [(56, NUMBER), (0, PERCENT)], ""),
        ("Antallet af henvisninger stiger fra 60 til 75", [(75, NUMBER)], "at_least"),
        ("Antallet af igangværende match pr. 30/6 2024 er på minimum 50", [(50, NUMBER)], "at_least"),
        ("Der er aftaler med 12 ud af 14 kommuner", [(12, NUMBER), (85.7142, PERCENT)], "at_least"),
        ("No municipality has fewer than two active matches", [(2, NUMBER), (0, PERCENT)], ""),
        ("Fewer than one started pair in five is broken off early", [(20, PERCENT)], "below"),
        ("Færre end ét påbegyndt forløb ud af ti afbrydes", [(10, PERCENT)], "below"),
        ("Mindst tre møder i fem kommuner", [(3, NUMBER), (5, NUMBER)], "at_least"),
        ("Two new groups in four towns", [(2, NUMBER), (4, NUMBER)], "at_least"),
        ("Medianen af de afsluttede forløb er højst 150 dage", [(150, NUMBER)], "at_most"),
        ("Median wellbeing at exit is 21 or higher", [(21, NUMBER)], "at_least"),
    ],
)
def test_fractions_negations_and_lengths_of_time_give_the_target_and_its_side(
    words: str, targets: list[tuple[float, bool]], direction: str
) -> None:
    found = read_goal(words)
    assert [*found.targets] == targets
    assert found.direction == direction


@pytest.mark.parametrize(
    ("words", "times", "direction", "since", "as_of"),
    [
        ("Antallet af nye match skal fordobles fra 2023 til 2024", "2", "at_least", "2023", "2024"),
        ("Andelen af relationer, der afbrydes, halveres fra 2023 til 2024", "1/2", "at_most", "2023", "2024"),
        ("Number of referrals in 2024 maintained at the 2023 level", "1", "at_least", "2023", "2024"),
        ("Antallet af aktive match fastholdes på niveauet ved udgangen af 2023", "1", "at_least", "2023", ""),
        ("Der indgås 20 % flere match i 2024 end i 2023", "6/5", "at_least", "2023", "2024"),
        ("New matches up by a quarter from 2023 to 2024", "5/4", "at_least", "2023", "2024"),
        ("Frafaldet reduceres med 20 % fra 2023 til 2024", "4/5", "at_most", "2023", "2024"),
    ],
)
def test_a_goal_that_is_a_change_has_no_number_of_its_own_but_a_factor_and_two_times(
    words: str, times: str, direction: str, since: str, as_of: str
) -> None:
    found = read_goal(words)
    assert not found.targets
    assert (str(found.times), found.direction, found.since, found.as_of) == (times, direction, since, as_of)


def test_a_column_of_sentences_is_a_list_of_goals_and_one_between_two_numbers_is_two_that_are_judged_together(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Nr.;Målsætning\n1;Der holdes mellem 8 og 12 kurser\n2;Højst hver femte relation afbrydes\n", encoding="utf-8")
    found: Proposal = propose(path, programme=read_programme(Path(".")))
    decided = {one.id: one.value for one in found.decided}
    sides = [(decided[f"goal.{number}.target"], decided[f"goal.{number}.direction"]) for number in (1, 2, 3)]
    assert sides == [("8", "at_least"), ("12", "at_most"), ("20 %", "at_most")]
    assert decided["goal.1.part_of"] == decided["goal.2.part_of"] == "Der holdes mellem 8 og 12 kurser"
    assert "goal.3.part_of" not in decided


def decisions(words: str, **columns: Any) -> dict[str, object]:
    """What is taken of a sentence without asking: target, side, unit and time, each only where it is sure."""
    found = read_goal(words, **columns)
    single = len(found.targets) == 1 and found.sure and found.times is None
    return {
        "target": found.targets[0] if single else None,
        "direction": found.direction or None,
        "unit": found.unit or None,
        "as_of": found.as_of or None,
    }


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("Projektet når ud til 300 børn, heraf mindst 40 % drenge", "target"),
        ("Three courses per quarter, with an average of at least 12 participants", "target"),
        ("Fastholdelsen efter 6, 12 og 24 måneder er 80, 60 og 40 %", "target"),
        ("90 samtalevenner er fundet; de 60 er begyndt", "target"),
        ("Double the 35 active pairs that we had in 2025", "target"),
        ("The proportion of volunteers under 25 rises by at least 4 points", "target"),
        ("The proportion of volunteers under 25 rises by at least 4 points", "direction"),
        ("Municipal satisfaction: 90+ % are content", "target"),
        ("Andelen af kommuner, der bruger værktøjet, når op på 80", "target"),
        ("5 % of sessions are cancelled", "direction"),
        ("En femtedel af parrene får afslag", "direction"),
        ("Volunteers under 25 make up 60 % of all", "direction"),
        ("Kommunen forventer, at 9 klubber er med", "unit"),
        ("40 kommunekontakter svarer", "unit"),
        ("300 volunteer hours are given", "unit"),
        ("65 % af dem, der deltog i 2025, taler bedre dansk", "as_of"),
        ("Half of the pairs formed in 2025 are still in touch", "as_of"),
        ("I skoleåret 2026/27 har 40 elever en ven", "as_of"),
        ("40 frivillige i 2026 og 55 i 2027", "as_of"),
    ],
)
def test_what_may_be_meant_in_two_ways_is_asked(words: str, name: str) -> None:
    assert decisions(words)[name] is None


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("85 pct. af kursusdeltagerne er tilfredse", {"target": (85, PERCENT), "unit": "participant"}),
        ("Antallet af kommuner med en koordinator vokser fra 8 til 14", {"target": (14, NUMBER), "direction": "at_least"}),
        ("Ventetiden skal ned fra 12 uger til 5", {"target": (35, NUMBER), "direction": "at_most"}),
        ("Turnover is kept at or below 15 % a year", {"target": (15, PERCENT), "direction": "at_most"}),
        ("Afbrudte forløb: maks. 12 pr. kvartal", {"target": (12, NUMBER), "direction": "at_most", "unit": "match"}),
        ("Half of the municipalities that had none in 2025 have one by 2028", {"target": (50, PERCENT), "as_of": "2028"}),
        ("0 borgere venter ved udgangen af 2026", {"target": (0, NUMBER), "direction": "at_most", "as_of": "2026"}),
        ("100 borgere over 80 år cykler", {"target": (100, NUMBER), "direction": "at_least", "unit": "person"}),
        ("Der er 60 læsepar i gang", {"target": (60, NUMBER), "unit": "match"}),
        ("Mindst 15 par i hver af de fire deltagerkommuner", {"direction": "at_least", "unit": "match"}),
    ],
)
def test_what_is_sure_is_not_asked(words: str, expected: dict[str, object]) -> None:
    assert decisions(words) | expected == decisions(words)


def test_what_is_to_be_described_has_no_number_and_is_not_asked_for_one(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "Goal;Target;Measured by\nLodgers feel at home;to be told from interviews;interviews\nMore walks;40 walks;diary\n", "utf-8"
    )
    found = propose(path, programme=read_programme(Path(".")))
    assert {one.id: one.value for one in found.decided}["goal.1.target"] == "-"
    assert not [one.id for one in found.questions if one.id.startswith("goal.1.")]


def test_a_goal_with_a_heading_of_its_own_is_no_talk_between_people(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Frivillige: mindst 40 i 2031\nHøjst 10 % falder fra\nMindst 20 kurser\n60 par i gang\n", encoding="utf-8")
    assert propose(path, programme=read_programme(Path("."))).kind == "goals"


@pytest.mark.parametrize(
    ("words", "columns", "expected"),
    [
        ("Mentors aged under 30", {"target": "one in four"}, {"target": (25, PERCENT), "direction": None}),
        ("Kommunen overtager klubberne", {"target": "mindst 10 klubber"}, {"target": (10, NUMBER), "unit": None}),
        ("Besøgspar, der holder et år", {"target": "0,7", "plain": True}, {"target": None}),
        ("Egenbetaling i pct. af udgiften", {"target": "40", "plain": True}, {"target": (40, PERCENT)}),
        ("Lokale medier med omtale", {"target": "+ 20 % i forhold til 2025"}, {"target": None, "direction": None}),
        ("Alle kommuner med et værksted betaler mindst 25 %", {}, {"target": None}),
        ("Hver vært har i gennemsnit højst fem gæster", {}, {"target": None, "unit": None}),
        ("Skills score among learners", {"target": "4.3"}, {"unit": None}),
        ("Serious incidents", {"target": "zero", "plain": True}, {"target": (0, NUMBER), "direction": "at_most"}),
        ("Cost per learner", {"target": "not more than £650"}, {"direction": "at_most"}),
        ("60 pct. af bibliotekslederne er tilfredse", {}, {"unit": None}),
        ("Andelen af mænd skal op på 45 pct. mod 31 pct. i 2024", {}, {"as_of": None}),
        (
            "Growth in active groups",
            {"target": "from 12 to 20 by the end of 2026", "plain": True},
            {"target": (20, NUMBER), "as_of": "2026"},
        ),
    ],
)
def test_what_stands_with_a_target_is_read_with_it(words: str, columns: dict[str, Any], expected: dict[str, object]) -> None:
    assert decisions(words, **columns) | expected == decisions(words, **columns)


def test_several_columns_of_targets_are_asked_for_and_each_may_be_a_goal(tmp_path: Path) -> None:
    path = tmp_path / "kpi.csv"
    path.write_text("KPI,Yr 1,Yr 3\nWalking groups up and running,at least 20,at least 55\nWalks without any leader,<10%,<5%\n", "utf-8")
    programme = read_programme(Path("."))
    asked = propose(path, programme=programme, kind="goals")
    assert asked.questions[0].id == "role.target"
    assert [choice for choice, _ in asked.questions[0].choices] == ["yr-1", "yr-3", "+"]
    for answer, targets in (("yr-3", ["55", "5 %"]), ("+", ["20", "10 %", "55", "5 %"])):
        made = propose(path, programme=programme, kind="goals", roles={"target": answer})
        assert [one.value for one in made.decided if one.id.endswith(".target")] == targets


TABLES = {
    # An application's table: the number of the row, where it stands today and how it is counted stand beside the goal and its target.
    "a.csv": (
        "Nr.;Succeskriterium;Udgangspunkt;Resultatmål;Målemetode;Opgøres\n"
        "1.1;Borgere, der gennemfører et forløb;40 %;70 %;Registrering;2031\n"
        "1.2;Borgere, der falder fra;30 %;Maks. 15 %;Registrering;Forår 2031\n"
        "1.3;Kommuner med en aftale;2;6;Underskrevne aftaler;31.12.2030\n",
        [("70 %", "at_least", "person", "2031"), ("15 %", "at_most", "person", None), ("6", "at_least", "municipality", "2030-12-31")],
    ),
    # A logframe: what is lower than today's number is asked its side, what has no such sign is reached.
    "b.csv": (
        "Level,Objectively verifiable indicator,Baseline (2029),Milestone 2030,Target 2031,Assumptions\n"
        "Outcome 1,# of volunteers walking every week,20,35,60,People stay\n"
        "Outcome 2,% of citizens not contacted within two weeks,40%,20%,10%,\n"
        "Output 2.1,Municipalities that pay for a place,0,2,4,Elections do not matter much here\n",
        [("60", "at_least", "person", "2031"), ("10 %", None, "person", "2031"), ("4", "at_least", "municipality", "2031")],
    ),
}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_of_goals_has_its_goals_and_targets_where_headings_or_cells_prove_them(name: str, tmp_path: Path) -> None:
    content, expected = TABLES[name]
    (tmp_path / name).write_text(content, encoding="utf-8")
    found = propose(tmp_path / name, programme=read_programme(Path(".")), kind="goals")
    decided = {one.id: one.value for one in found.decided}
    names = ("target", "direction", "unit", "as_of")
    assert [tuple(decided.get(f"goal.{number}.{one}") for one in names) for number in (1, 2, 3)] == expected


def test_columns_that_no_heading_tells_are_asked_once_and_nothing_is_taken_before(tmp_path: Path) -> None:
    path = tmp_path / "kpi.csv"
    path.write_text(
        "What we watch,Target Y1,Target Y2/2032,Next step this autumn\nWalking groups up and running,20,55,Ask the housing company again\n"
        "Walks without any leader,10%,5%,Train two more of the leaders\n",
        "utf-8",
    )
    programme = read_programme(Path("."))
    asked = propose(path, programme=programme, kind="goals")
    assert [one.id for one in asked.questions] == ["role.goal", "role.target"]
    assert [one.id for one in asked.decided] == ["kind"]
    made = propose(path, programme=programme, kind="goals", roles={"goal": "what-we-watch", "target": "target-y1"})
    assert [one.value for one in made.decided if one.id.endswith((".text", ".target"))] == [
        "Walking groups up and running", "20", "Walks without any leader", "10 %",
    ]  # fmt: skip
