"""`check_round` on rounds that were spoilt on purpose: each fault is found with its file and row, a sound round has none."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.check.made_rounds import PAIRS, both, definition, interviews, mapping, source, table
from vvvresearch.check import RoundReport, check_round
from vvvresearch.errors import RoundError

HERE = Path(__file__).parent.parent.parent
SHORT = "# Baggrund {#sec-baggrund}\n\n{{< var courses.total.rows >}}\n\n{{< include tables/goals.md >}}\n"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo round, with two short sections for its report (looking up the whole takes seconds), and the one before it."""
    root = tmp_path_factory.mktemp("workspace")
    for part in ("rounds", "interviews", "surveys"):
        for name in ("demo", "demo-2019"):
            shutil.copytree(HERE / part / name, root / part / name)
    shutil.copytree(HERE / "notebooks", root / "notebooks")
    for name in ("report.qmd", "report.en.qmd"):
        (root / "rounds/demo" / name).write_text(SHORT, encoding="utf-8")
    return root


@pytest.fixture
def copy(whole: Path, tmp_path: Path) -> Path:
    shutil.copytree(whole, tmp_path / "w")
    return tmp_path / "w"


def replaced(path: Path, old: str, new: str) -> int:
    """Spoil a file; returns the line that was spoilt."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def spoil_register(root: Path) -> tuple[str, int | None]:
    return "interviews/demo/interviews.csv", replaced(root / "interviews/demo/interviews.csv", ",volunteer,", ",volunter,")


def spoil_municipality(root: Path) -> tuple[str, int | None]:
    return "surveys/demo/matches.csv", replaced(root / "surveys/demo/matches.csv", ",9001", ",8001")


def spoil_source_name(root: Path) -> tuple[str, int | None]:
    return "interviews/demo/interviews.csv", replaced(root / "interviews/demo/interviews.csv", ",p03-r1,", ",p03-r9,")


def spoil_guide(root: Path) -> tuple[str, int | None]:
    line = replaced(root / "interviews/demo/guide.csv", "Udbytte", "Udbyte")
    return "interviews/demo/guide.csv", line


def spoil_goal(root: Path) -> tuple[str, int | None]:
    return "rounds/demo/round.toml", replaced(root / "rounds/demo/round.toml", 'matches = "ended"', 'matches = "endd"')


def spoil_notebook(root: Path) -> tuple[str, int | None]:
    return "rounds/demo/round.toml", replaced(root / "rounds/demo/round.toml", '"50-themes"', '"50-thems"')


def spoil_type(root: Path) -> tuple[str, int | None]:
    return "rounds/demo/round.toml", replaced(root / "rounds/demo/round.toml", 'type = "guide"', 'type = "giude"')


def spoil_number(root: Path) -> tuple[str, int | None]:
    path = root / "rounds/demo/report.qmd"
    path.write_text(path.read_text(encoding="utf-8") + "\nDer er 17 svar.\n", encoding="utf-8")
    return "rounds/demo/report.qmd", path.read_text(encoding="utf-8").count("\n")


def spoil_parity(root: Path) -> tuple[str, int | None]:
    path = root / "rounds/demo/report.en.qmd"
    path.write_text(path.read_text(encoding="utf-8") + "\n# More {#sec-more}\n", encoding="utf-8")
    return "rounds/demo/report.en.qmd", path.read_text(encoding="utf-8").count("\n")


def lose_file(root: Path) -> tuple[str, int | None]:
    (root / "surveys/demo/courses.csv").unlink()
    return "surveys/demo/courses.csv", None


SPOILT: dict[str, Callable[[Path], tuple[str, int | None]]] = {
    name: value for name, value in globals().items() if name.startswith(("spoil_", "lose_"))
}


# What cannot stand beside others: it spoils the definition itself, or the same file.
APART = (("spoil_goal",), ("spoil_type",), ("spoil_notebook", "spoil_source_name"))
# All others are spoilt in one copy: a check takes seconds, and all faults have to come together anyway.
TOGETHER = tuple(name for name in SPOILT if name not in sum(APART, ()))


@pytest.fixture(scope="module")
def told(whole: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[tuple[str, int | None], RoundReport]]:
    """By spoiler: the place that it spoilt, and what the check told of the copy."""
    found = {}
    for names in (*APART, TOGETHER):
        root = tmp_path_factory.mktemp("spoilt") / "w"
        shutil.copytree(whole, root)
        places = {name: SPOILT[name](root) for name in names}
        report = check_round(root, "demo")
        found |= {name: (place, report) for name, place in places.items()}
    return found


@pytest.mark.parametrize("spoiler", SPOILT)
def test_a_spoilt_round_is_told_with_file_and_row(told: dict[str, tuple[tuple[str, int | None], RoundReport]], spoiler: str) -> None:
    place, report = told[spoiler]
    assert not report.sound
    assert place in {(fault.file, fault.row) for fault in report.faults}, report.faults
    assert all(fault.what for fault in report.faults)


def test_a_sound_round_has_no_fault_and_a_next_step(whole: Path) -> None:
    found = check_round(whole, "demo")
    assert found.faults == ()
    assert "the round has not been run" in found.missing
    assert found.next.endswith("vvv run demo")


def test_an_accepted_fault_is_listed_with_its_reason(copy: Path) -> None:
    spoil_number(copy)
    (fault,) = check_round(copy, "demo").faults
    path = copy / "rounds/demo/round.toml"
    whole, cut = (f"""[[accepted]]\nfault = "{words}"\nreason = "husnummer"\nby = "EE"\n\n""" for words in (fault.what, fault.what[:-3]))
    accepted = f"{whole}{cut}[subgroups]"
    path.write_text(path.read_text(encoding="utf-8").replace("[subgroups]", accepted, 1), encoding="utf-8")
    found = check_round(copy, "demo")
    assert found.sound
    assert [reason for _, reason in found.accepted] == ["husnummer (EE)"]
    assert [one for one in found.missing if "[[accepted]]" in one] == [
        "[[accepted]] number 2 of round.toml is no fault that is found: take it out, or copy the words of vvv check whole"
    ]


def test_judgements_on_what_nobody_declared_are_told(tmp_path: Path) -> None:
    rows = [(f"P{number}", "1", name, "0.9", "hørt") for number in range(1, 5) for name in ("TID", "GODT")]
    table(tmp_path / "interviews/lokal/judgements.csv", ("case", "wave", "condition", "membership", "reason"), rows)
    sources = [source("vurderinger", "judgements", "interviews/lokal/judgements.csv")]
    definition(tmp_path, "lokal", ["", *sources])
    assert [one for one in check_round(tmp_path, "lokal").missing if "judged" in one] == [
        "cases are judged on GODT, TID, and no [[conditions]] or [[outcomes]] of round.toml say what they are"
    ]
    declared = f'[[outcomes]]\nid = "GODT"\nlabel = {both("godt")}\nrule = {{ judged = true }}\n'
    definition(tmp_path, "lokal", ["", *sources, declared, declared.replace("outcomes", "conditions").replace("GODT", "TID")])
    found = check_round(tmp_path, "lokal")
    assert not [one for one in found.missing if "judged" in one]
    assert not [fault for fault in found.faults if fault.check == "join"]
    # What stops the analysis is told before the run: a judgement left out, and one left empty.
    gaps = [(*row[:3], "" if row[:3] == ("P2", "1", "GODT") else row[3], row[4]) for row in rows if row[:3] not in {("P1", "1", "GODT")}]
    table(tmp_path / "interviews/lokal/judgements.csv", ("case", "wave", "condition", "membership", "reason"), gaps)
    assert [fault.what for fault in check_round(tmp_path, "lokal").faults if fault.check == "join"] == [
        f"'{case}' has no judgement of 'GODT' in wave '1'" for case in ("P1", "P2")
    ]


def test_pairs_that_were_interviewed_and_not_mapped_are_named_where_most_are(tmp_path: Path) -> None:
    blocks = ["\n", *interviews(tmp_path, "lokal"), source("kort", "mappings", "interviews/lokal/kort.yaml")]
    definition(tmp_path, "lokal", blocks)
    every = [(pair, wave) for pair in PAIRS for wave in ("1", "2")]
    for lacking, said in ((1, [f"not mapped (pair and wave): {PAIRS[-1]} 2"]), (len(every) // 2, [])):
        maps = "\n".join(mapping(pair, wave) for pair, wave in every[:-lacking])
        (tmp_path / "interviews/lokal/kort.yaml").write_text(f"mappings:\n{maps}\n", encoding="utf-8")
        assert [one for one in check_round(tmp_path, "lokal").missing if "mapped" in one] == said


def test_one_map_of_a_wave_that_nobody_was_interviewed_in_is_a_slip_and_many_are_another_rounds(tmp_path: Path) -> None:
    definition(tmp_path, "lokal", ["\n", *interviews(tmp_path, "lokal", ("1",)), source("kort", "mappings", "interviews/lokal/kort.yaml")])
    for later, slips in ((PAIRS[:1], ["no interview of the register has the wave '2'"]), (PAIRS, [])):
        maps = "\n".join(mapping(pair, wave) for wave, pairs in (("1", PAIRS), ("2", later)) for pair in pairs)
        (tmp_path / "interviews/lokal/kort.yaml").write_text(f"mappings:\n{maps}\n", encoding="utf-8")
        assert [fault.what for fault in check_round(tmp_path, "lokal").faults if "has the wave" in fault.what] == slips


def test_what_two_files_of_a_type_say_twice_is_told_at_the_row_of_the_second(tmp_path: Path) -> None:
    for name, rows in (("a", (("Sproget", "refugees"), ("Tiden", "refugees"))), ("b", (("Sproget", "volunteers"), ("Tiden", "refugees")))):
        table(tmp_path / f"interviews/lokal/{name}.csv", ("claim", "source", "verdict"), [(*row, "agree") for row in rows])
    definition(tmp_path, "lokal", ["\n", *(source(name, "claims", f"interviews/lokal/{name}.csv") for name in "ab")])
    found = [fault for fault in check_round(tmp_path, "lokal").faults if "two verdicts" in fault.what]
    assert [(fault.file, fault.row) for fault in found] == [("interviews/lokal/b.csv", 3)]


def test_the_shipped_rounds_are_sound_and_their_documents_disagree_in_places() -> None:
    reports = [check_round(HERE, name) for name in ("2019-final", "2021-note", "demo-2019", "demo")]
    assert [report.faults for report in reports] == [(), (), (), ()]
    assert sum(len(report.notices) for report in reports) > 40


def test_an_unknown_round_is_an_error_and_a_broken_definition_a_fault(copy: Path) -> None:
    with pytest.raises(RoundError, match="there is no round"):
        check_round(copy, "dmeo")
    (copy / "rounds/demo/round.toml").write_text("id = [", encoding="utf-8")
    found: RoundReport = check_round(copy, "demo")
    assert [(fault.check, fault.file) for fault in found.faults] == [("definition", "rounds/demo/round.toml")]


def test_a_run_that_is_older_than_the_round_does_not_say_what_the_next_one_makes(copy: Path) -> None:
    include = "{{< include tables/waves-municipal-2019-municipal-2021-refused.md >}}\n"
    for name in ("report.qmd", "report.en.qmd"):
        path = copy / "rounds/demo" / name
        path.write_text(path.read_text(encoding="utf-8") + include, encoding="utf-8")
    (copy / "outputs/demo/da").mkdir(parents=True)
    manifest = copy / "outputs/demo/da/manifest.json"
    manifest.write_text("{}", encoding="utf-8")
    os.utime(manifest, (1, 1))
    assert check_round(copy, "demo").faults == ()
    os.utime(manifest, (4_000_000_000, 4_000_000_000))
    told = {fault.what for fault in check_round(copy, "demo").faults}
    assert "no chapter makes tables/waves-municipal-2019-municipal-2021-refused.md" in told
