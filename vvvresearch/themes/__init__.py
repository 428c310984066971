"""Analyses of coded interviews: theme tables, pair views, matrices, agreement, saturation, quotes."""
