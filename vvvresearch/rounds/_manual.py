"""The evaluation manual of a round, written from its definition: aims, design, sources, goals, schedule, caveats."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vvvresearch import files
from vvvresearch.locales import Lang, Phrase, format_date, text

if TYPE_CHECKING:
    from vvvresearch.rounds._round import Round


def write_manual(opened: Round, lang: Lang) -> str:
    """The manual as Markdown; see `Round.manual`."""
    spec = opened.spec
    period = text("rounds.manual_period", lang, start=format_date(spec.period.start, lang), end=format_date(spec.period.end, lang))
    blocks = [f"# {text('rounds.manual_title', lang)}: {_plain(spec.title.say(lang))}", period]
    for name in ("aims", "design"):
        words = getattr(spec, name)
        if words:
            blocks += [f"## {text(f'rounds.manual_{name}', lang)}", _list([one.say(lang) for one in words])]
    blocks += [f"## {text('rounds.manual_subgroups', lang)}", _plain(opened.subgroup_statement(lang))]
    blocks += [f"## {text('rounds.manual_sources', lang)}", opened.data_basis(lang).to_markdown(caption=False)]
    if spec.goals:
        lines = [f"**{goal.id}** {goal.definition.say(lang)}. {_measured(goal.id, opened, lang)}" for goal in spec.goals]
        blocks += [f"## {text('rounds.manual_goals', lang)}", "\n".join(f"- {line}" for line in lines)]
    if spec.deviations:
        blocks += [f"## {text('rounds.manual_deviations', lang)}", opened.deviations(lang).to_markdown(caption=False)]
    if spec.context:
        events = [f"{event.date}: {event.event.say(lang)}" for event in spec.context]
        blocks += [f"## {text('rounds.manual_context', lang)}", _list(events)]
    if spec.caveats:
        blocks += [f"## {text('rounds.manual_caveats', lang)}", _list([caveat.say(lang) for caveat in spec.caveats])]
    return "\n\n".join(block.strip() for block in blocks) + "\n"


def _plain(words: str) -> str:
    return files.markdown_text(words)


def _list(lines: list[str]) -> str:
    return "\n".join(f"- {_plain(line)}" for line in lines)


def _measured(goal_id: str, opened: Round, lang: Lang) -> str:
    goal = next(goal for goal in opened.spec.goals if goal.id == goal_id)
    if not goal.readings:
        return Phrase("rounds.manual_not_measured").say(lang)
    return "; ".join(dict.fromkeys(_plain(reading.label.say(lang)) for reading in goal.readings)) + "."
