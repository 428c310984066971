"""Changes of themes among the same persons, counted again one person at a time and beside scipy's binomial test."""

from __future__ import annotations

import random

import pandas as pd
import pytest
from conftest import codebook, register
from scipy import stats

from vvvresearch.errors import AnalysisError
from vvvresearch.evidence import Codings, Interviews
from vvvresearch.themes import crosstab, theme_changes

CODES = ["Ro", "Sprog", "Sprog > Tale", "Tid"]
WAVES = ("efter", "før")


def heard(seed: int) -> tuple[Codings, Interviews, dict[tuple[str, str, str], bool]]:
    """Persons at one or two times, some interviews without codings, some persons twice at one time."""
    draw, rows, marks = random.Random(seed), [], []
    said: dict[tuple[str, str, str], bool] = {}
    for person in [f"P{number}" for number in range(14)]:
        group = draw.choice(["refugee", "volunteer"])
        for wave in WAVES:
            for turn in range(draw.choice([0, 1, 1, 1, 2])):
                source = f"{person}-{wave}-{turn}"
                rows.append({"interview": source, "source": source, "person": person, "respondent_group": group, "wave": wave, "month": ""})
                if draw.random() < 0.1:
                    continue
                marks.append((source, "Tid", "contradicted"))
                for code in CODES[:3]:
                    told = draw.random() < 0.5
                    marks += [(source, code, "affirmed")] if told else []
                    for own in ("Sprog", code) if told and code.startswith("Sprog") else (code,):
                        said[person, wave, own] = said.get((person, wave, own), False) or told
    frame = pd.DataFrame(
        [(source, 10 * place, 10 * place + 5, "passage", code, "a", stance) for place, (source, code, stance) in enumerate(marks)],
        columns=["source", "start", "end", "text", "code_path", "coder", "stance"],
    )
    return Codings(frame, codebook(CODES), {}), register(rows), said


@pytest.mark.parametrize("seed", range(6))
def test_only_those_heard_at_both_times_count_and_before_comes_first(seed: int) -> None:
    codings, interviews, said = heard(seed)
    result = theme_changes(codings, interviews)
    assert result.base.wave == "før, efter"
    frame = result.frame.set_index("code_path")
    for code in CODES[:3]:
        persons = [one for one in {who for who, _, _ in said} if (one, "før", code) in said and (one, "efter", code) in said]
        pairs = [(said[one, "før", code], said[one, "efter", code]) for one in persons]
        row = frame.loc[code]
        expected = [len(pairs), sum(a for a, _ in pairs), sum(b for _, b in pairs), pairs.count((True, True))]
        assert row[["persons", "first", "second", "both"]].tolist() == expected
        only = pairs.count((True, False)), pairs.count((False, True))
        assert (row["first_only"], row["second_only"]) == only
        assert row["gap"] == pytest.approx((only[1] - only[0]) / len(pairs))
        assert row["p"] == pytest.approx(stats.binomtest(only[0], sum(only)).pvalue if sum(only) else 1.0)
        assert (row["p_adjusted"] <= 0.05) == (not row["lower"] <= 0 <= row["upper"])
    # What everybody speaks against is affirmed by nobody at either time.
    assert frame.loc["Tid", ["first", "second"]].tolist() == [0, 0]
    turned = theme_changes(codings, interviews, first="efter", second="før").frame.set_index("code_path")
    assert turned["gap"].tolist() == [-gap for gap in frame["gap"]]


def test_one_time_and_nobody_at_both_are_told_and_a_wave_is_no_attribute_of_a_person() -> None:
    codings, interviews, _ = heard(1)
    once = Interviews(interviews.frame[interviews.frame["wave"] == "før"].reset_index(drop=True))
    assert "one_wave" in str(theme_changes(codings, once).absent)
    first, later = (interviews.frame[interviews.frame["wave"] == wave] for wave in ("før", "efter"))
    apart = Interviews(pd.concat([first, later[~later["person"].isin(first["person"])]], ignore_index=True))
    assert not theme_changes(codings, apart)
    with pytest.raises(AnalysisError, match="no wave"):
        theme_changes(codings, interviews, first="midt")
    with pytest.raises(AnalysisError, match="theme_changes"):
        crosstab(codings, interviews, "wave")
    assert crosstab(codings, apart, "wave")
