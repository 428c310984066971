"""Reading and writing surveys, whatever the file: SPSS, Stata, CSV or a workbook, each by its own reader, with labels."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from vvvresearch import files
from vvvresearch.errors import Failure, SchemaError, SourceError
from vvvresearch.evidence import Loss, Losses, Questionnaire, Survey, Variable, code_text, read_questionnaire
from vvvresearch.kinds import KIND_MARK, DataKind, combined_kind, marked_kind
from vvvresearch.sources.registers._tables import TableFile, TypedTable
from vvvresearch.sources.spss._read import is_coded, read_spss

if TYPE_CHECKING:
    import pandas as pd


_STATA = ".dta"
LABELLED = (".sav", ".zsav", ".por", _STATA)
_MIDNIGHT = " 00:00:00"


def read_labelled(path: str | Path, *, encoding: str | None = None) -> Survey:
    """Answers with their labels: SPSS (.sav, .zsav, .por) or Stata (.dta).

    Args:
        path: the file.
        encoding: of an SPSS file that states a wrong one or none.

    Raises:
        SourceError: not such a file, cut off, damaged, or in another encoding.
    """
    if Path(path).suffix.lower() == _STATA:
        return read_stata(path)
    return read_spss(path, encoding=encoding)


def read_stata(path: str | Path) -> Survey:
    """A Stata file as a survey: codes of labelled variables as text, plain numbers as numbers, dates as ISO text.

    Stata's reasons for a missing answer (`.a` to `.z`) stay where a variable has labels, as `Survey.missing` has them; of other numbers
    they are told as a loss.

    Args:
        path: a .dta file.

    Raises:
        SourceError: not such a file, cut off, damaged, or of a version that is not known.
    """
    import pandas as pd
    from pyreadstat import read_dta

    data = files.read_bytes(path)
    try:
        # One library tells labels by variable, the other alone keeps a plain missing value beside those with letters.
        _, meta = read_dta(str(files.admit(path)), metadataonly=True)
        raw = pd.read_stata(io.BytesIO(data), convert_categoricals=False)
        told = pd.read_stata(io.BytesIO(data), convert_categoricals=False, convert_dates=False, convert_missing=True)
    except Exception as problem:  # both raise many kinds on damaged files
        why = f"it is cut off, damaged or of an unknown version ({type(problem).__name__})"
        raise SourceError("the Stata file cannot be read", where=path, why=why) from None
    title = meta.file_label or ""
    kind = marked_kind(title.removeprefix(f"{KIND_MARK}: ").strip(), path) if title.startswith(f"{KIND_MARK}: ") else DataKind.REAL
    answers, variables, missing, losses = {}, {}, {}, []
    for name in map(str, raw.columns):
        labels = {_label_code(code): str(words).strip() for code, words in meta.variable_value_labels.get(name, {}).items()}
        letters = tuple((code, code) for code in labels if code.startswith("."))
        variables[name] = Variable(name, (meta.column_names_to_labels.get(name) or "").strip(), labels, missing=letters)
        gone = [_reason(value) for value in told[name]]
        reasons = sorted({code for code in gone if code})
        answers[name] = _values(raw[name], variables[name], gone)
        if reasons and is_coded(variables[name], raw[name]):
            missing[name] = {code: labels.get(code, "") for code in reasons}
        elif reasons:
            count = sum(map(bool, gone))
            losses.append(Loss("reason of a missing number", count, f"{path}, {name}", f"read as no answer: {', '.join(reasons)}"))
    frame = pd.DataFrame(answers, index=pd.RangeIndex(1, len(raw) + 1, name="respondent"))
    return Survey(frame, missing=missing, variables=variables, losses=Losses(tuple(losses)), kind=kind, origin=str(path))


def _values(column: pd.Series[Any], variable: Variable, gone: list[str]) -> list[Any]:
    """The cells of a variable: codes where labels stand for its answers, else its texts, dates or numbers."""
    if any(hasattr(value, "isoformat") for value in column):
        times = [code_text(value) and str(value) for value in column]
        days = all(not time or time.endswith(_MIDNIGHT) for time in times)
        return [time.removesuffix(_MIDNIGHT) if days else time for time in times]
    if any(isinstance(value, str) for value in column):
        return [code_text(value) for value in column]
    if not is_coded(variable, column):
        return [float(value) for value in column]
    return [reason or code_text(float(value)) for value, reason in zip(column, gone, strict=True)]


def _reason(value: Any) -> str:
    """Stata's letter of a missing answer (".a"), "" for an answer and for the plain missing "."."""
    return str(value) if type(value).__name__ == "StataMissingValue" and str(value) != "." else ""


def _label_code(code: Any) -> str:
    """The code that a label stands for; one of a missing answer is a letter behind a point, as Stata writes it."""
    return f".{code}" if isinstance(code, str) else code_text(float(code))


RESPONDENT = "respondent"
_READS = (*LABELLED, ".csv", ".xlsx")


def read_survey(
    path: TableFile,
    questionnaire: Questionnaire | str | Path | None = None,
    *,
    sheet: str | None = None,
    encoding: str | None = None,
    doubles: Literal["error", "keep"] = "error",
) -> Survey:
    """Read answers: SPSS (.sav, .zsav, .por), Stata (.dta), CSV or XLSX, one row a respondent.

    Codes stay text (`0101`, `NO`). With a questionnaire the columns get its items' ids, tick boxes become `item:code`,
    labels become codes, and everything that fits nowhere is reported in one error. A labelled file without one gets a
    questionnaire drafted from its labels. A column named "respondent" becomes the index. What `write_survey` wrote of the kind of
    data that are not real is the survey's kind again.

    Args:
        path: the file.
        questionnaire: the definition, or the TOML file that holds it.
        sheet: the sheet of a workbook; default the first.
        encoding: of an SPSS file that states a wrong one or none.
        doubles: what two rows of one respondent are: an error, or kept for `clean_answers` to choose from.

    Returns:
        Survey: `.answers`, `.questionnaire`, `.multiple_response_sets`, `.missing` (user-missing codes with their
        reasons), `.variables` (labels, formats), `.weight`, and `.losses` with what was not carried.

    Raises:
        SourceError: no such file, another format, cut off, damaged, a wrong encoding, an impossible date.
        SchemaError: answers that do not fit the questionnaire, or a respondent who stands twice, all at once with their rows.

    Example:
        >>> import tempfile
        >>> from vvvresearch.evidence import Survey
        >>> import pandas as pd
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = write_survey(Survey(pd.DataFrame({"code": ["0101", "NO"]})), f"{folder}/answers.sav")
        ...     read_survey(path).answers["code"].tolist()
        ['0101', 'NO']
    """
    place = Path(path)
    kind = place.suffix.lower()
    if kind not in _READS and not isinstance(path, TypedTable):
        raise SourceError(f"surveys are not read from {kind or 'a file without an ending'}", where=path, todo="use " + ", ".join(_READS))
    definition = read_questionnaire(questionnaire) if isinstance(questionnaire, str | Path) else questionnaire
    numeric: frozenset[str] = frozenset()
    if isinstance(path, TypedTable):
        survey = Survey(path.frame.copy(), origin=str(path), weight="weight" if "weight" in path.frame else "")
    elif kind in LABELLED:
        survey = read_labelled(path, encoding=encoding)
    else:
        table = files.read_csv(path) if kind == ".csv" else files.read_workbook(path, sheet)
        numeric = frozenset(table.attrs.get("number_columns", ()))
        table.attrs = {}
        for column in table.columns:
            if table[column].str.startswith("'").any():
                table[column] = table[column].map(files.original_text).astype(object)
        marks = set(table.pop(KIND_MARK)) if KIND_MARK in table.columns else set()
        survey = Survey(table, origin=str(path), kind=combined_kind(marked_kind(mark.strip(), path) for mark in marks))
    if definition is not None:
        from vvvresearch.sources.surveys._answers import apply_questionnaire

        survey = apply_questionnaire(survey, definition, numeric=numeric)
    elif survey.variables:
        from vvvresearch.sources.surveys._answers import rename_to_items
        from vvvresearch.sources.surveys._draft import drafted_questionnaire

        survey = rename_to_items(survey, drafted_questionnaire(survey))
    return _with_index(survey, doubles)


def _with_index(survey: Survey, doubles: str) -> Survey:
    """The column `respondent` as the index; without one rows are numbered from 1."""
    answers = survey.answers.copy()
    name = next((column for column in map(str, answers.columns) if column.casefold() == RESPONDENT), None)
    if name is None:
        answers.index = type(answers.columns)(range(1, len(answers) + 1), name=RESPONDENT)
        return dataclasses.replace(survey, answers=answers)
    labels = answers.pop(name).map(code_text)
    if (labels == "").any():
        row = answers.index[labels == ""][0]
        raise SourceError("a respondent has no identifier", where=f"{survey.origin}, row {row}, {name}", todo="give every row one")
    if doubles != "keep" and labels.duplicated().any():
        failures = [
            Failure(int(str(row)), name, label, "the respondent stands more than once")
            for row, label in labels[labels.duplicated(False)].items()
        ]
        todo = 'correct the file, or read it with doubles="keep" and choose with clean_answers'
        raise SchemaError("a respondent has more than one row", failures, where=survey.origin, todo=todo)
    answers.index = type(answers.columns)(labels, name=RESPONDENT)
    variables = {column: variable for column, variable in survey.variables.items() if column != name}
    return dataclasses.replace(survey, answers=answers, variables=variables)


def write_survey(survey: Survey, path: str | Path) -> Path:
    """Write answers as SPSS (.sav, .zsav), CSV or XLSX.

    SPSS files carry question and value labels, user-missing values, formats, measures, multiple-response sets of both
    kinds and the weight variable; a multiple item's tick boxes `item:code` become `item_code` and a set `$item`.
    CSV and XLSX carry the codes. The kind of data that are not real stands in the file: as its label in SPSS, else as a column.

    Args:
        survey: the answers.
        path: the file; its ending says the format.

    Returns:
        The path.

    Raises:
        SourceError: an ending that is not written, or answers that the format cannot hold.

    Example:
        See `read_survey`.
    """
    kind = Path(path).suffix.lower()
    writers: dict[str, Callable[[Survey, Path], Path]] = {".csv": _write_csv, ".xlsx": _write_workbook}
    if kind in (".sav", ".zsav"):
        from vvvresearch.sources.spss._write import write_spss

        return write_spss(survey, Path(path))
    if kind not in writers:
        raise SourceError(
            f"surveys are not written as {kind or 'a file without an ending'}", where=path, todo="use .sav, .zsav, .csv or .xlsx"
        )
    return writers[kind](survey, Path(path))


def _write_csv(survey: Survey, path: Path) -> Path:
    return files.write_csv(path, _with_respondents(survey))


def _write_workbook(survey: Survey, path: Path) -> Path:
    return files.write_workbook(path, {"answers": _with_respondents(survey)})


def _with_respondents(survey: Survey) -> pd.DataFrame:
    table = survey.answers.copy()
    if RESPONDENT in table.columns:
        raise SourceError("the answers have a column named respondent beside their index", where=survey.origin, todo="rename it")
    table.insert(0, RESPONDENT, [str(label) for label in table.index])
    return table if survey.kind is DataKind.REAL else table.assign(**{KIND_MARK: survey.kind.value})
