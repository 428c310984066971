"""A trend breaks where the question changes, and comparisons are handed to figures."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from vvvresearch.errors import AnalysisError, NotPermittedError
from vvvresearch.evidence import Frame, Item, Option, Questionnaire, Survey, Words
from vvvresearch.figures import trend
from vvvresearch.kinds import DataKind
from vvvresearch.survey import compare_groups, compare_waves, wave_trend
from vvvresearch.survey.intervals import proportion_interval


def words(text: str) -> Words:
    return Words(da=text, en=text)


def wave(name: str, said: list[str], comparable: tuple[str, ...] = (), item: str = "refers", **rest: Any) -> Survey:
    options = tuple(Option(code=code, label=words(code)) for code in ("yes", "no"))
    asked = Item(id=item, text=words(f"{item}?"), type="single", options=options, comparable=comparable, mirror=comparable)
    frame = Frame(unit="municipality", population=rest.pop("population", None), chosen_by=words("-"), collected=words(name))
    questionnaire = Questionnaire(
        schema_version=1, id=name, title=words(name), group=words(name), wave=words(name), frame=frame, items=(asked,)
    )
    index = pd.Index([f"m{k}" for k in range(len(said))], name="respondent")
    return Survey(pd.DataFrame({item: said}, index=index), questionnaire, **rest)


WAVES = {
    "2017": wave("w17", ["yes"] * 5 + ["no"] * 5),
    "2018": wave("w18", ["yes"] * 6 + ["no"] * 2, ("w17:refers",), population=98),
    "2020": wave("w20", ["yes"], item="other"),
    "2021": wave("w21", ["yes"] * 3 + ["no"] * 9),
}


def test_every_wave_with_the_item_has_a_point_with_its_base_and_interval() -> None:
    found = wave_trend(WAVES, "refers").in_language("en")
    assert found.frame[["wave", "count", "n"]].to_numpy().tolist() == [["2017", 5, 10], ["2018", 6, 8], ["2021", 3, 12]]
    assert found.cell("share", wave="2021").address == "trend/refers.2021.share"
    exact = proportion_interval(6, 8, 98, "exact")
    assert found.frame.loc[1, ["lower", "upper"]].tolist() == pytest.approx([exact.lower, exact.upper])
    assert "The question was not in: 2020." in found.note


def test_the_line_breaks_where_the_item_is_not_declared_comparable() -> None:
    found = wave_trend(WAVES, "refers").in_language("en")
    assert found.frame["definition"].nunique() == 2
    assert found.frame["definition"][0] == found.frame["definition"][1]
    assert "before in: 2021" in found.note
    assert "2021" in trend(found, percent=True).note
    assert found.plot().alt("en").count("%") == 3


def test_a_trend_of_nothing_is_refused() -> None:
    with pytest.raises(AnalysisError, match="at least two waves"):
        wave_trend({"2017": WAVES["2017"]}, "refers")
    with pytest.raises(AnalysisError, match="no wave has the item"):
        wave_trend(WAVES, "nothing")
    with pytest.raises(AnalysisError, match="no answer 'maybe'"):
        wave_trend(WAVES, "refers", ["maybe"])
    with pytest.raises(NotPermittedError):
        wave_trend({**WAVES, "2022": wave("w22", ["yes"], kind=DataKind.RECONSTRUCTED)}, "refers")


def test_a_comparison_of_waves_is_drawn_with_both_bases() -> None:
    found = compare_waves(WAVES["2017"], WAVES["2018"], "refers").in_language("en")
    assert "w17 (n = 10): yes 50% (5), no 50% (5). w18 (n = 8): yes 6 of 8, no 2 of 8." in found.plot("bars").alt("en")
    assert "yes: w17 50% (5 of 10), w18 6 of 8, difference 25.0" in found.plot("forest").alt("en")


def test_mirror_items_are_drawn_facing_each_other() -> None:
    found = compare_groups(WAVES["2017"], other=WAVES["2018"]).in_language("en")
    assert list(found.pictures) == ["mirror", "forest"]
    assert "w18, w18 (n = 8): yes 6 of 8" in found.plot().alt("en")
    assert not compare_groups(pd.Series(["yes", "no"] * 4), by=pd.Series(["a"] * 4 + ["b"] * 4)).pictures
