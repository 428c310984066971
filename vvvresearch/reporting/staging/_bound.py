"""Numbers in prose: an address becomes plain Markdown, a number that links to its note. Both engines render the same."""

from __future__ import annotations

import re
from collections.abc import Mapping

from vvvresearch import files
from vvvresearch.errors import RenderError, did_you_mean
from vvvresearch.locales import Lang
from vvvresearch.results import anchor, folded
from vvvresearch.rounds._values import Value

VAR = re.compile(r"\{\{<\s*var\s+(\S+)\s*>\}\}")
_HEADING = re.compile(r"^#{1,6}\s")
_LISTED = 20


def used_addresses(text: str) -> list[str]:
    """The addresses that a text names, in order.

    Example:
        >>> used_addresses("{{< var a.n >}} af {{< var a.of >}}")
        ['a.n', 'a.of']
    """
    return VAR.findall(text)


def with_numbers(text: str, values: Mapping[str, Value], lang: Lang, name: str, *, linked: bool) -> str:
    """A document with its addresses replaced by the numbers they stand for.

    Args:
        text: Markdown with `{{< var address >}}`.
        values: every number, by folded address.
        lang: language of the numbers.
        name: of the document, for errors.
        linked: whether numbers link to their notes: the document has the list of all numbers.

    Returns:
        Markdown without such shortcodes; in headings numbers are words only.

    Raises:
        RenderError: addresses that no page of the round made, all of them with line and what was probably meant.
    """
    missing: list[str] = []
    lines = []
    for number, line in enumerate(text.split("\n"), 1):
        is_heading = bool(_HEADING.match(line))

        def put(match: re.Match[str], number: int = number, is_heading: bool = is_heading) -> str:
            value = values.get(folded(match[1]))
            if value is None:
                missing.append(f"line {number}: {match[1]}; {did_you_mean(match[1], values)}")
                return match[0]
            shown = files.markdown_text(value.shown[lang])
            return f"[{shown}](#{anchor(value.key)}){{.value}}" if linked and not is_heading else shown

        lines.append(VAR.sub(put, line))
    if missing:
        more = [f"… and {len(missing) - _LISTED} more"] if len(missing) > _LISTED else []
        raise RenderError(
            f"{len(missing)} numbers do not exist",
            where=name,
            why="\n    ".join([*missing[:_LISTED], *more]),
            todo="see what there is: vvv keys ROUND WORD",
        )
    return "\n".join(lines)
