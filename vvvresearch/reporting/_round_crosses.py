"""Cross-tables of a round's surveys as notebooks hand them over: exact tests in one declared family, rates with intervals."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import pandas as pd

from vvvresearch.errors import AnalysisError
from vvvresearch.files import markdown_text
from vvvresearch.locales import Lang, Phrase, format_p
from vvvresearch.reporting._output import Output
from vvvresearch.reporting._survey_sides import asked_of, key_codes, key_words, permitted, range_cell, share_cell
from vvvresearch.results import Base, Column, Result
from vvvresearch.statistics.exact_tests import freeman_halton
from vvvresearch.statistics.multiplicity import adjust
from vvvresearch.survey import compare_groups
from vvvresearch.survey.intervals import proportion_interval

if TYPE_CHECKING:
    from vvvresearch.evidence import Survey
    from vvvresearch.rounds import Round

_WHAT = Phrase("surveyreport.what_crosstable")
# Below this a cell is small: its percentage says little.
_SMALL_CELL = 5


def hand_over_crosses(out: Output, opened: Round, *, crosses: str = "") -> dict[str, Result]:
    """Write the cross-tables that a round declares, and one table that holds their rates and tests as one family.

    Tables: `cross-<survey>-<item>-by-<variable>` each, and `crosses` with a line a group: the share of the key answer with its
    interval, and the exact test of the whole table, adjusted over all cross-tables. Numbers:
    `crosses.<survey>.<item>.<variable>.p`, and of each group `.<group>.n`, `.of`, `.pct`. The passage `crosses-statement` says which
    surveys allow none.

    Args:
        out: the notebook's output.
        opened: the round.
        crosses: "survey: item by variable", parted by semicolons.

    Returns:
        The tables by name; empty where none is declared.

    Raises:
        AnalysisError: a declaration that cannot be read, or an item that is not there or has no cross-table.
        RoundError: the round has no such survey.
    """
    lang, tables, refused = out.lang, dict[str, Result](), list[str]()
    found: list[tuple[str, str, str, Survey, Any]] = []
    for name, item, by in declared_crosses(crosses):
        survey = opened.surveys[name]
        refusal = permitted(survey, _WHAT, lang)
        if refusal:
            refused.append(refusal)
            continue
        table = compare_groups(survey, item, by, lang=lang)
        words = {"question": asked_of(survey).item(item).text.say(lang), "by": _words(survey, by, lang)}
        table = dataclasses.replace(table, title=Phrase("comparing.title_groups", words))
        tables[f"cross-{name}-{item}-by-{by}".replace("_", "-").lower()] = table
        found.append((name, item, by, survey, table))
    if found:
        tables["crosses"] = _together(out, found)
    for label, each in tables.items():
        out.table(label, each)
    sentences = "\n\n".join(markdown_text(sentence) for sentence in dict.fromkeys(refused))
    out.passage("crosses-statement", sentences + "\n")
    return tables


def declared_crosses(crosses: str) -> list[tuple[str, str, str]]:
    """Survey, item and variable of each declared cross-table.

    Raises:
        AnalysisError: a part that does not have the form.

    Example:
        >>> declared_crosses("municipal-2022: refers by agreement; municipal-2022: refers by region")
        [('municipal-2022', 'refers', 'agreement'), ('municipal-2022', 'refers', 'region')]
    """
    read = []
    for part in crosses.split(";"):
        if not part.strip():
            continue
        name, colon, rest = part.partition(":")
        words = rest.split()
        if not colon or len(words) != 3 or words[1] != "by":
            raise AnalysisError(
                f"{part.strip()!r} declares no cross-table",
                where="crosses",
                todo="write survey: item by variable; survey: item by variable",
            )
        read.append((name.strip(), words[0], words[2]))
    return read


def _together(out: Output, found: list[tuple[str, str, str, Survey, Any]]) -> Result:
    lang = out.lang
    raw = [_exact(survey, item, table.frame) for _, item, _, survey, table in found]
    tests = adjust(raw, "holm", Phrase("surveyreport.cross_family").say(lang))
    rows: list[dict[str, Any]] = []
    small = 0
    for (name, item, by, survey, table), p in zip(found, tests.adjusted, strict=True):
        frame = table.frame
        small += bool(((frame["count"] < _SMALL_CELL) | (frame["n"] - frame["count"] < _SMALL_CELL)).any())
        asked = asked_of(survey).item(item)
        codes = key_codes(survey, asked, list(dict.fromkeys(frame["code"])))
        prefix = f"crosses.{name}.{item}.{by}".lower()
        base = Base(None, table.base.unit, question=table.base.question)
        out.value(f"{prefix}.p", p, "p", base=dataclasses.replace(base, n=table.base.n), kind=table.kind)
        for place, (group, answers) in enumerate(frame.groupby("group", sort=False)):
            count, n = int(answers.loc[answers["code"].isin(codes), "count"].sum()), int(answers["n"].iloc[0])
            words = _group_words(survey, by, str(group), lang)
            limits = proportion_interval(count, n)
            rows.append(
                {
                    "what": key_words(survey, asked, codes, lang) if not place else "",
                    "by": _words(survey, by, lang) if not place else "",
                    "group": words,
                    "share": share_cell(count, n, lang),
                    "interval": range_cell(100 * limits.lower, 100 * limits.upper, lang),
                    "p": format_p(p, lang) if not place else "",
                }
            )
            out.share(f"{prefix}.{group}".lower(), count, base=dataclasses.replace(base, n=n, group=words), kind=table.kind)
    notes = [Phrase("surveyreport.cross_note", {"size": tests.size, "family": tests.name})]
    notes += [Phrase("surveyreport.cross_small", {"part": small, "whole": len(found)})] if small else []
    return Result(
        frame=pd.DataFrame(rows),
        base=Base(None),
        title=Phrase("surveyreport.cross_title"),
        notes=(*notes, Phrase("surveyreport.cross_cautious")),
        shows=(
            Column("what", Phrase("surveyreport.cross_question")),
            Column("by", Phrase("surveyreport.cross_by")),
            Column("group", Phrase("surveyreport.cross_group")),
            Column("share", Phrase("surveyreport.cross_rate")),
            Column("interval", Phrase("surveyreport.cross_interval")),
            Column("p", Phrase("surveyreport.p_adjusted")),
        ),
        kind=found[0][4].kind,
        lang=lang,
    )


def _exact(survey: Survey, item: str, frame: pd.DataFrame) -> float:
    """The exact test of all answers by all groups; don't know and refused are no answers to compare.

    Raises:
        AnalysisError: a number, or a question with several answers, whose ticks are no table of respondents.
    """
    asked = asked_of(survey).item(item)
    if asked.type in ("number", "open", "multiple"):
        raise AnalysisError(f"{item} has no cross-table: it is {asked.type}", where="crosses", todo="name an item with one answer")
    answers = [option.code for option in asked_of(survey).options(asked) if option.role in ("answer", "other")]
    kept = frame[frame["code"].isin(answers)]
    counts = kept.pivot(index="group", columns="code", values="count").to_numpy(dtype=int)
    return freeman_halton(counts.tolist()).p_value


def _words(survey: Survey, by: str, lang: Lang) -> str:
    """The variable's question, or its own name where it is no item."""
    items = {item.id: item for item in asked_of(survey).items}
    return items[by].text.say(lang) if by in items else by


def _group_words(survey: Survey, by: str, code: str, lang: Lang) -> str:
    items = {item.id: item for item in asked_of(survey).items}
    if by not in items:
        return code
    return next((option.label.say(lang) for option in asked_of(survey).options(items[by]) if option.code == code), code)
