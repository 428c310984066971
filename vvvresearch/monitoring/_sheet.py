"""One municipality on two pages, from registers alone; and the list of all, with whom to speak about what."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.evidence import Published, Register
from vvvresearch.kinds import DataKind, combined_kind
from vvvresearch.locales import Joined, Lang, Phrase
from vvvresearch.monitoring._presence import latest_map, status_words
from vvvresearch.monitoring._records import cells_of, records, stated, words_of
from vvvresearch.monitoring._sheet_evidence import COUNTS, THRESHOLD, SheetEvidence, checklist, kept_evidence, not_shown
from vvvresearch.results import Base, Column, Labels, Measure, Result, Total

# The fewest others whose middle is shown beside a municipality's own number.
_FEWEST_LIKE = 5
_REGISTERS = ("matches", "offers", "referred", "agreements", "volunteers", "activities", "housing_areas")
_INDEX = ["municipality", "name", "region", "status", "agreement", "flags", "why"]
_MOST_ROWS = 6
_MOST_SOURCES, _REST = 12, "rest"
# The register that a part rests on.
_TOLD_BY = {"numbers": "matches", "agreements": "agreements", "referrals": "referred", "contact": "activities"}


def _of_no_municipality(monitoring: Register) -> bool:
    """Whether nothing is told of single municipalities."""
    return "municipality" not in monitoring.frame.columns or records(monitoring, "monitoring", ("extract", "status")).frame.empty


def municipality_sheet(
    monitoring: Register | Published,
    municipalities: pd.DataFrame,
    *,
    municipality: str = "",
    matches: Register | None = None,
    offers: Register | None = None,
    referred: Register | None = None,
    agreements: Register | None = None,
    volunteers: Register | None = None,
    activities: Register | None = None,
    housing_areas: Register | None = None,
    categories: Register | None = None,
    on: str = "",
    threshold: int = THRESHOLD,
) -> Result:
    """What registers say of one municipality: presence, agreement, contact, referrals, capacity, matches, and why to watch it.

    No answer to a survey is on it: a municipality's answer is one employee's. Counts of persons below `threshold` are hidden, and with
    them the counts by which they could be worked out from the sum of a region; the sheet says which and why.

    Args:
        monitoring: monitoring extracts, one row a municipality and extract.
        municipalities: code, name, tile_row, tile_column of those that there are; by municipality_type, size or else region they are alike.
        municipality: the code; default the first of the table.
        matches, offers, referred, agreements, volunteers, activities, housing_areas, categories: registers, where there are any;
            `referred` is the register of referrals, or of matches that say who referred.
        on: the day up to which registers are counted.
        threshold: the smallest count of persons that is shown.

    Returns:
        Result; frame extract, status, reason (where the extracts give one). Addresses `municipality/<code>.total.ongoing`, `.ended`, not
        known where they are hidden. Parts, absent where no register tells: `numbers` (measure, own, like: the middle of those that are
        alike; addresses `municipality/<code>/numbers.<measure>.own`), `checklist` (points of collaboration: met, not met, not told),
        `latest` (what the latest extract says), `agreements`, `contact`, `referrals`, `watch`. Picture: the map of the latest extract
        with the municipality marked. Absent where extracts tell only counts.

    Raises:
        AnalysisError: no such municipality.

    Example:
        >>> import vvvresearch as vvv
        >>> r = vvv.open_round("demo")
        >>> list(municipality_sheet(r.monitoring, r.municipalities).frame["extract"])
        ['2020-11', '2021-05', '2021-11', '2022-05']
    """
    if isinstance(monitoring, Published) or _of_no_municipality(monitoring):
        return Result.missing(Phrase("absent.municipality"))
    given = (matches, offers, referred, agreements, volunteers, activities, housing_areas)
    evidence = kept_evidence(SheetEvidence(monitoring, municipalities, *given, categories, on, threshold))
    code = municipality or next(iter(evidence.names), "")
    if code not in evidence.names:
        raise AnalysisError(f"there is no municipality {code!r}", where="municipality", todo=did_you_mean(code, evidence.names))
    rows = monitoring.frame[monitoring.frame["municipality"] == code].sort_values("extract", kind="stable").tail(_MOST_ROWS)
    shown = [name for name in ("extract", "status") if name in rows.columns]
    shown += ["reason"] if (cells_of(rows, "reason") != "").any() else []
    words = status_words(monitoring.frame["status"])
    kind = combined_kind([monitoring.kind, *(one.kind for one in (*given, categories) if one is not None)])
    counted = [name for name in ("ongoing", "ended") if name in evidence.counts]
    totals = {name: Total(evidence.shown(code, name), Base(None, "match")) for name in counted}
    lacking = tuple(Phrase(f"monitoring.sheet_no_{name}") for name, one in zip(_REGISTERS, given, strict=True) if one is None)
    parts = {
        "watch": _watch(evidence, code, kind),
        "numbers": _numbers(evidence, code, kind),
        "checklist": checklist(evidence, code, kind),
        "latest": _latest(evidence, code, kind),
        "agreements": _agreements(evidence, code, kind),
        "referrals": _referrals(evidence, code, kind),
        "contact": _contact(evidence, code, kind),
    }
    # What a register is there for and says nothing of is told; what no register is there for is told once.
    silent = [
        one.absent
        for name, one in parts.items()
        if not one and (name in ("watch", "latest", "checklist") or getattr(evidence, _TOLD_BY[name]) is not None)
    ]
    definition = cells_of(rows, "definition").iloc[-1] if len(rows) else ""
    notes = [
        *([Phrase("monitoring.sheet_definition", {"words": definition})] if definition else []),
        Phrase("monitoring.sheet_registers"),
        *([Phrase("monitoring.sheet_lacks", {"what": Joined(lacking)})] if lacking else []),
        *silent,
    ]
    return Result(
        frame=rows[shown].reset_index(drop=True),
        base=Base(None, "value"),
        title=Phrase("programme.sheet_title", {"name": evidence.names[code]}),
        notes=tuple(notes),
        shows=tuple(Column(name, Phrase(f"programme.sheet_{name}")) for name in shown),
        kind=kind,
        at=f"municipality/{code}",
        keys=("extract",),
        labels={"status": Labels(words), "reason": words_of(cells_of(rows, "reason"), "reason")},
        totals=totals,
        parts=parts,
        pictures={"tile_map": latest_map(monitoring.frame, words, {"tiles": municipalities, "marked": code})},
    )


class _Own(Column):
    """A count, or the mark of one that may not be shown."""

    def write_row(self, row: Mapping[Any, Any], lang: Lang, small_n: int, labels: Mapping[str, Labels]) -> str:
        """The count of a row."""
        return "×" if row["hidden"] else self.write(row[self.name], lang)


class _Why(Column):
    """Reasons to watch a municipality, in words."""

    def write_row(self, row: Mapping[Any, Any], lang: Lang, small_n: int, labels: Mapping[str, Labels]) -> str:
        """The reasons of a row."""
        return "; ".join(Phrase(f"monitoring.watch_{one}").say(lang) for one in str(row[self.name]).split(";") if one)


def _numbers(evidence: SheetEvidence, code: str, kind: DataKind) -> Result:
    counts = evidence.counts
    if counts.empty or not len(counts.columns):
        return Result.missing(Phrase("monitoring.sheet_no_numbers"))
    like = evidence.like(code)
    rows = []
    for name in (one for one in COUNTS if one in counts):
        own = evidence.shown(code, name)
        # Of numbers that are shown elsewhere: the middle of others would tell of them.
        told = counts.loc[like, name][~evidence.hidden.loc[like, name]]
        middle = float(told.median()) if len(told) >= _FEWEST_LIKE else float("nan")
        rows.append({"measure": name, "own": own, "hidden": own is None, "like": middle})
    compared = any(row["like"] == row["like"] for row in rows)
    frame = pd.DataFrame(rows).astype({"own": "Int64"})
    by, _ = evidence.alike
    notes: list[Phrase] = [
        Phrase("monitoring.sheet_like" if compared else "monitoring.sheet_few_like", {"n": len(like), "by": _by(by), "least": _FEWEST_LIKE})
    ]
    if frame["hidden"].any():
        notes.append(Phrase("monitoring.sheet_hidden", {"n": int(frame["hidden"].sum()), "threshold": evidence.threshold}))
    return Result(
        frame=frame,
        base=Base(None, "municipality"),
        title=Phrase("monitoring.sheet_numbers", {"date": evidence.day}),
        notes=tuple(notes),
        shows=(
            Column("measure", Phrase("monitoring.sheet_measure")),
            _Own("own", Phrase("monitoring.sheet_own"), "count"),
            *((Column("like", Phrase("monitoring.sheet_middle"), "number", 1),) if compared else ()),
        ),
        kind=kind,
        at=f"municipality/{code}/numbers",
        keys=("measure",),
        measures=(Measure("own", of=""), Measure("like", "number", 1, of="", only_known=True)),
        labels={"measure": Labels({name: Phrase(f"monitoring.sheet_{name}") for name in COUNTS})},
    )


def _by(column: str) -> Phrase | str:
    return Phrase(f"monitoring.by_{column}") if column else ""


def _latest(evidence: SheetEvidence, code: str, kind: DataKind) -> Result:
    """What the latest extract says beside the status: need, agreement, names of local offers, who refers, when it is looked at again."""
    if code not in evidence.latest.index:
        return Result.missing(Phrase("monitoring.sheet_not_in_extract"))
    row = evidence.latest.loc[code]
    names = ("need_new_arrivals", "need_long_term", "agreement", "local_name", "planned_start", "referral_sources", "next_review")
    told = [(name, str(row[name])) for name in names if name in evidence.latest.columns and str(row[name] or "") not in ("", "nan")]
    if not told:
        return Result.missing(Phrase("monitoring.sheet_nothing_more"))
    frame = pd.DataFrame(told, columns=["what", "said"])
    said = {word: Phrase(f"common.{word}") for word in ("yes", "no")}
    known = sorted({part for cell in frame["said"] for part in cell.split(";")})
    sources = words_of(known, "source").words
    listed = {cell: Joined(tuple(sources.get(part, part) for part in cell.split(";"))) for cell in frame["said"] if ";" in cell}
    return Result(
        frame=frame,
        base=Base(None, "value"),
        title=Phrase("monitoring.sheet_latest", {"extract": str(evidence.monitoring.frame["extract"].max())}),
        shows=(Column("what", Phrase("monitoring.sheet_measure")), Column("said", Phrase("monitoring.sheet_said"))),
        kind=kind,
        labels={
            "what": Labels({name: Phrase(f"monitoring.sheet_{name}") for name in names}),
            "said": Labels({**sources, **said, **listed}),
        },
    )


def _agreements(evidence: SheetEvidence, code: str, kind: DataKind) -> Result:
    if evidence.agreement is None:
        return Result.missing(Phrase("absent.agreements"))
    own = evidence.agreement[evidence.agreement["municipality"] == code].sort_values("signed", ascending=False).head(_MOST_ROWS)
    if own.empty:
        return Result.missing(Phrase("monitoring.sheet_never_agreed"))
    shown = [name for name in ("agreement_type", "organisation", "signed", "expires") if (own[name] != "").any()]
    return Result(
        frame=own[[*shown, "state"]].reset_index(drop=True),
        base=Base(len(own), "agreement"),
        title=Phrase("monitoring.sheet_agreements"),
        shows=tuple(Column(name, Phrase(f"monitoring.agreement_{name}")) for name in (*shown, "state")),
        kind=kind,
        labels={
            "state": Labels({one: Phrase(f"monitoring.agreement_{one}") for one in ("in_force", "expired", "not_yet")}),
            "agreement_type": words_of(cells_of(own, "agreement_type"), "agreement"),
        },
    )


def _referrals(evidence: SheetEvidence, code: str, kind: DataKind) -> Result:
    """Who referred, with how many persons; without numbers where their sum is not shown."""
    sources = evidence.sources_of(code)
    if len(sources) > _MOST_SOURCES:
        # What is left out could be worked out from the sum, so it stands as one row and is hidden like any other.
        shown, rest = sources.iloc[: _MOST_SOURCES - 1], sources.iloc[_MOST_SOURCES - 1 :]
        sources = pd.concat([shown, pd.Series({_REST: int(rest.sum())})])
    if sources.empty:
        return Result.missing(Phrase("monitoring.sheet_no_referrals"))
    frame = pd.DataFrame({"source": sources.index.astype(str), "own": sources.to_numpy()})
    whole = evidence.shown(code, "referred")
    group = pd.Series([code] * len(frame))
    frame["hidden"] = True if whole is None else not_shown(frame["own"], group, evidence.threshold)
    frame["own"] = frame["own"].astype("Int64").mask(frame["hidden"].astype(bool), pd.NA)
    base = Base(whole, "person")
    hidden = Phrase("monitoring.sheet_hidden", {"n": int(frame["hidden"].sum()), "threshold": evidence.threshold})
    return Result(
        frame=frame,
        base=base,
        title=Phrase("monitoring.sheet_referrals"),
        notes=(hidden,) if frame["hidden"].any() else (),
        shows=(Column("source", Phrase("monitoring.source")), _Own("own", Phrase("monitoring.persons"), "count")),
        kind=kind,
        at=f"municipality/{code}/referrals",
        keys=("source",),
        measures=(Measure("own", of=""),),
        labels={"source": Labels({**words_of(frame["source"], "source").words, _REST: Phrase("monitoring.sheet_rest")})},
    )


def _contact(evidence: SheetEvidence, code: str, kind: DataKind) -> Result:
    """How often something was held there, and when last: activities by type, steps in housing areas. Nobody is counted."""
    rows: list[tuple[str, int, str]] = []
    if evidence.activities is not None:
        frame = evidence.activities.frame
        own = frame[cells_of(frame, "municipality") == code]
        rows += [
            (str(name), len(part), max(cells_of(part, "date")))
            for name, part in own.groupby(stated(cells_of(own, "activity_type")), sort=True)
        ]
    if evidence.housing_areas is not None:
        frame = evidence.housing_areas.frame
        own = frame[cells_of(frame, "municipality") == code]
        if len(own):
            rows.append(("housing_step", len(own), max(cells_of(own, "month"))))
    if not rows:
        return Result.missing(Phrase("monitoring.sheet_no_contact"))
    table = pd.DataFrame(rows, columns=["contact", "n", "latest"]).sort_values("n", ascending=False, kind="stable").head(_MOST_ROWS)
    return Result(
        frame=table.reset_index(drop=True),
        base=Base(int(table["n"].sum()), "contact"),
        title=Phrase("monitoring.sheet_contact"),
        shows=(
            Column("contact", Phrase("monitoring.activity_type")),
            Column("n", Phrase("monitoring.sheet_times"), "count"),
            Column("latest", Phrase("monitoring.latest_month")),
        ),
        kind=kind,
        at=f"municipality/{code}/contact",
        keys=("contact",),
        measures=(Measure("n", of=""),),
        labels={
            "contact": Labels({**words_of(table["contact"], "activity").words, "housing_step": Phrase("monitoring.sheet_housing_step")})
        },
    )


def _watch(evidence: SheetEvidence, code: str, kind: DataKind) -> Result:
    reasons = evidence.reasons(code)
    if not reasons:
        return Result.missing(Phrase("monitoring.sheet_nothing_to_watch"))
    return Result(
        frame=pd.DataFrame({"why": list(reasons)}),
        base=Base(None, "value"),
        title=Phrase("monitoring.sheet_watch"),
        shows=(_Why("why", Phrase("monitoring.why")),),
        kind=kind,
    )


def municipality_index(
    monitoring: Register | Published,
    municipalities: pd.DataFrame,
    *,
    matches: Register | None = None,
    offers: Register | None = None,
    referred: Register | None = None,
    agreements: Register | None = None,
    volunteers: Register | None = None,
    activities: Register | None = None,
    housing_areas: Register | None = None,
    categories: Register | None = None,
    on: str = "",
) -> Result:
    """All municipalities with their state and why to watch them, and for each region the list of its consultants.

    Args:
        monitoring, municipalities, matches, offers, referred, agreements, volunteers, activities, housing_areas, categories, on: as for
            `municipality_sheet`.

    Returns:
        Result; frame municipality, name, region, status, agreement, flags (their number), why. No person is counted in it. Addresses
        `municipality_index.<code>.flags`, `municipality_index.total.watched`. Parts: one a region, those with most flags first.

    Example:
        >>> import vvvresearch as vvv
        >>> r = vvv.open_round("demo")
        >>> len(municipality_index(r.monitoring, r.municipalities))
        98
    """
    if isinstance(monitoring, Published) or _of_no_municipality(monitoring):
        return Result.missing(Phrase("absent.municipality"))
    given = (matches, offers, referred, agreements, volunteers, activities, housing_areas)
    evidence = kept_evidence(SheetEvidence(monitoring, municipalities, *given, categories, on))
    kind = combined_kind([monitoring.kind, *(one.kind for one in (*given, categories) if one is not None)])
    states = _best_agreements(evidence)
    rows = [
        {
            "municipality": code,
            "name": name,
            "region": region,
            "status": str(evidence.latest.at[code, "status"]) if code in evidence.latest.index else "",
            "agreement": states.get(code, "none") if evidence.agreement is not None else "",
            "flags": len(evidence.why[code]),
            "why": ";".join(evidence.why[code]),
        }
        for (code, name), region in zip(evidence.names.items(), cells_of(municipalities, "region"), strict=True)
    ]
    frame = pd.DataFrame(rows, columns=_INDEX)
    labels = {
        "status": Labels(status_words(monitoring.frame["status"])),
        "agreement": Labels({one: Phrase(f"monitoring.agreement_{one}") for one in ("in_force", "expired", "not_yet", "none")}),
    }
    watched = int((frame["flags"] > 0).sum())
    parts = {}
    for region, own in frame.groupby("region", sort=True):
        title = Phrase("monitoring.sheet_region", {"region": str(region)})
        parts[str(region)] = _list(own.sort_values(["flags", "name"], ascending=[False, True]), title, kind, labels)
    whole = _list(frame.sort_values("name"), Phrase("monitoring.sheet_index"), kind, labels, "municipality_index")
    return dataclasses.replace(whole, parts=parts, totals={"watched": Total(watched, whole.base)})


def _best_agreements(evidence: SheetEvidence) -> dict[str, str]:
    if evidence.agreement is None:
        return {}
    order: Sequence[str] = ("in_force", "not_yet", "expired")
    return {str(code): min(own, key=order.index) for code, own in evidence.agreement.groupby("municipality")["state"]}


def _list(frame: pd.DataFrame, title: Phrase, kind: DataKind, labels: Mapping[str, Labels], at: str = "") -> Result:
    shown = [name for name in ("name", "status", "agreement") if (frame[name] != "").any()]
    return Result(
        frame=frame.reset_index(drop=True),
        base=Base(len(frame), "municipality"),
        title=title,
        shows=(
            *(Column(name, Phrase(f"monitoring.sheet_{name}")) for name in shown),
            Column("flags", Phrase("monitoring.sheet_flags"), "count"),
            _Why("why", Phrase("monitoring.why")),
        ),
        kind=kind,
        at=at,
        keys=("municipality",),
        measures=(Measure("flags", of=""),),
        labels=labels,
    )
