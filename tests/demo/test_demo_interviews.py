"""The demo round's interviews: one evidence in every form, the planted truth in it, and nothing that names anybody."""

from __future__ import annotations

import hashlib
import re
import tomllib
from pathlib import Path

import pandas as pd
import pytest

from demo import codings as demo_codings
from demo.cast import read_cast
from demo.markup import parse
from demo.registers import interviews
from vvvresearch.evidence import Codings
from vvvresearch.sources import read_codings

COLUMNS = ["source", "start", "end", "text", "code_path", "coder"]
ATTRIBUTES = ["stance", "beneficiary", "phase"]


@pytest.fixture(scope="module")
def planted() -> Codings:
    return demo_codings.codings(read_cast())


@pytest.fixture(scope="module")
def expected(project: Path) -> dict:
    return tomllib.loads((project / "interviews/demo/truth/expected.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def first(planted: Codings) -> pd.DataFrame:
    """The first coder's passages with each interview's pair, group and wave."""
    register = interviews(read_cast())[["source", "pair", "respondent_group", "wave"]]
    frame = planted.frame.merge(register, on="source")
    return frame[frame["coder"] == "coder-a"]


def comparable(frame: pd.DataFrame, columns: list[str]) -> list[tuple[str, ...]]:
    return sorted(tuple(str(cell) for cell in row) for row in frame[columns].fillna("").itertuples(index=False))


@pytest.mark.parametrize("name", ["demo.qdpx", "codings.csv", "codings.xlsx"])
def test_project_and_tables_give_the_same_evidence(project: Path, planted: Codings, name: str) -> None:
    folder = project / "interviews/demo"
    read = read_codings(folder / name, None if name == "demo.qdpx" else folder / "transcripts")
    assert comparable(read.frame, COLUMNS + ATTRIBUTES) == comparable(planted.frame, COLUMNS + ATTRIBUTES)
    assert dict(read.texts) == planted.texts


def test_the_qualcoder_project_gives_the_same_passages(project: Path, planted: Codings) -> None:
    read = read_codings(project / "interviews/demo/demo.qda")
    # QualCoder holds each name once, so two codes called "Tid" carry their parent's name there.
    plain = read.frame.assign(code_path=[re.sub(r" \(.+\)$", "", path) for path in read.frame["code_path"]])
    assert comparable(plain, COLUMNS) == comparable(planted.frame, COLUMNS)


def test_the_code_tree_has_three_levels_and_over_forty_codes_each_used() -> None:
    book = demo_codings.codebook()
    codable = list(book.frame.loc[book.frame["is_codable"], "code_path"])
    assert len(codable) > 40
    assert {book.level(path) for path in book.paths} == {1, 2, 3}
    assert set(demo_codings.codings(read_cast()).frame["code_path"]) == set(codable)
    names = book.frame["name"]
    assert names.duplicated().any(), "equal names under two parents must be there, since a path and no name identifies a code"


def test_every_transcript_of_the_register_is_there_and_no_other(project: Path) -> None:
    register = pd.read_csv(project / "interviews/demo/interviews.csv", dtype=str, keep_default_na=False)
    assert set(register["source"]) == {path.stem for path in (project / "interviews/demo/transcripts").glob("*.txt")}


def test_every_passage_is_the_text_at_its_place(planted: Codings) -> None:
    for row in planted.frame.itertuples():
        assert planted.texts[str(row.source)][row.start : row.end] == row.text
        assert row.text == row.text.strip()


def test_states_of_the_truth_file_follow_from_the_codings_and_the_guide(project: Path, first: pd.DataFrame) -> None:
    states = pd.read_csv(project / "interviews/demo/truth/states.csv", dtype=str, keep_default_na=False)
    said = {key: set(rows["stance"]) for key, rows in first.groupby(["source", "code_path"])}
    for row in states.itertuples():
        stances = said.get((row.interview, row.code_path), set())
        assert (row.state == "affirmed") == ("affirmed" in stances)
        assert (row.state == "contradicted") == (stances == {"contradicted"})
    assert set(states["state"]) == {"affirmed", "contradicted", "not_raised", "not_asked"}


def test_sixty_per_cent_of_the_interviews_were_coded_twice(project: Path, planted: Codings) -> None:
    twice = set(planted.frame.loc[planted.frame["coder"] == "coder-b", "source"])
    assert len(planted.texts) == 59
    assert len(twice) == 36
    assert round(100 * len(twice) / len(planted.texts)) == 61
    listed = pd.read_csv(project / "interviews/demo/truth/disagreements.csv", dtype=str, keep_default_na=False)
    assert set(listed["interview"]) < twice


def test_memos_passages_that_overlap_and_reading_without_a_code_are_in_the_demo(project: Path, planted: Codings) -> None:
    frame = planted.frame
    noted = frame[frame["memo"] != ""]
    assert (len(noted), set(noted["coder"])) == (7, {"coder-a"})
    assert set(read_codings(project / "interviews/demo/demo.qdpx").passages()["memo"]) - {""} == set(noted["memo"])
    both = frame.merge(frame, on=["source", "coder"])
    crossing = (both["start_x"] < both["start_y"]) & (both["start_y"] < both["end_x"]) & (both["end_x"] < both["end_y"])
    assert crossing.sum() >= 5
    register = interviews(read_cast()).set_index("interview")["coded_by"]
    # The second coder has no code in it, and has read it.
    assert register[register != ""].to_dict() == {"c04": "coder-a,coder-b"}
    assert "coder-b" not in set(frame.loc[frame["source"] == "c04", "coder"])


def test_whoever_speaks_through_an_interpreter_reads_so_and_some_at_length(planted: Codings) -> None:
    register = interviews(read_cast()).set_index("source")["interpreter"]
    told = {source: planted.texts[source] for source in register.index[register == "true"]}
    assert all("(via tolk):" in text and "tolk" in text.replace("(via tolk)", "").casefold() for text in told.values())
    assert max(len(text.split()) for text in told.values()) > 550


def test_the_listed_disagreements_are_all_there_are(project: Path, planted: Codings) -> None:
    listed = pd.read_csv(project / "interviews/demo/truth/disagreements.csv", dtype=str, keep_default_na=False)
    kept = planted.frame[planted.frame["source"].isin(planted.frame.loc[planted.frame["coder"] == "coder-b", "source"])]
    sides = {
        coder: set(zip(rows["source"], rows["start"], rows["end"], rows["code_path"], strict=True)) for coder, rows in kept.groupby("coder")
    }
    only_first = sides["coder-a"] - sides["coder-b"]
    only_second = sides["coder-b"] - sides["coder-a"]
    said = listed["what"].value_counts()
    assert len(only_first) == said["dropped"] + said["swapped"] + said["shortened"]
    assert len(only_second) == said["added"] + said["swapped"] + said["shortened"]


@pytest.mark.parametrize(
    ("claim", "stance"),
    [
        ("similarity_by_both", "affirmed"),
        ("similarity_denied_by_both", "contradicted"),
        ("grandparent_by_both", "affirmed"),
        ("knowledge_by_both", "affirmed"),
        ("chemistry_by_both", "affirmed"),
        ("time_not_agreed_by_both", "contradicted"),
    ],
)
def test_what_both_halves_say_is_what_was_planted(first: pd.DataFrame, expected: dict, claim: str, stance: str) -> None:
    rows = first[(first["wave"] == "1") & (first["code_path"] == expected[claim]["code_path"]) & (first["stance"] == stance)]
    halves = rows[rows["pair"] != ""].groupby("pair")["respondent_group"].nunique()
    assert sorted(halves[halves == 2].index) == expected[claim]["pairs"]


def test_children_take_part_and_adults_mostly_do_not(first: pd.DataFrame, expected: dict) -> None:
    rows = first[first["code_path"] == expected["adults_children"]["code_path"]]
    child = rows[rows["beneficiary"] == "child"]
    adult = rows[(rows["beneficiary"] == "adult") & (rows["wave"] == "1")]
    assert set(child["stance"]) == {"affirmed"}
    assert (adult["stance"] == "contradicted").sum() > (adult["stance"] == "affirmed").sum() > 0


def test_letters_come_first_and_togetherness_later(first: pd.DataFrame, expected: dict) -> None:
    phases = {name: set(first.loc[first["code_path"] == expected["phase"][name], "phase"]) - {""} for name in ("start", "later")}
    assert phases == {"start": {"start"}, "later": {"later"}}


def test_parties_are_mentioned_where_it_works_yet_nobody_codes_them_as_a_cause(first: pd.DataFrame, expected: dict) -> None:
    rows = first[first["code_path"] == expected["misleading"]["code_path"]]
    works = {pair.id: pair.traits["works"] for pair in read_cast().pairs}
    assert [works[pair] for pair in sorted(set(rows["pair"]))].count(True) >= 4
    assert set(rows["pair"]) - {pair for pair, good in works.items() if good} == {"P08"}


def test_case_judgements_have_the_planted_configurations(project: Path, expected: dict) -> None:
    frame = pd.read_csv(project / "interviews/demo/judgements.csv", dtype={"membership": int})
    table = frame.pivot(index="case", columns="condition", values="membership")
    conditions = expected["qca"]["conditions"]
    rows = table.groupby(conditions)["GOOD"].agg(["min", "max"])
    assert set(rows.query("min == max == 1").index) == {(0, 1, 1), (1, 0, 1), (1, 1, 1)}
    mixed = table[(table["SIM"] == 0) & (table["COMP"] == 0) & (table["TIME"] == 1)]
    assert sorted(mixed.index) == expected["qca"]["contradictory_row"]
    assert (frame["reason"] != "").all()


def test_no_text_holds_contact_data_or_numbers_of_persons(project: Path) -> None:
    shapes = {
        "CPR": r"\b\d{6}[-\s]?\d{4}\b",
        "phone": r"(?<!\d)(?:\+45\s?)?\d{2}[\s.]?\d{2}[\s.]?\d{2}[\s.]?\d{2}(?!\d)",
        "mail": r"\S+@\S+",
        "web": r"https?://|www\.",
    }
    for path in (project / "interviews/demo/transcripts").glob("*.txt"):
        text = path.read_text(encoding="utf-8")
        assert not [name for name, shape in shapes.items() if re.search(shape, text)], path.name


def test_interviews_read_as_talk_of_varying_length(project: Path) -> None:
    texts = {path.stem: path.read_text(encoding="utf-8") for path in (project / "interviews/demo/transcripts").glob("*.txt")}
    words = {name: len(text.split()) for name, text in texts.items()}
    full = [count for name, count in words.items() if not name.endswith("2") or name in ("k02", "b02", "c02")]
    assert min(words.values()) > 120
    assert min(full) > 240
    assert max(words.values()) - min(words.values()) > 200
    openings = {text.split("\n\n")[0] for text in texts.values()}
    assert len(openings) > 55, "no two interviews begin with the same question"
    answers = [turn for text in texts.values() for turn in text.split("\n\n") if not turn.startswith("Interviewer:")]
    sentences = [part for turn in answers for part in re.split(r"(?<=[.?!])\s+", turn) if len(part.split()) > 5]
    assert len(sentences) == len(set(sentences)), "no longer sentence is said twice"


def test_no_sentence_comes_from_the_source_documents(project: Path, reference: Path) -> None:
    # The documents stay outside: here are only digests of their runs of seven words, of six bytes each.
    digests = (reference / "published" / "runs.bin").read_bytes()
    theirs = {digests[place : place + 6] for place in range(0, len(digests), 6)}
    assert len(theirs) > 20_000

    def runs(text: str) -> dict[bytes, str]:
        words = re.findall(r"\w+", text.lower())
        every = (" ".join(words[place : place + 7]) for place in range(len(words) - 6))
        return {hashlib.blake2b(run.encode(), digest_size=6).digest(): run for run in every}

    for path in (project / "interviews/demo/transcripts").glob("*.txt"):
        ours = runs(path.read_text(encoding="utf-8"))
        assert [ours[one] for one in ours.keys() & theirs] == [], path.name


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("A: {{x|uden ende\n", "not closed"),
        ("A: ingen}} åben\n", "none is open"),
        ("A: {{x sur|tekst}}\n", "unknown sur"),
        ("A: {{x|}}\n", "an empty passage"),
        ("A: tekst|x]]\n", "was not open"),
        ("second: drop y 1\n---\nA: {{x|tekst}}\n", "no passage 1 of y"),
        ("second: rename x\n---\nA: {{x|tekst}}\n", "cannot be read"),
        ('second: add x = "findes ikke"\n---\nA: tekst\n', "stands 0 times"),
    ],
)
def test_faulty_markup_is_named(written: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        parse("prøve", written)


def test_passages_may_lie_in_each_other_and_overlap() -> None:
    marked = parse("prøve", "A: {{x|en {{y nej|to}} tre}} [[z|fire [[x|fem|z]] seks|x]]\n")
    assert marked.text == "A: en to tre fire fem seks\n"
    found = {(passage.code, marked.text[passage.start : passage.end], passage.stance) for passage in marked.passages}
    assert found == {
        ("x", "en to tre", "affirmed"),
        ("y", "to", "contradicted"),
        ("z", "fire fem", "affirmed"),
        ("x", "fem seks", "affirmed"),
    }


def test_the_theme_table_counts_what_was_planted(project: Path) -> None:
    from vvvresearch.rounds import open_round
    from vvvresearch.themes import theme_table

    opened = open_round("demo", project)
    table = theme_table(opened.codings, opened.interviews, guide=opened.read("guide").frame, coder="coder-a").frame
    states = pd.read_csv(project / "interviews/demo/truth/states.csv", dtype=str, keep_default_na=False)
    register = pd.read_csv(project / "interviews/demo/interviews.csv", dtype=str, keep_default_na=False)
    states = states.merge(register[["source", "respondent_group", "consent_analysis"]], left_on="interview", right_on="source")
    states = states[states["consent_analysis"] == "true"]
    true = states.groupby(["code_path", "respondent_group"])["state"].value_counts().unstack(fill_value=0)
    checked = 0
    for row in table.itertuples():
        if (row.code_path, row.respondent_group) in true.index:
            counts = true.loc[(row.code_path, row.respondent_group)]
            assert row.affirmed == counts["affirmed"], row.code_path
            assert row.contradicted - row.both == counts["contradicted"], row.code_path
            assert (row.not_raised, row.not_asked) == (counts["not_raised"], counts["not_asked"]), row.code_path
            checked += 1
    assert checked == len(true)


def test_claims_across_sources_hold_what_the_interviews_say(project: Path) -> None:
    from vvvresearch.themes import triangulate

    claims = pd.read_csv(project / "interviews/demo/claims.csv", dtype=str, keep_default_na=False)
    result = triangulate(claims)
    found = dict(zip(result.frame["claim"], result.frame["convergence"], strict=True))
    assert set(found.values()) == {"convergent", "complementary", "dissonant", "one_source"}
    assert found["Børn bliver aktive i foreninger"] == "convergent"
    assert found["Voksne bliver aktive i foreninger"] == "dissonant"
