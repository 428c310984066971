"""The theory of change is a file that hangs together; each arrow shows its support, its contradiction and its gaps."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from vvvresearch.errors import AnalysisError, SchemaError, SourceError
from vvvresearch.evidence import Mappings, read_ledger, read_theory
from vvvresearch.mechanisms import arrow_table, evidence_ledger
from vvvresearch.sources import read_mappings

THEORY = """
schema_version = 1
id = "teori"
version = "2020-06"
title = { da = "Forandringsteori", en = "Theory of change" }
[[elements]]
id = "match"
level = "mechanism"
label = { da = "Det gode match", en = "The good match" }
nodes = ["match"]
[[elements]]
id = "sprog"
level = "short_term"
label = { da = "Dansk", en = "Danish" }
nodes = ["dansk"]
[[elements]]
id = "maal"
level = "goal"
label = { da = "Tilknytning", en = "Attachment" }
[[arrows]]
id = "match-sprog"
from = "match"
to = "sprog"
[[arrows]]
id = "sprog-maal"
from = "sprog"
to = "maal"
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "teori.toml"
    path.write_text(text, encoding="utf-8")
    return path


def mapped(*links: tuple[str, str, str, str, str]) -> Mappings:
    return Mappings(pd.DataFrame(), pd.DataFrame(links, columns=["case", "cause", "effect", "direction", "informant"]))


def test_each_arrow_shows_who_supports_and_who_contradicts_it(tmp_path: Path) -> None:
    theory = read_theory(written(tmp_path, THEORY))
    links = mapped(
        ("P1", "match", "dansk", "promotes", "A"), ("P1", "match", "dansk", "promotes", "A"), ("P2", "match", "dansk", "hinders", "B")
    )
    further = pd.DataFrame({"arrow": ["sprog-maal"], "stance": ["supports"], "source": ["notat"]})
    frame = arrow_table(theory, links, further=further).frame.set_index("arrow")
    assert frame.loc["match-sprog", ["n_supporting", "n_contradicting", "citations", "state"]].tolist() == [1, 1, 3, "contested"]
    assert frame.loc["match-sprog", ["supporting_cases", "contradicting_cases"]].tolist() == ["P1", "P2"]
    assert frame.loc["sprog-maal", ["supporting", "state", "missing"]].tolist() == ["notat", "supported", ("maal",)]
    assert arrow_table(theory).frame["state"].tolist() == ["no evidence", "no evidence"]


def test_editing_the_file_changes_the_table(tmp_path: Path) -> None:
    before = arrow_table(read_theory(written(tmp_path, THEORY))).frame
    after = arrow_table(read_theory(written(tmp_path, THEORY + '[[arrows]]\nid = "match-maal"\nfrom = "match"\nto = "maal"\n'))).frame
    assert len(after) == len(before) + 1


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('to = "sprog"', 'to = "sprg"', "did you mean sprog"),
        ('id = "sprog-maal"', 'id = "match-sprog"', "stands twice"),
        ('to = "maal"', 'to = "sprog"', "to itself"),
        ('level = "goal"', 'level = "end"', "level"),
        ('version = "2020-06"', 'versoin = "2020-06"', "version"),
    ],
)
def test_a_theory_that_does_not_hang_together_is_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(SchemaError, match=message):
        read_theory(written(tmp_path, THEORY.replace(old, new)))


def test_a_theory_of_another_schema_version_is_refused_by_number(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="schema_version 9"):
        read_theory(written(tmp_path, THEORY.replace("schema_version = 1", "schema_version = 9")))


def test_evidence_for_an_unknown_arrow_is_refused(tmp_path: Path) -> None:
    theory = read_theory(written(tmp_path, THEORY))
    with pytest.raises(AnalysisError, match="did you mean match-sprog"):
        arrow_table(theory, further=pd.DataFrame({"arrow": ["match-spog"], "stance": ["supports"], "source": ["x"]}))


def test_the_demo_theory_and_ledger_are_read_and_weighed(project: Path) -> None:
    folder = project / "interviews" / "demo"
    table = arrow_table(read_theory(folder / "theory-of-change.toml"), read_mappings(folder / "mappings"))
    assert table.caption.endswith("(Syntetiske data)")
    assert {"supported", "no evidence"} <= set(table.frame["state"])
    (ledger,) = read_ledger(folder / "ledger.toml")
    found = evidence_ledger(ledger.items, priors=ledger.priors, kind=ledger.kind)
    assert set(found.rivals["rival"]) == {"R-own", "R-labour"}
    low, high = found.posterior
    assert 0 < low < high < 1
