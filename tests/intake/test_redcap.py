"""Exports of REDCap against what was planted: events, repeated forms, boxes, forms that are not complete, both ways of exporting."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from vvvresearch.evidence import venner_viser_vej
from vvvresearch.intake import ONCE, ReadBesideError, each_occasion, normalised, propose, settle

_FIELDS = [
    ("Variable / Field Name", "Form Name", "Field Type", "Field Label", "Choices, Calculations, OR Slider Labels", "Field Note",
     "Text Validation Type OR Show Slider Number"),
    ("record_id", "background", "text", "Record ID", "", "", ""),
    ("sex", "background", "radio", "Sex", "1, Woman | 2, Man", "", ""),
    ("calm", "mood", "text", "Calm, 0 to 10", "", "-7 = prefers not to say", "integer"),
    ("again", "exit", "radio", "Would you come again?", "1, Yes | 2, Perhaps | 3, No", "", ""),
    ("gain", "exit", "checkbox", "What did you gain?", "1, Friends | 2, Sleep", "", ""),
]  # fmt: skip
_COLUMNS = (
    "record_id,redcap_event_name,redcap_repeat_instrument,redcap_repeat_instance,sex,background_complete,calm,mood_complete,again,"
    "gain___1,gain___2,exit_complete,call_date,call_complete"
)
# Of 4 the mood afterwards is not complete; 5 never came back; 3 does not say how calm she was; 2 was called twice.
_RAW = """1,intake_arm_1,,,1,2,4,2,,,,,,
1,exit_arm_1,,,,,7,2,1,1,0,2,,
2,intake_arm_1,,,2,2,6,2,,,,,,
2,exit_arm_1,,,,,5,2,3,0,0,2,,
2,exit_arm_1,call,1,,,,,,,,,2027-05-01,2
2,exit_arm_1,call,2,,,,,,,,,2027-05-09,2
3,intake_arm_1,,,1,2,-7,2,,,,,,
3,exit_arm_1,,,,,8,2,1,1,1,2,,
4,intake_arm_1,,,2,2,3,2,,,,,,
4,exit_arm_1,,,,,9,1,2,1,0,2,,
5,intake_arm_1,,,1,2,2,2,,,,,,"""
_LABELS = {"sex": {"1": "Woman", "2": "Man"}, "again": {"1": "Yes", "2": "Perhaps", "3": "No"}}
_STATES = {"0": "Incomplete", "1": "Unverified", "2": "Complete"}


def _project(folder: Path, *, labels: bool) -> Path:
    with (folder / "Club_DataDictionary_2027-06-01.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(_FIELDS)
    rows = [dict(zip(_COLUMNS.split(","), line.split(","), strict=True)) for line in _RAW.splitlines()]
    names = _COLUMNS.split(",")
    path = folder / ("Club_DATA_LABELS_2027-06-01_1200.csv" if labels else "Club_DATA_2027-06-01_1200.csv")
    if labels:
        headings = {field: label for field, _, _, label, *_ in _FIELDS[1:]}
        headings |= {"redcap_event_name": "Event Name", "redcap_repeat_instrument": "Repeat Instrument"}
        headings |= {"redcap_repeat_instance": "Repeat Instance", "call_date": "Date of call"}
        headings |= {f"gain___{code}": f"What did you gain? (choice={word})" for code, word in (("1", "Friends"), ("2", "Sleep"))}
        said = {"intake_arm_1": "Intake", "exit_arm_1": "Exit", "call": "Call", "": ""}
        for row in rows:
            row |= {name: known.get(row[name], "") for name, known in _LABELS.items()}
            row |= {name: _STATES.get(row[name], "") for name in names if name.endswith("_complete")}
            row |= {name: {"1": "Checked", "0": "Unchecked", "": ""}[row[name]] for name in names if "___" in name}
            row |= {name: said[row[name]] for name in ("redcap_event_name", "redcap_repeat_instrument")}
        header = [headings.get(name, "Complete?") for name in names]
    else:
        header = names
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *([row[name] for name in names] for row in rows)])
    return path


@pytest.mark.parametrize("labels", [False, True])
@pytest.mark.parametrize(("forms", "calm_after"), [("complete", ["7", "5", "8", ""]), ("all", ["7", "5", "8", "9"])])
def test_an_export_of_records_is_read_at_its_events_with_the_words_of_its_dictionary(
    tmp_path: Path, labels: bool, forms: str, calm_after: list[str]
) -> None:
    proposal = propose(_project(tmp_path, labels=labels), programme=venner_viser_vej())
    assert proposal.kind == "survey"
    assert [one.id for one in proposal.questions] == ["forms"]
    assert any("2" in loss and "all" in loss for loss in proposal.losses)  # two calls
    settled = settle(proposal, {"forms": forms})
    before, after = each_occasion(settled)
    first, second = (normalised(proposal.path, one).frames["answers"] for one in (before, after))
    assert list(first["respondent"]) == [f"person-{n}" for n in range(1, 6)]
    assert list(second["respondent"]) == [f"person-{n}" for n in range(1, 5)]
    assert list(first["calm"]) == ["4", "6", "refused", "3", "2"]
    assert list(second["calm"]) == calm_after
    assert list(second["again"]) == ["1", "3", "1", "2"]
    boxes = [name for name in second if ":" in name]
    assert second[boxes].to_numpy().tolist() == [["1", "0"], ["0", "0"], ["1", "1"], ["1", "0"]]
    # What the first form says of a person stands beside the later answers, and is known to have been asked once.
    assert list(second["sex"]) == ["1", "2", "1", "2"]
    assert settled.decisions[ONCE] == ["sex"]
    # What nobody was asked at the start is no item of it.
    assert "again" not in first
    assert 'en = "Woman"' in normalised(proposal.path, before).questionnaire


def test_the_dictionary_is_no_source_of_its_own(tmp_path: Path) -> None:
    _project(tmp_path, labels=False)
    with pytest.raises(ReadBesideError, match="data dictionary"):
        propose(tmp_path / "Club_DataDictionary_2027-06-01.csv", programme=venner_viser_vej())


def test_without_a_dictionary_codes_stay_what_they_are(tmp_path: Path) -> None:
    path = _project(tmp_path, labels=False)
    (tmp_path / "Club_DataDictionary_2027-06-01.csv").unlink()
    proposal = propose(path, programme=venner_viser_vej())
    assert proposal.kind == "survey"
    assert any("Data Dictionary" in words or "data dictionary" in words for words in proposal.told)
