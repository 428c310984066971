"""The solution object: every model, its chart, its fit, its wording, what is proved of it, and what each case is to a model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from vvvresearch.locales import Joined, Phrase, Sayable, Written, check_lang
from vvvresearch.mechanisms.qca._data import SetData
from vvvresearch.mechanisms.qca._measures import FIT_NAMES
from vvvresearch.mechanisms.qca._models import Model, shared_cubes
from vvvresearch.mechanisms.qca._set_cover import Covers
from vvvresearch.mechanisms.qca._standard import Pair
from vvvresearch.mechanisms.qca._table import CaseNames, TruthTable
from vvvresearch.mechanisms.qca._terms import Cube, covers_row, term_text
from vvvresearch.results import Base, Column, Labels, Measure, Names, Picture, Result

if TYPE_CHECKING:
    import pandas as pd


# A reader compares a handful of models; the rest stay in `.models`.
SHOWN_MODELS = 20
_FITS = ("inclS", "PRI", "covS", "covU")


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class Solution(Result):
    """Every minimal model of a truth table.

    Args:
        table: the truth table.
        solution: "conservative", "parsimonious" or "intermediate".
        models: all models; a sequence that makes each when it is looked at.
        prime_implicants: the terms models can be made of, as written.
        primes: the same as tuples.
        complete: whether every model is here; if not, `proved` says what is certain all the same.
        proved: what is proved, in words.
        pairs: for the intermediate solution, what lies between each conservative and each parsimonious model.
        candidate: a valid solution that is not proved to be the shortest; only where `complete` is False.
    """

    table: TruthTable
    solution: str
    models: Sequence[Model]
    prime_implicants: tuple[str, ...]
    primes: tuple[Cube, ...]
    complete: bool
    proved: Phrase
    pairs: tuple[Pair, ...] = ()
    candidate: Model | None = None

    @property
    def chart(self) -> pd.DataFrame:
        """The prime implicant chart: terms × positive row numbers, 1 where a term covers a row."""
        import pandas as pd

        positive = self.table.rows_with("1")
        cells = [[int(covers_row(cube, row)) for row in positive.tolist()] for cube in self.primes]
        numbers = (positive @ self.table.data.place_values + 1).tolist()
        return pd.DataFrame(cells, index=list(self.prime_implicants), columns=numbers, dtype=int)

    @property
    def essential(self) -> tuple[str, ...]:
        """Terms that stand in every model, as written."""
        return tuple(term_text(self.table.data, cube) for cube in shared_cubes(self.models))

    def cases(self, model: int = 0) -> pd.DataFrame:
        """Typical, deviant and irrelevant cases of a model, by name, for follow-up (see `case_roles`)."""
        return case_roles(self.models[model])

    def say(self, lang: str | None = None, labels: Words | None = None, model: int = 0) -> str:
        """A model in words.

        Args:
            lang: "da" or "en"; default the result's language.
            labels: words for a condition or outcome: its presence, or (presence, absence); default those declared.
            model: which of the models.
        """
        words = self.table.declared.words if labels is None else labels
        return model_sentence(self.models[model], words, len(self.models)).say(check_lang(lang or self.lang))

    def sentences(self, labels: Words | None = None) -> Result:
        """Every model in a sentence, and of the intermediate solution what it assumes of configurations nobody has seen.

        Args:
            labels: as in `say`.

        Returns:
            A Result; `.frame` has solution, model, sentence ("model", "assumed", "refused", "nothing") and row (of the truth table).
        """
        return sentence_table((self,), self.table.declared.words if labels is None else labels)


def sentence_table(solutions: Sequence[Solution], words: Words) -> Result:
    """Solutions in words, one sentence a row."""
    import pandas as pd

    rows: list[tuple[str, str, str, int]] = []
    told: dict[tuple[str, str, str, int], str | Sayable] = {}
    for solution in solutions:
        for place, model in enumerate(solution.models[:SHOWN_MODELS]):
            rows.append((solution.solution, f"M{place + 1}", "model", 0))
            told[rows[-1]] = model_sentence(model, words, len(solution.models))
        if solution.solution == "intermediate":
            assumed = list(counterfactual_sentences(solution.table, solution.pairs, words))
            for state, row, sentence in assumed or [("nothing", 0, Phrase("mechanism_tables.no_counterfactuals"))]:
                rows.append((solution.solution, "", state, row))
                told[rows[-1]] = sentence
    names = ("solution", "model", "sentence", "row")
    table = solutions[0].table
    return Result(
        frame=pd.DataFrame(rows, columns=list(names)),
        base=solutions[0].base,
        title=Phrase("qca.title_sentences", {"outcome": table.outcome_words}),
        assumptions=solutions[0].assumptions,
        shows=(
            Column("solution", Phrase("mechanism_tables.solution"), words="mechanism_tables"),
            Column("sentence", Phrase("qca.in_words")),
        ),
        kind=table.kind,
        labels={"sentence": Labels(told, on=names)},
    )


def solution_result(
    table: TruthTable,
    solution: str,
    primes: tuple[Cube, ...],
    models: Sequence[Model],
    covers: Covers | None,
    pairs: tuple[Pair, ...],
    kind_of_cover: str,
) -> Solution:
    """Put a solution together with its notes."""
    complete = covers is not None and covers.complete
    proved = _proved(models, covers, len(primes), kind_of_cover, solution)
    candidate = None
    if not complete and not models and covers is not None and covers.best:
        candidate = Model(tuple(primes[number] for number in covers.best), table)
    notes: list[Phrase] = [Phrase(f"qca.{solution}"), Phrase("qca.fit_method")]
    if len(models) > 1:
        notes.append(Phrase("qca.many_models", {"n": len(models)}))
    if len(models) > SHOWN_MODELS:
        notes.append(Phrase("qca.shown_models", {"shown": SHOWN_MODELS, "n": len(models)}))
    if not complete:
        notes.append(proved)
    made = Solution(
        frame=_frame(models[:SHOWN_MODELS], solution),
        base=Base(len(table.data.cases), unit="case"),
        title=Phrase(f"qca.title_{solution}", {"outcome": table.outcome_words}),
        notes=(*notes, *table.warnings, *table.declared.legend((*table.data.conditions, table.data.outcome_name))),
        assumptions=(Phrase("qca.assumption"),),
        shows=_columns(),
        kind=table.kind,
        at=table.root_for("paths", "" if kind_of_cover == "minimum" else kind_of_cover),
        keys=("solution", "model", "path"),
        measures=tuple(Measure(FIT_NAMES[name], "number", 2, of="", known=name) for name in _FITS),
        labels={"term": Labels({"": Phrase("qca.whole_model")})},
        table=table,
        solution=solution,
        models=models,
        prime_implicants=tuple(term_text(table.data, cube) for cube in primes),
        primes=primes,
        complete=complete,
        proved=proved,
        pairs=pairs,
        candidate=candidate,
    )
    if not models:
        return made
    words = table.declared.words
    title = Phrase("network.xy_title", {"outcome": table.outcome_words})
    # Letters stand in tables; a reader of the picture is told the solution in words.
    told = (model_sentence(models[0], words, len(models)),) if words else ()
    return replace(made, pictures={"xy": Picture("xy_plot", title=title, notes=told, subject=made)})


def _proved(models: Sequence[Model], covers: Covers | None, n_primes: int, kind_of_cover: str, solution: str) -> Phrase:
    if covers is None:
        return Phrase("qca.proved_nothing")
    if covers.complete:
        return Phrase("qca.proved_all", {"n": len(models)})
    if solution == "intermediate":
        return Phrase("qca.proved_pairs", {"n": len(models)})
    if kind_of_cover == "irredundant":
        return Phrase("qca.proved_irredundant", {"n": len(models)})
    if models:
        return Phrase("qca.proved_some", {"n": len(models), "size": covers.proved})
    return Phrase("qca.proved_bounds", {"least": covers.proved, "most": len(covers.best), "primes": n_primes})


def _frame(models: Sequence[Model], solution: str) -> pd.DataFrame:
    import pandas as pd

    rows: list[dict[str, Any]] = []
    for place, model in enumerate(models, start=1):
        rows += [{"model": f"M{place}", **{str(name): value for name, value in row.items()}} for row in model.fit.to_dict("records")]
        whole = CaseNames(name for name, share in zip(model.table.data.cases, model.membership, strict=True) if share > 0.5)
        total = {"term": "", "inclS": model.inclusion, "PRI": model.pri, "covS": model.coverage}
        rows.append({"model": f"M{place}", **total, "covU": float("nan"), "cases": whole, "path": ""})
    return pd.DataFrame(rows, columns=["model", "term", *_FITS, "cases", "path"]).assign(solution=solution)


def _columns() -> tuple[Column, ...]:
    return (
        Column("model", Phrase("qca.model")),
        Column("term", Phrase("qca.term")),
        *(Column(name, Phrase(f"qca.{name}"), format="number", decimals=3) for name in _FITS),
        Names("cases", Phrase("qca.cases")),
    )


def case_roles(model: Model) -> pd.DataFrame:
    """The part each case plays in a model, for choosing whom to visit again.

    Args:
        model: one of `Solution.models`.

    Returns:
        One row a case and term it belongs to (membership above .5), and one row a case that belongs to no term: columns
        case, term, membership, outcome, role, unique. Roles: "typical" (in term and outcome, term not above outcome),
        "deviant in degree" (in both, but more in the term), "deviant in kind" (in the term, not in the outcome),
        "deviant in coverage" (in the outcome, in no term), "irrelevant". unique: covered by this term alone.

    Source: Schneider and Rohlfing 2013.
    """
    import pandas as pd

    data = model.table.data
    held = [data.membership(cube) for cube in model.cubes]
    rows: list[dict[str, Any]] = []
    for place, name in enumerate(data.cases):
        outcome = float(data.outcome[place])
        inside = [number for number, membership in enumerate(held) if membership[place] > 0.5]
        for number in inside:
            share = float(held[number][place])
            role = "deviant in kind" if outcome <= 0.5 else "typical" if share <= outcome + 1e-12 else "deviant in degree"
            rows.append(_row(name, model.terms[number], share, outcome, role, len(inside) == 1))
        if not inside:
            role = "deviant in coverage" if outcome > 0.5 else "irrelevant"
            rows.append(_row(name, "", float(model.membership[place]), outcome, role, False))
    return pd.DataFrame(rows, columns=["case", "term", "membership", "outcome", "role", "unique"])


def _row(case: str, term: str, membership: float, outcome: float, role: str, unique: bool) -> dict[str, Any]:
    return {"case": case, "term": term, "membership": membership, "outcome": outcome, "role": role, "unique": unique}


Said = str | Sayable
# Words for a condition or outcome: its presence, or (presence, absence).
Words = Mapping[str, Said | tuple[Said, Said]]


def model_sentence(model: Model, words: Words, of: int = 1) -> Sayable:
    """One model as a sentence, with its inclusion and coverage, and that it is one of several."""
    data = model.table.data
    ways = [_all_of([_literal(data, place, value, words) for place, value in enumerate(cube) if value >= 0]) for cube in model.cubes]
    outcome = _named(data.outcome_name, int(not data.negated), False, words)
    numbered = tuple(Joined((f"({number}) ", way), "") for number, way in enumerate(ways, start=1))
    listed = ways[0] if len(ways) == 1 else Joined(numbered, "; ")
    fit = {"inclusion": Written(model.inclusion, decimals=2), "coverage": Written(model.coverage, decimals=2)}
    key = "qca.say_one" if len(ways) == 1 else "qca.say_many"
    sentence = Phrase(key, {"outcome": outcome, "ways": listed, "n": len(ways), **fit})
    return Joined((sentence, Phrase("qca.one_of_models", {"n": of})), " ") if of > 1 else sentence


def counterfactual_sentences(table: TruthTable, pairs: Sequence[Pair], words: Words) -> Iterator[tuple[str, int, Phrase]]:
    """Each unobserved configuration that some pair assumes to be positive ("assumed") or refuses ("refused"), with its row."""
    easy = sorted({row for pair in pairs for row in pair.easy_counterfactuals})
    hard = sorted({row for pair in pairs for row in pair.difficult_counterfactuals} - set(easy))
    for state, rows in (("assumed", easy), ("refused", hard)):
        for row in rows:
            yield state, row, Phrase(f"qca.say_{state}", {"row": str(row), "config": _config(table, row, words)})


def _config(table: TruthTable, row: int, words: Words) -> Said:
    data = table.data
    values = (row - 1) // data.place_values % np.asarray(data.levels)
    return _all_of([_literal(data, place, int(value), words) for place, value in enumerate(values)])


def _literal(data: SetData, place: int, value: int, words: Words) -> Said:
    return _named(data.conditions[place], value, data.levels[place] > 2, words)


def _named(name: str, value: int, multi_value: bool, words: Words) -> Said:
    label = words.get(name, name)
    if multi_value:
        return Phrase("qca.say_value", {"name": label[0] if isinstance(label, tuple) else label, "value": str(value)})
    if isinstance(label, tuple):
        return label[0] if value == 1 else label[1]
    return Phrase("qca.say_present" if value == 1 else "qca.say_absent", {"name": label})


def _all_of(parts: Sequence[Said]) -> Said:
    if not parts:
        return Phrase("qca.say_always")
    return parts[0] if len(parts) == 1 else Phrase("qca.say_and", {"first": Joined(tuple(parts[:-1])), "last": parts[-1]})
