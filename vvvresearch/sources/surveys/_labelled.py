"""Files that hold answers with their labels, whatever program wrote them: SPSS by its own folder, Stata here."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vvvresearch import files
from vvvresearch.errors import SourceError
from vvvresearch.evidence import Loss, Losses, Survey, Variable, code_text
from vvvresearch.kinds import KIND_MARK, DataKind, marked_kind
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
