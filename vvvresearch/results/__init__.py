"""What every analysis returns: cells at addresses, results, views of them, and pictures as data."""

from vvvresearch.results._cell import TOTAL, Cell, address_part, anchor, folded, join_address
from vvvresearch.results._columns import Column, Interval, Labelled, Labels, Move, Names, Share, Tested, value_meant
from vvvresearch.results._evidence import Evidence, plain_shows
from vvvresearch.results._export import body_of, pipe_table
from vvvresearch.results._guesses import column_called, rows_named
from vvvresearch.results._made import Later, Made, asked_by, recorded
from vvvresearch.results._measure import Base, Measure, SaidP, Total, counts_say_it, hundredfold, is_missing, largest_sides, whole
from vvvresearch.results._picture import Drawn, Picture
from vvvresearch.results._result import Result, by_column
from vvvresearch.results._view import Shown, View
from vvvresearch.results._written import TOLD, as_told

__all__ = [
    "TOLD",
    "TOTAL",
    "Base",
    "Cell",
    "Column",
    "Drawn",
    "Evidence",
    "Interval",
    "Labelled",
    "Labels",
    "Later",
    "Made",
    "Measure",
    "Move",
    "Names",
    "Picture",
    "Result",
    "SaidP",
    "Share",
    "Shown",
    "Tested",
    "Total",
    "View",
    "address_part",
    "anchor",
    "as_told",
    "asked_by",
    "body_of",
    "by_column",
    "column_called",
    "counts_say_it",
    "folded",
    "hundredfold",
    "is_missing",
    "join_address",
    "largest_sides",
    "pipe_table",
    "plain_shows",
    "recorded",
    "rows_named",
    "value_meant",
    "whole",
]
