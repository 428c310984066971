"""A small coded project, made so that every count can be checked by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from vvvresearch.evidence import Codebook, Codings, Interviews
from vvvresearch.evidence._codings import CODEBOOK_COLUMNS
from vvvresearch.evidence._register import REGISTER_COLUMNS
from vvvresearch.kinds import DataKind

CODES = ["Udbytte", "Udbytte > Sprog", "Udbytte > Job", "Mekanisme", "Mekanisme > Tillid", "Udfordring > Tid", "Udfordring"]


def codebook(paths: list[str]) -> Codebook:
    rows = []
    for path in paths:
        parent, _, name = path.rpartition(" > ")
        rows.append(dict.fromkeys(CODEBOOK_COLUMNS, "") | {"code_path": path, "name": name, "parent": parent, "is_codable": True})
    return Codebook(pd.DataFrame(rows))


def register(rows: list[dict[str, object]]) -> Interviews:
    blank = dict.fromkeys(REGISTER_COLUMNS, "") | {"interpreter": False, "consent_analysis": True, "consent_quote": True, "wave": "1"}
    return Interviews(pd.DataFrame([blank | row for row in rows])[list(REGISTER_COLUMNS)], kind=DataKind.SYNTHETIC)


TEXTS = {
    "r1": "Jeg lærer dansk hver uge. Vi griner meget sammen. Men jeg har ikke fået et job.",
    "v1": "Hun taler meget bedre nu. Vi stoler på hinanden. Jeg mangler tid i hverdagen.",
    "r2": "Sproget kom ikke af det. Jeg stoler på hende, som var hun familie for mig her.",
    "v2": "Jeg synes helt klart, at hans dansk er blevet bedre af vores snakke i køkkenet.",
    "k1": "I kommunen ser vi, at de frivillige giver sproget et løft, og flere får job.",
}


@pytest.fixture
def interviews() -> Interviews:
    base = {"month": "2021-03", "mode": "phone"}
    return register(
        [
            base
            | {"interview": "I1", "pair": "P1", "respondent_group": "refugee", "source": "r1", "pseudonym": "Amal", "age_band": "30-39"},
            base | {"interview": "I2", "pair": "P1", "respondent_group": "volunteer", "source": "v1", "pseudonym": "Bodil"},
            base
            | {"interview": "I3", "pair": "P2", "respondent_group": "refugee", "source": "r2", "interpreter": True, "consent_quote": False},
            base | {"interview": "I4", "pair": "P2", "respondent_group": "volunteer", "source": "v2"},
            base | {"interview": "I5", "pair": "P3", "respondent_group": "refugee", "source": ""},
            base | {"interview": "I6", "respondent_group": "municipal", "source": "k1"},
        ]
    )


@pytest.fixture
def codings() -> Codings:
    marks = [
        ("r1", "Jeg lærer dansk hver uge.", "Udbytte > Sprog", "A", "affirmed"),
        ("r1", "Men jeg har ikke fået et job.", "Udbytte > Job", "A", "contradicted"),
        ("r1", "Vi griner meget sammen.", "Mekanisme > Tillid", "B", "affirmed"),
        ("r1", "Jeg lærer dansk hver uge.", "Udbytte > Sprog", "B", "affirmed"),
        ("v1", "Hun taler meget bedre nu.", "Udbytte > Sprog", "A", "affirmed"),
        ("v1", "Vi stoler på hinanden.", "Mekanisme > Tillid", "A", "affirmed"),
        ("v1", "Jeg mangler tid i hverdagen.", "Udfordring > Tid", "A", "affirmed"),
        ("r2", "Sproget kom ikke af det.", "Udbytte > Sprog", "A", "contradicted"),
        ("r2", "Jeg stoler på hende, som var hun familie for mig her.", "Mekanisme > Tillid", "A", "affirmed"),
        ("v2", TEXTS["v2"], "Udbytte > Sprog", "A", "affirmed"),
        ("v2", "hans dansk er blevet bedre", "Mekanisme > Tillid", "A", "affirmed"),
        ("k1", TEXTS["k1"], "Udbytte > Sprog", "A", "affirmed"),
        ("k1", "flere får job", "Udbytte > Job", "A", "affirmed"),
    ]
    rows = []
    for source, passage, path, coder, stance in marks:
        start = TEXTS[source].index(passage)
        rows.append((source, start, start + len(passage), passage, path, coder, stance))
    frame = pd.DataFrame(rows, columns=["source", "start", "end", "text", "code_path", "coder", "stance"])
    return Codings(frame, codebook(CODES), TEXTS, kind=DataKind.SYNTHETIC)
