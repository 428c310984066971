"""Writes every made file of the demo round and of the round before it into a workspace: `python -m demo.build [FOLDER]`."""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

from demo import extracts, matches, programme, registers, surveys, volunteers
from demo.campaigns import campaigns
from demo.cast import Cast, municipalities, read_cast
from demo.cmo import configurations
from demo.deliver import deliver
from demo.forms import write_forms
from demo.mappings import write_mappings
from demo.predecessor import write_predecessor
from vvvresearch import files

WORKSPACE = Path(__file__).parent.parent


def build(workspace: Path) -> list[Path]:
    """Write all files; what comes back lists them, so that a test can compare each with the one that is committed."""
    cast = read_cast()
    written = [files.write_csv(workspace / name, frame) for name, frame in tables(cast).items()]
    written += write_forms(workspace, WORKSPACE / "surveys/demo", cast)
    written += deliver(workspace, cast)
    written.append(files.write_text(workspace / "interviews/demo/configurations.yaml", configurations()))
    written += write_mappings(workspace / "interviews/demo/mappings", cast)
    return [*written, *write_predecessor(workspace, cast)]


def tables(cast: Cast) -> dict[str, pd.DataFrame]:
    """The tables of the round by file name."""
    made = {
        "rounds/demo/municipalities.csv": municipalities(),
        "interviews/demo/interviews.csv": registers.interviews(cast),
        "interviews/demo/attributes.csv": registers.attributes(cast),
        "interviews/demo/judgements.csv": registers.judgements(cast),
        "interviews/demo/contacts.csv": registers.contacts(cast),
        "interviews/demo/observations.csv": registers.observations(),
        "interviews/demo/documents.csv": registers.documents(),
        "interviews/demo/housing_areas.csv": registers.housing_areas(),
        "surveys/demo/matches.csv": matches.matches(cast),
        "surveys/demo/snapshots.csv": matches.snapshots(cast),
        "surveys/demo/counts.csv": matches.counts(cast),
        "surveys/demo/offers.csv": volunteers.offers(cast),
        "surveys/demo/volunteers.csv": volunteers.volunteers(cast),
        "surveys/demo/monitoring.csv": extracts.monitoring(cast),
        "surveys/demo/categories.csv": extracts.categories(cast),
        "surveys/demo/agreements.csv": programme.agreements(cast),
        "surveys/demo/activities.csv": programme.activities(cast),
        "surveys/demo/materials.csv": programme.materials(),
        "surveys/demo/courses.csv": programme.courses(),
        "surveys/demo/campaigns.csv": campaigns(),
        "surveys/demo/context.csv": programme.context(),
        "surveys/demo/municipal-2021-raw.csv": surveys.raw_municipal(cast),
    }
    for coder in ("first", "second"):
        made[f"surveys/demo/advice-sheet-{coder}.csv"] = surveys.advice_sheet(cast, coder)
    for wave in surveys.INVITED:
        made[f"surveys/demo/municipal-{wave}-invited.csv"] = surveys.invited(cast, wave)
    return made


if __name__ == "__main__":
    for path in build(Path(sys.argv[1]) if len(sys.argv) > 1 else WORKSPACE):
        print(path)
