"""Mutants by rule, on a package of a few lines: what is changed, what is drawn, and that a fault nobody tests is named."""

from __future__ import annotations

import ast
import builtins
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import mutation_rules
import pytest
from mutation import Drawn, Suite, allotted, draw, groups, report, within
from mutation_rules import Mutant, mutants
from mutation_trace import probe

CODE = '''"""Half of what is given."""

from __future__ import annotations

Format = list[int]
LIMIT = 10


def half(value: int, other: int = 3) -> int:
    """A text."""
    if not value:
        return 0
    for step in range(2):
        value += max(value, other)
    return value // 2 if value < LIMIT else LIMIT
'''
TEST = """from vvvresearch.survey.code import half


def test_half() -> None:
    assert (half(0), half(2, 1), half(9)) == (0, 4, 10)
"""


def changes(source: str) -> set[tuple[int, str, str]]:
    count = len(mutation_rules.statements(ast.parse(source)))
    return {(mutant.line, mutant.rule, mutant.now) for number in range(count) for mutant in mutants(source, number)}


def test_every_rule_makes_its_mutants_and_nothing_else_is_touched() -> None:
    assert changes(CODE) == {
        (6, "statement dropped", "pass"),
        (6, "constant moved", "10 → 11"),
        (6, "constant moved", "10 → 9"),
        (11, "not dropped", "not value → value"),
        (12, "statement dropped", "pass"),
        (12, "constant moved", "0 → 1"),
        (12, "constant moved", "0 → -1"),
        (13, "constant moved", "2 → 3"),
        (13, "constant moved", "2 → 1"),
        (14, "statement dropped", "pass"),
        (14, "arguments swapped", "max(value, other) → max(other, value)"),
        (15, "statement dropped", "pass"),
        (15, "comparison turned", "value < LIMIT → value <= LIMIT"),
        (15, "comparison turned", "value < LIMIT → value > LIMIT"),
        (15, "constant moved", "2 → 3"),
        (15, "constant moved", "2 → 1"),
    }


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x = a == b", "x = (a != b)"),
        ("x = 'æ' in b", "x = ('æ' not in b)"),
        ("x = a is None", "x = (a is not None)"),
        ("x = 1 <= a", "x = (1 < a)"),
        ("x = -1.5", "x = -2.5"),
        ("f(a, *b)", "pass"),
        ("x = f(f(1), c)", "x = (f(c, f(1)))"),
        ("with f(a, b): pass", "with (f(b, a)): pass"),
    ],
)
def test_a_change_is_written_where_it_belongs(before: str, after: str) -> None:
    assert after in {mutant.text for mutant in mutants(before, 0)}


def test_every_mutant_can_be_parsed_and_differs_in_one_place(project: Path) -> None:
    source = (project / "vvvresearch/survey/tabulation/_rows.py").read_text("utf-8")
    lines = source.splitlines()
    for number in range(0, len(mutation_rules.statements(ast.parse(source))), 5):
        for mutant in mutants(source, number):
            ast.parse(mutant.text)
            others = mutant.text.splitlines()
            first = next(place for place, pair in enumerate(zip(lines, others, strict=False)) if pair[0] != pair[1])
            assert first >= mutant.line - 1
            assert lines[first + 1 + len(lines) - len(others) :] == others[first + 1 :] or len(others) <= len(lines)


def test_probes_see_what_runs_and_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    tree = ast.parse(CODE)
    hits = bytearray(len(mutation_rules.statements(tree)))
    lines = [statement.lineno for statement in mutation_rules.statements(tree)]
    monkeypatch.setattr(builtins, "__hits_of_tests__", hits, raising=False)
    probe(tree, 0)
    names: dict[str, object] = {"__name__": "code"}
    exec(compile(tree, "code.py", "exec", dont_inherit=True), names)
    assert names["__doc__"] == "Half of what is given."
    assert names["half"].__doc__ == "A text."  # type: ignore[attr-defined]
    hits[:] = bytes(len(hits))
    assert names["half"](0) == 0  # type: ignore[operator]
    assert sorted(line for line, hit in zip(lines, hits, strict=True) if hit) == [11, 12]


def test_each_room_gets_five_and_the_large_ones_more() -> None:
    found = allotted({"a": 10, "b": 90, "c": 900}, 120, 5)
    assert min(found.values()) >= 5
    assert sum(found.values()) >= 120
    assert found["c"] > found["b"] > found["a"]


def test_tests_beyond_the_limit_are_left_out_and_one_always_runs() -> None:
    assert within(["a", "b", "c", "d"], {"a": 2, "b": 9, "c": 1, "d": 1}, 4) == ["a", "c", "d"]
    assert within(["b"], {"b": 9}, 4) == ["b"]


def test_the_draw_depends_on_the_seed_and_not_on_the_other_rooms(tmp_path: Path) -> None:
    offsets, count = {}, 0
    for room in ("survey", "themes"):
        (tmp_path / "vvvresearch" / room).mkdir(parents=True)
        (tmp_path / "vvvresearch" / room / "code.py").write_text(CODE, "utf-8")
        offsets[f"vvvresearch/{room}/code.py"] = count
        count += len(mutation_rules.statements(ast.parse(CODE)))
    tests = Suite({"tests/survey/test_a.py::test_a": 1.0}, {"tests/survey/test_a.py::test_a": bytes([1]) * count})
    first, again, other = (draw(tmp_path, offsets, tests, seed, 4, []) for seed in (1, 1, 2))
    assert first == again != other
    assert len(first) == 8
    assert draw(tmp_path, offsets, tests, 1, 4, ["themes"]) == [one for one in first if one.room == "themes"]
    none = Suite(tests.seconds, {name: bytes(count) for name in tests.hits})
    assert draw(tmp_path, offsets, none, 1, 4, []) == [], "what no test runs is not drawn"


@pytest.mark.parametrize(
    ("results", "code"),
    [
        (["killed"] * 9 + ["survived"], 0),
        (["killed"] * 8 + ["survived"] * 2, 1),
        (["killed"] * 19 + ["equivalent"], 0),
        (["killed"] * 8 + ["equivalent"] * 2, 1),
        (["killed"] * 5, 2),
    ],
)
def test_nine_of_ten_must_be_killed_and_few_may_be_equivalent(results: list[str], code: int, capsys: pytest.CaptureFixture[str]) -> None:
    one = Drawn("vvvresearch/a/b.py", "a", Mutant(0, 7, "constant moved", "x = 1", "1 → 2", ""), (), (), 0)
    drawn = 20 if len(results) == 20 else 10
    assert report([(one, result) for result in results], drawn, []) == code
    assert ("survived  vvvresearch/a/b.py:7: constant moved: x = 1 | 1 → 2" in capsys.readouterr().out) is ("survived" in results)


def test_the_tests_of_mutation_itself_are_no_part_of_it() -> None:
    names = ["tests/test_words.py", "tests/survey/test_a.py", "tests/survey/other.py", "tests/mutation/test_mutation.py"]
    assert groups(names) == {"top": ["tests/test_words.py"], "survey": ["tests/survey/test_a.py"]}


@pytest.mark.slow
def test_a_small_project_is_judged_and_stays_as_it_was(tmp_path: Path, project: Path) -> None:
    shutil.copytree(project / "tests" / "mutation", tmp_path / "tests" / "mutation", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "tests" / "survey").mkdir()
    (tmp_path / "vvvresearch" / "survey").mkdir(parents=True)
    files = {"vvvresearch/survey/code.py": CODE, "tests/survey/test_code.py": TEST, "tests/mutants-equivalent.toml": "mutant = []\n"}
    files |= {"vvvresearch/__init__.py": "", "vvvresearch/survey/__init__.py": "", ".gitignore": "outputs\n__pycache__\n"}
    for name, text in files.items():
        (tmp_path / name).write_text(text, "utf-8")
    quiet = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    for command in (["init", "-q"], ["add", "-A"], [*quiet, "commit", "-q", "-m", "first"]):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)

    def run() -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "tests/mutation/mutation.py", "--seed", "3", "--limit", "4"]
        environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTEST_ADDOPTS")}
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, env=environment, check=False)

    done = run()
    assert "seed 3: 4 mutants, 1 test functions" in done.stdout, done.stdout + done.stderr
    (kept,) = (tmp_path / "outputs" / ".mutation").rglob("results.jsonl")
    results = {line["mutant"]: line["result"] for line in map(json.loads, kept.read_text("utf-8").splitlines())}
    assert len(results) == 4
    alike = {"max(value, other) → max(other, value)", "value < LIMIT → value <= LIMIT"}
    for mutant, result in results.items():
        assert result == ("survived" if mutant.split(": ")[-1] in alike else "killed"), mutant
    assert (tmp_path / "vvvresearch/survey/code.py").read_text("utf-8") == CODE
    again = run()
    assert (again.returncode, again.stdout.splitlines()[-2:]) == (done.returncode, done.stdout.splitlines()[-2:])
    assert "\nkilled" not in again.stdout, "what is known is not tried again"
