"""Files of a programme that nobody has seen, under headings made of its own words: dinner guests and hosts."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from books import book
from workspaces import write_empty_round

from vvvresearch.evidence import Programme, read_questionnaire, venner_viser_vej
from vvvresearch.intake import load_map, normalised, propose, save_map, settle
from vvvresearch.intake._scales import scale_of
from vvvresearch.rounds import add_source, load_spec, open_round

GUEST = {"label": {"da": "Spisegæster", "en": "Dinner guests"}, "one": {"da": "spisegæst", "en": "dinner guest"}}
HOST = {"label": {"da": "Værter", "en": "Hosts"}, "one": {"da": "vært", "en": "host"}}
PROGRAMME = Programme.model_validate(
    {
        "schema_version": 1,
        "name": {"da": "Spisevenner", "en": "Dining friends"},
        "halves": ["guest", "host"],
        "groups": {"guest": GUEST, "host": HOST},
    }
)


@pytest.mark.parametrize(("first", "last"), [("Første måltid", "Sidste måltid"), ("First dinner", "Last dinner")])
def test_first_and_last_meetings_of_pairs_are_a_register_of_matches(first: str, last: str, tmp_path: Path) -> None:
    day = datetime.date(2027, 1, 4)
    rows = [[n, f"G{n}", f"V{n}", day, day + datetime.timedelta(n) if n % 2 else None] for n in range(1, 11)]
    found = propose(book(tmp_path / "a.xlsx", [["Par nr.", "Gæst", "Vært", first, last], *rows]), programme=PROGRAMME)
    assert (found.kind, found.questions) == ("matches", ())
    read = normalised(found.path, settle(found)).frames["matches"]
    assert read["match"].tolist() == [str(n) for n in range(1, 11)]
    assert (read["refugee"].tolist(), read["volunteer"].tolist()) == ([row[1] for row in rows], [row[2] for row in rows])
    assert (read["end"] != "").tolist() == [bool(n % 2) for n in range(1, 11)]


def test_a_name_of_a_quotation_is_never_taken_for_its_text(tmp_path: Path) -> None:
    said = [f"Jeg glæder mig til torsdag, og det gør vi andre {n} også." for n in range(8)]
    rows = [[f"1:{n}", f"{words[:22]}…", words, f"I{n % 3}", "Tryghed" if n % 2 else "Appetit"] for n, words in enumerate(said)]
    path = book(tmp_path / "a.xlsx", [["ID", "Quotation Name", "Text Content", "Document", "Codes"], *rows])
    found = propose(path, programme=PROGRAMME)
    assert (found.kind, found.questions) == ("codings", ())
    assert normalised(path, settle(found)).frames["codings"]["quote"].tolist() == said


@pytest.mark.parametrize("waves", [["1. besøg", "2. besøg"], ["1. besøg"]])
def test_who_was_interviewed_twice_is_asked_where_the_cells_show_it(waves: list[str], tmp_path: Path) -> None:
    people = [(role, f"{role[0]}{n}") for n in range(1, 6) for role in ("Spisegæst", "Vært")]
    every = [(wave, *one) for wave in waves for one in people]
    rows: list[list[Any]] = [[n, role, code, wave, "ja"] for n, (wave, role, code) in enumerate(every, start=1)]
    path = book(tmp_path / "oversigt.xlsx", [["Nr.", "Hvem", "Mærke", "Besøg", "Må citeres"], *rows])
    found = propose(path, programme=PROGRAMME)
    asked = {one.id: [choice for choice, _ in one.choices] for one in found.questions}
    assert asked == ({"role.person": ["maerke", "-"]} if len(waves) == 2 else {})
    if asked:
        read = normalised(path, settle(found, {"role.person": "maerke"})).frames["interviews"]
        assert read["person"].nunique() == len(people)


@pytest.mark.parametrize(
    "labels",
    [
        ["Meget glad", "Glad", "Hverken/eller", "Ikke særlig glad", "Slet ikke glad"],
        ["Very proud", "Proud", "Not very proud", "Not at all proud"],
        ["Meget tryg", "Tryg", "Mindre tryg", "Utryg", "Meget utryg"],
    ],
)
def test_degrees_and_denials_of_any_word_are_a_scale_in_its_true_order(labels: list[str]) -> None:
    found = scale_of([*labels[2:], *labels[:2], "Ved ikke"])
    assert (list(found.order), found.sure, found.middle) == (labels, True, "Hverken/eller" if "Hverken/eller" in labels else "")


@pytest.mark.parametrize(
    ("key", "keyed", "first", "last"),
    [
        ("Frivillignr.", True, "forår", "efterår"),
        ("Volunteer ID", True, "før", "efter"),
        ("Nr.", False, "forår", "efterår"),
        ("Respondent", False, "startmåling", "slutmåling"),
        ("", False, "T1", "T2"),
    ],
)
def test_a_form_that_is_filled_in_again_is_compared_with_its_first_wave_and_person_by_person_only_where_a_key_says_who(
    key: str, keyed: bool, first: str, last: str, tmp_path: Path
) -> None:
    write_empty_round(tmp_path)
    heads = [*([key] if key else []), "Udfyldt", "Hvor tit ses I?", "Kører du bil?", "Timer pr. gang"]
    given = {last: "UMUMUMMM", first: "UUUMMMMM"}
    for season, often in given.items():
        month = 4 if season == first else 10
        rows = [
            [*([100 + n] if key else []), datetime.date(2027, month, n + 1), {"U": "Ugentligt", "M": "Månedligt"}[one]]
            for n, one in enumerate(often)
        ]
        # Another question the second time is no change.
        other = ["Ja", "Nej"] if season == first else ["Ja", "Nej", "Nogle gange"]
        path = book(
            tmp_path / f"Venner {season} 2027.xlsx", [heads, *([*row, other[n % len(other)], n % 4 + 1.5] for n, row in enumerate(rows))]
        )
        found = propose(path, programme=venner_viser_vej(), kind="survey")
        add_source(tmp_path, "r", settle(found, {one.id: one.proposal or one.choices[0][0] for one in found.questions}))
    questionnaires = [read_questionnaire(tmp_path / source.questionnaire) for source in load_spec(tmp_path, "r").sources]
    said = {"startmåling": "før", "slutmåling": "efter", "T1": "måling 1", "T2": "måling 2"}
    english = {
        "forår": "spring",
        "efterår": "autumn",
        "før": "before",
        "efter": "after",
        "måling 1": "measurement 1",
        "måling 2": "measurement 2",
    }
    waves = [said.get(one, one) for one in (first, last)]
    assert {one.wave.da for one in questionnaires} == {f"{one} 2027" for one in waves}
    assert {one.wave.en for one in questionnaires} == {f"{english[one]} 2027" for one in waves}
    opened = open_round("r", root=tmp_path)
    (pair,) = opened.comparable()
    assert pair.first.questionnaire.wave.da.startswith(waves[0])  # type: ignore[union-attr]
    changes = opened.compare(pair)
    assert set(changes.frame["item"]) == {next(item.id for item in questionnaires[0].items if item.text.da == "Hvor tit ses I?")}
    row = changes.frame[changes.frame["code"] == "weekly"].iloc[0]
    twice = list(zip(given[first], given[last], strict=True))
    assert (row["x1"], row["x2"]) == (given[first].count("U"), given[last].count("U"))
    # Means are compared only where it is known whose they are.
    assert ("numbers" in changes.parts) is keyed
    if keyed:
        assert (row["panel_n"], row["panel_before"], row["panel_after"]) == (len(twice), row["x1"], row["x2"])
    else:
        # The twelfth row of two files is not one person.
        assert pd.isna(row["panel_n"])


def test_the_year_after_each_step_is_compared_with_the_one_before_it_and_with_the_same_step_of_the_year_before(tmp_path: Path) -> None:
    heads = ["Deltagernummer", "Køn", "Har du styr på dine penge?"]
    for year, spec in ((2027, "r"), (2028, "s")):
        if spec == "r":
            write_empty_round(tmp_path)
        else:
            definition = (tmp_path / "rounds/r/round.toml").read_text(encoding="utf-8").partition("[[sources]]")[0]
            (tmp_path / "rounds/s").mkdir()
            definition = definition.replace('id = "r"', 'id = "s"').replace("2023-01-01, end = 2024-12-31", "2025-01-01, end = 2026-12-31")
            (tmp_path / "rounds/s/round.toml").write_text(f'{definition}[previous]\nround = "r"\n\n', encoding="utf-8")
        for step in ("før", "efter"):
            # Numbers begin anew each year: 100 is another person then.
            rows = [[100 + n, "KM"[(n + year) % 2], ("I høj grad", "I nogen grad", "Slet ikke")[(n + len(step)) % 3]] for n in range(9)]
            found = propose(book(tmp_path / f"unge_{step}_{year}.xlsx", [heads, *rows]), programme=venner_viser_vej(), kind="survey")
            add_source(tmp_path, spec, settle(found, {one.id: one.proposal or one.choices[0][0] for one in found.questions}))
    named = {}
    for spec in ("r", "s"):
        for source in load_spec(tmp_path, spec).sources:
            asked = read_questionnaire(tmp_path / source.questionnaire)
            # Who somebody is does not change, and no form names the round before by its other step.
            assert asked.title.da == f"Unge {asked.wave.da}"
            named[asked.id] = {name.partition(":")[0] for item in asked.items for name in item.comparable}
            assert [item.type for item in asked.items if item.comparable] == ["likert"] * bool(named[asked.id])
    assert named == {
        "unge-foer-2027": set(),
        "unge-efter-2027": {"unge-foer-2027"},
        "unge-foer-2028": {"unge-foer-2027"},
        "unge-efter-2028": {"unge-foer-2028", "unge-efter-2027"},
    }
    opened = open_round("s", root=tmp_path)
    linked = {pair.id: opened.compare(pair).frame["panel_n"].notna().any() for pair in opened.comparable()}
    assert linked == {
        "unge-foer-2028~unge-efter-2028": True,
        "unge-foer-2027~unge-foer-2028": False,
        "unge-efter-2027~unge-efter-2028": False,
    }
    scale = read_questionnaire(tmp_path / load_spec(tmp_path, "s").sources[0].questionnaire)
    assert [one.label.en for one in scale.options(scale.items[-1])] == ["To a high degree", "To some degree", "Not at all"]


def test_the_map_of_a_year_reads_the_same_signs_the_next_year_whatever_their_order(tmp_path: Path) -> None:
    links = [("torsdag", "appetit", "+"), ("opkald", "træthed", "-"), ("torsdag", "mod", "+"), ("mod", "opkald", "-")]
    heads = ["Par", "Fortalt af", "Fra", "Til", "Fortegn"]
    given = {}
    for year, rows in (("2027", links), ("2028", links[::-1])):
        path = book(tmp_path / f"kort {year}.xlsx", [heads, *([f"P{n % 2}", "Vært", *link] for n, link in enumerate(rows * 3))])
        found = propose(path, programme=PROGRAMME, kind="mappings", earlier=given.get("2027"))
        settled = settle(found, {one.id: one.proposal or one.choices[0][0] for one in found.questions})
        given[year] = load_map(save_map(settled))
        read = normalised(path, settled).frames["mappings"]
        signs = {(row["cause"], row["effect"]): row["direction"] for row in read.to_dict("records")}
        assert signs == {(cause, effect): {"+": "promotes", "-": "hinders"}[sign] for cause, effect, sign in links}


@pytest.mark.parametrize(
    "labels", [["<1 time", ">1 time", "1 time"], ["< 10", "> 10"], ["☺", "😐", "☹"], ["+", "-", "0"], ["★", "★★", "★★★"], ["Так", "Ні"]]
)
def test_answers_that_only_signs_or_other_letters_tell_apart_stay_apart_in_every_order(labels: list[str], tmp_path: Path) -> None:
    options = []
    for order in (labels, labels[::-1]):
        rows = [[n, order[n % len(order)], ("Ja", "Nej")[n % 2]] for n in range(12 * len(labels))]
        path = book(tmp_path / "a.xlsx", [["Respondent", "Hvad synes du om det?", "Kommer du igen?"], *rows])
        found = propose(path, programme=venner_viser_vej(), kind="survey")
        read = normalised(path, settle(found, {one.id: one.proposal or one.choices[0][0] for one in found.questions}))
        assert read.frames["answers"].iloc[:, 1].value_counts().tolist() == [12] * len(labels)
        (tmp_path / "q.toml").write_text(read.questionnaire, encoding="utf-8")
        item = next(one for one in read_questionnaire(tmp_path / "q.toml").items if one.text.da == "Hvad synes du om det?")
        options.append({option.label.da: option.code for option in item.options})
    assert options[0] == options[1]
    assert len(set(options[0].values())) == len(labels)
