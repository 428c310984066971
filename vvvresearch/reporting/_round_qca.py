"""The set analysis of a round's case pairs as a notebook hands it over: the outcome and its absence, in tables and in words."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from vvvresearch import files
from vvvresearch.errors import AnalysisError
from vvvresearch.figures import xy_plot
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Lang, Phrase, has_words, text
from vvvresearch.mechanisms.qca import Solution, minimize, necessity, robustness, superset_search, truth_table
from vvvresearch.reporting._output import Output
from vvvresearch.results import Base, Column, Result

Labels = Mapping[str, Mapping[str, str]]
SOLUTIONS = ("conservative", "parsimonious", "intermediate")


def hand_over_qca(
    out: Output, cases: pd.DataFrame, outcome: str, expectations: Mapping[str, int], labels: Labels, kind: DataKind
) -> dict[str, Result]:
    """Write the set analysis of an outcome and of its absence.

    Tables, each also with `-absent` for the negated outcome: `truth-table`, `necessity`, `solutions` (all three kinds),
    `robustness-qca`, `case-roles`. Figure: `xy`. Passages: `qca-words` and `qca-words-absent`, the solutions in sentences.

    Args:
        out: the notebook's output.
        cases: one row a case, named by the index, memberships.
        outcome: its column.
        expectations: for each condition the value (1 or 0) that should further the outcome; the absence expects the reverse.
        labels: words for conditions and outcome by language.
        kind: data kind.

    Returns:
        The tables by name. An analysis that is not possible (no case, no sufficient row) leaves its reason in the passage.
    """
    tables: dict[str, Result] = {}
    conditions = list(expectations)
    for negated, end in ((False, ""), (True, "-absent")):
        table = truth_table(cases, outcome, conditions, negated, kind=kind, lang=out.lang)
        tables[f"truth-table{end}"] = table
        tables[f"necessity{end}"] = _necessity(cases, outcome, conditions, negated, kind, out.lang)
        expected = {name: 1 - value if negated else value for name, value in expectations.items()}
        try:
            found = {
                "conservative": minimize(table, "conservative"),
                "parsimonious": minimize(table, "parsimonious"),
                "intermediate": minimize(table, "intermediate", expected),
            }
        except AnalysisError as refusal:
            # What cannot be analysed is told in the report, not left blank.
            words = " ".join(part for part in (refusal.what, refusal.why) if part)
            out.passage(f"qca-words{end}", files.markdown_text(words) + "\n")
            continue
        tables[f"solutions{end}"] = solution_table(found)
        tables[f"robustness-qca{end}"] = _robust(robustness(table, "conservative"))
        tables[f"case-roles{end}"] = _roles(found["intermediate"])
        out.passage(f"qca-words{end}", solution_words(found, labels, out.lang))
        _keep(out, found, f"qca{end}", kind)
        if not negated:
            drawing = xy_plot(found["intermediate"], lang=out.lang)
            legend = _legend([*conditions, outcome], labels, out.lang)
            out.figure("xy", dataclasses.replace(drawing, notes=(*drawing.notes, legend)))
    legend = _legend([*conditions, outcome], labels, out.lang)
    tables = {name: dataclasses.replace(result, notes=(*result.notes, legend)) for name, result in tables.items()}
    for name, result in tables.items():
        out.table(name, result)
    return tables


def _legend(names: Sequence[str], labels: Labels, lang: Lang) -> Phrase:
    """What the short names stand for; "~" and "*" are read aloud too."""
    listed = "; ".join(f"{name}: {labels[name][lang]}" for name in names if name in labels)
    return Phrase("mechanism_tables.legend", {"listed": listed})


def _necessity(cases: pd.DataFrame, outcome: str, conditions: Sequence[str], negated: bool, kind: DataKind, lang: Lang) -> Result:
    """Single conditions, and the either-or expressions that pass where no part of them does."""
    single = necessity(cases, outcome, conditions, negated, kind=kind, lang=lang)
    joined = superset_search(cases, outcome, conditions, negated, kind=kind, lang=lang)
    either = joined.frame[joined.frame["relation"] == "disjunction"].rename(columns={str(joined.frame.columns[0]): "condition"})
    frame = pd.concat([single.frame, either[["condition", "inclN", "RoN", "covN"]]], ignore_index=True)
    return dataclasses.replace(single, frame=frame)


def solution_table(found: Mapping[str, Solution]) -> Result:
    """The three kinds of solution under each other: kind, model, term, fit and cases.

    Returns:
        Result; .frame: solution, model, term, inclS, PRI, covS, covU, cases.
    """
    first = found["conservative"]
    parts = []
    for name, one in found.items():
        words = [Phrase(f"mechanism_tables.{name}")] * len(one.frame)
        parts.append(one.frame.assign(solution=pd.Series(words, index=one.frame.index, dtype=object)))
    return Result(
        frame=pd.concat(parts, ignore_index=True),
        base=first.base,
        title=Phrase("mechanism_tables.solutions_title", {"outcome": first.table.data.outcome_label}),
        notes=(Phrase("mechanism_tables.solutions_note"), *first.notes[1:]),
        assumptions=first.assumptions,
        shows=(Column("solution", Phrase("mechanism_tables.solution")), *first.shows),
        kind=first.kind,
        lang=first.lang,
    )


def solution_words(found: Mapping[str, Solution], labels: Labels, lang: Lang) -> str:
    """Every model of every kind in a sentence, and what the intermediate solution assumes."""
    named: dict[str, Any] = {name: words[lang] for name, words in labels.items()}
    blocks = []
    for name, one in found.items():
        sentences = [files.markdown_text(one.say(lang, named, number)) for number in range(len(one.models))]
        blocks.append(f"**{text(f'mechanism_tables.{name}', lang)}.** {' '.join(sentences)}")
    assumed = [files.markdown_text(sentence) for sentence in found["intermediate"].say_counterfactuals(lang, named)]
    blocks.append(" ".join(assumed) if assumed else text("mechanism_tables.no_counterfactuals", lang))
    return "\n\n".join(blocks) + "\n"


def _robust(found: Result) -> Result:
    """The variants in words; a variant that cannot be solved has no models."""
    frame = found.frame.copy()
    answers = {True: Phrase("mechanism_tables.yes"), False: Phrase("mechanism_tables.no")}
    frame["same"] = pd.Series([answers[bool(same)] for same in frame["same"]], index=frame.index, dtype=object)
    frame["models"] = frame["models"].where(frame["n_models"] > 0, Phrase("mechanism_tables.no_solution"))
    keys = [f"mechanism_tables.test_{test}" for test in frame["test"]]
    tests = [Phrase(key) if has_words(key) else test for key, test in zip(keys, frame["test"], strict=True)]
    frame["test"] = pd.Series(tests, index=frame.index, dtype=object)
    return dataclasses.replace(found, frame=frame)


def _roles(solution: Solution) -> Result:
    frame = pd.concat([solution.cases(number).assign(model=f"M{number + 1}") for number in range(len(solution.models))], ignore_index=True)
    shown = frame[frame["role"] != "irrelevant"].reset_index(drop=True)
    return Result(
        frame=shown,
        base=solution.base,
        title=Phrase("mechanism_tables.roles_title", {"outcome": solution.table.data.outcome_label}),
        notes=(Phrase("mechanism_tables.roles_note"),),
        shows=(
            Column("case", Phrase("mechanisms.case")),
            Column("term", Phrase("qca.term")),
            Column("role", Phrase("mechanism_tables.role"), words="mechanism_words"),
        ),
        kind=solution.kind,
        lang=solution.lang,
    )


def _keep(out: Output, found: Mapping[str, Solution], key: str, kind: DataKind) -> None:
    chosen = found["intermediate"]
    base = Base(len(chosen.table.data.cases), "pair")
    model = chosen.models[0]
    roles = chosen.cases()
    out.value(f"{key}.inclusion", model.inclusion, "number", decimals=2, base=base, kind=kind)
    out.value(f"{key}.coverage", model.coverage, "number", decimals=2, base=base, kind=kind)
    out.value(f"{key}.models", len(chosen.models), base=base, kind=kind)
    out.value(f"{key}.terms", len(model.terms), base=base, kind=kind)
    out.value(f"{key}.typical", int(roles.loc[roles["role"] == "typical", "case"].nunique()), base=base, kind=kind)
    unexplained = roles.loc[roles["role"] == "deviant in coverage", "case"]
    out.value(f"{key}.unexplained", int(unexplained.nunique()), base=base, kind=kind)
