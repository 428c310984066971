"""A reader of everything that a round ships works out no small count: each way of doing so is tried, and found where it is open."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from vvvresearch.release import attack_shipped, to_hide, write_hidden
from vvvresearch.rounds import Round, load_spec

DEFINITION = """\
schema_version = 1
id = "r"
title = { da = "R", en = "R" }
period = { start = 2024-01-01, end = 2024-12-31 }
report_type = "note"
kind = "real"
[subgroups]
statement = { da = "x", en = "x" }

[[sources]]
id = "forms"
type = "survey"
path = "surveys/r/forms.csv"
questionnaire = "surveys/r/forms.toml"
title = { da = "Skemaer", en = "Forms" }

[[crosses]]
survey = "forms"
item = "again"
by = "who"
"""
OPTION = '  {{ code = "{0}", label = {{ da = "{0}", en = "{0}" }} }},\n'
ITEM = '\n[[items]]\nid = "{0}"\ntext = {{ da = "{0}?", en = "{0}?" }}\ntype = "single"\noptions = [\n{1}]\n'
HEAD = """\
schema_version = 1
id = "forms"
title = { da = "Skema", en = "Form" }
group = { da = "Deltagere", en = "Participants" }
wave = { da = "2024", en = "2024" }

[frame]
unit = "participant"
chosen_by = { da = "Alle", en = "All" }
collected = { da = "Papir", en = "Paper" }
"""
ITEMS = {"who": ("refugee", "volunteer", "guest", "other"), "again": ("yes", "no", "perhaps")}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """60 answers of real persons: two guests, three others, one volunteer and one refugee who will perhaps come again."""
    for name in ("rounds/r", "surveys/r"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "rounds/r/round.toml").write_text(DEFINITION, encoding="utf-8")
    (tmp_path / "rounds/r/report.qmd").write_text("# R\n", encoding="utf-8")
    items = "".join(ITEM.format(item, "".join(OPTION.format(code) for code in codes)) for item, codes in ITEMS.items())
    (tmp_path / "surveys/r/forms.toml").write_text(HEAD + items, encoding="utf-8")
    counts = {("refugee", "yes"): 18, ("refugee", "no"): 9, ("refugee", "perhaps"): 1, ("volunteer", "yes"): 16, ("volunteer", "no"): 10}
    counts |= {("volunteer", "perhaps"): 1, ("guest", "yes"): 2, ("other", "no"): 3}
    rows = [pair for pair, count in counts.items() for _ in range(count)]
    random.Random(1).shuffle(rows)
    lines = [f"r{number},{who},{again}" for number, (who, again) in enumerate(rows)]
    (tmp_path / "surveys/r/forms.csv").write_text("respondent,who,again\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return tmp_path


def opened(root: Path) -> Round:
    return Round(load_spec(root, "r"), root)


def ship(root: Path) -> Path:
    """What a run would write of the survey: whole, split, crossed, with bounds for those who did not answer."""
    out = root / "outputs/r/da"
    found = opened(root)
    page = found.page("30-surveys", str(out))
    page.add("who", found.tabulate("forms", "who"))
    page.add("again", found.tabulate("forms", "again"))
    page.add("split", found.tabulate("forms", "again", by="who"))
    crosses = found.crosses()
    page.add("crosses", crosses)
    for name, part in crosses.parts.items():
        page.add(f"crosses/{name}", part)
    return out


def test_small_counts_that_are_shown_are_found_in_every_table_that_shows_them(root: Path) -> None:
    leaks = attack_shipped(opened(root), ship(root)).leaks
    assert {leak.file for leak in leaks if "forms/by-who.again" in leak.what} >= {"split.csv"}
    assert any("forms.who.guest is a small count" in leak.what for leak in leaks)
    assert any("forms.again.perhaps is a small count" in leak.what for leak in leaks)


def test_nothing_small_can_be_worked_out_once_what_the_gate_names_is_hidden(root: Path) -> None:
    write_hidden(opened(root), to_hide(opened(root), ship(root)))
    folder = ship(root)
    # A year is the label of a row, and no number that follows from its count.
    (folder / "tables" / "trend-again.csv").write_text("address,wave,wave_da,count,n\ntrend/again.forms,forms,2024,,60\n", encoding="utf-8")
    attacked = attack_shipped(opened(root), folder)
    assert attacked.leaks == ()
    assert attacked.hidden > 4
    assert attacked.narrowest >= 5
    assert "0 numbers give a small one away" in attacked.said


def test_a_hidden_count_that_turns_up_in_a_table_without_addresses_is_found(root: Path) -> None:
    write_hidden(opened(root), {"forms.who.guest.count", "forms.who.other.count"})
    folder = ship(root)
    (folder / "tables" / "forms-extra.csv").write_text("item,code,share\nwho,guest,0.033\n", encoding="utf-8")
    assert any("follows from answers to forms.who" in leak.what for leak in attack_shipped(opened(root), folder).leaks)


def test_a_small_number_beside_answers_waits_for_a_decision_in_a_table_that_somebody_made_by_hand(root: Path) -> None:
    folder = ship(root)
    made = {
        "rows": "Hvem,Antal\nrefugee,28\nguest,2\n",
        "columns": ",yes,perhaps\nalle,36,2\n",
        "many": "Hvem,Antal\nrefugee,28\nvolunteer,27\n",
    }
    made["others"] = "Emne,Antal\nsprog,2\narbejde,3\n"
    for name, text in made.items():
        (folder / "tables" / f"{name}.csv").write_text(text, encoding="utf-8")
    found = {leak.file: leak.doubtful for leak in attack_shipped(opened(root), folder).leaks if "without addresses" in leak.what}
    assert found == {"rows.csv": True, "columns.csv": True}


def test_the_base_of_a_group_is_the_count_of_the_answer_that_makes_it(root: Path) -> None:
    hidden = to_hide(opened(root), ship(root))
    write_hidden(opened(root), {address for address in hidden if not address.endswith(".n")})
    assert any("the base of" in leak.what for leak in attack_shipped(opened(root), ship(root)).leaks)


def test_a_number_that_a_finding_rests_on_is_not_hidden_where_another_protects_as_well(root: Path) -> None:
    out = root / "outputs/r/da"
    opened(root).page("30-surveys", str(out)).add("again", opened(root).tabulate("forms", "again"))
    # Two are small; with them goes the answer that fewest have given, unless a finding is bound to it.
    assert {address.split(".")[2] for address in to_hide(opened(root), out)} == {"perhaps", "no"}
    text = '[[findings]]\nsays.da = "[22 af 60]{claim=forms.again.no} kommer ikke igen"\n'
    (root / "rounds/r/findings.toml").write_text(text, encoding="utf-8")
    assert {address.split(".")[2] for address in to_hide(opened(root), out)} == {"perhaps", "yes"}


def test_one_hidden_cell_of_a_row_is_the_rest_of_the_row(root: Path) -> None:
    write_hidden(opened(root), {"forms.again.perhaps.count"})
    whats = {leak.what for leak in attack_shipped(opened(root), ship(root)).leaks}
    assert "forms.again.perhaps is hidden, and can be shown to be small" in whats


def test_an_earlier_release_gives_a_count_away_and_a_difference_of_one(root: Path) -> None:
    before = ship(root)
    earlier = root / "released" / "r-001" / "da"
    (earlier / "tables").mkdir(parents=True)
    for path in (before / "tables").glob("*.csv"):
        (earlier / "tables" / path.name).write_bytes(path.read_bytes())
    answers = root / "surveys/r/forms.csv"
    answers.write_text(answers.read_text(encoding="utf-8") + "r99,refugee,yes\n", encoding="utf-8")
    write_hidden(opened(root), {"forms.again.perhaps.count", "forms.again.no.count"})
    leaks = attack_shipped(opened(root), ship(root), [earlier]).leaks
    assert any(leak.doubtful and "forms.again.yes differs by a small number" in leak.what for leak in leaks)
