"""What is written as REFI-QDA validates against the published schema and comes back whole."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

import pandas as pd
import pytest
import refi_projects as refi
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from refi_projects import coding, ident, selection, text_source

import vvvresearch as vvv
from vvvresearch.errors import AnalysisError
from vvvresearch.evidence import CODEBOOK_COLUMNS, SEPARATOR, Codebook, Codings

SCHEMAS = Path(__file__).parent.parent / "data" / "refi-qda"
# Letters, marks that have to be escaped, a character outside the basic plane, combining marks, spaces of all kinds.
LETTERS = st.sampled_from("abcæøåÆØÅ ,.-\"<>&'\n\t🙂𝔸é\u0301\u00a0١中=[]\\")
WORDS = st.text(LETTERS, min_size=1, max_size=60)
NAMES = st.text(st.sampled_from('abæ >›/&"<.🙂'), min_size=1, max_size=6)


def valid(path: Path) -> None:
    """Raise unless the file validates against the published schema."""
    if path.suffix == ".qdc":
        etree.XMLSchema(etree.parse(SCHEMAS / "Codebook.xsd")).assertValid(etree.parse(path))
        return
    with zipfile.ZipFile(path) as archive:
        document = etree.parse(BytesIO(archive.read("project.qde")))
    etree.XMLSchema(etree.parse(SCHEMAS / "Project.xsd")).assertValid(document)


@st.composite
def projects(draw: st.DrawFn) -> tuple[bytes, dict[str, bytes]]:
    """A project as some exporter might write it: nested codes with equal names, overlapping codings, many coders."""
    bom, crlf = draw(st.booleans()), draw(st.booleans())
    texts = draw(st.lists(WORDS, min_size=1, max_size=3))
    names = draw(st.lists(NAMES, min_size=1, max_size=5))
    keys = [f"code {number}" for number in range(len(names))]
    tree = refi.code(names[0], key=keys[0])
    for name, key in zip(names[1:], keys[1:], strict=True):
        if draw(st.booleans()):
            tree = refi.code(name, tree, key=key)
        else:
            tree += refi.code(name, key=key)
    coders = draw(st.lists(NAMES, min_size=1, max_size=4, unique=True))
    elements, members = [], {}
    for number, text in enumerate(texts):
        raw = (refi.BOM if bom else "") + (text.replace("\n", "\r\n") if crlf else text)
        parts = []
        for _ in range(draw(st.integers(0, 5))):
            start = draw(st.integers(0, len(text)))
            end = draw(st.integers(start, len(text)))
            code, coder = draw(st.sampled_from(keys)), draw(st.sampled_from(coders))
            inner = coding(code, coder, f"{number} {start} {end} {len(parts)}")
            places = (refi.count(raw, start), refi.count(raw, end))
            parts.append(selection(*places, inner, name=text[start:end], description=draw(st.sampled_from([None, "memo <1>", " x "]))))
        elements.append(text_source(f"interview {number}", "".join(parts), path=f"internal://{number}.txt"))
        members[f"sources/{number}.txt"] = raw.encode()
    codebook = f"<CodeBook><Codes>{tree}</Codes></CodeBook>"
    return refi.project(refi.users(*coders), codebook, refi.sources(*elements)).encode(), members


def sorted_frame(codings: Codings) -> pd.DataFrame:
    columns = ["source", "start", "end", "text", "code_path", "coder", "memo", "guid"]
    return codings.frame[columns].sort_values(columns).reset_index(drop=True)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(projects())
def test_read_write_read_loses_nothing_the_model_holds(tmp_path: Path, built: tuple[bytes, dict[str, bytes]]) -> None:
    qde, members = built
    first = vvv.read_codings(refi.write(tmp_path / "in.qdpx", qde.decode(), members), min_offset_score=0)
    lost = vvv.write_refi(first, tmp_path / "out.qdpx")
    valid(tmp_path / "out.qdpx")
    second = vvv.read_codings(tmp_path / "out.qdpx")
    assert not len(lost), str(lost)
    pd.testing.assert_frame_equal(sorted_frame(first), sorted_frame(second), check_dtype=False)
    pd.testing.assert_frame_equal(first.codebook.frame, second.codebook.frame)
    assert first.texts == second.texts
    assert list(first.sources["source"]) == list(second.sources["source"])
    vvv.write_refi(first, tmp_path / "out.qdc")
    valid(tmp_path / "out.qdc")
    pd.testing.assert_frame_equal(vvv.read_codebook(tmp_path / "out.qdc").frame, first.codebook.frame)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_quoted_passages_are_found_under_every_way_of_counting(tmp_path: Path, data: st.DataObject) -> None:
    text = data.draw(st.text(st.sampled_from("abæ 🙂𝔸\n.é"), min_size=1, max_size=80))
    raw = data.draw(st.sampled_from(["", refi.BOM])) + (text.replace("\n", "\r\n") if data.draw(st.booleans()) else text)
    counting = {
        "bom": data.draw(st.sampled_from(["kept", "stripped"])),
        "crlf": data.draw(st.sampled_from([1, 2])),
        "unit": data.draw(st.sampled_from(["codepoint", "utf-16"])),
    }
    inclusive = data.draw(st.booleans())
    wanted, parts = [], []
    for number in range(data.draw(st.integers(1, 6))):
        start = data.draw(st.integers(0, len(text) - 1))
        end = data.draw(st.integers(start + 1, len(text)))
        if not text[start:end].strip():
            continue
        first, last = (refi.count(raw, place, **counting) for place in (start, end))
        parts.append(selection(first, last - inclusive, coding("net", "A", str(number)), name=text[start:end]))
        wanted.append(text[start:end])
    codes = f"<CodeBook><Codes>{refi.code('net')}</Codes></CodeBook>"
    qde = refi.project(refi.users("A"), codes, refi.sources(text_source("i1", "".join(parts), path="internal://a.txt")))
    read = vvv.read_codings(refi.write(tmp_path / "p.qdpx", qde, {"sources/a.txt": raw.encode()}))
    assert read.frame["text"].tolist() == wanted
    for row in read.frame.itertuples():
        assert read.texts["i1"][row.start : row.end] == row.text


def model() -> Codings:
    text = "Vi fik en ven 🙂.\nIngen hjalp os."
    paths = ["Net", "Net > Venner"]
    rows = [(path, path.rpartition(SEPARATOR)[2], path.rpartition(SEPARATOR)[0], path != "Net") for path in paths]
    codes = pd.DataFrame(rows, columns=["code_path", "name", "parent", "is_codable"])
    for column in CODEBOOK_COLUMNS[4:]:
        codes[column] = ""
    codes.loc[1, ["definition", "inclusion", "examples", "color"]] = [
        "ties\n[inclusion]\nnot a heading",
        "new ones",
        "\nwe cook",
        "#ff0000",
    ]
    frame = pd.DataFrame(
        {
            "source": ["i1", "i1", "i2"],
            "start": pd.array([0, 18, None], dtype="Int64"),
            "end": pd.array([13, 32, None], dtype="Int64"),
            "text": [text[0:13], text[18:32], ""],
            "code_path": ["Net > Venner", "Net > Venner", "Net"],
            "coder": ["Bo", "", "Bo"],
            "stance": ["affirmed", "contradicted", ""],
            "phase": ["start", "", ""],
        }
    )
    sources = pd.DataFrame(
        {"source": ["i1", "i2"], "age": [34, None], "share": [0.25, 1e-7], "yes": [True, False], "note": ["<a>", None]}, dtype=object
    )
    cases = pd.DataFrame({"case": ["pair 1", "pair 1", "empty"], "source": ["i1", "i2", ""], "wave": [1, 1, 2]}, dtype=object)
    return Codings(frame, Codebook(codes), {"i1": text}, sources=sources, cases=cases)


def test_states_variables_cases_and_sections_of_a_definition_survive(tmp_path: Path) -> None:
    before = model()
    assert not len(vvv.write_refi(before, tmp_path / "p.qdpx"))
    valid(tmp_path / "p.qdpx")
    after = vvv.read_codings(tmp_path / "p.qdpx")
    columns = ["source", "start", "end", "text", "code_path", "coder", "stance", "phase"]
    pd.testing.assert_frame_equal(after.frame[columns], before.frame[columns])
    pd.testing.assert_frame_equal(after.sources, before.sources)
    pd.testing.assert_frame_equal(after.cases, before.cases)
    held = [name for name in CODEBOOK_COLUMNS if name != "guid"]
    pd.testing.assert_frame_equal(after.codebook.frame[held], before.codebook.frame[held])


def test_two_writings_are_equal_byte_for_byte(tmp_path: Path) -> None:
    vvv.write_refi(model(), tmp_path / "a.qdpx")
    first = (tmp_path / "a.qdpx").read_bytes()
    vvv.write_refi(model(), tmp_path / "a.qdpx")
    assert (tmp_path / "a.qdpx").read_bytes() == first


def test_the_order_of_the_schema_is_kept(tmp_path: Path) -> None:
    vvv.write_refi(model(), tmp_path / "p.qdpx")
    with zipfile.ZipFile(tmp_path / "p.qdpx") as archive:
        root = etree.fromstring(archive.read("project.qde"))
    names = [etree.QName(element).localname for element in root]
    assert names == ["Users", "CodeBook", "Variables", "Cases", "Sources", "Notes"]


def test_the_schema_refuses_what_taguette_writes_and_we_read_it(tmp_path: Path) -> None:
    path = tmp_path / "taguette.qdc"
    path.write_text(
        '<?xml version="1.0"?><CodeBook xmlns="urn:QDA-XML:codebook:1.0" origin="Taguette 1.4"><Codes>'
        f'<Code guid="{ident("a")}" name="interesting.places" isCodable="true"/></Codes><Sets/></CodeBook>',
        encoding="utf-8",
    )
    with pytest.raises(etree.DocumentInvalid):
        valid(path)
    assert vvv.read_codebook(path).paths == ["interesting", "interesting > places"]


@pytest.mark.parametrize("namespace", ["urn:QDA-XML:codebook:1:0", "urn:QDA-XML:codebook:0:4", "", "urn:QDA-XML:codebook:1.0"])
def test_a_codebook_is_read_in_every_namespace_seen(tmp_path: Path, namespace: str) -> None:
    tree = refi.code("A", "<Description>what</Description>" + refi.code("b"))
    declaration = f' xmlns="{namespace}"' if namespace else ""
    (tmp_path / "c.qdc").write_text(f"<CodeBook{declaration}><Codes>{tree}</Codes></CodeBook>", encoding="utf-8")
    book = vvv.read_codebook(tmp_path / "c.qdc")
    assert book.paths == ["A", "A > b"]
    assert book.frame.loc[0, "definition"] == "what"


def test_another_ending_or_an_empty_codebook_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(AnalysisError, match="not written to"):
        vvv.write_refi(model(), tmp_path / "p.docx")
    empty = Codebook(model().codebook.frame.iloc[:0])
    with pytest.raises(AnalysisError, match="without codes"):
        vvv.write_refi(empty, tmp_path / "p.qdc")


def test_characters_that_xml_cannot_hold_are_replaced_and_reported(tmp_path: Path) -> None:
    codings = model()
    codings.frame["memo"] = ["bell \x07", "", ""]
    lost = vvv.write_refi(codings, tmp_path / "p.qdpx")
    valid(tmp_path / "p.qdpx")
    assert [loss.what for loss in lost] == ["characters that XML cannot hold"]
    assert vvv.read_codings(tmp_path / "p.qdpx").frame.loc[0, "memo"] == "bell \ufffd"


def test_passages_that_are_only_spaces_or_parts_of_words_come_back_too(tmp_path: Path) -> None:
    before = model()
    text = before.texts["i1"]
    places = [(3, 4), (2, 3), (5, 5), (1, 5), (16, 18), (0, len(text)), (13, 15)]
    frame = pd.DataFrame(
        {"source": "i1", "start": [a for a, _ in places], "end": [b for _, b in places], "code_path": "Net", "coder": "Bo"}
    )
    frame["text"] = [text[start:end] for start, end in places]
    vvv.write_refi(Codings(frame, before.codebook, {"i1": text}), tmp_path / "p.qdpx")
    after = vvv.read_codings(tmp_path / "p.qdpx")
    assert list(zip(after.frame["start"], after.frame["end"], strict=True)) == places
    assert after.offsets["i1"].evidence == "declared"


def test_a_passage_outside_of_its_text_is_not_written(tmp_path: Path) -> None:
    codings = model()
    codings.frame.loc[0, "end"] = 500
    with pytest.raises(AnalysisError, match="does not lie in its text"):
        vvv.write_refi(codings, tmp_path / "p.qdpx")
    assert not (tmp_path / "p.qdpx").exists()
