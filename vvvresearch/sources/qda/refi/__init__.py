"""REFI-QDA projects and codebooks, read and written: one file for each part of the standard."""
