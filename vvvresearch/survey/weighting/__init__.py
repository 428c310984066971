"""Weights for a known frame, and how well those who answered represent it."""
