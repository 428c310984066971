"""Sentences of a set as reports bind them, and which of them a report refuses."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vvvresearch.locales import Lang
from vvvresearch.reporting import Claims, review_document

FOLDER = Path(__file__).parent / "claim_sentences"
HEADS: dict[Lang, str] = {"da": "# Sammenfatning {#sec-summary}\n\n", "en": "# Summary {#sec-summary}\n\n"}


@dataclass(frozen=True)
class Spoken:
    """A sentence, the address that it is bound to, and what it is there.

    `kind`: "holds", "stops", or "rule": its author took it for true and a written rule refuses it (a word that nobody was asked about,
    words without the count for few answers, "lidt over" more than four points away, those who do not know among those who do not, a
    second claim beside the first).
    """

    text: str
    address: str
    lang: Lang
    kind: str


def names() -> list[str]:
    """The sets, in the order in which they were written."""
    order = [
        "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
        "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth",
        "eighteenth", "nineteenth", "twentieth",
    ]  # fmt: skip
    return [name for name in order if (FOLDER / f"{name}.toml").is_file()]


def read_set(name: str) -> tuple[str, list[Spoken]]:
    """The round of a set, and its sentences."""
    table: dict[str, Any] = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    return table["round"], list(_spoken(table["group"]))


def _spoken(groups: list[dict[str, Any]]) -> Iterator[Spoken]:
    for group in groups:
        for kind in ("holds", "stops", "rule"):
            for text in group.get(kind, ()):
                yield Spoken(text, group["at"], group["lang"], kind)


def bound(text: str, address: str) -> str:
    """The sentence as a span; brackets in it mark the part that is bound."""
    span = f']{{claim="{address}"}}'
    return text.replace("]", span) if "[" in text else f"[{text}{span}"


# A true claim of each round, for others to hang on.
CARRIERS: dict[str, dict[Lang, tuple[str, str]]] = {
    "region": {
        "da": ("36 af 48 kommuner har en skriftlig aftale", "kommuner-2025.aftale.ja"),
        "en": ("36 of 48 municipalities have a written agreement", "kommuner-2025.aftale.ja"),
    },
    "course": {
        "da": ("105 af 150 deltagere har fået større tillid", "deltagere-2024.tillid.ja"),
        "en": ("105 of 150 participants have gained more trust", "deltagere-2024.tillid.ja"),
    },
    "county": {
        "da": ("45 af 150 kursister har fået et arbejde", "kursister-2024.job.ja"),
        "en": ("45 of 150 course participants have found a job", "kursister-2024.job.ja"),
    },
    "clinic": {
        "da": ("96 af 160 patienter har færre smerter", "patienter-2024.smerter.ja"),
        "en": ("96 of 160 patients have less pain", "patienter-2024.smerter.ja"),
    },
    "depot": {
        "da": ("88 af 110 familier har spist mere grønt", "familier-2025.groent.ja"),
        "en": ("88 of 110 families have eaten more vegetables", "familier-2025.groent.ja"),
    },
    "libraries": {
        "da": ("45 af de 72 biblioteker har en fast aftale med en skole", "biblioteker-2025.aftale.ja"),
        "en": ("45 of the 72 libraries have a fixed agreement with a school", "biblioteker-2025.aftale.ja"),
    },
    "gardens": {
        "da": ("112 af de 160 dyrkere har lært nye naboer at kende", "dyrkere-2024.naboer.ja"),
        "en": ("112 of the 160 gardeners have got to know new neighbours", "dyrkere-2024.naboer.ja"),
    },
    "phone": {
        "da": ("96 af de 150 telefonvenner har modtaget en skriftlig vejledning", "ringere-2025.guide.ja"),
        "en": ("96 of the 150 phone friends have received written guidance", "ringere-2025.guide.ja"),
    },
    "readers": {
        "da": ("128 af de 160 forældre siger, at deres barn glæder sig til oplæsningen", "foraeldre-2025.glaeder.ja"),
        "en": ("128 of the 160 parents say that their child looks forward to being read to", "foraeldre-2025.glaeder.ja"),
    },
    "wards": {
        "da": ("98 af de 140 patienter blev mere rolige af besøget", "patienter-2024.rolig.ja"),
        "en": ("77 of the 140 patients understood what the doctor said", "patienter-2024.forstod.ja"),
    },
    "town": {
        "da": ("82 af 200 flygtninge har besøgt deres ven", "flygtninge-2025.hjemme.ja"),
        "en": ("82 of 200 refugees have visited their friend", "flygtninge-2025.hjemme.ja"),
    },
}


def hung(text: str, joint: str, where: str, lang: Lang) -> str:
    """A sentence behind a true claim of its round."""
    return f"{bound(*CARRIERS[where][lang])}{joint}{text[0].lower()}{text[1:]}"


def refused(markdown: str, claims: Claims) -> list[str]:
    """What a report's summary would be stopped for."""
    reviewed = review_document(f"{HEADS[claims.lang]}{markdown}.\n", "report.qmd", claims)
    return [str(one) for one in reviewed.complaints if one.level == "fault"]
