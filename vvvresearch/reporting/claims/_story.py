"""The story of a report, written from its findings: one page that sums up, and a section for each finding."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from vvvresearch.evidence import Advice, Finding, read_findings
from vvvresearch.locales import Lang, format_date, has_words, text
from vvvresearch.reporting.claims._proof import Claims
from vvvresearch.reporting.claims._spans import plain

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
