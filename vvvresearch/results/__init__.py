"""The result object: a tidy frame with its base, its method note and its assumptions, shown anywhere."""

from vvvresearch.results._base import Base
from vvvresearch.results._columns import Column
from vvvresearch.results._result import Result

__all__ = ["Base", "Column", "Result"]
