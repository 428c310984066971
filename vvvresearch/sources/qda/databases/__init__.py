"""Projects that are SQLite databases: one file for each program."""
