"""A round that is English first speaks English where nobody names a language, and Danish when asked."""

from __future__ import annotations

from pathlib import Path

from vvvresearch.rounds import open_round

ROUND = """
schema_version = 1
id = "r"
title = { da = "Prøve", en = "Trial" }
languages = ["en", "da"]
report_type = "note"
kind = "real"
notebooks = []
period = { start = 2023-01-01, end = 2024-12-31 }
subgroups = { split = false, statement = { da = "Ikke delt.", en = "Not split." } }
"""


def test_a_round_speaks_its_first_language_unless_another_is_named(tmp_path: Path) -> None:
    (tmp_path / "rounds/r").mkdir(parents=True)
    (tmp_path / "rounds/r/round.toml").write_text(ROUND, encoding="utf-8")
    own, danish = open_round("r", root=tmp_path), open_round("r", root=tmp_path, lang="da")
    assert (own.lang, danish.lang) == ("en", "da")
    assert (repr(own)[:9], repr(danish)[:9]) == ("r: Trial ", "r: Prøve ")
    assert str(own.theme_table()) == "The round has no codings."
    assert str(danish.theme_table()) == "Runden har ingen kodninger."
