"""The questionnaire of a survey that was asked before: what people wrote into it then holds for the new answers too."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from vvvresearch import files
from vvvresearch.errors import VvvError
from vvvresearch.evidence import Item, Option, Questionnaire, in_time, occasion_in, question_alone, read_questionnaire, timeless, years_in
from vvvresearch.intake import fold
from vvvresearch.locales import LANGUAGES, say
from vvvresearch.rounds._propose_source import other_rounds
from vvvresearch.rounds._spec import RoundSpec, Source
from vvvresearch.statements import asks_who

Asked = tuple[RoundSpec, Source, Questionnaire]


def questionnaire_of(root: Path, spec: RoundSpec, draft: str, asked_again: Collection[str] | None = None) -> tuple[str, str, list[str]]:
    """The questionnaire of new answers: what people wrote into that of an earlier round where it fits, and what it is compared with.

    Args:
        root: the workspace.
        spec: the round that takes the answers in.
        draft: the questionnaire that was drafted from them.
        asked_again: of a file with several times the questions of more than one of them; None for any other file.

    Returns:
        The text, the round that it is from ("" where it is the draft), and the ids of the questionnaires that it names now.
    """
    elsewhere = list(_asked_in(root, other_rounds(root, spec)))
    earlier, origin = _earlier_questionnaire(root, spec, elsewhere, draft)
    content, others = _with_comparable(root, spec, [one for _, _, one in elsewhere], earlier or draft, asked_again)
    return content, origin, others


def _earlier_questionnaire(root: Path, spec: RoundSpec, asked: Iterable[Asked], draft: str) -> tuple[str, str]:
    """The text of an earlier round's questionnaire that fits the new answers as they are, under the new id, and the round it is from.

    It fits where it has the items of the draft, each with its options; the wave and when answers came are written anew, as the draft has
    them, and the year in the title with the wave. Two empty texts where none fits.
    """
    wanted = tomllib.loads(draft)
    fitting = [(other, source) for other, source, known in asked if source.map and _fits(known, wanted)]
    if not fitting:
        return "", ""
    # Of two waves of one form it is the one of this form's name: what was written of those before is not said of those after.
    other, source = next((pair for pair in fitting if timeless(pair[1].id) == timeless(wanted["id"])), fitting[0])
    own = {one.id for one in spec.sources if one.questionnaire}
    return _renamed(files.read_text(root / source.questionnaire), wanted, own), other.id


def _with_comparable(
    root: Path, spec: RoundSpec, elsewhere: list[Questionnaire], content: str, asked_again: Collection[str] | None
) -> tuple[str, list[str]]:
    """A new questionnaire in which each question that the wave before or after it has asked word for word, with the same answers, names it.

    Wording and answers are the two grounds; groups that are known to be unlike, and a wave of the same name, are none. Who somebody is
    does not change, and other persons in it are no result. Waves further away are not named: of many waves every pair would be a chapter.
    Of other rounds it is the same step of the design that is named, the answers after with those after, where they have it.

    Of a file with several times only what was asked at more than one of them (`asked_again`) is named: what stands there once is no change.
    """
    own = Questionnaire.model_validate(tomllib.loads(content))
    found: dict[str, list[str]] = {}
    here = [one for _, _, one in _asked_in(root, [spec])]
    same_step = [one for one in elsewhere if _step(one) == _step(own)]
    for other in (*_neighbours(own, here), *_neighbours(own, same_step or elsewhere)):
        asked = {_as_asked(other, item): item.id for item in other.items}
        for item in (one for one in own.items if not _is_background(one)):
            same = asked.get(_as_asked(own, item))
            if asked_again is not None and other in here and item.id not in asked_again:
                continue
            if same is not None and f"{other.id}:{same}" not in item.comparable:
                found.setdefault(item.id, [*item.comparable]).append(f"{other.id}:{same}")
    for name, references in found.items():
        head, place, tail = content.partition(f"\n[[items]]\nid = {files.toml(name)}\n")
        body, joint, rest = tail.partition("\n[")
        body = "\n".join(line for line in body.split("\n") if not line.startswith("comparable"))
        content = f"{head}{place}comparable = {files.toml(references)}\n{body}{joint}{rest}"
    return content, sorted({reference.partition(":")[0] for references in found.values() for reference in references})


def _step(questionnaire: Questionnaire) -> str:
    return occasion_in(say(questionnaire.wave, "da"))


def _is_background(item: Item) -> bool:
    """Whether a question asks who somebody is, in either language."""
    return item.id == "municipality" or any(asks_who(say(item.text, lang), lang) for lang in LANGUAGES)


def _neighbours(own: Questionnaire, others: Iterable[Questionnaire]) -> list[Questionnaire]:
    """Of the other waves that share a question, the last one before and the first one after."""
    wanted = {_as_asked(own, item) for item in own.items}
    known = [own]
    for other in others:
        waves = {say(one.wave, "da") for one in (own, other)}
        groups = {words for one in (own, other) if (words := say(one.group, "da"))}
        alike = not wanted.isdisjoint(_as_asked(other, item) for item in other.items)
        if other.id != own.id and len(waves) == 2 and "" not in waves and len(groups) < 2 and alike:
            known.append(other)
    ordered = in_time(known)
    place = ordered.index(own)
    return [*ordered[max(0, place - 1) : place], *ordered[place + 1 : place + 2]]


def _asked_in(root: Path, specs: Iterable[RoundSpec]) -> Iterator[Asked]:
    """The questionnaires of some rounds that can be read, each with its round and source."""
    for spec in specs:
        for source in (one for one in spec.sources if one.type == "survey" and one.questionnaire):
            with suppress(VvvError):
                yield spec, source, read_questionnaire(root / source.questionnaire)


def _as_asked(questionnaire: Questionnaire, item: Item) -> tuple[str, ...]:
    """A question as those saw it who answered: kind, words, the words of the answers; nobody may have said "don't know" in one wave, and
    how it is answered may stand in brackets in one of them."""
    answers = (option for option in questionnaire.options(item) if option.role == "answer")
    return (item.type, fold(question_alone(say(item.text, "da"))), *sorted(fold(say(option.label, "da")) for option in answers))


def _fits(known: Questionnaire, wanted: dict[str, Any]) -> bool:
    items = {item["id"]: item for item in wanted["items"]}
    if {item.id for item in known.items} != set(items) or known.frame.unit != wanted["frame"]["unit"]:
        return False
    for item in known.items:
        new = items[item.id]
        options = new.get("options") or wanted.get("scales", {}).get(new.get("scale", ""), {}).get("options", [])
        codes = {option["code"] for option in options}
        if any(_means_another(option, known.options(item)) for option in options):
            return False
        if item.type != new["type"] or not codes <= {option.code for option in known.options(item)}:
            return False
    return True


def _means_another(new: dict[str, Any], known: Sequence[Option]) -> bool:
    """Whether a code that is a number has another label than it had; a code that is made of its label says itself what it means."""
    old = next((option.label for option in known if option.code == new["code"]), None)
    words = {fold(word) for word in new["label"].values()}
    return old is not None and str(new["code"]).lstrip("-").isdigit() and not words & {fold(old.da), fold(old.en)}


def _renamed(content: str, wanted: dict[str, Any], own: Collection[str]) -> str:
    """The text with the new id, wave, title and time of the answers; what it is compared with is of the new round where that has it."""
    head, table, rest = content.partition("\n[")
    old = tomllib.loads(head)
    fresh = {"id": wanted["id"], "wave": wanted["wave"], "title": _of_new_wave(old, wanted)}
    for name, value in fresh.items():
        head = _with_value(head, name, value)
    # The dates of the answers before are no dates of these.
    head = re.sub(r"(?m)^period_(start|end)\s*=.*\n?", "", head).rstrip("\n") + "\n"
    head += "".join(f"{name} = {files.toml(wanted[name])}\n" for name in ("period_start", "period_end") if name in wanted)
    rest = _with_value(rest, "collected", wanted["frame"]["collected"])
    by_name = {timeless(one): one for one in own}
    kept = re.sub(r"(?m)^comparable = (\[.*\])\n", lambda line: _comparable_now(tomllib.loads(f"v = {line[1]}")["v"], by_name), rest)
    return head + table + kept


def _comparable_now(references: list[str], by_name: Mapping[str, str]) -> str:
    """The line of what an item is compared with, each in the round's own form of the same name; nothing where it has none."""
    parts = [reference.partition(":") for reference in references]
    found = [f"{by_name[timeless(form)]}:{item}" for form, _, item in parts if timeless(form) in by_name]
    return f"comparable = {files.toml(found)}\n" if found else ""


def _of_new_wave(old: dict[str, Any], wanted: dict[str, Any]) -> Any:
    """The title that people gave, with the new wave in place of the old one, else the new year."""
    title, before, now = old["title"], old.get("wave"), wanted["wave"]
    if not (isinstance(title, dict) and isinstance(before, dict) and isinstance(now, dict)):
        return title
    return {lang: _renewed(words, before.get(lang, ""), now.get(lang, "")) for lang, words in title.items()}


def _renewed(words: str, before: str, now: str) -> str:
    """Words with one wave in place of another: as a whole where they say it so, else its year.

    Example:
        >>> _renewed("Værter forår 2027", "forår 2027", "forår 2028"), _renewed("Unge foer 2027", "før 2027", "før 2028")
        ('Værter forår 2028', 'Unge foer 2028')
    """
    for old, new in ((before, now), *zip(years_in(before), years_in(now), strict=False)):
        if old and new and old in words:
            return words.replace(old, new)
    return words


def _with_value(content: str, name: str, value: Any) -> str:
    return re.sub(rf"(?m)^{name}\s*=.*$", lambda _: f"{name} = {files.toml(value)}", content, count=1)
