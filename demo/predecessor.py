"""The round before the demo, from the same cast: an older codebook, one municipal wave, twelve interviews, two pairs' maps."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from demo import codings as made
from demo.cast import HERE, ROLES, Cast, municipalities
from demo.mappings import map_yaml, read_map
from demo.matches import counts
from demo.registers import LETTER, pair_row
from demo.surveys import frame_of, municipal_answers, samples
from vvvresearch import files
from vvvresearch.evidence import REGISTER_COLUMNS, Codings
from vvvresearch.kinds import DataKind
from vvvresearch.sources import write_codings

ROUND = "demo-2019"
WAVE = "2019"
MONTH = "2019-11"
# Who of the pairs was met already then, by pair.
MET = {"P04": ("volunteer",), "P11": ROLES}
# Municipalities that answered then: some of those of the demo's first wave, and some others.
AGAIN, ALONE, INVITED = 24, 10, 58
_OUTCOMES = ("Udbytte", "Aktiviteter", "Virksomme mekanismer")
GUIDE = {
    "refugee": (*_OUTCOMES, "Moderatorer > Forventninger", "Moderatorer > Udgangspunkt", "Udfordringer > I relationen"),
    "volunteer": (
        *_OUTCOMES,
        "Moderatorer > Forventninger",
        "Moderatorer > Udgangspunkt",
        "Udfordringer > I relationen",
        "Ramme og støtte > Støtte",
    ),
    "municipal": ("Udbytte > Dansk", "Udbytte > Netværk", "Ramme og støtte > Samarbejde"),
    **dict.fromkeys(("activity_leader_RC", "activity_leader_DRC"), ("Udfordringer > I ordningen", "Ramme og støtte")),
}


@cache
def _changed() -> dict[str, Any]:
    return tomllib.loads((HERE / "codebook-2019.toml").read_text(encoding="utf-8"))


def definitions() -> dict[str, Any]:
    """The older code tree: today's with what has changed since taken back."""
    now = made.definitions()
    later = {*_changed()["later"], *(code for former in _changed()["codes"] for code in former["became"])}
    codes = [code for code in now["codes"] if code["id"] not in later]
    return {"version": _changed()["version"], "parts": now["parts"], "codes": [*codes, *_changed()["codes"]]}


def codebook_changes() -> pd.DataFrame:
    """old, new, kind: what became of the older codes; what came later without an older code has no row."""
    now = made.code_paths()
    merged = [code for former in _changed()["codes"] if len(former["became"]) == 1 for code in former["became"]]
    rows = []
    for former in _changed()["codes"]:
        for code in former["became"]:
            kind = "split" if len(former["became"]) > 1 else "merge" if merged.count(code) > 1 else "rename"
            rows.append((former["path"], now[code], kind))
    return pd.DataFrame(rows, columns=["old", "new", "kind"])


def interviews(cast: Cast) -> pd.DataFrame:
    """One row an interview, with the columns of the interview register."""
    rows = []
    for pair in cast.pairs:
        for role in MET.get(pair.id, ()):
            row = pair_row(pair, pair.half(role), "1", MONTH, "in_person")
            name = f"{pair.id.lower()}-{LETTER[role]}19"
            rows.append(row | {"interview": name, "source": name, "relation_state": "ongoing"})
    for one in cast.former:
        known = {key: value for key, value in one.items() if key != "group"}
        fixed = {"respondent_group": one["group"], "wave": "1", "interpreter": "false", "source": one["interview"]}
        rows.append(known | fixed | {"consent_analysis": "true", "consent_quote": "true"})
    return pd.DataFrame(rows, columns=list(REGISTER_COLUMNS), dtype=object).fillna("")


def codings() -> Codings:
    """One coder's codings of all interviews, under the older codebook."""
    found = made.marked(HERE / "texts-2019", definitions())
    paths = made.code_paths(definitions())
    rows = [made.row(one, passage, made.CODERS[0], paths) for one in found for passage in one.passages]
    texts = {one.name: one.text for one in found}
    return Codings(pd.DataFrame(rows), made.codebook(definitions()), texts, kind=DataKind.SYNTHETIC, origin=ROUND)


def mappings(cast: Cast) -> dict[str, str]:
    """YAML text by file name, one file a case pair."""
    found = {one.name: one for one in made.marked(HERE / "texts-2019", definitions())}
    files_of = {}
    for pair in cast.pairs:
        if pair.id not in MET:
            continue
        said = {(role, "1"): found[f"{pair.id.lower()}-{LETTER[role]}19"] for role in MET[pair.id]}
        written = (HERE / "maps-2019" / f"{pair.id}.txt").read_text(encoding="utf-8")
        links, named = read_map(pair, written, dict.fromkeys(found, MONTH), said)
        files_of[f"{pair.id.lower()}-w1.yaml"] = map_yaml(pair, "1", links, named)
    return files_of


def municipal(cast: Cast) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The answers of the wave and its list of invited."""
    random = cast.random("survey frame 2019")
    later = set(samples(cast)["2021"]["answered"])
    codes = [str(code) for code in random.permutation(municipalities()["code"].to_numpy())]
    again = [code for code in codes if code in later][:AGAIN]
    others = [code for code in codes if code not in later]
    answered = sorted(again + others[:ALONE])
    silent = [code for code in codes if code not in answered][: INVITED - len(answered)]
    answers = municipal_answers(cast, WAVE, answered)
    # Not asked then.
    return answers.drop(columns=["cooperation", "support_used"]), frame_of(answered + silent)


def yearly_counts(cast: Cast) -> pd.DataFrame:
    """What the leaders had counted by the end of 2019: the same matches as in the demo, and what no register holds yet."""
    matches = counts(cast)
    matches = matches[matches["count"].str.endswith("-2019")]
    others = [
        ("municipalities-present-2019", 54, "stock", "", "municipality", "", "2019-12"),
        ("courses-held-2019", 6, "total", "", "course", WAVE, ""),
    ]
    told = pd.DataFrame(others, columns=["count", "value", "measure", "what", "unit", "period", "as_of"])
    return pd.concat([matches, told.assign(organisation="", document="", lines="", derived="no")], ignore_index=True)


def recommendations(round_id: str) -> pd.DataFrame:
    """The table of a round: what it recommends itself, and what it saw of what an earlier round recommended."""
    columns = ["id", "text", "addressee", "theme", "rests_on", "answer", "action", "due", "state"]
    rows = []
    for one in tomllib.loads((HERE / "recommendations.toml").read_text(encoding="utf-8"))["recommendations"]:
        if one["made_in"] == round_id:
            rows.append(one)
        elif round_id != ROUND and "observed" in one:
            rows.append({"id": one["id"], "text": one["text"], "addressee": one["addressee"]} | one["observed"])
    return pd.DataFrame([{column: one.get(column, "") for column in columns} for one in rows])


def write_predecessor(workspace: Path, cast: Cast) -> list[Path]:
    """Write the made files of the predecessor, and those of the demo that look back at it."""
    coded, (answers, invited) = codings(), municipal(cast)
    folder = workspace / "interviews" / ROUND
    tables = {
        f"interviews/{ROUND}/interviews.csv": interviews(cast),
        f"interviews/{ROUND}/codebook.csv": coded.codebook.frame,
        f"interviews/{ROUND}/guide.csv": made.guide(GUIDE),
        f"surveys/{ROUND}/municipal-2019.csv": answers,
        f"surveys/{ROUND}/municipal-2019-invited.csv": invited,
        f"surveys/{ROUND}/counts.csv": yearly_counts(cast),
        f"surveys/{ROUND}/recommendations.csv": recommendations(ROUND),
        "surveys/demo/recommendations.csv": recommendations("demo"),
        "interviews/demo/codebook-changes.csv": codebook_changes(),
    }
    written = [files.write_csv(workspace / name, frame) for name, frame in tables.items()]
    written += [files.write_text(folder / "transcripts" / f"{name}.txt", text) for name, text in coded.texts.items()]
    written += [files.write_text(folder / "mappings" / name, text) for name, text in mappings(cast).items()]
    write_codings(coded, folder / "codings.csv")
    return [*written, folder / "codings.csv"]
