"""A round that is English first speaks English where nobody names a language, and Danish when asked."""

from __future__ import annotations

from pathlib import Path

from workspaces import write_empty_round

from vvvresearch.rounds import open_round


def test_a_round_speaks_its_first_language_unless_another_is_named(tmp_path: Path) -> None:
    write_empty_round(tmp_path, '["en", "da"]')
    own, danish = open_round("r", root=tmp_path), open_round("r", root=tmp_path, lang="da")
    assert (own.lang, danish.lang) == ("en", "da")
    assert (repr(own)[:9], repr(danish)[:9]) == ("r: Trial ", "r: Prøve ")
    assert str(own.theme_table()) == "The round has no codings."
    assert str(danish.theme_table()) == "Runden har ingen kodninger."
