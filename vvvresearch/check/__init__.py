"""One check for a round: every fault of definition, sources, joins, goals, notebooks and prose, then what is missing and next."""

from vvvresearch.check._fault import Fault, Notice
from vvvresearch.check._round import RoundReport, check_round, notices_together

__all__ = ["Fault", "Notice", "RoundReport", "check_round", "notices_together"]
