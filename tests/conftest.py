"""Fixtures that several tests share."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Fast tests first: a mistake shows early, and the slow ones run last."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is not None)


@pytest.fixture(scope="session")
def project() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def reference() -> Path:
    """Outputs of other programs to compare with; they lie beside the checkout and are not part of it."""
    folder = SHARED / "reference"
    if not folder.is_dir():
        pytest.skip("the reference outputs are not beside this checkout")
    return folder


@pytest.fixture(scope="session")
def facts() -> Path:
    """The published figures as they were collected from the source documents."""
    folder = SHARED / "facts"
    if not folder.is_dir():
        pytest.skip("the collected facts are not beside this checkout")
    return folder
