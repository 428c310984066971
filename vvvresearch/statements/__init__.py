"""Numeric statements in Danish and English: found in a text, cut into clauses, proved against a row, and made from one."""

from vvvresearch.statements._amounts import money_noun
from vvvresearch.statements._clauses import Clause, clauses
from vvvresearch.statements._covered import asks_who
from vvvresearch.statements._flags import Flag, flags
from vvvresearch.statements._mention import Mention, Sentence
from vvvresearch.statements._mentions import mentions, sentence_mentions
from vvvresearch.statements._numbers import number_words
from vvvresearch.statements._prove import prose, prove
from vvvresearch.statements._review import Binding, Stop, review
from vvvresearch.statements._row import Amount, Check, Goal, Outcome, Row, Sibling, Side, Verdict, check
from vvvresearch.statements._say import true_sentences
from vvvresearch.statements._shares import reaches
from vvvresearch.statements._verbs import verb_form

__all__ = [
    "Amount",
    "Binding",
    "Check",
    "Clause",
    "Flag",
    "Goal",
    "Mention",
    "Outcome",
    "Row",
    "Sentence",
    "Sibling",
    "Side",
    "Stop",
    "Verdict",
    "asks_who",
    "check",
    "clauses",
    "flags",
    "mentions",
    "money_noun",
    "number_words",
    "prose",
    "prove",
    "reaches",
    "review",
    "sentence_mentions",
    "true_sentences",
    "verb_form",
]
