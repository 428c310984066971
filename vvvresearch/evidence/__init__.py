"""The tables everything else speaks: schemas, codebook, questionnaire, municipalities."""

from vvvresearch.evidence._codebook import CODEBOOK_COLUMNS, SEPARATOR, Codebook
from vvvresearch.evidence._codings import CODING_COLUMNS, Codings, OffsetChoice
from vvvresearch.evidence._interviews import CONSENT_USES, MODES, REGISTER_COLUMNS, RESPONDENT_GROUPS, Interviews
from vvvresearch.evidence._losses import Loss, Losses
from vvvresearch.evidence._mappings import DIRECTIONS, LINK_COLUMNS, NODE_COLUMNS, NODE_TYPES, PERSPECTIVES, Mappings
from vvvresearch.evidence._municipalities import REGIONS, code_failures, municipalities
from vvvresearch.evidence._questionnaire import (
    Frame,
    Item,
    Option,
    Questionnaire,
    Scale,
    Words,
    model_failures,
    read_questionnaire,
)
from vvvresearch.evidence._routing import Route, parse_route
from vvvresearch.evidence._schema import check
from vvvresearch.evidence._survey import MultipleResponseSet, Survey, Variable

__all__ = [
    "CODEBOOK_COLUMNS",
    "CODING_COLUMNS",
    "CONSENT_USES",
    "DIRECTIONS",
    "LINK_COLUMNS",
    "MODES",
    "NODE_COLUMNS",
    "NODE_TYPES",
    "PERSPECTIVES",
    "REGIONS",
    "REGISTER_COLUMNS",
    "RESPONDENT_GROUPS",
    "SEPARATOR",
    "Codebook",
    "Codings",
    "Frame",
    "Interviews",
    "Item",
    "Loss",
    "Losses",
    "Mappings",
    "MultipleResponseSet",
    "OffsetChoice",
    "Option",
    "Questionnaire",
    "Route",
    "Scale",
    "Survey",
    "Variable",
    "Words",
    "check",
    "code_failures",
    "model_failures",
    "municipalities",
    "parse_route",
    "read_questionnaire",
]
