"""The story of a report, written from its findings: one page that sums up with what it rests on, and a section for each finding."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from vvvresearch import files
from vvvresearch.evidence import Advice, Finding, read_findings
from vvvresearch.locales import Lang, format_date, has_words, text
from vvvresearch.reporting.claims._proof import Claims
from vvvresearch.reporting.claims._spans import plain
from vvvresearch.results import address_part, folded

if TYPE_CHECKING:
    from vvvresearch.evidence import Goal
    from vvvresearch.rounds import RoundSpec
    from vvvresearch.rounds._written import Value


SUMMARY, STORY = "findings/summary.md", "findings/story.md"
SCOREBOARD = "tables/goals-scoreboard.md"
# What one page holds.
_FINDINGS, _ADVICE = 5, 5


def findings_snippets(
    folder: Path, claims: Claims, made: Mapping[str, str] | None = None, about: Sequence[str] = ("", "", "")
) -> dict[str, str]:
    """What a report includes of its findings, in the words of their author.

    Args:
        folder: the round's folder.
        claims: for the language.
        made: what chapters have made, as Markdown by file: the scoreboard of goals opens the summary, tables of quotes stand with the
            finding that names them.
        about: what the summary rests on, how goals depend on their reading, and what cannot be told; each as Markdown or empty.

    Returns:
        Markdown with claims, by the name of the file: `findings/<id>.md`, `findings/advice-<number>.md`, all of each, and, empty where
        there is nothing to tell, the one page that sums up and the chapter with a section for each finding.
    """
    given, lang, there = read_findings(folder), claims.lang, made or {}
    snippets: dict[str, str] = {}
    for finding in given.finding:
        snippets[f"findings/{finding.id}.md"] = _says(finding, lang) + "\n"
    for advice in given.advice:
        snippets[f"findings/advice-{advice.number}.md"] = _advises(advice, lang) + "\n"
    if given.finding:
        snippets["findings/all.md"] = "\n".join(f"- {snippets[f'findings/{one.id}.md']}" for one in given.finding)
    if given.advice:
        snippets["findings/advice.md"] = "\n".join(f"- {snippets[f'findings/advice-{one.number}.md']}" for one in given.advice)
    snippets[SUMMARY] = _summary(given.finding, given.advice, lang, goals=there.get(SCOREBOARD, ""), about=about)
    snippets[STORY] = _story(given.finding, given.advice, there, lang)
    return snippets


def finding_titles(folder: Path, claims: Claims) -> dict[str, str]:
    """The findings as plain words, by the figure that shows each."""
    said = {one.figure: _said(one.says.da, one.says.en, claims.lang) for one in read_findings(folder).finding if one.figure}
    return {figure: plain(words, claims.cell)[0].rstrip(".") for figure, words in said.items()}


def _summary(findings: Sequence[Finding], advice: Sequence[Advice], lang: Lang, *, goals: str, about: Sequence[str]) -> str:
    # The same table may stand on its own page, under its own label.
    basis, readings, limits = about
    blocks = [basis] if basis else []
    blocks += [re.sub(r"\{#tbl-[\w-]+", "{#tbl-summary-goals", goals).strip()] if goals else []
    blocks += [readings] if readings else []
    if findings:
        blocks.append(f"**{text('claims.summary_findings', lang)}**")
        blocks.append("\n".join(f"{number}. {_says(one, lang)}" for number, one in enumerate(findings[:_FINDINGS], 1)))
    if advice:
        blocks.append(f"**{text('claims.summary_advice', lang)}**")
        blocks.append("\n".join(f"- {_advises(one, lang)}" for one in advice[:_ADVICE]))
    blocks += [limits] if limits and (findings or basis) else []
    return "".join(f"{block}\n\n" for block in blocks)


def _story(findings: Sequence[Finding], advice: Sequence[Advice], there: Mapping[str, str], lang: Lang) -> str:
    if not findings:
        return ""
    blocks = [f"# {text('claims.story', lang)} {{#sec-findings}}"]
    for finding in findings:
        blocks.append(f"## {_says(finding, lang).rstrip('.')} {{#sec-find-{finding.id}}}")
        if finding.figure:
            blocks.append(f"{{{{< include figures/{finding.figure}.md >}}}}")
        quotes = [path for one in finding.quotes if (path := f"tables/{one}.md") in there]
        blocks += [f"{{{{< include {path} >}}}}" for path in quotes]
        said = [f"{{{{< claim {one} >}}}}." if "." in one else one for one in finding.against]
        if said:
            blocks.append(f"::: {{.against}}\n{text('claims.speaks_against', lang)} {' '.join(said)}\n:::")
        # Advice that rests on several findings stands with the first of them.
        for one in advice:
            if one.rests_on[:1] == (finding.id,):
                blocks.append(f"::: {{.advice}}\n{_advises(one, lang)}\n:::")
    return "".join(f"{block}\n\n" for block in blocks)


def _says(finding: Finding, lang: Lang) -> str:
    return _sentence(_said(finding.says.da, finding.says.en, lang))


def _advises(advice: Advice, lang: Lang) -> str:
    to = text("claims.advice_to", lang, to=_addressee(advice.to, lang))
    due = text("claims.advice_due", lang, day=format_date(advice.due, lang)) if advice.due else ""
    head = f"**{text('claims.advice_number', lang, number=advice.number)}** ({', '.join(part for part in (to, due) if part)}):"
    reason = _sentence(_said(advice.because.da, advice.because.en, lang)) if advice.because else ""
    return " ".join(part for part in (head, _sentence(_said(advice.do.da, advice.do.en, lang)), reason) if part)


def _said(danish: str, english: str, lang: Lang) -> str:
    return (danish or english) if lang == "da" else (english or danish)


def _sentence(words: str) -> str:
    said = words.strip()
    return said if not said or said.endswith((".", "!", "?", ":")) else said + "."


def _addressee(name: str, lang: Lang) -> str:
    if has_words(f"claims.to_{name}"):
        return text(f"claims.to_{name}", lang)
    return text(f"groups.{name}", lang).lower() if has_words(f"groups.{name}") else name


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
            whom = text("claims.basis_with", lang, n=_var(value.key), group=files.markdown_text(_small(name)))
            groups.append((-float(value.number), whom))
    whom = ", ".join(said for _, said in sorted(groups))
    persons = values.get("interviews.total.persons")
    # Who was interviewed twice is one person.
    again = persons is not None and persons.number is not None and persons.number != total.number
    name, told = ("basis_persons", {"persons": _var(persons.key)}) if persons is not None and again else ("basis_interviews", {})
    return text(f"claims.{name}", lang, n=_var(total.key), whom=f" ({whom})" if whom else "", **told)


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
