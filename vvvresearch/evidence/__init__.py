"""The tables everything else speaks: schemas, codebook, questionnaire, municipalities."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from vvvresearch.evidence._consent import SOURCE_TYPES, Consent, SourceType
from vvvresearch.evidence._findings import FINDINGS, READINGS, Advice, Finding, Findings, read_findings
from vvvresearch.evidence._goals import GOAL_STATUSES, MEASURED_COLUMNS, Goal, Goals, GoalUnit, Override, Reading, Taken
from vvvresearch.evidence._programme import (
    PROGRAMME,
    Group,
    Programme,
    Unit,
    code_failures,
    municipalities,
    read_programme,
    venner_viser_vej,
)
from vvvresearch.evidence._questionnaire import (
    Battery,
    Frame,
    Item,
    Option,
    Questionnaire,
    Scale,
    Words,
    in_time,
    item_name,
    read_questionnaire,
)
from vvvresearch.evidence._register import (
    BEFORE_THE_START,
    COUNT_COLUMNS,
    COURSE_COLUMNS,
    COURSE_FORMATS,
    COURSE_TYPES,
    DAY_UNKNOWN,
    DIRECTIONS,
    END_DAY,
    EVALUATOR,
    HALVES,
    LINK_COLUMNS,
    MATCH_COLUMNS,
    MEASURES,
    MODES,
    MONITORING_COLUMNS,
    MONITORING_COUNT_COLUMNS,
    NODE_COLUMNS,
    NODE_TYPES,
    REASON_CLASSES,
    REGISTER_COLUMNS,
    RESPONDENT_GROUPS,
    ConfigurationFile,
    Interviews,
    Loss,
    Losses,
    Mappings,
    Register,
    coders_in,
)
from vvvresearch.evidence._routing import Route, parse_route
from vvvresearch.evidence._rows import column_named, stance_named, value_named
from vvvresearch.evidence._schema import check, in_every_language, model_failures
from vvvresearch.evidence._waves import occasion_in, span_of, timeless, waves_in_order, without_time, years_in

if TYPE_CHECKING:
    from vvvresearch.evidence._codings import CODEBOOK_COLUMNS, SEPARATOR, Codebook, Codings, OffsetChoice
    from vvvresearch.evidence._combine import can_combine, combine
    from vvvresearch.evidence._joining import (
        by_document,
        documents_of,
        in_one_spelling,
        join_code,
        join_name,
        join_parts,
        joined,
        of_pairs,
        renamed_sources,
        with_ids_apart,
    )
    from vvvresearch.evidence._published import (
        BASE_BASES,
        DOCUMENT_COLUMNS,
        FACT_COLUMNS,
        FIGURE_COLUMNS,
        FIGURE_ROLES,
        MENTION_COLUMNS,
        MISSING,
        PLACE_COLUMNS,
        VALUE_COLUMNS,
        Published,
    )
    from vvvresearch.evidence._survey import MultipleResponseSet, Survey, Variable, code_text
    from vvvresearch.evidence._theory import Arrow, Element, Ledger, Theory, read_ledger, read_theory

# What opening a workspace does without; a command that finds nothing to do is over before these would be loaded.
_LATER = ("_theory", "_published", "_survey", "_codings", "_joining", "_combine")

__all__ = [
    "BASE_BASES",
    "BEFORE_THE_START",
    "CODEBOOK_COLUMNS",
    "COUNT_COLUMNS",
    "COURSE_COLUMNS",
    "COURSE_FORMATS",
    "COURSE_TYPES",
    "DAY_UNKNOWN",
    "DIRECTIONS",
    "DOCUMENT_COLUMNS",
    "END_DAY",
    "EVALUATOR",
    "FACT_COLUMNS",
    "FIGURE_COLUMNS",
    "FIGURE_ROLES",
    "FINDINGS",
    "GOAL_STATUSES",
    "HALVES",
    "LINK_COLUMNS",
    "MATCH_COLUMNS",
    "MEASURED_COLUMNS",
    "MEASURES",
    "MENTION_COLUMNS",
    "MISSING",
    "MODES",
    "MONITORING_COLUMNS",
    "MONITORING_COUNT_COLUMNS",
    "NODE_COLUMNS",
    "NODE_TYPES",
    "PLACE_COLUMNS",
    "PROGRAMME",
    "READINGS",
    "REASON_CLASSES",
    "REGISTER_COLUMNS",
    "RESPONDENT_GROUPS",
    "SEPARATOR",
    "SOURCE_TYPES",
    "VALUE_COLUMNS",
    "Advice",
    "Arrow",
    "Battery",
    "Codebook",
    "Codings",
    "ConfigurationFile",
    "Consent",
    "Element",
    "Finding",
    "Findings",
    "Frame",
    "Goal",
    "GoalUnit",
    "Goals",
    "Group",
    "Interviews",
    "Item",
    "Ledger",
    "Loss",
    "Losses",
    "Mappings",
    "MultipleResponseSet",
    "OffsetChoice",
    "Option",
    "Override",
    "Programme",
    "Published",
    "Questionnaire",
    "Reading",
    "Register",
    "Route",
    "Scale",
    "SourceType",
    "Survey",
    "Taken",
    "Theory",
    "Unit",
    "Variable",
    "Words",
    "by_document",
    "can_combine",
    "check",
    "code_failures",
    "code_text",
    "coders_in",
    "column_named",
    "combine",
    "documents_of",
    "in_every_language",
    "in_one_spelling",
    "in_time",
    "item_name",
    "join_code",
    "join_name",
    "join_parts",
    "joined",
    "model_failures",
    "municipalities",
    "occasion_in",
    "of_pairs",
    "parse_route",
    "read_findings",
    "read_ledger",
    "read_programme",
    "read_questionnaire",
    "read_theory",
    "renamed_sources",
    "span_of",
    "stance_named",
    "timeless",
    "value_named",
    "venner_viser_vej",
    "waves_in_order",
    "with_ids_apart",
    "without_time",
    "years_in",
]


def __getattr__(name: str) -> Any:
    if name in __all__:
        for module in _LATER:
            if hasattr(loaded := import_module(f"{__name__}.{module}"), name):
                return getattr(loaded, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
