"""The tables everything else speaks: schemas, codebook, questionnaire, municipalities."""

from vvvresearch.evidence._codebook import CODEBOOK_COLUMNS, SEPARATOR, Codebook
from vvvresearch.evidence._codings import Codings, OffsetChoice
from vvvresearch.evidence._column_names import column_named, stance_named, value_named
from vvvresearch.evidence._combine import can_combine, combine, join_name, join_number, joined
from vvvresearch.evidence._configurations import ConfigurationFile
from vvvresearch.evidence._consent import Consent
from vvvresearch.evidence._definition import in_every_language, model_failures
from vvvresearch.evidence._findings import FINDINGS, Advice, Finding, Findings, read_findings
from vvvresearch.evidence._goals import GOAL_STATUSES, MEASURED_COLUMNS, Goal, Goals, GoalUnit, Override, Reading
from vvvresearch.evidence._hypotheses import Ledger, read_ledger
from vvvresearch.evidence._interviews import HALVES, MODES, REGISTER_COLUMNS, RESPONDENT_GROUPS, Interviews
from vvvresearch.evidence._losses import Loss, Losses
from vvvresearch.evidence._mappings import DIRECTIONS, EVALUATOR, LINK_COLUMNS, NODE_COLUMNS, NODE_TYPES, Mappings
from vvvresearch.evidence._municipalities import REGIONS, code_failures, municipalities
from vvvresearch.evidence._programme import PROGRAMME, Group, Programme, Unit, read_programme, venner_viser_vej
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
from vvvresearch.evidence._questionnaire import (
    Battery,
    Frame,
    Item,
    Option,
    Questionnaire,
    Scale,
    Words,
    in_time,
    read_questionnaire,
)
from vvvresearch.evidence._register import (
    COUNT_COLUMNS,
    COURSE_COLUMNS,
    COURSE_FORMATS,
    COURSE_TYPES,
    MATCH_COLUMNS,
    MEASURES,
    MONITORING_COLUMNS,
    MONITORING_COUNT_COLUMNS,
    REASON_CLASSES,
    Register,
)
from vvvresearch.evidence._routing import Route, parse_route
from vvvresearch.evidence._schema import check
from vvvresearch.evidence._source_types import SOURCE_TYPES, SourceType
from vvvresearch.evidence._span import span_of
from vvvresearch.evidence._survey import MultipleResponseSet, Survey, Variable, code_text
from vvvresearch.evidence._taken import Taken
from vvvresearch.evidence._theory import Arrow, Element, Theory, read_theory
from vvvresearch.evidence._waves import occasion_in, waves_in_order, without_time

__all__ = [
    "BASE_BASES",
    "CODEBOOK_COLUMNS",
    "COUNT_COLUMNS",
    "COURSE_COLUMNS",
    "COURSE_FORMATS",
    "COURSE_TYPES",
    "DIRECTIONS",
    "DOCUMENT_COLUMNS",
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
    "REASON_CLASSES",
    "REGIONS",
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
    "can_combine",
    "check",
    "code_failures",
    "code_text",
    "column_named",
    "combine",
    "in_every_language",
    "in_time",
    "join_name",
    "join_number",
    "joined",
    "model_failures",
    "municipalities",
    "occasion_in",
    "parse_route",
    "read_findings",
    "read_ledger",
    "read_programme",
    "read_questionnaire",
    "read_theory",
    "span_of",
    "stance_named",
    "value_named",
    "venner_viser_vej",
    "waves_in_order",
    "without_time",
]
