"""Cut-offs and shares in sentences, with the decimal mark of the reader's language."""

from __future__ import annotations

from vvvresearch.locales import Phrase


def decimal(value: float) -> Phrase:
    """A number as short as it can be written: 0,75 in Danish, 0.75 in English.

    Example:
        >>> decimal(0.75).say("da"), decimal(1.0).say("en")
        ('0,75', '1')
    """
    whole, _, part = f"{value:.12g}".partition(".")
    return Phrase("mechanisms.decimal" if part else "mechanisms.whole", {"whole": whole, "part": part})
