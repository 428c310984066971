"""The surveys of a round compared, as notebooks hand them over: two waves with their panel, mirror items, trends, refusals."""

from __future__ import annotations

import dataclasses
from itertools import combinations
from typing import TYPE_CHECKING, Any

import pandas as pd

from vvvresearch.errors import AnalysisError
from vvvresearch.figures import mirror_bars, trend, wave_bars
from vvvresearch.files import markdown_text
from vvvresearch.locales import Lang, Phrase
from vvvresearch.reporting._output import Output
from vvvresearch.reporting._round_basis import trace_sources
from vvvresearch.reporting._survey_sides import asked_of, in_order, key_codes, moved_cell, permitted, range_cell, refers_to, share_cell
from vvvresearch.results import Base, Column, Result
from vvvresearch.statistics.multiplicity import Family, adjust
from vvvresearch.survey import compare_groups, compare_waves, wave_trend

if TYPE_CHECKING:
    from vvvresearch.evidence import Item, Survey
    from vvvresearch.rounds import Round

# Classes and coded free text have no answer that stands for the question.
_KEYED = ("single", "likert", "battery", "multiple")
_WHAT = Phrase("surveyreport.what_comparison")


def hand_over_survey_comparison(out: Output, opened: Round, *, trends: str = "") -> dict[str, Result]:
    """Write what may be compared of a round's surveys: waves, mirror items, trends, and what was refused with its reason.

    For two waves A and B whose questionnaires declare comparable items: tables `waves-A-B` (a key answer a question),
    `waves-A-B-<item>` (the options of a question with several answers), `waves-A-B-panel` (the panel beside all), `waves-A-B-all`
    (every answer), `waves-A-B-numbers`, `waves-A-B-refused`, figures `waves-A-B` and `waves-A-B-<item>`. For two
    groups A and B with mirror items: `mirror-A-B` as table and figure. `trend-<item>` as table and figure. The passage
    `comparison-statement` says what was compared; where nothing may be, it says why. Numbers: `waves.<B>.<item>.<answer>.change`,
    `.panel-change`, `.panel-n`, `.p`, `.worst-lower` …; `mirror.<A>.<item>.gap`, `.lower`, `.upper`, `.p`.

    Args:
        out: the notebook's output.
        opened: the round.
        trends: ids of items to draw over the waves, parted by commas.

    Returns:
        The tables by name.
    """
    trace_sources(out, opened)
    lang, tables, said = out.lang, dict[str, Result](), list[str]()
    usable = []
    for name, survey in in_order(opened.surveys.items()):
        refusal = permitted(survey, _WHAT, lang)
        if refusal:
            said.append(refusal)
        else:
            usable.append((name, survey))
    chains: dict[str, list[tuple[str, Survey]]] = {}
    for one, two in combinations(usable, 2):
        same_group = asked_of(one[1]).group == asked_of(two[1]).group
        if same_group and refers_to(one[1], two[1], "comparable"):
            said.append(_waves(out, one, two, tables))
            chain = chains.setdefault(asked_of(one[1]).group.da, [])
            chain += [each for each in (one, two) if each not in chain]
        elif not same_group and refers_to(one[1], two[1], "mirror"):
            said.append(_mirror(out, one, two, tables))
    for item in [name.strip() for name in trends.split(",") if name.strip()]:
        for chain in chains.values():
            _trend(out, item, chain, tables)
    sentences = said or [Phrase("surveyreport.none_to_compare").say(lang)]
    out.passage("comparison-statement", "\n\n".join(markdown_text(sentence) for sentence in sentences) + "\n")
    for name, table in tables.items():
        out.table(name, table)
    return tables


def _waves(out: Output, one: tuple[str, Survey], two: tuple[str, Survey], tables: dict[str, Result]) -> str:
    (first_name, first), (second_name, second) = one, two
    lang, name = out.lang, f"waves-{first_name}-{second_name}"
    whole = compare_waves(first, second, lang=lang)
    frame = whole.frame
    chosen = frame[_is_key(first, frame)]
    tests = _family(chosen["p"], lang)
    labels = [label.say(lang) if isinstance(label, Phrase) else label for label in whole.side_labels]
    notes = [note for note in whole.notes if not (isinstance(note, Phrase) and note.key == "comparing.family")]
    told = [Phrase("surveyreport.key_note", {"table": f"{name}-all"}), *notes, _family_note(tests)]
    if chosen["worst_lower"].isna().any():
        told.append(Phrase("surveyreport.routed_note"))
    several = {item.id: item.text.say(lang) for item in asked_of(second).items if item.type == "multiple"}
    rows = _wave_rows(chosen.assign(p_key=list(tests.adjusted)), set(several), lang)
    plain = [row for row in rows if row["item"] not in several]
    columns = _wave_columns(labels)
    shared: dict[str, Any] = {"base": whole.base, "kind": whole.kind, "lang": lang}
    if plain:
        tables[name] = Result(frame=pd.DataFrame(plain), title=whole.title, notes=tuple(told), shows=columns, **shared)
    for item in dict.fromkeys(row["item"] for row in rows if row["item"] in several):
        own = pd.DataFrame([row for row in rows if row["item"] == item])
        note = (Phrase("surveyreport.same_family", {"size": tests.size, "family": tests.name}),)
        tables[_label(name, item)] = Result(frame=own, title=several[item], notes=note, shows=columns, **shared)
    panel = [row for row in rows if row["panel"]]
    if panel:
        ends = {"first": labels[0], "second": labels[1]}
        tables[f"{name}-panel"] = Result(
            frame=pd.DataFrame(panel),
            title=Phrase("surveyreport.panel_title", ends),
            notes=(Phrase("comparing.note_unlike"), Phrase("surveyreport.panel_note")),
            shows=_panel_columns(),
            **shared,
        )
    tables[f"{name}-all"] = whole
    tables[f"{name}-refused"] = _refused(first, second, labels, whole.kind, lang)
    _draw_waves(out, name, first, whole.long(), chosen)
    _keep_waves(out, f"waves.{second_name}", chosen, tests, whole.base)
    numbers = [item.id for item in asked_of(second).items if item.type == "number" and item.comparable]
    if numbers:
        tables[f"{name}-numbers"] = compare_waves(first, second, numbers, lang=lang)
    words: dict[str, Any] = {"first": labels[0], "second": labels[1], "overlap": whole.overlap[1]}
    out.value(f"waves.{second_name}.overlap", whole.overlap[1], base=whole.base, kind=whole.kind)
    return Phrase("surveyreport.waves_compared", words).say(lang)


def _label(name: str, item: object) -> str:
    return f"{name}-{item}".replace("_", "-").lower()


def _wave_rows(chosen: pd.DataFrame, several: set[str], lang: Lang) -> list[dict[str, Any]]:
    """Key answers as cells; the options of a question with several answers stand under its wording and need not repeat it."""
    rows = []
    for row in chosen.to_dict("records"):
        both = Phrase("surveyreport.answer", {"question": row["question"], "answer": row["label"]}).say(lang)
        panel = ""
        if not pd.isna(row["panel_n"]):
            panel = moved_cell(int(row["panel_x1"]), int(row["panel_x2"]), int(row["panel_n"]), lang)
        rows.append(
            {
                "item": row["item"],
                "code": row["code"],
                "what": row["label"] if row["item"] in several else both,
                "said": both,
                "first": share_cell(int(row["x1"]), int(row["n1"]), lang),
                "second": share_cell(int(row["x2"]), int(row["n2"]), lang),
                "change": row["change"],
                "worst": range_cell(row["worst_lower"], row["worst_upper"], lang),
                "interval": range_cell(row["lower"], row["upper"], lang),
                "p": row["p_key"],
                "panel": panel,
                "panel_change": row["panel_change"],
                "panel_p": row["panel_p"],
            }
        )
    return rows


def _wave_columns(labels: list[str]) -> tuple[Column, ...]:
    return (
        Column("what", Phrase("surveyreport.question_answer")),
        *(Column(side, label) for side, label in zip(("first", "second"), labels, strict=True)),
        Column("change", Phrase("surveyreport.change"), "number", 1),
        Column("worst", Phrase("surveyreport.worst")),
        Column("interval", Phrase("surveyreport.interval")),
        Column("p", Phrase("surveyreport.p_adjusted"), "p"),
    )


def _panel_columns() -> tuple[Column, ...]:
    return (
        Column("said", Phrase("surveyreport.question_answer")),
        Column("change", Phrase("surveyreport.all_change"), "number", 1),
        Column("panel_change", Phrase("surveyreport.panel_change"), "number", 1),
        Column("panel", Phrase("surveyreport.panel")),
        Column("panel_p", Phrase("comparing.panel_p"), "p"),
    )


def _is_key(survey: Survey, frame: pd.DataFrame) -> pd.Series[bool]:
    """Which rows hold a question's key answer; every option of a question with several answers is one."""
    items = {item.id: item for item in asked_of(survey).items}
    keys: dict[str, str] = {}
    for name, codes in frame.groupby("item", sort=False)["code"]:
        item = items[str(name)]
        if item.type in _KEYED:
            summed = "top" in set(codes)
            keys[item.id] = "" if item.type == "multiple" else "top" if summed else key_codes(survey, item, list(codes))[0]
    cells = zip(frame["item"].astype(str), frame["code"].astype(str), strict=True)
    wanted = [item in keys and keys[item] in ("", code) for item, code in cells]
    return pd.Series(wanted, index=frame.index)


def _family(raw: pd.Series[float], lang: Lang) -> Family:
    return adjust([float(p) for p in raw], "holm", Phrase("surveyreport.key_family").say(lang))


def _family_note(tests: Family) -> Phrase:
    return Phrase("comparing.family", {"size": tests.size, "family": tests.name, "method": Phrase(f"comparing.method_{tests.method}")})


def _draw_waves(out: Output, name: str, survey: Survey, long: Result, chosen: pd.DataFrame) -> None:
    """One figure of all questions with one key answer, and one of each question with several answers."""
    several = {item.id: item for item in asked_of(survey).items if item.type == "multiple"}
    words = {(row["item"], row["code"]): row for row in chosen.to_dict("records")}
    kept = long.frame[[key in words for key in zip(long.frame["item"], long.frame["code"], strict=True)]]
    labels = []
    for key in zip(kept["item"], kept["code"], strict=True):
        question, answer = words[key]["question"], words[key]["label"]
        both = Phrase("surveyreport.answer", {"question": question, "answer": answer}).say(out.lang)
        labels.append(answer if key[0] in several else both)
    kept = kept.assign(label=labels)
    plain = kept[~kept["item"].isin(several)]
    if not plain.empty:
        out.figure(name, wave_bars(dataclasses.replace(long, frame=plain, notes=())))
    for item, rows in kept[kept["item"].isin(several)].groupby("item", sort=False):
        question = several[str(item)].text.say(out.lang)
        out.figure(_label(name, item), wave_bars(dataclasses.replace(long, frame=rows, title=question, notes=())))


def _keep_waves(out: Output, prefix: str, chosen: pd.DataFrame, tests: Family, base: Base) -> None:
    for row, p in zip(chosen.to_dict("records"), tests.adjusted, strict=True):
        key = f"{prefix}.{row['item']}.{row['code']}".lower()
        own = dataclasses.replace(base, question=str(row["question"]))
        for name in ("change", "worst_lower", "worst_upper", "lower", "upper"):
            out.value(f"{key}.{name.replace('_', '-')}", row[name], "number", base=own, decimals=1)
        out.value(f"{key}.p", p, "p", base=own)
        if not pd.isna(row["panel_n"]):
            panel = dataclasses.replace(own, n=int(row["panel_n"]))
            out.value(f"{key}.panel-n", int(row["panel_n"]), base=panel)
            out.value(f"{key}.panel-change", row["panel_change"], "number", base=panel, decimals=1)
            out.value(f"{key}.panel-p", row["panel_p"], "p", base=panel)


def _refused(first: Survey, second: Survey, labels: list[str], kind: Any, lang: Lang) -> Result:
    """Questions of the second wave that stand in the first with another scale or wording, and those of one wave alone."""
    one, two = asked_of(first), asked_of(second)
    before = {item.id: item for item in one.items}
    rows = []
    for item in two.items:
        old = before.get(item.id)
        if old is None:
            if not any(reference.partition(":")[0] == one.id for reference in item.comparable):
                reason = Phrase("surveyreport.reason_only", {"label": labels[1]}).say(lang)
                rows.append({"first": Phrase("surveyreport.not_asked").say(lang), "second": _asked(second, item, lang), "reason": reason})
            continue
        try:
            compare_waves(first, second, item.id, lang=lang)
        except AnalysisError:
            words = {"first": _asked(first, old, lang), "second": _asked(second, item, lang)}
            rows.append({**words, "reason": Phrase(f"surveyreport.{_reason(first, old, second, item)}").say(lang)})
    for item in one.items:
        if item.id not in {other.id for other in two.items} and not any(f"{one.id}:{item.id}" in each.comparable for each in two.items):
            reason = Phrase("surveyreport.reason_only", {"label": labels[0]}).say(lang)
            rows.append({"first": _asked(first, item, lang), "second": Phrase("surveyreport.not_asked").say(lang), "reason": reason})
    return Result(
        frame=pd.DataFrame(rows, columns=["first", "second", "reason"]),
        base=Base(None),
        title=Phrase("surveyreport.not_compared", {"first": labels[0], "second": labels[1]}),
        shows=(
            *(
                Column(side, Phrase("surveyreport.asked_as", {"label": label}))
                for side, label in zip(("first", "second"), labels, strict=True)
            ),
            Column("reason", Phrase("surveyreport.reason")),
        ),
        kind=kind,
        lang=lang,
    )


def _asked(survey: Survey, item: Item, lang: Lang) -> str:
    answers = " · ".join(option.label.say(lang) for option in asked_of(survey).options(item))
    return f"{item.text.say(lang)} ({answers})" if answers else item.text.say(lang)


def _reason(first: Survey, old: Item, second: Survey, new: Item) -> str:
    scales = [[option.code for option in asked_of(survey).options(item)] for survey, item in ((first, old), (second, new))]
    wording = old.text != new.text or old.wording_version != new.wording_version
    if scales[0] != scales[1]:
        return "reason_both" if wording else "reason_scale"
    return "reason_wording" if wording else "reason_undeclared"


def _mirror(out: Output, one: tuple[str, Survey], two: tuple[str, Survey], tables: dict[str, Result]) -> str:
    lang, name = out.lang, f"mirror-{one[0]}-{two[0]}"
    found = compare_groups(one[1], other=two[1], lang=lang)
    assert found.side_labels is not None
    labels = [label.say(lang) if isinstance(label, Phrase) else label for label in found.side_labels]
    waves = [asked_of(survey).wave.say(lang) for _, survey in (one, two)]
    rows = []
    for row in found.frame.to_dict("records"):
        answer = {"question": row["question"], "answer": row["label"]}
        rows.append(
            {
                "what": Phrase("surveyreport.answer", answer).say(lang),
                "first": share_cell(int(row["x1"]), int(row["n1"]), lang),
                "second": share_cell(int(row["x2"]), int(row["n2"]), lang),
                "gap": row["gap"],
                "worst": range_cell(row["worst_lower"], row["worst_upper"], lang),
                "interval": range_cell(row["lower"], row["upper"], lang),
                "p": row["p_adjusted"],
            }
        )
        key = f"mirror.{one[0]}.{row['item']}"
        base = dataclasses.replace(found.base, question=str(row["question"]))
        for number in ("gap", "lower", "upper"):
            out.value(f"{key}.{number}", row[number], "number", base=base, decimals=1)
        out.value(f"{key}.p", row["p_adjusted"], "p", base=base)
    frame = pd.DataFrame(rows)
    columns = (
        Column("what", Phrase("surveyreport.question_answer")),
        *(
            Column(side, f"{label}, {wave}" if wave else label)
            for side, label, wave in zip(("first", "second"), labels, waves, strict=True)
        ),
        Column("gap", Phrase("surveyreport.gap"), "number", 1),
        Column("worst", Phrase("surveyreport.worst")),
        Column("interval", Phrase("surveyreport.interval")),
        Column("p", Phrase("surveyreport.p_adjusted"), "p"),
    )
    shown = tuple(column for column in columns if column.name != "worst" or (frame["worst"] != "–").any())
    tables[name] = Result(frame=frame, base=found.base, title=found.title, notes=found.notes, shows=shown, kind=found.kind, lang=lang)
    out.figure(name, mirror_bars(dataclasses.replace(found.long(), notes=()), note=Phrase("reporting.mirror_groups")))
    dated = [Phrase("surveyreport.dated", {"group": label, "wave": wave}) for label, wave in zip(labels, waves, strict=True)]
    return Phrase("surveyreport.groups_compared", {"first": dated[0], "second": dated[1]}).say(lang)


def _trend(out: Output, item: str, chain: list[tuple[str, Survey]], tables: dict[str, Result]) -> None:
    """A trend of an item over the waves of a group; waves of one name are told apart by their ids."""
    names = [asked_of(survey).wave.say(out.lang) for _, survey in chain]
    unlike = len(set(names)) == len(names)
    waves = {(label if unlike else name): survey for label, (name, survey) in zip(names, chain, strict=True)}
    found = wave_trend(waves, item, lang=out.lang)
    label = _label("trend", item)
    rows = [
        {
            "period": row["period"],
            "share": share_cell(int(row["count"]), int(row["n"]), out.lang),
            "worst": range_cell(row["worst_lower"], row["worst_upper"], out.lang),
            "interval": range_cell(row["lower"], row["upper"], out.lang),
            "definition": row["definition"],
        }
        for row in found.frame.to_dict("records")
    ]
    columns = (
        Column("period", Phrase("common.wave")),
        Column("share", Phrase("surveyreport.cross_rate")),
        Column("worst", Phrase("surveyreport.worst")),
        Column("interval", Phrase("surveyreport.interval")),
        Column("definition", Phrase("comparing.definition_column")),
    )
    tables[label] = Result(
        frame=pd.DataFrame(rows), base=found.base, title=found.title, notes=found.notes, shows=columns, kind=found.kind, lang=out.lang
    )
    out.figure(label, trend(found, percent=True))
