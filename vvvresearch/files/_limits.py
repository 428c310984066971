"""How much the door lets through: every reader shares these bounds."""

from __future__ import annotations

from dataclasses import dataclass

MEBI = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Upper bounds for one read. The defaults hold the largest real projects with room to spare.

    `ratio` bounds how much larger than its packed size a zip member may be: text packs at most
    about 1:100, bombs start at 1:1000.
    """

    file_bytes: int = 512 * MEBI
    text_bytes: int = 256 * MEBI
    config_bytes: int = 8 * MEBI
    members: int = 20_000
    unpacked_bytes: int = 2048 * MEBI
    ratio: int = 300
    xml_depth: int = 200
    yaml_depth: int = 100
    xml_tags: int = 20_000_000
    rows: int = 1_000_000
    columns: int = 16_384
    nodes: int = 200_000


DEFAULT = Limits()
