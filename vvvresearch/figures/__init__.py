"""Figures with one look: readable in grey, colour-blind safe, alt text with the numbers."""

from vvvresearch.figures._bars import bars, mirror_bars, wave_bars
from vvvresearch.figures._drawing import Drawing
from vvvresearch.figures._likert import likert
from vvvresearch.figures._tiles import tile_map
from vvvresearch.figures._time import stock_flow, trend

__all__ = ["Drawing", "bars", "likert", "mirror_bars", "stock_flow", "tile_map", "trend", "wave_bars"]
