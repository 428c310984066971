"""Tables of codings, sheets ticked by theme, sheets of mappings: what readers take as they are, what is to be known, links in one form."""

from __future__ import annotations

import dataclasses
import itertools
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from vvvresearch.evidence import SEPARATOR
from vvvresearch.intake._cells import Tests
from vvvresearch.intake._column_words import TICKS, is_withheld
from vvvresearch.intake._columns import propose_columns
from vvvresearch.intake._fold import fold
from vvvresearch.intake._grid import read_grid
from vvvresearch.intake._kind import Candidate, match_columns
from vvvresearch.intake._personal import can_be_shown, shown, value_ids
from vvvresearch.intake._proposal import Draft, Question
from vvvresearch.intake._settle import LEFT_OUT, Settled
from vvvresearch.intake._surveyed import is_question, tick_groups
from vvvresearch.intake._table import Column, Table, find_table, table_on
from vvvresearch.intake._words import meanings, table_kinds
from vvvresearch.locales import Lang, text
from vvvresearch.sources.qda.tables._columns import Columns, find_columns

if TYPE_CHECKING:
    import pandas as pd


SEPARATED = "codes.separator"
_MARKS = ("::", "/", "\\", "›", "»", "|", ":", " - ")
_NEARLY_ALL, _SOME, _SHOWN = 0.8, 0.4, 6
# What the reader of codings knows and a map does not speak of: the reader's name of the column.
_FURTHER = {
    "range": "excerpt range", "color": "color", "guid": "guid", "region": "region", "start": "start", "end": "end", "coder": "coder",
    "memo": "memo", "date": "date", "group": "document group", "beneficiary": "beneficiary", "phase": "phase", "prompted": "prompted",
}  # fmt: skip


def is_export(table: Table) -> bool:
    """Whether a table is laid out as a program exports it, which its reader knows better than headings tell."""
    found = _found(table.columns)
    return bool(found.layout or found.applied) and table.header == "1" and "source" in found.roles


def with_further_columns(frame: pd.DataFrame, table: Table, settled: Settled) -> pd.DataFrame:
    """A table of codings with the columns that its reader knows beside those of the map."""
    taken = settled.roles()
    left = {name for name, value in settled.starting("column.").items() if value == "-"}
    free = [column for column in table.columns if column.id not in taken and column.id not in left]
    own = _found(free).roles
    by_heading = {column.heading: column for column in free}
    added = {
        name: list(by_heading[own[role]].texts) for role, name in _FURTHER.items() if role in own and not {name, role} & set(frame.columns)
    }
    return frame.assign(**added)


def propose_separator(draft: Draft, column: Column) -> None:
    """The mark between the steps of a code ("Udbytte/Sprog"): sure where nearly all codes have it and share what stands before it."""
    codes = list(column.counts)
    if any(SEPARATOR in code for code in codes):
        return
    for mark in _MARKS:
        marked = [code for code in codes if mark in code]
        tops = [code.split(mark)[0].strip() for code in marked]
        shared = [top for top in tops if tops.count(top) > 1 or top in codes]
        if len(marked) < max(2, _SOME * len(codes)) and not shared:
            continue
        if any(not part.strip() for code in marked for part in code.split(mark)):
            continue
        if len(shared) >= _NEARLY_ALL * len(codes):
            draft.decide(SEPARATED, column.heading, mark)
        else:
            choices = ((mark, text("intake.steps", draft.lang)), ("-", text("intake.one_name", draft.lang)))
            words = text("intake.ask_separator", draft.lang, heading=column.heading, mark=mark.strip())
            items = tuple(code for code in marked if can_be_shown(code))[:_SHOWN]
            draft.ask(Question(SEPARATED, "choose", words, choices, items, mark, (SEPARATED,)))
        return


def tell_odd_passages(draft: Draft, table: Table, code: Column, passage: Column) -> None:
    """Rows that have a code and no passage where the others have one, and rows whose passage is the name of a code."""
    names = {fold(one) for one in code.counts}
    pairs = list(zip(table.lines, code.texts, passage.texts, strict=True))
    empty = [line for line, own, quote in pairs if own and not quote]
    turned = [line for line, own, quote in pairs if quote and fold(quote) in names and own != quote]
    for name, lines in (("told_no_passage", empty if 2 * len(empty) < len(pairs) else []), ("told_turned_passage", turned)):
        if lines:
            draft.tell(text(f"intake.{name}", draft.lang, count=len(lines), rows=", ".join(map(str, lines[:8]))))


def with_steps(codes: Sequence[str], settled: Settled) -> list[str]:
    """Codes as paths, where the map says which mark parts their steps."""
    mark = str(settled.decisions.get(SEPARATED, "-"))
    if mark == "-":
        return list(codes)
    return ["\n".join(SEPARATOR.join(part.strip() for part in line.split(mark)) for line in code.split("\n")) for code in codes]


def _found(columns: tuple[Column, ...] | list[Column]) -> Columns:
    return find_columns([column.heading for column in columns], {column.heading: column.texts for column in columns})


NODES = "nodes."
# The decision about a hashtag of a column: `tag.hashtags.hypothetical`.
TAG = "tag."
_MOST_TAGS = 12


def links_sheet(path: Path, table: Table, tests: Tests) -> str:
    """The sheet of links in a workbook whose largest sheet holds the factors; "" where the sheet that was read is right."""
    if _nodes_on(table, tests) is None:
        return ""
    others = ((name, table_on(path, name)) for name in table.others)
    return next((name for name, other in others if other is not None and _has_links(other, tests)), "")


def nodes_sheet(path: Path, table: Table, tests: Tests) -> str:
    """The sheet of factors beside a sheet of links; "" without one."""
    found = _beside_links(path, table, tests) if _has_links(table, tests) else None
    return "" if found is None else found[0]


def propose_nodes(draft: Draft, path: Path, table: Table, tests: Tests) -> None:
    """Decide and ask about the sheet of factors beside a sheet of links; the ids begin with `nodes.`."""
    beside = _beside_links(path, table, tests)
    if beside is None:
        return
    name, other, found = beside
    own = Draft(draft.lang, "nodes")
    propose_columns(own, other, found, (), tests)
    draft.decide(f"{NODES}sheet", name, name, "heading+values")
    for decision in own.decided.values():
        draft.decide(f"{NODES}{decision.id}", decision.what, decision.value, decision.why)
    for question in own.questions.values():
        targets = tuple(f"{NODES}{target}" for target in (question.targets or (question.id,)))
        draft.ask(dataclasses.replace(question, id=f"{NODES}{question.id}", targets=targets))
    draft.losses += own.losses


def _has_links(table: Table, tests: Tests) -> bool:
    return not {"cause", "effect"} & set(match_columns(table_kinds()["mappings"], list(table.columns), tests).missing)


def _beside_links(path: Path, table: Table, tests: Tests) -> tuple[str, Table, Candidate] | None:
    """The first other sheet that holds factors: its name, its table, and its columns in their roles."""
    for name in table.others:
        other = table_on(path, name)
        if other is not None and (found := _nodes_on(other, tests)) is not None:
            return name, other, found
    return None


def ask_tags(draft: Draft, table: Table) -> None:
    """Ask of the hashtags that stand beside links which of them keep a link out of the map: a tag may say that it was only imagined."""
    taken = {decision.id.removeprefix("column.") for decision in draft.decided.values() if decision.value != LEFT_OUT}
    for column in table.columns:
        tags = list(dict.fromkeys(tag for text in column.filled for tag in tags_in(text)))
        if column.id in taken or not tags or len(tags) > _MOST_TAGS or not all(tags_in(text) for text in column.filled):
            continue
        choices = (("counts", text("intake.tag_counts", draft.lang)), ("left-out", text("intake.tag_left_out", draft.lang)))
        keys = value_ids(tags)
        words = text("intake.ask_tags", draft.lang, heading=column.heading)
        targets = tuple(f"{TAG}{column.id}.{keys[tag]}" for tag in tags)
        draft.ask(Question(f"tags.{column.id}", "choose", words, choices, tuple(tags), targets=targets))


def tags_in(words: str) -> list[str]:
    """The hashtags that words hold.

    Example:
        >>> tags_in("#doubtful #other")
        ['#doubtful', '#other']
    """
    return re.findall(r"#[^\W\d]\w*", words.casefold())


def rows_left_out(table: Table, settled: Settled) -> list[tuple[int, str, str]]:
    """The rows that have a tag which keeps a link out, with what and why."""
    left = {name.removeprefix(TAG) for name, value in settled.decisions.items() if name.startswith(TAG) and value == "left-out"}
    gone = []
    for column in table.columns:
        keys = value_ids(tag for text in column.filled for tag in tags_in(text))
        own = [(line, tag) for line, text in zip(table.lines, column.texts, strict=True) for tag in tags_in(text)]
        gone += [(line, tag, "left out as answered") for line, tag in own if f"{column.id}.{keys[tag]}" in left]
    return gone


def nodes_of(path: Path, settled: Settled) -> tuple[Table, Settled] | None:
    """The sheet of factors with the decisions about it, None where there is none."""
    sheet = settled.decisions.get(f"{NODES}sheet")
    if sheet is None:
        return None
    own = dataclasses.replace(settled, kind="nodes", decisions=settled.starting(NODES))
    return find_table(read_grid(path, str(sheet)), path), own


def _nodes_on(table: Table, tests: Tests) -> Candidate | None:
    found = match_columns(table_kinds()["nodes"], list(table.columns), tests)
    return None if found.missing else found


# The decision that the ticks of a sheet are codings, and the roles that its rows have by how they are made.
MARKS = "marks"
ROLES_OF_MARKS = {"source": "interview", "code": "kode", "stance": "retning", "text": "citat"}
_CALLED = re.compile(r"kod(e|ning|ear)|\bcod(e|ing|ed)|\btema|\btheme|matri")
_LEAST, _MOST_MARKS, _LONGEST, _HALF = 3, 6, 4, 0.5


def is_called_coding_sheet(table: Table, called: str) -> bool:
    """Whether the name of a file or what stands above its table says that interviews were coded in it."""
    return _CALLED.search(fold(" ".join((called, table.sheet, *table.titles)))) is not None


def marks_as_rows(table: Table, lang: Lang) -> Table | None:
    """A coding sheet as rows of interview, theme and mark; None for a table that is none.

    The first column tells the interviews apart; at least three columns, half of those behind it, hold nothing but a few short marks, a
    tick among them. A last row of sums below them is left out.

    Args:
        table: as it stands in the file.
        lang: of the headings that the rows get.
    """
    if not table.columns:
        return None
    key = table.columns[0]
    rows = _without_sums(table)
    named = [key.texts[row] for row in rows]
    if not all(named) or len(set(named)) < len(named) or len(rows) < _LEAST:
        return None
    themes = [one for one in table.columns[1:] if _is_marked(one, rows) and not is_question(one.heading)]
    themes = [one for one in themes if one not in {box for group in tick_groups(themes) for box in group.columns}]
    marks = {fold_mark(one.texts[row]) for one in themes for row in rows} - {""}
    behind = [one for one in table.columns[1:] if any(one.texts[row] for row in rows)]
    if len(themes) < max(_LEAST, _HALF * len(behind)) or len(marks) > _MOST_MARKS or not marks & TICKS:
        return None
    found = [(row, theme) for row in rows for theme in themes if theme.texts[row]]
    cells = {
        "interview": [key.texts[row] for row, _ in found], "kode": [theme.heading for _, theme in found],
        "retning": [theme.texts[row] for row, theme in found], "citat": [""] * len(found),
    }  # fmt: skip
    columns = tuple(Column(text(f"intake.marks_{name}", lang), name, tuple(own)) for name, own in cells.items())
    return dataclasses.replace(
        table, columns=columns, lines=tuple(range(1, len(found) + 1)), totals=table.totals + len(table) - len(rows),
        stacked=tuple(theme.heading for theme in themes),
    )  # fmt: skip


def fold_mark(mark: str) -> str:
    """A mark without its spaces and capitals; "(x)" stays apart from "x"."""
    return mark.strip().casefold()


def _without_sums(table: Table) -> Sequence[int]:
    """The places of the rows, but for a last one that has numbers where the others have marks."""
    last = len(table) - 1
    behind = [column.texts[last] for column in table.columns[1:] if column.texts[last]]
    summed = len(behind) >= _LEAST and all(map(str.isdigit, behind)) and max(map(int, behind)) > 1
    return range(last if summed else last + 1)


def _is_marked(column: Column, rows: Sequence[int]) -> bool:
    filled = [column.texts[row] for row in rows if column.texts[row]]
    # "K02" is a name; "1" and "2" may be marks.
    return bool(filled) and all(len(own := fold_mark(cell)) <= _LONGEST and (len(own) == 1 or not re.search(r"\d", own)) for cell in filled)


# Decisions: rows whose factor leads to itself, and rows of what withholds its consent on another sheet.
LOOPS, WITHHELD = "loops", "withheld"
_SAME = "same."
_CONSENT = re.compile(r"samtykk|consent|tillad|permission|maa bruges|may be used")
_NEARLY_ALL_LINKS = 0.9


def propose_factors(draft: Draft, cause: Column, effect: Column) -> None:
    """Ask whether names that only differ in the order of their words, in brackets or in an abbreviation are one factor; tell of links
    from a factor to itself, which are left out."""
    variants = variants_of(cause, effect)
    if variants:
        keys = value_ids(variants)
        items = tuple(f"{shown(variant)} = {shown(name)}" for variant, name in variants.items())
        choices = (("yes", text("intake.yes", draft.lang)), ("no", text("intake.no", draft.lang)))
        targets = tuple(f"{_SAME}{keys[variant]}" for variant in variants)
        draft.ask(Question("same", "confirm", text("intake.ask_same_factor", draft.lang), choices, items, "yes", targets))
    loops = [row for row, (one, other) in enumerate(zip(cause.texts, effect.texts, strict=True)) if one and fold(one) == fold(other)]
    if loops:
        draft.decide(LOOPS, cause.heading, "left-out", "declared")
        draft.tell(text("intake.told_loops", draft.lang, count=len(loops)))


def variants_of(cause: Column, effect: Column) -> dict[str, str]:
    """Name → the commoner name that has the same words, in any order, some of them cut short with a full stop.

    Example:
        >>> names = Column("Fra", "fra", ("Steady attendance", "Steady attendance", "attendance (steady)", "Bus"))
        >>> variants_of(names, Column("Til", "til", ("Joy", "Joy", "Joy", "Joy")))
        {'attendance (steady)': 'Steady attendance'}
    """
    counts: dict[str, int] = {}
    for name in (*cause.filled, *effect.filled):
        counts[name] = counts.get(name, 0) + 1
    # What differs in capitals alone is one name anyhow.
    first: dict[str, str] = {}
    for name in sorted(counts, key=lambda one: (-counts[one], one)):
        first.setdefault(fold(name), name)
    found: dict[str, str] = {}
    for one, other in itertools.combinations(first.values(), 2):
        if other not in found and one not in found and _same_words(one, other):
            # The plain name is the one to count under: nothing cut short, nothing in brackets.
            variant, name = (one, other) if _is_plain(other) and not _is_plain(one) else (other, one)
            found[variant] = name
    return found


def one_name(settled: Settled, cause: Column, effect: Column) -> dict[str, str]:
    """Name as it stands in the file → the name under which it is counted."""
    variants = variants_of(cause, effect)
    keys = value_ids(variants)
    same = {fold(variant): name for variant, name in variants.items() if settled.decisions.get(f"{_SAME}{keys[variant]}") == "yes"}
    return {name: same[fold(name)] for name in (*cause.counts, *effect.counts) if fold(name) in same}


def _is_plain(name: str) -> bool:
    return not re.search(r"[.()]", name)


def _same_words(one: str, other: str) -> bool:
    left, right = (sorted(re.findall(r"\w+\.?", name.casefold())) for name in (one, other))
    return len(left) == len(right) > 1 and all(_same_word(a, b) for a, b in zip(left, right, strict=True))


def _same_word(one: str, other: str) -> bool:
    cut = [word for word in (one, other) if word.endswith(".")]
    return one == other or (len(cut) == 1 and len(cut[0]) > 2 and (other if cut[0] == one else one).startswith(cut[0][:-1]))


def propose_withheld(draft: Draft, path: Path, table: Table, found: Mapping[str, Column]) -> None:
    """Leave out the rows of cases, persons or interviews whose consent another sheet of the workbook withholds; they are told.

    Args:
        draft: of the table.
        path: the workbook.
        table: of one of its sheets.
        found: role → column.
    """
    for name in table.others:
        other = table_on(path, name)
        if other is None:
            continue
        consent = next((one for one in other.columns if _CONSENT.search(one.folded)), None)
        joined = [
            (role, one, own)
            for role, own in found.items()
            for one in other.columns
            if one is not consent
            and len(one.counts) == len(one.filled)
            and len(own.counts.keys() & one.counts.keys()) >= _NEARLY_ALL_LINKS * len(own.counts)
        ]
        if consent is None or not joined:
            continue
        role, key, own = joined[0]
        names = [who for who, said in zip(key.texts, consent.texts, strict=True) if who in own.counts and is_withheld(said)]
        plain = meanings("yesno")
        unclear = [said for said in consent.counts if not is_withheld(said) and plain.get(fold(said).split(" ")[0]) != "yes"]
        if unclear:
            draft.tell(text("intake.told_unclear_consent", draft.lang, sheet=name, words=", ".join(map(shown, unclear))))
        if names:
            draft.this_file[WITHHELD] = " | ".join((role, *names))
            draft.decide(WITHHELD, consent.heading, "left-out", "declared")
            draft.tell(
                text(
                    "intake.told_withheld",
                    draft.lang,
                    sheet=name,
                    count=sum(own.counts[who] for who in names),
                    names=", ".join(map(shown, names)),
                )
            )
        return
