"""Change between two waves with partly the same respondents, in known frames."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import pandas as pd

from vvvresearch.errors import AnalysisError
from vvvresearch.evidence import Survey
from vvvresearch.locales import Joined, Phrase, Sayable, half_up
from vvvresearch.results import Base, Column, Interval, Labelled, Labels, Measure, Move, Result, Tested, Total, recorded
from vvvresearch.statistics.multiplicity import adjust, agreeing, deciding_alpha
from vvvresearch.survey.comparison._changes import Link, Linking, change_row, link_of, mean_row
from vvvresearch.survey.comparison._comparable import (
    common_items,
    counterpart,
    others_under_the_same_ids,
    require_comparable,
    require_permitted,
)
from vvvresearch.survey.comparison._compared import Question, compared_result, decide_together, root_of, settings_of
from vvvresearch.survey.comparison._sides import Side, Source, one_item, side_of
from vvvresearch.survey.tabulation._asked import Denominator
from vvvresearch.survey.tabulation._tabulate import known_unit


@recorded
def compare_waves(
    first: Source,
    second: Source,
    item: str | Sequence[str] | None = None,
    *,
    item2: str | None = None,
    labels: tuple[str | Sayable, str | Sayable] | None = None,
    linked: bool | None = None,
    link: str = "",
    overlap: int | tuple[int, int] | None = None,
    populations: tuple[int | None, int | None] = (None, None),
    denominator: Denominator | None = None,
    adjustment: str = "holm",
    family: str = "",
    level: float = 0.95,
    decimals: int = 0,
) -> Result:
    """Compare two waves of the same item, with all respondents and with the panel that answered both.

    Where respondents can be linked the test counts the overlap (Derrick's z for shares, t for numbers) and the panel stands beside
    all answers with McNemar's exact test. Where they cannot, p is given as the range over every possible table of pairs. Both waves
    are taken as parts of their finite frames: the worst case first, then an interval that assumes respondents are like a random
    sample. Items that no questionnaire declares comparable are refused.

    Args:
        first, second: Survey; or a table with the columns `item`; or a Series of answers, or a DataFrame of 0/1 ticks. Index: respondent.
        item: the item's id (or the name of a table's column), several, or None for every comparable item with options.
        item2: its id in the second wave, where another than in the first; default the item declared comparable.
        labels: names of the waves; default those of the questionnaires.
        linked: whether ids mean the same in both waves; default: where the index holds texts (whole numbers may be row numbers) and
            what asks who somebody is shows no others under the same ids.
        link: the column with the id that links respondents, where it is not the index.
        overlap: for waves that are not linked: how many answered twice, or (fewest, most).
        populations: sizes of the frames; default the questionnaires'.
        denominator: "asked", "answered" or "valid"; default what the questionnaire declares.
        adjustment: "holm", "benjamini-hochberg" or "none", within the family.
        family: what the tests have in common, in words.
        level: confidence level.
        decimals: of percentages.

    Returns:
        Result; `.frame`: item, code, x1, n1, x2, n2, change (of shares, −1 to 1, second less first), worst_lower, worst_upper, lower,
        upper, level (of the limits: the one that decides in the family), p, p_adjusted (missing for an answer that is only described),
        least_detectable (the change that would be found four times in five; missing where none would), key (the answer stands for
        its question and is tested), several (of a question with several answers), z, p_low, p_high, panel_before, panel_after,
        panel_n (counts of those who answered twice), panel_change, panel_p, verdict ("rose", "fell", "undecided", "described"). The
        answers that stand for their questions are one family. Totals overlap, overlap_lowest, tests;
        parts "panel" and each question with several answers. Number items: item, n1, mean1, n2, mean2, change, t, p, panel_n,
        panel_change, lower, upper, level, p_adjusted. Addresses `<first>~<second>.<item>.<code>.change`; a choice that changes numbers is
        a part of the root.

    Raises:
        NotPermittedError: reconstructed answers or published aggregates.
        AnalysisError: items not declared comparable, not in a wave, of unlike kinds, or numbers among answer options.

    Source:
        Derrick et al. 2015 and 2017; Qualité and Tillé 2008; McNemar 1947; Amro and Pauly 2017.

    Example:
        >>> import pandas as pd
        >>> one = pd.Series(["yes"] * 20 + ["no"] * 22, index=[f"m{k}" for k in range(42)])
        >>> two = pd.Series(["yes"] * 34 + ["no"] * 21, index=[f"m{k}" for k in range(7, 62)])
        >>> found = compare_waves(one, two, populations=(98, 98), labels=("2021", "2022"))
        >>> found.totals["overlap"].value, found.frame["change"].round(3).tolist()
        (35, [-0.142, 0.142])
    """
    for source in (first, second):
        require_permitted(source, "a comparison of waves")
    pairs, notes = _pairs_of_items(first, second, item, item2)
    others = 0
    if linked is None and not link and isinstance(first, Survey) and isinstance(second, Survey):
        others = others_under_the_same_ids(first, second)
    if others:
        notes = [*notes, Phrase("comparing.note_other_persons", {"n": others})]
    settings = Linking(False if others else linked, overlap, level)
    sides: list[tuple[str, Side, Side]] = []
    for name, other in pairs:
        names = labels or ("", "")
        head = side_of(first, name, label=names[0], denominator=denominator, population=populations[0], link=link)
        tail = side_of(second, other, label=names[1], denominator=denominator, population=populations[1], link=link, like=head)
        sides.append((name, head, tail))
    links = [link_of(name, one, two, settings) for name, one, two in sides]
    if overlap is not None or link or any(populations):
        at = ""  # no address can hold who the same respondents are
    else:
        chosen = [item] if isinstance(item, str) else list(item or ())
        tie = "" if linked is None else f"linked-{str(linked).lower()}"
        at = root_of(first, second, chosen, item2, *settings_of(denominator, level, adjustment), tie)
    if any(one.numbers is not None for _, one, _ in sides):
        return _means(sides, links, at, notes, adjustment, family, level)
    questions = [Question.of(*side) for side in sides]
    found = [
        change_row(question, answer, linking, settings)
        for question, linking in zip(questions, links, strict=True)
        for answer in question.answers
    ]
    if not found:
        raise AnalysisError("nobody answered", where=", ".join(name for name, _ in pairs))
    rows, inferences, overlaps = [row for row, _, _ in found], [inference for _, inference, _ in found], [twice for _, _, twice in found]
    note, totals = decide_together(questions, rows, inferences, "waves", method=adjustment, family=family, level=level)
    low, high = min(low for low, _ in overlaps), max(high for _, high in overlaps)
    known = all(linking.known for linking in links)
    head, tail = sides[0][1:]
    result = compared_result(
        questions,
        rows,
        "waves",
        at=at,
        title=_title(head, tail, several=len(sides) > 1),
        notes=(*notes, *_notes(head, tail, known, (low, high), level), Phrase("comparing.cannot_tell")),
        family=note,
        totals={"overlap": Total(high), "overlap_lowest": Total(low)} | totals,
        decimals=decimals,
        more=(Tested("p_low", Phrase("comparing.p_low"), "p"), Tested("p_high", Phrase("comparing.p_high"), "p")),
        measures=(
            *(Measure(name, of="panel_n") for name in ("panel_before", "panel_after", "panel_n")),
            Measure("panel_change", "points", 1, of="panel_n"),
            Measure("panel_p", "p", of="panel_n", sides=("panel_n",)),
        ),
    )
    return dataclasses.replace(result, parts={**_panel(result, head, tail, several=len(sides) > 1), **result.parts})


def _title(one: Side, two: Side, *, several: bool) -> Phrase:
    if several or not one.question:
        return Phrase("comparing.title_waves_items", {"first": one.label, "second": two.label})
    return Phrase("comparing.title_waves", {"question": one.question})


def _pairs_of_items(
    first: Source, second: Source, item: str | Sequence[str] | None, item2: str | None
) -> tuple[list[tuple[str, str]], list[Phrase]]:
    if not (isinstance(first, Survey) and isinstance(second, Survey)):
        if isinstance(first, Survey) or isinstance(second, Survey):
            raise AnalysisError("a Survey is compared with a Survey, a Series with a Series", where="first, second")
        names = [item] if isinstance(item, str) else list(item or ("",))
        return [(name, item2 or name) for name in names], []
    if item is None:
        if item2 is not None:
            raise AnalysisError("item2 names the other wave's item for one item", where="item2")
        found, left_out = common_items(first, second, "comparable")
        if not found:
            raise AnalysisError(
                "no item is declared comparable in these waves", where="item", todo="write comparable = [...] in the questionnaire"
            )
        notes = [Phrase("comparing.not_in_both", {"items": Joined(tuple(item.text for item in left_out), " · ")})] if left_out else []
    else:
        if item2 is not None and not isinstance(item, str):
            raise AnalysisError("item2 names the other wave's item for one item", where="item2")
        names = [item] if isinstance(item, str) else list(item)
        found, notes = [(name, item2 or comparable_item(first, name, second)) for name in names], []
    told = [note for one, two in found for note in require_comparable(first, one, second, two, "comparable")]
    return found, list({note.say("en"): note for note in (*told, *notes)}.values())


def comparable_item(first: Survey, name: str, second: Survey) -> str:
    """The id in the second wave: the item declared comparable, else one of the same id, which is then refused with what differs."""
    other = counterpart(first, one_item(first, name), second, "comparable")
    if other is not None:
        return other.id
    assert second.questionnaire is not None
    if name not in {each.id for each in second.questionnaire.items}:
        raise AnalysisError(
            f"the item {name} has no counterpart in {second.questionnaire.id}", where="item", todo="name it with item2, or leave it out"
        )
    return name


def _notes(one: Side, two: Side, linked: bool, overlap: tuple[int, int], level: float) -> list[Phrase]:
    low, high = overlap
    if not linked:
        notes = [Phrase("comparing.note_unlinkable", {"low": low, "high": high})]
    elif high:
        notes = [Phrase("comparing.note_linked", {"n": high}), Phrase("comparing.note_unlike")]
    else:
        notes = [Phrase("comparing.note_independent")]
    if one.numbers is not None:
        return [*notes, Phrase("comparing.note_means")]
    finite = one.population is not None and two.population is not None
    if finite:
        notes.append(Phrase("comparing.note_worst", {"first": one.population, "second": two.population}))
    method = Phrase("comparing.method_finite" if finite else "comparing.method_infinite")
    notes.append(Phrase("comparing.note_interval_waves", {"level": int(half_up(100 * level)), "method": method}))
    return notes


def _panel(result: Result, one: Side, two: Side, *, several: bool) -> dict[str, Result]:
    """The panel beside all answers; none where nobody can be seen twice."""
    frame = result.frame[result.frame["panel_n"].notna() & (result.frame["key"] | (not several))]
    if frame.empty:
        return {}
    question = result.shows[0]
    return {
        "panel": dataclasses.replace(
            result,
            frame=frame.reset_index(drop=True),
            title=Phrase("comparing.panel_title", {"first": one.label, "second": two.label}),
            notes=(Phrase("comparing.note_unlike"), Phrase("comparing.panel_note")),
            shows=(
                question,
                Column("change", Phrase("comparing.all_change"), "points", 1),
                Column("panel_change", Phrase("comparing.panel_mixed"), "points", 1),
                Move("panel", Phrase("comparing.panel"), before="panel_before", after="panel_after", n="panel_n"),
                Tested("panel_p", Phrase("comparing.panel_p"), "p", sides=("panel_n",)),
            ),
            totals={},
            parts={},
            pictures={},
        )
    }


def _means(
    sides: list[tuple[str, Side, Side]],
    links: list[Link],
    at: str,
    notes: Sequence[Phrase],
    adjustment: str,
    family: str,
    level: float,
) -> Result:
    if any(one.numbers is None for _, one, _ in sides):
        names = ", ".join(name for name, *_ in sides)
        raise AnalysisError("numbers and answer options do not stand in one table", where=names, todo="compare them in two calls")
    rows, found = zip(*[mean_row(*side, linking) for side, linking in zip(sides, links, strict=True)], strict=True)
    tests = adjust([test.p_value for test in found], adjustment, "")
    for row, test, adjusted in zip(rows, found, tests.adjusted, strict=True):
        own = deciding_alpha(test.p_value, adjusted, 1 - level, tests.size)
        lower, upper = agreeing(test.limits(1 - own), adjusted, 1 - level)
        row |= {"lower": lower, "upper": upper, "level": 1 - own, "p_adjusted": adjusted}
    frame = pd.DataFrame(rows)
    _, head, tail = sides[0]
    words = {"size": tests.size, "family": family or Phrase("comparing.family_rows"), "method": Phrase(f"comparing.method_{adjustment}")}
    overlaps = [linking.n for linking in links]
    unit = known_unit(head.unit)
    ends = tuple((place, side.label) for place, side in (("1", head), ("2", tail)))
    columns = [
        Labelled("question", Phrase("comparing.item"), of=("item",)),
        *(
            column
            for place, label in ends
            for column in (
                Column(f"n{place}", Phrase("comparing.n_of", {"label": label}), "count"),
                Column(f"mean{place}", Phrase("comparing.mean_of", {"label": label}), "number", 1),
            )
        ),
        Column("change", Phrase("comparing.change_mean"), "number", 1),
        Interval("interval", Phrase("comparing.interval"), decimals=1),
        Tested("p_adjusted", Phrase("comparing.p_adjusted"), "p", note=Phrase("comparing.family", words)),
        Column("panel_n", Phrase("comparing.panel_n"), "count"),
        Column("panel_change", Phrase("comparing.panel_mean"), "number", 1),
    ]
    return Result(
        frame=frame,
        base=Base(None, unit, wave=Joined((head.label, tail.label), " / ")),
        title=_title(head, tail, several=len(sides) > 1),
        notes=(*notes, *_notes(head, tail, True, (min(overlaps), max(overlaps)), level), Phrase("comparing.cannot_tell")),
        shows=tuple(column for column in columns if column.name not in frame or frame[column.name].notna().any()),
        kind=head.kind,
        at=at,
        keys=("item",),
        measures=(
            *(Measure(f"n{place}", of=f"n{place}") for place in "12"),
            *(Measure(f"mean{place}", "number", 1, of=f"n{place}") for place in "12"),
            *(Measure(name, "number", 1, of="") for name in ("change", "lower", "upper")),
            *(Measure(name, "p", of="", sides=("n1", "n2")) for name in ("p", "p_adjusted")),
            Measure("panel_n", of="panel_n"),
            *(Measure(name, "number", 1, of="panel_n") for name in ("panel_mean1", "panel_mean2", "panel_change")),
        ),
        labels={"item": Labels({name: one.question for name, one, _ in sides})},
    )
