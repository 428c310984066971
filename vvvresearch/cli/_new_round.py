"""`vvv new-round`: a round to fill in: its definition, templates for spreadsheets, and a report without findings."""

from __future__ import annotations

import datetime
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import resources
from string import Template

from vvvresearch.cli._workspace import DONE, UsageError, Workspace, check_choice, said, say, tell
from vvvresearch.cli.notebook_filter import install
from vvvresearch.errors import did_you_mean
from vvvresearch.evidence import FINDINGS, Programme, read_programme
from vvvresearch.files import toml, write_new
from vvvresearch.locales import LANGUAGES, Lang, check_lang, text
from vvvresearch.reporting import neutral_report
from vvvresearch.rounds import DEFINITION, Inheritance, RoundSpec, inherit, packaged_notebooks

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
REPORTS = ("note", "midterm", "final")
# Chapters that are no part of a new report: published documents, and the one that runs for each municipality.
_SHEET = "90-municipality"
NOT_AT_FIRST = ("40-published-comparison", _SHEET)
# Chapters about the quality of the data, which a report takes up where somebody asks for them; the others show nothing without sources.
_ASIDE = ("36-representativeness", "55-agreement")
# What a round with an earlier one has besides.
_SINCE = "80-since-last-time"
_MONTH_FIRST = re.compile(r"(\d{1,2})[-./](\d{4})")
_DAY_FIRST = re.compile(r"(\d{1,2})[-./](\d{1,2})[-./](\d{4})")


@dataclass(frozen=True)
class Asked:
    """What was asked for on the command line.

    Args:
        report: "note", "midterm" or "final"; None: as the earlier round, else a note.
        after: the earlier round's id.
        lang: the first language.
        facts: wave, extract and seen_until where they were given.
    """

    report: str | None
    after: str | None
    lang: str
    facts: Mapping[str, str | None]


def new_round(workspace: Workspace, round_id: str, asked: Asked) -> int:
    """Write the files of a new round: all of them, or none where one is there already.

    Raises:
        UsageError: no valid id, an unknown type of report, language or earlier round, a date that is none, or the round is there.
        RoundError: the earlier round's definition has faults.
    """
    if not _ID.fullmatch(round_id):
        raise UsageError(
            f"{round_id!r} is no id of a round", why="an id has small letters, digits and dashes", todo="for example: 2024-midterm"
        )
    check_choice(asked.report, "--type", REPORTS)
    check_choice(asked.lang, "--lang", LANGUAGES)
    place = workspace.root / "rounds" / round_id / DEFINITION
    if place.exists():
        raise UsageError(f"the round {round_id!r} is there already", where=place)
    earlier = _earlier(workspace, asked.after)
    lang = check_lang(asked.lang)
    facts = _facts(asked.facts, lang)
    inherited = inherit(workspace.root, earlier, round_id) if earlier is not None else Inheritance({}, "", "")
    report = asked.report or (earlier.report_type if earlier is not None else "note")
    home = f"rounds/{round_id}"
    contents: dict[str, str | bytes] = {
        f"{home}/{DEFINITION}": _definition(round_id, report, lang, read_programme(workspace.root), facts, earlier, inherited)
    }
    taken_up, others = _pages(earlier)
    second: Lang = "en" if lang == "da" else "da"
    contents[f"{home}/report.qmd"] = neutral_report(taken_up, others, lang)
    contents[f"{home}/report.{second}.qmd"] = neutral_report(taken_up, others, second)
    contents[f"{home}/{FINDINGS}"] = (resources.files("vvvresearch.cli") / "data" / FINDINGS).read_text(encoding="utf-8")
    contents |= inherited.contents
    templates = _templates(workspace, round_id, lang)
    made = write_new(workspace.root, contents | templates)
    install(workspace.root)
    for path in made[: len(contents)]:
        tell(text("commands.made", lang, path=path.relative_to(workspace.root).as_posix()))
    for folder in ("interviews", "surveys"):
        names = [name.rpartition("/")[2].removesuffix(".xlsx") for name in templates if name.startswith(folder)]
        tell(text("commands.made_templates", lang, folder=f"{folder}/{round_id}/templates/", names=", ".join(names)))
    start, end = _period(round_id, earlier, facts)
    tell(text("commands.new_round_period", lang, start=start, end=end, file=f"{home}/{DEFINITION}"))
    if earlier is not None:
        taken = {"goals": len(earlier.goals), "files": len(inherited.contents)}
        say(text("commands.new_round_taken", lang, earlier=earlier.id, **taken))
    tell(text("commands.new_round_next", lang, round=round_id))
    return DONE


def _earlier(workspace: Workspace, after: str | None) -> RoundSpec | None:
    if after is None:
        return None
    known = workspace.round_ids()
    if after not in known:
        todo = did_you_mean(after, known) if known else "leave --after out: this workspace has no rounds yet"
        raise UsageError(f"--after: there is no round {after!r}", where=workspace.root / "rounds", todo=todo)
    return workspace.specs([after])[0]


def _title(programme: Programme, report: str, year: int, lang: Lang) -> str:
    """What the report is called: the programme, the kind of report and its year."""
    return f"{programme.name.say(lang)}: {text(f'rounds.title_{report}', lang, year=str(year))}"


def _definition(
    round_id: str,
    report: str,
    lang: Lang,
    programme: Programme,
    facts: Mapping[str, str],
    earlier: RoundSpec | None,
    inherited: Inheritance,
) -> str:
    """The definition with every field explained, as it holds for this round."""
    start, end = _period(round_id, earlier, facts)
    year = end.year
    languages = ("da", "en") if lang == "da" else ("en", "da")
    explained = (
        "# Runden før: dens bølger, kodninger, mål og anbefalinger kendes. / The round before: its waves, codings, goals are known.\n"
    )
    anew = (
        "# Begynder numre på personer, par og sager forfra, er ens numre ikke de samme. / Where numbers of persons, pairs and cases begin\n"
        "# anew, equal numbers are not the same.\n#same_ids = false\n"
    )
    previous = f'[previous]\nround = "{earlier.id}"\n{anew}' if earlier is not None else f'#[previous]\n#round = "…"\n{anew}'
    values = {
        "id": round_id,
        "title": toml({one: _title(programme, report, year, one) for one in LANGUAGES}),
        "start": start.isoformat(),
        "end": end.isoformat(),
        "year": str(year),
        "languages": toml(languages),
        "report_type": report,
        "notebooks": toml([*_notebooks(earlier), _sheets()]),
        "previous": explained + previous,
        "coders": _coders(earlier),
        "sources": inherited.sources,
        "goals": inherited.goals,
    }
    examples = {"wave": "1", "extract": f"{year}-05", "seen_until": f"{year}-05-31"}
    for name, example in examples.items():
        # A date stands without quotes.
        shown = facts.get(name, example) if name == "seen_until" else toml(facts.get(name, example))
        values[name] = f"{'' if name in facts else '#'}{name} = {shown}"
    return Template((resources.files("vvvresearch.cli") / "data" / "round.toml").read_text(encoding="utf-8")).substitute(values)


def _coders(earlier: RoundSpec | None) -> str:
    """Whose coding counts, as it did in the round before; else as an example."""
    if earlier is None or (earlier.themes.coders == "any" and not earlier.themes.lead):
        return '#coders = "lead"\n#lead = ["AB", "CD"]'
    lead = f"\nlead = {toml(list(earlier.themes.lead))}" if earlier.themes.lead else ""
    return f"coders = {toml(earlier.themes.coders)}{lead}"


def _period(round_id: str, earlier: RoundSpec | None, facts: Mapping[str, str]) -> tuple[datetime.date, datetime.date]:
    """The year that the id names, else that of what is known of the round, else this one; after an earlier round the time that follows.

    What registers do not know of yet is no part of it.
    """
    named = re.search(r"(?<!\d)20\d\d(?!\d)", round_id) or re.match(r"\d{4}", facts.get("seen_until") or facts.get("extract", ""))
    year = int(named[0]) if named else datetime.date.today().year
    start, end = datetime.date(year, 1, 1), datetime.date(year, 12, 31)
    if earlier is not None and end <= earlier.period.end:
        start = earlier.period.end + datetime.timedelta(days=1)
        end = start + datetime.timedelta(days=364)
    seen = datetime.date.fromisoformat(facts["seen_until"]) if "seen_until" in facts else end
    return start, min(seen, end) if seen > start else end


def _notebooks(earlier: RoundSpec | None) -> list[str]:
    names = sorted(path.stem for path in packaged_notebooks().glob("[0-9]*.ipynb"))
    return [name for name in names if name not in NOT_AT_FIRST and (earlier is not None or name != _SINCE)]


def _sheets() -> dict[str, object]:
    """The chapter of one municipality, for each of the round's when it is asked for: `vvv run ROUND --sheets`."""
    each = {"name": "code", "parameters": {"municipality": "code"}}
    return {"id": _SHEET, "path": f"notebooks/{_SHEET}.ipynb", "on_request": True, "for_each": each}


def _pages(earlier: RoundSpec | None) -> tuple[list[str], list[str]]:
    """The pages that the report takes up, and those that it could."""
    names = _notebooks(earlier)
    return [name for name in names if name not in _ASIDE], [name for name in names if name in _ASIDE]


def _templates(workspace: Workspace, round_id: str, lang: Lang) -> dict[str, bytes]:
    from vvvresearch.sources import template_bytes, template_kinds

    programme = read_programme(workspace.root)
    return {
        f"{folder}/{round_id}/templates/{kind}.xlsx": template_bytes(kind, programme, lang) for kind, folder in template_kinds().items()
    }


def _facts(given: Mapping[str, str | None], lang: Lang) -> dict[str, str]:
    """Wave, month of the extract and last day of the registers: as given, else asked once in a terminal; what is left open is left out."""
    readers: dict[str, Callable[[str], str]] = {"wave": str.strip, "extract": _month, "seen_until": _day}
    facts = {}
    for name, read in readers.items():
        value = given[name]
        if value is None and sys.stdin.isatty() and sys.stdout.isatty():
            facts[name] = _ask(text(f"rounds.ask_{name}", lang), read, lang)
        elif value is not None:
            facts[name] = read(value)
    return {name: value for name, value in facts.items() if value}


def _ask(question: str, read: Callable[[str], str], lang: Lang) -> str:
    while True:
        try:
            answer = input(f"{question} ")
        except EOFError:
            return ""
        try:
            return read(answer) if answer.strip() else ""
        except UsageError as problem:
            say(f"{said(problem.what, lang)}; {said(problem.todo, lang)}")


def _month(value: str) -> str:
    """A month as it stands in files: 2024-05.

    Raises:
        UsageError: none.
    """
    plain = value.strip()
    if match := _MONTH_FIRST.fullmatch(plain):
        plain = f"{match[2]}-{match[1]:0>2}"
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", plain):
        raise UsageError(f"{value!r} is no month", todo="write it as 2024-05")
    return plain


def _day(value: str) -> str:
    """A day as it stands in files: 2024-05-31.

    Raises:
        UsageError: none.
    """
    plain = value.strip()
    if match := _DAY_FIRST.fullmatch(plain):
        plain = f"{match[3]}-{match[2]:0>2}-{match[1]:0>2}"
    try:
        return datetime.date.fromisoformat(plain).isoformat()
    except ValueError:
        raise UsageError(f"{value!r} is no date", todo="write it as 2024-05-31") from None
