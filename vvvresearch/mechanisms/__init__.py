"""Mechanisms: causal maps, configurations, perspectives, moderators, evidence, and QCA."""

from vvvresearch.mechanisms._causal import CausalMap, Support, causal_map
from vvvresearch.mechanisms._clustered import Clustered, clustered
from vvvresearch.mechanisms._detectable import detectable_difference, power
from vvvresearch.mechanisms._ledger import EvidenceLedger, evidence_ledger
from vvvresearch.mechanisms._moderators import Moderators, moderators

__all__ = [
    "CausalMap",
    "Clustered",
    "EvidenceLedger",
    "Moderators",
    "Support",
    "causal_map",
    "clustered",
    "detectable_difference",
    "evidence_ledger",
    "moderators",
    "power",
]
