"""`vvv keys` and `vvv diff`: every number that prose may name, with value, base and meaning, and what changed between two rounds."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from vvvresearch.batch import Change, compare_runs
from vvvresearch.cli._workspace import DONE, FAILED, Workspace, check_choice, language_of, said, say, tell, tell_json
from vvvresearch.locales import LANGUAGES, Lang, check_lang, text

_LISTED = 30
_MEASURES = frozenset(("count", "n", "share", "change", "difference", "lower", "upper", "worst_lower", "worst_upper", "p", "p_adjusted"))
_SIDES = ("x1", "n1", "share1", "x2", "n2", "share2", "panel_before", "panel_after", "panel_n", "panel_change", "panel_p")


def keys(workspace: Workspace, round_id: str, word: str, lang: str | None, as_json: bool) -> int:
    """List the numbers of a round's last run.

    Args:
        workspace: where the round is.
        round_id: the round.
        word: only addresses or bases that hold it, whatever its case, each with sentences that are true of it, ready to paste; "" is all.
        lang: language of values and bases.
        as_json: for a program.
    """
    from vvvresearch.results import folded
    from vvvresearch.rounds import read_values

    check_choice(lang, "--lang", LANGUAGES)
    spec = workspace.specs([round_id])[0]
    said = check_lang(lang or spec.languages[0])
    made = [workspace.outputs / spec.id / language for language in spec.languages]
    folder = next((place for place in made if (place / "manifest.json").is_file()), None)
    if folder is None:
        say(text("commands.not_run", said, round=round_id))
        return FAILED
    wanted = folded(word)
    rows = [
        {"address": value.key, "value": value.number, "shown": value.shown[said], "base": value.base[said]}
        for value in read_values(folder).values()
        if wanted in folded(value.key) or wanted in folded(value.base[said])
    ]
    sentences = _sentences(workspace, spec.id, [str(row["address"]) for row in rows], word, said) if word.strip() else {}
    if as_json:
        tell_json([row | {"sentences": sentences[stem]} if (stem := _stem(str(row["address"]))) in sentences else row for row in rows])
    else:
        for row in rows:
            tell(f"{row['address']}  {row['shown']}  {row['base']}")
        for stem, found in sentences.items():
            tell("")
            for sentence in found:
                tell(f"[{sentence}]{{claim={stem}}}")
        forms = ("{{< var adresse >}}", "[ord]{claim=adresse}") if said == "da" else ("{{< var address >}}", "[words]{claim=address}")
        say(text("commands.keys_counted", said, count=len(rows), var=forms[0], claim=forms[1]))
    return DONE


def _stem(address: str) -> str:
    """What a claim is bound to: the address without its measure, and of a goal the goal."""
    if address.startswith("goals.") and not address.startswith(("goals.count.", "goals.total.")):
        return "goal." + address.split(".")[1].upper() if address.count(".") > 1 else address
    head, _, measure = address.rpartition(".")
    return head if measure in _MEASURES or measure in _SIDES else address


def _sentences(workspace: Workspace, round_id: str, addresses: list[str], word: str, lang: Lang) -> dict[str, list[str]]:
    """True sentences of the numbers that a word names, by what they are bound to."""
    from vvvresearch.errors import VvvError
    from vvvresearch.reporting import Claims
    from vvvresearch.rounds import open_round

    opened = open_round(round_id, root=workspace.root, lang=lang)
    claims = Claims(lambda: opened, lang)
    found: dict[str, list[str]] = {}
    for stem in dict.fromkeys(map(_stem, addresses)):
        if len(found) == _LISTED:
            say(text("commands.keys_many", lang, most=_LISTED, word=repr(word)))
            break
        try:
            said = claims.sentences(stem)
        except VvvError:
            continue
        if said:
            found[stem] = list(said)
    return found


def diff(workspace: Workspace, old: str, new: str | None, lang: str | None, as_json: bool) -> int:
    """Compare the finished folders; what differs is no failure."""
    check_choice(lang, "--lang", LANGUAGES)
    first = workspace.specs([old])[0]
    language = lang or first.languages[0]
    if new is None:
        before, after = workspace.outputs / old / f".{language}.previous", workspace.outputs / old / language
    else:
        workspace.specs([new])
        before, after = workspace.outputs / old / language, workspace.outputs / new / language
    changes = compare_runs(before, after)
    if as_json:
        tell_json([asdict(change) for change in changes])
    else:
        _explain(changes, before, after, workspace, language_of(workspace, old, lang))
    return DONE


def _explain(changes: tuple[Change, ...], before: Path, after: Path, workspace: Workspace, lang: Lang) -> None:
    for change in changes:
        tell(f"{change.key}: {_text(change.old)} → {_text(change.new)}")
        for reason in change.reasons:
            tell(f"    {said(reason, lang)}")
    places = {name: place.relative_to(workspace.root).as_posix() for name, place in (("before", before), ("after", after))}
    if changes:
        tell(text("commands.diff_some", lang, count=len(changes), **places))
    else:
        tell(text("commands.diff_none", lang, **places))


def _text(value: Any) -> str:
    if value is None:
        return "–"
    shown = value.get("shown")
    first = next(iter(shown.values()), "") if isinstance(shown, dict) else shown
    number = first or value.get("number")
    return f"{number} (n = {value['n']})" if value.get("n") is not None else str(number)
