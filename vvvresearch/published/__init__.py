"""What documents published: reconstruction, comparison with our own numbers, consistency."""

from vvvresearch.published._combine import combine_published
from vvvresearch.published._comparison import ComparisonTable, published_comparison
from vvvresearch.published._finding import Finding
from vvvresearch.published._reconstruct import Margin, reconstruct
from vvvresearch.published.consistency import ConsistencyTable, check_published, find_inconsistencies

__all__ = [
    "ComparisonTable",
    "ConsistencyTable",
    "Finding",
    "Margin",
    "check_published",
    "combine_published",
    "find_inconsistencies",
    "published_comparison",
    "reconstruct",
]
