"""Files that hold answers with their labels, whatever program wrote them."""

from __future__ import annotations

from pathlib import Path

from vvvresearch.evidence import Survey

_STATA = ".dta"
LABELLED = (".sav", ".zsav", ".por", _STATA)


def read_labelled(path: str | Path, *, encoding: str | None = None) -> Survey:
    """Answers with their labels: SPSS (.sav, .zsav, .por) or Stata (.dta).

    Args:
        path: the file.
        encoding: of an SPSS file that states a wrong one or none.

    Raises:
        SourceError: not such a file, cut off, damaged, or in another encoding.
    """
    if Path(path).suffix.lower() == _STATA:
        from vvvresearch.sources.surveys._stata import read_stata

        return read_stata(path)
    from vvvresearch.sources.spss._read import read_spss

    return read_spss(path, encoding=encoding)
