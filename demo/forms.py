"""The surveys as they are delivered: the same answers as CSV, as a workbook and as a labelled SPSS file."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from demo import surveys
from demo.cast import Cast
from vvvresearch import files
from vvvresearch.evidence import Survey, read_questionnaire
from vvvresearch.kinds import DataKind
from vvvresearch.sources import write_survey

FOLDER = "surveys/demo"
# Where an SPSS file says when it was written: nine bytes date, eight bytes time.
_WRITTEN_AT, _WRITTEN = slice(92, 109), b"30 Jun 2212:00:00"


def answers(cast: Cast) -> dict[str, pd.DataFrame]:
    """The answers by the name of the survey, codes as text."""
    return {
        **{f"municipal-{wave}": surveys.municipal(cast, wave) for wave in surveys.INVITED},
        "leaders-2021": surveys.leaders(cast),
        **{f"status-{name.lower()}-2020": surveys.status(cast, name) for name in surveys.STATUS},
        "course-forms-2021": surveys.course_forms(cast),
        "workshop-2021": surveys.workshop_forms(cast),
    }


def survey(definitions: Path, name: str, frame: pd.DataFrame) -> Survey:
    """Answers with their questionnaire; number items as numbers."""
    questionnaire = read_questionnaire(definitions / f"{name}.toml")
    numbers = [item.id for item in questionnaire.items if item.type == "number"]
    table = frame.set_index("respondent")
    return Survey(table.assign(**{item: pd.to_numeric(table[item]) for item in numbers}), questionnaire, kind=DataKind.SYNTHETIC)


def write_forms(workspace: Path, definitions: Path, cast: Cast) -> list[Path]:
    """Write every survey in its three forms; the questionnaires are read from `definitions`."""
    written = []
    for name, frame in answers(cast).items():
        written.append(files.write_csv(workspace / FOLDER / f"{name}.csv", frame))
        labelled = survey(definitions, name, frame)
        written.append(write_survey(labelled, workspace / FOLDER / f"{name}.xlsx"))
        path = write_survey(labelled, workspace / FOLDER / f"{name}.sav")
        data = bytearray(files.read_bytes(path))
        data[_WRITTEN_AT] = _WRITTEN
        written.append(files.write_bytes(path, bytes(data)))
    return written
