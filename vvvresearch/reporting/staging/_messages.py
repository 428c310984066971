"""What numbers say in words: each answer to a round's surveys, and a figure in one sentence before the title that its chapter gave it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from vvvresearch import files
from vvvresearch.locales import Lang, format_number, half_up, text
from vvvresearch.results import address_part, folded

if TYPE_CHECKING:
    from vvvresearch.rounds import RoundSpec, Value


_FIGURE = re.compile(r"^!\[(?:\[(?P<own>[^\n]*?)\.\]\{\.message\} )?(?P<rest>[^\n]*\]\([^()\s]+\)\{#fig-(?P<name>[\w-]+))", re.MULTILINE)
_AMOUNT = re.compile(r"^\s*n\s*=\s*[\d.,\s]+")


def with_messages(markdown: str, messages: Mapping[str, str]) -> str:
    """Markdown whose figures open their titles with their messages; that of the report goes before the one it was drawn with.

    Args:
        markdown: figures, or a page of them.
        messages: what figures say, by name.

    Example:
        >>> with_messages("![Svar](figures/a.svg){#fig-a}", {"a": "3 af 4 svarer ja"})
        '![3 af 4 svarer ja. Svar](figures/a.svg){#fig-a}'
    """

    def put(found: re.Match[str]) -> str:
        given = messages.get(found["name"], "")
        message = files.markdown_text(given) if given else found["own"]
        return f"![{message}. {found['rest']}" if message else found[0]

    return _FIGURE.sub(put, markdown)


def with_figures_once(markdown: str, shown: Collection[str], lang: Lang) -> str:
    """A page whose figures that were shown before it are named only: one report has a figure once.

    Args:
        markdown: the page.
        shown: names of the figures that stand earlier in the same document.
        lang: language of the line that names one.

    Example:
        >>> with_figures_once("![Svar](figures/a.svg){#fig-a}", {"a"}, "en")
        'Shown above: @fig-a.'
    """
    lines = markdown.split("\n")
    named = [_FIGURE.match(line) for line in lines]
    return "\n".join(
        text("claims.figure_above", lang, name=found["name"]) if found and found["name"] in shown else line
        for line, found in zip(lines, named, strict=True)
    )


def figure_messages(values: Iterable[Value], labels: Mapping[str, str], lang: Lang, may_be_told: Callable[[float], bool]) -> dict[str, str]:
    """The message of each figure that has one, by the figure's name.

    A figure of one question says how many gave its answer yes, or else the answer that most gave; a figure of changes says what has
    changed, or that it cannot be told. What shows several things has no one message.

    Args:
        values: every number of the round, each with the view that it was shown in.
        labels: what answers say, by folded `survey.item.code`.
        lang: language of the messages.
        may_be_told: whether a change may be told with its adjusted p; of a round, at the level that its tables share.
    """
    shown: dict[str, dict[str, Value]] = {}
    for value in values:
        shown.setdefault(value.cell, {})[folded(value.key)] = value
    made = {name: _answer(found, labels, lang) or _change(found, lang, may_be_told) for name, found in shown.items() if name}
    return {name: message for name, message in made.items() if message}


def _answer(found: Mapping[str, Value], labels: Mapping[str, str], lang: Lang) -> str:
    counts = {key.removesuffix(".count"): value for key, value in found.items() if key.endswith(".count") and key.count(".") == 3}
    counts = {stem: value for stem, value in counts.items() if "~" not in stem and "/" not in stem and stem in labels}
    if len({stem.rpartition(".")[0] for stem in counts}) != 1 or any(value.number is None or not value.n for value in counts.values()):
        return ""
    told = told_answer({stem: (stem.rpartition(".")[2], labels[stem], float(value.number or 0)) for stem, value in counts.items()})
    if told is None:
        return ""
    value = counts[told]
    who = _AMOUNT.sub("", value.about.get(lang, {}).get("n", "")).strip()
    return " ".join(text("claims.message_answer", lang, count=int(value.number or 0), n=value.n, who=who, label=labels[told]).split())


def _change(found: Mapping[str, Value], lang: Lang, may_be_told: Callable[[float], bool]) -> str:
    changes = {key.removesuffix(".change"): value for key, value in found.items() if key.endswith(".change") and "~" in key}
    if not changes or any("/" in stem for stem in changes):
        return ""
    told = {stem: sign for stem in changes if (sign := _sign(found, stem, may_be_told))}
    items = {stem.split(".")[1] for stem in changes}
    if not told:
        if len(items) == 1:
            return text("statements.say_change_unknown", lang, that="", reason=text("statements.few_answers", lang))
        return text("claims.message_no_change", lang, n=len(items))
    stem = next((one for one in told if one.rpartition(".")[2] in YES), next(iter(told)))
    sides = {name: _number(found, f"{stem}.{name}") for name in ("x1", "n1", "x2", "n2")}
    if len(items) > 1 or any(side is None for side in sides.values()):
        return ""
    points = half_up(abs(100 * (_number(found, f"{stem}.change") or 0)), 0)
    return text(
        "statements.say_rose" if told[stem] > 0 else "statements.say_fell",
        lang,
        that="",
        points=format_number(points, 0, lang),
        before=int(sides["x1"] or 0),
        before_n=int(sides["n1"] or 0),
        after=int(sides["x2"] or 0),
        after_n=int(sides["n2"] or 0),
    )


def _number(found: Mapping[str, Value], key: str) -> float | int | None:
    return found[key].number if key in found else None


def _sign(found: Mapping[str, Value], stem: str, may_be_told: Callable[[float], bool]) -> int:
    """Whether a change has risen or fallen by its interval and by what was tested of its question.

    Where those who answered both times go the other way, it is neither.
    """
    lower, upper, panel = (_number(found, f"{stem}.{name}") for name in ("lower", "upper", "panel_change"))
    if lower is None or upper is None or not (lower > 0 or upper < 0):
        return 0
    question = f"{stem.rpartition('.')[0]}."
    tested = [value.number for key, value in found.items() if key.startswith(question) and key.endswith(".p_adjusted")]
    if not any(p is not None and may_be_told(p) for p in tested):
        return 0
    sign = 1 if lower > 0 else -1
    return 0 if panel is not None and panel * sign < 0 else sign


Answer = TypeVar("Answer")
YES = ("yes", "ja")


def told_answer(answers: Mapping[Answer, tuple[str, str, float]]) -> Answer | None:
    """Which answer to a question is told of it: yes, or else the one that most gave; None where several did.

    The code 1 is a yes only where its label says so: it may as well be the first of several places.

    Args:
        answers: each answer with its code, its label and how many gave it; at least one.

    Example:
        >>> told_answer({"a": ("1", "Nord", 3), "b": ("2", "Syd", 8)}), told_answer({"a": ("1", "Ja", 3), "b": ("2", "Nej", 8)})
        ('b', 'a')
    """
    yes = [answer for answer, (code, label, _) in answers.items() if {code, label.casefold()} & {*YES}]
    most = max(count for _, _, count in answers.values())
    told = yes or [answer for answer, (_, _, count) in answers.items() if count == most]
    return told[0] if len(told) == 1 else None


def answer_labels(root: Path, spec: RoundSpec, lang: Lang) -> dict[str, str]:
    """What each answer of a round's surveys says, by folded `survey.item.code`."""
    from vvvresearch.evidence import read_questionnaire

    found = {}
    for source in spec.sources:
        if source.type != "survey" or not source.questionnaire:
            continue
        questionnaire = read_questionnaire(root / source.questionnaire)
        for item in questionnaire.items:
            for option in questionnaire.options(item):
                key = ".".join(address_part(part) for part in (source.id, item.id, option.code))
                found[folded(key)] = option.label.say(lang)
    return found
