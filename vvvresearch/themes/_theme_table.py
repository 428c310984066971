"""The theme table: how many persons and interviews affirm, contradict or do not raise a theme, with words for how common it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from vvvresearch.errors import AnalysisError
from vvvresearch.evidence import column_named, waves_in_order
from vvvresearch.locales import Lang, Phrase, has_words, text
from vvvresearch.results import Base, Column, Labels, Measure, Picture, Result, Total, recorded
from vvvresearch.themes._coders import Coder, coder_note, passages_of, setting_names
from vvvresearch.themes._codes import Code, CodeName, chosen_paths
from vvvresearch.themes._sample import attribute_name, attribute_value
from vvvresearch.themes._states import AFFIRMED, States, stance_of, states_of

if TYPE_CHECKING:
    from vvvresearch.evidence import Codings, Interviews


@dataclass(frozen=True)
class PrevalenceRule:
    """When "a few", "several" and "most" are said: by the share, so that a larger share never has the smaller word.

    0 is "none", 1 "one" (a number, not a share), the whole group (at least two) "all"; up to the share `few` is "a few", more than
    the share `most` is "most"; what lies between is "several".
    """

    few: Fraction = Fraction(1, 3)
    most: Fraction = Fraction(1, 2)

    def word(self, count: int, of: int) -> str:
        """The key of the word: none, one, few, several, most or all; "" when nobody was asked.

        Example:
            >>> [PrevalenceRule().word(count, 11) for count in (0, 1, 3, 5, 6, 11)]
            ['none', 'one', 'few', 'several', 'most', 'all']
        """
        if of == 0:
            return ""
        if count == 0:
            return "none"
        if count == of and of > 1:
            return "all"
        if count == 1:
            return "one"
        share = Fraction(count, of)
        return "most" if share > self.most else "few" if share <= self.few else "several"

    def note(self) -> Phrase:
        """The rule in words, printed with every table that uses it."""
        return Phrase("themes.prevalence_rule", {name: f"{share.numerator}/{share.denominator}" for name, share in vars(self).items()})


TOTAL = "total"
_OF_INTERVIEWS = ("affirmed", "contradicted", "both", "not_raised", "asked")
_OF_PERSONS = ("persons_affirmed", "persons_contradicted", "persons_both", "persons_asked")
_WITHOUT_BASE = ("not_asked", "not_coded", "pairs", "interpreter", "codings", "child", "adult")
_UNITS = {"pairs": "pair", "codings": "segment", "child": "segment", "adult": "segment"}
# Parting the groups by this leaves nothing to count of it: a group is interpreted, or it is not.
_INTERPRETER = "interpreter"


@dataclass(frozen=True)
class ThemeCell(Column):
    """What a group says of a theme: "7/10 a few, 1 against"; "not asked" where nobody was.

    Args:
        by: the column that parts the groups; in its total a theme that rests on one informant is marked.
    """

    by: str = "respondent_group"

    def write_row(self, row: Mapping[Any, Any], lang: Lang, small_n: int, labels: Mapping[str, Labels]) -> str:
        """The cell of a row."""
        if not row["asked"]:
            return text("themes.cell_not_asked" if row["not_asked"] else "themes.cell_not_coded", lang)
        cell = f"{row['persons_affirmed']}/{row['persons_asked']} {text('themes.word_' + row['word'], lang)}"
        if row["persons_contradicted"]:
            cell += ", " + text("themes.counter", lang, n=int(row["persons_contradicted"]))
        return cell + (" ¹" if row["one_informant"] and row[self.by] == TOTAL else "")


@recorded
def theme_table(
    codings: Codings,
    interviews: Interviews,
    *,
    guide: pd.DataFrame | None = None,
    coder: Coder = None,
    wave: str | None = None,
    group: str | Sequence[str] = "",
    by: str = "respondent_group",
    under: str | Code = "",
    depth: int | None = None,
    rule: PrevalenceRule | None = None,
) -> Result:
    """How many persons affirm and contradict each theme, by respondent group and in all.

    Counts are persons and interviews, never codings: a second interview with a person is no new informant. The denominator is
    those with whom the theme was asked or could be raised; interviews that nobody has coded are not in it. A theme counts for
    the themes above it. One informant behind a theme is flagged.

    Args:
        codings: coded passages.
        interviews: the register; `person` tells whose interview it is, without it each is a person of its own.
        guide: respondent_group, code_path: what each group's guide covers; without it everything could be raised.
        coder: one coder's passages only, or a rule of which coder counts; default a passage counts whoever coded it.
        wave: one wave's interviews only.
        group: one respondent group's interviews only, or those of several.
        by: the column of the register whose values stand side by side.
        under: show only this theme and those below it.
        depth: show only the first levels of the tree.
        rule: when "a few", "several", "most" are said, of persons.

    Returns:
        Result; .frame: code_path, respondent_group (or the column `by`; "total" last), interviews: affirmed, contradicted, both,
        not_raised, asked, not_asked, not_coded; persons: persons_affirmed, persons_contradicted, persons_both, persons_asked;
        pairs (of those who affirm), interpreter (affirming interviews through one; not with by="interpreter"), codings (of the theme
        itself), word (none, one, few, several, most, all; "" where nobody was asked), child, adult (passages that say whom it
        benefits; missing where the codings do not tell), one_informant.

    Raises:
        AnalysisError: no transcripts, or an unknown code, coder, wave, group or column.

    Example:
        >>> import vvvresearch as vvv
        >>> r = vvv.open_round("demo")
        >>> table = r.theme_table(under="Udbytte > Dansk")
        >>> table.cell("affirmed", code_path="Udbytte > Dansk", respondent_group="refugee").value
        11
        >>> table.cell("persons_affirmed", code_path="Udbytte > Dansk", respondent_group="refugee").value
        8
    """
    shown = chosen_paths(codings.codebook, under, depth)
    states = states_of(codings, interviews, guide=guide, coder=coder, wave=wave, group=group)
    by = column_named(by, states.register)
    if by in {*_OF_INTERVIEWS, *_OF_PERSONS, *_WITHOUT_BASE, "code_path", "word", "one_informant"} - {_INTERPRETER}:
        raise AnalysisError(f"the table has a column {by!r} of its own", where="by", todo="give the column of the register another name")
    values = states.register[by].map(attribute_value)
    groups = [*dict.fromkeys(values), TOTAL]
    members = {one: np.flatnonzero(values == one) for one in groups[:-1]} | {TOTAL: np.arange(len(values))}
    counts = [pd.DataFrame({"code_path": states.paths, **counts_of(states, rows), by: one}) for one, rows in members.items()]
    counted = pd.concat(counts, ignore_index=True)
    frame = counted.merge(_passage_counts(codings, states, coder, by, values), on=["code_path", by], how="left")
    frame[["codings"]] = frame[["codings"]].fillna(0).astype(int)
    known = "beneficiary" in codings.frame.columns
    for name in ("child", "adult"):
        frame[name] = frame[name].fillna(0).astype(int) if known else np.nan
    chosen_rule = rule or PrevalenceRule()
    pairs = zip(frame["persons_affirmed"], frame["persons_asked"], strict=True)
    frame["word"] = [chosen_rule.word(int(affirmed), int(asked)) for affirmed, asked in pairs]
    frame["one_informant"] = (frame["persons_affirmed"] + frame["persons_contradicted"] - frame["persons_both"]) == 1
    frame = _ordered(frame, shown, groups, by)
    covered = "coverage_whole" if states.coded.all() else "coverage"
    coverage = {"coded": int(states.coded.sum()), "interviews": len(states.coded)}
    return Result(
        frame=frame,
        base=_base(states, codings.origin, wave),
        title=Phrase("themes.table_title"),
        notes=(Phrase("themes.state_note"), chosen_rule.note(), coder_note(coder), Phrase(f"themes.{covered}", coverage)),
        shows=(
            CodeName("code_path", Phrase("themes.theme"), indent=True),
            Column(by, Phrase("common.group") if by == "respondent_group" else attribute_name(by)),
            ThemeCell("cell", Phrase("themes.cell"), note=Phrase("themes.cell_note"), by=by),
        ),
        kind=codings.kind,
        at="themes" + setting_names(coder=coder, wave=wave, group=group, by="" if by == "respondent_group" else by),
        keys=("code_path", by),
        measures=_measures(by),
        totals={**{name: Total(count) for name, count in coverage.items()}, "persons": Total(int(states.register["person"].nunique()))},
        bases={(one,): _base(states, codings.origin, wave, rows, _group_words(by, one)) for one, rows in members.items()},
        base_on=(by,),
        labels={by: Labels({TOTAL: Phrase("groups.total")}, table="groups" if by == "respondent_group" else "attributes")},
        tree="code_path",
        pictures={"heatmap": Picture("theme_heatmap", options={"by": by})},
    )


def counts_of(states: States, rows: np.ndarray) -> dict[str, np.ndarray]:
    """Interviews and persons of a group in each state, one number a code."""
    said, against, asked = (matrix[rows] for matrix in (states.affirmed, states.contradicted, states.asked))
    coded = int(states.coded[rows].sum())
    interpreted = states.register["interpreter"].fillna(False).to_numpy(dtype=bool)[rows]
    pair = states.register["pair"].fillna("").to_numpy()[rows]
    in_pairs = np.flatnonzero(pair != "")
    n_asked = _how_many(asked)
    of_persons = _any_by(np.hstack([said, against, asked]), states.register["person"].to_numpy()[rows])
    by_persons, against_by_persons, asked_persons = np.hsplit(of_persons, 3)
    return {
        "affirmed": _how_many(said),
        "contradicted": _how_many(against),
        "both": _how_many(said & against),
        "not_raised": _how_many(asked & ~said & ~against),
        "asked": n_asked,
        "not_asked": coded - n_asked,
        "not_coded": np.full(len(states.paths), len(rows) - coded),
        "persons_affirmed": _how_many(by_persons),
        "persons_contradicted": _how_many(against_by_persons),
        "persons_both": _how_many(by_persons & against_by_persons),
        "persons_asked": _how_many(asked_persons),
        "pairs": _how_many(_any_by(said[in_pairs], pair[in_pairs])),
        "interpreter": _how_many(said[interpreted]),
    }


def _how_many(matrix: np.ndarray) -> np.ndarray:
    """In how many rows each column is true; as a product, which is ten times as fast as a sum of truth values."""
    return np.asarray(np.ones(len(matrix), dtype=np.float32) @ matrix, dtype=np.int64)


def _any_by(matrix: np.ndarray, owner: np.ndarray) -> np.ndarray:
    """For each owner (a person, a pair) whether any of the rows says so."""
    numbers, owners = pd.factorize(owner)
    if len(owners) == len(matrix):
        return matrix
    order = np.argsort(numbers, kind="stable")
    starts = np.searchsorted(numbers[order], np.arange(len(owners)))
    # Eight columns a byte: explorers of large rounds wait for this.
    packed = np.bitwise_or.reduceat(np.packbits(matrix[order], axis=1), starts, axis=0)
    return np.unpackbits(packed, axis=1, count=matrix.shape[1]).astype(bool)


def _passage_counts(codings: Codings, states: States, coder: Coder, by: str, values: pd.Series[Any]) -> pd.DataFrame:
    """Codings, and children's and adults' benefit, per theme (not rolled up) and group."""
    register = states.register[["source"]].assign(**{by: values})
    passages = passages_of(codings, coder, states.register).merge(register[register["source"] != ""], on="source")
    beneficiary = passages["beneficiary"] if "beneficiary" in passages.columns else pd.Series("", index=passages.index)
    affirms = stance_of(passages) == AFFIRMED
    passages = passages.assign(codings=1, child=(beneficiary == "child") & affirms, adult=(beneficiary == "adult") & affirms)
    whole = pd.concat([passages, passages.assign(**{by: TOTAL})])
    return whole.groupby(["code_path", by], sort=False)[["codings", "child", "adult"]].sum().reset_index()


def _ordered(frame: pd.DataFrame, paths: list[str], groups: list[str], by: str) -> pd.DataFrame:
    place = {path: number for number, path in enumerate(paths)}
    rank = {group: number for number, group in enumerate(groups)}
    kept = frame[frame["code_path"].isin(place)]
    order = (kept["code_path"].map(place) * len(rank) + kept[by].map(rank)).sort_values(kind="stable").index
    columns = ["code_path", by, *_OF_INTERVIEWS, "not_asked", "not_coded", *_OF_PERSONS, "pairs", _INTERPRETER, "codings"]
    columns += ["word", "child", "adult", "one_informant"]
    return kept.loc[order, list(dict.fromkeys(columns))].reset_index(drop=True)


def _measures(by: str) -> tuple[Measure, ...]:
    return (
        *(Measure(name, of="asked", label=Phrase(f"themes.{name}")) for name in _OF_INTERVIEWS),
        *(Measure(name, of="persons_asked", unit="person", label=Phrase(f"themes.{name}")) for name in _OF_PERSONS),
        Measure("share", "share", of="persons_asked", count="persons_affirmed", unit="person", label=Phrase("themes.share")),
        *(Measure(name, of="", unit=_UNITS.get(name, ""), label=Phrase(f"themes.{name}")) for name in _WITHOUT_BASE if name != by),
    )


def _base(states: States, origin: str, wave: str | None, rows: np.ndarray | None = None, group: str | Phrase = "") -> Base:
    register = states.register if rows is None else states.register.iloc[rows]
    waves = wave or ", ".join(waves_in_order(states.register["wave"].fillna("")))
    return Base(len(register), "interview", group=group, wave=waves, source=origin)


def _group_words(by: str, value: str) -> str | Phrase:
    table = "groups" if by == "respondent_group" or value == TOTAL else "attributes"
    return Phrase(f"{table}.{value}") if has_words(f"{table}.{value}") else value
