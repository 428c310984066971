"""REFI-QDA projects are read as each exporter means them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import refi_projects as refi
from refi_projects import DANISH, coding, ident, selection, text_source

import vvvresearch as vvv
from vvvresearch.errors import SourceError
from vvvresearch.evidence import Codings

PASSAGES = ("Hun viste mig", "hvordan man kører med bus", "og vi lo 😂 længe", "Nu spiser vi sammen hver tirsdag", "børnene leger i gården")
CODEBOOK = f"<CodeBook><Codes>{refi.code('net')}{refi.code('fun')}</Codes></CodeBook>"


def nvivo(folder: Path) -> Path:
    """UTF-16 units, mark stripped, CRLF counts two, one selection a coding, another user on the selection."""
    raw = refi.BOM + DANISH.replace("\n", "\r\n")
    parts = []
    for passage in PASSAGES:
        place = refi.span(DANISH, passage)
        start, end = (refi.count(raw, one, unit="utf-16") for one in place)
        for name in ("net", "fun"):
            parts.append(selection(start, end, coding(name, "Ida", passage), user="Admin", description=""))
    source = f'<TextSource guid="{ident("one")}" name="one" plainTextPath="internal://{ident("one")}.txt">{"".join(parts)}</TextSource>'
    case = f'<Cases><Case guid="{ident("net")}" name="net"/></Cases>'
    qde = refi.project(refi.users("Ida", "Admin"), CODEBOOK, case, f"<Sources>{source}</Sources>", origin="NVivo 12")
    return refi.write(folder / "nvivo.qdpx", qde, {f"Sources/{ident('one').lower()}.TXT": raw.encode(), "sources/.root": b""})


def atlas(folder: Path) -> Path:
    """CRLF in the text counts one, several codings a selection, the quote cut at 100, the project file named freely."""
    raw = DANISH.replace("\n", "\r\n")
    long = DANISH[51:190]
    parts = []
    for passage in (*PASSAGES, long):
        start, end = (refi.count(raw, one, crlf=1) for one in refi.span(DANISH, passage))
        quote = passage if len(passage) <= 100 else passage[:100] + "…"
        parts.append(selection(start, end, coding("net", "Bo", passage) + coding("fun", "Bo", passage), name=quote))
    parts.append(selection(5, 5, coding("net", "Bo", "zero")))
    source = (
        f'<TextSource guid="{ident("one")}" name="one.docx" plainTextPath="internal://{ident("one")}.txt">{"".join(parts)}</TextSource>'
    )
    sets = f'<Sets><Set guid="{ident("set")}" name="G"><MemberCode targetGUID="{ident("net")}"/></Set></Sets>'
    qde = refi.project(refi.users("Bo"), CODEBOOK, f"<Sources>{source}</Sources>", sets, origin="ATLAS.ti 9")
    return refi.write(folder / "atlas.qdpx", qde, {f"sources/{ident('one')}.txt": raw.encode()}, qde_name="My Project.QDE")


def passages(codings: Codings) -> list[str]:
    return list(dict.fromkeys(codings.frame["text"]))


def test_nvivo_passages_stand_where_the_coder_put_them(tmp_path: Path) -> None:
    read = vvv.read_codings(nvivo(tmp_path))
    assert passages(read) == list(PASSAGES)
    assert len(read.frame) == 2 * len(PASSAGES)
    assert read.offsets["one"].choice == "bom=stripped crlf=2 unit=utf-16 end=exclusive"
    assert read.offsets["one"].score == 1.0
    assert read.offsets["one"].evidence == "words"
    assert "\r" not in read.texts["one"]
    assert read.texts["one"] == DANISH


def test_the_coder_of_the_coding_wins_and_the_conflict_is_reported(tmp_path: Path) -> None:
    read = vvv.read_codings(nvivo(tmp_path))
    assert read.coders == ["Ida"]
    assert any("another person" in loss.what and loss.count == 2 * len(PASSAGES) for loss in read.losses)


def test_cases_that_are_codes_too_stay_in_the_codebook_and_are_no_themes(tmp_path: Path) -> None:
    read = vvv.read_codings(nvivo(tmp_path))
    assert read.codebook.frame[["code_path", "is_case"]].values.tolist() == [["net", True], ["fun", False]]
    assert read.codebook.paths == read.codebook.children("") == ["fun"]
    assert read.cases.to_dict("records") == [{"case": "net", "source": "one"}]
    assert any("cases as well" in loss.what for loss in read.losses)
    vvv.write_refi(read, tmp_path / "out.qdpx")
    again = vvv.read_codings(tmp_path / "out.qdpx")
    assert again.codebook.paths == ["fun"]
    assert len(again.frame) == len(read.frame)


def test_a_folder_that_holds_nothing_but_cases_is_no_theme(tmp_path: Path) -> None:
    folder = refi.code("Cases", refi.code("Person A") + refi.code("Person B")) + refi.code("fun")
    cases = "".join(f'<Case guid="{ident(name)}" name="{name}"/>' for name in ("Person A", "Person B"))
    part = selection(*refi.span(DANISH, PASSAGES[0]), coding("Person A"))
    source = text_source("i1", part, inline=DANISH)
    qde = refi.project(f"<CodeBook><Codes>{folder}</Codes></CodeBook>", f"<Cases>{cases}</Cases>", refi.sources(source))
    read = vvv.read_codings(refi.write(tmp_path / "p.qdpx", qde, {}))
    assert read.codebook.paths == ["fun"]
    assert len(read.codebook.frame) == 4
    assert read.cases.to_dict("records") == [{"case": "Person A", "source": "i1"}, {"case": "Person B", "source": ""}]


def test_atlas_counts_a_line_end_as_one_and_cuts_its_quotes(tmp_path: Path) -> None:
    read = vvv.read_codings(atlas(tmp_path))
    assert passages(read) == [*PASSAGES, DANISH[51:190], ""]
    assert read.offsets["one.docx"].choice == "bom=stripped crlf=1 unit=codepoint end=exclusive"
    assert read.offsets["one.docx"].evidence == "quote"
    assert read.sets.to_dict("records") == [{"set": "G", "kind": "code", "member": "net"}]
    zero = read.frame[read.frame["text"] == ""]
    assert (zero["start"] == zero["end"]).all()


@pytest.mark.parametrize("bom", ["kept", "stripped"])
@pytest.mark.parametrize("crlf", [1, 2])
@pytest.mark.parametrize("unit", ["codepoint", "utf-16"])
@pytest.mark.parametrize("end", ["exclusive", "inclusive"])
@pytest.mark.parametrize("quoted", [True, False])
def test_every_way_of_counting_is_recognised(tmp_path: Path, bom: str, crlf: int, unit: str, end: str, quoted: bool) -> None:
    raw = refi.BOM + DANISH.replace("\n", "\r\n")
    parts = []
    for passage in PASSAGES:
        start, stop = (refi.count(raw, one, bom=bom, crlf=crlf, unit=unit) for one in refi.span(DANISH, passage))
        parts.append(selection(start, stop - (end == "inclusive"), coding("net", "A", passage), name=passage if quoted else None))
    source = text_source("s", "".join(parts), path="internal://s.txt")
    qde = refi.project(refi.users("A"), CODEBOOK, f"<Sources>{source}</Sources>")
    read = vvv.read_codings(refi.write(tmp_path / "p.qdpx", qde, {"sources/s.txt": raw.encode()}))
    assert list(read.frame["text"]) == list(PASSAGES)
    assert read.offsets["s"].choice == f"bom={bom} crlf={crlf} unit={unit} end={end}"
    for row in read.frame.itertuples():
        assert read.texts["s"][row.start : row.end] == row.text


def test_evidence_is_pooled_over_the_sources_of_a_project(tmp_path: Path) -> None:
    raw = DANISH.replace("\n", "\r\n")
    sources, members = [], {}
    for number, passage in enumerate(PASSAGES):
        start, stop = (refi.count(raw, one, unit="utf-16") for one in refi.span(DANISH, passage))
        sources.append(
            f'<TextSource guid="{ident(str(number))}" name="i{number}" plainTextPath="internal://{number}.txt">'
            + selection(start, stop, coding("net", "A", passage))
            + "</TextSource>"
        )
        members[f"sources/{number}.txt"] = raw.encode()
    qde = refi.project(refi.users("A"), CODEBOOK, f"<Sources>{''.join(sources)}</Sources>")
    read = vvv.read_codings(refi.write(tmp_path / "p.qdpx", qde, members))
    assert list(read.frame["text"]) == list(PASSAGES)
    assert {choice.choice for choice in read.offsets.values()} == {"bom=stripped crlf=2 unit=utf-16 end=exclusive"}


def shifted(folder: Path) -> Path:
    parts = [
        selection(start + 3, end + 3, coding("net", "A", passage), name=passage)
        for passage in PASSAGES
        for start, end in [refi.span(DANISH, passage)]
    ]
    source = text_source("s", "".join(parts), path="internal://s.txt")
    qde = refi.project(refi.users("A"), CODEBOOK, f"<Sources>{source}</Sources>")
    return refi.write(folder / "p.qdpx", qde, {"sources/s.txt": DANISH.encode()})


def test_positions_that_fit_no_convention_are_refused_unless_told(tmp_path: Path) -> None:
    path = shifted(tmp_path)
    with pytest.raises(SourceError, match="do not fit the texts") as caught:
        vvv.read_codings(path)
    assert "min_offset_score" in caught.value.todo
    told = vvv.read_codings(path, min_offset_score=0)
    assert len(told.frame) == len(PASSAGES)
    assert told.offsets["s"].score < 0.8


def test_maxqda_comments_unnamed_cases_and_double_source_names(tmp_path: Path) -> None:
    variables = f'<Variables><Variable guid="{ident("age")}" name="age" typeOfVariable="Integer"/></Variables>'
    value = f'<VariableValue><VariableRef targetGUID="{ident("age")}"/><IntegerValue>34</IntegerValue></VariableValue>'
    case = f'<Cases><Case guid="{ident("c")}">{value}<SourceRef targetGUID="{ident("a")}"/></Case></Cases>'
    sources = "".join(
        f'<TextSource guid="{ident(key)}" name="Interview" plainTextPath="internal://{key}.txt">'
        + selection(0, 12, coding("net", "A", key))
        + selection(13, 22, "", description="look again")
        + "</TextSource>"
        for key in ("a", "b")
    )
    qde = refi.project(refi.users("A"), CODEBOOK, variables, case, f"<Sources>{sources}</Sources>", origin="MAXQDA 2022")
    read = vvv.read_codings(refi.write(tmp_path / "m.qdpx", qde, {"sources/a.txt": DANISH.encode(), "sources/b.txt": DANISH.encode()}))
    assert list(read.frame["source"]) == ["Interview", "Interview (2)"]
    assert read.sources.set_index("source")["age"].to_dict() == {"Interview": 34, "Interview (2)": None}
    assert len(read.cases) == 0
    comments = read.memos[read.memos["on"] == "passage"]
    assert comments[["target", "start", "end", "text"]].values.tolist() == [
        ["Interview", 13, 22, "look again"],
        ["Interview (2)", 13, 22, "look again"],
    ]


def test_a_path_without_scheme_and_a_source_without_name_are_found(tmp_path: Path) -> None:
    source = f'<TextSource guid="{ident("q")}" plainTextPath="Q.TXT">{selection(0, 12, coding("net"))}</TextSource>'
    read = vvv.read_codings(
        refi.write(tmp_path / "qc.qdpx", refi.project(CODEBOOK, f"<Sources>{source}</Sources>"), {"SOURCES/q.txt": DANISH.encode()})
    )
    assert read.frame.loc[0, "source"] == "Q.TXT"
    assert read.frame.loc[0, "text"] == DANISH[:12]


def test_codes_of_one_name_under_two_parents_stay_two(tmp_path: Path) -> None:
    tree = refi.code("A", refi.code("x", key="ax")) + refi.code("B", refi.code("x", key="bx")) + refi.code("A > x", key="odd")
    tree += refi.code("A", key="A again")
    source = "".join(selection(0, 12, coding(key, "", key)) for key in ("ax", "bx", "odd", "A again"))
    qde = refi.project(
        f"<CodeBook><Codes>{tree}</Codes></CodeBook>",
        f'<Sources><TextSource guid="{ident("s")}" name="s"><PlainTextContent>{DANISH}</PlainTextContent>{source}</TextSource></Sources>',
    )
    read = vvv.read_codings(refi.write(tmp_path / "p.qdpx", qde, {}))
    assert list(read.frame["code_path"]) == ["A > x", "B > x", "A › x", "A (2)"]
    assert list(read.codebook.frame["name"]) == ["A", "x", "B", "x", "A > x", "A"]


def test_guids_in_braces_and_other_case_are_the_same(tmp_path: Path) -> None:
    reference = (
        f'<Coding guid="{ident("c")}" creatingUser="{{{ident("A").lower()}}}"><CodeRef targetGUID="{{{ident("net").lower()}}}"/></Coding>'
    )
    source = text_source("s", selection(0, 12, reference), inline=DANISH)
    read = vvv.read_codings(refi.write(tmp_path / "p.qdpx", refi.project(refi.users("A"), CODEBOOK, f"<Sources>{source}</Sources>"), {}))
    assert read.frame.loc[0, ["code_path", "coder"]].tolist() == ["net", "A"]


def test_a_coding_on_the_source_itself_codes_the_whole_document(tmp_path: Path) -> None:
    source = text_source("s", coding("net", "A"), inline=DANISH)
    read = vvv.read_codings(refi.write(tmp_path / "p.qdpx", refi.project(refi.users("A"), CODEBOOK, f"<Sources>{source}</Sources>"), {}))
    assert read.frame.loc[0, ["start", "end"]].tolist() == [0, len(DANISH)]
    assert read.frame.loc[0, "text"] == DANISH


def test_pdf_text_and_transcripts_with_time_marks_are_read(tmp_path: Path) -> None:
    start, end = refi.span(DANISH, PASSAGES[0])
    pdf = (
        f'<PDFSource guid="{ident("pdf")}" name="r.pdf" path="internal://r.pdf">'
        f'<Representation guid="{ident("rep")}" name="rep" plainTextPath="internal://r.txt">'
        f"{selection(start, end, coding('net', 'A'))}</Representation></PDFSource>"
    )
    sides = f'fromSyncPoint="{ident("p1")}" toSyncPoint="{ident("p2")}"'
    audio = (
        f'<AudioSource guid="{ident("au")}" name="talk.m4a" path="relative:///talk.m4a">'
        f'<Transcript guid="{ident("tr")}" name="tr" plainTextPath="internal://t.txt">'
        f'<SyncPoint guid="{ident("p1")}" timeStamp="0" position="{start}"/>'
        f'<SyncPoint guid="{ident("p2")}" timeStamp="900" position="{end}"/>'
        f'<TranscriptSelection guid="{ident("ts")}" {sides}>{coding("fun", "A")}</TranscriptSelection></Transcript>'
        f'<AudioSelection guid="{ident("as")}" begin="10" end="20">{coding("net", "A", "audio")}</AudioSelection></AudioSource>'
    )
    qde = refi.project(refi.users("A"), CODEBOOK, f"<Sources>{pdf}{audio}</Sources>")
    read = vvv.read_codings(refi.write(tmp_path / "p.qdpx", qde, {"sources/r.txt": DANISH.encode(), "sources/t.txt": DANISH.encode()}))
    assert read.frame["source"].tolist() == ["r.pdf", "talk.m4a", "talk.m4a"]
    assert read.frame["text"].tolist() == [PASSAGES[0], PASSAGES[0], ""]
    assert read.frame["region"].tolist() == ["", "", "begin=10 end=20"]
    assert read.frame["start"].isna().tolist() == [False, False, True]


def test_the_specification_example_has_the_published_counts(reference: Path) -> None:
    name = "atlasti8mac_spec_example_no_sources.qdpx"
    expected = json.loads((reference / "qda" / "expected.json").read_text(encoding="utf-8"))[name]
    read = vvv.read_codings(reference / "qda" / name)
    assert len(read.frame) == expected["n_codings"]
    assert read.frame["coder"].value_counts().to_dict() == expected["codings_by_coder"]
    assert read.frame["code_path"].value_counts().to_dict() == expected["per_code_codings"]
    assert len(read.codebook.frame) == expected["n_codes"]
    assert max(read.codebook.level(path) for path in read.codebook.paths) == expected["max_code_depth"]
    assert read.sources["source"].tolist() == [source["name"] for source in expected["per_source"]]
    counts = read.frame["source"].value_counts()
    assert all(counts.get(source["name"], 0) == source["codings"] for source in expected["per_source"])
    counted = {loss.what: loss.count for loss in read.losses}
    assert read.sets["set"].nunique() + counted.get("sets without codes and sources", 0) == expected["n_sets"]
    assert read.memos["title"].ne("").sum() == expected["n_notes"]
    assert counted["links"] == expected["n_links"]
    assert counted["graphs (drawn networks)"] == expected["n_graphs"]
    for sample in expected["sample_codings"]:
        rows = read.frame[(read.frame["source"] == sample["source"]) & (read.frame["start"] == sample["start"])]
        assert sorted(rows["code_path"]) == sample["codes"]
        assert set(rows["end"]) == {sample["end"]}


@pytest.mark.parametrize(
    "path", ["internal://../../etc/passwd", "absolute:///etc/hostname", "relative:///../x.txt", "..\\x.txt", "C:\\x.txt"]
)
def test_a_source_path_that_leads_out_is_refused(tmp_path: Path, path: str) -> None:
    source = f'<TextSource guid="{ident("s")}" name="s" plainTextPath="{path}">{selection(0, 12, coding("net"))}</TextSource>'
    with pytest.raises(SourceError, match="points out of the project"):
        vvv.read_codings(refi.write(tmp_path / "p.qdpx", refi.project(CODEBOOK, f"<Sources>{source}</Sources>"), {}))


def test_a_missing_text_can_be_handed_over(tmp_path: Path) -> None:
    start, end = refi.span(DANISH, PASSAGES[1])
    source = text_source("s.docx", selection(start, end, coding("net"), name=PASSAGES[1]), path="internal://gone.txt")
    path = refi.write(tmp_path / "p.qdpx", refi.project(CODEBOOK, f"<Sources>{source}</Sources>"), {})
    alone = vvv.read_codings(path)
    assert alone.frame.loc[0, ["start", "end", "text"]].tolist() == [start, end, PASSAGES[1]]
    assert alone.texts == {}
    assert any("does not hold" in loss.what for loss in alone.losses)
    assert vvv.read_codings(path, texts={"s": DANISH}).frame.loc[0, "text"] == PASSAGES[1]


def test_a_bare_project_file_finds_its_sources_beside_it(tmp_path: Path) -> None:
    start, end = refi.span(DANISH, PASSAGES[1])
    source = text_source("i1", selection(start, end, coding("net"), name=PASSAGES[1]), path="internal://AB.txt")
    (tmp_path / "Sources").mkdir()
    (tmp_path / "Sources" / "ab.TXT").write_text(DANISH, encoding="utf-8")
    (tmp_path / "p.qde").write_text(refi.project(CODEBOOK, refi.sources(source)), encoding="utf-8")
    assert vvv.read_codings(tmp_path / "p.qde").frame.loc[0, "text"] == PASSAGES[1]


def test_a_file_of_the_same_name_in_another_folder_is_not_the_source(tmp_path: Path) -> None:
    start, end = refi.span(DANISH, PASSAGES[1])
    source = text_source("i1", selection(start, end, coding("net"), name=PASSAGES[1]), path="internal://a.txt")
    members = {"backup/a.txt": b"something else", "Sources/a.txt": DANISH.encode()}
    read = vvv.read_codings(refi.write(tmp_path / "p.qdpx", refi.project(CODEBOOK, refi.sources(source)), members))
    assert read.texts == {"i1": DANISH}


def test_a_region_that_repeats_a_passage_of_the_text_is_reported(tmp_path: Path) -> None:
    start, end = refi.span(DANISH, PASSAGES[1])
    place = 'page="0" firstX="1" firstY="2" secondX="3" secondY="4"'
    pdf = (
        f'<PDFSource guid="{ident("pdf")}" name="r.pdf">'
        f'<PDFSelection guid="{ident("twin")}" {place}>{coding("net", "", "region")}</PDFSelection>'
        f'<Representation guid="{ident("rep")}"><PlainTextContent>{DANISH}</PlainTextContent>'
        f'<PlainTextSelection guid="{ident("twin")}" startPosition="{start}" endPosition="{end}">{coding("net")}</PlainTextSelection>'
        "</Representation></PDFSource>"
    )
    read = vvv.read_codings(refi.write(tmp_path / "p.qdpx", refi.project(CODEBOOK, refi.sources(pdf)), {}))
    assert read.frame["text"].tolist() == [PASSAGES[1], ""]
    assert any("same passage" in loss.what and loss.count == 1 for loss in read.losses)


def test_named_cases_hold_their_sources_variables_and_passages(tmp_path: Path) -> None:
    start, end = refi.span(DANISH, PASSAGES[1])
    passage = selection(start, end, coding("net"), name=PASSAGES[1])
    variable = f'<Variables><Variable guid="{ident("v")}" name="case" typeOfVariable="Boolean"/></Variables>'
    value = f'<VariableValue><VariableRef targetGUID="{ident("v")}"/><BooleanValue>true</BooleanValue></VariableValue>'
    key = passage.split('guid="')[1][:36]
    cases = (
        f'<Cases><Case guid="{ident("c1")}" name="pair 1">{value}<SourceRef targetGUID="{ident("i1")}"/></Case>'
        f'<Case guid="{ident("c2")}" name="pair 2"><SelectionRef targetGUID="{key}"/></Case>'
        f'<Case guid="{ident("c3")}" name="none"/></Cases>'
    )
    qde = refi.project(CODEBOOK, variable, cases, refi.sources(text_source("i1", passage, inline=DANISH)))
    read = vvv.read_codings(refi.write(tmp_path / "p.qdpx", qde, {}))
    assert read.cases.to_dict("records") == [
        {"case": "pair 1", "source": "i1", "case (variable)": True},
        {"case": "pair 2", "source": "i1", "case (variable)": None},
        {"case": "none", "source": "", "case (variable)": None},
    ]
    assert any(loss.what == "passages that belong to a case" for loss in read.losses)


def test_notes_on_codings_travel_with_them_and_the_others_are_memos(tmp_path: Path) -> None:
    start, end = refi.span(DANISH, PASSAGES[1])
    one = coding("net").replace("</Coding>", f'<NoteRef targetGUID="{ident("n1")}"/></Coding>')
    notes = "".join(
        f'<Note guid="{ident(key)}" name="{key}"><PlainTextContent>text of {key}</PlainTextContent></Note>' for key in ("n1", "n2")
    )
    source = text_source("i1", selection(start, end, one, name=PASSAGES[1], description="why"), inline=DANISH)
    read = vvv.read_codings(refi.write(tmp_path / "p.qdpx", refi.project(CODEBOOK, refi.sources(source), f"<Notes>{notes}</Notes>"), {}))
    assert read.frame.loc[0, "memo"] == "why\n\ntext of n1"
    assert read.memos[["on", "title", "text"]].values.tolist() == [["project", "n2", "text of n2"]]
    assert {loss.what: loss.count for loss in read.losses} == {"values of <Note> name": 1}


def test_one_source_with_another_text_is_refused_though_the_rest_fits(tmp_path: Path) -> None:
    elements, members = [], {}
    for number in range(12):
        parts = [
            selection(*refi.span(DANISH, passage), coding("net", "A", f"{number}{passage}"), name=passage if number % 2 else None)
            for passage in PASSAGES
        ]
        elements.append(text_source(f"i{number}", "".join(parts), path=f"internal://{number}.txt"))
        text = DANISH if number != 4 else "abcdefghijklmno " * 40
        members[f"sources/{number}.txt"] = text.encode()
    path = refi.write(tmp_path / "p.qdpx", refi.project(refi.users("A"), CODEBOOK, refi.sources(*elements)), members)
    with pytest.raises(SourceError) as caught:
        vvv.read_codings(path)
    assert "i4" in caught.value.why


def test_a_source_counted_in_another_way_than_the_rest_is_found_out(tmp_path: Path) -> None:
    elements, members = [], {}
    raw = refi.BOM + DANISH.replace("\n", "\r\n")
    for number in range(6):
        crlf = 1 if number == 3 else 2
        parts = [
            selection(
                *(refi.count(raw, place, crlf=crlf) for place in refi.span(DANISH, passage)),
                coding("net", "A", f"{number}{passage}"),
                name=passage,
            )
            for passage in PASSAGES
        ]
        elements.append(text_source(f"i{number}", "".join(parts), path=f"internal://{number}.txt"))
        members[f"sources/{number}.txt"] = raw.encode()
    read = vvv.read_codings(refi.write(tmp_path / "p.qdpx", refi.project(refi.users("A"), CODEBOOK, refi.sources(*elements)), members))
    assert read.frame["text"].tolist() == list(PASSAGES) * 6
    assert "crlf=1" in read.offsets["i3"].choice
    assert "crlf=2" in read.offsets["i2"].choice


def test_codes_that_only_look_alike_stay_two_through_a_table(tmp_path: Path) -> None:
    tree = refi.code("ven") + refi.code("ven\u200b", key="hidden")
    parts = selection(*refi.span(DANISH, PASSAGES[0]), coding("ven")) + selection(*refi.span(DANISH, PASSAGES[1]), coding("hidden"))
    qde = refi.project(f"<CodeBook><Codes>{tree}</Codes></CodeBook>", refi.sources(text_source("i1", parts, inline=DANISH)))
    read = vvv.read_codings(refi.write(tmp_path / "p.qdpx", qde, {}))
    assert read.frame["code_path"].tolist() == ["ven", "ven (2)"]
    assert read.codebook.frame["name"].tolist() == ["ven", "ven\u200b"]
    vvv.write_codings(read, tmp_path / "t.csv")
    assert vvv.read_codings(tmp_path / "t.csv").frame["code_path"].tolist() == ["ven", "ven (2)"]


def test_a_project_packed_again_in_its_folder_or_on_windows_is_read(tmp_path: Path) -> None:
    source = text_source("i1", selection(*refi.span(DANISH, PASSAGES[0]), coding("net")), path="internal://a.txt")
    qde = refi.project(CODEBOOK, refi.sources(source))
    members = {"P\\Sources\\a.txt": DANISH.encode(), "__MACOSX/P/._project.qde": b"x", "P/._project.qde": b"x"}
    read = vvv.read_codings(refi.write(tmp_path / "p.qdpx", qde, members, qde_name="P/project.qde"))
    assert read.frame["text"].tolist() == [PASSAGES[0]]


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16"])
def test_a_text_in_another_encoding_is_read_and_reported(tmp_path: Path, encoding: str) -> None:
    text = DANISH.replace("🙂", "").replace("😂", "")
    source = text_source("i1", selection(*refi.span(text, PASSAGES[1]), coding("net"), name=PASSAGES[1]), path="internal://a.txt")
    path = refi.write(tmp_path / "p.qdpx", refi.project(CODEBOOK, refi.sources(source)), {"sources/a.txt": text.encode(encoding)})
    read = vvv.read_codings(path)
    assert read.frame["text"].tolist() == [PASSAGES[1]]
    assert [(loss.what, loss.count) for loss in read.losses] == [("texts that are not UTF-8", 1)]


def test_what_qc_wrote_is_read_by_lines_of_code_points() -> None:
    read = vvv.read_codings(Path(__file__).parent.parent / "data" / "reference" / "qda" / "qc.qdpx")
    assert read.frame[["text", "code_path", "coder"]].values.tolist() == [
        ["Vi mødtes på biblioteket 🙂 i marts.\n", "møde", "ida"],
        ["Nu spiser vi sammen hver tirsdag.\n", "måltid", "ida"],
        ["Børnene leger i gården.\n", "børn", "ida"],
    ]
    assert read.offsets["samtale.txt"].choice == "bom=kept crlf=1 unit=codepoint end=exclusive"
