"""Which numbers of a round could measure a goal: proposed and asked, never taken."""

from __future__ import annotations

import dataclasses
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from vvvresearch.errors import VvvError
from vvvresearch.evidence import Taken, question_alone, span_of
from vvvresearch.intake import days_said, fold, half_words, scale_of, time_and_rest
from vvvresearch.locales import LANGUAGES, Lang, has_words, say, text
from vvvresearch.rounds._measures import cell_of, last_day_seen
from vvvresearch.rounds._table_measures import Measure, alike, covered, named_answers, of_tables, one_at_least

if TYPE_CHECKING:
    import pandas as pd

    from vvvresearch.evidence import Item, Questionnaire
    from vvvresearch.rounds._round import Round

_MOST_ITEMS, _MOST_CHOICES, _LOOSE_FROM, _NAMED = 4, 16, 6, 3
_PEOPLE = ("person", "participant", "leader", "group", "programme", "")
# What a match register counts, where a number is wanted.
_COUNTED = ("started", "active", "ended", "ever")
# A goal of one of these is about no plain count of matches or municipalities, however alike its other words are.
_NARROWER = (
    r"siden (?!start|opstart|begynd|indsatsens)\w+|since (?!the start|the beginning|start)\w+",
    # "Must not fall below 90" is a level, no change.
    r"(fald|stigning|tilvaekst|aendring|vaekst)\b|(?<!not )(?<!never )(?<!to )(increase|decrease|growth|drop|fall)\b",
    r"(er )?kommet til\b|joined|(has|have) left|turned from|skift(et|er) fra",
    r"gennemsnit\w*|average|mean\b|i snit|median\w*",
    r"(i )?hver (eneste )?kommune\b|ingen kommuner?\b|(every|each|no) municipality",
    r"(pr|per) (aar|maaned|kvartal|borger|person|flygtning|frivillig|kommune|gruppe|year|month|quarter|citizen|refugee|volunteer|group)\w*",
)
# The lengths of time that curves and waiting are read at, in days; a month more or less is another.
_LENGTHS, _WITHIN, _NEARLY = (183, 365, 730, 1096), 91, 3
_LASTS = re.compile(
    r"\b(varer|varet|varig\w*|holder|last(s|ing|ed)?|duration|longer|laengere|still (going|running|active)|(fortsat|stadig) \w+)\b"
)
_WAITS = re.compile(r"\b(ventetid\w*|vent(e|er|et)|wait(s|ed|ing)?|(henvis|referr|accept|tilbud)\w* .*(inden for|within))\b")
_LONGER = re.compile(r"\b(laengere end|mere end .*(maaned|uge)\w*|longer than|more than .*(month|week)s?)\b")
_REFERS = re.compile(r"\b(henvis\w*|referr(ed|als?)|refers?)\b")
_YEARLY = re.compile(r"\b(om aaret|aarlig\w*|hvert aar|annual\w*|(each|every) year|yearly)\b|\ba year$")
_LOW = re.compile(r"\b(util\w*|dissat\w*|unsat\w*|unhappy|uenig\w*|disagree\w*|daarlig\w*|poor\w*|lav grad|low degree)\b")
_KNOWN_ONLY = re.compile(r"\b(uden|ekskl\w*|foruden|without|excluding|not counting) (de )?[\w ]{0,20}(ved ikke|don ?t know|do not know)")
# Of the numbers that somebody gave: which one a goal is about.
_STATISTICS = {
    "mean": r"gennemsnit\w*|average|mean|i snit",
    "median": r"median\w*",
    "sum": r"i alt|sum\w*|total\w*|tilsammen|antal\w*|number",
}
_QUARTER = re.compile(r"\b([1-4]) (?:kvartal|kvt?|quarter)\b|\bq([1-4])\b")
_OFFERED = re.compile(r"\b(tilbud\w*|tilbydes|tilbudte|sig(er)? ja|takker ja|accept\w*|offer(s|ed)?)\b")
# Who is counted, where it is people: those who help are told apart from "a volunteer friend".
_PERSONS = re.compile(r"\b(flygtning\w*|borger\w*|personer|refugees?|people|citizens?|frivillige?(?! ven)\w*|volunteers)\b")
_REASONS = {
    "moved": r"flyt\w*|moved?|moving",
    "natural": r"naturlig\w*|natural\w*",
    "changed_life": r"aendret liv\w*|livssituation|changed? life",
    "premature": r"afbrud\w*|afbryd\w*|foer tid|for tidligt|premature\w*|early|broken?|kemi|chemistry|relation(en|ship)",
}
_BASES = {
    "ended_known": r"kendt aarsag|oplyst aarsag|known reason|reason is known",
    "started": r"(ever )?started (match(es)?|pairs?)|ever started|startede|paabegyndte|indgaaede|etablerede|matches started|"
    r"alle (matches?|forloeb)",
    "ended": r"afslut\w*|ophoert\w*|sluttede|ended",
}
_PRESENCE = {
    "planned": r"planlagt\w*|planned|paa vej",
    "absent": r"uden (indsats|vvv|tilbud|programmet|ordningen)|ikke har (en )?(indsats|vvv)|without|absent|not present",
}
_LEVELS = {"1": r"groen\w*|green|forankre\w*|kategori 1", "2": r"gul\w*|yellow|kategori 2", "3": r"roed\w*|red|kategori 3"}
_NEEDS = {"new_arrivals": r"ny(e|ankom\w*)|new(ly)?|arriv\w*", "long_term": r"laenge\w*|herbo\w*|long|settled|residents?"}


def measures_for(opened: Round, words: str, unit: str, *, share: bool, lang: Lang, when: str = "") -> list[Measure]:
    """The numbers of a round that could measure a goal, those that speak of the same first; each of them is there, and its label says it.

    Args:
        opened: the round.
        words: the goal, with what else its list says of how it is measured.
        unit: who is counted, "" where that is asked as well.
        share: whether the goal is a percentage.
        lang: of the labels.
        when: the time that the goal speaks of ("2024-H2"), "" for none.
    """
    found: list[Measure] = []
    yearly = bool(_YEARLY.search(fold(words)))
    # A year of which the registers do not tell to its end is no year's number.
    seen = min(str(opened.spec.seen_until or opened.spec.period.end), last_day_seen(opened) or "9999")
    year = _last_year(seen) if yearly and not when else ""
    # What the goal names comes first, whatever else may bear on it.
    for one in sorted(_possible(opened, words, unit, share, lang, when or year), key=lambda one: not one.named):
        if yearly and re.fullmatch(r"courses\.[a-z]+|referrals\.total(\..*)?", one.id):
            continue
        if len(found) == _MOST_CHOICES:
            break
        if year and "matches" in one.taken and not share:
            one = dataclasses.replace(one, taken=one.taken | {"year": year})
        try:
            # The number is found as the goal will find it: what is shown is what is measured.
            cell = cell_of(opened, Taken.model_validate(one.taken), share=share, when=when)
        except VvvError:
            continue
        if cell.value is not None and (cell.format in ("share", "points")) == share:
            at = str(cell.row.get("period") or cell.row.get("as_of") or cell.row.get("extract") or "")
            shown = cell.say(lang) + (f" ({at})" if at else "")
            # Without dots: it is no address, which a report could include.
            found.append(dataclasses.replace(one, id=one.id.replace(".", ":"), label=f"{one.label}: {shown}", what=one.label, share=share))
    return found


def _last_year(day: str) -> str:
    """The last year that has ended on a day."""
    return day[:4] if day[4:] == "-12-31" else str(int(day[:4]) - 1)


def earlier_value(opened: Round, measure: Measure, since: str) -> tuple[Fraction, bool] | None:
    """What a number was at an earlier time, and whether it is a percentage; None where its source does not tell."""
    taken = Taken.model_validate(measure.taken)
    if taken.form == "cell" and re.match(r"referrals\.\d{4}", taken.cell) and since:
        cells = {cell.address: cell for cell in opened.referrals().cells}
        found = cells.get(f"referrals.{since[:4]}.total.persons")
        return None if found is None else (Fraction(found.value), False)
    name = {"presence": "extract", "matches": "year", "courses": "year"}.get(taken.form)
    if name is None or not since:
        return None
    try:
        cell = cell_of(opened, taken.model_copy(update={name: since}), share=measure.share)
    except VvvError:
        return None
    return None if cell.value is None else (Fraction(str(cell.value)) * (100 if measure.share else 1), measure.share)


def narrower(opened: Round, words: str) -> str:
    """What a goal narrows its number by and no count of registers does: a change, an average, one organisation; "" for nothing."""
    folded = fold(words)
    for pattern in _NARROWER:
        if (found := re.search(rf"\b(?:{pattern})", folded)) and not (
            found[0].startswith(("siden", "since")) and _since_the_first(opened, words)
        ):
            return found[0]
    places = {str(one) for column in ("name", "region") for one in opened.municipalities[column]}
    names = {one for code, said in opened.programme.organisations.items() for one in (code, said.da, said.en)}
    frame = opened.rows_of("matches") if opened.has("matches") else None
    if frame is not None and "organisation" in frame.columns:
        names |= {str(one) for one in frame["organisation"].dropna().unique()}
    named = [one for one in places if re.search(rf"\b{re.escape(one)}s?\b", words)]
    named += [one for one in names if one and re.search(rf"\b{re.escape(fold(one))}\b", folded)]
    return max(named, key=len, default="")


def _since_the_first(opened: Round, words: str) -> bool:
    """Whether a goal counts from a time at which, or before which, the register of matches begins: that narrows nothing."""
    said = re.search(r"\b(?:siden|since) (.+)", words, re.IGNORECASE)
    time = time_and_rest(said[1]) if said else None
    frame = opened.rows_of("matches") if opened.has("matches") else None
    return time is not None and frame is not None and len(frame) > 0 and time[0] <= str(frame["start"].min())[: len(time[0])]


def _referral_sources(opened: Round) -> pd.Series | None:
    """Who referred, as the register of referrals has it, or that of matches; None where neither tells."""
    for name in ("referrals", "matches"):
        frame = opened.rows_of(name)
        if frame is not None and "referral_source" in frame.columns:
            return frame["referral_source"]
    return None


def _referrer(opened: Round, folded: str) -> str:
    """The source of referrals that a goal speaks of, as the register has it; "" where it names none, or several."""
    sources = _referral_sources(opened)
    found = []
    for one in sources.dropna().unique() if sources is not None else ():
        said = [str(one), *(text(key, lang) for lang in LANGUAGES if has_words(key := f"monitoring.source_{one}"))]
        # "Jobcentret" and "jobcenter": the end of a longer word is its inflection.
        stems = [word if len(word) <= _LOOSE_FROM else word[:-2] for word in map(fold, said) if word]
        if any(re.search(rf"\b{re.escape(stem)}\w{{0,5}}\b", folded) for stem in stems):
            found.append(str(one))
    return found[0] if len(found) == 1 else ""


def _possible(opened: Round, words: str, unit: str, share: bool, lang: Lang, when: str) -> Iterator[Measure]:
    folded = fold(words)
    yield from of_tables(opened, words, share, lang)
    if unit != "municipality":
        yield from _of_referrals(opened, folded, share, lang, when)
        if not share and opened.has("referrals") and _REFERS.search(folded) and not re.search(r"\b(match\w*|par|pairs?)\b", folded):
            return
    if not narrower(opened, words):
        about_places = bool(re.search(r"\b(\w*aftaler?|agreements?|kommuner?|municipalit(y|ies))\b", folded))
        if unit in ("match", "person") or (not unit and not about_places):
            yield from _of_matches(opened, folded, unit, share, lang, when) if opened.has("matches") else ()
        if unit in ("municipality", "programme", "") and (unit == "municipality" or about_places):
            yield from _of_municipalities(opened, folded, lang, when)
        if not share and unit in ("course", "participant", "person", "") and opened.has("courses"):
            yield from _of_courses(unit, lang, when)
    told_apart = bool(narrower(opened, words)) or bool(_WAITS.search(folded))
    yield from _of_surveys(opened, words, unit, lang, share=share, alike_only=told_apart)


def _of_courses(unit: str, lang: Lang, when: str) -> Iterator[Measure]:
    # A year is that in which they are held, or the one by which there are so many: both are shown, with their numbers.
    for what in ("rows", "participants") if unit != "course" else ("rows",):
        for year in (when, "") if re.fullmatch(r"\d{4}", when) else ("",):
            name = ".".join(["courses", what, *([year] if year else [])])
            label = text(f"intake.measure_courses_{what}", lang) + (f", {year}" if year else "")
            taken: dict[str, str | list[str]] = {"courses": what}
            if year:
                taken["year"] = year
            yield Measure(name, label, taken)


def _of_referrals(opened: Round, folded: str, share: bool, lang: Lang, when: str) -> Iterator[Measure]:
    """How many were referred, how many of those who were offered a friend came on, and how long they waited."""
    cells: list[str] = []
    if _WAITS.search(folded):
        days = days_said(folded)
        if re.search(r"\bmedian\w*", folded):
            cells = ["waiting.total.median"]
        elif share and days is not None and abs(days - _WITHIN) <= _NEARLY and not _LONGER.search(folded):
            cells = ["waiting.total.share"]
    elif share and _OFFERED.search(folded):
        cells = ["funnel.accepted.share", "funnel.matched.share", "funnel.started.share"]
    elif not share and _REFERS.search(folded) and _referral_sources(opened) is not None:
        # A year is the one in which they are referred, or the one by which there are so many.
        source = _referrer(opened, folded)
        for year in (*([when[:4]] if re.match(r"\d{4}", when) else ()), "total"):
            for own in [source, "total"] if source else ["total"]:
                label = ", ".join([text("intake.measure_referrals", lang), *(one for one in (own, year) if one != "total")])
                name = f"referrals.{year}" if own == "total" else f"referrals.{year}.{own}"
                yield Measure(name, label, {"cell": f"referrals.{year}.{own}.persons"})
    for cell in cells:
        yield Measure(cell, text(f"intake.measure_{cell.replace('.', '_')}", lang), {"cell": cell})


def _says(folded: str, patterns: Iterable[tuple[str, str]]) -> list[str]:
    return [name for name, pattern in patterns if re.search(rf"\b(?:{pattern})\b", folded)]


def _of_matches(opened: Round, folded: str, unit: str, share: bool, lang: Lang, when: str) -> Iterator[Measure]:
    if _LASTS.search(folded):
        said = days_said(folded)
        days = next((one for one in _LENGTHS if said is not None and abs(one - said) <= _NEARLY), None)
        if share and days is not None:
            yield Measure(f"duration.{days}", text("intake.measure_lasting", lang, days=days), {"cell": f"duration.total.{days}.share"})
        return
    reasons = _says(folded, _REASONS.items())
    if not share and reasons and unit in ("match", ""):
        # Why they ended is asked of matches that ended, in the year that is spoken of or in all.
        for reason in reasons:
            for year in (*([when] if span_of(when) is not None else []), ""):
                what = text(f"programme.reason_{reason}", lang)
                label = text("intake.measure_of_ended", lang, what=what) + (f", {year}" if year else "")
                counted_ones: dict[str, str | list[str]] = {"matches": "ended", "reason_class": reason, "of": "ended"}
                yield Measure(
                    ".".join(["matches.ended", reason, *([year] if year else [])]), label, counted_ones | ({"year": year} if year else {})
                )
        return
    if not share:
        helped, helper = (rf"\b(?:{half_words(opened.programme, half)})\b(?! ven)" for half in (0, 1))
        first = re.search(rf"{_PERSONS.pattern}|{helped}|{helper}", folded)
        volunteers = first is not None and bool(re.fullmatch(rf"{helper}|vol.*|friv.*", first[0]))
        counted = ("volunteer",) if unit == "person" and volunteers else (unit,) if unit else ("match", "person")
        for what in _COUNTED:
            for one in counted:
                label = text(f"intake.measure_{what}", lang, unit=text(f"units.{one}", lang))
                own = {} if one == "match" else {"unit": one}
                yield Measure(f"matches.{what}" + (f".{one}" if own else ""), label, {"matches": what, **own})
        return
    if unit == "person":
        return
    bases = _says(folded, _BASES.items())[:1] or list(_BASES)[::-1]
    # A year in the sentence is when they ended, or a date by which the goal is to be met: both are shown, with their numbers.
    times = ["", when] if span_of(when) is not None and not re.fullmatch(r"\d{4}-\d\d(-\d\d)?", when) else [""]
    for reason in reasons or ("premature", "natural"):
        for of in bases:
            for year in times:
                what = text(f"programme.reason_{reason}", lang)
                label = text(f"intake.measure_of_{of}", lang, what=what) + (f", {year}" if year else "")
                name = ".".join(["matches.ended", reason, *([of] if of != "ended" else []), *([year] if year else [])])
                taken: dict[str, str | list[str]] = {"matches": "ended", "reason_class": reason, "of": of}
                yield Measure(name, label, taken | ({"year": year} if year else {}), unit="match", named=bool(reasons))


def _of_municipalities(opened: Round, folded: str, lang: Lang, when: str) -> Iterator[Measure]:
    """Numbers of municipalities about the one thing that the goal speaks of."""
    if re.search(r"\b\w*aftale\w*|agreements?\b", folded):
        if opened.has("agreements"):
            both = bool(re.search(r"\b(begge|both|to organisationer|two organisations)\b", folded))
            for which in ("total.several",) if both else ("in_force.n", "in_force.share", "total.standing"):
                cell = f"agreements.{which}"
                yield Measure(cell, text(f"intake.measure_{cell.replace('.', '_')}", lang), {"cell": cell})
        return
    if levels := _says(folded, _LEVELS.items()):
        table = opened.transitions() if opened.lacks("categories") is None else None
        part = table.parts.get("levels") if table else None
        if part is not None and len(levels) == 1:
            there = list(part.frame["when"])
            last = when if when in there else there[-1]
            state = next((one for one in part.frame["state"].unique() if re.fullmatch(rf"{levels[0]}|{_LEVELS[levels[0]]}", fold(one))), "")
            # A time that the categories do not tell of is measured by no other.
            if when in ("", last) or span_of(when) is None or not re.fullmatch(r"\d{4}-Q\d", when):
                for measure in ("n", "share"):
                    cell = f"transitions/levels.{last}.{state}.{measure}"
                    yield Measure(f"levels.{levels[0]}.{measure}", text("intake.measure_levels", lang, when=last), {"cell": cell})
        return
    if not opened.has("monitoring"):
        return
    if re.search(r"\b(behov|need)\b", folded):
        extracts = list(opened.presence().frame["extract"])
        if not re.search(r"\b(uden|with|med|among|blandt kommuner)\b (et |a )?(behov|need)\b|daekket|covered|(ud|u)daekk\w*", folded):
            for group in _says(folded, _NEEDS.items()) or list(_NEEDS):
                for measure in ("n", "share"):
                    cell = f"presence/need.{when if when in extracts else extracts[-1]}.{group}.yes.{measure}"
                    what = text(f"monitoring.need_{group}", lang)
                    yield Measure(f"need.{group}.{measure}", text("intake.measure_need", lang, what=what), {"cell": cell})
        return
    if re.search(r"\b(kontaktperson\w*|contact persons?|tilfreds\w*|satisf\w*)\b", folded):
        return
    status = (_says(folded, _PRESENCE.items()) or ["present"])[0]
    label = text("intake.measure_presence", lang, what=text(f"programme.status_{status}", lang))
    yield Measure(f"presence.{status}", label, {"presence": status})


def _of_surveys(opened: Round, words: str, unit: str, lang: Lang, *, share: bool, alike_only: bool) -> Iterator[Measure]:
    items: list[tuple[int, str, Questionnaire, Item, list[str]]] = []
    for name in opened.surveys:
        try:
            definition = opened.surveys[name].questionnaire
        except VvvError:
            continue
        of_places = definition is not None and definition.frame is not None and definition.frame.unit == "municipality"
        if definition is not None and (not unit or of_places == (unit == "municipality")):
            for item in definition.items:
                told = {one.code: [one.label.da, one.label.en] for one in definition.options(item) if one.role == "answer"}
                # Who names several answers of a question speaks of that question.
                chosen = named_answers(words, told) if share and item.type in ("single", "likert", "battery") else []
                # What the goal says of answers tells no question from another one with the same answers.
                theirs = set(fold(" ".join(itertools.chain.from_iterable(told.values()))).split()) if chosen else set()
                rest = " ".join(word for word in fold(words).split() if word not in theirs)
                common = alike(rest, question_alone(item.text.say(lang))) + len(chosen) * (len(chosen) > 1)
                items.append((common, name, definition, item, chosen))
    items = [one for one in items if one[4] or unit in ("municipality", *_PEOPLE)]
    items = [one for one in items if one[3].id != "municipality"]  # where somebody answers measures nothing
    quarter = _QUARTER.search(fold(words))
    # Of numbers by quarter those of the one that is spoken of.
    asked = re.compile(rf"\b{quarter[1] or quarter[2]} (kvartal|kvt?|quarter)\b|\bq{quarter[1] or quarter[2]}\b") if quarter else None
    items.sort(key=lambda one: (-one[0] - (asked is not None and bool(asked.search(fold(one[3].text.da)))),))
    # Who leaves out those who do not know says so.
    only_known = bool(_KNOWN_ONLY.search(fold(words)))
    for common, name, definition, item, chosen in items[:_MOST_ITEMS]:
        named = common >= _NAMED or (
            item.type == "number" and covered(item.text.say(lang), words, say(opened.surveys[name].title, lang)) > 0
        )
        counted = "municipality" if definition.frame is not None and definition.frame.unit == "municipality" else "person"
        if not common and (alike_only or items[0][0]):
            return
        if item.type == "number" and not share:
            said = ["positive"] if one_at_least(words) else _says(fold(words), _STATISTICS.items())
            for measure in said or ("positive", *_STATISTICS):
                label = text("intake.measure_number", lang, survey=name, item=item.text.say(lang), what=text(f"tabulation.{measure}", lang))
                yield Measure(
                    f"{name}.{item.id}.{measure}",
                    label,
                    {"cell": f"{name}.{item.id}.{measure}"},
                    unit=counted if measure == "positive" else "value",
                    named=named,
                )
            continue
        if _says(fold(words), [(one, _STATISTICS[one]) for one in ("mean", "median")]):
            continue  # answers have no average
        answers = [option for option in definition.options(item) if option.role == "answer"]
        # Files number their scales from either end; the high one is told by its words.
        places = {label: place for place, label in enumerate(scale_of([one.label.da for one in answers]).order)}
        answers.sort(key=lambda option: places.get(option.label.da, 0))
        low = bool(_LOW.search(fold(words)))
        each = _together([option.code for option in answers], scale=item.type == "likert", low=low)
        own = [option.code for option in answers if option.code in chosen]
        # The answers that the goal names itself come first, together.
        for codes in [own, *(one for one in each if one != own)] if own else each:
            labels = " / ".join(option.label.say(lang) for option in answers if option.code in codes)
            label = text("intake.measure_survey", lang, survey=name, item=item.text.say(lang), answers=labels)
            # Whether who does not know is in the base is for whoever made the goal to say.
            apart = share and common == items[0][0] and (codes == own or not own) and len(answers) < len(definition.options(item))
            for of in ("valid",) if only_known else ("answered", "valid") if apart else ("answered",):
                both = text("intake.measure_valid", lang, label=label) if of == "valid" and not only_known else label
                taken: dict[str, str | list[str]] = {"survey": name, "item": item.id, "answers": codes, "of": of}
                own_name = ".".join((name, item.id, "+".join(codes), *(("valid",) if both != label else ())))
                yield Measure(own_name, both, taken, unit=counted, named=named or (codes == own and common > 0))


def _together(codes: Sequence[str], *, scale: bool, low: bool) -> list[list[str]]:
    """The answers that may count: each alone, of a scale the highest ones together, or the lowest ones where a goal speaks of those."""
    if not scale:
        return [[code] for code in codes]
    return [list(codes[-number:] if low else codes[:number]) for number in range(1, len(codes))]
