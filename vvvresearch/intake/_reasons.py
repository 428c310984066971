"""Why a match ended: the class of a reason in the words that people write."""

from __future__ import annotations

import re
from functools import cache

from vvvresearch.intake._fold import fold
from vvvresearch.intake._words import meanings

_DENIES = re.compile(r"\b(ikke|ej|uden|ingen|not|no|without|never|aldrig)\b(?! (kemi|chemistry|get (on|along)|click|sammen))")
_REASONS = {
    "natural": re.compile(
        r"\b(aftalt|planlagt|som aftalt|planned|agreed)\b.*\b(afslut\w*|slut\w*|ophoer\w*|end\w*|finish\w*|stop\w*)|"
        r"\b(afslut\w*|slut\w*|ended|finished|completed)\b.*\b(som (aftalt|planlagt)|as (planned|agreed))\b|"
        r"\b(completed|finished) (the )?(year|programme|program|period|course)\b|\b(gennemfoert\w*|fuldfoert\w*)\b"
    ),
    "premature": re.compile(
        r"\b(kemi\w*|chemistry)\b|\bfoer tid(en)?\b|\bbefore (the )?time\b|\bprematurely\b|\bpassede ikke sammen\b|"
        r"\btrak sig\b|\btrukket sig\b|\bsprang fra\b|\bsprunget fra\b|\bdroppede\b|\bwithdrew\b|\bwithdrawn\b|"
        r"\budeble(v|vet|ven)\b|\bno show\b|\bdropped out\b|\bgave up\b|\bdid(n ?t| not) (get (on|along)|click)\b"
    ),
    "moved": re.compile(r"\b(fra)?flytte(t|de|r)?\b|\b(fra)?flytning\b|\bmoved (away|out|to|house|home|city|town|area)\b|\brelocated\b"),
    "changed_life": re.compile(
        r"\b(nyt|faaet|fik|i|got|found|new|started) (et |a |an )?((fuld|del)tids)?(job|arbejde|work)\b|"
        r"\b(startet?|begyndt\w*|began|started) (paa |an? )?(uddannelse|studi\w*|skole|education|college|university|apprenticeship)\b|"
        r"\b(barsel\w*|maternity|pregnan\w+|gravid\w*)\b|\b(syg(dom|emeldt)?|illness|helbred\w*|health)\b"
    ),
}
_SMALL = frozenset((
    "er", "var", "har", "fra", "til", "i", "paa", "en", "et", "den", "det", "de", "der", "at", "og", "borgeren", "borgerens", "flygtningen",
    "flygtningens", "frivillige", "kommunen", "kommune", "is", "was", "has", "have", "from", "to", "the", "a", "an", "of", "been",
))  # fmt: skip


def reason_class(value: str) -> str:
    """The class of a reason by the list of words, else by what its words speak of; "" where they deny, or speak of two classes or none.

    Example:
        >>> reason_class("Flyttet til en anden by"), reason_class("Flyttede, fik nyt job"), reason_class("Ikke flyttet")
        ('moved', '', '')
    """
    if known := meanings("reason").get(fold(value), ""):
        return known
    if (known := _bare_reasons().get(_bare(value), "")) or _DENIES.search(fold(value)):
        return known
    said = {meaning for meaning, stems in _REASONS.items() if stems.search(fold(value))}
    return said.pop() if len(said) == 1 else ""


def _bare(value: str) -> str:
    """A reason without the small words that one writer adds and another leaves out."""
    return " ".join(word for word in fold(value).split() if word not in _SMALL)


@cache
def _bare_reasons() -> dict[str, str]:
    return {_bare(word): meaning for word, meaning in meanings("reason").items() if _bare(word)}
