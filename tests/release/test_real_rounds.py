"""Rounds of real data: identifiers stop, withdrawals hold, hidden numbers stay hidden."""

from __future__ import annotations

import itertools
import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from vvvresearch.check import check_round
from vvvresearch.check._fault import Fault, without_persons
from vvvresearch.cli.main import app
from vvvresearch.errors import DisclosureError, RoundError
from vvvresearch.release import ShownQuote, still_there, texts_of, withdraw, write_hidden
from vvvresearch.release._quotes import refused_runs, runs_of, said, words_of
from vvvresearch.release._small import _of_item, few_with_cover
from vvvresearch.rounds import Round, load_spec, open_round, traces

HERE = Path(__file__).parents[2]
DEFINITION = """\
schema_version = 1
id = "r"
title = {{ da = "R", en = "R" }}
period = {{ start = 2024-01-01, end = 2024-12-31 }}
report_type = "note"
kind = "real"
{more}
[subgroups]
statement = {{ da = "x", en = "x" }}

[[sources]]
id = "observations"
type = "register"
path = "interviews/r/notes.csv"
title = {{ da = "Noter", en = "Notes" }}
"""


def _workspace(root: Path, note: str, more: str = "") -> Path:
    for name in ("rounds/r", "interviews/r", "surveys", "outputs"):
        (root / name).mkdir(parents=True, exist_ok=True)
    (root / "rounds/r/round.toml").write_text(DEFINITION.format(more=more), encoding="utf-8")
    (root / "interviews/r/notes.csv").write_text(f"id,note\n1,{note}\n", encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("demo")
    for name in ("rounds", "interviews", "surveys"):
        for one in ("demo", "demo-2019"):
            if (HERE / name / one).exists():
                shutil.copytree(HERE / name / one, root / name / one)
    return root


@pytest.fixture
def small(tmp_path: Path) -> Path:
    for name in ("rounds", "interviews", "surveys"):
        shutil.copytree(HERE / name / "demo-2019", tmp_path / name / "demo-2019")
    shutil.copytree(HERE / "rounds/demo", tmp_path / "rounds/demo", ignore=shutil.ignore_patterns("round.toml"))
    return tmp_path


def test_a_direct_identifier_stops_a_real_round_and_is_never_repeated(tmp_path: Path) -> None:
    root = _workspace(tmp_path, "Hun kan træffes på 21 43 65 87 efter fire")
    with pytest.raises(DisclosureError) as stopped:
        open_round("r", root=root)
    (fault,) = [one for one in check_round(root, "r").faults if one.check == "identifier"]
    for words in (str(stopped.value), fault.what, fault.todo):
        assert "21 43" not in words
        assert "65 87" not in words
    assert "PHONE" in fault.what
    assert "row 2" in fault.what
    kept = [path.read_text() for path in (root / "outputs/.work/scans").iterdir()]
    assert kept
    assert not any("43 65" in text for text in kept)


def test_an_accepted_identifier_lets_the_round_open_until_the_file_changes(tmp_path: Path) -> None:
    root = _workspace(tmp_path, "Ring til kommunen på 21 43 65 87")
    (one,) = traces(root, load_spec(root, "r"))
    _workspace(root, "Ring til kommunen på 21 43 65 87")
    accepted = f'\n[[accepted]]\nfault = "{one.what}"\nreason = "kommunens hovednummer"\nby = "MJ"\n'
    path = root / "rounds/r/round.toml"
    path.write_text(path.read_text(encoding="utf-8") + accepted, encoding="utf-8")
    assert open_round("r", root=root).id == "r"
    notes = root / "interviews/r/notes.csv"
    notes.write_text(notes.read_text(encoding="utf-8") + "2,og så ikke mere\n", encoding="utf-8")
    with pytest.raises(DisclosureError):
        open_round("r", root=root)


def test_a_name_waits_for_a_decision_and_stops_nothing_before_release(tmp_path: Path) -> None:
    root = _workspace(tmp_path, "Så kom Fatima med kage")
    assert open_round("r", root=root).id == "r"
    assert any("1 places may name" in one for one in check_round(root, "r").missing)
    _workspace(root, "Så kom Fatima med kage", '[[may_stand]]\nname = "Fatima"\nreason = "opdigtet"\nby = "MJ"\n')
    assert traces(root, load_spec(root, "r")) == []


def test_an_identifier_in_a_decision_on_codings_stops_and_who_decided_may_stand(tmp_path: Path) -> None:
    root = _workspace(tmp_path, "intet")
    decisions = root / "rounds/r/decisions.jsonl"
    line = '{"decision": {"by": "Fatima Vestergaard", "id": "d1", "kind": "memo", "memo": "%s"}, "schema_version": 1}\n'
    decisions.write_text(line % "se ogs\\u00e5 side 4", encoding="utf-8")
    assert traces(root, load_spec(root, "r")) == []
    decisions.write_text(line % "hendes nummer er 0703851234", encoding="utf-8")
    with pytest.raises(DisclosureError, match=r"CPR stands in rounds/r/decisions\.jsonl, line 1"):
        open_round("r", root=root)


def test_the_name_of_a_file_is_scanned_and_not_repeated(tmp_path: Path) -> None:
    root = _workspace(tmp_path, "intet")
    path = root / "rounds/r/round.toml"
    path.write_text(path.read_text().replace("notes.csv", "Fatima Hassan.csv"))
    (root / "interviews/r/notes.csv").rename(root / "interviews/r/Fatima Hassan.csv")
    found = traces(root, load_spec(root, "r"))
    assert found
    assert not any("Fatima" in one.what for one in found)


def test_what_is_said_of_an_added_file_reaches_nobody_and_its_name_stops_the_round(tmp_path: Path) -> None:
    CliRunner().invoke(app, ["init", str(tmp_path / "w")])
    CliRunner().invoke(app, ["new-round", "n", "--root", str(tmp_path / "w")])
    answers = tmp_path / "svar 140781-2215.csv"
    lines = ["Respondent-ID,Henviser I?,Skriv til os eller ring 31 22 18 90", *(f"r{n},{('Ja', 'Nej')[n % 2]},tak" for n in range(20))]
    answers.write_text("\n".join(lines) + "\n", encoding="utf-8")
    said = CliRunner().invoke(app, ["add", "n", str(answers), "--yes", "--root", str(tmp_path / "w")])
    assert said.exit_code == 0
    assert "[PHONE]" in said.stdout
    assert "[CPR]" in said.stdout
    assert not any(part in said.stdout + said.stderr for part in ("2215", "18 90"))
    assert {("file name", "CPR")} <= {(one.where, one.kind) for one in traces(tmp_path / "w", load_spec(tmp_path / "w", "n"))}


def test_who_withdraws_is_out_of_evidence_outputs_and_the_run_before(small: Path) -> None:
    opened = Round(load_spec(small, "demo-2019"), small)
    row = opened.interviews.frame.loc[lambda rows: rows["pair"] != ""].iloc[0]
    words = next(
        text for text in said(opened.codings) if text in opened.codings.texts.get(str(row["source"]), "") and len(words_of(text)) > 9
    )
    for place in ("outputs/demo-2019/da", "outputs/demo-2019/.da.previous", "outputs/.work/demo-2019/da/report"):
        (small / place).mkdir(parents=True)
        (small / place / "report.html").write_text(f"<p>{words}</p>", encoding="utf-8")
    # Exports and notebooks of one's own, and what coders noted, lie elsewhere; the letters may be escaped.
    own = {
        "notebooks/.ipynb_checkpoints/a.ipynb": json.dumps({"cells": [], "metadata": {"widgets": {"a": words}}}),
        "exports/old.bak": words,
    }
    decided = json.dumps({"decision": {"memo": words}, "schema_version": 1}) + "\n"
    for place, content in {**own, "rounds/demo-2019/decisions.jsonl": decided}.items():
        (small / place).parent.mkdir(parents=True, exist_ok=True)
        (small / place).write_text(content, encoding="utf-8")
    done = withdraw(small, "demo-2019", str(row["interview"]), "2026-01-01")
    assert set(done.removed) == {"outputs/demo-2019", "outputs/.work/demo-2019"}
    assert not (small / "outputs/demo-2019").exists()
    after = Round(load_spec(small, "demo-2019"), small)
    assert str(row["person"]) not in set(after.interviews.frame["person"])
    assert runs_of([words]) & refused_runs(after)
    assert words not in said(after.codings)
    assert done.inputs
    assert done.prose == ("rounds/demo-2019/decisions.jsonl",)
    assert still_there(small, "demo-2019") == ["exports/old.bak", "notebooks/.ipynb_checkpoints/a.ipynb"]
    # Whoever does it again is told again, as long as the words stand there.
    again = withdraw(small, "demo-2019", str(row["interview"]), "2026-01-01")
    assert (again.prose, again.inputs) == (done.prose, done.inputs)
    for place in (*own, "rounds/demo-2019/decisions.jsonl"):
        (small / place).unlink()
    assert still_there(small, "demo-2019") == []
    # Words that turn up again are found, whatever the letters and signs between them.
    (small / "outputs/demo-2019/da").mkdir(parents=True)
    (small / "outputs/demo-2019/da/tables.csv").write_text(f'text\n"{words.upper().replace(" ", "  ")}"\n', encoding="utf-8")
    assert still_there(small, "demo-2019") == ["outputs/demo-2019/da/tables.csv"]


def test_a_quote_that_stands_in_a_notebook_alone_waits_for_no_approval() -> None:
    quote = ShownQuote("q-1", "h", "ord", "K", True, files=("outputs/r/da/50-themes.ipynb",))
    assert not quote.waits
    shipped = replace(quote, files=("outputs/r/da/50-themes.ipynb", "outputs/r/da/report.html"))
    assert (shipped.waits, shipped.place) == (True, "outputs/r/da/report.html")
    assert not replace(shipped, approver="Mette Kjær").waits
    assert not replace(shipped, may_be_quoted=False).waits


def test_a_file_or_folder_among_outputs_whose_name_identifies_somebody_is_told_without_it(tmp_path: Path) -> None:
    folder = tmp_path / "outputs/r/da"
    folder.mkdir(parents=True)
    (folder / "brev 140377-2218.txt").write_text("intet", encoding="utf-8")
    below = folder / "tables/Fatima Al-Hassan, Elmevej 12"
    below.mkdir(parents=True)
    (below / "svar.csv").write_text("a\n1\n", encoding="utf-8")
    texts = texts_of(folder, tmp_path)
    assert list(texts) == ["outputs/r/da/(a .txt file whose name is not repeated here)", "outputs/r/da/tables/…/svar.csv"]
    assert "Fatima Al-Hassan, Elmevej 12" in texts["outputs/r/da/tables/…/svar.csv"]


def test_a_sentence_that_names_somebody_is_told_by_its_hash_where_data_are_real() -> None:
    fault = Fault("claim", "rounds/r/report.qmd", 7, "»Det var Fatima Hassan, der sagde det.« is carried by nothing")
    told = without_persons(fault, allowed=()).what
    assert "Fatima" not in told
    assert told != without_persons(replace(fault, what="»Det var Ahmad Hassan, der sagde det.« is carried by nothing"), allowed=()).what
    assert without_persons(fault, allowed=("Fatima Hassan",)) == fault
    assert without_persons(fault) == fault


def test_nobody_is_withdrawn_by_an_id_that_nobody_has(demo: Path) -> None:
    with pytest.raises(RoundError, match="knows nobody by this id"):
        withdraw(demo, "demo", "p99-x1", "2026-01-01")
    assert not (demo / "rounds/demo-2019/withdrawals.csv").exists()


def test_a_respondent_who_withdraws_is_in_no_count_of_the_survey(demo: Path) -> None:
    opened = Round(load_spec(demo, "demo"), demo)
    survey = opened.surveys["municipal-2021"]
    gone = str(survey.answers.index[0])
    (demo / "rounds/demo/withdrawals.csv").write_text(f"id,date\n{gone},2026-01-01\n")
    after = Round(load_spec(demo, "demo"), demo).surveys["municipal-2021"]
    assert len(after.answers) == len(survey.answers) - 1
    assert gone not in set(map(str, after.answers.index))
    assert after.invited is not None
    assert gone not in set(map(str, after.invited.index))
    for cut in ("id,date", f"id,date\n{gone},2026-01-", "id\n", f"id,date\n{gone},2026-01-01"):
        (demo / "rounds/demo/withdrawals.csv").write_text(cut)
        with pytest.raises(RoundError, match="not whole"):
            _ = Round(load_spec(demo, "demo"), demo).withdrawals
    (demo / "rounds/demo/withdrawals.csv").unlink()


def test_a_hidden_number_is_in_no_table_cell_picture_or_prose(demo: Path) -> None:
    opened = Round(load_spec(demo, "demo"), demo)
    assert opened.tabulate("municipal-2022", "refers").pictures
    write_hidden(opened, {"municipal-2022.refers.no.count"})
    after = Round(load_spec(demo, "demo"), demo)
    table = after.tabulate("municipal-2022", "refers")
    assert after.cell("municipal-2022.refers.no.count").value is None
    assert after.cell("municipal-2022.refers.no.share").value is None
    assert after.cell("municipal-2022.refers.yes.count").value is not None
    assert not table.pictures
    assert "vises ikke" in table.note
    assert table.frame.set_index("code")["count"].isna().to_dict() == {"yes": False, "no": True, "dont_know": False}
    assert str(opened.tabulate("municipal-2022", "refers").cell("count", code="no").value) not in table.to_csv().splitlines()[2].split(",")


def test_no_hidden_cell_of_an_item_can_be_worked_out_over_its_tables(demo: Path) -> None:
    from vvvresearch.privacy import attack
    from vvvresearch.release._small import _table

    opened = Round(load_spec(HERE, "demo"), HERE)
    split = opened.tabulate("municipal-2021", "refers", by="region")
    whole = opened.tabulate("municipal-2021", "refers")
    hidden = _of_item([whole, split], set())
    table = _table(split)
    assert table is not None
    mask = table.copy().astype(bool) & False
    for row in split.frame.to_dict("records"):
        if f"municipal-2021/by-region.refers.{row['region'].lower().replace('ø', 'oe')}.{row['code']}.count" in {
            one.lower().replace("ø", "oe") for one in hidden
        }:
            mask.loc["Total" if row["region"] == "total" else row["region"], row["code"]] = True
    small = (table > 0) & (table < 5)
    small.loc[:, "Total"] = False
    assert mask.to_numpy()[small.to_numpy()].all()
    bounds = attack(table, mask)
    assert len(bounds)
    assert all(upper >= 5 for cell, (_, upper) in bounds.items() if small.loc[cell])


def test_few_who_moved_cannot_be_told_to_be_few() -> None:
    for counts in itertools.product(range(14), repeat=3):
        parts = dict(zip("abc", counts, strict=True))
        gone = few_with_cover(parts)
        few = [name for name, count in parts.items() if 0 < count < 5]
        assert set(few) <= set(gone)
        assert bool(gone) == bool(few)
        # All of the hidden sum may be in any of them, for all that a reader knows: that must be no small number.
        assert not gone or len(gone) == 3 or (len(gone) > 1 and sum(parts[name] for name in gone) >= 5)
