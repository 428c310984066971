"""Tables of single items, batteries and banners, each with its base and the notes it needs."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from numbers import Integral
from typing import TYPE_CHECKING, Any

import numpy as np

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.evidence import Battery, Item, Questionnaire, Survey
from vvvresearch.locales import Joined, Phrase, Sayable, has_words
from vvvresearch.results import Base, Result, address_part, recorded
from vvvresearch.survey.tabulation._answers import as_survey, find_items, read_answers
from vvvresearch.survey.tabulation._asked import Denominator, OffRoute, RouteWords, counted
from vvvresearch.survey.tabulation._counting import Banner, Calibrated, banners, base_counts, weights_of
from vvvresearch.survey.tabulation._numbers import as_numbers, number_frame, number_measures, number_notes, number_shows, whole_of
from vvvresearch.survey.tabulation._rows import (
    Design,
    IntervalChoice,
    Part,
    interval_choice,
    part_of,
    rows_of,
    tidy_frame,
    top_rows,
    top_words,
)
from vvvresearch.survey.tabulation._table import (
    SMALL_N,
    Form,
    banner_notes,
    bases_of,
    battery_notes,
    denominator_note,
    interval_notes,
    item_notes,
    key_of,
    labels_of_parts,
    measures_of,
    picture_of,
    rounding_note,
    shows_of,
    top_notes,
    top_result,
    weighted_notes,
)

if TYPE_CHECKING:
    import pandas as pd

_DENOMINATORS = ("asked", "answered", "valid", "ticked")


@recorded
def tabulate(
    survey: Survey | pd.DataFrame,
    item: str | Item | Battery | Sequence[str],
    by: str | Sequence[str] | None = None,
    *,
    denominator: Denominator | None = None,
    weights: str | bool | pd.Series[float] | Calibrated | None = None,
    intervals: str | bool | None = None,
    population: int | None = None,
    level: float = 0.95,
    decimals: int = 0,
    off_route: OffRoute = "keep",
    numbers: bool = False,
    small_n: int = SMALL_N,
) -> Result:
    """Tabulate an item, a battery or several items, alone or across the groups of a banner.

    Percentages are rounded half up from integer counts; options nobody chose stay; a multiple item counts everybody who
    answered the battery, ticked or not. Who was asked is computed from the questionnaire's routes and compared with the
    answers; where they disagree a `RouteWarning` and a note name both numbers.

    Args:
        survey: answers with their questionnaire; or a plain table, one row a respondent, whose columns are the items.
        item: an item or battery, its id, a multiple-response set's name, or several ids as one battery.
        by: one variable or several: columns of the answers (items or others) or of the list of invited. A variable
            called "wave" parts waves: an item without any answer in a wave counts as not in that wave.
        denominator: "asked", "answered" (don't know and refused included), "valid" (without them) or, for multiple
            items, "ticked"; default is what the questionnaire declares for the item.
        weights: a column of the answers, one number a respondent, True for the weight variable of the file, or what `weight` made,
            which keeps its calibration; counts and n stay unweighted. Weighted shares, numbers, means and sums have standard errors
            and limits, with the finite correction where the frame is known.
        intervals: a method of `proportion_interval`, or True for the exact interval of a finite population (Wilson
            where no population is known). With a population the worst case stands first.
        population: size of the frame; default the questionnaire's. Not used for routed items and for groups.
        level: confidence level of the intervals.
        decimals: digits of percentages.
        off_route: "keep" answers of people whom the route does not lead to the item, or "drop" them.
        numbers: answers on a scale taken as numbers: mean, spread and quartiles; of a battery on one scale also of the mean of each
            who answered all of it (item "total").
        small_n: below this base readers see counts, not percentages.

    Returns:
        Result; `.frame`: item, code, role, count, n, with `by` also the groups in a column named as the variable (the whole is
        "total"), and as shares between 0 and 1 worst_lower, worst_upper, lower, upper where asked for; with weights weighted (share),
        se, lower, upper, weighted_total (number), se_total. What has a count but no share (don't know beside valid answers, an item
        printed in part) has no n; what was never published has no count. Number items: n, mean, sd, min, q1, median, q3, max, sum;
        with weights weighted (mean), se, lower, upper, weighted_total (sum), se_total. Addresses: `<survey>.<item>.<code>.share`,
        `<survey>/by-<variable>.<item>.<group>.<code>.share`, `<survey>/top.<item>.share`; a setting that changes numbers is a
        part of the root. Several variables give one table, with one part a variable that holds the addresses.

    Raises:
        NotPermittedError: a banner or weights with reconstructed answers.
        AnalysisError: unknown items, variables or codes; impossible weights or denominators; numbers of answers that have none.

    Example:
        >>> from vvvresearch.survey import example_survey
        >>> table = tabulate(example_survey(), "refers")
        >>> table.frame[["code", "count", "n"]].values.tolist()
        [['yes', 8, 12], ['no', 4, 12]]
        >>> table.cell("share", item="refers", code="yes").say("en")
        '67%'
    """
    if denominator is not None and denominator not in _DENOMINATORS:
        raise AnalysisError(f"there is no denominator {denominator!r}", todo=did_you_mean(str(denominator), _DENOMINATORS))
    if off_route not in ("keep", "drop"):
        raise AnalysisError(f'off_route is "keep" or "drop", not {off_route!r}')
    if not isinstance(decimals, Integral) or decimals < 0:
        raise AnalysisError(f"decimals is {decimals!r}", where="decimals", why="it is a number of digits, 0 or more")
    survey = as_survey(survey, item)
    items, battery = find_items(survey, item)
    known = [read_answers(survey, one) for one in items]
    if numbers and {one.type for one in items} != {"number"}:
        known = [as_numbers(one) for one in known]
        known += [whole] if (whole := whole_of(known)) is not None else []
    else:
        numbers = False
    kinds = {one.item.type for one in known}
    if "number" in kinds and len(kinds) > 1:
        raise AnalysisError("numbers and answer options do not stand in one table", where=", ".join(one.id for one in items))
    assert survey.questionnaire is not None
    heads, heavy = banners(survey, by), weights_of(survey, weights)
    frame = population if population is not None else survey.questionnaire.frame.population
    design = None if heavy is None else Design(heavy, frame, level)
    parts = [part_of(survey, one, heads, denominator, design, off_route) for one in known]
    choice = _choice(survey.questionnaire, parts, (intervals, population, level)) if design is None else None
    settings = [
        f"of-{denominator}" if denominator and any(_overruled(part) for part in parts) else "",
        "numbers" if numbers else "",
        "on-route" if off_route == "drop" else "",
        f"weighted-{_weight_name(survey, weights)}" if heavy is not None else "",
        _interval_name(intervals if choice is not None else True, population, level) if choice is not None or design is not None else "",
    ]
    table = _Table(survey, survey.questionnaire, parts, heads, bool(battery), decimals, small_n, choice, heavy is not None, tuple(settings))
    return table.numbers() if kinds == {"number"} else table.answers()


@dataclasses.dataclass(frozen=True)
class _Table:
    """What a table is made of, counted."""

    survey: Survey
    questionnaire: Questionnaire
    parts: list[Part]
    heads: tuple[Banner, ...]
    battery: bool
    decimals: int
    small_n: int
    choice: IntervalChoice | None
    weighted: bool
    settings: tuple[str, ...]

    def answers(self) -> Result:
        """The table of items with options."""
        shares = _shares(self.questionnaire, self.parts[0])
        parts = _sorted(self.parts, shares) if self.battery else self.parts
        rows = [row for part in parts for row in rows_of(part, self.choice)]
        tops = top_rows(parts, self.questionnaire, self.choice)
        told, assumptions = interval_notes(self.choice, any(part.item.route for part in parts))
        label = Joined(tuple(option.label for option in parts[0].answers.options if option.code in shares), " + ")
        notes = [*denominator_note(parts), *rounding_note(rows, parts, self.decimals, self.small_n)]
        if self.battery:
            notes += battery_notes(parts, label if shares else None)
        notes += [*top_notes(parts, tops, self.questionnaire, self.decimals), *banner_notes(self.heads, parts)]
        if any(0 < row["n"] < self.small_n for row in rows):
            notes.append(Phrase("tabulation.small_n", {"limit": self.small_n}))
        if self.weighted:
            notes += weighted_notes(parts)
        own = [note for part in parts for note in item_notes(self.survey, part)]
        shared = self.shared((*notes, *told, *_once(own)), tuple(assumptions))
        words = Joined(top_words(parts[0], self.questionnaire), " + ")

        def made(heads: tuple[Banner, ...], *, several: bool = False) -> Result:
            form, about = self.form(heads, several), self.about(heads, several)
            labels = about["labels"]
            lead = ("item", form.key) if form.key else ("item",)
            frame = tidy_frame(_in_heads(rows, heads, form.key, several), (*lead, "code", "role", "count", "n"))
            columns, beside = shows_of(frame, form)
            found: dict[str, Result] = {}
            if of_heads := _in_heads(tops, heads, form.key, several):
                at = "" if several else self.root(heads, "top")
                found["top"] = top_result(tidy_frame(of_heads, (*lead, "count", "n")), form, at, shared | about, labels, words)
            return Result(
                **shared | about,
                frame=frame,
                shows=columns,
                beside=beside,
                keys=(*lead, "code"),
                measures=measures_of(frame, self.decimals),
                parts=found,
                pictures={} if several else picture_of(frame, labels, form, parts, shared["notes"]),
                at="" if several else self.root(heads),
            )

        return self.whole(made)

    def numbers(self) -> Result:
        """The table of number items: one line an item and group, statistics as measures."""
        notes = [Phrase("tabulation.denominator_number"), Phrase("tabulation.quartiles"), *number_notes(self.parts[0].answers)]
        notes += banner_notes(self.heads, self.parts)
        if self.weighted:
            notes += weighted_notes(self.parts)
        shared = self.shared(tuple(notes), ())
        rows = number_frame(self.parts, self.heads)

        def made(heads: tuple[Banner, ...], *, several: bool = False) -> Result:
            form = self.form(heads, several)
            lead = ("item", form.key) if form.key else ("item",)
            frame = tidy_frame(_in_heads(rows, heads, form.key, several), (*lead, *(name for name in rows[0] if name not in _PLACE)))
            return Result(
                **shared | self.about(heads, several),
                frame=frame,
                shows=number_shows(form, len(self.parts), self.decimals, weighted=self.weighted),
                keys=lead,
                measures=number_measures(self.decimals, weighted=self.weighted),
                at="" if several else self.root(heads),
            )

        return self.whole(made)

    def whole(self, made: Any) -> Result:
        """One table; with several variables their tables are parts of it and hold the addresses."""
        if len(self.heads) <= 2:
            table: Result = made(self.heads)
            return table
        total, *groups = self.heads
        found: Result = made(self.heads, several=True)
        return dataclasses.replace(found, parts={**found.parts, **{f"by-{head.by}": made((total, head)) for head in groups}})

    def root(self, heads: tuple[Banner, ...], part: str = "") -> str:
        """What its numbers' addresses begin with."""
        by = [f"by-{address_part(head.by)}" for head in heads if head.by]
        return "/".join(filter(None, (self.survey.id, *by, *self.settings, part)))

    def form(self, heads: tuple[Banner, ...], several: bool) -> Form:
        """How it is laid out."""
        if len(heads) == 1:
            return Form("", self.battery, self.decimals)
        key = "group" if several else key_of(heads[1].by)
        return Form(key, self.battery, self.decimals, Phrase("tabulation.group") if several else heads[1].name)

    def about(self, heads: tuple[Banner, ...], several: bool) -> dict[str, Any]:
        """Labels and bases."""
        form = self.form(heads, several)
        groups: dict[str, str | Sayable] = {}
        places: dict[str, tuple[int, int]] = {}
        for head in heads:
            for place, code in enumerate(head.codes):
                value = _group(head.by, code, several)
                groups[value] = head.labels[place]
                places[value] = (self.heads.index(head), place)
        bases = {part.item.id: self.base(part) for part in self.parts}
        return {
            "labels": labels_of_parts(self.parts, form.key, groups),
            "bases": bases_of(self.parts, form, bases, places),
            "base_on": ("item", form.key) if form.key else ("item",),
        }

    def base(self, part: Part) -> Base:
        """The base of one item's whole."""
        questionnaire, item = self.questionnaire, part.item
        return Base(
            n=part.n(),
            unit=known_unit(item.unit or questionnaire.frame.unit),
            group=questionnaire.group,
            wave=questionnaire.wave,
            source=item.place,
            question=item.text,
            population=questionnaire.frame.population,
            routing=RouteWords(questionnaire, item) if item.route else "",
            **base_counts(part.answers, part.asked),
        )

    def shared(self, notes: tuple[Phrase, ...], assumptions: tuple[Phrase, ...]) -> dict[str, Any]:
        """Base, title, notes and kind of the table: of several items only what they have in common."""
        bases = [self.base(part) for part in self.parts]
        base, one = bases[0], self.parts[0].item
        names = [field.name for field in dataclasses.fields(Base)]
        unlike = {name for name in names if any(getattr(base, name) != getattr(other, name) for other in bases)}
        if len({part.item.route for part in self.parts}) == 1:
            unlike.discard("routing")
        empty: dict[str, Any] = {"question": "", "routing": ""} | dict.fromkeys(_COUNTS)
        known = {part.n() for part in self.parts} - {None}
        empty["n"] = known.pop() if len(known) == 1 else None
        base = dataclasses.replace(base, **{name: empty[name] for name in unlike if name in empty})
        title = Phrase("tabulation.battery", {"survey": self.questionnaire.title}) if self.battery else one.text
        return {
            "base": dataclasses.replace(base, question="") if self.battery else base,
            "title": title,
            "notes": notes,
            "assumptions": assumptions,
            "kind": self.survey.kind,
            "small_n": self.small_n,
        }


_PLACE = ("item", "by", "group")
_COUNTS = ("asked", "answered", "dont_know", "refused", "not_asked", "not_in_wave")


def _in_heads(rows: list[dict[str, Any]], heads: tuple[Banner, ...], key: str, several: bool) -> list[dict[str, Any]]:
    """The rows of some banners, with their group in its column."""
    wanted = {head.by for head in heads}
    return [{**row, key: _group(row["by"], row["group"], several)} if key else row for row in rows if row["by"] in wanted]


def _group(by: str, group: str, several: bool) -> str:
    # Two variables may have groups of one code.
    return f"{by}={group}" if several and by else group


def _weight_name(survey: Survey, weights: Any) -> str:
    # A weighting has no name, and a result that is asked for one looks for what was meant.
    own = None if isinstance(weights, Result) else getattr(weights, "name", None)
    name = survey.weight if weights is True else weights if isinstance(weights, str) else own
    return address_part(name) if name else "given"


def _interval_name(intervals: str | bool | None, population: int | None, level: float) -> str:
    """A setting that changes limits has its place in their addresses; the usual one has none."""
    if intervals is True and population is None and level == 0.95:
        return ""
    parts = ("interval", "" if intervals is True else str(intervals), f"{100 * level:g}", "" if population is None else str(population))
    return address_part("-".join(filter(None, parts)))


def _overruled(part: Part) -> bool:
    return part.item.type not in ("open", "number") and part.denominator != part.item.denominator


def _once(notes: list[Phrase]) -> list[Phrase]:
    """Each sentence once, though several items of a battery need it."""
    return list({note.say("en"): note for note in notes}.values())


def _choice(
    questionnaire: Questionnaire,
    parts: list[Part],
    wanted: tuple[str | bool | None, int | None, float],
) -> IntervalChoice | None:
    method, population, level = wanted
    known = population if population is not None else questionnaire.frame.population
    if any(part.item.route for part in parts) and population is None:
        known = None
    return interval_choice(method, level, known)


def _shares(questionnaire: Questionnaire, part: Part) -> list[str]:
    """The options a battery is sorted by: its top box, else the first answer (yes)."""
    scale = questionnaire.scales.get(part.item.scale)
    if scale is not None and scale.top:
        return list(scale.top)
    return [option.code for option in part.answers.options if option.role == "answer"][:1]


def _sorted(parts: list[Part], shares: list[str]) -> list[Part]:
    def share(part: Part) -> float:
        places = [place for place, option in enumerate(part.answers.options) if option.code in shares]
        counts = part.counts[0]
        if not counts.n[0]:
            return -1.0
        if part.design is not None:
            weighted = part.design.share(part.answers.chose(places), counted(part.answers, part.asked, part.denominator))["weighted"]
            return -1.0 if np.isnan(weighted) else weighted
        return float(counts.counts[0, places].sum() / counts.n[0])

    return sorted(parts, key=share, reverse=True)


def known_unit(name: str) -> str:
    """The unit where its words are known, else respondents."""
    return name if has_words(f"units.{name}") else "respondent"
