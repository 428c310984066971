"""Codings in tables, read and written."""
