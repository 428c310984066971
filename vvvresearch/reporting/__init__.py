"""Turns results into a report: values, staged folder, Quarto or the embedded engine, checks."""
