"""Codes for persons: one for all that is the same name, traced back by the key alone, and no passage moved off its text."""

from __future__ import annotations

import hashlib
import hmac
import os
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vvvresearch.errors import AnalysisError, DisclosureError, SourceError
from vvvresearch.evidence import Codebook, Codings, Mappings
from vvvresearch.evidence._codings import CODEBOOK_COLUMNS
from vvvresearch.privacy import Pseudonyms
from vvvresearch.privacy._pseudonym_text import Names


@pytest.fixture
def names(tmp_path: Path) -> Pseudonyms:
    return Pseudonyms.create(tmp_path / "secret" / "key", workspace=tmp_path / "work")


def test_a_code_is_the_hmac_of_the_name(names: Pseudonyms, tmp_path: Path) -> None:
    key = bytes.fromhex((tmp_path / "secret" / "key").read_text().strip())
    number = int.from_bytes(hmac.new(key, "åse maria".encode(), hashlib.sha256).digest(), "big")
    syllables = []
    for _ in range(4):
        number, rest = divmod(number, 90)
        syllables.append("bdfghjklmnprstv"[rest // 6] + "aeiouy"[rest % 6])
    assert names.code("Åse  Maria") == "".join(syllables).capitalize()


def test_another_key_gives_other_codes_and_the_same_key_the_same(names: Pseudonyms, tmp_path: Path) -> None:
    again = Pseudonyms(tmp_path / "secret" / "key", workspace=tmp_path / "work")
    other = Pseudonyms.create(tmp_path / "other", workspace=tmp_path / "work")
    assert again.code("Ahmad") == names.code("AHMAD")
    assert other.code("Ahmad") != names.code("Ahmad")
    assert names.merge(other, ["Ahmad"]) == {other.code("Ahmad"): names.code("Ahmad")}
    assert names.reidentify(names.code("Ahmad"), ["Sara", "Ahmad"]) == "Ahmad"
    assert other.reidentify(names.code("Ahmad"), ["Sara", "Ahmad"]) is None


def test_the_key_is_closed_to_others_and_never_written_over(names: Pseudonyms, tmp_path: Path) -> None:
    key = tmp_path / "secret" / "key"
    assert key.stat().st_mode & 0o777 == 0o600
    assert key.parent.stat().st_mode & 0o077 == 0
    with pytest.raises(SourceError, match="already"):
        Pseudonyms.create(key, workspace=tmp_path / "work")
    for mode in (0o640, 0o604, 0o620):
        key.chmod(mode)
        with pytest.raises(DisclosureError, match="others"):
            Pseudonyms(key, workspace=tmp_path / "work")


def test_a_key_in_the_workspace_is_refused_even_through_a_link(tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    with pytest.raises(DisclosureError, match="inside the workspace"):
        Pseudonyms.create(work / "data" / "key", workspace=work)
    (tmp_path / "link").symlink_to(work)
    with pytest.raises(DisclosureError, match="inside the workspace"):
        Pseudonyms.create(tmp_path / "link" / "key", workspace=work)
    assert not list(work.iterdir())


@pytest.mark.parametrize("content", ["", "ab" * 31, "zz" * 32, "ab" * 33])
def test_what_is_no_key_is_refused_without_showing_it(tmp_path: Path, content: str) -> None:
    key = tmp_path / "key"
    key.write_text(content)
    key.chmod(0o600)
    with pytest.raises(SourceError, match="no key") as caught:
        Pseudonyms(key, workspace=tmp_path / "work")
    assert not content or content not in str(caught.value)
    with pytest.raises(SourceError, match="there is no key"):
        Pseudonyms(tmp_path / "none", workspace=tmp_path / "work")
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(SourceError, match="regular"):
        Pseudonyms(tmp_path / "pipe", workspace=tmp_path / "work")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ahmad kom.", "KODE kom."),
        ("Ahmads ven, Ahmad's ven og Ahmad’s ven", "KODEs ven, KODEs ven og KODEs ven"),
        ("AHMAD og ahmad", "KODE og KODE"),
        ("Abu\nOmar", "KODE"),
        ("Ahmad-familien, 'Ahmad', Ahmad_1.txt", "KODE-familien, 'KODE', KODE_1.txt"),
        ("A\u00adhm\u200bad", "KODE"),
        ("Ahmadi, Mahmad og Ahmadsen", "Ahmadi, Mahmad og Ahmadsen"),
        ("Idris' bil og Idris", "ANDENs bil og ANDEN"),
        ("Josés og Jose\u0301s, men Jose", "TREDJEs og TREDJEs, men Jose"),
        ("Bo vil bo hos Bo", "FJERDE vil bo hos FJERDE"),
        ("Ali og Alis, alis", "FEM og SEKS, SEKS"),
        ("Al‑Din og AL-DIN", "SYV og SYV"),
        ("ibrahim, İbrahim og IBRAHIM", "OTTE, OTTE og OTTE"),
    ],
)
def test_a_name_is_known_in_every_dress_and_nothing_else_is_taken_for_it(text: str, expected: str) -> None:
    codes = {"Ahmad": "KODE", "Abu Omar": "KODE", "Idris": "ANDEN", "José": "TREDJE", "Bo": "FJERDE", "Ali": "FEM", "Alis": "SEKS"}
    assert Names(codes | {"Al-Din": "SYV", "İbrahim": "OTTE"}, ["Bo"]).replace(text).text == expected


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(["Ahmad", "Ahmads", "Li", "og", " ", ".", "x", "Åse"]), max_size=25), st.data())
def test_a_passage_stands_where_its_words_stand(pieces: list[str], data: st.DataObject) -> None:
    text = " ".join(pieces)
    replaced = Names({"Ahmad": "Dorijenu", "Li": "Bo", "Åse": "Fytynaji"}).replace(text)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    new_start, new_end = replaced.moved(start, end)
    # Independent: each character of the old text carries its own new text; a name's code hangs on its first character.
    carried = list(text)
    for edit in replaced.edits:
        carried[edit.start : edit.end] = [replaced.text[edit.new_start : edit.new_end]] + [""] * (edit.end - edit.start - 1)
    if start < end:
        whole_start = min([start, *(edit.start for edit in replaced.edits if edit.start < start < edit.end)])
        assert replaced.text[new_start:new_end] == "".join(carried[whole_start:end])
        assert new_start == len("".join(carried[:whole_start]))
    else:
        assert new_start == new_end


def codings() -> Codings:
    text = "Ahmad mødte Sara. Ahmads ven hjalp."
    rows = [(0, 5, "Ahmad"), (6, 16, "mødte Sara"), (18, 28, "Ahmads ven"), (20, 35, text[20:35]), (pd.NA, pd.NA, "Saras sag")]
    frame = pd.DataFrame(rows, columns=["start", "end", "text"]).astype({"start": "Int64", "end": "Int64"})
    frame = frame.assign(source="Ahmad.txt", code_path="Tillid > Sara", coder="Sara", memo="spørg Ahmad")
    codes = pd.DataFrame([["Tillid > Sara", "Sara", "", True, *[""] * 6]], columns=list(CODEBOOK_COLUMNS))
    cases = pd.DataFrame({"case": ["Ahmad og Sara"], "source": ["Ahmad.txt"]})
    return Codings(frame, Codebook(codes), {"Ahmad.txt": text}, cases=cases, origin="Ahmad.qdpx")


def test_no_coding_moves_off_its_passage(names: Pseudonyms) -> None:
    people = {"Ahmad": ["Ahmad"], "Sara": []}
    done = names.replace_codings(codings(), people)
    a, s = names.code("Ahmad"), names.code("Sara")
    text = done.texts[f"{a}.txt"]
    assert text == f"{a} mødte {s}. {a}s ven hjalp."
    assert done.frame["text"].tolist() == [a, f"mødte {s}", f"{a}s ven", f"{a}s ven hjalp.", f"{s}s sag"]
    for row in done.frame.head(4).itertuples():
        assert text[row.start : row.end] == row.text
    assert str(done.frame["start"].dtype) == "Int64"
    assert set(done.frame["source"]) == {f"{a}.txt"}
    assert set(done.frame["code_path"]) == set(done.codebook.paths) == {f"Tillid > {s}"}
    assert set(done.frame["coder"]) == {"Sara"}
    assert done.cases is not None
    assert done.cases["case"].tolist() == [f"{a} og {s}"]
    left = " ".join([done.origin, text, *map(str, done.frame.drop(columns="coder").to_numpy().ravel())])
    assert "Ahmad" not in left
    assert "Sara" not in left


def test_mappings_get_the_same_codes(names: Pseudonyms) -> None:
    nodes = pd.DataFrame({"case": ["p1"], "label": ["Saras tillid"], "named_by": ["Ahmad"]})
    links = pd.DataFrame({"cause": ["n1"], "informant": ["Ahmad"], "quote": ["Sara hjalp"], "strength": [2]})
    done = names.replace_mappings(Mappings(nodes, links), ["Ahmad", "Sara"])
    assert done.nodes.loc[0].tolist() == ["p1", f"{names.code('Sara')}s tillid", names.code("Ahmad")]
    assert done.links.loc[0].tolist() == ["n1", names.code("Ahmad"), f"{names.code('Sara')} hjalp", 2]
    assert done.links["strength"].dtype == links["strength"].dtype


def test_no_two_persons_get_one_code(tmp_path: Path) -> None:
    names = Pseudonyms.create(tmp_path / "key", workspace=tmp_path / "work", syllables=2)
    with pytest.raises(DisclosureError, match="same code") as caught:
        names.codes(f"Person {number}" for number in range(9000))
    assert "Person" not in str(caught.value)
    longer = Pseudonyms(tmp_path / "key", workspace=tmp_path / "work", syllables=6)
    assert len(set(longer.codes(f"Person {number}" for number in range(9000)).values())) == 9000


def test_names_that_two_persons_share_are_refused_without_being_said(names: Pseudonyms) -> None:
    with pytest.raises(AnalysisError, match="two persons share") as caught:
        names.replace("…", {"Ahmad Hassan": ["Ahmad"], "Ahmad Ali": ["ahmad"]})
    assert "Ahmad" not in str(caught.value)


def test_the_wrong_kind_of_thing_is_one_error_in_words(names: Pseudonyms, tmp_path: Path) -> None:
    for call in (
        lambda: names.code(""),
        lambda: names.replace(None, ["Ahmad"]),  # type: ignore[arg-type]
        lambda: names.replace("Ahmad", "Ahmad"),
        lambda: names.replace("Ahmad", [""]),
        lambda: names.replace("Ahmad", ["Ahmad"]).moved(3, 99),
        lambda: Pseudonyms(tmp_path / "secret" / "key", workspace=tmp_path / "work", syllables=1),
    ):
        with pytest.raises(AnalysisError):
            call()
