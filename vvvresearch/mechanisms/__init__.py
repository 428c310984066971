"""Mechanisms: causal maps, configurations, perspectives, moderators, evidence, and QCA."""

from typing import TYPE_CHECKING

import vvvresearch
from vvvresearch.mechanisms._cases import CaseConditions, Declared
from vvvresearch.mechanisms.maps._causal_map import CausalMap, causal_map
from vvvresearch.mechanisms.maps._changes import wave_changes
from vvvresearch.mechanisms.maps._paths import Support
from vvvresearch.mechanisms.maps._portrait import portrait, portrayed_pairs
from vvvresearch.mechanisms.maps._robustness import map_difference, map_robustness
from vvvresearch.mechanisms.realist._configurations import Configurations, configurations, mechanism_table
from vvvresearch.mechanisms.realist._ledger import EvidenceLedger, evidence_ledger
from vvvresearch.mechanisms.realist._rameses import rameses
from vvvresearch.mechanisms.realist._theory_arrows import arrow_table
from vvvresearch.mechanisms.small_n._clustered import Clustered, clustered
from vvvresearch.mechanisms.small_n._conditions import Alike, Judged, Linked, case_conditions, first_wave, given_judgements
from vvvresearch.mechanisms.small_n._contacts import contact_plan
from vvvresearch.mechanisms.small_n._moderators import Moderators, moderators
from vvvresearch.mechanisms.small_n._perspectives import Perspectives, perspectives

__all__ = [
    "Alike",
    "CaseConditions",
    "CausalMap",
    "Clustered",
    "Configurations",
    "Declared",
    "EvidenceLedger",
    "Judged",
    "Linked",
    "Moderators",
    "Perspectives",
    "Support",
    "arrow_table",
    "case_conditions",
    "causal_map",
    "clustered",
    "configurations",
    "contact_plan",
    "evidence_ledger",
    "first_wave",
    "given_judgements",
    "map_difference",
    "map_robustness",
    "mechanism_table",
    "moderators",
    "perspectives",
    "portrait",
    "portrayed_pairs",
    "rameses",
    "wave_changes",
]

if not TYPE_CHECKING:  # a type checker knows what there is
    __getattr__ = vvvresearch.elsewhere(__name__)
