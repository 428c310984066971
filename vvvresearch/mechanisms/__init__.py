"""Mechanisms: causal maps, configurations, perspectives, moderators, evidence, and QCA."""

from vvvresearch.mechanisms._arrows import arrow_table
from vvvresearch.mechanisms._causal import CausalMap, Support, causal_map
from vvvresearch.mechanisms._changes import wave_changes
from vvvresearch.mechanisms._clustered import Clustered, clustered
from vvvresearch.mechanisms._conditions import Alike, CaseConditions, Judged, Linked, case_conditions
from vvvresearch.mechanisms._configurations import Configurations, configurations
from vvvresearch.mechanisms._contacts import ContactPlan, contact_plan
from vvvresearch.mechanisms._crosstable import mechanism_table
from vvvresearch.mechanisms._detectable import detectable_difference, power
from vvvresearch.mechanisms._ledger import EvidenceLedger, evidence_ledger
from vvvresearch.mechanisms._moderators import Moderators, moderators
from vvvresearch.mechanisms._perspectives import Perspectives, perspectives
from vvvresearch.mechanisms._rameses import rameses

__all__ = [
    "Alike",
    "CaseConditions",
    "CausalMap",
    "Clustered",
    "Configurations",
    "ContactPlan",
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
    "detectable_difference",
    "evidence_ledger",
    "mechanism_table",
    "moderators",
    "perspectives",
    "power",
    "rameses",
    "wave_changes",
]
