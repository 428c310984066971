"""Registers and other tables with declared columns: interviews, mappings, configurations, what was published."""
