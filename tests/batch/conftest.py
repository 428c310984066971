"""What the tests of the batch share."""

from __future__ import annotations

from pathlib import Path

import pytest

from vvvresearch.batch import _state


@pytest.fixture(autouse=True)
def _package_at_rest(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """The package's source is part of every key: a source edited during the tests would make steps due again."""
    folder: Path = tmp_path_factory.mktemp("package")
    (folder / "source.py").write_text("x = 1")
    monkeypatch.setattr(_state, "PACKAGE", folder)
