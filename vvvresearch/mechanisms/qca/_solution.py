"""The solution object: every model, its chart, its fit, its wording, and what is proved of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from vvvresearch.locales import Phrase, check_lang
from vvvresearch.mechanisms.qca._models import Model, shared_cubes
from vvvresearch.mechanisms.qca._roles import case_roles
from vvvresearch.mechanisms.qca._set_cover import Covers
from vvvresearch.mechanisms.qca._standard import Pair
from vvvresearch.mechanisms.qca._table import CaseNames, TruthTable
from vvvresearch.mechanisms.qca._terms import Cube, covers_row, term_text
from vvvresearch.mechanisms.qca._wording import counterfactual_sentences, model_sentence
from vvvresearch.results import Base, Column, Result

if TYPE_CHECKING:
    import pandas as pd

# A reader compares a handful of models; the rest stay in `.models`.
SHOWN_MODELS = 20


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

    def say(self, lang: str | None = None, labels: Mapping[str, str | tuple[str, str]] | None = None, model: int = 0) -> str:
        """A model in words.

        Args:
            lang: "da" or "en"; default the result's language.
            labels: words for a condition or outcome: its presence, or (presence, absence).
            model: which of the models.
        """
        spoken = check_lang(lang or self.lang)
        sentence = model_sentence(self.models[model], labels or {}, spoken)
        if len(self.models) > 1:
            sentence += " " + Phrase("qca.one_of_models", {"n": len(self.models)}).say(spoken)
        return sentence

    def say_counterfactuals(self, lang: str | None = None, labels: Mapping[str, str | tuple[str, str]] | None = None) -> list[str]:
        """What the intermediate solution assumes of configurations nobody has seen, in words, one sentence a row."""
        return counterfactual_sentences(self.table, self.pairs, labels or {}, check_lang(lang or self.lang))


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
    proved = _proved(models, covers, len(primes), kind_of_cover, bool(pairs), solution)
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
    return Solution(
        frame=_frame(models[:SHOWN_MODELS]),
        base=Base(len(table.data.cases), unit="case"),
        title=Phrase(f"qca.title_{solution}", {"outcome": table.data.outcome_label}),
        notes=(*notes, *table.warnings),
        assumptions=(Phrase("qca.assumption"),),
        shows=_columns(),
        kind=table.kind,
        lang=table.lang,
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


def _proved(models: Sequence[Model], covers: Covers | None, n_primes: int, kind_of_cover: str, paired: bool, solution: str) -> Phrase:
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


def _frame(models: Sequence[Model]) -> pd.DataFrame:
    import pandas as pd

    rows: list[dict[str, Any]] = []
    for place, model in enumerate(models, start=1):
        rows += [{"model": f"M{place}", **{str(name): value for name, value in row.items()}} for row in model.fit.to_dict("records")]
        whole = CaseNames(name for name, share in zip(model.table.data.cases, model.membership, strict=True) if share > 0.5)
        total = {"term": Phrase("qca.whole_model"), "inclS": model.inclusion, "PRI": model.pri, "covS": model.coverage}
        rows.append({"model": f"M{place}", **total, "covU": float("nan"), "cases": whole})
    return pd.DataFrame(rows, columns=["model", "term", "inclS", "PRI", "covS", "covU", "cases"])


def _columns() -> tuple[Column, ...]:
    numbers = (Column(name, Phrase(f"qca.{name}"), format="number", decimals=3) for name in ("inclS", "PRI", "covS", "covU"))
    return (
        Column("model", Phrase("qca.model")),
        Column("term", Phrase("qca.term")),
        *numbers,
        Column("cases", Phrase("qca.cases")),
    )
