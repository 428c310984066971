"""Analyses of surveys of small, known populations: tables, intervals, waves, groups, weights, arithmetic."""
