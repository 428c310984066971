"""What belongs to another round, or was cut off, although every file can be read: the period, the wave, transcripts, the programme."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from vvvresearch.check import RoundReport, check_round
from vvvresearch.cli.main import app

SAID = (
    "Vi gik en tur om søen i regnvejr",
    "Jeg fandt arbejde på et lager i byen",
    "Bussen kørte kun to gange om dagen",
    "Min nabo lærte mig at cykle",
)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A round of four numbered interviews, their transcripts called otherwise, and courses."""
    folder = tmp_path_factory.mktemp("another")
    register = ["Interview nr;Gruppe;Runde;Dato;Må citeres", *(f"{n};Flygtning;1;{n}. maj 2025;ja" for n in range(1, 5))]
    quotes = [f"Interview 0{n};{text};Hverdag > {('Fritid', 'Job')[n % 2]};BK" for n in range(1, 5) for text in SAID]
    courses = ["Kursus;Dato;Form;Type;Fremmødte", *(f"Kursusaften {n};{n}. juni 2025;fysisk;kursus;1{n}" for n in range(1, 4))]
    tables = {"register": register, "kodning": ["Interview;Citat;Kode;Koder", *quotes], "kurser": courses}
    paths = [folder / f"{name}.csv" for name in tables]
    for path, lines in zip(paths, tables.values(), strict=True):
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    texts = folder / "udskrifter"
    texts.mkdir()
    for n in range(1, 5):
        (texts / f"Interview 0{n}.txt").write_text("\n".join(f"I: Og så?\nS: {text}." for text in SAID), encoding="utf-8")
    root = folder / "w"
    calls = [["init", str(root)], ["new-round", "2025-r", "--wave", "1", "--root", str(root)]]
    calls += [["add", "2025-r", str(path), "--yes", "--as", "transcripts", "--root", str(root)] for path in (texts,)]
    calls += [["add", "2025-r", *map(str, paths), "--yes", "--root", str(root)]]
    for call in calls:
        result = CliRunner().invoke(app, call)
        assert result.exit_code == 0, result.output
    return root


def changed(root: Path, name: str, pattern: str, new: str) -> RoundReport:
    """What check says of a round in which one file is other than it was; the file is put back."""
    path = root / name
    before = path.read_bytes()
    text = before.decode()
    assert re.search(pattern, text)
    path.write_text(re.sub(pattern, new, text, count=1), encoding="utf-8")
    try:
        return check_round(root, "2025-r")
    finally:
        path.write_bytes(before)


DEFINITION, REPORT = "rounds/2025-r/round.toml", "rounds/2025-r/report.qmd"


def line(root: Path, name: str, start: str) -> int:
    return next(n for n, text in enumerate((root / name).read_text(encoding="utf-8").splitlines(), 1) if text.startswith(start))


def test_transcripts_that_are_called_by_their_number_join_a_register_of_numbers(sound: Path) -> None:
    assert check_round(sound, "2025-r").faults == ()


def test_a_transcript_that_was_cut_off_is_told(sound: Path) -> None:
    (only,) = changed(sound, "interviews/2025-r/transcripts/Interview 03.txt", r"(?s)\Z|tur om.*", "").faults
    assert (only.file, only.what[:6]) == ("interviews/2025-r/transcripts/Interview 03.txt", "4 of 4")


def test_a_period_that_no_date_lies_in_is_to_be_set_and_one_type_outside_it_is_told_with_its_file(sound: Path) -> None:
    set_wrong = changed(sound, DEFINITION, r"start = 2025-01-01, end = 2025-12-31", "start = 2019-01-01, end = 2019-12-31")
    assert set_wrong.faults == ()
    assert any("period is to be set" in one and "2025-05-01" in one and "2025-06-03" in one for one in set_wrong.missing)
    half = changed(sound, DEFINITION, r"end = 2025-12-31", "end = 2025-05-31")
    assert half.faults == ()
    (told,) = (one for one in half.missing if "outside the round's period" in one)
    assert told.startswith("surveys/2025-r/kurser.csv: all dates lie outside")


def test_an_interview_that_nobody_wrote_a_word_on_quotation_of_is_told(sound: Path) -> None:
    (told,) = (one for one in changed(sound, "interviews/2025-r/register.csv", ";ja", ";").missing if "consent_quote" in one)
    assert told.startswith("1 of 4 interviews do not say whether they may be quoted")
    assert not any("consent_quote" in one for one in check_round(sound, "2025-r").missing)


def test_a_wave_that_nobody_was_interviewed_in_is_told_with_its_line(sound: Path) -> None:
    (only,) = changed(sound, DEFINITION, r'\nwave = "1"', '\nwave = "3"').faults
    assert (only.file, only.row) == (DEFINITION, line(sound, DEFINITION, "wave = "))


def test_a_programme_that_cannot_be_used_is_a_fault_with_its_line(sound: Path) -> None:
    report = changed(sound, "programme.toml", r'"volunteer"\]', '"volunter"]')
    assert {(one.file, one.row) for one in report.faults} == {("programme.toml", line(sound, "programme.toml", "halves = "))}


@pytest.mark.parametrize(
    ("written", "told"), [("{{< inclde front/colophon.md >}}", "'inclde'"), ("{{< include front/colophon.md", "no end")]
)
def test_a_command_of_a_report_that_is_none_or_has_no_end_is_told_with_its_line(sound: Path, written: str, told: str) -> None:
    found = [one for one in changed(sound, REPORT, r"\{\{< include front/colophon.md >\}\}", written).faults if told in one.what]
    assert [(one.file, one.row) for one in found] == [(REPORT, line(sound, REPORT, "{{< include front/colophon.md"))]


def test_a_second_source_of_one_id_is_told_where_it_stands_for_the_second_time(sound: Path) -> None:
    text = (sound / DEFINITION).read_text(encoding="utf-8").splitlines()
    ids = [n for n, words in enumerate(text, 1) if re.match(r'id = "(interviews|codings|courses)"', words)]
    report = changed(sound, DEFINITION, r'id = "courses"', 'id = "interviews"')
    assert [one.row for one in report.faults if "stands twice" in one.what] == [max(ids)]
