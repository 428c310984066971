"""What the programme holds, agrees and publishes in the demo round, and figures from outside."""

from __future__ import annotations

import datetime

import numpy as np
import pandas as pd

from demo.cast import Cast
from demo.extracts import EXTRACTS, monitoring
from demo.matches import REGISTERED_TO

# The share of municipalities with an agreement that have one with each organisation.
BOTH_ORGANISATIONS = 0.25


def courses() -> pd.DataFrame:
    """The course register: one row a course, workshop or webinar."""
    names = (
        ("Den første samtale", "course"),
        ("Grænser i frivilligheden", "course"),
        ("Dansk i hverdagen", "course"),
        ("Når livet er svært", "course"),
        ("Veje til arbejde", "course"),
        ("Venner i forening", "workshop"),
    )
    people = (14, 11, 17, 9, 21, 12, 16, 8, 19, 13, 15, 10)
    rows = []
    for number, persons in enumerate(people, start=1):
        name, kind = names[(number - 1) % len(names)]
        month = 8 + (number - 1) * 2
        rows.append(
            {
                "course": f"K{number:02d}",
                "name": name,
                "date": f"{2020 + (month - 1) // 12}-{(month - 1) % 12 + 1:02d}-{9 + number:02d}",
                "participants": persons,
                "format": "webinar" if 3 <= number <= 8 else "physical",
                "type": kind,
                "experience": "experienced" if number % 4 == 0 else "new",
                "organisation": "RC" if number % 3 else "DRC",
            }
        )
    return pd.DataFrame(rows)


def context() -> pd.DataFrame:
    """Invented context figures per year."""
    rows = (("2019", 912, 4), ("2020", 604, 3), ("2021", 733, 4), ("2022", 1890, 9))
    return pd.DataFrame(rows, columns=["year", "arrivals", "quota_per_municipality"])


def agreements(cast: Cast) -> pd.DataFrame:
    """Agreements: in force in the municipalities that the last extract says have one, some with each organisation; others have run out."""
    random = cast.random("agreements")
    extracts = monitoring(cast)
    last = extracts[extracts["extract"] == EXTRACTS[-1]]
    rows: list[tuple[str, str, str, str, str]] = []
    for code, agreed, status in zip(last["municipality"], last["agreement"], last["status"], strict=True):
        kind = str(random.choice(["cooperation", "partnership"], p=[0.7, 0.3]))
        first = "RC" if random.random() < 0.62 else "DRC"
        if agreed == "yes":
            signed = _day(random, datetime.date(2018, 1, 1), datetime.date(2022, 5, 31))
            # A third holds until somebody ends it; of the others some run out within half a year.
            lasts = 0 if random.random() < 0.33 else int(random.integers(30, 900))
            expires = "" if not lasts else (REGISTERED_TO + datetime.timedelta(days=lasts)).isoformat()
            rows.append((code, signed.isoformat(), expires, kind, first))
            if random.random() < BOTH_ORGANISATIONS:
                other = "DRC" if first == "RC" else "RC"
                rows.append((code, _day(random, signed, REGISTERED_TO).isoformat(), expires, kind, other))
        elif status == "present" and random.random() < 0.4:
            signed = _day(random, datetime.date(2017, 7, 1), datetime.date(2019, 12, 31))
            rows.append((code, signed.isoformat(), (signed + datetime.timedelta(days=730)).isoformat(), kind, first))
    frame = pd.DataFrame(rows, columns=["municipality", "signed", "expires", "agreement_type", "organisation"])
    return frame.sort_values(["signed", "municipality"], kind="stable", ignore_index=True)


def activities(cast: Cast) -> pd.DataFrame:
    """The activity log: what was held in the municipalities, with those who came; fewer while people kept apart."""
    random = cast.random("activities")
    places = sorted(monitoring(cast).query("status == 'present'")["municipality"].unique())
    kinds = {"meeting": (8, 3), "cafe": (22, 5), "outing": (34, 7), "information": (18, 3)}
    rows = []
    for month in pd.period_range("2019-01", "2022-06", freq="M"):
        for _ in range(int(random.poisson(2 if "2020-03" <= str(month) <= "2021-04" else 7))):
            kind = str(random.choice(list(kinds), p=[0.4, 0.3, 0.1, 0.2]))
            participants, helpers = (int(random.poisson(mean)) for mean in kinds[kind])
            day = f"{month}-{int(random.integers(1, 28)):02d}"
            place, organisation = str(random.choice(places)), "RC" if random.random() < 0.62 else "DRC"
            rows.append((day, kind, place, organisation, participants + helpers, helpers))
    frame = pd.DataFrame(rows, columns=["date", "activity_type", "municipality", "organisation", "participants", "volunteers"])
    return frame.drop_duplicates(["date", "activity_type", "municipality"]).sort_values(
        ["date", "municipality"], kind="stable", ignore_index=True
    )


def materials() -> pd.DataFrame:
    """What was published: one row a material."""
    rows = (
        ("A1", "En ven at følges med", "2019-02-11", "leaflet", "refugees", "dansk", 2400),
        ("A2", "En ven at følges med", "2019-02-11", "leaflet", "refugees", "arabisk", 1800),
        ("A3", "En ven at følges med", "2019-05-20", "leaflet", "refugees", "tigrinya", 600),
        ("B1", "De første tre måneder", "2019-09-02", "handbook", "volunteers", "dansk", 950),
        ("C1", "Når kommunen henviser", "2020-02-03", "guide", "municipalities", "dansk", 310),
        ("D1", "To kopper te", "2020-11-16", "film", "volunteers", "dansk", 4100),
        ("C2", "Når kommunen henviser, 2. udgave", "2021-02-15", "guide", "municipalities", "dansk", 270),
        ("B2", "Grænser med omtanke", "2021-08-30", "handbook", "volunteers", "dansk", 720),
        ("A4", "En ven at følges med", "2022-03-28", "leaflet", "refugees", "ukrainsk", 1500),
    )
    return pd.DataFrame(rows, columns=["material", "title", "published", "material_type", "audience", "language", "copies"])


def _day(random: np.random.Generator, first: datetime.date, last: datetime.date) -> datetime.date:
    return first + datetime.timedelta(days=int(random.integers(0, (last - first).days + 1)))
