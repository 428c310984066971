"""Change between two waves with partly the same respondents, in known frames."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from vvvresearch.errors import AnalysisError
from vvvresearch.evidence import Survey
from vvvresearch.locales import Lang, Phrase, Sayable, check_lang, half_up, say
from vvvresearch.results import Base, Column, Result
from vvvresearch.statistics.multiplicity import Family, adjust
from vvvresearch.survey.comparison._changes import Linking, change_rows
from vvvresearch.survey.comparison._comparable import counterpart, require_comparable, require_permitted
from vvvresearch.survey.comparison._sides import Side, Source, one_item, side_of
from vvvresearch.survey.comparison._two_sides import long_form
from vvvresearch.survey.tabulation._asked import Denominator
from vvvresearch.survey.tabulation._labelled import SaidResult, said_frame
from vvvresearch.survey.tabulation._tabulate import known_unit


@dataclass(frozen=True, kw_only=True, repr=False)
class WaveComparison(SaidResult):
    """A change between two waves; `family` holds the tests that were adjusted together, `overlap` how many answered twice."""

    family: Family
    overlap: tuple[int, int]
    side_labels: tuple[str | Sayable, str | Sayable]

    def long(self) -> Result:
        """One row an answer and wave (label, wave, count, n), as `figures.wave_bars` takes it."""
        return long_form(self, self.side_labels, "wave")


def compare_waves(
    first: Source,
    second: Source,
    item: str | Sequence[str] | None = None,
    *,
    item2: str | None = None,
    labels: tuple[str, str] | None = None,
    linked: bool | None = None,
    link: str = "",
    overlap: int | tuple[int, int] | None = None,
    populations: tuple[int | None, int | None] = (None, None),
    denominator: Denominator | None = None,
    adjustment: str = "holm",
    family: str = "",
    level: float = 0.95,
    decimals: int = 0,
    lang: Lang = "da",
) -> WaveComparison:
    """Compare two waves of the same item, with all respondents and with the panel that answered both.

    Where respondents can be linked the test counts the overlap (Derrick's z for shares, t for numbers) and the panel stands beside
    all answers with McNemar's exact test. Where they cannot, p is given as the range over every possible table of pairs. Both waves
    are taken as parts of their finite frames: the worst case first, then an interval that assumes respondents are like a random
    sample. Items that no questionnaire declares comparable are refused.

    Args:
        first, second: Survey; or a Series of answers, or a DataFrame of 0/1 ticks, index: respondent.
        item: the item's id, several, or None for every comparable item; not used for Series and DataFrames.
        item2: its id in the second wave, where another than in the first; default the item declared comparable.
        labels: names of the waves; default those of the questionnaires.
        linked: whether ids mean the same in both waves; default: where the index holds texts (whole numbers may be row numbers).
        link: the column with the id that links respondents, where it is not the index.
        overlap: for waves that are not linked: how many answered twice, or (fewest, most).
        populations: sizes of the frames; default the questionnaires'.
        denominator: "asked", "answered" or "valid"; default what the questionnaire declares.
        adjustment: "holm", "benjamini-hochberg" or "none", within the family.
        family: what the tests have in common, in words.
        level: confidence level.
        decimals: of percentages.
        lang: "da" or "en".

    Returns:
        WaveComparison; `.frame`: item, code, label, x1, n1, percent1, x2, n2, percent2, change (percentage points from exact counts),
        worst_lower, worst_upper, lower, upper, z, p, p_adjusted, p_low, p_high, panel_n, panel_x1, panel_x2, panel_change, panel_p.
        Number items: mean1, mean2, change, t as z.

    Raises:
        NotPermittedError: reconstructed answers or published aggregates.
        AnalysisError: items not declared comparable, not in a wave, or of unlike kinds.

    Source:
        Derrick et al. 2015 and 2017; Qualité and Tillé 2008; McNemar 1947.

    Example:
        >>> import pandas as pd
        >>> one = pd.Series(["yes"] * 20 + ["no"] * 22, index=[f"m{k}" for k in range(42)])
        >>> two = pd.Series(["yes"] * 34 + ["no"] * 21, index=[f"m{k}" for k in range(7, 62)])
        >>> found = compare_waves(one, two, populations=(98, 98), labels=("2021", "2022"))
        >>> found.overlap, [round(change, 1) for change in found.frame["change"]]
        ((35, 35), [-14.2, 14.2])
    """
    language = check_lang(lang)
    for source in (first, second):
        require_permitted(source, "a comparison of waves")
    pairs, notes = _pairs_of_items(first, second, item, item2)
    settings = Linking(linked, overlap, level, decimals)
    sides = []
    for one, two in pairs:
        ends = [
            side_of(source, name, label=labels[place] if labels else "", denominator=denominator, population=populations[place], link=link)
            for place, (source, name) in enumerate(((first, one), (second, two)))
        ]
        sides.append((one, ends[0], ends[1]))
    rows: list[dict[str, Any]] = []
    for name, one_side, two_side in sides:
        rows += change_rows(name, one_side, two_side, settings)
    tests = _adjusted(rows, adjustment, family or Phrase("comparing.family_rows").say(language))
    overlaps = {row["_overlap"] for row in rows}
    linkable = all(row["_linked"] for row in rows)
    public = [{name: value for name, value in row.items() if not name.startswith("_")} for row in rows]
    frame, spoken = said_frame(public, language)
    _, head, tail = sides[0]
    several = len(sides) > 1
    title = (
        Phrase("comparing.title_waves_items", {"first": head.label, "second": tail.label})
        if several or not head.question
        else Phrase("comparing.title_waves", {"question": head.question})
    )
    told = _notes(sides, rows, linkable, settings, tests, language)
    return WaveComparison(
        frame=frame,
        spoken=spoken,
        base=Base(None, known_unit(head.unit), wave=f"{say(head.label, language)} / {say(tail.label, language)}"),
        title=title,
        notes=(*notes, *told),
        shows=_columns(frame, head.label, tail.label, several),
        kind=head.kind,
        lang=language,
        family=tests,
        side_labels=(head.label, tail.label),
        overlap=(min(low for low, _ in overlaps), max(high for _, high in overlaps)),
    )


def _pairs_of_items(
    first: Source, second: Source, item: str | Sequence[str] | None, item2: str | None
) -> tuple[list[tuple[str, str]], list[Phrase]]:
    if not (isinstance(first, Survey) and isinstance(second, Survey)):
        if isinstance(first, Survey) or isinstance(second, Survey):
            raise AnalysisError("a Survey is compared with a Survey, a Series with a Series", where="first, second")
        return [("", "")], []
    notes: list[Phrase] = []
    if item2 is not None:
        if not isinstance(item, str):
            raise AnalysisError("item2 names the other wave's item for one item", where="item2")
        return [(item, item2)], list(require_comparable(first, item, second, item2, "comparable"))
    found, missing = [], []
    for name in _names(first, item):
        other = counterpart(first, one_item(first, name), second, "comparable")
        if other is not None:
            notes += require_comparable(first, name, second, other.id, "comparable")
            found.append((name, other.id))
        elif item is None:
            missing.append(name)
        else:
            assert second.questionnaire is not None
            known = {each.id for each in second.questionnaire.items}
            if name not in known:
                raise AnalysisError(
                    f"the item {name} has no counterpart in {second.questionnaire.id}",
                    where="item",
                    todo="name it with item2, or leave it out",
                )
            require_comparable(first, name, second, name, "comparable")
    if not found:
        raise AnalysisError(
            "no item is declared comparable in these waves", where="item", todo="write comparable = [...] in the questionnaire"
        )
    if missing:
        notes.append(Phrase("comparing.not_in_both", {"items": ", ".join(missing)}))
    return found, list({note.say("en"): note for note in notes}.values())


def _names(survey: Survey, item: str | Sequence[str] | None) -> list[str]:
    if isinstance(item, str):
        return [item]
    if item is not None:
        return list(item)
    assert survey.questionnaire is not None
    return [each.id for each in survey.questionnaire.items if each.type not in ("open", "number")]


def _adjusted(rows: list[dict[str, Any]], method: str, family: str) -> Family:
    """Adjust within the family and write the adjusted p into the rows; one hypothesis counts once."""
    hypotheses: dict[tuple[str, str], float] = {}
    for row in rows:
        hypotheses.setdefault((row["item"], row["_same"]), row["p"])
    tests = adjust(list(hypotheses.values()), method, family)
    by_key = dict(zip(hypotheses, tests.adjusted, strict=True))
    for row in rows:
        row["p_adjusted"] = by_key[row["item"], row["_same"]]
    return tests


def _notes(
    sides: list[tuple[str, Side, Side]], rows: list[dict[str, Any]], linked: bool, settings: Linking, tests: Family, lang: Lang
) -> list[Phrase]:
    _, one, two = sides[0]
    notes = []
    overlaps = [row["_overlap"] for row in rows]
    if not linked:
        notes.append(
            Phrase("comparing.note_unlinkable", {"low": min(low for low, _ in overlaps), "high": max(high for _, high in overlaps)})
        )
    elif max(high for _, high in overlaps):
        notes += [Phrase("comparing.note_linked", {"n": max(high for _, high in overlaps)}), Phrase("comparing.note_unlike")]
    else:
        notes.append(Phrase("comparing.note_independent"))
    finite = one.population is not None and two.population is not None
    if finite:
        notes.append(Phrase("comparing.note_worst", {"first": one.population, "second": two.population}))
    if one.numbers is None:
        method = Phrase("comparing.method_finite" if finite else "comparing.method_infinite")
        notes.append(Phrase("comparing.note_interval_waves", {"level": int(half_up(100 * settings.level)), "method": method}))
        notes += [Phrase("comparing.note_test_and_interval")] if finite else []
    words = {"size": tests.size, "family": tests.name, "method": Phrase(f"comparing.method_{tests.method}")}
    return [*notes, Phrase("comparing.family", words), Phrase("comparing.cannot_tell")]


def _columns(frame: pd.DataFrame, first: str | Sayable, second: str | Sayable, several: bool) -> tuple[Column, ...]:
    def of(key: str, label: str | Sayable) -> Phrase:
        return Phrase(f"comparing.{key}", {"label": label})

    numbers = "mean1" in frame.columns and "percent1" not in frame.columns
    wanted = [Column("question", Phrase("comparing.item"))] if several or numbers else []
    wanted += [] if numbers else [Column("label", Phrase("comparing.answer"))]
    for place, label in (("1", first), ("2", second)):
        wanted += [Column(f"n{place}", of("n_of", label), "count"), Column(f"percent{place}", of("percent_of", label), "percent")]
        wanted.append(Column(f"mean{place}", of("mean_of", label), "number", 1))
    wanted += [
        Column("change", Phrase("comparing.change_mean" if numbers else "comparing.change"), "number", 1),
        Column("worst_lower", Phrase("comparing.range_lower", {"what": Phrase("comparing.worst")}), "number", 1),
        Column("worst_upper", Phrase("comparing.range_upper", {"what": Phrase("comparing.worst")}), "number", 1),
        Column("lower", Phrase("comparing.range_lower", {"what": Phrase("comparing.interval")}), "number", 1),
        Column("upper", Phrase("comparing.range_upper", {"what": Phrase("comparing.interval")}), "number", 1),
        Column("p_low", Phrase("comparing.p_low"), "p"),
        Column("p_high", Phrase("comparing.p_high"), "p"),
        Column("p_adjusted", Phrase("comparing.p_adjusted"), "p"),
        Column("panel_n", Phrase("comparing.panel_n"), "count"),
        Column("panel_change", Phrase("comparing.panel_mixed"), "number", 1),
        Column("panel_p", Phrase("comparing.panel_p"), "p"),
    ]
    return tuple(column for column in wanted if column.name in frame.columns and not frame[column.name].isna().all())
