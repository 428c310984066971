"""The explorer: one page over a round, answered by the kernel."""

from vvvresearch.exploring.explorer._kernel import Explorer
from vvvresearch.exploring.explorer._widget import widget_of

__all__ = ["Explorer", "widget_of"]
