"""Where long Danish compounds may break: a list, since patterns break them in odd places."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources

SOFT = "\N{SOFT HYPHEN}"
_WORD = re.compile(r"[^\W\d_]{9,}")


@cache
def _words(lang: str) -> dict[str, str]:
    place = resources.files("vvvresearch.reporting") / "data" / "hyphens.toml"
    listed = tomllib.loads(place.read_text(encoding="utf-8")).get(lang, {}).get("words", [])
    return {word.replace("-", ""): word for word in listed}


def soften(text: str, lang: str) -> str:
    """Text with soft hyphens in the words of the list; an ending that the list does not have stays with the last part.

    Example:
        >>> soften("Mekanismeanalysen", "da").replace("\\u00ad", "-")
        'Mekanisme-analysen'
    """
    return _WORD.sub(lambda match: _softened(match[0], _words(lang)), text)


def _softened(word: str, listed: dict[str, str]) -> str:
    lowered = word.lower()
    for length in range(len(word), 8, -1):
        if (pattern := listed.get(lowered[:length])) and len(word) - length <= 5:
            parts, at = [], 0
            for part in pattern.split("-"):
                parts.append(word[at : at + len(part)])
                at += len(part)
            parts[-1] += word[at:]
            return SOFT.join(parts)
    return word
