"""Waves, groups and mirrored questions compared: sides, changes, tests, trends."""
