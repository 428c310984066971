"""One reader per format: a file in, evidence out, and a report of what the model cannot hold."""

from vvvresearch.sources._configurations import ConfigurationFile, read_configurations
from vvvresearch.sources._interviews import read_interviews
from vvvresearch.sources._mappings import mapping_template, read_mappings
from vvvresearch.sources._margins import read_links, read_margins
from vvvresearch.sources._published import read_published
from vvvresearch.sources._registers import read_counts, read_courses, read_matches, read_monitoring, read_register
from vvvresearch.sources._survey import read_survey, write_survey
from vvvresearch.sources._survey_draft import draft_questionnaire
from vvvresearch.sources.qda import convert_codings, read_codebook, read_codings, write_codings, write_refi

__all__ = [
    "ConfigurationFile",
    "convert_codings",
    "draft_questionnaire",
    "mapping_template",
    "read_codebook",
    "read_codings",
    "read_configurations",
    "read_counts",
    "read_courses",
    "read_interviews",
    "read_links",
    "read_mappings",
    "read_margins",
    "read_matches",
    "read_monitoring",
    "read_published",
    "read_register",
    "read_survey",
    "write_codings",
    "write_refi",
    "write_survey",
]
