"""Front matter from a round's definition: title page, colophon, foreword, thanks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from vvvresearch.locales import Lang, format_date, text
from vvvresearch.rounds._snippets import paragraph_text

if TYPE_CHECKING:
    from vvvresearch.rounds import RoundSpec

_COLOPHON = ("evaluator", "commissioned_by", "authors", "period", "contact", "subgroups")
_FOREWORD = ("foreword", "thanks")


def front_matter(spec: RoundSpec, lang: Lang) -> dict[str, Any]:
    """What a round says of itself before the findings.

    Returns:
        title, subtitle (with the month) and abstract for the title page; evaluator, commissioned_by, period, foreword, thanks and
        what else is given for the pages after it.
    """
    given = {key: _said(value, lang) for key, value in spec.front_matter.model_dump().items()}
    months = [format_date(f"{day:%Y-%m}", lang) for day in (spec.period.start, spec.period.end)]
    front = {
        "title": _said(spec.title.model_dump(), lang),
        # A month in words is no `date` for Quarto, which would make a day of it.
        "subtitle": f"{text(f'reporting.type_{spec.report_type}', lang)}, {months[1]}",
        "abstract": given.pop("colophon", ""),
        "author": list(given.get("authors") or []),
        "period": " – ".join(months),
        "subgroups": _said(spec.subgroups.statement.model_dump(), lang),
        **given,
    }
    return {key: value for key, value in front.items() if value} | {"day": spec.period.end}


def _said(value: Any, lang: Lang) -> Any:
    if isinstance(value, Mapping) and value.keys() <= {"da", "en"}:
        return value.get(lang) or value.get("da", "")
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_said(part, lang) for part in value]
    return value


def colophon_snippet(front: Mapping[str, Any], lang: Lang) -> str:
    """Who is responsible, for whom, about which period; empty when nothing is given."""
    lines = []
    for key in _COLOPHON:
        if value := front.get(key):
            said = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
            lines.append(f"**{text(f'reporting.front_{key}', lang)}:** {paragraph_text(said)}")
    return "\n\n".join(["::: {.colophon}", *lines, ":::"]) + "\n" if lines else "\n"


def foreword_snippet(front: Mapping[str, Any], lang: Lang) -> str:
    """Foreword and thanks with their heading; empty when nothing is given."""
    paragraphs = [paragraph_text(str(front[key])) for key in _FOREWORD if front.get(key)]
    if not paragraphs:
        return "\n"
    return "\n\n".join([f"# {text('reporting.front_foreword', lang)} {{.unnumbered}}", *paragraphs]) + "\n"
