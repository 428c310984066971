"""What a summary rests on, under which reading a goal is reached, and what cannot be said: made of a round's own numbers."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from vvvresearch import files
from vvvresearch.locales import Lang, format_date, has_words, text
from vvvresearch.results import address_part, folded

if TYPE_CHECKING:
    from vvvresearch.evidence import Goal
    from vvvresearch.rounds import RoundSpec
    from vvvresearch.rounds._values import Value

# Registers whose numbers grow with time, so that the day on which they were read belongs to them.
_REGISTERS = ("monitoring", "matches", "courses", "volunteers", "referrals", "offers", "agreements", "snapshots", "counts")
_MOST = 3
_YEAR = re.compile(r"\b\d{4}\b")
_ROWS = ("rækker", "rows", "værdier", "values")
_AMOUNT = re.compile(r"^\s*n\s*=\s*[\d.,\s]+")


def basis_line(spec: RoundSpec, values: Mapping[str, Value], lang: Lang) -> str:
    """How many interviews of whom, how many answers of how many invited, and which registers of which day.

    Args:
        spec: the round.
        values: every number that its chapters made, by folded address.
        lang: language.

    Returns:
        Markdown whose numbers are named by their addresses; "" where no chapter made any of them.
    """
    parts = [_interviews(values, lang), _surveys(spec, values, lang), _registers(spec, values, lang)]
    said = " ".join(part for part in parts if part)
    return _small_print("basis", said, lang) if said else ""


def readings_line(spec: RoundSpec, values: Mapping[str, Value], lang: Lang) -> str:
    """Under which of its readings each goal is reached that is reached under some only; "" where there is none."""
    said = [told for goal in spec.goals if (told := _reading(goal, values, lang))]
    return _small_print("readings", " ".join(said), lang) if said else ""


def limits_line(lang: Lang) -> str:
    """What no number of a round shows."""
    return _small_print("limits", text("readers.cannot_body", lang), lang)


def _small_print(name: str, said: str, lang: Lang) -> str:
    return f"::: {{.small}}\n**{text(f'claims.{name}', lang)}** {said}\n:::"


def _var(address: str) -> str:
    return f"{{{{< var {address} >}}}}"


def _interviews(values: Mapping[str, Value], lang: Lang) -> str:
    total = values.get("interviews.total.interviews")
    if total is None or not total.number:
        return ""
    groups = []
    for key, value in values.items():
        parts = key.split(".")
        if len(parts) == 4 and parts[0] == "interviews" and parts[2:] == ["total", "n"] and parts[1] != "total" and value.number:
            name = text(f"groups.{parts[1]}", lang) if has_words(f"groups.{parts[1]}") else parts[1].replace("_", " ")
            groups.append((-float(value.number), f"{_var(value.key)} {files.markdown_text(_small(name))}"))
    whom = ", ".join(said for _, said in sorted(groups))
    return text("claims.basis_interviews", lang, n=_var(total.key), whom=f" ({whom})" if whom else "")


def _small(name: str) -> str:
    return name[:1].lower() + name[1:]


def _surveys(spec: RoundSpec, values: Mapping[str, Value], lang: Lang) -> str:
    """The latest survey of each group that was asked; two of one year stand together."""
    told: dict[str, list[tuple[str, str]]] = {}
    for source in spec.sources:
        stem = f"{folded(address_part(source.id))}/response"
        answered, invited = (values.get(f"{stem}.{name}.count") for name in ("answered", "invited"))
        if source.type != "survey" or answered is None or not answered.number:
            continue
        about = answered.about.get(lang, {})
        wave = about.get("wave", "")
        key, n = ("basis_answers", _var(invited.key)) if invited is not None and invited.number else ("basis_answers_only", "")
        said = text(f"claims.{key}", lang, count=_var(answered.key), invited=n, wave=files.markdown_text(wave))
        told.setdefault(about.get("group") or source.title.say(lang), []).append((max(_YEAR.findall(wave), default=""), said))
    groups = []
    for group, waves in told.items():
        latest = max(year for year, _ in waves)
        groups.append(f"{files.markdown_text(_small(group))} {', '.join(said for year, said in waves if year == latest)}")
    return text("claims.basis_surveys", lang, groups="; ".join(groups)) if groups else ""


def _registers(spec: RoundSpec, values: Mapping[str, Value], lang: Lang) -> str:
    """The first registers, with what they hold where that is more than rows, and the day until which each is known."""
    found = []
    for source in sorted((one for one in spec.sources if one.type in _REGISTERS), key=lambda one: _REGISTERS.index(one.type)):
        value = values.get(f"sources.{folded(address_part(source.id))}.n")
        if value is None or not value.number:
            continue
        unit = _AMOUNT.sub("", value.about.get(lang, {}).get("n", "")).strip()
        day = (spec.extract if source.type == "monitoring" else "") or (spec.seen_until or spec.period.end).isoformat()
        held = [text("claims.basis_until", lang, day=format_date(day, lang))]
        held = held if unit in _ROWS else [f"{_var(value.key)} {files.markdown_text(unit)}", *held]
        found.append(f"{files.markdown_text(_small(source.title.say(lang)))} ({', '.join(held)})")
    said = "; ".join(found[:_MOST])
    return text("claims.basis_registers", lang, registers=said) if said else ""


def _reading(goal: Goal, values: Mapping[str, Value], lang: Lang) -> str:
    stem = f"goals.{folded(address_part(goal.id))}"
    target = next((one for name in ("target_share", "target") if (one := values.get(f"{stem}.{name}"))), None)
    if target is None or target.number is None or len(goal.readings) < 2:
        return ""
    meets = _MEETS[goal.direction]
    told: dict[bool, list[str]] = {True: [], False: []}
    for reading in goal.readings:
        value = next((one for name in ("share", "value", "count") if (one := values.get(f"{stem}.{folded(reading.id)}.{name}"))), None)
        if value is None or value.number is None:
            return ""
        told[meets(value.number, target.number)].append(f"{files.markdown_text(reading.label.say(lang))} ({_var(value.key)})")
    if not (told[True] and told[False]):
        return ""
    name = files.markdown_text(goal.definition.say(lang))
    return text("claims.reading", lang, goal=name, reached="; ".join(told[True]), missed="; ".join(told[False]))


_MEETS: Mapping[str, Callable[[float, float], bool]] = {
    "at_least": lambda reading, target: reading >= target,
    "at_most": lambda reading, target: reading <= target,
    "below": lambda reading, target: reading < target,
}
