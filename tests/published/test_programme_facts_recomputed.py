"""Every published fact about the programme: recomputed from registers and counts of its round, from its printed parts, or impossible."""

from __future__ import annotations

from fractions import Fraction
from functools import cache

import pandas as pd
import pytest

from vvvresearch.published._arithmetic import evaluate
from vvvresearch.rounds import Round, open_round

# Fact → signed addresses of the round whose sum it is.
BY_ADDRESS = {
    "2019-final": {
        "PR-PRES-1812": "presence.2018-q4.green.n + presence.2018-q4.yellow.n",
        "PR-CAT-18Q4-GREEN": "presence.2018-q4.green.n",
        "PR-CAT-18Q4-YELLOW": "presence.2018-q4.yellow.n",
        "PR-CAT-18Q4-RED": "presence.2018-q4.red.n",
        "PR-STOCK-18": "counts.stock-rc-2018.value + counts.stock-drc-2018.value",
        "PR-NEW-18": "counts.new-rc-2018.value + counts.new-drc-2018.value",
        "PR-RC-STOCK-18": "counts.stock-rc-2017.value + counts.new-rc-2018.value - counts.ended-rc-2018.value",
        "PR-RC-STOCK-17": "counts.stock-rc-2017.value",
        "PR-DRC-STOCK-18": "counts.stock-2018.value - counts.stock-rc-2018.value",
        "PR-RC-NEW-18": "counts.new-2018.value - counts.new-drc-2018.value",
        "PR-RC-NEW-17": "counts.new-rc-2017.value",
        "PR-DRC-NEW-18": "counts.new-2018.value - counts.new-rc-2018.value",
        "PR-RC-ENDED-18": "counts.stock-rc-2017.value + counts.new-rc-2018.value - counts.stock-rc-2018.value",
        "PR-INT-LG-AL": "interviews.activity_leader_rc.total.n",
        "PR-INT-LG-MUN": "interviews.municipal.total.n",
        "PR-INT-LG-VOL": "interviews.volunteer.total.n",
        "PR-INT-LG-REF": "interviews.refugee.total.n",
        "PR-INT-LG-ORG": "interviews.organisation_staff.total.n",
        "PR-INT-LG-OTH": "interviews.other_partner.total.n",
        "PR-INT-LG-TOTAL": "interviews.total.interviews",
        "PR-ALLOC-15": "context_figures.refugees_allocated_housing.2015.value",
        "PR-ALLOC-18": "context_figures.refugees_allocated_housing.2018.value",
        "PR-ZEROQ-2016": "context_figures.zero_quota_municipalities.2016.value",
        "PR-ZEROQ-2018": "context_figures.zero_quota_municipalities.2018.value",
    },
    "2021-note": {
        "PR-PRES-2105": "presence.2021-05.present.n",
        "PR-PRES-2010": "presence.2020-10.present.n",
        "PR-ABSENT-2105": "presence.2021-05.absent.n + presence.2021-05.planned.n",
        "PR-PLANNED-2105": "presence.2021-05.planned.n",
        "PR-ABSENT-NOPLAN": "presence.2021-05.absent.n",
        "PR-GAP-90": "goals.t2-1.present.gap_if_planned",
        "PR-NEW-19": "counts.new-2019.value",
        "PR-NEW-20": "counts.new-2020.value",
        "PR-CUM-20": "counts.stock-2018.value + counts.new-2019.value + counts.new-2020.value",
        "PR-ACTIVE-20": "counts.helped-2020.value",
        "PR-ENDED-19-20": "counts.stock-2018.value + counts.new-2019.value + counts.new-2020.value - counts.helped-2020.value",
        "PR-GAP-7000": "goals.t2-2.helped.gap",
        "PR-COURSES": "courses.total.courses",
        "PR-WORKSHOPS": "courses.total.workshops",
        "PR-COURSE-PART": "courses.total.participants",
        "PR-COURSE-PHYS": "courses/kinds.course.physical.n",
        "PR-COURSE-WEB": "courses/kinds.course.webinar.n",
        "PR-INT-ALS-VOL": "interviews.volunteer.total.n",
        "PR-INT-ALS-REF": "interviews.refugee.total.n",
        "PR-INT-ALS-MUN": "interviews.municipal.total.n",
        "PR-INT-ALS-HOU": "interviews.housing_social.total.n",
        "PR-INT-ALS-CRS": "interviews.course_participant.total.n",
        "PR-INT-ALS-INTP": "interviews.total.with_interpreter",
        "PR-INT-ALS-TOTAL": "interviews.total.interviews",
        "ALS-STOCK-18": "counts.stock-2018.value",
    },
}
# Printed once, from registers that nobody published: nothing that the rounds hold gives them.
SINGLE = {
    "2019-final": (
        "PR-PRES-EN PR-AGR-18END PR-AGR-BOTH PR-AGR-16Q2 PR-AGR-18Q3 PR-LG-MUN-TWICE PR-LG-CASES PR-LG-OBS PR-MISSVOL PR-CAMP-18 "
        "PR-CAMP-19 PR-RYKUD PR-RYKUD-PART PR-DIALOG PR-INSP PR-INSP-PART PR-CATALOGUE PR-LG-SCORE PR-DOGMAS PR-CONSULT PR-STEER "
        "PR-BUD-YEAR PR-BUD-SAL PR-BUD-TRA PR-BUD-ACT PR-BUD-COM PR-BUD-OTH "
        "PR-BUD-EUR PR-BENEF-EN PR-INTRO-MIN PR-IB-MEET PR-IB-VOL PR-IB-MENTOR"
    ),
    "2021-note": "PR-COURSE-YEARLY PR-HOUSING PR-HOUSING-PLAN PR-REF-JOBC PR-REF-HOUS",
}
# Printed as a picture only.
UNREADABLE = {
    "2019-final": "PR-CAT-16Q2-GREEN PR-CAT-16Q2-YELLOW PR-CAT-16Q2-RED",
    "2021-note": "PR-REF-LANG PR-REF-SOC PR-REF-LOCAL PR-REF-OWN PR-REF-OTHER",
}
# Shares of 98 municipalities: which count gives them, half up.
OF_98 = {"PR-PRESPCT-93": (91, "PR-PRES-EN"), "PR-PRESPCT-97": (95, "PR-PRES-1812")}
# As many forms as answers were reconstructed from.
BY_SURVEY = {"PR-COURSE-FORMS": "course-form-2020", "PR-WS-FORMS": "workshop-2020"}
# What the printed numbers allow: 72 of 91 and 61 of 77 come close to 80 %, 72 of 95 and 61 of 95 do not.
OPEN = {"PR-AGR-SHARE"}
# Four years of the yearly sum; the five items that are printed lack a million of it.
BUDGET = {"PR-BUD-TOTAL"}
BY_PARTS = {"2019-final": set(), "2021-note": {"PR-HOUSING-GAP"}}
CASES = [(round_id, fact) for round_id, facts in BY_ADDRESS.items() for fact in facts]


@cache
def opened(round_id: str) -> Round:
    return open_round(round_id)


@cache
def printed(round_id: str) -> dict[str, dict[str, object]]:
    return {row["fact"]: row for row in opened(round_id).published.facts.to_dict("records")}


@pytest.mark.parametrize("round_id", list(BY_ADDRESS))
def test_every_fact_is_in_one_of_these_lists(round_id: str) -> None:
    own = printed(round_id)
    listed = [*BY_ADDRESS[round_id], *SINGLE[round_id].split(), *UNREADABLE[round_id].split(), *BY_PARTS[round_id]]
    listed += [fact for fact in (*OF_98, *BY_SURVEY, *OPEN, *BUDGET) if fact in own]
    assert sorted(listed) == sorted(own)


@pytest.mark.parametrize(("round_id", "fact"), CASES, ids=[fact for _, fact in CASES])
def test_a_fact_is_what_the_analyses_make_of_the_rounds_own_registers(round_id: str, fact: str) -> None:
    total = Fraction(0)
    sign = 1
    for piece in BY_ADDRESS[round_id][fact].split():
        if piece in "+-":
            sign = -1 if piece == "-" else 1
        else:
            total += sign * Fraction(opened(round_id).cell(piece).value)
    assert total == printed(round_id)[fact]["value"]


def test_what_only_parts_give_is_their_sum_and_the_rest_is_shown_to_be_impossible() -> None:
    for round_id, facts in BY_PARTS.items():
        known = printed(round_id)
        for fact in facts:
            assert evaluate(str(known[fact]["formula"]), known)[0] == known[fact]["value"]
    final, note = printed("2019-final"), printed("2021-note")
    assert 4 * final["PR-BUD-YEAR"]["value"] == final["PR-BUD-TOTAL"]["value"]  # type: ignore[operator]
    assert evaluate(str(final["PR-BUD-TOTAL"]["formula"]), final)[0] == final["PR-BUD-TOTAL"]["value"] - 1_000_000  # type: ignore[operator]
    for fact, (count, source) in OF_98.items():
        assert int(Fraction(100 * count, 98) + Fraction(1, 2)) == final[fact]["value"]
        assert final[source]["value"] == count
    # 93 % of 98 can be no other count, and the 95 municipalities of the same page are none: the two printed numbers differ.
    assert [n for n in range(99) if int(Fraction(100 * n, 98) + Fraction(1, 2)) == 93] == [91]
    for fact, survey in BY_SURVEY.items():
        assert len(opened("2021-note").surveys[survey].answers) == note[fact]["value"]
    shares = {(n, of): int(Fraction(100 * n, of) + Fraction(1, 2)) for n in (72, 61) for of in (91, 77, 95) if n < of}
    assert [pair for pair, share in shares.items() if abs(share - 80) <= 1] == [(72, 91), (61, 77)]
    for round_id, facts in UNREADABLE.items():
        assert all(pd.isna(printed(round_id)[fact]["value"]) for fact in facts.split())
