"""Taking files in: what a file is, what may be decided alone, what is asked, and the tables our readers take."""

from vvvresearch.intake._changed import ChangedError
from vvvresearch.intake._date_columns import AS_OF
from vvvresearch.intake._earlier import with_known_words
from vvvresearch.intake._fold import fold
from vvvresearch.intake._formats import table_as_it_stands, transcripts_in
from vvvresearch.intake._goal_numbers import days_said, said_of
from vvvresearch.intake._goal_words import read_goal
from vvvresearch.intake._goals import half_words, target_words
from vvvresearch.intake._map import Map, load_map, read_map, save_map
from vvvresearch.intake._match_rows import OVERLAPS
from vvvresearch.intake._meaning import of_the_interviewees, with_decisions
from vvvresearch.intake._normalise import Normalised, normalised, number_columns
from vvvresearch.intake._occasions import OCCASION, each_occasion
from vvvresearch.intake._periods import time_and_rest
from vvvresearch.intake._personal import shown
from vvvresearch.intake._proposal import Decision, Proposal, Question
from vvvresearch.intake._propose import ReadBesideError, of_its_own, propose
from vvvresearch.intake._questionnaire import title_of
from vvvresearch.intake._redcap import ONCE
from vvvresearch.intake._scales import scale_of
from vvvresearch.intake._settle import Settled, answer_problem, flat, refined, settle
from vvvresearch.intake._sheets import sheets_apart
from vvvresearch.intake._told_numbers import told_numbers, told_values
from vvvresearch.intake._words import roles_of

__all__ = [
    "AS_OF",
    "OCCASION",
    "ONCE",
    "OVERLAPS",
    "ChangedError",
    "Decision",
    "Map",
    "Normalised",
    "Proposal",
    "Question",
    "ReadBesideError",
    "Settled",
    "answer_problem",
    "days_said",
    "each_occasion",
    "flat",
    "fold",
    "half_words",
    "load_map",
    "normalised",
    "number_columns",
    "of_its_own",
    "of_the_interviewees",
    "propose",
    "read_goal",
    "read_map",
    "refined",
    "roles_of",
    "said_of",
    "save_map",
    "scale_of",
    "settle",
    "sheets_apart",
    "shown",
    "table_as_it_stands",
    "target_words",
    "time_and_rest",
    "title_of",
    "told_numbers",
    "told_values",
    "transcripts_in",
    "with_decisions",
    "with_known_words",
]
