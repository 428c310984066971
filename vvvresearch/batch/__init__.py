"""Runs notebooks: plan, execute, manifest. Knows files and steps, nothing of themes or surveys."""
