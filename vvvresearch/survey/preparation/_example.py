"""A small synthetic survey to try things on."""

from __future__ import annotations

import pandas as pd

from vvvresearch.evidence import Frame, Item, Option, Questionnaire, Scale, Survey, Words
from vvvresearch.kinds import DataKind


def example_survey() -> Survey:
    """Twelve invented municipalities that answered five items, of fifteen invited: for trying functions, and for examples.

    Items: `refers` (single), `agreement` (single, asked of those who refer), `benefit` (likert with a top box and don't
    know), `partners` (multiple), `wish` (open). `region` and `weight` are columns beside them.

    Returns:
        Survey: marked as synthetic.

    Example:
        >>> example_survey().answers.shape
        (12, 9)
    """
    yes_no = (Option(code="yes", label=Words(da="Ja", en="Yes")), Option(code="no", label=Words(da="Nej", en="No")))
    degrees = (("high", "I høj grad", "To a high degree"), ("some", "I nogen grad", "To some degree"), ("none", "Slet ikke", "Not at all"))
    unsure = Option(code="dont_know", label=Words(da="Ved ikke", en="Don't know"), role="dont_know")
    scale = Scale(options=(*(Option(code=code, label=Words(da=da, en=en)) for code, da, en in degrees), unsure), top=("high", "some"))
    partners = (
        Option(code="library", label=Words(da="Bibliotek", en="Library")),
        Option(code="sports", label=Words(da="Idrætsforening", en="Sports club")),
    )
    items = (
        Item(id="refers", text=Words(da="Henviser I?", en="Do you refer?"), type="single", options=yes_no),
        Item(id="agreement", text=Words(da="Har I en aftale?", en="An agreement?"), type="single", options=yes_no, route='refers == "yes"'),
        Item(id="benefit", text=Words(da="Har det gavnet?", en="Did it help?"), type="likert", scale="degree"),
        Item(id="partners", text=Words(da="Hvem hjælper?", en="Who helps?"), type="multiple", options=partners),
        Item(id="wish", text=Words(da="Hvad ønsker I?", en="What do you wish for?"), type="open"),
    )
    frame = Frame(
        unit="municipality",
        population=15,
        invited=15,
        chosen_by=Words(da="Opdigtet", en="Invented"),
        collected=Words(da="Opdigtet", en="Invented"),
    )
    questionnaire = Questionnaire(
        schema_version=1,
        id="example",
        title=Words(da="Eksempel", en="Example"),
        group=Words(da="Kommuner", en="Municipalities"),
        wave=Words(da="2022", en="2022"),
        frame=frame,
        scales={"degree": scale},
        items=items,
    )
    answers = pd.DataFrame(
        {
            "refers": ["yes"] * 8 + ["no"] * 4,
            "agreement": ["yes"] * 5 + ["no"] * 3 + [""] * 4,
            "benefit": ["high"] * 4 + ["some"] * 5 + ["none", "dont_know", ""],
            "partners:library": ["1", "1", "0", "0"] * 3,
            "partners:sports": ["1", "0", "0", "0"] * 3,
            "wish": ["flere møder", "en aftale", "", ""] * 3,
            "region": ["Nord", "Syd", "Øst"] * 4,
            "size": ["lille"] * 6 + ["stor"] * 6,
            "weight": [1.5] * 6 + [0.5] * 6,
        },
        index=pd.Index([f"K{number:02d}" for number in range(1, 13)], name="respondent"),
    )
    return Survey(answers, questionnaire, weight="weight", kind=DataKind.SYNTHETIC)
