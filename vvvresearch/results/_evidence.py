"""What stands behind a number: passages, cases, answers or events, with the whole cell that the number is a part of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from vvvresearch import files
from vvvresearch.locales import Phrase, has_words, text
from vvvresearch.results._cell import Cell
from vvvresearch.results._columns import Column
from vvvresearch.results._export import html
from vvvresearch.results._result import Result

_SHOWN = 200


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class Evidence(Result):
    """The evidence behind one number, or behind all that a cell of a table says.

    `.frame` has one row a passage, case, answer or event of what was asked for; `["not_raised"]` and the other names of `.whole`
    open the rest of the cell.

    Args:
        address: the number's address; "" where a whole cell was asked for.
        number: the number as the table has it, None for a whole cell.
        unit: the column of the frame whose different values are counted.
        whole: how many of the unit the cell has in each state: affirmed, contradicted, both, not raised, asked, not asked.
        value: the number counted anew from the rows; None where it is no count (an interval, a p), and for a whole cell.
        form: "passages", "interviews", "cases", "answers", "events" or "rows".
    """

    address: str = ""
    number: Cell | None = None
    unit: str = ""
    whole: Mapping[str, int] = field(default_factory=dict)
    value: Any = None
    form: str = "rows"

    def _html(self) -> str:
        """The number, the whole cell with a switch for each state, and the first rows."""
        if self.absent:
            return html(self.view())
        blocks = [f"<p><b>{files.html_text(self.headline)}</b></p>", _block(self, self.form)]
        for name, part in self.parts.items():
            summary = f"{files.html_text(_state_words(name, self.lang))}: {self.whole.get(name, len(part.frame))}"
            blocks.append(f"<details><summary>{summary}</summary>{_block(part, 'rows' if not _has_text(part) else 'passages')}</details>")
        return f'<div class="vvv-evidence">{"".join(blocks)}</div>'

    @property
    def headline(self) -> str:
        """The number, its base and its address in one line."""
        if self.number is None:
            return self.caption
        return f"{self.number.say(self.lang)} ({self.number.base.short(self.lang)}) · {self.address}"


def _has_text(result: Result) -> bool:
    return "text" in result.frame.columns and "quotable" in result.frame.columns


def _state_words(name: str, lang: Any) -> str:
    return text(f"exploring.state_{name}", lang) if has_words(f"exploring.state_{name}") else name


def _block(result: Result, form: str) -> str:
    rows = result.frame.head(_SHOWN)
    left = len(result.frame) - len(rows)
    more = f"<p>{files.html_text(text('exploring.more_rows', result.lang, n=left))}</p>" if left > 0 else ""
    if form == "passages" and _has_text(result):
        return "".join(_passage(row, result.lang) for row in rows.to_dict("records")) + more
    return html(result.view().keep(list(range(_SHOWN))) if left > 0 else result.view()) + more


def _passage(row: Mapping[Any, Any], lang: Any) -> str:
    """One passage with a turn before and after; of whoever is not to be quoted, only where it stands."""
    who = " · ".join(str(row[name]) for name in ("interview", "speaker", "respondent_group", "wave", "stance", "coder") if row.get(name))
    head = f"<p>{files.html_text(who)}<br>{files.html_text(str(row['code_path']))}</p>"
    if not row["quotable"]:
        return f"<blockquote>{head}<p><i>{files.html_text(text('exploring.refused', lang))}</i></p></blockquote>"
    body = "".join(
        f"<p>{'<mark>' if name == 'text' else '<small>'}{files.html_text(str(row[name]))}{'</mark>' if name == 'text' else '</small>'}</p>"
        for name in ("before", "text", "after")
        if row.get(name)
    )
    notes = [str(row[name]) for name in ("memo", "other_codes", "coders") if row.get(name)]
    tail = "".join(f"<p><small>{files.html_text(note)}</small></p>" for note in notes)
    return f"<blockquote>{head}{body}{tail}</blockquote>"


def plain_shows(names: tuple[str, ...]) -> tuple[Column, ...]:
    """Columns of evidence with their headings."""
    return tuple(Column(name, Phrase(f"exploring.column_{name}") if has_words(f"exploring.column_{name}") else name) for name in names)
