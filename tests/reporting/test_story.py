"""What a report tells by itself: a first page, a chapter of findings, and figures that say what they show."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

import vvvresearch as vvv
from vvvresearch.errors import SchemaError
from vvvresearch.evidence import Goal
from vvvresearch.kinds import DataKind
from vvvresearch.reporting import Claims, findings_snippets
from vvvresearch.reporting.claims._story import basis_line, readings_line
from vvvresearch.reporting.readers._digest import digest
from vvvresearch.reporting.staging._material import Material, _show_figures_once
from vvvresearch.reporting.staging._messages import figure_messages, with_messages
from vvvresearch.rounds import RoundSpec
from vvvresearch.rounds._written import Value

ROOT = Path(__file__).parents[2]
GOALS = "| Mål | Måltal |\n|---|---|\n| Kurser | mindst 12 |\n\n: Målene {#tbl-goals-scoreboard}\n"


def finding(number: int, more: str = "") -> str:
    says = f'says.da = "[{number} af 9]{{claim=a.b.c}} er med"\nsays.en = "[{number} of 9]{{claim=a.b.c}}"'
    return f'[[finding]]\nid = "f{number}"\n{says}\n{more}\n'


def advice(number: int, on: str) -> str:
    return f'[[advice]]\nnumber = {number}\nrests_on = ["{on}"]\nto = "municipalities"\ndo.da = "Tæl {number} gange"\ndo.en = "Count"\n'


@pytest.fixture
def made(tmp_path: Path) -> Callable[[str], dict[str, str]]:
    opened = vvv.open_round("demo-2019", root=ROOT)

    def write(text: str) -> dict[str, str]:
        (tmp_path / "findings.toml").write_text(f"schema_version = 1\n{text}", encoding="utf-8")
        return findings_snippets(
            tmp_path, Claims(lambda: opened, "da"), {"tables/goals-scoreboard.md": GOALS, "tables/voices.md": "> Hej\n"}
        )

    return write


def test_the_first_page_has_the_goals_five_findings_and_the_advice_with_its_addressee(made: Callable[[str], dict[str, str]]) -> None:
    text = "".join(finding(number) for number in range(1, 8)) + advice(1, "f1") + advice(2, "f2")
    page = made(text)["findings/summary.md"]
    assert (
        page.index("tbl-summary-goals")
        < page.index("1. [1 af 9]")
        < page.index("5. [5 af 9]")
        < page.index("**Anbefaling 1** (til kommunerne)")
    )
    assert "6 af 9" not in page
    assert "tbl-goals-scoreboard" not in page


def test_each_finding_has_its_figure_what_speaks_against_it_and_its_advice(made: Callable[[str], dict[str, str]]) -> None:
    text = (
        finding(1, 'figure = "kommuner"\nagainst = ["a.b.d", "lederne"]\nquotes = ["voices", "q7"]')
        + finding(2)
        + advice(1, "f1")
        + advice(2, "f2")
    )
    story = made(text)["findings/story.md"]
    first, second = story.split("## ")[1:]
    assert (
        first.index("1 af 9")
        < first.index("include figures/kommuner.md")
        < first.index("include tables/voices.md")
        < first.index("{{< claim a.b.d >}}")
        < first.index("Tæl 1 gange")
    )
    assert "lederne" in first
    assert "q7" not in first
    assert "Tæl 2 gange" in second
    assert "figures/" not in second
    told = digest(f"# Sammenfatning\n\n::: {{.lead}}\nKort.\n:::\n\n{story}\n# Bilag\n\n## Andet\n\nTekst.\n")
    assert told.lead == "Kort."
    assert [len(one.advice) for one in told.findings] == [1, 1]


def test_a_finding_with_a_key_that_findings_do_not_have_is_refused(made: Callable[[str], dict[str, str]]) -> None:
    with pytest.raises(SchemaError, match="evidense"):
        made('[[finding]]\nid = "a"\nevidense = "x"\n')


def test_a_round_without_findings_tells_no_story(made: Callable[[str], dict[str, str]]) -> None:
    assert made("")["findings/story.md"] == ""
    assert "1." not in made("")["findings/summary.md"]


def value(key: str, number: float | None, n: int = 40, figure: str = "f") -> Value:
    return Value(key, {}, number, n, {}, "", "", "", "synthetic", "", figure, about={"da": {"n": f"n = {n} ledere"}})


LABELS = {"s.q.yes": "Ja", "s.q.no": "Nej", "s.l.high": "Høj", "s.l.low": "Lav"}
LABELS |= {"s.area.1": "Nord", "s.area.2": "Syd", "s.coded.1": "Ja", "s.coded.2": "Nej"}


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([value("s.q.yes.count", 6), value("s.q.no.count", 34)], "6 af 40 ledere svarer »Ja«"),
        ([value("s.l.high.count", 6), value("s.l.low.count", 34)], "34 af 40 ledere svarer »Lav«"),
        # The first code is a yes where its label says so, and else one of several places.
        ([value("s.area.1.count", 6), value("s.area.2.count", 34)], "34 af 40 ledere svarer »Syd«"),
        ([value("s.coded.1.count", 6), value("s.coded.2.count", 34)], "6 af 40 ledere svarer »Ja«"),
        # A tie, two questions, and a hidden number have no one message.
        ([value("s.l.high.count", 20), value("s.l.low.count", 20)], ""),
        ([value("s.q.yes.count", 6), value("s.l.low.count", 20)], ""),
        ([value("s.q.yes.count", None), value("s.q.no.count", 34)], ""),
        (
            [value("a~s.q.yes.change", 0.1), value("a~s.q.yes.lower", -0.1), value("a~s.q.yes.upper", 0.3)],
            "Om andelen har ændret sig, kan ikke afgøres: så få svar kan ikke vise det",
        ),
        (
            [
                *(value(f"a~s.q.yes.{name}", number) for name, number in (("change", 0.3), ("lower", 0.1), ("upper", 0.5))),
                *(value(f"a~s.q.yes.{name}", number) for name, number in (("x1", 10), ("n1", 40), ("x2", 22), ("n2", 40))),
                value("a~s.q.yes.p_adjusted", 0.01),
            ],
            "Andelen er steget med 30 procentpoint, fra 10 af 40 til 22 af 40",
        ),
        # It holds in its own table, but not when the round's tables are told together; and what is described was not tested.
        *(
            (
                [
                    *(value(f"a~s.q.yes.{name}", number) for name, number in (("change", 0.3), ("lower", 0.1), ("upper", 0.5))),
                    value("a~s.q.yes.p_adjusted", p),
                ],
                "Om andelen har ændret sig, kan ikke afgøres: så få svar kan ikke vise det",
            )
            for p in (0.02, None)
        ),
        # Those who answered both times go the other way.
        (
            [
                *(value(f"a~s.q.yes.{name}", number) for name, number in (("change", 0.3), ("lower", 0.1), ("upper", 0.5))),
                *(value(f"a~s.q.yes.{name}", number) for name, number in (("panel_change", -0.1), ("p_adjusted", 0.01))),
            ],
            "Om andelen har ændret sig, kan ikke afgøres: så få svar kan ikke vise det",
        ),
    ],
)
def test_a_figure_says_what_its_numbers_say_or_nothing(values: list[Value], message: str) -> None:
    assert figure_messages(values, LABELS, "da", lambda p: p <= 0.01).get("f", "") == message


def test_the_message_opens_the_title_and_leaves_other_figures_alone() -> None:
    page = '![En](figures/a.svg){#fig-a fig-alt="x"}\n\n![To](figures/b.svg){#fig-b}\n'
    assert with_messages(page, {"a": "3 af 4"}) == page.replace("![En]", "![3 af 4. En]")


def test_a_goal_has_a_short_name_that_fits_the_page() -> None:
    words = {"da": "30 kurser", "en": "30 courses"}
    given = {"id": "T", "definition": words, "unit": "course", "type": "number", "target": 30}
    assert Goal.model_validate({**given, "short": words}).short is not None
    with pytest.raises(ValueError, match="at most 35"):
        Goal.model_validate({**given, "short": {"da": "k" * 36, "en": "c"}})


def test_a_chapter_names_the_figure_that_a_finding_showed_and_the_evidence_volume_shows_it_again() -> None:
    drawn = '![Svar](figures/a.svg){#fig-a fig-alt="x"}\n\nn = 3\n\n![Andet](figures/b.svg){#fig-b fig-alt="y"}\n'
    report = "# Fund\n\n{{< include figures/a.md >}}\n\n{{< include pages/30.md >}}\n\n# Bilag {.evidence}\n\n{{< include pages/40.md >}}\n"
    material = Material(
        {"report.qmd": report, "pages/30.md": drawn, "pages/40.md": drawn, "figures/a.md": drawn}, {}, {}, "da", DataKind.REAL, {}
    )
    _show_figures_once(material)
    assert material.texts["pages/30.md"] == drawn.replace('![Svar](figures/a.svg){#fig-a fig-alt="x"}', "Vist ovenfor: @fig-a.")
    assert material.texts["pages/40.md"] == drawn


def test_the_summary_says_what_it_rests_on_and_under_which_reading_a_goal_is_met() -> None:
    asked = {"da": {"group": "Kommuner", "wave": "forår 2022"}, "en": {"group": "Municipalities", "wave": "spring 2022"}}
    late = {"da": {"group": "Kommuner", "wave": "efterår 2022"}, "en": {"group": "Municipalities", "wave": "autumn 2022"}}
    old = {"da": {"group": "Kommuner", "wave": "2021"}, "en": {"group": "Municipalities", "wave": "2021"}}
    sources = [
        {"id": name, "type": kind, "path": "x", "title": {"da": name.capitalize(), "en": name.capitalize()}}
        for name, kind in (("old", "survey"), ("new", "survey"), ("late", "survey"), ("matches", "matches"))
    ]
    goal = {
        "id": "G",
        "definition": {"da": "Udbytte", "en": "Benefit"},
        "unit": "participant",
        "type": "percent",
        "target": 75,
        "readings": [
            {"id": one, "label": {"da": one, "en": one}, "measure": "share", "cell": f"new.q.{one}.share"} for one in ("wide", "narrow")
        ],
    }
    spec = RoundSpec.model_validate(
        tomllib.loads((ROOT / "rounds" / "demo" / "round.toml").read_text(encoding="utf-8")) | {"sources": sources, "goals": [goal]}
    )
    numbers = {"interviews.total.interviews": 12, "interviews.refugee.total.n": 5, "interviews.volunteer.total.n": 7}
    numbers |= {"sources.matches.n": 40, "goals.g.target_share": 0.75, "goals.g.wide.share": 0.83, "goals.g.narrow.share": 0.22}
    values = {key: value(key, number) for key, number in numbers.items()}
    for stem, about in (("old", old), ("new", asked), ("late", late)):
        for name, count in (("answered", 30), ("invited", 44)):
            key = f"{stem}/response.{name}.count"
            values[key] = replace(value(key, count), about=about)
    said = basis_line(spec, values, "en")
    # The largest group of those who were interviewed stands first, and of one group's surveys those of the latest year stand alone.
    order = (
        "interviews.total",
        "interviews.volunteer",
        "interviews.refugee",
        "new/response.answered",
        "new/response.invited",
        "late/",
        "matches",
    )
    assert sorted(order, key=said.index) == list(order)
    assert "old/response" not in said
    # Twelve interviews may be with ten persons, and that is told; with twelve it goes without saying.
    for persons, shown in ((10, True), (12, False)):
        again = basis_line(spec, values | {"interviews.total.persons": value("interviews.total.persons", persons)}, "en")
        assert ("interviews.total.persons" in again) is shown
    told = readings_line(spec, values, "da")
    assert told.index("wide") < told.index("ikke opfyldt") < told.index("narrow")
    assert readings_line(spec, values | {"goals.g.narrow.share": value("goals.g.narrow.share", 0.8)}, "da") == ""
    assert basis_line(spec, {}, "da") == ""
