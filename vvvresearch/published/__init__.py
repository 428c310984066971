"""What documents published: reconstruction, comparison with our own numbers, consistency."""

from vvvresearch.published._comparison import published_comparison
from vvvresearch.published._finding import Finding
from vvvresearch.published._percentages import check_percentages
from vvvresearch.published._reconstruct import Margin, reconstruct
from vvvresearch.published._values import combine_published, published_facts, published_values
from vvvresearch.published.consistency import check_published, find_inconsistencies

__all__ = [
    "Finding",
    "Margin",
    "check_percentages",
    "check_published",
    "combine_published",
    "find_inconsistencies",
    "published_comparison",
    "published_facts",
    "published_values",
    "reconstruct",
]
