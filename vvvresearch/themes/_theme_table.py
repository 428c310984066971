"""The theme table: how many interviews affirm and contradict each theme, by respondent group."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from vvvresearch.locales import Lang, Phrase, text
from vvvresearch.results import Base, Column, Result
from vvvresearch.themes._prevalence import PrevalenceRule
from vvvresearch.themes._states import AFFIRMED, NOT_ASKED, interview_states, passages_of, stance_of, transcribed

if TYPE_CHECKING:
    from vvvresearch.evidence import Codebook, Codings, Interviews

TOTAL = "total"


@dataclass(frozen=True, kw_only=True, repr=False)
class ThemeTable(Result):
    """A theme table; `frame` has one row a theme and group, `wide()` one row a theme, `branch()` is a branch of it."""

    codebook: Codebook

    def branch(self, under: str = "", depth: int | None = None) -> ThemeTable:
        """The same table of one theme with those below it, or of the first levels of the tree.

        Args:
            under: this theme and those below it; "" is all.
            depth: levels shown.

        Raises:
            AnalysisError: no such theme.
        """
        paths = self.codebook.below(under) if under else self.codebook.paths
        if depth is not None:
            paths = [path for path in paths if self.codebook.level(path) <= depth]
        return dataclasses.replace(self, frame=self.frame[self.frame["code_path"].isin(paths)].reset_index(drop=True))

    def wide(self) -> Result:
        """One row a theme, one column a group: "affirming / asked – word", with contradicting interviews after a slash mark."""
        cells: dict[str, dict[str, str]] = {}
        for row in self.frame.to_dict("records"):
            cells.setdefault(row["code_path"], {})[row["respondent_group"]] = _cell(row, self.lang)
        groups = list(dict.fromkeys(self.frame["respondent_group"]))
        names = dict(zip(self.codebook.frame["code_path"], self.codebook.frame["name"], strict=True))
        lines = []
        for path, by_group in cells.items():
            level = path.count(" > ")
            alone = self.frame.loc[(self.frame["code_path"] == path) & (self.frame["respondent_group"] == TOTAL), "one_informant"].any()
            mark = " ¹" if alone else ""
            lines.append({"theme": "\N{EM SPACE}" * level + names[path] + mark, **{group: by_group.get(group, "") for group in groups}})
        columns = (Column("theme", Phrase("themes.theme")), *(Column(group, group_label(group)) for group in groups))
        notes = (*self.notes, Phrase("themes.cell_note"), Phrase("themes.one_informant_note"))
        return Result(
            frame=pd.DataFrame(lines, columns=["theme", *groups]),
            base=self.base,
            title=self.title,
            notes=notes,
            shows=columns,
            kind=self.kind,
            lang=self.lang,
        )


def theme_table(
    codings: Codings,
    interviews: Interviews,
    *,
    guide: pd.DataFrame | None = None,
    coder: str | None = None,
    wave: str | None = None,
    under: str = "",
    depth: int | None = None,
    rule: PrevalenceRule | None = None,
    lang: Lang = "da",
) -> ThemeTable:
    """How many interviews affirm and contradict each theme, by respondent group and in all.

    Counts are interviews, never codings; the denominator is the interviews where the theme was asked or could be raised.
    A theme counts for the themes above it. One informant behind a theme is flagged.

    Args:
        codings: coded passages.
        interviews: the register.
        guide: respondent_group, code_path: what each group's guide covers; without it everything could be raised.
        coder: one coder's passages only; default all together.
        wave: one wave's interviews only.
        under: show only this theme and those below it.
        depth: show only the first levels of the tree.
        rule: when "a few", "several", "most" are said.
        lang: "da" or "en".

    Returns:
        ThemeTable; .frame: code_path, respondent_group ("total" last), affirmed, contradicted, both, not_raised, asked,
        not_asked, pairs, interpreter (affirming interviews through an interpreter), codings, child, adult, word, one_informant.

    Raises:
        AnalysisError: no transcripts, or an unknown code, coder or wave.

    Example:
        >>> import vvvresearch as vvv
        >>> r = vvv.open_round("demo")
        >>> table = theme_table(r.codings, r.interviews, under="Udbytte > Netværk", depth=2)
        >>> table.frame.loc[table.frame["respondent_group"] == "refugee", ["affirmed", "asked"]].to_numpy().tolist()
        [[13, 22]]
    """
    chosen_rule = rule or PrevalenceRule()
    states = interview_states(codings, interviews, guide=guide, coder=coder, wave=wave)
    passages = _passage_counts(codings, interviews, coder, wave)
    counted = _interview_counts(states)
    frame = counted.join(passages).fillna(0).astype(int).reset_index()
    words = [chosen_rule.word(int(affirmed), int(asked)) for affirmed, asked in zip(frame["affirmed"], frame["asked"], strict=True)]
    frame["word"] = pd.Series([Phrase(f"themes.word_{word}") if word else "" for word in words], dtype=object)
    frame["one_informant"] = (frame["affirmed"] + frame["contradicted"] - frame["both"]) == 1
    frame = _ordered(frame, codings.codebook.paths)
    register = transcribed(interviews, wave)
    whole = ThemeTable(
        frame=frame,
        base=Base(len(register), "interview", wave=wave or ", ".join(sorted(set(register["wave"]))), source=codings.origin),
        title=Phrase("themes.table_title"),
        notes=(Phrase("themes.state_note"), chosen_rule.note()),
        shows=_columns(),
        kind=codings.kind,
        lang=lang,
        codebook=codings.codebook,
    )
    return whole.branch(under, depth)


def _interview_counts(states: pd.DataFrame) -> pd.DataFrame:
    """Interviews per theme and group, and in all, in each state."""
    keys = ["code_path", "respondent_group"]
    parts = pd.DataFrame(
        {
            "affirmed": states["affirmed"],
            "contradicted": states["contradicted"],
            "both": states["affirmed"] & states["contradicted"],
            "asked": states["state"] != NOT_ASKED,
            "interviews": True,
            "interpreter": states["affirmed"] & states["interpreter"].fillna(False).astype(bool),
        }
    ).astype("int64")
    groups = list(states["respondent_group"].unique())
    # Categories are numbered once; grouping by text would number half a million rows for every count.
    parts["code_path"] = pd.Categorical(states["code_path"], categories=list(states["code_path"].unique()))
    parts["respondent_group"] = pd.Categorical(states["respondent_group"], categories=[*groups, TOTAL])
    counted = parts.groupby(keys, observed=True).sum()
    total = counted.groupby("code_path", observed=True).sum()
    total.index = pd.MultiIndex.from_product([total.index, [TOTAL]], names=keys)
    counted = pd.concat([counted, total])
    counted.index = pd.MultiIndex.from_tuples(list(counted.index), names=keys)
    counted["not_asked"] = counted["interviews"] - counted["asked"]
    counted["not_raised"] = counted["asked"] - counted["affirmed"] - counted["contradicted"] + counted["both"]
    paired = states.loc[states["affirmed"] & (states["pair"] != ""), [*keys, "pair"]]
    everybody = pd.concat([paired, paired.assign(respondent_group=TOTAL)])
    counted["pairs"] = everybody.drop_duplicates().groupby(keys).size()
    return counted


def _passage_counts(codings: Codings, interviews: Interviews, coder: str | None, wave: str | None) -> pd.DataFrame:
    """Codings, and children's and adults' benefit, per theme (not rolled up) and group; the second table's counts."""
    register = transcribed(interviews, wave)
    passages = passages_of(codings, coder).merge(register[["source", "interview", "respondent_group"]], on="source")
    beneficiary = passages["beneficiary"] if "beneficiary" in passages.columns else pd.Series("", index=passages.index)
    affirms = stance_of(passages) == AFFIRMED
    passages = passages.assign(codings=1, child=(beneficiary == "child") & affirms, adult=(beneficiary == "adult") & affirms)
    whole = pd.concat([passages, passages.assign(respondent_group=TOTAL)])
    return whole.groupby(["code_path", "respondent_group"], sort=False)[["codings", "child", "adult"]].sum()


def _ordered(frame: pd.DataFrame, paths: list[str]) -> pd.DataFrame:
    place = {path: number for number, path in enumerate(paths)}
    rank = {group: number for number, group in enumerate([*dict.fromkeys(g for g in frame["respondent_group"] if g != TOTAL), TOTAL])}
    order = frame["code_path"].map(place) * (len(rank) + 1) + frame["respondent_group"].map(rank)
    columns = ["code_path", "respondent_group", "affirmed", "contradicted", "both", "not_raised", "asked", "not_asked", "pairs"]
    columns += ["interpreter", "codings", "child", "adult", "word", "one_informant"]
    return frame.loc[order.sort_values().index, columns].reset_index(drop=True)


def _columns() -> tuple[Column, ...]:
    names = ["affirmed", "contradicted", "not_raised", "asked", "not_asked", "pairs", "interpreter", "codings"]
    return (
        Column("code_path", Phrase("themes.theme")),
        Column("respondent_group", Phrase("common.group"), words="groups"),
        *(Column(name, Phrase(f"themes.{name}"), "count") for name in names),
        Column("word", Phrase("themes.word")),
    )


def group_label(group: str) -> Phrase:
    """A respondent group's name in words."""
    return Phrase(f"groups.{group}")


def _cell(row: dict[Any, Any], lang: Lang) -> str:
    if row["asked"] == 0:
        return text("themes.not_asked", lang)
    word = row["word"].say(lang) if isinstance(row["word"], Phrase) else ""
    counter = " " + text("themes.counter", lang, n=row["contradicted"]) if row["contradicted"] else ""
    return f"{row['affirmed']}/{row['asked']} {word}{counter}"
