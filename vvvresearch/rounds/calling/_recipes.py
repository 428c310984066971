"""What is asked of a round by one name and takes more than one call of ours, or another call than the one that was written."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from vvvresearch.errors import AnalysisError, CallError, did_you_mean
from vvvresearch.evidence import column_named
from vvvresearch.rounds.calling._beside import Understood
from vvvresearch.rounds.calling._meaning import fits, meant_by, only_survey, table_named
from vvvresearch.rounds.calling._names import named, plain_name
from vvvresearch.rounds.calling._places import SURVEYS
from vvvresearch.rounds.calling._steps import tables_with

if TYPE_CHECKING:
    from vvvresearch.rounds._binding import Bound
    from vvvresearch.rounds._round import Round


# What a table of numbers says of them, by any word for it.
STATISTICS = frozenset({"mean", "median", "sum", "sd", "std", "min", "max"})


def _passages(opened: Round, code: object = "", *, group: object = (), wave: object = (), **chosen: Any) -> Any:
    narrowed = opened.filter(group=group, wave=wave) if group or wave else opened  # type: ignore[arg-type]
    return narrowed.codings.filter(code=code, **chosen)


def _solution(opened: Round, *given: Any, **named: Any) -> Any:
    solving = {name: named.pop(name) for name in ("expectations", "time_limit") if name in named}
    return opened.minimize(opened.truth_table(*given, **named), **solving)


def _transcripts(opened: Round, interview: str = "") -> Any:
    return opened.transcript(interview) if interview else opened.interviews


def _pairs(opened: Round, pair: str = "", **named: Any) -> Any:
    return opened.portrait(pair, **named) if fits(opened, "pair", pair) else opened.pair_table(*filter(None, [pair]), **named)


def _words(opened: Round, *, group: str | None = None, min_length: int = 0, **named: Any) -> Any:
    from vvvresearch.themes.language import dispersion, own_speech

    spoken = own_speech(opened.codings, opened.interviews, group)
    found = opened.finish(lambda: dispersion(spoken, **named))
    return found.where(lambda rows: rows["word"].str.len() >= min_length) if min_length else found


def _speech(opened: Round, group: str = "") -> list[str]:
    from vvvresearch.themes.language import own_speech

    wanted = str(meant_by(opened, "group", group)) if group else None
    return list(own_speech(opened.codings, opened.interviews, wanted).values())


def _collocations(opened: Round, group: str = "", **named: Any) -> Any:
    from vvvresearch.themes.language import collocations

    return opened.finish(lambda: collocations(_speech(opened, group), **named))


def _keyness(opened: Round, group: str = "", other: str = "", **named: Any) -> Any:
    from vvvresearch.themes.language import keyness

    if not group or not other:
        groups = list(opened.groups)[:2]
        raise CallError("two groups are compared", where="r.keyness", todo=f"r.keyness({', '.join(map(repr, groups))})")
    return opened.finish(lambda: keyness(_speech(opened, group), _speech(opened, other), **named))


def _without(opened: Round, **values: Any) -> Any:
    """The round without those of whom this holds: everybody else is kept."""
    rows = opened.interviews.rows
    kept: dict[str, Any] = {}
    for word, value in values.items():
        column = column_named({"group": "respondent_group"}.get(word, word), rows)
        gone = {str(meant_by(opened, column, one)) for one in (value if isinstance(value, list | tuple) else [value])}
        there = list(dict.fromkeys(rows[column].astype(str)))
        if not gone <= set(there):
            raise CallError(
                f"nobody is {', '.join(sorted(gone - set(there)))}", where="r.exclude", todo=did_you_mean(min(gone - set(there)), there)
            )
        kept[column] = [one for one in there if one not in gone]
    return opened.filter(**kept)


def _options(opened: Round, survey: str = "", item: str = "") -> Any:
    """The answers that an item offers, in the language of the round."""
    import pandas as pd

    if survey and not item and not fits(opened, "survey", survey):
        survey, item = only_survey(opened, "levels", str(meant_by(opened, "item", survey))), survey
    asked = opened.surveys[str(meant_by(opened, "survey", survey))]
    found = asked.item_named(item)
    if asked.questionnaire is None or found is None:
        raise CallError("whose answers?", where="r.levels", todo=f"r.levels(survey, item); the items of a survey: r.base_table({survey!r})")
    return pd.DataFrame(list(asked.labels(found, opened.lang).items()), columns=["code", "label"])


def _summary(opened: Round, survey: str, by: str = "", **named: Any) -> Any:
    """Every item that is chosen from a list, by a column where one is named."""
    if not by:
        return opened.topline(survey, **named)
    found = str(meant_by(opened, "survey", survey))
    items = [one.id for one in opened.surveys[found].items if getattr(one, "options", None)]
    return opened.tabulate(found, items, by=by, **named)


def _paths(opened: Round, cause: str = "", effect: str = "", **named: Any) -> Any:
    found = opened.causal_map(**named)
    return found.paths(cause, effect) if cause and effect else found


def _register(opened: Round, name: str = "", /, **values: Any) -> Any:
    """A table of the round; without a name that of matches, else the only one of its own."""
    own = [source.id for source in opened.spec.sources if source.type == "register"]
    rows = table_named(opened, name) if name else opened.read(own[0]) if len(own) == 1 and not opened.has("matches") else opened.matches
    if rows is None:
        raise CallError(f"the round has no table {name!r}", where="r.register", todo=did_you_mean(name, list(opened)))
    return rows(**values)


def _moved(opened: Round, *given: Any, **named: Any) -> Any:
    """Who moved up or down between two waves, where the same persons answered both; else the waves beside each other."""
    said = [*given, *([named["item"]] if "item" in named else [])]
    surveys = {str(meant_by(opened, "survey", one)) for one in said if fits(opened, "survey", one)}
    pairs = [one for one in opened.comparable() if one.how == "waves" and surveys <= {one.first.id, one.second.id}]
    moved = {one.id: table for one in pairs if (table := opened.compare(one).parts.get("moves"))}
    items = [str(meant_by(opened, "item", one)) for one in said if not fits(opened, "survey", one)]
    if items:
        moved = {name: table for name, table in moved.items() if set(items) <= set(table.frame["item"])}
    if not moved or set(named) - {"item"}:
        return opened.compare_waves(*given, **named)
    if len(moved) > 1:
        calls = " or ".join(f"r.compare({name!r})['moves']" for name in moved)
        raise CallError("between which waves?", where="r.before_after", todo=calls)
    (found,) = moved.values()
    return found.where(item=items) if items else found


def _counted(opened: Round, *given: Any, **named: Any) -> Any:
    if not given and not named:
        return opened.interview_table()
    if given and (table := table_named(opened, given[0])) is not None:
        by = named.pop("by", ())
        columns, table = [*given[1:], *([by] if isinstance(by, str) else by)], table.filter(**named)
        return table.count(*columns) if columns else len(table)
    if given and isinstance(given[0], str) and fits(opened, "attribute", given[0]):
        interviews: Any = opened.interviews
        values = [one for one in given if not fits(opened, "attribute", one)]
        if not values:
            return interviews.count(*given)
        # Excel's COUNTIF: how many of a column are this.
        return len(interviews(**{given[0]: values}))
    if given and isinstance(given[0], str) and fits(opened, "code", given[0]):
        return opened.theme_table(*given, **named)
    return opened.tabulate(*given, **named)


def _worked_out(opened: Round, *given: Any, **named: Any) -> Any:
    """The mean, the median, the sum … of an item or of a column of a table of the round: a table of numbers has all of these."""
    # R's verbs say the statistic beside the column: `mean="hours"`, `hours="mean"`.
    given = tuple(one for one in given if not (isinstance(one, str) and one in STATISTICS))
    said = [value if word in STATISTICS else word for word, value in named.items() if word in STATISTICS or value in STATISTICS]
    named = {word: value for word, value in named.items() if word not in STATISTICS and value not in STATISTICS}
    table = table_named(opened, given[0]) if given else None
    if table is not None:
        return table.tabulate(*given[1:], *said, numbers=True, **named)
    return opened.tabulate(*given, *said, numbers=True, **named)


def _described(opened: Round, *given: Any, **named: Any) -> Any:
    """The round; a survey item by item; an item or a column as numbers where its answers are, else counted."""
    if not given and not named:
        return opened.overview()
    if len(given) == 1 and fits(opened, "survey", given[0]) and not STATISTICS & {*named, *map(str, named.values())}:
        return _summary(opened, *given, **named)
    try:
        return _worked_out(opened, *given, **named)
    except AnalysisError as words:
        if "no numbers" not in words.what:
            raise
        return opened.tabulate(*given, **named)


def table_called(opened: Round, said: object, *given: Any, **words: Any) -> Any:
    """The table of the analysis that is called so, "theme_table", "duration"; None where none is, or the round's own words say more."""
    ours = named(plain_name(said)) if isinstance(said, str) else ""
    made: Any = getattr(opened, ours) if ours and not fits(opened, "code", said) else None
    return made(*given, **words) if hasattr(made, "ask") else None


def _thing(opened: Round, said: str = "", **named: Any) -> Any:
    """What is called so: a table of the round, the table of an analysis, or whatever else it has under a name; without one all of it."""
    if not said:
        return opened.overview()
    for found in (table_named(opened, said), table_called(opened, said)):
        if found is not None:
            return found.filter(**named) if named else found
    return opened[said]


def _drawn(opened: Round, *given: Any, **named: Any) -> Any:
    if given and (found := table_called(opened, *given, **named)) is not None:
        return found.plot()
    return _counted(opened, *given, **named).plot() if given or named else opened.theme_table().plot()


def _exported_all(opened: Round, *given: Any, **named: Any) -> Any:
    found = table_called(opened, *given[:1])
    if found is not None and len(given) > 1:
        return found.save(*given[1:])
    raise CallError(
        "a round is exported page by page",
        where="r.to_…",
        why="a table of everything would lose what each number rests on",
        todo=f'r.theme_table().to_excel("themes.xlsx"); all tables: in a terminal vvv run {opened.id}',
    )


class _Grouped:
    """A round whose analyses are all by a column: `r.group_by("sex").theme_table()` is `r.theme_table(by="sex")`."""

    def __init__(self, opened: Round, *by: str) -> None:
        self._opened, self._by = opened, by[0] if len(by) == 1 else list(by)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        if name in ("count", "size", "n", "tally", "summarise", "summarize"):
            columns = [self._by] if isinstance(self._by, str) else self._by
            return lambda *_, **__: _counted(self._opened, *columns)
        return functools.partial(getattr(self._opened, name), by=self._by)

    def __repr__(self) -> str:
        return f"a round by {self._by}: r.theme_table(by={self._by!r})"


# What takes more than one call of ours: the words for it, what it is, and how it is made.
MADE: tuple[tuple[str, str, Callable[..., Any]], ...] = (
    (
        "negative_cases contradictions contradicted deviant_cases modsigelser imod",
        'codings.filter(stance="contradicted")',
        lambda opened, code="", **chosen: _passages(opened, code, stance="contradicted", **chosen),
    ),
    (
        "confidence_interval confidence_intervals ci intervals konfidensinterval",
        "tabulate(survey, item, intervals=True)",
        lambda opened, *given, **named: opened.tabulate(*given, **{"intervals": True, **named}),
    ),
    ("paths path pathways causal_paths causal_path veje", "causal_map().paths(cause, effect)", _paths),
    ("factors factor faktorer", "causal_map().factors", lambda opened, **named: opened.causal_map(**named).factors),
    (
        "who_said who_says hvem_siger hvem_sagde udsagn said_by "
        "passages segments passage coded_passages retrieve retrieved_segments retrieval passager "
        "coding_query complex_coding_query kodede_segmenter kodede_passager kodet_tekst segmenter overview_of_coded_segments node",
        "codings.filter(code=…)",
        _passages,
    ),
    (
        "typical_cases typical_case qca_solution sufficiency sufficient qca fsqca csqca solution solutions minimise boolean_minimization",
        "minimize(r.truth_table(outcome, conditions))",
        _solution,
    ),
    (
        "coders kodere who_coded hvem_kodede",
        'codings.count("coder")',
        lambda opened, *by: opened.codings.count("coder", *by),
    ),
    ("withdrawn samtykke consents opted_out trukket", "consent", lambda opened: opened.consent),
    (
        "levels value_labels answer_options options choices categories svarmuligheder svarkategorier",
        "levels(survey, item)",
        _options,
    ),
    ("tbl_summary tbl_svysummary table_one", "topline(survey)", _summary),
    (
        "hierarchy_chart explore_diagram treemap sunburst kodehierarki",
        "theme_table(depth=2).plot()",
        lambda opened, **named: opened.theme_table(**{"depth": 2, **named}).plot(),
    ),
    ("exclude without except_for uden undtagen ekskluder leave_out", "filter(column=[the others])", _without),
    (
        "memos memo memoer notes noter annotations",
        "codings.filter(memo=True)",
        lambda opened, code="", **chosen: opened.codings.filter(code=code, memo=True, **chosen),
    ),
    (
        "tapply aggregate "
        "mean means average avg gennemsnit snit middelvaerdi svymean svytotal sum median medians sd std spredning max min tabstat",
        "tabulate(survey, item, numbers=True)",
        _worked_out,
    ),
    ("describe descriptives summarise summarize summary summarise_item skim statistik", "tabulate(survey, item, numbers=True)", _described),
    ("count n total subtotal i_alt tally antal tael how_many hvor_mange", "tabulate(survey, item)", _counted),
    (
        "plot ggplot heatmap heat_map varmekort "
        "hist chart bar barplot bar_plot bar_chart figure figures graph draw histogram pie diagram figur tegn",
        "tabulate(survey, item).plot()",
        _drawn,
    ),
    ("group_by groupby by split_by split_file split by_group grupper grupper_efter opdel opdel_efter", "theme_table(by=…)", _Grouped),
    ("sheet sheets ark fane datatable data_table show_table print view display vis show", "read(name)", _thing),
    ("pairs pair par pair_view dyad", "pair_table", _pairs),
    ("register", "read(table)", _register),
    ("before_after foer_efter moved movers panel bevaegelser", "compare(pair)['moves']", _moved),
    (
        "word_frequencies word_frequency words word_count word_counts wordcloud word_cloud ord ordsky ordfrekvens",
        "word_frequencies(group=…)",
        _words,
    ),
    ("transcripts documents dokumenter", "transcript(interview)", _transcripts),
    ("keyness keywords_of_groups distinctive_words", "keyness(group, other)", _keyness),
    ("collocations collocation bigrams ngrams word_pairs", "collocations(group=…)", _collocations),
    (
        "gem gem_alt export save download eksport excel xlsx csv word docx latex",
        "theme_table().to_excel(path)",
        _exported_all,
    ),
)
RECIPES = {word: (told, recipe) for words, told, recipe in MADE for word in words.split()}


_TESTS = frozenset({"test", "tests", "chi2", "chisq", "sig", "significance", "p", "p_value", "pvalue", "signifikans"})


def meant_instead(opened: Round, bound: Bound[Any, Any], arguments: Sequence[Any], named: Mapping[str, Any]) -> Understood | None:
    """The call of the other analysis that is meant; None where the one that was called is.

    Args:
        opened: the round.
        bound: what was called.
        arguments, named: what it was given, none of which fits as it stands.
    """
    signature, name = bound.left, bound.name
    instead, words = "", dict(named)
    if name in ("crosstab", "tabulate") and len(arguments) > 1 and not named and (rows := _table_of_columns(opened, arguments)) is not None:
        return Understood(opened, {}, instead=functools.partial(rows.crosstab if len(arguments) == 2 else rows.count, *arguments))
    if name == "crosstab" and not named and len(arguments) == 2 and all(_is_attribute(opened, one) for one in arguments):
        interviews: Any = opened.interviews
        return Understood(opened, {}, instead=functools.partial(interviews.crosstab, *arguments))
    if (bound.surveys or name == "crosstab") and (call := _of_table(opened, name, arguments, named)):
        return Understood(opened, {}, instead=call)
    if name == "tabulate" and _is_whole_survey(opened, arguments, named):
        instead = "topline"
    elif name == "compare_waves" and not named and len(arguments) == 2 and all(fits(opened, "survey", one) for one in arguments):
        instead = "compare"
    elif name == "topline" and (apart := _of_items(opened, arguments, named)) is not None:
        instead, words = "tabulate", apart
    elif _is_of_survey(opened, signature, arguments, named):
        instead = "tabulate"
    elif name == "tabulate" and (tests := _TESTS & set(named)) and (len(arguments) > 2 or "by" in named):
        # A table of answers has no test; the same groups compared have.
        instead, words = "compare_groups", {word: value for word, value in named.items() if word not in tests}
    return Understood(opened, {}, instead=functools.partial(getattr(opened, instead), *arguments, **words)) if instead else None


def _is_attribute(opened: Round, said: object) -> bool:
    return fits(opened, "attribute", said) and not fits(opened, "code", said)


def _of_table(opened: Round, name: str, arguments: Sequence[Any], named: Mapping[str, Any]) -> Callable[[], Any] | None:
    """The same of a table of the round that is named where a survey belongs: of its rows, as of a table of one's own."""
    word = next((one for one in ("survey", "data", "df", "table", "source") if isinstance(named.get(one), str)), "")
    rows = table_named(opened, named[word] if word else arguments[0] if arguments else None)
    if rows is None:
        return None
    rest = arguments if word else arguments[1:]
    words = {one: value for one, value in named.items() if one != word}
    wide = {"values", "aggfunc"} & set(words)
    return functools.partial(rows.pivot_table if wide else getattr(rows, name), *rest, **words)


def _table_of_columns(opened: Round, said: Sequence[Any]) -> Any:
    """The one table of the round, no survey, of which all these are columns; None where none is, or several, or a survey asks them."""
    if not all(isinstance(one, str) and not fits(opened, "item", one) and not fits(opened, "survey", one) for one in said):
        return None
    held = [set(tables_with(opened, one)) - set(opened.surveys) for one in said]
    found = sorted(set.intersection(*held))
    return opened.read(found[0]) if len(found) == 1 else None


def _is_of_survey(opened: Round, signature: inspect.Signature, arguments: Sequence[Any], named: Mapping[str, Any]) -> bool:
    """Whether answers of a survey are asked of an analysis that has to do with none: a cross-table of two items."""
    if any(name in signature.parameters for name in SURVEYS) or "attribute" not in signature.parameters:
        return False
    words = ("survey", "index", "rows", "row", "x", "item", "question", "variable", "var")
    first = next((named[word] for word in words if word in named), arguments[0] if arguments else None)
    if not opened.has("survey") or fits(opened, "attribute", first):
        return False
    return fits(opened, "survey", first) or (fits(opened, "item", first) and not fits(opened, "code", first))


def _is_whole_survey(opened: Round, arguments: Sequence[Any], named: Mapping[str, Any]) -> bool:
    """Whether a survey was named and none of its items: all of them are meant."""
    given = [*arguments, *named.values()]
    return len(given) == 1 and set(named) <= {"survey", "data", "df"} and fits(opened, "survey", given[0])


def _of_items(opened: Round, arguments: Sequence[Any], named: Mapping[str, Any]) -> dict[str, Any] | None:
    """The keywords of a table of some items, or of all by a column, where a topline was asked for; None where it is the whole survey's."""
    survey = next((one for one in (*arguments, *named.values()) if fits(opened, "survey", one)), None)
    if survey is None or len(arguments) + len(named) < 2:
        return None
    items = [one.id for one in opened.surveys[str(meant_by(opened, "survey", survey))].items if getattr(one, "options", None)]
    return {**named, **({} if len(arguments) > 1 or {"item", "items"} & set(named) else {"item": items})}
