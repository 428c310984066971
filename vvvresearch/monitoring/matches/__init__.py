"""Matches: how many, how long they last, why they end, how long people wait for one, and what would have to start."""

from vvvresearch.evidence import REASON_CLASSES
from vvvresearch.monitoring.matches._cox import ProportionalHazards, cox
from vvvresearch.monitoring.matches._cumulative_incidence import CumulativeIncidence, IncidenceTest, cumulative_incidence, gray
from vvvresearch.monitoring.matches._duration import (
    DENOMINATORS,
    READINGS,
    BrokenOff,
    Durations,
    Endings,
    broken_off,
    duration,
    endings,
    observation_times,
)
from vvvresearch.monitoring.matches._events import MatchEvents, match_events
from vvvresearch.monitoring.matches._fine_gray import fine_gray
from vvvresearch.monitoring.matches._kaplan_meier import GroupTest, KaplanMeier, kaplan_meier, log_rank
from vvvresearch.monitoring.matches._offers import STEPS, Funnel, Offers, funnel, offer_events, waiting_time
from vvvresearch.monitoring.matches._scenario import EndingRates, Scenario, ending_rates, matches_scenario, presence_scenario
from vvvresearch.monitoring.matches._snapshots import (
    MatchSet,
    Snapshot,
    ended,
    kept,
    read_snapshot,
    snapshot,
    snapshot_volume,
    started,
    volume,
)

__all__ = [
    "DENOMINATORS",
    "READINGS",
    "REASON_CLASSES",
    "STEPS",
    "BrokenOff",
    "CumulativeIncidence",
    "Durations",
    "EndingRates",
    "Endings",
    "Funnel",
    "GroupTest",
    "IncidenceTest",
    "KaplanMeier",
    "MatchEvents",
    "MatchSet",
    "Offers",
    "ProportionalHazards",
    "Scenario",
    "Snapshot",
    "broken_off",
    "cox",
    "cumulative_incidence",
    "duration",
    "ended",
    "ending_rates",
    "endings",
    "fine_gray",
    "funnel",
    "gray",
    "kaplan_meier",
    "kept",
    "log_rank",
    "match_events",
    "matches_scenario",
    "observation_times",
    "offer_events",
    "presence_scenario",
    "read_snapshot",
    "snapshot",
    "snapshot_volume",
    "started",
    "volume",
    "waiting_time",
]
