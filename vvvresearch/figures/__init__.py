"""Figures with one look: readable in grey, colour-blind safe, alt text with the numbers."""

from vvvresearch.figures._bars import bars, mirror_bars, wave_bars
from vvvresearch.figures._contacts import contact_timeline, stage_timeline
from vvvresearch.figures._curves import saturation_curve, survival_plot
from vvvresearch.figures._draw import draw
from vvvresearch.figures._drawing import Drawing
from vvvresearch.figures._forest import forest
from vvvresearch.figures._heatmap import theme_heatmap
from vvvresearch.figures._layers import most_told
from vvvresearch.figures._likert import likert
from vvvresearch.figures._networks import causal_map_plot, theory_of_change
from vvvresearch.figures._problems import figure_problems
from vvvresearch.figures._tiles import tile_map
from vvvresearch.figures._time import stock_flow, trend
from vvvresearch.figures._xy import xy_plot

__all__ = [
    "Drawing",
    "bars",
    "causal_map_plot",
    "contact_timeline",
    "draw",
    "figure_problems",
    "forest",
    "likert",
    "mirror_bars",
    "most_told",
    "saturation_curve",
    "stage_timeline",
    "stock_flow",
    "survival_plot",
    "theme_heatmap",
    "theory_of_change",
    "tile_map",
    "trend",
    "wave_bars",
    "xy_plot",
]
