"""`vvv keys`: every number that prose may name, with its value, its base and what it means."""

from __future__ import annotations

from vvvresearch.cli._workspace import DONE, FAILED, LANGUAGES, Workspace, check_choice, say, tell, tell_json
from vvvresearch.locales import check_lang


def keys(workspace: Workspace, round_id: str, word: str, lang: str | None, as_json: bool) -> int:
    """List the numbers of a round's last run.

    Args:
        workspace: where the round is.
        round_id: the round.
        word: only addresses or bases that hold it, whatever its case; "" is all.
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
        say(f"the round {round_id} has not been run\n  to do: vvv run {round_id}")
        return FAILED
    wanted = folded(word)
    rows = [
        {"address": value.key, "value": value.number, "shown": value.shown[said], "base": value.base[said]}
        for value in read_values(folder).values()
        if wanted in folded(value.key) or wanted in folded(value.base[said])
    ]
    if as_json:
        tell_json(rows)
    else:
        for row in rows:
            tell(f"{row['address']}  {row['shown']}  {row['base']}")
        say(f"{len(rows)} numbers; in prose: {{{{< var address >}}}}")
    return DONE
