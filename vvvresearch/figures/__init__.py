"""Figures with one look: readable in grey, colour-blind safe, alt text with the numbers."""
