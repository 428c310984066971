"""Covariates of a regression: numbers as they are, words as contrasts to their first level."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from vvvresearch.errors import AnalysisError, require_table
from vvvresearch.monitoring.matches._risk_sets import Floats, plain


@dataclass(frozen=True)
class Design:
    """The columns of a regression: `matrix` (complete rows × columns), `terms` (the covariate of each column), `levels` and
    `complete`, which rows have every covariate."""

    matrix: Floats
    terms: tuple[str, ...]
    levels: tuple[str, ...]
    complete: np.ndarray[tuple[int], np.dtype[np.bool_]]


def design_of(covariates: pd.DataFrame, n: int) -> Design:
    """Make the columns; rows with a missing covariate are left out, as R does.

    Raises:
        AnalysisError: no table, another length, nothing that varies, columns that repeat one another.
    """
    require_table(covariates, "covariates")
    if len(covariates) != n:
        raise AnalysisError(f"covariates has {len(covariates)} rows, time has {n} values", where="covariates")
    if covariates.shape[1] == 0:
        raise AnalysisError("there is no covariate", where="covariates")
    complete = covariates.notna().all(axis=1).to_numpy()
    if not complete.any():
        raise AnalysisError("no row has every covariate", where="covariates")
    columns, terms, levels = [], [], []
    for name in covariates.columns:
        column = covariates.loc[complete, name]
        if pd.api.types.is_numeric_dtype(column.dtype) or pd.api.types.is_bool_dtype(column.dtype):
            columns.append(column.to_numpy(float))
            terms.append(str(name))
            levels.append("")
            continue
        kinds = column.astype("category").cat.remove_unused_categories().cat
        for place, level in enumerate(kinds.categories[1:], start=1):
            columns.append((kinds.codes == place).to_numpy(float))
            terms.append(str(name))
            levels.append(str(plain(level)))
    if not columns:
        raise AnalysisError("no covariate varies", where="covariates")
    matrix = np.column_stack(columns)
    centred = matrix - matrix.mean(axis=0)
    scale = np.sqrt((centred**2).mean(axis=0))
    flat = [f"{term} {level}".strip() for term, level, width in zip(terms, levels, scale, strict=True) if width == 0]
    if flat:
        raise AnalysisError(f"{', '.join(flat)} does not vary", where="covariates", todo="leave it out")
    if np.linalg.matrix_rank(centred / scale) < matrix.shape[1]:
        raise AnalysisError("one covariate follows from the others", where="covariates", todo="leave one of them out")
    return Design(matrix, tuple(terms), tuple(levels), complete)
