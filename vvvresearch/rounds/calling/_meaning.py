"""What a value can mean to a round, a survey, an item, a code, a group, a wave, a column; and what `r["…"]` means."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vvvresearch.errors import AnalysisError, CallError, VvvError, did_you_mean
from vvvresearch.evidence import SOURCE_TYPES, Survey, column_named, span_of, stance_named, value_named
from vvvresearch.locales import say, the_one
from vvvresearch.rounds.calling._names import named, plain_name
from vvvresearch.rounds.calling._steps import column_alike

if TYPE_CHECKING:
    from vvvresearch.rounds._round import Round


def meant_by(opened: Round, parameter: str, value: object, *, survey: object = None) -> object:
    """A value as its parameter takes it; what means nothing there is given back as it came.

    Args:
        opened: the round.
        parameter: whose value it is.
        value: as it was given: an id, words, a number, an object of the round, or a list of these.
        survey: the one whose items are meant, where the call names one.
    """
    read = _READS.get(parameter)
    # Columns are read where they are used: those of a survey, of matches and of interviews have names of their own.
    if parameter == "by" and isinstance(value, str) and isinstance(asked := _survey_of(opened, survey), Survey):
        return asked.column_named(value) or column_alike(opened, value, asked) or value
    if read is None or parameter in ("by", "attribute", "cases"):
        return value
    if isinstance(value, list | tuple) and value and all(isinstance(one, str | int) for one in value):
        found = [meant_by(opened, parameter, one, survey=survey) for one in value]
        return found[0] if len(found) == 1 and parameter not in ("codes", "group") else found
    if not isinstance(value, str | int) or isinstance(value, bool) or value == "":
        return value
    source, meaning = read
    try:
        if survey is not None and meaning is _item:
            found_one = asked.item_named(value) if isinstance(asked := _survey_of(opened, survey), Survey) else None
        else:
            found_one = meaning(opened, str(value)) if not source or opened.has(source) else None
    except CallError:
        raise
    except VvvError:
        return value
    return value if found_one is None else found_one


def fits(opened: Round, parameter: str, value: object, *, part: bool = False, survey: object = None) -> bool:
    """Whether a value can be one of a parameter's; of a code some words of its name are enough where `part` says so, and an item is one
    of a survey that is named."""
    if isinstance(value, list | tuple):
        return (
            bool(value)
            and parameter in ("codes", "code", "coders", "conditions", "under", "group", "item", "items")
            and all(fits(opened, parameter, one, survey=survey) for one in value)
        )
    if parameter in ("survey", "first", "second", "answers", "other") and _is_table(value):
        return True
    if parameter == "level" and isinstance(value, int | float):
        return 0 < value < 1 or 50 <= value < 100
    if parameter in ("code", "codes", "under") and hasattr(value, "path") and hasattr(value, "title"):
        return True
    if parameter not in _READS or not isinstance(value, str | int) or isinstance(value, bool):
        return False
    source, meaning = _READS[parameter]
    try:
        if meaning is _item and isinstance(asked := _survey_of(opened, survey), Survey):
            return asked.item_named(value) is not None
        if meaning is _code and not part:
            return opened.has(source) and bool(opened.codebook.named(str(value), part=False))
        return (not source or opened.has(source)) and meaning(opened, str(value)) is not None
    except VvvError:
        return False


# What a value can be of that stands in a filter alone, and the argument of the filter that it is.
_ALONE = {"group": "group", "wave": "wave", "code": "touches", "coder": "coder", "sex": "sex", "interview": "interview"}


def filter_of(opened: Round, value: str) -> str:
    """The argument of a filter that a value alone can only be, "" where it is none or several."""
    found = [argument for kind, argument in _ALONE.items() if fits(opened, kind, value)]
    return found[0] if len(found) == 1 else ""


def is_read(parameter: str) -> bool:
    """Whether values of a parameter are known by what they mean."""
    return parameter in _READS


def surveys_with(opened: Round, item: str) -> list[str]:
    """The surveys of the round that ask an item."""
    return [name for name, survey in opened.surveys.items() if survey.item_named(item) is not None]


def table_named(opened: Round, said: object) -> Any:
    """The evidence of the round that is called so and is a table of rows, but no survey; None where nothing is."""
    if not isinstance(said, str) or not said or said in opened.surveys:
        return None
    name, ours = said, named(plain_name(said))
    if said not in {source.id for source in opened.spec.sources}:
        name = source_named(opened, said, part=False)
        # An item or a survey by its words goes before a table by another program's name for it, or by some words of its own.
        if not name and ours != said and (fits(opened, "item", said) or fits(opened, "survey", said)):
            return None
        name = name or ("" if ours in _TABLES and opened.has(ours) else source_named(opened, said))
    if not name and ours not in _TABLES:
        return None
    found = opened.read(name) if name else getattr(opened, ours)
    return found if hasattr(type(found), "ROWS") and not isinstance(found, Survey) else None


def source_named(opened: Round, said: str, *, part: bool = True) -> str:
    """The source that is called so: by its id, its title (some words of it where `part` says so), its file, or what the programme calls
    one of its rows; "" where none is.
    """
    units = opened.words.get("units", {})
    known = {}
    for source in opened.spec.sources:
        rows = [units[key].values() for key in (SOURCE_TYPES[source.type].unit, f"one_{SOURCE_TYPES[source.type].unit}") if key in units]
        known[source.id] = (source.title.da, source.title.en, Path(source.path).stem, *(word for told in rows for word in told))
    return the_one(said, known, part=part) or ""


_TABLES = frozenset({"codings", "courses", "interviews", "mappings", "matches", "monitoring"})


def _is_table(value: object) -> bool:
    import pandas as pd

    return isinstance(value, Survey | pd.DataFrame)


def _survey(opened: Round, value: str) -> str | None:
    titles = {source.id: (source.title.da, source.title.en) for source in opened.spec.sources if source.type == "survey"}
    if value in opened.surveys:
        return value
    known = {name: (say(survey.title, "da"), say(survey.title, "en"), *titles.get(name, ())) for name, survey in opened.surveys.items()}
    return the_one(value, known)


def _item(opened: Round, value: str) -> str | None:
    found = {survey.item_named(value) for survey in opened.surveys.values()} - {None}
    # An item's own id is that item, whatever other surveys ask in like words.
    return value if value in found else found.pop() if len(found) == 1 else None


def _survey_of(opened: Round, survey: object) -> object:
    name = _survey(opened, survey) if isinstance(survey, str) else None
    return opened.surveys[name] if name else survey


def _column(opened: Round, value: str) -> str:
    matches = opened.rows_of("matches")
    return value if matches is not None and value in matches else column_named(value, opened.interviews.frame)


def _code(opened: Round, value: str) -> str:
    return opened.codebook.named(value)


def group_named(opened: Round, value: str) -> str | None:
    """A respondent group of the round by its id, by its name in either language, or by an alias of the programme."""
    there = set(opened.interviews.frame["respondent_group"].astype(str)) - {""}
    told = {name: group for name, group in opened.programme.groups.items() if name in there}
    words = {name: (group.label.da, group.label.en, group.one.da, group.one.en, *group.aliases) for name, group in told.items()}
    return the_one(value, {**dict.fromkeys(there, ()), **words}, part=False)


_OF_WAVE = re.compile(r"\s*(?:(?:wave|bølge|boelge|runde|round|w)[\s.-]*)?(\w+)\s*", re.IGNORECASE)


def _wave(opened: Round, value: str) -> str | None:
    """A wave by its name, by the last word of it ("wave 1"), or by the one year in which its interviews were made."""
    register = opened.interviews.frame
    there = set(register["wave"].astype(str)) - {""}
    said = _OF_WAVE.fullmatch(value)
    last = said[1] if said else ""
    if value in there or last in there:
        return value if value in there else last
    of_year = set(register.loc[register["month"].astype(str).str.startswith(f"{value}-"), "wave"].astype(str)) - {""}
    return of_year.pop() if len(of_year) == 1 and len(value) == 4 else None


def _among(column: str) -> Callable[[Round, str], str | None]:
    def found(opened: Round, value: str) -> str | None:
        return value_named(value, set(opened.interviews.frame[column].astype(str)) - {""})

    return found


def _pair(opened: Round, value: str) -> str | None:
    """A pair by its id, or by the pseudonym of one who is in one pair alone."""
    register = opened.interviews.frame
    of_one = set(register.loc[register["pseudonym"].astype(str).str.casefold() == value.casefold(), "pair"].astype(str)) - {""}
    return _among("pair")(opened, value) or (of_one.pop() if len(of_one) == 1 else None)


def _municipality(opened: Round, value: str) -> str | None:
    """The code of a municipality, by its name too."""
    there = set(opened.interviews.frame["municipality"].astype(str)) - {""}
    known = {str(row["code"]): (str(row["name"]),) for row in opened.municipalities.to_dict("records") if str(row["code"]) in there}
    return the_one(value, {**dict.fromkeys(there, ()), **known}, part=False)


def _interview(opened: Round, value: str) -> str | None:
    """An interview by its id, its transcript, or the pseudonym of the one who was interviewed, where that is one interview."""
    register = opened.interviews.frame
    for column in ("interview", "source", "person", "pseudonym", "pair"):
        rows = register[register[column].astype(str).str.casefold() == value.casefold()]
        if len(rows) == 1:
            return str(rows["interview"].iloc[0])
        if len(rows):
            calls = ", ".join(f"r.transcript({one!r})" for one in rows["interview"])
            raise CallError(f"{value!r} was interviewed several times", where="interview", todo=calls)
    return None


def _coder(opened: Round, value: str) -> str | None:
    return the_one(value, dict.fromkeys(opened.codings.coders, ()), part=False)


def _declared(opened: Round, among: Iterable[Any], value: str) -> str | None:
    among = list(among)
    if value.strip()[:1] in _NEGATED and (found := _declared(opened, among, value.strip()[1:])):
        # Signs of negation are lost where words are compared: what is denied is said by an argument.
        raise CallError(f"{value!r} is denied by a sign", where="outcome", todo=f"{found!r} with negate_outcome=True")
    return the_one(value, {str(one.id): (one.label.da, one.label.en) for one in among})


_NEGATED = ("~", "¬", "!")


_DAY_FIRST = re.compile(r"(\d{1,2})[-./ ]+(\d{1,2})[-./ ]+(\d{4})")


def _part_of_calendar(value: str) -> str | None:
    """A year, a part of one or a day, as definitions write them; a day with the year last too."""
    found = _DAY_FIRST.fullmatch(value.strip())
    day = f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}" if found else value
    return day if span_of(day) else None


def _outcome(opened: Round, value: str) -> str | None:
    return _declared(opened, opened.spec.outcomes, value)


def _condition(opened: Round, value: str) -> str | None:
    return _declared(opened, opened.spec.conditions, value)


# By parameter: the type of source that it takes, and what a value means there.
_READS: Mapping[str, tuple[str, Callable[[Round, str], str | None]]] = {
    **dict.fromkeys(("survey", "first", "second", "answers", "other"), ("survey", _survey)),
    **dict.fromkeys(("item", "item2", "items", "other_item"), ("survey", _item)),
    **dict.fromkeys(("code", "codes", "under"), ("codings", _code)),
    **dict.fromkeys(("group", "respondent_group"), ("interviews", group_named)),
    "wave": ("interviews", _wave),
    **{name: ("interviews", _among(name)) for name in ("sex", "age_band", "employment", "arrival_group", "match_type")},
    **{name: ("interviews", _among(name)) for name in ("relation_length", "relation_state", "interpreter", "mode")},
    "municipality": ("interviews", _municipality),
    "pair": ("interviews", _pair),
    **dict.fromkeys(("by", "attribute", "cases"), ("interviews", _column)),
    "interview": ("interviews", _interview),
    **dict.fromkeys(("coder", "coders"), ("codings", _coder)),
    "stance": ("", lambda _, value: stance_named(value)),
    "years": ("", lambda _, value: _part_of_calendar(value)),
    "outcome": ("", _outcome),
    "conditions": ("", _condition),
}


def only_survey(opened: Round, name: str, item: str, rest: str = "") -> str:
    """The one survey that has an item.

    Raises:
        AnalysisError: none has it, or several.
    """
    found = surveys_with(opened, item)
    if len(found) == 1:
        return found[0]
    if found:
        calls = " or ".join(f"r.{name}({one!r}, {item!r}{rest})" for one in found)
        raise AnalysisError(f"several surveys have the item {item!r}", where=f"r.{name}", todo=calls)
    known = {one.id for survey in opened.surveys.values() if survey.questionnaire for one in survey.questionnaire.items}
    raise AnalysisError(f"no survey of the round has the item {item!r}", where=f"r.{name}", todo=did_you_mean(item, known))


def columns_of(opened: Round, survey: object) -> Sequence[str]:
    """What respondents of a survey can be told apart by: its answers and the list of those invited."""
    asked = opened.surveys[survey] if isinstance(survey, str) and survey in opened.surveys else survey
    return asked.respondent_columns if isinstance(asked, Survey) else ()


_ENDINGS = (".csv", ".xlsx", ".sav", ".qdpx", ".docx", ".txt")


def keyed(opened: Round, name: str) -> Any:
    """What is called so in a round.

    Raises:
        VvvError: nothing is, or an item of several surveys; with the calls that may be meant.
    """
    if name in opened.surveys:
        return opened.surveys[name]
    if name in {source.id for source in opened.spec.sources}:
        return opened.read(name)
    files = {Path(source.path).stem.casefold(): source.id for source in opened.spec.sources if source.path}
    if found_file := files.get(Path(name).stem.casefold() if Path(name).suffix.casefold() in _ENDINGS else name.casefold()):
        return keyed(opened, found_file)
    survey, dot, item = name.partition(".")
    if dot and fits(opened, "survey", survey) and opened.surveys[str(meant_by(opened, "survey", survey))].item_named(item):
        return opened.tabulate(str(meant_by(opened, "survey", survey)), item)
    if "." in name:
        return opened.cell(name)
    if found := called(opened, name):
        return found()
    try:
        return getattr(opened, name)
    except AttributeError as unknown:
        known = {source.id for source in opened.spec.sources} | {goal.id for goal in opened.spec.goals}
        if opened.has("codings"):
            known |= {str(path).rpartition(" > ")[2] for path in opened.codebook.paths}
        near = did_you_mean(name, known)
        todo = near if "did you" in near else str(unknown)
        raise CallError(f"the round has nothing called {name!r}", where=f"r[{name!r}]", todo=todo) from None


def called(opened: Round, name: str) -> Any:
    """How that is made which only one thing in the round is called; None where nothing of these is."""
    if hasattr(type(opened), name):
        return None
    if name in {goal.id for goal in opened.spec.goals}:
        return lambda: opened.goal_status()[name]
    if source := source_named(opened, name, part=False):
        return lambda: opened[source]
    if fits(opened, "pair", name):
        return lambda: opened.portrait(str(meant_by(opened, "pair", name)))
    if fits(opened, "survey", name):
        return lambda: opened.surveys[str(meant_by(opened, "survey", name))]
    try:
        if fits(opened, "interview", name):
            return lambda: opened.transcript(str(meant_by(opened, "interview", name)))
    except VvvError:
        return None
    if fits(opened, "code", name):
        return lambda: opened.theme_table(under=str(meant_by(opened, "code", name)))
    asked = surveys_asking(opened, name)
    return (lambda: opened.tabulate(asked[0], name)) if len(asked) == 1 else None


def surveys_asking(opened: Round, item: str) -> list[str]:
    """The surveys with an item of this very id: of a key alone, words of a question would say too little."""
    asked = {name: survey.questionnaire for name, survey in opened.surveys.items()} if opened.has("survey") else {}
    return [name for name, one in asked.items() if one is not None and item in {question.id for question in one.items}]
