"""The part of a round that knows its interviews: themes, pairs, who was interviewed, quotes, agreement of coders."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from vvvresearch.errors import RoundError
from vvvresearch.files import note_missing, read_csv
from vvvresearch.results import Result, address_part, folded
from vvvresearch.rounds._binding import Supplier, bound
from vvvresearch.rounds._find import APPROVALS
from vvvresearch.themes import (
    Code,
    CoderRule,
    case_matrix,
    codes_of,
    context_table,
    cooccurrence,
    crosstab,
    disagreements,
    double_coding,
    framework_matrix,
    group_saturation,
    pair_activities,
    pair_gaps,
    pair_table,
    quota_matrix,
    quotes,
    sample_monitor,
    saturation_table,
    split_table,
    theme_changes,
    theme_table,
    triangulate,
    unitizing_agreement,
)
from vvvresearch.themes._coders import setting_names

if TYPE_CHECKING:
    import pandas as pd

    from vvvresearch.rounds._spec import RoundSpec


class ThemeAnalyses(Supplier):
    """Analyses of coded interviews, bound to a round."""

    if TYPE_CHECKING:
        spec: RoundSpec

        @property
        def path(self) -> Path: ...

        codings: Any
        interviews: Any

    SUPPLIES: ClassVar[dict[str, tuple[str, Callable[[Any], Any]]]] = {
        "codings": ("codings", lambda opened: opened.codings),
        "interviews": ("interviews", lambda opened: opened.interviews),
        "guide": ("guide", lambda opened: opened.rows_of("guide")),
        "claims": ("claims", lambda opened: opened.evidence_of("claims")),
        "coder": ("", lambda opened: opened.coder_rule),
        "approvals": ("", lambda opened: opened.approvals),
        "pseudonyms": ("", lambda opened: opened.spec.speakers.pseudonyms),
        "k": ("", lambda opened: opened.spec.speakers.k),
    }
    ROOTS: ClassVar[dict[str, Callable[[Any, str], Result | None]]] = {
        "themes": lambda opened, address: opened.theme_table(**opened.settings_in(address, "coder", "wave", "group", "by")),
        "theme-changes": lambda opened, address: _changes_at(opened, address),
        "pairs": lambda opened, address: opened.pair_table(**opened.settings_in(address, "coder", "wave")),
        "pair-gaps": lambda opened, address: opened.pair_gaps(**opened.settings_in(address, "coder", "wave")),
        "activities": lambda opened, address: _activities_at(opened, address),
        "context": lambda opened, address: opened.context_at(address),
        "cooccurrence": lambda opened, address: opened.cooccurrence(**opened.settings_in(address, "coder", "within")),
        "crosstab": lambda opened, address: opened.crosstab(
            opened.attribute_in(address), **opened.settings_in(address, "coder", "wave", "group", "within")
        ),
        "saturation": lambda opened, address: opened.saturation(**opened.settings_in(address, "coder", "wave")),
        "sample": lambda opened, address: opened.sample(**opened.settings_in(address, "wave")),
        "quota": lambda opened, address: opened.quota(**opened.settings_in(address, "wave")),
        "triangulation": lambda opened, address: opened.triangulate(),
        "agreement": lambda opened, address: _agreement_at(opened, address),
        "beneficiary": lambda opened, address: opened.split_table("beneficiary", **opened.settings_in(address, "coder", "wave")),
        "phase": lambda opened, address: opened.split_table("phase", **opened.settings_in(address, "coder", "wave")),
    }

    theme_table = bound(theme_table, "codings", "interviews")
    theme_changes = bound(theme_changes, "codings", "interviews")
    pair_table = bound(pair_table, "codings", "interviews")
    pair_gaps = bound(pair_gaps, "codings", "interviews")
    pair_activities = bound(pair_activities, "codings", "interviews")
    context_table = bound(context_table, "codings", "interviews")
    case_matrix = bound(case_matrix, "codings", "interviews")
    framework_matrix = bound(framework_matrix, "codings", "interviews")
    cooccurrence = bound(cooccurrence, "codings")
    crosstab = bound(crosstab, "codings", "interviews")
    split_table = bound(split_table, "codings", "interviews")
    saturation = bound(saturation_table, "codings", "interviews")
    group_saturation = bound(group_saturation, "codings", "interviews")
    sample = bound(sample_monitor, "interviews")
    quota = bound(quota_matrix, "interviews")
    quotes = bound(quotes, "codings", "interviews")
    triangulate = bound(triangulate, "claims")
    double_coding = bound(double_coding, "codings")
    disagreements = bound(disagreements, "codings", "interviews")
    unitizing_agreement = bound(unitizing_agreement, "codings")

    @property
    def coder_rule(self) -> CoderRule:
        """Which coder counts, as the definition declares it; where the round is filtered by coders, whoever of them coded."""
        if self.narrowing.coder:  # type: ignore[attr-defined]
            return CoderRule()
        return CoderRule(self.spec.themes.coders, self.spec.themes.lead)

    @property
    def groups(self) -> tuple[str, ...]:
        """The respondent groups that were interviewed, in the order of the register; none without one."""
        return () if self.lacks("interviews") else tuple(dict.fromkeys(self.interviews.frame["respondent_group"]))

    @property
    def within(self) -> Literal["sentence", "overlap"]:
        """How near codes are looked for together: in a sentence, or where passages overlap when a project came without its transcripts."""
        return "sentence" if not self.lacks("codings") and self.codings.texts else "overlap"

    def codes(self, depth: int | str | None = None) -> tuple[Code, ...]:
        """The codes of the codebook in its order, or those of its first levels; none without codings.

        Args:
            depth: levels of the tree, 1 is the themes at the top; or a code by its name: it and those below it.

        Example:
            >>> import vvvresearch as vvv
            >>> [code.key for code in vvv.open_round("demo").codes(depth=1)][:2]
            ['udbytte', 'aktiviteter']
        """
        if self.lacks("codings"):
            return ()
        if isinstance(depth, str):
            below = set(self.codings.codebook.below(self.codings.codebook.named(depth)))
            whole = codes_of(self.codings.codebook)
            return type(whole)(one for one in whole if one.path in below)
        return codes_of(self.codings.codebook, depth)

    @cached_property
    def approvals(self) -> pd.DataFrame | None:
        """Who approved which quote: the table `approvals.csv` beside the definition (quote_id, hash, approver, date); None without it."""
        path = self.path.with_name(APPROVALS)
        if not path.is_file():
            note_missing(path)
            return None
        table = read_csv(path)
        if lacking := [name for name in ("quote_id", "hash", "approver", "date") if name not in table]:
            raise RoundError(f"the table of approvals lacks {', '.join(lacking)}", where=path)
        # An approval that nobody signs is none.
        return table[table["approver"].str.strip() != ""]

    def settings_in(self, address: str, *names: str) -> dict[str, str]:
        """The settings that the root of an address names: `themes/coder-b/wave-1.…`; what it does not name is the round's own."""
        wanted = {f"/{part}" for part in address.split(".")[0].split("/")[1:]}
        offered = ((name, value) for name in names for value in self._values_of(name))
        return {name: value for name, value in offered if setting_names(**{name: value}) in wanted}

    def context_at(self, address: str) -> Result | None:
        """The table of the context that an address names."""
        opened: Any = self
        name = folded(address).split(".")[0].split("/")[1]
        code = next((one for one in self.codes() if folded(one.key).replace("/", "-") == name), None)
        return None if code is None else opened.context_table(code, **self.settings_in(address, "coder", "wave", "group"))

    def attribute_in(self, address: str) -> list[str]:
        """The attribute of a cross-table that an address names, or the several that make its groups together."""
        return address.split(".")[0].split("/")[1].split("+")

    def _values_of(self, name: str) -> Iterable[str]:
        register = self.interviews.frame
        if name == "coder":
            return list(self.codings.coders)
        if name in ("within", "by"):
            return ["sentence", "document"] * (name == "within") + [str(column) for column in register.columns]
        return dict.fromkeys(register["respondent_group" if name == "group" else name])


def _changes_at(opened: Any, address: str) -> Result | None:
    given: dict[str, Any] = opened.settings_in(address, "coder", "group")
    parts = address.split(".")[0].split("/")[1:]
    waves = [str(wave) for wave in dict.fromkeys(opened.interviews.frame["wave"]) if wave]
    between = ((first, second) for first in waves for second in waves if setting_names(between=f"{first}~{second}")[1:] in parts)
    if (chosen := next(between, None)) is not None:
        given |= {"first": chosen[0], "second": chosen[1]}
    found: Result | None = opened.theme_changes(**given)
    return found


def _activities_at(opened: Any, address: str) -> Result:
    """Activities of the theory of change, or codes, whichever an address names."""
    settings = opened.settings_in(address, "coder", "wave")
    found: Result = opened.pair_activities(**settings)
    rest = address.partition(".")[2].rpartition(".")[0]
    if not found or rest in {address_part(str(one)) for one in found.frame["activity"]}:
        return found
    above = next((code for code in opened.codes() if rest.startswith(f"{code.key}/") and "/" not in rest[len(code.key) + 1 :]), "")
    below: Result = opened.pair_activities(under=above, **settings)
    return below


def _agreement_at(opened: Any, address: str) -> Result:
    """The table of agreement that holds an address."""
    unit, _, rest = address.partition(".")[2].partition(".")
    if unit == "total":
        found: Result = opened.disagreements() if rest == "disagreements" else opened.double_coding()
    elif unit == "unitizing":
        found = opened.unitizing_agreement()
    else:
        found = opened.double_coding(unit=unit, scope="either" if address.startswith("agreement/scope-either.") else "all")
    return found
