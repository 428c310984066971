"""Addresses: how a number is called wherever it is used, made of what it means and never of where it stands."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_LEVEL = re.compile(r"\s+>\s+")
_OTHER = re.compile(r"[^\w/-]+")
_DANISH = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})
TOTAL, COUNT = "total", "count"
RESERVED = (TOTAL, COUNT)


def address_part(value: object) -> str:
    """One key value as a part of an address: lower case, levels of a code parted by slashes, other signs as dashes.

    Example:
        >>> address_part("Udbytte > Dansk (sprog)"), address_part("lack_volunteers"), address_part(2021)
        ('udbytte/dansk-sprog', 'lack_volunteers', '2021')
    """
    parts = (_OTHER.sub("-", unicodedata.normalize("NFC", part).casefold()).strip("-") for part in _LEVEL.split(str(value).strip()))
    return "/".join(parts)


def join_address(parts: Iterable[object]) -> str:
    """Parts as one address.

    Example:
        >>> join_address(["themes", "udbytte/dansk", "refugee", "affirmed"])
        'themes.udbytte/dansk.refugee.affirmed'
    """
    return ".".join(str(part) for part in parts if str(part) != "")


def folded(address: str) -> str:
    """An address as it is looked up: both spellings of æ, ø and å find the same number.

    Example:
        >>> folded("themes.måder/særligt.total.asked")
        'themes.maader/saerligt.total.asked'
    """
    if address.isascii():
        return address.lower()
    return unicodedata.normalize("NFC", address).casefold().translate(_DANISH)


def anchor(address: str) -> str:
    """An address as an id in a page: pandoc takes neither "/" nor "~" there.

    Example:
        >>> anchor("a~b.refers.yes.change")
        'n-a:w:b.refers.yes.change'
    """
    return "n-" + folded(address).replace("/", ":").replace("~", ":w:")
