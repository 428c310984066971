"""The evaluation manual of a round, written from its definition: aims, design, sources, goals, schedule, caveats."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vvvresearch import files
from vvvresearch.evidence import Goal
from vvvresearch.locales import Lang, format_date, text

if TYPE_CHECKING:
    from vvvresearch.rounds._round import Round


def write_manual(opened: Round) -> str:
    """The manual as Markdown; see `Round.manual`."""
    spec, lang = opened.spec, opened.lang
    period = text("rounds.manual_period", lang, start=format_date(spec.period.start, lang), end=format_date(spec.period.end, lang))
    blocks = [f"# {text('rounds.manual_title', lang)}: {_plain(spec.title.say(lang))}", period]
    for name in ("aims", "design"):
        words = getattr(spec, name)
        if words:
            blocks += [f"## {text(f'rounds.manual_{name}', lang)}", _list([one.say(lang) for one in words])]
    blocks += [f"## {text('rounds.manual_subgroups', lang)}", _plain(opened.subgroup_statement())]
    blocks += [f"## {text('rounds.manual_sources', lang)}", opened.data_basis().to_markdown(caption=False)]
    if spec.goals:
        lines = [f"**{goal.id}** {goal.definition.say(lang)}. {_measured(goal, lang)}" for goal in spec.goals]
        blocks += [f"## {text('rounds.manual_goals', lang)}", "\n".join(f"- {line}" for line in lines)]
    if spec.deviations:
        blocks += [f"## {text('rounds.manual_deviations', lang)}", opened.deviations().to_markdown(caption=False)]
    if spec.context:
        blocks += [f"## {text('rounds.manual_context', lang)}", opened.context().to_markdown(caption=False)]
    if spec.caveats:
        blocks += [f"## {text('rounds.manual_caveats', lang)}", _list([caveat.say(lang) for caveat in spec.caveats])]
    return "\n\n".join(block.strip() for block in blocks) + "\n"


def _plain(words: str) -> str:
    return files.markdown_text(words)


def _list(lines: list[str]) -> str:
    return "\n".join(f"- {_plain(line)}" for line in lines)


def _measured(goal: Goal, lang: Lang) -> str:
    if not goal.readings:
        return text("rounds.manual_not_measured", lang)
    return "; ".join(dict.fromkeys(_plain(reading.label.say(lang)) for reading in goal.readings)) + "."
