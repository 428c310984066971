"""Reading what documents published: six tables in one folder."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING

from vvvresearch.errors import Failure
from vvvresearch.evidence import (
    BASE_BASES,
    DOCUMENT_COLUMNS,
    FACT_COLUMNS,
    FIGURE_COLUMNS,
    FIGURE_ROLES,
    MEASURES,
    MENTION_COLUMNS,
    MISSING,
    PLACE_COLUMNS,
    VALUE_COLUMNS,
    Published,
)
from vvvresearch.kinds import DataKind
from vvvresearch.sources.registers._tables import (
    TableFile,
    TypedTable,
    cells,
    double_ids,
    empty_cells,
    raise_all,
    read_declared,
    unknown_words,
    whole_numbers,
)
from vvvresearch.sources.templates import is_template, template_tables

if TYPE_CHECKING:
    import pandas as pd

_TABLES = ("documents", "figures", "values", "facts", "mentions", "places")
_WHOLE = ("base", "scale_levels", "levels_shown", "levels_summed", "total_printed")


def read_published(folder: str | Path, *, kind: DataKind = DataKind.PUBLISHED) -> Published:
    """Read published figures and facts: documents.csv, figures.csv, values.csv, facts.csv, mentions.csv, places.csv.

    Args:
        folder: where the six tables lie; or a filled template, which has a sheet for each.
        kind: the kind of data, as the round says.

    Returns:
        Published; numbers as nullable integers, or exact decimals where a document prints decimals.

    Raises:
        SourceError: a table is missing.
        SchemaError: with every fault of a table at once: unknown figures, percentages above 100, counts above their base, parts
            that exceed their base, filters that name no answer.

    Example:
        >>> published = read_published("surveys/2021-note/published")
        >>> published.figures["figure"].is_unique
        True
    """
    at = _places(Path(folder))
    documents = _documents(at["documents"])
    known = set(documents["document"])
    figures = _figures(at["figures"], known)
    values = _values(at["values"], figures)
    _check_filters(at["figures"], figures, values)
    facts = _facts(at["facts"], known)
    mentions = read_declared(at["mentions"], MENTION_COLUMNS)
    raise_all(double_ids(mentions, "mention") + unknown_words(mentions, "document", sorted(known)), at["mentions"], "the table")
    places = read_declared(at["places"], PLACE_COLUMNS)
    raise_all(unknown_words(places, "document", sorted(known)), at["places"], "the table")
    tables = {"documents": documents, "figures": figures, "values": values, "facts": facts, "mentions": mentions, "places": places}
    return Published(**{name: table.reset_index(drop=True) for name, table in tables.items()}, kind=kind, origin=str(folder))


def _places(path: Path) -> dict[str, TableFile]:
    """Where each table stands: a file of the folder, or a sheet of the template."""
    if not is_template(path):
        return {name: path / f"{name}.csv" for name in _TABLES}
    sheets = template_tables(path)
    return {name: TypedTable(sheets[name], path, name) for name in _TABLES}


def _documents(path: TableFile) -> pd.DataFrame:
    frame = read_declared(path, DOCUMENT_COLUMNS)
    raise_all(empty_cells(frame, ("document", "title", "author")) + double_ids(frame, "document"), path, "the table of documents")
    return frame


def _figures(path: TableFile, documents: set[str]) -> pd.DataFrame:
    import pandas as pd

    frame = read_declared(path, FIGURE_COLUMNS)
    failures = empty_cells(frame, ("figure", "document", "lines", "label_da", "unit")) + double_ids(frame, "figure")
    failures += unknown_words(frame, "document", sorted(documents))
    failures += unknown_words(frame, "base_basis", BASE_BASES) + unknown_words(frame, "role", FIGURE_ROLES)
    failures += unknown_words(frame, "of", sorted(frame["figure"]), empty=True)
    for column in _WHOLE:
        numbers, wrong = whole_numbers(frame, column, empty=True)
        failures += wrong
        frame[column] = pd.array(numbers, dtype="Int64")
    known_without = frame[(frame["base_basis"] == "printed") & frame["base"].isna()]
    failures += [Failure(int(row), "base", "", "a printed base needs its number") for row in known_without.index]
    raise_all(failures, path, "the table of figures")
    return frame


def _values(path: TableFile, figures: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    frame = read_declared(path, VALUE_COLUMNS)
    bases = dict(zip(figures["figure"], figures["base"], strict=True))
    responses = set(figures.loc[figures["role"] == "response", "figure"])
    failures = empty_cells(frame, ("figure", "key", "label_da")) + unknown_words(frame, "figure", sorted(bases))
    failures += unknown_words(frame, "missing", MISSING)
    failures += [
        Failure(int(row), "key", key, "the key stands twice in one figure")
        for row, key in cells(frame[frame.duplicated(["figure", "key"])], "key")
    ]
    counts, wrong = whole_numbers(frame, "count", empty=True)
    inferred, wrong_inferred = whole_numbers(frame, "inferred", empty=True)
    percents = []
    for row, text in cells(frame, "percent"):
        number, problem = _percent(text)
        percents.append(number)
        failures += [Failure(int(row), "percent", text, problem)] if problem else []
    for row, figure, count in zip(frame.index, frame["figure"], counts, strict=True):
        base = bases.get(figure)
        if count is not None and base is not None and not pd.isna(base) and count > base:
            failures.append(Failure(int(row), "count", str(count), f"more than the base of {figure}, which is {base}"))
    nothing = [
        row
        for row, count, percent, why in zip(frame.index, counts, frame["percent"], frame["missing"], strict=True)
        if count is None and not percent and not why
    ]
    failures += [Failure(int(row), "missing", "", "a value that is not there needs the reason why") for row in nothing]
    frame["count"], frame["inferred"] = pd.array(counts, dtype="Int64"), pd.array(inferred, dtype="Int64")
    frame["percent"] = pd.Series(percents, index=frame.index, dtype=object)
    failures += _sum_failures(frame, figures, responses)
    raise_all([*failures, *wrong, *wrong_inferred], path, "the table of values")
    return frame


def _percent(text: str) -> tuple[int | Decimal | None, str]:
    if not text:
        return None, ""
    try:
        number = Decimal(text.replace(",", ".").removesuffix("%").strip())
    except InvalidOperation:
        return None, "not a percentage"
    if not number.is_finite() or not 0 <= number <= 100:
        return None, "a percentage lies between 0 and 100"
    return (int(number) if number == number.to_integral_value() and "." not in str(number) else number), ""


def _sum_failures(values: pd.DataFrame, figures: pd.DataFrame, responses: set[str]) -> list[Failure]:
    """Counts of one-answer questions that together exceed their base: such a table cannot have been read right."""
    exclusive = figures[figures["type"].isin(("single", "likert", "band", "open_coded")) & figures["base"].notna()]
    failures = []
    for figure, base in zip(exclusive["figure"], exclusive["base"], strict=True):
        rows = values[values["figure"] == figure]
        total = int(rows["count"].fillna(0).sum())
        if figure not in responses and total > base:
            failures.append(Failure(int(rows.index[0]), "count", str(total), f"the parts of {figure} exceed its base of {base}"))
    return failures


def _check_filters(path: TableFile, figures: pd.DataFrame, values: pd.DataFrame) -> None:
    keys = set(zip(values["figure"], values["key"], strict=True))
    failures = []
    for row, text in cells(figures, "filter"):
        if not text:
            continue
        figure, _, answers = text.partition(":")
        wrong = [key for key in answers.split("|") if (figure, key) not in keys]
        if wrong:
            failures.append(Failure(int(row), "filter", text, f"{figure} has no answer {', '.join(wrong)}"))
    raise_all(failures, path, "the table of figures")


def _facts(path: TableFile, documents: set[str]) -> pd.DataFrame:
    import pandas as pd

    frame = read_declared(path, FACT_COLUMNS)
    failures = empty_cells(frame, ("fact", "document", "unit")) + double_ids(frame, "fact")
    failures += unknown_words(frame, "document", sorted(documents)) + unknown_words(frame, "measure", MEASURES, empty=True)
    numbers, wrong = whole_numbers(frame, "value", empty=True)
    failures += [
        Failure(int(row), "value", str(value), "a percentage lies between 0 and 100")
        for row, value, unit in zip(frame.index, numbers, frame["unit"], strict=True)
        if value is not None and unit == "percent" and value > 100
    ]
    raise_all([*failures, *wrong], path, "the table of facts")
    frame["value"] = pd.array(numbers, dtype="Int64")
    return frame


MARGIN_COLUMNS = ("item", "code", "count", "where", "basis")
LINK_COLUMNS = ("figure", "key", "source", "item", "code", "where", "take")
BASES = ("printed", "percent", "inferred")


def read_margins(path: str | Path) -> pd.DataFrame:
    """Read the margins that reconstructed answers are built from: item, code, count, where (a route), basis.

    Returns:
        DataFrame with `MARGIN_COLUMNS`; counts as whole numbers.

    Raises:
        SchemaError: with every fault at once.

    Example:
        >>> read_margins("surveys/2021-note/municipal-2021/margins.csv").columns.tolist()
        ['item', 'code', 'count', 'where', 'basis']
    """
    frame = read_declared(path, MARGIN_COLUMNS)
    counts, wrong = whole_numbers(frame, "count")
    raise_all([*empty_cells(frame, ("item", "code")), *unknown_words(frame, "basis", BASES), *wrong], path, "the table of margins")
    frame["count"] = counts
    return frame.reset_index(drop=True)


def read_links(path: str | Path) -> pd.DataFrame:
    """Read which published value is recomputed from what.

    Columns: figure and key (figure "" and the fact's id as key for a single number), source (id in the round), item and code of
    a survey, where ("column=value;column=value") and take ("rows", "sum(column)") of a register.

    Returns:
        DataFrame with `LINK_COLUMNS`, all text.

    Raises:
        SchemaError: with every fault at once.

    Example:
        >>> read_links("surveys/2021-note/published/links.csv").columns.tolist()
        ['figure', 'key', 'source', 'item', 'code', 'where', 'take']
    """
    frame = read_declared(path, LINK_COLUMNS)
    raise_all(empty_cells(frame, ("key", "source")), path, "the table of links")
    return frame.reset_index(drop=True)
