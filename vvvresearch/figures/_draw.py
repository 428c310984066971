"""The drawer: any picture that an analysis handed over as data becomes a drawing."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import vvvresearch.figures
from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.figures._drawing import Drawing
from vvvresearch.figures._shares import has_rounding

if TYPE_CHECKING:
    from vvvresearch.locales import Lang
    from vvvresearch.results import Picture, Result


def draw(picture: Picture, result: Result, lang: Lang) -> Drawing:
    """Draw a picture of a result.

    Args:
        picture: what is to be drawn; its `kind` names a function of this room.
        result: where title, base, notes and kind come from.
        lang: language of the drawing.

    Returns:
        Drawing.

    Raises:
        AnalysisError: no such kind, or a table that the drawing cannot be made of.

    Example:
        >>> import pandas as pd
        >>> from vvvresearch.results import Base, Picture, Result
        >>> table = pd.DataFrame({"label": ["ja", "nej"], "count": [22, 20], "n": [42, 42]})
        >>> draw(Picture("bars"), Result(frame=table, base=Base(42), title="Henviser"), "en").alt()
        'Henviser. Answers (n = 42): ja 52% (22), nej 48% (20).'
    """
    function = getattr(vvvresearch.figures, picture.kind, None)
    if function is None or picture.kind not in vvvresearch.figures.__all__:
        todo = did_you_mean(picture.kind, vvvresearch.figures.__all__)
        raise AnalysisError(f"there is no figure {picture.kind!r}", where="vvvresearch.figures", todo=todo)
    about = {"base": result.base, "kind": result.kind, "lang": lang}
    subject = picture.said(result, lang) if picture.subject is None else picture.subject
    drawn: Drawing = function(subject, title=picture.title or result.title, **about, **picture.options)
    if not picture.notes:
        return drawn
    own = [note for note in drawn.notes if not (has_rounding([note]) and has_rounding(picture.notes))]
    return dataclasses.replace(drawn, notes=(*picture.notes, *own))
