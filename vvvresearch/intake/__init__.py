"""Taking files in: what a file is, what may be decided alone, what is asked, and the tables our readers take."""

from vvvresearch.intake._map import Map, load_map, save_map
from vvvresearch.intake._normalise import Normalised, normalised
from vvvresearch.intake._proposal import Decision, Proposal, Question
from vvvresearch.intake._propose import propose
from vvvresearch.intake._settle import Settled, settle

__all__ = ["Decision", "Map", "Normalised", "Proposal", "Question", "Settled", "load_map", "normalised", "propose", "save_map", "settle"]
