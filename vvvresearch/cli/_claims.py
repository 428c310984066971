"""`vvv check --claims`: published percentages in bulk, a table of claims in, a table of verdicts out."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vvvresearch.cli._workspace import DONE, FAILED, UsageError, check_choice, say, tell, tell_json
from vvvresearch.locales import LANGUAGES

if TYPE_CHECKING:
    import pandas as pd

_OUT = (".csv", ".json", ".xlsx")
_COLUMNS = ("id", "percent", "decimals", "n", "count", "group", "possible_counts", "verdict", "flagged", "possible_bases", "explanation")


def check_claims(source: Path | None, target: Path | None, rounds: tuple[str, ...], lang: str | None, as_json: bool, strict: bool) -> int:
    """Check every claim of a CSV or a workbook.

    The columns are those of `vvvresearch.survey.check_percentages`: percent and n, where they are known also id, decimals, count,
    group, levels, figure, part_of. Verdicts are in the order of the claims; they go to `target`, or to standard output as CSV (JSON
    with `as_json`). A flagged claim is as it was printed: only `strict` makes it a failure.

    Raises:
        UsageError: a target without claims or with an ending that is not known; rounds beside claims.
        SourceError, AnalysisError, SchemaError: the table cannot be read, or cells that are no numbers.
    """
    from vvvresearch import files
    from vvvresearch.locales import check_lang
    from vvvresearch.survey import check_percentages

    check_choice(lang, "--lang", LANGUAGES)
    if source is None:
        raise UsageError("--out belongs to --claims", where=target, todo="name the table of claims with --claims FILE")
    if rounds:
        raise UsageError("claims are checked without a round", where=" ".join(rounds), todo="call once for each")
    if target is not None and target.suffix.lower() not in _OUT:
        raise UsageError(
            f"verdicts are not written as {target.suffix or 'a file without ending'}", where=target, todo="use .csv, .json or .xlsx"
        )
    if target is not None and target.resolve() == source.resolve():
        raise UsageError("the verdicts would replace the claims", where=target, todo="name another file with --out")
    claims = _read(source)
    language = check_lang(lang or "en")
    found = check_percentages(claims).in_language(language)
    why = found.labels["explanation"]
    rows = [_plain(row | {"explanation": why.say("", row, language)}) for row in found.frame.to_dict("records")]
    if target is not None:
        if target.suffix.lower() == ".json":
            files.write_json(target, rows)
        elif target.suffix.lower() == ".csv":
            files.write_csv(target, _table(rows))
        else:
            files.write_workbook(target, {"verdicts": _table(rows)})
        tell(str(target))
    elif as_json:
        tell_json(rows)
    else:
        tell(_table(rows).to_csv(index=False, lineterminator="\n").rstrip("\n"))
    say(found.note)
    return FAILED if strict and any(row["flagged"] for row in rows) else DONE


def _read(source: Path) -> pd.DataFrame:
    from vvvresearch import files

    if source.suffix.lower() in (".xlsx", ".xlsm"):
        return files.read_workbook(source)
    return files.read_csv(source)


def _plain(row: dict[Any, Any]) -> dict[str, Any]:
    """One verdict as a program reads it: a missing number is null, counts are whole."""

    def value(name: str) -> Any:
        cell = row[name]
        if isinstance(cell, float) and math.isnan(cell):
            return None
        if name in ("n", "count") and cell is not None:
            return int(cell)
        return bool(cell) if name == "flagged" else cell

    return {name: value(name) for name in _COLUMNS}


def _table(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """The verdicts as a table; lists of counts are written with blanks between, which no spreadsheet takes for a number."""
    import pandas as pd

    cells = [{name: " ".join(map(str, cell)) if isinstance(cell, list) else cell for name, cell in row.items()} for row in rows]
    table = pd.DataFrame(cells, columns=list(_COLUMNS))
    return table.astype({"n": "Int64", "count": "Int64"})
