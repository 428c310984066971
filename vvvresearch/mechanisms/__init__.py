"""Mechanisms: causal maps, configurations, perspectives, moderators, evidence, and QCA."""

from vvvresearch.mechanisms._causal import CausalMap, Support, causal_map

__all__ = ["CausalMap", "Support", "causal_map"]
