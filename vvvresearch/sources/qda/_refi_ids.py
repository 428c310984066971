"""GUIDs for what is written: the model's own where they are usable, else made from the names, the same every time."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, field

_FORM = re.compile(r"[0-9A-F]{8}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{12}")
_SPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:vvvresearch:refi-qda")


@dataclass
class Ids:
    """Hands out GUIDs, each only once."""

    _taken: set[str] = field(default_factory=set)

    def of(self, kind: str, name: str, wanted: str = "") -> str:
        """A GUID for one thing: `wanted` if it has the right form and is free, else one made from kind and name."""
        chosen = wanted.strip().strip("{}").upper()
        number = 0
        while not _FORM.fullmatch(chosen) or chosen in self._taken:
            chosen = str(uuid.uuid5(_SPACE, f"{kind}\0{name}\0{number}")).upper()
            number += 1
        self._taken.add(chosen)
        return chosen
