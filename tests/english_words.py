"""What gives an English sentence away in a Danish text: words that Danish does not have."""

from __future__ import annotations

import re

_WORDS = frozenset(
    re.findall(
        r"\w+",
        """
the of is are has was were not with from which that this these those and or an be been its does cannot without there
other than into they them when where what who whom whose nobody nothing only every each both between must
""",
    )
)
# Quoted text, names of files, arguments, calls and what stands in brackets may be English.
_QUOTED = re.compile(r"'[^'\n]*'|\"[^\"\n]*\"|`[^`\n]*`|»[^«\n]*«|\{[^}\n]*\}|\[[^\]\n]*\]")
_CODE = re.compile(r"\w+\([^)\n]*\)|\b\w+ = |[\w./-]+=\S*|--[\w-]+|\S*[/_.]\w\S*")


def english_words(words: str) -> list[str]:
    """The English words of a text that is to be Danish."""
    plain = _CODE.sub(" ", _QUOTED.sub(" ", words))
    return [word for word in re.findall(r"[a-zæøå]+", plain.lower()) if word in _WORDS]
