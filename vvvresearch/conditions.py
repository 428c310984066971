"""Choosing rows by a condition in a small language: names, numbers, words, comparisons, `and`, `or`, `not`. Nothing is run."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Iterable, Mapping
from numbers import Real
from typing import TYPE_CHECKING, Any

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.locales import the_one

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

_COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


# What evaluators say for columns of registers and results, in either language.
_SAID = {
    "respondent_group": ("group", "groups", "gruppe", "grupper", "respondentgruppe", "role", "rolle"),
    "sex": ("gender", "køn"),
    "employment": ("occupation", "beskæftigelse", "employment_status", "uddannelse", "education", "job"),
    "age_band": ("age", "age_group", "alder", "aldersgruppe"),
    "arrival_group": ("arrival", "ankomst", "ankomstgruppe"),
    "municipality": ("kommune", "municipalities"),
    "wave": ("bølge", "runde"),
    "pair": ("par", "dyad"),
    "person": ("informant", "persons"),
    "interpreter": ("tolk",),
    "match_type": ("matchtype",),
    "organisation": ("organization", "org", "forening"),
    "reason": ("årsag", "end_reason"),
    "start": ("startdato", "start_date", "started"),
    "end": ("slutdato", "end_date"),
    "referral_source": ("henvist_af", "referred_by", "referral"),
    "refugee": ("flygtning",),
    "volunteer": ("frivillig",),
    "code_path": ("code", "kode", "theme", "tema", "node"),
    "coder": ("koder",),
    "stance": ("holdning",),
    "source": ("transcript", "document", "udskrift", "interview"),
    "text": ("passage", "citat", "quote"),
    "region": ("egn", "landsdel", "area"),
    "extract": ("date", "dato", "udtræk", "as_of", "opgørelse"),
    "perspective": ("group", "gruppe", "side"),
    "cause": ("from", "årsag"),
    "effect": ("to", "virkning"),
    "code": ("answer", "svar"),
    "codings": ("excerpts", "passages", "segments", "quotations", "references", "uddrag", "passager"),
    "count": ("n_answers", "antal", "frequency"),
    "persons_affirmed": ("informants", "persons", "people", "informanter", "personer"),
    "share": ("percent", "pct", "procent", "andel", "proportion"),
}


def column_called(said: object, columns: Iterable[object]) -> str | None:
    """The column that is meant: by its name, by what people call it, or by its name in another case or number; None where none is.

    Of rows (a DataFrame is its columns) also by the heading that the column has in the file they were read from: `attrs["headings"]`.

    Example:
        >>> column_called("gender", ["interview", "sex"]), column_called("code", ["coder", "code_path"])
        ('sex', 'code_path')
    """
    known = list(map(str, columns))
    word = str(said).strip().casefold()
    own = next((one for one in known if one.casefold() == word), None)
    headings: Mapping[str, str] = getattr(columns, "attrs", {}).get("headings", {})
    called = [one for one in known if headings.get(one, "").strip().casefold() == word] or [
        one for one in known if word in _SAID.get(one, ())
    ]
    if own is not None or called:
        return own or called[0]
    headed = {one: (*_SAID.get(one, ()), *filter(None, [headings.get(one)])) for one in known}
    return the_one(said, dict.fromkeys(known, ()), part=False) or the_one(said, headed, part=False)


# A value of a column as it stands there, by what people call it; None where nothing is called so.
Meant = Callable[[str, object], Any]


def alike(column: pd.Series[Any], value: object, meant: Meant | None = None) -> tuple[pd.Series[Any], Any]:
    """A column and a value as they can be compared: waves that stand as text with a number, a word with what stands for it.

    Example:
        >>> import pandas as pd
        >>> waves, two = alike(pd.Series(["1", "2", ""], name="wave"), 2)
        >>> (waves == two).tolist()
        [False, True, False]
    """
    import pandas as pd
    from pandas.api.types import is_bool_dtype, is_numeric_dtype

    if isinstance(value, bool) or not isinstance(value, str | Real) or is_bool_dtype(column):
        return column, value
    if is_numeric_dtype(column):
        number = float(pd.to_numeric(value, errors="coerce")) if isinstance(value, str) else value
        return column, value if number != number else number
    if not isinstance(value, str):
        written = column[column.notna() & (column.astype(str) != "")]
        numbers = pd.to_numeric(column, errors="coerce")
        return (numbers, value) if len(written) and numbers[written.index].notna().all() else (column, value)
    if value and meant is not None and not (column.astype(object) == value).any():
        found = meant(str(column.name), value)
        return column, value if found is None else found
    return column, value


def rows_where(frame: pd.DataFrame, condition: Any, meant: Meant | None = None) -> NDArray[np.bool_]:
    """Which rows of a frame meet a condition.

    Args:
        frame: the table.
        condition: "contradicted > 0", "key", "group == 'refugee' and not one_informant", "verdict in ('fell', 'rose')". A name
            alone stands for a true/false column. Also a function of the frame or of one row, or a column of true and false.
        meant: the value of a column that is called so, where a condition says it in other words.

    Returns:
        One True or False a row; what is missing meets no comparison.

    Raises:
        AnalysisError: no such column, or something else than names, constants and comparisons.

    Example:
        >>> import pandas as pd
        >>> rows_where(pd.DataFrame({"n": [3, 12]}), "n >= 10").tolist()
        [False, True]
    """
    if not isinstance(condition, str):
        return _told(frame, condition)
    try:
        tree = ast.parse(condition.strip(), mode="eval").body
    except SyntaxError:
        raise AnalysisError(f"the condition {condition!r} cannot be read", where="where", todo='for example: where("n >= 10")') from None
    found = _truth(tree, frame, condition, meant)
    return found.fillna(False).to_numpy(dtype=bool)


def _told(frame: pd.DataFrame, condition: Any) -> NDArray[np.bool_]:
    """What a function says of the rows, or a column of true and false."""
    import pandas as pd

    todo = 'for example: where("n >= 10"), where(lambda row: row.n >= 10)'
    found = condition
    if callable(condition):
        try:
            found = condition(frame)
        except (TypeError, ValueError, AttributeError, KeyError):
            # A function of one row cannot say of a whole column whether it is true.
            found = None
        if not isinstance(found, pd.Series) or len(found) != len(frame):
            try:
                found = frame.apply(condition, axis=1)
            except (TypeError, ValueError, AttributeError, KeyError) as problem:
                why = f"it raised {type(problem).__name__}"
                raise AnalysisError("the condition cannot be told of a row", where="where", why=why, todo=todo) from None
    if not isinstance(found, pd.Series):
        listed = list(found) if isinstance(found, Iterable) else []
        found = pd.Series(listed, index=frame.index) if len(listed) == len(frame) else pd.Series([None] * len(frame), index=frame.index)
    met = found.reindex(frame.index)
    if not met.isin((True, False)).all():
        raise AnalysisError("the condition is not true or false in every row", where="where", todo=todo)
    return met.to_numpy(dtype=bool)


def _truth(node: ast.expr, frame: pd.DataFrame, condition: str, meant: Meant | None) -> pd.Series[Any]:
    if isinstance(node, ast.BoolOp):
        parts = [_truth(part, frame, condition, meant) for part in node.values]
        found = parts[0]
        for part in parts[1:]:
            found = found & part if isinstance(node.op, ast.And) else found | part
        return found
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitAnd | ast.BitOr):
        first, second = _truth(node.left, frame, condition, meant), _truth(node.right, frame, condition, meant)
        return first & second if isinstance(node.op, ast.BitAnd) else first | second
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.Invert):
        return ~_truth(node.operand, frame, condition, meant)
    if isinstance(node, ast.Compare):
        return _compared(node, frame, condition, meant)
    if isinstance(node, ast.Name):
        return _column(node.id, frame).fillna(False).astype(bool)
    raise _refused(condition)


def _compared(node: ast.Compare, frame: pd.DataFrame, condition: str, meant: Meant | None) -> pd.Series[Any]:
    import pandas as pd

    found = pd.Series(True, index=frame.index)
    left = _operand(node.left, frame, condition)
    for sign, other in zip(node.ops, node.comparators, strict=True):
        right = _operand(other, frame, condition)
        if isinstance(sign, ast.In | ast.NotIn):
            if not isinstance(left, pd.Series) or not isinstance(right, tuple):
                raise _refused(condition)
            part = pd.Series(False, index=frame.index)
            for one in right:
                column, value = alike(left, one, meant)
                part = part | (column == value)
            part = ~part if isinstance(sign, ast.NotIn) else part
        elif type(sign) in _COMPARE:
            one, two = left, right
            if isinstance(left, pd.Series) and not isinstance(right, pd.Series):
                one, two = alike(left, right, meant)
            elif isinstance(right, pd.Series) and not isinstance(left, pd.Series):
                two, one = alike(right, left, meant)
            try:
                part = _COMPARE[type(sign)](one, two)
            except TypeError:
                raise AnalysisError("words and numbers cannot be compared", where=f"where({condition!r})") from None
        else:
            raise _refused(condition)
        found = found & (part if isinstance(part, pd.Series) else pd.Series(bool(part), index=frame.index))
        left = right
    return found


def _operand(node: ast.expr, frame: pd.DataFrame, condition: str) -> Any:
    if isinstance(node, ast.Name):
        return _column(node.id, frame)
    if isinstance(node, ast.Constant) and isinstance(node.value, str | int | float | bool):
        return node.value
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant):
        value = node.operand.value
        if isinstance(value, int | float):
            return -value
    if isinstance(node, ast.Tuple | ast.List):
        return tuple(_operand(part, frame, condition) for part in node.elts)
    raise _refused(condition)


def _column(name: str, frame: pd.DataFrame) -> pd.Series[Any]:
    found = name if name in frame.columns else column_called(name, frame)
    if found is None:
        raise AnalysisError(f"there is no column {name!r}", where="where", todo=did_you_mean(name, map(str, frame.columns)))
    column: pd.Series[Any] = frame[found]
    return column


def _refused(condition: str) -> AnalysisError:
    why = "a condition has column names, constants, comparisons, and, or, not"
    return AnalysisError(f"the condition {condition!r} is not understood", where="where", why=why, todo='for example: where("n >= 10")')
