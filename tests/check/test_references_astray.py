"""What a project refers to and does not hold is a fault of its file; what the model cannot hold is none."""

from __future__ import annotations

from types import SimpleNamespace

from vvvresearch.check._sources import _astray
from vvvresearch.evidence import Loss, Losses


def test_references_that_lead_nowhere_are_faults_and_other_losses_are_none() -> None:
    lost = Losses((
        Loss("cases' references to sources that the project lacks", 2, "a.qdpx"),
        Loss("codings of a code that the codebook lacks", 1, "a.qdpx"),
        Loss("graphs (drawn networks)", 3, "a.qdpx"),
    ))  # fmt: skip
    found = list(_astray(SimpleNamespace(path="interviews/a.qdpx"), SimpleNamespace(losses=lost)))  # type: ignore[arg-type]
    assert [fault.file for fault in found] == ["interviews/a.qdpx"] * 2
    assert [" 2 cases" in found[0].what, " 1 codings" in found[1].what] == [True, True]
