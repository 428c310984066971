"""A report for each of its readers: the same numbers, a plain page that is easy to read, slides of their own."""

from __future__ import annotations

import re
import tomllib
import zipfile
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pikepdf
import pytest

from vvvresearch.errors import RenderError
from vvvresearch.reporting import check_staged, render
from vvvresearch.reporting._body import lix
from vvvresearch.reporting.readers import READERS, stage_reader
from vvvresearch.reporting.readers._digest import facts_of
from vvvresearch.reporting.readers._write import _numbered, _slide_advice
from vvvresearch.results import Base, Measure, Result
from vvvresearch.rounds import Page, Round, RoundSpec, Value

DEFINITION = """schema_version = 1
id = "trial"
title = { da = "Prøve", en = "Trial" }
languages = ["da", "en"]
report_type = "note"
kind = "real"

[period]
start = 2021-01-01
end = 2021-12-31

[subgroups.statement]
da = "Ikke delt."
en = "Not split."

[[sources]]
id = "havn"
type = "survey"
path = "surveys/trial/havn.csv"
questionnaire = "surveys/trial/havn.toml"
title = { da = "Skema til havnene", en = "Form to the harbours" }
"""
QUESTIONS = """schema_version = 1
id = "havn"
title = { da = "Skema til havnene", en = "Form to the harbours" }
group = { da = "Havne", en = "Harbours" }
wave = { da = "Juni 2021", en = "June 2021" }

[frame]
unit = "leader"
chosen_by = { da = "Alle", en = "All" }
collected = { da = "Pr. brev", en = "By letter" }

[[items]]
id = "boat"
text = { da = "Har I en båd?", en = "Do you have a boat?" }
type = "single"
unit = "leader"
options = [
  { code = "yes", label = { da = "Ja", en = "Yes" } },
  { code = "no", label = { da = "Nej", en = "No" } },
]
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A round with one survey, and what its one chapter made."""
    (tmp_path / "rounds" / "trial").mkdir(parents=True)
    (tmp_path / "surveys" / "trial").mkdir(parents=True)
    (tmp_path / "rounds" / "trial" / "round.toml").write_text(DEFINITION, encoding="utf-8")
    (tmp_path / "surveys" / "trial" / "havn.toml").write_text(QUESTIONS, encoding="utf-8")
    (tmp_path / "surveys" / "trial" / "havn.csv").write_text(
        "respondent,boat\n" + "".join(f"{number},{'yes' if number < 26 else 'no'}\n" for number in range(41)), encoding="utf-8"
    )
    spec = RoundSpec.model_validate(tomllib.loads(DEFINITION))
    page = Page(Round(spec, tmp_path), "30-surveys", tmp_path / "run")
    base = Base(41, "leader", group="Havne", wave="Juni 2021", source="Skema", question="Har I en båd?", asked=44, answered=41)
    frame = pd.DataFrame({"item": ["boat"] * 2, "code": ["yes", "no"], "count": [26, 15], "n": [41, 41]})
    result = Result(
        frame=frame,
        base=base,
        title="Både",
        at="havn",
        keys=("item", "code"),
        measures=(Measure("count"), Measure("n"), Measure("share", "share", count="count")),
    )
    page.add("boat", result)
    return tmp_path


def staged(root: Path, reader: str, lang: str = "da", report: str = "# Fund\n\nSkriv fundet her.\n") -> Path:
    name = "report.qmd" if lang == "da" else f"report.{lang}.qmd"
    (root / "rounds" / "trial" / name).write_text(report, encoding="utf-8")
    return stage_reader(root, "trial", lang, root / "run", root / f"stage-{reader}-{lang}", reader)


@pytest.mark.parametrize("reader", [reader for reader in READERS if reader != "full"])
@pytest.mark.parametrize("lang", ["da", "en"])
def test_every_reader_gets_the_count_that_the_round_has_though_nobody_wrote_a_word(workspace: Path, reader: str, lang: str) -> None:
    folder = staged(workspace, reader, lang)
    check_staged(folder)
    said = re.sub(r"\[([^\[\]]*)\]\([^()]*\)\{\.value\}", r"\1", (folder / f"{reader}.qmd").read_text(encoding="utf-8"))
    assert re.search(r"\b26\b", said)
    assert re.search(r"\b41\b", said)
    assert not re.search(r"\b(?:25|27|42)\b", said.replace("25", "", 1) if reader == "plain" else said)
    assert "{{< var" not in said


def test_a_plain_page_has_whole_counts_and_says_its_lix(workspace: Path) -> None:
    folder = staged(workspace, "plain")
    said = (folder / "plain.qmd").read_text(encoding="utf-8")
    assert "%" not in said
    assert "De sidste 15" in said
    shown = re.search(r"Lix: (\d+)\.", said)
    assert shown is not None
    assert int(shown[1]) < 25
    assert "size: 14pt" in (folder / "_meta.typ").read_text(encoding="utf-8")


def test_a_plain_page_that_is_hard_to_read_or_says_a_share_is_refused_with_its_hardest_sentence(workspace: Path) -> None:
    own = workspace / "rounds" / "trial" / "plain.qmd"
    hard = "Kommunernes integrationsmedarbejdere vurderer frivilligindsatsens betydning som overordentlig tilfredsstillende."
    own.write_text(f"# Kort\n\n{hard}\n", encoding="utf-8")
    with pytest.raises(RenderError, match="LIX") as caught:
        staged(workspace, "plain")
    assert "integrationsmedarbejdere" in caught.value.why
    own.write_text("# Kort\n\nVi ser {{< var havn.boat.yes.share >}}.\n", encoding="utf-8")
    with pytest.raises(RenderError, match="whole counts") as caught:
        staged(workspace, "plain")
    assert "line 3: havn.boat.yes.share" in caught.value.why


def test_a_version_that_somebody_wrote_is_taken_and_its_typed_numbers_are_refused(workspace: Path) -> None:
    own = workspace / "rounds" / "trial" / "press.qmd"
    own.write_text("# Nyt\n\n{{< var havn.boat.yes.count >}} havne har en båd.\n", encoding="utf-8")
    assert "[26](#n-havn.boat.yes.count){.value} havne" in (staged(workspace, "press") / "press.qmd").read_text(encoding="utf-8")
    own.write_text("# Nyt\n\nDer er 26 både.\n", encoding="utf-8")
    with pytest.raises(RenderError, match="not bound"):
        staged(workspace, "press")


def test_slides_hold_the_same_count_in_powerpoint_and_every_slide_says_that_it_is_a_draft(workspace: Path) -> None:
    (path,) = render(staged(workspace, "slides"), formats=("pptx",), engine="embedded")
    with zipfile.ZipFile(path) as archive:
        slides = [archive.read(name).decode() for name in archive.namelist() if re.fullmatch(r"ppt/slides/slide\d+\.xml", name)]
    texts = ["".join(re.findall(r"<a:t>([^<]*)</a:t>", slide)) for slide in slides]
    told = [text for text in texts if "26" in text]
    assert told
    # The title slide too.
    assert all("udkast" in text for text in texts)


def test_the_slide_of_a_finding_carries_its_figure_with_message_base_source_kind_and_its_words_for_those_who_do_not_see_it(
    workspace: Path,
) -> None:
    drawn = workspace / "run" / "figures" / "da"
    drawn.mkdir(parents=True)
    told = "<desc>Ja 26, nej 15\nn = 41 ledere.\nKilde: Skema\nData: Virkelige data</desc>"
    for name in ("boat.svg", "boat.narrow.svg"):
        (drawn / name).write_text(f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">{told}<path d="M0 0h9v9z"/></svg>')
    (drawn / "boat.md").write_text('![[26 af 41 svarer ja.]{.message} Både?](figures/boat.svg){#fig-boat fig-alt="Ja 26, nej 15"}\n')
    report = "# Fund {#sec-findings}\n\n## [26 af 41 ledere]{claim=havn.boat.yes} har en båd\n\n{{< include figures/boat.md >}}\n"
    folder = staged(workspace, "slides", report=report)
    paths = render(folder, formats=("pptx", "pdf"), engine="embedded")
    with zipfile.ZipFile(next(path for path in paths if path.suffix == ".pptx")) as archive:
        slides = [archive.read(name).decode() for name in archive.namelist() if re.fullmatch(r"ppt/slides/slide\d+\.xml", name)]
    (shown,) = [slide for slide in slides if "<p:pic>" in slide]
    words = " ".join(re.findall(r"<a:t>([^<]*)</a:t>", shown))
    assert re.search('descr="[^"]*Ja 26, nej 15', shown)
    assert "Ja 26, nej 15" not in words
    for part in ("26 af 41 ledere har en båd", "svarer »Ja«. Både?", "n = 41 ledere.", "Kilde: Skema.", "Data: Virkelige data.", "udkast"):
        assert part in words


def test_slides_on_paper_are_wide_one_heading_each_and_need_no_number_where_there_is_one(workspace: Path) -> None:
    folder = staged(workspace, "slides")
    assert "\n# Tal fra runden\n" in "\n" + (folder / "slides.qmd").read_text(encoding="utf-8")
    (path,) = render(folder, formats=("pdf",), engine="embedded")
    with pikepdf.open(path) as pdf:
        boxes = [[float(number) for number in page.mediabox] for page in pdf.pages]
    assert len(boxes) == 2
    assert all(box[2] > 1.7 * box[3] for box in boxes)


def test_a_plain_page_opens_with_the_programme_and_names_no_other(workspace: Path) -> None:
    said = (staged(workspace, "plain") / "plain.qmd").read_text(encoding="utf-8")
    assert "En ven viser vej" in said
    (workspace / "programme.toml").write_text(
        """schema_version = 1
name = { da = "Læsevenner", en = "Reading" }
halves = ["pupil", "reader"]
plain = { da = "Du kan læse med en voksen.", en = "You can read with someone." }
[groups.pupil]
label = { da = "Elever", en = "Pupils" }
one = { da = "elev", en = "pupil" }
[groups.reader]
label = { da = "Læsere", en = "Readers" }
one = { da = "læser", en = "reader" }
""",
        encoding="utf-8",
    )
    other = (staged(workspace, "plain") / "plain.qmd").read_text(encoding="utf-8")
    assert "Du kan læse med en voksen." in other
    assert "ven" not in re.findall(r"[a-zæøå]+", other)


def test_of_two_answers_that_as_many_gave_neither_is_told_as_what_most_said() -> None:
    about = {"da": {"question": "Hvor?", "n": "n = 8 havne"}}
    values = [
        Value(f"h.q.{code}.share", {"da": "x"}, 0.5, 8, {}, "", "", "", "real", "", "", count=count, about=about)
        for code, count in (("a", 4), ("b", 4))
    ]
    labels = {"h.q.a": "Nord", "h.q.b": "Syd"}
    assert facts_of(values, labels, "da") == []
    (fact,) = facts_of([replace(values[0], count=5), values[1]], labels, "da")
    assert (fact.answer, fact.count, fact.n) == ("Nord", 5, 8)


def test_an_unknown_reader_is_named_with_the_nearest(workspace: Path) -> None:
    with pytest.raises(RenderError) as caught:
        staged(workspace, "pres")
    assert "press" in caught.value.todo


@pytest.mark.parametrize(
    ("text", "number"),
    [("Vi ser to. De er her.", 3.0), ("Kommunerne henviser flygtninge.", 103.0), ("Ja", 1.0), ("", 0.0)],
)
def test_lix_is_words_to_a_sentence_and_the_percentage_of_words_over_six_letters(text: str, number: float) -> None:
    assert lix(text) == number


def test_an_advice_keeps_its_own_number_and_is_numbered_once() -> None:
    own = "**Anbefaling 7** (til kommunerne): Spørg igen."
    assert _numbered(own, "da") == ("7", "(til kommunerne): Spørg igen.")
    assert _numbered("**Recommendation 12** (to us): Ask.", "en") == ("12", "(to us): Ask.")
    assert _numbered("Spørg **Anbefaling 7** igen.", "da") == ("", "Spørg **Anbefaling 7** igen.")
    assert _slide_advice(own, "da") == "**Råd 7** (til kommunerne): Spørg igen."
    assert _slide_advice("Spørg igen.", "da") == "**Råd:** Spørg igen."


def test_an_answer_that_only_says_which_one_it_was_is_no_finding() -> None:
    def value(item: str, question: str) -> Value:
        about = {"da": {"question": question, "n": "n = 36 deltagere"}}
        said = {"da": "", "en": ""}
        return Value(f"s.{item}.a.share", said, 0.5, 36, said, "", "", "", "real", "", "", count=18, about=about)

    given = [value("course", "Kursus"), value("new", "Har kurset givet dig ny viden?")]
    labels = {"s.course.a": "Kursus 2", "s.new.a": "I høj grad"}
    assert [fact.address for fact in facts_of(given, labels, "da")] == ["s.new.a.count"]
