"""What a coding sheet says of those who were interviewed counts as a register, until somebody fills one in."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd
import pytest

from tests.workspaces import write_empty_round
from vvvresearch.errors import SchemaError
from vvvresearch.evidence import Codebook, Codings, Interviews, combine, read_programme
from vvvresearch.intake import Proposal, normalised, propose, settle
from vvvresearch.rounds import add_source, open_round, propose_source
from vvvresearch.sources import write_refi

PROGRAMME = read_programme(Path("nowhere"))
QUOTE = "vi taler sammen hver tirsdag når vi laver mad"
HEAD = ["Samtale nr", "Hvem", "Runde", "Par nr", "Kommune", "Bydel", "Citat", "Kode", "Kodet af"]
# interview → group, wave, pair, municipality
TRUTH = {
    "11": ("refugee", "1", "A", "0751"), "12": ("volunteer", "1", "A", "0751"), "13": ("refugee", "2", "B", "0461"),
    "14": ("volunteer", "2", "B", "0461"), "15": ("refugee", "2", "C", "0461"),
}  # fmt: skip
WORDS = {"refugee": "Flygtning", "volunteer": "Frivillig", "0751": "Århus", "0461": "Odense Kommune"}


def sheet(path: Path, words: dict[str, str] = WORDS, names: str = "11 12 13 14 15") -> Path:
    rows = []
    for number, name in enumerate(names.split()):
        group, wave, pair, town = TRUTH[name]
        about = [name, words[group], f"{wave}. runde", pair, words[town], f"Kvarter {number}"]
        # What holds for the interview is written on its first row alone.
        rows += [[*about, QUOTE, "Sprog", "AB"], [name, *[""] * 5, QUOTE, "Tid" if number % 2 else "Netværk", "CD"]]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=";").writerows([HEAD, *rows])
    return path


def proposed(path: Path, registered: tuple[str, ...] = ()) -> Proposal:
    return propose(path, programme=PROGRAMME, registered=registered, lang="en")


def test_columns_with_one_value_an_interview_become_a_register_of_them(tmp_path: Path) -> None:
    proposal = proposed(sheet(tmp_path / "kodning.csv"))
    assert not proposal.questions
    assert [words for words in proposal.losses if "Bydel" in words] == list(proposal.losses)
    frames = normalised(proposal.path, settle(proposal)).frames
    rows = frames["interviews"].set_index("interview")[["respondent_group", "wave", "pair", "municipality"]]
    assert {str(name): tuple(row) for name, row in zip(rows.index, rows.itertuples(index=False), strict=True)} == TRUTH
    assert list(frames["codings"].columns) == ["interview", "quote", "code", "coder"]
    assert len(frames["codings"]) == 2 * len(TRUTH)


def test_words_that_are_no_groups_of_the_programme_are_asked_and_never_guessed(tmp_path: Path) -> None:
    proposal = proposed(sheet(tmp_path / "kodning.csv", WORDS | {"refugee": "senior", "volunteer": "vågekone"}))
    (words,) = (one for one in proposal.questions if one.id == "values.respondent_group")
    assert set(words.items) == {"senior", "vågekone"}
    # Each may be a group of its own.
    assert {value for value, _ in words.choices} == {*PROGRAMME.groups, "senior", "vaagekone", "-"}
    assert not any(one.id.startswith("value.respondent_group") for one in proposal.decided)


def test_a_column_that_changes_within_an_interview_says_nothing_of_who_was_interviewed(tmp_path: Path) -> None:
    path = sheet(tmp_path / "kodning.csv")
    path.write_text(path.read_text(encoding="utf-8-sig").replace("11;;;;;", "11;Frivillig;;;;"), encoding="utf-8-sig")
    proposal = proposed(path)
    assert "respondent_group" not in {one.value for one in proposal.decided}
    assert any("Hvem" in words for words in proposal.losses)


def test_interviews_that_a_register_holds_are_not_asked_about(tmp_path: Path) -> None:
    path = sheet(tmp_path / "kodning.csv")
    held = proposed(path, tuple(f"Interview {name}.docx" for name in TRUTH))
    assert "respondent_group" not in {one.value for one in held.decided}
    assert "respondent_group" in {one.value for one in proposed(path, ("11", "12")).decided}


def test_a_theme_table_needs_no_register_where_the_sheet_has_the_groups(tmp_path: Path) -> None:
    write_empty_round(tmp_path)
    for name in ("interviews", "surveys", "notebooks"):
        (tmp_path / name).mkdir()
    for number, names in enumerate(("11 12 13", "13 14 15")):
        proposal = propose_source(tmp_path, "r", sheet(tmp_path / f"kodning-{number}.csv", names=names))
        add_source(tmp_path, "r", settle(proposal))
    opened = open_round("r", root=tmp_path)
    table = opened.theme_table().frame.set_index(["code_path", "respondent_group"])["affirmed"]
    truth = {("Sprog", "refugee"): 3, ("Sprog", "volunteer"): 2, ("Sprog", "total"): 5}
    assert {key: table[key] for key in truth} == truth
    assert len(opened.interviews) == len(TRUTH)
    # A register that somebody fills in comes before what the sheets say.
    own = tmp_path / "oversigt.csv"
    own.write_text("Nr;Rolle;Runde\n11;Frivillig;1\n", encoding="utf-8")
    add_source(tmp_path, "r", settle(propose_source(tmp_path, "r", own)))
    groups = open_round("r", root=tmp_path).interviews.frame.set_index("interview")["respondent_group"]
    assert groups.to_dict() == {name: group for name, (group, *_) in TRUTH.items()} | {"11": "volunteer"}


def test_two_sheets_that_say_different_things_of_one_interview_are_an_error(tmp_path: Path) -> None:
    write_empty_round(tmp_path)
    for name in ("interviews", "surveys", "notebooks"):
        (tmp_path / name).mkdir()
    add_source(tmp_path, "r", settle(propose_source(tmp_path, "r", sheet(tmp_path / "a.csv"))))
    other = sheet(tmp_path / "b.csv", WORDS | {"refugee": "Frivillig"}, "11")
    before = (tmp_path / "rounds/r/round.toml").read_text(encoding="utf-8")
    with pytest.raises(SchemaError, match="respondent_group"):
        add_source(tmp_path, "r", settle(propose_source(tmp_path, "r", other)))
    assert (tmp_path / "rounds/r/round.toml").read_text(encoding="utf-8") == before


def test_registers_of_one_kind_still_refuse_the_same_interview_twice(tmp_path: Path) -> None:
    frame = normalised((path := sheet(tmp_path / "k.csv")), settle(proposed(path))).frames["interviews"]
    with pytest.raises(SchemaError, match="same rows"):
        combine([Interviews(frame, origin="a"), Interviews(frame, origin="b")])


def test_a_project_that_knows_its_cases_gives_the_table_of_a_register(tmp_path: Path) -> None:
    write_empty_round(tmp_path)
    texts = {"one": "A: Vi går tur i mørket.", "two": "A: Jeg følges med hende."}
    rows = [(name, 3, 9, text[3:9], "Tur", "AB") for name, text in texts.items()]
    frame = pd.DataFrame(rows, columns=["source", "start", "end", "text", "code_path", "coder"])
    words = dict.fromkeys(("definition", "inclusion", "exclusion", "examples", "color", "guid"), "")
    book = Codebook(pd.DataFrame({"code_path": ["Tur"], "name": ["Tur"], "parent": [""]}).assign(is_codable=True, **words))
    cases = pd.DataFrame({"case": ["one", "two"], "source": ["one", "two"], "Gruppe": ["Flygtning", "Frivillig"]})
    path = tmp_path / "projekt.qdpx"
    write_refi(Codings(frame, book, texts, cases=cases), path)
    added = add_source(tmp_path, "r", settle(propose_source(tmp_path, "r", path)))
    table = tmp_path / "interviews/r/projekt-interviews.csv"
    assert any("vvv add r interviews/r/projekt-interviews.csv" in one for one in added.told)
    add_source(tmp_path, "r", settle(propose_source(tmp_path, "r", table, kind="interviews")))
    groups = open_round("r", root=tmp_path).interviews.frame.set_index("source")["respondent_group"].to_dict()
    assert groups == {"one": "refugee", "two": "volunteer"}
