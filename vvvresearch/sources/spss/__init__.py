"""SPSS files: dictionaries, rows, response sets, read and written."""
