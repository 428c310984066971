"""What the tests of exploring share: the demo round, and a small round of codings made up here."""

from __future__ import annotations

from functools import cache

import pandas as pd

import vvvresearch as vvv
from vvvresearch.evidence import Codebook, Codings, Interviews
from vvvresearch.rounds import Round


@cache
def demo() -> Round:
    return vvv.open_round("demo", lang="en")


def made_up() -> tuple[Codings, Interviews]:
    rows = [
        ("a", 0, 4, "Ro", "x", "affirmed"),
        ("a", 5, 9, "Ro > Søvn", "y", "contradicted"),
        ("b", 0, 4, "Ro > Søvn", "x", "affirmed"),
        ("c", 0, 4, "Mod", "x", "contradicted"),
    ]
    frame = pd.DataFrame(rows, columns=["source", "start", "end", "code_path", "coder", "stance"]).assign(text="word")
    words = dict.fromkeys(("definition", "inclusion", "exclusion", "examples", "color", "guid"), "")
    tree = {"code_path": ["Ro", "Ro > Søvn", "Mod"], "name": ["Ro", "Søvn", "Mod"], "parent": ["", "Ro", ""]}
    book = Codebook(pd.DataFrame(tree).assign(is_codable=True, **words))
    texts = dict.fromkeys("abcd", "word word word")
    register = pd.DataFrame({"interview": list("ABCD"), "person": ["p", "q", "q", "r"], "source": list("abcd")}).assign(
        pair="", respondent_group=["refugee", "refugee", "refugee", "volunteer"], wave="1", interpreter=False, month="", coded_by=""
    )
    consent = {"consent_analysis": True, "consent_quote": [True, True, True, False]}
    return Codings(frame, book, texts), Interviews(register.assign(**consent))
