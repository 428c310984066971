"""Turns results into a report: values, staged folder, Quarto or the embedded engine, checks."""

from vvvresearch.reporting._render import render

__all__ = ["render"]
