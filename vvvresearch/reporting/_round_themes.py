"""The interviews of a round as notebooks hand them over: themes, pairs, framework excerpts, quotes, sample, saturation."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import pandas as pd

from vvvresearch import files
from vvvresearch.evidence import SEPARATOR
from vvvresearch.locales import Lang, Phrase, text
from vvvresearch.reporting._output import Output
from vvvresearch.results import Base, Column, Result
from vvvresearch.themes import (
    SPLITS,
    case_matrix,
    cooccurrence,
    crosstab,
    framework_matrix,
    group_saturation,
    pair_table,
    quota_matrix,
    quotes,
    sample_monitor,
    split_table,
    theme_table,
    triangulate,
)

if TYPE_CHECKING:
    from vvvresearch.evidence import Codings, Interviews
    from vvvresearch.rounds import Round

PULL_QUOTES = 2
EXCERPTS = 4


def hand_over_themes(out: Output, opened: Round, *, coder: str = "") -> dict[str, Result]:
    """Write theme tables, the pairs' two sides, framework excerpts, splits, sample and quotes of a round's interviews.

    Tables: `themes` (two levels of the codebook by group), `themes-<n>` (every level below the n-th top theme), `pairs`,
    `framework`, `beneficiaries`, `phases`, `together`, `interpreter`, `saturation`, `sample`, `quota`, `cases`, `quotes`,
    `triangulation` (where the round has a register `claims`) and `quotes-<group>`.
    Pull quotes of the n-th top theme stand in the passage `pull-quotes-<n>`. Numbers: `themes.<n>.<m>.<group>.n`, `.of`.

    Args:
        out: the notebook's output.
        opened: the round; it needs codings and an interview register.
        coder: whose codings count; empty is the coder of most documents, since a second coder reads a part only.

    Returns:
        The tables by name.
    """
    codings, interviews, lang = opened.codings, opened.interviews, out.lang
    chosen = coder or main_coder(codings)
    guide = _register(opened, "guide")
    common: dict[str, Any] = {"coder": chosen, "lang": lang}
    tables: dict[str, Result] = {}
    themes = theme_table(codings, interviews, guide=guide, **common)
    overview = themes.branch(depth=2)
    tables["themes"] = overview.wide()
    tops = codings.codebook.children("")
    for number, top in enumerate(tops, start=1):
        tables[f"themes-{number}"] = themes.branch(under=top).wide()
    _keep_themes(out, overview.frame, tops, codings, overview.base)
    pairs = pair_table(codings, interviews, guide=guide, **common)
    second = [path for path in codings.codebook.paths if codings.codebook.level(path) == 2]
    tables["pairs"] = _named(dataclasses.replace(pairs, frame=pairs.frame[pairs.frame["code_path"].isin(second)]), codings)
    tables["framework"] = _excerpt(
        framework_matrix(codings, interviews, _commonest(overview.frame, second, 2), quotable_only=True, **common)
    )
    for name, split in (("beneficiaries", "beneficiary"), ("phases", "phase")):
        if split in codings.frame.columns:
            whole = split_table(codings, interviews, split, **common)
            said = whole.frame[(whole.frame[list(SPLITS[split])] > 0).any(axis=1)]
            tables[name] = _named(dataclasses.replace(whole, frame=said), codings)
    tables["together"] = _named(_most(cooccurrence(codings, codes=_leaves(codings), **common), 15), codings)
    tables["interpreter"] = _named(crosstab(codings, interviews, "interpreter", codes=second, guide=guide, **common), codings)
    tables["saturation"] = saturation_table(codings, interviews, chosen, lang)
    monitor = sample_monitor(interviews, lang=lang)
    tables["sample"] = monitor
    tables["quota"] = quota_matrix(interviews, lang=lang)
    tables["cases"] = case_matrix(codings, interviews, cases="pair", codes=second, **common)
    claims = _register(opened, "claims")
    if claims is not None:
        tables["triangulation"] = triangulate(claims, kind=opened.kind, lang=lang)
    for name, result in tables.items():
        out.table(name, result)
    _keep_sample(out, interviews, monitor)
    tables["quotes"] = _hand_over_quotes(out, codings, interviews, tops, chosen)
    return tables


def main_coder(codings: Codings) -> str:
    """The coder who read most documents; of equals the first by name."""
    counts = codings.frame.groupby("coder")["source"].nunique()
    return str(counts.sort_values(ascending=False, kind="stable").index[0])


def _register(opened: Round, name: str) -> pd.DataFrame | None:
    """A register by its id (what the guides cover, claims across sources), where the round has it."""
    if name not in [source.id for source in opened.spec.sources]:
        return None
    frame: pd.DataFrame = opened.read(name).frame
    return frame


def _keep_themes(out: Output, frame: pd.DataFrame, tops: list[str], codings: Codings, base: Base) -> None:
    place = {top: str(number) for number, top in enumerate(tops, start=1)}
    for top in tops:
        for number, path in enumerate(codings.codebook.children(top), start=1):
            place[path] = f"{place[top]}.{number}"
    for row in frame.to_dict("records"):
        group = str(row["respondent_group"]).replace("_", "-").lower()
        key = f"themes.{place[row['code_path']]}.{group}"
        own = dataclasses.replace(base, n=int(row["asked"]), group=text(f"groups.{row['respondent_group']}", out.lang))
        out.value(f"{key}.n", int(row["affirmed"]), base=own)
        out.value(f"{key}.of", int(row["asked"]), base=own)
        out.value(f"{key}.against", int(row["contradicted"]), base=own)
        word = row["word"] if isinstance(row["word"], Phrase) else None
        out.value(f"{key}.word", word, "text", base=own)


def _keep_sample(out: Output, interviews: Interviews, monitor: Result) -> None:
    out.value("sample.pairs", monitor.base.n, base=monitor.base)
    for row in monitor.frame.to_dict("records"):
        out.value(f"sample.{row['state']}", int(row["pairs"]), base=monitor.base)
    out.value("sample.interviews", len(interviews), base=Base(len(interviews), "interview", source=interviews.origin))
    through = int(interviews.frame["interpreter"].fillna(False).astype(bool).sum())
    out.value("sample.interpreter", through, base=Base(len(interviews), "interview", source=interviews.origin))


def _commonest(frame: pd.DataFrame, paths: list[str], count: int) -> list[str]:
    total = frame[(frame["respondent_group"] == "total") & frame["code_path"].isin(paths)]
    return list(total.sort_values("pairs", ascending=False, kind="stable")["code_path"].head(count))


def _leaves(codings: Codings) -> list[str]:
    return [path for path in codings.codebook.paths if not codings.codebook.children(path)]


def _excerpt(matrix: Result) -> Result:
    """The first cases with a passage in every column: an excerpt shows the form, the file holds all."""
    themes = [name for name in matrix.frame.columns if name != "case"]
    full = matrix.frame[(matrix.frame[themes] != "").all(axis=1)].head(EXCERPTS)
    return dataclasses.replace(matrix, frame=full.reset_index(drop=True))


def _most(result: Result, rows: int) -> Result:
    return dataclasses.replace(result, frame=result.frame.head(rows))


def _named(result: Result, codings: Codings) -> Result:
    """Codes are shown by their last two names, so that equal names under two parents stay apart."""
    frame = result.frame.copy()
    for column in ("code_path", "code_a", "code_b"):
        if column in frame.columns:
            frame[column] = [SEPARATOR.join(str(path).split(SEPARATOR)[-2:]) for path in frame[column]]
    return dataclasses.replace(result, frame=frame)


def saturation_table(codings: Codings, interviews: Interviews, coder: str, lang: Lang) -> Result:
    """Saturation of every respondent group in one table.

    Returns:
        Result; .frame: respondent_group, interviews, reached_at, share_of_orders, note.
    """
    rows = []
    for group in dict.fromkeys(interviews.frame["respondent_group"]):
        found = group_saturation(codings, interviews, str(group), coder=coder, lang=lang)
        share = float("nan") if found.orders is None else 100 * float(found.orders.notna().mean())
        state = Phrase("themes.saturation_not_assessable_short") if not found.assessable else Phrase("themes.saturation_not_reached_short")
        rows.append((group, found.base.n, found.reached_at or state, share))
    frame = pd.DataFrame(rows, columns=["respondent_group", "interviews", "reached_at", "share_of_orders"])
    return Result(
        frame=frame,
        base=Base(len(interviews), "interview", source=codings.origin),
        title=Phrase("themes.saturation_title"),
        notes=(Phrase("themes.saturation_table_note"),),
        shows=(
            Column("respondent_group", Phrase("common.group"), words="groups"),
            Column("interviews", Phrase("units.interview"), "count"),
            Column("reached_at", Phrase("themes.saturation_reached_at")),
            Column("share_of_orders", Phrase("themes.saturation_share"), "percent"),
        ),
        kind=codings.kind,
        lang=lang,
    )


def _hand_over_quotes(out: Output, codings: Codings, interviews: Interviews, tops: list[str], coder: str) -> Result:
    """A quote bank over all top themes, and a passage of pull quotes for each."""
    banks = []
    for number, top in enumerate(tops, start=1):
        bank = quotes(codings, interviews, code_path=top, per_theme=1, coder=coder, lang=out.lang)
        banks.append(bank)
        out.passage(f"pull-quotes-{number}", pull_quotes(bank, PULL_QUOTES, out.lang))
    whole = pd.concat([bank.frame for bank in banks], ignore_index=True).drop_duplicates("quote_id")
    result = dataclasses.replace(banks[0], frame=whole, base=Base(len(whole), "segment", source=codings.origin))
    for role in dict.fromkeys(interviews.frame["respondent_group"]):
        own = whole[whole["role"] == role].reset_index(drop=True)
        title = Phrase("themes.quotes_of", {"group": Phrase(f"groups.{role}")})
        one = dataclasses.replace(result, frame=own, title=title, notes=result.notes[:1], base=Base(len(own), "segment"))
        out.table(f"quotes-{str(role).replace('_', '-').lower()}", _named(one, codings))
    return out.table("quotes", _named(result, codings))


def pull_quotes(bank: Result, count: int, lang: Lang) -> str:
    """Quotes as they stand beside the text: different roles first, each with pseudonym, role and age band.

    A quote that nobody has approved says so; in a report that is not released it may stand, a release stops it.
    """
    frame = bank.frame.copy()
    frame["turn"] = frame.groupby("role", sort=False).cumcount()
    chosen = frame.sort_values("turn", kind="stable").head(count)
    blocks = []
    for row in chosen.to_dict("records"):
        mark = "" if row["approval"] == "approved" else f" ({text('themes.' + str(row['approval']), lang)})"
        through = f", {text('themes.through_interpreter', lang)}" if row["interpreter"] is True else ""
        words = files.markdown_text(str(row["text"]))
        speaker = files.markdown_text(f"{row['speaker']}{through}{mark}")
        blocks.append(f"> »{words}«\n>\n> — {speaker}" if lang == "da" else f"> “{words}”\n>\n> — {speaker}")
    return "::: {.pull-quotes}\n\n" + "\n\n<!-- -->\n\n".join(blocks) + "\n\n:::\n" if blocks else "\n"
